"""Problems as data: what is wrong, where it stands, what was found, what to write instead.

Every sentence a person may read is a `Message` in both languages; nothing below `cli` chooses one.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Literal

from attrs import evolve, frozen

__all__ = [
    "DefinitionError",
    "FormulaError",
    "Language",
    "LoadError",
    "Message",
    "Path",
    "PerfevalError",
    "Place",
    "Problem",
    "QuantityError",
    "nearest",
    "problem",
]

Language = Literal["zh", "en"]
Path = tuple[str | int, ...]


@frozen
class Message:
    """One sentence in Chinese and in English."""

    zh: str
    en: str

    def to(self, language: Language) -> str:
        """The sentence in `language`."""
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        return self.en


@frozen
class Place:
    """A place in a file.

    Attributes:
        file: the file's name, as the reader knows it.
        line: 1-based.
        column: 1-based, counted in characters.
        cell: in a workbook, the sheet and cell.
    """

    file: str
    line: int = 1
    column: int = 1
    cell: str = ""

    def __str__(self) -> str:
        return f"{self.file} {self.cell}" if self.cell else f"{self.file}:{self.line}:{self.column}"


@frozen
class Problem:
    """One thing that is wrong.

    Attributes:
        message: what is wrong, what was found, what to write instead.
        path: where in the data, from the thing that was being built.
        offset: how many characters into the text at `path` the problem lies.
        place: the file, line and column, once known.
    """

    message: Message
    path: Path = ()
    offset: int = 0
    place: Place | None = None

    def to(self, language: Language) -> str:
        """The line a reader sees."""
        text = self.message.to(language)
        return f"{self.place}: {text}" if self.place else text

    def below(self, *path: str | int) -> Problem:
        """The same problem, seen from further up the tree."""
        return evolve(self, path=(*path, *self.path))


def problem(zh: str, en: str, *path: str | int, offset: int = 0) -> Problem:
    """Shorthand for a `Problem` in both languages at `path`."""
    return Problem(Message(zh, en), path, offset)


class PerfevalError(Exception):
    """Base of every error perfeval raises on purpose; carries all the problems found at once."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.to("en"))

    def to(self, language: Language) -> str:
        """All problems, one a line, in `language`."""
        return "\n".join(each.to(language) for each in self.problems)


class QuantityError(PerfevalError):
    """A text or value is not a quantity, or two quantities do not go together."""


class FormulaError(PerfevalError):
    """A formula cannot be read."""


class DefinitionError(PerfevalError):
    """A rule, framework, fact or assessment contradicts itself."""


class LoadError(PerfevalError):
    """A file cannot be read or is wrong; every problem carries its place."""


def nearest(name: str, known: Iterable[str]) -> Message:
    """“ — did you mean …?” for a typo, or the names there are; empty when there are none."""
    names = list(known)
    if close := get_close_matches(name, names, n=1, cutoff=0.6):
        return Message(f"是否应为“{close[0]}”？", f'did you mean "{close[0]}"?')
    if not names:
        return Message("此处没有可用的名称", "there is nothing to choose from here")
    some = "、".join(names[:8]) + ("…" if len(names) > 8 else "")
    return Message(f"可用：{some}", f"known here: {some.replace('、', ', ')}")
