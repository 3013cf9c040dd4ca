"""Machine numbers with a proven bound on their error: the first arithmetic of the *columns* interpreter.

A column of numbers is k × unit, with `unit` an exact fraction and k an array of float64. Decimals, counts, their sums and differences, and
whatever is multiplied or divided by a constant are whole k without any error, as long as they stay below 2**53. All else carries a
bound, and a comparison or rounding that the bound does not decide is marked as undecided. docs/exactness.md proves each bound.

Every function takes exact fractions (constants) and columns alike. Rows without a value may hold anything.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor, gcd
from typing import Final, TypeAlias

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from perfeval.expr.nodes import TURNED, Comparator
from perfeval.expr.state import UNDECIDED, OutOfRange, State, Truths, chosen, first, marked
from perfeval.quantity import Mode

__all__ = ["BOUNDED", "ORDER", "Bounded", "BoundedArithmetic", "Real", "common", "nearest_to", "whole"]

Floats: TypeAlias = "NDArray[np.float64]"
Real: TypeAlias = np.float64
"""A machine number that stands beside columns: a bound, or the end of a range."""

_ZERO: Final = Real(0)
_ONE: Final = Real(1)
_HALF: Final = Real(1 / 2)
_U: Final = Real(2**-53)  # the most by which one operation is off, relative to its result
_TINY: Final = Real(2**-1000)  # more than is lost where a product or quotient is too small to be normal
_SLACK: Final = Real(1 + 2**-40)  # more than is lost in computing a bound
_WHOLE: Final = 2**53  # whole numbers up to here are exact
_FAR: Final = Real(2**900)  # nothing computed on overflows
_LOOSE: Final = Real(2**-20)  # relative errors above this are not worth computing with


@frozen(eq=False)
class Bounded:
    """A column of numbers k × unit; in every row with a value, k is off by at most off + rel × |k|.

    Attributes:
        low, high: the least and the greatest k of rows with a value, or beyond.
        off, rel: 0 and 0 mean that k is exact, and whole.
        state: which rows have a value.
    """

    k: Floats
    unit: Fraction
    low: Real
    high: Real
    off: Real = _ZERO
    rel: Real = _ZERO
    state: State = None

    @property
    def exact(self) -> bool:
        """Whether k has no error, and so is whole."""
        return bool(self.off == 0 and self.rel == 0)

    @property
    def size(self) -> Real:
        """The greatest magnitude of k."""
        return max(abs(self.low), abs(self.high))

    @property
    def bound(self) -> Real:
        """The most by which any k is off."""
        return _SLACK * (self.off + self.rel * self.size)


Number: TypeAlias = Fraction | Bounded


def whole(k: Floats, unit: Fraction, low: Real, high: Real, state: State = None) -> Bounded:
    """A column of whole k, |k| ≤ 2**53."""
    return Bounded(k, unit, low, high, state=state)


def nearest_to(k: Floats, unit: Fraction, state: State = None) -> Bounded:
    """A column of the machine numbers nearest to numbers that have more digits."""
    return Bounded(k, unit, k.min(), k.max(), rel=2 * _U, state=state)


def _real(value: Fraction) -> Real:
    """The nearest machine number: the quotient of two integers is correctly rounded."""
    try:
        found = value.numerator / value.denominator
    except OverflowError:
        raise OutOfRange from None
    if abs(found) > _FAR or (found == 0 and value != 0):
        raise OutOfRange
    return Real(found)


def common(a: Fraction, b: Fraction) -> Fraction:
    """The largest unit of which both are multiples."""
    return Fraction(
        gcd(a.numerator * b.denominator, b.numerator * a.denominator),
        a.denominator * b.denominator,
    )


def _checked(result: Bounded) -> Bounded:
    if not result.size < _FAR or not result.off < _FAR or not result.rel < _LOOSE:  # also where one is not a number
        raise OutOfRange
    return result


def _scaled(a: Bounded, times: int) -> Bounded:
    """The same numbers in a unit `times` as small; the caller knows that k stays below 2**53."""
    if times == 1:
        return a
    by = Real(times)
    return Bounded(a.k * by, a.unit / times, a.low * by, a.high * by, state=a.state)


def _fits(*sizes: tuple[Real, int | Fraction]) -> bool:
    """Whether whole numbers of these sizes, each times its factor, add up to less than 2**53."""
    return all(factor < _WHOLE for _, factor in sizes) and sum(int(size) * factor for size, factor in sizes) < _WHOLE


def _aligned(a: Bounded, b: Bounded) -> tuple[Bounded, Bounded]:
    """Both in one unit; exact where both are and it can be."""
    if a.unit == b.unit:
        return a, b
    if a.exact and b.exact:
        unit = common(a.unit, b.unit)
        m, n = int(a.unit / unit), int(b.unit / unit)
        if _fits((a.size, m)) and _fits((b.size, n)):
            return _scaled(a, m), _scaled(b, n)
    return a, _converted(b, a.unit)


def _converted(a: Bounded, unit: Fraction) -> Bounded:
    by = _real(a.unit / unit)
    return _checked(
        Bounded(
            a.k * by,
            unit,
            a.low * by,
            a.high * by,
            _SLACK * (a.off * by + _TINY),
            _SLACK * (a.rel + 3 * _U),
            a.state,
        )
    )


def _same_sign(a: Bounded, low: Real, high: Real) -> bool:
    return bool((a.low >= 0 and low >= 0) or (a.high <= 0 and high <= 0))


def _shifted(a: Bounded, by: Fraction) -> Bounded:
    """a + by."""
    if by == 0:
        return a
    if a.exact:
        unit = common(a.unit, by)
        m, s = int(a.unit / unit), int(by / unit)
        if _fits((a.size, m), (_ONE, abs(s))):
            scaled, shift = _scaled(a, m), Real(s)
            return evolve(scaled, k=scaled.k + shift, low=scaled.low + shift, high=scaled.high + shift)
    shift = _real(by / a.unit)
    return _added(a, a.k + shift, shift, shift, _U * abs(shift), _ZERO, a.state)


def _added(a: Bounded, k: Floats, low: Real, high: Real, off: Real, rel: Real, state: State) -> Bounded:
    """The sum k of a and something in the same unit, between low and high, with errors off and rel."""
    if _same_sign(a, low, high):
        off, rel = a.off + off, max(a.rel, rel) + 2 * _U
    else:
        size = max(abs(low), abs(high))
        off, rel = a.bound + off + rel * size, 2 * _U
    return _checked(Bounded(k, a.unit, a.low + low, a.high + high, _SLACK * off, _SLACK * rel, state))


def _zeros(a: Bounded) -> Bounded:
    return Bounded(np.zeros(len(a.k)), Fraction(1), _ZERO, _ZERO, state=a.state)


def _times(a: Bounded, by: Fraction) -> Bounded:
    """a × by: the unit changes, and no number does."""
    if by == 0:
        return _zeros(a)
    if by < 0:
        return evolve(a, k=-a.k, unit=a.unit * -by, low=-a.high, high=-a.low)
    return evolve(a, unit=a.unit * by)


def _constant_like(value: Fraction, a: Bounded, state: State) -> Bounded:
    """A column of one value, with a's rows."""
    if value == 0:
        return evolve(_zeros(a), state=state)
    k = _ONE if value > 0 else -_ONE
    return Bounded(np.full(len(a.k), k), abs(value), k, k, state=state)


