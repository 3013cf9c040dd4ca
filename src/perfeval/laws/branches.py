"""The laws of what a rule distinguishes: bands that neither gap nor overlap, branches that can be reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import partial
from itertools import combinations, pairwise
from typing import Literal, TypeAlias

from attrs import evolve, frozen

from perfeval.errors import Message
from perfeval.expr.interval import interval
from perfeval.expr.names import names
from perfeval.expr.nodes import (
    And,
    Compare,
    Expr,
    If,
    Maximum,
    Not,
    children,
    maximum,
    number,
)
from perfeval.expr.piecewise import NotPiecewise, Piece
from perfeval.expr.text import text
from perfeval.laws.curves import ACTUAL, Curve, Domain, Probe, Space, written_within
from perfeval.laws.found import Broken, points_text
from perfeval.laws.possible import ALWAYS, NOT_NEGATIVE, can, never
from perfeval.rules import Alternative, Bands, BestOf, Checklist, Formula, Rule, Schedule, ShareOfItems
from perfeval.scorecard import value_text

__all__ = ["bands", "dead_branches", "has_bands", "reachable"]


# Bands.


@frozen
class _Span:
    """A part of the line."""

    low: Fraction | None
    high: Fraction | None
    with_low: bool
    with_high: bool

    def __contains__(self, value: Fraction) -> bool:
        above = self.low is None or self.low < value or (self.low == value and self.with_low)
        return above and (self.high is None or value < self.high or (self.high == value and self.with_high))

    def __bool__(self) -> bool:
        """Whether anything lies in it."""
        if self.low is None or self.high is None:
            return True
        return self.low < self.high or (self.low == self.high and self.with_low and self.with_high)


@frozen
class _Fault:
    """Where bands do not meet.

    Attributes:
        span: from where to where.
        said: what is said of it.
        by, award: how what is earned there compares to what should be; of one alternative of several, it is a fault of the rule
            where the best of them compares so too.
    """

    span: _Span
    said: Message
    by: Literal["<", "<="]
    award: Fraction


_Parts: TypeAlias = Callable[[Curve, _Fault], Iterable[_Span]]
"""The parts of the span of a fault in which it is one of the whole rule."""


def bands(probe: Probe) -> Iterator[Broken]:
    """No value that lies between bands and falls through all of them; none that two bands claim which differ."""
    yield from _bands(probe, lambda _, fault: (fault.span,))


def _bands(probe: Probe, parts: _Parts) -> Iterator[Broken]:
    rule = probe.rule
    if isinstance(rule, BestOf):
        for index, each in enumerate(rule.alternatives, start=1):
            if has_bands(each.rule):
                for found in _bands(probe.alternative(each), partial(_best_of, probe, each, parts)):
                    yield found.within(Message(f"第{index}种", f"alternative {index}"))
        return
    assert isinstance(rule, Bands)
    conditions = [each.condition(probe.actual) for each in rule.bands]
    space = probe.of(names(And(tuple(conditions))))
    if len(space.figures) != 1:
        return
    (figure_name,) = space.figures
    shown = [_band_text(probe, index) for index in range(len(rule.bands))]
    awards = [each.award.of(probe.points) for each in rule.bands]
    rest = rule.otherwise.of(probe.points)
    for others in space.settings(figure_name):
        curves = [space.curve(each, figure_name, others) for each in conditions]
        curve, held = curves[0], [_true(each) for each in curves]
        faults = [*_gaps(held, awards, rest), *_overlaps(held, awards, shown)]
        if all(each.target is None for each in rule.bands):  # a sign has no end on the better side
            faults += _beyond(curve.domain, held, awards, rest)
        told = [_told(curve, part, each.said) for each in faults for part in parts(curve, each)]
        if any(told):
            yield from filter(None, told)
            return


def _told(curve: Curve, span: _Span, said: Message) -> Broken | None:
    """What is said of a span, with a value in it; None where there is none that people write."""
    piece = Piece(span.low, span.high, span.with_low, span.with_high, True)
    if not span or (inside := written_within(piece, curve.domain)) is None:
        return None
    where, example = _between(span, curve.domain), curve.domain.figure(inside)
    message = Message(
        f"{where.zh}{said.zh}（如 {value_text(example, 'zh')}）",
        f"{where.en} {said.en} (such as {value_text(example, 'en')})",
    )
    return Broken(message, span.low, span.high, ((curve.fact, example),))


def _best_of(probe: Probe, each: Alternative, parts: _Parts, curve: Curve, fault: _Fault) -> Iterator[_Span]:
    """The parts where an alternative applies and no other makes up for its fault; all of it where nobody can say."""
    found = [fault.span]
    ambiguous = curve.fact == ACTUAL and each.actual is not None  # what this one computes, and not what the others do
    if probe.whole and curve.fact in probe.facts and not ambiguous:
        applies = () if each.applies is None else (each.applies,)
        holds = And((*applies, Compare(fault.by, probe.raw, number(fault.award))))
        settings = [
            others
            for others in probe.settings(curve.fact)
            if all(others.get(name, value) == value for name, value in curve.others.items())
        ]
        with suppress(NotPiecewise):
            where = [span for others in settings for span in _true(probe.curve(holds, curve.fact, others))]
            found = [part for span in _joined(where) if (part := _meet(span, fault.span))]
    for part in found:
        yield from parts(curve, evolve(fault, span=part))


def has_bands(rule: Rule) -> bool:
    """Whether bands are asked about: the rule's own, or those of an alternative."""
    if isinstance(rule, BestOf):
        return any(has_bands(each.rule) for each in rule.alternatives)
    return isinstance(rule, Bands)


