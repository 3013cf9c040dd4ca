"""Weightings are exact, add up, are drawn as they say, and each is a framework that the exact scorer agrees with."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_equality import WORDS, Row, rows, table

from every_rule import GRADES, MODES, POLICIES, every_rule, framework, indicator
from perfeval import Adjustment, Assessment, DefinitionError, Dimension, Fact, FactSheet, Limit, Rounding
from perfeval.batch import attained as attained_module
from perfeval.batch import compile
from perfeval.batch.attained import attained, attained_by
from perfeval.batch.rows import STATUSES
from perfeval.batch.weightings import By, Weightings, drawn, moved, own, reweighted, weighed
from perfeval.batch.weightings import given as given_weightings
from perfeval.errors import Message
from perfeval.evaluate import Scorer
from perfeval.facts import Given
from perfeval.framework import Framework, Indicator, NotApplicable
from perfeval.loading.structure import structured
from perfeval.quantity import decimal_text
from perfeval.whatif import changed

BYS: st.SearchStrategy[By] = st.sampled_from(["dimension", "indicator"])
WRITTEN = st.one_of(
    st.sampled_from(["0", "1", "2", "5", "9.005", "10", "11", "12"]),
    st.decimals(0, 12, places=2).map(str),
    st.sampled_from(["0.000001", "1e17", "3.333333333333"]),
)
SMALL = framework(
    Dimension("output", "产出", (indicator("a", 30), indicator("b", 20))),
    indicator("budget", 10),
    indicator("rest", 40),
)
PATHS = ("output", "budget", "rest")


def exact(of: Framework, tried: Weightings, given: list[Row]) -> list[list[tuple[Fraction | None, str | None]]]:
    """The totals and grades of every row, each re-weighted framework a column, as the exact scorer says."""
    scorers = [Scorer(Assessment(reweighted(of, tried.points(index)))) for index in range(len(tried))]
    return [[outcome(scorer, row) for scorer in scorers] for row in given]


def outcome(scorer: Scorer, row: Row) -> tuple[Fraction | None, str | None]:
    facts: dict[str, Given] = {name: Fact(name, value) if name in WORDS else value for name, value in row.items()}  # type: ignore[arg-type]
    card = scorer(FactSheet(facts))
    return card.score, None if card.grade is None else card.grade.name


def computed(of: Framework, given: list[Row], tried: Weightings) -> list[list[tuple[Fraction | None, str | None]]]:
    """The same of every row, each weighting a column, as whole columns compute it."""
    found = attained(of, table(given), tried)
    totals = found.totals(tried)
    grades = found.grades(totals, found.worst)
    lines: list[list[tuple[Fraction | None, str | None]]] = [[(None, None)] * len(tried) for _ in given]
    for place, row in enumerate(found.scored):
        for column in range(len(tried)):
            grade = of.grades[grades[place, column]].name if of.grades else None
            lines[row][column] = int(totals[place, column]) * found.step, grade
    return lines


THOROUGH = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@THOROUGH
@given(BYS, POLICIES, st.one_of(MODES, st.just((Rounding("each", 2),))), rows(WRITTEN), st.integers(0, 99))
def test_each_total_is_that_of_the_reweighted_framework(
    by: By, policy: NotApplicable, rounding: tuple[Rounding, ...], given: list[Row], seed: int
) -> None:
    of = every_rule(policy, rounding)
    tried = drawn(of, 2, by=by, concentration=5, seed=seed)
    wanted = exact(of, tried, given)
    assert computed(of, given, tried) == wanted


@THOROUGH
@given(BYS, st.sampled_from(["half-up", "half-even", "down", "up", "floor", "ceil"]), rows(WRITTEN), st.integers(0, 99))
def test_what_machine_integers_do_not_hold_is_decided_exactly_all_the_same(
    by: By, mode: str, given: list[Row], seed: int
) -> None:
    of = every_rule("rescale", (Rounding("each", 1), Rounding("total", 1, mode)))  # type: ignore[arg-type]  # a mode
    tried = drawn(of, 2, by=by, concentration=5, seed=seed)
    wanted = exact(of, tried, given)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attained_module, "_WORD", 0)
        assert computed(of, given, tried) == wanted


def test_the_estimate_leaves_every_tie_to_whole_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """8.125 points, of which rounding to two places has to make 8.13, under weights that machine numbers only come near."""
    monkeypatch.setattr(attained_module, "_WORD", 0)
    of = framework(indicator("x", 3), indicator("y", 97))
    tried = given_weightings(of, [{"x": "8.125", "y": "91.875"}], Message("", ""))
    found = attained(of, table([{"x": "3", "y": "0"}]), tried)
    assert found.totals(tried).tolist() == [[813]]


@THOROUGH
@given(BYS, POLICIES, MODES, rows(WRITTEN))
def test_the_framework_s_own_weights_give_its_own_totals(
    by: By, policy: NotApplicable, rounding: tuple[Rounding, ...], given: list[Row]
) -> None:
    of = every_rule(policy, rounding)
    scorer = Scorer(Assessment(of))
    for row, ((total, grade),) in zip(given, computed(of, given, own(of, by)), strict=True):
        assert (total, grade) == outcome(scorer, row)


@THOROUGH
@given(POLICIES, MODES, rows())
def test_a_row_without_a_total_has_the_status_that_batch_gives_it(
    policy: NotApplicable, rounding: tuple[Rounding, ...], given: list[Row]
) -> None:
    of = every_rule(policy, rounding)
    found = attained(of, table(given), own(of, "dimension"))
    assert [STATUSES[each] for each in found.status] == compile(of)(table(given)).column("status").to_pylist()


def test_weights_that_split_equally_carry_limits_and_points_beside_the_tree_too() -> None:
    leaves = [indicator(name, None) for name in ("a", "b", "c")]
    of = Framework(
        id="split",
        title="split",
        tree=(Dimension("all", "all", tuple(leaves), points=70, split="equal"), indicator("rest", 30)),
        grades=GRADES,
        limits=(Limit("veto", "t", at_most="59.995", grade_at_most="差"),),
        adjustments=(Adjustment("extra", "extra", "rest / 7", at_most=3),),
    )
    given: list[Row] = [
        {"all.a": "23", "all.b": "11.5", "all.c": "7", "rest": rest, "t": truth}
        for rest in ("0", "29.99", "30")
        for truth in (True, False)
    ]
    for by in ("dimension", "indicator"):
        tried = drawn(of, 3, by=by, concentration=3)
        assert computed(of, given, tried) == exact(of, tried, given)


def test_a_bonus_is_in_whole_points_where_the_rounding_is_and_the_points_are_not() -> None:
    leaf = indicator("a", "2.5", bonus_up_to="1.5")
    of = framework(leaf, indicator("rest", "97.5"), rounding=(Rounding("each", 0), Rounding("total", 2)))
    given: list[Row] = [{"a": "3", "rest": "97"}, {"a": "2", "rest": "1"}]
    tried = given_weightings(of, [{"a": 10, "rest": 90}], Message("", ""))
    assert computed(of, given, tried) == exact(of, tried, given)


def test_a_total_that_would_be_rounded_above_the_points_is_refused() -> None:
    of = framework(indicator("a", "2.5"), points="2.5", rounding=(Rounding("total", 0),))
    with pytest.raises(DefinitionError, match="keep more places"):
        attained(of, table([{"a": "1"}]), own(of, "dimension"))


def test_points_times_share_are_what_other_points_would_give() -> None:
    """Of rules that award a share of the points, weights are what `what-if --points` does, as long as no indicator is rounded."""
    rules: dict[str, dict[str, object]] = {
        "completion": {"kind": "completion", "target": "≥10", "zero_below": "20%"},
        "bands": {"kind": "bands", "bands": [["≥9", "100%"], ["≥6", "62.5%"]], "otherwise": "10%"},
        "linear": {"kind": "linear", "through": [["2", "0%"], ["8", "100%"]]},
        "deduct": {"kind": "deduct", "beyond": 3, "each": 2, "minus": "20%", "partial": "up"},
    }
    tree = [
        structured({"id": name, "title": name, "points": 25, "category": "decision", "rule": rule}, Indicator)
        for name, rule in rules.items()
    ]
    of = framework(*tree, rounding=(Rounding("total", 6),))
    tried = drawn(of, 5, by="indicator", concentration=4)
    given: list[Row] = [
        {"completion": "7.3", "bands": "8", "linear": "3.1", "deduct": "6"},
        {"completion": "1", "bands": "3", "linear": "7.77", "deduct": "9"},
    ]
    for row, line in zip(given, computed(of, given, tried), strict=True):
        assessment = Assessment(of, FactSheet(dict(row)))
        for index, (total, _) in enumerate(line):
            assert changed(assessment, points=tried.points(index)).after.score == total


# Drawing.


@given(BYS, st.integers(1, 30), st.sampled_from([1, 3, 100, 10**6]), st.integers(0, 2**32 - 1))
def test_drawn_weights_are_hundredths_of_points_and_add_up(by: By, number: int, concentration: int, seed: int) -> None:
    of = every_rule("rescale", ())
    tried = drawn(of, number, by=by, concentration=concentration, seed=seed)
    assert (len(tried), tried.unit) == (number, Fraction(1, 100))
    assert tried.paths == tuple(each.path for each in weighed(of, by))
    assert (tried.whole.sum(axis=1) == 14000).all()
    assert (tried.whole >= 1).all()


def test_the_same_seed_draws_the_same_weightings() -> None:
    """What was drawn once is drawn for ever: these figures must not change."""
    first = drawn(SMALL, 2, seed=7)
    assert [[decimal_text(points) for points in first.points(index).values()] for index in range(2)] == DRAWN
    assert (drawn(SMALL, 2, seed=7).whole == first.whole).all()
    assert (drawn(SMALL, 2, seed=8).whole != first.whole).any()
    assert "seed 7" in first.origin.en and "concentration 100" in first.origin.en


DRAWN = [["59.16", "7.84", "33"], ["46.68", "12.39", "40.93"]]


def test_drawn_weights_have_the_stated_mean_and_variance() -> None:
    shares = drawn(SMALL, 20000, concentration=24).whole / 10000
    means = np.array([0.5, 0.1, 0.4])
    assert np.abs(shares.mean(axis=0) - means).max() < 0.005
    assert np.abs(shares.var(axis=0) - means * (1 - means) / 25).max() < 0.0005


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"number": 0}, "at least one"),
        ({"number": 10**6 + 1}, "at most 1000000"),
        ({"concentration": 0}, "at least 1"),
        ({"seed": 2**32}, "seed is 0"),
        ({"by": "level"}, "by is dimension or indicator"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments: dict[str, object], said: str) -> None:
    with pytest.raises(DefinitionError, match=said):
        drawn(SMALL, **{"number": 1, **arguments})  # type: ignore[arg-type]  # that is what is tested


def test_points_too_few_to_be_divided_are_refused() -> None:
    of = framework(indicator("a", "0.01"), indicator("b", "0.01"), points="0.02")
    with pytest.raises(DefinitionError, match="too few"):
        drawn(of, 1)


# Given weightings.


def test_given_weights_are_taken_as_they_are() -> None:
    tried = given_weightings(
        SMALL, [{"output": "33.3", "budget": Fraction(1, 3), "rest": Fraction(1991, 30)}], Message("", "")
    )
    assert tried.by == "dimension"
    assert tried.points(0) == {"output": Fraction(333, 10), "budget": Fraction(1, 3), "rest": Fraction(1991, 30)}


def test_every_fault_of_given_weights_is_told_at_once() -> None:
    faulty: list[dict[str, object]] = [
        {"name": "甲", "output": 50, "budget": 10, "rest": 39},
        {"output": 50, "budgte": 10, "rest": 40},
        {"output": 0, "budget": "5%", "rest": 40},
    ]
    with pytest.raises(DefinitionError) as caught:
        given_weightings(SMALL, faulty, Message("", ""))
    said = [each.message.en for each in caught.value.problems]
    assert said[0] == "weighting 1 adds up to 99, not 100"
    assert said[1] == 'weighting 2: there is no "budgte" — did you mean "budget"?'
    assert said[2] == "weighting 2, budget: none is given — every one has points above 0"
    assert said[3] == "weighting 3, output: it is not above 0 — every one has points above 0"
    assert said[4].startswith("weighting 3, budget: ")
    assert len(said) == 5


def test_none_given_is_refused() -> None:
    with pytest.raises(DefinitionError, match="no weightings"):
        given_weightings(SMALL, [], Message("", ""))


# One at a time.


def test_one_weight_moves_and_the_others_follow_in_proportion() -> None:
    tried = moved(SMALL, "dimension", Fraction(1, 5))
    assert tried.names[:2] == ("output −20%", "output +20%")
    assert tried.points(0) == {"output": 40, "budget": 12, "rest": 48}
    assert tried.points(1) == {"output": 60, "budget": 8, "rest": 32}
    assert (tried.whole.sum(axis=1) == 10000).all()


def test_where_but_one_is_weighed_none_can_move() -> None:
    assert len(moved(framework(indicator("a", 100)), "dimension", Fraction(1, 5))) == 0


# Assessments of one framework.


def test_assessments_are_weighed_as_the_rows_of_a_table_are() -> None:
    given: list[Row] = [{"output.a": "30", "output.b": "11.25", "budget": "9", "rest": "3"}, {"budget": "9"}]
    tried = drawn(SMALL, 3)
    assessments = [Assessment(SMALL, FactSheet(dict(row))) for row in given]
    found = attained_by(assessments, tried, ("甲", "乙"))
    assert (found.units, found.scored.tolist()) == (2, [0])
    assert [int(each) * found.step for each in found.totals(tried)[0]] == [
        total for total, _ in exact(SMALL, tried, given)[0]
    ]


def test_assessments_of_other_frameworks_are_refused_by_name() -> None:
    other = framework(indicator("output", 60), indicator("budget", 10), indicator("rest", 30))
    with pytest.raises(DefinitionError, match="乙: its framework"):
        attained_by([Assessment(SMALL), Assessment(other)], own(SMALL, "dimension"), ("甲", "乙"))
