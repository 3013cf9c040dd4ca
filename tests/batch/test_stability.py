"""Ranks under many weightings, beside a reference that counts them one by one."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import ceil, isnan, sqrt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from every_rule import framework, indicator
from perfeval import DefinitionError, Dimension, Framework, Rounding
from perfeval.batch import stability as module
from perfeval.batch.attained import attained
from perfeval.batch.stability import Stability, stability
from perfeval.batch.weightings import Weightings, drawn
from perfeval.batch.weightings import given as given_weightings
from perfeval.errors import Message

OF = framework(
    Dimension("output", "产出", (indicator("a", 30), indicator("b", 20))),
    indicator("budget", 10),
    indicator("rest", 40),
)
SCORES = st.fixed_dictionaries(
    {
        "output.a": st.integers(15, 30),
        "output.b": st.integers(10, 20),
        "budget": st.one_of(st.none(), st.integers(5, 10)),
        "rest": st.integers(20, 40),
    }
)


def table(rows: list[dict[str, int | None]]) -> pa.Table:
    return pa.table({name: pa.array([row[name] for row in rows], pa.int64()) for name in rows[0]})


def found(rows: list[dict[str, int | None]], tried: Weightings) -> Stability:
    return stability(attained(OF, table(rows), tried), tried)


def totals(rows: list[dict[str, int | None]], tried: Weightings) -> list[list[int]]:
    """By weighting, the totals of the units that have one."""
    of = attained(OF, table(rows), tried)
    found: list[list[int]] = of.totals(tried).T.tolist()
    return found


def ranks(scores: list[int]) -> list[int]:
    return [1 + sum(other > score for other in scores) for score in scores]


def place(total: int) -> int:
    return sum(total < edge for edge in (9000, 8000, 6000))


@pytest.mark.parametrize("dense", [True, False])
@given(st.lists(SCORES, min_size=1, max_size=12), st.integers(1, 25))
def test_every_column_is_what_counting_gives(dense: bool, rows: list[dict[str, int | None]], number: int) -> None:
    tried = drawn(OF, number, concentration=20)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", 7)  # so that blocks end within
        if not dense:
            patch.setattr(module, "_LADDER", 0)
        result = found(rows, tried)
    by_weighting = totals(rows, tried)
    own = [sum(value for value in row.values() if value is not None) * 100 for row in rows if row["budget"] is not None]
    columns = [ranks(scores) for scores in by_weighting]
    lines = result.table.to_pylist()
    assert [line["row"] for line in lines] == list(range(1, len(rows) + 1))
    assert (result.units, result.ranked) == (len(rows), len(own))
    ranked = iter(range(len(own)))
    for row, line in zip(rows, lines, strict=True):
        if row["budget"] is None:
            assert line["status"] == "unknown"
            assert all(line[name] is None for name in line if name not in ("row", "status"))
            continue
        unit = next(ranked)
        here = sorted(column[unit] for column in columns)
        scores = [each[unit] for each in by_weighting]
        changes = sum(place(score) != place(own[unit]) for score in scores)
        assert line == {
            "row": line["row"],
            "status": "scored",
            "score": Decimal(own[unit]).scaleb(-2),
            "grade": "优良中差"[place(own[unit])],
            "rank": ranks(own)[unit],
            "score_low": Decimal(min(scores)).scaleb(-2),
            "score_high": Decimal(max(scores)).scaleb(-2),
            "rank_best": here[0],
            "rank_worst": here[-1],
            "rank_mean": half_up(Fraction(sum(here), number), 2),
            "rank_p5": here[ceil(Fraction(number, 20)) - 1],
            "rank_p95": here[ceil(Fraction(19 * number, 20)) - 1],
            "regraded": half_up(Fraction(changes, number), 4),
        }


def half_up(value: Fraction, places: int) -> Decimal:
    return Decimal(int(value * 10**places + Fraction(1, 2))).scaleb(-places)


# The correlations, by their definitions.


def spearman(a: list[int], b: list[int]) -> float:
    def means(scores: list[int]) -> list[float]:
        return [sum(other > each for other in scores) + sum(other == each for other in scores) / 2 for each in scores]

    x, y = np.array(means(a)), np.array(means(b))
    x, y = x - x.mean(), y - y.mean()
    below = sqrt((x @ x) * (y @ y))
    return float(x @ y) / below if below else float("nan")


def kendall(a: list[int], b: list[int]) -> float:
    pairs = [(a[i] - a[j], b[i] - b[j]) for i, j in combinations(range(len(a)), 2)]
    sign = sum((x > 0) - (x < 0) if y > 0 else (x < 0) - (x > 0) if y < 0 else 0 for x, y in pairs)
    below = sqrt(sum(x != 0 for x, _ in pairs) * sum(y != 0 for _, y in pairs))
    return sign / below if below else float("nan")


FEW = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=30)


@given(FEW)
def test_the_correlations_are_those_of_their_definitions(pairs: list[tuple[int, int]]) -> None:
    a, b = ([pair[side] for pair in pairs] for side in (0, 1))
    x, y = np.array(a), np.array(b)
    for ours, theirs in (
        (module._correlation(module._mean_ranks(x)[1], module._mean_ranks(y)[1]), spearman(a, b)),
        (module._kendall(x, y), kendall(a, b)),
    ):
        assert (isnan(ours) and isnan(theirs)) or abs(ours - theirs) < 1e-9


@given(st.lists(st.integers(0, 40), max_size=40))
def test_inversions_are_counted(values: list[int]) -> None:
    assert module._inversions(np.array(values, np.int64)) == sum(a > b for a, b in combinations(values, 2))


# What is said of all units.


ROWS: list[dict[str, int | None]] = [
    {"output.a": 30, "output.b": 20, "budget": 10, "rest": 30},
    {"output.a": 20, "output.b": 20, "budget": 10, "rest": 40},
    {"output.a": 10, "output.b": 10, "budget": 10, "rest": 38},
    {"output.a": 10, "output.b": 10, "budget": None, "rest": 38},
]


def test_the_same_weights_change_nothing() -> None:
    tried = given_weightings(OF, [{"output": 50, "budget": 10, "rest": 40}] * 3, Message("", ""))
    result = found(ROWS, tried)
    assert result.spearman is not None and result.kendall is not None and result.regraded_each is not None
    assert (result.spearman.lowest, result.kendall.lowest) == (Fraction(1), Fraction(1))
    assert (result.regraded, result.regraded_each.highest) == (Fraction(0), Fraction(0))


def test_a_weight_that_divides_the_units_matters_and_one_in_which_they_are_alike_does_not() -> None:
    """By hand: with 40 and 12 and 48 points the first has 88 and the second 92; with 60, 8 and 32 they have 92 and 88."""
    result = found(ROWS, drawn(OF, 5))
    assert [(each.placed.path, each.rank_shift) for each in result.matters] == [
        ("output", Fraction("0.3333")),
        ("rest", Fraction("0.3333")),
        ("budget", Fraction(0)),
    ]
    by_path = {each.placed.path: each.grades for each in result.matters}
    assert by_path["output"] == Fraction(half_up(Fraction(1, 3), 4))


def test_no_units_and_no_grades_are_no_trouble() -> None:
    nobody = found([{"output.a": 1, "output.b": 1, "budget": None, "rest": 1}], drawn(OF, 3))
    assert (nobody.ranked, nobody.spearman, nobody.kendall, nobody.regraded, nobody.matters) == (
        0,
        None,
        None,
        None,
        (),
    )
    bare = Framework(
        id="bare", title="bare", tree=(indicator("x", 60), indicator("y", 40)), rounding=(Rounding("each", 1),)
    )
    tried = drawn(bare, 4)
    result = stability(attained(bare, pa.table({"x": [1, 2], "y": [2, 1]}), tried), tried)
    assert (result.regraded, result.regraded_each) == (None, None)
    assert result.table.column("regraded").to_pylist() == [None, None]
    assert all(each.grades is None for each in result.matters)


def test_the_identity_of_the_units_is_carried_over() -> None:
    tried = drawn(OF, 2)
    given = table(ROWS).append_column("镇", pa.array(["甲", "乙", "丙", "丁"]))
    result = stability(attained(OF, given, tried, identity="镇"), tried)
    assert result.table.column("镇").to_pylist() == ["甲", "乙", "丙", "丁"]


def test_units_named_by_a_column_called_as_a_result_are_refused() -> None:
    tried = drawn(OF, 2)
    given = table(ROWS).append_column("rank", pa.array(["甲", "乙", "丙", "丁"]))
    with pytest.raises(DefinitionError, match="rename it"):
        stability(attained(OF, given, tried, identity="rank"), tried)


def test_more_than_fits_is_refused_with_what_would_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_BYTES", 10**6)
    with pytest.raises(DefinitionError, match="at most 24 here"):
        found(ROWS, drawn(OF, 100))


def test_kendall_is_left_out_where_it_would_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_PAIRED", 5)
    result = found(ROWS, drawn(OF, 2))
    assert result.kendall is None
    assert result.spearman is not None


def test_the_same_run_gives_the_same_table() -> None:
    assert found(ROWS, drawn(OF, 50)).table.equals(found(ROWS, drawn(OF, 50)).table)
