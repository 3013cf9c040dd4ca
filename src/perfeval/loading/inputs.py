"""Files that are read: regular ones, as they are at one moment."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeAlias

from perfeval.errors import LoadError, Message, Problem, not_a_regular_file

__all__ = ["Version", "changed", "failed", "reading", "version"]

Version: TypeAlias = tuple[object, ...]
"""What tells a file, or a folder of files, from what it was before."""


def failed(path: str, zh: str, en: str) -> LoadError:
    """What to raise about a whole file."""
    return LoadError(Problem(Message(f"“{path}”{zh}", f'"{path}" {en}'), about=path))


def changed(path: str) -> LoadError:
    """What to raise where a file was not the same to the end."""
    return failed(
        path, "在读取过程中被改动 — 请等写完后再运行", "changed while it was read — run again once it is written"
    )


@contextmanager
def reading(path: Path, name: str) -> Iterator[BinaryIO]:
    """A file, open to be read as bytes.

    Args:
        name: as the reader knows it.

    Raises:
        OSError: it cannot be opened, or is a pipe or a device: opening a pipe would wait for its writer.
        LoadError: it was written to meanwhile; some of it would be the old file, and some the new one.
    """
    if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
        raise not_a_regular_file()
    with path.open("rb") as file:
        before = _version(os.fstat(file.fileno()))
        yield file
        if _version(os.fstat(file.fileno())) != before:
            raise changed(name)


def version(path: Path, pattern: str = "*") -> Version:
    """The version of a file, or of all files below a folder whose names are like `pattern`.

    Raises:
        OSError: it is not there, or is a pipe or a device.
    """
    if not path.is_dir():
        if not stat.S_ISREG((found := path.stat()).st_mode):
            raise not_a_regular_file()
        return _version(found)
    return tuple((str(each), *_version(each.stat())) for each in sorted(path.rglob(pattern)) if each.is_file())


def _version(found: os.stat_result) -> Version:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
