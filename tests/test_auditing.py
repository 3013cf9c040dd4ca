"""Audits: what a published score implies, worked by hand and held to laws."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import get_args

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from every_rule import COMPLETE, GAPPED, MODES, POLICIES, every_rule, framework, indicator
from perfeval import (
    Adjustment,
    Assessment,
    Dimension,
    Fact,
    FactSheet,
    Grade,
    Limit,
    Published,
    QuantityError,
    Remark,
    Rounding,
    evaluate,
    load,
    quantity,
)
from perfeval.auditing import Audit, audit
from perfeval.errors import Language
from perfeval.facts import Given
from perfeval.framework import Framework, NotApplicable
from perfeval.report.auditing import audit_data, audit_lines
from perfeval.rules import Band, Bands, Completion, Level, Rating, YesNo

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


def test_items_that_no_fact_confirms_or_contradicts_are_counted_apart() -> None:
    remarks = {"output.a": Remark(stated=36), "output.b": Remark(stated=20), "benefit.c": Remark(stated=31)}
    found = asked(None, remarks=remarks)  # a is right, b is not known, c is more than it can be
    assert [item.node.path for item in found.unverified] == ["output.b"]
    said = {language: " ".join(audit_lines(found, language)) for language in ("zh", "en")}
    assert "3 项指标公布了得分，其中 1 项与规则不符，1 项事实不全，无从核对。" in said["zh"]
    assert (
        "3 indicators have a published score, 1 of them not what the rule gives; for 1 the facts do not tell."
        in said["en"]
    )
    assert audit_data(found, "zh")["unverified"] == ["output.b"]


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


# What is open takes certain values only.

LEVELS = (Level("好", share="100%"), Level("中", share="60%"), Level("差", share="0%"))
STEPS = framework(
    indicator("a", 40, rule=YesNo(), actual="a_done"),
    indicator("b", 30, rule=Rating(levels=LEVELS), actual="judged"),
    indicator("c", 30, rule=Bands(bands=(Band(30, "≥90%"), Band(15, "≥60%")), otherwise=0), actual="rate"),
)


def test_a_score_between_the_steps_of_what_is_open_is_impossible() -> None:
    # 40 or 0; 30, 18 or 0; 30, 15 or 0.
    for possible in (100, 88, 85, 73, 70, 58, 0):
        found = asked(possible, {}, STEPS)
        assert (found.verdict, found.scenarios[0].searched) == ("possible", True), possible
    found = asked(90, {}, STEPS)
    assert found.verdict == "impossible"
    assert figures(found.nearest) == "88"
    assert found.obstacles == ()
    assert [pair and pair[0] for pair in (found.below, found.above)] == [88, 100]
    said = {language: "\n".join(audit_lines(found, language)) for language in get_args(Language)}
    assert "但不可能恰为 90 分，最接近的是 88 分和 100 分" in said["zh"]
    assert "cannot be 90; the nearest possible scores are 88 and 100" in said["en"]
    data = audit_data(found, "en")
    assert figures(data["below"], data["above"], data["nearest"]) == "88 100 88"


def test_a_score_is_named_as_it_was_asked_about_and_not_rounded_to_a_possible_one() -> None:
    steps = framework(indicator("a", 100))
    found = asked("90.005", {"a": "90.01"}, steps)
    said = {language: "\n".join(audit_lines(found, language)) for language in get_args(Language)}
    assert "公布的 90.005 分与所列事实矛盾" in said["zh"]
    assert "The published 90.005 contradicts the stated facts" in said["en"]
    assert "≈" not in said["zh"] + said["en"]


def test_only_what_can_lose_just_so_much_can_have_carried_the_loss() -> None:
    (only,) = asked(88, {}, STEPS).scenarios
    assert only.carriers is not None
    assert (only.carriers.size, only.carriers.sets) == (1, (("b",),))  # not a, which loses 40 or nothing
    (two,) = asked(73, {}, STEPS).scenarios
    assert two.carriers is not None
    assert two.carriers.sets == (("b", "c"),)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=4),
    st.integers(0, 100),
    st.sampled_from([(), (Rounding("total", 0),), (Rounding("each", 0, "up"), Rounding("total", 1, "down"))]),
)
def test_what_can_come_about_is_what_some_answers_come_to(
    points: list[int], score: int, rounding: tuple[Rounding, ...]
) -> None:
    """Brute force: every set of answers is scored."""
    rest = 100 - sum(points)
    assume(rest >= 0)
    leaves = [indicator(f"i{index}", each, rule=YesNo(), actual=f"f{index}") for index, each in enumerate(points)]
    if rest:
        leaves.append(indicator("rest", rest, rule=Rating(levels=LEVELS), actual="judged"))
    of = framework(*leaves, rounding=rounding)
    found = asked(score, {}, of)
    words = [level.name for level in LEVELS] if rest else [None]
    reached = set()
    for word in words:
        for answers in product((True, False), repeat=len(points)):
            facts: dict[str, Given] = {f"f{index}": answer for index, answer in enumerate(answers)}
            reached.add(evaluate(Assessment(of, {**facts, "judged.level": Fact("judged.level", word)})).score)
    assert (found.verdict == "possible") == (score in reached)
    if found.verdict == "impossible":
        totals = [total for total in reached if total is not None]
        assert found.nearest in totals
        assert abs(found.nearest - score) == min(abs(total - score) for total in totals)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(GAPPED, POLICIES, MODES, COMPLETE)
def test_what_is_impossible_is_never_scored(
    known: FactSheet, policy: NotApplicable, rounding: tuple[Rounding, ...], completed: FactSheet
) -> None:
    """Whatever completes the facts, the total it comes to is not told to be impossible."""
    of = every_rule(policy, rounding)
    facts = {name: fact if fact.value is not None else completed.facts[name] for name, fact in known.facts.items()}
    score = evaluate(Assessment(of, FactSheet(facts))).score
    assume(score is not None)
    assert audit(Assessment(of, known), score).verdict == "possible"


def test_a_gap_between_what_applies_and_what_does_not_is_told_from_both_sides() -> None:
    of = framework(indicator("a", 60), indicator("b", 40, rule=YesNo(), applies="has_b"))
    found = asked(70, {"a": "45", "b": False}, of)  # 45 of 100, or 45 of 60
    assert found.verdict == "impossible"
    assert found.below is not None
    assert found.above is not None
    assert figures(found.below[0], found.above[0], found.nearest) == "45 75 75"
    said = "\n".join(audit_lines(found, "en"))
    assert "最接近的是 45 分（如果has_b）和 75 分（如果“has_b”不成立）" in "\n".join(audit_lines(found, "zh"))
    assert "the nearest possible scores are 45 (if has_b) and 75 (if not (has_b))" in said


def test_where_too_much_may_not_apply_it_is_said_that_no_cases_are_told() -> None:
    of = framework(*(indicator(f"i{index}", 10, applies=f"has_{index}") for index in range(10)))
    found = asked(50, {}, of)
    assert (found.verdict, found.scenarios, found.open_conditions) == ("possible", (), 10)
    assert "10 conditions of applicability are open, too many" in "\n".join(audit_lines(found, "en"))
    assert audit_data(found, "zh")["open_conditions"] == 10


def test_of_many_cases_what_they_have_in_common_is_told() -> None:
    # What does not apply takes its loss with it: 91 is out of reach, and 90 needs all but one of the open ones.
    more = (indicator(f"c{index}", 10, rule=YesNo(), applies=f"has_{index}") for index in range(1, 7))
    of = framework(indicator("base", 40), *more)
    facts: Mapping[str, Given] = {"base": "40", "c1": True, "c2": True, "c3": True, "c4": True, "c5": False}
    found = asked(91, facts, of)
    assert figures(found.verdict, found.nearest, len(found.scenarios)) == "impossible 90 64"
    said = "\n".join(audit_lines(found, "en"))
    assert "6 conditions of applicability are open: 64 cases, and in 0 of them the total can be 91." in said
    assert "If has_1" not in said
    found = asked(90, facts, of)
    assert [each.taken[4][1] for each in found.scenarios if each.possible] == [True]
    said = "\n".join(audit_lines(found, "zh"))
    assert "6 个，共 64 种情形，其中 1 种的总分可能为 90 分。" in said
    assert "这些情形都要求：has_1，且has_2，且has_3，且has_4，且has_5，且has_6。" in said
    assert "未定分值的平均得分率为 100%" in said
    assert all(each.carriers is None for each in found.scenarios)


def test_a_published_item_score_between_the_steps_of_its_rule_is_impossible() -> None:
    steps = Bands(bands=(Band(40, "≥100%"), Band(30, "≥80%")), otherwise=0)
    of = framework(indicator("a", 40, rule=steps), indicator("b", 60))
    for stated, impossible in ((0, False), (30, False), (33, True), (40, False), (41, True)):
        found = asked(None, {}, of, remarks={"a": Remark(stated=stated)})
        assert [item.impossible for item in found.items] == [impossible]
    found = asked(None, {}, of, remarks={"a": Remark(stated=33)})
    assert found.contradicted
    assert "a (40 points): published 33, by rule 0, 30 or 40" in "\n".join(audit_lines(found, "en"))
    assert "公布 33，按规则 0、30 或 40" in "\n".join(audit_lines(found, "zh"))


def test_a_veto_and_points_beside_the_tree_stand_in_the_way() -> None:
    of = framework(
        indicator("a", 100),
        limits=(Limit("一票否决", "fraud", "veto", at_most=60), Limit("y", "not fraud", at_most=70)),
        adjustments=(Adjustment("p", "逾期扣分", "late * -1", at_least=-10, title_en="late"),),
    )
    fraud = Fact("fraud", True, title="弄虚作假", source="审计报告")
    found = asked(90, {"a": "95", "fraud": fraud, "late": Fact("late", formula="days / 1天"), "days": "4天"}, of)
    assert found.verdict == "impossible"
    assert [(each.title.en, each.at_most, each.low, each.high) for each in found.beside] == [
        ("veto", 60, None, None),
        ("late", None, -4, -4),
    ]
    said = "\n".join(audit_lines(found, "zh"))
    assert "限制“一票否决”成立，总分不超过 60 分；弄虚作假 是 [审计报告]" in said
    assert "加减分“逾期扣分”：-4 分；days 4天" in said
    bonus = framework(indicator("a", 100), adjustments=(Adjustment("p", "p", "won", at_most=10),))
    assert [each.low for each in asked(5, {"a": "6", "won": "4"}, bonus).beside] == [4]


LADDER = (Grade("优", 90, "excellent", also=("优秀",)), Grade("良", 80, "good"), Grade("中", 0, "fair"))


@pytest.mark.parametrize(
    ("score", "grade", "impossible"),
    [
        ("92", "优秀", False),
        ("85", "优", True),
        ("85", "良", False),
        (None, "中", True),
        (None, "良", False),
        ("92", "甲", None),
    ],
)
def test_a_published_grade_is_that_of_the_score_or_of_what_can_be(
    score: str | None, grade: str, impossible: bool | None
) -> None:
    of = evolve(framework(indicator("a", 80), indicator("b", 20)), grades=LADDER)
    found = asked(None, {"a": "80"}, of, published=Published(score=score, grade=grade))
    assert (found.graded and found.graded.impossible) is impossible
    assert found.contradicted is bool(impossible)
    assert asked(81, {"a": "80"}, of, published=Published(score=score, grade=grade)).graded is None


def test_a_published_word_that_is_no_grade_is_told() -> None:
    of = evolve(framework(indicator("a", 80), indicator("b", 20)), grades=LADDER)
    found = asked(None, {"a": "80"}, of, published=Published(score="92", grade="甲"))
    said = {language: "\n".join(audit_lines(found, language)) for language in get_args(Language)}
    assert "公布的等级“甲”不在等级之列（优、良、中），无从核对。" in said["zh"]
    assert "The published grade “甲” is none of excellent, good, fair, so it cannot be checked." in said["en"]
    assert (audit_data(found, "zh")["grade"], audit_data(found, "zh")["no_grade"]) == (None, "甲")
    for fine in (Published(score="92", grade="优秀"), Published(score="92")):
        assert asked(None, {"a": "80"}, of, published=fine).no_grade is None
    assert asked(None, {"a": "80"}, evolve(of, grades=()), published=Published(score="92", grade="甲")).no_grade is None


def test_a_veto_on_the_grade_stands_in_the_way_of_the_published_one() -> None:
    limit = Limit("一票否决", "fraud", "veto", grade_at_most="中")
    of = evolve(framework(indicator("a", 80), indicator("b", 20)), grades=LADDER, limits=(limit,))
    published = Published(score="95", grade="优")
    found = asked(None, {"a": "80", "fraud": Fact("fraud", True, source="审计报告")}, of, published=published)
    assert (found.verdict, found.contradicted) == ("possible", True)
    said = {language: "\n".join(audit_lines(found, language)) for language in get_args(Language)}
    assert (
        "公布的等级“优”与所列事实矛盾：只能是 中。\n   · 限制“一票否决”成立，等级不高于“中”；fraud 是 [审计报告]"
        in said["zh"]
    )
    assert "The published grade “excellent” contradicts the stated facts: it can only be fair." in said["en"]
    assert audit_data(found, "en")["grade"] == {
        "published": "excellent", "worst": "fair", "best": "fair", "impossible": True, "limits": ["veto"]
    }  # fmt: skip
    # It may have held or not: both are possible.
    assert not asked(None, {"a": "80"}, of, published=published).contradicted


def test_points_published_for_what_does_not_apply_are_told() -> None:
    of = framework(indicator("a", 95), indicator("c", 5, applies="has_c"))
    remarks = {"a": Remark(stated="85.5"), "c": Remark(stated="4.5")}
    found = asked(90, {"a": "85.5", "has_c": False}, of, remarks=remarks)
    assert [item.node.path for item in found.departures] == ["c"]
    assert found.departures[0].not_applicable
    assert found.adds_up is True  # 85.5 and 4.5
    said = "\n".join(audit_lines(found, "en"))
    assert "c (5 points): does not apply, and yet 4.5 was published" in said
    idle = asked(90, {"a": "85.5", "has_c": False}, of, remarks={**remarks, "c": Remark(stated="0")})
    assert idle.departures == ()


def test_a_total_in_whole_points_stands_for_half_a_point_either_way() -> None:
    of = framework(indicator("a", 60), indicator("b", 40), rounding=(Rounding("total", 0),))
    (only,) = asked(90, {"a": "60"}, of).scenarios
    assert figures(only.needed, only.needed_from, only.needed_to) == "30 59/2 61/2"
    assert asked("90.5", {"a": "60"}, of).verdict == "impossible"  # no total is rounded to a half
    assert "29.5 to 30.5" in "\n".join(audit_lines(asked(90, {"a": "60"}, of), "en"))


def test_in_each_case_the_total_lies_between_what_all_completions_of_it_come_to() -> None:
    # One answer tells of x, the other of x and y: together they tell that y is above 5.
    of = framework(
        indicator("a", 40, rule=Completion(target="≥10"), actual="x"),
        indicator("b", 30, applies="x > 5"),
        indicator("c", 30, rule=Completion(target="≥10"), actual="y", applies="y > x"),
    )
    found = asked(50, {name: Fact(name, between=("0", "10")) for name in ("x", "y")}, of)
    assert len(found.scenarios) == 4
    for x, y, b in product(range(11), range(11), (0, 15, 30)):
        score = evaluate(Assessment(of, {"x": str(x), "y": str(y), "b": str(b)})).score
        taken = [x > 5, y > x]
        (case,) = (each for each in found.scenarios if [holds for _, holds in each.taken] == taken)
        assert score is not None
        assert case.low <= score <= case.high
    (both,) = (each for each in found.scenarios if all(holds for _, holds in each.taken))
    assert figures(both.low, both.high) == "35 100"  # x and y from 5: 20 and 15


def test_many_open_conditions_over_many_open_figures_are_read_once() -> None:
    rates = [
        indicator(f"i{index}", 10, rule=Completion(target="=100%"), actual=f"p{index} / q{index}", applies=applies)
        for index in range(10)
        for applies in ([f"has_{index}"] if index < 6 else [None])
    ]
    facts = {
        name: Fact(name, between=ends)
        for index in range(10)
        for name, ends in ((f"p{index}", ("50%", "120%")), (f"q{index}", ("80%", "110%")))
    }
    found = asked(80, facts, framework(*rates))
    assert len(found.scenarios) == 64
    assert all(each.possible for each in found.scenarios)
    assert len({(each.low, each.high) for each in found.scenarios}) <= 2
