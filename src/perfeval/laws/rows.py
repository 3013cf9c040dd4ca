"""What the *columns* interpreter says of an expression over a few rows. It needs NumPy, and is imported where it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from math import lcm
from typing import Final

import numpy as np
from numpy.typing import NDArray

from perfeval.expr.bounded import BOUNDED, Bounded, whole
from perfeval.expr.columns import Absent, Column, Columns, N, Truth, Words, prepared
from perfeval.expr.exact import Mistyped, Value
from perfeval.expr.interval import EVERYTHING, Range
from perfeval.expr.nodes import Expr
from perfeval.expr.ratios import RATIOS, Ratios
from perfeval.expr.state import OK, UNDECIDED, UNKNOWN, OutOfRange, State

__all__ = ["Row", "over_rows"]

Row = Mapping[str, Value]
_WHOLE: Final = 2**53
_LONG: Final = 2**62


def over_rows(expr: Expr, rows: Sequence[Row]) -> Iterator[tuple[Range | None, ...]]:
    """For each arithmetic, where the number that `expr` is lies in each row; None where it has none, everything where that is undecided."""
    ready = prepared(expr)
    machine = Columns(BOUNDED, partial(_column, _bounded, rows), len(rows))
    integers = Columns(RATIOS, partial(_column, _ratios, rows), len(rows))
    yield _said(lambda: _around(machine.number(ready), len(rows)), len(rows))
    yield _said(lambda: _exactly(integers.number(ready), len(rows)), len(rows))


def _said(read: Callable[[], tuple[Range | None, ...]], rows: int) -> tuple[Range | None, ...]:
    try:
        with np.errstate(all="ignore"):  # rows without a value hold anything
            return read()
    except (OutOfRange, Mistyped):
        return (EVERYTHING,) * rows


def _around(found: Fraction | Bounded, rows: int) -> tuple[Range | None, ...]:
    if isinstance(found, Fraction):
        return (Range(found, found),) * rows

    def at(row: int) -> Range:
        k = Fraction(found.k[row])
        off = Fraction(found.off) + Fraction(found.rel) * abs(k)
        return Range((k - off) * found.unit, (k + off) * found.unit)

    return tuple(_decided(found.state, row, at) for row in range(rows))


def _exactly(found: Fraction | Ratios, rows: int) -> tuple[Range | None, ...]:
    if isinstance(found, Fraction):
        return (Range(found, found),) * rows

    def at(row: int) -> Range:
        value = Fraction(int(found.n[row]), int(found.d[row])) * found.unit
        return Range(value, value)

    return tuple(_decided(found.state, row, at) for row in range(rows))


def _decided(state: State, row: int, at: Callable[[int], Range]) -> Range | None:
    code = OK if state is None else int(state[row])
    if code == OK:
        return at(row)
    return EVERYTHING if code == UNDECIDED else None


# Facts as columns.


def _column(numbers: Callable[[Sequence[Fraction], State], N], rows: Sequence[Row], name: str) -> Column[N]:
    """A fact in every row; the numbers of some arithmetic, yes/no, or words."""
    found = [row.get(name) for row in rows]
    known = next((each for each in found if each is not None), None)
    state = np.array([UNKNOWN if each is None else OK for each in found], np.uint16) if None in found else None
    match known:
        case None:
            return Absent()
        case bool():
            return Truth(np.array([each is True for each in found]), state)
        case str():
            words = tuple(dict.fromkeys(each for each in found if isinstance(each, str)))
            codes = [words.index(each) if isinstance(each, str) else -1 for each in found]
            return Words(np.array(codes, np.int32), words, state)
        case _:
            return numbers([Fraction(*each) if isinstance(each, tuple) else Fraction(0) for each in found], state)


def _bounded(values: Sequence[Fraction], state: State) -> Bounded:
    unit = Fraction(1, lcm(*(each.denominator for each in values)))
    k = _integers([each / unit for each in values], _WHOLE).astype(np.float64)
    return whole(k, unit, k.min(), k.max(), state)


def _ratios(values: Sequence[Fraction], state: State) -> Ratios:
    above = _integers([Fraction(each.numerator) for each in values], _LONG)
    below = _integers([Fraction(each.denominator) for each in values], _LONG)
    return Ratios(above, below, Fraction(1), state)


def _integers(values: Sequence[Fraction], most: int) -> NDArray[np.int64]:
    if any(abs(each) > most for each in values):
        raise OutOfRange
    return np.array([each.numerator for each in values], np.int64)
