"""The blank official table of an open framework: it can be filled in, rows can be inserted, and it says what it is for."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from perfeval import LoadError, evaluate, load_framework
from perfeval.cli import main
from perfeval.forms.entry import ENTRY
from perfeval.forms.official import OFFICIAL
from perfeval.forms.reading import read_workbook
from perfeval.framework import Dimension
from perfeval.loading import catalogue_ids

NATIONAL, SICHUAN = "cn/mof-2020/project-self", "cn/sichuan-2023/project-self"
OPEN = [name for name in catalogue_ids() if load_framework(name).missing_points]


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, list(arguments), env={"LANG": "en_US.UTF-8"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def blank(name: str, folder: Path) -> tuple[Workbook, str]:
    path = str(folder / "blank.xlsx")
    assert run("form", name, "-o", path).exit_code == 0
    return load_workbook(path), path


def texts(book: Workbook) -> set[str]:
    return {str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None}


@pytest.mark.parametrize("name", OPEN)
def test_the_form_has_the_official_labels_and_each_open_dimension(name: str, tmp_path: Path) -> None:
    framework = load_framework(name)
    book, _ = blank(name, tmp_path)
    found = texts(book)
    official = OFFICIAL[framework.form or "mof-2020-project-self"]
    assert {label for label, _ in official.indicators} <= found
    if any("." not in each.path for each in framework.indicators):
        assert {label for label, _ in (*official.funds, *official.sources)} <= found
    for placed in framework.layout.values():
        if isinstance(placed.node, Dimension) and placed.node.open:
            assert any(each.startswith(placed.node.title) for each in found), placed.path
    assert book[ENTRY].sheet_state == "veryHidden"
    assert not any(sheet.protection.sheet for sheet in book.worksheets)  # rows can be inserted


@pytest.mark.parametrize("name", OPEN)
def test_a_form_left_blank_says_what_is_missing_and_for_which_framework(name: str, tmp_path: Path) -> None:
    _, path = blank(name, tmp_path)
    with pytest.raises(LoadError) as caught:
        read_workbook(path)
    assert "the points of all rows and of execution add up to" in caught.value.to("en")


def test_a_filled_form_scores_with_rows_inserted_where_they_did_not_suffice(tmp_path: Path) -> None:
    book, path = blank(SICHUAN, tmp_path)
    sheet = book.worksheets[0]
    funds = next(cell.row for cell in sheet["B"] if cell.value == "总额")
    for column, value in ((3, 20), (4, 20), (5, 18), (8, 9)):
        sheet.cell(funds, column).value = value
    first = next(cell.row for cell in sheet["C"] if cell.value == "数量指标")
    merged = next(each for each in sheet.merged_cells.ranges if each.coord == f"C{first}:C{first + 2}")
    # Insert a row below, as Excel does when the row after the merged cells is chosen.
    sheet.merged_cells.remove(merged)
    for each in [each for each in sheet.merged_cells.ranges if each.min_row > first + 2]:
        each.shift(row_shift=1)
    sheet.insert_rows(first + 3)
    for row, points in zip(range(first, first + 4), (30, 30, 20, 10), strict=True):
        for column, said in ((4, f"指标甲{row}"), (5, "≥"), (6, 10), (7, "个"), (8, 9), (9, points)):
            sheet.cell(row, column).value = said
    book.save(path)
    found = read_workbook(path)
    assert found.framework.id == SICHUAN
    assert len([each for each in found.framework.indicators if each.path.startswith("output.quantity.")]) == 4
    assert evaluate(found).score == 90


def test_a_form_of_a_framework_that_is_a_file_carries_it(tmp_path: Path) -> None:
    own = tmp_path / "county.toml"
    own.write_text('format = 1\n[framework]\nid = "demo/county"\ntitle = "=某县<b>"\nextends = "base.toml"\n', "utf-8")
    (tmp_path / "base.toml").write_text(
        'format = 1\n[framework]\nid = "demo/base"\ntitle = "底表"\npoints = 10\n[tree.output]\ntitle = "产出指标"\nopen = true\n'
        'category = "output.quantity"\n[tree.output.road]\ntitle = "道路"\npoints = 4\nactual = "road"\nstandard = "见批复"\n'
        'rule = { kind = "completion", target = "≥2公里" }\n',
        "utf-8",
    )
    book, path = blank(str(own), tmp_path)
    sheet = book.worksheets[0]
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("=某县<b>", "s")
    road = next(cell.row for cell in sheet["D"] if cell.value == "道路")
    assert (sheet.cell(road, 5).value, sheet.cell(road, 7).value) == ("≥2公里", "4")
    sheet.cell(road, 6).value = "1公里"
    free = next(cell.row for cell in sheet["C"] if cell.row > road - 5 and sheet.cell(cell.row, 4).value is None)
    for column, text in ((4, "桥"), (5, "≥1座"), (6, "1座"), (7, "6")):
        sheet.cell(free, column).value = text
    book.save(path)
    own.unlink()
    found = read_workbook(path)
    assert found.framework.id == "demo/county"
    assert evaluate(found).score == 8
    folder = tmp_path / "out"
    folder.mkdir()
    assert run("import", path, "-o", str(folder / "a.toml")).exit_code == 0
    assert sorted(each.name for each in folder.iterdir()) == ["a.toml", "base.toml", "county.toml"]
    assert run("score", str(folder / "a.toml")).exit_code == 0


@pytest.mark.parametrize(
    "said", ["{", "[]", '{"framework": "x"}', '{"framework": "a.toml", "files": {"../a.toml": ""}}']
)
def test_a_form_whose_framework_is_damaged_is_answered(said: str, tmp_path: Path) -> None:
    book, path = blank(NATIONAL, tmp_path)
    book[ENTRY]["A1"] = said
    book.save(path)
    with pytest.raises(LoadError, match="damaged"):
        read_workbook(path)
    assert not (tmp_path.parent / "a.toml").exists()


def test_another_framework_may_be_named_for_a_form(tmp_path: Path) -> None:
    _, path = blank(NATIONAL, tmp_path)
    found = run("import", path, "-o", str(tmp_path / "a.toml"), "--framework", "cn/nowhere").output
    assert 'there is no framework "cn/nowhere"' in found


def test_instructions_are_in_the_language_asked_for(tmp_path: Path) -> None:
    path = str(tmp_path / "a.xlsx")
    assert run("form", NATIONAL, "-o", path, "--lang", "en").exit_code == 0
    assert load_workbook(path).sheetnames == ["自评表", "How to fill in", ENTRY]
