"""Scoring: totals, statuses, what does not apply, bonuses, limits, rounding, assumptions, and what was published."""

from __future__ import annotations

import random
from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from every_rule import EVERYTHING, GRADES, MODES, POLICIES, RULES, every_rule, framework, indicator, sheet_of
from perfeval import (
    Adjustment,
    Assessment,
    DefinitionError,
    Dimension,
    Fact,
    FactSheet,
    Framework,
    Indicator,
    Limit,
    Published,
    QuantityError,
    Remark,
    Rounding,
    Scorecard,
    Scorer,
    evaluate,
    quantity,
)
from perfeval.facts import Given
from perfeval.loading.structure import structured
from perfeval.rules import Awarded, Band, Bands, Completion, Deduct, Formula, Rule, YesNo


def card(of: Framework, facts: Mapping[str, Given], **more: object) -> Scorecard:
    return evaluate(Assessment(of, facts, **more))  # type: ignore[arg-type]


TWO = framework(indicator("a", 60), indicator("b", 40))


def test_the_total_is_the_sum_of_the_leaves() -> None:
    found = card(TWO, {"a": "55.5", "b": "30"})
    assert found.score == Fraction("85.5")
    assert found.grade is not None
    assert found.grade.name == "良"
    assert [node.lost for node in found] == [Fraction("4.5"), 10]


def test_a_missing_fact_is_unknown_and_named_and_there_is_no_total() -> None:
    found = card(TWO, {"a": "60"}, published=Published(score="60"))
    assert (found["b"].status, found["b"].score, found["b"].lost) == ("unknown", None, None)
    assert found["b"].message is not None
    assert "b" in found["b"].message.en
    assert (found.score, found.grade, found.complete, found.published.agrees) == (None, None, False, None)
    assert found.message is not None
    assert "incomplete" in found.message.en


def test_the_missing_fact_behind_a_derived_one_is_named() -> None:
    facts: dict[str, Given] = {"a": Fact("a", formula="x + y"), "b": "1", "x": "1", "y": None}
    message = card(TWO, facts)["a"].message
    assert message is not None
    assert message.en == "missing: y"


def test_a_division_by_zero_is_an_error_of_that_indicator_and_names_the_fact() -> None:
    of = framework(indicator("a", 60, actual="spent / budget", rule=Completion(target="≥100%")), indicator("b", 40))
    found = card(of, {"spent": "5元", "budget": "0元", "b": "40"})
    assert (found["a"].status, found["b"].status, found.score) == ("error", "scored", None)
    assert found["a"].message is not None
    assert "budget" in found["a"].message.en
    assert "budget" in found["a"].message.zh


def test_a_division_by_zero_in_a_derived_fact_names_both() -> None:
    of = framework(indicator("a", 60, rule=Completion(target="≥100%")), indicator("b", 40))
    found = card(of, {"a": Fact("a", formula="x / y"), "x": "1", "y": "0", "b": "1"})
    assert found["a"].status == "error"
    assert found["a"].message is not None
    assert "the fact a" in found["a"].message.en
    assert "y is zero" in found["a"].message.en


def test_unlike_units_are_an_error_of_that_indicator() -> None:
    of = framework(indicator("a", 60, rule=Completion(target="≥5人")), indicator("b", 40))
    found = card(of, {"a": "5万元", "b": "40"})
    assert found["a"].status == "error"
    assert found["a"].message is not None
    assert "in the same kind of unit" in found["a"].message.en
    assert "金额" in found["a"].message.zh
    assert Scorer(found.assessment).total(found.facts) is None


def test_an_award_in_money_is_an_error() -> None:
    of = framework(indicator("a", 60, rule=Formula(award="actual")), indicator("b", 40))
    found = card(of, {"a": "5万元", "b": "40"})
    assert found["a"].status == "error"


@pytest.mark.parametrize(("policy", "total", "status"), [("rescale", 75, True), ("full", 90, True), ("zero", 30, True)])
def test_what_does_not_apply_is_rescaled_full_or_zero(
    policy: Literal["rescale", "full", "zero"], total: int, status: bool
) -> None:
    of = framework(indicator("a", 60, applies="has_projects"), indicator("b", 40), not_applicable=policy)
    found = card(of, {"b": "30", "has_projects": False})
    assert found["a"].status == "not-applicable"
    assert found["a"].lost == 0
    assert found.score == total
    assert Scorer(found.assessment).total(found.facts) == total
    assert found.complete is status


