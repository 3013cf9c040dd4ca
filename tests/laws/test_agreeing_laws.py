"""Units, order, sums, interpreters: laws of perfeval itself, tried on its own rules, and caught when one is doctored."""

from __future__ import annotations

import sys
from fractions import Fraction

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from lawful import answer, judged, one

import perfeval.expr.bounded as bounded_numbers
import perfeval.laws.agreement as agreement
from every_rule import COMPLETE, every_rule
from perfeval import Dimension, Fact, FactSheet, Framework, Quantity, Rounding
from perfeval.evaluate import Scorer as EvaluatingScorer
from perfeval.expr.bounded import BoundedArithmetic
from perfeval.expr.exact import Program, compiled
from perfeval.expr.interval import Range
from perfeval.expr.nodes import Expr, If, number
from perfeval.expr.ratios import RatiosArithmetic
from perfeval.expr.spreadsheet import Formulas
from perfeval.laws import judge, judging
from perfeval.laws.agreement import Bench, closed, interpreters, order, sums, units
from perfeval.laws.curves import probe
from perfeval.laws.shape import bounded, surely_bounded
from perfeval.loading import load_framework
from perfeval.rules import Checklist

EVERY_RULE = Bench(every_rule("rescale", (Rounding("each", 1, "half-even"),)))
COMPLETION = {"kind": "completion", "target": "≤20万元"}
SHEET = FactSheet({"it": "25万元"})
AB = FactSheet({"a": "1.999", "b": "3"})


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(COMPLETE)
def test_every_rule_keeps_the_laws_of_the_whole(sheet: FactSheet) -> None:
    for law in (units, order, sums, interpreters):
        assert list(law(EVERY_RULE, sheet)) == []


def test_a_figure_that_is_not_converted_from_its_unit_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def as_written(value: object) -> object:
        return (value.value / value.unit.factor).as_integer_ratio() if isinstance(value, Quantity) else value

    monkeypatch.setattr("perfeval.facts.raw", as_written)
    (broken,) = units(Bench(one(COMPLETION)), FactSheet({"it": "25万元"}))
    assert broken.message.en == '"it" written as 25万元 and as 250000元 gives it another score'


def test_a_rule_that_looks_at_its_first_item_alone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        Checklist, "award", lambda self, points, actual: If(self.items[0].when, number(points), number(0))
    )
    bench = Bench(one({"kind": "checklist", "items": [{"when": "a"}, {"when": "b"}]}))
    (broken,) = order(bench, FactSheet({"a": True, "b": False}))
    assert broken.message.en == "listed in the opposite order, it has another score"


def test_a_total_that_is_not_what_its_parts_come_to_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "total_expression", lambda framework: number(3))
    (broken,) = sums(Bench(one(COMPLETION)), SHEET)
    assert broken.message.en == "total: what is below adds up to 3, but it scores 8"


def test_a_dimension_that_is_not_what_is_below_it_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    scored = EvaluatingScorer._dimension
    monkeypatch.setattr(
        EvaluatingScorer,
        "_dimension",
        lambda self, *rest: evolve(found := scored(self, *rest), score=(found.score or 0) + Fraction(1)),
    )
    framework = one(COMPLETION)
    above = Framework(id="law", title="law", points=10, tree=(Dimension("above", "above", framework.tree),))
    (broken,) = sums(Bench(above), FactSheet({"above.it": "25万元"}))
    assert broken.message.en == "above: what is below adds up to 8, but it scores 9"


class Off:
    """A curve that is 1 everywhere."""

    def at(self, x: Fraction) -> Fraction:
        return Fraction(1)


@pytest.mark.parametrize(("name", "off"), [("interval", Range(Fraction(1), Fraction(1))), ("piecewise", Off())])
def test_an_interpreter_that_departs_is_found(name: str, off: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, name, lambda *_: off)
    (broken,) = interpreters(Bench(one(COMPLETION)), SHEET)
    assert broken.message.en.startswith(f"it: exactly it comes to 8 points, but the {name} interpreter says")


@pytest.mark.parametrize("arithmetic", [BoundedArithmetic, RatiosArithmetic])
def test_columns_that_multiply_wrongly_are_found(arithmetic: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arithmetic, "multiply", lambda self, a, b: self.add(a, b))
    (broken,) = interpreters(Bench(one(COMPLETION)), SHEET)
    assert broken.message.en == "it: exactly it comes to 8 points, but the columns interpreter says 10"


def test_columns_that_lose_an_unknown_fact_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_numbers, "first", lambda a, b: None)
    (broken,) = interpreters(Bench(one({"kind": "formula", "award": "points * min(1, a / b)"})), AB)
    assert broken.message.en == "it: exactly it comes to nothing, but the columns interpreter says 0"


@pytest.mark.parametrize(
    ("sign", "wrong", "shown"), [("MIN(", "MAX(", "10"), ("ROUND(", "ROUNDUP(", "6.67"), ("/", "*", "10")]
)
def test_a_formula_that_a_spreadsheet_computes_otherwise_is_found(
    sign: str, wrong: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Formulas._write
    monkeypatch.setattr(
        Formulas, "_write", lambda self, expr: ((found := write(self, expr))[0].replace(sign, wrong), found[1])
    )
    (broken,) = interpreters(Bench(one({"kind": "formula", "award": "points * min(1, a / b)"})), AB)
    assert broken.message.en == f"it: exactly it comes to 6.66 points, but the spreadsheet interpreter says {shown}"


def test_without_numpy_columns_are_not_read_and_the_answer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (agreement, judging):
        monkeypatch.setattr(module, "can_read_rows", lambda: False)
    monkeypatch.setitem(sys.modules, "perfeval.laws.rows", None)
    found = answer(judged(COMPLETION), "interpreters", None)
    assert (found.how, found.broken) == ("tried", ())
    assert found.why is not None
    assert "pip install 'perfeval[batch]'" in found.why.en


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


def test_a_rule_is_compiled_no_oftener_for_having_more_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a row for each fact: compiling the rule for each makes the work grow with the square."""
    times = []
    for facts in (5, 40):
        whole = one({"kind": "checklist", "items": [{"when": f"t{index}"} for index in range(facts)]})
        sheet = FactSheet({f"t{index}": Fact(f"t{index}", True) for index in range(facts)})
        count = 0

        def counted(expr: Expr) -> Program:
            nonlocal count
            count += 1
            return compiled(expr)

        monkeypatch.setattr(agreement, "compiled", counted)
        assert list(interpreters(Bench(whole), sheet)) == []
        times.append(count)
    assert times[0] == times[1]
