"""Facts: what is known of one unit or project, each with where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, Union

from attrs import evolve, field, frozen

from perfeval.errors import DefinitionError, Language, Message, PerfevalError, Problem, QuantityError, nearest, problem
from perfeval.expr.exact import DividedByZero, Mistyped, NotMet, Unknown, Value, exact, raw
from perfeval.expr.kinds import LITERAL, ZERO, kind_name, kind_of, kind_of_value
from perfeval.expr.names import names
from perfeval.expr.nodes import Expr
from perfeval.expr.parse import is_name, no_name, parse
from perfeval.expr.text import text
from perfeval.quantity import BASE_UNITS, Kind, Quantity, Unit, exact_places, quantity, unit_named

__all__ = [
    "OWN_WAY",
    "Fact",
    "FactSheet",
    "FactValue",
    "Given",
    "Statement",
    "Status",
    "distance",
    "read_value",
    "shown",
]

FactValue: TypeAlias = Quantity | bool | str
Given: TypeAlias = Union["Fact", Quantity, bool, str, int, Decimal, Fraction, date, None]
"""What a caller may hand in for a fact."""

Status = Literal["stated", "derived", "assumed", "unknown"]

_APART: Final[dict[Kind, Kind]] = {"date": "count:天", "month": "count:个月"}
_TRUTHS: Final = {"是": True, "否": False, "yes": True, "no": False, "true": True, "false": False}
_ALMOST_TRUTHS: Final = frozenset(
    ["有", "无", "没有", "对", "错", "√", "✓", "✔", "☑", "×", "✗", "✘", "y", "n", "t", "f"]
)  # how people write those, and no figure


def read_value(value: object, unit: str = "") -> FactValue | None:
    """A fact's value as written: a quantity, a yes/no or a date; None for an empty text.

    Raises:
        QuantityError: none of these.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in _TRUTHS:
        return _TRUTHS[value.strip().lower()]
    if isinstance(value, str) and value.strip().lower() in _ALMOST_TRUTHS:
        raise QuantityError(
            problem(
                f"“{value.strip()}”不是“是/否”，也不是数量 — 请写 是 或 否（true 或 false）；此处应为数量的，请写一个数",
                f'"{value.strip()}" is no yes or no, and no quantity — write 是 or 否, true or false; '
                "or a number, where a quantity belongs here",
            )
        )
    read = quantity(value)
    return _in_unit(read, unit_named(unit)) if unit else read


def _in_unit(read: Quantity, unit: Unit) -> Quantity:
    """`read`, whose unit stands in a column of its own."""
    if read.kind == "number":
        return Quantity(read.value * unit.factor, unit.kind, unit, read.decimals)
    if read.kind != unit.kind:
        (found_zh, found_en), (asked_zh, asked_en) = kind_name(read.kind), kind_name(unit.kind)
        raise DefinitionError(
            problem(
                f"“{read}”是{found_zh}，而 unit 写的是{asked_zh}（“{unit.name}”）",
                f'"{read}" is {found_en}, but unit says {asked_en} ("{unit.name}")',
                "unit",
            )
        )
    return Quantity(read.value, unit.kind, unit, exact_places(read.value / unit.factor) or 0)


def _optional_formula(value: Expr | str | None) -> Expr | None:
    return parse(value) if isinstance(value, str) else value


@frozen
class Statement:
    """The same fact, stated once more: another place, perhaps another value.

    Attributes:
        value: as stated there.
        source: where.
        severity: what it is when it differs from the value used: an "error", or a "warning" where a reader must ask
            whether the same thing was counted differently.
    """

    value: FactValue
    source: str = ""
    severity: Literal["error", "warning"] = "error"
    note: str = ""


def _range(ends: object) -> tuple[Quantity | None, Quantity | None] | None:
    """Two ends, either of which may be left empty."""
    if ends is None:
        return None
    if not isinstance(ends, list | tuple) or len(ends) != 2:
        raise DefinitionError(
            problem(
                'between 写成 ["最低", "最高"]，不知道的一端留空，如 ["80%", ""]',
                'between is ["lowest", "highest"], an end that is not known left empty, such as ["80%", ""]',
            )
        )
    low, high = (None if end is None or end == "" else quantity(end) for end in ends)
    if low is not None and high is not None:
        if low.kind != high.kind:
            raise DefinitionError(
                problem(
                    f"between 两端的单位种类不同（“{low}”与“{high}”）",
                    f'the ends of between are different kinds of unit ("{low}" and "{high}")',
                )
            )
        if low > high:
            raise DefinitionError(
                problem(
                    f"between 应由低到高（现为“{low}”至“{high}”）",
                    f'between goes from low to high (found "{low}" to "{high}")',
                )
            )
    return low, high


