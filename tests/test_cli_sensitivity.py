"""`perfeval sensitivity` and `perfeval bounds --table` on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as parquet
import pytest
from click.testing import CliRunner, Result

from docs_text import blocks
from perfeval import extras
from perfeval.cli import main
from perfeval.documents import ranks

FILES = {
    block.name: block.body for block in blocks("docs/sensitivity.md") if block.name and block.language != "console"
}
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a folder that holds the files of the page."""
    for name, body in FILES.items():
        (tmp_path / name).write_text(body, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments: CliRunner().invoke(main, [*arguments], catch_exceptions=False)


def sensitivity(run: Run, *arguments: str) -> Result:
    return run("sensitivity", "towns.toml", "towns.csv", "--id", "town", "--weightings", "50", *arguments)


def test_ranks_weightings_and_a_picture_are_written(run: Run) -> None:
    result = sensitivity(run, "-o", "ranks.parquet", "--save-weightings", "tried.csv", "--plot", "ranks.svg")
    assert result.exit_code == 0, result.output
    assert "已写入 ranks.parquet" in result.output
    assert parquet.read_table("ranks.parquet").num_rows == 8
    assert len(Path("tried.csv").read_text("utf-8-sig").splitlines()) == 51
    assert "<text" in Path("ranks.svg").read_text("utf-8")
    again = run(
        "sensitivity", "towns.toml", "towns.csv", "--id", "town", "--weightings", "tried.csv", "-o", "again.feather"
    )
    assert again.exit_code == 0, again.output
    assert feather.read_table("again.feather").equals(parquet.read_table("ranks.parquet"))


def test_files_that_are_there_stay_without_force(run: Run) -> None:
    Path("ranks.csv").write_text("mine", "utf-8")
    result = sensitivity(run, "-o", "ranks.csv")
    assert (result.exit_code, Path("ranks.csv").read_text("utf-8")) == (2, "mine")
    assert sensitivity(run, "-o", "ranks.csv", "--force").exit_code == 0
    assert Path("ranks.csv").read_text("utf-8-sig").startswith('"town","status","score"')


def test_the_answer_as_json(run: Run) -> None:
    data = json.loads(sensitivity(run, "--format", "json", "--lang", "en").output)
    assert (data["framework"], data["by"], data["weightings"], data["ranked"]) == ("demo/towns", "dimension", 50, 8)
    assert "seed 1" in data["origin"]
    assert {each["path"] for each in data["matters"]} == {"execution", "output", "benefit"}
    assert [row["rank"] for row in data["rows"]] == sorted(row["rank"] for row in data["rows"])
    assert data["rows"][0]["score"] == "98.11"
    assert (
        sensitivity(run, "--format", "json", "--lang", "en").output
        == json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    )


def test_given_weightings_may_stand_in_toml(run: Run) -> None:
    result = run(
        "sensitivity", "towns.toml", "towns.csv", "--weightings", "given.toml", "--lang", "en", "--format", "json"
    )
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["origin"] == "2 from given.toml"
    Path("wrong.toml").write_text("[[weighting]]\nexecution = 10\noutput = 50\nbenefit = 39.5\n", "utf-8")
    result = run("sensitivity", "towns.toml", "towns.csv", "--weightings", "wrong.toml", "--lang", "en")
    assert result.exit_code == 2
    assert "weighting 1 adds up to 99.5, not 100" in result.output
    Path("none.toml").write_text("weighting = 3\n", "utf-8")
    result = run("sensitivity", "towns.toml", "towns.csv", "--weightings", "none.toml", "--lang", "en")
    assert (result.exit_code, "write [[weighting]]" in result.output) == (2, True)


def test_indicators_may_be_weighed_in_nested_tables(run: Run) -> None:
    Path("leaves.toml").write_text(
        "[[weighting]]\nname = '甲'\nexecution = 20\nbenefit = 30\n[weighting.output]\ntrees = 25.5\nsurvival = 24.5\n",
        "utf-8",
    )
    result = run("sensitivity", "towns.toml", "towns.csv", "--weightings", "leaves.toml", "--format", "json")
    assert json.loads(result.output)["by"] == "indicator"


def two_towns() -> None:
    for name, satisfied in (("甲", 190), ("乙", 150)):
        facts = '"budget.approved" = 10\n"budget.spent" = 9\n"trees.planted" = "2000棵"\n"trees.alive" = "1900棵"\n'
        facts += f'"survey.satisfied" = {satisfied}\n"survey.asked" = 200\n'
        text = f'format = 1\nframework = "towns.toml"\n[subject]\nname = "{name}"\n[facts]\n{facts}'
        Path(f"{name}.toml").write_text(text, "utf-8")


def test_assessments_are_ranked_too(run: Run) -> None:
    two_towns()
    result = run("sensitivity", "甲.toml", "乙.toml", "--weightings", "20", "--format", "json")
    assert result.exit_code == 0, result.output
    assert [(row["assessment"], row["rank"]) for row in json.loads(result.output)["rows"]] == [("甲", 1), ("乙", 2)]


def test_a_file_that_cannot_be_read_is_left_out_of_the_ranking_and_no_ranks_are_written(run: Run) -> None:
    two_towns()
    Path("丙.toml").write_text("format = 1\nframework = \n", "utf-8")
    options = ("--weightings", "20", "-o", "ranks.csv", "--lang", "en")
    result = run("sensitivity", "甲.toml", "乙.toml", "丙.toml", *options)
    assert (result.exit_code, Path("ranks.csv").exists()) == (2, False)
    assert "2 units ranked" in result.stdout
    assert "note: left out of the ranking because they cannot be read: 1; what" in result.stdout
    assert "2 ranked, 1 failed:\n丙.toml:2:13: not TOML" in result.stderr
    result = run("sensitivity", "丙.toml", *options)
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("towns.toml", "none.csv"), "cannot be read"),
        (("nothing/here", "towns.csv"), "nothing/here"),
        (("towns.toml", "towns.csv", "--plot", "x.pdf"), "should end in .svg or .png"),
        (("towns.toml", "towns.csv", "-o", "x.txt"), "is of no kind that can be written"),
        (("towns.toml", "towns.csv", "--save-weightings", "x.xls"), "is of no kind that can be written"),
        (("towns.toml", "towns.csv", "--weightings", "0"), "at least one"),
        (("towns.toml", "towns.csv", "--weightings", "many.txt"), "ends in .txt"),
        (("towns.toml", "towns.csv", "--id", "twon"), 'did you mean "town"'),
        (("towns.toml", "towns.csv", "--map", "town"), '"town" should be written as --map'),
        (
            ("towns.toml", "towns.csv", "--map", "twon=trees.planted"),
            'there is no column "twon" — did you mean "town"?',
        ),
        (("towns.toml", "towns.csv", "--map", "town=tree.planted"), 'nothing uses the fact "tree.planted"'),
        (("towns.toml", "towns.csv", "--unit", "twon=棵"), 'there is no column "twon"'),
        (("towns.toml", "towns.toml", "--map", "town=trees.planted"), "go with a table only"),
    ],
)
def test_bad_input_is_told_and_writes_nothing(run: Run, arguments: tuple[str, ...], said: str) -> None:
    before = sorted(Path().iterdir())
    result = run("sensitivity", *arguments, "--lang", "en")
    assert result.exit_code == 2
    assert said in result.output
    assert sorted(Path().iterdir()) == before


