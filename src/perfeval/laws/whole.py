"""The law of the whole: every grade can be earned, every limit can bite, every gate and condition can be met."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from perfeval.errors import Message
from perfeval.expr.names import names
from perfeval.expr.nodes import And, Expr, If, Not, Or, children, compare
from perfeval.expr.piecewise import NotPiecewise
from perfeval.framework import Dimension, Framework, Indicator, titled
from perfeval.laws.branches import dead_branches
from perfeval.laws.curves import Space, about, domains
from perfeval.laws.found import Answer, Broken, points_text
from perfeval.laws.possible import ALWAYS, never, told
from perfeval.laws.registry import law_of_code
from perfeval.totals import total_expression

__all__ = ["whole_reachable"]

_MOST_FACTS: Final = 11  # of more, not every case can be gone through
_APART: Final = Message(
    "只看了最高总分和各个条件本身", "only the highest total and each condition by itself were looked at"
)


def whole_reachable(framework: Framework) -> Answer:
    """Whether every grade can be earned, every limit on the total bite, and every gate and condition be met."""
    law = law_of_code("reachable")
    conditions = list(_conditions(framework))
    beside = [each.award for each in framework.adjustments]
    try:
        space = about([*conditions, *beside], domains(framework, [*conditions, *beside]))
    except NotPiecewise as error:
        return Answer(law, None, "unasked", error.message)
    entire = _entire(framework)
    found = (*_unmet(framework, space), *_limits(framework, space), *_grades(framework, space, entire))
    asked = [*conditions, *(path for each in beside for path in _paths(each))]
    proved = bool(found) or (all(told(space, each) for each in asked) and (not framework.grades or entire is not None))
    return Answer(law, None, "proved" if proved else "tried", None if proved else _APART, found)


def _conditions(framework: Framework) -> Iterator[Expr]:
    for placed in framework.layout.values():
        node = placed.node
        own = node.requires if isinstance(node, Dimension) else node.applies
        if own is not None:
            yield own
    yield from (limit.when for limit in framework.limits)


def _paths(expr: Expr) -> Iterator[Expr]:
    if isinstance(expr, If):
        yield expr.condition
    for each in children(expr):
        yield from _paths(each)


def _unmet(framework: Framework, space: Space) -> Iterator[Broken]:
    """Gates and conditions that nothing meets; branches of points beside the tree that nothing leads to."""
    for placed in framework.layout.values():
        node = placed.node
        if isinstance(node, Dimension):
            if node.requires is not None and (when := never(space, node.requires)) is not None:
                yield Broken(
                    Message(
                        f"“{node.title}”（{placed.path}）的前提（requires）永远不成立{when.zh}",
                        f'what "{node.called("en")}" ({placed.path}) requires can never hold{when.en}',
                    )
                )
        elif node.applies is not None and (when := never(space, node.applies)) is not None:
            yield Broken(
                Message(
                    f"“{node.title}”（{placed.path}）永远不适用：applies 永远不成立{when.zh}",
                    f'"{node.called("en")}" ({placed.path}) never applies: its condition can never hold{when.en}',
                )
            )
    for each in framework.adjustments:
        for dead in dead_branches(space, each.award):
            zh, en = dead.message.zh, dead.message.en
            yield Broken(Message(f"“{each.title}”：{zh}", f'"{titled(each).en}": {en}'))


def _limits(framework: Framework, space: Space) -> Iterator[Broken]:
    """Limits that never bite, or always do."""
    most = _most(framework)
    for limit in framework.limits:
        called = titled(limit).en
        if (when := never(space, limit.when)) is not None:
            yield Broken(
                Message(
                    f"限制“{limit.title}”的条件永远不成立，永远不起作用{when.zh}",
                    f'the limit "{called}" never bites: its condition can never hold{when.en}',
                )
            )
        elif (when := never(space, Not(limit.when))) is not None:
            yield Broken(
                Message(
                    f"限制“{limit.title}”的条件永远成立{when.zh}",
                    f'the condition of the limit "{called}" always holds{when.en}',
                )
            )
        if limit.at_most is not None and limit.at_most >= most and limit.grade_at_most is None:
            yield Broken(
                Message(
                    f"限制“{limit.title}”不超过 {points_text(limit.at_most)} 分，而总分最高只有 {points_text(most)} 分，永远不起作用",
                    f'the limit "{called}" of {points_text(limit.at_most)} never bites: no total is above {points_text(most)}',
                ),
                limit.at_most,
            )


def _grades(framework: Framework, space: Space, entire: Space | None) -> Iterator[Broken]:
    """Grades that no total earns."""
    always = [each for each in framework.limits if never(space, Not(each.when)) is ALWAYS]
    most = min([_most(framework), *(each.at_most for each in always if each.at_most is not None)])
    for index, grade in enumerate(framework.grades):
        if grade.from_ > most:
            yield Broken(
                Message(
                    f"等级“{grade.name}”从 {points_text(grade.from_)} 分起，而总分最高 {points_text(most)} 分",
                    f'the grade "{grade.called("en")}" starts at {points_text(grade.from_)}, but no total is above {points_text(most)}',
                ),
                grade.from_,
            )
        elif entire is not None and never(entire, *_earns(framework, index)) is ALWAYS:
            yield Broken(
                Message(
                    f"没有一个总分能评为“{grade.name}”（{points_text(grade.from_)} 分起）",
                    f'no total earns the grade "{grade.called("en")}" (from {points_text(grade.from_)})',
                ),
                grade.from_,
            )


def _earns(framework: Framework, index: int) -> Iterator[Expr]:
    """What has to hold for the grade at `index` of the list to be the one: its points, and no limit on the grade."""
    total, order = total_expression(framework), [each.name for each in framework.grades]
    yield compare(total, ">=", framework.grades[index].from_)
    capped: list[Expr] = []
    for limit in framework.limits:
        if limit.grade_at_most is not None:
            if order.index(limit.grade_at_most) > index:
                yield Not(limit.when)
            elif order.index(limit.grade_at_most) == index:
                capped.append(limit.when)
    if index:
        yield Or((compare(total, "<", framework.grades[index - 1].from_), *capped))


def _entire(framework: Framework) -> Space | None:
    """All facts of the framework, where all that they may be can be gone through."""
    total = And((total_expression(framework), *(limit.when for limit in framework.limits)))
    if len(names(total)) > _MOST_FACTS or not framework.indicators:
        return None
    try:
        found = Space(domains(framework, [total]))
    except NotPiecewise:
        return None
    return found if found.whole else None


def _most(framework: Framework) -> Fraction:
    """What no total is above, limits aside."""
    most = framework.points + sum((_bonus(framework, path) for path in framework.layout), Fraction(0))
    return most + sum((max(each.at_most, Fraction(0)) for each in framework.adjustments), Fraction(0))


def _bonus(framework: Framework, path: str) -> Fraction:
    placed = framework.layout[path]
    return placed.node.bonus_up_to * placed.factor if isinstance(placed.node, Indicator) else Fraction(0)
