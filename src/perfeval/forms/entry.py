"""The official table as a form to fill in: for a framework in which an assessment lists indicators of its own.

It has the labels by which `typed` knows the table again, empty rows under each open dimension, the rows of the framework's own
indicators, and the framework's name on a hidden sheet. Nothing is protected: rows can be inserted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from attrs import evolve, frozen
from rich.cells import cell_len

from perfeval.errors import Language, Message
from perfeval.expr.nodes import FactRef
from perfeval.forms.official import OFFICIAL, Field, Official
from perfeval.forms.said import LEVELS
from perfeval.forms.saving import saved
from perfeval.framework import Dimension, Framework, Indicator, Placed
from perfeval.quantity import decimal_text
from perfeval.rules import Rating, YesNo, aim, aim_text, is_judgement

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["ENTRY", "entry_form"]

ENTRY: Final = "perfeval entry"  # the hidden sheet that says which framework the form is for
_FORM: Final = "自评表"
_HOW: Final = Message("填写说明", "How to fill in")
_ROWS: Final = 3  # empty rows under each open dimension
_MOST_CHARACTERS: Final = 32_000
_WIDTHS: Final[Mapping[Field, int]] = {
    "level1": 16,
    "level2": 18,
    "level3": 30,
    "target": 18,
    "goal": 14,
    "actual": 32,  # the longest official level on one line
    "reason": 34,
}
_WIDTH: Final = 12
_HOW_WIDTH: Final = 72  # as wide as upright A4: programs differ in whether they shrink a single column
_LINE: Final = 16  # points of height
_SIGNS: Final = ("≥", "≤", "=", "定性")
_LONGEST_LIST: Final = 250  # characters; Excel takes 255

_INSTRUCTIONS: Final = (
    Message(
        "浅黄的格子由您填写；指标不够的，在同一个二级指标下插入行，多余的空行留着即可。",
        "Fill in the yellow cells. Where the rows do not suffice, insert some under the same second level; leave spare rows empty.",
    ),
    Message(
        "指标值写比较符号、数和单位：≥95%、等于8个（或＝8个）、≤202.6万元、9月底前；定性指标写文字。完成值写数，单位与指标值相同。",
        "A target is a sign, a number and a unit: ≥95%, 等于8个 (or ＝8个), ≤202.6万元, 9月底前; one that is judged is in words. The actual value is a number in the same unit.",
    ),
    Message(
        "定性指标的完成值写等级：达成年度指标、部分达成年度指标并具有一定效果、未达成年度指标且效果较差；得分在该等级的范围内。",
        "The actual value of an indicator that is judged is its level: 达成年度指标, 部分达成年度指标并具有一定效果 or 未达成年度指标且效果较差; the score lies in its range.",
    ),
    Message("未得满分的，写明原因。金额以万元计。", "Where points are lost, give the reason. Money is in 万元."),
    Message(
        "填好后保存，交给计算得分的人：用 perfeval score 加文件名即可得出各项得分。",
        "Once filled in, save it and hand it to whoever computes the scores: perfeval score and the file's name gives them.",
    ),
)


def entry_form(framework: Framework, reference: str, files: Mapping[str, str], language: Language) -> bytes:
    """The framework's official table as an XLSX file to fill in.

    Args:
        reference: the framework's name in the catalogue, or that of its file in `files`.
        files: the framework's own files; none for one in the catalogue.
        language: of the instructions; the table is Chinese.

    Raises:
        ImportError: openpyxl is not installed.
    """
    from openpyxl.workbook import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = _FORM
    official = OFFICIAL[framework.form or "mof-2020-project-self"]
    if not framework.form:
        official = evolve(official, title=framework.title)
    _Printer(sheet, _with_points(official), framework).all()
    _instructions(book, framework, language)
    _carry(book, reference, files)
    return saved(book)


def _with_points(official: Official) -> Official:
    """The table with a column of points, which every row needs to be scored; some print them with the first level only."""
    columns = official.indicators
    if any(wanted == "points" for _, wanted in columns):
        return official
    at = next(index for index, (_, wanted) in enumerate(columns) if wanted == "score")
    return evolve(official, indicators=(*columns[:at], ("分值", "points"), *columns[at:]))


@frozen
class _Line:
    """A row of the indicators: the node it stands at, and whether it is one of the framework's."""

    placed: Placed
    own: bool


