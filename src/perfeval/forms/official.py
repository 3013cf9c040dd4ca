"""The official tables, each one template: which fields, in which order, from which facts and indicators.

A framework names its table as `form`; `layout` makes pages of it, for a workbook and for Word alike. Headings are the tables' own terms, notes
are paraphrased. What perfeval does not know is left to be written. Fields after:

- 项目支出绩效自评表, annex of 财预〔2020〕10号;
- 部门预算项目支出绩效自评表, Sichuan 2023, 510000_0013zp, as published by 青神县发展和改革局 (scqs.gov.cn/info/13206/211004.htm) and 南充市林业局;
- 项目自评表 of Hubei, as published by 黄石市住房和城乡建设局 (zjj.huangshi.gov.cn, 2023-07-21) and 长江禁捕项目 (1wenmi.com/doc/330418.html);
- 部门整体支出绩效自评表: no document prescribes it. It has the fields of two published tables, 金寨县茶谷和美丽乡村建设服务中心 2023 and
  永州市零陵区林业局 2021 (both among the examples); the split into 基本支出 and 项目支出 is that of the second.
"""

from __future__ import annotations

from typing import Final, Literal

from attrs import frozen

from perfeval.errors import Message
from perfeval.framework import Form

__all__ = ["DEPARTMENT", "OFFICIAL", "Official"]

DEPARTMENT: Final = Message("主管部门：", "department: ")
"""What stands before its name in the note of a subject: an imported table keeps it there, and a printed one finds it there."""

Fund = Literal["initial", "approved", "executed", "rate", "points", "score", "reason"]
Field = Literal["level1", "level2", "level3", "sign", "target", "goal", "unit", "actual", "points", "score", "reason"]


@frozen
class Official:
    """One official table.

    Its columns are that of the blocks' titles, then those of the indicators; the other blocks merge them as they need.

    Attributes:
        title: printed over it.
        head: rows of labels, each with the field it asks for: "name", "department", "unit"; what is none of these is printed as it is, for
            people to tick or, where it is "", to write.
        funds_title: beside the block of the budget.
        funds: its columns; amounts in 万元.
        sources: its rows, each with the group its facts stand in (``budget`` has budget.approved and so on).
        goals: labels of what people write on the whole; the first two stand side by side, further ones below.
        indicators_title: beside the block of indicators.
        indicators: its columns.
        closing: labels of what people write after the total.
        notes: printed below.
        fund_spans: how many of the indicators' columns the budget's rows take for their name, then for each of `funds`.
        code: of the table, printed over its title.
        funds_label: over the names of the budget's rows.
        goals_title: beside the block of the goals.
        goals_label: beside the first two goals; "" where they stand right beside the title.
        goals_first: whether the goals stand before the budget.
        nothing: what is printed where a source of money has no points of its own.
        total: the name of the last row of the indicators.
        level1_points: whether the first level is printed with its points.
        signed: who signs below.
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
    fund_spans: tuple[int, ...]
    code: str = ""
    funds_label: str = ""
    goals_title: str = ""
    goals_label: str = ""
    goals_first: bool = False
    nothing: str = "—"
    total: str = "总分"
    level1_points: bool = False
    signed: tuple[str, ...] = ()

    @property
    def columns(self) -> int:
        """How many columns it has: one for the blocks' titles, and those of the indicators."""
        return 1 + len(self.indicators)


