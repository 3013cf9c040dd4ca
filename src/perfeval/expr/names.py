"""The *names* interpreter: which facts an expression reads, and which quantities and words are written into it."""

from __future__ import annotations

from collections.abc import Iterable

from perfeval.expr.nodes import Compare, Constant, Expr, FactRef, children
from perfeval.quantity import Quantity

__all__ = ["constants", "names", "words"]


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


def words(exprs: Iterable[Expr]) -> dict[str, tuple[str, ...]]:
    """The facts that are compared with words, each with these, in the order they are first read."""
    found: dict[str, dict[str, None]] = {}
    waiting = [*exprs][::-1]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Compare):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(one, FactRef) and isinstance(other, Constant) and isinstance(other.value, str):
                    found.setdefault(one.name, {})[other.value] = None
        waiting.extend(reversed(tuple(children(node))))
    return {name: tuple(said) for name, said in found.items()}
