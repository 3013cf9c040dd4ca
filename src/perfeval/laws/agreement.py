"""The laws of the whole: units, order, sums, interpreters. Each takes a framework, prepared, and one sheet of facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import cached_property
from importlib.util import find_spec
from itertools import chain
from typing import Final, TypeAlias, get_args

from attrs import evolve, frozen

from perfeval.assessment import Assessment
from perfeval.errors import Language, Message, PerfevalError
from perfeval.evaluate import Scorer
from perfeval.expr.exact import DividedByZero, Mistyped, NotMet, Program, Unknown, Value, Values, compiled
from perfeval.expr.interval import EVERYTHING, Range, interval
from perfeval.expr.names import names
from perfeval.expr.nodes import Expr
from perfeval.expr.piecewise import NotPiecewise, piecewise
from perfeval.expr.text import words
from perfeval.facts import Fact, FactSheet, FactValue
from perfeval.framework import Dimension, Framework, Node, Placed
from perfeval.laws.found import Broken, award_text, points_text
from perfeval.laws.recalculating import CellError, recalculated
from perfeval.quantity import Quantity, exact_places, quantity, unit_factors, unit_named
from perfeval.rules import BestOf, Checklist, Panel, Rule, Schedule, ShareOfItems
from perfeval.scorecard import Scorecard
from perfeval.totals import total_expression

__all__ = ["AGREEMENTS", "Bench", "can_read_rows", "closed", "interpreters", "order", "sums", "units"]

_LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
_NEAR: Final = Fraction(1, 10)
_LONGEST: Final = 12  # decimals


@frozen
class Bench:
    """A framework that is complete, prepared for being scored many times."""

    framework: Framework

    @cached_property
    def score(self) -> Scorer:
        """Scores a sheet."""
        return Scorer(Assessment(self.framework))

    @cached_property
    def score_turned(self) -> Scorer:
        """Scores a sheet on the framework written in the opposite order."""
        framework = self.framework
        turned = evolve(framework, tree=_turned(framework.tree), adjustments=framework.adjustments[::-1])
        return Scorer(Assessment(turned))

    @cached_property
    def total(self) -> Program:
        """The total as one expression."""
        return compiled(total_expression(self.framework))

    @cached_property
    def awards(self) -> tuple[tuple[Placed, Expr, Expr], ...]:
        """What each indicator earns; and that before it is rounded, for a rounding falls into thousands of pieces."""
        plain = evolve(self.framework, rounding=())
        return tuple(
            (placed, self.framework.award(placed), plain.award(placed)) for placed in self.framework.indicators
        )


def closed(framework: Framework) -> Framework | None:
    """The framework without what only an assessment can fill, so that it can be scored; None where nothing is left."""
    tree = _filled(framework.tree)
    if not tree:
        return None
    if not framework.missing_points and tree == framework.tree:
        return framework
    kept = _paths(tree, "")
    points = sum((each.counts for each in framework.indicators if each.path in kept), Fraction(0))
    try:
        return evolve(framework, tree=tree, points=points)
    except PerfevalError:  # weights that hold only for the whole tree
        return None


def _filled(nodes: Sequence[Node]) -> tuple[Node, ...]:
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, Dimension):
            below = _filled(node.children)
            if below == node.children and below:
                kept.append(node if node.split else evolve(node, points=None))
            elif below:
                kept.append(evolve(node, children=below, points=None))
        elif not (isinstance(node.rule, ShareOfItems) and not node.rule.items):
            kept.append(node)
    return tuple(kept)


def _paths(nodes: Sequence[Node], above: str) -> frozenset[str]:
    found: set[str] = set()
    for node in nodes:
        path = f"{above}{node.id}"
        found |= _paths(node.children, f"{path}.") if isinstance(node, Dimension) else {path}
    return frozenset(found)


def units(bench: Bench, sheet: FactSheet) -> Iterator[Broken]:
    """The unit in which a figure is written changes nothing."""
    before = bench.score(sheet)
    others = {name: _written_otherwise(fact.value) for name, fact in sheet.facts.items()}
    for index in range(max(map(len, others.values()), default=0)):
        rewritten = {name: found[index % len(found)] for name, found in others.items() if found}
        if _moved(before, bench.score(_with(sheet, rewritten))) is not None:
            yield from _unlike_units(bench, sheet, before, rewritten)
            return


def _unlike_units(
    bench: Bench, sheet: FactSheet, before: Scorecard, rewritten: Mapping[str, Quantity]
) -> Iterator[Broken]:
    """The one figure of which the unit matters."""
    for name, other in rewritten.items():
        value = sheet.value(name)
        if value is not None and (moved := _moved(before, bench.score(_with(sheet, {name: other})))) is not None:
            yield Broken(
                Message(
                    f"“{name}”写成 {value} 与写成 {other}，{moved} 得分不同",
                    f'"{name}" written as {value} and as {other} gives {moved} another score',
                ),
                facts=((name, value), (name, other)),
            )
            return


def _with(sheet: FactSheet, values: Mapping[str, Quantity]) -> FactSheet:
    return FactSheet({**sheet.facts, **{name: Fact(name, value) for name, value in values.items()}})


def _written_otherwise(value: FactValue | None) -> list[Quantity]:
    """A figure in every other unit in which it is no longer than a quantity may be."""
    found: list[Quantity] = []
    if not isinstance(value, Quantity):
        return found
    for name, factor in unit_factors().items():
        unit, places = unit_named(name), exact_places(value.value / factor)
        if unit.kind == value.kind and name != value.unit.name and places is not None and places <= _LONGEST:
            with suppress(PerfevalError):
                found.append(quantity(str(Quantity(value.value, value.kind, unit, places))))
    return found


def _moved(before: Scorecard, after: Scorecard) -> str | None:
    """The first node of which the two have other scores; "total" for the total alone."""
    for node in before:
        other = after[node.path]
        if (node.status, node.score, node.bonus) != (other.status, other.score, other.bonus):
            return node.path
    return None if before.score == after.score else "total"


def order(bench: Bench, sheet: FactSheet) -> Iterator[Broken]:
    """The order of facts, of indicators and of a rule's items changes nothing."""
    facts = FactSheet(dict(reversed(tuple(sheet.facts.items()))))
    if (moved := _moved(bench.score(sheet), bench.score_turned(facts))) is not None:
        yield Broken(
            Message(f"按相反顺序列出时，{moved} 得分不同", f"listed in the opposite order, {moved} has another score"),
            facts=_given(sheet),
        )


