"""What the cells of a row say, in figures: the target, the actual value, the level. What is in doubt stays out, with the reason.

Nothing here knows of sheets: text goes in; what it says, and a `Message` about what is in doubt, come out.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from attrs import evolve, frozen

from perfeval.errors import DefinitionError, Message, QuantityError, problem
from perfeval.forms.deadlines import deadline_of, stretch_of
from perfeval.forms.placing import stem
from perfeval.forms.typed import label
from perfeval.quantity import Quantity, Target, decimal_text, quantity, target, unit_named
from perfeval.rules import Completion

__all__ = [
    "LEVELS",
    "Goal",
    "Level",
    "Said",
    "actual_of",
    "amount_of",
    "figure",
    "goal_of",
    "level_of",
    "outside",
    "rate_of",
]

_SIGNS: Final = {
    **dict.fromkeys(("≥", ">=", "≧", "正向", "正向指标"), "≥"),
    **dict.fromkeys(("≤", "<=", "≦", "反向", "反向指标"), "≤"),
    **dict.fromkeys(("定性", "定性指标"), ""),
    "=": "=",
    ">": ">",
    "<": "<",
}
_COMPARES: Final = ("≥", "≤", "≧", "≦", ">", "<", "=", "＞", "＜", "＝")


@frozen
class Said:
    """An actual value as a fact's entry, and what is in doubt about it."""

    entry: Mapping[str, object]
    note: Message | None = None
    doubt: Message | None = None


@frozen
class Goal:
    """A target that a completion can be measured against, and how it is written."""

    target: Target
    written: str


@frozen
class Level:
    """A level of a judged indicator, with the range of its share: from included, to excluded but for the highest."""

    name: str
    from_: Fraction
    to: Fraction

    def share(self, score: Fraction | None, points: Fraction) -> Fraction | None:
        """The share that a score is of the points, where it lies in the range."""
        if score is None or not points:
            return None
        share = score / points
        return share if self.from_ <= share < self.to or share == self.to == 1 else None


# The Ministry's form of 2020 prints these three (财预〔2020〕10号).
LEVELS: Final = (
    Level("达成年度指标", Fraction(4, 5), Fraction(1)),
    Level("部分达成年度指标并具有一定效果", Fraction(3, 5), Fraction(4, 5)),
    Level("未达成年度指标且效果较差", Fraction(0), Fraction(3, 5)),
)
_WORDS: Final = (
    (
        "达成",
        "达成年度",
        "达成预期",
        "达成年度目标",
        "达成预期目标",
        "全部达成",
        "完全达成",
        "完全达成年度",
        "完全达成预期",
        "基本达成预期",
        "全部或基本达成预期",
    ),
    ("部分达成", "部分达成年度", "部分达成预期", LEVELS[1].name, "部分达成预期指标并具有一定效果"),
    ("未达成", "未达成年度", "未达成预期", LEVELS[2].name, "未达成预期指标且效果较差"),
)
_LEVEL_OF: Final = {words: level for level, all_ in zip(LEVELS, _WORDS, strict=True) for words in all_}


def level_of(words: str) -> Level | None:
    """The level that is meant, such as by 达成预期指标; None where the words name none."""
    return _LEVEL_OF.get(stem(words))


def goal_of(
    text: str, sign_text: str, unit: str, year: int | None = None, actual: str = ""
) -> tuple[Goal | None, Message | None]:
    """The target in a cell, with the sign and the unit that stand in columns of their own.

    Args:
        year: of the table, for a deadline without one.
        actual: what stands beside it: a month is compared as one only with a month.

    Returns:
        The target, None where it is in words; and why a target that should be a figure is none.

    Raises:
        DefinitionError: the sign is not known ("sign"), or contradicts the target ("target").
    """
    sign = _SIGNS.get(label(sign_text))
    if sign_text and sign is None:
        raise DefinitionError(
            problem(
                f"指标性质“{sign_text}”不认得 — 请填 ≥、≤、= 或 定性",
                f'the sign "{sign_text}" is not known — write ≥, ≤, = or 定性',
                "sign",
            )
        )
    if not text or (sign_text and not sign):
        return None, None
    try:
        goal = target(text)
        written = compact(text) + (unit if goal.quantity.kind == "number" else "")
        if sign and not goal.signed:
            written = f"{sign}{written}"
        elif sign and sign != goal.sign:
            raise DefinitionError(
                problem(
                    f"指标值“{text}”与指标性质“{sign}”不一致 — 请核对",
                    f'the target "{text}" contradicts the sign "{sign}" — check both',
                    "target",
                )
            )
        goal = target(written)
        if unit and goal.quantity.kind not in ("number", "date", "month") and _contradicts(goal.quantity, unit):
            raise DefinitionError(
                problem(
                    f"指标值“{text}”与度量单位“{unit}”不一致 — 请核对",
                    f'the target "{text}" contradicts the unit "{unit}" — check both',
                    "target",
                )
            )
    except QuantityError:
        if (due := deadline_of(text, sign or "", year)) is not None:
            return Goal(due, str(due)), None
        told = Message(
            f"没有读懂指标值“{text}”，按所填得分录入 — 可写如 ≥95%、11月底前",
            f'the target "{text}" is not understood: the points stand as awarded — write such as ≥95%, 11月底前',
        )
        return None, told if sign or any(each.isdigit() for each in text) else None
    a_month = goal.quantity.kind == "month" and not _is_of("month", actual) and stretch_of(actual, year) is not None
    if a_month or goal.quantity.unit.name == "年":  # 2023年底前 is no number of years
        due = deadline_of(text, sign or "", year)
        if due is not None:
            return Goal(due, str(due)), None
    try:
        Completion(target=goal)
    except DefinitionError as error:
        why = error.problems[0].message
        return None, Message(f"{why.zh}；现按所填得分录入", f"{why.en}; the points stand as awarded")
    return Goal(goal, written), None


