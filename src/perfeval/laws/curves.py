"""An indicator's award as curves over one fact, exact piece by piece, for the laws to look at.

The actual value counts as one fact, however it is computed: a rule is a function of 完成值. What else a rule reads is taken
as given; where that is a few answers only (yes or no, a level), all of them are gone through, and what the curves show is proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from functools import cached_property
from itertools import permutations, product
from math import prod
from typing import Final, TypeVar

from attrs import evolve, field, frozen

from perfeval.answers import Answers, levels
from perfeval.errors import Message, PerfevalError
from perfeval.expr.exact import DividedByZero, Mistyped, NotMet, Unknown, Value, exact
from perfeval.expr.interval import Range, interval
from perfeval.expr.kinds import CHOICE, LITERAL, TRUTH, KindError, kind_of
from perfeval.expr.names import constants, names
from perfeval.expr.nodes import (
    TURNED,
    And,
    Comparator,
    Compare,
    Constant,
    Expr,
    FactRef,
    If,
    Label,
    Require,
    Subtract,
    children,
)
from perfeval.expr.piecewise import NotPiecewise, Piece, Reader
from perfeval.expr.rational import Irrational, Ratio, TooLarge, limit_at_infinity, turning_points, value_at, value_of
from perfeval.facts import OWN_WAY, Fact, FactSheet, shown
from perfeval.framework import Framework, Indicator, Placed
from perfeval.quantity import BASE_UNITS, Kind, Quantity, base_unit, exact_places, unit_named
from perfeval.rules import Alternative, Bands, Deduct, Formula, Rating, Rule, YesNo
from perfeval.scorecard import value_text

__all__ = [
    "ACTUAL",
    "Curve",
    "Domain",
    "Probe",
    "Space",
    "Stretch",
    "Unfitting",
    "about",
    "domains",
    "first_after",
    "last_before",
    "linked",
    "misfit",
    "probe",
    "settings_text",
    "written_in",
    "written_within",
]

ACTUAL: Final = "actual"
MOST_CASES: Final = 1100  # ten yes/no questions
_ZERO: Final = Fraction(0)
_ONE: Final = Fraction(1)
_LAST_DATE: Final = Fraction(3_652_059)  # 9999-12-31
_STEPS: Final[Mapping[Kind, Fraction]] = {
    "ratio": Fraction(1, 10_000),
    "number": Fraction(1, 100),
    "money": Fraction(1),
}
_WHOLE: Final = ("date", "month")


class Unfitting(NotPiecewise):
    """No unit fits a fact, as far as is known of what stands beside it.

    Attributes:
        name: the fact.
    """

    def __init__(self, name: str) -> None:
        super().__init__(Message(f"无法判断“{name}”的单位", f'the unit of "{name}" cannot be told'))
        self.name = name


@frozen
class Domain:
    """What a fact may be.

    Attributes:
        kind: what it measures.
        low, high: between what a figure lies; None where it has no bound.
        answers: all that it may be, where these are few.
        values: figures that the rule itself names, and some around them.
        is_open: whether it may as well be a yes or no, or a word, for all that is said of it.
        units: those that the rule is written in; none where figures of the kind have their own way.
    """

    kind: Kind
    low: Fraction | None = None
    high: Fraction | None = None
    answers: tuple[Value, ...] = ()
    values: tuple[Fraction, ...] = ()
    is_open: bool = False
    units: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """The first unit that the rule is written in; "" where figures of the kind have their own way."""
        return next(iter(self.units), "")

    @property
    def step(self) -> Fraction:
        """The smallest difference that people write in such figures."""
        if self.is_counted:
            return _ONE
        return _STEPS.get(self.kind) or unit_named(self.unit).factor / 100

    @property
    def is_counted(self) -> bool:
        """Whether there is nothing between a figure and the next: things, days, months."""
        return self.kind in _WHOLE or (self.kind.startswith("count:") and "/" not in self.kind)

    def figure(self, value: Fraction) -> Quantity:
        """A figure as a person would write it: in the first unit of the rule in which it is a short decimal."""
        fitting = (each for each in self.units if exact_places(value / unit_named(each).factor) is not None)
        return shown(value, self.kind, next(fitting, "" if exact_places(value) is not None else self.unit))


@frozen
class Stretch:
    """A part of a curve that rises, falls or stays level throughout.

    Attributes:
        piece: where it lies and what it is there.
        start, end: what it comes to at its ends, whether they belong to it or not.
    """

    piece: Piece
    start: Fraction
    end: Fraction

    @property
    def best(self) -> tuple[Fraction, bool]:
        """The highest it comes to, and whether it does so within."""
        return max((self.start, self._starts), (self.end, self._ends))

    @property
    def least(self) -> Fraction:
        """The lowest it comes to."""
        return min(self.start, self.end)

    @property
    def _starts(self) -> bool:
        return self.piece.low_included or self.start == self.end

    @property
    def _ends(self) -> bool:
        return self.piece.high_included or self.start == self.end


@frozen
class Curve:
    """What is earned as one fact varies, the others being given.

    Attributes:
        fact: its name; `ACTUAL` stands for the actual value.
        domain: where it lies.
        others: the other facts as they were taken.
        pieces: from the lowest to the highest value of the fact, within its domain.
    """

    fact: str
    domain: Domain
    others: Mapping[str, Value]
    pieces: tuple[Piece, ...]

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The curve where it has a value, cut where it turns.

        Raises:
            NotPiecewise: it turns where no fraction says.
        """
        return tuple(stretch for piece in self.pieces for stretch in _stretches(piece))

    @property
    def endless(self) -> tuple[Piece, ...]:
        """The pieces that grow without end, which no stretch shows."""
        return tuple(
            each
            for each in self.pieces
            if isinstance(each.value, Ratio) and None in (_limit(each, each.low), _limit(each, each.high))
        )

    def at(self, x: Fraction) -> Fraction | None:
        """The award at `x`; None where there is none."""
        for piece in self.pieces:
            if piece.within(x, x) is not None:
                value = piece.at(x)
                return value if isinstance(value, Fraction) else None
        return None

    def between(self, low: Fraction | None, high: Fraction | None) -> Curve:
        """The part from `low` to `high`, both included."""
        return evolve(self, pieces=tuple(part for each in self.pieces if (part := each.within(low, high)) is not None))


