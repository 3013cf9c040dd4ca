"""The bounds of a table's rows are those that `perfeval.bounds` gives each of them."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_equality import WORDS, Row, rows, table

from every_rule import MODES, POLICIES, every_rule, framework, indicator
from perfeval import Assessment, DefinitionError, Fact, FactSheet, Framework, Rounding, bounds
from perfeval.batch.between import bounded
from perfeval.batch.output import ratio_text
from perfeval.bounding import Bounder, TotalBounds
from perfeval.facts import Given
from perfeval.framework import NotApplicable

WRITTEN = st.one_of(
    st.sampled_from(["0", "1", "2", "5", "9.005", "10", "12"]), st.decimals(0, 12, places=2).map(str), st.none()
)
BOTH = framework(indicator("a", 60), indicator("b", 40))


def expected(of: Framework, row: Row) -> tuple[str | None, ...]:
    facts: dict[str, Given] = {name: Fact(name, value) if name in WORDS else value for name, value in row.items()}  # type: ignore[arg-type]
    found = bounds(Assessment(of, FactSheet(facts)))
    return (
        None if found.low is None else ratio_text(found.low),
        None if found.high is None else ratio_text(found.high),
        None if found.worst is None else found.worst.name,
        None if found.best is None else found.best.name,
        None if found.message is None else found.message.en,
    )


def computed(of: Framework, given: pa.Table) -> list[tuple[str | None, ...]]:
    lines = bounded(of, given, language="en").to_pylist()
    return [
        (
            *(None if line[end] is None else f"{Decimal(line[end]).normalize():f}" for end in ("low", "high")),
            line["worst"],
            line["best"],
            line["message"],
        )
        for line in lines
    ]


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(POLICIES, st.one_of(MODES, st.just((Rounding("each", 2),))), rows(WRITTEN))
def test_each_row_has_its_own_bounds(policy: NotApplicable, rounding: tuple[Rounding, ...], given: list[Row]) -> None:
    of = every_rule(policy, rounding)
    assert computed(of, table(given)) == [expected(of, row) for row in given]


def test_what_is_known_is_scored_and_what_is_alike_is_bounded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[FactSheet] = []
    original = Bounder.total

    def total(self: Bounder, sheet: FactSheet) -> TotalBounds:
        asked.append(sheet)
        return original(self, sheet)

    monkeypatch.setattr(Bounder, "total", total)
    given = pa.table({"a": ["50", None, "45", None], "b": ["30", "40", "10", "40"]})
    assert computed(BOTH, given) == [
        ("80", "80", "良", "良", None),
        ("40", "100", "差", "优", None),
        ("55", "55", "差", "差", None),
        ("40", "100", "差", "优", None),
    ]
    assert len(asked) == 1


def test_assumed_facts_count_as_unknown_on_request() -> None:
    given = pa.table({"a": ["50", "50"], "a.assumed": [True, False], "b": ["30", "30"]})
    found = bounded(BOTH, given, stated_only=True).to_pylist()
    assert [(line["low"], line["high"]) for line in found] == [(30, 90), (80, 80)]
    assert [line["low"] for line in bounded(BOTH, given).to_pylist()] == [80, 80]


def test_a_cell_that_cannot_be_read_leaves_its_row_without_bounds() -> None:
    (line,) = bounded(BOTH, pa.table({"a": ["much"], "b": ["1"]}), language="en").to_pylist()
    assert (line["low"], line["high"]) == (None, None)
    assert line["message"].startswith("a: ")


def test_the_identity_is_carried_over() -> None:
    found = bounded(BOTH, pa.table({"id": ["x"], "a": ["1"], "b": ["2"]}), identity="id")
    assert found.schema.names == ["id", "low", "high", "worst", "best", "message"]
    assert found.column("low").type == pa.decimal128(38, 2)


def test_an_identity_called_as_a_result_is_refused() -> None:
    with pytest.raises(DefinitionError, match="rename it"):
        bounded(BOTH, pa.table({"low": ["x"], "a": ["1"], "b": ["2"]}), identity="low")
