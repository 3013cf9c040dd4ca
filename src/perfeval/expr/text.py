"""The *text* interpreter: an expression as a formula or a rule in words, in Chinese or English."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from attrs import evolve, frozen

from perfeval.errors import Language
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
    children,
    unknown_node,
)
from perfeval.quantity import Quantity

__all__ = ["Words", "definitions", "text", "words"]

Naming = Callable[[str], str]

_COMPARED: Final = {"==": "=", "!=": "≠", ">=": "≥", "<=": "≤", ">": ">", "<": "<"}
_JOINED: Final = {"zh": (" 且 ", " 或 ", "非 "), "en": (" and ", " or ", "not ")}
# How tightly each form binds; a looser one inside a tighter one takes parentheses.
_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _ATOM = range(7)


@frozen
class Words:
    """A rule in words.

    Attributes:
        cases: (condition or "", result) in the order they are tried.
        where: (name, formula) of each named intermediate result, each once.
        required: what must hold, or there is no result.
    """

    cases: tuple[tuple[str, str], ...]
    where: tuple[tuple[str, str], ...]
    required: tuple[str, ...] = ()

    def to(self, language: Language) -> str:
        """One line."""
        stop, comma = ("；", "，") if language == "zh" else ("; ", ", ")
        parts = []
        for number, (condition, result) in enumerate(self.cases):
            if condition:
                parts.append(f"{condition}：{result}" if language == "zh" else f"{condition}: {result}")
            elif number:
                parts.append(f"其余：{result}" if language == "zh" else f"otherwise: {result}")
            else:
                parts.append(result)
        line = stop.join(parts)
        if self.where:
            line += ("；其中 " if language == "zh" else "; where ") + comma.join(
                f"{name} = {formula}" for name, formula in self.where
            )
        if self.required:
            line += ("。要求：" if language == "zh" else ". Required: ") + stop.join(self.required)
        return line


def text(expr: Expr, language: Language, naming: Naming = str) -> str:
    """`expr` as a formula; a label stands for what it names."""
    return _formula(expr, language, naming)[1]


def words(expr: Expr, language: Language, naming: Naming = str) -> Words:
    """`expr` as the cases it distinguishes, with the labels defined after it."""
    cases = tuple(
        ("" if condition is None else text(condition, language, naming), text(result, language, naming))
        for condition, result in _cases(expr)
    )
    return Words(cases, definitions(expr, language, naming), tuple(dict.fromkeys(_required(expr, language))))


def definitions(expr: Expr, language: Language, naming: Naming = str) -> tuple[tuple[str, str], ...]:
    """The labels that `expr` in words mentions, with their formulas, outermost first, those of one formula as they are read."""
    found: dict[str, str] = {}
    waiting = [part for case in _cases(expr) for part in case if part is not None]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, Label):
            name = node.name.to(language)
            formula = text(node.item, language, naming)
            if name not in found and name != formula:
                found[name] = formula
            waiting.append(node.item)
        else:
            waiting[:0] = _shown(node, language, naming)
    return tuple(found.items())


def _shown(expr: Expr, language: Language, naming: Naming) -> Iterable[Expr]:
    """The children of `expr` that its text shows."""
    match expr:
        case Require(_, item):
            return (item,)
        case If(_, then, otherwise) if text(then, language, naming) == text(otherwise, language, naming):
            return (then,)
        case _:
            return children(expr)


def _required(expr: Expr, language: Language) -> Iterator[str]:
    if isinstance(expr, Require):
        yield expr.otherwise.to(language)
    for each in children(expr):
        yield from _required(each, language)


def _cases(expr: Expr) -> Iterator[tuple[Expr | None, Expr]]:
    """The conditions of `expr`, each with its result; None for what is left."""
    match expr:
        case Label(_, item) | Require(_, item):
            yield from _cases(item)
        case If(condition, then, otherwise):
            # A choice inside a case stays a formula; only the last branch goes on as further cases.
            yield condition, then
            yield from _cases(otherwise)
        case _:
            yield None, expr


def _formula(expr: Expr, language: Language, naming: Naming) -> tuple[int, str]:
    """How tightly `expr` binds, and its text."""

    def inner(item: Expr, within: int = _OR) -> str:
        binding, formula = _formula(item, language, naming)
        return f"({formula})" if binding < within else formula

    conjunction, disjunction, negation = _JOINED[language]
    match expr:
        case Constant(value):
            return _ATOM, _constant(value, language)
        case FactRef(name):
            return _ATOM, naming(name)
        case Add(Constant(Quantity(value=0, kind="number" | "literal")), b):
            return _formula(b, language, naming)
        case Add(a, Multiply(Constant(Quantity() as factor), b)) if factor.value < 0:
            less = Multiply(Constant(evolve(factor, value=-factor.value)), b)
            return _SUM, f"{inner(a, _SUM)} − {inner(less, _PRODUCT)}"
        case Add(a, b):
            return _SUM, f"{inner(a, _SUM)} + {inner(b, _PRODUCT)}"
        case Subtract(a, b):
            return _SUM, f"{inner(a, _SUM)} − {inner(b, _PRODUCT)}"
        case Multiply(a, b):
            return _PRODUCT, f"{inner(a, _PRODUCT)} × {inner(b, _ATOM)}"
        case Divide(a, b):
            return _PRODUCT, f"{inner(a, _PRODUCT)} ÷ {inner(b, _ATOM)}"
        case Minimum(items):
            return _ATOM, f"min({', '.join(inner(each) for each in items)})"
        case Maximum(items):
            return _ATOM, f"max({', '.join(inner(each) for each in items)})"
        case Absolute(item):
            return _ATOM, f"|{inner(item)}|"
        case Round(item, places, mode):
            return _ATOM, _rounded(inner(item), places, mode, language)
        case Compare(by, a, b):
            return _COMPARE, f"{inner(a, _SUM)} {_COMPARED[by]} {inner(b, _SUM)}"
        case And(items):
            return _AND, conjunction.join(inner(each, _NOT) for each in items)
        case Or(items):
            return _OR, disjunction.join(inner(each, _AND) for each in items)
        case Not(item):
            return _NOT, negation + inner(item, _ATOM)
        case If(condition, then, otherwise):
            (binding, either), other = _formula(then, language, naming), inner(otherwise)
            if either == other:  # a choice that changes nothing a reader sees
                return binding, either
            return _ATOM, f"if({inner(condition)}, {either}, {other})"
        case Label(name):
            return _ATOM, name.to(language)
        case Require(_, item):
            return _formula(item, language, naming)
        case _:
            unknown_node(expr)


def _constant(value: Quantity | bool | str, language: Language) -> str:
    match value:
        case bool():
            return {"zh": ("否", "是"), "en": ("no", "yes")}[language][value]
        case str():
            return f"“{value}”" if language == "zh" else f'"{value}"'
        case Quantity():
            return str(value)


_ROUNDED: Final = {
    "half-up": ("四舍五入", "round"),
    "half-even": ("四舍六入五成双", "round-half-even"),
    "down": ("截尾", "cut"),
    "up": ("进位", "round-up"),
    "floor": ("向下取整", "floor"),
    "ceil": ("向上取整", "ceil"),
}


def rounding_name(mode: str, language: Language) -> str:
    """What a way of rounding is called, such as 四舍五入."""
    zh, en = _ROUNDED[mode]
    return zh if language == "zh" else en


def _rounded(item: str, places: int, mode: str, language: Language) -> str:
    name = rounding_name(mode, language)
    if places == 0:
        return f"{name}({item})"
    return f"{name}({item}, {places}位)" if language == "zh" else f"{name}({item}, {places})"
