"""The scoring rules (赋分规则): each is its parameters and one expression.

A rule knows no interpreter. ``award(points, actual)`` is the expression of the points earned, before clipping and
rounding, which the framework decides. Where a rule's wording comes from an official document, its number is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar, Final, Literal, TypeAlias

from attrs import field, frozen

from perfeval.errors import DefinitionError, Message, Problem, problem
from perfeval.expr.nodes import (
    Absolute,
    And,
    Comparator,
    Compare,
    Constant,
    Expr,
    FactRef,
    If,
    Label,
    Or,
    Require,
    Round,
    compare,
    expression,
    label,
    maximum,
    minimum,
    number,
    substitute,
)
from perfeval.expr.parse import parse
from perfeval.quantity import Quantity, Target, decimal_text, quantity, target

__all__ = [
    "RULES",
    "Alternative",
    "Amount",
    "Awarded",
    "Band",
    "Bands",
    "BestOf",
    "Checklist",
    "Checkpoint",
    "Completion",
    "CountedItem",
    "Deduct",
    "Formula",
    "Item",
    "Level",
    "Linear",
    "Over",
    "Panel",
    "Rating",
    "RollUp",
    "Rule",
    "Schedule",
    "ShareOfItems",
    "YesNo",
    "amount",
    "faults",
    "formula",
    "share_of_part",
    "weight_of_part",
]

_ONE: Final = Fraction(1)
_COMPARATORS: Final[dict[str, Comparator]] = {"≥": ">=", "≤": "<=", "=": "==", ">": ">", "<": "<"}


@frozen
class Amount:
    """Points, or a share of the indicator's points; exactly one of the two."""

    points: Fraction | None = None
    share: Fraction | None = None

    def of(self, points: Fraction) -> Fraction:
        """The amount in points, for an indicator worth `points`."""
        return self.points if self.points is not None else (self.share or Fraction(0)) * points

    def __str__(self) -> str:
        if self.points is not None:
            return decimal_text(self.points)
        return decimal_text((self.share or Fraction(0)) * 100) + "%"


def amount(value: object) -> Amount:
    """Read an amount: ``5`` is points, ``"70%"`` a share of them.

    Raises:
        QuantityError: not a quantity.
        DefinitionError: some other unit.
    """
    if isinstance(value, Amount):
        return value
    read = quantity(value)
    if read.kind == "ratio":
        return Amount(share=read.value)
    if read.kind in ("number", "count:分"):
        return Amount(points=read.value)
    raise DefinitionError(
        problem(
            f'“{read}”不是分值 — 请写分数（如 5）或占分值的比例（如 "70%"）',
            f'"{read}" is not an award — write points (such as 5) or a share of them (such as "70%")',
        )
    )


def formula(value: object) -> Expr:
    """Read a formula, or pass an expression through."""
    return parse(value) if isinstance(value, str) else expression(value)


def ratio(value: object) -> Fraction:
    """Read a percentage such as ``"60%"``.

    Raises:
        QuantityError: not a quantity.
        DefinitionError: not a percentage.
    """
    if isinstance(value, Fraction):
        return value
    read = quantity(value)
    if read.kind != "ratio":
        raise DefinitionError(
            problem(f'“{read}”不是百分比 — 请写如 "60%"', f'"{read}" is not a percentage — write one such as "60%"')
        )
    return read.value


def _optional_ratio(value: object) -> Fraction | None:
    return None if value is None else ratio(value)


def _optional_amount(value: object) -> Amount | None:
    return None if value is None else amount(value)


def _optional_formula(value: object) -> Expr | None:
    return None if value is None else formula(value)


def _optional_quantity(value: object) -> Quantity | None:
    return None if value is None else quantity(value)


def _percent(value: Fraction) -> Constant:
    """A share written into a rule, shown as a percentage."""
    return Constant(quantity(decimal_text(value * 100) + "%"))


def _raise(problems: Iterator[Problem]) -> None:
    if found := tuple(problems):
        raise DefinitionError(found)


