"""Each law, with rules that break it: where, by which smallest example, and between which exact ends."""

from __future__ import annotations

from fractions import Fraction

import pytest
from close_calls import CLOSE_CALLS
from hypothesis import given
from hypothesis import strategies as st
from lawful import answer, judged, said

from every_rule import indicator
from perfeval import Adjustment, Assessment, Dimension, Framework, Grade, Limit, evaluate, quantity
from perfeval.laws import judge
from perfeval.laws.whole import whole_reachable
from perfeval.rules import Awarded
from perfeval.scorecard import value_text

F = Fraction
BANDS = "bands"
Case = tuple[str, dict[str, object], dict[str, object], str, tuple[object, object]]

BROKEN: dict[str, Case] = {
    "a higher band earns less": (
        "monotone",
        {"kind": BANDS, "bands": [["≥90%", 7], ["≥80%", 10]]},
        {},
        "at 89.99% the award is higher than at 90%: 10 points, not 7 (higher is better here)",
        (F("0.9"), F("0.9")),
    ),
    "an open edge": (
        "monotone",
        {"kind": BANDS, "bands": [[">90%", 7], [">80%", 10]]},
        {},
        "at 90% the award is higher than at 90.01%: 10 points, not 7 (higher is better here)",
        (F("0.9"), F("0.9")),
    ),
    "people are counted whole": (
        "monotone",
        {"kind": BANDS, "bands": [["≤3人", 7], ["≤5人", 10]]},
        {},
        "at 4人 the award is higher than at 3人: 10 points, not 7 (lower is better here)",
        (F(3), F(3)),
    ),
    "days": (
        "monotone",
        {"kind": BANDS, "bands": [["≤2023-06-30", 7], ["≤2023-12-31", 10]]},
        {},
        "at 2023-07-01 the award is higher than at 2023-06-30: 10 points, not 7 (earlier is better here)",
        (F(738701), F(738701)),
    ),
    "a line that falls": (
        "monotone",
        {"kind": "linear", "through": [["60%", 0], ["80%", 10], ["100%", 6]]},
        {},
        "at 80% the award is higher than at 100%: 10 points, not 6 (higher is better here)",
        (F("0.8"), F(1)),
    ),
    "a parabola": (
        "monotone",
        {"kind": "formula", "award": "max(0, points * 4 * actual * (1 - actual))"},
        {"better": "higher"},
        "at 0.5 the award is higher than at 1: 10 points, not 0 (higher is better here)",
        (F("0.5"), F(1)),
    ),
    "a formula that rises and falls as a fraction": (
        "monotone",
        {"kind": "formula", "award": "points * 2 * actual / (actual * actual + 1)"},
        {"better": "higher"},
        "at 1 the award is higher than at 2: 10 points, not 8 (higher is better here)",
        (F(1), None),
    ),
    "only where it is not excused": (
        "monotone",
        {"kind": "formula", "award": "if(excused, points, if(actual >= 90%, 5, points))"},
        {"better": "higher"},
        "at 89.99% the award is higher than at 90%: 10 points, not 5 (higher is better here) (with excused = no)",
        (F("0.9"), F("0.9")),
    ),
    "a divisor that is 0 in the middle": (
        "bounded",
        {"kind": "formula", "award": "points / (actual - 50%) / 100"},
        {"actual": "r"},
        "at 50%, a divisor is 0 and no award can be computed",
        (F("0.5"), F("0.5")),
    ),
    "a fact that no unit fits": (
        "full",
        {"kind": "formula", "award": "min(points, 5 / n)"},
        {},
        'whatever unit "n" is written in, no award can be computed: "10" is a number without a unit and "5 ÷ n" is a'
        " percentage; they do not compare or add — write both in the same kind of unit",
        (None, None),
    ),
    "the best band is not all": (
        "full",
        {"kind": BANDS, "bands": [["≥90%", 8], ["≥60%", 5]]},
        {},
        "no more than 8 of 10 points can be earned",
        (None, None),
    ),
    "the best level is not all": (
        "full",
        {"kind": "rating", "levels": [{"name": "好", "from": "60%", "to": "90%"}, {"name": "差", "share": "0%"}]},
        {},
        "no more than 9 of 10 points can be earned",
        (None, None),
    ),
    "all points are a limit": (
        "full",
        {"kind": "formula", "award": "points * actual / (actual + 1)"},
        {},
        "the award comes near 10 points and never reaches them",
        (None, None),
    ),
    "not all, whatever the two figures are": (
        "full",
        {"kind": "formula", "award": "min(7, a * b)"},
        {},
        "no more than 7 of 10 points can be earned",
        (None, None),
    ),
    "a formula below nothing": (
        "zero",
        {"kind": "formula", "award": "points * (1 - actual)"},
        {"actual": "bad / total"},
        "at 100.01%, the formula comes to -0.001 points, which is cut to 0; if that is meant, write max(0, …)",
        (F(1), None),
    ),
    "a formula below nothing in one alternative": (
        "zero",
        {
            "kind": "best-of",
            "alternatives": [
                {"kind": "formula", "award": "0 - actual"},
                {"kind": "formula", "award": "points - 3 * actual"},
            ],
        },
        {},
        "at 3.34, the formula comes to -0.02 points, which is cut to 0; if that is meant, write max(0, …)",
        (F(10, 3), None),
    ),
    "a price by the mu": (
        BANDS,
        {"kind": BANDS, "bands": [["≤300元/亩", 10], [">305元/亩", 5]]},
        {},
        ">300元/亩 and ≤305元/亩 falls into no band and earns 0, between bands that earn 10 and 5 (such as 300.01元/亩)",
        (F("0.45"), F("0.4575")),
    ),
    "a length in kilometres": (
        BANDS,
        {"kind": BANDS, "bands": [["≤300公里", 10], [">305公里", 5]]},
        {},
        ">300公里 and ≤305公里 falls into no band and earns 0, between bands that earn 10 and 5 (such as 300.01公里)",
        (F(300_000), F(305_000)),
    ),
    "a price by the mu beside one by the square metre": (
        BANDS,
        {"kind": BANDS, "bands": [["≤300元/亩", 10], [">0.5元/平方米", 5]]},
        {},
        ">300元/亩 and ≤0.5元/平方米 falls into no band and earns 0, between bands that earn 10 and 5 (such as 300.01元/亩)",
        (F("0.45"), F("0.5")),
    ),
    "another fact in the unit of the rule": (
        "monotone",
        {"kind": "formula", "award": "if(it > 5 and c > 3元/亩, 8, points)"},
        {"better": "higher"},
        "at 5 the award is higher than at 5.01: 10 points, not 8 (higher is better here) (with c = 10元/亩)",
        (F(5), F(5)),
    ),
    "a value set apart": (
        "continuous",
        {"kind": "formula", "award": "if(actual == 5, 8, points)"},
        {},
        "at 5 the award jumps from 10 to 8 to 10 (by 2), and the rule declares no step there",
        (F(5), F(5)),
    ),
    "an if that jumps": (
        "continuous",
        {"kind": "formula", "award": "if(actual >= 90%, points, points * actual)"},
        {},
        "at 90% the award jumps from 9 to 10 (by 1), and the rule declares no step there",
        (F("0.9"), F("0.9")),
    ),
    "a target of none": (
        "continuous",
        {"kind": "completion", "target": "≤0件"},
        {},
        "at 0件 the award jumps from 10 to 0 (by 10), and the rule declares no step there",
        (F(0), F(0)),
    ),
    "a gap": (
        BANDS,
        {"kind": BANDS, "bands": [["≥90%", 10], ["<80%", 5]]},
        {},
        "≥80% and <90% falls into no band and earns 0, between bands that earn 5 and 10 (such as 80%)",
        (F("0.8"), F("0.9")),
    ),
    "a gap at a single point": (
        BANDS,
        {"kind": BANDS, "bands": [[">80%", 10], ["<80%", 5]]},
        {},
        "80% falls into no band and earns 0, between bands that earn 5 and 10 (such as 80%)",
        (F("0.8"), F("0.8")),
    ),
    "a month is left out": (
        BANDS,
        {"kind": BANDS, "bands": [["≤6月", 10], ["≥8月", 5]]},
        {},
        ">6月 and <8月 falls into no band and earns 0, between bands that earn 10 and 5 (such as 7月)",
        (F(6), F(8)),
    ),
    "bands that cross": (
        BANDS,
        {"kind": BANDS, "bands": [["≥80%", 10], ["≤90%", 5]]},
        {},
        '≥80% and ≤90% meets both "≥80%" (10) and "≤90%" (5); the first counts (such as 80%)',
        (F("0.8"), F("0.9")),
    ),
    "a band that those before it take between them": (
        "reachable",
        {"kind": BANDS, "bands": [["≥80%", 10], ["<80%", 5], ["≤90%", 3]]},
        {},
        '"≤90%" is never reached: ≥80%, <80% before it take all of it',
        (None, None),
    ),
    "a band that cannot hold": (
        "reachable",
        {"kind": BANDS, "bands": [{"when": "it > 90% and it < 80%", "award": 10}, ["≥60%", 10]]},
        {},
        '"it > 90% and it < 80%" can never hold',
        (None, None),
    ),
    "always full": (
        "reachable",
        {"kind": BANDS, "bands": [["≥0%", 10]]},
        {},
        "whatever the facts, it earns 10 points (where no figure is negative)",
        (None, None),
    ),
    "a branch behind another": (
        "reachable",
        {"kind": "formula", "award": "if(actual > 90%, points, if(actual > 95%, 3, 0))"},
        {},
        'the branch of the formula for "it > 95%" is never reached',
        (None, None),
    ),
    "an item that always holds": (
        "reachable",
        {"kind": "checklist", "items": [{"when": "t", "title": "甲"}, {"when": "t or not t", "title": "乙"}]},
        {},
        'the item "乙" always holds',
        (None, None),
    ),
    "bands that end at all of it": (
        BANDS,
        {
            "kind": BANDS,
            "bands": [
                {"when": "it >= 90% and it <= 100%", "award": 10},
                {"when": "it >= 80% and it < 90%", "award": 8},
                {"when": "it >= 60% and it < 80%", "award": 5},
            ],
        },
        {},
        ">100% falls into no band and earns 0, beyond the best band, which earns 10 (such as 100.01%)",
        (F(1), None),
    ),
    "bands of less is better that begin above nothing": (
        BANDS,
        {
            "kind": BANDS,
            "bands": [{"when": "it > 0% and it <= 5%", "award": 10}, {"when": "it > 5% and it <= 10%", "award": 8}],
        },
        {},
        "0% falls into no band and earns 0, beyond the best band, which earns 10 (such as 0%)",
        (F(0), F(0)),
    ),
    "one point that earns less than those around it": (
        "monotone",
        {"kind": BANDS, "bands": [["=100%", 8], ["≥90%", 10]]},
        {},
        "at 99.99% the award is higher than at 100%: 10 points, not 8 (higher is better here)",
        (F(1), F(1)),
    ),
    "a shared point that the worse band takes": (
        BANDS,
        {
            "kind": BANDS,
            "bands": [{"when": "it >= 80% and it <= 90%", "award": 8}, {"when": "it >= 90%", "award": 10}],
        },
        {},
        '90% meets both "it ≥ 80% and it ≤ 90%" (8) and "it ≥ 90%" (10); the first counts (such as 90%)',
        (F("0.9"), F("0.9")),
    ),
    "a gap in an alternative": (
        BANDS,
        {
            "kind": "best-of",
            "alternatives": [{"kind": BANDS, "bands": [["≥90%", 10], ["<80%", 5]]}, {"kind": "yes-no", "when": "x"}],
        },
        {"actual": "r"},
        "alternative 1: ≥80% and <90% falls into no band and earns 0, between bands that earn 5 and 10 (such as 80%)",
        (F("0.8"), F("0.9")),
    ),
    "a gap in an alternative that another fills in part": (
        BANDS,
        {
            "kind": "best-of",
            "alternatives": [
                {"kind": BANDS, "bands": [["≥90%", 10], ["<80%", 5]]},
                {"kind": BANDS, "bands": [["<85%", 6]]},
            ],
        },
        {"actual": "r"},
        "alternative 1: ≥85% and <90% falls into no band and earns 0, between bands that earn 5 and 10 (such as 85%)",
        (F("0.85"), F("0.9")),
    ),
    "a gap in an alternative that another fills but for its end": (
        BANDS,
        {
            "kind": "best-of",
            "alternatives": [
                {"kind": BANDS, "bands": [[">90%", 10], ["<80%", 5]]},
                {"kind": BANDS, "bands": [["<90%", 6]]},
            ],
        },
        {},
        "alternative 1: 90% falls into no band and earns 0, between bands that earn 5 and 10 (such as 90%)",
        (F("0.9"), F("0.9")),
    ),
    "a gap in an alternative for which another earns too little": (
        BANDS,
        {
            "kind": "best-of",
            "alternatives": [
                {"kind": BANDS, "bands": [["≥90%", 10], ["<80%", 5]]},
                {"kind": "formula", "award": "2"},
            ],
        },
        {"actual": "r"},
        "alternative 1: ≥80% and <90% falls into no band and earns 0, between bands that earn 5 and 10 (such as 80%)",
        (F("0.8"), F("0.9")),
    ),
    "a gap in an alternative that another fills where the first answer is given": (
        BANDS,
        {
            "kind": "best-of",
            "alternatives": [
                {
                    "kind": BANDS,
                    "bands": [
                        {"when": "(it >= 90% or it < 80%) and ok", "award": 10},
                        {"when": "(it >= 70% or it < 60%) and not ok", "award": 10},
                    ],
                },
                {"kind": BANDS, "bands": [["≥75%", 10]]},
            ],
        },
        {},
        "alternative 1: ≥60% and <70% falls into no band and earns 0, between bands that earn 10 and 10 (such as 60%)",
        (F("0.6"), F("0.7")),
    ),
    "a gap beside what an alternative computes for itself": (
        BANDS,
        {
            "kind": "best-of",
            "alternatives": [
                {
                    "kind": BANDS,
                    "bands": [["≥90%", 10], ["<80%", 2]],
                    "actual": "if(x, 85%, if(y, 100%, 70%))",
                },
                {"kind": BANDS, "bands": [["≥80%", 10]]},
            ],
        },
        {"actual": "c / d"},
        "alternative 1: ≥80% and <90% falls into no band and earns 0, between bands that earn 2 and 10 (such as 80%)",
        (F("0.8"), F("0.9")),
    ),
    "a branch of an alternative": (
        "reachable",
        {
            "kind": "best-of",
            "alternatives": [
                {"kind": "formula", "award": "if(actual > 90%, 10, if(actual > 95%, 4, 0))"},
                {"kind": "yes-no", "when": "x"},
            ],
        },
        {"actual": "r"},
        'alternative 1: the branch of the formula for "r > 95%" is never reached',
        (None, None),
    ),
    "an item of an alternative": (
        "reachable",
        {
            "kind": "best-of",
            "alternatives": [
                {"kind": "checklist", "items": [{"when": "y"}, {"when": "t or not t", "title": "乙"}]},
                {"kind": "yes-no", "when": "x"},
            ],
        },
        {},
        'alternative 1: the item "乙" always holds',
        (None, None),
    ),
    "an alternative that never applies": (
        "reachable",
        {
            "kind": "best-of",
            "alternatives": [
                {"kind": "completion", "target": "≥10", "applies": "t and not t"},
                {"kind": "yes-no", "when": "x"},
            ],
        },
        {},
        "alternative 1 never applies",
        (None, None),
    ),
    "a checkpoint that is met for certain": (
        "reachable",
        {
            "kind": "schedule",
            "by": [{"at": "6月底", "actual": "a", "reach": "≥0%"}, {"at": "9月底", "actual": "b", "reach": "≥40%"}],
        },
        {},
        'what is asked for "6月底" always holds (where no figure is negative)',
        (None, None),
    ),
    "an item that no figure reaches": (
        "reachable",
        {
            "kind": "share-of-items",
            "within": "10%",
            "items": [{"actual": "a", "target": "5"}, {"actual": "min(b, 5)", "target": "9", "title": "乙"}],
        },
        {},
        'what is asked of "乙" can never hold',
        (None, None),
    ),
    "an alternative that is never better": (
        "reachable",
        {
            "kind": "best-of",
            "alternatives": [{"kind": "completion", "target": "≥10"}, {"kind": "completion", "target": "≥20"}],
        },
        {},
        "alternative 2 never earns more than the others",
        (None, None),
    ),
}