@pytest.mark.parametrize("module", ["pyarrow", "matplotlib"])
def test_without_a_library_it_is_told_what_to_install(run: Run, module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == module else object())
    result = sensitivity(run, "--plot", "x.svg", "--lang", "en")
    assert result.exit_code == 2
    assert f"perfeval[{'batch' if module == 'pyarrow' else 'plots'}]" in result.output


def test_a_picture_without_a_chinese_font_is_in_english(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranks.ranks_picture, "__defaults__", (("No Such Font",),))
    result = sensitivity(run, "--plot", "x.png")
    assert (result.exit_code, Path("x.png").read_bytes()[:4]) == (0, b"\x89PNG")
    assert "没有找到中文字体" in result.output


def test_many_units_are_drawn_as_a_band_and_those_that_spread_most_are_listed(run: Run) -> None:
    head, *lines = FILES["towns.csv"].splitlines()
    many = [f"{index}{line}" for index in range(6) for line in lines]
    Path("many.csv").write_text("\n".join([head, *many]) + "\n", "utf-8")
    result = run("sensitivity", "towns.toml", "many.csv", "--id", "town", "--weightings", "30", "--plot", "x.svg")
    assert result.exit_code == 0, result.output
    assert "名次变动最大的 10 个单位" in result.output
    assert "自身权重下的名次" in Path("x.svg").read_text("utf-8")


