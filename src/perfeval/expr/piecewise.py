"""The *piecewise* interpreter: an expression as an exact function of one fact, all others being known.

The line of that fact's values is cut where the expression changes its form: at thresholds, at poles, at each step of
a rounding. Between two cuts stands one rational function, a truth, a word, or no value; a cut has a value of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Final, Literal, NoReturn, TypeAlias

from attrs import evolve, frozen

from perfeval.errors import Message
from perfeval.expr.exact import DividedByZero, Mistyped, NotMet, Unknown, Value, exact
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
    unknown_node,
)
from perfeval.expr.rational import (
    Irrational,
    Number,
    Ratio,
    TooLarge,
    difference,
    numerator,
    product,
    quotient,
    roots_between,
    total,
    value_at,
    value_of,
    variable,
)
from perfeval.quantity import ROUNDINGS, Mode

__all__ = ["NoValue", "NotPiecewise", "Piece", "Piecewise", "Reader", "piecewise"]

MOST_PIECES: Final = 20_000


class NotPiecewise(Exception):
    """The expression is no function of pieces that can be told exactly.

    Attributes:
        message: why.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


@frozen
class NoValue:
    """There is no value: a fact is not known, a divisor is zero, a condition is not met, or a yes/no stands for a number."""

    why: Literal["unknown", "zero", "not met", "mistyped"]


@frozen
class _Steps:
    """factor × (item, rounded) + offset, where there are too many steps, or infinitely many, to list them."""

    item: Ratio
    places: int
    mode: Mode
    factor: Fraction = Fraction(1)
    offset: Fraction = Fraction(0)

    def at(self, x: Fraction) -> Fraction:
        return self.factor * _rounded(value_at(self.item, x), self.places, self.mode) + self.offset


_Form: TypeAlias = Fraction | Ratio | _Steps | bool | str | NoValue
_Fixed: TypeAlias = Fraction | bool | str | NoValue


@frozen
class Piece:
    """One piece of the line.

    Attributes:
        low, high: its ends; None where it has none.
        low_included, high_included: whether the end belongs to it; a single point has both.
        value: what the expression is there; a `Ratio` is a function of the fact.
    """

    low: Fraction | None
    high: Fraction | None
    low_included: bool
    high_included: bool
    value: Fraction | Ratio | bool | str | NoValue

    def at(self, x: Fraction) -> Fraction | bool | str | NoValue:
        """The value at `x`, which lies in the piece."""
        return value_at(self.value, x) if isinstance(self.value, Ratio) else self.value

    def within(self, low: Fraction | None, high: Fraction | None) -> Piece | None:
        """The part from `low` to `high`, both included (None: no bound); None where nothing of it lies there."""
        piece = self
        if low is not None and (piece.low is None or piece.low < low):
            piece = evolve(piece, low=low, low_included=True)
        if high is not None and (piece.high is None or piece.high > high):
            piece = evolve(piece, high=high, high_included=True)
        if piece.low is None or piece.high is None or piece.low < piece.high:
            return piece
        return piece if piece.low == piece.high and piece.low_included and piece.high_included else None


@frozen
class Piecewise:
    """An expression as a function of one fact.

    Attributes:
        fact: its name; its values are in base units.
        pieces: from the lowest to the highest, covering the whole line.
    """

    fact: str
    pieces: tuple[Piece, ...]

    def at(self, x: Fraction) -> Fraction | bool | str | NoValue:
        """The value of the expression where the fact is `x`."""
        start, end = 0, len(self.pieces) - 1
        while start < end:
            middle = (start + end) // 2
            piece = self.pieces[middle]
            beyond = piece.high is not None and (x > piece.high or (x == piece.high and not piece.high_included))
            start, end = (middle + 1, end) if beyond else (start, middle)
        return self.pieces[start].at(x)


def piecewise(
    expr: Expr, fact: str, values: Mapping[str, Value], formulas: Mapping[str, Expr] | None = None
) -> Piecewise:
    """`expr` as a function of `fact`, where the other facts are as in `values`.

    `formulas` are those of derived facts; a fact that is in neither is unknown.

    Raises:
        NotPiecewise: a piece would end at an irrational place, or there are too many.
    """
    return Reader(values, formulas or {}).read(expr, fact)


