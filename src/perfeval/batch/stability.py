"""Rank stability: how ranks and grades of many units change when the weights change.

Two passes, so that memory does not grow with units × weightings: the first goes through the weightings, a few at a time over all units,
and keeps how many units lie above each total; the second goes through the units, and reads each one's ranks off that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

import numpy as np
import pyarrow as pa
from attrs import frozen
from numpy.typing import NDArray

from perfeval.batch.attained import Attained
from perfeval.batch.rows import STATUSES
from perfeval.batch.weightings import Weightings, moved, own
from perfeval.errors import DefinitionError, problem
from perfeval.framework import Framework, Placed
from perfeval.quantity import exact_places

__all__ = ["Matter", "Spread", "Stability", "stability"]

Whole = NDArray[np.int64]
_BLOCK: Final = 2**21  # totals at once
_MOST_BYTES: Final = 2**31  # of what is kept of the order under each weighting
_MOST_PAIRED: Final = 10**7  # totals from which on Kendall's tau is left out: it takes longer than all the rest
_LADDER: Final = 2**16  # so many steps are kept whatever the number of units
_PART: Final = Fraction(1, 5)
_FOUR: Final = 10**4
_DIGITS: Final = 38


@frozen
class Spread:
    """How a figure is spread over the weightings; each rounded to four places."""

    mean: Fraction
    lowest: Fraction
    p5: Fraction
    median: Fraction
    p95: Fraction
    highest: Fraction


@frozen
class Matter:
    """What a part's weight does to ranks and grades: the average of a fifth more and a fifth less of it, the others in proportion.

    Attributes:
        placed: the part.
        rank_shift: by how many ranks a unit moves on average.
        grades: the share of units whose grade changes; None where there are no grades.
    """

    placed: Placed
    rank_shift: Fraction
    grades: Fraction | None


@frozen(eq=False)
class Stability:
    """How ranks and grades stand up to other weights.

    Attributes:
        framework: by which the units were scored.
        weightings: the weights that were tried.
        units: how many units there are.
        ranked: how many of them have a total; the others have no rank, and do not count.
        table: a row for each unit: what names it, its status, score, grade and rank under the framework's own weights; over all
            weightings its lowest and highest score, its best, worst and mean rank, the ranks that 5 % and 95 % of the weightings do not
            exceed, and the share of weightings that give it another grade. Units of equal totals share the better rank.
        spearman: the rank correlation with the framework's own order, tied ranks averaged; None where nothing can be correlated.
        kendall: Kendall's tau-b with it; None likewise, and where it would take too long.
        regraded: the share of units whose grade changes under some weighting; None without grades.
        regraded_each: the share of units whose grade changes, over the weightings.
        matters: the weighed parts, the one that moves ranks most first; none where but one is weighed.
    """

    framework: Framework
    weightings: Weightings
    units: int
    ranked: int
    table: pa.Table
    spearman: Spread | None
    kendall: Spread | None
    regraded: Fraction | None
    regraded_each: Spread | None
    matters: tuple[Matter, ...]


def stability(of: Attained, weightings: Weightings) -> Stability:
    """How the ranks and grades of units change under `weightings`; these weigh what `of` was read for.

    Raises:
        DefinitionError: more weightings and units than fit into memory; units that are named by a column called as one of the results.
    """
    base = own(of.framework, weightings.by)
    totals = of.totals(base)[:, 0]
    order = _Order(of, len(totals), weightings)
    first = _first_pass(of, order, weightings, totals)
    columns, any_grade = _second_pass(of, order, weightings, totals)
    graded = bool(of.framework.grades) and bool(len(totals))
    return Stability(
        of.framework,
        weightings,
        of.units,
        len(totals),
        _table(of, weightings, totals, columns),
        _spread(first.spearman),
        _spread(first.kendall) if first.kendall is not None else None,
        _four(any_grade, len(totals)) if graded else None,
        _spread(first.regraded) if graded else None,
        _matters(of, weightings, totals) if len(totals) else (),
    )


# Ranks.


class _Order:
    """How many units lie above each total, under each weighting: the ranks, without a number for each unit.

    Where totals have many steps and units are few, the sorted totals are kept instead.
    """

    def __init__(self, of: Attained, units: int, weightings: Weightings) -> None:
        self._units = units
        self._levels = int(of.most / of.step) + 1
        self._dense = self._levels <= max(2 * units, _LADDER)
        bytes_ = len(weightings) * (4 * self._levels if self._dense else 8 * units)
        if bytes_ > _MOST_BYTES:
            most = len(weightings) * _MOST_BYTES // bytes_
            raise DefinitionError(
                problem(
                    f"权重方案过多（{len(weightings)} 组）— 此处至多 {most} 组",
                    f"too many weightings ({len(weightings)}) — at most {most} here",
                )
            )
        shape = (len(weightings), self._levels if self._dense else units)
        self._kept = np.empty(shape, np.int32 if self._dense else np.int64)

    def learn(self, place: int, totals: Whole) -> tuple[Whole, Whole]:
        """Keep the order of units under one weighting; their ranks, and the tied ones averaged and doubled."""
        if self._dense:
            counts = np.bincount(totals, minlength=self._levels)
            above = self._units - np.cumsum(counts)
            self._kept[place] = above
            return above[totals] + 1, (2 * above + counts + 1)[totals]
        self._kept[place] = np.sort(totals)
        below = np.searchsorted(self._kept[place], totals, "left")
        up_to = np.searchsorted(self._kept[place], totals, "right")
        return self._units - up_to + 1, 2 * self._units - up_to - below + 1

    def ranks(self, totals: Whole) -> Whole:
        """The ranks of some units, under each weighting in its column."""
        if self._dense:
            found: Whole = self._kept[np.arange(totals.shape[1]), totals] + 1
            return found
        ranks = np.empty_like(totals)
        for place in range(totals.shape[1]):
            ranks[:, place] = self._units - np.searchsorted(self._kept[place], totals[:, place], "right") + 1
        return ranks


def _mean_ranks(totals: Whole) -> tuple[Whole, Whole]:
    """The ranks of units, and the tied ones averaged and doubled."""
    ordered = np.sort(totals)
    below, up_to = np.searchsorted(ordered, totals, "left"), np.searchsorted(ordered, totals, "right")
    return len(totals) - up_to + 1, 2 * len(totals) - up_to - below + 1


# The first pass: weighting by weighting.


@frozen(eq=False)
class _First:
    """By weighting."""

    spearman: NDArray[np.float64]
    kendall: NDArray[np.float64] | None
    regraded: NDArray[np.float64]


def _first_pass(of: Attained, order: _Order, weightings: Weightings, base: Whole) -> _First:
    units, number = len(base), len(weightings)
    _, base_mean = _mean_ranks(base)
    base_grade = of.grades(base[:, None], of.worst)
    spearman, regraded = np.full(number, np.nan), np.full(number, np.nan)
    kendall = np.full(number, np.nan) if units * number <= _MOST_PAIRED else None
    for start, some in _in_blocks(weightings, max(1, _BLOCK // max(units, 1))):
        if not units:
            break
        totals = of.totals(some)
        regraded[start : start + len(some)] = (of.grades(totals, of.worst) != base_grade).mean(axis=0)
        for place in range(len(some)):
            column = np.ascontiguousarray(totals[:, place])
            _, mean = order.learn(start + place, column)
            spearman[start + place] = _correlation(base_mean, mean)
            if kendall is not None:
                kendall[start + place] = _kendall(base, column)
    return _First(spearman, kendall, regraded)


def _in_blocks(weightings: Weightings, size: int) -> Iterator[tuple[int, Weightings]]:
    for start in range(0, len(weightings), size):
        some = weightings.whole[start : start + size]
        yield start, Weightings(weightings.by, weightings.paths, weightings.unit, some, (), weightings.origin)


def _correlation(a: Whole, b: Whole) -> np.float64:
    """Pearson's r of doubled mean ranks, which is Spearman's rho; NaN where one of them is constant."""
    x, y = (each - np.float64(len(a) + 1) for each in (a, b))  # both have this mean
    square = (x * x).sum() * (y * y).sum()
    return np.float64((x * y).sum() / np.sqrt(square)) if square else np.float64(np.nan)


def _kendall(a: Whole, b: Whole) -> np.float64:
    """Kendall's tau-b by counting discordant pairs (Knight 1966); NaN where one of them is constant."""
    b = b - b.min()
    width = int(b.max()) + 1
    keys = np.sort(a * width + b)
    pairs, tied_a, tied_b = len(a) * (len(a) - 1) // 2, _tied(a), _tied(b)
    both = _tied(keys)
    discordant = _inversions((keys % width).astype(np.int32) if width < 2**31 else keys % width)
    concordant = pairs - tied_a - tied_b + both - discordant
    square = (pairs - tied_a) * (pairs - tied_b)
    return np.float64(concordant - discordant) / np.sqrt(np.float64(square)) if square else np.float64(np.nan)


