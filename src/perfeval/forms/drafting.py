"""From an official table to an assessment file: each row an indicator where the framework has a place for it.

Every figure keeps its cell as its source. What cannot be read for certain is not made up: the fact stays unknown, or the points
stand as they were awarded, and a `Note` says so.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Final

from attrs import evolve, frozen

from perfeval.assessment import Assessment
from perfeval.errors import DefinitionError, Language, LoadError, Message, Problem
from perfeval.expr.nodes import FactRef
from perfeval.forms.grid import Cell, Grid, column_letter
from perfeval.forms.official import DEPARTMENT
from perfeval.forms.placing import Nowhere, guessed, place, stem, unused
from perfeval.forms.said import LEVELS, Goal, Level, actual_of, amount_of, figure, goal_of, level_of, outside, rate_of
from perfeval.forms.typed import Row, Table, label, nothing
from perfeval.framework import Dimension, Framework, Indicator
from perfeval.loading import load, load_framework_with_sources
from perfeval.quantity import Target, decimal_text, exact_places
from perfeval.rules import Completion, Rating, YesNo
from perfeval.starter import toml_key, toml_value

__all__ = ["Draft", "Line", "Note", "assessment_of", "draft_of"]

_MAIN: Final = "assessment.toml"
_ANSWERS: Final = {"是": True, "yes": True, "否": False, "no": False}
_RATED_BY_THREE: Final = ("mof-2020-project-self", "sichuan-2023-project-self")
_RATING: Final = (
    'rule = { kind = "rating", levels = [',
    *(
        f'    {{ name = "{each.name}", from = "{decimal_text(each.from_ * 100)}%", to = "{decimal_text(each.to * 100)}%" }},'
        for each in LEVELS
    ),
    "] }",
)
_AMOUNTS: Final = {"initial": "年初预算数", "approved": "全年预算数", "executed": "全年执行数"}


@frozen
class Note:
    """What a reader should look at: where, and why."""

    where: str
    message: Message

    def to(self, language: Language) -> str:
        """The line a reader sees."""
        return f"{self.where}: {self.message.to(language)}" if self.where else self.message.to(language)


@frozen
class Line:
    """A line of the file, and the cell that it comes from."""

    text: str
    cell: Cell | None = None


@frozen
class Draft:
    """An assessment file in the making.

    Attributes:
        lines: of the file.
        files: the framework's own files, by their names; none for a framework in the catalogue.
        notes: what could not be read for certain.
    """

    grid: Grid
    lines: tuple[Line, ...]
    files: Mapping[str, str]
    notes: tuple[Note, ...]

    @property
    def text(self) -> str:
        """The file."""
        return "".join(f"{each.text}\n" for each in self.lines)


def draft_of(table: Table, named: str | None = None, language: Language | None = None) -> Draft:
    """The assessment file of an official table.

    Args:
        named: the framework, a name in the catalogue or a path; by default the one that has such a table.
        language: of the comments; by default the framework's.

    Raises:
        LoadError: every problem, each with its sheet and cell.
    """
    notes: list[Note] = []
    if named is None:
        named = guessed(table)
        notes.append(
            Note(
                "",
                Message(
                    f"指标体系按表样认作 {named} — 不是的，用 --framework 指明",
                    f"taken for {named} by its columns — name another with --framework",
                ),
            )
        )
    framework, files = load_framework_with_sources(named)
    drafter = _Drafter(table, framework, language or framework.language, notes)
    reference = Path(named).name if named.endswith(".toml") else named
    lines = drafter.lines(reference)
    return Draft(table.grid, lines, files, tuple(drafter.notes))


def assessment_of(draft: Draft) -> Assessment:
    """The assessment that a draft is, read as any file is.

    Raises:
        LoadError: every problem, each at the cell that it comes from.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**draft.files, _MAIN: draft.text}.items():
            file = Path(folder) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        try:
            return load(Path(folder) / _MAIN)
        except LoadError as error:
            raise LoadError([_at_its_cell(each, draft) for each in error.problems]) from None


def _at_its_cell(found: Problem, draft: Draft) -> Problem:
    own = found.place is not None and Path(found.place.file).name == _MAIN
    line = found.place.line if own and found.place is not None else 0
    cell = next((each.cell for each in reversed(draft.lines[:line]) if each.cell is not None), None)
    return evolve(found, place=draft.grid.place(cell or Cell(1, 1, "")))


