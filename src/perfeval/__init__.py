"""perfeval scores performance self-evaluations (预算绩效自评), exactly, with a reason for every point."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from perfeval.assessment import Accepted, Assessment, LeftOut, Published, Remark, Subject
from perfeval.checks import Check
from perfeval.errors import (
    DefinitionError,
    FormulaError,
    LoadError,
    Message,
    PerfevalError,
    Place,
    Problem,
    QuantityError,
)
from perfeval.evaluate import Scorer, evaluate
from perfeval.facts import Fact, FactSheet, Statement
from perfeval.framework import Adjustment, Dimension, Framework, Grade, Indicator, Limit, Rounding
from perfeval.quantity import Quantity, Target, quantity, target
from perfeval.scorecard import NodeScore, Scorecard, Step

if TYPE_CHECKING:
    from perfeval.auditing import Audit, audit
    from perfeval.bounding import Bounds, bounds
    from perfeval.checking import Checked, Finding, check
    from perfeval.comparing import Comparison, compare
    from perfeval.laws import Judged, judge
    from perfeval.loading import catalogue_ids, load, load_framework
    from perfeval.objections import Objection, Review, Thresholds, review

__version__ = "1.0.0"

__all__ = [
    "Accepted",
    "Adjustment",
    "Assessment",
    "Audit",
    "Bounds",
    "Check",
    "Checked",
    "Comparison",
    "DefinitionError",
    "Dimension",
    "Fact",
    "FactSheet",
    "Finding",
    "FormulaError",
    "Framework",
    "Grade",
    "Indicator",
    "Judged",
    "LeftOut",
    "Limit",
    "LoadError",
    "Message",
    "NodeScore",
    "Objection",
    "PerfevalError",
    "Place",
    "Problem",
    "Published",
    "Quantity",
    "QuantityError",
    "Remark",
    "Review",
    "Rounding",
    "Scorecard",
    "Scorer",
    "Statement",
    "Step",
    "Subject",
    "Target",
    "Thresholds",
    "audit",
    "bounds",
    "catalogue_ids",
    "check",
    "compare",
    "evaluate",
    "judge",
    "load",
    "load_framework",
    "quantity",
    "review",
    "target",
]

_LATER = {
    "catalogue_ids": "loading",
    "load": "loading",
    "load_framework": "loading",
    "Audit": "auditing",
    "audit": "auditing",
    "Bounds": "bounding",
    "bounds": "bounding",
    "Checked": "checking",
    "Finding": "checking",
    "check": "checking",
    "Comparison": "comparing",
    "compare": "comparing",
    "Judged": "laws",
    "judge": "laws",
    "Objection": "objections",
    "Review": "objections",
    "Thresholds": "objections",
    "review": "objections",
}


def __getattr__(name: str) -> object:
    """What only some need is imported when it is asked for: those who score what they built do not wait for a TOML parser."""
    if name in _LATER:
        return getattr(import_module(f"perfeval.{_LATER[name]}"), name)
    raise AttributeError(f"module 'perfeval' has no attribute {name!r}")