class _Printer:
    """Writes the table, row by row."""

    def __init__(self, sheet: Worksheet, official: Official, framework: Framework) -> None:
        self.sheet, self.official, self.framework = sheet, official, framework
        self.execution = next((each for each in framework.indicators if "." not in each.path), None)
        self.last = 1 + max(len(official.indicators), len(official.funds) + 1)
        self.row = 0

    def all(self) -> None:
        """From the title to what is written below the table."""
        self._title()
        for labels in self.official.head:
            self._head(labels)
        if self.execution is not None:
            self._funds(self.execution)
        for name in self.official.goals:
            self._written(name)
        self._indicators()
        for name in self.official.closing:
            self._written(name)
        self._page()

    def _title(self) -> None:
        from openpyxl.styles import Font

        self.row = 1
        self._put(1, self.last, self.official.title, border=False)
        self.sheet.cell(1, 1).font = Font(bold=True, size=16)
        self.sheet.row_dimensions[1].height = 30
        self.row = 2
        self._put(1, self.last, "（        年度）", border=False, open_=True)

    def _head(self, labels: Sequence[tuple[str, str]]) -> None:
        self.row += 1
        step = self.last // len(labels)
        for index, (name, _) in enumerate(labels):
            first = 1 + index * step
            end = self.last if index == len(labels) - 1 else first + step - 1
            self._put(first, first, name, bold=True)
            self._put(first + 1, end, "", open_=True)

    def _funds(self, execution: Placed) -> None:
        self.row += 1
        top = self.row
        columns = tuple(enumerate(self.official.funds, start=3))
        for column, (name, _) in columns:
            self._put(column, self._end(column, columns[-1][0]), name, bold=True)
        for name, group in self.official.sources:
            self.row += 1
            self._put(2, 2, name)
            total = group == self.official.sources[0][1]
            for column, (_, wanted) in columns:
                points = execution.points if total and wanted == "points" else ""
                asked = wanted in ("initial", "approved", "executed") or total
                self._put(column, self._end(column, columns[-1][0]), points, open_=asked and not points)
        title = self.official.funds_title
        self._side(top, title if "万元" in title else f"{title}（万元）")

    def _end(self, column: int, last: int) -> int:
        return self.last if column == last else column

    def _indicators(self) -> None:
        self.row += 1
        top = self.row
        columns = {wanted: column for column, (_, wanted) in enumerate(self.official.indicators, start=2)}
        for column, (name, _) in enumerate(self.official.indicators, start=2):
            self._put(column, self._end(column, 1 + len(columns)), name, bold=True)
        first = self.row + 1
        first_level: dict[str, int] = {}
        second_level: dict[str, int] = {}
        for line in self._lines():
            self.row += 1
            self._line(line, columns)
            one, _, _ = line.placed.path.partition(".")
            first_level.setdefault(one, self.row)
            second_level.setdefault(self._dimension(line), self.row)
        self._levels(first_level, columns["level1"])
        self._levels(second_level, columns["level2"], above=first_level)
        self._side(top, self.official.indicators_title)
        self.row += 1
        self._put(1, columns["points"] - 1, "总分", bold=True)
        self._put(columns["points"], columns["points"], self.framework.points)
        self._put(columns["score"], columns["score"], "", open_=True)
        self._colours(first, columns)

    def _lines(self) -> Iterator[_Line]:
        for path, placed in self.framework.layout.items():
            if isinstance(placed.node, Indicator):
                if placed is not self.execution and "." in path:
                    yield _Line(placed, own=False)
            elif placed.node.open:
                yield from (_Line(placed, own=True) for _ in range(_ROWS))

    def _dimension(self, line: _Line) -> str:
        """The dimension that a line stands under."""
        path = line.placed.path
        return path if line.own else path.rpartition(".")[0]

    def _line(self, line: _Line, columns: Mapping[Field, int]) -> None:
        lines = 1
        for wanted, column in columns.items():
            said, open_ = self._field(line, wanted)
            self._put(column, self._end(column, 1 + len(columns)), said, open_=open_)
            if open_ and wanted in ("target", "goal"):
                self.sheet.cell(self.row, column).number_format = "@"  # =8个 is a target, not a formula
            if isinstance(said, str):
                lines = max(lines, -(-cell_len(said) // (_WIDTHS.get(wanted, _WIDTH) - 2)))
        if lines > 1:  # any other row is left to grow with what is written into it
            self.sheet.row_dimensions[self.row].height = _LINE * (lines + 1)
        if "sign" in columns and line.own:
            self._choose(columns["sign"], _SIGNS)
        self._choose(columns["actual"], _answers(line), free=line.own)

    def _colours(self, first: int, columns: Mapping[Field, int]) -> None:
        """Red: a row that loses points without a reason; and the points of the total where those of the rows do not add up to them."""
        from openpyxl.formatting.rule import FormulaRule
        from openpyxl.styles import PatternFill

        last, red = self.row - 1, PatternFill(bgColor="FFD9D9")
        letter = {wanted: _letter(column) for wanted, column in columns.items()}
        points = letter["points"]
        own = "0" if self.execution is None else decimal_text(self.execution.points)
        given = f"{points}${first}:{points}${last}"
        rules = {f"{points}{last + 1}": f"AND(COUNT({given})>0,ROUND(SUM({given})+{own}-{points}${last + 1},6)<>0)"}
        if "reason" in letter:
            row = {wanted: f"${each}{first}" for wanted, each in letter.items()}
            lost = f"AND(ISNUMBER({row['points']}),ISNUMBER({row['score']}),{row['score']}<{row['points']})"
            rules[f"{letter['level3']}{first}:{_letter(self.last)}{last}"] = f'AND({lost},TRIM({row["reason"]}&"")="")'
        for where, formula in rules.items():
            rule = FormulaRule(formula=[formula], fill=red)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
            self.sheet.conditional_formatting.add(where, rule)

    def _field(self, line: _Line, wanted: Field) -> tuple[str | Fraction, bool]:
        """What a field says, and whether it is to be filled in."""
        node = line.placed.node
        if wanted in ("level1", "level2"):
            return "", False
        if line.own:
            return "", True
        assert isinstance(node, Indicator)
        points, judged = line.placed.points, is_judgement(node.rule)
        goal, asked = aim(node.rule, points), aim_text(node.rule, points) or node.standard
        known: dict[Field, str | Fraction] = {
            "level3": node.title,
            "points": points,
            "target": asked,
            "sign": goal.sign if goal is not None else "定性" if judged else "—",
            "goal": str(goal.quantity).removesuffix(goal.quantity.unit.name) if goal is not None else asked,
            "unit": goal.quantity.unit.name if goal is not None else node.unit,
        }
        return known.get(wanted, ""), wanted not in known

    def _levels(self, begun: Mapping[str, int], column: int, above: Mapping[str, int] | None = None) -> None:
        """The titles of a level, each beside all its rows."""
        tops = sorted({*begun.values(), *(above or {}).values(), self.row + 1})
        for path, top in begun.items():
            bottom = next(each for each in tops if each > top) - 1
            node = self.framework.layout[path].node
            title = node.title
            if isinstance(node, Dimension) and node.points is not None and above is None:
                title += f"（{decimal_text(node.points)}分）"
            self.sheet.cell(top, column).value = title
            self._merge(column, top, column, bottom)

    def _written(self, name: str) -> None:
        """A row that people write."""
        self.row += 1
        self.sheet.row_dimensions[self.row].height = 48
        self._put(1, 2, name, bold=True)
        self._put(3, self.last, "", open_=True)

    def _side(self, top: int, title: str) -> None:
        """The block's title beside its rows."""
        bottom, self.row = self.row, top
        self._put(1, 1, title, bold=True)
        self.row = bottom
        self._merge(1, top, 1, bottom)

    # Cells.

    def _put(
        self,
        first: int,
        last: int,
        said: str | Fraction,
        *,
        bold: bool = False,
        border: bool = True,
        open_: bool = False,
    ) -> None:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

        thin = Side(style="thin", color="000000")
        for column in range(first, last + 1):
            cell = self.sheet.cell(self.row, column)
            cell.font = Font(bold=bold)
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            if border:
                cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            if open_:
                cell.fill = PatternFill("solid", fgColor="FFF9E0")
        if isinstance(said, Fraction):
            self.sheet.cell(self.row, first).value = Decimal(decimal_text(said))
        elif said:
            _write(self.sheet, self.row, first, said)
        self._merge(first, self.row, last, self.row)

    def _merge(self, first: int, top: int, last: int, bottom: int) -> None:
        if (first, top) != (last, bottom):
            self.sheet.merge_cells(start_row=top, start_column=first, end_row=bottom, end_column=last)

    def _choose(self, column: int, choices: Sequence[str], *, free: bool = False) -> None:
        """A list to choose from in a cell of this row; where it is `free`, something else may be written too."""
        from openpyxl.worksheet.datavalidation import DataValidation

        listed = f'"{",".join(choices)}"'
        if not choices or any(set(each) & set(',"') for each in choices) or len(listed) > _LONGEST_LIST:
            return
        rules = self.sheet.data_validations.dataValidation
        rule = next((each for each in rules if (each.formula1, each.showErrorMessage) == (listed, not free)), None)
        if rule is None:
            rule = DataValidation(type="list", formula1=listed, allow_blank=True, showErrorMessage=not free)
            self.sheet.add_data_validation(rule)
        rule.add(f"{_letter(column)}{self.row}")

    def _page(self) -> None:
        from openpyxl.worksheet.properties import PageSetupProperties

        sheet = self.sheet
        sheet.column_dimensions["A"].width = 16
        for column, (_, wanted) in enumerate(self.official.indicators, start=2):
            sheet.column_dimensions[_letter(column)].width = _WIDTHS.get(wanted, _WIDTH)
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_area = f"A1:{_letter(self.last)}{self.row}"


def _answers(line: _Line) -> Sequence[str]:
    """The words that may stand as the actual value; a number may too where the row is one's own."""
    node = line.placed.node
    rule = node.rule if isinstance(node, Indicator) else None
    if line.own:
        return [each.name for each in LEVELS]
    if isinstance(rule, Rating):
        return [each.name for each in rule.levels]
    asked = isinstance(rule, YesNo) and isinstance(rule.when or line.placed.actual, FactRef)
    return ("是", "否") if asked else ()


def _instructions(book: Workbook, framework: Framework, language: Language) -> None:
    from openpyxl.styles import Alignment
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet = book.create_sheet(_HOW.to(language))
    sheet.column_dimensions["A"].width = _HOW_WIDTH
    notes = (_for_everyone(each.node.note) for each in framework.layout.values() if isinstance(each.node, Dimension))
    lines = [framework.called(language), *(each.to(language) for each in _INSTRUCTIONS), *filter(None, notes)]
    for row, text in enumerate(lines, start=1):
        _write(sheet, row, 1, text)
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row].height = 18 * -(-cell_len(text) // (_HOW_WIDTH - 4))
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _for_everyone(note: str) -> str:
    """A note without what only those who write framework files understand: the names of rules, keys and facts."""
    said = re.findall(r"[^。]+。?", re.sub(r"（[a-z-]+ ?规则）", "", note))
    return "".join(each for each in said if not re.search(r"[a-z_]{3,}", each))


def _carry(book: Workbook, reference: str, files: Mapping[str, str]) -> None:
    """The framework that the form is for; hidden."""
    sheet = book.create_sheet(ENTRY)
    said = json.dumps({"framework": reference, "files": dict(files)}, ensure_ascii=True)
    for row, start in enumerate(range(0, len(said), _MOST_CHARACTERS), start=1):
        _write(sheet, row, 1, said[start : start + _MOST_CHARACTERS])
    sheet.sheet_state = "veryHidden"


def _write(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Text that stays text."""
    cell = sheet.cell(row, column)
    cell.value = text
    cell.data_type = "s"


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(column)
