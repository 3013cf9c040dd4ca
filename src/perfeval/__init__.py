"""perfeval scores performance self-evaluations (预算绩效自评), exactly, with a reason for every point."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from perfeval.assessment import Assessment, Published, Remark, Subject
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

__version__ = "0.1.0"

__all__ = [
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
    "Step",
    "Subject",
    "Target",
    "catalogue_ids",
    "evaluate",
    "load",
    "load_framework",
    "quantity",
    "target",
]

_FROM_FILES = ("catalogue_ids", "load", "load_framework")


def __getattr__(name: str) -> object:
    """Reading files brings in the TOML parser and cattrs; those who score what they built do not wait for them."""
    if name in _FROM_FILES:
        return getattr(import_module("perfeval.loading"), name)
    raise AttributeError(f"module 'perfeval' has no attribute {name!r}")
