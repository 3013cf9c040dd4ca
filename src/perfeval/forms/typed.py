"""An official table that somebody filled in or typed by hand, recognised by the labels of its columns.

Nothing is read as a number here: a `Table` says which cell is which field of which row. Labels are known from the templates in
`official`, and by the other names in use; spaces, line breaks and what stands in brackets make no difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import frozen

from perfeval.errors import Problem
from perfeval.forms.grid import Cell, Grid
from perfeval.forms.official import OFFICIAL, Field, Fund
from perfeval.forms.opening import failed

__all__ = ["Row", "Table", "label", "nothing", "table_of"]

_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "level1": ("一级指标",),
    "level2": ("二级指标",),
    "level3": ("三级指标", "指标名称", "指标内容", "具体指标"),
    "sign": ("指标性质", "计算符号", "指标符号"),
    "target": ("年度指标值", "指标值", "年度目标值", "目标值", "预期指标值", "计划指标值", "指标目标值", "年初目标值"),
    "unit": ("度量单位", "计量单位"),
    "actual": (
        "实际完成值",
        "完成值",
        "全年实际值",
        "全年完成值",
        "年度完成值",
        "全年实际完成值",
        "实际值",
        "实际完成指标值",
        "指标完成值",
        "指标实际完成值",
        "实际完成情况",
    ),
    "points": ("分值", "权重", "分值权重", "指标分值", "指标权重", "指标分值权重"),
    "score": ("得分", "自评得分", "指标得分", "自评分"),
    "reason": ("偏差原因分析及改进措施", "未完成原因分析", "偏差原因", "偏差原因分析", "未完成原因", "备注"),
}
_FUNDS: Final[Mapping[str, tuple[str, ...]]] = {
    "initial": ("年初预算数", "年初预算", "年初预算金额"),
    "approved": ("全年预算数", "全年预算", "调整后预算数", "调整后预算", "预算数", "全年预算金额"),
    "executed": ("全年执行数", "预算执行数", "执行数", "全年执行", "实际支出数", "全年执行金额"),
    "rate": ("执行率", "预算执行率"),
    "points": ("分值", "权重"),
    "score": ("得分", "自评得分"),
    "reason": ("原因", "偏差原因", "未完成原因分析"),
}
_SOURCES: Final[Mapping[str, tuple[str, ...]]] = {
    "budget": ("年度资金总额", "总额", "资金总额", "年度资金", "合计", "项目资金总额"),
    "budget_fiscal": ("当年财政拨款", "本年财政拨款", "财政拨款", "财政资金", "本年一般公共预算拨款"),
    "budget_carried_in": ("上年结转资金", "上年结转", "结转资金"),
    "budget_special_account": ("财政专户管理资金",),
    "budget_own": ("单位资金",),
    "budget_other": ("其他资金",),
}
_SUBJECT: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("项目名称", "专项名称"),
    "department": ("主管部门",),
    "unit": ("实施单位", "项目单位", "单位名称", "项目实施单位", "部门名称", "预算单位"),
}
_GRADE: Final = ("评价等级", "自评等级", "等级", "评价等次", "自评等次")
_TOTAL: Final = ("总分", "合计", "总计", "总得分", "自评总分", "合计得分")
_PROBLEMS: Final = "存在问题"
_GOALS: Final = re.compile(
    r"(?:\d+[.、])?(?:[项目部门单位整体年度总预期绩效全初设定当本]*目标[及与和]?(?:[实际年度]*(?:完成|实现)情况)?|[实际年度全]*(?:完成|实现)情况"
    r"|项目(?:基本情况|实施内容及过程概述))"
)
_UNDER_THE_TABLE: Final = re.compile(r"(说明|备注|填表|填报|联系人|联系电话|评价结论|自评结论|注[::1-9]|[注*]\d)")

_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】|〔[^〕]*〕")
_UNFILLED: Final = re.compile(r"(?:指标\d*[::]?|\.{2,}|…+)?")
_NOTHING: Final = frozenset(("", "/", "\\", "-", "--", "—", "——", "–", "无", "不适用", "*", "N/A", "n/a"))
_MONEY: Final = re.compile(r"(?:单位[::]|\((?:[^()]*[,、])?(?:单位[::])?)(亿元|百万元|千元|万元|元)(?:\)|$|[^\w])")
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})年(度?)")


@frozen
class Row:
    """One row of the indicators.

    Attributes:
        level1, level2: the cell that says so, perhaps further up.
        cells: every other field that the table has.
    """

    level1: Cell
    level2: Cell
    cells: Mapping[Field, Cell]

    def of(self, wanted: Field) -> Cell:
        """The cell of a field; an empty one at the row's title where the table has no such column."""
        found = self.cells.get(wanted)
        return found if found is not None else Cell(self.cells["level3"].row, self.cells["level3"].column, "")


