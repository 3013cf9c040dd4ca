"""`perfeval check`, `bounds` and `audit`: exit codes, JSON, languages, and bad input."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from docs_text import ROOT
from perfeval.cli import main
from review_page import example

EXAMPLE = ROOT / "examples" / "panzhihua-dongqu-2023"
PUBLISHED = ROOT / "examples" / "published"
GOOD = str(PUBLISHED / "langfang-food-school-2019-hvac.toml")

FRAMEWORK = """format = 1
[framework]
id = "t"
title = "体系"
title_en = "system"
points = 100
[[framework.grades]]
name = "优"
name_en = "excellent"
from = 90
[[framework.grades]]
name = "差"
name_en = "poor"
from = 0
[tree.a]
title = "甲"
category = "decision"
points = 60
rule = { kind = "awarded" }
[tree.b]
title = "乙"
category = "satisfaction"
points = 40
rule = { kind = "completion", target = "≥90%" }
"""
FILE = """format = 1
framework = "framework.toml"
[subject]
unit = "单位"
[published]
score = 50
[facts]
a = { value = "60", source = "表\\u001b[31m" }
b = { between = ["45%", "90%"] }
n = { stated = [{ value = "3人", source = "甲处", used = true }, { value = "4人", source = "乙处", severity = "warning" }] }
missing = ""
[[checks]]
id = "n"
that = "n >= missing"
"""


BESIDE = """[[adjustments]]
id = "prize"
title = "加分"
award = "1"
at_most = 5
"""


@pytest.fixture
def small(tmp_path: Path) -> str:
    (tmp_path / "framework.toml").write_text(FRAMEWORK, "utf-8")
    (tmp_path / "file.toml").write_text(FILE, "utf-8")
    return str(tmp_path / "file.toml")


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, list(arguments), env={"LANG": "en_US.UTF-8"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", GOOD), 0),
        (("check", str(EXAMPLE)), 1),
        (("bounds", GOOD), 0),
        (("bounds", str(EXAMPLE), "--stated-only"), 0),
        (("audit", str(EXAMPLE)), 0),
        (("audit", str(EXAMPLE), "--published", "60"), 1),
        (("audit", GOOD), 1),  # two item scores are not what their rules give
        (("audit", str(PUBLISHED / "tianchang-water-2022-flood-drought.toml")), 0),
        (("check", "missing.toml"), 2),
        (("bounds", "missing.toml", GOOD), 2),
        (("audit", "missing.toml"), 2),
        (("audit", GOOD, "--published", "ninety"), 2),
    ],
)
def test_the_exit_code_is_the_answer(arguments: tuple[str, ...], code: int) -> None:
    assert run(*arguments).exit_code == code


def test_a_question_alone_is_no_error_and_what_cannot_be_checked_is_told(small: str) -> None:
    result = run("check", small)
    assert result.exit_code == 0
    assert "勾稽检查 2 项关系：错误 0，疑问 1，一致 0，未能检查 1" in result.output
    assert "所列 4人，应为 3人，相差 1人" in result.output
    assert "缺少事实 missing" in result.output


def test_an_unknown_fact_is_shown_with_its_range(small: str) -> None:
    result = run("bounds", small, "--lang", "en")
    assert "b (45%–90%)" in result.output
    assert "total 80–100 / 100  grade poor to excellent" in result.output


def test_an_impossible_score_is_answered_in_either_language(small: str) -> None:
    assert "总分在 80–100 分之间，最接近的是 80 分" in run("audit", small).output
    english = run("audit", small, "--lang", "en").output
    assert "contradicts the stated facts: on these alone the total lies within 80–100" in english
    assert "甲: 60 of 60; a 60 [表�[31m]" in english


def test_several_files_stand_apart_and_a_wrong_one_does_not_stop_the_others() -> None:
    result = run("audit", "missing.toml", GOOD, str(EXAMPLE / "department.toml"))
    assert result.exit_code == 2
    assert "missing.toml" in result.output
    assert result.output.count("\n1. ") == 2


@pytest.mark.parametrize("command", ["check", "bounds", "audit", "compare"])
def test_json_has_the_keys_that_the_page_lists(command: str, small: str, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "cli.md").read_text("utf-8")
    section = page.partition("## JSON of `check`")[2].partition("\n## ")[0]
    listed = {
        key
        for row in section.splitlines()
        if row.startswith(f"| `{command}`") or (command == "audit" and row.startswith("| `bounds`"))
        for key in re.findall(r"`([a-z_]+)`", row.split("|")[2])
    }
    found: set[str] = set()

    def collect(value: object) -> None:
        if isinstance(value, dict):
            for key, below in value.items():
                found.add(key)
                if key not in ("worst", "best", "raters", "totals"):  # below these, grades and raters are the keys
                    collect(below)
        elif isinstance(value, list):
            for each in value:
                collect(each)

    department = str(EXAMPLE / "department.toml")
    if command == "compare":
        collect(
            json.loads(run("compare", department, str(EXAMPLE / "land-requisition.toml"), "--format", "json").output)
        )
        collect(json.loads(run("compare", str(example("raters-far-apart", tmp_path)), "--format", "json").output))
    else:
        beside = tmp_path / "beside.toml"
        (tmp_path / "adjusted.toml").write_text(FRAMEWORK + BESIDE, "utf-8")
        beside.write_text(FILE.replace("framework.toml", "adjusted.toml"), "utf-8")
        graded = str(EXAMPLE / "land-requisition.toml")
        collect(json.loads(run(command, department, graded, small, GOOD, str(beside), "--format", "json").output))
    assert found == listed - ({"bounds"} if command == "bounds" else set())


def test_json_is_exact_text(small: str) -> None:
    (found,) = json.loads(run("bounds", small, "--format", "json").output)
    assert (found["low"], found["high"]) == ("80", "100")
    assert found["open"] == [{"name": "b", "low": "0.45", "high": "0.9", "assumed": None}]
    (audited,) = json.loads(run("audit", str(EXAMPLE / "land-requisition.toml"), "--format", "json").output)
    (scenario,) = audited["scenarios"]
    assert (scenario["needed"], scenario["unexplained_loss"]) == ("30", "10")
    assert scenario["shares"][2] == {"path": "benefit", "points": "30", "low": "0.666667", "high": "1"}
