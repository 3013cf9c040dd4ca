"""`schedule`: the checkpoints met on their dates."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_indicator import TEN, agree, percent, problem_of, refused, score, scored, text
from reference import ANY, ONE, POINTS, POSITIVE, SHARES, UNITS, ZERO

from perfeval import DefinitionError
from perfeval.facts import Given
from perfeval.rules import Checkpoint, Schedule

Progress = list[tuple[Fraction, Fraction]]
PROGRESS = st.lists(st.tuples(ANY, POSITIVE), min_size=1, max_size=4)


def checkpoints(progress: Progress, unit: str = "", points: list[Fraction] | None = None) -> tuple[Checkpoint, ...]:
    return tuple(
        Checkpoint(f"{index}月", f"a{index}", f"≥{text(reach, unit)}", None if points is None else text(points[index]))
        for index, (_, reach) in enumerate(progress)
    )


def facts(progress: Progress, unit: str = "") -> dict[str, Given]:
    return {f"a{index}": text(actual, unit) for index, (actual, _) in enumerate(progress)}


@given(POINTS, PROGRESS)
def test_each_checkpoint_met_earns_its_equal_part(p: Fraction, progress: Progress) -> None:
    met = sum(actual >= reach for actual, reach in progress)
    agree(Schedule(checkpoints(progress)), p, facts(progress), p * met / len(progress))


@given(PROGRESS, st.lists(POSITIVE, min_size=4, max_size=4))
def test_each_checkpoint_met_earns_its_own_points(progress: Progress, parts: list[Fraction]) -> None:
    parts = parts[: len(progress)]
    met = sum((part for part, (actual, reach) in zip(parts, progress, strict=True) if actual >= reach), ZERO)
    agree(Schedule(checkpoints(progress, points=parts)), sum(parts, ZERO), facts(progress), met)


@given(POINTS, PROGRESS)
def test_a_checkpoint_missed_may_earn_in_proportion(p: Fraction, progress: Progress) -> None:
    shares = sum((min(ONE, max(ZERO, actual / reach)) for actual, reach in progress), ZERO)
    agree(Schedule(checkpoints(progress), pro_rata=True), p, facts(progress), p * shares / len(progress))


@given(POINTS, PROGRESS, SHARES)
def test_a_checkpoint_missed_may_cost(p: Fraction, progress: Progress, share: Fraction) -> None:
    missed = sum(actual < reach for actual, reach in progress)
    agree(Schedule(checkpoints(progress), minus=percent(share)), p, facts(progress), p - p * share * missed)


def every(progress: Progress, unit: str = "") -> tuple[Schedule, ...]:
    by = checkpoints(progress, unit)
    return Schedule(by), Schedule(by, pro_rata=True), Schedule(by, minus="30%")


@given(POINTS, PROGRESS, ANY, ANY)
def test_more_progress_never_earns_less(p: Fraction, progress: Progress, x: Fraction, y: Fraction) -> None:
    low, high = ([(each, progress[0][1]), *progress[1:]] for each in sorted((x, y)))
    for rule in every(progress):
        assert score(rule, p, facts(low)) <= score(rule, p, facts(high))


@given(POINTS, PROGRESS)
def test_a_schedule_that_is_just_kept_earns_everything(p: Fraction, progress: Progress) -> None:
    for rule in every(progress):
        assert score(rule, p, facts([(reach, reach) for _, reach in progress])) == p


@given(POINTS, PROGRESS, UNITS)
def test_the_unit_the_figures_are_written_in_changes_nothing(
    p: Fraction, progress: Progress, units: tuple[str, str, int]
) -> None:
    large, small, factor = units
    in_small = facts([(actual * factor, reach) for actual, reach in progress], small)
    for rule in every(progress, large):
        assert score(rule, p, facts(progress, large)) == score(rule, p, in_small)


def test_funds_passed_on_late_cost_half_a_point_each_time() -> None:
    rule = Schedule((Checkpoint("春节前", "spring", "≥50%"), Checkpoint("6月底", "june", "≥100%")), minus="0.5")
    for spring, june, award in (("50%", "100%", 5), ("49%", "100%", "4.5"), ("49%", "99%", 4)):
        assert score(rule, Fraction(5), {"spring": spring, "june": june}) == Fraction(award)


def test_a_checkpoint_may_be_a_deadline() -> None:
    rule = Schedule((Checkpoint("立项", "start", "3月底前"), Checkpoint("验收", "end", "≤2023-12-20")))
    assert score(rule, TEN, {"start": "3月", "end": "2023-12-21"}) == 5


def test_a_checkpoint_that_is_not_known_leaves_the_score_unknown() -> None:
    rule = Schedule((Checkpoint("6月", "june", "≥50%"), Checkpoint("9月", "september", "≥75%")))
    assert scored(rule, TEN, {"june": "60%", "september": None}).status == "unknown"


def test_progress_in_another_unit_than_the_checkpoint_is_an_error() -> None:
    assert "same kind of unit" in problem_of(Schedule((Checkpoint("6月", "june", "≥50%"),)), TEN, {"june": "60"})


JUNE = {"at": "6月", "actual": "june", "reach": "≥50%"}


@pytest.mark.parametrize(
    ("parameters", "at"),
    [
        ({"by": []}, ["by"]),
        ({"by": [{"at": "6月", "actual": "june"}]}, ["by.0"]),
        ({"by": [{**JUNE, "reach": "一半"}]}, ["by.0.reach"]),
        ({"by": [{**JUNE, "reach": "2023-06-30"}]}, ["by.0.reach"]),
        ({"by": [{**JUNE, "actual": "june +"}]}, ["by.0.actual"]),
        ({"by": [{**JUNE, "points": "50%"}]}, ["by.0.points"]),
        ({"by": [{**JUNE, "points": 12}, {**JUNE, "points": -2}]}, ["by.1.points"]),
        ({"by": [{**JUNE, "points": 5}, JUNE]}, ["by"]),
        ({"by": [{**JUNE, "points": 9}]}, ["by"]),
        ({"by": [{**JUNE, "points": 10}], "minus": 1}, ["minus"]),
        ({"by": [{**JUNE, "points": 0}], "minus": 1}, ["minus"]),
        ({"by": [JUNE], "minus": 1, "pro_rata": True}, ["minus"]),
        ({"by": [JUNE], "minus": -1}, ["minus"]),
        ({"by": [JUNE], "minus": "1人"}, ["minus"]),
        ({"by": [{**JUNE, "reach": "≤50%"}], "pro_rata": True}, ["by.0.reach"]),
        ({"by": [{**JUNE, "reach": "≥0%"}], "pro_rata": True}, ["by.0.reach"]),
        ({"by": [{**JUNE, "reach": "≥2023-06-30"}], "pro_rata": True}, ["by.0.reach"]),
        ({"by": [JUNE] * 101}, ["by"]),
    ],
)
def test_parameters_that_make_no_sense_are_refused_where_they_stand(
    parameters: dict[str, object], at: list[str]
) -> None:
    assert refused(kind="schedule", **parameters) == at


def test_all_the_faults_of_a_schedule_are_told_at_once() -> None:
    by = [{**JUNE, "points": -5}, {**JUNE, "reach": "≤50%"}]
    assert refused(kind="schedule", by=by, minus=-1, pro_rata=True) == [
        "by",
        "by.0.points",
        "minus",
        "minus",
        "by.1.reach",
    ]


def test_a_checkpoint_is_named_by_its_date_in_points() -> None:
    by = (Checkpoint("6月底", "a", "≥50%"), Checkpoint(date(2023, 12, 31), "b", "≥100%"), Checkpoint(2024, "c", "≥1"))
    node = scored(Schedule(by), Fraction(9), {"a": "60%", "b": "90%", "c": "1"})
    assert [(step.name.zh, step.name.en, step.role, str(step.value)) for step in node.steps] == [
        ("6月底", "6月底", "points", "3"),
        ("2023-12-31", "2023-12-31", "points", "0"),
        ("2024", "2024", "points", "3"),
        ("得分", "score", "points", "6"),
    ]


@pytest.mark.parametrize("at", [True, None, ["6月"], {"on": "6月"}, 6.5])
def test_the_date_of_a_checkpoint_is_text_a_date_or_a_number(at: object) -> None:
    with pytest.raises(DefinitionError, match="at is a date or text"):
        Checkpoint(at, "a", "≥50%")
