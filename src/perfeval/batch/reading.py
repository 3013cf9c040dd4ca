"""Small tables read whole, and written: facts to weigh or to bound, weightings, ranks. Everything in a CSV is text."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.feather as feather
import pyarrow.parquet as parquet

from perfeval.batch.weightings import Weightings, given
from perfeval.errors import LoadError, Message, Place, problem
from perfeval.framework import Framework
from perfeval.loading.documents import Source, fail, read, tables
from perfeval.quantity import decimal_text

__all__ = ["SUFFIXES", "encoded", "read_table", "read_weightings", "weightings_table"]

SUFFIXES: Final = (".parquet", ".feather", ".arrow", ".csv")


def read_table(path: str) -> pa.Table:
    """The table in a Parquet, Feather, Arrow or CSV file, or in a folder of Parquet files.

    Raises:
        LoadError: it cannot be read.
    """
    suffix = ".parquet" if Path(path).is_dir() else Path(path).suffix.lower()
    try:
        match suffix:
            case ".parquet":
                return parquet.read_table(path)
            case ".feather" | ".arrow":
                return feather.read_table(path)
            case ".csv":
                return _csv(path)
    except OSError as error:
        raise _unread(path, error.strerror or str(error)) from None
    except pa.ArrowException as error:
        raise _unread(path, str(error)) from None
    raise _unlike(path)


def _csv(path: str) -> pa.Table:
    with csv.open_csv(path) as reader:
        names = reader.schema.names
    texts = csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
    )
    table = csv.read_csv(path, convert_options=texts)
    yes_no = [name for name in table.schema.names if name.endswith(".assumed")]
    for name in yes_no:
        table = table.set_column(table.schema.get_field_index(name), name, table.column(name).cast(pa.bool_()))
    return table


def _unread(path: str, reason: str) -> LoadError:
    return fail(Place(path), f"无法读取“{path}”（{reason}）", f'cannot read "{path}" ({reason})')


def _unlike(path: str) -> LoadError:
    listed = ", ".join(SUFFIXES)
    return LoadError(
        problem(
            f"“{path}”不是表 — 请用 {listed.replace(', ', '、')} 之一",
            f'"{path}" is not a table — use one of {listed}',
        )
    )


def encoded(table: pa.Table, path: str) -> bytes:
    """`table` as the bytes of a file of `path`'s kind.

    Raises:
        LoadError: it is of none of the kinds.
    """
    buffer = io.BytesIO()
    match Path(path).suffix.lower():
        case ".parquet":
            parquet.write_table(table, buffer)
        case ".feather" | ".arrow":
            feather.write_feather(table, buffer, compression="uncompressed")
        case ".csv":
            buffer.write("\ufeff".encode())  # without it, Excel takes Chinese for another encoding
            csv.write_csv(_plain(table), buffer)
        case _:
            raise _unlike(path)
    return buffer.getvalue()


def _plain(table: pa.Table) -> pa.Table:
    """Without dictionaries, which a CSV does not have."""
    fields = [
        pa.field(each.name, each.type.value_type if pa.types.is_dictionary(each.type) else each.type)
        for each in table.schema
    ]
    return table.cast(pa.schema(fields))


# Weightings.


def read_weightings(path: str, framework: Framework) -> Weightings:
    """The weightings in a file: ``[[weighting]]`` in TOML, or a row each of a table whose columns are paths.

    Raises:
        LoadError: the file cannot be read.
        DefinitionError: as `given`.
    """
    rows = list(_of_toml(path) if path.lower().endswith(".toml") else _of_table(read_table(path)))
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


def _of_table(table: pa.Table) -> Iterator[dict[str, object]]:
    for row in table.to_pylist():
        # A binary float is the shortest decimal that prints it.
        yield {
            name: repr(value) if isinstance(value, float) else value for name, value in row.items() if value is not None
        }


def weightings_table(weightings: Weightings) -> pa.Table:
    """Weightings as a table that can be given again."""
    columns = {"name": pa.array(list(weightings.names), pa.string())} if weightings.names else {}
    for place, path in enumerate(weightings.paths):
        texts = [decimal_text(int(each) * weightings.unit) for each in weightings.whole[:, place]]
        columns[path] = pa.array(texts, pa.string())
    return pa.table(columns)
