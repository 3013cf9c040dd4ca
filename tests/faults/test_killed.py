"""Commands that are killed at random moments lose nothing and leave nothing half-written; benchmarks/kill.py does it at length."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from writers import prepared

from docs_text import ROOT
from perfeval.cli import main
from perfeval.loading import assessment_files

PROGRAM = [sys.executable, "-c", "from perfeval.cli import run; run()"]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "times"), [("KILL", 15), ("TERM", 8), ("INT", 8), ("HUP", 8)])
def test_what_is_killed_at_random_moments_is_whole_or_not_there(name: str, times: int) -> None:
    """And nothing is left beside it where it was asked to end."""
    command = [sys.executable, str(ROOT / "benchmarks" / "kill.py"), "--times", str(times), "--signal", name]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    assert [int(count) for count in re.findall(r"^ *(\d+)  killed$", made.stdout, re.M)] == [times, times]


def children(of: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout
    return [int(pid) for pid, parent in map(str.split, listed.splitlines()[1:]) if parent == str(of)]


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_processes_that_compute_end_with_the_one_that_asked(number: signal.Signals, tmp_path: Path) -> None:
    """They waited for work for ever, each with the memory it had."""
    folder = prepared(tmp_path / "in")
    rows = "".join(f"{row % 1000},90%\n" for row in range(100_000))
    (folder / "facts.csv").write_text(f"trees.planted,trees.alive\n{rows}", "utf-8")
    command = ["batch", "in/framework.toml", "in/facts.csv", "-o", "o.csv", "--findings", "review"]
    running = subprocess.Popen([*PROGRAM, *command], cwd=tmp_path, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not list(tmp_path.glob(".o.csv.*")) or len(found := children(running.pid)) < 2:
        assert time.monotonic() < until and running.poll() is None
        time.sleep(0.05)
    time.sleep(3)  # they begin to work
    running.send_signal(number)
    assert running.wait(60) == (-number if number == signal.SIGKILL else 128 + number)
    until = time.monotonic() + 30
    while any(map(is_there, found)):
        assert time.monotonic() < until
        time.sleep(0.05)
    assert not (tmp_path / "o.csv").exists()
    assert number == signal.SIGKILL or list(tmp_path.iterdir()) == [folder]


def test_what_a_killed_program_leaves_is_taken_for_no_input(tmp_path: Path) -> None:
    folder = prepared(tmp_path / "in")
    (folder / "a.toml").write_text('format = 1\nframework = "framework.toml"\n[facts]\ntrees.planted = 1\n', "utf-8")
    before = assessment_files(str(folder), also=(".xlsx", ".csv"))
    (tmp_path / "tables").mkdir()
    pq.write_table(pa.table({"trees.planted": [950], "trees.alive": ["90%"]}), tmp_path / "tables" / "a.parquet")
    for name in (".a.toml.0123abcd.tmp", ".o.xlsx.0123abcd.tmp", ".facts.csv.0123abcd.tmp"):
        (folder / name).write_bytes(b"half of")
    (tmp_path / "tables" / ".a.parquet.0123abcd.tmp").write_bytes(b"PAR1 half of")
    assert assessment_files(str(folder), also=(".xlsx", ".csv")) == before
    for command in ("batch", "sensitivity"):
        given = [
            command,
            str(folder / "framework.toml"),
            str(tmp_path / "tables"),
            "-o",
            str(tmp_path / f"{command}.csv"),
        ]
        assert CliRunner().invoke(main, given).exit_code == 0
