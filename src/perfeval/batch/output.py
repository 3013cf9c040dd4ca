"""Scored rows as an Arrow table: exact decimals, and text where no decimal writes a score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from perfeval.batch.compiled import ADJUSTMENT, Compiled
from perfeval.batch.rows import STATUSES, NodeRows, ScoredRows
from perfeval.errors import Language, Message
from perfeval.evaluate import mixture
from perfeval.expr.bounded import Bounded, common
from perfeval.expr.exact import DividedByZero, Mistyped, NotMet, Unknown, exact
from perfeval.expr.names import names
from perfeval.expr.nodes import Expr
from perfeval.expr.ratios import Ratios
from perfeval.framework import Indicator, Placed
from perfeval.quantity import decimal_text, exact_places
from perfeval.scorecard import Scorecard, Status

__all__ = ["Detail", "needs_fractions", "ratio_text", "schema_of", "written"]

Detail: TypeAlias = Literal["total", "dimensions", "indicators"]
"""Which nodes stand in the output beside the total: none, all but the indicators, or all."""
_DIGITS: Final = 38
_MOST_PLACES: Final = 18
_STATUS: Final = pa.dictionary(pa.int8(), pa.string())


def ratio_text(value: Fraction) -> str:
    """A score as text: a decimal where one writes it exactly, else a fraction such as 100/3."""
    return str(value) if exact_places(value) is None else decimal_text(value)


def _unit(compiled: Compiled, placed: Placed) -> Fraction | None:
    """What the scores of a node are multiples of; None where they are any fractions."""
    if isinstance(placed.node, Indicator):
        return next(leaf.item.unit for leaf in compiled.leaves if leaf.placed.path == placed.path)
    unit = Fraction(0)
    for path in placed.children:
        below = _unit(compiled, compiled.framework.layout[path])
        if below is None:
            return None
        unit = common(unit, below) if unit else below
    return unit * _scale(compiled, placed) if unit else Fraction(1)


def _scale(compiled: Compiled, placed: Placed) -> Fraction:
    inner = sum((compiled.framework.layout[path].points for path in placed.children), Fraction(0))
    return placed.points / inner if inner else Fraction(1)


def _type(unit: Fraction | None) -> pa.DataType:
    places = None if unit is None else exact_places(unit)
    return pa.string() if places is None or places > _MOST_PLACES else pa.decimal128(_DIGITS, places)


def _nodes(compiled: Compiled, detail: Detail) -> Sequence[Placed]:
    if detail == "total":
        return ()
    layout = compiled.framework.layout.values()
    return [each for each in layout if detail == "indicators" or not isinstance(each.node, Indicator)]


def needs_fractions(compiled: Compiled, detail: Detail) -> bool:
    """Whether the output holds scores that are not rounded: they can be any fractions."""
    return any(_unit(compiled, placed) is None for placed in _nodes(compiled, detail))


def _total_type(compiled: Compiled) -> pa.DataType:
    return pa.string() if compiled.awkward else _type(compiled.unit)


def schema_of(compiled: Compiled, detail: Detail, identity: pa.Field | None) -> pa.Schema:
    """The columns of the output; `identity` is carried over from the input."""
    fields = [] if identity is None else [identity]
    fields += [
        pa.field("score", _total_type(compiled)),
        pa.field("grade", _STATUS),
        pa.field("status", _STATUS),
        pa.field("message", pa.string()),
        pa.field("details", pa.string()),
        pa.field("assumed_points", _type(compiled.counts_unit)),
    ]
    for placed in _nodes(compiled, detail):
        fields += [
            pa.field(f"{placed.path}.score", _type(_unit(compiled, placed))),
            pa.field(f"{placed.path}.status", _STATUS),
            pa.field(f"{placed.path}.message", pa.string()),
        ]
    return pa.schema(fields)


def written(
    compiled: Compiled,
    found: ScoredRows,
    schema: pa.Schema,
    detail: Detail,
    language: Language,
    identity: pa.Array | None,
) -> pa.RecordBatch:
    """The output for scored rows."""
    return _Writer(compiled, found, schema, language).batch(detail, identity)


class _Writer:
    def __init__(self, compiled: Compiled, found: ScoredRows, schema: pa.Schema, language: Language) -> None:
        self.compiled, self.found, self.schema, self.language = compiled, found, schema, language
        self.rows = found.table.rows
        self._nodes: dict[str, NodeRows] = dict(found.nodes)
        self._quotients: dict[str, _Quotients] = {}

    def batch(self, detail: Detail, identity: pa.Array | None) -> pa.RecordBatch:
        compiled, found = self.compiled, self.found
        cards = {row: card for row, card in found.singly.items() if isinstance(card, Scorecard)}
        unread = {row: message for row, message in found.singly.items() if isinstance(message, Message)}
        grades = [grade.name for grade in compiled.framework.grades]
        arrays = [] if identity is None else [identity]
        scores: dict[int, Fraction | None] = {row: card.score for row, card in cards.items()}
        scores |= dict.fromkeys(unread)
        arrays.append(self._numbers(self.schema.field("score").type, found.score, compiled.unit, found.scored, scores))
        grade, status = found.grade.copy(), found.status.astype(np.int8)
        message: dict[int, Message | None] = {}
        for row, card in cards.items():
            grade[row] = -1 if card.grade is None else grades.index(card.grade.name)
            status[row] = STATUSES.index(_row_status(compiled, card))
            message[row] = card.message
        for row, refused in unread.items():
            grade[row], status[row], message[row] = -1, STATUSES.index("error"), refused
        arrays.append(_words(grade, grades))
        arrays.append(_words(status, STATUSES))
        arrays.append(self._messages(found.message, message))
        arrays.append(self._details(cards, unread))
        assumed: dict[int, Fraction | None] = {row: card.assumed_points for row, card in cards.items()}
        assumed |= dict.fromkeys(unread)
        every = np.ones(self.rows, np.bool_)
        kind = self.schema.field("assumed_points").type
        arrays.append(self._numbers(kind, found.assumed, compiled.counts_unit, every, assumed))
        for placed in _nodes(compiled, detail):
            arrays += self._node(placed, cards, unread)
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def _node(
        self, placed: Placed, cards: Mapping[int, Scorecard], unread: Mapping[int, Message]
    ) -> Sequence[pa.Array]:
        node = self._rows_of(placed)
        unit = _unit(self.compiled, placed)
        score: dict[int, Fraction | None] = {row: card.nodes[placed.path].score for row, card in cards.items()}
        score |= dict.fromkeys(unread)
        status = node.status.astype(np.int8)
        message: dict[int, Message | None] = dict.fromkeys(unread)
        for row, card in cards.items():
            status[row] = STATUSES.index(card.nodes[placed.path].status)
            message[row] = card.nodes[placed.path].message
        for row in unread:
            status[row] = STATUSES.index("error")
        if unit is None:
            scores = self._fractions(placed, node.scored, score)
        else:
            kind = self.schema.field(f"{placed.path}.score").type
            scores = self._numbers(kind, _multiples(node.score, unit, self.rows), unit, node.scored, score)
        return scores, _words(status, STATUSES), self._messages(node.message, message)

    def _rows_of(self, placed: Placed) -> NodeRows:
        """A node in every row; a dimension as `evaluate` adds it up."""
        if placed.path not in self._nodes:
            below = [self._rows_of(self.compiled.framework.layout[path]) for path in placed.children]
            status = np.zeros(self.rows, np.uint8)
            scored = np.ones(self.rows, np.bool_)
            if below:
                status[np.all([node.status == 1 for node in below], axis=0)] = 1
                scored = np.any([node.scored for node in below], axis=0)
            for wrong in (2, 3):  # an error below outweighs what is merely not known yet
                rows = np.any([node.status == wrong for node in below] or [~scored], axis=0)
                status[rows], scored = wrong, scored & ~rows
            self._nodes[placed.path] = NodeRows(
                status, scored, self._sum(placed, below), np.full(self.rows, np.int32(-1))
            )
        return self._nodes[placed.path]

    def _sum(self, placed: Placed, below: Sequence[NodeRows]) -> Fraction | Bounded:
        """The scores of a dimension, where they are whole multiples of a unit."""
        unit, scale = _unit(self.compiled, placed), _scale(self.compiled, placed)
        if unit is None:
            return Fraction(0)  # see `_quotients_of`
        k, size = np.zeros(self.rows), np.float64(2**53)
        for node in below:
            k += np.where(node.scored, _multiples(node.score, unit / scale, self.rows), 0)
        return Bounded(k, unit, -size, size)

    def _quotients_of(self, placed: Placed) -> _Quotients:
        """The scores of a node that is not rounded, in every row that was not scored singly."""
        if placed.path not in self._quotients:
            if isinstance(placed.node, Indicator):
                score = self._nodes[placed.path].score
                assert not isinstance(score, Bounded)
                self._quotients[placed.path] = _quotients(score, self.rows)
            else:
                total = _quotients(Fraction(0), self.rows)
                for path in placed.children:
                    below = self.compiled.framework.layout[path]
                    total = _added(total, self._quotients_of(below), self._rows_of(below).scored)
                scale = _scale(self.compiled, placed)
                self._quotients[placed.path] = total[0] * scale.numerator, total[1] * scale.denominator
        return self._quotients[placed.path]

    def _fractions(self, placed: Placed, known: NDArray[np.bool_], instead: Mapping[int, Fraction | None]) -> pa.Array:
        """The scores of a node that is not rounded, as text; None where it is not `known`; `instead` in some rows."""
        texts: list[str | None] = [None] * self.rows
        n, d = self._quotients_of(placed)
        said: dict[tuple[int, int], str] = {}
        for row in np.flatnonzero(known).tolist():
            if row not in instead:
                pair = n[row], d[row]
                if pair not in said:
                    said[pair] = ratio_text(Fraction(*pair))
                texts[row] = said[pair]
        for row, value in instead.items():
            texts[row] = None if value is None else ratio_text(value)
        return pa.array(texts, pa.string())

    def _numbers(
        self,
        kind: pa.DataType,
        k: NDArray[np.float64] | NDArray[np.int64],
        unit: Fraction,
        known: NDArray[np.bool_],
        instead: Mapping[int, Fraction | None],
    ) -> pa.Array:
        """k × unit as decimals, or as text; None where it is not `known`; `instead` in some rows."""
        if instead:
            known = known.copy()
            known[list(instead)] = False
        if pa.types.is_string(kind):
            texts: list[str | None] = [
                ratio_text(int(each) * unit) if has else None for each, has in zip(k, known, strict=True)
            ]
            for row, value in instead.items():
                texts[row] = None if value is None else ratio_text(value)
            return pa.array(texts, pa.string())
        by = unit * 10**kind.scale
        assert by.denominator == 1
        low = np.where(known, k, 0).astype(np.int64) * np.int64(by.numerator)
        for row, value in instead.items():
            known[row] = value is not None
            low[row] = 0 if value is None else int(value * 10**kind.scale)
        words = np.empty((self.rows, 2), np.int64)
        words[:, 0] = low
        words[:, 1] = low >> 63
        valid = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little"))
        return pa.Array.from_buffers(kind, self.rows, [valid, pa.py_buffer(words)])

    def _messages(self, codes: NDArray[np.int32], instead: Mapping[int, Message | None]) -> pa.Array:
        if not instead and not (codes >= 0).any():
            return pa.nulls(self.rows, pa.string())
        texts: list[str | None] = [None] * self.rows
        said = self.compiled.messages.list
        for row in np.flatnonzero(codes >= 0).tolist():
            texts[row] = said[codes[row]].to(self.language)
        for row, message in instead.items():
            texts[row] = None if message is None else message.to(self.language)
        return pa.array(texts, pa.string())

    def _details(self, cards: Mapping[int, Scorecard], unread: Mapping[int, Message]) -> pa.Array:
        """What has no score below, and why."""
        nodes = list(self.found.nodes.items())
        wrong = np.zeros(self.rows, np.bool_)
        for _, node in nodes:
            wrong |= node.status >= 2
        texts: list[str | None] = [None] * self.rows
        rows = np.flatnonzero(wrong)
        if not rows.size and not cards and not unread:
            return pa.nulls(self.rows, pa.string())
        if rows.size:
            codes = np.stack([np.where(node.status[rows] >= 2, node.message[rows], -1) for _, node in nodes], axis=1)
            known: dict[bytes, str] = {}
            for row, line in zip(rows.tolist(), codes, strict=True):
                key = line.tobytes()
                if key not in known:
                    said = [
                        (name, self.compiled.messages.list[code])
                        for (name, _), code in zip(nodes, line, strict=True)
                        if code >= 0
                    ]
                    known[key] = self._listed(said)
                texts[row] = known[key] or None
        for row, card in cards.items():
            said = [
                (node.path, node.message)
                for node in card.indicators
                if node.status in ("unknown", "error") and node.message is not None
            ]
            said += [(ADJUSTMENT + each.id, each.message) for each in card.adjustments if each.message is not None]
            texts[row] = self._listed(said) or None
        for row in unread:
            texts[row] = None
        return pa.array(texts, pa.string())

    def _listed(self, said: Sequence[tuple[str, Message]]) -> str:
        zh = self.language == "zh"
        parts = [
            f"{name.removeprefix(ADJUSTMENT)}{'：' if zh else ': '}{message.to(self.language)}"
            for name, message in said
        ]
        return ("；" if zh else "; ").join(parts)


_Quotients: TypeAlias = tuple["NDArray[Any]", "NDArray[Any]"]
"""Numerators and denominators, in Python's own integers."""


