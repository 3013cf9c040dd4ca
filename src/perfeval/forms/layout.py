"""An official table on A4: its template and an assessment become boxes on a grid, before any file format.

A box knows what it shows (a figure of the assessment, or words) and how that reads now. The workbook writes the figure as a formula, Word the text;
neither knows a template, and no template knows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import groupby
from typing import Final, Literal, TypeAlias

from attrs import frozen
from rich.cells import cell_len

from perfeval.expr.names import names
from perfeval.expr.nodes import FactRef
from perfeval.facts import FactValue
from perfeval.forms.official import DEPARTMENT, Field, Official
from perfeval.framework import Indicator, Placed
from perfeval.quantity import Quantity, decimal_text, exact_places, rounded
from perfeval.rules import Rating, aim, aim_text, is_judgement
from perfeval.scorecard import NodeScore, Scorecard, value_text

__all__ = [
    "PRINTED_HEIGHT",
    "PRINTED_WIDTH",
    "Amount",
    "Box",
    "Content",
    "Figure",
    "Layout",
    "Rate",
    "actual_value",
    "is_computed",
    "lay_out",
]

PRINTED_WIDTH: Final = 186  # mm of an upright A4 page between margins of 12
PRINTED_HEIGHT: Final = 267  # and of 15
_WAN: Final = 10_000
_SHARES: Final[Mapping[Field, int]] = {
    "level1": 17,
    "level2": 18,
    "level3": 31,
    "sign": 10,
    "target": 26,
    "goal": 24,
    "unit": 13,
    "actual": 23,
    "points": 11,
    "score": 17,
    "reason": 36,
}
_SIDE: Final = 20
_ROW, _HEADING, _WRITING, _TITLE, _NOTE = 7, 9, 20, 13, 5  # mm, at least
_LINE: Final = 17  # quarters of a millimetre from line to line
_PADDING: Final = 2
_HALF_WIDTHS: Final = 5  # characters of half width in 8 mm: 小五 is 9 points
_PER: Final = 8


@frozen
class Amount:
    """A sum of money, in 万元."""

    fact: str


@frozen
class Rate:
    """What was executed of what was approved in a group of facts."""

    group: str


@frozen
class Figure:
    """What an indicator has: its points, actual value, score or reason. The path "" is the total.

    Attributes:
        unit: that of the column beside it, which the figure then leaves out; "" where there is none.
    """

    path: str
    what: Literal["points", "actual", "score", "reason"]
    unit: str = ""


Content: TypeAlias = str | Amount | Rate | Figure


@frozen
class Box:
    """A cell, or several merged.

    Attributes:
        row, column: of its first cell, from 1.
        rows, columns: how many it covers.
        content: what it shows.
        shown: how that reads now; "" where it is left to be written.
        look: "title", "heading" (bold), "text", or "note" (without lines around it).
        align: of the text.
        written: whether people write into it.
    """

    row: int
    column: int
    rows: int
    columns: int
    content: Content
    shown: str
    look: Literal["title", "heading", "text", "note"] = "text"
    align: Literal["left", "center", "right"] = "center"
    written: bool = False


@frozen
class Layout:
    """A table on upright A4.

    Attributes:
        title: of the table.
        widths: of the columns, in mm.
        heights: of the rows, in mm, at least; enough for what they show now.
        boxes: in the order of their rows and columns; they cover every cell once.
        blocks: the rows where a block begins.
        repeated: the row that heads the indicators, repeated where they go on to another page.
        indicators_end: the last row of the indicators.
    """

    title: str
    widths: tuple[int, ...]
    heights: tuple[int, ...]
    boxes: tuple[Box, ...]
    blocks: tuple[int, ...]
    repeated: int
    indicators_end: int

    @property
    def goes_on(self) -> bool:
        """Whether the indicators go on to another page, unless the print is made smaller."""
        return sum(self.heights[: self.indicators_end]) > PRINTED_HEIGHT

    def begins_at_its_top(self, box: Box) -> bool:
        """Whether a box's text belongs to its top: its middle may lie where a page ends."""
        return self.goes_on and box.rows > 1 and box.row >= self.repeated


