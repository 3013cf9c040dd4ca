"""Rational functions of one variable, exact: what a formula is, seen as depending on one figure.

A polynomial is a tuple of coefficients, the constant first, without zeros at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise, zip_longest
from math import isqrt
from typing import Final, TypeAlias

from attrs import frozen

__all__ = [
    "Irrational",
    "Number",
    "Polynomial",
    "Ratio",
    "TooLarge",
    "difference",
    "limit_at_infinity",
    "numerator",
    "product",
    "quotient",
    "roots_between",
    "total",
    "turning_points",
    "value_at",
    "value_of",
    "variable",
]

Polynomial: TypeAlias = tuple[Fraction, ...]
_ZERO: Final = Fraction(0)
_ONE: Final[Polynomial] = (Fraction(1),)
_MOST_DEGREE: Final = 8  # formulas of figures have one or two
_MOST_BITS: Final = 2**14  # as many as the exact interpreter computes with


class Irrational(Exception):
    """A root is no fraction, or none can be found exactly."""


class TooLarge(Exception):
    """A number or a degree grows beyond what is worth computing."""


@frozen
class Ratio:
    """A rational function that is not constant, in lowest terms.

    Attributes:
        above, below: the numerator, and the denominator with 1 as its highest coefficient.
    """

    above: Polynomial
    below: Polynomial

    @property
    def is_simple(self) -> bool:
        """Whether it is (ax + b) ÷ (cx + d), and so rises or falls throughout between its poles."""
        return len(self.above) <= 2 and len(self.below) <= 2


Number: TypeAlias = Fraction | Ratio
variable: Final = Ratio((_ZERO, Fraction(1)), _ONE)


# Polynomials.


def _trimmed(coefficients: Iterable[Fraction]) -> Polynomial:
    kept = list(coefficients)
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


def _plus(a: Polynomial, b: Polynomial) -> Polynomial:
    return _trimmed(x + y for x, y in zip_longest(a, b, fillvalue=_ZERO))


def _scaled(a: Polynomial, by: Fraction) -> Polynomial:
    """`a` times a number that is not 0."""
    return tuple(x * by for x in a)


def _times(a: Polynomial, b: Polynomial) -> Polynomial:
    if len(a) + len(b) - 2 > _MOST_DEGREE:
        raise TooLarge
    result = [_ZERO] * (len(a) + len(b))
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            result[i + j] += x * y
    return _trimmed(result)


def _divided(a: Polynomial, b: Polynomial) -> tuple[Polynomial, Polynomial]:
    """The quotient and the rest; `b` is not zero."""
    rest, shift = list(a), len(a) - len(b)
    result = [_ZERO] * len(a)
    while shift >= 0:
        result[shift] = rest[shift + len(b) - 1] / b[-1]
        for index, x in enumerate(b):
            rest[shift + index] -= result[shift] * x
        shift -= 1
    return _trimmed(result), _trimmed(rest)


def _common(a: Polynomial, b: Polynomial) -> Polynomial:
    """The greatest common divisor."""
    while b:
        a, b = b, _divided(a, b)[1]
    return a


def _derived(a: Polynomial) -> Polynomial:
    return tuple(x * power for power, x in enumerate(a))[1:]


def value_of(a: Polynomial, x: Fraction) -> Fraction:
    """The value of a polynomial."""
    result = _ZERO
    for coefficient in reversed(a):
        result = result * x + coefficient
    return result


# Rational functions.


def _checked(value: Fraction) -> Fraction:
    if value.numerator.bit_length() > _MOST_BITS or value.denominator.bit_length() > _MOST_BITS:
        raise TooLarge
    return value


def _ratio(above: Polynomial, below: Polynomial) -> Number:
    if len(below) > 1 and len(above) > 1:
        common = _common(above, below)
        if len(common) > 1:
            above, below = _divided(above, common)[0], _divided(below, common)[0]
    if not above:
        return _ZERO
    above, below = _scaled(above, 1 / below[-1]), _scaled(below, 1 / below[-1])
    for coefficient in (*above, *below):
        _checked(coefficient)
    return above[0] if len(above) == len(below) == 1 else Ratio(above, below)


def _parts(number: Number) -> tuple[Polynomial, Polynomial]:
    if isinstance(number, Ratio):
        return number.above, number.below
    return ((number,) if number else ()), _ONE


def total(a: Number, b: Number) -> Number:
    """a + b."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return _checked(a + b)
    (p, q), (r, s) = _parts(a), _parts(b)
    if q == s:
        return _ratio(_plus(p, r), q)
    return _ratio(_plus(_times(p, s), _times(r, q)), _times(q, s))


