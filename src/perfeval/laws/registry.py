"""Every law, in the order of docs/testing.md. A new one is added here and in `perfeval.codes`."""

from __future__ import annotations

from typing import Final

from perfeval.errors import Message
from perfeval.laws.found import Law

__all__ = ["LAWS", "law_of_code"]

LAWS: Final[tuple[Law, ...]] = (
    Law(
        "bounded",
        Message("不越界", "bounded"),
        Message("得分不低于 0，不高于分值（及加分）", "no award is below 0 or above the points (and the bonus)"),
    ),
    Law(
        "monotone",
        Message("单调", "monotone"),
        Message("完成得更好，得分不会更低", "nothing is lost by doing better"),
    ),
    Law(
        "full",
        Message("可得满分", "full"),
        Message(
            "达到指标值得满分；每项指标都能得满分", "the target earns all the points, and every indicator can earn them"
        ),
    ),
    Law(
        "zero",
        Message("零分有据", "zero"),
        Message("得零分之处规则都已写明", "nothing is earned only where the rule says so"),
    ),
    Law(
        "continuous",
        Message("无突变", "continuous"),
        Message("规则未写明分档之处，得分不跳变", "no award jumps where the rule declares no step"),
    ),
    Law(
        "bands",
        Message("分档衔接", "bands"),
        Message("各档之间没有空档，也不交叉", "bands leave no gap between them and do not cross"),
    ),
    Law(
        "reachable",
        Message("可达", "reachable"),
        Message(
            "每一档、每个要素、每个等级都能得到，没有必得的分",
            "every band, branch, item and grade can count; no award is certain",
        ),
    ),
    Law(
        "units",
        Message("单位无关", "units"),
        Message("换一种单位书写，得分不变", "the unit a figure is written in changes nothing"),
    ),
    Law(
        "order",
        Message("顺序无关", "order"),
        Message("事实、指标和要素的先后不影响得分", "the order of facts, indicators and items changes nothing"),
    ),
    Law(
        "sums",
        Message("合计相符", "sums"),
        Message("各级得分合计等于总分", "the scores add up, level by level, to the total"),
    ),
    Law(
        "interpreters",
        Message("解释一致", "interpreters"),
        Message(
            "精确、区间、分段、按列和表格公式各种计算一致，且能写成文字",
            "exact, interval, piecewise, column and spreadsheet readings agree; words can be written",
        ),
    ),
)


def law_of_code(code: str) -> Law:
    """The law called `code`.

    Raises:
        KeyError: there is none.
    """
    return {law.code: law for law in LAWS}[code]
