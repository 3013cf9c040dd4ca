"""What a published score implies, once it is settled which indicators apply.

What the undecided points must have earned, all together and in each first level, and which indicators can have carried the
loss; or that the score cannot come about, and which are the nearest that can.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Final, Literal

from attrs import evolve, frozen

from perfeval.assessment import Assessment
from perfeval.attaining import Spans, attainable, sums
from perfeval.bounding import Knowledge, conditions
from perfeval.errors import Message
from perfeval.expr.interval import Range
from perfeval.expr.nodes import Expr, number
from perfeval.expr.text import text
from perfeval.framework import Framework, Indicator
from perfeval.quantity import rounded
from perfeval.totals import adjustment_expressions, award_expression, not_applicable_as, total_expression

__all__ = ["Carriers", "Scenario", "Share", "scenarios"]

_ZERO: Final = Fraction(0)
_MOST_CONDITIONS: Final = 6
_MOST_TOLD: Final = 4
_MOST_SETS: Final = 12
_MOST_TRIED: Final = 2000


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
        possible: whether the published score lies between `low` and `high`, and no reason is known why it is not among
            the totals in between.
        needed: what the undecided points must have earned; None where it is not possible, or where limits, bonuses or
            points beside the tree are open too.
        needed_from, needed_to: where the total is rounded, between what: all of it comes to the published score.
        below, above: where the score lies between `low` and `high` and yet is no total that can come about: the nearest
            that may.
        searched: whether all totals were looked through; False where there are too many, or what is needed is not told.
        shares: `needed` as a share of the undecided points: of all, then of each first level.
        carriers: the indicators that could have carried the loss; None where more than four conditions were open.
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
    needed_from: Fraction | None = None
    needed_to: Fraction | None = None
    below: Fraction | None = None
    above: Fraction | None = None
    searched: bool = False
    shares: tuple[Share, ...] = ()
    carriers: Carriers | None = None


@frozen
class _Leaf:
    """An indicator that counts towards the total, in the framework's scale; `spans` are the scores it can have."""

    path: str
    counts: Fraction
    low: Fraction
    high: Fraction
    spans: Spans

    @property
    def level(self) -> str:
        return self.path.partition(".")[0]

    @property
    def decided(self) -> bool:
        return self.low == self.high


def scenarios(
    assessment: Assessment,
    known: Knowledge,
    open_: Sequence[Expr],
    score: Fraction | None,
    can: Mapping[str, Spans],
) -> Iterator[Scenario]:
    """One for each way of answering the `open_` conditions of applicability; none where there are more than six.

    Beyond four, nothing is told of single indicators: who could have carried the loss, and the shares of each level.

    Args:
        score: the published total, if there is one.
        can: the scores that each indicator can have.
    """
    if len(open_) > _MOST_CONDITIONS:
        return
    awards = _Awards(assessment.framework, known, open_)
    for answers in product((True, False), repeat=len(open_)):
        given = dict(zip(open_, answers, strict=True))
        leaves = tuple(_leaves(awards, given, can))
        if None in leaves or not awards.go_together(given):
            continue
        live = tuple(leaf for leaf in leaves if leaf is not None)
        beside = _beside_the_tree(assessment, known, given)
        total = awards.total(live, beside, given)
        if total is not None and total.low is not None and total.high is not None:
            yield _scenario(assessment, known, given, (total.low, total.high), live, score, beside)


class _Awards:
    """What each indicator can earn under the answers that are taken; once for all scenarios that are alike to it."""

    def __init__(self, framework: Framework, known: Knowledge, open_: Sequence[Expr]) -> None:
        self.framework = framework
        self._known = known
        self._awards = {placed.path: award_expression(framework, placed) for placed in framework.indicators}
        self._reads = {path: _open(known, award) for path, award in self._awards.items()}
        self._asked = {condition: _open(known, condition) for condition in open_}
        self._applies = {each: known.truths_of(each) == {True} for each in conditions(framework.indicators)}
        self._found: dict[tuple[str, tuple[tuple[Expr, bool], ...]], Range | None] = {}

    def applies(self, condition: Expr, given: Mapping[Expr, bool]) -> bool:
        """Whether a condition of applicability holds."""
        return given[condition] if condition in given else self._applies[condition]

    def go_together(self, given: Mapping[Expr, bool]) -> bool:
        """Whether the answers that are taken do not exclude each other, as far as it can be told."""
        return self._known.range_of(number(0), given=given) is not None

    def range_of(self, path: str, given: Mapping[Expr, bool]) -> Range | None:
        """What the indicator at `path` can earn."""
        near = self._near(self._reads[path], given)
        if (path, near) not in self._found:
            self._found[path, near] = self._known.range_of(self._awards[path], given=dict(near))
        return self._found[path, near]

    def total(self, leaves: Sequence[_Leaf], beside: Fraction | None, given: Mapping[Expr, bool]) -> Range | None:
        """The total: from end to end of the leaves where no two of them hang on one fact, else read as a whole."""
        read = [name for leaf in leaves for name in self._reads[leaf.path]]
        applicable = sum((leaf.counts for leaf in leaves), _ZERO)
        if beside is None or not applicable or len(set(read)) < len(read):
            return self._known.range_of(total_expression(self.framework), given=given)
        counting = _Counting(self.framework, applicable, beside)
        return Range(counting.total(_total("low", leaves)), counting.total(_total("high", leaves)))

    def _near(self, names: frozenset[str], given: Mapping[Expr, bool]) -> tuple[tuple[Expr, bool], ...]:
        """The answers that tell of the facts named, or of facts that such answers tell of too."""
        near: dict[Expr, bool] = {}
        while found := {each: holds for each, holds in given.items() if each not in near and self._asked[each] & names}:
            near |= found
            names = names.union(*(self._asked[each] for each in found))
        return tuple((each, holds) for each, holds in given.items() if each in near)


