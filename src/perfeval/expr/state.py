"""What became of each row of a column of values: it has one, or why it has none."""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "FIRST_ERROR",
    "OK",
    "UNDECIDED",
    "UNKNOWN",
    "OutOfRange",
    "State",
    "Truths",
    "chosen",
    "first",
    "marked",
]

State: TypeAlias = "NDArray[np.uint16] | None"
"""A code for each row; None where every row has a value."""
Truths: TypeAlias = "NDArray[np.bool_] | bool"
"""A yes/no for each row, or one for all."""

OK: Final = 0
UNDECIDED: Final = 1  # this arithmetic cannot tell; another must
UNKNOWN: Final = 2  # a fact is not known
FIRST_ERROR: Final = 3  # from here on, the number of the node that refused


class OutOfRange(Exception):
    """A whole column grows beyond what an arithmetic computes with."""


def first(a: State, b: State) -> State:
    """The state of something that needs a, then b: what went wrong first."""
    if a is None:
        return b
    if b is None:
        return a
    return np.where(a != OK, a, b)


def marked(state: State, rows: Truths, code: int) -> State:
    """`state`, with `code` in those of `rows` that still had a value."""
    if rows is False:
        return state
    if state is None:
        return np.asarray(rows) * np.uint16(code)
    return np.where((state == OK) & rows, np.uint16(code), state)


def chosen(condition: NDArray[np.bool_], a: State, b: State) -> State:
    """The state of a where the condition holds, else of b."""
    if a is None and b is None:
        return None
    none = np.uint16(OK)
    return np.where(condition, none if a is None else a, none if b is None else b)