@frozen
class Fact:
    """One figure, yes/no or word, and where it comes from.

    Attributes:
        name: dotted, such as ``budget.executed``.
        value: None while it is not known, or when it is derived.
        formula: how it is derived from other facts.
        source: where it is stated.
        assumed: when it is stated nowhere, the basis on which it is assumed.
        unit: the unit a derived value is shown in.
        title, title_en, note: for people.
        others: where else it is stated, with what value; the score uses `value`.
        between: the lowest and highest it can be, while it is not known or only assumed.
    """

    name: str
    value: FactValue | None = None
    formula: Expr | None = field(default=None, converter=_optional_formula)
    source: str = ""
    assumed: str = ""
    unit: str = ""
    title: str = ""
    title_en: str = ""
    note: str = ""
    others: tuple[Statement, ...] = ()
    between: tuple[Quantity | None, Quantity | None] | None = field(default=None, converter=_range)

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            yield from self._range_problems()
            for other in self.others:
                if self.value is not None and kind_of_value(other.value) != kind_of_value(self.value):
                    yield problem(
                        f"“{other.value}”与所用的“{self.value}”不是同一种量",
                        f'"{other.value}" is not the same kind of value as "{self.value}", which is used',
                        "stated",
                    )
            if not is_name(self.name):
                yield no_name(self.name, "fact")
            if self.value is not None and self.formula is not None:
                yield problem("value 与 formula 只写一个", "write a value or a formula, not both", "formula")
            if isinstance(self.value, float):
                quantity(self.value)  # refuses it, and says what to pass

        if found := tuple(problems()):
            raise DefinitionError(found)

    def _range_problems(self) -> Iterator[Problem]:
        if self.between is None:
            return
        if self.formula is not None or (self.value is not None and not self.assumed):
            yield problem(
                "between 用于尚不知道或假定的事实", "between is for a fact that is not known or is assumed", "between"
            )
        if self.value is None:
            return
        low, high = self.between
        for end, beyond in ((low, "低于 below"), (high, "高于 above")):
            zh, en = beyond.split()
            if end is None:
                continue
            if not isinstance(self.value, Quantity) or self.value.kind != end.kind:
                yield problem(
                    f"value（{self.value}）与 between（{end}）的单位种类不同",
                    f'value ("{self.value}") and between ("{end}") are different kinds of unit',
                    "between",
                )
            elif self.value < end if end is low else self.value > end:
                yield problem(
                    f"假定的“{self.value}”{zh} between 的“{end}”",
                    f'"{self.value}" is assumed, {en} the "{end}" of between',
                    "between",
                )

    @property
    def status(self) -> Status:
        """Whether it is stated, derived, assumed, or not known."""
        if self.formula is not None:
            return "assumed" if self.assumed else "derived"
        if self.value is None:
            return "unknown"
        return "assumed" if self.assumed else "stated"

    def called(self, language: Language) -> str:
        """Its title in `language`, or its name."""
        return (self.title_en if language == "en" else self.title) or self.name


def fact(name: str, given: Given) -> Fact:
    """A fact called `name` from what a caller handed in: a `Fact`, or a bare value."""
    if isinstance(given, Fact):
        return evolve(given, name=name)
    return Fact(name, read_value(given))


@frozen
class _Failure:
    """Why a derived fact has no value."""

    unknown: tuple[str, ...] = ()
    message: Message | None = None


def _named(given: Mapping[str, Given]) -> Mapping[str, Fact]:
    return MappingProxyType({name: fact(name, value) for name, value in given.items()})


