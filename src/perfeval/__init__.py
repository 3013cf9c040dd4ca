"""perfeval scores performance self-evaluations (预算绩效自评), exactly, with a reason for every point."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from perfeval.assessment import Assessment, Published, Remark, Subject
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
    from perfeval.loading import catalogue_ids, load, load_framework

__version__ = "0.1.0"

__all__ = [
    "Adjustment",
    "Assessment",
    "Audit",
    "Bounds",
    "Check",
    "Checked",
    "DefinitionError",
    "Dimension",
    "Fact",
    "FactSheet",
    "Finding",
    "FormulaError",
    "Framework",
    "Grade",
    "Indicator",
    "Limit",
    "LoadError",
    "Message",
    "NodeScore",
    "PerfevalError",
    "Place",
    "Problem",
    "Published",
    "Quantity",
    "QuantityError",
    "Remark",
    "Rounding",
    "Scorecard",
    "Scorer",
    "Statement",
    "Step",
    "Subject",
    "Target",
    "audit",
    "bounds",
    "catalogue_ids",
    "check",
    "evaluate",
    "load",
    "load_framework",
    "quantity",
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
}


def __getattr__(name: str) -> object:
    """What only some need is imported when it is asked for: those who score what they built do not wait for a TOML parser."""
    if name in _LATER:
        return getattr(import_module(f"perfeval.{_LATER[name]}"), name)
    raise AttributeError(f"module 'perfeval' has no attribute {name!r}")
