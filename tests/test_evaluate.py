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
    Message,
    Published,
    QuantityError,
    Remark,
    Rounding,
    Scorecard,
    Scorer,
    evaluate,
    quantity,
)
from perfeval.evaluate import incomplete, mixture
from perfeval.expr.nodes import FactRef, Require, compare
from perfeval.expr.parse import parse
from perfeval.facts import Given
from perfeval.loading.structure import structured
from perfeval.rules import Awarded, Band, Bands, Completion, Deduct, Formula, RollUp, Rule, YesNo


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


def test_a_requirement_that_is_not_met_is_told_where_it_stands() -> None:
    required = Require(compare(FactRef("x"), ">", 5), FactRef("x"), otherwise=Message("x 应大于 5", "x is above 5"))
    of = framework(
        indicator("a", 100, rule=Formula(award=required)), adjustments=(Adjustment("n", "n", required, at_most=5),)
    )
    found = card(of, {"x": "3"})
    assert (found["a"].status, found.score) == ("error", None)
    assert found["a"].message == found.adjustments[0].message == Message("x 应大于 5", "x is above 5")
    limited = framework(indicator("a", 100), limits=(Limit("veto", compare(required, ">", 6), at_most=0),))
    assert card(limited, {"a": "9", "x": "3"}).message == Message(
        "限制“veto”无法判断", 'limit "veto" cannot be decided'
    )


@pytest.mark.parametrize("value", ["0", "1"])
def test_a_number_is_no_yes_or_no_where_only_the_facts_tell_what_it_is(value: str) -> None:
    # What d is hangs on y, which nobody knows; so its kind is not known beforehand.
    facts: dict[str, Given] = {"d": Fact("d", formula=f"if(t, {value}, y)"), "t": True, "y": None, "b": "8"}
    of = framework(
        indicator("a", 60, rule=Formula(award="if(d, 5, 6)")),
        indicator("b", 40, applies="d"),
        adjustments=(Adjustment("n", "n", "if(d, 1, 2)", at_most=5),),
    )
    found = card(of, facts)
    said = Message("是/否与数混用", "a yes/no stands where a number is needed")
    assert [(node.status, node.message) for node in found] == [("error", said), ("error", said)]
    assert found.adjustments[0].message == said
    limited = card(framework(indicator("b", 100), limits=(Limit("veto", "d", at_most=0),)), facts)
    assert (limited.score, limited.message) == (None, Message("限制“veto”无法判断", 'limit "veto" cannot be decided'))
    for each in (found, limited):
        assert Scorer(each.assessment).total(each.facts) is None


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


# Points that count for more or less than they say.


@pytest.mark.parametrize(
    ("policy", "applies", "total"),
    [
        ("rescale", True, "88"),
        ("rescale", False, "90.5"),
        ("full", False, "93"),
        ("zero", False, "73"),
    ],
)
def test_in_a_dimension_with_a_scale_of_its_own_everything_counts_for_its_weight(
    policy: Literal["rescale", "full", "zero"], applies: bool, total: str
) -> None:
    # d counts half: 60 of 60 and a bonus of 6, and 30 of 40 where b applies; c earns 40 of 50.
    a = indicator("a", 60, rule=Formula(award="actual"), bonus_up_to=10)
    d = Dimension("d", "d", (a, indicator("b", 40, applies="has_b")), scale=100, weight="50%")
    of = framework(d, indicator("c", 50), not_applicable=policy)
    found = card(of, {"d.a": "66", "d.b": Fact("x", quantity("30"), assumed="a guess"), "c": "40", "has_b": applies})
    assert found.score == Scorer(found.assessment).total(found.facts) == Fraction(total)
    assert (found.bonus, found["d"].bonus) == (Fraction(3), Fraction(3))
    lost = {True: 10, False: 0}[applies]
    assert (found["d.b"].lost, found["d"].lost) == (Fraction(lost), Fraction(lost, 2))
    assert (found["d.b"].assumed_points, found["d"].assumed_points) == ((Fraction(20),) * 2 if applies else (0, 0))


