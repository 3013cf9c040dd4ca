"""Checks: what agrees as printed is never reported, and what cannot agree always is."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from every_rule import framework, indicator
from perfeval import Assessment, DefinitionError, Fact, quantity
from perfeval.checking import Checked, as_written, check
from perfeval.checks import Check
from perfeval.facts import Given, Statement
from perfeval.quantity import Mode, decimal_text, rounded
from perfeval.report.checking import checked_data

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
