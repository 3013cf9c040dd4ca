"""Deadlines as tables write them: ``2023年11月底前``, ``≤2023年11月``, ``2023年底前完成``; and the days that stand beside them.

A month is known to the month only: it is a stretch of days. Before or after is decided where the whole stretch is on one side.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date
from typing import Final

from attrs import frozen

from perfeval.quantity import Sign, Target, quantity

__all__ = ["Stretch", "deadline_of", "stretch_of"]

_CORE: Final = r"(?P<when>\d{4}年(?:\d{1,2}月份?(?:\d{1,2}[日号])?)?|\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?[日号]?|\d{1,2}月份?(?:\d{1,2}[日号])?)"
_DAY: Final = re.compile(rf"{_CORE}(?:已?完成)?", re.A)
_DEADLINE: Final = re.compile(
    rf"(?P<sign>≥|>=|≤|<=|>|<|不晚于|不迟于|不早于|早于|晚于)?{_CORE}"
    r"(?P<end>底|末)?(?P<before>之前|以前|前)?(?:已?完成)?",
    re.A,
)
_SIGNS: Final[dict[str, Sign]] = {
    **dict.fromkeys(("≤", "<=", "不晚于", "不迟于"), "≤"),
    **dict.fromkeys(("≥", ">=", "不早于"), "≥"),
    **dict.fromkeys(("<", "早于"), "<"),
    **dict.fromkeys((">", "晚于"), ">"),
}


@frozen
class Stretch:
    """The days that are meant: one, or all of a month or a year.

    Attributes:
        dated: whether the year was written.
    """

    first: date
    last: date
    dated: bool

    def meets(self, due: Target) -> bool | None:
        """Whether it is in time; None where part of it is."""
        line = date.fromordinal(int(due.quantity.value))
        within = {
            "≤": (self.first <= line, self.last <= line),
            "<": (self.first < line, self.last < line),
            "≥": (self.first >= line, self.last >= line),
            ">": (self.first > line, self.last > line),
            "=": (self.first == line, self.last == line),
        }[due.sign]
        return within[0] if within[0] == within[1] else None


def stretch_of(text: str, year: int | None) -> Stretch | None:
    """The day, month or year that a cell names; one without a year is of `year`."""
    found = _DAY.fullmatch(_folded(text))
    return None if found is None else _stretch(found, year)


def deadline_of(text: str, sign: str, year: int | None) -> Target | None:
    """The deadline in a cell: to the day, the last or first one of the month that it names.

    Args:
        sign: what stands in a column of its own; "" where there is none.
    """
    found = _DEADLINE.fullmatch(_folded(text))
    stretch = None if found is None else _stretch(found, year)
    if found is None or stretch is None:
        return None
    own = _SIGNS.get(found["sign"] or sign)
    if found["before"] or (found["end"] and own is None):
        if own not in (None, "≤", "<"):
            return None
        # 11月前 ends before November begins; 11月底前 and 11月30日前 include what they name.
        whole = stretch.first != stretch.last and not found["end"]
        return _target("<" if whole else "≤", stretch.first if whole else stretch.last)
    match own:
        case "≤" | ">":
            return _target(own, stretch.last)
        case "≥" | "<":
            return _target(own, stretch.last if found["end"] else stretch.first)
        case _:
            return None


def _target(sign: Sign, day: date) -> Target:
    return Target(sign, quantity(day))


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _stretch(found: re.Match[str], year: int | None) -> Stretch | None:
    parts = [int(each) for each in re.findall(r"\d+", found["when"], re.A)]
    dated = len(re.match(r"\d+", found["when"], re.A)[0]) == 4  # type: ignore[index]  # it begins with a digit
    if not dated and year is None:
        return None
    of_year, *rest = parts if dated else [year or 0, *parts]
    try:
        first = date(of_year, *[*rest, 1, 1][:2])
    except ValueError:
        return None
    if not rest:
        return Stretch(first, date(of_year, 12, 31), dated)
    last = first if len(rest) > 1 else first.replace(day=monthrange(of_year, first.month)[1])
    return Stretch(first, last, dated)
