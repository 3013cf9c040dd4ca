"""Figures and units typed into a live workbook: LibreOffice computes the score that `perfeval score` reads from it, or none."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from recalculating import needs_office, recalculated

from perfeval import PerfevalError, Scorecard, evaluate, load
from perfeval.errors import Message
from perfeval.expr.kinds import KindError, kind_of
from perfeval.expr.measures import Measure, Measures
from perfeval.expr.nodes import Add, Compare, Divide, Expr, FactRef, If, Label, Maximum, Multiply, Subtract, compare
from perfeval.forms.reading import read_workbook
from perfeval.forms.workbook import FACTS, FORM, FORM_FIRST, live_workbook
from perfeval.loading import sources

FRAMEWORK = """format = 1
[framework]
id = "t"
title = "体系"
points = 100
rounding = { of = "each", places = 1 }
[tree.money]
title = "支出"
category = "management"
points = 10
actual = "spent"
rule = { kind = "completion", target = "≤200万元" }
[tree.rate]
title = "执行率"
category = "management"
points = 20
actual = "spent / budget"
rule = { kind = "bands", bands = [["≥95%", 20], ["≥85%", 12]], otherwise = 0 }
[tree.households]
title = "户数"
category = "output.quantity"
points = 20
actual = "done"
rule = { kind = "completion", target = "≥1200户" }
[tree.each]
title = "户均成本"
category = "output.cost"
points = 10
actual = "spent / done"
rule = { kind = "completion", target = "≤2000元/户", decline = "deviation" }
[tree.answers]
title = "满意度"
category = "satisfaction"
points = 10
actual = "satisfied / valid"
rule = { kind = "deduct", below = "90%", each = "1%", minus = 0.5, partial = "up" }
[tree.share]
title = "合格率"
category = "output.quality"
points = 10
actual = "quality"
rule = { kind = "completion", target = "≥90%" }
[tree.late]
title = "下达"
category = "output.timeliness"
points = 10
actual = "passed"
rule = { kind = "deduct", beyond = "2024-04-30", each = "10天", minus = 1, partial = "up" }
[tree.month]
title = "完工月份"
category = "output.timeliness"
points = 10
actual = "finished"
rule = { kind = "completion", target = "9月底前" }
"""
KNOWN = """[facts]
spent = "190万元"
budget = "200万元"
done = "1150户"
satisfied = "262份"
valid = "300份"
quality = "92%"
passed = 2024-05-12
finished = "8月"
"""
# What people fill in: a figure, its unit, and the format of the cell where it is not the one that the form has.
RIGHT: dict[str, tuple[object, str]] = {
    "spent": (190, "万元"),
    "budget": (200, "万元"),
    "done": (1150, "户"),
    "satisfied": (262, "份"),
    "valid": (300, "份"),
    "quality": (0.92, ""),
    "passed": (date(2024, 5, 12), ""),
    "finished": (8, "月"),
}
UNITS = [
    *(
        "",
        "万元",
        "元",
        "亿元",
        "千元",
        "角",
        "万元 ",
        " 元",
        "万 元",
        "万",
        "户",
        "千户",
        "万户",
        "百万户",
        "人",
        "千人",
        "份",
    ),
    *(
        "米",
        "公里",
        "亩",
        "%",
        "‰",
        "％",
        "个百分点",
        "月",
        "天",
        "元/户",
        "万元/户",
        "元/千户",
        "户/元",
        "km",
        "KM",
        "m2",
        "圆",
    ),
    *("1", "*", "户?", "户以上", "余户", "月份", "千瓦时", "😀", "车次", "ｋｍ", "啊" * 13, "=1"),
]


def blank(folder: Path, facts: str = "") -> bytes:
    """The live workbook of the framework above."""
    (folder / "framework.toml").write_text(FRAMEWORK, "utf-8")
    main = folder / "main.toml"
    main.write_text(f'format = 1\nframework = "framework.toml"\n{facts}', "utf-8")
    return live_workbook(load(main), "zh", sources(main))


def typed(data: bytes, entries: Mapping[str, tuple[object, ...]]) -> bytes:
    """The workbook with figures, units and formats typed into its sheet of facts."""
    book = load_workbook(io.BytesIO(data))
    sheet = book[FACTS.zh]
    rows = {cell.value: cell.row for cell in sheet["A"]}
    for name, (value, unit, *formats) in entries.items():
        for column, entry in ((3, value), (4, unit)):
            cell, before = sheet.cell(rows[name], column), sheet.cell(rows[name], column).number_format
            cell.value = entry if entry != "" else None  # type: ignore[assignment]
            if isinstance(entry, str) and entry:
                cell.data_type = "s"
            cell.number_format = str(formats[0]) if formats and column == 3 else before
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def scored(path: Path) -> Scorecard | None:
    """What `perfeval score` says of a workbook; None where it refuses to read it."""
    try:
        return evaluate(read_workbook(str(path)))
    except PerfevalError:
        return None


def amiss(sheet: Worksheet, card: Scorecard | None) -> tuple[list[str], int]:
    """The scores in a workbook that are not the exact ones, and how many it does not show though there are exact ones."""
    cells = [sheet.cell(row, 4).value for row in range(FORM_FIRST, FORM_FIRST + 9)]
    exact = [None] * 8 + [None] if card is None else [*(node.score for node in card.nodes.values()), card.score]
    if card is None:
        cells[:-1] = ["缺"] * 8  # a file that is refused has no scores to compare, but must have no total
    wrong = [
        f"{row}: {cell!r}, exactly {score}"
        for row, (cell, score) in enumerate(zip(cells, exact, strict=True))
        if cell != "缺" and (score is None or abs(Fraction(str(cell)) - score) > Fraction(1, 10**9))
    ]
    return wrong, sum(cell == "缺" and score is not None for cell, score in zip(cells, exact, strict=True))


def entries(seed: int) -> dict[str, tuple[object, ...]]:
    """What is right, with one to three figures whose unit or format is not."""
    draw = random.Random(seed)
    found: dict[str, tuple[object, ...]] = dict(RIGHT)
    for name in draw.sample(sorted(RIGHT), draw.randint(1, 3)):
        value = RIGHT[name][0]
        figure = draw.choice([value if isinstance(value, int | float) else 45424, 45, 0.95, 2.6, 12, date(2025, 6, 30)])
        unit = draw.choice(UNITS)
        if isinstance(figure, date):
            found[name] = (figure, unit, "d-mmm-yy")
        elif name == "passed":
            found[name] = (draw.choice([2024, 20240512, -3]), unit)
        else:
            found[name] = (figure, unit, *draw.choice([(), (), ("0%",), ("0.00%",), ("0.00",)]))
    return found


@needs_office
@pytest.mark.slow
def test_whatever_unit_is_typed_the_workbook_shows_the_exact_score_or_none(tmp_path: Path) -> None:
    books = {"blank": blank(tmp_path), "known": blank(tmp_path, KNOWN)}
    cases = {f"{kind}{seed}": typed(books[kind], entries(seed)) for kind in books for seed in range(8)}
    cases |= {f"one{index}": typed(books["known"], {"done": (1150, unit)}) for index, unit in enumerate(UNITS)}
    sheets = recalculated(cases, tmp_path)
    found = {name: amiss(sheets[name], scored(tmp_path / f"{name}.xlsx")) for name in cases}
    assert {name: wrong for name, (wrong, _) in found.items() if wrong} == {}
    assert sum(missing == 0 for _, missing in found.values()) > len(found) * 3 // 4  # it does not say 缺 to everything


@needs_office
def test_figures_in_any_unit_of_their_kind_score_as_perfeval_score_reads_them(tmp_path: Path) -> None:
    changes: dict[str, dict[str, tuple[object, ...]]] = {
        "as_asked": {},
        "thousands": {"done": (1.15, "千户")},
        "yuan": {"spent": (1900000, "元"), "budget": (0.02, "亿元 ")},
        "percent": {"quality": (92, "%", "General")},
        "bare": {"valid": (300, "")},
    }
    books = {"blank": blank(tmp_path), "known": blank(tmp_path, KNOWN)}
    cases = {f"{kind}_{name}": typed(books[kind], {**RIGHT, **changes[name]}) for kind in books for name in changes}
    sheets = recalculated(cases, tmp_path)
    card = scored(tmp_path / "blank_as_asked.xlsx")
    assert card is not None
    assert card.score == Fraction("95.7")
    assert {name: amiss(sheet, card) for name, sheet in sheets.items()} == {name: ([], 0) for name in cases}


@needs_office
def test_a_date_typed_into_a_workbook_loses_points_when_it_is_late(tmp_path: Path) -> None:
    late: dict[str, tuple[object, ...]] = {**RIGHT, "passed": (date(2025, 5, 12), "")}
    cases = {name: typed(blank(tmp_path, facts), late) for name, facts in (("blank", ""), ("known", KNOWN))}
    sheets = recalculated(cases, tmp_path)
    for name, sheet in sheets.items():
        card = scored(tmp_path / f"{name}.xlsx")
        assert card is not None
        assert card.nodes["late"].score == 0
        assert amiss(sheet, card) == ([], 0)


@needs_office
def test_a_unit_of_another_kind_has_no_score_and_is_told_beside_the_fact(tmp_path: Path) -> None:
    slips: list[tuple[str, object, str]] = [
        ("spent", 190, ""),
        ("spent", 190, "万"),
        ("spent", 190, "人"),
        ("done", 1150, "人"),
        ("done", 1150, "米"),
        ("done", 1150, "户以上"),
        ("quality", 92, "分"),
        ("passed", 20240512, ""),
    ]
    book = blank(tmp_path, KNOWN)
    cases = {f"slip{index}": typed(book, {name: (value, unit)}) for index, (name, value, unit) in enumerate(slips)}
    forms = recalculated(cases, tmp_path)
    assert {form.cell(FORM_FIRST + 8, 4).value for form in forms.values()} == {"缺"}
    told = []
    for case in cases:
        facts = load_workbook(tmp_path / "out" / f"{case}.xlsx", data_only=True)[FACTS.zh]
        told.append([facts.cell(row, 1).value for row in range(2, 10) if facts.cell(row, 9).value])
    assert told == [[name] for name, _, _ in slips]


def test_the_unit_is_chosen_from_those_that_measure_the_same(tmp_path: Path) -> None:
    for facts in ("", KNOWN):
        book = load_workbook(io.BytesIO(blank(tmp_path, facts)))
        sheet = book[FACTS.zh]
        rows = {cell.value: cell.row for cell in sheet["A"]}
        lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
        offered = {where: rule for rule in lists for where in str(rule.sqref).split()}
        households, days = offered[f"D{rows['done']}"], f"D{rows['passed']}"
        assert str(households.formula1).strip('"').split(",")[:3] == ["户", "十户", "百户"]
        assert households.errorStyle == "warning"
        assert days not in offered
        assert sheet.cell(rows["finished"], 4).value == "月"


# The formulas of what is measured against `kind_of`, for every two kinds.

KINDS: tuple[str, ...] = (
    "number",
    "ratio",
    "money",
    "length",
    "area",
    "month",
    "date",
    "count:户",
    "count:天",
    "count:元/户",
)
KINDS += ("count:元/平方米", "count:km", "count:KM", "any", "literal", "zero")
A, B = FactRef("a"), FactRef("b")


def joined() -> Iterator[Expr]:
    yield from (Add(A, B), Subtract(A, B), Multiply(A, B), Divide(A, B), Maximum((A, B)), Compare("<", A, B))
    yield Label(Message("完成率", "rate"), Divide(A, B), "rate")
    yield Label(Message("得分", "points"), Multiply(A, Divide(A, B)), "points")
    yield If(compare(A, ">", B), A, Divide(A, B))


@needs_office
@pytest.mark.slow
def test_what_two_things_measure_together_is_the_same_by_formula(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = FORM.zh

    def place(formula: str) -> str:
        sheet.append([f"={formula}"])
        return f"$A${sheet.max_row}"

    asked = []
    for a, b, (typed_a, typed_b) in product(KINDS, KINDS, ((True, True), (True, False), (False, True))):
        cells = [place(f'"{kind}"') if dynamic else f'"{kind}"' for kind, dynamic in ((a, typed_a), (b, typed_b))]
        measures = Measures({"a": Measure(cells[0]), "b": Measure(cells[1])}, place)
        for expr in joined():
            found = measures.measure(expr)
            needs = place("&".join([found.kind, *sorted(found.needs)]))
            result = place(found.kind)
            asked.append((a, b, expr, int(needs[3:]), int(result[3:])))
    stream = io.BytesIO()
    book.save(stream)
    shown = recalculated({"kinds": stream.getvalue()}, tmp_path)["kinds"]
    wrong = []
    for a, b, expr, checked, cell in asked:
        try:
            right: object = kind_of(expr, {"a": a, "b": b})
        except KindError:
            right = "#N/A"
        said = shown.cell(cell, 1).value if shown.cell(checked, 1).value != "#N/A" else "#N/A"
        if said != right:
            wrong.append(f"{a} and {b} in {expr}: {said!r}, exactly {right!r}")
    assert wrong == []