def _open(known: Knowledge, expr: Expr) -> frozenset[str]:
    """The unknown facts that an expression hangs on."""
    return frozenset(each.name for each in known.open(expr))


def _leaves(awards: _Awards, given: Mapping[Expr, bool], can: Mapping[str, Spans]) -> Iterator[_Leaf | None]:
    """The indicators that count towards the total; None for one that has no score."""
    for placed in awards.framework.indicators:
        indicator = placed.node
        assert isinstance(indicator, Indicator)
        if indicator.applies is not None and not awards.applies(indicator.applies, given):
            instead = not_applicable_as(awards.framework, placed)
            if instead != "rescale":
                counted = placed.counts if instead == "full" else _ZERO
                yield _Leaf(placed.path, placed.counts, counted, counted, ((counted, counted),))
            continue
        award = awards.range_of(placed.path, given)
        if award is None or award.low is None or award.high is None:
            yield None
        else:
            low, high = award.low * placed.factor, award.high * placed.factor
            spans = _within(can.get(placed.path), placed.factor, low, high)
            yield _Leaf(placed.path, placed.counts, low, high, spans)


def _within(spans: Spans | None, factor: Fraction, low: Fraction, high: Fraction) -> Spans:
    """The spans in the framework's scale, none beyond `low` and `high`; all between where none are told."""
    cut = ((max(low, a * factor), min(high, b * factor)) for a, b in spans or ())
    return tuple((a, b) for a, b in cut if a <= b) or ((low, high),)


def _scenario(
    assessment: Assessment,
    known: Knowledge,
    given: Mapping[Expr, bool],
    total: tuple[Fraction, Fraction],
    leaves: Sequence[_Leaf],
    score: Fraction | None,
    beside: Fraction | None,
) -> Scenario:
    low, high = total
    applicable = sum((leaf.counts for leaf in leaves), _ZERO)
    decided = [leaf for leaf in leaves if leaf.decided]
    open_ = [leaf for leaf in leaves if not leaf.decided]
    earned = sum((leaf.low for leaf in decided), _ZERO)
    lost = sum((leaf.counts - leaf.low for leaf in decided), _ZERO)
    undecided = sum((leaf.counts for leaf in open_), _ZERO)
    found = Scenario(
        tuple((_condition(each, known), holds) for each, holds in given.items()),
        low,
        high,
        applicable,
        earned,
        lost,
        undecided,
        score is not None and low <= score <= high,
    )
    if score is None or not found.possible:
        return found
    if beside is None or not applicable:
        return found
    counting = _Counting(assessment.framework, applicable, beside)
    totals = sums(leaf.spans for leaf in leaves)
    if totals is not None:
        found = evolve(found, searched=True)
        if not any(counting.comes_to(score, span) for span in totals):
            below, above = counting.around(score, totals)
            return evolve(found, possible=False, below=below, above=above)
    return _implied(found, assessment, open_, counting, score, earned)


def _implied(
    found: Scenario,
    assessment: Assessment,
    open_: Sequence[_Leaf],
    counting: _Counting,
    score: Fraction,
    earned: Fraction,
) -> Scenario:
    """What the undecided indicators must have earned together, each first level for itself, and who may have lost."""
    least, most = _total("low", open_), _total("high", open_)
    # A rounded total stands for a little more or less than it says.
    needed, start, end = (min(max(raw - earned, least), most) for raw in (counting.raw(score), *counting.window(score)))
    found = evolve(found, needed=needed, needed_from=start, needed_to=end)
    if not open_:
        return found
    shares = tuple(_shares(assessment, open_, needed))
    if len(found.taken) > _MOST_TOLD:
        return evolve(found, shares=shares[:1])
    return evolve(found, shares=shares, carriers=_carriers(open_, needed, (start, end)))


