"""Scores for whole tables: the same rules, the same scores, a hundred times as fast.

    scorer = perfeval.batch.compile(framework)
    scores = scorer(table)          # pyarrow, pandas or polars in; a pyarrow table out

Column names are fact names, with a unit in brackets where the numbers have one: ``budget.approved[万元]``. Needs the extra
``perfeval[batch]`` (NumPy and pyarrow).
"""

from __future__ import annotations

import copyreg
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from os import cpu_count
from types import MappingProxyType
from typing import Any, Final, Protocol, get_args

import numpy as np
import pyarrow as pa
from attrs import evolve, frozen

from perfeval.assessment import Assessment
from perfeval.batch.cells import Cells, Header, cells_of, decoded, decoded_type, is_binary, readable, says_yes_or_no
from perfeval.batch.compiled import Compiled
from perfeval.batch.output import Detail, needs_fractions, schema_of, written
from perfeval.batch.rows import Counts, ScoredRows, Table, scored_rows, sheet_of
from perfeval.errors import DefinitionError, Language, Message, PerfevalError, Problem, nearest, problem
from perfeval.expr.names import names
from perfeval.expr.parse import is_name
from perfeval.expr.state import OK, UNDECIDED, Truths
from perfeval.facts import FactSheet
from perfeval.framework import Framework
from perfeval.quantity import unit_named
from perfeval.scorecard import Scorecard

__all__ = ["CHUNK", "Counts", "Detail", "Frame", "Narrow", "Scorer", "Table", "compile"]

CHUNK: Final = 2**16  # rows at once: enough to make up for the walk through the tree, and few enough for the cache


class Frame(Protocol):
    """A table of any library that speaks the Arrow PyCapsule interface: polars, pandas, DuckDB, pyarrow."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


def compile(
    framework: Framework | Assessment,
    *,
    names: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    identity: str | None = None,
    detail: Detail = "total",
    language: Language | None = None,
) -> Scorer:
    """A scorer for tables.

    Args:
        framework: complete; or an assessment, whose facts and derived facts stand where a table has no such column.
        names: the fact that a column holds, by column, where its name is not the fact's.
        units: the unit of a column's numbers, by column or fact, where its name does not state it.
        identity: the column that names each row; it is carried over.
        detail: which nodes the output has beside the total.
        language: of messages; by default the framework's.

    Raises:
        DefinitionError: the framework is not complete, or an argument is wrong.
    """
    return Scorer(framework, names or {}, units or {}, identity, detail, language)


@frozen(eq=False)
class _Plan:
    """How to read tables of one schema.

    Attributes:
        facts: the column of each fact that is read.
        assumed: the column that says whether it is assumed.
        known: the facts there are columns for, read or not.
        floats: columns of binary floats, read as the shortest decimals that print them.
    """

    facts: tuple[tuple[int, Header], ...]
    assumed: tuple[tuple[int, str], ...]
    known: tuple[str, ...]
    identity: int | None
    schema: pa.Schema
    floats: tuple[str, ...]


@frozen(eq=False)
class Narrow:
    """The columns of a table that are needed; the names of the others still help to spell those that are missing.

    Attributes:
        whole: the table's columns.
        places: of those that are needed.
    """

    whole: pa.Schema
    places: tuple[int, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns that are needed, in order."""
        return tuple(self.whole.field(place).name for place in self.places)

    @property
    def schema(self) -> pa.Schema:
        """The table's columns, those that are not needed without values."""
        needed = set(self.places)
        return pa.schema(
            [each if place in needed else pa.field(each.name, pa.null()) for place, each in enumerate(self.whole)]
        )

    def widened(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """A batch of the needed columns, with the others, empty, between them."""
        columns = [pa.nulls(batch.num_rows, pa.null())] * len(self.whole)
        for place, column in zip(self.places, batch.columns, strict=True):
            columns[place] = column
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)


