"""Laws: an assessment comes back from its workbook as it was, and a table that was typed says what it said."""

from __future__ import annotations

import datetime
import tempfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import tomli_w
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from printed_tables import Printed
from typing_tables import by_hand, csv_text

from perfeval import load
from perfeval.forms.drafting import assessment_of
from perfeval.forms.reading import imported, read_workbook, typed_draft
from perfeval.forms.workbook import live_workbook
from perfeval.loading import sources
from perfeval.quantity import decimal_text

# What may stand in a text: anything that XML can carry, ends trimmed as cells are.
TEXT = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" 一=+-@'\"<>&{}#\\"), max_size=12).map(
    lambda text: " ".join(text.split())
)
NUMBERS = st.builds(
    lambda digits, places: str(Decimal(digits).scaleb(-places)), st.integers(0, 99_999_999), st.integers(0, 4)
).filter(lambda text: "E" not in text)
UNITS = st.sampled_from(["", "%", "万元", "元", "个", "公里", "亩", "百分比"])

FIGURES = st.one_of(
    st.builds(lambda number, unit: {"value": f"{number}{unit}"}, NUMBERS, UNITS),
    st.builds(lambda number, unit: {"value": number, "unit": unit}, NUMBERS, UNITS.filter(bool)),
    st.dates(datetime.date(1901, 1, 1), datetime.date(2099, 12, 31)).map(lambda day: {"value": day.isoformat()}),
    st.booleans().map(lambda truth: {"value": truth}),
    TEXT.filter(lambda text: text not in ("", *"是否")).map(lambda words: {"choice": words}),
    st.just({"value": ""}),
)
ORIGINS = st.one_of(
    st.builds(lambda source: {"source": source}, TEXT),
    st.builds(lambda basis, source: {"assumed": basis, "source": source}, TEXT.filter(bool), TEXT),
)
FACTS = st.lists(st.builds(lambda figure, origin: {**figure, **origin}, FIGURES, ORIGINS), min_size=1, max_size=6)

FRAMEWORK = """format = 1
[framework]
id = "t"
title = "体系"
points = 10
[tree.a]
title = "甲"
category = "decision"
points = 10
rule = { kind = "awarded" }
"""


@given(FACTS, TEXT, st.integers(0, 10))
@settings(
    max_examples=20, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)  # a smaller failure is not worth minutes
def test_every_fact_comes_back_from_the_live_workbook(
    facts: list[dict[str, object]], reason: str, awarded: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        main = Path(folder) / "main.toml"
        (Path(folder) / "framework.toml").write_text(FRAMEWORK, "utf-8")
        table = {
            "format": 1,
            "framework": "framework.toml",
            "facts": {"a": {"value": str(awarded)}, "x": {f"f{index}": fact for index, fact in enumerate(facts)}},
            "tree": {"a": {"stated": awarded, "reason": reason}},
        }
        main.write_text(tomli_w.dumps(table), "utf-8")
        before = load(main)
        path = Path(folder) / "live.xlsx"
        path.write_bytes(live_workbook(before, "zh", sources(main)))
        after = read_workbook(str(path))
        assert after == before
        assert [str(after.facts.value(name)) for name in after.facts] == [
            str(before.facts.value(name)) for name in before.facts
        ]
        found = imported(str(path))
        assert found is not None
        again, files = found
        (Path(folder) / "again.toml").write_text(tomli_w.dumps(again), "utf-8")
        assert files == {"framework.toml": FRAMEWORK}
        assert load(Path(folder) / "again.toml").facts == before.facts


# A table of generated rows: the points of four second levels, in parts that add up.
SECOND = (
    ("产出指标", "数量指标", "output.quantity", 30),
    ("产出指标", "质量指标", "output.quality", 20),
    ("效益指标", "社会效益指标", "benefit.social", 30),
    ("满意度指标", "服务对象满意度指标", "satisfaction", 10),
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[Printed, list[tuple[str, str, str, Fraction]]]:
    """A printed table, and for each row its dimension, its target, its actual value and its points."""
    rows, said = [], []
    for level1, level2, path, total in SECOND:
        cuts = sorted(draw(st.sets(st.integers(1, total * 2 - 1), max_size=2)))
        for low, high in zip([0, *cuts], [*cuts, total * 2], strict=True):
            points = Fraction(high - low, 2)
            unit = draw(UNITS)
            target = (
                draw(st.sampled_from(["≥", "≤", "="])) + draw(NUMBERS.filter(lambda text: Decimal(text) > 2)) + unit
            )
            actual = draw(NUMBERS.filter(lambda text: Decimal(text) > 2)) + unit
            title = draw(
                st.text(st.characters(categories=["Lo"], max_codepoint=0x9FFF, min_codepoint=0x4E00), min_size=1)
            )
            score = decimal_text(points)
            rows.append((level1, level2, f"{title}数", target, actual, score, score, draw(TEXT)))
            said.append((path, target, actual, points))
    funds = (("年度资金总额", "20", "20", "18", "10", "", "9"),)
    return Printed("", "项目", "单位", 2023, funds, tuple(rows), ("100", "99")), said


@given(tables())
@settings(
    max_examples=20, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)  # a smaller failure is not worth minutes
def test_a_typed_table_says_what_was_typed(case: tuple[Printed, list[tuple[str, str, str, Fraction]]]) -> None:
    table, said = case
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "t.csv").write_text(csv_text(table), "utf-8")
        book = by_hand(table)
        for cells in book.worksheets[0].iter_rows():
            for cell in cells:
                if isinstance(cell.value, str):
                    cell.data_type = "s"
        book.save(Path(folder) / "t.xlsx")
        found = assessment_of(typed_draft(f"{folder}/t.xlsx"))
        assert assessment_of(typed_draft(f"{folder}/t.csv")).framework == found.framework
    own = [each for each in found.framework.indicators if each.path != "execution"]
    assert len(own) == len(said)
    for placed, row, (dimension, target, actual, points) in zip(own, table.rows, said, strict=True):
        assert placed.path.rpartition(".")[0] == dimension
        assert (placed.points, found.remark(placed.path).stated) == (points, points)
        assert placed.node.title == row[2]
        assert str(placed.node.rule.target) == str(type(placed.node.rule)(target=target).target)  # type: ignore[union-attr, call-arg]
        assert str(found.facts.value(placed.path)) == actual
        assert found.remark(placed.path).reason == ("" if row[7] in NOTHING else row[7])


NOTHING = ("", "/", "\\", "-", "--", "—", "——", "–", "无", "不适用", "*", "0")
