"""What every Word file of ours shares: its styles, the text that XML can hold, and the file itself. Needs python-docx."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from io import BytesIO
from typing import Final, Literal
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from attrs import frozen
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Emu, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.run import Run

__all__ = ["ALIGN", "HALF_POINT", "Look", "chinese", "clean", "element", "packed", "set_styles"]

HALF_POINT: Final = 6350  # English metric units
ALIGN: Final = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


@frozen
class Look:
    """How a paragraph style looks.

    Attributes:
        font: for Chinese characters; Latin ones are in Times New Roman.
        size: in half points: 44 is 二号, 32 三号, 21 五号, 18 小五.
        line: points from line to line; None for single spacing.
        indent: of the first line, in hundredths of a character.
        before, after: points.
    """

    font: str
    size: int
    line: int | None = None
    indent: int = 0
    align: Literal["left", "center", "right", "justify"] = "justify"
    bold: bool = False
    before: int = 0
    after: int = 0
    keep: bool = False


def clean(text: str) -> str:
    """`text` as XML can hold it and a reader should see it: control characters made visible, breaks and tabs as spaces."""
    return "".join(_shown(each) for each in text)


def _shown(character: str) -> str:
    if character in "\n\r\t":
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") or character in "\ufffe\uffff":
        return "�"
    return character


def set_styles(made: WordDocument, looks: Mapping[str, Look]) -> None:
    """The document's paragraph styles, and Chinese as the language of its text."""
    for default in made.styles.element.xpath("w:docDefaults//w:lang"):
        default.set(qn("w:val"), "en-US")
        default.set(qn("w:eastAsia"), "zh-CN")
    for default in made.settings.element.xpath("w:themeFontLang"):
        default.set(qn("w:eastAsia"), "zh-CN")
    for name, look in looks.items():
        known = name in made.styles
        style = made.styles[name] if known else made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(style, ParagraphStyle)
        _style(style, look, made)


def _style(style: ParagraphStyle, look: Look, made: WordDocument) -> None:
    own = style.element
    outline = [each.get(qn("w:val")) for each in own.xpath("w:pPr/w:outlineLvl")]
    for old in own.xpath("w:pPr | w:rPr"):
        own.remove(old)
    if style.name != "Normal":
        style.base_style = made.styles["Normal"]
    style.hidden, style.quick_style = False, True
    font, shape = style.font, style.paragraph_format
    font.name = "Times New Roman"
    font.size, font.bold, font.color.rgb = Emu(look.size * HALF_POINT), look.bold, RGBColor(0, 0, 0)
    fonts = own.xpath("w:rPr/w:rFonts")[0]
    fonts.set(qn("w:eastAsia"), look.font)
    fonts.set(qn("w:cs"), "Times New Roman")
    shape.alignment = ALIGN[look.align]
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.line_spacing_rule = WD_LINE_SPACING.SINGLE if look.line is None else WD_LINE_SPACING.EXACTLY
    if look.line is not None:
        shape.line_spacing = Pt(look.line)
    shape.keep_with_next = shape.keep_together = look.keep
    shape.widow_control = True
    _indent(style, look)
    for level in outline:
        own.xpath("w:pPr")[0].append(element("w:outlineLvl", val=level))


def _indent(style: ParagraphStyle, look: Look) -> None:
    # In characters, with the length that programs which do not count them use.
    style.paragraph_format.first_line_indent = Emu(look.indent * look.size * HALF_POINT // 100)
    style.element.xpath("w:pPr/w:ind")[0].set(qn("w:firstLineChars"), str(look.indent))


def chinese(text: Run) -> None:
    """Quotation marks and dashes as wide as Chinese ones are."""
    text._r.get_or_add_rPr().insert(0, element("w:rFonts", hint="eastAsia"))


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    """An element of the file, such as ``element("w:shd", fill="F2F2F2")``."""
    made: BaseOxmlElement = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


# The file.

_CORE: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>'
)
_APP: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>perfeval</Application></Properties>"
)
_FONTS: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{fonts}</w:fonts>'
)
_FONT: Final = (
    '<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/>'
    '<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
)
_OTHER_NAMES: Final = (
    ("方正小标宋简体", "宋体", "roman"),
    ("仿宋", "仿宋_GB2312", "modern"),
    ("楷体", "楷体_GB2312", "modern"),
    ("黑体", "SimHei", "swiss"),
    ("宋体", "SimSun", "roman"),
)
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)  # the first day a zip file can hold: no clock is read


def packed(made: WordDocument, title: str) -> bytes:
    """The file, with its own properties and fonts in place of the template's."""
    relations = made.part.package.rels
    for name in [name for name, each in relations.items() if each.reltype.endswith("/thumbnail")]:
        relations.pop(name)
    raw = BytesIO()
    made.save(raw)
    fonts = "".join(_FONT.format(name=name, other=other, family=family) for name, other, family in _OTHER_NAMES)
    instead = {
        "docProps/core.xml": _CORE.format(title=escape(title)),
        "docProps/app.xml": _APP,
        "word/fontTable.xml": _FONTS.format(fonts=fonts),
    }
    packed = BytesIO()
    with ZipFile(raw) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, _LONG_AGO)
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, instead[name].encode("utf-8") if name in instead else source.read(name))
    return packed.getvalue()
