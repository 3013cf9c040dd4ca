"""The narrative report: its outline, where its figures come from, and what it leaves to people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_cases import EXAMPLES, LANGUAGES, label, small, texts

from every_rule import EVERYTHING, MODES, POLICIES, every_rule, framework, indicator
from perfeval import (
    Assessment,
    Dimension,
    FactSheet,
    Quantity,
    Remark,
    Rounding,
    Subject,
    check,
    evaluate,
    load,
    quantity,
)
from perfeval.documents.narrative import narrative
from perfeval.documents.outline import Heading, Narrative, Paragraph, chinese_number
from perfeval.errors import Language
from perfeval.framework import NotApplicable
from perfeval.quantity import decimal_text, rounded
from perfeval.report.checking import checked_data
from perfeval.report.data import scorecard_data

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def headings(report: Narrative, level: int) -> list[str]:
    return [each.title.zh for each in report.headings if each.level == level]


def below(report: Narrative, title: str, language: Language = "zh") -> str:
    """The text below the first heading of this title, up to the next heading."""
    found, inside = [], False
    for block in report.body:
        if isinstance(block, Heading):
            inside = block.title.zh == title
        elif inside:
            found.append(block.to(language))
    return "\n".join(found)


# Outlines.


def test_a_department_has_the_outline_of_annex_1() -> None:
    report = narrative(load(_example("department")))
    assert headings(report, 1) == ["部门基本情况", "部门资金收支情况", "部门预算绩效分析", "评价结论及建议"]
    assert headings(report, 2) == [
        *("机构组成", "机构职能", "人员概况"),
        *("收入情况", "支出情况", "结余分配和结转结余情况"),
        *("部门预算总体绩效分析", "部门预算项目绩效分析", "重点领域绩效分析", "绩效结果应用情况"),
        *("评价结论", "存在问题", "改进建议"),
    ]
    assert headings(report, 3) == [
        *("履职效能", "预算管理", "财务管理", "资产管理", "采购管理"),
        *("项目决策", "项目执行", "目标实现"),
    ]


def test_a_project_has_the_outline_of_annex_2() -> None:
    report = narrative(load(_example("land-requisition")))
    assert headings(report, 1) == ["项目概况", "评价实施", "绩效分析", "评价结论", "存在主要问题", "改进建议"]
    assert headings(report, 2) == [
        *("设立背景及基本情况", "实施目的及支持方向", "预算安排及分配管理", "项目绩效目标设置"),
        *("评价目的", "预设问题及评价重点", "评价选点", "评价方法", "评价组织"),
        *("通用指标绩效分析", "专用指标绩效分析", "个性指标绩效分析"),
    ]
    assert headings(report, 3)[:4] == ["项目决策", "项目管理", "项目实施", "项目结果"]
    assert "数量指标" in headings(report, 3)


def test_a_framework_with_its_own_general_indicators_keeps_them() -> None:
    tree = framework(
        Dimension("general", "通用指标", (Dimension("decision", "项目决策", (indicator("plan", 40),)),)),
        Dimension("specific", "专用指标", (indicator("special", 30),)),
        Dimension("own", "个性指标", (indicator("lamps", 30),)),
    )
    report = narrative(Assessment(tree, FactSheet()))
    analysis = headings(report, 2)[-3:]
    assert analysis == ["通用指标绩效分析", "专用指标绩效分析", "个性指标绩效分析"]
    assert "lamps" in below(report, "个性指标绩效分析")
    assert "plan" in below(report, "项目决策")


@pytest.mark.parametrize("path", EXAMPLES, ids=label)
def test_headings_are_numbered_in_order(path: Path) -> None:
    before: tuple[int, ...] = ()
    for each in narrative(load(path)).headings:
        here = each.number
        assert len(here) == each.level
        # The next of its level, or the first below the one before.
        assert here[:-1] == before[: len(here) - 1]
        assert here[-1] == (before[len(here) - 1] + 1 if len(before) >= len(here) else 1)
        before = here


def test_numbers_of_headings_are_printed_as_official_documents_have_them() -> None:
    report = narrative(small())
    labels = [(each.label("zh"), each.label("en")) for each in report.headings]
    assert labels[:3] == [("一、", "1 "), ("（一）", "1.1 "), ("（二）", "1.2 ")]
    assert ("1.", "3.1.1 ") in labels
    assert [chinese_number(each) for each in (1, 10, 11, 19, 20, 99, 100)] == [
        *("一", "十", "十一", "十九", "二十", "九十九", "100")
    ]


# Figures.


def test_the_figures_of_a_small_report_are_those_that_can_be_computed_by_hand() -> None:
    report = narrative(small("730元", "365元", reason="缺料"))
    for language in LANGUAGES:
        said = " ".join(_NUMBER.findall("\n".join(texts(report, language))))
        allowed = {
            *("2031", "730", "365", "50", "100"),  # the year, the budget and its execution
            *("20", "10", "50", "60", "80", "90", "100"),  # points and the lines between grades
            *("11", "64"),  # as published
            *("17", "13", "76.47", "38.24", "11.76"),  # lamps: 13/17, of 50 points
            *("48.24", "1", "2"),  # 38.24 + 10 for the outputs; one indicator without a score; the annexes
        }
        assert set(said.split()) <= allowed, set(said.split()) - allowed
    assert "预算执行率50%" in below(report, "预算安排及分配管理")
    assert "得38.24分，失11.76分" in "".join(texts(report, "zh"))


@given(st.integers(10**4, 10**6), st.integers(10**4, 10**6))
def test_a_figure_that_is_changed_changes_in_the_report(executed: int, other: int) -> None:
    said = ["\n".join(texts(narrative(small(executed=f"{each}元")), "zh")) for each in (executed, other)]
    assert f"{executed}元" in said[0]
    assert f"{other}元" in said[1]
    assert (said[0] == said[1]) is (executed == other)


@pytest.mark.parametrize("path", EXAMPLES, ids=label)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_of_an_example_is_one_of_its_data(path: Path, language: Language) -> None:
    assessment = load(path)
    known = set(_known(assessment, language))
    for text in texts(narrative(assessment), language):
        for number in _NUMBER.findall(text):
            assert number in known, f"{number} in {text}"


def _known(assessment: Assessment, language: Language) -> Iterator[str]:
    """Every number of the data: as JSON has it, as the files have it, and rounded to two places."""
    card, checked = evaluate(assessment), check(assessment)
    yield from (str(each + 1) for each in range(3))  # the annexes
    yield str(len(checked.findings))
    for text in _strings((scorecard_data(card, language), checked_data(assessment, checked, language), assessment)):
        for number in _NUMBER.findall(text):
            yield number
            yield decimal_text(rounded(Fraction(number), 2))
            yield decimal_text(Fraction(number))
    for value in (card.earned, card.applicable, card.points, *(grade.from_ for grade in assessment.framework.grades)):
        yield decimal_text(value)
    for node in card:
        for number in (node.points, node.score, node.lost):
            yield decimal_text(rounded(number or Fraction(0), 2))
        for step in node.steps:
            if isinstance(step.value, Quantity):
                yield decimal_text(rounded(step.value.value / step.value.unit.factor, 2))
    for found in checked.findings:
        for value_found in (found.found, found.expected, found.difference):
            if isinstance(value_found, Quantity):
                shown = abs(value_found.value / value_found.unit.factor)
                yield from (decimal_text(rounded(shown, places)) for places in (2, 4))


def _strings(data: object) -> Iterator[str]:
    if isinstance(data, str | int | Quantity):
        yield str(data)
    elif isinstance(data, Mapping):
        for key, value in data.items():
            yield from (str(key), *_strings(value))
    elif isinstance(data, tuple | list):
        for value in data:
            yield from _strings(value)
    else:
        for each in getattr(type(data), "__attrs_attrs__", ()):
            yield from _strings(getattr(data, each.name))


def test_what_is_lost_is_said_with_its_reason() -> None:
    report = narrative(small(reason="杆件到货迟"))
    assert "“路灯”失11.76分。原因：杆件到货迟。" in below(report, "存在主要问题")
    assert "（11.76" not in below(report, "改进建议")
    assert "针对“路灯”失11.76分的改进措施" in below(report, "改进建议")


def test_published_scores_are_compared() -> None:
    report = narrative(small())
    assert "“预算执行率”公布11分，按规则应为10分。" in below(report, "评价结论")
    assert "已公布得分64分（网页），尚无总分，无法比较。" in below(report, "评价结论")
    land = narrative(load(_example("land-requisition")))
    conclusion = below(land, "评价结论")
    assert "总分为90.00分，等级为“优”。" in conclusion
    assert "已公布得分90分、等级“优秀”" in conclusion
    assert "与按规则计算的结果一致" in conclusion


def test_a_published_score_that_differs_is_said_by_how_much() -> None:
    tree = framework(indicator("all", 100))
    for published, said in ((96, "公布的高4分"), (90, "公布的低2分")):
        assessment = attrs.evolve(
            Assessment(tree, FactSheet({"all": 92})), published=attrs.evolve(small().published, score=published)
        )
        assert said in below(narrative(assessment), "评价结论")


def test_assumptions_are_marked_where_they_are_used_and_explained_in_an_annex() -> None:
    report = narrative(small())
    marked = [each.text.zh for each in report.runs if each.mark == "assumed"]
    assert "【假定：建成路灯，依据见附表】" in marked
    assert any("50分依据假定的事实" in each for each in marked)
    table = report.annexes[-1]
    assert [[cell.to("zh") for cell in row.cells] for row in table.rows] == [["建成路灯", "13盏", "未见验收单", "路灯"]]


def test_each_half_of_an_answer_is_one_assumption() -> None:
    report = narrative(load(_example("land-requisition")))
    first = [cell.to("zh") for cell in report.annexes[-1].rows[0].cells]
    assert first[:2] == ["安置资金按时发放", "部分达成年度指标并具有一定效果、70%"]


def test_findings_of_the_check_are_counted_and_listed() -> None:
    path = _example("department")
    checked = check(load(path))
    report = narrative(load(path))
    said = below(report, "存在问题")
    assert f"{len(checked.findings)}项勾稽检查" in said
    assert f"相互矛盾{len(checked.errors)}项" in said
    listed = next(table for table in report.annexes if "勾稽" in table.title.zh)
    assert [row.cells[0].to("zh") for row in listed.rows] == [
        each.title.zh for each in (*checked.errors, *checked.warnings)
    ]


def test_the_annex_lists_each_indicator_with_its_levels() -> None:
    assessment = load(_example("land-requisition"))
    card, report = evaluate(assessment), narrative(assessment)
    rows = [[cell.to("zh") for cell in row.cells] for row in report.annexes[0].rows]
    assert [row[2] for row in rows[:-1]] == [node.called("zh") for node in card.indicators]
    assert rows[1][:5] == ["产出指标", "数量指标", "杰迪公司项目安置人数", "8*", "8"]
    assert rows[0][:3] == ["预算执行情况", "—", "预算执行情况"]
    assert rows[-1][0] == "合计"
    assert rows[-1][4] == "90.00"
    late = next(row for row in rows if row[2] == "安置资金按时发放")
    assert "资金缺口比较突出" in late[-1]


def test_an_indicator_that_does_not_apply_is_said_not_to() -> None:
    report = narrative(load(_example("department")))
    assert "“采购执行率”（3分）不适用" in below(report, "采购管理")
    assert "适用指标 95 分，得 85.5 分，折算为 100 分制：90 分。" in below(report, "评价结论")


def test_problems_that_were_published_are_quoted() -> None:
    published = attrs.evolve(small().published, problems="资金到位较晚。")
    said = below(narrative(attrs.evolve(small(), published=published)), "存在主要问题")
    assert said.startswith("公布的报告所列问题：资金到位较晚。")


def test_money_is_told_for_whom_it_is() -> None:
    facts = {"budget.executed": quantity("7万元"), "personnel.spent": quantity("3万元"), "carryover.total": None}
    tree = framework(indicator("all", 100))
    told = {}
    for kind in ("project", "department"):
        subject = Subject("department" if kind == "department" else "project")
        told[kind] = "".join(texts(narrative(Assessment(tree, FactSheet(facts), subject)), "zh"))
    assert "预算执行数7万元，人员经费支出3万元。" in told["department"]
    assert "预算执行数7万元。" in told["project"]
    assert not any("年末结转" in each for each in told.values())


# Gaps.


@pytest.mark.parametrize("path", EXAMPLES, ids=label)
def test_every_gap_is_marked_and_says_what_belongs_there(path: Path) -> None:
    report = narrative(load(path))
    assert report.gaps
    for run in report.runs:
        if run.mark == "gap":
            assert re.fullmatch(r"【请填写：.+】", run.text.zh)
            assert re.fullmatch(r"\[to write: .+\]", run.text.en)
        else:
            assert not run.text.zh.startswith("【请填写")


@pytest.mark.parametrize("path", EXAMPLES, ids=label)
def test_no_section_is_empty(path: Path) -> None:
    report = narrative(load(path))
    for here, following in zip(report.body, (*report.body[1:], None), strict=True):
        if isinstance(here, Heading):
            assert isinstance(following, Paragraph) or (
                isinstance(following, Heading) and following.level == here.level + 1
            ), here.title.zh


def test_what_only_people_know_is_a_gap() -> None:
    for title in ("实施目的及支持方向", "评价目的", "评价组织", "专用指标绩效分析"):
        assert below(narrative(small()), title).startswith("【请填写：")


def test_a_lost_point_without_a_reason_asks_for_one() -> None:
    without, having = narrative(small()), narrative(small(reason="缺料"))
    asked = "【请填写：失分原因】"
    assert "“路灯”失11.76分，" + asked in below(without, "存在主要问题")
    assert "“路灯”失11.76分，" + asked not in below(having, "存在主要问题")


def test_an_indicator_without_a_score_asks_for_what_was_reached() -> None:
    report = narrative(small())
    assert "尚未评分的指标：满意度。" in below(report, "存在主要问题")
    assert "【请填写：完成值】" in [cell.to("zh") for row in report.annexes[0].rows for cell in row.cells]


def test_a_report_on_nothing_known_is_all_gaps() -> None:
    report = narrative(Assessment(framework(indicator("all", 100)), FactSheet(), Subject("department")))
    assert "部门名称" in report.title[0].to("zh")
    assert not any(each.mark == "assumed" for each in report.runs)
    assert below(report, "收入情况").startswith("【请填写")


# Any framework.


@given(POLICIES, MODES, EVERYTHING, st.sampled_from(["project", "department"]))
def test_every_rule_can_be_told(
    policy: NotApplicable, rounding: tuple[Rounding, ...], facts: FactSheet, kind: str
) -> None:
    subject = Subject("department" if kind == "department" else "project")
    assessment = Assessment(every_rule(policy, rounding), facts, subject)
    report, card = narrative(assessment), evaluate(assessment)
    for language in LANGUAGES:
        said = "\n".join(texts(report, language))
        for node in card.indicators:
            assert node.called(language) in said
    assert len(report.annexes[0].rows) == len(card.indicators) + 1
    widths = {len(table.columns) for table in report.annexes}
    assert {len(row.cells) for table in report.annexes for row in table.rows} == widths


def test_a_reason_on_a_dimension_is_told() -> None:
    tree = framework(Dimension("own", "个性指标", (indicator("lamps", 60), indicator("roads", 40))))
    assessment = Assessment(
        tree, FactSheet({"own.lamps": 60, "own.roads": 40}), remarks={"own": Remark(reason="灯未全亮")}
    )
    assert "灯未全亮" in "".join(texts(narrative(assessment), "zh"))


def _example(name: str) -> Path:
    found: Path = next(path for path in EXAMPLES if path.stem == name)
    return found
