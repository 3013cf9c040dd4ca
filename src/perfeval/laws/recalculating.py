"""Formulas as the *spreadsheet* interpreter writes them, computed by the rules of a spreadsheet but without its binary floats.

So what is written can be held against what the rule is worth. What a float adds to that, the formulas guard against themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Final, TypeAlias

from perfeval.expr.names import names
from perfeval.expr.nodes import Expr
from perfeval.expr.spreadsheet import Formulas
from perfeval.facts import FactSheet
from perfeval.quantity import Mode, rounded

__all__ = ["CellError", "recalculated"]

Cell: TypeAlias = Fraction | bool | str
_TOKENS: Final = re.compile(r'"(?:[^"]|"")*"|[0-9]+(?:\.[0-9]+)?|[A-Z]+[0-9]*|<=|>=|<>|[-+*/(),=<>]')


class CellError(Exception):
    """#N/A, #DIV/0!, #VALUE!: a cell that has no value."""


def recalculated(expr: Expr, sheet: FactSheet) -> Cell:
    """What a spreadsheet shows for the formula of `expr`, with the facts in cells.

    Raises:
        CellError: an error of the spreadsheet.
    """
    values = {f"F{index}": sheet.values.get(name) for index, name in enumerate(names(expr), start=1)}
    cells: dict[str, str] = {}

    def place(_: Expr, formula: str) -> str:
        cells[f"S{len(cells) + 1}"] = formula
        return f"S{len(cells)}"

    facts = {name: f"F{index}" for index, name in enumerate(names(expr), start=1)}
    formula = Formulas(facts, sheet.kinds, place).formula(expr)
    known = {name: Fraction(*each) if isinstance(each, tuple) else each for name, each in values.items()}

    def cell(name: str) -> Cell:
        value = _Reader(cells[name], cell).whole() if name in cells else known[name]
        if value is None:
            raise CellError
        return value

    return _Reader(formula, cell).whole()


Later: TypeAlias = Callable[[], Cell]
"""A part of a formula: `IF` and `IFERROR` compute only what they need."""


class _Reader:
    """Reads one formula, lowest precedence first."""

    def __init__(self, formula: str, cell: Callable[[str], Cell]) -> None:
        self._tokens = _TOKENS.findall(formula)
        assert "".join(self._tokens) == formula, formula
        self._cell = cell

    def whole(self) -> Cell:
        found = self._compared()
        assert not self._tokens, self._tokens
        return found()

    def _next(self, *wanted: str) -> str | None:
        return self._tokens.pop(0) if self._tokens and self._tokens[0] in wanted else None

    def _compared(self) -> Later:
        left = self._joined(("+", "-"), lambda: self._joined(("*", "/"), self._signed))
        if sign := self._next("=", "<>", "<", "<=", ">", ">="):
            right = self._joined(("+", "-"), lambda: self._joined(("*", "/"), self._signed))
            return lambda: _compare(left(), sign, right())
        return left

    def _joined(self, signs: tuple[str, ...], part: Callable[[], Later]) -> Later:
        found = part()
        while sign := self._next(*signs):
            found = _applied(found, sign, part())
        return found

    def _signed(self) -> Later:
        if self._next("-"):
            item = self._signed()
            return lambda: -_number(item())
        return self._single()

    def _single(self) -> Later:
        token = self._tokens.pop(0)
        if token == "(":
            inner = self._compared()
            assert self._next(")")
            return inner
        if token.startswith('"'):
            return lambda: token[1:-1].replace('""', '"')
        if token[0].isdigit():
            return lambda: Fraction(token)
        if self._next("("):
            return _call(token, self._arguments())
        if token in ("TRUE", "FALSE"):
            return lambda: token == "TRUE"
        return lambda: self._cell(token)

    def _arguments(self) -> list[Later]:
        found: list[Later] = []
        while not self._next(")"):
            found.append(self._compared())
            self._next(",")
        return found


def _call(name: str, arguments: list[Later]) -> Later:
    """A call, to be computed when it is asked for."""
    return lambda: _called(name, arguments)


def _applied(left: Later, sign: str, right: Later) -> Later:
    return lambda: _arithmetic(_number(left()), sign, _number(right()))


def _arithmetic(a: Fraction, sign: str, b: Fraction) -> Fraction:
    match sign:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case _:
            if b == 0:
                raise CellError
            return a / b


def _compare(a: Cell, sign: str, b: Cell) -> bool:
    if sign in ("=", "<>"):
        same = isinstance(a, bool) == isinstance(b, bool) and a == b
        return same == (sign == "=")
    x, y = _number(a), _number(b)
    return {"<": x < y, "<=": x <= y, ">": x > y, ">=": x >= y}[sign]


_ROUNDS: Final[Mapping[str, Mode]] = {"ROUND": "half-up", "ROUNDDOWN": "down", "ROUNDUP": "up"}


def _called(name: str, arguments: list[Later]) -> Cell:
    match name:
        case "IF":
            condition, then, otherwise = arguments
            return then() if _truth(condition()) else otherwise()
        case "IFERROR":
            item, otherwise = arguments
            try:
                return item()
            except CellError:
                return otherwise()
        case "NA":
            raise CellError
        case "AND":
            return False not in [
                _truth(each()) for each in arguments
            ]  # all of them: an error in any is one of the whole
        case "OR":
            return True in [_truth(each()) for each in arguments]
        case "NOT":
            return not _truth(arguments[0]())
        case "EXACT":
            a, b = (each() for each in arguments)
            return isinstance(a, str) and a == b
        case "MIN":
            return min(_number(each()) for each in arguments)
        case "MAX":
            return max(_number(each()) for each in arguments)
        case "ABS":
            return abs(_number(arguments[0]()))
        case "INT":
            return rounded(_number(arguments[0]()), 0, "floor")
        case _:
            value, places = (_number(each()) for each in arguments)
            return rounded(value, int(places), _ROUNDS[name])


def _number(value: Cell) -> Fraction:
    if not isinstance(value, Fraction):
        raise CellError
    return value


def _truth(value: Cell) -> bool:
    if not isinstance(value, bool):
        raise CellError
    return value
