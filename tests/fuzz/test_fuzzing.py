"""Everything that reads, fed mangled input for some seconds: benchmarks/fuzz.py does it at length. And what it has found."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs_text import ROOT
from perfeval import LoadError, QuantityError
from perfeval.forms.reading import read_workbook
from perfeval.quantity import quantity

TARGETS = ("toml", "formula", "quantity", "csv", "xls", "xlsx", "parts")


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_no_mangled_input_breaks_a_promise(target: str, tmp_path: Path) -> None:
    command = [
        sys.executable,
        str(ROOT / "benchmarks" / "fuzz.py"),
        "--target",
        target,
        "--seconds",
        "8",
        "--into",
        str(tmp_path),
    ]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    found = re.match(rf"{target}: (\d+) inputs, 0 broke a promise", made.stdout)
    assert found is not None and int(found[1]) > 10


# Found by it.


@pytest.mark.parametrize("text", [".5E-9e3", "5 e3", "5e3 E2", "1/e3"])
def test_an_exponent_set_apart_is_no_unit(text: str) -> None:
    with pytest.raises(QuantityError):
        quantity(text)
    assert str(quantity("5m3")) == "5m3"


def test_an_archive_whose_directory_leads_before_its_start_is_answered(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x05\x06" + b"\0" * 8 + (50).to_bytes(4, "little") + (10).to_bytes(4, "little") + b"\0\0")
    with pytest.raises(LoadError, match=r"is no \.xlsx file"):
        read_workbook(str(path))
