"""Setting a report with python-docx, as Chinese official documents are set (after GB/T 9704—2012).

A4 with margins of 37, 35, 28 and 26 mm; the title in 二号 小标宋, the text in 三号 仿宋 indented by two characters, its
headings in 黑体, 楷体 and bold 仿宋; page numbers in the footer; tables behind it on A4 across. In English the sizes
are those of an English report. Where a font is missing the reader's program takes the one named beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final
from xml.sax.saxutils import quoteattr

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Emu, Mm
from docx.table import _Cell as WordCell
from docx.table import _Row as WordRow
from docx.text.paragraph import Paragraph as WordParagraph

from perfeval.charts import Bar, attainment_chart, chart_xml, height
from perfeval.documents.outline import Chart, Heading, Narrative, Paragraph, Role, Run, Table
from perfeval.documents.wordfile import ALIGN, HALF_POINT, Look, chinese, clean, element, packed, set_styles
from perfeval.errors import Language
from perfeval.quantity import decimal_text, rounded

__all__ = ["document"]


_STYLES: Final[Mapping[Language, Mapping[str, Look]]] = {
    "zh": {
        "Normal": Look("仿宋", 32, 28, align="left"),
        "Body Text": Look("仿宋", 32, 28, 200),
        "Title": Look("方正小标宋简体", 44, 36, align="center", keep=True),
        "Subtitle": Look("楷体", 32, 32, align="center", after=6),
        "Heading 1": Look("黑体", 32, 28, 200, "left", before=6, keep=True),
        "Heading 2": Look("楷体", 32, 28, 200, "left", keep=True),
        "Heading 3": Look("仿宋", 32, 28, 200, "left", bold=True, keep=True),
        "Draft Note": Look("楷体", 24, 20, before=12, after=12),
        "Signature": Look("仿宋", 32, 28, align="right", before=8),
        "Figure": Look("黑体", 28, None, 0, "center", before=6, after=6),
        "Caption": Look("黑体", 28, None, 0, "center", before=12, after=6, keep=True),
        "Table Text": Look("仿宋", 19, None, 0, "left", before=2, after=2),
    },
    "en": {
        "Normal": Look("宋体", 24, 16, align="left"),
        "Body Text": Look("宋体", 24, 16, align="left", after=6),
        "Title": Look("宋体", 40, 26, 0, "center", bold=True, keep=True),
        "Subtitle": Look("宋体", 26, 20, 0, "center", after=4),
        "Heading 1": Look("黑体", 30, 20, 0, "left", bold=True, before=14, after=6, keep=True),
        "Heading 2": Look("黑体", 26, 18, 0, "left", bold=True, before=8, after=4, keep=True),
        "Heading 3": Look("黑体", 24, 16, 0, "left", bold=True, before=4, after=3, keep=True),
        "Draft Note": Look("宋体", 21, 14, 0, "left", before=10, after=10),
        "Signature": Look("宋体", 24, 18, align="right"),
        "Figure": Look("宋体", 22, None, 0, "center", before=4, after=8),
        "Caption": Look("黑体", 26, None, 0, "center", bold=True, before=10, after=6, keep=True),
        "Table Text": Look("宋体", 18, None, 0, "left", before=2, after=2),
    },
}
_ROLES: Final[Mapping[Role, str]] = {
    "title": "Title",
    "subtitle": "Subtitle",
    "draft": "Draft Note",
    "body": "Body Text",
    "signature": "Signature",
    "note": "Table Text",
}
_SHADES: Final = {"assumed": "DCE9F7", "draft": "EDEDED"}
_HEAD_SHADE: Final = "F2F2F2"


def document(narrative: Narrative, language: Language) -> bytes:
    """The report as a DOCX file."""
    made = Document()
    set_styles(made, _STYLES[language])
    _upright(made.sections[0])
    _page_numbers(made.sections[0], language)
    for line in narrative.title:
        _paragraph(made, line, language)
    for block in narrative.body:
        if isinstance(block, Heading):
            _write(made.add_paragraph(style=f"Heading {block.level}"), clean(block.to(language)), language)
        elif isinstance(block, Chart):
            _chart(made, block, language)
        else:
            _paragraph(made, block, language)
    if narrative.annexes:
        _across(made.add_section(WD_SECTION.NEW_PAGE))
    for table in narrative.annexes:
        _table(made, table, language)
    title = " ".join(line.to(language) for line in narrative.title if line.role in ("title", "subtitle"))
    return packed(made, clean(title))


# Styles and pages.


def _upright(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(20), Mm(25)


def _across(section: Section) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    section.left_margin, section.right_margin = Mm(25), Mm(25)
    section.footer_distance = Mm(15)


def _page_numbers(section: Section, language: Language) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    around = "— " if language == "zh" else ""
    if around:
        _write(paragraph, around, language, size=28)
    field = element("w:fldSimple", instr=" PAGE ")
    paragraph._p.append(field)
    number = paragraph.add_run("1")  # what is shown until the fields are brought up to date
    number.font.size = Emu(28 * HALF_POINT)
    field.append(number._r)
    if around:
        _write(paragraph, around[::-1], language, size=28)


# Text.


def _paragraph(made: WordDocument, paragraph: Paragraph, language: Language) -> None:
    _runs(made.add_paragraph(style=_ROLES[paragraph.role]), paragraph.runs, language)


def _runs(into: WordParagraph, runs: Iterable[Run], language: Language, *, bold: bool = False) -> None:
    written = [each for each in runs if each.text.to(language)]
    for index, each in enumerate(written):
        space = " " if language == "en" and index else ""
        _write(into, space + clean(each.text.to(language)), language, each, bold=bold)


def _write(
    into: WordParagraph, text: str, language: Language, run: Run | None = None, *, bold: bool = False, size: int = 0
) -> None:
    written = into.add_run(text)
    if language == "zh":
        chinese(written)
    if bold:
        written.font.bold = True
    if size:
        written.font.size = Emu(size * HALF_POINT)
    if run is not None and run.mark == "gap":
        written.font.highlight_color = WD_COLOR_INDEX.YELLOW
    elif run is not None and run.mark in _SHADES:
        written._r.get_or_add_rPr().append(element("w:shd", val="clear", color="auto", fill=_SHADES[run.mark]))


# Charts.

_CHART_PART: Final = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_CHART_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
_DRAWING: Final = (
    '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
    '<wp:docPr id="{number}" name="Chart {number}" descr={spoken}/><wp:cNvGraphicFramePr/>'
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
    '<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
)
_LETTERS: Final = 1050  # 五号, in hundredths of a point


def _chart(made: WordDocument, chart: Chart, language: Language) -> None:
    """A native chart with its values, and what it shows in words for those who hear it; below it the caption."""
    bars = [Bar(clean(name.to(language)), share) for name, share in chart.bars]
    last = len(bars) + 1
    drawn = attainment_chart(bars, f"Sheet1!$A$2:$A${last}", f"Sheet1!$B$2:$B${last}", size=_LETTERS)
    package = made.part.package
    assert package is not None
    number = 1 + sum(each.content_type == _CHART_PART for each in package.iter_parts())
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), _CHART_PART, chart_xml(drawn), package)
    section = made.sections[-1]
    room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    said = "; ".join(f"{bar.name} {_percent(bar.share)}" for bar in bars)
    drawing = _DRAWING.format(
        width=room,
        height=Mm(height(len(bars))),
        number=number,
        spoken=quoteattr(f"{clean(chart.to(language))}: {said}"),
        relation=made.part.relate_to(part, _CHART_RELATION),
    )
    picture = made.add_paragraph(style="Figure")
    picture.paragraph_format.keep_with_next = True
    picture.add_run()._r.append(parse_xml(drawing))
    _write(made.add_paragraph(style="Figure"), clean(chart.to(language)), language)


def _percent(share: Fraction | None) -> str:
    return "—" if share is None else f"{decimal_text(rounded(share * 100, 2))}%"


# Tables.


def _table(made: WordDocument, table: Table, language: Language) -> None:
    _write(made.add_paragraph(style="Caption"), clean(table.title.to(language)), language)
    section = made.sections[-1]
    room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    shares = sum(column.share for column in table.columns)
    widths = [Emu(room * column.share // shares) for column in table.columns]
    grid = made.add_table(rows=len(table.rows) + 1, cols=len(table.columns), style="Table Grid")
    grid.alignment, grid.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    head, *written = grid.rows
    _head(head, table, language)
    for index, row in enumerate(written):
        _row(row, table, index, language)
    for cell in written[-2].cells if len(written) > 1 else ():
        cell.paragraphs[0].paragraph_format.keep_with_next = True  # the last row does not stand alone on a page
    for note in table.notes:
        _paragraph(made, note, language)


def _head(written: WordRow, table: Table, language: Language) -> None:
    _whole(written).append(element("w:tblHeader"))
    for cell, column in zip(written.cells, table.columns, strict=True):
        paragraph = _cell(cell)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _write(paragraph, clean(column.title.to(language)), language, bold=True)
        cell._tc.get_or_add_tcPr().append(element("w:shd", val="clear", color="auto", fill=_HEAD_SHADE))
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def _row(written: WordRow, table: Table, index: int, language: Language) -> None:
    _whole(written)
    row = table.rows[index]
    for at, (cell, content, column) in enumerate(zip(written.cells, row.cells, table.columns, strict=True)):
        paragraph = _cell(cell)
        paragraph.alignment = ALIGN[column.align]
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        if _continues(table, index, at):
            cell._tc.vMerge = "continue"
            continue
        if _continues(table, index + 1, at):
            cell._tc.vMerge = "restart"
        _runs(paragraph, content.runs, language, bold=row.strong)


def _continues(table: Table, index: int, at: int) -> bool:
    """Whether a cell is one with the cell above it."""
    if not 0 < index < len(table.rows):
        return False
    group = table.rows[index].cells[at].group
    return bool(group) and group == table.rows[index - 1].cells[at].group


def _whole(written: WordRow) -> BaseOxmlElement:
    """The row's properties, with the wish not to be broken over two pages."""
    properties: BaseOxmlElement = written._tr.get_or_add_trPr()
    properties.append(element("w:cantSplit"))
    return properties


def _cell(cell: WordCell) -> WordParagraph:
    paragraph: WordParagraph = cell.paragraphs[0]
    paragraph.style = "Table Text"
    return paragraph
