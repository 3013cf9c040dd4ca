"""`yes-no`: all the points or none."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_indicator import TEN, agree, problem_of, refused, score, scored, text
from reference import ANY, POINTS, UNITS

from perfeval.rules import YesNo


@given(POINTS, st.booleans())
def test_yes_earns_everything_and_no_nothing(p: Fraction, answer: bool) -> None:
    agree(YesNo(), p, {"x": answer}, p * answer)
    agree(YesNo("not y"), p, {"y": answer}, p * (not answer))


@given(POINTS, ANY, ANY)
def test_a_condition_over_figures_holds_or_not(p: Fraction, x: Fraction, y: Fraction) -> None:
    agree(YesNo("x > y and x != 0"), p, {"x": text(x), "y": text(y)}, p * (x > y and x != 0))


@given(POINTS, ANY, ANY, UNITS)
def test_the_unit_the_figures_are_written_in_changes_nothing(
    p: Fraction, x: Fraction, y: Fraction, units: tuple[str, str, int]
) -> None:
    large, small, factor = units
    first = score(YesNo("x <= y"), p, {"x": text(x, large), "y": text(y, large)})
    assert first == score(YesNo("x <= y"), p, {"x": text(x * factor, small), "y": text(y, large)})


def test_a_target_met_or_missed_is_2_points_or_none() -> None:
    plan = YesNo("plan or approved_from_above or report")
    assert score(plan, Fraction(2), {"plan": False, "approved_from_above": True, "report": False}) == 2
    assert score(plan, Fraction(2), {"plan": False, "approved_from_above": False, "report": False}) == 0


def test_what_is_decided_already_needs_no_further_fact() -> None:
    assert score(YesNo("a and b"), TEN, {"a": False, "b": None}) == 0
    assert scored(YesNo("a and b"), TEN, {"a": True, "b": None}).status == "unknown"


def test_a_figure_is_not_an_answer() -> None:
    assert "condition" in problem_of(YesNo(), TEN, {"x": "5"})
    assert "same kind of unit" in problem_of(YesNo("x > 5万元"), TEN, {"x": "5%"})


@pytest.mark.parametrize("when", ["plan and", "5 5", "a < b < c"])
def test_a_condition_that_cannot_be_read_is_refused(when: str) -> None:
    assert refused(kind="yes-no", when=when) == ["when"]
