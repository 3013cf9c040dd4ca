"""Loading right files: extending, completing, including, rolling up; and the whole catalogue."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from bad_files import ASSESSMENT, FACTS, FRAMEWORK, written

from docs_text import ROOT
from perfeval import Assessment, Dimension, Indicator, LoadError, catalogue_ids, evaluate, load, load_framework
from perfeval.assessment import LeftOut
from perfeval.expr.names import names
from perfeval.rules import Bands, Completion


def test_a_county_changes_one_rule_of_the_ministry_in_five_lines(tmp_path: Path) -> None:
    county = tmp_path / "county.toml"
    county.write_text(
        'format = 1\nframework = { id = "county", title = "某县", extends = "cn/mof-2020/project-self" }\n'
        '[tree.execution]\nrule = { kind = "bands", bands = [["≥95%", 10], ["≥80%", 5]] }\n',
        "utf-8",
    )
    base, own = load_framework("cn/mof-2020/project-self"), load_framework(county)
    assert isinstance(base.layout["execution"].node.rule, Completion)  # type: ignore[union-attr]
    assert isinstance(own.layout["execution"].node.rule, Bands)  # type: ignore[union-attr]
    assert list(own.layout) == list(base.layout)
    assert (own.title, own.issuer, own.document, own.effective) == ("某县", "", "", None)
    assert own.grades == base.grades


def test_a_node_is_removed_and_another_added_by_path(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        'format = 1\n[framework]\nid = "own"\nextends = "cn/mof-2020/project-self"\n'
        "[tree.satisfaction]\nremove = true\n[tree.benefit]\npoints = 35\n"
        '[tree.extra]\ntitle = "廉政"\ncategory = "management"\npoints = 5\nrule = { kind = "yes-no" }\n',
        "utf-8",
    )
    assert [node.id for node in load_framework(own).tree] == ["execution", "output", "benefit", "extra"]


def test_a_row_whose_points_are_moved_elsewhere_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(
        'format = 1\nframework = "cn/mof-2020/project-self"\n'
        '[tree.satisfaction]\npoints = 0\nreason = "没有服务对象"\n'
        '[tree.benefit]\npoints = 40\nreason = "满意度10分并入"\n'
        '[tree.output.quantity.a]\ntitle = "a"\npoints = 50\nrule = { kind = "yes-no" }\n'
        '[tree.benefit.social.b]\ntitle = "b"\npoints = 40\nrule = { kind = "yes-no" }\n',
        "utf-8",
    )
    assessment = load(path)
    assert [node.id for node in assessment.framework.tree] == ["execution", "output", "benefit"]
    assert assessment.remark("benefit").reason == "满意度10分并入"


def test_an_open_indicator_is_completed_by_the_assessment(tmp_path: Path) -> None:
    (tmp_path / "framework.toml").write_text(
        'format = 1\n[framework]\nid = "own"\ntitle = "t"\npoints = 10\n[tree.goals]\ntitle = "目标实现"\n'
        'category = "output.quantity"\npoints = 10\nopen = true\n'
        'rule = { kind = "share-of-items", below = "0%", above = "30%" }\n',
        "utf-8",
    )
    path = tmp_path / "a.toml"
    path.write_text(
        'format = 1\nframework = "framework.toml"\n[facts]\nx = "12次"\n'
        '[tree.goals]\nrule = { items = [{ actual = "x", target = "10次" }, { actual = "x", target = "5次" }] }\n',
        "utf-8",
    )
    assert evaluate(load(path)).score == 5


def test_facts_may_be_short_unknown_words_dates_and_in_chinese(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "assessment.toml",
        'old = "50棵"',
        'old = "50棵"\n"备注" = { choice = "显著" }\nday = 2023-06-30\nlater = ""\ndone = "是"\nrate = { value = "95", unit = "%" }',
    )
    facts = load(path).facts
    assert facts["trees.备注"].value == "显著"
    assert str(facts["trees.day"].value) == "2023-06-30"
    assert facts["trees.later"].status == "unknown"
    assert facts["trees.done"].value is True
    assert str(facts["trees.rate"].value) == "95%"
    assert str(facts.value("trees.total")) == "1000棵"


def test_a_decimal_in_the_file_is_that_decimal(tmp_path: Path) -> None:
    path = written(tmp_path, "assessment.toml", 'old = "50棵"', 'old = "50棵"\nrate = 0.1\nexact = 1.10')
    facts = load(path).facts
    assert facts.values["trees.rate"] == (1, 10)
    assert str(facts["trees.exact"].value) == "1.10"


def test_other_assessments_are_rolled_up_with_and_without_a_weight(tmp_path: Path) -> None:
    (tmp_path / "framework.toml").write_text(FRAMEWORK, "utf-8")
    (tmp_path / "facts.toml").write_text(FACTS, "utf-8")
    (tmp_path / "one.toml").write_text(ASSESSMENT, "utf-8")
    (tmp_path / "two.toml").write_text(
        ASSESSMENT.replace("950棵", "500棵").replace('"facts.toml"', '"more.toml"'), "utf-8"
    )
    (tmp_path / "more.toml").write_text(FACTS.replace("20万元", "60万元").replace("18万元", "60万元"), "utf-8")
    whole = 'format = 1\n[framework]\nid = "whole"\ntitle = "t"\npoints = 10\n[tree.projects]\ntitle = "项目"\ncategory = "output.quantity"\npoints = 10\nopen = true\nrule = { kind = "roll-up", of = ["one.toml", "two.toml"] }\n'
    (tmp_path / "whole.toml").write_text(whole, "utf-8")
    path = tmp_path / "all.toml"
    path.write_text('format = 1\nframework = "whole.toml"\n', "utf-8")
    assert [evaluate(load(tmp_path / f"{name}.toml")).score for name in ("one", "two")] == [93, 70]
    card = evaluate(load(path))
    assert card.score == Fraction("8.15")
    assert [str(card.facts[name].source) for name in card["projects"].fact_names] == ["one.toml", "two.toml"]
    path.write_text(
        'format = 1\nframework = "whole.toml"\n[tree.projects]\nrule = { weight = "budget.approved" }\n', "utf-8"
    )
    assert evaluate(load(path)).score == Fraction("7.58")  # (93 × 20 + 70 × 60) ÷ 80 = 75.75, of 10
    (tmp_path / "two.toml").write_text(ASSESSMENT.replace('"950棵"', '""'), "utf-8")
    assert evaluate(load(path))["projects"].status == "unknown"


NAMED = """format = 1
[framework]
id = "own/named"
title = "植树"
points = 10
[facts.budget]
approved = { title = "全年预算数", title_en = "budget of the year" }
executed = { title = "全年执行数" }
[facts]
judged = { title = "绿化效果" }
[tree.execution]
title = "预算执行率"
category = "management"
points = 6
actual = "budget.executed / budget.approved"
rule = { kind = "completion", target = "≥100%" }
[tree.judged]
title = "绿化"
category = "benefit.ecological"
points = 4
rule = { kind = "rating", levels = [{ name = "好", from = "0%", to = "100%" }] }
"""


def test_facts_are_called_as_the_framework_calls_them_but_for_a_title_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "named.toml").write_text(NAMED, "utf-8")
    path = tmp_path / "a.toml"
    path.write_text('format = 1\nframework = "named.toml"\n[facts.budget]\nexecuted = "8万元"\n', "utf-8")
    card = evaluate(load(path))
    said = card.explain(language="zh")
    assert "完成值 = 全年执行数 ÷ 全年预算数" in said
    assert "\n  缺少事实 budget.approved（全年预算数）" in said  # one that is not given
    assert "· judged.level 绿化效果：等级 = —" in said
    assert "budget.executed 全年执行数 = 8万元" in said
    english = card.explain("execution", "en")
    assert "budget.executed ÷ budget of the year" in english  # without a title in English, its name
    path.write_text(path.read_text("utf-8").replace('"8万元"', '{ value = "8万元", title = "本年支出" }'), "utf-8")
    assert "完成值 = 本年支出 ÷ 全年预算数" in evaluate(load(path)).explain(language="zh")


def test_what_facts_are_called_is_inherited_and_changed_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "named.toml").write_text(NAMED, "utf-8")
    over = tmp_path / "over.toml"
    over.write_text(
        'format = 1\n[framework]\nid = "over"\ntitle = "县"\nextends = "named.toml"\n'
        '[facts.budget]\nexecuted = { title = "决算数" }\n',
        "utf-8",
    )
    titles = load_framework(over).fact_titles
    assert (titles["budget.executed"].zh, titles["budget.approved"].zh) == ("决算数", "全年预算数")


def test_a_figure_among_what_a_framework_calls_its_facts_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "named.toml"
    path.write_text(NAMED.replace('executed = { title = "全年执行数" }', 'executed = "8万元"'), "utf-8")
    with pytest.raises(LoadError) as caught:
        load_framework(path)
    assert caught.value.to("zh") == (
        f'{path}:8:12: 指标体系的 [facts] 只写事实的名称，如 executed = {{ title = "全年预算数" }}（现为文本“8万元”）；数值写在评价文件里'
    )


@pytest.mark.parametrize("name", catalogue_ids())
def test_every_framework_of_the_catalogue_says_what_its_facts_are_called_and_no_two_alike(name: str) -> None:
    framework = load_framework(name)
    read = {fact for placed in framework.indicators for fact in names(framework.award(placed))}
    read |= {
        fact
        for placed in framework.indicators
        if isinstance(placed.node, Indicator) and placed.node.applies is not None
        for fact in names(placed.node.applies)
    }
    read |= {fact for check in framework.checks for fact in names(check.that)}
    assert read
    assert {fact for fact in read if fact not in framework.fact_titles} == set()
    assert {each.name for each in framework.facts if not any(fact.startswith(each.name) for fact in read)} == set()
    titles = [each.title for each in framework.facts]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("name", catalogue_ids())
def test_every_framework_of_the_catalogue_says_what_it_is(name: str) -> None:
    framework = load_framework(name)
    assert framework.id == name
    assert framework.title_en
    assert framework.source
    assert framework.grades
    for placed in framework.layout.values():
        assert placed.node.title_en, placed.path
        if isinstance(placed.node, Dimension) and placed.node.assumed:
            assert len(placed.node.assumed) > 5
    known = sum(placed.counts for placed in framework.indicators)
    assert 0 < known <= framework.points
    assert known == framework.points or any(
        isinstance(placed.node, Dimension) and placed.node.open for placed in framework.layout.values()
    )


def test_the_catalogue_holds_what_was_promised() -> None:
    assert set(catalogue_ids()) >= {
        "cn/mof-2020/project-self",
        "cn/mof-2021/project-self",
        "cn/mof-2020/project",
        "cn/mof-2013/department",
        "cn/sichuan-2017/project",
        "cn/sichuan-2017/department",
        "cn/sichuan-2020/department",
        "cn/sichuan-2023/project-self",
        "cn/sichuan-2023/department",
        "cn/sichuan-2023/special-project",
        "cn/hubei/project-self",
        "cn/jiangxi/project-self",
    }
    levels = {
        "cn/mof-2020/project-self": [10, 50, 30, 10],
        "cn/mof-2021/project-self": [10, 20, 40, 20, 10],
        "cn/hubei/project-self": [20, 40, 30, 10],
        "cn/sichuan-2017/department": [25, 30, 45],
    }
    for name, points in levels.items():
        framework = load_framework(name)
        found = [node.points or framework.layout[node.id].points for node in framework.tree]
        assert found == points, name


@pytest.mark.parametrize("path", sorted((ROOT / "examples").rglob("*.toml")), ids=lambda path: path.stem)
def test_no_file_refers_to_what_is_not_in_the_project(path: Path) -> None:
    assert "shared" not in path.read_text("utf-8").lower()


_OWN = """format = 1
framework = "cn/mof-2020/project-self"
[facts]
planted = "1000棵"
[tree.output.quantity.trees]
title = "植树棵数"
points = 50
actual = "planted"
rule = { kind = "completion", target = "≥1000棵" }
[tree.benefit.social.shade]
title = "新增树木"
points = 30
actual = "planted"
rule = { kind = "completion", target = "≥1000棵" }
[tree.satisfaction]
%s
"""
_SATISFIED = """[tree.satisfaction.villagers]
title = "村民满意度"
points = 10
actual = "planted"
rule = { kind = "completion", target = "≥1000棵" }
"""


def test_a_dimension_that_is_left_out_keeps_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(_OWN % (_SATISFIED + '[tree.output.cost]\nreason = "由省里统一采购"\n'), "utf-8")
    (left_out,) = load(path).left_out
    assert left_out == LeftOut("output.cost", "成本指标", "output.cost", "由省里统一采购")
    path.write_text(_OWN % _SATISFIED, "utf-8")
    assert load(path).left_out == ()


def test_a_dimension_without_points_keeps_its_reason_and_a_category_from_above_it(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    text = _OWN.replace("points = 50", "points = 60") % 'points = 0\nreason = "没有服务对象"'
    path.write_text(text + '[tree.output]\npoints = 60\nreason = "不设满意度"\n', "utf-8")
    assert load(path).left_out == (LeftOut("satisfaction", "满意度指标", "satisfaction", "没有服务对象"),)
    assert load(path).remark("output").reason == "不设满意度"  # it is used, and keeps its own
    county = (
        'format = 1\n[framework]\nid = "own"\nextends = "cn/mof-2020/project-self"\n[tree.satisfaction.people]\n'
        'title = "群众"\nopen = true\n'
    )
    (tmp_path / "county.toml").write_text(county, "utf-8")
    inner = _OWN.replace("cn/mof-2020/project-self", "county.toml") % (
        _SATISFIED + '[tree.satisfaction.people]\nreason = "并入村民"\n'
    )
    path.write_text(inner, "utf-8")
    assert load(path).left_out == (LeftOut("satisfaction.people", "群众", "satisfaction", "并入村民"),)


def test_loading_twice_gives_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, "facts.toml", "", "")
    assert load(path) == load(str(path))
    assert isinstance(load(path), Assessment)
    with pytest.raises(LoadError):
        load(tmp_path / "none.toml")


def test_points_of_a_closed_framework_that_do_not_add_up_are_told_in_the_framework_alone(tmp_path: Path) -> None:
    closed = FRAMEWORK.replace("adjustable = true\n", "").replace(
        "open = true\n", 'points = 60\nrule = { kind = "yes-no" }\n'
    )
    (tmp_path / "framework.toml").write_text(closed.replace("points = 40", "points = 42"), "utf-8")
    path = tmp_path / "assessment.toml"
    path.write_text('format = 1\nframework = "framework.toml"\n', "utf-8")
    with pytest.raises(LoadError) as refused:
        load(path)
    (found,) = refused.value.problems
    assert str(found.place) == f"{tmp_path}/framework.toml:13:2"
    assert "各指标分值合计 102" in found.message.zh


def test_a_framework_of_ones_own_that_is_named_by_its_id_is_told_to_be_named_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "framework.toml").write_text(FRAMEWORK, "utf-8")
    path = tmp_path / "assessment.toml"
    path.write_text('format = 1\nframework = "own/framework"\n', "utf-8")
    with pytest.raises(LoadError) as refused:
        load(path)
    assert refused.value.to("zh").endswith("；自己的指标体系文件请写路径，以 .toml 结尾")
    assert refused.value.to("en").endswith("; a framework file of your own is named by its path, ending in .toml")


def refusal(path: Path) -> tuple[list[str], list[str]]:
    """What is told of an assessment or a framework, with the place but without the folder."""
    with pytest.raises(LoadError) as refused:
        load_framework(path) if path.name == "framework.toml" else load(path)
    zh, en = (refused.value.to(language).replace(f"{path.parent}/", "").splitlines() for language in ("zh", "en"))
    return zh, en


def test_a_header_that_is_missing_is_told_once(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, "framework.toml", "[framework]\n", "")) == (
        ["framework.toml:2:1: id、title、points 等 4 个键应写在 [framework] 之下 — 请在前面加一行 [framework]"],
        [
            "framework.toml:2:1: id, title, points and 1 more must stand under [framework] — write a line [framework] before them"
        ],
    )
    (tmp_path / "framework.toml").write_text(FRAMEWORK, "utf-8")
    assert refusal(written(tmp_path, "assessment.toml", "[subject]\n", "")) == (
        ["assessment.toml:4:1: kind、name、year 应写在 [subject] 之下 — 请在前面加一行 [subject]"],
        ["assessment.toml:4:1: kind, name, year must stand under [subject] — write a line [subject] before them"],
    )


def test_a_misspelt_key_of_what_a_fact_is_called_is_told_with_the_keys_there_are(tmp_path: Path) -> None:
    path = tmp_path / "framework.toml"
    facts = '[facts.budget]\napproved = { titel = "预算" }\nspent = { title = "支出", remark = "" }\nnote = { title = "注" }\n'
    path.write_text(FRAMEWORK.replace("[tree.execution]", f"{facts}[tree.execution]"), "utf-8")
    assert refusal(path)[0] == [
        "framework.toml:14:1: 缺少 title — 请补上",
        "framework.toml:14:14: 不认识的键“titel”— 是否应为“title”？",
        "framework.toml:15:25: 不认识的键“remark”— 可用：title、title_en、note",
    ]


RATED = """[tree.judged]
title = "改善"
category = "benefit.social"
points = 10
rule = { kind = "rating", levels = [{ name = "好", from = "80%", to = "100%" }, { name = "差", from = "0%", to = "80%" }] }
"""


@pytest.mark.parametrize(("given", "column"), [('"好"', 10), ('{ value = "好", source = "专家" }', 20)])
def test_a_rating_that_is_answered_with_a_word_is_told_what_an_answer_is(
    given: str, column: int, tmp_path: Path
) -> None:
    framework = FRAMEWORK.replace("points = 40", "points = 30") + RATED
    (tmp_path / "framework.toml").write_text(framework, "utf-8")
    (tmp_path / "facts.toml").write_text(FACTS, "utf-8")
    path = tmp_path / "assessment.toml"
    path.write_text(f"{ASSESSMENT}[facts]\njudged = {given}\n", "utf-8")
    with pytest.raises(LoadError) as refused:
        load(path)
    answer = '{ level = "好", share = "…" }'
    said = f"“judged”由评判打分，应写等级与比例（现为“好”）— 请写 {answer}"
    assert refused.value.to("zh") == f"{path}:22:{column}: {said}"
    path.write_text(f"{ASSESSMENT}[facts]\njudged = {answer.replace('…', '90%')}\n", "utf-8")
    assert evaluate(load(path))["judged"].score == 9


def test_a_rating_of_which_only_a_word_or_nothing_is_known_is_unknown(tmp_path: Path) -> None:
    framework = FRAMEWORK.replace("points = 40", "points = 30") + RATED
    (tmp_path / "framework.toml").write_text(framework, "utf-8")
    (tmp_path / "facts.toml").write_text(FACTS, "utf-8")
    for given in ('""', '{ value = "" }', '{ level = "", share = "" }', '{ choice = "好" }'):
        path = tmp_path / "assessment.toml"
        path.write_text(f"{ASSESSMENT}[facts]\njudged = {given}\n", "utf-8")
        assert evaluate(load(path))["judged"].status == "unknown"


def test_a_band_that_is_a_range_is_answered_with_one_end_or_a_condition(tmp_path: Path) -> None:
    rule = '{ kind = "completion", target = "≥100%" }'
    path = written(tmp_path, "framework.toml", rule, '{ kind = "bands", bands = [["≥95%", 40], ["85%-95%", 8]] }')
    with pytest.raises(LoadError) as refused:
        load(path)
    (found,) = refused.value.problems
    assert found.message.zh == (
        '“85%-95%”是一个范围，一档写一个界 — 由高到低写，如 ["≥85%", 8]；两端都要写的，'
        '写 { when = "事实 >= 85% and 事实 <= 95%", award = 8 }'
    )
    condition = '{ when = "budget.executed / budget.approved >= 85%", award = 8 }'
    kept = f'{{ kind = "bands", bands = [["≥95%", 40], {condition}] }}'
    assert evaluate(load(written(tmp_path, "framework.toml", rule, kept)))["execution"].score == 8


def test_an_inline_table_may_stand_on_several_lines_as_in_toml_1_1_and_its_faults_are_found_there(
    tmp_path: Path,
) -> None:
    text = (
        'format = 1\n[framework]\nid = "t"\ntitle = "示例"\npoints = 10\n[tree.it]\ntitle = "指标"\n'
        'category = "decision"\npoints = 10\nrule = {\n  kind = "completion",\n  target = "≥90%",\n}\n'
    )
    (tmp_path / "f.toml").write_text(text, "utf-8")
    assert load_framework(tmp_path / "f.toml").points == 10
    (tmp_path / "f.toml").write_text(text.replace('"≥90%"', '"≥0%"'), "utf-8")
    with pytest.raises(LoadError, match=r"f\.toml:12:12: "):
        load_framework(tmp_path / "f.toml")
