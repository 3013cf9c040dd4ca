"""Rules that rest on a judgement: ratings, points entered, panels of raters."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

from attrs import field, frozen

from perfeval.errors import DefinitionError, Message, Problem, perhaps, problem
from perfeval.expr.nodes import (
    And,
    Constant,
    Expr,
    FactRef,
    If,
    Label,
    Or,
    Require,
    compare,
    label,
    maximum,
    minimum,
    number,
)
from perfeval.quantity import Quantity, decimal_text, quantity
from perfeval.rules.reading import (
    formulas,
    not_too_many,
    optional_points,
    optional_ratio,
    percent,
    raise_any,
    total_of,
    within_one,
)

__all__ = ["Awarded", "Level", "Panel", "Rating"]


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
    from_: Fraction | None = field(default=None, converter=optional_ratio)
    to: Fraction | None = field(default=None, converter=optional_ratio)
    share: Fraction | None = field(default=None, converter=optional_ratio)

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            for key, value in (("from", self.from_), ("to", self.to), ("share", self.share)):
                yield from within_one(value, key)
            if self.share is not None:
                if self.from_ is not None or self.to is not None:
                    yield problem("写 share，或写 from 与 to", "write share, or from and to", "share")
            elif self.from_ is None or self.to is None:
                yield problem("等级需要 from 与 to，或 share", "a level has from and to, or share")
            elif self.from_ >= self.to:
                yield problem("from 应小于 to", "from is below to", "from")

        raise_any(problems())

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
            yield from not_too_many(self.levels, "levels")
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

        raise_any(problems())

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

    def refused(self, level: str, share: Quantity | None = None) -> Iterator[Problem]:
        """What is wrong with an answer, at ``level`` or ``share``: told where it stands, before anything is scored."""
        chosen = next((each for each in self.levels if each.name == level), None)
        if chosen is None:
            levels = [each.name for each in self.levels]
            listed_zh, listed_en = "、".join(levels), ", ".join(levels)
            hint = perhaps(level, levels) or Message("请写其中之一", "write one of these")
            yield problem(
                f"没有评判等级“{level}”，应为：{listed_zh} — {hint.zh}",
                f'there is no level "{level}", the level is one of: {listed_en} — {hint.en}',
                "level",
            )
        elif share is not None and chosen.share is None and not self._allows(chosen, share.value):
            found = self._range(chosen)
            yield problem(
                f"{found.zh}（现为 {share}）— 请改比例，或换等级",
                f"{found.en} (found {share}) — change the share, or the level",
                "share",
            )

    def _highest(self, level: Level) -> bool:
        return level.most == max(each.most for each in self.levels)

    def _allows(self, level: Level, share: Fraction) -> bool:
        return level.least <= share and (share <= level.most if self._highest(level) else share < level.most)

    def _range(self, level: Level) -> Message:
        low, high = decimal_text(level.least * 100), decimal_text(level.most * 100)
        edge_zh, edge_en = ("含", "included") if self._highest(level) else ("不含", "excluded")
        return Message(
            f"“{level.name}”的评定比例应在 {low}%（含）至 {high}%（{edge_zh}）之间",
            f'the share for "{level.name}" lies between {low}% (included) and {high}% ({edge_en})',
        )

    def _share(self, level: FactRef, share: FactRef) -> Expr:
        *others, last = self.levels
        result = self._within(last, share)
        for each in reversed(others):
            result = If(compare(level, "==", Constant(each.name)), self._within(each, share), result)
        return result

    def _within(self, level: Level, share: FactRef) -> Expr:
        if level.share is not None:
            return percent(level.share)
        inside = And(
            (
                compare(share, ">=", percent(level.least)),
                compare(share, "<=" if self._highest(level) else "<", percent(level.most)),
            )
        )
        return Require(inside, share, otherwise=self._range(level))


def _most(entered: Expr, points: Fraction) -> Constant:
    """The most that may be entered: beside a single fact a number, for 80% is a slip there and not 0.8 points."""
    single = isinstance(entered.item if isinstance(entered, Label) else entered, FactRef)
    return Constant(quantity(points)) if single else number(points)


@frozen
class Awarded:
    """The points a rater entered, refused outside [0, points]."""

    kind: ClassVar[str] = "awarded"

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        most = decimal_text(points)
        return Require(
            And((compare(actual, ">=", 0), compare(actual, "<=", _most(actual, points)))),
            actual,
            otherwise=Message(f"得分应在 0 与 {most} 之间", f"the points entered lie between 0 and {most}"),
        )


@frozen
class Panel:
    """The mean of several raters' marks.

    Attributes:
        raters: one formula (usually a fact) for each rater's mark.
        drop_extremes: leave out one highest and one lowest mark.
        out_of: the full mark; by default the indicator's points.
    """

    kind: ClassVar[str] = "panel"

    raters: tuple[Expr, ...] = field(converter=formulas)
    drop_extremes: bool = False
    out_of: Fraction | None = field(default=None, converter=optional_points)

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            least = 3 if self.drop_extremes else 1
            if len(self.raters) < least:
                yield problem(f"raters 至少有 {least} 位", f"raters has at least {least} entries", "raters")
            yield from not_too_many(self.raters, "raters")
            if self.out_of is not None and self.out_of <= 0:
                yield problem("out_of 应大于 0", "out_of is above 0", "out_of")

        raise_any(problems())

    def award(self, points: Fraction, actual: Expr) -> Expr:
        """The points earned."""
        full = points if self.out_of is None else self.out_of
        marks = tuple(self._mark(each, full) for each in self.raters)
        total, counted = total_of(iter(marks)), len(marks)
        if self.drop_extremes:
            total, counted = total - maximum(*marks) - minimum(*marks), counted - 2
        mean = label("平均分", "mean mark", total / number(counted), "points")
        return mean if full == points else points * (mean / number(full))

    def _mark(self, mark: Expr, full: Fraction) -> Expr:
        most = decimal_text(full)
        return Require(
            And((compare(mark, ">=", 0), compare(mark, "<=", _most(mark, full)))),
            mark,
            otherwise=Message(f"评分应在 0 与 {most} 之间", f"a mark lies between 0 and {most}"),
        )