def test_an_indicator_may_say_itself_what_happens_when_it_does_not_apply() -> None:
    of = framework(indicator("a", 60, applies="no", not_applicable="full"), indicator("b", 40))
    assert card(of, {"b": "30"}).score == 90


def test_when_nothing_applies_there_is_no_total() -> None:
    found = card(framework(indicator("a", 100, applies="no")), {})
    assert found.score is None
    assert found.message is not None
    assert Scorer(found.assessment).total(found.facts) is None


def test_an_applicability_that_is_unknown_leaves_the_indicator_unknown() -> None:
    found = card(framework(indicator("a", 60, applies="x"), indicator("b", 40)), {"a": "1", "b": "1"})
    assert found["a"].status == "unknown"


def test_a_gate_that_does_not_hold_leaves_nothing() -> None:
    of = framework(Dimension("d", "d", (indicator("a", 60),), requires="target_set"), indicator("b", 40))
    assert card(of, {"d.a": "60", "b": "40", "target_set": False}).score == 40
    assert card(of, {"d.a": "60", "b": "40", "target_set": True}).score == 100


def test_points_split_equally_are_not_rounded() -> None:
    parts = tuple(indicator(name, None, rule=YesNo()) for name in "abc")
    of = framework(Dimension("d", "d", parts, points=10, split="equal"), points=10, rounding=(Rounding("total", 2),))
    found = card(of, {f"d.{name}": True for name in "ab"} | {"d.c": False})
    assert found["d.a"].points == Fraction(10, 3)
    assert found["d"].score == Fraction(20, 3)
    assert found.score == Fraction("6.67")


def test_a_first_level_with_its_own_hundred_counts_for_its_weight() -> None:
    of = framework(
        Dimension("d", "d", (indicator("a", 75), indicator("b", 25)), scale=100, weight="50%"),
        Dimension("e", "e", (indicator("c", 50),)),
    )
    found = card(of, {"d.a": "60", "d.b": "25", "e.c": "40"})
    assert found["d.a"].points == 75
    assert (found["d"].points, found["d"].score) == (Fraction(50), Fraction("42.5"))
    assert found.score == Fraction("82.5")


def test_adjustments_are_clipped_to_their_own_bounds_and_the_total_is_never_negative() -> None:
    penalty = Adjustment("fraud", "弄虚作假", "0 - 10 * cases", at_least=-20, at_most=0)
    bonus = Adjustment("new", "机制创新", "innovations", at_most=5)
    of = framework(indicator("a", 100), adjustments=(penalty, bonus))
    assert card(of, {"a": "90", "cases": "1", "innovations": "9"}).score == 85
    assert card(of, {"a": "10", "cases": "5", "innovations": "0"}).score == 0
    missing = card(of, {"a": "10", "innovations": "0"})
    assert missing.score is None
    assert missing.adjustments[0].message is not None


def test_a_limit_caps_the_total_and_the_grade() -> None:
    cap = Limit("违法违纪", "violations > 0", at_most=75)
    hold = Limit("弄虚作假", "fraud", grade_at_most="中")
    of = framework(indicator("a", 100), limits=(cap, hold))
    free = card(of, {"a": "95", "violations": "0次", "fraud": False})
    assert (free.score, free.limits) == (Fraction(95), ())
    held = card(of, {"a": "95", "violations": "1次", "fraud": False})
    assert (held.score, [title.zh for title in held.limits]) == (Fraction(75), ["违法违纪"])
    graded = card(of, {"a": "95", "violations": "0次", "fraud": True})
    assert graded.score == 95
    assert graded.grade is not None
    assert graded.grade.name == "中"
    unknown = card(of, {"a": "95", "fraud": False})
    assert unknown.score is None
    assert unknown.message is not None
    assert "violations" in unknown.message.en


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [
        ((Rounding("each", 2),), "7.93"),
        ((Rounding("each", 1, "down"),), "7.9"),
        ((Rounding("each", 0),), "8"),
        ((Rounding("rate", 0), Rounding("each", 2)), "7.9"),
        ((Rounding("rate", 0, "up"), Rounding("each", 2)), "8"),
        ((Rounding("total", 1),), "7.9"),
        ((), "7.93"),
    ],
)
def test_rounding_happens_where_and_how_the_framework_says(rounding: tuple[Rounding, ...], expected: str) -> None:
    of = framework(indicator("a", 10, rule=Completion(target="≥100"), actual="x"), points=10, rounding=rounding)
    assert card(of, {"x": "79.27"}).score == Fraction(expected)