def lay_out(official: Official, card: Scorecard) -> Layout:
    """The table of an assessment."""
    return _Maker(official, card).made()


class _Maker:
    def __init__(self, official: Official, card: Scorecard) -> None:
        self.official, self.card, self.framework = official, card, card.assessment.framework
        self.widths = _widths(official)
        self.last = official.columns
        self.columns = {wanted: column for column, (_, wanted) in enumerate(official.indicators, start=2)}
        self.middle = self.columns["actual"]  # where the right half of the page begins
        self.heights: list[int] = []
        self.boxes: list[Box] = []
        self.blocks: list[int] = []
        self.repeated = self.indicators_end = 0

    @property
    def row(self) -> int:
        return len(self.heights)

    def made(self) -> Layout:
        """The whole table, from the title to the notes."""
        self._over()
        self._head()
        blocks = (self._goals, self._funds) if self.official.goals_first else (self._funds, self._goals)
        for block in blocks:
            block()
        self._indicators()
        self._closing()
        self._notes()
        boxes = tuple(sorted(self.boxes, key=lambda box: (box.row, box.column)))
        return Layout(
            self.official.title,
            self.widths,
            _grown(self.heights, boxes, self.widths),
            boxes,
            tuple(self.blocks),
            self.repeated,
            self.indicators_end,
        )

    # Blocks.

    def _over(self) -> None:
        if self.official.code:
            self._next(_NOTE)
            self._put(1, self.last, self.official.code, look="note", align="left")
        self._next(_TITLE)
        self._put(1, self.last, self.official.title, look="title")
        year = self.card.assessment.subject.year
        self._next(_ROW)
        self._put(1, self.last, f"（{year}年度）" if year is not None else "（    年度）", look="note")

    def _head(self) -> None:
        self._block()
        subject = self.card.assessment.subject
        known = {"name": subject.name, "unit": subject.unit, "department": _department(subject.note)}
        for labels in self.official.head:
            self._next(_ROW)
            starts = (1, self.middle)[: len(labels)]
            ends = (self.middle - 1, self.last) if len(labels) > 1 else (self.last,)
            for (label, wanted), start, end in zip(labels, starts, ends, strict=True):
                value = start + (2 if start == 1 else 1)
                self._put(start, value - 1, label, look="heading")
                self._put(value, end, known.get(wanted, wanted), align="left", written=not known.get(wanted))

    def _goals(self) -> None:
        if not self.official.goals:
            return
        self._block()
        first = self.row + 1
        asked, done, *others = self.official.goals
        start = 3 if self.official.goals_label else 2
        self._next(_ROW)
        self._put(start, self.middle - 1, asked, look="heading")
        self._put(self.middle, self.last, done, look="heading")
        if self.official.goals_label:
            self._put(2, 2, self.official.goals_label, look="heading", rows=2)
        self._next(_WRITING)
        self._put(start, self.middle - 1, "", align="left", written=True)
        self._put(self.middle, self.last, "", align="left", written=True)
        for label in others:
            self._next(_WRITING)
            self._put(2, start - 1 if start > 2 else 2, label, look="heading")
            self._put(3, self.last, "", align="left", written=True)
        self._side(first, self.official.goals_title)

    def _funds(self) -> None:
        self._block()
        first = self.row + 1
        spans = tuple(_places(self.official.fund_spans))
        self._next(_HEADING)
        self._put(*spans[0], self.official.funds_label, look="heading")
        for (label, _), (start, end) in zip(self.official.funds, spans[1:], strict=True):
            self._put(start, end, label, look="heading")
        for index, (label, group) in enumerate(self.official.sources):
            self._next(_ROW)
            self._put(*spans[0], label, align="left")
            for (_, wanted), (start, end) in zip(self.official.funds, spans[1:], strict=True):
                if wanted == "reason":
                    if index == 0:
                        reason = self._execution("reason")
                        self._put(start, end, reason, align="left", rows=len(self.official.sources))
                    continue
                self._put(start, end, self._fund(group, wanted, total=index == 0))
        self._side(first, self.official.funds_title)

    def _fund(self, group: str, wanted: str, *, total: bool) -> Content:
        """What stands in a cell of the budget's rows."""
        match wanted:
            case "points" | "score":
                of_total = self._execution(wanted)
                return of_total if total and of_total else self.official.nothing
            case "rate":
                return Rate(group)
            case _:
                return Amount(f"{group}.{wanted}")

    def _execution(self, what: Literal["points", "score", "reason"]) -> Content:
        execution = self._execution_indicator()
        return "" if execution is None else Figure(execution.path, what)

    def _execution_indicator(self) -> Placed | None:
        """The indicator whose points stand beside the budget: one of the first level that reads what was executed."""
        executed = f"{self.official.sources[0][1]}.executed"
        for placed in self.framework.indicators:
            if "." not in placed.path and (
                placed.path == "execution" or executed in names(self.framework.award(placed))
            ):
                return placed
        return None

    def _indicators(self) -> None:
        self._block()
        first = self.repeated = self._next(_HEADING)
        for label, wanted in self.official.indicators:
            column = self.columns[wanted]
            self._put(column, column, label, look="heading")
        execution = self._execution_indicator()
        listed = [each for each in self.framework.indicators if execution is None or each.path != execution.path]
        for level1, below in groupby(listed, lambda each: _above(each, 1)):
            self._level(1, level1, below_1 := list(below))
            for level2, rows in groupby(below_1, lambda each: _above(each, 2)):
                self._level(2, level2, below_2 := list(rows))
                for placed in below_2:
                    self._next(_ROW)
                    self._indicator(placed)
        self._side(first, self.official.indicators_title)
        self._total()
        self.indicators_end = self.row

    def _level(self, depth: Literal[1, 2], path: str, below: list[Placed]) -> None:
        """A cell of the first or second level beside the rows below it."""
        column = self.columns["level1" if depth == 1 else "level2"]
        placed = self.framework.layout.get(path)
        title = "" if placed is None or isinstance(placed.node, Indicator) else placed.node.title
        if title and depth == 1 and self.official.level1_points:
            assert placed is not None
            title += f"（{decimal_text(placed.points)}分）"
        title = _broken(title, self.widths[column - 1])
        self.boxes.append(Box(self.row + 1, column, len(below), 1, title, title))

    def _indicator(self, placed: Placed) -> None:
        for _, wanted in self.official.indicators:
            if wanted not in ("level1", "level2"):
                column = self.columns[wanted]
                align: Literal["left", "center"] = "left" if wanted in ("level3", "reason") else "center"
                self._put(column, column, self._field(placed, wanted), align=align)

    def _field(self, placed: Placed, wanted: Field) -> Content:
        indicator = placed.node
        assert isinstance(indicator, Indicator)
        target = aim(indicator.rule, placed.points)
        said = (
            aim_text(indicator.rule, placed.points)
            or indicator.standard
            or ("定性" if is_judgement(indicator.rule) else "—")
        )
        match wanted:
            case "sign":
                return target.sign if target is not None else "定性" if is_judgement(indicator.rule) else "—"
            case "target":
                return said
            case "goal":
                if target is None:
                    return "—" if said == "定性" else said
                return str(target.quantity).removesuffix(target.quantity.unit.name)
            case "unit":
                return target.quantity.unit.name if target is not None else indicator.unit
            case "actual":
                beside = "unit" in self.columns and target is not None
                return Figure(placed.path, "actual", target.quantity.unit.name if beside and target else "")
            case "points" | "score" | "reason":
                return Figure(placed.path, wanted)
            case _:
                return self._below(placed)

    def _below(self, placed: Placed) -> str:
        """The title of an indicator, after those of what stands between it and the second level."""
        parts = placed.path.split(".")
        between = [self.framework.layout[".".join(parts[:depth])].node.title for depth in range(3, len(parts))]
        return "：".join((*between, placed.node.title))

    def _total(self) -> None:
        self._next(_ROW)
        first = self.columns.get("points", self.columns["score"])
        self._put(1, first - 1, self.official.total, look="heading")
        for column in range(first, self.last + 1):
            wanted = self.official.indicators[column - 2][1]
            content = Figure("", wanted) if wanted in ("points", "score") else ""
            self._put(column, column, content, look="heading")

    def _closing(self) -> None:
        if self.official.closing or self.official.signed:
            self._block()
        for label in self.official.closing:
            self._next(_WRITING)
            self._put(1, 2, label, look="heading")
            self._put(3, self.last, "", align="left", written=True)
        if self.official.signed:
            self._next(_HEADING)
            first, second = self.official.signed
            self._put(1, self.middle - 1, first, align="left", written=True)
            self._put(self.middle, self.last, second, align="left", written=True)

    def _notes(self) -> None:
        self._block()
        for note in (*self.official.notes, *self._assumed()):
            self._next(_NOTE)
            self._put(1, self.last, f"说明：{note}", look="note", align="left")

    def _assumed(self) -> Iterator[str]:
        """That points are assumed, where they are."""
        if self.framework.assumed:
            yield f"分值为假定：{self.framework.assumed}"
            return
        assumed = [each for each in self.framework.indicators if each.assumed]
        if assumed:
            yield f"{len(assumed)}项指标的分值为假定，依据见评价文件。"

    # Boxes.

    def _block(self) -> None:
        self.blocks.append(self.row + 1)

    def _next(self, height: int) -> int:
        self.heights.append(height)
        return self.row

    def _side(self, first: int, title: str) -> None:
        """The block's title beside its rows."""
        title = _broken(title, self.widths[0])
        self.boxes.append(Box(first, 1, self.row - first + 1, 1, title, title, "heading"))

    def _put(
        self,
        first: int,
        last: int,
        content: Content,
        *,
        look: Literal["title", "heading", "text", "note"] = "text",
        align: Literal["left", "center", "right"] = "center",
        rows: int = 1,
        written: bool = False,
    ) -> None:
        if look == "heading" and isinstance(content, str):
            content = _broken(content, sum(self.widths[first - 1 : last]))
        shown = _shown(self.card, content)
        self.boxes.append(
            Box(
                self.row,
                first,
                rows,
                last - first + 1,
                content,
                shown,
                look,
                align,
                written or self._open(content, shown),
            )
        )

    def _open(self, content: Content, shown: str) -> bool:
        """Whether people write what is not known: an amount that no fact gives."""
        return isinstance(content, Amount) and not shown and content.fact not in self.card.facts


