"""Rules over one measured value: completion, yes or no, bands, lines, deductions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar, Literal

from attrs import field, frozen

from perfeval.errors import DefinitionError, PerfevalError, Problem, problem
from perfeval.expr.kinds import kind_of, together
from perfeval.expr.nodes import (
    Absolute,
    Constant,
    Expr,
    If,
    Round,
    compare,
    expression,
    label,
    maximum,
    minimum,
    number,
)
from perfeval.quantity import Quantity, Target, quantity, target
from perfeval.rules.reading import (
    ONE,
    Amount,
    alike,
    amount,
    constant,
    each_read,
    goal,
    meets,
    not_too_many,
    optional_amount,
    optional_formula,
    optional_quantity,
    optional_ratio,
    percent,
    raise_any,
    ratio,
    within_one,
)
from perfeval.slips import span

__all__ = ["Band", "Bands", "Completion", "Deduct", "Linear", "Over", "YesNo"]


@frozen
class Over:
    """What happens to a completion so high that the target must have been set too low (after 财预〔2020〕10号).

    Attributes:
        beyond: the completion above which it happens, at least 100%.
        share: the share of the points then earned; by default the excess is taken off.
        at_least: the share below which taking off stops.
    """

    beyond: Fraction = field(converter=ratio)
    share: Fraction | None = field(default=None, converter=optional_ratio)
    at_least: Fraction = field(default=Fraction(0), converter=ratio)

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            if self.beyond < 1:
                yield problem("beyond 应不低于 100%", "beyond is at least 100%", "beyond")
            yield from within_one(self.share, "share")
            yield from within_one(self.at_least, "at_least")
            if self.share is not None and self.at_least:
                yield problem("share 与 at_least 只写其中一个", "write share or at_least, not both", "at_least")

        raise_any(problems())

    def applied(self, completion: Expr, otherwise: Expr) -> Expr:
        """`otherwise`, but for a completion beyond the line."""
        if self.share is not None:
            kept: Expr = percent(self.share)
        else:
            kept = maximum(percent(self.at_least), 1 - (completion - percent(self.beyond)))
        return If(compare(completion, ">", percent(self.beyond)), kept, otherwise)


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

    target: Target = field(converter=goal)
    zero_below: Fraction | None = field(default=None, converter=optional_ratio)
    scale_from: Fraction | None = field(default=None, converter=optional_ratio)
    decline: Literal["ratio", "deviation"] = "ratio"
    over: Over | None = None

    def __attrs_post_init__(self) -> None:
        raise_any(self._problems())

    def _problems(self) -> Iterator[Problem]:
        goal, value = self.target, self.target.quantity.value
        if self.decline not in ("ratio", "deviation"):
            yield problem(
                f'decline 应为 "ratio" 或 "deviation"（现为“{self.decline}”）',
                f'decline is "ratio" or "deviation" (found "{self.decline}")',
                "decline",
            )
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
        yield from within_one(self.zero_below, "zero_below")
        yield from within_one(self.scale_from, "scale_from")
        if self.scale_from == 1:
            yield problem("scale_from 应小于 100%", "scale_from is below 100%", "scale_from")

    @property
    def _dated(self) -> bool:
        return self.target.quantity.kind in ("date", "month")

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        if self._dated:
            return If(meets(actual, self.target), number(points), number(0))
        completion = label("完成率", "completion", self._completion(actual), "rate")
        share: Expr = minimum(1, completion)
        if self.scale_from is not None:
            start = percent(self.scale_from)
            share = maximum(0, (share - start) / (1 - start))
        if self.zero_below is not None:
            share = If(compare(completion, "<", percent(self.zero_below)), number(0), share)
        if self.over is not None:
            share = self.over.applied(completion, share)
        return points * share

    def _completion(self, actual: Expr) -> Expr:
        goal = Constant(self.target.quantity)
        match self.target.sign:
            case "≤":
                missed = goal / actual if self.decline == "ratio" else maximum(0, 1 - (actual - goal) / goal)
                return If(meets(actual, self.target), number(1), missed)
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

    when: Expr | None = field(default=None, converter=optional_formula)

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        return If(self.when if self.when is not None else actual, number(points), number(0))


def _optional_exact_target(value: object) -> Target | None:
    if isinstance(value, str) and (ends := span(value)) is not None:
        raise DefinitionError(
            problem(
                f'“{value}”是一个范围，一档写一个界 — 由高到低写，如 ["≥{ends[0]}", 8]；两端都要写的，'
                f'写 {{ when = "事实 >= {ends[0]} and 事实 <= {ends[1]}", award = 8 }}',
                f'"{value}" is a range, and a band states one end — from the best down, such as ["≥{ends[0]}", 8]; '
                f'where both ends matter, {{ when = "fact >= {ends[0]} and fact <= {ends[1]}", award = 8 }}',
            )
        )
    return None if value is None else target(value, "=")


@frozen
class Band:
    """One band: a comparison with the actual value, or a condition of its own; and what it earns."""

    award: Amount = field(converter=amount)
    target: Target | None = field(default=None, converter=_optional_exact_target)
    when: Expr | None = field(default=None, converter=optional_formula)

    def __attrs_post_init__(self) -> None:
        if (self.target is None) == (self.when is None):
            raise DefinitionError(
                problem('每一档写一个比较（如 "≥90%"）或一个条件 when', 'a band has a comparison ("≥90%") or a when')
            )

    def condition(self, actual: Expr) -> Expr:
        """Whether the band holds."""
        return meets(actual, self.target) if self.target is not None else expression(self.when)


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
            yield from not_too_many(self.bands, "bands")
            before: list[Target] = []
            for index, band in enumerate(self.bands):
                if band.target is not None:
                    yield from (found.below("bands", index) for found in _after(before, band.target))
                    before.append(band.target)

        raise_any(problems())

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        result: Expr = number(self.otherwise.of(points))
        for band in reversed(self.bands):
            result = If(band.condition(actual), number(band.award.of(points)), result)
        return result


def _after(before: list[Target], reached: Target) -> Iterator[Problem]:
    """What is wrong with a band that stands after others."""
    if before and not alike(before[0].quantity, reached.quantity):
        yield problem(
            f"“{before[0]}”与“{reached}”的单位种类不同 — 各档请写成同一种单位",
            f'"{before[0]}" and "{reached}" are different kinds of unit — write all bands in the same kind',
        )
    for wider in before:
        if _covers(wider, reached):
            yield problem(
                f"“{reached}”永远轮不到：前一档“{wider}”已经包含它 — 请调整各档顺序",
                f'"{reached}" is never reached: "{wider}" before it takes all of it — put the narrower band first',
            )
            return


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
    return each_read(_corner, pairs)


def _corner(pair: Sequence[object]) -> tuple[Quantity, Amount]:
    actual, award = pair
    return quantity(actual), amount(award)


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
            yield from not_too_many(self.through, "through")
            for index, ((x, _), (z, _)) in enumerate(pairwise(self.through), start=1):
                if x.kind != z.kind or z.value <= x.value:
                    yield problem(
                        f"through 各点应依次增大且单位相同（“{x}”之后是“{z}”）",
                        f'the points of through increase, in one kind of unit ("{x}" is followed by "{z}")',
                        "through",
                        index,
                    )

        raise_any(problems())

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
    beyond: Quantity | None = field(default=None, converter=optional_quantity)
    below: Quantity | None = field(default=None, converter=optional_quantity)
    either_side_of: Quantity | None = field(default=None, converter=optional_quantity)
    at_most: Amount | None = field(default=None, converter=optional_amount)

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            given = [line for line in (self.beyond, self.below, self.either_side_of) if line is not None]
            if len(given) != 1:
                yield problem(
                    f"beyond、below、either_side_of 只写其中一个（现写了 {len(given)} 个）",
                    f"write exactly one of beyond, below and either_side_of (found {len(given)})",
                )
            if self.partial not in ("up", "down", "proportional"):
                yield problem(
                    f'partial 应为 "up"、"down" 或 "proportional"（现为“{self.partial}”）',
                    f'partial is "up", "down" or "proportional" (found "{self.partial}")',
                    "partial",
                )
            if len(given) == 1 and not self._goes_with(given[0]):
                yield problem(
                    f"each（{self.each}）与界线（{given[0]}）的单位种类不同 — 请写成同一种单位；日期以“天”计，月份以“个月”计",
                    f'each ("{self.each}") and the line ("{given[0]}") are different kinds of unit — write both in the '
                    "same kind; a date goes with 天, a month with 个月",
                    "each",
                )
            if self.each.value <= 0:
                yield problem(f"each 应大于 0（现为“{self.each}”）", f'each is above 0 (found "{self.each}")', "each")
            if self.minus.of(ONE) < 0:
                yield problem(
                    f"minus 不应为负（现为 {self.minus}）", f"minus is not negative (found {self.minus})", "minus"
                )

        raise_any(problems())

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        steps: Expr = label("超出", "outside", self._outside(actual)) / Constant(self.each)
        if self.partial != "proportional":
            steps = Round(steps, 0, "ceil" if self.partial == "up" else "floor")
        loss: Expr = self.minus.of(points) * label("扣分次数", "steps", steps, "count")
        most = points if self.at_most is None else self.at_most.of(points)
        return points - minimum(most, label("扣分", "deduction", loss, "points"))

    def _outside(self, actual: Expr) -> Expr:
        if self.beyond is not None:
            return maximum(0, actual - constant(self.beyond))
        if self.below is not None:
            return maximum(0, constant(self.below) - actual)
        assert self.either_side_of is not None  # exactly one of them is given
        return Absolute(actual - constant(self.either_side_of))

    def _goes_with(self, line: Quantity) -> bool:
        """Whether what lies outside `line` can be counted in steps of `each`."""
        like = self.each if constant(line) != Constant(line) else line
        try:
            outside = kind_of(self._outside(Constant(like)), {})
        except PerfevalError:
            return False
        return together(outside, self.each.kind) is not None