def _stretches(piece: Piece) -> Iterator[Stretch]:
    if not isinstance(piece.value, Fraction | Ratio):
        return
    low = piece
    if isinstance(piece.value, Ratio):
        try:
            turns = turning_points(piece.value, piece.low, piece.high)
        except (Irrational, TooLarge):
            raise NotPiecewise(
                Message("曲线转折处不是有理数", "the curve turns where no fraction says"),
            ) from None
        for turn in turns:
            yield from _stretch(evolve(low, high=turn, high_included=True))
            low = evolve(low, low=turn, low_included=True)
    yield from _stretch(low)


def _stretch(piece: Piece) -> Iterator[Stretch]:
    start, end = _limit(piece, piece.low), _limit(piece, piece.high)
    if start is not None and end is not None:
        yield Stretch(piece, start, end)


def _limit(piece: Piece, end: Fraction | None) -> Fraction | None:
    """What a piece comes to at its end; None where it grows without end, as no award does."""
    if not isinstance(piece.value, Ratio):
        return piece.value if isinstance(piece.value, Fraction) else None
    if end is None:
        return limit_at_infinity(piece.value)
    return value_at(piece.value, end) if value_of(piece.value.below, end) else None


@frozen
class Space:
    """Some facts, ready to be gone through.

    Attributes:
        facts: each with what it may be.
    """

    facts: Mapping[str, Domain]
    readers: dict[tuple[tuple[str, Value], ...], Reader] = field(factory=dict, eq=False, repr=False, kw_only=True)

    def of(self, read: Sequence[str]) -> Space:
        """Only these of the facts."""
        return Space({name: self.facts[name] for name in read if name in self.facts}, readers=self.readers)

    @property
    def opened(self) -> Space | None:
        """The same, with figures that may be negative; None where none is taken not to be."""
        may = {name for name, each in self.facts.items() if each.low == 0 and not each.answers}
        if not may:
            return None
        facts = {name: evolve(each, low=None) if name in may else each for name, each in self.facts.items()}
        return Space(facts, readers=self.readers)

    @property
    def figures(self) -> tuple[str, ...]:
        """The facts that may be many things."""
        return tuple(name for name, domain in self.facts.items() if not domain.answers)

    @property
    def whole(self) -> bool:
        """Whether all that may be can be gone through: one figure at most, and few answers."""
        return len(self.figures) <= 1 and self._cases <= MOST_CASES

    @property
    def _cases(self) -> int:
        return prod(len(domain.answers) for domain in self.facts.values() if domain.answers)

    def curves(self, expr: Expr) -> Iterator[Curve]:
        """`expr` over each figure in turn, the rest gone through, or taken as a few examples.

        Raises:
            NotPiecewise: it cannot be told exactly.
        """
        for fact in self.figures or ("",):
            for others in self.settings(fact):
                yield self.curve(expr, fact, others)

    def curve(self, expr: Expr, fact: str, others: Mapping[str, Value]) -> Curve:
        """`expr` over `fact` ("": over nothing), the others as they are given."""
        domain = self.facts.get(fact, Domain("number"))
        key = tuple(others.items())
        reader = self.readers.setdefault(key, Reader(dict(others), {}))
        pieces = reader.read(expr, fact).pieces
        curve = Curve(fact, domain, others, tuple(pieces))
        return curve.between(domain.low, domain.high)

    def points_of(self, expr: Expr, fact: str, others: Mapping[str, Value], xs: Sequence[Fraction]) -> Curve:
        """`expr` at single values of `fact`, increasing."""
        pieces = []
        for x in xs:
            try:
                value, _ = exact(expr, {**others, fact: x.as_integer_ratio()})
            except (Unknown, DividedByZero, NotMet, Mistyped):
                continue
            pieces.append(Piece(x, x, True, True, value))
        return Curve(fact, self.facts[fact], others, tuple(pieces))

    @property
    def ranges(self) -> dict[str, Range]:
        """Where the figures lie, for the interval interpreter."""
        return {name: Range(self.facts[name].low, self.facts[name].high) for name in self.figures}

    def settings(self, fact: str) -> Iterator[dict[str, Value]]:
        """What the facts other than `fact` may be: all of it, or examples."""
        figures = [name for name in self.figures if name != fact]
        finite = {name: domain.answers for name, domain in self.facts.items() if domain.answers}
        cases: Sequence[tuple[Value, ...]] = (
            list(product(*finite.values()))
            if self._cases <= MOST_CASES
            else [tuple(each[min(index, len(each) - 1)] for each in finite.values()) for index in (0, 1)]
        )
        given = list(self._examples(figures)) if figures else [dict[str, Value]()]
        for each in given:
            for case in cases:
                yield {**each, **dict(zip(finite, case, strict=True))}

    def _examples(self, figures: Sequence[str]) -> Iterator[dict[str, Value]]:
        pools = [self.facts[name].values for name in figures]
        for index in range(min(4, max(map(len, pools)))):
            yield {
                name: pool[(index + place * (index % 2)) % len(pool)].as_integer_ratio()
                for place, (name, pool) in enumerate(zip(figures, pools, strict=True))
            }


