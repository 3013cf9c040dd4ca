"""Bounds: between which scores must the truth lie, given what is known?

Each indicator, each dimension and the total, from the *interval* interpreter: unknown facts may be anything, or lie in the
range the assessment gives; a rating without a share lies in its band; what may or may not apply is taken both ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal

from attrs import frozen

from perfeval.assessment import Assessment
from perfeval.errors import Message
from perfeval.evaluate import Scorer, undecided
from perfeval.expr.exact import Value
from perfeval.expr.interval import Range, interval, truths
from perfeval.expr.names import names
from perfeval.expr.nodes import Expr
from perfeval.facts import FactSheet
from perfeval.framework import Framework, Grade, Indicator, Placed, titled
from perfeval.quantity import Quantity
from perfeval.rules import RollUp, share_of_part
from perfeval.totals import (
    adjustment_expressions,
    award_expression,
    node_expression,
    not_applicable_as,
    total_expression,
)

__all__ = [
    "Bounder",
    "Bounds",
    "Knowledge",
    "NodeBounds",
    "Open",
    "TotalBounds",
    "bounds",
    "conditions",
    "grades_between",
    "known_of",
]

Applies = Literal["yes", "no", "open"]


@frozen
class Open:
    """A fact that is not known, or not counted as known.

    Attributes:
        name: of the fact.
        between: the lowest and highest it can be; None where nothing is said.
        assumed: the basis of the value it is assumed to have; "" where it has none.
    """

    name: str
    between: Range | None
    assumed: str


@frozen
class NodeBounds:
    """Between which scores one dimension or indicator must lie.

    Attributes:
        placed: the node in its place.
        low, high: in the node's own scale; None where no completion of what is unknown gives it a score.
        applies: whether it applies; "open" where that is not decided. What does not apply is not in a dimension's bounds.
        open: the unknown facts it hangs on.
        message: why there is no score.
    """

    placed: Placed
    low: Fraction | None
    high: Fraction | None
    applies: Applies = "yes"
    open: tuple[Open, ...] = ()
    message: Message | None = None

    @property
    def is_indicator(self) -> bool:
        """Whether it is a leaf."""
        return isinstance(self.placed.node, Indicator)

    @property
    def decided(self) -> bool:
        """Whether there is but one score it can have; one that does not apply is decided."""
        return self.applies == "no" or (self.applies == "yes" and self.low is not None and self.low == self.high)


@frozen
class Bounds:
    """Between which scores an assessment must lie.

    Attributes:
        assessment: what was bounded.
        stated_only: whether assumed facts were taken as unknown.
        low, high: the total; None where no completion gives one.
        worst, best: the grades of `low` and `high`.
        nodes: by path, each before those below it.
        open: the unknown facts that anything hangs on.
        message: why there is no total.
    """

    assessment: Assessment
    stated_only: bool
    low: Fraction | None
    high: Fraction | None
    worst: Grade | None
    best: Grade | None
    nodes: Mapping[str, NodeBounds]
    open: tuple[Open, ...]
    message: Message | None = None

    @property
    def indicators(self) -> tuple[NodeBounds, ...]:
        """The leaves, in order."""
        return tuple(node for node in self.nodes.values() if node.is_indicator)


@frozen
class Knowledge:
    """What the interval interpreter is told of a fact sheet."""

    sheet: FactSheet
    values: Mapping[str, Value]
    ranges: Mapping[str, Range]
    formulas: Mapping[str, Expr]

    def range_of(
        self, expr: Expr, split: Sequence[Expr] = (), given: Mapping[Expr, bool] = MappingProxyType({})
    ) -> Range | None:
        """The lowest and highest value of `expr`; `split` and `given` as `interval` takes them."""
        return interval(expr, self.values, self.ranges, self.formulas, split, given)

    def truths_of(self, condition: Expr) -> frozenset[bool]:
        """What `condition` can be."""
        return truths(condition, self.values, self.ranges, self.formulas)

    def open(self, *exprs: Expr) -> tuple[Open, ...]:
        """The unknown facts that the expressions hang on."""
        waiting = [name for expr in exprs for name in names(expr)]
        found: dict[str, Open] = {}
        seen: set[str] = set()
        while waiting:
            name = waiting.pop(0)
            if name in seen or name in self.values:
                continue
            seen.add(name)
            if name in self.formulas:
                waiting = [*names(self.formulas[name]), *waiting]
            else:
                assumed = self.sheet.facts[name].assumed if name in self.sheet else ""
                found[name] = Open(name, self.ranges.get(name), assumed)
        return tuple(found.values())


def bounds(assessment: Assessment, *, stated_only: bool = False) -> Bounds:
    """The lowest and highest possible score of each indicator, each dimension and the total.

    Args:
        stated_only: take assumed facts as unknown.
    """
    return Bounder(assessment, stated_only=stated_only).bounds(assessment.facts)


@frozen
class TotalBounds:
    """Between which totals an assessment must lie; the attributes are those of `Bounds`."""

    low: Fraction | None
    high: Fraction | None
    worst: Grade | None
    best: Grade | None
    message: Message | None


class Bounder:
    """An assessment ready to be bounded on many fact sheets: its expressions are built once.

    Args:
        assessment: its facts are used only where none are given.
        stated_only: as `bounds`.
    """

    def __init__(self, assessment: Assessment, *, stated_only: bool = False) -> None:
        self._assessment = assessment
        self._stated_only = stated_only
        framework = assessment.framework
        self._scorer = Scorer(assessment)
        self._awards = {placed.path: award_expression(framework, placed) for placed in framework.indicators}
        self._total_expression = total_expression(framework)
        self._conditions = conditions(framework.indicators)

    def total(self, sheet: FactSheet) -> TotalBounds:
        """The total alone."""
        known = self._known(sheet)
        return self._total(known, self._leaves(known))

    def bounds(self, sheet: FactSheet) -> Bounds:
        """Every node and the total."""
        framework = self._assessment.framework
        known = self._known(sheet)
        leaves = self._leaves(known)
        nodes = {
            path: leaves.get(path) or _dimension(placed, leaves, known, self._assessment)
            for path, placed in framework.layout.items()
        }
        total = self._total(known, leaves)
        every = {each.name: each for node in nodes.values() for each in node.open}
        every |= {each.name: each for each in known.open(*(limit.when for limit in framework.limits))}
        return Bounds(
            self._assessment,
            self._stated_only,
            total.low,
            total.high,
            total.worst,
            total.best,
            MappingProxyType(nodes),
            tuple(every.values()),
            total.message,
        )

    def _known(self, sheet: FactSheet) -> Knowledge:
        return _known(self._assessment, self._scorer.with_parts(sheet), stated_only=self._stated_only)

    def _leaves(self, known: Knowledge) -> dict[str, NodeBounds]:
        mixtures = self._scorer.mixtures(known.sheet)
        return {
            placed.path: _leaf(self._assessment, placed, self._awards[placed.path], known, mixtures.get(placed.path))
            for placed in self._assessment.framework.indicators
        }

    def _total(self, known: Knowledge, leaves: Mapping[str, NodeBounds]) -> TotalBounds:
        framework = self._assessment.framework
        message = self._obstacle(known, leaves)
        total = None if message else known.range_of(self._total_expression, self._conditions)
        if total is None:
            none = Message("没有任何适用的指标", "no indicator applies")
            return TotalBounds(None, None, None, None, message or none)
        low, high = _between_shares(framework, leaves.values(), total)
        return TotalBounds(low, high, *grades_between(self._assessment, known, low, high), None)

    def _obstacle(self, known: Knowledge, leaves: Mapping[str, NodeBounds]) -> Message | None:
        """What leaves no total, whatever the unknown facts are; None where a total can come about, or nothing applies."""
        framework, mixtures = self._assessment.framework, self._scorer.mixtures(known.sheet)
        without = [leaf.placed.node for leaf in leaves.values() if leaf.low is None and _counts(leaf)]
        said = []
        if without:
            zh, en = "、".join(each.called("zh") for each in without), ", ".join(each.called("en") for each in without)
            said.append(Message(f"没有得分的指标：{zh}", f"without a score: {en}"))
        for each, points in zip(framework.adjustments, adjustment_expressions(framework), strict=True):
            why = mixtures.get(f"adjustments.{each.id}")
            if why is None and known.range_of(points) is None:
                why = _NEVER
            if why is not None:
                title = titled(each)
                said.append(Message(f"加减分“{title.zh}”：{why.zh}", f'adjustment "{title.en}": {why.en}'))
        if said:
            return Message("；".join(each.zh for each in said), "; ".join(each.en for each in said))
        for index, limit in enumerate(framework.limits):
            if (mixed := mixtures.get(f"limits.{index}")) is not None:
                return mixed
            if not known.truths_of(limit.when):
                return undecided(limit)
        return None


def _between_shares(
    framework: Framework, leaves: Iterable[NodeBounds], total: Range
) -> tuple[Fraction | None, Fraction | None]:
    """A rescaled sum lies between the least and the greatest share of its parts, whatever applies."""
    shares = [
        (leaf.low / leaf.placed.points, leaf.high / leaf.placed.points)
        for leaf in leaves
        if leaf.low is not None and leaf.high is not None
    ]
    bonus = any(isinstance(each.node, Indicator) and each.node.bonus_up_to for each in framework.indicators)
    if not shares or bonus or framework.adjustments:
        return total.low, total.high
    rounding = framework.rounding_of("total")
    least, most = min(low for low, _ in shares) * framework.points, max(high for _, high in shares) * framework.points
    if rounding is not None:
        least, most = rounding.applied(least), rounding.applied(most)
    # A limit may cap the total below every share. Where nothing at all may apply, the division alone has no bound.
    caps = [limit.at_most for limit in framework.limits if limit.at_most is not None]
    least = min([least, *caps])
    low = least if total.low is None else max(total.low, least)
    return low, most if total.high is None else min(total.high, most)


def known_of(assessment: Assessment, *, stated_only: bool) -> Knowledge:
    """What is known of an assessment's facts; assumed ones, and what rests on them, not counted if `stated_only`."""
    return _known(assessment, Scorer(assessment).with_parts(assessment.facts), stated_only=stated_only)


