"""What perfeval does without the extra ``documents``: everything but documents, and it says which line brings those."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from docs_text import ROOT
from perfeval import load
from perfeval.cli import main
from perfeval.forms.workbook import live_workbook
from perfeval.loading import sources

PROJECT = ROOT / "examples" / "panzhihua-dongqu-2023" / "land-requisition.toml"
SMALL = ROOT / "examples" / "published" / "zhongjiang-water-2022-gauge.toml"
EXTRA = ("docx", "jinja2", "lxml", "openpyxl", "tomli_w")
READS = ("score", "explain", "check", "bounds", "audit", "review", "what-if", "compare", "report")


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, list(arguments), env={"LANG": "en_US.UTF-8"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture(scope="module")
def book() -> bytes:
    return live_workbook(load(PROJECT), "zh", sources(PROJECT))


def without(monkeypatch: pytest.MonkeyPatch, *libraries: str) -> None:
    """Make these libraries as good as not installed."""
    for name in [each for each in sys.modules if each.split(".")[0] in libraries]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "perfeval.documents.typesetting", raising=False)
    for library in libraries:
        monkeypatch.setitem(sys.modules, library, None)


@pytest.mark.parametrize(
    ("library", "arguments"),
    [
        ("jinja2", ("report", str(PROJECT), "-o", "out.html")),
        ("jinja2", ("report", str(PROJECT), "-o", "folder")),
        ("docx", ("report", str(PROJECT), "-o", "out.docx")),
        ("openpyxl", ("report", str(PROJECT), "-o", "out.docx")),
        ("openpyxl", ("report", str(PROJECT), "-o", "out.xlsx")),
        ("openpyxl", ("form", str(PROJECT), "-o", "out.xlsx")),
        ("openpyxl", ("form", "cn/mof-2020/project-self", "-o", "out.xlsx")),
        ("openpyxl", ("import", "book.xlsx", "-o", "out.toml")),
        ("tomli_w", ("import", "book.xlsx", "-o", "out.toml")),
        *(
            ("openpyxl", (command, "book.xlsx", *(("-o", "out.md") if command == "report" else ())))
            for command in READS
        ),
    ],
)
def test_a_command_says_which_line_brings_the_library_it_lacks(
    library: str, arguments: tuple[str, ...], book: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "book.xlsx").write_bytes(book)
    without(monkeypatch, library)
    asked = (*arguments, str(PROJECT)) if arguments[0] == "compare" else arguments
    result = run(*asked)
    assert result.exit_code == 2
    assert "pip install 'perfeval[documents]'" in result.output
    assert [each.name for each in tmp_path.iterdir()] == ["book.xlsx"]


def test_without_any_of_them_the_rest_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, *EXTRA)
    for command in READS[:-2]:
        assert run(command, str(SMALL)).exit_code in (0, 1)
    assert run("compare", str(SMALL), str(SMALL)).exit_code == 0
    for kind in ("md", "json"):
        assert run("report", str(SMALL), "-o", str(tmp_path / f"out.{kind}")).exit_code == 0


@pytest.mark.parametrize(
    "program",
    ["import perfeval", "from perfeval.cli import main; main(['score', sys.argv[1]], standalone_mode=False)"],
    ids=["the library", "a command"],
)
def test_none_of_them_is_loaded_where_no_document_is_written(program: str) -> None:
    asked = f"import sys; {program}; print(sorted({set(EXTRA)!r} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", asked, str(PROJECT)], capture_output=True, text=True, check=True)
    assert result.stdout.strip().splitlines()[-1] == "[]"
