"""The *interval* interpreter: the lowest and highest value an expression can take, given ranges for what is not known.

Natural interval arithmetic, with two refinements that make it tight where people's rules are:

- inside a branch or behind a requirement, its condition holds: the ranges are narrowed by it, down to the facts;
- with each value go its slopes (the range of its difference quotients) in every unknown fact: where a slope cannot change
  its sign, the extremes lie at the ends of that fact's range, and only these are computed; where it can, the range is
  halved a few times and each half is read on its own.

Bounds are closed: an edge that a condition leaves out (`< 80%`) counts as reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Final, TypeAlias

from attrs import evolve, field, frozen

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
    children,
    unknown_node,
)
from perfeval.quantity import ROUNDINGS, Quantity

__all__ = ["EVERYTHING", "Range", "Ranges", "interval", "truths"]


@frozen
class Range:
    """All numbers from `low` to `high`, both included; None is no bound on that side."""

    low: Fraction | None
    high: Fraction | None

    @property
    def is_point(self) -> bool:
        """Whether it holds one number only."""
        return self.low is not None and self.low == self.high

    def __contains__(self, value: Fraction) -> bool:
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)


EVERYTHING: Final = Range(None, None)
Ranges: TypeAlias = Mapping[str, Range]

_ZERO: Final = Range(Fraction(0), Fraction(0))
_ONE: Final = Range(Fraction(1), Fraction(1))
_RISING: Final = Range(Fraction(0), None)
_FALLING: Final = Range(None, Fraction(0))
_EITHER: Final = frozenset({True, False})
_NOTHING: Final[Mapping[Expr, bool]] = {}
_MOST_SPLITS: Final = 6
_MOST_HALVINGS: Final = 5
# How many numbers may be read for one answer. A bound is wider, never wrong, where that does not suffice to halve further.
_MOST_READ: Final = 200_000

_Truth: TypeAlias = frozenset[bool]
_Known: TypeAlias = Range | _Truth | str
_Slopes: TypeAlias = Mapping[str, Range]
_Number: TypeAlias = tuple[Range, _Slopes]
_Flat: _Slopes = {}


class _Impossible(Exception):
    """Nothing satisfies all the conditions at once: there is no value."""


@frozen
class _Box:
    """What is known where an expression is read.

    Attributes:
        values: the facts that have a value.
        ranges: the numbers an unknown fact may be.
        formulas: how derived facts come about, where they have no value yet.
        narrowed: what the conditions around say of an expression.
    """

    values: Mapping[str, Value]
    ranges: Ranges
    formulas: Mapping[str, Expr]
    narrowed: Mapping[Expr, _Known] = field(factory=dict)


def interval(
    expr: Expr,
    values: Mapping[str, Value],
    ranges: Ranges,
    formulas: Mapping[str, Expr],
    split: Sequence[Expr] = (),
    given: Mapping[Expr, bool] = _NOTHING,
) -> Range | None:
    """The lowest and highest value of `expr`; None where no completion of the unknown facts gives it a value.

    Args:
        values: the known facts.
        ranges: of unknown facts; one that stands nowhere may be anything.
        formulas: of derived facts without a value.
        split: conditions that may be undecided; each is taken as true and as false in turn, which keeps what hangs on
            the same condition together.
        given: conditions that are taken to hold or not to hold.
    """
    box = _Box(values, ranges, formulas)
    try:
        for condition, holds in given.items():
            box = _narrowed(box, condition, holds)
    except _Impossible:
        return None
    undecided = [
        each for each in dict.fromkeys(split) if each not in given and truths(each, values, ranges, formulas) == _EITHER
    ]
    found: list[Range] = []
    if len(undecided) > _MOST_SPLITS:
        undecided = []
    if undecided:
        del undecided[_doublings(expr, box) :]
    for choice in product((True, False), repeat=len(undecided)):
        try:
            inside = box
            for condition, holds in zip(undecided, choice, strict=True):
                inside = _narrowed(inside, condition, holds)
            found.append(_tight(expr, inside, max(0, _MOST_HALVINGS - len(undecided))))
        except _Impossible:
            continue
    return _hull(found) if found else None


def truths(
    condition: Expr, values: Mapping[str, Value], ranges: Ranges, formulas: Mapping[str, Expr]
) -> frozenset[bool]:
    """What a condition can be: true, false, either; nothing where it has no value."""
    try:
        return _Reader(_Box(values, ranges, formulas)).truth(condition)[0]
    except _Impossible:
        return frozenset()


def _tight(expr: Expr, box: _Box, halvings: int) -> Range:
    """The range of `expr`: every fact in which it is monotone is pinned to the end that is wanted, another one's range halved."""
    reader = _Reader(box)
    found, slopes = reader.number(expr)
    halvings = min(halvings, _affordable(reader))
    unsure = [name for name, slope in slopes.items() if not (_at_least_zero(slope) or _at_most_zero(slope))]
    halves = next(filter(None, (_halves(FactRef(name), reader) for name in unsure)), None) if halvings else None
    if halves is not None:
        fact, *ranges = halves
        read = [_half(expr, box, fact, each, halvings) for each in ranges]
        there = [each for each in read if each is not None]
        if not there:
            raise _Impossible
        return _meet(found, _hull(there))
    pins: dict[bool, dict[Expr, _Known]] = {False: {}, True: {}}
    for name in slopes:
        if name in unsure:
            continue
        known, _ = reader.number(FactRef(name))
        for highest in (False, True):
            end = known.high if highest == _at_least_zero(slopes[name]) else known.low
            if end is not None:
                pins[highest][FactRef(name)] = Range(end, end)
    try:
        low, high = (_Reader(_with(box, pins[end])).number(expr)[0] for end in (False, True))
    except _Impossible:  # at that corner there is no value, or it lies outside the conditions
        return found
    return _meet(found, Range(low.low, high.high))


