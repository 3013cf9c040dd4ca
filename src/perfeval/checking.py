"""Checking (勾稽): do the facts of an assessment agree with each other?

A figure as written stands for every number that rounds to it: 43.3% for 43.25% to 43.35%, 75.8万元 for 75.75 to 75.85.
An equality holds when its two sides can be equal for such numbers, so the tolerance is half a unit of the last place of
each term, carried through the relation; a condition (`or`, `not`) holds when its comparisons can make it hold so. What
is counted is exact: 134人 is 134. So are dates and a printed 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Final, Literal

from attrs import evolve, frozen

from perfeval.assessment import Assessment
from perfeval.checks import Check, Severity, applies_to, mixtures, parts
from perfeval.errors import Language, Message, perhaps
from perfeval.expr.exact import DividedByZero, NotMet, Unknown, exact
from perfeval.expr.interval import EVERYTHING, Range, interval
from perfeval.expr.kinds import kind_of
from perfeval.expr.names import names
from perfeval.expr.nodes import And, Comparator, Compare, Expr, If, Not, Or, Subtract
from perfeval.expr.text import text
from perfeval.facts import Fact, FactSheet, FactValue, Statement, distance, divided_by_zero, shown
from perfeval.quantity import Quantity

__all__ = ["Checked", "Cited", "Finding", "Outcome", "Unasked", "as_written", "check", "relations"]

Outcome = Literal["agrees", "differs", "unknown"]

_COUNTED: Final = ("number", "date", "month")
_OPPOSITE: Final[Mapping[Comparator, Comparator]] = {
    "==": "!=",
    "!=": "==",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
}


@frozen
class Cited:
    """A figure that a finding rests on, and where it stands.

    Attributes:
        formula: how it is derived; None where it is stated.
        assumed: the basis on which it is assumed; "" where it is not.
    """

    name: str
    title: Message
    value: FactValue | None
    source: str
    formula: Message | None = None
    assumed: str = ""


@frozen
class Finding:
    """What one relation, or one fact stated in two places, came to.

    Attributes:
        id: of the check, or the name of the fact.
        title: what must agree.
        severity: what it is if it fails.
        relation: the relation in words.
        outcome: "agrees", "differs", or "unknown" where it could not be checked.
        found, expected: the left side and the right; the value stated elsewhere and the value used. None for a condition.
        difference: found less expected.
        tolerance: how far apart they may lie; None for a condition, and where nothing bounds it.
        message: why it could not be checked.
        facts: every figure it rests on.
        source, note: as the check gives them.
    """

    id: str
    title: Message
    severity: Severity
    relation: Message
    outcome: Outcome = "unknown"
    found: FactValue | None = None
    expected: FactValue | None = None
    difference: Quantity | None = None
    tolerance: Quantity | None = None
    message: Message | None = None
    facts: tuple[Cited, ...] = ()
    source: str = ""
    note: str = ""


@frozen
class Unasked:
    """A check of the framework that was not asked, because the assessment does not have its facts.

    Attributes:
        id, title: of the check.
        missing: the names of the facts that are not there.
        misspelt: which of them nothing else in the framework names, each with the name that may be meant.
    """

    id: str
    title: Message
    missing: tuple[str, ...]
    misspelt: tuple[tuple[str, Message], ...] = ()


@frozen
class Checked:
    """All findings of an assessment, in the order of its checks.

    Attributes:
        findings: one for each relation of each check, and for each further place where a fact is stated.
        unasked: the framework's checks of which a fact is not there.
    """

    findings: tuple[Finding, ...]
    unasked: tuple[Unasked, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Figures that contradict each other."""
        return tuple(each for each in self.differing if each.severity == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Figures of which a reader must ask whether the same thing was counted."""
        return tuple(each for each in self.differing if each.severity == "warning")

    @property
    def differing(self) -> tuple[Finding, ...]:
        """What does not agree."""
        return tuple(each for each in self.findings if each.outcome == "differs")

    @property
    def unknown(self) -> tuple[Finding, ...]:
        """What could not be checked."""
        return tuple(each for each in self.findings if each.outcome == "unknown")

    @property
    def agreeing(self) -> tuple[Finding, ...]:
        """What agrees."""
        return tuple(each for each in self.findings if each.outcome == "agrees")


def check(assessment: Assessment) -> Checked:
    """Whether the facts of `assessment` agree: its framework's checks, its own, and facts stated in several places."""
    printed = _Printed(assessment.facts)
    # A framework's check is asked where the assessment has the facts for it; its own checks always.
    unasked = tuple(_unasked(assessment))
    without = {each.id for each in unasked}
    given = (each for each in assessment.framework.checks if each.id not in without)
    asked = (*given, *assessment.checks)
    relations = (found for each in asked for found in _relations(each, printed))
    repeated = (_repeated(fact, other) for fact in assessment.facts.facts.values() for other in fact.others)
    return Checked((*relations, *repeated), unasked)


def _unasked(assessment: Assessment) -> Iterator[Unasked]:
    framework, facts = assessment.framework, assessment.facts
    nowhere = dict(framework.only_in_checks)
    for each in framework.checks:
        missing = tuple(name for name in names(each.that) if name not in facts)
        if missing:
            hints = ((name, perhaps(name, facts)) for name in missing if name in nowhere)
            misspelt = tuple((name, hint) for name, hint in hints if hint is not None)
            yield Unasked(each.id, Message(each.called("zh"), each.called("en")), missing, misspelt)


def relations(each: Check, facts: FactSheet) -> tuple[Finding, ...]:
    """What the relations of one check come to on `facts`."""
    return tuple(_relations(each, _Printed(facts)))


def as_written(value: Quantity) -> Range:
    """The numbers that round to a figure as written; one number where it was counted, or is a printed 0."""
    counted = (value.kind in _COUNTED or value.kind.startswith("count:")) and value.unit.factor == 1
    if (counted and not value.decimals) or (value.value == 0 and value.kind != "ratio"):
        return Range(value.value, value.value)
    half = value.unit.factor / (2 * 10**value.decimals)
    return Range(value.value - half, value.value + half)


class _Printed:
    """A fact sheet whose figures stand for all the numbers that are printed so."""

    def __init__(self, sheet: FactSheet) -> None:
        self.sheet = sheet
        written = {
            name: as_written(fact.value) for name, fact in sheet.facts.items() if isinstance(fact.value, Quantity)
        }
        self._ranges = {name: numbers for name, numbers in written.items() if not numbers.is_point}
        self._formulas = {name: fact.formula for name, fact in sheet.facts.items() if fact.formula is not None}
        open_ = {*self._ranges, *self._formulas}
        self._values = {name: value for name, value in sheet.values.items() if name not in open_}

    def range_of(self, expr: Expr) -> Range:
        """All that `expr` may come to."""
        return interval(expr, self._values, self._ranges, self._formulas) or EVERYTHING

    def shown(self, expr: Expr) -> FactValue:
        """What `expr` comes to on the figures as they stand."""
        value, _ = exact(expr, self.sheet.values)
        return self.quantity(value, expr) if isinstance(value, Fraction) else value

    def quantity(self, value: Fraction, expr: Expr) -> Quantity:
        """A number that measures what `expr` does, in the unit of the first figure of its kind there."""
        kind = kind_of(expr, self.sheet.kinds)
        figures = (self.sheet.value(name) for name in names(expr))
        unit = next((each.unit.name for each in figures if isinstance(each, Quantity) and each.kind == kind), "")
        return shown(value, "number" if kind in ("literal", "zero", "any") else kind, unit)

    def cited(self, expr: Expr) -> tuple[Cited, ...]:
        """The figures that `expr` rests on; those that a derived one comes from follow it."""
        waiting = list(names(expr))
        found: dict[str, Cited] = {}
        while waiting:
            fact = self.sheet.facts.get(name := waiting.pop(0), Fact(name))
            if name not in found:
                found[name] = _cited(fact, self.sheet.value(name), fact.source)
                waiting = [*(names(fact.formula) if fact.formula is not None else ()), *waiting]
        return tuple(found.values())


def _cited(fact: Fact, value: FactValue | None, source: str) -> Cited:
    formula = None if fact.formula is None else Message(text(fact.formula, "zh"), text(fact.formula, "en"))
    return Cited(fact.name, Message(fact.called("zh"), fact.called("en")), value, source, formula, fact.assumed)


# The relations of a check.


def _relations(each: Check, printed: _Printed) -> Iterator[Finding]:
    title = Message(each.called("zh"), each.called("en"))
    mixed = tuple(mixtures(each, printed.sheet.kinds))
    for part in parts(each):
        relation = Message(_named(part, "zh", printed.sheet), _named(part, "en", printed.sheet))
        asked = Finding(
            each.id, title, each.severity, relation, facts=printed.cited(part), source=each.source, note=each.note
        )
        yield evolve(asked, message=mixed[0].message) if mixed else _answered(asked, each, part, printed)


def _named(expr: Expr, language: Language, sheet: FactSheet) -> str:
    """A relation in words; facts of one title are told apart by their names."""
    titles = [sheet.called(name, language) for name in names(expr)]

    def naming(name: str) -> str:
        title = sheet.called(name, language)
        return title if titles.count(title) == 1 else name

    return text(expr, language, naming)


def _answered(asked: Finding, each: Check, part: Expr, printed: _Printed) -> Finding:
    sheet = printed.sheet
    try:
        if not isinstance(part, Compare):
            holds = printed.shown(part) is True or True in _truths(part, each, printed)
            return evolve(asked, outcome=_outcome(holds))
        found = printed.shown(part.left)
        expected = printed.shown(part.right)
        if not isinstance(found, Quantity):
            return evolve(asked, outcome=_outcome(printed.shown(part) is True), found=found, expected=expected)
        return _measured(evolve(asked, found=found, expected=expected), each, part, printed)
    except Unknown as unknown:
        missing = "、".join(
            dict.fromkeys(root for name in names(part) for root in sheet.missing(name)) or (unknown.name,)
        )
        return evolve(asked, message=Message(f"缺少事实 {missing}", f"missing: {missing.replace('、', ', ')}"))
    except DividedByZero as error:
        return evolve(asked, message=divided_by_zero(error, sheet))
    except NotMet as error:
        return evolve(asked, message=error.message)


def _outcome(holds: bool) -> Outcome:
    return "agrees" if holds else "differs"


def _truths(condition: Expr, each: Check, printed: _Printed) -> frozenset[bool]:
    """What a condition can be for numbers that are printed so, each comparison in it within its tolerance."""
    match condition:
        case And(items) | Or(items):
            joined = all if isinstance(condition, And) else any
            found = (_truths(item, each, printed) for item in items)
            return frozenset(joined(answers) for answers in product(*found))
        case Not(operand):
            return frozenset(not answer for answer in _truths(operand, each, printed))
        case If(asked, then, otherwise):
            can = _truths(asked, each, printed)
            taken = [branch for branch, holds in ((then, True), (otherwise, False)) if holds in can]
            return frozenset(answer for branch in taken for answer in _truths(branch, each, printed))
        case Compare(by, left) if isinstance(printed.shown(left), Quantity):
            allowed = _allowed(condition, each, printed)
            answers = {True: by, False: _OPPOSITE[by]}
            return frozenset(answer for answer, sign in answers.items() if _can_hold(sign, allowed))
        case _:
            return frozenset({printed.shown(condition) is True})


def _allowed(part: Compare, each: Check, printed: _Printed) -> Range:
    """How far apart the two sides of a comparison can lie: by the tolerance that is given, or as they are printed."""
    apart = Subtract(part.left, part.right)
    if not applies_to(each.tolerance, part, printed.sheet.kinds):
        return printed.range_of(apart)
    assert each.tolerance is not None
    value, _ = exact(apart, printed.sheet.values)
    assert isinstance(value, Fraction)
    return Range(value - each.tolerance.value, value + each.tolerance.value)


def _measured(asked: Finding, each: Check, part: Compare, printed: _Printed) -> Finding:
    """The two sides as numbers, with the difference and how far it may go."""
    apart = Subtract(part.left, part.right)
    value, _ = exact(apart, printed.sheet.values)
    assert isinstance(value, Fraction)
    allowed = _allowed(part, each, printed)
    low, high = allowed.low, allowed.high
    open_ = None if low is None or high is None else printed.quantity(max(value - low, high - value), apart)
    return evolve(
        asked,
        outcome=_outcome(_can_hold(part.by, allowed)),
        difference=printed.quantity(value, apart),
        tolerance=each.tolerance or open_,
    )


def _can_hold(by: Comparator, difference: Range) -> bool:
    """Whether some number in the range stands to zero as `by` asks."""
    low, high = difference.low, difference.high
    match by:
        case "==":
            return Fraction(0) in difference
        case "!=":
            return difference != Range(Fraction(0), Fraction(0))
        case ">=":
            return high is None or high >= 0
        case ">":
            return high is None or high > 0
        case "<=":
            return low is None or low <= 0
        case "<":
            return low is None or low < 0


# A fact that is stated more than once.


def _repeated(fact: Fact, other: Statement) -> Finding:
    title = Message(fact.called("zh"), fact.called("en"))
    asked = Finding(
        fact.name,
        title,
        other.severity,
        Message("同一事实两处所述应一致", "the same fact stated in two places is the same"),
        found=other.value,
        expected=fact.value,
        facts=(_cited(fact, fact.value, fact.source), _cited(fact, other.value, other.source)),
        note=other.note,
    )
    used = fact.value
    if not isinstance(used, Quantity) or not isinstance(other.value, Quantity):
        return evolve(asked, outcome=_outcome(used == other.value))
    apart = other.value.value - used.value
    a, b = as_written(used), as_written(other.value)
    assert a.high is not None
    assert b.high is not None
    open_ = a.high - used.value + b.high - other.value.value
    return evolve(
        asked,
        outcome=_outcome(abs(apart) <= open_),
        difference=distance(apart, used),
        tolerance=distance(open_, used),
    )
