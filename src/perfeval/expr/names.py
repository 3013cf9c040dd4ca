"""The *names* interpreter: which facts an expression reads, and which quantities and words are written into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perfeval.expr.nodes import Compare, Constant, Expr, FactRef, children
from perfeval.quantity import Quantity

__all__ = ["compared_words", "constants", "names"]


def names(expr: Expr) -> tuple[str, ...]:
    """The names of the facts in `expr`, each once, in the order they are first read."""
    return tuple(dict.fromkeys(node.name for node in _nodes((expr,)) if isinstance(node, FactRef)))


def constants(expr: Expr) -> tuple[Quantity, ...]:
    """The quantities that are written into `expr`, each once, in the order they are first read."""
    written = (node.value for node in _nodes((expr,)) if isinstance(node, Constant))
    return tuple(dict.fromkeys(value for value in written if isinstance(value, Quantity)))


def compared_words(exprs: Iterable[Expr]) -> dict[str, tuple[str, ...]]:
    """The facts that are compared with words, each with these, in the order they are first read."""
    found: dict[str, dict[str, None]] = {}
    for node in _nodes(exprs):
        if isinstance(node, Compare):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(one, FactRef) and isinstance(other, Constant) and isinstance(other.value, str):
                    found.setdefault(one.name, {})[other.value] = None
    return {name: tuple(said) for name, said in found.items()}


def _nodes(exprs: Iterable[Expr]) -> Iterator[Expr]:
    """Each node before what is inside it, left to right; by a list and not by recursion, for expressions may be deep."""
    waiting = [*exprs][::-1]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(tuple(children(node))))
