"""Checks: what agrees as printed is never reported, and what cannot agree always is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from every_rule import framework, indicator
from perfeval import Assessment, DefinitionError, Fact, quantity
from perfeval.checking import Checked, as_written, check, relations
from perfeval.checks import Check, mixtures, parts
from perfeval.errors import Language, Message
from perfeval.expr.interval import Range
from perfeval.expr.nodes import FactRef, Require, compare
from perfeval.expr.parse import parse
from perfeval.facts import Given, Statement
from perfeval.framework import AskedFact
from perfeval.quantity import Mode, Quantity, decimal_text, rounded
from perfeval.report.checking import checked_data, checked_lines

OF = framework(indicator("x", 100))


def checked(facts: Mapping[str, Given], *relations: str, **more: object) -> Checked:
    checks = [Check(f"c{index}", relation, **more) for index, relation in enumerate(relations)]  # type: ignore[arg-type]
    return check(Assessment(OF, {"x": "100", **facts}, checks=checks))


def outcomes(found: Checked) -> list[str]:
    return [each.outcome for each in found.findings]


@pytest.mark.parametrize(
    ("facts", "relation", "outcome"),
    [
        # Parts and totals: half a unit of the last place of each term.
        ({"t": "518.57万元", "a": "442.77万元", "b": "75.8万元"}, "t == a + b", "agrees"),
        ({"t": "518.77万元", "a": "442.77万元", "b": "75.8万元"}, "t == a + b", "differs"),
        ({"t": "518.63万元", "a": "442.77万元", "b": "75.8万元"}, "t == a + b", "agrees"),
        ({"t": "518.64万元", "a": "442.77万元", "b": "75.8万元"}, "t == a + b", "differs"),
        # Another unit is another last place: 元 beside 万元.
        ({"a": "63500元", "b": "6.35万元"}, "a == b", "agrees"),
        ({"a": "63549元", "b": "6.35万元"}, "a == b", "agrees"),
        ({"a": "63551元", "b": "6.35万元"}, "a == b", "differs"),
        # People are counted; nobody is rounded.
        ({"t": "134人", "a": "71人", "b": "63人"}, "t == a + b", "agrees"),
        ({"t": "135人", "a": "71人", "b": "63人"}, "t == a + b", "differs"),
        ({"t": "1.5万份", "a": "15049份"}, "t == a", "agrees"),
        ({"t": "1.5万份", "a": "15501份"}, "t == a", "differs"),
        # A printed 0 is nothing, but a share of 0% may be a small one.
        ({"a": "0万元", "b": "0.3万元"}, "a == b", "differs"),
        ({"s": "0%", "a": "3万元", "t": "1000万元"}, "s == a / t", "agrees"),
        ({"s": "0%", "a": "6万元", "t": "1000万元"}, "s == a / t", "differs"),
        # Percentages as rounded in print.
        ({"s": "43.3%", "a": "224.77万元", "t": "518.57万元"}, "s == a / t", "agrees"),
        ({"s": "3.1%", "a": "16.46万元", "t": "518.57万元"}, "s == a / t", "differs"),
        ({"s": "3.2%", "a": "16.46万元", "t": "518.57万元"}, "s == a / t", "agrees"),
        # Against the year before.
        ({"n": "518.57万元", "d": "951.66万元", "r": "64.7%"}, "r == d / (n + d)", "agrees"),
        ({"n": "518.57万元", "d": "951.66万元", "r": "64.8%"}, "r == d / (n + d)", "differs"),
        # Inequalities, yes and no, words, dates.
        ({"a": "10.9万元", "b": "10.8万元"}, "a <= b", "agrees"),
        ({"a": "10.9万元", "b": "10.7万元"}, "a <= b", "differs"),
        ({"a": "10.9万元", "b": "10.9万元"}, "a < b", "agrees"),
        ({"a": "11人", "b": "11人"}, "a < b", "differs"),
        ({"a": "12人", "b": "11人"}, "a >= b", "agrees"),
        ({"a": "12人", "b": "11人"}, "a > b", "agrees"),
        ({"a": "12人", "b": "12人"}, "a != b", "differs"),
        ({"a": "12人", "b": "11人"}, "a != b", "agrees"),
        ({"a": True, "b": False}, "a == b", "differs"),
        ({"a": True, "b": False}, "a or b", "agrees"),
        ({"a": True, "b": False}, "not a", "differs"),
        ({"a": Fact("a", "前台受理组"), "b": Fact("b", "前台业务组")}, "a == b", "differs"),
        ({"a": "2023-06-30", "b": "2023-07-01"}, "a == b", "differs"),
        # What is not known, or cannot be computed, is not an error.
        ({"a": None, "b": "1人"}, "a == b", "unknown"),
        ({"a": "1人", "b": "0人", "s": "100%"}, "s == a / b", "unknown"),
        ({"a": Fact("a", formula="b + c"), "b": "1人", "c": None}, "a == b", "unknown"),
    ],
)
def test_a_relation_holds_where_figures_that_are_printed_so_could_make_it_hold(
    facts: Mapping[str, Given], relation: str, outcome: str
) -> None:
    assert outcomes(checked(facts, relation)) == [outcome]


def test_a_finding_says_expected_found_difference_and_every_source() -> None:
    facts = {
        "t": Fact("t", quantity("518.77万元"), source="附件1 二（一）", title="总收入"),
        "sum": Fact("sum", formula="a + b"),
        "a": Fact("a", quantity("442.77万元"), source="第二部分 二"),
        "b": Fact("b", quantity("75.8万元"), assumed="a guess"),
    }
    (found,) = checked(facts, "t == sum", title="合计", source="附件1").errors
    assert (str(found.found), str(found.expected), str(found.difference)) == ("518.77万元", "518.57万元", "0.2万元")
    assert str(found.tolerance) == "0.06万元"
    assert found.relation.zh == "总收入 = sum"
    assert [(each.name, each.source, each.assumed) for each in found.facts] == [
        ("t", "附件1 二（一）", ""),
        ("sum", "", ""),
        ("a", "第二部分 二", ""),
        ("b", "", "a guess"),
    ]
    assert found.facts[1].formula is not None
    assert (found.title.zh, found.source, found.severity) == ("合计", "附件1", "error")


def test_a_tolerance_may_be_given() -> None:
    facts = {"a": "10.90万元", "b": "10.85万元"}
    assert outcomes(checked(facts, "a == b", tolerance="0.05万元")) == ["agrees"]
    assert outcomes(checked(facts, "a == b", tolerance="0.04万元")) == ["differs"]
    assert outcomes(checked({"a": "10.9万元", "b": "10.9万元"}, "a == b", tolerance="0元")) == ["agrees"]


@pytest.mark.parametrize(
    ("relation", "outcome"),
    [
        ("share == part / total or flag", "agrees"),
        ("wrong == part / total or flag", "differs"),
        ("not (share > part / total) and not (share < part / total)", "agrees"),
        ("not (wrong < part / total)", "differs"),
        ("flag or share == part / total and wrong != part / total", "agrees"),
        ("if(flag, wrong, share) == part / total", "agrees"),
        ("if(flag, wrong == part / total, share == part / total)", "agrees"),
        ("if(not flag, wrong == part / total, share == part / total)", "differs"),
        # What is counted has no tolerance in a condition either.
        ("people == 134人 or flag", "differs"),
    ],
)
def test_figures_stand_for_what_is_printed_so_inside_a_condition_too(relation: str, outcome: str) -> None:
    facts: Mapping[str, Given] = {
        "share": "3.2%",
        "wrong": "3.1%",
        "part": "16.46万元",
        "total": "518.57万元",
        "people": "135人",
        "flag": False,
    }
    assert set(outcomes(checked(facts, relation))) == {outcome}


def test_a_given_tolerance_goes_for_the_comparisons_of_its_kind_inside_a_condition() -> None:
    facts: Mapping[str, Given] = {"a": "10.00万元", "b": "10.40万元", "n": "5人", "flag": True}
    asked = "a == b or n == 6人 or not flag"
    assert outcomes(checked(facts, asked)) == ["differs"]
    assert outcomes(checked(facts, asked, tolerance="0.4万元")) == ["agrees"]
    assert outcomes(checked(facts, asked, tolerance="0.3万元")) == ["differs"]
    assert outcomes(checked(facts, asked, tolerance="1人")) == ["agrees"]
    # Nothing is left open: as printed.
    assert outcomes(checked({"r": "100%"}, "not r < 100%", "r < 100% or r > 100%", tolerance="0%")) == [
        "agrees",
        "differs",
    ]


def test_each_part_of_a_check_is_reported_on_its_own() -> None:
    found = checked({"a": "1人", "b": "1人", "c": "2人"}, "a == b and b == c", severity="warning")
    assert outcomes(found) == ["agrees", "differs"]
    assert (len(found.errors), len(found.warnings), len(found.agreeing)) == (0, 1, 1)


def test_one_fact_stated_in_several_places_reports_the_others() -> None:
    others = (
        Statement(quantity("179人"), "附件1", "warning", "no telling"),
        Statement(quantity("134人"), "附件2"),
        Statement(quantity("135人"), "附件3"),
    )
    fact = Fact("people", quantity("134人"), source="第二部分", others=others)
    found = checked({"people": fact}, "people >= 1人")
    assert [(each.outcome, str(each.found), each.severity) for each in found.findings[1:]] == [
        ("differs", "179人", "warning"),
        ("agrees", "134人", "error"),
        ("differs", "135人", "error"),
    ]
    assert [each.source for each in found.warnings[0].facts] == ["第二部分", "附件1"]
    words = Fact("group", "前台受理组", others=(Statement("前台业务组", "附件1"),))
    assert len(checked({"group": words}, "x == 100").errors) == 1
    rough = Fact("money", quantity("7.94万元"), others=(Statement(quantity("7.9万元")), Statement(quantity("8万元"))))
    assert outcomes(checked({"money": rough}, "x == 100"))[1:] == ["agrees", "agrees"]


@pytest.mark.parametrize(
    ("used", "other", "apart"),
    [("2024年10月24日", "2024年10月22日", "-2天"), ("1月", "2月", "1个月"), ("12月", "10月", "-2个月")],
)
def test_dates_stated_in_two_places_are_days_or_months_apart(used: str, other: str, apart: str) -> None:
    fact = Fact("on", quantity(used), others=(Statement(quantity(other)), Statement(quantity(used))))
    assessment = Assessment(OF, {"x": "100", "on": fact})
    differs, agrees = check(assessment).findings
    assert (differs.outcome, str(differs.difference), agrees.outcome) == ("differs", apart, "agrees")
    assert f'"difference": "{apart}"' in json.dumps(
        checked_data(assessment, check(assessment), "zh"), ensure_ascii=False
    )


def test_a_frameworks_checks_are_asked_of_every_assessment() -> None:
    of = framework(indicator("x", 100), checks=(Check("spent", "spent <= budget"),))
    facts: Mapping[str, Given] = {"x": "100", "spent": "12万元", "budget": "10万元"}
    assert len(check(Assessment(of, facts)).errors) == 1
    assert outcomes(check(Assessment(of, {"x": "100"}))) == []
    assert outcomes(check(Assessment(of, {**facts, "budget": None}))) == ["unknown"]
    mixed = check(Assessment(of, {"x": "100", "spent": "12万元", "budget": "10人"}))
    assert outcomes(mixed) == ["unknown"]
    assert mixed.findings[0].message is not None
    with pytest.raises(DefinitionError, match="stands twice"):
        Assessment(of, facts, checks=(Check("spent", "x == 100"),))
    with pytest.raises(DefinitionError, match="stands twice"):
        framework(indicator("x", 100), checks=(Check("a", "x == 1"), Check("a", "x == 2")))


def test_a_frameworks_check_that_was_not_asked_is_named_with_the_facts_that_are_not_there() -> None:
    of = framework(
        indicator("x", 100),
        facts=(AskedFact("budget", "预算"),),
        checks=(Check("parts", "budget == fund.provincial + fund.city", "资金之和"), Check("spent", "spent <= budget")),
    )
    facts: dict[str, Given] = {"x": "100", "budget": "10万元", "fund.province": "6万元", "fund.city": "4万元"}
    assessment = Assessment(of, facts)
    found = check(assessment)
    assert [(each.id, each.missing) for each in found.unasked] == [
        ("parts", ("fund.provincial",)),
        ("spent", ("spent",)),
    ]
    assert outcomes(found) == []
    zh, en = ("\n".join(checked_lines(assessment, found, language)) for language in get_args(Language))
    assert "指标体系另有 2 项检查没有提出" in zh
    assert "parts  资金之和: 没有事实 fund.provincial（是否应为“fund.province”？）" in zh
    assert "spent: there is no fact spent" in en
    assert checked_data(assessment, found, "zh")["unasked"] == [
        {"id": "parts", "title": "资金之和", "missing": ["fund.provincial"]},
        {"id": "spent", "title": "spent", "missing": ["spent"]},
    ]
    whole = Assessment(of, {**facts, "fund.provincial": "6万元", "spent": "9万元"})
    assert check(whole).unasked == ()
    assert outcomes(check(whole)) == ["agrees", "agrees"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"id": "a b"}, "cannot be a check's id"),
        ({"severity": "grave"}, 'severity is "error" or "warning"'),
        ({"tolerance": "-1元"}, "tolerance is not negative"),
    ],
)
def test_a_check_cannot_be_built_wrong(settings: dict[str, object], said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        Check(**{"id": "a", "that": "a == b", **settings})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("relation", "settings", "said"),
    [
        ("a == b", {}, "same kind of unit"),
        ("a + a", {}, "that is a relation"),
        ("a == a", {"tolerance": "1人"}, "tolerance"),
        ("a == a or not a < a", {"tolerance": "1人"}, "tolerance"),
    ],
)
def test_units_that_do_not_go_together_are_refused_when_the_assessment_is_built(
    relation: str, settings: dict[str, object], said: str
) -> None:
    with pytest.raises(DefinitionError, match=said):
        checked({"a": "1万元", "b": "1人"}, relation, **settings)


# Laws.

AMOUNTS = st.fractions(1, 1000, max_denominator=1000)
PLACES = st.integers(0, 3)


def printed(value: Fraction, places: int, unit: str, mode: Mode = "half-up") -> str:
    return f"{decimal_text(rounded(value, places, mode), places)}{unit}"


@given(st.lists(st.tuples(AMOUNTS, PLACES), min_size=1, max_size=6), PLACES)
def test_true_figures_rounded_in_print_always_agree(terms: Sequence[tuple[Fraction, int]], places: int) -> None:
    total = sum((value for value, _ in terms), Fraction(0))
    facts: dict[str, Given] = {
        f"t{index}": printed(value, digits, "万元") for index, (value, digits) in enumerate(terms)
    }
    facts["total"] = printed(total, places, "万元")
    facts["share"] = printed(terms[0][0] / total * 100, places, "%")
    relation = " + ".join(name for name in facts if name.startswith("t") and name != "total")
    assert outcomes(checked(facts, f"total == {relation}", "share == t0 / total")) == ["agrees", "agrees"]


@given(st.lists(st.tuples(AMOUNTS, PLACES), min_size=2, max_size=6), PLACES, st.integers(1, 9))
def test_a_total_beyond_what_rounding_leaves_open_never_agrees(
    terms: Sequence[tuple[Fraction, int]], places: int, beyond: int
) -> None:
    facts: dict[str, Given] = {
        f"t{index}": printed(value, digits, "万元") for index, (value, digits) in enumerate(terms)
    }
    shown = [quantity(str(each)) for each in facts.values()]
    open_ = sum(((as_written(each).high or each.value) - each.value for each in shown), Fraction(0))
    total = rounded((sum((each.value for each in shown), Fraction(0)) + open_) / 10**4, places, "up")
    off = total + Fraction(beyond, 10**places)
    facts["total"] = f"{decimal_text(off, places)}万元"
    assert outcomes(checked(facts, f"total == {' + '.join(name for name in facts if name != 'total')}")) == ["differs"]


@given(st.permutations(["a", "b", "c", "t"]))
def test_the_order_of_the_facts_and_the_sides_changes_nothing(order: list[str]) -> None:
    values = {"a": "1.2万元", "b": "3.44万元", "c": "0.301万元", "t": "4.9万元"}
    facts = {name: values[name] for name in order}
    assert outcomes(checked(facts, "t == a + b + c", "c + a + b == t", "t - a == c + b")) == ["agrees"] * 3


# A figure as printed, edge by edge.


@pytest.mark.parametrize(
    ("figure", "low", "high"),
    [
        ("75.8万元", "757500", "758500"),
        ("75.80万元", "757950", "758050"),
        ("3元", "2.5", "3.5"),
        ("43.3%", "0.4325", "0.4335"),
        ("1.2万份", "11500", "12500"),
        ("1万份", "5000", "15000"),
        ("2公里", "1500", "2500"),
        ("-3元", "-3.5", "-2.5"),
        ("0%", "-0.005", "0.005"),
        ("2.5人", "2.45", "2.55"),
        ("2.5", "2.45", "2.55"),
        # What is counted, a date, and a printed 0.
        ("134人", "134", "134"),
        ("134", "134", "134"),
        ("9月", "9", "9"),
        ("0元", "0", "0"),
        ("0.0万元", "0", "0"),
        ("0人", "0", "0"),
        ("0.0人", "0", "0"),
    ],
)
def test_a_figure_stands_for_what_rounds_to_it(figure: str, low: str, high: str) -> None:
    assert as_written(quantity(figure)) == Range(Fraction(low), Fraction(high))


def test_a_date_stands_for_itself() -> None:
    day = quantity("2023-06-30")
    assert as_written(day) == Range(day.value, day.value)


@pytest.mark.parametrize(
    ("sign", "letters"),
    [("==", "dAAAAd"), ("!=", "AAAAAA"), ("<=", "AAAAAd"), ("<", "AAAAdd"), (">=", "dAAAAA"), (">", "ddAAAA")],
)
def test_each_sign_holds_up_to_the_very_edge_of_what_is_printed(sign: str, letters: str) -> None:
    # The terms make 518.57万元; they and the total leave 0.06万元 open.
    totals = ("518.50万元", "518.51万元", "518.52万元", "518.62万元", "518.63万元", "518.64万元")
    for total, letter in zip(totals, letters, strict=True):
        facts: Mapping[str, Given] = {"t": total, "a": "442.77万元", "b": "75.8万元", "never": False}
        expected = {"A": "agrees", "d": "differs"}[letter]
        assert outcomes(checked(facts, f"t {sign} a + b", f"t {sign} a + b or never")) == [expected] * 2, total


@pytest.mark.parametrize(
    ("sign", "below", "equal", "above"),
    [
        ("==", False, True, False),
        ("!=", True, False, True),
        ("<", True, False, False),
        ("<=", True, True, False),
        (">", False, False, True),
        (">=", False, True, True),
    ],
)
def test_what_is_counted_is_compared_exactly(sign: str, below: bool, equal: bool, above: bool) -> None:
    for figure, holds in (("4人", below), ("5人", equal), ("6人", above)):
        for relation, expected in ((f"a {sign} 5人", holds), (f"not (a {sign} 5人)", not holds)):
            assert outcomes(checked({"a": figure}, relation)) == ["agrees" if expected else "differs"]


@pytest.mark.parametrize("sign", ["==", "!=", "<", "<=", ">", ">="])
def test_a_quotient_by_what_may_be_nothing_may_be_anything(sign: str) -> None:
    facts: Mapping[str, Given] = {"a": "3元", "b": "10.1元", "c": "10元", "r": "4000%"}
    found = checked(facts, f"a / (b - c) {sign} r", f"a / (c - b) {sign} r")
    assert outcomes(found) == ["agrees", "agrees"]
    assert [each.tolerance for each in found.findings] == [None, None]


# What a finding says.


def test_checks_are_asked_in_order_the_frameworks_first_and_repeated_facts_last() -> None:
    of = framework(indicator("x", 100), checks=(Check("b", "x == 100"), Check("skipped", "zz == 1")))
    people = Fact("people", quantity("134人"), others=(Statement(quantity("134人")), Statement(quantity("135人"))))
    facts: Mapping[str, Given] = {"x": "100", "people": people}
    assessment = Assessment(of, facts, checks=(Check("a", "x > 1 and x > 200"), Check("c", "people == 134人")))
    found = check(assessment)
    assert [each.id for each in found.findings] == ["b", "a", "a", "c", "people", "people"]
    assert outcomes(found) == ["agrees", "agrees", "differs", "agrees", "agrees", "differs"]
    assert relations(Check("a", "x > 1 and x > 200"), assessment.facts) == found.findings[1:3]


def test_an_own_check_whose_facts_are_missing_cannot_be_asked_and_names_them_once() -> None:
    facts: Mapping[str, Given] = {"d": Fact("d", formula="x1 + x2"), "x1": None, "x2": "1元", "y": "1元"}
    (found,) = checked(facts, "d + d == y + x1").unknown
    assert found.message is not None
    assert (found.message.zh, found.message.en) == ("缺少事实 x1", "missing: x1")
    (found,) = checked({**facts, "y": None}, "y == d").unknown
    assert found.message is not None
    assert (found.message.zh, found.message.en) == ("缺少事实 y、x1", "missing: y, x1")


def test_a_division_by_zero_says_which_fact_is_zero() -> None:
    (found,) = checked({"a": "1元", "b": "0人", "c": "2元/人"}, "a / b == c").unknown
    assert found.message is not None
    assert "b" in found.message.zh
    assert found.message.en == "division by zero: the fact b is zero"


def test_units_that_turn_out_not_to_go_together_are_told_of_each_part() -> None:
    of = framework(indicator("x", 100), checks=(Check("c", "a == b and a == a"),))
    found = check(Assessment(of, {"x": "1", "a": "1元", "b": "1人"}))
    assert outcomes(found) == ["unknown", "unknown"]
    assert all(each.message is not None and "same kind of unit" in each.message.en for each in found.findings)
    assert [each.name for each in found.findings[0].facts] == ["a", "b"]


def test_a_finding_names_titles_in_both_languages_or_names_where_titles_are_alike() -> None:
    facts: Mapping[str, Given] = {
        "a": Fact("a", quantity("1元"), title="收入", title_en="income"),
        "b": Fact("b", quantity("2元"), title="收入", title_en="outlay"),
        "c": Fact("c", quantity("3元"), title="合计"),
    }
    (found,) = checked(facts, "a + b == c", title="合计数", title_en="sum", source="附件1", note="看附注").findings
    assert (found.relation.zh, found.relation.en) == ("a + b = 合计", "income + outlay = c")
    assert (found.title.zh, found.title.en, found.id) == ("合计数", "sum", "c0")
    assert (found.source, found.note) == ("附件1", "看附注")
    assert [(each.title.zh, each.title.en) for each in found.facts] == [
        *(("收入", "income"), ("收入", "outlay"), ("合计", "c"))
    ]
    (untitled,) = checked(facts, "a + b == c").findings
    assert (untitled.title.zh, untitled.title.en) == ("c0", "c0")


@pytest.mark.parametrize(
    ("relation", "found", "expected", "difference", "tolerance"),
    [
        ("total == part + part", "10万元", "12万元", "-2万元", "1.5万元"),
        ("part + part == total", "12万元", "10万元", "2万元", "1.5万元"),
        ("small == total", "5元", "10万元", "-99995元", "5000.5元"),
        ("share == part / total", "50%", "60%", "-10%", "8.921053%"),
        ("people == 5人", "7人", "5人", "2人", "0人"),
        ("n == 5", "7", "5", "2", "0"),
        ("n == 0", "7", "0", "7", "0"),
        ("5 == 4", "5", "4", "1", "0"),
        ("part / people == rate", "8571.428571元/人", "2万元/人", "-1.142857万元/人", "0.571429万元/人"),
    ],
)
def test_the_sides_the_difference_and_how_far_it_may_go_are_in_the_unit_of_the_first_figure_of_their_kind(
    relation: str, found: str, expected: str, difference: str, tolerance: str
) -> None:
    facts: Mapping[str, Given] = {
        "total": "10万元",
        "part": "6万元",
        "small": "5元",
        "share": "50%",
        "people": "7人",
        "n": "7",
        "rate": "2万元/人",
    }
    (each,) = checked(facts, relation).findings
    said = [str(value) for value in (each.found, each.expected, each.difference, each.tolerance)]
    assert said == [found, expected, difference, tolerance]


def test_figures_without_a_unit_are_numbers_whatever_they_are_written_as() -> None:
    either = Fact("d", formula="if(t, 1, y)")  # what y measures is not known
    found = checked({"n": "7", "d": either, "t": True, "y": None}, "5 == 4", "0 == 0", "n == 0", "d == d")
    for each in found.findings:
        for figure in (each.found, each.expected, each.difference, each.tolerance):
            assert isinstance(figure, Quantity)
            assert (figure.kind, figure.unit.name) == ("number", "")


def test_a_requirement_that_is_not_met_says_what_it_requires() -> None:
    required = Require(compare(FactRef("a"), ">", 5), FactRef("a"), otherwise=Message("a 应大于 5", "a is above 5"))
    (found,) = check(Assessment(OF, {"x": "100", "a": "3"}, checks=[Check("c", compare(required, "==", 3))])).findings
    assert (found.outcome, found.message) == ("unknown", Message("a 应大于 5", "a is above 5"))


def test_a_given_tolerance_is_shown_as_it_was_given_and_goes_for_its_kind_alone() -> None:
    (found,) = checked({"a": "10万元", "b": "12万元"}, "a == b", tolerance="20000元").findings
    assert (found.outcome, str(found.tolerance)) == ("agrees", "20000元")
    for a, b, outcome in (
        ("8万元", "10万元", "agrees"),
        ("7.99万元", "10万元", "differs"),
        ("12万元", "10万元", "agrees"),
    ):
        assert outcomes(checked({"a": a, "b": b}, "a == b", tolerance="2万元")) == [outcome]
    assert outcomes(checked({"a": "12.01万元", "b": "10万元"}, "a == b", tolerance="2万元")) == ["differs"]
    for n, outcome in (("7", "agrees"), ("8", "differs")):
        assert outcomes(checked({"n": n, "m": "5"}, "n == m", tolerance="2")) == [outcome]
        assert outcomes(checked({"n": n}, "n == 5", tolerance="2")) == [outcome]


def test_words_and_truths_are_shown_as_they_are_with_no_difference() -> None:
    (found,) = checked({"a": Fact("a", "甲"), "b": Fact("b", "乙")}, "a == b").findings
    assert (found.found, found.expected, found.difference, found.tolerance) == ("甲", "乙", None, None)
    (same,) = checked({"a": Fact("a", "甲"), "b": Fact("b", "甲")}, "a == b").findings
    assert same.outcome == "agrees"
    (truth,) = checked({"a": True, "b": False}, "a != b").findings
    assert (truth.outcome, truth.found, truth.expected) == ("agrees", True, False)
    (condition,) = checked({"a": True, "b": False}, "a or b").findings
    assert (condition.found, condition.expected, condition.difference) == (None, None, None)


@pytest.mark.parametrize(
    ("relation", "outcome"),
    [
        ("word == same or never", "agrees"),
        ("word == other or never", "differs"),
        ("word != other or never", "agrees"),
        ("not (word == other)", "agrees"),
        ("not (word == same)", "differs"),
        ("ever or never", "agrees"),
        ("ever and never or never", "differs"),
        ("if(never, ever, never)", "differs"),
        ("if(ever, never, ever)", "differs"),
        ("if(a > 5人, a > 9人, a > 1人)", "agrees"),
        ("if(a > 4人, a > 9人, a > 1人)", "differs"),
        ("(a > 1人 and a > 9人) or never", "differs"),
        ("(a > 1人 and a > 2人) or never", "agrees"),
        ("a > 9人 or a > 1人", "agrees"),
        ("a > 9人 or a > 8人", "differs"),
        # 2万元 may be more or less than 20000元, or the same: each is an answer that can be had.
        *((f"m {sign} n or never", "agrees") for sign in ("<", "<=", ">", ">=", "!=", "==")),
        *((f"not (m {sign} n)", "agrees") for sign in ("<", "<=", ">", ">=", "!=", "==")),
    ],
)
def test_a_condition_is_what_it_says(relation: str, outcome: str) -> None:
    facts: Mapping[str, Given] = {
        "word": Fact("x", "甲"),
        "same": Fact("x", "甲"),
        "other": Fact("x", "乙"),
        "ever": True,
        "never": False,
        "a": "5人",
        "m": "20000元",
        "n": "2万元",
    }
    assert outcomes(checked(facts, relation)) == [outcome]


def test_figures_that_rest_on_others_are_followed_by_them_each_once() -> None:
    facts: Mapping[str, Given] = {
        "t": Fact("t", formula="s + a", title="总", title_en="total"),
        "s": Fact("s", formula="a + b"),
        "a": Fact("a", quantity("1元"), source="甲"),
        "b": Fact("b", quantity("2元"), assumed="a guess"),
        "u": "4元",
    }
    (found,) = checked(facts, "t == u + a").findings
    assert [each.name for each in found.facts] == ["t", "s", "a", "b", "u"]
    t, s, a, b, _ = found.facts
    assert [str(each.value) for each in found.facts] == ["4元", "3元", "1元", "2元", "4元"]
    assert t.formula is not None
    assert s.formula is not None
    assert (t.formula.en, s.formula.zh, a.formula) == ("s + a", "a + b", None)
    assert (t.title.zh, t.title.en, a.source, b.assumed) == ("总", "total", "甲", "a guess")


@pytest.mark.parametrize(
    ("used", "other", "outcome", "difference", "tolerance"),
    [
        ("8万元", "7.9万元", "agrees", "-0.1万元", "0.55万元"),
        ("8万元", "8.6万元", "differs", "0.6万元", "0.55万元"),
        ("8万元", "8.55万元", "differs", "0.55万元", "0.505万元"),
        ("8.0万元", "8.1万元", "agrees", "0.1万元", "0.1万元"),
        ("8.1万元", "8.0万元", "agrees", "-0.1万元", "0.1万元"),
        ("134人", "135人", "differs", "1人", "0人"),
    ],
)
def test_a_fact_stated_twice_may_differ_by_what_both_leave_open(
    used: str, other: str, outcome: str, difference: str, tolerance: str
) -> None:
    fact = Fact("m", quantity(used), source="甲", title="钱", others=(Statement(quantity(other), "乙", note="注"),))
    (_, found) = checked({"m": fact}, "x == 100").findings
    assert (found.outcome, str(found.difference), str(found.tolerance)) == (outcome, difference, tolerance)
    assert (found.id, found.title.zh, found.title.en, found.note, found.source) == ("m", "钱", "m", "注", "")
    assert (str(found.found), str(found.expected)) == (other, used)
    assert [(str(each.value), each.source) for each in found.facts] == [(used, "甲"), (other, "乙")]


def test_words_stated_twice_agree_where_they_are_the_same() -> None:
    same = Fact("g", "甲组", others=(Statement("甲组"), Statement("乙组")))
    assert outcomes(checked({"g": same}, "x == 100")) == ["agrees", "agrees", "differs"]


# Checks as data.


@pytest.mark.parametrize("name", ["a", "a-b", "收入合计", "a.b.c", "1a", "a_b"])
def test_a_check_is_named_by_letters_digits_and_dashes(name: str) -> None:
    assert Check(name, "a == b").id == name


@pytest.mark.parametrize("name", ["", "-a", "_a", "a.", ".a", "a..b", "a b", "a/b"])
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        Check(name, "a == b")
    assert [each.path for each in caught.value.problems] == [("id",)]
    assert f"“{name}”" in caught.value.to("zh")


def test_all_the_faults_of_a_check_are_told_at_once() -> None:
    with pytest.raises(DefinitionError) as caught:
        Check("a b", "a == b", severity="grave", tolerance="-1元")  # type: ignore[arg-type]  # without mypy
    assert [each.path for each in caught.value.problems] == [("id",), ("severity",), ("tolerance",)]


def test_a_check_may_warn_and_may_leave_nothing_open() -> None:
    made = Check("a", "a == b", severity="warning", tolerance="0元")
    assert (made.severity, made.tolerance) == ("warning", quantity("0元"))
    plain = Check("a", parse("a == b"))
    assert (plain.severity, plain.tolerance, plain.that) == ("error", None, parse("a == b"))


def test_a_check_is_called_by_its_title_in_either_language_or_by_its_id() -> None:
    called = {
        Check("id", "a == b"): ("id", "id"),
        Check("id", "a == b", "题"): ("题", "题"),
        Check("id", "a == b", "题", "title"): ("题", "title"),
        Check("id", "a == b", "", "title"): ("id", "title"),
    }
    assert {each: (each.called("zh"), each.called("en")) for each in called} == called


def test_the_parts_of_a_check_are_what_and_joins() -> None:
    assert parts(Check("a", "a == b and b == c")) == (parse("a == b"), parse("b == c"))
    assert parts(Check("a", "a == b or b == c")) == (parse("a == b or b == c"),)


KINDS = {"a": "money", "b": "money", "n": "number", "r": "ratio", "p": "count:人", "t": "truth", "w": "text"}


@pytest.mark.parametrize(
    ("relation", "tolerance", "at"),
    [
        ("a == b", None, []),
        ("a == b", "1元", []),
        ("a == p", None, [("that",)]),
        ("a + b", None, [("that",)]),
        ("nobody_knows", None, []),
        ("t", None, []),
        ("t", "1元", []),
        ("a == b", "1人", [("tolerance",)]),
        ("a == b", "1", [("tolerance",)]),
        ("a == b and p == 5人", "1人", [("tolerance",)]),
        ("a == b or p == 5人", "1人", []),
        ("not (a == b)", "1人", [("tolerance",)]),
        ("if(t, a == b, p == 5人)", "1人", []),
        ("if(a == b, t, t)", "1人", [("tolerance",)]),
        ("n == 5", "1", []),
        ("n == 0", "1", []),
        ("5 == 4", "1", []),
        ("0 == 0", "1", []),
        ("r == 50%", "1", [("tolerance",)]),
        ("r == 50%", "1%", []),
        ("n == 5", "1%", [("tolerance",)]),
        ("nobody_knows == a", "1元", []),
        ("nobody_knows == nobody_else", "1元", []),
        ("t == t", "1元", []),
    ],
)
def test_a_tolerance_goes_with_what_is_compared(relation: str, tolerance: str | None, at: list[tuple[str]]) -> None:
    problems = list(mixtures(Check("c", relation, tolerance=tolerance), KINDS))
    assert [each.path for each in problems] == at


def test_a_tolerance_of_another_kind_is_told_with_the_kind_it_should_have() -> None:
    (found,) = mixtures(Check("c", "a == b", tolerance="1人"), KINDS)
    assert found.message.zh == "tolerance（1人）的单位应与两侧相同：金额"
    assert found.message.en == 'tolerance ("1人") goes with both sides, which are money'
    (found,) = mixtures(Check("c", "a + b"), KINDS)
    assert "金额" in found.message.zh
    assert "(found money)" in found.message.en
