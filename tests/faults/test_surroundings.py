"""What is written does not depend on where and when: the locale, the time zone and the clock."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs_text import ROOT

PROJECT = str(ROOT / "examples" / "panzhihua-dongqu-2023" / "land-requisition.toml")
FAKETIME = shutil.which("faketime")
PLACES = (
    {"LC_ALL": "C"},
    {"LC_ALL": "", "LANG": "zh_CN.GBK"},
    {"LC_ALL": "POSIX", "TZ": "Asia/Shanghai", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "tr_TR.UTF-8", "TZ": "America/Los_Angeles"},
    {"LC_ALL": "zh_CN.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"},
)


def made(kind: str, folder: Path, place: dict[str, str], *before: str) -> tuple[bytes, bytes]:
    """The file that a report is, and what is printed of a score, in some surroundings."""
    folder.mkdir(exist_ok=True)
    program = [*before, sys.executable, "-c", "from perfeval.cli import run; run()"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LC_")} | place
    target = folder / f"out.{kind}"
    subprocess.run(
        [*program, "report", PROJECT, "-o", str(target), "--force", "--lang", "zh"],
        env=environment,
        check=True,
        capture_output=True,
    )
    printed = subprocess.run(
        [*program, "score", PROJECT, "--lang", "zh"], env=environment, check=True, capture_output=True
    )
    return target.read_bytes(), printed.stdout


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["html", "docx", "md", "json", "xlsx"])
def test_a_report_is_the_same_bytes_in_any_locale_and_time_zone(kind: str, tmp_path: Path) -> None:
    first, *others = (made(kind, tmp_path, place) for place in PLACES)
    assert "社会" in first[1].decode() or "得分" in first[1].decode()
    assert all(each == first for each in others)


@pytest.mark.slow
@pytest.mark.skipif(FAKETIME is None, reason="faketime is not installed; .ci/run installs it")
@pytest.mark.parametrize("kind", ["html", "docx", "md", "json", "xlsx"])
def test_a_report_is_the_same_bytes_under_a_clock_that_is_wrong(kind: str, tmp_path: Path) -> None:
    clocks = [made(kind, tmp_path, {}, str(FAKETIME), at) for at in ("1999-12-31 23:59:58", "2031-06-01 12:00:00")]
    assert clocks[0] == clocks[1] == made(kind, tmp_path, {})
