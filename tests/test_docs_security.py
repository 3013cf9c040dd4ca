"""docs/security.md: every test it names is there, and every row names one; and what it says of code and of connections."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs_text import ROOT
from hostile_texts import hostile_file
from perfeval.cli import main

PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
SOURCE = sorted((ROOT / "src").rglob("*.py"))
TESTS = "".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))


def test_every_row_names_tests_that_are_there() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| what", "| ---"))]
    assert len(rows) >= 30
    for row in rows:
        named = re.findall(r"`(test_\w+)`", row.rsplit("|", 2)[1])
        assert named, row
        for name in named:
            assert f"def {name}(" in TESTS, name


def called(tree: ast.AST) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def imported(tree: ast.AST) -> set[str]:
    found = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return found


PARSING = "from urllib.parse import unquote, urlsplit"  # takes an address apart, and opens nothing


FORBIDDEN = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.execv", "os.fork"}
UNWANTED = {
    "pickle",
    "marshal",
    "shelve",
    "subprocess",
    "socket",
    "urllib",
    "http",
    "ftplib",
    "requests",
    "ctypes",
    "yaml",
    "runpy",
}


@pytest.mark.parametrize("path", SOURCE, ids=lambda path: path.stem)
def test_nothing_in_the_source_runs_text_or_programs(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8").replace(PARSING, ""))
    own = {each.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for each in node.names}
    assert not called(tree) & (FORBIDDEN - own)  # perfeval.batch has a `compile` of its own
    assert not imported(tree) & UNWANTED


WATCHED = """
import json, os, sys
folder, commands = sys.argv[1], json.loads(sys.argv[2])
import docx, jinja2, matplotlib.font_manager, openpyxl, pyarrow.parquet, xlrd, tomli_w  # their imports are not what is watched
from hypothesis import find, strategies
find(strategies.just(1), bool)  # it imports others
from perfeval.cli import main
from click.testing import CliRunner
seen = []
def watch(event, arguments):
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork", "os.system", "pickle.", "urllib.", "marshal.")):
        if not event.startswith("marshal."):
            seen.append([event, ascii(arguments)])
    elif event == "open" and isinstance(arguments[0], str) and (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR):
        if not os.path.abspath(arguments[0]).startswith(folder) and "__pycache__" not in arguments[0]:
            seen.append([event, ascii(arguments)])
    elif event == "open" and isinstance(arguments[0], str) and "secret" in arguments[0]:
        seen.append([event, ascii(arguments)])
sys.addaudithook(watch)
ended = [CliRunner().invoke(main, each).exit_code for each in commands]
print(json.dumps([seen, ended]))
"""


def test_no_command_reaches_out_of_its_files(tmp_path: Path) -> None:
    """All of them, on texts that hold addresses, commands and paths, under a hook that Python itself calls."""
    path = str(hostile_file("http://192.0.2.1/x?file:///secret `id` $(id) ../../secret", tmp_path))
    commands = [[each, path] for each in ("score", "explain", "check", "bounds", "audit", "review")]
    commands += [["report", path, "-o", f"{tmp_path}/o.{kind}"] for kind in ("html", "docx", "md", "json", "xlsx")]
    commands += [["score", f"{tmp_path}/o.xlsx"], ["import", f"{tmp_path}/o.xlsx", "-o", f"{tmp_path}/again/x.toml"]]
    commands += [["form", path, "-o", f"{tmp_path}/f.{kind}"] for kind in ("xlsx", "docx")]
    framework, table = str(tmp_path / "framework.toml"), str(tmp_path / "facts.csv")
    commands += [["laws", framework], ["frameworks", framework], ["schema", "framework"], ["compare", path, path]]
    commands += [["plot", framework, "output.lamps"], ["plot", framework, "output.lamps", "-o", f"{tmp_path}/p.svg"]]
    commands += [["new", framework, "-o", f"{tmp_path}/new.toml"], ["what-if", path]]
    commands += [["batch", framework, table, "-o", f"{tmp_path}/b.{kind}"] for kind in ("csv", "arrow", "parquet")]
    commands += [["sensitivity", framework, table, "--id", "id", "--weightings", "5"]]
    assert {each for each, *_ in commands} == set(main.commands)
    (tmp_path / "again").mkdir()
    (tmp_path / "facts.csv").write_text(
        "id,lamps,budget.executed,budget.approved\n=1+1,http://192.0.2.1/x,1,2\n../../secret,1,1,2\n", "utf-8"
    )
    arguments = [sys.executable, "-c", WATCHED, str(tmp_path), json.dumps(commands)]
    kept = {"HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path / "hypothesis")}  # the search that is made first has one
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1", **kept}
    made = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=True)
    seen, ended = json.loads(made.stdout.splitlines()[-1])
    assert seen == []
    assert [command for command, code in zip(commands, ended, strict=True) if code not in (0, 1)] == []


def test_the_page_on_reporting_is_there_and_linked() -> None:
    assert "docs/security.md" in (ROOT / "SECURITY.md").read_text("utf-8")
    assert "../SECURITY.md" in PAGE
