"""The commands: what they print, in both languages and as JSON, how they end, and what they refuse."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import tomli
from click.testing import CliRunner, Result
from openpyxl import Workbook

from docs_text import ROOT
from perfeval import catalogue_ids, evaluate, load
from perfeval.cli import main
from perfeval.report.terminal import plain

SEED = ROOT / "examples" / "panzhihua-dongqu-2023"
PUBLISHED = sorted((ROOT / "examples" / "published").glob("*.toml"))
CJK = re.compile(r"[㐀-鿿]")

FRAMEWORK = """format = 1
[framework]
id = "own/test"
title = "test"
title_en = "test"
points = 10
[[framework.grades]]
name = "A"
from = 0
[tree.a]
title = "a"
title_en = "first"
category = "decision"
points = 10
actual = "x"
rule = { kind = "completion", target = "≥10" }
"""
ASSESSMENT = """format = 1
framework = "framework.toml"
[subject]
name = "n"
[published]
score = %s
[facts]
x = { value = "%s", source = "s" }
"""


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal so wide that no path is folded, wherever the checkout lies."""
    monkeypatch.setenv("COLUMNS", "300")


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "framework.toml").write_text(FRAMEWORK, "utf-8")
    (tmp_path / "good.toml").write_text(ASSESSMENT % ("5", "5"), "utf-8")
    return tmp_path


# score


def test_a_folder_is_scored_with_trees_and_a_row_for_each() -> None:
    result = run("score", SEED)
    assert result.exit_code == 0
    assert result.output.count("总分 90.00 / 100  等级 优") == 2
    assert "department.toml" in result.output
    assert "land-requisition.toml" in result.output
    assert "其中 40 分依据假定的事实" in result.output
    assert "* 分值为假定" in result.output


def test_a_summary_has_no_trees(folder: Path) -> None:
    result = run("score", folder, "--summary", "--lang", "en")
    assert result.exit_code == 0
    assert "published 5: agrees" in result.output
    assert "first" not in result.output


def test_a_published_score_that_does_not_agree_ends_with_1(folder: Path) -> None:
    (folder / "good.toml").write_text(ASSESSMENT % ("6", "5"), "utf-8")
    result = run("score", folder / "good.toml", "--lang", "en")
    assert result.exit_code == 1
    assert "published 6, 1 point above the computed score" in result.output


def test_no_total_ends_with_1_and_says_which_fact_is_missing(folder: Path) -> None:
    (folder / "good.toml").write_text(ASSESSMENT % ("6", ""), "utf-8")
    result = run("score", folder / "good.toml", "--lang", "en")
    assert result.exit_code == 1
    assert "missing: x" in result.output
    assert "total: incomplete" in result.output


@pytest.mark.parametrize("command", ["score", "check", "bounds", "audit", "review"])
def test_a_failed_file_does_not_stop_the_others_and_is_the_last_that_is_told(command: str, folder: Path) -> None:
    (folder / "bad.toml").write_text("format = 1\nframework = \n", "utf-8")
    result = run(command, folder, "--lang", "en")
    assert result.exit_code == 2
    assert result.stdout
    *_, done, why = result.output.splitlines()
    assert done == "1 done, 1 failed:"
    assert "bad.toml:2:13: not TOML" in why


def test_a_folder_holds_workbooks_too(folder: Path) -> None:
    (folder / "filled").mkdir()
    assert run("form", folder / "good.toml", "-o", folder / "filled" / "good.xlsx").exit_code == 0
    (folder / "filled" / "~$good.xlsx").write_bytes(b"the mark of an open file")
    (folder / "filled" / "notes.docx").write_bytes(b"no table")
    (folder / "facts.csv").write_text("\u975e\u8868", "utf-8")
    (folder / "damaged.xls").write_bytes(b"no table")
    result = run("score", folder, "--summary", "--lang", "en")
    assert [
        line.split()[0].rpartition("/")[2] for line in result.stdout.splitlines() if "toml" in line or "xlsx" in line
    ] == [
        "good.xlsx",
        "good.toml",
    ]
    assert result.exit_code == 2
    assert "2 done, 1 failed:" in result.stderr
    assert "damaged.xls" in result.stderr


