"""The Word file: set as official documents are, whole, the same each time, and proof against hostile text."""

from __future__ import annotations

import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st
from report_cases import EXAMPLES, LANGUAGES, label, small

from perfeval import PerfevalError, load
from perfeval.documents.narrative import narrative
from perfeval.documents.outline import Narrative, Paragraph
from perfeval.documents.word import word
from perfeval.documents.wordfile import clean
from perfeval.errors import Language
from perfeval.report.terminal import is_plain


def opened(report: Narrative, language: Language = "zh") -> WordDocument:
    return Document(BytesIO(word(report, language)))


def lines(made: WordDocument) -> list[str]:
    """The text of each paragraph, but for those that hold a chart."""
    return [each.text for each in made.paragraphs if not each._p.xpath(".//w:drawing")]


def example(name: str) -> Narrative:
    return narrative(load(next(path for path in EXAMPLES if path.stem == name)))


# All that is in the report is in the file.


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", EXAMPLES, ids=label)
def test_every_example_becomes_a_document(path: Path, language: Language) -> None:
    report = narrative(load(path))
    made = opened(report, language)
    written = lines(made)
    wanted = [clean(block.to(language)) for block in (*report.title, *report.body)]
    assert written[: len(wanted)] == wanted
    assert len(made.tables) == len(report.annexes)
    for table, annex in zip(made.tables, report.annexes, strict=True):
        assert [cell.text for cell in table.rows[0].cells] == [column.title.to(language) for column in annex.columns]
        for row, wanted_row in zip(table.rows[1:], annex.rows, strict=True):
            assert [cell.text for cell in row.cells] == [clean(cell.to(language)) for cell in wanted_row.cells]


def test_headings_are_real_headings() -> None:
    report = narrative(small())
    made = opened(report)
    found = [each for each in made.paragraphs if each.style is not None and str(each.style.name).startswith("Heading")]
    assert [each.text for each in found] == [each.to("zh") for each in report.headings]
    assert [each.style.name for each in found if each.style] == [f"Heading {each.level}" for each in report.headings]
    for level in (1, 2, 3):
        outline = made.styles[f"Heading {level}"].element.find(f".//{qn('w:outlineLvl')}")
        assert outline is not None
        assert outline.get(qn("w:val")) == str(level - 1)


def test_every_gap_and_no_other_text_is_highlighted_in_yellow() -> None:
    report = narrative(small())
    made = opened(report)
    cells = [cell for table in made.tables for row in table.rows for cell in row.cells]
    paragraphs = [*made.paragraphs, *(each for cell in cells for each in cell.paragraphs)]
    marked = [
        run.text
        for paragraph in paragraphs
        for run in paragraph.runs
        if run.font.highlight_color == WD_COLOR_INDEX.YELLOW
    ]
    assert marked == [each.text.zh for each in report.gaps]


def test_assumptions_are_shaded() -> None:
    report = narrative(small())
    made = opened(report)
    shaded = [
        run.text
        for paragraph in made.paragraphs
        for run in paragraph.runs
        if run._r.find(f".//{qn('w:shd')}") is not None
    ]
    body = [
        run.text.zh
        for each in (*report.title, *report.body)
        if isinstance(each, Paragraph)
        for run in each.runs
        if run.mark in ("assumed", "draft")
    ]
    assert shaded == body


# Set as official documents are.


def test_the_page_is_a4_with_the_margins_of_official_documents() -> None:
    upright, across = opened(narrative(small())).sections
    pages = (upright.page_width, upright.page_height, across.page_width, across.page_height)
    margins = (upright.top_margin, upright.bottom_margin, upright.left_margin, upright.right_margin)
    for found, wanted in zip((*pages, *margins), (210, 297, 297, 210, 37, 35, 28, 26), strict=True):
        assert found is not None
        assert abs(found - Mm(wanted)) < Pt(1) // 20  # Word counts in twentieths of a point
    assert across.orientation == WD_ORIENT.LANDSCAPE


@pytest.mark.parametrize(
    ("style", "font", "points"),
    [
        ("Title", "方正小标宋简体", 22),
        ("Body Text", "仿宋", 16),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体", 16),
        ("Heading 3", "仿宋", 16),
    ],
)
def test_chinese_text_is_in_the_fonts_and_sizes_of_official_documents(style: str, font: str, points: int) -> None:
    element = opened(narrative(small())).styles[style].element
    fonts = element.find(f".//{qn('w:rFonts')}")
    assert fonts is not None
    assert fonts.get(qn("w:eastAsia")) == font
    assert fonts.get(qn("w:asciiTheme")) is None
    size = element.find(f".//{qn('w:sz')}")
    assert size is not None
    assert size.get(qn("w:val")) == str(2 * points)


