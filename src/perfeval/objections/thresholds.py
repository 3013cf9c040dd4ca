"""The lines beyond which an objection is raised, each with its default."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import attrs
from attrs import field, frozen

from perfeval.errors import DefinitionError, Problem, problem
from perfeval.rules import ratio

__all__ = ["Thresholds"]


def _count(value: object) -> int:
    """A whole number, given as one or in text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        return int(value)
    raise DefinitionError(
        problem(f"“{value}”不是整数 — 请写如 3", f'"{value}" is not a whole number — write one such as 3')
    )


@frozen
class Thresholds:
    """Where a review draws its lines; percentages may be given as text, such as ``"150%"``.

    Attributes:
        over_completion: a completion above it asks for a word on the target (财预〔2020〕10号 gives no figure; 130% is the line of Sichuan's 2020 system).
        low_execution: an execution rate below it asks for a reason (Sichuan's form of 2023).
        adjusted: a change of the initial budget by more asks for a reason.
        same_completion: completions no further apart are nearly the same.
        different_share: shares of the points this far apart are clearly different.
        far_apart: a published total this far from the rules' is an error, as a share of the framework's points.
        one_fact: one fact may not decide this share of the points through several indicators.
        heaviest: one indicator may not hold more than this share of the points.
        assumed: assumed facts that carry this share of the points are told.
        full_marks: a total from this share of the points on counts as full marks.
        little_spent, all_spent: the execution rates held against the outputs.
        short_outputs: a mean completion of the outputs below it is a shortfall.
        fewest: how many indicators it takes to speak of "all" of them.
    """

    over_completion: Fraction = field(default=Fraction(130, 100), converter=ratio)
    low_execution: Fraction = field(default=Fraction(90, 100), converter=ratio)
    adjusted: Fraction = field(default=Fraction(10, 100), converter=ratio)
    same_completion: Fraction = field(default=Fraction(2, 100), converter=ratio)
    different_share: Fraction = field(default=Fraction(10, 100), converter=ratio)
    far_apart: Fraction = field(default=Fraction(5, 100), converter=ratio)
    one_fact: Fraction = field(default=Fraction(50, 100), converter=ratio)
    heaviest: Fraction = field(default=Fraction(40, 100), converter=ratio)
    assumed: Fraction = field(default=Fraction(20, 100), converter=ratio)
    full_marks: Fraction = field(default=Fraction(99, 100), converter=ratio)
    little_spent: Fraction = field(default=Fraction(50, 100), converter=ratio)
    all_spent: Fraction = field(default=Fraction(99, 100), converter=ratio)
    short_outputs: Fraction = field(default=Fraction(80, 100), converter=ratio)
    fewest: int = field(default=3, converter=_count)

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            for each in attrs.fields(Thresholds):
                value = getattr(self, each.name)
                if value < 0:
                    yield problem(f"{each.name} 不应为负", f"{each.name} is not negative", each.name)
            if self.over_completion < 1:
                yield problem("over_completion 应不低于 100%", "over_completion is at least 100%", "over_completion")
            if self.fewest < 2:
                yield problem("fewest 应不小于 2", "fewest is at least 2", "fewest")

        if found := tuple(problems()):
            raise DefinitionError(found)
