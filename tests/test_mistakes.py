"""What a newcomer gets wrong in the README's own file is answered with its place, what was found and what to write."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from docs_text import blocks
from perfeval.cli import main
from perfeval.loading import catalogue_folder

PLANTING = next(block.body for block in blocks("README.md") if block.name == "planting.toml")


def planting(folder: Path, old: str = "", new: str = "") -> Path:
    """The README's file with one thing changed."""
    assert old in PLANTING
    path = folder / "planting.toml"
    path.write_text(PLANTING.replace(old, new, 1) if old else PLANTING, "utf-8")
    return path


def answered(*arguments: object, code: int = 2, locale: str = "zh_CN.UTF-8") -> str:
    """All that a command says, without the folder of its files."""
    result = CliRunner().invoke(main, [str(each) for each in arguments], env={"COLUMNS": "300", "LC_ALL": locale})
    assert result.exit_code == code, result.output
    folders = {str(Path(str(each)).parent) for each in arguments if "/" in str(each)}
    output = result.output
    for folder in sorted(folders, key=len, reverse=True):
        output = output.replace(f"{folder}/", "") if folder.startswith("/") else output
    return output


def test_points_that_do_not_add_up_are_told_where_the_users_indicators_stand_with_each_ones_points(
    tmp_path: Path,
) -> None:
    path = planting(tmp_path, "points = 20", "points = 25")
    assert answered("score", path).splitlines() == [
        "planting.toml:28:2: 各指标分值合计 105 = 预算执行率 10 + 产出指标 55 + 效益指标 30 + 满意度指标 10，"
        "应为 100（多 5）— 请调整分值",
        "planting.toml:28:7: “产出指标”写明 50 分，其下合计 55 = 植树棵数 30 + 成活率 25（多 5）— 请调整其下分值",
    ]


def test_a_framework_that_is_to_be_scored_is_told_apart_from_an_assessment(tmp_path: Path) -> None:
    path = tmp_path / "frame.toml"
    path.write_text((catalogue_folder() / "cn/mof-2013/department.toml").read_text("utf-8"), "utf-8")
    (said,) = answered("score", path).splitlines()
    assert said.endswith("这是指标体系，不是评价文件 — 用 perfeval new frame.toml -o 文件.toml 生成一份来填写")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'level = "达成年度指标"',
            'level = "基本达成"',
            "planting.toml:22:19: 没有评判等级“基本达成”，应为：达成年度指标、部分达成年度指标、未达成年度指标 — 请写其中之一",
        ),
        (
            'level = "达成年度指标"',
            'level = "部份达成年度指标"',
            "planting.toml:22:19: 没有评判等级“部份达成年度指标”，应为：达成年度指标、部分达成年度指标、未达成年度指标"
            " — 是否应为“部分达成年度指标”？",
        ),
        (
            'share = "90%"',
            'share = "70%"',
            "planting.toml:22:37: “达成年度指标”的评定比例应在 80%（含）至 100%（含）之间（现为 70%）— 请改比例，或换等级",
        ),
        (
            'level = "达成年度指标"',
            'level = "部分达成年度指标"',
            "planting.toml:22:39: “部分达成年度指标”的评定比例应在 60%（含）至 80%（不含）之间（现为 90%）— 请改比例，或换等级",
        ),
    ],
)
def test_a_level_or_a_share_that_the_rule_does_not_know_is_told_where_it_stands(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    assert answered("score", planting(tmp_path, old, new)).splitlines() == [said]


@pytest.mark.parametrize(
    ("fact", "value", "said"),
    [
        ("judged.shade.level", "基本达成", "没有评判等级“基本达成”，应为：达成年度指标、"),
        ("judged.shade.share", "70%", "“达成年度指标”的评定比例应在 80%（含）至 100%（含）之间（现为 70%）"),
    ],
)
def test_in_a_workbook_it_is_told_with_sheet_and_cell(fact: str, value: str, said: str, tmp_path: Path) -> None:
    book = tmp_path / "planting.xlsx"
    answered("form", planting(tmp_path), "-o", book, code=0)
    filled = load_workbook(book)
    sheet = filled["事实"]
    row = next(cell.row for cell in sheet["A"] if cell.value == fact)
    sheet.cell(row, 3).value = value
    filled.save(book)
    assert f"planting.xlsx 事实!C{row}: {said}" in answered("score", book)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '"18万元"',
            '"18"',
            "planting.toml:15:22: 事实 budget.executed（“18”没有单位）：“budget.executed ÷ budget.approved”："
            "不带单位的数与金额不能相乘或相除 — 请写 18万元 或 18元",
        ),
    ],
)
def test_a_figure_without_its_unit_is_named_with_what_to_write(old: str, new: str, said: str, tmp_path: Path) -> None:
    assert said in answered("score", planting(tmp_path, old, new)).splitlines()


