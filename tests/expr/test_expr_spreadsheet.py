"""The guard of the *spreadsheet* interpreter: within its bounds, no error of a binary float changes a rounding or a comparison."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from perfeval.expr.spreadsheet import GUARD, LONGEST_DIVISOR
from perfeval.quantity import Mode, rounded

ERRORS = st.fractions(Fraction(-1, 10**13), Fraction(1, 10**13))  # seven steps of a float near 100
MODES: list[Mode] = ["half-up", "half-even", "down", "up", "floor", "ceil"]
POINTS = st.integers(1, 10_000).map(lambda each: Fraction(each, 100))


def guarded(value: Fraction) -> Fraction:
    return rounded(value, GUARD, "half-up")


def near(divisor: int, points: Fraction, tie: Fraction, beside: int) -> Fraction:
    """The score of the ratio over `divisor` that is next to a tie, or `beside` it by so many."""
    return points * Fraction(round(tie * divisor / points) + beside, divisor)


@pytest.mark.parametrize("mode", MODES)
@given(st.integers(LONGEST_DIVISOR // 2, LONGEST_DIVISOR), POINTS, st.data(), st.integers(-1, 1), ERRORS)
def test_a_ratio_is_rounded_as_exactly_it_would_be(
    mode: Mode, divisor: int, points: Fraction, data: st.DataObject, beside: int, error: Fraction
) -> None:
    tie = Fraction(data.draw(st.integers(0, int(points * 200))), 200)
    score = near(divisor, points, tie, beside)
    assume(score >= 0)
    assert rounded(guarded(score + error), 2, mode) == rounded(score, 2, mode)


@pytest.mark.parametrize("mode", MODES)
@given(st.integers(1, 40_000), POINTS, st.data(), ERRORS)
def test_so_is_a_product_of_two_as_far_as_their_divisors_multiply_to_the_bound(
    mode: Mode, divisor: int, points: Fraction, data: st.DataObject, error: Fraction
) -> None:
    other = data.draw(st.integers(1, LONGEST_DIVISOR // divisor))
    tie = Fraction(data.draw(st.integers(0, int(points * 200))), 200)
    score = near(divisor * other, points, tie, 0)
    assert rounded(guarded(score + error), 2, mode) == rounded(score, 2, mode)


@given(st.integers(1, LONGEST_DIVISOR), st.integers(0, 100), st.integers(-1, 1), ERRORS)
def test_a_ratio_is_on_the_side_of_an_edge_in_percents_that_exactly_it_is(
    divisor: int, percent: int, beside: int, error: Fraction
) -> None:
    edge = Fraction(percent, 100)
    apart = Fraction(round(edge * divisor) + beside, divisor) - edge
    looked_at = guarded(apart + error)
    assert (looked_at > 0, looked_at < 0) == (apart > 0, apart < 0)


@given(
    st.integers(1, LONGEST_DIVISOR),
    st.sampled_from(["0.5", "1", "3", "5"]),
    st.integers(0, 30),
    st.integers(-1, 1),
    ERRORS,
)
def test_steps_of_a_deduction_start_where_exactly_they_do(
    divisor: int, each: str, steps: int, beside: int, error: Fraction
) -> None:
    step = Fraction(each) / 100
    begun = Fraction(round(step * steps * divisor) + beside, divisor) / step
    assert math.ceil(guarded(begun + error)) == math.ceil(begun)
    assert math.floor(guarded(begun + error)) == math.floor(begun)


def test_beyond_the_bound_a_ratio_can_be_taken_for_a_tie() -> None:
    divisor = 10**12 + 1
    below = Fraction(math.floor(Fraction(5, 1000) * divisor), divisor)
    assert rounded(below, 2, "half-up") == 0
    assert rounded(guarded(below), 2, "half-up") == Fraction(1, 100)