@frozen
class Table:
    """A table, each part with its cells.

    Attributes:
        subject: "name", "department" and "unit".
        years: the table's, each with its cell; several where it contradicts itself.
        money: the units of money that are named, each with its cell.
        funds: of each source of money (``budget``: the total) the cells of its row.
        rows: of the indicators; rows that were left blank are not among them.
        total: of the row of the total.
        grade, problems: where they are written.
        written: what people wrote beside the figures, by its label.
        labels: of all its columns, as `label` gives them.
        titles: what stands over it, as `label` gives it.
        troubles: what cannot be read as a table.
    """

    grid: Grid
    subject: Mapping[str, Cell]
    years: Mapping[int, Cell]
    money: Mapping[str, Cell]
    funds: Mapping[str, Mapping[Fund, Cell]]
    rows: tuple[Row, ...]
    total: Mapping[Field, Cell]
    grade: Cell | None
    problems: Cell | None
    written: tuple[tuple[str, Cell], ...]
    labels: frozenset[str]
    titles: tuple[str, ...]
    troubles: tuple[Problem, ...]


def label(text: str) -> str:
    """A label or a level's title, without what makes no difference: spaces, brackets and what is in them, a colon."""
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return _BRACKETS.sub("", folded).removeprefix("其中:").removeprefix("其中").strip(":、")


def nothing(text: str) -> bool:
    """Whether a cell says that there is nothing to say: it is empty, a stroke, 无, 不适用."""
    return text.strip() in _NOTHING


def table_of(grids: Iterable[Grid], path: str, sheet: str | None = None) -> Table:
    """The one official table in a file.

    Args:
        sheet: the title of the sheet, where several have a table.

    Raises:
        LoadError: there is none, or there are several.
    """
    shown = tuple(grids)
    if sheet is not None and sheet not in (each.title for each in shown):
        titles = "、".join(each.title for each in shown)
        raise failed(path, f"没有工作表“{sheet}”— 现有：{titles}", f'has no sheet "{sheet}" — there are: {titles}')
    readers = [_Reader(each) for each in shown if sheet in (None, each.title)]
    found = [each for each in readers if each.header]
    if not found:
        raise failed(
            path,
            "中没有认得的自评表：应有一行列名，含三级指标、指标值、完成值、分值、得分 — 或用 perfeval form 生成后填写",
            "holds no table that is known: one row names the columns 三级指标, 指标值, 完成值, 分值, 得分 — or fill in one that"
            " perfeval form made",
        )
    if len(found) > 1:
        titles = "、".join(each.grid.title for each in found)
        raise failed(
            path,
            f"有 {len(found)} 张自评表（{titles}）— 用 perfeval import --sheet 指明一张，或各存为一个文件",
            f"holds {len(found)} tables ({titles}) — name one with perfeval import --sheet, or save each in a file of its own",
        )
    return found[0].table()


