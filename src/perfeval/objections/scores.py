"""Objections to the scores of rows: against their points, their rule and each other."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import Final

from attrs import frozen

from perfeval.errors import Message
from perfeval.expr.nodes import FactRef
from perfeval.objections.case import Case, Row, figure, percent_text
from perfeval.objections.found import Found, at
from perfeval.quantity import Quantity, rounded
from perfeval.rules import Level, Rating

__all__ = [
    "agrees",
    "is_rounded",
    "row_in_error",
    "score_rounded",
    "stated_above_points",
    "stated_not_applicable",
    "stated_off_rule",
    "stated_outside_level",
    "target_met_points_lost",
    "target_missed_full_points",
    "unequal_treatment",
]

_MOST_PLACES: Final = 6


def stated_above_points(case: Case) -> Iterator[Found]:
    """A stated score above what the row can earn."""
    for row in case.rows:
        most = row.points + row.indicator.bonus_up_to
        if row.stated is not None and row.stated > most:
            yield at(
                row,
                f"表中得 {figure(row.stated)} 分，该项最多 {figure(most)} 分",
                f"{figure(row.stated)} points are stated, where {figure(most)} are the most",
            )


def stated_not_applicable(case: Case) -> Iterator[Found]:
    """A stated score at a row that does not apply, other than what the framework gives it then."""
    for row in case.left_aside:
        by_rule = row.by_rule or Fraction(0)
        marks = [] if row.stated is None else [(Message("表中", "the table"), row.stated)]
        marks += [(Message(rater, rater), mark) for rater, mark in row.node.remark.stated_by.items()]
        for who, mark in marks:
            if mark not in (0, by_rule):
                yield at(
                    row,
                    f"该项不适用，{_instead(row).zh}，{who.zh}却得 {figure(mark)} 分",
                    f"this does not apply and {_instead(row).en}, yet {who.en} gives it {figure(mark)} points",
                )


def _instead(row: Row) -> Message:
    """What becomes of the points of a row that does not apply."""
    if row.by_rule is None:
        return Message("不计入总分", "is left out of the total")
    if row.by_rule:
        return Message(f"按规定得 {figure(row.by_rule)} 分", f"earns {figure(row.by_rule)} points for it")
    return Message("按规定不得分", "earns nothing for it")


def target_met_points_lost(case: Case) -> Iterator[Found]:
    """The rule gives all the points, the table fewer, and no word why."""
    for row in case.results:
        if row.stated is not None and _full_by_rule(row) and row.stated < row.points and not row.explained:
            yield at(
                row,
                f"{_measured(row).zh}，按规则得满分 {figure(row.points)} 分，表中只得 {figure(row.stated)} 分，没有说明原因",
                f"{_measured(row).en}: the rule gives all {figure(row.points)} points, {figure(row.stated)} are stated"
                " without a reason",
            )


def target_missed_full_points(case: Case) -> Iterator[Found]:
    """The rule takes points off, the table gives all of them."""
    for row in case.results:
        if _missed_in_full(row) and row.by_rule is not None:
            yield at(
                row,
                f"{_measured(row).zh}，按规则得 {figure(row.by_rule)} 分，表中得满分 {figure(row.points)} 分",
                f"{_measured(row).en}: the rule gives {figure(row.by_rule)} points, all {figure(row.points)} are stated",
            )


def stated_outside_level(case: Case) -> Iterator[Found]:
    """A rated level that does not allow the stated score."""
    for row in case.results:
        level = _level_alone(case, row)
        if level is None or row.stated is None:
            continue
        share = row.stated / row.points
        if share > 1 or _allows(row, level, share):
            continue
        low, high = percent_text(level.least), percent_text(level.most)
        yield at(
            row,
            f"评定为“{level.name}”，应得分值的 {low}—{high}，表中得 {figure(row.stated)} 分，为 {percent_text(share)}",
            f'rated "{level.name_en or level.name}", which earns {low} to {high} of the points; '
            f"{figure(row.stated)} stated is {percent_text(share)}",
        )


def stated_off_rule(case: Case) -> Iterator[Found]:
    """A stated score that is not what the rule gives, in no way another objection speaks of."""
    for row in case.results:
        if row.stated is None or row.by_rule is None or _spoken_of(row, row.stated):
            continue
        if agrees(case, row.stated, row.by_rule) or is_rounded(case, row.stated, row.by_rule):
            continue
        if row.stated < row.by_rule and row.explained:
            continue
        yield at(
            row,
            f"{_measured(row).zh}，按规则得 {figure(row.by_rule)} 分，表中得 {figure(row.stated)} 分",
            f"{_measured(row).en}: the rule gives {figure(row.by_rule)} points, {figure(row.stated)} are stated",
        )


def score_rounded(case: Case) -> Iterator[Found]:
    """A stated score that is the rule's, rounded to fewer places than the framework says."""
    for row in case.rows:
        stated, by_rule = row.stated, row.by_rule
        if stated is None or by_rule is None or agrees(case, stated, by_rule):
            continue
        if not row.is_execution and _spoken_of(row, stated):
            continue
        if is_rounded(case, stated, by_rule):
            off = figure(abs(stated - by_rule))
            yield at(
                row,
                f"按规则得 {figure(by_rule)} 分，表中取整为 {figure(stated)} 分，相差 {off} 分",
                f"the rule gives {figure(by_rule)} points; the table rounds them to {figure(stated)}, {off} off",
            )


