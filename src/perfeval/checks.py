"""Checks (勾稽关系): what the facts of an assessment must agree on, as data. `checking` says whether they do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, get_args

from attrs import field, frozen

from perfeval.errors import DefinitionError, Language, Message, PerfevalError, Problem, problem
from perfeval.expr.kinds import ANY, LITERAL, TRUTH, ZERO, kind_name, kind_of
from perfeval.expr.nodes import And, Compare, Expr, If, Not, Or, Subtract, children, expression
from perfeval.expr.parse import parse
from perfeval.quantity import Kind, Quantity, quantity

__all__ = ["Check", "Severity", "applies_to", "mixtures", "parts"]

Severity = Literal["error", "warning"]

_ID = re.compile(r"[^\W_][\w-]*(\.[\w-]+)*")


def _condition(value: object) -> Expr:
    return parse(value) if isinstance(value, str) else expression(value)


def _tolerance(value: object) -> Quantity | None:
    return None if value is None else quantity(value)


@frozen
class Check:
    """One relation that must hold between facts.

    Attributes:
        id: names it in reports; letters (Chinese too), digits, - and _.
        that: the relation: an equality, an inequality, or several joined by ``and``.
        title, title_en: what must agree, for people.
        severity: "error" where the figures contradict each other; "warning" where a reader must ask whether the same
            thing was counted differently.
        tolerance: how far the two sides may lie apart; by default what the decimals as written leave open. In a condition
            (``or``, ``not``) it goes for the comparisons of its kind.
        source, note: where the relation is stated, and what a reader should know.
    """

    id: str
    that: Expr = field(converter=_condition)
    title: str = ""
    title_en: str = ""
    severity: Severity = "error"
    tolerance: Quantity | None = field(default=None, converter=_tolerance)
    source: str = ""
    note: str = ""

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            if not _ID.fullmatch(self.id):
                yield problem(
                    f"“{self.id}”不能作检查的 id — 用字母（可用汉字）、数字、- 和 _",
                    f'"{self.id}" cannot be a check\'s id — use letters (Chinese too), digits, - and _',
                    "id",
                )
            if self.severity not in get_args(Severity):
                yield problem(
                    f'severity 应为 "error" 或 "warning"（现为“{self.severity}”）',
                    f'severity is "error" or "warning" (found "{self.severity}")',
                    "severity",
                )
            if self.tolerance is not None and self.tolerance.value < 0:
                yield problem("tolerance 不应为负", "tolerance is not negative", "tolerance")

        if found := tuple(problems()):
            raise DefinitionError(found)

    def called(self, language: Language) -> str:
        """Its title in `language`, or its id."""
        return (self.title_en or self.title if language == "en" else self.title) or self.id

    @property
    def purpose(self) -> Message:
        """What its facts are for, beside those that rules read."""
        return Message(f"核对：{self.called('zh')}", f"to check: {self.called('en')}")


def parts(check: Check) -> tuple[Expr, ...]:
    """The relations of a check, one by one."""
    return check.that.items if isinstance(check.that, And) else (check.that,)


def mixtures(check: Check, kinds: Mapping[str, Kind]) -> Iterator[Problem]:
    """What is wrong with the units in a check, given what the facts measure."""
    try:
        kind = kind_of(check.that, kinds)
    except PerfevalError as error:
        yield from (each.below("that") for each in error.problems)
        return
    if kind not in (TRUTH, ANY):
        zh, en = kind_name(kind)
        yield problem(
            f"that 应为一个关系，如 a == b + c（现为{zh}）",
            f"that is a relation such as a == b + c (found {en})",
            "that",
        )
        return
    if check.tolerance is None:
        return
    for part in parts(check):
        compared = [each for each in comparisons(part) if _difference(each, kinds) is not None]
        if compared and not any(applies_to(check.tolerance, each, kinds) for each in compared):
            zh, en = kind_name(_difference(compared[0], kinds) or LITERAL)
            yield problem(
                f"tolerance（{check.tolerance}）的单位应与两侧相同：{zh}",
                f'tolerance ("{check.tolerance}") goes with both sides, which are {en}',
                "tolerance",
            )


def comparisons(condition: Expr) -> Iterator[Compare]:
    """The comparisons that a condition is made of."""
    match condition:
        case Compare():
            yield condition
        case And() | Or() | Not() | If():
            for each in children(condition):
                yield from comparisons(each)


def applies_to(tolerance: Quantity | None, comparison: Compare, kinds: Mapping[str, Kind]) -> bool:
    """Whether a tolerance speaks of what a comparison's sides measure."""
    if tolerance is None:
        return False
    difference = _difference(comparison, kinds)
    return difference in (tolerance.kind, ANY) or (tolerance.kind == "number" and difference in (LITERAL, ZERO))


def _difference(comparison: Compare, kinds: Mapping[str, Kind]) -> Kind | None:
    """What the two sides of a comparison differ by; None where they are words, or a yes or no."""
    try:
        return kind_of(Subtract(comparison.left, comparison.right), kinds)
    except PerfevalError:
        return None
