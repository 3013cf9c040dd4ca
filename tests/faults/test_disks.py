"""Disks that are full and folders that cannot be written: a message, and what was there is there."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from docs_text import ROOT
from perfeval import PerfevalError
from perfeval.cli import main
from perfeval.writing import make_folder, write_bytes

PROJECT = str(ROOT / "examples" / "panzhihua-dongqu-2023" / "land-requisition.toml")
PROGRAM = (sys.executable, "-c", "from perfeval.cli import run; run()")
ENGLISH = {**os.environ, "LC_ALL": "en_US.UTF-8"}


def no_larger_than_a_kilobyte() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))


@pytest.mark.parametrize("kind", ["html", "docx", "md", "json", "xlsx"])
def test_a_file_that_grows_too_large_for_its_disk_leaves_what_was_there(kind: str, tmp_path: Path) -> None:
    target = tmp_path / f"out.{kind}"
    target.write_bytes(b"before")
    command = [*PROGRAM, "report", PROJECT, "-o", str(target), "--force"]
    made = subprocess.run(command, env=ENGLISH, capture_output=True, check=False, preexec_fn=no_larger_than_a_kilobyte)
    assert made.returncode == 2
    said = made.stderr.decode().splitlines()[0]
    assert said.startswith((f'cannot write "{target}"', "cannot make the workbook in the folder for temporary files"))
    assert said.endswith("(File too large)")
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 kB; root alone can mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("no disk can be mounted here; a file's size is bounded instead, above")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_is_full_is_answered(small_disk: Path) -> None:
    command = [*PROGRAM, "report", PROJECT, "-o", str(small_disk / "out.html")]
    made = subprocess.run(command, env=ENGLISH, capture_output=True, check=False)
    assert (made.returncode, b"(No space left on device)" in made.stderr) == (2, True)
    assert list(small_disk.iterdir()) == []


def test_a_disk_that_is_read_only_is_answered(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for command in (
        ["report", PROJECT, "-o", str(small_disk / "o.html")],
        ["report", PROJECT, "-o", f"{small_disk}/new/"],
    ):
        made = subprocess.run([*PROGRAM, *command], env=ENGLISH, capture_output=True, check=False)
        assert (made.returncode, b"(Read-only file system)" in made.stderr) == (2, True)


def test_a_folder_that_may_not_be_written_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write anywhere, so the refusal is what the system would say to another."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("perfeval.writing.tempfile.mkstemp", refused)
    result = CliRunner().invoke(
        main, ["report", PROJECT, "-o", str(tmp_path / "out.html")], env={"LC_ALL": "en_US.UTF-8"}
    )
    assert (result.exit_code, "(Permission denied)" in result.output) == (2, True)
    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(PerfevalError, match=r"cannot make the folder .* \(Permission denied\)"):
        make_folder(tmp_path / "new")


@pytest.mark.parametrize("arguments", [("score", PROJECT), ("frameworks",), ("score", PROJECT, "--format", "json")])
def test_output_that_cannot_be_written_is_said_and_not_a_traceback(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [*PROGRAM, *arguments]
        made = subprocess.run(command, env=ENGLISH, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (made.returncode, made.stderr.decode()) == (2, "cannot write the output (No space left on device)\n")


def test_a_disk_without_links_is_written_too_and_nothing_there_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(self: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    write_bytes(tmp_path / "a", b"x", overwrite=False)
    with pytest.raises(PerfevalError, match="is there already"):
        write_bytes(tmp_path / "a", b"y", overwrite=False)
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("a", b"x")]
