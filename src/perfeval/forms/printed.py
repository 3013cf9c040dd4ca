"""An official table as a sheet of the live workbook: its figures are the workbook's own cells, so it follows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from rich.cells import cell_len

from perfeval.assessment import Assessment
from perfeval.expr.nodes import FactRef
from perfeval.forms.official import Field, Fund, Official
from perfeval.framework import Framework, Indicator, Placed
from perfeval.rules import Completion

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["Cells", "Formula", "print_official"]

_HEIGHT = 18
_WRITING = 60
_WIDTHS: Mapping[Field, int] = {
    "level1": 18,
    "level2": 18,
    "level3": 26,
    "target": 18,
    "goal": 18,
    "actual": 18,
    "reason": 34,
}
_WIDTH = 12


class Formula(str):
    """Text that is a formula of ours, as no text from a file ever is."""


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

    def of(self, column: str, path: str) -> str:
        """The cell of a node in a column of the form."""
        return f"'{self.form}'!${column}${self.rows[path]}"


def print_official(sheet: Worksheet, official: Official, assessment: Assessment, cells: Cells) -> None:
    """Fill `sheet` with an official table."""
    _Printer(sheet, official, assessment, cells).all()


class _Printer:
    def __init__(self, sheet: Worksheet, official: Official, assessment: Assessment, cells: Cells) -> None:
        self.sheet, self.official, self.assessment, self.cells = sheet, official, assessment, cells
        self.framework: Framework = assessment.framework
        self.last = official.columns
        self.row = 0

    def all(self) -> None:
        """The whole table, from the title to the notes."""
        self._widths()
        self._title()
        for labels in self.official.head:
            self._head(labels)
        if self._execution() is not None:
            self._funds()
        for label in self.official.goals:
            self._written(label)
        self._indicators()
        self._total()
        for label in self.official.closing:
            self._written(label)
        for note in self.official.notes:
            self._next(16)
            self._put(1, self.last, f"说明：{note}", border=False, left=True)
        self.sheet.print_area = f"A1:{self._letter(self.last)}{self.row}"

    # Blocks.

    def _title(self) -> None:
        from openpyxl.styles import Font

        self._next(36)
        self._put(1, self.last, self.official.title, border=False)
        self.sheet.cell(self.row, 1).font = Font(bold=True, size=18)
        year = self.assessment.subject.year
        self._next()
        self._put(1, self.last, f"（{year}年度）" if year is not None else "（    年度）", border=False)

    def _head(self, labels: tuple[tuple[str, str], ...]) -> None:
        self._next()
        subject = self.assessment.subject
        known = {"name": subject.name, "unit": subject.unit}
        step = self.last // len(labels)
        for index, (label, wanted) in enumerate(labels):
            first = 1 + index * step
            last = self.last if index == len(labels) - 1 else first + step - 1
            self._put(first, first, label, bold=True)
            self._put(first + 1, last, known.get(wanted, ""), left=True, open_=wanted not in known)

    def _funds(self) -> None:
        first = self.row + 1
        self._next(32)
        self._put(2, 2, "")
        for column, (label, _) in enumerate(self.official.funds, start=3):
            self._put(column, self._fund_end(column), label, bold=True)
        for label, group in self.official.sources:
            self._next()
            self._put(2, 2, label, left=True)
            for column, (_, wanted) in enumerate(self.official.funds, start=3):
                formula, number_format = self._fund(group, wanted)
                self._put(column, self._fund_end(column), formula, number_format=number_format, open_=not formula)
        self._side(first, self.official.funds_title)

    def _fund_end(self, column: int) -> int:
        return self.last if column == 2 + len(self.official.funds) else column

    def _fund(self, group: str, wanted: Fund) -> tuple[str, str]:
        """What stands in a cell of the budget block, and how it is shown."""
        execution = self._execution()
        assert execution is not None
        total = group == self.official.sources[0][1]
        fact = self.cells.facts.get(f"{group}.{wanted}")
        approved, executed = (self.cells.facts.get(f"{group}.{name}") for name in ("approved", "executed"))
        match wanted:
            case "points":
                return (Formula(f"={self.cells.of('B', execution.path)}") if total else "/"), "General"
            case "score":
                return (Formula(f"={self.cells.of('D', execution.path)}") if total else "/"), "0.00"
            case "reason":
                return (self._reason(execution.path) if total else ""), "General"
            case "rate":
                if approved is None or executed is None:
                    return "", "0.00%"
                return Formula(f'=IFERROR({executed}/{approved},"")'), "0.00%"
            case _:
                return ("" if fact is None else Formula(f'=IFERROR({fact}/10000,"")')), "0.00##"

    def _execution(self) -> Placed | None:
        """The indicator of execution: the first one that stands alone on the first level."""
        return next((each for each in self.framework.indicators if "." not in each.path), None)

    def _indicators(self) -> None:
        first = self.row + 1
        self._next(32)
        spans = dict(self._spans())
        for label, wanted in self.official.indicators:
            self._put(*spans[wanted], label, bold=True)
        execution = self._execution()
        begun: dict[Field, tuple[str, int]] = {}
        for placed in self.framework.indicators:
            if execution is not None and placed.path == execution.path:
                continue
            self._next(_HEIGHT * max(self._lines(placed, wanted) for wanted in spans))
            self._indicator(placed, spans, begun)
        for wanted, (_, top) in begun.items():
            self._merge(spans[wanted][0], top, spans[wanted][1], self.row)
        self._side(first, self.official.indicators_title)

    def _indicator(
        self, placed: Placed, spans: Mapping[Field, tuple[int, int]], begun: dict[Field, tuple[str, int]]
    ) -> None:
        levels: tuple[Field, Field] = ("level1", "level2")
        for depth, wanted in enumerate(levels, start=1):
            path = ".".join(placed.path.split(".")[:depth])
            before = begun.get(wanted)
            if before is not None and before[0] != path:
                self._merge(spans[wanted][0], before[1], spans[wanted][1], self.row - 1)
            if before is None or before[0] != path:
                begun[wanted] = (path, self.row)
                node = self.framework.layout[path].node
                self._put(*spans[wanted], "" if path == placed.path else node.title, merge=False)
            else:
                self._put(*spans[wanted], "", merge=False)
        for wanted, (start, end) in spans.items():
            if wanted not in levels:
                text, number_format = self._field(placed, wanted)
                self._put(start, end, text, number_format=number_format, left=wanted in ("level3", "reason"))

    def _field(self, placed: Placed, wanted: Field) -> tuple[str, str]:
        indicator = placed.node
        assert isinstance(indicator, Indicator)
        target = indicator.rule.target if isinstance(indicator.rule, Completion) else None
        match wanted:
            case "level3":
                return indicator.title, "General"
            case "sign":
                return (target.sign if target is not None else "定性"), "General"
            case "target":
                return (str(target) if target is not None else indicator.standard or "定性"), "General"
            case "goal":
                if target is None:
                    return indicator.standard or "—", "General"
                return str(target.quantity).removesuffix(target.quantity.unit.name), "General"
            case "unit":
                return (target.quantity.unit.name if target is not None else indicator.unit), "General"
            case "actual":
                return Formula(f"={self.cells.of('C', placed.path)}"), self._actual_format(placed)
            case "points":
                return Formula(f"={self.cells.of('B', placed.path)}"), "General"
            case "score":
                return Formula(f"={self.cells.of('D', placed.path)}"), "0.00##"
            case "reason":
                return self._reason(placed.path), "General"
            case _:
                return "", "General"

    def _actual_format(self, placed: Placed) -> str:
        """That of the form; without the unit where the unit has a column of its own."""
        book = self.sheet.parent
        shown = (
            "General"
            if book is None
            else str(book[self.cells.form].cell(self.cells.rows[placed.path], 3).number_format)
        )
        own = any(wanted == "unit" for _, wanted in self.official.indicators)
        return "General" if own and shown.startswith("General") else shown

    def _lines(self, placed: Placed, wanted: Field) -> int:
        """How many lines a field takes in its column."""
        if wanted in ("level1", "level2"):
            return 1
        text, _ = self._field(placed, wanted)
        if wanted == "reason":
            text = self.assessment.remark(placed.path).reason
        if wanted == "actual":
            text = self._answer(placed)
        return 1 if isinstance(text, Formula) else max(1, -(-cell_len(text) // (_WIDTHS.get(wanted, _WIDTH) - 2)))

    def _answer(self, placed: Placed) -> str:
        """The word that a rating was answered with."""
        actual = placed.actual
        value = self.assessment.facts.value(f"{actual.name}.level") if isinstance(actual, FactRef) else None
        return value if isinstance(value, str) else ""

    def _reason(self, path: str) -> str:
        cell = self.cells.of("F", path)
        return Formula(f'=IF({cell}="","",{cell})')

    def _total(self) -> None:
        self._next()
        spans = dict(self._spans())
        self._put(1, spans["points"][0] - 1, "总分", bold=True)
        self._put(*spans["points"], Formula(f"={self.cells.of('B', '')}"), bold=True)
        self._put(*spans["score"], Formula(f"={self.cells.of('D', '')}"), bold=True, number_format="0.00")
        self._put(spans["score"][1] + 1, self.last, "")

    def _written(self, label: str) -> None:
        """A row that people write."""
        self._next(_WRITING)
        self._put(1, 2, label, bold=True)
        self._put(3, self.last, "", left=True, open_=True)

    # Cells.

    def _spans(self) -> Iterator[tuple[Field, tuple[int, int]]]:
        """The columns of each field of the indicator block; the last field takes what is left."""
        for index, (_, wanted) in enumerate(self.official.indicators, start=2):
            last = index == 1 + len(self.official.indicators)
            yield wanted, (index, self.last if last else index)

    def _widths(self) -> None:
        self.sheet.column_dimensions["A"].width = 16
        for wanted, (start, _) in self._spans():
            self.sheet.column_dimensions[self._letter(start)].width = _WIDTHS.get(wanted, _WIDTH)

    def _next(self, height: int = _HEIGHT) -> None:
        self.row += 1
        self.sheet.row_dimensions[self.row].height = height

    def _side(self, first: int, title: str) -> None:
        """The block's title beside its rows."""
        row, self.row = self.row, first
        self._put(1, 1, title, bold=True)
        self.row = row
        self._merge(1, first, 1, row)

    def _put(
        self,
        first: int,
        last: int,
        text: str,
        *,
        bold: bool = False,
        left: bool = False,
        border: bool = True,
        open_: bool = False,
        merge: bool = True,
        number_format: str = "General",
    ) -> None:
        from openpyxl.styles import Alignment, Border, Font, Protection, Side

        thin = Side(style="thin", color="000000")
        for column in range(first, last + 1):
            cell = self.sheet.cell(self.row, column)
            cell.font = Font(bold=bold)
            cell.alignment = Alignment(horizontal="left" if left else "center", vertical="center", wrap_text=True)
            cell.protection = Protection(locked=not open_)
            if border:
                cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
        cell = self.sheet.cell(self.row, first)
        if isinstance(text, Formula):
            cell.value = str(text)
            cell.number_format = number_format
        elif text:
            self.cells.text(cell, text)
        if merge:
            self._merge(first, self.row, last, self.row)

    def _merge(self, first: int, top: int, last: int, bottom: int) -> None:
        if (first, top) != (last, bottom):
            self.sheet.merge_cells(start_row=top, start_column=first, end_row=bottom, end_column=last)

    def _letter(self, column: int) -> str:
        from openpyxl.utils import get_column_letter

        return get_column_letter(column)
