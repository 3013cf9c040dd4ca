"""What-if answers: as JSON data, and as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from perfeval.errors import Language, Message
from perfeval.framework import Grade
from perfeval.quantity import Quantity, decimal_text, exact_places, rounded
from perfeval.report.data import Json
from perfeval.report.terminal import plain
from perfeval.scorecard import Scorecard, value_text
from perfeval.whatif import Cliff, Cliffs, Moved, Reach, Reached, Sensitivity, WhatIf

__all__ = [
    "changed_data",
    "changed_tables",
    "cliffs_data",
    "cliffs_table",
    "reached_data",
    "reached_table",
    "sensitivity_data",
    "sensitivity_table",
    "top_grade",
    "unsolved_data",
]


# JSON.


def changed_data(found: WhatIf, language: Language) -> dict[str, Json]:
    """The totals before and after, the changes, and the indicators that moved."""
    return {
        "before": _total(found.before, language),
        "after": _total(found.after, language),
        "changes": [
            {
                "fact": each.name,
                "title": found.before.facts.called(each.name, language),
                "before": None if each.before is None else value_text(each.before, language),
                "after": value_text(each.after, language),
            }
            for each in found.changes
        ],
        "points": {path: decimal_text(points) for path, points in found.points.items()},
        "indicators": [_moved_data(each, language) for each in found.moved],
    }


def _total(card: Scorecard, language: Language) -> dict[str, Json]:
    return {
        "score": None if card.score is None else card.points_text(card.score),
        "grade": _grade_data(card.grade),
        "message": None if card.message is None else card.message.to(language),
        "limits": [each.to(language) for each in card.limits],
        "adjustments": {
            each.id: None if each.points is None else decimal_text(each.points) for each in card.adjustments
        },
    }


def _grade_data(grade: Grade | None) -> Json:
    return None if grade is None else {"name": grade.name, "name_en": grade.name_en}


def _moved_data(moved: Moved, language: Language) -> Json:
    before, after = moved.before, moved.after
    return {
        "path": after.path,
        "title": after.called(language),
        **_decimal("points_before", before.points),
        **_decimal("points_after", after.points),
        **({"before": None} if before.score is None else _decimal("before", before.score + before.bonus)),
        **({"after": None} if after.score is None else _decimal("after", after.score + after.bonus)),
        "status_before": before.status,
        "status_after": after.status,
        "message": None if after.message is None else after.message.to(language),
        "facts": list(moved.facts),
    }


def reached_data(found: Reached, card: Scorecard, language: Language) -> dict[str, Json]:
    """What it takes to reach a wish."""
    return {
        "total": decimal_text(found.total),
        "grade": _grade_data(found.grade),
        "score": None if found.score is None else card.points_text(found.score),
        "already": found.already,
        "reaches": [
            {
                **_single(each, card, language),
                **_edge(each),
                "relative": None if each.relative is None else _percent(each.relative),
            }
            for each in found.reaches
        ],
        "best": None if found.best is None else _single(found.best, card, language),
        "unsolved": [{"fact": name, "message": message.to(language)} for name, message in found.unsolved],
    }


def _edge(each: Reach) -> dict[str, Json]:
    if each.edge is None or not isinstance(each.new, Quantity):
        return {"edge": None}
    return _decimal("edge", each.edge / each.new.unit.factor)


def _single(each: Reach, card: Scorecard, language: Language) -> dict[str, Json]:
    return {
        "fact": each.fact,
        "title": card.facts.called(each.fact, language),
        "old": None if each.old is None else value_text(each.old, language),
        "new": value_text(each.new, language),
        "total": card.points_text(each.total),
        "grade": _grade_data(each.grade),
        "judgement": each.judgement,
    }


def sensitivity_data(found: Sequence[Sensitivity], card: Scorecard, language: Language) -> list[Json]:
    """How far the total moves for 1% of each figure."""
    return [
        {
            "fact": each.fact,
            "title": card.facts.called(each.fact, language),
            "value": str(each.value),
            "up": None if each.up is None else decimal_text(each.up),
            "down": None if each.down is None else decimal_text(each.down),
        }
        for each in found
    ]


def unsolved_data(found: Cliffs, language: Language) -> list[Json]:
    """The awards whose jumps could not be told exactly."""
    return [{"path": path, "fact": fact, "message": message.to(language)} for path, fact, message in found.unsolved]


def cliffs_data(found: Cliffs, card: Scorecard, language: Language) -> list[Json]:
    """The values near the current ones at which an award jumps."""
    return [
        {
            "path": each.path,
            "title": card[each.path].called(language),
            "fact": each.fact,
            "now": str(each.now),
            "at": str(each.at),
            "rising": each.rising,
            "included": each.included,
            **_decimal("before", each.before),
            **_decimal("after", each.after),
        }
        for each in found.found
    ]


def _decimal(key: str, value: Fraction) -> dict[str, Json]:
    """`key` as a decimal; where no decimal is exact, the fraction stands beside it."""
    data: dict[str, Json] = {key: decimal_text(value)}
    if exact_places(value) is None:
        data[f"{key}_exact"] = f"{value.numerator}/{value.denominator}"
    return data


# Tables.


def _words(language: Language, zh: str, en: str) -> str:
    return zh if language == "zh" else en


def _text(text: str, style: str = "") -> Text:
    return Text(plain(text), style=style)


def _figure(value: Fraction) -> str:
    brief = rounded(value, 2)
    return decimal_text(brief) if brief == value else f"≈{decimal_text(brief)}"


def _signed(value: Fraction | None) -> Text:
    if value is None:
        return _text("?", "yellow")
    if not value:
        return _text("0", "dim")
    sign, style = ("+", "green") if value > 0 else ("−", "red")
    return _text(f"{sign}{_figure(abs(value))}", style)


def _percent(share: Fraction) -> str:
    figure = share * 100
    places = exact_places(figure)
    return f"{decimal_text(figure if places is not None and places <= 2 else rounded(figure, 2))}%"


def _table(language: Language, *columns: tuple[str, str, bool]) -> Table:
    """A table of columns, each with its heading and whether it holds figures."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for zh, en, figures in columns:
        table.add_column(_words(language, zh, en), justify="right" if figures else "left", overflow="fold")
    return table