def test_paragraphs_are_indented_by_two_characters() -> None:
    element = opened(narrative(small())).styles["Body Text"].element
    indent = element.find(f".//{qn('w:ind')}")
    assert indent is not None
    assert indent.get(qn("w:firstLineChars")) == "200"
    assert int(indent.get(qn("w:firstLine")) or 0) == 20 * 2 * 16


def test_every_font_has_another_name_for_machines_without_it() -> None:
    with ZipFile(BytesIO(word(narrative(small()), "zh"))) as file:
        fonts = file.read("word/fontTable.xml").decode("utf-8")
        styles = file.read("word/styles.xml").decode("utf-8")
    used = {each for each in re.findall(r'w:eastAsia="([^"]+)"', styles) if not each.startswith("zh")}
    for font in ("方正小标宋简体", "仿宋", "楷体", "黑体"):
        assert font in used
        assert re.search(rf'w:name="{font}"><w:altName w:val="[^"]+"/>', fonts)


@pytest.mark.parametrize(("language", "around"), [("zh", "—  —"), ("en", "")])
def test_pages_are_numbered(language: Language, around: str) -> None:
    made = opened(narrative(small()), language)
    footer = made.sections[0].footer.paragraphs[0]
    field = footer._p.find(qn("w:fldSimple"))
    assert field is not None
    assert (field.get(qn("w:instr")) or "").strip() == "PAGE"
    assert "".join(run.text for run in footer.runs) == around
    assert made.sections[1].footer.is_linked_to_previous


def test_the_head_of_a_table_is_repeated_and_no_row_is_broken() -> None:
    for table in opened(example("department")).tables:
        head, *rows = table.rows
        assert head._tr.find(f".//{qn('w:tblHeader')}") is not None
        assert not any(row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in rows)
        assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)


def test_levels_are_one_cell_as_far_as_they_reach() -> None:
    report = example("land-requisition")
    table = opened(report).tables[0]
    first = [row.cells[0]._tc for row in table.rows]
    titles = [row.cells[0].to("zh") for row in report.annexes[0].rows]
    assert titles[1] == titles[2] == "产出指标"
    assert first[2] is first[3]  # the head is row 0
    assert first[1] is not first[2]
    assert [row.cells[0].text for row in table.rows][2:4] == ["产出指标", "产出指标"]


def test_a_table_fills_the_page_and_no_more() -> None:
    made = opened(example("department"))
    page = made.sections[1]
    room = (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0)
    for table in made.tables:
        width = sum(column.width or 0 for column in table.columns)
        assert room - Pt(5) < width <= room + Pt(1)


# The file itself.


def test_the_same_report_is_the_same_bytes() -> None:
    report = narrative(small())
    assert word(report, "zh") == word(report, "zh")
    assert word(report, "zh") != word(report, "en")


def test_the_file_says_nothing_of_its_template() -> None:
    with ZipFile(BytesIO(word(narrative(small()), "zh"))) as file:
        assert not [name for name in file.namelist() if "thumbnail" in name]
        properties = file.read("docProps/core.xml").decode("utf-8")
        assert "python-docx" not in properties + file.read("docProps/app.xml").decode("utf-8")
    assert "<dc:title>项目绩效评价报告 （某项目） 某局　2031年度</dc:title>" in properties


@pytest.mark.slow
@settings(max_examples=40)
@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1), st.text(min_size=1))
def test_hostile_text_is_inert(unit: str, name: str, title: str, reason: str) -> None:
    report = narrative(small(unit=unit, name=name, title=title, reason=reason))
    for language in LANGUAGES:
        made = opened(report, language)
        wanted = [clean(block.to(language)) for block in (*report.title, *report.body)]
        assert lines(made)[: len(wanted)] == wanted
        assert all(is_plain(each) for text in wanted for each in text)


@given(st.text(st.characters(categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Lo", "Cn"))))
def test_text_that_is_cleaned_is_as_long_as_before_and_plain(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert clean(cleaned) == cleaned
    assert "\n" not in cleaned
    for before, after in zip(text, cleaned, strict=True):
        assert after in (before, " ", "�")


@pytest.mark.parametrize(
    "text", ["<w:t>x</w:t>", "]]>&amp;<!--", "\x00\x1b[31m", "\ud800", "\uffff", "=cmd|' /C calc'!A0"]
)
def test_markup_stays_text(text: str) -> None:
    made = opened(narrative(small(unit=text, name=text, reason=text)))
    assert any(clean(text) in each.text for each in made.paragraphs)
    assert made.paragraphs[1].text == f"（{clean(text)}）"


# Without the library.


def test_without_the_library_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    monkeypatch.delitem(sys.modules, "perfeval.documents.typesetting")
    with pytest.raises(PerfevalError, match=re.escape("pip install 'perfeval[documents]'")):
        word(narrative(small()), "zh")


def test_what_writes_no_document_does_not_load_the_library() -> None:
    program = "import sys, perfeval.documents.word; print(sorted({'docx', 'lxml'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