# What a box shows now.


def _shown(card: Scorecard, content: Content) -> str:
    match content:
        case str():
            return content
        case Amount(fact):
            value = card.facts.value(fact)
            return "" if not isinstance(value, Quantity) else _decimal(value.value / _WAN, 2, 6)
        case Rate(group):
            approved, executed = (card.facts.value(f"{group}.{each}") for each in ("approved", "executed"))
            if not isinstance(approved, Quantity) or not isinstance(executed, Quantity) or not approved.value:
                return ""
            return f"{_decimal(executed.value / approved.value * 100, 2, 2)}%"
        case Figure("", "points"):
            return decimal_text(card.points)
        case Figure("", "score"):
            return "" if card.score is None else decimal_text(card.score, 2)
        case Figure(path):
            return _of_indicator(card, card.nodes[path], content)


def _of_indicator(card: Scorecard, node: NodeScore, figure: Figure) -> str:
    match figure.what:
        case "points":
            return decimal_text(node.points)
        case "reason":
            return node.remark.reason
        case "actual":
            return _actual_text(actual_value(card, node), figure.unit, computed=is_computed(card, node))
        case "score" if node.status == "not-applicable":
            return "不适用"
        case _:
            return "" if node.score is None else _decimal(node.score, 2, 4)


def _department(note: str) -> str:
    """Who is in charge (主管部门), where the note of the subject says so."""
    lines = (each.strip() for each in note.splitlines())
    said = (
        each.removeprefix(lead) for each in lines for lead in (DEPARTMENT.zh, DEPARTMENT.en) if each.startswith(lead)
    )
    return next(said, "")