@frozen
class _Counting:
    """How points earned become the total: rescaled to what applies, with what stands beside the tree, and rounded."""

    framework: Framework
    applicable: Fraction
    beside: Fraction

    def total(self, earned: Fraction) -> Fraction:
        """The total of so many points earned."""
        framework = self.framework
        total = earned * framework.points / self.applicable + self.beside
        if framework.adjustments:
            total = max(_ZERO, total)
        rounding = framework.rounding_of("total")
        if rounding is None:
            return total
        result = rounding.applied(total)
        return (
            min(result, max(framework.points, total))
            if rounding.applied(framework.points) > framework.points
            else result
        )

    def raw(self, total: Fraction) -> Fraction:
        """The points that come to such a total before it is rounded."""
        return (total - self.beside) * self.applicable / self.framework.points

    def window(self, total: Fraction) -> tuple[Fraction, Fraction]:
        """Between which points the total can be such, once it is rounded."""
        rounding = self.framework.rounding_of("total")
        if rounding is None:
            return self.raw(total), self.raw(total)
        unit = Fraction(1, 10**rounding.places)
        half = unit / 2 if rounding.mode in ("half-up", "half-even") else unit
        return self.raw(total - half), self.raw(total + half)

    def comes_to(self, total: Fraction, span: tuple[Fraction, Fraction]) -> bool:
        """Whether points in a span come to such a total."""
        low, high = self.total(span[0]), self.total(span[1])
        rounding = self.framework.rounding_of("total")
        return total in (low, high) or (low < total < high and (rounding is None or rounding.applied(total) == total))

    def around(self, total: Fraction, spans: Spans) -> tuple[Fraction | None, Fraction | None]:
        """The nearest totals of the spans below and above one that is not among them."""
        ends = [self.total(end) for span in spans for end in span]
        rounding = self.framework.rounding_of("total")
        for low, high in spans:
            if rounding is not None and self.total(low) < total < self.total(high):
                ends += [rounded(total, rounding.places, mode) for mode in ("floor", "ceil")]
        return max((end for end in ends if end < total), default=None), min(
            (end for end in ends if end > total), default=None
        )


def _condition(condition: Expr, known: Knowledge) -> Message:
    sheet = known.sheet
    return Message(
        text(condition, "zh", lambda name: sheet.called(name, "zh")),
        text(condition, "en", lambda name: sheet.called(name, "en")),
    )


def _beside_the_tree(assessment: Assessment, known: Knowledge, given: Mapping[Expr, bool]) -> Fraction | None:
    """The points beside the tree; None where these, a limit on the total or a bonus are open."""
    framework = assessment.framework
    if any(True in known.truths_of(limit.when) for limit in framework.limits if limit.at_most is not None):
        return None
    if any(isinstance(each.node, Indicator) and each.node.bonus_up_to for each in framework.indicators):
        return None
    beside = [known.range_of(each, given=given) for each in adjustment_expressions(framework)]
    if any(each is None or not each.is_point for each in beside):
        return None
    return sum((each.low for each in beside if each is not None and each.low is not None), _ZERO)


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


def _carriers(open_: Sequence[_Leaf], needed: Fraction, between: tuple[Fraction, Fraction]) -> Carriers:
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
    losses = {leaf.path: tuple((leaf.high - high, leaf.high - low) for low, high in leaf.spans) for leaf in open_}
    asked = _total("high", open_) - between[1], _total("high", open_) - between[0]
    tried = 0
    for many in range(size, min(len(room), _MOST_SETS) + 1):
        found: list[tuple[str, ...]] = []
        for paths in _sets(by_room, [room[path] for path in by_room], many, chosen):
            tried += 1
            if tried > _MOST_TRIED:
                return Carriers(loss, many, (), True)
            if _can_lose([losses[path] for path in paths], *asked):
                found.append(paths)
            if len(found) > _MOST_SETS:
                break
        if found:
            sets = sorted(
                (tuple(sorted(paths, key=order.__getitem__)) for paths in found[:_MOST_SETS]),
                key=lambda paths: [order[path] for path in paths],
            )
            return Carriers(loss, many, tuple(sets), len(found) > _MOST_SETS)
    return Carriers(loss, size, (), True)


def _can_lose(losses: Sequence[Spans], low: Fraction, high: Fraction) -> bool:
    """Whether the indicators can lose so much together, as far as it can be told."""
    if all(len(each) == 1 for each in losses):
        return True  # each can lose any part of its room
    together = sums(losses)
    return together is None or attainable(together, low, high)


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
