"""Rules that count items: checklists, shares of targets reached, schedules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import ClassVar

from attrs import field, frozen

from perfeval.errors import DefinitionError, Message, Problem, problem
from perfeval.expr.nodes import (
    Absolute,
    And,
    Constant,
    Expr,
    If,
    Label,
    Require,
    compare,
    label,
    maximum,
    number,
)
from perfeval.quantity import Target, decimal_text
from perfeval.rules.reading import (
    ONE,
    Amount,
    formula,
    goal,
    meets,
    not_too_many,
    optional_amount,
    optional_points,
    optional_ratio,
    parts_of,
    parts_problems,
    raise_any,
    total_of,
)

__all__ = ["Checklist", "Checkpoint", "CountedItem", "Item", "Schedule", "ShareOfItems"]


@frozen
class Item:
    """One entry of a checklist: a condition, and the points it earns."""

    when: Expr = field(converter=formula)
    title: str = ""
    points: Fraction | None = field(default=None, converter=optional_points)


@frozen
class Checklist:
    """The points of the items that hold (要素计分).

    Attributes:
        items: equal parts of the points when none states its own.
        all_or_nothing: one item that does not hold takes everything.
    """

    kind: ClassVar[str] = "checklist"

    items: tuple[Item, ...]
    all_or_nothing: bool = False

    def __attrs_post_init__(self) -> None:
        raise_any(parts_problems(tuple(each.points for each in self.items), "items"))

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        if self.all_or_nothing:
            return If(And(tuple(item.when for item in self.items)), number(points), number(0))
        parts = parts_of(tuple(each.points for each in self.items), points)
        return total_of(
            Label(Message(item.title, item.title), If(item.when, number(part), number(0)), "points")
            if item.title
            else If(item.when, number(part), number(0))
            for item, part in zip(self.items, parts, strict=True)
        )


@frozen
class CountedItem:
    """One of several targets that are counted: its actual value and its target."""

    actual: Expr = field(converter=formula)
    target: Expr = field(converter=formula)
    title: str = ""


@frozen
class ShareOfItems:
    """The share of the targets that were reached within a tolerance (after Sichuan's 2020 department system).

    Attributes:
        items: the targets.
        below, above: by how much of the target the actual value may fall short or go beyond.
        within: both at once.
    """

    kind: ClassVar[str] = "share-of-items"

    items: tuple[CountedItem, ...] = ()
    within: Fraction | None = field(default=None, converter=optional_ratio)
    below: Fraction | None = field(default=None, converter=optional_ratio)
    above: Fraction | None = field(default=None, converter=optional_ratio)

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            one_sided = self.below is not None or self.above is not None
            if one_sided == (self.within is not None):
                yield problem("写 within，或写 below 与 above", "write within, or below and above")
            for key, value in (("within", self.within), ("below", self.below), ("above", self.above)):
                if value is not None and value < 0:
                    shown = decimal_text(value * 100) + "%"
                    yield problem(f"{key} 不应为负（现为 {shown}）", f"{key} is not negative (found {shown})", key)
            yield from not_too_many(self.items, "items")

        raise_any(problems())

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        if not self.items:
            return Require(
                Constant(False),
                number(0),
                otherwise=Message("尚未列出要计数的指标（items）", "no items to count are listed"),
            )
        reached = label(
            "达标项数", "items reached", total_of(If(self.reached(each), number(1), number(0)) for each in self.items)
        )
        return points * (reached / number(len(self.items)))

    def reached(self, item: CountedItem) -> Expr:
        """Whether one of the items is reached."""
        below, above = (self.within, self.within) if self.within is not None else (self.below, self.above)
        margin, limits = Absolute(item.target), list[Expr]()
        if below is not None:
            limits.append(compare(item.actual, ">=", item.target - margin * below if below else item.target))
        if above is not None:
            limits.append(compare(item.actual, "<=", item.target + margin * above if above else item.target))
        return And(tuple(limits))


def _named(at: object) -> str:
    """The date of a checkpoint, for people: text, or a date as it stands."""
    if isinstance(at, str | int | date) and not isinstance(at, bool):
        return str(at)
    raise DefinitionError(
        problem('at 写日期或文本，如 2023-06-30 或 "6月底"', 'at is a date or text, such as 2023-06-30 or "6月底"')
    )


@frozen
class Checkpoint:
    """One checkpoint of a schedule.

    Attributes:
        at: the date, for people.
        actual: the progress at that date.
        reach: what it should have been.
        points: what it earns; equal parts when no checkpoint states its own.
    """

    at: str = field(converter=_named)
    actual: Expr = field(converter=formula)
    reach: Target = field(converter=goal)
    points: Fraction | None = field(default=None, converter=optional_points)


@frozen
class Schedule:
    """The checkpoints met on their dates (序时进度).

    Attributes:
        by: the checkpoints.
        minus: what each missed one costs, instead of each earning its points.
        pro_rata: a missed checkpoint earns its points in proportion.
    """

    kind: ClassVar[str] = "schedule"

    by: tuple[Checkpoint, ...]
    minus: Amount | None = field(default=None, converter=optional_amount)
    pro_rata: bool = False

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            stated = tuple(each.points for each in self.by)
            yield from parts_problems(stated, "by")
            if self.minus is not None and self.minus.of(ONE) < 0:
                yield problem(
                    f"minus 不应为负（现为 {self.minus}）", f"minus is not negative (found {self.minus})", "minus"
                )
            if self.minus is not None and (self.pro_rata or any(part is not None for part in stated)):
                yield problem("minus 不与 points、pro_rata 同用", "minus does not go with points or pro_rata", "minus")
            for index, each in enumerate(self.by):
                if self.pro_rata and not _has_a_rate(each.reach):
                    yield problem(
                        f"pro_rata 需要大于 0 的“≥”目标（现为“{each.reach}”）",
                        f'pro_rata needs a "≥" above 0, not a date (found "{each.reach}")',
                        "by",
                        index,
                        "reach",
                    )

        raise_any(problems())

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        if self.minus is not None:
            missed = total_of(If(self.met(each), number(0), number(1)) for each in self.by)
            return points - self.minus.of(points) * label("未达进度次数", "checkpoints missed", missed)
        parts = parts_of(tuple(each.points for each in self.by), points)
        return total_of(self._earned(each, part) for each, part in zip(self.by, parts, strict=True))

    def met(self, each: Checkpoint) -> Expr:
        """Whether one of the checkpoints is met."""
        return meets(each.actual, each.reach)

    def _earned(self, each: Checkpoint, part: Fraction) -> Expr:
        missed: Expr = number(0)
        if self.pro_rata:
            missed = part * maximum(0, each.actual / Constant(each.reach.quantity))
        return Label(Message(each.at, each.at), If(self.met(each), number(part), missed), "points")


def _has_a_rate(reach: Target) -> bool:
    dated = reach.quantity.kind in ("date", "month")
    return reach.sign == "≥" and reach.quantity.value > 0 and not dated
