"""`perfeval laws` and `perfeval plot` at the command line."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from fractions import Fraction
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from perfeval.cli import main, proving
from perfeval.documents.figure import dot_size, picture
from perfeval.laws import judge
from perfeval.laws.drawing import drawing
from perfeval.loading import load_framework
from perfeval.report.laws import broken_lines
from perfeval.report.terminal import Prose

FRAMEWORK = """format = 1
[framework]
id = "demo"
title = "示例"
points = 20
[tree.satisfied]
title = "满意度"
title_en = "Satisfaction"
category = "satisfaction"
points = 10
rule = { kind = "bands", bands = [["≥90%", 8], ["≥80%", 10]] }
[tree.cost]
title = "总成本"
category = "output.cost"
points = 10
rule = { kind = "completion", target = "≤20万元", zero_below = "50%" }
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    (tmp_path / "f.toml").write_text(FRAMEWORK, "utf-8")
    return str(tmp_path / "f.toml")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_a_broken_law_is_told_with_its_smallest_example_and_exits_with_1(file: str) -> None:
    result = run("laws", file, "--lang", "en")
    assert result.exit_code == 1
    told = " ".join(result.output.split())
    assert "✗ monotone · Satisfaction (satisfied): at 89.99% the award is higher than at 90%: 10 points, not 8" in told
    assert result.output.count("✗") == 1


@pytest.mark.parametrize("width", range(40, 120))
def test_no_line_of_chinese_ends_with_a_mark_that_opens_or_begins_with_one_that_closes(file: str, width: int) -> None:
    judged = judge(load_framework(file), search=False)
    (line,) = broken_lines(judged.broken[0], judged, "zh")
    console = Console(width=width, file=StringIO())
    with console.capture() as told:
        console.print(Prose(line))
    lines = told.get().splitlines()
    assert "".join(lines).replace(" ", "") == line.replace(" ", "")
    assert not [each for each in lines if each.rstrip().endswith(("[", "（", "“")) or each.startswith(("）", "，"))]


def test_why_a_law_was_not_asked_is_told_once_for_each_reason(file: str) -> None:
    told = run("laws", file, "--no-search", "--lang", "en").output
    assert told.count("not asked, zero: this kind of rule says where it earns nothing") == 1
    assert "未问 zero：此类规则得零分之处都已写明" in run("laws", file, "--no-search").output


def test_it_is_told_in_chinese_by_default(file: str) -> None:
    assert "完成值为 89.99% 时得 10 分，高于 90% 时的 8 分（越高应当越好）" in run("laws", file).output


def test_a_framework_that_keeps_the_laws_exits_with_0() -> None:
    result = run("laws", "cn/mof-2021/project-self", "--no-search")
    assert (result.exit_code, result.output.count("✗")) == (0, 0)


def test_an_exception_is_listed_with_its_reason_and_exits_with_0() -> None:
    result = run("laws", "cn/sichuan-2023/department", "--no-search", "--lang", "en")
    assert result.exit_code == 0
    assert "○ zero" in result.output
    assert "占比不会超过100%" in result.output


def test_an_exception_that_nothing_needs_is_pointed_out(file: str) -> None:
    exception = '[[framework.exceptions]]\nlaw = "zero"\nreason = "旧"\n[tree.satisfied]'
    Path(file).write_text(FRAMEWORK.replace("[tree.satisfied]", exception), "utf-8")
    assert "! an exception that nothing needs: zero (旧)" in run("laws", file, "--lang", "en").output


def test_an_exception_of_an_indicator_that_is_not_there_is_told_with_the_one_that_may_be_meant(file: str) -> None:
    exception = '[[framework.exceptions]]\nlaw = "monotone"\nindicator = "satisfid"\nreason = "旧"\n[tree.satisfied]'
    Path(file).write_text(FRAMEWORK.replace("[tree.satisfied]", exception), "utf-8")
    said = " ".join(run("laws", file, "--lang", "en").output.split())
    assert '! an exception of no indicator there is: monotone satisfid (旧) — did you mean "satisfied"?' in said


