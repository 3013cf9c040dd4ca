"""The *exact* interpreter: an expression as a rational number, with its labelled steps.

An expression is compiled once into closures over integer pairs (numerator, denominator > 0). Pairs are not reduced:
that is still exact, and it spares the greatest common divisor that `Fraction` takes at every step.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final, TypeAlias

from attrs import frozen

from perfeval.errors import Message
from perfeval.expr.names import names
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
    unknown_node,
)
from perfeval.quantity import ROUNDINGS, Quantity

__all__ = [
    "MOST_BITS",
    "DividedByZero",
    "Mistyped",
    "NotMet",
    "Program",
    "Unknown",
    "Value",
    "compiled",
    "exact",
    "raw",
]

Pair: TypeAlias = tuple[int, int]
Value: TypeAlias = Pair | bool | str
Values: TypeAlias = Mapping[str, Value]
Memo: TypeAlias = dict[int, Value]
_Run: TypeAlias = Callable[[Values, Memo], Value]
_RunNumber: TypeAlias = Callable[[Values, Memo], Pair]
_RunTruth: TypeAlias = Callable[[Values, Memo], bool]


class Unknown(Exception):
    """A fact that the result needs is not known."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class DividedByZero(Exception):
    """A divisor is zero.

    Attributes:
        divisor: the expression that is zero.
        zero: the facts in it that are zero themselves.
    """

    def __init__(self, divisor: Expr, zero: tuple[str, ...]) -> None:
        super().__init__(divisor, zero)
        self.divisor = divisor
        self.zero = zero


class NotMet(Exception):
    """The condition of a `Require` does not hold."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


class Mistyped(Exception):
    """A yes/no stands where a number is needed, or the other way round; `kinds` finds this beforehand."""

    def __init__(self, node: Expr) -> None:
        super().__init__(node)
        self.node = node


@frozen
class Program:
    """A compiled expression.

    Attributes:
        run: the value, given the facts and an empty memo; fills the memo with the value of each label reached.
        labels: the labels, by their number in the memo.
    """

    run: _Run
    labels: tuple[Label, ...]


def raw(value: Quantity | bool | str) -> Value:
    """A fact's value as this interpreter takes it."""
    if isinstance(value, Quantity):
        return value.value.as_integer_ratio()
    return value


def compiled(expr: Expr) -> Program:
    """Compile `expr` once, to run it many times."""
    compiler = _Compiler()
    return Program(compiler.any(expr), tuple(compiler.labels))


def exact(expr: Expr, values: Values) -> tuple[Fraction | bool | str, tuple[tuple[Label, Value], ...]]:
    """The value of `expr` and of its labels, in the order they were reached.

    Raises:
        Unknown, DividedByZero, NotMet, Mistyped: when there is no value.
    """
    program = compiled(expr)
    memo: Memo = {}
    value = program.run(values, memo)
    steps = tuple((program.labels[slot], reached) for slot, reached in memo.items())
    return (Fraction(*value) if isinstance(value, tuple) else value), steps