def _true(curve: Curve) -> list[_Span]:
    return _joined([_span(piece) for piece in curve.pieces if piece.value is True])


def _span(piece: Piece) -> _Span:
    return _Span(piece.low, piece.high, piece.low_included, piece.high_included)


def _joined(spans: Sequence[_Span]) -> list[_Span]:
    """The same places, in order, those that touch put together."""
    found: list[_Span] = []
    for span in sorted(spans, key=lambda each: (each.low is not None, each.low or 0, not each.with_low)):
        before = found[-1] if found else None
        if before is not None and _touch(before, span):
            if before.high is not None and (
                span.high is None or (span.high, span.with_high) > (before.high, before.with_high)
            ):
                found[-1] = _Span(before.low, span.high, before.with_low, span.with_high)
            continue
        found.append(span)
    return found


def _touch(before: _Span, after: _Span) -> bool:
    if before.high is None or after.low is None or after.low < before.high:
        return True
    return after.low == before.high and (after.with_low or before.with_high)


def _gaps(held: Sequence[list[_Span]], awards: Sequence[Fraction], rest: Fraction) -> Iterator[_Fault]:
    covered = _joined([span for spans in held for span in spans])
    for left, right in pairwise(covered):
        below, above = _award_beside(held, awards, left), _award_beside(held, awards, right, start=True)
        if rest < min(below, above):
            yield _Fault(
                _Span(left.high, right.low, not left.with_high, not right.with_low),
                Message(
                    f"不属于任何一档，只得 {points_text(rest)} 分，两侧分别得 {points_text(below)} 分和 {points_text(above)} 分",
                    f"falls into no band and earns {points_text(rest)}, between bands that earn"
                    f" {points_text(below)} and {points_text(above)}",
                ),
                "<",
                min(below, above),
            )


def _beyond(
    domain: Domain, held: Sequence[list[_Span]], awards: Sequence[Fraction], rest: Fraction
) -> Iterator[_Fault]:
    """Beyond the best band, where the bands rise up to it: less is earned than in any of them."""
    rising = list(_earned(held, awards))
    best = max(rising, default=rest)
    if len(set(rising)) < 2 or rest >= best:
        return
    covered = _joined([span for spans in held for span in spans])
    first, last = covered[0], covered[-1]
    said = Message(
        f"不属于任何一档，只得 {points_text(rest)} 分，而与之相接的最好一档得 {points_text(best)} 分",
        f"falls into no band and earns {points_text(rest)}, beyond the best band, which earns {points_text(best)}",
    )
    if rising == sorted(rising) and last.high is not None:
        yield _Fault(_Span(last.high, domain.high, not last.with_high, with_high=True), said, "<", best)
    if rising == sorted(rising, reverse=True) and first.low is not None:
        yield _Fault(_Span(domain.low, first.low, with_low=True, with_high=not first.with_low), said, "<", best)


def _earned(held: Sequence[list[_Span]], awards: Sequence[Fraction]) -> Iterator[Fraction]:
    """What is earned along the line, from place to place where some band holds."""
    ends = sorted({end for spans in held for span in spans for end in (span.low, span.high) if end is not None})
    between = [each for low, high in pairwise(ends) for each in (low, (low + high) / 2)]
    for place in [ends[0] - 1, *between, ends[-1], ends[-1] + 1] if ends else []:
        for spans, award in zip(held, awards, strict=True):
            if any(place in span for span in spans):
                yield award
                break


