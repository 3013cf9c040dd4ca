"""Comparisons: tables for the terminal, and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from perfeval.comparing import CategoryRow, Comparison, FactChange, Rated, Row
from perfeval.errors import Language, Message
from perfeval.facts import FactValue
from perfeval.framework import CATEGORIES
from perfeval.quantity import Quantity, decimal_text, rounded
from perfeval.report.data import Json
from perfeval.report.terminal import Prose, difference_text, plain, subject_line, title_cell
from perfeval.scorecard import NodeScore, Scorecard, value_text

__all__ = ["comparison_data", "comparison_table", "rated_data", "rated_table", "side_names"]

_MOST_UNREAD = 12


def side_names(found: Comparison, files: tuple[str, str]) -> tuple[Message, Message]:
    """What the two sides are called: the years of one unit, the two frameworks, or the files."""
    a, b = found.a.assessment, found.b.assessment
    if a.framework.id != b.framework.id and files[0] == files[1]:
        return Message(a.framework.id, a.framework.id), Message(b.framework.id, b.framework.id)
    years = a.subject.year, b.subject.year
    if a.subject.unit == b.subject.unit and None not in years and years[0] != years[1]:
        return Message(f"{years[0]}年", str(years[0])), Message(f"{years[1]}年", str(years[1]))
    return Message("甲", "A"), Message("乙", "B")


def _text(text: str, style: str = "") -> Text:
    return Text(plain(text), style=style)


def _figure(value: Fraction | None) -> str:
    if value is None:
        return "—"
    brief = rounded(value, 2)
    return decimal_text(brief) if brief == value else f"≈{decimal_text(brief)}"


def _signed(value: Fraction | None) -> str:
    if not value:
        return "" if value is None else "0"
    size = _figure(abs(value))
    about = "≈" if size.startswith("≈") else ""
    return f"{about}{'+' if value > 0 else '−'}{size.removeprefix('≈')}"


def _percent(value: Fraction | None) -> str:
    return "—" if value is None else f"{_figure(value * 100)}%"


# The terminal.


def comparison_table(
    found: Comparison,
    names: tuple[Message, Message],
    language: Language,
    *,
    changed_only: bool = False,
    by_category: bool = False,
) -> RenderableType:
    """Both sides, node by node or category by category; then the facts behind the differences."""
    parts: list[RenderableType] = [*_heads(found, names, language)]
    if by_category:
        parts.append(_category_table(found.categories, names, language))
    else:
        rows = _changed(found.rows) if changed_only else found.rows
        parts.append(_node_table(rows, names, language))
    parts.extend(_fact_lines(found, names, language))
    parts.extend(_total_lines(found, names, language))
    return Group(*parts)


def _changed(rows: Sequence[Row]) -> list[Row]:
    """The rows that differ, each below the dimensions it stands in."""
    differing = [row.node.path for row in rows if row.changed]
    return [row for row in rows if row.changed or any(path.startswith(f"{row.node.path}.") for path in differing)]


def _heads(found: Comparison, names: tuple[Message, Message], language: Language) -> Iterator[RenderableType]:
    for name, card in zip(names, (found.a, found.b), strict=True):
        yield _text(f"{name.to(language)}: {subject_line(card.assessment)}  [{card.assessment.framework.id}]", "bold")


def _columns(table: Table, names: tuple[Message, Message], language: Language) -> None:
    a, b = (name.to(language) for name in names)
    points, score = Message("分值", "points").to(language), Message("得分", "score").to(language)
    for title in (f"{points}\n{a}", f"{points}\n{b}", f"{score}\n{a}", f"{score}\n{b}"):
        table.add_column(plain(title), justify="right", no_wrap=True)


def _node_table(rows: Sequence[Row], names: tuple[Message, Message], language: Language) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(Message("指标", "indicator").to(language), overflow="fold")
    _columns(table, names, language)
    table.add_column(Message("增减", "change").to(language), justify="right", no_wrap=True)
    stated = any(node is not None and node.stated is not None for row in rows for node in (row.a, row.b))
    if stated:
        table.add_column(Message("公布", "stated").to(language), justify="right", no_wrap=True)
    for row in rows:
        cells = [
            _points(row.a),
            _points(row.b),
            _score(row.a, language),
            _score(row.b, language),
            _signed(row.difference),
        ]
        title = title_cell(row.node.called(language), row.node.depth - 1, "" if row.node.is_indicator else "bold")
        line = [title, *(_text(cell) for cell in cells)]
        table.add_row(*line, *([_text(_stated(row))] if stated else []))
    return table


def _points(node: NodeScore | None) -> str:
    return "—" if node is None else _figure(node.points)


def _score(node: NodeScore | None, language: Language) -> str:
    if node is None:
        return "—"
    if node.score is None:
        aside = Message("不适用", "n/a").to(language)
        return {"not-applicable": aside, "unknown": "?", "error": "!"}.get(node.status, "")
    return _figure(node.score)


def _stated(row: Row) -> str:
    shown = [_figure(node.stated) if node is not None and node.stated is not None else "" for node in (row.a, row.b)]
    if not any(shown):
        return ""
    apart = f"  {_signed(row.stated_difference)}" if row.stated_difference else ""
    return " → ".join(each or "—" for each in shown) + apart


def _category_table(rows: Sequence[CategoryRow], names: tuple[Message, Message], language: Language) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(Message("类别", "category").to(language), overflow="fold")
    _columns(table, names, language)
    rate = Message("得分率", "share").to(language)
    for name in names:
        table.add_column(plain(f"{rate}\n{name.to(language)}"), justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            CATEGORIES[row.category].to(language),
            _figure(row.points_a),
            _figure(row.points_b),
            _figure(row.score_a),
            _figure(row.score_b),
            _percent(_share(row.score_a, row.points_a)),
            _percent(_share(row.score_b, row.points_b)),
        )
    return table


def _share(score: Fraction | None, points: Fraction) -> Fraction | None:
    return None if score is None or not points else score / points


def _fact_lines(found: Comparison, names: tuple[Message, Message], language: Language) -> Iterator[RenderableType]:
    """Which facts differ, indicator by indicator; then those that nothing reads."""
    told: set[str] = set()
    rows = [row for row in found.rows if row.node.is_indicator and (row.facts or row.rules)]
    if rows:
        yield _text(Message("差异所依据的事实", "the facts behind the differences").to(language), "bold")
    for row in rows:
        yield _text(row.node.called(language))
        if row.rules is not None:
            for name, rule in zip(names, row.rules, strict=True):
                yield Prose(
                    f"{Message('规则', 'rule').to(language)} {name.to(language)}: {rule.to(language)}", "dim", indent=2
                )
        for change in row.facts:
            yield Prose(f"· {_change_text(change, language)}", indent=2)
            told.add(change.name)
    unread = [change for change in found.unread if change.name not in told]
    if unread:
        yield _text(
            Message(
                f"另有 {len(unread)} 个不同的事实没有指标使用",
                f"{len(unread)} other facts differ that no indicator reads",
            ).to(language),
            "bold",
        )
        for change in unread[:_MOST_UNREAD]:
            yield Prose(f"· {_change_text(change, language)}", "dim", indent=2)
        if len(unread) > _MOST_UNREAD:
            yield _text("  · …")


def _change_text(change: FactChange, language: Language) -> str:
    line = f"{change.title.to(language)}: {value_text(change.a, language)} → {value_text(change.b, language)}"
    apart = []
    if change.change is not None:
        apart.append(_signed_quantity(change.change, language))
    if change.relative is not None:
        apart.append(f"{_signed(change.relative * 100)}%")
    if apart:
        line += f"  ({Message('，', ', ').to(language).join(apart)})"
    sources = [source or "—" for source in (change.source_a, change.source_b)]
    return line if sources == ["—", "—"] else f"{line}  [{' → '.join(dict.fromkeys(sources))}]"


def _signed_quantity(value: Quantity, language: Language) -> str:
    shown = difference_text(value, language)
    return f"+{shown}" if value.value > 0 else shown.replace("-", "−")


def _total_lines(found: Comparison, names: tuple[Message, Message], language: Language) -> Iterator[RenderableType]:
    yield Text("")
    for name, card in zip(names, (found.a, found.b), strict=True):
        yield _text(f"{name.to(language)}: {_total(card, language)}", "bold")
    if found.difference is not None:
        yield _text(f"{Message('总分增减', 'change of the total').to(language)} {_signed(found.difference)}", "bold")
    elif found.published_difference is not None:
        said = Message(
            "没有都按规则算出总分，只比较公布的总分，增减",
            "there are no two totals by rule; change of the published total, which is all that can be compared:",
        )
        yield _text(f"{said.to(language)} {_signed(found.published_difference)}", "bold")


def _total(card: Scorecard, language: Language) -> str:
    if card.score is None:
        said = card.message.to(language) if card.message else "?"
        line = f"{Message('没有总分', 'no total').to(language)}: {said}"
    else:
        line = f"{Message('总分', 'total').to(language)} {card.points_text(card.score)} / {_figure(card.points)}"
        line += f" {card.grade.called(language)}" if card.grade else ""
    if card.published.published.score is not None:
        line += f"  {Message('公布', 'published').to(language)} {card.published.published.score}"
    if card.assumed_points:
        line += f"  {Message('依据假定', 'on assumed facts').to(language)} {_figure(card.assumed_points)}"
    return line


# JSON.


def comparison_data(found: Comparison, names: tuple[Message, Message], language: Language) -> dict[str, Json]:
    """The comparison as one JSON object."""
    return {
        "a": _side(found.a, names[0], language),
        "b": _side(found.b, names[1], language),
        "difference": None if found.difference is None else decimal_text(found.difference),
        "rows": [_row_data(row, language) for row in found.rows],
        "categories": [
            {
                "category": row.category,
                "points_a": decimal_text(row.points_a),
                "points_b": decimal_text(row.points_b),
                "score_a": _number(row.score_a),
                "score_b": _number(row.score_b),
            }
            for row in found.categories
        ],
        "unread": [_change_data(each, language) for each in found.unread],
    }


def _side(card: Scorecard, name: Message, language: Language) -> Json:
    published = card.published.published.score
    return {
        "name": name.to(language),
        "subject": subject_line(card.assessment),
        "framework": card.assessment.framework.id,
        "points": decimal_text(card.points),
        "score": None if card.score is None else card.points_text(card.score),
        "grade": None if card.grade is None else card.grade.called(language),
        "published": None if published is None else decimal_text(published.value),
        "assumed_points": decimal_text(card.assumed_points),
    }


def _number(value: Fraction | None) -> str | None:
    return None if value is None else decimal_text(value)


def _row_data(row: Row, language: Language) -> Json:
    return {
        "path": row.node.path,
        "path_b": None if row.b is None else row.b.path,
        "title": row.node.called(language),
        "kind": "indicator" if row.node.is_indicator else "dimension",
        "category": row.node.placed.category,
        "in_a": row.a is not None,
        "in_b": row.b is not None,
        "points_a": None if row.a is None else decimal_text(row.a.points),
        "points_b": None if row.b is None else decimal_text(row.b.points),
        "score_a": None if row.a is None else _number(row.a.score),
        "score_b": None if row.b is None else _number(row.b.score),
        "stated_a": None if row.a is None else _number(row.a.stated),
        "stated_b": None if row.b is None else _number(row.b.stated),
        "difference": _number(row.difference),
        "rules": None if row.rules is None else [rule.to(language) for rule in row.rules],
        "facts": [_change_data(each, language) for each in row.facts],
    }


def _change_data(change: FactChange, language: Language) -> Json:
    return {
        "name": change.name,
        "title": change.title.to(language),
        "a": _value(change.a, language),
        "b": _value(change.b, language),
        "change": _value(change.change, language),
        "relative": None if change.relative is None else decimal_text(change.relative),
        "source_a": change.source_a,
        "source_b": change.source_b,
    }


def _value(value: FactValue | None, language: Language) -> str | None:
    return None if value is None else value_text(value, language)


# Raters.


def rated_table(found: Rated, language: Language) -> RenderableType:
    """The score by rule beside the table's own and each rater's, and how far those lie apart."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(Message("指标", "indicator").to(language), overflow="fold")
    printed = any(node.stated is not None for node in found.rows)
    titles = [Message("分值", "points").to(language), Message("按规则", "by rule").to(language)]
    titles += [Message("表中", "stated").to(language)] if printed else []
    for title in (*titles, *found.raters, Message("相差", "apart").to(language)):
        table.add_column(plain(title), justify="right", no_wrap=True)
    for node in found.rows:
        marks = [*([node.stated] if printed else []), *(node.remark.stated_by.get(rater) for rater in found.raters)]
        table.add_row(
            _text(node.called(language)),
            _figure(node.points),
            _score(node, language),
            *(_figure(mark) for mark in marks),
            _figure(_spread(node)),
        )
    card = found.card
    by_rule = "—" if card.score is None else card.points_text(card.score)
    published = card.published.published.score
    totals = [_figure(None if published is None else published.value)] if printed else []
    totals += [_figure(found.totals[rater]) for rater in found.raters]
    table.add_row(_text(Message("合计", "total").to(language), "bold"), _figure(card.points), by_rule, *totals, "")
    return Group(_text(subject_line(card.assessment), "bold"), table, *_left_aside(found, language))