class Scorer:
    """A framework compiled for tables; pickled, it is compiled anew where it arrives.

    Attributes:
        framework: what is scored.
    """

    def __init__(
        self,
        framework: Framework | Assessment,
        names: Mapping[str, str],
        units: Mapping[str, str],
        identity: str | None,
        detail: Detail,
        language: Language | None,
        also: tuple[str, ...] = (),
    ) -> None:
        assessment = framework if isinstance(framework, Assessment) else Assessment(framework)
        if detail not in get_args(Detail):
            allowed = ", ".join(get_args(Detail))
            raise DefinitionError(
                problem(
                    f"detail 应为 {allowed.replace(', ', '、')} 之一（现为“{detail}”）",
                    f'detail is one of {allowed} (found "{detail}")',
                    "detail",
                )
            )
        self._arguments = (framework, dict(names), dict(units), identity, detail, language, also)
        self.framework = assessment.framework
        self._compiled = Compiled(assessment)
        self._names, self._units, self._identity = dict(names), dict(units), identity
        self._detail: Detail = detail
        self._language: Language = language or self.framework.language
        self._fractions = needs_fractions(self._compiled, detail)
        self._also = also
        self._plans: dict[pa.Schema, _Plan] = {}

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), self._arguments

    @property
    def compiled(self) -> Compiled:
        """The framework made ready."""
        return self._compiled

    @property
    def reads(self) -> tuple[str, ...]:
        """The facts that columns may state."""
        return self._compiled.reads

    @property
    def assessment(self) -> Assessment:
        """What is scored: the framework, with the facts that stand where a table has no such column."""
        return self._compiled.assessment

    @property
    def language(self) -> Language:
        """Of messages."""
        return self._language

    def reading(self, facts: Iterable[str]) -> Scorer:
        """The same scorer, which reads the columns of `facts` too: for `table` and `card`."""
        also = tuple(dict.fromkeys((*self._also, *facts)))
        return Scorer(self._arguments[0], self._names, self._units, self._identity, self._detail, self._language, also)

    def narrow(self, of: pa.Schema) -> Narrow:
        """Which columns of `of` are needed, so that the others need not be read.

        Raises:
            DefinitionError: as `schema`.
        """
        plan = self._plan(of)
        places = {place for place, _ in (*plan.facts, *plan.assumed)}
        if plan.identity is not None:
            places.add(plan.identity)
        if not places and len(of):
            places.add(0)  # or nothing would say how many rows there are
        return Narrow(of, tuple(sorted(places)))

    def refuse_misspelt(self, of: pa.Schema) -> None:
        """Refuse arguments that speak of columns `of` does not have, or of facts that nothing here is about.

        Raises:
            DefinitionError: all of them.
        """
        columns, base = of.names, self._compiled.base
        stated = {_named(self._names.get(name, name))[0] for name in columns}
        checks = (*self.framework.checks, *self.assessment.checks)
        checked = (name for each in checks for name in names(each.that))
        known = dict.fromkeys((*self.reads, *self._also, *base, *checked))
        problems: list[Problem] = []
        for name in (*self._names, *(each for each in self._units if each not in stated)):
            if name not in columns:
                hint = nearest(name, columns)
                problems.append(problem(f"没有列“{name}”— {hint.zh}", f'there is no column "{name}" — {hint.en}'))
        for fact in self._names.values():
            if _named(fact)[0].removesuffix(".assumed") not in known:
                hint = nearest(fact, known)
                problems.append(
                    problem(f"没有用到事实“{fact}”— {hint.zh}", f'nothing uses the fact "{fact}" — {hint.en}')
                )
        if problems:
            raise DefinitionError(problems)

    def column(self, fact: str, of: pa.Schema) -> str | None:
        """The column of `of` that states `fact`, if one does."""
        return next((of.field(place).name for place, header in self._plan(of).facts if header.fact == fact), None)

    def column_of_assumed(self, fact: str, of: pa.Schema) -> str | None:
        """The column of `of` that says whether `fact` is assumed, if one does."""
        return next((of.field(place).name for place, stated in self._plan(of).assumed if stated == fact), None)

    def __call__(self, table: Frame) -> pa.Table:
        """The scores of every row, in order.

        Raises:
            DefinitionError: columns that cannot be read, two for one fact, or arguments of `compile` that speak of columns that are
                not there. A cell that cannot be read is no such error: its row is in error.
        """
        given = _arrow(table)
        self.refuse_misspelt(given.schema)
        schema = self.schema(given.schema)
        batches = (piece for batch in given.to_batches() for piece in _pieces(batch))
        return pa.Table.from_batches(self.batches(batches), schema)

    def batches(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The scores of each batch, in order, computed on all cores; no more batches are read than are in work."""
        workers = cpu_count() or 1
        with ThreadPoolExecutor(workers) as pool:
            waiting = [pool.submit(self.batch, batch) for batch in islice(batches, 2 * workers)]
            while waiting:
                yield waiting.pop(0).result()
                waiting += [pool.submit(self.batch, batch) for batch in islice(batches, 1)]

    def batch(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The scores of one record batch."""
        return self.counted(batch)[0]

    def counted(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, Counts]:
        """The scores of one record batch, and how many values took how much work."""
        return self.scored(batch, self.table(batch))

    def table(self, batch: pa.RecordBatch, wrong: Mapping[int, Message] = MappingProxyType({})) -> Table:
        """The facts in one record batch, of which some rows may be `wrong`: none of the table, with the reason."""
        plan = self._plan(batch.schema)
        _whole(batch, (place for place, *_ in (*plan.facts, *plan.assumed)), plan.identity)
        facts = {
            header.fact: _named_in(cells_of(batch.column(place), header), batch.schema.names[place], header.fact)
            for place, header in plan.facts
        }
        assumed: dict[str, Truths] = {}
        refused = dict(wrong)
        for place, fact in plan.assumed:
            assumed[fact], neither = _yes(batch.column(place), batch.schema.names[place])
            refused = {**neither, **refused}
        return Table(facts, plan.known, assumed, batch.num_rows, refused)

    def scored(self, batch: pa.RecordBatch, table: Table) -> tuple[pa.RecordBatch, Counts]:
        """As `counted`, of facts that are read already."""
        plan = self._plan(batch.schema)
        found = self.rows(table)
        identity = self.names_of_rows(batch)
        return written(self._compiled, found, plan.schema, self._detail, self._language, identity), found.counts

    def names_of_rows(self, batch: pa.RecordBatch) -> pa.Array | None:
        """The identity column of one record batch, if there is one; a dictionary as what it says, which may be another in each batch."""
        place = self._plan(batch.schema).identity
        return None if place is None else decoded(batch.column(place))

    def rows(self, table: Table, *, singly: bool = False) -> ScoredRows:
        """The scores of facts that are read, as they were computed; `singly` where the exact scorer is to do it all."""
        return scored_rows(self._compiled, table, singly=singly, fractions=self._fractions)

    def sheet(self, table: Table, row: int) -> FactSheet:
        """The facts of one row.

        Raises:
            PerfevalError: a cell cannot be read, or facts that are derived from them mix units.
        """
        if row in table.refused:
            raise DefinitionError(Problem(table.refused[row]))
        return sheet_of(self._compiled, table, row)

    def card(self, sheet: FactSheet) -> Scorecard:
        """The scorecard on the facts of one row, with a reason for every point."""
        return self._compiled.scorer(sheet)

    def schema(self, of: pa.Schema) -> pa.Schema:
        """The columns that the scores of a table with columns `of` have.

        Raises:
            DefinitionError: columns that cannot be read, or two for one fact.
        """
        return self._plan(of).schema

    def notes(self, of: pa.Schema) -> tuple[Message, ...]:
        """What to know about scores of a table with columns `of`: columns of binary floats, and facts without a column.

        Raises:
            DefinitionError: as `schema`.
        """
        plan = self._plan(of)
        found = []
        if plan.floats:
            found.append(
                Message(
                    f"浮点列按能还原它的最短小数读取：{'、'.join(plan.floats)}",
                    f"columns of binary floats are read as the shortest decimals that print them: {', '.join(plan.floats)}",
                )
            )
        given = {header.fact for _, header in plan.facts}
        base = self._compiled.base
        without = [name for name in self.reads if name not in given and (name not in base or base[name].value is None)]
        for name in without:
            hint = nearest(name, plan.known) if plan.known else Message("", "")
            told = "？" in hint.zh
            found.append(
                Message(
                    f"没有事实 {name} 的列" + (f"（{hint.zh}）" if told else ""),
                    f"no column states the fact {name}" + (f" ({hint.en})" if told else ""),
                )
            )
        return tuple(found)

    def _plan(self, schema: pa.Schema) -> _Plan:
        bare = schema.remove_metadata()
        if bare not in self._plans:
            self._plans[bare] = self._planned(bare)
        return self._plans[bare]

    def _planned(self, schema: pa.Schema) -> _Plan:
        problems: list[Problem] = []
        facts: dict[str, tuple[int, Header]] = {}
        assumed: list[tuple[int, str]] = []
        floats: list[str] = []
        known: dict[str, None] = {}
        identity = None
        reads = {*self.reads, *self._also}
        for place, column in enumerate(schema):
            if column.name == self._identity:
                if identity is not None:
                    problems.append(
                        problem(
                            f"有两列叫“{column.name}”，不知以哪一列标识各行 — 请改名",
                            f'two columns are called "{column.name}": which of them names the rows? — rename one',
                            column.name,
                        )
                    )
                identity = place
                if not readable(column.type):
                    problems.append(
                        problem(
                            f"列“{column.name}”的类型 {column.type} 不能标识各行 — 请用文本或整数",
                            f'the column "{column.name}" of type {column.type} cannot name rows — use text or integers',
                            column.name,
                        )
                    )
            fact, written_unit = _named(self._names.get(column.name, column.name))
            if fact.endswith(".assumed") and (stated := fact.removesuffix(".assumed")) in reads:
                if says_yes_or_no(column.type):
                    assumed.append((place, stated))
                else:
                    problems.append(
                        problem(
                            f"列“{column.name}”说明是否假定，应为 是/否（现为 {column.type}）",
                            f'the column "{column.name}" says whether a fact is assumed: yes or no (found {column.type})',
                            column.name,
                        )
                    )
                continue
            if is_name(fact):
                known[fact] = None
            if fact not in reads:
                continue
            try:
                unit_name = self._units.get(column.name) or self._units.get(fact) or written_unit
                header = Header(fact, unit_named(unit_name) if unit_name else None, fact in self._compiled.words)
            except PerfevalError as error:
                problems.extend(each.below(column.name) for each in error.problems)
                continue
            if not readable(column.type):
                problems.append(
                    problem(
                        f"列“{column.name}”的类型 {column.type} 不能作事实 — 请用小数、整数、文本、日期或 true/false",
                        f'the column "{column.name}" of type {column.type} cannot hold a fact'
                        " — use decimals, integers, text, dates or true/false",
                        column.name,
                    )
                )
            elif fact in facts:
                problems.append(
                    problem(
                        f"列“{column.name}”与“{schema.field(facts[fact][0]).name}”是同一个事实 {fact}",
                        f'the columns "{schema.field(facts[fact][0]).name}" and "{column.name}" both state {fact}',
                        column.name,
                    )
                )
            else:
                facts[fact] = (place, header)
                if is_binary(column.type):
                    floats.append(column.name)
        if self._identity is not None and identity is None:
            hint = nearest(self._identity, schema.names)
            problems.append(
                problem(f"没有列“{self._identity}”— {hint.zh}", f'there is no column "{self._identity}" — {hint.en}')
            )
        if problems:
            raise DefinitionError(problems)
        field = None if identity is None else pa.field(schema.names[identity], decoded_type(schema.types[identity]))
        return _Plan(
            tuple(facts.values()),
            tuple(assumed),
            tuple(known),
            identity,
            schema_of(self._compiled, self._detail, field),
            tuple(floats),
        )


def _whole(batch: pa.RecordBatch, read: Iterable[int], identity: int | None) -> None:
    """Refuse columns whose buffers are not what they say: text that is no UTF-8, or an index that leads nowhere.

    Raises:
        DefinitionError: naming each of them.
    """
    problems = []
    for place in (*read, *(() if identity is None else (identity,))):
        name = batch.schema.names[place]
        try:
            batch.column(place).validate(full=True)
        except pa.ArrowInvalid as error:
            reason = str(error).splitlines()[0]
            problems.append(
                problem(
                    f"列“{name}”已损坏（{reason}）— 请重新生成此表",
                    f'the column "{name}" is damaged ({reason}) — make the table anew',
                    name,
                )
            )
    if problems:
        raise DefinitionError(problems)


def _read_only(items: dict[object, object]) -> MappingProxyType[object, object]:
    return MappingProxyType(items)


def _pickled(proxy: MappingProxyType[object, object]) -> tuple[object, ...]:
    return _read_only, (dict(proxy),)


# Frameworks hold mappings that cannot be written to; Python pickles all but those.
copyreg.pickle(MappingProxyType, _pickled)  # type: ignore[arg-type]  # what is reduced is a tuple


def _named(column: str) -> tuple[str, str]:
    """``budget.approved[万元]`` as the fact and its unit."""
    name, opened, unit = column.strip().partition("[")
    if opened and unit.endswith("]"):
        return name.strip(), unit[:-1].strip()
    return column.strip(), ""


def _named_in(cells: Cells, column: str, fact: str) -> Cells:
    """The same cells; what is wrong with one says in which column it stands, where that is not the fact's name."""
    if column == fact or not cells.refused:
        return cells
    told = {
        row: Message(f"{message.zh}（列“{column}”）", f'{message.en} (column "{column}")')
        for row, message in cells.refused.items()
    }
    return evolve(cells, refused=told)


def _yes(column: pa.Array, name: str) -> tuple[Truths, Mapping[int, Message]]:
    """Where a yes/no is yes (an empty cell is no), and the rows in which it is neither."""
    cells = cells_of(column, Header(name))
    yes = cells.holds if cells.sort == "truth" else np.zeros(cells.rows, np.bool_)
    neither = np.full(cells.rows, cells.sort not in ("truth", "nothing"))
    if cells.state is not None:
        yes = yes & (cells.state == OK)
        neither = (neither & (cells.state == OK)) | (cells.state == UNDECIDED)
    neither[list(cells.refused)] = True
    refused = {}
    for row in np.flatnonzero(neither).tolist():
        found = column[row].as_py()
        refused[row] = Message(
            f"{name}：“{found}”不是“是/否” — 请写 是 或 否",
            f'{name}: "{found}" is no yes or no — write 是 or 否, yes or no',
        )
    return (yes if yes.any() else False), refused


def _arrow(table: Frame) -> pa.Table:
    if isinstance(table, pa.Table):
        return table
    if isinstance(table, pa.RecordBatch):
        return pa.Table.from_batches([table])
    try:
        if type(table).__module__.split(".")[0] == "pandas" and hasattr(table, "columns"):
            return _of_pandas(table)
        if hasattr(table, "__arrow_c_stream__"):
            return pa.table(table)
    except pa.ArrowException as error:  # a column by itself, or of a type that Arrow does not have
        raise DefinitionError(
            problem(
                f"{type(table).__name__} 不能读作表（{error}）",
                f"a {type(table).__name__} cannot be read as a table ({error})",
            )
        ) from None
    raise DefinitionError(
        problem(
            f"{type(table).__name__} 不是表 — 请传入 pyarrow、pandas 或 polars 的表",
            f"a {type(table).__name__} is not a table — pass one of pyarrow, pandas or polars",
        )
    )


def _of_pandas(frame: Any) -> pa.Table:
    """A frame of pandas, whose NaN are empty cells; a column of one thing and another, as of a workbook, is text."""
    arrays = []
    for place in range(len(frame.columns)):
        series = frame.iloc[:, place]
        try:
            arrays.append(pa.Array.from_pandas(series))
        except pa.ArrowException:
            texts = [None if empty else _as_text(each) for each, empty in zip(series, series.isna(), strict=True)]
            arrays.append(pa.array(texts, pa.string()))
    return pa.Table.from_arrays(arrays, [str(name) for name in frame.columns])


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return float.__repr__(value) if isinstance(value, float) else str(value)


def _pieces(batch: pa.RecordBatch) -> Sequence[pa.RecordBatch]:
    return [batch.slice(start, CHUNK) for start in range(0, batch.num_rows, CHUNK)]