@frozen
class Probe(Space):
    """An indicator, ready to be asked.

    Attributes:
        placed: where it stands.
        rule: its rule, or one in its place.
        points, most: what it is worth, and with its bonus.
        actual: what stands for the actual value in expressions.
    """

    placed: Placed
    rule: Rule
    points: Fraction
    most: Fraction
    actual: Expr

    @property
    def indicator(self) -> Indicator:
        """The leaf of the tree."""
        assert isinstance(self.placed.node, Indicator)
        return self.placed.node

    def alternative(self, each: Alternative) -> Probe:
        """One of several rules, ready to be asked."""
        actual = self.placed.actual if each.actual is None else each.actual
        placed = evolve(self.placed, node=evolve(self.indicator, rule=each.rule, actual=actual))
        return _probe(placed, each.rule)

    @cached_property
    def raw(self) -> Expr:
        """What the rule itself comes to, before the framework cuts it to its points."""
        return self.rule.award(self.points, self.actual)

    @cached_property
    def award(self) -> Expr:
        """What is earned, before the framework rounds it; gates and applicability aside."""
        small = _alone(self)
        return small.award(small.layout["it"])


def probe(framework: Framework, placed: Placed, rule: Rule | None = None) -> Probe:
    """The indicator at `placed`, with `rule` in the place of its own.

    Raises:
        NotPiecewise: the units of what it reads cannot be told.
    """
    return _probe(placed, rule)