class BoundedArithmetic:
    """The operations on columns of `Bounded` numbers."""

    def add(self, a: Number, b: Number) -> Number:
        """a + b."""
        if not isinstance(a, Bounded):
            if not isinstance(b, Bounded):
                return a + b
            return _shifted(b, a)
        if not isinstance(b, Bounded):
            return _shifted(a, b)
        a, b = _aligned(a, b)
        state = first(a.state, b.state)
        if a.exact and b.exact and _fits((a.size, 1), (b.size, 1)):
            return Bounded(a.k + b.k, a.unit, a.low + b.low, a.high + b.high, state=state)
        return _added(a, a.k + b.k, b.low, b.high, b.off, b.rel, state)

    def subtract(self, a: Number, b: Number) -> Number:
        """a − b."""
        if not isinstance(b, Bounded):
            return self.add(a, -b)
        if isinstance(a, Bounded):
            a, b = _aligned(a, b)
            if a.exact and b.exact and _fits((a.size, 1), (b.size, 1)):
                state = first(a.state, b.state)
                return Bounded(a.k - b.k, a.unit, a.low - b.high, a.high - b.low, state=state)
        return self.add(a, _times(b, Fraction(-1)))

    def multiply(self, a: Number, b: Number) -> Number:
        """a × b."""
        if not isinstance(a, Bounded):
            return a * b if not isinstance(b, Bounded) else _times(b, a)
        if not isinstance(b, Bounded):
            return _times(a, b)
        k, unit, state = a.k * b.k, a.unit * b.unit, first(a.state, b.state)
        corners = (a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high)
        low, high = min(corners), max(corners)
        if a.exact and b.exact and int(a.size) * int(b.size) < _WHOLE:
            return Bounded(k, unit, low, high, state=state)
        off = a.size * b.off * (1 + a.rel) + b.size * a.off * (1 + b.rel) + a.off * b.off + _TINY
        rel = a.rel + b.rel + a.rel * b.rel + 2 * _U
        return _checked(Bounded(k, unit, low, high, _SLACK * off, _SLACK * rel, state))

    def divide(self, a: Number, b: Number, code: int) -> Number:
        """a ÷ b; rows where b is zero are marked with `code`."""
        if not isinstance(b, Bounded):
            if b:
                return self.multiply(a, 1 / b)
            raise OutOfRange  # every row is in error: rare enough for the exact interpreter
        if not isinstance(a, Bounded):
            if not a:
                quotient = self.divide(Fraction(1), b, code)
                assert isinstance(quotient, Bounded)
                return _zeros(quotient)
            one = _ONE if a > 0 else -_ONE
            a = Bounded(np.full(1, one), abs(a), one, one)
        state, least = first(a.state, b.state), _ONE
        if b.exact:
            if b.low <= 0 <= b.high:
                state = marked(state, b.k == 0, code)
            else:
                least = min(abs(b.low), abs(b.high))
        else:
            least = (b.low if b.low > 0 else -b.high) - b.bound
            if not least > 0:  # what may be zero is not divided by here, nor what is too near it to be known well
                least = 4 * b.bound / _LOOSE
                if not least > 0:
                    raise OutOfRange
                state = marked(state, ~(np.abs(b.k) > least), UNDECIDED)
        divisor_rel = _SLACK * (b.rel + b.off / least)
        if not divisor_rel < _LOOSE:
            raise OutOfRange
        with np.errstate(all="ignore"):
            k = a.k / b.k
        size = a.size / least * _SLACK
        low, high = -size, size
        positive = (a.low >= 0 and b.low >= 0) or (a.high <= 0 and b.high <= 0)
        negative = (a.low >= 0 and b.high <= 0) or (a.high <= 0 and b.low >= 0)
        nearest = min(abs(a.low), abs(a.high)) / b.size / _SLACK if b.size > 0 else _ZERO
        if positive:
            low = nearest
        elif negative:
            high = -nearest
        off = a.off / least * (1 + 2 * divisor_rel) + _TINY
        if a.exact and b.exact:
            off = _ZERO  # whole numbers below 2**53: no quotient but 0 is too small to be normal
        rel = (a.rel + divisor_rel) * (1 + 2 * divisor_rel) + 2 * _U
        return _checked(Bounded(k, a.unit / b.unit, low, high, _SLACK * off, _SLACK * rel, state))

    def least(self, a: Number, b: Number) -> Number:
        """The smaller of the two."""
        return self._extreme(a, b, smaller=True)

    def greatest(self, a: Number, b: Number) -> Number:
        """The larger of the two."""
        return self._extreme(a, b, smaller=False)

    def _extreme(self, a: Number, b: Number, *, smaller: bool) -> Number:
        if not isinstance(a, Bounded):
            if not isinstance(b, Bounded):
                return min(a, b) if smaller else max(a, b)
            return self._clipped(b, a, smaller=smaller)
        if not isinstance(b, Bounded):
            return self._clipped(a, b, smaller=smaller)
        a, b = _aligned(a, b)
        pick = min if smaller else max
        k = np.minimum(a.k, b.k) if smaller else np.maximum(a.k, b.k)
        low, high, state = pick(a.low, b.low), pick(a.high, b.high), first(a.state, b.state)
        if a.exact and b.exact:
            return Bounded(k, a.unit, low, high, state=state)
        off, rel = max(a.bound, b.bound), _ZERO
        if a.low >= 0 and b.low >= 0:
            rel = max(a.rel, b.rel) * (1 + 4 * _LOOSE)
            off = (a.off + b.off) * (1 + 4 * _LOOSE)
        return _checked(Bounded(k, a.unit, low, high, _SLACK * off, _SLACK * rel, state))

    def _clipped(self, a: Bounded, c: Fraction, *, smaller: bool) -> Bounded:
        at = c / a.unit
        if (at >= a.high.item()) if smaller else (at <= a.low.item()):
            return a
        pick = min if smaller else max
        clip = np.minimum if smaller else np.maximum
        if a.exact:
            if (at <= a.low.item()) if smaller else (at >= a.high.item()):
                return _constant_like(c, a, a.state)
            unit = common(a.unit, abs(c))
            m, s = int(a.unit / unit), int(c / unit)
            if _fits((a.size, m)):  # and so does c, which lies among them
                scaled, edge = _scaled(a, m), Real(s)
                return evolve(scaled, k=clip(scaled.k, edge), low=pick(scaled.low, edge), high=pick(scaled.high, edge))
        edge = _real(at)
        off = a.off * (1 + 2 * a.rel) + _U * abs(edge)
        rel = a.rel * (1 + 2 * a.rel)
        return evolve(
            a, k=clip(a.k, edge), low=pick(a.low, edge), high=pick(a.high, edge), off=_SLACK * off, rel=_SLACK * rel
        )

    def absolute(self, a: Number) -> Number:
        """|a|."""
        if not isinstance(a, Bounded):
            return abs(a)
        if a.low >= 0:
            return a
        low = -a.high if a.high <= 0 else _ZERO
        return evolve(a, k=np.abs(a.k), low=low, high=a.size)

    def round(self, a: Number, places: int, mode: Mode) -> Number:
        """a to `places` decimals; exact where it is decided."""
        unit = Fraction(1, 10**places)
        if not isinstance(a, Bounded):
            raise OutOfRange  # constants are folded before
        by = a.unit / unit
        if a.exact and by.denominator == 1:
            return a  # already a multiple
        scale = _real(by)
        y = a.k * scale
        low, high = a.low * scale, a.high * scale
        size = max(abs(low), abs(high))
        if not size < _WHOLE / 4:
            raise OutOfRange
        if a.exact:
            # y lies within `slip` of a multiple of 1 / m, so that half of that decides every case, ties too.
            step = _real(Fraction(1, by.denominator))
            slip = _SLACK * (4 * size + 4) * _U
            if slip < step / 8:
                return _outcome(_rounded_exactly(y, low, step, mode), unit, low, high, a.state)
        off = _SLACK * (a.bound * scale + 4 * _U * size + _TINY)
        state = a.state
        k = np.rint(y)
        if mode in ("half-up", "half-even"):
            beyond = np.abs(y - k)
            limit = _HALF - off
            if not beyond.max(initial=_ZERO) < limit:
                state = marked(state, ~(beyond < limit), UNDECIDED)
        else:
            if not off < _HALF:
                raise OutOfRange
            state = marked(state, ~(np.abs(y - k) > off), UNDECIDED)
            k = _directed(y, mode)
        return _outcome(k, unit, low, high, state)

    def compare(self, a: Number, by: Comparator, b: Number) -> tuple[Truths, State]:
        """Whether a `by` b."""
        if not isinstance(a, Bounded):
            if not isinstance(b, Bounded):
                return ORDER[by](a, b), None
            return self.compare(b, TURNED[by], a)
        if not isinstance(b, Bounded):
            return _against(a, by, b / a.unit)
        a, b = _aligned(a, b)
        state = first(a.state, b.state)
        if a.exact and b.exact:
            return _COMPARE[by](a.k, b.k), state
        k = a.k - b.k
        off = _SLACK * (a.bound + b.bound + 2 * _U * (a.size + b.size))
        return _COMPARE[by](k, _ZERO), _unless_near(state, k, off)

    def select(self, condition: NDArray[np.bool_], a: Number, b: Number) -> Number:
        """a where the condition holds, else b; a row takes its state from the branch taken."""
        if not isinstance(a, Bounded):
            if not isinstance(b, Bounded):
                return _two(condition, a, b)
            return self._select(~condition, b, a)
        return self._select(condition, a, b)

    def _select(self, condition: NDArray[np.bool_], a: Bounded, b: Number) -> Number:
        if isinstance(b, Bounded):
            a, b = _aligned(a, b)
            off, rel = max(a.off, b.off), max(a.rel, b.rel)
            state = chosen(condition, a.state, b.state)
            low, high = min(a.low, b.low), max(a.high, b.high)
            return Bounded(np.where(condition, a.k, b.k), a.unit, low, high, off, rel, state)
        state = chosen(condition, a.state, None)
        other: Real | None = None
        if a.exact:
            unit = common(a.unit, abs(b))
            m, s = int(a.unit / unit), int(b / unit)
            if _fits((a.size, m), (_ONE, abs(s))):
                a, other = _scaled(a, m), Real(s)
        off = a.off
        if other is None:
            other = _real(b / a.unit)
            off = _SLACK * (off + _U * abs(other))
        if a.exact and off == 0 and a.state is None:
            k = a.k - other  # both fit together: no step rounds, and there is no branch to mispredict
            k *= condition
            k += other
        else:
            k = np.where(condition, a.k, other)
        return Bounded(k, a.unit, min(a.low, other), max(a.high, other), off, a.rel, state)

    def where(self, condition: NDArray[np.bool_], a: Bounded) -> Bounded:
        """a where the condition holds, and 0 elsewhere, whatever a row without a value held there."""
        return evolve(a, k=np.where(condition, a.k, _ZERO), low=min(a.low, _ZERO), high=max(a.high, _ZERO))

    def with_state(self, a: Number, state: State) -> Number:
        """a, but what went wrong in `state` went wrong first."""
        if state is None:
            return a
        if not isinstance(a, Bounded):
            return _constant_like(a, Bounded(np.zeros(len(state)), Fraction(1), _ZERO, _ZERO), state)
        return evolve(a, state=first(state, a.state))

    def replace_state(self, a: Number, state: State) -> Number:
        """a, with another state; a constant has none."""
        return evolve(a, state=state) if isinstance(a, Bounded) else a

    def state(self, a: Number) -> State:
        """Which rows have a value."""
        return None if not isinstance(a, Bounded) else a.state


