"""Facts in the columns of a table: read exactly, as whole numbers of a unit, yes/no, or words.

Decimals, integers, texts and dates are exact. A binary float is read as the shortest decimal that prints it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Final, Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from perfeval.errors import Message, PerfevalError, Problem, QuantityError
from perfeval.expr.bounded import Bounded, Real, common, nearest_to, whole
from perfeval.expr.columns import Absent, Column, Truth, Words
from perfeval.expr.kinds import kind_of_value
from perfeval.expr.ratios import Ratios
from perfeval.expr.state import OK, UNDECIDED, UNKNOWN, State, marked
from perfeval.facts import FactValue, read_value
from perfeval.quantity import Kind, Quantity, Unit, unit_named

__all__ = [
    "Cells",
    "Header",
    "absent_cells",
    "cells_of",
    "constant_cells",
    "decoded",
    "decoded_type",
    "is_binary",
    "readable",
    "says_yes_or_no",
]

Sort: TypeAlias = Literal["number", "truth", "word", "nothing"]
_MOST: Final = 2**62
_NEAR: Final = 2**44  # a column's numbers are mostly below; the few beyond would loosen the bounds of all
_WHOLE: Final = 2**53
_EPOCH: Final = date(1970, 1, 1).toordinal()
_FEW: Final = 64  # one in so many
_DIGITS: Final = 10**15  # a decimal of so many digits is the only one that a float prints
_SMALL: Final = np.float64(10**-12)  # seventeen digits of what is smaller may have more places than a quantity may
_CENTS: Final = r"-?[0-9]{1,13}(\.[0-9]{1,2})?"
_PLAIN: Final = r"-?[0-9]{1,18}(\.[0-9]{1,6})?"


@frozen
class Header:
    """What a column holds: the fact, the unit of its numbers, and whether it holds words."""

    fact: str
    unit: Unit | None = None
    words: bool = False


@frozen(eq=False)
class Cells:
    """The values of one fact in a number of rows.

    Attributes:
        sort: what most of the values are; other rows are UNDECIDED.
        whole, unit: numbers, as multiples of a unit.
        near: instead of `whole`, the machine numbers nearest to numbers of many digits, as multiples of `unit`.
        holds: yes/no.
        codes, words: words.
        state: UNKNOWN where a cell is empty, UNDECIDED where the value does not fit.
        kinds: what the values measure.
        kind_codes: for each row, 0 for an empty cell, else 1 + the place in `kinds`; one number where all are alike.
        value: the exact value in a row.
        refused: the rows whose cell cannot be read, with the reason.
    """

    rows: int
    sort: Sort
    value: Callable[[int], FactValue | None]
    state: State = None
    whole: NDArray[np.int64] = field(factory=lambda: np.zeros(0, np.int64))
    unit: Fraction = Fraction(1)
    near: NDArray[np.float64] | None = None
    holds: NDArray[np.bool_] = field(factory=lambda: np.zeros(0, np.bool_))
    codes: NDArray[np.int32] = field(factory=lambda: np.zeros(0, np.int32))
    words: Sequence[str] = ()
    kinds: tuple[Kind, ...] = ()
    kind_codes: NDArray[np.uint8] | int = 1
    refused: Mapping[int, Message] = field(factory=dict)

    @cached_property
    def bounded(self) -> Column[Bounded]:
        """For the first arithmetic."""
        if self.sort != "number":
            return self._plain()
        if not self.rows:
            return whole(np.zeros(0), self.unit, Real(0), Real(0), self.state)
        if self.near is not None:
            return nearest_to(self.near, self.unit, self.state)
        numbers, state = self.whole, self.state
        low, high = int(numbers.min()), int(numbers.max())
        if max(-low, high) >= _NEAR:
            size = np.abs(numbers)
            far = size >= _NEAR
            if int(far.sum()) * _FEW > self.rows:
                far = size >= _WHOLE
            state = marked(state, far, UNDECIDED)
            numbers = np.where(far, 0, numbers)
            low, high = int(numbers.min()), int(numbers.max())
        return whole(numbers.astype(Real), self.unit, Real(low), Real(high), state)

    def ratios(self, rows: NDArray[np.intp]) -> Column[Ratios]:
        """For the second arithmetic, in some rows."""
        state = None if self.state is None else self.state[rows]
        match self.sort:
            case "number" if self.near is not None:
                return self._digits(rows, state)
            case "number":
                return Ratios(self.whole[rows], np.ones(len(rows), np.int64), self.unit, state)
            case "truth":
                return Truth(self.holds[rows], state)
            case "word":
                return Words(self.codes[rows], self.words, state)
            case "nothing":
                return Absent()

    def _digits(self, rows: NDArray[np.intp], state: State) -> Ratios:
        """The decimals that print the machine numbers."""
        assert self.near is not None
        written = [Fraction(repr(each)) for each in self.near[rows].tolist()]
        fits = np.array([max(abs(each.numerator), each.denominator) < _MOST for each in written], np.bool_)
        n = np.array([each.numerator if fit else 0 for each, fit in zip(written, fits, strict=True)], np.int64)
        d = np.array([each.denominator if fit else 1 for each, fit in zip(written, fits, strict=True)], np.int64)
        return Ratios(n, d, self.unit, marked(state, ~fits, UNDECIDED))

    def _plain(self) -> Truth | Words | Absent:
        match self.sort:
            case "truth":
                return Truth(self.holds, self.state)
            case "word":
                return Words(self.codes, self.words, self.state)
            case _:
                return Absent()

    @cached_property
    def zero(self) -> NDArray[np.bool_]:
        """Where it is known to be 0."""
        if self.sort != "number":
            return np.zeros(self.rows, np.bool_)
        zero: NDArray[np.bool_] = (self.whole if self.near is None else self.near) == 0
        return zero if self.state is None else zero & (self.state == OK)


def absent_cells(rows: int) -> Cells:
    """A fact that no row has."""
    return Cells(rows, "nothing", lambda row: None, kind_codes=0)


def constant_cells(rows: int, value: FactValue) -> Cells:
    """A fact that is the same in every row."""
    return _cells([value], np.zeros(rows, np.intp), {})


def coded_cells(values: Sequence[FactValue | None], places: NDArray[np.intp]) -> Cells:
    """A fact of which each row has one of `values`."""
    return _cells(values, places, {})


def is_binary(kind: pa.DataType) -> bool:
    """Whether a column of this type holds binary floats."""
    return bool(pa.types.is_floating(kind))


def readable(kind: pa.DataType) -> bool:
    """Whether a column of this type can hold facts."""
    types = pa.types
    if types.is_dictionary(kind):
        return readable(kind.value_type)
    return any(
        test(kind)
        for test in (
            types.is_decimal,
            types.is_integer,
            types.is_floating,
            types.is_string,
            types.is_large_string,
            types.is_string_view,
            types.is_boolean,
            types.is_date,
            types.is_timestamp,
            types.is_null,
        )
    )


def says_yes_or_no(kind: pa.DataType) -> bool:
    """Whether a column of this type can hold yes and no, as such or as text."""
    types = pa.types
    if types.is_dictionary(kind):
        return says_yes_or_no(kind.value_type)
    tests = (types.is_boolean, types.is_string, types.is_large_string, types.is_string_view, types.is_null)
    return any(test(kind) for test in tests)


def cells_of(column: pa.Array, header: Header) -> Cells:
    """The facts in `column`, of a type that is `readable`."""
    types, kind = pa.types, column.type
    if types.is_dictionary(kind):
        coded = _in_plain_text(column)
        if types.is_string(coded.type.value_type) and len(coded.dictionary.unique()) == len(coded.dictionary):
            return _texts(coded, header)
        return cells_of(decoded(column), header)
    if types.is_null(kind):
        return absent_cells(len(column))
    if types.is_boolean(kind):
        return _truths(column, header)
    if types.is_decimal128(kind) and 0 <= kind.scale <= 30:
        return _decimals(column, header)
    if types.is_integer(kind) and not types.is_uint64(kind):
        numbers = _filled(column.cast(pa.int64()), 0).to_numpy()
        cells = _numbers(numbers, Fraction(1), column, header)
        return _without(cells, (numbers >= _MOST) | (numbers <= -_MOST)) if kind == pa.int64() else cells
    if types.is_date32(kind) and header.unit is None and not header.words:
        return _dates(column, header)
    if types.is_floating(kind):
        return _floats(column, header)
    if types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind):
        return _strings(_text(column), header)
    return _one_by_one(_as_python(column), header)


def decoded(column: pa.Array) -> pa.Array:
    """A column as what it says, where it is a dictionary; texts as Arrow writes them first."""
    if pa.types.is_dictionary(column.type):
        return decoded(_in_plain_text(column).dictionary_decode())
    return _text(column) if decoded_type(column.type) != column.type else column


def decoded_type(kind: pa.DataType) -> pa.DataType:
    """The type of a column of `kind` once it is `decoded`."""
    if pa.types.is_dictionary(kind):
        return decoded_type(kind.value_type)
    return pa.string() if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) else kind


def _in_plain_text(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """The same dictionary; of texts as Arrow writes them first, for it decodes no others."""
    kind = column.type.value_type
    if not (pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
        return column
    return pa.DictionaryArray.from_arrays(column.indices, _text(column.dictionary))


def _text(column: pa.Array) -> pa.Array:
    """A column of text as Arrow writes it first."""
    try:
        return column.cast(pa.string())
    except pa.ArrowNotImplementedError:  # before pyarrow 18, of a view
        return pa.array(column.to_pylist(), pa.string())


def _as_python(column: pa.Array) -> Sequence[object]:
    """The values of a column; an `_Unreadable` for each that Python has no value for."""
    try:
        return list(column.to_pylist())
    except (OverflowError, ValueError, KeyError):  # a time far off, or of a time zone that there is not
        return [_one_as_python(each) for each in column]


def _one_as_python(value: pa.Scalar) -> object:
    try:
        return value.as_py()
    except (OverflowError, ValueError, KeyError):
        return _Unreadable()


@frozen
class _Unreadable:
    """A date that cannot be told."""


def _filled(column: pa.Array, value: object) -> pa.Array:
    return column if column.null_count == 0 else pc.fill_null(column, value)


def _empty(column: pa.Array) -> NDArray[np.bool_] | None:
    """Where there is no value; None where there is one everywhere."""
    if column.null_count == 0:
        return None
    found: NDArray[np.bool_] = column.is_null().to_numpy(zero_copy_only=False)
    return found


def _known(column: pa.Array) -> tuple[State, NDArray[np.uint8] | int]:
    empty = _empty(column)
    if empty is None:
        return None, 1
    return empty * np.uint16(UNKNOWN), (~empty).astype(np.uint8)


def _reader(column: pa.Array, header: Header) -> Callable[[int], FactValue | None]:
    return lambda row: _value(column[row].as_py(), header)


def _value(value: object, header: Header) -> FactValue | None:
    """A cell as a fact's value.

    Raises:
        QuantityError, DefinitionError: it is none.
    """
    if isinstance(value, _Unreadable):
        raise QuantityError(Problem(_NO_DATE))
    if header.words:
        return None if value is None or not str(value).strip() else str(value)
    if isinstance(value, float):
        value = Decimal(repr(value))
    elif isinstance(value, datetime) and value == datetime.combine(value, datetime.min.time(), value.tzinfo):
        value = value.date()
    return read_value(value, header.unit.name if header.unit else "")


def _numbers(numbers: NDArray[np.int64], unit: Fraction, column: pa.Array, header: Header) -> Cells:
    state, codes = _known(column)
    factor, kind = (header.unit.factor, header.unit.kind) if header.unit else (Fraction(1), "number")
    return Cells(
        len(column),
        "number",
        _reader(column, header),
        state,
        numbers,
        unit * factor,
        kinds=(kind,),
        kind_codes=codes,
    )


def _decimals(column: pa.Array, header: Header) -> Cells:
    words = np.frombuffer(column.buffers()[1], np.int64)[2 * column.offset : 2 * (column.offset + len(column))]
    numbers = words[::2]
    empty = _empty(column)
    if empty is not None:
        numbers = np.where(empty, 0, numbers)
    cells = _numbers(numbers, Fraction(1, 10**column.type.scale), column, header)
    if column.type.precision <= 18:
        return cells
    beyond = (words[1::2] != words[::2] >> 63) | (np.abs(numbers) >= _MOST) | (numbers == np.iinfo(np.int64).min)
    if empty is not None:
        beyond &= ~empty
    return _without(cells, beyond)


def _without(cells: Cells, beyond: NDArray[np.bool_]) -> Cells:
    """The same cells, some of which do not fit."""
    if not beyond.any():
        return cells
    return evolve(cells, state=marked(cells.state, beyond, UNDECIDED), whole=np.where(beyond, 0, cells.whole))


_NO_DATE: Final = Message("日期应在公元 1 年至 9999 年之间", "a date lies between the years 1 and 9999")


def _dates(column: pa.Array, header: Header) -> Cells:
    days = _filled(column.cast(pa.int32()), 0).to_numpy().astype(np.int64) + _EPOCH
    cells = _numbers(days, Fraction(1), column, header)
    refused = {int(row): _NO_DATE for row in np.flatnonzero((days < 1) | (days > date.max.toordinal()))}
    return evolve(cells, kinds=("date",), refused=refused)


def _truths(column: pa.Array, header: Header) -> Cells:
    if header.unit is not None or header.words:
        return _one_by_one(_as_python(column), header)
    state, codes = _known(column)
    holds = _filled(column, False).to_numpy(zero_copy_only=False)
    return Cells(len(column), "truth", _reader(column, header), state, holds=holds, kinds=("truth",), kind_codes=codes)


def _floats(column: pa.Array, header: Header) -> Cells:
    """The shortest decimal that prints each: found at once where it has few digits, else known to half a last place."""
    if column.type == pa.float32():
        return _strings(column.cast(pa.string()), header)  # Arrow prints the shortest decimal of a single, too
    if column.type != pa.float64():
        written = [None if each is None else str(np.float16(each)) for each in column.to_pylist()]
        return _strings(pa.array(written, pa.string()), header)
    values = _filled(column, 0).to_numpy()
    for places in (2, 4, 6):
        scale = 10**places
        with np.errstate(all="ignore"):
            scaled = np.rint(values * scale)
            found = (scaled / scale == values) & (np.abs(scaled) < _DIGITS)
        if found.all():
            return _numbers(scaled.astype(np.int64), Fraction(1, scale), column, header)
    reader = _reader(column, header)
    size = np.abs(values)
    odd = np.flatnonzero(~((size >= _SMALL) & (size < _DIGITS) | (size == 0)))
    refused = {}
    for row in odd.tolist():
        try:
            reader(row)
        except PerfevalError as error:
            refused[row] = error.problems[0].message
    values = values.copy()
    values[odd] = 0
    cells = _numbers(np.zeros(0, np.int64), Fraction(1), column, header)
    apart = np.zeros(len(values), np.bool_)
    apart[odd] = True
    return evolve(cells, near=values, state=marked(cells.state, apart, UNDECIDED), refused=refused)


def _strings(column: pa.Array, header: Header) -> Cells:
    if not header.words:
        for tail, unit in (("", header.unit), *_tail(column, header)):
            for pattern, places in ((_CENTS, 2), (_PLAIN, 6)):
                if pc.all(pc.match_substring_regex(column, f"^{pattern}{re.escape(tail)}$")).as_py():
                    bare = pc.replace_substring(column, tail, "", max_replacements=1) if tail else column
                    cells = _decimals(bare.cast(pa.decimal128(38, places)), evolve(header, unit=unit))
                    return evolve(cells, value=_reader(column, header))
    return _texts(column.dictionary_encode(), header)


def _tail(column: pa.Array, header: Header) -> Iterable[tuple[str, Unit]]:
    """The unit that the first text ends with, where one stands in the cells."""
    first = next((text for text in column[:_FEW].to_pylist() if text), "")
    found = re.fullmatch(r"-?[0-9.]+([^0-9.]{1,12})", first)
    if header.unit is None and found is not None:
        try:
            unit = unit_named(found[1])
        except PerfevalError:
            return
        if unit.kind != "month":  # of which there are twelve
            yield found[1], unit


def _texts(column: pa.Array, header: Header) -> Cells:
    places = _filled(column.indices, -1).to_numpy(zero_copy_only=False).astype(np.intp)
    return _read(column.dictionary.to_pylist(), places, header)


def _one_by_one(values: Sequence[object], header: Header) -> Cells:
    known: dict[tuple[type, object], int] = {}
    places = np.array(
        [-1 if value is None else known.setdefault((type(value), value), len(known)) for value in values], np.intp
    )
    return _read([value for _, value in known], places, header)


def _read(written: Iterable[object], places: NDArray[np.intp], header: Header) -> Cells:
    """Cells of which each different one is read once; -1 is an empty cell."""
    values: list[FactValue | None] = []
    refused: dict[int, Message] = {}
    for place, each in enumerate(written):
        try:
            values.append(_value(each, header))
        except PerfevalError as error:
            values.append(None)
            refused[place] = error.problems[0].message
    return _cells(values, places, refused)


def _cells(values: Sequence[FactValue | None], places: NDArray[np.intp], refused: Mapping[int, Message]) -> Cells:
    known: list[FactValue | None] = [*values, None]  # -1 is the last
    kinds: dict[Kind, int] = {}
    codes = np.array(
        [0 if each is None else kinds.setdefault(kind_of_value(each), len(kinds)) + 1 for each in known], np.uint8
    )
    sorts = [_sort(each) for each in known]
    counts = np.bincount(places[places >= 0], minlength=len(known))
    weights: dict[Sort, int] = {}
    for sort, count in zip(sorts, counts, strict=True):
        weights[sort] = weights.get(sort, 0) + int(count)
    weights.pop("nothing", None)
    main: Sort = max(weights, key=lambda sort: weights[sort], default="nothing")
    states = np.array(
        [UNKNOWN if sort == "nothing" else OK if sort == main else UNDECIDED for sort in sorts], np.uint16
    )
    whole, unit = np.zeros(len(known), np.int64), Fraction(1)
    if main == "number":
        unit = _unit_of([each.value for each in known if isinstance(each, Quantity)])
        for place, each in enumerate(known):
            if isinstance(each, Quantity):
                at = each.value / unit
                if at.denominator == 1 and abs(at) < _MOST:
                    whole[place] = int(at)
                else:
                    states[place] = UNDECIDED
    holds = np.array([each is True for each in known], np.bool_)
    words = [each if isinstance(each, str) else "" for each in known]
    state = states[places]
    of_rows: dict[int, Message] = {}
    for place, message in refused.items():
        of_rows |= dict.fromkeys(np.flatnonzero(places == place).tolist(), message)
    return Cells(
        len(places),
        main,
        lambda row: known[places[row]],
        state if state.any() else None,
        whole[places],
        unit,
        holds=holds[places],
        codes=np.where(places < 0, len(known) - 1, places).astype(np.int32),
        words=words,
        kinds=tuple(kinds),
        kind_codes=codes[places] if len(kinds) != 1 or (codes[places] == 0).any() else 1,
        refused=of_rows,
    )


def _sort(value: FactValue | None) -> Sort:
    match value:
        case None:
            return "nothing"
        case bool():
            return "truth"
        case str():
            return "word"
        case Quantity():
            return "number"


def _unit_of(values: Sequence[Fraction]) -> Fraction:
    """What all of the values are multiples of; a millionth where that would be too small."""
    unit = Fraction(0)
    for value in values:
        unit = common(unit, abs(value)) if value else unit
        if unit and unit.denominator > _MOST:
            return Fraction(1, 10**6)
    largest = max((abs(value) for value in values), default=Fraction(0))
    unit = unit or Fraction(1)
    return unit if largest / unit < _WHOLE else Fraction(1, 10**6)
