"""What the cells of a row say, in figures: the target, the actual value, the level. What is in doubt stays out, with the reason.

Nothing here knows of sheets: text goes in; what it says, and a `Message` about what is in doubt, come out.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from attrs import frozen

from perfeval.errors import DefinitionError, Message, QuantityError, problem
from perfeval.forms.placing import stem
from perfeval.forms.typed import label
from perfeval.quantity import Quantity, Target, decimal_text, quantity, target
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
    ("达成", "达成年度", "达成预期", "达成年度目标", "达成预期目标", "全部达成", "基本达成预期", "全部或基本达成预期"),
    ("部分达成", "部分达成年度", "部分达成预期", LEVELS[1].name, "部分达成预期指标并具有一定效果"),
    ("未达成", "未达成年度", "未达成预期", LEVELS[2].name, "未达成预期指标且效果较差"),
)
_LEVEL_OF: Final = {words: level for level, all_ in zip(LEVELS, _WORDS, strict=True) for words in all_}


def level_of(words: str) -> Level | None:
    """The level that is meant, such as by 达成预期指标; None where the words name none."""
    return _LEVEL_OF.get(stem(words))


def goal_of(text: str, sign_text: str, unit: str) -> tuple[Goal | None, Message | None]:
    """The target in a cell, with the sign and the unit that stand in columns of their own.

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
    except QuantityError:
        told = Message(f"指标值“{text}”不是数量，按得分录入", f'the target "{text}" is no quantity: points as awarded')
        return None, told if sign else None
    try:
        Completion(target=goal)
    except DefinitionError as error:
        why = error.problems[0].message
        return None, Message(f"{why.zh}；现按得分录入", f"{why.en}; points as awarded")
    return Goal(goal, written), None


def actual_of(text: str, unit: str, goal: Target) -> Said:
    """The actual value in a cell, beside its target; unknown where it cannot be told for certain."""
    if not text:
        return Said({"value": ""}, doubt=Message("没有完成值，不知道", "there is no actual value: it is unknown"))
    if text.startswith(_COMPARES):
        return _unknown(text, "带比较符号，不是实测值", "has a comparison sign: nothing was measured")
    try:
        read = quantity(text)
    except QuantityError:
        return _unknown(text, "不是数量", "is no quantity")
    wanted = goal.quantity
    if read.kind != "number":
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
