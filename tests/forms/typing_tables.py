"""Typing a printed table into a sheet, as people do: by hand in Excel, into the form that perfeval made, or as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from printed_tables import Printed

__all__ = ["COLUMNS", "by_hand", "csv_text", "into_the_form", "lines"]

COLUMNS = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
_FUNDS = ("年初预算数", "全年预算数（A）", "全年执行数（B）", "分值", "执行率（B/A）", "得分")


def lines(table: Printed) -> Iterator[tuple[str, ...]]:
    """The table as it is printed, line by line; what is merged stands in its first cell only."""
    yield ("项目支出绩效自评表",)
    yield (f"（{table.year}年度）",)
    yield ("项目名称", table.name)
    yield ("主管部门", "", "", "", "", "实施单位", table.unit)
    yield ("项目资金（万元）", "", *_FUNDS)
    for name, initial, approved, executed, points, rate, score in table.funds:
        yield ("", name, initial, approved, executed, points, rate, score)
    yield ("绩效指标", *COLUMNS)
    above: Sequence[str] = ("", "")
    for row in table.rows:
        level1 = row[0] if row[0] != above[0] else ""
        level2 = row[1] if (row[0], row[1]) != tuple(above) else ""
        above = row[:2]
        yield ("", level1, level2, *row[2:])
    if any(table.total):
        yield ("总分", "", "", "", "", "", *table.total)


def csv_text(table: Printed) -> str:
    """The table as a CSV file."""
    stream = io.StringIO()
    csv.writer(stream).writerows(lines(table))
    return stream.getvalue()


def by_hand(table: Printed) -> Workbook:
    """The table typed into an empty workbook, with the merged cells of the original."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "附件2"
    for number, line in enumerate(lines(table), start=1):
        for column, text in enumerate(line, start=1):
            if text:
                sheet.cell(number, column).value = text
    _merge_levels(sheet)
    sheet.merge_cells("A1:I1")
    sheet.merge_cells("A2:I2")
    return book


def _merge_levels(sheet: Worksheet) -> None:
    header = next(cell.row for cell in sheet["B"] if cell.value == COLUMNS[0])
    last = next((cell.row - 1 for cell in sheet["A"] if cell.value == "总分"), sheet.max_row)
    for column in (1, 2, 3):
        begun = [row for row in range(header if column == 1 else header + 1, last + 1) if sheet.cell(row, column).value]
        if column == 3:  # a second level ends where the first one does
            begun = sorted({*begun, *(row for row in range(header + 1, last + 1) if sheet.cell(row, 2).value)})
        for top, below in zip(begun, [*begun[1:], last + 1], strict=True):
            if below - top > 1:
                sheet.merge_cells(start_row=top, end_row=below - 1, start_column=column, end_column=column)


def into_the_form(table: Printed, book: Workbook) -> None:
    """Fill in a blank form that perfeval made, as somebody would in Excel."""
    sheet = book.worksheets[0]
    sheet["A2"].value = f"（{table.year}年度）"
    _beside(sheet, "项目名称", table.name)
    _beside(sheet, "实施单位", table.unit)
    row = next(cell.row for cell in sheet["B"] if cell.value == "年度资金总额")
    for line in table.funds:
        at = row if "其中" not in line[0] else row + 1
        for column, text in enumerate(line[1:], start=3):
            if text:
                sheet.cell(at, column).value = text
    header = next(cell.row for cell in sheet["B"] if cell.value == COLUMNS[0])
    for row_ in table.rows:
        at = _free_row(sheet, header, row_[0], row_[1])
        for column, text in enumerate(row_[2:], start=4):
            if text:
                sheet.cell(at, column).value = text
    total = next(cell.row for cell in sheet["A"] if cell.value == "总分")
    sheet.cell(total, 7).value, sheet.cell(total, 8).value = table.total


def _beside(sheet: Worksheet, label: str, text: str) -> None:
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == label)
    sheet.cell(cell.row, cell.column + 1).value = text


def _free_row(sheet: Worksheet, header: int, level1: str, level2: str) -> int:
    """The first empty row under a second level."""
    one = two = ""
    for row in range(header + 1, sheet.max_row + 1):
        one = str(sheet.cell(row, 2).value or one)
        two = str(sheet.cell(row, 3).value or two)
        if one.startswith(level1) and (two == level2 or two in level2) and sheet.cell(row, 4).value is None:
            return int(row)
    raise AssertionError(f"no row left under {level2}")