def test_a_tie_rounds_away_from_zero_where_floats_round_down() -> None:
    of = framework(indicator("a", 100, rule=Formula(award="x")))
    assert card(of, {"x": "1.005"}).score == Fraction("1.01")
    assert card(of, {"x": "2.675"}).score == Fraction("2.68")


def test_rounding_never_lifts_a_score_above_its_points() -> None:
    of = framework(indicator("a", "2.5"), indicator("b", "97.5"), rounding=(Rounding("each", 0),))
    found = card(of, {"a": "2.5", "b": "97.5"})
    assert (found["a"].score, found["a"].bonus, found.score) == (Fraction("2.5"), Fraction(0), Fraction(100))


def test_points_that_rest_on_assumptions_are_counted_through_derived_facts_and_conditions() -> None:
    of = framework(indicator("a", 30), indicator("b", 30, applies="c"), indicator("d", 40))
    facts: dict[str, Given] = {
        "a": Fact("a", formula="x"),
        "x": Fact("x", quantity("1"), assumed="no survey"),
        "c": Fact("c", False, assumed="none printed"),
        "d": "4",
    }
    found = card(of, facts)
    assert found.assumed_points == 60
    assert [fact.name for fact in found["a"].assumed] == ["x"]


@pytest.mark.parametrize(
    ("published", "agrees"),
    [
        (Published(score="90"), True),
        (Published(score="90.00", grade="优秀"), True),
        (Published(grade="excellent"), True),
        (Published(score="89.99"), False),
        (Published(score="90", grade="良"), False),
        (Published(), None),
    ],
)
def test_what_was_published_agrees_when_it_is_the_computed_score_and_grade(
    published: Published, agrees: bool | None
) -> None:
    assert card(TWO, {"a": "50", "b": "40"}, published=published).published.agrees is agrees


def test_a_stated_score_that_is_not_the_rules_departs() -> None:
    found = card(TWO, {"a": "50", "b": "40"}, remarks={"a": Remark(stated="51"), "b": Remark(stated="40")})
    assert [node.path for node in found.departures] == ["a"]


def test_a_float_is_refused_with_what_to_pass_instead() -> None:
    with pytest.raises(QuantityError, match=r"pass the text '0\.1'"):
        card(TWO, {"a": 0.1})  # type: ignore[dict-item]
    with pytest.raises(QuantityError):
        indicator("a", 0.5)


def test_an_assessment_whose_points_do_not_add_up_cannot_be_built() -> None:
    opened = Framework("t", "t", (Dimension("d", "d", open=True, points=100, category="decision"),))
    with pytest.raises(DefinitionError, match="100 points but no indicator"):
        Assessment(opened)
    with pytest.raises(DefinitionError, match="no indicator"):
        Assessment(TWO, remarks={"z": Remark()})


def test_the_explanation_names_rule_steps_facts_and_reason_in_both_languages() -> None:
    of = framework(indicator("a", 100, rule=Completion(target="≥1000棵"), actual="planted", title_en="trees"))
    facts = {"planted": Fact("planted", quantity("950棵"), source="验收单", title="植树棵数")}
    found = card(of, facts, remarks={"a": Remark(reason="苗木到货晚")})
    zh, en = found.explain(language="zh"), found.explain("a", "en")
    for said in ("完成率 = 完成值 ÷ 1000棵 = 95%", "植树棵数 = 950棵", "已披露: 验收单", "失分: 5 — 苗木到货晚"):
        assert said in zh
    for said in ("completion = actual ÷ 1000棵 = 95%", "stated: 验收单", "lost: 5"):
        assert said in en
    assert "≈" not in zh
    with pytest.raises(KeyError):
        found.explain("b")


# Laws.

MARKS = st.dictionaries(
    st.sampled_from("abcdefgh"), st.one_of(st.none(), st.decimals(0, 12, places=3).map(str)), min_size=8, max_size=8
)


