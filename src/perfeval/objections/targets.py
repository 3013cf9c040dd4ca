"""Objections to targets (指标值) and actual values (完成值)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from perfeval.errors import QuantityError
from perfeval.objections.case import Case, Row, figure, listed, percent_text, says_something
from perfeval.objections.found import Found, at, overall
from perfeval.objections.wording import GROWTH, LIMITED, SAVED, SHARES, SPENDING, TIMES, WANTED, has_any
from perfeval.quantity import Quantity, target

__all__ = [
    "actual_copies_target",
    "actual_is_words",
    "all_actuals_equal",
    "no_actual",
    "over_completion",
    "rate_above_100",
    "sign_contradicts",
    "target_changed",
    "weight_as_value",
]


_HUNDRED: Final = 100
_TARGET_NAMED: Final = re.compile(
    r"(?:指标值|目标值|target)\s*(?:是|为|is|:|：)?\s*[“\"「]?[≥≤><=＝][^，。；,;”\"」]*", re.IGNORECASE
)
"""A target that a note calls so, and not what was entered for the actual value."""


def no_actual(case: Case) -> Iterator[Found]:
    """Points for a row whose actual value is empty."""
    for row in case.rows:
        open_ = row.node.status == "unknown" or (row.is_measured and isinstance(row.actual, str))
        if open_ and row.stated and not _answered(case, row) and _copied(row) is None:
            what = ("评定等级", "level") if row.is_rating else ("完成值", "actual value")
            yield at(
                row,
                f"没有{what[0]}，表中却得 {figure(row.stated)} 分",
                f"no {what[1]} is given, yet {figure(row.stated)} points are stated",
            )


def actual_is_words(case: Case) -> Iterator[Found]:
    """A word where the target asks for a figure."""
    for row in case.rows:
        if row.is_measured and isinstance(row.actual, str) and says_something(row.actual):
            goal = "" if row.goal is None else f" {row.goal}"
            yield at(
                row,
                f"指标值{goal}是数值，完成值却填“{row.actual}”",
                f'the target{goal} is a figure, the actual value is the word "{row.actual}"',
            )


def actual_copies_target(case: Case) -> Iterator[Found]:
    """An actual value that repeats the target with its sign, which is what it should be, not what it was."""
    for row in case.rows:
        if row.node.status == "unknown" and (copied := _copied(row)) is not None:
            yield at(
                row,
                f"完成值“{copied}”照抄指标值，不是实际完成数",
                f'the actual value "{copied}" copies the target; it is not what was done',
            )


def rate_above_100(case: Case) -> Iterator[Found]:
    """A share of a whole above 100%."""
    for row in case.results:
        if _above_the_whole(row) and has_any(row, SHARES) and not has_any(row, GROWTH):
            yield at(
                row,
                f"完成值 {row.actual}，这类比率不可能超过 100%",
                f"an actual value of {row.actual}, for a rate that cannot pass 100%",
            )


def sign_contradicts(case: Case) -> Iterator[Found]:
    """A sign that rewards the opposite of what the indicator is about."""
    for row in case.results:
        if row.goal is None or not row.goal.signed:
            continue
        if row.goal.sign in ("≤", "<") and _more_is_better(row):
            yield at(
                row,
                f"指标值 {row.goal}：做得越少越好，与该项要做的事相反",
                f"with the target {row.goal} less is better, for something that is to be done",
            )
        elif row.goal.sign in ("≥", ">") and _less_is_better(row):
            yield at(
                row,
                f"指标值 {row.goal}：花得越多越好，与成本指标相反",
                f"with the target {row.goal} spending more is better, for an indicator of cost",
            )


def over_completion(case: Case) -> Iterator[Found]:
    """A target passed by so much that it must have been set too low, and no word on it."""
    line = case.thresholds.over_completion
    for row in case.results:
        done = row.completion
        if row.goal is None or row.goal.sign not in ("≥", ">") or done is None or done <= line or row.explained:
            continue
        if not row.goal.signed and _less_is_better(row):
            continue
        yield at(
            row,
            f"指标值 {row.goal}、完成值 {row.actual}，完成率 {percent_text(done, line)}，超过 {percent_text(line)}，"
            "没有说明指标值是否定低",
            f"target {row.goal}, actual {row.actual}: {percent_text(done, line)} done, above {percent_text(line)}, "
            "without a word on whether the target was set too low",
        )


def all_actuals_equal(case: Case) -> Iterator[Found]:
    """Every measured actual value is its target to the last digit."""
    measured = tuple(row for row in case.results if row.goal is not None and row.completion is not None)
    measured = tuple(row for row in measured if not _all_of_a_whole(row))
    if len(measured) < case.thresholds.fewest:
        return
    if all(isinstance(row.actual, Quantity) and _value_of_goal(row) == row.actual.value for row in measured):
        names = listed(measured)
        yield overall(
            f"{len(measured)} 项定量指标的完成值都与指标值分毫不差：{names.zh}",
            f"all {len(measured)} measured actual values equal their targets to the last digit: {names.en}",
            *(fact for row in measured for fact in row.facts),
        )


def weight_as_value(case: Case) -> Iterator[Found]:
    """Bare targets that are the points of their rows: the weights were entered as targets."""
    bare = tuple(row for row in case.results if row.goal is not None and _is_bare(row.goal.quantity))
    if len(bare) < case.thresholds.fewest or any(_value_of_goal(row) != row.points for row in bare):
        return
    names = listed(bare)
    yield overall(
        f"{len(bare)} 项指标的指标值就是该项的分值：{names.zh}",
        f"the targets of {len(bare)} indicators are their points: {names.en}",
        *(fact for row in bare for fact in row.facts),
    )


def target_changed(case: Case) -> Iterator[Found]:
    """A target that was changed within the year, and no word why."""
    for row in case.rows:
        before = row.node.remark.target_before
        if says_something(before) and not _same_target(before, row) and not row.explained:
            now = row.indicator.standard if row.goal is None else str(row.goal)
            yield at(
                row,
                f"指标值由“{before}”改为“{now}”，没有说明理由",
                f'the target was changed from "{before}" to "{now}", without a reason',
            )


def _answered(case: Case, row: Row) -> bool:
    """Whether its actual value is known: a figure or a word; of a rating, the level alone; of several facts, any."""
    if isinstance(row.actual, str):
        return says_something(row.actual)
    if row.is_measured:
        return row.actual is not None
    return any(case.card.facts.value(fact.name) is not None for fact in row.facts)


def _copied(row: Row) -> str | None:
    """The target, where the note of a fact that is not known quotes it with its sign as what was entered."""
    if row.goal is None:
        return None
    written = str(row.goal)
    notes = (fact.note for fact in row.facts if fact.status == "unknown")
    return next((written for note in notes if written in _TARGET_NAMED.sub("", _with_signs(note))), None)


def _with_signs(text: str) -> str:
    """`text` with its signs as targets are printed."""
    return text.replace(">=", "≥").replace("<=", "≤")


def _same_target(before: str, row: Row) -> bool:
    """Whether `before`, as people write it, is the target still."""
    if row.goal is None:
        return before.strip() == row.indicator.standard.strip()
    try:
        return target(before, row.goal.sign) == row.goal
    except QuantityError:
        return False


def _is_bare(value: Quantity) -> bool:
    """Whether it has no unit, or is in points."""
    return value.kind == "number" or value.unit.name == "分"


def _value_of_goal(row: Row) -> Fraction | None:
    return None if row.goal is None else row.goal.quantity.value


def _all_of_a_whole(row: Row) -> bool:
    """A rate of 100% is where good work ends up, and no sign of copying."""
    return row.goal is not None and row.goal.quantity.kind == "ratio" and row.goal.quantity.value == 1


def _above_the_whole(row: Row) -> bool:
    """Whether its actual value is above 100%, or above 100 where both target and actual value lack the sign."""
    if row.rate is not None:
        return row.rate > 1
    if row.goal is None or not isinstance(row.actual, Quantity):
        return False
    bare = row.goal.quantity.kind == row.actual.kind == "number"
    return bare and 1 < row.goal.quantity.value <= _HUNDRED < row.actual.value


def _more_is_better(row: Row) -> bool:
    assert row.goal is not None
    if has_any(row, LIMITED) or row.goal.quantity.kind in ("money", "date", "month"):
        return False
    if row.goal.quantity.kind == "ratio" or row.category == "satisfaction":
        return has_any(row, SHARES)
    return row.category == "output.quantity" and row.goal.quantity.unit.name not in TIMES and has_any(row, WANTED)


def _less_is_better(row: Row) -> bool:
    assert row.goal is not None
    money = row.category == "output.cost" and row.goal.quantity.kind == "money"
    return money and has_any(row, SPENDING) and not has_any(row, SAVED)
