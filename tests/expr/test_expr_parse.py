"""Formulas: what they mean, where they are wrong, and that no text can do harm."""

from __future__ import annotations

from fractions import Fraction

import pytest
from formula_cases import Known, known_values, largest_formulas, pairs, source, written
from hypothesis import assume, given
from hypothesis import strategies as st

from perfeval.errors import FormulaError
from perfeval.expr.exact import DividedByZero, Unknown, exact
from perfeval.expr.nodes import Constant, Expr, FactRef, Round, Subtract, number
from perfeval.expr.parse import KEYWORDS, MOST_CHARACTERS, MOST_DEPTH, MOST_NODES, is_name, parse
from perfeval.quantity import Quantity, quantity

_A, _B = (7, 1), (2, 1)


def value(formula: str) -> Fraction | bool | str:
    return exact(parse(formula), {"a": _A, "b": _B, "yes_fact": True, "level": "良好", "预算.执行数": (9, 10)})[0]


def refused(formula: str) -> tuple[int, str, str]:
    """Where and how `formula` is refused."""
    with pytest.raises(FormulaError) as caught:
        parse(formula)
    (found,) = caught.value.problems
    assert found.message.zh != found.message.en
    return found.offset, found.message.zh, found.message.en


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 3 - 2", 5),
        ("24 / 4 / 2", 3),
        ("24 / 4 * 2", 12),
        ("2 - -3", 5),
        ("-2 * -3", 6),
        ("--a", 7),
        ("-a + b", -5),
        ("-(a + b)", -9),
        ("a / b", Fraction(7, 2)),
        ("min(a, b)", 2),
        ("max(a, b, 9)", 9),
        ("abs(b - a)", 5),
        ("floor(a / b)", 3),
        ("ceil(a / b)", 4),
        ("floor(-a / b)", -4),
        ("ceil(-a / b)", -3),
        ("round(a / b)", 4),
        ("round(-a / b)", -4),
        ("round(a / 3, 2)", Fraction("2.33")),
        ("round(1.005, 2)", Fraction("1.01")),
        ("if(a > b, 1, 2)", 1),
        ("if(a < b, 1, 2)", 2),
        ("预算.执行数 * 100", 90),
        ("95%", Fraction("0.95")),
        ("95％", Fraction("0.95")),
        ("3‰", Fraction("0.003")),
        (".5", Fraction("0.5")),
        ("100万元", 1_000_000),
        ("1.2万", 12_000),
        ("5百万", 5_000_000),
        ("12人 + 3人", 15),
        ("300元/亩 * 20亩", 6000),
        ("100万元/(a+3)", 100_000),
        ("100元/2", 50),
        ("2023-12-31 - 2023-12-01", 30),
        ("9月 - 3月", 6),
        ("５＋３×２", 11),
        ("（a＋b）＊２－１", 17),
        ("min（a，b）", 2),
        ("a ÷ b − 1", Fraction(5, 2)),
        ("1２．５％", Fraction("0.125")),
    ],
)
def test_a_formula_is_worth(formula: str, result: Fraction | int) -> None:
    assert value(formula) == result


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("a == 7", True),
        ("a = 7", True),
        ("a ＝ 7", True),
        ("a != 7", False),
        ("a ≠ 7", False),
        ("a ！＝ 7", False),
        ("a >= 7", True),
        ("a ≥ 7", True),
        ("a ＞＝ 7", True),
        ("a <= 6", False),
        ("a ≤ 6", False),
        ("a > b", True),
        ("a ＜ b", False),
        ("yes", True),
        ("true", True),
        ("no", False),
        ("false", False),
        ("not no", True),
        ("not not no", False),
        ("not a > b", False),
        ("no and no or yes", True),
        ("no and (no or yes)", False),
        ("not no and no", False),
        ("a > b and b > 1", True),
        ("a + 1 > b * 4", False),
        ("(a > b) == yes_fact", True),
        ("level == '良好'", True),
        ('level != "良好"', False),
        ("level == “良好”", True),
        ("level == '优＂秀'", False),
        ("2023-12-31 > 2023-06-30", True),
        ("if(yes, level, 'x') == '良好'", True),
    ],
)
def test_a_condition_holds_or_not(formula: str, result: bool) -> None:
    assert value(formula) is result


def test_a_number_without_a_unit_takes_the_kind_of_what_it_meets() -> None:
    assert parse("0.60") == Constant(Quantity(Fraction("0.6"), "literal", quantity("0").unit))
    assert parse("60%") == Constant(quantity("60%"))
    assert parse("-3") == number(-3)


