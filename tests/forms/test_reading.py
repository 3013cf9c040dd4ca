"""A workbook read back: lossless as it was made, tolerant of how people fill it in, and exact about what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from docs_text import ROOT
from perfeval import LoadError, evaluate, load
from perfeval.cli import main
from perfeval.forms.reading import read_workbook
from perfeval.forms.workbook import BUNDLE, FACTS, FORM, live_workbook
from perfeval.loading import sources

EXAMPLES = [
    path for path in sorted((ROOT / "examples").glob("*/*.toml")) if path.name not in ("facts.toml", "checks.toml")
]
PROJECT = ROOT / "examples" / "panzhihua-dongqu-2023" / "land-requisition.toml"


def made(path: Path, folder: Path) -> Path:
    target = folder / "filled.xlsx"
    target.write_bytes(live_workbook(load(path), "zh", sources(path)))
    return target


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_workbook_is_read_back_as_it_was_made(path: Path, tmp_path: Path) -> None:
    before, after = load(path), read_workbook(str(made(path, tmp_path)))
    assert list(after.facts) == list(before.facts)
    for name, fact in before.facts.facts.items():
        again = after.facts[name]
        assert again == fact, name
        assert str(after.facts.value(name)) == str(before.facts.value(name))  # the decimals, too
    assert dict(after.remarks) == dict(before.remarks)
    assert (after.subject, after.published, after.checks) == (before.subject, before.published, before.checks)
    assert evaluate(after).score == evaluate(before).score


def filled(folder: Path, fill: Callable[[Worksheet, dict[str, int]], None], path: Path = PROJECT) -> Path:
    target = made(path, folder)
    book = load_workbook(target)
    facts = book[FACTS.zh]
    rows = {str(cell.value): cell.row for cell in facts["A"]}
    fill(facts, rows)
    book.save(target)
    return target


@pytest.mark.parametrize(
    ("written", "unit", "value"),
    [
        ("１２０．５", "万元", "120.5万元"),
        (" 120.50 ", "万元", "120.50万元"),
        ("1,120.5", "万元", "1120.5万元"),
        (120.5, "万元", "120.5万元"),
        (1205000, "元", "1205000元"),
        ("120.5万元", "", "120.5万元"),
        ("120.5万元", "万元", "120.5万元"),
        (0.1 + 0.2, "万元", "0.3万元"),  # a cell holds fifteen digits
    ],
)
def test_a_figure_is_read_as_people_write_it(written: object, unit: str, value: str, tmp_path: Path) -> None:
    def fill(facts: Worksheet, rows: dict[str, int]) -> None:
        cell = facts.cell(rows["land.paid.jiedi"], 3)
        cell.value = written  # type: ignore[assignment]
        cell.number_format = "General"
        facts.cell(rows["land.paid.jiedi"], 4).value = unit

    found = read_workbook(str(filled(tmp_path, fill))).facts.value("land.paid.jiedi")
    assert str(found) == value


@pytest.mark.parametrize(
    ("written", "number_format", "value"),
    [(0.955, "0.0%", "95.5%"), ("95.5%", "General", "95.5%"), ("９５．５％", "@", "95.5%"), (0.07, "0%", "7%")],
)
def test_a_percentage_is_read_however_it_was_typed(
    written: object, number_format: str, value: str, tmp_path: Path
) -> None:
    def fill(facts: Worksheet, rows: dict[str, int]) -> None:
        cell = facts.cell(rows["land.quality_rate"], 3)
        cell.value = written  # type: ignore[assignment]
        cell.number_format = number_format

    assert str(read_workbook(str(filled(tmp_path, fill))).facts.value("land.quality_rate")) == value


def test_rows_that_were_moved_or_inserted_do_no_harm(tmp_path: Path) -> None:
    def fill(facts: Worksheet, rows: dict[str, int]) -> None:
        facts.insert_rows(2, 3)
        facts.cell(3, 2).value = "以下为项目"

    before = load(PROJECT)
    assert dict(read_workbook(str(filled(tmp_path, fill))).facts.facts) == dict(before.facts.facts)


def test_reasons_sources_and_assumptions_are_read_from_their_cells(tmp_path: Path) -> None:
    def fill(facts: Worksheet, rows: dict[str, int]) -> None:
        facts.cell(rows["land.quality_rate"], 3).value = 0.9
        facts.cell(rows["land.quality_rate"], 5).value = "复核底稿 3"
        facts.cell(rows["judged.payment_time.share"], 6).value = "复核组评定"
        form = facts.parent[FORM.zh]  # type: ignore[index]
        row = next(cell.row for cell in form["A"] if cell.value == "安置资金足额发放到位")
        form.cell(row, 6).value = " 一户未发 "

    found = read_workbook(str(filled(tmp_path, fill)))
    assert found.facts["land.quality_rate"].source == "复核底稿 3"
    assert found.facts["judged.payment_time.share"].assumed == "复核组评定"
    assert found.remark("output.quality.paid_in_full").reason == "一户未发"
    assert evaluate(found).score == 89


def problems(path: Path) -> list[str]:
    with pytest.raises(LoadError) as caught:
        read_workbook(str(path))
    return caught.value.to("en").splitlines()


def test_everything_wrong_is_told_at_once_with_its_cell(tmp_path: Path) -> None:
    where: dict[str, int] = {}

    def fill(facts: Worksheet, rows: dict[str, int]) -> None:
        where.update(rows)
        facts.cell(rows["land.paid.jiedi"], 3).value = "约120"
        facts.cell(rows["land.paid.bridge"], 3).value = "=1+1"
        facts.cell(rows["land.paid.northeast"], 1).value = "land.paid.norteast"
        facts.cell(rows["resettled.jiedi"], 1).value = "resettled.bridge"
        facts.cell(rows["resettled.northeast"], 1).value = None

    found = "\n".join(problems(filled(tmp_path, fill)))
    for name, said in (
        ("land.paid.jiedi", "is not a quantity"),
        ("land.paid.bridge", "no computed value"),
        ("resettled.northeast", "names no fact"),
    ):
        column = "A" if name == "resettled.northeast" else "C"
        assert f"filled.xlsx 事实!{column}{where[name]}: " in found
        assert said in found
    assert 'there is no fact "land.paid.norteast" — did you mean "land.paid.northeast"?' in found
    assert 'the fact "resettled.bridge" stands twice' in found
    assert 'the row of the fact "resettled.jiedi" is missing' in found


def test_units_that_do_not_go_together_are_told_with_their_cell(tmp_path: Path) -> None:
    def fill(facts: Worksheet, rows: dict[str, int]) -> None:
        facts.cell(rows["projects.recurring.count"], 4).value = "万元"

    (found,) = [line for line in problems(filled(tmp_path, fill)) if "事实!C" in line][:1]
    assert "compare or add" in found


def test_a_workbook_of_somebody_else_or_with_a_damaged_bundle_is_answered(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "other.xlsx")
    assert "holds no table that is known" in problems(tmp_path / "other.xlsx")[0]
    for carried in ("{", '{"main": "a.toml", "files": {"../../evil.toml": "x"}}', '{"main": 3, "files": {}}', "[]"):
        path = made(PROJECT, tmp_path)
        book = load_workbook(path)
        for row in range(1, book[BUNDLE].max_row + 1):
            book[BUNDLE].cell(row, 1).value = None
        book[BUNDLE].cell(1, 1).value = carried
        book.save(path)
        assert "damaged" in problems(path)[0]
    assert not (tmp_path.parent / "evil.toml").exists()


# Every command reads it.


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, list(arguments), env={"LANG": "en_US.UTF-8"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.mark.parametrize(
    "command", [("score",), ("explain",), ("check",), ("bounds",), ("audit",), ("review",), ("what-if",), ("compare",)]
)
def test_each_command_reads_a_workbook(command: tuple[str, ...], tmp_path: Path) -> None:
    path = str(made(PROJECT, tmp_path))
    files = (path, str(PROJECT)) if command == ("compare",) else (path,)
    again = (str(PROJECT), str(PROJECT)) if command == ("compare",) else (str(PROJECT),)
    found, expected = run(*command, *files), run(*command, *again)
    assert found.exit_code == expected.exit_code != 2
    said, wanted = ("".join(each.output.split()) for each in (found, expected))  # lines break by the length of the path
    assert said.replace(path, str(PROJECT)) == wanted


def test_a_blank_workbook_filled_in_is_scored(tmp_path: Path) -> None:
    (tmp_path / "framework.toml").write_text(
        'format = 1\n[framework]\nid = "t"\ntitle = "体系"\npoints = 100\n[tree.a]\ntitle = "甲"\ncategory = "decision"\n'
        'points = 100\nactual = "done / planned"\nrule = { kind = "completion", target = "≥100%" }\n',
        "utf-8",
    )
    target = tmp_path / "blank.xlsx"
    assert run("form", str(tmp_path / "framework.toml"), "-o", str(target)).exit_code == 0
    book = load_workbook(target)
    facts = book[FACTS.zh]
    for name, value in (("done", 45), ("planned", "50")):
        row = next(cell.row for cell in facts["A"] if cell.value == name)
        facts.cell(row, 3).value, facts.cell(row, 4).value = value, "户"
    book.save(target)
    (found,) = json.loads(run("score", str(target), "--format", "json").output)
    assert Fraction(found["score"]) == 90


def test_a_blank_workbook_asks_for_the_facts_that_only_a_check_reads(tmp_path: Path) -> None:
    """Left out, the check is not asked, as without them; filled in, it is."""
    (tmp_path / "framework.toml").write_text(
        'format = 1\n[framework]\nid = "t"\ntitle = "体系"\npoints = 100\n[tree.a]\ntitle = "甲"\ncategory = "decision"\n'
        'points = 100\nactual = "all / planned"\nrule = { kind = "completion", target = "≥100%" }\n'
        '[[checks]]\nid = "parts"\ntitle = "各级合计"\nthat = "all == county + city"\n',
        "utf-8",
    )
    target = tmp_path / "blank.xlsx"
    assert run("form", str(tmp_path / "framework.toml"), "-o", str(target)).exit_code == 0
    for given, errors in (({"all": 45, "planned": 50}, 0), ({"county": 20, "city": 30}, 1)):
        book = load_workbook(target)
        facts = book[FACTS.zh]
        rows = {str(row[0].value): row for row in facts.iter_rows(min_row=2)}
        assert rows["county"][11].value == rows["city"][11].value == "核对：各级合计"
        for name, value in given.items():
            rows[name][2].value, rows[name][3].value = value, "户"
        book.save(target)
        (found,) = json.loads(run("check", str(target), "--format", "json").output)
        assert (found["errors"], len(found["unasked"])) == (errors, 1 - errors)


@pytest.mark.parametrize(
    ("said", "score"), [("招标", 100), ("议价", 40), ("比选", 0), (None, None)], ids=["best", "next", "another", "none"]
)
def test_a_word_that_a_rule_speaks_of_is_chosen_or_written(said: str | None, score: int | None, tmp_path: Path) -> None:
    """It was read as a quantity, and refused: only a rater's levels could be filled in."""
    (tmp_path / "framework.toml").write_text(
        'format = 1\n[framework]\nid = "t"\ntitle = "体系"\npoints = 100\n[tree.a]\ntitle = "甲"\ncategory = "decision"\n'
        'points = 100\nactual = "way"\nrule = { kind = "formula", '
        """award = 'if(way == "招标", 100, if(way == "议价", 40, 0))' }\n""",
        "utf-8",
    )
    target = tmp_path / "blank.xlsx"
    assert run("form", str(tmp_path / "framework.toml"), "-o", str(target)).exit_code == 0
    book = load_workbook(target)
    offered = [each for each in book[FACTS.zh].data_validations.dataValidation if "C2" in each.sqref]
    assert [(each.formula1, each.errorStyle) for each in offered] == [('"招标,议价"', "warning")]
    book[FACTS.zh]["C2"].value = said
    book.save(target)
    (found,) = json.loads(run("score", str(target), "--format", "json").output)
    assert found["score"] == (None if score is None else f"{score}.00")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_imported_workbook_is_the_assessment_it_was_made_from(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "again" / "imported.toml"
    target.parent.mkdir()
    assert run("import", str(made(path, tmp_path)), "-o", str(target)).exit_code == 0
    before, after = load(path), load(target)
    assert {name: after.facts.value(name) for name in after.facts} == {
        name: before.facts.value(name) for name in before.facts
    }
    for name, fact in before.facts.facts.items():
        again = after.facts[name]
        kept = (again.status, again.source, again.assumed, again.title, again.note, again.between)
        assert kept == (fact.status, fact.source, fact.assumed, fact.title, fact.note, fact.between), name
        assert [str(each.value) for each in again.others] == [str(each.value) for each in fact.others]
        assert str(after.facts.value(name)) == str(before.facts.value(name))
    assert (after.subject, after.published, after.checks) == (before.subject, before.published, before.checks)
    assert dict(after.remarks) == dict(before.remarks)
    assert evaluate(after).score == evaluate(before).score


def test_an_import_that_cannot_be_written_is_answered(tmp_path: Path) -> None:
    workbook = str(made(PROJECT, tmp_path))
    target = tmp_path / "there.toml"
    target.write_text("x", "utf-8")
    assert "is there already" in run("import", workbook, "-o", str(target), "--lang", "en").output
    assert "should end in .toml" in run("import", workbook, "-o", str(tmp_path / "x.json"), "--lang", "en").output
    assert "No such file" in run("import", "a.csv", "-o", str(tmp_path / "x.toml"), "--lang", "en").output
    assert (
        "carries its framework"
        in run(
            "import",
            workbook,
            "-o",
            str(tmp_path / "x.toml"),
            "--framework",
            "cn/mof-2020/project-self",
            "--lang",
            "en",
        ).output
    )
    assert target.read_text("utf-8") == "x"
    own = made(ROOT / "examples" / "published" / "lingling-forestry-2021-department.toml", tmp_path)
    (tmp_path / "frameworks").mkdir()
    (tmp_path / "frameworks" / "lingling-as-published.toml").write_text("# another\n", "utf-8")
    assert "choose another folder" in run("import", str(own), "-o", str(tmp_path / "x.toml"), "--lang", "en").output
    assert not (tmp_path / "x.toml").exists()


def test_an_import_that_is_refused_leaves_nothing_beside_its_target(tmp_path: Path) -> None:
    source, folder = tmp_path / "source", tmp_path / "folder"
    source.mkdir()
    folder.mkdir()
    (source / "framework.toml").write_text(
        'format = 1\n[framework]\nid = "t"\ntitle = "体系"\npoints = 100\n[tree.a]\ntitle = "甲"\ncategory = "decision"\n'
        'points = 100\nactual = "done"\nrule = { kind = "yes-no" }\n',
        "utf-8",
    )
    book = str(source / "blank.xlsx")
    assert run("form", str(source / "framework.toml"), "-o", book).exit_code == 0
    (folder / "there.toml").write_text("x", "utf-8")
    assert "is there already" in run("import", book, "-o", str(folder / "there.toml"), "--lang", "en").output
    assert [each.name for each in folder.iterdir()] == ["there.toml"]
    (folder / "framework.toml").write_text("another", "utf-8")
    assert "is not the framework that" in run("import", book, "-o", str(folder / "new.toml"), "--lang", "en").output
    assert not (folder / "new.toml").exists()
