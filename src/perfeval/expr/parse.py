"""The formula parser: text such as ``budget.executed / budget.approved >= 90%`` to an expression.

Formulas come from files that anyone may write, so length, size, depth and numbers are bounded, and nothing in the
language can reach outside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Final, Literal, NoReturn

from attrs import frozen

from perfeval.errors import FormulaError, Problem, QuantityError, nearest, problem
from perfeval.expr.nodes import (
    Absolute,
    Add,
    And,
    Comparator,
    Compare,
    Constant,
    Divide,
    Expr,
    FactRef,
    If,
    Multiply,
    Not,
    Or,
    Round,
    Subtract,
    maximum,
    minimum,
    number,
)
from perfeval.expr.text import text as shown
from perfeval.quantity import Quantity, quantity

__all__ = ["KEYWORDS", "MOST_CHARACTERS", "MOST_DEPTH", "MOST_NODES", "is_name", "no_name", "parse"]

MOST_CHARACTERS: Final = 2000
MOST_NODES: Final = 200
MOST_DEPTH: Final = 40

_FUNCTIONS: Final = ("min", "max", "abs", "floor", "ceil", "round", "if")
KEYWORDS: Final = frozenset((*_FUNCTIONS, "and", "or", "not", "yes", "no", "true", "false"))
_TRUTHS: Final = {"yes": True, "true": True, "no": False, "false": False}
_SAME: Final = {
    "≥": ">=",
    "≤": "<=",
    "=": "==",
    "≠": "!=",
    "×": "*",
    "÷": "/",
    "−": "-",
}
# Fullwidth signs and digits, one for one, so that offsets stay; quotation marks are left as they are.
_HALFWIDTH: Final = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F) if chr(wide) not in "＂＇"}

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<date>\d{4}-\d{2}-\d{2})
  | (?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[%‰]|[㐀-鿿]+(?:/[㐀-鿿]+)*)?)
  | (?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)
  | (?P<text>"[^"]*"|'[^']*'|“[^”]*”)
  | (?P<sign>>=|<=|==|!=|[-+*/(),<>≥≤=≠×÷−])
    """,
    re.X,
)
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


@frozen
class _Token:
    kind: str
    text: str
    offset: int


def is_name(text: str) -> bool:
    """Whether `text` can name a fact: letters (Chinese too), digits and _, in parts joined by dots."""
    return _NAME.fullmatch(text) is not None and not KEYWORDS.intersection(text.split("."))


def no_name(text: str, of: Literal["fact", "id"], *at: str | int) -> Problem:
    """Why `text` can name no fact, or be no id of a node: a word of formulas, or signs that a name does not have."""
    zh, en = ("事实名称", "name a fact") if of == "fact" else ("指标 id", "be an id")
    if words := KEYWORDS.intersection(text.split(".")):
        word = min(words)
        return problem(
            f"“{word}”是公式中的词，不能作{zh} — 请加字，如“{word}_1”",
            f'"{word}" is a word of formulas and cannot {en} — add to it, such as "{word}_1"',
            *at,
        )
    dots_zh, dots_en = ("，以 . 分段", ", joined by dots") if of == "fact" else ("", "")
    return problem(
        f"“{text}”不能作{zh} — 用字母（可用汉字）、数字和 _{dots_zh}",
        f'"{text}" cannot {en} — use letters (Chinese too), digits and _{dots_en}',
        *at,
    )


def parse(text: str) -> Expr:
    """Read a formula or condition.

    Raises:
        FormulaError: with the offset of what cannot be read.
    """
    if len(text) > MOST_CHARACTERS:
        _fail(
            0,
            f"公式过长（{len(text)} 个字符）— 至多 {MOST_CHARACTERS} 个",
            f"the formula is too long ({len(text)} characters) — at most {MOST_CHARACTERS}",
        )
    return _Parser(tuple(_tokens(text)), len(text)).formula()


def _fail(offset: int, zh: str, en: str) -> NoReturn:
    raise FormulaError(problem(zh, en, offset=offset))


