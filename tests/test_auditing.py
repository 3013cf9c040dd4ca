"""Audits: what a published score implies, worked by hand and held to laws."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from every_rule import framework, indicator
from perfeval import (
    Adjustment,
    Assessment,
    Dimension,
    Fact,
    Limit,
    Published,
    QuantityError,
    Remark,
    evaluate,
    load,
    quantity,
)
from perfeval.auditing import Audit, audit
from perfeval.facts import Given
from perfeval.framework import Framework
from perfeval.rules import Completion

TREE = framework(
    Dimension("output", "output", (indicator("a", 40, rule=Completion(target="≥10")), indicator("b", 20))),
    Dimension("benefit", "benefit", (indicator("c", 30), indicator("d", 10))),
)
FACTS: Mapping[str, Given] = {"output.a": "9"}


def asked(score: object, facts: Mapping[str, Given] = FACTS, of: Framework = TREE, **more: object) -> Audit:
    return audit(Assessment(of, facts, **more), score)  # type: ignore[arg-type]


def figures(*values: object) -> str:
    return " ".join(str(value) for value in values)


def test_what_a_possible_score_implies() -> None:
    # a earns 36 of 40. For 90, b, c and d must have earned 54 of 60: 90% on average.
    found = asked(90)
    assert found.verdict == "possible"
    assert figures(found.bounds.low, found.bounds.high) == "36 96"
    assert figures(found.points.earned, found.points.lost, found.points.judged) == "36 4 60"
    (only,) = found.scenarios
    assert figures(only.needed, only.undecided, only.applicable) == "54 60 100"
    overall, output, benefit = only.shares
    assert overall.low == overall.high == Fraction(9, 10)
    # b lost at most 6 of 20, if c and d lost nothing.
    assert figures(output.points, output.low, output.high) == "20 7/10 1"
    assert figures(benefit.points, benefit.low, benefit.high) == "40 17/20 1"
    assert only.carriers is not None
    assert only.carriers.loss == 6
    assert only.carriers.sets == (("output.b",), ("benefit.c",), ("benefit.d",))
    assert not only.carriers.more


def test_a_loss_that_no_single_indicator_could_carry() -> None:
    found = asked(61)  # 25 of 60: 35 lost, more than c's 30
    (only,) = found.scenarios
    assert only.carriers is not None
    assert only.carriers.sets == (("output.b", "benefit.c"), ("benefit.c", "benefit.d"))


@pytest.mark.parametrize(("published", "nearest", "first"), [("97", 96, "output.a"), ("30", 36, "output.a")])
def test_an_impossible_score_has_a_nearest_and_obstacles(published: str, nearest: int, first: str) -> None:
    found = asked(published)
    assert found.verdict == "impossible"
    assert found.nearest == nearest
    assert [leaf.placed.path for leaf in found.obstacles] == [first]
    assert all(not each.possible and each.needed is None for each in found.scenarios)


def test_the_published_score_is_asked_about_unless_another_is_given() -> None:
    assert asked(None).verdict == "unpublished"
    found = asked(None, published=Published(score="97"))
    assert figures(found.published, found.verdict) == "97 impossible"
    assert asked("90", published=Published(score="97")).verdict == "possible"
    assert asked(Decimal("90")).published == asked(Fraction(90)).published == asked("90分").published
    with pytest.raises(QuantityError):
        asked("ninety")


def test_assumed_facts_are_not_taken_on_trust() -> None:
    facts: dict[str, Given] = {
        "output.a": "9",
        **{
            name: Fact(name, quantity(value), assumed="x")
            for name, value in {"output.b": "20", "benefit.c": "30", "benefit.d": "4"}.items()
        },
    }
    found = asked(90, facts)
    assert found.card.score == 90
    assert figures(found.bounds.low, found.bounds.high) == "36 96"


def test_an_indicator_that_can_have_no_score_leaves_nothing_to_ask() -> None:
    assert asked(90, {"output.a": "9", "output.b": "50"}).verdict == "unbounded"


def test_stated_item_scores_are_held_against_their_rules() -> None:
    remarks = {"output.a": Remark(stated="38"), "output.b": Remark(stated="20"), "benefit.c": Remark(stated="25")}
    found = asked(90, {**FACTS, "benefit.c": "25"}, remarks=remarks)
    assert [(item.node.path, item.departs, item.impossible) for item in found.items] == [
        ("output.a", True, True),
        ("output.b", False, False),
        ("benefit.c", False, False),
    ]
    assert [figures(item.by_rule, item.stated) for item in found.departures] == ["36 38"]
    assert found.stated_total is None
    complete = {**remarks, "benefit.d": Remark(stated="7")}
    assert asked(90, remarks=complete).stated_total == 90


def test_what_may_not_apply_makes_two_cases() -> None:
    of = framework(indicator("a", 60), indicator("b", 20), indicator("c", 20, applies="has_c"))
    found = asked(75, {"a": "60", "c": "0"}, of)
    with_c, without = found.scenarios
    assert figures(with_c.taken[0][1], with_c.low, with_c.high, with_c.needed) == "True 60 80 15"
    assert figures(without.taken[0][1], without.low, without.high, without.applicable) == "False 75 100 80"
    assert figures(without.possible, without.needed) == "True 0"
    assert found.points.may_apply == 20
    between = asked(73, {"a": "60", "c": "0"}, of)
    assert [each.possible for each in between.scenarios] == [True, False]


def test_where_a_limit_may_have_held_nothing_follows_for_the_indicators() -> None:
    limited = framework(indicator("a", 60), indicator("b", 40), limits=(Limit("x", "fraud", at_most=60),))
    (only,) = asked(60, {"a": "60"}, limited).scenarios
    assert only.possible
    assert only.needed is None
    beside = framework(
        indicator("a", 60), indicator("b", 40), adjustments=(Adjustment("p", "p", "late * -1", at_least=-5),)
    )
    (open_,) = asked(90, {"a": "60"}, beside).scenarios
    assert open_.needed is None
    (known,) = asked(90, {"a": "60", "late": "2次"}, beside).scenarios
    assert known.needed == 32


def test_the_example_can_be_right_and_what_it_takes() -> None:
    found = audit(load("examples/panzhihua-dongqu-2023/department.toml"))
    assert found.verdict == "possible"
    assert figures(found.points.earned, found.points.lost, found.points.judged) == "133/2 8 41/2"
    purchased, not_purchased = found.scenarios
    assert not purchased.possible
    assert not_purchased.needed == 19
    assert not_purchased.shares[0].low == Fraction(38, 41)


@given(st.tuples(*(st.decimals(0, most, places=1) for most in (20, 30, 10))))
def test_a_score_that_was_earned_is_possible_and_implies_what_was_earned(given_: tuple[Decimal, ...]) -> None:
    facts = {**FACTS, **dict(zip(("output.b", "benefit.c", "benefit.d"), map(str, given_), strict=True))}
    true = evaluate(Assessment(TREE, facts)).score
    assert true is not None
    found = asked(true)
    assert found.verdict == "possible"
    (only,) = found.scenarios
    assert only.needed == sum(map(Fraction, given_))
    overall, output, benefit = only.shares
    assert overall.low == sum(map(Fraction, given_)) / 60
    assert output.low <= Fraction(given_[0]) / 20 <= output.high
    assert benefit.low <= (Fraction(given_[1]) + Fraction(given_[2])) / 40 <= benefit.high
    assert only.carriers is not None
    lost = {
        path
        for path, value, most in (
            ("output.b", given_[0], 20),
            ("benefit.c", given_[1], 30),
            ("benefit.d", given_[2], 10),
        )
        if value < most
    }
    assert all(len(each) <= max(1, len(lost)) for each in only.carriers.sets)


@given(st.decimals(0, 100, places=2))
def test_a_score_is_possible_exactly_when_it_lies_within_the_bounds(score: Decimal) -> None:
    found = asked(score)
    assert (found.verdict == "possible") == (36 <= score <= 96)
    if found.verdict == "impossible":
        assert found.nearest == (36 if score < 36 else 96)


def test_a_loss_spread_over_hundreds_of_indicators_is_answered_at_once() -> None:
    of = framework(*(indicator(f"i{index}", 1) for index in range(300)), points=300)
    (only,) = asked(150, {}, of).scenarios
    assert only.carriers is not None
    assert (only.carriers.size, only.carriers.sets, only.carriers.more) == (150, (), True)
    (fewer,) = asked(290, {}, of).scenarios
    assert fewer.carriers is not None
    assert (fewer.carriers.size, len(fewer.carriers.sets), fewer.carriers.more) == (10, 12, True)


def test_published_items_add_up_when_they_are_converted_to_what_applies() -> None:
    of = framework(indicator("a", 95), indicator("c", 5, applies="has_c"))
    found = asked(90, {"a": "85.5", "has_c": False}, of, remarks={"a": Remark(stated="85.5")})
    assert figures(found.stated_total, found.stated_converted, found.adds_up) == "171/2 90 True"
    late = framework(indicator("a", 100), adjustments=(Adjustment("p", "p", "late * -1", at_least=-10),))
    assert asked(85, {"a": "95", "late": "10"}, late, remarks={"a": Remark(stated="95")}).adds_up is True
    assert asked(86, {"a": "95", "late": "10"}, late, remarks={"a": Remark(stated="95")}).adds_up is False


def test_at_a_rounded_edge_no_share_is_above_all() -> None:
    found = audit(load("examples/panzhihua-dongqu-2023/department.toml"), "91.58")
    (only,) = [each for each in found.scenarios if each.possible]
    assert all(0 <= share.low <= share.high <= 1 for share in only.shares)
    assert only.carriers is not None
    assert only.carriers.loss >= 0
