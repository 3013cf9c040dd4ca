"""What if: changes, what it takes, sensitivity and cliffs; by hand, and against scoring itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from docs_text import ROOT
from every_rule import POLICIES, every_rule, framework, indicator, sheet_of
from perfeval import (
    Adjustment,
    Assessment,
    DefinitionError,
    Dimension,
    Fact,
    FactSheet,
    Framework,
    Limit,
    PerfevalError,
    Quantity,
    Rounding,
    Scorer,
    evaluate,
    load,
    quantity,
)
from perfeval.expr.piecewise import NotPiecewise, piecewise
from perfeval.facts import FactValue, Given
from perfeval.framework import NotApplicable
from perfeval.rules import (
    Alternative,
    Awarded,
    Band,
    Bands,
    BestOf,
    Completion,
    Deduct,
    Formula,
    Level,
    Linear,
    Panel,
    Rating,
    RollUp,
    Rule,
    YesNo,
)
from perfeval.totals import total_expression
from perfeval.whatif import Cliff, Reach, changed, cliffs, next_grade, reaching, sensitivity

F = Fraction
FACTS: dict[str, Given] = {
    "executed": "80万元",
    "budget": "100万元",
    "rate": Fact("rate", formula="executed / budget"),
    "planted": "950棵",
}
TREES = framework(
    indicator("execution", 40, rule=Completion(target="≥100%"), actual="rate"),
    indicator("trees", 60, rule=Completion(target="≥1000棵"), actual="planted"),
)


def assessment(facts: Mapping[str, Given] | None = None, of: Framework = TREES) -> Assessment:
    return Assessment(of, FACTS if facts is None else facts)


def problems(error: pytest.ExceptionInfo[PerfevalError]) -> list[str]:
    for each in error.value.problems:
        assert each.message.zh
        assert each.message.zh != each.message.en
    return [each.message.en for each in error.value.problems]


def told(reaches: tuple[Reach, ...]) -> list[str]:
    return [f"{each.fact} {each.old} -> {each.new}: {each.total}" for each in reaches]


# A change.


def test_a_change_is_scored_and_only_what_moved_is_told() -> None:
    found = changed(assessment(), {"executed": "90万元"})
    assert (found.before.score, found.after.score) == (F(89), F(93))
    assert found.after.grade is not None
    assert found.after.grade.name == "优"
    assert [(each.before.path, each.before.score, each.after.score, each.facts) for each in found.moved] == [
        ("execution", F(32), F(36), ("executed",))
    ]
    assert [(each.name, str(each.before), str(each.after)) for each in found.changes] == [
        ("executed", "80万元", "90万元")
    ]


def test_nothing_changed_moves_nothing() -> None:
    found = changed(assessment())
    assert found.before.score == found.after.score
    assert found.moved == ()


def test_a_fact_that_is_not_known_yet_can_be_given() -> None:
    facts: dict[str, Given] = {"executed": "80万元", "budget": "100万元", "rate": FACTS["rate"], "planted": None}
    found = changed(assessment(facts), {"planted": "1000棵"})
    assert (found.before.score, found.after.score) == (None, F(92))
    assert [each.after.path for each in found.moved] == ["trees"]
    del facts["planted"]  # not even mentioned
    assert changed(assessment(facts), {"planted": "1000棵"}).after.score == 92


def test_every_problem_of_a_change_is_told_at_once() -> None:
    with pytest.raises(DefinitionError) as caught:
        changed(
            assessment(),
            {"exeduted": "5万元", "rate": "90%", "planted": "80%", "executed": "是", "budget": ""},
            {"tree": 50, "trees": "5%"},
        )
    unknown, derived, percentage, truth, empty, no_node, no_points = problems(caught)
    assert 'did you mean "executed"?' in unknown
    assert derived.startswith("rate: is derived")
    assert derived.endswith("executed, budget")
    assert "80%" in percentage
    assert "like 950棵" in percentage
    assert "executed:" in truth
    assert "is a yes/no, but the fact is money — write it like 80万元" in truth
    assert "budget: has no value" in empty
    assert 'did you mean "trees"?' in no_node
    assert "not a number of points" in no_points


def test_a_bare_number_is_answered_with_the_unit_it_lacks() -> None:
    with pytest.raises(DefinitionError, match="like 65棵"):
        changed(assessment(), {"planted": 65})


def test_a_yes_or_no_stays_one() -> None:
    of = framework(indicator("a", 100, rule=YesNo()))
    assert changed(assessment({"a": False}, of), {"a": "是"}).after.score == 100
    with pytest.raises(DefinitionError, match="is a yes/no"):
        changed(assessment({"a": False}, of), {"a": "5"})


RATING = Rating(levels=(Level("好", "", "50%", "100%"), Level("差", "", "0%", "50%")))
RATED = framework(
    indicator("a", 60, rule=RATING),
    indicator("b", 40, rule=BestOf((Alternative(RATING), Alternative(Awarded(), actual="entered")))),
)
RATED_FACTS: dict[str, Given] = {
    "a.level": Fact("a.level", "好"),
    "a.share": "60%",
    "b.level": Fact("b.level", "差"),
    "b.share": "25%",
    "entered": "12",
}


def test_a_level_is_one_of_the_ratings_words() -> None:
    found = changed(assessment(RATED_FACTS, RATED), {"a.level": "差", "a.share": "10%"})
    assert (found.before.score, found.after.score) == (F(48), F(18))
    with pytest.raises(DefinitionError, match='no level "很好"'):
        changed(assessment(RATED_FACTS, RATED), {"b.level": "很好"})
    with pytest.raises(DefinitionError, match="has no value"):
        changed(assessment(RATED_FACTS, RATED), {"b.level": " "})


def test_other_points_are_scored_when_they_add_up() -> None:
    found = changed(assessment(), None, {"execution": "10", "trees": 90})
    assert found.after.score == 8 + F("85.5")
    assert [(each.after.path, each.before.points, each.after.points) for each in found.moved] == [
        ("execution", F(40), F(10)),
        ("trees", F(60), F(90)),
    ]


def test_other_points_that_do_not_add_up_are_told_with_the_difference() -> None:
    with pytest.raises(DefinitionError, match="add up to 70"):
        changed(assessment(), None, {"execution": "10"})
    with pytest.raises(DefinitionError) as caught:
        changed(assessment(), {"rate": "5%"}, {"execution": "0", "trees": "100"})
    assert len(problems(caught)) == 2


def test_points_that_a_rule_or_what_is_above_does_not_allow_are_told_with_their_indicator() -> None:
    banded = indicator("a", 60, rule=Bands(bands=(Band(60, "≥90%"),), otherwise=0), actual="rate")
    of = framework(Dimension("d", "d", (banded, indicator("b", 40)), points=100))
    with pytest.raises(DefinitionError, match=r"^d\.a: an award of 60 .* the rule states points of its own"):
        changed(assessment({"rate": "95%"}, of), None, {"d.a": 50, "d.b": 50})
    with pytest.raises(DefinitionError, match=r"^d: .*add up to 110"):
        changed(assessment({"rate": "95%"}, of), None, {"d.a": 70})
    with pytest.raises(DefinitionError, match=r"^d\.b: points are above 0"):
        changed(assessment({"rate": "95%"}, of), None, {"d.a": 100, "d.b": 0})


def test_points_that_follow_from_others_cannot_be_set() -> None:
    split = Dimension("d", "d", (indicator("a", None), indicator("b", None)), points=100, split="equal")
    with pytest.raises(DefinitionError, match="cannot be set alone"):
        changed(assessment({"d.a": "1", "d.b": "2"}, framework(split)), None, {"d.a": 60})
    with pytest.raises(DefinitionError, match=r"set d$"):
        changed(assessment({"d.a": "1", "d.b": "2"}, framework(split)), None, {"d.a": 60})
    whole = framework(Dimension("d", "d", (indicator("a", 60), indicator("b", 40))))
    with pytest.raises(DefinitionError, match=r"set d\.a, d\.b$"):
        changed(assessment({"d.a": "1", "d.b": "2"}, whole), None, {"d": 60})
    found = changed(
        assessment(
            {"d.a": "30", "e": "1"},
            framework(Dimension("d", "d", (indicator("a", 60),), points=60), indicator("e", 40)),
        ),
        None,
        {"d": 70, "d.a": 70, "e": 30},
    )
    assert found.after["d"].points == 70


def test_a_rolled_up_assessment_is_scored_along_but_is_not_a_figure_of_this_one() -> None:
    of = framework(indicator("parts", 50, rule=RollUp(of=("part.toml",))), indicator("own", 50))
    whole = Assessment(of, {"own": "40"}, parts={"part.toml": assessment()})
    assert changed(whole, {"own": "45"}).after.score == F("44.5") + 45
    assert told(reaching(whole, total=90).reaches) == ["own 40 -> 46: 181/2"]
    assert [each.fact for each in sensitivity(whole)] == ["own"]


# What it takes.


def test_what_the_next_grade_takes_one_figure_at_a_time() -> None:
    found = reaching(assessment(), grade="优")
    # 89 now. One point more: 967 trees (58.02); 83万元 of 100 (33.2); 80 of 96万元 (33.33).
    assert told(found.reaches) == [
        "planted 950棵 -> 967棵: 4501/50",
        "executed 80万元 -> 83万元: 451/5",
        "budget 100万元 -> 96万元: 9033/100",
    ]
    assert [each.edge for each in found.reaches] == [
        F("57.995") / 60 * 1000,  # 57.995 is rounded up to 58
        F("32.995") / 40 * 1_000_000,
        F(800_000) / (F("32.995") / 40),
    ]
    assert [each.relative for each in found.reaches] == [F(17, 950), F(3, 80), F(4, 100)]
    assert found.best is None


def test_a_figure_is_written_with_the_decimals_it_has() -> None:
    facts = {**FACTS, "executed": "80.00万元"}
    assert str(reaching(assessment(facts), total=90).reaches[1].new) == "82.49万元"


def test_a_wish_that_is_fulfilled_is_said_to_be() -> None:
    found = reaching(assessment(), total=89)
    assert (found.already, found.reaches, found.score) == (True, (), F(89))
    assert reaching(assessment(), grade="中").already


def test_where_no_single_figure_does_the_best_one_is_told() -> None:
    found = reaching(assessment(), total=99)
    assert found.reaches == ()
    assert found.best is not None
    assert (found.best.fact, str(found.best.new), found.best.total) == (
        "budget",
        "80万元",
        F(97),
    )  # −20%; executed would be +25%
    full = assessment({**FACTS, "executed": "100万元", "planted": "1000棵"})
    nothing = reaching(full, total=101)
    assert (nothing.reaches, nothing.best) == ((), None)


def test_of_two_that_do_as_much_the_smaller_change_is_the_best() -> None:
    of = framework(
        *(indicator(name, 40, rule=Bands(bands=(Band(40, "≥10"),), otherwise=20), actual=name) for name in ("x", "y")),
        indicator("z", 20, rule=Bands(bands=(Band(20, "≤2"), Band(10, "≤6"), Band(20, ">6"))), actual="z"),
    )
    best = reaching(assessment({"x": "4", "y": "8", "z": "5"}, of), total=95).best
    assert best is not None
    assert (best.fact, str(best.new), best.total) == ("y", "10", F(70))
    best = reaching(assessment({"x": "10", "y": "10", "z": "5"}, of), total=101).best
    assert best is not None
    assert (best.fact, str(best.new), best.total) == ("z", "7", F(100))


def test_a_bound_of_other_decimals_is_not_taken_for_a_value_that_can_be_written() -> None:
    assumed = Fact("planted", quantity("950棵"), assumed="a guess", between=("900棵", "966.7棵"))
    facts = {**FACTS, "planted": assumed, "executed": "0万元"}
    best = reaching(assessment(facts), total=99).best
    assert best is not None
    of = framework(indicator("a", 100, rule=Completion(target="≤10棵")), rounding=())
    facts = {"a": Fact("a", quantity("20棵"), assumed="a guess", between=("12.5棵", "30棵"))}
    assert told(reaching(assessment(facts, of), total=78).reaches) == []
    (found,) = reaching(assessment(facts, of), total=75).reaches
    assert (str(found.new), found.total) == ("13棵", F("76.92"))


def test_a_figure_is_not_asked_to_be_negative() -> None:
    of = framework(indicator("a", 100, rule=Deduct(beyond=-3, each=1, minus=10, partial="proportional")))
    assert told(reaching(assessment({"a": "5"}, of), total=80).reaches) == []
    assert told(reaching(assessment({"a": "-1"}, of), total=90).reaches) == ["a -1 -> -2: 90"]


def test_an_assumed_figure_stays_where_it_is_known_to_lie() -> None:
    assumed = Fact("planted", quantity("950棵"), assumed="a guess", between=("900棵", "960棵"))
    facts = {**FACTS, "planted": assumed}
    assert [each.fact for each in reaching(assessment(facts), total=90).reaches] == ["executed", "budget"]
    assert told(reaching(assessment(facts), total="89.5").reaches)[0] == "planted 950棵 -> 959棵: 4477/50"
    assert changed(assessment(facts), {"planted": "1000棵"}).after.score == 92
    unknown = {**FACTS, "planted": Fact("planted", between=("900棵", "960棵"))}
    with pytest.raises(DefinitionError, match="but the fact is a count"):
        changed(assessment(unknown), {"planted": "5%"})


def test_an_open_edge_is_stepped_over() -> None:
    of = framework(indicator("a", 100, rule=Bands(bands=(Band(100, ">10人"),), otherwise=20)))
    (found,) = reaching(assessment({"a": "8人"}, of), total=50).reaches
    assert (str(found.new), found.edge) == ("11人", F(10))
    (found,) = reaching(assessment({"a": "8.0人"}, of), total=50).reaches
    assert str(found.new) == "10.1人"


def test_a_limit_on_the_grade_is_respected() -> None:
    of = framework(
        indicator("a", 100, rule=Linear(through=(("0", 0), ("10", 100)))),
        limits=(Limit("veto", "a > 8.5 and a < 9.5", grade_at_most="良"), Limit("cap", "a > 9.7", at_most=50)),
    )
    assert told(reaching(assessment({"a": "8.0"}, of), total=90).reaches) == ["a 8.0 -> 9.0: 90"]
    assert told(reaching(assessment({"a": "8.0"}, of), grade="优").reaches) == ["a 8.0 -> 9.5: 95"]


def test_a_judgement_is_marked() -> None:
    found = reaching(assessment(RATED_FACTS, RATED), total=50)
    assert {each.fact: (str(each.new), each.judgement) for each in found.reaches} == {
        "a.share": ("64%", True),
        "b.share": ("35%", True),
        "entered": ("14", True),
    }
    panel = framework(indicator("p", 100, rule=Panel(raters=("x", "y"))), points=100)
    assert all(each.judgement for each in reaching(assessment({"x": "50", "y": "60"}, panel), total=60).reaches)
    assert not any(each.judgement for each in reaching(assessment(), total=90).reaches)


def test_a_date_moves_by_days_and_a_month_stays_a_month() -> None:
    of = framework(
        indicator("a", 50, rule=Completion(target="9月前")),
        indicator("b", 50, rule=Deduct(beyond="2023-06-30", each="1天", minus=1, partial="up")),
    )
    found = reaching(assessment({"a": "10月", "b": "2023-07-20"}, of), total=75)
    assert told(found.reaches) == ["a 10月 -> 8月: 80"]
    assert found.reaches[0].relative is None
    found = reaching(assessment({"a": "10月", "b": "2023-07-20"}, of), total=40)
    assert told(found.reaches)[1:] == ["b 2023-07-20 -> 2023-07-10: 40"]
    assert sensitivity(assessment({"a": "10月", "b": "2023-07-20"}, of)) == ()
    assert cliffs(assessment({"a": "10月", "b": "2023-07-20"}, of), "50%").found == ()


def test_a_figure_that_cannot_be_solved_exactly_is_named_and_the_others_still_are() -> None:
    of = framework(
        indicator("a", 50, rule=Formula(award="points * area * area * area / 9")), indicator("b", 50, rule=Awarded())
    )
    found = reaching(assessment({"area": "1", "b": "30"}, of), total=40)
    assert told(found.reaches) == ["b 30 -> 35: 1014/25"]
    assert [name for name, _ in found.unsolved] == ["area"]


def test_the_nearest_of_two_ways_is_taken() -> None:
    of = framework(indicator("a", 100, rule=Completion(target="=100人")))
    assert told(reaching(assessment({"a": "80人"}, of), total=85).reaches) == ["a 80人 -> 85人: 85"]
    assert told(reaching(assessment({"a": "120人"}, of), total=85).reaches) == ["a 120人 -> 115人: 85"]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({"grade": "极好"}, "no grade"),
        ({"total": "95%"}, "not a number of points"),
        ({"total": "many"}, "not a quantity"),
        ({}, "one of the two"),
        ({"total": 5, "grade": "优"}, "one of the two"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(wish: dict[str, str], said: str) -> None:
    with pytest.raises(PerfevalError, match=said):
        reaching(assessment(), **wish)


def test_the_next_grade_is_the_one_above() -> None:
    found = next_grade(evaluate(assessment()))
    assert found is not None
    assert found.name == "优"
    assert next_grade(evaluate(assessment({**FACTS, "executed": "90万元"}))) is None
    assert next_grade(evaluate(assessment({}))) is None


def test_an_answer_can_do_it_too() -> None:
    """Yes or no, a level, and what is not given yet: the numbers first, then the answers, then what is open."""
    levels = (Level("达成", share="100%"), Level("部分达成", share="70%"), Level("未达成", share="0%"))
    of = framework(
        indicator("a", 40, rule=YesNo(), actual="rules"),
        indicator("b", 40, rule=Rating(levels=levels), actual="judged"),
        indicator("c", 20, actual="entered"),
    )
    facts: dict[str, Given] = {"rules": False, "judged.level": Fact("judged.level", "未达成"), "entered": "10"}
    found = reaching(assessment(facts, of), total=30)
    assert told(found.reaches) == ["rules False -> True: 50", "judged.level 未达成 -> 部分达成: 38"][::-1]
    assert [each.judgement for each in found.reaches] == [True, False]
    assert (found.reaches[0].edge, found.reaches[0].relative, found.reaches[0].change) == (None, None, None)
    open_ = assessment({**facts, "rules": None}, of)
    assert told(reaching(open_, total=50).reaches) == ["rules None -> True: 50"]
    best = reaching(assessment(facts, of), total=99).best
    assert best is not None
    assert (best.fact, best.new, best.total) == ("judged.level", "达成", F(50))


def test_a_figure_that_is_not_given_yet_is_solved_for() -> None:
    of = framework(indicator("a", 100, rule=Completion(target="≥95%"), actual="spent / budget"))
    found = reaching(assessment({"spent": None, "budget": "100.0万元"}, of), total=90)
    assert told(found.reaches) == ["spent None -> 85.5万元: 90"]
    share = framework(indicator("a", 100, rule=Bands(bands=(Band(100, ">90%"),), otherwise=20), actual="rate"))
    assert told(reaching(assessment({}, share), total=90).reaches) == ["rate None -> 91%: 100"]
    assert reaching(assessment({"rate": Fact("rate", between=("50%", "80%"))}, share), total=90).reaches == ()
    trees = reaching(assessment({**FACTS, "planted": None}), total=90)
    assert told(trees.reaches) == ["planted None -> 967棵: 4501/50"]


def test_what_cannot_be_tried_is_named() -> None:
    of = framework(
        indicator("a", 50, rule=Formula("points * x / y"), actual=None),
        indicator("b", 50, rule=YesNo(when="word == 'done'"), actual=None),
    )
    found = reaching(assessment({"word": Fact("word", "open")}, of), total=10)
    assert {fact: message.en for fact, message in found.unsolved} == {
        "word": "a word, and what else it could be is not said",
        "x": "not given, and its unit cannot be told",
        "y": "not given, and its unit cannot be told",
    }


def test_a_jump_that_cannot_be_told_is_named() -> None:
    of = framework(indicator("a", 100, rule=Formula("min(points, x * x * x * x * x - x * x * x - 1)"), actual=None))
    found = cliffs(assessment({"x": "2"}, of))
    assert [(path, fact) for path, fact, _ in found.unsolved] == [("a", "x")]


# Sensitivity and cliffs.


def test_one_percent_of_each_figure() -> None:
    found = {each.fact: (each.up, each.down) for each in sensitivity(assessment())}
    # 57 × 1%; 32 × 1%; 32 ÷ 1.01 = 31.68 and 32 ÷ 0.99 = 32.32, rounded as the framework does.
    assert found == {
        "planted": (F("0.57"), F("-0.57")),
        "executed": (F("0.32"), F("-0.32")),
        "budget": (F("-0.32"), F("0.32")),
    }
    assert next(iter(found)) == "planted"


def test_without_a_total_there_is_no_sensitivity() -> None:
    assert sensitivity(assessment({})) == ()


def test_a_change_that_is_not_allowed_leaves_no_total() -> None:
    (found,) = sensitivity(assessment({"a": "100"}, framework(indicator("a", 100))))
    assert (found.up, found.down, found.moves) == (None, F(-1), True)


BANDED = framework(
    indicator("a", 40, rule=Bands(bands=(Band(40, "≥95%"), Band(30, ">90%")), otherwise=0)),
    indicator("b", 60, rule=Deduct(below="100%", each="1%", minus=6, partial="up")),
    rounding=(Rounding("each", 0),),
)


def said(cliff: Cliff) -> tuple[str, str, str, bool, bool, Fraction, Fraction]:
    return cliff.path, cliff.fact, str(cliff.at), cliff.rising, cliff.included, cliff.before, cliff.after


def test_cliffs_are_the_jumps_near_a_figure() -> None:
    found = cliffs(assessment({"a": "94%", "b": "98.5%"}, BANDED), "2%").found
    # At 98.5% two steps are begun: 48; from 99% on one, at 98% still two, below it three, below 97% four.
    assert {said(each) for each in found} == {
        ("a", "a", "95%", True, True, F(30), F(40)),
        ("b", "b", "97.0%", False, False, F(42), F(36)),
        ("b", "b", "98.0%", False, False, F(48), F(42)),
        ("b", "b", "99.0%", True, True, F(48), F(54)),
        ("b", "b", "100.0%", True, True, F(54), F(60)),
    }
    assert [each.distance for each in found] == sorted(each.distance for each in found)
    assert cliffs(assessment({"a": "94%", "b": "98.5%"}, BANDED), "0.1%").found == ()


def test_a_figure_on_the_edge_is_the_nearest_cliff() -> None:
    (found,) = cliffs(assessment({"a": "95%", "b": "50%"}, BANDED), "1%").found
    assert said(found) == ("a", "a", "95%", False, False, F(40), F(30))
    assert found.distance == 0
    (found,) = cliffs(assessment({"a": "90%", "b": "50%"}, BANDED), "1%").found
    assert said(found) == ("a", "a", "90%", True, False, F(0), F(30))


def test_a_single_value_that_earns_more_is_a_cliff_from_where_one_stands() -> None:
    of = framework(indicator("a", 100, rule=Bands(bands=(Band(100, "=50"),), otherwise=20)))
    (found,) = cliffs(assessment({"a": "50"}, of), "5%").found
    assert said(found) == ("a", "a", "50", True, False, F(100), F(20))
    for now, rising in (("49", True), ("51", False)):
        (found,) = cliffs(assessment({"a": now}, of), "5%").found
        assert said(found) == ("a", "a", "50", rising, True, F(20), F(100))


def test_the_steps_of_the_frameworks_rounding_are_no_cliffs() -> None:
    of = framework(
        indicator("a", 100, rule=Completion(target="≥100人")), rounding=(Rounding("each", 0), Rounding("rate", 0))
    )
    assert cliffs(assessment({"a": "50人"}, of), "50%").found == ()


@pytest.mark.parametrize("within", ["5", "0%", "-2%", "near"])
def test_a_range_is_a_percentage_above_zero(within: str) -> None:
    with pytest.raises(PerfevalError):
        cliffs(assessment(), within)


# Laws.

POSITIVE = st.decimals("0.1", 30, places=1).map(str)


@st.composite
def rising(draw: st.DrawFn) -> tuple[Framework, dict[str, Given]]:
    """A framework that no figure can harm by growing, and facts."""
    count = draw(st.integers(1, 4))
    leaves, facts = [], dict[str, Given]()
    for index in range(count):
        name = f"x{index}"
        goal = draw(st.integers(1, 25))
        rules: list[Rule] = [
            Completion(target=f"≥{goal}"),
            Completion(target=f"≥{goal}", zero_below="60%"),
            Completion(target=f"≥{goal}", scale_from="40%"),
            Linear(through=((0, 0), (goal, "50%"), (goal + 3, "100%"))),
            Bands(bands=(Band("100%", f"≥{goal + 2}"), Band("30%", f">{goal}"))),
            Deduct(below=goal, each=2, minus="10%", partial=draw(st.sampled_from(["up", "down", "proportional"]))),
        ]
        leaves.append(indicator(name, 10, rule=draw(st.sampled_from(rules))))
        facts[name] = draw(POSITIVE)
    rounding = draw(
        st.sampled_from(
            [
                (),
                (Rounding("each", 1),),
                (Rounding("rate", 1, "down"), Rounding("each", 2, "half-even")),
                (Rounding("total", 0, "up"),),
            ]
        )
    )
    return framework(*leaves, points=10 * count, rounding=rounding), facts


@settings(max_examples=30, deadline=None)
@given(rising(), st.data())
def test_more_of_a_good_thing_never_lowers_the_total(
    case: tuple[Framework, dict[str, Given]], data: st.DataObject
) -> None:
    of, facts = case
    name = data.draw(st.sampled_from(sorted(facts)))
    more = quantity(facts[name]).value + data.draw(st.fractions(0, 20, max_denominator=40))
    found = changed(Assessment(of, facts), {name: more})
    assert found.before.score is not None
    assert found.after.score is not None
    assert found.after.score >= found.before.score
    assert all(each.before.path == name for each in found.moved)
    for each in sensitivity(Assessment(of, facts)):
        assert each.up is not None
        assert each.down is not None
        assert each.up >= 0 >= each.down


@settings(max_examples=15, deadline=None)
@given(rising(), st.integers(0, 40), st.integers(0, 40))
def test_a_higher_wish_takes_at_least_as_much(case: tuple[Framework, dict[str, Given]], one: int, other: int) -> None:
    found = Assessment(*case)
    low, high = (reaching(found, total=wish) for wish in sorted((one, other)))
    assume(not low.already)
    lower = {each.fact: new.value for each, _, new in moved(low.reaches)}
    for each, old, new in moved(high.reaches):
        assert each.fact in lower
        assert old.value < lower[each.fact] <= new.value


def moved(reaches: tuple[Reach, ...]) -> Iterator[tuple[Reach, Quantity, Quantity]]:
    """The reaches of figures that are known, with what they are and would be."""
    for each in reaches:
        if isinstance(each.old, Quantity) and isinstance(each.new, Quantity):
            yield each, each.old, each.new


FIGURES = st.one_of(st.sampled_from(["1", "2", "5", "10", "12"]), st.decimals(0, 12, places=1).map(str))


@st.composite
def anything(draw: st.DrawFn) -> Assessment:
    """Every kind of rule at once, in every combination of rounding and of what does not apply."""
    a, b, c, rest = (draw(FIGURES) for _ in range(4))
    sheet = sheet_of(a, b, c, draw(st.booleans()), ("达成", "100%"), rest)
    policy = draw(POLICIES)
    rounding = draw(
        st.sampled_from([(), (Rounding("each", 1, "half-even"),), (Rounding("total", 0, "up"), Rounding("rate", 0))])
    )
    return Assessment(every_rule(policy, rounding), sheet)


def with_value(of: Assessment, old: Quantity, name: str, value: Fraction) -> FactSheet:
    return FactSheet({**of.facts.facts, name: Quantity(value, old.kind, old.unit, old.decimals)})


@settings(max_examples=30, deadline=None)
@given(st.one_of(anything(), rising().map(lambda case: Assessment(*case))), st.integers(1, 140), st.data())
def test_what_is_found_reaches_the_wish_and_nothing_nearer_does(of: Assessment, wish: int, data: st.DataObject) -> None:
    found = reaching(of, total=wish)
    scorer = Scorer(of)
    assert found.already is (found.score is not None and found.score >= wish)
    for each, old, new in moved(found.reaches):
        step = old.unit.factor / F(10) ** old.decimals
        assert scorer.total(with_value(of, old, each.fact, new.value)) == each.total
        assert each.total >= wish
        steps = abs(new.value - old.value) / step
        assert steps.denominator == 1
        assert steps > 0
        nearer = {1, int(steps) - 1, data.draw(st.integers(0, int(steps) - 1))} - {int(steps)}
        for some in nearer:
            for side in (-1, 1):
                value = old.value + side * some * step
                if value >= 0:
                    total = scorer.total(with_value(of, old, each.fact, value))
                    assert total is None or total < wish


@settings(max_examples=40, deadline=None)
@given(anything(), st.integers(1, 140), st.data())
def test_every_answer_that_reaches_the_wish_is_found_and_no_other(
    of: Assessment, wish: int, data: st.DataObject
) -> None:
    """A yes, a no and a level are found by trying: they are few."""
    facts = dict(of.facts.facts)
    open_ = data.draw(st.sampled_from(["none", "t", "judged.level", "judged.share"]))
    facts = {name: evolve(fact, value=None) if name == open_ else fact for name, fact in facts.items()}
    of = Assessment(of.framework, facts)
    found = reaching(of, total=wish)
    assume(not found.already)
    told_of = {each.fact: each for each in found.reaches}
    options: dict[str, tuple[FactValue, ...]] = {"t": (True, False), "judged.level": ("达成", "未达成")}
    for name, values in options.items():
        totals = []
        for value in values:
            if value != of.facts[name].value:
                sheet = FactSheet({**of.facts.facts, name: evolve(of.facts[name], value=value)})
                totals.append(Scorer(of).total(sheet))
        enough = [total for total in totals if total is not None and total >= wish]
        assert (name in told_of) is bool(enough)
        if enough:
            assert told_of[name].total == min(enough)


@settings(max_examples=20, deadline=None)
@given(anything(), st.integers(1, 140), FIGURES, st.sampled_from("abc"))
def test_a_figure_that_is_not_found_does_not_reach_the_wish(of: Assessment, wish: int, value: str, name: str) -> None:
    found = reaching(of, total=wish)
    assume(not found.already)
    told_of = {each.fact for each in found.reaches} | {fact for fact, _ in found.unsolved}
    old = of.facts[name].value
    assert isinstance(old, Quantity)
    scale = 10**old.decimals
    assume(name not in told_of and (quantity(value).value * scale).denominator == 1)
    total = Scorer(of).total(with_value(of, old, name, quantity(value).value))
    assert total is None or total < wish
    if not found.reaches and total is not None and (found.score is None or total > found.score):
        assert found.best is not None
        assert found.best.total >= total or found.unsolved


@settings(max_examples=20, deadline=None)
@given(anything())
def test_sensitivity_is_what_the_total_read_as_pieces_says(of: Assessment) -> None:
    score = evaluate(of).score
    assume(score is not None)
    assert score is not None
    for each in sensitivity(of):
        try:
            function = piecewise(total_expression(of.framework), each.fact, of.facts.values)
        except NotPiecewise:
            continue
        for change, share in ((each.up, F(101, 100)), (each.down, F(99, 100))):
            value = function.at(each.value.value * share)
            assert change is None or value == score + change


@settings(max_examples=30, deadline=None)
@given(anything(), POLICIES, st.sampled_from(["1%", "20%", "80%"]))
def test_at_a_cliff_the_award_jumps(of: Assessment, policy: NotApplicable, within: str) -> None:
    bare = Assessment(every_rule(policy, ()), of.facts)
    tiny = F(1, 10**9)
    for each in cliffs(bare, within).found:
        assert abs(each.at.value - each.now.value) <= abs(each.now.value) * quantity(within).value
        assert each.before != each.after
        beyond = tiny if each.rising else -tiny
        after = each.at.value if each.included else each.at.value + beyond
        before = each.at.value if each.at.value == each.now.value else each.at.value - beyond
        for value, award in ((before, each.before), (after, each.after)):
            node = evaluate(Assessment(bare.framework, with_value(bare, each.now, each.fact, value)))[each.path]
            assert node.score is not None
            assert abs(node.score + node.bonus - award) < F(1, 10**6)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=4, unique=True), st.integers(1, 60))
def test_every_band_in_reach_is_a_cliff(steps: list[int], now: int) -> None:
    bands = [Band(each, f"≥{each}") for each in sorted(steps, reverse=True)]
    of = framework(indicator("a", 100, rule=Bands(bands=tuple(bands)), actual="x"))
    found = cliffs(Assessment(of, {"x": str(now)}), "50%").found
    assert {each.at.value for each in found} == {each for each in steps if abs(each - now) * 2 <= now}
    assert all(each.included is each.rising for each in found)


# The examples.


@pytest.mark.parametrize("name", ["land-requisition.toml", "department.toml"])
def test_the_seed_is_answered_and_what_is_found_is_true(name: str) -> None:
    of = load(ROOT / "examples" / "panzhihua-dongqu-2023" / name)
    found = reaching(of, total=92)
    assert found.reaches
    assert found.unsolved == ()
    for each in found.reaches:
        assert changed(of, {each.fact: str(each.new)}).after.score == each.total


def test_adjustments_and_limits_are_part_of_the_total() -> None:
    of = framework(
        indicator("a", 100),
        adjustments=(Adjustment("late", "late", "0 - days", at_least=-10),),
        limits=(Limit("veto", "days > 8", at_most=60),),
    )
    assert told(reaching(assessment({"a": "80", "days": "9"}, of), total=75).reaches) == ["days 9 -> 5: 75"]