def mixed() -> Framework:
    rules = {
        "a": Completion(target="≥10"),
        "b": Completion(target="≤5"),
        "c": Bands((Band(target="≥9", award="100%"), Band(target="≥6", award=3)), otherwise=1),
        "d": Deduct(beyond=5, each=2, minus="20%", partial="up"),
        "e": Formula(award="points * a / b"),
        "f": Formula(award="actual"),
        "g": Awarded(),
    }
    leaves = [indicator(name, 10, rule=rule, actual=name) for name, rule in rules.items()]
    leaves[0] = indicator("a", 10, rule=rules["a"], actual="a", applies="h > 3")
    leaves[5] = indicator("f", 10, rule=rules["f"], actual="f", bonus_up_to=1)
    return framework(*leaves, points=70)


MIXED = mixed()


@given(MARKS)
def test_the_fast_total_is_the_total_of_the_scorecard(facts: dict[str, str | None]) -> None:
    scorer = Scorer(Assessment(MIXED))
    sheet = FactSheet(facts)
    found = scorer(sheet)
    assert scorer.total(sheet) == found.score
    assert found.score == evaluate(Assessment(MIXED, facts)).score
    if found.score is not None and all(node.status == "scored" for node in found):
        assert found.score == sum((node.score or 0) + node.bonus for node in found.indicators)


@given(MARKS, st.randoms())
def test_the_order_of_the_facts_changes_nothing(facts: dict[str, str | None], shuffle: random.Random) -> None:
    names = list(facts)
    shuffle.shuffle(names)
    first, second = card(MIXED, facts), card(MIXED, {name: facts[name] for name in names})
    assert {node.path: (node.status, node.score) for node in first} == {
        node.path: (node.status, node.score) for node in second
    }
    assert first.score == second.score


@given(MARKS)
def test_every_score_lies_between_nothing_and_its_points(facts: dict[str, str | None]) -> None:
    for node in card(MIXED, facts):
        if node.score is not None:
            assert 0 <= node.score <= node.points
            assert 0 <= node.bonus <= 1


def test_evaluating_twice_gives_the_same_and_changes_nothing() -> None:
    assessment = Assessment(MIXED, dict.fromkeys("abcdefgh", "4"))
    before = dict(assessment.facts.facts)
    assert evaluate(assessment).score == evaluate(assessment).score
    assert dict(assessment.facts.facts) == before


@given(POLICIES, MODES, st.lists(EVERYTHING, min_size=1, max_size=4))
def test_a_scorer_used_on_many_sheets_says_what_evaluate_says_of_each(
    policy: Literal["rescale", "full", "zero"], rounding: tuple[Rounding, ...], sheets: list[FactSheet]
) -> None:
    of = every_rule(policy, rounding)
    scorer = Scorer(Assessment(of))
    for sheet in sheets:
        found = evaluate(Assessment(of, sheet))
        again = scorer(sheet)
        assert scorer.total(sheet) == again.score == found.score
        assert said(again) == said(found)


def said(found: Scorecard) -> list[object]:
    """Everything a scorecard says, as data that compares."""
    nodes = [
        (node.path, node.status, node.score, node.lost, node.bonus, node.message, node.assumed_points, node.facts)
        for node in found
    ]
    return [found.score, found.grade, found.earned, found.applicable, found.message, *nodes, found.explain()]


@given(EVERYTHING)
def test_what_is_earned_and_lost_below_is_what_is_earned_and_lost_above(sheet: FactSheet) -> None:
    found = evaluate(Assessment(every_rule("rescale", ()), sheet))
    gated, weighed = found["gated"], found["weighed"]
    for dimension, share in ((gated, Fraction(1)), (weighed, Fraction(35, 40))):
        below = [node for node in found.indicators if node.path.startswith(f"{dimension.path}.")]
        if all(node.lost is not None for node in below):
            assert dimension.lost == share * sum(node.lost or 0 for node in below)
        if all(node.score is not None for node in below):
            assert dimension.score == share * sum(node.score or 0 for node in below)
    assert found.assumed_points == 0