def _fact(name: str, card: Scorecard, language: Language) -> Text:
    title = card.facts.called(name, language)
    shown = _text(name)
    return shown if title == name else shown.append_text(_text(f"  {title}", "dim"))


def changed_tables(found: WhatIf, language: Language) -> RenderableType:
    """The changes, the indicators that moved, and the totals before and after."""
    parts: list[RenderableType] = []
    if found.changes:
        table = _table(language, ("事实", "fact", False), ("原值", "before", True), ("改为", "after", True))
        for each in found.changes:
            before, after = value_text(each.before, language), value_text(each.after, language)
            table.add_row(_fact(each.name, found.before, language), _text(before), _text(after))
        parts.append(table)
    if found.moved:
        parts.append(_moved_table(found, language))
    else:
        parts.append(_text(_words(language, "没有指标因此变动", "no indicator moves"), "dim"))
    return Group(*parts, Text("\n").join(_changed_lines(found, language)), Text(""))


def _moved_table(found: WhatIf, language: Language) -> Table:
    table = _table(
        language,
        ("指标", "indicator", False),
        ("分值", "points", True),
        ("原得分", "before", True),
        ("新得分", "after", True),
        ("变化", "change", True),
        ("因", "because of", False),
    )
    for each in found.moved:
        before, after = each.before, each.after
        points = _figure(before.points)
        if before.points != after.points:
            points = f"{points} → {_figure(after.points)}"
        scores = [None if node.score is None else node.score + node.bonus for node in (before, after)]
        said = after.message.to(language) if after.message else "、".join(each.facts)
        table.add_row(
            _text(after.called(language)),
            _text(points),
            *(_text("—" if score is None else _figure(score)) for score in scores),
            _text("") if scores[0] is None or scores[1] is None else _signed(scores[1] - scores[0]),
            _text(said if language == "zh" else said.replace("、", ", "), "yellow" if after.message else "dim"),
        )
    return table