def _tokens(text: str) -> Iterator[_Token]:
    halfwidth = text.translate(_HALFWIDTH)
    at = 0
    while at < len(text):
        found = _TOKEN.match(halfwidth, at)
        if found is None:
            _fail(
                at,
                f"公式中不能有“{text[at]}”— 只能用事实名称、数、+ - * /、比较、and or not 和 {'、'.join(_FUNCTIONS)}",
                f'"{text[at]}" has no place in a formula — use fact names, numbers, + - * /, comparisons, '
                f"and or not, and {', '.join(_FUNCTIONS)}",
            )
        kind = found.lastgroup or ""
        if kind in ("name", "text"):
            yield _Token(kind, text[at : found.end()], at)
        elif kind != "space":
            yield _Token(kind, _SAME.get(found[0], found[0]), at)
        at = found.end()


class _Parser:
    """Recursive descent, one method a level of binding; `_within` bounds the depth."""

    def __init__(self, tokens: Sequence[_Token], end: int) -> None:
        self._tokens = tokens
        self._end = _Token("end", "", end)
        self._at = 0
        self._depth = 0
        self._nodes = 0

    def formula(self) -> Expr:
        result = self._either()
        if self._peek().kind != "end":
            self._unexpected("一个运算符或公式结尾", "an operator or the end of the formula")
        return result

    def _peek(self) -> _Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else self._end

    def _take(self) -> _Token:
        token = self._peek()
        self._at += 1
        return token

    def _taken(self, *texts: str) -> str | None:
        token = self._peek()
        if token.kind in ("sign", "name") and token.text in texts:
            self._at += 1
            return token.text
        return None

    def _expect(self, text: str) -> None:
        if not self._taken(text):
            self._unexpected(f"“{text}”", f'"{text}"')

    def _unexpected(self, zh: str, en: str) -> NoReturn:
        token = self._peek()
        found_zh = f"“{token.text}”" if token.text else "公式结尾"
        found_en = f'"{token.text}"' if token.text else "the end of the formula"
        _fail(token.offset, f"此处应为{zh}，而不是{found_zh}", f"expected {en} here, found {found_en}")

    def _counted(self, node: Expr) -> Expr:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            _fail(
                self._peek().offset,
                f"公式过大 — 至多 {MOST_NODES} 个运算",
                f"the formula is too large — at most {MOST_NODES} operations",
            )
        return node

    def _within(self, read: Callable[[], Expr]) -> Expr:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            _fail(
                self._peek().offset,
                f"公式嵌套过深 — 至多 {MOST_DEPTH} 层",
                f"the formula nests too deep — at most {MOST_DEPTH} levels",
            )
        result = read()
        self._depth -= 1
        return result

    def _either(self) -> Expr:
        items = [self._both()]
        while self._taken("or"):
            items.append(self._both())
        return items[0] if len(items) == 1 else self._counted(Or(tuple(items)))

    def _both(self) -> Expr:
        items = [self._negation()]
        while self._taken("and"):
            items.append(self._negation())
        return items[0] if len(items) == 1 else self._counted(And(tuple(items)))

    def _negation(self) -> Expr:
        if self._taken("not"):
            return self._counted(Not(self._within(self._negation)))
        return self._comparison()

    def _comparison(self) -> Expr:
        token = self._peek()
        left = self._sum()
        by = self._taken("==", "!=", ">=", "<=", ">", "<")
        if by is None:
            return left
        right = self._sum()
        for answer, other in ((left, right), (right, left)):
            if answer in (FactRef("是"), FactRef("否")):
                self._say_yes_or_no(token, other)
        result = self._counted(Compare(_COMPARATORS[by], left, right))
        if self._peek().text in _COMPARATORS:
            _fail(
                self._peek().offset,
                "比较不能连写 — 请用 and 连接，如 a <= b and b <= c",
                "comparisons do not chain — join them with and: a <= b and b <= c",
            )
        return result

    def _say_yes_or_no(self, token: _Token, asked: Expr) -> NoReturn:
        zh, en = shown(asked, "zh"), shown(asked, "en")
        _fail(
            token.offset,
            f"“是”“否”不与事实比较 — 条件直接写 {zh}，否定写 not {zh}",
            f"是 and 否 are not compared with — as a condition write {en} alone, or not {en}",
        )

    def _sum(self) -> Expr:
        left = self._product()
        while sign := self._taken("+", "-"):
            right = self._product()
            left = self._counted(Add(left, right) if sign == "+" else Subtract(left, right))
        return left

    def _product(self) -> Expr:
        left = self._signed()
        while sign := self._taken("*", "/"):
            right = self._signed()
            left = self._counted(Multiply(left, right) if sign == "*" else Divide(left, right))
        return left

    def _signed(self) -> Expr:
        if self._taken("-"):
            item = self._within(self._signed)
            match item:
                case Constant(Quantity(value, kind, unit, decimals)) if kind not in ("date", "month"):
                    return Constant(Quantity(-value, kind, unit, decimals))
                case _:
                    return self._counted(0 - item)
        return self._atom()

    def _atom(self) -> Expr:
        token = self._peek()
        match token.kind:
            case "number" | "date":
                self._take()
                return self._counted(self._constant(token))
            case "text":
                self._take()
                return self._counted(Constant(token.text[1:-1]))
            case "name" if token.text in _FUNCTIONS:
                self._take()
                return self._within(lambda: self._call(token))
            case "name" if token.text in _TRUTHS:
                self._take()
                return self._counted(Constant(_TRUTHS[token.text]))
            case "name" if is_name(token.text):
                self._take()
                if self._peek().text == "(":
                    hint = nearest(token.text, _FUNCTIONS)
                    _fail(token.offset, f"没有函数“{token.text}”— {hint.zh}", f'no function "{token.text}" — {hint.en}')
                return self._counted(FactRef(token.text))
            case "sign" if token.text == "(":
                self._take()
                inner = self._within(self._either)
                self._expect(")")
                return inner
            case _:
                self._unexpected("一个数、事实名称或“(”", 'a number, a fact name or "("')

    def _constant(self, token: _Token) -> Expr:
        try:
            read = quantity(token.text)
        except QuantityError as error:
            message = error.problems[0].message
            _fail(token.offset, message.zh, message.en)
        return number(read.value) if read.kind == "number" else Constant(read)

    def _call(self, token: _Token) -> Expr:
        self._expect("(")
        items = [self._either()]
        while self._taken(","):
            items.append(self._either())
        self._expect(")")
        match token.text, items:
            case "min", [_, _, *_]:
                return self._counted(minimum(*items))
            case "max", [_, _, *_]:
                return self._counted(maximum(*items))
            case "abs", [item]:
                return self._counted(Absolute(item))
            case "floor", [item]:
                return self._counted(Round(item, 0, "floor"))
            case "ceil", [item]:
                return self._counted(Round(item, 0, "ceil"))
            case "round", [item]:
                return self._counted(Round(item, 0, "half-up"))
            case "round", [item, Constant(Quantity(kind="literal") as places)] if places.value in _PLACES:
                return self._counted(Round(item, int(places.value), "half-up"))
            case "if", [condition, then, otherwise]:
                return self._counted(If(condition, then, otherwise))
            case _:
                use = _USES[token.text]
                _fail(token.offset, f"{token.text} 的写法是 {use}", f"{token.text} is written {use}")


_PLACES: Final = frozenset(Fraction(places) for places in range(7))
_COMPARATORS: Final[dict[str, Comparator]] = {
    "==": "==",
    "!=": "!=",
    ">=": ">=",
    "<=": "<=",
    ">": ">",
    "<": "<",
}
_USES: Final = {
    "min": "min(a, b, …)",
    "max": "max(a, b, …)",
    "abs": "abs(a)",
    "floor": "floor(a)",
    "ceil": "ceil(a)",
    "round": "round(a) or round(a, 0…6)",
    "if": "if(condition, a, b)",
}
