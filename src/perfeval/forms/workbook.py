"""The live workbook: change a figure in Excel, WPS or LibreOffice, and scores, total and grade follow by the same rules.

Sheets: the form (tree, points, scores, reasons), the facts with their sources, every step of the computation, the rules in
words. Cells to fill in are open, formulas are protected. Needs the extra ``perfeval[documents]``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from attrs import frozen
from rich.cells import cell_len

from perfeval.answers import levels
from perfeval.assessment import Assessment
from perfeval.charts import Bar, attainment_chart, height
from perfeval.errors import Language, Message, PerfevalError
from perfeval.evaluate import evaluate
from perfeval.expr.kinds import KindError, kind_of
from perfeval.expr.names import names
from perfeval.expr.nodes import And, Expr, FactRef, If, Label, Not, Or, Require, children
from perfeval.expr.spreadsheet import Formulas, long_figure, number_text
from perfeval.facts import Fact, FactSheet
from perfeval.forms.layout import lay_out
from perfeval.forms.official import OFFICIAL
from perfeval.forms.printed import Cells, print_official
from perfeval.forms.saving import saved
from perfeval.framework import Framework, Indicator, Placed
from perfeval.quantity import Quantity, exact_places, unit_factors
from perfeval.report.terminal import plain, subject_line
from perfeval.rules import Rating
from perfeval.scorecard import Scorecard, rule_text
from perfeval.totals import award_expression, node_expression, not_applicable_as, total_expression

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["BUNDLE", "CHART", "FACTS", "FORM", "FORM_FIRST", "RULES", "STEPS", "facts_read", "live_workbook"]

FORM: Final = Message("自评表", "Form")
FACTS: Final = Message("事实", "Facts")
STEPS: Final = Message("计算", "Steps")
RULES: Final = Message("规则", "Rules")
CHART: Final = Message("得分率", "Attainment")
_UNITS: Final = Message("单位", "Units")
_MISSING: Final = Message("缺", "?")
_NOT_APPLICABLE: Final = Message("不适用", "n/a")
_TOO_LONG: Final = Message(
    "事实表中橙色的数超过九位有效数字，表格软件的计算精度不能保证：恰在进位或分档边缘的得分可能差一档，以 perfeval score 为准。",
    "The figures in orange on the sheet of facts have more than nine digits, more than a spreadsheet is sure to compute with: a score right "
    "at the edge of a rounding or a band may be one off. What perfeval score says counts.",
)
_YES, _NO = Message("是", "yes"), Message("否", "no")

_EPOCH: Final = date(1899, 12, 30).toordinal()  # what a spreadsheet counts days from
FORM_FIRST: Final = 6  # the first row of the tree
BUNDLE: Final = "perfeval"  # the hidden sheet with the files that the workbook was made from
_BASE_PLACES: Final = 8
_MOST_CHARACTERS: Final = 32_000
_LONGEST_LIST: Final = 250  # characters of a drop-down that stands in its rule; Excel takes 255
_LEADING: Final = ("=", "+", "-", "@", "\t", "\r")


def live_workbook(assessment: Assessment, language: Language, files: Mapping[str, str] | None = None) -> bytes:
    """The assessment as an XLSX file.

    Args:
        files: the TOML files it was read from, by their names, the assessment's own first; with them the workbook can be
            read back.

    Raises:
        ImportError: openpyxl is not installed.
    """
    from openpyxl.workbook import Workbook

    book = Workbook()
    card = evaluate(assessment)
    form = book.active
    assert form is not None
    form.title = FORM.to(language)
    builder = _Builder(book, card, language)
    builder.facts()
    builder.form(form)
    builder.rules()
    builder.chart()
    builder.units()
    if files:
        builder.bundle(files)
    return saved(book)


@frozen
class _Input:
    """How a fact is entered, and what turns the entry into base units.

    Attributes:
        value: what stands in the cell.
        number_format: of the cell.
        unit: beside it.
        choices: for a drop-down.
        base: the formula of the value in base units, `{v}` being the cell and `{unit}` its unit.
    """

    value: object
    number_format: str = "General"
    unit: str = ""
    choices: tuple[str, ...] = ()
    base: str = "{v}"


class _Builder:
    """Fills one workbook."""

    def __init__(self, book: Workbook, card: Scorecard, language: Language) -> None:
        self.book, self.card, self.language = book, card, language
        self.framework: Framework = card.assessment.framework
        self.sheet: FactSheet = card.facts
        self._fact_cells: dict[str, str] = {}
        self._figures: DataValidation | None = None  # that figures are asked for, told for all cells at once
        self._fact_sheet = self._new(FACTS)
        self._step_sheet = self._new(STEPS)
        self._unit_sheet = self._new(_UNITS)
        self._step_row = 1
        self._owner = ""
        self._long = "0"
        self._levels = levels(self.framework)
        self._mixed = frozenset(path for path, exprs in _read_at(self.framework) if any(map(self._is_mixed, exprs)))
        self._lists = 0
        self._formulas = Formulas(self._fact_cells, self.sheet.kinds, self._place)
        self._head(self._step_sheet, (("指标", "indicator"), ("步骤", "step"), ("结果", "result")), (40, 40, 20))

    # Facts.

    def facts(self) -> None:
        """The facts, each with its cell to fill in; derived ones are formulas."""
        titles = (
            ("名称", "name"),
            ("事实", "fact"),
            ("数值", "value"),
            ("单位", "unit"),
            ("出处", "source"),
            ("假定依据", "assumed because"),
            ("换算", "in base units"),
            ("过长", "too long"),
            ("提示", "note"),
        )
        self._head(self._fact_sheet, titles, (34, 44, 18, 10, 40, 40, 18, 9, 28))
        for column in ("G", "H"):
            self._fact_sheet.column_dimensions[column].hidden = True
        asked = list(dict.fromkeys((*self.sheet, *facts_read(self.framework))))
        for row, name in enumerate(asked, start=2):
            self._fact_cells[name] = f"{_quoted(FACTS.to(self.language))}!$G${row}"
        for row, name in enumerate(asked, start=2):
            self._fact(row, self.sheet.facts.get(name) or Fact(name))
            _wrapped(self._fact_sheet, row, (34, 44, 18, 10, 40, 40))
        if asked:
            self._too_long(len(asked) + 1)

    def _fact(self, row: int, fact: Fact) -> None:
        sheet = self._fact_sheet
        for column, text in ((1, fact.name), (2, fact.called(self.language)), (5, fact.source), (6, fact.assumed)):
            self._text(sheet.cell(row, column), text)
        if fact.formula is not None:
            self._derived(row, fact)
            return
        entry = self._entry(fact)
        cell = sheet.cell(row, 3)
        if isinstance(entry.value, str):
            self._text(cell, entry.value)
        else:
            cell.value = entry.value  # type: ignore[assignment]  # a number, a date or nothing
        cell.number_format = entry.number_format
        self._text(sheet.cell(row, 4), entry.unit)
        for column in (3, 4, 5, 6):
            _open(sheet.cell(row, column))
        base = entry.base.format(v=f"C{row}", unit=f"D{row}")
        sheet.cell(row, 7).value = f'=IF(TRIM(C{row}&"")="",NA(),{base})'
        sheet.cell(row, 8).value = f"={long_figure(f'C{row}')}"
        if entry.choices:
            self._drop_down(sheet, f"C{row}", entry.choices)
        elif not isinstance(fact.value, str) and fact.name not in self._levels:
            self._figure_asked(row)
        if entry.number_format == "0%":
            _more_decimals(sheet, f"C{row}")
        if fact.assumed:
            for column in range(1, 7):
                _shade(sheet.cell(row, column), "FFF4CC")

    def _figure_asked(self, row: int) -> None:
        """Say so where a figure is typed as text: `perfeval score` reads it, a formula cannot."""
        from openpyxl.formatting.rule import FormulaRule
        from openpyxl.styles import PatternFill
        from openpyxl.worksheet.datavalidation import DataValidation

        sheet, where = self._fact_sheet, f"C{row}"
        if self._figures is None:
            told = Message(
                "文字形式的数，表格不能计算：请填半角数字，单位写在右边一列。",
                "A figure typed as text is not computed here: write a plain number, its unit in the next column.",
            )
            self._figures = DataValidation(
                type="decimal",
                operator="between",
                formula1="-1E+30",
                formula2="1E+30",
                allow_blank=True,
                errorStyle="warning",
                showErrorMessage=True,
                error=told.to(self.language),
            )
            sheet.add_data_validation(self._figures)
        self._figures.add(where)
        rule = FormulaRule(  # type: ignore[no-untyped-call]  # the stubs leave it untyped
            formula=[f'AND(ISTEXT($C{row}),TRIM($C{row}&"")<>"")'], fill=PatternFill(bgColor="FFC7A6")
        )
        sheet.conditional_formatting.add(where, rule)
        note = Message("文字形式的数，表格不能计算", "a figure typed as text is not computed here").to(self.language)
        sheet.cell(row, 9).value = f'=IF(AND(ISTEXT(C{row}),TRIM(C{row}&"")<>""),"{note}","")'

    def _too_long(self, last: int) -> None:
        """Colour the figures for which a workbook is not proven exact; the form says so below the grade."""
        from openpyxl.formatting.rule import FormulaRule
        from openpyxl.styles import PatternFill

        rule = FormulaRule(formula=["$H2=1"], fill=PatternFill(bgColor="F8CBAD"))  # type: ignore[no-untyped-call]  # as below
        self._fact_sheet.conditional_formatting.add(f"C2:C{last}", rule)
        self._long = f"SUM({_quoted(FACTS.to(self.language))}!$H$2:$H${last})"

    def _derived(self, row: int, fact: Fact) -> None:
        assert fact.formula is not None
        self._owner = fact.called(self.language)
        sheet = self._fact_sheet
        sheet.cell(row, 7).value = f"={self._formula(fact.formula)}"
        shown = self.sheet.value(fact.name)
        factor, unit, number_format = Fraction(1), "", "General"
        if isinstance(shown, Quantity):
            percent = shown.unit.name == "%"
            factor, unit = (Fraction(1), "") if percent else (shown.unit.factor, shown.unit.name)
            number_format = "0.00%" if percent else "General"
        cell = sheet.cell(row, 3)
        cell.value = f'=IFERROR(G{row}/{number_text(factor)},"")' if factor != 1 else f'=IFERROR(G{row},"")'
        cell.number_format = number_format
        self._text(sheet.cell(row, 4), unit)

    def _entry(self, fact: Fact) -> _Input:
        scaled = f"ROUND({{v}}*IFERROR(VLOOKUP({{unit}},{_quoted(_UNITS.to(self.language))}!$A:$B,2,FALSE),1),{_BASE_PLACES})"
        match fact.value:
            case bool():
                return self._truth(fact.value)
            case str():
                return _Input(fact.value, choices=self._levels.get(fact.name, ()))
            case Quantity() as value if value.kind == "date":
                day = date.fromordinal(int(value.value))
                return _Input(day, "yyyy-mm-dd", base=f"({{v}}+{_EPOCH})")
            case Quantity() as value if value.unit.name == "%":
                return _Input(_number(value.value), _format(value.decimals, "0%"), base=f"ROUND({{v}},{_BASE_PLACES})")
            case Quantity() as value:
                typed = _number(value.value / value.unit.factor)
                return _Input(typed, _format(value.decimals, "General"), value.unit.name, base=scaled)
            case _:
                if fact.name in self._levels:
                    return _Input(None, choices=self._levels[fact.name])
                return self._truth(None) if self._is_truth(fact.name) else _Input(None, base=scaled)

    def _truth(self, value: bool | None) -> _Input:
        yes, no = _YES.to(self.language), _NO.to(self.language)
        shown = None if value is None else (yes if value else no)
        return _Input(shown, choices=(yes, no), base=f'IF({{v}}="{yes}",TRUE,IF({{v}}="{no}",FALSE,NA()))')

    def _is_truth(self, name: str) -> bool:
        """Whether an unknown fact stands where a yes or no is asked for."""
        fact, framework = FactRef(name), self.framework
        asked = [each.node.applies for each in framework.indicators if isinstance(each.node, Indicator)]
        asked += [limit.when for limit in framework.limits]
        return fact in asked or any(fact in _conditions(each) for each in _all_expressions(framework))

    def _is_mixed(self, expr: Expr) -> bool:
        """Whether what the facts measure does not go together in it, such as money added to people: then there is no score."""
        try:
            kind_of(expr, self.sheet.kinds)
        except KindError:
            return True
        return False

    def _formula_at(self, path: str, expr: Expr) -> str:
        """The formula of a node, or of the total where `path` is ""."""
        below = f"{path}." if path else ""
        mixed = any(each == path or each.startswith(below) for each in self._mixed)
        return "NA()" if mixed else self._formula(expr)

    # The form.

    def form(self, sheet: Worksheet) -> None:
        """The tree with points, scores, losses and reasons; the total and the grade."""
        self._title(sheet)
        titles = (
            ("指标", "indicator"),
            ("分值", "points"),
            ("完成值", "actual"),
            ("得分", "score"),
            ("失分", "lost"),
            ("失分原因", "reason"),
        )
        self._head(sheet, titles, (46, 9, 18, 9, 9, 50), row=FORM_FIRST - 1)
        rows = {path: FORM_FIRST + index for index, path in enumerate(self.framework.layout)}
        # The indicators first: their steps are theirs, also where a dimension's sum repeats them.
        for placed in sorted(self.framework.layout.values(), key=lambda each: not isinstance(each.node, Indicator)):
            self._owner = placed.node.called(self.language)
            self._node(sheet, rows[placed.path], placed)
        self._owner = Message("总分", "total").to(self.language)
        self._total(sheet, FORM_FIRST + len(rows))
        sheet.freeze_panes = f"B{FORM_FIRST}"
        sheet.print_title_rows = f"{FORM_FIRST - 1}:{FORM_FIRST - 1}"
        self._page(sheet)
        official = OFFICIAL.get(self.framework.form)
        if official is not None:
            cells = Cells(sheet.title, {**rows, "": FORM_FIRST + len(rows)}, self._fact_cells, self._text)
            table = self.book.create_sheet(official.title, 1)
            print_official(table, lay_out(official, self.card), self.card, cells)
            table.protection.sheet = True

    def _title(self, sheet: Worksheet) -> None:
        from openpyxl.styles import Alignment, Font

        assessment = self.card.assessment
        self._text(sheet.cell(1, 1), self.framework.called(self.language))
        sheet.merge_cells("A1:F1")
        sheet["A1"].font = Font(bold=True, size=16)
        sheet["A1"].alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.row_dimensions[1].height = 42
        self._text(sheet.cell(2, 1), subject_line(assessment))
        sheet.merge_cells("A2:F2")
        published = assessment.published
        if published.score is not None:
            self._text(sheet.cell(3, 1), Message("公布得分", "published score").to(self.language))
            sheet.cell(3, 2).value = _number(published.score.value)
        if self.framework.assumed:
            note = Message("分值为假定：", "points assumed: ").to(self.language) + self.framework.assumed
            self._text(sheet.cell(4, 1), note)
            sheet.merge_cells("A4:F4")
            sheet["A4"].alignment = Alignment(wrap_text=True, vertical="top")
            sheet.row_dimensions[4].height = 48

    def _node(self, sheet: Worksheet, row: int, placed: Placed) -> None:
        from openpyxl.styles import Alignment, Font

        leaf = isinstance(placed.node, Indicator)
        title = sheet.cell(row, 1)
        self._text(title, placed.node.called(self.language))
        title.alignment = Alignment(
            horizontal="left", indent=2 * placed.path.count("."), wrap_text=True, vertical="center"
        )
        title.font = Font(bold=not leaf)
        sheet.cell(row, 2).value = _number(placed.points)
        score = sheet.cell(row, 4)
        if leaf:
            score.value = f"={self._leaf(placed)}"
            self._actual(sheet.cell(row, 3), placed)
        else:
            formula = self._formula_at(placed.path, node_expression(self.framework, placed.path))
            score.value = self._dimension(placed, f'IFERROR(ROUND({formula},10),"{_MISSING.to(self.language)}")')
        score.number_format = "0.00##"
        lost = sheet.cell(row, 5)
        lost.value = f'=IF(ISNUMBER(D{row}),ROUND(B{row}-D{row},10),"")'
        lost.number_format = '0.00##;-0.00##;""'
        reason = sheet.cell(row, 6)
        self._text(reason, self.card.nodes[placed.path].remark.reason)
        reason.alignment = Alignment(wrap_text=True, vertical="center")
        _lined(sheet, row)
        for column in (2, 3, 4, 5):
            sheet.cell(row, column).alignment = Alignment(vertical="center", wrap_text=column == 3)
        sheet.row_dimensions[row].height = 16 * max(
            1,
            _lines(self.card.nodes[placed.path].remark.reason, 50),
            _lines(placed.node.called(self.language), 40),
            _lines(self._level(placed), 16),
        )
        if leaf:
            _open(reason)
            self._unexplained(sheet, row)

    def _dimension(self, placed: Placed, formula: str) -> str:
        """The formula of a dimension, unless nothing below it applies."""
        below = [each for each in self.framework.indicators if each.path.startswith(f"{placed.path}.")]
        conditions = [each.node.applies for each in below if isinstance(each.node, Indicator)]
        rescaled = all(not_applicable_as(self.framework, each) == "rescale" for each in below)
        if not rescaled or any(each is None for each in conditions):
            return f"={formula}"
        any_ = ",".join(self._formula(each) for each in dict.fromkeys(conditions) if each is not None)
        return (
            f'=IFERROR(IF(OR({any_}),{formula},"{_NOT_APPLICABLE.to(self.language)}"),"{_MISSING.to(self.language)}")'
        )

    def _leaf(self, placed: Placed) -> str:
        indicator = placed.node
        assert isinstance(indicator, Indicator)
        missing = _MISSING.to(self.language)
        formula = self._formula_at(placed.path, award_expression(self.framework, placed))
        if indicator.applies is not None:
            instead = {
                "rescale": f'"{_NOT_APPLICABLE.to(self.language)}"',
                "full": number_text(placed.points),
                "zero": "0",
            }[not_applicable_as(self.framework, placed)]
            formula = f"IF({self._formula(indicator.applies)},{formula},{instead})"
        return f'IFERROR({formula},"{missing}")'

    def _actual(self, cell: Cell | MergedCell, placed: Placed) -> None:
        """The actual value as it was entered, or as it is computed."""
        indicator = placed.node
        assert isinstance(indicator, Indicator)
        actual = placed.actual
        if isinstance(indicator.rule, Rating) and isinstance(actual, FactRef):
            actual = FactRef(f"{actual.name}.level")
        if any(name not in self._fact_cells for name in names(actual)):
            return  # its rule reads facts of its own
        if not isinstance(actual, FactRef):
            cell.value = f'=IFERROR({self._formula(actual)},"")'
            cell.number_format = "0.00##%" if self._kind(actual) == "ratio" else "General"
            return
        entered = self._fact_cells[actual.name].replace("$G$", "$C$")
        cell.value = f'=IF(TRIM({entered}&"")="","",{entered})'
        known = self.sheet.value(actual.name) if actual.name in self.sheet else None
        if isinstance(known, Quantity):
            formats = {"%": "0.00##%", "": "yyyy-mm-dd" if known.kind == "date" else "General"}
            cell.number_format = formats.get(known.unit.name, f'General"{_format_text(known.unit.name)}"')

    def _level(self, placed: Placed) -> str:
        """The word that an indicator is rated with; "" for all others."""
        name = f"{placed.actual.name}.level" if isinstance(placed.actual, FactRef) else ""
        return str(self.sheet.value(name) or "") if name in self.sheet else ""

    def _kind(self, expr: Expr) -> str:
        try:
            return kind_of(expr, self.sheet.kinds)
        except PerfevalError:
            return ""

    def _total(self, sheet: Worksheet, row: int) -> None:
        from openpyxl.styles import Alignment, Font

        total = self._formula_at("", total_expression(self.framework))
        cell = sheet.cell(row, 4)
        self._text(sheet.cell(row, 1), Message("总分", "total").to(self.language))
        sheet.cell(row, 2).value = _number(self.framework.points)
        cell.value = f'=IFERROR({total},"{_MISSING.to(self.language)}")'
        rounding = self.framework.rounding_of("total")
        cell.number_format = "0." + "0" * rounding.places if rounding and rounding.places else "0"
        for column in (1, 2, 4):
            sheet.cell(row, column).font = Font(bold=True)
        _lined(sheet, row)
        if self.framework.grades:
            self._text(sheet.cell(row + 1, 1), Message("等级", "grade").to(self.language))
            sheet.cell(row + 1, 4).value = f'=IF(ISNUMBER(D{row}),{self._grade(f"D{row}")},"")'
            sheet.cell(row + 1, 4).alignment = Alignment(horizontal="right")
            _lined(sheet, row + 1)
        note = sheet.cell(row + 3, 1)
        note.value = f'=IF({self._long}=0,"","{_TOO_LONG.to(self.language)}")'
        note.alignment = Alignment(wrap_text=True, vertical="top")
        note.font = Font(color="C55A11")
        sheet.merge_cells(start_row=row + 3, start_column=1, end_row=row + 3, end_column=6)
        sheet.row_dimensions[row + 3].height = 32

    def _grade(self, total: str) -> str:
        """The grade's name: by the total, and no better than a limit that holds allows."""
        called = [_held(grade.called(self.language)).replace('"', '""') for grade in self.framework.grades]
        rank = str(len(called))
        for index, grade in reversed(tuple(enumerate(self.framework.grades[:-1], start=1))):
            rank = f"IF({total}>={number_text(grade.from_)},{index},{rank})"
        places = {grade.name: index for index, grade in enumerate(self.framework.grades, start=1)}
        for limit in self.framework.limits:
            if limit.grade_at_most is not None:
                held = f"IF({self._formula(limit.when)},{places[limit.grade_at_most]},1)"
                rank = f"MAX({rank},{held})"
        listed = ",".join(f'"{name}"' for name in called)
        return f"CHOOSE({rank},{listed})"

    def _unexplained(self, sheet: Worksheet, row: int) -> None:
        """Colour a row that loses points without a reason."""
        from openpyxl.formatting.rule import FormulaRule
        from openpyxl.styles import PatternFill

        rule = FormulaRule(  # type: ignore[no-untyped-call]  # the stubs leave it untyped
            formula=[f'AND(ISNUMBER($E{row}),$E{row}>0,TRIM($F{row}&"")="")'], fill=PatternFill(bgColor="FFD9D9")
        )
        sheet.conditional_formatting.add(f"A{row}:F{row}", rule)

    def _page(self, sheet: Worksheet) -> None:
        """Protected, and printed on A4 across in one page's width."""
        from openpyxl.worksheet.properties import PageSetupProperties

        sheet.protection.sheet = True
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)

    # The other sheets.

    def rules(self) -> None:
        """Each indicator's rule in words."""
        sheet = self._new(RULES)
        self._head(sheet, (("指标", "indicator"), ("分值", "points"), ("规则", "rule")), (40, 10, 120))
        for row, placed in enumerate(self.framework.indicators, start=2):
            self._text(sheet.cell(row, 1), placed.node.called(self.language))
            sheet.cell(row, 2).value = _number(placed.points)
            self._text(sheet.cell(row, 3), rule_text(placed, self.language, self.sheet))
            _wrapped(sheet, row, (40, 10, 120))

    def chart(self) -> None:
        """What each dimension of the first level earned of its points, as figures and as bars; both follow the form."""
        from openpyxl.formatting.rule import FormulaRule
        from openpyxl.styles import Font

        sheet = self._new(CHART)
        titles = (("维度", "dimension"), ("分值", "points"), ("得分", "score"), ("得分率", "share"))
        self._head(sheet, titles, (30, 9, 9, 11))
        bars = []
        for row, (path, form_row) in enumerate(self._first_level(), start=2):
            node = self.card.nodes[path]
            self._text(sheet.cell(row, 1), node.called(self.language))
            form = _quoted(FORM.to(self.language))
            sheet.cell(row, 2).value = f"={form}!$B${form_row}"
            sheet.cell(row, 3).value = f"={form}!$D${form_row}"
            # What has no score has no bar: #N/A is not 0.
            sheet.cell(row, 4).value = f"=IF(ISNUMBER(C{row}),ROUND(C{row}/B{row},10),NA())"
            sheet.cell(row, 3).number_format, sheet.cell(row, 4).number_format = "0.00##", "0.00%"
            bars.append(
                Bar(plain(node.called(self.language)), None if node.score is None else node.score / node.points)
            )
        last = 1 + len(bars)
        grey = FormulaRule(formula=["ISNA(D2)"], font=Font(color="BFBFBF"))  # type: ignore[no-untyped-call]  # as above
        sheet.conditional_formatting.add(f"D2:D{last}", grey)
        title = Message("各维度得分率", "Attainment by dimension").to(self.language)
        at = _quoted(CHART.to(self.language))
        chart = attainment_chart(bars, f"{at}!$A$2:$A${last}", f"{at}!$D$2:$D${last}", title)
        chart.width, chart.height = 18, height(len(bars)) // 10 + 1
        sheet.add_chart(chart, "F2")

    def _first_level(self) -> Iterator[tuple[str, int]]:
        """The nodes of the first level, each with its row on the form."""
        for row, (path, placed) in enumerate(self.framework.layout.items(), start=FORM_FIRST):
            if "." not in path and placed.points:
                yield path, row

    def units(self) -> None:
        """What a unit beside a figure is worth; hidden."""
        sheet = self._unit_sheet
        self.book.move_sheet(sheet, len(self.book.worksheets))
        values = (self.sheet.value(name) for name in self.sheet)
        used = {each.unit.name: each.unit.factor for each in values if isinstance(each, Quantity) and each.unit.name}
        for row, (name, factor) in enumerate({**used, **unit_factors()}.items(), start=1):
            self._text(sheet.cell(row, 1), name)
            sheet.cell(row, 2).value = f"={number_text(factor)}"
        sheet.sheet_state = "hidden"

    def bundle(self, files: Mapping[str, str]) -> None:
        """The files that the workbook was made from; hidden."""
        sheet = self.book.create_sheet(BUNDLE)
        carried = json.dumps({"main": next(iter(files)), "files": dict(files)}, ensure_ascii=True)
        for row, start in enumerate(range(0, len(carried), _MOST_CHARACTERS), start=1):
            cell = sheet.cell(row, 1)
            cell.value = carried[start : start + _MOST_CHARACTERS]
            cell.data_type = "s"
        sheet.sheet_state = "veryHidden"
        sheet.protection.sheet = True

    # Cells.

    def _new(self, title: Message) -> Worksheet:
        sheet: Worksheet = self.book.create_sheet(title.to(self.language))
        self._page(sheet)
        return sheet

    def _head(self, sheet: Worksheet, titles: Sequence[tuple[str, str]], widths: Sequence[int], row: int = 1) -> None:
        from openpyxl.styles import Alignment, Font, PatternFill
        from openpyxl.utils import get_column_letter

        for column, ((zh, en), width) in enumerate(zip(titles, widths, strict=True), start=1):
            cell = sheet.cell(row, column)
            cell.value = Message(zh, en).to(self.language)
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="DDE6F0")
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            sheet.column_dimensions[get_column_letter(column)].width = width

    def _formula(self, expr: Expr) -> str:
        """`expr` as a formula; a text in it is what a cell with that text holds."""
        return _held(self._formulas.formula(expr))

    def _place(self, expr: Expr, formula: str) -> str:
        """A cell of its own on the sheet of steps."""
        self._step_row += 1
        row = self._step_row
        name = expr.name.to(self.language) if isinstance(expr, Label) else ""
        self._text(self._step_sheet.cell(row, 1), self._owner)
        self._text(self._step_sheet.cell(row, 2), name)
        cell = self._step_sheet.cell(row, 3)
        cell.value = f"={_held(formula)}"
        role = expr.role if isinstance(expr, Label) else None
        if role == "rate" or self._kind(expr) == "ratio":
            cell.number_format = "0.00%"
        elif role != "count":
            cell.number_format = "0.00##"
        _without_errors(self._step_sheet, cell.coordinate)
        return f"{_quoted(STEPS.to(self.language))}!$C${row}"

    def _text(self, cell: Cell | MergedCell, text: str) -> None:
        """Text that stays text, whatever it begins with."""
        if not text:
            return
        cell.value = _held(text)[:_MOST_CHARACTERS]
        cell.data_type = "s"
        if text.startswith(_LEADING):
            cell.quotePrefix = True

    def _drop_down(self, sheet: Worksheet, where: str, choices: Sequence[str]) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        listed = f'"{",".join(map(_held, choices))}"'
        if any("," in each or '"' in each for each in choices) or len(listed) > _LONGEST_LIST:
            listed = self._listed(choices)
        rule = DataValidation(type="list", formula1=listed, allow_blank=True)
        sheet.add_data_validation(rule)
        rule.add(where)

    def _listed(self, choices: Sequence[str]) -> str:
        """The cells of a list that a rule itself cannot hold: it is too long, or has commas; on the hidden sheet of units."""
        from openpyxl.utils import get_column_letter

        self._lists += 1
        column = 3 + self._lists
        for row, each in enumerate(choices, start=1):
            self._text(self._unit_sheet.cell(row, column), each)
        letter = get_column_letter(column)
        return f"{_quoted(_UNITS.to(self.language))}!${letter}$1:${letter}${len(choices)}"


