"""Figures as people write them where perfeval does not read them, and how each is written: 2024.5.12, 240。5万元, 20-30万元, 两个.

None of them is read: what is meant is told, for a person to write.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from perfeval.errors import Message

__all__ = ["instead", "span", "spelled"]

_DAY: Final = re.compile(r"(\d{4})\s*[.年]\s*(\d{1,2})\s*[.月]\s*(\d{1,2})\s*[日号]?", re.A)
_MONTH_OF_YEAR: Final = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月\s*[份初底末]?|(?:19|20)\d\d[-/](?:0?[1-9]|1[012])", re.A)
_DAY_OF_MONTH: Final = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?", re.A)
_DECIMAL: Final = re.compile(r"(?<=\d)[。·・](?=\d)", re.A)
_SPAN: Final = re.compile(
    r"(?P<low>\d[\d,.]*)\s*(?P<of_low>[^\d\s~～—至到-]*)\s*(?:[-~～至到]|—+)\s*(?P<high>\d[\d,.]*)\s*(?P<unit>[^\d]*)",
    re.A,
)
_DIGITS: Final = {each: digit for digit, each in enumerate("零一二三四五六七八九十")} | {"两": 2}
_SPELLED: Final = re.compile(
    r"[零〇一二两三四五六七八九十百千万]+"
    r"(?P<unit>[万亿]?元|个|名|人|户|次|项|件|处|座|条|份|台|套|家|村|所|期|批|天|月|年|亩|公顷|吨|公里|米|株|棵)"
)


def instead(text: str) -> Message | None:
    """What to write instead of `text`, which is no quantity; None where that cannot be told."""
    if (day := _DAY.fullmatch(text)) is not None:
        try:
            meant = date(*(int(each) for each in day.groups())).isoformat()
        except ValueError:
            return Message("没有这一天；日期请写如 2023-12-31", "there is no such day; write a date such as 2023-12-31")
        return Message(f"日期请写 {meant}", f"write the date as {meant}")
    if _MONTH_OF_YEAR.fullmatch(text):
        return Message("日期请写到日，如 2023-12-31", "write the day too, such as 2023-12-31")
    if _DAY_OF_MONTH.fullmatch(text):
        return Message("日期请连年份写，如 2023-12-31", "write the year too, such as 2023-12-31")
    if _DECIMAL.search(text):
        meant = _DECIMAL.sub(".", text)
        return Message(f"小数点用 “.”，请写 “{meant}”", f'decimals stand behind a ".": write "{meant}"')
    if (ends := span(text)) is not None:
        return Message(
            f"这是从“{ends[0]}”到“{ends[1]}”的范围，此处只写一个数",
            f'this is a range from "{ends[0]}" to "{ends[1]}", and one figure is wanted here',
        )
    if (figure := spelled(text)) is not None:
        return Message(f"数请用阿拉伯数字，如 “{figure}”", f'write the number in digits, such as "{figure}"')
    return None


def span(text: str) -> tuple[str, str] | None:
    """The two ends of a range such as ``85%-95%`` or ``20至30万元``, each with its unit; None where `text` is none."""
    found = _SPAN.fullmatch(text.strip())
    if found is None or _MONTH_OF_YEAR.fullmatch(text.strip()) or found["of_low"] not in ("", found["unit"]):
        return None
    return f"{found['low']}{found['unit']}", f"{found['high']}{found['unit']}"


def spelled(text: str) -> str | None:
    """A figure in Chinese numerals, such as 两个, with digits (any of the unit where there is more than one numeral); None
    where `text` is none."""
    found = _SPELLED.fullmatch(text.strip())
    if found is None:
        return None
    numerals = text.strip()[: found.start("unit")]
    return f"{_DIGITS.get(numerals, 12)}{found['unit']}"
