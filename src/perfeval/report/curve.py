"""An award curve in the terminal, in braille dots: two columns and four rows of them in each character."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from rich.cells import cell_len

from perfeval.errors import Language, Message
from perfeval.laws.drawing import Drawing
from perfeval.laws.found import points_text
from perfeval.report.data import Json
from perfeval.report.terminal import plain
from perfeval.scorecard import value_text

__all__ = ["curve_data", "curve_lines"]

_HEIGHT: Final = 12
_BLANK: Final = 0x2800
_BITS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_LEAST_WIDTH: Final = 24
_MOST_JUMPS: Final = 10  # that are told


def curve_lines(drawn: Drawing, language: Language, width: int = 72) -> Iterator[str]:
    """The title, the curve with its axes, and what stands beside it."""
    ticks = {0: points_text(drawn.most), _HEIGHT // 2: points_text(drawn.most / 2), _HEIGHT - 1: "0"}
    side = max(cell_len(each) for each in ticks.values())
    inner = max(width - side - 2, _LEAST_WIDTH)
    yield plain(_title(drawn, language))
    yield ""
    for row, line in enumerate(_canvas(drawn, inner)):
        yield f"{ticks.get(row, '').rjust(side)} ┤{line}" if row in ticks else f"{'':>{side}} │{line}"
    yield f"{'':>{side}} └{'─' * inner}"
    low, high = (value_text(drawn.figure(end), language) for end in (drawn.low, drawn.high))
    room = inner - cell_len(low) - cell_len(high)
    yield f"{'':>{side}}  {low}{' ' * max(room, 1)}{high}"
    if drawn.others.zh:
        yield plain(Message(f"其他事实：{drawn.others.zh}", f"with {drawn.others.en}").to(language))
    jumps = list(dict.fromkeys(each.x for each in drawn.dots))
    told = jumps if len(jumps) <= _MOST_JUMPS + 1 else jumps[:_MOST_JUMPS]
    for at in told:
        yield plain(_jump(drawn, at, language))
    if more := len(jumps) - len(told):
        yield Message(f"另有 {more} 处跳变", f"and {more} more jumps").to(language)


def _title(drawn: Drawing, language: Language) -> str:
    title, fact = drawn.title.to(language), drawn.fact.to(language)
    return Message(f"{title}：得分随{fact}的变化", f"{title}: points by {fact}").to(language)


def _jump(drawn: Drawing, at: Fraction, language: Language) -> str:
    """What happens at a jump, for the dots are too coarse to show who has the edge; the award there may be of that one value alone."""
    dots = [each for each in drawn.dots if each.x == at]
    where = value_text(drawn.figure(at), language)
    here = next((points_text(each.y) for each in dots if each.filled), None)
    exactly = (
        Message(f"恰为 {where} 时没有得分可言", f"exactly {where} has no award")
        if here is None
        else Message(f"恰为 {where} 时得 {here} 分", f"exactly {where} earns {here}")
    )
    left, right = points_text(dots[0].y), points_text(dots[-1].y)
    return Message(f"{where} 处：{left} → {right}（{exactly.zh}）", f"at {where}: {left} → {right} ({exactly.en})").to(
        language
    )


def _canvas(drawn: Drawing, width: int) -> Iterator[str]:
    """The rows of characters, from the top."""
    across, down = 2 * width - 1, 4 * _HEIGHT - 1
    cells = [[_BLANK] * width for _ in range(_HEIGHT)]

    def dot(x: int, y: int) -> None:
        row, column = (down - y) // 4, x // 2
        cells[row][column] |= _BITS[(down - y) % 4][x % 2]

    def place(x: Fraction, y: Fraction) -> tuple[int, int]:
        return round((x - drawn.low) / (drawn.high - drawn.low) * across), round(y / drawn.most * down)

    for line in drawn.lines:
        for start, end in zip(line.points, line.points[1:], strict=False):
            (a, b), (c, d) = place(*start), place(*end)
            steps = max(abs(c - a), abs(d - b), 1)
            for step in range(steps + 1):
                dot(a + round(Fraction((c - a) * step, steps)), b + round(Fraction((d - b) * step, steps)))
    for row in cells:
        yield "".join(" " if each == _BLANK else chr(each) for each in row).rstrip()


def curve_data(drawn: Drawing, language: Language) -> dict[str, Json]:
    """The curve as JSON: its lines, and the dots at its jumps, in the fact's base units, exact."""
    return {
        "title": drawn.title.to(language),
        "fact": drawn.fact.to(language),
        "kind": drawn.domain.kind,
        "others": drawn.others.to(language),
        "low": str(drawn.low),
        "high": str(drawn.high),
        "points": str(drawn.most),
        "lines": [[[str(x), str(y)] for x, y in line.points] for line in drawn.lines],
        "dots": [{"x": str(each.x), "y": str(each.y), "filled": each.filled} for each in drawn.dots],
    }