def test_what_was_earned_is_told_in_the_frameworks_points_before_it_is_converted() -> None:
    d = Dimension("d", "d", (indicator("a", 60), indicator("b", 40, applies="no")), scale=100, weight="50%")
    found = card(framework(d, indicator("c", 50)), {"d.a": "30", "c": "40"})
    assert (found.earned, found.applicable, found.score) == (Fraction(55), Fraction(80), Fraction("68.75"))


def test_the_fast_total_gives_up_where_there_is_none() -> None:
    of = framework(
        indicator("a", 60, actual="x / y", rule=Completion(target="≥100%")), indicator("b", 40, rule=YesNo())
    )
    scorer = Scorer(Assessment(of))
    assert scorer.total(FactSheet({"x": "1", "y": "2", "b": True})) == 70
    none: tuple[dict[str, Given], ...] = (
        {"y": "1", "b": True},
        {"x": "1", "y": "0", "b": True},
        {"x": "1", "y": "1", "b": "1"},
    )
    for facts in none:
        assert scorer.total(FactSheet(facts)) is None
        assert scorer(FactSheet(facts)).score is None


def test_a_limit_or_an_adjustment_makes_the_fast_total_what_the_scorecard_says() -> None:
    of = framework(
        indicator("a", 100, rule=Formula(award="actual"), bonus_up_to=10),
        adjustments=(Adjustment("n", "n", "n / 3", at_least=-200, at_most=5), Adjustment("m", "m", "m", at_most=5)),
        limits=(Limit("x", "x", at_most=70), Limit("y", "y", at_most=50), Limit("z", "z", grade_at_most="差")),
        rounding=(Rounding("each", 1), Rounding("total", 0)),
    )
    scorer = Scorer(Assessment(of))
    cases: tuple[tuple[dict[str, Given], int, tuple[str, str], tuple[str, ...]], ...] = (
        ({"a": "90", "n": "4", "m": "1"}, 92, ("1.3", "1"), ()),
        ({"a": "90", "n": "0.5", "m": "0.35"}, 91, ("0.2", "0.4"), ()),
        ({"a": "107", "n": "0", "m": "0"}, 107, ("0", "0"), ()),
        ({"a": "90", "n": "-300", "m": "5"}, 0, ("-100", "5"), ()),
        ({"a": "90", "n": "0", "m": "0", "x": True, "z": True}, 70, ("0", "0"), ("x", "z")),
        ({"a": "90", "n": "0", "m": "0", "x": True, "y": True}, 50, ("0", "0"), ("x", "y")),
        ({"a": "60", "n": "0", "m": "0", "x": True}, 60, ("0", "0"), ("x",)),
    )
    for facts, total, beside, held in cases:
        sheet = FactSheet({"x": False, "y": False, "z": False, **facts})
        found = scorer(sheet)
        assert scorer.total(sheet) == found.score == total
        assert [each.points for each in found.adjustments] == [Fraction(each) for each in beside]
        assert tuple(title.zh for title in found.limits) == held


@pytest.mark.parametrize(
    ("first", "second", "name"), [("中", "差", "差"), ("差", "中", "差"), ("良", "中", "中"), ("优", "优", "优")]
)
def test_of_several_limits_on_the_grade_the_strictest_counts_and_none_lifts_it(
    first: str, second: str, name: str
) -> None:
    limits = (
        Limit("x", "x", grade_at_most=first),
        Limit("y", "yes", at_most=98),
        Limit("z", "z", grade_at_most=second),
    )
    of = framework(indicator("a", 100), limits=limits)
    grades = [
        found.name
        for x, z, a in ((True, True, "95"), (False, False, "95"), (True, True, "10"))
        if (found := card(of, {"a": a, "x": x, "z": z}).grade) is not None
    ]
    assert grades == [name, "优", "差"]


def test_a_rounded_total_does_not_exceed_the_points_but_for_a_bonus() -> None:
    of = framework(
        indicator("a", "2.5", rule=Formula(award="actual"), bonus_up_to=2),
        points="2.5",
        rounding=(Rounding("total", 0), Rounding("each", 2)),
    )
    totals = {a: card(of, {"a": a}).score for a in ("1.5", "2.4", "2.5", "2.7", "3.2", "4.5")}
    assert totals == {
        "1.5": 2,
        "2.4": 2,
        "2.5": Fraction("2.5"),
        "2.7": Fraction("2.7"),
        "3.2": 3,
        "4.5": Fraction("4.5"),
    }


