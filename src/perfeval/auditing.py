"""Audit: can the published score be right?

What the stated facts decide, what only judgement decides, and what a published score then implies. Assumed facts count as
unknown throughout: an auditor takes nothing on trust.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from attrs import frozen

from perfeval.assessment import Assessment
from perfeval.attaining import Spans, attainable, scores
from perfeval.bounding import Bounds, Knowledge, NodeBounds, bounds, conditions, grades_between, known_of
from perfeval.errors import Message
from perfeval.evaluate import evaluate
from perfeval.expr.names import names
from perfeval.expr.nodes import Expr
from perfeval.facts import Fact
from perfeval.framework import Grade, Indicator, titled
from perfeval.implying import Scenario, scenarios
from perfeval.rules import is_judgement
from perfeval.rules.reading import optional_points
from perfeval.scorecard import NodeScore, Scorecard
from perfeval.totals import adjustment_expressions

__all__ = ["Audit", "Beside", "Graded", "Item", "Split", "Verdict", "audit", "is_judged"]

Verdict = Literal["possible", "impossible", "unpublished", "unbounded"]

_ZERO: Final = Fraction(0)


@frozen
class Split:
    """The points of an assessment by what decides them, in the framework's scale.

    Attributes:
        earned, lost: decided by stated facts.
        judged: of indicators that only a judgement decides: ratings, points entered, panels.
        unknown: of indicators that a fact not stated would decide.
        dropped: of indicators that do not apply.
        may_apply: of indicators of which it is not decided whether they apply; not counted above.
    """

    earned: Fraction = _ZERO
    lost: Fraction = _ZERO
    judged: Fraction = _ZERO
    unknown: Fraction = _ZERO
    dropped: Fraction = _ZERO
    may_apply: Fraction = _ZERO


@frozen
class Beside:
    """A limit or points beside the tree that keep the total from what was published.

    Attributes:
        title: of the limit or the adjustment.
        at_most: the highest total the limit allows; None for an adjustment.
        grade_at_most: the best grade the limit allows, where it keeps the grade from what was published.
        low, high: what the adjustment comes to; None for a limit.
        facts: what it rests on in the end.
    """

    title: Message
    at_most: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    facts: tuple[Fact, ...] = ()
    grade_at_most: str | None = None


@frozen
class Graded:
    """A published grade that the framework knows, beside those that the score, or the facts, allow.

    Attributes:
        published: the grade.
        worst, best: of the published score, where it is possible; else of all that the stated facts leave open.
        limits: the limits that hold and allow no grade so good.
    """

    published: Grade
    worst: Grade
    best: Grade
    limits: tuple[Beside, ...] = ()

    @property
    def impossible(self) -> bool:
        """Whether it cannot be the grade."""
        return not self.worst.from_ <= self.published.from_ <= self.best.from_


@frozen
class Item:
    """One indicator's published score beside what its rule gives.

    Attributes:
        node: with the stated score, and the score that the rule gives on all facts, assumed ones included.
        low, high: what the rule can give on stated facts alone.
        spans: the scores between these that it can give, where it is known that there are others it cannot.
    """

    node: NodeScore
    low: Fraction | None
    high: Fraction | None
    spans: Spans = ()

    @property
    def stated(self) -> Fraction:
        """The published score."""
        return self.node.stated or _ZERO

    @property
    def by_rule(self) -> Fraction | None:
        """What the rule gives, assumed facts included."""
        return None if self.node.score is None else self.node.score + self.node.bonus

    @property
    def departs(self) -> bool:
        """Whether it is not what the rule gives, or could give."""
        return self.impossible or self.not_applicable or (self.by_rule is not None and self.by_rule != self.stated)

    @property
    def not_applicable(self) -> bool:
        """Whether points were published for an indicator that does not apply, and whose points go to the others."""
        return self.node.status == "not-applicable" and self.by_rule is None and self.stated != 0

    @property
    def impossible(self) -> bool:
        """Whether no completion of what is unknown gives it."""
        if self.low is None or self.high is None:
            return False
        return not self.low <= self.stated <= self.high or bool(
            self.spans and not attainable(self.spans, self.stated, self.stated)
        )


@frozen
class Audit:
    """Whether a published score can be right, and what it implies.

    Attributes:
        published: the score that was asked about.
        card: the scorecard on all facts, assumed ones included.
        bounds: on stated facts alone.
        points: what decides the points.
        verdict: "possible", "impossible", "unpublished" where there is no score to ask about, or "unbounded" where an
            indicator has no score whatever the unknown facts are.
        nearest: the possible score that is nearest to the published one.
        below, above: where the score lies within the bounds and is impossible all the same: the nearest possible scores on
            either side, each with the scenario it belongs to.
        open_conditions: how many conditions of applicability are open.
        scenarios: one for each way of settling which indicators apply; none where more than six conditions are open.
        beside: where the score is impossible: the limits and adjustments that stand in the way.
        obstacles: where the score is impossible: the indicators whose facts stand in the way, those that matter most first.
        items: the indicators with a published score.
        graded: the published grade; None where there is none, where the framework does not know it, where there is no
            total, or where another score was asked about.
        stated_total: the sum of the published item scores, where every indicator that applies has one.
        stated_converted: that sum converted to what applies, with the points beside the tree, rounded as the total is.
    """

    published: Fraction | None
    card: Scorecard
    bounds: Bounds
    points: Split
    verdict: Verdict
    nearest: Fraction | None
    below: tuple[Fraction, Scenario] | None
    above: tuple[Fraction, Scenario] | None
    open_conditions: int
    scenarios: tuple[Scenario, ...]
    beside: tuple[Beside, ...]
    obstacles: tuple[NodeBounds, ...]
    items: tuple[Item, ...]
    stated_total: Fraction | None
    stated_converted: Fraction | None
    graded: Graded | None = None

    @property
    def no_grade(self) -> str | None:
        """What was published as the grade, where it is none of the framework's."""
        assessment = self.card.assessment
        framework, word = assessment.framework, assessment.published.grade
        return word if word is not None and framework.grades and framework.grade_named(word) is None else None

    @property
    def departures(self) -> tuple[Item, ...]:
        """The items that depart from their rule."""
        return tuple(item for item in self.items if item.departs)

    @property
    def unverified(self) -> tuple[Item, ...]:
        """The items that the facts neither confirm nor contradict, for their rule gives no score on them."""
        open_ = (item for item in self.items if item.by_rule is None and item.node.status != "not-applicable")
        return tuple(item for item in open_ if not item.departs)

    @property
    def adds_up(self) -> bool | None:
        """Whether the published item scores add up to the published total; None where one of them is missing."""
        if self.stated_total is None or self.published is None:
            return None
        idle = sum((item.stated * item.node.placed.factor for item in self.items if item.not_applicable), _ZERO)
        return self.published in (self.stated_total, self.stated_converted, self.stated_total + idle)

    @property
    def contradicted(self) -> bool:
        """Whether what was published cannot be right: the total, the grade, an item, or their sum."""
        wrong_grade = self.graded is not None and self.graded.impossible
        items = any(item.impossible for item in self.items)
        return self.verdict == "impossible" or wrong_grade or self.adds_up is False or items


