"""Many reviews at a glance: which objections recur, in how many files, of which units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from attrs import field, frozen

from perfeval.objections.found import Kind
from perfeval.objections.registry import OBJECTIONS
from perfeval.objections.reviewing import Review

__all__ = ["Frequency", "tally"]


def _fixed(value: Mapping[str, int]) -> Mapping[str, int]:
    return MappingProxyType(dict(value))


@frozen
class Frequency:
    """How often a kind of objection stands.

    Attributes:
        kind: what is counted.
        times: how often it stands in all.
        files: in how many assessments.
        units: how often at each unit (subject.unit), the most frequent first.
    """

    kind: Kind
    times: int
    files: int
    units: Mapping[str, int] = field(converter=_fixed)


def tally(reviews: Iterable[Review]) -> tuple[Frequency, ...]:
    """The kinds that stand anywhere, in their order; accepted objections are not counted."""
    of_unit: dict[str, Counter[str]] = {}
    files: Counter[str] = Counter()
    for review in reviews:
        codes = Counter(objection.code for objection in review.objections)
        files.update(codes.keys())
        for code, times in codes.items():
            of_unit.setdefault(code, Counter())[review.assessment.subject.unit] += times
    return tuple(
        Frequency(kind, counts.total(), files[kind.code], dict(counts.most_common()))
        for kind in OBJECTIONS
        if (counts := of_unit.get(kind.code))
    )
