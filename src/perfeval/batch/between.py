"""Bounds of many rows: between which totals each must lie, where the table leaves facts open.

A row in which every fact is known has but one total, and columns compute it. Every other row is bounded by `perfeval.bounding` itself, once for
all rows that are alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

import numpy as np
import pyarrow as pa

from perfeval.assessment import Assessment
from perfeval.batch import Scorer, compile
from perfeval.batch.output import ratio_text
from perfeval.batch.reading import read_by
from perfeval.batch.rows import ScoredRows, Table, sheet_of
from perfeval.batch.tables import Source, in_pieces
from perfeval.bounding import Bounder, TotalBounds
from perfeval.errors import DefinitionError, Language, Message, PerfevalError, problem
from perfeval.expr.state import OK
from perfeval.framework import Framework, Grade
from perfeval.quantity import exact_places

__all__ = ["bounded"]

_CHUNK: Final = 2**14


def bounded(
    framework: Framework | Assessment,
    table: pa.Table | Source,
    *,
    stated_only: bool = False,
    names: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    identity: str | None = None,
    language: Language | None = None,
) -> pa.Table:
    """The lowest and highest total of each row, with their grades: columns low, high, worst, best and message.

    Empty cells, and facts without a column or a value in the assessment, are unknown. It is what `perfeval.bounds` says of the row's facts. A row
    takes as long as that, some milliseconds for an indicator, unless all its facts are known or another row has the same.

    Args:
        framework, names, units, identity, language: as `perfeval.batch.compile` takes them.
        table: at hand, or in a file (`perfeval.batch.tables.table_in`).
        stated_only: take assumed facts as unknown.

    Raises:
        DefinitionError: as `compile` and its scorers; arguments that speak of columns that are not there; an `identity` called as one of the columns that are found.
    """
    scorer = compile(framework, names=names, units=units, identity=identity, language=language)
    source = table if isinstance(table, Source) else in_pieces(table)
    columns, pieces = read_by(scorer, source, _CHUNK)
    rows = _Bounded(scorer, stated_only)
    found: list[TotalBounds] = []
    named: list[pa.Array] = []
    for piece in pieces:
        found += rows.rows(scorer.table(piece.batch, piece.wrong))
        named += [each for each in (scorer.names_of_rows(piece.batch),) if each is not None]
    names_of_rows = (
        {} if identity is None else {identity: pa.chunked_array(named, scorer.schema(columns).field(0).type)}
    )
    return _table(scorer, names_of_rows, found, scorer.language)


class _Bounded:
    """The bounds of rows, kept for those that are alike."""

    def __init__(self, scorer: Scorer, stated_only: bool) -> None:
        self._scorer = scorer
        self._compiled = scorer.compiled
        self._stated_only = stated_only
        self._bounder = Bounder(self._compiled.assessment, stated_only=stated_only)
        self._seen: dict[tuple[object, ...], TotalBounds] = {}

    def rows(self, facts: Table) -> list[TotalBounds]:
        """The bounds of each row."""
        scored = self._scorer.rows(facts)
        clear = self._clear(scored)
        return [self._one(scored, row) if clear[row] else self._several(scored, row) for row in range(facts.rows)]

    def _clear(self, found: ScoredRows) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """The rows in which every fact is known, and that the columns scored."""
        clear = found.scored.copy()
        clear[list(found.singly)] = False
        cells, base = found.table.cells, self._compiled.base
        for name in self._compiled.reads:
            if name in cells:
                state = cells[name].state
                clear &= True if state is None else state == OK
            elif name not in base or base[name].value is None:
                clear[:] = False
        if self._stated_only:
            for assumed in found.table.assumed.values():
                clear &= ~np.asarray(assumed)
            if any(base[name].assumed for name in base):
                clear[:] = False
        return clear

    def _one(self, found: ScoredRows, row: int) -> TotalBounds:
        score = int(found.score[row]) * self._compiled.unit
        grades = self._compiled.framework.grades
        grade = grades[found.grade[row]] if grades else None
        return TotalBounds(score, score, grade, grade, None)

    def _several(self, found: ScoredRows, row: int) -> TotalBounds:
        refused = found.singly.get(row)
        if isinstance(refused, Message):
            return TotalBounds(None, None, None, None, refused)
        try:
            sheet = sheet_of(self._compiled, found.table, row)
        except PerfevalError as error:
            return TotalBounds(None, None, None, None, error.problems[0].message)
        values = sheet.values
        key = tuple(
            (values.get(name), sheet.kinds.get(name), bool(sheet[name].assumed) if name in sheet else False)
            for name in self._compiled.reads
        )
        if key not in self._seen:
            self._seen[key] = self._bounder.total(sheet)
        return self._seen[key]


def _table(
    scorer: Scorer, identity: Mapping[str, pa.ChunkedArray], found: list[TotalBounds], language: Language
) -> pa.Table:
    columns = {
        "low": _totals(scorer, [each.low for each in found]),
        "high": _totals(scorer, [each.high for each in found]),
        "worst": _grades([each.worst for each in found]),
        "best": _grades([each.best for each in found]),
        "message": pa.array(
            [None if each.message is None else each.message.to(language) for each in found], pa.string()
        ),
    }
    for name in identity:
        if name in columns:
            raise DefinitionError(
                problem(
                    f"列“{name}”与结果的列同名 — 请换一个名称",
                    f'the column "{name}" is called as one of the results — rename it',
                )
            )
    return pa.table({**identity, **columns})


def _totals(scorer: Scorer, values: list[Fraction | None]) -> pa.Array:
    """Decimals, as every total is rounded; text where one is none all the same."""
    compiled = scorer.compiled
    places = exact_places(compiled.unit) or 0
    if compiled.awkward:
        return pa.array([None if each is None else ratio_text(each) for each in values], pa.string())
    texts = pa.array([None if each is None else ratio_text(each) for each in values], pa.string())
    return texts.cast(pa.decimal128(38, places))


def _grades(grades: list[Grade | None]) -> pa.Array:
    return pa.array([None if each is None else each.name for each in grades], pa.string()).dictionary_encode()
