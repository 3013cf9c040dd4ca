"""`awarded`: the points a rater entered."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from one_indicator import TEN, agree, problem_of, refused, score, scored, text
from reference import ANY, POINTS

from perfeval.rules import Awarded


@given(POINTS, ANY)
@example(TEN, TEN)
@example(TEN, Fraction(0))
@example(Fraction(400), Fraction(400))
def test_points_entered_are_taken_as_they_are_or_refused(p: Fraction, entered: Fraction) -> None:
    if 0 <= entered <= p:
        agree(Awarded(), p, {"x": text(entered)}, entered)
    else:
        assert "the points entered lie between 0 and" in problem_of(Awarded(), p, {"x": text(entered)})


def test_points_may_be_entered_with_their_unit() -> None:
    assert score(Awarded(), Fraction(6), {"x": "5.5分"}) == Fraction("5.5")


@pytest.mark.parametrize("entered", ["80%", "5人", "5万元", "2023-01-01"])
def test_a_share_or_a_count_is_no_number_of_points(entered: str) -> None:
    assert problem_of(Awarded(), TEN, {"x": entered})


def test_points_may_be_a_quotient_that_the_framework_spells_out() -> None:
    assert score(Awarded(), TEN, {"total": "26", "raters": "4"}, actual="total / raters") == Fraction("6.5")


def test_points_that_were_not_entered_are_unknown_and_not_0() -> None:
    assert scored(Awarded(), TEN, {"x": None}).status == "unknown"


def test_points_entered_reach_no_bonus() -> None:
    node = scored(Awarded(), TEN, {"x": "11"}, bonus=Fraction(2))
    assert node.status == "error"


def test_an_awarded_rule_has_no_parameters() -> None:
    assert refused(kind="awarded") == []
    assert refused(kind="awarded", points_=5) == ["points_"]


def test_points_out_of_bounds_are_told_with_the_bounds() -> None:
    assert problem_of(Awarded(), Fraction("7.5"), {"x": "8"}) == "the points entered lie between 0 and 7.5"
    node = scored(Awarded(), Fraction("7.5"), {"x": "-1"})
    assert node.message is not None
    assert node.message.zh == "得分应在 0 与 7.5 之间"