@given(st.lists(st.decimals(0, 12, places=2), min_size=2, max_size=2), st.sampled_from("ac"))
def test_more_of_what_is_wanted_never_lowers_the_total(values: list[object], name: str) -> None:
    rules: dict[str, Rule] = {"a": Completion(target="≥10"), "c": Bands((Band(target="≥9", award=10),), otherwise=2)}
    of = framework(*(indicator(each, 10, rule=rule) for each, rule in rules.items()), points=20)
    low, high = (card(of, {"a": "3", "c": "3", name: str(value)}).score for value in sorted(values, key=str_number))
    assert low is not None
    assert high is not None
    assert low <= high


def str_number(value: object) -> Fraction:
    return Fraction(str(value))


# What is not known, and what is wrong.


def test_an_error_below_outweighs_what_is_merely_unknown() -> None:
    of = framework(Dimension("d", "d", (indicator("a", 60), indicator("b", 40, actual="1 / x"))))
    found = card(of, {"x": "0"})
    assert [node.status for node in found] == ["error", "unknown", "error"]
    assert (found["d"].score, found["d"].lost) == (None, None)


def test_what_does_not_apply_is_not_lost_by_its_dimension_either() -> None:
    of = framework(Dimension("d", "d", (indicator("a", 60, applies="no"), indicator("b", 40))))
    found = card(of, {"d.b": "38"})
    assert (found["d"].points, found["d"].score, found["d"].lost) == (Fraction(100), Fraction(38), Fraction(2))
    assert found.score == 95


def test_a_dimension_of_which_nothing_applies_does_not_apply() -> None:
    of = framework(Dimension("d", "d", (indicator("a", 60, applies="no"),)), indicator("b", 40))
    found = card(of, {"b": "40"})
    assert (found["d"].status, found["d"].score) == ("not-applicable", None)
    assert (found["d"].lost, found.score) == (Fraction(0), Fraction(100))


def test_a_misspelt_fact_is_named_with_the_nearest_there_is() -> None:
    of = framework(indicator("a", 100, actual="budget.executed"))
    message = card(of, {"budget.excuted": "90"})["a"].message
    assert message is not None
    assert message.en == 'missing: budget.executed (did you mean "budget.excuted"?)'


def test_a_condition_that_is_no_yes_or_no_is_an_error_of_that_indicator() -> None:
    found = card(framework(indicator("a", 60, applies="x"), indicator("b", 40)), {"a": "1", "b": "1", "x": "3"})
    assert found["a"].status == "error"
    assert found["a"].message is not None
    assert "a condition should be a yes/no" in found["a"].message.en
    assert found["b"].status == "scored"


def test_a_level_the_framework_does_not_have_is_an_error_that_lists_the_levels() -> None:
    table = {"id": "r", "title": "r", "points": 100, "category": "decision", **RULES["rating"]}
    found = card(framework(structured(table, Indicator)), {"judged.level": Fact("x", "好"), "judged.share": "100%"})
    assert found["r"].status == "error"
    assert found["r"].message is not None
    assert "达成" in found["r"].message.en


@pytest.mark.parametrize(
    ("facts", "said_en"),
    [
        ({"x": None, "y": "1"}, 'limit "veto": missing: x'),
        ({"x": "1", "y": "0"}, 'limit "veto" cannot be decided'),
        ({"x": "1人", "y": "1元"}, "kind"),
    ],
)
def test_a_limit_that_cannot_be_decided_leaves_no_total(facts: dict[str, Given], said_en: str) -> None:
    condition = "x / y > 1" if "人" not in str(facts["x"]) else "x > y"
    of = framework(indicator("a", 100), limits=(Limit("一票否决", condition, "veto", at_most=0),))
    found = card(of, {"a": "9", **facts})
    assert (found.score, found.grade, found.limits) == (None, None, ())
    assert found.message is not None
    assert said_en in found.message.en
    assert Scorer(found.assessment).total(found.facts) is None


@pytest.mark.parametrize(
    ("award", "said_en"),
    [("1 / x", "division by zero: the fact x is zero"), ("y", "missing: y"), ("z", "is money")],
)
def test_an_adjustment_that_cannot_be_computed_leaves_no_total(award: str, said_en: str) -> None:
    of = framework(indicator("a", 100), adjustments=(Adjustment("n", "加分", award, at_most=5, title_en="extra"),))
    found = card(of, {"a": "9", "x": "0", "y": None, "z": "3元"})
    assert found.score is None
    assert found.adjustments[0].message is not None
    assert said_en in found.adjustments[0].message.en
    assert found.message is not None
    assert found.message.en == "incomplete: 1 without a score (extra)"
    assert Scorer(found.assessment).total(found.facts) is None


