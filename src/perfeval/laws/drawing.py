"""The award of one indicator as a curve to draw: lines, and the dots at its jumps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final

from attrs import evolve, frozen

from perfeval.answers import Answers
from perfeval.errors import DefinitionError, Language, Message, PerfevalError, Problem, nearest, problem
from perfeval.expr.kinds import kind_of, kind_of_value
from perfeval.expr.names import names
from perfeval.expr.piecewise import NotPiecewise, Piece
from perfeval.expr.rational import Ratio
from perfeval.expr.text import text as formula_text
from perfeval.facts import OWN_WAY, Fact, FactSheet, FactValue, read_value, shown
from perfeval.framework import Framework
from perfeval.laws.curves import ACTUAL, Curve, Domain, Probe, probe, settings_text, written_in
from perfeval.laws.shape import directions
from perfeval.quantity import Kind, Quantity
from perfeval.scorecard import value_text

__all__ = ["Dot", "Drawing", "Line", "drawing"]

_BENDS: Final = 48  # straight parts of a line that is curved
_MARGIN: Final = Fraction(1, 5)
_LEAST_ROOM: Final[Mapping[Kind, Fraction]] = {"date": Fraction(30), "month": Fraction(2)}  # beside a single one


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
        domain: what it may be; x is in base units.
        others: the other facts, as they were taken; "" where there are none.
        low, high: from where to where it is drawn.
        most: the indicator's points, and its bonus.
        lines, dots: what is drawn.
    """

    path: str
    title: Message
    fact: Message
    domain: Domain
    others: Message
    low: Fraction
    high: Fraction
    most: Fraction
    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]

    def figure(self, x: Fraction) -> Quantity:
        """A value of the fact, as people write it."""
        return shown(x, self.domain.kind, self.domain.unit)


def drawing(
    framework: Framework,
    path: str,
    fact: str | None = None,
    given: Mapping[str, str] | None = None,
    known: FactSheet | None = None,
) -> Drawing:
    """The award of the indicator at `path` (or of that title), before it is rounded, over `fact`, by default its actual value.

    `fact` may be one that the actual value is computed from; the others that it is computed from must then be `known`, from an
    assessment, or `given`, as people write them. Any other fact that is not given is taken so that the curve has most to show.

    Raises:
        DefinitionError: there is no such indicator or fact, or no curve of a figure to draw; a given fact is not what it can be.
    """
    path = framework.path_of(path, indicators=True)
    placed = framework.layout[path]
    wanted = given or {}
    try:
        asked = probe(framework, placed)
        inner = [name for name in names(placed.actual) if name not in asked.facts]
        if opened := bool(inner) and (fact in inner or not set(inner).isdisjoint(wanted)):
            asked = _opened(asked, inner)
        over = _fact(asked, fact, inner, wanted)
        asked = _given(asked, framework, over, inner, wanted, (known or FactSheet()) if opened else None)
        curve = _best(asked, over)
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
        curve.domain,
        settings_text(curve, asked),
        low,
        high,
        asked.most,
        lines,
        dots,
    )


def _fact(asked: Probe, wished: str | None, inner: Sequence[str], given: Iterable[str]) -> str:
    free = [name for name in asked.figures if name not in given]
    if not free:
        raise DefinitionError(
            problem(
                f"“{asked.placed.path}”只看是否，没有随数值变化的曲线",
                f'"{asked.placed.path}" is decided by answers alone: there is no curve over a figure',
            )
            if not asked.figures
            else problem("数值都已给定，没有可变的", "all figures are given: none is left to vary")
        )
    if wished is None:
        return next((name for name in directions(asked) if name in free), free[0])
    if wished not in free:
        hint = nearest(wished, list(dict.fromkeys((*free, *inner))))
        raise DefinitionError(
            problem(f"没有数值“{wished}”— {hint.zh}", f'there is no figure "{wished}" — {hint.en}', wished)
        )
    return wished


def _opened(asked: Probe, inner: Iterable[str]) -> Probe:
    """Over the facts that the actual value is computed from, in place of it; what they measure is told by what is known."""
    kept = {name: domain for name, domain in asked.facts.items() if name != ACTUAL}
    facts = {**kept, **{name: Domain("number", Fraction(0)) for name in inner}}
    return evolve(asked, actual=asked.placed.actual, facts=facts, readers={})


