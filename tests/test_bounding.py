"""Bounds of an assessment: every completion of what is unknown scores within them, and they are reached where they can be."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from every_rule import MODES, POLICIES, every_rule, framework, indicator
from perfeval import Assessment, Fact, FactSheet, Limit, Rounding, evaluate, load, quantity
from perfeval.bounding import Bounds, bounds
from perfeval.facts import Given
from perfeval.framework import Framework, NotApplicable
from perfeval.rules import Awarded, Band, Bands, Completion, Level, Linear, Rating, RollUp, YesNo

RATED = Rating(
    (
        Level("达成", from_="80%", to="100%"),
        Level("部分达成", from_="60%", to="80%"),
        Level("未达成", from_="0%", to="60%"),
    )
)


def bounded(of: Framework, facts: Mapping[str, Given], *, stated_only: bool = False, **more: object) -> Bounds:
    return bounds(Assessment(of, facts, **more), stated_only=stated_only)  # type: ignore[arg-type]


def ends(found: Bounds) -> tuple[str, str]:
    return str(found.low), str(found.high)


def test_a_rating_known_to_its_band_lies_in_the_band() -> None:
    of = framework(indicator("a", 60), indicator("r", 40, rule=RATED))
    known = bounded(of, {"a": "50", "r.level": Fact("x", "部分达成")})
    assert ends(known) == ("74", "82")
    assert known.nodes["r"].open[0].name == "r.share"
    assert ends(bounded(of, {"a": "50"})) == ("50", "90")
    assert ends(bounded(of, {"a": "50", "r.level": Fact("x", "部分达成"), "r.share": "70%"})) == ("78", "78")
    assert known.worst is not None
    assert known.best is not None
    assert (known.worst.name, known.best.name) == ("中", "良")


def test_a_range_of_an_unknown_fact_bounds_what_it_earns() -> None:
    of = framework(indicator("a", 60), indicator("b", 40, rule=Completion(target="≥100人")))
    found = bounded(of, {"a": "50", "b": Fact("b", between=["80人", "90人"])})
    assert ends(found) == ("82", "86")
    assert ends(bounded(of, {"a": "50", "b": Fact("b", between=["80人", ""])})) == ("82", "90")


def test_points_nobody_entered_may_be_anything() -> None:
    found = bounded(framework(indicator("a", 60), indicator("b", 40)), {"a": "50"})
    assert ends(found) == ("50", "90")
    assert [node.decided for node in found.indicators] == [True, False]


def test_stated_only_takes_what_is_assumed_as_unknown() -> None:
    of = framework(indicator("a", 60), indicator("b", 40, actual="double"))
    facts = {
        "a": Fact("a", quantity("50")),
        "b": Fact("b", quantity("10"), assumed="a guess"),
        "double": Fact("double", formula="b * 2"),
    }
    assert ends(bounded(of, facts)) == ("70", "70")
    found = bounded(of, facts, stated_only=True)
    assert ends(found) == ("50", "90")
    assert [(each.name, each.assumed) for each in found.open] == [("b", "a guess")]


@pytest.mark.parametrize(("policy", "high"), [("rescale", "83.33"), ("full", "90"), ("zero", "60")])
def test_what_may_not_apply_is_taken_both_ways(policy: NotApplicable, high: str) -> None:
    # With b: 50 to 60 of 100. Without it: 50 of 60, rescaled to 83.33; 50 + 40; or 50 + 0.
    of = framework(indicator("a", 60), indicator("b", 40, applies="has_b"), not_applicable=policy)
    found = bounded(of, {"a": "50", "b": Fact("b", between=["0", "10"])})
    assert (found.low, found.high) == (Fraction(50), Fraction(high))
    assert found.nodes["b"].applies == "open"
    without = bounded(of, {"a": "50", "has_b": False})
    assert without.nodes["b"].applies == "no"
    assert without.nodes["b"].decided
    assert without.low == without.high


def test_what_hangs_on_one_condition_applies_together() -> None:
    of = framework(
        indicator("a", 60),
        *(indicator(name, 20, applies="has_b") for name in ("b", "c")),
        rounding=(Rounding("total", 2),),
    )
    found = bounded(of, {"a": "60", "b": "0", "c": "0"})
    assert ends(found) == ("60", "100")
    assert found.nodes["b"].applies == "open"


def test_a_limit_that_may_hold_lowers_the_worst_only() -> None:
    of = framework(indicator("a", 100), limits=(Limit("x", "fraud", at_most=60, grade_at_most="差"),))
    found = bounded(of, {"a": "95"})
    assert ends(found) == ("60", "95")
    assert found.worst is not None
    assert found.best is not None
    assert (found.worst.name, found.best.name) == ("差", "优")
    assert "fraud" in [each.name for each in found.open]


def test_an_indicator_with_no_possible_score_leaves_no_total_and_is_named() -> None:
    found = bounded(framework(indicator("a", 60), indicator("b", 40)), {"a": "70", "b": "1"})
    assert found.low is None
    assert found.message is not None
    assert found.message.zh == "没有得分的指标：a"
    assert found.nodes["a"].message is not None


def test_the_score_of_a_part_is_bounded_through() -> None:
    part = Assessment(
        framework(indicator("a", 60), indicator("b", 40)), {"a": "50", "b": Fact("b", quantity("10"), assumed="x")}
    )
    whole = framework(indicator("r", 100, rule=RollUp(("p.toml",))))
    assert ends(bounded(whole, {}, parts={"p.toml": part})) == ("60", "60")
    assert ends(bounded(whole, {}, parts={"p.toml": part}, stated_only=True)) == ("50", "90")


@pytest.mark.parametrize(("file", "low", "high"), [("department", "67.86", "91.58"), ("land-requisition", "60", "100")])
def test_what_the_stated_facts_of_the_example_decide(file: str, low: str, high: str) -> None:
    found = bounds(load(f"examples/panzhihua-dongqu-2023/{file}.toml"), stated_only=True)
    assert (found.low, found.high) == (Fraction(low), Fraction(high))


# Laws.

NUMBERS = st.decimals(0, 12, places=1).map(str)
KNOWN = st.one_of(NUMBERS, st.tuples(NUMBERS, NUMBERS), st.none())


@given(POLICIES, MODES, st.tuples(KNOWN, KNOWN, KNOWN), st.sampled_from([True, False, None]), st.data())
def test_every_completion_scores_within_the_bounds(
    policy: NotApplicable,
    rounding: tuple[Rounding, ...],
    known: tuple[object, object, object],
    truth: bool | None,
    data: st.DataObject,
) -> None:
    of = every_rule(policy, rounding)
    facts: dict[str, Given] = {"t": truth, "rest": "3"}
    complete: dict[str, Given] = {"rest": "3", "t": data.draw(st.booleans()) if truth is None else truth}
    for name, each in zip("abc", known, strict=True):
        low, high = Fraction(0), Fraction(12)
        if isinstance(each, str):
            facts[name] = complete[name] = each
            continue
        if isinstance(each, tuple):
            low, high = sorted(Fraction(end) for end in each)
            facts[name] = Fact(name, between=[quantity(low), quantity(high)])
        complete[name] = data.draw(st.one_of(st.sampled_from([low, high]), st.fractions(low, high, max_denominator=20)))
    level = data.draw(st.sampled_from([("达成", "100%"), ("未达成", "0%")]))
    complete |= {"judged.level": Fact("x", level[0]), "judged.share": level[1]}
    if data.draw(st.booleans()):
        facts |= {"judged.level": Fact("x", level[0])}
    found = bounds(Assessment(of, facts))
    card = evaluate(Assessment(of, complete))
    for node in card:
        if node.score is None:
            continue
        between = found.nodes[node.path]
        assert between.low is not None
        assert between.high is not None
        assert between.low <= node.score <= between.high, node.path
    if card.score is not None:
        assert found.low is not None
        assert found.high is not None
        assert found.low <= card.score <= found.high
        assert found.worst is not None
        assert found.best is not None
        assert card.grade is not None
        ranks = [grade.name for grade in of.grades]
        assert ranks.index(found.best.name) <= ranks.index(card.grade.name) <= ranks.index(found.worst.name)


MONOTONE = framework(
    indicator("a", 20, rule=Completion(target="≥10")),
    indicator("b", 20, rule=Bands((Band(target="≥9", award="100%"), Band(target="≥6", award=13)), otherwise=1)),
    indicator("c", 20, rule=Linear([["2", "0%"], ["8", "100%"]]), actual="(a + c) / 2"),
    indicator("d", 20, rule=Awarded()),
    indicator("e", 20, rule=YesNo(when="a >= 5 and b >= 5")),
)
RANGES = st.tuples(NUMBERS, NUMBERS).map(lambda two: tuple(sorted(two, key=Fraction)))


@given(st.fixed_dictionaries(dict.fromkeys("abcd", RANGES)))
def test_the_bounds_of_a_monotone_tree_are_reached(ranges: dict[str, tuple[str, str]]) -> None:
    found = bounds(Assessment(MONOTONE, {name: Fact(name, between=each) for name, each in ranges.items()}))
    low = evaluate(Assessment(MONOTONE, {name: each[0] for name, each in ranges.items()}))
    high = evaluate(Assessment(MONOTONE, {name: each[1] for name, each in ranges.items()}))
    assert (found.low, found.high) == (low.score, high.score)
    for path, node in found.nodes.items():
        assert (node.low, node.high) == (low[path].score, high[path].score)


@given(st.fixed_dictionaries(dict.fromkeys("abcd", NUMBERS)))
def test_where_everything_is_known_the_bounds_are_the_score(facts: dict[str, str]) -> None:
    found = bounds(Assessment(MONOTONE, facts))
    card = evaluate(Assessment(MONOTONE, facts))
    assert found.low == found.high == card.score
    assert FactSheet(facts).values == card.facts.values


def test_what_has_no_score_where_it_applies_may_not_apply() -> None:
    of = framework(indicator("a", 60), indicator("b", 40, rule=YesNo(when="x / y > 1"), applies="has_b"))
    found = bounded(of, {"a": "50", "x": "1", "y": "0"})
    assert ends(found) == ("8333/100", "8333/100")


def test_where_nothing_at_all_may_apply_the_total_still_lies_between_the_shares() -> None:
    of = framework(*(indicator(f"i{index}", 10, applies=f"has_{index}") for index in range(10)))
    found = bounded(of, {f"i{index}": "7" for index in range(9)})
    assert ends(found) == ("0", "100")
    found = bounded(of, {f"i{index}": "7" for index in range(10)})
    assert ends(found) == ("70", "70")
    capped = framework(
        *(indicator(f"i{index}", 10, applies=f"has_{index}") for index in range(10)),
        limits=(Limit("veto", "fraud", at_most=60),),
    )
    found = bounded(capped, {f"i{index}": "7" for index in range(10)})
    assert ends(found) == ("60", "70")


def test_with_many_open_conditions_the_total_lies_between_the_shares() -> None:
    leaves = [indicator(f"i{index}", 10, applies=f"has{index}") for index in range(7)]
    of = framework(indicator("z", 30), *leaves)
    facts: dict[str, Given] = {"z": "24", **{f"i{index}": "8" for index in range(7)}}
    assert ends(bounded(of, facts)) == ("80", "80")
    assert ends(bounded(of, {**facts, "i3": "5"})) == ("50", "80")
