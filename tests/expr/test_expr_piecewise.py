"""The piecewise interpreter: an expression as an exact function of one fact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import pairwise, product

import pytest
from formula_cases import COMPARATORS, Known, flags, grown, known_values, labelled, leaves, pairs, truths
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from effort import calls_at_most
from perfeval.errors import Message
from perfeval.expr.exact import DividedByZero, Mistyped, NotMet, Unknown, exact
from perfeval.expr.nodes import (
    Absolute,
    Add,
    And,
    Comparator,
    Compare,
    Constant,
    Divide,
    Expr,
    FactRef,
    If,
    Maximum,
    Minimum,
    Multiply,
    Not,
    Or,
    Require,
    Round,
    Subtract,
    minimum,
    number,
)
from perfeval.expr.parse import parse
from perfeval.expr.piecewise import NotPiecewise, NoValue, Piece, Piecewise, Reader, piecewise
from perfeval.expr.rational import Ratio
from perfeval.quantity import ROUNDINGS, Mode

_WHY = {Unknown: "unknown", DividedByZero: "zero", NotMet: "not met", Mistyped: "mistyped"}
_MODES: tuple[Mode, ...] = tuple(ROUNDINGS)
F = Fraction


def read(formula: str | Expr, values: Mapping[str, Known] | None = None, **formulas: str) -> Piecewise:
    """A formula as a function of x."""
    expr = parse(formula) if isinstance(formula, str) else formula
    return piecewise(expr, "x", pairs(values or {}), {name: parse(each) for name, each in formulas.items()})


def direct(expr: Expr, values: Mapping[str, Known]) -> Fraction | bool | str | NoValue:
    """What the exact interpreter says."""
    try:
        return exact(expr, pairs(values))[0]
    except (Unknown, DividedByZero, NotMet, Mistyped) as none:
        return NoValue(_WHY[type(none)])  # type: ignore[arg-type]  # the words of `_WHY`


def told(function: Piecewise) -> list[str]:
    """The pieces as text: ``[0, 5) 2``."""
    lines = []
    for each in function.pieces:
        low = "-" if each.low is None else str(each.low)
        high = "-" if each.high is None else str(each.high)
        opening, closing = "(["[each.low_included], ")]"[each.high_included]
        value = each.value
        if isinstance(value, Ratio):
            above, below = (" ".join(map(str, part)) for part in (value.above, value.below))
            value = f"{above} / {below}"
        elif isinstance(value, NoValue):
            value = f"none: {value.why}"
        lines.append(f"{opening}{low}, {high}{closing} {value}")
    return lines


# By hand.


@pytest.mark.parametrize(
    ("formula", "pieces"),
    [
        ("3", ["(-, -) 3"]),
        ("2 * x + 1", ["(-, -) 1 2 / 1"]),
        ("min(10, max(0, x / 2))", ["(-, 0] 0", "(0, 20] 0 1/2 / 1", "(20, -) 10"]),
        ("if(x >= 5, 1, 2)", ["(-, 5) 2", "[5, -) 1"]),
        ("if(x > 5, 1, 2)", ["(-, 5] 2", "(5, -) 1"]),
        ("if(x == 5, 1, 2)", ["(-, 5) 2", "[5, 5] 1", "(5, -) 2"]),
        ("1 / x", ["(-, 0) 1 / 0 1", "[0, 0] none: zero", "(0, -) 1 / 0 1"]),
        ("x / x", ["(-, 0) 1", "[0, 0] none: zero", "(0, -) 1"]),
        ("(x * x - 1) / (x + 1)", ["(-, -1) -1 1 / 1", "[-1, -1] none: zero", "(-1, -) -1 1 / 1"]),
        ("if(x == 0, 7, x / x)", ["(-, 0) 1", "[0, 0] 7", "(0, -) 1"]),
        ("abs(x - 3)", ["(-, 3] 3 -1 / 1", "(3, -) -3 1 / 1"]),
        ("x * x >= 9 / 4", ["(-, -3/2] True", "(-3/2, 3/2) False", "[3/2, -) True"]),
        ("x * x + 1 > 0", ["(-, -) True"]),
        ("x - x", ["(-, -) 0"]),
        ("x + unknown", ["(-, -) none: unknown"]),
        ("x > 2 and unknown", ["(-, 2] False", "(2, -) none: unknown"]),
        ("if(x > 2, x, unknown)", ["(-, 2] none: unknown", "(2, -) 0 1 / 1"]),
        (
            "min(2, max(0, floor(x)))",
            ["(-, 1) 0", "[1, 2) 1", "[2, -) 2"],
        ),
        ("min(2, max(0, ceil(x)))", ["(-, 0] 0", "(0, 1] 1", "(1, -) 2"]),
        (
            "round(min(1, max(-1, x)))",
            ["(-, -1/2] -1", "(-1/2, 1/2) 0", "[1/2, -) 1"],
        ),
        ("min(3, max(1, ceil(10 / x)))", ["(-, 0) 1", "[0, 0] none: zero", "(0, 5) 3", "[5, 10) 2", "[10, -) 1"]),
    ],
)
def test_the_pieces_of_a_formula(formula: str, pieces: list[str]) -> None:
    assert told(read(formula)) == pieces


def test_a_requirement_leaves_no_value_where_it_is_not_met() -> None:
    x = FactRef("x")
    expr = Require(Compare(">=", x, number(0)), x, otherwise=Message("须为正", "must be positive"))
    assert told(read(expr)) == ["(-, 0) none: not met", "[0, -) 0 1 / 1"]


def test_a_word_is_a_value_of_its_own() -> None:
    expr = If(parse("x > 3"), Constant("优"), Constant("良"))
    assert told(read(expr)) == ["(-, 3] 良", "(3, -) 优"]
    assert read(expr).at(F(3)) == "良"


def test_one_and_yes_are_not_the_same() -> None:
    assert told(read(If(parse("x > 3"), number(1), Constant(True)))) == ["(-, 3] True", "(3, -) 1"]


def test_a_derived_fact_follows_the_fact_it_derives_from() -> None:
    function = read("min(rate, 1) * 10", {"budget": F(4)}, rate="x / budget")
    assert told(function) == ["(-, 4] 0 5/2 / 1", "(4, -) 10"]


def test_a_derived_fact_without_a_value_is_unknown_as_it_is_for_the_exact_interpreter() -> None:
    assert told(read("rate > 1 and no", {}, rate="1 / x")) == ["(-, -) False"]
    assert told(read("1 / x > 1 and no", {})) == ["(-, 0) False", "[0, 0] none: zero", "(0, -) False"]


def test_facts_derived_from_facts_forty_deep_do_not_explode() -> None:
    formulas = {f"f{each}": f"f{each - 1} + f{each - 1}" for each in range(1, 41)} | {"f0": "x"}
    with calls_at_most(1_000_000):
        assert read("f40", {}, **formulas).at(F(3)) == 3 * 2**40


@pytest.mark.parametrize("mode", _MODES)
def test_a_rounded_share_of_ten_points_is_a_staircase_in_every_mode(mode: Mode) -> None:
    x = FactRef("x")
    expr = Round(minimum(10, x / 7), 2, mode)
    within = Minimum((number(10), Maximum((number(0), x / 7))))
    function = piecewise(Round(within, 2, mode), "x", {})
    assert 1000 <= len(function.pieces) <= 1003
    for point in _points(function, []):
        assert function.at(point) == direct(Round(within, 2, mode), {"x": point})
    with pytest.raises(NotPiecewise, match="pieces"):
        piecewise(expr, "x", {})


@pytest.mark.parametrize("mode", _MODES)
@pytest.mark.parametrize("line", ["x", "0 - x", "1 / x", "(x + 1) / (x - 2)"])
def test_an_endless_staircase_is_cut_off_where_a_bound_takes_over(mode: Mode, line: str) -> None:
    expr = Minimum((number(2), Maximum((number(-2), 3 * Round(parse(line), 1, mode) - 1))))
    function = piecewise(expr, "x", {})
    assert len(function.pieces) > 8
    for x in _points(function, [F(-999), F(999)]):
        assert function.at(x) == direct(expr, {"x": x})


@pytest.mark.parametrize(
    "formula",
    [
        "max(0, min(4, 3 - round(x)))",
        "max(0, min(4, floor(x) / 2))",
        "max(-1, min(4, (ceil(x) - floor(x) * 0) * 2))",
        "min(4, abs(round(x) - 2))",
        "if(round(x) == 3, 1, 0 / max(1, round(x)))",
        "if(floor(x) != 2, 1, 2)",
        "if(floor(x) - floor(x) == 0, 1, 2)",
        "0 / floor(x)",
        "max(-5, min(floor(x), if(x > 3, 2, 9)))",  # what else they would reach lies beyond the end of their piece
        "min(12, max(floor(x), if(x < 3, 4, 0)))",
        "min(12, max(if(x < 3, 4, 0), floor(x)))",
        "max(-5, min(floor(x), if(x > 0 and x < 5, x - 4, 0)))",
        "min(12, max(floor(x), if(x > 0 and x < 5, x + 4, 0)))",
    ],
)
def test_steps_go_through_arithmetic_before_they_are_cut_off(formula: str) -> None:
    expr = parse(formula)
    function = read(expr)
    for x in {*(F(each, 4) for each in range(-12, 44)), F(-500), F(500)}:
        assert function.at(x) == direct(expr, {"x": x}), x


@pytest.mark.parametrize("mode", _MODES)
@pytest.mark.parametrize("by", COMPARATORS)
def test_an_endless_staircase_is_compared_where_its_steps_are(mode: Mode, by: Comparator) -> None:
    for places, edge, factor in product((0, 2), (F(60), F(-60), F(601, 10), F(1201, 20), F(0)), (1, -2)):
        steps = number(factor) * (Round(FactRef("x"), places, mode) + number(1))
        expr = Compare(by, steps, number(edge))
        function = read(expr)
        turns = edge / factor - 1
        for off in (-2, -1, F(-1, 2), 0, F(1, 2), 1, 2):
            for beside in (F(-1, 10**6), 0, F(1, 10**6)):
                x = turns + F(off) / 10**places + beside
                assert function.at(x) == direct(expr, {"x": x}), (places, edge, factor, x)


def test_what_comes_near_a_value_without_end_is_rounded_up_to_there() -> None:
    assert told(read("round(3 * max(x, 0) / (max(x, 0) + 2))")) == [
        "(-, 2/5) 0",
        "[2/5, 2) 1",
        "[2, 10) 2",
        "[10, -) 3",
    ]


@pytest.mark.parametrize("formula", ["round(1 / (1 + x * x))", "round(1 - 1 / (1 + x * x))"])
def test_a_curve_that_leaves_its_step_is_not_told(formula: str) -> None:
    with pytest.raises(NotPiecewise):
        read(formula)


def test_of_a_choice_that_does_not_depend_on_the_fact_only_one_side_is_read() -> None:
    for budget, pieces in ((4, ["(-, -) 0 2 / 1"]), (6, ["(-, -) 0 1 / 1"])):
        assert told(read("if(budget > 5, x, 2 * x)", {"budget": F(budget)})) == pieces


def test_the_opposite_of_a_number_is_no_answer() -> None:
    assert told(read(Not(FactRef("x")))) == ["(-, -) none: mistyped"]
    assert told(read(Not(If(parse("x > 3"), FactRef("x"), Constant(True))))) == [
        "(-, 3] False",
        "(3, -) none: mistyped",
    ]


def test_a_curve_within_one_step_of_a_rounding_is_that_step() -> None:
    for inside in ("round(1 / (5 + x * x))", "round(0 - 1 / (5 + x * x))"):
        assert told(read(inside)) == ["(-, -) 0"]
    expr = parse("floor(max(0.1, min(0.5, x)) * max(0.1, min(0.5, x)))")
    assert told(read(expr)) == ["(-, -) 0"]


def test_within_which_step_a_curve_stays_is_asked_where_it_is() -> None:
    within = "max(1.1, min(1.3, x))"  # a unit below, or above, its square lies in another step
    assert told(read(f"floor({within} * {within})")) == ["(-, -) 1"]


def test_a_yes_or_no_among_numbers_is_no_value() -> None:
    assert told(read(Add(FactRef("x"), Compare(">", FactRef("x"), number(1))))) == ["(-, -) none: mistyped"]
    assert told(read(And((Compare(">", FactRef("x"), number(1)), FactRef("x"))))) == [
        "(-, 1] False",
        "(1, -) none: mistyped",
    ]
    assert told(read(If(FactRef("x"), number(1), number(2)))) == ["(-, -) none: mistyped"]
    for item in (FactRef("x"), Not(FactRef("x"))):
        assert told(read(And((FactRef("unknown"), item)))) == ["(-, -) none: mistyped"]


X, UNKNOWN = FactRef("x"), FactRef("unknown")
OPERANDS: list[Expr] = [
    number(2),
    Constant(True),
    Constant("优"),
    UNKNOWN,
    parse("x - 3"),
    parse("x > 3"),
    parse("1 / (x - 3)"),
    parse("1 / (x - 3) > 0"),
    parse("if(x > 3, x, unknown)"),
    If(parse("x > 3"), Constant("优"), Constant("良")),
    Require(parse("x > 3"), X, otherwise=Message("不符", "not met")),
    Require(parse("x > 3"), parse("x > 4"), otherwise=Message("不符", "not met")),
]
JOINED: dict[str, Callable[[Expr, Expr], Expr]] = {
    **{node.__name__: node for node in (Add, Subtract, Multiply, Divide)},
    **{node.__name__: lambda a, b, node=node: node((a, b)) for node in (Minimum, Maximum, And, Or)},  # type: ignore[misc]
    **{by: lambda a, b, by=by: Compare(by, a, b) for by in COMPARATORS},  # type: ignore[misc]
    "between": lambda a, b: And((a, parse("x > 2"), b)),
    "if": lambda a, b: If(a, b, number(7)),
    "else": lambda a, b: If(a, number(7), b),
    "require": lambda a, b: Require(a, b, otherwise=Message("不符", "not met")),
    "not": lambda a, b: Or((Not(a), b)),
    "abs": lambda a, b: Add(Absolute(a), b),
    "round": lambda a, b: Add(Round(Minimum((a, number(5))), 0, "ceil"), b),
}


@pytest.mark.parametrize("joined", JOINED)
def test_whatever_stands_where_has_the_value_that_the_exact_interpreter_finds_or_none_for_its_reason(
    joined: str,
) -> None:
    for a, b in product(OPERANDS, OPERANDS):
        expr = JOINED[joined](a, b)
        try:
            function = read(expr)
        except NotPiecewise:
            continue
        for x in (F(2), F(3), F(7, 2), F(4), F(5)):
            found, expected = function.at(x), direct(expr, {"x": x})
            assert (type(found), found) == (type(expected), expected), (expr, x)


@pytest.mark.parametrize(
    "formula",
    [
        "x * x > 2",
        "x * x * x > 7",
        "round(x)",
        "round(x) + x",
        "min(1, round(x) * x)",
        "floor(x * x)",
        "1 / (2 + round(x))",
    ],
)
def test_what_cannot_be_told_exactly_says_so(formula: str) -> None:
    with pytest.raises(NotPiecewise) as caught:
        read(formula)
    assert caught.value.message.zh
    assert caught.value.message.en != caught.value.message.zh


def test_a_root_that_cannot_be_told_does_no_harm_where_it_does_not_matter() -> None:
    assert told(read("max(x, 5) * max(x, 5) > 2")) == ["(-, -) True"]
    assert told(read("max(x, 5) * max(x, 5) * max(x, 5) > 2")) == ["(-, -) True"]
    within = "max(4, min(5, x))"  # the root of the cubic at 5 is an end, and the others lie outside
    assert told(read(f"({within} - 5) * ({within} * {within} - 2) > 0")) == ["(-, -) False"]


def test_too_high_a_power_is_refused_at_once() -> None:
    with calls_at_most(1_000_000), pytest.raises(NotPiecewise, match="too large"):
        read("*".join(["x"] * 90))
    squares = {f"f{each}": f"f{each - 1} * f{each - 1}" for each in range(1, 41)} | {"f0": "if(x > 0, 3, 1 / 7)"}
    with calls_at_most(1_000_000), pytest.raises(NotPiecewise, match="too large"):
        read("f40", {}, **squares)


def test_more_pieces_than_anyone_can_read_are_refused_in_time() -> None:
    with calls_at_most(100_000), pytest.raises(NotPiecewise, match="pieces"):
        read("round(max(0, min(x, 1000)), 2)")


def test_a_reader_takes_no_expression_for_one_that_is_gone() -> None:
    reader = Reader({"y": (7, 1)}, {})
    for each in range(300):  # a node may be given the id of one that was let go
        assert reader.reads(FactRef("x") + number(each)) == {"x"}
        assert reader.reads(FactRef("y") + number(each)) == {"y"}
        assert reader.read(FactRef("y") + number(each), "x").at(F(0)) == 7 + each


some_ends = st.none() | st.integers(0, 4).map(F)


def _holds(piece: Piece | None, x: Fraction) -> bool:
    if piece is None:
        return False
    above = piece.low is None or x > piece.low or (x == piece.low and piece.low_included)
    return above and (piece.high is None or x < piece.high or (x == piece.high and piece.high_included))


@given(some_ends, some_ends, st.booleans(), st.booleans(), some_ends, some_ends)
def test_the_part_of_a_piece_within_bounds_is_what_lies_in_both(
    low: Fraction | None,
    high: Fraction | None,
    opens: bool,
    closes: bool,
    least: Fraction | None,
    most: Fraction | None,
) -> None:
    assume(low is None or high is None or low < high or (low == high and opens and closes))
    assume(least is None or most is None or least <= most)
    piece = Piece(low, high, opens and low is not None, closes and high is not None, True)
    part = piece.within(least, most)
    inside = [x for x in (F(each, 4) for each in range(-8, 25)) if _holds(part, x)]
    assert bool(inside) == (part is not None)
    for x in (F(each, 4) for each in range(-8, 25)):
        within = (least is None or x >= least) and (most is None or x <= most)
        assert _holds(part, x) == (_holds(piece, x) and within)


# Against the exact interpreter.


def _operations(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    condition = truths(inner)
    return st.one_of(
        *(st.builds(node, inner, inner) for node in (Add, Subtract, Multiply, Divide)),
        *(st.builds(node, some) for node in (Minimum, Maximum)),
        st.builds(Absolute, inner),
        st.builds(If, condition, inner, inner),
        st.builds(lambda c, item: Require(c, item, otherwise=Message("不符", "not met")), condition, inner),
        st.builds(_rounded, inner, st.integers(0, 1), st.sampled_from(_MODES)),
        st.builds(Compare, st.sampled_from(COMPARATORS), condition, inner).map(_mistaken),
    )


def _rounded(item: Expr, places: int, mode: Mode) -> Expr:
    """Rounded between bounds, as scores are, so that the steps have an end."""
    return Round(Minimum((number(5), Maximum((number(-5), item)))), places, mode)


def _mistaken(condition: Expr) -> Expr:
    """A number, unless a yes/no is compared with one before it comes to that."""
    return If(And((parse("a > 1"), condition)), number(1), number(2))


expressions = grown(_operations, st.one_of(leaves, leaves, st.just(FactRef("a"))), 3)
small = st.fractions(-12, 12, max_denominator=60)


def _points(function: Piecewise, more: list[Fraction]) -> set[Fraction]:
    """Every end of a piece, points inside each, and `more`."""
    ends = sorted({end for each in function.pieces for end in (each.low, each.high) if end is not None})
    between = [one + (other - one) * share for one, other in pairwise(ends) for share in (F(1, 5), F(1, 2), F(4, 5))]
    return {*ends, *between, *more, *(ends[:1] and [ends[0] - 1, ends[-1] + 1])}


@settings(max_examples=300)
@given(st.one_of(expressions, labelled), known_values(), flags, st.lists(small, min_size=2, max_size=4))
def test_it_agrees_with_the_exact_interpreter_everywhere(
    expr: Expr, values: dict[str, Known], more: dict[str, bool], points: list[Fraction]
) -> None:
    known = {**values, **more}
    try:
        function = piecewise(expr, "a", pairs(known))
    except NotPiecewise:
        assume(False)
    for x in _points(function, points):
        assert function.at(x) == direct(expr, {**known, "a": x})


@given(expressions, known_values())
def test_the_pieces_cover_the_line_once_and_no_cut_is_idle(expr: Expr, values: dict[str, Known]) -> None:
    try:
        pieces = piecewise(expr, "a", pairs(values)).pieces
    except NotPiecewise:
        assume(False)
    assert pieces[0].low is None
    assert pieces[-1].high is None
    for before, after in pairwise(pieces):
        assert before.high == after.low
        assert before.high_included != after.low_included
        assert type(before.value) is not type(after.value) or before.value != after.value
