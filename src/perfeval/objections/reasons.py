"""Objections to reasons (偏差原因) and to what the report says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from perfeval.objections.case import Case, Row, figure, listed, says_something
from perfeval.objections.found import Found, at, overall

__all__ = ["all_ratings_top", "full_marks_beside_problems", "idle_reason", "lost_without_reason"]

_QUOTED: Final = 40
_NONE_NAMED: Final = re.compile(
    r"[^，。；、,;]{0,12}?(?:无|暂无|没有|未发现|不存在)(?:存在|明显|重大|较大|突出|严重|违规|其他|任何|的)*(?:问题|不足)[。.]?"
    r"|(?:none|no (?:\w+ )?(?:problems?|issues?|shortcomings?))(?: found)?\.?",
    re.IGNORECASE,
)


def lost_without_reason(case: Case) -> Iterator[Found]:
    """Points lost, and no word why."""
    for row in case.results:
        lost = _lost(row)
        met = row.stated is not None and row.by_rule is not None and row.by_rule >= row.points
        if lost is not None and lost > 0 and not row.explained and not met:
            yield at(
                row,
                f"失 {figure(lost)} 分（满分 {figure(row.points)} 分），没有填写偏差原因",
                f"{figure(lost)} of {figure(row.points)} points are lost without a reason",
            )


def idle_reason(case: Case) -> Iterator[Found]:
    """A filler such as 无 or 0 in the column for reasons, on rows that need none."""
    idle = tuple(row for row in case.rows if row.node.remark.reason.strip() and not row.explained and _lost(row) == 0)
    if idle:
        names = listed(idle)
        yield overall(
            f"{len(idle)} 项没有失分，偏差原因却填了“{idle[0].node.remark.reason}”之类：{names.zh}",
            f'{len(idle)} indicators lost nothing but have a reason such as "{idle[0].node.remark.reason}": {names.en}',
        )


def full_marks_beside_problems(case: Case) -> Iterator[Found]:
    """Nothing lost, while the report names problems."""
    problems = case.assessment.published.problems.strip()
    total = _total(case)
    if (
        not says_something(problems)
        or _NONE_NAMED.fullmatch(problems)
        or total is None
        or total < case.thresholds.full_marks * case.full_points
    ):
        return
    quoted = problems if len(problems) <= _QUOTED else f"{problems[:_QUOTED]}…"
    yield overall(
        f"自评 {figure(total)} 分，报告却列出问题：“{quoted}”",
        f'scored {figure(total)} of {figure(case.full_points)}, while the report names problems: "{quoted}"',
    )


def all_ratings_top(case: Case) -> Iterator[Found]:
    """Every judged indicator was judged perfect."""
    rated = tuple(row for row in case.results if row.is_rating and row.given is not None and _has_level(case, row))
    if len(rated) >= case.thresholds.fewest and all(row.given == row.points for row in rated):
        names = listed(rated)
        yield overall(
            f"{len(rated)} 项定性指标全部评为满分：{names.zh}",
            f"all {len(rated)} judged indicators were given full marks: {names.en}",
            *(fact for row in rated for fact in row.facts),
        )


def _has_level(case: Case, row: Row) -> bool:
    return any(case.card.facts.value(fact.name) is not None for fact in row.facts)


def _lost(row: Row) -> Fraction | None:
    if row.given is None:
        return None
    return max(Fraction(0), row.points - row.given)


def _total(case: Case) -> Fraction | None:
    published = case.assessment.published.score
    return case.card.score if published is None else published.value
