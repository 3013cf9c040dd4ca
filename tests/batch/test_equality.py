"""A table's scores are those of the exact scorer, row by row: every node, status, message, total and grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from every_rule import GRADES, MODES, POLICIES, every_rule
from perfeval import Adjustment, Assessment, Dimension, Fact, FactSheet, Framework, Limit, Rounding, batch
from perfeval.batch import compile
from perfeval.batch.output import ratio_text
from perfeval.evaluate import Scorer
from perfeval.facts import Given
from perfeval.framework import Indicator, NotApplicable
from perfeval.loading.structure import structured

Row = Mapping[str, "str | bool | Decimal | None"]
WORDS = ("judged.level",)


def text(value: object) -> str | None:
    return None if value is None else ratio_text(value) if isinstance(value, Fraction) else str(value)


@cache
def both(of: Framework | Assessment) -> tuple[Scorer, batch.Scorer]:
    """The exact scorer and the batch scorer, each made once."""
    assessment = of if isinstance(of, Assessment) else Assessment(of)
    return Scorer(assessment), compile(of, detail="indicators", language="en")


def expected(of: Framework | Assessment, rows: Sequence[Row]) -> list[dict[str, str | None]]:
    """What the exact scorer says, as text."""
    scorer, _ = both(of)
    assessment, found = scorer.assessment, []
    for row in rows:
        facts: dict[str, Given] = dict(assessment.facts.facts)
        facts |= {name: Fact(name, value) if name in WORDS else value for name, value in row.items()}  # type: ignore[arg-type]
        card = scorer(FactSheet(facts))
        line = {
            "score": text(card.score),
            "grade": None if card.grade is None else card.grade.name,
            "message": None if card.message is None else card.message.en,
        }
        for node in card:
            line[f"{node.path}.score"] = text(node.score)
            line[f"{node.path}.status"] = node.status
            line[f"{node.path}.message"] = None if node.message is None else node.message.en
        found.append(line)
    return found


def scored(of: Framework | Assessment, table: pa.Table) -> list[dict[str, str | None]]:
    """What the batch scorer says of the same, as text."""
    _, scorer = both(of)
    lines = scorer(table).to_pylist()
    return [
        {
            name: ratio_text(Fraction(value)) if isinstance(value, Decimal) else value
            for name, value in line.items()
            if name not in ("status", "details", "assumed_points")
        }
        for line in lines
    ]


def table(rows: Sequence[Row]) -> pa.Table:
    """Truths as such, all else as text."""
    columns = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        truths = any(isinstance(value, bool) for value in values)
        columns[name] = pa.array(values, pa.bool_() if truths else pa.string())
    return pa.table(columns)


EDGES = ["0", "1", "2", "3", "5", "6", "8", "9", "10", "11", "12", "1.5", "2.5", "0.125", "9.005", "4.995", "0.005"]
WRITTEN = st.one_of(
    st.sampled_from(EDGES),
    st.decimals(0, 12, places=2).map(str),
    st.sampled_from(["0.000000000001", "1e18", "-1e18", "1e-12", "-0.01", "-5", "3.333333333333", "9007199254740993"]),
    st.decimals(-(10**18), 10**18, places=6).map(str),
)
NUMBERS = st.one_of(WRITTEN, WRITTEN, WRITTEN, st.none())
LEVELS = st.sampled_from(
    [("达成", "100%"), ("未达成", "0%"), ("未达成", "5%"), ("未达成", None), (None, None), ("?", "1%")]
)


@st.composite
def rows(draw: st.DrawFn, numbers: st.SearchStrategy[str | None] = NUMBERS) -> list[Row]:
    found: list[Row] = []
    for _ in range(draw(st.integers(1, 8))):
        level, share = draw(LEVELS)
        found.append(
            {
                "a": draw(numbers),
                "b": draw(numbers),
                "c": draw(numbers),
                "t": draw(st.sampled_from([True, False, True, False, None])),
                "judged.level": level,
                "judged.share": share,
                "rest": draw(numbers),
            }
        )
    return found


cached = cache(every_rule)


@given(POLICIES, MODES, rows())
def test_every_rule_on_any_facts(policy: NotApplicable, rounding: tuple[Rounding, ...], given: list[Row]) -> None:
    of = cached(policy, rounding)
    assert scored(of, table(given)) == expected(of, given)


@given(POLICIES, rows(st.sampled_from(EDGES)))
def test_every_rule_on_ties_and_edges(policy: NotApplicable, given: list[Row]) -> None:
    of = cached(policy, (Rounding("each", 2), Rounding("rate", 1)))
    assert scored(of, table(given)) == expected(of, given)


# Frameworks that attack: everything lies on a tie or an edge, or one operation magnifies the error of another.


@cache
def attack(*formulas: str, rounding: tuple[Rounding, ...] = (Rounding("each", 2),)) -> Framework:
    rules = [{"rule": {"kind": "formula", "award": formula}} for formula in formulas]
    leaves = [
        structured({"id": f"i{index}", "title": f"i{index}", "points": 10, "category": "decision", **rule}, Indicator)
        for index, rule in enumerate(rules)
    ]
    return Framework(
        id="attack", title="attack", tree=(Dimension("all", "all", tuple(leaves)),), points=10 * len(rules),
        rounding=rounding, grades=GRADES,
        limits=(Limit("edge", "a / b >= 1", at_most="7.5"),),
        adjustments=(Adjustment("extra", "extra", "a / c - b", at_least=-3, at_most=3),),
    )  # fmt: skip


FORMULAS = [
    "a / b * c / 3",
    "(a - b) / (b - c)",
    "1 / (a / b - c / b)",
    "min(a, b, c) / max(a, b, c) * 10",
    "abs(a / b - c / b) * 5",
    "if(a / b == c / b, 10, a)",
    "if(a / b > c / b or a / c > 1, 10, a / 7)",
    "round(a / b, 0) + round(b / 3, 1)",
    "a * b * c / 100",
    "(a + b / 3) / (c + 1 / 7)",
    "if(a > b and b / c > 2 or not t, 5, 2.5)",
    "ceil(a / b) + floor(c / 3)",
    "10 - 2 * ceil(max(0, a / b - 1) / 0.05)",
    "floor(3 * min(2, max(0.5, a / b)) / c)",
    "ceil(-4 * min(a / b, 1)) + floor(max(a, b / c) * 0)",
]


@given(
    st.lists(st.sampled_from(FORMULAS), min_size=1, max_size=3),
    st.sampled_from([(Rounding("each", 2),), (Rounding("each", 0, "half-even"),), (Rounding("each", 1, "up"),),
                     (Rounding("each", 1, "floor"), Rounding("total", 0, "down")), (), (Rounding("total", 3, "ceil"),)]),
    rows(),
)  # fmt: skip
def test_formulas_that_magnify_errors(formulas: list[str], rounding: tuple[Rounding, ...], given: list[Row]) -> None:
    of = attack(*formulas, rounding=rounding)
    given = [{name: row[name] for name in ("a", "b", "c", "t")} for row in given]
    assert scored(of, table(given)) == expected(of, given)


@pytest.mark.parametrize("text", FORMULAS)
def test_the_attacking_formulas_are_formulas(text: str) -> None:
    attack(text)


def test_an_indicator_that_does_not_apply_for_want_of_a_divisor_holds_no_row_up() -> None:
    """Found on cn/mof-2013/department, where nothing paid out in advance left no figure of machine numbers in its row."""
    one = {"id": "one", "title": "one", "points": 30, "actual": "a / b", "applies": "b > 0"}
    two = {"id": "two", "title": "two", "points": 70, "actual": "c"}
    leaves = [
        structured({**one, "rule": {"kind": "completion", "target": ">=100%"}}, Indicator),
        structured({**two, "rule": {"kind": "completion", "target": ">=7"}}, Indicator),
    ]
    tree = (Dimension("all", "all", tuple(leaves), category="decision"),)
    of = Framework("rest", "rest", tree, 100, rounding=(Rounding("each", 2),))
    given: list[Row] = [{"a": a, "b": b, "c": c} for a, b, c in (("0", "0", "5"), ("0", "0", "7"), ("1", "2", "7"))]
    assert scored(of, table(given)) == expected(of, given)
    (batch,) = table(given).to_batches()
    assert both(of)[1].counted(batch)[1].singly == 0
