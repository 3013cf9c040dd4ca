"""Comparisons: side by side, with the facts behind each difference."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from rich.console import Console

from docs_text import ROOT
from every_rule import EVERYTHING, every_rule, framework, indicator
from perfeval import (
    Assessment,
    DefinitionError,
    Dimension,
    Fact,
    FactSheet,
    Indicator,
    Published,
    Remark,
    load,
    quantity,
)
from perfeval.cli import main
from perfeval.comparing import Comparison, compare, on_framework, rated
from perfeval.facts import Given
from perfeval.framework import Framework
from perfeval.report.comparing import rated_table
from perfeval.rules import Completion

SEED = ROOT / "examples" / "panzhihua-dongqu-2023"
TREE = framework(
    Dimension("output", "output", (indicator("a", 40, rule=Completion(target="≥10棵")), indicator("b", 20))),
    indicator("c", 40, category="satisfaction"),
)


def assessment(facts: Mapping[str, Given], of: Framework = TREE, **more: object) -> Assessment:
    return Assessment(of, facts, **more)  # type: ignore[arg-type]


BEFORE = assessment(
    {"output.a": Fact("x", quantity("8棵"), source="2023"), "output.b": "20", "c": "30", "spare": "1人"}
)
AFTER = assessment({"output.a": Fact("x", quantity("9棵"), source="2024"), "output.b": "20", "c": "30", "spare": "3人"})


def test_what_differs_comes_with_the_facts_behind_it() -> None:
    found = compare(BEFORE, AFTER)
    assert found.difference == 4
    changed = {row.node.path: row for row in found.rows if row.changed}
    assert set(changed) == {"output", "output.a"}
    row = changed["output.a"]
    assert (row.difference, row.shares) == (Fraction(4), Fraction(1, 10))
    (fact,) = row.facts
    assert (fact.name, str(fact.a), str(fact.b), str(fact.change)) == ("output.a", "8棵", "9棵", "1棵")
    assert (fact.relative, fact.source_a, fact.source_b) == (Fraction(1, 8), "2023", "2024")
    assert [each.name for each in found.unread] == ["spare"]


def test_only_the_facts_that_were_given_are_told_not_what_derives_from_them() -> None:
    of = framework(indicator("a", 100, actual="double"))
    sides = [assessment({"x": value, "double": Fact("double", formula="x * 2")}, of) for value in ("20", "30")]
    (row,) = compare(*sides).rows
    assert [each.name for each in row.facts] == ["x"]


def test_a_node_that_only_one_side_has_stands_beside_its_neighbours() -> None:
    other = framework(
        Dimension("output", "output", (indicator("a", 40, rule=Completion(target="≥10棵")), indicator("new", 20))),
        indicator("last", 40, category="satisfaction", title="c"),
    )
    found = compare(BEFORE, assessment({"output.a": "9棵", "output.new": "20", "last": "35"}, other))
    sides = [(None if row.a is None else row.a.path, None if row.b is None else row.b.path) for row in found.rows]
    assert sides == [
        ("output", "output"),
        ("output.a", "output.a"),
        (None, "output.new"),
        ("output.b", None),
        ("c", "last"),  # the same title in the same category
    ]
    assert found.rows[-1].difference == 5


def test_what_only_the_second_has_stands_in_its_own_dimension_and_not_below_the_one_before() -> None:
    def quality(*below: Indicator) -> Dimension:
        return Dimension("quality", "quality", below)

    accepted = quality(indicator("accepted", 20))
    first = framework(Dimension("output", "output", (accepted, indicator("late", 60))), indicator("pleased", 20))
    timeliness = Dimension("timeliness", "timeliness", (indicator("paid", 5),))
    second = framework(
        Dimension("output", "output", (quality(indicator("sound", 15)), timeliness)),
        Dimension("benefit", "benefit", (indicator("late", 60),)),
        indicator("pleased", 20),
    )
    rows = compare(assessment({}, first), assessment({}, second)).rows
    assert [(row.node.path, row.a is not None, row.b is not None) for row in rows] == [
        ("output", True, True),
        ("output.quality", True, True),
        ("output.quality.sound", False, True),
        ("output.quality.accepted", True, False),
        ("output.timeliness", False, True),
        ("output.timeliness.paid", False, True),
        ("output.late", True, True),
        ("benefit", False, True),
        ("pleased", True, True),
    ]


PUBLISHED = sorted(path for path in (ROOT / "examples" / "published").glob("*.toml"))


@pytest.mark.parametrize("other", PUBLISHED, ids=lambda path: str(path.stem))
def test_every_node_is_in_one_row_and_stands_below_its_own_dimension(other: Path) -> None:
    first, second = load(SEED / "land-requisition.toml"), load(other)
    rows = compare(first, second).rows
    assert sorted(row.a.path for row in rows if row.a) == sorted(first.framework.layout)
    assert sorted(row.b.path for row in rows if row.b) == sorted(second.framework.layout)
    above: list[str] = []
    for row in rows:
        path = row.node.path
        del above[path.count(".") :]
        assert ".".join(path.split(".")[:-1]) == (above[-1] if above else "")
        above.append(path)


def test_rules_that_differ_are_told_in_words() -> None:
    other = framework(
        Dimension("output", "output", (indicator("a", 40, rule=Completion(target="≥12棵")), indicator("b", 20))),
        indicator("c", 40, category="satisfaction"),
    )
    found = compare(BEFORE, Assessment(other, BEFORE.facts))
    (row,) = [row for row in found.rows if row.rules is not None]
    assert row.node.path == "output.a"
    assert row.rules is not None
    assert "10" in row.rules[0].en
    assert "12" in row.rules[1].en


def test_categories_compare_whatever_the_frameworks_are() -> None:
    other = framework(indicator("z", 50, category="satisfaction"), indicator("y", 50))
    found = compare(BEFORE, assessment({"z": "40", "y": "50"}, other))
    rows = {row.category: row for row in found.categories}
    assert (rows["satisfaction"].points_a, rows["satisfaction"].points_b) == (Fraction(40), Fraction(50))
    assert (rows["satisfaction"].score_a, rows["satisfaction"].score_b) == (Fraction(30), Fraction(40))
    assert rows["decision"].score_a == Fraction(52)


def test_the_same_facts_on_another_framework() -> None:
    other = framework(indicator("c", 60), indicator("d", 40))
    moved = on_framework(BEFORE, other)
    found = compare(BEFORE, moved)
    assert found.b.nodes["c"].score == 30
    assert found.b.nodes["d"].status == "unknown"
    assert found.difference is None
    open_ = framework(indicator("a", 60), Dimension("own", "own", open=True, points=Fraction(40)))
    with pytest.raises(DefinitionError):
        on_framework(BEFORE, open_)


def test_several_raters_stand_side_by_side_with_the_rule() -> None:
    remarks = {
        "output.a": Remark(stated_by={"自评": 40, "复核": "32"}),
        "output.b": Remark(stated_by={"自评": 20, "复核": 18}),
        "c": Remark(stated_by={"自评": 35}),
    }
    found = rated(assessment({"output.a": "8棵", "output.b": "20", "c": "30"}, remarks=remarks))
    assert found.raters == ("自评", "复核")
    assert found.totals == {"自评": Fraction(95), "复核": None}
    assert [node.path for node in found.rows] == ["output.a", "output.b", "c"]
    with pytest.raises(DefinitionError, match="stated_by"):
        rated(BEFORE)
    with pytest.raises(DefinitionError, match="not a number of points"):
        Remark(stated_by={"x": "80%"})
    with pytest.raises(DefinitionError, match="rater = score"):
        Remark(stated_by=[8])


STATED = """format = 1
framework = "cn/mof-2020/project-self"
[published]
score = %d
[tree.execution]
stated = 9
[tree.output.quantity.a]
title = "数量"
points = 50
stated = %d
rule = { kind = "completion", target = "≥10个" }
[tree.benefit.social.b]
title = "效益"
points = 30
stated = 28
rule = { kind = "awarded" }
[tree.satisfaction.c]
title = "满意度"
points = 10
stated = 9
rule = { kind = "completion", target = "≥90%%" }
"""


def test_two_tables_that_state_scores_and_no_facts_are_compared_by_what_they_state(tmp_path: Path) -> None:
    for name, score, quantity_score in (("a.toml", 92, 46), ("b.toml", 89, 43)):
        (tmp_path / name).write_text(STATED % (score, quantity_score), "utf-8")
    shown = run(str(tmp_path / "a.toml"), str(tmp_path / "b.toml")).output
    assert "46 → 43  −3" in shown
    assert "28 → 28\n" in shown.replace(" \n", "\n")
    assert shown.endswith("没有都按规则算出总分，只比较公布的总分，增减 −3\n")
    data = json.loads(run(str(tmp_path / "a.toml"), str(tmp_path / "b.toml"), "--format", "json").output)
    (row,) = (row for row in data["rows"] if row["path"] == "output.quantity.a")
    assert (row["stated_a"], row["stated_b"], row["difference"]) == ("46", "43", None)


def test_a_table_alone_that_states_scores_has_them_beside_the_rule(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(STATED % (92, 46), "utf-8")
    shown = run(str(tmp_path / "a.toml")).output
    assert [line.split() for line in shown.splitlines() if line.strip().startswith("数量")] == [
        ["数量", "50", "?", "46", "—"]
    ]


def test_a_raters_total_is_converted_as_the_score_beside_it() -> None:
    of = framework(indicator("a", 95), indicator("c", 5, applies="has_c"))
    remarks = {"a": Remark(stated_by={"自评": "85.5", "复核": 76})}
    found = rated(assessment({"a": "85.5", "has_c": False}, of, remarks=remarks))
    assert found.card.score == 90
    assert found.totals == {"自评": Fraction(90), "复核": Fraction(80)}


_LEFT_ASIDE = """format = 1
framework = "framework.toml"
[published]
score = 90
[facts]
a = "50"
has_b = "否"
[tree.a]
stated = 58
stated_by = { "复核" = 50 }
[tree.b]
stated_by = { "复核" = 30, "自评" = 20 }
"""


def test_the_tables_own_score_is_a_rater_and_what_does_not_apply_is_said_and_not_counted(tmp_path: Path) -> None:
    text = FRAMEWORK.replace("points = 40", 'points = 40\napplies = "has_b"')
    (tmp_path / "framework.toml").write_text(text, "utf-8")
    (tmp_path / "file.toml").write_text(_LEFT_ASIDE, "utf-8")
    shown = run(str(tmp_path / "file.toml")).output
    rows = [line.split() for line in shown.splitlines()]
    assert ["指标", "分值", "按规则", "表中", "复核", "自评", "相差"] in rows
    assert ["甲", "60", "50", "58", "50", "—", "8"] in rows
    assert ["乙", "40", "不适用", "—", "30", "20", "—"] in rows
    assert "合计不含不适用指标的得分" in shown
    found = json.loads(run(str(tmp_path / "file.toml"), "--format", "json").output)
    assert [(row["applies"], row["stated"], row["apart"]) for row in found["rows"]] == [
        (True, "58", "8"),
        (False, None, None),
    ]
    assert found["published"] == "90"


def test_one_mark_alone_lies_apart_from_the_score_by_rule(tmp_path: Path) -> None:
    (tmp_path / "framework.toml").write_text(FRAMEWORK, "utf-8")
    text = FILE.replace("YEAR", "2023").replace("RATE", "90%").replace(', "复核" = "50"', "")
    (tmp_path / "file.toml").write_text(text, "utf-8")
    (row,) = json.loads(run(str(tmp_path / "file.toml"), "--format", "json").output)["rows"]
    assert (row["raters"], row["by_rule"], row["apart"]) == ({"自评": "55"}, "50", "5")


def test_the_tables_own_scores_lie_apart_from_the_rule_and_that_they_do_not_add_up_is_said(tmp_path: Path) -> None:
    of = framework(indicator("a", 60, rule=Completion(target="≥10棵")), indicator("b", 40))
    remarks = {"a": Remark(stated=50), "b": Remark(stated=40)}
    for published, told in ((Fraction(90), False), (Fraction(100), True)):
        score = Published(quantity(published))
        found = rated(assessment({"a": "9棵", "b": "40"}, of, remarks=remarks, published=score))
        console = Console(width=120)
        with console.capture() as shown:
            console.print(rated_table(found, "zh"))
        rows = [line.split() for line in shown.get().splitlines()]
        assert ["a", "60", "54", "50", "4"] in rows
        assert ["b", "40", "40", "40", "0"] in rows
        assert ("表中各项得分合计 90 分，而公布的总分是 100 分" in shown.get()) is told
    assert "不含不适用" not in run(str(tmp_path / "file.toml")).output


def test_what_changed_stands_below_its_dimension_even_where_that_did_not(tmp_path: Path) -> None:
    tree = """format = 1