def test_a_rounding_upwards_goes_beyond_a_bonus_too() -> None:
    of = framework(
        indicator("a", 100, rule=Formula(award="actual"), bonus_up_to=10),
        rounding=(Rounding("each", 0, "up"), Rounding("total", 0, "up")),
        adjustments=(Adjustment("n", "n", "n", at_most=5),),
    )
    found = card(of, {"a": "103", "n": "0.4"})
    assert (found.score, found.adjustments[0].points) == (Fraction(104), Fraction(1))
    of = framework(
        indicator("a", 100, rule=Formula(award="actual"), bonus_up_to=10), rounding=(Rounding("total", 0, "up"),)
    )
    assert card(of, {"a": "103.4"}).score == 104


@pytest.mark.parametrize(("a", "b", "total"), [("2.25", "57.25", "99.17"), ("3", "58", "101"), ("3", "57", "99.67")])
def test_a_bonus_is_added_to_what_is_rescaled_and_not_rescaled_itself(a: str, b: str, total: str) -> None:
    of = framework(
        indicator("a", "2.5", rule=Formula(award="actual"), bonus_up_to=2),
        indicator("b", "57.5", rule=Formula(award="actual"), bonus_up_to=2),
        indicator("c", 40, applies="no"),
    )
    found = card(of, {"a": a, "b": b})
    assert found.score == Scorer(found.assessment).total(found.facts) == Fraction(total)


def test_a_dimension_may_count_for_more_than_its_own_scale() -> None:
    of = framework(Dimension("d", "d", (indicator("a", 30), indicator("b", 20)), scale=50, weight="100%"))
    found = card(of, {"d.a": "20", "d.b": "5"})
    assert found.score == Scorer(found.assessment).total(found.facts) == 50


def test_a_dimension_that_was_left_empty_has_no_points_to_earn_or_lose() -> None:
    found = card(framework(Dimension("d", "d", (), open=True), indicator("a", 100)), {"a": "9"})["d"]
    assert (found.status, found.points, found.score, found.lost) == ("scored", Fraction(0), Fraction(0), Fraction(0))


def test_a_dimension_is_scored_where_anything_below_it_applies() -> None:
    d = Dimension("d", "d", (indicator("a", 30), indicator("b", 20, applies="x"), indicator("c", 50, applies="x")))
    assert card(framework(d), {"d.a": "9", "x": False})["d"].status == "scored"
    assert card(framework(d), {"d.a": "9", "x": True, "d.b": "1", "d.c": "1"})["d"].status == "scored"


def test_units_are_looked_at_once_for_all_sheets_that_measure_alike() -> None:
    scorer = Scorer(Assessment(framework(indicator("a", 100), limits=(Limit("x", "a", at_most=5),))))
    one, other, unlike = (FactSheet({"a": each}) for each in ("1", "2", "1元"))
    assert scorer.mixtures(one) is scorer.mixtures(other)
    assert set(scorer.mixtures(one)) == {"limits.0"}
    assert set(scorer.mixtures(unlike)) == {"a", "limits.0"}


# What is missing, in the words of the reader.


def test_each_missing_fact_is_named_once_with_its_title_and_what_is_asked_first_comes_first() -> None:
    of = framework(indicator("a", 100, rule=Formula(award="d + x + b"), applies="b > 0 and t"))
    derived = Fact("d", formula="x + x", title="合")
    blank = Fact("b", title="乙", title_en="B")
    message = card(of, {"d": derived, "x": None, "b": blank})["a"].message
    assert message == Message("缺少事实 b（乙）、t、x", "missing: b (B), t, x")


