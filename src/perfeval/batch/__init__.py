"""Scores for whole tables: the same rules, the same scores, a hundred times as fast.

    scorer = perfeval.batch.compile(framework)
    scores = scorer(table)          # pyarrow, pandas or polars in; a pyarrow table out

Column names are fact names, with a unit in brackets where the numbers have one: ``budget.approved[万元]``. Needs the extra
``perfeval[batch]`` (NumPy and pyarrow).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from os import cpu_count
from typing import Final, Protocol, get_args

import numpy as np
import pyarrow as pa
from attrs import frozen

from perfeval.assessment import Assessment
from perfeval.batch.cells import Header, cells_of, is_binary, readable
from perfeval.batch.compiled import Compiled
from perfeval.batch.output import Detail, needs_fractions, schema_of, written
from perfeval.batch.rows import Counts, Table, scored_rows
from perfeval.errors import DefinitionError, Language, Message, PerfevalError, Problem, nearest, problem
from perfeval.expr.parse import is_name
from perfeval.expr.state import Truths
from perfeval.framework import Framework
from perfeval.quantity import unit_named

__all__ = ["Counts", "Detail", "Frame", "Scorer", "compile"]

_CHUNK: Final = 2**16  # rows at once: enough to make up for the walk through the tree, and few enough for the cache


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
        self._arguments = (framework, dict(names), dict(units), identity, detail, language)
        self.framework = assessment.framework
        self._compiled = Compiled(assessment)
        self._names, self._units, self._identity = dict(names), dict(units), identity
        self._detail: Detail = detail
        self._language: Language = language or self.framework.language
        self._singly = needs_fractions(self._compiled, detail)
        self._plans: dict[pa.Schema, _Plan] = {}

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), self._arguments

    @property
    def reads(self) -> tuple[str, ...]:
        """The facts that columns may state."""
        return self._compiled.reads

    def __call__(self, table: Frame) -> pa.Table:
        """The scores of every row, in order.

        Raises:
            DefinitionError: columns that cannot be read, or two for one fact. A cell that cannot be read is no such error: its
                row is in error.
        """
        given = _arrow(table)
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
        plan = self._plan(batch.schema)
        _whole(batch, (place for place, *_ in (*plan.facts, *plan.assumed)), plan.identity)
        facts = {header.fact: cells_of(batch.column(place), header) for place, header in plan.facts}
        assumed = {fact: _yes(batch.column(place)) for place, fact in plan.assumed}
        found = scored_rows(self._compiled, Table(facts, plan.known, assumed, batch.num_rows), singly=self._singly)
        identity = None if plan.identity is None else batch.column(plan.identity)
        return written(self._compiled, found, plan.schema, self._detail, self._language, identity), found.counts

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
        reads = set(self.reads)
        for place, column in enumerate(schema):
            if column.name == self._identity:
                identity = place
            fact, written_unit = _named(self._names.get(column.name, column.name))
            if fact.endswith(".assumed") and (stated := fact.removesuffix(".assumed")) in reads:
                if pa.types.is_boolean(column.type):
                    assumed.append((place, stated))
                else:
                    problems.append(
                        problem(
                            f"列“{column.name}”说明是否假定，应为 true/false（现为 {column.type}）",
                            f'the column "{column.name}" says whether a fact is assumed: true or false (found {column.type})',
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
        field = None if identity is None else schema.field(identity)
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


def _named(column: str) -> tuple[str, str]:
    """``budget.approved[万元]`` as the fact and its unit."""
    name, opened, unit = column.strip().partition("[")
    if opened and unit.endswith("]"):
        return name.strip(), unit[:-1].strip()
    return column.strip(), ""


def _yes(column: pa.Array) -> Truths:
    """Where a yes/no is yes; an empty cell is no."""
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = column.fill_null(False).to_numpy(zero_copy_only=False)
    return found if found.any() else False


def _arrow(table: Frame) -> pa.Table:
    if isinstance(table, pa.Table):
        return table
    if isinstance(table, pa.RecordBatch):
        return pa.Table.from_batches([table])
    if type(table).__module__.split(".")[0] == "pandas":
        return pa.Table.from_pandas(table, preserve_index=False)  # its NaN are empty cells
    if hasattr(table, "__arrow_c_stream__"):
        return pa.table(table)
    raise DefinitionError(
        problem(
            f"{type(table).__name__} 不是表 — 请传入 pyarrow、pandas 或 polars 的表",
            f"a {type(table).__name__} is not a table — pass one of pyarrow, pandas or polars",
        )
    )


def _pieces(batch: pa.RecordBatch) -> Sequence[pa.RecordBatch]:
    return [batch.slice(start, _CHUNK) for start in range(0, batch.num_rows, _CHUNK)]