class Reader:
    """Reads expressions on the same facts one after the other; what does not depend on the fact is computed once."""

    def __init__(self, values: Mapping[str, Value], formulas: Mapping[str, Expr]) -> None:
        self._values = values
        self._formulas = formulas
        # By the node's id, and with the node: an id stays its own only while the node lives.
        self._reads: dict[int, tuple[Expr, frozenset[str]]] = {}
        self._known: dict[int, tuple[Expr, _Line]] = {}
        self._readings: dict[str, _Interpreter] = {}

    def read(self, expr: Expr, fact: str) -> Piecewise:
        """As `piecewise`."""
        try:
            line = self._readings.setdefault(fact, _Interpreter(self, fact)).line(expr)
        except Irrational:
            raise NotPiecewise(
                Message(
                    "分段点不是有理数，不能精确求解",
                    "a piece ends where no fraction says, so it cannot be solved exactly",
                )
            ) from None
        except TooLarge:
            raise NotPiecewise(Message("算式次数或数值过大", "the formula grows too large to solve")) from None
        return Piecewise(fact, tuple(_pieces(line)))

    def reads(self, expr: Expr) -> frozenset[str]:
        """The facts that `expr` depends on, through derived ones too."""
        if id(expr) in self._reads:
            return self._reads[id(expr)][1]
        found = frozenset[str]().union(*(self.reads(each) for each in children(expr)))
        if isinstance(expr, FactRef):
            formula = self._formulas.get(expr.name)
            found = frozenset((expr.name,)) | (self.reads(formula) if formula is not None else frozenset())
        self._reads[id(expr)] = expr, found
        return found

    def known(self, expr: Expr) -> _Line:
        """An expression that does not depend on the fact."""
        if id(expr) not in self._known:
            self._known[id(expr)] = expr, _Line((), (self._fixed(expr),))
        return self._known[id(expr)][1]

    def _fixed(self, expr: Expr) -> _Form:
        try:
            return exact(expr, self._values)[0]
        except Unknown:
            return NoValue("unknown")
        except DividedByZero:
            return NoValue("zero")
        except NotMet:
            return NoValue("not met")
        except Mistyped:
            return NoValue("mistyped")

    def formula(self, name: str) -> Expr | None:
        """How a derived fact is computed."""
        return self._formulas.get(name)


# The line, cut.


@frozen
class _Line:
    """Forms over the line, or over a part of it.

    Attributes:
        breaks: the cuts, increasing.
        forms: before the first cut, at it, between it and the next, …; one more than twice as many.
    """

    breaks: tuple[Fraction, ...]
    forms: tuple[_Form, ...]


@frozen
class _Cuts:
    """An operation's answer that it has no single form between two cuts: where to cut further."""

    at: Sequence[Fraction]


_Operation: TypeAlias = Callable[[Sequence[_Form], Fraction | None, Fraction | None], "_Line | _Cuts"]


def _one(form: _Form) -> _Line:
    return _Line((), (form,))


def _value(form: _Form, x: Fraction) -> _Fixed:
    match form:
        case Ratio():
            return value_at(form, x)
        case _Steps():
            return form.at(x)
        case _:
            return form


def _middle(low: Fraction | None, high: Fraction | None) -> Fraction:
    """Some point strictly between."""
    if low is None:
        return Fraction(0) if high is None else high - 1
    return low + 1 if high is None else (low + high) / 2


def _applied(
    operation: _Operation, lines: Sequence[_Line], low: Fraction | None = None, high: Fraction | None = None
) -> _Line:
    """`operation` on the forms of `lines` in each place between `low` and `high`."""
    if not any(line.breaks for line in lines):
        return _between(operation, [line.forms[0] for line in lines], low, high)
    build = _Builder()
    at = [0] * len(lines)
    for cut in (*_merged(lines), None):
        end = high if cut is None else cut
        forms = [line.forms[2 * index] for line, index in zip(lines, at, strict=True)]
        build.interval(_between(operation, forms, low, end))
        if cut is None:
            break
        for place, line in enumerate(lines):
            index = at[place]
            if index < len(line.breaks) and line.breaks[index] == cut:
                forms[place] = line.forms[2 * index + 1]
                at[place] += 1
            else:
                forms[place] = _value(forms[place], cut)
        build.point(cut, _between(operation, forms, cut, cut).forms[0])
        low = cut
    return build.line()


def _merged(lines: Sequence[_Line]) -> Iterable[Fraction]:
    cut = [line.breaks for line in lines if line.breaks]
    return cut[0] if len(cut) == 1 else sorted({each for breaks in cut for each in breaks})


