"""Disks that are full and folders that cannot be written: a message, and what was there is there."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from privileges import permissions_that_hold
from writers import PROJECT, WRITERS, arguments, prepared

from docs_text import ROOT
from perfeval import PerfevalError
from perfeval.cli import main
from perfeval.writing import make_folder, write_all, write_bytes

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


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepared(tmp_path_factory.mktemp("inputs"))


def refused(name: str, inputs: Path, target: Path, *more: str) -> str:
    """What a command says that cannot write `target`."""
    result = CliRunner().invoke(main, [*arguments(name, inputs, target), "--lang", "en", *more])
    assert isinstance(result.exception, SystemExit), (name, result.exception)
    assert (result.exit_code, "Traceback" in result.output) == (2, False)
    return result.output


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 kB; root alone can mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("no disk can be mounted here; a file's size is bounded instead, above")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.parametrize("over", [False, True], ids=["a new file", "over another"])
@pytest.mark.parametrize("name", WRITERS)
def test_a_disk_that_is_full_is_answered(name: str, over: bool, inputs: Path, small_disk: Path) -> None:
    target = small_disk / name
    if over:
        target.write_bytes(b"before")
    with contextlib.suppress(OSError), (small_disk / "filling").open("wb", buffering=0) as filling:
        while filling.write(b"x" * 512):
            pass
    there = {each.name: each.stat().st_size for each in small_disk.iterdir()}
    assert "No space left on device" in refused(name, inputs, target, *(["--force"] if over else []))
    assert {each.name: each.stat().st_size for each in small_disk.iterdir()} == there
    assert not over or target.read_bytes() == b"before"


@pytest.mark.parametrize("name", WRITERS)
def test_a_disk_that_is_read_only_is_answered(name: str, inputs: Path, small_disk: Path) -> None:
    (small_disk / name).write_bytes(b"before")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    assert "Read-only file system" in refused(name, inputs, small_disk / name, "--force")
    assert "Read-only file system" in refused(name, inputs, small_disk / f"new-{name}")
    assert (small_disk / name).read_bytes() == b"before"


def test_a_folder_is_not_made_on_a_disk_that_is_read_only(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(PerfevalError, match=r"cannot make the folder .* \(Read-only file system\)"):
        make_folder(small_disk / "new")


@pytest.mark.parametrize("name", WRITERS)
def test_a_folder_that_may_not_be_written_is_answered(name: str, inputs: Path, tmp_path: Path) -> None:
    assert CliRunner().invoke(main, arguments(name, inputs, tmp_path / name)).exit_code == 0
    before = (tmp_path / name).read_bytes()
    tmp_path.chmod(0o500)
    try:
        with permissions_that_hold():
            assert "Permission denied" in refused(name, inputs, tmp_path / name, "--force")
            assert "Permission denied" in refused(name, inputs, tmp_path / f"new-{name}")
    finally:
        tmp_path.chmod(0o700)
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [(name, before)]


@pytest.mark.parametrize("name", WRITERS)
def test_nothing_but_a_file_is_overwritten(name: str, inputs: Path, tmp_path: Path) -> None:
    """Root may replace `/dev/null` by a report, which no program on the machine would survive."""
    device = tmp_path / f"device-{name}"
    os.mkfifo(device)
    assert "not a regular file" in refused(name, inputs, device, "--force")
    folder = tmp_path / f"folder-{name}"
    folder.mkdir()
    if not name.startswith("report."):  # which writes into it
        assert "Is a directory" in refused(name, inputs, folder, "--force")
    assert sorted(tmp_path.iterdir()) == [device, folder]


# What is written in one place is written well everywhere.

ELSEWHERE = {
    "writing.py": "the place",
    "batch/files.py": "into what `replacing` gives",
    "forms/drafting.py": "a folder for the while",
    "forms/reading.py": "a folder for the while",
    "testing/written.py": "the folder that a test gives",
}


def test_files_are_written_in_one_place() -> None:
    source = ROOT / "src" / "perfeval"
    writes = re.compile(
        r"\.(write_text|write_bytes|hardlink_to|rename)\(|(\.open|OSFile)\([^\n]*[\"'][rb]*[wxa+]|\.replace\(path\)"
    )
    found = {str(path.relative_to(source)) for path in source.rglob("*.py") if writes.search(path.read_text("utf-8"))}
    assert found - {"cli/__init__.py"} == set(ELSEWHERE)


def test_a_file_that_few_may_read_stays_so(tmp_path: Path) -> None:
    target = tmp_path / "scores.csv"
    target.write_bytes(b"before")
    target.chmod(0o600)
    write_bytes(target, b"after", overwrite=True)
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"after", 0o600)


@pytest.mark.parametrize("mask", [0o077, 0o022, 0o007])
def test_a_new_file_is_as_open_as_its_writer_wants_files_to_be(mask: int, tmp_path: Path) -> None:
    before = os.umask(mask)
    try:
        write_bytes(tmp_path / "scores.csv", b"x", overwrite=False)
    finally:
        os.umask(before)
    assert (tmp_path / "scores.csv").stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_name_may_be_as_long_as_the_disk_allows(tmp_path: Path) -> None:
    write_bytes(tmp_path / ("绩效" * 42 + ".t"), b"x", overwrite=False)
    write_bytes(tmp_path / ("\U00020bb7" * 63 + ".t"), b"x", overwrite=False)
    assert {len(each.name.encode()) for each in tmp_path.iterdir()} == {254}


def test_a_link_is_replaced_and_what_it_leads_to_is_left(tmp_path: Path) -> None:
    elsewhere, target = tmp_path / "elsewhere", tmp_path / "out.html"
    elsewhere.write_bytes(b"mine")
    target.symlink_to(elsewhere)
    with pytest.raises(PerfevalError, match="is there already"):
        write_bytes(target, b"x", overwrite=False)
    write_bytes(target, b"x", overwrite=True)
    assert (elsewhere.read_bytes(), target.read_bytes(), target.is_symlink()) == (b"mine", b"x", False)


def test_of_files_that_belong_together_all_are_written_or_none(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"before")
    for order in ("abc", "cba", "bac"):
        with pytest.raises(PerfevalError, match="is there already"):
            write_all((tmp_path / each, b"after", False) for each in order)
        assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("b", b"before")]


def test_a_picture_that_is_there_stops_the_ranks_beside_it(inputs: Path, tmp_path: Path) -> None:
    (tmp_path / "ranks.svg").write_bytes(b"before")
    said = refused("sensitivity.csv", inputs, tmp_path / "ranks.csv", "--plot", str(tmp_path / "ranks.svg"))
    assert 'ranks.svg" is there already' in said
    assert [each.name for each in tmp_path.iterdir()] == ["ranks.svg"]


@pytest.mark.parametrize("given", [("score", PROJECT), ("frameworks",), ("score", PROJECT, "--format", "json")])
def test_output_that_cannot_be_written_is_said_and_not_a_traceback(given: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [*PROGRAM, *given]
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