def audit(assessment: Assessment, published: Fraction | int | Decimal | str | None = None) -> Audit:
    """Whether a score can be right on the facts that are stated.

    Args:
        published: the score; by default the one that the assessment says was published.

    Raises:
        QuantityError: `published` is not a number.
    """
    score = optional_points(published)
    if score is None and assessment.published.score is not None:
        score = assessment.published.score.value
    card = evaluate(assessment)
    found = bounds(assessment, stated_only=True)
    known = known_of(assessment, stated_only=True)
    open_ = tuple(each for each in conditions(assessment.framework.indicators) if len(known.truths_of(each)) > 1)
    stated_nodes = [node for node in card.indicators if node.stated is not None]
    can = scores(assessment.framework, known) if score is not None or stated_nodes else {}
    cases = tuple(scenarios(assessment, known, open_, score, can))
    verdict, nearest = _verdict(score, found, cases)
    below, above = _either_side(score, found, cases) if verdict == "impossible" else (None, None)
    stated = _stated_total(card)
    items = tuple(_item(node, known, assessment, can) for node in stated_nodes)
    return Audit(
        score,
        card,
        found,
        _split(found),
        verdict,
        nearest,
        below,
        above,
        len(open_),
        cases,
        tuple(_beside(found, known, score)) if verdict == "impossible" else (),
        _obstacles(found, score) if verdict == "impossible" else (),
        items,
        stated,
        None if stated is None else card.converted(stated),
        _graded(found, known, score if verdict == "possible" else None) if published is None else None,
    )


def _graded(found: Bounds, known: Knowledge, score: Fraction | None) -> Graded | None:
    """The published grade beside those of a score, or of all that can be."""
    assessment = found.assessment
    framework, word = assessment.framework, assessment.published.grade
    grade = None if word is None else framework.grade_named(word)
    low, high = (found.low, found.high) if score is None else (score, score)
    worst, best = grades_between(assessment, known, low, high)
    if grade is None or worst is None or best is None:
        return None
    from_ = {each.name: each.from_ for each in framework.grades}
    limits = (
        Beside(
            titled(limit),
            facts=_facts_behind(limit.when, known),
            grade_at_most=limit.grade_at_most,
        )
        for limit in framework.limits
        if limit.grade_at_most is not None
        and from_[limit.grade_at_most] < grade.from_
        and known.truths_of(limit.when) == {True}
    )
    return Graded(grade, worst, best, tuple(limits))


def _verdict(score: Fraction | None, found: Bounds, cases: Sequence[Scenario]) -> tuple[Verdict, Fraction | None]:
    if score is None:
        return "unpublished", None
    if found.low is None or found.high is None:
        return "unbounded", None
    if not cases:
        possible = found.low <= score <= found.high
        return ("possible", score) if possible else ("impossible", found.low if score < found.low else found.high)
    if any(each.possible for each in cases):
        return "possible", score
    near = (end for each in cases for end in _nearest(each, score))
    return "impossible", min(near, key=lambda end: (abs(end - score), end))