def test_the_json_has_every_answer_with_exact_ends(file: str) -> None:
    (data,) = json.loads(run("laws", file, "--format", "json", "--no-search").output)
    assert (data["framework"], data["keeps"]) == ("demo", False)
    (broken,) = [each for each in data["answers"] if each["broken"]]
    assert (broken["law"], broken["path"], broken["how"]) == ("monotone", "satisfied", "proved")
    (found,) = broken["broken"]
    assert (found["low"], found["high"]) == ("9/10", "9/10")
    assert found["facts"] == [{"name": "satisfied", "value": "89.99%"}, {"name": "satisfied", "value": "90%"}]


def test_the_largest_step_holds_declared_steps_too(file: str) -> None:
    assert run("laws", "cn/mof-2021/project-self", "--no-search", "--largest-step", "40%").exit_code == 1
    assert run("laws", "cn/mof-2021/project-self", "--no-search", "--largest-step", "50%").exit_code == 0
    result = run("laws", file, "--largest-step", "40")
    assert result.exit_code == 2
    assert "percentage" in result.output


def test_a_file_that_cannot_be_read_is_told_beside_the_others(file: str) -> None:
    result = run("laws", "cn/mof-2022/nowhere", file, "--lang", "en", "--no-search")
    assert result.exit_code == 2
    assert "89.99%" in result.output


def test_a_folder_stands_for_the_frameworks_and_assessments_in_it(file: str, tmp_path: Path) -> None:
    below = tmp_path / "cn" / "own"
    below.mkdir(parents=True)
    (below / "kept.toml").write_text(FRAMEWORK.replace('"≥90%", 8', '"≥90%", 10'), "utf-8")
    (below / "facts.toml").write_text("format = 1\n[facts]\nsatisfied = '90%'\n", "utf-8")
    (tmp_path / "a.toml").write_text('format = 1\nframework = "f.toml"\n', "utf-8")
    result = run("laws", str(tmp_path), "--no-search", "--format", "json")
    data = json.loads(result.output)
    assert [(Path(each["file"]).name, each["keeps"]) for each in data] == [
        ("a.toml", False),
        ("kept.toml", True),
        ("f.toml", False),
    ]
    assert result.exit_code == 1


def test_of_a_folder_the_file_that_cannot_be_read_is_told_and_an_empty_one_too(file: str, tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("format = ", "utf-8")
    result = run("laws", str(tmp_path), "--no-search", "--lang", "en")
    assert result.exit_code == 2
    assert "broken.toml:1" in result.output
    assert "89.99%" in result.output
    (tmp_path / "empty").mkdir()
    result = run("laws", str(tmp_path / "empty"), "--lang", "en")
    assert (result.exit_code, result.output.count("there is no framework in the folder")) == (2, 1)


def test_hostile_titles_do_nothing_to_the_terminal(file: str) -> None:
    Path(file).write_text(FRAMEWORK.replace("满意度", "满意\\u001b[31m度[red]"), "utf-8")
    for output in (run("laws", file, "--no-search").output, run("plot", file, "satisfied").output):
        assert "\x1b" not in output
        assert "[red]" in output


# Plot.


def test_the_curve_is_drawn_with_its_points_and_its_jumps(file: str) -> None:
    result = run("plot", file, "satisfied", "--lang", "en")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "Satisfaction: points by actual value"
    assert lines[-2:] == ["at 80%: 0 → 10 (exactly 80% earns 10)", "at 90%: 10 → 8 (exactly 90% earns 8)"]
    assert [line.split("┤")[0].strip() for line in lines if "┤" in line] == ["10", "5", "0"]


def test_the_curve_as_json_is_exact(file: str) -> None:
    data = json.loads(run("plot", file, "cost", "--format", "json").output)
    assert data["lines"][0] == [["0", "10"], ["200000", "10"]]
    assert data["dots"] == [
        {"x": "400000", "y": "5", "filled": True},
        {"x": "400000", "y": "0", "filled": False},
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("satisfid",), 'there is no indicator "satisfid" — did you mean "satisfied"?'),
        (("satisfied", "--over", "cost"), 'there is no figure "cost"'),
        (("satisfied", "-o", "x.jpg"), "should end in .svg or .png"),
    ],
)
def test_what_cannot_be_drawn_is_told(file: str, arguments: tuple[str, ...], message: str) -> None:
    result = run("plot", file, *arguments, "--lang", "en")
    assert result.exit_code == 2
    assert message in result.output


