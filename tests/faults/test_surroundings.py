"""What is written does not depend on where and when: the locale, the time zone and the clock."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from writers import PROJECT, WRITERS, arguments, prepared

FAKETIME = shutil.which("faketime")
PLACES: tuple[dict[str, str], ...] = (
    {},
    {"LC_ALL": "C"},
    {"LC_ALL": "", "LANG": "zh_CN.GBK"},
    {"LC_ALL": "POSIX", "TZ": "Asia/Shanghai", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "tr_TR.UTF-8", "TZ": "America/Los_Angeles"},
    {"LC_ALL": "zh_CN.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"},
)
CLOCKS = ("1999-12-31 23:59:58", "2031-06-01 12:00:00")
EVERY = """
import json, sys
from perfeval.cli import main
for given in json.loads(sys.stdin.read()):
    main(given, standalone_mode=False)
"""


def made(folder: Path, place: dict[str, str], *before: str) -> tuple[dict[str, bytes], bytes]:
    """What every command writes, and what is printed of a score, in some surroundings."""
    inputs, out = prepared(folder / "in"), folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    commands = [[*arguments(name, inputs, out / name), "--lang", "zh"] for name in WRITERS]
    made = subprocess.run(
        [*before, sys.executable, "-W", "ignore", "-c", EVERY],
        env={key: value for key, value in os.environ.items() if not key.startswith("LC_")} | place,
        input=json.dumps([*commands, ["score", PROJECT, "--lang", "zh"]]).encode(),
        check=True,
        capture_output=True,
    )
    return {path.name: path.read_bytes() for path in out.iterdir()}, made.stdout


@pytest.mark.slow
def test_what_is_written_is_the_same_bytes_in_any_locale_and_time_zone(tmp_path: Path) -> None:
    first, *others = (made(tmp_path, place) for place in PLACES)
    assert set(first[0]) == set(WRITERS)
    assert "得分" in first[1].decode()
    for each in others:
        assert [name for name in WRITERS if each[0][name] != first[0][name]] == []
        assert each[1] == first[1]


@pytest.mark.slow
@pytest.mark.skipif(FAKETIME is None, reason="faketime is not installed; .ci/run installs it")
def test_what_is_written_is_the_same_bytes_under_a_clock_that_is_wrong(tmp_path: Path) -> None:
    now = made(tmp_path, {})
    for clock in CLOCKS:
        then = made(tmp_path, {}, str(FAKETIME), clock)
        assert [name for name in WRITERS if then[0][name] != now[0][name]] == []
