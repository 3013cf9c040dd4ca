"""`share-of-items`: the share of the targets that were reached within a tolerance."""

from __future__ import annotations

from fractions import Fraction

import pytest
import reference
from hypothesis import example, given
from hypothesis import strategies as st
from one_indicator import TEN, agree, percent, problem_of, refused, score, scored, text
from reference import ANY, POINTS, POSITIVE, SHARES, UNITS

from perfeval import DefinitionError
from perfeval.facts import Given
from perfeval.rules import CountedItem, ShareOfItems

Pairs = list[tuple[Fraction, Fraction]]
PAIRS = st.lists(st.tuples(ANY, ANY), min_size=1, max_size=5)


def items(count: int) -> tuple[CountedItem, ...]:
    return tuple(CountedItem(f"a{index}", f"t{index}") for index in range(count))


def facts(pairs: Pairs, unit: str = "") -> dict[str, Given]:
    named: dict[str, Given] = {}
    for index, (actual, goal) in enumerate(pairs):
        named |= {f"a{index}": text(actual, unit), f"t{index}": text(goal, unit)}
    return named


@given(POINTS, PAIRS, st.none() | SHARES, SHARES)
@example(TEN, [(Fraction(-5), Fraction(-5))], Fraction(3, 10), Fraction(3, 10))
def test_items_inside_the_tolerance_are_counted(
    p: Fraction, pairs: Pairs, below: Fraction | None, above: Fraction
) -> None:
    rule = ShareOfItems(items(len(pairs)), below=None if below is None else percent(below), above=percent(above))
    reached = sum(reference.inside(actual, goal, below, above) for actual, goal in pairs)
    agree(rule, p, facts(pairs), p * reached / len(pairs))


@given(POINTS, PAIRS, SHARES)
def test_within_is_below_and_above_alike(p: Fraction, pairs: Pairs, share: Fraction) -> None:
    both = ShareOfItems(items(len(pairs)), within=percent(share))
    each = ShareOfItems(items(len(pairs)), below=percent(share), above=percent(share))
    assert score(both, p, facts(pairs)) == score(each, p, facts(pairs))


@given(POINTS, PAIRS, SHARES, SHARES)
def test_a_wider_tolerance_never_earns_less(p: Fraction, pairs: Pairs, one: Fraction, other: Fraction) -> None:
    narrow, wide = sorted((one, other))
    rules = [ShareOfItems(items(len(pairs)), within=percent(share)) for share in (narrow, wide)]
    assert score(rules[0], p, facts(pairs)) <= score(rules[1], p, facts(pairs))


@given(POINTS, PAIRS, ANY, ANY)
def test_an_item_without_an_upper_end_never_earns_less_for_more(
    p: Fraction, pairs: Pairs, x: Fraction, y: Fraction
) -> None:
    rule = ShareOfItems(items(len(pairs)), below="0%")
    low, high = ([(each, pairs[0][1]), *pairs[1:]] for each in sorted((x, y)))
    assert score(rule, p, facts(low)) <= score(rule, p, facts(high))


@given(POINTS, PAIRS, SHARES)
def test_the_targets_themselves_earn_everything(p: Fraction, pairs: Pairs, share: Fraction) -> None:
    rule = ShareOfItems(items(len(pairs)), within=percent(share))
    assert score(rule, p, facts([(goal, goal) for _, goal in pairs])) == p


@given(POINTS, PAIRS, SHARES, UNITS)
def test_the_unit_the_figures_are_written_in_changes_nothing(
    p: Fraction, pairs: Pairs, share: Fraction, units: tuple[str, str, int]
) -> None:
    large, small, factor = units
    rule = ShareOfItems(items(len(pairs)), within=percent(share))
    in_small = facts([(actual * factor, goal * factor) for actual, goal in pairs], small)
    assert score(rule, p, facts(pairs, large)) == score(rule, p, in_small)
    mixed = {name: facts(pairs, large)[name] if name.startswith("a") else value for name, value in in_small.items()}
    assert score(rule, p, mixed) == score(rule, p, in_small)


@given(POINTS, POSITIVE)
def test_exactly_30_percent_beyond_still_counts(p: Fraction, goal: Fraction) -> None:
    rule = ShareOfItems(items(1), below="0%", above="30%")
    assert score(rule, p, facts([(goal * Fraction(13, 10), goal)])) == p
    assert score(rule, p, facts([(goal * Fraction(1301, 1000), goal)])) == 0