@pytest.mark.parametrize("case", BROKEN.values(), ids=BROKEN.keys())
def test_the_law_is_broken_at_the_smallest_example_and_between_the_exact_ends(case: Case) -> None:
    law, rule, more, message, ends = case
    found = answer(judged(rule, **more), law)
    assert [each.message.en for each in found.broken] == [message]
    assert [(each.low, each.high) for each in found.broken] == [ends]
    assert found.how == "proved"
    assert all(each.message.zh != each.message.en for each in found.broken)


@pytest.mark.parametrize(("rule", "more"), CLOSE_CALLS.values(), ids=CLOSE_CALLS.keys())
def test_nothing_is_said_of_a_rule_that_only_comes_near(rule: dict[str, object], more: dict[str, object]) -> None:
    assert said(judged(rule, **more)) == []


def test_a_rate_whose_unit_cannot_be_told_may_well_fit() -> None:
    rule = {"kind": "formula", "award": "if(n * 20亩 <= 5000元, points, 0)"}
    assert said(judged(rule)) == []


def test_the_example_names_the_facts_and_their_values() -> None:
    (broken,) = answer(judged({"kind": BANDS, "bands": [["≥90%", 7], ["≥80%", 10]]}), "monotone").broken
    assert [(name, value_text(value, "en")) for name, value in broken.facts] == [("it", "89.99%"), ("it", "90%")]