def _between(operation: _Operation, forms: Sequence[_Form], low: Fraction | None, high: Fraction | None) -> _Line:
    """`operation` on one form each, cut further where it must be."""
    if any(isinstance(form, _Steps) for form in forms):
        listed = [_listed(form, low, high) for form in forms]
        if any(line.breaks for line in listed):
            return _applied(operation, listed, low, high)
        forms = [line.forms[0] for line in listed]
    found = operation(forms, low, high)
    if isinstance(found, _Line):
        return found
    return _applied(operation, [_cut(form, found.at) for form in forms], low, high)


def _cut(form: _Form, at: Sequence[Fraction]) -> _Line:
    forms: list[_Form] = [form]
    for x in at:
        forms += (_value(form, x), form)
    return _Line(tuple(at), tuple(forms))


class _Builder:
    """Puts a line together from left to right, leaving out the cuts at which nothing changes."""

    def __init__(self) -> None:
        self._breaks: list[Fraction] = []
        self._forms: list[_Form] = []

    def point(self, x: Fraction, form: _Form) -> None:
        self._breaks.append(x)
        self._forms.append(form)

    def interval(self, line: _Line) -> None:
        self._after(line.forms[0])
        for index, x in enumerate(line.breaks):
            self.point(x, line.forms[2 * index + 1])
            self._after(line.forms[2 * index + 2])

    def _after(self, form: _Form) -> None:
        if self._forms and _same(self._forms[-2], form) and _gives(form, self._breaks[-1], self._forms[-1]):
            del self._forms[-1], self._breaks[-1]
            return
        self._forms.append(form)
        if len(self._breaks) > MOST_PIECES:
            _too_many()

    def line(self) -> _Line:
        return _Line(tuple(self._breaks), tuple(self._forms))


def _same(a: _Form, b: _Form) -> bool:
    return type(a) is type(b) and a == b  # but 1 is not True


def _gives(form: _Form, x: Fraction, value: _Form) -> bool:
    """Whether `form` goes on to have `value` at `x`, which may be a pole."""
    function = form.item if isinstance(form, _Steps) else form
    if isinstance(function, Ratio) and not value_of(function.below, x):
        return False
    return _same(_value(form, x), value)


def _too_many() -> NoReturn:
    raise NotPiecewise(Message(f"分段超过 {MOST_PIECES} 个", f"it falls into more than {MOST_PIECES} pieces"))


def _pieces(line: _Line) -> Iterator[Piece]:
    """The public form: a cut goes to the side whose function gives its value, else it is a piece of its own."""
    ends: tuple[Fraction | None, ...] = (None, *line.breaks, None)
    taken = True  # whether the piece before has taken the cut at its end
    for index, (low, high) in enumerate(pairwise(ends)):
        form = line.forms[2 * index]
        if isinstance(form, _Steps):
            _too_many()
        opens = False
        if low is not None and not taken:
            point = _fixed(line.forms[2 * index - 1])
            opens = _gives(form, low, point)
            if not opens:
                yield Piece(low, low, True, True, point)
        taken = high is not None and _gives(form, high, line.forms[2 * index + 1])
        yield Piece(low, high, opens, taken, form)


def _fixed(form: _Form) -> _Fixed:
    assert not isinstance(form, Ratio | _Steps)
    return form


# The nodes.


