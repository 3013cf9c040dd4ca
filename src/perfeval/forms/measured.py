"""The units that a live workbook knows, and the formulas that read a figure with the unit beside it, as `facts.read_value` does.

What a formula cannot be sure of counts as unreadable: a workbook then shows no score where `perfeval score` may show one, never
another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from attrs import frozen

from perfeval.expr.kinds import ANY
from perfeval.expr.names import constants
from perfeval.expr.nodes import Expr
from perfeval.facts import Fact
from perfeval.quantity import Kind, Quantity, Unit, base_unit, unit_factors, unit_named

__all__ = ["EPOCH", "FigureCells", "known_units", "units_like"]

EPOCH: Final = date(1899, 12, 30).toordinal()  # what a spreadsheet counts days from
_BASE_PLACES: Final = 8
_FIRST_DAY, _LAST_DAY = 61, 2_958_465  # a spreadsheet thinks that 1900 had a 29th of February, and ends with 9999
_MULTIPLES: Final = "十百千万亿"
_LONGEST_WORD: Final = 12
# What makes a word none that counts things (100余人, 9月底), or one whose scale a list must tell (千户).
_VAGUE: Final = "余多几约左右上下以之前后底末初"
_OWN_SCALE: Final = f"{_MULTIPLES}元圆月"
# Where in Unicode the characters stand that a unit is written with, as in `quantity`.
_LETTERS: Final = ((0x3400, 0x9FFF), (0x41, 0x5A), (0x61, 0x7A), (0xB7, 0xB7))


def known_units(facts: Iterable[Fact], expressions: Iterable[Expr]) -> dict[str, Unit]:
    """The units that a workbook reads, by their names, those that its facts and rules are written in first."""
    used = dict.fromkeys(each.name for each in _used(facts, expressions) if each.name)
    listed = dict.fromkeys([*used, *(each for name in used for each in _rates_like(name)), *unit_factors()])
    many = (f"{times}{name}" for name in listed if _may_be_many(name) for times in _MULTIPLES)
    return {name: unit_named(name) for name in dict.fromkeys([*listed, *many])}


def units_like(units: Iterable[Unit], kind: Kind) -> list[str]:
    """The names of the units that measure `kind`."""
    return [each.name for each in units if each.kind == kind]


def _used(facts: Iterable[Fact], expressions: Iterable[Expr]) -> Iterator[Unit]:
    for fact in facts:
        if fact.unit:
            yield unit_named(fact.unit)
        if isinstance(fact.value, Quantity):
            yield fact.value.unit
        yield from (end.unit for end in fact.between or () if end is not None)
    for expr in expressions:
        yield from (each.unit for each in constants(expr) if isinstance(each, Quantity))


def _rates_like(name: str) -> Iterator[str]:
    """The units that measure what 元/亩 does."""
    above, slash, below = name.rpartition("/")
    if slash and "/" not in above:
        over, under = _alike(above), _alike(below)
        yield from (f"{each}/{by}" for each in over for by in under)
        if unit_named(below).kind.startswith("count:") and base_unit(unit_named(below).kind) == below:
            yield from (f"{each}/{times}{below}" for each in over for times in _MULTIPLES)


def _alike(name: str) -> list[str]:
    kind = unit_named(name).kind
    return [name, *(each for each in unit_factors() if each != name and unit_named(each).kind == kind)]


def _may_be_many(name: str) -> bool:
    """Whether 万 may stand before it."""
    return "/" not in name and name[0] not in _MULTIPLES and unit_named(name).kind not in ("ratio", "month", "number")


@frozen
class FigureCells:
    """The cells of a figure, and the formulas about them.

    Attributes:
        value, unit: as they are typed.
        said: the unit without spaces around it.
        kind, row: what the figure measures, and the row of its unit on the list of units (0: not on it).
        units: the list: its columns of names, of factors and of kinds.
    """

    value: str
    unit: str
    said: str
    kind: str
    row: str
    units: tuple[str, str, str]

    @property
    def said_formula(self) -> str:
        """The unit without spaces around it."""
        return f'TRIM({self.unit}&"")'

    @property
    def row_formula(self) -> str:
        """The row of the unit on the list; capitals are none of the small letters."""
        names = self.units[0]
        return f"SUMPRODUCT(EXACT({names},{self.said})*ROW({names}))"

    @property
    def kind_formula(self) -> str:
        """What is measured: a kind; `any` while nothing is entered; an error where nobody can tell."""
        listed = f'IF({self.row}>0,INDEX({self.units[2]},{self.row}),IF({self._counts},"count:"&{self.said},NA()))'
        bare = f'IF({self._shown_as("P")},"ratio","number")'
        figure = f'IF({self._shown_as("D")},"date",IF({self.said}="",{bare},{listed}))'
        return self._entered(f"IF(OR(NOT(ISNUMBER({self.value})),ISLOGICAL({self.value})),NA(),{figure})")

    @property
    def base_formula(self) -> str:
        """The figure in base units."""
        scaled = f"ROUND({self.value}*IF({self.row}>0,INDEX({self.units[1]},{self.row}),1),{_BASE_PLACES})"
        day = f"(INT({self.value})+{EPOCH})"
        return f'IF({self.kind}="{ANY}",NA(),IF({self.kind}="date",{day},{scaled}))'

    @property
    def day_kind_formula(self) -> str:
        """As `kind_formula`, where a date is asked for: 2024 and 20240512 are none."""
        day = f"AND({self.value}>={_FIRST_DAY},{self.value}<={_LAST_DAY})"
        return self._entered(f'IF(NOT(ISNUMBER({self.value})),NA(),IF({day},"date",NA()))')

    def _entered(self, formula: str) -> str:
        return f'IF(TRIM({self.value}&"")="","{ANY}",{formula})'

    def _shown_as(self, letter: str) -> str:
        """Whether the cell shows a percentage (P) or a date (D), which makes 0.95 one, as in `quantity.number_in_cell`."""
        return f'IFERROR(LEFT(CELL("format",{self.value}),1),"")="{letter}"'

    @property
    def _counts(self) -> str:
        """Whether a unit that is not on the list counts things of its own kind, as in `quantity.unit_named`."""
        places = ",".join(map(str, range(1, _LONGEST_WORD + 1)))
        code = f'_xlfn.UNICODE(MID({self.said}&"{"人" * _LONGEST_WORD}",{{{places}}},1))'
        ends = [(0, 0), *((end, into) for low, high in sorted(_LETTERS) for end, into in ((low, 1), (high + 1, 0)))]
        froms, letters = (",".join(map(str, each)) for each in zip(*ends, strict=True))
        inside = f"LOOKUP({code},{{{froms}}},{{{letters}}})"
        vague = ",".join(f'"{each}"' for each in _VAGUE)
        return (
            f"AND(LEN({self.said})<={_LONGEST_WORD},SUMPRODUCT(1-({inside}))=0,"
            f"SUMPRODUCT(--ISNUMBER(FIND({{{vague}}},{self.said})))=0,"
            f'ISERROR(FIND(LEFT({self.said}),"{_OWN_SCALE}")))'
        )
