"""Scoring many rows at once: every indicator, the total and the grade, each as the exact scorer gives them.

What neither arithmetic decides is scored by `perfeval.evaluate.Scorer` itself, row by row; so is one row for each way in which
rows go wrong, for its message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property, partial
from typing import Final

import numpy as np
from attrs import define, evolve, field, frozen
from numpy.typing import NDArray

from perfeval.batch.cells import Cells, absent_cells, constant_cells
from perfeval.batch.compiled import ADJUSTMENT, LIMIT, Compiled, Item, Leaf
from perfeval.errors import Message, PerfevalError
from perfeval.evaluate import incomplete
from perfeval.expr.bounded import BOUNDED, Bounded, Real
from perfeval.expr.columns import Absent, Arithmetic, Column, Columns, N, Prepared, Truth, Words
from perfeval.expr.exact import Mistyped
from perfeval.expr.names import names
from perfeval.expr.nodes import Divide
from perfeval.expr.ratios import RATIOS, Ratios
from perfeval.expr.state import FIRST_ERROR, OK, UNDECIDED, UNKNOWN, OutOfRange, State, Truths, first, marked
from perfeval.facts import Fact, FactSheet
from perfeval.framework import titled
from perfeval.scorecard import Scorecard, Status

__all__ = ["STATUSES", "Counts", "NodeRows", "ScoredRows", "Table", "scored_rows", "sheet_of"]

Rows = NDArray[np.intp]
Flags = NDArray[np.bool_]
STATUSES: Final[tuple[Status, ...]] = ("scored", "not-applicable", "unknown", "error")
_SCORED, _NOT_APPLICABLE, _UNKNOWN, _ERROR = (np.uint8(code) for code in range(4))
_ZERO: Final = Fraction(0)
_WHOLE: Final = 2**53
_NONE: Final = np.int32(-1)


@frozen(eq=False)
class Table:
    """The facts of a number of rows.

    Attributes:
        cells: by fact.
        known: the names of all columns that could be facts: what a misspelt one is compared with.
        assumed: which values are assumed, by fact.
        rows: how many rows there are.
        wrong: those that are no rows of this table, with the reason, whatever their cells hold.
    """

    cells: Mapping[str, Cells]
    known: tuple[str, ...]
    assumed: Mapping[str, Truths]
    rows: int
    wrong: Mapping[int, Message] = field(factory=dict)

    @cached_property
    def refused(self) -> Mapping[int, Message]:
        """The rows that cannot be read, with the first reason."""
        found = dict(self.wrong)
        for name, cells in self.cells.items():
            for row, message in cells.refused.items():
                found.setdefault(row, Message(f"{name}：{message.zh}", f"{name}: {message.en}"))
        return found


@define
class Counts:
    """How many values were computed, and how many of them the first arithmetic, and then the second, left open; rows scored singly."""

    values: int = 0
    after_first: int = 0
    after_second: int = 0
    singly: int = 0


@define(eq=False)
class NodeRows:
    """One node in every row.

    Attributes:
        status: by place in STATUSES.
        scored: where it has a score.
        score: exact, where indicators are rounded or fractions were asked for.
        message: by number; −1 for none.
    """

    status: NDArray[np.uint8]
    scored: Flags
    score: Fraction | Bounded | Ratios
    message: NDArray[np.int32]


@define(eq=False)
class ScoredRows:
    """What became of a number of rows.

    Attributes:
        score: multiples of the total's unit; anything where there is none.
        grade: by place in the framework's grades; −1 where there is none.
        status: of the row, by place in STATUSES.
        message: why there is no total, by number; −1 for none.
        assumed: points resting on assumed facts, as multiples of the unit of the indicators' points.
        nodes: the indicators and adjustments, by key.
        singly: the rows that were scored one by one, or could not be read; only what stands here is right for them.
    """

    table: Table
    score: NDArray[np.float64]
    scored: Flags
    grade: NDArray[np.int8]
    status: NDArray[np.uint8]
    message: NDArray[np.int32]
    assumed: NDArray[np.int64]
    nodes: dict[str, NodeRows]
    singly: dict[int, Scorecard | Message]
    counts: Counts


@define(eq=False)
class _Found:
    """What an item comes to in each row."""

    value: Fraction | Bounded = _ZERO
    holds: Truths = True
    applies: Truths = True
    state: State = None
    mixed: Flags | bool = False
    patterns: NDArray[np.int64] | int = 0

    @property
    def fine(self) -> Truths:
        """Where it has a value, or does not apply."""
        right: Truths = True if self.state is None else self.state == OK
        return right if self.mixed is False else right & ~np.asarray(self.mixed)


def scored_rows(compiled: Compiled, table: Table, *, singly: bool = False, fractions: bool = False) -> ScoredRows:
    """Score every row of `table`.

    Args:
        singly: the exact scorer is to do it all.
        fractions: the scores of indicators that are not rounded are asked for, and not the total alone.
    """
    return _Pass(compiled, table, singly or compiled.awkward, fractions).done()


def sheet_of(compiled: Compiled, table: Table, row: int) -> FactSheet:
    """The facts of one row.

    Raises:
        PerfevalError: facts that are derived from them mix units.
    """
    base = compiled.base
    facts: dict[str, Fact] = {name: base[name] for name in base}
    for name in table.known:
        facts.setdefault(name, Fact(name))
    for name, column in table.cells.items():
        before = facts.get(name, Fact(name))
        value = column.value(row)
        assumed = "assumed" if value is not None and _at(table.assumed.get(name, False), row) else ""
        facts[name] = Fact(name, value, assumed=assumed, title=before.title, title_en=before.title_en)
    return FactSheet(facts)


def _at(truths: Truths, row: int) -> bool:
    return truths if isinstance(truths, bool) else bool(truths[row])


class _Pass:
    """One pass over the rows of a table."""

    def __init__(self, compiled: Compiled, table: Table, singly: bool, fractions: bool) -> None:
        self.compiled = compiled
        self.framework = compiled.framework
        self.table = table
        self.rows = table.rows
        self.counts = Counts()
        self._cells: dict[str, Cells] = dict(table.cells)
        self._derived: dict[str, Column[Bounded]] = {}
        self._singly: Flags = np.full(self.rows, singly)
        self._fractions = fractions
        self._cards: dict[int, Scorecard | Message] = {}
        self._refused = table.refused

    def done(self) -> ScoredRows:
        """Score everything."""
        with np.errstate(all="ignore"):  # rows without a value hold anything
            return self._done()

    def _done(self) -> ScoredRows:
        compiled = self.compiled
        leaves = [self._computed(leaf.item) for leaf in compiled.leaves]
        adjustments = [self._computed(item) for item in compiled.adjustments]
        limits = [self._computed(item, truth=True) for item in compiled.limits]
        score, scored, message = self._total(leaves, adjustments, limits)
        grade = self._grade(score, scored, limits)
        nodes = {leaf.item.key: self._leaf(leaf, found) for leaf, found in zip(compiled.leaves, leaves, strict=True)}
        nodes |= {
            item.key: self._adjustment(item, found)
            for item, found in zip(compiled.adjustments, adjustments, strict=True)
        }
        message, status = self._messages(scored, message, nodes, limits)
        assumed = self._assumed(leaves)
        for row in np.flatnonzero(self._singly):
            if row not in self._refused:
                self._card(int(row))
                self.counts.singly += 1
        singly = {int(row): self._cards[int(row)] for row in np.flatnonzero(self._singly) if int(row) in self._cards}
        return ScoredRows(
            self.table,
            score,
            scored,
            grade,
            status,
            message,
            assumed,
            nodes,
            {**singly, **self._refused},
            self.counts,
        )

    def _card(self, row: int) -> Scorecard | Message:
        """The row as the exact scorer scores it."""
        if row not in self._cards:
            try:
                sheet = sheet_of(self.compiled, self.table, row)
            except PerfevalError as error:
                self._cards[row] = error.problems[0].message
            else:
                self._cards[row] = self.compiled.scorer(sheet)
        return self._cards[row]

    # Facts.

    def _cells_of(self, name: str) -> Cells:
        if name not in self._cells:
            base = self.compiled.base.facts.get(name)
            if base is not None and base.value is not None:
                self._cells[name] = constant_cells(self.rows, base.value)
            else:
                ends = () if base is None or base.between is None else base.between
                kinds = tuple(end.kind for end in ends if end is not None)[:1]
                self._cells[name] = evolve(absent_cells(self.rows), kinds=kinds, kind_codes=len(kinds))
        return self._cells[name]

    def _bounded_fact(self, name: str) -> Column[Bounded]:
        if name not in self.compiled.derived:
            return self._cells_of(name).bounded
        if name not in self._derived:
            columns = Columns[Bounded](BOUNDED, self._bounded_fact, self.rows)
            found = _derived(columns, BOUNDED, self.compiled.derived[name])
            self._derived[name] = found
        return self._derived[name]

    def _ratios_fact(self, rows: Rows, name: str) -> Column[Ratios]:
        if name not in self.compiled.derived:
            return self._cells_of(name).ratios(rows)
        columns = Columns[Ratios](RATIOS, partial(self._ratios_fact, rows), len(rows))
        return _derived(columns, RATIOS, self.compiled.derived[name])

    # Items.

    def _computed(self, item: Item, *, truth: bool = False) -> _Found:
        self.counts.values += self.rows
        patterns = self._patterns(item)
        found = _Found(patterns=patterns, mixed=self._mixed(item, patterns))
        if not item.vectorised:
            self._singly[:] = True
            return found
        if found.mixed is True:
            return found
        try:
            columns = Columns[Bounded](BOUNDED, self._bounded_fact, self.rows)
            ran = _run(item, columns, truth)
            found.applies, found.holds, found.value, found.state = ran
            if item.unit is not None:
                found.value, found.state = self._in_unit(found.value, item.unit, found.state)
            if isinstance(found.value, Bounded) and not isinstance(found.applies, bool):
                found.value = BOUNDED.where(found.applies, found.value)
        except (OutOfRange, Mistyped):
            found.state = np.full(self.rows, UNDECIDED, np.uint16)
            found.value = self._zeros(item.unit or Fraction(1))
        if found.state is None:
            return found
        if found.mixed is not False:
            found.state = np.where(found.mixed, np.uint16(OK), found.state)
        left = np.flatnonzero(found.state == UNDECIDED)
        self.counts.after_first += left.size
        if left.size:
            self._again(item, found, left, truth)
            left = np.flatnonzero(found.state == UNDECIDED)
            self.counts.after_second += left.size
            self._singly[left] = True
        return found

    def _zeros(self, unit: Fraction) -> Bounded:
        return Bounded(np.zeros(self.rows), unit, Real(0), Real(0))

    def _in_unit(self, value: Fraction | Bounded, unit: Fraction, state: State) -> tuple[Bounded, State]:
        """Rounded values as whole multiples of the unit that all of them are multiples of."""
        if isinstance(value, Fraction):
            k = Real(int(value / unit))
            return Bounded(np.full(self.rows, k), unit, k, k), state
        by = value.unit / unit
        if not value.exact or by.denominator != 1 or int(value.size) * int(by) >= _WHOLE:
            raise OutOfRange
        m = Real(int(by))
        return Bounded(value.k if by == 1 else value.k * m, unit, value.low * m, value.high * m), state

    def _again(self, item: Item, found: _Found, left: Rows, truth: bool) -> None:
        """What the first arithmetic left open, by the second."""
        assert found.state is not None
        try:
            columns = Columns[Ratios](RATIOS, partial(self._ratios_fact, left), len(left))
            ran = _run(item, columns, truth)
            applies, holds, value, state = ran
            if not truth:
                state = self._merge(item, found, left, value, state)
        except (OutOfRange, Mistyped):
            return
        if truth:
            found.holds = self._put(found.holds, left, holds)
        if item.applies is not None:
            found.applies = self._put(found.applies, left, applies)
        found.state = found.state.copy()
        found.state[left] = OK if state is None else state

    def _put(self, into: Truths, rows: Rows, truths: Truths) -> Flags:
        changed = np.full(self.rows, into) if isinstance(into, bool) else into.copy()
        changed[rows] = truths
        return changed

    def _merge(self, item: Item, found: _Found, left: Rows, value: Fraction | Ratios, state: State) -> State:
        """Put the exact values where there were none."""
        column = found.value
        if isinstance(column, Fraction):
            column = evolve(self._zeros(Fraction(1)), k=np.full(self.rows, Real(column.numerator / column.denominator)))
            column = evolve(column, low=column.k[0], high=column.k[0], off=abs(column.k[0]) * Real(2**-52))
        if isinstance(value, Fraction):
            ones = np.ones(len(left), np.int64)
            value = Ratios(ones if value > 0 else ones * (-1 if value else 0), ones, abs(value) or column.unit)
        by = value.unit / column.unit
        factor = Real(by.numerator / by.denominator)
        if item.unit is not None:
            k = value.n.astype(Real) * factor
            state = marked(state, (value.d != 1) | (by.denominator != 1) | ~(np.abs(k) < Real(_WHOLE)), UNDECIDED)
        else:
            k = value.n.astype(Real) / value.d.astype(Real) * factor
        if state is not None:
            k = np.where(state == OK, k, 0)
        merged = column.k.copy()
        merged[left] = k
        low, high = min(column.low, Real(k.min())), max(column.high, Real(k.max()))
        off = column.off if item.unit is not None else column.off + max(-low, high) * Real(2**-50)
        found.value = evolve(column, k=merged, low=low, high=high, off=off, state=None)
        return state

    # Units.

    def _patterns(self, item: Item) -> NDArray[np.int64] | int:
        """A number for each combination of which facts are known and what they measure."""
        total: NDArray[np.int64] | int = 0
        radix = 1
        for name in item.stated:
            cells = self._cells_of(name)
            codes = cells.kind_codes
            total = total + (codes * radix if isinstance(codes, int) else codes.astype(np.int64) * radix)
            radix *= len(cells.kinds) + 1
            if radix >= 2**62:  # not to be told apart by a number
                self._singly[:] = True
                return 0
        return total

    def _mixed(self, item: Item, patterns: NDArray[np.int64] | int) -> Flags | bool:
        if isinstance(patterns, int):
            return self._mixes(item, patterns, True)
        mixed: Flags | bool = False
        for pattern in _different(patterns):
            rows = patterns == pattern
            if self._mixes(item, pattern, rows):
                mixed = rows | mixed
        return mixed

    def _mixes(self, item: Item, pattern: int, rows: Truths) -> bool:
        found = self.compiled.mixes(item, self._kinds(item, pattern))
        if found is None:
            self._singly |= rows
        return bool(found)

    def _kinds(self, item: Item, pattern: int) -> dict[str, str]:
        kinds = {}
        for name in item.stated:
            cells = self._cells_of(name)
            pattern, code = divmod(pattern, len(cells.kinds) + 1)
            if code:
                kinds[name] = cells.kinds[code - 1]
        return kinds

    # The total.

    def _total(
        self, leaves: Sequence[_Found], adjustments: Sequence[_Found], limits: Sequence[_Found]
    ) -> tuple[NDArray[np.float64], Flags, NDArray[np.int32]]:
        complete: Flags = np.ones(self.rows, np.bool_)
        for found in (*leaves, *adjustments):
            if found.fine is not True:
                complete = complete & found.fine
        scores = [
            self._counted(BOUNDED, leaf, found.applies, found.value)
            for leaf, found in zip(self.compiled.leaves, leaves, strict=True)
        ]
        bonuses = [
            self._bonus(leaf, found) for leaf, found in zip(self.compiled.leaves, leaves, strict=True) if leaf.bonus
        ]
        beside = [*bonuses, *(found.value for found in adjustments)]
        message = np.full(self.rows, _NONE)
        earned = _sum(
            [
                BOUNDED.multiply(score, leaf.placed.factor)
                for leaf, score in zip(self.compiled.leaves, scores, strict=True)
            ]
        )
        left_out, applicable = self._applicable(leaves)
        k = np.zeros(self.rows)
        scored = complete.copy()
        if left_out is None:
            self._finish(k, scored, None, earned, None, beside, limits)
        else:
            nothing = applicable.k == 0
            if nothing.any():
                none = Message("没有任何适用的指标", "no indicator applies")
                message[complete & nothing] = self.compiled.messages.code(none)
                scored &= ~nothing
            for rows in (np.flatnonzero(~left_out), np.flatnonzero(left_out & ~nothing)):
                if rows.size:
                    self._finish(k, scored, rows, earned, applicable, beside, limits)
        held = scored.copy()
        for found in limits:
            if found.fine is not True:
                held &= found.fine
        return k, held, message

    def _counted(self, arithmetic: Arithmetic[N], leaf: Leaf, applies: Truths, value: Fraction | N) -> Fraction | N:
        """The score of a leaf in every row, of its value."""
        points = leaf.placed.points
        score = arithmetic.least(value, points) if leaf.bonus else value
        if applies is True:
            return score
        instead = points if leaf.not_applicable == "full" else _ZERO
        if applies is False:
            return instead
        return arithmetic.select(np.asarray(applies), score, instead)

    def _counted_exactly(self, leaf: Leaf, found: _Found) -> Fraction | Ratios:
        """The score of a leaf that is not rounded; rows in which it is no quotient of 64-bit integers are scored singly."""
        if found.mixed is True or self._singly.all():
            return _ZERO
        try:
            columns = Columns[Ratios](RATIOS, partial(self._ratios_fact, np.arange(self.rows)), self.rows)
            score = self._counted(RATIOS, leaf, found.applies, columns.number(leaf.item.value))
        except (OutOfRange, Mistyped):
            self._singly[:] = True
            return _ZERO
        state = RATIOS.state(score)
        if state is not None:
            self._singly |= found.fine & (state == UNDECIDED)
        return score

    def _bonus(self, leaf: Leaf, found: _Found) -> Fraction | Bounded:
        points, factor = leaf.placed.points, leaf.placed.factor
        bonus = BOUNDED.multiply(BOUNDED.greatest(BOUNDED.subtract(found.value, points), _ZERO), factor)
        if found.applies is True:
            return bonus
        return _ZERO if found.applies is False else BOUNDED.select(found.applies, bonus, _ZERO)

    def _applicable(self, leaves: Sequence[_Found]) -> tuple[Flags | None, Bounded]:
        """Where some points do not apply, and how many do."""
        out = [
            (leaf.placed.counts, found.applies)
            for leaf, found in zip(self.compiled.leaves, leaves, strict=True)
            if leaf.not_applicable == "rescale" and found.applies is not True
        ]
        unit = self.compiled.counts_unit
        most = Real(int(self.framework.points / unit))
        k = np.full(self.rows, most)
        for counts, applies in out:
            k -= Real(int(counts / unit)) * ~np.asarray(applies)
        column = Bounded(k, unit, Real(0), most)
        return (k < most if out else None), column

    def _finish(
        self,
        k: NDArray[np.float64],
        scored: Flags,
        rows: Rows | None,
        earned: Fraction | Bounded,
        applicable: Bounded | None,
        beside: Sequence[Fraction | Bounded],
        limits: Sequence[_Found],
    ) -> None:
        """From what was earned to the total, in some rows (None: in all), into `k`."""
        everywhere = np.arange(self.rows) if rows is None else rows
        rescaled = applicable is not None and bool(applicable.k[everywhere[0]] < applicable.high)
        part = partial(_taken, rows=rows)
        holds = [_part(found.holds, rows) for found in limits]
        try:
            total = self._rounded(
                BOUNDED,
                part(earned),
                part(applicable) if rescaled and applicable is not None else None,
                [part(each) for each in beside],
                holds,
            )
            state = BOUNDED.state(total)
            found = _in(total, self.compiled.unit, len(everywhere))
        except OutOfRange:
            state = np.full(len(everywhere), UNDECIDED, np.uint16)
            found = np.zeros(len(everywhere))
        self.counts.values += len(everywhere)
        if state is not None:
            state = np.where(scored[everywhere], state, np.uint16(OK))
            left = np.flatnonzero(state == UNDECIDED)
            self.counts.after_first += left.size
            if left.size:
                found = found.copy()
                state = state.copy()
                self._finish_again(
                    found, state, left, everywhere[left], earned, applicable if rescaled else None, beside, limits
                )
                still = everywhere[state == UNDECIDED]
                self.counts.after_second += still.size
                self._singly[still] = True
        k[everywhere] = found

    def _finish_again(
        self,
        found: NDArray[np.float64],
        state: NDArray[np.uint16],
        left: Rows,
        rows: Rows,
        earned: Fraction | Bounded,
        applicable: Bounded | None,
        beside: Sequence[Fraction | Bounded],
        limits: Sequence[_Found],
    ) -> None:
        columns = [earned, *beside, *([] if applicable is None else [applicable])]
        if not all(isinstance(each, Fraction) or each.exact for each in columns):
            return
        try:
            total = self._rounded(
                RATIOS,
                _ratios(earned, rows),
                None if applicable is None else _ratios(applicable, rows),
                [_ratios(each, rows) for each in beside],
                [_part(found.holds, rows) for found in limits],
            )
        except OutOfRange:
            return
        if isinstance(total, Fraction):
            return
        by = total.unit / self.compiled.unit
        if by.denominator != 1:
            return
        k = total.n.astype(Real) * Real(int(by))
        good = (total.d == 1) & (np.abs(k) < Real(_WHOLE))
        if total.state is not None:
            good &= total.state == OK
        found[left[good]] = k[good]
        state[left[good]] = OK

    def _rounded(
        self,
        arithmetic: Arithmetic[N],
        earned: Fraction | N,
        applicable: Fraction | N | None,
        beside: Sequence[Fraction | N],
        holds: Sequence[Truths],
    ) -> Fraction | N:
        """As `evaluate` computes the total."""
        framework, total = self.framework, earned
        if applicable is not None:
            total = arithmetic.divide(arithmetic.multiply(total, framework.points), applicable, UNDECIDED)
        for each in beside:
            total = arithmetic.add(total, each)
        total = arithmetic.greatest(total, _ZERO)
        for limit, held in zip(framework.limits, holds, strict=True):
            if limit.at_most is None or held is False:
                continue
            capped = arithmetic.least(total, limit.at_most)
            total = capped if held is True else arithmetic.select(np.asarray(held), capped, total)
        rounding = self.compiled.rounding
        if isinstance(total, Fraction):
            return rounding.applied(total)
        return arithmetic.round(total, rounding.places, rounding.mode)

    def _grade(self, score: NDArray[np.float64], scored: Flags, limits: Sequence[_Found]) -> NDArray[np.int8]:
        grades = self.framework.grades
        if not grades:
            return np.full(self.rows, -1, np.int8)
        place = np.zeros(self.rows, np.int8)
        for grade in grades[:-1]:
            edge = grade.from_ / self.compiled.unit
            place += score < Real(-(-edge.numerator // edge.denominator))
        ranks = [each.name for each in grades]
        for limit, found in zip(self.framework.limits, limits, strict=True):
            if limit.grade_at_most is not None:
                worst = np.maximum(place, np.int8(ranks.index(limit.grade_at_most)))
                place = np.where(found.holds, worst, place)
        return np.where(scored, place, np.int8(-1))

    # The nodes.

    def _leaf(self, leaf: Leaf, found: _Found) -> NodeRows:
        status = np.zeros(self.rows, np.uint8)
        scored = np.ones(self.rows, np.bool_)
        message = np.full(self.rows, _NONE)
        if found.applies is not True:
            out = np.broadcast_to(~np.asarray(found.applies), (self.rows,)) & found.fine
            status[out] = _NOT_APPLICABLE
            if leaf.not_applicable == "rescale":
                scored[out] = False
            self._explain(leaf.item, ("not-applicable",), np.flatnonzero(out), message)
        self._wrong(leaf.item, found, status, scored, message)
        if self._fractions and leaf.item.unit is None:
            return NodeRows(status, scored, self._counted_exactly(leaf, found), message)
        score = self._counted(BOUNDED, leaf, found.applies, found.value)
        return NodeRows(status, scored, score, message)

    def _adjustment(self, item: Item, found: _Found) -> NodeRows:
        status = np.zeros(self.rows, np.uint8)
        scored = np.ones(self.rows, np.bool_)
        message = np.full(self.rows, _NONE)
        self._wrong(item, found, status, scored, message)
        return NodeRows(status, scored, found.value, message)

    def _wrong(
        self, item: Item, found: _Found, status: NDArray[np.uint8], scored: Flags, message: NDArray[np.int32]
    ) -> None:
        """The status and message of rows in which an item has no value."""
        if found.mixed is not False:
            rows = np.flatnonzero(np.broadcast_to(found.mixed, (self.rows,)))
            self._by_pattern(item, "mixed", found, rows, message)
            status[rows], scored[rows] = _ERROR, False
        if found.state is None or not found.state.any():
            return
        unknown = np.flatnonzero(found.state == UNKNOWN)
        if unknown.size:
            status[unknown], scored[unknown] = _UNKNOWN, False
            if item.derives:
                self._singly[unknown] = True  # why a derived fact has no value, its own row says
            else:
                self._by_pattern(item, "unknown", found, unknown, message)
        wrong = np.flatnonzero(found.state >= FIRST_ERROR)
        if wrong.size:
            status[wrong], scored[wrong] = _ERROR, False
            self._by_refusal(item, found.state[wrong], wrong, message)

    def _by_pattern(self, item: Item, why: str, found: _Found, rows: Rows, message: NDArray[np.int32]) -> None:
        patterns = np.broadcast_to(found.patterns, (self.rows,))[rows]
        for pattern in _different(patterns):
            kinds = self._kinds(item, pattern)
            self._explain(item, (why, self.table.known, *kinds.items()), rows[patterns == pattern], message)

    def _by_refusal(self, item: Item, codes: NDArray[np.uint16], rows: Rows, message: NDArray[np.int32]) -> None:
        refusals = (*(() if item.applies is None else item.applies.refusals), *item.value.refusals)
        for code in _different(codes):
            here = rows[codes == code]
            if not isinstance(refusals[code - FIRST_ERROR], Divide):
                self._explain(item, ("refused", code), here, message)
                continue
            if item.derives or len(item.stated) > 60:
                self._singly[here] = True
                continue
            # A division by zero names the facts that are zero.
            zeros = np.zeros(len(here), np.int64)
            for place, name in enumerate(item.stated):
                zeros |= self._cells_of(name).zero[here].astype(np.int64) << place
            self._singly[here[zeros == 0]] = True
            for pattern in _different(zeros[zeros != 0]):
                self._explain(item, ("divided", code, pattern), here[zeros == pattern], message)

    def _explain(self, item: Item, way: tuple[object, ...], rows: Rows, message: NDArray[np.int32]) -> None:
        """The message of rows that went wrong in the same way: that of one of them."""
        rows = rows[[int(row) not in self._refused for row in rows]] if self._refused else rows
        if not rows.size:
            return
        known = self.compiled.messages.known((item.key, *way))
        if known is None:
            card = self._card(int(rows[0]))
            if isinstance(card, Message) or (said := _said(card, item.key)) is None:
                self._singly[rows] = True
                return
            known = self.compiled.messages.learn((item.key, *way), said)
        message[rows] = known

    def _messages(
        self, scored: Flags, message: NDArray[np.int32], nodes: Mapping[str, NodeRows], limits: Sequence[_Found]
    ) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
        """Why there is no total, and what that makes of the row."""
        compiled, status = self.compiled, np.zeros(self.rows, np.uint8)
        left = np.flatnonzero(~scored & ~self._singly)
        if not left.size:
            return message, status
        titles = [Message(leaf.placed.node.called("zh"), leaf.placed.node.called("en")) for leaf in compiled.leaves]
        titles += [titled(each) for each in self.framework.adjustments]
        statuses = np.stack([node.status[left] for node in nodes.values()], axis=1)
        missing = statuses >= _UNKNOWN
        status[left] = np.where(
            (statuses == _ERROR).any(axis=1), _ERROR, np.where(missing.any(axis=1), _UNKNOWN, _NOT_APPLICABLE)
        )
        for place, flags in enumerate(missing):
            row = left[place]
            if not flags.any():
                continue
            key = ("incomplete", flags.tobytes())
            known = compiled.messages.known(key)
            if known is None:
                without = [title for title, flag in zip(titles, flags, strict=True) if flag]
                known = compiled.messages.learn(key, incomplete(without))
            message[row] = known
        open_rows = left[message[left] == _NONE]
        for item, found in zip(compiled.limits, limits, strict=True):
            open_rows = open_rows[message[open_rows] == _NONE]
            if not open_rows.size:
                break
            failed = open_rows[~np.broadcast_to(found.fine, (self.rows,))[open_rows]]
            if not failed.size:
                continue
            own_status = np.zeros(self.rows, np.uint8)
            own_message = np.full(self.rows, _NONE)
            only = np.zeros(self.rows, np.bool_)
            only[failed] = True
            narrowed = evolve(
                found,
                state=None if found.state is None else np.where(only, found.state, np.uint16(OK)),
                mixed=False if found.mixed is False else np.asarray(found.mixed) & only,
            )
            self._wrong(item, narrowed, own_status, np.ones(self.rows, np.bool_), own_message)
            message[failed], status[failed] = own_message[failed], own_status[failed]
        return message, status

    # What rests on assumptions.

    def _assumed(self, leaves: Sequence[_Found]) -> NDArray[np.int64]:
        unit = self.compiled.counts_unit
        points = np.zeros(self.rows, np.int64)
        if any(truths is not False for truths in self.table.assumed.values()) or self._base_assumes:
            for leaf, found in zip(self.compiled.leaves, leaves, strict=True):
                rests = self._rests(leaf.item.reads)
                if found.applies is not True:
                    on_condition = self._rests(leaf.item.conditions)
                    out = ~np.asarray(found.applies) & found.fine
                    rests = np.where(out, on_condition, rests)
                points += np.asarray(rests) * np.int64(int(leaf.placed.counts / unit))
        return points

    @property
    def _base_assumes(self) -> bool:
        return any(each.assumed for each in self.compiled.base.facts.values())

    def _rests(self, facts: Sequence[str]) -> Truths:
        """Where one of the facts is assumed, or derived from one that is."""
        found: Truths = False
        for name in facts:
            base = self.compiled.base.facts.get(name)
            if name in self.compiled.formulas:
                own: Truths = bool(base and base.assumed)
                own = own | self._rests(names(self.compiled.formulas[name]))
            elif name in self.table.cells:
                cells = self.table.cells[name]
                own = self.table.assumed.get(name, False)
                if own is not False and cells.state is not None:
                    own = own & (cells.state != UNKNOWN)
            else:
                own = bool(base and base.status == "assumed")
            found = found | own
        return found


def _run(item: Item, columns: Columns[N], truth: bool) -> tuple[Truths, Truths, Fraction | N, State]:
    """Whether an item applies, whether it holds (a limit), its number, and in which rows that is so."""
    applies, state = Truth(True), None
    if item.applies is not None:
        applies = columns.truth(item.applies)
        state = applies.state
        if applies.holds is False and state is None:
            return False, True, _ZERO, None
    holds: Truths = True
    value: Fraction | N = _ZERO
    if truth:
        held = columns.truth(item.value)
        holds, inner = held.holds, held.state
    else:
        value = columns.number(item.value)
        inner = columns.state(value)
    if inner is not None and item.applies is not None:
        # Its codes follow those of the condition; and what does not apply is not computed.
        shift = np.where(inner >= FIRST_ERROR, np.uint16(len(item.applies.refusals)), np.uint16(0))
        inner = np.where(applies.holds, inner + shift, np.uint16(OK))
    return applies.holds, holds, value, first(state, inner)


def _derived(columns: Columns[N], arithmetic: Arithmetic[N], formula: Prepared) -> Column[N]:
    """A derived fact; where it has no value, whatever reads it is unknown."""
    found = columns.any(formula)
    state = columns.state(found)
    if state is None or not (state >= FIRST_ERROR).any():
        return found
    state = np.where(state >= FIRST_ERROR, np.uint16(UNKNOWN), state)
    if isinstance(found, Truth):
        return Truth(found.holds, state)
    if isinstance(found, (Words, str, Absent)):
        raise OutOfRange  # words that may be refused are for the exact scorer
    return arithmetic.replace_state(found, state)


def _different(codes: NDArray[np.integer]) -> Iterator[int]:
    """The different numbers in `codes`."""
    if codes.size and int(codes.min()) >= 0 and int(codes.max()) < 4096:
        return (int(code) for code in np.flatnonzero(np.bincount(codes.astype(np.intp))))
    return (int(code) for code in np.unique(codes))


def _sum(terms: Sequence[Fraction | Bounded]) -> Fraction | Bounded:
    total: Fraction | Bounded = _ZERO
    for each in terms:
        total = BOUNDED.add(total, each)
    return total


def _part(holds: Truths, rows: Rows | None) -> Truths:
    return holds if rows is None or isinstance(holds, bool) else holds[rows]


def _taken(column: Fraction | Bounded, rows: Rows | None) -> Fraction | Bounded:
    if rows is None or isinstance(column, Fraction):
        return column
    return evolve(column, k=column.k[rows], state=None if column.state is None else column.state[rows])


def _ratios(column: Fraction | Bounded, rows: Rows) -> Fraction | Ratios:
    if isinstance(column, Fraction):
        return column
    return Ratios(column.k[rows].astype(np.int64), np.ones(len(rows), np.int64), column.unit)


def _in(total: Fraction | Bounded, unit: Fraction, rows: int) -> NDArray[np.float64]:
    """A rounded total as whole multiples of `unit`."""
    if isinstance(total, Fraction):
        return np.full(rows, Real(int(total / unit)))
    by = int(total.unit / unit)
    if int(total.size) * by >= _WHOLE:
        raise OutOfRange
    return total.k if by == 1 else total.k * Real(by)


def _said(card: Scorecard, key: str) -> Message | None:
    """What the exact scorer says of an item."""
    if key.startswith(LIMIT):
        return card.message
    if key.startswith(ADJUSTMENT):
        wanted = key.removeprefix(ADJUSTMENT)
        return next((each.message for each in card.adjustments if each.id == wanted), None)
    return card.nodes[key].message