def test_limits_and_adjustments_have_titles_in_both_languages() -> None:
    of = framework(
        indicator("a", 100),
        limits=(Limit("一票否决", "yes", "veto", at_most=50),),
        adjustments=(Adjustment("n", "加分", "1", at_most=5),),
    )
    found = card(of, {"a": "90"})
    assert [title.to("en") for title in found.limits] == ["veto"]
    assert [(each.title.en, each.points) for each in found.adjustments] == [("加分", Fraction(1))]


# Bonuses, splits and rounding.


def test_a_bonus_is_counted_apart_and_added_to_the_total() -> None:
    of = framework(indicator("a", 60, rule=Formula(award="actual"), bonus_up_to=5), indicator("b", 40))
    found = card(of, {"a": "63", "b": "40"})
    assert (found["a"].score, found["a"].bonus) == (Fraction(60), Fraction(3))
    assert (found.bonus, found.score) == (Fraction(3), Fraction(103))
    assert found["a"].lost == 0
    assert "bonus: 3" in found.explain("a", "en")


@pytest.mark.parametrize(
    ("mode", "places", "expected"),
    [
        ("half-up", 0, "3"),
        ("half-even", 0, "2"),
        ("down", 0, "2"),
        ("up", 0, "3"),
        ("half-up", 6, "2.5"),
    ],
)
def test_each_mode_rounds_a_tie_its_own_way(
    mode: Literal["half-up", "half-even", "down", "up"], places: int, expected: str
) -> None:
    of = framework(indicator("a", 10), points=10, rounding=(Rounding("each", places, mode),))
    assert card(of, {"a": "2.5"}).score == Fraction(expected)


# Assumptions.


def test_a_score_rolled_up_from_assumed_facts_is_assumed_too() -> None:
    part = Assessment(
        framework(indicator("a", 100)),
        {"a": Fact("a", quantity("80"), assumed="no survey"), "w": Fact("w", quantity("2万元"), assumed="a guess")},
    )
    rule = {"kind": "roll-up", "of": ["p.toml"], "weight": "w"}
    whole = framework(
        structured({"id": "r", "title": "r", "points": 100, "category": "decision", "rule": rule}, Indicator)
    )
    found = evaluate(Assessment(whole, parts={"p.toml": part}))
    assert (found.score, found.assumed_points) == (Fraction(80), Fraction(100))
    assert {fact.assumed for fact in found["r"].assumed} == {"p.toml: 100 / 100", "a guess"}
    assert Scorer(found.assessment).total(FactSheet()) == 80
    unknown = evaluate(Assessment(whole, parts={"p.toml": Assessment(framework(indicator("a", 100)))}))
    assert (unknown["r"].status, unknown.score) == ("unknown", None)


# What was published.


def test_a_published_grade_is_not_compared_where_the_framework_has_none() -> None:
    of = Framework("t", "t", (indicator("a", 100),))
    assert card(of, {"a": "90"}, published=Published(score="90", grade="优")).published.agrees is True
    assert card(of, {"a": "90"}, published=Published(grade="优")).published.agrees is None


def test_the_difference_is_computed_less_published() -> None:
    found = card(TWO, {"a": "50", "b": "40"}, published=Published(score="92.5")).published
    assert (found.agrees, found.difference) == (False, Fraction("-2.5"))


def test_a_stated_score_with_its_bonus_does_not_depart() -> None:
    of = framework(indicator("a", 100, rule=Formula(award="actual"), bonus_up_to=5))
    assert card(of, {"a": "103"}, remarks={"a": Remark(stated="103")}).departures == ()
    assert card(of, {}, remarks={"a": Remark(stated="103")}).departures == ()


# Explanations.


def test_the_steps_are_named_valued_and_written_out_in_both_languages() -> None:
    of = framework(indicator("a", 100, rule=Completion(target="≥1000棵"), actual="planted"))
    steps = card(of, {"planted": "950棵"})["a"].steps
    assert [step.name.en for step in steps] == ["actual", "completion", "score"]
    assert [step.to("en") for step in steps][:2] == ["actual = planted = 950棵", "completion = actual ÷ 1000棵 = 95%"]
    assert [step.to("zh") for step in steps][:2] == ["完成值 = planted = 950棵", "完成率 = 完成值 ÷ 1000棵 = 95%"]
    assert [step.role for step in steps] == [None, "rate", "points"]
    assert steps[-1].value == quantity("95")


