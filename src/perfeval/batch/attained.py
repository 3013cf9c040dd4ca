"""Attained: what each weighed part of a framework earned in every row, exactly, and the totals that other weights make of it.

All numbers are whole: shares over one denominator, totals in steps of the framework's rounding. Machine integers compute as long as
they are proven not to overflow; rows beyond that are computed in Python's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
from attrs import evolve, frozen
from numpy.typing import NDArray

from perfeval.assessment import Assessment
from perfeval.batch import Scorer
from perfeval.batch.compiled import ADJUSTMENT
from perfeval.batch.reading import read_by
from perfeval.batch.rows import STATUSES, ScoredRows, Table
from perfeval.batch.tables import Source, in_pieces
from perfeval.batch.weightings import Weightings
from perfeval.errors import DefinitionError, Language, Message, problem
from perfeval.evaluate import evaluate
from perfeval.expr.bounded import Bounded
from perfeval.expr.names import names
from perfeval.expr.nodes import If, maximum, number
from perfeval.expr.ratios import Ratios
from perfeval.framework import Adjustment, Framework, Indicator, Placed
from perfeval.quantity import Mode
from perfeval.scorecard import Scorecard
from perfeval.totals import not_applicable_as

__all__ = ["Attained", "attained", "attained_by"]

Whole: TypeAlias = NDArray[Any]
"""Whole numbers: int64, or Python's own in an array of objects."""
_LIMIT: Final = "limit?"  # ids of points beside the tree that only ask something
_BONUS: Final = "bonus?"
_CHUNK: Final = 2**14  # rows at once
_WORD: Final = 2**62
_NO_CAP: Final = np.int64(2**62)
_WHOLE: Final = 2**53
_OUT: Final = STATUSES.index("not-applicable")
_ZERO: Final = Fraction(0)


@frozen(eq=False)
class _Rows:
    """Some of the rows that have a total, in whole numbers.

    Attributes:
        rows: which rows.
        own: a denominator of each row.
        bases: denominators of each path.
        earned: by path, what was earned as a share of its points, over its base and the row's own; what does not apply counts as nothing.
        points_bases: denominators of each path.
        applicable: by path, the share of its points that apply, over its points base.
        bonus: by path, what was earned above the points, as `earned`.
        beside_base: a denominator.
        beside: the points beside the tree, over it and the row's own.
        cap: the total is at most so many steps.
        worst: no grade before this place.
    """

    rows: NDArray[np.intp]
    own: Whole
    bases: tuple[int, ...]
    earned: Whole
    points_bases: tuple[int, ...]
    applicable: Whole
    bonus: Whole | None
    beside_base: int
    beside: Whole | None
    cap: Whole | None
    worst: NDArray[np.int8]

    def part(self, start: int, stop: int) -> _Rows:
        """Some of these rows."""
        of = slice(start, stop)
        return evolve(
            self,
            rows=self.rows[of],
            own=self.own[of],
            earned=self.earned[of],
            applicable=self.applicable[of],
            bonus=None if self.bonus is None else self.bonus[of],
            beside=None if self.beside is None else self.beside[of],
            cap=None if self.cap is None else self.cap[of],
            worst=self.worst[of],
        )