def test_a_derived_fact_in_error_makes_what_reads_it_an_error_and_says_which() -> None:
    of = framework(
        indicator("a", 100, rule=Formula(award="x + d")),
        adjustments=(Adjustment("n", "n", "d", at_most=5),),
        limits=(Limit("veto", "d > 0", at_most=0),),
    )
    found = card(of, {"d": Fact("d", formula="1 / y"), "y": "0", "x": None})
    said = Message("事实 d：除数为 0：事实 y 为 0", "the fact d: division by zero: the fact y is zero")
    assert (found["a"].status, found["a"].message) == ("error", said)
    assert found.adjustments[0].message == said


def test_up_to_five_titles_without_a_score_are_listed() -> None:
    titles = [Message(f"项{index}", f"item {index}") for index in range(6)]
    assert incomplete(titles[:5]) == Message(
        "不完整：5 项没有得分（项0、项1、项2、项3、项4）",
        "incomplete: 5 without a score (item 0, item 1, item 2, item 3, item 4)",
    )
    assert incomplete(titles) == Message(
        "不完整：6 项没有得分（项0、项1、项2、项3、项4…）",
        "incomplete: 6 without a score (item 0, item 1, item 2, item 3, item 4, …)",
    )


def test_what_has_no_score_is_listed_indicators_first_and_by_title() -> None:
    of = framework(
        indicator("a", 60, title="甲", title_en="A"),
        indicator("b", 40, actual="1 / x", title="乙"),
        adjustments=(
            Adjustment("n", "加分", "y", at_most=5, title_en="extra"),
            Adjustment("m", "减分", "1", at_most=5),
        ),
    )
    message = card(of, {"x": "0"}).message
    assert message == Message("不完整：3 项没有得分（甲、乙、加分）", "incomplete: 3 without a score (A, 乙, extra)")


@pytest.mark.parametrize(
    ("policy", "score", "zh", "en"),
    [
        ("rescale", None, "不计入总分", "the rest is rescaled"),
        ("full", Fraction(60), "得满分", "earns full points"),
        ("zero", Fraction(0), "不得分", "earns nothing"),
    ],
)
def test_what_does_not_apply_says_what_becomes_of_its_points(
    policy: Literal["rescale", "full", "zero"], score: Fraction | None, zh: str, en: str
) -> None:
    of = framework(indicator("a", 60, applies="no"), indicator("b", 40), not_applicable=policy)
    node = card(of, {"b": "30"})["a"]
    assert (node.status, node.score, node.lost) == ("not-applicable", score, Fraction(0))
    assert node.message is not None
    assert zh in node.message.zh
    assert en in node.message.en


def test_only_the_condition_counts_as_assumed_where_an_indicator_does_not_apply() -> None:
    of = framework(indicator("a", 60, applies="has_a"), indicator("b", 40))
    guess = Fact("x", quantity("1"), assumed="a guess")
    assert card(of, {"a": guess, "b": "40", "has_a": False}).assumed_points == 0
    assert card(of, {"a": guess, "b": "40", "has_a": True}).assumed_points == 60
    assert card(of, {"a": "1", "b": "40", "has_a": Fact("x", False, assumed="none printed")}).assumed_points == 60


# Units.


@pytest.mark.parametrize(
    ("formula", "wanted", "fits"),
    [
        *(("5", "points", True), ("0", "points", True), ("n", "points", True), ("r", "points", True)),
        *(("marks", "points", True), ("nobody_knows", "points", True), ("m", "points", False), ("t", "points", False)),
        *(("p", "points", False), ("d", "points", False)),
        *(("t", "truth", True), ("n > 1", "truth", True), ("nobody_knows", "truth", True)),
        *(("n", "truth", False), ("r", "truth", False), ("m", "truth", False), ("n + m", "points", False)),
    ],
)
def test_an_award_is_points_and_a_condition_is_a_yes_or_no(formula: str, wanted: str, fits: bool) -> None:
    kinds = {"n": "number", "r": "ratio", "marks": "count:分", "m": "money", "t": "truth", "p": "count:人", "d": "date"}
    found = mixture(parse(formula), kinds, wanted)
    assert (found is None) is fits
    if formula == "m":
        said = {
            "points": Message("得分应为分数，而这里算出的是金额", "the award should be points, but this is money"),
            "truth": Message("条件应为是/否，而这里是金额", "a condition should be a yes/no, but this is money"),
        }
        assert found == said[wanted]


