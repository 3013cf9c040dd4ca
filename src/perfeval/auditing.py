"""Audit: can the published score be right?

What the stated facts decide, what only judgement decides, and what a published score then implies. Assumed facts count as
unknown throughout: an auditor takes nothing on trust.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import islice, product
from typing import Final, Literal

from attrs import frozen

from perfeval.assessment import Assessment
from perfeval.bounding import Bounds, Knowledge, NodeBounds, bounds, conditions, known_of
from perfeval.errors import Message
from perfeval.evaluate import evaluate
from perfeval.expr.nodes import Expr
from perfeval.expr.text import text
from perfeval.framework import Indicator
from perfeval.rules import Awarded, BestOf, Panel, Rating, Rule
from perfeval.rules.reading import optional_points
from perfeval.scorecard import NodeScore, Scorecard
from perfeval.totals import adjustment_expressions, award_expression, not_applicable_as, total_expression

__all__ = ["Audit", "Carriers", "Item", "Scenario", "Share", "Split", "Verdict", "audit", "is_judged"]

Verdict = Literal["possible", "impossible", "unpublished", "unbounded"]

_ZERO: Final = Fraction(0)
_MOST_CONDITIONS: Final = 4
_MOST_SETS: Final = 12


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
class Share:
    """At what share of their points the undecided indicators of one dimension must have been rated.

    Attributes:
        path, title: the dimension; "" for all together.
        points: undecided points, in the framework's scale.
        low, high: the least and the most, on average; alike for all together.
    """

    path: str
    title: Message
    points: Fraction
    low: Fraction
    high: Fraction


@frozen
class Carriers:
    """The smallest sets of indicators that could have carried the loss.

    Attributes:
        loss: points lost that no stated fact accounts for.
        size: how many indicators it takes at least; 0 where nobody had a choice.
        sets: paths; at most a dozen sets, and none where it takes more than a dozen indicators.
        more: whether there are others as small.
    """

    loss: Fraction
    size: int
    sets: tuple[tuple[str, ...], ...]
    more: bool


@frozen
class Scenario:
    """What a published score implies, when it is settled which indicators apply.

    Attributes:
        taken: the open conditions of applicability, each with the answer that was taken.
        low, high: the total.
        applicable: the points that apply, in the framework's scale.
        earned, lost: of these, decided by stated facts.
        undecided: of these, decided by judgement or by facts that are not stated.
        possible: whether the published score lies between `low` and `high`.
        needed: what the undecided points must have earned; None where it is not possible, or where limits, bonuses or
            points beside the tree are open too.
        shares: `needed` as a share of the undecided points: of all, then of each first level.
        carriers: the indicators that could have carried the loss.
    """

    taken: tuple[tuple[Message, bool], ...]
    low: Fraction
    high: Fraction
    applicable: Fraction
    earned: Fraction
    lost: Fraction
    undecided: Fraction
    possible: bool
    needed: Fraction | None = None
    shares: tuple[Share, ...] = ()
    carriers: Carriers | None = None


@frozen
class Item:
    """One indicator's published score beside what its rule gives.

    Attributes:
        node: with the stated score, and the score that the rule gives on all facts, assumed ones included.
        low, high: what the rule can give on stated facts alone.
    """

    node: NodeScore
    low: Fraction | None
    high: Fraction | None

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
        return self.impossible or (self.by_rule is not None and self.by_rule != self.stated)

    @property
    def impossible(self) -> bool:
        """Whether no completion of what is unknown gives it."""
        return self.low is not None and self.high is not None and not self.low <= self.stated <= self.high


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
        scenarios: one for each way of settling which indicators apply; none where there are too many.
        obstacles: where the score is impossible: the indicators whose facts stand in the way, those that matter most first.
        items: the indicators with a published score.
        stated_total: the sum of the published item scores, where every indicator that applies has one.
        stated_converted: that sum converted to what applies, with the points beside the tree, rounded as the total is.
    """

    published: Fraction | None
    card: Scorecard
    bounds: Bounds
    points: Split
    verdict: Verdict
    nearest: Fraction | None
    scenarios: tuple[Scenario, ...]
    obstacles: tuple[NodeBounds, ...]
    items: tuple[Item, ...]
    stated_total: Fraction | None
    stated_converted: Fraction | None

    @property
    def departures(self) -> tuple[Item, ...]:
        """The items that depart from their rule."""
        return tuple(item for item in self.items if item.departs)

    @property
    def adds_up(self) -> bool | None:
        """Whether the published item scores add up to the published total; None where one of them is missing."""
        if self.stated_total is None or self.published is None:
            return None
        return self.published in (self.stated_total, self.stated_converted)

    @property
    def contradicted(self) -> bool:
        """Whether what was published cannot be right: the total, an item, or their sum."""
        return self.verdict == "impossible" or self.adds_up is False or any(item.impossible for item in self.items)


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
    scenarios = tuple(_scenarios(assessment, known, score))
    verdict, nearest = _verdict(score, found, scenarios)
    items = tuple(_item(node, known, assessment) for node in card.indicators if node.stated is not None)
    return Audit(
        score,
        card,
        found,
        _split(found),
        verdict,
        nearest,
        scenarios,
        _obstacles(found, score) if verdict == "impossible" else (),
        items,
        _stated_total(card),
        _stated_converted(card),
    )


