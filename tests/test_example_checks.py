"""The checks of the example: every figure of the document is held against what it must agree with, and each check can fail."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from attrs import evolve

from docs_text import ROOT
from perfeval import Checked, FactSheet, Quantity, check, load
from perfeval.checking import Finding
from perfeval.scorecard import value_text

FOLDER = ROOT / "examples" / "panzhihua-dongqu-2023"
DEPARTMENT = load(FOLDER / "department.toml")
CHECKED = check(DEPARTMENT)

ERRORS = {
    "organisation.front_desk": "the same group under two names",
    "where-the-report-is": "there is no annex 4",
    "income-parts-annex1": "442.77 + 75.8 is 518.57, not 518.77",
    "expenditure-annex1-twice": "518.77 in one place of annex 1, 518.57 in another",
    "balance-annex1": "518.77 less 518.57 is not nothing",
    "income-total-places": "518.77 and 518.57",
    "share-housing": "16.46 of 518.57 is 3.17%, which rounds to 3.2%",
    "level-of-cost": "first and second level in one sentence",
    "orderly-or-not": "strict and orderly, and yet not by the budget",
    "within-budget-or-not": "strictly within the budget, and yet not by the budget",
}
QUESTIONS = {
    "added-within-the-year": "442.77 is less than 409.81 and 75.8",
    "basic-in-annex1": "209.55 + 10.9 is not 224.77; the grants may be elsewhere",
    "staff-within-budget": "213.87 of a budget of 211.15, with grants",
    "functions-within-budget": "483.16 beyond 239.74, and 16.46 beyond 16.03, before what was added",
    "project-budgets-and-targeted": "272.3 + 21.5 is not 179.91, before what was added",
    "staff-costs": "209.55 and 213.87, with and without grants",
    "targeted-within-projects": "298.32 of 293.8, with the grants perhaps",
    "outturn-within-budget-by-kind": "298.32 beyond 179.91, before what was added",
    "annuity-from": "from January, or from February",
    "what-the-75-8-is": "carried in, or added",
    "agency-running-operating": "8.26 and 10.9",
    "completion-of-the-budget": "100% of a budget that is not stated",
    "projects-with-goals": "1 of 8",
    "land-approved": "134.91 before and 210.71 after the addition",
    "people-resettled": "179 may include those of earlier years",
    "money-for-resettlement": "216.42 with an et cetera",
    "name-of-the-bridge": "one bridge or two",
    "name-of-the-site": "东北帮 or 东北帮扩帮",
    "paid-on-time": "paid on time, with a gap in the funds",
    "contributions-for-residents": "63500元 and 7.94万元",
    "plans-and-sites": "two plans, three sites",
    "who-evaluated": "professionals, or a group of its own",
    "prisoners": "4 + 5 of 8, if nobody is counted twice",
}
# Figures that stand once in the document and that no other figure speaks of.
ALONE = {
    "document.published_on",
    "assets.large_general",
    "assets.large_special",
    "finance.findings",
    "staff.reference_posts",
    "staff.public_posts",
    "staff.retired",
    "staff.district_hired",
    "insured.pension",
    "collected.pension",
    "collected.public_institutions",
    "collected.unemployment",
    "collected.annuity",
    "contribution_base.institutions",
    "relief.firms",
    "relief.amount",
    "construction.firms",
    "annuity.recalculated_people",
    "benefits.pension_times",
    "benefits.pension_amount",
    "benefits.work_injury_times",
    "benefits.work_injury_amount",
    "risk.prisoners_recovered_amount",
    "risk.deceased_recovered",
    "risk.deceased_recovered_amount",
    "publicity.sessions",
    "publicity.meetings",
    "publicity.leaflets",
    "publicity.online_reach",
    "delegated.services",
}
# Shares of 0万元: no percentage is wrong, and printing 0% is as right as any.
OF_NOTHING = {
    "procurement.small_firms_share",
    "procurement.micro_firms_share",
    "three_public.completion",
    "three_public.completed.abroad",
    "three_public.completed.reception",
    "three_public.completed.vehicles",
    "three_public.share.abroad",
    "three_public.share.reception",
    "three_public.share.vehicles",
}


def test_what_contradicts_itself_and_what_must_be_asked_and_nothing_else() -> None:
    assert {each.id for each in CHECKED.errors} == set(ERRORS)
    assert {each.id for each in CHECKED.warnings} == set(QUESTIONS)
    assert not CHECKED.unknown
    assert len(CHECKED.agreeing) > 100


def test_the_project_is_held_to_the_same_checks() -> None:
    project = check(load(FOLDER / "land-requisition.toml"))
    assert [(each.id, each.outcome) for each in project.findings] == [
        (each.id, each.outcome) for each in CHECKED.findings
    ]


def figures_of(each: Finding) -> tuple[str, str]:
    """What a finding found and expected, as the README's table prints them."""
    if each.found is None:
        return "–", "–"
    return value_text(each.found, "en"), value_text(each.expected, "en")


def test_each_finding_stands_in_the_readme_with_its_figures() -> None:
    text = (FOLDER / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| `([\w.-]+)` \| (\w+) \| .* \| (.*) \| (.*) \| .* \|$", text, flags=re.M)
    assert rows == [
        (each.id, {"error": "error", "warning": "question"}[each.severity], *figures_of(each))
        for each in (*CHECKED.errors, *CHECKED.warnings)
    ]
    counts = re.search(
        r"(\d+) relations, of which (\d+) agree,\s+(\d+) are contradictions.* and (\d+) are questions", text
    )
    assert counts is not None
    assert [int(count) for count in counts.groups()] == [
        len(CHECKED.findings),
        len(CHECKED.agreeing),
        len(CHECKED.errors),
        len(CHECKED.warnings),
    ]


def figures() -> set[str]:
    """The figures of the document."""
    facts = DEPARTMENT.facts.facts.values()
    return {fact.name for fact in facts if isinstance(fact.value, Quantity) and not fact.assumed}


def test_every_figure_is_checked_or_stands_alone() -> None:
    used = {cited.name for each in CHECKED.findings for cited in each.facts}
    assert figures() - used == ALONE


def with_another_value(name: str, times: Fraction) -> Checked:
    """What the checks say when one figure is another: so many times as much, or ten where it is nothing."""
    fact = DEPARTMENT.facts[name]
    assert isinstance(fact.value, Quantity)
    value = fact.value.value * times if fact.value.value else 10 * fact.value.unit.factor
    changed = evolve(fact, value=evolve(fact.value, value=Fraction(value)))
    return check(evolve(DEPARTMENT, facts=FactSheet({**DEPARTMENT.facts.facts, name: changed})))


def said(found: Checked) -> list[object]:
    return [(each.id, each.outcome, str(each.found), str(each.expected)) for each in found.findings]


@pytest.mark.parametrize("name", sorted(figures() - ALONE - OF_NOTHING))
def test_a_figure_that_is_changed_is_noticed(name: str) -> None:
    assert said(with_another_value(name, Fraction(2))) != said(CHECKED)


@pytest.mark.slow
def test_every_check_of_figures_can_fail() -> None:
    """Each relation that agrees is broken by changing one of its figures, up or down."""
    asked = {
        (each.id, each.relation)
        for each in CHECKED.agreeing
        if any(isinstance(cited.value, Quantity) for cited in each.facts)
    }
    for times in (Fraction(100), Fraction(1, 100)):
        for name in sorted(figures() - ALONE):
            if asked:  # each change is checked whole, which takes its time
                asked -= {(each.id, each.relation) for each in with_another_value(name, times).differing}
    assert asked == set()
