"""The official tables: one template each, laid out once, the same in the workbook and in Word."""

from __future__ import annotations

import io
import re
import sys
from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest
from attrs import evolve, frozen
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from recalculating import needs_office, recalculated

from docs_text import ROOT
from every_rule import every_rule, framework, indicator
from perfeval import (
    Assessment,
    Dimension,
    Fact,
    PerfevalError,
    Remark,
    Subject,
    evaluate,
    load,
    load_framework,
    quantity,
)
from perfeval.documents.sentences import goal_text
from perfeval.forms.layout import PRINTED_HEIGHT, PRINTED_WIDTH, Layout, lay_out
from perfeval.forms.official import OFFICIAL
from perfeval.forms.table import word_table
from perfeval.forms.workbook import live_workbook
from perfeval.framework import Form
from perfeval.loading import catalogue_ids
from perfeval.quantity import decimal_text
from perfeval.report.terminal import is_plain
from perfeval.rules import Awarded, Band, Bands, Checkpoint, Completion, Deduct, Linear, Rule, Schedule, YesNo
from perfeval.rules import Formula as RuleFormula

EXAMPLES = ROOT / "examples"
SICHUAN = load(EXAMPLES / "panzhihua-dongqu-2023" / "land-requisition.toml")
DEPARTMENT = load(EXAMPLES / "panzhihua-dongqu-2023" / "department.toml")
NATIONAL = load(EXAMPLES / "published" / "langfang-food-school-2019-hvac.toml")
JINZHAI = load(EXAMPLES / "published" / "jinzhai-tea-valley-2023-department.toml")
UNKNOWN = load(EXAMPLES / "published" / "qingshen-ndrc-2023-salaries.toml")
HUBEI = evolve(NATIONAL, framework=evolve(NATIONAL.framework, form="hubei-project-self"))
ALL = [SICHUAN, NATIONAL, DEPARTMENT, JINZHAI, UNKNOWN, HUBEI]
by_name = pytest.mark.parametrize("assessment", ALL, ids=lambda each: f"{each.framework.form}-{each.subject.unit}")
HOSTILE = ["=IF(1,2,3)", "='自评表'!D7", "+1", "-1", "@x", "\tx", "<w:p/>&amp;]]>", "a\x00\x08\x1b[31mb\u202ec"]


