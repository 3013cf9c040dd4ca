"""Machine numbers with bounds: each bound holds at its worst, and is no wider than docs/exactness.md proves.

`u` is 2⁻⁵³ there and here, α is `off`, ρ is `rel`, E the bound over a whole column.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import TypeAlias

import numpy as np
import pytest
from attrs import evolve

from perfeval.expr.bounded import BOUNDED, ORDER, Bounded, Number, Real, common, nearest_to, whole
from perfeval.expr.nodes import Comparator
from perfeval.expr.state import OK, UNDECIDED, UNKNOWN, OutOfRange, State
from perfeval.quantity import ROUNDINGS, Mode, rounded

F = Fraction
U = F(1, 2**53)
TINY = F(1, 2**1000)
LOOSE = F(1, 2**20)
WIDER = 1 + F(1, 2**37)  # what is added for the rounding of the bounds themselves, a few times
Pair: TypeAlias = tuple[Fraction, Fraction]
"""α and ρ."""


def column(
    k: Sequence[float], off: float = 0, rel: float = 0, unit: Fraction | int = 1, state: Sequence[int] | None = None
) -> Bounded:
    numbers = np.array(k, np.float64)
    known = None if state is None else np.array(state, np.uint16)
    return Bounded(numbers, F(unit), numbers.min(), numbers.max(), Real(off), Real(rel), known)


def alpha(a: Bounded) -> Fraction:
    return F(float(a.off))


def rho(a: Bounded) -> Fraction:
    return F(float(a.rel))


def size(a: Bounded) -> Fraction:
    return max(abs(F(float(a.low))), abs(F(float(a.high))))


def whole_bound(a: Bounded) -> Fraction:
    return alpha(a) + rho(a) * size(a)


def worst(a: Number, row: int) -> Iterator[Fraction]:
    """What the true value may be at most and at least, in base units; and the number itself."""
    if isinstance(a, Fraction):
        yield a
        return
    k = F(float(a.k[row]))
    for off in (-1, 0, 1):
        yield (k + off * (alpha(a) + rho(a) * abs(k))) * a.unit


def holds(found: Bounded, operation: Callable[..., Fraction], *items: Number) -> None:
    """(I) of docs/exactness.md, however far off the operands are."""
    for row, each in enumerate(found.k.tolist()):
        if found.state is not None and found.state[row] != OK:
            continue
        k = F(each)
        assert found.low <= each <= found.high
        for drawn in product(*(worst(item, row) for item in items)):
            true = operation(*drawn) / found.unit
            assert abs(k - true) <= alpha(found) + rho(found) * abs(k), (row, drawn)


def lies_within(found: Bounded) -> bool:
    """Whether every row with a value lies where `low` and `high` say."""
    sure = [each for row, each in enumerate(found.k.tolist()) if decided(found.state, row)]
    return all(found.low <= each <= found.high for each in sure)


def is_as_proved(found: Bounded, bound: Pair) -> None:
    for here, there in zip((alpha(found), rho(found)), bound, strict=True):
        assert there <= here <= there * WIDER


def ends(found: Bounded) -> tuple[float, float]:
    return float(found.low), float(found.high)


RANGES: list[list[float]] = [[3, 7, 5], [-3, -7, -5], [-3, 7, 5], [0, 7, 5], [-7, 0, -5], [0, 0, 0]]
ERRORS = [(0, 0), (0.25, 0), (0, 2**-22), (2**-20, 2**-30)]
COLUMNS = [column(k, off, rel) for k in RANGES for off, rel in ERRORS]
PAIRS = [(a, b) for a, b in product(COLUMNS, COLUMNS) if not (a.exact and b.exact)]


def bounded(found: Number) -> Bounded:
    assert isinstance(found, Bounded)
    return found


def added(a: Bounded, b: Bounded) -> Pair:
    if (a.low >= 0 and b.low >= 0) or (a.high <= 0 and b.high <= 0):
        return alpha(a) + alpha(b), max(rho(a), rho(b)) + 2 * U
    return whole_bound(a) + whole_bound(b), 2 * U


def test_a_sum_is_as_sure_as_proved() -> None:
    for a, b in PAIRS:
        found = bounded(BOUNDED.add(a, b))
        holds(found, operator.add, a, b)
        is_as_proved(found, added(a, b))
        assert ends(found) == (a.low + b.low, a.high + b.high)


def test_a_sum_of_what_is_above_0_and_what_is_below_is_as_unsure_as_both() -> None:
    for low, high in ((0.25, 0.75), (0.25, 1), (-0.25, 1)):
        a, b = column([low, high], rel=2**-50), column([-high, -0.125], rel=2**-50)
        for one, other in ((a, b), (b, a)):
            holds(bounded(BOUNDED.add(one, other)), operator.add, one, other)


def test_a_difference_is_as_sure_as_proved() -> None:
    for a, b in PAIRS:
        found = bounded(BOUNDED.subtract(a, b))
        holds(found, operator.sub, a, b)
        is_as_proved(found, added(a, bounded(BOUNDED.multiply(b, F(-1)))))
        assert ends(found) == (a.low - b.high, a.high - b.low)


@pytest.mark.parametrize("constant", [F(0), F(5), F(-5), F(1, 3), F(-2, 7), F(10**6)])
def test_a_sum_with_a_constant_is_as_sure_as_proved(constant: Fraction) -> None:
    for a in COLUMNS:
        for found in (BOUNDED.add(a, constant), BOUNDED.add(constant, a), BOUNDED.subtract(a, -constant)):
            sum_ = bounded(found)
            holds(sum_, operator.add, a, constant)
            if a.exact:
                assert sum_.exact
                assert F(float(sum_.low)) * sum_.unit == F(float(a.low)) + constant
                assert F(float(sum_.high)) * sum_.unit == F(float(a.high)) + constant
            elif constant == 0:
                assert sum_ is a
            else:
                written = Real(constant.numerator / constant.denominator)
                beside = Bounded(a.k, a.unit, written, written, Real(U * abs(F(float(written)))))
                is_as_proved(sum_, added(a, beside))


def test_a_product_is_as_sure_as_proved() -> None:
    for a, b in PAIRS:
        found = bounded(BOUNDED.multiply(a, b))
        holds(found, operator.mul, a, b)
        across = size(a) * alpha(b) * (1 + rho(a)) + size(b) * alpha(a) * (1 + rho(b)) + alpha(a) * alpha(b) + TINY
        is_as_proved(found, (across, rho(a) + rho(b) + rho(a) * rho(b) + 2 * U))
        corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
        assert ends(found) == (min(corners), max(corners))


def test_whole_products_up_to_the_last_whole_number_are_exact() -> None:
    a = column([2**27 - 1, -(2**27) + 1])
    assert bounded(BOUNDED.multiply(a, column([2**26, 2**26]))).exact
    beyond = bounded(BOUNDED.multiply(column([2**27, -(2**27)]), column([2**26, 2**26])))
    is_as_proved(beyond, (TINY, 2 * U))
    holds(
        bounded(BOUNDED.multiply(column([2**40 + 1]), column([2**40 - 1]))),
        operator.mul,
        column([2**40 + 1]),
        column([2**40 - 1]),
    )


def least(b: Bounded) -> Fraction:
    """m: how near zero a divisor comes, where it is divided by."""
    low, high = F(float(b.low)), F(float(b.high))
    if b.exact:
        return F(1) if low <= 0 <= high else min(abs(low), abs(high))
    off = whole_bound(b) * (1 + F(1, 2**40))
    apart = (low if low > 0 else -high) - off
    return apart if apart > 0 else 4 * off / LOOSE


def test_a_quotient_is_as_sure_as_proved() -> None:
    apart = [column([0.5, 3, 0.75], 2**-30), column([-0.5, -3, -0.75], 2**-30), column([0.5, 3, 0.75], 0, 2**-30)]
    apart += [column(k, off) for k in ([2.0**24, 0, -(2.0**24)], [2.0**24, 0, 2.0**25]) for off in (2**-10, 2**-30)]
    for a, b in product([*COLUMNS, *apart], [*COLUMNS, *apart]):
        m = least(b)
        if m == 0 or rho(b) + alpha(b) / m >= LOOSE:
            with pytest.raises(OutOfRange):
                BOUNDED.divide(a, b, 9)
            continue
        eta = rho(b) + alpha(b) / m
        tiny = F(0) if a.exact and b.exact else TINY
        bound = alpha(a) / m * (1 + 2 * eta) + tiny, (rho(a) + eta) * (1 + 2 * eta) + 2 * U
        if bound[1] >= LOOSE:
            with pytest.raises(OutOfRange):
                BOUNDED.divide(a, b, 9)
            continue
        found = bounded(BOUNDED.divide(a, b, 9))
        for row, k in enumerate(b.k.tolist()):
            expected = OK if abs(k) > m or (abs(k) == m and b.low * b.high > 0) else UNDECIDED
            if b.exact:
                expected = OK if k else 9
            assert expected == (OK if found.state is None else found.state[row])
        if found.state is not None and found.state.all():
            continue  # no row has a value
        holds(found, operator.truediv, a, b)
        is_as_proved(found, bound)
        most = size(a) / m
        assert all(abs(F(end)) <= most * WIDER for end in ends(found))
        if (a.low > 0 and b.low >= 0) or (a.high < 0 and b.high <= 0):
            nearest = min(abs(F(float(a.low))), abs(F(float(a.high)))) / size(b)
            assert nearest / WIDER <= F(float(found.low)) <= nearest
        if (a.low > 0 and b.high <= 0) or (a.high < 0 and b.low >= 0):
            nearest = min(abs(F(float(a.low))), abs(F(float(a.high)))) / size(b)
            assert nearest / WIDER <= -F(float(found.high)) <= nearest


def test_a_quotient_lies_where_it_says_whatever_the_signs() -> None:
    ends = [(low, high) for low, high in product((-3, -1, 0, 0.5, 1, 3), repeat=2) if low <= high]
    for a, b in product(ends, ends):
        for off in (0, 2**-60):
            above = column([a[0], a[0], a[1], a[1]], off)
            found = bounded(BOUNDED.divide(above, column([*b, *b], 2**-60), 9))
            assert lies_within(found), (a, b)


def test_what_went_wrong_before_stays_where_a_divisor_may_be_nothing() -> None:
    a, b = column([1, 1, 1], state=[OK, UNKNOWN, OK]), column([3, 4, 2**-53], 2**-52)
    assert bounded(BOUNDED.divide(a, b, 9)).state.tolist() == [OK, UNKNOWN, UNDECIDED]  # type: ignore[union-attr]


def test_a_constant_over_a_column_is_a_quotient_too() -> None:
    b = column([4, -8, 0])
    for constant in (F(3), F(-3), F(1, 3)):
        found = bounded(BOUNDED.divide(constant, b, 9))
        assert found.state is not None
        assert found.state.tolist() == [OK, OK, 9]
        holds(found, operator.truediv, constant, b)
    nothing = bounded(BOUNDED.divide(F(0), b, 9))
    assert nothing.k.tolist() == [0, 0, 0]
    assert nothing.exact
    assert nothing.state is not None
    assert nothing.state.tolist() == [OK, OK, 9]
    with pytest.raises(OutOfRange):
        BOUNDED.divide(b, F(0), 9)
    halves = bounded(BOUNDED.divide(b, F(2), 9))
    assert (halves.k.tolist(), halves.unit, halves.state) == ([4, -8, 0], F(1, 2), None)


@pytest.mark.parametrize("smaller", [True, False])
@pytest.mark.parametrize("constant", [F(0), F(4), F(-4), F(10, 3), F(-10, 3), F(7), F(-7), F(9), F(-9), F(3), F(-3)])
def test_a_limit_is_as_sure_as_proved(constant: Fraction, smaller: bool) -> None:
    join, plain = (BOUNDED.least, min) if smaller else (BOUNDED.greatest, max)
    for a in COLUMNS:
        for found in (bounded(join(a, constant)), bounded(join(constant, a))):
            holds(found, plain, a, constant)
            never = constant >= F(float(a.high)) if smaller else constant <= F(float(a.low))
            if never:
                assert found is a
            elif a.exact:
                assert found.exact
                low, high = (F(end) * found.unit for end in ends(found))
                assert (low, high) == (plain(F(float(a.low)), constant), plain(F(float(a.high)), constant))
            else:
                edge = F(constant.numerator / constant.denominator)
                is_as_proved(found, (alpha(a) * (1 + 2 * rho(a)) + U * abs(edge), rho(a) * (1 + 2 * rho(a))))
                assert ends(found) == (plain(float(a.low), float(edge)), plain(float(a.high), float(edge)))


@pytest.mark.parametrize("smaller", [True, False])
def test_the_extreme_of_two_columns_is_as_sure_as_proved(smaller: bool) -> None:
    join, plain = (BOUNDED.least, min) if smaller else (BOUNDED.greatest, max)
    for a, b in product(COLUMNS, COLUMNS):
        found = bounded(join(a, b))
        holds(found, plain, a, b)
        assert ends(found) == (plain(a.low, b.low), plain(a.high, b.high))
        if a.exact and b.exact:
            assert found.exact
        elif a.low >= 0 and b.low >= 0:
            more = 1 + F(1, 2**18)
            is_as_proved(found, ((alpha(a) + alpha(b)) * more, max(rho(a), rho(b)) * more))
        else:
            is_as_proved(found, (max(whole_bound(a), whole_bound(b)), F(0)))


def test_a_size_is_as_sure_as_what_it_is_of() -> None:
    for a in COLUMNS:
        found = bounded(BOUNDED.absolute(a))
        holds(found, abs, a)
        is_as_proved(found, (alpha(a), rho(a)))
        lows = [abs(a.low), abs(a.high)]
        assert ends(found) == (0 if a.low < 0 < a.high else min(lows), max(lows))


def test_a_choice_is_as_sure_as_the_less_sure_of_the_two() -> None:
    condition = np.array([True, False, True])
    for a, b in product(COLUMNS, COLUMNS):
        found = bounded(BOUNDED.select(condition, a, b))
        assert found.k.tolist() == [a.k[0], b.k[1], a.k[2]]
        is_as_proved(found, (max(alpha(a), alpha(b)), max(rho(a), rho(b))))
        assert ends(found) == (min(a.low, b.low), max(a.high, b.high))


@pytest.mark.parametrize("constant", [F(0), F(4), F(-9), F(10, 3)])
def test_a_choice_between_a_column_and_a_constant(constant: Fraction) -> None:
    condition = np.array([True, False, True])
    for a in COLUMNS:
        first, other = bounded(BOUNDED.select(condition, a, constant)), bounded(BOUNDED.select(~condition, constant, a))
        for found in (first, other):
            picked: tuple[Number, ...] = (a, constant, a)
            for row, chosen in enumerate(picked):
                for true in worst(chosen, row):
                    k = F(float(found.k[row]))
                    assert abs(k - true / found.unit) <= alpha(found) + rho(found) * abs(k)
            assert all(found.low <= k <= found.high for k in found.k)
            written = F(constant.numerator / constant.denominator)
            if a.exact:
                assert found.exact
                low, high = (F(end) * found.unit for end in ends(found))
                assert (low, high) == (min(F(float(a.low)), constant), max(F(float(a.high)), constant))
            elif alpha(a) or constant:
                is_as_proved(found, (alpha(a) + U * abs(written), rho(a)))


def test_a_row_that_has_no_value_does_no_harm_to_a_choice_of_the_other() -> None:
    a = evolve(column([3, 4], state=[OK, UNKNOWN]), k=np.array([3, np.nan]))
    found = bounded(BOUNDED.select(np.array([True, False]), a, F(2)))
    assert [F(k) * found.unit for k in found.k.tolist()] == [3, 2]
    assert found.state is not None
    assert found.state.tolist() == [OK, OK]


def test_where_a_condition_does_not_hold_there_is_nothing() -> None:
    a = column([3, -4, 5], unit=F(1, 10), state=[OK, OK, UNKNOWN])
    found = BOUNDED.where(np.array([True, False, False]), a)
    assert (found.k.tolist(), found.unit, found.state) == ([3, 0, 0], F(1, 10), a.state)
    for k, ends in (([3, 5], [0, 5]), ([-3, -5], [-5, 0]), ([-3, 5], [-3, 5])):
        put = BOUNDED.where(np.array([False, True]), column(k))
        assert [float(put.low), float(put.high)] == ends


@pytest.mark.parametrize(
    ("a", "b"), [(F(3), F(0)), (F(0), F(3)), (F(3), F(-2)), (F(1, 3), F(1, 2)), (F(0), F(0)), (F(2), F(2))]
)
def test_a_choice_between_two_constants_is_exact(a: Fraction, b: Fraction) -> None:
    found = bounded(BOUNDED.select(np.array([True, False]), a, b))
    assert found.exact
    assert [F(k) * found.unit for k in found.k.tolist()] == [a, b]
    assert all(found.low <= k <= found.high for k in found.k)
    assert found.k.dtype == np.float64


def test_two_constants_too_far_apart_are_out_of_range() -> None:
    with pytest.raises(OutOfRange):
        BOUNDED.select(np.array([True, False]), F(2**53), F(1))
    assert bounded(BOUNDED.select(np.array([True, False]), F(2**53 - 1), F(1))).k.tolist() == [2**53 - 1, 1]


# Units.


@pytest.mark.parametrize(
    ("a", "b", "unit"),
    [
        (F(1), F(1), F(1)),
        (F(1, 2), F(1, 3), F(1, 6)),
        (F(6), F(4), F(2)),
        (F(2, 3), F(4, 5), F(2, 15)),
        (F(0), F(3), F(3)),
    ],
)
def test_the_common_unit_is_the_largest_of_which_both_are_multiples(a: Fraction, b: Fraction, unit: Fraction) -> None:
    assert common(a, b) == common(b, a) == unit


def test_whole_columns_meet_in_their_common_unit_as_long_as_they_fit() -> None:
    a, b = column([3, -7], unit=F(1, 2)), column([5, 4], unit=F(1, 3))
    found = bounded(BOUNDED.add(a, b))
    assert (found.k.tolist(), found.unit, ends(found)) == ([19, -13], F(1, 6), (-21 + 8, 9 + 10))
    assert found.exact
    for most, exact in ((2**53 // 3, True), (2**53 // 3 + 1, False)):
        large = column([most], unit=F(1, 2))
        met = bounded(BOUNDED.least(large, b_like := column([1], unit=F(1, 3))))
        assert met.exact == exact
        holds(met, min, large, b_like)


def test_an_inexact_column_is_put_into_another_unit_as_proved() -> None:
    for b in COLUMNS:
        a = column([3, 7, 5], 2**-20)
        turned = Bounded(b.k, F(1, 3), b.low, b.high, b.off, b.rel)
        found = bounded(BOUNDED.greatest(a, turned))
        holds(found, max, a, turned)
        by = F(1 / 3)
        converted = alpha(b) * by + TINY, rho(b) + 3 * U
        low, high = b.low * Real(1 / 3), b.high * Real(1 / 3)
        assert ends(found) == (max(3, low), max(7, high))
        if b.low >= 0:
            more = 1 + F(1, 2**18)
            is_as_proved(found, ((alpha(a) + converted[0]) * more, max(rho(a), converted[1]) * more))
        else:
            most = converted[0] + converted[1] * max(abs(F(float(low))), abs(F(float(high))))
            is_as_proved(found, (max(whole_bound(a), most), F(0)))


@pytest.mark.parametrize("largest", [2**53 - 1, 2**53])
def test_sums_of_whole_numbers_are_exact_below_two_to_the_53(largest: int) -> None:
    a, one = column([largest - 2**52]), column([2**52])
    assert bounded(BOUNDED.add(a, one)).exact == (largest < 2**53)
    assert bounded(BOUNDED.subtract(a, column([-(2**52)]))).exact == (largest < 2**53)
    assert bounded(BOUNDED.add(a, F(2**52))).exact == (largest < 2**53)


@pytest.mark.filterwarnings("ignore:overflow")
def test_what_is_out_of_all_range_is_given_up() -> None:
    far = column([2.0**800], 1)
    with pytest.raises(OutOfRange):
        BOUNDED.multiply(far, far)
    for constant in (F(2**901), F(2**2000), F(1, 2**2000), F(-(2**901))):
        with pytest.raises(OutOfRange):
            BOUNDED.add(column([1.0], 1), constant)
    loose = column([1.0], 0, 2**-21)
    with pytest.raises(OutOfRange):
        BOUNDED.multiply(loose, loose)
    with pytest.raises(OutOfRange):
        BOUNDED.multiply(column([1.0], 2.0**899), column([4.0], 1))
    with pytest.raises(OutOfRange):
        BOUNDED.round(F(1), 2, "half-up")


def test_columns_are_read_as_whole_or_as_the_nearest_machine_numbers() -> None:
    k = np.array([3.0, -5.0])
    read = whole(k, F(1, 100), Real(-5), Real(3))
    assert (read.exact, read.unit, ends(read), read.state) == (True, F(1, 100), (-5, 3), None)
    state = np.array([OK, UNKNOWN], np.uint16)
    assert whole(k, F(1, 100), Real(-5), Real(3), state).state is state
    near = nearest_to(k, F(1, 100), np.array([OK, UNKNOWN], np.uint16))
    is_as_proved(near, (F(0), 2 * U))
    assert ends(near) == (-5, 3)
    assert near.state is not None


def test_each_operation_is_as_sure_in_any_unit() -> None:
    some = [column(k, off, rel) for k in RANGES[:3] for off, rel in ERRORS]
    for unit, other in product((F(1, 3), F(5, 2), F(1, 100)), (F(1), F(3), F(2, 7))):
        for a, b in product(some, some):
            x = Bounded(a.k, unit, a.low, a.high, a.off, a.rel)
            y = Bounded(b.k, other, b.low, b.high, b.off, b.rel)
            for join, plain in (
                (BOUNDED.add, operator.add),
                (BOUNDED.subtract, operator.sub),
                (BOUNDED.multiply, operator.mul),
                (BOUNDED.least, min),
            ):
                holds(bounded(join(x, y)), plain, x, y)
            if least(b):
                try:
                    holds(bounded(BOUNDED.divide(x, y, 9)), operator.truediv, x, y)
                except OutOfRange:
                    assert not b.exact
        for a, constant in product(some, (F(-3, 7), F(0), F(5), F(1, 3), F(-2))):
            x = Bounded(a.k, unit, a.low, a.high, a.off, a.rel)
            holds(bounded(BOUNDED.add(x, constant)), operator.add, x, constant)
            holds(bounded(BOUNDED.subtract(constant, x)), operator.sub, constant, x)
            holds(bounded(BOUNDED.multiply(x, constant)), operator.mul, x, constant)
            holds(bounded(BOUNDED.multiply(constant, x)), operator.mul, constant, x)
            holds(bounded(BOUNDED.greatest(x, constant)), max, x, constant)
            assert bounded(BOUNDED.multiply(x, constant)).exact == (a.exact or constant == 0)


def test_constants_alone_stay_fractions() -> None:
    for a, b in ((F(3), F(5)), (F(1, 3), F(-2))):
        assert BOUNDED.add(a, b) == a + b
        assert BOUNDED.subtract(a, b) == a - b
        assert BOUNDED.multiply(a, b) == a * b
        assert BOUNDED.divide(a, b, 9) == a / b
        assert BOUNDED.least(a, b) == min(a, b)
        assert BOUNDED.greatest(a, b) == max(a, b)
        assert BOUNDED.absolute(b) == abs(b)


@pytest.mark.parametrize("constant", [F(1, 3), F(4, 3), F(2**53, 3), F(2**53), F(2**53 - 1), F(2**60)])
def test_a_column_beside_a_constant_is_exact_as_long_as_both_fit_into_one_unit(constant: Fraction) -> None:
    condition = np.array([True, False])
    for largest in (2**53 // 3 - 1, 2**53 // 3 + 1, 2**52):
        a = column([1, largest])
        chosen, sum_ = bounded(BOUNDED.select(condition, a, constant)), bounded(BOUNDED.add(a, constant))
        lower, upper = bounded(BOUNDED.least(a, constant)), bounded(BOUNDED.greatest(a, constant))
        for found, expected in (
            (chosen, [F(1), constant]),
            (sum_, [1 + constant, largest + constant]),
            (lower, [min(F(1), constant), min(F(largest), constant)]),
            (upper, [max(F(1), constant), max(F(largest), constant)]),
        ):
            for row, true in enumerate(expected):
                k = F(float(found.k[row]))
                assert abs(k - true / found.unit) <= alpha(found) + rho(found) * abs(k)
        scaled = constant.denominator
        assert sum_.exact == (largest * scaled + constant.numerator < 2**53)
        assert chosen.exact == (largest * scaled + constant.numerator < 2**53)


def test_division_by_zero_is_marked_and_warns_of_nothing() -> None:
    with np.errstate(all="raise"):
        found = bounded(BOUNDED.divide(column([3, 4, 5], state=[OK, OK, UNKNOWN]), column([0, -2, 0]), 9))
    assert found.state is not None
    assert found.state.tolist() == [9, OK, UNKNOWN]


# What is decided: neither wrongly, nor left open where the bound decides it.

BESIDE = [
    F(0),
    F(1, 2**50),
    F(1, 2**49),
    F(1, 2**48),
    F(1, 2**47),
    F(1, 2**21),
    F(1, 2**19),
    F(1, 8),
    F(1, 4),
    F(5, 16),
    F(1, 2),
]


def decided(state: State, row: int) -> bool:
    return state is None or state[row] == OK


@pytest.mark.parametrize("by", ORDER)
@pytest.mark.parametrize("edge", [F(5), F(-5), F(0), F(7, 2), F(10, 3), F(-10, 3)])
def test_a_comparison_is_decided_where_the_bound_decides_it(by: Comparator, edge: Fraction) -> None:
    for off, rel in [*ERRORS, (2**-60, 0)]:
        near = [float(edge) + sign * float(beside) for beside in BESIDE for sign in (-1, 1)]
        a = column([*map(round, near)] if (off, rel) == (0, 0) else near, off, rel)
        across = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}
        turned: Comparator = across.get(by, by)  # type: ignore[assignment]  # comparators all
        for holding, state in (BOUNDED.compare(a, by, edge), BOUNDED.compare(edge, turned, a)):
            for row, k in enumerate(a.k.tolist()):
                truths = {ORDER[by](true, edge) for true in worst(a, row)}
                here = holding if isinstance(holding, bool) else bool(holding[row])
                if decided(state, row):
                    assert truths == {here}
                unsure = whole_bound(a) + 2 * U * (size(a) + abs(edge))
                sure = a.exact or (edge == 0 and off == 0) or abs(F(k) - F(float(edge))) > unsure * WIDER
                assert decided(state, row) == sure


@pytest.mark.parametrize("by", ORDER)
def test_a_comparison_of_two_columns_is_decided_where_their_bounds_decide_it(by: Comparator) -> None:
    for (off, rel), (off_b, rel_b) in product([*ERRORS, (2**-60, 0)], [*ERRORS, (2**-60, 0)]):
        near = [5 + sign * float(beside) for beside in BESIDE for sign in (-1, 1)]
        a = column([*map(round, near)] if (off, rel) == (0, 0) else near, off, rel)
        b = column([5.0] * len(near), off_b, rel_b)
        holding, state = BOUNDED.compare(a, by, b)
        assert not isinstance(holding, bool)
        for row, k in enumerate(a.k.tolist()):
            truths = {ORDER[by](x, y) for x in worst(a, row) for y in worst(b, row)}
            if decided(state, row):
                assert truths == {bool(holding[row])}
            unsure = whole_bound(a) + whole_bound(b) + 2 * U * (size(a) + size(b))
            assert decided(state, row) == ((a.exact and b.exact) or abs(F(k) - 5) > unsure * WIDER)


def test_a_whole_column_is_never_an_edge_between_whole_numbers() -> None:
    a = column([3, 4], state=[OK, UNKNOWN])
    for by, expected in (("==", False), ("!=", True)):
        holding, state = BOUNDED.compare(a, by, F(7, 2))  # type: ignore[arg-type]  # comparators
        assert np.array(holding).tolist() == [expected, expected]
        assert state is a.state
        assert BOUNDED.compare(column([3, 4]), by, F(7, 2)) == (expected, None)  # type: ignore[arg-type]
    assert BOUNDED.compare(F(1), "<", F(2)) == (True, None)
    huge, _ = BOUNDED.compare(column([2**53 - 1]), "<", F(10**30))
    assert np.array(huge).tolist() == [True]
    huge, _ = BOUNDED.compare(column([2**53 - 1]), "<", F(-(10**30)))
    assert np.array(huge).tolist() == [False]


@pytest.mark.parametrize("mode", ROUNDINGS)
@pytest.mark.parametrize(("off", "rel"), [(0.125, 0), (0, 2**-22), (2**-20, 2**-30)])
def test_a_rounding_is_decided_where_the_bound_decides_it(mode: Mode, off: float, rel: float) -> None:
    for places, unit in product((0, 1), (F(1), F(1, 10), F(1, 3))):
        scale = unit * 10**places
        aims = [
            sign * (n + F(half, 2) + side * beside)
            for n in (0, 3)
            for half in (0, 1)
            for beside in BESIDE
            for side in (-1, 1)
            for sign in (-1, 1)
        ]
        a = column([float(aim / scale) for aim in aims], off, rel, unit)
        try:
            found = bounded(BOUNDED.round(a, places, mode))
        except OutOfRange:
            assert whole_bound(a) * scale * WIDER + TINY + 4 * U * 5 >= F(1, 2)
            continue
        assert found.exact
        assert found.unit == F(1, 10**places)
        unsure = (
            whole_bound(a) * F(float(scale))
            + 4 * U * max(abs(F(float(a.low * Real(scale)))), abs(F(float(a.high * Real(scale)))))
            + TINY
        )
        for row, k in enumerate(a.k.tolist()):
            y = F(float(Real(k) * Real(scale)))
            apart = abs(y - round(y))
            to_nearest = mode in ("half-up", "half-even")
            sure = apart < F(1, 2) - unsure * WIDER if to_nearest else apart > unsure * WIDER
            assert decided(found.state, row) == sure
            if decided(found.state, row):
                (only,) = {rounded(true, places, mode) for true in worst(a, row)}
                assert F(float(found.k[row])) * found.unit == only
                assert found.low <= found.k[row] <= found.high


@pytest.mark.parametrize("mode", ROUNDINGS)
@pytest.mark.parametrize("unit", [F(1, 8), F(1, 3), F(7, 30), F(1, 100)])
@pytest.mark.parametrize(
    "k",
    [[*range(60)], [*range(-60, 0)], [*range(-30, 31)], [*range(-60, 1)]],
    ids=["above", "below", "both", "to zero"],
)
def test_whole_numbers_of_any_unit_are_rounded_without_doubt(mode: Mode, unit: Fraction, k: list[float]) -> None:
    for places in (0, 1, 2):
        found = bounded(BOUNDED.round(column(k, unit=unit), places, mode))
        assert found.state is None
        assert [F(each) * found.unit for each in found.k.tolist()] == [
            rounded(F(each) * unit, places, mode) for each in k
        ]
        assert all(found.low <= each <= found.high for each in found.k)


@pytest.mark.parametrize("mode", ROUNDINGS)
@pytest.mark.parametrize("parts", [98, 150, 154, 182, 186])  # whose ties machine numbers miss by a little
def test_a_tie_that_a_machine_number_misses_is_one(mode: Mode, parts: int) -> None:
    k = [sign * (2 * each + 1) * (parts // 2) for each in range(50) for sign in (-1, 1)]
    found = bounded(BOUNDED.round(column(k, unit=F(1, parts)), 0, mode))
    assert [F(each) for each in found.k.tolist()] == [rounded(F(each, parts), 0, mode) for each in k]


@pytest.mark.parametrize("mode", ROUNDINGS)
def test_what_lies_nearer_to_a_step_than_machine_numbers_do_is_left_open(mode: Mode) -> None:
    for parts in range(2**51 + 1, 2**52, 2**42 + 2):
        for beside in ((parts - 1) // 2, (parts + 1) // 2, parts - 1, parts + 1):
            a = column([beside], unit=F(1, parts))
            found = bounded(BOUNDED.round(a, 0, mode))
            if decided(found.state, 0):
                assert F(float(found.k[0])) == rounded(F(beside, parts), 0, mode)


@pytest.mark.parametrize("mode", ROUNDINGS)
def test_large_numbers_are_rounded_rightly_or_left_open(mode: Mode) -> None:
    for power in (44, 47, 50):
        a = column([7 * 2**power - each for each in range(1, 22)], unit=F(1, 7))
        try:
            found = bounded(BOUNDED.round(a, 0, mode))
        except OutOfRange:
            assert power == 50
            continue
        for row, k in enumerate(a.k.tolist()):
            if decided(found.state, row):
                assert F(float(found.k[row])) == rounded(F(k) / 7, 0, mode)


@pytest.mark.parametrize("mode", ROUNDINGS)
def test_a_rounding_keeps_what_went_wrong_before(mode: Mode) -> None:
    for off in (0, 2**-30, 2**-3):
        a = column([3.25, 4.75, 5.5] if off else [3, 4, 5], off, unit=F(1, 3) if not off else 1, state=[OK, UNKNOWN, 7])
        found = bounded(BOUNDED.round(a, 0, mode))
        assert found.state is not None
        assert found.state.tolist()[1:] == [UNKNOWN, 7]


def test_what_is_a_multiple_already_is_not_rounded() -> None:
    a = column([3, 7], unit=F(1, 10))
    assert BOUNDED.round(a, 1, "half-up") is a
    assert BOUNDED.round(a, 2, "half-up") is a


def test_a_column_too_large_to_round_is_given_up() -> None:
    assert bounded(BOUNDED.round(column([2.0**50], 2**-20), 0, "half-up")).k.tolist() == [2**50]
    with pytest.raises(OutOfRange):
        BOUNDED.round(column([2.0**51], 2**-20), 0, "half-up")


# States.

OPERATIONS: Mapping[str, Callable[[Number, Number], Number]] = {
    "add": BOUNDED.add,
    "subtract": BOUNDED.subtract,
    "multiply": BOUNDED.multiply,
    "divide": lambda a, b: BOUNDED.divide(a, b, 9),
    "least": BOUNDED.least,
    "greatest": BOUNDED.greatest,
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_went_wrong_first_stays(operation: str) -> None:
    for off, unit in product((0, 2**-30), (F(1), F(1, 3))):
        a, b = column([3, 4, 5], off, state=[OK, UNKNOWN, 7]), column([5, 6, 7], off, unit=unit, state=[8, 8, OK])
        found = bounded(OPERATIONS[operation](a, b))
        assert found.state is not None
        assert found.state.tolist() == [8, UNKNOWN, 7]
        for constant in (F(4), F(-1), F(22), F(1, 3)):
            assert BOUNDED.state(OPERATIONS[operation](a, constant)) is a.state
            turned = BOUNDED.state(OPERATIONS[operation](constant, a))
            assert turned is not None
            assert turned.tolist() == [OK, UNKNOWN, 7]


def test_a_choice_has_the_state_of_what_is_chosen() -> None:
    for off in (0, 2**-30):
        a, b = column([3, 4, 5], off, state=[OK, UNKNOWN, 7]), column([5, 6, 7], off, state=[8, OK, OK])
        condition = np.array([True, True, False])
        for found, expected in (
            (BOUNDED.select(condition, a, b), [OK, UNKNOWN, OK]),
            (BOUNDED.select(condition, a, F(2)), [OK, UNKNOWN, OK]),
            (BOUNDED.select(condition, F(2), a), [OK, OK, 7]),
        ):
            state = BOUNDED.state(found)
            assert state is not None
            assert state.tolist() == expected
        for edge in (F(4), F(7, 2), F(100)):
            against = BOUNDED.compare(a, ">", edge)[1]
            assert against is not None
            assert against.tolist()[1:] == [UNKNOWN, 7]
        compared = BOUNDED.compare(a, ">", b)[1]
        assert compared is not None
        assert compared.tolist() == [8, UNKNOWN, 7]


def test_a_state_can_be_put_before_or_in_the_place_of_another() -> None:
    a, state = column([3, 4], state=[OK, 7]), np.array([UNKNOWN, OK], np.uint16)
    put = BOUNDED.state(BOUNDED.with_state(a, state))
    assert put is not None
    assert put.tolist() == [UNKNOWN, 7]
    assert BOUNDED.with_state(a, None) is a
    assert BOUNDED.state(BOUNDED.replace_state(a, state)) is state
    constant = bounded(BOUNDED.with_state(F(-3, 2), state))
    assert [F(k) * constant.unit for k in constant.k.tolist()] == [F(-3, 2)] * 2
    assert constant.state is state
    assert constant.exact
    assert BOUNDED.replace_state(F(3), state) == F(3)
    assert BOUNDED.state(F(3)) is None
    nothing = bounded(BOUNDED.with_state(F(0), state))
    assert (nothing.k.tolist(), nothing.state is state) == ([0, 0], True)