def _verdict(score: Fraction | None, found: Bounds, scenarios: Sequence[Scenario]) -> tuple[Verdict, Fraction | None]:
    if score is None:
        return "unpublished", None
    if found.low is None or found.high is None:
        return "unbounded", None
    ends = [(each.low, each.high) for each in scenarios] or [(found.low, found.high)]
    if any(low <= score <= high for low, high in ends):
        return "possible", score
    return "impossible", min((end for pair in ends for end in pair), key=lambda end: abs(end - score))


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
    return isinstance(leaf.placed.node, Indicator) and _judging(leaf.placed.node.rule)


def _judging(rule: Rule) -> bool:
    if isinstance(rule, BestOf):
        return any(_judging(each.rule) for each in rule.alternatives)
    return isinstance(rule, Rating | Awarded | Panel)


def _obstacles(found: Bounds, score: Fraction | None) -> tuple[NodeBounds, ...]:
    """The indicators that keep the total below the score, or above it."""
    if score is None or found.high is None:
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


def _item(node: NodeScore, known: Knowledge, assessment: Assessment) -> Item:
    range_ = known.range_of(assessment.framework.award(node.placed)) if node.status != "not-applicable" else None
    low, high = (None, None) if range_ is None else (range_.low, range_.high)
    return Item(node, low, high)


def _stated_total(card: Scorecard) -> Fraction | None:
    live = [node for node in card.indicators if node.status != "not-applicable"]
    stated = [node.stated * node.placed.factor for node in live if node.stated is not None]
    return sum(stated, _ZERO) if live and len(stated) == len(live) else None


def _stated_converted(card: Scorecard) -> Fraction | None:
    total, framework = _stated_total(card), card.assessment.framework
    beside = [each.points for each in card.adjustments]
    if total is None or None in beside or not card.applicable:
        return None
    counted = sum((node.placed.counts for node in card.indicators if node.status != "not-applicable"), _ZERO)
    rescaled = framework.not_applicable == "rescale" and counted
    converted = total * framework.points / counted if rescaled else total
    converted += sum((points for points in beside if points is not None), _ZERO)
    rounding = framework.rounding_of("total")
    return converted if rounding is None else rounding.applied(converted)


# Scenarios.


@frozen
class _Leaf:
    """An indicator that counts towards the total, in the framework's scale."""

    path: str
    counts: Fraction
    low: Fraction
    high: Fraction

    @property
    def level(self) -> str:
        return self.path.partition(".")[0]

    @property
    def decided(self) -> bool:
        return self.low == self.high


def _scenarios(assessment: Assessment, known: Knowledge, score: Fraction | None) -> Iterator[Scenario]:
    framework = assessment.framework
    open_ = [each for each in conditions(framework.indicators) if len(known.truths_of(each)) > 1]
    if len(open_) > _MOST_CONDITIONS:
        return
    for answers in product((True, False), repeat=len(open_)):
        given = dict(zip(open_, answers, strict=True))
        total = known.range_of(total_expression(framework), given=given)
        leaves = tuple(_leaves(assessment, known, given))
        if total is not None and total.low is not None and total.high is not None and None not in leaves:
            live = tuple(leaf for leaf in leaves if leaf is not None)
            yield _scenario(assessment, known, given, (total.low, total.high), live, score)


def _leaves(assessment: Assessment, known: Knowledge, given: Mapping[Expr, bool]) -> Iterator[_Leaf | None]:
    """The indicators that count towards the total; None for one that has no score."""
    for placed in assessment.framework.indicators:
        indicator = placed.node
        assert isinstance(indicator, Indicator)
        if indicator.applies is not None:
            holds = given.get(indicator.applies, known.truths_of(indicator.applies) == {True})
            if not holds:
                instead = not_applicable_as(assessment.framework, placed)
                if instead != "rescale":
                    counted = placed.counts if instead == "full" else _ZERO
                    yield _Leaf(placed.path, placed.counts, counted, counted)
                continue
        award = known.range_of(award_expression(assessment.framework, placed), given=given)
        if award is None or award.low is None or award.high is None:
            yield None
        else:
            yield _Leaf(placed.path, placed.counts, award.low * placed.factor, award.high * placed.factor)