def _turned(nodes: Sequence[Node]) -> tuple[Node, ...]:
    return tuple(
        evolve(node, children=_turned(node.children))
        if isinstance(node, Dimension)
        else evolve(node, rule=_turned_rule(node.rule))
        for node in reversed(nodes)
    )


def _turned_rule(rule: Rule) -> Rule:
    """The rule with the items whose order should mean nothing turned round."""
    match rule:
        case Checklist():
            return evolve(rule, items=rule.items[::-1])
        case ShareOfItems():
            return evolve(rule, items=rule.items[::-1])
        case Schedule():
            return evolve(rule, by=rule.by[::-1])
        case Panel():
            return evolve(rule, raters=rule.raters[::-1])
        case BestOf():
            return evolve(rule, alternatives=rule.alternatives[::-1])
        case _:
            return rule


def sums(bench: Bench, sheet: FactSheet) -> Iterator[Broken]:
    """What stands below a node adds up to it, and the tree to the total."""
    card = bench.score(sheet)
    for node in card:
        below = [card[path] for path in node.placed.children]
        if not below or node.score is None or any(each.score is None for each in below):
            continue
        inner = sum((each.points for each in below), Fraction(0))
        scale = node.points / inner if inner else Fraction(1)
        added = sum((each.score for each in below if each.score is not None), Fraction(0)) * scale
        if added != node.score:
            yield _unequal(node.path, added, node.score, sheet)
            return
    if card.score is None:
        return
    value = bench.total.run(card.facts.values, {})
    total = Fraction(*value) if isinstance(value, tuple) else None
    if total is not None and max(total, Fraction(0)) != card.score:
        yield _unequal("total", total, card.score, sheet)


def _unequal(path: str, added: Fraction, score: Fraction, sheet: FactSheet) -> Broken:
    return Broken(
        Message(
            f"{path}：其下合计 {points_text(added)} 分，而得分为 {points_text(score)} 分",
            f"{path}: what is below adds up to {points_text(added)}, but it scores {points_text(score)}",
        ),
        facts=_given(sheet),
    )


def can_read_rows() -> bool:
    """Whether NumPy is there, without which the columns interpreter reads nothing."""
    return find_spec("numpy") is not None


def interpreters(bench: Bench, sheet: FactSheet) -> Iterator[Broken]:
    """Every way to read a rule gives what the exact one gives, and it can be put into words."""
    for placed, award, unrounded in bench.awards:
        readings = (_bounded(award, sheet), _pieces(unrounded, sheet), _rows(award, sheet), _formula(award, sheet))
        for said in (*chain.from_iterable(readings), *_worded(award)):
            yield Broken(
                Message(f"{placed.path}：{said.zh}", f"{placed.path}: {said.en}"),
                facts=tuple((name, value) for name, value in _given(sheet) if name in names(award)),
            )
            return


