"""The live workbook: change a figure in Excel, WPS or LibreOffice, and scores, total and grade follow by the same rules.

Sheets: the form (tree, points, scores, reasons), the facts with their sources, every step of the computation, the rules in
words. Cells to fill in are open, formulas are protected. Needs the extra ``perfeval[documents]``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Final

from attrs import frozen
from rich.cells import cell_len

from perfeval.answers import Answers, levels
from perfeval.assessment import Assessment
from perfeval.charts import Bar, attainment_chart, height
from perfeval.errors import Language, Message, PerfevalError
from perfeval.evaluate import AWARDS, evaluate
from perfeval.expr.kinds import ANY, CHOICE, LITERAL, TRUTH, ZERO, kind_of, together
from perfeval.expr.measures import Measure, Measures, known
from perfeval.expr.names import compared_words, constants, names
from perfeval.expr.nodes import And, Expr, FactRef, If, Label, Not, Or, Require, children, number
from perfeval.expr.spreadsheet import Formulas, long_figure, number_text
from perfeval.facts import Fact, FactSheet
from perfeval.forms.layout import lay_out
from perfeval.forms.measured import EPOCH, FigureCells, known_units, units_like
from perfeval.forms.official import OFFICIAL
from perfeval.forms.printed import Cells, print_official
from perfeval.forms.saving import saved
from perfeval.framework import Framework, Indicator, Placed, caps, titled
from perfeval.quantity import (
    NUMBER,
    Kind,
    Quantity,
    Unit,
    base_unit,
    decimal_text,
    exact_places,
    unit_factors,
    unit_named,
)
from perfeval.report.terminal import plain, subject_line
from perfeval.rules import Rating
from perfeval.scorecard import Scorecard, rule_text
from perfeval.totals import (
    adjustment_expressions,
    applicable_expression,
    award_expression,
    bonus_expression,
    counted_expression,
    earned_expression,
    node_expression,
    not_applicable_as,
    total_expression,
)

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = [
    "BUNDLE",
    "CHART",
    "FACTS",
    "FORM",
    "FORM_FIRST",
    "RULES",
    "STEPS",
    "facts_read",
    "live_workbook",
    "words_asked",
]

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
_IN_FORCE, _NOT_IN_FORCE = Message("生效", "in force"), Message("未生效", "not in force")
_YES, _NO = Message("是", "yes"), Message("否", "no")

FORM_FIRST: Final = 6  # the first row of the tree
BUNDLE: Final = "perfeval"  # the hidden sheet with the files that the workbook was made from
_MOST_CHARACTERS: Final = 32_000
_MOST_TERMS: Final = 200  # of one SUM; Excel takes 255
_LONGEST_LIST: Final = 250  # characters of a drop-down that stands in its rule; Excel takes 255
_DAY: Final = "yyyy-mm-dd"
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
    """How a fact is entered, and what the entry means.

    Attributes:
        value: what stands in the cell.
        measures: what it measures; None where the unit beside it tells.
        kind, base: formulas of what it measures, and of the value in base units.
        number_format: of the cell.
        unit: beside it.
        asked: what is to be measured, where that is known; "" otherwise.
        choices: for a drop-down.
        others: whether something else may be written.
    """

    value: object
    measures: Kind | None
    kind: str
    base: str
    number_format: str = "General"
    unit: str = ""
    asked: Kind = ""
    choices: tuple[str, ...] = ()
    others: bool = False


class _Builder:
    """Fills one workbook."""

    def __init__(self, book: Workbook, card: Scorecard, language: Language) -> None:
        self.book, self.card, self.language = book, card, language
        self.framework: Framework = card.assessment.framework
        self.sheet: FactSheet = card.facts
        self._fact_cells: dict[str, str] = {}
        self._warnings: dict[str, DataValidation] = {}  # by the list they offer
        self._figures: DataValidation | None = None  # that figures are asked for, told for all cells at once
        self._fact_sheet = self._new(FACTS)
        self._step_sheet = self._new(STEPS)
        self._unit_sheet = self._new(_UNITS)
        self._step_row = 1
        self._owner = ""
        self._long = "0"
        self._levels = levels(self.framework)
        self._words = words_asked(card.assessment)
        self._answers = Answers(self.framework, self.sheet)
        self._units = known_units(self.sheet.facts.values(), _all_expressions(self.framework))
        self._rows = {path: row for row, path in enumerate(self.framework.layout, start=FORM_FIRST)}
        self._lists: dict[tuple[str, ...], str] = {}
        self._measured: dict[str, Measure] = {}
        self._measure_row = 0
        self._measures = Measures(self._measured, self._measure_cell)
        self._sound: dict[str, str] = {}  # by path, the cell that is an error where units do not go together
        self._readable = ""  # the cells that are an error where a fact cannot be read
        self._formulas = Formulas(self._fact_cells, self.sheet.kinds, self._place)
        self._head(
            self._step_sheet,
            (("指标", "indicator"), ("步骤", "step"), ("结果", "result"), ("原值", "in base units")),
            (40, 40, 20, 18),
        )
        self._step_sheet.column_dimensions["D"].hidden = True

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
            ("种类", "measures"),
            ("单位行", "row of the unit"),
            ("用于", "used for"),
            ("所填单位", "unit as typed"),
        )
        self._head(self._fact_sheet, titles, (34, 44, 18, 10, 40, 40, 18, 9, 36, 12, 9, 40, 9))
        for column in ("G", "H", "J", "K", "M"):
            self._fact_sheet.column_dimensions[column].hidden = True
        asked = list(dict.fromkeys((*self.sheet, *facts_read(self.framework))))
        for row, name in enumerate(asked, start=2):
            self._fact_cells[name] = f"{_quoted(FACTS.to(self.language))}!$G${row}"
        rows = {name: row for row, name in enumerate(asked, start=2)}
        readers = self._readers()
        # What a derived fact measures follows from those that it is derived from.
        for name in dict.fromkeys((*(each for each in self.sheet.order if each in rows), *asked)):
            self._fact(rows[name], self.sheet.facts.get(name) or self.sheet.missing_fact(name))
            self._text(self._fact_sheet.cell(rows[name], 12), "、".join(readers.get(name, ())))
            _wrapped(self._fact_sheet, rows[name], (34, 44, 18, 10, 40, 40, *(0,) * 5, 40))
        if asked:
            self._readable = f"{_quoted(FACTS.to(self.language))}!$J$2:$J${len(asked) + 1}"
            self._too_long(len(asked) + 1)
        self._check_measures()

    def _readers(self) -> Mapping[str, Sequence[str]]:
        """What each fact is used for: the titles of indicators, of limits, of points beside the tree and of checks."""
        asked: list[tuple[str, Expr]] = []
        for placed in self.framework.indicators:
            assert isinstance(placed.node, Indicator)
            title = placed.node.called(self.language)
            asked += [(title, each) for each in (self.framework.award(placed), placed.node.applies) if each is not None]
        asked += [(titled(each).to(self.language), each.award) for each in self.framework.adjustments]
        asked += [(titled(each).to(self.language), each.when) for each in self.framework.limits]
        asked += [(each.purpose.to(self.language), each.that) for each in self.framework.checks]
        found: dict[str, dict[str, None]] = {}
        for title, expr in asked:
            for name in self.sheet.behind(names(expr)):
                found.setdefault(name, {})[title] = None
        return {name: tuple(titles) for name, titles in found.items()}

    def _fact(self, row: int, fact: Fact) -> None:
        sheet = self._fact_sheet
        for column, text in ((1, fact.name), (2, fact.called(self.language)), (5, fact.source), (6, fact.assumed)):
            self._text(sheet.cell(row, column), text)
        if fact.formula is not None:
            self._derived(row, fact)
            return
        entry = self._entry(fact, row)
        cell = sheet.cell(row, 3)
        if isinstance(entry.value, str):
            self._text(cell, entry.value)
        else:
            cell.value = entry.value  # type: ignore[assignment]  # a number, a date or nothing
        cell.number_format = entry.number_format
        self._text(sheet.cell(row, 4), entry.unit)
        for column in (3, 4, 5, 6):
            _open(sheet.cell(row, column))
        kind = f"{_quoted(FACTS.to(self.language))}!$J${row}"
        self._measured[fact.name] = (
            Measure(kind, frozenset([kind])) if entry.measures is None else known(entry.measures, kind)
        )
        sheet.cell(row, 7).value = f'=IF(TRIM(C{row}&"")="",NA(),{entry.base})'
        sheet.cell(row, 8).value = f"={long_figure(f'C{row}')}"
        sheet.cell(row, 10).value = f"={entry.kind}"
        if entry.choices:
            self._drop_down(sheet, f"C{row}", entry.choices, warning=entry.others)
        elif entry.measures == "date":
            self._told(row, f"ISERROR(J{row})", Message("请填日期，如 2024-12-31", "write a date, such as 2024-12-31"))
        elif entry.measures is None:
            sheet.cell(row, 11).value = f"={self._figure(row).row_formula}"
            sheet.cell(row, 13).value = f"={self._figure(row).said_formula}"
            self._figure_asked(row, entry.asked)
        if entry.number_format.endswith("%"):
            _more_decimals(sheet, f"C{row}", entry.number_format)
        if fact.assumed:
            for column in range(1, 7):
                _shade(sheet.cell(row, column), "FFF4CC")

    def _figure_asked(self, row: int, asked: Kind) -> None:
        """Say so where a figure is typed as text: `perfeval score` reads it, a formula cannot; and where its unit will not do."""
        from openpyxl.worksheet.datavalidation import DataValidation

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
            self._fact_sheet.add_data_validation(self._figures)
        self._figures.add(f"C{row}")
        like = units_like(self._units.values(), asked) or [*dict.fromkeys([*self._used_units, *unit_factors()])]
        self._drop_down(self._fact_sheet, f"D{row}", like, warning=True)
        kinds = dict.fromkeys([ANY, "number", asked]) if together("number", asked) else dict.fromkeys([ANY, asked])
        other = f"AND({','.join(f'NOT(EXACT(J{row},{_literal(each)}))' for each in kinds)})" if asked else "FALSE"
        text = f'AND(ISTEXT(C{row}),TRIM(C{row}&"")<>"")'
        self._told(row, text, Message("文字形式的数，表格不能计算", "a figure typed as text is not computed here"))
        self._told(
            row,
            f"IF(ISERROR(J{row}),NOT({text}),{other})",
            Message("单位不认识，或与所要的不是一种", "the unit is not known, or of another kind than is asked for"),
        )

    def _told(self, row: int, when: str, told: Message) -> None:
        """A note beside a fact, which turns orange, where the formula `when` holds."""
        from openpyxl.formatting.rule import FormulaRule
        from openpyxl.styles import PatternFill

        sheet, note = self._fact_sheet, self._fact_sheet.cell(row, 9)
        before = str(note.value or '=""').removeprefix("=")
        note.value = f'=IF({when},"{told.to(self.language)}",{before})'
        rule = FormulaRule(formula=[f'$I{row}<>""'], fill=PatternFill(bgColor="FFC7A6"))  # type: ignore[no-untyped-call]  # the stubs leave it untyped
        if before == '""':
            sheet.conditional_formatting.add(f"C{row}:D{row}", rule)

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
        measured = f"{_quoted(FACTS.to(self.language))}!$J${row}"
        found = self._measures.measure(fact.formula)
        bare = known("number") if found.kind in (f'"{LITERAL}"', f'"{ZERO}"') else found
        kind = (
            bare.kind
            if bare.kind.startswith('"')
            else f'IF(OR({found.kind}="{LITERAL}",{found.kind}="{ZERO}"),"number",{found.kind})'
        )
        sheet.cell(row, 10).value = f"={_unless_error(found.needs, kind)}"
        self._measured[fact.name] = Measure(bare.kind if bare.kind.startswith('"') else measured, frozenset([measured]))
        sheet.cell(row, 7).value = f"=IF(ISERROR(J{row}),NA(),{self._formula(fact.formula)})"
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

    def _entry(self, fact: Fact, row: int) -> _Input:
        figure = self._figure(row)
        kind, base = figure.kind_formula, figure.base_formula
        match fact.value:
            case bool():
                return self._truth(fact.value, row)
            case str():
                return self._word(fact, row)
            case Quantity() as value if value.kind == "date":
                day = date.fromordinal(int(value.value))
                return _Input(day, "date", figure.day_kind_formula, _day(row), _DAY)
            case Quantity() as value if value.unit.name == "%":
                return _Input(_number(value.value), None, kind, base, _percent(value.decimals), asked="ratio")
            case Quantity() as value:
                typed = _number(value.value / value.unit.factor)
                asked = "" if value.kind == "number" else value.kind
                return _Input(typed, None, kind, base, _format(value.decimals), value.unit.name, asked)
            case _:
                if fact.name in self._words:
                    return self._word(fact, row)
                if self._is_truth(fact.name):
                    return self._truth(None, row)
                asked = self._kinds_asked.get(fact.name, "")
                if asked == "date":
                    return _Input(None, "date", figure.day_kind_formula, _day(row), _DAY)
                form = _percent(0) if asked == "ratio" else "General"
                return _Input(None, None, kind, base, form, self._unit_asked(fact, asked), asked)

    @cached_property
    def _kinds_asked(self) -> Mapping[str, Kind]:
        """What facts measure, or are to measure where they are not known."""
        asked = ((name, self._answers.wanted(name)) for name in self._fact_cells if name not in self.sheet.kinds)
        return {**self.sheet.kinds, **{name: kind for name, kind in asked if kind is not None}}

    def _figure(self, row: int) -> FigureCells:
        at, last = _quoted(_UNITS.to(self.language)), len(self._units)
        a, b, c = (f"{at}!${column}$1:${column}${last}" for column in "ABC")
        return FigureCells(f"C{row}", f"D{row}", f"M{row}", f"J{row}", f"K{row}", (a, b, c))

    def _unit_asked(self, fact: Fact, kind: Kind) -> str:
        """The unit to write beside a figure that is not known: the one that the rule is written in."""
        if fact.unit or kind in ("", "ratio", "number"):
            return fact.unit
        return next(
            iter(units_like((each for each in self._units.values() if each.name in self._used_units), kind)),
            base_unit(kind) or "",
        )

    @cached_property
    def _used_units(self) -> tuple[str, ...]:
        """The units that facts and rules are written in."""
        values = (self.sheet.value(name) for name in self.sheet)
        written = (each for expr in _all_expressions(self.framework) for each in constants(expr))
        return tuple(
            dict.fromkeys(
                each.unit.name for each in (*values, *written) if isinstance(each, Quantity) and each.unit.name
            )
        )

    def _word(self, fact: Fact, row: int) -> _Input:
        """One of a rater's levels, or any word; those that rules and checks speak of are offered."""
        kind = f'IF(TRIM(C{row}&"")="","{ANY}","{CHOICE}")'
        choices, others = self._words.get(fact.name, ()), fact.name not in self._levels
        return _Input(fact.value, CHOICE, kind, f"C{row}", choices=choices, others=others)

    def _truth(self, value: bool | None, row: int) -> _Input:
        yes, no = _YES.to(self.language), _NO.to(self.language)
        shown = None if value is None else (yes if value else no)
        kind = f'IF(TRIM(C{row}&"")="","{ANY}",IF(OR(C{row}="{yes}",C{row}="{no}"),"{TRUTH}",NA()))'
        base = f'IF(C{row}="{yes}",TRUE,IF(C{row}="{no}",FALSE,NA()))'
        return _Input(shown, TRUTH, kind, base, choices=(yes, no))

    def _is_truth(self, name: str) -> bool:
        """Whether an unknown fact stands where a yes or no is asked for."""
        fact, framework = FactRef(name), self.framework
        asked = [each.node.applies for each in framework.indicators if isinstance(each.node, Indicator)]
        asked += [limit.when for limit in framework.limits]
        return fact in asked or any(fact in _conditions(each) for each in _all_expressions(framework))

    def _check_measures(self) -> None:
        """For each indicator, and for what counts in the total alone, a cell that is an error where units do not go together."""
        for row, (path, asked) in enumerate(_asked(self.framework), start=1):
            needs = {need for expr, among in asked for need in self._measures.measure(expr, among).needs}
            self._unit_sheet.cell(row, 5).value = f"={_unless_error(needs, _literal(path))}"
            self._sound[path] = f"{_quoted(_UNITS.to(self.language))}!$E${row}"

    def _measure_cell(self, formula: str) -> str:
        """A cell of its own for what something measures, on the hidden sheet of units."""
        self._measure_row += 1
        self._unit_sheet.cell(self._measure_row, 4).value = f"={_held(formula)}"
        return f"{_quoted(_UNITS.to(self.language))}!$D${self._measure_row}"

    def _formula_at(self, path: str, expr: Expr) -> str:
        """The formula of a node, or of the total where `path` is "": an error where the units in it do not go together."""
        below = f"{path}." if path else ""
        cells = [cell for each, cell in self._sound.items() if each == path or each.startswith(below)]
        checked = f"{cells[0]}:{cells[-1].rpartition('!')[2]}"
        if not path and self._readable:  # a fact that cannot be read leaves no total, as it lets no file be read
            return f"IF(SUMPRODUCT(--ISERROR({checked}))+SUMPRODUCT(--ISERROR({self._readable}))>0,NA(),{self._formula(expr)})"
        return f"IF(SUMPRODUCT(--ISERROR({checked}))>0,NA(),{self._formula(expr)})"

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
        rows = self._rows
        # The indicators first: their steps are theirs, also where a dimension's sum repeats them.
        for placed in sorted(self.framework.layout.values(), key=lambda each: not isinstance(each.node, Indicator)):
            self._owner = placed.node.called(self.language)
            self._node(sheet, rows[placed.path], placed)
        self._owner = Message("总分", "total").to(self.language)
        last = self._beside(sheet, FORM_FIRST + len(rows))
        self._total(sheet, last)
        sheet.freeze_panes = f"B{FORM_FIRST}"
        sheet.print_title_rows = f"{FORM_FIRST - 1}:{FORM_FIRST - 1}"
        self._page(sheet)
        official = OFFICIAL.get(self.framework.form)
        if official is not None:
            cells = Cells(sheet.title, {**rows, "": last}, self._fact_cells, self._text)
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
        lost.value = f'=IF(ISNUMBER(D{row}),ROUND({self._lost(placed, row)},10),"")'
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

    def _lost(self, placed: Placed, row: int) -> str:
        """What is lost where there is a score: what does not apply loses nothing."""
        if isinstance(placed.node, Indicator):
            applies = placed.node.applies
            return f"B{row}-D{row}" if applies is None else f"IF({self._formula(applies)},B{row}-D{row},0)"
        below = [f"E{self._rows[path]}" for path in placed.children]
        inner = sum((self.framework.layout[path].points for path in placed.children), Fraction(0))
        parts = [f"SUM({','.join(below[at : at + _MOST_TERMS])})" for at in range(0, len(below), _MOST_TERMS)]
        scale = "" if inner in (0, placed.points) else f"*{number_text(placed.points / inner)}"
        return f"({'+'.join(parts) or '0'}){scale}"

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
            cell.value, cell.number_format = self._shown(actual, self._formula_at(placed.path, actual), computed=True)
            return
        entered = self._fact_cells[actual.name].replace("$G$", "$C$")
        cell.value = f'=IF(TRIM({entered}&"")="","",{entered})'
        kind, unit = self._kind_shown(actual), self._unit_shown(actual)
        if kind in ("ratio", "date") or not unit.name:
            cell.number_format = {"ratio": "0.00##%", "date": _DAY}.get(kind, "General")
        else:
            shown, cell.number_format = self._shown(actual, self._formula_at(placed.path, actual), computed=False)
            cell.value = f'=IF(TRIM({entered}&"")="","",{shown.removeprefix("=")})'

    def _level(self, placed: Placed) -> str:
        """The word that an indicator is rated with; "" for all others."""
        name = f"{placed.actual.name}.level" if isinstance(placed.actual, FactRef) else ""
        return str(self.sheet.value(name) or "") if name in self.sheet else ""

    def _kind_shown(self, expr: Expr) -> Kind:
        """What an expression measures, as far as facts and rules say so."""
        try:
            return kind_of(expr, self._kinds_asked)
        except PerfevalError:
            return ""

    def _unit_shown(self, expr: Expr) -> Unit:
        """The unit to show a value in: its own, else one that facts and rules are written in."""
        kind = self._kind_shown(expr)
        known = self.sheet.value(expr.name) if isinstance(expr, FactRef) and expr.name in self.sheet else None
        if isinstance(known, Quantity):
            return known.unit
        read = [self.sheet.value(name) for name in names(expr)]
        units = [each.unit for each in (*read, *constants(expr)) if isinstance(each, Quantity)]
        units += [self._units[name] for name in self._used_units if name in self._units]
        base = unit_named(base_unit(kind) or "")
        return next((each for each in units if each.kind == kind and each.name), base if base.kind == kind else NUMBER)

    def _shown(self, expr: Expr, formula: str, *, computed: bool) -> tuple[str, str]:
        """A value as people read it, and its number format; `formula` gives it in base units."""
        kind, unit = self._kind_shown(expr), self._unit_shown(expr)
        if kind == "date":
            return f'=IFERROR({formula}-{EPOCH},"")', _DAY
        if kind == "ratio":
            return f'=IFERROR({formula},"")', "0.00##%"
        if kind in (TRUTH, CHOICE):
            return f'=IFERROR({formula},"")', "0.00##"
        scaled = formula if unit.factor == 1 else f"({formula})/{number_text(unit.factor)}"
        number_format = "0.00##" if computed else "General"
        return f'=IFERROR(ROUND({scaled},10),"")', number_format + (f'"{_format_text(unit.name)}"' if unit.name else "")

    def _beside(self, sheet: Worksheet, row: int) -> int:
        """The rows that lead from the tree to the total, where it is not the sum of the tree; the row after them."""
        from openpyxl.styles import Alignment

        for said, points, score in self._steps_to_total():
            self._text(sheet.cell(row, 1), said.to(self.language))
            sheet.cell(row, 2).value = points
            sheet.cell(row, 4).value = f'=IFERROR({score},"{_MISSING.to(self.language)}")'
            sheet.cell(row, 2).number_format, sheet.cell(row, 4).number_format = "General", "0.00##"
            sheet.row_dimensions[row].height = 16 * _lines(said.to(self.language), 44)
            _lined(sheet, row)
            sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="center")
            row += 1
        return row

    def _steps_to_total(self) -> Iterator[tuple[Message, Decimal | str | None, str]]:
        """What leads to the total: in words, out of how many points, and the formula of the points or of what is said of it."""
        framework = self.framework
        all_points = _number(framework.points)
        earned, applicable = earned_expression(framework), applicable_expression(framework)
        bonus = bonus_expression(framework)
        if applicable is not None:
            out_of = f'=IFERROR({self._formula(applicable)},"")'
            yield Message("适用指标合计", "all indicators that apply"), out_of, self._tree(earned)
            scaled = earned * number(framework.points) / applicable
            scale = decimal_text(framework.points)
            yield Message(f"折算为 {scale} 分制", f"converted to a scale of {scale}"), all_points, self._tree(scaled)
        elif bonus is not None or framework.adjustments or framework.limits:
            yield Message("各指标合计", "all indicators"), all_points, self._tree(earned)
        if bonus is not None:
            yield Message("另加分", "bonus"), None, self._tree(bonus)
        for each, points in zip(framework.adjustments, adjustment_expressions(framework), strict=True):
            title = titled(each)
            beside = Message(f"加减分：{title.zh}", f"adjustment: {title.en}")
            yield beside, None, f"IF(ISERROR({self._sound['']}),NA(),{self._formula(points)})"
        yes, no = (f'"{each.to(self.language)}"' for each in (_IN_FORCE, _NOT_IN_FORCE))
        for limit in framework.limits:
            when = f"IF(ISERROR({self._sound['']}),NA(),IF({self._formula(limit.when)},{yes},{no}))"
            title, capped = titled(limit), caps(limit, framework.grades)
            said = Message(f"限制：{title.zh}（{capped.zh}）", f"limit: {title.en} ({capped.en})")
            yield said, None if limit.at_most is None else _number(limit.at_most), when

    def _tree(self, expr: Expr) -> str:
        """The formula of what the indicators alone add up to."""
        cells = [cell for path, cell in self._sound.items() if path]
        checked = f"{cells[0]}:{cells[-1].rpartition('!')[2]}"
        return f"IF(SUMPRODUCT(--ISERROR({checked}))>0,NA(),ROUND({self._formula(expr)},10))"

    def _total(self, sheet: Worksheet, row: int) -> None:
        from openpyxl.styles import Alignment, Font

        total = self._formula_at("", total_expression(self.framework))
        # Nobody can say the grade while it is not known whether a limit of the grade holds: then there is no total either.
        graded = [limit.when for limit in self.framework.limits if limit.at_most is None]
        total = _unless_error((f"AND({self._formula(each)})" for each in graded), total)
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
            counted = self._formula(counted_expression(self.framework, path))
            sheet.cell(row, 2).value = f'=IFERROR({counted},"{_MISSING.to(self.language)}")'
            sheet.cell(row, 3).value = f"={form}!$D${form_row}"
            # What has no score has no bar: #N/A is not 0.
            sheet.cell(row, 4).value = f"=IF(ISNUMBER(C{row}),ROUND(C{row}/B{row},10),NA())"
            sheet.cell(row, 2).number_format, sheet.cell(row, 3).number_format = "General", "0.00##"
            sheet.cell(row, 4).number_format = "0.00%"
            # What the bars show until the cells are computed.
            bars.append(Bar(plain(node.called(self.language)), self.card.attainment(path)))
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
        """What a unit beside a figure is worth, and what it measures; hidden."""
        sheet = self._unit_sheet
        self.book.move_sheet(sheet, len(self.book.worksheets))
        for row, unit in enumerate(self._units.values(), start=1):
            self._text(sheet.cell(row, 1), unit.name)
            sheet.cell(row, 2).value = f"={number_text(unit.factor)}"
            self._text(sheet.cell(row, 3), unit.kind)
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
        raw, cell = self._step_sheet.cell(row, 4), self._step_sheet.cell(row, 3)
        raw.value = f"={_held(formula)}"
        role = expr.role if isinstance(expr, Label) else None
        if role in ("rate", "count"):
            cell.value, cell.number_format = f'=IFERROR(D{row},"")', "0.00%" if role == "rate" else "0.00##"
        else:
            cell.value, cell.number_format = self._shown(expr, f"D{row}", computed=True)
        return f"{_quoted(STEPS.to(self.language))}!$D${row}"

    def _text(self, cell: Cell | MergedCell, text: str) -> None:
        """Text that stays text, whatever it begins with."""
        if not text:
            return
        cell.value = _held(text)[:_MOST_CHARACTERS]
        cell.data_type = "s"
        if text.startswith(_LEADING):
            cell.quotePrefix = True

    def _drop_down(self, sheet: Worksheet, where: str, choices: Sequence[str], *, warning: bool = False) -> None:
        """A list to choose from; with a `warning`, something else may be written too."""
        from openpyxl.worksheet.datavalidation import DataValidation

        listed = f'"{",".join(map(_held, choices))}"'
        if any("," in each or '"' in each for each in choices) or len(listed) > _LONGEST_LIST:
            listed = self._listed(tuple(choices))
        rule = self._warnings.get(listed) if warning else None
        if rule is None:
            rule = DataValidation(type="list", formula1=listed, allow_blank=True)
            sheet.add_data_validation(rule)
        if warning:
            rule.errorStyle, rule.showErrorMessage = "warning", True
            self._warnings[listed] = rule
        rule.add(where)

    def _listed(self, choices: tuple[str, ...]) -> str:
        """The cells of a list that a rule itself cannot hold: it is too long, or has commas; on the hidden sheet of units."""
        from openpyxl.utils import get_column_letter

        if choices not in self._lists:
            column = 6 + len(self._lists)
            for row, each in enumerate(choices, start=1):
                self._text(self._unit_sheet.cell(row, column), each)
            letter = get_column_letter(column)
            self._lists[choices] = f"{_quoted(_UNITS.to(self.language))}!${letter}$1:${letter}${len(choices)}"
        return self._lists[choices]