def _within_one(value: Fraction | None, key: str) -> Iterator[Problem]:
    if value is not None and not 0 <= value <= 1:
        shown = decimal_text(value * 100) + "%"
        yield problem(
            f"{key} 应在 0% 与 100% 之间（现为 {shown}）", f"{key} lies between 0% and 100% (found {shown})", key
        )


def _meets(actual: Expr, goal: Target) -> Compare:
    return compare(actual, _COMPARATORS[goal.sign], Constant(goal.quantity))


# Completion


@frozen
class Over:
    """What happens to a completion so high that the target must have been set too low (after 财预〔2020〕10号).

    Attributes:
        beyond: the completion above which it happens, more than 100%.
        share: the share of the points then earned; by default the excess is taken off.
        at_least: the share below which taking off stops.
    """

    beyond: Fraction = field(converter=ratio)
    share: Fraction | None = field(default=None, converter=_optional_ratio)
    at_least: Fraction = field(default=Fraction(0), converter=ratio)

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            if self.beyond < 1:
                yield problem("beyond 应不低于 100%", "beyond is at least 100%", "beyond")
            yield from _within_one(self.share, "share")
            yield from _within_one(self.at_least, "at_least")

        _raise(problems())

    def applied(self, completion: Expr, otherwise: Expr) -> Expr:
        """`otherwise`, but for a completion beyond the line."""
        if self.share is not None:
            kept: Expr = _percent(self.share)
        else:
            kept = maximum(_percent(self.at_least), 1 - (completion - _percent(self.beyond)))
        return If(compare(completion, ">", _percent(self.beyond)), kept, otherwise)


@frozen
class Completion:
    """Credit in proportion to how much of the target was reached (after 财预〔2020〕10号).

    ``≥``: points × min(1, actual ÷ target). ``≤``: all of them when met, else points × target ÷ actual.
    ``=``: points × max(0, 1 − |actual − target| ÷ |target|). A date is met or not.

    Attributes:
        target: what counts as done, such as ``≥95%``.
        zero_below: a completion under this share earns nothing.
        scale_from: (completion − s) ÷ (1 − s) of the points instead (after 财预〔2021〕101号, with s = 60%).
        decline: for ``≤``, "ratio" or "deviation": 1 − (actual − target) ÷ target.
        over: see `Over`.
    """

    kind: ClassVar[str] = "completion"

    target: Target = field(converter=target)
    zero_below: Fraction | None = field(default=None, converter=_optional_ratio)
    scale_from: Fraction | None = field(default=None, converter=_optional_ratio)
    decline: Literal["ratio", "deviation"] = "ratio"
    over: Over | None = None

    def __attrs_post_init__(self) -> None:
        _raise(self._problems())

    def _problems(self) -> Iterator[Problem]:
        goal, value = self.target, self.target.quantity.value
        if self._dated:
            if (self.zero_below, self.scale_from, self.over, self.decline) != (None, None, None, "ratio"):
                yield problem(
                    "日期指标只有达成与未达成，不能再按比例折算",
                    "a date is met or missed; it has no completion to scale",
                    "target",
                )
            return
        if goal.sign in (">", "<"):
            other = "≥" if goal.sign == ">" else "≤"
            yield problem(
                f"按完成比例计分的指标值不用“{goal.sign}”（现为“{goal}”）— 请写“{other}{goal.quantity}”",
                f'"{goal.sign}" has no completion rate (found "{goal}") — write "{other}{goal.quantity}"',
                "target",
            )
        elif value < 0 or (value == 0 and (goal.sign != "≤" or self.decline == "deviation")):
            yield problem(
                f"指标值应大于 0 才能计算完成率（现为“{goal}”）— 可改用 yes-no 或 deduct 规则",
                f'a completion rate needs a target above 0 (found "{goal}") — use a yes-no or deduct rule',
                "target",
            )
        if self.decline == "deviation" and goal.sign != "≤":
            yield problem('decline = "deviation" 只用于“≤”指标', 'decline = "deviation" goes with "≤" only', "decline")
        if self.over is not None and goal.sign != "≥":
            yield problem("over 只用于“≥”指标", 'over goes with "≥" only', "over")
        yield from _within_one(self.zero_below, "zero_below")
        yield from _within_one(self.scale_from, "scale_from")
        if self.scale_from == 1:
            yield problem("scale_from 应小于 100%", "scale_from is below 100%", "scale_from")

    @property
    def _dated(self) -> bool:
        return self.target.quantity.kind in ("date", "month")

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        if self._dated:
            return If(_meets(actual, self.target), number(points), number(0))
        completion = label("完成率", "completion", self._completion(actual), "rate")
        share: Expr = minimum(1, completion)
        if self.scale_from is not None:
            start = _percent(self.scale_from)
            share = maximum(0, (share - start) / (1 - start))
        if self.zero_below is not None:
            share = If(compare(completion, "<", _percent(self.zero_below)), number(0), share)
        if self.over is not None:
            share = self.over.applied(completion, share)
        return points * share

    def _completion(self, actual: Expr) -> Expr:
        goal = Constant(self.target.quantity)
        match self.target.sign:
            case "≤":
                missed = goal / actual if self.decline == "ratio" else maximum(0, 1 - (actual - goal) / goal)
                return If(_meets(actual, self.target), number(1), missed)
            case "=":
                return maximum(0, 1 - Absolute(actual - goal) / goal)
            case _:
                return actual / goal


