"""The *names* interpreter: which facts an expression reads."""

from __future__ import annotations

from perfeval.expr.nodes import Expr, FactRef, children

__all__ = ["names"]


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
