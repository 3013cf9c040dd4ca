"""What check and review find in the rows of a table is what they find in each row alone."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pyarrow as pa
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from every_rule import framework, indicator
from perfeval import Assessment, Check, Fact, Framework, Indicator, PerfevalError
from perfeval.batch import compile
from perfeval.batch.findings import TABLE_OBJECTIONS, Findings
from perfeval.checking import relations
from perfeval.evaluate import evaluate
from perfeval.objections import review_of
from perfeval.rules import Awarded, Completion, Level, Rating, YesNo

OF = framework(
    indicator(
        "execution", 60, rule=Completion(target="≥100%"), actual="a / b", title="预算执行率", category="management"
    ),
    indicator("truth", 40, rule=YesNo(), actual="t"),
)
CHECKS = (
    Check("sum", "a == b + c"),
    Check("sum-loose", "a == b + c", tolerance="1"),
    Check("rate", "r == a / b"),
    Check("product", "a == b * c"),
    Check("share", "a == c / (b - 2)"),
    Check("at-least", "a >= b"),
    Check("more", "a - b > c"),
    Check("at-most", "a <= 2 * b - c"),
    Check("less", "a < b"),
    Check("differs", "a != b"),
    Check("twice", "2 * a == a + b"),
    Check("square", "a * a == b * c"),
    Check("both", "a >= c and r <= 100%"),
    Check("either", "a >= c or t"),
    Check("word", 'level == "好"'),
    Check("truth", "t == (a > b)"),
    Check("derived", "d == a"),
    Check("ratio-derived", "r == u"),
    Check("least", "a == min(b, c)"),
)
BASE = Assessment(
    OF,
    {"a": None, "b": None, "c": None, "d": Fact("d", formula="b + c"), "u": Fact("u", formula="a / c")},
    checks=CHECKS,
)


def found(of: Assessment, table: pa.Table) -> list[dict[str, str | None]]:
    """The columns of the checks."""
    findings = Findings(compile(of, language="en"))
    (batch,) = table.combine_chunks().to_batches()
    arrays, times, unchecked = findings.columns(batch, findings.scorer.table(batch))
    lines: list[dict[str, str | None]] = pa.RecordBatch.from_arrays(arrays, schema=findings.schema).to_pylist()
    for name, counts in (("checks", times), ("unchecked", unchecked)):
        codes = [code for line in lines for code in (line[name] or "").split()]
        assert {code: codes.count(code) for code in codes} == {code: count for code, count in counts.items() if count}
    return lines


def alone(of: Assessment, table: pa.Table) -> list[dict[str, str | None]]:
    """What `perfeval.checking` says of each row."""
    scorer = Findings(compile(of)).scorer
    lines: list[dict[str, str | None]] = []
    for row in range(table.num_rows):
        (batch,) = table.slice(row, 1).combine_chunks().to_batches()
        try:
            sheet = scorer.sheet(scorer.table(batch), 0)
        except PerfevalError:
            told: dict[str, list[str]] = {each.id: ["unknown"] for each in of.checks}
        else:
            told = {each.id: [finding.outcome for finding in relations(each, sheet)] for each in of.checks}
        lines.append(
            {
                "checks": " ".join(code for code, outcomes in told.items() if "differs" in outcomes) or None,
                "unchecked": " ".join(code for code, outcomes in told.items() if "unknown" in outcomes) or None,
            }
        )
    return lines


EDGES = ["0", "0.0", "1", "2", "3", "4", "1.5", "2.5", "2.0", "0.33", "0.3", "3.00", "6", "0.5", "-1", "-0.5"]
NUMBERS = st.one_of(st.sampled_from(EDGES), st.sampled_from(EDGES), st.decimals(-5, 5, places=2).map(str), st.none())
HUGE = st.one_of(NUMBERS, st.sampled_from(["1e18", "0.000001", "9007199254740993", "123456789012345678.25"]))
RATES = st.one_of(
    st.decimals(-50, 250, places=1).map(lambda each: f"{each}%"), st.sampled_from(["50%", "100%", "33%", "0%"])
)


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    rows = draw(st.integers(1, 6))

    def column(values: st.SearchStrategy[str | None]) -> list[str | None]:
        return draw(st.lists(values, min_size=rows, max_size=rows))

    columns: dict[str, pa.Array] = {}
    for name in ("a", "b", "c"):
        kind = draw(st.sampled_from(["text", "decimal", "integer", "double", "coded", "huge"]))
        texts = column(HUGE if kind == "huge" else NUMBERS)
        match kind:
            case "decimal":
                values = [None if each is None else Decimal(each) for each in texts]
                columns[name] = pa.array(values, pa.decimal128(12, 3))
            case "integer":
                columns[name] = pa.array([None if each is None else int(Decimal(each)) for each in texts], pa.int64())
            case "double":
                columns[name] = pa.array([None if each is None else Decimal(each).__float__() for each in texts])
            case "coded":
                columns[name] = pa.array(texts, pa.string()).dictionary_encode()
            case _:
                columns[name] = pa.array(texts, pa.string())
    columns["r"] = pa.array(column(RATES), pa.string())
    columns["level"] = pa.array(column(st.sampled_from(["好", "差", None])), pa.string())
    columns["t"] = pa.array(
        draw(st.lists(st.sampled_from([True, False, None]), min_size=rows, max_size=rows)), pa.bool_()
    )
    return pa.table(columns)


@given(tables())
def test_checks_find_in_columns_what_they_find_row_by_row(table: pa.Table) -> None:
    assert found(BASE, table) == alone(BASE, table)


def test_what_is_a_sum_or_a_quotient_is_not_checked_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("perfeval.batch.findings.relations")
    of = evolve(BASE, checks=[each for each in CHECKS if each.id not in ("square", "least")])
    rows = 1000
    table = pa.table(
        {
            "a": pa.array([Decimal(row) / 4 for row in range(rows)], pa.decimal128(12, 2)),
            "b": pa.array([f"{row}.5" for row in range(3, rows + 3)]),
            "c": pa.array(range(1, rows + 1)),
            "r": pa.array([f"{row % 100}%" for row in range(rows)]),
            "level": pa.array(["好"] * rows),
            "t": pa.array([True] * rows),
        }
    )
    assert len(found(of, table)) == rows


UNITS = {
    "money": (["1万元", "2.5万元", None, "10000元"], ["10000元", "2.50万元", "3万元", "9999.5元"]),
    "a length": (["1公里", "2米", "3米", "0米"], ["1万元", "2元", None, "0米"]),
    "counts": (["12人", "12.5人", "0人", "3人"], ["12人", "12人", "1人", "3.4人"]),
    "dates": (
        ["2023-12-31", "2023-01-01", None, "2023-06-01"],
        ["2023-12-31", "2023-01-02", "2023-01-02", "2023-06-01"],
    ),
    "what cannot be read": (["12x人", "about 3", "1", "2"], ["1", "2", "1", "?"]),
}


@pytest.mark.parametrize("what", UNITS)
def test_units_stand_between_figures_as_they_do_row_by_row(what: str) -> None:
    one, other = UNITS[what]
    of = Assessment(OF, checks=[Check("same", "a == b"), Check("ordered", "a >= b or a < b")])
    table = pa.table({"a": pa.array(one), "b": pa.array(other), "t": [True] * 4})
    assert found(of, table) == alone(of, table)


def test_a_check_of_the_framework_is_asked_where_the_table_has_its_facts() -> None:
    of = Assessment(evolve(OF, checks=[Check("rate", "r == a / b"), Check("elsewhere", "r == x / y")]))
    table = pa.table({"a": ["50", "60"], "b": ["100", "100"], "r": ["50%", "50%"], "t": [True, True]})
    findings = Findings(compile(of))
    (batch,) = table.to_batches()
    (differing, unchecked), times, _ = findings.columns(batch, findings.scorer.table(batch))
    assert differing.to_pylist() == [None, "rate"]
    assert unchecked.to_pylist() == [None, None]
    assert times == {"rate": 1, "elsewhere": 0}


def test_the_objections_are_those_of_a_review_of_each_row() -> None:
    of = Assessment(OF)
    table = pa.table(
        {
            "a": ["50", "130", "100", "95", "x", None],
            "b": ["100", "100", "100", "100", "100", "100"],
            "t": [True, True, True, False, True, True],
            "budget.initial": ["100", "50", "100", "100", "100", "100"],
            "budget.approved": ["100", "100", None, "100", "100", "100"],
        }
    )
    findings = Findings(compile(of), checks=False, review=True)
    (batch,) = table.to_batches()
    facts = findings.scorer.table(batch)
    (column,), times, _ = findings.columns(batch, facts)
    expected: list[str | None] = []
    for row in range(table.num_rows):
        if row == 4:  # cannot be read
            expected.append(None)
            continue
        sheet = findings.scorer.sheet(facts, row)
        objections = review_of(evaluate(evolve(of, facts=sheet))).objections
        codes = [each.code for each in objections if each.code in TABLE_OBJECTIONS]
        expected.append(" ".join(dict.fromkeys(codes)) or None)
    assert column.to_pylist() == expected
    assert expected[0] == "execution-low"
    assert expected[1] == "execution-over-100 budget-adjusted"
    assert times["execution-low"] == 1


# Which objections a row of a table can raise.

PLANTING = Framework(
    "planting",
    "植树",
    [
        Indicator(
            "execution",
            "预算执行率",
            Completion("≥100%"),
            10,
            "budget.executed / budget.approved",
            category="management",
        ),
        Indicator("trees", "植树棵数", Completion("≥1000棵"), 20, "trees", category="output.quantity"),
        Indicator("weeds", "除草面积", Completion("≥500亩"), 10, "weeds", category="output.quantity"),
        Indicator("alive", "树苗成活率", Completion("≥90%"), 10, "alive", category="output.quality"),
        Indicator("paid", "资金支出", Completion("≥100万元"), 20, "budget.executed", category="output.cost"),
        *(Indicator(f"judged{each}", f"制度{each}", Awarded(), 10, category="decision") for each in range(3)),
    ],
)
FINE = {
    "budget.initial": "100万元",
    "budget.executed": "100万元",
    "budget.approved": "100万元",
    "trees": "1010棵",
    "weeds": "500亩",
    "alive": "90%",
    "judged0": "9",
    "judged1": "10",
    "judged2": "10",
}
LEVELS = (Level("好", share="100%"), Level("差", share="0%"))
RATED = Framework(
    "rated",
    "评定",
    [
        Indicator(f"judged{place}", f"制度{place}", Rating(levels=LEVELS), points, category="decision")
        for place, points in enumerate((40, 30, 30))
    ],
)
RAISED_BY: dict[str, tuple[Framework, dict[str, str | bool]]] = {
    "row-in-error": (PLANTING, {"trees": "3万元"}),
    "execution-over-100": (PLANTING, {"budget.executed": "101万元"}),
    "execution-low": (PLANTING, {"budget.executed": "50万元"}),
    "budget-adjusted": (PLANTING, {"budget.initial": "50万元"}),
    "spending-against-results": (PLANTING, {"trees": "10棵", "weeds": "5亩"}),
    "rate-above-100": (PLANTING, {"alive": "101%"}),
    "negative-count": (PLANTING, {"trees": "-1000棵"}),
    "over-completion": (PLANTING, {"weeds": "5000亩"}),
    "all-actuals-equal": (PLANTING, {"trees": "1000棵"}),
    "all-ratings-top": (RATED, {f"judged{place}.level": "好" for place in range(3)}),
    "one-loss-twice": (PLANTING, {"budget.executed": "99万元"}),
    "assumed-points": (PLANTING, {"trees.assumed": True, "weeds.assumed": True}),
}


def raised(of: Framework, row: Mapping[str, str | bool]) -> set[str]:
    """What is objected to in a table of one row."""
    findings = Findings(compile(of), checks=False, review=True)
    (batch,) = pa.table({name: [value] for name, value in row.items()}).to_batches()
    (column,), _, _ = findings.columns(batch, findings.scorer.table(batch))
    return set((column[0].as_py() or "").split())


def test_the_fine_row_raises_nothing() -> None:
    assert raised(PLANTING, FINE) == set()


@pytest.mark.parametrize("code", TABLE_OBJECTIONS)
def test_each_objection_of_a_table_can_be_raised_on_a_row(code: str) -> None:
    of, row = RAISED_BY[code]
    assert code in raised(of, row if of is RATED else {**FINE, **row})


def test_what_the_assessment_accepts_is_not_raised() -> None:
    from perfeval import Accepted

    of = Assessment(OF, accepted=[Accepted("execution-low", "known")])
    findings = Findings(compile(of), checks=False, review=True)
    (batch,) = pa.table({"a": ["50"], "b": ["100"], "t": [True]}).to_batches()
    (column,), _, _ = findings.columns(batch, findings.scorer.table(batch))
    assert column.to_pylist() == [None]
