"""`perfeval form`: a workbook of an assessment, or a blank one; and what it cannot make."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from docs_text import ROOT
from perfeval.cli import main

PROJECT = str(ROOT / "examples" / "panzhihua-dongqu-2023" / "land-requisition.toml")
FRAMEWORK = """format = 1
[framework]
id = "t"
title = "体系"
points = 100
[tree.a]
title = "甲"
category = "decision"
points = 100
rule = { kind = "awarded" }
"""


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["form", *arguments], env={"LANG": "en_US.UTF-8"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_a_workbook_of_an_assessment_is_written_once(tmp_path: Path) -> None:
    target = tmp_path / "out.xlsx"
    assert run(PROJECT, "-o", str(target)).exit_code == 0
    assert load_workbook(target).sheetnames[0] == "自评表"
    before = target.read_bytes()
    again = run(PROJECT, "-o", str(target))
    assert again.exit_code == 2
    assert "is there already" in again.output
    assert target.read_bytes() == before
    assert run(PROJECT, "-o", str(target), "--force", "--lang", "en").exit_code == 0
    assert load_workbook(target).sheetnames[0] == "Form"
    assert [path.name for path in tmp_path.iterdir()] == ["out.xlsx"]


def test_a_blank_one_of_a_framework_has_a_row_for_each_fact(tmp_path: Path) -> None:
    (tmp_path / "framework.toml").write_text(FRAMEWORK, "utf-8")
    target = tmp_path / "blank.xlsx"
    result = run(str(tmp_path / "framework.toml"), "-o", str(target), "--format", "json")
    assert json.loads(result.output) == {"file": str(target)}
    facts = load_workbook(target)["事实"]
    assert (facts["A2"].value, facts["C2"].value) == ("a", None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nope.toml", "-o", "x.xlsx"), "nope.toml"),
        (("cn/mof-2020/project-slf", "-o", "x.xlsx"), 'did you mean "cn/mof-2020/project-self"'),
        ((PROJECT, "-o", "x.pdf"), "should end in .xlsx"),
        ((PROJECT, "-o", "no/such/folder/x.xlsx"), "cannot write"),
    ],
)
def test_what_cannot_be_made_is_answered_and_nothing_is_written(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert not list(tmp_path.iterdir())


def test_without_openpyxl_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("perfeval.cli.forming.find_spec", lambda name: None)
    result = run(PROJECT, "-o", str(tmp_path / "x.xlsx"))
    assert result.exit_code == 2
    assert "pip install 'perfeval[documents]'" in result.output
