"""A workbook as a file: the same bytes for the same content, whatever the clock says. Needs openpyxl."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from perfeval.errors import Message, PerfevalError, problem, reason_of

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

__all__ = ["saved"]

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)  # the first day a zip file can hold: no clock is read
_CORE: Final = "docProps/core.xml"
_WHEN: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def saved(book: Workbook) -> bytes:
    """The file that a workbook is.

    Raises:
        PerfevalError: there is no room for openpyxl's temporary files.
    """
    raw, packed = BytesIO(), BytesIO()
    try:
        book.save(raw)
    except _failures() as error:
        why, folder = _reason(error), tempfile.gettempdir()
        raise PerfevalError(
            problem(
                f"无法在临时文件夹“{folder}”中生成工作簿（{why.zh}）",
                f'cannot make the workbook in the folder for temporary files "{folder}" ({why.en})',
            )
        ) from None
    with ZipFile(raw) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, _LONG_AGO)
            entry.compress_type = ZIP_DEFLATED
            data = source.read(name)
            target.writestr(entry, _WHEN.sub(rb"\g<1>1980-01-01T00:00:00Z", data) if name == _CORE else data)
    return packed.getvalue()


def _failures() -> tuple[type[Exception], ...]:
    """What is raised where a disk is full; openpyxl writes through lxml where there is one, which has an error of its own."""
    return (OSError, import_module("lxml.etree").SerialisationError) if find_spec("lxml") else (OSError,)


def _reason(error: Exception) -> Message:
    """Why: lxml has the name of the system's error, such as ``IO_ENOSPC``."""
    if isinstance(error, OSError):
        return reason_of(error)
    number = getattr(errno, str(error).removeprefix("IO_"), None)
    return Message(str(error), str(error)) if number is None else reason_of(OSError(number, os.strerror(number)))
