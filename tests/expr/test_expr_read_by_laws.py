"""The readings that the laws hold against the exact one: a spreadsheet's formulas, recalculated, and columns, row by row."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from formula_cases import FACTS, FLAGS, Known, labelled
from hypothesis import example, given
from hypothesis import strategies as st

from perfeval import Fact, FactSheet, quantity
from perfeval.expr.exact import DividedByZero, NotMet, Unknown, Value, Values, exact
from perfeval.expr.interval import EVERYTHING
from perfeval.expr.nodes import Divide, Expr, Round, number
from perfeval.expr.parse import parse
from perfeval.laws.recalculating import CellError, recalculated
from perfeval.laws.rows import over_rows
from perfeval.quantity import Mode

Row = Mapping[str, Known]
MODES: list[Mode] = ["half-up", "half-even", "down", "up", "floor", "ceil"]

ROWS = st.builds(
    lambda numbers, flags: {**numbers, **flags},
    st.dictionaries(st.sampled_from(FACTS), st.integers(-300, 300).map(lambda k: Fraction(k, 100))),
    st.dictionaries(st.sampled_from(FLAGS), st.booleans()),
)


def sheet(row: Row) -> FactSheet:
    return FactSheet(
        {name: Fact(name, quantity(each) if isinstance(each, Fraction) else each) for name, each in row.items()}
    )


def worth(expr: Expr, facts: Values) -> Fraction | Value | None:
    try:
        return exact(expr, facts)[0]
    except (Unknown, DividedByZero, NotMet):
        return None


def shown(expr: Expr, facts: FactSheet) -> object:
    try:
        return recalculated(expr, facts)
    except CellError:
        return None


@given(labelled, ROWS)
def test_a_spreadsheet_shows_what_the_expression_is_worth(expr: Expr, row: Row) -> None:
    assert shown(expr, sheet(row)) == worth(expr, sheet(row).values)


@pytest.mark.parametrize("mode", MODES)
@given(st.integers(-2000, 2000), st.integers(0, 2))
@example(250, 1)
def test_a_rounded_figure_can_be_divided_by(mode: Mode, thousandths: int, places: int) -> None:
    """An even rounding was written as IF(…)/100: what was divided by it was divided by 100 once more."""
    rounded = Round(Divide(number(thousandths), number(1000)), places, mode)
    expr = Divide(number(3), rounded)
    assert shown(expr, sheet({})) == worth(expr, {})


@given(labelled, st.lists(ROWS, min_size=1, max_size=4))
@example(
    parse("if(done, a / b, 1 / (a - b))"), [{"a": Fraction(1), "b": Fraction(3), "done": True}, {"a": Fraction(2)}]
)
def test_columns_decide_nothing_but_what_the_expression_is_worth(expr: Expr, rows: list[Row]) -> None:
    facts = [sheet(row).values for row in rows]
    for decided in over_rows(expr, facts):
        for row, around in zip(facts, decided, strict=True):
            value = worth(expr, row)
            if isinstance(value, Fraction):
                assert around is not None
                assert value in around
            else:
                assert around in (None, EVERYTHING)


def test_most_of_what_people_write_is_decided_by_both_arithmetics() -> None:
    expr = parse("min(1, a / b) * 10")
    rows = [sheet({"a": Fraction(k), "b": Fraction(7)}).values for k in range(9)]
    for decided in over_rows(expr, rows):
        assert all(each is not None and each != EVERYTHING for each in decided)