@frozen
class YesNo:
    """All the points or none (直接赋分).

    Attributes:
        when: the condition; by default the indicator's actual value, which then is a yes/no.
    """

    kind: ClassVar[str] = "yes-no"

    when: Expr | None = field(default=None, converter=_optional_formula)

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        return If(self.when if self.when is not None else actual, number(points), number(0))


def _optional_exact_target(value: object) -> Target | None:
    return None if value is None else target(value, "=")


@frozen
class Band:
    """One band: a comparison with the actual value, or a condition of its own; and what it earns."""

    award: Amount = field(converter=amount)
    target: Target | None = field(default=None, converter=_optional_exact_target)
    when: Expr | None = field(default=None, converter=_optional_formula)

    def __attrs_post_init__(self) -> None:
        if (self.target is None) == (self.when is None):
            raise DefinitionError(
                problem('每一档写一个比较（如 "≥90%"）或一个条件 when', 'a band has a comparison ("≥90%") or a when')
            )

    def condition(self, actual: Expr) -> Expr:
        """Whether the band holds."""
        return _meets(actual, self.target) if self.target is not None else expression(self.when)


@frozen
class Bands:
    """The award of the first band that holds (分档赋分).

    Attributes:
        bands: tried in order; of comparisons with one sign, each must reach further than the one before.
        otherwise: what is earned when none holds.
    """

    kind: ClassVar[str] = "bands"

    bands: tuple[Band, ...]
    otherwise: Amount = field(default=Amount(Fraction(0)), converter=amount)

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            if not self.bands:
                yield problem("bands 至少有一档", "bands has at least one band", "bands")
            for index, (before, after) in enumerate(pairwise(self.bands), start=1):
                if before.target is None or after.target is None or not _covers(before.target, after.target):
                    continue
                yield problem(
                    f"“{after.target}”永远轮不到：前一档“{before.target}”已经包含它 — 请调整各档顺序",
                    f'"{after.target}" is never reached: "{before.target}" before it takes all of it'
                    " — put the narrower band first",
                    "bands",
                    index,
                )

        _raise(problems())

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        result: Expr = number(self.otherwise.of(points))
        for band in reversed(self.bands):
            result = If(band.condition(actual), number(band.award.of(points)), result)
        return result


def _covers(before: Target, after: Target) -> bool:
    """Whether all that meets `after` already met `before`."""
    if before.quantity.kind != after.quantity.kind:
        return False
    a, b = before.quantity, after.quantity
    match before.sign, after.sign:
        case (">", ">") | ("≥", "≥" | ">" | "="):
            return b >= a
        case ("<", "<") | ("≤", "≤" | "<" | "="):
            return b <= a
        case (">", "≥" | "="):
            return b > a
        case ("<", "≤" | "="):
            return b < a
        case ("=", "="):
            return a == b
        case _:
            return False


