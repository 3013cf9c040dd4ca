"""What the pages on batches say is what the commands do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs_text import ROOT, blocks
from perfeval.batch.findings import TABLE_OBJECTIONS
from test_docs import run, sessions

PAGE = "docs/batch.md"


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    for block in blocks(PAGE):
        if block.name:
            (tmp_path / block.name).write_text(block.body, "utf-8")
    return tmp_path


def test_the_page_prints_what_the_commands_and_its_python_print(
    workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = [session for block in blocks(PAGE) if block.language == "console" for session in sessions(block)]
    assert len(told) == 2
    for command, said in told:
        assert run(command) == said, command
    for block in blocks(PAGE):
        if block.language == "python":
            said = "\n".join(re.findall(r"^print\(.*\)  # (.*)$", block.body, flags=re.M))
            exec(compile(block.body, block.page, "exec"), {})
            assert capsys.readouterr().out.strip() == said


def test_the_page_names_every_objection_that_a_row_can_raise() -> None:
    text = (ROOT / PAGE).read_text("utf-8")
    table = text[text.index("| code | on a row of a table |") : text.index("They come from")]
    assert set(re.findall(r"`([a-z0-9-]+)`", table)) == set(TABLE_OBJECTIONS)
