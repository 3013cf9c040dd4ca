"""The narrative report (绩效评价报告): a draft in the outline of the official annexes, filled in from the data.

What the data supports is said with its figures. What only people can write is a marked gap that says what belongs there.
Nothing else: no figure stands in the draft that is not one of the scorecard, its facts or its check.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Final

from attrs import frozen

from perfeval.assessment import Assessment
from perfeval.checking import Checked, check
from perfeval.documents.analysis import assumed_runs, department_analysis, first_level, project_analysis
from perfeval.documents.annexes import annexes, listed, reason_gap
from perfeval.documents.outline import (
    Block,
    Chart,
    Narrative,
    Paragraph,
    Run,
    gap,
    heading,
    left,
    numbered,
    run,
    say,
)
from perfeval.documents.sentences import (
    actual_text,
    basis_sentence,
    departure_sentence,
    figure,
    findings_sentence,
    goal_text,
    joined,
    lost_sentence,
    points_assumed_sentence,
    points_of,
    published_sentence,
    quoted,
    total_sentence,
    value,
)
from perfeval.errors import Language, Message
from perfeval.evaluate import evaluate
from perfeval.expr.parse import parse
from perfeval.scorecard import NodeScore, Scorecard

__all__ = ["narrative"]


def narrative(assessment: Assessment) -> Narrative:
    """A draft of the report on `assessment`: a department's outline or a project's, as its subject is."""
    data = _Data(assessment, evaluate(assessment), check(assessment))
    department = assessment.subject.kind == "department"
    body = _department(data) if department else _project(data)
    title = _department_title(data) if department else _project_title(data)
    money = (*_INCOME, *_SPENT, *_KINDS, *_BALANCES) if department else (*_INCOME, *_SPENT)
    named = [name for name, _ in money]
    return Narrative(assessment.subject.kind, tuple(title), numbered(body), annexes(data.card, data.checked, named))


@frozen
class _Data:
    """What a report is written from."""

    assessment: Assessment
    card: Scorecard
    checked: Checked


# Words that every report shares.

_DRAFT = run(
    "【草稿：数字由评分数据生成，逐项可查；黄底文字须由填写人补写，蓝底文字是评分所依据的假定，须核实。定稿前删去本段。】",
    "[draft: the figures come from the scored data; text on yellow is for people to write, text on blue is an "
    "assumption the score rests on and is to be verified. Remove this paragraph before the report is issued.]",
    "draft",
)

# A fact that frameworks read by this name, and what it is called where its file gives no title.
_INCOME: Final = (
    ("budget.initial", Message("年初预算", "initial budget")),
    ("budget.approved", Message("调整后预算", "adjusted budget")),
    ("budget.received", Message("实际到位资金", "funds received")),
)
_SPENT: Final = (("budget.executed", Message("预算执行数", "expenditure")),)
_KINDS: Final = (
    ("personnel.initial", Message("人员经费预算", "personnel budget")),
    ("personnel.spent", Message("人员经费支出", "personnel expenditure")),
    ("operating.initial", Message("公用经费预算", "operating budget")),
    ("operating.budget", Message("公用经费预算", "operating budget")),
    ("operating.spent", Message("公用经费支出", "operating expenditure")),
    ("targeted.initial", Message("特定目标类预算", "budget for targeted purposes")),
    ("targeted.spent", Message("特定目标类支出", "expenditure for targeted purposes")),
    ("projects.budget", Message("项目预算", "budget of projects")),
    ("projects.executed", Message("项目支出", "expenditure of projects")),
    ("three_public.budget", Message("“三公”经费预算", "budget for the three public expenses")),
    ("three_public.spent", Message("“三公”经费支出", "three public expenses")),
    ("procurement.budget", Message("政府采购预算", "procurement budget")),
    ("procurement.spent", Message("政府采购支出", "procurement")),
    ("procurement.executed", Message("政府采购支出", "procurement")),
)
_BALANCES: Final = (
    ("carryover.total", Message("年末结转和结余", "balances at the end of the year")),
    ("carryover.last_year", Message("上年结转和结余", "balances of the year before")),
)
_RATE: Final = parse("budget.executed / budget.approved")


# Titles.


def _department_title(data: _Data) -> Iterator[Paragraph]:
    subject = data.assessment.subject
    unit = run(subject.unit, subject.unit) if subject.unit else gap("部门名称", "name of the department")
    yield Paragraph((unit,), "title")
    if subject.year is None:
        report = run("部门预算绩效评价报告", "Report on the performance of its budget")
        yield Paragraph((gap("评价年度", "year"), report), "title")
    else:
        en = f"Report on the performance of its budget, {subject.year}"
        yield Paragraph((run(f"{subject.year}年度部门预算绩效评价报告", en),), "title")
    yield Paragraph((_DRAFT,), "draft")


def _project_title(data: _Data) -> Iterator[Paragraph]:
    subject = data.assessment.subject
    yield Paragraph((run("项目绩效评价报告", "Report on the performance of a project"),), "title")
    name = run(f"（{subject.name}）", subject.name) if subject.name else gap("项目名称", "name of the project")
    yield Paragraph((name,), "subtitle")
    unit = run(subject.unit, subject.unit) if subject.unit else gap("项目单位", "unit in charge")
    year = run(f"　{subject.year}年度", f"· {subject.year}") if subject.year else gap("评价年度", "year")
    yield Paragraph((unit, year), "subtitle")
    yield Paragraph((_DRAFT,), "draft")


# Outline 1: a department.


def _department(data: _Data) -> Iterator[Block]:
    yield heading(1, "部门基本情况", "The department")
    yield heading(2, "机构组成", "Organisation")
    yield left("内设机构和下属单位的设置，纳入评价范围的单位", "its offices and subordinate units, and those evaluated")
    yield heading(2, "机构职能", "Duties")
    yield left("部门的主要职责", "the department's main duties")
    yield heading(2, "人员概况", "Staff")
    yield left("年末编制、实有和离退休人员情况", "posts, staff and retired staff at the end of the year")
    yield heading(1, "部门资金收支情况", "Income and expenditure")
    yield heading(2, "收入情况", "Income")
    yield from _money(_INCOME, data)
    yield left(
        "决算收入总额及其构成，与年初预算差异的原因", "income and its sources, and why it differs from the budget"
    )
    yield heading(2, "支出情况", "Expenditure")
    yield from _money((*_SPENT, *_KINDS), data)
    yield from _execution_rate(data)
    yield left("决算支出按功能分类和经济分类的构成", "expenditure by function and by economic category")
    yield heading(2, "结余分配和结转结余情况", "Balances")
    yield from _money(_BALANCES, data)
    yield left("结余分配情况，形成结转结余的原因", "how balances were used, and why they arose")
    yield heading(1, "部门预算绩效分析", "Analysis of performance")
    yield from department_analysis(data.card)
    yield heading(1, "评价结论及建议", "Conclusion and suggestions")
    yield heading(2, "评价结论", "Conclusion")
    yield from _conclusion(data)
    yield heading(2, "存在问题", "Problems")
    yield from _problems(data)
    yield heading(2, "改进建议", "Suggestions")
    yield from _suggestions(data)
    yield from _signature(data)


# Outline 2: a project.


def _project(data: _Data) -> Iterator[Block]:
    yield heading(1, "项目概况", "The project")
    yield heading(2, "设立背景及基本情况", "Background")
    yield from _who(data)
    yield left(
        "立项依据的政策文件、设立背景、主管部门职责", "the policies it rests on, why it was set up, who is in charge"
    )
    yield heading(2, "实施目的及支持方向", "Purpose")
    yield left("项目要解决的问题，资金支持的对象和内容", "the problem it addresses; whom and what the money supports")
    yield heading(2, "预算安排及分配管理", "Budget and allocation")
    yield from _money((*_INCOME, *_SPENT), data)
    yield from _execution_rate(data)
    yield left("预算申报、批复和追加的过程，资金分配的办法和结果", "how it was applied for, approved and allocated")
    yield heading(2, "项目绩效目标设置", "Performance goals")
    yield from _goals(data.card)
    yield left("项目总体目标，自评的步骤和方法", "the overall goal, and how the self-evaluation was done")
    yield heading(1, "评价实施", "The evaluation")
    yield heading(2, "评价目的", "Purpose of the evaluation")
    yield left("本次评价要回答的问题和用途", "what this evaluation is to answer, and for whom")
    yield heading(2, "预设问题及评价重点", "Questions and focus")
    yield left("评价前预设的问题、评价重点", "the questions set beforehand, and the focus")
    yield heading(2, "评价选点", "Sites")
    yield left("抽样的点位及抽样办法", "the sites sampled, and how")
    yield heading(2, "评价方法", "Method")
    yield Paragraph(_basis(data))
    yield left(
        "采用的评价方法，如比较法、成本效益分析法、公众评判法",
        "the methods used, such as comparison, cost-benefit or survey",
    )
    yield heading(2, "评价组织", "Organisation of the evaluation")
    yield left("评价小组的组成、分工和工作过程", "the group that evaluated, who did what, and when")
    yield heading(1, "绩效分析", "Analysis of performance")
    yield from project_analysis(data.card)
    yield heading(1, "评价结论", "Conclusion")
    yield from _conclusion(data)
    yield heading(1, "存在主要问题", "Problems")
    yield from _problems(data)
    yield heading(1, "改进建议", "Suggestions")
    yield from _suggestions(data)
    yield from _signature(data)


def _who(data: _Data) -> Iterator[Paragraph]:
    subject = data.assessment.subject
    said = [
        (zh, en, text)
        for zh, en, text in (
            ("项目名称", "Project", subject.name),
            ("项目单位", "Unit", subject.unit),
            ("评价年度", "Year", str(subject.year or "")),
        )
        if text
    ]
    if said:
        zh = "，".join(f"{label}：{text}" for label, _, text in said)
        en = "; ".join(f"{label}: {text}" for _, label, text in said)
        yield Paragraph((run(f"{zh}。", f"{en}."),))


def _goals(card: Scorecard) -> Iterator[Paragraph]:
    goals = [node for node in card.indicators if goal_text(node, "zh")]
    if not goals:
        return

    def said(language: Language) -> str:
        if language == "zh":
            return (
                "设有指标值的绩效指标："
                + "；".join(f"{each.called('zh')}{goal_text(each, 'zh')}" for each in goals)
                + "。"
            )
        return (
            "Indicators with a target: "
            + "; ".join(f"{each.called('en')} {goal_text(each, 'en')}" for each in goals)
            + "."
        )

    yield Paragraph((say(said),))


# Prose about money.


def _money(listed: Iterable[tuple[str, Message]], data: _Data) -> Iterator[Paragraph]:
    """The facts of these names that are known, in one sentence; each assumption behind them is marked."""
    sheet = data.card.facts
    known = [(name, title) for name, title in listed if name in sheet and sheet.value(name) is not None]
    if not known:
        return

    def said(language: Language) -> str:
        zh = language == "zh"
        space = "" if zh else " "
        parts = (
            f"{_titled(name, title, data, language)}{space}{value(sheet.value(name), language)}"
            for name, title in known
        )
        listed = ("，" if zh else "; ").join(parts)
        return f"{listed}。" if zh else f"{listed[:1].upper()}{listed[1:]}."

    basis = dict.fromkeys(assumed for name, _ in known for assumed in sheet.basis(name))
    yield Paragraph((say(said), *assumed_runs(sheet[name] for name in basis)))


def _titled(name: str, title: Message, data: _Data, language: Language) -> str:
    """What a fact is called: by its file, or by convention where that gives no title in the language."""
    called = data.card.facts.called(name, language)
    return title.to(language) if called == name else called


def _execution_rate(data: _Data) -> Iterator[Paragraph]:
    for node in data.card.indicators:
        if node.placed.actual == _RATE and node.status == "scored":
            rate = partial(actual_text, node, data.card)
            yield Paragraph((run(f"预算执行率{rate('zh')}。", f"Execution of the budget: {rate('en')}."),))
            return


# The conclusion.


def _basis(data: _Data) -> tuple[Run, ...]:
    """What was scored by; that its points are assumed, where they are."""
    framework = data.assessment.framework
    runs = [say(partial(basis_sentence, framework))]
    if points_assumed_sentence(framework, "zh"):
        runs.append(say(partial(points_assumed_sentence, framework), "assumed"))
    return tuple(runs)


def _conclusion(data: _Data) -> Iterator[Paragraph | Chart]:
    card = data.card
    if data.assessment.subject.kind == "department":
        yield Paragraph(_basis(data))
    yield Paragraph((say(partial(total_sentence, card)),))
    yield from _shares(card)
    yield from _picture(card)
    if published := published_sentence(card, "zh"):
        departures = [say(partial(departure_sentence, node)) for node in card.departures]
        yield Paragraph((run(published, published_sentence(card, "en")), *departures))
    elif card.departures:
        yield Paragraph(tuple(say(partial(departure_sentence, node)) for node in card.departures))
    if card.assumed_points:
        resting = [node for node in card.indicators if node.assumed_points]
        yield Paragraph((say(partial(_resting_sentence, resting, card), "assumed"),))
    yield left("对预算执行、绩效目标完成和总体效果的综合评价", "an overall judgement of execution, goals and effect")


def _shares(card: Scorecard) -> Iterator[Paragraph]:
    """What each dimension of the first level contributes."""
    scored = [node for node in first_level(card) if node.status == "scored"]
    if len(scored) < 2 or card.score is None:
        return

    def said(language: Language) -> str:
        parts = []
        for node in scored:
            score = figure(node.score or node.points * 0, language)
            if language == "zh":
                parts.append(f"{node.called('zh')}（{_of_which(node, card, language)}）得{score}分")
            else:
                parts.append(f"{node.called('en')} {score} of {_of_which(node, card, language)}")
        return f"其中：{'；'.join(parts)}。" if language == "zh" else f"Of this: {'; '.join(parts)}."

    yield Paragraph((say(said),))


def _of_which(node: NodeScore, card: Scorecard, language: Language) -> str:
    """A dimension's points, and how many of them do not apply."""
    points, left_out = points_of(node.points, language), node.points - card.counted(node.path)
    if not left_out:
        return points
    apart = points_of(left_out, language)
    return f"{points}，其中{apart}不适用" if language == "zh" else f"{points} ({apart} not applicable)"


