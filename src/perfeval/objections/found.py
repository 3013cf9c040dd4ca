"""What a review consists of: kinds of objections, and what they find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Literal

from attrs import frozen

from perfeval.errors import Message
from perfeval.facts import Fact
from perfeval.objections.case import Case, Row

__all__ = ["SEVERITIES", "Check", "Found", "Kind", "Objection", "Severity", "at", "overall"]

Severity = Literal["error", "warning", "note"]
SEVERITIES: Final[dict[Severity, Message]] = {
    "error": Message("错误", "error"),
    "warning": Message("疑点", "warning"),
    "note": Message("提示", "note"),
}
"""Worst first: an error cannot be right; a warning needs an answer; a note is worth a look."""


@frozen
class Found:
    """One case of a kind of objection.

    Attributes:
        path: the node it is found at; None: the whole assessment.
        message: what was found, with figures.
        facts: the facts concerned.
        answered: the reason that the assessment gives elsewhere, by which it is accepted; empty where it stands.
    """

    path: str | None
    message: Message
    facts: tuple[Fact, ...] = ()
    answered: str = ""


Check = Callable[[Case], Iterator[Found]]


@frozen
class Kind:
    """One kind of objection.

    Attributes:
        code: its stable name.
        severity: see `SEVERITIES`.
        title: what is objected to.
        answer: how to answer it.
        check: what finds it.
    """

    code: str
    severity: Severity
    title: Message
    answer: Message
    check: Check


@frozen
class Objection:
    """One objection to an assessment.

    Attributes:
        kind: what it is a case of.
        path, message, facts, answered: see `Found`.
        indicator: the title of the node at `path`.
    """

    kind: Kind
    path: str | None
    indicator: Message | None
    message: Message
    facts: tuple[Fact, ...]
    answered: str = ""

    @property
    def code(self) -> str:
        """The stable name of its kind."""
        return self.kind.code

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return self.kind.severity


def at(row: Row, zh: str, en: str) -> Found:
    """What was found at `row`, with its facts."""
    return Found(row.path, Message(zh, en), row.facts)


def overall(zh: str, en: str, *facts: Fact) -> Found:
    """What was found in the assessment as a whole."""
    return Found(None, Message(zh, en), facts)
