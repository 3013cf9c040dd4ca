"""The rules once more, over plain `Fraction`s and without perfeval's expressions: what the interpreters are held against.

And the figures that Hypothesis draws for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Final, Literal

from hypothesis import strategies as st

Partial = Literal["up", "down", "proportional"]
Mode = Literal["half-up", "half-even", "down", "up", "floor", "ceil"]

ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)
MODES: Final[tuple[Mode, ...]] = ("half-up", "half-even", "down", "up", "floor", "ceil")

# Figures: points in quarters, figures with two decimals, shares in thousandths.

POINTS = st.integers(1, 400).map(lambda quarters: Fraction(quarters, 4))
ANY = st.integers(-500_000, 1_000_000).map(lambda cents: Fraction(cents, 100))
VALUES = st.integers(0, 1_000_000).map(lambda cents: Fraction(cents, 100))
POSITIVE = st.integers(1, 1_000_000).map(lambda cents: Fraction(cents, 100))
SHARES = st.integers(0, 1000).map(lambda thousandths: Fraction(thousandths, 1000))
BELOW_ALL = st.integers(0, 999).map(lambda thousandths: Fraction(thousandths, 1000))
PARTIALS: st.SearchStrategy[Partial] = st.sampled_from(("up", "down", "proportional"))
UNITS = st.sampled_from((("万元", "元", 10**4), ("亿元", "万元", 10**4), ("千米", "米", 10**3), ("吨", "公斤", 10**3)))


# Around every rule.


def clipped(award: Fraction, most: Fraction) -> Fraction:
    """`award`, at least nothing and at most `most`."""
    return min(most, max(ZERO, award))


def rounded(value: Fraction, places: int, mode: Mode) -> Fraction:
    """`value`, which is not negative, to `places` decimals."""
    scaled = value * 10**places
    whole = floor(scaled)
    rest = scaled - whole
    match mode:
        case "down" | "floor":
            more = False
        case "up" | "ceil":
            more = rest > 0
        case "half-up":
            more = rest >= HALF
        case "half-even":
            more = rest > HALF or (rest == HALF and whole % 2 == 1)
    return Fraction(whole + more, 10**places)


# One measured value.


def at_least(actual: Fraction, target: Fraction) -> Fraction:
    """The completion of a target with ≥."""
    return actual / target


def at_most(actual: Fraction, target: Fraction, *, by_deviation: bool = False) -> Fraction:
    """The completion of a target with ≤."""
    if actual <= target:
        return ONE
    return max(ZERO, 1 - (actual - target) / target) if by_deviation else target / actual


def exactly(actual: Fraction, target: Fraction) -> Fraction:
    """The completion of a target with =."""
    return max(ZERO, 1 - abs(actual - target) / target)


def scaled_from(completion: Fraction, start: Fraction) -> Fraction:
    """The share earned after 财预〔2021〕101号."""
    return max(ZERO, (min(ONE, completion) - start) / (1 - start))


def over(completion: Fraction, beyond: Fraction, least: Fraction) -> Fraction:
    """The share earned where the excess of a completion is taken off."""
    return max(least, 1 - (completion - beyond)) if completion > beyond else min(ONE, completion)


def bands(actual: Fraction, edges: Sequence[tuple[Fraction, Fraction]], otherwise: Fraction) -> Fraction:
    """The award of the first band whose lower end is reached."""
    return next((award for edge, award in edges if actual >= edge), otherwise)


def linear(actual: Fraction, through: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """The award on the line between the two corners around `actual`."""
    if actual <= through[0][0]:
        return through[0][1]
    for (x, low), (z, high) in pairwise(through):
        if actual < z:
            return low + (high - low) * (actual - x) / (z - x)
    return through[-1][1]


def deducted(
    points: Fraction, outside: Fraction, each: Fraction, minus: Fraction, partial: Partial, most: Fraction
) -> Fraction:
    """What is left after a deduction for every step outside a line."""
    steps = max(ZERO, outside) / each
    if partial == "up":
        steps = Fraction(ceil(steps))
    elif partial == "down":
        steps = Fraction(floor(steps))
    return points - min(most, minus * steps)


# Items.


def inside(actual: Fraction, target: Fraction, below: Fraction | None, above: Fraction | None) -> bool:
    """Whether an item counts as reached."""
    margin = abs(target)
    short = below is not None and target - actual > below * margin
    beyond = above is not None and actual - target > above * margin
    return not short and not beyond


def panel(points: Fraction, marks: Sequence[Fraction], out_of: Fraction, *, drop: bool) -> Fraction:
    """The mean mark as a share of the points."""
    kept = sorted(marks)[1:-1] if drop else list(marks)
    return points * sum(kept, ZERO) / len(kept) / out_of


def weighted_mean(shares: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    """The mean of `shares`, each as often as it weighs."""
    return sum((share * weight for share, weight in zip(shares, weights, strict=True)), ZERO) / sum(weights, ZERO)
