"""An assessment and its scorecard, read the way a reviewer reads a table: row by row."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cached_property
from typing import Final

from attrs import field, frozen

from perfeval.assessment import Accepted, Assessment
from perfeval.errors import Message, PerfevalError
from perfeval.expr.exact import DividedByZero, Mistyped, NotMet, Unknown, exact
from perfeval.expr.kinds import kind_of
from perfeval.expr.nodes import FactRef
from perfeval.facts import Fact, FactSheet, FactValue, shown
from perfeval.framework import Category, Indicator, Placed
from perfeval.objections.thresholds import Thresholds
from perfeval.quantity import Quantity, Target, decimal_text, rounded
from perfeval.rules import Bands, Completion, Deduct, Linear, Rating, Rule
from perfeval.scorecard import NodeScore, Scorecard

__all__ = ["Case", "Row", "figure", "listed", "percent_text", "says_something"]

_FILLERS: Final = frozenset(
    {"", "0", "无", "没有", "暂无", "不适用", "无偏差", "/", "\\", "-", "--", "—", "——", "none", "n/a", "nil"}
)
_DENIAL: Final = re.compile(r"(?:不存在|未发现|未出现|没有|无)[^，。；,;]*(?:偏离|偏差)[^，。；,;]*")
_EXECUTION: Final = ("预算执行", "预算完成率", "执行率", "budget execution", "execution rate")
_MOST_PLACES: Final = 8
_OTHER_RATES: Final = ("采购", "procurement")


def figure(value: Fraction) -> str:
    """A number of points, to two places where it has more."""
    return decimal_text(value if (value * 100).denominator == 1 else rounded(value, 2))


def percent_text(value: Fraction, line: Fraction | None = None) -> str:
    """A share as a percentage, to two places; to more where two would put it on the `line` that it misses."""
    places = 2
    while line is not None and value != line and rounded(value * 100, places) == line * 100 and places < _MOST_PLACES:
        places += 1
    return f"{decimal_text(rounded(value * 100, places))}%"


def says_something(text: str) -> bool:
    """Whether `text` is more than a filler such as 无, 0 or a dash, or a denial such as 不存在偏差."""
    said = text.strip().rstrip("。.").lower()
    return said not in _FILLERS and not _DENIAL.fullmatch(said)


def listed(rows: tuple[Row, ...]) -> Message:
    """The titles of `rows`."""
    return Message("、".join(f"“{row.title.zh}”" for row in rows), ", ".join(f'"{row.title.en}"' for row in rows))


@frozen
class Row:
    """One indicator that applies, with what a reviewer looks at.

    Attributes:
        node: its score.
        rule: how it is scored.
        goal: the target that earns all the points; None where the rule has none.
        actual: 完成值 as it is known: a quantity, a yes/no, a word.
    """

    node: NodeScore
    rule: Rule
    goal: Target | None
    actual: FactValue | None

    @property
    def path(self) -> str:
        """Its place in the tree."""
        return self.node.path

    @property
    def title(self) -> Message:
        """指标名称."""
        return Message(self.node.called("zh"), self.node.called("en"))

    @property
    def indicator(self) -> Indicator:
        """The leaf as the framework or the assessment defines it."""
        node = self.node.placed.node
        assert isinstance(node, Indicator)
        return node

    @property
    def category(self) -> Category | None:
        """Its own or its dimension's."""
        return self.node.placed.category

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts it reads."""
        return self.node.facts

    @property
    def points(self) -> Fraction:
        """分值."""
        return self.node.points

    @property
    def counts(self) -> Fraction:
        """Its points in the framework's scale."""
        return self.node.placed.counts

    @property
    def stated(self) -> Fraction | None:
        """The score in the published table."""
        return self.node.stated

    @property
    def by_rule(self) -> Fraction | None:
        """What its rule gives, with a bonus."""
        return None if self.node.score is None else self.node.score + self.node.bonus

    @property
    def given(self) -> Fraction | None:
        """The score the unit gives itself: as published, or else by rule."""
        return self.by_rule if self.stated is None else self.stated

    @property
    def explained(self) -> bool:
        """Whether a reason is given that says something."""
        return says_something(self.node.remark.reason)

    @property
    def is_measured(self) -> bool:
        """Whether its rule holds a figure against a line."""
        return isinstance(self.rule, Completion | Bands | Linear | Deduct)

    @property
    def is_rating(self) -> bool:
        """Whether a rater judges it."""
        return isinstance(self.rule, Rating)

    @property
    def is_execution(self) -> bool:
        """Whether it is the execution rate of the budget (预算执行率), measured."""
        words = f"{self.node.called('zh')} {self.node.called('en')}".lower()
        return (
            self.category == "management"
            and self.is_measured
            and any(word in words for word in _EXECUTION)
            and not any(word in words for word in _OTHER_RATES)
        )

    @property
    def rate(self) -> Fraction | None:
        """The actual value as a share of one; None when it is not a ratio."""
        return self.actual.value if isinstance(self.actual, Quantity) and self.actual.kind == "ratio" else None

    @cached_property
    def completion(self) -> Fraction | None:
        """How much of the target was reached, over-completion included; None where that is no rate."""
        if self.goal is None or not isinstance(self.actual, Quantity):
            return None
        actual, wanted = self.actual.value, self.goal.quantity.value
        if not _alike(self.actual, self.goal.quantity) or wanted <= 0:
            return None
        match self.goal.sign:
            case "≥" | ">":
                return actual / wanted
            case "=":
                return max(Fraction(0), 1 - abs(actual - wanted) / wanted)
            case "≤" | "<":
                return Fraction(1) if actual <= wanted else wanted / actual


