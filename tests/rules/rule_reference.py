"""The rules once more, over plain `Fraction`s and without perfeval's expressions: what the interpreters are held against."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

ZERO, ONE = Fraction(0), Fraction(1)


def clipped(award: Fraction, points: Fraction) -> Fraction:
    return min(points, max(ZERO, award))


def half_up(value: Fraction, places: int = 2) -> Fraction:
    """Of a value that is not negative."""
    return Fraction(floor(value * 10**places + Fraction(1, 2)), 10**places)


def at_least(points: Fraction, actual: Fraction, target: Fraction) -> Fraction:
    return points * min(ONE, actual / target)


def at_most(points: Fraction, actual: Fraction, target: Fraction, *, by_deviation: bool = False) -> Fraction:
    if actual <= target:
        return points
    if by_deviation:
        return points * max(ZERO, 1 - (actual - target) / target)
    return points * target / actual


def exactly(points: Fraction, actual: Fraction, target: Fraction) -> Fraction:
    return points * max(ZERO, 1 - abs(actual - target) / abs(target))


def scaled_from(points: Fraction, completion: Fraction, start: Fraction) -> Fraction:
    return points * max(ZERO, (min(ONE, completion) - start) / (1 - start))


def over(points: Fraction, completion: Fraction, beyond: Fraction, least: Fraction) -> Fraction:
    if completion > beyond:
        return points * max(least, 1 - (completion - beyond))
    return points * min(ONE, completion)


def bands(actual: Fraction, edges: Sequence[tuple[Fraction, Fraction]], otherwise: Fraction) -> Fraction:
    return next((award for edge, award in edges if actual >= edge), otherwise)


def linear(actual: Fraction, through: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    if actual <= through[0][0]:
        return through[0][1]
    for (x, low), (z, high) in pairwise(through):
        if actual < z:
            return low + (high - low) * (actual - x) / (z - x)
    return through[-1][1]


def deducted(
    points: Fraction, outside: Fraction, each: Fraction, minus: Fraction, partial: str, most: Fraction
) -> Fraction:
    steps = max(ZERO, outside) / each
    if partial == "up":
        steps = Fraction(ceil(steps))
    elif partial == "down":
        steps = Fraction(floor(steps))
    return points - min(most, minus * steps)


def panel(points: Fraction, marks: Sequence[Fraction], out_of: Fraction, *, drop: bool) -> Fraction:
    kept = sorted(marks)[1:-1] if drop else list(marks)
    return points * sum(kept, ZERO) / len(kept) / out_of
