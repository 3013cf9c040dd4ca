"""What a workbook may carry that is no table: programs, links to other files, paths that lead elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from perfeval.errors import Message

__all__ = ["foreign"]

_MACRO: Final = Message(
    "含有宏 — 请在 Excel 或 WPS 中另存为不含宏的 .xlsx",
    "holds macros — save it as .xlsx without them in Excel or WPS",
)
_LINK: Final = Message(
    "链接到其他工作簿或数据源 — 请在 Excel 或 WPS 的“数据”中断开链接，再保存",
    'links to other workbooks or sources — break the links under "Data" in Excel or WPS, and save it again',
)
_EMBEDDED: Final = Message(
    "嵌有其他程序的对象 — 请删除，再保存",
    "embeds objects of other programs — delete them, and save it again",
)
_PATH: Final = Message(
    "压缩包中的路径指向包外，不予读取",
    "holds paths that lead out of the archive, and is not read",
)
_PARTS: Final = (
    ("xl/vbaproject", _MACRO),
    ("xl/macrosheets/", _MACRO),
    ("xl/activex/", _MACRO),
    ("xl/externallinks/", _LINK),
    ("xl/connections.xml", _LINK),
    ("xl/embeddings/", _EMBEDDED),
)


def foreign(names: Iterable[str]) -> Message | None:
    """Why a workbook with parts of these names is not read; None where nothing speaks against it."""
    for name in names:
        path = name.replace("\\", "/").lower()
        if path.startswith("/") or ":" in path or ".." in path.split("/"):
            return _PATH
        for part, why in _PARTS:
            if path.startswith(part):
                return why
    return None
