"""Where every key and value of a TOML text stands, which the parser does not tell.

The text has been accepted by `tomli` before it comes here. So the scanner checks nothing: it only has to see where
keys and values begin, and what it does not need to tell apart it skips alike, commas and comments as if blanks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import tomli
from attrs import Factory, define, frozen

from perfeval.errors import Path

__all__ = ["Located", "Path", "Position", "positions"]

_BLANK: Final = re.compile(r"(?:[ \t\n,]+|#[^\n]*)*")
_EQUALS: Final = re.compile(r"[ \t]*=[ \t]*")
_DOT: Final = re.compile(r"[ \t]*\.[ \t]*")
_HEADER: Final = re.compile(r"\[\[?[ \t]*")
_HEADER_END: Final = re.compile(r"[ \t]*\]\]?")
_NAME: Final = re.compile(r"""[A-Za-z0-9_-]+ | "(?:[^"\\]|\\.)*" | '[^']*'""", re.X)
_SCALAR: Final = re.compile(
    r'''
    """ [^"\\]* (?: (?: \\. | "{1,2}(?!") ) [^"\\]* )* "{3,5}   # a closing run of 4 or 5 quotes ends in text
  | \'\'\' [^']* (?: '{1,2}(?!') [^']* )* '{3,5}
  | " [^"\\]* (?: \\. [^"\\]* )* "
  | ' [^']* '
  | [^,\]}\#\n]+                                                # numbers, dates (one may hold a blank), true, inf
    ''',
    re.X | re.S,
)


@frozen
class Position:
    """A place in a text.

    Attributes:
        line: 1-based.
        column: 1-based, counted in characters.
    """

    line: int
    column: int


@frozen
class Located:
    """Where one entry of a document stands.

    Attributes:
        key: its name, in a header or before ``=``; an element of an array has none and stands where its value begins.
        value: where its value begins: for a table under a header the header's bracket, for one that only a dotted key
            implies the name after the dot.
    """

    key: Position
    value: Position


def positions(text: str) -> Mapping[Path, Located]:
    """Every path below the root of a TOML document that `tomli` accepts, in the document's order.

    A table stands where it is first mentioned, unless a header of its own comes later: then at that header.
    """
    text = text.replace("\r\n", "\n")  # as tomli does
    line_starts = [0, *(newline.end() for newline in re.finditer("\n", text))]

    def position(offset: int) -> Position:
        line = bisect_right(line_starts, offset)
        return Position(line, offset - line_starts[line - 1] + 1)

    return MappingProxyType(
        {path: Located(position(node.key), position(node.value)) for path, node in _Scanner(text).document().below()}
    )


@define
class _Node:
    """An entry: the offsets of its key and value, and the entries in it, by name or by number."""

    key: int
    value: int
    entries: dict[str | int, _Node] = Factory(dict)

    def entry(self, name: str, key: int, value: int) -> _Node:
        """The entry called `name`, put there if this is its first mention."""
        return self.entries.setdefault(name, _Node(key, value))

    def append(self, value: int) -> _Node:
        """A new last element."""
        return self.entries.setdefault(len(self.entries), _Node(value, value))

    def newest(self) -> _Node:
        """The table that a header through here means: of an array the last element (a table has no numbers)."""
        return self.entries.get(len(self.entries) - 1, self)

    def below(self) -> Iterator[tuple[Path, _Node]]:
        """All entries below this one, each before its own."""
        waiting: list[tuple[Path, _Node]] = [((), self)]
        while waiting:
            path, node = waiting.pop()
            if path:
                yield path, node
            waiting.extend(((*path, step), entry) for step, entry in reversed(node.entries.items()))


class _Scanner:
    """A cursor in a valid text; every method reads on from it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def document(self) -> _Node:
        table = root = _Node(0, 0)
        self._take(_BLANK)
        while self._at < len(self._text):
            if self._next() == "[":
                table = self._header(root)
            else:
                self._value(self._key(table))
            self._take(_BLANK)
        return root

    def _next(self) -> str:
        return self._text[self._at]

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found[0]

    def _header(self, table: _Node) -> _Node:
        """A header, seen from the root `table`; the table it opens."""
        start = self._at
        is_array = self._take(_HEADER).startswith("[[")
        *above, (name, key) = self._names()
        self._take(_HEADER_END)
        for outer, outer_key in above:
            table = table.entry(outer, outer_key, start).newest()
        table = table.entry(name, key, start)
        if is_array:
            return table.append(start)
        table.key, table.value = key, start  # its own header tells more than an earlier mention
        return table

    def _key(self, table: _Node) -> _Node:
        """A key of `table` and the ``=`` behind it; the entry whose value comes next."""
        names = self._names()
        self._take(_EQUALS)
        for (outer, outer_key), (_, inner_key) in pairwise(names):
            table = table.entry(outer, outer_key, inner_key)
        name, key = names[-1]
        return table.entry(name, key, self._at)

    def _names(self) -> list[tuple[str, int]]:
        """The parts of a dotted key, each with its offset."""
        names = [self._name()]
        while self._take(_DOT):
            names.append(self._name())
        return names

    def _name(self) -> tuple[str, int]:
        start = self._at
        name = self._take(_NAME)
        if name[0] in "\"'":
            (name,) = tomli.loads(f"{name} = 0")  # the parser knows its escapes
        return name, start

    def _value(self, entry: _Node) -> None:
        """The value of `entry` and all that is nested in it, by a list and not by recursion: it may be deep."""
        unclosed: list[tuple[str, _Node]] = []
        while True:
            if self._next() in "[{":
                unclosed.append((self._next(), entry))
                self._at += 1
            else:
                self._take(_SCALAR)
            self._take(_BLANK)
            while unclosed and self._next() in "]}":
                unclosed.pop()
                self._at += 1
                self._take(_BLANK)
            if not unclosed:
                return
            bracket, outer = unclosed[-1]
            entry = outer.append(self._at) if bracket == "[" else self._key(outer)
