"""`roll-up`: the mean of other assessments' scores as a share of the points."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st
from one_indicator import TEN, refused, text
from reference import POINTS, POSITIVE, SHARES, UNITS

from perfeval import Assessment, Fact, Framework, Indicator, NodeScore, evaluate, quantity
from perfeval.facts import Given
from perfeval.rules import Awarded, RollUp

SHARES_AND_WEIGHTS = st.lists(st.tuples(SHARES, POSITIVE), min_size=1, max_size=4)


def part(score: Given, **facts: Given) -> Assessment:
    """A project worth 100 points that scored `score`."""
    indicator = Indicator(id="it", title="it", rule=Awarded(), points=100, actual="entered", category="decision")
    framework = Framework(id="part", title="part", tree=(indicator,), rounding=())
    return Assessment(framework, {"entered": score, **facts})


def rolled_up(rule: RollUp, p: Fraction, parts: Mapping[str, Assessment]) -> NodeScore:
    indicator = Indicator(id="it", title="it", rule=rule, points=p, category="decision")
    framework = Framework(id="law", title="law", points=p, tree=(indicator,), rounding=())
    return evaluate(Assessment(framework, {}, parts=parts))["it"]


def files(count: int) -> tuple[str, ...]:
    return tuple(f"{index}.toml" for index in range(count))


@given(POINTS, SHARES_AND_WEIGHTS)
def test_a_roll_up_is_the_mean_of_its_parts(p: Fraction, parts: list[tuple[Fraction, Fraction]]) -> None:
    of = files(len(parts))
    shares, weights = [share for share, _ in parts], [weight for _, weight in parts]
    # A total is rounded to two decimals, which shares in thousandths of 100 points never need.
    given_parts = {
        name: part(text(share * 100), weight=text(weight, "万元"))
        for name, share, weight in zip(of, shares, weights, strict=True)
    }
    assert rolled_up(RollUp(of), p, given_parts).score == p * sum(shares, reference.ZERO) / len(shares)
    weighted = rolled_up(RollUp(of, weight="weight"), p, given_parts)
    assert weighted.score == p * reference.weighted_mean(shares, weights)


@given(POINTS, SHARES, SHARES, POSITIVE, UNITS)
def test_the_unit_the_weights_are_written_in_changes_nothing(
    p: Fraction, one: Fraction, other: Fraction, weight: Fraction, units: tuple[str, str, int]
) -> None:
    large, small, factor = units
    rule = RollUp(files(2), "weight")
    first = {"0.toml": part(text(one * 100), weight=text(weight, large))}
    same = {"0.toml": part(text(one * 100), weight=text(weight * factor, small))}
    second = {"1.toml": part(text(other * 100), weight=f"1{large}")}
    assert rolled_up(rule, p, first | second).score == rolled_up(rule, p, same | second).score


@given(POINTS, SHARES, SHARES, SHARES)
def test_a_better_part_never_earns_less(p: Fraction, x: Fraction, y: Fraction, other: Fraction) -> None:
    low, high = sorted((x, y))
    scores = [
        rolled_up(RollUp(files(2)), p, {"0.toml": part(text(each * 100)), "1.toml": part(text(other * 100))}).score
        for each in (low, high)
    ]
    assert scores[0] is not None
    assert scores[1] is not None
    assert 0 <= scores[0] <= scores[1] <= p


def test_two_projects_weigh_by_their_budgets() -> None:
    rule = RollUp(("路.toml", "桥.toml"), weight="budget")
    parts = {"路.toml": part("90", budget="300万元"), "桥.toml": part("60", budget="100万元")}
    assert rolled_up(rule, Fraction(40), parts).score == 33
    assert rolled_up(RollUp(rule.of), Fraction(40), parts).score == 30


def test_a_part_that_is_not_complete_leaves_the_score_unknown() -> None:
    assert rolled_up(RollUp(files(2)), TEN, {"0.toml": part("90"), "1.toml": part(None)}).status == "unknown"
    assert rolled_up(RollUp(files(1), weight="budget"), TEN, {"0.toml": part("90")}).status == "unknown"


def test_weights_that_are_all_zero_are_an_error() -> None:
    node = rolled_up(RollUp(files(1), weight="budget"), TEN, {"0.toml": part("90", budget="0元")})
    assert node.status == "error"
    assert "zero" in str(node.message)


def test_weights_in_different_units_are_an_error() -> None:
    parts = {"0.toml": part("90", budget="5元"), "1.toml": part("90", budget="5人")}
    assert rolled_up(RollUp(files(2), weight="budget"), TEN, parts).status == "error"


def test_what_a_part_assumes_the_whole_rests_on() -> None:
    stated, assumed = (
        Fact("entered", quantity("80"), source="book"),
        Fact("entered", quantity("80"), assumed="none kept"),
    )
    assert rolled_up(RollUp(files(1)), TEN, {"0.toml": part(stated)}).assumed_points == 0
    assert rolled_up(RollUp(files(1)), TEN, {"0.toml": part(assumed)}).assumed_points == 10


@pytest.mark.parametrize(
    ("parameters", "at"),
    [
        ({}, [""]),
        ({"of": []}, ["of"]),
        ({"of": "a.toml"}, ["of"]),
        ({"of": [5]}, ["of.0"]),
        ({"of": ["a.toml", "a.toml"]}, ["of"]),
        ({"of": ["a-b.toml", "a_b.toml"]}, ["of"]),
        ({"of": ["a.toml"], "weight": "the budget"}, ["weight"]),
        ({"of": ["a.toml"], "weight": ""}, ["weight"]),
        ({"of": [f"{each}.toml" for each in range(101)]}, ["of"]),
    ],
)
def test_parameters_that_make_no_sense_are_refused_where_they_stand(
    parameters: dict[str, object], at: list[str]
) -> None:
    assert refused(kind="roll-up", **parameters) == at


def test_all_the_faults_of_a_roll_up_are_told_at_once() -> None:
    assert refused(kind="roll-up", of=["a.toml", "a.toml"], weight="two words") == ["weight", "of"]
