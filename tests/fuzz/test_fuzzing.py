"""Everything that reads, fed mangled input for some seconds: benchmarks/fuzz.py does it at length. And what it has found."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from itertools import islice
from pathlib import Path
from random import Random
from runpy import run_path

import pytest
from openpyxl import Workbook

from docs_text import ROOT
from perfeval import LoadError, QuantityError
from perfeval.batch.tables import table_in
from perfeval.forms.reading import read_workbook
from perfeval.quantity import quantity

TARGETS = (
    "toml",
    "laws",
    "facts",
    "formula",
    "quantity",
    "csv",
    "xls",
    "xlsx",
    "parts",
    "rows",
    "ledger",
    "ledger-parts",
)


SEED = os.environ.get("PERFEVAL_FUZZ_SEED", "1")
"""CI takes another with every commit, so that what its runs try adds up."""


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_no_mangled_input_breaks_a_promise(target: str, tmp_path: Path) -> None:
    command = [
        sys.executable,
        str(ROOT / "benchmarks" / "fuzz.py"),
        "--target",
        target,
        "--seconds",
        "7",
        "--seed",
        SEED,
        "--into",
        str(tmp_path),
    ]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, f"with --seed {SEED}: {made.stdout}{made.stderr}"
    found = re.match(rf"{target}: (\d+) inputs, 0 broke a promise", made.stdout)
    assert found is not None and int(found[1]) > 10


def test_ci_takes_another_seed_with_every_commit_and_the_tests_hand_it_on(tmp_path: Path) -> None:
    (line,) = [each for each in (ROOT / ".ci" / "run").read_text("utf-8").splitlines() if "PERFEVAL_FUZZ_SEED" in each]
    script = f"git() {{ echo ${{commit}}; }}; here=.; {line}; echo $PERFEVAL_FUZZ_SEED"
    seeds = [
        subprocess.run(
            ["bash", "-euc", script], env={"commit": commit}, capture_output=True, text=True, check=True
        ).stdout
        for commit in ("0a1b2c3", "fffffff")
    ]
    assert [int(each) for each in seeds] == [0x0A1B2C3, 0xFFFFFFF]
    program = "import test_fuzzing; print(test_fuzzing.SEED)"
    told = subprocess.run(
        [sys.executable, "-c", program],
        env={
            **os.environ,
            "PERFEVAL_FUZZ_SEED": "77",
            "PYTHONPATH": os.pathsep.join([*sys.path, str(Path(__file__).parent)]),
        },
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert told.stdout.strip() == "77"


def test_another_seed_mangles_otherwise(tmp_path: Path) -> None:
    fuzz = run_path(str(ROOT / "benchmarks" / "fuzz.py"))
    of = fuzz["Fuzzed"](lambda data: None, (b"seed",), (b"word",))
    one, other, again = (list(islice(fuzz["mangled"](of, Random(seed)), 20)) for seed in (1, 2, 1))
    assert one == again != other


def test_no_input_of_those_kept_breaks_a_promise(tmp_path: Path) -> None:
    """Those that atheris found to lead somewhere that no other does, and what each target begins with."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        str(ROOT / "benchmarks" / "fuzz.py"),
        "--seconds",
        "0",
        "--into",
        str(tmp_path),
    ]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    read = {
        name: int(count) for name, count in re.findall(r"^(\S+): (\d+) inputs, 0 broke a promise", made.stdout, re.M)
    }
    assert set(read) == set(TARGETS)
    for name in (path.stem for path in (ROOT / "tests" / "fuzz" / "corpus").iterdir()):
        assert read[name] > 40


# Found by it.


@pytest.mark.parametrize("text", [".5E-9e3", "5 e3", "5e3 E2", "1/e3"])
def test_an_exponent_set_apart_is_no_unit(text: str) -> None:
    with pytest.raises(QuantityError):
        quantity(text)
    assert str(quantity("5m3")) == "5m3"


def test_an_archive_whose_directory_leads_before_its_start_is_answered(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x05\x06" + b"\0" * 8 + (50).to_bytes(4, "little") + (10).to_bytes(4, "little") + b"\0\0")
    with pytest.raises(LoadError, match="is damaged or cut short"):
        read_workbook(str(path))


def test_a_damaged_sheet_under_batch_is_answered(tmp_path: Path) -> None:
    """It ended in a traceback of the library that reads XML, once the header had been read."""
    whole = io.BytesIO()
    book = Workbook()
    for row in (["trees.planted"], [950], [1000]):
        book.worksheets[0].append(row)
    book.save(whole)
    for old, new in (
        (b"<v>1000</v>", b"<v>1000</w>"),
        (b"<sheetFormatPr ", b'<sheetFormatPr odd="1" '),
        (b"<v>1000</v>", b"<v>1000"),
        (b'r="A3"', b'r="A999999999"'),
        (b"</sheetData>", b""),
    ):
        path = tmp_path / "a.xlsx"
        with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(path, "w") as damaged:
            for name in archive.namelist():
                damaged.writestr(name, archive.read(name).replace(old, new))
        with pytest.raises(LoadError, match=r"is damaged|far outside a table"):
            for _ in table_in(str(path)).read([0]):
                pass


def test_a_workbook_under_batch_is_looked_at_before_it_is_unpacked(tmp_path: Path) -> None:
    whole = io.BytesIO()
    Workbook().save(whole)
    for old, new, said in (
        (b"<sheetData", b"<!DOCTYPE x><sheetData", "declares entities"),
        (b"</worksheet>", b"<!--" + b"x" * 50_000_000 + b"--></worksheet>", "unpacks to too much"),
        (b"</sheetData>", b'<row r="9999999"/></sheetData>', "far outside a table"),
        (b"</sheetData>", b'<row r="1"><c r="XFE1"/></row></sheetData>', "far outside a table"),
    ):
        path = tmp_path / "a.xlsx"
        with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
            for name in archive.namelist():
                bomb.writestr(name, archive.read(name).replace(old, new))
        with pytest.raises(LoadError, match=said):
            table_in(str(path))


@pytest.mark.parametrize("size", ["A1", "A1:A2", "A1:XFD1048576"])
def test_a_sheet_is_read_to_its_end_whatever_size_it_says_it_has(size: str, tmp_path: Path) -> None:
    """Programs that write as they go put `A1` there: all rows but the first were left out without a word."""
    whole = io.BytesIO()
    book = Workbook()
    for row in (["id", "trees.planted"], ["a", 950], ["b", 1000]):
        book.worksheets[0].append(row)
    book.save(whole)
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as other:
        for name in archive.namelist():
            data = archive.read(name)
            other.writestr(name, re.sub(rb'<dimension ref="[^"]*"', f'<dimension ref="{size}"'.encode(), data))
    (piece,) = table_in(str(tmp_path / "a.xlsx")).read([0, 1])
    assert piece.batch.to_pydict() == {"id": ["a", "b"], "trees.planted": ["950", "1000"]}
