"""Bounds of an assessment: every completion of what is unknown scores within them, and they are reached where they can be."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from every_rule import COMPLETE, MODES, POLICIES, every_rule, framework, indicator
from perfeval import Adjustment, Assessment, Dimension, Fact, FactSheet, Limit, Rounding, evaluate, load, quantity
from perfeval.bounding import Bounder, Bounds, bounds, conditions, known_of
from perfeval.expr.interval import Range
from perfeval.expr.nodes import FactRef
from perfeval.expr.parse import parse
from perfeval.facts import Given
from perfeval.framework import Framework, NotApplicable
from perfeval.report.bounding import bounds_table
from perfeval.rules import Awarded, Band, Bands, Completion, Formula, Level, Linear, Rating, RollUp, YesNo

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


@pytest.mark.slow
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


@given(POLICIES, MODES, COMPLETE)
def test_where_every_fact_is_known_the_bounds_are_the_score_or_there_is_none_either_way(
    policy: NotApplicable, rounding: tuple[Rounding, ...], sheet: FactSheet
) -> None:
    assessment = Assessment(every_rule(policy, rounding), sheet)
    found, card = bounds(assessment), evaluate(assessment)
    assert (found.low, found.high) == (card.score, card.score)
    assert (found.worst, found.best) == (card.grade, card.grade)
    for node in card:
        between = found.nodes[node.path]
        if node.status != "not-applicable":
            assert (between.low, between.high) == (node.score, node.score)


# What leaves no total.

VETO = Limit("一票否决", "1 / zero > 1", "veto", at_most=5)
NO_TOTAL: dict[str, tuple[Framework, str, str]] = {
    "an adjustment divided by zero": (
        framework(indicator("a", 100), adjustments=(Adjustment("n", "加分", "1 / zero", at_most=5, title_en="extra"),)),
        "加减分“加分”：无论未知事实为何，都没有得分",
        'adjustment "extra": has no score, whatever the unknown facts are',
    ),
    "an adjustment in money": (
        framework(indicator("a", 100), adjustments=(Adjustment("n", "加分", "money", at_most=5),)),
        "加减分“加分”：“5”是不带单位的数，“max(0, money)”是金额，二者不能比较或相加",
        'adjustment "加分": "5" is a number without a unit and "max(0, money)" is money; they do not compare or add',
    ),
    "a limit divided by zero": (
        framework(indicator("a", 100), limits=(Limit("x", "yes", at_most=9), VETO)),
        "限制“一票否决”无法判断",
        'limit "veto" cannot be decided',
    ),
    "a limit on the grade divided by zero": (
        framework(indicator("a", 100), limits=(Limit("x", "1 / zero > 1", grade_at_most="差"),)),
        "限制“x”无法判断",
        'limit "x" cannot be decided',
    ),
    "a limit that compares unlike units": (
        framework(indicator("a", 100), limits=(Limit("x", "no", at_most=9), Limit("y", "money > people", at_most=5))),
        "“money”是金额",
        '"money" is money',
    ),
    "a limit that is no yes or no": (
        framework(indicator("a", 100), limits=(Limit("x", "money", at_most=5),)),
        "条件应为是/否，而这里是金额",
        "a condition should be a yes/no, but this is money",
    ),
    "conditions and an award": (
        framework(
            indicator("a", 20),
            indicator("b", 20, applies="money > people", title="乙", title_en="B"),
            indicator("c", 20, applies="1 / zero > 1", title="丙"),
            indicator("d", 20, actual="money + people", title="丁"),
            indicator("e", 20, actual="money", title="戊"),
            adjustments=(Adjustment("n", "加分", "money", at_most=5), Adjustment("m", "减分", "1", at_most=5)),
        ),
        "没有得分的指标：乙、丙、丁、戊；加减分“加分”：“5”是不带单位的数，“max(0, money)”是金额，二者不能",
        'without a score: B, 丙, 丁, 戊; adjustment "加分": "5" is a number without a unit and "max(0, money)" is money; ',
    ),
    "nothing applies": (
        framework(indicator("a", 60, applies="no"), indicator("b", 40, applies="zero > 1")),
        "没有任何适用的指标",
        "no indicator applies",
    ),
}


@pytest.mark.parametrize("case", NO_TOTAL)
def test_where_no_completion_has_a_total_the_bounds_say_why(case: str) -> None:
    of, zh, en = NO_TOTAL[case]
    assessment = Assessment(of, {"a": "9", "zero": "0", "money": "3元", "people": "1人"})
    found = bounds(assessment)
    assert (found.low, found.high, found.worst, found.best) == (None, None, None, None)
    assert found.message is not None
    assert zh in found.message.zh
    assert en in found.message.en
    assert evaluate(assessment).score is None
    assert Bounder(assessment).total(assessment.facts).message == found.message


def test_a_leaf_without_a_score_says_why() -> None:
    of, _, _ = NO_TOTAL["conditions and an award"]
    nodes = bounded(of, {"a": "9", "zero": "0", "money": "3元", "people": "1人"}).nodes
    assert [(node.low, node.high, node.applies) for node in nodes.values()] == [
        (Fraction(9), Fraction(9), "yes"),
        (None, None, "yes"),
        (None, None, "open"),
        (None, None, "yes"),
        (None, None, "yes"),
    ]
    said = [node.message.en if node.message is not None else "" for node in nodes.values()]
    for words, message in zip(
        ("", "kind of unit", "whether it applies cannot be decided", "kind of unit", "is money"),
        said,
        strict=True,
    ):
        assert words in message
    impossible = bounded(framework(indicator("a", 60), indicator("b", 40)), {"a": "61"}).nodes["a"]
    assert impossible.message is not None
    assert impossible.message.en == "has no score, whatever the unknown facts are"


# What is open.


def test_each_open_fact_is_named_once_in_the_order_it_is_asked_with_its_range_and_what_it_is_assumed_to_be() -> None:
    of = framework(
        indicator("a", 60, rule=Formula(award="d + x"), applies="t"),
        indicator("b", 40, rule=Formula(award="x + z")),
        limits=(Limit("l", "l", at_most=50), Limit("m", "t", at_most=50)),
    )
    facts: dict[str, Given] = {
        "d": Fact("d", formula="y + known"),
        "known": "1",
        "x": Fact("x", between=["1", ""]),
        "y": Fact("y", between=["", "3"]),
        "z": Fact("z", quantity("4"), assumed="a guess", between=["2", "5"]),
    }
    found = bounded(of, facts, stated_only=True)
    assert [each.name for each in found.nodes["a"].open] == ["t", "y", "x"]
    assert [(each.name, each.between, each.assumed) for each in found.nodes["b"].open] == [
        ("x", Range(Fraction(1), None), ""),
        ("z", Range(Fraction(2), Fraction(5)), "a guess"),
    ]
    assert [(each.name, each.between, each.assumed) for each in found.nodes["a"].open][::2] == [
        ("t", None, ""),
        ("x", Range(Fraction(1), None), ""),
    ]
    assert [each.name for each in found.open] == ["t", "y", "x", "z", "l"]
    assert found.stated_only
    assert [each.name for each in bounded(of, facts).open] == ["t", "y", "x", "l"]


def test_what_does_not_apply_hangs_on_nothing() -> None:
    of = framework(indicator("a", 60, applies="no"), indicator("b", 40))
    found = bounded(of, {})
    assert (found.nodes["a"].open, found.nodes["a"].low, found.nodes["a"].message) == ((), None, None)
    assert [each.name for each in found.open] == ["b"]


def test_what_is_derived_from_an_assumed_fact_is_not_counted_as_stated() -> None:
    of = framework(indicator("a", 60, actual="d"), indicator("b", 40, actual="e"))
    facts: dict[str, Given] = {
        "d": Fact("d", formula="x * 2"),
        "x": Fact("x", quantity("10"), assumed="a guess", between=["5", "15"]),
        "e": Fact("e", formula="y * 2", assumed="another"),
        "y": "10",
    }
    assert ends(bounded(of, facts)) == ("40", "40")
    # d is 2x whatever x is; e is only assumed to be 2y.
    assert ends(bounded(of, facts, stated_only=True)) == ("10", "70")
    known = known_of(Assessment(of, facts), stated_only=True)
    assert (set(known.values), set(known.ranges), set(known.formulas)) == ({"y"}, {"x"}, {"d"})
    known = known_of(Assessment(of, facts), stated_only=False)
    assert (set(known.values), set(known.ranges), set(known.formulas)) == ({"d", "x", "e", "y"}, set(), {"d", "e"})


# Parts, dimensions, limits, grades.


def test_parts_that_are_not_known_lie_between_the_shares_of_their_own_bounds() -> None:
    def part(**facts: Given) -> Assessment:
        return Assessment(framework(indicator("a", 30), indicator("b", 20), points=50), facts)

    of = framework(
        indicator("r", 60, rule=RollUp(("p.toml", "q.toml"))), indicator("s", 40, rule=RollUp(("q.toml", "o.toml")))
    )
    parts = {"p.toml": part(a="20"), "q.toml": part(a="30", b="10"), "o.toml": part(a="31", b="10")}
    found = bounded(of, {}, parts=parts)
    # p earns 20 to 40 of 50, q 40, and o nothing that could be.
    assert (found.nodes["r"].low, found.nodes["r"].high) == (Fraction(36), Fraction(48))
    assert [(each.name, each.between) for each in found.nodes["r"].open] == [
        ("parts._p.share", Range(Fraction(2, 5), Fraction(4, 5)))
    ]
    assert [(each.name, each.between) for each in found.nodes["s"].open] == [("parts._o.share", None)]


def test_a_dimension_applies_where_something_below_it_does() -> None:
    def applies(*leaves: str) -> str:
        below = tuple(indicator(name, 10, applies=condition) for name, condition in zip("abc", leaves, strict=False))
        of = framework(Dimension("d", "d", below), indicator("z", 100 - 10 * len(below)))
        return bounded(of, {"z": "1"}).nodes["d"].applies

    assert applies("yes", "no", "x") == "yes"
    assert applies("no", "no") == "no"
    assert applies("no", "x") == "open"
    assert applies("x", "y") == "open"


@pytest.mark.parametrize("policy", ["rescale", "full", "zero"])
def test_what_applies_where_something_else_does_not_is_never_counted_twice(policy: NotApplicable) -> None:
    d = Dimension("d", "d", (indicator("b", 20, applies="x"), indicator("c", 20, applies="not x")))
    found = bounded(framework(indicator("a", 60), d, not_applicable=policy), {"a": "45", "d.b": "19", "d.c": "19"})
    # One of b and c earns 19; the other is left out, earns 20, or nothing.
    total = {"rescale": "80", "full": "84", "zero": "64"}[policy]
    assert ends(found) == (total, total)
    low = {"rescale": Fraction(19), "full": Fraction(39), "zero": Fraction(19)}[policy]
    assert (found.nodes["d"].low, found.nodes["d"].high) == (low, low)
    ends_of_b = {"rescale": ("19", "19"), "full": ("19", "20"), "zero": ("0", "19")}[policy]
    assert (str(found.nodes["d.b"].low), str(found.nodes["d.b"].high)) == ends_of_b


def test_a_dimension_has_bounds_without_what_does_not_apply_and_none_where_something_has_no_score() -> None:
    d = Dimension("d", "d", (indicator("b", 20), indicator("c", 20, applies="no"), indicator("e", 20, applies="x")))
    found = bounded(framework(indicator("a", 40), d), {"a": "9", "d.b": "5", "d.e": "7"})
    assert (found.nodes["d"].low, found.nodes["d"].high) == (Fraction(5), Fraction(12))
    mixed = bounded(framework(indicator("a", 40), d), {"a": "9", "d.b": "5元", "d.e": "7"})
    assert (mixed.nodes["d"].low, mixed.nodes["d"].high, mixed.nodes["d"].applies) == (None, None, "yes")


def test_parts_that_were_not_handed_in_may_have_earned_anything() -> None:
    of = framework(indicator("r", 60, rule=RollUp(("p.toml",))), indicator("s", 40))
    assert ends(bounded(of, {"s": "30"})) == ("30", "90")


def test_what_is_assumed_counts_as_known_unless_one_asks_for_what_is_stated_alone() -> None:
    assessment = Assessment(framework(indicator("a", 100)), {"a": Fact("a", quantity("50"), assumed="a guess")})
    assert ends(bounds(assessment)) == ("50", "50")
    assert ends(Bounder(assessment).bounds(assessment.facts)) == ("50", "50")


def test_a_range_may_be_asked_for_where_a_condition_holds_or_fails() -> None:
    known = known_of(
        Assessment(framework(indicator("a", 100)), {"a": Fact("a", between=["20", "80"])}), stated_only=False
    )
    line = parse("a >= 50")
    assert known.range_of(FactRef("a")) == Range(Fraction(20), Fraction(80))
    assert known.range_of(FactRef("a"), given={line: True}) == Range(Fraction(50), Fraction(80))
    assert known.range_of(FactRef("a"), given={line: False}) == Range(Fraction(20), Fraction(50))


def test_a_dimension_lies_between_the_sums_of_what_may_apply_below_it() -> None:
    d = Dimension("d", "d", (indicator("a", 60), indicator("b", 40, applies="x")), scale=100, weight="50%")
    beside = Dimension("dd", "dd", (indicator("e", 50),))
    found = bounded(framework(d, beside), {"d.a": "30", "d.b": "40", "dd.e": "5"})
    assert [(each.low, each.high) for each in found.nodes.values()] == [
        *((Fraction(15), Fraction(35)), (Fraction(30), Fraction(30)), (Fraction(40), Fraction(40))),
        *((Fraction(5), Fraction(5)), (Fraction(5), Fraction(5))),
    ]
    assert [each.name for each in found.nodes["d"].open] == ["x"]
    none = bounded(framework(d, beside), {"d.a": "61", "d.b": "40", "dd.e": "5"}).nodes["d"]
    assert (none.low, none.high, none.applies, [each.name for each in none.open]) == (None, None, "yes", ["x"])


@pytest.mark.parametrize(
    ("limits", "worst", "best"),
    [
        ((Limit("x", "yes", grade_at_most="中"),), "中", "中"),
        ((Limit("x", "fraud", grade_at_most="中"),), "中", "优"),
        ((Limit("x", "no", grade_at_most="中"),), "良", "优"),
        ((Limit("x", "yes", grade_at_most="优"),), "良", "优"),
        ((Limit("x", "yes", at_most=95), Limit("y", "fraud", grade_at_most="差")), "差", "优"),
        ((Limit("x", "yes", grade_at_most="良"), Limit("y", "fraud", grade_at_most="中")), "中", "良"),
        ((Limit("x", "yes", grade_at_most="中"), Limit("y", "yes", grade_at_most="良")), "中", "中"),
        ((Limit("x", "fraud", grade_at_most="中"), Limit("y", "fraud", grade_at_most="良")), "中", "优"),
    ],
)
def test_a_limit_on_the_grade_that_may_hold_caps_the_worst_and_one_that_does_the_best_too(
    limits: tuple[Limit, ...], worst: str, best: str
) -> None:
    found = bounded(framework(indicator("a", 100), limits=limits), {"a": Fact("a", between=["85", "95"])})
    assert found.worst is not None
    assert found.best is not None
    assert (found.worst.name, found.best.name) == (worst, best)


def test_a_framework_without_grades_has_none_to_lie_between() -> None:
    of = Framework("t", "t", (indicator("a", 100),))
    found = bounded(of, {"a": "9"})
    assert (ends(found), found.worst, found.best) == (("9", "9"), None, None)


def many(*more: Framework, **settings: object) -> Framework:
    leaves = [indicator(f"i{index}", 10, applies=f"has{index}") for index in range(7)]
    return framework(indicator("z", 30), *leaves, **settings)


@pytest.mark.parametrize(
    ("settings", "low", "high"),
    [
        ({}, "62", "78"),
        ({"limits": (Limit("x", "fraud", at_most=70), Limit("y", "other", at_most=65))}, "62", "78"),
        ({"limits": (Limit("x", "fraud", at_most=70), Limit("y", "other", at_most=50))}, "50", "78"),
        ({"limits": (Limit("x", "fraud", grade_at_most="差"),)}, "62", "78"),
        ({"rounding": (Rounding("each", 1), Rounding("total", 0))}, "62", "78"),
    ],
)
def test_a_rescaled_total_lies_between_the_least_and_the_greatest_share(
    settings: dict[str, object], low: str, high: str
) -> None:
    facts: dict[str, Given] = {"z": "21", **{f"i{index}": "7" for index in range(7)}, "i0": "6.2", "i6": "7.8"}
    assert ends(bounded(many(**settings), facts)) == (low, high)


def test_points_beside_the_tree_and_a_bonus_go_beyond_the_shares() -> None:
    facts: dict[str, Given] = {"z": "30", **{f"i{index}": "10" for index in range(7)}, "n": "4"}
    found = bounded(many(adjustments=(Adjustment("n", "n", "n", at_most=5),)), facts)
    assert found.high is not None
    assert found.high >= 104
    leaves = [indicator(f"i{index}", 10, applies=f"has{index}") for index in range(7)]
    of = framework(indicator("z", 30, rule=Formula(award="actual"), bonus_up_to=5), *leaves)
    found = bounded(of, {**facts, "z": "34"})
    assert found.high is not None
    assert found.high >= 104


def test_the_rounded_shares_bound_a_rounded_total() -> None:
    facts: dict[str, Given] = {"z": "20.11", **{f"i{index}": "6.7" for index in range(7)}}
    rounding = (Rounding("each", 2), Rounding("total", 1))
    # 20.11 of 30 is 67.03 %, the others 67 %.
    assert ends(bounded(many(rounding=rounding), facts)) == ("67", "67")


def test_conditions_are_told_once_each_in_order() -> None:
    of = framework(
        *(
            indicator(name, 25, **more)
            for name, more in zip("abcd", ({"applies": "y"}, {}, {"applies": "x > 1"}, {"applies": "y"}), strict=True)
        ),
    )
    assert conditions(of.indicators) == (FactRef("y"), parse("x > 1"))


def test_the_total_alone_is_that_of_all_the_bounds() -> None:
    of = framework(indicator("a", 60), indicator("b", 40), limits=(Limit("x", "fraud", grade_at_most="差"),))
    assessment = Assessment(of, {"a": Fact("a", quantity("50"), assumed="a guess")})
    for stated_only in (False, True):
        found, alone = bounds(assessment, stated_only=stated_only), Bounder(assessment, stated_only=stated_only)
        total = alone.total(assessment.facts)
        assert (total.low, total.high, total.worst, total.best) == (found.low, found.high, found.worst, found.best)
        assert alone.bounds(assessment.facts) == found
        assert found.stated_only is stated_only
        assert found.assessment is assessment
    assert total.low == 0


def test_a_title_that_is_folded_stays_as_far_in_as_its_indicator_lies() -> None:
    inner = indicator("a", 100, title="经济社会效益综合评价指标" * 4)
    found = bounds(Assessment(framework(Dimension("output", "产出", (inner,))), {"output.a": "9"}))
    console = Console(width=80)
    with console.capture() as shown:
        console.print(bounds_table(found, "zh"))
    lines = [line for line in shown.get().splitlines() if "评价" in line or "效益" in line]
    assert len(lines) > 1
    assert all(line.startswith("  ") for line in lines)
