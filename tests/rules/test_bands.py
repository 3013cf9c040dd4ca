"""`bands`: the award of the first band that holds."""

from __future__ import annotations

from fractions import Fraction

import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st
from one_indicator import TEN, agree, earns, percent, problem_of, refused, score, scored, text
from reference import ANY, POINTS, SHARES, UNITS

from perfeval import DefinitionError
from perfeval.rules import Band, Bands

EXECUTION = Bands((Band(10, "≥100%"), Band(7, "≥80%"), Band(5, "≥60%")))
SATISFACTION = Bands((Band(10, "≥90%"), Band(8, "≥80%"), Band(5, "≥60%")))
ADJUSTMENT = Bands((Band(3, "=0"), Band(2, "≤10%"), Band(1, "≤20%"), Band("0.5", "≤30%")))


@st.composite
def tables(draw: st.DrawFn) -> list[tuple[Fraction, Fraction]]:
    """Lower ends, highest first, each with the share it earns, never more than the one above it."""
    edges = draw(st.lists(ANY, min_size=1, max_size=5, unique=True))
    shares = draw(st.lists(SHARES, min_size=len(edges), max_size=len(edges)))
    return list(zip(sorted(edges, reverse=True), sorted(shares, reverse=True), strict=True))


def with_lower_ends(table: list[tuple[Fraction, Fraction]], unit: str = "") -> Bands:
    return Bands(tuple(Band(percent(share), f"≥{text(edge, unit)}") for edge, share in table))


@given(POINTS, ANY, tables())
def test_the_first_band_that_is_reached_earns_its_award(
    p: Fraction, x: Fraction, table: list[tuple[Fraction, Fraction]]
) -> None:
    awards = [(edge, share * p) for edge, share in table]
    agree(with_lower_ends(table), p, {"x": text(x)}, reference.bands(x, awards, reference.ZERO))
    for edge, award in awards:
        agree(with_lower_ends(table), p, {"x": text(edge)}, award)


@given(POINTS, ANY, tables())
def test_upper_ends_mirror_lower_ends(p: Fraction, x: Fraction, table: list[tuple[Fraction, Fraction]]) -> None:
    mirrored = Bands(tuple(Band(percent(share), f"≤{text(-edge)}") for edge, share in table))
    assert score(mirrored, p, {"x": text(-x)}) == score(with_lower_ends(table), p, {"x": text(x)})


@given(POINTS, ANY, ANY, tables())
def test_more_never_earns_less_where_higher_bands_earn_more(
    p: Fraction, x: Fraction, y: Fraction, table: list[tuple[Fraction, Fraction]]
) -> None:
    low, high = sorted((x, y))
    rule = with_lower_ends(table)
    assert score(rule, p, {"x": text(low)}) <= score(rule, p, {"x": text(high)})


@given(POINTS, ANY, tables(), UNITS)
def test_the_unit_the_figures_are_written_in_changes_nothing(
    p: Fraction, x: Fraction, table: list[tuple[Fraction, Fraction]], units: tuple[str, str, int]
) -> None:
    large, small, factor = units
    in_small = [(edge * factor, share) for edge, share in table]
    rules = (with_lower_ends(table, large), with_lower_ends(in_small, small))
    facts = ({"x": text(x, large)}, {"x": text(x * factor, small)})
    assert len({score(rule, p, fact) for rule in rules for fact in facts}) == 1


@pytest.mark.parametrize(
    ("rate", "award"),
    [("100.01%", 10), ("100%", 10), ("99.99%", 7), ("80%", 7), ("79.99%", 5), ("60%", 5), ("59.99%", 0), ("0%", 0)],
)
def test_execution_earns_10_7_5_or_nothing(rate: str, award: int) -> None:
    assert earns(EXECUTION, 10, rate, award)


@pytest.mark.parametrize(("rate", "award"), [("90%", 10), ("89.9%", 8), ("80%", 8), ("60%", 5), ("59%", 0)])
def test_satisfaction_earns_10_8_5_or_nothing(rate: str, award: int) -> None:
    assert earns(SATISFACTION, 10, rate, award)


@pytest.mark.parametrize(
    ("rate", "award"), [("0%", 3), ("0.01%", 2), ("10%", 2), ("10.01%", 1), ("30%", "0.5"), ("30.01%", 0)]
)
def test_the_budget_adjustment_rate_of_yueyang_includes_its_upper_ends(rate: str, award: object) -> None:
    assert earns(ADJUSTMENT, 3, rate, award)


@pytest.mark.parametrize(
    ("rate", "award"),
    [("100%", 5), ("90%", 5), ("110%", 5), ("110.1%", 3), ("85%", 3), ("84.9%", 1), ("120%", 1), ("79.9%", 0)],
)
def test_a_tolerance_of_either_sign_gives_its_edges_to_the_better_band(rate: str, award: int) -> None:
    rule = Bands((Band(5, "≤10%"), Band(3, "≤15%"), Band(1, "≤20%")))
    assert score(rule, Fraction(5), {"rate": rate}, actual="abs(rate - 100%)") == award


