"""Weightings: what the parts of a framework count, each set of weights exact and adding up to the framework's points.

A weight says what a part counts for, not how it is earned: every indicator is scored as the framework says, for its own points,
and the score then counts in proportion. So every rule can be weighed, those too that award points and not shares (a band of
3 points, 2 points off for each case). `reweighted` writes a weighting as the framework that it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from perfeval.errors import DefinitionError, Language, Message, PerfevalError, Problem, nearest, problem
from perfeval.expr.bounded import common
from perfeval.framework import Dimension, Framework, Indicator, Node, Placed
from perfeval.quantity import decimal_text
from perfeval.rules.reading import optional_points

__all__ = ["By", "Weightings", "drawn", "given", "moved", "own", "reweighted", "weighed"]

By: TypeAlias = Literal["dimension", "indicator"]
"""What is weighed: the nodes of the first level, or the indicators."""
_CENT: Final = Fraction(1, 100)
_MOST: Final = 10**6
_NAME: Final = "name"  # a column of names beside the weights


@frozen(eq=False)
class Weightings:
    """A number of weightings of one framework.

    Attributes:
        by: what is weighed.
        paths: the weighed nodes, in the framework's order.
        unit: every weight is a whole number of these points.
        whole: those numbers, one row a weighting, one column a path; each row adds up to the framework's points.
        names: of the weightings; none where they were drawn.
        origin: where they are from; for drawn ones the distribution, the concentration and the seed.
    """

    by: By
    paths: tuple[str, ...]
    unit: Fraction
    whole: NDArray[np.int64]
    names: tuple[str, ...]
    origin: Message

    def __len__(self) -> int:
        return len(self.whole)

    def points(self, index: int) -> dict[str, Fraction]:
        """One weighting: the points of each path."""
        return {path: int(each) * self.unit for path, each in zip(self.paths, self.whole[index], strict=True)}

    def called(self, index: int, language: Language) -> str:
        """The name of one weighting, or its number."""
        if self.names and self.names[index]:
            return self.names[index]
        return f"第 {index + 1} 组" if language == "zh" else f"weighting {index + 1}"


def weighed(framework: Framework, by: By) -> tuple[Placed, ...]:
    """The nodes that are weighed.

    Raises:
        DefinitionError: `by` is none of its words, or the framework is not complete.
    """
    if by not in get_args(By):
        raise DefinitionError(
            problem(
                f"by 应为 dimension 或 indicator（现为“{by}”）", f'by is dimension or indicator (found "{by}")', "by"
            )
        )
    if framework.missing_points:
        raise DefinitionError(framework.missing_points)
    return framework.indicators if by == "indicator" else tuple(framework.layout[node.id] for node in framework.tree)


def own(framework: Framework, by: By) -> Weightings:
    """The framework's own weights, as the only weighting."""
    origin = Message("指标体系自身的权重", "the framework's own weights")
    return _exact(by, [{each.path: each.counts for each in weighed(framework, by)}], (), origin)


def _exact(by: By, rows: Sequence[Mapping[str, Fraction]], names: tuple[str, ...], origin: Message) -> Weightings:
    unit = Fraction(1, lcm(*(each.denominator for row in rows for each in row.values())))
    whole = np.array([[int(each / unit) for each in row.values()] for row in rows], np.int64)
    return Weightings(by, tuple(rows[0]), unit, whole, names, origin)


# Given weightings.


def given(framework: Framework, rows: Sequence[Mapping[str, object]], origin: Message) -> Weightings:
    """Weightings that were written down: for each, the points of every first-level node or of every indicator, by path.

    Args:
        rows: the weightings; an entry "name" is its name.
        origin: where they are from.

    Raises:
        DefinitionError: with every problem found: nothing given, unknown or missing paths, weights that are no points or not above 0,
            weights that do not add up to the framework's points.
    """
    if not rows:
        raise DefinitionError(problem("没有任何权重方案", "there are no weightings"))
    by = _by_of(framework, rows[0])
    nodes = weighed(framework, by)
    problems: list[Problem] = []
    found: list[dict[str, Fraction]] = []
    for number, row in enumerate(rows, start=1):
        weights = _read(row, nodes, number, problems)
        if weights is None:
            continue
        if (total := sum(weights.values(), Fraction(0))) != framework.points:
            problems.append(
                problem(
                    f"第 {number} 组权重合计 {decimal_text(total)}，应为 {decimal_text(framework.points)}",
                    f"weighting {number} adds up to {decimal_text(total)}, not {decimal_text(framework.points)}",
                )
            )
        found.append(weights)
    if problems:
        raise DefinitionError(problems)
    return _exact(by, found, tuple(str(row.get(_NAME) or "") for row in rows), origin)


