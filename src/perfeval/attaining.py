"""Attaining: which totals can come about, where what is open takes certain values only?

A yes or no gives two scores, a rating's fixed levels and a banded award a few; a share or points entered, any in a range. The
totals are the sums of one score for each indicator. Indicators that share a fact are taken as if they did not, and a range
as if it had no gaps: what is told to be out of reach is so, what is not may still be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import lcm, prod
from types import MappingProxyType
from typing import Final, TypeAlias

from attrs import evolve

from perfeval.answers import Answers, levels
from perfeval.bounding import Knowledge
from perfeval.expr.exact import Value
from perfeval.expr.interval import Range
from perfeval.expr.nodes import Expr
from perfeval.expr.piecewise import NotPiecewise, Piece, Reader
from perfeval.expr.rational import Ratio
from perfeval.framework import Framework
from perfeval.totals import award_expression

__all__ = ["Spans", "attainable", "scores", "sums"]

Spans: TypeAlias = tuple[tuple[Fraction, Fraction], ...]

_MOST_ANSWERS: Final = 64
_MOST_PIECES: Final = 200
_MOST_SPANS: Final = 4000


def scores(framework: Framework, known: Knowledge) -> dict[str, Spans]:
    """The scores each indicator can have, by path, in its own scale; one that has none, or unbounded ones, is left out."""
    # What a rounding does to a range is left out, as its gaps are: only the ends are rounded.
    each = framework.rounding_of("each")
    kept = tuple(rounding for rounding in framework.rounding if rounding.of != "each")
    plain = framework if each is None else evolve(framework, rounding=kept)
    answers = Answers(framework, known.sheet)
    found: dict[str, Spans] = {}
    for placed in plain.indicators:
        spans = _spans(answers, known, award_expression(plain, placed))
        if spans is not None:
            rounds = spans if each is None else ((each.applied(low), each.applied(high)) for low, high in spans)
            found[placed.path] = _merged(rounds)
    return found


def _spans(answers: Answers, known: Knowledge, award: Expr) -> Spans | None:
    framework = answers.framework
    words = levels(framework)
    figures: list[str] = []
    choices: list[tuple[str, tuple[Value, ...]]] = []
    for name in (each.name for each in known.open(award)):
        if name in words:
            choices.append((name, words[name]))
        elif answers.may_be_truth(name):
            choices.append((name, (True, False)))
        else:
            figures.append(name)
    if prod(len(each) for _, each in choices) > _MOST_ANSWERS:
        choices = []
    found: list[Range] = []
    # A rounded rate is a staircase of thousands of steps: not read piece by piece.
    stepped = framework.rounding_of("rate") is not None
    for given in product(*(each for _, each in choices)):
        values = {**known.values, **dict(zip((name for name, _ in choices), given, strict=True))}
        found += _ranges(evolve(known, values=MappingProxyType(values)), award, () if stepped else figures)
    spans = [(each.low, each.high) for each in found if each.low is not None and each.high is not None]
    return _merged(spans) if spans and len(spans) == len(found) else None


def _ranges(known: Knowledge, award: Expr, figures: Sequence[str]) -> Iterator[Range]:
    """What an award comes to over the one figure that is open, piece by piece; over several, from end to end."""
    open_ = [each.name for each in known.open(award)]
    pieces = _pieces(known, award, open_[0]) if len(open_) == 1 and open_[0] in figures else None
    if pieces is None:
        whole = known.range_of(award)
        if whole is not None:
            yield whole
        return
    for piece in pieces:
        if isinstance(piece.value, Fraction):
            yield Range(piece.value, piece.value)
        elif isinstance(piece.value, Ratio):
            ranges = {**known.ranges, open_[0]: Range(piece.low, piece.high)}
            within = evolve(known, ranges=MappingProxyType(ranges)).range_of(award)
            if within is not None:
                yield within


def _pieces(known: Knowledge, award: Expr, fact: str) -> tuple[Piece, ...] | None:
    """The pieces of an award where a figure may lie; None where they cannot be told, or are many."""
    try:
        pieces = Reader(known.values, known.formulas).read(award, fact).pieces
    except NotPiecewise:
        return None
    lies = known.ranges.get(fact, Range(None, None))
    clipped = [within for piece in pieces if (within := piece.within(lies.low, lies.high)) is not None]
    return tuple(clipped) if len(clipped) <= _MOST_PIECES else None


def sums(parts: Iterable[Spans]) -> Spans | None:
    """All sums of one number from each of `parts`; None where there are too many to list."""
    listed = list(parts)
    scale = lcm(*(end.denominator for part in listed for span in part for end in span)) if listed else 1
    whole = [[(int(low * scale), int(high * scale)) for low, high in part] for part in listed]
    # The widest first: what they cover need not be listed any more.
    whole.sort(key=lambda part: min(low - high for low, high in part))
    found = [(0, 0)]
    for part in whole:
        if len(found) * len(part) > _MOST_SPANS * 8:
            return None
        found = _joined((low + a, high + b) for low, high in found for a, b in part)
        if len(found) > _MOST_SPANS:
            return None
    return tuple((Fraction(low, scale), Fraction(high, scale)) for low, high in found)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return found


def _merged(spans: Iterable[tuple[Fraction, Fraction]]) -> Spans:
    found: list[tuple[Fraction, Fraction]] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1]:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return tuple(found)


def attainable(spans: Spans, low: Fraction, high: Fraction) -> bool:
    """Whether some number of `spans` lies from `low` to `high`."""
    return any(a <= high and low <= b for a, b in spans)