def test_a_direction_is_only_held_where_it_is_declared() -> None:
    falling = {"kind": "formula", "award": "max(0, points * (1 - actual))"}
    assert answer(judged(falling), "monotone").how == "unasked"
    assert said(judged(falling, better="lower")) == []
    assert [code for code, _ in said(judged(falling, better="higher"))] == ["monotone"]


def test_a_declared_step_is_held_to_the_largest_that_is_allowed() -> None:
    rule = {"kind": BANDS, "bands": [["≥90%", 10], ["≥80%", 7], ["≥60%", 5]]}
    framework = judged(rule).framework
    assert answer(judged(rule), "continuous").how == "unasked"
    broken = answer(judge(framework, largest_step=F("0.3"), search=False), "continuous").broken
    assert [(each.low, each.high) for each in broken] == [(F("0.6"), F("0.6"))]
    assert all("declares no step" not in each.message.en for each in broken)
    assert "more than the 3 (30% of its points) that a step may have" in broken[0].message.en
    assert "大于允许的 3 分（分值的 30%）" in broken[0].message.zh
    assert not answer(judge(framework, largest_step=F("0.5"), search=False), "continuous").broken


def whole(**more: object) -> Framework:
    grades = (Grade("优", 90), Grade("差", 0))
    tree = (indicator("it", 100, rule=Awarded()),)
    settings: dict[str, object] = {"grades": grades, "tree": tree, **more}
    return Framework(id="test", title="test", points=100, **settings)  # type: ignore[arg-type]


