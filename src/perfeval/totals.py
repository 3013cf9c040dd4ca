"""The total, and the score of every node, as one expression each: so that every interpreter reads them too.

`evaluate` computes the same step by step, to give reasons; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from perfeval.expr.nodes import Constant, Expr, If, Round, maximum, minimum, number
from perfeval.framework import Framework, Indicator, NotApplicable, Placed
from perfeval.quantity import quantity

__all__ = [
    "adjustment_expressions",
    "applicable_expression",
    "award_expression",
    "bonus_expression",
    "counted_expression",
    "earned_expression",
    "node_expression",
    "not_applicable_as",
    "total_expression",
]


def not_applicable_as(framework: Framework, placed: Placed) -> NotApplicable:
    """What becomes of the points of an indicator that does not apply."""
    return _indicator(placed).not_applicable or framework.not_applicable


def award_expression(framework: Framework, placed: Placed) -> Expr:
    """What an indicator scores where it applies, without its bonus, in its own scale."""
    award = framework.award(placed)
    return minimum(placed.points, award) if _indicator(placed).bonus_up_to else award


def node_expression(framework: Framework, path: str) -> Expr:
    """The score of a dimension or indicator, in its own scale; what does not apply and is rescaled counts as 0.

    Raises:
        KeyError: there is no node at `path`.
    """
    node = framework.layout[path]
    below = [each for each in framework.indicators if each.path == path or each.path.startswith(f"{path}.")]
    scores = [_scored(framework, each, each.factor / node.factor) for each in below]
    return _sum(scores)


def counted_expression(framework: Framework, path: str) -> Expr:
    """The points that the score of a dimension or indicator is taken out of, in its own scale: without what is rescaled and does
    not apply.

    Raises:
        KeyError: there is no node at `path`.
    """
    node = framework.layout[path]
    below = [each for each in framework.indicators if each.path == path or each.path.startswith(f"{path}.")]
    rescaled = [each for each in below if _rescales(framework, each)]
    fixed = sum((each.points * each.factor for each in below if each not in rescaled), Fraction(0))
    counted = [_counted(framework, each, each.points * each.factor / node.factor) for each in rescaled]
    return _sum([number(fixed / node.factor), *counted] if fixed else counted)


def adjustment_expressions(framework: Framework) -> tuple[Expr, ...]:
    """The points beside the tree, each rounded as an indicator is."""
    each = framework.rounding_of("each")
    awards = [adjustment.expression() for adjustment in framework.adjustments]
    return tuple(award if each is None else Round(award, each.places, each.mode) for award in awards)


def earned_expression(framework: Framework) -> Expr:
    """What the indicators earn together, in the framework's scale; what does not apply and is rescaled counts as 0."""
    return _sum([_scored(framework, each, each.factor) for each in framework.indicators])


def applicable_expression(framework: Framework) -> Expr | None:
    """The points that what is earned is taken out of; None where nothing is rescaled, so that they are all of them."""
    if not any(_rescales(framework, each) for each in framework.indicators):
        return None
    return _sum([_counted(framework, each, each.counts) for each in framework.indicators])


def bonus_expression(framework: Framework) -> Expr | None:
    """The points above the full ones; None where no indicator can earn any."""
    bonus = [_bonus(framework, each) for each in framework.indicators if _indicator(each).bonus_up_to]
    return _sum(bonus) if bonus else None


def total_expression(framework: Framework) -> Expr:
    """The total: earned, rescaled to what applies, with bonus and adjustments, capped by the limits and rounded."""
    total = earned_expression(framework)
    applicable = applicable_expression(framework)
    if applicable is not None:
        total = total * number(framework.points) / applicable
    bonus = bonus_expression(framework)
    beside = [*([] if bonus is None else [bonus]), *adjustment_expressions(framework)]
    if beside:
        total = maximum(0, _sum([total, *beside]))
    for limit in framework.limits:
        if limit.at_most is not None:
            total = If(limit.when, minimum(limit.at_most, total), total)
    rounding = framework.rounding_of("total")
    if rounding is None:
        return total
    rounded = Round(total, rounding.places, rounding.mode)
    if rounding.applied(framework.points) > framework.points:  # 2.5 points rounded to whole ones are not 3
        return minimum(rounded, maximum(framework.points, total))
    return rounded


def _indicator(placed: Placed) -> Indicator:
    assert isinstance(placed.node, Indicator)
    return placed.node


def _rescales(framework: Framework, placed: Placed) -> bool:
    return _indicator(placed).applies is not None and not_applicable_as(framework, placed) == "rescale"


def _scored(framework: Framework, placed: Placed, factor: Fraction) -> Expr:
    """The score of a leaf, `factor` points for each of its own."""
    score = _times(award_expression(framework, placed), factor)
    applies = _indicator(placed).applies
    if applies is None:
        return score
    full = not_applicable_as(framework, placed) == "full"
    return If(applies, score, number(placed.points * factor if full else Fraction(0)))


def _bonus(framework: Framework, placed: Placed) -> Expr:
    bonus = _times(maximum(0, framework.award(placed) - number(placed.points)), placed.factor)
    applies = _indicator(placed).applies
    return bonus if applies is None else If(applies, bonus, number(0))


def _counted(framework: Framework, placed: Placed, points: Fraction) -> Expr:
    """The points of a leaf that the total is taken out of."""
    counts: Expr = Constant(quantity(points))
    applies = _indicator(placed).applies
    if applies is None or not _rescales(framework, placed):
        return counts
    return If(applies, counts, Constant(quantity(0)))


def _times(expr: Expr, factor: Fraction) -> Expr:
    return expr if factor == 1 else expr * number(factor)


def _sum(terms: Sequence[Expr]) -> Expr:
    """The terms added up in a balanced tree: no interpreter then nests deeper than their number's logarithm."""
    if not terms:
        return number(0)
    if len(terms) == 1:
        return terms[0]
    middle = len(terms) // 2
    return _sum(terms[:middle]) + _sum(terms[middle:])
