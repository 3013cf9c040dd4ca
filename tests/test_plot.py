"""What `perfeval plot` draws: the curve of any rule that has one, in the terminal and as a picture."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings

from perfeval import DefinitionError, Framework, load_framework
from perfeval.cli import main
from perfeval.documents.figure import CHINESE_FONTS, dot_size, picture
from perfeval.errors import Message, PerfevalError
from perfeval.laws.drawing import Drawing, drawing
from perfeval.report.curve import curve_data, curve_lines
from perfeval.testing import KINDS, Written, frameworks

quick = settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)


def framework(folder: Path, rule: str) -> Framework:
    """Of one indicator, `it`, worth 10 points."""
    text = (
        'format = 1\n[framework]\nid = "demo"\ntitle = "示例"\npoints = 10\n'
        f'[tree.it]\ntitle = "检查"\ncategory = "output.quantity"\npoints = 10\n{rule}\n'
    )
    (folder / "f.toml").write_text(text, "utf-8")
    return load_framework(folder / "f.toml")


def drawn(folder: Path, rule: str, over: str | None = None, given: Mapping[str, str] | None = None) -> Drawing:
    return drawing(framework(folder, rule), "it", over, given)


def texts(curve: Drawing, fonts: tuple[str, ...] = CHINESE_FONTS) -> list[str]:
    """What stands in the picture."""
    pytest.importorskip("matplotlib")
    root = ElementTree.fromstring(picture(curve, "zh", "svg", fonts).data)
    return ["".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text")]


def ends(curve: Drawing) -> tuple[str, str]:
    return str(curve.figure(curve.low)), str(curve.figure(curve.high))


def bands(each: str) -> str:
    return f'rule = {{ kind = "bands", bands = [{each}] }}'


def formula(award: str) -> str:
    return f'rule = {{ kind = "formula", award = "{award}" }}'


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (bands('["=100%", 10]'), "at 100%: 0 → 0 (exactly 100% earns 10)"),
        (bands('["=100%", 10], ["≥90%", 5]'), "at 100%: 5 → 5 (exactly 100% earns 10)"),
        (bands('["=6月", 10]'), "at 6月: 0 → 0 (exactly 6月 earns 10)"),
        (bands('["=2023-06-30", 10]'), "at 2023-06-30: 0 → 0 (exactly 2023-06-30 earns 10)"),
        (formula("if(actual == 80%, 3, points * actual)"), "at 80%: 8 → 8 (exactly 80% earns 3)"),
        (
            'rule = { kind = "deduct", either_side_of = "5月", each = "1个月", minus = 2, partial = "up" }',
            "at 5月: 8 → 8 (exactly 5月 earns 10)",
        ),
        (
            'rule = { kind = "completion", target = "=5人", zero_below = "100%" }',
            "at 5人: 0 → 0 (exactly 5人 earns 10)",
        ),
        ('rule = { kind = "yes-no", when = "a == 5" }', "at 5: 0 → 0 (exactly 5 earns 10)"),
        (
            'rule = { kind = "checklist", items = [{ when = "a == 5人" }, { when = "b" }] }',
            "at 5人: 5 → 5 (exactly 5人 earns 10)",
        ),
        (
            'rule = { kind = "schedule", by = [{ at = "x", actual = "a", reach = "=5人" }, { at = "y", actual = "a", reach = "≥5人" }] }',
            "at 5人: 0 → 5 (exactly 5人 earns 10)",
        ),
        (
            'rule = { kind = "share-of-items", within = "0%", items = [{ actual = "a", target = 5 }, { actual = "a", target = 6 }] }',
            "at 5: 0 → 0 (exactly 5 earns 5)",
        ),
        (
            'rule = { kind = "best-of", alternatives = [{ kind = "bands", bands = [["=100%", 10]] },'
            ' { kind = "completion", target = "≥200%" }] }',
            "at 100%: 5 → 5 (exactly 100% earns 10)",
        ),
        (
            formula("if(actual >= 50%, points, 1) / if(actual == 50%, 0, 1)"),
            "at 50%: 1 → 10 (exactly 50% has no award)",
        ),
    ],
)
def test_an_award_of_one_value_alone_is_told(tmp_path: Path, rule: str, said: str) -> None:
    assert said in list(curve_lines(drawn(tmp_path, rule), "en"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_of_any_kind_is_drawn_or_it_is_told_why_not(kind: str) -> None:
    @quick
    @given(frameworks([kind], most=1))
    def told(each: Written[Framework]) -> None:
        for placed in each.value.indicators:
            try:
                curve = drawing(each.value, placed.path)
            except DefinitionError as error:
                assert placed.path in error.to("en")
            else:
                assert list(curve_lines(curve, "zh")) and curve_data(curve, "zh")

    told()


# What is shown of the curve.


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("≤2023-06-30", ("2023-05-31", "2023-07-30")),
        ("≤6月", ("4月", "8月")),
        ("≤11月", ("9月", "12月")),
        ("≥7人", ("0人", "9人")),
        ("≤0件", ("0件", "2件")),
        ("≥300元/亩", ("0元/亩", "360元/亩")),
        ("≥3万人", ("0万人", "3.6万人")),
        ("≥20万元", ("0元", "24万元")),
    ],
)
def test_it_is_shown_a_little_beyond_where_something_happens_in_the_units_of_the_rule(
    tmp_path: Path, target: str, shown: tuple[str, str]
) -> None:
    assert ends(drawn(tmp_path, bands(f'["{target}", 10]'))) == shown


@pytest.mark.parametrize(
    ("rule", "marks"),
    [
        (bands('["≤6月", 10], ["≤9月", 5]'), ["5月", "6月", "7月", "8月", "9月", "10月"]),
        (bands('["≤0件", 10]'), ["0件", "1件", "2件"]),
        (
            bands('["≤2023-06-30", 10]'),
            ["2023-05-31", "2023-06-12", "2023-06-24", "2023-07-06", "2023-07-18", "2023-07-30"],
        ),
        (bands('["≥300元/亩", 10]'), ["0元/亩", "100元/亩", "200元/亩", "300元/亩"]),
    ],
)
def test_marks_are_whole_where_figures_are_and_round_in_the_unit_of_the_rule(
    tmp_path: Path, rule: str, marks: list[str]
) -> None:
    assert texts(drawn(tmp_path, rule))[: len(marks) + 1] == [*marks, "完成值"]


EXCUSED = formula("if(excused, points, if(actual >= 90%, 5, points * actual))")


def test_of_the_answers_that_the_other_facts_may_have_the_curve_that_shows_most_is_drawn(tmp_path: Path) -> None:
    curve = drawn(tmp_path, EXCUSED)
    assert curve.others.zh == "excused = 否"
    assert [str(each.y) for each in curve.dots] == ["9", "5"]


def test_the_picture_says_what_the_other_facts_are(tmp_path: Path) -> None:
    assert "其他事实：excused = 否" in texts(drawn(tmp_path, EXCUSED))


def test_a_long_title_stands_on_several_lines_of_the_picture(tmp_path: Path) -> None:
    curve = evolve(drawn(tmp_path, EXCUSED), title=Message("一二三四五六七八九十" * 6, ""))
    said = texts(curve)
    assert "一二三四五六七八九十" * 6 not in said
    assert [each for each in said if each.startswith("一二三")] == ["一二三四五六七八九十" * 4 + "一二"]


def test_a_title_in_dollars_is_no_formula(tmp_path: Path) -> None:
    curve = evolve(drawn(tmp_path, EXCUSED), title=Message(r"$\frac$", ""))
    assert r"$\frac$" in texts(curve)


def test_of_a_hundred_jumps_ten_are_told(tmp_path: Path) -> None:
    rule = 'rule = { kind = "deduct", beyond = "0次", each = "1次", minus = 0.1, partial = "up" }'
    lines = list(curve_lines(drawn(tmp_path, rule), "en"))
    assert lines[-1] == "and 90 more jumps"
    assert len([each for each in lines if each.startswith("at ")]) == 10


def test_dots_leave_the_line_between_them_to_be_seen(tmp_path: Path) -> None:
    assert dot_size(drawn(tmp_path, bands('["≥90%", 10]'))) == 6
    stairs = 'rule = {{ kind = "deduct", below = "90%", each = "{}", minus = 0.5, partial = "up" }}'
    assert dot_size(drawn(tmp_path, stairs.format("10%"))) == 6
    assert dot_size(drawn(tmp_path, stairs.format("1%"))) == 0


# Over which fact, and with which others.

COMPUTED = 'actual = "accepted / done"\n' + bands('["≥90%", 10]')


def test_a_fact_that_the_actual_value_is_computed_from_can_vary(tmp_path: Path) -> None:
    curve = drawn(tmp_path, COMPUTED, "done", {"accepted": "90户"})
    assert curve.others.en == "accepted = 90户"
    assert [str(curve.figure(each.x)) for each in curve.dots] == ["100户", "100户"]
    assert drawn(tmp_path, COMPUTED, "accepted", {"done": "100户"}).dots[0].x == 90
    assert drawn(tmp_path, COMPUTED, None, {"done": "100户"}).fact.en == "accepted"
    assert drawn(tmp_path, COMPUTED).fact.en == "actual value"


def test_another_fact_is_what_it_is_given_as(tmp_path: Path) -> None:
    for written in ("是", "yes"):
        curve = drawn(tmp_path, EXCUSED, None, {"excused": written})
        assert curve.others.zh == "excused = 是"
        assert {y for line in curve.lines for _, y in line.points} == {10}


@pytest.mark.parametrize(
    ("rule", "over", "given", "message"),
    [
        (COMPUTED, "don", {}, 'there is no figure "don" — did you mean "done"?'),
        (COMPUTED, "done", {"acepted": "5户"}, 'reads no fact "acepted" beside — did you mean "accepted"?'),
        (COMPUTED, "done", {"done": "5户"}, 'there is no figure "done"'),
        (COMPUTED, "done", {"accepted": "是"}, '"accepted" is a figure (found "是")'),
        (COMPUTED, "done", {"accepted": "5个6"}, "is not a quantity"),
        (COMPUTED, None, {"accepted": "5户", "done": "6户"}, "none is left to vary"),
        (EXCUSED, None, {"excused": "5"}, '"excused" cannot be "5" — known here: 是, yes, 否, no'),
        (
            'actual = "a"\nrule = { kind = "formula", award = "if(actual >= 5元 and b >= 5元, points, 0)" }',
            "a",
            {"b": "5人"},
            "do not compare or add",
        ),
    ],
)
def test_a_fact_that_cannot_be_so_is_told(
    tmp_path: Path, rule: str, over: str | None, given: Mapping[str, str], message: str
) -> None:
    with pytest.raises(PerfevalError) as told:
        drawn(tmp_path, rule, over, given)
    assert message in told.value.to("en")


def test_the_command_takes_what_is_given(tmp_path: Path) -> None:
    framework(tmp_path, COMPUTED)
    asked = ["plot", str(tmp_path / "f.toml"), "it", "--lang", "en", "--over", "done", "--given"]
    result = CliRunner().invoke(main, [*asked, "accepted=90户"])
    assert (result.exit_code, result.output.splitlines()[-2:]) == (
        0,
        ["with accepted = 90户", "at 100户: 10 → 0 (exactly 100户 earns 10)"],
    )
    result = CliRunner().invoke(main, [*asked, "accepted"])
    assert (result.exit_code, result.output.strip()) == (2, '"accepted" should be FACT=VALUE, such as a=5人')