def fifteen_parts(run: Run) -> Result:
    """Ranks by indicator, of a framework in which two dimensions have an indicator of one title."""
    tree = "".join(
        f"[tree.{name}]\ntitle = '{title}'\ncategory = 'management'\n"
        + "".join(
            f"[tree.{name}.i{index}]\ntitle = '指标{index}'\npoints = {points}\nactual = '{name}{index}'\n"
            "rule = { kind = 'completion', target = '≥1' }\n"
            for index in indices
        )
        for name, title, points, indices in (("a", "甲类", 7, range(10)), ("b", "乙类", 6, range(9, 14)))
    )
    head = "format = 1\n[framework]\nid = 'own/many'\ntitle = '示例'\npoints = 100\n"
    Path("many.toml").write_text(head + tree, "utf-8")
    names = [*(f"a{index}" for index in range(10)), *(f"b{index}" for index in range(9, 14))]
    rows = [",".join("1" if (place + index) % 4 else "0.5" for place in range(15)) for index in range(4)]
    Path("many.csv").write_text("\n".join([",".join(names), *rows]) + "\n", "utf-8")
    return run("sensitivity", "many.toml", "many.csv", "--weightings", "20", "--by", "indicator", "--plot", "x.svg")


def test_a_picture_says_how_many_weights_it_leaves_out(run: Run) -> None:
    result = fifteen_parts(run)
    assert result.exit_code == 0, result.output
    assert "（影响最大的 12 项，共 15 项）" in Path("x.svg").read_text("utf-8")
    sensitivity(run, "--plot", "few.svg")
    assert "影响最大的" not in Path("few.svg").read_text("utf-8")


def test_indicators_of_one_title_are_told_apart_by_their_dimensions(run: Run) -> None:
    shown = fifteen_parts(run).output
    picture = Path("x.svg").read_text("utf-8")
    for text in (shown, picture):
        assert "指标9（甲类）" in text
        assert "指标8（" not in text
    assert "指标9（乙类）" in shown


# Tables, which are read as `perfeval batch` reads them.


def other(name: str) -> tuple[str, ...]:
    """The table of the page as another office might send it, and the options to read it with."""
    head, *lines = FILES["towns.csv"].splitlines()
    match name:
        case "towns.tsv":
            Path(name).write_text("\n".join([head, *lines]).replace(",", "\t"), "utf-8")
        case "towns.xlsx":
            book = openpyxl.Workbook()
            for line in (head, *lines):
                book.worksheets[0].append([each if line is head else _number(each) for each in line.split(",")])
            book.save(name)
        case "gb.csv":
            Path(name).write_text("\n".join([head, *lines]), "gb18030")
        case "named.csv":
            Path(name).write_text("\n".join([head.replace("budget.approved[万元]", "预算数"), *lines]), "utf-8")
            return ("--map", "预算数=budget.approved", "--unit", "预算数=万元")
    return ()


def _number(text: str) -> str | float:
    return float(text) if text[0].isdigit() else text


@pytest.mark.parametrize("name", ["towns.tsv", "towns.xlsx", "gb.csv", "named.csv"])
def test_a_table_is_read_as_batch_reads_it(name: str, run: Run) -> None:
    options = other(name)
    result = run("sensitivity", "towns.toml", name, "--id", "town", "--weightings", "50", "--format", "json", *options)
    assert result.exit_code == 0, result.output
    assert result.output == sensitivity(run, "--format", "json").output
    bounds = run("bounds", "towns.toml", "--table", name, "--format", "json", *options)
    assert bounds.output == run("bounds", "towns.toml", "--table", "towns.csv", "--format", "json").output


def test_a_row_that_is_none_is_in_error_and_has_no_rank_and_no_bounds(run: Run) -> None:
    Path("towns.csv").write_text(FILES["towns.csv"] + "短缺乡,1\n", "utf-8")
    data = json.loads(sensitivity(run, "--format", "json", "-o", "ranks.parquet").output)
    assert (data["units"], data["ranked"]) == (9, 8)
    assert parquet.read_table("ranks.parquet")["status"].to_pylist() == ["scored"] * 8 + ["error"]
    (row,) = json.loads(run("bounds", "towns.toml", "--table", "towns.csv", "--format", "json", "--lang", "en").output)[
        "rows"
    ][8:]
    assert (row["low"], row["message"]) == (None, "this row has 2 cells, the header 7")