class _Interpreter:
    """One reading: a fact that varies, and what has been read so far."""

    def __init__(self, reader: Reader, fact: str) -> None:
        self._reader = reader
        self._fact = fact
        self._done: dict[int, tuple[Expr, _Line]] = {}

    def line(self, expr: Expr) -> _Line:
        """`expr` over the whole line."""
        if self._fact not in self._reader.reads(expr):
            return self._reader.known(expr)
        if id(expr) not in self._done:
            self._done[id(expr)] = expr, self._read(expr)
        return self._done[id(expr)][1]

    def _read(self, expr: Expr) -> _Line:
        match expr:
            case Constant():
                return self._reader.known(expr)
            case FactRef(name):
                return self._of_fact(name)
            case Add(a, b):
                return self._apply(_added, a, b)
            case Subtract(a, b):
                return self._apply(_subtracted, a, b)
            case Multiply(a, b):
                return self._apply(_multiplied, a, b)
            case Divide(a, b):
                return self._apply(_divided, a, b)
            case Minimum(items):
                return self._chosen(items, "<")
            case Maximum(items):
                return self._chosen(items, ">")
            case Absolute(item):
                return self._apply(_absolute, item)
            case Round(item, places, mode):
                return self._apply(partial(_round, places, mode), item)
            case Compare(by, a, b):
                return self._apply(partial(_compared, by), a, b)
            case And(items):
                return self._apply(partial(_joined, False), *items)
            case Or(items):
                return self._apply(partial(_joined, True), *items)
            case Not(item):
                return self._apply(_not, item)
            case If(condition, then, otherwise):
                return self._if(condition, then, otherwise)
            case Label(_, item):
                return self.line(item)
            case Require(condition, item):
                return self._apply(_required, condition, item)
            case _:
                unknown_node(expr)

    def _apply(self, operation: _Operation, *items: Expr) -> _Line:
        return _applied(operation, [self.line(each) for each in items])

    def _of_fact(self, name: str) -> _Line:
        if name == self._fact:
            return _one(variable)
        formula = self._reader.formula(name)
        assert formula is not None  # else it would not depend on the fact
        return _applied(_derived, [self.line(formula)])

    def _chosen(self, items: Sequence[Expr], by: Comparator) -> _Line:
        """The least or greatest, as the exact interpreter takes it: an item without a value has none beside it."""
        found = _applied(_numeric, [self.line(items[0])])
        for each in items[1:]:
            found = _applied(partial(_better, by), [found, self.line(each)])
        return found

    def _if(self, condition: Expr, then: Expr, otherwise: Expr) -> _Line:
        decided = self.line(condition)
        if not decided.breaks and isinstance(decided.forms[0], bool):
            return self.line(then if decided.forms[0] else otherwise)
        return _applied(_branch, [decided, self.line(then), self.line(otherwise)])


def _derived(forms: Sequence[_Form], low: Fraction | None, high: Fraction | None) -> _Line:
    """A derived fact that has no value, for whatever reason, is one that is not known."""
    return _one(NoValue("unknown") if isinstance(forms[0], NoValue) else forms[0])


# Numbers.


def _numbers(forms: Sequence[_Form]) -> tuple[Number | _Steps, ...] | NoValue:
    """The forms, where all of them are numbers; else why there is no value, the first first."""
    for form in forms:
        if isinstance(form, NoValue):
            return form
        if isinstance(form, bool | str):
            return NoValue("mistyped")
    return tuple(form for form in forms if isinstance(form, Fraction | Ratio | _Steps))


def _numeric(forms: Sequence[_Form], low: Fraction | None, high: Fraction | None) -> _Line:
    numbers = _numbers(forms)
    return _one(numbers if isinstance(numbers, NoValue) else numbers[0])


def _added(forms: Sequence[_Form], low: Fraction | None, high: Fraction | None) -> _Line:
    numbers = _numbers(forms)
    if isinstance(numbers, NoValue):
        return _one(numbers)
    a, b = numbers
    if isinstance(b, _Steps):
        a, b = b, a
    if isinstance(a, _Steps):
        return _one(evolve(a, offset=a.offset + _constant(b)))
    assert not isinstance(b, _Steps)
    return _one(total(a, b))


def _subtracted(forms: Sequence[_Form], low: Fraction | None, high: Fraction | None) -> _Line:
    numbers = _numbers(forms)
    if isinstance(numbers, NoValue):
        return _one(numbers)
    a, b = numbers
    if a == b:
        return _one(Fraction(0))
    if isinstance(b, _Steps):
        return _added((a, _times(b, Fraction(-1))), low, high)
    return _added((a, product(Fraction(-1), b)), low, high)


def _multiplied(forms: Sequence[_Form], low: Fraction | None, high: Fraction | None) -> _Line:
    numbers = _numbers(forms)
    if isinstance(numbers, NoValue):
        return _one(numbers)
    a, b = numbers
    if isinstance(b, _Steps):
        a, b = b, a
    if isinstance(a, _Steps):
        return _one(_times(a, _constant(b)))
    assert not isinstance(b, _Steps)
    return _one(product(a, b))


def _divided(forms: Sequence[_Form], low: Fraction | None, high: Fraction | None) -> _Line | _Cuts:
    numbers = _numbers(forms)
    if isinstance(numbers, NoValue):
        return _one(numbers)
    a, b = numbers
    if cuts := _crossings(b, Fraction(0), low, high):
        return _Cuts(cuts)
    if isinstance(b, _Steps):
        if not _value(b, _middle(low, high)):
            return _one(NoValue("zero"))
        if a == 0:
            return _one(Fraction(0))
        _too_many()
    if not b:
        return _one(NoValue("zero"))
    if isinstance(a, _Steps):
        return _one(_times(a, 1 / _constant(b)))
    return _one(quotient(a, b))


