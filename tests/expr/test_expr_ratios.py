"""Quotients of 64-bit integers: exact in every row they decide, and undecided only where a number could leave 62 bits."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import gcd

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval.expr.bounded import ORDER
from perfeval.expr.nodes import Comparator
from perfeval.expr.ratios import RATIOS, Number, Ratios
from perfeval.expr.state import OK, UNDECIDED, UNKNOWN, OutOfRange, State
from perfeval.quantity import ROUNDINGS, Mode, rounded

F = Fraction
MOST = 2**61  # an estimate that comes to this leaves a row undecided


def column(values: Sequence[Fraction | int], unit: Fraction | int = 1, state: Sequence[int] | None = None) -> Ratios:
    """These values, in this unit."""
    parts = [(F(value) / unit).as_integer_ratio() for value in values]
    n, d = (np.array([part[place] for part in parts], np.int64) for place in (0, 1))
    return Ratios(n, d, F(unit), None if state is None else np.array(state, np.uint16))


def values(found: Number, rows: int = 1) -> list[Fraction | None]:
    """Each row's value; None where it is undecided."""
    if isinstance(found, Fraction):
        return [found] * rows
    state = [OK] * len(found.n) if found.state is None else found.state.tolist()
    assert set(state) <= {OK, UNDECIDED}
    return [
        F(n, d) * found.unit if code == OK else None
        for n, d, code in zip(found.n.tolist(), found.d.tolist(), state, strict=True)
    ]


def states(state: State) -> list[int]:
    assert state is not None
    found: list[int] = state.tolist()
    return found


OPERATIONS: Mapping[str, tuple[Callable[[Number, Number], Number], Callable[[Fraction, Fraction], Fraction]]] = {
    "add": (RATIOS.add, operator.add),
    "subtract": (RATIOS.subtract, operator.sub),
    "multiply": (RATIOS.multiply, operator.mul),
    "divide": (lambda a, b: RATIOS.divide(a, b, 9), operator.truediv),
    "least": (RATIOS.least, min),
    "greatest": (RATIOS.greatest, max),
}
UNITS = [F(1), F(1, 100), F(3), F(2, 7), F(10**4)]
some = st.fractions(-50, 50, max_denominator=40)


@pytest.mark.parametrize("operation", OPERATIONS)
@given(st.lists(st.tuples(some, some), min_size=1, max_size=5), st.sampled_from(UNITS), st.sampled_from(UNITS), some)
def test_an_operation_on_columns_is_exact_in_every_row(
    operation: str, pairs: list[tuple[Fraction, Fraction]], unit: Fraction, other: Fraction, constant: Fraction
) -> None:
    join, plain = OPERATIONS[operation]
    if operation == "divide":
        pairs, constant = [(a, b or F(1)) for a, b in pairs], constant or F(1)
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    a, b = column(left, unit), column(right, other)
    assert values(join(a, b)) == list(map(plain, left, right))
    assert values(join(a, constant)) == [plain(each, constant) for each in left]
    assert values(join(constant, b)) == [plain(constant, each) for each in right]
    assert join(left[0], constant) == plain(left[0], constant)
    for found in (join(a, b), join(a, constant), join(constant, b)):
        assert isinstance(found, Ratios)
        assert (found.d > 0).all()
    reduced = join(a, b)
    assert isinstance(reduced, Ratios)
    assert all(gcd(n, d) == 1 for n, d in zip(reduced.n.tolist(), reduced.d.tolist(), strict=True))


@given(st.lists(some, min_size=1, max_size=5), st.sampled_from(UNITS))
def test_a_size_is_exact(found: list[Fraction], unit: Fraction) -> None:
    assert values(RATIOS.absolute(column(found, unit))) == list(map(abs, found))
    assert RATIOS.absolute(F(-3)) == 3


@pytest.mark.parametrize("mode", ROUNDINGS)
@given(
    st.lists(st.fractions(-9, 9, max_denominator=40) | st.integers(-40, 40).map(lambda k: F(k, 4)), min_size=1),
    st.sampled_from(UNITS),
    st.integers(0, 3),
)
def test_a_rounding_is_exact(mode: Mode, found: list[Fraction], unit: Fraction, places: int) -> None:
    done = RATIOS.round(column(found, unit), places, mode)
    assert isinstance(done, Ratios)
    assert values(done) == [rounded(each, places, mode) for each in found]
    assert (done.unit, done.state) == (F(1, 10**places), None)
    with pytest.raises(OutOfRange):
        RATIOS.round(F(1), places, mode)


@pytest.mark.parametrize("mode", ROUNDINGS)
def test_the_smallest_parts_are_rounded_as_all_others(mode: Mode) -> None:
    parts = [F(sign * k, d) for sign in (-1, 1) for d in (1, 2, 3, 5) for k in range(2 * d + 2)]
    assert values(RATIOS.round(column(parts), 0, mode)) == [rounded(each, 0, mode) for each in parts]


