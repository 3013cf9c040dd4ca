"""Hostile text in every place a person may write one, in every output: it stays text, and does nothing to what shows it."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from markdown_it import MarkdownIt
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.formula import Tokenizer

from hostile_texts import ATTACKS, hostile_file
from perfeval.cli import main
from perfeval.report.terminal import is_plain, plain

HARMLESS = "寻常的文字"
OFFICE = shutil.which("soffice")
COMMANDS = ("score", "explain", "check", "review")
ONLY_FIGURES = ("bounds", "audit", "what-if")  # these name what they speak of, and say little else
attacks = pytest.mark.parametrize("attack", ATTACKS, ids=ascii)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def run(*arguments: str) -> str:
    result = CliRunner().invoke(main, list(arguments), env={"LANG": "zh_CN.UTF-8", "COLUMNS": "400"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in (0, 1), result.output
    return result.output


def report(attack: str, kind: str, folder: Path) -> Path:
    """A report of a kind, made from the file with an attack in it."""
    target = folder / f"out.{kind}"
    run("report", str(hostile_file(attack, folder)), "-o", str(target), "--lang", "zh")
    return target


# On a terminal.


@attacks
def test_nothing_but_plain_characters_reaches_a_terminal(attack: str, tmp_path: Path) -> None:
    path = str(hostile_file(attack, tmp_path))
    for command in COMMANDS:
        said = run(command, path)
        assert all(map(is_plain, said)), command
        assert plain(attack).strip() in said, command


@pytest.mark.parametrize("attack", [each for each in ATTACKS if plain(each) != each], ids=ascii)
@pytest.mark.parametrize("command", ONLY_FIGURES)
def test_nor_where_little_but_figures_is_said(command: str, attack: str, tmp_path: Path) -> None:
    assert all(map(is_plain, run(command, str(hostile_file(attack, tmp_path)))))


@attacks
def test_json_gives_the_text_back_and_holds_no_control_character(attack: str, tmp_path: Path) -> None:
    text = report(attack, "json", tmp_path).read_text("utf-8")
    assert all(map(is_plain, text))
    assert attack in set(strings(json.loads(text)))


def strings(data: object) -> Iterator[str]:
    """Every string in a JSON document."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for each in data.values():
            yield from strings(each)
    elif isinstance(data, list):
        for each in data:
            yield from strings(each)


# In a spreadsheet.


def cells(path: Path) -> list[tuple[str, Cell]]:
    book = load_workbook(path)
    return [
        (f"{sheet.title}!{cell.coordinate}", cell)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell, Cell) and cell.value is not None
    ]


def shape(formula: str) -> list[str]:
    """A formula without the texts in it."""
    return [
        "text" if token.subtype == "TEXT" else str(token.value)
        for token in Tokenizer(formula).items
        if token.type != "WHITE-SPACE"
    ]


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Cell]]:
    """The cells of a workbook without an attack."""
    return cells(report(HARMLESS, "xlsx", tmp_path_factory.mktemp("usual")))


@attacks
def test_a_workbook_has_the_formulas_it_should_have_and_no_other(
    attack: str, usual: list[tuple[str, Cell]], tmp_path: Path
) -> None:
    found = cells(report(attack, "xlsx", tmp_path))
    formulas = {place: shape(str(cell.value)) for place, cell in found if cell.data_type == "f"}
    assert formulas == {place: shape(str(cell.value)) for place, cell in usual if cell.data_type == "f"}
    shown = plain(attack).replace("�", " ")
    carrying = [cell for _, cell in found if cell.value == shown]
    assert len(carrying) > 10
    assert {cell.data_type for cell in carrying} == {"s"}
    if attack.startswith(("=", "+", "-", "@")):
        assert all(cell.quotePrefix for cell in carrying)  # so that it stays text when it is edited
    assert all(cell.hyperlink is None for _, cell in found)


@attacks
def test_a_workbook_and_a_draft_refer_to_nothing_outside(attack: str, tmp_path: Path) -> None:
    for kind in ("xlsx", "docx"):
        with zipfile.ZipFile(report(attack, kind, tmp_path)) as file:
            relations = [file.read(name) for name in file.namelist() if name.endswith(".rels")]
            assert relations
            assert not [each for each in relations if b"External" in each or b"192.0.2.1" in each]
            assert not [name for name in file.namelist() if "macro" in name.lower() or "vba" in name.lower()]


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed; .ci/run installs it")
@pytest.mark.slow
def test_text_is_intact_after_a_spreadsheet_has_opened_and_saved_it_as_csv(tmp_path: Path) -> None:
    books: dict[str, list[str]] = {}
    for number, attack in enumerate(ATTACKS):
        folder = tmp_path / str(number)
        folder.mkdir()
        book = report(attack, "xlsx", folder)
        book.rename(tmp_path / f"{number}.xlsx")
        books[str(number)] = [
            squeezed(str(cell.value))
            for where, cell in cells(tmp_path / f"{number}.xlsx")
            if cell.data_type == "s" and not where.startswith("perfeval!")
        ]
    # Every sheet into a file of its own, UTF-8, cells as they are shown.
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    command = [
        str(OFFICE),
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        every_sheet,
    ]
    files = [str(tmp_path / f"{number}.xlsx") for number in books]
    subprocess.run([*command, "--outdir", str(tmp_path / "out"), *files], check=True, capture_output=True, timeout=300)
    for name, texts in books.items():
        found = {
            squeezed(cell)
            for path in (tmp_path / "out").glob(f"{name}-*.csv")
            for row in csv.reader(path.read_text("utf-8").splitlines(keepends=True))
            for cell in row
        }
        assert [text for text in texts if text not in found] == [], name


# In a page, in Markdown, in Word.


@attacks
def test_a_page_and_markdown_hold_the_text_and_no_markup_of_it(attack: str, tmp_path: Path) -> None:
    page = report(attack, "html", tmp_path).read_text("utf-8")
    assert all(map(is_plain, page))
    assert "<script" not in page
    assert "<img" not in page
    assert ("{{ 7*7 }}" in page) is ("{{ 7*7 }}" in attack)
    text = report(attack, "md", tmp_path).read_text("utf-8")
    assert all(map(is_plain, text))
    parsed = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    kinds = {inner.type for token in parsed for inner in (token, *(token.children or ()))}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "fence", "code_block", "s_open"}


@attacks
def test_a_draft_holds_the_text_and_nothing_else_of_it(attack: str, tmp_path: Path) -> None:
    made = Document(str(report(attack, "docx", tmp_path)))
    text = "\n".join(each.text for each in made.paragraphs)
    assert all(map(is_plain, text))
    assert squeezed(plain(attack.replace("\t", " ").replace("\r", " "))) in squeezed(text)
    tags = {str(each.tag).rsplit("}")[-1] for each in made.element.iter()}
    assert not tags & {"altChunk", "hyperlink", "object", "instrText", "control"}
    assert [each.get(each.keys()[0]) for each in made.element.iter() if str(each.tag).endswith("}fldSimple")] == []
