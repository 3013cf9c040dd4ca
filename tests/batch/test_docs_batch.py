"""What docs/exactness.md and docs/batch.md say runs, and the tests they name are there."""

from __future__ import annotations

import contextlib
import io
import re

from docs_text import ROOT, blocks

PAGE = "docs/exactness.md"


def test_the_example_runs() -> None:
    found = [block.body for block in blocks(PAGE) if block.language == "python"]
    assert found
    for body in found:
        exec(body, {})


def test_every_claim_names_a_test_that_is_there() -> None:
    text = (ROOT / PAGE).read_text("utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    tests = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(named) >= 8
    for name in named:
        assert f"def {name}(" in tests, name


def test_the_page_on_tables_prints_what_it_says() -> None:
    program, said = (block.body for block in blocks("docs/batch.md"))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(program, {})
    assert printed.getvalue() == said
