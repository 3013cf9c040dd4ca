"""An award curve as a picture, with matplotlib: SVG with its text as text, or PNG in a Chinese font that is installed."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from io import BytesIO
from itertools import count, pairwise
from math import ceil, floor
from typing import Final

from attrs import frozen

from perfeval.errors import Language
from perfeval.laws.drawing import Drawing
from perfeval.laws.found import points_text
from perfeval.quantity import Kind, decimal_text, rounded
from perfeval.report.terminal import wrapped
from perfeval.scorecard import value_text

__all__ = ["CHINESE_FONTS", "Picture", "Typeface", "dot_size", "picture", "quiet", "settable", "typeface"]

CHINESE_FONTS: Final = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Serif CJK SC",
    "Microsoft YaHei",
    "SimHei",
    "SimSun",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Noto Sans CJK JP",
)
"""Fonts that hold Chinese, the first that is installed is used."""
_LEAST_TICK: Final = 9  # decimals
_TICKS: Final = 6
_BLUE: Final = "#1f5fa8"
_DOT, _LEAST_DOT, _WIDTH = Fraction(6), Fraction(5, 2), 500  # points, of a picture 8 inches wide
_TITLE_WIDTH: Final = 84  # in columns, of which a Chinese character takes two
_LABEL_WIDTH: Final = 96
_SPACING: Final = Fraction(3, 2)
_UNITS: Final[Mapping[Kind, str]] = {
    "money": "yuan",
    "length": "metres",
    "mass": "kilograms",
    "area": "square metres",
    "month": "month",
}


@frozen
class Picture:
    """A picture, as bytes.

    Attributes:
        data: of the file.
        language: the language it is in.
        without_font: whether it is in English, and without Chinese names, because no Chinese font is installed.
    """

    data: bytes
    language: Language
    without_font: bool = False


@frozen
class Typeface:
    """In which fonts a picture is set.

    Attributes:
        settings: for matplotlib.
        lacking: whether there is none for Chinese.
    """

    settings: Mapping[str, object]
    lacking: bool


def typeface(kind: str, fonts: Sequence[str]) -> Typeface:
    """For an SVG the fonts of its reader; for a PNG those at hand: without a Chinese one no Chinese is written, for it would be boxes."""
    from matplotlib import font_manager

    installed = {each.name for each in font_manager.fontManager.ttflist}
    chinese = next((font for font in fonts if font in installed), None)
    families = [*fonts, "sans-serif"] if kind == "svg" else [*([chinese] if chinese else []), "sans-serif"]
    settings = {
        "svg.fonttype": "none",
        "svg.hashsalt": "perfeval",
        "font.family": families,
        "axes.unicode_minus": False,
        "text.parse_math": False,
    }
    return Typeface(settings, lacking=kind == "png" and chinese is None)


def picture(drawn: Drawing, language: Language, kind: str, fonts: Sequence[str] = CHINESE_FONTS) -> Picture:
    """The curve as an "svg" or a "png"."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    face = typeface(kind, fonts)
    lacking = face.lacking
    spoken: Language = "en" if lacking else language

    def said(text: str, otherwise: str) -> str:
        return (settable(text) or otherwise) if lacking else text

    def at(x: Fraction) -> str:
        return _bare(drawn, x) if lacking else value_text(drawn.figure(x), spoken)

    with quiet(), rc_context(face.settings):  # type: ignore[arg-type]  # the names are those of matplotlib's own settings
        figure = Figure(figsize=(8, 4), layout="constrained")
        (FigureCanvasSVG if kind == "svg" else FigureCanvasAgg)(figure)
        axes = figure.subplots()
        size = dot_size(drawn)
        for line in drawn.lines:
            places = [_place(x) for x, _ in line.points], [_place(y) for _, y in line.points]
            axes.plot(*places, color=_BLUE, linewidth=2)
        for each in drawn.dots if size else ():
            axes.plot(
                [_place(each.x)],
                [_place(each.y)],
                "o",
                markersize=_place(size),
                markerfacecolor=_BLUE if each.filled else "white",
                markeredgecolor=_BLUE,
                zorder=3,
            )
        axes.set_title(
            "\n".join(wrapped(said(drawn.title.to(spoken), drawn.path), _TITLE_WIDTH)), linespacing=_place(_SPACING)
        )
        below = [said(drawn.fact.to(spoken), "x") + (_unit(drawn) if lacking else "")]
        if others := said(drawn.others.to(spoken), ""):
            below += wrapped(f"{'其他事实：' if spoken == 'zh' else 'with '}{others}", _LABEL_WIDTH)
        axes.set_xlabel("\n".join(below), linespacing=_place(_SPACING))
        axes.set_ylabel("得分" if spoken == "zh" else "points")
        axes.set_xlim(_place(drawn.low), _place(drawn.high))
        axes.set_ylim(_place(-drawn.most / 20), _place(drawn.most * 21 / 20))
        ticks = _ticks(drawn)
        axes.set_xticks([_place(x) for x in ticks], [at(x) for x in ticks])
        levels = [drawn.most * index / 4 for index in range(5)]
        axes.set_yticks([_place(y) for y in levels], [points_text(y).lstrip("≈") for y in levels])
        axes.grid(alpha=0.6, linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
        written = BytesIO()
        figure.savefig(written, format=kind, dpi=144, metadata={"Date": None} if kind == "svg" else None)
    return Picture(written.getvalue(), spoken, lacking)


def dot_size(drawn: Drawing) -> Fraction:
    """How large a dot may be, in points, so that those of two jumps leave something of the line; 0 where none has room."""
    jumps = sorted({each.x for each in drawn.dots})
    nearest = min((right - left for left, right in pairwise(jumps)), default=drawn.high - drawn.low)
    size = min(_DOT, nearest / (drawn.high - drawn.low) * _WIDTH / 2)
    return size if size >= _LEAST_DOT else Fraction(0)


def _ticks(drawn: Drawing) -> list[Fraction]:
    """Round values along the curve, in the unit that they are told in; of dates, days evenly apart; nothing between two things."""
    length = drawn.high - drawn.low
    if drawn.domain.kind == "date":
        return [Fraction(round(drawn.low + length * index / (_TICKS - 1))) for index in range(_TICKS)]
    unit = drawn.figure(drawn.high).unit.factor
    least = Fraction(1) if drawn.domain.is_counted else Fraction(0)
    steps = (lead * Fraction(10) ** power * unit for power in count(-_LEAST_TICK) for lead in (1, 2, 5))
    step = next(each for each in steps if each >= least and length / each <= _TICKS)
    return [step * index for index in range(ceil(drawn.low / step), floor(drawn.high / step) + 1)]


@contextmanager
def quiet() -> Iterator[None]:
    """Say nothing of the fonts that are not here: the reader of an SVG may have them."""
    log = logging.getLogger("matplotlib.font_manager")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
            yield
    finally:
        log.setLevel(level)


def _place(value: Fraction) -> float:
    """Where to draw a value: a picture has no need to be exact."""
    return value.numerator / value.denominator


def settable(text: str) -> str:
    """What of a text can be set without a Chinese font."""
    return "".join(each for each in text if each.isascii()).strip()


def _bare(drawn: Drawing, x: Fraction) -> str:
    """A value without the Chinese name of its unit: in base units, all alike."""
    if drawn.domain.kind in ("ratio", "date"):
        return value_text(drawn.figure(x), "en").lstrip("≈")
    return decimal_text(rounded(x, 2))


def _unit(drawn: Drawing) -> str:
    return f" ({_UNITS[drawn.domain.kind]})" if drawn.domain.kind in _UNITS else ""