def _picture(card: Scorecard) -> Iterator[Chart]:
    """The same as a chart: what each dimension earned of its points."""
    bars = tuple(_bar(node, card) for node in first_level(card))
    if sum(share is not None for _, share in bars) > 1:
        yield Chart(Message("图　各维度得分率", "Figure: share of its points that each dimension earned"), bars)


def _bar(node: NodeScore, card: Scorecard) -> tuple[Message, Fraction | None]:
    share = card.attainment(node.path)
    if share is None:
        return Message(f"{node.called('zh')}（没有得分）", f"{node.called('en')} (no score)"), None
    return Message(node.called("zh"), node.called("en")), share


def _resting_sentence(nodes: Sequence[NodeScore], card: Scorecard, language: Language) -> str:
    points = points_of(card.assumed_points, language)
    listed = joined((node.called(language) for node in nodes), language)
    if language == "zh":
        return f"【假定：上述分值中有{points}依据假定的事实，见附表；涉及{listed}】"
    return f"[assumed: {points} of these rest on assumed facts, which an annex lists; they concern {listed}]"


def _problems(data: _Data) -> Iterator[Paragraph]:
    card = data.card
    if stated := data.assessment.published.problems.strip():
        ended = stated.rstrip("。.")
        yield Paragraph((run(f"公布的报告所列问题：{ended}。", f"Problems named in the published report: {ended}."),))
    for node in card.indicators:
        if node.lost:
            missing = () if node.remark.reason else (reason_gap(),)
            yield Paragraph((say(partial(lost_sentence, node)), *missing))
    unscored = [node for node in card.indicators if node.score is None and node.status != "not-applicable"]
    if unscored:
        names = listed(unscored).text
        yield Paragraph((run(f"尚未评分的指标：{names.zh}。", f"Indicators without a score: {names.en}."),))
    if data.checked.findings:
        runs = [say(partial(findings_sentence, data.checked.findings))]
        if data.checked.differing:
            runs.append(
                run(
                    "不一致的数字见附表，定稿前应核对更正或说明。",
                    "The annex lists the figures that differ; correct or explain them before the report is issued.",
                )
            )
        yield Paragraph(tuple(runs))
    yield left("以上情况反映的管理问题及其原因", "the problems of management behind this, and their causes")


def _suggestions(data: _Data) -> Iterator[Paragraph]:
    for node in data.card.indicators:
        if node.lost:
            yield left(
                f"针对{quoted(node.called('zh'), 'zh')}失{points_of(node.lost, 'zh')}的改进措施、责任人和时限",
                f"what will be done about {quoted(node.called('en'), 'en')} ({points_of(node.lost, 'en')} lost), "
                "by whom and when",
            )
    yield left("其他改进措施和对预算安排的建议", "other measures, and suggestions for the budget")


def _signature(data: _Data) -> Iterator[Paragraph]:
    subject = data.assessment.subject
    yield Paragraph(
        (run(subject.unit, subject.unit) if subject.unit else gap("单位名称", "name of the unit"),), "signature"
    )
    yield Paragraph((gap("日期", "date"),), "signature")
