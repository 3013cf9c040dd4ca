"""The text interpreter: formulas and rules as a person reads them, in Chinese and in English."""

from __future__ import annotations

from fractions import Fraction

import pytest
from formula_cases import Known, known_values, labelled, largest_formulas, pairs, plain
from hypothesis import given

from perfeval.errors import Language, Message
from perfeval.expr.exact import DividedByZero, Unknown, exact
from perfeval.expr.nodes import (
    Constant,
    Expr,
    FactRef,
    If,
    Label,
    Require,
    Round,
    compare,
    label,
    maximum,
    minimum,
    number,
    substitute,
)
from perfeval.expr.parse import parse
from perfeval.expr.text import Words, definitions, text, words
from perfeval.quantity import Mode, quantity
from perfeval.rules import Linear

_X, _Y = FactRef("x"), FactRef("y")
_RATE = label("完成率", "completion", _X / _Y)


@pytest.mark.parametrize(
    ("formula", "zh", "en"),
    [
        ("a+b*c", "a + b × c", "a + b × c"),
        ("(a+b)*c", "(a + b) × c", "(a + b) × c"),
        ("a-(b-c)", "a − (b − c)", "a − (b − c)"),
        ("(a-b)-c", "a − b − c", "a − b − c"),
        ("a/(b*c)", "a ÷ (b × c)", "a ÷ (b × c)"),
        ("a+(b+c)", "a + (b + c)", "a + (b + c)"),
        ("(a+b)/c", "(a + b) ÷ c", "(a + b) ÷ c"),
        ("(a > b) + 1", "(a > b) + 1", "(a > b) + 1"),
        ("(a > b) - 1", "(a > b) − 1", "(a > b) − 1"),
        ("c == (a > b)", "c = (a > b)", "c = (a > b)"),
        ("a or (b or c)", "a 或 (b 或 c)", "a or (b or c)"),
        ("a/b*c", "a ÷ b × c", "a ÷ b × c"),
        ("a*-3", "a × -3", "a × -3"),
        ("-a", "0 − a", "0 − a"),
        ("abs(a-b)", "|a − b|", "|a − b|"),
        ("min(a+b, c)", "min(a + b, c)", "min(a + b, c)"),
        ("max(a, b) + 1", "max(a, b) + 1", "max(a, b) + 1"),
        ("a+1 >= b", "a + 1 ≥ b", "a + 1 ≥ b"),
        ("a != 95%", "a ≠ 95%", "a ≠ 95%"),
        ("a <= 210.71万元", "a ≤ 210.71万元", "a ≤ 210.71万元"),
        ("a == '良好'", "a = “良好”", 'a = "良好"'),
        ("a == yes", "a = 是", "a = yes"),
        ("a == no", "a = 否", "a = no"),
        ("a > 2023-12-31", "a > 2023-12-31", "a > 2023-12-31"),
        ("(a > b) == c", "(a > b) = c", "(a > b) = c"),
        ("a > 1 and (b or c)", "a > 1 且 (b 或 c)", "a > 1 and (b or c)"),
        ("a and b or c", "a 且 b 或 c", "a and b or c"),
        ("not a", "非 a", "not a"),
        ("not (a > b) and c", "非 (a > b) 且 c", "not (a > b) and c"),
        ("not (a and b)", "非 (a 且 b)", "not (a and b)"),
        ("if(a > 1, b, c) * 2", "if(a > 1, b, c) × 2", "if(a > 1, b, c) × 2"),
        ("round(a, 2)", "四舍五入(a, 2位)", "round(a, 2)"),
        ("round(a+b)", "四舍五入(a + b)", "round(a + b)"),
        ("floor(a)", "向下取整(a)", "floor(a)"),
        ("ceil(a)", "向上取整(a)", "ceil(a)"),
    ],
)
def test_a_formula_reads(formula: str, zh: str, en: str) -> None:
    assert (text(parse(formula), "zh"), text(parse(formula), "en")) == (zh, en)


@pytest.mark.parametrize(("mode", "zh"), [("half-even", "四舍六入五成双"), ("down", "截尾"), ("up", "进位")])
def test_a_rounding_has_a_name(mode: Mode, zh: str) -> None:
    assert text(Round(_X, 1, mode), "zh") == f"{zh}(x, 1位)"
    assert text(Round(_X, 1, mode), "en").endswith("(x, 1)")