def test_a_grade_that_no_total_earns_and_a_limit_that_never_bites_are_found() -> None:
    high = whole(grades=(Grade("特优", 101), Grade("差", 0)))
    limited = whole(limits=(Limit("veto", "bad", at_most=100),))
    for framework, message in (
        (high, 'the grade "特优" starts at 101, but no total is above 100'),
        (limited, 'the limit "veto" of 100 never bites: no total is above 100'),
    ):
        (broken,) = answer(judge(framework, search=False), "reachable", None).broken
        assert broken.message.en == message


NEVER = "n > 5 and n < 3"


@pytest.mark.parametrize(
    ("more", "messages"),
    [
        ({"limits": (Limit("l", NEVER, at_most=5),)}, ['the limit "l" never bites: its condition can never hold']),
        (
            {"limits": (Limit("l", "1 == 1", at_most=5),)},
            [
                'the condition of the limit "l" always holds',
                'the grade "优" starts at 90, but no total is above 5',
            ],
        ),
        (
            {"adjustments": (Adjustment("extra", "加分", f"if({NEVER}, 2, 0)", at_most=5),)},
            ['"加分": the branch of the formula for "n > 5 and n < 3" is never reached'],
        ),
        (
            {"limits": (Limit("l", "n >= 0", at_most=5),)},
            ['the condition of the limit "l" always holds (where no figure is negative)'],
        ),
        ({"limits": (Limit("l", "n < 0", at_most=5),)}, []),
        ({"limits": (Limit("l", "n <= -5%", at_most=5),)}, []),
        ({"limits": (Limit("l", "n > 5", at_most=5),)}, []),
        ({"limits": (Limit("l", "n > 5", grade_at_most="差"),)}, []),
    ],
)
def test_a_limit_that_never_or_always_holds_and_a_dead_branch_beside_the_tree_are_found(
    more: dict[str, object], messages: list[str]
) -> None:
    found = answer(judge(whole(**more), search=False), "reachable", None)
    assert [each.message.en for each in found.broken] == messages