@frozen
class Case:
    """What is reviewed.

    Attributes:
        assessment, card: the assessment and its score.
        thresholds: where the lines are drawn.
        idle: accepted objections that nothing was raised for.
    """

    assessment: Assessment
    card: Scorecard
    thresholds: Thresholds
    idle: tuple[Accepted, ...] = field(default=())

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The indicators that apply, in order."""
        return tuple(_row(node, self.card.facts) for node in self.card.indicators if node.status != "not-applicable")

    @cached_property
    def left_aside(self) -> tuple[Row, ...]:
        """The indicators that do not apply, in order."""
        return tuple(_row(node, self.card.facts) for node in self.card.indicators if node.status == "not-applicable")

    @property
    def results(self) -> tuple[Row, ...]:
        """The rows but for the execution rate."""
        return tuple(row for row in self.rows if not row.is_execution)

    @property
    def executions(self) -> tuple[Row, ...]:
        """The rows of the execution rate."""
        return tuple(row for row in self.rows if row.is_execution)

    @property
    def full_points(self) -> Fraction:
        """The framework's points."""
        return self.card.points

    def known(self, *names: str) -> tuple[Fact, ...]:
        """The facts called `names` that are there."""
        return tuple(self.card.facts[name] for name in names if name in self.card.facts)


def _alike(a: Quantity, b: Quantity) -> bool:
    if "date" in (a.kind, b.kind) or "month" in (a.kind, b.kind):
        return False
    return (
        a.kind == b.kind
        or (a.kind == "number" and b.kind.startswith("count:"))
        or (b.kind == "number" and a.kind.startswith("count:"))
    )


def _row(node: NodeScore, sheet: FactSheet) -> Row:
    indicator = node.placed.node
    assert isinstance(indicator, Indicator)
    return Row(node, indicator.rule, _goal(indicator.rule, node.points), _actual(node.placed, sheet))


def _goal(rule: Rule, points: Fraction) -> Target | None:
    """The target whose reaching earns all the points."""
    match rule:
        case Completion():
            return rule.target
        case Bands():
            first = rule.bands[0]
            return first.target if first.award.of(points) == points else None
        case _:
            return None


def _actual(placed: Placed, sheet: FactSheet) -> FactValue | None:
    if isinstance(placed.actual, FactRef):
        return sheet.value(placed.actual.name)
    try:
        value, _ = exact(placed.actual, sheet.values)
        kind = kind_of(placed.actual, sheet.kinds)
    except (Unknown, DividedByZero, NotMet, Mistyped, PerfevalError):
        return None
    if not isinstance(value, Fraction):
        return value
    return shown(value, "number" if kind in ("literal", "zero", "any") else kind)
