"""From a table in a file to a file of scores: piece by piece, on all cores, whatever the length of the table."""

from __future__ import annotations

import signal
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing, contextmanager
from decimal import Decimal
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from os import _exit, cpu_count
from threading import Thread
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import astuple, define, evolve, field, frozen

from perfeval.batch import CHUNK, Counts, Scorer
from perfeval.batch.files import refuse_same, writing
from perfeval.batch.findings import Findings
from perfeval.batch.reading import read_by
from perfeval.batch.rows import STATUSES
from perfeval.batch.tables import Piece, Source
from perfeval.errors import DefinitionError, Message, PerfevalError, problem
from perfeval.facts import Fact, FactSheet
from perfeval.scorecard import Scorecard, Status

__all__ = ["Failure", "Summary", "card_of_row", "provenance", "refuse_twins", "run"]

_TOLD: Final = 10  # messages of rows in error that are told in the summary
_FEW: Final = 2**9  # rows at once that are looked at one by one: about a second, which is what Ctrl-C waits for


@frozen
class Failure:
    """A row in error, and how many have the same.

    Attributes:
        row: its number, the first below the header being 1; None where rows have no order.
        identity: what the identity column says; "" where there is none.
        message: why, in the language of the scores.
        rows: in how many rows the message is the same, this one and later ones.
    """

    row: int | None
    identity: str
    message: str
    rows: int = 1


