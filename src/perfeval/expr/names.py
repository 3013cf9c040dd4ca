"""The *names* interpreter: which facts an expression reads, and which quantities are written into it."""

from __future__ import annotations

from perfeval.expr.nodes import Constant, Expr, FactRef, children
from perfeval.quantity import Quantity

__all__ = ["constants", "names"]


def names(expr: Expr) -> tuple[str, ...]:
    """The names of the facts in `expr`, each once, in the order they are first read."""
    found: dict[str, None] = {}
    waiting = [expr]
    while waiting:
        node = waiting.pop()
        if isinstance(node, FactRef):
            found[node.name] = None
        waiting.extend(reversed(tuple(children(node))))
    return tuple(found)


def constants(expr: Expr) -> tuple[Quantity, ...]:
    """The quantities that are written into `expr`, each once, in the order they are first read."""
    found: dict[Quantity, None] = {}
    waiting = [expr]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Constant) and isinstance(node.value, Quantity):
            found[node.value] = None
        waiting.extend(reversed(tuple(children(node))))
    return tuple(found)
