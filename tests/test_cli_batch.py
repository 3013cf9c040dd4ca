"""`perfeval batch`: tables in and out on the command line, what it prints, how it ends, and what it refuses."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from docs_text import ROOT
from perfeval import __version__
from perfeval.cli import main
from perfeval.loading import digest

FRAMEWORK = """format = 1
[framework]
id = "own/batch"
title = "示例"
points = 20
grades = [{ name = "优", from = 18 }, { name = "良", from = 16 }, { name = "差", from = 0 }]
[[checks]]
id = "printed-rate"
that = "budget.printed_rate == budget.executed / budget.approved"
[tree.execution]
title = "预算执行率"
category = "management"
points = 10
actual = "budget.executed / budget.approved"
rule = { kind = "completion", target = "≥100%" }
[tree.done]
title = "完成数"
category = "output.quantity"
points = 10
actual = "done"
rule = { kind = "completion", target = "≥71" }
"""
FACTS = """编号,预算,budget.executed[万元],budget.printed_rate,done
A-1,210.71,210.71,100%,71
A-2,100,95.5,95.5%,60
A-3,100,9x,,60
A-4,100,98
A-5,100.00,0,0%,90
A-6,100,80,90%,
"""
READ = ("--map", "预算=budget.approved", "--unit", "预算=万元")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    Path("framework.toml").write_text(FRAMEWORK, "utf-8")
    Path("facts.csv").write_text(FACTS, "utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def batch(*more: str, output: str = "scores.parquet") -> Result:
    return run("batch", "framework.toml", "facts.csv", "-o", output, *READ, *more)


def test_a_table_is_scored_and_summed_up(folder: Path) -> None:
    result = batch("--id", "编号")
    assert result.exit_code == 1  # three rows have no score
    assert result.stdout.startswith("facts.csv → scores.parquet\n")
    for line in ("已评分 3 50.00%", "缺少事实 1 16.67%", "出错 2 33.33%", "优 2 33.33%", "良 0 0.00%", "差 1 16.67%"):
        assert line in [" ".join(each.split()) for each in result.stdout.splitlines()]
    assert (
        "第 3 行（A-3）：budget.executed：“9x”是以“x”计的数，而 unit 写的是金额（“万元”）（列“budget.executed[万元]”）\n"
        in result.stdout
    )
    assert "第 4 行：此行有 3 格，表头有 5 格\n" in result.stdout
    assert pq.read_table("scores.parquet")["编号"].to_pylist() == ["A-1", "A-2", "A-3", None, "A-5", "A-6"]


def test_it_speaks_english_too(folder: Path) -> None:
    result = batch("--id", "编号", "--lang", "en", "--findings", "all")
    shown = [" ".join(each.split()) for each in result.stdout.splitlines()]
    for line in (
        "scored 3 50.00%",
        "unknown 1 16.67%",
        "error 2 33.33%",
        "printed-rate 1 16.67%",
        "execution-low 2 33.33%",
    ):
        assert line in shown
    assert "printed-rate (not checked) 2 33.33%" in shown
    assert any(line.startswith('row 3 (A-3): budget.executed: "9x" is') for line in shown)
    assert pq.read_table("scores.parquet")["message"][3].as_py() == "this row has 3 cells, the header 5"


def test_grades_are_called_in_the_language_of_the_summary_and_in_the_file_as_the_framework_calls_them(
    folder: Path,
) -> None:
    Path("framework.toml").write_text(FRAMEWORK.replace('name = "优",', 'name = "优", name_en = "excellent",'), "utf-8")
    shown = [" ".join(each.split()) for each in batch("--lang", "en").stdout.splitlines()]
    assert {"excellent 2 33.33%", "良 0 0.00%"} <= set(shown)  # one of them has no other name
    assert pq.read_table("scores.parquet")["grade"].to_pylist()[0] == "优"


def test_the_summary_is_json_too(folder: Path) -> None:
    data = json.loads(batch("--format", "json", "--findings", "checks", "--detail", "indicators").stdout)
    failures = data.pop("failures")
    assert data == {
        "framework": "own/batch",
        "framework_sha256": digest("framework.toml"),
        "version": __version__,
        "facts": "facts.csv",
        "scores": "scores.parquet",
        "rows": 6,
        "scored": 3,
        "not_applicable": 0,
        "unknown": 1,
        "error": 2,
        "grades": {"优": 2, "良": 0, "差": 1},
        "assumed": 0,
        "work": {"values": 18, "after_machine_numbers": 0, "after_integers": 0, "rows_singly": 0},
        "findings": {"printed-rate": 1},
        "unchecked": {"printed-rate": 2},
        "notes": [],
    }
    assert [(each["row"], each["id"], each["rows"]) for each in failures] == [(3, "", 1), (4, "", 1)]


def test_rows_in_error_for_the_same_reason_are_told_once_and_hide_no_other_reason(folder: Path) -> None:
    Path("facts.csv").write_text(FACTS + "A-9,1,9x,,60\n" * 2000 + "A-X,y,1,,60\n" + "A-9,1,9x,,60\n", "utf-8")
    shown = batch("--id", "编号", "--lang", "en").stdout
    assert "row 3 (A-3) and 2,001 more like it: budget.executed: " in shown
    assert "row 2007 (A-X): budget.approved: " in shown
    assert "row 4: this row has 3 cells, the header 5\n" in shown
    assert "more rows in error" not in shown
    assert "第 3 行（A-3）等 2,002 行：" in batch("--id", "编号", "--force").stdout
    ten = "".join(f"A,1,{each}x,,60\n" for each in range(12))
    Path("facts.csv").write_text(FACTS.splitlines()[0] + "\n" + ten, "utf-8")
    assert "\nand 2 more rows in error\n" in batch("--lang", "en", "--force").stdout


def test_where_there_is_nothing_to_check_that_is_said(folder: Path) -> None:
    plain, _, rest = FRAMEWORK.partition("[[checks]]")
    Path("framework.toml").write_text(plain + rest[rest.index("[tree") :], "utf-8")
    assert "注：指标体系没有 [[checks]]，没有可核对的关系" in batch("--findings", "checks").stdout


def test_a_table_in_which_every_row_has_a_score_ends_well(folder: Path) -> None:
    Path("facts.csv").write_text("".join(FACTS.splitlines(keepends=True)[:3]), "utf-8")
    assert batch().exit_code == 0


def test_what_gave_the_scores_stands_in_the_file(folder: Path) -> None:
    batch()
    metadata = pq.read_schema("scores.parquet").metadata
    assert metadata[b"perfeval.framework"] == b"own/batch"
    assert metadata[b"perfeval.framework.sha256"] == digest("framework.toml").encode()
    assert metadata[b"perfeval.version"] == __version__.encode()


def test_a_framework_of_the_catalogue_and_an_assessment_will_do(folder: Path) -> None:
    (folder / "one.csv").write_text("judged\n1\n", "utf-8")
    example = ROOT / "examples" / "panzhihua-dongqu-2023" / "department.toml"
    result = run("batch", str(example), "one.csv", "-o", "scores.csv")
    assert result.exit_code == 0
    assert ",90.00," in Path("scores.csv").read_text("utf-8")
    incomplete = run("batch", "cn/mof-2020/project-self", "one.csv", "-o", "scores.csv", "--force")
    assert incomplete.exit_code == 2


def test_one_row_is_explained(folder: Path) -> None:
    shown = run("explain", "framework.toml", "execution", "--facts", "facts.csv", "--row", "2", *READ).stdout
    assert "预算执行率  [execution]  9.55 / 10 分" in shown
    assert "budget.approved = 100万元  (已披露: facts.csv [2] 预算)" in shown
    (node,) = json.loads(
        run("explain", "framework.toml", "done", "--facts", "facts.csv", "--row", "2", *READ, "--format", "json").stdout
    )
    assert node["score"] == "8.45"


WRONG = {
    ("--map", "预算"): "“预算”应写成 --map 调整预算数=budget.approved",
    ("--map", "预算=a", "--map", "预算=b"): "列“预算”写了两次",
    ("--map", "预算一=budget.approved"): "没有列“预算一”— 是否应为“预算”？",
    ("--map", "预算=budget.aproved"): "没有用到事实“budget.aproved”— 是否应为“budget.approved”？",
    ("--unit", "预算一=万元"): "没有列“预算一”",
    ("--unit", "done=万元元"): "“元元”不是单位",
    ("--id", "编号一"): "没有列“编号一”— 是否应为“编号”？",
    ("-o", "scores.xls"): "请写 .parquet、.feather、.arrow 或 .csv",
    ("--engine", "spark"): "“facts.csv”：集群上只读写 Parquet",
}


@pytest.mark.parametrize("options", WRONG, ids=" ".join)
def test_what_is_wrong_on_the_command_line_is_told_and_nothing_is_written(
    options: tuple[str, ...], folder: Path
) -> None:
    result = run("batch", "framework.toml", "facts.csv", "-o", "scores.csv", *options, "--lang", "zh")
    assert result.exit_code == 2
    assert WRONG[options] in result.stderr, result.stderr
    assert sorted(each.name for each in folder.iterdir()) == ["facts.csv", "framework.toml"]


def test_without_lang_what_is_wrong_with_a_table_is_told_in_the_framework_s_language(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    Path("latin.csv").write_text("a,b\n1,2\n", "utf-8")
    Path("empty.csv").touch()
    for said, command in {
        "“empty.csv”是空的": ("batch", "framework.toml", "empty.csv", "-o", "x.csv"),
        "没有列“c”": ("batch", "framework.toml", "latin.csv", "-o", "x.csv", "--id", "c"),
        "没有第 9 行": ("explain", "framework.toml", "--facts", "latin.csv", "--row", "9"),
        "没有列“d”": ("sensitivity", "framework.toml", "latin.csv", "--id", "d"),
        "没有列“e”": ("bounds", "framework.toml", "--table", "latin.csv", "--id", "e"),
    }.items():
        result = run(*command)
        assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


def test_a_row_and_its_table_go_together(folder: Path) -> None:
    for options in (("--row", "1"), ("--facts", "facts.csv"), ("--map", "a=b")):
        result = run("explain", "framework.toml", *options, "--lang", "en")
        assert (result.exit_code, result.stderr) == (2, "--facts and --row go together\n")
    result = run("explain", "framework.toml", "--facts", "facts.csv", "--row", "9", "--lang", "en")
    assert (result.exit_code, result.stderr) == (2, 'there is no row 9 — "facts.csv" has 6\n')


@pytest.mark.parametrize(("module", "extra"), [("pyarrow", "batch"), ("pyspark", "spark")])
def test_without_the_extra_the_line_that_installs_it_is_told(module: str, extra: str, folder: Path) -> None:
    program = (
        "import importlib.util as u, sys; found = u.find_spec\n"
        f"u.find_spec = lambda name, *more: None if name == {module!r} else found(name, *more)\n"
        "from perfeval.cli import main; main()"
    )
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            program,
            "batch",
            "framework.toml",
            "facts",
            "-o",
            "scores",
            "--engine",
            "spark",
            "--lang",
            "en",
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (result.returncode, result.stderr) == (2, f"this needs {module} — run: pip install 'perfeval[{extra}]'\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of Unix sends Ctrl-C to all processes of a command")
@pytest.mark.parametrize("seconds", [0.3, 4], ids=["while processes start", "while they work"])
def test_ctrl_c_ends_a_review_soon_and_leaves_nothing(seconds: float, folder: Path) -> None:
    row = "1,1,100%,71\n"
    Path("facts.csv").write_text("budget.approved,budget.executed,budget.printed_rate,done\n" + row * 50_000, "utf-8")
    words = ("batch", "framework.toml", "facts.csv", "-o", "scores.parquet", "--findings", "review")
    asked = subprocess.Popen(
        [sys.executable, "-c", "from perfeval.cli import run; run()", *words],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + 60
    while not list(folder.glob(".scores*")) and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(seconds)
    os.killpg(asked.pid, signal.SIGINT)
    try:
        _, said = asked.communicate(timeout=60)
    finally:
        asked.kill()
    assert (asked.returncode, said.strip().splitlines()[0]) == (130, "Aborted!")
    assert sorted(each.name for each in folder.iterdir()) == ["facts.csv", "framework.toml"]


def test_the_other_commands_do_without_it() -> None:
    program = "import sys, perfeval.cli; print(sorted({'numpy', 'pyarrow', 'pyspark', 'openpyxl'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