def test_a_wrong_file_in_a_folder_is_told_and_the_others_are_scored(folder: Path) -> None:
    (folder / "bad.toml").write_text("format = 1\nframework = \n", "utf-8")
    result = run("score", folder, "--lang", "en")
    assert result.exit_code == 2
    assert "bad.toml:2:13: not TOML" in result.stderr
    assert "total 5.00 / 10  grade A" in result.stdout


@pytest.mark.parametrize("command", ["score", "explain"])
def test_what_is_not_there_is_bad_input(command: str, tmp_path: Path) -> None:
    assert run(command, tmp_path / "none.toml").exit_code == 2
    empty = run(command, tmp_path, "--lang", "en")
    assert empty.exit_code == 2
    assert "there is no assessment in the folder" in empty.output


def test_json_of_score_has_the_promised_shape() -> None:
    result = run("score", SEED / "land-requisition.toml", "--format", "json")
    assert result.exit_code == 0
    (found,) = json.loads(result.output)
    assert found["framework"] == "cn/sichuan-2023/project-self"
    assert (found["points"], found["score"], found["complete"], found["assumed_points"]) == ("100", "90.00", True, "40")
    assert found["grade"] == {"name": "优", "name_en": "excellent"}
    assert (found["published"]["score"], found["published"]["agrees"]) == ("90", True)
    assert found["subject"]["year"] == 2023
    (jiedi,) = [node for node in found["nodes"] if node["path"] == "output.quantity.jiedi"]
    assert jiedi["category"] == "output.quantity"
    assert (jiedi["points"], jiedi["score"], jiedi["status"]) == ("8", "8.00", "scored")
    assert [step["value"] for step in jiedi["steps"]] == ["71", "100", "8"]
    assert set(jiedi["facts"][0]) >= {"name", "value", "unit", "status", "source"}
    assert (jiedi["facts"][0]["value"], jiedi["facts"][0]["unit"], jiedi["facts"][0]["status"]) == (
        "71",
        "人",
        "stated",
    )

    def no_floats(value: object) -> bool:
        if isinstance(value, dict):
            return all(map(no_floats, value.values()))
        return all(map(no_floats, value)) if isinstance(value, list) else not isinstance(value, float)

    assert no_floats(json.loads(result.output))


def test_json_of_a_third_keeps_the_fraction(folder: Path) -> None:
    text = FRAMEWORK.replace("[tree.a]", "[framework.rounding]\nof = 'total'\n[tree.a]").replace("≥10", "≥3")
    (folder / "framework.toml").write_text(text, "utf-8")
    (folder / "good.toml").write_text(ASSESSMENT % ("3.33", "1"), "utf-8")
    (found,) = json.loads(run("score", folder / "good.toml", "--format", "json").output)
    assert found["score"] == "3.33"
    assert (found["nodes"][0]["score"], found["nodes"][0]["score_exact"]) == ("3.333333", "10/3")
    assert found["published"]["agrees"] is True


@pytest.mark.parametrize("command", [["score"], ["explain"]])
def test_the_language_asked_for_is_the_language_of_every_sentence_of_ours(command: list[str], folder: Path) -> None:
    english = run(*command, folder / "good.toml", "--lang", "en").output
    assert not CJK.search(english), english
    chinese = run(*command, folder / "good.toml", "--lang", "zh").output
    assert CJK.search(chinese)
    assert not re.search(r"\b(score|lost|total|points|completion|stated)\b", chinese), chinese


# explain


def test_explain_says_the_rule_each_step_each_source_and_each_assumption() -> None:
    result = run("explain", SEED / "land-requisition.toml", "output.timeliness")
    assert result.exit_code == 0
    for said in ("7 / 10 分", "规则: ", "评定比例 = ", "假定: ", "分值为假定: ", "失分: 3 — "):
        assert said in result.output
    assert "预算执行情况" not in result.output


def test_explain_of_an_indicator_that_is_not_there_names_the_nearest() -> None:
    result = run("explain", SEED / "land-requisition.toml", "output.quantity.jiedy", "--lang", "en")
    assert result.exit_code == 2
    assert 'did you mean "output.quantity.jiedi"?' in result.output