def test_the_targets_of_sichuan_2020_count_when_reached_and_not_exceeded_by_more_than_30_percent() -> None:
    rule = ShareOfItems(
        (CountedItem("a", "100人"), CountedItem("b", "10次"), CountedItem("c", "planned")), below="0%", above="30%"
    )
    named: dict[str, Given] = {"a": "130人", "b": "10次", "c": "5个", "planned": "5个"}
    assert score(rule, TEN, named) == 10
    assert score(rule, TEN, {**named, "a": "131人", "b": "9次"}) == Fraction(10, 3)


def test_a_target_of_0_is_reached_by_0_alone() -> None:
    rule = ShareOfItems(items(1), within="30%")
    assert score(rule, TEN, {"a0": "0次", "t0": "0次"}) == 10
    assert score(rule, TEN, {"a0": "1次", "t0": "0次"}) == 0


def test_with_no_items_there_is_nothing_to_count() -> None:
    assert "no items" in problem_of(ShareOfItems(within="30%"), TEN, {})


def test_an_item_in_another_unit_than_its_target_is_an_error() -> None:
    assert "same kind of unit" in problem_of(ShareOfItems(items(1), within="30%"), TEN, {"a0": "5人", "t0": "5次"})


def test_an_item_that_is_not_known_leaves_the_score_unknown() -> None:
    assert scored(ShareOfItems(items(1), within="30%"), TEN, {"a0": None, "t0": "5次"}).status == "unknown"


ITEM = {"actual": "a", "target": "5人"}


@pytest.mark.parametrize(
    ("parameters", "at"),
    [
        ({"items": [ITEM]}, [""]),
        ({"items": [ITEM], "within": "30%", "below": "0%"}, [""]),
        ({"items": [ITEM], "within": "-1%"}, ["within"]),
        ({"items": [ITEM], "within": "30"}, ["within"]),
        ({"items": [ITEM], "below": "-5%", "above": "-5%"}, ["below", "above"]),
        ({"items": [{"actual": "a"}], "within": "30%"}, ["items.0"]),
        ({"items": [{"actual": "a +", "target": "5 5"}], "within": "30%"}, ["items.0.actual", "items.0.target"]),
        ({"items": [ITEM] * 101, "within": "30%"}, ["items"]),
    ],
)
def test_parameters_that_make_no_sense_are_refused_where_they_stand(
    parameters: dict[str, object], at: list[str]
) -> None:
    assert refused(kind="share-of-items", **parameters) == at


@pytest.mark.parametrize(
    ("settings", "below", "at_lower", "at_upper", "above"),
    [
        ({"within": "30%"}, 0, 10, 10, 0),
        ({"below": "30%"}, 0, 10, 10, 10),
        ({"above": "30%"}, 10, 10, 10, 0),
        ({"below": "30%", "above": "30%"}, 0, 10, 10, 0),
        ({"within": "0%"}, 0, 0, 0, 0),
    ],
)
def test_an_item_counts_up_to_the_edges_of_its_tolerance(
    settings: dict[str, str], below: int, at_lower: int, at_upper: int, above: int
) -> None:
    rule = ShareOfItems((CountedItem("a", "b"),), **settings)
    awards = [score(rule, TEN, {"a": actual, "b": "100"}) for actual in ("69.9", "70", "100", "130", "130.1")]
    assert awards == [below, at_lower, 10, at_upper, above]


def test_a_tolerance_of_nothing_is_not_spoken_of() -> None:
    def said(**settings: str) -> str:
        rule = ShareOfItems((CountedItem("a", "b"),), **settings)
        return scored(rule, TEN, {"a": "1", "b": "1"}).rule_text("en")

    assert "|b|" not in said(within="0%")
    assert "a ≥ b − |b| × 0.3 and a ≤ b + |b| × 0.3" in said(within="30%")


def test_a_negative_tolerance_is_told_as_it_was_written() -> None:
    for key in ("within", "below", "above"):
        with pytest.raises(DefinitionError) as caught:
            ShareOfItems((), **{key: "-1.5%"})
        (problem,) = caught.value.problems
        assert (problem.path, problem.message.zh) == ((key,), f"{key} 不应为负（现为 -1.5%）")
        assert problem.message.en == f"{key} is not negative (found -1.5%)"


def test_more_than_a_hundred_items_are_refused_by_the_rule_itself() -> None:
    with pytest.raises(DefinitionError) as caught:
        ShareOfItems((CountedItem("a", "b"),) * 101, within="30%")
    assert [each.path for each in caught.value.problems] == [("items",)]
