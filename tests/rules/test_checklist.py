"""`checklist`: the points of the items that hold."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_indicator import TEN, agree, problem_of, refused, score, scored, text
from reference import ANY, POINTS, POSITIVE, UNITS, ZERO

from perfeval.facts import Given
from perfeval.rules import Checklist, Item

HELD = st.lists(st.booleans(), min_size=1, max_size=6)


def answers(held: list[bool]) -> dict[str, Given]:
    return {f"f{index}": value for index, value in enumerate(held)}


@given(POINTS, HELD)
def test_items_without_points_share_them_equally_and_exactly(p: Fraction, held: list[bool]) -> None:
    items = tuple(Item(f"f{index}", f"第{index}项") for index in range(len(held)))
    agree(Checklist(items), p, answers(held), p * sum(held) / len(held))


@given(st.lists(st.tuples(POSITIVE, st.booleans()), min_size=1, max_size=6))
def test_items_with_points_earn_their_own(items: list[tuple[Fraction, bool]]) -> None:
    rule = Checklist(tuple(Item(f"f{index}", points=text(part)) for index, (part, _) in enumerate(items)))
    whole = sum((part for part, _ in items), ZERO)
    held = sum((part for part, holds in items if holds), ZERO)
    agree(rule, whole, answers([holds for _, holds in items]), held)


@given(POINTS, HELD)
def test_all_or_nothing_is_lost_with_one_item(p: Fraction, held: list[bool]) -> None:
    items = tuple(Item(f"f{index}") for index in range(len(held)))
    agree(Checklist(items, all_or_nothing=True), p, answers(held), p * all(held))


@given(POINTS, HELD, st.data())
def test_one_more_item_that_holds_never_earns_less(p: Fraction, held: list[bool], data: st.DataObject) -> None:
    improved = list(held)
    improved[data.draw(st.integers(0, len(held) - 1))] = True
    items = tuple(Item(f"f{index}") for index in range(len(held)))
    for rule in (Checklist(items), Checklist(items, all_or_nothing=True)):
        assert score(rule, p, answers(held)) <= score(rule, p, answers(improved))


@given(POINTS, ANY, ANY, UNITS)
def test_the_unit_the_figures_are_written_in_changes_nothing(
    p: Fraction, x: Fraction, y: Fraction, units: tuple[str, str, int]
) -> None:
    large, small, factor = units
    rule = Checklist((Item("a >= b"), Item("a <= b"), Item("a == b")))
    first = score(rule, p, {"a": text(x, large), "b": text(y, large)})
    assert first == score(rule, p, {"a": text(x, large), "b": text(y * factor, small)})


def test_records_that_are_true_whole_and_accurate_earn_a_point_each() -> None:
    rule = Checklist((Item("true_data", "真实", 1), Item("whole", "完整", 1), Item("errors == 0", "准确", "1分")))
    assert score(rule, Fraction(3), {"true_data": True, "whole": True, "errors": "0处"}) == 3
    assert score(rule, Fraction(3), {"true_data": True, "whole": False, "errors": "2处"}) == 1


def test_one_household_left_out_takes_the_whole_item() -> None:
    rule = Checklist((Item("left_out == 0"), Item("listed")), all_or_nothing=True)
    assert score(rule, Fraction(4), {"left_out": "0户", "listed": True}) == 4
    assert score(rule, Fraction(4), {"left_out": "1户", "listed": True}) == 0


def test_an_item_that_is_not_known_leaves_the_score_unknown_unless_all_is_lost_anyway() -> None:
    items = (Item("a"), Item("b"))
    assert scored(Checklist(items), TEN, {"a": True, "b": None}).status == "unknown"
    assert scored(Checklist(items, all_or_nothing=True), TEN, {"a": False, "b": None}).score == 0


def test_an_item_that_is_a_figure_is_an_error() -> None:
    assert "condition" in problem_of(Checklist((Item("a"),)), TEN, {"a": "5"})


def test_items_may_reach_into_a_bonus() -> None:
    rule = Checklist((Item("a", points=1), Item("b", points=2)))
    assert score(rule, Fraction(1), {"a": True, "b": True}, bonus=Fraction(2)) == 3


@pytest.mark.parametrize(
    ("items", "at"),
    [
        ([], ["items"]),
        ("a", ["items"]),
        ([{"title": "真实"}], ["items.0"]),
        ([{"when": "a +"}], ["items.0.when"]),
        ([{"when": "a", "points": "50%"}], ["items.0.points"]),
        ([{"when": "a", "points": "5人"}], ["items.0.points"]),
        ([{"when": "a", "points": "多"}], ["items.0.points"]),
        ([{"when": "a", "points": 12}, {"when": "b", "points": -2}], ["items.1.points"]),
        ([{"when": "a", "points": 10}, {"when": "b"}], ["items"]),
        ([{"when": "a", "points": 5}, {"when": "b", "points": 4}], ["items"]),
        ([{"when": "a", "points": 5}, {"when": "b", "points": 6}], ["items"]),
        ([{"when": "a"}] * 101, ["items"]),
    ],
)
def test_items_that_make_no_sense_are_refused_where_they_stand(items: object, at: list[str]) -> None:
    assert refused(kind="checklist", items=items) == at


def test_all_the_faults_of_a_checklist_are_told_at_once() -> None:
    items = [{"when": "a +", "points": "少"}, {"wen": "b", "when": "c"}]
    assert sorted(refused(kind="checklist", items=items)) == ["items.0.points", "items.0.when", "items.1.wen"]
    assert refused(kind="checklist", items=[{"when": "a", "points": -1}, {"when": "b"}]) == ["items", "items.0.points"]


def test_items_with_a_title_are_named_in_points_and_those_without_are_not() -> None:
    rule = Checklist((Item("a", "真实"), Item("b"), Item("c", "完整")))
    node = scored(rule, Fraction(9), {"a": True, "b": True, "c": False})
    assert [(step.name.zh, step.name.en, step.role, str(step.value)) for step in node.steps] == [
        ("真实", "真实", "points", "3"),
        ("完整", "完整", "points", "0"),
        ("得分", "score", "points", "6"),
    ]
