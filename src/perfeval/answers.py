"""What may be answered where a fact is not known: yes or no, one of a rating's levels, a figure of some kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Final

from attrs import frozen

from perfeval.errors import PerfevalError
from perfeval.expr.kinds import CHOICE, LITERAL, TRUTH, ZERO, kind_of, kind_of_value
from perfeval.expr.names import names
from perfeval.expr.nodes import And, Constant, Expr, FactRef, children
from perfeval.facts import Fact, FactSheet, FactValue, shown
from perfeval.framework import Framework, Indicator
from perfeval.quantity import Kind, quantity
from perfeval.rules import BestOf, Rating, Rule

__all__ = ["Answers", "levels"]

_SOME_DAY: Final = "2000-01-01"
_NO_FIGURES: Final = frozenset({TRUTH, CHOICE, LITERAL, ZERO, "date", "month"})


def levels(framework: Framework) -> dict[str, tuple[str, ...]]:
    """The facts that hold a rater's word, each with the words there are."""
    return {
        f"{answer}.level": tuple(each.name for each in rating.levels)
        for placed in framework.indicators
        if isinstance(placed.node, Indicator)
        for rating, answer in _ratings(placed.node.rule, placed.actual)
    }


def _ratings(rule: Rule, actual: Expr) -> Iterator[tuple[Rating, str]]:
    if isinstance(rule, Rating) and isinstance(actual, FactRef):
        yield rule, actual.name
    if isinstance(rule, BestOf):
        for each in rule.alternatives:
            yield from _ratings(each.rule, each.actual or actual)


@frozen
class Answers:
    """What the facts of a sheet that are not known may be, told by the formulas that read them."""

    framework: Framework
    sheet: FactSheet

    def may_be_truth(self, name: str) -> bool:
        """Whether a fact is a yes or a no; one that is not known, whether every formula that reads it makes sense so."""
        fact = self.sheet.facts.get(name, Fact(name))
        if fact.value is not None:
            return isinstance(fact.value, bool)
        return fact.between is None and self._fits(name, True)

    def figure_kinds(self, name: str, beside: Iterable[str]) -> list[Kind]:
        """What a figure that is not known may measure: as its range does, or as a constant or a fact `beside` it."""
        if name in self.sheet.kinds:
            return [self.sheet.kinds[name]]
        constants = (kind for formula in self._read_by.get(name, ()) for kind in _constant_kinds(formula))
        alike = (self.sheet.kinds[each] for each in beside if each in self.sheet.kinds)
        candidates = [
            kind for kind in dict.fromkeys(["number", "ratio", *constants, *alike]) if kind not in _NO_FIGURES
        ]
        fitting = [kind for kind in candidates if self._fits(name, shown(Fraction(0), kind))]
        # A bare number goes with any count: where one count fits, that is what is asked for.
        counts = [kind for kind in fitting if kind.startswith("count:")]
        return counts if counts and fitting == ["number", *counts] else fitting

    def wanted(self, name: str) -> Kind | None:
        """The one kind that a fact which is not known makes sense in, a date or a month too; None where there are several."""
        kinds = self.figure_kinds(name, ())
        if not kinds:
            samples = (("date", quantity(_SOME_DAY)), ("month", quantity("1月")))
            kinds = [kind for kind, sample in samples if self._fits(name, sample)]
        return kinds[0] if len(kinds) == 1 else None

    def _fits(self, name: str, sample: FactValue) -> bool:
        """Whether every formula makes sense when a fact is such a value; a sample of 0 is a quantity like any other."""
        given = Fact(name, sample)
        try:
            if name in self._in_derived:
                # What is derived from it changes its kind too: only the whole sheet tells.
                kinds: Mapping[str, Kind] = FactSheet({**self.sheet.facts, name: given}).kinds
                formulas: Iterable[Expr] = self._formulas
            else:
                kinds = {**self.sheet.kinds, **FactSheet({name: given}).kinds}
                formulas = self._read_by.get(name, ())
            for formula in formulas:
                kind_of(formula, kinds)
        except PerfevalError:
            return False
        return True

    @cached_property
    def _formulas(self) -> tuple[Expr, ...]:
        """All that reads facts: awards, conditions, points beside the tree, and derived facts."""
        applies = [each.node.applies for each in self.framework.indicators if isinstance(each.node, Indicator)]
        derived = (each.formula for each in self.sheet.facts.values())
        return (
            *(self.framework.award(placed) for placed in self.framework.indicators),
            *(And((each,)) for each in applies if each is not None),
            *(And((limit.when,)) for limit in self.framework.limits),
            *(adjustment.expression() for adjustment in self.framework.adjustments),
            *(each for each in derived if each is not None),
        )

    @cached_property
    def _read_by(self) -> Mapping[str, list[Expr]]:
        """The formulas that read a fact, by its name."""
        found: dict[str, list[Expr]] = {}
        for formula in self._formulas:
            for name in names(formula):
                found.setdefault(name, []).append(formula)
        return found

    @cached_property
    def _in_derived(self) -> frozenset[str]:
        """The facts that others are derived from."""
        formulas = (each.formula for each in self.sheet.facts.values())
        return frozenset(name for each in formulas if each is not None for name in names(each))


def _constant_kinds(expr: Expr) -> Iterator[Kind]:
    """What the constants of an expression measure."""
    if isinstance(expr, Constant):
        yield kind_of_value(expr.value)
    for each in children(expr):
        yield from _constant_kinds(each)
