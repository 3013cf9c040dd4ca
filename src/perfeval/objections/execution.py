"""Objections to the execution of the budget (预算执行)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from perfeval.errors import Message
from perfeval.objections.case import Case, Row, figure, percent_text
from perfeval.objections.evidence import same_figure
from perfeval.objections.found import Found, at
from perfeval.objections.scores import agrees, is_rounded
from perfeval.quantity import Quantity

__all__ = [
    "budget_adjusted",
    "execution_low",
    "execution_over_100",
    "execution_points",
    "execution_score",
    "spending_against_results",
]

_INITIAL, _APPROVED = "budget.initial", "budget.approved"
_POINTS_IN_USE: Final = (Fraction(10), Fraction(20))


def execution_score(case: Case) -> Iterator[Found]:
    """A stated execution score that its rule does not give."""
    for row in case.executions:
        stated, by_rule = row.stated, row.by_rule
        if stated is None or by_rule is None or stated > row.points:
            continue
        if agrees(case, stated, by_rule) or is_rounded(case, stated, by_rule):
            continue
        rate = "" if row.rate is None else percent_text(row.rate)
        yield at(
            row,
            f"执行率 {rate}，按规则得 {figure(by_rule)} 分，表中得 {figure(stated)} 分",
            f"at an execution rate of {rate} the rule gives {figure(by_rule)} points, {figure(stated)} are stated",
        )


def execution_over_100(case: Case) -> Iterator[Found]:
    """More spent than the adjusted budget, and no word why."""
    for row in case.executions:
        if row.rate is not None and row.rate > 1 and not _explained(case, row):
            rate, why = percent_text(row.rate, Fraction(1)), _denied(row)
            yield at(
                row,
                f"执行率 {rate}，支出超过调整后预算，没有说明原因{why.zh}",
                f"an execution rate of {rate}: more than the adjusted budget was spent, without a reason{why.en}",
            )


def execution_low(case: Case) -> Iterator[Found]:
    """A low execution rate, and no word why."""
    line = case.thresholds.low_execution
    for row in case.executions:
        if row.rate is not None and row.rate < line and not _explained(case, row):
            rate, why = percent_text(row.rate, line), _denied(row)
            yield at(
                row,
                f"执行率 {rate}，未达到 {percent_text(line)}，没有说明原因{why.zh}",
                f"an execution rate of {rate}, below {percent_text(line)}, without a reason{why.en}",
            )


def execution_points(case: Case) -> Iterator[Found]:
    """An execution row of a project's form with other points than the forms give it."""
    if case.assessment.subject.kind != "project":
        return
    for row in case.executions:
        if row.node.depth == 1 and row.points not in _POINTS_IN_USE:
            yield at(
                row,
                f"预算执行率的分值为 {figure(row.points)} 分，各地自评表为 10 分（湖北 20 分）",
                f"the execution rate has {figure(row.points)} points; the forms in use give it 10 (Hubei: 20)",
            )


def budget_adjusted(case: Case) -> Iterator[Found]:
    """An initial budget that was changed by much within the year, and no word why."""
    sheet = case.card.facts
    initial, approved = sheet.value(_INITIAL), sheet.value(_APPROVED)
    if not isinstance(initial, Quantity) or not isinstance(approved, Quantity) or initial.kind != approved.kind:
        return
    if initial.value <= 0:
        return
    change = (approved.value - initial.value) / initial.value
    if abs(change) <= case.thresholds.adjusted or any(row.explained for row in _about_the_budget(case)):
        return
    row = next(iter(case.executions), None)
    zh, en = ("追加", "raised") if change > 0 else ("调减", "cut")
    found = (
        f"年初预算 {initial}，调整后 {approved}，{zh} {percent_text(abs(change))}，没有说明理由",
        f"the initial budget of {initial} was {en} by {percent_text(abs(change))} to {approved}, without a reason",
    )
    facts = case.known(_INITIAL, _APPROVED)
    yield Found(None if row is None else row.path, Message(*found), facts)


def spending_against_results(case: Case) -> Iterator[Found]:
    """Little spent but every output done, or all spent but outputs far short."""
    outputs = [
        (row, done)
        for row in case.results
        if row.category == "output.quantity" and (done := _delivered(row)) is not None
    ]
    if not outputs:
        return
    lines = case.thresholds
    for row in case.executions:
        if row.rate is None or _explained(case, row):
            continue
        mean = sum((min(Fraction(1), done) for _, done in outputs), Fraction(0)) / len(outputs)
        if row.rate <= lines.little_spent and mean == 1:
            yield at(
                row,
                f"预算只执行 {percent_text(row.rate)}，{len(outputs)} 项数量指标却全部完成，没有说明原因",
                f"only {percent_text(row.rate)} of the budget was spent, yet all {len(outputs)} quantity indicators are "
                "done, without a reason",
            )
        elif (
            row.rate >= lines.all_spent
            and mean < lines.short_outputs
            and not all(short.explained for short, done in outputs if done < 1)
        ):
            yield at(
                row,
                f"预算执行 {percent_text(row.rate)}，数量指标平均只完成 {percent_text(mean)}，没有说明原因",
                f"{percent_text(row.rate)} of the budget was spent, yet the quantity indicators are on average only "
                f"{percent_text(mean)} done, without a reason",
            )


def _delivered(row: Row) -> Fraction | None:
    """Its completion; more than an exact target asks for is no less for the money."""
    done, goal, actual = row.completion, row.goal, row.actual
    if done is None or goal is None or not isinstance(actual, Quantity):
        return done
    passed = goal.sign == "=" and actual.value > goal.quantity.value
    return Fraction(1) if passed else done


def _denied(row: Row) -> Message:
    """What stands in the column for reasons instead of one."""
    said = row.node.remark.reason.strip()
    return Message(f"（只填“{said}”）", f' (only "{said}")') if said else Message("", "")


def _explained(case: Case, execution: Row) -> bool:
    """Whether a reason stands at the execution rate, or at another row that measures the same amount."""
    if execution.explained:
        return True
    return any(row.explained and same_figure(case, execution, row) is not None for row in case.results)


def _about_the_budget(case: Case) -> Iterator[Row]:
    """The execution rate, and any row that reads the initial budget."""
    for row in case.rows:
        if row.is_execution or _INITIAL in row.node.fact_names:
            yield row