def test_explain_as_json_is_the_nodes_asked_for() -> None:
    found = json.loads(run("explain", SEED / "land-requisition.toml", "output.cost", "--format", "json").output)
    assert [node["path"].split(".")[:2] for node in found] == [["output", "cost"]] * 4


# frameworks


def test_the_catalogue_is_listed_and_each_framework_shown_in_both_languages() -> None:
    listed = run("frameworks", "--lang", "en").output
    for name in catalogue_ids():
        assert name in listed
        for language in ("zh", "en"):
            shown = run("frameworks", name, "--lang", language)
            assert shown.exit_code == 0
            assert name in shown.output
        data = json.loads(run("frameworks", name, "--format", "json").output)
        assert data[0]["id"] == name
        assert data[0]["nodes"]


WHOLE = """format = 1
[framework]
id = "own/whole"
title = "t"
not_applicable = "full"
rounding = { of = "each", places = 1, mode = "half-even" }
[facts.plan]
filed = { title = "方案已备案", title_en = "Plan filed" }
[tree.decision]
title = "决策"
points = 60
requires = "plan.filed"
[tree.decision.goals]
title = "目标"
category = "decision"
points = 40
rule = { kind = "yes-no", when = "goals.clear" }
[tree.decision.plan]
title = "方案"
category = "decision"
points = 20
applies = "plan.needed"
not_applicable = "zero"
bonus_up_to = 2
rule = { kind = "awarded" }
[tree.rest]
title = "其他"
category = "satisfaction"
points = 40
rule = { kind = "awarded" }
[[checks]]
id = "parts"
title = "资金之和"
that = "funds.all == funds.city + funds.county"
severity = "warning"
"""


def test_a_framework_is_shown_with_all_that_decides_a_score(folder: Path) -> None:
    (folder / "whole.toml").write_text(WHOLE, "utf-8")
    zh, en = (run("frameworks", folder / "whole.toml", "--lang", language).output for language in ("zh", "en"))
    for said in (
        "前提: 方案已备案，否则以下各项均不得分",
        "适用条件: plan.needed；不适用时不得分",
        "另可加分，至多 2 分",
        "不适用的指标: 得满分",
        "取舍: 各项得分 四舍六入五成双 1 位小数；总分 四舍六入五成双 1 位小数",
        "检查（存疑）: 资金之和：funds.all = funds.city + funds.county",
    ):
        assert said in zh
    for said in (
        "requires Plan filed, or all below earns nothing",
        "applies where plan.needed; where not, it earns nothing",
        "may earn up to 2 points above its own",
        "what does not apply: earns full points",
        "rounding: each score half-even to 1 decimal; the total half-even to 1 decimal",
        "check (question): 资金之和: funds.all = funds.city + funds.county",
    ):
        assert said in en


def test_facts_that_only_a_check_reads_are_offered_in_a_new_file_as_comments(folder: Path) -> None:
    (folder / "whole.toml").write_text(WHOLE, "utf-8")
    made = run("new", folder / "whole.toml").output
    assert '# [facts.funds]\n# all = { value = "", source = "" }  # 核对：资金之和' in made
    assert "funds" not in tomli.loads(made)["facts"]
    without_marks = re.sub(r"^# (?=\[facts|all =|city =|county =)", "", made, flags=re.MULTILINE)
    assert set(tomli.loads(without_marks)["facts"]["funds"]) == {"all", "city", "county"}


def test_where_a_gate_took_the_points_it_is_said_wherever_the_score_is_shown(folder: Path) -> None:
    (folder / "framework.toml").write_text(WHOLE, "utf-8")
    facts = '[facts]\nrest = "30"\n[facts.goals]\nclear = "是"\n[facts.plan]\nfiled = "否"\nneeded = "是"\n'
    text = 'format = 1\nframework = "framework.toml"\n' + facts + '[facts.decision]\nplan = "20"\n'
    (folder / "good.toml").write_text(text, "utf-8")
    for command in ("score", "explain"):
        assert run(command, folder / "good.toml").output.count("前提“方案已备案”不成立，不得分") == 2
    assert (
        "it requires Plan filed, which does not hold: no points"
        in run("explain", folder / "good.toml", "--lang", "en").output
    )
    (folder / "good.toml").write_text(text.replace('filed = "否"', 'filed = "是"'), "utf-8")
    assert "前提" not in run("score", folder / "good.toml").output


