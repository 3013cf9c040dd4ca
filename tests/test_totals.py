"""The total and every node's score as one expression: what `evaluate` gives, by another way."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from every_rule import EVERYTHING, MODES, POLICIES, every_rule, framework, indicator
from perfeval import Adjustment, Assessment, FactSheet, Rounding, evaluate
from perfeval.expr.exact import DividedByZero, NotMet, Unknown, exact
from perfeval.expr.nodes import Expr
from perfeval.framework import NotApplicable
from perfeval.totals import node_expression, total_expression


def value(expr: Expr, facts: FactSheet) -> Fraction | None:
    try:
        found, _ = exact(expr, facts.values)
    except (Unknown, DividedByZero, NotMet):
        return None
    assert isinstance(found, Fraction)
    return found


@given(POLICIES, MODES, EVERYTHING)
def test_the_total_as_an_expression_is_the_total_of_the_scorecard(
    policy: NotApplicable, rounding: tuple[Rounding, ...], facts: FactSheet
) -> None:
    of = every_rule(policy, rounding)
    card = evaluate(Assessment(of, facts))
    assert value(total_expression(of), facts) == card.score
    for node in card:
        if node.score is not None:
            assert value(node_expression(of, node.path), facts) == node.score


@given(POLICIES, MODES, EVERYTHING)
def test_the_steps_to_the_total_lead_there(
    policy: NotApplicable, rounding: tuple[Rounding, ...], facts: FactSheet
) -> None:
    """They are told beside the scorer, which adds everything up at once: each but the rounding has to be right to the last digit."""
    card = evaluate(Assessment(every_rule(policy, rounding), facts))
    if card.score is None:
        assert all(step.total is None for step in card.to_total)
        return
    *_, reached = [card.earned, *(step.total for step in card.to_total if step.kind != "rounded")]
    rounds = card.assessment.framework.rounding_of("total")
    assert reached is not None
    assert card.score == (reached if rounds is None else rounds.applied(reached))
    assert not card.to_total or card.to_total[-1].total == card.score


def test_a_node_that_is_not_there_has_no_expression() -> None:
    with pytest.raises(KeyError):
        node_expression(framework(indicator("a", 100)), "b")


def test_rounding_never_lifts_the_total_above_the_points() -> None:
    of = framework(indicator("a", "2.5"), points="2.5", rounding=(Rounding("total", 0),))
    facts = FactSheet({"a": "2.5"})
    assert evaluate(Assessment(of, facts)).score == Fraction(5, 2) == value(total_expression(of), facts)
    assert evaluate(Assessment(of, {"a": "1.5"})).score == 2


def test_a_total_above_the_points_is_rounded_too() -> None:
    ideas = Adjustment("ideas", "ideas", "ideas", at_most=5)
    of = framework(indicator("a", 70), indicator("c", 30, applies="has_c"), adjustments=(ideas,))
    facts = FactSheet({"a": "69.2", "has_c": False, "ideas": "3"})
    assert evaluate(Assessment(of, facts)).score == Fraction("101.86") == value(total_expression(of), facts)
