"""Writing files: to a temporary file beside the target, then renamed, so that none is ever half-written."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from perfeval.errors import PerfevalError, Problem, problem, reason_of

__all__ = ["make_folder", "replacing", "write_all", "write_bytes", "write_text"]

_NAMED: Final = 40  # characters of a file's name that the temporary one has: a name may be no longer than 255 bytes


def write_text(path: Path, text: str, *, overwrite: bool) -> None:
    """Write `text` to `path` as UTF-8.

    Raises:
        PerfevalError: the file is there already and `overwrite` is false, or it cannot be written.
    """
    write_bytes(path, text.encode("utf-8"), overwrite=overwrite)


def write_bytes(path: Path, data: bytes, *, overwrite: bool) -> None:
    """Write `data` to `path`.

    Raises:
        PerfevalError: as `write_text`.
    """
    with replacing(path, overwrite=overwrite) as temporary, temporary.open("wb") as file:
        file.write(data)


def write_all(files: Iterable[tuple[Path, bytes, bool]]) -> None:
    """Write several files that belong together, each with whether it may overwrite; all of them are there, or none is new.

    The first gets its name last, so that it is not there without those that it needs.

    Raises:
        PerfevalError: as `write_text`.
    """
    with contextlib.ExitStack() as written:
        for path, data, overwrite in files:
            written.enter_context(replacing(path, overwrite=overwrite)).write_bytes(data)


@contextlib.contextmanager
def replacing(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """A temporary file beside `path` that takes its place once all of it is written; nothing is left where that fails.

    Only a program that is killed outright leaves it. Its name is hidden and ends in ``.tmp``, so that nothing takes it for an output.

    Raises:
        PerfevalError: as `write_text`.
    """
    # Named before it is made: a signal may come at any moment.
    temporary = path.parent / f".{path.name[:_NAMED]}.{secrets.token_hex(4)}.tmp"
    try:
        mode = _mode(path)
        if not overwrite and mode is not None:
            raise FileExistsError
        temporary.open("xb").close()
        if mode is not None:
            temporary.chmod(mode)  # what few may read stays so
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        if overwrite:
            temporary.replace(path)
        else:
            _put(temporary, path)
    except FileExistsError:
        raise PerfevalError(taken(path)) from None
    except OSError as error:
        why = reason_of(error)
        raise PerfevalError(problem(f"无法写入“{path}”（{why.zh}）", f'cannot write "{path}" ({why.en})')) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _mode(path: Path) -> int | None:
    """Who may do what with a file that is there already; None where none is.

    Raises:
        OSError: a folder, a pipe or a device is, which no file may take the place of; or it cannot be told.
    """
    try:
        found = path.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(found):
        raise OSError("not a regular file")
    return stat.S_IMODE(found)


def taken(path: str | os.PathLike[str]) -> Problem:
    """That there is a file of this name, which nobody asked to be written over."""
    return problem(
        f"“{path}”已存在 — 换一个名称，或加 --force 覆盖",
        f'"{path}" is there already — choose another name, or --force',
    )


def _put(temporary: Path, path: Path) -> None:
    """Give a file its name, unless another program took it meanwhile: renaming would replace what that one wrote.

    Raises:
        FileExistsError: the name is taken.
    """
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:  # a disk without links, such as a memory stick: the name is taken by an empty file first
        path.open("xb").close()
        try:
            temporary.replace(path)
        except OSError:
            path.unlink()
            raise


def make_folder(folder: Path) -> None:
    """Make a folder where there is none, and those it lies in.

    Raises:
        PerfevalError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = reason_of(error)
        raise PerfevalError(
            problem(f"无法建立文件夹“{folder}”（{why.zh}）", f'cannot make the folder "{folder}" ({why.en})')
        ) from None
