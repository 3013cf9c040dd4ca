"""Every example in docs/rules.md scores what the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from docs_text import ROOT
from perfeval import evaluate, load
from perfeval.rules import RULES

_EXAMPLE = re.compile(
    r"```toml\n(?P<indicator>.*?)```\n\n\| facts \| score \|\n\| --- \| --- \|\n(?P<rows>(?:\|[^\n]*\|\n)+)", re.S
)
_ROW = re.compile(r"\| (?P<facts>.*) \| (?P<score>[^|]+) \|")

FRAMEWORK = """format = 1
[framework]
id = "example"
title = "example"
points = {points}
[tree.own]
title = "own"
category = "decision"
open = true
"""


def examples() -> Iterator[tuple[str, str, str]]:
    page = (ROOT / "docs/rules.md").read_text("utf-8")
    for example in _EXAMPLE.finditer(page):
        for row in _ROW.finditer(example["rows"]):
            yield example["indicator"], row["facts"], row["score"].strip()


def test_the_page_has_an_example_for_every_rule_that_needs_no_second_file() -> None:
    shown = {kind for indicator, _, _ in examples() for kind in re.findall(r'kind = "([a-z-]+)"', indicator)}
    assert shown == {rule.kind for rule in RULES} - {"roll-up"}
    headings = re.findall(r"^## ([a-z-]+)$", (ROOT / "docs/rules.md").read_text("utf-8"), flags=re.M)
    assert headings == [rule.kind for rule in RULES]


@pytest.mark.parametrize(("indicator", "facts", "score"), list(examples()))
def test_the_example_scores_what_the_page_says(indicator: str, facts: str, score: str, tmp_path: Path) -> None:
    points = re.search(r"^points = (.*)$", indicator, flags=re.M)
    assert points is not None
    (tmp_path / "framework.toml").write_text(FRAMEWORK.format(points=points[1]), "utf-8")
    lines = "\n".join(re.findall(r"`([^`]*)`", facts))
    (tmp_path / "case.toml").write_text(
        f'format = 1\nframework = "framework.toml"\n[facts]\n{lines}\n[tree.own.it]\ntitle = "it"\n{indicator}', "utf-8"
    )
    node = evaluate(load(tmp_path / "case.toml"))["own.it"]
    if score in ("unknown", "error"):
        assert (node.status, node.score) == (score, None)
    else:
        assert (node.status, node.score) == ("scored", Fraction(score))
