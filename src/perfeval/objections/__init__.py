"""The objections a finance bureau raises against a self-evaluation (自评质量审核), as rules with codes.

Each kind is one function from a `Case` (an assessment with its scorecard) to what it finds; `OBJECTIONS` lists them all.
"""

from __future__ import annotations

from perfeval.objections.case import Case, Row
from perfeval.objections.found import SEVERITIES, Found, Kind, Objection, Severity
from perfeval.objections.registry import OBJECTIONS
from perfeval.objections.reviewing import Review, review, review_of
from perfeval.objections.tally import Frequency, tally
from perfeval.objections.thresholds import Thresholds

__all__ = [
    "OBJECTIONS",
    "SEVERITIES",
    "Case",
    "Found",
    "Frequency",
    "Kind",
    "Objection",
    "Review",
    "Row",
    "Severity",
    "Thresholds",
    "review",
    "review_of",
    "tally",
]
