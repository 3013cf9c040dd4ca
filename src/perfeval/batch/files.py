"""Tables into files: Parquet, Arrow and Feather, or CSV; written whole or not at all, the same bytes on every run."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
from attrs import define, field

from perfeval.batch.tables import regrouped
from perfeval.errors import PerfevalError, problem
from perfeval.writing import replacing

__all__ = ["check_suffix", "encoded", "refuse_same", "writing"]

T = TypeVar("T", pa.Table, pa.RecordBatch)

_GROUP: Final = 2**17  # rows of a row group, whatever they were computed in
_SUFFIXES: Final = (".parquet", ".feather", ".arrow", ".csv")
_FORMULA: Final = r"^[=+\-@＝＋－＠\t\r\n]"
_NUMBER: Final = r"^[+-]?[0-9][0-9.,]*%?$"


def check_suffix(path: str) -> None:
    """Refuse a file of no kind that can be written.

    Raises:
        PerfevalError: it is of none.
    """
    if Path(path).suffix.lower() not in _SUFFIXES:
        raise PerfevalError(
            problem(
                f"“{path}”的后缀不能识别 — 请写 .parquet、.feather、.arrow 或 .csv",
                f'"{path}" is of no kind that can be written — end it in .parquet, .feather, .arrow or .csv',
            )
        )


def refuse_same(path: str, source: str) -> None:
    """Refuse to write over what is read.

    Raises:
        PerfevalError: `path` is the file `source`.
    """
    if Path(path).is_file() and Path(source).is_file() and Path(path).samefile(source):
        raise PerfevalError(
            problem(
                f"“{path}”就是事实文件本身，结果不能写在其上 — 请换一个名称",
                f'"{path}" is the file of facts itself, and results are not written over it — choose another name',
            )
        )


@contextmanager
def writing(
    path: str, schema: pa.Schema, about: Mapping[str, str], *, overwrite: bool
) -> Iterator[Callable[[pa.RecordBatch], None]]:
    """A function that writes batches to `path`, by its suffix; the file is there once all of them are written.

    Args:
        about: what is said of the scores, in the metadata of the file's schema; a CSV file has no place for it.

    Raises:
        PerfevalError: it is there already and `overwrite` is false, or cannot be written.
    """
    check_suffix(path)
    schema = schema.with_metadata(dict(about))
    with (
        replacing(Path(path), overwrite=overwrite) as temporary,
        pa.OSFile(str(temporary), "wb") as file,
        _opened(path, file, schema) as write,
    ):
        waiting = _Regrouped(schema, write)
        yield waiting.add
        waiting.flush()


def encoded(path: str, table: pa.Table) -> bytes:
    """A small table as the bytes of the file `path`, by its suffix.

    Raises:
        PerfevalError: it is of no kind that can be written.
    """
    check_suffix(path)
    with pa.BufferOutputStream() as buffer:
        with _opened(path, buffer, table.schema) as write:
            for batch in table.unify_dictionaries().combine_chunks().to_batches():
                write(batch)
        return bytes(buffer.getvalue().to_pybytes())


def _text(of: pa.Field) -> pa.Field:
    return pa.field(of.name, of.type.value_type)


@define
class _Regrouped:
    """Collects batches until they make a row group."""

    schema: pa.Schema
    write: Callable[[pa.RecordBatch], None]
    waiting: list[pa.RecordBatch] = field(factory=list)
    rows: int = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Write `batch`, now or later."""
        self.waiting.append(batch)
        self.rows += batch.num_rows
        if self.rows >= _GROUP:
            *whole, rest = regrouped(self.waiting, _GROUP)
            if rest.num_rows == _GROUP:
                whole, rest = [*whole, rest], rest.slice(_GROUP)
            for each in whole:
                self.write(each)
            self.waiting, self.rows = ([rest] if rest.num_rows else []), rest.num_rows

    def flush(self) -> None:
        """Write what is left."""
        for each in regrouped(self.waiting, _GROUP):
            self.write(each)


@contextmanager
def _opened(path: str, file: pa.NativeFile, schema: pa.Schema) -> Iterator[Callable[[pa.RecordBatch], None]]:
    match Path(path).suffix.lower():
        case ".parquet":
            with pq.ParquetWriter(file, schema, compression="zstd") as parquet:
                yield lambda batch: parquet.write_batch(batch, row_group_size=_GROUP)
        case ".csv":
            texts = pa.schema([_text(each) if pa.types.is_dictionary(each.type) else each for each in schema])
            texts = _inert(texts.remove_metadata().empty_table()).schema
            file.write(codecs.BOM_UTF8)  # or Excel shows Chinese as noise
            with arrow_csv.CSVWriter(file, texts) as csv:
                yield lambda batch: csv.write_batch(_inert(batch.rename_columns(texts.names).cast(texts)))
        case _:
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            with pa.ipc.new_file(file, schema, options=options) as arrow:
                # Taken, so that what lies beneath an empty cell is the same, too.
                yield lambda batch: arrow.write_batch(batch.take(pa.array(range(batch.num_rows))))


def _inert(table: T) -> T:
    """A table for a CSV file, in which no text is a formula to the spreadsheet that opens it: a quote stands before those
    that would be. Other kinds of files say themselves what is text.
    """
    found = table
    for place, name in enumerate(table.schema.names):
        column = table.column(place)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            found = found.set_column(place, name, _quoted(column))
    return found.rename_columns(_quoted(pa.array(table.schema.names, pa.string())).to_pylist())


def _quoted(column: pa.Array) -> pa.Array:
    formula = pc.and_(pc.match_substring_regex(column, _FORMULA), pc.invert(pc.match_substring_regex(column, _NUMBER)))
    return pc.if_else(formula, pc.binary_join_element_wise(pa.scalar("'", column.type), column, ""), column)