def _format(decimals: int, whole: str) -> str:
    """A format that shows at least so many decimals, and all that are typed; `whole` for none.

    What it has at least is how exactly the figure was written: it is read back so.
    """
    return whole if not decimals else "0." + "0" * decimals + "#" * 10 + ("%" if whole.endswith("%") else "")


def _more_decimals(sheet: Worksheet, where: str) -> None:
    """Show the decimals of a percentage that is no whole one: no format does without a point for those that are."""
    from openpyxl.formatting.rule import Rule as Condition
    from openpyxl.styles.differential import DifferentialStyle
    from openpyxl.styles.numbers import NumberFormat

    style = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode="0.0#########%"))
    test = f"AND(ISNUMBER({where}),ROUND({where}*100,0)<>ROUND({where}*100,10))"
    sheet.conditional_formatting.add(where, Condition(type="expression", dxf=style, formula=[test]))


def _without_errors(sheet: Worksheet, where: str) -> None:
    """Show nothing where a step has no result, as of an indicator that does not apply; the formulas that use it see the error."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import Font

    rule = FormulaRule(formula=[f"ISERROR({where})"], font=Font(color="FFFFFF"))  # type: ignore[no-untyped-call]  # as above
    sheet.conditional_formatting.add(where, rule)


def _held(text: str) -> str:
    """`text` as a cell can hold it: control characters are none of it."""
    return plain(text).replace("�", " ")


def _quoted(sheet: str) -> str:
    return f"'{sheet}'"


def _format_text(unit: str) -> str:
    return unit.replace('"', "").replace("\\", "")


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column so many characters wide."""
    return -(-cell_len(text) // width)


def _wrapped(sheet: Worksheet, row: int, widths: Sequence[int]) -> None:
    """Let the texts of a row run over several lines, in columns of these widths, and make room for them."""
    from openpyxl.styles import Alignment

    most = 1
    for column, width in enumerate(widths, start=1):
        cell = sheet.cell(row, column)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        if cell.data_type == "s":
            most = max(most, _lines(str(cell.value), width - 2))
    sheet.row_dimensions[row].height = 16 * most


def _lined(sheet: Worksheet, row: int) -> None:
    from openpyxl.styles import Border, Side

    thin = Side(style="thin", color="9AA7B5")
    for column in range(1, 7):
        sheet.cell(row, column).border = Border(left=thin, right=thin, top=thin, bottom=thin)


def _open(cell: Cell | MergedCell) -> None:
    from openpyxl.styles import Protection

    cell.protection = Protection(locked=False)


def _shade(cell: Cell | MergedCell, colour: str) -> None:
    from openpyxl.styles import PatternFill

    cell.fill = PatternFill("solid", fgColor=colour)


def _number(value: Fraction) -> Decimal | str:
    """A number as it is written into a cell; a formula where no short decimal is exact."""
    places = exact_places(value)
    if places is None or places > 12:
        return f"={number_text(value)}"
    return Decimal(value.numerator) / Decimal(value.denominator)


def facts_read(framework: Framework) -> Iterator[str]:
    """The facts that any rule, limit or adjustment reads."""
    for expr in _all_expressions(framework):
        yield from names(expr)


def _read_at(framework: Framework) -> Iterator[tuple[str, tuple[Expr, ...]]]:
    """What each indicator computes, by its path; what counts in the total alone, by ""."""
    for placed in framework.indicators:
        indicator = placed.node
        assert isinstance(indicator, Indicator)
        applies = () if indicator.applies is None else (indicator.applies,)
        yield placed.path, (award_expression(framework, placed), *applies)
    yield "", (*(limit.when for limit in framework.limits), *(each.expression() for each in framework.adjustments))


def _all_expressions(framework: Framework) -> Iterator[Expr]:
    for placed in framework.indicators:
        indicator = placed.node
        assert isinstance(indicator, Indicator)
        yield framework.award(placed)
        if indicator.applies is not None:
            yield indicator.applies
    yield from (limit.when for limit in framework.limits)
    yield from (each.award for each in framework.adjustments)


def _conditions(expr: Expr) -> tuple[Expr, ...]:
    """What stands where a yes or no is asked for."""
    found: list[Expr] = []
    waiting = [expr]
    while waiting:
        node = waiting.pop()
        match node:
            case And(items) | Or(items):
                found.extend(items)
            case Not(item):
                found.append(item)
            case If(condition) | Require(condition):
                found.append(condition)
        waiting.extend(children(node))
    return tuple(each.item if isinstance(each, Label) else each for each in found)