def _corners(pairs: object) -> tuple[tuple[Quantity, Amount], ...]:
    if not isinstance(pairs, list | tuple) or not all(
        isinstance(each, list | tuple) and len(each) == 2 for each in pairs
    ):
        raise DefinitionError(
            problem(
                'through 写成 [[完成值, 得分], …]，如 [["60%", 0], ["100%", 10]]',
                'through is [[actual, award], …], such as [["60%", 0], ["100%", 10]]',
            )
        )
    return tuple((quantity(x), amount(y)) for x, y in pairs)


@frozen
class Linear:
    """Straight lines between given points, flat outside them (线性插值).

    Attributes:
        through: (actual, award) pairs, the actual values strictly increasing.
    """

    kind: ClassVar[str] = "linear"

    through: tuple[tuple[Quantity, Amount], ...] = field(converter=_corners)

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            if len(self.through) < 2:
                yield problem("through 至少有两个点", "through has at least two points", "through")
            for index, ((x, _), (z, _)) in enumerate(pairwise(self.through), start=1):
                if x.kind != z.kind or z.value <= x.value:
                    yield problem(
                        f"through 各点应依次增大且单位相同（“{x}”之后是“{z}”）",
                        f'the points of through increase, in one kind of unit ("{x}" is followed by "{z}")',
                        "through",
                        index,
                    )

        _raise(problems())

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        first, *_ = self.through
        result: Expr = number(self.through[-1][1].of(points))
        for (x, low), (z, high) in reversed(tuple(pairwise(self.through))):
            start, rise = low.of(points), high.of(points) - low.of(points)
            line = start + rise * ((actual - Constant(x)) / (Constant(z) - Constant(x)))
            result = If(compare(actual, "<", Constant(z)), line, result)
        return If(compare(actual, "<=", Constant(first[0])), number(first[1].of(points)), result)


@frozen
class Deduct:
    """Points off for each step by which the actual value lies outside a line (扣分, 扣完为止).

    Attributes:
        beyond, below, either_side_of: the line; exactly one of them.
        each: the size of a step.
        minus: what a step costs.
        partial: a started step counts whole ("up"), not at all ("down") or in proportion ("proportional").
        at_most: what may be taken off altogether; by default all.
    """

    kind: ClassVar[str] = "deduct"

    each: Quantity = field(converter=quantity)
    minus: Amount = field(converter=amount)
    partial: Literal["up", "down", "proportional"]
    beyond: Quantity | None = field(default=None, converter=_optional_quantity)
    below: Quantity | None = field(default=None, converter=_optional_quantity)
    either_side_of: Quantity | None = field(default=None, converter=_optional_quantity)
    at_most: Amount | None = field(default=None, converter=_optional_amount)

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            given = [line for line in (self.beyond, self.below, self.either_side_of) if line is not None]
            if len(given) != 1:
                yield problem(
                    f"beyond、below、either_side_of 只写其中一个（现写了 {len(given)} 个）",
                    f"write exactly one of beyond, below and either_side_of (found {len(given)})",
                )
            if self.each.value <= 0:
                yield problem(f"each 应大于 0（现为“{self.each}”）", f'each is above 0 (found "{self.each}")', "each")
            if self.minus.of(_ONE) < 0:
                yield problem(
                    f"minus 不应为负（现为 {self.minus}）", f"minus is not negative (found {self.minus})", "minus"
                )

        _raise(problems())

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        steps: Expr = label("超出", "outside", self._outside(actual)) / Constant(self.each)
        if self.partial != "proportional":
            steps = Round(steps, 0, "ceil" if self.partial == "up" else "floor")
        loss: Expr = self.minus.of(points) * label("扣分次数", "steps", steps)
        most = points if self.at_most is None else self.at_most.of(points)
        return points - minimum(most, label("扣分", "deduction", loss, "points"))

    def _outside(self, actual: Expr) -> Expr:
        if self.beyond is not None:
            return maximum(0, actual - Constant(self.beyond))
        if self.below is not None:
            return maximum(0, Constant(self.below) - actual)
        return Absolute(actual - expression(self.either_side_of))


def _parts(stated: tuple[Fraction | None, ...], points: Fraction) -> tuple[Fraction, ...]:
    """What each item is worth: its own points, or an equal part where none states any."""
    return tuple(points / len(stated) if each is None else each for each in stated)


