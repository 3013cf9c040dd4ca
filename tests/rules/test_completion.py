"""`completion`: credit in proportion to how much of the target was reached."""

from __future__ import annotations

from fractions import Fraction

import pytest
import reference
from hypothesis import example, given
from hypothesis import strategies as st
from one_indicator import TEN, agree, earns, percent, problem_of, refused, score, scored, text
from reference import ANY, BELOW_ALL, POINTS, POSITIVE, SHARES, UNITS

from perfeval import DefinitionError, Rounding
from perfeval.rules import Completion, Over, Rule

SIGNS = pytest.mark.parametrize("sign", ["≥", "≤", "="])


@given(POINTS, ANY, POSITIVE)
@example(TEN, Fraction(1005), Fraction(1000))
def test_at_least_earns_the_completion_up_to_all_the_points(p: Fraction, x: Fraction, goal: Fraction) -> None:
    agree(Completion(f"≥{text(goal)}"), p, {"x": text(x)}, p * min(reference.ONE, reference.at_least(x, goal)))


@given(POINTS, ANY, POSITIVE, st.booleans())
def test_at_most_earns_everything_when_met_and_declines_beyond(
    p: Fraction, x: Fraction, goal: Fraction, by_deviation: bool
) -> None:
    rule = Completion(f"≤{text(goal)}", decline="deviation" if by_deviation else "ratio")
    agree(rule, p, {"x": text(x)}, p * reference.at_most(x, goal, by_deviation=by_deviation))


@given(POINTS, ANY, POSITIVE)
def test_exactly_loses_the_deviation_up_or_down(p: Fraction, x: Fraction, goal: Fraction) -> None:
    agree(Completion(f"={text(goal)}"), p, {"x": text(x)}, p * reference.exactly(x, goal))


@given(POINTS, ANY, POSITIVE, BELOW_ALL)
def test_scale_from_earns_nothing_at_its_start_and_everything_at_the_target(
    p: Fraction, x: Fraction, goal: Fraction, start: Fraction
) -> None:
    rule = Completion(f"≥{text(goal)}", scale_from=percent(start))
    agree(rule, p, {"x": text(x)}, p * reference.scaled_from(x / goal, start))


@given(POINTS, ANY, POSITIVE, SHARES)
def test_a_completion_below_the_floor_earns_nothing(p: Fraction, x: Fraction, goal: Fraction, line: Fraction) -> None:
    earned = min(reference.ONE, x / goal) if x / goal >= line else reference.ZERO
    agree(Completion(f"≥{text(goal)}", zero_below=percent(line)), p, {"x": text(x)}, p * earned)


@given(POINTS, ANY, POSITIVE, BELOW_ALL, SHARES)
def test_a_floor_and_a_scale_hold_together(
    p: Fraction, x: Fraction, goal: Fraction, start: Fraction, line: Fraction
) -> None:
    rule = Completion(f"≤{text(goal)}", scale_from=percent(start), zero_below=percent(line))
    completion = reference.at_most(x, goal)
    earned = reference.scaled_from(completion, start) if completion >= line else reference.ZERO
    agree(rule, p, {"x": text(x)}, p * earned)


@given(POINTS, ANY, POSITIVE, st.integers(100, 300), SHARES)
def test_completion_beyond_the_line_loses_the_excess(
    p: Fraction, x: Fraction, goal: Fraction, beyond: int, least: Fraction
) -> None:
    rule = Completion(f"≥{text(goal)}", over=Over(f"{beyond}%", at_least=percent(least)))
    agree(rule, p, {"x": text(x)}, p * reference.over(x / goal, Fraction(beyond, 100), least))


@given(POINTS, ANY, POSITIVE, st.integers(100, 300), SHARES)
def test_completion_beyond_the_line_may_earn_a_fixed_share(
    p: Fraction, x: Fraction, goal: Fraction, beyond: int, share: Fraction
) -> None:
    rule = Completion(f"≥{text(goal)}", over=Over(f"{beyond}%", share=percent(share)))
    earned = share if x / goal > Fraction(beyond, 100) else min(reference.ONE, x / goal)
    agree(rule, p, {"x": text(x)}, p * earned)


