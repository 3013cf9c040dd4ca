"""The *spreadsheet* interpreter: its formulas come to what the exact interpreter says, and its guard holds against binary floats.

`exact_sheet` computes the formulas here; LibreOffice does in `tests/forms/test_workbook.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction

import pytest
from exact_sheet import ErrorValue, Sheet, nesting
from formula_cases import FACTS, FLAGS, Known, known_values, labelled, largest_formulas, pairs
from hypothesis import assume, given
from hypothesis import strategies as st

from perfeval.errors import Message
from perfeval.expr.exact import DividedByZero, NotMet, Unknown, exact
from perfeval.expr.nodes import (
    Absolute,
    And,
    Compare,
    Constant,
    Expr,
    FactRef,
    If,
    Minimum,
    Not,
    Or,
    Require,
    Round,
    children,
    compare,
    label,
    rewrite,
)
from perfeval.expr.parse import parse
from perfeval.expr.spreadsheet import GUARD, LONGEST, LONGEST_DIVISOR, Formulas, long_figure, number_text
from perfeval.quantity import Kind, Mode, rounded

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


# The formulas.

CELLS = {name: f"{letter}1" for name, letter in zip((*FACTS, *FLAGS, "c", "level"), "ABCDEFG", strict=True)}
KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(FACTS, "number"),
    **dict.fromkeys((*FLAGS, "c"), "truth"),
    "level": "choice",
}


class Written:
    """A formula, with the cells that it puts parts of it into."""

    def __init__(self, expr: Expr, kinds: Mapping[str, Kind] = KINDS) -> None:
        self.placed: list[tuple[Expr, str]] = []
        self.formula = Formulas(CELLS, kinds, self._place).formula(expr)

    def _place(self, expr: Expr, formula: str) -> str:
        self.placed.append((expr, formula))
        return f"Z{len(self.placed)}"

    @property
    def formulas(self) -> list[str]:
        return [self.formula, *(formula for _, formula in self.placed)]

    def value(self, values: Mapping[str, Known]) -> Known:
        sheet = Sheet({CELLS[name]: value for name, value in values.items()})
        for index, (_, formula) in enumerate(self.placed, start=1):
            sheet.put(f"Z{index}", formula)
        return sheet.value(self.formula)


def as_scored(expr: Expr) -> Expr:
    """With two decimals at most, for which the guard is proved."""
    return rewrite(
        expr, lambda node: Round(node.item, min(node.places, 2), node.mode) if isinstance(node, Round) else node
    )


def joins(expr: Expr) -> bool:
    return isinstance(expr, And | Or) or any(map(joins, children(expr)))


@given(labelled.map(as_scored), st.sampled_from(MODES), st.integers(0, 2), known_values())
def test_a_formula_comes_to_what_exactly_the_expression_is(
    expr: Expr, mode: Mode, places: int, values: dict[str, Known]
) -> None:
    for each in (expr, Round(expr, places, mode), compare(expr, ">", 0)):
        written = Written(each)
        try:
            expected, _ = exact(each, pairs(values))
        except (Unknown, DividedByZero):
            if not joins(each):  # a sheet knows an `and` to fail by a later item, too
                with pytest.raises(ErrorValue):
                    written.value(values)
        else:
            assert written.value(values) == expected


@pytest.mark.parametrize("mode", MODES)
@given(st.integers(-4000, 4000), st.integers(0, 2))
def test_a_tie_is_rounded_as_exactly_it_is(mode: Mode, twice: int, places: int) -> None:
    tie = Fraction(twice, 2 * 10**places)
    assert Written(Round(FactRef("a"), places, mode)).value({"a": tie}) == rounded(tie, places, mode)
    close = tie + Fraction(1, 10**13)
    assert Written(Round(FactRef("a"), places, mode)).value({"a": close}) == rounded(tie, places, mode)


@pytest.mark.parametrize(
    ("formula", "values", "expected"),
    [
        ("level == '良好'", {"level": "良好"}, True),
        ("level == '良好'", {"level": "优秀"}, False),
        ("level != '良好'", {"level": "优秀"}, True),
        ("'他说\"好\"' == level", {"level": '他说"好"'}, True),
        ("c == (a > 1)", {"c": True, "a": Fraction(2)}, True),
        ("c != (a > 1)", {"c": True, "a": Fraction(2)}, False),
        ("if(c, no, yes)", {"c": True}, False),
        ("no and a > 1", {}, False),
        ("a > 1 and no", {}, False),
        ("yes or a > 1", {}, True),
        ("a > 1 or yes", {}, True),
        ("a > 1 or c", {"c": True}, True),
        ("a > 1 and c", {"c": False}, False),
        ("a > 1 and yes", {"a": Fraction(2)}, True),
        ("a > 1 or no", {"a": Fraction(0)}, False),
        ("if(c, a, b)", {"c": True, "a": Fraction(2)}, 2),
        ("if(c, a, b)", {"c": False, "b": Fraction(3)}, 3),
    ],
)
def test_a_condition_in_a_sheet_is(formula: str, values: dict[str, Known], expected: Known) -> None:
    assert Written(parse(formula)).value(values) == expected


@pytest.mark.parametrize("formula", ["a > 1 and yes", "a > 1 or no", "not (a > 1)", "if(a > 1, 2, 3)"])
def test_what_hangs_on_an_unknown_fact_is_an_error(formula: str) -> None:
    with pytest.raises(ErrorValue):
        Written(parse(formula)).value({})


def test_a_requirement_that_is_not_met_is_an_error_and_else_what_it_guards() -> None:
    guarded = Require(compare(FactRef("a"), ">", 0), FactRef("b"), otherwise=Message("须为正", "must be positive"))
    assert Written(guarded).value({"a": Fraction(1), "b": Fraction(7)}) == 7
    with pytest.raises(NotMet):
        exact(guarded, {"a": (0, 1), "b": (7, 1)})
    with pytest.raises(ErrorValue):
        Written(guarded).value({"a": Fraction(0), "b": Fraction(7)})


@pytest.mark.parametrize("mode", MODES)
@given(st.sampled_from([tie for tie in range(200) if math.gcd(tie, 200) == 1]), st.sampled_from([1, -1]), ERRORS)
def test_a_ratio_as_near_to_a_tie_as_one_can_be_is_rounded_as_exactly_it_is(
    mode: Mode, tie: int, side: int, error: Fraction
) -> None:
    divisor = next(each for each in range(LONGEST_DIVISOR, 0, -1) if (tie * each - side) % 200 == 0)
    score = Fraction((tie * divisor - side) // 200, divisor)
    assert abs(score - Fraction(tie, 200)) == Fraction(1, 200 * divisor)
    assert Written(Round(FactRef("a"), 2, mode)).value({"a": score + error}) == rounded(score, 2, mode)


def test_money_is_compared_to_a_hundredth_of_a_fen_and_all_else_to_eleven_decimals() -> None:
    money: Mapping[str, Kind] = {"a": "money", "b": "money"}
    for formula in ("a >= b", "a >= 100", "0 + a >= 100", "100 <= a"):
        written = Written(parse(formula.replace("100", "100元")), money)
        beside = {"a": 100 - Fraction(4, 10**5), "b": Fraction(100)}
        assert written.value(beside) is True
        assert written.value({**beside, "a": 100 - Fraction(6, 10**5)}) is False
    for formula in ("a >= 0", "0 <= a", "a >= c", "c <= a"):  # nothing is known of what c measures
        written = Written(parse(formula), {"a": "money"})
        assert written.value({"a": -Fraction(4, 10**5), "c": Fraction(0)}) is True
        assert written.value({"a": -Fraction(6, 10**5), "c": Fraction(0)}) is False
    ratio = Written(parse("a >= 90%"), {"a": "ratio"})
    assert ratio.value({"a": Fraction(9, 10) - Fraction(4, 10**12)}) is True
    assert ratio.value({"a": Fraction(9, 10) - Fraction(6, 10**12)}) is False


@pytest.mark.parametrize("formula", tuple(largest_formulas()))
def test_the_largest_formulas_fit_into_cells_and_are_worth_one(formula: str) -> None:
    written = Written(parse(formula))
    assert written.value({"a": Fraction(1), "c": True}) == exact(parse(formula), {"a": (1, 1), "c": True})[0]
    assert all(nesting(each) <= 64 and len(each) <= 8192 for each in written.formulas)


A, C = FactRef("a"), FactRef("c")
WRAPPED: Mapping[str, tuple[int, Expr, Callable[[Expr], Expr]]] = {
    "ABS": (40, A, Absolute),
    "MIN, first": (40, A, lambda item: Minimum((item, A))),
    "MIN, last": (40, A, lambda item: Minimum((A, item))),
    "NOT": (40, C, Not),
    "IF, condition": (40, C, lambda item: If(item, C, C)),
    "IF, then": (40, A, lambda item: If(C, item, A)),
    "IF, otherwise": (40, A, lambda item: If(C, A, item)),
    "a requirement": (40, A, lambda item: Require(C, item, otherwise=Message("", ""))),
    "its condition": (40, C, lambda item: Require(item, C, otherwise=Message("", ""))),
    "compared, left": (20, A, lambda item: If(compare(item, ">", 0), A, A)),
    "compared, right": (20, A, lambda item: If(compare(0, "<", item), A, A)),
    "words, left": (
        13,
        Constant("好"),
        lambda item: If(Compare("==", item, Constant("好")), Constant("好"), Constant("差")),
    ),
    "words, right": (
        13,
        Constant("好"),
        lambda item: If(Compare("!=", Constant("好"), item), Constant("差"), Constant("好")),
    ),
    "truths": (40, C, lambda item: Not(compare(item, "==", C))),
    "added": (40, A, lambda item: Absolute(A + item)),
    "divided": (40, A, lambda item: Absolute(item / A)),
    "ROUND": (13, A, lambda item: Round(item, 2, "half-up")),
    "half-even": (13, A, lambda item: Round(item, 2, "half-even")),
    "and": (10, C, lambda item: And((item, C))),
    "or": (10, C, lambda item: Or((C, item))),
}


@pytest.mark.parametrize("name", WRAPPED)
def test_what_nests_deeper_than_a_sheet_reads_gets_cells_of_its_own(name: str) -> None:
    most, inner, wrap = WRAPPED[name]
    expr = inner
    for depth in range(1, 3 * most):
        expr = wrap(expr)
        written = Written(expr)
        if any(len(formula) > LONGEST for _, formula in written.placed):
            break  # the length comes first
        assert (len(written.placed) > 0) == (depth > most), depth
        assert all(nesting(each) <= 64 for each in written.formulas)
    values: dict[str, Known] = {"a": Fraction(2), "c": True}
    assert Written(expr).value(values) == exact(expr, pairs(values))[0]


@pytest.mark.parametrize(
    ("functions", "around"),
    [
        (4, lambda item: And((C, item))),
        (4, lambda item: Or((item, C))),
        (1, lambda item: Require(item, C, otherwise=Message("", ""))),
        (1, Not),
    ],
)
def test_a_condition_counts_the_functions_it_is_written_in(functions: int, around: Callable[[Expr], Expr]) -> None:
    inner: Expr = A
    for _ in range(40 - functions - 1):
        inner = Absolute(inner)
    assert not Written(around(compare(inner, ">", 0))).placed
    assert len(Written(around(compare(Absolute(inner), ">", 0))).placed) == 1


def test_what_grows_too_long_gets_a_cell_of_its_own() -> None:
    def place(expr: Expr, formula: str) -> str:
        assert (expr, len(formula)) == (Absolute(A), LONGEST + 1)
        return "Z1"

    def written(characters: int) -> str:
        return Formulas({"a": "A" * characters}, {}, place).formula(Absolute(A))

    assert len(written(LONGEST - len("ABS()"))) == LONGEST
    assert written(LONGEST - len("ABS()") + 1) == "Z1"


def test_a_label_stands_in_one_cell_for_all_that_read_it() -> None:
    rate = label("完成率", "rate", A / FactRef("b"))
    written = Written(rate * 10 + rate)
    assert written.placed == [(rate, "(A1/B1)")]
    assert written.formula == "((Z1*10)+Z1)"
    deep: list[Expr] = [rate, rate]
    for _ in range(40):  # a cell is no function
        deep = [Absolute(deep[0]), Minimum((deep[1], A))]
    assert Written(deep[0] + deep[1]).placed == [(rate, "(A1/B1)")]


@given(st.fractions(-(10**18), 10**18))
def test_a_number_is_written_with_no_more_digits_than_a_sheet_keeps(value: Fraction) -> None:
    text = number_text(value)
    assert Sheet({}).value(text) == value
    assert "/" in text or sum(map(str.isdigit, text)) <= 15


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("-0.5", "(-0.5)"),
        ("1/3", "(1/3)"),
        ("-1/3", "(-1/3)"),
        ("123456789.012345", "123456789.012345"),
        ("-123456789.012345", "(-123456789.012345)"),
        ("1234567890.123456", "(1234567890.123456)"),
        ("1234567890123456", "(1234567890123456/1)"),
    ],
)
def test_a_number_is_written(value: str, text: str) -> None:
    if text == "(1234567890.123456)":
        text = "(19290123283179/15625)"
    assert number_text(Fraction(value)) == text


@given(
    st.one_of(st.integers(1, 2 * LONGEST_DIVISOR), st.integers(1, 3000)), st.integers(-6, 4), st.sampled_from([1, -1])
)
def test_a_figure_is_long_where_it_has_more_digits_than_the_guard_is_proved_for(
    digits: int, power: int, sign: int
) -> None:
    assume(digits % 10)
    figure = sign * digits * Fraction(10) ** power
    assert Sheet({"A1": figure}).value(long_figure("A1")) == (digits > LONGEST_DIVISOR)


def test_no_figure_and_zero_are_not_long() -> None:
    for cells in ({}, {"A1": "词"}, {"A1": True}, {"A1": Fraction(0)}):
        assert Sheet(cells).value(long_figure("A1")) == 0
    assert Sheet({"A1": Fraction(LONGEST_DIVISOR)}).value(long_figure("A1")) == 0
    assert Sheet({"A1": Fraction(LONGEST_DIVISOR + 1)}).value(long_figure("A1")) == 1
    assert Sheet({"A1": Fraction(LONGEST_DIVISOR - 1)}).value(long_figure("A1")) == 0


def test_an_unknown_node_is_refused_loudly() -> None:
    with pytest.raises(TypeError, match="no interpretation for object"):
        Written(object())  # type: ignore[arg-type]
