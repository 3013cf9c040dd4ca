"""What a file is that somebody hands in, and whether it is safe to open: told before any library reads it."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Final, Literal

from attrs import field, frozen

from perfeval.errors import reason_of
from perfeval.loading.archives import Limits, a_document, damaged, has_password, refuse_unsafe
from perfeval.loading.inputs import failed, reading

__all__ = ["WORKBOOKS", "FileKind", "Opened", "damaged", "failed", "has_password", "is_workbook", "opened"]

FileKind = Literal["xlsx", "xls", "csv"]

WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls", ".et")
_SUFFIXES: Final = (*WORKBOOKS, ".csv", ".ods", ".xlsb", ".doc", ".docx", ".wps", ".pdf")  # what a table may lie in
_LARGEST: Final = 64 * 2**20  # bytes, unpacked
_LARGEST_FLAT: Final = 16 * 2**20  # bytes of a file that is not packed
_LIMITS: Final = Limits(unpacked=_LARGEST, tags=5_000_000, cells=500_000, reach=20_000_000, rows=20_000, columns=1_000)

_COMPOUND: Final = b"\xd0\xcf\x11\xe0"  # an .xls, a .doc, or an .xlsx with a password
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_WORD_STREAM: Final = "WordDocument".encode("utf-16-le")


def is_workbook(path: str) -> bool:
    """Whether a file is read as a workbook or a table, by its name; `opened` says which cannot be."""
    return Path(path).suffix.lower() in _SUFFIXES


@frozen
class Opened:
    """A file as it was when it was opened: nothing reads it again, so what was found safe is what is read.

    Attributes:
        path: as the reader knows it.
        kind: what it holds.
        data: all of it.
    """

    path: str
    kind: FileKind
    data: bytes = field(repr=False)


def opened(path: str) -> Opened:
    """A file, and what it holds by what it begins with; its name counts only where that says nothing.

    Raises:
        LoadError: it cannot be read, or is not safe to read; with what to do.
    """
    file = Path(path)
    try:
        with reading(file, path) as stream:
            data = stream.read(_LARGEST_FLAT + 1)
            if data.startswith(b"PK"):
                data += stream.read(_LARGEST - len(data) + 1)
    except OSError as error:
        why = reason_of(error)
        raise failed(path, f"无法打开（{why.zh}）", f"cannot be opened ({why.en})") from None
    if not data:
        raise failed(
            path,
            "是空文件（0 字节）— 请重新保存，或重新索取",
            "is empty (0 bytes) — save it again, or ask for it again",
        )
    archive = data.startswith(b"PK")
    if len(data) > (_LARGEST if archive else _LARGEST_FLAT):
        raise failed(path, "文件过大，不予读取", "is too large and is not read")
    if archive:
        refuse_unsafe(path, io.BytesIO(data), _LIMITS)
        return Opened(path, "xlsx", data)
    if data.startswith(_COMPOUND):
        _no_password(path, data)
        return Opened(path, "xls", data)
    _no_document(path, data[:512])
    if file.suffix.lower() == ".csv":
        return Opened(path, "csv", data)
    raise failed(path, "不是 Excel 工作簿 — 请另存为 .xlsx", f"is no {file.suffix} file — save it as .xlsx")


def _no_document(path: str, start: bytes) -> None:
    """Refuse what is a page or a document, whatever it is called."""
    if start.startswith(b"%PDF"):
        raise failed(
            path,
            "是 PDF — 请将其中的表格录入或复制到工作表，另存为 .xlsx",
            "is a PDF — type or copy its table into a sheet, and save that as .xlsx",
        )
    if re.match(rb"(?i)(?:\xef\xbb\xbf)?\s*<(!doctype|html|table|\?xml)", start):
        raise failed(
            path,
            "实为网页或 XML 文件 — 请用 Excel 或 WPS 打开，另存为 .xlsx",
            "is a web page or XML inside — open it in Excel or WPS, and save it as .xlsx",
        )


def _no_password(path: str, data: bytes) -> None:
    if _ENCRYPTED in data:
        raise has_password(path)
    if _WORD_STREAM in data:
        raise a_document(path)
