"""`linear`: straight lines between given points, flat outside them."""

from __future__ import annotations

from fractions import Fraction

import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st
from one_indicator import TEN, agree, earns, problem_of, refused, score, text
from reference import ANY, POINTS, SHARES, UNITS

from perfeval.rules import Amount, Linear

Corners = list[tuple[Fraction, Fraction]]


@st.composite
def corners(draw: st.DrawFn, *, rising: bool = False) -> Corners:
    """Actual values, increasing, each with the share it earns."""
    knots = draw(st.lists(ANY, min_size=2, max_size=5, unique=True))
    shares = draw(st.lists(SHARES, min_size=len(knots), max_size=len(knots)))
    return list(zip(sorted(knots), sorted(shares) if rising else shares, strict=True))


def through(table: Corners, unit: str = "") -> Linear:
    return Linear(tuple((text(knot, unit), Amount(share=share)) for knot, share in table))


@given(POINTS, ANY, corners())
def test_lines_pass_through_their_points_and_are_straight_between(p: Fraction, x: Fraction, table: Corners) -> None:
    awards = [(knot, share * p) for knot, share in table]
    agree(through(table), p, {"x": text(x)}, reference.linear(x, awards))
    for knot, award in awards:
        agree(through(table), p, {"x": text(knot)}, award)


@given(POINTS, ANY, ANY, corners(rising=True))
def test_more_never_earns_less_where_the_lines_rise(p: Fraction, x: Fraction, y: Fraction, table: Corners) -> None:
    low, high = sorted((x, y))
    assert score(through(table), p, {"x": text(low)}) <= score(through(table), p, {"x": text(high)})


@given(POINTS, ANY, corners(), UNITS)
def test_the_unit_the_figures_are_written_in_changes_nothing(
    p: Fraction, x: Fraction, table: Corners, units: tuple[str, str, int]
) -> None:
    large, small, factor = units
    rules = (through(table, large), through([(knot * factor, share) for knot, share in table], small))
    facts = ({"x": text(x, large)}, {"x": text(x * factor, small)})
    assert len({score(rule, p, fact) for rule in rules for fact in facts}) == 1


@pytest.mark.parametrize(
    ("adjusted", "award"), [("0元", 10), ("2元", "7.5"), ("7.99元", "0.0125"), ("8元", 0), ("9元", 0)]
)
def test_the_budget_accuracy_of_sichuan_2020_is_gone_at_10_percent(adjusted: str, award: str) -> None:
    rule = Linear((("0%", "100%"), ("10%", 0)))
    facts = {"adjusted": adjusted, "initial": "80元"}
    assert score(rule, TEN, facts, actual="adjusted / initial") == Fraction(award)


def test_the_efficacy_coefficient_earns_60_percent_at_the_value_not_allowed() -> None:
    rule = Linear((("70分", "60%"), ("95分", "100%")))
    for actual, award in (("60分", 12), ("70分", 12), ("82.5分", 16), ("95分", 20), ("99分", 20)):
        assert earns(rule, 20, actual, award)


def test_dates_lie_on_a_line_too() -> None:
    rule = Linear((("2023-06-30", 10), ("2023-07-10", 0)))
    for day, award in (("2023-06-01", 10), ("2023-07-05", 5), ("2023-08-01", 0)):
        assert earns(rule, 10, day, award)


def test_figures_in_another_unit_than_the_line_are_an_error() -> None:
    assert "same kind of unit" in problem_of(Linear((("0%", 0), ("10%", 5))), TEN, {"x": "0.05"})


@pytest.mark.parametrize(
    ("corners", "at"),
    [
        ("60%", ["through"]),
        ([], ["through"]),
        ([["0%", 0]], ["through"]),
        ([["0%", 0], ["10%"]], ["through"]),
        ([["10%", 0], ["0%", 5]], ["through.1"]),
        ([["10%", 0], ["10%", 5]], ["through.1"]),
        ([["10", 0], ["20%", 5]], ["through.1"]),
        ([["多", 0], ["20%", 5]], ["through.0"]),
        ([["0%", 0], ["10%", 11]], ["through.1"]),
        ([["0%", -1], ["10%", 5]], ["through.0"]),
        ([[each, 1] for each in range(101)], ["through"]),
    ],
)
def test_lines_that_make_no_sense_are_refused_where_they_stand(corners: object, at: list[str]) -> None:
    assert refused(kind="linear", through=corners) == at


def test_all_the_faults_of_a_line_are_told_at_once() -> None:
    faulty = [["多", 0], ["10%", "少"], ["20%", "3人"]]
    assert refused(kind="linear", through=faulty) == ["through.0", "through.1", "through.2"]
    assert refused(kind="linear", through=[["10%", 0], ["5%", 0], ["1%", 0]]) == ["through.1", "through.2"]