def _times(steps: _Steps, by: Fraction) -> _Form:
    return evolve(steps, factor=steps.factor * by, offset=steps.offset * by) if by else Fraction(0)


def _constant(number: Number | _Steps) -> Fraction:
    if not isinstance(number, Fraction):
        _too_many()
    return number


def _absolute(forms: Sequence[_Form], low: Fraction | None, high: Fraction | None) -> _Line | _Cuts:
    numbers = _numbers(forms)
    if isinstance(numbers, NoValue):
        return _one(numbers)
    (item,) = numbers
    found = _sign(item, Fraction(0), low, high)
    if isinstance(found, _Cuts):
        return found
    return _one(item) if found >= 0 else _subtracted((Fraction(0), item), low, high)


def _better(by: Comparator, forms: Sequence[_Form], low: Fraction | None, high: Fraction | None) -> _Line | _Cuts:
    numbers = _numbers(forms)
    if isinstance(numbers, NoValue):
        return _one(numbers)
    a, b = numbers
    found = _sign(b, a, low, high)
    if isinstance(found, _Cuts):
        return found
    return _one(b if _ORDER[by](found) else a)


# Comparing.


_ORDER: Final[dict[Comparator, Callable[[int], bool]]] = {
    "==": lambda sign: sign == 0,
    "!=": lambda sign: sign != 0,
    ">=": lambda sign: sign >= 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    "<": lambda sign: sign < 0,
}


def _compared(by: Comparator, forms: Sequence[_Form], low: Fraction | None, high: Fraction | None) -> _Line | _Cuts:
    a, b = forms
    for form in forms:
        if isinstance(form, NoValue):
            return _one(form)
    if isinstance(a, bool | str) or isinstance(b, bool | str):
        alike = type(a) is type(b) and by in ("==", "!=")
        return _one((a == b) == (by == "==") if alike else NoValue("mistyped"))
    assert not isinstance(a, NoValue)
    assert not isinstance(b, NoValue)
    found = _sign(a, b, low, high)
    return found if isinstance(found, _Cuts) else _one(_ORDER[by](found))


def _sign(a: Number | _Steps, b: Number | _Steps, low: Fraction | None, high: Fraction | None) -> int | _Cuts:
    """1 where a > b, −1 where a < b, throughout; else where to cut."""
    if a == b:
        return 0
    if cuts := _crossings(a, b, low, high):
        return _Cuts(cuts)
    x = _middle(low, high)
    left, right = _value(a, x), _value(b, x)
    assert isinstance(left, Fraction)
    assert isinstance(right, Fraction)
    return (left > right) - (left < right)


def _crossings(
    a: Number | _Steps, b: Number | _Steps, low: Fraction | None, high: Fraction | None
) -> Sequence[Fraction]:
    """Where between `low` and `high` a − b may change its sign."""
    if isinstance(a, _Steps):
        return _thresholds(a, _constant(b), low, high)
    if isinstance(b, _Steps):
        return _thresholds(b, _constant(a), low, high)
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return ()
    return roots_between(numerator(difference(a, b)), low, high)


def _thresholds(steps: _Steps, value: Fraction, low: Fraction | None, high: Fraction | None) -> Sequence[Fraction]:
    """Places between which steps come to `value` and leave it: few enough to be listed there."""
    sought = (value - steps.offset) / steps.factor * 10**steps.places
    nearest = sought.numerator // sought.denominator
    edges = [_edge(nearest + each, steps.places, steps.mode) for each in (-1, 1)]
    return sorted({x for edge in edges for x in _reaching(steps.item, edge, low, high)})


# Rounding.


def _rounded(value: Fraction, places: int, mode: Mode) -> Fraction:
    scale: int = 10**places
    return Fraction(ROUNDINGS[mode](value.numerator * scale, value.denominator), scale)


def _edge(index: int, places: int, mode: Mode) -> Fraction:
    """A value at which rounding goes from one step to the next; those of all integers are all there are."""
    twice = 2 * index + (mode in ("half-up", "half-even"))
    return Fraction(twice, 2 * 10**places)


def _reaching(item: Number, value: Fraction, low: Fraction | None, high: Fraction | None) -> list[Fraction]:
    return roots_between(numerator(difference(item, value)), low, high)


def _round(
    places: int, mode: Mode, forms: Sequence[_Form], low: Fraction | None, high: Fraction | None
) -> _Line | _Cuts:
    numbers = _numbers(forms)
    if isinstance(numbers, NoValue):
        return _one(numbers)
    (item,) = numbers
    if isinstance(item, Fraction):
        return _one(_rounded(item, places, mode))
    if isinstance(item, _Steps):
        _too_many()
    if item.is_simple:
        return _listed(_Steps(item, places, mode), low, high)
    return _one(_level(item, places, mode, low, high))