def unequal_treatment(case: Case) -> Iterator[Found]:
    """Siblings that reached nearly the same share of their targets, but were given clearly different shares of points."""
    compared = [each for row in case.results if (each := _treated(row)) is not None]
    for one, other in combinations(compared, 2):
        if one.row.path.rpartition(".")[0] != other.row.path.rpartition(".")[0] or not _unequal(case, one, other):
            continue
        done = f"{percent_text(one.completion)}", f"{percent_text(other.completion)}"
        given = f"{percent_text(one.share)}", f"{percent_text(other.share)}"
        title = one.row.title
        yield at(
            other.row,
            f"与“{title.zh}”的完成率相近（{done[1]} 与 {done[0]}），得分却为分值的 {given[1]} 与 {given[0]}",
            f'nearly the same completion as "{title.en}" ({done[1]} and {done[0]}), but {given[1]} of its points '
            f"and {given[0]} of the other's",
        )


@frozen
class _Treated:
    """A row whose completion, award by rule and stated score are all known, as shares."""

    row: Row
    completion: Fraction
    by_rule: Fraction
    share: Fraction


def _treated(row: Row) -> _Treated | None:
    if row.completion is None or row.by_rule is None or row.stated is None:
        return None
    return _Treated(row, min(Fraction(1), row.completion), row.by_rule / row.points, row.stated / row.points)


def _unequal(case: Case, one: _Treated, other: _Treated) -> bool:
    """Two targets that were both met are told row by row; a rule with steps may make the difference itself."""
    lines = case.thresholds
    return (
        min(one.completion, other.completion) < 1
        and abs(one.completion - other.completion) <= lines.same_completion
        and abs(one.share - other.share) >= lines.different_share
        and abs(one.by_rule - other.by_rule) < lines.different_share
    )


def row_in_error(case: Case) -> Iterator[Found]:
    """A row that its rule cannot score: units that do not go together, a level there is not, a division by zero."""
    for row in case.rows:
        if (
            row.node.status == "error"
            and row.node.message is not None
            and not (row.is_measured and isinstance(row.actual, str))
        ):
            yield at(row, f"无法按规则计分：{row.node.message.zh}", f"cannot be scored: {row.node.message.en}")


def _measured(row: Row) -> Message:
    """What the row measured, against its target."""
    if row.goal is not None and isinstance(row.actual, Quantity):
        return Message(f"指标值 {row.goal}、完成值 {row.actual}", f"target {row.goal}, actual {row.actual}")
    if row.is_rating:
        return Message("按所填的评定比例", "by the share that was rated")
    return Message("按所填的事实", "on the facts given")


def _full_by_rule(row: Row) -> bool:
    return row.by_rule is not None and row.by_rule >= row.points


def _missed_in_full(row: Row) -> bool:
    return row.by_rule is not None and row.by_rule < row.points and row.stated == row.points


def _spoken_of(row: Row, stated: Fraction) -> bool:
    """Whether a stated score is too high for the row, or a matter of a target met or missed."""
    too_much = stated > row.points + row.indicator.bonus_up_to
    return too_much or _missed_in_full(row) or (_full_by_rule(row) and stated < row.points)


def _places(case: Case) -> int:
    rounding = case.assessment.framework.rounding_of("each")
    return _MOST_PLACES if rounding is None else rounding.places


def agrees(case: Case, stated: Fraction, by_rule: Fraction) -> bool:
    """Whether a stated score is the rule's, perhaps written with more decimals than the framework keeps."""
    return stated == by_rule or rounded(stated, _places(case)) == by_rule


def is_rounded(case: Case, stated: Fraction, by_rule: Fraction) -> bool:
    """Whether a stated score is the rule's, rounded half-up to fewer decimals than the framework keeps."""
    return any(rounded(by_rule, places) == stated for places in range(_places(case)))


def _level_alone(case: Case, row: Row) -> Level | None:
    """The level a row was rated at, where the share is not given."""
    actual = row.node.placed.actual
    if not isinstance(row.rule, Rating) or not isinstance(actual, FactRef) or row.by_rule is not None:
        return None
    chosen = case.card.facts.value(f"{actual.name}.level")
    return next((level for level in row.rule.levels if level.name == chosen), None)


def _allows(row: Row, level: Level, share: Fraction) -> bool:
    assert isinstance(row.rule, Rating)
    highest = level.most == max(each.most for each in row.rule.levels)
    return level.least <= share and (share <= level.most if highest else share < level.most)