def _parts_problems(stated: tuple[Fraction | None, ...], key: str) -> Iterator[Problem]:
    if not stated:
        yield problem(f"{key} 至少有一项", f"{key} has at least one entry", key)
    elif None in stated and any(each is not None for each in stated):
        yield problem(
            f"{key} 要么每项都写 points，要么都不写", f"either every entry of {key} states points, or none does", key
        )


def _points(value: object) -> Fraction | None:
    return None if value is None else quantity(value).value


@frozen
class Item:
    """One entry of a checklist: a condition, and the points it earns."""

    when: Expr = field(converter=formula)
    title: str = ""
    points: Fraction | None = field(default=None, converter=_points)


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
        _raise(_parts_problems(tuple(each.points for each in self.items), "items"))

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        if self.all_or_nothing:
            return If(And(tuple(item.when for item in self.items)), number(points), number(0))
        parts = _parts(tuple(each.points for each in self.items), points)
        return _sum(
            Label(Message(item.title, item.title), If(item.when, number(part), number(0)), "points")
            if item.title
            else If(item.when, number(part), number(0))
            for item, part in zip(self.items, parts, strict=True)
        )


def _sum(items: Iterator[Expr]) -> Expr:
    total = next(items)
    for each in items:
        total = total + each
    return total


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
    within: Fraction | None = field(default=None, converter=_optional_ratio)
    below: Fraction | None = field(default=None, converter=_optional_ratio)
    above: Fraction | None = field(default=None, converter=_optional_ratio)

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            one_sided = self.below is not None or self.above is not None
            if one_sided == (self.within is not None):
                yield problem("写 within，或写 below 与 above", "write within, or below and above")
            for key, value in (("within", self.within), ("below", self.below), ("above", self.above)):
                if value is not None and value < 0:
                    yield problem(f"{key} 不应为负", f"{key} is not negative", key)

        _raise(problems())

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        if not self.items:
            return Require(
                Constant(False),
                number(0),
                otherwise=Message("尚未列出要计数的指标（items）", "no items to count are listed"),
            )
        reached = label(
            "达标项数", "items reached", _sum(If(self._reached(each), number(1), number(0)) for each in self.items)
        )
        return points * (reached / number(len(self.items)))

    def _reached(self, item: CountedItem) -> Expr:
        below, above = (self.within, self.within) if self.within is not None else (self.below, self.above)
        limits: list[Expr] = []
        if below is not None:
            limits.append(compare(item.actual, ">=", item.target * (1 - below)))
        if above is not None:
            limits.append(compare(item.actual, "<=", item.target * (1 + above)))
        return And(tuple(limits))


@frozen
class Checkpoint:
    """One checkpoint of a schedule.

    Attributes:
        at: the date, for people.
        actual: the progress at that date.
        reach: what it should have been.
        points: what it earns; equal parts when no checkpoint states its own.
    """

    at: str = field(converter=str)
    actual: Expr = field(converter=formula)
    reach: Target = field(converter=target)
    points: Fraction | None = field(default=None, converter=_points)


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
    minus: Amount | None = field(default=None, converter=_optional_amount)
    pro_rata: bool = False

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            stated = tuple(each.points for each in self.by)
            yield from _parts_problems(stated, "by")
            if self.minus is not None and (self.pro_rata or any(stated)):
                yield problem("minus 不与 points、pro_rata 同用", "minus does not go with points or pro_rata", "minus")
            for index, each in enumerate(self.by):
                if self.pro_rata and (each.reach.sign != "≥" or each.reach.quantity.value <= 0):
                    yield problem("pro_rata 需要大于 0 的“≥”目标", 'pro_rata needs a "≥" above 0', "by", index, "reach")

        _raise(problems())

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        if self.minus is not None:
            missed = _sum(If(self._met(each), number(0), number(1)) for each in self.by)
            return points - self.minus.of(points) * label("未达进度次数", "checkpoints missed", missed)
        parts = _parts(tuple(each.points for each in self.by), points)
        return _sum(self._earned(each, part) for each, part in zip(self.by, parts, strict=True))

    def _met(self, each: Checkpoint) -> Expr:
        return _meets(each.actual, each.reach)

    def _earned(self, each: Checkpoint, part: Fraction) -> Expr:
        missed: Expr = number(0)
        if self.pro_rata:
            missed = part * maximum(0, each.actual / Constant(each.reach.quantity))
        return Label(Message(each.at, each.at), If(self._met(each), number(part), missed), "points")


