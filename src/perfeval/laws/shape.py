"""The laws of a curve: bounded, monotone, full, zero, continuous. Each takes curves and yields where they break it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from functools import partial
from itertools import groupby, pairwise
from typing import Final, TypeAlias

from attrs import evolve, frozen

from perfeval.errors import Message
from perfeval.expr.exact import Value, exact
from perfeval.expr.interval import interval
from perfeval.expr.nodes import Expr, FactRef, Round, children, compare
from perfeval.expr.piecewise import NotPiecewise, NoValue, Piece
from perfeval.facts import FactValue
from perfeval.framework import Better
from perfeval.laws.curves import (
    Curve,
    Domain,
    Probe,
    Stretch,
    first_after,
    last_before,
    settings_text,
    written_within,
)
from perfeval.laws.found import Broken, points_text
from perfeval.rules import (
    Awarded,
    Bands,
    BestOf,
    Completion,
    Deduct,
    Formula,
    Linear,
    Panel,
    Rating,
    RollUp,
    Rule,
    Schedule,
    ShareOfItems,
    YesNo,
)
from perfeval.rules.counted import Checklist
from perfeval.scorecard import value_text

__all__ = [
    "Around",
    "Direction",
    "below_zero",
    "bounded",
    "cut_to_zero",
    "directions",
    "falls",
    "full",
    "holes",
    "jumps",
    "monotone",
    "out_of_bounds",
    "plain",
    "steep",
    "surely_bounded",
    "zero",
]

_ZERO: Final = Fraction(0)
_SHRINKS: Final = 12


@frozen
class Around:
    """More is better up to a value, and less from it on."""

    value: Fraction


Direction: TypeAlias = Better | Around


# What the rule declares.


def directions(probe: Probe) -> dict[str, Direction]:
    """The facts whose direction is declared: by the sign of a target or a line, or by `better` on the indicator."""
    rule, found = probe.rule, dict[str, Direction]()
    if isinstance(probe.actual, FactRef):
        direction = probe.indicator.better or _direction(rule)
        if direction is not None:
            found[probe.actual.name] = direction
    match rule:
        case Rating() if isinstance(probe.actual, FactRef):
            found = {f"{probe.actual.name}.share": "higher"}
        case Panel():
            found = {each.name: "higher" for each in rule.raters if isinstance(each, FactRef)}
        case RollUp():
            found = {name: "higher" for name in probe.figures if name.endswith(".share")}
        case _:
            pass
    return {name: direction for name, direction in found.items() if name in probe.figures}


def _direction(rule: Rule) -> Direction | None:
    match rule:
        case Completion(target, over=over):
            if over is not None:
                return Around(over.beyond * target.quantity.value)
            return Around(target.quantity.value) if target.sign == "=" else _of_sign(target.sign)
        case Bands(bands):
            signs = {
                _of_sign(each.target.sign) for each in bands if each.target is not None and each.target.sign != "="
            }
            return signs.pop() if len(signs) == 1 else None
        case Linear(through):
            (_, first), *_, (_, last) = through
            one = Fraction(1)
            if first.of(one) == last.of(one):
                return None
            return "higher" if first.of(one) < last.of(one) else "lower"
        case Deduct():
            if rule.either_side_of is not None:
                return Around(rule.either_side_of.value)
            return "higher" if rule.below is not None else "lower"
        case Awarded():
            return "higher"
        case BestOf(alternatives):
            found = {_direction(each.rule) for each in alternatives if each.actual is None}
            return found.pop() if len(found) == 1 else None
        case _:
            return None


def _of_sign(sign: str) -> Better | None:
    return "higher" if sign in ("≥", ">") else "lower" if sign in ("≤", "<") else None


def plain(rule: Rule) -> Rule | None:
    """The rule without the steps that it declares; None where its steps are all it is."""
    match rule:
        case Completion():
            if rule.target.quantity.kind in ("date", "month"):
                return None
            over = None if rule.over is None or rule.over.share is not None else rule.over
            return evolve(rule, zero_below=None, over=over)
        case Deduct():
            return evolve(rule, partial="proportional")
        case BestOf(alternatives):
            kept = [evolve(each, rule=own) for each in alternatives if (own := plain(each.rule)) is not None]
            stepless = len(kept) == len(alternatives) and all(each.applies is None for each in alternatives)
            return evolve(rule, alternatives=tuple(kept)) if stepless else None
        case Formula():
            return None if _rounds(rule.award_) else rule
        case Linear() | Panel() | RollUp():
            return rule
        case Schedule():
            return rule if rule.pro_rata else None
        case Awarded() | Bands() | Checklist() | Rating() | ShareOfItems() | YesNo():
            return None


def _rounds(expr: Expr) -> bool:
    return isinstance(expr, Round) or any(_rounds(each) for each in children(expr))


# The laws.


def bounded(probe: Probe) -> Iterator[Broken]:
    """No award below 0 or above the points (and the bonus)."""
    yield from _simplest(probe, probe.award, probe.curves(probe.award), partial(out_of_bounds, probe))[:1]


def _simplest(
    probe: Probe, expr: Expr, curves: Iterable[Curve], law: Callable[[Curve], Iterator[Broken]]
) -> tuple[Broken, ...]:
    """What the first of `curves` breaks that breaks `law`; each of the other facts in turn as early among what it may be as it can."""
    for curve in curves:
        if found := tuple(law(curve)):
            break
    else:
        return ()
    others = dict(curve.others)
    for name, value in curve.others.items():
        for simpler in _before(value, probe.facts[name]):
            with suppress(NotPiecewise):
                again = tuple(law(probe.curve(expr, curve.fact, {**others, name: simpler})))
                if again:
                    found, others[name] = again, simpler
                    break
    return found


def _before(value: Value, domain: Domain) -> tuple[Value, ...]:
    """What a fact may be that comes before `value`."""
    pool = domain.answers or tuple(each.as_integer_ratio() for each in domain.values)
    return pool[: pool.index(value)] if value in pool else ()


def surely_bounded(probe: Probe) -> bool:
    """Whether the interval interpreter proves it, whatever the facts."""
    surely = interval(probe.award, {}, probe.ranges, {})
    return surely is not None and _within(surely.low, probe) and _within(surely.high, probe)


def _within(value: Fraction | None, probe: Probe) -> bool:
    return value is not None and 0 <= value <= probe.most


def out_of_bounds(probe: Probe, curve: Curve) -> Iterator[Broken]:
    """Where one curve leaves its bounds."""
    most = points_text(probe.most)
    for piece in curve.endless:
        message = Message(
            f"得分没有上下限，应为 0 至 {most} 分", f"the award has no end, and should lie from 0 to {most}"
        )
        yield _broken(probe, curve, message, (), piece.low, piece.high)
    for stretch in curve.stretches:
        piece = stretch.piece
        for value, end in ((stretch.start, piece.low), (stretch.end, piece.high)):
            if not _within(value, probe):
                message = Message(
                    f"得 {points_text(value)} 分，超出 0 至 {most} 分",
                    f"{points_text(value)} points are earned, outside 0 to {most}",
                )
                x = _example(piece, curve.domain) if end is None else end
                yield _broken(probe, curve, message, (x,), piece.low, piece.high)


def holes(probe: Probe) -> Iterator[Broken]:
    """Single values, between others that earn something, at which nothing can be computed for a divisor is 0."""
    try:
        curves = list(probe.curves(probe.award))
    except NotPiecewise:
        return
    for curve in curves:
        found = [each for each in curve.pieces if each.value == NoValue("zero") and each.low == each.high is not None]
        for piece in found:
            if piece.low is not None and piece.low != curve.domain.low:
                message = Message("除数为 0，算不出得分", "a divisor is 0 and no award can be computed")
                yield _broken(probe, curve, message, (piece.low,), piece.low, piece.low)
        if found:
            return


def monotone(probe: Probe) -> Iterator[Broken]:
    """Nothing is earned for moving away from what is better."""
    for fact, direction in directions(probe).items():
        curves = (probe.curve(probe.award, fact, others) for others in probe.settings(fact))
        if found := _simplest(probe, probe.award, curves, partial(falls, probe, direction=direction)):
            yield from found
            return


def falls(probe: Probe, curve: Curve, direction: Direction) -> Iterator[Broken]:
    """Where the award falls although the fact gets better."""
    if isinstance(direction, Around):
        yield from _falls(probe, curve.between(None, direction.value), "higher")
        yield from _falls(probe, curve.between(direction.value, None), "lower")
    else:
        yield from _falls(probe, curve, direction)


def _falls(probe: Probe, curve: Curve, better: Better) -> Iterator[Broken]:
    sign = 1 if better == "higher" else -1
    before: Stretch | None = None
    for stretch in curve.stretches:
        if before is not None and sign * (stretch.start - before.end) < 0:
            yield _worse(probe, curve, before, stretch, better)
        if sign * (stretch.end - stretch.start) < 0:
            yield _worse(probe, curve, stretch, stretch, better)
        before = stretch


def _worse(probe: Probe, curve: Curve, left: Stretch, right: Stretch, better: Better) -> Broken:
    """A pair of values of which the better one earns less: at a jump right beside it, on a slope from end to end."""
    sign = 1 if better == "higher" else -1
    kind = curve.domain.kind
    if left is right:
        a, b = _ends(curve, left)
        low, high = left.piece.low, left.piece.high
    else:
        a, b = _beside(curve, left, right, sign)
        low, high = left.piece.high, right.piece.low
    first, second = curve.at(a), curve.at(b)
    assert first is not None
    assert second is not None
    (x, more), (z, less) = ((a, first), (b, second)) if sign > 0 else ((b, second), (a, first))
    here, there = curve.domain.figure(x), curve.domain.figure(z)
    if kind in ("date", "month"):
        word_zh, word_en = ("越晚", "later") if better == "higher" else ("越早", "earlier")
    else:
        word_zh, word_en = ("越高", "higher") if better == "higher" else ("越低", "lower")
    message = Message(
        f"{_named(probe, curve.fact).zh}为 {value_text(here, 'zh')} 时得 {points_text(more)} 分，"
        f"高于 {value_text(there, 'zh')} 时的 {points_text(less)} 分（{word_zh}应当越好）",
        f"at {value_text(here, 'en')} the award is higher than at {value_text(there, 'en')}:"
        f" {points_text(more)} points, not {points_text(less)} ({word_en} is better here)",
    )
    return _broken(probe, curve, message, (x, z), low, high)


def _ends(curve: Curve, stretch: Stretch) -> tuple[Fraction, Fraction]:
    """Two values of a stretch: its ends where the award is there what the stretch comes to."""
    piece, kind = stretch.piece, curve.domain.kind
    unit = curve.domain.step
    low, high = piece.low, piece.high
    if low is None and high is None:
        return _ZERO, unit
    if low is None:
        assert high is not None
        low = high - 1 if kind == "ratio" else high - 100 * unit
    elif high is None:
        high = low + (1 if kind == "ratio" else 100 * unit)
    assert high is not None
    room = (high - low) / 4
    small = min(unit, room)
    start = low if piece.low is None or curve.at(low) == stretch.start else low + small
    end = high if piece.high is None or curve.at(high) == stretch.end else high - small
    return start, end


def _beside(curve: Curve, left: Stretch, right: Stretch, sign: int) -> tuple[Fraction, Fraction]:
    """Two values, one in each of two neighbours, as near and as short to write as they can be."""
    low, high = left.piece.high, right.piece.low
    assert low is not None
    assert high is not None
    away = curve.domain.step
    a, b = low, high
    for _ in range(_SHRINKS):
        a = last_before(low, left.piece.high_included, away)
        b = first_after(high, right.piece.low_included, away)
        first, second = curve.at(a), curve.at(b)
        inside = left.piece.within(a, a) is not None and right.piece.within(b, b) is not None
        if inside and first is not None and second is not None and sign * (second - first) < 0:
            break
        away /= 10
    return a, b


def full(probe: Probe) -> Iterator[Broken]:
    """All the points can be earned, and are at the target where the rule states one."""
    target = _target(probe)
    best: tuple[Fraction, bool] | None = None
    for curve in probe.curves(probe.award):
        if target is not None and curve.fact == _fact(probe):
            earned = curve.at(target)
            if earned is not None and earned < probe.points:
                yield _broken(
                    probe,
                    curve,
                    Message(
                        f"恰好达到指标值时只得 {points_text(earned)} 分，分值 {points_text(probe.points)} 分",
                        f"exactly at the target only {points_text(earned)} of {points_text(probe.points)} points are earned",
                    ),
                    (target,),
                    target,
                    target,
                )
                return
        for stretch in curve.stretches:
            best = stretch.best if best is None else max(best, stretch.best)
    if best is None or best >= (probe.points, True):
        return
    if not probe.whole:
        surely = interval(probe.award, {}, probe.ranges, {})
        if surely is None or surely.high is None or surely.high >= probe.points:
            return  # there may be more than was tried
        best = surely.high, True
    if best[0] >= probe.points:
        said = Message(
            f"得分可无限接近但永远达不到 {points_text(probe.points)} 分",
            f"the award comes near {points_text(probe.points)} points and never reaches them",
        )
    else:
        said = Message(
            f"最多只能得 {points_text(best[0])} 分，分值 {points_text(probe.points)} 分",
            f"no more than {points_text(best[0])} of {points_text(probe.points)} points can be earned",
        )
    yield Broken(said)


def _target(probe: Probe) -> Fraction | None:
    rule = probe.rule
    if not isinstance(rule, Completion) or rule.target.sign in (">", "<"):
        return None  # 9月前 is met before September begins, and not in it
    return rule.target.quantity.value


def _fact(probe: Probe) -> str:
    return probe.actual.name if isinstance(probe.actual, FactRef) else ""


def zero(probe: Probe) -> Iterator[Broken]:
    """An award of nothing is one the rule says, and not what is left of a formula that went below 0."""
    below = below_zero(probe)
    yield from _simplest(probe, below, probe.curves(below), partial(cut_to_zero, probe))[:1]


def below_zero(probe: Probe) -> Expr:
    """Whether the rule itself comes to less than nothing."""
    return compare(probe.raw, "<", 0)


def cut_to_zero(probe: Probe, curve: Curve) -> Iterator[Broken]:
    """Where a curve of `below_zero` holds."""
    for piece in curve.pieces:
        if piece.value is True:
            x = _example(piece, curve.domain)
            came = exact(probe.raw, {**curve.others, **({curve.fact: x.as_integer_ratio()} if curve.fact else {})})[0]
            amount = points_text(Fraction(came))
            message = Message(
                f"算式得 {amount} 分，低于 0，被截为 0 分；如属本意请写 max(0, …)",
                f"the formula comes to {amount} points, which is cut to 0; if that is meant, write max(0, …)",
            )
            yield _broken(probe, curve, message, (x,), piece.low, piece.high)


def _example(piece: Piece, domain: Domain) -> Fraction:
    """A value in a piece, one that people would write where there is one."""
    found = written_within(piece, domain)
    if found is not None:
        return found
    assert piece.low is not None
    assert piece.high is not None
    return (piece.low + piece.high) / 2


def steep(probe: Probe, most: Fraction | None) -> Iterator[Broken]:
    """Where the award jumps by more than `most` points, whatever the rule declares; None: at all."""
    # What may be no figure has no places beside each other.
    curves = (curve for curve in probe.curves(probe.award) if not curve.domain.is_open)
    yield from _simplest(probe, probe.award, curves, partial(jumps, probe, most=most))


def jumps(probe: Probe, curve: Curve, most: Fraction | None) -> Iterator[Broken]:
    """The cliffs of one curve that are larger than `most` points; None: all of them, which the rule then does not declare."""
    steps = (each for each in pairwise(curve.stretches) if _jumps(*each, most or _ZERO))
    for at, at_once in groupby(steps, lambda each: each[1].piece.low):
        assert at is not None
        both_sides = list(at_once)  # of a single value, to it and away from it
        awards = [both_sides[0][0].end, *(right.start for _, right in both_sides)]
        largest = max(abs(right.start - left.end) for left, right in both_sides)
        where_zh, where_en = (value_text(curve.domain.figure(at), language) for language in ("zh", "en"))
        share, why = points_text(largest), _too_steep(probe, most)
        yield _broken(
            probe,
            curve,
            Message(
                f"{_named(probe, curve.fact).zh}在 {where_zh} 处得分跳变：{' → '.join(map(points_text, awards))}（相差 {share}），"
                f"{why.zh}",
                f"at {where_en} the award jumps from {' to '.join(map(points_text, awards))} (by {share}), {why.en}",
            ),
            (at,),
            at,
            at,
        )


def _jumps(left: Stretch, right: Stretch, most: Fraction) -> bool:
    """Whether a stretch begins where another ends, more than `most` points from it, and one of them has its end."""
    touch = left.piece.high == right.piece.low and (left.piece.high_included or right.piece.low_included)
    return touch and abs(right.start - left.end) > most


def _too_steep(probe: Probe, most: Fraction | None) -> Message:
    """What is wrong with a step: that it is not declared, or that it is larger than is allowed."""
    if most is None:
        return Message("规则未写明分档", "and the rule declares no step there")
    points, share = points_text(most), f"{points_text(most / probe.points * 100)}%"
    return Message(
        f"大于允许的 {points} 分（分值的 {share}）",
        f"more than the {points} ({share} of its points) that a step may have",
    )


def _named(probe: Probe, fact: str) -> Message:
    return Message("完成值", "the actual value") if fact == _fact(probe) else Message(fact, fact)


def _broken(
    probe: Probe,
    curve: Curve,
    message: Message,
    xs: Iterable[Fraction],
    low: Fraction | None,
    high: Fraction | None,
) -> Broken:
    """With the example's facts, and the others told in the message."""
    varied: list[tuple[str, FactValue]] = [(curve.fact, curve.domain.figure(x)) for x in xs] if curve.fact else []
    others: list[tuple[str, FactValue]] = [
        (name, probe.facts[name].figure(Fraction(*value)) if isinstance(value, tuple) else value)
        for name, value in curve.others.items()
    ]
    given = settings_text(curve, probe)
    if len(varied) == 1 and "at " not in message.en[:3]:
        zh, en = (value_text(varied[0][1], language) for language in ("zh", "en"))
        message = Message(f"{_named(probe, curve.fact).zh}为 {zh} 时，{message.zh}", f"at {en}, {message.en}")
    if given.zh:
        message = Message(f"{message.zh}（其他事实：{given.zh}）", f"{message.en} (with {given.en})")
    return Broken(message, low, high, (*varied, *others))
