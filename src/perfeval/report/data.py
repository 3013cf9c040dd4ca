"""A scorecard as JSON data. Numbers are decimal strings, so that no reader turns them into binary floats."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from perfeval.errors import Language
from perfeval.facts import Fact, FactSheet
from perfeval.framework import Framework, Indicator, Placed
from perfeval.quantity import Quantity, decimal_text, exact_places
from perfeval.scorecard import NodeScore, Scorecard, Step, rule_text, value_text

__all__ = ["Json", "fact_data", "framework_data", "scorecard_data"]

Json: TypeAlias = bool | int | str | list["Json"] | dict[str, "Json"] | None


def scorecard_data(card: Scorecard, language: Language) -> dict[str, Json]:
    """The scorecard as one JSON object; titles and sentences are in `language`."""
    assessment = card.assessment
    subject, published = assessment.subject, card.published
    grade = None if card.grade is None else {"name": card.grade.name, "name_en": card.grade.name_en}
    data: dict[str, Json] = {
        "subject": {"kind": subject.kind, "name": subject.name, "unit": subject.unit, "year": subject.year},
        "framework": assessment.framework.id,
        **_exact("points", card.points),
        "score": None if card.score is None else card.points_text(card.score),
        "complete": card.complete,
        "grade": dict(grade) if grade else None,
        **_exact("assumed_points", card.assumed_points),
        "published": {
            "score": _value(published.published.score)[0],
            "grade": published.published.grade,
            "source": published.published.source,
            "agrees": published.agrees,
            "difference": None if published.difference is None else decimal_text(published.difference),
        },
        "message": None if card.message is None else card.message.to(language),
        **_exact("earned", card.earned),
        **_exact("applicable", card.applicable),
        **_exact("bonus", card.bonus),
        "adjustments": [
            {
                "id": each.id,
                "title": each.title.to(language),
                "points": None if each.points is None else decimal_text(each.points),
                "message": None if each.message is None else each.message.to(language),
            }
            for each in card.adjustments
        ],
        "limits": [each.to(language) for each in card.limits],
        "nodes": [_node(node, card, language) for node in card],
    }
    return data


def _exact(key: str, value: Fraction | None, places: int | None = None) -> dict[str, Json]:
    """`key` as a decimal; where no decimal is exact, the fraction stands beside it."""
    if value is None:
        return {key: None}
    data: dict[str, Json] = {key: decimal_text(value, places)}
    if exact_places(value) is None:
        data[f"{key}_exact"] = f"{value.numerator}/{value.denominator}"
    return data


def _node(node: NodeScore, card: Scorecard, language: Language) -> dict[str, Json]:
    rounding = card.assessment.framework.rounding_of("each")
    places = rounding.places if rounding else None
    return {
        "path": node.path,
        "title": node.called(language),
        "kind": "indicator" if node.is_indicator else "dimension",
        "category": node.placed.category,
        **_exact("points", node.points),
        **_exact("score", node.score, places),
        **_exact("lost", node.lost, places),
        **_exact("bonus", node.bonus),
        "status": node.status,
        "message": None if node.message is None else node.message.to(language),
        "rule": node.rule_text(language) if node.is_indicator else None,
        "reason": node.remark.reason,
        "stated": None if node.stated is None else decimal_text(node.stated),
        "points_assumed": node.placed.assumed or None,
        **_exact("assumed_points", node.assumed_points),
        "steps": [_step(step, language) for step in node.steps],
        "facts": [fact_data(fact, card.facts, language) for fact in node.facts],
    }


def _step(step: Step, language: Language) -> Json:
    value, _ = _value(step.value)
    return {"name": step.name.to(language), "value": value, "text": step.to(language)}


def _value(value: Quantity | bool | str | None) -> tuple[Json, str | None]:
    """A value and its unit; a number as the decimal it is in that unit."""
    if not isinstance(value, Quantity):
        return value, None
    if value.kind == "date":
        return str(value), None
    return decimal_text(value.value / value.unit.factor, value.decimals), value.unit.name or None


def fact_data(fact: Fact, sheet: FactSheet, language: Language) -> Json:
    """A fact with its value, source and standing."""
    value, unit = _value(sheet.value(fact.name))
    return {
        "name": fact.name,
        "title": fact.called(language),
        "value": value,
        "unit": unit,
        "text": value_text(sheet.value(fact.name), language),
        "status": fact.status,
        "source": fact.source,
        "assumed": fact.assumed or None,
        "note": fact.note,
    }


def framework_data(framework: Framework, language: Language) -> dict[str, Json]:
    """A framework as one JSON object."""
    return {
        "id": framework.id,
        "title": framework.called(language),
        "issuer": framework.issuer,
        "document": framework.document,
        "effective": framework.effective.isoformat() if framework.effective else None,
        "source": framework.source,
        "assumed": framework.assumed or None,
        "points": decimal_text(framework.points),
        "grades": [
            {"name": grade.name, "name_en": grade.name_en, "from": decimal_text(grade.from_)}
            for grade in framework.grades
        ],
        "nodes": [_placed(placed, language) for placed in framework.layout.values()],
    }


def _placed(placed: Placed, language: Language) -> Json:
    node = placed.node
    points = placed.points or (node.points or Fraction(0))
    return {
        "path": placed.path,
        "title": node.called(language),
        "kind": "indicator" if isinstance(node, Indicator) else "dimension",
        "category": placed.category,
        "points": decimal_text(points) if points else None,
        "open": node.open,
        "rule": rule_text(placed, language) if isinstance(node, Indicator) else None,
        "points_assumed": placed.assumed or None,
        "source": node.source,
        "note": node.note,
    }
