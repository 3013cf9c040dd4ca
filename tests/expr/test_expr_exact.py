"""The exact interpreter: rational numbers, what is unknown, and the steps on the way."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from fractions import Fraction

import pytest
from formula_cases import Known, NoValue, facts, known_values, labelled, largest_formulas, pairs, reference
from hypothesis import given

from effort import calls_at_most
from perfeval.errors import Message
from perfeval.expr.exact import MOST_BITS, DividedByZero, Mistyped, NotMet, Unknown, Value, compiled, exact, raw
from perfeval.expr.nodes import (
    Absolute,
    And,
    Constant,
    Expr,
    FactRef,
    If,
    Label,
    Not,
    Or,
    Require,
    Round,
    children,
    clip,
    compare,
    expression,
    label,
    maximum,
    minimum,
    number,
    rewrite,
    substitute,
)
from perfeval.expr.parse import parse
from perfeval.quantity import quantity

_REASONS = {Unknown: "unknown", DividedByZero: "zero", NotMet: "not met"}
_X, _Y, _FLAG = FactRef("x"), FactRef("y"), FactRef("flag")


def value(expr: Expr | str, values: Mapping[str, Known] | None = None) -> Fraction | bool | str:
    return exact(parse(expr) if isinstance(expr, str) else expr, pairs(values or {}))[0]


@given(labelled, known_values())
def test_it_agrees_with_an_evaluator_over_fractions(expr: Expr, values: dict[str, Known]) -> None:
    try:
        expected = reference(expr, values)
    except NoValue as none:
        with pytest.raises((Unknown, DividedByZero)) as caught:
            value(expr, values)
        assert _REASONS[caught.type] == str(none)
    else:
        assert value(expr, values) == expected


@given(labelled, known_values())
def test_a_program_compiled_once_runs_alike_every_time(expr: Expr, values: dict[str, Known]) -> None:
    program = compiled(expr)
    try:
        first = program.run(pairs(values), {})
    except (Unknown, DividedByZero) as none:
        with pytest.raises(type(none)):
            program.run(pairs(values), {})
    else:
        assert program.run(pairs(values), {}) == first


def test_a_tenth_and_two_tenths_are_three_tenths() -> None:
    assert value("0.1 + 0.2 == 0.3") is True
    assert value("1 / 3 * 3 == 1") is True
    assert value("round(1.005, 2)") == Fraction("1.01")


def test_a_rate_times_an_area_is_exact_money() -> None:
    assert value("300元/亩 * 20亩 == 6000元") is True


@pytest.mark.parametrize(
    ("formula", "zero"),
    [("x / y", ("y",)), ("1 / (y * x)", ("y",)), ("1 / (x - 5)", ()), ("1 / (y + z)", ("y", "z")), ("1 / 0", ())],
)
def test_a_division_by_zero_names_the_facts_that_are_zero(formula: str, zero: tuple[str, ...]) -> None:
    with pytest.raises(DividedByZero) as caught:
        value(formula, {"x": Fraction(5), "y": Fraction(0), "z": Fraction(0)})
    assert caught.value.zero == zero
    assert caught.value.divisor == _divisor(formula)


def _divisor(formula: str) -> Expr:
    return parse(formula.partition(" / ")[2])


def test_a_division_by_a_negative_number_keeps_its_sign() -> None:
    assert value("7 / -2") == Fraction(-7, 2)
    assert value("-7 / -2 > 3") is True


def test_an_unknown_fact_is_named() -> None:
    with pytest.raises(Unknown) as caught:
        value("1 + x * y", {"y": Fraction(1)})
    assert caught.value.name == "x"


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("yes and yes", True),
        ("yes and no", False),
        ("no or no", False),
        ("no or yes", True),
        ("unknown and no", False),
        ("no and unknown", False),
        ("unknown > 3 and no", False),
        ("unknown or yes", True),
        ("yes or unknown", True),
        ("unknown or other or yes", True),
        ("not (unknown and no)", True),
        ("no and 1 / 0 > 1", False),
        ("yes or 1 / 0 > 1", True),
        ("unknown and 1 / 0 > 1 and no", False),
        ("unknown and other", None),
        ("unknown and yes", None),
        ("unknown or no", None),
        ("not unknown", None),
        ("unknown and 1 / 0 > 1", None),
        ("unknown or 1 / 0 > 1", None),
        ("if(unknown, yes, yes)", None),
    ],
)
def test_a_condition_is_settled_as_soon_as_one_part_settles_it(formula: str, expected: bool | None) -> None:
    if expected is None:
        with pytest.raises(Unknown) as caught:
            value(formula)
        assert caught.value.name == "unknown"
    else:
        assert value(formula) is expected


def test_a_known_error_is_not_hidden_by_what_comes_after() -> None:
    with pytest.raises(DividedByZero):
        value("1 / 0 > 1 and unknown")


def test_only_the_branch_that_holds_is_computed() -> None:
    assert value("if(x == 0, 0, 1 / x)", {"x": Fraction(0)}) == 0
    assert value("if(x > 0, x, unknown)", {"x": Fraction(2)}) == 2
    with pytest.raises(Unknown):
        value("if(x > 0, x, unknown)", {"x": Fraction(0)})


def test_a_label_is_computed_once_and_reported_once_in_the_order_reached() -> None:
    rate = label("完成率", "completion", _X / _Y, "rate")
    capped = label("封顶", "capped", minimum(1, rate))
    expr = label("得分", "score", capped * 10 + rate * 0 + capped * 0)
    _, steps = exact(expr, {"x": (9, 1), "y": (10, 1)})
    assert [(step.name.en, Fraction(*reached)) for step, reached in steps if isinstance(reached, tuple)] == [
        ("completion", Fraction(9, 10)),
        ("capped", Fraction(9, 10)),
        ("score", Fraction(9)),
    ]


def test_equal_labels_share_one_place_and_unlike_ones_do_not() -> None:
    one, same, other = label("甲", "a", _X), label("甲", "a", _X), label("甲", "a", _Y)
    assert compiled(one + same).labels == (one,)
    assert compiled(one + other).labels == (one, other)


def test_a_label_runs_the_expression_below_it_once() -> None:
    class Counting(dict[str, Value]):
        reads = 0

        def __getitem__(self, name: str) -> Value:
            self.reads += 1
            return super().__getitem__(name)

    named = label("甲", "a", _X)
    values = Counting(x=(2, 1))
    assert compiled(named * named + named).run(values, {}) == (6, 1)
    assert values.reads == 1


def test_a_label_not_reached_is_not_a_step() -> None:
    expr = If(compare(_X, ">", 0), label("甲", "a", _X), label("乙", "b", _Y))
    assert [step.name.zh for step, _ in exact(expr, {"x": (1, 1)})[1]] == ["甲"]


def test_a_label_that_is_false_is_a_step_too() -> None:
    assert exact(label("达标", "met", compare(_X, ">", 0)), {"x": (0, 1)})[1][0][1] is False


def test_a_requirement_that_is_not_met_says_so() -> None:
    expr = Require(compare(_X, ">", 0), 1 / _X, otherwise=Message("须为正", "must be positive"))
    assert value(expr, {"x": Fraction(2)}) == Fraction(1, 2)
    with pytest.raises(NotMet) as caught:
        value(expr, {"x": Fraction(0)})
    assert caught.value.message == Message("须为正", "must be positive")


@pytest.mark.parametrize(
    "expr",
    [
        _FLAG + 1,
        1 - _FLAG,
        2 * _FLAG,
        1 / _FLAG,
        minimum(1, _FLAG),
        maximum(_FLAG, 1),
        Absolute(_FLAG),
        Round(_FLAG, 2, "half-up"),
        compare(_FLAG, ">", 1),
        compare(_FLAG, "==", 1),
        compare(_FLAG, "<", _FLAG),
        compare(_FLAG, "==", expression("词")),
        And((_FLAG, _X)),
        Or((Not(_FLAG), _X)),
        Not(_X),
        If(_X, _X, _X),
        Require(_X, _X, otherwise=Message("", "")),
        If(_FLAG, _FLAG, _X) + 1,
    ],
    ids=str,
)
def test_a_yes_no_where_a_number_is_needed_is_mistyped(expr: Expr) -> None:
    with pytest.raises(Mistyped):
        value(expr, {"flag": True, "x": Fraction(1)})


def test_an_unknown_node_is_refused_loudly() -> None:
    readers: list[Callable[[Expr], object]] = [compiled, children, lambda expr: rewrite(expr, lambda node: node)]
    for read in readers:
        with pytest.raises(TypeError, match="no interpretation for object"):
            read(object())  # type: ignore[arg-type]


def test_a_fact_is_taken_as_a_pair_a_truth_or_a_word() -> None:
    assert raw(quantity("95%")) == (19, 20)
    assert raw(True) is True
    assert raw("良好") == "良好"


def test_numbers_in_python_are_exact_or_refused() -> None:
    assert value(1 - number(Fraction(1, 3)) + 2 * _X / 4, {"x": Fraction(1)}) == Fraction(7, 6)
    assert value(3 + _X, {"x": Fraction(1)}) == 4
    assert value(_X * quantity("2人").value - 1, {"x": Fraction(1)}) == 1
    assert expression(quantity("5人")) == number("5人") == Constant(quantity("5人"))
    with pytest.raises(Exception, match="not exact"):
        _X * 0.5  # type: ignore[operator]


@given(facts)
def test_clipping_keeps_a_value_between_its_bounds(values: dict[str, Fraction]) -> None:
    if "a" in values:
        assert value(clip(FactRef("a"), -1, 1), values) == max(Fraction(-1), min(Fraction(1), values["a"]))


@given(labelled)
def test_a_rewrite_that_changes_nothing_gives_the_same_expression(expr: Expr) -> None:
    assert rewrite(expr, lambda node: node) == expr


@given(labelled, known_values())
def test_substituting_what_facts_are_worth_changes_no_value(expr: Expr, values: dict[str, Known]) -> None:
    filled = substitute(expr, {name: expression(each) for name, each in values.items()})
    try:
        expected = value(expr, values)
    except (Unknown, DividedByZero) as none:
        with pytest.raises(type(none)):
            value(filled)
    else:
        assert value(filled) == expected


def test_a_rewrite_reaches_every_node_innermost_first() -> None:
    seen: list[str] = []

    def note(node: Expr) -> Expr:
        seen.append(node.name if isinstance(node, FactRef) else type(node).__name__)
        return node

    rewrite(Require(_FLAG, Label(Message("甲", "a"), If(Not(_X), Absolute(_Y), _X)), otherwise=Message("", "")), note)
    assert seen == ["flag", "x", "Not", "y", "Absolute", "x", "If", "Label", "Require"]
    seen.clear()
    rewrite(minimum(_X, _Y, maximum(_Y, _X)), note)
    assert seen == ["x", "y", "y", "x", "Maximum", "Minimum"]


def test_a_substituted_expression_is_not_substituted_again() -> None:
    assert substitute(_X + _Y, {"x": _Y, "y": _X}) == _Y + _X


@pytest.mark.parametrize("formula", tuple(largest_formulas()))
def test_the_largest_formulas_run_even_inside_one_another(formula: str) -> None:
    with calls_at_most(5_000_000):
        inner = parse(formula)
        for expr in (inner, substitute(inner, {"a": inner})):
            assert isinstance(value(expr, {"a": Fraction(1), "c": True}), Fraction | bool)


def test_a_figure_may_have_just_so_many_bits_and_not_one_more() -> None:
    largest = 2**MOST_BITS - 1
    values: dict[str, Value] = {
        "most": (largest, 1),
        "more": (largest + 1, 1),
        "least": (1, largest),
        "less": (1, largest + 1),
    }
    for formula in ("most * 1", "least * 1"):
        assert isinstance(exact(parse(formula), values)[0], Fraction)
    for formula in ("more * 1", "less * 1"):
        with pytest.raises(NotMet, match="too large"):
            exact(parse(formula), values)


def test_a_sum_over_one_denominator_does_not_make_it_longer() -> None:
    values: dict[str, Value] = {"a": (3, 2 ** (MOST_BITS - 1)), "b": (1, 2 ** (MOST_BITS - 1))}
    assert exact(parse("a + b"), values)[0] == Fraction(4, 2 ** (MOST_BITS - 1))
    assert exact(parse("a - b"), values)[0] == Fraction(2, 2 ** (MOST_BITS - 1))


@pytest.mark.parametrize(
    "reason", [Unknown("x"), DividedByZero(_X, ("x",)), NotMet(Message("须为正", "must be positive")), Mistyped(_X)]
)
def test_why_there_is_no_value_can_be_read_in_another_process_and_in_a_traceback(reason: Exception) -> None:
    there = pickle.loads(pickle.dumps(reason))
    assert (there.args, vars(there)) == (reason.args, vars(reason))
    assert list(reason.args) == list(vars(reason).values())


def test_figures_that_grow_beyond_all_computing_are_refused() -> None:
    values: dict[str, Value] = {"a": (10**39, 1), "b": (1, 10**39)}
    for formula in ("a" + "*a" * 99, "b" + "*b" * 99, "b" + "/a" * 99, "1" + "/-a" * 64):
        value = exact(parse(formula), values)[0]
        assert isinstance(value, Fraction)
        power = "*".join(["huge"] * 100)
        with pytest.raises(NotMet, match="too large"):
            exact(parse(power), {"huge": value.as_integer_ratio()})
        with pytest.raises(NotMet, match="too large"):
            exact(parse("+".join(f"1/(huge + {each})" for each in range(30))), {"huge": value.as_integer_ratio()})
