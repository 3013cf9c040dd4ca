"""`perfeval what-if`: what it prints, as tables and JSON, in both languages, and what it refuses."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from docs_text import ROOT, blocks
from perfeval.cli import main

SEED = ROOT / "examples" / "panzhihua-dongqu-2023"
EXAMPLES = [*sorted(SEED.glob("[dl]*.toml")), *sorted((ROOT / "examples" / "published").glob("*.toml"))]
CJK = re.compile(r"[㐀-鿿]")

FRAMEWORK = """format = 1
[framework]
id = "own/test"
title = "测试"
title_en = "test"
points = 100
[[framework.grades]]
name = "优"
name_en = "excellent"
from = 90
[[framework.grades]]
name = "差"
name_en = "poor"
from = 0
[[limits]]
title = "一票否决"
title_en = "veto"
when = "fines > 3"
at_most = 50
[[adjustments]]
id = "fined"
title = "罚款"
title_en = "fines"
award = "0 - fines"
at_least = -5
[tree.a]
title = "植树"
title_en = "trees"
category = "decision"
points = 60
actual = "planted"
rule = { kind = "completion", target = "≥1000棵" }
[tree.b]
title = "完好率"
title_en = "state"
category = "decision"
points = 40
actual = "state"
rule = { kind = "bands", bands = [["≥95%", 40], ["≥90%", 30]] }
"""
ASSESSMENT = """format = 1
framework = "framework.toml"
[facts]
planted = { value = "950棵", source = "s" }
state = { value = "94%", source = "s" }
fines = { value = "1", source = "s", title = "\\u001b[31m罚款次数" }
"""


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "framework.toml").write_text(FRAMEWORK, "utf-8")
    (tmp_path / "a.toml").write_text(ASSESSMENT, "utf-8")
    return tmp_path / "a.toml"


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, ["what-if", *(str(argument) for argument in arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def lines(result: Result) -> list[str]:
    """What was printed, with single spaces."""
    return [" ".join(line.split()) for line in result.output.splitlines() if line.strip()]


def data(*arguments: object) -> dict[str, object]:
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert isinstance(found, dict)
    return found


def test_the_page_prints_what_the_command_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    ran = 0
    for block in blocks("docs/cli.md"):
        command, _, said = block.body.removeprefix("$ ").partition("\n")
        if block.language == "console" and command.startswith("perfeval what-if"):
            printed = run(*shlex.split(command)[2:]).output
            assert "\n".join(line.rstrip() for line in printed.splitlines()).strip("\n") == said.strip("\n")
            ran += 1
    assert ran == 3


def test_a_change_shows_before_and_after(small: Path) -> None:
    result = run(small, "planted=900棵", "state=96%", "fines=4", "--lang", "en")
    assert result.exit_code == 0
    said = lines(result)
    assert "trees 60 57 54 −3 planted" in said
    assert "state 40 30 40 +10 state" in said
    assert "adjustment fines: -1 → -4" in said
    assert "limit now in force: veto" in said
    assert said[-1] == "total 86.00 poor → 50.00 poor −36"


def test_a_limit_that_no_longer_holds_is_told(small: Path) -> None:
    small.write_text(ASSESSMENT.replace('fines = { value = "1"', 'fines = { value = "4"'), "utf-8")
    assert "限制解除: 一票否决" in lines(run(small, "fines=0"))


def test_with_nothing_asked_the_three_answers_are_given(small: Path) -> None:
    result = run(small, "--lang", "en")
    said = lines(result)
    assert result.exit_code == 0
    assert "the total's change for 1% of each figure" in said
    assert "planted 950棵 +0.57 −0.57" in said
    assert "awards that jump within 2% of a figure" in said
    assert "state state 94% from 95% 30 → 40" in said
    assert "now 86.00 poor. Each of these alone reaches excellent (≥ 90):" in said
    assert "state 94% 95% +1.06% 96.00 excellent" in said
    assert "1 more do not move it by 1% either way" in said


def test_only_what_is_asked_for_is_given(small: Path) -> None:
    assert "jump" not in run(small, "--sensitivity", "--lang", "en").output
    assert "1%" not in run(small, "--within", "3%", "--lang", "en").output
    assert "no award jumps within 0.5% of a figure" in run(small, "--within", "0.5%", "--lang", "en").output
    assert "jump" not in run(small, "--reach", "95", "--lang", "en").output


def test_after_a_change_the_other_answers_are_about_what_it_leads_to(small: Path) -> None:
    said = lines(run(small, "state=95%", "--reach-grade", "优", "--lang", "en"))
    assert said[-1] == "excellent (≥ 90) is reached as it is: 96.00 excellent"
    assert "state 95% below 95% 40 → 30" in " ".join(lines(run(small, "state=95%", "--within", "1%", "--lang", "en")))


def test_at_the_top_there_is_no_next_grade(small: Path) -> None:
    small.write_text(ASSESSMENT.replace("94%", "95%"), "utf-8")
    assert lines(run(small, "--lang", "en"))[-1] == "now 96.00 excellent, the highest grade"
    assert lines(run(small))[-1] == "现为 96.00 优，已是最高等级"


def test_where_no_single_figure_does_it_the_best_one_is_told(small: Path) -> None:
    said = lines(run(small, "--reach", "99", "--lang", "en"))
    assert said == [
        "now 86.00 poor. No single fact reaches 99",
        "the most a single one can do: state from 94% to 95% gives 96.00 excellent",
    ]


def test_every_problem_of_the_command_line_is_told_at_once(small: Path) -> None:
    result = run(
        small,
        "plantd=5棵", "state", "planted=1万元", "fines=2", "fines=3",
        "--points", "a=70", "--points", "c=3", "--reach", "x", "--within", "7", "--lang", "en",
    )  # fmt: skip
    assert result.exit_code == 2
    said = result.output.splitlines()
    assert len(said) == 7
    for part in ('did you mean "planted"', '"state" should', "but the fact is a count", "given twice", 'indicator "c"'):
        assert any(part in line for line in said), part
    assert any("not a quantity" in line for line in said)
    assert any("percentage above 0" in line for line in said)


def test_points_that_do_not_add_up_are_told(small: Path) -> None:
    result = run(small, "--points", "a=70", "--lang", "en")
    assert result.exit_code == 2
    assert "add up to 110" in result.output
    assert run(small, "--points", "a=70", "--points", "b=30").exit_code == 2  # its bands award 40
    as_fact = run(small, "a.points=50", "--points", "b=50", "--lang", "en")
    assert (as_fact.exit_code, as_fact.output) == (2, '"a.points" is no fact — write points as --points a=50\n')
    moved = run(small, "--points", "a=50", "--points", "b=50", "--lang", "en")
    assert "trees 60 → 50 57 47.5 −9.5" in lines(moved)


def test_a_file_or_folder_that_will_not_do_is_refused(small: Path, tmp_path: Path) -> None:
    assert run(tmp_path / "none.toml").exit_code == 2
    (tmp_path / "b.toml").write_text(ASSESSMENT, "utf-8")
    result = run(tmp_path, "--lang", "en")
    assert result.exit_code == 2
    assert "2 assessments" in result.output


def test_json_has_the_keys_that_the_page_lists(small: Path) -> None:
    page = (ROOT / "docs" / "cli.md").read_text("utf-8").partition("## What if")[2].partition("\n## ")[0]
    listed = set(re.findall(r"`([a-z_]+)`", page.partition("`--format json`")[2]))
    found: set[str] = set()

    def collect(value: object) -> None:
        if isinstance(value, dict):
            for key, below in value.items():
                if key not in ("fined", "a", "b", "name", "name_en"):
                    found.add(key)
                collect(below)
        elif isinstance(value, list):
            for each in value:
                collect(each)

    collect(data(small))
    collect(data(small, "planted=960棵", "--points", "a=50", "--points", "b=50", "--reach", "99"))
    assert {key.removesuffix("_exact") for key in found} == listed - {"between"}


def test_json_holds_decimals_as_text(small: Path) -> None:
    found = data(small, "--reach", "90", "--lang", "en")
    assert found["reach"] == {
        "total": "90",
        "grade": None,
        "score": "86.00",
        "already": False,
        "reaches": [
            {
                "fact": "state",
                "title": "state",
                "old": "94%",
                "new": "95%",
                "total": "96.00",
                "grade": {"name": "优", "name_en": "excellent"},
                "judgement": False,
                "edge": "95",
                "relative": "1.06%",
            }
        ],
        "best": None,
        "unsolved": [],
    }
    assert data(small, "state=95%")["before"] == {
        "score": "86.00",
        "grade": {"name": "差", "name_en": "poor"},
        "message": None,
        "limits": [],
        "adjustments": {"fined": "-1"},
    }


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_is_answered_in_both_languages(path: Path) -> None:
    for language in ("zh", "en"):
        result = run(path, "--lang", language)
        assert result.exit_code == 0
        assert result.output.strip()


def test_english_output_says_nothing_in_chinese_of_its_own(small: Path) -> None:
    small.write_text(re.sub(r', title = ".*?"', "", ASSESSMENT).replace("棵", "t"), "utf-8")
    framework = small.with_name("framework.toml")
    framework.write_text(FRAMEWORK.replace("1000棵", "1000t"), "utf-8")
    for arguments in (["--reach", "99"], [], ["planted=1t", "fines=4"], ["--within", "0.1%"]):
        assert not CJK.search(run(small, *arguments, "--lang", "en").output)


def test_what_is_printed_cannot_reach_the_terminal(small: Path) -> None:
    assert "\x1b" not in run(small).output
    assert "\x1b" not in run(small, "fines=4").output
    assert "\x1b" not in run(small, "--format", "json").output
    assert "\x1b" not in run(small, "\x1b[31mx=1").output