@pytest.mark.parametrize(
    ("fact", "value", "unit", "said"),
    [
        ("budget.executed", True, "", "事实 budget.executed（是/否）："),
        ("budget.executed", date(2023, 5, 1), "", "事实 budget.executed（“2023-05-01”"),
        ("budget.executed", 18, "", "事实 budget.executed（“18”没有单位）："),
        ("budget.executed", 18, "块", "— 请写 18万元 或 18元"),
        ("judged.shade.share", "0.95", "", "请写 95%"),
    ],
)
def test_in_a_workbook_it_is_named_with_sheet_and_cell(
    fact: str, value: object, unit: str, said: str, tmp_path: Path
) -> None:
    book = tmp_path / "planting.xlsx"
    answered("form", planting(tmp_path), "-o", book, code=0)
    filled = load_workbook(book)
    sheet = filled["事实"]
    row = next(cell.row for cell in sheet["A"] if cell.value == fact)
    sheet.cell(row, 3).value, sheet.cell(row, 4).value = value, unit  # type: ignore[assignment]
    filled.save(book)
    (line,) = answered("score", book).splitlines()
    assert line.startswith(f"planting.xlsx 事实!C{row}: ")
    assert said in line


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"村口植树"', "“村口植树”", '6:8: 此处是中文符号 “ — 请改用英文符号 "'),
        ('"村口植树"', '"村口植树”', '6:13: 此处是中文符号 ” — 请改用英文符号 "'),
        ("name = ", "name ＝ ", "6:6: 此处是中文符号 ＝ — 请改用英文符号 ="),
        (", share", "， share", "22:27: 此处是中文符号 ， — 请改用英文符号 ,"),
        ('"村口植树"', "村口植树", "6:8: TOML 语法错误：等号后不是一个值；文本要写在英文引号内"),
        ("name = ", "name ", "6:6: TOML 语法错误：键之后缺少等号"),
        ('"村口植树"', '"村口植树，一期', "6:16: TOML 语法错误：文本缺少结束的引号（应在同一行内结束）"),
        ("[published]", "[published", "10:11: TOML 语法错误：此处应为 ]，结束表名"),
        ('评定" }', '评定"', "24:1: TOML 语法错误：{ … } 缺少结束的 }，或两项之间缺少逗号"),
        ("year = 2023", "year = 2023\nyear = 2024", "9:12: TOML 语法错误：同一个键写了两次 — 只保留一处"),
        ('"村口植树"', '"村口植树。', "6:14: TOML 语法错误：文本缺少结束的引号（应在同一行内结束）"),
        ("name = ", "name： ", "6:5: 键与值之间写 =，不写 ："),
        ("name = ", "name: ", "6:5: 键与值之间写 =，不写 :"),
        ("value =", "value：", "14:19: 键与值之间写 =，不写 ："),
        ("name = ", "名称 = ", '6:1: 键“名称”要加英文引号 — 请写 "名称"'),
        ("name = ", "name名 = ", '6:5: 键“name名”要加英文引号 — 请写 "name名"'),
        ("[published]", "[已公布]", '10:2: 键“已公布”要加英文引号 — 请写 "已公布"'),
        ("[published]", "[facts.已公布]", '10:8: 键“已公布”要加英文引号 — 请写 "已公布"'),
        ("[published]", "[facts。published]", "10:7: 此处是中文符号 。 — 请改用英文符号 ."),
        ("[published]", "[[published", "10:12: TOML 语法错误：此处应为 ]]，结束表名"),
        ("[published]", "村口植树", "10:1: TOML 语法错误：此行不是“键 = 值”，也不是 [表]"),
        ("[published]", "[subject]", "10:9: TOML 语法错误：表 [subject] 已在别处写过 — 请合成一个"),
        ("[published]", '[facts."植"]\n[facts."植"]', '11:11: TOML 语法错误：表 [facts."植"] 已在别处写过'),
        ("[published]", "[subject.name]\n[published]", "10:14: TOML 语法错误：同一个键写了两次"),
        (
            "[published]",
            "[facts.a]\nb = { value = 1 }\nb.source = 1",
            "12:13: TOML 语法错误：表 [facts.a.b] 已在别处写完",
        ),
    ],
)
def test_a_slip_of_syntax_is_told_in_chinese(old: str, new: str, said: str, tmp_path: Path) -> None:
    path = planting(tmp_path, old, new)
    (line,) = answered("score", path).splitlines()
    assert line.startswith(f"planting.toml:{said}")
    (line,) = answered("score", path, "--lang", "en").splitlines()
    assert not re.search("Expected|Cannot|Invalid|Illegal|[(]'", line)


