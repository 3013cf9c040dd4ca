"""Weightings in files: read, and written so that they can be given again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from perfeval.batch.tables import table_in
from perfeval.batch.weightings import Weightings, given
from perfeval.errors import LoadError, Message, Place, problem
from perfeval.framework import Framework
from perfeval.loading.documents import Source, fail, read, tables
from perfeval.quantity import decimal_text

__all__ = ["read_weightings", "weightings_table"]


def read_weightings(path: str, framework: Framework) -> Weightings:
    """The weightings in a file: ``[[weighting]]`` in TOML, or a row each of a table whose columns are paths.

    Raises:
        LoadError: the file cannot be read.
        DefinitionError: as `given`.
    """
    rows = list(_of_toml(path) if path.lower().endswith(".toml") else _of_table(path))
    return given(framework, rows, Message(f"{path} 中的 {len(rows)} 组权重", f"{len(rows)} from {path}"))


def _of_toml(path: str) -> Iterator[dict[str, object]]:
    file = Path(path).resolve()
    document = read(Source(file, file.parent, path))
    listed = document.data.get("weighting")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise fail(
            Place(path),
            "没有权重方案 — 请写 [[weighting]]，其下每项一行，如 output = 50",
            "there are no weightings — write [[weighting]], and below it a line for each part, such as output = 50",
        )
    for each in listed:
        yield dict(_flat(each, ""))


def _flat(table: Mapping[str, object], above: str) -> Iterator[tuple[str, object]]:
    """The entries of a table and of those in it, by path."""
    inner = dict(tables(table))
    for name, value in table.items():
        if name not in inner:
            yield above + name, value
    for name, below in inner.items():
        yield from _flat(below, f"{above}{name}.")


def _of_table(path: str) -> Iterator[dict[str, object]]:
    source = table_in(path)
    twins = [name for name, times in Counter(source.schema.names).items() if times > 1]
    if twins:
        raise LoadError(
            problem(
                f"“{path}”有两列叫“{twins[0]}” — 每项一列",
                f'"{path}" has two columns called "{twins[0]}": one for each part',
            )
        )
    for piece in source.read(range(len(source.schema))):
        for message in piece.wrong.values():
            raise LoadError(problem(f"“{path}”：{message.zh}", f"{path}: {message.en}"))
        for row in piece.batch.to_pylist():
            # A binary float is the shortest decimal that prints it.
            yield {
                name: repr(value) if isinstance(value, float) else value
                for name, value in row.items()
                if value is not None
            }


def weightings_table(weightings: Weightings) -> pa.Table:
    """Weightings as a table that can be given again."""
    columns = {"name": pa.array(list(weightings.names), pa.string())} if weightings.names else {}
    for place, path in enumerate(weightings.paths):
        texts = [decimal_text(int(each) * weightings.unit) for each in weightings.whole[:, place]]
        columns[path] = pa.array(texts, pa.string())
    return pa.table(columns)