def test_a_framework_that_is_not_there_names_the_nearest() -> None:
    result = run("frameworks", "cn/mof-2020/project-slef", "--lang", "en")
    assert result.exit_code == 2
    assert 'did you mean "cn/mof-2020/project-self"?' in result.output


# new


@pytest.mark.parametrize("name", catalogue_ids())
def test_a_new_file_loads_as_it_is_and_lacks_only_facts(name: str, tmp_path: Path) -> None:
    file = tmp_path / "new.toml"
    assert run("new", name, "--year", 2024, "-o", file).exit_code == 0
    card = evaluate(load(file))
    assert not card.complete
    for node in card.indicators:
        if node.status == "error":  # the assessment has yet to list what is counted
            assert node.message is not None
            assert "no items to count" in node.message.en
        else:
            assert node.status in ("unknown", "not-applicable")
    assert card.assessment.subject.year == 2024


@pytest.mark.parametrize(
    "source", [SEED / "department.toml", SEED / "land-requisition.toml", *PUBLISHED], ids=lambda path: path.stem
)
def test_next_years_file_keeps_indicators_and_targets_and_empties_the_facts(source: Path, tmp_path: Path) -> None:
    for each in source.parent.rglob("*.toml"):  # beside the old file, where its relative paths hold
        place = tmp_path / each.relative_to(source.parent)
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(each.read_bytes())
    file = tmp_path / "next.toml"
    assert run("new", "--from", tmp_path / source.name, "-o", file).exit_code == 0
    old, new = load(source), load(file)
    assert {path: (placed.points, placed.node) for path, placed in new.framework.layout.items()} == {
        path: (placed.points, placed.node) for path, placed in old.framework.layout.items()
    }
    assert set(new.facts) == set(old.facts)
    assert all(fact.value is None and not fact.assumed for fact in new.facts.facts.values())
    assert new.subject.year == (old.subject.year or 0) + 1
    assert new.published.score is None
    text = file.read_text("utf-8")
    for fact in old.facts.facts.values():
        if fact.value is not None and fact.source:
            assert f"# {old.subject.year}：" in text


def test_a_figure_that_last_years_file_writes_as_a_quotient_is_emptied_and_a_relation_between_facts_is_kept(
    folder: Path,
) -> None:
    facts = """[facts.judged]
share = { formula = "14分 / 15分", source = "自评表!H28", assumed = "表中所填得分" }
[facts.funds]
all = { formula = "funds.city + funds.county" }
city = "3万元"
county = "4万元"
"""
    (folder / "good.toml").write_text(ASSESSMENT % ("5", "5") + facts, "utf-8")
    made = tomli.loads(run("new", "--from", folder / "good.toml", "--year", 2024).output)["facts"]
    assert made["judged"]["share"] == {"value": "", "source": ""}
    assert made["funds"]["all"] == {"formula": "funds.city + funds.county"}
    text = run("new", "--from", folder / "good.toml", "--year", 2024).output
    assert "：14分 / 15分（假定：表中所填得分）" in text


def test_next_years_file_is_not_made_of_a_workbook_and_says_what_to_do() -> None:
    result = run("new", "--from", "last.xlsx", "--lang", "en")
    assert result.exit_code == 2
    assert "perfeval import last.xlsx -o last-year.toml" in result.output


def test_last_years_values_stand_beside_the_empty_ones() -> None:
    text = run("new", "--from", SEED / "land-requisition.toml", "--year", 2024).output
    assert tomli.loads(text)["subject"]["year"] == 2024
    assert re.search(r'jiedi = \{ value = "", source = "".*# 2023：71人（附件2', text)


