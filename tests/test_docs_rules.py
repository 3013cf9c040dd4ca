"""Every example in docs/rules.md scores what the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import frozen

from docs_text import ROOT
from perfeval import LoadError, Scorecard, evaluate, load
from perfeval.rules import RULES

PAGE = (ROOT / "docs/rules.md").read_text("utf-8")
_EXAMPLE = re.compile(
    r"^```toml\n(?P<toml>.*?)^```\n\n\| facts \| (?P<column>score|total) \|\n\| --- \| --- \|\n(?P<rows>(?:\|[^\n]*\|\n)+)",
    re.M | re.S,
)
_ROW = re.compile(r"\| (?P<facts>.*) \| (?P<result>[^|]+) \|")
_PART = re.compile(r'(?P<file>\w+\.toml) = \{ score = (?P<score>"[^"]*"), budget = (?P<budget>"[^"]*") \}')

ONE_INDICATOR = """format = 1
[framework]
id = "example"
title = "example"
points = {points}
[tree.it]
title = "it"
category = "decision"
{indicator}
"""
PART = """format = 1
framework = "part-framework.toml"
[facts]
it = {score}
budget = {budget}
"""
PART_INDICATOR = 'points = 100\nrule = { kind = "awarded" }'


@frozen
class Example:
    """One row of a table: what is scored, the facts, and what the page says comes out."""

    toml: str
    column: str
    facts: tuple[str, ...]
    result: str

    def __str__(self) -> str:
        return " ".join(self.facts)


def examples() -> Iterator[Example]:
    for example in _EXAMPLE.finditer(PAGE):
        for row in _ROW.finditer(example["rows"]):
            facts = tuple(re.findall(r"`([^`]*)`", row["facts"]))
            yield Example(example["toml"], example["column"], facts, row["result"].strip())


def framework_of(indicator: str) -> str:
    points = re.search(r"^points = (.*)$", indicator, flags=re.M)
    assert points is not None, indicator
    return ONE_INDICATOR.format(points=points[1], indicator=indicator)


def scored(example: Example, folder: Path) -> Scorecard:
    """The scorecard of an assessment with the facts of the row."""
    framework = example.toml if example.column == "total" else framework_of(example.toml)
    (folder / "framework.toml").write_text(framework, "utf-8")
    (folder / "part-framework.toml").write_text(framework_of(PART_INDICATOR), "utf-8")
    facts = []
    for fact in example.facts:
        if (part := _PART.fullmatch(fact)) is not None:
            (folder / part["file"]).write_text(PART.format(score=part["score"], budget=part["budget"]), "utf-8")
        else:
            facts.append(fact)
    case = "\n".join(("format = 1", 'framework = "framework.toml"', "[facts]", *facts))
    (folder / "case.toml").write_text(case, "utf-8")
    return evaluate(load(folder / "case.toml"))


def test_the_page_has_a_section_and_an_example_for_every_rule_in_their_order() -> None:
    shown = {kind for example in examples() for kind in re.findall(r'kind = "([a-z-]+)"', example.toml)}
    assert shown == {rule.kind for rule in RULES}
    assert re.findall(r"^## ([a-z-]+)$", PAGE, flags=re.M) == [rule.kind for rule in RULES]


def test_every_example_of_the_page_has_a_table_that_is_checked() -> None:
    assert PAGE.count("```toml\n") == len(list(_EXAMPLE.finditer(PAGE)))
    assert PAGE.count("| facts |") == len(list(_EXAMPLE.finditer(PAGE)))


@pytest.mark.parametrize("example", list(examples()), ids=str)
def test_the_example_scores_what_the_page_says(example: Example, tmp_path: Path) -> None:
    if example.result == "refused":
        with pytest.raises(LoadError, match=r"case\.toml:\d+:\d+"):
            scored(example, tmp_path)
        return
    card = scored(example, tmp_path)
    if example.column == "total":
        score, _, grade = example.result.partition(" ")
        assert (card.score, card.grade.name if card.grade else "") == (Fraction(score), grade)
        return
    node = card["it"]
    if example.result in ("unknown", "error", "not applicable"):
        assert (node.status, node.score) == (example.result.replace(" ", "-"), None)
    else:
        score, _, bonus = example.result.partition(" + ")
        assert (node.status, node.score, node.bonus) == ("scored", Fraction(score), Fraction(bonus or 0))
