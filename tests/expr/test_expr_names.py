"""The facts an expression reads."""

from __future__ import annotations

import pytest
from formula_cases import labelled, largest_formulas
from hypothesis import given

from perfeval.errors import Message
from perfeval.expr.exact import DividedByZero, Unknown, exact
from perfeval.expr.names import compared_words, constants, names
from perfeval.expr.nodes import Constant, Expr, FactRef, Require, children, compare, label
from perfeval.expr.parse import parse
from perfeval.quantity import Quantity, quantity


@pytest.mark.parametrize(
    ("formula", "read"),
    [
        ("1 + 2", ()),
        ("b + a * b", ("b", "a")),
        ("budget.executed / budget.approved", ("budget.executed", "budget.approved")),
        ("if(c and not d, abs(a), round(b, 2))", ("c", "d", "a", "b")),
        ("min(z, y, max(x, y)) > w or v", ("z", "y", "x", "w", "v")),
    ],
)
def test_names_come_once_in_the_order_they_are_read(formula: str, read: tuple[str, ...]) -> None:
    assert names(parse(formula)) == read


def test_words_come_with_the_facts_they_are_compared_with_each_once_in_the_order_they_are_read() -> None:
    formulas = ('if(way == "b", 1, if("a" == way, 2, 3))', 'if(kind == "x" or way != "b", c > 1, d == e)')
    assert list(compared_words(map(parse, formulas)).items()) == [("way", ("b", "a")), ("kind", ("x",))]
    assert compared_words([]) == {}


def test_names_below_labels_and_requirements_count() -> None:
    expr = Require(compare(FactRef("a"), ">", 0), label("甲", "a", FactRef("b")), otherwise=Message("", ""))
    assert names(expr) == ("a", "b")


@given(labelled)
def test_a_fact_that_is_not_named_is_never_missed(expr: Expr) -> None:
    try:
        exact(expr, {})
    except Unknown as missing:
        assert missing.name in names(expr)
    except DividedByZero:
        pass


@given(labelled)
def test_the_names_are_those_of_the_children(expr: Expr) -> None:
    own = (expr.name,) if isinstance(expr, FactRef) else ()
    assert names(expr) == tuple(dict.fromkeys((*own, *(name for each in children(expr) for name in names(each)))))


@pytest.mark.parametrize("formula", tuple(largest_formulas()))
def test_the_largest_formulas_have_names(formula: str) -> None:
    assert set(names(parse(formula))) <= {"a", "c"}


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("a and yes or b == '良好'", ()),
        ("a >= 90%", ("90%",)),
        ("if(b > 3人, 5人, a / 90%) < 3人", ("3人", "5人", "90%")),
    ],
)
def test_the_quantities_written_into_a_formula_come_once_in_the_order_they_are_read(
    formula: str, written: tuple[str, ...]
) -> None:
    assert constants(parse(formula)) == tuple(map(quantity, written))


@given(labelled)
def test_the_constants_are_those_of_the_children(expr: Expr) -> None:
    own = (expr.value,) if isinstance(expr, Constant) and isinstance(expr.value, Quantity) else ()
    assert constants(expr) == tuple(
        dict.fromkeys((*own, *(each for item in children(expr) for each in constants(item))))
    )
