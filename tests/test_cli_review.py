"""`perfeval review`: what it prints, as tables and JSON, and how it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from docs_text import ROOT
from perfeval.cli import main
from perfeval.report.terminal import plain
from review_page import ACCEPTED, SOUND, example

PUBLISHED = ROOT / "examples" / "published"
JINZHAI = PUBLISHED / "jinzhai-tea-valley-2023-department.toml"
LINGLING = PUBLISHED / "lingling-forestry-2021-department.toml"
CJK = re.compile(r"[㐀-鿿]")


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, ["review", *(str(argument) for argument in arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    (tmp_path / "sound.toml").write_text(SOUND, "utf-8")
    return tmp_path / "sound.toml"


def test_an_objection_is_shown_with_code_title_figures_facts_and_answer() -> None:
    result = run(JINZHAI)
    assert result.exit_code == 0
    shown = result.output
    for said in (
        "疑点 4",
        "over-completion",
        "完成农村户用卫生厕所改造数量",
        "完成率 153.05%，超过 130%",
        "output.quantity.toilets = 3061",
        "→ 说明超额原因",
    ):
        assert said in shown, said
    assert "错误" not in shown


def test_errors_come_first_and_end_with_1() -> None:
    result = run(LINGLING)
    assert result.exit_code == 1
    assert result.output.index("错误 1") < result.output.index("疑点 5") < result.output.index("提示 1")
    assert result.output.rstrip().endswith("错误 1，疑点 5，提示 1")


def test_a_sound_assessment_has_no_objections(sound: Path) -> None:
    result = run(sound, "--lang", "en")
    assert result.exit_code == 0
    assert "no objections" in result.output


def test_what_is_accepted_is_listed_apart_with_its_reason(tmp_path: Path) -> None:
    path = example("over-completion", tmp_path)
    path.write_text(path.read_text("utf-8") + ACCEPTED, "utf-8")
    result = run(path, "--lang", "en")
    assert result.exit_code == 0
    assert "accepted 1" in result.output
    assert "reason: 苗木由企业捐赠，年初无法预计" in result.output
    assert "warning" not in result.output


def test_an_error_that_is_accepted_does_not_end_with_1(tmp_path: Path) -> None:
    path = example("grade-mismatch", tmp_path)
    assert run(path).exit_code == 1
    accepted = '[[review.accepted]]\ncode = "grade-mismatch"\nreason = "市级复核降档"\n'
    path.write_text(path.read_text("utf-8") + accepted, "utf-8")
    assert run(path).exit_code == 0


def test_several_files_end_with_a_table_by_code_and_unit() -> None:
    result = run(PUBLISHED)
    assert result.exit_code == 1
    (row,) = [
        line for line in result.output.splitlines() if re.match(r" satisfaction-without-survey\s+满意度没有", line)
    ]
    assert re.search(r"满意度没有调查依据\s+3\s+3\s+廊坊市食品工程学校 1、天长市水利局 1、中江县水利局 1", row)


def test_a_summary_has_no_single_objections() -> None:
    result = run(PUBLISHED, "--summary", "--lang", "en")
    assert result.exit_code == 1
    assert "over-completion" in result.output
    assert "153.05%" not in result.output


def test_a_summary_of_many_units_names_some_and_says_how_many(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number:02}.toml").write_text(
            SOUND.replace('unit = "某镇人民政府"', f'unit = "虚构镇{number:02}"').replace("score = 97.1", "score = 90"),
            "utf-8",
        )
    shown = run(tmp_path, "--summary").output
    assert "虚构镇07 1 等 12 个单位" in shown
    assert "虚构镇08" not in shown
    assert "虚构镇07 1 and 4 more" in run(tmp_path, "--summary", "--lang", "en").output
    data = json.loads(run(tmp_path, "--summary", "--format", "json").output)
    assert len(data[0]["units"]) == 12


def test_a_summary_of_nothing_says_so(sound: Path) -> None:
    assert run(sound, "--summary", "--lang", "en").output.strip() == "no objections"


def test_the_json_has_the_promised_shape() -> None:
    (data,) = json.loads(run(LINGLING, "--format", "json").output)
    assert (data["worst"], data["counts"]) == ("error", {"error": 1, "warning": 5, "note": 1})
    assert data["subject"]["unit"] == "永州市零陵区林业局"
    first = data["objections"][0]
    assert set(first) == {"code", "severity", "title", "path", "indicator", "message", "answer", "facts"}
    assert (first["code"], first["path"], first["indicator"]) == (
        "stated-off-rule",
        "benefit.economic.timber_sales",
        "木材销售收入",
    )
    assert first["facts"] == [
        {
            "name": "benefit.economic.timber_sales",
            "title": "benefit.economic.timber_sales",
            "text": "1093万元",
            "status": "stated",
            "source": "自评表：经济效益指标 / 木材销售收入",
            "assumed": None,
        }
    ]


def test_the_json_of_a_summary_counts() -> None:
    data = {each["code"]: each for each in json.loads(run(PUBLISHED, "--summary", "--format", "json").output)}
    assert data["execution-score"]["times"] == 3
    assert data["execution-score"]["units"] == {"池州市贵池区棠溪镇人民政府": 2, "永州市零陵区林业局": 1}


def test_the_json_of_an_accepted_objection_has_its_reason(tmp_path: Path) -> None:
    path = example("over-completion", tmp_path)
    path.write_text(path.read_text("utf-8") + ACCEPTED, "utf-8")
    (data,) = json.loads(run(path, "--format", "json").output)
    assert data["objections"] == []
    ((code, reason),) = [(each["code"], each["reason"]) for each in data["accepted"]]
    assert (code, reason) == ("over-completion", "苗木由企业捐赠，年初无法预计")


def test_in_english_only_what_the_file_says_is_chinese(sound: Path) -> None:
    (data,) = json.loads(run(LINGLING, "--format", "json", "--lang", "en").output)
    for each in data["objections"]:
        assert not CJK.search(each["title"] + each["answer"])
        said = re.sub(r'"[^"]*"', "", each["message"])
        assert not CJK.search(re.sub(r"[万亿]元", "", said)) or each["code"] == "vague-indicator", said


def test_a_line_can_be_drawn_elsewhere_and_only_where_there_is_one() -> None:
    assert "over-completion" not in run(JINZHAI, "--threshold", "over_completion=160%").output
    assert "over-completion" in run(JINZHAI, "--threshold", "over-completion=150%").output
    unknown = run(JINZHAI, "--threshold", "over=3", "--lang", "en")
    assert (unknown.exit_code, unknown.output.startswith('there is no threshold "over"')) == (2, True)
    wrong = run(JINZHAI, "--threshold", "over_completion=much", "--lang", "en")
    assert wrong.exit_code == 2
    assert wrong.output.startswith('--threshold over_completion: "much" is not a quantity')


def test_a_wrong_file_is_bad_input_and_the_others_are_reviewed(sound: Path) -> None:
    (sound.parent / "bad.toml").write_text("format = 1\nframework = \n", "utf-8")
    result = run(sound.parent, "--lang", "en")
    assert result.exit_code == 2
    assert "bad.toml:2:13: not TOML" in result.stderr
    assert "no objections" in result.stdout
    assert run(sound.parent / "none.toml").exit_code == 2


def test_control_characters_of_a_file_do_nothing_to_the_terminal(tmp_path: Path) -> None:
    path = example("vague-indicator", tmp_path)
    path.write_text(path.read_text("utf-8").replace('"效果明显"', '"效果明显\\u001b[m"'), "utf-8")
    result = run(path)
    assert "\x1b" not in result.output
    assert plain(result.output) == result.output
    assert "效果明显�[m" in result.output
