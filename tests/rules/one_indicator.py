"""A framework of one indicator: how the rules are tried, and what is said of those that make no sense."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

import reference

from perfeval import Assessment, Framework, Indicator, NodeScore, PerfevalError, Rounding, evaluate
from perfeval.facts import Given
from perfeval.loading.structure import structured
from perfeval.quantity import decimal_text
from perfeval.rules import Rule

TEN = Fraction(10)
_CHINESE = re.compile(r"[㐀-鿿]")


def text(value: Fraction, unit: str = "") -> str:
    """A figure as a person would write it."""
    return decimal_text(value) + unit


def percent(share: Fraction) -> str:
    """A share as a percentage."""
    return text(share * 100, "%")


def scored(
    rule: Rule,
    points: Fraction,
    facts: Mapping[str, Given],
    *rounding: Rounding,
    actual: str = "x",
    bonus: Fraction = reference.ZERO,
) -> NodeScore:
    """One indicator scored by `rule`; it is rounded only as `rounding` says."""
    indicator = Indicator(
        id="it", title="it", rule=rule, points=points, actual=actual, category="decision", bonus_up_to=bonus
    )
    framework = Framework(id="law", title="law", points=points, tree=(indicator,), rounding=rounding)
    return evaluate(Assessment(framework, facts))["it"]


def score(
    rule: Rule,
    points: Fraction,
    facts: Mapping[str, Given],
    *rounding: Rounding,
    actual: str = "x",
    bonus: Fraction = reference.ZERO,
) -> Fraction:
    """What an indicator earns, bonus and all; whatever the rule, no score leaves its bounds."""
    node = scored(rule, points, facts, *rounding, actual=actual, bonus=bonus)
    assert node.score is not None, node.message
    assert 0 <= node.score <= points
    assert 0 <= node.bonus <= bonus
    return node.score + node.bonus


def earns(rule: Rule, points: object, actual: Given, earned: object) -> bool:
    """Whether exactly `earned` of `points` is scored, without any rounding, where the actual value is `actual`."""
    return score(rule, Fraction(str(points)), {"x": actual}) == Fraction(str(earned))


def agree(rule: Rule, points: Fraction, facts: Mapping[str, Given], award: Fraction) -> None:
    """The exact interpreter gives the reference's `award`, clipped, and rounded in every mode."""
    expected = reference.clipped(award, points)
    assert score(rule, points, facts) == expected
    for places, mode in enumerate(reference.MODES):
        rounded = min(points, reference.rounded(expected, places, mode))
        assert score(rule, points, facts, Rounding(places=places, mode=mode)) == rounded


def problem_of(rule: Rule, points: Fraction, facts: Mapping[str, Given], actual: str = "x") -> str:
    """Why an indicator is in error."""
    node = scored(rule, points, facts, actual=actual)
    assert (node.status, node.score) == ("error", None)
    assert node.message is not None
    assert _CHINESE.search(node.message.zh)
    return node.message.en


def refused(**table: object) -> list[str]:
    """Where the faults of a rule's table lie, such as ``bands.1``; each is told in both languages.

    The indicator is worth 10 points; `points` and `bonus_up_to` in the table are the indicator's.
    """
    around: dict[str, object] = {key: table.pop(key) for key in ("points", "bonus_up_to") if key in table}
    indicator: dict[str, object] = {
        "id": "it",
        "title": "it",
        "category": "decision",
        "points": 10,
        **around,
        "rule": table,
    }
    try:
        built = structured(indicator, Indicator)
        Framework(id="law", title="law", points=built.points, tree=(built,))
    except PerfevalError as error:
        for each in error.problems:
            assert _CHINESE.search(each.message.zh)
            assert each.message.en
            assert each.message.en != each.message.zh
        at = [map(str, each.path[each.path.index("rule") + 1 :]) for each in error.problems]
        # A part that begins with \0 says that the key itself is meant, not its value.
        return [".".join(key for key in path if not key.startswith("\0")) for path in at]
    return []