def _given(
    asked: Probe,
    framework: Framework,
    over: str,
    inner: Sequence[str],
    wanted: Mapping[str, str],
    known: FactSheet | None,
) -> Probe:
    """With each fact that is given taken as that alone, and `over` measured as the framework tells."""
    problems, facts = list[Problem](), dict(asked.facts)
    values = dict[str, FactValue]()
    for name, written in wanted.items():
        try:
            values[name] = _answer(asked, name, written, [each for each in (*asked.facts, *inner) if each != over])
        except PerfevalError as error:
            problems += error.problems
            continue
        facts[name] = _only(values[name])
    if problems:
        raise DefinitionError(problems)
    if known is not None:
        values |= _known(asked, over, [name for name in names(asked.actual) if name not in (over, *values)], known)
        facts |= {name: _only(value) for name, value in values.items()}
    sheet = FactSheet({name: Fact(name, value) for name, value in values.items()})
    for award in map(framework.award, framework.indicators if values else ()):
        if not values.keys().isdisjoint(names(award)):
            kind_of(award, sheet.kinds)
    if known is not None and over in known.kinds:
        kinds = [known.kinds[over]]
    else:
        kinds = Answers(framework, sheet).figure_kinds(over, values)
    if over in names(asked.award) and over != ACTUAL and kinds and facts[over].kind not in kinds:
        facts[over] = evolve(facts[over], kind=kinds[0], units=written_in(asked.award, kinds[0]))
    return evolve(asked, facts=facts, readers={})


def _known(asked: Probe, over: str, others: Sequence[str], sheet: FactSheet) -> dict[str, FactValue]:
    """What else the actual value is computed from, as an assessment has it: no figure is made up."""
    values = {name: sheet.value(name) for name in others}
    if missing := [name for name, value in values.items() if value is None]:
        zh, en = "、".join(missing), ", ".join(missing)
        raise DefinitionError(
            problem(
                f"“{over}”只是完成值（{formula_text(asked.actual, 'zh')}）的一部分，画它时其他事实按评价文件取值，而 {zh} 未知"
                f" — 请写填好的评价文件，或写 --given {missing[0]}=值",
                f'"{over}" is a part of the actual value ({formula_text(asked.actual, "en")}): to draw it the other facts are taken '
                f"from an assessment, and {en} is not known — name an assessment file that is filled in, or write --given {missing[0]}=VALUE",
                over,
            )
        )
    if derived := [name for name in others if over in sheet.behind([name])]:
        raise DefinitionError(
            problem(
                f"{'、'.join(derived)} 由“{over}”推算，不能单独变动",
                f'{", ".join(derived)} derives from "{over}", so it cannot vary alone',
                over,
            )
        )
    return {name: value for name, value in values.items() if value is not None}


def _answer(asked: Probe, name: str, written: str, others: Sequence[str]) -> FactValue:
    if name not in others:
        hint = nearest(name, others)
        raise DefinitionError(
            problem(
                f"“{asked.placed.path}”此处不看事实“{name}”— {hint.zh}",
                f'"{asked.placed.path}" reads no fact "{name}" beside — {hint.en}',
            )
        )
    domain = asked.facts[name]
    if not domain.answers:
        value = read_value(written)
        if isinstance(value, Quantity):
            return value
        raise DefinitionError(
            problem(f"“{name}”应为数值（现为“{written}”）", f'"{name}" is a figure (found "{written}")')
        )
    value = written if written in domain.answers else read_value(written) if domain.kind == "truth" else None
    if isinstance(value, bool | str):
        return value
    languages: tuple[Language, ...] = ("zh", "en")
    known = [
        value_text(each, spoken) for each in domain.answers if isinstance(each, bool | str) for spoken in languages
    ]
    hint = nearest(written, list(dict.fromkeys(known)))
    raise DefinitionError(
        problem(f"“{name}”不能是“{written}”— {hint.zh}", f'"{name}" cannot be "{written}" — {hint.en}')
    )


def _only(value: FactValue) -> Domain:
    """A fact that may be this alone."""
    if not isinstance(value, Quantity):
        return Domain(kind_of_value(value), answers=(value,))
    units = () if value.kind in OWN_WAY else (value.unit.name,)
    return Domain(value.kind, answers=(value.value.as_integer_ratio(),), units=units)


def _best(asked: Probe, fact: str) -> Curve:
    """The curve that says most: of the most levels, then of the highest award, the other facts gone through."""
    curves = [asked.curve(asked.award, fact, others) for others in asked.settings(fact)]
    return max(curves, key=_says)


def _says(curve: Curve) -> tuple[int, Fraction]:
    ends = [end for each in curve.stretches for end in (each.start, each.end)]
    return len(set(ends)), max(ends, default=Fraction(-1))


def _shown(curve: Curve) -> tuple[Fraction, Fraction]:
    """From where to where: all that happens, and a little on both sides."""
    cuts = sorted({end for each in curve.pieces for end in (each.low, each.high) if end is not None})
    inner = [cut for cut in cuts if cut not in (curve.domain.low, curve.domain.high)]
    unit = curve.domain.step if curve.domain.is_counted else None
    if not inner:
        inner = [Fraction(0), unit or Fraction(1)]
    least, most = inner[0], inner[-1]
    if curve.domain.low == 0 and curve.domain.kind != "date":
        least = Fraction(0)
    room = (most - least) * _MARGIN or _LEAST_ROOM.get(curve.domain.kind) or abs(most) * _MARGIN or Fraction(1)
    low, high = (least if least == 0 == curve.domain.low else least - room), most + room
    if unit is not None:
        low, high = low // unit * unit, -(-high // unit) * unit
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
