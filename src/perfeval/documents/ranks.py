"""How ranks stand up to other weights, as a picture: SVG with its text as text, or PNG in a Chinese font that is installed."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from perfeval.documents.figure import CHINESE_FONTS, quiet, settable, typeface
from perfeval.errors import Language
from perfeval.report.stability import weights_called

if TYPE_CHECKING:
    from perfeval.batch.stability import Stability

__all__ = ["RanksPicture", "ranks_picture"]

_NAMED: Final = 40  # so many units have a line each, with their name
_MOST: Final = 1500  # so many of more stand in the band
_BARS: Final = 12
_DARK, _MIDDLE, _LIGHT = "#1f5fa8", "#8fb4dc", "#dbe7f4"


@frozen
class RanksPicture:
    """A picture, as bytes.

    Attributes:
        data: of the file.
        without_font: whether it is in English, and without Chinese names, because no Chinese font is installed.
    """

    data: bytes
    without_font: bool


def ranks_picture(
    found: Stability, language: Language, kind: str, fonts: Sequence[str] = CHINESE_FONTS
) -> RanksPicture:
    """The ranks of the units, and what each weight does to them, as an "svg" or a "png"."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    face = typeface(kind, fonts)
    lacking = face.lacking
    spoken: Language = "en" if lacking else language
    rows = sorted((row for row in found.table.to_pylist() if row["rank"] is not None), key=lambda row: row["rank"])
    named = len(rows) <= _NAMED
    height = max(4, len(rows) / 4 + 1) if named else 5
    with quiet(), rc_context(face.settings):  # type: ignore[arg-type]  # the names are those of matplotlib's own settings
        figure = Figure(figsize=(10, height), layout="constrained")
        (FigureCanvasSVG if kind == "svg" else FigureCanvasAgg)(figure)
        if found.matters:
            left, right = figure.subplots(1, 2, width_ratios=(3, 2))
            _bars(right, found, spoken, lacking)
        else:
            left = figure.subplots()
        if named:
            _lines(left, rows, found.table.schema.names[0], spoken, lacking)
        else:
            _band(left, rows, spoken)
        count = len(found.weightings)
        title = f"{count} 组权重下的名次" if spoken == "zh" else f"ranks under {count} weightings"
        left.set_title(title)
        for axes in figure.axes:
            axes.spines[["top", "right"]].set_visible(False)
        written = BytesIO()
        figure.savefig(written, format=kind, dpi=120, metadata={"Date": None} if kind == "svg" else None)
    return RanksPicture(written.getvalue(), lacking)


def _lines(axes: Any, rows: Sequence[dict[str, Any]], identity: str, language: Language, lacking: bool) -> None:
    """A line for each unit, from its best to its worst rank, thick between 5 % and 95 %."""
    zh = language == "zh"
    for place, row in enumerate(rows):
        axes.hlines(place, row["rank_best"], row["rank_worst"], color=_LIGHT, linewidth=6)
        axes.hlines(place, row["rank_p5"], row["rank_p95"], color=_MIDDLE, linewidth=6)
    ranks, places = [row["rank"] for row in rows], range(len(rows))
    axes.plot(ranks, places, "o", color=_DARK, markersize=5, label="自身权重" if zh else "the framework's own weights")
    axes.hlines([], 0, 0, color=_MIDDLE, linewidth=6, label="5%–95% 的方案" if zh else "5%–95% of the weightings")
    axes.hlines([], 0, 0, color=_LIGHT, linewidth=6, label="最好–最差" if zh else "best–worst")
    names = [str(row[identity]) for row in rows]
    axes.set_yticks(
        list(places),
        [(settable(name) or str(row["rank"])) if lacking else name for name, row in zip(names, rows, strict=True)],
    )
    axes.invert_yaxis()
    axes.set_xlabel("名次" if zh else "rank")
    axes.grid(axis="x", alpha=0.6, linewidth=0.6)
    axes.legend(frameon=False, loc="best")


def _band(axes: Any, rows: Sequence[dict[str, Any]], language: Language) -> None:
    """All units in the order of their own ranks, and between which ranks they lie."""
    zh = language == "zh"
    step = -(-len(rows) // _MOST)
    some = rows[::step]
    ranks = [row["rank"] for row in some]

    def column(name: str) -> list[int]:
        return [row[name] for row in some]

    axes.fill_between(
        ranks,
        column("rank_best"),
        column("rank_worst"),
        color=_LIGHT,
        linewidth=0,
        label="最好–最差" if zh else "best–worst",
    )
    axes.fill_between(
        ranks,
        column("rank_p5"),
        column("rank_p95"),
        color=_MIDDLE,
        linewidth=0,
        label="5%–95% 的方案" if zh else "5%–95% of the weightings",
    )
    axes.plot(ranks, ranks, color=_DARK, linewidth=1, label="自身权重" if zh else "the framework's own weights")
    axes.set_xlabel("自身权重下的名次" if zh else "rank under the framework's own weights")
    axes.set_ylabel("名次" if zh else "rank")
    axes.margins(0)
    axes.legend(frameon=False, loc="upper left")


def _bars(axes: Any, found: Stability, language: Language, lacking: bool) -> None:
    """What one weight does, a fifth more or less of it."""
    zh = language == "zh"
    shown = found.matters[:_BARS]
    names = weights_called(found, language)[:_BARS]
    if lacking:
        names = [settable(name) or each.placed.path for name, each in zip(names, shown, strict=True)]
    widths = [each.rank_shift.numerator / each.rank_shift.denominator for each in shown]
    axes.barh(range(len(shown)), widths, color=_MIDDLE, height=0.6)
    axes.set_yticks(range(len(shown)), names)
    axes.invert_yaxis()
    axes.set_xlabel("平均移动名次" if zh else "ranks moved on average")
    of, some = len(found.matters), len(shown)
    title = "单项权重增减五分之一" if zh else "one weight ± a fifth"
    if some < of:
        title += f"（影响最大的 {some} 项，共 {of} 项）" if zh else f"\n(the {some} of {of} that matter most)"
    axes.set_title(title)
