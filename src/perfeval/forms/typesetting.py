"""An official table in Word, on the same grid as in the workbook. Needs python-docx.

The blocks are tables right below one another, so that the indicators' heading is repeated where they go on to another page: Word repeats only
the first rows of a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from attrs import evolve
from docx import Document
from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from perfeval.documents.wordfile import ALIGN, Look, chinese, clean, element, packed, set_styles
from perfeval.forms.layout import Box, Layout

__all__ = ["document"]

_STYLES: Final[Mapping[str, Look]] = {
    "Normal": Look("宋体", 18, None, 0, "center"),
    "Title": Look("黑体", 32, None, 0, "center", bold=True, keep=True),
    "Table Text": Look("宋体", 18, None, 0, "center"),
}
_TWIPS: Final = 1440  # in an inch
_INCH: Final = 254  # tenths of a millimetre
_MARGIN: Final = 40  # twips: 0.7 mm beside a cell's text


def document(layout: Layout) -> bytes:
    """The table as a DOCX file; the same bytes for the same table."""
    made = Document()
    set_styles(made, _STYLES)
    _page(made)
    starts = [*layout.blocks, len(layout.heights) + 1]
    for box in layout.boxes:
        if box.row < starts[0] and box.shown:
            _words(made.add_paragraph(style="Title" if box.look == "title" else "Table Text"), box)
    for start, end in pairwise(starts):
        boxes = [part for box in layout.boxes if start <= box.row < end for part in _parts(box, layout)]
        if all(box.look == "note" for box in boxes):
            for box in boxes:
                _words(made.add_paragraph(style="Table Text"), box)
        else:
            _table(made, layout, range(start, end), boxes, followed=end != layout.blocks[-1])
    return packed(made, clean(layout.title))


def _page(made: WordDocument) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(12)
    section.top_margin = section.bottom_margin = Mm(15)
    section.header_distance = section.footer_distance = Mm(8)


# Tables.


def _table(made: WordDocument, layout: Layout, rows: range, boxes: list[Box], *, followed: bool) -> None:
    table = made.add_table(rows=0, cols=len(layout.widths), style="Table Grid")
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _look(table, followed=followed)
    for column, width in zip(table.columns, layout.widths, strict=True):
        column.width = Mm(width)
    for row in rows:
        heading = row == layout.repeated
        written = _row(layout.heights[row - 1], repeated=heading)
        for box in sorted(boxes, key=lambda each: each.column):
            if box.row <= row < box.row + box.rows:
                written.append(_cell(box, row, layout, made))
        table._tbl.append(written)
    # Two tables with nothing between them would be one.
    between = made.add_paragraph(style="Table Text")
    between.paragraph_format.line_spacing = Pt(1)
    between.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    between.paragraph_format.space_before = between.paragraph_format.space_after = Pt(0)


def _look(table: Table, *, followed: bool) -> None:
    """Narrow margins in the cells; no line below where the next table begins with one."""
    properties = table._tbl.tblPr
    layout, look = (properties.find(qn(name)) for name in ("w:tblLayout", "w:tblLook"))
    assert layout is not None
    assert look is not None
    if followed:
        borders = element("w:tblBorders")
        borders.append(element("w:bottom", val="nil"))
        layout.addprevious(borders)
    margins = element("w:tblCellMar")
    for edge in ("left", "right"):
        margins.append(element(f"w:{edge}", w=str(_MARGIN), type="dxa"))
    look.addprevious(margins)


def _parts(box: Box, layout: Layout) -> Iterator[Box]:
    """A box; in two where it goes on below a heading that is repeated on the next page, which it would tie its rows to."""
    if box.row == layout.repeated and box.rows > 1 and layout.goes_on:
        yield evolve(box, rows=1)
        yield evolve(box, row=box.row + 1, rows=box.rows - 1, content="", shown="")
    else:
        yield box


def _row(height: int, *, repeated: bool) -> BaseOxmlElement:
    row = element("w:tr")
    properties = element("w:trPr")
    properties.append(element("w:cantSplit"))
    properties.append(element("w:trHeight", val=str(_twips(height)), hRule="atLeast"))
    if repeated:
        properties.append(element("w:tblHeader"))
    row.append(properties)
    return row


def _cell(box: Box, row: int, layout: Layout, made: WordDocument) -> BaseOxmlElement:
    """What a row holds of a box: the box itself, or that it goes on."""
    cell, properties = element("w:tc"), element("w:tcPr")
    width = sum(layout.widths[box.column - 1 : box.column - 1 + box.columns])
    properties.append(element("w:tcW", w=str(_twips(width)), type="dxa"))
    if box.columns > 1:
        properties.append(element("w:gridSpan", val=str(box.columns)))
    if box.rows > 1:
        properties.append(element("w:vMerge", val="restart" if row == box.row else "continue"))
    properties.append(element("w:vAlign", val="top" if layout.begins_at_its_top(box) else "center"))
    cell.append(properties)
    paragraph = Paragraph(element("w:p"), made._body)
    cell.append(paragraph._p)
    paragraph.style = "Table Text"
    if row == box.row:
        _words(paragraph, box)
    return cell


def _words(paragraph: Paragraph, box: Box) -> None:
    paragraph.alignment = ALIGN[box.align]
    for index, line in enumerate(_lines(box.shown)):
        run = paragraph.add_run()
        if index:
            run.add_break()
        run.add_text(line)
        chinese(run)
        if box.look == "heading":
            run.font.bold = True


def _lines(text: str) -> Iterator[str]:
    """The lines of a text, each as XML can hold it."""
    yield from (clean(line) for line in text.split("\n"))


def _twips(millimetres: int) -> int:
    return millimetres * 10 * _TWIPS // _INCH
