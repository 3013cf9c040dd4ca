"""Every code block of the READMEs and of CONTRIBUTING runs, and prints what the page says."""

from __future__ import annotations

import contextlib
import io
import linecache
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli
from click.testing import CliRunner

from docs_text import ROOT, Block, blocks
from perfeval.cli import main

PAGES = ("README.md", "README.zh.md")
EVERY = sorted(
    str(path.relative_to(ROOT)) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*/*.md"))
)
# What runs in another test, which names the page: blocks of a language in which a page needs more than a checkout.
ELSEWHERE = {
    ("docs/cli.md", "console"): "test_cli_what_if.py",
    ("docs/batch.md", "console"): "batch/test_docs_batch.py",
    ("docs/batch.md", "python"): "batch/test_docs_batch.py",
    ("docs/batch.md", "text"): "batch/test_docs_batch.py",
    ("docs/exactness.md", "python"): "batch/test_docs_batch.py",
    ("docs/sensitivity.md", "console"): "test_docs_sensitivity.py",
    ("docs/sensitivity.md", "python"): "test_docs_sensitivity.py",
    ("docs/scale.md", "python"): "batch/test_spark.py",
    ("docs/scale.md", "sh"): "batch/test_spark.py",
    ("docs/review.md", "diff"): "review_page.py",
    ("CONTRIBUTING.md", "python"): "test_contributing.py",
}
HERE = {"console", "python", "toml", "csv"}  # a file that commands read is written for them


def pages_with(language: str) -> list[str]:
    """The pages with blocks of a language, but those that another test runs."""
    found = [page for page in EVERY if any(block.language == language for block in blocks(page))]
    return [page for page in found if (page, language) not in ELSEWHERE]


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder like a reader's checkout, where a page's files can be written."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    yield tmp_path


def run(command: str) -> str:
    """What `perfeval …` prints, without the spaces that end its lines."""
    program, *arguments = shlex.split(command)
    assert program == "perfeval"
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return "\n".join(line.rstrip() for line in result.output.splitlines()).strip("\n")


def sessions(block: Block) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with what the page says it prints."""
    for part in re.split(r"^\$ ", block.body, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        yield command, output.strip("\n")


@pytest.mark.parametrize("page", pages_with("console"))
def test_the_page_prints_what_the_commands_print(page: str, workplace: Path) -> None:
    ran = 0
    for block in blocks(page):
        if block.language in ("toml", "csv") and block.name:
            (workplace / block.name).write_text(block.body, "utf-8")
        elif block.language == "console":
            for command, said in sessions(block):
                assert run(command) == said, command
                ran += 1
    assert ran


@pytest.mark.parametrize("page", pages_with("python"))
def test_the_page_prints_what_its_python_prints(page: str, tmp_path: Path) -> None:
    found = [block for block in blocks(page) if block.language == "python"]
    assert found
    for block in found:
        said = re.findall(r"^print\(.*\)  # (.*)$", block.body, flags=re.M)
        source = tmp_path / "page.py"  # Hypothesis reads the source of what it runs
        source.write_text(block.body, "utf-8")
        linecache.checkcache(str(source))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block.body, str(source), "exec"), {})
        assert printed.getvalue().splitlines() == said


@pytest.mark.parametrize("page", pages_with("toml"))
def test_every_toml_block_is_toml(page: str) -> None:
    for block in blocks(page):
        if block.language == "toml":
            assert tomli.loads(block.body)


def test_no_block_of_any_page_is_left_out() -> None:
    there = {(page, block.language) for page in EVERY for block in blocks(page)}
    two_commands = {(page, "sh") for page in PAGES}
    assert {each for each in there if each[1] not in HERE} - two_commands <= ELSEWHERE.keys()
    assert ELSEWHERE.keys() <= there
    for (page, _), test in ELSEWHERE.items():
        assert f'"{page}"' in (ROOT / "tests" / test).read_text("utf-8"), page


@pytest.mark.parametrize("page", (*PAGES, "docs/documents.md"))
def test_the_pictures_of_a_page_are_there_and_load_quickly(page: str) -> None:
    pictures = re.findall(r"!\[([^]]+)\]\(([^)]+\.png)\)", (ROOT / page).read_text("utf-8"))
    assert pictures
    for said, picture in pictures:
        data = ((ROOT / page).parent / picture).read_bytes()
        assert said
        assert data.startswith(b"\x89PNG\r\n")
        assert len(data) < 300_000
        assert page != "docs/documents.md" or len(data) < 150_000


@pytest.mark.parametrize("page", PAGES)
def test_the_page_has_the_two_commands_on_one_line_each(page: str) -> None:
    commands = [block.body.strip() for block in blocks(page) if block.language == "sh"]
    assert commands == [block.body.strip() for block in blocks("README.md") if block.language == "sh"]
    assert len(commands) == 2
    assert all("\n" not in command for command in commands)
    assert "perfeval score examples/" in commands[0]
    assert commands[1].endswith("-m pytest -n auto")
    before, said, after = (ROOT / page).read_text("utf-8").partition("`. .venv/bin/activate`")
    assert said, "nothing else says where the commands of the page are found"
    assert commands[1] in before
    assert "$ perfeval" in after
    assert "$ perfeval" not in before


def test_the_examples_of_the_format_page_load_and_score_together(tmp_path: Path) -> None:
    framework, county, assessment = [block.body for block in blocks("docs/format.md") if block.language == "toml"][:3]
    (tmp_path / "planting.toml").write_text(framework, "utf-8")
    (tmp_path / "county.toml").write_text(county.replace('"demo/planting"', '"planting.toml"'), "utf-8")
    (tmp_path / "facts.toml").write_text("format = 1\n", "utf-8")
    for name, score in (("planting", "94.50"), ("county", "92.50")):
        path = tmp_path / f"assessment-{name}.toml"
        path.write_text(assessment.replace('"demo/planting"', f'"{name}.toml"'), "utf-8")
        assert f"总分 {score} / 100" in run(f"perfeval score {path}")


@pytest.mark.parametrize("page", EVERY)
def test_every_link_of_the_page_leads_somewhere(page: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / page).read_text("utf-8")):
        assert ((ROOT / page).parent / target).exists(), target


@pytest.mark.parametrize("page", EVERY)
def test_no_page_holds_the_marks_of_a_merge(page: str) -> None:
    assert not re.search(r"^(<{7}|={7}|>{7})", (ROOT / page).read_text("utf-8"), flags=re.M)