def _known(assessment: Assessment, sheet: FactSheet, *, stated_only: bool) -> Knowledge:
    dropped = {name for name in sheet if stated_only and sheet.basis(name)}
    values = {name: value for name, value in sheet.values.items() if name not in dropped}
    ranges = {
        name: _between(fact.between)
        for name, fact in sheet.facts.items()
        if fact.between is not None and name not in values
    }
    formulas = {
        name: fact.formula
        for name, fact in sheet.facts.items()
        if fact.formula is not None and not (stated_only and fact.assumed)
    }
    ranges |= _parts(assessment, values, stated_only=stated_only)
    return Knowledge(sheet, values, ranges, formulas)


def _between(ends: tuple[Quantity | None, Quantity | None]) -> Range:
    low, high = (None if end is None else end.value for end in ends)
    return Range(low, high)


def _parts(assessment: Assessment, values: Mapping[str, Value], *, stated_only: bool) -> dict[str, Range]:
    """The ranges of the scores that roll-up rules read, where they are not known."""
    found: dict[str, Range] = {}
    rules = [each.node.rule for each in assessment.framework.indicators if isinstance(each.node, Indicator)]
    for part in dict.fromkeys(part for rule in rules if isinstance(rule, RollUp) for part in rule.of):
        if (name := share_of_part(part)) not in values and part in assessment.parts:
            below = bounds(assessment.parts[part], stated_only=stated_only)
            points = below.assessment.framework.points
            if below.low is not None and below.high is not None:
                found[name] = Range(below.low / points, below.high / points)
    return found