def test_a_label_stands_for_what_it_names() -> None:
    assert text(_RATE * 10, "zh") == "完成率 × 10"
    assert text(label("差", "gap", _X - _Y) * 10, "en") == "gap × 10"


def test_a_requirement_reads_as_what_it_guards() -> None:
    guarded = Require(compare(_Y, ">", 0), _X - _Y, otherwise=Message("", ""))
    assert text(2 * guarded, "zh") == "2 × (x − y)"


def test_facts_are_called_what_the_reader_calls_them() -> None:
    titles = {"x": "执行数", "y": "预算数"}
    assert text(_X / _Y, "zh", titles.__getitem__) == "执行数 ÷ 预算数"
    assert words(_RATE * 10, "zh", titles.__getitem__).where == (("完成率", "执行数 ÷ 预算数"),)
    rule = If(compare(_X, ">", 1), _Y, _X)
    assert words(rule, "zh", titles.__getitem__).to("zh") == "执行数 > 1：预算数；其余：执行数"


def test_an_unknown_node_is_refused_loudly() -> None:
    with pytest.raises(TypeError, match="no interpretation for object"):
        text(object(), "zh")  # type: ignore[arg-type]


@given(plain, known_values())
def test_arithmetic_in_either_language_reads_back_to_the_same_value(expr: Expr, values: dict[str, Known]) -> None:
    for language in ("zh", "en"):
        again = parse(text(expr, language))
        try:
            expected = exact(expr, pairs(values))[0]
        except (Unknown, DividedByZero) as none:
            with pytest.raises(type(none)):
                exact(again, pairs(values))
        else:
            assert exact(again, pairs(values))[0] == expected


@given(plain)
def test_no_pair_of_parentheses_can_be_left_out(expr: Expr) -> None:
    written = text(expr, "en")
    read = parse(written)
    for opening, closing in _groups(written):
        without = written[:opening] + written[opening + 1 : closing] + written[closing + 1 :]
        assert parse(without) != read


def _groups(written: str) -> list[tuple[int, int]]:
    """Where parentheses that belong to no function open and close."""
    waiting, found = [], []
    for at, character in enumerate(written):
        if character == "(":
            waiting.append(at)
        elif character == ")":
            opening = waiting.pop()
            if not written[:opening].endswith(("min", "max")):
                found.append((opening, at))
    return found


# Rules in words.


def test_a_plain_rule_is_one_case() -> None:
    rule = words(minimum(1, _RATE) * 10, "zh")
    assert rule == Words((("", "min(1, 完成率) × 10"),), (("完成率", "x ÷ y"),))
    assert rule.to("zh") == "min(1, 完成率) × 10；其中 完成率 = x ÷ y"
    assert words(minimum(1, _RATE) * 10, "en").to("en") == "min(1, completion) × 10; where completion = x ÷ y"


def test_a_choice_is_a_case_each_and_the_rest_last() -> None:
    rule = If(compare(_RATE, ">=", 1), number(10), If(compare(_RATE, ">=", number("0.8")), number(5), number(0)))
    assert words(rule, "zh").to("zh") == "完成率 ≥ 1：10；完成率 ≥ 0.8：5；其余：0；其中 完成率 = x ÷ y"
    assert words(rule, "en").to("en") == (
        "completion ≥ 1: 10; completion ≥ 0.8: 5; otherwise: 0; where completion = x ÷ y"
    )


def test_a_choice_inside_a_case_stays_a_formula() -> None:
    rule = If(FactRef("a"), If(FactRef("b"), _X, _Y), number(0))
    assert words(rule, "en").cases == (("a", "if(b, x, y)"), ("", "0"))


def test_labels_and_requirements_around_a_choice_do_not_hide_it() -> None:
    choice = If(FactRef("a"), _X, label("其余分", "rest", If(FactRef("b"), _Y, number(0))))
    guarded = Require(compare(_RATE, ">", 0), choice, otherwise=Message("", ""))
    rule = words(label("得分", "score", guarded), "en")
    assert rule.cases == (("a", "x"), ("b", "y"), ("", "0"))
    assert rule.where == ()


