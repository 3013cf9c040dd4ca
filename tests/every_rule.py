"""Frameworks for tests: short constructors, and one framework that holds every kind of rule, with strategies for its facts."""

from __future__ import annotations

from typing import Literal

from hypothesis import strategies as st

from perfeval import Adjustment, Dimension, Fact, FactSheet, Framework, Grade, Indicator, Limit, Rounding
from perfeval.facts import Given
from perfeval.framework import Node, NotApplicable
from perfeval.loading.structure import structured
from perfeval.rules import Awarded

GRADES = (Grade("优", 90, "excellent", ("优秀",)), Grade("良", 80), Grade("中", 60), Grade("差", 0))


def indicator(name: str, points: object, **more: object) -> Indicator:
    settings: dict[str, object] = {"rule": Awarded(), "category": "decision", "title": name, **more}
    return Indicator(id=name, points=points, **settings)  # type: ignore[arg-type]


def framework(*tree: Node, points: object = 100, **more: object) -> Framework:
    return Framework(id="test", title="test", tree=tree, points=points, grades=GRADES, **more)  # type: ignore[arg-type]


# Every kind of rule at once.

RULES: dict[str, dict[str, object]] = {
    "completion": {"rule": {"kind": "completion", "target": "≥10"}, "actual": "a"},
    "least": {"rule": {"kind": "completion", "target": "≤5", "decline": "deviation"}, "actual": "b"},
    "truth": {"rule": {"kind": "yes-no"}, "actual": "t"},
    "bands": {"rule": {"kind": "bands", "bands": [["≥9", "100%"], ["≥6", 3]], "otherwise": 1}, "actual": "c"},
    "linear": {"rule": {"kind": "linear", "through": [["2", "0%"], ["8", "100%"]]}, "actual": "a"},
    "deduct": {"rule": {"kind": "deduct", "beyond": 3, "each": 2, "minus": "20%", "partial": "up"}, "actual": "b"},
    "checklist": {"rule": {"kind": "checklist", "items": [{"when": "t"}, {"when": "a > b"}, {"when": "c == 0"}]}},
    "items": {
        "rule": {"kind": "share-of-items", "within": "30%", "items": [{"actual": "a", "target": "b"}]},
        "not_applicable": "full",
        "applies": "c > 2",
    },
    "schedule": {
        "rule": {
            "kind": "schedule",
            "by": [{"at": "x", "actual": "a", "reach": "≥5"}, {"at": "y", "actual": "b", "reach": "≥9"}],
            "pro_rata": True,
        }
    },
    "rating": {
        "rule": {"kind": "rating", "levels": [{"name": "达成", "share": "100%"}, {"name": "未达成", "share": "0%"}]},
        "actual": "judged",
    },
    "formula": {"rule": {"kind": "formula", "award": "points * a / b"}, "bonus_up_to": 2},
    "awarded": {"rule": {"kind": "awarded"}, "actual": "c", "applies": "t"},
    "best": {
        "rule": {
            "kind": "best-of",
            "alternatives": [{"kind": "completion", "target": "≥10", "actual": "a"}, {"kind": "yes-no", "when": "t"}],
        }
    },
    "panel": {"rule": {"kind": "panel", "raters": ["a", "b", "c"], "out_of": 12}, "applies": "b > 1"},
}


def every_rule(policy: Literal["rescale", "full", "zero"], rounding: tuple[Rounding, ...]) -> Framework:
    leaves = [
        structured({"id": name, "title": name, "points": 10, "category": "decision", **table}, Indicator)
        for name, table in RULES.items()
    ]
    return framework(
        Dimension("gated", "gated", tuple(leaves[:4]), requires="a < 11"),
        Dimension("weighed", "weighed", tuple(leaves[4:8]), scale=40, weight="25%"),
        *leaves[8:],
        indicator("rest", 5),
        points=140,
        rounding=rounding,
        not_applicable=policy,
        adjustments=(Adjustment("penalty", "penalty", "0 - c / (b - 1)", at_least=-5),),
        limits=(Limit("veto", "a > 9 and t", at_most=60, grade_at_most="差"),),
    )


WRITTEN = st.one_of(st.sampled_from(["0", "1", "2", "5", "10", "12"]), st.decimals(0, 12, places=2).map(str))
NUMBERS = st.one_of(st.none(), WRITTEN)
JUDGED: list[tuple[str | None, str | None]] = [("达成", "100%"), ("未达成", "0%"), ("未达成", "5%")]
GAPPED = st.builds(
    lambda a, b, c, t, judged, rest: sheet_of(a, b, c, t, judged, rest),
    NUMBERS,
    NUMBERS,
    NUMBERS,
    st.one_of(st.none(), st.booleans()),
    st.sampled_from([*JUDGED, ("未达成", None), (None, None)]),
    NUMBERS,
)
COMPLETE = st.builds(
    lambda a, b, c, t, judged, rest: sheet_of(a, b, c, t, judged, rest),
    WRITTEN,
    WRITTEN.filter(lambda written: written != "1"),  # the penalty divides by b - 1
    WRITTEN,
    st.booleans(),
    st.sampled_from(JUDGED),
    WRITTEN,
)
EVERYTHING = st.one_of(COMPLETE, GAPPED)
"""Of those with gaps alone, hardly one has a total."""
POLICIES: st.SearchStrategy[NotApplicable] = st.sampled_from(["rescale", "full", "zero"])
MODES = st.sampled_from([(), (Rounding("each", 1, "half-even"),), (Rounding("total", 0, "up"), Rounding("rate", 0))])


def sheet_of(
    a: str | None, b: str | None, c: str | None, t: bool | None, judged: tuple[str | None, str | None], rest: str | None
) -> FactSheet:
    level, share = judged
    facts: dict[str, Given] = {"a": a, "b": b, "c": c, "t": t, "judged.share": share, "rest": rest}
    return FactSheet({**facts, "judged.level": Fact("judged.level", level)})
