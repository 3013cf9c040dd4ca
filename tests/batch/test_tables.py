"""Tables in and out: types, units, empty and unreadable cells, assumptions, and frames of other libraries."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from test_equality import rows, table

from every_rule import MODES, POLICIES, every_rule, framework, indicator
from perfeval import Assessment, Check, Dimension, Fact, Rounding, evaluate
from perfeval.batch import Scorer, compile
from perfeval.batch.cells import Header, cells_of
from perfeval.batch.findings import Findings
from perfeval.batch.rows import ScoredRows, Table
from perfeval.errors import DefinitionError, PerfevalError
from perfeval.facts import Given, read_value
from perfeval.framework import Framework, NotApplicable
from perfeval.quantity import Quantity, unit_named
from perfeval.rules import Completion, Formula, RollUp, YesNo

PAID = framework(
    indicator("paid", 60, rule=Completion(target="≥100%"), actual="budget.executed / budget.approved"),
    indicator("trees", 40, rule=Completion(target="≥1000棵")),
)


def line(of: Framework | Assessment, columns: Mapping[str, object], **options: object) -> dict[str, object]:
    """What becomes of a table of one row."""
    scorer = compile(of, language="en", **options)  # type: ignore[arg-type]
    (found,) = scorer(
        pa.table({name: each if isinstance(each, pa.Array) else [each] for name, each in columns.items()})
    ).to_pylist()
    return dict(found)


# What a column may hold.

TYPED = {
    "a decimal": pa.array([Decimal("950.00")], pa.decimal128(18, 2)),
    "a wide decimal": pa.array([Decimal("950.00")], pa.decimal256(60, 2)),
    "an integer": pa.array([950], pa.int32()),
    "an unsigned integer": pa.array([950], pa.uint64()),
    "text": pa.array(["950"]),
    "text with a unit": pa.array(["950 棵"]),
    "text with a comma": pa.array(["0,950"]),
    "large text": pa.array(["950.0"], pa.large_string()),
    "a dictionary": pa.array(["950"]).dictionary_encode(),
    "a double": pa.array([950.0]),
    "a single": pa.array([950.0], pa.float32()),
}


@pytest.mark.parametrize("what", TYPED)
def test_a_figure_is_read_from_any_type_that_writes_it(what: str) -> None:
    found = line(PAID, {"budget.executed": "1", "budget.approved": "1", "trees": TYPED[what]})
    assert found["score"] == Decimal("98.00"), found


@given(st.floats(allow_nan=False, allow_infinity=False) | st.decimals(-(10**6), 10**6, places=2).map(float))
def test_a_float_is_the_shortest_decimal_that_prints_it(value: float) -> None:
    cells = cells_of(pa.array([value, 0.5]), Header("a"))
    try:
        expected = read_value(Decimal(repr(value)))
    except PerfevalError:
        assert 0 in cells.refused
        return
    assert isinstance(expected, Quantity)
    assert cells.value(0) == expected
    if cells.near is None and (cells.state is None or not cells.state[0]):
        assert int(cells.whole[0]) * cells.unit == expected.value


@pytest.mark.parametrize("unit", ["万元", "%", "棵", "元/亩", " 人"])
@given(st.lists(st.none() | st.decimals(-(10**6), 10**6, places=3).map(str), min_size=1, max_size=5))
def test_a_column_of_text_with_one_unit_is_read_at_once(unit: str, numbers: list[str | None]) -> None:
    cells = cells_of(pa.array([each and each + unit for each in numbers], pa.string()), Header("a"))
    assert not cells.refused
    for row, each in enumerate(numbers):
        expected = read_value(each and each + unit)
        assert cells.value(row) == expected
        if isinstance(expected, Quantity):
            assert cells.kinds == (expected.kind,)
            assert int(cells.whole[row]) * cells.unit == expected.value


@given(st.lists(st.floats(-1e6, 1e6).map(lambda value: value / 3), min_size=1, max_size=6), st.booleans())
def test_floats_of_many_digits_are_scored_as_the_decimals_that_print_them(values: list[float], met: bool) -> None:
    given = pa.table(
        {"budget.executed": values, "budget.approved": values if met else [3.0] * len(values), "trees": values}
    )
    found = compile(PAID, detail="indicators", language="en")(given).to_pylist()
    for value, row in zip(values, found, strict=True):
        amount = Decimal(repr(value))
        try:
            facts = {"budget.executed": amount, "budget.approved": amount if met else 3, "trees": amount}
            card = evaluate(Assessment(PAID, facts))
        except PerfevalError:
            assert row["status"] == "error"
            continue
        assert row["score"] == (None if card.score is None else Decimal(card.score.numerator) / card.score.denominator)
        assert row["message"] == (None if card.message is None else card.message.en)


CELLS = st.one_of(
    st.none(), st.sampled_from(["", " ", "是", "no", "12万元", "3.5", "95%", "abc", "1e3", "12,000", "９", "0.0000001", "1e25"]),
    st.decimals(-(10**20), 10**20, places=4).map(str),
)  # fmt: skip


@given(st.lists(CELLS, min_size=1, max_size=6), st.sampled_from(["", "万元", "%", "亩"]))
def test_text_is_read_as_a_fact_of_a_file_is(values: list[str | None], unit: str) -> None:
    cells = cells_of(pa.array(values, pa.string()), Header("a", unit_named(unit) if unit else None))
    for row, value in enumerate(values):
        try:
            expected = read_value(value, unit)
        except PerfevalError as error:
            assert cells.refused[row] == error.problems[0].message
            continue
        assert cells.value(row) == expected
        decided = cells.state is None or not cells.state[row]
        if cells.sort == "number" and decided:
            assert isinstance(expected, Quantity)
            assert int(cells.whole[row]) * cells.unit == expected.value
            code = cells.kind_codes if isinstance(cells.kind_codes, int) else int(cells.kind_codes[row])
            assert cells.kinds[code - 1] == expected.kind


@given(st.lists(st.none() | st.integers(-(10**37), 10**37), min_size=1, max_size=5), st.integers(0, 6))
def test_a_decimal_is_its_own_digits(units: list[int | None], places: int) -> None:
    values = [None if each is None else Decimal(each).scaleb(-places) for each in units]
    cells = cells_of(pa.array(values, pa.decimal128(38, places)), Header("a"))
    for row, each in enumerate(units):
        decided = cells.state is None or not cells.state[row]
        assert decided == (each is not None and abs(each) < 2**62)
        if decided and each is not None:
            assert int(cells.whole[row]) * cells.unit == Fraction(each, 10**places)


def test_a_column_is_read_where_it_begins_in_its_buffers() -> None:
    column = pa.array([Decimal(7), None, Decimal(3), Decimal(4)], pa.decimal128(18, 0)).slice(1)
    assert cells_of(column, Header("a")).whole.tolist() == [0, 3, 4]


def test_dates_are_dates() -> None:
    of = framework(indicator("opened", 100, rule=Completion(target="≤2023-09-30")))
    for value in (date(2023, 9, 30), datetime(2023, 9, 30)):  # midnight is how many libraries write a date
        assert line(of, {"opened": value})["score"] == 100
    assert line(of, {"opened": date(2023, 10, 1)})["score"] == 0
    assert "time of day" in str(line(of, {"opened": datetime(2023, 9, 30, 12)})["message"])


# Units.


def test_the_unit_of_a_column_stands_in_its_name_or_beside_the_table() -> None:
    plain = {"trees": 1000, "budget.executed[万元]": Decimal("9.5")}
    for more, units in (({"budget.approved[元]": 100_000}, {}), ({"budget.approved": 10}, {"budget.approved": "万元"})):
        assert line(PAID, {**plain, **more}, units=units)["score"] == Decimal("97.00")


def test_units_that_do_not_go_together_are_an_error_of_the_indicator() -> None:
    found = line(PAID, {"trees": 1000, "budget.executed[万元]": 1, "budget.approved": 1}, detail="indicators")
    assert found["paid.status"] == "error"
    assert found["trees.score"] == 40
    assert "incomplete" in str(found["message"])


def test_a_column_that_cannot_be_read_is_refused_before_any_row() -> None:
    with pytest.raises(DefinitionError) as caught:
        compile(PAID)(
            pa.table({"trees": [[1]], "budget.approved[万元]": [1], "budget.approved": [1], "budget.executed[!]": [1]})
        )
    assert len(caught.value.problems) == 3


def test_a_column_may_have_another_name() -> None:
    found = line(
        PAID,
        {"预算数": 10, "执行数": 9, "trees": 1000},
        names={"预算数": "budget.approved", "执行数": "budget.executed"},
    )
    assert found["score"] == Decimal("94.00")


def test_an_identity_is_carried_over() -> None:
    scorer = compile(PAID, identity="unit")
    given = pa.table({"unit": ["甲", None], "trees": [1000, 1], "budget.executed": [1, 1], "budget.approved": [1, 1]})
    assert scorer(given)["unit"].to_pylist() == ["甲", None]
    with pytest.raises(DefinitionError, match="there is no column"):
        scorer(given.drop_columns("unit"))


# What goes wrong in a row stays in that row.


def test_an_unreadable_cell_makes_its_row_an_error_that_names_the_column() -> None:
    given = pa.table(
        {"budget.executed": ["1", "1", None], "budget.approved": ["1", "1", "1"], "trees": ["1000", "many", "1000"]}
    )
    found = compile(PAID, language="en", detail="indicators")(given).to_pylist()
    assert [each["status"] for each in found] == ["scored", "error", "unknown"]
    assert found[0]["score"] == 100
    assert str(found[1]["message"]).startswith('trees: "many" is not a quantity')
    assert found[1]["trees.score"] is None and found[1]["trees.status"] == "error"
    assert found[2]["details"] == "paid: missing: budget.executed"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_float_that_is_no_number_is_an_error(value: float) -> None:
    found = line(PAID, {"budget.executed": 1, "budget.approved": 1, "trees": value})
    assert found["status"] == "error"
    assert "not a number" in str(found["message"])


def test_a_misspelt_column_is_hinted_at() -> None:
    given = pa.table({"budget.executd": [1], "budget.approved": [1], "trees": [1.5]})
    scorer = compile(PAID, language="en")
    (found,) = scorer(given).to_pylist()
    assert 'did you mean "budget.executd"?' in str(found["details"])
    floats, missing = scorer.notes(given.schema)
    assert "binary floats" in floats.en and "trees" in floats.en
    assert "budget.executed" in missing.en and "budget.executd" in missing.en


def test_an_empty_table_is_scored() -> None:
    given = pa.table(
        {
            "budget.executed": pa.array([], pa.int64()),
            "budget.approved": pa.array([], pa.string()),
            "trees": pa.nulls(0),
        }
    )
    found = compile(PAID)(given)
    assert found.num_rows == 0
    assert found.schema.field("score").type == pa.decimal128(38, 2)


def test_a_division_by_zero_names_the_facts() -> None:
    columns = {"budget.executed": [1, 2, 3], "budget.approved": [0, 0, 1], "trees": [1, 1, 1]}
    found = compile(PAID, language="en")(pa.table(columns))["details"].to_pylist()
    assert found[:2] == ["paid: division by zero: the fact budget.approved is zero"] * 2
    assert found[2] is None


# Assumptions, derived facts, parts.


def test_points_rest_on_what_a_column_says_is_assumed() -> None:
    given = pa.table(
        {
            "budget.executed": [1, 1, None], "budget.approved": [1, 1, 1], "trees": [1000, 1000, 1000],
            "budget.executed.assumed": [True, None, True], "trees.assumed": [True, False, False],
        }
    )  # fmt: skip
    found = compile(PAID)(given)["assumed_points"].to_pylist()
    assert found == [100, 0, 0]  # what is not known is not assumed


SAID = pa.array(["是", "否", "", None, " Yes ", "maybe", "1"])


@pytest.mark.parametrize(
    "said", [SAID, SAID.cast(pa.large_string()), SAID.dictionary_encode()], ids=["text", "large", "coded"]
)
def test_a_text_says_whether_a_fact_is_assumed(said: pa.Array) -> None:
    columns = {"budget.executed": [1] * 7, "budget.approved": [1] * 7, "trees": [1000] * 7, "trees.assumed": said}
    found = compile(PAID, language="en")(pa.table(columns))
    assert found["assumed_points"].to_pylist() == [40, 0, 0, 0, 40, None, None]
    assert found["message"].to_pylist()[-2:] == [
        f'trees.assumed: "{word}" is no yes or no — write 是 or 否, yes or no' for word in ("maybe", "1")
    ]


def test_whether_a_fact_is_assumed_is_a_yes_or_no() -> None:
    with pytest.raises(DefinitionError, match=r"yes or no \(found int64\)"):
        compile(PAID).schema(pa.schema([("trees", pa.int64()), ("trees.assumed", pa.int64())]))


def test_two_columns_cannot_both_name_the_rows() -> None:
    twice = pa.table([pa.array(["A"]), pa.array(["B"]), pa.array([1000])], names=["id", "id", "trees"])
    assert compile(PAID)(twice).num_rows == 1
    with pytest.raises(DefinitionError, match='two columns are called "id"'):
        compile(PAID, identity="id")(twice)


DERIVED = framework(
    indicator("rate", 60, rule=Formula("points * rate"), actual="rate"),
    indicator("passed", 40, rule=YesNo(), actual="rate > 50%"),
)


@given(st.lists(st.tuples(st.none() | st.integers(0, 9), st.none() | st.integers(0, 9)), min_size=1, max_size=8))
def test_derived_facts_of_an_assessment_hold_in_every_row(pairs: list[tuple[int | None, int | None]]) -> None:
    facts: dict[str, Given] = {"rate": Fact("rate", formula="done / planned"), "planned": 8, "done": None}
    assessment = Assessment(DERIVED, facts)
    given = pa.table(
        {"done": [done for done, _ in pairs], "planned": [planned for _, planned in pairs]},
        pa.schema([("done", pa.int64()), ("planned", pa.int64())]),
    )
    found = compile(assessment, language="en", detail="indicators")(given).to_pylist()
    for (done, planned), row in zip(pairs, found, strict=True):
        card = evaluate(Assessment(DERIVED, {**facts, "done": done, "planned": planned}))
        assert row["score"] == (None if card.score is None else Decimal(str(float(card.score))))
        assert row["message"] == (None if card.message is None else card.message.en)
        assert [row[f"{each.path}.message"] for each in card] == [each.message and each.message.en for each in card]


def test_an_assessment_lends_its_facts_and_its_parts() -> None:
    part = Assessment(framework(indicator("own", 100)), {"own": "80"})
    of = framework(indicator("others", 50, rule=RollUp(of=("a.toml",))), indicator("mine", 50))
    assessment = Assessment(of, {"mine": Fact("mine", read_value("30"), assumed="a guess")}, parts={"a.toml": part})
    assert line(assessment, {"else": 1})["score"] == 70
    assert line(assessment, {"else": 1})["assumed_points"] == 50
    assert line(assessment, {"mine": 50})["score"] == 90


# The same whatever path a row takes.


class OneByOne(Scorer):
    """A scorer that leaves every row to the exact one."""

    def rows(self, table: Table, *, singly: bool = False) -> ScoredRows:
        return super().rows(table, singly=True)


@pytest.mark.slow
@given(POLICIES, MODES, rows(), st.integers(1, 3))
def test_rows_scored_together_alone_or_one_by_one_come_out_the_same(
    policy: NotApplicable, rounding: tuple[Rounding, ...], given: list[dict[str, object]], size: int
) -> None:
    of = every_rule(policy, rounding)
    together = compile(of, detail="indicators")
    one_by_one = OneByOne(of, {}, {}, None, "indicators", None)
    whole = table(given)  # type: ignore[arg-type]
    found = together(whole)
    assert found.to_pylist() == one_by_one(whole).to_pylist()
    pieces = pa.Table.from_batches(
        list(map(compile(of, detail="indicators").batch, whole.to_batches(max_chunksize=size)))
    )
    assert pieces.to_pylist() == found.to_pylist()


def test_frames_of_other_libraries_are_tables_too() -> None:
    columns = {"budget.executed": [1.5, None], "budget.approved": [3, 1], "trees": [500, 1000]}
    scorer, expected = compile(PAID), [Decimal("50.00"), None]
    for frame in (pd.DataFrame(columns), pl.DataFrame(columns), pa.table(columns), pa.table(columns).to_batches()[0]):
        assert scorer(frame)["score"].to_pylist() == expected
    with pytest.raises(DefinitionError, match="not a table"):
        scorer([1])  # type: ignore[arg-type]
    for series in (pd.Series([1]), pl.Series([1])):
        with pytest.raises(DefinitionError, match="a Series"):
            scorer(series)


@pytest.mark.parametrize("kind", [pl.Categorical, pl.Enum(["1000", "500", "x"])], ids=["categorical", "enum"])
def test_words_that_polars_counts_are_what_they_say(kind: pl.DataType) -> None:
    of = evolve(PAID, checks=[Check("half", "trees == 1000")])
    columns = {"budget.executed": [1, 1, 1], "budget.approved": [1, 1, 1]}
    given = pl.DataFrame({**columns, "trees": pl.Series(["1000", "500", "x"], dtype=kind)})
    scorer = compile(of)
    assert scorer(given)["score"].to_pylist() == [Decimal("100.00"), Decimal("80.00"), None]
    (batch,) = pa.table(given).combine_chunks().to_batches()
    findings = Findings(scorer)
    found = findings.columns(batch, findings.scorer.table(batch))[0][0]
    assert found.to_pylist() == [None, "half", None]


def test_a_column_of_pandas_that_holds_one_thing_and_another_is_text() -> None:
    columns = {"budget.executed": [1] * 5, "budget.approved": [1] * 5, "note": [object(), 1, "x", pd.NA, 2.5]}
    given = pd.DataFrame({**columns, "trees": [1000, "500", 250.5, "9x", pd.NA]})
    found = compile(PAID, language="en")(given)
    assert found["score"].to_pylist() == [Decimal("100.00"), Decimal("80.00"), Decimal("70.02"), None, None]
    assert found["status"].to_pylist() == ["scored", "scored", "scored", "error", "unknown"]
    twice = pd.DataFrame([[1, 2]], columns=["trees", "trees"])
    with pytest.raises(DefinitionError, match='the columns "trees" and "trees" both state trees'):
        compile(PAID)(twice)


def test_arguments_that_speak_of_columns_that_are_not_there_are_refused() -> None:
    given = pa.table({"planted": [1000]})
    assert compile(PAID, names={"planted": "trees"})(given).num_rows == 1
    with pytest.raises(DefinitionError, match='there is no column "plantd" — did you mean "planted"'):
        compile(PAID, names={"plantd": "trees"})(given)
    with pytest.raises(DefinitionError, match='there is no column "plants"'):
        compile(PAID, units={"plants": "棵"})(given)


def test_a_scorer_can_be_sent_to_another_process() -> None:
    scorer = compile(PAID, detail="indicators", language="en")
    given = pa.table({"budget.executed": [1], "budget.approved": [0], "trees": [1]})
    there = pickle.loads(pickle.dumps(scorer))
    assert isinstance(there, Scorer)
    assert there(given) == scorer(given)


def test_scores_that_no_decimal_writes_are_fractions() -> None:
    of = framework(
        Dimension("thirds", "thirds", (indicator("a", 1), indicator("b", 2)), scale=3, weight="100%"), rounding=()
    )
    found = line(of, {"thirds.a": Decimal("0.1"), "thirds.b": 1}, detail="indicators")
    assert found["thirds.score"] == "110/3"
    assert found["thirds.a.score"] == "0.1"
    assert found["score"] == Decimal("36.67")


@pytest.mark.slow
@given(POLICIES, st.sampled_from([(), (Rounding("total", 1, "half-even"),)]), rows())
def test_totals_of_what_is_not_rounded_are_the_same_whether_nodes_are_asked_for_or_not(
    policy: NotApplicable, rounding: tuple[Rounding, ...], given: list[dict[str, object]]
) -> None:
    of = every_rule(policy, rounding)
    columns = ["score", "grade", "status", "message", "details"]
    alone, beside = (compile(of, detail=detail)(table(given)) for detail in ("total", "indicators"))  # type: ignore[arg-type]
    assert alone.select(columns) == beside.select(columns)


def test_scores_that_are_not_rounded_are_computed_over_columns() -> None:
    leaves = [indicator(f"i{each}", 20, rule=Completion(target="≥100%"), actual=f"a / b{each}") for each in range(5)]
    of = framework(Dimension("first", "first", leaves[:2]), Dimension("second", "second", leaves[2:]), rounding=())
    rows = range(1, 201)
    given = pa.table(
        {"a": [row % 37 for row in rows], **{f"b{each}": [row * 7 + each for row in rows] for each in range(5)}}
    )
    scorer = compile(of, detail="indicators")
    (batch,) = given.to_batches()
    found, counts = scorer.counted(batch)
    assert counts.singly == 0
    assert found == OneByOne(of, {}, {}, None, "indicators", None).batch(batch)
    assert any("/" in each for each in found["second.score"].to_pylist())


def test_importing_perfeval_does_not_wait_for_numpy_or_arrow() -> None:
    program = "import sys, perfeval; print(sorted({'numpy', 'pyarrow'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_many_rows_in_several_chunks_keep_their_order() -> None:
    count = 70_000
    trees = np.arange(count) % 1001
    found = compile(PAID)(
        pa.table({"budget.executed": np.ones(count), "budget.approved": np.ones(count), "trees": trees})
    )
    assert found["score"].to_pylist()[-3:] == [60 + Decimal(int(each) * 4) / 100 for each in trees[-3:]]
