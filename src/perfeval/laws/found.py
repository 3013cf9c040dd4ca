"""What the laws give: a law, what was found of it at one indicator, and how that is known."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from attrs import evolve, field, frozen

from perfeval.errors import Message
from perfeval.facts import FactValue
from perfeval.framework import Exemption
from perfeval.quantity import decimal_text, rounded

__all__ = ["Answer", "Broken", "How", "Law", "award_text", "points_text"]

How = Literal["proved", "tried", "unasked"]
_PLACES = 4


@frozen
class Law:
    """One law.

    Attributes:
        code: the name by which an exception is made, such as ``monotone``.
        title: what it is called.
        says: what has to hold.
    """

    code: str
    title: Message
    says: Message


@frozen
class Broken:
    """Where a law is broken.

    Attributes:
        message: what was found, with the figures.
        low, high: the exact ends of where it is broken, in base units; None where there is none, or no bound.
        facts: the smallest example: the facts and what they are; two values of one fact where it is about a pair.
    """

    message: Message
    low: Fraction | None = None
    high: Fraction | None = None
    facts: tuple[tuple[str, FactValue], ...] = ()

    def within(self, part: Message) -> Broken:
        """The same, said of one part of the rule."""
        return evolve(self, message=Message(f"{part.zh}：{self.message.zh}", f"{part.en}: {self.message.en}"))


@frozen
class Answer:
    """What was found of one law at one node.

    Attributes:
        law: which.
        path: the indicator; None for the framework as a whole.
        how: "proved" for all values there are, "tried" on examples, or "unasked".
        why: why it was not asked, or not proved; what was tried.
        broken: where it is broken; empty where it holds.
        exemption: the exception that the framework makes of it.
    """

    law: Law
    path: str | None
    how: How
    why: Message | None = None
    broken: tuple[Broken, ...] = ()
    exemption: Exemption | None = field(default=None)

    @property
    def stands(self) -> bool:
        """Whether the law is broken, and no exception is made."""
        return bool(self.broken) and self.exemption is None


def points_text(value: Fraction) -> str:
    """Points, cut to a few places and marked ≈ where that is not all of them."""
    brief = rounded(value, _PLACES)
    return decimal_text(brief) if brief == value else f"≈{decimal_text(brief)}"


def award_text(value: Fraction) -> Message:
    """An award in words."""
    return Message(f"{points_text(value)} 分", f"{points_text(value)} points")
