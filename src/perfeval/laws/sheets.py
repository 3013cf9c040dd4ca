"""Sheets of facts to try a framework on, made of the figures that its rules name and those around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from perfeval.answers import levels
from perfeval.expr.names import names
from perfeval.facts import Fact, FactSheet, FactValue, shown
from perfeval.framework import Framework, Indicator
from perfeval.laws.curves import Domain, domains
from perfeval.rules import Rating

__all__ = ["pools", "sheet_of", "sheets"]

_SHEETS: Final = 3


def pools(framework: Framework) -> dict[str, tuple[FactValue, ...]]:
    """Every fact that a framework reads, with the values worth trying.

    Raises:
        NotPiecewise: what a fact measures cannot be told.
    """
    expressions = [framework.award(placed) for placed in framework.indicators]
    expressions += [
        placed.node.applies
        for placed in framework.indicators
        if isinstance(placed.node, Indicator) and placed.node.applies is not None
    ]
    expressions += [limit.when for limit in framework.limits]
    expressions += [each.award for each in framework.adjustments]
    found = domains(framework, expressions)
    shares = _shares(framework)
    return {name: shares.get(name) or _values(domain) for name, domain in found.items()}


def _shares(framework: Framework) -> dict[str, tuple[FactValue, ...]]:
    """The shares that go with a rating's levels."""
    found: dict[str, tuple[FactValue, ...]] = {}
    for placed in framework.indicators:
        node = placed.node
        if isinstance(node, Indicator) and isinstance(node.rule, Rating):
            name = next((each for each in levels(framework) if each in names(framework.award(placed))), "")
            if name:
                found[name.removesuffix(".level") + ".share"] = tuple(
                    shown(each.least, "ratio") for each in node.rule.levels
                )
    return found


def _values(domain: Domain) -> tuple[FactValue, ...]:
    if domain.answers:
        return tuple(each for each in domain.answers if isinstance(each, bool | str))
    return tuple(map(domain.figure, domain.values)) or (domain.figure(Fraction(1)),)


def sheets(found: Mapping[str, tuple[FactValue, ...]]) -> Iterator[FactSheet]:
    """A few sheets, each value in turn."""
    for index in range(_SHEETS):
        yield sheet_of(
            {name: pool[(index + place * (index % 2)) % len(pool)] for place, (name, pool) in enumerate(found.items())}
        )


def sheet_of(values: Mapping[str, FactValue]) -> FactSheet:
    """The facts as a sheet."""
    return FactSheet({name: Fact(name, value) for name, value in values.items()})