def test_a_band_may_have_a_condition_of_its_own() -> None:
    balance = Bands((Band(3, when="left == 0"), Band(2, when="left <= left_last_year")))
    for left, award in (("0万元", 3), ("5万元", 2), ("6万元", 2), ("6.01万元", 0)):
        assert score(balance, Fraction(3), {"left": left, "left_last_year": "6万元"}) == award


def test_a_tier_may_need_two_conditions() -> None:
    tier = Bands((Band("75%", when="done >= 80% and large >= 20%"), Band("50%", when="done >= 50%")))
    assert score(tier, Fraction(100), {"done": "85%", "large": "20%"}) == 75
    assert score(tier, Fraction(100), {"done": "85%", "large": "19%"}) == 50


def test_a_band_further_down_needs_no_fact_of_its_own() -> None:
    rule = Bands((Band(10, "≥90%"), Band(5, when="excused")))
    assert score(rule, TEN, {"x": "95%", "excused": None}) == 10
    assert scored(rule, TEN, {"x": "85%", "excused": None}).status == "unknown"


def test_what_is_earned_otherwise_may_be_more_than_nothing() -> None:
    assert earns(Bands((Band(10, "≥90%"),), otherwise="20%"), 10, "3%", 2)


def test_figures_in_another_unit_than_the_bands_are_an_error() -> None:
    assert "same kind of unit" in problem_of(EXECUTION, TEN, {"x": "95"})


@pytest.mark.parametrize(
    ("bands", "at"),
    [
        ([], ["bands"]),
        ("≥90%", ["bands"]),
        ([["≥90%"]], ["bands.0"]),
        ([["≥90%", "多"]], ["bands.0.award"]),
        ([["≥90%", "5人"]], ["bands.0.award"]),
        ([{"award": 5}], ["bands.0"]),
        ([{"award": 5, "target": "≥90%", "when": "a"}], ["bands.0"]),
        ([["≥80%", 4], ["≥90%", 5]], ["bands.1"]),
        ([["≥80%", 4], ["=50%", 2], ["≥90%", 5]], ["bands.2"]),
        ([["≥80%", 4], ["≥80%", 5]], ["bands.1"]),
        ([[">80%", 4], [">90%", 5]], ["bands.1"]),
        ([[">80%", 4], ["≥81%", 5]], ["bands.1"]),
        ([["≤80%", 4], ["<80%", 5]], ["bands.1"]),
        ([["<80%", 4], ["<70%", 5]], ["bands.1"]),
        ([["<80%", 4], ["=79%", 5]], ["bands.1"]),
        ([["=80%", 4], ["80%", 5]], ["bands.1"]),
        ([["≥80%", 4], [">80%", 5]], ["bands.1"]),
        ([["≥80%", 4], ["=80%", 5]], ["bands.1"]),
        ([["≤80%", 4], ["=80%", 5]], ["bands.1"]),
        ([[">80%", 4], ["=81%", 5]], ["bands.1"]),
        ([["≥90%", 5], ["≥80", 4]], ["bands.1"]),
        ([["≥90%", 11]], ["bands.0"]),
        ([["≥90%", "101%"]], ["bands.0"]),
        ([["≥90%", -1]], ["bands.0"]),
        ([[f"≥{200 - each}", 1] for each in range(101)], ["bands"]),
    ],
)
def test_bands_that_make_no_sense_are_refused_where_they_stand(bands: object, at: list[str]) -> None:
    assert refused(kind="bands", bands=bands) == at


@pytest.mark.parametrize(
    "bands",
    [
        [["≥80%", 5], ["≤90%", 4]],
        [[">80%", 5], ["≥80%", 4]],
        [["<80%", 5], ["≤80%", 4]],
        [[">80%", 5], ["=80%", 4]],
        [["<80%", 5], ["=80%", 4]],
        [["≥80%", 5], ["=79%", 4]],
        [["≤80%", 5], ["=81%", 4]],
        [["≥5人", 5], ["≥3", 4]],
        [["=0", 5], ["≤3万元", 4]],
    ],
)
def test_bands_that_leave_something_to_those_behind_them_stand(bands: object) -> None:
    assert refused(kind="bands", bands=bands) == []


def test_otherwise_is_no_more_than_the_points() -> None:
    assert refused(kind="bands", bands=[["≥90%", 5]], otherwise=11) == ["otherwise"]
    assert refused(kind="bands", bands=[["≥90%", 12]], bonus_up_to=2) == []


def test_all_the_faults_of_bands_are_told_at_once() -> None:
    assert refused(kind="bands", bands=[["≥80%", 4], ["≥90%", 5], ["≥3人", 1], ["≥85%", 2]]) == [
        "bands.1",
        "bands.2",
        "bands.3",
    ]
    assert refused(kind="bands", bands=[["≥80%", 40], ["≥70%", -5]], otherwise=50) == [
        "bands.0",
        "bands.1",
        "otherwise",
    ]


def test_a_range_is_answered_with_its_ends_in_both_languages() -> None:
    with pytest.raises(DefinitionError) as refusal:
        Band(8, "85%-95%")
    (found,) = refusal.value.problems
    assert '"≥85%", 8]' in found.message.zh
    assert "事实 >= 85% and 事实 <= 95%" in found.message.zh
    assert '"≥85%", 8]' in found.message.en
    assert "fact >= 85% and fact <= 95%" in found.message.en
