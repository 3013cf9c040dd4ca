"""Files are written whole or not at all: whatever happens half-way, what was there is there, and nothing else."""

from __future__ import annotations

import errno
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from docs_text import ROOT
from perfeval import PerfevalError
from perfeval.cli import main
from perfeval.writing import write_bytes

PROJECT = ROOT / "examples" / "panzhihua-dongqu-2023" / "land-requisition.toml"


def full(handle: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_is_full_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.html"
    target.write_bytes(b"before")
    monkeypatch.setattr("perfeval.writing.os.fsync", full)
    with pytest.raises(PerfevalError, match="No space left on device"):
        write_bytes(target, b"x" * 10_000, overwrite=True)
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


def test_an_interrupt_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("perfeval.writing.os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(tmp_path / "out.html", b"x", overwrite=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("before", [b"before", None], ids=["over a file", "anew"])
def test_a_program_that_is_killed_half_way_leaves_no_half_file(before: bytes | None, tmp_path: Path) -> None:
    target = tmp_path / "out.html"
    if before is not None:
        target.write_bytes(before)
    program = (
        "import os, signal, sys; from pathlib import Path; from perfeval.writing import write_bytes\n"
        "os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_bytes(Path(sys.argv[1]), b'x' * 10_000_000, overwrite=True)"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(target)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (target.read_bytes() if target.exists() else None) == before


@pytest.mark.parametrize("kind", ["html", "docx", "md", "json", "xlsx"])
def test_a_report_that_cannot_be_written_is_answered(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perfeval.writing.os.fsync", full)
    command = ["report", str(PROJECT), "-o", str(tmp_path / f"out.{kind}")]
    result = CliRunner().invoke(main, command, env={"LANG": "en_US.UTF-8"})
    assert result.exit_code == 2
    assert "No space left on device" in result.output
    assert list(tmp_path.iterdir()) == []
