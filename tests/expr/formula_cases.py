"""Random expressions, the largest formulas the parser accepts, and an evaluator written a second time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Final, NoReturn, TypeAlias

from hypothesis import strategies as st

from perfeval.expr.exact import Value
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
    Label,
    Maximum,
    Minimum,
    Multiply,
    Not,
    Or,
    Require,
    Round,
    Subtract,
    label,
    number,
)
from perfeval.quantity import Mode, Quantity

Known: TypeAlias = Fraction | bool | str

FACTS: Final = ("a", "b", "预算.执行数")
FLAGS: Final = ("done", "有制度")
COMPARATORS: Final[tuple[Comparator, ...]] = ("==", "!=", ">=", "<=", ">", "<")

small = st.decimals(-20, 20, places=2, allow_nan=False, allow_infinity=False)
constants = st.one_of(st.integers(-3, 3), small).map(number)
facts = st.dictionaries(st.sampled_from(FACTS), st.one_of(st.integers(-3, 3), small).map(Fraction))
flags = st.dictionaries(st.sampled_from(FLAGS), st.booleans())


@st.composite
def known_values(draw: st.DrawFn) -> dict[str, Known]:
    """Some of the facts with their values; those left out are unknown."""
    return {**draw(facts), **draw(flags)}


def _pairs(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[tuple[Expr, ...]]:
    return st.lists(inner, min_size=2, max_size=3).map(tuple)


@cache
def grown(
    operations: Callable[[st.SearchStrategy[Expr]], st.SearchStrategy[Expr]],
    leaves: st.SearchStrategy[Expr],
    depth: int,
) -> st.SearchStrategy[Expr]:
    """Expressions of `operations` on `leaves`, up to `depth` of them inside one another."""
    if depth == 0:
        return leaves
    deeper: st.SearchStrategy[Expr] = st.deferred(lambda: operations(grown(operations, leaves, depth - 1)))
    return st.one_of(leaves, deeper, deeper)


def truths(numbers: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    """Conditions over `numbers`."""
    leaves: st.SearchStrategy[Expr] = st.one_of(
        st.sampled_from(FLAGS).map(FactRef),
        st.booleans().map(Constant),
        st.builds(Compare, st.sampled_from(COMPARATORS), numbers, numbers),
    )
    return grown(_logic, leaves, 2)


def _logic(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.one_of(st.builds(Not, inner), st.builds(And, _pairs(inner)), st.builds(Or, _pairs(inner)))


def arithmetic(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    """One operation of arithmetic on `inner`."""
    return st.one_of(
        *(st.builds(node, inner, inner) for node in (Add, Subtract, Multiply, Divide)),
        *(st.builds(node, _pairs(inner)) for node in (Minimum, Maximum)),
    )


def roundings(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    """The roundings that a formula can ask for."""
    whole: st.SearchStrategy[Mode] = st.sampled_from(("floor", "ceil"))
    return st.one_of(
        st.builds(Round, inner, st.integers(0, 6), st.just("half-up")), st.builds(Round, inner, st.just(0), whole)
    )


def _written(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.one_of(
        arithmetic(inner), roundings(inner), st.builds(Absolute, inner), st.builds(If, truths(inner), inner, inner)
    )


def _labelled(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.one_of(
        _written(inner),
        st.builds(lambda name, item: label(name, name, item), st.sampled_from("甲乙丙"), inner),
    )


leaves: st.SearchStrategy[Expr] = st.one_of(constants, st.sampled_from(FACTS).map(FactRef))


plain = grown(arithmetic, leaves, 5)
"""Arithmetic alone."""
written = grown(_written, leaves, 3)
"""Everything a formula can say."""
labelled = grown(_labelled, leaves, 3)
"""Everything a formula can say, with labels."""


class NoValue(Exception):
    """There is no value: what for."""


def reference(expr: Expr, values: Mapping[str, Known]) -> Known:
    """What `expr` is worth, by the book: plain recursion over `Fraction`."""
    match expr:
        case Constant(Quantity(value)):
            return value
        case Constant(value):
            assert not isinstance(value, Quantity)
            return value
        case FactRef(name):
            if name not in values:
                raise NoValue("unknown")
            return values[name]
        case Add(a, b):
            return _number(a, values) + _number(b, values)
        case Subtract(a, b):
            return _number(a, values) - _number(b, values)
        case Multiply(a, b):
            return _number(a, values) * _number(b, values)
        case Divide(a, b):
            dividend, divisor = _number(a, values), _number(b, values)
            if divisor == 0:
                raise NoValue("zero")
            return dividend / divisor
        case Minimum(items):
            return min([_number(each, values) for each in items])
        case Maximum(items):
            return max([_number(each, values) for each in items])
        case Absolute(item):
            return abs(_number(item, values))
        case Round(item, places, mode):
            scale = Fraction(10) ** places
            return _rounded(_number(item, values) * scale, mode) / scale
        case Compare(by, a, b):
            left, right = reference(a, values), reference(b, values)
            if by in ("==", "!="):
                return (left == right) == (by == "==")
            assert isinstance(left, Fraction)
            assert isinstance(right, Fraction)
            return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[by]
        case And(items):
            return _kleene(items, values, stop=False)
        case Or(items):
            return _kleene(items, values, stop=True)
        case Not(item):
            return not reference(item, values)
        case If(condition, then, otherwise):
            return reference(then if reference(condition, values) else otherwise, values)
        case Label(_, item):
            return reference(item, values)
        case Require(condition, item):
            if not reference(condition, values):
                raise NoValue("not met")
            return reference(item, values)


def _number(expr: Expr, values: Mapping[str, Known]) -> Fraction:
    value = reference(expr, values)
    assert isinstance(value, Fraction)
    return value


def _rounded(value: Fraction, mode: Mode) -> Fraction:
    low = value.numerator // value.denominator
    if mode == "floor" or value == low:
        return Fraction(low)
    if mode == "ceil":
        return Fraction(low + 1)
    nearer_low = value - low < Fraction(1, 2) or (value - low == Fraction(1, 2) and value < 0)
    return Fraction(low if nearer_low else low + 1)


def _kleene(items: tuple[Expr, ...], values: Mapping[str, Known], *, stop: bool) -> bool:
    """An unknown item leaves open whether those after it are reached, so only a `stop` among them counts."""
    doubt: NoValue | None = None
    for item in items:
        try:
            if reference(item, values) is stop:
                return stop
        except NoValue as none:
            if doubt is None and str(none) != "unknown":
                raise
            doubt = doubt or none
    if doubt:
        raise doubt
    return not stop


def source(expr: Expr) -> str:
    """`expr` as a formula, every operation in parentheses."""
    match expr:
        case Constant(bool() as truth):
            return "yes" if truth else "no"
        case Constant(value):
            return str(value)
        case FactRef(name):
            return name
        case Add(a, b):
            return f"({source(a)} + {source(b)})"
        case Subtract(a, b):
            return f"({source(a)} - {source(b)})"
        case Multiply(a, b):
            return f"({source(a)} * {source(b)})"
        case Divide(a, b):
            return f"({source(a)} / {source(b)})"
        case Minimum(items):
            return f"min({', '.join(map(source, items))})"
        case Maximum(items):
            return f"max({', '.join(map(source, items))})"
        case Absolute(item):
            return f"abs({source(item)})"
        case Round(item, places, "half-up"):
            return f"round({source(item)}, {places})"
        case Round(item, _, mode):
            return f"{mode}({source(item)})"
        case Compare(by, a, b):
            return f"({source(a)} {by} {source(b)})"
        case And(items):
            return f"({' and '.join(map(source, items))})"
        case Or(items):
            return f"({' or '.join(map(source, items))})"
        case Not(item):
            return f"(not {source(item)})"
        case If(condition, then, otherwise):
            return f"if({source(condition)}, {source(then)}, {source(otherwise)})"
        case Label() | Require():
            _no_source(expr)


def _no_source(expr: Expr) -> NoReturn:
    raise AssertionError(f"no formula says {expr}")


def _nested(before: str, core: str, after: str, depth: int = 40) -> str:
    return before * depth + core + after * depth


def largest_formulas() -> Iterator[str]:
    """Formulas at the very limits of what the parser accepts, each worth a number when a = 1 and c = yes."""
    yield "+".join(["a"] * 100)
    yield "-".join(["a"] * 100)
    yield "*".join(["a"] * 100)
    yield "/".join(["a"] * 100)
    yield "min(" + ", ".join(["a"] * 199) + ")"
    yield _nested("(", "a", ")")
    yield "-" * 40 + "a"
    yield _nested("abs(", "a", ")")
    yield _nested("round(", "a", ", 2)")
    yield _nested("min(a, ", "a", ")")
    yield _nested("max(", "a", ", a, a)")
    yield _nested("if(c, ", "a", ", a)")
    yield _nested("if(c, a, ", "a", ")")
    yield _nested("if(", "c", ", c, c)") + " == c"
    yield _nested("if(a > 0, a, ", "a", ")", 33)
    yield "not " * 40 + "c"
    yield " and ".join(["c"] * 199)
    yield "if(" + " or ".join(["a > 0"] * 65) + ", a, a)"
    yield _nested("abs(", "+".join(["a"] * 80), ")")
    yield "-" * 40 + _nested("(", "+".join(["a"] * 80), ")", 0)
    yield "+".join(["a"] * 60) + "+" + _nested("abs(", "a", ")")
    yield _nested("a+abs(", "a", ")")
    yield _nested("(a+a*", "a", ")")
    yield _nested("not (c and ", "c", ")", 20)


def pairs(values: Mapping[str, Known]) -> dict[str, Value]:
    """`values` as the exact interpreter takes them."""
    return {name: each.as_integer_ratio() if isinstance(each, Fraction) else each for name, each in values.items()}