@SIGNS
@given(p=POINTS, goal=POSITIVE, start=BELOW_ALL)
def test_the_target_itself_earns_everything(sign: str, p: Fraction, goal: Fraction, start: Fraction) -> None:
    for rule in (Completion(f"{sign}{text(goal)}"), Completion(f"{sign}{text(goal)}", scale_from=percent(start))):
        assert score(rule, p, {"x": text(goal)}) == p


@given(POINTS, ANY, ANY, POSITIVE, BELOW_ALL)
def test_more_never_earns_less_where_more_is_better(
    p: Fraction, x: Fraction, y: Fraction, goal: Fraction, line: Fraction
) -> None:
    low, high = sorted((x, y))
    target = f"≥{text(goal)}"
    for rule in (Completion(target), Completion(target, scale_from=percent(line)), Completion(target, percent(line))):
        assert score(rule, p, {"x": text(low)}) <= score(rule, p, {"x": text(high)})


@given(POINTS, ANY, ANY, POSITIVE, BELOW_ALL)
def test_less_never_earns_less_where_less_is_better(
    p: Fraction, x: Fraction, y: Fraction, goal: Fraction, line: Fraction
) -> None:
    low, high = sorted((x, y))
    target = f"≤{text(goal)}"
    for rule in (Completion(target), Completion(target, decline="deviation"), Completion(target, percent(line))):
        assert score(rule, p, {"x": text(low)}) >= score(rule, p, {"x": text(high)})


@given(POINTS, POSITIVE, ANY, ANY)
def test_further_from_an_exact_target_never_earns_more(p: Fraction, goal: Fraction, x: Fraction, y: Fraction) -> None:
    near, far = sorted((x, y), key=lambda each: abs(each - goal))
    rule = Completion(f"={text(goal)}")
    assert score(rule, p, {"x": text(near)}) >= score(rule, p, {"x": text(far)})


@SIGNS
@given(p=POINTS, x=ANY, goal=POSITIVE, units=UNITS)
def test_the_unit_the_figures_are_written_in_changes_nothing(
    sign: str, p: Fraction, x: Fraction, goal: Fraction, units: tuple[str, str, int]
) -> None:
    large, small, factor = units
    rules = (Completion(f"{sign}{text(goal, large)}"), Completion(f"{sign}{text(goal * factor, small)}"))
    facts = ({"x": text(x, large)}, {"x": text(x * factor, small)})
    assert len({score(rule, p, fact) for rule in rules for fact in facts}) == 1


@pytest.mark.parametrize("p", [8, "22.5", 20])
def test_a_reverse_indicator_with_an_actual_of_0_is_met(p: object) -> None:
    assert earns(Completion("≤82起"), p, "0起", p)
    assert earns(Completion("≤0起"), p, "0起", p)
    assert earns(Completion("≤0起"), p, "1起", 0)


def test_three_fires_where_82_were_allowed_earn_everything() -> None:
    assert earns(Completion("≤82起"), 5, "3起", 5)


def test_a_forward_target_is_actual_over_target_and_a_reverse_one_target_over_actual() -> None:
    assert earns(Completion("≥1000棵"), 10, "950棵", "9.5")
    assert earns(Completion("≤90万元"), 8, "100万元", "7.2")
    assert earns(Completion("≤90万元", decline="deviation"), 9, "100万元", 8)


def test_from_60_percent_on_80_percent_earns_half() -> None:
    rule = Completion("≥100%", scale_from="60%")
    for rate, award in (("59%", 0), ("60%", 0), ("80%", 5), ("100%", 10)):
        assert earns(rule, 10, rate, award)


