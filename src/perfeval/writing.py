"""Writing files: to a temporary file beside the target, then renamed, so that none is ever half-written."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from perfeval.errors import PerfevalError, Problem, problem, reason_of

__all__ = ["make_folder", "replacing", "write_bytes", "write_text"]


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


@contextlib.contextmanager
def replacing(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """A temporary file beside `path` that takes its place once all of it is written; nothing is left where that fails.

    Raises:
        PerfevalError: as `write_text`.
    """
    temporary: Path | None = None
    try:
        if not overwrite and path.exists():
            raise FileExistsError
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        temporary = Path(name)
        os.close(handle)
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o644)
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
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()


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
