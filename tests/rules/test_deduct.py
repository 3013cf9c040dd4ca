"""`deduct`: points off for each step by which the actual value lies outside a line."""

from __future__ import annotations

from fractions import Fraction

import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st
from one_indicator import TEN, agree, earns, percent, problem_of, refused, score, scored, text
from reference import ANY, PARTIALS, POINTS, POSITIVE, SHARES, UNITS, Partial

from perfeval import DefinitionError
from perfeval.rules import Deduct

SIDES = st.sampled_from(("beyond", "below", "either_side_of"))


def outside(side: str, x: Fraction, line: Fraction) -> Fraction:
    return {"beyond": x - line, "below": line - x, "either_side_of": abs(x - line)}[side]


@given(POINTS, ANY, ANY, POSITIVE, SHARES, PARTIALS, st.none() | SHARES, SIDES)
def test_every_step_outside_the_line_costs_until_all_is_gone(
    p: Fraction,
    x: Fraction,
    line: Fraction,
    each: Fraction,
    share: Fraction,
    partial: Partial,
    most: Fraction | None,
    side: str,
) -> None:
    rule = Deduct(
        each=text(each),
        minus=percent(share),
        partial=partial,
        at_most=None if most is None else percent(most),
        **{side: text(line)},
    )
    cap = p if most is None else most * p
    agree(rule, p, {"x": text(x)}, reference.deducted(p, outside(side, x, line), each, share * p, partial, cap))
    assert score(rule, p, {"x": text(x)}) >= p - cap
    assert score(rule, p, {"x": text(line)}) == p


@given(POINTS, ANY, ANY, ANY, POSITIVE, SHARES, PARTIALS, SIDES)
def test_further_outside_the_line_never_earns_more(
    p: Fraction, x: Fraction, y: Fraction, line: Fraction, each: Fraction, share: Fraction, partial: Partial, side: str
) -> None:
    near, far = sorted((x, y), key=lambda value: outside(side, value, line))
    rule = Deduct(each=text(each), minus=percent(share), partial=partial, **{side: text(line)})
    assert score(rule, p, {"x": text(near)}) >= score(rule, p, {"x": text(far)})


@given(POINTS, ANY, ANY, POSITIVE, SHARES, SIDES)
def test_a_started_step_counts_whole_not_at_all_or_between(
    p: Fraction, x: Fraction, line: Fraction, each: Fraction, share: Fraction, side: str
) -> None:
    modes: tuple[Partial, ...] = ("up", "proportional", "down")
    rules = [Deduct(each=text(each), minus=percent(share), partial=mode, **{side: text(line)}) for mode in modes]
    up, proportional, down = (score(rule, p, {"x": text(x)}) for rule in rules)
    assert up <= proportional <= down


@given(POINTS, ANY, ANY, POSITIVE, SHARES, PARTIALS, SIDES, UNITS)
def test_the_unit_the_figures_are_written_in_changes_nothing(
    p: Fraction,
    x: Fraction,
    line: Fraction,
    each: Fraction,
    share: Fraction,
    partial: Partial,
    side: str,
    units: tuple[str, str, int],
) -> None:
    large, small, factor = units
    in_large = Deduct(each=text(each, large), minus=percent(share), partial=partial, **{side: text(line, large)})
    in_both = Deduct(
        each=text(each * factor, small), minus=percent(share), partial=partial, **{side: text(line, large)}
    )
    facts = ({"x": text(x, large)}, {"x": text(x * factor, small)})
    assert len({score(rule, p, fact) for rule in (in_large, in_both) for fact in facts}) == 1


def yueyang(partial: Partial) -> Deduct:
    return Deduct(beyond="100%", each="1%", minus="0.5", partial=partial)


@pytest.mark.parametrize(
    ("partial", "rate", "award"),
    [
        ("up", "100%", 5),
        ("up", "100.1%", "4.5"),
        ("up", "103%", "3.5"),
        ("down", "100.9%", 5),
        ("down", "103.75%", "3.5"),
        ("proportional", "103.75%", "3.125"),
        ("proportional", "98%", 5),
        ("up", "110%", 0),
        ("up", "200%", 0),
    ],
)
def test_the_staffing_rate_of_yueyang_costs_half_a_point_for_each_point_over(
    partial: Partial, rate: str, award: object
) -> None:
    assert earns(yueyang(partial), 5, rate, award)


@pytest.mark.parametrize(("rate", "award"), [("100%", 15), ("97.1%", 15), ("97%", 14), ("106%", 13), ("40%", 0)])
def test_each_difference_of_3_percent_costs_a_point_on_either_side(rate: str, award: int) -> None:
    assert earns(Deduct(either_side_of="100%", each="3%", minus=1, partial="down"), 15, rate, award)


def test_satisfaction_below_95_percent_costs_a_point_for_each_percent() -> None:
    rule = Deduct(below="95%", each="1%", minus=1, partial="proportional")
    for rate, award in (("95%", 10), ("96%", 10), ("93.5%", "8.5"), ("85%", 0), ("10%", 0)):
        assert earns(rule, 10, rate, award)


def test_steps_may_be_wider_than_1_percent() -> None:
    rule = Deduct(below="90%", each="5%", minus=1, partial="down")
    for rate, award in (("90%", 10), ("85.1%", 10), ("85%", 9), ("79%", 8)):
        assert earns(rule, 10, rate, award)


def test_findings_cost_a_point_each_up_to_4_of_10() -> None:
    rule = Deduct(beyond=0, each=1, minus=1, partial="up", at_most=4)
    for findings, award in (("0次", 10), ("1次", 9), ("4次", 6), ("9次", 6)):
        assert earns(rule, 10, findings, award)