def actual_value(card: Scorecard, node: NodeScore) -> FactValue | None:
    """The actual value of an indicator: as it was entered, or as it is computed; of a rating, the word."""
    actual, indicator = node.placed.actual, node.placed.node
    assert isinstance(indicator, Indicator)
    if isinstance(actual, FactRef):
        return card.facts.value(f"{actual.name}.level" if isinstance(indicator.rule, Rating) else actual.name)
    return next((step.value for step in node.steps if step.name.en == "actual"), None)


def is_computed(card: Scorecard, node: NodeScore) -> bool:
    """Whether the actual value is computed from facts, and so has no decimals of its own."""
    actual = node.placed.actual
    return not isinstance(actual, FactRef) or (
        actual.name in card.facts and card.facts[actual.name].formula is not None
    )


def _actual_text(value: FactValue | None, unit: str, *, computed: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, Quantity) and computed and value.kind != "date":
        text = _decimal(value.value / value.unit.factor, 2 if value.unit.name == "%" else 0, 2) + value.unit.name
    else:
        text = value_text(value, "zh")
    return text.removesuffix(unit) if isinstance(value, Quantity) and value.unit.name == unit else text


def _decimal(value: Fraction, least: int, most: int) -> str:
    places = exact_places(value)
    return decimal_text(rounded(value, most) if places is None or places > most else value, least)