def test_a_file_that_is_there_is_kept_unless_forced(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("mine", "utf-8")
    refused = run("new", "cn/mof-2020/project-self", "-o", file, "--lang", "en")
    assert refused.exit_code == 2
    assert "is there already" in refused.output
    assert file.read_text("utf-8") == "mine"
    assert run("new", "cn/mof-2020/project-self", "-o", file, "--force").exit_code == 0
    assert "format = 1" in file.read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"]


def test_bad_input_never_makes_a_file(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("format = 2\n", "utf-8")
    for arguments in (
        ["new", "no/such"],
        ["new", "--from", bad],
        ["new"],
        ["new", "cn/mof-2020/project-self", "--from", bad],
    ):
        assert run(*arguments, "-o", tmp_path / "out.toml").exit_code == 2
    assert run("new", "cn/mof-2020/project-self", "-o", tmp_path / "none" / "out.toml").exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.toml"]


# Text from files is inert.


def test_escapes_and_markup_from_files_are_shown_and_not_obeyed(folder: Path) -> None:
    text = ASSESSMENT % ("5", "5") + '[tree.a]\nreason = "\\u001b[31mred [bold]loud[/bold] \\u202eback"\n'
    (folder / "good.toml").write_text(text.replace('name = "n"', 'name = "\\u001b]0;title\\u0007"'), "utf-8")
    for command in ("score", "explain"):
        output = run(command, folder / "good.toml").output
        assert "\x1b" not in output
        assert "\x07" not in output
        assert "\u202e" not in output
        assert "[bold]loud[/bold]" in output
    assert plain("a\x1b[0m\nb\t") == "a\ufffd[0m\nb\ufffd"


def test_errors_from_files_are_inert_too(folder: Path) -> None:
    (folder / "good.toml").write_text('format = 1\nframework = "\\u001b[31m"\n', "utf-8")
    result = run("score", folder / "good.toml")
    assert result.exit_code == 2
    assert "\x1b" not in result.output


@pytest.mark.parametrize(("value", "language"), [("zh_CN.UTF-8", "zh"), ("en_US.UTF-8", "en"), ("C", "en")])
def test_a_file_that_cannot_be_read_is_told_in_the_readers_language(
    value: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", value)
    output = run("score", tmp_path / "none.toml").output
    assert ("无法打开" in output) == (language == "zh")


def test_what_is_wrong_with_a_whole_workbook_is_told_in_its_own_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = Workbook()
    assert book.active is not None
    book.active["A1"] = "某乡自评情况"
    book.save(tmp_path / "chinese.xlsx")
    book.active["A1"] = "how we did"
    book.active.title = "ours"
    book.save(tmp_path / "english.xlsx")
    (tmp_path / "empty.xlsx").touch()
    for locale in ("zh_CN.UTF-8", "en_US.UTF-8"):
        monkeypatch.setenv("LC_ALL", locale)
        assert "没有认得的自评表" in run("score", tmp_path / "chinese.xlsx").output
        assert "没有认得的自评表" in run("import", tmp_path / "chinese.xlsx", "-o", tmp_path / "x.toml").output
        assert "holds no table" in run("score", tmp_path / "chinese.xlsx", "--lang", "en").output
        # One that says nothing itself: the language of the framework that it is to be scored on.
        arguments = ("import", tmp_path / "empty.xlsx", "-o", tmp_path / "x.toml")
        assert "是空文件" in run(*arguments, "--framework", "cn/mof-2020/project-self").output
    assert "holds no table" in run("score", tmp_path / "english.xlsx").output


def test_an_indicator_is_named_by_its_id_or_its_title_in_either_language() -> None:
    land = SEED / "land-requisition.toml"
    by_id = run("explain", land, "output.quantity.jiedi")
    assert (by_id.exit_code, by_id.output) == (0, run("explain", land, "杰迪公司项目安置人数").output)
    assert by_id.output == run("explain", land, "People resettled: Jiedi").output
    dimension = run("explain", land, "数量指标")
    assert dimension.output == run("explain", land, "output.quantity").output
    assert dimension.output.count("[output.quantity.") == 3
    data = json.loads(run("explain", land, "数量指标", "--format", "json").output)
    assert next(node["path"] for node in data) == "output.quantity"
    drawn = run("plot", "cn/mof-2013/department", "预算完成率")
    assert (drawn.exit_code, drawn.output) == (
        0,
        run("plot", "cn/mof-2013/department", "process.execution.completed").output,
    )


def test_a_title_that_several_indicators_have_is_answered_with_each_ones_id(tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text("budget.approved\n20\n", "utf-8")
    arguments = ("explain", "cn/mof-2013/department", "--facts", tmp_path / "facts.csv", "--row", 1)
    several = run(*arguments, "管理制度健全性")
    assert several.exit_code == 2
    assert several.output == (
        "“管理制度健全性”有 2 处：process.management.systems、process.assets.systems — 请写其中之一\n"
    )
    assert "是否应为“预算完成率”？" in run(*arguments, "预算完成").output
    assert (
        'did you mean "process.execution.completed"'
        in run(*arguments, "process.execution.complete", "--lang", "en").output
    )
    # A dimension has no curve.
    assert run("plot", "cn/mof-2013/department", "预算执行").exit_code == 2


def test_a_row_that_cannot_be_explained_is_told_in_the_frameworks_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    (tmp_path / "facts.csv").write_text("budget.approved,budget.executed\n约20,18\n", "utf-8")
    arguments = ("explain", "cn/mof-2013/department", "--facts", tmp_path / "facts.csv", "--row")
    assert "“约20”不是数量" in run(*arguments, 1).output
    assert "没有第 7 行" in run(*arguments, 7).output


@pytest.fixture
def twice(tmp_path: Path) -> Path:
    """A folder with an assessment as a file, and as the workbook that was made from it."""
    (tmp_path / "framework.toml").write_text(FRAMEWORK, "utf-8")
    (tmp_path / "a.toml").write_text(ASSESSMENT % ("5", "5"), "utf-8")
    assert run("form", tmp_path / "a.toml", "-o", tmp_path / "a.xlsx").exit_code == 0
    return tmp_path


def scores_of(*arguments: object) -> tuple[list[str], str]:
    """The files that were scored, and what was said beside."""
    result = CliRunner().invoke(main, ["score", *map(str, arguments), "--format", "json", "--lang", "en"])
    assert result.exit_code == 0
    return [each["score"] for each in json.loads(result.stdout)], result.stderr


def test_an_assessment_and_the_workbook_made_from_it_are_counted_once_in_a_folder(twice: Path) -> None:
    scores, said = scores_of(twice)
    assert (scores, said) == (["5.00"], f'"{twice}/a.xlsx" says what "{twice}/a.toml" says: counted once\n')
    assert run("explain", twice).exit_code == 0


def test_both_are_counted_where_they_are_named_or_have_other_names(twice: Path) -> None:
    assert scores_of(twice / "a.toml", twice / "a.xlsx") == (["5.00", "5.00"], "")
    (twice / "a.xlsx").rename(twice / "b.xlsx")
    assert scores_of(twice) == (["5.00", "5.00"], "")


def test_both_are_counted_where_they_differ_and_it_is_told_in_what(twice: Path) -> None:
    (twice / "a.toml").write_text(ASSESSMENT % ("6", "6"), "utf-8")
    scores, said = scores_of(twice)
    assert scores == ["6.00", "5.00"]
    assert said.endswith("share a name and differ, and both are counted (x: 6 / 5) — keep the right one\n")
    (twice / "a.toml").write_text(ASSESSMENT.replace('source = "s"', 'source = "t"') % ("5", "5"), "utf-8")
    assert "the figures agree, but not sources, reasons or stated scores" in scores_of(twice)[1]


def test_the_help_says_of_every_command_in_one_line_what_it_does() -> None:
    """As wide as a terminal of 80 columns: nothing is cut off with "..."."""
    listed = CliRunner().invoke(main, ["--help"], terminal_width=80).output.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == sorted(main.commands)
    assert all(line.endswith(".") and not line.endswith("...") for line in listed)


def test_the_version_and_the_help_are_there() -> None:
    assert "perfeval, version" in run("--version").output
    for command in ("score", "explain", "frameworks", "new"):
        assert run(command, "-h").exit_code == 0
