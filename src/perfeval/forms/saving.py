"""A workbook as a file: the same bytes for the same content, whatever the clock says. Needs openpyxl."""

from __future__ import annotations

import re
import tempfile
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from perfeval.errors import PerfevalError, problem

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
    except OSError as error:
        reason, folder = error.strerror or str(error), tempfile.gettempdir()
        raise PerfevalError(
            problem(
                f"无法在临时文件夹“{folder}”中生成工作簿（{reason}）",
                f'cannot make the workbook in the folder for temporary files "{folder}" ({reason})',
            )
        ) from None
    with ZipFile(raw) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, _LONG_AGO)
            entry.compress_type = ZIP_DEFLATED
            data = source.read(name)
            target.writestr(entry, _WHEN.sub(rb"\g<1>1980-01-01T00:00:00Z", data) if name == _CORE else data)
    return packed.getvalue()
