"""The *spreadsheet* interpreter: an expression as a formula that Excel, WPS and LibreOffice compute alike.

A spreadsheet computes in binary floats. Two things make its results those of the exact interpreter all the same:

- every comparison and every rounding first rounds what it looks at to `GUARD` decimals (`MONEY_GUARD` for money in 元). A
  value that is a tie, or equal, is then exactly that again, for floats miss it by far less than half of such a place:
  values up to 100 have steps of 1.4e-14, and half a place is 5e-12;
- a value that is neither must not be taken for one. A value m/d (d: what is divided by, counted in the last place written,
  multiplied where several ratios are) misses a tie of p decimals, a multiple of 1/(2 × 10^p), by at least 1/(2 × 10^p × d). For two
  decimals that is more than half a place and all float errors together as long as d is at most `LONGEST_DIVISOR`; each
  decimal more or less is a digit less or more. The same goes for edges in whole percents, which lie twice as far apart.

Beyond that nothing is proven, and about one value in 10^9 lies so near to a tie: `long_figure` tells which figures are so long.
Laws in the tests hold the second part, with errors put in; LibreOffice recalculates workbooks for the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from perfeval.errors import PerfevalError
from perfeval.expr.kinds import kind_of
from perfeval.expr.nodes import (
    Absolute,
    Add,
    And,
    Compare,
    Constant,
    Divide,
    Expr,
    FactRef,
    If,
    Label,
    Maximum,
    Minimum,
    Multiply,
    Not,
    Or,
    Require,
    Round,
    Subtract,
    unknown_node,
)
from perfeval.quantity import Kind, Mode, Quantity, decimal_text, exact_places

__all__ = ["GUARD", "LONGEST", "LONGEST_DIVISOR", "MONEY_GUARD", "Formulas", "long_figure", "number_text"]

GUARD: Final = 11
MONEY_GUARD: Final = 4
LONGEST_DIVISOR: Final = 900_000_000  # what a score of two decimals may be divided by
LONGEST: Final = 4000  # characters of one formula; Excel takes 8192
_DEEPEST: Final = 40  # functions inside each other; Excel takes 64
_MOST_DIGITS: Final = 15

Place = Callable[[Expr, str], str]
"""Puts the formula of an expression into a cell of its own, and says which."""


class Formulas:
    """Writes expressions over one set of facts; what several of them share stands in one cell.

    Args:
        facts: the cell of each fact, in base units (元, a ratio as 0.95), #N/A while it is not known.
        kinds: what each fact measures, where it is known.
        place: asked for a cell for each label (each once), and for what would grow too long or too deep.
    """

    def __init__(self, facts: Mapping[str, str], kinds: Mapping[str, Kind], place: Place) -> None:
        self._facts, self._kinds, self._place = facts, kinds, place
        self._cells: dict[Expr, str] = {}

    def formula(self, expr: Expr) -> str:
        """`expr` as a formula, without the leading ``=``."""
        return self._write(expr)[0]

    def _write(self, expr: Expr) -> tuple[str, int]:
        """The formula, and how deep functions nest in it."""
        if expr in self._cells:
            return self._cells[expr], 0
        formula, depth = self._formula(expr)
        if isinstance(expr, Label) or depth > _DEEPEST or len(formula) > LONGEST:
            formula, depth = self._place(expr, formula), 0
            self._cells[expr] = formula
        return formula, depth

    def _formula(self, expr: Expr) -> tuple[str, int]:
        match expr:
            case Constant(value):
                return _constant(value), 0
            case FactRef(name):
                return self._facts[name], 0
            case Add(a, b):
                return self._infix(a, "+", b)
            case Subtract(a, b):
                return self._infix(a, "-", b)
            case Multiply(a, b):
                return self._infix(a, "*", b)
            case Divide(a, b):
                return self._infix(a, "/", b)
            case Minimum(items):
                return self._call("MIN", items)
            case Maximum(items):
                return self._call("MAX", items)
            case Absolute(item):
                return self._call("ABS", (item,))
            case Round(item, places, mode):
                formula, depth = self._write(item)
                return _rounded(formula, places, mode, GUARD), depth + 3
            case Compare():
                return self._compared(expr)
            case And(items):
                return self._joined(items, decisive="FALSE")
            case Or(items):
                return self._joined(items, decisive="TRUE")
            case Not(item):
                return self._call("NOT", (item,))
            case If(condition, then, otherwise):
                return self._call("IF", (condition, then, otherwise))
            case Label(_, item):
                return self._write(item)
            case Require(condition, item):
                (test, deep), (formula, deeper) = self._write(condition), self._write(item)
                return f"IF({test},{formula},NA())", max(deep, deeper) + 1
            case _:
                unknown_node(expr)

    def _infix(self, a: Expr, sign: str, b: Expr) -> tuple[str, int]:
        (left, deep), (right, deeper) = self._write(a), self._write(b)
        return f"({left}{sign}{right})", max(deep, deeper)

    def _call(self, function: str, items: Sequence[Expr]) -> tuple[str, int]:
        written = [self._write(each) for each in items]
        return f"{function}({','.join(formula for formula, _ in written)})", max(deep for _, deep in written) + 1

    def _compared(self, expr: Compare) -> tuple[str, int]:
        (left, deep), (right, deeper) = self._write(expr.left), self._write(expr.right)
        sign = {"==": "=", "!=": "<>"}.get(expr.by, expr.by)
        kind = self._kind(expr.left) or self._kind(expr.right)
        if kind == "choice":
            same = f"EXACT({left},{right})"
            return (same if expr.by == "==" else f"NOT({same})"), max(deep, deeper) + 2
        if kind == "truth":
            return f"({left}{sign}{right})", max(deep, deeper)
        guard = MONEY_GUARD if kind == "money" else GUARD
        return f"(ROUND({left}-{right},{guard}){sign}0)", max(deep, deeper) + 1

    def _kind(self, expr: Expr) -> Kind | None:
        try:
            kind = kind_of(expr, self._kinds)
        except PerfevalError:
            return None
        return None if kind in ("any", "zero") else kind

    def _joined(self, items: Sequence[Expr], *, decisive: str) -> tuple[str, int]:
        """Decided by one item whatever the others are, also where they have no value."""
        written = [self._write(each) for each in items]
        function = "AND" if decisive == "FALSE" else "OR"
        formula = f"{function}({','.join(each for each, _ in written)})"
        turn = "NOT({})" if decisive == "FALSE" else "{}"
        decided = ",".join(f"IFERROR({turn.format(each)},FALSE)" for each, _ in written)
        return f"IF(OR({decided}),{decisive},{formula})", max(deep for _, deep in written) + 4


def _constant(value: Quantity | bool | str) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        quoted = value.replace('"', '""')
        return f'"{quoted}"'
    return number_text(value.value)


def number_text(value: Fraction) -> str:
    """A number as a literal, or as a quotient where a spreadsheet would cut its digits."""
    digits = decimal_text(value)
    if exact_places(value) is not None and len(digits.strip("-").replace(".", "")) <= _MOST_DIGITS:
        return digits if value >= 0 else f"({digits})"
    return f"({value.numerator}/{value.denominator})"


def long_figure(cell: str) -> str:
    """A formula that is 1 where the number in a cell has more significant digits than `LONGEST_DIVISOR`, and 0 otherwise."""
    lead, places = str(LONGEST_DIVISOR)[0], len(str(LONGEST_DIVISOR)) - 2
    short = f"ROUND({cell},{places}-INT(LOG10(ABS({cell})/{lead})))={cell}"
    return f"IF(ISNUMBER({cell}),IF({cell}=0,0,IF({short},0,1)),0)"


def _rounded(formula: str, places: int, mode: Mode, guard: int) -> str:
    """`formula` to `places` decimals, after what binary floats left over is rounded away."""
    guarded = f"ROUND({formula},{guard})"
    scale = 10**places
    left = max(guard - places, 0)
    scaled = f"ROUND({formula}*{scale},{left})"
    match mode:
        case "half-up":
            return f"ROUND({guarded},{places})"
        case "down":
            return f"ROUNDDOWN({guarded},{places})"
        case "up":
            return f"ROUNDUP({guarded},{places})"
        case "floor":
            return f"(INT({scaled})/{scale})"
        case "ceil":
            return f"(-INT(-{scaled})/{scale})"
        case "half-even":
            # The mean of both ways to round a tie is the tie itself; twice its half, rounded, is the even one.
            tie = f"(ROUND(ABS({scaled})-INT(ABS({scaled}))-0.5,{left})=0)"
            return f"(IF({tie},2*ROUND({scaled}/2,0),ROUND({scaled},0))/{scale})"