@frozen
class Level:
    """One level of a rating: a word, and the shares of the points it allows.

    Attributes:
        name, name_en: the word a rater chooses.
        from_, to: the range of shares; `from_` is included, `to` only in the highest level.
        share: a fixed share, instead of a range.
    """

    name: str
    name_en: str = ""
    from_: Fraction | None = field(default=None, converter=_optional_ratio)
    to: Fraction | None = field(default=None, converter=_optional_ratio)
    share: Fraction | None = field(default=None, converter=_optional_ratio)

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            for key, value in (("from", self.from_), ("to", self.to), ("share", self.share)):
                yield from _within_one(value, key)
            if self.share is not None:
                if self.from_ is not None or self.to is not None:
                    yield problem("写 share，或写 from 与 to", "write share, or from and to", "share")
            elif self.from_ is None or self.to is None:
                yield problem("等级需要 from 与 to，或 share", "a level has from and to, or share")
            elif self.from_ >= self.to:
                yield problem("from 应小于 to", "from is below to", "from")

        _raise(problems())

    @property
    def least(self) -> Fraction:
        """The smallest share the level allows."""
        return self.share if self.share is not None else self.from_ or Fraction(0)

    @property
    def most(self) -> Fraction:
        """The largest share the level allows, or is bounded by."""
        return self.share if self.share is not None else self.to or Fraction(0)


@frozen
class Rating:
    """A rater's judgement: a level, and a share of the points inside the level's range (按评判等级赋分, after 财预〔2020〕10号).

    The actual value is a fact answered with a level and a share: the facts ``x.level`` and ``x.share``.

    Attributes:
        levels: highest first or lowest first; ranges do not overlap.
    """

    kind: ClassVar[str] = "rating"

    levels: tuple[Level, ...]

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            if not self.levels:
                yield problem("levels 至少有一个等级", "levels has at least one level", "levels")
            names = [level.name for level in self.levels]
            for index, level in enumerate(self.levels):
                if level.name in names[:index]:
                    yield problem(
                        f"等级“{level.name}”重复", f'level "{level.name}" stands twice', "levels", index, "name"
                    )
            ordered = sorted(self.levels, key=lambda level: (level.least, level.most))
            for lower, higher in pairwise(ordered):
                if higher.least < lower.most:
                    yield problem(
                        f"等级“{lower.name}”与“{higher.name}”的范围重叠",
                        f'levels "{lower.name}" and "{higher.name}" overlap',
                        "levels",
                    )

        _raise(problems())

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned; `actual` names the answer.

        Raises:
            DefinitionError: `actual` is more than one fact's name.
        """
        answer = actual.item if isinstance(actual, Label) else actual
        if not isinstance(answer, FactRef):
            raise DefinitionError(
                problem("rating 的 actual 应为一个事实名称", "the actual of a rating is the name of one fact", "actual")
            )
        level, share = FactRef(f"{answer.name}.level"), FactRef(f"{answer.name}.share")
        known = Or(tuple(compare(level, "==", Constant(each.name)) for each in self.levels))
        names = "、".join(each.name for each in self.levels)
        result = Require(
            known,
            self._share(level, share),
            otherwise=Message(f"评判等级应为：{names}", f"the level is one of: {names.replace('、', ', ')}"),
        )
        return points * label("评定比例", "share rated", result)

    def _share(self, level: FactRef, share: FactRef) -> Expr:
        *others, last = self.levels
        result = self._within(last, share)
        for each in reversed(others):
            result = If(compare(level, "==", Constant(each.name)), self._within(each, share), result)
        return result

    def _within(self, level: Level, share: FactRef) -> Expr:
        if level.share is not None:
            return _percent(level.share)
        highest = level.most == max(each.most for each in self.levels)
        inside = And(
            (
                compare(share, ">=", _percent(level.least)),
                compare(share, "<=" if highest else "<", _percent(level.most)),
            )
        )
        low, high = decimal_text(level.least * 100), decimal_text(level.most * 100)
        edge_zh, edge_en = ("含", "included") if highest else ("不含", "excluded")
        return Require(
            inside,
            share,
            otherwise=Message(
                f"“{level.name}”的评定比例应在 {low}%（含）至 {high}%（{edge_zh}）之间",
                f'the share for "{level.name}" lies between {low}% (included) and {high}% ({edge_en})',
            ),
        )


@frozen
class Formula:
    """A formula of the framework's own; ``points`` and ``actual`` may stand in it."""

    kind: ClassVar[str] = "formula"

    award_: Expr = field(converter=formula, alias="award")

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        return substitute(self.award_, {"points": number(points), "actual": actual})