def _award_beside(
    held: Sequence[list[_Span]], awards: Sequence[Fraction], span: _Span, *, start: bool = False
) -> Fraction:
    """What the first band earns that holds at an end of `span`."""
    end, with_end = (span.low, span.with_low) if start else (span.high, span.with_high)
    for spans, award in zip(held, awards, strict=True):
        for each in spans:
            if (
                (each.low, each.with_low) == (end, with_end)
                if start
                else (each.high, each.with_high) == (end, with_end)
            ):
                return award
    raise AssertionError("a covered end is that of a band")


def _overlaps(held: Sequence[list[_Span]], awards: Sequence[Fraction], shown: Sequence[Message]) -> Iterator[_Fault]:
    for first, second in combinations(range(len(held)), 2):
        if awards[first] == awards[second]:
            continue
        both = [each for a in held[first] for b in held[second] if (each := _meet(a, b))]
        if _joined(both) in (held[first], held[second]):
            continue  # one lies inside the other: the narrower stands first, or the other is never reached
        for each in both:
            if each.low == each.high and awards[first] > awards[second]:
                continue
            yield _Fault(
                each,
                Message(
                    f"同时符合“{shown[first].zh}”（{points_text(awards[first])} 分）和“{shown[second].zh}”"
                    f"（{points_text(awards[second])} 分），只按前一档计",
                    f'meets both "{shown[first].en}" ({points_text(awards[first])}) and "{shown[second].en}"'
                    f" ({points_text(awards[second])}); the first counts",
                ),
                "<=",
                awards[first],
            )


def _meet(a: _Span, b: _Span) -> _Span:
    low, with_low = max(
        ((each.low, each.with_low) for each in (a, b)),
        key=lambda end: (end[0] is not None, end[0] or 0, not end[1]),
    )
    high, with_high = min(
        ((each.high, each.with_high) for each in (a, b)),
        key=lambda end: (end[0] is None, end[0] or 0, end[1]),
    )
    return _Span(low, high, with_low, with_high)


def _between(span: _Span, domain: Domain) -> Message:
    """A part of the line in words, with its exact ends."""

    def of(language: str) -> str:
        low, high = (
            None if end is None else value_text(domain.figure(end), "zh" if language == "zh" else "en")
            for end in (span.low, span.high)
        )
        if low is not None and low == high:
            return low
        left = None if low is None else f"{'≥' if span.with_low else '>'}{low}"
        right = None if high is None else f"{'≤' if span.with_high else '<'}{high}"
        joint = "且" if language == "zh" else " and "
        return joint.join(part for part in (left, right) if part is not None)

    return Message(of("zh"), of("en"))


def _band_text(probe: Probe, index: int) -> Message:
    rule = probe.rule
    assert isinstance(rule, Bands)
    band = rule.bands[index]
    if band.target is not None:
        return Message(str(band.target), str(band.target))
    condition = band.condition(probe.actual)
    return Message(text(condition, "zh"), text(condition, "en"))


# Branches.


def reachable(probe: Probe) -> Iterator[Broken]:
    """Every band, branch and item can count, and not every value earns the same."""
    level = _level(probe, probe.award)
    if level is not None:
        opened = probe.opened
        when = ALWAYS if opened is None or _level(opened, probe.award) == level else NOT_NEGATIVE
        yield Broken(
            Message(
                f"无论完成情况如何都得 {points_text(level)} 分{when.zh}",
                f"whatever the facts, it earns {points_text(level)} points{when.en}",
            )
        )
    yield from _parts(probe)