def _probe(placed: Placed, rule: Rule | None) -> Probe:
    indicator = placed.node
    assert isinstance(indicator, Indicator)
    asked = indicator.rule if rule is None else rule
    actual, computed = _actual(placed, asked)
    most = placed.points + indicator.bonus_up_to
    bare = Probe({}, placed, asked, placed.points, most, actual)
    facts = domains(_alone(bare), [bare.award])
    if computed is not None and ACTUAL in facts and not facts[ACTUAL].answers:
        facts[ACTUAL] = _computed(bare, facts[ACTUAL], computed)
    whole = evolve(bare, facts=facts)
    return evolve(whole, facts={name: _below_zero(whole, name) for name in facts})


def _alone(asked: Probe) -> Framework:
    """A framework of this indicator, ungated, unrounded and always applicable."""
    indicator = evolve(
        asked.indicator,
        id="it",
        rule=asked.rule,
        actual=asked.actual,
        points=asked.points,
        category=asked.placed.category,
        applies=None,
    )
    return Framework(id="it", title="it", tree=(indicator,), points=asked.points, rounding=())


def _actual(placed: Placed, rule: Rule) -> tuple[Expr, Expr | None]:
    """What stands for the actual value: its fact, or one fact in place of the formula that it is computed by."""
    actual = placed.actual
    if isinstance(actual, FactRef) or isinstance(rule, Rating):
        return actual, None
    elsewhere = names(rule.award(placed.points, FactRef(ACTUAL)))
    if set(names(actual)) & set(elsewhere):
        return actual, None
    return FactRef(ACTUAL), actual


def domains(framework: Framework, expressions: Sequence[Expr]) -> dict[str, Domain]:
    """What each fact may be, told by what stands beside it.

    What can be one thing only says something of what stands beside it; a fact that may as well be a yes or no as a
    figure, such as one that is only compared with others, is taken for a figure: of these nobody can go through all.

    Raises:
        NotPiecewise: what one of them measures cannot be told.
    """
    award = And(tuple(expressions))  # whatever they are: they are only looked through
    found: dict[str, Domain] = _words(framework, award)
    sheet = FactSheet({name: Fact(name, str(domain.answers[0])) for name, domain in found.items()})
    open_ = [name for name in names(award) if name not in found]
    settled = False
    while open_:
        left: list[str] = []
        for name in open_:
            answers = Answers(framework, sheet)
            truth = answers.may_be_truth(name)
            kinds = answers.figure_kinds(name, sheet.facts) or _calendar(award, name)
            if truth and kinds and not settled:
                left.append(name)
                continue
            if not truth and not kinds:
                raise Unfitting(name)
            found[name] = (
                evolve(_figures(kinds[0], award), is_open=settled) if kinds else Domain("truth", answers=(True, False))
            )
            sample = shown(Fraction(1), kinds[0]) if kinds else True
            sheet = FactSheet({**sheet.facts, name: Fact(name, sample)})
        settled = len(left) == len(open_)
        open_ = left
    return {name: found[name] for name in names(award)}


def _words(framework: Framework, award: Expr) -> dict[str, Domain]:
    """The facts that hold words, each with those that it may hold: all that it and those compared with it are held against.

    Beside them stand as many other words as there are such facts: all of them may differ.
    """
    closed, found = levels(framework), dict[str, Domain]()
    read = names(award)
    for compared, said in _compared(award):
        words = (*said, *(word for name in compared for word in closed.get(name, ())))
        if not words:
            continue
        free = [name for name in compared if name not in closed]
        answers = tuple(dict.fromkeys((*words, *_other_words(len(free), words))))
        found |= {name: Domain(CHOICE, answers=answers) for name in free}
    found |= {name: Domain(CHOICE, answers=words) for name, words in closed.items() if name in read}
    return found


def _other_words(count: int, words: Sequence[str]) -> list[str]:
    """So many words that are none of `words`."""
    made = ("—" * length for length in range(1, count + len(words) + 1))
    return [word for word in made if word not in words][:count]