@frozen
class Awarded:
    """The points a rater entered, refused outside [0, points]."""

    kind: ClassVar[str] = "awarded"

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        most = decimal_text(points)
        return Require(
            And((compare(actual, ">=", 0), compare(actual, "<=", points))),
            actual,
            otherwise=Message(f"得分应在 0 与 {most} 之间", f"the points entered lie between 0 and {most}"),
        )


@frozen
class Alternative:
    """One of several rules of which the best counts, with its own actual value and condition."""

    rule: Rule
    actual: Expr | None = field(default=None, converter=_optional_formula)
    applies: Expr | None = field(default=None, converter=_optional_formula)


@frozen
class BestOf:
    """The highest award of several rules (二者择其一)."""

    kind: ClassVar[str] = "best-of"

    alternatives: tuple[Alternative, ...]

    def __attrs_post_init__(self) -> None:
        if len(self.alternatives) < 2:
            raise DefinitionError(
                problem("alternatives 至少有两项", "alternatives has at least two entries", "alternatives")
            )

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        return maximum(
            *(
                Label(Message(f"第{index}种", f"alternative {index}"), self._award(each, points, actual), "points")
                for index, each in enumerate(self.alternatives, start=1)
            )
        )

    def _award(self, each: Alternative, points: Fraction, actual: Expr) -> Expr:
        award = each.rule.award(points, actual if each.actual is None else each.actual)
        return award if each.applies is None else If(each.applies, award, number(0))


def _formulas(items: object) -> tuple[Expr, ...]:
    if not isinstance(items, list | tuple):
        raise DefinitionError(
            problem('raters 写成数组，如 ["评委一", "评委二"]', 'raters is an array, such as ["rater_1", "rater_2"]')
        )
    return tuple(formula(each) for each in items)


@frozen
class Panel:
    """The mean of several raters' marks.

    Attributes:
        raters: one formula (usually a fact) for each rater's mark.
        drop_extremes: leave out one highest and one lowest mark.
        out_of: the full mark; by default the indicator's points.
    """

    kind: ClassVar[str] = "panel"

    raters: tuple[Expr, ...] = field(converter=_formulas)
    drop_extremes: bool = False
    out_of: Fraction | None = field(default=None, converter=_points)

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            least = 3 if self.drop_extremes else 1
            if len(self.raters) < least:
                yield problem(f"raters 至少有 {least} 位", f"raters has at least {least} entries", "raters")
            if self.out_of is not None and self.out_of <= 0:
                yield problem("out_of 应大于 0", "out_of is above 0", "out_of")

        _raise(problems())

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        full = points if self.out_of is None else self.out_of
        marks = tuple(self._mark(each, full) for each in self.raters)
        total, counted = _sum(iter(marks)), len(marks)
        if self.drop_extremes:
            total, counted = total - maximum(*marks) - minimum(*marks), counted - 2
        mean = label("平均分", "mean mark", total / number(counted), "points")
        return mean if full == points else points * (mean / number(full))

    def _mark(self, mark: Expr, full: Fraction) -> Expr:
        most = decimal_text(full)
        return Require(
            And((compare(mark, ">=", 0), compare(mark, "<=", full))),
            mark,
            otherwise=Message(f"评分应在 0 与 {most} 之间", f"a mark lies between 0 and {most}"),
        )