def test_each_name_is_defined_once_in_the_order_they_are_read_and_what_is_inside_after() -> None:
    capped = label("封顶", "capped", minimum(1, _RATE))
    half = label("减半", "half", _RATE / 2)
    assert definitions(maximum(capped, half, capped) + _RATE, "zh") == (
        ("封顶", "min(1, 完成率)"),
        ("减半", "完成率 ÷ 2"),
        ("完成率", "x ÷ y"),
    )
    nested = label("外", "outer", capped + 1)
    assert [name for name, _ in definitions(nested * half, "zh")] == ["外", "减半", "封顶", "完成率"]


def test_a_name_that_says_nothing_more_than_its_formula_is_not_defined() -> None:
    assert definitions(label("x", "x", _X) + 1, "en") == ()


def test_what_a_requirement_inside_asks_for_is_not_defined_since_it_is_not_shown() -> None:
    guarded = Require(compare(_RATE, ">", 0), _X, otherwise=Message("", ""))
    assert definitions(guarded + 1, "en") == ()


def test_what_a_rule_requires_comes_last_and_once() -> None:
    guarded = Require(compare(_Y, ">", 0), _RATE, otherwise=Message("预算数须为正", "the budget must be positive"))
    rule = Require(FactRef("done"), guarded * 10 + guarded * 0, otherwise=Message("须已完成", "it must be done"))
    assert words(rule, "zh").required == ("须已完成", "预算数须为正")
    assert words(rule, "zh").to("zh").endswith("；其中 完成率 = x ÷ y。要求：须已完成；预算数须为正")
    assert words(rule, "en").to("en") == (
        "completion × 10 + completion × 0; where completion = x ÷ y. Required: it must be done; the budget must be positive"
    )


def test_a_choice_that_changes_nothing_is_not_shown_nor_are_the_names_it_asks_for() -> None:
    idle = If(compare(_RATE, ">", 1), _X - _Y, _X - _Y)
    assert text(idle * 2, "en") == "(x − y) × 2"
    assert definitions(idle * 2, "en") == ()
    alike = If(compare(_RATE, ">", 1), _X, _Y)  # to a reader who calls both the same
    assert text(alike * 2, "zh", lambda name: "数") == "数 × 2"
    assert definitions(alike * 2, "zh", lambda name: "数") == ()
    assert definitions(alike * 2, "zh") == (("完成率", "x ÷ y"),)


@given(labelled)
def test_every_label_in_the_cases_is_defined_and_no_other(expr: Expr) -> None:
    for language in ("zh", "en"):
        rule = words(expr, language)
        shown = " ".join((*(part for case in rule.cases for part in case), *(formula for _, formula in rule.where)))
        names = [name for name, _ in rule.where]
        assert len(names) == len(set(names))
        assert all(name in shown for name in names)
        assert {each for each in "甲乙丙" if each in shown} == set(names)


def test_a_word_is_quoted_and_a_constant_reads_as_written() -> None:
    assert text(Constant("显著提升"), "zh") == "“显著提升”"
    assert text(Constant(quantity("1,234.50万元")), "en") == "1234.50万元"
    assert text(number(Fraction(1, 3)), "en") == "0.333333"


@pytest.mark.parametrize("formula", tuple(largest_formulas()))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_largest_formulas_can_be_put_into_words(formula: str, language: Language) -> None:
    expr = parse(formula)
    inside = substitute(expr, {"a": Label(Message("甲", "a"), expr)}) if expr != FactRef("a") else expr
    deep = substitute(expr, {"a": expr}) if "min(" not in formula and "if(" not in formula else expr
    for each in (expr, inside, deep):
        assert words(each, language).to(language)


@pytest.mark.parametrize(
    ("through", "said"),
    [
        ([["0%", 2], ["10%", 0]], "actual < 10%: 2 − 2 × ((actual − 0%) ÷ (10% − 0%))"),
        ([["50%", 0], ["100%", 20]], "actual < 100%: 20 × ((actual − 50%) ÷ (100% − 50%))"),
        ([["0%", 5], ["10%", 8]], "actual < 10%: 5 + 3 × ((actual − 0%) ÷ (10% − 0%))"),
    ],
)
def test_a_line_is_written_as_people_write_it(through: list[list[object]], said: str) -> None:
    rule = Linear(through)
    assert said in words(rule.award(Fraction(20), label("完成值", "actual", _X)), "en").to("en")
