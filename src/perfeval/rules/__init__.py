"""The scoring rules (赋分规则): each is its parameters and one expression.

A rule knows no interpreter. ``award(points, actual)`` is the expression of the points earned, before clipping and
rounding, which the framework decides. Where a rule's wording comes from an official document, its number is given.
"""

from __future__ import annotations

from perfeval.rules.aims import aim, aim_text, is_judgement
from perfeval.rules.combined import (
    RULES,
    Alternative,
    BestOf,
    Formula,
    RollUp,
    Rule,
    faults,
    share_of_part,
    weight_of_part,
)
from perfeval.rules.counted import Checklist, Checkpoint, CountedItem, Item, Schedule, ShareOfItems
from perfeval.rules.judged import Awarded, Level, Panel, Rating
from perfeval.rules.measured import Band, Bands, Completion, Deduct, Linear, Over, YesNo
from perfeval.rules.reading import Amount, amount, formula, ratio

__all__ = [
    "RULES",
    "Alternative",
    "Amount",
    "Awarded",
    "Band",
    "Bands",
    "BestOf",
    "Checklist",
    "Checkpoint",
    "Completion",
    "CountedItem",
    "Deduct",
    "Formula",
    "Item",
    "Level",
    "Linear",
    "Over",
    "Panel",
    "Rating",
    "RollUp",
    "Rule",
    "Schedule",
    "ShareOfItems",
    "YesNo",
    "aim",
    "aim_text",
    "amount",
    "faults",
    "formula",
    "is_judgement",
    "ratio",
    "share_of_part",
    "weight_of_part",
]
