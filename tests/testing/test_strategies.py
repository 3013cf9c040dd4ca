"""The strategies draw what can be read back, of every kind, and shrink to files of a few lines."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import attrs
import pytest
import tomli
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from perfeval import (
    Assessment,
    DefinitionError,
    Framework,
    Quantity,
    Target,
    evaluate,
    load,
    load_framework,
    quantity,
    review,
    target,
)
from perfeval.facts import Fact
from perfeval.quantity import decimal_text
from perfeval.rules import RULES, Rule
from perfeval.testing import (
    FAULTS,
    KINDS,
    UNLAWFUL,
    Written,
    assessments,
    facts,
    frameworks,
    judge,
    published_tables,
    quantities,
    rules,
    strategies,
    targets,
)

shrunk = settings(database=None, deadline=None, derandomize=True)
quick = settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
one = settings(quick, phases=[Phase.generate], derandomize=True)  # the first that fits, not the smallest


@given(quantities())
def test_a_quantity_is_read_back_from_what_it_is_written_as(drawn: Quantity) -> None:
    assert quantity(str(drawn)) == drawn


@pytest.mark.parametrize(
    "kind", ["number", "ratio", "money", "mass", "date", "month", "count:人", "count:件", "count:元/平方米"]
)
def test_a_quantity_is_of_the_kind_that_is_asked_for(kind: str) -> None:
    @quick
    @given(quantities(kind), targets(kind), facts(kind))
    def of_kind(drawn: Quantity, aim: Target, fact: Fact) -> None:
        assert drawn.kind == aim.quantity.kind == kind
        assert not isinstance(fact.value, Quantity) or fact.value.kind == kind

    of_kind()


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: quantities("mas"), 'there is no kind of quantity "mas" — did you mean "mass"?'),
        (lambda: targets("nope"), 'there is no kind of quantity "nope" — known here: number, ratio, money'),
        (lambda: facts("dates"), 'did you mean "date"?'),
        (lambda: rules("band"), 'there is no rule kind "band" — did you mean "bands"?'),
        (lambda: frameworks(["nope"]), 'there is no rule kind "nope" — known here: completion, '),
        (lambda: assessments(["nope"]), 'there is no rule kind "nope"'),
        (lambda: published_tables(["nope"]), 'there is no rule kind "nope"'),
        (lambda: frameworks(breaks="sums"), 'there is no law to break "sums" — known here: monotone, '),
        (lambda: published_tables(fault="totals"), 'there is no fault "totals" — did you mean "total"?'),
    ],
)
def test_what_is_not_drawn_is_told_where_it_is_asked_for(ask: Callable[[], object], message: str) -> None:
    with pytest.raises(DefinitionError) as told:
        ask()
    assert message in told.value.to("en")


@given(targets())
def test_a_target_is_read_back_from_what_it_is_written_as(drawn: Target) -> None:
    assert target(str(drawn)) == drawn


@given(st.one_of(facts("money"), facts("truth"), facts()))
def test_a_fact_is_stated_assumed_or_not_known(drawn: Fact) -> None:
    assert drawn.status in ("stated", "assumed", "unknown")


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_rules_of_every_kind(kind: str) -> None:
    drawn: Written[Rule] = find(rules(kind), lambda _: True, settings=one)
    assert drawn.value.kind == kind
    assert tomli.loads(drawn.toml)["rule"]["kind"] == kind
    assert kind in [rule.kind for rule in RULES]


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_of_a_rule_is_drawn_at_times(kind: str) -> None:
    seen = set[str]()

    @settings(quick, max_examples=100, phases=[Phase.generate], derandomize=True)
    @given(rules(kind))
    def look(drawn: Written[Rule]) -> None:
        seen.update(tomli.loads(drawn.toml)["rule"])

    look()
    (rule,) = [each for each in RULES if each.kind == kind]
    keys = {each.name.strip("_") for each in attrs.fields(rule) if each.init}
    assert seen - {"kind"} == keys - NOT_DRAWN.get(kind, set())


NOT_DRAWN = {"roll-up": {"weight"}}
"""It needs several assessments that state what they cost."""


def test_what_stands_around_the_rules_is_drawn_at_times() -> None:
    seen = set[str]()

    def keys(table: dict[str, object]) -> None:
        for key, each in table.items():
            seen.add(key)
            if isinstance(each, dict):
                keys(each)

    @settings(quick, max_examples=100, phases=[Phase.generate], derandomize=True)
    @given(frameworks())
    def look(drawn: Written[Framework]) -> None:
        keys(tomli.loads(drawn.toml))

    look()
    assert {"rounding", "limits", "adjustments", "applies", "requires", "bonus_up_to"} <= seen


@quick
@given(assessments(known=True))
def test_no_total_is_above_the_points_with_bonus_and_what_stands_beside_the_tree(drawn: Written[Assessment]) -> None:
    card = evaluate(drawn.value)
    assert card.score is not None
    beside = sum((each.points or Fraction(0) for each in card.adjustments), Fraction(0))
    most = max(Fraction(0), card.points + card.bonus + beside)
    assert 0 <= card.score <= most + Fraction(1, 2)  # a total may be rounded up


def test_no_kind_of_rule_is_left_out() -> None:
    assert tuple(strategies._RULES) == tuple(rule.kind for rule in RULES)


@quick
@given(frameworks())
def test_a_framework_is_read_back_from_its_file(drawn: Written[Framework]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert load_framework(drawn.write(Path(folder))) == drawn.value


@quick
@given(assessments())
def test_an_assessment_is_read_back_from_its_files_and_scores_alike(drawn: Written[Assessment]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        loaded = load(drawn.write(Path(folder)))
    assert loaded.framework == drawn.value.framework
    ours, theirs = evaluate(drawn.value), evaluate(loaded)
    assert (ours.score, [node.score for node in ours]) == (theirs.score, [node.score for node in theirs])


@quick
@given(assessments(known=True))
def test_what_is_known_has_a_total(drawn: Written[Assessment]) -> None:
    assert evaluate(drawn.value).complete


@pytest.mark.slow
@quick
@given(frameworks([kind for kind in KINDS if kind not in ("formula", "deduct")], most=2))
def test_drawn_rules_break_no_law_of_shape(drawn: Written[Framework]) -> None:
    broken = judge(drawn.value, search=False).broken
    assert {each.law.code for each in broken} <= {"reachable", "full", "bands"}


@settings(quick, max_examples=5)
@given(frameworks(["completion", "yes-no"], most=2, breaks="monotone"))
def test_a_drawn_framework_is_judged_as_it_is_in_the_test_that_draws_it(drawn: Written[Framework]) -> None:
    assert judge(drawn.value) == judge(drawn.value, search=False)


@pytest.mark.slow
@pytest.mark.parametrize("law", UNLAWFUL)
def test_a_framework_that_breaks_a_law_on_purpose_is_found_out(law: str) -> None:
    @settings(quick, max_examples=10)
    @given(frameworks(["completion", "yes-no"], most=2, breaks=law))
    def found_out(drawn: Written[Framework]) -> None:
        (fault,) = drawn.faults
        broken = {f"{each.law.code} {each.path}" for each in judge(drawn.value, search=False).broken}
        assert fault in broken
        with tempfile.TemporaryDirectory() as folder:
            assert load_framework(drawn.write(Path(folder))) == drawn.value

    found_out()


@quick
@given(published_tables())
def test_a_right_table_agrees_with_its_rules(drawn: Written[Assessment]) -> None:
    card = evaluate(drawn.value)
    assert drawn.faults == ()
    assert card.published.agrees
    assert not {"stated-off-rule", "stated-sum", "grade-mismatch", "total-off-rule"} & _codes(drawn)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_table_is_wrong_in_the_one_thing_it_names(fault: str) -> None:
    drawn = find(published_tables(fault=fault), lambda _: True, settings=one)
    assert [each.split()[0] for each in drawn.faults] == [fault]
    card = evaluate(drawn.value)
    departs = [node.path for node in card.indicators if node.stated != node.score]
    if fault in ("total", "grade"):
        assert departs == []
        assert card.published.agrees is False
    else:
        assert departs == [drawn.faults[0].split()[1]]
        assert _codes(drawn)


@quick
@given(published_tables(fault="any"))
def test_a_wrong_table_is_read_back_from_its_files(drawn: Written[Assessment]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        loaded = load(drawn.write(Path(folder)))
    assert loaded.remarks == drawn.value.remarks
    assert loaded.published == drawn.value.published


def _codes(drawn: Written[Assessment]) -> set[str]:
    return {each.code for each in review(drawn.value).objections}


def test_what_is_drawn_shrinks_to_a_file_that_can_be_kept() -> None:
    smallest = find(
        assessments(["completion", "yes-no"], known=True), lambda drawn: (evaluate(drawn.value).score or 0) >= 50
    )
    assert len(smallest.value.framework.indicators) == 1
    assert repr(smallest).startswith('\n# assessment.toml\nformat = 1\nframework = "framework.toml"')
    assert len(repr(smallest).splitlines()) < 60


def test_a_framework_shrinks_to_pairs_that_stand_on_their_lines() -> None:
    smallest = find(
        frameworks(["bands", "linear"], most=1), lambda drawn: drawn.value.tree[0].rule.kind == "bands", settings=shrunk
    )
    assert 'bands = [\n    ["≥1%", 100],\n]\n' in smallest.toml


def test_some_indicators_stand_below_a_dimension() -> None:
    drawn = find(assessments(known=True), lambda each: len(each.value.framework.tree) < len(_paths(each)), settings=one)
    assert "[tree.d1.i" in drawn.files["framework.toml"]
    assert any(path.startswith("d1.") for path in _paths(drawn))


def _paths(drawn: Written[Assessment]) -> list[str]:
    return [placed.path for placed in drawn.value.framework.indicators]


def test_two_digits_are_soon_found_that_can_be_swapped() -> None:
    drawn = find(published_tables(["completion", "linear"], fault="swapped"), lambda _: True, settings=one)
    (fault,) = drawn.faults
    path = fault.split()[1]
    stated, score = drawn.value.remarks[path].stated, evaluate(drawn.value)[path].score
    assert stated is not None
    assert sorted(decimal_text(stated)) == sorted(decimal_text(score or stated))
    assert stated != score