def _known(names: Mapping[str, tuple[str, ...]], templates: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each label with the field it names."""
    found = {label(name): wanted for wanted, all_ in names.items() for name in all_}
    return {**{label(name): wanted for name, wanted in templates}, **found}


_COLUMNS: Final = _known(
    _FIELDS,
    [
        (name, "target" if wanted == "goal" else wanted)
        for each in OFFICIAL.values()
        for name, wanted in each.indicators
    ],
)
_FUND_COLUMNS: Final = _known(_FUNDS, [pair for each in OFFICIAL.values() for pair in each.funds])
_FUND_ROWS: Final = _known(_SOURCES, [pair for each in OFFICIAL.values() for pair in each.sources])
_HEAD: Final = _known(_SUBJECT, [])
_WRITTEN: Final = {
    label(name): name for each in OFFICIAL.values() for name in (*each.goals, *each.closing) if len(name) < 20
} | {"年度总体目标": "年度总体目标"}


class _Header:
    """A row that names columns.

    Attributes:
        row: its number.
        columns: of each field, from its first column to its last.
    """

    def __init__(self, grid: Grid, row: int, known: Mapping[str, str]) -> None:
        self.row = row
        self.labels: set[str] = set()
        self.columns: dict[str, range] = {}
        for cell in grid.across(row):
            wanted = known.get(label(cell.text))
            if wanted is None or wanted in self.columns:
                continue
            last = cell.column
            while grid.merged.get((row, last + 1)) == (row, cell.column):
                last += 1
            self.columns[wanted] = range(cell.column, last + 1)
            self.labels.add(label(cell.text))

    @property
    def first(self) -> int:
        return min(each.start for each in self.columns.values())


class _Reader:
    """Finds the parts of the table on one sheet."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.troubles: list[Problem] = []
        self.header = self._indicator_header(1)

    def table(self) -> Table:
        assert self.header is not None
        over = self._funds_header()
        rows, total, end = self._rows()
        top = (over or self.header).row
        return Table(
            self.grid,
            subject=dict(self._subject(top)),
            years=self._years(top),
            money=self._money(self.header.row),
            funds={} if over is None else dict(self._funds(over)),
            rows=rows,
            total=total,
            grade=self._beside(_GRADE),
            problems=self._beside((_PROBLEMS,)),
            written=tuple(self._written(range(top, self.header.row), range(end, self.grid.rows + 1))),
            labels=frozenset(self.header.labels | (over.labels if over else set())),
            titles=tuple(label(cell.text) for row in range(1, top) for cell in self.grid.across(row)),
            troubles=tuple(self.troubles),
        )

    # The indicators.

    def _indicator_header(self, start: int) -> _Header | None:
        return next((found for row in range(start, self.grid.rows + 1) if (found := self._heading(row))), None)

    def _heading(self, row: int) -> _Header | None:
        found = _Header(self.grid, row, _COLUMNS)
        whole = "level3" in found.columns and found.columns.keys() & {"points", "score"} and len(found.columns) > 3
        return found if whole else None

    def _rows(self) -> tuple[tuple[Row, ...], dict[Field, Cell], int]:
        """The rows of the indicators, the row of the total, and the first row below."""
        assert self.header is not None
        header, found = self.header, list[Row]()
        level1 = level2 = Cell(header.row, header.first, "")
        for row in range(header.row + 1, self.grid.rows + 1):
            if again := self._heading(row):
                header = again
                continue
            if self._is_total(row, header):
                figures: tuple[Field, ...] = ("points", "score")
                total = {name: self._value(row, header, name) for name in figures if name in header.columns}
                return tuple(found), total, row + 1
            if self._is_under(row, header):
                return tuple(found), {}, row
            over = level1
            level1 = self._level(row, header, "level1", level1)
            level2 = self._level(row, header, "level2", level2 if level1 is over else Cell(row, header.first, ""))
            cells = {
                name: self._value(row, header, name) for name in header.columns if name not in ("level1", "level2")
            }
            if self._is_filled(cells):
                found.append(Row(level1, level2, cells))  # type: ignore[arg-type]  # the names are fields
        return tuple(found), {}, self.grid.rows + 1

    def _is_total(self, row: int, header: _Header) -> bool:
        before = min(header.columns[name].start for name in ("points", "score") if name in header.columns)
        return any(label(cell.text) in _TOTAL for cell in self.grid.across(row) if cell.column < before)

    def _is_under(self, row: int, header: _Header) -> bool:
        """Whether what stands below the table begins here."""
        first = next(self.grid.across(row), None)
        if first is None or first.column >= header.columns["level3"].start:
            return False
        return label(first.text) in _WRITTEN or bool(_UNDER_THE_TABLE.match(label(first.text) or "说明"))

    def _is_filled(self, cells: Mapping[str, Cell]) -> bool:
        """Whether anybody wrote anything in a row, beside what the form prints."""
        title = re.sub(r"\s", "", unicodedata.normalize("NFKC", cells["level3"].text))
        rest = (cell for name, cell in cells.items() if name not in ("level3", "sign", "unit"))
        return not _UNFILLED.fullmatch(title) or any(cell.text or not cell.computed for cell in rest)

    def _level(self, row: int, header: _Header, name: str, above: Cell) -> Cell:
        """A level's title: as a merged cell shows it, or else the one above."""
        if name not in header.columns:
            return above
        shown = self.grid.shown(row, header.columns[name].start)
        return shown if shown.text else above

    def _value(self, row: int, header: _Header, name: str) -> Cell:
        span = header.columns[name]
        for column in span:
            if (row, column) in self.grid.cells:
                return self.grid.at(row, column)
        over = self.grid.merged.get((row, span.start))
        if over is not None and over[0] != row and over != (header.row, span.start):
            shown = self.grid.at(*over)
            if name in ("reason", "unit", "sign"):
                return shown
            if shown.text and name != "level3":
                self.troubles.append(
                    self.grid.problem(
                        Cell(row, span.start, ""),
                        f"与 {self.grid.name(shown)} 合并，几行共用“{shown.text}”— 请拆开，每行填自己的",
                        f'is merged with {self.grid.name(shown)}, several rows share "{shown.text}" — split it, each row has its own',
                    )
                )
        return self.grid.at(row, span.start)

    # The funds.

    def _funds_header(self) -> _Header | None:
        assert self.header is not None
        for row in range(1, self.header.row):
            found = _Header(self.grid, row, _FUND_COLUMNS)
            if "executed" in found.columns and found.columns.keys() & {"approved", "initial"}:
                return found
        return None

    def _funds(self, header: _Header) -> Iterator[tuple[str, dict[Fund, Cell]]]:
        assert self.header is not None
        seen: set[str] = set()
        for row in range(header.row + 1, self.header.row):
            if self._is_goals(row):
                return
            title = next(
                (
                    self.grid.at(row, column)
                    for column in range(header.first - 1, 0, -1)
                    if (row, column) in self.grid.cells
                ),
                None,
            )
            group = None if title is None else _FUND_ROWS.get(label(title.text))
            cells = {name: self._value(row, header, name) for name in header.columns}
            amounts = [cells[name] for name in ("initial", "approved", "executed") if name in cells]
            if group is None and title is not None and any(_figure(each.text) for each in amounts):
                self.troubles.append(
                    self.grid.problem(
                        title,
                        f"不认得资金来源“{title.text}”— 可写：{'、'.join(names[0] for names in _SOURCES.values())}",
                        f'the source of money "{title.text}" is not known — write one of: '
                        f"{', '.join(names[0] for names in _SOURCES.values())}",
                    )
                )
            if group is not None and group not in seen:
                seen.add(group)
                yield group, cells  # type: ignore[misc]  # the names are fields

    def _is_goals(self, row: int) -> bool:
        """Whether the block of the goals begins here: its labels say so, and no source of money stands there."""
        labels = [label(cell.text) for cell in self.grid.across(row)]
        return any(map(_GOALS.fullmatch, labels)) and not any(each in _FUND_ROWS for each in labels)

    def _money(self, end: int) -> dict[str, Cell]:
        """The units of money named over the indicators."""
        found: dict[str, Cell] = {}
        for row in range(1, end):
            for cell in self.grid.across(row):
                for unit in _MONEY.findall(unicodedata.normalize("NFKC", cell.text)):
                    found.setdefault(unit, cell)
        return found

    # What stands around.

    def _subject(self, end: int) -> Iterator[tuple[str, Cell]]:
        for row in range(1, end):
            for cell in self.grid.across(row):
                before, colon, after = unicodedata.normalize("NFKC", cell.text).partition(":")
                wanted = _HEAD.get(label(before))
                if wanted is None:
                    continue
                if colon and after.strip():
                    yield wanted, Cell(cell.row, cell.column, after.strip())
                elif (value := self._right_of(cell)) is not None and label(value.text) not in _HEAD:
                    yield wanted, value

    def _right_of(self, cell: Cell) -> Cell | None:
        return next((each for each in self.grid.across(cell.row) if each.column > cell.column), None)

    def _years(self, end: int) -> dict[int, Cell]:
        """The years named as the table's year, the titles' first; else all that are named: but what a project is called, and what
        it is to reach, may speak of any year.
        """
        beside = [*self._subject(end), *self._written(range(1, end))]
        elsewhere = {(cell.row, cell.column) for _, cell in beside}
        first = min((row for row, _ in elsewhere), default=end)
        named: tuple[dict[int, Cell], dict[int, Cell]] = ({}, {})
        other: tuple[dict[int, Cell], dict[int, Cell]] = ({}, {})
        for cell in (each for row in range(1, end) for each in self.grid.across(row)):
            if (cell.row, cell.column) not in elsewhere:
                for year, of_table in _YEAR.findall(re.sub(r"\s", "", unicodedata.normalize("NFKC", cell.text))):
                    (named if of_table else other)[cell.row >= first].setdefault(int(year), cell)
        return next((found for found in (*named, *other) if found), {})

    def _beside(self, names: Iterable[str]) -> Cell | None:
        """What is written beside a label anywhere."""
        asked = tuple(names)
        for at in sorted(self.grid.cells):
            cell = self.grid.at(*at)
            if label(cell.text) in asked and (value := self._right_of(cell)) is not None:
                return value
        return None

    def _written(self, *ranges: range) -> Iterator[tuple[str, Cell]]:
        for rows in ranges:
            for row in rows:
                for cell in self.grid.across(row):
                    name = _WRITTEN.get(label(cell.text))
                    value = None if name in (None, _PROBLEMS) else self._words_of(cell, rows)
                    if name is not None and value is not None:
                        yield name, value

    def _words_of(self, cell: Cell, rows: range) -> Cell | None:
        """What is written beside a label, or below it where further labels stand beside it."""
        beside = self._right_of(cell)
        if beside is not None and label(beside.text) not in _WRITTEN:
            return beside
        below = self.grid.at(cell.row + 1, cell.column)
        return below if below.row in rows and below.text and label(below.text) not in _WRITTEN else None


def _figure(text: str) -> bool:
    return bool(re.search(r"[1-9]", text))
