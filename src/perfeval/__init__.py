"""perfeval scores performance self-evaluations (预算绩效自评), exactly, with a reason for every point."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from perfeval.assessment import Accepted, Assessment, Published, Remark, Subject
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
from perfeval.facts import Fact, FactSheet
from perfeval.framework import Adjustment, Dimension, Framework, Grade, Indicator, Limit, Rounding
from perfeval.quantity import Quantity, Target, quantity, target
from perfeval.scorecard import NodeScore, Scorecard, Step

if TYPE_CHECKING:
    from perfeval.loading import catalogue_ids, load, load_framework
    from perfeval.objections import Objection, Review, Thresholds, review

__version__ = "0.1.0"

__all__ = [
    "Accepted",
    "Adjustment",
    "Assessment",
    "DefinitionError",
    "Dimension",
    "Fact",
    "FactSheet",
    "FormulaError",
    "Framework",
    "Grade",
    "Indicator",
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
    "Step",
    "Subject",
    "Target",
    "Thresholds",
    "catalogue_ids",
    "evaluate",
    "load",
    "load_framework",
    "quantity",
    "review",
    "target",
]

_ON_DEMAND = {
    **dict.fromkeys(("catalogue_ids", "load", "load_framework"), "perfeval.loading"),
    **dict.fromkeys(("Objection", "Review", "Thresholds", "review"), "perfeval.objections"),
}


def __getattr__(name: str) -> object:
    """Reading files brings in the TOML parser and cattrs; those who score what they built do not wait for them."""
    if name in _ON_DEMAND:
        return getattr(import_module(_ON_DEMAND[name]), name)
    raise AttributeError(f"module 'perfeval' has no attribute {name!r}")