# The grid.


def _widths(official: Official) -> tuple[int, ...]:
    """The columns' widths, together the width that is printed."""
    shares = [_SIDE, *(_SHARES[wanted] for _, wanted in official.indicators)]
    ends = [sum(shares[: index + 1]) * PRINTED_WIDTH // sum(shares) for index in range(len(shares))]
    return tuple(end - start for start, end in zip([0, *ends], ends, strict=False))


def _places(spans: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """The first and last column of each."""
    first = 2
    for span in spans:
        yield first, first + span - 1
        first += span


def _above(placed: Placed, depth: int) -> str:
    """The path of its dimension on a level; its own where it stands on that level or above."""
    return ".".join(placed.path.split(".")[:depth])


def _grown(heights: list[int], boxes: tuple[Box, ...], widths: tuple[int, ...]) -> tuple[int, ...]:
    """The rows' heights, with room for what the boxes show; a merged box grows its last row."""
    grown = list(heights)
    for box in sorted(boxes, key=lambda each: each.rows):
        width = sum(widths[box.column - 1 : box.column - 1 + box.columns])
        room = sum(grown[box.row - 1 : box.row - 1 + box.rows])
        if box.look != "title" and (short := _needed(box.shown, width) - room) > 0:
            grown[box.row + box.rows - 2] += short
    return tuple(grown)


def _needed(text: str, width: int) -> int:
    """How high a text is in a box so wide, in mm."""
    lines = sum(max(1, -(-cell_len(line) // _capacity(line, width))) for line in text.split("\n"))
    return -(-lines * _LINE // 4) + _PADDING if lines > 1 else 0


def _capacity(text: str, width: int) -> int:
    """How many characters of half width go on a line; an even number where some are of full width."""
    room = (width - _PADDING) * _HALF_WIDTHS // _PER
    return max(2, room if text.isascii() else room // 2 * 2)


def _broken(title: str, width: int) -> str:
    """A heading that is too long for a line, with what stands in brackets on the next."""
    return title.replace("（", "\n（") if cell_len(title) > _capacity(title, width) else title