@frozen
class FactSheet:
    """All the facts of an assessment, in the order they were written.

    Attributes:
        facts: by name.
        titles: what facts are called that have no title of their own, those that are not given included.

    Raises:
        DefinitionError: derived facts that go round in a circle, name no fact, or mix units.
    """

    facts: Mapping[str, Fact] = field(factory=dict, converter=_named)
    titles: Mapping[str, Message] = field(factory=dict, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if found := tuple(self._problems()):
            raise DefinitionError(found)

    def _problems(self) -> Iterator[Problem]:
        sound = True
        for name, each in self.facts.items():
            if each.formula is None:
                continue
            for used in names(each.formula):
                if used not in self.facts:
                    sound = False
                    hint = nearest(used, self.facts)
                    yield problem(
                        f"没有事实“{used}”— {hint.zh}", f'there is no fact "{used}" — {hint.en}', name, "formula"
                    )
        circle = self._circle()
        if circle:
            round_trip = " → ".join(circle)
            yield problem(
                f"公式循环引用：{round_trip}", f"formulas go round in a circle: {round_trip}", circle[0], "formula"
            )
        elif sound:
            yield from self._kind_problems()

    def _circle(self) -> tuple[str, ...]:
        done: set[str] = set()
        for start in self.facts:
            trail: list[str] = [start]
            pending = [iter(self._uses(start))]
            while pending:
                following = next(pending[-1], None)
                if following is None:
                    pending.pop()
                    done.add(trail.pop())
                elif following in trail:
                    return (*trail[trail.index(following) :], following)
                elif following not in done:
                    trail.append(following)
                    pending.append(iter(self._uses(following)))
        return ()

    def _uses(self, name: str) -> tuple[str, ...]:
        formula = self.facts[name].formula if name in self.facts else None
        return () if formula is None else names(formula)

    def _kind_problems(self) -> Iterator[Problem]:
        kinds: dict[str, Kind] = {}
        for name in self.order:
            each = self.facts[name]
            try:
                if each.formula is not None:
                    kind = kind_of(each.formula, kinds)
                    kinds[name] = "number" if kind in (LITERAL, ZERO) else kind
                elif (kind_known := _kind(each)) is not None:
                    kinds[name] = kind_known
            except PerfevalError as error:
                yield from (found.below(name, "formula") for found in error.problems)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Names, each after those it is derived from."""
        ordered: dict[str, None] = {}
        for start in self.facts:
            waiting = [start]
            while waiting:
                name = waiting[-1]
                missing = [used for used in self._uses(name) if used in self.facts and used not in ordered]
                if missing:
                    waiting.extend(missing)
                else:
                    ordered[waiting.pop()] = None
        return tuple(ordered)

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """What each known fact measures."""
        kinds: dict[str, Kind] = {}
        for name in self.order:
            each = self.facts[name]
            if each.formula is not None:
                kind = kind_of(each.formula, kinds)
                if kind != "any":
                    kinds[name] = "number" if kind in (LITERAL, ZERO) else kind
            elif (kind_known := _kind(each)) is not None:
                kinds[name] = kind_known
        return MappingProxyType(kinds)

    @cached_property
    def signature(self) -> tuple[tuple[str, Kind], ...]:
        """The kinds, as a key: two sheets alike in it need one check of units."""
        return tuple(sorted(self.kinds.items()))

    @cached_property
    def _resolved(self) -> tuple[Mapping[str, Value], Mapping[str, _Failure]]:
        values: dict[str, Value] = {}
        failures: dict[str, _Failure] = {}
        for name in self.order:
            each = self.facts[name]
            if each.formula is not None:
                self._derive(name, each.formula, values, failures)
            elif each.value is not None:
                values[name] = raw(each.value)
        return MappingProxyType(values), MappingProxyType(failures)

    def _derive(self, name: str, formula: Expr, values: dict[str, Value], failures: dict[str, _Failure]) -> None:
        try:
            value, _ = exact(formula, values)
        except Unknown as missing:
            before = failures.get(missing.name)
            failures[name] = before or _Failure(unknown=(missing.name,))
        except DividedByZero as error:
            failures[name] = _Failure(message=divided_by_zero(error, self))
        except NotMet as error:
            failures[name] = _Failure(message=error.message)
        except Mistyped:  # units are checked when the sheet is built; a fact unknown then is known now
            failures[name] = _Failure(message=Message("是/否与数混用", "a yes/no stands where a number is needed"))
        else:
            values[name] = value.as_integer_ratio() if isinstance(value, Fraction) else value

    @property
    def values(self) -> Mapping[str, Value]:
        """The value of every fact that has one, derived facts included."""
        return self._resolved[0]

    def failure(self, name: str) -> Message | None:
        """Why the derived fact `name` is in error; None when it merely rests on something unknown."""
        failure = self._resolved[1].get(name)
        return failure.message if failure else None

    def missing(self, name: str) -> tuple[str, ...]:
        """The facts that must be supplied before `name` has a value."""
        failure = self._resolved[1].get(name)
        if failure is None:
            return () if name in self.values else (name,)
        return failure.unknown

    def value(self, name: str) -> FactValue | None:
        """The value of a fact, computed where it is derived."""
        each = self.facts.get(name)
        if each is None:
            return None
        if each.formula is None:
            return each.value
        value = self.values.get(name)
        if not isinstance(value, tuple):
            return value
        return shown(Fraction(*value), self.kinds.get(name, "number"), each.unit)

    @cached_property
    def _bases(self) -> Mapping[str, tuple[str, ...]]:
        bases: dict[str, tuple[str, ...]] = {}
        for name in self.order:
            own = (name,) if self.facts[name].status == "assumed" else ()
            below = (found for used in self._uses(name) for found in bases.get(used, ()))
            bases[name] = tuple(dict.fromkeys((*own, *below)))
        return bases

    def basis(self, name: str) -> tuple[str, ...]:
        """The assumed facts that `name` rests on, itself included."""
        return self._bases.get(name, ())

    def behind(self, read: Iterable[str]) -> tuple[str, ...]:
        """The facts that are read, each once, derived ones followed by what they derive from."""
        waiting = list(read)
        found: dict[str, None] = {}
        while waiting:
            name = waiting.pop(0)
            if name not in found:
                found[name] = None
                waiting = [*self._uses(name), *waiting]
        return tuple(found)

    def called(self, name: str, language: Language) -> str:
        """The title of a fact in `language`, or its name."""
        return (self.facts.get(name) or self.missing_fact(name)).called(language)

    def missing_fact(self, name: str) -> Fact:
        """A fact that is not given."""
        return _titled(Fact(name), self.titles)

    def titled(self, titles: Mapping[str, Message]) -> FactSheet:
        """The same facts; those that have no title of their own are called as `titles` say."""
        if not titles or self.titles is titles:
            return self
        return FactSheet({name: _titled(each, titles) for name, each in self.facts.items()}, titles)

    def __contains__(self, name: object) -> bool:
        return name in self.facts

    def __getitem__(self, name: str) -> Fact:
        return self.facts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)


def _titled(fact: Fact, titles: Mapping[str, Message]) -> Fact:
    known = titles.get(fact.name)
    return fact if known is None or fact.title or fact.title_en else evolve(fact, title=known.zh, title_en=known.en)


def _kind(fact: Fact) -> Kind | None:
    """What a fact that is not derived measures; a range says so, too."""
    if fact.value is not None:
        return kind_of_value(fact.value)
    end = next((end for end in fact.between or () if end is not None), None)
    return None if end is None else kind_of_value(end)


OWN_WAY: Final = ("money", "ratio", "date", "month", "number")
"""Kinds whose figures people write in one way, whatever unit a rule is written in."""


def shown(value: Fraction, kind: Kind, unit: str = "") -> Quantity:
    """A computed value in a unit a person would choose: `unit`, or 万元 for large money, % for a ratio."""
    if unit:
        chosen = unit_named(unit)
    elif kind == "ratio":
        chosen = unit_named("%")
    elif kind == "money":
        chosen = unit_named("万元" if abs(value) >= 10**4 else "元")
    elif kind.startswith("count:"):
        chosen = Unit(kind.removeprefix("count:"), kind)
    else:
        chosen = Unit(BASE_UNITS.get(kind, ""), kind)
    return Quantity(value, kind, chosen, exact_places(value / chosen.factor) or 0)


def distance(value: Fraction, of: Quantity) -> Quantity:
    """`value` as how far another lies from `of`, in its unit; two dates are days apart, two months are months."""
    kind = _APART.get(of.kind, of.kind)
    return shown(value, kind, of.unit.name if kind == of.kind else "")


def divided_by_zero(error: DividedByZero, sheet: FactSheet) -> Message:
    """What a division by zero is called, with the facts that are zero."""
    zh, en = (text(error.divisor, language, lambda name: name) for language in ("zh", "en"))
    if not error.zero:
        return Message(f"除数“{zh}”为 0", f'"{en}", the divisor, is zero')
    listed_zh = "、".join(
        f"{name}（{sheet.called(name, 'zh')}）" if sheet.called(name, "zh") != name else name for name in error.zero
    )
    gap = "" if listed_zh.endswith("）") else " "
    return Message(
        f"除数为 0：事实 {listed_zh}{gap}为 0", f"division by zero: the fact {', '.join(error.zero)} is zero"
    )
