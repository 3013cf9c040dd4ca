"""Comparing: two years of one unit, two tables, one set of facts on two frameworks, or several raters of one table.

Nodes are put side by side by their paths; indicators that then stand alone, by title within a category. The categories
compare whatever the frameworks are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import get_args

from attrs import frozen

from perfeval.assessment import Assessment
from perfeval.errors import DefinitionError, Message, problem
from perfeval.evaluate import evaluate
from perfeval.facts import Fact, FactValue, distance
from perfeval.framework import Category, Framework
from perfeval.quantity import Quantity
from perfeval.scorecard import NodeScore, Scorecard, rule_text

__all__ = ["CategoryRow", "Comparison", "FactChange", "Rated", "Row", "compare", "on_framework", "rated"]


@frozen
class FactChange:
    """One fact that differs between the two sides; None where a side does not have it.

    Attributes:
        name, title: of the fact.
        a, b: its values.
        change: b less a, in a's unit; None where they are no quantities of one kind.
        relative: the change as a share of a; None also where a is 0, or a date.
        source_a, source_b: where each is stated; the basis where it is assumed.
    """

    name: str
    title: Message
    a: FactValue | None
    b: FactValue | None
    change: Quantity | None
    relative: Fraction | None
    source_a: str
    source_b: str


@frozen
class Row:
    """A dimension or indicator on both sides; None on the side that does not have it.

    Attributes:
        a, b: the node with its score.
        difference: b's score less a's; None where one is missing.
        shares: b's share of its points that apply less a's; None where one is missing.
        rules: the two rules in words, where they differ.
        facts: the facts behind it that differ.
    """

    a: NodeScore | None
    b: NodeScore | None
    difference: Fraction | None
    shares: Fraction | None
    rules: tuple[Message, Message] | None
    facts: tuple[FactChange, ...]

    @property
    def node(self) -> NodeScore:
        """The node, of the first side that has it."""
        found = self.a or self.b
        assert found is not None
        return found

    @property
    def stated_difference(self) -> Fraction | None:
        """How far the score that b's table states lies above a's; None where one states none."""
        if self.a is None or self.b is None or self.a.stated is None or self.b.stated is None:
            return None
        return self.b.stated - self.a.stated

    @property
    def changed(self) -> bool:
        """Whether anything of it differs."""
        if self.a is None or self.b is None:
            return True
        same = (self.a.points, self.a.status, self.a.stated) == (self.b.points, self.b.status, self.b.stated)
        return bool(self.difference or self.shares or self.rules or self.facts) or not same


@frozen
class CategoryRow:
    """One category on both sides, in each framework's own scale.

    Attributes:
        category: the typed axis that lets any two frameworks be read the same way.
        points_a, points_b: of the indicators that apply.
        score_a, score_b: None where one of them has no score.
    """

    category: Category
    points_a: Fraction
    points_b: Fraction
    score_a: Fraction | None
    score_b: Fraction | None


@frozen
class Comparison:
    """Two assessments side by side.

    Attributes:
        a, b: their scorecards.
        rows: every node of either, in the order of a, those that only b has beside their neighbours.
        categories: those either side has points in.
        difference: b's total less a's; None where one is missing.
        unread: facts that differ but that no indicator on either side reads.
    """

    a: Scorecard
    b: Scorecard
    rows: tuple[Row, ...]
    categories: tuple[CategoryRow, ...]
    difference: Fraction | None
    unread: tuple[FactChange, ...]

    @property
    def published_difference(self) -> Fraction | None:
        """b's published total less a's; None where one was not published."""
        a, b = (card.published.published.score for card in (self.a, self.b))
        return None if a is None or b is None else b.value - a.value


def compare(a: Assessment, b: Assessment) -> Comparison:
    """Put two assessments side by side, with the differences and the facts behind them."""
    first, second = evaluate(a), evaluate(b)
    rows = tuple(_row(left, right, first, second) for left, right in _aligned(first, second))
    read = {name for card in (first, second) for node in card.indicators for name in node.fact_names}
    everything = dict.fromkeys((*first.facts, *second.facts))
    unread = tuple(_changes((name for name in everything if name not in read), first, second))
    difference = None if first.score is None or second.score is None else second.score - first.score
    return Comparison(first, second, rows, tuple(_categories(first, second)), difference, unread)


def on_framework(assessment: Assessment, framework: Framework) -> Assessment:
    """The same facts on another framework; what was published and remarked stays behind.

    Raises:
        DefinitionError: the framework is open, and complete only with indicators of one's own.
    """
    return Assessment(framework, assessment.facts, assessment.subject)


# Nodes.


def _aligned(a: Scorecard, b: Scorecard) -> Iterator[tuple[NodeScore | None, NodeScore | None]]:
    partner = {path: path for path in b.nodes if path in a.nodes}
    alone = {
        (node.placed.category, node.called("zh")): path
        for path, node in a.nodes.items()
        if path not in b.nodes and node.is_indicator
    }
    for path, node in b.nodes.items():
        if path not in partner and node.is_indicator:
            found = alone.pop((node.placed.category, node.called("zh")), None)
            if found is not None:
                partner[path] = found
    yield from _below(a, b, "", "", partner)


def _below(
    a: Scorecard, b: Scorecard, of_a: str | None, of_b: str | None, partner: Mapping[str, str]
) -> Iterator[tuple[NodeScore | None, NodeScore | None]]:
    """What stands below two nodes that are one row: a's children in order, each followed by those that only b has after it."""
    ours, theirs = _children(a, of_a), _children(b, of_b)
    counterpart = {left: right for right, left in partner.items()}
    alone: dict[str | None, list[str]] = {}
    before: str | None = None
    for path in theirs:
        if path not in partner:
            alone.setdefault(before, []).append(path)
        elif partner[path] in ours:  # one that a has below another node is a row there
            before = partner[path]
    for left in (None, *ours):
        if left is not None:
            right = counterpart.get(left)
            yield a.nodes[left], None if right is None else b.nodes[right]
            yield from _below(a, b, left, right, partner)
        for only in alone.get(left, ()):
            yield None, b.nodes[only]
            yield from _below(a, b, None, only, partner)


