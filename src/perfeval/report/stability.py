"""How ranks stand up to other weights: tables for the terminal, and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from perfeval.errors import Language, Message
from perfeval.quantity import decimal_text
from perfeval.report.data import Json
from perfeval.report.terminal import plain

if TYPE_CHECKING:
    from perfeval.batch.stability import Spread, Stability

__all__ = ["stability_data", "stability_tables", "weights_called"]

_ALL: Final = 30  # so many units are shown each
_MATTERS: Final = Message(
    "单独增减一项权重的五分之一（其余按比例）", "one weight a fifth higher and a fifth lower, the others in proportion"
)
_SOME: Final = 10  # of more, those whose ranks spread most


def stability_data(found: Stability, language: Language) -> dict[str, Json]:
    """The answer as one JSON object; `rows` are all units where they are few, else those whose ranks spread most."""
    return {
        "framework": found.framework.id,
        "by": found.weightings.by,
        "weightings": len(found.weightings),
        "origin": found.weightings.origin.to(language),
        "units": found.units,
        "ranked": found.ranked,
        "spearman": _spread_data(found.spearman),
        "kendall": _spread_data(found.kendall),
        "regraded": _number(found.regraded),
        "regraded_each": _spread_data(found.regraded_each),
        "matters": [
            {
                "path": each.placed.path,
                "title": each.placed.node.called(language),
                "points": decimal_text(each.placed.counts),
                "rank_shift": decimal_text(each.rank_shift),
                "regraded": _number(each.grades),
            }
            for each in found.matters
        ],
        "rows": [{name: _cell(value) for name, value in row.items()} for row in _shown(found)],
    }


def _spread_data(spread: Spread | None) -> Json:
    if spread is None:
        return None
    names = ("mean", "lowest", "p5", "median", "p95", "highest")
    return {name: decimal_text(getattr(spread, name)) for name in names}


def _number(value: Fraction | None) -> str | None:
    return None if value is None else decimal_text(value)


def _cell(value: object) -> Json:
    return value if value is None or isinstance(value, int | str) else str(value)


def _shown(found: Stability) -> Sequence[dict[str, object]]:
    """The rows that are shown, by rank."""
    table = found.table
    if found.ranked <= _ALL:
        rows: list[dict[str, object]] = table.to_pylist()
        return sorted((row for row in rows if row["rank"] is not None), key=lambda row: (_int(row["rank"]),))
    low, high = table.column("rank_p5").to_pylist(), table.column("rank_p95").to_pylist()
    spreads = [(b - a, -place) for place, (a, b) in enumerate(zip(low, high, strict=True)) if a is not None]
    widest = [-place for _, place in sorted(spreads, reverse=True)[:_SOME]]
    some: list[dict[str, object]] = table.take(widest).to_pylist()
    return some


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value


def stability_tables(found: Stability, language: Language) -> RenderableType:
    """What was tried, what it does to ranks and grades, which weights matter, and the units."""
    parts: list[RenderableType] = [Text(plain(line)) for line in _lines(found, language)]
    if found.matters:
        parts += [Text(""), Text(_MATTERS.to(language), style="bold"), _matters(found, language)]
    if found.ranked:
        rows = _shown(found)
        if len(rows) < found.ranked:
            said = Message(f"名次变动最大的 {len(rows)} 个单位", f"the {len(rows)} units whose ranks spread most")
            parts.append(Text(said.to(language), style="bold"))
        parts.append(_units(found, rows, language))
    return Group(*parts)


def weights_called(found: Stability, language: Language) -> list[str]:
    """What the weights that matter are called, in their order; those of one title with the title of what they lie in, too."""
    titles = [each.placed.node.called(language) for each in found.matters]
    layout = found.framework.layout
    names: list[str] = []
    for each, title in zip(found.matters, titles, strict=True):
        above = layout.get(each.placed.path.rpartition(".")[0])
        if titles.count(title) > 1 and above is not None:
            inside = above.node.called(language)
            title += f"（{inside}）" if language == "zh" else f" ({inside})"
        names.append(title)
    return names


def _lines(found: Stability, language: Language) -> Iterator[str]:
    zh = language == "zh"
    count = len(found.weightings)
    yield (
        f"{found.framework.called(language)}（{found.framework.id}）"
        if zh
        else (f"{found.framework.called(language)} ({found.framework.id})")
    )
    yield f"权重：{found.weightings.origin.zh}" if zh else f"weights: {found.weightings.origin.en}"
    out = found.units - found.ranked
    line = f"{found.ranked} 个单位参加排名" if zh else f"{found.ranked} units ranked"
    if out:
        line += f"，{out} 个没有总分，不计" if zh else f"; {out} without a total left out"
    yield line
    if found.spearman is not None:
        said = _between(found.spearman)
        yield (
            f"与原排名的相关（Spearman）：平均 {said[0]}，5% 的方案不高于 {said[1]}，最低 {said[2]}"
            if zh
            else f"rank correlation with the framework's own order (Spearman): {said[0]} on average, "
            f"at most {said[1]} in 5% of the weightings, and never below {said[2]}"
        )
    if found.kendall is not None:
        said = _between(found.kendall)
        yield (
            f"（Kendall τ-b）：平均 {said[0]}，5% 的方案不高于 {said[1]}，最低 {said[2]}"
            if zh
            else f"(Kendall's tau-b): {said[0]} on average, at most {said[1]} in 5% of the weightings, and never below {said[2]}"
        )
    if found.regraded is not None and found.regraded_each is not None:
        any_, mean, most = (
            _percent(each) for each in (found.regraded, found.regraded_each.mean, found.regraded_each.highest)
        )
        yield (
            f"等级改变的单位：平均每方案 {mean}，最多 {most}；在 {count} 组方案中至少改变一次的 {any_}"
            if zh
            else f"units whose grade changes: {mean} in the average weighting, at most {most}; in at least one of the {count}: {any_}"
        )


def _between(spread: Spread) -> tuple[str, str, str]:
    return decimal_text(spread.mean, 4), decimal_text(spread.p5, 4), decimal_text(spread.lowest, 4)


def _percent(share: Fraction) -> str:
    return f"{decimal_text(share * 100)}%"


def _matters(found: Stability, language: Language) -> Table:
    zh = language == "zh"
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("权重" if zh else "weight of", overflow="fold")
    for name in ("分值", "平均移动名次", "等级改变") if zh else ("points", "ranks moved", "grades changed"):
        table.add_column(name, justify="right")
    for each, called in zip(found.matters, weights_called(found, language), strict=True):
        grades = "—" if each.grades is None else _percent(each.grades)
        table.add_row(
            Text(plain(called)),
            decimal_text(each.placed.counts),
            decimal_text(each.rank_shift),
            grades,
        )
    return table


def _units(found: Stability, rows: Sequence[dict[str, object]], language: Language) -> Table:
    zh = language == "zh"
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    identity = found.table.schema.names[0]
    heads = {"row": "行", "assessment": "评价"}
    table.add_column(heads.get(identity, identity) if zh else identity, overflow="fold")
    names = (
        ("得分", "等级", "名次", "平均", "5–95%", "最好–最差", "等级改变")
        if zh
        else ("score", "grade", "rank", "mean", "5–95%", "best–worst", "grade changes")
    )
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    called = {grade.name: grade.called(language) for grade in found.framework.grades}
    for row in rows:
        changes = row["regraded"]
        table.add_row(
            Text(plain("—" if row[identity] is None else str(row[identity]))),
            str(row["score"]),
            called.get(str(row["grade"]), "—"),
            str(row["rank"]),
            str(row["rank_mean"]),
            f"{row['rank_p5']}–{row['rank_p95']}",
            f"{row['rank_best']}–{row['rank_worst']}",
            _percent(Fraction(changes)) if isinstance(changes, Decimal) else "—",
        )
    return table