def test_completion_past_130_percent_loses_what_lies_past_it() -> None:
    rule = Completion("≥100%", over=Over("130%", at_least="60%"))
    for rate, award in (("130%", 10), ("153%", "7.7"), ("170%", 6), ("340%", 6)):
        assert earns(rule, 10, rate, award)


@pytest.mark.parametrize(
    ("rate", "points", "places", "mode", "award"),
    [
        ("49.88%", 10, 0, "half-up", 5),
        ("99.985%", 20, 0, "down", "19.8"),
        ("57.8985%", 10, 2, "down", "5.789"),
        ("79.27%", 10, 2, "half-up", "7.927"),
        ("66.665%", 10, 2, "half-even", "6.666"),
        ("99.996%", 10, 2, "half-up", 10),
    ],
)
def test_the_rate_is_rounded_before_it_is_multiplied(
    rate: str, points: int, places: int, mode: reference.Mode, award: object
) -> None:
    rounding = Rounding("rate", places, mode)
    assert score(Completion("≥100%"), Fraction(points), {"x": rate}, rounding) == Fraction(str(award))


def test_a_rate_of_79_27_percent_earns_7_93_of_10() -> None:
    rule = Completion("≥100%")
    assert score(rule, TEN, {"x": "79.27%"}, Rounding()) == Fraction("7.93")
    assert score(rule, TEN, {"x": "76%"}, Rounding()) == Fraction("7.6")


@pytest.mark.parametrize(
    ("target", "done", "met"),
    [
        ("9月前", "7月", True),
        ("9月前", "9月", False),
        ("9月底前", "9月", True),
        ("9月底前", "10月", False),
        ("≤2023-06-30", "2023-06-30", True),
        ("2023年6月30日前", "2023-07-01", False),
        ("≥2023-01-01", "2023-01-01", True),
    ],
)
def test_a_deadline_is_met_or_missed(target: str, done: str, met: bool) -> None:
    assert earns(Completion(target), 5, done, 5 if met else 0)


@pytest.mark.parametrize("target", ["9月", "2023-06-30", "2023年6月30日"])
def test_a_date_that_does_not_say_whether_it_is_a_deadline_is_refused(target: str) -> None:
    assert refused(kind="completion", target=target) == ["target"]


@pytest.mark.parametrize(
    ("target", "actual"),
    [("≥95%", "93"), ("≥95", "93%"), ("≤95%", "93"), ("=95%", "95"), ("≥5人", "5棵")],
)
def test_an_actual_value_in_another_unit_than_the_target_is_an_error(target: str, actual: str) -> None:
    assert "same kind of unit" in problem_of(Completion(target), TEN, {"x": actual})


def test_a_bare_number_is_no_money() -> None:
    assert "money" in problem_of(Completion("≥5万元"), TEN, {"x": "5"})


@pytest.mark.parametrize(
    ("parameters", "at"),
    [
        ({}, ["target"]),
        ({"target": "95%%"}, ["target"]),
        ({"target": ">5人"}, ["target"]),
        ({"target": "<5人"}, ["target"]),
        ({"target": "≥0人"}, ["target"]),
        ({"target": "=-5人"}, ["target"]),
        ({"target": "≤-5人"}, ["target"]),
        ({"target": "≤0人", "decline": "deviation"}, ["target"]),
        ({"target": "≥5人", "decline": "deviation"}, ["decline"]),
        ({"target": "≤5人", "decline": "deviated"}, ["decline"]),
        ({"target": "≤5人", "over": {"beyond": "130%"}}, ["over"]),
        ({"target": "≥5人", "over": {"beyond": "90%"}}, ["over.beyond"]),
        ({"target": "≥5人", "over": {"beyond": "130%", "share": "101%"}}, ["over.share"]),
        ({"target": "≥5人", "over": {"beyond": "130%", "at_least": "-1%"}}, ["over.at_least"]),
        ({"target": "≥5人", "over": {"beyond": "130%", "share": "50%", "at_least": "60%"}}, ["over.at_least"]),
        ({"target": "≥5人", "zero_below": "120%"}, ["zero_below"]),
        ({"target": "≥5人", "zero_below": "60"}, ["zero_below"]),
        ({"target": "≥5人", "scale_from": "100%"}, ["scale_from"]),
        ({"target": "≥5人", "zero_bellow": "60%"}, ["zero_bellow"]),
        ({"target": "9月前", "zero_below": "60%"}, ["target"]),
        ({"target": "9月前", "decline": "deviation"}, ["target"]),
    ],
)
def test_parameters_that_make_no_sense_are_refused_where_they_stand(
    parameters: dict[str, object], at: list[str]
) -> None:
    key = [""] if not parameters else at  # a key that is missing is told of the rule
    assert refused(kind="completion", **parameters) == key


