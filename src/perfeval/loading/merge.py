"""Putting documents together: a framework over the one it extends, an assessment over its framework."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from perfeval.errors import Path, Problem, nearest, problem
from perfeval.framework import Dimension, Indicator
from perfeval.loading.documents import Document, Table, tables
from perfeval.loading.structure import unknown_key

__all__ = [
    "COMPLETED_KEYS",
    "DIMENSION_KEYS",
    "DIMENSION_REMARKS",
    "INDICATOR_KEYS",
    "REMARK_KEYS",
    "complete",
    "extend",
    "is_indicator",
]

INDICATOR_KEYS = tuple(each.name for each in attrs.fields(Indicator) if each.name != "id")
DIMENSION_KEYS = tuple(each.name for each in attrs.fields(Dimension) if each.name not in ("id", "children"))
REMARK_KEYS = ("stated", "stated_by", "reason", "target_before", "evidence")
DIMENSION_REMARKS = ("reason", "stated")
COMPLETED_KEYS = ("rule", "actual", "unit", "standard", "evidence")
# What a document says of itself does not pass to the documents that extend it.
_NOT_INHERITED = ("title_en", "issuer", "document", "effective", "source", "note")


def is_indicator(node: Table) -> bool:
    """Whether a node's table is a leaf."""
    return "rule" in node


def extend(base: Document, over: Document) -> Document:
    """`base` changed by path: tables merge, a rule is replaced whole, checks add up, ``remove = true`` drops a node."""
    merged = Document()
    for key in base.data:
        merged.set((key,), base, (key,))
    for key in _NOT_INHERITED:
        if merged.places.get(("framework", key)) is not None:
            merged.drop(("framework", key))
    merged.places[()] = over.places[()]
    for key in over.data:
        if key in ("framework", "facts", "tree"):
            _extend_table(
                merged, over, (key,), whole=("grades", "rounding", "exceptions") if key == "framework" else ()
            )
        elif key == "checks" and isinstance(over.data[key], list) and isinstance(merged.data.get(key), list):
            for index in range(len(over.data[key])):  # type: ignore[arg-type]  # a list, as the line above asks
                merged.append(key, over, index)
        else:
            merged.set((key,), over, (key,))
    return merged


def _extend_table(merged: Document, over: Document, at: Path, whole: tuple[str, ...]) -> None:
    for key, value in over.table(*_keys(at)).items():
        here = (*at, key)
        if isinstance(value, dict) and value.get("remove") is True:
            merged.drop(here)
        elif isinstance(value, dict) and key not in ("rule", *whole) and merged.table(*_keys(here)):
            _extend_table(merged, over, here, whole)
        else:
            merged.set(here, over, here)


def _keys(path: Path) -> tuple[str, ...]:
    return tuple(str(key) for key in path)


def complete(framework: Document, assessment: Document) -> Iterator[Problem]:
    """Add an assessment's own indicators to `framework`, in place; yields what it may not change.

    Remarks (the stated score, the reason) stay behind, for `remarks` to read.
    """
    for key, node in assessment.table("tree").items():
        yield from _complete_node(framework, assessment, ("tree", key), node)


def _complete_node(framework: Document, assessment: Document, at: Path, node: object) -> Iterator[Problem]:
    if not isinstance(node, dict):
        yield problem(
            f"“{at[-1]}”不是指标 — 指标写成 [tree.…] 表",
            f'"{at[-1]}" is not a node — a node is a table [tree.…]',
            *at,
        )
        return
    base = framework.table(*_keys(at))
    if not base:
        yield from _own_node(framework, assessment, at)
    elif is_indicator(base):
        yield from _remarked_indicator(framework, assessment, at, node, base)
    else:
        yield from _remarked_dimension(framework, assessment, at, node, base)


def _own_node(framework: Document, assessment: Document, at: Path) -> Iterator[Problem]:
    above = framework.table(*_keys(at[:-1]))
    if above.get("open") is True:
        framework.set(at, assessment, at)
        _drop_remarks(framework, at)
        return
    here = ".".join(_keys(at[1:]))
    hint = nearest(str(at[-1]), [key for key, _ in tables(above) if key not in DIMENSION_KEYS])
    yield problem(
        f"指标体系中没有“{here}”，其上级也不开放自设指标 — {hint.zh}",
        f'the framework has no "{here}", and its dimension is not open to own indicators — {hint.en}',
        *at,
    )


def _drop_remarks(framework: Document, at: Path) -> None:
    node = framework.table(*_keys(at))
    for key in REMARK_KEYS:
        if key in node and key not in INDICATOR_KEYS:
            framework.drop((*at, key))
    for key, _ in list(tables(node)):
        if not is_indicator(node):
            _drop_remarks(framework, (*at, key))


def _remarked_indicator(
    framework: Document, assessment: Document, at: Path, node: Table, base: Table
) -> Iterator[Problem]:
    is_open = base.get("open") is True
    for key in node:
        if is_open and key == "rule" and isinstance(node["rule"], dict):
            for parameter in node["rule"]:
                framework.set((*at, key, parameter), assessment, (*at, key, parameter))
        elif is_open and key in COMPLETED_KEYS:
            framework.set((*at, key), assessment, (*at, key))
        elif key not in REMARK_KEYS:
            yield _not_changeable(key, base, at, (*REMARK_KEYS, *(COMPLETED_KEYS if is_open else ())))


def _remarked_dimension(
    framework: Document, assessment: Document, at: Path, node: Table, base: Table
) -> Iterator[Problem]:
    for key, value in node.items():
        here = (*at, key)
        if isinstance(value, dict) and key not in DIMENSION_KEYS:
            yield from _complete_node(framework, assessment, here, value)
        elif key == "points" and base.get("adjustable") is True:
            if value == 0 and not any(isinstance(each, dict) for each in node.values()):
                framework.drop(at)  # not used this year: its points stand elsewhere
            else:
                framework.set(here, assessment, here)
            if not node.get("reason"):
                yield problem(
                    "调整分值需要写明原因 — 请在此处写 reason",
                    "points that are changed need a reason — write one here",
                    *here,
                )
        elif key not in DIMENSION_REMARKS:
            adjustable = base.get("adjustable") is True
            yield _not_changeable(key, base, at, (*DIMENSION_REMARKS, "points") if adjustable else DIMENSION_REMARKS)


def _not_changeable(key: str, base: Table, at: Path, allowed: tuple[str, ...]) -> Problem:
    title = base.get("title", at[-1])
    if key in INDICATOR_KEYS or key in DIMENSION_KEYS:
        return problem(
            f"“{title}”的 {key} 由指标体系规定，评价文件不能更改 — 此处可写：{'、'.join(allowed)}",
            f'{key} of "{title}" is set by the framework and not open to change — here: {", ".join(allowed)}',
            *at,
            key,
        )
    return unknown_key(key, list(allowed), *at)
