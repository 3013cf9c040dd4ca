"""Whoever reads a score, in whatever form, can follow it from the sum of the indicators to the total."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from report_cases import beside_the_tree, texts
from rich.console import Console

from every_rule import framework
from perfeval import Assessment, Indicator, evaluate, load
from perfeval.cli import main
from perfeval.documents.markdown import markdown
from perfeval.documents.narrative import narrative
from perfeval.documents.page import page
from perfeval.documents.view import report
from perfeval.facts import Given
from perfeval.framework import Adjustment, Limit, Rounding
from perfeval.report.terminal import score_table
from perfeval.rules import Awarded

STEPS = (
    "适用指标 92 分，得 75.7 分，折算为 100 分制：≈82.28 分",
    "加减分“表彰加分”：+1 分",
    "加减分“负面舆情扣分”：-4 分",
    "限制“套取资金”生效：总分不超过 59.9 分",
)


def on_screen(assessment: Assessment) -> str:
    console = Console(width=200)
    with console.capture() as shown:
        console.print(score_table(evaluate(assessment), "zh"))
    return shown.get()


def test_every_way_to_show_a_score_tells_the_steps_from_the_sum_to_the_total() -> None:
    assessment = beside_the_tree("3", misused=True)
    shown = {
        "score": on_screen(assessment),
        "explain": evaluate(assessment).explain(language="zh"),
        "page": page(assessment, "zh"),
        "markdown": markdown(assessment, "zh").replace("\\", ""),
        "draft": "\n".join(texts(narrative(assessment), "zh")),
    }
    missing = {(name, step) for name, text in shown.items() for step in STEPS if step not in text}
    assert missing == set()


def test_the_steps_in_english() -> None:
    card = evaluate(beside_the_tree("3", misused=True))
    assert [step.text.en for step in card.to_total] == [
        "75.7 of 92 applicable points, converted to a scale of 100: ≈82.28",
        'adjustment "Praise": +1',
        'adjustment "Bad news": -4',
        'limit "Misuse of funds" in force: a total of no more than 59.9',
    ]


def test_where_the_sum_is_the_total_there_are_no_steps() -> None:
    tree = framework(Indicator("works", "工程", Awarded(), 100, "works", category="output.quantity"))
    assert evaluate(Assessment(tree, {"works": "90分"})).to_total == ()


def test_a_sum_below_zero_a_cap_of_the_grade_and_a_rounding_are_steps_too() -> None:
    def steps(minus: str, rounding: tuple[Rounding, ...] = ()) -> list[str]:
        tree = framework(
            Indicator("works", "工程", Awarded(), 100, "works", category="output.quantity"),
            adjustments=(Adjustment("late", "逾期", "0 - late", at_least=-50),),
            limits=(Limit("舞弊", "fraud", grade_at_most="差"),),
            rounding=rounding,
        )
        facts: dict[str, Given] = {"works": "40分", "late": minus, "fraud": True}
        return [step.text.zh for step in evaluate(Assessment(tree, facts)).to_total]

    assert steps("45") == [
        "各指标合计得 40 分",
        "加减分“逾期”：-45 分",
        "合计 -5 分，低于 0，按 0 分计",
        "限制“舞弊”生效：等级不高于差",
    ]
    whole = steps("0.26", (Rounding("total", 1),))
    assert whole == ["各指标合计得 40 分", "加减分“逾期”：-0.26 分", "限制“舞弊”生效：等级不高于差", "舍入为 39.7 分"]


def test_points_beside_the_tree_that_cannot_be_computed_say_why_wherever_the_score_is_shown() -> None:
    assessment = beside_the_tree("0次")
    why = "加减分“负面舆情扣分”没有结果：得分应为分数，而这里算出的是以“次”计的数"
    assert why in on_screen(assessment)
    assert why in evaluate(assessment).explain(language="zh")
    assert why in report(assessment, "zh").steps


def test_the_facts_that_only_the_total_reads_stand_among_the_facts_of_a_report() -> None:
    assert {each.name for each in report(beside_the_tree(), "zh").facts} >= {"praise.times", "media.bad", "misuse"}


TABLE = """format = 1
[framework]
id = "own/houses"
title = "改造"
[tree.houses]
title = "户数"
category = "output.quantity"
points = 100
rule = { kind = "awarded" }
[[adjustments]]
id = "media"
title = "负面舆情扣分"
award = "0 - 2 * media.bad"
at_least = -4
[[limits]]
title = "套取资金"
when = "misuse"
at_most = 59.9
"""
FILLED = """format = 1
framework = "framework.toml"
[facts]
houses = "90"
misuse = "%s"
[facts.media]
bad = { value = "1", source = "舆情周报" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "framework.toml").write_text(TABLE, "utf-8")
    for name, misuse in (("clean", "否"), ("misused", "是")):
        (tmp_path / f"{name}.toml").write_text(FILLED % misuse, "utf-8")
    return tmp_path


def explained(*arguments: object) -> str:
    result = CliRunner().invoke(main, ["explain", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("named", ["负面舆情扣分", "media"])
def test_points_beside_the_tree_are_explained_as_an_indicator_is(folder: Path, named: str) -> None:
    said = explained(folder / "clean.toml", named)
    assert "负面舆情扣分  [adjustments.media]  -2 分" in said
    assert "规则: 0 − 2 × media.bad（-4 至 0 分）" in said
    assert "media.bad = 1  (已披露: 舆情周报)" in said
    assert '"points": "-2"' in explained(folder / "clean.toml", named, "--format", "json")


def test_a_limit_is_explained_whether_it_holds_or_not(folder: Path) -> None:
    assert "条件不成立，限制未生效" in explained(folder / "clean.toml", "套取资金")
    assert "限制“套取资金”生效：总分不超过 59.9 分" in explained(folder / "misused.toml", "套取资金")
    assert '"holds": true' in explained(folder / "misused.toml", "套取资金", "--format", "json")
    assert "总分  59.90 / 100 分" in explained(folder / "misused.toml")


def test_the_steps_lead_to_the_total(folder: Path) -> None:
    card = evaluate(load(folder / "clean.toml"))
    figures = [Fraction(found[-1]) for step in card.to_total if (found := re.findall(r"[-+]?[0-9.]+", step.text.zh))]
    assert sum(figures) == card.score
