"""The live workbook: LibreOffice recalculates it, and every score is that of the exact interpreter."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.worksheet.worksheet import Worksheet
from recalculating import needs_office, recalculated, recalculated_book

from docs_text import ROOT
from every_rule import every_rule, framework, indicator
from perfeval import (
    Adjustment,
    Assessment,
    Dimension,
    Fact,
    Limit,
    Remark,
    Rounding,
    Scorecard,
    Subject,
    evaluate,
    load,
    quantity,
)
from perfeval.facts import Given
from perfeval.forms.workbook import CHART, FACTS, FORM, STEPS, live_workbook
from perfeval.framework import AskedFact, NotApplicable
from perfeval.quantity import Mode
from perfeval.rules import Alternative, Awarded, Band, Bands, BestOf, Completion, Deduct, Formula, Level, Rating, YesNo

FIRST = 6
MODES: Sequence[Mode] = ("half-up", "half-even", "down", "up", "floor", "ceil")
_SIGNS = str.maketrans({"≥": ">=", "≤": "<="})


def agrees(sheet: Worksheet, card: Scorecard) -> list[str]:
    """The nodes whose cell is not the exact score."""
    wrong = []
    for row, (path, node) in enumerate(card.nodes.items(), start=FIRST):
        cell = sheet.cell(row, 4).value
        if node.status == "not-applicable" and node.score is None:
            right = cell == "不适用"
        elif node.score is None:
            right = cell == "缺"
        else:
            right = isinstance(cell, int | float) and abs(Fraction(cell) - node.score) < Fraction(1, 10**9)
        if not right:
            wrong.append(f"{path}: {cell!r}, exactly {node.score} ({node.status})")
    row = next(cell.row for cell in sheet["A"] if cell.value == "总分" and cell.row >= FIRST + len(card.nodes))
    total, grade = sheet.cell(row, 4).value, sheet.cell(row + 1, 4).value
    if card.score is None:
        return wrong if total == "缺" and not grade else [*wrong, f"total: {total!r}, exactly none"]
    if not isinstance(total, int | float) or abs(Fraction(total) - card.score) > Fraction(1, 10**9):
        wrong.append(f"total: {total!r}, exactly {card.score}")
    if card.grade is not None and grade != card.grade.name:
        wrong.append(f"grade: {grade!r}, exactly {card.grade.name}")
    return wrong


def generated(seed: int) -> Assessment:
    """Every kind of rule on random facts, many of them at a tie, at an edge, or missing."""
    draw = random.Random(seed)
    policies: Sequence[NotApplicable] = ("rescale", "full", "zero")
    roundings = ((), (Rounding("each", 1, "half-even"),), (Rounding("total", 0, "up"), Rounding("rate", 0)))
    of = every_rule(draw.choice(policies), draw.choice(roundings))

    def number() -> str | None:
        pools = (["0", "1", "2", "3", "5", "6", "8", "9", "10", "12"], [f"{draw.randint(0, 1200) / 100}"])
        return None if draw.random() < 0.1 else draw.choice(draw.choice(pools))

    facts: dict[str, Given] = {name: number() for name in ("a", "b", "c", "rest")}
    facts["t"] = draw.choice([True, False, None])
    level, share = draw.choice([("达成", "100%"), ("未达成", "0%"), (None, None)])
    facts |= {"judged.level": Fact("x", level), "judged.share": share}
    return Assessment(of, facts)


def ties(seed: int) -> Assessment:
    """Completions whose scores are ties, near ties, and edges of bands; money and people in several units."""
    draw = random.Random(seed)
    leaves, facts = [], dict[str, Given]()
    for index in range(10):
        points = draw.choice(["5", "7.5", "8", "12.5"])
        goal = draw.choice([40, 60, 80, 200, 1600, 71, 51857, 999983])
        # The score is a whole number of half units of its last place: half of these are ties.
        tie = Fraction(draw.randint(0, 2000), 2000) * goal
        actual = Decimal(tie.numerator) / Decimal(tie.denominator)
        unit = draw.choice(["人", "万元", "元", "吨"])
        rule = draw.choice(
            [
                Completion(target=f"≥{goal}{unit}"),
                Completion(target=f"≤{goal}{unit}"),
                Completion(target=f"={goal}{unit}", zero_below="60%"),
                Bands((Band(target=f"≥{goal}{unit}", award="100%"), Band(target=f"≥{goal / 2:g}{unit}", award="33%"))),
                Deduct(below=f"{goal}{unit}", each=f"{goal / 20:g}{unit}", minus="5%", partial="up"),
            ]
        )
        leaves.append(indicator(f"i{index}", points, rule=rule, actual=f"f{index}"))
        facts[f"f{index}"] = f"{round(actual, 4):f}{unit}"
    total = sum((Fraction(str(leaf.points)) for leaf in leaves), Fraction(0))
    places = draw.choice([1, 2])
    return Assessment(framework(*leaves, points=total, rounding=(Rounding("each", places),)), facts)


def products(seed: int) -> Assessment:
    """Products and sums of two ratios that come to a tie, and deductions with parts of a step, proportional ones too."""
    draw = random.Random(seed)
    leaves, facts = [], dict[str, Given]()
    for index in range(8):
        a, b, c, d = (f"f{index}.{each}" for each in "abcd")
        # A tie of two decimals, as 10 × p/q × r/s: the divisors are split off at random.
        tie = Fraction(2 * draw.randint(0, 999) + draw.randint(0, 1), 200)
        first = Fraction(draw.randint(1, 9999), draw.choice([7, 40, 97, 1600, 9973]))
        second = tie / 10 / first
        for name, value in (
            (a, first.numerator),
            (b, first.denominator),
            (c, second.numerator),
            (d, second.denominator),
        ):
            facts[name] = str(value)
        rule = draw.choice(
            [
                Formula(f"points * ({a} / {b}) * ({c} / {d})"),
                Formula(f"(points * ({a} / {b} * ({c} / {d})) + points * ({d} / {d})) / 2"),
                Formula(f"points - points * (({a} * {c}) / ({b} * {d}))"),
                Deduct(below="100%", each="3%", minus="0.25", partial=draw.choice(["up", "down", "proportional"])),
                Deduct(beyond="7%", each="0.5%", minus="2.5%", partial=draw.choice(["up", "down", "proportional"])),
                Deduct(either_side_of="50%", each="7%", minus="0.35", partial="proportional", at_most="80%"),
            ]
        )
        leaves.append(indicator(f"i{index}", 10, rule=rule, actual=f"{a} / {b} * ({c} / {d})"))
    return Assessment(framework(*leaves, points=80, rounding=(Rounding("each", 2, draw.choice(MODES)),)), facts)


def large_sums(seed: int) -> Assessment:
    """Budgets of up to twelve digits in 元, and fen, some in 万元: equal to their target, a fen beside it, and ratios of them."""
    draw = random.Random(seed)
    leaves, facts = [], dict[str, Given]()
    for index in range(8):
        fen = draw.randint(10**11, 10 ** draw.choice([12, 13, 14]) - 1)
        beside = fen + draw.choice([-1, 0, 0, 1])
        yuan, other = (f"{each // 100}.{each % 100:02}" for each in (fen, beside))
        written = draw.choice([f"{other}元", f"{other[:-7]}.{other[-7:-3]}{other[-2:]}万元"])
        sign = draw.choice(["≥", "≤", "=", ">", "<"])
        rule = draw.choice(
            [
                YesNo(when=f"f{index}.got {sign.translate(_SIGNS) if sign != '=' else '=='} {yuan}元"),
                Bands((Band(target=f"{sign}{yuan}元", award="100%"),), otherwise="1"),
                Completion(target=f"≥{yuan}元"),
                Deduct(below=f"{yuan}元", each="100万元", minus="5%", partial="up"),
                Formula(f"points * f{index}.got / f{index}.asked"),
            ]
        )
        leaves.append(indicator(f"i{index}", 10, rule=rule, actual=f"f{index}.got"))
        facts |= {f"f{index}.got": written, f"f{index}.asked": f"{yuan}元"}
    return Assessment(framework(*leaves, points=80, rounding=(Rounding("each", 2),)), facts)


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize(("make", "many"), [(generated, 30), (ties, 30), (products, 20), (large_sums, 20)])
def test_every_score_that_libreoffice_computes_is_the_exact_one(make: object, many: int, tmp_path: Path) -> None:
    assert callable(make)
    cases = {f"case{seed}": make(seed) for seed in range(many)}
    books = {name: live_workbook(each, "zh") for name, each in cases.items()}
    sheets = recalculated(books, tmp_path)
    wrong = {name: found for name, each in cases.items() if (found := agrees(sheets[name], evaluate(each)))}
    assert not wrong


@needs_office
def test_figures_too_long_for_a_spreadsheet_are_marked_and_the_form_says_so(tmp_path: Path) -> None:
    short = ["0元", "-0.07元", "8999999.99元", "12345678.9元", "20000000000元", "95.1234%", None]
    long = ["9123456.78元", "-123456789012.34元", "1234567.89012345万元"]
    of = framework(indicator("a", 100, rule=Awarded()))
    books = {
        name: live_workbook(Assessment(of, {f"x{at}": each for at, each in enumerate(figures)}), "zh")
        for name, figures in (("short", short), ("long", [*short, *long]))
    }
    forms = recalculated(books, tmp_path)
    told = {name: [cell.value for cell in form["A"] if "九位" in str(cell.value)] for name, form in forms.items()}
    assert (len(told["short"]), len(told["long"])) == (0, 1)
    facts = load_workbook(tmp_path / "out" / "long.xlsx", data_only=True)[FACTS.zh]
    marked = {str(row[0].value): row[7].value for row in facts.iter_rows(min_row=2)}
    assert [marked[f"x{at}"] for at in range(len(short + long))] == [0] * len(short) + [1] * len(long)
    assert any("C2:" in str(each.sqref) for each in facts.conditional_formatting)


@needs_office
def test_units_that_do_not_go_together_have_no_score_in_the_workbook_either(tmp_path: Path) -> None:
    of = framework(
        indicator("a", 40, rule=Formula("points - 10 * x / y")), indicator("b", 60, rule=YesNo(when="money > people"))
    )
    mixed = Assessment(of, {"x": "1", "y": "2", "money": "3万元", "people": "2人"})
    assert {node.status for node in evaluate(mixed).nodes.values()} == {"error"}
    sheet = recalculated({"mixed": live_workbook(mixed, "zh")}, tmp_path)["mixed"]
    assert agrees(sheet, evaluate(mixed)) == []


@needs_office
def test_the_examples_compute_in_libreoffice_as_they_do_here(tmp_path: Path) -> None:
    files = [
        path for path in sorted((ROOT / "examples").glob("*/*.toml")) if path.name not in ("facts.toml", "checks.toml")
    ]
    cases = {path.stem: load(path) for path in files}
    sheets = recalculated({name: live_workbook(each, "zh") for name, each in cases.items()}, tmp_path)
    assert {name: agrees(sheets[name], evaluate(each)) for name, each in cases.items()} == {name: [] for name in cases}


@needs_office
def test_a_figure_changed_in_the_workbook_changes_scores_total_and_grade(tmp_path: Path) -> None:
    project = load(ROOT / "examples" / "panzhihua-dongqu-2023" / "land-requisition.toml")
    book = load_workbook(io.BytesIO(live_workbook(project, "zh")))
    facts = book[FACTS.zh]
    rows = {cell.value: cell.row for cell in facts["A"]}
    facts.cell(rows["land.quality_rate"], 3).value = 0.905
    facts.cell(rows["judged.payment_time.level"], 3).value = "未达成年度指标且效果较差"
    facts.cell(rows["judged.payment_time.share"], 3).value = 0.5
    stream = io.BytesIO()
    book.save(stream)
    sheet = recalculated({"changed": stream.getvalue()}, tmp_path)["changed"]
    changed = {
        "land.quality_rate": Fact("x", quantity("90.5%")),
        "judged.payment_time.level": Fact("x", "未达成年度指标且效果较差"),
        "judged.payment_time.share": Fact("x", quantity("50%")),
    }
    again = Assessment(project.framework, {**project.facts.facts, **changed})
    assert evaluate(again).score == Fraction("87.05")
    assert agrees(sheet, evaluate(again)) == []


def small(**facts: Given) -> Assessment:
    rated = Rating((Level("达成", from_="80%", to="100%"), Level("未达成", from_="0%", to="80%")))
    of = framework(
        indicator("a", 40, rule=Completion(target="≥10棵")),
        indicator("r", 30, rule=rated),
        indicator("t", 20, rule=YesNo()),
        indicator("m", 10, rule=Awarded()),
        limits=(Limit("veto", "fraud", grade_at_most="差"),),
    )
    return Assessment(of, facts, remarks={"a": Remark(reason="苗木到货晚")}, subject=Subject(unit="某镇"))


def test_cells_to_fill_in_are_open_and_formulas_are_protected() -> None:
    book = load_workbook(io.BytesIO(live_workbook(small(a="9棵"), "zh")))
    assert all(sheet.protection.sheet for sheet in book.worksheets)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("=") and cell.data_type == "f":
                    assert cell.protection.locked, cell.coordinate
    facts = book[FACTS.zh]
    rows = {cell.value: cell.row for cell in facts["A"]}
    assert not facts.cell(rows["a"], 3).protection.locked
    assert facts.cell(rows["a"], 3).value == 9
    assert facts.cell(rows["a"], 4).value == "棵"
    offered = {str(rule.sqref): rule.formula1 for rule in facts.data_validations.dataValidation}
    assert offered[f"C{rows['r.level']}"] == '"达成,未达成"'
    assert offered[f"C{rows['t']}"] == '"是,否"'
    assert offered[f"C{rows['fraud']}"] == '"是,否"'
    assert book[FORM.zh].cell(FIRST, 6).value == "苗木到货晚"


def test_every_rating_offers_its_levels_however_they_are_called() -> None:
    words = ("按期、按量,全部达成", "部分" + "未" * 250, "未达成")
    ranges = (("80%", "100%"), ("60%", "80%"), ("0%", "60%"))
    rated = Rating(tuple(Level(name, from_=low, to=high) for name, (low, high) in zip(words, ranges, strict=True)))
    either = BestOf(
        (
            Alternative(Rating((Level("达成", share="100%"), Level("未达成", share="0%"))), actual="r"),
            Alternative(YesNo(when="t")),
        )
    )
    of = framework(indicator("long", 50, rule=rated), indicator("either", 50, rule=either))
    book = load_workbook(io.BytesIO(live_workbook(Assessment(of), "zh")))
    facts = book[FACTS.zh]
    rows = {cell.value: cell.row for cell in facts["A"]}
    offered = {str(rule.sqref): str(rule.formula1) for rule in facts.data_validations.dataValidation}
    assert offered[f"C{rows['r.level']}"] == '"达成,未达成"'
    sheet, _, cells = offered[f"C{rows['long.level']}"].replace("$", "").partition("!")
    assert [cell.value for (cell,) in book[sheet.strip("'")][cells]] == list(words)


def test_the_sheets_are_named_in_the_language_asked_for() -> None:
    assert load_workbook(io.BytesIO(live_workbook(small(), "zh"))).sheetnames == [
        "自评表",
        "事实",
        "计算",
        "规则",
        "得分率",
        "单位",
    ]
    assert load_workbook(io.BytesIO(live_workbook(small(), "en"))).sheetnames == [
        "Form",
        "Facts",
        "Steps",
        "Rules",
        "Attainment",
        "Units",
    ]


@pytest.mark.slow
@given(st.text(max_size=30), st.sampled_from(["", "=", "+", "-", "@", "\t", "=cmd|' /C calc'!A0", "＝1+1"]))
def test_text_never_becomes_a_formula(text: str, lead: str) -> None:
    hostile = lead + text
    facts: dict[str, Given] = {"a": Fact("a", quantity("9棵"), source=hostile, title=hostile or "x")}
    book = load_workbook(io.BytesIO(live_workbook(small(**facts), "zh")))
    facts_sheet = book[FACTS.zh]
    row = next(cell.row for cell in facts_sheet["A"] if cell.value == "a")
    for column in (1, 2, 4, 5, 6):
        assert facts_sheet.cell(row, column).data_type != "f"


def test_a_figure_that_is_typed_shows_all_its_decimals() -> None:
    book = load_workbook(io.BytesIO(live_workbook(small(a="9棵", m="8.5"), "zh")))
    facts = book[FACTS.zh]
    rows = {cell.value: cell.row for cell in facts["A"]}
    assert facts.cell(rows["a"], 3).number_format == "General"
    assert facts.cell(rows["m"], 3).number_format == "0.0##########"
    project = load(ROOT / "examples" / "panzhihua-dongqu-2023" / "land-requisition.toml")
    facts = load_workbook(io.BytesIO(live_workbook(project, "zh")))[FACTS.zh]
    cell = next(facts.cell(each.row, 3) for each in facts["A"] if each.value == "land.quality_rate")
    assert cell.number_format == "0%"  # 100%, as it was written
    (more,) = (
        rule
        for where in facts.conditional_formatting
        if cell.coordinate in where
        for rule in where.rules
        if rule.dxf.numFmt
    )
    assert more.dxf.numFmt.formatCode == "0.0#########%"


@needs_office
def test_a_figure_typed_as_text_is_told_on_the_sheet_of_facts(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(live_workbook(small(a="9棵", m="8"), "zh")))
    facts = book[FACTS.zh]
    rows = {cell.value: cell.row for cell in facts["A"]}
    facts.cell(rows["a"], 3).value = "９８０"
    stream = io.BytesIO()
    book.save(stream)
    shown = recalculated_book(stream.getvalue(), tmp_path)[FACTS.zh]
    assert shown.cell(rows["a"], 9).value == "文字形式的数，表格不能计算"
    assert not shown.cell(rows["m"], 9).value
    assert not shown.cell(rows["t"], 9).value


def test_each_step_names_its_indicator_and_hides_that_it_has_no_result() -> None:
    project = load(ROOT / "examples" / "panzhihua-dongqu-2023" / "land-requisition.toml")
    steps = load_workbook(io.BytesIO(live_workbook(project, "zh")))[STEPS.zh]
    leaves = {each.node.title for each in project.framework.indicators}
    rates = {steps.cell(row, 1).value for row in range(2, steps.max_row + 1) if steps.cell(row, 2).value == "完成率"}
    assert rates
    assert rates <= leaves
    assert all(str(steps.cell(row, 3).value).startswith("=IFERROR(") for row in range(2, steps.max_row + 1))
    assert all(steps.cell(row, 3).number_format != "General" for row in range(2, steps.max_row + 1))


@needs_office
def test_what_does_not_apply_is_neither_lost_nor_counted_in_the_workbook(tmp_path: Path) -> None:
    inner = (
        indicator("judged", 12, rule=Completion(target="≥10"), actual="judged"),
        indicator("reused", 8, rule=Completion(target="≥10"), actual="five", applies="plant"),
        indicator("full", 20, rule=Completion(target="≥10"), actual="five", applies="plant", not_applicable="full"),
        indicator("zero", 10, rule=Completion(target="≥10"), actual="five", applies="plant", not_applicable="zero"),
    )
    of = framework(
        Dimension("benefit", "效益", inner[:2], scale=20, weight="50%"),
        Dimension("policy", "其他", inner[2:]),
        indicator("rest", 20),
        not_applicable="rescale",
    )
    facts: dict[str, Given] = {"judged": "8.5", "five": "5", "rest": "20"}
    cards = {name: evaluate(Assessment(of, {**facts, "plant": name == "all"})) for name in ("all", "some")}
    sheets = recalculated({name: live_workbook(card.assessment, "zh") for name, card in cards.items()}, tmp_path)
    for name, card in cards.items():
        assert agrees(sheets[name], card) == []
        lost = [sheets[name].cell(row, 5).value or 0 for row in range(FIRST, FIRST + len(card.nodes))]
        assert [Fraction(str(each)) for each in lost] == [node.lost for node in card.nodes.values()]
    chart = load_workbook(tmp_path / "out" / "some.xlsx", data_only=True)[CHART.zh]
    assert [[cell.value for cell in row[1:4]] for row in chart.iter_rows(min_row=2)] == [
        [30, 25.5, 0.85],
        [30, 20, round(2 / 3, 10)],
        [20, 20, 1],
    ]


@needs_office
def test_points_of_which_nobody_knows_whether_they_apply_are_missing(tmp_path: Path) -> None:
    of = framework(
        Dimension("benefit", "效益", (indicator("reused", 8, rule=Completion(target="≥10"), applies="plant"),)),
        indicator("rest", 92),
        not_applicable="rescale",
    )
    book = live_workbook(Assessment(of, {"rest": "20"}), "zh")
    recalculated({"open": book}, tmp_path)
    chart = load_workbook(tmp_path / "out" / "open.xlsx", data_only=True)[CHART.zh]
    assert [cell.value for cell in chart[2][1:4]] == ["缺", "缺", "#N/A"]


def shown_like(cell: Cell | MergedCell) -> str:
    """A number as its cell shows it, as far as the formats of the workbook go."""
    number_format, value = cell.number_format, cell.value
    if isinstance(value, datetime):
        return value.date().isoformat()
    if not isinstance(value, int | float):
        return str(value)
    pattern, _, unit = number_format.partition('"')
    places = len(pattern.partition(".")[2].rstrip("%").rstrip("#")), len(pattern.partition(".")[2].rstrip("%"))
    figure = f"{value * 100 if pattern.endswith('%') else value:.{places[1]}f}"
    while len(figure.partition(".")[2]) > places[0] and figure.endswith("0"):
        figure = figure[:-1]
    return figure + ("%" if pattern.endswith("%") else "") + unit.strip('"')


@needs_office
def test_steps_and_actual_values_stand_in_the_units_of_the_rules(tmp_path: Path) -> None:
    of = framework(
        indicator("late", 20, rule=Deduct(beyond="2024-04-30", each="10天", minus=1, partial="up"), actual="passed"),
        indicator("road", 20, rule=Deduct(below="120公里", each="10公里", minus=1, partial="up"), actual="built"),
        indicator("price", 20, rule=Completion(target="≤20万元/公里"), actual="spent / built"),
        indicator("each", 20, rule=Completion(target="≤2000元/户", decline="deviation"), actual="budget / done"),
        indicator("rate", 20, rule=Completion(target="≥90%"), actual="done / asked"),
    )
    facts: dict[str, Given] = {
        "passed": "2024-05-12",
        "built": "118.6公里",
        "spent": "2348.28万元",
        "budget": "228.5万元",
        "done": "1150户",
        "asked": "1200户",
    }
    book = recalculated_book(live_workbook(Assessment(of, facts), "zh"), tmp_path)
    steps = book[STEPS.zh]
    said = {(row[0].value, row[1].value): shown_like(row[2]) for row in steps.iter_rows(min_row=2)}
    assert said["late", "完成值"] == "2024-05-12"
    assert said["late", "扣分次数"] == "2.00"
    assert said["road", "完成值"] == "118.60公里"
    assert said["price", "完成值"] == "19.80万元/公里"
    assert said["each", "完成值"] == "1986.9565元/户"
    assert said["rate", "完成值"] == "95.8333%"
    form = book[FORM.zh]
    actual = [shown_like(form.cell(row, 3)) for row in range(FIRST, FIRST + 5)]
    assert actual[0] == "2024-05-12"
    assert actual[2:] == ["19.80万元/公里", "1986.9565元/户", "95.8333%"]
    assert form.cell(FIRST + 1, 3).value == 118.6


@needs_office
def test_the_rows_below_the_tree_lead_to_the_total(tmp_path: Path) -> None:
    of = framework(
        indicator("done", 60, rule=Completion(target="≥10"), bonus_up_to=2),
        indicator("reused", 8, rule=Completion(target="≥10"), applies="plant"),
        indicator("rest", 32),
        not_applicable="rescale",
        adjustments=(
            Adjustment("prize", "表彰加分", "honours", at_most=3),
            Adjustment("press", "舆情扣分", "0 - news", at_least=-4),
        ),
        limits=(
            Limit("套取资金", "misuse", at_most="59.9", grade_at_most="差"),
            Limit("造假", "faked", grade_at_most="中"),
        ),
    )
    facts: dict[str, Given] = {"done": "9", "rest": "30", "plant": False, "honours": "2", "news": "1", "misuse": False}
    cards = {name: evaluate(Assessment(of, {**facts, "faked": name == "yes"})) for name in ("yes", "no")}
    cards["none"] = evaluate(Assessment(of, {**facts, "faked": None, "plant": True, "reused": "10"}))
    forms = recalculated({name: live_workbook(card.assessment, "zh") for name, card in cards.items()}, tmp_path)
    below = [[row[column].value for column in (0, 1, 3)] for row in forms["yes"].iter_rows(min_row=FIRST + 3)]
    assert below[:9] == [
        ["适用指标合计", 92, 84],
        ["折算为 100 分制", 100, pytest.approx(8400 / 92)],
        ["另加分", None, 0],
        ["加减分：表彰加分", None, 2],
        ["加减分：舆情扣分", None, -1],
        ["限制：套取资金（总分不超过 59.9 分，等级不高于差）", 59.9, "未生效"],
        ["限制：造假（等级不高于中）", None, "生效"],
        ["总分", 100, 92.3],
        ["等级", None, "中"],
    ]
    assert {name: agrees(form, cards[name]) for name, form in forms.items()} == {name: [] for name in cards}
    assert [row[3].value for row in forms["none"].iter_rows(min_row=FIRST + 3, max_row=FIRST + 9)][-1] == "缺"


def test_a_blank_form_names_its_facts_their_units_and_what_they_are_for() -> None:
    of = framework(
        indicator("done", 60, rule=Completion(target="≥1200户"), title="改造户数", actual="toilets.done"),
        indicator("each", 30, rule=Completion(target="≤2000元/户"), title="户均成本", actual="spent / toilets.done"),
        indicator("rest", 10, title="其他", actual="rest"),
        facts=(AskedFact("toilets.done", "完成户数", "households done"),),
        limits=(Limit("套取资金", "misuse", at_most=59),),
    )
    facts = load_workbook(io.BytesIO(live_workbook(Assessment(of), "zh")))[FACTS.zh]
    rows = {row[0].value: row for row in facts.iter_rows(min_row=2)}
    done = rows["toilets.done"]
    assert [done[column].value for column in (1, 3, 11)] == ["完成户数", "户", "改造户数、户均成本"]
    assert rows["misuse"][11].value == "套取资金"
    assert not facts.column_dimensions["L"].hidden