@pytest.mark.parametrize("by", ORDER)
@given(st.lists(st.tuples(some, some), min_size=1, max_size=5), st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_a_comparison_is_exact(
    by: Comparator, pairs: list[tuple[Fraction, Fraction]], unit: Fraction, other: Fraction
) -> None:
    pairs = [*pairs, (F(3), F(3))]
    a, b = column([x for x, _ in pairs], unit), column([y for _, y in pairs], other)
    holding, state = RATIOS.compare(a, by, b)
    assert not isinstance(holding, bool)
    assert holding.tolist() == [ORDER[by](x, y) for x, y in pairs]
    assert state is None
    for constant in (F(3), pairs[0][1]):
        holding, _ = RATIOS.compare(a, by, constant)
        assert not isinstance(holding, bool)
        assert holding.tolist() == [ORDER[by](x, constant) for x, _ in pairs]
        holding, _ = RATIOS.compare(constant, by, b)
        assert not isinstance(holding, bool)
        assert holding.tolist() == [ORDER[by](constant, y) for _, y in pairs]
        assert RATIOS.compare(constant, by, F(3)) == (ORDER[by](constant, F(3)), None)


@given(st.lists(st.tuples(st.booleans(), some, some), min_size=1), st.sampled_from(UNITS), st.sampled_from(UNITS), some)
def test_a_choice_is_exact(
    rows: list[tuple[bool, Fraction, Fraction]], unit: Fraction, other: Fraction, constant: Fraction
) -> None:
    condition = np.array([holds for holds, _, _ in rows])
    a, b = column([x for _, x, _ in rows], unit), column([y for _, _, y in rows], other)
    assert values(RATIOS.select(condition, a, b)) == [x if holds else y for holds, x, y in rows]
    assert values(RATIOS.select(condition, constant, b)) == [constant if holds else y for holds, _, y in rows]
    assert values(RATIOS.select(condition, a, constant)) == [x if holds else constant for holds, x, _ in rows]
    assert values(RATIOS.select(condition, constant, F(5))) == [constant if holds else 5 for holds, _, _ in rows]


# What is too large.


@pytest.mark.parametrize("sign", [1, -1])
def test_a_row_is_undecided_where_a_product_could_leave_62_bits_and_no_other_row_is(sign: int) -> None:
    a, b = column([sign * 2**31, 3, sign * 2**31]), column([2**30 - 1, 5, 2**30])
    assert values(RATIOS.multiply(a, b)) == [sign * 2**31 * (2**30 - 1), 15, None]
    a, b = column([F(sign, 2**31), F(3), F(sign, 2**31)]), column([F(1, 2**30 - 1), F(5), F(1, 2**30)])
    assert values(RATIOS.multiply(a, b)) == [F(sign, 2**31 * (2**30 - 1)), 15, None]
    assert values(RATIOS.divide(column([sign * 2**31, 1]), column([F(1, 2**30), 2]), 9)) == [None, F(1, 2)]


def test_a_sum_is_undecided_where_its_parts_over_one_denominator_could_leave_62_bits() -> None:
    for join, plain in ((RATIOS.add, operator.add), (RATIOS.subtract, operator.sub), (RATIOS.least, min)):
        a, b = column([F(2**40, 3), F(1, 3)]), column([F(1, 2**19), F(1, 2**21)])
        assert values(join(a, b)) == [plain(F(2**40, 3), F(1, 2**19)), plain(F(1, 3), F(1, 2**21))]
        a = column([F(2**40, 3), F(1, 3)])
        b = column([F(1, 2**21), F(1, 2**21)])
        assert values(join(a, b)) == [None, plain(F(1, 3), F(1, 2**21))]
        assert values(join(b, a)) == [None, plain(F(1, 2**21), F(1, 3))]
    a, b = column([F(1, 3**20), F(1, 3)]), column([F(1, 2**30), F(1, 5)])
    assert values(RATIOS.add(a, b)) == [None, F(8, 15)]  # it is the denominator, here
    a, b = column([F(1, 3**20), F(2**40, 3), F(1, 3)]), column([F(1, 2**30), F(1, 2**21), F(1, 5)])
    assert values(RATIOS.add(a, b)) == [None, None, F(8, 15)]  # and here, for each row something else


def test_units_that_lie_too_far_apart_are_undecided_or_given_up() -> None:
    far = column([2, 1], F(1)), column([F(1, 2**61), F(1, 2**61)], F(1, 2**61))
    assert values(RATIOS.add(*far)) == [None, None]
    near = column([1, 3]), column([F(1, 2**60), F(1, 2**60)], F(1, 2**60))
    assert values(RATIOS.add(*near)) == [1 + F(1, 2**60), None]
    for power in (62, 70):
        apart = column([1]), column([F(1, 2**power)], F(1, 2**power))
        for operation in (RATIOS.add, RATIOS.least, lambda a, b: RATIOS.select(np.array([True]), a, b)):
            with pytest.raises(OutOfRange):
                operation(*apart)
    chosen = RATIOS.select(np.array([True, False]), *far)
    assert values(chosen) == [None, F(1, 2**61)]
    chosen = RATIOS.select(np.array([False, True]), far[1], far[0])
    assert values(chosen) == [None, F(1, 2**61)]


def test_a_rounding_is_undecided_where_it_could_leave_62_bits() -> None:
    most = MOST // 200
    done = RATIOS.round(column([most, most + 1, F(5, 2)]), 2, "half-up")
    assert values(done) == [most, None, F(5, 2)]
    with pytest.raises(OutOfRange):
        RATIOS.round(column([1]), 30, "half-up")
    small = Ratios(np.array([1, 1]), np.array([2**60, 3]), F(1), None)
    assert values(RATIOS.round(small, 0, "ceil")) == [None, 1]
    assert values(RATIOS.round(Ratios(np.array([1]), np.array([2**59]), F(1), None), 0, "ceil")) == [1]


# States.


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_went_wrong_first_stays(operation: str) -> None:
    join, _ = OPERATIONS[operation]
    a, b = column([3, 4, 5], state=[OK, UNKNOWN, 7]), column([5, 6, 7], state=[8, 8, OK])
    assert states(RATIOS.state(join(a, b))) == [8, UNKNOWN, 7]
    assert states(RATIOS.state(join(a, F(4)))) == [OK, UNKNOWN, 7]
    assert states(RATIOS.state(join(F(4), a))) == [OK, UNKNOWN, 7]


def test_a_division_by_zero_is_marked_with_its_code() -> None:
    found = RATIOS.divide(column([3, 4, 5], state=[OK, OK, UNKNOWN]), column([0, -2, 0]), 9)
    assert states(RATIOS.state(found)) == [9, OK, UNKNOWN]
    assert isinstance(found, Ratios)
    assert F(int(found.n[1]), int(found.d[1])) * found.unit == -2
    assert states(RATIOS.state(RATIOS.divide(F(0), column([0, 1]), 9))) == [9, OK]
    with pytest.raises(OutOfRange):
        RATIOS.divide(column([1]), F(0), 9)


def test_a_choice_a_rounding_and_a_comparison_keep_states() -> None:
    a, b = column([3, 4, 5], state=[OK, UNKNOWN, 7]), column([5, 6, 7], state=[8, OK, OK])
    condition = np.array([True, True, False])
    assert states(RATIOS.state(RATIOS.select(condition, a, b))) == [OK, UNKNOWN, OK]
    assert states(RATIOS.state(RATIOS.select(condition, a, F(2)))) == [OK, UNKNOWN, OK]
    assert states(RATIOS.state(RATIOS.select(condition, F(2), a))) == [OK, OK, 7]
    assert states(RATIOS.state(RATIOS.round(a, 1, "up"))) == [OK, UNKNOWN, 7]
    assert states(RATIOS.state(RATIOS.absolute(a))) == [OK, UNKNOWN, 7]
    for constant in (F(0), F(-2), F(3)):
        assert states(RATIOS.state(RATIOS.multiply(a, constant))) == [OK, UNKNOWN, 7]
    assert states(RATIOS.compare(a, ">", b)[1]) == [8, UNKNOWN, 7]
    assert states(RATIOS.compare(a, ">", F(1))[1]) == [OK, UNKNOWN, 7]


def test_a_row_without_a_value_troubles_no_other() -> None:
    a = Ratios(np.array([2**62, 3]), np.array([0, 1]), F(1), np.array([UNKNOWN, OK], np.uint16))
    for found in (RATIOS.add(a, column([1, 1])), RATIOS.round(a, 1, "half-up"), RATIOS.multiply(a, F(2))):
        assert isinstance(found, Ratios)
        assert states(found.state) == [UNKNOWN, OK]
        assert F(int(found.n[1]), int(found.d[1])) * found.unit in (3, 4, 6)


def test_a_state_can_be_put_before_or_in_the_place_of_another() -> None:
    a, state = column([3, 4], state=[OK, 7]), np.array([UNKNOWN, OK], np.uint16)
    assert states(RATIOS.state(RATIOS.with_state(a, state))) == [UNKNOWN, 7]
    assert RATIOS.with_state(a, None) is a
    assert RATIOS.state(RATIOS.replace_state(a, state)) is state
    assert RATIOS.replace_state(F(3), state) == 3
    assert RATIOS.state(F(3)) is None
    for constant in (F(-3, 2), F(0), F(5)):
        found = RATIOS.with_state(constant, state)
        assert isinstance(found, Ratios)
        assert found.state is state
        assert [F(int(n), int(d)) * found.unit for n, d in zip(found.n, found.d, strict=True)] == [constant] * 2


def test_constants_alone_stay_fractions() -> None:
    for (join, plain), (a, b) in product(OPERATIONS.values(), [(F(3), F(5)), (F(1, 3), F(-2))]):
        assert join(a, b) == plain(a, b)
