"""The columns interpreter decides nothing but what the exact interpreter says, and every bound it states holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

import numpy as np
import pytest
from formula_cases import FACTS, FLAGS, Known, labelled, pairs
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from perfeval.expr.bounded import BOUNDED, Bounded, Real, whole
from perfeval.expr.columns import Absent, Arithmetic, Column, Columns, N, Truth, prepared, widest
from perfeval.expr.exact import MOST_BITS, DividedByZero, NotMet, Unknown, exact
from perfeval.expr.nodes import Compare, Divide, Expr, FactRef, Multiply, Require, Round, number
from perfeval.expr.parse import parse
from perfeval.expr.ratios import RATIOS, Ratios
from perfeval.expr.state import FIRST_ERROR, OK, UNDECIDED, UNKNOWN, OutOfRange, State
from perfeval.quantity import ROUNDINGS

Row = Mapping[str, Known]
PLACES = 10**4

near = st.integers(-3, 3).map(Fraction)
hundredths = st.integers(-2000, 2000).map(lambda k: Fraction(k, 100))
tiny_and_huge = st.sampled_from(
    [Fraction(1, PLACES), Fraction(2**50, PLACES), Fraction(-(10**15), PLACES), Fraction(10**11)]
)
amounts = st.one_of(near, hundredths, hundredths, tiny_and_huge)
rows = st.lists(
    st.builds(
        lambda numbers, flags: {**numbers, **flags},
        st.dictionaries(st.sampled_from(FACTS), amounts),
        st.dictionaries(st.sampled_from(FLAGS), st.booleans()),
    ),
    min_size=1,
    max_size=6,
)


def facts(given: Sequence[Row], name: str) -> tuple[NDArray[np.generic], State]:
    state = np.array([OK if name in row else UNKNOWN for row in given], np.uint16)
    values = [row.get(name, False) for row in given]
    found = np.array([int(value * PLACES) if isinstance(value, Fraction) else value for value in values])
    return found, state if state.any() else None


def bounded(given: Sequence[Row], name: str) -> Column[Bounded]:
    values, state = facts(given, name)
    if name in FLAGS:
        return Truth(values.astype(bool), state)
    k = values.astype(np.float64)
    return whole(k, Fraction(1, PLACES), Real(k.min()), Real(k.max()), state)


def ratios(given: Sequence[Row], name: str) -> Column[Ratios]:
    values, state = facts(given, name)
    if name in FLAGS:
        return Truth(values.astype(bool), state)
    return Ratios(values.astype(np.int64), np.ones(len(values), np.int64), Fraction(1, PLACES), state)


def outcome(expr: Expr, row: Row) -> Fraction | bool | str | int:
    """The exact value; or the code of why there is none."""
    try:
        value, _ = exact(expr, pairs(row))
    except Unknown:
        return -UNKNOWN
    except (DividedByZero, NotMet):
        return -FIRST_ERROR
    return value


def check(expr: Expr, given: Sequence[Row], arithmetic: Arithmetic[N], column: Column[N], state: State) -> int:
    """Hold every row that is decided against the exact interpreter; how many there are."""
    decided = 0
    for index, row in enumerate(given):
        code = OK if state is None else int(state[index])
        if code == UNDECIDED:
            continue
        decided += 1
        expected = outcome(expr, row)
        if code != OK:
            assert expected is not True and expected == -min(code, FIRST_ERROR), (expected, code)
            continue
        match column:
            case Truth(holds):
                assert expected is (holds if isinstance(holds, bool) else bool(holds[index]))
            case Bounded():
                assert isinstance(expected, Fraction)
                k = Fraction(float(column.k[index]))
                off = Fraction(float(column.off)) + Fraction(float(column.rel)) * abs(k)
                assert abs(k - expected / column.unit) <= off
                assert column.low <= column.k[index] <= column.high
                if column.exact:
                    assert k.denominator == 1
            case Ratios():
                assert expected == Fraction(int(column.n[index]), int(column.d[index])) * column.unit
            case _:
                assert expected == column
    return decided


def computed(
    expr: Expr, given: Sequence[Row], arithmetic: Arithmetic[N], read: Callable[[Sequence[Row], str], Column[N]]
) -> int:
    columns = Columns(arithmetic, lambda name: read(given, name), len(given))
    try:
        with np.errstate(all="ignore"):
            found = columns.any(prepared(expr))
    except OutOfRange:
        return 0
    state = np.full(len(given), UNKNOWN, np.uint16) if isinstance(found, Absent) else columns.state(found)
    return check(expr, given, arithmetic, found, state)


@given(labelled, rows)
@example(parse("1 / (a / b - 1)"), [{"a": Fraction(1), "b": Fraction(3)}, {"a": Fraction(3), "b": Fraction(3)}])
def test_machine_numbers_decide_nothing_wrongly(expr: Expr, given: Sequence[Row]) -> None:
    computed(expr, given, BOUNDED, bounded)


@given(labelled, rows)
def test_integers_decide_nothing_wrongly(expr: Expr, given: Sequence[Row]) -> None:
    computed(expr, given, RATIOS, ratios)


@given(
    labelled, rows, st.integers(0, 4), st.sampled_from(sorted(ROUNDINGS)), st.sampled_from(["==", "!=", ">=", "<", ">", "<="]),
    hundredths,
)  # fmt: skip
def test_rounding_and_comparing_what_was_computed(
    expr: Expr, given: Sequence[Row], places: int, mode: str, by: str, edge: Fraction
) -> None:
    rounded = Round(expr, places, mode)  # type: ignore[arg-type]  # one of the modes
    refused = Require(Compare(by, rounded, number(edge)), expr, otherwise=None)  # type: ignore[arg-type]  # not read
    for each in (rounded, Compare(by, expr, number(edge)), refused):  # type: ignore[arg-type]  # a comparator
        computed(each, given, BOUNDED, bounded)
        computed(each, given, RATIOS, ratios)


TIES = st.integers(-4000, 4000).map(lambda k: Fraction(k, 2000))


@pytest.mark.parametrize("mode", sorted(ROUNDINGS))
@given(st.lists(TIES, min_size=1, max_size=30), st.integers(1, 8))
def test_a_whole_number_of_units_is_rounded_at_once_ties_and_all(
    mode: str, values: list[Fraction], divisor: int
) -> None:
    expr = Round(FactRef("a") / number(divisor), 2, mode)  # type: ignore[arg-type]  # one of the modes
    given = [{"a": value} for value in values]
    assert computed(expr, given, BOUNDED, bounded) == len(values)
    assert computed(expr, given, RATIOS, ratios) == len(values)


@pytest.mark.parametrize("mode", sorted(ROUNDINGS))
def test_a_constant_divisor_that_no_machine_number_holds_moves_no_tie(mode: str) -> None:
    for divisor in (3, 17, 29, 55, 73):  # 1 / 1700 and its like are a little less in machine numbers
        given: list[Row] = [
            {"a": Fraction((2 * half + 1) * 50 * divisor + beside, PLACES)} for half in range(300) for beside in (0, 1)
        ]
        expr = Round(FactRef("a") / number(divisor), 2, mode)  # type: ignore[arg-type]  # one of the modes
        assert computed(expr, given, BOUNDED, bounded) == len(given)


QUOTIENTS = [
    "10 * a / b",
    "10 * (a / b)",
    "a / (b / 10)",
    "10 - 10 * (b - a) / b",
    "1 / (b / a) * 10",
    "min(a / b, 3) * 10",
]
tied = st.tuples(st.integers(0, 3000), st.integers(1, 10**5), st.integers(-1, 1))


@pytest.mark.parametrize("mode", sorted(ROUNDINGS))
@given(st.sampled_from(QUOTIENTS), st.lists(tied, min_size=1, max_size=20))
def test_quotients_on_a_tie_and_right_beside_one(mode: str, quotient: str, ties: list[tuple[int, int, int]]) -> None:
    expr = parse(quotient)
    given = [
        {"a": Fraction((2 * half + 1) * size + beside, PLACES), "b": Fraction(2000 * size, PLACES)}
        for half, size, beside in ties
    ]
    rounded = Round(expr, 2, mode)  # type: ignore[arg-type]  # one of the modes
    assert computed(rounded, given, RATIOS, ratios) == len(given)
    computed(rounded, given, BOUNDED, bounded)
    for half, _, _ in ties[:2]:  # and on the edge of a band, which is the tie's own value
        for by in ("==", ">=", "<", "!="):
            edge = Compare(by, expr, number(Fraction(2 * half + 1, 200)))
            computed(edge, given, BOUNDED, bounded)


CHAINS = [
    " * ".join(["(a / b)"] * 8),
    " * ".join(["(a / b)", "(b / a)"] * 4),
    " + ".join(["a / b - b / a"] * 4),
    "(a / b - b / a) * (a / b - b / a) / (a / b + b / a)",
    "max(a / b - b / a, b / a - a / b, 1 / a - 1 / b)",
    "min(a / b, b / a, 2 / 3) / 3 + a * b / 7",
    "if(a > b, a / b - 5, b / a) * (a / b) / (1 / a + 1 / b)",
    "abs(a / b - 1) / (a / b + 1 / 3) - min(a / b, 1)",
]


@pytest.mark.parametrize("chain", CHAINS)
def test_errors_that_add_up_stay_within_their_bound(chain: str) -> None:
    source = np.random.default_rng(len(chain))
    figures = source.integers(1, source.choice([10**3, 10**6, 10**9], (1500, 1)), (1500, 2)).tolist()
    given: list[Row] = [{"a": Fraction(a, PLACES), "b": Fraction(b, PLACES)} for a, b in figures]
    assert computed(parse(chain), given, BOUNDED, bounded) == len(given)


LARGE = ["a + a + a", "a - b / 7", "min(a / 3, b / 7)", "max(a, 1 / 7)", "if(a > b, a / 3, b / 7)", "if(a > b, a, 1 / 11)", "a * b",
         "a + 1 / 3 - 1 / 7", "round(a / 3, 2)", "round(a / 3 + b / 7, 4)"]  # fmt: skip


@pytest.mark.parametrize("formula", LARGE)
@given(st.lists(st.tuples(*[st.integers(-(2**53) + 1, 2**53 - 1)] * 2), min_size=1, max_size=8))
def test_whole_numbers_that_leave_machine_numbers_do_not_pass_for_exact(
    formula: str, figures: list[tuple[int, int]]
) -> None:
    given: list[Row] = [{"a": Fraction(a, PLACES), "b": Fraction(b, PLACES)} for a, b in figures]
    computed(parse(formula), given, BOUNDED, bounded)
    computed(parse(formula), given, RATIOS, ratios)


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), min_size=1, max_size=30))
def test_figures_of_a_usual_size_are_nearly_all_decided(pairs: list[tuple[int, int]]) -> None:
    given = [{"a": Fraction(a, 100), "b": Fraction(b, 100)} for a, b in pairs]
    expr = parse("round(10 * min(1, a / b), 2)")
    ties = sum((Fraction(a, b) * 2000).denominator == 1 and a < b for a, b in pairs)
    assert computed(expr, given, BOUNDED, bounded) >= len(pairs) - ties
    assert computed(expr, given, RATIOS, ratios) == len(pairs)


@pytest.mark.parametrize(
    "formula", ["floor(max(0, a / b - 1) / 0.05)", "ceil(7 * max(0, a / b - 1))", "ceil(min(a / b, 1) / 0.1)"]
)
@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), min_size=1, max_size=30))
def test_what_lies_beyond_where_it_is_clipped_is_rounded_at_once(formula: str, pairs: list[tuple[int, int]]) -> None:
    given = [{"a": Fraction(a, 100), "b": Fraction(b, 100)} for a, b in pairs]
    ties = sum((Fraction(a, b) * 140).denominator == 1 for a, b in pairs)
    assert computed(parse(formula), given, BOUNDED, bounded) >= len(pairs) - ties


@given(
    st.lists(st.tuples(near, hundredths), min_size=1, max_size=9), st.sampled_from(["==", "!=", ">=", "<", ">", "<="])
)
def test_the_sign_of_a_quotient_of_whole_numbers_is_always_known(
    pairs: list[tuple[Fraction, Fraction]], by: str
) -> None:
    given = [{"a": a, "b": b} for a, b in pairs]
    assert computed(parse(f"abs(a) / b * 3 {by} 0"), given, BOUNDED, bounded) == len(pairs)


def test_labels_go_and_choices_among_constants_are_computed_beforehand() -> None:
    found = prepared(parse("round(3 * if(a >= 9, 1, if(a >= 6, 1 / 3, 0)), 2)"))
    assert found.expr == prepared(parse("if(a >= 9, 3, if(a >= 6, 1, 0))")).expr


def test_a_divisor_is_left_as_it_is_written_for_it_is_named_where_it_is_zero() -> None:
    found = prepared(parse("1 / if(a > 0, a, 2)"))
    assert isinstance(found.expr, Divide)


@given(labelled, rows)
def test_no_number_is_wider_than_was_foreseen(expr: Expr, given: Sequence[Row]) -> None:
    width = widest(expr, lambda name: (60, 20))
    for row in given:
        value = outcome(expr, row)
        if isinstance(value, Fraction):
            assert value.numerator.bit_length() <= width[0]
            assert value.denominator.bit_length() <= width[1]


def test_an_expression_that_may_grow_too_large_is_foreseen() -> None:
    expr: Expr = FactRef("a")
    for _ in range(9):
        expr = Multiply(expr, expr)
    assert widest(expr, lambda name: (60, 20))[2] > MOST_BITS
