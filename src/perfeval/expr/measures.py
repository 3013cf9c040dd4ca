"""The *measures* interpreter: what an expression measures, as formulas that Excel, WPS and LibreOffice compute.

`kinds` answers once, for figures that are there; in a workbook people type figures and units later. Here each fact has a cell
that says what it measures (``money``, ``count:户``, ``any`` while it is empty, #N/A where its unit cannot be read), and an
expression becomes cells that are #N/A where its parts do not go together. Whatever is known beforehand is asked of `kinds`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from attrs import frozen

from perfeval.expr.kinds import ANY, CHOICE, LITERAL, PURE, TRUTH, ZERO, KindError, kind_of, kind_of_value, together
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
from perfeval.quantity import BASE_UNITS, Kind, base_unit

__all__ = ["Measure", "Measures", "known"]

_CALENDAR: Final = ("date", "month")
_A, _B = FactRef("a"), FactRef("b")
_QUOTE: Final = '"'
_COUNT: Final = "count:"
_TRUE, _FALSE, _NA, _NONE, _SLASH = "TRUE", "FALSE", "NA()", '""', '"/"'
_LONGEST_KIND: Final = 99  # characters, more than any kind has


@frozen
class Measure:
    """What something measures.

    Attributes:
        kind: a formula that gives the kind: a text in quotes where it is known beforehand, else a cell.
        needs: cells that are an error where it makes no sense.
    """

    kind: str
    needs: frozenset[str] = frozenset()


def known(kind: Kind, *needs: str) -> Measure:
    """A kind that is known beforehand."""
    return Measure(f'"{kind}"', frozenset(needs))


class Measures:
    """Writes what expressions measure, over one set of facts.

    Args:
        facts: what each fact measures.
        place: puts a formula into a cell of its own, and says which.
    """

    def __init__(self, facts: Mapping[str, Measure], place: Callable[[str], str]) -> None:
        self._facts, self._place = facts, place
        self._found: dict[Expr, Measure] = {}
        self._cells: dict[str, str] = {}

    def measure(self, expr: Expr, among: Collection[Kind] = ()) -> Measure:
        """What `expr` measures, which is one of the kinds in `among`, if any are given."""
        found = self._of(expr)
        return self._checked(found, _if(_is(found.kind, *among), found.kind, _NA)) if among else found

    def _of(self, expr: Expr) -> Measure:
        if expr not in self._found:
            self._found[expr] = self._measured(expr)
        return self._found[expr]

    def _measured(self, expr: Expr) -> Measure:
        match expr:
            case Constant(value):
                return known(kind_of_value(value))
            case FactRef(name):
                return self._facts[name]
            case Add(a, b) | Subtract(a, b) | Multiply(a, b) | Divide(a, b):
                return self._arithmetic(expr, self._number(a), self._number(b))
            case Minimum(items) | Maximum(items):
                return self._alike([self._number(each) for each in items])
            case Absolute(item) | Round(item):
                return self._number(item)
            case Compare(by, a, b):
                left, right = self._of(a), self._of(b)
                if _fixed(left, right):
                    return self._folded(Compare(by, _A, _B), left, right)
                return known(TRUTH, *self._alike([left, right]).needs)
            case And(items) | Or(items):
                return known(TRUTH, *(need for each in items for need in self._truth(each)))
            case Not(item):
                return known(TRUTH, *self._truth(item))
            case If(condition, then, otherwise):
                return _with(self._alike([self._of(then), self._of(otherwise)]), self._truth(condition))
            case Require(condition, item):
                return _with(self._of(item), self._truth(condition))
            case Label():
                return self._label(expr)
            case _:
                unknown_node(expr)

    def _label(self, expr: Label) -> Measure:
        found = self._of(expr.item)
        rate = expr.item.item if isinstance(expr.item, Round) else expr.item
        if expr.role == "rate" and isinstance(rate, Divide):  # 93 is no completion of 95%
            found = _with(found, self._alike([self._of(rate.left), self._of(rate.right)]).needs)
        if expr.role != "points":
            return found
        return self._checked(found, _if(_is(found.kind, *sorted(PURE)), f'"{LITERAL}"', found.kind))

    def _number(self, expr: Expr) -> Measure:
        found = self._of(expr)
        return self._checked(found, _if(_is(found.kind, TRUTH, CHOICE), _NA, found.kind)) if _fixed(found) else found

    def _truth(self, expr: Expr) -> frozenset[str]:
        """The cells that are an error where `expr` is no condition."""
        found = self._of(expr)
        return self._checked(found, _if(_is(found.kind, TRUTH, ANY), f'"{TRUTH}"', _NA)).needs

    def _alike(self, items: Sequence[Measure]) -> Measure:
        """What all the items measure."""
        found = items[0]
        for each in items[1:]:
            formula = _together(found.kind, each.kind)
            if _fixed(found, each):
                both = together(_kind(found), _kind(each))
                formula = _NA if both is None else f'"{both}"'
            found = self._checked(_with(found, each.needs), formula)
        return found

    def _arithmetic(self, expr: Add | Subtract | Multiply | Divide, left: Measure, right: Measure) -> Measure:
        if _fixed(left, right):
            return self._folded(type(expr)(_A, _B), left, right)
        a, b = left.kind, right.kind
        match expr:
            case Add() | Subtract():
                both = self._alike([left, right])
                apart = _NA  # dates do not add
                if isinstance(expr, Subtract):
                    alike = [_any(_same(end, both.kind), _is(end, ANY)) for end in (a, b)]
                    apart = _if(_all(*alike), _if(_is(both.kind, "date"), '"count:天"', '"count:个月"'), _NA)
                return self._checked(both, _if(_is(both.kind, *_CALENDAR), apart, both.kind))
            case Multiply():
                formula = _product(a, b, self._base(a), self._base(b))
            case Divide():
                both_kinds = self._cell(f"IFERROR({_together(a, b)},{_NONE})")
                formula = _quotient(a, b, self._base(a), self._base(b), both_kinds)
            case _:
                unknown_node(expr)
        return self._checked(_with(left, right.needs), formula)

    def _base(self, kind: str) -> str:
        """The unit in which what measures `kind` is held, as `quantity.base_unit`; an empty text where there is none."""
        if kind.startswith('"'):
            return f'"{base_unit(kind.strip(_QUOTE)) or ""}"'
        formula = f'IF(LEFT({kind},{len(_COUNT)})="{_COUNT}",MID({kind},{len(_COUNT) + 1},{_LONGEST_KIND}),"")'
        for each, unit in BASE_UNITS.items():
            formula = _if(_is(kind, each), f'"{unit}"', formula)
        return self._cell(formula)

    def _folded(self, expr: Expr, left: Measure, right: Measure) -> Measure:
        """What `expr`, which joins two facts called a and b, measures: both are known beforehand."""
        try:
            formula = f'"{kind_of(expr, {_A.name: _kind(left), _B.name: _kind(right)})}"'
        except KindError:
            formula = _NA
        return self._checked(_with(left, right.needs), formula)

    def _checked(self, found: Measure, formula: str) -> Measure:
        """What `formula` makes of what was found; it may make an error of it."""
        cell = self._cell(formula)
        return Measure(cell, found.needs if cell.startswith(_QUOTE) else found.needs | {cell})

    def _cell(self, formula: str) -> str:
        """Where `formula` stands; a text or a cell stands for itself."""
        if formula != _NA and (formula.startswith(_QUOTE) or "(" not in formula):
            return formula
        if formula not in self._cells:
            self._cells[formula] = self._place(formula)
        return self._cells[formula]


def _fixed(*measures: Measure) -> bool:
    return all(each.kind.startswith(_QUOTE) for each in measures)


def _kind(measure: Measure) -> Kind:
    return measure.kind.strip(_QUOTE)


def _with(found: Measure, needs: frozenset[str]) -> Measure:
    return Measure(found.kind, found.needs | needs)


# The tables of `kinds`, as formulas of the kinds a and b, each a text or a cell. What is decided beforehand is left out.


def _together(a: str, b: str) -> str:
    formula = _NA
    for bare, other in ((b, a), (a, b)):
        formula = _if(_all(_is(bare, LITERAL), _is(other, "number", "ratio")), other, formula)
        formula = _if(_all(_is(bare, LITERAL, "number"), _is_plain_count(other)), other, formula)
        formula = _if(_all(_is(bare, ZERO), _not(_is(other, TRUTH, CHOICE, ANY))), other, formula)
        formula = _if(_is(bare, ANY), _if(_is(other, ZERO, LITERAL, "number"), f'"{ANY}"', other), formula)
    return _if(_same(a, b), a, formula)


def _product(a: str, b: str, base_a: str, base_b: str) -> str:
    formula = _NA
    for rate, by in ((base_b, base_a), (base_a, base_b)):  # 300元/亩 × 20亩 is money
        fits = _all(f'{by}<>""', f'ISERROR(FIND("/",{by}))', _same(f"RIGHT({rate},LEN({by})+1)", f'"/"&{by}'))
        formula = _if(fits, _kind_of_unit(f"LEFT({rate},LEN({rate})-LEN({by})-1)"), formula)
    formula = _if(_all(_is(a, "ratio"), _is(b, "ratio")), '"ratio"', formula)
    for pure, other, base in ((b, a, base_a), (a, b, base_b)):
        measured = _any(_is(other, "number"), f'{base}<>""')
        formula = _if(_all(_is(pure, "number", "ratio"), measured), other, formula)
    for pure, other in ((b, a), (a, b)):
        formula = _if(_is(pure, ZERO, LITERAL), _if(_is(other, ZERO), f'"{LITERAL}"', other), formula)
    formula = _if(_any(_is(a, *_CALENDAR), _is(b, *_CALENDAR)), _NA, formula)
    return _if(_any(_is(a, ANY), _is(b, ANY)), f'"{ANY}"', formula)


def _quotient(a: str, b: str, above: str, below: str, both: str) -> str:
    by = f"IF({_same(f'LEFT({below},LEN({above})+1)', f'{above}&{_SLASH}')},MID({below},LEN({above})+2,{_LONGEST_KIND}),{below})"
    formula = _if(f'ISERROR(FIND("/",{by}))', _kind_of_unit(by), _NA)  # 6000元 ÷ 300元/亩 is an area
    formula = _if(f'ISERROR(FIND("/",{below}))', _kind_of_unit(f'{above}&"/"&{below}'), formula)
    formula = _if(_any(f'{above}=""', f'{below}=""'), _NA, formula)
    formula = _if(_is(b, *sorted(PURE)), a, formula)
    like = _all(f"{both}<>{_NONE}", _not(_is(b, ZERO, LITERAL)))
    formula = _if(_any(_same(a, b), like), '"ratio"', formula)
    formula = _if(_any(_is(a, *_CALENDAR), _is(b, *_CALENDAR)), _NA, formula)
    formula = _if(_all(_is(a, ZERO, LITERAL), _is(b, ZERO, LITERAL)), f'"{LITERAL}"', formula)
    return _if(_any(_is(a, ANY), _is(b, ANY)), f'"{ANY}"', formula)


def _kind_of_unit(unit: str) -> str:
    formula = f'"{_COUNT}"&{unit}'
    for kind, base in BASE_UNITS.items():
        formula = f'IF({_same(unit, _text(base))},"{kind}",{formula})'
    return formula


def _is_plain_count(kind: str) -> str:
    """Whether something is counted, and not in 元/亩 and its like."""
    if kind.startswith(_QUOTE):
        return _TRUE if kind.startswith(_QUOTE + _COUNT) and "/" not in kind else _FALSE
    return f'AND(LEFT({kind},{len(_COUNT)})="{_COUNT}",ISERROR(FIND("/",{kind})))'


# Conditions, decided where they can be.


def _is(kind: str, *kinds: Kind) -> str:
    if kind.startswith(_QUOTE):
        return _TRUE if kind.strip(_QUOTE) in kinds else _FALSE
    return _any(*(f'{kind}="{each}"' for each in kinds))


def _same(a: str, b: str) -> str:
    """Whether two texts are the same, capitals and small letters apart."""
    if a.startswith(_QUOTE) and b.startswith(_QUOTE) and "&" not in a + b:
        return _TRUE if a == b else _FALSE
    return f"EXACT({a},{b})"


def _all(*conditions: str) -> str:
    return _FALSE if _FALSE in conditions else _joined("AND", conditions, _TRUE)


def _any(*conditions: str) -> str:
    return _TRUE if _TRUE in conditions else _joined("OR", conditions, _FALSE)


def _joined(function: str, conditions: Sequence[str], neutral: str) -> str:
    open_ = [each for each in conditions if each != neutral]
    if len(open_) < 2:
        return open_[0] if open_ else neutral
    return f"{function}({','.join(open_)})"


def _not(condition: str) -> str:
    return {_TRUE: _FALSE, _FALSE: _TRUE}.get(condition) or f"NOT({condition})"


def _if(condition: str, then: str, otherwise: str) -> str:
    if condition in (_TRUE, _FALSE):
        return then if condition == _TRUE else otherwise
    return then if then == otherwise else f"IF({condition},{then},{otherwise})"


def _text(words: str) -> str:
    return f'"{words}"'
