"""`perfeval form`: a workbook of an assessment, or a blank one; its official table in Word; and what it cannot make."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document
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
    again = run(PROJECT, "-o", str(target), "--lang", "en")
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


def test_what_a_cell_holds_is_told_by_perfeval_alone(tmp_path: Path) -> None:
    (tmp_path / "framework.toml").write_text(FRAMEWORK, "utf-8")
    target = tmp_path / "blank.xlsx"
    run(str(tmp_path / "framework.toml"), "-o", str(target))
    book = load_workbook(target)
    book["事实"]["C2"].value, book["事实"]["C2"].number_format = 20240512, "yyyy-mm-dd"  # no day of this calendar
    book.save(target)
    command = [sys.executable, "-c", "from perfeval.cli import run; run()", "score", str(target), "--lang", "zh"]
    answered = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert answered.returncode == 2
    assert len(answered.stderr.splitlines()) == 1
    assert "事实!C2" in answered.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nope.toml", "-o", "x.xlsx"), "nope.toml"),
        (("cn/mof-2020/project-slf", "-o", "x.xlsx"), 'did you mean "cn/mof-2020/project-self"'),
        (("cn/mof-2020/project-self", "-o", "x.docx", "--lang", "en"), "is .xlsx only"),
        ((PROJECT, "-o", "x.pdf"), "should end in .xlsx or .docx"),
        ((PROJECT, "-o", "no/such/folder/x.docx", "--lang", "en"), "cannot write"),
        ((PROJECT, "-o", "no/such/folder/x.xlsx", "--lang", "en"), "cannot write"),
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


def test_the_official_table_is_written_once_as_a_document(tmp_path: Path) -> None:
    target = tmp_path / "table.docx"
    assert run(PROJECT, "-o", str(target)).exit_code == 0
    before = target.read_bytes()
    assert Document(str(target)).paragraphs[1].text == "部门预算项目支出绩效自评表"
    again = run(PROJECT, "-o", str(target), "--lang", "en")
    assert again.exit_code == 2
    assert "is there already" in again.output
    other = str(ROOT / "examples" / "published" / "langfang-food-school-2019-hvac.toml")
    assert run(other, "-o", str(target)).exit_code == 2
    assert target.read_bytes() == before
    assert run(other, "-o", str(target), "--force", "--format", "json").exit_code == 0
    assert Document(str(target)).paragraphs[0].text == "项目支出绩效自评表"
    assert [path.name for path in tmp_path.iterdir()] == ["table.docx"]


def test_a_framework_without_an_official_table_has_no_document(tmp_path: Path) -> None:
    framework = tmp_path / "framework.toml"
    framework.write_text(FRAMEWORK, "utf-8")
    result = run(str(framework), "-o", str(tmp_path / "x.docx"), "--lang", "en")
    assert result.exit_code == 2
    assert 'framework "t" names no official table — write form in [framework], one of: mof-2020' in result.output
    assert list(tmp_path.iterdir()) == [framework]


@pytest.mark.parametrize(("suffix", "library"), [("xlsx", "openpyxl"), ("docx", "python-docx")])
def test_without_the_library_the_command_says_what_to_install(
    suffix: str, library: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("perfeval.extras.find_spec", lambda name: None)
    result = run(PROJECT, "-o", str(tmp_path / f"x.{suffix}"))
    assert result.exit_code == 2
    assert library in result.output
    assert "pip install 'perfeval[documents]'" in result.output
