"""The laws that rules of scoring keep, asked of a framework: proved where a rule is piecewise in one fact, else tried.

Each law is one function, from an indicator (a `Probe`) or from a framework and a sheet of facts, to what breaks it.
"""

from __future__ import annotations

from perfeval.laws.found import Answer, Broken, How, Law
from perfeval.laws.judging import Judged, judge
from perfeval.laws.registry import LAWS

__all__ = ["LAWS", "Answer", "Broken", "How", "Judged", "Law", "judge"]
