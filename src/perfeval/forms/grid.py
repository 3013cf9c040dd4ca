"""Sheets as plain cells: what a reader sees in each, its place, and which are merged; from .xlsx, .xls and .csv alike.

A cell's text is what people would read there: a number with the decimals and the unit that the cell shows, 95% for 0.95 that is
shown as a percentage, without spaces around it.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from attrs import field, frozen

from perfeval.errors import Message, Place, Problem
from perfeval.forms.opening import Opened, damaged, failed, has_password
from perfeval.quantity import number_in_cell

__all__ = ["Cell", "Grid", "column_letter", "grids", "one_line"]

_MOST_ROWS: Final = 20_000
_MOST_COLUMNS: Final = 1_000
_MOST_MERGED: Final = 500_000  # cells, in all
_MOST_CHARACTERS: Final = 4_000  # of a cell: more than any field of a table holds

_FORMAT_UNIT: Final = re.compile(r'[0#?l]"([^"]{1,12})"$')
_CONSTANT: Final = re.compile(r"=\s*\d[\d.,]*\s*(?:%|[\u4e00-\u9fff/]*)")
_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_BREAK_IN_CHINESE: Final = re.compile(r"(?<=[^\x00-\xff])\s*[\r\n]+\s*(?=[^\x00-\xff])")


@frozen
class Cell:
    """One cell that holds something.

    Attributes:
        row, column: 1-based.
        text: what a reader sees.
        computed: whether it is a formula whose result the file does not hold; there is then no text.
        typed: a formula that is no computation, such as =8个: somebody meant the sign.
    """

    row: int
    column: int
    text: str
    computed: bool = True
    typed: str = ""


@frozen
class Grid:
    """One sheet.

    Attributes:
        path: the file.
        title: of the sheet.
        cells: those that hold something, by row and column.
        merged: the cell that shows what stands in a merged range, by the row and column of each other cell of the range.
        hidden: rows that are not shown.
    """

    path: str
    title: str
    cells: Mapping[tuple[int, int], Cell]
    merged: Mapping[tuple[int, int], tuple[int, int]] = field(factory=dict)
    hidden: frozenset[int] = frozenset()
    _by_row: dict[int, list[Cell]] = field(init=False, repr=False, eq=False)

    @_by_row.default
    def _default_by_row(self) -> dict[int, list[Cell]]:
        found: dict[int, list[Cell]] = {}
        for row, column in sorted(self.cells):
            found.setdefault(row, []).append(self.cells[row, column])
        return found

    @property
    def rows(self) -> int:
        """The last row that holds something."""
        return next(reversed(self._by_row), 0)

    def at(self, row: int, column: int) -> Cell:
        """The cell itself; empty where it holds nothing."""
        return self.cells.get((row, column)) or Cell(row, column, "")

    def shown(self, row: int, column: int) -> Cell:
        """What a reader sees at a place: of a merged range, what its first cell holds."""
        return self.at(*self.merged.get((row, column), (row, column)))

    def across(self, row: int) -> Iterator[Cell]:
        """The cells of a row that hold something."""
        return iter(self._by_row.get(row, ()))

    def name(self, cell: Cell) -> str:
        """Sheet and cell, as people write it: ``自评表!C5``."""
        return f"{self.title}!{column_letter(cell.column)}{cell.row}"

    def place(self, cell: Cell) -> Place:
        """Where a problem lies."""
        return Place(self.path, cell.row, cell.column, self.name(cell))

    def problem(self, cell: Cell, zh: str, en: str) -> Problem:
        """A problem at a cell."""
        return Problem(Message(zh, en), place=self.place(cell))


def column_letter(column: int) -> str:
    """``A`` for 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def one_line(text: str) -> str:
    """Text without what cannot be seen, on one line: a line break inside a Chinese word is none."""
    shown = _BREAK_IN_CHINESE.sub("", text.translate(_INVISIBLE).strip())
    return " ".join("".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in shown).split())


def grids(file: Opened) -> tuple[Grid, ...]:
    """The sheets of a file that people see, each as plain cells; hidden sheets are left out.

    Raises:
        LoadError: the file cannot be read.
        ImportError: the library that reads such a file is not installed.
    """
    read: Callable[[str, bytes], Iterator[Grid]] = {"xlsx": _from_xlsx, "xls": _from_xls, "csv": _from_csv}[file.kind]
    return tuple(read(file.path, file.data))


