"""`best-of`: the highest award of several rules."""

from __future__ import annotations

from fractions import Fraction

import pytest
import reference
from hypothesis import given
from one_indicator import TEN, agree, problem_of, refused, score, scored, text
from reference import ANY, POINTS, POSITIVE, UNITS

from perfeval import Fact
from perfeval.facts import Given
from perfeval.rules import Alternative, BestOf, Completion, Deduct, Level, Rating, YesNo


@given(POINTS, ANY, POSITIVE, POSITIVE)
def test_the_best_alternative_counts(p: Fraction, x: Fraction, a: Fraction, b: Fraction) -> None:
    best = BestOf((Alternative(Completion(f"≥{text(a)}")), Alternative(Completion(f"≤{text(b)}"))))
    shares = (min(reference.ONE, reference.at_least(x, a)), reference.at_most(x, b))
    agree(best, p, {"x": text(x)}, p * max(shares))


@given(POINTS, ANY, ANY, POSITIVE)
def test_each_alternative_may_read_an_actual_value_of_its_own(
    p: Fraction, x: Fraction, y: Fraction, a: Fraction
) -> None:
    rule = Completion(f"≥{text(a)}")
    best = BestOf((Alternative(rule), Alternative(rule, actual="y")))
    agree(best, p, {"x": text(x), "y": text(y)}, p * min(reference.ONE, max(x, y) / a))


@given(POINTS, ANY, ANY, POSITIVE)
def test_more_never_earns_less_where_every_alternative_says_so(
    p: Fraction, x: Fraction, y: Fraction, line: Fraction
) -> None:
    low, high = sorted((x, y))
    best = BestOf(
        (
            Alternative(Completion(f"≥{text(line)}")),
            Alternative(Deduct(below=text(line), each=1, minus="1%", partial="down")),
        )
    )
    assert score(best, p, {"x": text(low)}) <= score(best, p, {"x": text(high)})


@given(POINTS, ANY, POSITIVE, UNITS)
def test_the_unit_the_figures_are_written_in_changes_nothing(
    p: Fraction, x: Fraction, line: Fraction, units: tuple[str, str, int]
) -> None:
    large, small, factor = units
    exact, most = Completion(f"={text(line, large)}"), Completion(f"≤{text(line * factor, small)}")
    best = BestOf((Alternative(exact), Alternative(most)))
    assert score(best, p, {"x": text(x, large)}) == score(best, p, {"x": text(x * factor, small)})


def test_the_balance_rate_or_its_change_is_assessed_for_20_points() -> None:
    rule = BestOf((Alternative(Completion("≤10%"), actual="rate"), Alternative(YesNo("falling"))))
    for rate, falling, award in (("5%", False, 20), ("20%", False, 10), ("20%", True, 20)):
        assert score(rule, Fraction(20), {"rate": rate, "falling": falling}) == award


def test_an_alternative_that_does_not_apply_earns_nothing_and_needs_no_fact() -> None:
    rule = BestOf((Alternative(Completion("≥100%")), Alternative(Completion("≥5人"), actual="people", applies="large")))
    assert score(rule, TEN, {"x": "50%", "people": None, "large": False}) == 5
    assert score(rule, TEN, {"x": "50%", "people": "4人", "large": True}) == 8
    assert scored(rule, TEN, {"x": "50%", "people": None, "large": True}).status == "unknown"


def test_a_judgement_may_be_one_of_the_alternatives() -> None:
    rating = Rating((Level("好", share="100%"), Level("差", share="20%")))
    facts: dict[str, Given] = {"view.level": Fact("view.level", "差"), "view.share": None, "x": "30%"}
    own = BestOf((Alternative(rating, actual="view"), Alternative(Completion("≥100%"))))
    assert score(own, TEN, facts) == 3
    assert score(BestOf((Alternative(rating), Alternative(YesNo("x > 50%")))), TEN, facts, actual="view") == 2


def test_an_alternative_that_is_an_error_is_an_error() -> None:
    rule = BestOf((Alternative(YesNo("a / b > 1")), Alternative(YesNo("c"))))
    assert "zero" in problem_of(rule, TEN, {"a": "1", "b": "0", "c": True})


YES: dict[str, object] = {"kind": "yes-no", "when": "a"}


@pytest.mark.parametrize(
    ("alternatives", "at"),
    [
        ([], ["alternatives"]),
        ([YES], ["alternatives"]),
        ([YES, "yes-no"], ["alternatives.1"]),
        ([YES, {"when": "a"}], ["alternatives.1"]),
        ([YES, {"kind": "yesno"}], ["alternatives.1.kind"]),
        ([YES, {"kind": "yes-no", "when": "a +"}], ["alternatives.1.when"]),
        ([YES, {**YES, "applies": "a +"}], ["alternatives.1.applies"]),
        ([YES, {"kind": "bands", "bands": [["≥5%", 11]]}], ["alternatives.1.bands.0"]),
        ([YES, {"kind": "roll-up", "of": ["a.toml"]}], ["alternatives.1.kind"]),
        (
            [YES, {"kind": "rating", "actual": "a + 1", "levels": [{"name": "好", "share": "1%"}]}],
            ["alternatives.1.actual"],
        ),
        ([YES] * 101, ["alternatives"]),
    ],
)
def test_alternatives_that_make_no_sense_are_refused_where_they_stand(alternatives: object, at: list[str]) -> None:
    assert refused(kind="best-of", alternatives=alternatives) == at


def test_all_the_faults_of_the_alternatives_are_told_at_once() -> None:
    wrong: list[object] = [{"kind": "completion", "target": ">5"}, {"kind": "panel", "raters": []}]
    assert refused(kind="best-of", alternatives=wrong) == ["alternatives.0.target", "alternatives.1.raters"]
    too_much: list[object] = [{"kind": "bands", "bands": [["≥5%", 11]], "otherwise": 12}, YES]
    assert refused(kind="best-of", alternatives=too_much) == ["alternatives.0.bands.0", "alternatives.0.otherwise"]


def test_each_alternative_is_told_on_the_way_in_points_and_earns_nothing_at_the_least() -> None:
    rule = BestOf((Alternative(Completion("≥10", scale_from="60%")), Alternative(YesNo("a"), applies="b")))
    node = scored(rule, TEN, {"x": "1", "a": True, "b": False})
    told = [(step.name.zh, step.name.en, step.role, str(step.value)) for step in node.steps]
    assert [each for each in told if "alternative" in each[1]] == [
        ("第1种", "alternative 1", "points", "0"),
        ("第2种", "alternative 2", "points", "0"),
    ]
    assert node.score == 0


def test_an_alternative_may_earn_the_points_and_the_bonus_and_no_more() -> None:
    def alternatives(award: object) -> list[dict[str, object]]:
        return [{"kind": "yes-no", "when": "a"}, {"kind": "bands", "bands": [["≥1", award]]}]

    assert refused(kind="best-of", alternatives=alternatives(10)) == []
    assert refused(kind="best-of", alternatives=alternatives("10.01")) == ["alternatives.1.bands.0"]
    assert refused(kind="best-of", alternatives=alternatives(12), bonus_up_to=2) == []
    assert refused(kind="best-of", alternatives=alternatives("12.01"), bonus_up_to=2) == ["alternatives.1.bands.0"]
