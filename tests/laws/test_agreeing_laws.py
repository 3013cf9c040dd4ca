"""Units, order, sums, interpreters: laws of perfeval itself, tried on its own rules, and caught when one is doctored."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from lawful import answer, judged, one

import perfeval.laws.agreement as agreement
from every_rule import COMPLETE, every_rule
from perfeval import FactSheet, Indicator, Rounding, quantity
from perfeval.expr.interval import Range
from perfeval.expr.nodes import number
from perfeval.laws import judge
from perfeval.laws.agreement import Bench, closed, interpreters, order, sums, units
from perfeval.laws.curves import probe
from perfeval.laws.shape import bounded, surely_bounded
from perfeval.loading import load_framework

EVERY_RULE = Bench(every_rule("rescale", (Rounding("each", 1, "half-even"),)))
COMPLETION = {"kind": "completion", "target": "≤20万元"}
SHEET = FactSheet({"it": "25万元"})


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(COMPLETE)
def test_every_rule_keeps_the_laws_of_the_whole(sheet: FactSheet) -> None:
    for law in (units, order, sums, interpreters):
        assert list(law(EVERY_RULE, sheet)) == []


def test_a_unit_that_matters_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "_written_otherwise", lambda value: [quantity("26万元")])
    (broken,) = units(Bench(one(COMPLETION)), SHEET)
    assert broken.message.en == '"it" written as 25万元 and as 26万元 gives it another score'


def test_an_order_that_matters_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    other = one({"kind": "completion", "target": "≤10万元"}).tree[0]
    assert isinstance(other, Indicator)
    monkeypatch.setattr(agreement, "_turned_rule", lambda rule: other.rule)
    (broken,) = order(Bench(one(COMPLETION)), SHEET)
    assert broken.message.en == "listed in the opposite order, it has another score"


def test_a_sum_that_does_not_add_up_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "total_expression", lambda framework: number(3))
    (broken,) = sums(Bench(one(COMPLETION)), SHEET)
    assert broken.message.en == "total: what is below adds up to 3, but it scores 8"


class Off:
    """A curve that is 1 everywhere."""

    def at(self, x: Fraction) -> Fraction:
        return Fraction(1)


@pytest.mark.parametrize(("name", "off"), [("interval", Range(Fraction(1), Fraction(1))), ("piecewise", Off())])
def test_an_interpreter_that_departs_is_found(name: str, off: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, name, lambda *_: off)
    (broken,) = interpreters(Bench(one(COMPLETION)), SHEET)
    assert broken.message.en.startswith(f"it: exactly it comes to 8, but the {name} interpreter says")


@pytest.mark.parametrize(
    ("award", "message", "ends"),
    [
        ("points * min(2, actual)", "at 2, 20 points are earned, outside 0 to 10", (0, 2)),
        ("points * max(0 - 1, 1 - actual)", "at 2, -10 points are earned, outside 0 to 10", (0, 2)),
        ("points * actual", "the award has no end, and should lie from 0 to 10", (0, None)),
    ],
)
def test_an_award_that_is_not_cut_to_the_points_is_found(
    award: str, message: str, ends: tuple[object, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    framework = one({"kind": "formula", "award": award})
    monkeypatch.setattr("perfeval.framework.clip", lambda award, least, most: award)
    asked = probe(framework, framework.indicators[0])
    assert not surely_bounded(asked)
    (broken,) = bounded(asked)
    assert (broken.message.en, (broken.low, broken.high)) == (message, ends)


def test_a_framework_without_facts_is_not_tried() -> None:
    assert answer(judged({"kind": "formula", "award": "points"}), "sums", None).how == "unasked"


def test_an_open_framework_is_tried_without_what_an_assessment_adds() -> None:
    framework = load_framework("cn/mof-2021/project-self")
    whole = closed(framework)
    assert whole is not None
    assert [each.path for each in whole.indicators] == ["execution"]
    assert whole.points == 10
    assert not whole.missing_points
    assert answer(judge(framework, search=False), "sums", None).how == "tried"