ORDER: Final[dict[Comparator, Callable[[Fraction, Fraction], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_COMPARE: Final = {
    "==": np.equal,
    "!=": np.not_equal,
    ">=": np.greater_equal,
    "<=": np.less_equal,
    ">": np.greater,
    "<": np.less,
}


def _outcome(k: Floats, unit: Fraction, low: Real, high: Real, state: State) -> Bounded:
    return Bounded(k, unit, np.floor(low) - 1 if low < 0 else _ZERO, np.ceil(high) + 1, state=state)


def _rounded_exactly(y: Floats, low: Real, step: Real, mode: Mode) -> Floats:
    """Round values that are multiples of `step`, each computed with an error below an eighth of it."""
    nudge = step / 4
    match mode:
        case "floor":
            return np.floor(y + nudge)
        case "ceil":
            return np.ceil(y - nudge)
        case "half-even":
            nearest = np.rint(y)
            tie = np.abs(np.abs(y - nearest) - _HALF) < nudge
            if not tie.any():
                return nearest
            below = np.floor(y)
            return np.where(tie, below + below % 2, nearest)
        case _:
            beyond = y if low >= 0 else np.abs(y)
            if mode == "half-up":
                k = np.floor(beyond + (_HALF + nudge / 2))
            else:
                k = np.floor(beyond + nudge) if mode == "down" else np.ceil(beyond - nudge)
            return k if low >= 0 else np.copysign(k, y)


def _directed(y: Floats, mode: Mode) -> Floats:
    match mode:
        case "floor":
            return np.floor(y)
        case "ceil":
            return np.ceil(y)
        case "down":
            return np.trunc(y)
        case _:
            return np.copysign(np.ceil(np.abs(y)), y)


def _against(a: Bounded, by: Comparator, at: Fraction) -> tuple[Truths, State]:
    """Whether k `by` at."""
    if a.exact:
        # A whole k lies on the same side of `at` as of the whole number next to it.
        below = floor(at)
        if by in ("==", "!=") and below != at:
            return (by == "!=") if a.state is None else np.full(len(a.k), by == "!="), a.state
        beside = ceil(at) if by in (">=", "<") else below
        return _COMPARE[by](a.k, Real(max(-_WHOLE, min(_WHOLE, beside)))), a.state
    if at == 0 and a.off == 0:
        return _COMPARE[by](a.k, _ZERO), a.state  # an error of less than the number itself leaves its sign
    edge = _real(at)
    k = a.k - edge
    off = _SLACK * (a.bound + 2 * _U * (a.size + abs(edge)))
    return _COMPARE[by](k, _ZERO), _unless_near(a.state, k, off)


def _unless_near(state: State, k: Floats, off: Real) -> State:
    """Undecided where k is no farther from 0 than `off`."""
    far = np.abs(k) > off
    return state if far.all() else marked(state, ~far, UNDECIDED)


def _two(condition: NDArray[np.bool_], a: Fraction, b: Fraction) -> Bounded:
    """One of two constants: whole multiples of what both are multiples of."""
    unit = common(abs(a), abs(b)) or Fraction(1)
    m, n = int(a / unit), int(b / unit)
    if max(abs(m), abs(n)) >= _WHOLE:
        raise OutOfRange
    if (m, n) == (1, 0):
        return Bounded(condition.astype(Real), unit, _ZERO, _ONE)
    if (m, n) == (0, 1):
        return Bounded((~condition).astype(Real), unit, _ZERO, _ONE)
    x, y = Real(m), Real(n)
    return Bounded(np.where(condition, x, y), unit, min(x, y), max(x, y))


BOUNDED: Final = BoundedArithmetic()