def _day(row: int) -> str:
    return f"IF(ISERROR(J{row}),NA(),INT(C{row})+{EPOCH})"


def _unless_error(cells: Iterable[str], formula: str) -> str:
    """`formula`, or an error where one of the cells is one."""
    listed = sorted(cells)
    return f"IF(ISERROR({'&'.join(listed)}),NA(),{formula})" if listed else formula


def _literal(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def _format(decimals: int) -> str:
    """A format that shows at least so many decimals, and all that are typed.

    What it has at least is how exactly the figure was written: it is read back so.
    """
    return "0." + "0" * decimals + "#" * 10 if decimals else "General"


def _percent(decimals: int) -> str:
    """The same of a percentage; the decimals beyond these are `_more_decimals`: programs are sure to call it a percentage."""
    return ("0." + "0" * decimals if decimals else "0") + "%"


def _more_decimals(sheet: Worksheet, where: str, number_format: str) -> None:
    """Show the decimals of a percentage that has more than its format shows: no format does without a point for those that have none."""
    from openpyxl.formatting.rule import Rule as Condition
    from openpyxl.styles.differential import DifferentialStyle
    from openpyxl.styles.numbers import NumberFormat

    shown = max(len(number_format) - len("0.%"), 0)
    style = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode="0.0#########%"))
    test = f"AND(ISNUMBER({where}),ROUND({where}*100,{shown})<>ROUND({where}*100,10))"
    sheet.conditional_formatting.add(where, Condition(type="expression", dxf=style, formula=[test]))


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
    """Let the texts of a row run over several lines, in columns of these widths (0: left alone), and make room for them."""
    from openpyxl.styles import Alignment

    most = 1
    for column, width in enumerate(widths, start=1):
        if not width:
            continue
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
    """The facts that any rule, limit, adjustment or check reads."""
    for expr in (*_all_expressions(framework), *(check.that for check in framework.checks)):
        yield from names(expr)


def words_asked(assessment: Assessment) -> Mapping[str, tuple[str, ...]]:
    """The facts that are words, each with those that rules and checks speak of; of a rater's answer, all there are."""
    framework = assessment.framework
    checks = (check.that for check in (*framework.checks, *assessment.checks))
    return {**compared_words((*_all_expressions(framework), *checks)), **levels(framework)}


def _asked(framework: Framework) -> Iterator[tuple[str, list[tuple[Expr, Collection[Kind]]]]]:
    """What is to be points, and what a yes or a no: of each indicator, by its path; of what counts in the total alone, by ""."""
    truth, points = (TRUTH, ANY), sorted(AWARDS)
    for placed in framework.indicators:
        indicator = placed.node
        assert isinstance(indicator, Indicator)
        applies = [] if indicator.applies is None else [(indicator.applies, truth)]
        yield placed.path, [(framework.award(placed), points), *applies]
    limits = [(limit.when, truth) for limit in framework.limits]
    yield "", [*limits, *((each.expression(), points) for each in framework.adjustments)]


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
