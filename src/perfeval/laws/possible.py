"""Whether conditions can hold together, for all values there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from perfeval.errors import Message
from perfeval.expr.interval import interval
from perfeval.expr.names import names
from perfeval.expr.nodes import And, Expr, Label, Not, Or, number
from perfeval.expr.piecewise import NotPiecewise
from perfeval.laws.curves import Space, linked

__all__ = ["ALWAYS", "NOT_NEGATIVE", "can", "never", "told"]

ALWAYS: Final = Message("", "")
NOT_NEGATIVE: Final = Message("（数值不为负时）", " (where no figure is negative)")


def can(space: Space, *conditions: Expr) -> bool:
    """Whether all `conditions` can hold at once; where not every case can be gone through, whether nothing proves that they cannot.

    Only the facts that they read matter. Conditions without a fact in common are looked at apart, so that what is
    asked of one fact is proved, whatever the others are about.
    """
    all_of = tuple(dict.fromkeys(_apart(And(conditions))))
    return all(_together(space, each) for each in linked(all_of, names))


def never(space: Space, *conditions: Expr) -> Message | None:
    """None where `can`; else what it has to be said of that they cannot: "", or that no figure is taken to be negative."""
    if can(space, *conditions):
        return None
    opened = space.opened
    return NOT_NEGATIVE if opened is not None and can(opened, *conditions) else ALWAYS


def told(space: Space, *conditions: Expr) -> bool:
    """Whether `can` says for certain that they can hold, all cases gone through."""
    return all(
        space.of(names(And(tuple(each)))).whole for each in linked(tuple(dict.fromkeys(_apart(And(conditions)))), names)
    )


def _together(space: Space, conditions: Sequence[Expr]) -> bool:
    """The same, of conditions that have facts in common."""
    read = space.of(names(And(tuple(conditions))))
    if read.whole:
        return _holds(read, conditions)
    for name in read.figures:
        about = [each for each in conditions if set(names(each)) & set(read.figures) == {name}]
        alone = read.of(names(And(tuple(about))))
        if about and alone.whole and not _holds(alone, about):
            return False
    surely = interval(number(1), {}, read.ranges, {}, given=dict.fromkeys(conditions, True))
    return surely is not None


def _holds(space: Space, conditions: Sequence[Expr]) -> bool:
    try:
        return any(piece.value is True for curve in space.curves(And(tuple(conditions))) for piece in curve.pieces)
    except NotPiecewise:
        return interval(number(1), {}, space.ranges, {}, given=dict.fromkeys(conditions, True)) is not None


def _apart(condition: Expr) -> Iterator[Expr]:
    """What has to hold for `condition` to, as small as it can be taken apart."""
    match condition:
        case And(items):
            for each in items:
                yield from _apart(each)
        case Not(Or(items)):
            for each in items:
                yield from _apart(Not(each))
        case Not(Not(item)) | Label(_, item):
            yield from _apart(item)
        case _:
            yield condition