@pytest.fixture
def houses(tmp_path: Path) -> str:
    """An indicator whose actual value is a quotient, and the facts of an assessment."""
    text = FRAMEWORK.replace(
        'points = 10\nrule = { kind = "comp', 'points = 10\nactual = "spent / houses"\nrule = { kind = "comp'
    )
    (tmp_path / "f.toml").write_text(text.replace('"≤20万元", zero_below = "50%"', '"≤2000元/户"'), "utf-8")
    facts = '[facts]\nspent = "20万元"\nhouses = "80户"\nsatisfied = "95%"\n'
    (tmp_path / "a.toml").write_text(f'format = 1\nframework = "f.toml"\n{facts}', "utf-8")
    return str(tmp_path)


def test_a_part_of_the_actual_value_varies_beside_the_others_of_an_assessment(houses: str) -> None:
    drawn = json.loads(run("plot", f"{houses}/a.toml", "cost", "--over", "houses", "--format", "json").output)
    assert (drawn["fact"], drawn["kind"], drawn["others"]) == ("houses", "count:户", "spent = 20万元")
    points = {Fraction(x): Fraction(y) for line in drawn["lines"] for x, y in line}
    assert points[Fraction(100)] == 10  # 20万元 are 2000元 for each of 100户
    assert all(y == 10 * min(Fraction(1), x / 100) for x, y in points.items())
    assert "其他事实：spent = 20万元" in run("plot", f"{houses}/a.toml", "cost", "--over", "houses").output


def test_what_is_given_is_told_in_the_unit_it_was_given_in(tmp_path: Path) -> None:
    """10亩 was told as ≈6666.6667平方米."""
    award = "if(land >= 5亩, points * min(1, actual / 3人), 0)"
    rule = f'kind = "formula", award = "{award}"'
    text = FRAMEWORK.replace('kind = "completion", target = "≤20万元", zero_below = "50%"', rule)
    (tmp_path / "mu.toml").write_text(text, "utf-8")
    said = run("plot", str(tmp_path / "mu.toml"), "cost", "--given", "land=10亩", "--lang", "en")
    assert (said.exit_code, "land = 10亩" in said.output) == (0, True), said.output


def test_a_part_of_the_actual_value_is_told_to_need_an_assessment(houses: str) -> None:
    result = run("plot", f"{houses}/f.toml", "cost", "--over", "houses", "--lang", "en")
    assert result.exit_code == 2
    assert '"houses" is a part of the actual value (spent ÷ houses)' in result.output
    assert "name an assessment file that is filled in" in result.output


def test_what_derives_from_a_fact_does_not_stay_as_that_varies(houses: str, tmp_path: Path) -> None:
    text = (tmp_path / "a.toml").read_text("utf-8")
    (tmp_path / "b.toml").write_text(text.replace('"20万元"', '{ formula = "houses * 2500元/户" }'), "utf-8")
    result = run("plot", f"{houses}/b.toml", "cost", "--over", "houses", "--lang", "en")
    assert result.exit_code == 2
    assert 'spent derives from "houses", so it cannot vary alone' in result.output


def test_an_indicator_of_answers_alone_has_no_curve() -> None:
    result = run("plot", "cn/mof-2020/project", "decision.goals.soundness", "--lang", "en")
    assert result.exit_code == 2
    assert result.output.strip() == (
        '"decision.goals.soundness" is decided by answers alone: there is no curve over a figure'
    )


def test_the_svg_sets_its_text_as_text(file: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    out = tmp_path / "x.svg"
    assert run("plot", file, "cost", "-o", str(out)).exit_code == 0
    root = ElementTree.parse(out).getroot()
    said = ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"总成本", "完成值", "得分"} <= set(said)
    again = tmp_path / "y.svg"
    assert run("plot", file, "cost", "-o", str(again)).exit_code == 0
    assert again.read_bytes() == out.read_bytes()