def _exactly(award: Expr, facts: Values) -> Fraction | None:
    return _each_exactly(award, [facts])[0]


def _each_exactly(award: Expr, rows: Sequence[Values]) -> list[Fraction | None]:
    """What it comes to with the facts of each row; compiled once, for there are many rows where there are many facts."""
    program = compiled(award)
    return [_run(program, facts) for facts in rows]


def _run(program: Program, facts: Values) -> Fraction | None:
    try:
        value = program.run(facts, {})
    except (Unknown, DividedByZero, NotMet, Mistyped):
        return None
    assert isinstance(value, tuple)
    return Fraction(*value)


def _bounded(award: Expr, sheet: FactSheet) -> Iterator[Message]:
    """Where the interval interpreter does not give the exact value, or a range that it lies in."""
    value = _exactly(award, sheet.values)
    if value is None:
        return
    known = interval(award, sheet.values, {}, {})
    if known != Range(value, value):
        yield _differs("interval", value, known)
    for name, x, rest in _varied(award, sheet):
        around = interval(award, rest, {name: Range(x - _NEAR, x + _NEAR)}, {})
        if around is None or value not in around:
            yield _differs("interval", value, around)


def _pieces(award: Expr, sheet: FactSheet) -> Iterator[Message]:
    """Where the piecewise interpreter gives another value than the exact one."""
    value = _exactly(award, sheet.values)
    if value is None:
        return
    for name, x, rest in _varied(award, sheet):
        with suppress(NotPiecewise):
            read = piecewise(award, name, rest).at(x)
            if read != value:
                yield _differs("piecewise", value, read)


def _varied(award: Expr, sheet: FactSheet) -> Iterator[tuple[str, Fraction, dict[str, Value]]]:
    """Each figure in turn, with the other facts."""
    for name in names(award):
        at = sheet.values.get(name)
        if isinstance(at, tuple):
            yield name, Fraction(*at), {other: each for other, each in sheet.values.items() if other != name}


def _differs(interpreter: str, value: Fraction | None, other: object) -> Message:
    worth = Message("无结果", "nothing") if value is None else award_text(value)
    return Message(
        f"精确计算：{worth.zh}；{interpreter} 解释器：{_told(other, '无结果')}",
        f"exactly it comes to {worth.en}, but the {interpreter} interpreter says {_told(other, 'nothing')}",
    )


def _told(reading: object, nothing: str) -> str:
    match reading:
        case None:
            return nothing
        case Fraction():
            return points_text(reading)
        case Range(Fraction() as low, Fraction() as high):
            return points_text(low) if low == high else f"{points_text(low)}–{points_text(high)}"
        case _:
            return str(reading)


def _rows(award: Expr, sheet: FactSheet) -> Iterator[Message]:
    """Where the columns interpreter decides otherwise, of a table with this sheet and those beside it as its rows."""
    if not can_read_rows():
        return
    from perfeval.laws.rows import over_rows

    rows: list[Values] = [sheet.values]
    for name, x, rest in _varied(award, sheet):
        rows += ({**rest, name: (x + by).as_integer_ratio()} for by in (-_NEAR, _NEAR))
    rows += ({other: value for other, value in sheet.values.items() if other != name} for name in names(award))
    values = _each_exactly(award, rows)
    for decided in over_rows(award, rows):
        for value, around in zip(values, decided, strict=True):
            if (around is not None and value is None and around != EVERYTHING) or (
                value is not None and (around is None or value not in around)
            ):
                yield _differs("columns", value, around)


def _formula(award: Expr, sheet: FactSheet) -> Iterator[Message]:
    """Where the spreadsheet's formula comes to another value, or to one where there is none."""
    value = _exactly(award, sheet.values)
    try:
        shown = recalculated(award, sheet)
    except CellError:
        shown = None
    if shown != value:
        yield _differs("spreadsheet", value, shown)


def _worded(award: Expr) -> Iterator[Message]:
    for language in _LANGUAGES:
        if not words(award, language).to(language):
            yield Message("写不出文字说明", "it cannot be put into words")


def _given(sheet: FactSheet) -> tuple[tuple[str, FactValue], ...]:
    return tuple((name, value) for name in sheet if (value := sheet.value(name)) is not None)


Agreement: TypeAlias = Callable[[Bench, FactSheet], Iterator[Broken]]
AGREEMENTS: Final[Mapping[str, Agreement]] = {
    "units": units,
    "order": order,
    "sums": sums,
    "interpreters": interpreters,
}
