"""A document as data: headings, paragraphs of runs, tables. It knows no file format; every text is in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from attrs import evolve, frozen

from perfeval.errors import Language, Message

__all__ = [
    "Block",
    "Cell",
    "Chart",
    "Column",
    "Heading",
    "Mark",
    "Narrative",
    "Paragraph",
    "Role",
    "Row",
    "Run",
    "Table",
    "chinese_number",
    "gap",
    "heading",
    "left",
    "numbered",
    "run",
    "say",
]

Mark = Literal["plain", "gap", "assumed", "draft"]
Role = Literal["title", "subtitle", "draft", "body", "signature", "note"]

_DIGITS: Final = "零一二三四五六七八九"


@frozen
class Run:
    """A piece of a paragraph.

    Attributes:
        mark: "plain"; a "gap" for people to fill; "assumed" where figures rest on an assumption; "draft" for a note to
            the writer that goes before the document does.
    """

    text: Message
    mark: Mark = "plain"


@frozen
class Paragraph:
    """Runs in one paragraph, and what it is for."""

    runs: tuple[Run, ...]
    role: Role = "body"

    def to(self, language: Language) -> str:
        """Its text."""
        return _spaced((each.text.to(language) for each in self.runs), language)


@frozen
class Heading:
    """A heading.

    Attributes:
        level: 1 to 3.
        number: its place among the headings, such as (3, 1) for 三、（一）; empty until `numbered` has seen it.
    """

    level: Literal[1, 2, 3]
    title: Message
    number: tuple[int, ...] = ()

    def label(self, language: Language) -> str:
        """The number as it is printed: 一、, （一）, 1. in Chinese; 1, 1.1, 1.1.1 in English."""
        if language == "en":
            return ".".join(str(each) for each in self.number) + " "
        last = self.number[-1]
        return (f"{chinese_number(last)}、", f"（{chinese_number(last)}）", f"{last}.")[self.level - 1]

    def to(self, language: Language) -> str:
        """Its number and title."""
        return self.label(language) + self.title.to(language)


@frozen
class Column:
    """A column of a table.

    Attributes:
        share: how wide it is, in relation to the others.
        align: where its text stands.
    """

    title: Message
    share: int
    align: Literal["left", "center"] = "left"


@frozen
class Cell:
    """What stands in one cell.

    Attributes:
        group: cells below each other that share one are one cell; "" for a cell of its own.
    """

    runs: tuple[Run, ...] = ()
    group: str = ""

    def to(self, language: Language) -> str:
        """Its text."""
        return _spaced((each.text.to(language) for each in self.runs), language)


@frozen
class Row:
    """One row.

    Attributes:
        strong: whether it is a total.
    """

    cells: tuple[Cell, ...]
    strong: bool = False


@frozen
class Table:
    """A table with its title, and the notes below it."""

    title: Message
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[Paragraph, ...] = ()


@frozen
class Chart:
    """A picture of shares as bars, with its caption.

    Attributes:
        bars: what each is called, and its share, 0 to 1; None where there is none to show.
    """

    title: Message
    bars: tuple[tuple[Message, Fraction | None], ...]

    def to(self, language: Language) -> str:
        """Its caption."""
        return self.title.to(language)


Block: TypeAlias = Heading | Paragraph | Chart


@frozen
class Narrative:
    """A narrative report.

    Attributes:
        kind: whose outline it has.
        title: the lines of the title, the longest name first.
        body: headings and paragraphs, in order.
        annexes: the tables behind it (附表).
    """

    kind: Literal["project", "department"]
    title: tuple[Paragraph, ...]
    body: tuple[Block, ...]
    annexes: tuple[Table, ...]

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Its headings, in order."""
        return tuple(each for each in self.body if isinstance(each, Heading))

    @property
    def runs(self) -> tuple[Run, ...]:
        """Every piece of text, tables included, but for the headings and the titles of tables."""
        return tuple(self._runs())

    @property
    def gaps(self) -> tuple[Run, ...]:
        """What is left for people to write."""
        return tuple(each for each in self.runs if each.mark == "gap")

    def _runs(self) -> Iterator[Run]:
        for paragraph in (*self.title, *self.body):
            if isinstance(paragraph, Paragraph):
                yield from paragraph.runs
        for table in self.annexes:
            for row in table.rows:
                for cell in row.cells:
                    yield from cell.runs
            for note in table.notes:
                yield from note.runs


def run(zh: str, en: str, mark: Mark = "plain") -> Run:
    """A piece of text in both languages."""
    return Run(Message(zh, en), mark)


def say(sentence: Callable[[Language], str], mark: Mark = "plain") -> Run:
    """A piece of text by the function that says it in a language."""
    return run(sentence("zh"), sentence("en"), mark)


def gap(zh: str, en: str) -> Run:
    """A place that only people can fill, with what belongs there."""
    return run(f"【请填写：{zh}】", f"[to write: {en}]", "gap")


def heading(level: Literal[1, 2, 3], zh: str, en: str) -> Heading:
    """A heading in both languages."""
    return Heading(level, Message(zh, en))


def left(zh: str, en: str) -> Paragraph:
    """A paragraph that is one gap."""
    return Paragraph((gap(zh, en),))


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """`blocks`, with every heading numbered within the one above it."""
    counts = [0, 0, 0]
    done: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            counts[block.level - 1] += 1
            counts[block.level :] = [0] * (3 - block.level)
            block = evolve(block, number=tuple(counts[: block.level]))
        done.append(block)
    return tuple(done)


def chinese_number(number: int) -> str:
    """1 to 99 in Chinese; larger ones in figures."""
    if number > 99:
        return str(number)
    tens, units = divmod(number, 10)
    head = "" if tens == 0 else ("" if tens == 1 else _DIGITS[tens]) + "十"
    return head + (_DIGITS[units] if units or not tens else "")


def _spaced(texts: Iterable[str], language: Language) -> str:
    return ("" if language == "zh" else " ").join(text for text in texts if text)
