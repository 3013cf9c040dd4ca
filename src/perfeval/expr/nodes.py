"""The expression language: what a rule is written in, and what every interpreter reads.

Nodes are data. None of them knows how it is computed, printed or bounded; an interpreter is one function over them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, NoReturn, TypeAlias, Union

from attrs import evolve, field, frozen

from perfeval.errors import Message
from perfeval.quantity import LITERAL, Mode, Quantity, quantity

__all__ = [
    "TURNED",
    "Absolute",
    "Add",
    "And",
    "Comparator",
    "Compare",
    "Constant",
    "Divide",
    "Expr",
    "FactRef",
    "If",
    "Label",
    "Maximum",
    "Minimum",
    "Multiply",
    "Not",
    "Number",
    "Or",
    "Require",
    "Role",
    "Round",
    "Subtract",
    "children",
    "clip",
    "compare",
    "expression",
    "label",
    "maximum",
    "minimum",
    "number",
    "rewrite",
    "substitute",
    "unknown_node",
]

Comparator = Literal["==", "!=", ">=", "<=", ">", "<"]
TURNED: Final[Mapping[Comparator, Comparator]] = {"==": "==", "!=": "!=", ">=": "<=", "<=": ">=", ">": "<", "<": ">"}
"""Each comparison read from the other side."""
Role = Literal["rate", "points", "count"]
Number: TypeAlias = Union["Expr", Fraction, int, Decimal]
"""What may stand beside an expression in Python: another one, or an exact number."""


class _Arithmetic:
    """``a + b`` and its like build nodes, so that a rule reads as its formula."""

    __slots__ = ()

    def __add__(self, other: Number) -> Add:
        return Add(expression(self), expression(other))

    def __radd__(self, other: Number) -> Add:
        return Add(expression(other), expression(self))

    def __sub__(self, other: Number) -> Subtract:
        return Subtract(expression(self), expression(other))

    def __rsub__(self, other: Number) -> Subtract:
        return Subtract(expression(other), expression(self))

    def __mul__(self, other: Number) -> Multiply:
        return Multiply(expression(self), expression(other))

    def __rmul__(self, other: Number) -> Multiply:
        return Multiply(expression(other), expression(self))

    def __truediv__(self, other: Number) -> Divide:
        return Divide(expression(self), expression(other))

    def __rtruediv__(self, other: Number) -> Divide:
        return Divide(expression(other), expression(self))


@frozen(cache_hash=True)
class Constant(_Arithmetic):
    """A quantity, a yes/no or a word that is written into the rule."""

    value: Quantity | bool | str


@frozen(cache_hash=True)
class FactRef(_Arithmetic):
    """The value of the fact `name`."""

    name: str


@frozen(cache_hash=True)
class Add(_Arithmetic):
    """left + right."""

    left: Expr
    right: Expr


@frozen(cache_hash=True)
class Subtract(_Arithmetic):
    """left − right."""

    left: Expr
    right: Expr


@frozen(cache_hash=True)
class Multiply(_Arithmetic):
    """left × right."""

    left: Expr
    right: Expr


@frozen(cache_hash=True)
class Divide(_Arithmetic):
    """left ÷ right; an error where right is zero."""

    left: Expr
    right: Expr


@frozen(cache_hash=True)
class Minimum(_Arithmetic):
    """The smallest of the items."""

    items: tuple[Expr, ...]


@frozen(cache_hash=True)
class Maximum(_Arithmetic):
    """The largest of the items."""

    items: tuple[Expr, ...]


@frozen(cache_hash=True)
class Absolute(_Arithmetic):
    """The item without its sign."""

    item: Expr


@frozen(cache_hash=True)
class Round(_Arithmetic):
    """The item to `places` decimals."""

    item: Expr
    places: int
    mode: Mode


@frozen(cache_hash=True)
class Compare(_Arithmetic):
    """Whether left `by` right."""

    by: Comparator
    left: Expr
    right: Expr


@frozen(cache_hash=True)
class And(_Arithmetic):
    """Whether all hold; false as soon as one is false, whatever is unknown."""

    items: tuple[Expr, ...]


@frozen(cache_hash=True)
class Or(_Arithmetic):
    """Whether any holds; true as soon as one is true, whatever is unknown."""

    items: tuple[Expr, ...]


@frozen(cache_hash=True)
class Not(_Arithmetic):
    """Whether the item does not hold."""

    item: Expr


@frozen(cache_hash=True)
class If(_Arithmetic):
    """`then` where the condition holds, else `otherwise`; only that branch is computed."""

    condition: Expr
    then: Expr
    otherwise: Expr


@frozen(cache_hash=True)
class Label(_Arithmetic):
    """An intermediate result with a name; one step of the explanation.

    Attributes:
        name: in both languages.
        item: what is named.
        role: "rate" for a completion rate (which a framework may round), "points" for a score,
            "count" for a number of times.
    """

    name: Message
    item: Expr
    role: Role | None = None


@frozen(cache_hash=True)
class Require(_Arithmetic):
    """`item`, where the condition holds; else an error that says `otherwise`."""

    condition: Expr
    item: Expr
    otherwise: Message = field(kw_only=True)


Expr: TypeAlias = (
    Constant
    | FactRef
    | Add
    | Subtract
    | Multiply
    | Divide
    | Minimum
    | Maximum
    | Absolute
    | Round
    | Compare
    | And
    | Or
    | Not
    | If
    | Label
    | Require
)


def unknown_node(node: NoReturn) -> NoReturn:
    """The last branch of every interpreter: mypy proves it unreachable, and at run time it is loud."""
    raise TypeError(f"no interpretation for {type(node).__name__}")


def number(value: Fraction | int | Decimal | str) -> Constant:
    """An exact number written into a rule; it takes the kind of what it meets."""
    read = quantity(value)
    if read.kind == "number":
        read = Quantity(read.value, "literal", LITERAL)  # written with as many decimals as it needs
    return Constant(read)


def expression(value: object) -> Expr:
    """`value` as an expression: an exact number becomes a constant."""
    if isinstance(value, _Arithmetic):
        return value  # type: ignore[return-value]  # the node classes are the only heirs
    if isinstance(value, bool | str):
        return Constant(value)
    if isinstance(value, Quantity):
        return Constant(value)
    return number(value)  # type: ignore[arg-type]  # `quantity` refuses what is not a number


def minimum(*items: Number) -> Minimum:
    """The smallest of `items`."""
    return Minimum(tuple(expression(each) for each in items))


def maximum(*items: Number) -> Maximum:
    """The largest of `items`."""
    return Maximum(tuple(expression(each) for each in items))


def clip(item: Expr, least: Number, most: Number) -> Expr:
    """`item`, not below `least` and not above `most`."""
    return minimum(most, maximum(least, item))


def compare(left: Number, by: Comparator, right: Number) -> Compare:
    """Whether left `by` right."""
    return Compare(by, expression(left), expression(right))


def label(zh: str, en: str, item: Expr, role: Role | None = None) -> Label:
    """Name an intermediate result."""
    return Label(Message(zh, en), item, role)


def children(expr: Expr) -> Iterable[Expr]:
    """The expressions directly inside `expr`, left to right."""
    match expr:
        case Constant() | FactRef():
            return ()
        case Add(a, b) | Subtract(a, b) | Multiply(a, b) | Divide(a, b) | Compare(_, a, b):
            return (a, b)
        case Minimum(items) | Maximum(items) | And(items) | Or(items):
            return items
        case Absolute(item) | Round(item) | Not(item) | Label(_, item):
            return (item,)
        case If(condition, then, otherwise):
            return (condition, then, otherwise)
        case Require(condition, item):
            return (condition, item)
        case _:
            unknown_node(expr)


def rewrite(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """`expr` with `change` applied to every node, innermost first."""
    match expr:
        case Constant() | FactRef():
            same: Expr = expr
        case Add(a, b) | Subtract(a, b) | Multiply(a, b) | Divide(a, b) | Compare(_, a, b):
            same = evolve(expr, left=rewrite(a, change), right=rewrite(b, change))
        case Minimum(items) | Maximum(items) | And(items) | Or(items):
            same = evolve(expr, items=tuple(rewrite(each, change) for each in items))
        case Absolute(item) | Round(item) | Not(item) | Label(_, item):
            same = evolve(expr, item=rewrite(item, change))
        case If(condition, then, otherwise):
            same = If(rewrite(condition, change), rewrite(then, change), rewrite(otherwise, change))
        case Require(condition, item):
            same = evolve(expr, condition=rewrite(condition, change), item=rewrite(item, change))
        case _:
            unknown_node(expr)
    return change(same)


def substitute(expr: Expr, facts: dict[str, Expr]) -> Expr:
    """`expr` with the named facts replaced."""
    return rewrite(expr, lambda node: facts.get(node.name, node) if isinstance(node, FactRef) else node)