def _changed_lines(found: WhatIf, language: Language) -> Iterator[Text]:
    before, after = found.before, found.after
    for old, new in zip(before.adjustments, after.adjustments, strict=True):
        if old.points != new.points:
            shown = ["?" if each.points is None else _figure(each.points) for each in (old, new)]
            yield _text(
                f"{_words(language, '加减分', 'adjustment')}  {new.title.to(language)}: {shown[0]} → {shown[1]}"
            )
    for title in after.limits:
        if title not in before.limits:
            yield _text(f"{_words(language, '限制生效', 'limit now in force')}: {title.to(language)}", "red")
    for title in before.limits:
        if title not in after.limits:
            yield _text(f"{_words(language, '限制解除', 'limit no longer in force')}: {title.to(language)}", "green")
    line = _text(
        f"{_words(language, '总分', 'total')} {_outcome(before, language)} → {_outcome(after, language)}", "bold"
    )
    if before.score is not None and after.score is not None:
        line.append_text(_text("  ")).append_text(_signed(after.score - before.score))
    yield line


def _outcome(card: Scorecard, language: Language) -> str:
    if card.score is None:
        return card.message.to(language) if card.message else "?"
    grade = f" {card.grade.called(language)}" if card.grade else ""
    return f"{card.points_text(card.score)}{grade}"


def reached_table(found: Reached, card: Scorecard, language: Language) -> RenderableType:
    """What it takes to reach a wish: one row for each figure that does it alone."""
    lines = list(_reached_lines(found, card, language))
    if not found.reaches:
        return Group(*lines, Text(""))
    table = _table(
        language,
        ("事实", "fact", False),
        ("现值", "now", True),
        ("改为", "needs", True),
        ("变化", "change", True),
        ("总分", "total", True),
        ("等级", "grade", False),
    )
    for each in found.reaches:
        name = _fact(each.fact, card, language)
        if each.judgement:
            name.append_text(_text(_words(language, "（评定）", " (judgement)"), "yellow"))
        table.add_row(
            name,
            _text(value_text(each.old, language)),
            _text(value_text(each.new, language), "bold"),
            _text(_relative(each)),
            _text(card.points_text(each.total)),
            _text(each.grade.called(language) if each.grade else ""),
        )
    return Group(lines[0], table, *lines[1:], Text(""))


def _relative(each: Reach) -> str:
    if each.relative is None or each.change is None:
        return ""
    return ("+" if each.change > 0 else "−") + _percent(each.relative)


def _reached_lines(found: Reached, card: Scorecard, language: Language) -> Iterator[Text]:
    zh = language == "zh"
    wish = decimal_text(found.total)
    if found.grade is not None:
        name = found.grade.called(language)
        wish = f"{name}（≥ {wish}）" if zh else f"{name} (≥ {wish})"
    now = _outcome(card, language)
    if found.already:
        yield _text(f"已达到 {wish}：现为 {now}" if zh else f"{wish} is reached as it is: {now}", "green")
        return
    if found.reaches:
        yield _text(
            f"现为 {now}。达到 {wish}，下列任一项单独改动即可："
            if zh
            else f"now {now}. Each of these alone reaches {wish}:",
            "bold",
        )
    else:
        yield _text(
            f"现为 {now}。没有哪一项单独改动能达到 {wish}" if zh else f"now {now}. No single fact reaches {wish}",
            "bold",
        )
        yield _best_line(found.best, card, language)
    if found.unsolved:
        listed = _listed(name for name, _ in found.unsolved)
        reasons = dict.fromkeys(message for _, message in found.unsolved)
        yield _text(
            _words(language, "不能精确求解", "not solved exactly")
            + f": {listed.to(language)} ({'; '.join(each.to(language) for each in reasons)})",
            "yellow",
        )


def top_grade(card: Scorecard, language: Language) -> RenderableType:
    """That there is no better grade."""
    now = _outcome(card, language)
    said = f"现为 {now}，已是最高等级" if language == "zh" else f"now {now}, the highest grade"
    return _text(f"{said}\n", "green")


