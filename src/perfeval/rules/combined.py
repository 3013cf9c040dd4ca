"""Rules made of formulas, of other rules, or of other assessments; and the union of all rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar, Final, TypeAlias

from attrs import field, frozen

from perfeval.errors import Message, Problem, problem
from perfeval.expr.nodes import (
    Constant,
    Expr,
    FactRef,
    If,
    Label,
    label,
    maximum,
    number,
    substitute,
)
from perfeval.expr.parse import is_name
from perfeval.quantity import decimal_text, quantity
from perfeval.rules.counted import Checklist, Schedule, ShareOfItems
from perfeval.rules.judged import Awarded, Panel, Rating
from perfeval.rules.measured import Bands, Completion, Deduct, Linear, YesNo
from perfeval.rules.reading import (
    Amount,
    formula,
    not_too_many,
    optional_formula,
    raise_any,
    total_of,
)

__all__ = ["RULES", "Alternative", "BestOf", "Formula", "RollUp", "Rule", "faults", "share_of_part", "weight_of_part"]


@frozen
class Formula:
    """A formula of the framework's own; ``points`` and ``actual`` may stand in it."""

    kind: ClassVar[str] = "formula"

    award_: Expr = field(converter=formula, alias="award")

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        # Points are a number, not a bare literal: a share of them takes points off, and nothing else.
        return substitute(self.award_, {"points": Constant(quantity(points)), "actual": actual})


@frozen
class Alternative:
    """One of several rules of which the best counts, with its own actual value and condition."""

    rule: Rule
    actual: Expr | None = field(default=None, converter=optional_formula)
    applies: Expr | None = field(default=None, converter=optional_formula)

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            if isinstance(self.rule, RollUp):
                yield problem(
                    "roll-up 不能作为 best-of 的一项 — 请单设一个指标",
                    "a roll-up cannot be one of several alternatives — give it an indicator of its own",
                    "kind",
                )
            if isinstance(self.rule, Rating) and self.actual is not None and not isinstance(self.actual, FactRef):
                yield problem(
                    "rating 的 actual 应为一个事实名称", "the actual of a rating is the name of one fact", "actual"
                )

        raise_any(problems())


@frozen
class BestOf:
    """The highest award of several rules (二者择其一)."""

    kind: ClassVar[str] = "best-of"

    alternatives: tuple[Alternative, ...]

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            if len(self.alternatives) < 2:
                yield problem("alternatives 至少有两项", "alternatives has at least two entries", "alternatives")
            yield from not_too_many(self.alternatives, "alternatives")

        raise_any(problems())

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
            yield from not_too_many(self.of, "of")
            if self.weight is not None and not is_name(self.weight):
                yield problem(
                    f"weight 应为一个事实名称（现为“{self.weight}”）",
                    f'weight is the name of a fact (found "{self.weight}")',
                    "weight",
                )
            if len({share_of_part(part) for part in self.of}) < len(self.of):
                yield problem("of 中的文件名重复或过于相近", "of names a file twice, or two too much alike", "of")

        raise_any(problems())

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned; reads the facts that `share_of_part` and `weight_of_part` name."""
        shares: list[Expr] = [FactRef(share_of_part(part)) for part in self.of]
        if self.weight is None:
            mean = total_of(iter(shares)) / number(len(shares))
        else:
            weights = [FactRef(weight_of_part(part)) for part in self.of]
            mean = total_of(weight * share for weight, share in zip(weights, shares, strict=True)) / total_of(
                iter(weights)
            )
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
