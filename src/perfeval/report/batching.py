"""What became of the rows of a table: as tables, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from perfeval.errors import Language
from perfeval.framework import Grade
from perfeval.report.data import Json
from perfeval.report.terminal import plain
from perfeval.scorecard import STATUS_WORDS

if TYPE_CHECKING:
    from perfeval.batch.run import Failure, Summary

__all__ = ["batch_data", "batch_tables"]


def batch_data(
    summary: Summary, about: Mapping[str, str], files: tuple[str, str], language: Language
) -> dict[str, Json]:
    """The summary as JSON."""
    counts = summary.counts
    return {
        "framework": about["perfeval.framework"],
        "framework_sha256": about["perfeval.framework.sha256"],
        "version": about["perfeval.version"],
        "facts": files[0],
        "scores": files[1],
        "rows": summary.rows,
        **{status.replace("-", "_"): count for status, count in summary.statuses.items()},
        "grades": dict[str, Json](summary.grades),
        "assumed": summary.assumed,
        "work": None
        if counts is None
        else {
            "values": counts.values,
            "after_machine_numbers": counts.after_first,
            "after_integers": counts.after_second,
            "rows_singly": counts.singly,
        },
        "findings": dict[str, Json](summary.findings),
        "unchecked": dict[str, Json](summary.unchecked),
        "failures": [
            {"row": each.row, "id": each.identity, "message": each.message, "rows": each.rows}
            for each in summary.failures
        ],
        "notes": [note.to(language) for note in summary.notes],
    }


def batch_tables(
    summary: Summary, grades: Sequence[Grade], files: tuple[str, str], language: Language
) -> RenderableType:
    """The summary as tables; `grades` are those of the framework."""
    called = {grade.name: grade.called(language) for grade in grades}
    zh = language == "zh"
    parts: list[RenderableType] = [Text(plain(f"{files[0]} → {files[1]}"))]
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("状态、等级" if zh else "status, grade")
    table.add_column("行" if zh else "rows", justify="right")
    table.add_column("占比" if zh else "share", justify="right")
    for status, count in summary.statuses.items():
        if count or status == "scored":
            table.add_row(STATUS_WORDS[status].to(language), f"{count:,}", _share(count, summary.rows))
    for name, count in summary.grades.items():
        table.add_row(Text(plain(f"  {called.get(name, name)}")), f"{count:,}", _share(count, summary.rows))
    if summary.assumed:
        table.add_row(
            "依据假定" if zh else "resting on assumptions",
            f"{summary.assumed:,}",
            _share(summary.assumed, summary.rows),
        )
    for code, count in summary.findings.items():
        if count:
            table.add_row(Text(plain(code)), f"{count:,}", _share(count, summary.rows))
    for code, count in summary.unchecked.items():
        if count:
            said = f"{code}（未能核对）" if zh else f"{code} (not checked)"
            table.add_row(Text(plain(said)), f"{count:,}", _share(count, summary.rows))
    parts.append(table)
    if summary.failures:
        more = summary.statuses["error"] - sum(each.rows for each in summary.failures)
        parts += [Text(plain(f"{_named(each, zh)}{each.message}")) for each in summary.failures]
        if more > 0:
            parts.append(Text(f"另有 {more:,} 行出错" if zh else f"and {more:,} more rows in error"))
    parts += [
        Text(plain(f"{'注' if zh else 'note'}{'：' if zh else ': '}{note.to(language)}")) for note in summary.notes
    ]
    counts = summary.counts
    if counts is not None and counts.values:
        parts.append(
            Text(
                f"计算 {counts.values:,} 个值：机器数判定后余 {counts.after_first:,} 个，整数判定后余 {counts.after_second:,} 个；"
                f"{counts.singly:,} 行逐行计分"
                if zh
                else f"{counts.values:,} values computed: machine numbers left {counts.after_first:,} open, integers "
                f"{counts.after_second:,}; {counts.singly:,} rows scored singly"
            )
        )
    return Group(*parts)


def _named(failure: Failure, zh: bool) -> str:
    """Which row it is."""
    if failure.row is None:
        return failure.identity and f"{failure.identity}{'：' if zh else ': '}"
    named = failure.identity and (f"（{failure.identity}）" if zh else f" ({failure.identity})")
    if failure.rows > 1:
        named += f"等 {failure.rows:,} 行" if zh else f" and {failure.rows - 1:,} more like it"
    return f"第 {failure.row} 行{named}：" if zh else f"row {failure.row}{named}: "


def _share(count: int, rows: int) -> str:
    """A share in percent, to two places."""
    hundredths = (count * 20_000 + rows) // (2 * rows) if rows else 0
    return f"{hundredths // 100}.{hundredths % 100:02}%"