def _text(value: object, number_format: str) -> str:
    """What a reader sees of a value."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime() | date():
            day = value.date() if isinstance(value, datetime) else value
            shown = number_format.lower()
            # A month that was typed alone is stored as its first day.
            return day.isoformat() if "d" in shown or "m" not in shown else f"{day.year}年{day.month}月"
        case int() | float():
            unit = _FORMAT_UNIT.search(number_format)
            return number_in_cell(value, number_format) + (unit[1] if unit else "")
        case _:
            return one_line(str(value)[:_MOST_CHARACTERS])


# .xlsx


def _from_xlsx(path: str, data: bytes) -> Iterator[Grid]:
    from openpyxl import load_workbook

    try:
        # Formulas once as they stand, and once as the last program to save the file computed them.
        written, computed = (
            load_workbook(io.BytesIO(data), data_only=each, keep_links=False) for each in (False, True)
        )
    except Exception:  # openpyxl raises what its parsers do
        raise damaged(path) from None
    for sheet in written.worksheets:
        if sheet.sheet_state == "visible":
            yield _xlsx_grid(path, sheet, computed[sheet.title])


def _xlsx_grid(path: str, sheet: Any, computed: Any) -> Grid:
    cells: dict[tuple[int, int], Cell] = {}
    for row in sheet.iter_rows():
        for each in row:
            if each.value is None:
                continue
            at = (each.row, each.column)
            value = computed.cell(*at).value if each.data_type == "f" else each.value
            constant = each.data_type == "f" and _CONSTANT.fullmatch(str(each.value))
            text = _text(value, str(each.number_format or ""))
            if text or value is None:
                cells[at] = Cell(*at, text, value is not None, one_line(str(each.value)) if constant else "")
    merged = {
        (row, column): (found.min_row, found.min_col)
        for found in sheet.merged_cells.ranges
        for row in range(found.min_row, found.max_row + 1)
        for column in range(found.min_col, found.max_col + 1)
    }
    hidden = frozenset(row for row, shown in sheet.row_dimensions.items() if shown.hidden)
    return Grid(path, str(sheet.title), cells, merged, hidden)


# .xls


def _from_xls(path: str, data: bytes) -> Iterator[Grid]:
    import xlrd

    try:
        book = xlrd.open_workbook(
            file_contents=_stream(data),
            formatting_info=True,
            ragged_rows=True,  # or one cell at the far corner is sixteen million
            logfile=io.StringIO(),
        )
    except Exception as error:  # xlrd raises what unpacking a damaged file does
        if isinstance(error, xlrd.biffh.XLRDError) and "encrypted" in str(error):
            raise has_password(path) from None
        raise damaged(path) from None
    for sheet in book.sheets():
        if sheet.visibility == 0:
            yield _xls_grid(path, book, sheet)


def _stream(data: bytes) -> bytes:
    """The workbook in a compound file; xlrd would follow a chain of sectors that goes round in a circle for ever."""
    import olefile

    with olefile.OleFileIO(data) as file:
        name = next((each for each in ("Workbook", "Book") if file.exists(each)), None)
        if name is None:
            raise ValueError("no workbook in it")
        stream: bytes = file.openstream(name).read()
        return stream


def _xls_grid(path: str, book: Any, sheet: Any) -> Grid:
    import xlrd

    cells: dict[tuple[int, int], Cell] = {}
    for row in range(min(sheet.nrows, _MOST_ROWS)):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            each = sheet.cell(row, column)
            number_format = _xls_format(book, each)
            value: object = each.value
            if each.ctype == xlrd.XL_CELL_DATE:
                value = xlrd.xldate_as_datetime(each.value, book.datemode)
            elif each.ctype == xlrd.XL_CELL_BOOLEAN:
                value = bool(each.value)
            elif each.ctype == xlrd.XL_CELL_ERROR:
                value = xlrd.error_text_from_code.get(each.value, "#")
            if text := _text(value, number_format):
                cells[row + 1, column + 1] = Cell(row + 1, column + 1, text)
    if sum((bottom - top) * (right - left) for top, bottom, left, right in sheet.merged_cells) > _MOST_MERGED:
        raise failed(path, "合并的单元格过多，不予读取", "has too many merged cells and is not read")
    merged = {
        (row + 1, column + 1): (top + 1, left + 1)
        for top, bottom, left, right in sheet.merged_cells
        for row in range(top, min(bottom, _MOST_ROWS))
        for column in range(left, right)
    }
    hidden = frozenset(row + 1 for row, shown in sheet.rowinfo_map.items() if shown.hidden)
    return Grid(path, str(sheet.name), cells, merged, hidden)


def _xls_format(book: Any, cell: Any) -> str:
    if cell.xf_index is None or cell.xf_index >= len(book.xf_list):
        return ""
    found = book.format_map.get(book.xf_list[cell.xf_index].format_key)
    return str(found.format_str) if found else ""


# .csv


def _from_csv(path: str, data: bytes) -> Iterator[Grid]:
    text = _decoded(path, data)
    start = text[:4096]
    delimiter = max(",\t;", key=start.count)
    cells: dict[tuple[int, int], Cell] = {}
    try:
        for row, values in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
            if row > _MOST_ROWS or len(values) > _MOST_COLUMNS:
                raise failed(path, "行或列过多，不予读取", "has too many rows or columns and is not read")
            for column, value in enumerate(values, start=1):
                if shown := _text(value, ""):
                    cells[row, column] = Cell(row, column, shown)
    except csv.Error:
        raise failed(
            path,
            "有一格过长，或含有表格中不能有的字符，无法读取 — 请另存为 .xlsx",
            "has a cell that is too long, or a sign that no table can hold, and cannot be read — save it as .xlsx",
        ) from None
    yield Grid(path, Path(path).stem, cells)


def _decoded(path: str, data: bytes) -> str:
    """UTF-8, with or without a mark; UTF-16 with one; else what Chinese Excel writes."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise failed(
        path,
        "不是文本 — 请另存为 .xlsx，或 UTF-8 的 .csv",
        "is no text — save it as .xlsx, or as .csv in UTF-8",
    )