def actual_of(text: str, unit: str, goal: Target, year: int | None = None) -> Said:
    """The actual value in a cell, beside its target; unknown where it cannot be told for certain."""
    if not text:
        return Said({"value": ""}, doubt=Message("没有完成值，不知道", "there is no actual value: it is unknown"))
    if text.startswith(_COMPARES):
        return _unknown(text, "带比较符号，不是实测值", "has a comparison sign: nothing was measured")
    wanted = goal.quantity
    if wanted.kind == "date" and not _is_of("date", text):
        return _day_of(text, goal, year)
    try:
        read = quantity(text)
    except QuantityError:
        return _unknown(text, "不是数量", "is no quantity")
    if read.value < 0 and (wanted.kind == "money" or wanted.kind.startswith("count:")):
        return _unknown(text, "是负数", "is negative")
    if read.kind != "number":
        if unit and _contradicts(read, unit):
            return _unknown(
                text, f"与度量单位“{unit}”不同", f'is in another unit than "{unit}", which stands beside it'
            )
        if read.kind != wanted.kind and not (wanted.kind == "number" and read.kind.startswith("count:")):
            return _unknown(text, f"与指标值“{goal}”的单位不同", f'is in another unit than the target "{goal}"')
        return Said({"value": compact(text)})
    if wanted.kind == "ratio" and 0 < read.value <= 1 and wanted.value > Fraction(1, 100):
        return _unknown(text, "看不出是比例还是百分数", "may be a ratio or per cent")
    if unit:
        return Said({"value": compact(text), "unit": unit})
    if wanted.kind == "number" or wanted.kind.startswith("count:"):
        return Said({"value": compact(text)})
    return Said(
        {"value": compact(text), "unit": wanted.unit.name},
        Message(
            f"完成值“{text}”没有单位，取自指标值“{goal}”", f'"{text}" has no unit; it is that of the target "{goal}"'
        ),
    )


def _is_of(kind: str, text: str) -> bool:
    try:
        return quantity(text).kind == kind
    except QuantityError:
        return False


def _contradicts(read: Quantity, unit: str) -> bool:
    """Whether a figure with its own unit says another thing than the unit beside it: 18万元 beside 元."""
    try:
        beside = unit_named(unit)
    except QuantityError:
        return False
    if beside.kind == read.kind:
        return beside.factor != read.unit.factor
    return not (beside.kind.startswith("count:") or read.kind.startswith("count:") or beside.kind == "number")


def _day_of(text: str, due: Target, year: int | None) -> Said:
    """The day that a cell names; of a month its last one, where any other would be in time or late alike."""
    found = stretch_of(text, year)
    if found is None:
        return _unknown(text, "看不出是哪一天", "does not say which day")
    first, last = found.first.isoformat(), found.last.isoformat()
    if found.meets(due) is None:
        said = _unknown(text, f"看不出在“{due}”之前还是之后", f'does not say on which side of "{due}"')
        return evolve(said, entry={"value": "", "between": [first, last]})
    if found.dated and first == last:
        return Said({"value": last})
    return Said(
        {"value": last},
        Message(
            f"表中填“{text}”，记为 {last}，是否按期与此相同", f'the table says "{text}", in time or late as {last} is'
        ),
    )


def _unknown(text: str, zh: str, en: str) -> Said:
    return Said(
        {"value": ""},
        Message(f"表中填“{text}”：{zh}", f'the table says "{text}": it {en}'),
        Message(f"完成值“{text}”{zh}，视为不知道", f'the actual value "{text}" {en}; it is unknown'),
    )


def amount_of(text: str, unit: str) -> Mapping[str, object]:
    """An amount of money, in the unit of the table where it has none of its own.

    Raises:
        DefinitionError: it is none.
    """
    try:
        read = quantity(text)
    except QuantityError:
        read = None
    if read is None or read.kind not in ("number", "money"):
        raise DefinitionError(
            problem(
                f"“{text}”不是金额 — 请只填数，如 210.71",
                f'"{text}" is no amount of money — write a number, such as 210.71',
            )
        )
    return {"value": compact(text)} | ({"unit": unit} if read.kind == "number" else {})


def rate_of(text: str) -> Said | Message:
    """A printed rate of execution; why it is none, where it cannot be told for certain."""
    try:
        read = quantity(text)
    except QuantityError:
        return Message(f"“{text}”不是执行率，未填", f'"{text}" is no rate: it is not written')
    if read.kind == "number" and 0 < read.value <= 2:
        return Message(
            f"执行率“{text}”看不出是比例还是百分数，未填",
            f'the rate "{text}" may be a ratio or per cent: it is not written',
        )
    return Said({"value": compact(text)} | ({"unit": "%"} if read.kind == "number" else {}))


def figure(text: str) -> Quantity | None:
    """A number of points as it is typed: ``10``, ``10分``, ``10.0``, ``10%``."""
    try:
        found = quantity(text.strip().removesuffix("分"))
    except QuantityError:
        return None
    return found if found.kind in ("number", "ratio") else None


def compact(text: str) -> str:
    """A figure as it is written into a file: as it was typed, without spaces."""
    return "".join(text.split())


def outside(level: Level, score: Fraction) -> Message:
    """That a score lies outside the range of its level."""
    low, high = decimal_text(level.from_ * 100), decimal_text(level.to * 100)
    said = decimal_text(score)
    return Message(
        f"得分 {said} 与“{level.name}”（{low}%—{high}%）不符，比例未填",
        f'the score {said} does not go with "{level.name}" ({low}%–{high}%): no share is written',
    )