def _level(item: Ratio, places: int, mode: Mode, low: Fraction | None, high: Fraction | None) -> Fraction:
    """A curve that stays within one step of the rounding."""
    value = value_at(item, _middle(low, high))
    index = _step_below(value, places, mode)
    edges = [_edge(index + each, places, mode) for each in (0, 1)]
    if value in edges or any(_reaching(item, edge, low, high) for edge in edges):
        raise Irrational
    return _rounded(value, places, mode)


def _step_below(value: Fraction, places: int, mode: Mode) -> int:
    """The last edge not above `value`."""
    first = _edge(0, places, mode)
    scale: int = 10**places
    return (value - first) * scale // 1


def _listed(form: _Form, low: Fraction | None, high: Fraction | None) -> _Line:
    """Steps one by one, where they are not too many."""
    if not isinstance(form, _Steps):
        return _one(form)
    start, end = _limit(form.item, low), _limit(form.item, high)
    if start is None or end is None:
        return _one(form)
    bottom, top = sorted((start, end))
    first, last = (_step_below(each, form.places, form.mode) for each in (bottom, top))
    if last - first > MOST_PIECES:
        return _one(form)
    edges = [_edge(index, form.places, form.mode) for index in range(first + 1, last + 1)]
    if edges and edges[-1] == top:
        edges.pop()
    return _staircase(form, [bottom, *edges, top], falls=start > end)


def _staircase(steps: _Steps, edges: Sequence[Fraction], *, falls: bool) -> _Line:
    """The steps between `edges`, of which the first and the last are the ends."""

    def form(value: Fraction) -> Fraction:
        return steps.factor * _rounded(value, steps.places, steps.mode) + steps.offset

    breaks: list[Fraction] = []
    forms: list[_Form] = []
    for below, above in pairwise(edges):
        if forms:
            breaks.append(_inverse(steps.item, below))
            forms.append(form(below))
        forms.append(form((below + above) / 2))
    if falls:
        breaks, forms = breaks[::-1], forms[::-1]
    return _Line(tuple(breaks), tuple(forms))


def _inverse(item: Ratio, value: Fraction) -> Fraction:
    """Where `item`, (ax + b) ÷ (cx + d), comes to `value`, which it does."""
    (b, a), (d, c) = ((*part, Fraction(0))[:2] for part in (item.above, item.below))
    return (value * d - b) / (a - value * c)


def _limit(item: Ratio, end: Fraction | None) -> Fraction | None:
    """What `item`, (ax + b) ÷ (cx + d), comes to at an end of a piece; None when it grows without end."""
    if end is None:
        if len(item.above) > len(item.below):
            return None
        return item.above[-1] if len(item.above) == len(item.below) else Fraction(0)  # below begins with 1
    return value_at(item, end) if value_of(item.below, end) else None


# Truths.


def _joined(decisive: bool, forms: Sequence[_Form], low: Fraction | None, high: Fraction | None) -> _Line:
    """As the exact interpreter joins conditions: an unknown one leaves open whether those after it are reached."""
    unknown = False
    for form in forms:
        if isinstance(form, NoValue) and form.why == "unknown":
            unknown = True
        elif isinstance(form, NoValue):
            if form.why == "mistyped" or not unknown:
                return _one(form)
        elif not isinstance(form, bool):
            return _one(NoValue("mistyped"))
        elif form is decisive:
            return _one(decisive)
    return _one(NoValue("unknown") if unknown else not decisive)


def _not(forms: Sequence[_Form], low: Fraction | None, high: Fraction | None) -> _Line:
    (item,) = forms
    if isinstance(item, bool):
        return _one(not item)
    return _one(item if isinstance(item, NoValue) else NoValue("mistyped"))


def _branch(forms: Sequence[_Form], low: Fraction | None, high: Fraction | None) -> _Line:
    condition, then, otherwise = forms
    if isinstance(condition, bool):
        return _one(then if condition else otherwise)
    return _one(condition if isinstance(condition, NoValue) else NoValue("mistyped"))


def _required(forms: Sequence[_Form], low: Fraction | None, high: Fraction | None) -> _Line:
    condition, item = forms
    if isinstance(condition, bool):
        return _one(item if condition else NoValue("not met"))
    return _one(condition if isinstance(condition, NoValue) else NoValue("mistyped"))