@frozen
class Cell:
    """A cell of a table, or several merged: where it begins, how far it goes, what it says."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


def laid_out(assessment: Assessment) -> Layout:
    return lay_out(OFFICIAL[assessment.framework.form], evaluate(assessment))


def sheet_of(assessment: Assessment) -> Worksheet:
    book = load_workbook(io.BytesIO(live_workbook(assessment, "zh")))
    sheet = book[OFFICIAL[assessment.framework.form].title]
    assert isinstance(sheet, Worksheet)
    return sheet


def opened(assessment: Assessment) -> WordDocument:
    return Document(io.BytesIO(word_table(assessment)))


def in_sheet(sheet: Worksheet) -> list[Cell]:
    """The cells with lines around them."""
    merged = {(each.min_row, each.min_col): each for each in sheet.merged_cells.ranges}
    covered = {cell for each in merged.values() for cell in each.cells}
    found = []
    for row, line in enumerate(sheet.iter_rows(), start=1):
        for column, cell in enumerate(line, start=1):
            if cell.border.left.style is None or ((row, column) in covered and (row, column) not in merged):
                continue
            span = merged.get((row, column))
            rows, columns = (1, 1) if span is None else (span.size["rows"], span.size["columns"])
            found.append(Cell(row, column, rows, columns, "" if cell.value is None else str(cell.value)))
    return found


def in_word(made: WordDocument, first_row: int) -> list[Cell]:
    """The cells of all its tables, as if they were one."""
    found: list[Cell] = []
    row = first_row
    for table in made.tables:
        open_: dict[int, int] = {}
        for tr in table._tbl.tr_lst:
            column = 1
            for tc in tr.tc_lst:
                text = "\n".join("".join(_words(p)) for p in tc.p_lst)
                if tc.vMerge == "continue":
                    before = found[open_[column]]
                    found[open_[column]] = evolve(before, rows=before.rows + 1)
                else:
                    if tc.vMerge == "restart":
                        open_[column] = len(found)
                    found.append(Cell(row, column, 1, tc.grid_span, text))
                column += tc.grid_span
            row += 1
    return found


def _words(paragraph: object) -> list[str]:
    nodes = paragraph.iter(qn("w:t"), qn("w:br"))  # type: ignore[attr-defined]
    return ["\n" if each.tag == qn("w:br") else each.text or "" for each in nodes]


# Templates.


def test_each_form_has_one_template_and_each_template_is_a_form() -> None:
    assert set(get_args(Form)) - {""} == set(OFFICIAL)


@pytest.mark.parametrize("form", OFFICIAL)
def test_a_template_fits_its_own_columns(form: Form) -> None:
    official = OFFICIAL[form]
    assert sum(official.fund_spans) == official.columns - 1
    assert len(official.fund_spans) == len(official.funds) + 1
    assert len(official.signed) in (0, 2)
    assert len(official.goals) != 1
    assert {"level1", "level2", "level3", "actual", "score"} <= {wanted for _, wanted in official.indicators}


def test_a_framework_says_which_table_it_is_handed_in_on_and_passes_it_on() -> None:
    forms = {each: load_framework(each).form for each in catalogue_ids()}
    assert forms == {
        "cn/chongqing/project-self": "",  # columns of its own, seen only in part
        "cn/hubei/project-self": "hubei-project-self",
        "cn/jiangxi/project-self": "mof-2020-project-self",
        "cn/mof-2013/department": "department-self",
        "cn/mof-2020/project": "",
        "cn/mof-2020/project-self": "mof-2020-project-self",
        "cn/mof-2021/project-self": "mof-2020-project-self",
        "cn/sichuan-2017/department": "department-self",
        "cn/sichuan-2017/project": "",
        "cn/sichuan-2020/department": "department-self",
        "cn/sichuan-2023/department": "department-self",
        "cn/sichuan-2023/project-self": "sichuan-2023-project-self",
        "cn/sichuan-2023/special-project": "",
    }


def test_a_table_that_is_no_official_one_says_so() -> None:
    shown = [box.shown for box in laid_out(DEPARTMENT).boxes]
    assert "说明：部门整体支出没有统一的自评表，本表按各地公开的表常用的栏目编排。" in shown
    assert f"说明：分值为假定：{DEPARTMENT.framework.assumed}" in shown
    assert "说明：11项指标的分值为假定，依据见评价文件。" in [box.shown for box in laid_out(SICHUAN).boxes]


# The layout.


@by_name
def test_the_boxes_cover_the_page_once(assessment: Assessment) -> None:
    layout = laid_out(assessment)
    covered = [
        (row, column)
        for box in layout.boxes
        for row in range(box.row, box.row + box.rows)
        for column in range(box.column, box.column + box.columns)
    ]
    assert sorted(covered) == [
        (row, column) for row in range(1, len(layout.heights) + 1) for column in range(1, len(layout.widths) + 1)
    ]
    assert sum(layout.widths) == PRINTED_WIDTH
    assert max(layout.heights) < PRINTED_HEIGHT


@pytest.mark.parametrize(
    ("assessment", "headings"),
    [
        (SICHUAN, "一级指标 二级指标 三级指标 指标性质 指标值 度量单位 完成值 权重 得分 未完成原因分析"),
        (NATIONAL, "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因分析及改进措施"),
        (DEPARTMENT, "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因分析及改进措施"),
        (HUBEI, "一级指标 二级指标 三级指标 年初目标值（A） 实际完成值（B） 得分"),
    ],
)
def test_the_fields_stand_in_the_tables_order(assessment: Assessment, headings: str) -> None:
    for cells in (in_sheet(sheet_of(assessment)), in_word(opened(assessment), 1)):
        rows: dict[int, list[str]] = {}
        for cell in cells:
            rows.setdefault(cell.row, []).append(cell.text.replace("\n", ""))
        (heads,) = [row for row in rows.values() if "一级指标" in row]
        assert heads[1:] == headings.split()  # after the title of the block
        listed = [text for row in rows.values() for text in row]
        for placed in assessment.framework.indicators:
            assert (placed.path == "execution") != (placed.node.title in listed)
        assert assessment.subject.unit in listed


def test_the_blocks_stand_in_each_tables_order() -> None:
    def titles(assessment: Assessment) -> list[str]:
        return [box.shown.replace("\n", "") for box in laid_out(assessment).boxes if box.column == 1 and box.rows > 1]

    assert titles(SICHUAN) == ["项目基本情况", "预算执行情况（10分）", "绩效指标（90分）"]
    assert titles(NATIONAL) == ["项目资金（万元）", "年度总体目标", "绩效指标"]
    assert titles(DEPARTMENT) == ["预算资金（万元）", "年度总体目标", "绩效指标"]
    assert titles(HUBEI) == ["预算执行情况（万元）（20分）", "年度绩效目标（80分）"]


def test_merged_cells_are_those_of_the_sichuan_table() -> None:
    boxes = {box.shown.replace("\n", ""): box for box in laid_out(SICHUAN).boxes if box.shown}

    def columns(label: str) -> range:
        return range(boxes[label].column, boxes[label].column + boxes[label].columns)

    assert columns("项目名称") == range(1, 3)
    assert columns("实施单位（盖章）") == range(8, 9)
    assert (columns("1.项目年度目标完成情况"), boxes["1.项目年度目标完成情况"].rows) == (range(2, 3), 2)
    assert (columns("项目年度目标"), columns("年度目标完成情况")) == (range(3, 8), range(8, 12))
    assert (columns("年度预算数（万元）"), columns("预算执行数"), columns("原因")) == (
        range(2, 3),
        range(5, 8),
        range(11, 12),
    )
    reason = next(box for box in laid_out(SICHUAN).boxes if (box.column, box.rows) == (11, 5))
    assert (reason.row, reason.shown) == (boxes["总额"].row, "")
    output = [each for each in SICHUAN.framework.indicators if each.path.startswith("output.")]
    assert boxes["产出指标"].rows == len(output)
    assert [box.shown for box in laid_out(NATIONAL).boxes if box.shown.startswith("满意度")] == ["满意度指标\n（10分）"]


def test_sign_target_and_unit_stand_apart_where_the_table_has_them_apart() -> None:
    def row(assessment: Assessment, title: str) -> list[str]:
        boxes = laid_out(assessment).boxes
        (at,) = [box.row for box in boxes if box.shown == title]
        return [box.shown for box in boxes if box.row == at and box.column > 3][1:]

    assert row(SICHUAN, "杰迪公司项目安置资金") == ["≤", "126.40", "万元", "126.40", "4", "4.00", ""]
    assert row(SICHUAN, "安置资金足额发放到位") == ["≥", "100", "%", "100", "10", "10.00", ""]
    assert row(SICHUAN, "安置资金按时发放")[:1] == ["定性"]
    assert row(NATIONAL, "工程资金金额")[:4] == ["≥43.2万元", "37.24万元", "10", "8.62"]


@pytest.mark.parametrize(
    ("rule", "target"),
    [
        (Bands((Band("10分", "≥95%"), Band("8分", "≥90%"))), "≥95%"),
        (Linear([["60%", 0], ["100%", "100%"]]), "≥100%"),
        (Linear([["5天", "100%"], ["9天", 0]]), "≤5天"),
        (Deduct(each="1次", minus="2分", partial="up", beyond="3次"), "≤3次"),
        (Deduct(each="1%", minus="2分", partial="up", below="90%"), "≥90%"),
        (
            Schedule((Checkpoint("立项", "started", "3月底前"), Checkpoint("验收", "accepted", "≤2023-12-20"))),
            "立项：≤3月；验收：≤2023-12-20",
        ),
        (YesNo(), "是"),
        (Awarded(), "定性"),
        (RuleFormula("10分"), "—"),
    ],
)
def test_the_target_of_every_rule_that_has_one_is_printed(rule: Rule, target: str) -> None:
    leaf = indicator("own", 10, title="指标甲", rule=rule)
    of = framework(Dimension("output", "产出", (leaf,)), form="mof-2020-project-self", points=10)
    boxes = laid_out(Assessment(of, {})).boxes
    (at,) = [box.row for box in boxes if box.shown == "指标甲"]
    assert next(box.shown for box in boxes if box.row == at and box.column == 5) == target
    drafted = goal_text(evaluate(Assessment(of, {})).indicators[0], "zh")
    assert drafted == (target if any(each.isdigit() for each in target) else "")


def test_a_figure_in_another_unit_than_the_column_keeps_its_own() -> None:
    leaf = indicator("cost", 100, title="成本", rule=Completion("≤126.40万元"))
    of = framework(Dimension("output", "产出", (leaf,)), form="sichuan-2023-project-self")
    facts = {"output.cost": Fact("output.cost", quantity("1264000元"))}
    shown = [box.shown for box in laid_out(Assessment(of, facts)).boxes]
    assert "1264000元" in shown
    cells = in_sheet(sheet_of(Assessment(of, facts)))
    assert "元" not in [cell.text for cell in cells]


def test_what_stands_between_the_second_level_and_an_indicator_is_named() -> None:
    deep = Dimension("c", "丙", (indicator("d", 100, title="丁"),))
    of = framework(Dimension("a", "甲", (Dimension("b", "乙", (deep,)),)), form="department-self")
    shown = [box.shown for box in laid_out(Assessment(of, {})).boxes]
    assert shown.count("丙：丁") == 1
    assert {"甲（100分）", "乙"} <= {text.replace("\n", "") for text in shown}


def test_amounts_are_in_ten_thousands_and_sources_of_money_stand_in_their_rows() -> None:
    rows = {}
    boxes = laid_out(DEPARTMENT).boxes
    for label in ("年度资金总额", "其中：基本支出", "项目支出"):
        (at,) = [box.row for box in boxes if box.shown == label]
        rows[label] = [box.shown for box in boxes if box.row == at and box.column > 2]
    assert rows == {
        "年度资金总额": ["409.81", "518.57", "518.57", "—", "100.00%", "—"],
        "其中：基本支出": ["", "", "224.77", "—", "", "—"],
        "项目支出": ["", "", "293.80", "—", "", "—"],
    }


def test_a_row_is_high_enough_for_its_longest_text() -> None:
    leaf = indicator("x", 100, title="指标")
    of = framework(Dimension("output", "产出", (leaf,)), form="mof-2020-project-self")
    short, long = (
        max(laid_out(Assessment(of, {}, remarks={"output.x": Remark(reason="原因" * times)})).heights)
        for times in (1, 100)
    )
    assert long > 4 * short


# Both outputs.


@by_name
def test_the_sheet_and_the_document_have_the_same_cells(assessment: Assessment) -> None:
    layout, sheet = laid_out(assessment), sheet_of(assessment)
    drawn = [box for box in layout.boxes if box.look in ("text", "heading")]
    written = in_sheet(sheet)
    assert [evolve(each, text="") for each in written] == [
        Cell(box.row, box.column, box.rows, box.columns, "") for box in drawn
    ]
    for cell, box in zip(written, drawn, strict=True):
        if isinstance(box.content, str):
            assert cell.text == box.content
        else:
            assert cell.text.startswith("=") or not box.shown
    typed = in_word(opened(assessment), layout.blocks[0])
    whole = [box for box in drawn if not (layout.goes_on and box.row == layout.repeated and box.rows > 1)]
    parts = [box for box in drawn if box not in whole]  # in Word, the title beside the indicators stands in its own row
    wanted = [Cell(box.row, box.column, box.rows, box.columns, box.shown) for box in whole]
    for box in parts:
        wanted += [Cell(box.row, 1, 1, 1, box.shown), Cell(box.row + 1, 1, box.rows - 1, 1, "")]
    assert sorted(typed, key=lambda each: (each.row, each.column)) == sorted(
        wanted, key=lambda each: (each.row, each.column)
    )


@by_name
def test_the_figures_in_word_are_those_of_the_scorecard(assessment: Assessment) -> None:
    card = evaluate(assessment)
    cells = in_word(opened(assessment), 1)
    columns = {wanted: column for column, (_, wanted) in enumerate(OFFICIAL[assessment.framework.form].indicators, 2)}
    for node in card.indicators:
        if node.path == "execution":
            continue
        (row,) = [cell.row for cell in cells if (cell.column, cell.text) == (columns["level3"], node.called("zh"))]
        found = {cell.column: cell.text for cell in cells if cell.row == row}
        if node.status == "scored":
            assert node.score is not None
            assert Fraction(found[columns["score"]]) == node.score
        else:
            assert found[columns["score"]] == ("不适用" if node.status == "not-applicable" else "")
        if "points" in columns:
            assert found[columns["points"]] == decimal_text(node.points)
        if "reason" in columns:
            assert found[columns["reason"]] == node.remark.reason
    (total,) = [cell.row for cell in cells if cell.text in ("总分", "合计")]
    shown = next(cell.text for cell in cells if (cell.row, cell.column) == (total, columns["score"]))
    assert shown == ("" if card.score is None else decimal_text(card.score, 2))


def test_both_print_on_upright_a4() -> None:
    for assessment in (SICHUAN, NATIONAL, DEPARTMENT):
        sheet, made = sheet_of(assessment), opened(assessment)
        assert int(sheet.page_setup.paperSize or 0) == 9  # A4
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("portrait", 1)
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        last = get_column_letter(sheet.max_column)
        assert sheet.print_area == f"'{sheet.title}'!$A$1:${last}${sheet.max_row}"
        assert sheet.protection.sheet
        (section,) = made.sections
        width, height = Mm(210), Mm(297)
        assert section.orientation == WD_ORIENT.PORTRAIT
        assert abs((section.page_width or 0) - width) < Mm(1)
        assert abs((section.page_height or 0) - height) < Mm(1)
        room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
        for table in made.tables:
            assert 0 < sum(column.width or 0 for column in table.columns) <= room


def test_a_table_that_nearly_fits_prints_on_one_page_and_a_longer_one_repeats_its_heading() -> None:
    short, long = sheet_of(NATIONAL), sheet_of(DEPARTMENT)
    assert (short.page_setup.fitToHeight, short.print_title_rows) == (1, None)
    heading = laid_out(DEPARTMENT).repeated
    assert (long.page_setup.fitToHeight, long.print_title_rows) == (0, f"${heading}:${heading}")
    assert "一级指标" in [cell.value for cell in long[heading]]
    rows = [table._tbl.tr_lst[0] for table in opened(DEPARTMENT).tables]
    (repeated,) = [row for row in rows if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None]
    assert "一级指标" in "".join(_words(repeated))


def test_no_row_of_the_document_is_broken_over_two_pages() -> None:
    rows = [tr for table in opened(DEPARTMENT).tables for tr in table._tbl.tr_lst]
    assert all(tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for tr in rows)


def test_the_properties_stand_in_the_order_that_word_insists_on() -> None:
    order = {
        "w:tblPr": ["tblStyle", "tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblLook"],
        "w:tcPr": ["tcW", "gridSpan", "vMerge", "vAlign"],
    }
    for assessment in (SICHUAN, DEPARTMENT):
        body = opened(assessment).element
        for name, known in order.items():
            for properties in body.iter(qn(name)):
                found = [each.tag.split("}")[1] for each in properties]
                assert found == sorted(found, key=known.index), name


def test_what_people_write_is_open_and_what_is_computed_is_not() -> None:
    sheet = sheet_of(SICHUAN)
    written = [box for box in laid_out(SICHUAN).boxes if box.written]
    assert len(written) >= 8  # the department, three goals, three closing texts, two names
    assert all(not sheet.cell(box.row, box.column).protection.locked for box in written)
    assert all(cell.protection.locked for line in sheet.iter_rows() for cell in line if cell.data_type == "f")


def test_the_same_table_is_the_same_file() -> None:
    assert word_table(SICHUAN) == word_table(SICHUAN)


def test_a_blank_table_is_empty_where_nothing_is_known() -> None:
    of = framework(Dimension("output", "产出", (indicator("x", 100),)), form="mof-2020-project-self")
    shown = [box.shown for box in laid_out(Assessment(of, {})).boxes]
    assert "（    年度）" in shown
    assert not [text for text in shown if text[:1].isdigit() and text != "100"]
    assert word_table(Assessment(of, {}))


def test_every_kind_of_rule_goes_on_a_table() -> None:
    for form in OFFICIAL:
        of = evolve(every_rule("rescale", ()), form=form)
        word_table(Assessment(of, {}))
        live_workbook(Assessment(of, {}), "zh")


def test_a_framework_without_a_table_says_where_to_name_one() -> None:
    with pytest.raises(PerfevalError, match=r"names no official table.*mof-2020-project-self"):
        word_table(Assessment(framework(indicator("x", 100)), {}))


# Hostile text.


def hostile(text: str) -> Assessment:
    leaves = (indicator("execution", 10, title="执行"), indicator("x", 90, title=text))
    of = framework(leaves[0], Dimension("output", text, (leaves[1],)), form="mof-2020-project-self")
    return Assessment(of, {}, subject=Subject(name=text, unit=text), remarks={"output.x": Remark(reason=text)})


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_looks_like_a_formula_is_none(text: str) -> None:
    sheet = sheet_of(hostile(text))
    formulas = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas
    assert all(each.startswith(("='自评表'!$", "=IF('自评表'!$", "=IFERROR('事实'!$")) for each in formulas)
    shown = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None and cell.data_type != "f"]
    assert all(cell.data_type == "s" for cell in shown)
    assert all(is_plain(character) for cell in shown for character in str(cell.value))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text_in_word(text: str) -> None:
    made = opened(hostile(text))
    cells = in_word(made, 1)
    inert = "".join(each if is_plain(each) else " " if each == "\t" else "�" for each in text)
    assert [cell.text for cell in cells].count(inert) == 4  # the name, the unit, the title and the reason
    assert not made.element.xpath("//w:fldSimple | //w:instrText | //w:hyperlink | //w:object")


# As the programs see it.


@needs_office
def test_its_figures_are_those_of_the_document_once_recalculated(tmp_path: Path) -> None:
    books = {str(index): live_workbook(each, "zh") for index, each in enumerate(ALL)}
    recalculated(books, tmp_path)
    for index, assessment in enumerate(ALL):
        book = load_workbook(tmp_path / "out" / f"{index}.xlsx", data_only=True)
        sheet = book[OFFICIAL[assessment.framework.form].title]
        for box in laid_out(assessment).boxes:
            if isinstance(box.content, str):
                continue
            value = sheet.cell(box.row, box.column).value
            if isinstance(value, int | float):
                figure = re.match(r"[\d.]+", box.shown)
                assert figure, (box, value)
                exact = Fraction(figure[0]) / (100 if box.shown.endswith("%") else 1)
                assert abs(Fraction(value) - exact) < Fraction(1, 10_000), (box, value)
            else:
                assert (value or "") in (box.shown, "" if box.shown else "缺")


def test_without_python_docx_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    monkeypatch.delitem(sys.modules, "perfeval.forms.typesetting", raising=False)
    with pytest.raises(PerfevalError, match=r"pip install 'perfeval\[documents\]'"):
        word_table(NATIONAL)


@pytest.mark.parametrize(
    "note", ["主管部门：某县农业农村局", "department: 某县农业农村局", "其他说明\n主管部门：某县农业农村局"]
)
def test_who_is_in_charge_stands_in_the_table_again(note: str) -> None:
    assessment = load(EXAMPLES / "panzhihua-dongqu-2023" / "land-requisition.toml")
    printed = laid_out(evolve(assessment, subject=evolve(assessment.subject, note=note)))
    said = [box.content for box in printed.boxes]
    assert said[said.index("主管部门") + 1] == "某县农业农村局"
    assert "某县农业农村局" not in [box.content for box in laid_out(assessment).boxes]
