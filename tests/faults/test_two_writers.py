"""Two programs that write one file: one of them does, whole, and the other says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from perfeval import PerfevalError
from perfeval.writing import write_bytes

WRITER = """
import sys, time
from pathlib import Path
from perfeval import PerfevalError
from perfeval.writing import write_bytes
target, letter, force, at = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "force", float(sys.argv[4])
time.sleep(max(0, at - time.time()))
try:
    write_bytes(target, letter.encode() * 3_000_000, overwrite=force)
except PerfevalError as error:
    sys.exit(error.to("en"))
"""


def test_a_file_that_appears_while_another_is_written_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.html"
    monkeypatch.setattr("perfeval.writing.os.fsync", lambda _: target.write_bytes(b"somebody else's"))
    with pytest.raises(PerfevalError, match="is there already"):
        write_bytes(target, b"mine", overwrite=False)
    assert target.read_bytes() == b"somebody else's"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("force", [False, True])
def test_of_programs_that_write_one_file_at_once_one_has_it_whole(force: bool, tmp_path: Path) -> None:
    import time

    target, at = tmp_path / "out.bin", str(time.time() + 2)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(target), letter, "force" if force else "", at],
            stderr=subprocess.PIPE,
            env=os.environ,
        )
        for letter in "abcdef"
    ]
    said = [each.communicate()[1].decode() for each in running]
    succeeded = [letter for letter, each in zip("abcdef", running, strict=True) if each.returncode == 0]
    assert len(succeeded) == (6 if force else 1)
    assert all("is there already — choose another name, or --force" in each for each in said if each)
    content = target.read_bytes()
    assert content[:1].decode() in succeeded and content == content[:1] * 3_000_000
    assert list(tmp_path.iterdir()) == [target]
