"""The *columns* interpreter: an expression over many rows at once, in an arithmetic that knows which rows it decides.

`bounded` computes in machine numbers with proven bounds; what those do not decide, `ratios` computes in integers; what is left is for the
exact interpreter. A row that has no value says why: a fact is not known, or the node that refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Generic, Protocol, TypeAlias, TypeVar

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

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
    Label,
    Maximum,
    Minimum,
    Multiply,
    Not,
    Or,
    Require,
    Round,
    Subtract,
    children,
    rewrite,
    unknown_node,
)
from perfeval.expr.state import FIRST_ERROR, OK, UNDECIDED, UNKNOWN, OutOfRange, State, Truths, chosen, first
from perfeval.quantity import LITERAL, Mode, Quantity

__all__ = ["Absent", "Arithmetic", "Column", "Columns", "N", "Prepared", "Truth", "Words", "prepared", "widest"]

N = TypeVar("N")
"""A column of numbers, of some arithmetic."""


class Arithmetic(Protocol[N]):
    """The operations on columns of numbers; fractions are constants."""

    def add(self, a: Fraction | N, b: Fraction | N) -> Fraction | N: ...
    def subtract(self, a: Fraction | N, b: Fraction | N) -> Fraction | N: ...
    def multiply(self, a: Fraction | N, b: Fraction | N) -> Fraction | N: ...
    def divide(self, a: Fraction | N, b: Fraction | N, code: int) -> Fraction | N: ...
    def least(self, a: Fraction | N, b: Fraction | N) -> Fraction | N: ...
    def greatest(self, a: Fraction | N, b: Fraction | N) -> Fraction | N: ...
    def absolute(self, a: Fraction | N) -> Fraction | N: ...
    def round(self, a: Fraction | N, places: int, mode: Mode) -> Fraction | N: ...
    def compare(self, a: Fraction | N, by: Comparator, b: Fraction | N) -> tuple[Truths, State]: ...
    def select(self, condition: NDArray[np.bool_], a: Fraction | N, b: Fraction | N) -> Fraction | N: ...
    def with_state(self, a: Fraction | N, state: State) -> Fraction | N: ...
    def replace_state(self, a: Fraction | N, state: State) -> Fraction | N: ...
    def state(self, a: Fraction | N) -> State: ...


@frozen(eq=False)
class Truth:
    """A column of yes/no."""

    holds: Truths
    state: State = None


@frozen(eq=False)
class Words:
    """A column of words: where each stands in `words`."""

    codes: NDArray[np.int32]
    words: Sequence[str]
    state: State = None


@frozen
class Absent:
    """A fact that no row has."""


Column: TypeAlias = Fraction | N | Truth | Words | str | Absent
"""What an expression is over many rows: numbers, yes/no or words; a constant where all rows have the same."""


# Before any row is read.


@frozen(eq=False)
class Prepared:
    """An expression made ready: folded, with what in it can refuse, and what stands in it more than once.

    Attributes:
        expr: without labels, with constants computed.
        refusals: the nodes that can refuse a row; their codes count from FIRST_ERROR.
        shared: the nodes that stand in it more than once, worth keeping.
    """

    expr: Expr
    refusals: tuple[Divide | Require, ...]
    shared: frozenset[Expr]
    _codes: Mapping[Expr, int] = field(repr=False)

    def code(self, node: Divide | Require) -> int:
        """The code of rows that `node` refuses."""
        return self._codes[node]


def prepared(expr: Expr) -> Prepared:
    """`expr`, ready to be computed over rows."""
    folded = rewrite(expr, _folded)
    times: dict[Expr, int] = {}
    refusals: dict[Expr, int] = {}

    def count(node: Expr) -> None:
        times[node] = times.get(node, 0) + 1
        if times[node] > 1:
            return
        if isinstance(node, Divide | Require):
            refusals[node] = FIRST_ERROR + len(refusals)
        for each in children(node):
            count(each)

    count(folded)
    shared = frozenset(node for node, found in times.items() if found > 1 and not isinstance(node, Constant | FactRef))
    return Prepared(folded, tuple(refusals), shared, refusals)  # type: ignore[arg-type]  # only those two are put in


def _folded(node: Expr) -> Expr:
    """`node`, whose parts are folded already, simpler: the same value, or the same refusal, in every row."""
    match node:
        case Label(_, item):
            return item
        case If(Constant(bool() as holds), then, otherwise):
            return then if holds else otherwise
        case Round(item, _, "floor" | "ceil" | "up" | "down") if (clipped := _clipped(item)) is not None:
            # In rows beyond the clip the constant is rounded: exactly, whatever the error of what was clipped.
            inside, at_edge = clipped
            return If(inside, node, _folded(evolve(node, item=at_edge)))
        case Add() | Subtract() | Multiply() | Divide() | Minimum() | Maximum() | Absolute() | Round():
            parts = tuple(children(node))
            varying = [index for index, part in enumerate(parts) if not _is_number(part)]
            if not varying:
                return _computed(node)
            # A function of one choice among constants is a choice among its values; but a divisor is named where it is zero.
            place = varying[0]
            divides = isinstance(node, Divide) and place == 1
            if (
                len(varying) == 1
                and not divides
                and isinstance(choice := parts[place], If)
                and _chooses_constants(choice)
            ):
                then, otherwise = (
                    _folded(_with_part(node, parts, place, branch)) for branch in (choice.then, choice.otherwise)
                )
                return If(choice.condition, then, otherwise)
            return node
        case _:
            return node


def _clipped(node: Expr) -> tuple[Compare, Expr] | None:
    """Where `node`, a multiple of something clipped at a constant, is not the multiple of that constant; and what that is."""
    match node:
        case Multiply(item, Constant()) | Divide(item, Constant()) if (inner := _clipped(item)) is not None:
            inside, edge = inner
            return inside, _folded(evolve(node, left=edge))
        case Multiply(Constant(), item) if (inner := _clipped(item)) is not None:
            inside, edge = inner
            return inside, _folded(evolve(node, right=edge))
        case Maximum((a, b)) | Minimum((a, b)) if _is_number(a) != _is_number(b):
            edge, varying = (a, b) if _is_number(a) else (b, a)
            return Compare(">" if isinstance(node, Maximum) else "<", varying, edge), edge
        case _:
            return None


def _is_number(node: Expr) -> bool:
    return isinstance(node, Constant) and isinstance(node.value, Quantity)


def _chooses_constants(node: If) -> bool:
    return _is_number(node.then) or _is_number(node.otherwise)


def _computed(node: Expr) -> Expr:
    try:
        value, _ = exact(node, {})
    except (Unknown, DividedByZero, NotMet, Mistyped):
        return node
    assert isinstance(value, Fraction)
    return Constant(Quantity(value, LITERAL.kind, LITERAL))


def _with_part(node: Expr, parts: Sequence[Expr], place: int, part: Expr) -> Expr:
    changed = (*parts[:place], part, *parts[place + 1 :])
    match node:
        case Add() | Subtract() | Multiply() | Divide():
            return evolve(node, left=changed[0], right=changed[1])
        case Minimum() | Maximum():
            return evolve(node, items=changed)
        case Absolute() | Round():
            return evolve(node, item=part)
        case _:
            raise AssertionError(node)


def widest(expr: Expr, bits: Callable[[str], tuple[int, int]]) -> tuple[int, int, int]:
    """How many bits `expr` can take in the exact interpreter: its numerator, its denominator, the largest on the way.

    `bits` says so for the numerator and denominator of a fact.
    """
    largest = 0

    def size(node: Expr) -> tuple[int, int]:
        nonlocal largest
        match node:
            case Constant(value):
                if not isinstance(value, Quantity):
                    return 1, 1
                return value.value.numerator.bit_length(), value.value.denominator.bit_length()
            case FactRef(name):
                return bits(name)
            case Add(a, b) | Subtract(a, b):
                (n, d), (m, e) = size(a), size(b)
                found = max(n + e, m + d) + 1, d + e
            case Multiply(a, b):
                (n, d), (m, e) = size(a), size(b)
                found = n + m, d + e
            case Divide(a, b):
                (n, d), (m, e) = size(a), size(b)
                found = n + e, d + m
            case Round(item, places):
                n, _ = size(item)
                scale = (10**places).bit_length()
                found = n + scale + 1, scale
            case _:
                sizes = [size(each) for each in children(node)]
                found = max(n for n, _ in sizes), max(d for _, d in sizes)
        largest = max(largest, *found)
        return found

    n, d = size(expr)
    return n, d, largest


# Over rows.


class Columns(Generic[N]):
    """An interpreter of prepared expressions over one set of rows.

    Args:
        arithmetic: what computes.
        facts: the column of a fact; it is asked for each one once.
        rows: how many rows there are.

    Raises (from its methods):
        OutOfRange: a column grows beyond what the arithmetic computes with.
        Mistyped: a yes/no stands where a number is needed, or the like.
    """

    def __init__(self, arithmetic: Arithmetic[N], facts: Callable[[str], Column[N]], rows: int) -> None:
        self._arithmetic = arithmetic
        self._facts = facts
        self._rows = rows

    def number(self, of: Prepared) -> Fraction | N:
        """The numbers that `of` is."""
        return self._number(of.expr, of, {})

    def truth(self, of: Prepared) -> Truth:
        """The yes/no that `of` is."""
        return self._truth(of.expr, of, {})

    def any(self, of: Prepared) -> Column[N]:
        """What `of` is."""
        return self._any(of.expr, of, {})

    def _any(self, expr: Expr, of: Prepared, memo: dict[Expr, Column[N]]) -> Column[N]:
        if expr not in of.shared:
            return self._computed(expr, of, memo)
        if expr not in memo:
            memo[expr] = self._computed(expr, of, memo)
        return memo[expr]

    def _computed(self, expr: Expr, of: Prepared, memo: dict[Expr, Column[N]]) -> Column[N]:
        arithmetic = self._arithmetic
        match expr:
            case Constant(value):
                if isinstance(value, Quantity):
                    return value.value
                return Truth(value) if isinstance(value, bool) else value
            case FactRef(name):
                return self._facts(name)
            case Add(a, b):
                return arithmetic.add(self._number(a, of, memo), self._number(b, of, memo))
            case Subtract(a, b):
                return arithmetic.subtract(self._number(a, of, memo), self._number(b, of, memo))
            case Multiply(a, b):
                return arithmetic.multiply(self._number(a, of, memo), self._number(b, of, memo))
            case Divide(a, b):
                return arithmetic.divide(self._number(a, of, memo), self._number(b, of, memo), of.code(expr))
            case Minimum(items):
                return self._joined_numbers(arithmetic.least, items, of, memo)
            case Maximum(items):
                return self._joined_numbers(arithmetic.greatest, items, of, memo)
            case Absolute(item):
                return arithmetic.absolute(self._number(item, of, memo))
            case Round(item, places, mode):
                return arithmetic.round(self._number(item, of, memo), places, mode)
            case Compare():
                return self._compared(expr, of, memo)
            case And(items):
                return self._joined([self._truth(each, of, memo) for each in items], decisive=False)
            case Or(items):
                return self._joined([self._truth(each, of, memo) for each in items], decisive=True)
            case Not(item):
                truth = self._truth(item, of, memo)
                return Truth(_negated(truth.holds), truth.state)
            case If(condition, then, otherwise):
                return self._selected(self._truth(condition, of, memo), then, otherwise, of, memo)
            case Label(_, item):
                return self._any(item, of, memo)
            case Require(condition, item):
                needed = self._truth(condition, of, memo)
                return self._required(needed, self._any(item, of, memo), of.code(expr))
            case _:
                unknown_node(expr)

    def _number(self, expr: Expr, of: Prepared, memo: dict[Expr, Column[N]]) -> Fraction | N:
        value = self._any(expr, of, memo)
        if isinstance(value, Absent):
            return self._arithmetic.with_state(Fraction(0), self._all(UNKNOWN))
        if isinstance(value, (Truth, Words, str)):  # a tuple is faster, and this is hot
            raise Mistyped(expr)
        return value

    def _truth(self, expr: Expr, of: Prepared, memo: dict[Expr, Column[N]]) -> Truth:
        value = self._any(expr, of, memo)
        if isinstance(value, Absent):
            return Truth(False, self._all(UNKNOWN))
        if not isinstance(value, Truth):
            raise Mistyped(expr)
        return value

    def _all(self, code: int) -> NDArray[np.uint16]:
        return np.full(self._rows, code, np.uint16)

    def _joined_numbers(
        self,
        join: Callable[[Fraction | N, Fraction | N], Fraction | N],
        items: tuple[Expr, ...],
        of: Prepared,
        memo: dict[Expr, Column[N]],
    ) -> Fraction | N:
        found, *rest = (self._number(each, of, memo) for each in items)
        for each in rest:
            found = join(found, each)
        return found

    def _compared(self, node: Compare, of: Prepared, memo: dict[Expr, Column[N]]) -> Truth:
        a, b = self._any(node.left, of, memo), self._any(node.right, of, memo)
        if isinstance(a, Absent):
            return Truth(False, self._all(UNKNOWN))
        if isinstance(b, Absent):
            return Truth(False, first(self.state(a), self._all(UNKNOWN)))
        if not isinstance(a, Truth | Words | str) and not isinstance(b, Truth | Words | str):
            return Truth(*self._arithmetic.compare(a, node.by, b))
        if node.by not in ("==", "!="):
            raise Mistyped(node)
        if isinstance(a, Truth) and isinstance(b, Truth):
            same: Truths = a.holds == b.holds
        elif isinstance(a, Words | str) and isinstance(b, Words | str):
            same = _same_words(a, b)
        else:
            raise Mistyped(node)
        return Truth(same if node.by == "==" else _negated(same), first(self.state(a), self.state(b)))

    def state(self, value: Column[N]) -> State:
        """In which rows `value` is known."""
        if isinstance(value, Truth | Words):
            return value.state
        if isinstance(value, str | Absent):
            return None
        return self._arithmetic.state(value)

    def _joined(self, items: Sequence[Truth], *, decisive: bool) -> Truth:
        """As `exact`: decisive as soon as one item is; unknown otherwise where one is, whatever refuses after it."""
        if all(item.state is None for item in items):
            holds: Truths = items[0].holds
            for item in items[1:]:
                holds = (holds | item.holds) if decisive else (holds & item.holds)
            return Truth(holds)
        decided = np.zeros(self._rows, np.bool_)
        state = self._all(OK)
        for item in items:
            here = self._all(OK) if item.state is None else item.state
            going = ~decided & ((state == OK) | (state == UNKNOWN))
            decided |= going & (here == OK) & (item.holds == decisive)
            stops = going & (here != OK) & ((state == OK) | (here == UNDECIDED))
            state = np.where(stops, here, state)
        state[decided] = OK
        return Truth(decided if decisive else ~decided, state)

    def _selected(
        self, condition: Truth, then: Expr, otherwise: Expr, of: Prepared, memo: dict[Expr, Column[N]]
    ) -> Column[N]:
        if isinstance(condition.holds, bool) and condition.state is None:
            return self._any(then if condition.holds else otherwise, of, memo)
        holds = self._each_row(condition.holds)
        a, b = (self._any(each, of, memo) for each in (then, otherwise))
        if isinstance(a, Absent) or isinstance(b, Absent):
            a, b = self._known_like(a, b), self._known_like(b, a)
        if isinstance(a, Truth) and isinstance(b, Truth):
            value: Column[N] = Truth(
                np.where(holds, a.holds, b.holds), first(condition.state, chosen(holds, a.state, b.state))
            )
            return value
        if isinstance(a, Truth | Words | str | Absent) or isinstance(b, Truth | Words | str | Absent):
            raise Mistyped(then)  # a choice among words is for the exact interpreter
        return self._arithmetic.with_state(self._arithmetic.select(holds, a, b), condition.state)

    def _known_like(self, value: Column[N], other: Column[N]) -> Column[N]:
        """A fact that no row has, as a column of what stands beside it."""
        if not isinstance(value, Absent):
            return value
        if isinstance(other, Truth):
            return Truth(False, self._all(UNKNOWN))
        return self._arithmetic.with_state(Fraction(0), self._all(UNKNOWN))

    def _each_row(self, holds: Truths) -> NDArray[np.bool_]:
        return np.full(self._rows, holds) if isinstance(holds, bool | np.bool_) else holds

    def _required(self, needed: Truth, item: Column[N], code: int) -> Column[N]:
        if needed.holds is True and needed.state is None:
            return item
        holds = self._each_row(needed.holds)
        if needed.state is None and holds.all():
            return item
        state = np.where(holds, np.uint16(OK), np.uint16(code))
        state = state if needed.state is None else np.where(needed.state != OK, needed.state, state)
        match item:
            case Truth(held, before):
                return Truth(held, first(state, before))
            case Words(codes, words, before):
                return Words(codes, words, first(state, before))
            case str():
                raise OutOfRange  # a word that may be refused: for the exact interpreter
            case Absent():
                return self._arithmetic.with_state(Fraction(0), first(state, self._all(UNKNOWN)))
            case _:
                return self._arithmetic.with_state(item, state)


def _negated(holds: Truths) -> Truths:
    return not holds if isinstance(holds, bool) else ~holds


def _same_words(a: Words | str, b: Words | str) -> Truths:
    if isinstance(a, str):
        return a == b if isinstance(b, str) else _same_words(b, a)
    if isinstance(b, str):
        with_word: NDArray[np.bool_] = a.codes == (a.words.index(b) if b in a.words else -1)
        return with_word
    places = {word: place for place, word in enumerate(b.words)}
    turned = np.array([places.get(word, -1) for word in a.words] or [-1], np.int32)
    same: NDArray[np.bool_] = turned[a.codes] == b.codes
    return same
