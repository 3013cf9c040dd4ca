"""Each objection is raised where it should be (docs/review.md) and nowhere near it; what it says holds the figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from near_misses import NEAR_MISSES

from perfeval import LoadError, Review, Thresholds, load, review
from perfeval.codes import OBJECTION_CODES
from perfeval.objections import OBJECTIONS
from review_page import SOUND, changed, example


def reviewed(change: str, folder: Path, thresholds: Thresholds | None = None) -> Review:
    (folder / "file.toml").write_text(changed(SOUND, change), "utf-8")
    return review(load(folder / "file.toml"), thresholds)


def codes(found: Review) -> set[str]:
    return {each.code for each in found.objections}


@pytest.mark.parametrize(("code", "why", "change"), NEAR_MISSES, ids=lambda value: str(value)[:60])
def test_what_comes_near_an_objection_does_not_raise_it(code: str, why: str, change: str, tmp_path: Path) -> None:
    assert code not in codes(reviewed(change, tmp_path)), why


def test_there_is_a_near_miss_for_each_objection() -> None:
    assert {code for code, _, _ in NEAR_MISSES} == set(OBJECTION_CODES)


@pytest.mark.parametrize("code", OBJECTION_CODES)
def test_an_objection_says_the_same_in_both_languages_about_a_node_that_is_there(code: str, tmp_path: Path) -> None:
    found = review(load(example(code, tmp_path)))
    for each in found.objections:
        assert each.message.zh
        assert each.message.en
        assert (each.path is None) is (each.indicator is None)
        assert each.path is None or each.path in found.card.nodes
        assert all(fact.name in found.card.facts or fact.status == "unknown" for fact in each.facts)


def test_kinds_have_codes_of_their_own_and_words_in_both_languages() -> None:
    assert len({kind.code for kind in OBJECTIONS}) == len(OBJECTIONS)
    assert all(kind.title.zh and kind.title.en and kind.answer.zh and kind.answer.en for kind in OBJECTIONS)


SAID = {
    "negative-count": (
        "“road.greened”为 -4.8公里，不可能是负数",
        '"road.greened" is -4.8公里, which cannot be negative',
    ),
    "stated-sum": (
        "各项公布得分合计 97.1 分，公布总分 98 分，少 0.9 分",
        "add up to 97.1, the published total is 98: 0.9 too few",
    ),
    "level-sum": ("表中得 50 分，其下各项得分合计 49.6 分", "50 points are stated, those below it add up to 49.6"),
    "stated-above-points": ("表中得 16 分，该项最多 15 分", "16 points are stated, where 15 are the most"),
    "stated-not-applicable": (
        "该项不适用，不计入总分，表中却得 10 分",
        "is left out of the total, yet the table gives it 10 points",
    ),
    "raters-far-apart": (
        "复核 12 分，表中得分 18 分，相差 6 分",
        "复核: 12, the table: 18, on the same indicators; 6 apart",
    ),
    "bare-total": ("2 项中有 1 项也无法按事实计分", "1 of the 2 indicators cannot be scored"),
    "target-missed-full-points": (
        "指标值 ≥5公里、完成值 4.8公里，按规则得 9.6 分，表中得满分 10 分",
        "the rule gives 9.6 points",
    ),
    "stated-outside-level": ("应得分值的 60%—80%，表中得 18 分，为 90%", "18 stated is 90%"),
    "score-rounded": ("按规则得 9.64 分，表中取整为 9.6 分，相差 0.04 分", "rounds them to 9.6, 0.04 off"),
    "unequal-treatment": ("（96% 与 96%），得分却为分值的 96% 与 80%", "96% of its points and 80% of the other's"),
    "far-from-published": ("公布总分 91 分，按规则为 97.1 分，低 6.1 分", "6.1 too low"),
    "grade-mismatch": ("总分 97.1 分应为“优”，公布等级为“良”", 'a total of 97.1 is "excellent"'),
    "execution-over-100": ("执行率 102.38%", "102.38%"),
    "budget-adjusted": ("年初预算 20万元，调整后 25万元，追加 25%", "was raised by 25% to 25万元"),
    "spending-against-results": ("预算只执行 47.62%，2 项数量指标却全部完成", "only 47.62% of the budget was spent"),
    "over-completion": ("指标值 ≥1000棵、完成值 1500棵，完成率 150%，超过 130%", "150% done, above 130%"),
    "actual-copies-target": ("完成值“≥1000棵”照抄指标值", '"≥1000棵" copies the target'),
    "target-changed": ("指标值由“≥1200棵”改为“≥1000棵”", 'from "≥1200棵" to "≥1000棵"'),
    "mixed-money-units": ("有的写 186000元，有的写 19.95万元", "186000元 here, 19.95万元 there"),
    "assumed-points": ("20 分依据假定的事实，占 20%", "20 points rest on assumed facts, 20% of all"),
    "one-fact-many-points": (
        "2 项指标共 90 分（90%）都取决于“planted”一个数",
        '2 indicators with 90 points (90%) all rest on "planted"',
    ),
}


@pytest.mark.parametrize("code", SAID)
def test_the_message_holds_the_figures(code: str, tmp_path: Path) -> None:
    found = review(load(example(code, tmp_path)))
    (objection,) = [each for each in found.objections if each.code == code]
    zh, en = SAID[code]
    assert zh in objection.message.zh
    assert en in objection.message.en


# What one wrong figure must not set off.


def test_an_objection_is_not_raised_twice_under_two_names(tmp_path: Path) -> None:
    for code in OBJECTION_CODES:
        found = review(load(example(code, tmp_path)))
        at = [(each.code, each.path, each.message.zh) for each in found.objections]
        assert len(at) == len(set(at)), code


@pytest.mark.parametrize(
    ("change", "raised"),
    [
        # A full score for a missed target makes the total wrong as well, and that is all.
        ("@@ tree.output.quantity.road\n-stated = 9.6\n+stated = 10\n", {"target-missed-full-points", "stated-sum"}),
        ("@@ tree.output.quality.survival\n-stated = 10\n+stated = 8\n", {"target-met-points-lost", "stated-sum"}),
        ("@@ tree.execution\n-stated = 9.5\n+stated = 0\n", {"execution-score", "stated-sum"}),
        ('@@ published\n-grade = "优"\n+grade = "甲"\n', {"grade-mismatch"}),
        ('@@ tree.output.quantity.road\n-reason = "北段 200 米尚未交地"\n+reason = "无。"\n', {"lost-without-reason"}),
    ],
)
def test_one_fault_sets_off_what_it_is_and_no_more(change: str, raised: set[str], tmp_path: Path) -> None:
    assert codes(reviewed(change, tmp_path)) == raised


def test_a_cost_target_in_money_with_the_wrong_sign_is_raised(tmp_path: Path) -> None:
    change = '@@ tree.output.cost.total\n-rule = { kind = "completion", target = "≤19.5万元" }\n+rule = { kind = "completion", target = "≥18万元" }\n'
    assert codes(reviewed(change, tmp_path)) == {"sign-contradicts"}


def test_a_row_that_does_not_apply_is_not_reviewed(tmp_path: Path) -> None:
    change = (
        '@@ facts.jobs\n-hired = { value = "22人", source = "务工名册" }\n+hired = "0人"\n'
        '@@ tree.benefit.social.jobs\n-stated = 10\n+applies = "jobs.hired > 0"\n'
    )
    assert codes(reviewed(change, tmp_path)) == {"stated-sum", "total-off-rule"}  # rescaled, 97.1 is 96.78


# What the lists of words and the rules of a row decide.


def retitled(table: str, title: str, now: str, rule: str, then: str) -> str:
    """The sound assessment with another title and target at one row."""
    kind = '{ kind = "completion", target = "%s" }'
    return f'@@ {table}\n-title = "{title}"\n+title = "{now}"\n-rule = {kind % rule}\n+rule = {kind % then}\n'


@pytest.mark.parametrize(
    ("title", "fact", "then", "raised"),
    [
        ("培训人数", "1050人", "≤1000人", True),
        ("完成天数", "1050天", "≤1000天", False),  # of time, less is better
        ("安装偏差", "1050毫米", "≤1000毫米", False),
        ("古树数量", "1050棵", "≤1000棵", False),  # nothing says that more are wanted
        ("验收合格率", "90%", "≤95%", True),
        ("验收不合格率", "1%", "≤5%", False),
        # Done, too, but few of it is what is wanted: things that go wrong, or that cost.
        ("开展会议次数", "4次", "≤5次", False),
        ("新建项目超支个数", "0个", "≤1个", False),
        ("安装设备故障数", "1次", "≤2次", False),
        ("建设工地安全隐患数", "2处", "≤3处", False),
        ("补助对象漏报人数", "2人", "≤3人", False),
        ("植树死亡株数", "20株", "≤30株", False),
        ("村庄未覆盖率", "8%", "≤10%", False),
        ("建设用地面积", "18公顷", "≤20公顷", False),
    ],
)
def test_a_sign_contradicts_only_what_is_to_be_done(
    title: str, fact: str, then: str, raised: bool, tmp_path: Path
) -> None:
    change = (
        f'@@ facts.trees\n-planted = {{ value = "1050棵", source = "验收单" }}\n+planted = {{ value = "{fact}", source = "验收单" }}\n'
        + retitled("tree.output.quantity.trees", "植树棵数", title, "≥1000棵", then)
    )
    assert ("sign-contradicts" in codes(reviewed(change, tmp_path))) is raised


@pytest.mark.parametrize(
    ("table", "title", "now", "raised"),
    [
        ("tree.benefit.social.jobs", "带动务工人数", "务工人员满意度", True),
        ("tree.benefit.social.jobs", "带动务工人数", "满意度调查覆盖人数", False),
        ("tree.benefit.ecological.green", "村口绿化", "减少裸露地面", False),
        ("tree.benefit.ecological.green", "村口绿化", "生态环境成本降低", False),
    ],
)
def test_a_category_is_wrong_only_where_the_title_says_so(
    table: str, title: str, now: str, raised: bool, tmp_path: Path
) -> None:
    change = f'@@ {table}\n-title = "{title}"\n+title = "{now}"\n'
    assert ("wrong-category" in codes(reviewed(change, tmp_path))) is raised


def test_a_date_belongs_to_timeliness(tmp_path: Path) -> None:
    change = "@@ tree.output.timeliness.finished\n-[tree.output.timeliness.finished]\n+[tree.output.quality.finished]\n"
    assert codes(reviewed(change, tmp_path)) == {"wrong-category"}


def test_half_of_an_execution_rate_is_no_actual_value(tmp_path: Path) -> None:
    change = '@@ facts.budget\n-executed = { value = "19.95万元", source = "决算报表" }\n+executed = ""\n'
    found = reviewed(change, tmp_path)
    assert {(each.code, each.path) for each in found.objections} == {("no-actual", "execution")}


def test_a_level_there_is_not_is_told_before_anything_is_reviewed(tmp_path: Path) -> None:
    change = '@@ facts.trees\n-green = { level = "达成年度指标", share = "90%", source = "村民议事会记录" }\n+green = { level = "定性指标", share = "90%", source = "村民议事会记录" }\n'
    with pytest.raises(LoadError, match='there is no level "定性指标"'):
        reviewed(change, tmp_path)


def test_a_rating_that_is_scored_is_held_against_its_share_and_not_its_level(tmp_path: Path) -> None:
    change = '@@ facts.trees\n-green = { level = "达成年度指标", share = "90%", source = "村民议事会记录" }\n+green = { level = "部分达成年度指标并具有一定效果", share = "70%", source = "村民议事会记录" }\n'
    found = reviewed(change, tmp_path)
    assert codes(found) == {"stated-off-rule", "total-off-rule"}
    assert "按所填的评定比例，按规则得 14 分，表中得 18 分" in found.objections[0].message.zh


def test_an_execution_rate_of_a_budget_of_nothing_changes_nothing(tmp_path: Path) -> None:
    change = '@@ facts.budget\n-initial = { value = "20万元", source = "年初批复" }\n+initial = { value = "0万元", source = "年初批复" }\n'
    assert codes(reviewed(change, tmp_path)) == set()


def test_a_yes_no_is_held_against_its_fact(tmp_path: Path) -> None:
    change = (
        '@@ facts.jobs\n-hired = { value = "22人", source = "务工名册" }\n+hired = { value = "否", source = "务工名册" }\n'
        '@@ tree.benefit.social.jobs\n-rule = { kind = "completion", target = "≥20人" }\n+rule = { kind = "yes-no" }\n'
    )
    found = reviewed(change, tmp_path)
    assert codes(found) == {"target-missed-full-points", "far-from-published"}
    assert "按所填的事实，按规则得 0 分" in found.objections[0].message.zh


def test_a_condition_for_an_actual_value_is_no_figure(tmp_path: Path) -> None:
    change = (
        '@@ tree.benefit.social.jobs\n-actual = "jobs.hired"\n+actual = "jobs.hired >= 20人"\n'
        '-rule = { kind = "completion", target = "≥20人" }\n+rule = { kind = "yes-no" }\n'
    )
    assert codes(reviewed(change, tmp_path)) == set()


# What makes a survey of a satisfaction score.

_ASKED = """@@ facts.survey
-[facts.survey]
-satisfied = { value = "188人", source = "2023年12月入户问卷" }
-valid = { value = "200人", source = "2023年12月入户问卷" }
+[facts.villagers]
+satisfied = { value = "94%%", source = "%s" }
+%s
@@ tree.satisfaction.villagers
-actual = "survey.satisfied / survey.valid"
+actual = "villagers.satisfied"
+evidence = "%s"
"""


@pytest.mark.parametrize(
    ("source", "fact", "evidence", "said"),
    [
        # How many were asked: by name, by title, without a unit, in the evidence, in the source.
        ("村委会报告", 'sample = { value = "200户", source = "村委会报告" }', "", None),
        ("村委会报告", 'asked = { value = "200人", title = "受访人数", source = "村委会报告" }', "", None),
        ("村委会报告", 'asked = { value = "196份", title = "收回有效问卷", source = "村委会报告" }', "", None),
        ("村委会报告", 'asked = { value = "200", title = "有效问卷数", source = "村委会报告" }', "", None),
        ("村委会报告", 'north = "1人"', "入户问卷 200 份", None),
        ("2023年12月发放问卷200份，收回196份", 'north = "1人"', "", None),
        ("村委会报告", 'asked = { value = "200个", title = "样本量", source = "村委会报告" }', "", None),
        ("满意度测评，200人参加", 'north = "1人"', "", None),
        ("电话回访200户", 'north = "1人"', "", None),
        ("问卷，样本量200", 'north = "1人"', "", None),
        # A survey, and not how many.
        ("样本2023年12月抽取", 'north = "1人"', "", "没有写明调查了多少人"),
        (
            "村委会报告",
            'visited = { value = "200人", title = "走访慰问人数", source = "村委会报告" }',
            "",
            "没有调查方式",
        ),
        (
            "村委会报告",
            'asked = { value = "3个", title = "调查村", source = "村委会报告" }',
            "",
            "没有写明调查了多少人",
        ),
        ("2023年12月入户问卷", 'north = "1人"', "", "没有写明调查了多少人"),
        ("村委会报告", 'north = "1人"', "入户问卷", "没有写明调查了多少人"),
        ("村委会报告", 'sample = { value = "", source = "村委会报告" }', "", "没有调查方式"),
        ("村委会报告", 'surveys = { value = "3次", source = "村委会报告" }', "", "没有写明调查了多少人"),
        ("村委会报告", 'survey = { value = "188人", title = "问卷满意人数", source = "村委会报告" }', "", "没有写明"),
        (
            "村委会报告",
            'survey = { value = "95", title = "问卷满意率", source = "村委会报告" }',
            "",
            "没有写明调查了多少人",
        ),
        # People who were counted, and not asked.
        ("村委会报告", 'workers = { value = "22人", source = "务工调查表" }', "", "没有写明调查了多少人"),
        ("村委会报告", 'workers = { value = "22人", source = "务工名册" }', "", "没有调查方式"),
    ],
)
def test_a_satisfaction_score_needs_to_say_how_many_were_asked(
    source: str, fact: str, evidence: str, said: str | None, tmp_path: Path
) -> None:
    found = reviewed(_ASKED % (source, fact, evidence), tmp_path)
    told = [each.message.zh for each in found.objections if each.code == "satisfaction-without-survey"]
    assert [said in each for each in told if said] == ([] if said is None else [True])
    assert bool(told) is (said is not None)


def test_a_count_that_the_row_reads_and_a_survey_gave_is_its_size(tmp_path: Path) -> None:
    change = """@@ facts.survey
