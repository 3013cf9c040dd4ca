"""Exact numbers as people write them: ``≥95%``, ``210.71万元``, ``１２，０００人``, ``9月前``.

A quantity is a rational in the base unit of its kind (元, 米, …), the unit it was written in, and how many
decimals were written. No value passes through a binary float.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal, NoReturn

from attrs import field, frozen

from perfeval.errors import QuantityError, problem
from perfeval.slips import instead

__all__ = [
    "Kind",
    "Mode",
    "Quantity",
    "Sign",
    "Target",
    "Unit",
    "decimal_text",
    "number_in_cell",
    "quantity",
    "round_ratio",
    "rounded",
    "target",
    "unit_factors",
    "unit_named",
]

Kind = str
"""What may be compared with what: "number", "ratio", "money", "date", … or "count:人"."""

Sign = Literal["≥", "≤", "=", ">", "<"]
Mode = Literal["half-up", "half-even", "down", "up", "floor", "ceil"]

# Bounds that no published figure comes near, and that keep every later step instantaneous.
_LONGEST_TEXT: Final = 80
_LONGEST_UNIT: Final = 25
_MOST_EXPONENT_DIGITS: Final = 9
_MOST_DIGITS: Final = 40
_LARGEST_EXPONENT: Final = 30
_LARGEST: Final = 10**_MOST_DIGITS


@frozen
class Unit:
    """A unit as written.

    Attributes:
        name: as written, "" for a bare number.
        kind: what it measures.
        factor: how many base units it is.
    """

    name: str
    kind: Kind
    factor: Fraction = Fraction(1)


NUMBER: Final = Unit("", "number")
LITERAL: Final = Unit("", "literal")
DATE: Final = Unit("", "date")
MONTH: Final = Unit("月", "month")
PERCENT: Final = Unit("%", "ratio", Fraction(1, 100))


def _table() -> dict[str, Unit]:
    kinds: dict[Kind, dict[str, Fraction | int]] = {
        "ratio": {
            "%": Fraction(1, 100),
            "百分比": Fraction(1, 100),
            "百分点": Fraction(1, 100),
            "个百分点": Fraction(1, 100),
            "‰": Fraction(1, 1000),
            "千分点": Fraction(1, 1000),
        },
        "money": {
            "元": 1,
            "角": Fraction(1, 10),
            "分钱": Fraction(1, 100),
            "百元": 100,
            "千元": 1000,
            "万元": 10**4,
            "百万元": 10**6,
            "千万元": 10**7,
            "亿元": 10**8,
            "万亿元": 10**12,
        },
        "length": {
            "毫米": Fraction(1, 1000),
            "厘米": Fraction(1, 100),
            "米": 1,
            "公里": 1000,
            "千米": 1000,
        },
        "mass": {"克": Fraction(1, 1000), "千克": 1, "公斤": 1, "吨": 1000},
        "area": {
            "平方米": 1,
            "亩": Fraction(10**4, 15),
            "公顷": 10**4,
            "平方公里": 10**6,
            "平方千米": 10**6,
        },
        "month": {"月": 1},
    }
    return {name: Unit(name, kind, Fraction(factor)) for kind, names in kinds.items() for name, factor in names.items()}


_UNITS: Final = _table()
_MONTHS: Final = range(1, 13)
BASE_UNITS: Final[dict[Kind, str]] = {"money": "元", "length": "米", "mass": "千克", "area": "平方米", "month": "月"}
_MULTIPLES: Final = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

# But 千瓦时 and its like are units of their own.
_MULTIPLE = re.compile(r"[十百千万亿](?![瓦卡伏焦帕赫])")
_UNIT_NAME = re.compile(r"[㐀-鿿A-Za-z·]{1,12}|(?![eE]\d)[A-Za-z]{1,4}[23]")  # 5 e3 is no unit, but a slip for 5e3
# Words of a sentence, not of a unit: 100余人, 100人以上, 9月中旬, 9月前.
_VAGUE = re.compile(r"[余多几约]|左右|上下|以[上下内外前后]|之[前后内]|[前后底末初]$|^月.")
_NUMBER = re.compile(r"(?P<number>[+-]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)\s*(?P<unit>.*)", re.S | re.A)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.A)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日)", re.A)
_MONTH = re.compile(r"(\d+月)(?:份|底|末)", re.A)
_FORMAT_DECIMALS: Final = re.compile(r"0\.(0+)")

_SIGNS: Final[tuple[tuple[str, Sign], ...]] = (
    (">=", "≥"),
    ("<=", "≤"),
    ("==", "="),
    ("≥", "≥"),
    ("≧", "≥"),
    ("≤", "≤"),
    ("≦", "≤"),
    ("=", "="),
    (">", ">"),
    ("<", "<"),
    ("不低于", "≥"),
    ("不少于", "≥"),
    ("不小于", "≥"),
    ("大于等于", "≥"),
    ("大于或等于", "≥"),
    ("不超过", "≤"),
    ("不高于", "≤"),
    ("不大于", "≤"),
    ("不多于", "≤"),
    ("小于等于", "≤"),
    ("小于或等于", "≤"),
    ("等于", "="),
    ("大于", ">"),
    ("小于", "<"),
)
# 民法典第1259条: 以上、以下、以内 include the figure itself.
_TAILS: Final[tuple[tuple[str, Sign], ...]] = (("以上", "≥"), ("以下", "≤"), ("以内", "≤"))
_BEFORE = re.compile(r"(?P<value>.*?)(?P<end>底|末)?(?:之前|以前|前)", re.S)


def _refuse(zh: str, en: str) -> NoReturn:
    raise QuantityError(problem(zh, en))


@frozen(order=False, repr=False)
class Quantity:
    """An exact number with its unit; equal and ordered by value within a kind.

    Attributes:
        value: in base units (元 for money, 1 for a ratio; a date is its day number).
        kind: quantities of different kinds do not compare, add or subtract.
        unit: as written.
        decimals: how many decimals were written.
    """

    value: Fraction
    kind: Kind
    unit: Unit = field(eq=False)
    decimals: int = field(default=0, eq=False)

    def __attrs_post_init__(self) -> None:
        if isinstance(self.value, float):
            quantity(self.value)  # refuses it, and says what to pass

    def __str__(self) -> str:
        if self.kind == "date":
            return date.fromordinal(int(self.value)).isoformat()
        return decimal_text(self.value / self.unit.factor, self.decimals) + self.unit.name

    def __repr__(self) -> str:
        return f"quantity({str(self)!r})"

    def _like(self, other: Quantity) -> None:
        if self.kind != other.kind:
            _refuse(
                f"“{self}”与“{other}”的单位种类不同，不能比较或相加 — 请改为同一种单位",
                f'"{self}" and "{other}" are different kinds of unit and do not compare or add'
                " — write both in the same kind of unit",
            )

    def __lt__(self, other: Quantity) -> bool:
        self._like(other)
        return self.value < other.value

    def __le__(self, other: Quantity) -> bool:
        self._like(other)
        return self.value <= other.value

    def __gt__(self, other: Quantity) -> bool:
        return other < self

    def __ge__(self, other: Quantity) -> bool:
        return other <= self

    def __add__(self, other: Quantity) -> Quantity:
        return self._combined(other, self.value + other.value)

    def __sub__(self, other: Quantity) -> Quantity:
        return self._combined(other, self.value - other.value)

    def _combined(self, other: Quantity, value: Fraction) -> Quantity:
        self._like(other)
        if self.kind in ("date", "month"):
            _refuse("日期不能相加减 — 请改为比较", "dates do not add or subtract — compare them instead")
        needed = exact_places(value / self.unit.factor) or 0
        return Quantity(value, self.kind, self.unit, max(self.decimals, needed))


@frozen(repr=False)
class Target:
    """What counts as done: a sign and a quantity (指标值, with its 指标性质).

    `signed` says whether the sign was written, or is the one that stands where none is.
    """

    sign: Sign
    quantity: Quantity
    signed: bool = field(default=True, eq=False)

    def __str__(self) -> str:
        return f"{self.sign}{self.quantity}"

    def __repr__(self) -> str:
        return f"target({str(self)!r})"


def quantity(value: object) -> Quantity:
    """Read a quantity from text, an integer, a `Decimal`, a `Fraction` or a date.

    Raises:
        QuantityError: not a quantity, too large, or a binary float.
    """
    match value:
        case Quantity():
            return value
        case bool():
            return _refuse(f"“{value}”是“是/否”，不是数量", f"{value} is a yes/no, not a quantity — write a number")
        case float():
            return _refuse(
                f"浮点数 {value!r} 不精确 — 请写成文本 quantity({str(value)!r}) 或 Decimal({str(value)!r})",
                f"the float {value!r} is not exact — pass the text {str(value)!r}, a Decimal or a Fraction instead",
            )
        case int() | Fraction():
            exact = Fraction(value)
            if abs(exact.numerator) >= _LARGEST or exact.denominator >= _LARGEST:
                _too_large()
            return Quantity(exact, "number", NUMBER, exact_places(exact) or 0)
        case Decimal():
            return _from_decimal(value, NUMBER)
        case datetime():
            return _refuse(
                f"“{value}”带有时刻，此处只需要日期 — 请写 {value.date().isoformat()}",
                f"{value} has a time of day — write the date, {value.date().isoformat()}",
            )
        case date():
            return Quantity(Fraction(value.toordinal()), "date", DATE)
        case str():
            return _from_text(value)
        case list() | dict():
            found_zh, found_en = ("数组", "an array") if isinstance(value, list) else ("表", "a table")
            return _refuse(
                f'此处应为一个数，不是{found_zh} — 请写成如 "95%" 的文本',
                f'a figure is expected here, not {found_en} — write text such as "95%"',
            )
        case _:
            return _refuse(
                f'{type(value).__name__} 不是数量 — 请写成如 "95%" 的文本',
                f'a {type(value).__name__} is not a quantity — write text such as "95%"',
            )


def target(value: object, default: Sign = "≥") -> Target:
    """Read a target such as ``≥95%``, ``=71人``, ``≤210.71万元``, ``9月前``, ``90%以上``; no sign means `default`.

    Raises:
        QuantityError: as `quantity`.
    """
    if isinstance(value, Target):
        return value
    if not isinstance(value, str):
        return Target(default, quantity(value), signed=False)
    text = _normal(value)
    for written, sign in _SIGNS:
        if text.startswith(written):
            return Target(sign, _read(text[len(written) :].strip(), value))
    for written, sign in _TAILS:
        if text.endswith(written):
            return Target(sign, _read(text[: -len(written)].strip(), value))
    if (before := _BEFORE.fullmatch(text)) is not None:
        deadline = _read(before["value"].strip(), value)
        # 9月前 ends before September begins; 9月底前 and 2023年9月30日前 include what they name.
        return Target("<" if deadline.kind == "month" and not before["end"] else "≤", deadline)
    return Target(default, _read(text, value), signed=False)


def unit_named(name: str) -> Unit:
    """The unit written `name`; an unknown word counts things of its own kind.

    Raises:
        QuantityError: not a unit.
    """
    text = _normal(name)
    if text in _UNITS:
        return _UNITS[text]
    if not text:
        return NUMBER
    if len(text) > _LONGEST_UNIT:
        _not_a_unit(name)
    if "/" in text:
        return _quotient(text)
    # 万元元 and 万圆 are slips of the pen, and no things that are counted.
    if _VAGUE.search(text) or not _UNIT_NAME.fullmatch(text) or text.startswith(("元", "圆")):
        _not_a_unit(name)
    if _MULTIPLE.match(text):
        rest = unit_named(text[1:])
        return Unit(text, rest.kind, rest.factor * _MULTIPLES[text[0]])
    return Unit(text, f"count:{text}")


def base_unit(kind: Kind) -> str | None:
    """The name of the unit in which values of `kind` are held; None where there is none, as for a ratio."""
    return kind.removeprefix("count:") if kind.startswith("count:") else BASE_UNITS.get(kind)


def _quotient(text: str) -> Unit:
    """``万元/亩``, held in 元/平方米."""
    above, _, below = text.rpartition("/")
    divided, by = unit_named(above), unit_named(below)
    bases = base_unit(divided.kind), base_unit(by.kind)
    if None in bases:
        _not_a_unit(text)
    return Unit(text, f"count:{bases[0]}/{bases[1]}", divided.factor / by.factor)


def _not_a_unit(name: str) -> NoReturn:
    _refuse(
        f"“{name}”不是单位 — 请写一个单位，如 “%”“人”“万元”",
        f'"{name}" is not a unit — write one unit, such as "%", "人" or "万元"',
    )


def _normal(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        _refuse(
            f"文本过长（{len(text)} 个字符）— 数量最多 {_LONGEST_TEXT} 个字符",
            f"the text is too long ({len(text)} characters) — a quantity has at most {_LONGEST_TEXT}",
        )
    folded = unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-")
    return folded.strip()


def _from_text(text: str) -> Quantity:
    normal = _normal(text)
    if normal[:1] in "≥≤=><≧≦" and normal:
        _refuse(
            f"“{text}”带有比较符号，此处应为实际数值 — 请只写数值，如 “{normal.lstrip('≥≤=><≧≦ ')}”",
            f'"{text}" has a comparison sign where a value is meant — write the value alone, '
            f'such as "{normal.lstrip("≥≤=><≧≦ ")}"',
        )
    return _read(normal, text)


def _read(text: str, written: str) -> Quantity:
    """`text` is normalised; `written` is what the message quotes."""
    if (when := _DATE.fullmatch(text)) is not None:
        return _day(*(int(part) for part in when.groups() if part is not None), written=written)
    month = _MONTH.fullmatch(text)
    found = _NUMBER.fullmatch(month[1] if month else text)
    if found is None:
        _not_a_quantity(text, written)
    number = found["number"]
    if "," in number:
        if not _GROUPED.fullmatch(number):
            _refuse(
                f"“{written}”的千分位逗号位置不对 — 请写如 “12,000”，小数点用 “.”",
                f'"{written}" has a comma that groups no thousands — write "12,000", and "." for decimals',
            )
        number = number.replace(",", "")
    read = _from_decimal(_decimal(number), _unit_of(found["unit"].strip(), text, written))
    if read.kind == "month" and read.value not in _MONTHS:
        _refuse(f"“{written}”不是月份 — 请写 1月 至 12月", f'"{written}" is not a month — write 1月 to 12月')
    return read


def _unit_of(name: str, text: str, written: str) -> Unit:
    try:
        return unit_named(name)
    except QuantityError:
        _not_a_quantity(text, written, name)


def _not_a_quantity(text: str, written: str, unit: str = "") -> NoReturn:
    """Says what to write; `unit` is what stands in the place of a unit."""
    if (meant := instead(text)) is not None:
        _refuse(f"“{written}”不是数量 — {meant.zh}", f'"{written}" is not a quantity — {meant.en}')
    zh, en = (f"（“{unit}”不是单位）", f' ("{unit}" is not a unit)') if unit else (" ", "")
    _refuse(
        f"“{written}”不是数量{zh}— 请写一个数和至多一个单位，如 “95%”",
        f'"{written}" is not a quantity{en} — write a number with at most one unit, such as "95%"',
    )


def _day(year: int, month: int, day: int, *, written: str) -> Quantity:
    try:
        return Quantity(Fraction(date(year, month, day).toordinal()), "date", DATE)
    except ValueError:
        _refuse(
            f"“{written}”不是存在的日期 — 请写如 2023-12-31",
            f'"{written}" is not a day that exists — write one such as 2023-12-31',
        )


def _decimal(number: str) -> Decimal:
    if len(number.lower().partition("e")[2]) > _MOST_EXPONENT_DIGITS:
        _too_large()
    return Decimal(number)


def _from_decimal(value: Decimal, unit: Unit) -> Quantity:
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        _refuse("这不是数 — 请写一个有限的数", "this is not a number (NaN or infinite) — write a finite number")
    if abs(exponent) > _LARGEST_EXPONENT or len(digits) + max(0, exponent) > _MOST_DIGITS:
        _too_large()
    return Quantity(Fraction(value) * unit.factor, unit.kind, unit, max(0, -exponent))


def _too_large() -> NoReturn:
    _refuse(
        f"数值过大或位数过多 — 至多 {_MOST_DIGITS} 位数字、指数至多 {_LARGEST_EXPONENT}",
        f"the number is too large or too long — at most {_MOST_DIGITS} digits and an exponent of {_LARGEST_EXPONENT}",
    )


def number_in_cell(value: float, number_format: str, *, percent: bool = True) -> str:
    """A number in a spreadsheet's cell as text: the shortest decimal that prints it, with the decimals that the cell shows.

    Args:
        percent: whether a cell that shows a percentage is one (0.95 is then ``95%``).
    """
    exact = Decimal(repr(value))
    shown = _FORMAT_DECIMALS.search(number_format)
    places = len(shown[1]) if shown else 0
    if percent := percent and "%" in number_format:
        exact *= 100
    exponent = exact.normalize().as_tuple().exponent
    own = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return f"{exact:.{max(own, places)}f}{'%' if percent else ''}"


# Rounding: on numerator and denominator, so that the hot path needs no Fraction.


def _half_up(numerator: int, denominator: int) -> int:
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def _half_even(numerator: int, denominator: int) -> int:
    quotient, remainder = divmod(numerator, denominator)
    twice = 2 * remainder
    return quotient + (twice > denominator or (twice == denominator and quotient % 2 == 1))


def _down(numerator: int, denominator: int) -> int:
    return numerator // denominator if numerator >= 0 else -(-numerator // denominator)


def _up(numerator: int, denominator: int) -> int:
    return -(-numerator // denominator) if numerator >= 0 else numerator // denominator


ROUNDINGS: Final[dict[Mode, Callable[[int, int], int]]] = {
    "half-up": _half_up,
    "half-even": _half_even,
    "down": _down,
    "up": _up,
    "floor": lambda numerator, denominator: numerator // denominator,
    "ceil": lambda numerator, denominator: -(-numerator // denominator),
}


def round_ratio(numerator: int, denominator: int, places: int, mode: Mode) -> tuple[int, int]:
    """`numerator`/`denominator` (> 0) to `places` decimals, as a ratio over 10**`places`."""
    scale: int = 10**places
    return ROUNDINGS[mode](numerator * scale, denominator), scale


def rounded(value: Fraction, places: int, mode: Mode = "half-up") -> Fraction:
    """`value` to `places` decimals; the default rounds ties away from zero (四舍五入)."""
    return Fraction(*round_ratio(value.numerator, value.denominator, places, mode))


def exact_places(value: Fraction) -> int | None:
    """How many decimals write `value` exactly; None when no number of them does."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def unit_factors() -> dict[str, Fraction]:
    """How many base units each unit in the table is; any other unit counts things of its own kind."""
    return {name: unit.factor for name, unit in _UNITS.items()}


def decimal_text(value: Fraction, places: int | None = None) -> str:
    """`value` as a decimal with at least `places` decimals, exact where a decimal can be, else to six places."""
    needed = exact_places(value)
    digits = max(places or 0, 6 if needed is None else needed)
    scaled, _ = round_ratio(value.numerator, value.denominator, digits, "half-up")
    # Through Decimal, for an int refuses to print more than 4300 digits.
    sign, text = ("-" if scaled < 0 else ""), str(Decimal(abs(scaled))).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"
