"""Rational functions of one figure: arithmetic at every point, in lowest terms; roots, turning points and limits."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from math import sqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from perfeval.expr.rational import (
    Irrational,
    Number,
    Polynomial,
    Ratio,
    TooLarge,
    difference,
    limit_at_infinity,
    numerator,
    product,
    quotient,
    roots_between,
    total,
    turning_points,
    value_at,
    value_of,
    variable,
)

F = Fraction
MOST_DEGREE, MOST_BITS = 8, 2**14

whole = st.integers(-4, 4).map(F)
halves = st.integers(-6, 6).map(lambda twice: F(twice, 2))


def polynomial(*coefficients: int | Fraction) -> Number:
    """The constant first."""
    found: Number = F(0)
    for each in reversed(coefficients):  # Horner's scheme
        found = total(product(found, variable), F(each))
    return found


polynomials = st.lists(whole, max_size=3).map(lambda found: polynomial(*found))
numbers = st.builds(quotient, polynomials, polynomials.filter(bool)) | whole
OPERATIONS: dict[Callable[[Number, Number], Number], Callable[[Fraction, Fraction], Fraction]] = {
    total: operator.add,
    difference: operator.sub,
    product: operator.mul,
    quotient: operator.truediv,
}


@given(st.sampled_from(list(OPERATIONS)), numbers, numbers, st.lists(halves, min_size=1, max_size=4))
def test_arithmetic_holds_at_every_point_that_is_no_pole(
    operation: Callable[[Number, Number], Number], a: Number, b: Number, points: list[Fraction]
) -> None:
    assume(operation is not quotient or b)
    found = operation(a, b)
    for x in points:
        if any(isinstance(each, Ratio) and not value_of(each.below, x) for each in (a, b, found)):
            continue
        right = value_at(b, x)
        if operation is not quotient or right:
            assert value_at(found, x) == OPERATIONS[operation](value_at(a, x), right)


@given(numbers, numbers)
def test_what_is_equal_is_written_alike(a: Number, b: Number) -> None:
    assert difference(total(a, b), b) == a
    assert total(a, b) == total(b, a)
    if b:
        assert quotient(product(a, b), b) == a
    if isinstance(a, Ratio):
        assert a.below[-1] == 1
        assert len(a.above) > 1 or len(a.below) > 1


def test_a_share_that_does_not_depend_on_the_figure_is_a_number() -> None:
    assert quotient(product(F(3), variable), variable) == 3
    assert difference(variable, variable) == 0
    assert product(F(0), variable) == 0
    assert quotient(F(0), variable) == 0
    assert quotient(F(1), product(F(2), variable)) == Ratio((F(1, 2),), (F(0), F(1)))


def test_a_power_may_be_so_high_and_no_higher() -> None:
    power = polynomial(*[0] * MOST_DEGREE, 1)
    assert value_at(power, F(2)) == 2**MOST_DEGREE
    with pytest.raises(TooLarge):
        product(power, variable)


def test_a_number_may_have_just_so_many_bits_and_not_one_more() -> None:
    largest = F(2**MOST_BITS - 1)
    for most, more in ((largest, largest + 1), (1 / largest, 1 / (largest + 1))):
        assert product(most, F(1)) == total(most, F(0)) == quotient(most, F(1)) == most
        assert value_at(product(most, variable), F(1)) == most
        for operation, other in ((product, F(1)), (product, variable), (total, F(0)), (quotient, F(1))):
            with pytest.raises(TooLarge):
                operation(more, other)
        with pytest.raises(TooLarge):
            value_at(variable, more)


def test_a_polynomial_has_its_value() -> None:
    assert value_of((F(1), F(-2), F(3)), F(2)) == 9
    assert value_of((), F(2)) == 0


def test_a_number_is_zero_where_its_numerator_is() -> None:
    assert numerator(quotient(polynomial(-2, 1), variable)) == (F(-2), F(1))
    assert numerator(F(3)) == (F(3),)
    assert numerator(F(0)) == ()


@pytest.mark.parametrize(
    ("above", "below", "limit"),
    [((1, 2), (3, 4), F(1, 2)), ((5,), (3, 4), 0), ((1, 2), (3,), None), ((1, 2, 3), (3, 4), None), ((7,), (1,), 7)],
)
def test_what_a_number_comes_to_far_away(
    above: tuple[int, ...], below: tuple[int, ...], limit: Fraction | None
) -> None:
    assert limit_at_infinity(quotient(polynomial(*above), polynomial(*below))) == limit


# Roots. A polynomial is made from them, so that they are known.

MORE_FACTORS: dict[Polynomial, tuple[float, ...]] = {
    (F(1),): (),
    (F(1), F(0), F(1)): (),  # x² + 1
    (F(-2), F(0), F(1)): (-sqrt(2), sqrt(2)),
    (F(5), F(-5), F(1)): ((5 - sqrt(5)) / 2, (5 + sqrt(5)) / 2),
}
ends = st.none() | halves


@given(
    st.lists(halves, max_size=4),
    st.sampled_from(list(MORE_FACTORS)),
    st.sampled_from([F(1), F(-3), F(2, 3)]),
    ends,
    ends,
)
def test_every_root_between_two_ends_is_found_once_or_said_to_be_irrational(
    roots: list[Fraction], more: Polynomial, scale: Fraction, low: Fraction | None, high: Fraction | None
) -> None:
    assume(low is None or high is None or low < high)
    factors = [polynomial(-root, 1) for root in roots]
    read = numerator(reduce(product, factors, product(scale, polynomial(*more))))

    def inside(x: Fraction | float) -> bool:
        return (low is None or x > low) and (high is None or x < high)

    exact, others = sorted(filter(inside, set(roots))), list(filter(inside, MORE_FACTORS[more]))
    if others or (exact and len(set(roots)) + len(more) - 1 > 2):
        with pytest.raises(Irrational):
            roots_between(read, low, high)
    else:
        assert roots_between(read, low, high) == exact


def test_the_zero_polynomial_and_a_constant_have_no_roots_to_cut_at() -> None:
    assert roots_between((), None, None) == []
    assert roots_between((F(3),), None, None) == []


def test_a_root_may_be_any_fraction() -> None:
    assert roots_between((F(-1, 3), F(0), F(12)), None, None) == [F(-1, 6), F(1, 6)]
    assert roots_between((F(-2), F(3)), F(0), F(1)) == [F(2, 3)]
    assert roots_between((F(0), F(-1, 2), F(1)), None, None) == [0, F(1, 2)]


@pytest.mark.parametrize(
    ("above", "below", "low", "high", "turns"),
    [
        ((1, 0, 1), (0, 1), 0, None, [1]),  # x + 1 ÷ x
        ((1, 0, 1), (0, 1), None, 0, [-1]),
        ((0, -4, 1), (1,), None, None, [2]),
        ((0, 0, 0, 1), (1,), None, None, [0]),
        ((1, 2), (3, 4), None, F(-3, 4), []),
        ((0, 1), (1, 0, 1), None, None, [-1, 1]),
        ((0, 1), (1, 0, 1), 0, None, [1]),
    ],
)
def test_where_a_number_may_turn(
    above: tuple[int, ...], below: tuple[int, ...], low: Fraction | None, high: Fraction | None, turns: list[int]
) -> None:
    number = quotient(polynomial(*above), polynomial(*below))
    assert isinstance(number, Ratio)
    assert turning_points(number, low, high) == turns
