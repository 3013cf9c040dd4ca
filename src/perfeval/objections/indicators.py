"""Objections to the indicators themselves: where they stand, how they are worded, what they weigh."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from perfeval.errors import Message
from perfeval.objections.case import Case, Row, figure, listed, percent_text, says_something
from perfeval.objections.found import Found, at, overall
from perfeval.objections.wording import (
    COSTS,
    NATURE,
    NO_SHARES,
    PERSONNEL,
    RAISED,
    RATES,
    SATISFIED,
    ends_with,
    has_any,
    vague_words,
)
from perfeval.quantity import Quantity
from perfeval.rules import (
    Awarded,
    Bands,
    Completion,
    Deduct,
    Formula,
    Linear,
    Rating,
    RollUp,
    Schedule,
    ShareOfItems,
    YesNo,
)

__all__ = [
    "bare_rate",
    "cost_missing",
    "heavy_indicator",
    "mixed_money_units",
    "no_quantitative_output",
    "vague_indicator",
    "wrong_category",
    "year_mismatch",
]

_QUANTITATIVE: Final = (Completion, Bands, Linear, Deduct, ShareOfItems, Schedule, Formula, RollUp)
_JUDGED: Final = (Rating, YesNo, Awarded)
_COST_REQUIRED_SINCE: Final = 2022  # the first full year after 财预〔2021〕101号
_COST: Final = "output.cost"
_COSTS_OF_2021: Final = ("经济成本指标", "社会成本指标", "生态环境成本指标")
_TEN_THOUSAND: Final = 10**4
_YEAR: Final = re.compile(r"(?<![\d—\-~至、，,])(20\d{2})年(?:度)?(?![\d—\-~至])")


def wrong_category(case: Case) -> Iterator[Found]:
    """An indicator under a second level that is about something else."""
    for row in case.results:
        said = _misplaced(row)
        if said is not None:
            yield at(row, *said)
    for node in case.card:
        top = case.card[node.path.partition(".")[0]].called("zh")
        if node.called("zh") in _COSTS_OF_2021 and "产出" in top:
            named = node.called("zh")
            said = (
                f"“{named}”是财预〔2021〕101号一级指标“成本指标”的下级，不列在“{top}”下",
                f'"{named}" belongs to the first level of cost of 财预〔2021〕101号, not below "{top}"',
            )
            yield Found(node.path, Message(*said), node.facts)


def _misplaced(row: Row) -> tuple[str, str] | None:
    goal = None if row.goal is None else row.goal.quantity
    dated = goal is not None and goal.kind in ("date", "month")
    if row.category == "output.quantity" and goal is not None and goal.kind == "money" and not has_any(row, RAISED):
        return (
            f"数量指标以金额 {goal} 为指标值，金额属成本或预算执行",
            f"a quantity of money ({goal}) belongs to cost or to the budget's execution",
        )
    if row.category in ("output.quantity", "output.quality", "output.cost") and dated:
        return f"指标值 {goal} 是时间，应列入时效指标", f"the target {goal} is a time and belongs to timeliness"
    if row.category == "benefit.ecological" and has_any(row, COSTS) and not has_any(row, NATURE):
        return "生态效益指标写的是成本，应列入成本指标", "an ecological benefit that is about cost belongs to cost"
    if row.category is not None and row.category.startswith(("output", "benefit")) and ends_with(row, SATISFIED):
        return "写的是满意度，应列入满意度指标", "this is about satisfaction and belongs there"
    return None


def vague_indicator(case: Case) -> Iterator[Found]:
    """A judged indicator that does not say what counts as done."""
    for row in case.results:
        if not isinstance(row.rule, _JUDGED):
            continue
        said = [each for each in _said_of(row) if _is_vague(each[2])]
        if said:
            words = tuple(dict.fromkeys(word for _, _, text in said for word in vague_words(text)))
            zh = "、".join(f"{what}“{text}”" for what, _, text in said)
            en = " and ".join(f'the {what} "{text}"' for _, what, text in said)
            yield at(row, f"{zh}无法衡量（{'、'.join(words)}）", f"{en} cannot be measured ({', '.join(words)})")


def _said_of(row: Row) -> Iterator[tuple[str, str, str]]:
    """What a judged row says of itself: what stands for its target, and the word for its actual value."""
    if row.indicator.standard:
        yield ("指标值", "standard", row.indicator.standard)
    else:
        yield ("指标名称", "title", row.title.zh)
    if isinstance(row.actual, str):
        yield ("完成值", "actual value", row.actual)


def _is_vague(text: str) -> bool:
    """Whether it rests on a vague word, and has no figure."""
    return bool(vague_words(text)) and not any(each.isdigit() for each in text)


def bare_rate(case: Case) -> Iterator[Found]:
    """Rates whose targets have no percent sign."""
    bare = tuple(
        row for row in case.results if _is_bare_number(row) and ends_with(row, RATES) and not ends_with(row, NO_SHARES)
    )
    if bare:
        names = listed(bare)
        yield overall(
            f"{len(bare)} 项比率的指标值没有写“%”，如 {bare[0].goal}：{names.zh}",
            f"{len(bare)} rates have targets without a percent sign, such as {bare[0].goal}: {names.en}",
            *(fact for row in bare for fact in row.facts),
        )


def _is_bare_number(row: Row) -> bool:
    return row.goal is not None and row.goal.quantity.kind == "number"


def no_quantitative_output(case: Case) -> Iterator[Found]:
    """Outputs that are judged throughout, with not one figure among them; or so much as counts (数量指标)."""
    outputs = tuple(row for row in case.results if (row.category or "").startswith("output"))
    if outputs and not any(map(_is_quantitative, outputs)):
        yield overall(
            f"{len(outputs)} 项产出指标没有一项是定量的",
            f"none of the {len(outputs)} output indicators is measured",
            *(fact for row in outputs for fact in row.facts),
        )
        return
    for path, title, rows in _quantity_dimensions(case):
        if not any(map(_is_quantitative, rows)):
            said = (
                f"“{title.zh}”下 {len(rows)} 项没有一项是定量的",
                f'none of the {len(rows)} indicators under "{title.en}" is measured',
            )
            yield Found(path, Message(*said), tuple(fact for row in rows for fact in row.facts))


def _is_quantitative(row: Row) -> bool:
    return isinstance(row.rule, _QUANTITATIVE)


def _quantity_dimensions(case: Case) -> Iterator[tuple[str, Message, tuple[Row, ...]]]:
    """The dimensions that are 数量指标 by themselves, each with its rows; not rows that are filed so one by one."""
    for node in case.card:
        if node.is_indicator or node.placed.node.category != "output.quantity":
            continue
        rows = tuple(row for row in case.results if row.path.startswith(f"{node.path}."))
        if rows:
            yield node.path, Message(node.called("zh"), node.called("en")), rows


def cost_missing(case: Case) -> Iterator[Found]:
    """A project without an indicator of cost, and whether it says why there is none."""
    subject = case.assessment.subject
    if subject.kind != "project" or subject.year is None or subject.year < _COST_REQUIRED_SINCE:
        return
    categories = {row.category for row in case.results}
    if "output.quantity" not in categories or _COST in categories:
        return
    if not any(word in subject.name.lower() for word in PERSONNEL):
        yield next(_cost_not_used(case), overall("没有成本指标", "there is no indicator of cost"))


def _cost_not_used(case: Case) -> Iterator[Found]:
    """Indicators of cost that are there but not used: those with a reason first."""
    for each in case.assessment.left_out:
        if each.category == _COST and says_something(each.reason):
            said = Message(f"不设成本指标（{each.title}）", f'no indicator of cost is set ("{each.title}")')
            yield Found(None, said, answered=each.reason)
    aside = [row for row in case.left_aside if row.category == _COST]
    for row in sorted(aside, key=lambda row: not row.explained):
        reason = row.node.remark.reason if row.explained else ""
        why = Message("", "") if reason else Message("，没有说明理由", ", without a reason")
        said = Message(f"成本指标不适用{why.zh}", f"no indicator of cost applies{why.en}")
        yield Found(row.path, said, row.facts, reason)


def heavy_indicator(case: Case) -> Iterator[Found]:
    """One indicator with most of the points."""
    for row in case.results:
        if row.counts > case.thresholds.heaviest * case.full_points:
            share = percent_text(row.counts / case.full_points)
            yield at(
                row,
                f"一项指标占 {figure(row.counts)} 分，为总分值的 {share}",
                f"one indicator holds {figure(row.counts)} points, {share} of all",
            )


def mixed_money_units(case: Case) -> Iterator[Found]:
    """Amounts in 元 beside amounts in 万元 or 亿元; less than 10000元, such as a subsidy a head, is best said in 元."""
    units: dict[bool, Quantity] = {}
    for row in case.rows:
        for each in _amounts(case, row):
            in_yuan = each.unit.factor < _TEN_THOUSAND
            if not in_yuan or abs(each.value) >= _TEN_THOUSAND:
                units.setdefault(in_yuan, each)
    if len(units) > 1:
        small, large = units[True], units[False]
        yield overall(
            f"金额单位不统一：有的写 {small}，有的写 {large}",
            f"amounts are written in different units: {small} here, {large} there",
        )


def year_mismatch(case: Case) -> Iterator[Found]:
    """A title that names another year than the one assessed."""
    subject = case.assessment.subject
    named = set(_YEAR.findall(subject.name))
    if subject.year is not None and len(named) == 1 and named != {str(subject.year)}:
        (other,) = named
        yield overall(
            f"名称“{subject.name}”是 {other} 年，评价年度是 {subject.year} 年",
            f'the name "{subject.name}" says {other}, the year assessed is {subject.year}',
        )


def _amounts(case: Case, row: Row) -> Iterator[Quantity]:
    """The amounts of money that a row reads as they were written, and its target."""
    written = [fact.value for fact in row.facts]
    if row.goal is not None:
        written.append(row.goal.quantity)
    for each in written:
        if isinstance(each, Quantity) and each.kind == "money" and each.value:
            yield each