def test_units_that_do_not_go_together_leave_no_total_wherever_they_stand() -> None:
    facts: dict[str, Given] = {"a": "9", "n": "1人", "m": "1元"}
    frameworks = (
        framework(indicator("a", 100), adjustments=(Adjustment("x", "x", "m", at_most=5),)),
        framework(indicator("a", 100), limits=(Limit("x", "no", at_most=5), Limit("y", "n", at_most=5))),
        framework(indicator("a", 100, applies="n > m")),
        framework(indicator("a", 100, actual="n + m")),
    )
    for of in frameworks:
        found = card(of, facts)
        assert found.score is None
        assert Scorer(found.assessment).total(found.facts) is None
        # The same scorer on facts that go together is not held by what it found before.
        scorer = Scorer(found.assessment)
        assert scorer(FactSheet(facts)).score is None
    of = framework(indicator("a", 100, applies="n > m"))
    scorer = Scorer(Assessment(of))
    assert scorer(FactSheet(facts)).score is None
    assert scorer(FactSheet({**facts, "m": "0人"})).score == 9


# Parts rolled up.


def test_a_part_is_a_fact_with_its_share_its_weight_and_where_they_come_from() -> None:
    part = Assessment(
        framework(indicator("a", 40), points=40),
        {
            "a": Fact("a", quantity("30"), assumed="no survey"),
            "w": Fact("w", formula="u + v"),
            "u": Fact("u", quantity("1万元"), assumed="a guess"),
            "v": Fact("v", quantity("2万元"), assumed="another"),
        },
    )
    sure = Assessment(framework(indicator("a", 40), points=40), {"a": "40", "w": "1万元"})
    other = Assessment(framework(indicator("a", 40), points=40), {"a": "20", "w": "1万元"})
    of = framework(
        indicator("r", 60, rule=RollUp(("p.toml", "q.toml"), weight="w")),
        indicator("s", 40, rule=RollUp(("o.toml",))),
    )
    found = evaluate(Assessment(of, parts={"p.toml": part, "q.toml": sure, "o.toml": other}))
    # (3 × 75% + 1 × 100%) ÷ 4 of 60 points; half of 40.
    assert (found["r"].score, found["s"].score, found.score) == (Fraction("48.75"), Fraction(20), Fraction("68.75"))
    assert found.assumed_points == 60
    told = [
        (each.name, str(each.value), each.source, each.assumed, each.title, each.title_en) for each in found["r"].facts
    ]
    assert sorted(told) == [
        ("parts._p.share", "75%", "p.toml", "p.toml: 40 / 40", "p.toml 得分率", "p.toml attainment"),
        ("parts._p.weight", "3万元", "p.toml", "a guess; another", "p.toml 权重（w）", "p.toml weight (w)"),
        ("parts._q.share", "100%", "q.toml", "", "q.toml 得分率", "q.toml attainment"),
        ("parts._q.weight", "1万元", "q.toml", "", "q.toml 权重（w）", "q.toml weight (w)"),
    ]
    assert [each.name for each in found["s"].facts] == ["parts._o.share"]


# What was published.


@pytest.mark.parametrize(
    ("score", "grade", "a", "agrees", "difference"),
    [
        ("90", None, "50", True, "0"),
        ("90", "优", "50", True, "0"),
        ("90", "良", "50", False, "0"),
        ("91", "优", "50", False, "-1"),
        ("91", "良", "50", False, "-1"),
        (None, "优", "50", True, None),
        (None, "良", "50", False, None),
        (None, None, "50", None, None),
        ("90", "优", None, None, None),
    ],
)
def test_both_the_score_and_the_grade_that_were_published_must_agree(
    score: str | None, grade: str | None, a: str | None, agrees: bool | None, difference: str | None
) -> None:
    published = Published(score=score, grade=grade)
    found = card(TWO, {"a": a, "b": "40"}, published=published).published
    assert found.agrees is agrees
    assert found.difference == (None if difference is None else Fraction(difference))
    assert found.published is published
