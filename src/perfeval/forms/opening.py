"""What a file is that somebody hands in, and whether it is safe to open: told before any library reads it."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from pathlib import Path
from typing import Final, Literal

from attrs import field, frozen

from perfeval.errors import LoadError, Message, Problem, not_a_regular_file, reason_of

__all__ = ["WORKBOOKS", "FileKind", "Opened", "damaged", "failed", "has_password", "is_workbook", "opened"]

FileKind = Literal["xlsx", "xls", "csv"]

WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls", ".et")
_SUFFIXES: Final = (*WORKBOOKS, ".csv", ".ods", ".xlsb", ".doc", ".docx", ".wps", ".pdf")  # what a table may lie in
_LARGEST: Final = 64 * 2**20  # bytes, unpacked
_LARGEST_RATIO: Final = 200
_LARGEST_FLAT: Final = 16 * 2**20  # bytes of a file that is not packed
_MOST_TAGS: Final = 5_000_000
_MOST_CELLS: Final = 500_000
_MOST_ROWS: Final = 20_000
_MOST_COLUMNS: Final = 1_000

_COMPOUND: Final = b"\xd0\xcf\x11\xe0"  # an .xls, a .doc, or an .xlsx with a password
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_WORD_STREAM: Final = "WordDocument".encode("utf-16-le")
_LOCKED: Final = 1  # the flag of a part that a password locks
_CONTENTS: Final = "[Content_Types].xml"
_OTHER_ENCODINGS: Final = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_DECLARED: Final = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']*)""")
_CELL: Final = re.compile(rb"<(?:\w+:)?(?:c|row)[\s/>]")
_PLACE: Final = re.compile(rb"""<(?:\w+:)?(?:c|row)\s[^<]*?\br\s*=\s*["']([^"']*)""")
_MERGED: Final = re.compile(rb"""<(?:\w+:)?mergeCell\s[^<]*?\bref\s*=\s*["']([^"']*)""")
_REFERENCE: Final = re.compile(rb"\$?([A-Za-z]{0,3})\$?(\d{1,7})")


def is_workbook(path: str) -> bool:
    """Whether a file is read as a workbook or a table, by its name; `opened` says which cannot be."""
    return Path(path).suffix.lower() in _SUFFIXES


def failed(path: str, zh: str, en: str) -> LoadError:
    """What to raise about a whole file."""
    return LoadError(Problem(Message(f"“{path}”{zh}", f'"{path}" {en}'), about=path))


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
        if not stat.S_ISREG(file.stat().st_mode) and not file.is_dir():
            raise not_a_regular_file()  # opening a pipe would wait for its writer
        with file.open("rb") as stream:
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
        _safe_archive(path, data)
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
        raise _a_document(path)


def has_password(path: str) -> LoadError:
    """What to raise about a workbook that only a password opens."""
    return failed(
        path,
        "有密码 — 请在 Excel 或 WPS 中去掉打开密码，再保存",
        "has a password — take the password off in Excel or WPS, and save it again",
    )


def _a_document(path: str) -> LoadError:
    return failed(
        path,
        "是 Word 文档 — 请将其中的表格复制到工作表，另存为 .xlsx",
        "is a Word document — copy its table into a sheet, and save that as .xlsx",
    )


def _safe_archive(path: str, whole: bytes) -> None:
    """Refuse an archive that is no workbook of a sensible size, or that could do harm when it is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(whole)) as archive:
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
            if unpacked > _LARGEST or unpacked > _LARGEST_RATIO * max(packed, 1):
                raise _too_much(path)
            if "word/document.xml" in names:
                raise _a_document(path)
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
            tags = cells = 0
            for data in map(archive.read, parts):
                _plain_xml(path, data)
                tags, cells = tags + data.count(b"<"), cells + _cells(path, data)
                if tags > _MOST_TAGS or cells > _MOST_CELLS:
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


def _plain_xml(path: str, data: bytes) -> None:
    """XML that declares nothing, in an encoding in which that can be seen."""
    declared = _DECLARED.match(data[3:] if data.startswith(b"\xef\xbb\xbf") else data)
    odd = declared is not None and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii")
    if b"<!DOCTYPE" in data or odd or data[:2] in _OTHER_ENCODINGS:
        raise failed(path, "声明了 XML 实体，不予读取", "declares entities and is not read")


def _cells(path: str, data: bytes) -> int:
    """How many cells a part has, those of merged ranges included; none lies further out than a table can reach."""
    for found in _PLACE.finditer(data):
        _within(path, found[1])
    merged = 0
    for found in _MERGED.finditer(data):
        first, _, last = found[1].partition(b":")
        (left, top), (right, bottom) = _within(path, first), _within(path, last or first)
        merged += max(right - left + 1, 1) * max(bottom - top + 1, 1)
    return merged + sum(1 for _ in _CELL.finditer(data))


def _within(path: str, reference: bytes) -> tuple[int, int]:
    """Column and row of a reference such as ``C5``, or ``5`` of a row."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise failed(path, "已损坏 — 请在 Excel 或 WPS 中重新保存", "is damaged — save it again in Excel or WPS")
    column = 0
    for letter in found[1].upper():
        column = column * 26 + letter - 64
    if column > _MOST_COLUMNS or int(found[2]) > _MOST_ROWS:
        cell = reference.decode("ascii")
        raise failed(
            path,
            f"有单元格远在表外（{cell}）— 请删除空白的行和列，再保存",
            f"has cells far outside a table ({cell}) — delete the empty rows and columns, and save it again",
        )
    return column, int(found[2])


def _too_much(path: str) -> LoadError:
    return failed(path, "解压后过大，不予读取", "unpacks to too much and is not read")