@frozen
class RollUp:
    """The (weighted) mean of other assessments' scores, as a share of their points.

    Attributes:
        of: the assessments, as paths.
        weight: a fact of each assessment that it weighs by; by default all weigh alike.
    """

    kind: ClassVar[str] = "roll-up"

    of: tuple[str, ...]
    weight: str | None = None

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            if not self.of:
                yield problem("of 至少有一个评价文件", "of names at least one assessment", "of")
            if len({share_of_part(part) for part in self.of}) < len(self.of):
                yield problem("of 中的文件名重复或过于相近", "of names a file twice, or two too much alike", "of")

        _raise(problems())

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned; reads the facts that `share_of_part` and `weight_of_part` name."""
        shares: list[Expr] = [FactRef(share_of_part(part)) for part in self.of]
        if self.weight is None:
            mean = _sum(iter(shares)) / number(len(shares))
        else:
            weights = [FactRef(weight_of_part(part)) for part in self.of]
            mean = _sum(weight * share for weight, share in zip(weights, shares, strict=True)) / _sum(iter(weights))
        return points * label("平均得分率", "mean attainment", mean)


def share_of_part(part: str) -> str:
    """The fact in which a rolled-up assessment's score stands, as a share of its points."""
    return f"parts.{_slug(part)}.share"


def weight_of_part(part: str) -> str:
    """The fact in which a rolled-up assessment's weight stands."""
    return f"parts.{_slug(part)}.weight"


def _slug(part: str) -> str:
    return "_" + re.sub(r"\W", "_", part.removesuffix(".toml"))


Rule: TypeAlias = (
    Completion
    | YesNo
    | Bands
    | Linear
    | Deduct
    | Checklist
    | ShareOfItems
    | Schedule
    | Rating
    | Formula
    | Awarded
    | BestOf
    | Panel
    | RollUp
)


def faults(rule: Rule, points: Fraction, bonus: Fraction = Fraction(0)) -> Iterator[Problem]:
    """What in `rule` does not fit an indicator worth `points` (and a bonus): awards too large, parts that miss the sum."""
    most = points + bonus
    match rule:
        case Bands(bands, otherwise):
            for index, band in enumerate(bands):
                yield from _too_much(band.award, points, most, "bands", index)
            yield from _too_much(otherwise, points, most, "otherwise")
        case Linear(through):
            for index, (_, earned) in enumerate(through):
                yield from _too_much(earned, points, most, "through", index)
        case Deduct():
            if rule.at_most is not None:
                yield from _too_much(rule.at_most, points, points, "at_most")
        case Checklist(items):
            yield from _misses_the_sum(tuple(item.points for item in items), points, most, "items")
        case Schedule(by):
            yield from _misses_the_sum(tuple(each.points for each in by), points, most, "by")
        case BestOf(alternatives):
            for index, each in enumerate(alternatives):
                yield from (found.below("alternatives", index) for found in faults(each.rule, points, bonus))
        case _:
            return


def _too_much(earned: Amount, points: Fraction, most: Fraction, *at: str | int) -> Iterator[Problem]:
    if not 0 <= earned.of(points) <= most:
        yield problem(
            f"得分 {earned} 应在 0 与该指标分值 {decimal_text(most)} 之间",
            f"an award of {earned} does not lie between 0 and the indicator's {decimal_text(most)} points",
            *at,
        )


def _misses_the_sum(
    parts: tuple[Fraction | None, ...], points: Fraction, most: Fraction, key: str
) -> Iterator[Problem]:
    total = sum((part for part in parts if part is not None), Fraction(0))
    if None not in parts and not points <= total <= most:
        yield problem(
            f"{key} 各项分值合计 {decimal_text(total)}，应为该指标的 {decimal_text(points)}",
            f"the points in {key} add up to {decimal_text(total)}, not to the indicator's {decimal_text(points)}",
            key,
        )


RULES: Final[tuple[type[Rule], ...]] = (
    Completion,
    YesNo,
    Bands,
    Linear,
    Deduct,
    Checklist,
    ShareOfItems,
    Schedule,
    Rating,
    Formula,
    Awarded,
    BestOf,
    Panel,
    RollUp,
)
"""Every kind of rule, in the order of the documentation. A new rule is added here and nowhere else."""
