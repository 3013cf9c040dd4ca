"""An official table as a sheet of the live workbook: its figures are the workbook's own cells, so it follows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Literal

from perfeval.forms.layout import (
    PRINTED_HEIGHT,
    Amount,
    Box,
    Content,
    Figure,
    Layout,
    Rate,
    actual_value,
    is_computed,
)
from perfeval.quantity import Quantity
from perfeval.scorecard import Scorecard

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["Cells", "print_official"]

_COLUMNS: Final = {"points": "B", "actual": "C", "score": "D", "reason": "F"}  # of the sheet with the tree
_SHRUNK: Final = 75  # percent: a table that would print no smaller goes onto one page
_HIGHEST: Final = 409  # points: no row is higher


class Cells:
    """Where the workbook keeps what an official table shows.

    Attributes:
        form: the title of the sheet with the tree.
        rows: the row of each node there; "" is the total.
        facts: the cell of each fact, in base units.
        text: writes text that stays text.
    """

    def __init__(
        self,
        form: str,
        rows: Mapping[str, int],
        facts: Mapping[str, str],
        text: Callable[[Cell | MergedCell, str], None],
    ) -> None:
        self.form, self.rows, self.facts, self.text = form, rows, facts, text

    def of(self, figure: Figure) -> str:
        """The cell of a figure on the sheet with the tree."""
        return f"'{self.form}'!${_COLUMNS[figure.what]}${self.rows[figure.path]}"


def print_official(sheet: Worksheet, layout: Layout, card: Scorecard, cells: Cells) -> None:
    """Fill `sheet` with an official table, ready to print on A4."""
    for box in layout.boxes:
        _box(sheet, box, card, cells, vertical="top" if layout.begins_at_its_top(box) else "center")
    for row, height in enumerate(layout.heights, start=1):
        sheet.row_dimensions[row].height = min(_HIGHEST, height * 720 / 254)
    for column, width in zip(_letters(layout), layout.widths, strict=True):
        sheet.column_dimensions[column].width = (
            width * 960 / 254 - 5
        ) / 7  # in characters of seven pixels, and five beside
    _page(sheet, layout)


def _page(sheet: Worksheet, layout: Layout) -> None:
    """Upright A4: on one page where that leaves it legible; else on several, the indicators' heading repeated where they go on."""
    from openpyxl.worksheet.page import PageMargins
    from openpyxl.worksheet.properties import PageSetupProperties

    *_, last = _letters(layout)
    sheet.print_area = f"A1:{last}{len(layout.heights)}"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "portrait"
    whole = sum(layout.heights) * _SHRUNK <= PRINTED_HEIGHT * 100
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, int(whole)
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    centimetre = 100 / 254
    sheet.page_margins = PageMargins(
        left=centimetre,
        right=centimetre,
        top=centimetre,
        bottom=centimetre,
        header=centimetre / 2,
        footer=centimetre / 2,
    )
    sheet.print_options.horizontalCentered = True
    if not whole:
        footer = sheet.oddFooter
        if footer is not None and footer.center is not None:
            footer.center.text = "&P / &N"
        if layout.goes_on:
            sheet.print_title_rows = f"{layout.repeated}:{layout.repeated}"


# Cells.


def _box(sheet: Worksheet, box: Box, card: Scorecard, cells: Cells, vertical: Literal["top", "center"]) -> None:
    from openpyxl.styles import Alignment, Border, Font, Protection, Side

    formula, number_format = _formula(box.content, card, cells)
    thin = Side(style="thin", color="000000")
    for row in range(box.row, box.row + box.rows):
        for column in range(box.column, box.column + box.columns):
            cell = sheet.cell(row, column)
            cell.font = Font(name="宋体", bold=box.look in ("heading", "title"), size=16 if box.look == "title" else 9)
            cell.alignment = Alignment(horizontal=box.align, vertical=vertical, wrap_text=True)
            cell.protection = Protection(locked=bool(formula) or not box.written)
            if box.look in ("heading", "text"):
                cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    cell = sheet.cell(box.row, box.column)
    if formula:
        cell.value = f"={formula}"
        cell.number_format = number_format
    elif isinstance(box.content, str) and box.content:
        cells.text(cell, box.content)
    if box.rows > 1 or box.columns > 1:
        sheet.merge_cells(
            start_row=box.row,
            start_column=box.column,
            end_row=box.row + box.rows - 1,
            end_column=box.column + box.columns - 1,
        )


def _formula(content: Content, card: Scorecard, cells: Cells) -> tuple[str, str]:
    """What a cell shows as a formula, and its number format; "" where there is none."""
    match content:
        case str():
            return "", ""
        case Amount(fact):
            return (f'IFERROR({cells.facts[fact]}/10000,"")' if fact in cells.facts else ""), "0.00####"
        case Rate(group):
            approved, executed = (cells.facts.get(f"{group}.{name}") for name in ("approved", "executed"))
            return (f'IFERROR({executed}/{approved},"")' if approved and executed else ""), "0.00%"
        case Figure(_, "points"):
            return cells.of(content), "General"
        case Figure(path, "score"):
            return cells.of(content), "0.00##" if path else "0.00"
        case Figure(_, "reason"):
            return f'IF({cells.of(content)}="","",{cells.of(content)})', "General"
        case Figure():
            return _actual(content, card, cells)


def _actual(figure: Figure, card: Scorecard, cells: Cells) -> tuple[str, str]:
    """The actual value, as the sheet with the tree has it; without the unit where a column beside it says it."""
    cell = cells.of(figure)
    value = actual_value(card, card.nodes[figure.path])
    if not isinstance(value, Quantity):
        return f'IF({cell}="","",{cell})', "General"
    if value.unit.name == "%" and figure.unit == "%":
        return f'IF({cell}="","",IF(ISNUMBER({cell}),ROUND(100*{cell},8),{cell}))', "General"
    decimals = "." + "0" * value.decimals + "#" * (6 - value.decimals) if 0 < value.decimals < 6 else ""
    if value.kind == "date":
        return f'IF({cell}="","",{cell})', "yyyy-mm-dd"
    if value.unit.name == "%":
        decimals = ".00" if is_computed(card, card.nodes[figure.path]) else decimals
        return f'IF({cell}="","",{cell})', f"0{decimals}%"
    unit = "" if value.unit.name == figure.unit else value.unit.name.replace('"', "").replace("\\", "")
    number = f"0{decimals}" if decimals else "General"
    return f'IF({cell}="","",{cell})', f'{number}"{unit}"' if unit else number


def _letters(layout: Layout) -> tuple[str, ...]:
    from openpyxl.utils import get_column_letter

    return tuple(get_column_letter(column) for column in range(1, len(layout.widths) + 1))
