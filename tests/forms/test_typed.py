"""An official table that somebody typed: what people do to such files is read as it was meant, or answered with sheet and cell."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from printed_tables import Printed
from typing_tables import by_hand, csv_text, lines

from perfeval import Assessment, LoadError, audit, evaluate, load, quantity
from perfeval.cli import main
from perfeval.forms.drafting import assessment_of
from perfeval.forms.reading import read_workbook, typed_draft

SMALL = Printed(
    "",
    "村口植树",
    "某镇人民政府",
    2023,
    (
        ("年度资金总额", "20", "20", "18", "10", "90%", "9"),
        ("其中：当年财政拨款", "15", "15", "14", "", "", ""),
        ("其他资金", "5", "5", "4", "", "", ""),
    ),
    (
        ("产出指标", "数量指标", "植树棵数", "≥1000棵", "950棵", "20", "19", "苗木到货晚"),
        ("产出指标", "数量指标", "道路", "≥2.5公里", "2.5公里", "10", "10", ""),
        ("产出指标", "质量指标", "成活率", "≥95%", "96.5%", "10", "10", ""),
        ("产出指标", "成本指标", "总成本", "≤20万元", "18万元", "10", "10", ""),
        ("效益指标", "社会效益指标", "带动就业", "明显", "达成年度指标", "30", "27", "只有一季"),
        ("满意度指标", "服务对象满意度指标", "村民满意度", "≥90%", "90%", "10", "10", ""),
    ),
    ("100", "95"),
)
# Where its cells stand in the sheet that `by_hand` makes.
TREES, ROAD, SURVIVAL, COST, JOBS, PEOPLE, TOTAL = range(10, 17)
LEVEL1, LEVEL2, TITLE, TARGET, ACTUAL, POINTS, SCORE, REASON = range(2, 10)
NAMES = {
    TREES: "output.quantity.own_1",
    ROAD: "output.quantity.own_2",
    SURVIVAL: "output.quality.own_1",
    COST: "output.cost.own_1",
    JOBS: "benefit.social.own_1",
    PEOPLE: "satisfaction.own_1",
}


def written(folder: Path, change: Callable[[Worksheet], None] = lambda sheet: None, table: Printed = SMALL) -> str:
    book = by_hand(table)
    change(book.worksheets[0])
    path = folder / "typed.xlsx"
    book.save(path)
    return str(path)


def put(sheet: Worksheet, row: int, column: int, value: object, number_format: str = "General") -> None:
    sheet.cell(row, column).value = value  # type: ignore[assignment]
    if not isinstance(value, datetime.date):
        sheet.cell(row, column).number_format = number_format


def problems(path: str) -> list[str]:
    with pytest.raises(LoadError) as caught:
        read_workbook(path)
    return caught.value.to("en").splitlines()


def notes(path: str) -> list[str]:
    return [each.to("en") for each in typed_draft(path).notes]


def known(assessment: Assessment) -> dict[str, str]:
    return {name: str(assessment.facts.value(name)) for name in assessment.facts}


def test_a_typed_table_becomes_an_assessment_with_its_cells_as_sources(tmp_path: Path) -> None:
    found = read_workbook(written(tmp_path))
    assert found.framework.id == "cn/mof-2020/project-self"
    assert (found.subject.name, found.subject.unit, found.subject.year) == ("村口植树", "某镇人民政府", 2023)
    assert known(found) == {
        "budget.initial": "20万元",
        "budget.approved": "20万元",
        "budget.executed": "18万元",
        "budget.printed_rate": "90%",
        "budget_fiscal.initial": "15万元",
        "budget_fiscal.approved": "15万元",
        "budget_fiscal.executed": "14万元",
        "budget_other.initial": "5万元",
        "budget_other.approved": "5万元",
        "budget_other.executed": "4万元",
        NAMES[TREES]: "950棵",
        NAMES[ROAD]: "2.5公里",
        NAMES[SURVIVAL]: "96.5%",
        NAMES[COST]: "18万元",
        f"{NAMES[JOBS]}.level": "达成年度指标",
        f"{NAMES[JOBS]}.share": "90%",
        NAMES[PEOPLE]: "90%",
    }
    assert found.facts[NAMES[TREES]].source == "附件2!F10"
    assert found.facts["budget.executed"].source == "附件2!E6"
    assert found.remark(NAMES[TREES]).stated == 19
    assert found.remark(NAMES[TREES]).reason == "苗木到货晚"
    assert found.remark("execution").stated == 9
    assert found.published.score == quantity(95)
    card = evaluate(found)
    assert card.score == 95
    assert {path: node.score for path, node in card.nodes.items() if path in NAMES.values()} == {
        NAMES[row]: score for row, score in zip(NAMES, (19, 10, 10, 10, 27, 10), strict=True)
    }
    assert [check.that is not None for check in found.checks] == [True] * 3  # the parts of the funds


def test_the_file_written_reads_as_it_was_imported(tmp_path: Path) -> None:
    draft = typed_draft(written(tmp_path))
    (tmp_path / "again.toml").write_text(draft.text, "utf-8")
    before, after = assessment_of(draft), load(tmp_path / "again.toml")
    assert (before.facts, before.remarks, before.subject) == (after.facts, after.remarks, after.subject)
    assert notes(written(tmp_path)) == [
        "taken for cn/mof-2020/project-self by its columns — name another with --framework"
    ]


# How people write.


@pytest.mark.parametrize(
    ("row", "value", "number_format", "read"),
    [
        (TREES, "９５０棵", "@", "950棵"),
        (TREES, "\u00a0950 棵\u3000", "General", "950棵"),
        (TREES, "950\u200b棵", "General", "950棵"),
        (TREES, "950", "@", "950"),  # a number stored as text
        (TREES, 950, "General", "950"),
        (TREES, 950, '0"棵"', "950棵"),  # a unit that the cell only shows
        (TREES, "1,950棵", "General", "1950棵"),
        (ROAD, 2.5, "0.00", "2.50公里"),
        (ROAD, 0.1 + 0.2, "General", "0.3公里"),
        (SURVIVAL, 0.965, "0.0%", "96.5%"),
        (SURVIVAL, 0.07, "0%", "7%"),
        (SURVIVAL, "９６．５％", "@", "96.5%"),
        (SURVIVAL, 96.5, "General", "96.5%"),
        (SURVIVAL, 0, "General", "0%"),
        (COST, "180000元", "General", "180000元"),
        (COST, 18, "General", "18万元"),
    ],
)
def test_an_actual_value_is_read_as_it_was_meant(
    row: int, value: object, number_format: str, read: str, tmp_path: Path
) -> None:
    found = read_workbook(written(tmp_path, lambda sheet: put(sheet, row, ACTUAL, value, number_format)))
    assert known(found)[NAMES[row]] == read


@pytest.mark.parametrize(
    ("row", "value", "said"),
    [
        (TREES, "≥1000棵", "has a comparison sign"),
        (TREES, "完成", "is no quantity"),
        (TREES, "约950棵", "is no quantity"),
        (TREES, "950户", "is in another unit than the target"),
        (TREES, "95%", "is in another unit than the target"),
        (SURVIVAL, "0.965", "may be a ratio or per cent"),
        (SURVIVAL, 1, "may be a ratio or per cent"),
        (SURVIVAL, None, "there is no actual value"),
        (SURVIVAL, "/", "there is no actual value"),
        (SURVIVAL, datetime.date(2023, 9, 1), "is in another unit"),
    ],
)
def test_an_actual_value_in_doubt_is_unknown_and_told(row: int, value: object, said: str, tmp_path: Path) -> None:
    path = written(tmp_path, lambda sheet: put(sheet, row, ACTUAL, value))
    assert read_workbook(path).facts.value(NAMES[row]) is None
    (told,) = [each for each in notes(path) if each.startswith(f"附件2!F{row}: ")]
    assert said in told
    assert f"附件2!F{row}: " in Path(_imported(path, tmp_path)).read_text("utf-8")


def _imported(path: str, folder: Path) -> str:
    target = folder / "imported.toml"
    assert run("import", path, "-o", str(target), "--force").exit_code == 0
    return str(target)


@pytest.mark.parametrize(
    ("target", "rule"),
    [
        ("1000棵", "1000棵"),
        ("不低于1000棵", "不低于1000棵"),
        ("大于等于1000棵", "大于等于1000棵"),
        ("1000棵以上", "1000棵以上"),
        ("≧ 1000 棵", "≧1000棵"),
        ("=950", "=950"),  # a formula to Excel, a sign to who typed it
        ("=950棵", "=950棵"),
        ("＞1000棵", None),  # has no completion
        ("=0棵", None),
        ("多种树", None),
    ],
)
def test_a_target_is_kept_as_written_or_the_points_stand_as_awarded(
    target: str, rule: str | None, tmp_path: Path
) -> None:
    path = written(tmp_path, lambda sheet: put(sheet, TREES, TARGET, target))
    draft = typed_draft(path)
    said = "awarded" if rule is None else f'"completion", target = "{rule}"'
    assert said in draft.text
    card = evaluate(assessment_of(draft))
    assert card.score == (96 if target.startswith("=950") else 95)
    if rule is None:
        assert known(read_workbook(path))[NAMES[TREES]] == "19"
        assert any("the points stand as awarded" in each for each in notes(path))


def test_a_target_without_a_sign_is_told_once_for_all(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        put(sheet, TREES, TARGET, "1000棵")
        put(sheet, SURVIVAL, TARGET, 0.95, "0%")

    assert "附件2!E10: targets without a sign are read as at least: E10, E12" in notes(written(tmp_path, change))


def test_a_month_typed_alone_is_no_day(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        put(sheet, TREES, TARGET, "≤2023-09-15")
        put(sheet, TREES, ACTUAL, datetime.datetime(2023, 9, 1))
        sheet.cell(TREES, ACTUAL).number_format = 'yyyy"年"m"月"'

    path = written(tmp_path, change)
    assert any("2023年9月" in each and "does not say on which side" in each for each in notes(path))
    fact = read_workbook(path).facts[NAMES[TREES]]
    assert (fact.value, fact.between) == (None, (quantity("2023-09-01"), quantity("2023-09-30")))


@pytest.mark.parametrize(
    ("target", "actual", "in_time"),
    [
        ("2023年11月底前", "2023年12月20日", False),
        ("2023年11月底前", "2023年11月20日", True),
        ("2023年11月底前完成", "11月", True),
        ("≤2023年11月", "10月20日", True),
        ("≤2023年11月", "2023年12月", False),
        ("11月底前", "12月20日", False),
        ("11月底前", "2024年1月15日", False),
        ("11月底前", "10月", True),
        ("2023年11月前", "2023年11月1日", False),
        ("2023/11/30前", "2023-11-30", True),
        ("2023年底前", "2023年12月31日完成", True),
        ("不晚于2023年11月", datetime.datetime(2023, 12, 1), False),
        ("11月底前", datetime.datetime(2023, 11, 30), True),
    ],
)
def test_a_deadline_is_met_or_missed_by_the_day_that_is_typed(
    target: str, actual: object, in_time: bool, tmp_path: Path
) -> None:
    def change(sheet: Worksheet) -> None:
        put(sheet, TREES, TARGET, target)
        put(sheet, TREES, ACTUAL, actual)
        put(sheet, TREES, SCORE, 20)  # as a hopeful hand writes it

    path = written(tmp_path, change)
    assert evaluate(read_workbook(path)).nodes[NAMES[TREES]].score == (20 if in_time else 0)
    assert not any("E10" in each or "F10" in each for each in notes(path))


@pytest.mark.parametrize(
    ("target", "actual", "told"),
    [
        ("90%-95%", "93%", 'the target "90%-95%" is not understood'),
        ("10%左右", "10%", 'the target "10%左右" is not understood'),
        ("2023年11月中旬前", "2023年12月1日", "is not understood"),
        ("＞95%", "96%", 'write "≥95%"'),
        ("达标", "100%", 'the target "达标" is in words and does not compare with "100%"'),
    ],
)
def test_a_target_that_is_not_understood_is_told_as_the_one_at_fault(
    target: str, actual: str, told: str, tmp_path: Path
) -> None:
    def change(sheet: Worksheet) -> None:
        put(sheet, TREES, TARGET, target)
        put(sheet, TREES, ACTUAL, actual)

    (said,) = (each for each in notes(written(tmp_path, change)) if "E10" in each or "F10" in each)
    assert told in said
    assert "stand as awarded" in said
    assert "is no level" not in said


def test_a_target_is_a_yes_and_the_actual_value_says_so_or_not(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        put(sheet, TREES, TARGET, "是")
        put(sheet, TREES, ACTUAL, "否")

    assert evaluate(read_workbook(written(tmp_path, change))).nodes[NAMES[TREES]].score == 0


@pytest.mark.parametrize(
    ("words", "score", "level", "share"),
    [
        ("达成预期指标", 27, "达成年度指标", "90%"),
        (" 部分达成\n年度指标 ", 18, "部分达成年度指标并具有一定效果", "60%"),
        ("未达成年度指标且效果较差", 0, "未达成年度指标且效果较差", "0%"),
        ("完全达成年度指标", 30, "达成年度指标", "100%"),
        ("达成年度指标", 12, "达成年度指标", "None"),  # 40% is not in its range
        ("达成年度指标", None, "达成年度指标", "None"),
        ("达成年度指标", 29, "达成年度指标", "96.666667%"),  # exactly 29/30
    ],
)
def test_a_level_is_a_rating_whose_share_is_the_score(
    words: str, score: int | None, level: str, share: str, tmp_path: Path
) -> None:
    def change(sheet: Worksheet) -> None:
        put(sheet, JOBS, ACTUAL, words)
        put(sheet, JOBS, SCORE, score)

    found = known(read_workbook(written(tmp_path, change)))
    assert (found[f"{NAMES[JOBS]}.level"], found.get(f"{NAMES[JOBS]}.share", "None")) == (level, share)
    if score is not None and share != "None":
        assert evaluate(read_workbook(written(tmp_path, change))).nodes[NAMES[JOBS]].score == score


@pytest.mark.parametrize(("words", "score"), [("达成年度指标", 27), ("达成年度指标", 29), ("较好", 27)])
def test_a_printed_score_is_no_evidence_for_itself(words: str, score: int, tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        put(sheet, JOBS, ACTUAL, words)
        put(sheet, JOBS, SCORE, score)
        put(sheet, TOTAL, SCORE, 68 + score)

    assessment = read_workbook(written(tmp_path, change))
    assert evaluate(assessment).score == 68 + score
    found = audit(assessment)
    assert found.points.judged == 30
    least = 24 if words == "达成年度指标" else 0
    assert found.bounds.low == 68 + least
    assert found.bounds.high == 98
    assert found.verdict == "possible"


@pytest.mark.parametrize("words", ["基本达成年度指标", "优"])
def test_a_level_that_the_form_does_not_print_is_told(words: str, tmp_path: Path) -> None:
    path = written(tmp_path, lambda sheet: put(sheet, JOBS, ACTUAL, words))
    assert f'附件2!F14: "{words}" is no level: the points stand as awarded, 27' in notes(path)


def test_scores_that_cannot_be_are_told_at_import(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        put(sheet, TREES, SCORE, 22)

    told = notes(written(tmp_path, change))
    assert "附件2!H10: the score 22 is above the 20 points" in told
    assert "附件2!H16: the scores add up to 98, the total says 95" in told
    assert not any("add up" in each for each in notes(written(tmp_path)))


@pytest.mark.parametrize(
    ("target", "actual", "told"),
    [
        ("≤200000", "18万元", 'is in another unit than "元"'),
        ("≤20万元", "180000", 'contradicts the unit "元"'),
        ("≤200000元", "180000元", ""),
    ],
)
def test_a_unit_of_its_own_beside_the_column_of_units_is_no_secret(
    target: str, actual: str, told: str, tmp_path: Path
) -> None:
    def change(sheet: Worksheet) -> None:
        put(sheet, TREES - 1, 10, "度量单位")
        put(sheet, COST, 10, "元")
        put(sheet, COST, TARGET, target)
        put(sheet, COST, ACTUAL, actual)

    path = written(tmp_path, change)
    try:
        said = [each for each in notes(path) if "13" in each]
    except LoadError as error:
        said = error.to("en").splitlines()
    assert bool(said) == bool(told)
    assert all(told in each for each in said)


def test_a_negative_count_is_not_known(tmp_path: Path) -> None:
    path = written(tmp_path, lambda sheet: put(sheet, TREES, ACTUAL, "-950"))
    assert any("-950" in each and "is negative" in each for each in notes(path))
    assert known(read_workbook(path))[NAMES[TREES]] == "None"


def test_a_table_without_actual_values_names_the_column_that_is_missing(tmp_path: Path) -> None:
    path = written(tmp_path, lambda sheet: put(sheet, TREES - 1, ACTUAL, "完成情况说明"))
    (told,) = problems(path)
    assert 'no column of actual values — call it "实际完成值"' in told


def test_words_that_name_no_level_leave_the_points_as_they_were_awarded(tmp_path: Path) -> None:
    path = written(tmp_path, lambda sheet: put(sheet, JOBS, ACTUAL, "效果显著"))
    found = read_workbook(path)
    assert known(found)[NAMES[JOBS]] == "27"
    assert found.facts[NAMES[JOBS]].note == "完成值：效果显著"
    assert '附件2!F14: "效果显著" is no level: the points stand as awarded, 27' in notes(path)


def test_a_score_without_anything_it_rests_on_is_unknown(tmp_path: Path) -> None:
    path = written(tmp_path, lambda sheet: put(sheet, JOBS, ACTUAL, None))
    assert read_workbook(path).facts.value(NAMES[JOBS]) is None
    assert read_workbook(path).remark(NAMES[JOBS]).stated == 27


# What people do to tables.


def test_labels_are_known_however_they_are_set(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        for cell in sheet[9]:
            cell.value = {
                "一级指标": "一 级\n指标",
                "年度指标值": "指标值(A)",
                "实际完成值": "全年实际\n完成值（B）",
                "分值": "权　重",
                "得分": " 得分 ",
                "偏差原因分析及改进措施": "偏差原因分析",
            }.get(str(cell.value), cell.value)
        put(sheet, 5, 4, "全年预算数\n(A)")
        put(sheet, TREES, LEVEL1, "一、产出指标（50分）")

    assert evaluate(read_workbook(written(tmp_path, change))).score == 95


def test_the_columns_may_stand_in_any_order_with_a_sign_and_a_unit_of_their_own(tmp_path: Path) -> None:
    rows: list[list[str | int]] = [
        ["部门预算项目支出绩效自评表"],
        ["（2023年度）"],
        ["", "", "年初预算", "调整后预算数", "预算执行数", "预算执行率", "权重", "得分", "原因"],
        ["预算执行情况（万元）", "总额", 10, 20, 18, "", 10, 9, "结余"],
        [
            "一级指标",
            "二级指标",
            "三级指标",
            "权重",
            "指标性质",
            "指标值",
            "度量单位",
            "完成值",
            "得分",
            "未完成原因分析",
        ],
        ["产出指标", "数量指标", "植树棵数", 40, "≥", 1000, "棵", 950, 38, "迟"],
        ["", "质量指标", "成活率", 20, "=", 95, "%", "95", 20, ""],
        ["", "", "合格率", 10, "≥", "90%", "%", "92%", 10, ""],
        ["效益指标", "社会效益指标", "影响", 20, "定性", "明显", "", "达成年度指标", 18, ""],
        ["合计", "", "", 100, "", "", "", "", 95, ""],
        ["存在问题", "苗木到货晚"],
    ]
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "sichuan.xlsx")
    draft = typed_draft(str(tmp_path / "sichuan.xlsx"))
    found = assessment_of(draft)
    assert found.framework.id == "cn/sichuan-2023/project-self"
    assert '"completion", target = "≥1000棵"' in draft.text
    assert '"completion", target = "=95%"' in draft.text
    assert known(found)["output.quality.own_1"] == "95%"
    assert found.published.problems == "苗木到货晚"
    assert found.remark("execution").reason == "结余"
    assert evaluate(found).score == 95


def test_inserted_rows_and_left_over_rows_of_the_form_do_no_harm(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        sheet.insert_rows(ROAD, 3)
        put(sheet, ROAD, TITLE, "指标2：")
        put(sheet, ROAD + 1, TITLE, "……")
        put(sheet, JOBS + 3, LEVEL1, "效益指标")
        sheet.insert_rows(1, 2)

    found = read_workbook(written(tmp_path, change))
    assert evaluate(found).score == 95
    assert found.facts[NAMES[ROAD]].source == "附件2!F16"


def test_a_row_that_does_not_apply_is_left_out_and_told(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.insert_rows(PEOPLE)
        for column, text in ((LEVEL1, "效益指标"), (LEVEL2, "生态效益指标"), (TITLE, "/"), (TARGET, "/"), (SCORE, "/")):
            put(sheet, PEOPLE, column, text)

    path = written(tmp_path, change)
    assert evaluate(read_workbook(path)).score == 95
    assert '附件2!D15: "/" has neither points nor a score: it is left out' in notes(path)


GOALS = [
    [("年度总体目标", "预期目标", "", "", "实际完成情况"), ("", "植树1000棵", "", "", "植树950棵")],
    [("年度总体目标", "预期目标", "植树1000棵，每棵15元"), ("", "实际完成情况", "植树950棵")],
    [
        ("项目年度目标", "", "2023年植树1000棵"),
        ("年度目标完成情况", "", "植树950棵"),
        ("2.项目实施内容及过程概述", "", "3月开工"),
    ],
    [("总体目标", "", "年初设定目标", "", "全年实际完成情况"), ("", "", "1.植树1000棵", "", "950")],
    [("项目绩效目标", "植树", "1000", "棵", "950")],
]


@pytest.mark.parametrize("goals", GOALS)
def test_figures_among_the_goals_are_no_money(goals: list[tuple[str, ...]], tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        for merged in [str(each) for each in sheet.merged_cells.ranges]:
            sheet.unmerge_cells(merged)
        sheet.insert_rows(9, len(goals))
        for row, line in enumerate(goals, start=9):
            for column, text in enumerate(line, start=1):
                put(sheet, row, column, text or None)

    read = read_workbook(written(tmp_path, change))
    assert [name for name in read.facts if name.startswith("budget")] == [
        name for name in read_workbook(written(tmp_path)).facts if name.startswith("budget")
    ]


@pytest.mark.parametrize(
    "name", ["cn/mof-2020/project-self", "cn/sichuan-2023/project-self", "cn/chongqing/project-self"]
)
def test_the_goals_of_a_blank_form_take_figures_and_are_kept(name: str, tmp_path: Path) -> None:
    path = str(tmp_path / "form.xlsx")
    assert CliRunner().invoke(main, ["form", name, "-o", path]).exit_code == 0
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for cell in sheet["A"]:
        if "目标" in str(cell.value) or "完成情况" in str(cell.value):
            put(sheet, cell.row, 3, "植树1000棵，投入20万元")
    book.save(path)
    with pytest.raises(LoadError) as caught:  # for there is no indicator yet
        typed_draft(path)
    assert "植树" not in caught.value.to("zh")


def test_the_goals_are_kept_beside_their_labels(tmp_path: Path) -> None:
    path = tmp_path / "goals.csv"
    before, header, after = csv_text(SMALL).partition("绩效指标,")
    goals = "年度总体目标,预期目标,,,,实际完成情况\n,植树1000棵,,,,植树950棵\n"
    path.write_text(before + goals + header + after, "utf-8")
    text = typed_draft(str(path)).text
    assert "# 预期目标（goals!B10）：植树1000棵\n" in text
    assert "# 实际完成情况（goals!F10）：植树950棵\n" in text


def test_hidden_rows_are_read_and_told_and_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    book = by_hand(SMALL)
    book.worksheets[0].row_dimensions[ROAD].hidden = True
    old = book.copy_worksheet(book.worksheets[0])
    old.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    assert evaluate(read_workbook(str(tmp_path / "a.xlsx"))).score == 95
    assert "附件2!A11: hidden rows were read all the same: 11" in notes(str(tmp_path / "a.xlsx"))


def test_of_several_tables_one_is_asked_for(tmp_path: Path) -> None:
    book = by_hand(SMALL)
    book.copy_worksheet(book.worksheets[0]).title = "附件3"
    book.create_sheet("说明")["A1"] = "填写说明"
    path = str(tmp_path / "a.xlsx")
    book.save(path)
    assert "holds 2 tables (附件2、附件3) — name one with perfeval import --sheet" in problems(path)[0]
    target = tmp_path / "a.toml"
    assert run("import", path, "-o", str(target), "--sheet", "附件3").exit_code == 0
    assert load(target).facts["budget.executed"].source == "附件3!E6"
    again = ("import", path, "-o", str(target), "--force", "--lang", "en", "--sheet")
    assert "there are: 附件2、附件3、说明" in run(*again, "附件").output
    assert "holds no table" in run(*again, "说明").output


def test_a_table_that_goes_on_over_a_second_page_names_its_columns_again(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.insert_rows(PEOPLE)
        for column in range(1, 10):
            put(sheet, PEOPLE, column, sheet.cell(9, column).value)

    assert evaluate(read_workbook(written(tmp_path, change))).score == 95


def test_what_stands_below_the_table_is_no_row_of_it(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        for column in (1, POINTS, SCORE):
            put(sheet, TOTAL, column, None)
        put(sheet, TOTAL, 1, "注：执行率低于90%的说明原因")
        put(sheet, TOTAL + 1, 1, "填表人：张三")
        put(sheet, TREES, TITLE, "说明会召开次数")

    found = read_workbook(written(tmp_path, change))
    assert found.published.score is None
    assert evaluate(found).score == 95


# What is answered.


@pytest.mark.parametrize(
    ("row", "column", "value", "said"),
    [
        (TREES, POINTS, "二十", '附件2!G10: "二十" is no number of points'),
        (TREES, POINTS, None, '附件2!G10: "植树棵数" has no points'),
        (TREES, POINTS, 19, "附件2!G16: the points of all rows and of execution add up to 99, the framework has 100"),
        (TREES, SCORE, "优", '附件2!H10: "优" is no score'),
        (TREES, TITLE, None, "附件2!D10: this row has no title"),
        (TREES, LEVEL1, "产出目标", '附件2!B10: "产出目标" is no first level of cn/mof-2020/project-self'),
        (TREES, LEVEL2, "数量", None),
        (
            SURVIVAL,
            LEVEL2,
            "效率指标",
            '附件2!C12: "效率指标" is no second level of cn/mof-2020/project-self — there are: 数量指标',
        ),
        (PEOPLE, LEVEL2, "经济效益指标", '附件2!C15: "经济效益指标" is no second level'),
        (6, 5, "十八", '附件2!E6: "十八" is no amount of money'),
        (6, 5, "18个", '附件2!E6: "18个" is no amount of money'),
        (6, 6, 20, "附件2!F6: execution has 20 points here, 10 in the framework"),
        (7, 2, "其中：市级资金", '附件2!B7: the source of money "其中：市级资金" is not known'),
        (1, 1, "金额单位：元", "附件2!A1: several units of money are named"),
        (TREES, ACTUAL, "=F11*2", "附件2!F10: this formula has no computed value"),
        (TREES, SCORE, "=G10", "附件2!H10: this formula has no computed value"),
        (6, 7, "=E6/D6", None),  # the rate is computed anyhow
    ],
)
def test_what_cannot_be_read_is_told_with_its_cell(
    row: int, column: int, value: object, said: str | None, tmp_path: Path
) -> None:
    path = written(tmp_path, lambda sheet: put(sheet, row, column, value))
    if said is None:
        assert evaluate(read_workbook(path)).score == 95
    else:
        assert any(said in each for each in problems(path)), problems(path)


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        put(sheet, TREES, POINTS, "二十")
        put(sheet, ROAD, SCORE, "优")
        put(sheet, SURVIVAL, LEVEL2, "效率指标")
        put(sheet, 6, 5, "十八")

    assert len(problems(written(tmp_path, change))) == 4


def test_one_cell_for_several_rows_is_to_be_split(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        put(sheet, ROAD, SCORE, None)
        sheet.merge_cells(start_row=TREES, end_row=ROAD, start_column=SCORE, end_column=SCORE)

    (told,) = problems(written(tmp_path, change))
    assert told.endswith(
        '附件2!H11: is merged with 附件2!H10, several rows share "19" — split it, each row has its own'
    )


def test_one_reason_for_several_rows_is_the_reason_of_each(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.merge_cells(start_row=TREES, end_row=ROAD, start_column=REASON, end_column=REASON)

    assert read_workbook(written(tmp_path, change)).remark(NAMES[ROAD]).reason == "苗木到货晚"


def test_the_sign_and_the_target_must_not_contradict_each_other(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        put(sheet, 9, 10, "指标性质")
        for row, sign in ((TREES, "≤"), (ROAD, "大概"), (SURVIVAL, "正向"), (COST, "≤")):
            put(sheet, row, 10, sign)

    sheet_problems = problems(written(tmp_path, change))
    assert any('E10: the target "≥1000棵" contradicts the sign "≤"' in each for each in sheet_problems)
    assert any('J11: the sign "大概" is not known' in each for each in sheet_problems)
    assert len(sheet_problems) == 2


def test_years_that_contradict_each_other_are_not_chosen_from(tmp_path: Path) -> None:
    path = written(tmp_path, lambda sheet: put(sheet, 1, 1, "2022年度项目支出绩效自评表"))
    assert read_workbook(path).subject.year is None
    assert "附件2!A1: several years (2022, 2023): none is written" in notes(path)


def test_the_year_is_that_of_the_title_whatever_years_the_name_and_the_goals_speak_of(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        named = next(cell for row in sheet.iter_rows() for cell in row if cell.value == SMALL.name)
        named.value = f"{SMALL.name}（含2022年度结转部分）"

    path = written(tmp_path, change)
    assert read_workbook(path).subject.year == SMALL.year
    assert "2022年度" in read_workbook(path).subject.name
    assert not any("years" in each for each in notes(path))


def test_points_set_otherwise_than_the_framework_are_kept_with_the_reason(tmp_path: Path) -> None:
    *rows, jobs, _ = SMALL.rows
    path = written(tmp_path, table=evolve(SMALL, rows=(*rows, (*jobs[:5], "40", *jobs[6:]))))
    found = read_workbook(path)
    assert found.framework.layout["benefit"].points == 40
    assert [each.path for each in found.left_out] == ["satisfaction"]
    assert any("the rows of the table add up to 40, the framework has 30" in each for each in notes(path))


def test_a_table_that_fits_no_framework_asks_for_one(tmp_path: Path) -> None:
    path = written(tmp_path, lambda sheet: put(sheet, 1, 1, "部门预算项目支出绩效自评表"))  # of Sichuan, by its title
    assert "name it with perfeval import --framework" in problems(path)[0]
    found = run(
        "import", path, "-o", str(tmp_path / "x.toml"), "--framework", "cn/mof-2020/project-slf", "--lang", "en"
    ).output
    assert 'did you mean "cn/mof-2020/project-self"' in found
    assert not (tmp_path / "x.toml").exists()


def test_a_framework_that_is_a_file_comes_along(tmp_path: Path) -> None:
    own = tmp_path / "own" / "county.toml"
    own.parent.mkdir()
    own.write_text(
        'format = 1\n[framework]\nid = "demo/county"\ntitle = "某县"\nextends = "cn/mof-2020/project-self"\n', "utf-8"
    )
    target = tmp_path / "out" / "a.toml"
    target.parent.mkdir()
    assert run("import", written(tmp_path), "-o", str(target), "--framework", str(own)).exit_code == 0
    assert load(target).framework.id == "demo/county"


def test_an_indicator_that_the_framework_has_gets_its_score_and_its_actual_value(tmp_path: Path) -> None:
    own = tmp_path / "fixed.toml"
    own.write_text(
        'format = 1\n[framework]\nid = "demo/fixed"\ntitle = "某县"\nextends = "cn/mof-2020/project-self"\n'
        '[tree.output.quantity.trees]\ntitle = "植树棵数"\npoints = 20\nactual = "trees.planted"\n'
        'rule = { kind = "completion", target = "≥1000棵" }\n',
        "utf-8",
    )
    found = assessment_of(typed_draft(written(tmp_path), str(own)))
    assert known(found)["trees.planted"] == "950棵"
    assert found.remark("output.quantity.trees").stated == 19
    assert evaluate(found).score == 95

    def change(sheet: Worksheet) -> None:
        put(sheet, TREES, POINTS, 21)
        put(sheet, ROAD, TITLE, "植树棵数")

    with pytest.raises(LoadError) as caught:
        typed_draft(written(tmp_path, change), str(own))
    assert '附件2!G10: has 21 points, "植树棵数" has 20 in the framework' in caught.value.to("en")
    assert "附件2!D11: is the same indicator as 附件2!D10" in caught.value.to("en")


# Other files.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_is_read_like_a_sheet(encoding: str, delimiter: str, tmp_path: Path) -> None:
    text = "\r\n".join(delimiter.join(line) for line in lines(SMALL))
    (tmp_path / "表.csv").write_text(text, encoding)
    found = read_workbook(str(tmp_path / "表.csv"))
    assert evaluate(found).score == 95
    assert found.facts["budget.executed"].source == "表!E6"
    assert known(found) == known(read_workbook(written(tmp_path)))


def test_a_csv_tells_its_cells_too(tmp_path: Path) -> None:
    (tmp_path / "表.csv").write_text(csv_text(SMALL).replace("950棵,20,19", "950棵,二十,19"), "utf-8")
    assert '表!G10: "二十" is no number of points' in problems(str(tmp_path / "表.csv"))[0]


# Typed in LibreOffice and saved as .xls: percentages shown as such, a date, merged cells, a hidden row, a formula.
XLS = Path(__file__).parent / "typed.xls"


def test_an_xls_is_read_like_an_xlsx(tmp_path: Path) -> None:
    assert known(read_workbook(str(XLS))) == known(read_workbook(written(tmp_path)))
    assert evaluate(read_workbook(str(XLS))).score == 95
    assert any("hidden rows were read all the same" in each for each in notes(str(XLS)))


def test_an_xls_with_a_password_is_answered(tmp_path: Path) -> None:
    data = XLS.read_bytes()
    assert data.count(b"\x42\x00\x02\x00") >= 1
    # The record of the code page becomes the one that says that the file is encrypted.
    (tmp_path / "locked.xls").write_bytes(data.replace(b"\x42\x00\x02\x00", b"\x2f\x00\x02\x00", 1))
    assert "has a password" in problems(str(tmp_path / "locked.xls"))[0]


def test_damage_anywhere_in_an_xls_never_ends_in_a_traceback(tmp_path: Path) -> None:
    data = XLS.read_bytes()
    for start in range(0, len(data), 97):
        (tmp_path / "bad.xls").write_bytes(data[:start] + b"\xff\x00" + data[start + 2 :])
        try:
            read_workbook(str(tmp_path / "bad.xls"))
        except LoadError as error:
            assert error.problems


# The commands.


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, list(arguments), env={"LANG": "en_US.UTF-8"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize(
    "command", [("score",), ("explain",), ("check",), ("bounds",), ("audit",), ("review",), ("what-if",), ("compare",)]
)
def test_each_command_reads_a_typed_table(command: tuple[str, ...], tmp_path: Path) -> None:
    path = written(tmp_path)
    toml = _imported(path, tmp_path)
    files, again = ((path, toml), (toml, toml)) if command == ("compare",) else ((path,), (toml,))
    found, expected = run(*command, *files), run(*command, *again)
    assert found.exit_code == expected.exit_code != 2
    assert found.output.replace(path, toml) == expected.output


def test_a_report_and_a_live_workbook_are_made_of_a_typed_table(tmp_path: Path) -> None:
    path = written(tmp_path)
    for suffix in ("html", "docx", "xlsx"):
        assert run("report", path, "-o", str(tmp_path / f"out.{suffix}")).exit_code == 0
    assert run("form", path, "-o", str(tmp_path / "live.xlsx")).exit_code == 0
    for live in ("out.xlsx", "live.xlsx"):
        assert known(read_workbook(str(tmp_path / live))) == known(read_workbook(path))


def test_what_is_in_doubt_is_listed_in_the_language_asked_for_and_as_json(tmp_path: Path) -> None:
    path = written(tmp_path, lambda sheet: put(sheet, TREES, ACTUAL, "完成"))
    target = str(tmp_path / "a.toml")
    found = json.loads(run("import", path, "-o", target, "--format", "json", "--lang", "en").output)
    assert {"where": "附件2!F10", "message": 'the actual value "完成" is no quantity; it is unknown'} in found["notes"]
    assert (
        "附件2!F10: 完成值“完成”不是数量，视为不知道"
        in run("import", path, "-o", target, "--force").output  # the framework's language, if none is asked for
    )


@pytest.mark.parametrize(
    "hostile", ["=HYPERLINK(1)", '"]\nscore = 100\n[x]', "\x07'''\x1b[31m", "{ x = 1 }", "# a", "\\u0000\\"]
)
def test_hostile_text_stays_text(hostile: str, tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        for row, column in ((3, 2), (TREES, TITLE), (TREES, REASON), (JOBS, TARGET)):
            cell = sheet.cell(row, column)
            cell.value = hostile.replace("\x07", "").replace("\x1b", "")
            cell.data_type = "s"

    path = written(tmp_path, change)
    toml = load(_imported(path, tmp_path))
    assert evaluate(toml).score == 95
    assert toml.published.score == quantity(95)
    assert toml.subject.name == " ".join(hostile.replace("\x07", "").replace("\x1b", "").split())


def test_no_value_passes_through_a_binary_float(tmp_path: Path) -> None:
    path = written(tmp_path, lambda sheet: put(sheet, 6, 5, 17.15))
    assert read_workbook(path).facts.value("budget.executed").value == Fraction(171500)  # type: ignore[union-attr]


def test_formulas_are_read_as_the_last_program_computed_them(tmp_path: Path) -> None:
    book = load_workbook(written(tmp_path))
    assert book.worksheets[0].cell(TREES, ACTUAL).value == "950棵"
    found = read_workbook(str(XLS))  # its total is a formula
    assert found.published.score == quantity(95)
