"""What the rules have in common: how their parameters are read, and the small sums they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Final, TypeVar

from attrs import frozen

from perfeval.errors import DefinitionError, PerfevalError, Problem, problem
from perfeval.expr.kinds import kind_of, together
from perfeval.expr.nodes import (
    Comparator,
    Compare,
    Constant,
    Expr,
    compare,
    expression,
    number,
)
from perfeval.expr.parse import parse
from perfeval.quantity import PERCENT, Quantity, Target, decimal_text, quantity, target

__all__ = [
    "MOST_ENTRIES",
    "ONE",
    "Amount",
    "alike",
    "amount",
    "constant",
    "each_read",
    "formula",
    "formulas",
    "goal",
    "meets",
    "not_too_many",
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
S = TypeVar("S")
T = TypeVar("T")
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
    """Read a formula, or pass an expression through.

    Raises:
        FormulaError: not a formula.
        QuantityError: neither text nor a number.
        DefinitionError: an array or a table.
    """
    if isinstance(value, list | dict):
        raise DefinitionError(
            problem('此处应为公式文本，如 "a / b"', 'a formula such as "a / b" is expected here, as text')
        )
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


def goal(value: object) -> Target:
    """Read a target; a date or month says with its sign whether it is a deadline.

    Raises:
        QuantityError: not a target.
        DefinitionError: a date without a sign.
    """
    read = target(value)
    if read.quantity.kind in ("date", "month") and target(value, "≤") != read:
        raise DefinitionError(
            problem(
                f"“{read.quantity}”没有说明是截止还是起始 — 请写“{read.quantity}前”或“≤{read.quantity}”",
                f'"{read.quantity}" does not say whether it is a deadline'
                f' — write "{read.quantity}前" or "≤{read.quantity}"',
            )
        )
    return read


def each_read(read: Callable[[S], T], items: Iterable[S]) -> tuple[T, ...]:
    """`items`, each read; the problems of all of them at once."""
    done: list[T] = []
    problems: list[Problem] = []
    for index, item in enumerate(items):
        try:
            done.append(read(item))
        except PerfevalError as error:
            problems.extend(found.below(index) for found in error.problems)
    if problems:
        raise DefinitionError(problems)
    return tuple(done)


def constant(value: Quantity) -> Constant:
    """A quantity written into a rule; a bare 0 goes with every unit, as it does in a formula."""
    return number(0) if value.kind == "number" and value.value == 0 else Constant(value)


def alike(a: Quantity, b: Quantity) -> bool:
    """Whether two quantities of a rule can be held against one actual value."""
    return together(kind_of(constant(a), {}), kind_of(constant(b), {})) is not None


def percent(value: Fraction) -> Constant:
    """A share written into a rule, shown as a percentage."""
    return Constant(Quantity(value, PERCENT.kind, PERCENT))


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


def not_too_many(items: Sequence[object], key: str) -> Iterator[Problem]:
    """The problem of more entries than an expression may nest."""
    if len(items) > MOST_ENTRIES:
        yield problem(
            f"{key} 至多 {MOST_ENTRIES} 项（现为 {len(items)} 项）",
            f"{key} has at most {MOST_ENTRIES} entries (found {len(items)})",
            key,
        )


def meets(actual: Expr, reached: Target) -> Compare:
    """Whether `actual` reaches a target."""
    return compare(actual, _COMPARATORS[reached.sign], constant(reached.quantity))


def parts_of(stated: tuple[Fraction | None, ...], points: Fraction) -> tuple[Fraction, ...]:
    """What each item is worth: its own points, or an equal part where none states any."""
    return tuple(points / len(stated) if each is None else each for each in stated)


def parts_problems(stated: tuple[Fraction | None, ...], key: str) -> Iterator[Problem]:
    """The problems of items of which only some state their points."""
    yield from not_too_many(stated, key)
    if not stated:
        yield problem(f"{key} 至少有一项", f"{key} has at least one entry", key)
    elif None in stated and any(each is not None for each in stated):
        yield problem(
            f"{key} 要么每项都写 points，要么都不写", f"either every entry of {key} states points, or none does", key
        )
    for index, each in enumerate(stated):
        if each is not None and each < 0:
            yield problem(
                f"points 不应为负（现为 {decimal_text(each)}）",
                f"points are not negative (found {decimal_text(each)})",
                key,
                index,
                "points",
            )


def optional_points(value: object) -> Fraction | None:
    """A number of points; None stays None.

    Raises:
        QuantityError: not a quantity.
        DefinitionError: some other unit.
    """
    if value is None:
        return None
    read = quantity(value)
    if read.kind not in ("number", "count:分"):
        raise DefinitionError(
            problem(f"“{read}”不是分数 — 请写如 5", f'"{read}" is not a number of points — write one such as 5')
        )
    return read.value


def total_of(items: Iterator[Expr]) -> Expr:
    """The sum of `items`, of which there is at least one."""
    total = next(items)
    for each in items:
        total = total + each
    return total


def formulas(items: object) -> tuple[Expr, ...]:
    """Read an array of formulas.

    Raises:
        DefinitionError: not an array, or the problems of all its formulas.
    """
    if not isinstance(items, list | tuple):
        raise DefinitionError(
            problem('raters 写成数组，如 ["评委一", "评委二"]', 'raters is an array, such as ["rater_1", "rater_2"]')
        )
    return each_read(formula, items)
