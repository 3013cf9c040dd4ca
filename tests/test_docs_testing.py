"""docs/testing.md: a section for each law, whose example breaks it as the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tomli

from docs_text import ROOT, blocks
from perfeval import Framework, Indicator, load_framework
from perfeval.codes import LAW_CODES
from perfeval.laws import judge
from perfeval.loading.structure import structured

PAGE = (ROOT / "docs/testing.md").read_text("utf-8")
SAID = dict(re.findall(r"^```toml (\w+)\n.*?^```\n\n> (.*?)$", PAGE, flags=re.M | re.S))
EXAMPLES = {block.name: block.body for block in blocks("docs/testing.md") if block.name in LAW_CODES}


def test_the_page_has_a_section_for_every_law_in_order() -> None:
    assert tuple(re.findall(r"^### (.*)$", PAGE, flags=re.M)) == LAW_CODES
    assert EXAMPLES.keys() == SAID.keys()
    assert len(SAID) == 6


@pytest.mark.parametrize("law", EXAMPLES)
def test_the_example_breaks_its_law_as_the_page_says(law: str) -> None:
    table = tomli.loads(EXAMPLES[law])
    around = {"id": "it", "title": "it", "points": 10, "category": "decision"}
    framework = Framework(id="page", title="page", points=10, tree=(structured({**around, **table}, Indicator),))
    found = judge(framework, search=False)
    assert SAID[law] in [
        each.message.en for answer in found.answers if answer.law.code == law for each in answer.broken
    ]


def test_the_exception_of_the_page_is_one(tmp_path: Path) -> None:
    (text,) = [block.body for block in blocks("docs/testing.md") if block.name == "excepted.toml"]
    file = tmp_path / "excepted.toml"
    file.write_text(text, "utf-8")
    found = judge(load_framework(file), search=False)
    assert (found.broken, [each.law.code for each in found.excepted], found.idle) == ((), ["monotone"], ())