_ORDER: Final[dict[Comparator, Callable[[int, int], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


class _Compiler:
    """Turns nodes into closures; equal labels share one place in the memo, so each is computed once."""

    def __init__(self) -> None:
        self.labels: list[Label] = []
        self._labelled: dict[Label, _Run] = {}

    def any(self, expr: Expr) -> _Run:
        match expr:
            case Constant(value):
                constant = raw(value)
                return lambda values, memo: constant
            case FactRef(name):
                return _fact(name)
            case Add(a, b):
                return _add(self.number(a), self.number(b))
            case Subtract(a, b):
                return _subtract(self.number(a), self.number(b))
            case Multiply(a, b):
                return _multiply(self.number(a), self.number(b))
            case Divide(a, b):
                return _divide(self.number(a), self.number(b), b)
            case Minimum(items):
                return _least([self.number(each) for each in items])
            case Maximum(items):
                return _greatest([self.number(each) for each in items])
            case Absolute(item):
                return _absolute(self.number(item))
            case Round(item, places, mode):
                return _round(self.number(item), 10**places, ROUNDINGS[mode])
            case Compare(by, a, b):
                return _compare(self.any(a), self.any(b), by, expr)
            case And(items):
                return _joined([self.truth(each) for each in items], decisive=False)
            case Or(items):
                return _joined([self.truth(each) for each in items], decisive=True)
            case Not(item):
                return _not(self.truth(item))
            case If(condition, then, otherwise):
                return _if(self.truth(condition), self.any(then), self.any(otherwise))
            case Label():
                return self._label(expr)
            case Require(condition, item):
                return _require(self.truth(condition), self.any(item), expr.otherwise)
            case _:
                unknown_node(expr)

    def number(self, expr: Expr) -> _RunNumber:
        """As `any`, for an expression that must be a number."""
        run = self.any(expr)
        if isinstance(expr, _ALWAYS_NUMBERS):
            return run  # type: ignore[return-value]  # these nodes yield nothing else

        def checked(values: Values, memo: Memo) -> Pair:
            value = run(values, memo)
            if type(value) is tuple:
                return value
            raise Mistyped(expr)

        return checked

    def truth(self, expr: Expr) -> _RunTruth:
        """As `any`, for an expression that must be a yes/no."""
        run = self.any(expr)

        def checked(values: Values, memo: Memo) -> bool:
            value = run(values, memo)
            if value is True or value is False:
                return value
            raise Mistyped(expr)

        return checked

    def _label(self, node: Label) -> _Run:
        if node in self._labelled:
            return self._labelled[node]
        item = self.any(node.item)
        slot = len(self.labels)
        self.labels.append(node)

        def run(values: Values, memo: Memo) -> Value:
            known = memo.get(slot)
            if known is None:
                known = memo[slot] = item(values, memo)
            return known

        self._labelled[node] = run
        return run


_ALWAYS_NUMBERS: Final = (Add, Subtract, Multiply, Divide, Minimum, Maximum, Absolute, Round)


# More than any figure needs, and little enough that facts derived from facts cannot grow beyond all computing.
MOST_BITS: Final = 2**14
_TOO_LARGE: Final = Message("数值过大，无法计算", "the number is too large to compute with")


def _bounded(numerator: int, denominator: int) -> Pair:
    if numerator.bit_length() > MOST_BITS or denominator.bit_length() > MOST_BITS:
        raise NotMet(_TOO_LARGE)
    return numerator, denominator


def _fact(name: str) -> _Run:
    def run(values: Values, memo: Memo) -> Value:
        try:
            return values[name]
        except KeyError:
            raise Unknown(name) from None

    return run


def _add(a: _RunNumber, b: _RunNumber) -> _RunNumber:
    def run(values: Values, memo: Memo) -> Pair:
        (n, d), (m, e) = a(values, memo), b(values, memo)
        return (n + m, d) if d == e else _bounded(n * e + m * d, d * e)

    return run


def _subtract(a: _RunNumber, b: _RunNumber) -> _RunNumber:
    def run(values: Values, memo: Memo) -> Pair:
        (n, d), (m, e) = a(values, memo), b(values, memo)
        return (n - m, d) if d == e else _bounded(n * e - m * d, d * e)

    return run


def _multiply(a: _RunNumber, b: _RunNumber) -> _RunNumber:
    def run(values: Values, memo: Memo) -> Pair:
        (n, d), (m, e) = a(values, memo), b(values, memo)
        return _bounded(n * m, d * e)

    return run


def _divide(a: _RunNumber, b: _RunNumber, divisor: Expr) -> _RunNumber:
    def run(values: Values, memo: Memo) -> Pair:
        (n, d), (m, e) = a(values, memo), b(values, memo)
        if m > 0:
            return _bounded(n * e, d * m)
        if m < 0:
            return _bounded(-n * e, -d * m)
        zero = tuple(name for name in names(divisor) if _is_zero(values.get(name)))
        raise DividedByZero(divisor, zero)

    return run


def _is_zero(value: Value | None) -> bool:
    return isinstance(value, tuple) and value[0] == 0


def _least(items: Sequence[_RunNumber]) -> _RunNumber:
    first, *rest = items

    def run(values: Values, memo: Memo) -> Pair:
        n, d = first(values, memo)
        for item in rest:
            m, e = item(values, memo)
            if m * d < n * e:
                n, d = m, e
        return n, d

    return run


def _greatest(items: Sequence[_RunNumber]) -> _RunNumber:
    first, *rest = items

    def run(values: Values, memo: Memo) -> Pair:
        n, d = first(values, memo)
        for item in rest:
            m, e = item(values, memo)
            if m * d > n * e:
                n, d = m, e
        return n, d

    return run


def _absolute(item: _RunNumber) -> _RunNumber:
    def run(values: Values, memo: Memo) -> Pair:
        n, d = item(values, memo)
        return abs(n), d

    return run


def _round(item: _RunNumber, scale: int, rounding: Callable[[int, int], int]) -> _RunNumber:
    def run(values: Values, memo: Memo) -> Pair:
        n, d = item(values, memo)
        return rounding(n * scale, d), scale

    return run


def _compare(a: _Run, b: _Run, by: Comparator, node: Expr) -> _RunTruth:
    order = _ORDER[by]

    def run(values: Values, memo: Memo) -> bool:
        left, right = a(values, memo), b(values, memo)
        if type(left) is tuple and type(right) is tuple:
            return order(left[0] * right[1], right[0] * left[1])
        if type(left) is type(right) and by in ("==", "!="):
            return (left == right) == (by == "==")
        raise Mistyped(node)

    return run


def _joined(items: Sequence[_RunTruth], *, decisive: bool) -> _RunTruth:
    """`decisive` as soon as one item is, whatever is unknown; an item behind an unknown one may yet not be reached."""

    def run(values: Values, memo: Memo) -> bool:
        unknown: Unknown | None = None
        for item in items:
            try:
                if item(values, memo) is decisive:
                    return decisive
            except Unknown as missing:
                unknown = unknown or missing
            except (DividedByZero, NotMet):
                if unknown is None:
                    raise
        if unknown:
            raise unknown
        return not decisive

    return run


def _not(item: _RunTruth) -> _RunTruth:
    return lambda values, memo: not item(values, memo)


def _if(condition: _RunTruth, then: _Run, otherwise: _Run) -> _Run:
    def run(values: Values, memo: Memo) -> Value:
        return then(values, memo) if condition(values, memo) else otherwise(values, memo)

    return run


def _require(condition: _RunTruth, item: _Run, otherwise: Message) -> _Run:
    def run(values: Values, memo: Memo) -> Value:
        if condition(values, memo):
            return item(values, memo)
        raise NotMet(otherwise)

    return run