@frozen(eq=False)
class Attained:
    """What a number of units earned in each weighed part of a framework.

    Attributes:
        framework: by which they were scored.
        units: how many there are, with or without a total.
        status: of each, as `batch` writes it.
        identity_name, identity: the column that names them, if there is one.
        step: totals are whole numbers of it.
        most: no total is higher, whatever the weights.
    """

    framework: Framework
    units: int
    status: NDArray[np.uint8]
    identity_name: str | None
    identity: pa.ChunkedArray | None
    step: Fraction
    most: Fraction
    _blocks: tuple[_Rows, ...]

    @cached_property
    def scored(self) -> NDArray[np.intp]:
        """The units that have a total, in the order in which `totals` has them."""
        return np.concatenate([block.rows for block in self._blocks]) if self._blocks else np.empty(0, np.intp)

    @cached_property
    def worst(self) -> NDArray[np.int8]:
        """Of these, the best place among the grades that limits leave."""
        return np.concatenate([block.worst for block in self._blocks]) if self._blocks else np.empty(0, np.int8)

    def totals(self, weightings: Weightings, start: int = 0, stop: int | None = None) -> NDArray[np.int64]:
        """The totals of scored units `start` to `stop`, a row each, under every weighting, a column each; in steps."""
        found, before = [np.empty((0, len(weightings)), np.int64)], 0
        stop = len(self.scored) if stop is None else stop
        for block in self._blocks:
            low, high = max(start - before, 0), min(stop - before, len(block.rows))
            if low < high:
                found.append(_totals(self.framework, block.part(int(low), int(high)), weightings))
            before += len(block.rows)
        return np.concatenate(found)

    def grades(self, totals: NDArray[np.int64], worst: NDArray[np.int8]) -> NDArray[np.int8]:
        """The places of the totals' grades among the framework's; all 0 where it has none."""
        place = np.zeros(totals.shape, np.int8)
        for grade in self.framework.grades[:-1]:
            edge = grade.from_ / self.step
            place += totals < -(-edge.numerator // edge.denominator)
        return np.maximum(place, worst[:, None])


# The totals.


def _totals(framework: Framework, block: _Rows, weightings: Weightings) -> NDArray[np.int64]:
    """As `evaluate` computes the total, for every row and weighting."""
    rounding = framework.rounding_of("total")
    assert rounding is not None  # the total falls back on two places
    scale: int = 10**rounding.places
    formula = _Formula.of(framework, block, weightings)
    if formula.largest * scale * 4 < _WORD:
        found = _rounded(*formula.ratio(block, np.dtype(np.int64)), scale, rounding.mode)
    else:
        found, open_ = _estimated(block, weightings, framework.points, scale, rounding.mode)
        for row in np.flatnonzero(open_.any(axis=1)).tolist():
            some = evolve(weightings, whole=weightings.whole[open_[row]], names=())
            single = block.part(row, row + 1)
            ratio = _Formula.of(framework, single, some).ratio(single, np.dtype(object))
            found[row, open_[row]] = _rounded(*ratio, scale, rounding.mode)[0]
    return found if block.cap is None else np.minimum(found, block.cap[:, None].astype(np.int64))


@frozen(eq=False)
class _Formula:
    """The total as a ratio of whole numbers.

    total = (unit × Σ weight × earned × points ÷ applicable + unit × Σ weight × bonus + beside) ÷ own, each over its bases

    Attributes:
        weights: by weighting and path, brought to the bases in common.
        applies: the same for what applies; None where everything does.
        whole: what the points are times what applies is over, in units.
        unit: the numerator of the weights' unit.
        beside: what the points beside the tree are multiplied by.
        under: the denominator.
        largest: no number on the way is larger.
    """

    weights: Whole
    applies: Whole | None
    whole: int
    unit: int
    beside: int
    under: int
    largest: int

    @classmethod
    def of(cls, framework: Framework, block: _Rows, weightings: Weightings) -> _Formula:
        """The formula for these rows."""
        unit = weightings.unit
        base = lcm(*block.bases, block.beside_base)
        weights = weightings.whole.astype(object) * np.array([base // each for each in block.bases], object)
        applies, whole = None, 1
        if not (block.applicable == np.array(block.points_bases)).all():
            points_base = lcm(*block.points_bases)
            factors = np.array([points_base // each for each in block.points_bases], object)
            applies = weightings.whole.astype(object) * factors
            whole = points_base * int(framework.points / unit)
        under, beside = unit.denominator * base, unit.denominator * (base // block.beside_base)
        most = max(int(each) for each in weights.sum(axis=1)) if len(weights) else 0
        parts = (_largest(block.earned) + _largest(block.bonus)) * most * unit.numerator
        top = parts + _largest(block.beside) * beside
        largest = max(top, under * _largest(block.own)) * whole
        return cls(weights, applies, whole, unit.numerator, beside, under, largest)

    def ratio(self, block: _Rows, kind: np.dtype[Any]) -> tuple[Whole, Whole]:
        """Numerators and denominators, a row each and a weighting each."""
        weights = self.weights.astype(kind)
        top = _product(block.earned.astype(kind), weights) * self.unit
        bottom = block.own.astype(kind)[:, None] * self.under
        added: Whole | None = None
        if block.bonus is not None:
            added = _product(block.bonus.astype(kind), weights) * self.unit
        if block.beside is not None:
            points = block.beside.astype(kind)[:, None] * self.beside
            added = points if added is None else added + points
        if self.applies is not None:
            share = _product(block.applicable.astype(kind), self.applies.astype(kind))
            top = top * self.whole
            added = None if added is None else added * share
            bottom = bottom * share
        return (top if added is None else top + added), bottom


def _largest(whole: Whole | None) -> int:
    return 0 if whole is None or not whole.size else int(abs(whole).max())


def _product(values: Whole, weights: Whole) -> Whole:
    """Each row of values with each row of weights."""
    if values.dtype != object and _largest(values) * int(weights.sum(axis=1).max(initial=0)) < _WHOLE:
        # Exact in machine numbers, whose products are many times as fast.
        return (values.astype(np.float64) @ weights.T.astype(np.float64)).astype(np.int64)
    return values @ weights.T


def _rounded(top: Whole, bottom: Whole, scale: int, mode: Mode) -> NDArray[np.int64]:
    """top × scale ÷ bottom as a whole number; what is negative counts as 0."""
    top = np.maximum(top, 0) * scale
    bottom = bottom[0, 0] if top.size and (bottom == bottom[0, 0]).all() else bottom
    match mode:
        case "half-up":
            found = (2 * top + bottom) // (2 * bottom)
        case "half-even":
            found = top // bottom
            rest = 2 * (top - found * bottom)
            found = found + ((rest > bottom) | ((rest == bottom) & (found % 2 == 1)))
        case "down" | "floor":
            found = top // bottom
        case "up" | "ceil":
            found = -(-top // bottom)
    return np.asarray(found, np.int64)


def _estimated(
    block: _Rows, weightings: Weightings, points: Fraction, scale: int, mode: Mode
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The totals in machine numbers, and where those do not decide how one is rounded.

    Some ten operations and a sum over the paths are each off by 2**-53 of what they add up; 2**-38 is far more than all together.
    """
    weights = weightings.whole.T * np.float64(weightings.unit.numerator / weightings.unit.denominator)
    own = block.own[:, None]
    total = _shares(block.earned, own, block.bases) @ weights
    if not (block.applicable == np.array(block.points_bases)).all():
        ones = np.ones_like(own)
        total *= np.float64(points.numerator / points.denominator) / (
            _shares(block.applicable, ones, block.points_bases) @ weights
        )
    size = total.copy()
    if block.bonus is not None:
        bonus = _shares(block.bonus, own, block.bases) @ weights
        total, size = total + bonus, size + bonus
    if block.beside is not None:
        beside = _shares(block.beside[:, None], own, (block.beside_base,))
        total, size = total + beside, size + np.abs(beside)
    total, size = total * scale, (size + 1) * scale
    ties = np.float64(1 / 2) if mode.startswith("half") else np.float64(0)
    open_ = np.abs(total - ties - np.rint(total - ties)) <= size * np.float64(2**-38)
    positive = np.maximum(total, 0)
    match mode:
        case "half-up" | "half-even":
            found = np.floor(positive + np.float64(1 / 2))
        case "down" | "floor":
            found = np.floor(positive)
        case "up" | "ceil":
            found = np.ceil(positive)
    return found.astype(np.int64), open_


def _shares(whole: Whole, own: Whole, bases: Sequence[int]) -> NDArray[np.float64]:
    """Whole numbers over their denominators; Python's own are divided as such, and each quotient is the nearest there is."""
    if whole.dtype == object or own.dtype == object:
        quotients = whole / (own * np.array(bases, object))
        return np.asarray(quotients, np.float64)
    shares: NDArray[np.float64] = whole / own / np.array(bases, np.float64)
    return shares


# What was earned.


def attained(
    framework: Framework | Assessment,
    table: pa.Table | Source,
    weightings: Weightings,
    *,
    names: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    identity: str | None = None,
    language: Language | None = None,
) -> Attained:
    """What each row of a table earned in each part that is weighed.

    Args:
        framework, names, units, identity, language: as `perfeval.batch.compile` takes them.
        table: at hand, or in a file (`perfeval.batch.tables.table_in`).

    Raises:
        DefinitionError: as `compile` and its scorers; arguments that speak of columns that are not there; a total that is rounded to fewer places than the framework's points have.
    """
    assessment = framework if isinstance(framework, Assessment) else Assessment(framework)
    of = assessment.framework
    _refuse_awkward(of)
    scorer = Scorer(
        evolve(assessment, framework=_asking(of)), names or {}, units or {}, identity, "indicators", language
    )
    source = table if isinstance(table, Source) else in_pieces(table)
    columns, pieces = read_by(scorer, source, _CHUNK)
    reader = _Reader(of, weightings)
    blocks: list[_Rows] = []
    named: list[pa.Array] = []
    status, before = [np.empty(0, np.uint8)], 0
    for piece in pieces:
        facts = scorer.table(piece.batch, piece.wrong)
        found = scorer.rows(facts, singly=of.rounding_of("each") is None)
        if reader.exact_bonus:
            blocks += reader.rows(found, before)
        else:  # a bonus that the columns round: each row by itself
            blocks += reader.cards(_each(scorer, facts), before)
        status.append(_status(found))
        named += [each for each in (scorer.names_of_rows(piece.batch),) if each is not None]
        before += facts.rows
    column = None if identity is None else pa.chunked_array(named, scorer.schema(columns).field(0).type)
    return Attained(of, before, np.concatenate(status), identity, column, _step(of), _most(of), tuple(blocks))


def attained_by(assessments: Sequence[Assessment], weightings: Weightings, titles: Sequence[str]) -> Attained:
    """As `attained`, of assessments; they may have indicators of their own, below the same first level.

    Args:
        titles: what they are called.

    Raises:
        DefinitionError: the frameworks differ in id, points, rounding, grades or first level.
    """
    framework = assessments[0].framework
    _refuse_awkward(framework)
    problems = [
        problem(
            f"{title}：指标体系与第一份不同，不能一同排名 — 请只比较同一指标体系的评价",
            f"{title}: its framework is not that of the first one — rank assessments of one framework only",
        )
        for title, each in zip(titles, assessments, strict=True)
        if _kind(each.framework, weightings) != _kind(framework, weightings)
    ]
    if problems:
        raise DefinitionError(problems)
    cards: dict[int, Scorecard] = {}
    blocks: list[_Rows] = []
    status = np.zeros(len(assessments), np.uint8)
    for row, each in enumerate(assessments):
        base = evaluate(each)
        status[row] = _status_of(base)
        cards[row] = evaluate(evolve(each, framework=_asking(each.framework)))
        blocks += _Reader(each.framework, weightings).cards({row: cards[row]}, 0)
    most = max(_most(each.framework) for each in assessments)
    column = pa.chunked_array([pa.array(list(titles), pa.string())])
    return Attained(framework, len(assessments), status, "assessment", column, _step(framework), most, tuple(blocks))


def _kind(framework: Framework, weightings: Weightings) -> tuple[object, ...]:
    """What frameworks have to share for their totals to be ranked together."""
    points = tuple(
        (path, framework.layout[path].counts if path in framework.layout else None) for path in weightings.paths
    )
    first = (
        tuple(node.id for node in framework.tree)
        if weightings.by == "dimension"
        else tuple(each.path for each in framework.indicators)
    )
    return framework.id, framework.points, framework.rounding, framework.grades, points, first


def _refuse_awkward(framework: Framework) -> None:
    rounding = framework.rounding_of("total")
    assert rounding is not None
    if rounding.applied(framework.points) > framework.points:
        raise DefinitionError(
            problem(
                "总分取整后会高于满分，这样的指标体系不能做权重分析 — 请在 rounding 中多保留几位小数",
                "the framework's points themselves would be rounded up: weights cannot be varied — keep more places in its rounding",
            )
        )


def _step(framework: Framework) -> Fraction:
    rounding = framework.rounding_of("total")
    assert rounding is not None
    return Fraction(1, 10**rounding.places)


def _most(framework: Framework) -> Fraction:
    """No total is above this: a leaf's bonus counts in proportion to its weight, which is at most all points."""
    bonus = max(_leaf(each).bonus_up_to / each.points for each in framework.indicators)
    beside = sum((max(each.at_most, _ZERO) for each in framework.adjustments), _ZERO)
    return framework.points * (1 + bonus) + beside + 1


def _leaf(placed: Placed) -> Indicator:
    assert isinstance(placed.node, Indicator)
    return placed.node


def _asking(framework: Framework) -> Framework:
    """The framework with its limits, and what is earned above an indicator's points, as points beside the tree."""
    asked = list(framework.adjustments)
    for index, limit in enumerate(framework.limits):
        asked.append(
            Adjustment(f"{_LIMIT}{index}", limit.title, If(limit.when, number(1), number(0)), at_most=Fraction(1))
        )
    for placed in framework.indicators:
        leaf = _leaf(placed)
        if leaf.bonus_up_to:
            award = maximum(0, framework.award(placed) - number(placed.points))
            bonus = award if leaf.applies is None else If(leaf.applies, award, number(0))
            asked.append(Adjustment(f"{_BONUS}{placed.path}", leaf.title, bonus, at_most=leaf.bonus_up_to))
    return evolve(framework, adjustments=tuple(asked), limits=())


def _each(scorer: Scorer, facts: Table) -> dict[int, Scorecard]:
    """Every row as the exact scorer scores it."""
    found = scorer.rows(facts, singly=True).singly
    return {row: card for row, card in found.items() if isinstance(card, Scorecard)}


def _status(found: ScoredRows) -> NDArray[np.uint8]:
    status = np.where(found.scored, np.uint8(0), found.status).astype(np.uint8)
    for row, card in found.singly.items():
        status[row] = STATUSES.index("error") if isinstance(card, Message) else _status_of(card)
    return status


def _status_of(card: Scorecard) -> int:
    if card.score is not None:
        return STATUSES.index("scored")
    found: set[str] = {node.status for node in card.indicators}
    for each, scored in zip(card.assessment.framework.adjustments, card.adjustments, strict=True):
        if scored.points is None:
            missing = any(card.facts.missing(name) for name in names(each.award))
            found.add("unknown" if missing else "error")
    return STATUSES.index("unknown" if "unknown" in found and "error" not in found else "error")


class _Reader:
    """Reads what was earned off scored rows and scorecards of the asking framework."""

    def __init__(self, framework: Framework, weightings: Weightings) -> None:
        self.framework = framework
        self.paths = weightings.paths
        layout = framework.layout
        self._place = {
            leaf.path: next(place for place, path in enumerate(self.paths) if f"{leaf.path}.".startswith(f"{path}."))
            for leaf in framework.indicators
        }
        self._counts = [layout[path].counts for path in self.paths]
        each = framework.rounding_of("each")
        self._bonuses = [leaf for leaf in framework.indicators if _leaf(leaf).bonus_up_to]
        places = 0 if each is None else each.places
        self.exact_bonus = all((leaf.points * 10**places).denominator == 1 for leaf in self._bonuses) or each is None
        self._points_bases = self._bases((leaf, self._part(leaf)) for leaf in framework.indicators)
        self._caps = tuple(
            None if limit.at_most is None else int(self._in_steps(limit.at_most)) for limit in framework.limits
        )
        names = [grade.name for grade in framework.grades]
        self._worst = [
            0 if limit.grade_at_most is None else names.index(limit.grade_at_most) for limit in framework.limits
        ]

    def _bases(self, shares: Iterable[tuple[Placed, Fraction]]) -> tuple[int, ...]:
        """For each path the denominator in common of shares of its points."""
        found = [1] * len(self.paths)
        for leaf, share in shares:
            place = self._place[leaf.path]
            found[place] = lcm(found[place], share.denominator)
        return tuple(found)

    def _in_steps(self, cap: Fraction) -> Fraction:
        rounding = self.framework.rounding_of("total")
        assert rounding is not None
        scale: int = 10**rounding.places
        return rounding.applied(max(cap, _ZERO)) * scale

    def _part(self, leaf: Placed) -> Fraction:
        """How much of its weighed node's points an indicator is."""
        return leaf.counts / self._counts[self._place[leaf.path]]

    def _per_point(self, leaf: Placed) -> Fraction:
        """What share of its weighed node's points one point of an indicator is."""
        return leaf.factor / self._counts[self._place[leaf.path]]

    # Rows scored as columns.

    def rows(self, found: ScoredRows, before: int) -> Iterable[_Rows]:
        """The rows with a total."""
        singly = {row: card for row, card in found.singly.items() if isinstance(card, Scorecard)}
        fine = found.scored.copy()
        fine[list(found.singly)] = False
        rows = np.flatnonzero(fine)
        if rows.size:
            yield self._columns(found, rows, before)
        yield from self.cards(singly, before)

    def _columns(self, found: ScoredRows, rows: NDArray[np.intp], before: int) -> _Rows:
        framework, size = self.framework, (len(rows), len(self.paths))
        scores = {key: _whole(node.score, rows) for key, node in found.nodes.items()}
        above = {leaf.path: f"{ADJUSTMENT}{_BONUS}{leaf.path}" for leaf in self._bonuses}
        per = [(leaf, leaf.path, scores[leaf.path][1] * self._per_point(leaf)) for leaf in framework.indicators]
        per += [(leaf, above[leaf.path], scores[above[leaf.path]][1] * self._per_point(leaf)) for leaf in self._bonuses]
        bases = self._bases((leaf, share) for leaf, _, share in per)
        fits = max(*bases, *self._points_bases) < _WHOLE
        kind = np.dtype(np.int64 if fits else object)
        earned, bonus, applicable = (np.zeros(size, kind) for _ in range(3))
        for leaf, key, share in per:
            place = self._place[leaf.path]
            times = scores[key][0].astype(kind) * int(share * bases[place])
            if key != leaf.path:
                bonus[:, place] += times
                continue
            out = (found.nodes[key].status[rows] == _OUT) & (not_applicable_as(framework, leaf) == "rescale")
            applicable[:, place] += (~out).astype(kind) * int(self._part(leaf) * self._points_bases[place])
            earned[:, place] += np.where(out, 0, times)
        units = [scores[ADJUSTMENT + each.id][1] for each in framework.adjustments]
        beside_base = lcm(*(each.denominator for each in units))
        beside = np.zeros(len(rows), np.int64)
        for each, unit in zip(framework.adjustments, units, strict=True):
            beside += scores[ADJUSTMENT + each.id][0] * np.int64(int(unit * beside_base))
        held = [scores[f"{ADJUSTMENT}{_LIMIT}{index}"][0] > 0 for index in range(len(framework.limits))]
        cap, worst = self._limited(held, len(rows))
        return _Rows(
            rows + before,
            np.ones(len(rows), np.int64),
            bases,
            earned,
            self._points_bases,
            applicable,
            bonus if self._bonuses else None,
            beside_base,
            beside if framework.adjustments else None,
            cap,
            worst,
        )

    def _limited(self, held: Sequence[NDArray[np.bool_]], rows: int) -> tuple[Whole | None, NDArray[np.int8]]:
        most = np.full(rows, _NO_CAP)
        worst = np.zeros(rows, np.int8)
        for holds, cap, place in zip(held, self._caps, self._worst, strict=True):
            if cap is not None:
                most = np.where(holds, np.minimum(most, cap), most)
            worst = np.where(holds, np.maximum(worst, np.int8(place)), worst)
        return (most if any(cap is not None for cap in self._caps) else None), worst

    # Rows scored one by one.

    def cards(self, cards: Mapping[int, Scorecard], before: int) -> Iterable[_Rows]:
        """The scorecards with a total, one `_Rows` for all that machine integers hold and one for the others."""
        lines = [(row, self._line(card)) for row, card in sorted(cards.items()) if card.score is not None]
        fit = [each for each in lines if max(each[1].size, each[1].own) < _WHOLE]
        rest = [each for each in lines if max(each[1].size, each[1].own) >= _WHOLE]
        for some, kind in ((fit, np.int64), (rest, object)):
            if some:
                yield self._stacked(some, before, np.dtype(kind))

    def _stacked(self, lines: Sequence[tuple[int, _Line]], before: int, kind: np.dtype[Any]) -> _Rows:
        def column(of: Sequence[object]) -> Whole:
            return np.array(of, kind)

        found = [line for _, line in lines]
        held = [np.array([line.held[index] for line in found]) for index in range(len(self.framework.limits))]
        cap, worst = self._limited(held, len(found))
        return _Rows(
            np.array([row for row, _ in lines], np.intp) + before,
            column([line.own for line in found]),
            (1,) * len(self.paths),
            column([line.earned for line in found]),
            self._points_bases,
            np.array([line.applicable for line in found], np.int64),
            column([line.bonus for line in found]) if self._bonuses else None,
            1,
            column([line.beside for line in found]) if self.framework.adjustments else None,
            cap,
            worst,
        )

    def _line(self, card: Scorecard) -> _Line:
        earned, bonus = [_ZERO] * len(self.paths), [_ZERO] * len(self.paths)
        applicable = [0] * len(self.paths)
        for leaf in self.framework.indicators:
            node, place = card.nodes[leaf.path], self._place[leaf.path]
            bonus[place] += node.bonus * self._per_point(leaf)
            if node.score is not None:
                earned[place] += node.score * self._per_point(leaf)
                applicable[place] += int(self._part(leaf) * self._points_bases[place])
        points = {each.id: each.points or _ZERO for each in card.adjustments}
        beside = sum((points[each.id] for each in self.framework.adjustments), _ZERO)
        own = lcm(*(each.denominator for each in (*earned, *bonus, beside)))
        whole = [int(each * own) for each in (*earned, *bonus, beside)]
        width = len(self.paths)
        held = tuple(points[f"{_LIMIT}{index}"] > 0 for index in range(len(self.framework.limits)))
        return _Line(own, whole[:width], applicable, whole[width:-1], whole[-1], held, max(map(abs, whole)))


@frozen
class _Line:
    """One row, as `_Rows` has it."""

    own: int
    earned: list[int]
    applicable: list[int]
    bonus: list[int]
    beside: int
    held: tuple[bool, ...]
    size: int


def _whole(score: Fraction | Bounded | Ratios, rows: NDArray[np.intp]) -> tuple[NDArray[np.int64], Fraction]:
    """Scores as whole numbers, and what they are multiples of."""
    assert not isinstance(score, Ratios)  # where indicators are not rounded, rows are scored singly
    if isinstance(score, Fraction):
        return np.full(len(rows), score.numerator, np.int64), Fraction(1, score.denominator)
    return score.k[rows].astype(np.int64), score.unit