def _scenario(
    assessment: Assessment,
    known: Knowledge,
    given: Mapping[Expr, bool],
    total: tuple[Fraction, Fraction],
    leaves: Sequence[_Leaf],
    score: Fraction | None,
) -> Scenario:
    low, high = total
    applicable = sum((leaf.counts for leaf in leaves), _ZERO)
    decided = [leaf for leaf in leaves if leaf.decided]
    open_ = [leaf for leaf in leaves if not leaf.decided]
    earned = sum((leaf.low for leaf in decided), _ZERO)
    lost = sum((leaf.counts - leaf.low for leaf in decided), _ZERO)
    undecided = sum((leaf.counts for leaf in open_), _ZERO)
    possible = score is not None and low <= score <= high
    needed = None
    if possible and score is not None:
        needed = _needed(assessment, known, score, applicable, earned, given)
        if needed is not None:  # a rounded total stands for a little more or less than it says
            needed = min(max(needed, _total("low", open_)), _total("high", open_))
    return Scenario(
        tuple((_condition(each, known), holds) for each, holds in given.items()),
        low,
        high,
        applicable,
        earned,
        lost,
        undecided,
        possible,
        needed,
        () if needed is None or not open_ else tuple(_shares(assessment, open_, needed)),
        None if needed is None or not open_ else _carriers(open_, needed),
    )


def _condition(condition: Expr, known: Knowledge) -> Message:
    sheet = known.sheet
    return Message(
        text(condition, "zh", lambda name: sheet.called(name, "zh")),
        text(condition, "en", lambda name: sheet.called(name, "en")),
    )


def _needed(
    assessment: Assessment,
    known: Knowledge,
    score: Fraction,
    applicable: Fraction,
    earned: Fraction,
    given: Mapping[Expr, bool],
) -> Fraction | None:
    """What the undecided points must earn for the total to be `score`, where the total is their plain sum, rescaled."""
    framework = assessment.framework
    if any(True in known.truths_of(limit.when) for limit in framework.limits if limit.at_most is not None):
        return None
    if any(isinstance(each.node, Indicator) and each.node.bonus_up_to for each in framework.indicators):
        return None
    beside = [known.range_of(each, given=given) for each in adjustment_expressions(framework)]
    if any(each is None or not each.is_point for each in beside):
        return None
    added = sum((each.low for each in beside if each is not None and each.low is not None), _ZERO)
    return (score - added) * applicable / framework.points - earned


def _shares(assessment: Assessment, open_: Sequence[_Leaf], needed: Fraction) -> Iterator[Share]:
    points = sum((leaf.counts for leaf in open_), _ZERO)
    overall = needed / points
    yield Share("", Message("全部未定分值", "all undecided points"), points, overall, overall)
    for level in dict.fromkeys(leaf.level for leaf in open_):
        inside = [leaf for leaf in open_ if leaf.level == level]
        outside = [leaf for leaf in open_ if leaf.level != level]
        own = sum((leaf.counts for leaf in inside), _ZERO)
        least = max(_total("low", inside), needed - _total("high", outside))
        most = min(_total("high", inside), needed - _total("low", outside))
        node = assessment.framework.layout[level].node
        yield Share(level, Message(node.called("zh"), node.called("en")), own, least / own, most / own)


def _total(end: Literal["low", "high"], leaves: Sequence[_Leaf]) -> Fraction:
    return sum((leaf.low if end == "low" else leaf.high for leaf in leaves), _ZERO)


def _carriers(open_: Sequence[_Leaf], needed: Fraction) -> Carriers:
    loss = sum((leaf.counts for leaf in open_), _ZERO) - needed
    # What an indicator loses whatever the judgement is no choice of anybody's.
    chosen = _total("high", open_) - needed
    if chosen <= 0:
        return Carriers(loss, 0, (), False)
    room = {leaf.path: leaf.high - leaf.low for leaf in open_}
    largest = sorted(room.values(), reverse=True)
    size = next((size for size in range(1, len(largest) + 1) if sum(largest[:size], _ZERO) >= chosen), len(largest))
    if size > _MOST_SETS:
        return Carriers(loss, size, (), True)
    order = {path: index for index, path in enumerate(room)}
    by_room = sorted(room, key=lambda path: (-room[path], order[path]))
    found = tuple(islice(_sets(by_room, [room[path] for path in by_room], size, chosen), _MOST_SETS + 1))
    sets = sorted(
        (tuple(sorted(paths, key=order.__getitem__)) for paths in found[:_MOST_SETS]),
        key=lambda paths: [order[path] for path in paths],
    )
    return Carriers(loss, size, tuple(sets), len(found) > _MOST_SETS)


def _sets(paths: Sequence[str], room: Sequence[Fraction], size: int, wanted: Fraction) -> Iterator[tuple[str, ...]]:
    """The sets of `size` paths with room for `wanted` in all; `room` falls, so what cannot reach it is not tried."""
    if size == 0:
        if wanted <= 0:
            yield ()
        return
    for index in range(len(paths) - size + 1):
        if sum(room[index : index + size], _ZERO) < wanted:
            return
        for rest in _sets(paths[index + 1 :], room[index + 1 :], size - 1, wanted - room[index]):
            yield (paths[index], *rest)