def test_how_a_table_was_read_is_told(run: Run) -> None:
    floats = pa.table({"town": ["甲", "乙"], "trees.planted": [2000.5, 1000.1], "survey.satisfied": [1, 2]})
    parquet.write_table(floats, "towns.parquet")
    said = "columns of binary floats are read as the shortest decimals that print them: trees.planted"
    for command in (
        ("sensitivity", "towns.toml", "towns.parquet"),
        ("bounds", "towns.toml", "--table", "towns.parquet"),
    ):
        result = run(*command, "--lang", "en")
        assert f"note: {said}\nnote: no column states the fact budget.spent" in result.output
        assert said in json.loads(run(*command, "--lang", "en", "--format", "json").output)["notes"]


def test_results_are_not_written_over_the_facts_they_are_of(run: Run) -> None:
    before = Path("towns.csv").read_text("utf-8")
    for command in (
        ("sensitivity", "towns.toml", "towns.csv", "-o"),
        ("sensitivity", "towns.toml", "towns.csv", "--save-weightings"),
        ("bounds", "towns.toml", "--table", "towns.csv", "-o"),
    ):
        result = run(*command, "./towns.csv", "--force", "--lang", "en")
        assert (result.exit_code, "is the file of facts itself" in result.output) == (2, True)
    assert Path("towns.csv").read_text("utf-8") == before


def test_weightings_are_read_as_tables_are(run: Run) -> None:
    Path("twice.csv").write_text("execution,output,output\n10,60,30\n", "utf-8")
    result = run("sensitivity", "towns.toml", "towns.csv", "--weightings", "twice.csv", "--lang", "en")
    assert (result.exit_code, result.output) == (
        2,
        '"twice.csv" has two columns called "output": one for each part\n',
    )
    Path("tried.csv").write_text("execution,output,benefit\n10,60,30\n10,60\n", "utf-8")
    result = run("sensitivity", "towns.toml", "towns.csv", "--weightings", "tried.csv", "--lang", "en")
    assert (result.exit_code, result.output) == (2, "tried.csv: this row has 2 cells, the header 3\n")


# Bounds.


def test_the_bounds_of_each_row(run: Run) -> None:
    text = FILES["towns.csv"].replace("青山镇,52.00,52.00,2110", "青山镇,52.00,,2110")
    Path("open.csv").write_text(text, "utf-8")
    result = run("bounds", "towns.toml", "--table", "open.csv", "--id", "town", "-o", "bounds.csv", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "8 rows: 7 with one total, 1 open, 0 without a total" in result.output
    first = Path("bounds.csv").read_text("utf-8-sig").splitlines()[1]
    assert first == '"青山镇",88.11,98.11,"良","优",'
    listed = run("bounds", "towns.toml", "--table", "open.csv", "--id", "town")
    assert "青山镇  88.11 – 98.11  良 – 优" in listed.output
    listed = run("bounds", "towns.toml", "--table", "open.csv", "--id", "town", "--lang", "en")
    assert "青山镇  88.11 – 98.11  good – excellent" in listed.output
    data = json.loads(run("bounds", "towns.toml", "--table", "open.csv", "--format", "json").output)
    assert (data["count"], data["decided"], data["rows"][0]["low"]) == (8, 7, "88.11")


def test_options_of_tables_without_one_are_refused(run: Run) -> None:
    for options in (("-o", "x.csv"), ("--map", "a=b"), ("--unit", "a=万元")):
        result = run("bounds", "towns.toml", *options, "--lang", "en")
        assert (result.exit_code, "go with --table only" in result.output) == (2, True)
    result = run("bounds", "towns.toml", "--table", "towns.csv", "-o", "x.xls", "--lang", "en")
    assert (result.exit_code, "is of no kind that can be written" in result.output) == (2, True)
    result = run("bounds", "towns.toml", "given.toml", "--table", "towns.csv", "--lang", "en")
    assert (result.exit_code, "name one framework" in result.output) == (2, True)
