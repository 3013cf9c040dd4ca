"""docs/sensitivity.md: its commands and its Python print what the page says, and its picture is what the command draws."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

from docs_text import ROOT, blocks
from test_docs import run, sessions

PAGE = "docs/sensitivity.md"


def test_the_page_prints_what_the_commands_print(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    commands = 0
    for block in blocks(PAGE):
        if block.name:
            Path(block.name).write_text(block.body, "utf-8")
    for block in blocks(PAGE):
        for command, said in sessions(block) if block.language == "console" else ():
            assert run(command) == said, command
            commands += 1
    assert commands == 3


def test_the_page_prints_what_its_python_prints() -> None:
    (block,) = (block for block in blocks(PAGE) if block.language == "python")
    said = re.findall(r"^print\(.*\)  # (.*)$", block.body, flags=re.M)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(block.body, PAGE, "exec"), {})
    assert printed.getvalue().splitlines() == said


def test_the_picture_is_small() -> None:
    assert (ROOT / "docs" / "stability.png").stat().st_size < 150_000
