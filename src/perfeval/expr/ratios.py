"""Exact quotients of 64-bit integers: the second arithmetic of the *columns* interpreter, for rows that machine numbers did not decide.

A column is n ÷ d × unit. Every product and sum is first estimated in machine numbers; a row in which one could leave 62 bits is marked
as undecided, and goes to the exact interpreter.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final, TypeAlias

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from perfeval.expr.bounded import ORDER, Real, common
from perfeval.expr.nodes import TURNED, Comparator
from perfeval.expr.state import UNDECIDED, OutOfRange, State, Truths, chosen, first, marked
from perfeval.quantity import Mode

__all__ = ["RATIOS", "Ratios", "RatiosArithmetic"]

Integers: TypeAlias = "NDArray[np.int64]"
_MOST: Final = 2**62
_LIMIT: Final = Real(2**61)  # an estimate is off by much less than the other half


@frozen(eq=False)
class Ratios:
    """A column of numbers n ÷ d × unit, d > 0; both below 2**62 in rows with a value."""

    n: Integers
    d: Integers
    unit: Fraction
    state: State = None


Number: TypeAlias = Fraction | Ratios


class _Watch:
    """Integer operations, with a note of the rows in which one may have overflowed."""

    def __init__(self) -> None:
        self.over: Truths = False

    def times(self, a: Integers, b: Integers | int) -> Integers:
        if isinstance(b, int):
            if b == 1:
                return a
            if abs(b) >= _MOST:
                raise OutOfRange
            b = np.array([b], np.int64)
        self._note(np.abs(a.astype(Real)) * np.abs(b.astype(Real)))
        return a * b

    def _note(self, estimate: NDArray[Real]) -> None:
        far = ~(estimate < _LIMIT)
        if far.any():
            self.over = self.over | far

    def noted(self, state: State) -> State:
        return marked(state, self.over, UNDECIDED)


def _reduced(n: Integers, d: Integers, unit: Fraction, state: State) -> Ratios:
    """In lowest terms; rows without a value become 0."""
    if state is not None:
        n, d = np.where(state == 0, n, 0), np.where(state == 0, d, 1)
    divisor = np.maximum(np.gcd(n, d), 1)
    return Ratios(n // divisor, d // divisor, unit, state)


def _constant_like(value: Fraction, rows: int, state: State) -> Ratios:
    ones = np.ones(rows, np.int64)
    if value == 0:
        return Ratios(ones * 0, ones, Fraction(1), state)
    return Ratios(ones if value > 0 else -ones, ones, abs(value), state)


def _like(a: Number, b: Number) -> tuple[Ratios, Ratios]:
    """Both as columns; one of them is one."""
    if isinstance(a, Fraction):
        assert isinstance(b, Ratios)
        return _constant_like(a, len(b.n), None), b
    if isinstance(b, Fraction):
        return a, _constant_like(b, len(a.n), None)
    return a, b


def _crossed(a: Number, b: Number) -> tuple[Integers, Integers, Integers, Fraction, State]:
    """a and b over one denominator and in one unit: the two numerators, the denominator, the unit."""
    a, b = _like(a, b)
    watch, unit = _Watch(), common(a.unit, b.unit)
    shared = np.maximum(np.gcd(a.d, b.d), 1)
    more = b.d // shared
    left = watch.times(watch.times(a.n, int(a.unit / unit)), more)
    right = watch.times(watch.times(b.n, int(b.unit / unit)), a.d // shared)
    below = watch.times(a.d, more)
    return left, right, below, unit, watch.noted(first(a.state, b.state))


class RatiosArithmetic:
    """The operations on columns of `Ratios`."""

    def add(self, a: Number, b: Number) -> Number:
        """a + b."""
        if isinstance(a, Fraction) and isinstance(b, Fraction):
            return a + b
        left, right, below, unit, state = _crossed(a, b)
        return _reduced(left + right, below, unit, state)  # each below 2**61: no sum leaves 62 bits

    def subtract(self, a: Number, b: Number) -> Number:
        """a − b."""
        return self.add(a, self.multiply(b, Fraction(-1)))

    def multiply(self, a: Number, b: Number) -> Number:
        """a × b."""
        if isinstance(a, Fraction):
            if isinstance(b, Fraction):
                return a * b
            a, b = b, a
        if isinstance(b, Fraction):
            if b == 0:
                return _constant_like(b, len(a.n), a.state)
            return evolve(a, n=a.n if b > 0 else -a.n, unit=a.unit * abs(b))
        watch = _Watch()
        n, d = watch.times(a.n, b.n), watch.times(a.d, b.d)
        return _reduced(n, d, a.unit * b.unit, watch.noted(first(a.state, b.state)))

    def divide(self, a: Number, b: Number, code: int) -> Number:
        """a ÷ b; rows where b is zero are marked with `code`."""
        if isinstance(b, Fraction):
            if b:
                return self.multiply(a, 1 / b)
            raise OutOfRange  # every row is in error: rare enough for the exact interpreter
        a, b = _like(a, b)
        state = marked(b.state, b.n == 0, code)
        inverse = Ratios(np.where(b.n < 0, -b.d, b.d), np.maximum(np.abs(b.n), 1), 1 / b.unit, state)
        return self.multiply(a, inverse)

    def least(self, a: Number, b: Number) -> Number:
        """The smaller of the two."""
        if isinstance(a, Fraction) and isinstance(b, Fraction):
            return min(a, b)
        left, right, below, unit, state = _crossed(a, b)
        return _reduced(np.minimum(left, right), below, unit, state)

    def greatest(self, a: Number, b: Number) -> Number:
        """The larger of the two."""
        if isinstance(a, Fraction) and isinstance(b, Fraction):
            return max(a, b)
        left, right, below, unit, state = _crossed(a, b)
        return _reduced(np.maximum(left, right), below, unit, state)

    def absolute(self, a: Number) -> Number:
        """|a|."""
        return abs(a) if isinstance(a, Fraction) else evolve(a, n=np.abs(a.n))

    def round(self, a: Number, places: int, mode: Mode) -> Number:
        """a to `places` decimals."""
        if isinstance(a, Fraction):
            raise OutOfRange  # constants are folded before
        by, watch = a.unit * 10**places, _Watch()
        n, d = watch.times(a.n, 2 * by.numerator), watch.times(a.d, 2 * by.denominator)
        state = watch.noted(a.state)
        if state is not None:
            n, d = np.where(state == 0, n, 0), np.where(state == 0, d, 2)
        return Ratios(_rounded(n // 2, d // 2, mode), np.ones(len(n), np.int64), Fraction(1, 10**places), state)

    def compare(self, a: Number, by: Comparator, b: Number) -> tuple[Truths, State]:
        """Whether a `by` b."""
        if isinstance(a, Fraction):
            if isinstance(b, Fraction):
                return ORDER[by](a, b), None
            return self.compare(b, TURNED[by], a)
        left, right, _, _, state = _crossed(a, b)
        found: NDArray[np.bool_] = ORDER[by](left, right)  # type: ignore[arg-type, assignment]  # on arrays, an array
        return found, state

    def select(self, condition: NDArray[np.bool_], a: Number, b: Number) -> Number:
        """a where the condition holds, else b; a row takes its state from the branch taken."""
        if isinstance(a, Fraction) and isinstance(b, Fraction):
            a, b = _constant_like(a, len(condition), None), _constant_like(b, len(condition), None)
        a, b = _like(a, b)
        unit, watch, other = common(a.unit, b.unit), _Watch(), _Watch()
        m, n = watch.times(a.n, int(a.unit / unit)), other.times(b.n, int(b.unit / unit))
        state = chosen(condition, watch.noted(a.state), other.noted(b.state))
        return Ratios(np.where(condition, m, n), np.where(condition, a.d, b.d), unit, state)

    def with_state(self, a: Number, state: State) -> Number:
        """a, but what went wrong in `state` went wrong first."""
        if state is None:
            return a
        if isinstance(a, Fraction):
            return _constant_like(a, len(state), state)
        return evolve(a, state=first(state, a.state))

    def replace_state(self, a: Number, state: State) -> Number:
        """a, with another state; a constant has none."""
        return evolve(a, state=state) if isinstance(a, Ratios) else a

    def state(self, a: Number) -> State:
        """Which rows have a value."""
        return None if isinstance(a, Fraction) else a.state


def _rounded(n: Integers, d: Integers, mode: Mode) -> Integers:
    """As `quantity.ROUNDINGS`, over arrays."""
    below, rest = np.divmod(n, d)  # toward minus infinity
    match mode:
        case "floor":
            up = np.zeros(len(n), np.bool_)
        case "ceil":
            up = rest > 0
        case "down":
            up = (rest > 0) & (n < 0)
        case "up":
            up = (rest > 0) & (n > 0)
        case "half-up":
            up = (rest > d - rest) | ((rest == d - rest) & (n >= 0))
        case "half-even":
            up = (rest > d - rest) | ((rest == d - rest) & (below % 2 == 1))
    return below + up


RATIOS: Final = RatiosArithmetic()
