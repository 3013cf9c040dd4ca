"""Objections to the facts that scores rest on."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import Final

from perfeval.errors import Message
from perfeval.expr.exact import DividedByZero, Mistyped, NotMet, Unknown, exact
from perfeval.expr.nodes import Divide, Expr, FactRef, children
from perfeval.facts import Fact, FactSheet
from perfeval.objections.case import Case, Row, figure, percent_text
from perfeval.objections.found import Found, at, overall
from perfeval.objections.wording import (
    CHANGES,
    COMPLAINTS,
    GROWTH,
    RESPONDENTS,
    asks_people,
    counts_the_satisfied,
    has_any,
    names_a_number,
    tells_survey_size,
)
from perfeval.quantity import Quantity

__all__ = [
    "accepted_without_cause",
    "assumed_points",
    "facts_without_source",
    "negative_count",
    "one_fact_many_points",
    "one_loss_twice",
    "same_figure",
    "satisfaction_without_survey",
]


def satisfaction_without_survey(case: Case) -> Iterator[Found]:
    """Satisfaction without a word on how many were asked."""
    known = tuple(fact for fact in case.card.facts.facts.values() if fact.status != "unknown")
    if any(_is_survey_size(case, fact) for fact in known):
        return
    for row in case.results:
        if row.category != "satisfaction" or not row.given or _says_how_many(row) or has_any(row, COMPLAINTS):
            continue
        missing = _what_is_missing(row, known)
        yield at(
            row,
            f"得 {figure(row.given)} 分，{missing.zh}",
            f"{figure(row.given)} points, {missing.en}",
        )


def negative_count(case: Case) -> Iterator[Found]:
    """A number of things, a length, a mass or an area below nothing."""
    told: set[str] = set()
    for row in case.rows:
        for fact in row.facts:
            value = fact.value
            if fact.name in told or not isinstance(value, Quantity) or value.value >= 0 or not _of_things(value):
                continue
            called = f"{row.title.zh} {row.title.en} {fact.title} {fact.title_en}".lower()
            if not any(word in called for word in (*GROWTH, *CHANGES)):
                told.add(fact.name)
                yield at(
                    row,
                    f"“{fact.called('zh')}”为 {value}，不可能是负数",
                    f'"{fact.called("en")}" is {value}, which cannot be negative',
                )


def _of_things(value: Quantity) -> bool:
    """Whether it counts or measures what is there: not a time, a temperature, points, or so much for each."""
    unit = value.kind.removeprefix("count:")
    counted = value.kind.startswith("count:") and "/" not in unit and unit not in _MAY_BE_NEGATIVE
    return counted or value.kind in ("length", "mass", "area")


_MAY_BE_NEGATIVE: Final = frozenset(
    ["天", "日", "周", "个月", "季度", "年", "小时", "时", "分钟", "秒", "度", "摄氏度", "分", "位", "名次"]
)


def one_fact_many_points(case: Case) -> Iterator[Found]:
    """One fact that decides most of the points through several indicators."""
    readers: dict[str, list[Row]] = {}
    for row in case.rows:
        for name in _measured(case.assessment.framework.award(row.node.placed), case.card.facts):
            readers.setdefault(name, []).append(row)
    for name, rows in readers.items():
        points = sum((row.counts for row in rows), Fraction(0))
        if len(rows) > 1 and points >= case.thresholds.one_fact * case.full_points:
            share = percent_text(points / case.full_points)
            called = case.card.facts.called(name, "zh"), case.card.facts.called(name, "en")
            yield overall(
                f"{len(rows)} 项指标共 {figure(points)} 分（{share}）都取决于“{called[0]}”一个数",
                f'{len(rows)} indicators with {figure(points)} points ({share}) all rest on "{called[1]}"',
                *case.known(name),
            )


def _measured(award: Expr, facts: FactSheet) -> Iterator[str]:
    """The stated facts that an award measures: not those that it only divides by, such as how many were asked."""
    waiting, seen = [award], set[str]()
    while waiting:
        node = waiting.pop()
        if isinstance(node, FactRef):
            if node.name in seen or node.name not in facts:
                continue
            seen.add(node.name)
            formula = facts[node.name].formula
            if formula is None:
                yield node.name
            else:
                waiting.append(formula)
        else:
            waiting.extend((node.left,) if isinstance(node, Divide) else children(node))


def one_loss_twice(case: Case) -> Iterator[Found]:
    """One amount that falls short and costs points in two indicators."""
    losing = [row for row in case.rows if row.by_rule is not None and row.by_rule < row.points]
    for one, other in combinations(losing, 2):
        shared = same_figure(case, one, other)
        if shared is not None and _wants(case, one) * _wants(case, other) >= 0:
            yield Found(
                other.path,
                at(
                    other,
                    f"与“{one.title.zh}”因同一个数（{shared}）失分，一件事扣了两次",
                    f'loses points for the same figure ({shared}) as "{one.title.en}": one event counted twice',
                ).message,
                tuple(dict.fromkeys((*one.facts, *other.facts))),
            )


def assumed_points(case: Case) -> Iterator[Found]:
    """Many points that rest on assumptions."""
    assumed = case.card.assumed_points
    if assumed and assumed >= case.thresholds.assumed * case.full_points:
        facts = {fact.name: fact for row in case.rows for fact in row.node.assumed}
        yield overall(
            f"{figure(assumed)} 分依据假定的事实，占 {percent_text(assumed / case.full_points)}",
            f"{figure(assumed)} points rest on assumed facts, {percent_text(assumed / case.full_points)} of all",
            *facts.values(),
        )


def facts_without_source(case: Case) -> Iterator[Found]:
    """Stated facts that do not say where they are stated."""
    read = {fact.name: fact for row in case.rows for fact in row.facts}
    bare = tuple(fact for fact in read.values() if fact.status == "stated" and not fact.source.strip())
    if bare:
        zh = "、".join(fact.called("zh") for fact in bare)
        en = ", ".join(fact.called("en") for fact in bare)
        yield overall(
            f"{len(bare)} 个计分用的数没有注明出处：{zh}",
            f"{len(bare)} facts that are scored have no source: {en}",
            *bare,
        )


def accepted_without_cause(case: Case) -> Iterator[Found]:
    """An accepted objection that is not raised (any more)."""
    for each in case.idle:
        yield overall(
            f"已接受的“{each.code}”没有对应的审核意见（{each.indicator or '全表'}）",
            f'"{each.code}" is accepted ({each.indicator or "everywhere"}), but is not raised',
        )


def _is_survey_size(case: Case, fact: Fact) -> bool:
    """Whether it counts those who were asked or answered, and not only those who were satisfied."""
    value = case.card.facts.value(fact.name)
    if not isinstance(value, Quantity) or not value.value or not asks_people(_called(fact)):
        return False
    if counts_the_satisfied(_called(fact)):
        return False
    if value.kind == "number" or value.unit.name == "个":
        return names_a_number(_called(fact))
    return value.kind.startswith("count:") and value.unit.name in RESPONDENTS


def _says_how_many(row: Row) -> bool:
    """Whether its evidence, or where its facts come from, tells of a survey and how many were asked."""
    texts = (row.node.remark.evidence, *(f"{fact.source} {fact.note}" for fact in row.facts))
    return any(tells_survey_size(text) for text in texts) or any(_counts_the_asked(fact) for fact in row.facts)


def _counts_the_asked(fact: Fact) -> bool:
    """Whether a fact the row reads is a count of people that comes from a survey."""
    value = fact.value
    return (
        isinstance(value, Quantity)
        and value.unit.name in RESPONDENTS
        and bool(value.value)
        and asks_people(fact.source)
        and not counts_the_satisfied(_called(fact))
    )


def _what_is_missing(row: Row, known: tuple[Fact, ...]) -> Message:
    """A survey that is spoken of lacks its size; otherwise there is none."""
    spoken_of = (row.node.remark.evidence, *(f"{_called(fact)} {fact.source}" for fact in known))
    if any(asks_people(text) for text in spoken_of):
        return Message("提到调查，没有写明调查了多少人、收回多少份", "with a survey, but not how many were asked")
    return Message("没有调查方式、样本量等依据", "without a survey: neither how many were asked nor how")


def _called(fact: Fact) -> str:
    return f"{fact.name} {fact.title} {fact.title_en}"


def same_figure(case: Case, one: Row, other: Row) -> str | None:
    """What both rows measured: the same expression, or the same amount of money."""
    first, second = _reached(one), _reached(other)
    amounts = _amount(case, first), _amount(case, second)
    if first == second and isinstance(first, FactRef):
        known = case.card.facts.value(first.name)
        return case.card.facts.called(first.name, "zh") if known is None else str(known)
    if amounts[0] is not None and amounts[0] == amounts[1]:
        return str(amounts[0])
    return None


def _wants(case: Case, row: Row) -> int:
    """Whether the row would earn more with more of what was reached (1) or with less (-1); 0 where neither or both.

    Who spent too little to execute the budget and too much for each kilometre has not one shortfall but two.
    """
    reached, values = _reached(row), case.card.facts.values
    value = values.get(reached.name) if isinstance(reached, FactRef) else None
    if not isinstance(reached, FactRef) or not isinstance(value, tuple):
        return 0
    award = case.assessment.framework.award(row.node.placed)
    n, d = value
    try:
        now, more, less = (
            exact(award, {**values, reached.name: Fraction(n * by, d * of).as_integer_ratio()})[0]
            for by, of in ((1, 1), (2, 1), (1, 2))
        )
    except (Unknown, DividedByZero, NotMet, Mistyped):
        return 0
    return (more > now) - (less > now)  # type: ignore[operator]  # an award is a number


def _reached(row: Row) -> Expr:
    """What was reached, without what it is divided by."""
    actual = row.node.placed.actual
    return actual.left if isinstance(actual, Divide) else actual


def _amount(case: Case, formula: Expr) -> Quantity | None:
    """The amount of money that `formula`, one fact, names."""
    value = case.card.facts.value(formula.name) if isinstance(formula, FactRef) else None
    return value if isinstance(value, Quantity) and value.kind == "money" and value.value else None
