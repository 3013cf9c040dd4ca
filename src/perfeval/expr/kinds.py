"""The *kinds* interpreter: what an expression measures, and whether its parts go together.

Money compares with money and people with people; a quotient of two like quantities is a ratio. It runs before any
number is computed, so a mixture of units is an error whatever the figures are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NoReturn

from perfeval.errors import PerfevalError, problem
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
from perfeval.expr.text import text
from perfeval.quantity import BASE_UNITS, Kind, Quantity, base_unit

__all__ = ["KindError", "kind_name", "kind_of", "kind_of_value"]

ANY: Final = "any"  # a fact whose value is not known yet
ZERO: Final = "zero"
LITERAL: Final = "literal"
TRUTH: Final = "truth"
CHOICE: Final = "choice"
PURE: Final = frozenset({ZERO, LITERAL, "number", "ratio"})
_NAMES: Final = {
    "number": ("不带单位的数", "a number without a unit"),
    LITERAL: ("不带单位的数", "a number without a unit"),
    ZERO: ("0", "0"),
    "ratio": ("百分比", "a percentage"),
    "money": ("金额", "money"),
    "length": ("长度", "a length"),
    "mass": ("重量", "a mass"),
    "area": ("面积", "an area"),
    "date": ("日期", "a date"),
    "month": ("月份", "a month"),
    TRUTH: ("是/否", "a yes/no"),
    CHOICE: ("文字选项", "a word"),
    ANY: ("未知", "unknown"),
}


class KindError(PerfevalError):
    """Quantities that do not go together stand in one formula."""


def kind_of_value(value: Quantity | bool | str) -> Kind:
    """What a value measures."""
    if isinstance(value, Quantity):
        return ZERO if value.kind == LITERAL and value.value == 0 else value.kind
    return TRUTH if isinstance(value, bool) else CHOICE


def kind_name(kind: Kind) -> tuple[str, str]:
    """The kind in Chinese and English."""
    if kind.startswith("count:"):
        unit = kind.removeprefix("count:")
        return f"以“{unit}”计的数", f'a count in "{unit}"'
    return _NAMES[kind]


def kind_of(expr: Expr, facts: Mapping[str, Kind]) -> Kind:
    """What `expr` measures, given what the facts do; a fact that is not in `facts` goes with everything.

    Raises:
        KindError: parts that do not go together, with both named.
    """
    match expr:
        case Constant(value):
            return kind_of_value(value)
        case FactRef(name):
            return facts.get(name, ANY)
        case Add(a, b) | Subtract(a, b):
            return _sum(expr, _number(a, facts), _number(b, facts))
        case Multiply(a, b):
            return _product(expr, _number(a, facts), _number(b, facts))
        case Divide(a, b):
            return _quotient(expr, _number(a, facts), _number(b, facts))
        case Minimum(items) | Maximum(items):
            return _alike(items, [_number(each, facts) for each in items])
        case Absolute(item) | Round(item):
            return _number(item, facts)
        case Compare(by, a, b):
            kind = _alike((a, b), (kind_of(a, facts), kind_of(b, facts)))
            if kind in (TRUTH, CHOICE) and by not in ("==", "!="):
                _refuse(
                    f"“{text(expr, 'zh')}”：{_NAMES[kind][0]}只能用 == 或 != 比较",
                    f'"{text(expr, "en")}": {_NAMES[kind][1]} compares with == or != only',
                )
            return TRUTH
        case And(items) | Or(items):
            for each in items:
                _truth(each, facts)
            return TRUTH
        case Not(item):
            return _truth(item, facts)
        case If(condition, then, otherwise):
            _truth(condition, facts)
            return _alike((then, otherwise), (kind_of(then, facts), kind_of(otherwise, facts)))
        case Label(_, item, role):
            kind = kind_of(item, facts)
            rate = item.item if isinstance(item, Round) else item
            if role == "rate" and isinstance(rate, Divide):
                sides = (rate.left, rate.right)
                _alike(sides, [kind_of(each, facts) for each in sides])  # 93 is no completion of 95%
            return LITERAL if role == "points" and kind in PURE else kind
        case Require(condition, item):
            _truth(condition, facts)
            return kind_of(item, facts)
        case _:
            unknown_node(expr)


def together(a: Kind, b: Kind) -> Kind | None:
    """The kind of two things that compare; None when they do not."""
    if a == b:
        return a
    for bare, other in ((a, b), (b, a)):
        if bare == ANY:
            # What is not known yet may lend its kind to a bare number beside it.
            return ANY if other in (ZERO, LITERAL, "number") else other
        if bare == ZERO and other not in (TRUTH, CHOICE, ANY):
            return other
        # Not with 元/亩 and its like, where the scale can be mistaken.
        if bare in (LITERAL, "number") and other.startswith("count:") and "/" not in other:
            return other
        if bare == LITERAL and other in ("number", "ratio"):
            return other
    return None


def _refuse(zh: str, en: str) -> NoReturn:
    raise KindError(problem(zh, en))


def _alike(items: Sequence[Expr], kinds: Sequence[Kind]) -> Kind:
    """What all the items measure; an error names two that differ."""
    first, common = items[0], kinds[0]
    for item, kind in zip(items[1:], kinds[1:], strict=True):
        both = together(common, kind)
        if both is None:
            (kind_zh, kind_en), (other_zh, other_en) = kind_name(common), kind_name(kind)
            _refuse(
                f"“{text(first, 'zh')}”是{kind_zh}，“{text(item, 'zh')}”是{other_zh}，二者不能比较或相加"
                " — 请写成同一种单位",
                f'"{text(first, "en")}" is {kind_en} and "{text(item, "en")}" is {other_en}; they do not compare or add'
                " — write both in the same kind of unit",
            )
        if both != common:
            first, common = item, both
    return common


def _sum(expr: Add | Subtract, left: Kind, right: Kind) -> Kind:
    kind = _alike((expr.left, expr.right), (left, right))
    if kind in ("date", "month"):
        if isinstance(expr, Subtract) and {left, right} <= {kind, ANY}:
            return "count:天" if kind == "date" else "count:个月"
        _refuse(
            f"“{text(expr, 'zh')}”：日期不能相加 — 日期只能比较或相减",
            f'"{text(expr, "en")}": dates do not add — compare them, or subtract one from another',
        )
    return kind


def _number(expr: Expr, facts: Mapping[str, Kind]) -> Kind:
    kind = kind_of(expr, facts)
    if kind in (TRUTH, CHOICE):
        _refuse(
            f"“{text(expr, 'zh')}”是{_NAMES[kind][0]}，此处需要一个数",
            f'"{text(expr, "en")}" is {_NAMES[kind][1]} where a number is needed',
        )
    return kind


def _truth(expr: Expr, facts: Mapping[str, Kind]) -> Kind:
    kind = kind_of(expr, facts)
    if kind not in (TRUTH, ANY):
        _refuse(
            f"“{text(expr, 'zh')}”是{kind_name(kind)[0]}，此处需要一个条件（是/否）— 请写成比较，如 “{text(expr, 'zh')} > 0”",
            f'"{text(expr, "en")}" is {kind_name(kind)[1]} where a condition is needed'
            f' — write a comparison, such as "{text(expr, "en")} > 0"',
        )
    return TRUTH


def _product(expr: Expr, a: Kind, b: Kind) -> Kind:
    if ANY in (a, b):
        return ANY
    if "date" in (a, b) or "month" in (a, b):
        _unlike(expr, a, b)
    for pure, other in ((a, b), (b, a)):
        if pure in (ZERO, LITERAL):
            return LITERAL if other == ZERO else other
    for pure, other in ((a, b), (b, a)):
        if pure in ("number", "ratio") and (other == "number" or base_unit(other)):
            return other
    if a == b == "ratio":
        return "ratio"
    for each, other in ((a, b), (b, a)):
        # 300元/亩 × 20亩 is money.
        rate, by = base_unit(each), base_unit(other)
        if rate and by and "/" not in by and rate.endswith(f"/{by}"):
            return _kind_of_unit(rate.removesuffix(f"/{by}"))
    _unlike(expr, a, b)


def _quotient(expr: Expr, a: Kind, b: Kind) -> Kind:
    if ANY in (a, b):
        return ANY
    if a in (ZERO, LITERAL) and b in (ZERO, LITERAL):
        return LITERAL
    if a in ("date", "month") or b in ("date", "month"):
        _unlike(expr, a, b)
    if a == b or (together(a, b) and b not in (ZERO, LITERAL)):
        return "ratio"
    if b in PURE:
        return a
    above, below = base_unit(a), base_unit(b)
    if above is None or below is None:
        _unlike(expr, a, b)
    if "/" not in below:
        return _kind_of_unit(f"{above}/{below}")
    by = below.removeprefix(f"{above}/")
    if "/" in by:
        _unlike(expr, a, b)
    # 6000元 ÷ 300元/亩 is an area.
    return _kind_of_unit(by)


def _kind_of_unit(unit: str) -> Kind:
    return next((kind for kind, base in BASE_UNITS.items() if base == unit), f"count:{unit}")


def _unlike(expr: Expr, a: Kind, b: Kind) -> NoReturn:
    (a_zh, a_en), (b_zh, b_en) = kind_name(a), kind_name(b)
    _refuse(
        f"“{text(expr, 'zh')}”：{a_zh}与{b_zh}不能相乘或相除",
        f'"{text(expr, "en")}": {a_en} and {b_en} do not multiply or divide',
    )