# Rows.


@frozen
class _Placed:
    """A row in its place: `path` of its indicator, `own` when the framework has no such indicator."""

    row: Row
    path: str
    own: bool
    points: Fraction


class _Drafter:
    """Writes the lines of one file; notes and problems gather on the way."""

    def __init__(self, table: Table, framework: Framework, language: Language, notes: list[Note]) -> None:
        self.table, self.framework, self.language, self.notes = table, framework, language, notes
        self.grid = table.grid
        self.problems: list[Problem] = list(table.troubles)
        self.execution = next((each for each in framework.indicators if "." not in each.path), None)
        self._facts: dict[str, dict[str, Line]] = {}
        self._unsigned: list[Cell] = []
        self._doubted: set[Cell] = set()  # targets that were not understood, and told
        self._year = next(iter(table.years)) if len(table.years) == 1 else None

    def lines(self, reference: str) -> tuple[Line, ...]:
        """The whole file.

        Raises:
            LoadError: every problem.
        """
        self._columns()
        rows = tuple(self._placed())
        subject, published = tuple(self._subject()), tuple(self._published())
        execution = tuple(self._funds())
        tree = [line for each in rows for line in self._indicator(each)]
        dimensions = tuple(self._dimensions(rows))
        self._sums(rows)
        self._told_at_once()
        if self.problems:
            raise LoadError(dict.fromkeys(self.problems))
        return (
            *self._opening(),
            Line("format = 1"),
            Line(f"framework = {toml_value(reference)}"),
            *subject,
            *published,
            *self._fact_lines(),
            *execution,
            *dimensions,
            *tree,
            *self._checks(),
        )

    def _columns(self) -> None:
        """That no row can be read without a column of actual values."""
        if self.table.rows and not any("actual" in each.cells for each in self.table.rows):
            header = self.table.rows[0].of("level3")
            self._wrong(
                Cell(max(1, header.row - 1), header.column, ""),
                "没有完成值一列 — 请将该列的列名写作“实际完成值”",
                'there is no column of actual values — call it "实际完成值"',
            )

    def _say(self, cell: Cell | None, zh: str, en: str) -> None:
        self.notes.append(Note(self.grid.name(cell) if cell else "", Message(zh, en)))

    def _wrong(self, cell: Cell, zh: str, en: str) -> None:
        self.problems.append(self.grid.problem(cell, zh, en))

    @contextmanager
    def _at(self, cell: Cell) -> Iterator[None]:
        """Whatever is wrong inside lies at `cell`."""
        try:
            yield
        except DefinitionError as error:
            self.problems.extend(evolve(each, path=(), place=self.grid.place(cell)) for each in error.problems)

    def _text(self, cell: Cell) -> str:
        """What a cell says; a formula without its result is a problem."""
        if not cell.computed:
            self._wrong(
                cell,
                "公式还没有计算结果 — 请在 Excel 或 WPS 中打开并保存，或直接填数",
                "this formula has no computed value — open and save the file in Excel or WPS, or write the figure",
            )
        return "" if nothing(cell.text) else cell.text

    def _to(self, zh: str, en: str) -> str:
        return Message(zh, en).to(self.language)

    # The head of the file.

    def _opening(self) -> Iterator[Line]:
        name = Path(self.grid.path).name
        yield Line(
            "# "
            + self._to(
                f"由 {_one(name)} 的工作表“{_one(self.grid.title)}”导入；source 是所在单元格。",
                f'Imported from {_one(name)}, sheet "{_one(self.grid.title)}"; each source is a cell.',
            )
        )
        for title, cell in self.table.written:
            if text := self._text(cell):
                yield Line(f"# {_one(title)}（{self.grid.name(cell)}）：{_one(text)}")
        if self.notes:
            yield Line("# " + self._to("请核对：", "Please look at:"))
            yield from (Line(f"# - {_one(each.to(self.language))}") for each in self.notes)
        yield Line("")

    def _subject(self) -> Iterator[Line]:
        department = "department" in self.framework.id
        yield Line("")
        yield Line("[subject]")
        yield Line(f'kind = "{"department" if department else "project"}"')
        for key in ("name", "unit"):
            cell = self.table.subject.get(key)
            text = "" if cell is None else self._text(cell)
            yield Line(f"{key} = {toml_value(text)}", cell)
        if len(self.table.years) == 1:
            ((year, cell),) = self.table.years.items()
            yield Line(f"year = {year}", cell)
        elif self.table.years:
            years = "、".join(str(each) for each in self.table.years)
            self._say(
                next(iter(self.table.years.values())),
                f"年度不一致（{years}），未填",
                f"several years ({years.replace('、', ', ')}): none is written",
            )
        else:
            self._say(None, "没有写明年度", "no year is stated")
        cell = self.table.subject.get("department")
        if cell is not None and (text := self._text(cell)):
            yield Line(f"note = {toml_value(DEPARTMENT.to(self.language) + text)}", cell)

    def _published(self) -> Iterator[Line]:
        yield Line("")
        yield Line("[published]")
        source = Path(self.grid.path).name
        cell = self.table.total.get("score")
        score = None if cell is None else self._number(cell)
        if score is not None and cell is not None:
            yield Line(f"score = {score}", cell)
            source += f" {self.grid.name(cell)}"
        grade = self.table.grade
        if grade is not None and (said := self._text(grade)):
            known = [word for each in self.framework.grades for word in (each.name, *each.also)]
            if said in known:
                yield Line(f"grade = {toml_value(said)}", grade)
            else:
                self._say(
                    grade,
                    f"“{said}”不是等级（{'、'.join(known)}），未填",
                    f'"{said}" is no grade ({", ".join(known)}): none is written',
                )
        yield Line(f"source = {toml_value(source)}", cell)
        if self.table.problems is not None and (said := self._text(self.table.problems)):
            yield Line(f"problems = {toml_value(said)}", self.table.problems)

    # The funds.

    def _funds(self) -> Iterator[Line]:
        """The facts of the budget, and the lines of the execution's indicator."""
        if self.execution is None:
            return
        if not self.table.funds:
            self._say(None, "没有预算执行情况，执行率不知道", "no funds are stated: execution is unknown")
            return
        unit = self._money()
        for group, cells in self.table.funds.items():
            for name, title in _AMOUNTS.items():
                cell = cells.get(name)  # type: ignore[call-overload]  # a mapping of these names
                if cell is not None and (text := self._text(cell)):
                    with self._at(cell):
                        self._fact(f"{group}.{name}", {**amount_of(text, unit), "title": title}, cell)
        total = self.table.funds.get("budget", {})
        self._printed_rate(total.get("rate"))
        lines: list[Line] = []
        points = total.get("points")
        if points is not None:
            printed = self._points(points)
            if printed is not None and printed != self.execution.points:
                own, said = decimal_text(self.execution.points), decimal_text(printed)
                self._wrong(
                    points,
                    f"预算执行的分值为 {said}，指标体系为 {own} — 请核对，或换一个指标体系",
                    f"execution has {said} points here, {own} in the framework — check it, or name another framework",
                )
        for key, cell in (("stated", total.get("score")), ("reason", total.get("reason"))):
            if cell is not None and (line := self._remark(key, cell)) is not None:
                lines.append(line)
        if lines:
            yield Line("")
            yield Line(f"[tree.{toml_key(self.execution.path)}]")
            yield from lines

    def _money(self) -> str:
        named = list(self.table.money)
        if len(named) > 1:
            units = "、".join(named)
            self._wrong(
                next(iter(self.table.money.values())),
                f"表上有几种金额单位（{units}）— 只留一种",
                f"several units of money are named ({units.replace('、', ', ')}) — keep one",
            )
        if not named:
            first = next(iter(self.table.funds["budget"].values())) if "budget" in self.table.funds else None
            self._say(
                first,
                "没有写明金额单位，按官方表样视为万元",
                "no unit of money is named: 万元, as on the official form",
            )
        return named[0] if named else "万元"

    def _printed_rate(self, cell: Cell | None) -> None:
        # A formula without its result is no problem here: the rate is computed anyhow.
        if cell is None or not cell.computed or not (text := self._text(cell)):
            return
        found = rate_of(text)
        if isinstance(found, Message):
            self._say(cell, found.zh, found.en)
        else:
            title = self._to("表中所填执行率", "the printed rate")
            self._fact("budget.printed_rate", {**found.entry, "title": title}, cell)

    # Indicators.

    def _placed(self) -> Iterator[_Placed]:
        counts: dict[str, int] = {}
        seen: dict[str, Cell] = {}
        for row in self.table.rows:
            title = row.of("level3")
            if unused(row):
                self._say(
                    title,
                    f"“{title.text or '/'}”没有分值与得分，未列",
                    f'"{title.text or "/"}" has neither points nor a score: it is left out',
                )
                continue
            found = place(self.framework, row)
            if isinstance(found, Nowhere):
                self.problems.append(self.grid.problem(found.cell, found.message.zh, found.message.en))
                continue
            before = len(self.problems)
            points = self._points(row.of("points"))
            score = self._quietly(row.of("score"))
            if points is not None and score is not None and score > points:
                self._say(
                    row.of("score"),
                    f"得分 {decimal_text(score)} 高于分值 {decimal_text(points)}",
                    f"the score {decimal_text(score)} is above the {decimal_text(points)} points",
                )
            if points is None:
                if len(self.problems) == before:
                    self._wrong(
                        row.of("points"),
                        f"“{title.text}”没有分值 — 请填写",
                        f'"{title.text}" has no points — write them',
                    )
                continue
            path = found.path
            if found.own:
                if nothing(title.text):
                    self._wrong(title, "此行没有三级指标名称 — 请填写", "this row has no title — write one")
                    continue
                counts[path] = counts.get(path, 0) + 1
                path = f"{path}.own_{counts[path]}"
            elif path in seen:
                self._wrong(
                    title,
                    f"与 {self.grid.name(seen[path])} 是同一个指标",
                    f"is the same indicator as {self.grid.name(seen[path])}",
                )
                continue
            seen[path] = title
            yield _Placed(row, path, found.own, points)

    def _indicator(self, placed: _Placed) -> Iterator[Line]:
        row = placed.row
        title = row.of("level3")
        remarks = [
            line
            for key, cell in (("stated", row.of("score")), ("reason", row.of("reason")))
            if (line := self._remark(key, cell)) is not None
        ]
        yield Line("")
        yield Line(f"[tree.{toml_key(placed.path)}]", title)
        if not placed.own:
            yield from self._known(placed)
            yield from remarks
            return
        yield Line(f"title = {toml_value(title.text)}", title)
        if self.framework.layout[placed.path.rpartition(".")[0]].category is None:
            self._wrong(
                title,
                "所属的指标没有类别，不能导入 — 请用 perfeval new 编写",
                "its dimension has no category and cannot be imported into — use perfeval new",
            )
        yield Line(f"points = {decimal_text(placed.points)}", row.of("points"))
        goal = self._goal(row)
        if goal is None:
            yield from self._judged(placed)
        else:
            yield Line(f"rule = {toml_value({'kind': 'completion', 'target': goal.written})}", row.of("target"))
            self._measured(placed.path, row, goal.target)
        yield from remarks

    def _known(self, placed: _Placed) -> Iterator[Line]:
        """A row of an indicator that the framework has."""
        node = self.framework.layout[placed.path]
        if node.points != placed.points:
            own, said = decimal_text(node.points), decimal_text(placed.points)
            self._wrong(
                placed.row.of("points"),
                f"分值为 {said}，指标体系中“{node.node.title}”为 {own}",
                f'has {said} points, "{node.node.title}" has {own} in the framework',
            )
        assert isinstance(node.node, Indicator)
        rule, actual = node.node.rule, node.actual
        if isinstance(rule, Completion) and isinstance(actual, FactRef):
            self._measured(actual.name, placed.row, rule.target)
        elif isinstance(rule, Rating) and isinstance(actual, FactRef):
            self._rated_by(rule, actual.name, placed)
        elif isinstance(rule, YesNo) and isinstance(asked := rule.when or actual, FactRef):
            self._answered(asked.name, placed.row)
        elif not nothing(placed.row.of("actual").text):
            cell = placed.row.of("actual")
            self._say(
                cell,
                f"“{node.node.title}”的完成值由其他事实计算，未录入“{cell.text}”",
                f'the actual value of "{node.node.title}" is computed from other facts: "{cell.text}" is not written',
            )
        return iter(())

    def _rated_by(self, rule: Rating, path: str, placed: _Placed) -> None:
        """The level that a row of the framework's own is rated with, in the framework's words."""
        cell = placed.row.of("actual")
        said, named = self._text(cell), {stem(each.name): each for each in rule.levels}
        found = named.get(stem(said))
        if found is None:
            if said:
                words = [each.name for each in rule.levels]
                self._say(
                    cell,
                    f"“{said}”不是等级（{'、'.join(words)}），视为不知道",
                    f'"{said}" is none of the levels ({", ".join(words)}): it is unknown',
                )
            self._fact(path, {"level": "", "share": "", "title": placed.row.of("level3").text}, cell)
        elif found.share is not None:
            known = {"level": found.name, "share": f"{decimal_text(found.share * 100)}%"}
            self._fact(path, {**known, "title": placed.row.of("level3").text}, cell)
        else:
            level = Level(found.name, found.least, found.most)
            self._rated(path, placed, level, self._score(placed.row.of("score")))

    def _answered(self, path: str, row: Row) -> None:
        """The yes or no of a row."""
        cell = row.of("actual")
        said = self._text(cell)
        answer = _ANSWERS.get(label(said).lower())
        if answer is None and said:
            self._say(cell, f"“{said}”不是“是”或“否”，视为不知道", f'"{said}" is no yes or no: it is unknown')
        self._fact(path, {"value": "" if answer is None else answer, "title": row.of("level3").text}, cell)

    def _goal(self, row: Row) -> Goal | None:
        """The target; None where it is in words or there is none."""
        cells = {"target": row.of("target"), "sign": row.of("sign"), "unit": row.of("unit")}
        said = {name: cell.typed or self._text(cell) for name, cell in cells.items()}
        try:
            goal, doubt = goal_of(said["target"], said["sign"], said["unit"], self._year, self._text(row.of("actual")))
        except DefinitionError as error:
            for each in error.problems:
                self._wrong(cells[str(each.path[0])], each.message.zh, each.message.en)
            return None
        if doubt is not None:
            self._doubted.add(cells["target"])
            self._say(cells["target"], doubt.zh, doubt.en)
        if goal is not None and not goal.target.signed:
            self._unsigned.append(cells["target"])
        return goal

    def _measured(self, path: str, row: Row, goal: Target) -> None:
        """The fact of an actual value, or an unknown one with what the cell says."""
        cell = row.of("actual")
        said = actual_of(self._text(cell), self._text(row.of("unit")), goal, self._year)
        if said.doubt is not None:
            self._say(cell, said.doubt.zh, said.doubt.en)
        note = {} if said.note is None else {"note": said.note.to(self.language)}
        self._fact(path, {**said.entry, "title": row.of("level3").text, **note}, cell)

    def _judged(self, placed: _Placed) -> Iterator[Line]:
        """A row whose points are a judgement: a rating where its level is said, else as they were awarded."""
        row = placed.row
        goal, actual = row.of("target").typed or self._text(row.of("target")), self._text(row.of("actual"))
        if goal:
            yield Line(f"standard = {toml_value(goal)}", row.of("target"))
        if goal == "是" and actual in ("是", "否"):
            yield Line('rule = { kind = "yes-no" }', row.of("actual"))
            self._fact(placed.path, {"value": actual == "是", "title": row.of("level3").text}, row.of("actual"))
            return
        score = self._score(row.of("score"))
        level = level_of(actual) if self.framework.form in _RATED_BY_THREE else None
        if level is None:
            yield Line('rule = { kind = "awarded" }', row.of("actual"))
            self._awarded(placed, actual, score)
        else:
            yield from (Line(each, row.of("actual")) for each in _RATING)
            self._rated(placed.path, placed, level, score)

    def _awarded(self, placed: _Placed, actual: str, score: Fraction | None) -> None:
        """The points as the table has them; unknown where it does not say what they were awarded for."""
        row, title = placed.row, placed.row.of("level3").text
        if not actual:
            self._say(
                row.of("actual"),
                "没有完成值，得分没有依据，视为不知道",
                "there is no actual value for the score to rest on: it is unknown",
            )
            self._fact(placed.path, {"value": "", "title": title}, row.of("actual"))
            return
        note = self._to(f"完成值：{actual}", f"actual value: {actual}")
        said = "" if score is None else decimal_text(score)
        if score is not None and row.of("target") not in self._doubted:
            why = self._no_comparison(row.of("target").text, actual)
            self._say(
                row.of("actual"),
                f"{why.zh}，按所填得分 {said} 录入",
                f"{why.en}: the points stand as awarded, {said}",
            )
        assumed = {"assumed": self._as_scored()} if said else {}
        self._fact(placed.path, {"value": said, **assumed, "title": title, "note": note}, row.of("score"))

    def _no_comparison(self, goal: str, actual: str) -> Message:
        """Why an actual value neither meets a target nor says a level."""
        if not any(each.isdigit() for each in actual):
            return Message(f"完成值“{actual}”没有说明等级", f'"{actual}" is no level')
        if nothing(goal):
            return Message(f"没有指标值可与完成值“{actual}”比较", f'there is no target to compare "{actual}" with')
        return Message(
            f"指标值“{goal}”是文字，不能与完成值“{actual}”比较",
            f'the target "{goal}" is in words and does not compare with "{actual}"',
        )

    def _rated(self, path: str, placed: _Placed, level: Level, score: Fraction | None) -> None:
        row = placed.row
        words, share = row.of("actual").text, level.share(score, placed.points)
        note = Message(f"表中填“{words}”", f'the table says "{words}"')
        title = row.of("level3").text
        said, points = decimal_text(score or Fraction(0)), decimal_text(placed.points)
        if share is None and score is not None:
            doubt = outside(level, score)
            self._say(row.of("score"), doubt.zh, doubt.en)
        if share is not None:
            note = Message(
                f"{note.zh}，比例为得分 {said} ÷ 分值 {points}",
                f"{note.en}; the share is the score {said} ÷ {points} points",
            )
        spoken = note.to(self.language)
        if share is None:
            self._fact(path, {"level": level.name, "title": title, "note": spoken}, row.of("actual"))
            return
        # The level is stated; how much it is worth, only by the score that is to be accounted for.
        self._fact(f"{path}.level", {"choice": level.name, "title": title, "note": spoken}, row.of("actual"))
        exact = exact_places(share * 100) is not None  # 14 of 15 points is no percentage
        worth = {"value": f"{decimal_text(share * 100)}%"} if exact else {"formula": f"{said}分 / {points}分"}
        self._fact(f"{path}.share", {**worth, "assumed": self._as_scored(), "title": title}, row.of("score"))

    def _as_scored(self) -> str:
        """The basis of what stands in the table as a score and nowhere else: an audit must not rest on it."""
        return self._to("表中所填得分", "the score that the table states")

    def _remark(self, key: str, cell: Cell) -> Line | None:
        if key == "stated":
            score = self._number(cell)
            return None if score is None else Line(f"stated = {score}", cell)
        text = self._text(cell)
        return Line(f"reason = {toml_value(text)}", cell) if text and text != "0" else None

    # Numbers.

    def _number(self, cell: Cell) -> str | None:
        """A score as it is written into the file."""
        score = self._score(cell)
        return None if score is None else decimal_text(score)

    def _score(self, cell: Cell) -> Fraction | None:
        text = self._text(cell)
        if not text:
            return None
        found = figure(text)
        if found is None or found.kind != "number":
            self._wrong(cell, f"“{text}”不是分数 — 请填数", f'"{text}" is no score — write a number')
            return None
        return found.value

    def _quietly(self, cell: Cell) -> Fraction | None:
        """A number of points where there is one; what is wrong with it is told where it is read."""
        found = figure(cell.text)
        return None if found is None or found.kind != "number" else found.value

    def _points(self, cell: Cell) -> Fraction | None:
        """Points; a percentage is one of the framework's points."""
        text = self._text(cell)
        if not text:
            return None
        found = figure(text)
        if found is not None and found.kind == "ratio":
            return found.value * self.framework.points
        if found is None or found.kind != "number" or found.value < 0:
            self._wrong(cell, f"“{text}”不是分值 — 请填数", f'"{text}" is no number of points — write a number')
            return None
        return found.value

    # Dimensions and sums.

    def _dimensions(self, rows: tuple[_Placed, ...]) -> Iterator[Line]:
        """The first levels whose points the table sets otherwise than the framework."""
        for path, placed in self.framework.layout.items():
            node = placed.node
            if not isinstance(node, Dimension) or not node.adjustable or node.points is None:
                continue
            below = [each for each in rows if each.path.startswith(f"{path}.")]
            total = sum((each.points for each in below), Fraction(0))
            if total == node.points:
                continue
            cell = below[0].row.level1 if below else None
            own, said = decimal_text(node.points), decimal_text(total)
            if below:
                reason = Message(
                    f"自评表各行分值之和为 {said}，指标体系为 {own}",
                    f"the rows of the table add up to {said}, the framework has {own}",
                )
            else:
                reason = Message("自评表没有此项", "the table has no such row")
            self._say(cell, f"“{node.title}”：{reason.zh}", f'"{node.called("en")}": {reason.en}')
            yield Line("")
            yield Line(f"[tree.{toml_key(path)}]", cell)
            yield Line(f"points = {said}", cell)
            yield Line(f"reason = {toml_value(reason.to(self.language))}", cell)

    def _sums(self, rows: tuple[_Placed, ...]) -> None:
        """Whether the points add up to the framework's."""
        if self.problems:
            return  # rows are missing
        fixed = sum((each.counts for each in self.framework.indicators), Fraction(0))
        total = fixed + sum((each.points for each in rows if each.own), Fraction(0))
        if total != self.framework.points:
            cell = self.table.total.get("points") or (rows[-1].row.of("points") if rows else Cell(1, 1, ""))
            said, own = decimal_text(total), decimal_text(self.framework.points)
            self._wrong(
                cell,
                f"各行分值与预算执行的分值合计为 {said}，指标体系为 {own} — 请核对各行分值",
                f"the points of all rows and of execution add up to {said}, the framework has {own} — check the points of each row",
            )

    def _told_at_once(self) -> None:
        """What is true of many cells, each kind in one note."""
        self._total()
        hidden = sorted({each.of("level3").row for each in self.table.rows} & self.grid.hidden)
        if hidden:
            rows = "、".join(map(str, hidden))
            self._say(
                Cell(hidden[0], 1, ""),
                f"隐藏的行也已读入：{rows}",
                f"hidden rows were read all the same: {rows.replace('、', ', ')}",
            )
        if self._unsigned:
            cells = [f"{column_letter(each.column)}{each.row}" for each in self._unsigned]
            self._say(
                self._unsigned[0],
                f"没有比较符号的指标值视为“≥”：{'、'.join(cells)}",
                f"targets without a sign are read as at least: {', '.join(cells)}",
            )

    def _total(self) -> None:
        """Whether the total that is printed is the sum of the scores that are."""
        cell = self.table.total.get("score")
        total = None if cell is None else self._quietly(cell)
        funds = self.table.funds.get("budget", {}).get("score")
        cells = [row.of("score") for row in self.table.rows if not unused(row)] + ([] if funds is None else [funds])
        scores = [self._quietly(each) for each in cells]
        known = [each for each in scores if each is not None]
        if cell is None or total is None or len(known) < len(scores) or sum(known) == total:
            return
        said, own = decimal_text(sum(known, Fraction(0))), decimal_text(total)
        self._say(cell, f"各行得分之和为 {said}，总分填 {own}", f"the scores add up to {said}, the total says {own}")

    # Facts.

    def _fact(self, name: str, entry: Mapping[str, object], cell: Cell) -> None:
        group, _, key = name.rpartition(".")
        whole = {**entry, "source": self.grid.name(cell)}
        ordered = {
            key_: whole[key_]
            for key_ in (
                "value",
                "between",
                "choice",
                "formula",
                "level",
                "share",
                "unit",
                "assumed",
                "title",
                "source",
                "note",
            )
            if key_ in whole
        }
        self._facts.setdefault(group, {})[key] = Line(f"{toml_key(key)} = {toml_value(ordered)}", cell)

    def _fact_lines(self) -> Iterator[Line]:
        for group, lines in self._facts.items():
            yield Line("")
            yield Line(f"[facts.{toml_key(group)}]" if group else "[facts]")
            yield from lines.values()

    def _checks(self) -> Iterator[Line]:
        """That the total of the funds is the sum of its rows."""
        groups = [group for group in self._facts if group.startswith("budget_")]
        for name, title in _AMOUNTS.items():
            parts = [f"{group}.{name}" for group in groups if name in self._facts[group]]
            if parts and name in self._facts.get("budget", {}):
                yield Line("")
                yield Line("[[checks]]")
                yield Line(f'id = "funds-{name}"')
                yield Line(f"title = {toml_value(f'资金总额的{title}等于其中各项之和')}")
                yield Line(f"that = {toml_value(f'budget.{name} == ' + ' + '.join(parts))}")


def _one(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
