"""For tests of frameworks and of programs that use perfeval: Hypothesis strategies, and the laws that rules keep.

Needs ``pip install 'perfeval[testing]'``.
"""

from __future__ import annotations

from perfeval.laws import LAWS, Answer, Broken, Judged, Law, judge
from perfeval.testing.strategies import (
    FAULTS,
    KINDS,
    UNLAWFUL,
    assessments,
    facts,
    frameworks,
    published_tables,
    quantities,
    rules,
    targets,
)
from perfeval.testing.written import Written

__all__ = [
    "FAULTS",
    "KINDS",
    "LAWS",
    "UNLAWFUL",
    "Answer",
    "Broken",
    "Judged",
    "Law",
    "Written",
    "assessments",
    "facts",
    "frameworks",
    "judge",
    "published_tables",
    "quantities",
    "rules",
    "targets",
]
