"""Everything that is found of an assessment as one JSON object: its scores, and what check, audit and review say."""

from __future__ import annotations

from perfeval.auditing import audit
from perfeval.checking import check
from perfeval.errors import Language
from perfeval.objections import review_of
from perfeval.report.auditing import audit_data
from perfeval.report.checking import checked_data
from perfeval.report.data import Json, scorecard_data
from perfeval.report.review import review_data
from perfeval.scorecard import Scorecard

__all__ = ["whole_data"]


def whole_data(file: str, card: Scorecard, language: Language) -> dict[str, Json]:
    """What the commands `score`, `check`, `audit` and `review` answer with ``--format json``, each under its name.

    Args:
        file: as the review names it.
    """
    assessment = card.assessment
    return {
        "score": scorecard_data(card, language),
        "check": checked_data(assessment, check(assessment), language),
        "audit": audit_data(audit(assessment), language),
        "review": review_data(file, review_of(card), language),
    }