[framework]
id = "t"
title = "体系"
points = 100
[tree.o]
title = "产出指标"
category = "output.quantity"
[tree.o.x]
title = "甲"
points = 50
rule = { kind = "completion", target = "≥10" }
[tree.o.y]
title = "乙"
points = 50
rule = { kind = "completion", target = "≥10" }
"""
    (tmp_path / "framework.toml").write_text(tree, "utf-8")
    for name, x, y in (("a", "5", "10"), ("b", "10", "5")):
        text = f'format = 1\nframework = "framework.toml"\n[facts.o]\nx = "{x}"\ny = "{y}"\n'
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    shown = run(str(tmp_path / "a.toml"), str(tmp_path / "b.toml"), "--changed-only").output
    assert [line.split()[0] for line in shown.splitlines() if line.split()[0:1] in (["产出指标"], ["甲"], ["乙"])][
        :3
    ] == ["产出指标", "甲", "乙"]


# Laws.


@given(EVERYTHING)
def test_an_assessment_does_not_differ_from_itself(facts: FactSheet) -> None:
    one = Assessment(every_rule("rescale", ()), facts)
    found = compare(one, one)
    assert not any(row.changed for row in found.rows)
    assert not found.unread
    assert found.difference in (None, 0)


@given(EVERYTHING, EVERYTHING)
def test_turned_round_it_is_the_same_with_the_signs_reversed(first: FactSheet, second: FactSheet) -> None:
    of = every_rule("rescale", ())
    a, b = Assessment(of, first), Assessment(of, second)
    there, back = compare(a, b), compare(b, a)
    assert [row.difference for row in there.rows] == [
        None if row.difference is None else -row.difference for row in back.rows
    ]
    assert [(each.name, each.a, each.b) for row in there.rows for each in row.facts] == [
        (each.name, each.b, each.a) for row in back.rows for each in row.facts
    ]


@given(EVERYTHING, EVERYTHING)
def test_the_differences_of_the_indicators_add_up(first: FactSheet, second: FactSheet) -> None:
    of = every_rule("zero", ())
    found: Comparison = compare(Assessment(of, first), Assessment(of, second))
    leaves = [row for row in found.rows if row.node.is_indicator]
    if all(row.difference is not None for row in leaves):
        apart = sum((row.difference or Fraction(0)) * row.node.placed.factor for row in leaves)
        assert apart == found.b.earned - found.a.earned


def test_two_months_are_months_apart_and_two_dates_days() -> None:
    found = compare(
        assessment({"output.a": "6月", "output.b": "2023-06-01", "c": "30"}),
        assessment({"output.a": "8月", "output.b": "2023-06-11", "c": "30"}),
    )
    assert [str(each.change) for row in found.rows if row.node.is_indicator for each in row.facts] == ["2个月", "10天"]


# The command.

FRAMEWORK = """format = 1
[framework]
id = "t"
title = "体系"
title_en = "system"
points = 100
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
year = YEAR
[facts]
a = "50"
b = { value = "RATE", source = "表" }
[tree.a]
stated_by = { "自评" = 55, "复核" = "50" }
"""


@pytest.fixture
def years(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "framework.toml").write_text(FRAMEWORK, "utf-8")
    for year, rate in (("2023", "81%"), ("2024", "90%")):
        (tmp_path / f"{year}.toml").write_text(FILE.replace("YEAR", year).replace("RATE", rate), "utf-8")
    return str(tmp_path / "2023.toml"), str(tmp_path / "2024.toml")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["compare", *arguments], env={"COLUMNS": "100"})


def test_two_years_are_named_by_their_years(years: tuple[str, str]) -> None:
    result = run(*years)
    assert result.exit_code == 0
    assert "2023年: 总分 86.00 / 100" in result.output
    assert "总分增减 +4" in result.output
    assert "b: 81% → 90%  (+9个百分点，≈+11.11%)" in result.output
    assert run(*years, "--changed-only").output.count("甲") == 0
    assert "满意度" in run(*years, "--by-category").output
    assert "+9 percentage points" in run(*years, "--lang", "en").output


def test_the_comparison_as_json(years: tuple[str, str]) -> None:
    found = json.loads(run(*years, "--format", "json").output)
    assert (found["a"]["score"], found["b"]["score"], found["difference"]) == ("86.00", "90.00", "4")
    (row,) = [row for row in found["rows"] if row["path"] == "b"]
    assert (row["score_a"], row["score_b"], row["facts"][0]["relative"]) == ("36", "40", "0.111111")


def test_one_file_alone_compares_its_raters(years: tuple[str, str]) -> None:
    result = run(years[0])
    assert result.exit_code == 0
    assert "自评" in result.output
    assert "复核" in result.output
    found = json.loads(run(years[0], "--format", "json").output)
    assert found["rows"][0]["raters"] == {"自评": "55", "复核": "50"}
    assert found["rows"][0]["apart"] == "5"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("{a}", "{b}", "--framework", "x"), "not both"),
        (("{a}", "missing.toml"), "missing.toml"),
        (("{a}", "--framework", "cn/mof-2020/project-slf"), "cn/mof-2020/project-self"),
        (("{a}", "--framework", "cn/mof-2020/project-self"), "has 50 points but no indicator"),
        (("examples/published/qingshen-ndrc-2023-salaries.toml",), "stated_by"),
    ],
)
def test_what_cannot_be_compared_is_answered_with_why(
    years: tuple[str, str], arguments: tuple[str, ...], said: str
) -> None:
    result = run(*(each.format(a=years[0], b=years[1]) for each in arguments), "--lang", "en")
    assert result.exit_code == 2
    assert said in result.output
    assert isinstance(result.exception, SystemExit)


def test_the_same_file_on_another_framework(years: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(
        FRAMEWORK.replace('id = "t"', 'id = "other"').replace("≥90%", "≥100%"), "utf-8"
    )
    result = run(years[0], "--framework", str(tmp_path / "other.toml"))
    assert result.exit_code == 0
    assert "other: 总分 82.40" in result.output