def _quotients(score: Fraction | Ratios, rows: int) -> _Quotients:
    if isinstance(score, Fraction):
        return np.full(rows, score.numerator, object), np.full(rows, score.denominator, object)
    return score.n.astype(object) * score.unit.numerator, score.d.astype(object) * score.unit.denominator


def _added(a: _Quotients, b: _Quotients, where: NDArray[np.bool_]) -> _Quotients:
    """a + b in some rows, a in the others."""
    n, d = a[0] * b[1] + b[0] * a[1], a[1] * b[1]
    return np.where(where, n, a[0]), np.where(where, d, a[1])


def _multiples(score: Fraction | Bounded | Ratios, unit: Fraction, rows: int) -> NDArray[np.float64]:
    """Scores as whole multiples of `unit`."""
    assert not isinstance(score, Ratios)  # those have no unit
    if isinstance(score, Fraction):
        return np.full(rows, np.float64(int(score / unit)))
    by = score.unit / unit
    return score.k if by == 1 else score.k * np.float64(by.numerator / by.denominator)


def _words(codes: NDArray[np.int8], words: Sequence[str]) -> pa.Array:
    missing = codes < 0
    indices = pa.array(codes, pa.int8(), mask=missing if missing.any() else None)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(words), pa.string()))


def _row_status(compiled: Compiled, card: Scorecard) -> Status:
    """What became of a row that was scored singly."""
    if card.score is not None:
        return "scored"
    framework = compiled.framework
    found: list[Status] = [node.status for node in card.indicators]
    found += [
        _status(each.expression(), card, "points")
        for each, scored in zip(framework.adjustments, card.adjustments, strict=True)
        if scored.points is None
    ]
    if not {"unknown", "error"} & set(found):
        if card.applicable == 0:
            return "not-applicable"
        failed = (_status(limit.when, card, "truth") for limit in framework.limits)
        return next((status for status in failed if status != "scored"), "error")
    return "error" if "error" in found else "unknown"


def _status(expr: Expr, card: Scorecard, wanted: str) -> Status:
    sheet = card.facts
    if mixture(expr, sheet.kinds, wanted) is not None:
        return "error"
    try:
        exact(expr, sheet.values)
    except Unknown:
        return "error" if any(sheet.failure(name) is not None for name in names(expr)) else "unknown"
    except (DividedByZero, NotMet, Mistyped):
        return "error"
    return "scored"
