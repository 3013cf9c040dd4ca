"""The blank official table of an open framework: it can be filled in, rows can be inserted, and it says what it is for."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from rich.cells import cell_len

from perfeval import LoadError, evaluate, load_framework
from perfeval.cli import main
from perfeval.forms.entry import ENTRY
from perfeval.forms.official import OFFICIAL
from perfeval.forms.reading import read_workbook
from perfeval.forms.said import LEVELS
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


DEPARTMENT = "cn/sichuan-2017/department"


def offered(sheet: Worksheet, row: int, column: int) -> list[tuple[list[str], bool]]:
    """The words that a cell offers, and whether it takes no others."""
    cell = sheet.cell(row, column).coordinate
    return [
        (str(each.formula1).strip('"').split(","), bool(each.showErrorMessage))
        for each in sheet.data_validations.dataValidation
        if cell in each.sqref
    ]


def test_levels_yes_and_no_and_signs_are_chosen_from_a_list(tmp_path: Path) -> None:
    sheet = blank(SICHUAN, tmp_path)[0].worksheets[0]
    row = next(cell.row or 0 for cell in sheet["C"] if cell.value == "数量指标")
    assert offered(sheet, row, 5) == [(["≥", "≤", "=", "定性"], True)]
    three = ["达成年度指标", "部分达成年度指标并具有一定效果", "未达成年度指标且效果较差"]
    assert offered(sheet, row, 8) == [(three, False)]  # a figure is as good
    (tmp_path / "blank.xlsx").unlink()
    sheet = blank(DEPARTMENT, tmp_path)[0].worksheets[0]
    rows = {cell.value: cell.row or 0 for cell in sheet["D"]}
    actual = next(cell.column or 0 for line in sheet.iter_rows() for cell in line if "完成值" in str(cell.value))
    assert offered(sheet, rows["相关性"], actual) == [(["符合要求", "基本符合要求", "不符合要求"], True)]
    assert offered(sheet, rows["执行中期评估"], actual) == [(["是", "否"], True)]


def test_what_is_chosen_in_the_rows_of_the_framework_is_read(tmp_path: Path) -> None:
    book, path = blank(DEPARTMENT, tmp_path)
    sheet = book.worksheets[0]
    rows = {str(cell.value): cell.row or 0 for cell in sheet["D"]}
    heads = {str(cell.value): cell.column or 0 for line in sheet.iter_rows() for cell in line}
    actual = next(column for name, column in heads.items() if "完成值" in name)
    chosen = {"相关性": ("基本符合要求", 3.5), "明确性": ("也许", 1), "执行中期评估": ("是", 2)}
    for title, (said, earned) in chosen.items():
        sheet.cell(rows[title], actual).value, sheet.cell(rows[title], heads["得分"]).value = said, earned
    own = next(row for row in range(rows["相关性"], sheet.max_row) if sheet.cell(row, 4).value is None)
    for column, written in ((4, "特性指标"), (5, "≥10个"), (actual, 9), (heads["分值"], 20)):
        sheet.cell(own, column).value = written
    book.save(path)
    card = evaluate(read_workbook(path))
    assert card["decision.goals.relevance"].score == Fraction("3.5")
    assert card["decision.goals.clarity"].score is None
    assert card["management.midterm.done"].score == 2
    told = run("import", path, "-o", str(tmp_path / "out.toml"), "--lang", "en").output
    assert '"也许" is none of the levels (' in told


def test_a_row_is_as_high_as_what_its_standard_says(tmp_path: Path) -> None:
    sheet = blank(DEPARTMENT, tmp_path)[0].worksheets[0]
    row = next(cell.row or 0 for cell in sheet["D"] if cell.value == "相关性")
    wide = sheet.column_dimensions["E"].width
    assert 2 * len(str(sheet.cell(row, 5).value)) > wide
    assert (sheet.row_dimensions[row].height or 0) >= 15 * 2 * len(str(sheet.cell(row, 5).value)) / wide


def test_points_are_numbers_and_what_is_lost_without_a_reason_turns_red(tmp_path: Path) -> None:
    sheet = blank(NATIONAL, tmp_path)[0].worksheets[0]
    total = next(cell.row or 0 for cell in sheet["A"] if cell.value == "总分")
    assert sheet.cell(total, 7).value == 100
    rules = {str(each.sqref): each.rules[0].formula[0] for each in sheet.conditional_formatting}
    first = next(cell.row or 0 for cell in sheet["C"] if cell.value == "数量指标")
    last = total - 1
    assert rules == {
        f"D{first}:I{last}": f'AND(AND(ISNUMBER($G{first}),ISNUMBER($H{first}),$H{first}<$G{first}),TRIM($I{first}&"")="")',
        f"G{total}": f"AND(COUNT(G${first}:G${last})>0,ROUND(SUM(G${first}:G${last})+10-G${total},6)<>0)",
    }


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
    assert (sheet.cell(road, 5).value, sheet.cell(road, 7).value) == ("≥2公里", 4)
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
    found = run("import", path, "-o", str(tmp_path / "a.toml"), "--framework", "cn/nowhere", "--lang", "en").output
    assert 'there is no framework "cn/nowhere"' in found


def test_instructions_are_in_the_language_asked_for(tmp_path: Path) -> None:
    path = str(tmp_path / "a.xlsx")
    assert run("form", NATIONAL, "-o", path, "--lang", "en").exit_code == 0
    assert load_workbook(path).sheetnames == ["自评表", "How to fill in", ENTRY]


@pytest.mark.parametrize("name", OPEN)
def test_the_instructions_are_for_people_who_write_no_files(name: str, tmp_path: Path) -> None:
    book, _ = blank(name, tmp_path)
    how = book.worksheets[1]
    said = [str(cell.value) for cell in how["A"]]
    told = " ".join(each.replace("perfeval score", "") for each in said[1:])
    assert not re.search(r"completion|rating|\bover\b|survey\.|toml", told)
    assert how.page_setup.fitToHeight == 0
    assert all(cell.alignment.wrap_text for cell in how["A"])


def test_a_target_is_typed_into_a_cell_of_text(tmp_path: Path) -> None:
    book, _ = blank(NATIONAL, tmp_path)
    sheet = book.worksheets[0]
    (column,) = (cell.column for row in sheet.iter_rows() for cell in row if cell.value == "年度指标值")
    asked = [cell for row in sheet.iter_rows() for cell in row if cell.column == column and cell.number_format == "@"]
    assert asked
    assert all(cell.fill.fgColor.rgb == "00FFF9E0" for cell in asked)


@pytest.mark.parametrize("name", OPEN)
def test_what_is_written_into_a_form_is_not_cut_off(name: str, tmp_path: Path) -> None:
    book, _ = blank(name, tmp_path)
    form, how = book.worksheets[:2]
    header = next(row for row in form.iter_rows() if any(cell.value == "三级指标" for cell in row))
    columns = {str(cell.value): cell for cell in header if cell.value}
    level3 = columns["三级指标"]
    own = [row for row in range(level3.row + 1, form.max_row) if form.cell(row, level3.column).value is None]
    # A height that is set stays as it is; a row without one grows with its texts.
    assert own
    assert all(form.row_dimensions[row].height is None for row in own[:3])
    actual = next(cell for title, cell in columns.items() if "完成值" in title)
    assert form.column_dimensions[actual.column_letter].width >= max(cell_len(each.name) for each in LEVELS)
    assert how.column_dimensions["A"].width <= 75  # upright A4