def conditions(leaves: Sequence[Placed]) -> tuple[Expr, ...]:
    """The conditions on which indicators apply."""
    found = [leaf.node.applies for leaf in leaves if isinstance(leaf.node, Indicator)]
    return tuple(dict.fromkeys(each for each in found if each is not None))


_NEVER: Final = Message("无论未知事实为何，都没有得分", "has no score, whatever the unknown facts are")
_UNDECIDED: Final = Message("是否适用无法判断", "whether it applies cannot be decided")


def _counts(leaf: NodeBounds) -> bool:
    """Whether there is no total without the score of a leaf."""
    return leaf.applies == "yes" or leaf.message == _UNDECIDED


def _leaf(assessment: Assessment, placed: Placed, award: Expr, known: Knowledge, mixed: Message | None) -> NodeBounds:
    framework, indicator = assessment.framework, placed.node
    assert isinstance(indicator, Indicator)
    if mixed is not None:
        return NodeBounds(placed, None, None, message=mixed)
    reads = (award,) if indicator.applies is None else (indicator.applies, award)
    can = frozenset({True}) if indicator.applies is None else known.truths_of(indicator.applies)
    applies: Applies = "open" if len(can) > 1 else ("yes" if True in can else "no")
    if not can:
        return NodeBounds(placed, None, None, "open", message=_UNDECIDED)
    found = known.range_of(award) if True in can else None
    ends = [] if found is None else [end for end in (found.low, found.high) if end is not None]
    instead = not_applicable_as(framework, placed)
    if False in can and instead != "rescale":
        ends.append(placed.points if instead == "full" else Fraction(0))
    message = None if ends or True not in can else _NEVER
    open_ = () if applies == "no" else known.open(*reads)
    return NodeBounds(placed, min(ends, default=None), max(ends, default=None), applies, open_, message)


def _dimension(
    placed: Placed, leaves: Mapping[str, NodeBounds], known: Knowledge, assessment: Assessment
) -> NodeBounds:
    below = [leaf for path, leaf in leaves.items() if path.startswith(f"{placed.path}.")]
    open_ = tuple({each.name: each for leaf in below for each in leaf.open}.values())
    answers = {leaf.applies for leaf in below}
    applies: Applies = "yes" if "yes" in answers else ("no" if answers == {"no"} else "open")
    if any(leaf.low is None and leaf.applies == "yes" for leaf in below):
        return NodeBounds(placed, None, None, applies, open_)
    split = conditions([leaf.placed for leaf in below])
    found = known.range_of(node_expression(assessment.framework, placed.path), split)
    low, high = (None, None) if found is None else (found.low, found.high)
    return NodeBounds(placed, low, high, applies, open_)


def grades_between(
    assessment: Assessment, known: Knowledge, low: Fraction | None, high: Fraction | None
) -> tuple[Grade | None, Grade | None]:
    """The grades of the lowest and the highest total; a limit that may hold caps the worst, one that must the best."""
    framework = assessment.framework
    if low is None or high is None or not framework.grades:
        return None, None
    ranks = [grade.name for grade in framework.grades]
    found = [framework.grades.index(grade) for grade in (framework.grade(low), framework.grade(high)) if grade]
    for limit in framework.limits:
        if limit.grade_at_most is None:
            continue
        can, cap = known.truths_of(limit.when), ranks.index(limit.grade_at_most)
        if True in can:
            found[0] = max(found[0], cap)
        if can == {True}:
            found[1] = max(found[1], cap)
    return framework.grades[found[0]], framework.grades[found[1]]
