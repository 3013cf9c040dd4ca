"""What check and review find in the rows of a table, as codes.

Checks are computed over columns, as scores are: the tolerance that the decimals as written leave open is an expression, too. What is no sum,
difference, product or quotient of figures, and what neither arithmetic decides, is checked row by row by `perfeval.checking`.
Objections are raised row by row, by the functions of `perfeval.objections`, on the scorecard of each row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from perfeval.batch import Scorer, Table
from perfeval.batch.cells import Cells, absent_cells, coded_cells, constant_cells, decoded
from perfeval.checking import as_written, relations
from perfeval.checks import Check, mixtures, parts
from perfeval.errors import Message, PerfevalError
from perfeval.expr.bounded import BOUNDED, Bounded
from perfeval.expr.columns import Column, Columns, prepared
from perfeval.expr.exact import Mistyped
from perfeval.expr.kinds import ANY, CHOICE, TRUTH, KindError, kind_of
from perfeval.expr.names import names
from perfeval.expr.nodes import (
    Add,
    And,
    Compare,
    Constant,
    Divide,
    Expr,
    FactRef,
    If,
    Label,
    Maximum,
    Minimum,
    Multiply,
    Not,
    Or,
    Subtract,
    children,
    compare,
    number,
    rewrite,
)
from perfeval.expr.ratios import RATIOS, Ratios
from perfeval.expr.state import OK, UNDECIDED, OutOfRange, State
from perfeval.objections import OBJECTIONS, Case, Thresholds
from perfeval.quantity import Kind, Quantity

__all__ = ["TABLE_OBJECTIONS", "Findings"]

Flags = NDArray[np.bool_]
_HALF: Final = "'"  # after a fact's name: half a unit of the last place it is written with; no fact is called so
_READ_BY_REVIEW: Final = ("budget.initial", "budget.approved")

TABLE_OBJECTIONS: Final = (
    "row-in-error",
    "execution-over-100",
    "execution-low",
    "budget-adjusted",
    "spending-against-results",
    "rate-above-100",
    "negative-count",
    "over-completion",
    "all-actuals-equal",
    "all-ratings-top",
    "one-loss-twice",
    "assumed-points",
)
"""The objections that facts and scores decide. The others read what a table does not hold: stated scores, reasons, sources, words; or the
framework alone, which is the same in every row. A table holds no reasons, so what a reason would answer is raised; docs/batch.md has them all."""


class Findings:
    """What is found in the rows of tables that a scorer scores.

    Attributes:
        scorer: the same, reading also the facts that are checked.
        singly: whether each row is looked at on its own.
    """

    def __init__(self, scorer: Scorer, *, checks: bool = True, review: bool = False) -> None:
        assessment = scorer.assessment
        self._checks = (*assessment.framework.checks, *assessment.checks) if checks else ()
        self._asked_for_checks = checks
        self._own = {each.id for each in assessment.checks}
        self._review = [each for each in OBJECTIONS if each.code in TABLE_OBJECTIONS] if review else []
        self._formulas = {
            name: formula for name in assessment.facts if (formula := assessment.facts[name].formula) is not None
        }
        used = [name for each in self._checks for name in names(each.that)]
        read = [root for name in used for root in names(self._stated(FactRef(name)))]
        self.scorer = scorer.reading([*read, *(_READ_BY_REVIEW if review else ())])
        self.singly = review

    @property
    def checks(self) -> tuple[str, ...]:
        """The checks that are made, by id."""
        return tuple(each.id for each in self._checks)

    @property
    def codes(self) -> tuple[str, ...]:
        """What may be found: the ids of checks, and the codes of objections."""
        return (*self.checks, *(each.code for each in self._review))

    @property
    def notes(self) -> tuple[Message, ...]:
        """What to know: that there is nothing to check, where checks are asked for."""
        if self._asked_for_checks and not self._checks:
            return (
                Message(
                    "指标体系没有 [[checks]]，没有可核对的关系",
                    "the framework has no [[checks]]: there is nothing to check",
                ),
            )
        return ()

    @property
    def schema(self) -> pa.Schema:
        """The columns of what is found: codes with spaces between, none where there are none."""
        found = [pa.field("checks", pa.string()), pa.field("unchecked", pa.string())] if self._checks else []
        return pa.schema([*found, *([pa.field("objections", pa.string())] if self._review else [])])

    def columns(self, batch: pa.RecordBatch, table: Table) -> tuple[list[pa.Array], dict[str, int], dict[str, int]]:
        """The columns of what is found, and in how many rows each code stands; nothing is, in rows that cannot be read."""
        arrays: list[pa.Array] = []
        times: dict[str, int] = {}
        unchecked: dict[str, int] = {}
        if self._checks:
            differing, open_ = [], []
            for check in self._checks:
                differs, unknown = self._checked(check, batch, table)
                differing.append((check.id, differs))
                open_.append((check.id, unknown))
            arrays += [_codes(differing, table.rows), _codes(open_, table.rows)]
            times |= {code: int(rows.sum()) for code, rows in differing}
            unchecked |= {code: int(rows.sum()) for code, rows in open_}
        if self._review:
            raised = [self._objections(table, row) for row in range(table.rows)]
            arrays.append(pa.array([" ".join(each) or None for each in raised], pa.string()))
            counted = Counter(code for each in raised for code in each)
            times |= {kind.code: counted[kind.code] for kind in self._review}
        return arrays, times, unchecked

    # Objections.

    def _objections(self, table: Table, row: int) -> list[str]:
        try:
            sheet = self.scorer.sheet(table, row)
        except PerfevalError:
            return []
        card = self.scorer.card(sheet)
        case = Case(self.scorer.assessment, card, Thresholds())
        accepted = self.scorer.assessment.accepted
        return [
            kind.code
            for kind in self._review
            if any(
                not found.answered and not any(each.covers(kind.code, found.path) for each in accepted)
                for found in kind.check(case)
            )
        ]

    # Checks.

    def _checked(self, check: Check, batch: pa.RecordBatch, table: Table) -> tuple[Flags, Flags]:
        """In which rows a check does not hold, and in which it cannot be made."""
        rows = table.rows
        differs, unknown = np.zeros(rows, np.bool_), np.zeros(rows, np.bool_)
        base = self.scorer.assessment.facts
        there = all(name in base or name in table.cells or name in table.known for name in names(check.that))
        if not there and check.id not in self._own:
            return differs, unknown  # it asks for facts that this table is not about
        left = np.ones(rows, np.bool_)
        left[list(table.refused)] = False
        unknown |= ~left
        settled = _Relations(self, check, batch, table).settled()
        if settled is not None:
            known, holds, fails = settled
            differs |= left & fails
            unknown |= left & known & ~holds
            left &= ~known
        for row in np.flatnonzero(left):
            differs[row], unknown[row] = self._singly(check, table, int(row))
        return differs, unknown

    def _singly(self, check: Check, table: Table, row: int) -> tuple[bool, bool]:
        try:
            sheet = self.scorer.sheet(table, row)
        except PerfevalError:
            return False, True
        outcomes = [each.outcome for each in relations(check, sheet)]
        return "differs" in outcomes, "unknown" in outcomes

    def _stated(self, expr: Expr) -> Expr:
        """`expr`, over facts that are stated: derived ones by their formulas."""
        formulas = self._formulas

        def opened(node: Expr) -> Expr:
            return self._stated(formulas[node.name]) if isinstance(node, FactRef) and node.name in formulas else node

        return rewrite(expr, opened)


class _Relations:
    """One check over the columns of a table."""

    def __init__(self, findings: Findings, check: Check, batch: pa.RecordBatch, table: Table) -> None:
        self.findings, self.check, self.batch, self.table = findings, check, batch, table
        self._cells: dict[str, Cells] = {}
        self._formulas = findings._formulas

    def settled(self) -> tuple[Flags, Flags, Flags] | None:
        """The rows that are settled, those where all could be checked, and those where a relation fails; None where columns do not serve."""
        kinds = self._kinds()
        if kinds is None:
            return None
        rows = self.table.rows
        known, made, fails = np.ones(rows, np.bool_), np.ones(rows, np.bool_), np.zeros(rows, np.bool_)
        if any(True for _ in mixtures(self.check, kinds)):
            if not _strict(self.check.that):
                return None
            return known, ~known, fails
        for part in parts(self.check):
            asked = self._asked(part, kinds)
            if asked is None:
                return None
            value, holds, where = asked
            _, state = self._truths(compare(value, "==", value)) if value is not None else (None, None)
            truths, of_truths = self._truths(holds)
            decided, of_decided = self._truths(where) if where is not None else (np.ones(rows, np.bool_), None)
            # What has no value cannot be checked; what has one, where the edges of its range have none, is looked at alone.
            none = np.zeros(rows, np.bool_) if state is None else (state != OK) & (state != UNDECIDED)
            open_ = np.zeros(rows, np.bool_)
            for each in (state, of_decided, of_truths):
                if each is not None:
                    open_ |= each == UNDECIDED if value is None else (each != OK) & ~none
            open_ |= ~decided & ~none
            if value is None and of_truths is not None:
                none |= (of_truths != OK) & (of_truths != UNDECIDED)
            known &= ~open_
            made &= ~none
            fails |= ~none & ~open_ & ~truths
        return known, made, fails & known

    def _kinds(self) -> dict[str, Kind] | None:
        """What the facts measure; None where one measures several things."""
        kinds: dict[str, Kind] = {}
        for name in names(self.findings._stated(self.check.that)):
            cells = self._cells_of(name)
            if len(cells.kinds) > 1:
                return None
            if cells.kinds:
                kinds[name] = cells.kinds[0]
        base = self.findings.scorer.assessment.facts
        for name in base.order:
            if name in self._formulas:
                try:
                    kind = kind_of(self._formulas[name], kinds)
                except KindError:
                    return None
                if kind != "any":
                    kinds[name] = "number" if kind in ("literal", "zero") else kind
        return kinds

    def _asked(self, part: Expr, kinds: Mapping[str, Kind]) -> tuple[Expr | None, Expr, Expr | None] | None:
        """What a relation compares with zero, when it holds, and the rows in which that is so; None where columns do not serve."""
        stated = self.findings._stated
        if not isinstance(part, Compare) or not _measures(kind_of(part.left, kinds)):
            return None, stated(part), None
        apart = stated(Subtract(part.left, part.right))
        tolerance = self.check.tolerance
        if tolerance is not None:
            allowed = number(tolerance.value)
            return apart, _can_hold(part, Subtract(apart, allowed), Add(apart, allowed)), None
        found = self._linear(apart) or self._extent(apart)
        if found is None:
            return None
        low, high, where = found
        return apart, _can_hold(part, low, high), And(tuple(where)) if where else None

    # The range of a difference, as far as the decimals leave it open: tight where each figure stands once, or in a sum.

    def _linear(self, expr: Expr) -> tuple[Expr, Expr, Sequence[Expr]] | None:
        weights = _weights(expr)
        if weights is None:
            return None
        open_: Expr = number(Fraction(0))
        for name, weight in weights.items():
            if name and weight:
                open_ = Add(open_, Multiply(number(abs(weight)), self._half(name)))
        return Subtract(expr, open_), Add(expr, open_), ()

    def _extent(self, expr: Expr) -> tuple[Expr, Expr, Sequence[Expr]] | None:
        seen: set[str] = set()
        where: list[Expr] = []

        def ends(node: Expr) -> tuple[Expr, Expr] | None:
            match node:
                case Constant(Quantity()):
                    return node, node
                case FactRef(name) if name not in seen:
                    seen.add(name)
                    return Subtract(node, self._half(name)), Add(node, self._half(name))
                case Label(_, item):
                    return ends(item)
                case Add(a, b) | Subtract(a, b) | Multiply(a, b) | Divide(a, b):
                    one, other = ends(a), ends(b)
                    if one is None or other is None:
                        return None
                    if isinstance(node, Add):
                        return Add(one[0], other[0]), Add(one[1], other[1])
                    if isinstance(node, Subtract):
                        return Subtract(one[0], other[1]), Subtract(one[1], other[0])
                    kind = type(node)
                    if isinstance(node, Divide):
                        where.append(Or((compare(other[0], ">", 0), compare(other[1], "<", 0))))
                    corners = tuple(kind(x, y) for x in dict.fromkeys(one) for y in dict.fromkeys(other))
                    return (Minimum(corners), Maximum(corners)) if len(corners) > 1 else (corners[0], corners[0])
                case _:
                    return None

        found = ends(expr)
        return None if found is None else (*found, where)

    def _half(self, name: str) -> Expr:
        """Half a unit of the last place that a fact is written with, as an expression."""
        if name not in self.table.cells:
            value = self._cells_of(name).value(0) if self.table.rows else None
            return number(_half_of(value) if isinstance(value, Quantity) else Fraction(0))
        key = name + _HALF
        if key not in self._cells:
            self._cells[key] = self._halves(name)
        return FactRef(key)

    def _halves(self, name: str) -> Cells:
        cells = self.table.cells[name]
        column = self.batch.column(self.findings.scorer.column(name, self.batch.schema))
        kind = column.type
        rows = self.table.rows
        if pa.types.is_decimal(kind) or pa.types.is_integer(kind):
            # All are written with the same decimals: as the first that is no printed 0.
            zero = np.zeros(rows, np.bool_) if cells.kinds == ("ratio",) else cells.whole == 0
            some = np.flatnonzero(~zero if cells.state is None else ~zero & (cells.state == OK))
            value = cells.value(int(some[0])) if some.size else None
            half = _half_of(value) if isinstance(value, Quantity) else Fraction(0)
            if not half:
                return constant_cells(rows, _plain(Fraction(0)))
            return coded_cells([_plain(half), _plain(Fraction(0))], zero.astype(np.intp))
        coded = decoded(column).dictionary_encode()
        places = coded.indices.fill_null(len(coded.dictionary)).to_numpy().astype(np.intp)
        found, at = np.unique(places, return_index=True)
        halves: list[Quantity] = [_plain(Fraction(0))] * (len(coded.dictionary) + 1)
        for place, row in zip(found, at, strict=True):
            value = None if int(row) in cells.refused else cells.value(int(row))
            if isinstance(value, Quantity):
                halves[place] = _plain(_half_of(value))
        different = list(dict.fromkeys(halves))
        numbers = {each: index for index, each in enumerate(different)}
        return coded_cells(different, np.array([numbers[each] for each in halves], np.intp)[places])

    # Over columns.

    def _cells_of(self, name: str) -> Cells:
        if name in self._cells:
            return self._cells[name]
        if name in self.table.cells:
            return self.table.cells[name]
        base = self.findings.scorer.assessment.facts.facts.get(name)
        value = None if base is None else base.value
        return absent_cells(self.table.rows) if value is None else constant_cells(self.table.rows, value)

    def _truths(self, expr: Expr) -> tuple[Flags, State]:
        ready = prepared(expr)
        rows = self.table.rows
        holds, state = _run(lambda: Columns(BOUNDED, self._bounded, rows).truth(ready), rows)
        left = np.array([], np.intp) if state is None else np.flatnonzero(state == UNDECIDED)
        if left.size and state is not None:
            exact = Columns(RATIOS, partial(self._ratios, left), len(left))
            settled, inner = _run(lambda: exact.truth(ready), len(left))
            holds, state = holds.copy(), state.copy()
            holds[left] = settled
            state[left] = OK if inner is None else inner
        return holds, state

    def _bounded(self, name: str) -> Column[Bounded]:
        return self._cells_of(name).bounded

    def _ratios(self, rows: NDArray[np.intp], name: str) -> Column[Ratios]:
        return self._cells_of(name).ratios(rows)


def _run(truth: Callable[[], object], rows: int) -> tuple[Flags, State]:
    try:
        with np.errstate(all="ignore"):  # rows without a value hold anything
            found = truth()
    except (OutOfRange, Mistyped):
        return np.zeros(rows, np.bool_), np.full(rows, UNDECIDED, np.uint16)
    holds = np.broadcast_to(np.asarray(found.holds), (rows,))  # type: ignore[attr-defined]
    return holds, found.state  # type: ignore[attr-defined]


def _plain(value: Fraction) -> Quantity:
    return number(value).value  # type: ignore[return-value]


def _half_of(value: Quantity) -> Fraction:
    numbers = as_written(value)
    assert numbers.high is not None
    return numbers.high - value.value


def _measures(kind: Kind) -> bool:
    return kind not in (TRUTH, CHOICE, ANY)


def _strict(expr: Expr) -> bool:
    """Whether it needs every fact in it."""
    return not isinstance(expr, If | Or | Not) and all(_strict(each) for each in children(expr))


def _weights(expr: Expr) -> dict[str, Fraction] | None:
    """A sum of facts as their weights, the constant under ""; None where it is no such sum."""
    match expr:
        case Constant(Quantity() as value):
            return {"": value.value}
        case FactRef(name):
            return {name: Fraction(1)}
        case Label(_, item):
            return _weights(item)
        case Add(a, b) | Subtract(a, b):
            one, other = _weights(a), _weights(b)
            if one is None or other is None:
                return None
            sign = 1 if isinstance(expr, Add) else -1
            return {name: one.get(name, 0) + sign * other.get(name, Fraction(0)) for name in (*one, *other)}
        case Multiply(a, b) | Divide(a, b):
            one, other = _weights(a), _weights(b)
            if one is None or other is None:
                return None
            if set(one) == {""} and isinstance(expr, Multiply):
                one, other = other, one
            if set(other) != {""} or (isinstance(expr, Divide) and not other[""]):
                return None
            by = other[""] if isinstance(expr, Multiply) else 1 / other[""]
            return {name: weight * by for name, weight in one.items()}
        case _:
            return None


def _can_hold(part: Compare, low: Expr, high: Expr) -> Expr:
    """Whether some number from `low` to `high` stands to zero as the relation asks."""
    zero = number(Fraction(0))
    match part.by:
        case "==":
            return And((compare(low, "<=", zero), compare(high, ">=", zero)))
        case "!=":
            return Not(And((compare(low, "==", zero), compare(high, "==", zero))))
        case ">=" | ">":
            return compare(high, part.by, zero)
        case "<=" | "<":
            return compare(low, part.by, zero)


def _codes(found: Sequence[tuple[str, Flags]], rows: int) -> pa.Array:
    """The codes of each row, with spaces between."""
    if not any(where.any() for _, where in found):
        return pa.nulls(rows, pa.string())
    texts: list[str | None] = [None] * rows
    for code, where in found:
        for row in np.flatnonzero(where):
            before = texts[row]
            texts[row] = code if before is None else f"{before} {code}"
    return pa.array(texts, pa.string())
