"""Which language a file is in, told without reading it as what it should be: the file may be the one that is wrong."""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from html import unescape
from pathlib import Path
from typing import Final

from perfeval.errors import Language, LoadError
from perfeval.loading.catalogue import catalogue_folder
from perfeval.loading.inputs import reading

__all__ = ["language_of"]

_MOST: Final = 2_000_000  # bytes
_MOST_PARTS: Final = 20
_TEXTS: Final = re.compile(r"xl/(?!theme/|styles\.xml)")  # the themes of any workbook name Chinese fonts
_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_NAMED: Final = re.compile(r"""^\s*(?:framework|extends)\s*=\s*["']([^"'\n]+)["']""", re.M)
_FRAMEWORK: Final = re.compile(r"^\s*\[framework\]|^\s*framework\s*=\s*\{", re.M)
_SAID: Final = re.compile(r"""^\s*language\s*=\s*["'](zh|en)["']""", re.M)


def language_of(path: str | os.PathLike[str]) -> Language | None:
    """The language of the framework that is at `path` or in the catalogue, or that the file there names; where there is
    none, Chinese if the file has Chinese text.

    None where neither tells.
    """
    file = Path(path)
    if not file.suffix:
        file = catalogue_folder() / f"{file}.toml"
    text = _text(file)
    if file.suffix == ".toml" and (framework := _framework(file, text)) is not None:
        said = _SAID.search(framework)
        return "en" if said is not None and said[1] == "en" else "zh"
    return "zh" if _CHINESE.search(text) else None


def _framework(file: Path, text: str) -> str | None:
    """The text of the framework."""
    if _FRAMEWORK.search(text):
        return text
    named = _NAMED.search(text)
    if named is None:
        return None
    name = named[1]
    found = file.parent / name if name.endswith(".toml") else catalogue_folder() / f"{name}.toml"
    return _text(found) or None


def _text(file: Path) -> str:
    """What can be read of a file as text, or of the parts of a workbook; "" where nothing can."""
    try:
        with reading(file, str(file)) as stream:
            data = stream.read(_MOST)
        if not data.startswith(b"PK"):
            return data.decode("utf-8" if _is_utf8(data) else "gb18030", "ignore")
        with zipfile.ZipFile(file) as archive:
            names = [name for name in archive.namelist() if _TEXTS.match(name) and name.endswith(".xml")]
            parts = (archive.open(name).read(_MOST).decode("utf-8", "ignore") for name in names[:_MOST_PARTS])
            return unescape("".join(parts))  # some programs write every sign beyond ASCII as its number
    except (
        LoadError,
        OSError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
    ):
        return ""


def _is_utf8(data: bytes) -> bool:
    try:
        data[: _MOST - 4].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(data) - 8
    return True
