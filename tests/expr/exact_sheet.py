"""A spreadsheet that computes exactly: what Excel's functions say, over fractions. An error value is an exception."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeAlias

from perfeval.quantity import Mode, rounded

__all__ = ["Cell", "ErrorValue", "Sheet", "nesting"]

Cell: TypeAlias = Fraction | bool | str
_Later: TypeAlias = Callable[[], Cell]

_TOKEN = re.compile(r'\s*(?:(\d+(?:\.\d+)?)|("(?:[^"]|"")*")|([A-Z]+[0-9]*)|(<>|<=|>=|[-+*/(),=<>]))')
_COMPARED: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "<": lambda x, y: x < y,
    ">": lambda x, y: x > y,
    "<=": lambda x, y: x <= y,
    ">=": lambda x, y: x >= y,
}


class ErrorValue(Exception):
    """#N/A, #DIV/0!, #VALUE! and their like."""


class Sheet:
    """Cells, each a value or a formula; one that is not there is #N/A."""

    def __init__(self, cells: Mapping[str, Cell]) -> None:
        self._values = dict(cells)
        self._formulas: dict[str, str] = {}

    def put(self, cell: str, formula: str) -> None:
        """Write a formula into a cell."""
        self._formulas[cell] = formula

    def read(self, cell: str) -> Cell:
        """What stands in a cell."""
        if cell in self._formulas:
            return self.value(self._formulas[cell])
        if cell not in self._values:
            raise ErrorValue(cell)
        return self._values[cell]

    def value(self, formula: str) -> Cell:
        """What a formula comes to."""
        return _Parser(self, formula).whole()()


def nesting(formula: str) -> int:
    """How many functions stand inside each other."""
    deepest, open_ = 0, [False]
    for name, bracket in re.findall(r"([A-Z]+[0-9]*)?([()])", re.sub(r'"[^"]*"', "", formula)):
        if bracket == "(":
            open_.append(bool(name))
            deepest = max(deepest, sum(open_))
        else:
            open_.pop()
    return deepest


class _Parser:
    """Comparison, sum, product, sign, atom: each a value to be computed later, for IF and IFERROR choose."""

    def __init__(self, sheet: Sheet, formula: str) -> None:
        self._sheet = sheet
        self._tokens: list[str] = [next(filter(None, found)) for found in _TOKEN.findall(formula)]
        assert "".join(self._tokens) == re.sub(r"\s", "", formula)
        self._at = 0

    def whole(self) -> _Later:
        found = self._comparison()
        assert self._at == len(self._tokens)
        return found

    def _taken(self, *signs: str) -> str | None:
        if self._at < len(self._tokens) and self._tokens[self._at] in signs:
            self._at += 1
            return self._tokens[self._at - 1]
        return None

    def _comparison(self) -> _Later:
        left = self._sum()
        while sign := self._taken("=", "<>", "<", ">", "<=", ">="):
            left = _compared(left, sign, self._sum())
        return left

    def _sum(self) -> _Later:
        left = self._product()
        while sign := self._taken("+", "-"):
            left = _computed(left, sign, self._product())
        return left

    def _product(self) -> _Later:
        left = self._signed()
        while sign := self._taken("*", "/"):
            left = _computed(left, sign, self._signed())
        return left

    def _signed(self) -> _Later:
        if self._taken("-"):
            item = self._signed()
            return lambda: -_number(item())
        return self._atom()

    def _atom(self) -> _Later:
        token = self._tokens[self._at]
        self._at += 1
        if token == "(":
            found = self._comparison()
            assert self._taken(")")
            return found
        if token[0] == '"':
            return lambda: token[1:-1].replace('""', '"')
        if token[0].isdigit():
            return lambda: Fraction(token)
        if token in ("TRUE", "FALSE"):
            return lambda: token == "TRUE"
        if not self._taken("("):
            return lambda: self._sheet.read(token)
        items: list[_Later] = []
        while not self._taken(")"):
            items.append(self._comparison())
            self._taken(",")
        return lambda: _called(token, items)


def _number(value: Cell) -> Fraction:
    if not isinstance(value, Fraction):
        raise ErrorValue(value)
    return value


def _truth(value: Cell) -> bool:
    if not isinstance(value, bool):
        raise ErrorValue(value)
    return value


def _compared(left: _Later, sign: str, right: _Later) -> _Later:
    def found() -> bool:
        a, b = left(), right()
        if sign in ("=", "<>"):
            return (type(a) is type(b) and a == b) == (sign == "=")
        return _COMPARED[sign](_number(a), _number(b))

    return found


def _computed(left: _Later, sign: str, right: _Later) -> _Later:
    def found() -> Fraction:
        a, b = _number(left()), _number(right())
        if sign == "/":
            if not b:
                raise ErrorValue(sign)
            return a / b
        return {"+": a + b, "-": a - b, "*": a * b}[sign]

    return found


_ROUNDINGS: Mapping[str, Mode] = {"ROUND": "half-up", "ROUNDDOWN": "down", "ROUNDUP": "up"}


def _called(name: str, items: list[_Later]) -> Cell:
    match name:
        case "IF":
            return items[1]() if _truth(items[0]()) else items[2]()
        case "IFERROR":
            try:
                return items[0]()
            except ErrorValue:
                return items[1]()
        case "ISNUMBER":
            try:
                return isinstance(items[0](), Fraction)
            except ErrorValue:
                return False
        case "NA":
            raise ErrorValue(name)
    values = [each() for each in items]
    match name, values:
        case "AND", _:
            return False not in tuple(map(_truth, values))  # an error counts wherever it stands
        case "OR", _:
            return True in tuple(map(_truth, values))
        case "NOT", [item]:
            return not _truth(item)
        case "EXACT", [a, b]:
            return a == b
        case "MIN", _:
            return min(map(_number, values))
        case "MAX", _:
            return max(map(_number, values))
        case "ABS", [item]:
            return abs(_number(item))
        case "INT", [item]:
            return Fraction(math.floor(_number(item)))
        case "LOG10", [item]:
            return Fraction(math.log10(_number(item)))
        case (("ROUND" | "ROUNDDOWN" | "ROUNDUP"), [item, places]):
            scale = Fraction(10) ** int(_number(places))
            return rounded(_number(item) * scale, 0, _ROUNDINGS[name]) / scale
    raise AssertionError(name, values)
