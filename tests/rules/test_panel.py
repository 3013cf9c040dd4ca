"""`panel`: the mean of several raters' marks."""

from __future__ import annotations

from fractions import Fraction

import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st
from one_indicator import TEN, agree, problem_of, refused, score, scored, text
from reference import POINTS, SHARES

from perfeval import DefinitionError
from perfeval.facts import Given
from perfeval.rules import Panel

HUNDRED = Fraction(100)
MARKS = st.lists(SHARES.map(lambda share: share * 100), min_size=3, max_size=7)


def raters(count: int) -> tuple[str, ...]:
    return tuple(f"m{index}" for index in range(count))


def facts(marks: list[Fraction], unit: str = "") -> dict[str, Given]:
    return {f"m{index}": text(mark, unit) for index, mark in enumerate(marks)}


@given(POINTS, MARKS, st.booleans())
def test_a_panel_is_the_mean_of_its_marks(p: Fraction, marks: list[Fraction], drop: bool) -> None:
    rule = Panel(raters(len(marks)), drop_extremes=drop, out_of=100)
    agree(rule, p, facts(marks), reference.panel(p, marks, HUNDRED, drop=drop))


@given(POINTS, st.lists(SHARES, min_size=1, max_size=5))
def test_marks_are_out_of_the_indicators_points_unless_said_otherwise(p: Fraction, shares: list[Fraction]) -> None:
    marks = [share * p for share in shares]
    agree(Panel(raters(len(marks))), p, facts(marks), reference.panel(p, marks, p, drop=False))


@given(POINTS, MARKS, st.booleans(), st.data())
def test_a_higher_mark_never_earns_less(p: Fraction, marks: list[Fraction], drop: bool, data: st.DataObject) -> None:
    raised = [data.draw(st.integers(0, 100).map(Fraction)), *marks[1:]]
    low, high = sorted((marks, raised), key=lambda each: each[0])
    rule = Panel(raters(len(marks)), drop_extremes=drop, out_of=100)
    assert score(rule, p, facts(low)) <= score(rule, p, facts(high))


@given(POINTS, MARKS, st.booleans(), st.permutations(range(7)))
def test_who_gave_which_mark_changes_nothing(p: Fraction, marks: list[Fraction], drop: bool, order: list[int]) -> None:
    rule = Panel(raters(len(marks)), drop_extremes=drop, out_of=100)
    shuffled = [marks[place] for place in order if place < len(marks)]
    assert score(rule, p, facts(marks)) == score(rule, p, facts(shuffled))


@given(POINTS, MARKS)
def test_marks_may_be_written_with_their_unit(p: Fraction, marks: list[Fraction]) -> None:
    rule = Panel(raters(len(marks)), out_of="100分")
    assert score(rule, p, facts(marks)) == score(rule, p, facts(marks, "分"))
    assert score(rule, p, facts([HUNDRED] * len(marks))) == p


def test_the_mean_of_three_experts_is_the_score() -> None:
    assert score(Panel(("a", "b", "c")), TEN, {"a": "9", "b": "8", "c": "10"}) == 9


def test_the_highest_and_the_lowest_mark_are_left_out_once_each() -> None:
    rule = Panel(("a", "b", "c", "d"), drop_extremes=True, out_of=100)
    assert score(rule, TEN, {"a": "100", "b": "80", "c": "90", "d": "0"}) == Fraction("8.5")
    assert score(rule, TEN, {"a": "100", "b": "100", "c": "0", "d": "0"}) == 5


def test_five_answers_of_a_survey_may_be_one_mark() -> None:
    rule = Panel(("(100 * good + 80 * fair + 60 * plain) / votes",), out_of=100)
    assert score(rule, TEN, {"good": "6", "fair": "3", "plain": "1", "votes": "10"}) == 9


@pytest.mark.parametrize("mark", ["101", "-1"])
def test_a_mark_outside_its_scale_is_an_error(mark: str) -> None:
    assert "a mark lies between 0 and 100" in problem_of(Panel(("a", "b"), out_of=100), TEN, {"a": mark, "b": "5"})


@pytest.mark.parametrize("mark", ["85%", "85人", "85元"])
def test_a_mark_in_another_unit_is_an_error(mark: str) -> None:
    assert problem_of(Panel(("a",), out_of=100), TEN, {"a": mark})


def test_a_mark_that_is_missing_leaves_the_score_unknown() -> None:
    assert scored(Panel(("a", "b"), out_of=100), TEN, {"a": "90", "b": None}).status == "unknown"


@pytest.mark.parametrize(
    ("parameters", "at"),
    [
        ({}, [""]),
        ({"raters": []}, ["raters"]),
        ({"raters": "a"}, ["raters"]),
        ({"raters": ["a", "b"], "drop_extremes": True}, ["raters"]),
        ({"raters": ["a", "b"], "drop_extremes": "yes"}, ["drop_extremes"]),
        ({"raters": ["a +", "b", "c )"]}, ["raters.0", "raters.2"]),
        ({"raters": ["a"], "out_of": 0}, ["out_of"]),
        ({"raters": ["a"], "out_of": -5}, ["out_of"]),
        ({"raters": ["a"], "out_of": "100%"}, ["out_of"]),
        ({"raters": ["a"] * 101}, ["raters"]),
    ],
)
def test_parameters_that_make_no_sense_are_refused_where_they_stand(
    parameters: dict[str, object], at: list[str]
) -> None:
    assert refused(kind="panel", **parameters) == at


def test_all_the_faults_of_a_panel_are_told_at_once() -> None:
    assert refused(kind="panel", raters=[], out_of=0) == ["raters", "out_of"]


def test_a_mark_out_of_its_scale_is_told_with_the_scale() -> None:
    assert problem_of(Panel(("a",), out_of="7.5"), TEN, {"a": "8"}) == "a mark lies between 0 and 7.5"


def test_the_mean_mark_is_named_in_points_and_converted_only_where_it_is_out_of_something_else() -> None:
    facts: dict[str, Given] = {"a": "8", "b": "9"}
    same, other = scored(Panel(("a", "b")), TEN, facts), scored(Panel(("a", "b"), out_of=20), TEN, facts)
    assert [(step.name.zh, step.role, str(step.value)) for step in same.steps] == [
        ("平均分", "points", "8.5"),
        ("得分", "points", "8.5"),
    ]
    assert "÷ 20" in other.rule_text("zh")
    assert "÷ 10" not in same.rule_text("zh")


def test_more_than_a_hundred_marks_are_refused_by_the_rule_itself() -> None:
    with pytest.raises(DefinitionError) as caught:
        Panel(("a",) * 101)
    assert [each.path for each in caught.value.problems] == [("raters",)]