@pytest.mark.parametrize(
    ("indicator", "marks"),
    [
        ("satisfied", ["0%", "20%", "40%", "60%", "80%", "100%"]),
        ("cost", ["0元", "10万元", "20万元", "30万元", "40万元"]),
    ],
)
def test_round_values_are_marked_along_the_curve(file: str, tmp_path: Path, indicator: str, marks: list[str]) -> None:
    pytest.importorskip("matplotlib")
    out = tmp_path / "x.svg"
    assert run("plot", file, indicator, "-o", str(out)).exit_code == 0
    root = ElementTree.parse(out).getroot()
    said = ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert said[: len(marks)] == marks


def test_the_dots_of_many_small_steps_leave_the_line_to_be_seen(file: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    text = FRAMEWORK.replace(
        '{ kind = "bands", bands = [["≥90%", 8], ["≥80%", 10]] }',
        '{ kind = "deduct", below = "90%", each = "1%", minus = 0.25, partial = "up" }',
    )
    (tmp_path / "steps.toml").write_text(text, "utf-8")
    many = drawing(load_framework(str(tmp_path / "steps.toml")), "satisfied")
    assert len({each.x for each in many.dots}) > 30
    assert dot_size(many) == 0
    assert dot_size(drawing(load_framework(file), "satisfied")) == 6

    def circles(of: str) -> int:
        assert run("plot", of, "satisfied", "-o", str(tmp_path / "x.svg"), "--force").exit_code == 0
        return (tmp_path / "x.svg").read_text("utf-8").count("<use ")

    axes = circles(file) - len(drawing(load_framework(file), "satisfied").dots)
    assert circles(str(tmp_path / "steps.toml")) <= axes + 4


def test_a_picture_is_not_overwritten_unasked(file: str, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    out = tmp_path / "x.png"
    assert run("plot", file, "cost", "-o", str(out)).exit_code == 0
    assert out.read_bytes().startswith(b"\x89PNG")
    assert run("plot", file, "cost", "-o", str(out)).exit_code == 2
    assert run("plot", file, "cost", "-o", str(out), "--force").exit_code == 0


def test_without_a_chinese_font_the_png_is_in_english_and_says_so(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib")
    import warnings

    monkeypatch.setattr(proving, "picture", lambda drawn, language, kind: picture(drawn, language, kind, fonts=()))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = run("plot", file, "cost", "-o", str(tmp_path / "x.png"), "--lang", "en")
    assert result.exit_code == 0
    assert "no Chinese font is installed" in result.output


def test_without_matplotlib_it_is_told_what_to_install(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfeval.extras.find_spec", lambda name: None)
    result = run("plot", file, "cost", "-o", "x.png", "--lang", "en")
    assert (result.exit_code, result.output.strip()) == (
        2,
        "this needs matplotlib — run: pip install 'perfeval[plots]'",
    )


def test_a_fact_that_stands_in_a_check_alone_is_told_with_the_one_that_may_be_meant(tmp_path: Path) -> None:
    text = """format = 1
[framework]
id = "own/funds"
title = "t"
[facts.funds]
county = { title = "县级资金" }
other = { title = "其他资金" }
[tree.x]
title = "x"
category = "output.quantity"
points = 100
rule = { kind = "awarded" }
[[checks]]
id = "parts"
that = "funds.all == funds.couty + funds.other"
"""
    (tmp_path / "funds.toml").write_text(text, "utf-8")
    said = run("laws", str(tmp_path / "funds.toml"), "--no-search", "--lang", "en").output
    assert (
        'the check parts names funds.couty, which no rule reads and [facts] does not have — did you mean "funds.county"?'
        in (" ".join(said.split()))
    )
    assert "names funds.all, which no rule reads and [facts] does not have — say in [facts] what it is" in " ".join(
        said.split()
    )
    assert "funds.other," not in said


def test_laws_leave_nothing_beside_what_they_read(tmp_path: Path) -> None:
    (tmp_path / "demo.toml").write_text(FRAMEWORK, "utf-8")
    command = [sys.executable, "-c", "from perfeval.cli import main; main()", "laws", "demo.toml"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=120)
    assert [each.name for each in tmp_path.iterdir()] == ["demo.toml"]
