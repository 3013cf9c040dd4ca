"""Objections to totals, grades and to what was published as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import Final

from perfeval.errors import Message
from perfeval.objections.case import Case, figure
from perfeval.objections.found import Found, at, overall
from perfeval.quantity import Mode, Quantity, rounded

__all__ = [
    "bare_total",
    "far_from_published",
    "grade_mismatch",
    "level_sum",
    "points_not_100",
    "published_blank",
    "raters_far_apart",
    "score_missing",
    "stated_sum",
    "total_off_rule",
]

_HUNDRED: Final = Fraction(100)
_NONE: Final = Fraction(0)
_STATED: Final = Message("表中得分", "the table")


def stated_sum(case: Case) -> Iterator[Found]:
    """The stated scores of the items do not add up to the published total."""
    total, items = case.assessment.published.score, _sum_of_items(case)
    if total is None or items is None or _same(items, total):
        return
    by = items - total.value
    yield overall(
        f"各项公布得分合计 {figure(items)} 分，公布总分 {total} 分，{'多' if by > 0 else '少'} {figure(abs(by))} 分",
        f"the stated scores add up to {figure(items)}, the published total is {total}: "
        f"{figure(abs(by))} too {'many' if by > 0 else 'few'}",
    )


def level_sum(case: Case) -> Iterator[Found]:
    """The stated score of a dimension is not the sum of those below it."""
    for node in case.card:
        if node.is_indicator or node.stated is None:
            continue
        below = [row for row in case.rows if row.path.startswith(f"{node.path}.")]
        outside = any(row.stated and row.path.startswith(f"{node.path}.") for row in case.left_aside)
        if outside or not below or any(row.stated is None for row in below):
            continue
        scores = (row.stated * row.node.placed.factor for row in below if row.stated is not None)
        total = sum(scores, Fraction(0)) / node.placed.factor
        if total != node.stated:
            yield Found(
                node.path,
                Message(
                    f"表中得 {figure(node.stated)} 分，其下各项得分合计 {figure(total)} 分",
                    f"{figure(node.stated)} points are stated, those below it add up to {figure(total)}",
                ),
            )


def score_missing(case: Case) -> Iterator[Found]:
    """A row of a table with scores whose own score is empty, though its actual value is known."""
    known = tuple(row for row in case.rows if row.by_rule is not None)
    empty = tuple(row for row in known if row.stated is None and not row.node.remark.stated_by)
    if 2 * len(empty) >= len(known):
        return  # a table without scores, or one that is not entered yet
    for row in empty:
        assert row.by_rule is not None
        yield at(
            row,
            f"表中其他各项有得分，该项得分为空，按规则得 {figure(row.by_rule)} 分",
            f"the other items have scores, this one has none; by rule it earns {figure(row.by_rule)} points",
        )


def points_not_100(case: Case) -> Iterator[Found]:
    """A table whose points add up to something else than 100."""
    points = case.full_points
    if points != _HUNDRED:
        yield overall(
            f"各项分值合计 {figure(points)} 分，自评表应为 100 分",
            f"the points add up to {figure(points)}; a self-evaluation is scored out of 100",
        )


def total_off_rule(case: Case) -> Iterator[Found]:
    """A published total that is not what the rules give, by less than `far_from_published` speaks of."""
    by = _off(case)
    if by is not None and abs(by) < _far(case):
        yield _difference(case, by)


def far_from_published(case: Case) -> Iterator[Found]:
    """A published total far from what the rules give."""
    by = _off(case)
    if by is not None and abs(by) >= _far(case):
        yield _difference(case, by)


def raters_far_apart(case: Case) -> Iterator[Found]:
    """Two raters, such as the unit and who checked it, far apart on the rows that both scored."""
    apart = [
        (abs(sums[0] - sums[1]), one, other, sums)
        for (one, first), (other, second) in combinations(_marks(case).items(), 2)
        if (sums := _on_both(first, second)) is not None
    ]
    if not apart:
        return
    by, one, other, sums = max(apart, key=lambda each: each[0])
    if by and by >= _far(case):
        said = figure(sums[0]), figure(sums[1])
        yield overall(
            f"{one.zh} {said[0]} 分，{other.zh} {said[1]} 分，相差 {figure(by)} 分",
            f"{one.en}: {said[0]}, {other.en}: {said[1]}, on the same indicators; {figure(by)} apart",
        )


def _marks(case: Case) -> dict[Message, dict[str, Fraction]]:
    """What each rater gave each row, in the framework's scale; the table's own scores last, where there are others."""
    found: dict[Message, dict[str, Fraction]] = {}
    for row in case.rows:
        for name, mark in row.node.remark.stated_by.items():
            found.setdefault(Message(name, name), {})[row.path] = mark * row.node.placed.factor
    stated = {row.path: row.stated * row.node.placed.factor for row in case.rows if row.stated is not None}
    return {**found, _STATED: stated} if found else {}


def _on_both(one: dict[str, Fraction], other: dict[str, Fraction]) -> tuple[Fraction, Fraction] | None:
    """The sums of two raters over the rows that both scored; None where there are none."""
    both = one.keys() & other.keys()
    if not both:
        return None
    return sum((one[path] for path in both), _NONE), sum((other[path] for path in both), _NONE)


def grade_mismatch(case: Case) -> Iterator[Found]:
    """A published grade that is not the grade of the total."""
    published, framework = case.assessment.published, case.assessment.framework
    if published.grade is None or not framework.grades:
        return
    score = case.card.score if published.score is None else published.score.value
    if framework.grade_named(published.grade) is None:
        yield overall(
            f"公布等级“{published.grade}”不在等级之列（{framework.grades_listed('zh')}）",
            f'the published grade "{published.grade}" is none of {framework.grades_listed("en")}',
        )
    elif score is not None:
        grade = case.card.grade if published.score is None else framework.grade(score)
        capped = case.card.grade if case.card.limits else None  # a veto lowers the grade whatever the total
        if grade is not None and not any(each.answers_to(published.grade) for each in (grade, capped) if each):
            yield overall(
                f"总分 {figure(score)} 分应为“{grade.name}”，公布等级为“{published.grade}”",
                f'a total of {figure(score)} is "{grade.called("en")}", the published grade is '
                f'"{framework.grade_called(published.grade, "en")}"',
            )


def bare_total(case: Case) -> Iterator[Found]:
    """A published total without item scores, which the facts cannot rebuild either."""
    published = case.assessment.published.score
    if published is None or any(node.stated is not None for node in case.card):
        return
    unscored = tuple(row for row in case.rows if row.by_rule is None)
    if unscored:
        of = f"{len(unscored)} of the {len(case.rows)} indicators cannot be scored from the facts"
        yield overall(
            f"只公布总分 {published} 分，没有各项得分，{len(case.rows)} 项中有 {len(unscored)} 项也无法按事实计分，总分无从复核",
            f"a total of {published} is published without item scores, and {of}: the total cannot be checked",
        )


def published_blank(case: Case) -> Iterator[Found]:
    """A table that was published with its actual values and scores empty."""
    published = case.assessment.published
    if not (published.source or published.note) or published.score is not None or not case.results:
        return
    if all(row.stated is None and row.node.status == "unknown" for row in case.results):
        yield overall(
            f"已公开的表中 {len(case.results)} 项绩效指标的完成值与得分全部空白",
            f"published with the actual values and scores of all {len(case.results)} indicators left empty",
        )


def _sum_of_items(case: Case) -> Fraction | None:
    """The stated scores in the framework's scale, rescaled where indicators do not apply; None where some are missing."""
    card = case.card
    if card.adjustments or card.limits or any(row.stated is None for row in case.rows):
        return None
    total = sum((row.stated * row.node.placed.factor for row in case.rows if row.stated is not None), Fraction(0))
    applicable = sum((row.counts for row in case.rows), Fraction(0))
    aside = case.left_aside
    if any(row.by_rule is not None or row.stated for row in aside):  # they earn by rule, or are told on their own
        return None
    return total * card.points / applicable if aside and applicable else total


def _same(computed: Fraction, published: Quantity) -> bool:
    """Whether `computed`, rounded half-up or cut off at the decimals it was published with, is `published`."""
    modes: tuple[Mode, ...] = ("half-up", "down")
    return any(rounded(computed, published.decimals, mode) == published.value for mode in modes)


def _off(case: Case) -> Fraction | None:
    """The published total less what the rules give; None where they agree or do not compare."""
    score, published = case.card.score, case.assessment.published.score
    if score is None or published is None or _same(score, published):
        return None
    return published.value - score


def _far(case: Case) -> Fraction:
    return case.thresholds.far_apart * case.full_points


def _difference(case: Case, by: Fraction) -> Found:
    assert case.card.score is not None
    published, score = case.assessment.published.score, figure(case.card.score)
    return overall(
        f"公布总分 {published} 分，按规则为 {score} 分，{'高' if by > 0 else '低'} {figure(abs(by))} 分",
        f"the published total is {published}, by rule it is {score}: {figure(abs(by))} too {'high' if by > 0 else 'low'}",
    )
