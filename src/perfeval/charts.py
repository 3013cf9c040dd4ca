"""The picture of attainment by dimension as a native chart of Office files: its text is set in the reader's own fonts, and can be edited.

The same chart stands in Word drafts and in live workbooks. Needs the extra ``perfeval[documents]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZipFile

from attrs import frozen

from perfeval.quantity import decimal_text, rounded

if TYPE_CHECKING:
    from openpyxl.chart import BarChart
    from openpyxl.chart.text import RichText

__all__ = ["Bar", "attainment_chart", "chart_xml", "height"]

_BLUE, _GRID = "2F6F9F", "D9D9D9"
_PLACES: Final = 10
_SHOWN: Final = "0.00%"


@frozen
class Bar:
    """A bar of the chart.

    Attributes:
        share: what was earned of the points, 0 to 1; None where there is no score, which is not the same as 0.
    """

    name: str
    share: Fraction | None


def height(bars: int) -> int:
    """How high a chart of so many bars is, in mm."""
    return 20 + 11 * bars


def attainment_chart(bars: Sequence[Bar], names: str, shares: str, title: str = "", size: int = 1000) -> BarChart:
    """A bar for each dimension, the first on top, from 0 to 100%.

    Args:
        bars: what is shown until the cells are computed, or where there are none.
        names, shares: the cells they stand in, such as ``'Sheet'!$A$2:$A$5``.
        title: above the bars; "" where a caption stands beside the chart.
        size: of the text, in hundredths of a point.

    Raises:
        ImportError: openpyxl is not installed.
    """
    from openpyxl.chart import BarChart
    from openpyxl.chart.data_source import AxDataSource, NumData, NumDataSource, NumRef, NumVal, StrData, StrRef, StrVal
    from openpyxl.chart.label import DataLabelList
    from openpyxl.chart.layout import Layout, ManualLayout
    from openpyxl.chart.series import Series
    from openpyxl.chart.shapes import GraphicalProperties
    from openpyxl.drawing.line import LineProperties

    names_now = [StrVal(idx=index, v=bar.name) for index, bar in enumerate(bars)]
    shares_now = [
        NumVal(idx=index, v=decimal_text(rounded(bar.share, _PLACES)))
        for index, bar in enumerate(bars)
        if bar.share is not None
    ]
    series = Series(
        idx=0,
        order=0,
        cat=AxDataSource(strRef=StrRef(f=names, strCache=StrData(ptCount=len(bars), pt=names_now))),
        val=NumDataSource(
            numRef=NumRef(f=shares, numCache=NumData(formatCode=_SHOWN, ptCount=len(bars), pt=shares_now))
        ),
        spPr=GraphicalProperties(solidFill=_BLUE),
    )
    chart = BarChart(barDir="bar", gapWidth=60, varyColors=False)
    chart.series = [series]
    chart.legend = None
    chart.graphical_properties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    # Room for names on the left, and for the figure of a whole bar on the right.
    top, high = ("0.2", "0.68") if title else ("0.03", "0.85")
    chart.layout = Layout(ManualLayout("inner", "edge", "edge", x="0.28", y=top, w="0.59", h=high))
    chart.title = title or None
    chart.roundedCorners = False
    chart.dLbls = DataLabelList(
        numFmt=_SHOWN,
        txPr=_letters(size),
        showVal=True,
        showSerName=False,
        showCatName=False,
        showLegendKey=False,
        showPercent=False,
        showBubbleSize=False,
    )
    _axes(chart, size)
    return chart


def _axes(chart: BarChart, size: int) -> None:
    from openpyxl.chart.axis import ChartLines
    from openpyxl.chart.shapes import GraphicalProperties
    from openpyxl.drawing.line import LineProperties

    grid = GraphicalProperties(ln=LineProperties(solidFill=_GRID))
    categories, values = chart.x_axis, chart.y_axis
    for axis in (categories, values):
        axis.delete = False
        axis.txPr = _letters(size)
        axis.spPr = grid
    categories.scaling.orientation = "maxMin"
    categories.majorTickMark = None
    values.scaling.min, values.scaling.max = 0, 1
    values.majorUnit = "0.2"
    values.majorGridlines = ChartLines(spPr=grid)
    values.number_format = "0%"
    values.crosses = "max"  # below the last bar, as the first is on top


def _letters(size: int) -> RichText:
    from openpyxl.chart.text import RichText
    from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RichTextProperties

    properties = ParagraphProperties(defRPr=CharacterProperties(sz=size, solidFill="262626"))
    return RichText(bodyPr=RichTextProperties(), p=[Paragraph(pPr=properties, r=[], endParaRPr=CharacterProperties())])


def chart_xml(chart: BarChart) -> bytes:
    """The chart as a part of an Office file.

    Raises:
        ImportError: openpyxl is not installed.
    """
    from openpyxl.workbook import Workbook

    book = Workbook()
    assert book.active is not None
    book.active.add_chart(chart)
    saved = BytesIO()
    book.save(saved)
    with ZipFile(saved) as package:
        xml = package.read("xl/charts/chart1.xml")
    # Without a title of its own, a chart of one series shows the name of the series as one, unless it is told not to.
    return xml if chart.title else xml.replace(b"<plotArea>", b'<autoTitleDeleted val="1"/><plotArea>', 1)