_NATIONAL_COLUMNS: Final[tuple[tuple[str, Field], ...]] = (
    ("一级指标", "level1"),
    ("二级指标", "level2"),
    ("三级指标", "level3"),
    ("年度指标值", "target"),
    ("实际完成值", "actual"),
    ("分值", "points"),
    ("得分", "score"),
    ("偏差原因分析及改进措施", "reason"),
)

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
        goals=("预期目标", "实际完成情况"),
        indicators_title="绩效指标",
        indicators=_NATIONAL_COLUMNS,
        closing=(),
        notes=("执行率为全年执行数与全年预算数之比，全年预算数是年中调整后的预算。",),
        fund_spans=(2, 1, 1, 1, 1, 1, 1),
        goals_title="年度总体目标",
        level1_points=True,
    ),
    "sichuan-2023-project-self": Official(
        title="部门预算项目支出绩效自评表",
        head=(
            (("项目名称", "name"),),
            (("主管部门", "department"), ("实施单位（盖章）", "unit")),
        ),
        funds_title="预算执行情况（10分）",
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
        goals=("项目年度目标", "年度目标完成情况", "2.项目实施内容及过程概述"),
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
        closing=("评价结论", "存在问题", "改进措施"),
        notes=(
            "预算执行率为预算执行数与调整后预算数之比，低于90%的说明原因。",
            "年中追加或调减预算的，单独说明理由。其他资金包括社会投入资金、银行贷款。",
        ),
        fund_spans=(1, 1, 1, 3, 1, 1, 1, 1),
        code="报表编号：510000_0013zp",
        funds_label="年度预算数（万元）",
        goals_title="项目基本情况",
        goals_label="1.项目年度目标完成情况",
        goals_first=True,
        nothing="/",
        total="合计",
        signed=("项目负责人：", "财务负责人："),
    ),
    "hubei-project-self": Official(
        title="项目自评表",
        head=(
            (("项目名称", "name"),),
            (("主管部门", "department"), ("项目实施单位", "unit")),
            (("项目类别", "1.部门预算项目 □　2.专项 □　3.对下转移支付项目 □"),),
            (("项目属性", "1.持续性项目 □　2.新增性项目 □"),),
            (("项目类型", "1.常年性项目 □　2.延续性项目 □　3.一次性项目 □"),),
        ),
        funds_title="预算执行情况（万元）（20分）",
        funds=(
            ("预算数（A）", "approved"),
            ("执行数（B）", "executed"),
            ("执行率（B/A）", "rate"),
            ("得分（20分×执行率）", "score"),
        ),
        sources=(("年度财政资金总额", "budget"),),
        goals=(),
        indicators_title="年度绩效目标（80分）",
        indicators=(
            ("一级指标", "level1"),
            ("二级指标", "level2"),
            ("三级指标", "level3"),
            ("年初目标值（A）", "target"),
            ("实际完成值（B）", "actual"),
            ("得分", "score"),
        ),
        closing=("偏差大或目标未完成原因分析", "改进措施及结果应用方案"),
        notes=(
            "预算数为调整后的财政资金总额，含上年结余结转；执行数为资金使用单位的实际支出。",
            "定量指标的完成数先汇总再计分：绝对值相加，相对值按资金额加权平均。",
        ),
        fund_spans=(2, 1, 1, 1, 1),
    ),
    "department-self": Official(
        title="部门整体支出绩效自评表",
        head=((("单位名称", "unit"),),),
        funds_title="预算资金（万元）",
        funds=(
            ("年初预算数", "initial"),
            ("全年预算数", "approved"),
            ("全年执行数", "executed"),
            ("分值", "points"),
            ("执行率", "rate"),
            ("得分", "score"),
        ),
        sources=(
            ("年度资金总额", "budget"),
            ("其中：基本支出", "budget_basic"),
            ("项目支出", "budget_projects"),
        ),
        goals=("预期目标", "实际完成情况"),
        indicators_title="绩效指标",
        indicators=_NATIONAL_COLUMNS,
        closing=(),
        notes=(
            "部门整体支出没有统一的自评表，本表按各地公开的表常用的栏目编排。",
            "执行率为全年执行数与全年预算数之比，全年预算数是年中调整后的预算。",
        ),
        fund_spans=(2, 1, 1, 1, 1, 1, 1),
        goals_title="年度总体目标",
        level1_points=True,
    ),
}