def _tied(values: Whole) -> int:
    """How many pairs are equal."""
    _, counts = np.unique(values, return_counts=True)
    return int((counts * (counts - 1) // 2).sum())


def _inversions(values: NDArray[np.int32] | Whole) -> int:
    """How many pairs stand in falling order: bit by bit, each time apart what begins with a 0 and what with a 1."""
    found, places = 0, np.arange(len(values))
    for bit in range(int(values.max(initial=0)).bit_length() - 1, -1, -1):
        prefix, ones = values >> (bit + 1), (values >> bit) & 1
        starts = np.flatnonzero(np.diff(prefix, prepend=-1))
        sizes = np.diff(starts, append=len(values))
        before = np.cumsum(ones) - ones
        ones_before = before - np.repeat(before[starts], sizes)
        start = np.repeat(starts, sizes)
        zeros = np.repeat(np.add.reduceat(1 - ones, starts), sizes)
        found += int(ones_before[ones == 0].sum())
        target = np.where(ones == 1, start + zeros + ones_before, places - ones_before)
        apart = np.empty_like(values)
        apart[target] = values
        values = apart
    return found


# The second pass: unit by unit.


@frozen(eq=False)
class _Columns:
    """By ranked unit, over all weightings."""

    low: Whole
    high: Whole
    best: Whole
    worst: Whole
    p5: Whole
    p95: Whole
    ranks: Whole
    regraded: Whole


def _second_pass(of: Attained, order: _Order, weightings: Weightings, base: Whole) -> tuple[_Columns, int]:
    units, number = len(base), len(weightings)
    found = _Columns(*(np.zeros(units, np.int64) for _ in range(8)))
    five, most = -(-number // 20) - 1, -(-19 * number // 20) - 1
    size = max(1, _BLOCK // number)
    for start in range(0, units, size):
        part = slice(start, min(start + size, units))
        totals = of.totals(weightings, part.start, part.stop)
        worst = of.worst[part]
        grades = of.grades(totals, worst) != of.grades(base[part, None], worst)
        found.regraded[part] = grades.sum(axis=1)
        found.low[part], found.high[part] = totals.min(axis=1), totals.max(axis=1)
        ranks = np.sort(order.ranks(totals).astype(np.int32), axis=1)
        found.best[part], found.worst[part] = ranks[:, 0], ranks[:, -1]
        found.p5[part], found.p95[part] = ranks[:, five], ranks[:, most]
        found.ranks[part] = ranks.sum(axis=1, dtype=np.int64)
    return found, int((found.regraded > 0).sum())


# What comes out.


def _table(of: Attained, weightings: Weightings, totals: Whole, found: _Columns) -> pa.Table:
    """The units in their order; a unit without a total has nothing but its name and status."""
    number, rows = len(weightings), of.scored
    places = exact_places(of.step) or 0
    ranks, _ = _mean_ranks(totals)
    grades = [grade.name for grade in of.framework.grades]
    place = np.full(of.units, np.int8(-1))
    if grades:
        place[rows] = of.grades(totals[:, None], of.worst)[:, 0]

    def spread(values: Whole) -> tuple[Whole, NDArray[np.bool_]]:
        wide, missing = np.zeros(of.units, np.int64), np.ones(of.units, np.bool_)
        wide[rows], missing[rows] = values, False
        return wide, missing

    def count(values: Whole) -> pa.Array:
        wide, missing = spread(values)
        return pa.array(wide, pa.int64(), mask=missing)

    def decimals(values: Whole, places: int) -> pa.Array:
        wide, missing = spread(values)
        return _decimals(wide, places, ~missing)

    def mean(sums: Whole, places: int) -> pa.Array:
        scale: int = 10**places
        return decimals((2 * scale * sums + number) // (2 * number), places)

    name = pa.array(np.arange(1, of.units + 1)) if of.identity is None else of.identity
    columns = {
        "status": _words(of.status.astype(np.int8), STATUSES),
        "score": decimals(totals, places),
        "grade": _words(place, grades),
        "rank": count(ranks),
        "score_low": decimals(found.low, places),
        "score_high": decimals(found.high, places),
        "rank_best": count(found.best),
        "rank_worst": count(found.worst),
        "rank_mean": mean(found.ranks, 2),
        "rank_p5": count(found.p5),
        "rank_p95": count(found.p95),
        "regraded": mean(found.regraded, 4) if grades else pa.nulls(of.units, pa.decimal128(_DIGITS, 4)),
    }
    title = "row" if of.identity_name is None else of.identity_name
    if title in columns:
        raise DefinitionError(
            problem(
                f"列“{title}”与结果的列同名 — 请换一个名称",
                f'the column "{title}" is called as one of the results — rename it',
            )
        )
    return pa.table({title: name, **columns})


def _decimals(whole: Whole, places: int, known: NDArray[np.bool_]) -> pa.Array:
    """Whole numbers of 10**-places as exact decimals."""
    parts = np.empty((len(whole), 2), np.int64)
    parts[:, 0] = whole
    parts[:, 1] = whole >> 63
    valid = pa.py_buffer(np.packbits(known, bitorder="little"))
    return pa.Array.from_buffers(pa.decimal128(_DIGITS, places), len(whole), [valid, pa.py_buffer(parts)])


def _words(codes: NDArray[np.int8], words: Sequence[str]) -> pa.Array:
    indices = pa.array(codes, pa.int8(), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(words), pa.string()))


def _matters(of: Attained, weightings: Weightings, base: Whole) -> tuple[Matter, ...]:
    """One weight at a time, a fifth more and a fifth less."""
    tried = moved(of.framework, weightings.by, _PART)
    base_rank, _ = _mean_ranks(base)
    base_grade = of.grades(base[:, None], of.worst)
    shifts: list[int] = []
    changes: list[int] = []
    for _, one in _in_blocks(tried, 1):
        totals = of.totals(one)
        rank, _ = _mean_ranks(totals[:, 0])
        shifts.append(int(np.abs(rank - base_rank).sum()))
        changes.append(int((of.grades(totals, of.worst) != base_grade).sum()))
    found = []
    for place, path in enumerate(tried.paths if len(tried) else ()):
        pair = slice(2 * place, 2 * place + 2)
        grades = _four(sum(changes[pair]), 2 * len(base)) if of.framework.grades else None
        found.append(Matter(of.framework.layout[path], _four(sum(shifts[pair]), 2 * len(base)), grades))
    return tuple(sorted(found, key=lambda each: -each.rank_shift))


def _four(count: int, of: int) -> Fraction:
    """count ÷ of, to four places."""
    return Fraction((2 * _FOUR * count + of) // (2 * of), _FOUR)


def _spread(figures: NDArray[np.float64]) -> Spread | None:
    known = np.sort(figures[~np.isnan(figures)])
    if not known.size:
        return None

    def at(share: Fraction) -> np.float64:
        return np.float64(known[max(-(-share.numerator * len(known) // share.denominator) - 1, 0)])

    ends = (known.mean(), known[0], at(Fraction(1, 20)), at(Fraction(1, 2)), at(Fraction(19, 20)), known[-1])
    return Spread(*(Fraction(int(np.rint(each * _FOUR)), _FOUR) for each in ends))
