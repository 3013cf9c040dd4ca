"""Each objection is raised where it should be (docs/review.md) and nowhere near it; what it says holds the figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from near_misses import NEAR_MISSES

from perfeval import Review, Thresholds, load, review
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
    "stated-sum": (
        "各项公布得分合计 97.1 分，公布总分 98 分，少 0.9 分",
        "add up to 97.1, the published total is 98: 0.9 too few",
    ),
    "level-sum": ("表中得 50 分，其下各项得分合计 49.6 分", "50 points are stated, those below it add up to 49.6"),
    "stated-above-points": ("表中得 16 分，该项最多 15 分", "16 points are stated, where 15 are the most"),
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


def test_a_target_without_a_sign_is_not_told_to_have_the_wrong_one(tmp_path: Path) -> None:
    change = '@@ tree.output.cost.total\n-rule = { kind = "completion", target = "≤19.5万元" }\n+rule = { kind = "completion", target = "18万元" }\n'
    assert codes(reviewed(change, tmp_path)) == set()


@pytest.mark.parametrize(
    ("fact", "evidence", "raised"),
    [
        ('{ value = "94%", source = "2023年12月入户问卷" }', "", True),  # of how many?
        ('{ value = "94%", source = "2023年12月入户问卷" }', "2023年12月入户问卷", True),
        ('{ value = "94%", source = "2023年12月入户问卷" }', "入户问卷，有效200份", False),
        ('{ value = "94%", source = "村委会报告" }', "questionnaire, 200 respondents", False),
        ('{ value = "94%", source = "村委会报告" }', "走访200户", True),
    ],
)
def test_a_survey_is_known_by_how_many_were_asked(fact: str, evidence: str, raised: bool, tmp_path: Path) -> None:
    change = (
        '@@ facts.survey\n-satisfied = { value = "188人", source = "2023年12月入户问卷" }\n'
        f'-valid = {{ value = "200人", source = "2023年12月入户问卷" }}\n+share = {fact}\n'
        '@@ tree.satisfaction.villagers\n-actual = "survey.satisfied / survey.valid"\n+actual = "survey.share"\n'
        + (f'+evidence = "{evidence}"\n' if evidence else "")
    )
    assert ("satisfaction-without-survey" in codes(reviewed(change, tmp_path))) is raised


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


def test_a_level_there_is_not_is_an_error_of_the_row(tmp_path: Path) -> None:
    change = '@@ facts.trees\n-green = { level = "达成年度指标", share = "90%", source = "村民议事会记录" }\n+green = { level = "定性指标", share = "90%", source = "村民议事会记录" }\n'
    found = reviewed(change, tmp_path)
    assert {(each.code, each.path) for each in found.objections} == {("row-in-error", "benefit.ecological.green")}
    assert "达成年度指标" in found.objections[0].message.zh


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