def _children(card: Scorecard, path: str | None) -> tuple[str, ...]:
    """The paths below a node; "" is above all, None has none."""
    if path == "":
        return tuple(each.path for each in card if each.depth == 1)
    return () if path is None else card.nodes[path].placed.children


def _row(left: NodeScore | None, right: NodeScore | None, a: Scorecard, b: Scorecard) -> Row:
    difference = shares = rules = None
    if left is not None and right is not None:
        if left.score is not None and right.score is not None:
            difference = right.score - left.score
            attained = a.attainment(left.path), b.attainment(right.path)
            if attained[0] is not None and attained[1] is not None:
                shares = attained[1] - attained[0]
        if left.is_indicator and right.is_indicator:
            said = [
                Message(rule_text(node.placed, "zh", card.facts), rule_text(node.placed, "en", card.facts))
                for node, card in ((left, a), (right, b))
            ]
            if said[0] != said[1]:
                rules = (said[0], said[1])
    names = dict.fromkeys(name for node in (left, right) if node is not None for name in node.fact_names)
    return Row(left, right, difference, shares, rules, tuple(_changes(names, a, b)))


# Facts.


def _changes(names: Iterator[str] | Mapping[str, None], a: Scorecard, b: Scorecard) -> Iterator[FactChange]:
    """The facts that differ; those that are derived on both sides differ because of others."""
    for name in names:
        left, right = a.facts.facts.get(name), b.facts.facts.get(name)
        if all(each is None or each.formula is not None for each in (left, right)):
            continue
        values = a.facts.value(name), b.facts.value(name)
        if values[0] != values[1]:
            yield _change(name, left, right, values)


def _change(
    name: str, left: Fact | None, right: Fact | None, values: tuple[FactValue | None, FactValue | None]
) -> FactChange:
    known = left or right or Fact(name)
    x, y = values
    change = relative = None
    if isinstance(x, Quantity) and isinstance(y, Quantity) and x.kind == y.kind:
        apart = y.value - x.value
        dated = x.kind in ("date", "month")
        change = distance(apart, x)
        relative = apart / abs(x.value) if x.value and not dated else None
    return FactChange(
        name,
        Message(known.called("zh"), known.called("en")),
        x,
        y,
        change,
        relative,
        *("" if each is None else each.source or each.assumed for each in (left, right)),
    )


# Categories.


def _categories(a: Scorecard, b: Scorecard) -> Iterator[CategoryRow]:
    for category in get_args(Category):
        (points_a, score_a), (points_b, score_b) = _sums(a, category), _sums(b, category)
        if points_a or points_b:
            yield CategoryRow(category, points_a, points_b, score_a, score_b)


def _sums(card: Scorecard, category: Category) -> tuple[Fraction, Fraction | None]:
    """The points of a category's indicators that apply, and what they scored."""
    live = [node for node in card.indicators if node.placed.category == category and node.status != "not-applicable"]
    points = sum((node.placed.counts for node in live), Fraction(0))
    scores = [node.score * node.placed.factor for node in live if node.score is not None]
    return points, sum(scores, Fraction(0)) if len(scores) == len(live) else None


# Raters.


@frozen
class Rated:
    """One table as several raters scored it.

    Attributes:
        card: the score by rule.
        raters: their names, in the order they first appear.
        totals: what each gave in all, converted and rounded as the score is; None where one of the indicators that apply is
            missing.
    """

    card: Scorecard
    raters: tuple[str, ...]
    totals: Mapping[str, Fraction | None]

    @property
    def rows(self) -> tuple[NodeScore, ...]:
        """The indicators that any rater scored, or that the table states a score of."""
        return tuple(node for node in self.card.indicators if node.remark.stated_by or node.stated is not None)

    @property
    def stated_total(self) -> Fraction | None:
        """What the table's own scores make; None where one of the indicators that apply is missing."""
        live = [node for node in self.card.indicators if node.status != "not-applicable"]
        marks = [node.stated * node.placed.factor for node in live if node.stated is not None]
        return self.card.converted(sum(marks, Fraction(0))) if len(marks) == len(live) else None


def rated(assessment: Assessment) -> Rated:
    """The scores of several raters (自评、复核), and the table's own, beside the score by rule.

    Raises:
        DefinitionError: the assessment has neither.
    """
    card = evaluate(assessment)
    raters = tuple(dict.fromkeys(name for node in card for name in node.remark.stated_by))
    if not raters and all(node.stated is None for node in card.indicators):
        raise DefinitionError(
            problem(
                "没有评分人的得分，也没有表中的得分 — 请在各指标写 stated_by = { 自评 = 8, 复核 = 6 } 或 stated = 8，"
                "或另写一个评价文件来比较",
                "no rater's scores are there, and no stated ones — write stated_by = { self = 8, review = 6 } or stated = 8 at "
                "the indicators, or name a second assessment",
            )
        )
    return Rated(card, raters, {name: _given_by(card, name) for name in raters})


def _given_by(card: Scorecard, rater: str) -> Fraction | None:
    live = [node for node in card.indicators if node.status != "not-applicable"]
    marks = [node.remark.stated_by[rater] * node.placed.factor for node in live if rater in node.remark.stated_by]
    return card.converted(sum(marks, Fraction(0))) if len(marks) == len(live) else None
