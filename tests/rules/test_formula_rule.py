"""`formula`: a formula of the framework's own."""

from __future__ import annotations

from fractions import Fraction

import pytest
import reference
from hypothesis import given
from one_indicator import TEN, agree, problem_of, refused, score, scored, text
from reference import ANY, POINTS, POSITIVE, UNITS

from perfeval.facts import Given
from perfeval.rules import Formula


@given(POINTS, ANY, POSITIVE)
def test_a_formula_is_clipped_to_the_points(p: Fraction, x: Fraction, y: Fraction) -> None:
    agree(Formula("points * actual / y - 1"), p, {"x": text(x), "y": text(y)}, p * x / y - 1)


@given(POINTS, ANY)
def test_a_formula_may_reach_into_a_bonus_that_is_counted_apart(p: Fraction, x: Fraction) -> None:
    node = scored(Formula("actual"), p, {"x": text(x)}, bonus=Fraction(2))
    assert node.score == reference.clipped(x, p)
    assert node.bonus == reference.clipped(x - p, Fraction(2))


@given(POINTS, ANY, POSITIVE, UNITS)
def test_the_unit_the_figures_are_written_in_changes_nothing(
    p: Fraction, x: Fraction, y: Fraction, units: tuple[str, str, int]
) -> None:
    large, small, factor = units
    rule = Formula("points * actual / y")
    first = score(rule, p, {"x": text(x, large), "y": text(y, large)})
    assert first == score(rule, p, {"x": text(x * factor, small), "y": text(y, large)})


def test_the_budget_accuracy_of_sichuan_2020_may_be_said_as_a_formula() -> None:
    rule = Formula("if(actual > 10%, 0, points * (1 - 10 * actual))")
    for adjusted, award in (("0元", 10), ("2元", "7.5"), ("8元", 0), ("9元", 0)):
        facts = {"adjusted": adjusted, "initial": "80元"}
        assert score(rule, TEN, facts, actual="adjusted / initial") == Fraction(award)


def test_leaders_who_praise_earn_a_point_each_up_to_2_beside_the_item() -> None:
    rule = Formula("if(in_plan, 1, 0) + min(2, praised)")
    for in_plan, praised, award in ((True, "0", 1), (True, "1", 2), (True, "5", 3), (False, "5", 2)):
        facts: dict[str, Given] = {"in_plan": in_plan, "praised": praised}
        assert score(rule, Fraction(1), facts, bonus=Fraction(2)) == award


def test_each_wrong_element_of_an_item_of_1_5_costs_half_a_point() -> None:
    rule = Formula("points - 0.5 * wrong")
    for wrong, award in (("0", "1.5"), ("1", 1), ("3", 0), ("4", 0)):
        assert score(rule, Fraction("1.5"), {"wrong": wrong}) == Fraction(award)


def test_two_kinds_of_rating_may_weigh_by_what_exists() -> None:
    rule = Formula("points * if(bids and works, 0.2 * a + 0.8 * b, if(bids, a, b))")
    facts = {"a": "50%", "b": "100%"}
    for bids, works, award in ((True, True, 9), (True, False, 5), (False, True, 10)):
        assert score(rule, TEN, {**facts, "bids": bids, "works": works}) == award


def test_a_division_by_zero_is_an_error_that_names_the_fact() -> None:
    assert "budget is zero" in problem_of(Formula("points * actual / budget"), TEN, {"x": "5", "budget": "0"})


@pytest.mark.parametrize("award", ["actual", "points + actual", "actual > 0"])
def test_a_formula_that_does_not_come_to_points_is_an_error(award: str) -> None:
    assert problem_of(Formula(award), TEN, {"x": "5万元"})


@pytest.mark.parametrize("award", ["points *", "1 + ", "import os", "actual.real()"])
def test_a_formula_that_cannot_be_read_is_refused(award: str) -> None:
    assert refused(kind="formula", award=award) == ["award"]


def test_a_formula_without_an_award_is_refused() -> None:
    assert refused(kind="formula") == [""]
