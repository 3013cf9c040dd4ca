"""Where a table and its rows belong: which framework prints such a table, and where a row's levels are in a framework."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from attrs import frozen

from perfeval.errors import Message
from perfeval.forms.grid import Cell
from perfeval.forms.official import OFFICIAL
from perfeval.forms.opening import failed
from perfeval.forms.typed import Row, Table, label, nothing
from perfeval.framework import Dimension, Framework, Indicator, Placed
from perfeval.loading import catalogue_ids

__all__ = ["Nowhere", "Somewhere", "guessed", "place", "stem", "unused"]

_NUMBERED: Final = re.compile(r"^(?:[一二三四五六七八九十]+[、.]|\d+[、.])")


@frozen
class Somewhere:
    """A place: an open dimension for an indicator of one's `own`, or an indicator that the framework has."""

    path: str
    own: bool


@frozen
class Nowhere:
    """Why a row has no place, and which cell says so."""

    cell: Cell
    message: Message


def stem(title: str) -> str:
    """A level's title without a number before it and without 指标 behind it."""
    return _NUMBERED.sub("", label(title)).removesuffix("指标")


def place(framework: Framework, row: Row) -> Somewhere | Nowhere:
    """Where a row belongs."""
    first = [each for each in _below(framework, "") if _named(each, row.level1)]
    if not first:
        return _not_one_of(framework, row.level1, "一级指标", "first level", _below(framework, ""))
    for each in first:
        if isinstance(each.node, Indicator):
            return Somewhere(each.path, own=False)
    inner = [each for top in first for each in _within(framework, top.path) if _matches(each, row.level2)]
    home = inner or [each for each in first if _stands_alone(framework, each, row.level2)]
    if not home:
        second = [each for top in first for each in _within(framework, top.path)]
        return _not_one_of(framework, row.level2, "二级指标", "second level", second or first)
    title = stem(row.of("level3").text)
    for each in home:
        for below in _below(framework, each.path):
            if isinstance(below.node, Indicator) and stem(below.node.title) == title:
                return Somewhere(below.path, own=False)
    for each in home:
        if isinstance(each.node, Dimension) and each.node.open:
            return Somewhere(each.path, own=True)
    here = [below for each in home for below in _below(framework, each.path)]
    return _not_one_of(framework, row.of("level3"), "三级指标", "third level", here)


def _below(framework: Framework, path: str) -> Iterator[Placed]:
    """The nodes right below one."""
    return (each for at, each in framework.layout.items() if at.rpartition(".")[0] == path)


def _within(framework: Framework, path: str) -> Iterator[Placed]:
    """The dimensions anywhere below one."""
    return (
        each for at, each in framework.layout.items() if at.startswith(f"{path}.") and isinstance(each.node, Dimension)
    )


def _named(placed: Placed, cell: Cell) -> bool:
    return nothing(cell.text) or stem(placed.node.title) == stem(cell.text)


def _matches(placed: Placed, cell: Cell) -> bool:
    return stem(placed.node.title) == stem(cell.text)


def _stands_alone(framework: Framework, placed: Placed, level2: Cell) -> bool:
    """Whether a first level takes indicators itself: 满意度指标, under which forms print 服务对象满意度指标."""
    node = placed.node
    own = isinstance(node, Dimension) and (node.open or any(isinstance(each, Indicator) for each in node.children))
    said = stem(level2.text)
    return own and (nothing(said) or stem(node.title) in said)


def _not_one_of(framework: Framework, cell: Cell, zh: str, en: str, known: Iterable[Placed]) -> Nowhere:
    titles = tuple(dict.fromkeys(each.node.title for each in known))
    listed = "、".join(titles)
    found = cell.text or "（空）"
    return Nowhere(
        cell,
        Message(
            f"“{found}”不是 {framework.id} 的{zh} — 可用：{listed}",
            f'"{found}" is no {en} of {framework.id} — there are: {listed.replace("、", ", ")}',
        ),
    )


def unused(row: Row) -> bool:
    """Whether a row says that it does not apply: no points, no score."""
    return all(nothing(row.of(name).text) for name in ("points", "score")) and all(
        row.of(name).computed for name in ("points", "score")
    )


def guessed(table: Table) -> str:
    """The framework in the catalogue that prints such a table: the form is named for it.

    Those that extend it, such as a province's, are handed in on the same form; only a reader can tell.

    Raises:
        LoadError: there is none, or there are several.
    """
    forms = _forms(table)
    prints = [name for name in catalogue_ids() if name.partition("/")[2].replace("/", "-") in forms]
    if len(prints) == 1:
        return prints[0]
    known = "、".join(prints or catalogue_ids())
    raise failed(
        table.grid.path,
        f"看不出用哪个指标体系 — 请用 perfeval import --framework 指明：{known}",
        f"does not say which framework it is on — name it with perfeval import --framework: {known.replace('、', ', ')}",
    )


def _forms(table: Table) -> tuple[str, ...]:
    """The official tables that it may be: by their columns and, where it has one's, by their titles."""
    shared: dict[str, Fraction] = {}
    for name, official in OFFICIAL.items():
        labels = {label(each) for each, _ in (*official.indicators, *official.funds)}
        shared[name] = Fraction(len(labels & table.labels), len(labels | table.labels))
    best = [name for name, share in shared.items() if share == max(shared.values())]
    titled = [
        (len(label(official.title)), name)
        for name, official in OFFICIAL.items()
        if any(label(official.title) in each for each in table.titles)
    ]
    by_title = max(titled)[1] if titled else None
    return tuple(name for name in best if by_title in (None, name))