@define
class Summary:
    """What became of the rows of a table.

    Attributes:
        rows: how many there are.
        statuses: how many are scored, not applicable, unknown and in error.
        grades: how many have each grade, best first.
        assumed: how many rest on assumed facts.
        counts: how many values and rows took how much work; None where that is not known.
        findings: in how many rows each check does not hold and each objection is raised.
        unchecked: in how many rows a check could not be made.
        failures: the first row with each message, of the first messages.
        notes: what to know about how the facts were read.
    """

    rows: int = 0
    statuses: dict[Status, int] = field(factory=lambda: dict.fromkeys(STATUSES, 0))
    grades: dict[str, int] = field(factory=dict)
    assumed: int = 0
    counts: Counts | None = None
    findings: dict[str, int] = field(factory=dict)
    unchecked: dict[str, int] = field(factory=dict)
    failures: list[Failure] = field(factory=list)
    notes: tuple[Message, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every row has a score."""
        return self.statuses["scored"] == self.rows

    def add(self, other: Summary) -> None:
        """Count the rows of `other`, which follow."""
        self.rows += other.rows
        self.assumed += other.assumed
        for status, count in other.statuses.items():
            self.statuses[status] += count
        for mine, theirs in (
            (self.grades, other.grades),
            (self.findings, other.findings),
            (self.unchecked, other.unchecked),
        ):
            for name, count in theirs.items():
                mine[name] = mine.get(name, 0) + count
        if other.counts is not None:
            mine_counts = self.counts or Counts()
            self.counts = Counts(*(a + b for a, b in zip(astuple(mine_counts), astuple(other.counts), strict=True)))
        self.failures = _first([*self.failures, *other.failures])


def _first(failures: Iterable[Failure]) -> list[Failure]:
    """The first failure with each message, counting the rows of all."""
    found: dict[str, Failure] = {}
    for each in failures:
        if before := found.get(each.message):
            found[each.message] = evolve(before, rows=before.rows + each.rows)
        elif len(found) < _TOLD:
            found[each.message] = each
    return list(found.values())


def provenance(scorer: Scorer, digest: str, version: str) -> Mapping[str, str]:
    """What is said of scores beside them: which rules gave them, by their `perfeval.loading.digest`, and what computed them."""
    return {
        "perfeval.framework": scorer.framework.id,
        "perfeval.framework.sha256": digest,
        "perfeval.version": version,
    }


def run(
    scorer: Scorer,
    source: Source,
    output: str,
    *,
    about: Mapping[str, str],
    findings: Findings | None = None,
    overwrite: bool = False,
    chunk: int | None = None,
    progress: Callable[[int], object] = lambda rows: None,
) -> Summary:
    """Score `source` into `output`; what is written does not depend on `chunk`, the rows computed at once.

    Args:
        about: what is said of the scores beside them: see `provenance`.
        findings: the columns of checks and objections, where they are asked for.
        progress: called with the rows that are done.
        chunk: so many that each core has enough to do, and Ctrl-C need not wait long.

    Raises:
        PerfevalError: columns that cannot be read, or a file that cannot be read or written; then there is no output.
    """
    refuse_same(output, source.name)
    reading = scorer if findings is None else findings.scorer
    fewer = findings is not None and findings.singly
    columns, pieces = read_by(reading, source, chunk or (_FEW if fewer else CHUNK))
    work = _Work(reading, columns, findings)
    summary = Summary(grades={grade.name: 0 for grade in scorer.framework.grades})
    summary.notes = (*source.notes, *scorer.notes(columns), *(() if findings is None else findings.notes))
    refuse_twins(work.schema)
    done = _in_order(work, _numbered(pieces))
    with writing(output, work.schema, about, overwrite=overwrite) as write, closing(done):
        for batch, counted in done:
            write(batch)
            summary.add(counted)
            progress(counted.rows)
    return summary


def refuse_twins(schema: pa.Schema) -> None:
    """Refuse an identity column that is called as a column of the scores.

    Raises:
        DefinitionError: it is.
    """
    twins = [name for name, times in Counter(schema.names).items() if times > 1]
    if twins:
        raise DefinitionError(
            problem(
                f"作为标识的列不能叫“{twins[0]}”，得分中已有此列 — 请改名",
                f'the identity column cannot be called "{twins[0]}": the scores have such a column — rename it',
            )
        )


@frozen(eq=False)
class _Task:
    """Some rows, the first of which has the number `first`."""

    first: int
    piece: Piece


def _numbered(pieces: Iterator[Piece]) -> Iterator[_Task]:
    first = 1
    for piece in pieces:
        yield _Task(first, piece)
        first += piece.batch.num_rows


@frozen(eq=False)
class _Work:
    """What is done with a chunk of rows."""

    scorer: Scorer
    columns: pa.Schema
    findings: Findings | None

    @property
    def schema(self) -> pa.Schema:
        """The columns of the output."""
        scores = list(self.scorer.schema(self.columns))
        more = [] if self.findings is None else list(self.findings.schema)
        return pa.schema([pa.field("row", pa.int64()), *scores, *more])

    def __call__(self, task: _Task) -> tuple[pa.RecordBatch, Summary]:
        batch = task.piece.batch
        table = self.scorer.table(batch, task.piece.wrong)
        scores, counts = self.scorer.scored(batch, table)
        numbers = pa.array(np.arange(task.first, task.first + batch.num_rows))
        found: list[pa.Array] = []
        summary = _summary(scores, task.first)
        summary.counts = counts
        if self.findings is not None:
            found, summary.findings, summary.unchecked = self.findings.columns(batch, table)
        return pa.RecordBatch.from_arrays([numbers, *scores.columns, *found], schema=self.schema), summary


def _summary(scores: pa.RecordBatch, first: int) -> Summary:
    identified = scores.schema.names[0] != "score"
    columns = {of.name: scores.column(place) for place, of in enumerate(scores.schema)}
    status = columns["status"]
    failed = np.flatnonzero(status.indices.to_numpy() == STATUSES.index("error"))
    told = zip(*(columns[name].take(failed).to_pylist() for name in ("details", "message")), strict=True)
    rows: dict[str, list[int]] = {}
    for row, (details, message) in zip(failed.tolist(), told, strict=True):
        rows.setdefault(details or message or "", []).append(row)
    failures = [
        Failure(first + at[0], _text(scores.column(0)[at[0]]) if identified else "", message, len(at))
        for message, at in islice(rows.items(), _TOLD)
    ]
    assumed = columns["assumed_points"]
    none = pa.scalar("0" if pa.types.is_string(assumed.type) else Decimal(0)).cast(assumed.type)
    resting = pc.sum(pc.not_equal(assumed, none)).as_py() or 0
    statuses = {each: _counted(status)[each] for each in STATUSES}
    return Summary(scores.num_rows, statuses, _counted(columns["grade"]), resting, failures=failures)


def _text(cell: pa.Scalar) -> str:
    return str(cell.as_py()) if cell.is_valid else ""


def _counted(column: pa.DictionaryArray) -> dict[str, int]:
    words = column.dictionary.to_pylist()
    indices = column.indices.drop_null().to_numpy()
    return dict(zip(words, np.bincount(indices, minlength=len(words)).tolist(), strict=True))


def _in_order(work: _Work, tasks: Iterator[_Task]) -> Generator[tuple[pa.RecordBatch, Summary], None, None]:
    """What becomes of each task, in order, computed on all cores; no more are read than are in work."""
    workers = cpu_count() or 1
    with _pool(work, workers) as pool:
        waiting: deque[Future[tuple[pa.RecordBatch, Summary]]] = deque()
        submit = _submitting(work, pool)
        try:
            waiting.extend(submit(task) for task in islice(tasks, 2 * workers))
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(submit(task) for task in islice(tasks, 1))
        except BrokenExecutor:
            raise PerfevalError(
                problem(
                    "计算进程被系统结束（可能内存不足）— 请关闭其他程序后重试",
                    "a process that computed was ended by the system (memory may have run out) — close other programs and try again",
                )
            ) from None
        finally:
            for each in waiting:
                each.cancel()


@contextmanager
def _pool(work: _Work, workers: int) -> Iterator[Executor]:
    """Threads, for columns are computed outside of Python; processes for what is done row by row."""
    if work.findings is None or not work.findings.singly:
        with ThreadPoolExecutor(workers) as threads:
            yield threads
        return
    context = get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    with ours, theirs:
        processes = ProcessPoolExecutor(workers, context, _start, (work, theirs))
        try:
            yield processes
        except BaseException:
            ours.close()  # what they are at may take minutes
            processes.shutdown(wait=False, cancel_futures=True)  # a task half-sent to one that has ended never arrives
            raise
        processes.shutdown()


_here: list[_Work] = []


def _start(work: _Work, theirs: Connection) -> None:
    Thread(target=_end_with, args=(theirs,), daemon=True).start()
    _here[:] = [work]


def _end_with(theirs: Connection) -> None:
    """End once the other end of the pipe is closed: the process that was asked gives up, or was killed and can tell nobody."""
    theirs.poll(None)
    _exit(1)


def _there(task: _Task) -> tuple[pa.RecordBatch, Summary]:
    return _here[0](task)


def _submitting(work: _Work, pool: Executor) -> Callable[[_Task], Future[tuple[pa.RecordBatch, Summary]]]:
    if not isinstance(pool, ProcessPoolExecutor):
        return lambda task: pool.submit(work, task)

    def submit(task: _Task) -> Future[tuple[pa.RecordBatch, Summary]]:
        with _deaf():
            return pool.submit(_there, task)

    return submit


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes that start meanwhile never hear Ctrl-C, which a terminal sends to all: the one that was asked ends the others."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def card_of_row(scorer: Scorer, source: Source, row: int) -> Scorecard:
    """The scorecard of one row, the first below the header being 1; its facts say where they stand.

    Raises:
        PerfevalError: there is no such row, it cannot be read, or the file cannot.
    """
    _, pieces = read_by(scorer, source, CHUNK)
    seen = 0
    for piece in pieces:
        place = row - 1 - seen
        if 0 <= place < piece.batch.num_rows:
            one = piece.batch.slice(place, 1)
            wrong = {0: piece.wrong[place]} if place in piece.wrong else {}
            sheet = scorer.sheet(scorer.table(one, wrong), 0)
            return scorer.card(_sourced(scorer, source, sheet, one.schema, row))
        seen += piece.batch.num_rows
    raise PerfevalError(
        problem(
            f"没有第 {row} 行 — “{source.name}”有 {seen} 行",
            f'there is no row {row} — "{source.name}" has {seen}',
        )
    )


def _sourced(scorer: Scorer, source: Source, sheet: FactSheet, schema: pa.Schema, row: int) -> FactSheet:
    """The same facts, each with the cell that states it, and where it is assumed the cell that says so."""

    def cell(column: str | None) -> str:
        return "" if column is None else f"{source.name} [{row}] {column}"

    facts: dict[str, Fact] = {}
    for name in sheet:
        fact = sheet[name]
        if stated := cell(scorer.column(name, schema)):
            assumed = cell(scorer.column_of_assumed(name, schema)) if fact.assumed else ""
            fact = evolve(fact, source=stated, assumed=assumed or fact.assumed)
        facts[name] = fact
    return FactSheet(facts)
