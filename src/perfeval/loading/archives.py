"""Whether a workbook is safe to unpack: told before any library does."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, Final

from attrs import frozen

from perfeval.errors import LoadError
from perfeval.loading.inputs import failed

__all__ = ["Limits", "a_document", "damaged", "has_password", "refuse_unsafe"]

_LARGEST_RATIO: Final = 200
_LOCKED: Final = 1  # the flag of a part that a password locks
_CONTENTS: Final = "[Content_Types].xml"
_OTHER_ENCODINGS: Final = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_DECLARED: Final = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")
_CELL: Final = re.compile(rb"<(?:\w+:)?(?:c|row)[\s/>]")
_PLACE: Final = re.compile(rb"""<(?:\w+:)?(?:c|row)\s[^<]*?\br\s*=\s*["']([^"']*)""")
_MERGED: Final = re.compile(rb"""<(?:\w+:)?mergeCell\s[^<]*?\bref\s*=\s*["']([^"']*)""")
_REFERENCE: Final = re.compile(rb"\$?([A-Za-z]{0,3})\$?(\d{1,7})")


@frozen
class Limits:
    """How much a workbook may hold.

    Attributes:
        unpacked: bytes of all its parts.
        tags: of all its parts.
        cells: of all its sheets, those of merged ranges and empty rows included.
        reach: cells up to the last of each row, whether they are there or not: a reader fills the gaps.
        rows: the last row that a cell may lie in.
        columns: the last column.
    """

    unpacked: int
    tags: int
    cells: int
    reach: int
    rows: int
    columns: int


def refuse_unsafe(path: str, file: Path | BinaryIO, limits: Limits) -> None:
    """Refuse an archive that is no workbook of a sensible size, or that could do harm when it is read.

    Args:
        path: as the reader knows the file.
        file: where it is, or the whole of it.

    Raises:
        LoadError: why, and what to do.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            names = {each.filename for each in parts}
            if any(each.flag_bits & _LOCKED for each in parts):
                raise has_password(path)
            unpacked = sum(each.file_size for each in parts)
            packed = sum(each.compress_size for each in parts)
            if any(map(_leads_out, names)):
                raise failed(
                    path,
                    "压缩包中的路径指向包外，不予读取",
                    "holds paths that lead out of the archive, and is not read",
                )
            if unpacked > limits.unpacked or unpacked > _LARGEST_RATIO * max(packed, 1):
                raise _too_much(path)
            if "word/document.xml" in names:
                raise a_document(path)
            if _CONTENTS not in names and "mimetype" not in names:
                raise failed(
                    path,
                    "是压缩文件，不是工作簿 — 请解压后使用其中的工作簿",
                    "is an archive and no workbook — unpack it, and take the workbook in it",
                )
            if "mimetype" in names or "xl/workbook.bin" in names:
                raise failed(
                    path,
                    "不是 .xlsx 工作簿 — 请在 Excel 或 WPS 中另存为 .xlsx",
                    "is a workbook of another kind — save it as .xlsx in Excel or WPS",
                )
            tags = cells = reach = 0
            for data in map(archive.read, parts):
                _refuse_declarations(path, data)
                more, further = _cells(path, data, limits)
                tags, cells, reach = tags + data.count(b"<"), cells + more, reach + further
                if tags > limits.tags or cells > limits.cells or reach > limits.reach:
                    raise _too_much(path)
    except (
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        NotImplementedError,
        EOFError,
        ValueError,
        OSError,
    ):  # what a damaged archive raises
        raise damaged(path) from None


def has_password(path: str) -> LoadError:
    """What to raise about a workbook that only a password opens."""
    return failed(
        path,
        "有密码 — 请在 Excel 或 WPS 中去掉打开密码，再保存",
        "has a password — take the password off in Excel or WPS, and save it again",
    )


def a_document(path: str) -> LoadError:
    """What to raise about a document of Word."""
    return failed(
        path,
        "是 Word 文档 — 请将其中的表格复制到工作表，另存为 .xlsx",
        "is a Word document — copy its table into a sheet, and save that as .xlsx",
    )


def damaged(path: str) -> LoadError:
    """What to raise about a workbook that is not whole."""
    return failed(
        path,
        "已损坏或不完整，无法读取 — 请重新复制或下载；能用 Excel 或 WPS 打开的，另存为 .xlsx",
        "is damaged or cut short and cannot be read — copy or download it again, or save it as .xlsx where Excel or WPS opens it",
    )


def _leads_out(name: str) -> bool:
    path = name.replace("\\", "/")
    return path.startswith("/") or ":" in path or ".." in path.split("/")


def _refuse_declarations(path: str, data: bytes) -> None:
    """XML that declares nothing, in an encoding in which that can be seen."""
    declared = _DECLARED.match(data[3:] if data.startswith(b"\xef\xbb\xbf") else data)
    odd = declared is not None and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii")
    if b"<!DOCTYPE" in data or odd or data[:2] in _OTHER_ENCODINGS:
        raise failed(path, "声明了 XML 实体，不予读取", "declares entities and is not read")


def _cells(path: str, data: bytes, limits: Limits) -> tuple[int, int]:
    """How many cells a part has, those of merged ranges included, and how far its rows reach in all.

    Raises:
        LoadError: one lies further out than a table can reach.
    """
    reach = end = row = 0
    for found in _PLACE.finditer(data):
        column, below = _within(path, found[1], limits)
        if below != row:
            reach, end, row = reach + end, 0, below
        end = max(end, column)
    merged = 0
    for found in _MERGED.finditer(data):
        first, _, last = found[1].partition(b":")
        (left, top), (right, bottom) = _within(path, first, limits), _within(path, last or first, limits)
        merged += max(right - left + 1, 1) * max(bottom - top + 1, 1)
    return merged + sum(1 for _ in _CELL.finditer(data)), reach + end


def _within(path: str, reference: bytes, limits: Limits) -> tuple[int, int]:
    """Column and row of a reference such as ``C5``, or ``5`` of a row."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise failed(path, "已损坏 — 请在 Excel 或 WPS 中重新保存", "is damaged — save it again in Excel or WPS")
    column = 0
    for letter in found[1].upper():
        column = column * 26 + letter - 64
    if column > limits.columns or int(found[2]) > limits.rows:
        cell = reference.decode("ascii")
        raise failed(
            path,
            f"有单元格远在表外（{cell}）— 请删除空白的行和列，再保存",
            f"has cells far outside a table ({cell}) — delete the empty rows and columns, and save it again",
        )
    return column, int(found[2])


def _too_much(path: str) -> LoadError:
    return failed(path, "解压后过大，不予读取", "unpacks to too much and is not read")