def test_all_the_faults_of_a_completion_are_told_at_once() -> None:
    assert refused(kind="completion", target=">5人", zero_below="120%", scale_from="-1%", decline="deviation") == [
        "target",
        "decline",
        "zero_below",
        "scale_from",
    ]
    assert refused(kind="completion", target="多", zero_below="半", scale_from="60") == [
        "target",
        "zero_below",
        "scale_from",
    ]


def test_a_decline_that_is_not_known_is_refused_in_python_too() -> None:
    with pytest.raises(DefinitionError, match="decline"):
        Completion("≤5人", decline="deviated")  # type: ignore[arg-type]  # what a caller without mypy may write


@given(POINTS, ANY, POSITIVE)
def test_a_target_without_a_sign_means_at_least(p: Fraction, x: Fraction, goal: Fraction) -> None:
    rules: tuple[Rule, ...] = (Completion(text(goal)), Completion(f"≥{text(goal)}"))
    assert len({score(rule, p, {"x": text(x)}) for rule in rules}) == 1


def test_a_completion_beyond_the_target_reaches_no_bonus() -> None:
    for rule in (Completion("≥10"), Completion("≥10", scale_from="60%"), Completion("≥10", zero_below="60%")):
        assert score(rule, TEN, {"x": "15"}, bonus=Fraction(2)) == 10
        assert score(rule, TEN, {"x": "25"}, bonus=Fraction(20)) == 10
    assert score(Completion("≤10"), TEN, {"x": "5"}, bonus=Fraction(20)) == 10


@pytest.mark.parametrize(
    ("rule", "actual", "shown"),
    [
        (Completion("≥10"), "15", "150%"),
        (Completion("≥10"), "4", "40%"),
        (Completion("≤10"), "5", "100%"),
        (Completion("≤10"), "40", "25%"),
        (Completion("≤10", decline="deviation"), "12", "80%"),
        (Completion("≤10", decline="deviation"), "40", "0%"),
        (Completion("=10"), "40", "0%"),
        (Completion("=10"), "8", "80%"),
    ],
)
def test_the_completion_is_told_on_the_way_and_is_never_negative(rule: Completion, actual: str, shown: str) -> None:
    completion = scored(rule, TEN, {"x": actual}).steps[1]
    assert (completion.name.zh, completion.name.en, completion.role) == ("完成率", "completion", "rate")
    assert str(completion.value) == shown


@pytest.mark.parametrize(("target", "instead"), [(">5人", "≥5人"), ("<5人", "≤5人")])
def test_a_target_without_a_completion_rate_is_refused_with_the_one_to_write(target: str, instead: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        Completion(target)
    (problem,) = caught.value.problems
    assert problem.path == ("target",)
    assert f"“{target}”）— 请写“{instead}”" in problem.message.zh
    assert f'write "{instead}"' in problem.message.en


def test_a_decline_that_is_not_known_is_told_where_it_stands_in_both_languages() -> None:
    with pytest.raises(DefinitionError) as caught:
        Completion("≤5人", decline="deviated")  # type: ignore[arg-type]  # without mypy
    (problem,) = caught.value.problems
    assert problem.path == ("decline",)
    assert "现为“deviated”" in problem.message.zh
    assert 'found "deviated"' in problem.message.en