def _parts(probe: Probe, given: tuple[Expr, ...] = ()) -> Iterator[Broken]:
    """What of the rule never counts where `given` holds, or always does."""
    rule = probe.rule
    match rule:
        case Bands():
            yield from _dead_bands(probe, rule, given)
        case Checklist(items):
            for index, item in enumerate(items, start=1):
                title = item.title or str(index)
                named = Message(f"要素“{title}”", f'the item "{title}"')
                yield from _idle(probe, item.when, given, named)
        case ShareOfItems(items):
            for index, counted in enumerate(items, start=1):
                title = counted.title or str(index)
                named = Message(f"指标“{title}”的达标条件", f'what is asked of "{title}"')
                yield from _idle(probe, rule.reached(counted), given, named)
        case Schedule(by):
            for each in by:
                named = Message(f"“{each.at}”的进度要求", f'what is asked for "{each.at}"')
                yield from _idle(probe, rule.met(each), given, named)
        case BestOf(alternatives):
            if not given:
                yield from _idle_alternatives(probe, rule)
            for index, alternative in enumerate(alternatives, start=1):
                applies = () if alternative.applies is None else (alternative.applies,)
                if (when := never(probe, *given, *applies)) is not None:
                    yield Broken(
                        Message(f"第{index}种永远不适用{when.zh}", f"alternative {index} never applies{when.en}")
                    )
                    continue
                for found in _parts(probe.alternative(alternative), (*given, *applies)):
                    yield found.within(Message(f"第{index}种", f"alternative {index}"))
        case Formula():
            yield from dead_branches(probe, probe.raw, given)
        case _:
            pass


def _idle(probe: Probe, condition: Expr, given: tuple[Expr, ...], named: Message) -> Iterator[Broken]:
    """What can never hold, or always does, and makes no difference."""
    for way, zh, en in ((condition, "永远不成立", "can never hold"), (Not(condition), "永远成立", "always holds")):
        if (when := never(probe, *given, way)) is not None:
            yield Broken(Message(f"{named.zh}{zh}{when.zh}", f"{named.en} {en}{when.en}"))


def _level(space: Space, award: Expr) -> Fraction | None:
    """What is earned always, where it is always the same."""
    found: set[Fraction] = set()
    for curve in space.curves(award):
        for stretch in curve.stretches:
            found |= {stretch.start, stretch.end}
            if len(found) > 1:
                return None
    if not found or space.whole:
        return found.pop() if found else None
    surely = interval(award, {}, space.ranges, {})
    return surely.low if surely is not None and surely.is_point else None


def _dead_bands(probe: Probe, rule: Bands, given: tuple[Expr, ...]) -> Iterator[Broken]:
    conditions = [each.condition(probe.actual) for each in rule.bands]
    for index, condition in enumerate(conditions):
        when = never(probe, *given, condition, *(Not(each) for each in conditions[:index]))
        if when is None:
            continue
        name = _band_text(probe, index)
        if not can(probe, *given, condition):
            said = Message(f"“{name.zh}”永远不成立{when.zh}", f'"{name.en}" can never hold{when.en}')
        else:
            before = [_band_text(probe, each) for each in range(index)]
            said = Message(
                f"“{name.zh}”永远轮不到：前面的{'、'.join(f'“{each.zh}”' for each in before)}已经全部包含它{when.zh}",
                f'"{name.en}" is never reached: {", ".join(each.en for each in before)} before it take all of it{when.en}',
            )
        yield Broken(said)


def _idle_alternatives(probe: Probe, rule: BestOf) -> Iterator[Broken]:
    assert isinstance(probe.raw, Maximum)
    items = probe.raw.items
    for index, (own, each) in enumerate(zip(items, rule.alternatives, strict=True)):
        if each.applies is not None and not can(probe, each.applies):
            continue  # that is told by itself
        others = [other for place, other in enumerate(items) if place != index]
        if (when := never(probe, Compare(">", own, maximum(0, *others)))) is not None:
            yield Broken(
                Message(
                    f"第{index + 1}种从不高于其他各种，永远不起作用{when.zh}",
                    f"alternative {index + 1} never earns more than the others{when.en}",
                )
            )


def dead_branches(space: Space, expr: Expr, given: tuple[Expr, ...] = ()) -> Iterator[Broken]:
    """The branches of a formula's `if` that nothing leads to, where `given` holds."""
    if not isinstance(expr, If):
        for each in children(expr):
            yield from dead_branches(space, each, given)
        return
    yield from dead_branches(space, expr.condition, given)
    for way, branch in ((expr.condition, expr.then), (Not(expr.condition), expr.otherwise)):
        path = (*given, way)
        when = never(space, *path)
        if when is None:
            yield from dead_branches(space, branch, path)
        else:
            zh, en = text(way, "zh"), text(way, "en")
            yield Broken(
                Message(
                    f"算式中“{zh}”的一支永远到不了{when.zh}",
                    f'the branch of the formula for "{en}" is never reached{when.en}',
                )
            )