def test_a_minus_before_a_constant_is_part_of_it() -> None:
    assert parse("-3元") == Constant(quantity("-3元"))
    match parse("-2.50元"):
        case Constant(value):
            assert str(value) == "-2.50元"
        case other:
            raise AssertionError(other)
    assert isinstance(parse("-2023-12-31"), Subtract)
    assert isinstance(parse("-9月"), Subtract)


def test_text_in_quotes_is_kept_to_the_letter() -> None:
    assert parse("'达到１００％（含）'") == Constant("达到１００％（含）")
    assert parse('"a\'b"') == Constant("a'b")
    assert parse("''") == Constant("")


def test_names_are_kept_to_the_letter() -> None:
    assert parse("项目１") == FactRef("项目１")
    assert parse("  产出.数量_1\n") == FactRef("产出.数量_1")


def test_a_date_is_a_date_and_not_a_difference() -> None:
    assert parse("2023-12-31") == Constant(quantity("2023-12-31"))
    assert value("2023 - 12 - 31") == 1980


@pytest.mark.parametrize("name", ["a", "预算.执行数", "a1._b.c2", "AND"])
def test_what_can_name_a_fact(name: str) -> None:
    assert is_name(name)
    assert parse(name) == FactRef(name)


@pytest.mark.parametrize("name", ["", "1a", "a.1", "a..b", ".a", "a.", "a b", "a-b", "a.min", *sorted(KEYWORDS)])
def test_what_cannot_name_a_fact(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize(
    ("formula", "offset", "zh", "en"),
    [
        ("", 0, "公式结尾", "the end of the formula"),
        ("   ", 3, "公式结尾", "the end of the formula"),
        ("a +", 3, "一个数、事实名称", "a number, a fact name"),
        ("a b", 2, "一个运算符或公式结尾", "an operator or the end"),
        ("a ** b", 3, "“*”", 'found "*"'),
        ("(a + b", 6, "“)”", 'expected ")"'),
        ("a + b)", 5, "“)”", 'found ")"'),
        ("min(a b)", 6, "“b”", 'found "b"'),
        ("a @ b", 2, "“@”", '"@" has no place'),
        ("a ＆ b", 2, "“＆”", '"＆" has no place'),
        ("a == 'x", 5, "“'”", '"\'" has no place'),
        ("a < b < c", 6, "不能连写", "do not chain"),
        ("a = b == c", 6, "不能连写", "do not chain"),
        ("mni(a, b)", 0, "min", 'did you mean "min"'),
        ("1 + foo.bar(a)", 4, "没有函数", 'no function "foo.bar"'),
        ("min(a)", 0, "min(a, b, …)", "min(a, b, …)"),
        ("1 + abs(a, b)", 4, "abs(a)", "abs(a)"),
        ("floor(a, 1)", 0, "floor(a)", "floor(a)"),
        ("ceil(a, 1)", 0, "ceil(a)", "ceil(a)"),
        ("max(a)", 0, "max(a, b, …)", "max(a, b, …)"),
        ("if(a, b)", 0, "if(condition, a, b)", "if(condition, a, b)"),
        ("round(a, 7)", 0, "round(a, 0…6)", "round(a, 0…6)"),
        ("round(a, b)", 0, "round(a, 0…6)", "round(a, 0…6)"),
        ("round(a, 2人)", 0, "round(a, 0…6)", "round(a, 0…6)"),
        ("round(a, 1, 2)", 0, "round(a, 0…6)", "round(a, 0…6)"),
        ("min()", 4, "“)”", 'found ")"'),
        ("min", 3, "“(”", 'expected "("'),
        ("a.min + 1", 0, "“a.min”", 'found "a.min"'),
        ("a and", 5, "公式结尾", "the end of the formula"),
        ("a == not b", 5, "“not”", 'found "not"'),
        ("95%%", 3, "“%”", '"%"'),
        ("1.2.3", 3, "“.3”", '".3"'),
        ("1,234", 1, "“,”", '","'),
        ("a + 13月", 4, "不是月份", "not a month"),
        ("a >= 2023-02-30", 5, "不是存在的日期", "not a day that exists"),
        ("a >= 5多人", 5, "不是数量", "not a quantity"),
        ("a >= 100人以上", 5, "不是数量", "not a quantity"),
        ("a > 9月底前", 4, "不是数量", "not a quantity"),
        ("a + " + "9" * 50, 4, "过大", "too large"),
        ("a + " + "9" * 500, 4, "过长", "too long"),
        ("٣ + a", 0, "不是数量", "not a quantity"),
        ("5 + ٣", 4, "不是数量", "not a quantity"),
        ("__import__('os')", 0, "没有函数", "no function"),
        ("a[0]", 1, "“[”", '"["'),
        ("misuse == 是", 0, "条件直接写 misuse，否定写 not misuse", "write misuse alone, or not misuse"),
        ("b and 否 = a.b", 6, "条件直接写 a.b，否定写 not a.b", "write a.b alone, or not a.b"),
        ("a := 1", 2, "“:”", '":"'),
        ("lambda: 1", 6, "“:”", '":"'),
        ("\ud800", 0, "\ud800", "\ud800"),
    ],
)
def test_an_error_says_where_and_what(formula: str, offset: int, zh: str, en: str) -> None:
    at, in_chinese, in_english = refused(formula)
    assert at == offset
    assert zh in in_chinese
    assert en in in_english


def test_a_formula_too_long_is_refused_at_once() -> None:
    assert parse("a" * MOST_CHARACTERS) == FactRef("a" * MOST_CHARACTERS)
    offset, zh, _ = refused("a" * (MOST_CHARACTERS + 1))
    assert offset == 0
    assert "过长" in zh
    assert "too long" in refused("(" * 10**7)[2]


@pytest.mark.parametrize(
    "formula",
    ["+".join(["a"] * 300), "min(" + ", ".join(["a"] * 300) + ")", " and ".join(["a"] * 300), "a>1 or " * 199 + "a"],
)
def test_a_formula_with_too_many_operations_is_refused(formula: str) -> None:
    offset, zh, en = refused(formula)
    assert 0 < offset < len(formula)
    assert str(MOST_NODES) in zh
    assert str(MOST_NODES) in en


@pytest.mark.parametrize(
    "formula",
    [
        *("(" * 1000, "-" * 1000 + "a", "not " * 400 + "a", "abs(" * 400 + "a", "min(a," * 300 + "a"),
        *("if(a," * 300 + "a", "(" * 41 + "a" + ")" * 41, "-(" * 21 + "a" + ")" * 21, "not (" * 21 + "a" + ")" * 21),
    ],
)
def test_a_formula_nested_too_deep_is_refused(formula: str) -> None:
    _, zh, en = refused(formula)
    assert str(MOST_DEPTH) in zh
    assert str(MOST_DEPTH) in en


def test_brackets_beside_one_another_do_not_nest() -> None:
    beside = "+".join(["(a)"] * (MOST_DEPTH + 10))
    deepest = "(" * MOST_DEPTH + "a" + ")" * MOST_DEPTH
    assert parse(beside) == parse("+".join(["a"] * (MOST_DEPTH + 10)))
    assert parse(f"{beside} + {deepest}") == parse(beside + "+a")
    assert str(MOST_DEPTH) in refused(f"{beside} + ({deepest})")[2]


@pytest.mark.parametrize("formula", tuple(largest_formulas()))
def test_the_largest_formulas_are_accepted_and_nothing_larger(formula: str) -> None:
    parse(formula)


@given(written)
def test_a_formula_written_out_reads_back_as_the_same_expression(expr: Expr) -> None:
    text = source(expr)
    assume(len(text) <= MOST_CHARACTERS)
    try:
        assert parse(text) == expr
    except FormulaError as error:
        assert "too deep" in str(error)


@given(written, known_values())
def test_a_formula_written_out_evaluates_alike(expr: Expr, values: dict[str, Known]) -> None:
    known = pairs(values)
    try:
        expected = exact(expr, known)[0]
    except (Unknown, DividedByZero) as none:
        with pytest.raises(type(none)):
            exact(parse(source(expr)), known)
    else:
        assert exact(parse(source(expr)), known)[0] == expected


@given(st.text(max_size=60))
def test_any_text_is_a_formula_or_a_formula_error(text: str) -> None:
    try:
        parse(text)
    except FormulaError as error:
        assert all(0 <= found.offset <= len(text) for found in error.problems)


_PIECES = ["(", ")", ",", "+", "-", "*", "/", "<", "==", "≥", "and", "or", "not", "if(", "min(", "round(", "abs("]


@given(st.lists(st.sampled_from([*_PIECES, " ", "a", "预算.b", "yes", "3", "95%", "2023-12-31", "5万元/亩", "'x'"])))
def test_any_heap_of_tokens_is_a_formula_or_a_formula_error(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        parse(text)
    except FormulaError as error:
        assert all(0 <= found.offset <= len(text) for found in error.problems)


def test_rounding_in_a_formula_is_half_up_and_whole_numbers_have_no_places() -> None:
    assert parse("round(a, 2)") == Round(FactRef("a"), 2, "half-up")
    assert parse("round(a)") == Round(FactRef("a"), 0, "half-up")
    assert parse("floor(a)") == Round(FactRef("a"), 0, "floor")
    assert parse("ceil(a)") == Round(FactRef("a"), 0, "ceil")
