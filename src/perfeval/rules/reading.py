"""What the rules have in common: how their parameters are read, and the small sums they share."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from attrs import frozen

from perfeval.errors import DefinitionError, Problem, problem
from perfeval.expr.nodes import (
    Comparator,
    Compare,
    Constant,
    Expr,
    compare,
    expression,
)
from perfeval.expr.parse import parse
from perfeval.quantity import PERCENT, Quantity, Target, decimal_text, exact_places, quantity

__all__ = [
    "MOST_ENTRIES",
    "ONE",
    "Amount",
    "amount",
    "formula",
    "formulas",
    "meets",
    "optional_amount",
    "optional_formula",
    "optional_points",
    "optional_quantity",
    "optional_ratio",
    "parts_of",
    "parts_problems",
    "percent",
    "raise_any",
    "ratio",
    "total_of",
    "within_one",
]


MOST_ENTRIES: Final = 100  # bounds how deep the expression of one rule can nest
ONE: Final = Fraction(1)
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


def optional_ratio(value: object) -> Fraction | None:
    """As `ratio`; None stays None."""
    return None if value is None else ratio(value)


def optional_amount(value: object) -> Amount | None:
    """As `amount`; None stays None."""
    return None if value is None else amount(value)


def optional_formula(value: object) -> Expr | None:
    """As `formula`; None stays None."""
    return None if value is None else formula(value)


def optional_quantity(value: object) -> Quantity | None:
    """As `quantity`; None stays None."""
    return None if value is None else quantity(value)


def percent(value: Fraction) -> Constant:
    """A share written into a rule, shown as a percentage."""
    return Constant(Quantity(value, PERCENT.kind, PERCENT, exact_places(value * 100) or 0))


def raise_any(problems: Iterator[Problem]) -> None:
    """Raise a `DefinitionError` of all the problems, if there are any."""
    if found := tuple(problems):
        raise DefinitionError(found)


def within_one(value: Fraction | None, key: str) -> Iterator[Problem]:
    """The problem of a share outside 0 to 100%."""
    if value is not None and not 0 <= value <= 1:
        shown = decimal_text(value * 100) + "%"
        yield problem(
            f"{key} 应在 0% 与 100% 之间（现为 {shown}）", f"{key} lies between 0% and 100% (found {shown})", key
        )


def meets(actual: Expr, goal: Target) -> Compare:
    """Whether `actual` reaches `goal`."""
    return compare(actual, _COMPARATORS[goal.sign], Constant(goal.quantity))


def parts_of(stated: tuple[Fraction | None, ...], points: Fraction) -> tuple[Fraction, ...]:
    """What each item is worth: its own points, or an equal part where none states any."""
    return tuple(points / len(stated) if each is None else each for each in stated)


def parts_problems(stated: tuple[Fraction | None, ...], key: str) -> Iterator[Problem]:
    """The problems of items of which only some state their points."""
    if not stated:
        yield problem(f"{key} 至少有一项", f"{key} has at least one entry", key)
    elif None in stated and any(each is not None for each in stated):
        yield problem(
            f"{key} 要么每项都写 points，要么都不写", f"either every entry of {key} states points, or none does", key
        )


def optional_points(value: object) -> Fraction | None:
    """A number of points; None stays None."""
    return None if value is None else quantity(value).value


def total_of(items: Iterator[Expr]) -> Expr:
    """The sum of `items`, of which there is at least one."""
    total = next(items)
    for each in items:
        total = total + each
    return total


def formulas(items: object) -> tuple[Expr, ...]:
    if not isinstance(items, list | tuple):
        raise DefinitionError(
            problem('raters 写成数组，如 ["评委一", "评委二"]', 'raters is an array, such as ["rater_1", "rater_2"]')
        )
    if len(items) > MOST_ENTRIES:
        raise DefinitionError(problem(f"至多 {MOST_ENTRIES} 项", f"at most {MOST_ENTRIES} entries"))
    return tuple(formula(each) for each in items)