def _doublings(expr: Expr, box: _Box) -> int:
    """How often what is read may be doubled for an expression."""
    reader = _Reader(box)
    try:
        reader.number(expr)
    except _Impossible:  # it has no value here as a whole; a part of the box may have
        return _MOST_SPLITS
    return _affordable(reader)


def _affordable(reader: _Reader) -> int:
    return max(0, (_MOST_READ // max(1, reader.tally.read)).bit_length() - 1)


def _halves(fact: FactRef, reader: _Reader) -> tuple[FactRef, Range, Range] | None:
    known, _ = reader.number(fact)
    if known.low is None or known.high is None or known.is_point:
        return None
    middle = (known.low + known.high) / 2
    return fact, Range(known.low, middle), Range(middle, known.high)


def _half(expr: Expr, box: _Box, fact: FactRef, known: Range, halvings: int) -> Range | None:
    try:
        return _tight(expr, _with(box, {fact: known}), halvings - 1)
    except _Impossible:
        return None


def _with(box: _Box, known: Mapping[Expr, _Known]) -> _Box:
    return evolve(box, narrowed={**box.narrowed, **known})


class _Tally:
    """How many numbers were read: what it costs to read an expression once."""

    def __init__(self) -> None:
        self.read = 0


class _Reader:
    """Reads expressions in one box; each is read once."""

    def __init__(self, box: _Box, tally: _Tally | None = None) -> None:
        self.box = box
        self.tally = tally or _Tally()
        self._numbers: dict[Expr, _Number] = {}

    def _inside(self, condition: Expr, holds: bool) -> _Reader:
        """A reader of what lies behind a condition."""
        return _Reader(_narrowed(self.box, condition, holds), self.tally)

    # Numbers.

    def number(self, expr: Expr) -> _Number:
        """The range of a number, with its slopes."""
        known = self._numbers.get(expr)
        if known is None:
            self.tally.read += 1
            found, slopes = self._number(expr)
            narrowed = self.box.narrowed.get(expr)
            if isinstance(narrowed, Range):
                found = _meet(found, narrowed)
            known = self._numbers[expr] = (found, _Flat if found.is_point else slopes)
        return known

    def _number(self, expr: Expr) -> _Number:
        match expr:
            case Constant(value):
                return _point(value), _Flat
            case FactRef(name):
                return self._fact(name)
            case Add(a, b):
                (x, dx), (y, dy) = self.number(a), self.number(b)
                return _plus(x, y), _joined(_plus, dx, dy)
            case Subtract(a, b):
                (x, dx), (y, dy) = self.number(a), self.number(b)
                return _plus(x, _minus(y)), _joined(lambda s, t: _plus(s, _minus(t)), dx, dy)
            case Multiply(a, b):
                (x, dx), (y, dy) = self.number(a), self.number(b)
                return _times(x, y), _joined(lambda s, t: _plus(_times(s, y), _times(x, t)), dx, dy)
            case Divide(a, b):
                return self._divided(a, b)
            case Minimum(items):
                return self._least(items)
            case Maximum(items):
                found, slopes = self._least(items, reverse=True)
                return found, slopes
            case Absolute(item):
                return self._absolute(item)
            case Round(item, places, mode):
                x, dx = self.number(item)
                scale, rounding = 10**places, ROUNDINGS[mode]
                return _each_end(x, lambda end: Fraction(rounding(end.numerator * scale, end.denominator), scale)), {
                    name: _direction(slope) for name, slope in dx.items()
                }
            case If():
                return self._if(expr)
            case Label(_, item):
                return self.number(item)
            case Require(condition, item):
                return self._required(condition, item)
            case Compare() | And() | Or() | Not():
                raise _Impossible  # a yes/no where a number is needed: no value
            case _:
                unknown_node(expr)

    def _fact(self, name: str) -> _Number:
        if name in self.box.values:
            value = self.box.values[name]
            if not isinstance(value, tuple):
                raise _Impossible
            exact = Fraction(*value)
            return Range(exact, exact), _Flat
        if name in self.box.formulas:
            return self.number(self.box.formulas[name])
        return self.box.ranges.get(name, EVERYTHING), {name: _ONE}

    def _divided(self, a: Expr, b: Expr) -> _Number:
        (x, dx), (y, dy) = self.number(a), self.number(b)
        if y == _ZERO:
            raise _Impossible
        inverse = _inverse(y)
        found = _times(x, inverse)
        if Fraction(0) in y:
            return found, dict.fromkeys((*dx, *dy), EVERYTHING)
        return found, _joined(lambda s, t: _times(_plus(s, _minus(_times(found, t))), inverse), dx, dy)

    def _least(self, items: Sequence[Expr], *, reverse: bool = False) -> _Number:
        """The smallest, or in `reverse` the largest, of some numbers; what cannot be it has no slopes to add."""
        read = [self.number(each) for each in items]
        if reverse:
            read = [(_minus(x), dx) for x, dx in read]
        highs = [x.high for x, _ in read if x.high is not None]
        high = min(highs) if highs else None
        low = None if any(x.low is None for x, _ in read) else min(x.low for x, _ in read if x.low is not None)
        slopes: _Slopes = {}
        active = [dx for x, dx in read if high is None or x.low is None or x.low <= high]
        for index, dx in enumerate(active):
            slopes = dx if index == 0 else _joined(lambda s, t: _hull((s, t)), slopes, dx)
        found = Range(low, high)
        return (_minus(found) if reverse else found), slopes

    def _absolute(self, item: Expr) -> _Number:
        x, dx = self.number(item)
        if _at_least_zero(x):
            return x, dx
        turned = _minus(x)
        if _at_most_zero(x):
            return turned, {name: _minus(slope) for name, slope in dx.items()}
        high = None if x.high is None or turned.high is None else max(x.high, turned.high)
        return Range(Fraction(0), high), {name: _hull((slope, _minus(slope))) for name, slope in dx.items()}

    def _if(self, expr: If) -> _Number:
        can, turns = self.truth(expr.condition)
        branches: dict[bool, _Number] = {}
        for holds in sorted(can):
            try:
                inside = self if len(can) == 1 else self._inside(expr.condition, holds)
                branches[holds] = inside.number(expr.then if holds else expr.otherwise)
            except _Impossible:
                continue
        if not branches:
            raise _Impossible
        if len(branches) == 1:
            ((found, only),) = branches.values()
            slopes = dict(only)
        else:
            (x, dx), (y, dy) = branches[True], branches[False]
            found = _hull((x, y))
            slopes = dict(_joined(lambda s, t: _hull((s, t)), dx, dy))
            for name, turn in turns.items():
                slopes[name] = _hull((slopes.get(name, _ZERO), _jump(turn, x, y)))
        if len(can) > len(branches):
            slopes |= self._partial(expr.condition)
        return found, slopes

    def _required(self, condition: Expr, item: Expr) -> _Number:
        can, _ = self.truth(condition)
        if True not in can:
            raise _Impossible
        if len(can) == 1:
            return self.number(item)
        found, slopes = self._inside(condition, True).number(item)
        return found, {**slopes, **self._partial(condition)}

    def _partial(self, condition: Expr) -> _Slopes:
        """Where a value exists on one side of a condition only, the end of a fact's range may have none: no slope is sure."""
        return dict.fromkeys(self._unknown((condition,)), EVERYTHING)

    # Yes or no. A slope says which way the answer may turn: from no to yes as the fact rises, or from yes to no.

    def truth(self, expr: Expr) -> tuple[_Truth, _Slopes]:
        """What a yes/no can be, with the directions in which it may turn."""
        can, slopes = self._truth(expr)
        narrowed = self.box.narrowed.get(expr)
        if isinstance(narrowed, frozenset):
            can = frozenset(each for each in can if each in narrowed)
        if not can:
            raise _Impossible
        return can, slopes

    def _truth(self, expr: Expr) -> tuple[_Truth, _Slopes]:
        match expr:
            case Constant(bool(answer)):
                return frozenset({answer}), _Flat
            case FactRef(name):
                if name in self.box.values:
                    value = self.box.values[name]
                    return (frozenset({value}) if isinstance(value, bool) else frozenset()), _Flat
                if name in self.box.formulas:
                    return self.truth(self.box.formulas[name])
                return _EITHER, _Flat
            case Compare():
                return self._compared(expr)
            case And(items):
                return self._all(items, decisive=False)
            case Or(items):
                return self._all(items, decisive=True)
            case Not(item):
                can, turns = self.truth(item)
                return frozenset(not each for each in can), {name: _minus(turn) for name, turn in turns.items()}
            case Label(_, item):
                return self.truth(item)
            case If(condition, then, otherwise):
                can, _ = self.truth(condition)
                found: set[bool] = set()
                for holds in can:
                    try:
                        inside = self._inside(condition, holds)
                        found |= inside.truth(then if holds else otherwise)[0]
                    except _Impossible:
                        continue
                return frozenset(found), dict.fromkeys(self._unknown((expr,)), EVERYTHING)
            case Require(condition, item):
                return self._inside(condition, True).truth(item)
            case _:
                raise _Impossible

    def _compared(self, expr: Compare) -> tuple[_Truth, _Slopes]:
        by, a, b = expr.by, expr.left, expr.right
        words = self.word(a), self.word(b)
        if words != (None, None):
            return _same_words(*words, by), _Flat
        if by in ("==", "!=") and (self._is_truth(a) or self._is_truth(b)):
            (left, _), (right, _) = self.truth(a), self.truth(b)
            same = frozenset(x == y for x in left for y in right)
            can = same if by == "==" else frozenset(not each for each in same)
            return can, dict.fromkeys(self._unknown((a, b)), EVERYTHING)
        difference, slopes = self.number(Subtract(a, b))
        return _sign_truth(difference, by), {name: _turn(by, slope) for name, slope in slopes.items()}

    def _all(self, items: Sequence[Expr], *, decisive: bool) -> tuple[_Truth, _Slopes]:
        """`and` (decided by a no) or `or` (decided by a yes)."""
        undecided: dict[str, Range] = {}
        open_ = False
        failed = False
        for item in items:
            try:
                can, turns = self.truth(item)
            except _Impossible:
                failed = True
                continue
            if can == {decisive}:
                return frozenset({decisive}), _Flat
            if len(can) > 1:
                open_ = True
                undecided = dict(_joined(lambda s, t: _hull((s, t)), undecided, turns))
        if failed:
            if not open_:
                raise _Impossible
            return frozenset({decisive}), _Flat
        return (_EITHER, undecided) if open_ else (frozenset({not decisive}), _Flat)

    def _is_truth(self, expr: Expr) -> bool:
        match expr:
            case Constant(value):
                return isinstance(value, bool)
            case FactRef(name):
                if name in self.box.values:
                    return isinstance(self.box.values[name], bool)
                return name in self.box.formulas and self._is_truth(self.box.formulas[name])
            case Label(_, item) | Require(_, item):
                return self._is_truth(item)
            case Compare() | And() | Or() | Not():
                return True
            case _:
                return False

    # Words.

    def word(self, expr: Expr) -> str | None:
        """What a word is; None where it may be any word, or is no word at all."""
        match expr:
            case Constant(str(word)):
                return word
            case FactRef(name):
                known = self.box.values[name] if name in self.box.values else self.box.narrowed.get(expr)
                return known if isinstance(known, str) else None
            case Label(_, item):
                return self.word(item)
            case _:
                return None

    def _unknown(self, exprs: Iterable[Expr]) -> tuple[str, ...]:
        from_ = list(exprs)
        found: dict[str, None] = {}
        while from_:
            node = from_.pop()
            if isinstance(node, FactRef):
                if node.name in self.box.formulas:
                    from_.append(self.box.formulas[node.name])
                elif node.name not in self.box.values:
                    found[node.name] = None
            else:
                from_.extend(children(node))
        return tuple(found)


# Narrowing.


def _narrowed(box: _Box, condition: Expr, holds: bool) -> _Box:
    """`box`, where `condition` is known to hold or not to hold.

    Raises:
        _Impossible: nothing in the box is like that.
    """
    narrowing = _Narrowing(box)
    narrowing.truth(condition, holds)
    return narrowing.box


class _Narrowing:
    """Pushes what a condition says down to the facts it is about."""

    def __init__(self, box: _Box) -> None:
        self.box = box

    def truth(self, condition: Expr, holds: bool) -> None:
        """Note that `condition` is `holds`."""
        can, _ = _Reader(self.box).truth(condition)
        if holds not in can:
            raise _Impossible
        if len(can) == 1:
            return
        self._note(condition, frozenset({holds}))
        match condition:
            case Not(item):
                self.truth(item, not holds)
            case Label(_, item):
                self.truth(item, holds)
            case FactRef(name) if name in self.box.formulas:
                self.truth(self.box.formulas[name], holds)
            case And(items) if holds:
                for each in items:
                    self.truth(each, True)
            case Or(items) if not holds:
                for each in items:
                    self.truth(each, False)
            case And(items) | Or(items):
                undecided = [each for each in items if self._can(each) == _EITHER]
                if len(undecided) == 1:
                    self.truth(undecided[0], holds)
            case Compare(by, a, b):
                self._compared(by if holds else _OPPOSITE[by], a, b)
            case _:
                return

    def _can(self, condition: Expr) -> _Truth:
        try:
            return _Reader(self.box).truth(condition)[0]
        except _Impossible:
            return frozenset()

    def _compared(self, by: Comparator, a: Expr, b: Expr) -> None:
        reader = _Reader(self.box)
        left, right = reader.word(a), reader.word(b)
        if left is not None or right is not None:
            for expr, other in ((a, right), (b, left)):
                if by == "==" and other is not None and isinstance(_bare(expr), FactRef):
                    self._note(_bare(expr), other)
            return
        if by == "!=" or reader._is_truth(a) or reader._is_truth(b):
            return
        (x, _), (y, _) = reader.number(a), reader.number(b)
        if by in (">=", ">", "=="):
            self.number(a, Range(y.low, None))
            self.number(b, Range(None, x.high))
        if by in ("<=", "<", "=="):
            self.number(a, Range(None, y.high))
            self.number(b, Range(x.low, None))

    def number(self, expr: Expr, within: Range) -> None:
        """Note that `expr` lies within a range."""
        reader = _Reader(self.box)
        before, _ = reader.number(expr)
        after = _meet(before, within)
        if after == before:
            return
        self._note(expr, after)
        match expr:
            case FactRef(name) if name in self.box.formulas:
                self.number(self.box.formulas[name], after)
            case Label(_, item):
                self.number(item, after)
            case Add(a, b):
                (x, _), (y, _) = reader.number(a), reader.number(b)
                self.number(a, _plus(after, _minus(y)))
                self.number(b, _plus(after, _minus(x)))
            case Subtract(a, b):
                (x, _), (y, _) = reader.number(a), reader.number(b)
                self.number(a, _plus(after, y))
                self.number(b, _plus(x, _minus(after)))
            case Multiply(a, b):
                (x, _), (y, _) = reader.number(a), reader.number(b)
                for item, other in ((a, y), (b, x)):
                    if Fraction(0) not in other:
                        self.number(item, _times(after, _inverse(other)))
            case Divide(a, b):
                (x, _), (y, _) = reader.number(a), reader.number(b)
                self.number(a, _times(after, y))
                if Fraction(0) not in after or Fraction(0) not in x:  # else any divisor will do for 0
                    self.number(b, _times(x, _inverse(after)))
            case Minimum(items):
                for each in items:
                    self.number(each, Range(after.low, None))
            case Maximum(items):
                for each in items:
                    self.number(each, Range(None, after.high))
            case _:
                return

    def _note(self, expr: Expr, known: _Known) -> None:
        self.box = _with(self.box, {expr: known})


_OPPOSITE: Final[Mapping[Comparator, Comparator]] = {
    "==": "!=",
    "!=": "==",
    ">=": "<",
    "<": ">=",
    ">": "<=",
    "<=": ">",
}


def _bare(expr: Expr) -> Expr:
    return _bare(expr.item) if isinstance(expr, Label) else expr


# Arithmetic of ranges.


def _point(value: Quantity | bool | str) -> Range:
    if not isinstance(value, Quantity):
        raise _Impossible
    return Range(value.value, value.value)


def _hull(ranges: Iterable[Range]) -> Range:
    all_ = tuple(ranges)
    lows = [each.low for each in all_ if each.low is not None]
    highs = [each.high for each in all_ if each.high is not None]
    return Range(
        min(lows) if len(lows) == len(all_) else None,
        max(highs) if len(highs) == len(all_) else None,
    )


def _meet(a: Range, b: Range) -> Range:
    lows = [each for each in (a.low, b.low) if each is not None]
    highs = [each for each in (a.high, b.high) if each is not None]
    low, high = max(lows) if lows else None, min(highs) if highs else None
    if low is not None and high is not None and low > high:
        raise _Impossible
    return Range(low, high)


def _plus(a: Range, b: Range) -> Range:
    return Range(
        None if a.low is None or b.low is None else a.low + b.low,
        None if a.high is None or b.high is None else a.high + b.high,
    )


def _minus(a: Range) -> Range:
    return Range(None if a.high is None else -a.high, None if a.low is None else -a.low)


def _times(a: Range, b: Range) -> Range:
    """All products. An end that is missing is infinite, and infinity times nothing is nothing."""
    if _ZERO in (a, b):
        return _ZERO
    products = [_product(x, y) for x in _ends(a) for y in _ends(b)]
    numbers = [value for value, sign in products if sign == 0]
    return Range(
        None if any(sign < 0 for _, sign in products) else min(numbers),
        None if any(sign > 0 for _, sign in products) else max(numbers),
    )


_End: TypeAlias = tuple[Fraction, int]
"""A number and 0, or any number and the sign of an infinity."""


def _ends(a: Range) -> tuple[_End, _End]:
    return (
        (Fraction(0), -1) if a.low is None else (a.low, 0),
        (Fraction(0), 1) if a.high is None else (a.high, 0),
    )


def _product(x: _End, y: _End) -> _End:
    if not x[1] and not y[1]:
        return x[0] * y[0], 0
    sign = _sign(x) * _sign(y)
    return Fraction(0), sign


def _sign(x: _End) -> int:
    return x[1] or (x[0] > 0) - (x[0] < 0)


def _inverse(a: Range) -> Range:
    """One over each number in the range but zero."""
    if a.low is not None and a.low > 0:
        return Range(Fraction(0) if a.high is None else 1 / a.high, 1 / a.low)
    if a.high is not None and a.high < 0:
        return Range(1 / a.high, Fraction(0) if a.low is None else 1 / a.low)
    if a.low == 0:
        return Range(Fraction(0) if a.high is None else 1 / a.high, None)
    if a.high == 0:
        return Range(None, Fraction(0) if a.low is None else 1 / a.low)
    return EVERYTHING


def _each_end(a: Range, change: Callable[[Fraction], Fraction]) -> Range:
    return Range(None if a.low is None else change(a.low), None if a.high is None else change(a.high))


def _at_least_zero(a: Range) -> bool:
    return a.low is not None and a.low >= 0


def _at_most_zero(a: Range) -> bool:
    return a.high is not None and a.high <= 0


# Slopes.


def _joined(join: Callable[[Range, Range], Range], a: _Slopes, b: _Slopes) -> _Slopes:
    if not a and not b:
        return _Flat
    return {name: join(a.get(name, _ZERO), b.get(name, _ZERO)) for name in dict.fromkeys((*a, *b))}


def _direction(slope: Range) -> Range:
    """A slope of which only the direction is left: the value may jump."""
    if slope == _ZERO:
        return _ZERO
    if _at_least_zero(slope):
        return _RISING
    return _FALLING if _at_most_zero(slope) else EVERYTHING


def _turn(by: Comparator, slope: Range) -> Range:
    """Which way a comparison with zero may turn as a fact rises, when the difference has this slope."""
    direction = _direction(slope)
    if by in (">=", ">"):
        return direction
    return _minus(direction) if by in ("<=", "<") else (_ZERO if direction == _ZERO else EVERYTHING)


def _jump(turn: Range, then: Range, otherwise: Range) -> Range:
    """The slope of a step from one branch to the other."""
    if turn == _ZERO or (then.is_point and then == otherwise):
        return _ZERO
    step = _plus(then, _minus(otherwise))
    if turn == EVERYTHING or not (_at_least_zero(step) or _at_most_zero(step)):
        return EVERYTHING
    return _RISING if _at_least_zero(step) == (turn == _RISING) else _FALLING


def _sign_truth(difference: Range, by: Comparator) -> _Truth:
    """What a comparison can be, given all that left less right can be."""
    low, high = difference.low, difference.high
    above, below = high is None or high > 0, low is None or low < 0
    signs = [sign for sign, can in ((1, above), (0, Fraction(0) in difference), (-1, below)) if can]
    return frozenset(_HOLDS[by](sign) for sign in signs)


_HOLDS: Final[Mapping[Comparator, Callable[[int], bool]]] = {
    "==": lambda sign: sign == 0,
    "!=": lambda sign: sign != 0,
    ">=": lambda sign: sign >= 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    "<": lambda sign: sign < 0,
}


def _same_words(a: str | None, b: str | None, by: Comparator) -> _Truth:
    if a is None or b is None:
        return _EITHER
    return frozenset({(a == b) == (by == "==")})
