"""The codes of the objections a review may raise, and of the laws a rule keeps: the names by which files accept them.

They stand apart from what raises them, so that loading can refuse a misspelt one.
"""

from __future__ import annotations

from typing import Final

__all__ = ["LAW_CODES", "OBJECTION_CODES"]

OBJECTION_CODES: Final[tuple[str, ...]] = (
    "stated-sum",
    "level-sum",
    "score-missing",
    "points-not-100",
    "stated-above-points",
    "stated-not-applicable",
    "target-met-points-lost",
    "target-missed-full-points",
    "stated-outside-level",
    "stated-off-rule",
    "score-rounded",
    "unequal-treatment",
    "row-in-error",
    "far-from-published",
    "total-off-rule",
    "raters-far-apart",
    "grade-mismatch",
    "bare-total",
    "published-blank",
    "execution-score",
    "execution-over-100",
    "execution-low",
    "execution-points",
    "budget-adjusted",
    "spending-against-results",
    "no-actual",
    "actual-is-words",
    "actual-copies-target",
    "rate-above-100",
    "negative-count",
    "sign-contradicts",
    "over-completion",
    "all-actuals-equal",
    "weight-as-value",
    "target-changed",
    "wrong-category",
    "vague-indicator",
    "bare-rate",
    "no-quantitative-output",
    "cost-missing",
    "heavy-indicator",
    "mixed-money-units",
    "year-mismatch",
    "lost-without-reason",
    "idle-reason",
    "full-marks-beside-problems",
    "all-ratings-top",
    "satisfaction-without-survey",
    "one-fact-many-points",
    "one-loss-twice",
    "assumed-points",
    "facts-without-source",
    "accepted-without-cause",
)
"""In the order of docs/review.md."""

LAW_CODES: Final[tuple[str, ...]] = (
    "bounded",
    "monotone",
    "full",
    "zero",
    "continuous",
    "bands",
    "reachable",
    "units",
    "order",
    "sums",
    "interpreters",
)
"""In the order of docs/testing.md."""