def _nearest(each: Scenario, score: Fraction) -> tuple[Fraction, ...]:
    """The possible totals of a scenario that are nearest to a score it does not come to."""
    if score < each.low:
        return (each.low,)
    if score > each.high:
        return (each.high,)
    return tuple(end for end in (each.below, each.above) if end is not None)


def _either_side(
    score: Fraction | None, found: Bounds, cases: Sequence[Scenario]
) -> tuple[tuple[Fraction, Scenario] | None, tuple[Fraction, Scenario] | None]:
    """The nearest possible scores below and above one that lies within the bounds."""
    if score is None or found.low is None or found.high is None or not found.low <= score <= found.high:
        return None, None
    near = [(end, each) for each in cases for end in _nearest(each, score)]
    below = max((pair for pair in near if pair[0] < score), key=lambda pair: pair[0], default=None)
    above = min((pair for pair in near if pair[0] > score), key=lambda pair: pair[0], default=None)
    return below, above


def _split(found: Bounds) -> Split:
    totals = dict.fromkeys(("earned", "lost", "judged", "unknown", "dropped", "may_apply"), _ZERO)
    for leaf in found.indicators:
        counts = leaf.placed.counts
        if leaf.applies == "open":
            totals["may_apply"] += counts
        elif leaf.applies == "no" and leaf.low is None:
            totals["dropped"] += counts
        elif leaf.decided and leaf.low is not None:
            totals["earned"] += leaf.low * leaf.placed.factor
            totals["lost"] += counts - leaf.low * leaf.placed.factor
        else:
            totals["judged" if is_judged(leaf) else "unknown"] += counts
    return Split(**totals)


def is_judged(leaf: NodeBounds) -> bool:
    """Whether an indicator rests on somebody's judgement, and not on a figure."""
    return isinstance(leaf.placed.node, Indicator) and is_judgement(leaf.placed.node.rule)


def _obstacles(found: Bounds, score: Fraction | None) -> tuple[NodeBounds, ...]:
    """The indicators that keep the total below the score, or above it; none where it lies within the bounds."""
    if score is None or found.low is None or found.high is None or found.low <= score <= found.high:
        return ()
    too_high = score > found.high
    held: list[tuple[Fraction, NodeBounds]] = []
    for leaf in found.indicators:
        if leaf.low is None or leaf.high is None:
            continue
        size = (leaf.placed.points - leaf.high if too_high else leaf.low) * leaf.placed.factor
        if size > 0:
            held.append((size, leaf))
    return tuple(leaf for _, leaf in sorted(held, key=lambda pair: -pair[0]))


def _beside(found: Bounds, known: Knowledge, score: Fraction | None) -> Iterator[Beside]:
    """The limits and adjustments that keep the total below the score, or above it."""
    if score is None or found.low is None or found.high is None or found.low <= score <= found.high:
        return
    framework, too_high = found.assessment.framework, score > found.high
    for limit in framework.limits:
        caps = limit.at_most is not None and limit.at_most < score
        if too_high and caps and known.truths_of(limit.when) == {True}:
            yield Beside(titled(limit), at_most=limit.at_most, facts=_facts_behind(limit.when, known))
    for adjustment, expression in zip(framework.adjustments, adjustment_expressions(framework), strict=True):
        points = known.range_of(expression)
        if points is None or points.low is None or points.high is None:
            continue
        if points.high < 0 if too_high else points.low > 0:
            yield Beside(titled(adjustment), low=points.low, high=points.high, facts=_facts_behind(expression, known))


def _facts_behind(expr: Expr, known: Knowledge) -> tuple[Fact, ...]:
    """The facts that an expression rests on in the end."""
    facts = (known.sheet.facts.get(name) or Fact(name) for name in known.sheet.behind(names(expr)))
    return tuple(each for each in facts if each.formula is None)


def _item(node: NodeScore, known: Knowledge, assessment: Assessment, can: Mapping[str, Spans]) -> Item:
    range_ = known.range_of(assessment.framework.award(node.placed)) if node.status != "not-applicable" else None
    low, high = (None, None) if range_ is None else (range_.low, range_.high)
    spans = can.get(node.path, ())
    # The scores of a bonus are not among them, nor those of an award that is rounded beyond its steps.
    bonus = isinstance(node.placed.node, Indicator) and node.placed.node.bonus_up_to
    whole = not spans or bonus or node.status == "not-applicable" or len(spans) == 1
    return Item(node, low, high, () if whole else spans)


def _stated_total(card: Scorecard) -> Fraction | None:
    live = [node for node in card.indicators if node.status != "not-applicable"]
    stated = [node.stated * node.placed.factor for node in live if node.stated is not None]
    return sum(stated, _ZERO) if live and len(stated) == len(live) else None
