"""A framework of one indicator, and what `judge` says of it."""

from __future__ import annotations

from collections.abc import Mapping

from perfeval import Framework, Indicator
from perfeval.laws import Answer, Judged, judge
from perfeval.loading.structure import structured


def one(rule: Mapping[str, object], **more: object) -> Framework:
    """A framework of one indicator called `it`, worth 10 points, with this rule."""
    table = {"id": "it", "title": "it", "points": 10, "category": "decision", "rule": rule, **more}
    return Framework(id="law", title="law", points=10, tree=(structured(table, Indicator),))


def judged(rule: Mapping[str, object], **more: object) -> Judged:
    """What is said of it without a search."""
    return judge(one(rule, **more), search=False)


def answer(found: Judged, law: str, path: str | None = "it") -> Answer:
    """The answer to one law."""
    (one_answer,) = [each for each in found.answers if (each.law.code, each.path) == (law, path)]
    return one_answer


def said(found: Judged) -> list[tuple[str, str]]:
    """The laws that are broken, each with what is said."""
    return [(each.law.code, broken.message.en) for each in found.answers for broken in each.broken]