def _listed(names: Iterable[str]) -> Message:
    found = list(names)
    return Message("、".join(found), ", ".join(found))


def _best_line(best: Reach | None, card: Scorecard, language: Language) -> Text:
    if best is None:
        return _text(_words(language, "任何一项单独改动都不能提高总分", "no single fact raises the total"), "dim")
    old, new = value_text(best.old, language), value_text(best.new, language)
    total = card.points_text(best.total) + (f" {best.grade.called(language)}" if best.grade else "")
    return _text(
        f"单项最多：{best.fact} 由 {old} 改为 {new}，总分 {total}"
        if language == "zh"
        else f"the most a single one can do: {best.fact} from {old} to {new} gives {total}"
    )


def sensitivity_table(found: Sequence[Sensitivity], card: Scorecard, language: Language) -> RenderableType:
    """The figures that move the total, the one that moves it most first."""
    if card.score is None:
        return _text(f"{_words(language, '没有总分', 'no total')}: {_outcome(card, language)}\n", "yellow")
    table = _table(
        language, ("事实", "fact", False), ("现值", "now", True), ("增 1%", "1% more", True), ("减 1%", "1% less", True)
    )
    moving = [each for each in found if each.moves]
    for each in moving:
        table.add_row(_fact(each.fact, card, language), _text(str(each.value)), _signed(each.up), _signed(each.down))
    heading = _text(_words(language, "各项数值增减 1%，总分的变化", "the total's change for 1% of each figure"), "bold")
    still = len(found) - len(moving)
    rest = [
        _text(
            f"另有 {still} 项增减 1% 不影响总分"
            if language == "zh"
            else f"{still} more do not move it by 1% either way",
            "dim",
        )
    ]
    lost = [_text(_words(language, "? 超出允许范围，没有总分", "? outside what is allowed: no total then"), "dim")]
    return Group(
        heading,
        *([table] if moving else []),
        *(rest if still else []),
        *(lost if any(None in (each.up, each.down) for each in moving) else []),
        Text(""),
    )


def cliffs_table(cliffs: Cliffs, card: Scorecard, within: str, language: Language) -> RenderableType:
    """The jumps near the current values, the nearest first, and what could not be told."""
    found = cliffs.found
    unsolved = list(_unsolved_lines(cliffs, card, language))
    if not found:
        none = (
            f"现值上下 {within} 以内没有得分跳变" if language == "zh" else f"no award jumps within {within} of a figure"
        )
        return Group(_text(none, "dim"), *unsolved, _text(""))
    table = _table(
        language,
        ("指标", "indicator", False),
        ("事实", "fact", False),
        ("现值", "now", True),
        ("跳变处", "jumps at", False),
        ("得分", "award", True),
    )
    for each in found:
        table.add_row(
            _text(card[each.path].called(language)),
            _fact(each.fact, card, language),
            _text(value_text(each.now, language)),
            _text(f"{_side(each, language)} {value_text(each.at, language)}"),
            _text(f"{_figure(each.before)} → {_figure(each.after)}", "green" if each.after > each.before else "red"),
        )
    heading = (
        f"现值上下 {within} 以内的得分跳变" if language == "zh" else f"awards that jump within {within} of a figure"
    )
    return Group(_text(heading, "bold"), table, *unsolved)


def _unsolved_lines(cliffs: Cliffs, card: Scorecard, language: Language) -> Iterator[Text]:
    for path, fact, message in cliffs.unsolved:
        said = _words(language, "得分跳变不能精确求出", "its jumps are not told exactly")
        yield _text(f"{card[path].called(language)} · {fact}: {said} ({message.to(language)})", "yellow")


def _side(cliff: Cliff, language: Language) -> str:
    said = {
        (True, True): ("升到", "from"),
        (True, False): ("超过", "above"),
        (False, True): ("降到", "down to"),
        (False, False): ("低于", "below"),
    }[cliff.rising, cliff.included]
    return _words(language, *said)
