"""The two self-evaluations of the social insurance centre: 90.00 each, and nothing hidden."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest

from docs_text import ROOT
from perfeval import FactSheet, Indicator, Scorecard, Scorer, evaluate, load
from perfeval.quantity import decimal_text
from perfeval.report.data import scorecard_data
from perfeval.rules import Awarded, Rating

FOLDER = ROOT / "examples" / "panzhihua-dongqu-2023"
FILES = sorted(path for path in FOLDER.glob("*.toml") if path.name not in ("checks.toml", "facts.toml"))


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def card(request: pytest.FixtureRequest) -> Scorecard:
    path = request.param
    assert isinstance(path, Path)
    return evaluate(load(path))


def test_there_is_the_department_and_the_project() -> None:
    assert [path.stem for path in FILES] == ["department", "land-requisition"]


def test_the_score_is_exactly_the_published_90_and_excellent(card: Scorecard) -> None:
    assert card.score == 90
    assert card.points_text(card.score) == "90.00"
    assert card.grade is not None
    assert card.grade.name == "优"
    assert card.published.agrees is True


def test_each_point_lost_has_a_reason(card: Scorecard) -> None:
    losing = [node for node in card.indicators if node.lost]
    assert losing
    assert all(node.remark.reason for node in losing)


def test_each_fact_has_a_source_a_formula_or_a_basis(card: Scorecard) -> None:
    for fact in card.facts.facts.values():
        assert fact.source or fact.formula is not None or fact.assumed, fact.name


def test_each_assumption_shows_wherever_it_is_used(card: Scorecard) -> None:
    resting = [node for node in card.indicators if node.assumed]
    assert resting
    assert card.assumed_points == sum((node.points for node in resting), Fraction(0))
    for node in resting:
        assert all(fact.assumed in node.explain("zh") for fact in node.assumed)
    nodes = scorecard_data(card, "zh")["nodes"]
    assert isinstance(nodes, list)
    shown = {
        fact["name"]
        for node in nodes
        if isinstance(node, dict) and isinstance(facts := node["facts"], list)
        for fact in facts
        if isinstance(fact, dict) and fact["status"] == "assumed" and fact["assumed"]
    }
    assert shown == {fact.name for node in resting for fact in node.assumed}


def test_no_number_is_entered_where_a_rule_applies(card: Scorecard) -> None:
    for node in card.indicators:
        assert isinstance(node.placed.node, Indicator)
        assert not isinstance(node.placed.node.rule, Awarded), node.path


def test_what_only_judgement_decides_is_rated_in_half_points(card: Scorecard) -> None:
    for node in card.indicators:
        assert isinstance(node.placed.node, Indicator)
        if isinstance(node.placed.node.rule, Rating):
            assert node.score is not None
            assert (node.score * 2).denominator == 1, node.path
        elif node.status == "scored":
            assert not node.assumed, f"{node.path} is decided by a rule, but on an assumed fact"


def test_the_points_nobody_published_are_marked(card: Scorecard) -> None:
    for node in card.indicators:
        assert node.placed.assumed or node.path == "execution", node.path


def test_the_order_of_the_facts_changes_nothing(card: Scorecard) -> None:
    turned = FactSheet({name: card.facts[name] for name in reversed(list(card.facts))})
    again = Scorer(card.assessment)(turned)
    assert {node.path: node.score for node in again} == {node.path: node.score for node in card}


def readme_row(title: str) -> list[str]:
    """The cells of a row of the example's README."""
    for line in (FOLDER / "README.md").read_text("utf-8").splitlines():
        if line.startswith(f"| {title} |"):
            return [cell.strip() for cell in line.strip("|").split("|")[1:]]
    raise AssertionError(title)


def test_what_the_examples_readme_says_of_stated_and_assumed_points_is_so() -> None:
    cards = [evaluate(load(path)) for path in FILES]
    for column, card in enumerate(cards):
        scored = [node for node in card.indicators if node.status == "scored"]
        stated = [node for node in scored if not node.assumed]
        judged = [node for node in scored if node.assumed]
        for title, nodes in (
            ("decided by facts the document states", stated),
            ("decided by judgement, assumed", judged),
        ):
            points = sum((node.points for node in nodes), Fraction(0))
            earned = sum((node.score or Fraction(0) for node in nodes), Fraction(0))
            said = readme_row(f"score {title}")[column]
            assert said.startswith(f"{decimal_text(points)} points, ")
            assert ("all earned" in said and points == earned) or f"of which {decimal_text(earned)} earned" in said
        assert readme_row("points resting on assumptions, as `perfeval score` counts them")[column] == decimal_text(
            card.assumed_points
        )


def test_the_losses_the_examples_readme_lists_are_the_losses() -> None:
    text = (FOLDER / "README.md").read_text("utf-8")
    listed = re.findall(r"^\| (department|project), (\S+) \| ([\d.]+) of ([\d.]+) \|", text, flags=re.M)
    lost = [
        (kind, node.called("zh"), decimal_text(node.lost), decimal_text(node.points))
        for kind, path in zip(("department", "project"), FILES, strict=True)
        for node in evaluate(load(path)).indicators
        if node.lost
    ]
    assert sorted(listed) == sorted(lost)
