"""Bounds: sound for every completion of what is unknown, and tight where an expression is monotone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from unittest import mock

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from effort import calls_at_most
from perfeval.errors import Message
from perfeval.expr.exact import DividedByZero, Mistyped, NotMet, Unknown, Value, exact
from perfeval.expr.interval import EVERYTHING, Range, interval, truths
from perfeval.expr.nodes import (
    Absolute,
    And,
    Compare,
    Constant,
    Expr,
    FactRef,
    If,
    Maximum,
    Minimum,
    Not,
    Or,
    Require,
    Round,
    compare,
    label,
    number,
)
from perfeval.expr.parse import parse

NAMES = ("a", "b", "c")
NUMBERS = st.fractions(-4, 4, max_denominator=4)
RANGES = st.tuples(NUMBERS, NUMBERS).map(lambda ends: Range(min(ends), max(ends)))


def within(low: object, high: object) -> Range:
    return Range(Fraction(str(low)), Fraction(str(high)))


def bounds(text: str, **ranges: Range) -> Range | None:
    return interval(parse(text), {}, ranges, {})


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("a + b", 1, 8),
        ("a - b", -3, 4),
        ("a * b", 0, 15),
        ("a - a", 0, 0),
        ("a / (a + b)", 0, "5/6"),
        ("a / (a + b) - b", -3, "-1/6"),
        ("abs(a - 3)", 0, 3),
        ("min(a, b)", 0, 3),
        ("max(1, a)", 1, 5),
        ("floor(a / 2)", 0, 2),
        ("if(a >= 4, 10, a)", 0, 10),
        ("if(a < 4, 10 * a / 4, 10)", 0, 10),
        ("if(a > 7, 10, 3)", 3, 3),
        ("if(a >= 2 and b >= 2, 10, 3)", 3, 10),
        ("if(not (a >= 2), 10, 3)", 3, 10),
        ("(a + 1) * (a + 1)", 1, 36),
    ],
)
def test_bounds_worked_by_hand(text: str, low: object, high: object) -> None:
    assert bounds(text, a=within(0, 5), b=within(1, 3)) == within(low, high)


def at_once(expr: Expr, formulas: Mapping[str, Expr] | None = None) -> Range | None:
    """Bounds where a in [0, 5] and b in [1, 3], found without halving a range."""
    with mock.patch("perfeval.expr.interval._MOST_READ", 1):
        return interval(expr, {"zero": (0, 1)}, {"a": within(0, 5), "b": within(1, 3)}, formulas or {})


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("a - a / 2", 0, "5/2"),
        ("UP", 3, "11/2"),
        ("DOWN", "7/2", 6),
        ("UP * b", 3, "33/2"),
        ("UP / b", 1, "11/2"),
        ("10 / UP", "20/11", "10/3"),
        ("0 - UP", "-11/2", -3),
        ("UP * -2", -11, -6),
        ("min(UP, 4)", 3, 4),
        ("max(UP, 4)", 4, "11/2"),
        ("min(9, UP, 10)", 3, "11/2"),
        ("min(a, 7) - a / 2", 0, "5/2"),
        ("max(a, 0 - 1) - a / 2", 0, "5/2"),
        ("abs(a + 1) - a / 2", 1, "7/2"),
        ("abs(-1 - a) - a / 2", 1, "7/2"),
        ("round(a) + a - a / 2", 0, "15/2"),
        ("UP - floor(0 - a)", 3, "21/2"),
        ("DOWN + ceil(min(0 - 2, 0 - a))", "-3/2", 4),
        ("abs(b - 2) + UP", 3, "13/2"),
        ("if(a >= 2, UP, 0)", 0, "11/2"),
        ("if(a >= 3, 2, 1) * UP", 3, 11),
        ("if(a > 3, 2, 1) * UP", 3, 11),
        ("if(a < 3, 1, 2) * UP", 3, 11),
        ("if(not (a < 3), 2, 1) * UP", 3, 11),
        ("if(a >= 3 and a >= 2, 2, 1) * UP", 3, 11),
        ("if(a >= 3 or a >= 4, 2, 1) * UP", 3, 11),
        ("if(a == 3, 2, 2) * UP", 6, 11),
        ("if(b >= 2, 2, 1) * UP", 3, 11),
        ("if(b == b, 2, 1) * UP", 6, 11),
        ("if(a <= 3, 2, 1) * DOWN", "7/2", 12),
        ("if(a > 3, 1, 2) * DOWN", "7/2", 12),
    ],
)
def test_where_a_formula_only_rises_or_only_falls_its_bounds_are_reached_at_once(
    text: str, low: object, high: object
) -> None:
    expr = parse(text.replace("UP", "(3 + a - a / 2)").replace("DOWN", "(6 - a + a / 2)"))
    assert at_once(expr) == within(low, high)
    assert at_once(label("名", "name", expr)) == within(low, high)
    assert at_once(FactRef("derived"), {"derived": expr}) == within(low, high)


@pytest.mark.parametrize(
    "text",
    [
        "min(a, 5 - a)",
        "max(a, 5 - a)",
        "min(5 - a, a, 4)",
        "round(min(a, 5 - a))",
        "1 / (a - 2)",
        "abs(a - 2) / (a + 1)",
        "if(a == 3, 2, 1)",
        "if(a != 3, 2, 1)",
        "if(a == 3, 2, 1) * (a / (a + 1))",
        "if(a != 3, 1, 2) * (a / (a + 1))",
        "if(a >= 3, b, 2)",
        "if(a >= 3, 2, b)",
        "if(a >= 3 and a <= 4, 2, 1) * (a / (a + 1))",
        "if(a >= 3, 0, a)",
        "if((a >= 3) == (a >= 4), 1, 2) * a",
        "if(if(a >= 2, a >= 3, a >= 1), 1, 2) * a",
    ],
)
def test_bounds_found_at_once_hold_all_the_same(text: str) -> None:
    for expr in (parse(text), label("名", "name", parse(text))):
        found = at_once(expr)
        assert found is not None
        for x, y in product(range(21), range(5)):
            scored = value(expr, {"a": (x, 4), "b": (2 + y, 2)})
            assert scored is None or scored in found, (x, y)


PEAK = parse("a + abs(b - 1) * 10")  # neither rises nor falls as b does, and is greatest where a is not


@pytest.mark.parametrize(
    "expr",
    [
        Require(parse("a + b <= 6"), PEAK, otherwise=Message("", "")),
        Require(parse("most <= 6"), PEAK, otherwise=Message("", "")),
        If(parse("a + b <= 6"), PEAK, parse("1 / zero")),
        If(parse("a + b > 6"), parse("1 / zero"), PEAK),
        If(parse("most > 6"), parse("1 / zero"), PEAK),
    ],
)
def test_where_a_part_has_no_value_the_rest_is_not_taken_for_the_whole(expr: Expr) -> None:
    ranges = {"a": within(0, 5), "b": within(1, 5)}
    with mock.patch("perfeval.expr.interval._MOST_READ", 1):
        found = interval(expr, {"zero": (0, 1)}, ranges, {"most": parse("a + b")})
    assert found is not None
    assert Fraction(41) in found  # a = 1, b = 5


@pytest.mark.parametrize(
    ("text", "can"),
    [
        ("a > -1 and b > 0", {True}),
        ("a > 3 and b > 0", {True, False}),
        ("a > 5 and b > 2", {False}),
        ("b > 2 and a > 5", {False}),
        ("a > 5 or b > 3", {False}),
        ("a > 3 or b > 0", {True}),
        ("1 / zero > 1 and a > 3", {False}),
        ("a > 3 and 1 / zero > 1", {False}),
        ("1 / zero > 1 or a > 3", {True}),
        ("1 / zero > 1 and no", {False}),
        ("1 / zero > 1 and yes", set()),
        ("1 / zero > 1 or no", set()),
        ("not (1 / zero > 1)", set()),
        ("not (a > 3)", {True, False}),
        ("not (a > -1)", {False}),
        ("a == 3", {True, False}),
        ("a != 3", {True, False}),
        ("a == 7", {False}),
        ("a != 7", {True}),
        ("b >= 1", {True}),
        ("b > 1", {True, False}),
        ("b <= 3", {True}),
        ("b < 3", {True, False}),
        ("b < 1", {False}),
        ("b > 3", {False}),
        ("level == '好'", {True}),
        ("level != '好'", {False}),
        ("level == '差'", {False}),
        ("'差' != level", {True}),
        ("level == a", {True, False}),
        ("(a > -1) == (b > 0)", {True}),
        ("(a > -1) != (b > 0)", {False}),
        ("(a > 3) == (b > 0)", {True, False}),
        ("met == yes", {True, False}),
        ("yes == met", {True, False}),
        ("sure == yes", {True}),
        ("sure != yes", {False}),
        ("if(a > 3, a > 2, a < 4)", {True}),
        ("if(a > 3, a < 2, a > 4)", {False}),
        ("if(a > 3, 1 / zero > 1, yes)", {True}),
        ("if(a > 3, yes, 1 / zero > 1)", {True}),
        ("unasked == yes", {True, False}),
        ("yes == unasked", {True, False}),
        ("sure == unasked", {True, False}),
        ("unasked != sure", {True, False}),
        ("met == unasked", {True, False}),
        ("unasked == met", {True, False}),
        ("(a > 3) == unasked", {True, False}),
        ("level", set()),
        ("a", set()),
    ],
)
def test_what_a_condition_can_be(text: str, can: set[bool]) -> None:
    values: Mapping[str, Value] = {"zero": (0, 1), "level": "好", "sure": True}
    ranges = {"a": within(0, 5), "b": within(1, 3)}
    for expr in (parse(text), label("条件", "condition", parse(text))):
        if text != "a":
            assert truths(expr, values, ranges, {"met": parse("a > 3")}) == can
        assert truths(
            Require(parse("b > 0"), expr, otherwise=Message("", "")), values, ranges, {"met": parse("a > 3")}
        ) == (can if text != "a" else {True, False})


def test_a_fact_of_which_nothing_is_known_may_be_anything() -> None:
    assert bounds("a + 1") == EVERYTHING
    assert bounds("min(10, max(0, 10 * a / 4))") == within(0, 10)
    assert bounds("1 / a", a=Range(Fraction(2), None)) == within(0, "1/2")


def test_a_requirement_narrows_what_is_behind_it() -> None:
    entered = Require(
        And((compare(FactRef("a"), ">=", 0), compare(FactRef("a"), "<=", 8))), FactRef("a"), otherwise=Message("", "")
    )
    assert interval(entered, {}, {}, {}) == within(0, 8)
    assert interval(entered, {}, {"a": within(9, 12)}, {}) is None


def test_a_derived_fact_is_read_through_its_formula() -> None:
    found = interval(parse("rate * 10"), {"whole": (4, 1)}, {"part": within(1, 3)}, {"rate": parse("part / whole")})
    assert found == within("5/2", "15/2")


def test_facts_derived_from_facts_forty_deep_are_each_read_once() -> None:
    formulas = {f"f{each}": parse(f"f{each - 1} + f{each - 1}") for each in range(1, 41)} | {"f0": FactRef("a")}
    with calls_at_most(100_000):
        assert interval(FactRef("f40"), {}, {"a": within(0, 1)}, formulas) == within(0, 2**40)


def test_a_condition_may_be_undecided() -> None:
    assert truths(parse("a > 3"), {}, {"a": within(0, 5)}, {}) == {True, False}
    assert truths(parse("a > 3"), {}, {"a": within(4, 5)}, {}) == {True}
    assert truths(parse("a > 3 or t"), {"t": True}, {}, {}) == {True}
    assert truths(parse("level == other"), {"level": "好"}, {}, {}) == {True, False}


def test_what_hangs_on_one_condition_stays_together() -> None:
    condition = FactRef("t")
    share = If(condition, number(4), number(0)) / If(condition, number(8), number(2))
    assert interval(share, {}, {}, {}) == within(0, 2)
    assert interval(share, {}, {}, {}, split=(condition,)) == within(0, "1/2")


def test_cases_that_exclude_each_other_leave_the_others() -> None:
    split = (parse("a >= 3"), parse("a >= 2"))
    for some in (split, split[::-1]):
        assert interval(parse("a"), {}, {"a": within(0, 5)}, {}, split=some) == within(0, 5)


def test_where_little_may_be_read_the_bounds_are_wider_and_still_hold() -> None:
    dip = parse("abs(a - 3) * b - a")
    ranges = {"a": within(0, 5), "b": within(1, 3)}
    with mock.patch("perfeval.expr.interval._MOST_READ", 3):
        wide = interval(dip, {}, ranges, {})
    tight = interval(dip, {}, ranges, {})
    assert wide is not None
    assert tight is not None
    assert wide != tight
    for end in (tight.low, tight.high):
        assert end is not None
        assert end in wide


def test_where_there_is_no_value_in_any_case_there_are_no_bounds() -> None:
    assert interval(parse("1 / (a - a)"), {}, {"a": within(0, 1)}, {}) == EVERYTHING  # not seen: sound all the same
    assert interval(parse("1 / a"), {"a": (0, 1)}, {}, {}) is None
    assert interval(parse("if(a > 3, 1 / b, 5)"), {"b": (0, 1)}, {"a": within(0, 9)}, {}) == within(5, 5)
    assert interval(parse("if(a > 3, 5, 1 / b)"), {"b": (0, 1)}, {"a": within(0, 9)}, {}) == within(5, 5)
    assert interval(parse("if(a > 3, 1 / b, 1 / b)"), {"b": (0, 1)}, {"a": within(0, 9)}, {}) is None


# Tight: an operation reaches its bounds, and a condition narrows what it speaks of.

LARGE = Fraction(10**6)
ENDS = [None, *map(Fraction, ("-2", "0", "1/3", "2"))]
OPERATIONS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "a + b": lambda x, y: x + y,
    "a - b": lambda x, y: x - y,
    "a * b": lambda x, y: x * y,
    "a / b": lambda x, y: x / y,
    "min(a, b)": min,
    "max(a, b)": max,
}


def spanned(low: Fraction | None, high: Fraction | None) -> list[Fraction]:
    """The ends of a range, very large for none, and what is very near zero in it."""
    ends = (-LARGE if low is None else low, LARGE if high is None else high)
    return [*ends, *(each for each in (-1 / LARGE, Fraction(0), 1 / LARGE) if ends[0] <= each <= ends[1])]


def settled(value: Fraction) -> Fraction | None:
    """`value` with a very large one as no bound and a very small one as zero."""
    if abs(value) > 1000:
        return None
    return Fraction(0) if abs(value) < Fraction(1, 1000) else value


@pytest.mark.parametrize("formula", OPERATIONS)
def test_an_operation_on_two_facts_reaches_its_bounds(formula: str) -> None:
    ranges = [Range(low, high) for low, high in product(ENDS, ENDS) if low is None or high is None or low <= high]
    for a, b in product(ranges, ranges):
        pairs = product(spanned(a.low, a.high), spanned(b.low, b.high))
        reached = [OPERATIONS[formula](x, y) for x, y in pairs if formula != "a / b" or y != 0]
        expected = Range(settled(min(reached)), settled(max(reached))) if reached else None
        assert interval(parse(formula), {}, {"a": a, "b": b}, {}) == expected, (a, b)


@pytest.mark.parametrize(
    ("condition", "a", "b"),
    [
        ("a >= 3", (3, 5), (1, 3)),
        ("a > 3", (3, 5), (1, 3)),
        ("3 <= a", (3, 5), (1, 3)),
        ("a <= 3", (0, 3), (1, 3)),
        ("a < 3", (0, 3), (1, 3)),
        ("a == 3", (3, 3), (1, 3)),
        ("a != 3", (0, 5), (1, 3)),
        ("2 >= b", (0, 5), (1, 2)),
        ("2 < b", (0, 5), (2, 3)),
        ("2 == b", (0, 5), (2, 2)),
        ("a == b", (1, 3), (1, 3)),
        ("a <= b", (0, 3), (1, 3)),
        ("b <= a", (1, 5), (1, 3)),
        ("not (a >= 3)", (0, 3), (1, 3)),
        ("not (a <= 3)", (3, 5), (1, 3)),
        ("not (a > 3)", (0, 3), (1, 3)),
        ("not (a < 3)", (3, 5), (1, 3)),
        ("not (a != 3)", (3, 3), (1, 3)),
        ("not (a == 3)", (0, 5), (1, 3)),
        ("a >= 3 and b >= 2", (3, 5), (2, 3)),
        ("a >= 3 or b >= 2", (0, 5), (1, 3)),
        ("a >= 3 or b > 3", (3, 5), (1, 3)),
        ("not (a < 3 or b < 2)", (3, 5), (2, 3)),
        ("not (a < 3 and b >= 1)", (3, 5), (1, 3)),
        ("a + b >= 7", (4, 5), (2, 3)),
        ("a + b <= 2", (0, 1), (1, 2)),
        ("a - b >= 3", (4, 5), (1, 2)),
        ("a - b <= -2", (0, 1), (2, 3)),
        ("2 * a >= 6", (3, 5), (1, 3)),
        ("a * -2 >= -4", (0, 2), (1, 3)),
        ("b * (a + 1) >= 9", (2, 5), ("3/2", 3)),
        ("a / 2 >= 2", (4, 5), (1, 3)),
        ("(a + 1) / b >= 3", (2, 5), (1, 2)),
        ("2 / b >= 1", (0, 5), (1, 2)),
        ("min(a, b) >= 2", (2, 5), (2, 3)),
        ("max(a, b) <= 2", (0, 2), (1, 2)),
        ("share >= 1", (4, 5), (1, 3)),
        ("share < 1", (0, 4), (1, 3)),
        ("met", (3, 5), (1, 3)),
        ("not met", (0, 3), (1, 3)),
    ],
)
def test_a_condition_that_holds_narrows_the_facts_it_speaks_of(
    condition: str, a: tuple[object, object], b: tuple[object, object]
) -> None:
    ranges = {"a": within(0, 5), "b": within(1, 3)}
    formulas = {"share": parse("a / 4"), "met": parse("a >= 3")}
    for asked in (parse(condition), label("条件", "condition", parse(condition))):
        found = [interval(FactRef(name), {}, ranges, formulas, given={asked: True}) for name in ("a", "b")]
        assert found == [within(*a), within(*b)]
        behind = [Require(asked, FactRef(name), otherwise=Message("", "")) for name in ("a", "b")]
        assert [interval(each, {}, ranges, formulas) for each in behind] == [within(*a), within(*b)]


def test_a_condition_narrows_what_is_named_in_it() -> None:
    named = label("棵数", "trees", FactRef("a"))
    for condition in (compare(named, ">=", 3), Compare(">=", named + number(1), number(4))):
        assert interval(FactRef("a"), {}, {"a": within(0, 5)}, {}, given={condition: True}) == within(3, 5)


def test_two_answers_that_are_alike_say_nothing_of_a_number() -> None:
    unasked, more = FactRef("unasked"), parse("a > 3")
    named = label("是否更多", "more", FactRef("met"))
    for one, other in ((more, unasked), (unasked, more), (named, unasked), (unasked, named), (unasked, Constant(True))):
        asked = If(Compare("==", one, other), FactRef("a"), number(9))
        assert interval(asked, {}, {"a": within(0, 5)}, {"met": more}) == within(0, 9)


@pytest.mark.parametrize(
    ("condition", "a", "b", "narrowed"),
    [
        ("a / b <= 1 / 2", Range(Fraction(1), Fraction(2)), Range(Fraction(1), None), Range(Fraction(2), None)),
        ("a / b >= 2", within(0, 5), within(1, 3), within(1, "5/2")),
        ("a / b >= 1", within(1, 2), within(-5, 5), within(0, 2)),
        ("a / b <= 1", within(0, 2), within(-5, 5), within(-5, 5)),
        ("a / b <= -1", within(0, 2), within(-5, 5), within(-2, 0)),
        ("a / b >= 0 and a / b <= 1 / 2", within(0, 2), within(-5, 5), within(-5, 5)),
    ],
)
def test_a_quotient_narrows_its_divisor_where_not_both_it_and_what_is_divided_may_be_0(
    condition: str, a: Range, b: Range, narrowed: Range
) -> None:
    assert interval(FactRef("b"), {}, {"a": a, "b": b}, {}, given={parse(condition): True}) == narrowed


def test_a_quotient_that_is_never_0_is_not() -> None:
    ranges = {"a": within(1, 2), "b": Range(Fraction(1), None)}
    assert interval(FactRef("b"), {}, ranges, {}, given={parse("a / b <= 0"): True}) is None


def test_a_word_that_is_settled_settles_what_is_asked_of_it() -> None:
    asked = parse("if(level == '差', 1, if(level != '好', 2, 3))")
    named = label("等次", "level", FactRef("level"))
    same = Compare("==", named, Constant("好"))
    assert interval(asked, {}, {}, {}, given={same: True}) == within(3, 3)
    assert interval(If(same, number(1), number(2)), {}, {}, {}, given={parse("level == '好'"): True}) == within(1, 1)
    assert interval(asked, {}, {}, {}) == within(1, 3)
    assert interval(asked, {}, {}, {}, given={parse("level == '好'"): True}) == within(3, 3)
    assert interval(asked, {}, {}, {}, given={parse("level != '好'"): False}) == within(3, 3)
    assert interval(asked, {}, {}, {}, given={parse("level == '好'"): True, parse("level == '差'"): True}) is None


# Soundness: whatever the facts turn out to be, the value lies within.

COMPARATORS = st.sampled_from([">=", "<=", ">", "<", "==", "!="])


def _numbers(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    conditions = _conditions(inner)
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda two: two[0] + two[1]),
        pairs.map(lambda two: two[0] - two[1]),
        pairs.map(lambda two: two[0] * two[1]),
        pairs.map(lambda two: two[0] / two[1]),
        pairs.map(Minimum),
        pairs.map(Maximum),
        inner.map(Absolute),
        st.builds(Round, inner, st.integers(0, 1), st.sampled_from(["half-up", "down", "ceil", "half-even"])),
        st.builds(If, conditions, inner, inner),
        st.builds(Require, conditions, inner, otherwise=st.just(Message("", ""))),
    )


def _conditions(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    compared = st.builds(Compare, COMPARATORS, inner, inner)
    return st.one_of(
        compared,
        compared.map(Not),
        st.tuples(compared, compared).map(And),
        st.tuples(compared, compared).map(Or),
        st.just(FactRef("t")),
    )


LEAVES = st.one_of(st.sampled_from(NAMES).map(FactRef), NUMBERS.map(number))
EXPRESSIONS: st.SearchStrategy[Expr] = st.recursive(LEAVES, _numbers, max_leaves=12)


def value(expr: Expr, values: Mapping[str, Value]) -> Fraction | None:
    try:
        found, _ = exact(expr, values)
    except (Unknown, DividedByZero, NotMet, Mistyped):
        return None
    assert isinstance(found, Fraction)
    return found


@given(EXPRESSIONS, st.fixed_dictionaries(dict.fromkeys(NAMES, RANGES)), st.sampled_from([3, 30, 200_000]), st.data())
def test_every_completion_lies_within_the_bounds(
    expr: Expr, ranges: dict[str, Range], most_read: int, data: st.DataObject
) -> None:
    """However little is read to find them."""
    with mock.patch("perfeval.expr.interval._MOST_READ", most_read):
        found = interval(expr, {}, ranges, {}, split=(FactRef("t"),))
    for _ in range(3):
        values: dict[str, Value] = {"t": data.draw(st.booleans())}
        for name, known in ranges.items():
            drawn = data.draw(
                st.one_of(
                    st.sampled_from([known.low, known.high]), st.fractions(known.low, known.high, max_denominator=8)
                )
            )
            assert drawn is not None
            values[name] = drawn.as_integer_ratio()
        scored = value(expr, values)
        if scored is not None:
            assert found is not None
            assert scored in found, (values, found)


RISING: st.SearchStrategy[Expr] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: two[0] + two[1]),
        st.tuples(inner, inner).map(Minimum),
        st.tuples(inner, inner).map(Maximum),
        st.tuples(inner, st.fractions(0, 3, max_denominator=3)).map(lambda two: two[0] * number(two[1])),
        st.builds(Round, inner, st.just(1), st.just("half-up")),
        st.tuples(inner, NUMBERS).map(
            lambda two: If(compare(two[0], ">=", two[1]), number(5), Minimum((number(5), two[0])))
        ),
    ),
    max_leaves=10,
)


@given(RISING, st.fixed_dictionaries(dict.fromkeys(NAMES, RANGES)))
def test_the_bounds_of_a_monotone_expression_are_reached(expr: Expr, ranges: dict[str, Range]) -> None:
    lowest = value(expr, {name: (known.low or Fraction(0)).as_integer_ratio() for name, known in ranges.items()})
    highest = value(expr, {name: (known.high or Fraction(0)).as_integer_ratio() for name, known in ranges.items()})
    assert interval(expr, {}, ranges, {}) == Range(lowest, highest)


@given(EXPRESSIONS, st.fixed_dictionaries(dict.fromkeys(NAMES, NUMBERS)), st.booleans())
def test_where_everything_is_known_the_bounds_are_the_value(
    expr: Expr, facts: dict[str, Fraction], truth: bool
) -> None:
    values: dict[str, Value] = {name: fact.as_integer_ratio() for name, fact in facts.items()}
    values["t"] = truth
    scored = value(expr, values)
    assume(scored is not None)
    assert interval(expr, values, {}, {}) == Range(scored, scored)
    assert interval(expr, {"t": truth}, {name: Range(fact, fact) for name, fact in facts.items()}, {}) == Range(
        scored, scored
    )


def test_a_word_or_a_yes_no_is_no_number() -> None:
    assert interval(Constant("好"), {}, {}, {}) is None
    assert interval(Constant(True), {}, {}, {}) is None
    assert interval(FactRef("a"), {"a": "好"}, {}, {}) is None
    assert interval(parse("a > 3"), {"a": (1, 1)}, {}, {}) is None