def misfit(award: Expr, name: str) -> Message | None:
    """Why an award has no value, whatever unit a fact is written in; None where some unit fits by itself."""
    units = [
        each.kind for each in constants(award) if each.kind != LITERAL
    ]  # a fact is never a bare number of the rule
    bases = [unit for kind in dict.fromkeys(units) if (unit := base_unit(kind)) and "/" not in unit]
    rates = [f"count:{above}/{below}" for above, below in permutations(bases, 2)]
    found: Message | None = None
    for kind in dict.fromkeys(
        ("number", "ratio", *units, *BASE_UNITS, "count:个", "date", "month", TRUTH, CHOICE, *rates)
    ):
        try:
            kind_of(award, {name: kind})
        except KindError as error:
            found = found or error.problems[0].message
        else:
            return None
    return found


def _calendar(expr: Expr, name: str) -> list[Kind]:
    """The kind of a date or month that the fact is held against."""
    found: list[Kind] = []
    if isinstance(expr, Compare | Subtract) and name in (*names(expr.left), *names(expr.right)):
        found = [each.kind for each in constants(expr)]
    for each in children(expr):
        found += _calendar(each, name)
    return [kind for kind in found if kind in _WHOLE]


def _compared(expr: Expr) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The facts that are compared with each other or with words, in groups, each with all the words."""
    groups = linked(tuple(_comparisons(expr)), lambda compared: compared[0])
    return [
        (
            tuple(dict.fromkeys(name for facts, _ in group for name in facts)),
            tuple(dict.fromkeys(word for _, words in group for word in words)),
        )
        for group in groups
    ]


_T = TypeVar("_T")


def linked(items: Sequence[_T], read: Callable[[_T], Iterable[str]]) -> list[list[_T]]:
    """The items, those together that read a fact in common."""
    groups: list[tuple[set[str], list[_T]]] = []
    for each in items:
        facts, joined, apart = set(read(each)), [each], list[tuple[set[str], list[_T]]]()
        for others, group in groups:
            if facts & others:
                facts, joined = facts | others, [*group, *joined]
            else:
                apart.append((others, group))
        groups = [*apart, (facts, joined)]
    return [group for _, group in groups]


def _comparisons(expr: Expr) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Each comparison of facts as they stand, with the words that it names."""
    if isinstance(expr, Compare):
        sides = [*_sides(expr.left), *_sides(expr.right)]
        facts = tuple(each.name for each in sides if isinstance(each, FactRef))
        words = tuple(each.value for each in sides if isinstance(each, Constant) and isinstance(each.value, str))
        yield facts, words
    for each in children(expr):
        yield from _comparisons(each)


def _sides(expr: Expr) -> Iterator[Expr]:
    """What one side of a comparison may be."""
    match expr:
        case If(_, then, otherwise):
            yield from _sides(then)
            yield from _sides(otherwise)
        case Label(_, item) | Require(_, item):
            yield from _sides(item)
        case _:
            yield expr


def _figures(kind: Kind, award: Expr) -> Domain:
    named = [each.value for each in constants(award) if each.kind in (kind, "literal", "number")]
    if kind == "date":
        return Domain(kind, Fraction(1), _LAST_DATE, values=tuple(dict.fromkeys(each for each in named if each >= 1)))
    if kind == "month":
        return Domain(kind, Fraction(1), Fraction(12), values=tuple(map(Fraction, range(1, 13))))
    around = (Fraction(1), Fraction(2), Fraction(1, 2), Fraction(10))
    units = written_in(award, kind)
    size = unit_named(units[0]).factor if units else _ONE
    values = tuple(dict.fromkeys((*(each * size for each in around), *(each for each in named if each > 0))))
    return Domain(kind, _ZERO, None, values=values, units=units)


def _computed(asked: Probe, domain: Domain, computed: Expr) -> Domain:
    """What an actual value is that is computed from figures that are not negative, and where it lies."""
    used = names(computed)
    with suppress(PerfevalError):
        kind = kind_of(computed, dict.fromkeys(used, "number"))
        if kind in Answers(_alone(asked), FactSheet()).figure_kinds(ACTUAL, ()):
            domain = evolve(domain, kind=kind, units=written_in(asked.award, kind))
    lies = interval(computed, {}, {name: Range(_ZERO, None) for name in used}, {})
    return domain if lies is None else evolve(domain, low=lies.low, high=lies.high)


