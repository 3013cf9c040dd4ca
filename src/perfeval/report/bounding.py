"""Bounds: a table for the terminal, and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from perfeval.bounding import Bounds, NodeBounds, Open
from perfeval.errors import Language
from perfeval.expr.interval import Range
from perfeval.facts import FactSheet, shown
from perfeval.framework import Grade
from perfeval.quantity import decimal_text, rounded
from perfeval.report.data import Json
from perfeval.report.terminal import answer_name, heading, plain, subject_line, title_cell
from perfeval.scorecard import value_text

__all__ = ["bounds_data", "bounds_table", "range_text"]


def range_text(low: Fraction | None, high: Fraction | None, language: Language) -> str:
    """Such as 60–100, or 60 where there is but one."""
    if low is None or high is None:
        return "?"
    if low == high:
        return _figure(low)
    return f"{_figure(low)}–{_figure(high)}"


def _figure(value: Fraction) -> str:
    brief = rounded(value, 2)
    return decimal_text(brief) if brief == value else f"≈{decimal_text(brief)}"


def bounds_table(found: Bounds, language: Language) -> RenderableType:
    """The tree with the lowest and highest score of each node; then the total and its grades."""
    zh = language == "zh"
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("指标" if zh else "indicator", ratio=4, overflow="fold")
    for title in ("分值", "最低", "最高") if zh else ("points", "lowest", "highest"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("取决于" if zh else "hangs on", ratio=6, overflow="fold")
    for path, node in found.nodes.items():
        low, high = ("—", "—") if node.applies == "no" and node.low is None else (_end(node.low), _end(node.high))
        table.add_row(
            title_cell(node.placed.node.called(language), path.count("."), "" if node.is_indicator else "bold"),
            _figure(node.placed.points),
            low,
            Text(high, style="" if node.decided else "yellow"),
            Text(plain(_hangs_on(node, found.assessment.facts, language)) if node.is_indicator else ""),
        )
    return Group(heading(found.assessment, language), table, *(Text(plain(line)) for line in _totals(found, language)))


def _end(value: Fraction | None) -> str:
    return "?" if value is None else _figure(value)


def _hangs_on(node: NodeBounds, sheet: FactSheet, language: Language) -> str:
    zh = language == "zh"
    if node.applies == "no":
        return "不适用" if zh else "does not apply"
    parts = [node.message.to(language)] if node.message is not None else []
    if node.applies == "open":
        parts.append("是否适用未定" if zh else "whether it applies is open")
    parts += dict.fromkeys(_open_text(each, sheet, language) for each in node.open)
    return ("；" if zh else "; ").join(parts)


def _open_text(each: Open, sheet: FactSheet, language: Language) -> str:
    called = sheet.called(each.name, language)
    if each.between is None and each.name != (answer := answer_name(each.name)):
        # Level and share of one rating: it is open once.
        separator, judged = ("：", "评定") if language == "zh" else (": ", "rating")
        return f"{called.rpartition(separator)[0] or answer}{separator}{judged}"
    if each.between is None:
        return called
    kind = sheet.kinds.get(each.name, "number")
    low, high = (
        "" if end is None else value_text(shown(end, kind), language) for end in (each.between.low, each.between.high)
    )
    return f"{called} ({low}–{high})"


def _totals(found: Bounds, language: Language) -> Iterator[str]:
    zh = language == "zh"
    if found.stated_only:
        yield "只计所列事实，假定的事实视为未知" if zh else "stated facts only: what is assumed counts as unknown"
    if found.message is not None:
        yield found.message.to(language)
        return
    points = _figure(found.assessment.framework.points)
    line = f"{'总分' if zh else 'total'} {range_text(found.low, found.high, language)} / {points}"
    if found.worst is not None and found.best is not None:
        grades = dict.fromkeys((found.worst.called(language), found.best.called(language)))
        line += f"  {'等级' if zh else 'grade'} {(' 至 ' if zh else ' to ').join(grades)}"
    yield line


def bounds_data(found: Bounds, language: Language) -> dict[str, Json]:
    """The bounds as one JSON object."""
    return {
        "subject": subject_line(found.assessment),
        "framework": found.assessment.framework.id,
        "stated_only": found.stated_only,
        "points": decimal_text(found.assessment.framework.points),
        "low": _number(found.low),
        "high": _number(found.high),
        "worst": _grade(found.worst),
        "best": _grade(found.best),
        "message": None if found.message is None else found.message.to(language),
        "open": [_open(each) for each in found.open],
        "nodes": [
            {
                "path": path,
                "title": node.placed.node.called(language),
                "kind": "indicator" if node.is_indicator else "dimension",
                "points": decimal_text(node.placed.points),
                "low": _number(node.low),
                "high": _number(node.high),
                "applies": node.applies,
                "decided": node.decided,
                "message": None if node.message is None else node.message.to(language),
                "open": [each.name for each in node.open],
            }
            for path, node in found.nodes.items()
        ],
    }


def _number(value: Fraction | None) -> str | None:
    return None if value is None else decimal_text(value)


def _grade(grade: Grade | None) -> Json:
    return None if grade is None else {"name": grade.name, "name_en": grade.name_en}


def _open(each: Open) -> Json:
    between: Range | None = each.between
    return {
        "name": each.name,
        "low": None if between is None else _number(between.low),
        "high": None if between is None else _number(between.high),
        "assumed": each.assumed or None,
    }