def difference(a: Number, b: Number) -> Number:
    """a − b."""
    return total(a, product(Fraction(-1), b))


def product(a: Number, b: Number) -> Number:
    """a × b."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return _checked(a * b)
    (p, q), (r, s) = _parts(a), _parts(b)
    return _ratio(_times(p, r), _times(q, s))


def quotient(a: Number, b: Number) -> Number:
    """a ÷ b, where b is not zero throughout."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return _checked(a / b)
    (p, q), (r, s) = _parts(a), _parts(b)
    return _ratio(_times(p, s), _times(q, r))


def numerator(number: Number) -> Polynomial:
    """What is zero where `number` is."""
    return _parts(number)[0]


def value_at(number: Number, x: Fraction) -> Fraction:
    """The value at `x`, which is no pole."""
    if isinstance(number, Fraction):
        return number
    return _checked(value_of(number.above, x) / value_of(number.below, x))


def limit_at_infinity(number: Number) -> Fraction | None:
    """What `number` comes to as the variable grows or falls without end; None where it does too."""
    above, below = _parts(number)
    if len(above) > len(below):
        return None
    return above[-1] if len(above) == len(below) else _ZERO  # the highest coefficient below is 1


# Roots.


def roots_between(a: Polynomial, low: Fraction | None, high: Fraction | None) -> list[Fraction]:
    """The roots strictly between `low` and `high` (None: without end), increasing; none of the zero polynomial.

    Raises:
        Irrational: one of them is no fraction, or cannot be found exactly.
    """
    if len(a) < 2:
        return []
    if len(a) > 2:
        a = _divided(a, _common(a, _derived(a)))[0]  # the same roots, each once
    if len(a) == 2:
        return _inside([-a[0] / a[1]], low, high)
    if len(a) == 3 and (found := _of_square(a)) is not None:
        return _inside(found, low, high)
    if _count(a, low, high):
        raise Irrational
    return []


def turning_points(number: Ratio, low: Fraction | None, high: Fraction | None) -> list[Fraction]:
    """Where `number`, which has no pole strictly between, may turn from rising to falling there.

    Raises:
        Irrational: as `roots_between`.
        TooLarge: as every operation.
    """
    if number.is_simple:
        return []
    above, below = number.above, number.below
    slope = _plus(_times(_derived(above), below), _scaled(_times(above, _derived(below)), Fraction(-1)))
    return roots_between(slope, low, high)


def _inside(roots: list[Fraction], low: Fraction | None, high: Fraction | None) -> list[Fraction]:
    return sorted(x for x in roots if (low is None or x > low) and (high is None or x < high))


def _of_square(a: Polynomial) -> list[Fraction] | None:
    """The roots of a quadratic; None where they are irrational."""
    c, b, leading = a
    under = b * b - 4 * leading * c
    if under < 0:
        return []
    root = Fraction(isqrt(under.numerator), isqrt(under.denominator))
    if root * root != under:
        return None
    return [(-b - root) / (2 * leading), (-b + root) / (2 * leading)]


def _count(a: Polynomial, low: Fraction | None, high: Fraction | None) -> int:
    """How many roots lie strictly between, by Sturm's theorem; `a` has no multiple ones."""
    chain = [a, _derived(a)]
    while rest := _divided(chain[-2], chain[-1])[1]:
        chain.append(_scaled(rest, Fraction(-1)))
    found = _changes(chain, low, -1) - _changes(chain, high, 1)
    return found - (high is not None and value_of(a, high) == 0)


def _changes(chain: list[Polynomial], x: Fraction | None, end: int) -> int:
    """How often the sign changes along `chain` at `x`, or at the infinite end."""
    if x is None:
        values = [each[-1] * (end if len(each) % 2 == 0 else 1) for each in chain]
    else:
        values = [value_of(each, x) for each in chain]
    signs = [value > 0 for value in values if value]
    return sum(one != other for one, other in pairwise(signs))