def _below_zero(asked: Probe, name: str) -> Domain:
    """A figure is not negative, but where the rule names a negative one, provides for one, or is about nothing else."""
    domain = asked.facts[name]
    if domain.low != 0 or domain.answers or name == ACTUAL:
        return domain
    rule = asked.rule
    lines = [rule.below, rule.either_side_of] if isinstance(rule, Deduct) else []
    provided = _provides_below_zero(rule, asked.award, name) or _names_a_negative(asked.award, domain)
    if provided or any(line is not None and line.value <= 0 for line in lines):
        return evolve(domain, low=None)
    return domain


def about(conditions: Sequence[Expr], found: Mapping[str, Domain]) -> Space:
    """What conditions read, to be gone through; a figure is negative where one of them names a negative one, or below 0."""
    facts = dict(found)
    for each in conditions:
        for name in names(each):
            domain = facts[name]
            if domain.low == 0 and (_names_a_negative(each, domain) or "<" in _against_zero(each, name)):
                facts[name] = evolve(domain, low=None)
    return Space(facts)


def _names_a_negative(expr: Expr, domain: Domain) -> bool:
    return any(each.value < 0 for each in constants(expr)) and domain.kind not in _WHOLE


def _provides_below_zero(rule: Rule, award: Expr, name: str) -> bool:
    """Whether the rule says what a negative figure earns: below a line at 0, or not from it on."""
    match rule:
        case Bands():
            signs = {"<", ">="} if rule.otherwise.of(_ONE) else {"<"}
        case Formula() | YesNo():
            signs = {"<", ">="}
        case _:
            return False
    return bool(signs & set(_against_zero(award, name)))


def _against_zero(expr: Expr, name: str) -> Iterator[Comparator]:
    """How a fact is held against 0."""
    if isinstance(expr, Compare):
        for by, one, other in ((expr.by, expr.left, expr.right), (TURNED[expr.by], expr.right, expr.left)):
            (fact,), (zero,) = (tuple(_sides(each))[:1] for each in (one, other))
            is_zero = isinstance(zero, Constant) and isinstance(zero.value, Quantity) and zero.value.value == 0
            if fact == FactRef(name) and is_zero:
                yield by
    for each in children(expr):
        yield from _against_zero(each, name)


def written_in(award: Expr, kind: Kind) -> tuple[str, ...]:
    """The units that a rule writes figures of `kind` in; none of those that have their own way."""
    if kind in OWN_WAY:
        return ()
    return tuple(dict.fromkeys(each.unit.name for each in constants(award) if each.kind == kind))


def last_before(end: Fraction, included: bool, unit: Fraction) -> Fraction:
    """The last multiple of `unit` up to `end`."""
    value = end // unit * unit
    return value - unit if value == end and not included else value


def first_after(end: Fraction, included: bool, unit: Fraction) -> Fraction:
    """The first multiple of `unit` from `end` on."""
    value = -(-end // unit) * unit
    return value + unit if value == end and not included else value


def written_within(piece: Piece, domain: Domain) -> Fraction | None:
    """The first (or only last) value in `piece` as people write it; None where what is counted whole has none there."""
    unit = domain.step
    if piece.low is None:
        return _ZERO if piece.high is None else last_before(piece.high, piece.high_included, unit)
    value = first_after(piece.low, piece.low_included, unit)
    if piece.high is None or value < piece.high or (value == piece.high and piece.high_included):
        return value
    return None if domain.is_counted else (piece.low + piece.high) / 2


def settings_text(curve: Curve, probe: Probe) -> Message:
    """The other facts, as they were taken; "" where there are none."""
    parts = []
    for name, value in curve.others.items():
        given = probe.facts[name].figure(Fraction(*value)) if isinstance(value, tuple) else value
        parts.append((name, value_text(given, "zh"), value_text(given, "en")))
    zh = "、".join(f"{name} = {value}" for name, value, _ in parts)
    en = ", ".join(f"{name} = {value}" for name, _, value in parts)
    return Message(zh, en)