-[facts.survey]
+[facts.villagers]
-valid = { value = "200人", source = "2023年12月入户问卷" }
+%s = { value = "200人", source = "2023年12月入户问卷" }
@@ tree.satisfaction.villagers
-actual = "survey.satisfied / survey.valid"
+actual = "villagers.satisfied / villagers.%s"
"""
    assert "satisfaction-without-survey" not in codes(reviewed(change % ("asked", "asked"), tmp_path))
    unread = change.replace("villagers.satisfied / villagers.%s", "villagers.satisfied / 200人") % "asked"
    assert "satisfaction-without-survey" in codes(reviewed(unread, tmp_path))


# Cost that is left out.

_NO_COST = """format = 1
framework = "cn/mof-2021/project-self"
[subject]
kind = "project"
name = "村口植树"
year = 2023
[facts]
planted = "1000棵"
[tree.cost]
points = 0
reason = "%s"
[tree.output]
points = 60
reason = "不设成本指标"
[tree.output.quantity.trees]
title = "植树棵数"
points = 60
actual = "planted"
rule = { kind = "completion", target = "≥1000棵" }
[tree.benefit.social.shade]
title = "新增树木"
points = 20
actual = "planted"
rule = { kind = "completion", target = "≥1000棵" }
[tree.satisfaction.villagers]
title = "村民满意度"
points = 10
actual = "planted"
rule = { kind = "completion", target = "≥1000棵" }
"""


def without_cost(reason: str, folder: Path, more: str = "") -> Review:
    (folder / "cost.toml").write_text(_NO_COST % reason + more, "utf-8")
    return review(load(folder / "cost.toml"))


def test_a_cost_left_out_with_a_reason_is_listed_with_it(tmp_path: Path) -> None:
    found = without_cost("补助标准由省里统一规定", tmp_path)
    assert "cost-missing" not in codes(found)
    assert [(each.code, each.path, by.reason) for each, by in found.accepted] == [
        ("cost-missing", None, "补助标准由省里统一规定")
    ]
    assert found.accepted[0][0].message.zh == "不设成本指标（成本指标）"


def test_a_cost_left_out_with_a_filler_for_a_reason_stands(tmp_path: Path) -> None:
    found = without_cost("无", tmp_path)
    assert "cost-missing" in codes(found)
    assert found.accepted == ()


def test_what_the_file_accepts_goes_before_the_reason_in_the_tree(tmp_path: Path) -> None:
    accepted = '[[review.accepted]]\ncode = "cost-missing"\nreason = "市财政局同意"\n'
    found = without_cost("补助标准由省里统一规定", tmp_path, accepted)
    assert [by.reason for _, by in found.accepted] == ["市财政局同意"]
    assert "accepted-without-cause" not in codes(found)


@pytest.mark.parametrize(("reason", "stands"), [("企业全额捐赠，没有成本", False), ("", True), ("无", True)])
def test_a_cost_that_does_not_apply_needs_a_reason(reason: str, stands: bool, tmp_path: Path) -> None:
    change = f'@@ tree.output.cost.total\n-stated = 10\n+applies = "trees.spent > 20万元"\n+reason = "{reason}"\n'
    found = reviewed(change, tmp_path)
    raised = [each for each in found.objections if each.code == "cost-missing"]
    assert bool(raised) is stands
    assert [each.path for each in raised] == ["output.cost.total"] * stands
    assert [by.reason for _, by in found.accepted] == ([] if stands else [reason])


# Figures where there should be some.


def test_a_dimension_of_counts_without_a_count_is_told_by_itself(tmp_path: Path) -> None:
    change = (
        '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = { value = "是", source = "验收单" }\n'
        '@@ facts.road\n-greened = { value = "4.8公里", source = "验收单" }\n+greened = { value = "是", source = "验收单" }\n'
        '@@ tree.output.quantity.trees\n-rule = { kind = "completion", target = "≥1000棵" }\n+rule = { kind = "yes-no" }\n'
        '@@ tree.output.quantity.road\n-rule = { kind = "completion", target = "≥5公里" }\n+rule = { kind = "yes-no" }\n'
    )
    found = reviewed(change, tmp_path)
    (told,) = [each for each in found.objections if each.code == "no-quantitative-output"]
    assert (told.path, told.message.zh) == ("output.quantity", "“数量指标”下 2 项没有一项是定量的")


def test_a_dimension_of_counts_none_of_which_applies_is_not_asked_for_one(tmp_path: Path) -> None:
    change = '@@ tree.output.quantity.trees\n-stated = 15\n+applies = "trees.planted > 2000棵"\n@@ tree.output.quantity.road\n-stated = 9.6\n+applies = "road.greened > 9公里"\n'
    assert "no-quantitative-output" not in codes(reviewed(change, tmp_path))


@pytest.mark.parametrize(
    ("problems", "raised"),
    [
        ("无", False),
        ("暂无问题。", False),
        ("不存在突出问题", False),
        ("项目实施中未发现问题", False),
        ("未发现存在的问题。", False),
        ("资金管理存在无依据支出的问题", True),
        ("存在没有专人管护的不足", True),
        ("No major problems found.", False),
        ("None", False),
        ("没有专人管护", True),
        ("无后期管护经费的问题", True),
        ("No money for upkeep", True),
    ],
)
def test_full_marks_stand_beside_no_problems_only(problems: str, raised: bool, tmp_path: Path) -> None:
    change = f'@@ published\n-score = 97.1\n+score = 100\n+problems = "{problems}"\n'
    assert ("full-marks-beside-problems" in codes(reviewed(change, tmp_path))) is raised


# Words for an actual value.


@pytest.mark.parametrize(("word", "raised"), [("显著提升", "vague-indicator"), ("无", "no-actual")])
def test_a_word_that_is_no_level_is_vague_and_a_filler_is_nothing(word: str, raised: str, tmp_path: Path) -> None:
    change = f'@@ facts.trees\n-green = {{ level = "达成年度指标", share = "90%", source = "村民议事会记录" }}\n+green = {{ choice = "{word}", source = "自评表" }}\n'
    found = reviewed(change, tmp_path)
    assert [(each.code, each.path) for each in found.objections] == [(raised, "benefit.ecological.green")]


def test_a_score_where_nothing_applies_says_what_becomes_of_the_points(tmp_path: Path) -> None:
    change = (
        '@@ facts.jobs\n-hired = { value = "22人", source = "务工名册" }\n+hired = "0人"\n@@ tree.benefit.social.jobs\n'
        '-stated = 10\n+applies = "jobs.hired > 0人"\n+not_applicable = "%s"\n+stated = 6\n'
    )
    said = {
        "rescale": "该项不适用，不计入总分，表中却得 6 分",
        "full": "该项不适用，按规定得 10 分，表中却得 6 分",
        "zero": "该项不适用，按规定不得分，表中却得 6 分",
    }
    for kind, sentence in said.items():
        found = reviewed(change % kind, tmp_path)
        assert sentence in [each.message.zh for each in found.objections if each.code == "stated-not-applicable"]


LOSING_TWICE = (
    '@@ tree.benefit.social.jobs\n-title = "带动务工人数"\n+title = "绿化惠及里程"\n-actual = "jobs.hired"\n+actual = "road.greened"\n'
    '-rule = { kind = "completion", target = "≥20人" }\n-stated = 10\n+rule = { kind = "completion", target = "≥5公里" }\n+stated = 9.6\n'
    '+reason = "北段尚未交地"\n@@ published\n-score = 97.1\n+score = 96.7\n'
)


def test_one_fact_that_costs_points_twice_is_told_once(tmp_path: Path) -> None:
    found = reviewed(LOSING_TWICE, tmp_path)
    assert [(each.code, each.path) for each in found.objections] == [("one-loss-twice", "benefit.social.jobs")]
    assert "（4.8公里）" in found.objections[0].message.zh
    assert [fact.name for fact in found.objections[0].facts] == ["road.greened"]


VETO = """format = 1
[framework]
id = "own/veto"
title = "自评"
[[framework.grades]]
name = "优"
from = 90
[[framework.grades]]
name = "中"
from = 0
[[limits]]
title = "审计发现违规"
when = "misused"
grade_at_most = "中"
[[adjustments]]
id = "new"
title = "创新"
award = "new"
at_most = 5
[tree.trees]
title = "植树棵数"
category = "output.quantity"
points = 100
actual = "planted"
rule = { kind = "completion", target = "≥1000棵" }
"""


def vetoed(grade: str, misused: str, new: int, published: int, folder: Path) -> set[str]:
    (folder / "veto.toml").write_text(VETO, "utf-8")
    (folder / "file.toml").write_text(
        f'format = 1\nframework = "veto.toml"\n[published]\nscore = {published}\ngrade = "{grade}"\n'
        f'[facts]\nplanted = "950棵"\nmisused = "{misused}"\nnew = {new}\n[tree.trees]\nstated = 95\nreason = "苗木到货晚"\n',
        "utf-8",
    )
    return codes(review(load(folder / "file.toml"))) - {"heavy-indicator", "facts-without-source"}


def test_a_grade_that_a_veto_lowers_is_right(tmp_path: Path) -> None:
    assert vetoed("中", "是", 0, 95, tmp_path) == set()
    assert vetoed("中", "否", 0, 95, tmp_path) == {"grade-mismatch"}


def test_points_beside_the_tree_keep_the_sum_undecided(tmp_path: Path) -> None:
    assert vetoed("优", "否", 3, 98, tmp_path) == set()


def test_a_grade_without_a_total_is_held_against_the_score_by_rule(tmp_path: Path) -> None:
    alone = '@@ published\n-score = 97.1\n-grade = "优"\n+grade = "良"\n'
    assert codes(reviewed(alone, tmp_path)) == {"grade-mismatch"}
    unknown = alone + '@@ facts.jobs\n-hired = { value = "22人", source = "务工名册" }\n+hired = ""\n'
    assert codes(reviewed(unknown, tmp_path)) == {"no-actual"}  # no total, and nothing to hold the grade against


def test_a_row_that_earns_full_points_without_applying_keeps_the_sum_undecided(tmp_path: Path) -> None:
    change = (
        '@@ facts.jobs\n-hired = { value = "22人", source = "务工名册" }\n+hired = "0人"\n'
        '@@ tree.benefit.social.jobs\n-stated = 10\n+applies = "jobs.hired > 0"\n+not_applicable = "full"\n'
    )
    assert codes(reviewed(change, tmp_path)) == set()


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("cost-missing", "year = 2023", "year = 2021"),  # before 财预〔2021〕101号
        ("cost-missing", 'kind = "project"', 'kind = "department"'),
        ("cost-missing", 'name = "村口植树"', 'name = "工资性支出"'),
        ("no-quantitative-output", 'rule = { kind = "yes-no" }', 'rule = { kind = "bands", bands = [["≥1棵", 90]] }'),
        ("bare-total", 'planted = ""', 'planted = "900棵"'),
        ("bare-total", "points = 90\n", "points = 90\nstated = 80\n"),
        ("one-fact-many-points", "points = 40\nactual", 'points = 40\napplies = "planted > 2000棵"\nactual'),
    ],
)
def test_an_example_with_one_thing_changed_is_no_case_of_it(code: str, old: str, new: str, tmp_path: Path) -> None:
    path = example(code, tmp_path)
    assert code in codes(review(load(path)))
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(
        text.replace(old, new).replace('planted = "是"', 'planted = "2棵"' if "bands" in new else 'planted = "是"'),
        "utf-8",
    )
    assert code not in codes(review(load(path)))


@pytest.mark.parametrize(("points", "rest", "raised"), [(10, 90, False), (20, 80, False), (12, 88, True)])
def test_an_execution_row_of_10_or_20_points_is_usual(points: int, rest: int, raised: bool, tmp_path: Path) -> None:
    path = example("execution-points", tmp_path)
    form = (tmp_path / "form.toml").read_text("utf-8")
    form = form.replace("points = 91", f"points = {rest}").replace("points = 9\n", f"points = {points}\n")
    (tmp_path / "form.toml").write_text(form, "utf-8")
    assert ("execution-points" in codes(review(load(path)))) is raised


@pytest.mark.parametrize(("word", "raised"), [("/", "no-actual"), ("无", "no-actual"), ("完成", "actual-is-words")])
def test_a_filler_under_a_figure_is_no_actual_value_and_a_word_is_a_word(
    word: str, raised: str, tmp_path: Path
) -> None:
    change = f'@@ facts.trees\n-planted = {{ value = "1050棵", source = "验收单" }}\n+planted = {{ choice = "{word}", source = "自评表" }}\n'
    found = reviewed(change, tmp_path)
    assert [(each.code, each.path) for each in found.objections] == [(raised, "output.quantity.trees")]


@pytest.mark.parametrize(
    ("standard", "raised"),
    [
        ("供水不断水", False),
        ("在村口显著位置公示", False),
        ("持有有效证件", False),
        ("投资者适当性管理到位", False),
        ("制度执行有效性", False),
        ("不断改善村口面貌", True),
        ("效果显著", True),
        ("有效防控病虫害", True),
        ("持续提升", True),
    ],
)
def test_a_vague_word_within_another_is_not_vague(standard: str, raised: bool, tmp_path: Path) -> None:
    change = (
        f'@@ tree.benefit.ecological.green\n-standard = "村口两侧各 3 米内没有裸露地面"\n+standard = "{standard}"\n'
    )
    assert codes(reviewed(change, tmp_path)) == ({"vague-indicator"} if raised else set())


# Money that is spent, and money that is not.


@pytest.mark.parametrize(
    ("title", "raised"),
    [
        ("种植总成本", True),
        ("种植成本节约金额", False),
        ("降低管护费用", False),
        ("带动社会投资", False),
    ],
)
def test_more_of_what_is_saved_or_attracted_is_better(title: str, raised: bool, tmp_path: Path) -> None:
    change = (
        f'@@ tree.output.cost.total\n-title = "种植总成本"\n+title = "{title}"\n'
        '@@ tree.output.cost.total\n-rule = { kind = "completion", target = "≤19.5万元" }\n+rule = { kind = "completion", target = "≥18万元" }\n'
    )
    assert codes(reviewed(change, tmp_path)) == ({"sign-contradicts"} if raised else set())


@pytest.mark.parametrize(
    ("title", "raised"),
    [("工程资金金额", True), ("补助资金", True), ("发放创业担保贷款", False), ("招商引资到位资金", False)],
)
def test_money_is_no_quantity_unless_it_is_the_result(title: str, raised: bool, tmp_path: Path) -> None:
    change = (
        '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = { value = "105万元", source = "验收单" }\n'
        + retitled("tree.output.quantity.trees", "植树棵数", title, "≥1000棵", "≥100万元")
    )
    assert codes(reviewed(change, tmp_path)) == ({"wrong-category"} if raised else set())


@pytest.mark.parametrize(("actual", "raised"), [("93", False), ("100", False), ("103", True)])
def test_a_share_in_bare_figures_is_above_the_whole_above_100(actual: str, raised: bool, tmp_path: Path) -> None:
    change = (
        f'@@ facts.trees\n-survived = {{ value = "93%", source = "验收单" }}\n+survived = {{ value = "{actual}", source = "验收单" }}\n'
        '@@ tree.output.quality.survival\n-rule = { kind = "completion", target = "≥90%" }\n+rule = { kind = "completion", target = "≥90" }\n'
    )
    assert codes(reviewed(change, tmp_path)) == {"bare-rate", *(["rate-above-100"] if raised else [])}


@pytest.mark.parametrize("note", ["表中填“≥1000棵”", "表中填 >=1000棵", "表中填“≥1000棵”，与指标值相同"])
def test_a_copied_target_is_quoted_as_what_the_table_prints(note: str, tmp_path: Path) -> None:
    change = f'@@ facts.trees\n-planted = {{ value = "1050棵", source = "验收单" }}\n+planted = {{ note = "{note}" }}\n'
    assert codes(reviewed(change, tmp_path)) == {"actual-copies-target"}


@pytest.mark.parametrize(
    ("before", "raised"), [("≥1000棵", False), ("1000棵", False), ("≤1000棵", True), ("1200棵", True), ("千棵", True)]
)
def test_a_target_changed_only_where_it_is_another(before: str, raised: bool, tmp_path: Path) -> None:
    change = f'@@ tree.output.quantity.trees\n+target_before = "{before}"\n'
    assert codes(reviewed(change, tmp_path)) == ({"target-changed"} if raised else set())


# Reasons.


@pytest.mark.parametrize(
    ("reason", "raised"),
    [
        ("尾款次年支付", False),
        ("没有及时拨付，尾款次年支付", False),
        ("存在偏差：尾款次年支付", False),
        ("不存在执行数偏离预算数较多的问题。", True),
        ("无偏差", True),
    ],
)
def test_a_denial_of_the_shortfall_is_no_reason_for_it(reason: str, raised: bool, tmp_path: Path) -> None:
    change = (
        '@@ facts.budget\n-executed = { value = "19.95万元", source = "决算报表" }\n+executed = { value = "18万元", source = "决算报表" }\n'
        f'@@ tree.execution\n+reason = "{reason}"\n'
    )
    found = reviewed(change, tmp_path)
    told = [each.message.zh for each in found.objections if each.code == "execution-low"]
    assert told == ([f"执行率 85.71%，未达到 90%，没有说明原因（只填“{reason}”）"] if raised else [])


@pytest.mark.parametrize(
    ("executed", "said"),
    [("18.8999万元", "执行率 89.9995%，未达到 90%"), ("18.899999万元", "执行率 89.999995%，未达到 90%")],
)
def test_a_rate_that_misses_the_line_is_not_printed_as_the_line(executed: str, said: str, tmp_path: Path) -> None:
    change = f'@@ facts.budget\n-executed = {{ value = "19.95万元", source = "决算报表" }}\n+executed = {{ value = "{executed}", source = "决算报表" }}\n'
    (told,) = [each for each in reviewed(change, tmp_path).objections if each.code == "execution-low"]
    assert said in told.message.zh


# Raters.


def test_a_raters_score_where_nothing_applies_is_told(tmp_path: Path) -> None:
    change = (
        '@@ facts.jobs\n-hired = { value = "22人", source = "务工名册" }\n+hired = { value = "0人", source = "务工名册" }\n'
        '@@ tree.benefit.social.jobs\n-stated = 10\n+applies = "jobs.hired > 0人"\n+stated_by = { "自评" = 10, "复核" = 0 }\n'
    )
    found = reviewed(change, tmp_path)
    (told,) = [each for each in found.objections if each.code == "stated-not-applicable"]
    assert told.message.zh == "该项不适用，不计入总分，自评却得 10 分"


# Names of the second level.


def test_the_costs_of_2021_are_not_below_outputs(tmp_path: Path) -> None:
    own = """format = 1
[framework]
id = "own/mixed"
title = "自评表"
extends = "cn/mof-2020/project-self"
[tree.output.cost]
title = "TITLE"
"""
    for title, raised in (("经济成本指标", {"wrong-category"}), ("成本指标", set())):
        (tmp_path / "own.toml").write_text(own.replace("TITLE", title), "utf-8")
        (tmp_path / "file.toml").write_text(SOUND.replace("cn/mof-2020/project-self", "own.toml"), "utf-8")
        found = review(load(tmp_path / "file.toml"))
        assert {each.code for each in found.objections} == raised
        assert [each.path for each in found.objections] == ["output.cost"] * len(raised)
