"""Reviewing: an assessment to the objections a finance bureau would raise (自评质量审核). Pure, as scoring is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import evolve, frozen

from perfeval.assessment import Accepted, Assessment
from perfeval.errors import Message
from perfeval.evaluate import evaluate
from perfeval.objections.case import Case
from perfeval.objections.found import SEVERITIES, Kind, Objection, Severity
from perfeval.objections.registry import OBJECTIONS, kind_of_code
from perfeval.objections.thresholds import Thresholds
from perfeval.scorecard import Scorecard

__all__ = ["Review", "review", "review_of"]

_IDLE: Final = "accepted-without-cause"


@frozen
class Review:
    """What a review found.

    Attributes:
        card: the score of what was reviewed.
        objections: those that stand, in the order of the kinds and then of the tree.
        accepted: those that the assessment accepts, or answers with a reason where it stands; each with the reason.
    """

    card: Scorecard
    objections: tuple[Objection, ...]
    accepted: tuple[tuple[Objection, Accepted], ...] = ()

    @property
    def assessment(self) -> Assessment:
        """What was reviewed."""
        return self.card.assessment

    @property
    def worst(self) -> Severity | None:
        """The gravest severity of what stands; None when nothing does."""
        return next((severity for severity in SEVERITIES if self.of(severity)), None)

    def of(self, severity: Severity) -> tuple[Objection, ...]:
        """The objections of one severity."""
        return tuple(each for each in self.objections if each.severity == severity)


def review(assessment: Assessment, thresholds: Thresholds | None = None) -> Review:
    """The objections to an assessment, in the light of its own scores."""
    return review_of(evaluate(assessment), thresholds)


def review_of(card: Scorecard, thresholds: Thresholds | None = None) -> Review:
    """The objections to an assessment that is scored already."""
    assessment = card.assessment
    case = Case(assessment, card, thresholds or Thresholds())
    standing, accepted = _sorted(assessment, _raised(case, OBJECTIONS))
    # Whether one is idle is known once all the others are sorted; that it is idle may be accepted, too.
    known = [each for each in assessment.accepted if each.code != _IDLE]
    idle = tuple(_idle(known, accepted))
    unused = () if idle else tuple(each for each in assessment.accepted if each.code == _IDLE)
    told = _sorted(assessment, _raised(evolve(case, idle=idle), [kind_of_code(_IDLE)]))
    misspent = _raised(evolve(case, idle=unused), [kind_of_code(_IDLE)])
    return Review(card, (*standing, *told[0], *misspent), (*accepted, *told[1]))


def _sorted(
    assessment: Assessment, raised: Iterable[Objection]
) -> tuple[list[Objection], list[tuple[Objection, Accepted]]]:
    """Those that stand, and those that are accepted with what accepts them."""
    standing: list[Objection] = []
    accepted: list[tuple[Objection, Accepted]] = []
    for objection in raised:
        by = next((each for each in assessment.accepted if each.covers(objection.code, objection.path)), None)
        if by is None and objection.answered:
            by = Accepted(objection.code, objection.answered, objection.path)
        if by is None:
            standing.append(objection)
        else:
            accepted.append((objection, by))
    return standing, accepted


def _raised(case: Case, kinds: Iterable[Kind]) -> Iterator[Objection]:
    for kind in kinds:
        for found in kind.check(case):
            yield Objection(kind, found.path, _titled(case, found.path), found.message, found.facts, found.answered)


def _titled(case: Case, path: str | None) -> Message | None:
    if path is None:
        return None
    node = case.card[path]
    return Message(node.called("zh"), node.called("en"))


def _idle(known: Iterable[Accepted], used: Iterable[tuple[Objection, Accepted]]) -> Iterator[Accepted]:
    """The accepted objections that cover none of those raised."""
    raised = [objection for objection, _ in used]
    for each in known:
        if not any(each.covers(objection.code, objection.path) for objection in raised):
            yield each
