"""The award of one indicator as a curve to draw: lines, and the dots at its jumps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

from attrs import evolve, frozen

from perfeval.errors import DefinitionError, Message, nearest, problem
from perfeval.expr.exact import Value
from perfeval.expr.names import names
from perfeval.expr.piecewise import NotPiecewise, Piece
from perfeval.expr.rational import Ratio
from perfeval.expr.text import text as formula_text
from perfeval.facts import FactSheet
from perfeval.framework import Framework
from perfeval.laws.curves import Curve, Domain, Probe, figure, probe, settings_text
from perfeval.laws.shape import directions
from perfeval.quantity import Kind, Quantity

__all__ = ["Dot", "Drawing", "Line", "drawing"]

_BENDS: Final = 48  # straight parts of a line that is curved
_MARGIN: Final = Fraction(1, 5)


@frozen
class Dot:
    """An end of a line at a jump: filled where the award is that, open where it is not."""

    x: Fraction
    y: Fraction
    filled: bool


@frozen
class Line:
    """Points to join, from left to right."""

    points: tuple[tuple[Fraction, Fraction], ...]


@frozen
class Drawing:
    """The award of an indicator over one fact.

    Attributes:
        path: of the indicator.
        title: its title.
        fact: what varies, in words.
        kind: what it measures; x is in base units.
        others: the other facts, as they were taken; "" where there are none.
        low, high: from where to where it is drawn.
        most: the indicator's points, and its bonus.
        lines, dots: what is drawn.
    """

    path: str
    title: Message
    fact: Message
    kind: Kind
    others: Message
    low: Fraction
    high: Fraction
    most: Fraction
    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]

    def figure(self, x: Fraction) -> Quantity:
        """A value of the fact, as people write it."""
        return figure(x, self.kind)


def drawing(framework: Framework, path: str, fact: str | None = None, facts: FactSheet | None = None) -> Drawing:
    """The award of the indicator at `path` (or of that title), before it is rounded, over `fact`, by default its actual value.

    Args:
        facts: of an assessment, in which the others stand where `fact` is one of those that the actual value is computed from.

    Raises:
        DefinitionError: there is no such indicator or fact, or no curve of a figure to draw.
    """
    path = framework.path_of(path, indicators=True)
    placed = framework.layout[path]
    try:
        asked = probe(framework, placed)
        if fact is not None and fact not in asked.figures and fact in names(placed.actual):
            asked, others = _opened(asked, fact, facts)
            curve = asked.curve(asked.award, fact, others)
        else:
            curve = _best(asked, _fact(asked, fact))
        low, high = _shown(curve)
        part = curve.between(low, high)
        lines, dots = tuple(_lines(part, low, high)), tuple(_dots(curve, low, high))
    except NotPiecewise as error:
        said = error.message
        raise DefinitionError(
            problem(f"“{path}”的得分曲线画不出来：{said.zh}", f'the award of "{path}" cannot be drawn: {said.en}')
        ) from None
    node = placed.node
    name = Message("完成值", "actual value") if curve.fact in ("actual", path) else Message(curve.fact, curve.fact)
    return Drawing(
        path,
        Message(node.called("zh"), node.called("en")),
        name,
        curve.domain.kind,
        settings_text(curve, asked),
        low,
        high,
        asked.most,
        lines,
        dots,
    )


def _fact(asked: Probe, wished: str | None) -> str:
    if not asked.figures:
        raise DefinitionError(
            problem(
                f"“{asked.placed.path}”只看是否，没有随数值变化的曲线",
                f'"{asked.placed.path}" is decided by answers alone: there is no curve over a figure',
            )
        )
    if wished is None:
        return next(iter(directions(asked)), asked.figures[0])
    if wished not in asked.figures:
        hint = nearest(wished, asked.figures)
        raise DefinitionError(
            problem(f"没有数值“{wished}”— {hint.zh}", f'there is no figure "{wished}" — {hint.en}', wished)
        )
    return wished


def _opened(asked: Probe, fact: str, facts: FactSheet | None) -> tuple[Probe, dict[str, Value]]:
    """An indicator whose actual value is computed from `fact` and others, with these as an assessment has them.

    Raises:
        DefinitionError: one of them is not known, or derived from `fact`.
    """
    opened = evolve(asked, actual=asked.placed.actual, facts={}, readers={})
    read = names(opened.award)
    others = [name for name in read if name != fact]
    sheet = FactSheet() if facts is None else facts
    missing = [name for name in read if name not in sheet.kinds]
    if missing:
        zh, en = "、".join(missing), ", ".join(missing)
        raise DefinitionError(
            problem(
                f"“{fact}”只是完成值（{formula_text(opened.actual, 'zh')}）的一部分，画它时其他事实按评价文件取值，而 {zh} 未知 — 请写填好的评价文件",
                f'"{fact}" is a part of the actual value ({formula_text(opened.actual, "en")}): to draw it the other facts are taken '
                f"from an assessment, and {en} is not known — name an assessment file that is filled in",
                fact,
            )
        )
    derived = [name for name in others if fact in sheet.behind([name])]
    if derived:
        raise DefinitionError(
            problem(
                f"{'、'.join(derived)} 由“{fact}”推算，不能单独变动",
                f'{", ".join(derived)} derives from "{fact}", so it cannot vary alone',
                fact,
            )
        )
    domains = {name: Domain(sheet.kinds[name]) for name in others}
    return evolve(opened, facts={**domains, fact: Domain(sheet.kinds[fact], Fraction(0))}), {
        name: sheet.values[name] for name in others
    }


def _best(asked: Probe, fact: str) -> Curve:
    """The curve that says most: of the highest award, the other facts gone through."""
    curves = [asked.curve(asked.award, fact, others) for others in asked.settings(fact)]
    return max(curves, key=_height)


def _height(curve: Curve) -> tuple[Fraction, int]:
    values = [each.best[0] for each in curve.stretches]
    return max(values, default=Fraction(-1)), len(set(values))


def _shown(curve: Curve) -> tuple[Fraction, Fraction]:
    """From where to where: all that happens, and a little on both sides."""
    cuts = sorted({end for each in curve.pieces for end in (each.low, each.high) if end is not None})
    inner = [cut for cut in cuts if cut not in (curve.domain.low, curve.domain.high)]
    if not inner:
        inner = [Fraction(0), Fraction(1)]
    least, most = inner[0], inner[-1]
    if curve.domain.low == 0 and curve.domain.kind != "date":
        least = Fraction(0)
    room = (most - least) * _MARGIN or abs(most) * _MARGIN or Fraction(1)
    low, high = (least if least == 0 == curve.domain.low else least - room), most + room
    if curve.domain.low is not None:
        low = max(low, curve.domain.low)
    if curve.domain.high is not None:
        high = min(high, curve.domain.high)
    return low, high


def _lines(curve: Curve, low: Fraction, high: Fraction) -> Iterator[Line]:
    for stretch in curve.stretches:
        piece = stretch.piece
        start, end = (low if piece.low is None else piece.low), (high if piece.high is None else piece.high)
        inner = _inner(piece, start, end)
        yield Line(((start, stretch.start), *((x, _at(piece, x)) for x in inner), (end, stretch.end)))


def _inner(piece: Piece, start: Fraction, end: Fraction) -> Sequence[Fraction]:
    """Points in between, where the line is curved."""
    if not isinstance(piece.value, Ratio) or (len(piece.value.below) == 1 and len(piece.value.above) <= 2):
        return ()
    return [start + (end - start) * index / _BENDS for index in range(1, _BENDS)]


def _at(piece: Piece, x: Fraction) -> Fraction:
    value = piece.at(x)
    assert isinstance(value, Fraction)
    return value


def _dots(curve: Curve, low: Fraction, high: Fraction) -> Iterator[Dot]:
    for left, right in pairwise(curve.stretches):
        x = right.piece.low
        if x is None or left.piece.high != x or left.end == right.start or not low <= x <= high:
            continue
        yield Dot(x, left.end, curve.at(x) == left.end)
        yield Dot(x, right.start, curve.at(x) == right.start)