@pytest.mark.parametrize(
    ("target", "actual", "facts", "said"),
    [
        ("≥120公里", "road", {"road": "128公里"}, "128公里"),
        ("≥120公里", "road", {"road": "128000米"}, "128公里"),  # the rule's unit goes before the fact's
        ("≤9000元/公里", "spent / road", {"spent": "110.91万元", "road": "128公里"}, "8664.84375元/公里"),
        ("≤20万元", "spent", {"spent": "18500元"}, "1.85万元"),
        ("≥95%", "done / planned", {"done": "9500米", "planned": "10公里"}, "95%"),
    ],
)
def test_a_step_is_shown_in_the_unit_that_the_rule_is_written_in(
    target: str, actual: str, facts: dict[str, str], said: str
) -> None:
    of = framework(indicator("a", 100, rule=Completion(target=target), actual=actual))
    assert card(of, facts)["a"].steps[0].to("en").endswith(f" = {said}")


def test_an_explanation_is_as_exact_as_what_was_written() -> None:
    of = framework(indicator("a", 100, rule=Formula(award="actual / 3")))
    found = card(of, {"a": "0.000012"})
    assert "a = 0.000012 " in found.explain("a", "en")
    third = card(of, {"a": Fact("a", formula="x / 3"), "x": "1"})
    assert "a = ≈0.3333 " in third.explain("a", "en")
    assert "(derived: x ÷ 3)" in third.explain("a", "en")


def test_an_explanation_shows_a_statement_that_departs_and_a_remark_without_a_loss() -> None:
    remarks = {"a": Remark(stated="59", reason="全部完成"), "b": Remark(stated="40")}
    zh = card(TWO, {"a": "60", "b": "40"}, remarks=remarks).explain()
    assert "公布得分: 59（与规则不符）" in zh
    assert "说明: 全部完成" in zh
    assert "公布得分: 40\n" in zh + "\n"
    en = card(TWO, {"a": "60"}, remarks=remarks).explain(language="en")
    assert "stated score: 59 (departs from the rule)" in en
    assert "\n  missing: b" in en
    assert "b = —  (unknown)" in en
    assert "(stated: no source given)" in en


def test_a_dimension_is_explained_by_the_indicators_below_it() -> None:
    of = framework(Dimension("d", "d", (indicator("a", 60),), assumed="a guess"), indicator("b", 40))
    found = card(of, {"d.a": Fact("x", quantity("60"), assumed="no survey"), "b": "40"})
    said_of_d = found.explain("d", "en")
    assert said_of_d == found["d.a"].explain("en")
    assert "points assumed: a guess" in said_of_d
    assert "(assumed: no survey)" in said_of_d
    assert found["d"].rule_text("en") == ""
    assert found["d"].facts == ()
    assert found["d"].steps == ()


def test_a_framework_of_ten_lines_of_python_is_scored() -> None:
    trees = Indicator("trees", "植树", Completion(target="≥1000棵"), points=60, category="output.quantity")
    alive = Indicator("alive", "成活率", Completion(target="≥95%"), points=40, category="output.quality")
    planting = Framework("planting", "植树", [Dimension("output", "产出", [trees, alive])], grades=GRADES)
    found = evaluate(Assessment(planting, {"output.trees": "950棵", "output.alive": "97%"}))
    assert (found.score, found.grade and found.grade.name) == (Fraction(97), "优")


def test_evaluating_twice_gives_equal_scorecards_of_everything() -> None:
    assessment = Assessment(every_rule("full", ()), sheet_of("3", "4", "5", True, ("达成", "100%"), "2"))
    assert said(evaluate(assessment)) == said(evaluate(assessment))


def test_a_number_of_steps_is_no_percentage() -> None:
    late = Deduct(beyond="0天", each="10天", minus=5, partial="up")
    found = card(framework(indicator("a", 100, rule=late)), {"a": "11天"})
    (steps,) = [step for step in found["a"].steps if step.name.en == "steps"]
    assert steps.to("en") == "steps = ceil(outside ÷ 10天) = 2"
