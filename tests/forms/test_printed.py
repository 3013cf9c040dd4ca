"""The official tables: their fields in their order, their figures the workbook's own, on whole pages."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from test_workbook import needs_office, recalculated_book

from docs_text import ROOT
from every_rule import framework, indicator
from perfeval import Assessment, Dimension, Subject, evaluate, load, load_framework
from perfeval.forms.official import OFFICIAL
from perfeval.forms.workbook import live_workbook

SICHUAN = load(ROOT / "examples" / "panzhihua-dongqu-2023" / "land-requisition.toml")
NATIONAL = load(ROOT / "examples" / "published" / "langfang-food-school-2019-hvac.toml")


def table(assessment: Assessment) -> Worksheet:
    book = load_workbook(io.BytesIO(live_workbook(assessment, "zh")))
    sheet = book[OFFICIAL[assessment.framework.form].title]
    assert isinstance(sheet, Worksheet)
    return sheet


def texts(sheet: Worksheet) -> list[list[str]]:
    return [[str(cell.value) for cell in row if cell.value is not None] for row in sheet.iter_rows()]


@pytest.mark.parametrize(
    ("assessment", "headings"),
    [
        (SICHUAN, "一级指标 二级指标 三级指标 指标性质 指标值 度量单位 完成值 权重 得分 未完成原因分析"),
        (NATIONAL, "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因分析及改进措施"),
    ],
)
def test_the_fields_stand_in_the_tables_order(assessment: Assessment, headings: str) -> None:
    rows = texts(table(assessment))
    assert rows[0] == [OFFICIAL[assessment.framework.form].title]
    assert rows[1] == [f"（{assessment.subject.year}年度）"]
    assert rows[2] == ["项目名称", assessment.subject.name]
    assert assessment.subject.unit in rows[3]
    (heads,) = [row for row in rows if "一级指标" in row]
    assert heads[1:] == headings.split()  # after the title of the block
    listed = [text for row in rows for text in row]
    for placed in assessment.framework.indicators:
        if placed.path != "execution":
            assert placed.node.title in listed


def test_sign_target_and_unit_stand_apart_where_the_table_has_them_apart() -> None:
    (row,) = [row for row in texts(table(SICHUAN)) if "杰迪公司项目安置资金" in row]
    assert row[-8:-4] == ["杰迪公司项目安置资金", "≤", "126.40", "万元"]
    (rated,) = [row for row in texts(table(SICHUAN)) if "安置资金按时发放" in row]
    assert "定性" in rated
    (national,) = [row for row in texts(table(NATIONAL)) if "工程资金金额" in row]
    assert "≥43.2万元" in national


def test_level_cells_are_merged_over_their_rows_and_nothing_overlaps() -> None:
    for assessment in (SICHUAN, NATIONAL):
        sheet = table(assessment)
        taken: set[tuple[int, int]] = set()
        for merged in sheet.merged_cells.ranges:
            cells = {(row, column) for row, column in merged.cells}
            assert not taken & cells, merged
            taken |= cells
        first = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "产出指标")
        span = next(each for each in sheet.merged_cells.ranges if first.coordinate in each)
        output = [each for each in assessment.framework.indicators if each.path.startswith("output.")]
        assert span.max_row - span.min_row + 1 == len(output)


def test_it_prints_on_a4_in_one_page_width() -> None:
    sheet = table(SICHUAN)
    assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (9, 1, 0)
    assert sheet.print_area
    assert sheet.protection.sheet


def test_a_framework_says_which_table_it_is_handed_in_on_and_passes_it_on() -> None:
    assert load_framework("cn/mof-2020/project-self").form == "mof-2020-project-self"
    assert load_framework("cn/hubei/project-self").form == "mof-2020-project-self"
    assert load_framework("cn/mof-2013/department").form == ""
    department = load(ROOT / "examples" / "panzhihua-dongqu-2023" / "department.toml")
    names = load_workbook(io.BytesIO(live_workbook(department, "zh"))).sheetnames
    assert names == ["自评表", "事实", "计算", "规则", "得分率", "单位"]


@pytest.mark.parametrize("title", ["=IF(1,2,3)", "='自评表'!D7", "+1", "@x", "\tx"])
def test_a_title_that_looks_like_a_formula_is_none(title: str) -> None:
    leaves = (indicator("execution", 10, title="执行"), indicator("x", 90, title=title))
    of = framework(leaves[0], Dimension("output", title, (leaves[1],)), form="mof-2020-project-self")
    sheet = table(Assessment(of, {}, subject=Subject(name=title, unit=title)))
    formulas = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas
    assert title not in [each for each in formulas if each != "='自评表'!$D$7"]
    shown = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).strip() == title.strip()]
    assert shown
    assert all(cell.data_type == "s" for cell in shown)


@needs_office
def test_its_figures_are_those_of_the_scorecard(tmp_path: Path) -> None:
    for assessment in (SICHUAN, NATIONAL):
        card = evaluate(assessment)
        book = recalculated_book(live_workbook(assessment, "zh"), tmp_path)
        rows = [[cell.value for cell in row] for row in book[OFFICIAL[assessment.framework.form].title].iter_rows()]
        for node in card.indicators:
            if node.path == "execution":
                continue
            (row,) = [row for row in rows if node.called("zh") in row]
            assert node.score is not None
            assert float(node.score) in row
        (total,) = [row for row in rows if row[0] == "总分"]
        assert card.score is not None
        assert float(card.score) in total
        (funds,) = [row for row in rows if row[1] in ("总额", "年度资金总额")]
        assert float(card["execution"].score or 0) in funds
        shutil.rmtree(tmp_path / "out")