def test_a_key_with_its_quotes_as_the_message_says_is_taken(tmp_path: Path) -> None:
    path = planting(
        tmp_path, "[published]", '[facts."植树"]\n"棵数" = 3\n"两倍" = { formula = "植树.棵数 × 2" }\n[published]'
    )
    assert "总分" in answered("score", path, code=1)


@pytest.mark.parametrize(
    ("published", "zh", "en"),
    [
        ("93", "公布 93，比计算低 1.5 分", "published 93, 1.5 points below the computed score"),
        ("95.5", "公布 95.5，比计算高 1 分", "published 95.5, 1 point above the computed score"),
        ("94.5", "公布 94.5：与计算一致", "published 94.5: agrees"),
    ],
)
def test_a_published_score_is_as_many_points_above_or_below_the_computed_one(
    published: str, zh: str, en: str, tmp_path: Path
) -> None:
    path, code = planting(tmp_path, "score = 93", f"score = {published}"), 0 if published == "94.5" else 1
    assert zh in answered("score", path, code=code)
    assert en in answered("score", path, "--lang", "en", code=code)
    assert en in answered("score", path, "--summary", "--lang", "en", code=code)


def test_errors_and_closing_lines_are_in_the_frameworks_language_whatever_the_locale(tmp_path: Path) -> None:
    path = planting(tmp_path, "reason", "reasn")
    assert "不认识的键" in answered("score", path, locale="C")
    assert "不认识的键" in answered("form", path, "-o", tmp_path / "a.xlsx", locale="C")
    assert "unknown key" in answered("score", path, "--lang", "en")
    path.write_text('format = 1\nframework = "no/such"\n[subject]\nname = "植树"\n', "utf-8")
    assert "目录中没有指标体系" in answered("score", path, locale="C")
    path.write_text('format = 1\nframework = "no/such"\n', "utf-8")
    assert "there is no framework" in answered("score", path, locale="C")
    assert "cannot open" in answered("score", tmp_path / "none.toml", locale="C")
    made = answered("new", "cn/mof-2020/project-self", "-o", tmp_path / "new.toml", code=0, locale="C")
    assert made.startswith("已写入")
    planting(tmp_path)
    answered("form", path, "-o", tmp_path / "planting.xlsx", code=0)
    imported = answered("import", tmp_path / "planting.xlsx", "-o", tmp_path / "in.toml", code=0, locale="C")
    assert imported.startswith("已写入")


def test_a_file_in_english_on_an_english_framework_is_answered_in_english(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('format = 1\n[framework]\nid = "own"\nlanguage = "en"\n', "utf-8")
    path = tmp_path / "a.toml"
    path.write_text('format = 1\nframework = "own.toml"\nfacs = 1 # 植树\n', "utf-8")
    assert "unknown key" in answered("score", path)


@pytest.mark.parametrize("name", ["x.pdf", "x.txt", "x.htm"])
def test_a_report_of_another_kind_is_refused_and_makes_nothing(name: str, tmp_path: Path) -> None:
    target = tmp_path / name
    said = answered("report", planting(tmp_path), "-o", target)
    assert said.startswith(f"不能写 {target.suffix} 文件")
    assert "可写 .html、.docx、.md、.json、.xlsx；多个文件写文件夹，如“x/”" in said
    assert not target.exists()


@pytest.mark.parametrize("name", ["x", "there.2023", "new.2023/"])
def test_a_report_goes_into_a_folder_that_is_there_or_is_written_as_one(name: str, tmp_path: Path) -> None:
    (tmp_path / "there.2023").mkdir()
    answered("report", planting(tmp_path), "-o", f"{tmp_path}/{name}", "--as", "json", code=0)
    assert (tmp_path / name / "planting.json").is_file()


def test_a_blank_form_in_word_is_refused_with_what_there_is(tmp_path: Path) -> None:
    said = answered("form", "cn/mof-2020/project-self", "-o", tmp_path / "b.docx")
    assert said.startswith("“cn/mof-2020/project-self”的空白自评表只有 .xlsx — 请写 -o project-self.xlsx")
    assert not (tmp_path / "b.docx").exists()


def test_a_fact_that_another_indicator_only_divides_by_does_not_decide_that_ones_points(tmp_path: Path) -> None:
    assert "one-fact-many-points" not in answered("review", planting(tmp_path), code=0)
    both = planting(tmp_path, 'actual = "trees.alive / trees.planted"', 'actual = "trees.planted / trees.alive"')
    assert "one-fact-many-points" in answered("review", both, code=1)


def test_a_misspelt_key_is_answered_with_the_nearest_one_also_of_what_an_assessment_says(tmp_path: Path) -> None:
    said = answered("score", planting(tmp_path, "reason", "reasn"))
    assert said.splitlines() == ["planting.toml:33:1: 不认识的键“reasn”— 是否应为“reason”？"]