def _by_of(framework: Framework, row: Mapping[str, object]) -> By:
    """What the first weighting weighs: the level that it has more paths of."""
    levels: Mapping[By, tuple[Placed, ...]] = {by: weighed(framework, by) for by in ("dimension", "indicator")}
    return max(levels, key=lambda by: sum(each.path in row for each in levels[by]) - len(levels[by]))


def _read(
    row: Mapping[str, object], nodes: Sequence[Placed], number: int, problems: list[Problem]
) -> dict[str, Fraction] | None:
    before = len(problems)
    paths = [each.path for each in nodes]
    for path in row:
        if path not in paths and path != _NAME:
            hint = nearest(path, paths)
            problems.append(
                problem(
                    f"第 {number} 组权重：没有“{path}”— {hint.zh}",
                    f'weighting {number}: there is no "{path}" — {hint.en}',
                )
            )
    found: dict[str, Fraction] = {}
    for path in paths:
        try:
            points = optional_points(row.get(path))
        except PerfevalError as error:
            problems += [
                problem(
                    f"第 {number} 组权重，{path}：{each.message.zh}", f"weighting {number}, {path}: {each.message.en}"
                )
                for each in error.problems
            ]
            continue
        if points is None or points <= 0:
            said = Message("没有写", "none is given") if points is None else Message("不大于 0", "it is not above 0")
            problems.append(
                problem(
                    f"第 {number} 组权重，{path}：{said.zh} — 每项都应有大于 0 的分值",
                    f"weighting {number}, {path}: {said.en} — every one has points above 0",
                )
            )
            continue
        found[path] = points
    return found if len(problems) == before else None


# Drawn weightings.


def drawn(
    framework: Framework, number: int, *, by: By = "dimension", concentration: int = 100, seed: int = 1
) -> Weightings:
    """Weightings drawn around the framework's own from a Dirichlet distribution, and rounded to 0.01 points.

    A node of share m has the mean m and the variance m(1 − m)/(concentration + 1). Each weight is at least 0.01 points, and each
    weighting adds up exactly. The draws are those of NumPy's `RandomState`, whose streams are frozen: the same seed, the
    same weightings, everywhere.

    Args:
        number: how many.
        concentration: how close to the framework's own they lie.
        seed: 0 to 2**32 − 1.

    Raises:
        DefinitionError: an argument out of its range, or a framework whose points do not suffice for so many nodes.
    """
    nodes = weighed(framework, by)
    problems = []
    if number < 1:
        problems.append(problem("至少抽取一组权重", "at least one weighting is drawn", "number"))
    if number > _MOST:
        problems.append(
            problem(
                f"至多抽取 {_MOST} 组权重（现为 {number}）", f"at most {_MOST} are drawn (found {number})", "number"
            )
        )
    if concentration < 1:
        problems.append(
            problem(
                f"concentration 应至少为 1（现为 {concentration}）",
                f"concentration is at least 1 (found {concentration})",
                "concentration",
            )
        )
    if not 0 <= seed < 2**32:
        problems.append(problem(f"seed 应为 0 至 2³²−1（现为 {seed}）", f"seed is 0 to 2³²−1 (found {seed})", "seed"))
    unit = common(_CENT, framework.points)
    steps = int(framework.points / unit)
    if steps < 2 * len(nodes):
        problems.append(problem("分值过少，无法另行分配", "the points are too few to be divided otherwise"))
    if problems:
        raise DefinitionError(problems)
    shape = np.array([each.counts.numerator / each.counts.denominator for each in nodes])
    shape *= concentration / shape.sum()
    shares = np.random.RandomState(seed).dirichlet(shape, number)
    origin = Message(
        f"按 Dirichlet 分布围绕自身权重随机抽取 {number} 组（集中度 {concentration}，随机种子 {seed}），"
        f"各权重取到 {decimal_text(unit)} 分",
        f"{number} drawn at random around the framework's own from a Dirichlet distribution (concentration "
        f"{concentration}, seed {seed}), each weight in steps of {decimal_text(unit)} points",
    )
    return Weightings(by, tuple(each.path for each in nodes), unit, _apportioned(shares, steps), (), origin)


