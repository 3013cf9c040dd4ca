"""What docs/exactness.md and docs/batch.md say runs, and the tests they name are there."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from docs_text import ROOT, blocks
from perfeval.batch.findings import TABLE_OBJECTIONS
from perfeval.codes import OBJECTION_CODES
from test_docs import run, sessions

PAGE = "docs/exactness.md"
TABLES = "docs/batch.md"


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


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the page on tables writes out."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    for block in blocks(TABLES):
        if block.name:
            (tmp_path / block.name).write_text(block.body, "utf-8")
    return tmp_path


def test_the_page_on_tables_prints_what_its_python_prints() -> None:
    (program,) = (block.body for block in blocks(TABLES) if block.language == "python")
    (said,) = (block.body for block in blocks(TABLES) if block.language == "text")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(program, {})
    assert printed.getvalue() == said


@pytest.mark.usefixtures("workplace")
def test_the_page_on_tables_prints_what_its_commands_print() -> None:
    told = [session for block in blocks(TABLES) if block.language == "console" for session in sessions(block)]
    assert len(told) == 2
    for command, said in told:
        assert run(command) == said, command


def test_the_page_on_tables_says_of_every_objection_whether_a_row_can_raise_it() -> None:
    text = (ROOT / TABLES).read_text("utf-8")
    tables = text[text.index("| code | on a row of a table |") : text.index("They come from")]
    codes = re.compile(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`")
    on_a_row, not_on_a_row = map(codes.findall, tables.split("| code | why not |"))
    assert sorted(on_a_row) == sorted(TABLE_OBJECTIONS)
    assert sorted([*on_a_row, *not_on_a_row]) == sorted(OBJECTION_CODES)