@pytest.mark.parametrize(("points", "minus"), [(1, "0.1"), (3, "0.3"), (2, "0.2"), (5, "10%")])
def test_a_share_of_the_points_is_one_rule_at_every_size(points: int, minus: str) -> None:
    rule = Deduct(beyond="100%", each="1%", minus=minus, partial="up")
    assert score(rule, Fraction(points), {"x": "103%"}) == Fraction(points) * Fraction(7, 10)


def test_days_late_and_years_late_are_counted_from_the_deadline() -> None:
    assert earns(Deduct(beyond="2023-06-30", each="10天", minus=1, partial="up"), 5, "2023-07-11", 3)
    assert earns(Deduct(beyond="2023-06-30", each=10, minus=1, partial="down"), 5, "2023-07-11", 4)
    assert earns(Deduct(beyond="9月", each="1个月", minus=2, partial="up"), 5, "11月", 1)
    assert earns(Deduct(beyond=0, each="1年", minus=2, partial="up"), 5, "2年", 1)


@pytest.mark.parametrize(("each", "actual"), [("1%", "3%"), ("1万元", "30000元"), (1, "3"), ("1处", "3处")])
def test_a_line_of_0_goes_with_every_unit(each: object, actual: str) -> None:
    assert earns(Deduct(beyond=0, each=each, minus=1, partial="up"), 10, actual, 7)


def test_figures_in_another_unit_than_the_line_are_an_error() -> None:
    assert "same kind of unit" in problem_of(yueyang("up"), TEN, {"x": "103"})


@pytest.mark.parametrize(
    ("parameters", "at"),
    [
        ({"each": "1%", "minus": 1, "partial": "up"}, [""]),
        ({"each": "1%", "minus": 1, "partial": "up", "beyond": "1%", "below": "2%"}, [""]),
        ({"each": "0%", "minus": 1, "partial": "up", "beyond": "1%"}, ["each"]),
        ({"each": "-1%", "minus": 1, "partial": "up", "beyond": "1%"}, ["each"]),
        ({"each": 1, "minus": 1, "partial": "up", "beyond": "100%"}, ["each"]),
        ({"each": "1%", "minus": 1, "partial": "up", "below": 100}, ["each"]),
        ({"each": "1人", "minus": 1, "partial": "up", "either_side_of": "100棵"}, ["each"]),
        ({"each": "1月", "minus": 1, "partial": "up", "beyond": "9月"}, ["each"]),
        ({"each": "2023-01-01", "minus": 1, "partial": "up", "beyond": 0}, ["each"]),
        ({"each": "1%", "minus": -1, "partial": "up", "beyond": "1%"}, ["minus"]),
        ({"each": "1%", "minus": "-5%", "partial": "up", "beyond": "1%"}, ["minus"]),
        ({"each": "1%", "minus": "3人", "partial": "up", "beyond": "1%"}, ["minus"]),
        ({"each": "1%", "minus": 1, "partial": "sideways", "beyond": "1%"}, ["partial"]),
        ({"each": "1%", "minus": 1, "partial": "up", "beyond": "1%", "at_most": 11}, ["at_most"]),
        ({"each": "1%", "minus": 1, "partial": "up", "beyond": "1%", "at_most": -1}, ["at_most"]),
    ],
)
def test_parameters_that_make_no_sense_are_refused_where_they_stand(
    parameters: dict[str, object], at: list[str]
) -> None:
    assert refused(kind="deduct", **parameters) == at


def test_how_a_started_step_counts_is_always_said() -> None:
    assert refused(kind="deduct", each="1%", minus=1, beyond="100%") == [""]


def test_all_the_faults_of_a_deduction_are_told_at_once() -> None:
    rule = {"each": "0人", "minus": -1, "partial": "up", "beyond": "1%"}
    assert refused(kind="deduct", **rule) == ["each", "each", "minus"]


def test_a_way_to_count_that_is_not_known_is_refused_in_python_too() -> None:
    with pytest.raises(DefinitionError, match="sideways"):
        Deduct(each="1%", minus=1, partial="sideways", beyond="1%")  # type: ignore[arg-type]  # without mypy


@pytest.mark.parametrize(
    ("parameters", "actual", "outside", "steps", "deduction"),
    [
        ({"beyond": "100%"}, "103%", "3%", "3", "1.5"),
        ({"beyond": "100%"}, "90%", "0%", "0", "0"),
        ({"below": "100%"}, "90%", "10%", "10", "5"),
        ({"below": "100%"}, "103%", "0%", "0", "0"),
        ({"either_side_of": "100%"}, "98.5%", "1.5%", "2", "1"),
    ],
)
def test_what_lies_outside_the_steps_and_the_deduction_are_told_on_the_way(
    parameters: dict[str, str], actual: str, outside: str, steps: str, deduction: str
) -> None:
    rule = Deduct(each="1%", minus="0.5", partial="up", **parameters)
    told = [(step.name.zh, step.name.en, step.role, str(step.value)) for step in scored(rule, TEN, {"x": actual}).steps]
    assert told[1:4] == [
        ("超出", "outside", None, outside),
        ("扣分次数", "steps", "count", steps),
        ("扣分", "deduction", "points", deduction),
    ]


def test_a_way_to_count_that_is_not_known_is_told_where_it_stands() -> None:
    with pytest.raises(DefinitionError) as caught:
        Deduct(each="1%", minus=1, partial="sideways", beyond="1%")  # type: ignore[arg-type]  # without mypy
    (problem,) = caught.value.problems
    assert problem.path == ("partial",)
    assert "sideways" in problem.message.zh