def _apportioned(shares: NDArray[np.float64], steps: int) -> NDArray[np.int64]:
    """Whole numbers, at least 1 each, that add up to `steps` and are nearest to `shares`: largest remainders."""
    wished = shares * np.float64(steps)
    whole = np.floor(wished).astype(np.int64)
    left = steps - whole.sum(axis=1)
    places = np.argsort(-(wished - whole), axis=1, kind="stable")
    ranks = np.empty_like(places)
    np.put_along_axis(ranks, places, np.arange(shares.shape[1])[None, :], axis=1)
    whole += ranks < left[:, None]
    for index in np.flatnonzero((whole == 0).any(axis=1)):
        row = whole[index]
        for place in np.flatnonzero(row == 0):
            row[row.argmax()] -= 1  # of 2 at least, for there are 2 steps for each
            row[place] = 1
    return whole


# One at a time.


def moved(framework: Framework, by: By, part: Fraction) -> Weightings:
    """For each weighed node two weightings: its weight lower and higher by `part` of itself, the others in proportion.

    Each is rounded to 0.01 points, and adds up exactly. There are none where but one node is weighed.
    """
    nodes = weighed(framework, by)
    unit = common(_CENT, framework.points)
    shares, names = [], []
    own_shares = [each.counts / framework.points for each in nodes]
    for place, mine in enumerate(own_shares):
        for sign in (-1, 1):
            wished = min(mine * (1 + sign * part), (1 + mine) / 2)
            rest = (1 - wished) / (1 - mine) if mine < 1 else Fraction(0)
            row = [wished if other == place else each * rest for other, each in enumerate(own_shares)]
            shares.append([each.numerator / each.denominator for each in row])
            names.append(f"{nodes[place].path} {'−' if sign < 0 else '+'}{decimal_text(part * 100)}%")
    origin = Message("逐一增减各项权重", "each weight lower and higher, one at a time")
    if len(nodes) < 2:
        empty = np.empty((0, len(nodes)), np.int64)
        return Weightings(by, tuple(each.path for each in nodes), unit, empty, (), origin)
    whole = _apportioned(np.array(shares), int(framework.points / unit))
    return Weightings(by, tuple(each.path for each in nodes), unit, whole, tuple(names), origin)


# A weighting as a framework.


def reweighted(framework: Framework, points: Mapping[str, Fraction]) -> Framework:
    """The framework with other weights: each weighed node keeps its scale, and counts for `points`.

    Args:
        points: of every first-level node, or of every indicator, by path. Of indicators, each becomes a first-level dimension
            with what it inherits; its path is then another.

    Raises:
        DefinitionError: as `given`.
    """
    weightings = given(framework, [points], Message("", ""))
    tree = tuple(
        _alone(framework, node, points[node.path], number)
        if weightings.by == "indicator" or isinstance(node.node, Indicator)
        else _reweighted(framework, node, points[node.path])
        for number, node in enumerate(weighed(framework, weightings.by))
    )
    return evolve(framework, tree=tree)


def _reweighted(framework: Framework, placed: Placed, points: Fraction) -> Dimension:
    dimension = placed.node
    assert isinstance(dimension, Dimension)
    scale = dimension.scale or placed.points
    children: Sequence[Node] = dimension.children
    if dimension.split is not None:  # its points go, so each says its own
        children = [evolve(each, points=framework.layout[f"{placed.path}.{each.id}"].points) for each in children]
    return evolve(
        dimension, children=tuple(children), points=None, split=None, scale=scale, weight=points / framework.points
    )


def _alone(framework: Framework, placed: Placed, points: Fraction, number: int) -> Dimension:
    """An indicator as a first-level dimension, behind its gates."""
    indicator = placed.node
    assert isinstance(indicator, Indicator)
    node: Node = evolve(indicator, points=placed.points, actual=placed.actual, category=placed.category)
    for gate in placed.gates:
        node = Dimension(indicator.id, indicator.title, (node,), requires=gate)
    return Dimension(
        f"{indicator.id}_{number}",
        indicator.title,
        (node,),
        title_en=indicator.title_en,
        scale=placed.points,
        weight=points / framework.points,
    )