def test_a_gate_that_nothing_passes_and_an_indicator_that_never_applies_are_found() -> None:
    inner = judged({"kind": BANDS, "bands": [["≥90%", 10]]}, applies=NEVER).framework
    framework = Framework(id="t", title="t", points=10, tree=(Dimension("d", "d", inner.tree, requires=NEVER),))
    found = answer(judge(framework, search=False), "reachable", None)
    assert [each.message.en for each in found.broken] == [
        'what "d" (d) requires can never hold',
        '"it" (d.it) never applies: its condition can never hold',
    ]


@given(
    st.lists(st.integers(0, 10), min_size=1, max_size=3, unique=True),
    st.lists(st.integers(1, 10), min_size=1, max_size=3, unique=True),
    st.sampled_from([None, 0, 1]),
)
def test_of_one_indicator_just_those_grades_are_found_that_no_total_earns(
    awards: list[int], starts: list[int], capped: int | None
) -> None:
    bands = [[f"≥{90 - 10 * index}%", award] for index, award in enumerate(awards)]
    edges = [*sorted(starts, reverse=True), 0]
    limits = () if capped is None else (Limit("l", "poor", grade_at_most=str(edges[min(capped, len(edges) - 1)])),)
    tree = judged({"kind": BANDS, "bands": bands}).framework.tree
    framework = Framework(
        id="t", title="t", points=10, tree=tree, grades=tuple(Grade(str(each), each) for each in edges), limits=limits
    )
    earned = set()
    for percent in range(50, 100, 5):
        for poor in (False, True):
            facts = {"it": quantity(f"{percent}%"), **({} if capped is None else {"poor": poor})}
            grade = evaluate(Assessment(framework, facts)).grade
            assert grade is not None
            earned.add(grade.name)
    found = whole_reachable(framework)
    assert found.how == "proved"
    unearned = {each.message.en.split('"')[1] for each in found.broken if "grade" in each.message.en}
    assert unearned == {each.name for each in framework.grades} - earned


def test_a_grade_of_many_indicators_is_only_tried() -> None:
    tree = tuple(indicator(f"i{index}", 50) for index in range(2))
    framework = whole(tree=tree)
    found = answer(judge(framework, search=False), "reachable", None)
    assert (found.how, found.broken) == ("tried", ())
    assert found.why is not None
    assert "highest total" in found.why.en


def test_a_grade_above_the_points_is_earned_with_points_beside_the_tree() -> None:
    extra = Adjustment("extra", "extra", "extra", at_most=5)
    framework = whole(grades=(Grade("特优", 101), Grade("差", 0)), adjustments=(extra,))
    assert not answer(judge(framework, search=False), "reachable", None).broken


def test_a_dimension_in_between_changes_nothing() -> None:
    inner = judged({"kind": BANDS, "bands": [["≥90%", 7], ["≥80%", 10]]}).framework
    framework = Framework(id="test", title="test", points=10, tree=(Dimension("above", "above", inner.tree),))
    assert [each.path for each in judge(framework, search=False).broken] == ["above.it"]
