"""The official tables, each one template: which fields, in which order, from which facts and indicators.

A framework names its table as `form`. Fields after 财预〔2020〕10号 (项目支出绩效自评表) and the Sichuan table 510000_0013zp of 2023
(部门预算项目支出绩效自评表); headings are the tables' own terms, notes are paraphrased. What perfeval does not know is left to be written.
"""

from __future__ import annotations

from typing import Final, Literal

from attrs import frozen

from perfeval.framework import Form

__all__ = ["OFFICIAL", "Official"]

Fund = Literal["initial", "approved", "executed", "rate", "points", "score", "reason"]
Field = Literal["level1", "level2", "level3", "sign", "target", "goal", "unit", "actual", "points", "score", "reason"]


@frozen
class Official:
    """One official table.

    Attributes:
        title: printed over it.
        head: rows of labels, each with the field it asks for: "name", "department", "unit"; "" is left to be written.
        funds_title: beside the block of the budget.
        funds: its columns; amounts in 万元.
        sources: its rows, each with the group its facts stand in (``budget`` has budget.approved and so on).
        goals: labels of what people write before the indicators.
        indicators_title: beside the block of indicators.
        indicators: its columns, with how many columns of the sheet each takes.
        closing: labels of what people write after the total.
        notes: printed below.
    """

    title: str
    head: tuple[tuple[tuple[str, str], ...], ...]
    funds_title: str
    funds: tuple[tuple[str, Fund], ...]
    sources: tuple[tuple[str, str], ...]
    goals: tuple[str, ...]
    indicators_title: str
    indicators: tuple[tuple[str, Field], ...]
    closing: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def columns(self) -> int:
        """How many columns the sheet has: one for the block's title, and those of its widest block."""
        return 1 + max(len(self.indicators), len(self.funds) + 1)


OFFICIAL: Final[dict[Form, Official]] = {
    "mof-2020-project-self": Official(
        title="项目支出绩效自评表",
        head=(
            (("项目名称", "name"),),
            (("主管部门", "department"), ("实施单位", "unit")),
        ),
        funds_title="项目资金（万元）",
        funds=(
            ("年初预算数", "initial"),
            ("全年预算数（A）", "approved"),
            ("全年执行数（B）", "executed"),
            ("分值", "points"),
            ("执行率（B/A）", "rate"),
            ("得分", "score"),
        ),
        sources=(
            ("年度资金总额", "budget"),
            ("其中：当年财政拨款", "budget_fiscal"),
            ("上年结转资金", "budget_carried_in"),
            ("其他资金", "budget_other"),
        ),
        goals=("年度总体目标：预期目标", "年度总体目标：实际完成情况"),
        indicators_title="绩效指标",
        indicators=(
            ("一级指标", "level1"),
            ("二级指标", "level2"),
            ("三级指标", "level3"),
            ("年度指标值", "target"),
            ("实际完成值", "actual"),
            ("分值", "points"),
            ("得分", "score"),
            ("偏差原因分析及改进措施", "reason"),
        ),
        closing=(),
        notes=("执行率为全年执行数与全年预算数之比，全年预算数是年中调整后的预算。",),
    ),
    "sichuan-2023-project-self": Official(
        title="部门预算项目支出绩效自评表",
        head=(
            (("项目名称", "name"),),
            (("主管部门", "department"), ("实施单位（盖章）", "unit")),
        ),
        funds_title="预算执行情况（10分，万元）",
        funds=(
            ("年初预算", "initial"),
            ("调整后预算数", "approved"),
            ("预算执行数", "executed"),
            ("预算执行率", "rate"),
            ("权重", "points"),
            ("得分", "score"),
            ("原因", "reason"),
        ),
        sources=(
            ("总额", "budget"),
            ("其中：财政资金", "budget_fiscal"),
            ("财政专户管理资金", "budget_special_account"),
            ("单位资金", "budget_own"),
            ("其他资金", "budget_other"),
        ),
        goals=("项目年度目标", "年度目标完成情况", "项目实施内容及过程概述"),
        indicators_title="绩效指标（90分）",
        indicators=(
            ("一级指标", "level1"),
            ("二级指标", "level2"),
            ("三级指标", "level3"),
            ("指标性质", "sign"),
            ("指标值", "goal"),
            ("度量单位", "unit"),
            ("完成值", "actual"),
            ("权重", "points"),
            ("得分", "score"),
            ("未完成原因分析", "reason"),
        ),
        closing=("评价结论", "存在问题", "改进措施", "项目负责人：                    财务负责人："),
        notes=(
            "预算执行率为预算执行数与调整后预算数之比，低于90%的说明原因。",
            "年中追加或调减预算的，单独说明理由。其他资金包括社会投入资金、银行贷款。",
        ),
    ),
}