def _left_aside(found: Rated, language: Language) -> Iterator[RenderableType]:
    """That the totals do not count what does not apply, and that the published one is not the sum of its items."""
    published, items = found.card.published.published.score, found.stated_total
    if published is not None and items is not None and items != published.value:
        total, sum_ = _figure(published.value), _figure(items)
        said = Message(
            f"表中各项得分合计 {sum_} 分，而公布的总分是 {total} 分",
            f"the stated scores add up to {sum_}, but the published total is {total}",
        )
        yield Prose(said.to(language), "yellow")
    if any(node.status == "not-applicable" for node in found.rows):
        said = Message(
            "合计不含不适用指标的得分，与按规则的总分用同一折算办法",
            "the totals leave out what does not apply, converted as the score by rule is",
        )
        yield Prose(said.to(language), "dim")


def _spread(node: NodeScore) -> Fraction | None:
    """How far its highest mark lies from its lowest, or one alone from the score by rule; None where it does not apply."""
    marks = [*node.remark.stated_by.values(), *([] if node.stated is None else [node.stated])]
    if len(marks) == 1 and node.score is not None:
        marks.append(node.score + node.bonus)
    return max(marks) - min(marks) if len(marks) > 1 and node.status != "not-applicable" else None


def rated_data(found: Rated, language: Language) -> dict[str, Json]:
    """The raters' scores as one JSON object."""
    published = found.card.published.published.score
    return {
        "subject": subject_line(found.card.assessment),
        "score": None if found.card.score is None else found.card.points_text(found.card.score),
        "published": None if published is None else decimal_text(published.value),
        "totals": {rater: _number(found.totals[rater]) for rater in found.raters},
        "rows": [
            {
                "path": node.path,
                "title": node.called(language),
                "points": decimal_text(node.points),
                "applies": node.status != "not-applicable",
                "by_rule": _number(node.score),
                "stated": _number(node.stated),
                "raters": {rater: decimal_text(mark) for rater, mark in node.remark.stated_by.items()},
                "apart": _number(_spread(node)),
            }
            for node in found.rows
        ],
    }
