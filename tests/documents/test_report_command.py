"""`perfeval report`: what it writes, where, and what it says when something fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from report_cases import EXAMPLES, small

from perfeval import check, evaluate, load, review
from perfeval.cli import main
from perfeval.cli.shared import json_text
from perfeval.documents.markdown import markdown
from perfeval.documents.narrative import narrative
from perfeval.documents.word import word
from perfeval.forms.reading import read_workbook
from perfeval.report.checking import checked_data
from perfeval.report.whole import whole_data

SUFFIXES = ("html", "docx", "md", "json", "xlsx")
LAND = next(str(path) for path in EXAMPLES if path.stem == "land-requisition")


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, ["report", *arguments], env={"LANG": "en_US.UTF-8"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_suffix_says_what_is_written(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out.{suffix}"
    assert run(LAND, "-o", str(target)).exit_code == 0
    begins = {"html": b"<!DOCTYPE html>", "docx": b"PK", "md": b"# ", "json": b"{", "xlsx": b"PK"}
    assert target.read_bytes().startswith(begins[suffix])
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_is_there_is_not_overwritten_without_force(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out.{suffix}"
    target.write_bytes(b"mine")
    refused = run(LAND, "-o", str(target))
    assert refused.exit_code == 2
    assert "is there already" in refused.output
    assert target.read_bytes() == b"mine"
    assert run(LAND, "-o", str(target), "--force").exit_code == 0
    assert target.read_bytes() != b"mine"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_assessment_is_the_same_file(tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"1.{suffix}", tmp_path / f"2.{suffix}"
    assert run(LAND, "-o", str(first)).exit_code == run(LAND, "-o", str(second)).exit_code == 0
    if suffix != "xlsx":  # openpyxl writes the time
        assert first.read_bytes() == second.read_bytes()


def test_what_is_written_is_what_the_library_makes(tmp_path: Path) -> None:
    assessment = load(LAND)
    wanted = {
        "md": markdown(assessment, "en").encode(),
        "docx": word(narrative(assessment), "en"),
        "json": f"{json_text(whole_data(LAND, evaluate(assessment), 'en'))}\n".encode(),
    }
    for suffix, content in wanted.items():
        assert run(LAND, "-o", str(tmp_path / f"out.{suffix}"), "--lang", "en").exit_code == 0
        assert (tmp_path / f"out.{suffix}").read_bytes() == content


def test_the_workbook_is_the_live_one_and_can_be_written_from_itself(tmp_path: Path) -> None:
    book, again = tmp_path / "book.xlsx", tmp_path / "again.xlsx"
    assert run(LAND, "-o", str(book)).exit_code == run(str(book), "-o", str(again)).exit_code == 0
    for path in (book, again):
        assert evaluate(read_workbook(str(path))).score == evaluate(load(LAND)).score == 90


def test_the_json_holds_what_score_check_audit_and_review_say() -> None:
    assessment = small()
    card = evaluate(assessment)
    whole = json.loads(json_text(whole_data("small.toml", card, "zh")))
    assert list(whole) == ["score", "check", "audit", "review"]
    assert whole["score"]["complete"] is card.complete
    assert whole["check"] == checked_data(assessment, check(assessment), "zh")
    assert [each["code"] for each in whole["review"]["objections"]] == [
        each.code for each in review(assessment).objections
    ]


# Many.


def test_a_folder_takes_one_file_for_each(tmp_path: Path) -> None:
    several = run(*map(str, EXAMPLES[:3]), "-o", str(tmp_path / "drafts"), "--as", "md")
    assert several.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "drafts").iterdir()) == sorted(
        f"{each.stem}.md" for each in EXAMPLES[:3]
    )


def test_one_that_fails_does_not_stop_the_others_and_is_listed_at_the_end(tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text("format = 2", "utf-8")
    several = run(str(tmp_path / "wrong.toml"), *map(str, EXAMPLES), "-o", str(tmp_path / "out"), "--lang", "en")
    assert several.exit_code == 2
    assert sorted(path.stem for path in (tmp_path / "out").iterdir()) == sorted(path.stem for path in EXAMPLES)
    lines = several.output.splitlines()
    assert f"{len(EXAMPLES)} written, 1 failed:" in lines
    assert "wrong.toml:1:" in lines[-1]


def test_files_of_one_name_in_several_folders_do_not_overwrite_each_other(tmp_path: Path) -> None:
    for year in ("2022", "2023"):
        (tmp_path / "in" / year).mkdir(parents=True)
        for name in ("facts.toml", "checks.toml", "land-requisition.toml"):
            (tmp_path / "in" / year / name).write_text(Path(LAND).with_name(name).read_text("utf-8"), "utf-8")
    files = [str(tmp_path / "in" / year / "land-requisition.toml") for year in ("2022", "2023")]
    assert run(*files, "-o", str(tmp_path / "out"), "--as", "md").exit_code == 0
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == [
        "2022-land-requisition.md",
        "2023-land-requisition.md",
    ]


def test_a_toml_and_its_workbook_keep_apart_by_their_suffix(tmp_path: Path) -> None:
    book = tmp_path / "land-requisition.xlsx"
    assert run(LAND, "-o", str(book)).exit_code == 0
    for name in ("facts.toml", "checks.toml", "land-requisition.toml"):
        (tmp_path / name).write_text(Path(LAND).with_name(name).read_text("utf-8"), "utf-8")
    assert (
        run(str(tmp_path / "land-requisition.toml"), str(book), "-o", str(tmp_path / "out"), "--as", "md").exit_code
        == 0
    )
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == [
        "land-requisition.toml.md",
        "land-requisition.xlsx.md",
    ]


def test_several_need_a_folder(tmp_path: Path) -> None:
    assert "let -o name a folder" in run(*map(str, EXAMPLES[:2]), "-o", str(tmp_path / "x.html")).output
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_answered(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    refused = run(LAND, "-o", str(tmp_path / "file" / "out"))
    assert refused.exit_code == 2
    assert "cannot make the folder" in refused.output


def test_a_bad_file_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text("format = 2", "utf-8")
    for suffix in SUFFIXES:
        refused = run(str(tmp_path / "wrong.toml"), "-o", str(tmp_path / f"out.{suffix}"), "--lang", "en")
        assert refused.exit_code == 2
        assert "failed:" not in refused.output  # one file needs no list
    assert [path.name for path in tmp_path.iterdir()] == ["wrong.toml"]


def test_what_is_written_is_told_as_json_too(tmp_path: Path) -> None:
    told = run(LAND, "-o", str(tmp_path / "out.md"), "--format", "json")
    assert json.loads(told.output) == {"files": [str(tmp_path / "out.md")]}


@pytest.mark.parametrize(
    ("suffix", "needs"), [("html", True), ("docx", True), ("xlsx", True), ("md", False), ("json", False)]
)
def test_a_library_that_is_missing_is_named_where_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, needs: bool
) -> None:
    monkeypatch.setattr("perfeval.extras.find_spec", lambda name: None)
    result = run(LAND, "-o", str(tmp_path / f"x.{suffix}"))
    assert result.exit_code == (2 if needs else 0)
    assert ("pip install 'perfeval[documents]'" in result.output) is needs
