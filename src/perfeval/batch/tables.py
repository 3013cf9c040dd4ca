"""Tables of facts in files: Parquet (a file, or a folder of them), Arrow and Feather, CSV and TSV, and workbooks.

They are read piece by piece, so that a table of any length takes the same memory. What is text stays text, and a number in a workbook is
the shortest decimal that prints it: nothing passes through a binary float.
"""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
from attrs import evolve, frozen

from perfeval.errors import LoadError, Message, PerfevalError, reason_of
from perfeval.extras import needs
from perfeval.loading.archives import Limits, damaged, refuse_unsafe
from perfeval.loading.inputs import Version, changed, failed, version
from perfeval.quantity import number_in_cell

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["Piece", "Source", "in_pieces", "regrouped", "table_in"]

_READ_AT_ONCE: Final = 2**15  # rows
_BLOCK: Final = 2**22  # bytes of a CSV file
_BUFFER: Final = 2**18  # bytes of each column of a Parquet file
_KINDS: Final = (".parquet", ".feather", ".arrow", ".csv", ".tsv", ".xlsx")
_SHEET_ROWS: Final = 2**12
_FILES: Final = "*.parquet"  # of a folder, which scores may be written into
_LIMITS: Final = Limits(
    unpacked=2**30, tags=200_000_000, cells=50_000_000, reach=100_000_000, rows=2**20, columns=2**14
)
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"  # what an .xls begins with, or an .xlsx with a password


@frozen(eq=False)
class Piece:
    """Some rows of a table.

    Attributes:
        batch: their cells.
        wrong: those that are no rows of this table, by their place here, with the reason; their cells are empty.
    """

    batch: pa.RecordBatch
    wrong: Mapping[int, Message]


@frozen(eq=False)
class Source:
    """A table in a file, or in a folder of files.

    Attributes:
        name: as the reader knows it.
        schema: its columns.
        rows: how many rows it has, where that is known before they are read.
        read: the pieces of the columns at these places, in order.
        notes: what to know about how it is read.
    """

    name: str
    schema: pa.Schema
    rows: int | None
    read: Callable[[Sequence[int]], Iterator[Piece]]
    notes: tuple[Message, ...] = ()


def table_in(path: str) -> Source:
    """The table in a file, by its suffix; or in all the Parquet files of a folder, in the order of their names.

    Raises:
        LoadError: it cannot be read, or is of no kind that can be.
        PerfevalError: the library that reads workbooks is missing.
    """
    file = Path(path)
    kind = ".parquet" if file.is_dir() else file.suffix.lower()
    if kind not in _KINDS:
        raise failed(
            path,
            f"的后缀 {kind or '（无）'} 不能识别 — 请用 .parquet、.feather、.arrow、.csv、.tsv 或 .xlsx",
            f"ends in {kind or 'nothing'} — use .parquet, .feather, .arrow, .csv, .tsv or .xlsx",
        )
    with _told(path):
        before = version(file, _FILES)
        match kind:
            case ".parquet":
                source = _parquet(path)
            case ".feather" | ".arrow":
                source = _arrow(path)
            case ".csv" | ".tsv":
                source = _csv(path, "," if kind == ".csv" else "\t")
            case _:
                source = _sheet(path)
    return evolve(source, read=lambda places: _of_one(before, file, path, source.read(places)))


def _of_one(before: Version, file: Path, path: str, pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The pieces of a table, all of one version of it: it may be too large to be read at once.

    Raises:
        LoadError: it changed meanwhile, or cannot be read.
    """
    try:
        yield from pieces
    except LoadError:
        with _told(path):
            if version(file, _FILES) == before:
                raise
    with _told(path):
        if version(file, _FILES) != before:
            raise changed(path)


@contextmanager
def _told(path: str) -> Iterator[None]:
    """What the readers raise, as a problem of the file."""
    try:
        yield
    except PerfevalError:
        raise
    except OSError as error:
        if error.errno is None:  # what Arrow says of a file is one, too
            raise _damaged(path) from None
        why = reason_of(error)
        raise failed(path, f"无法读取（{why.zh}）", f"cannot be read ({why.en})") from None
    except (pa.ArrowInvalid, UnicodeError) as error:
        if "straddling" in str(error):
            raise failed(
                path, "有一格超过 4 MB，不予读取", "has a cell of more than 4 MB, and cannot be read"
            ) from None
        raise _damaged(path) from None
    except pa.ArrowException as error:  # what this Arrow does not know
        reason = str(error).splitlines()[0]
        raise failed(path, f"无法读取（{reason}）", f"cannot be read ({reason})") from None


def _damaged(path: str) -> LoadError:
    """What to raise about a file that is not what its name says."""
    file = Path(path)
    with file.open("rb") as stream:
        start = stream.read(len(_COMPOUND))
    if not start:
        return failed(
            path,
            "是空文件（0 字节），无法读取 — 请重新保存，或重新索取",
            "is empty (0 bytes) and cannot be read — save it again, or ask for it again",
        )
    if file.suffix.lower() == ".xlsx" and start == _COMPOUND:
        return failed(
            path,
            "有密码，或实为 .xls，无法读取 — 请在 Excel 或 WPS 中去掉密码，另存为 .xlsx",
            "has a password or is an .xls inside, and cannot be read — take the password off, and save it as .xlsx",
        )
    if file.suffix.lower() == ".xlsx":
        return damaged(path)
    return failed(
        path,
        f"已损坏、不完整，或不是 {file.suffix} 文件，无法读取 — 请重新复制或下载，或重新保存",
        f"is damaged, cut short or no {file.suffix} file, and cannot be read — copy or download it again, or save it again",
    )


def in_pieces(table: pa.Table) -> Source:
    """A table that is at hand already."""

    def read(places: Sequence[int]) -> Iterator[Piece]:
        for batch in table.select(list(places)).to_batches():
            yield Piece(batch, {})

    return Source("", table.schema, table.num_rows, read)


def regrouped(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """The same rows in batches of `rows` each, but for the last: whatever they come in."""
    waiting: list[pa.RecordBatch] = []
    held = 0
    for batch in batches:
        start = 0
        while held + batch.num_rows - start >= rows:
            cut = rows - held
            yield _joined([*waiting, batch.slice(start, cut)])
            waiting, held, start = [], 0, start + cut
        if start < batch.num_rows:
            waiting.append(batch.slice(start))
            held += batch.num_rows - start
    if waiting:
        yield _joined(waiting)


def _joined(batches: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    if len(batches) == 1:
        return batches[0]
    whole = pa.Table.from_batches(batches).unify_dictionaries().combine_chunks()
    return whole.to_batches()[0]


# Files of columns.


def _parquet(path: str) -> Source:
    folder = Path(path)
    files = [folder]
    if folder.is_dir():
        files = sorted(
            each
            for each in folder.rglob(_FILES)
            if each.is_file() and not any(part.startswith(("_", ".")) for part in each.relative_to(folder).parts)
        )
        if not files:
            raise failed(path, "中没有 .parquet 文件", "holds no .parquet files")
    schema, rows = None, 0
    for file in files:
        with _told(str(file)), pq.ParquetFile(file) as each:
            rows += each.metadata.num_rows
            if schema is None:
                schema = each.schema_arrow
            elif _columns(schema) != _columns(each.schema_arrow):
                raise failed(
                    str(file),
                    f"的列与“{files[0]}”的不同：{_difference(schema, each.schema_arrow)}",
                    f'has other columns than "{files[0]}": {_difference(schema, each.schema_arrow)}',
                )
    assert schema is not None
    whole = schema

    def read(places: Sequence[int]) -> Iterator[Piece]:
        fields = [whole.field(place) for place in places]
        names = [each.name for each in fields]
        for file in files:
            # Neither the file nor a row group is held: a buffer for each column is.
            with _told(str(file)), pq.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False) as each:
                for batch in each.iter_batches(_READ_AT_ONCE, columns=names):
                    # In the order of the first file, and with its word on what may be empty.
                    columns = [batch.column(name) for name in names]
                    yield Piece(pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields)), {})

    return Source(path, schema, rows, read)


def _columns(schema: pa.Schema) -> Counter[str]:
    """The columns, each as its name and type, in whatever order."""
    return Counter(f"{each.name} {each.type}" for each in schema)


def _difference(a: pa.Schema, b: pa.Schema) -> str:
    ours, theirs = _columns(a), _columns(b)
    return "、".join(sorted((ours - theirs) + (theirs - ours))[:4])


def _arrow(path: str) -> Source:
    # Not mapped into memory: a file that is cut off meanwhile would end the program without a word.
    with pa.OSFile(path) as file:
        try:
            opened = pa.ipc.open_file(file, options=pa.ipc.IpcReadOptions(included_fields=[0]))
        except pa.ArrowInvalid:
            opened = None
        if opened is None:  # a stream
            file.seek(0)
            schema, rows = pa.ipc.open_stream(file).schema, None
        else:
            rows = sum(opened.get_batch(index).num_rows for index in range(opened.num_record_batches))
            schema = pa.ipc.open_file(file).schema

    def read(places: Sequence[int]) -> Iterator[Piece]:
        options = pa.ipc.IpcReadOptions(included_fields=list(places))
        with _told(path), pa.OSFile(path) as file:
            if rows is None:
                for batch in pa.ipc.open_stream(file, options=options):
                    yield Piece(batch, {})
            else:
                reader = pa.ipc.open_file(file, options=options)
                for index in range(reader.num_record_batches):
                    yield Piece(reader.get_batch(index), {})

    return Source(path, schema, rows, read)


# Files of text.


def _csv(path: str, delimiter: str) -> Source:
    encoding = _encoding(path)
    _refuse_open_quote(path, encoding, delimiter)
    parse = {"delimiter": delimiter, "newlines_in_values": True}
    # Without threads the rows that do not fit are told with their numbers; the scoring uses the cores.
    read_options = arrow_csv.ReadOptions(use_threads=False, block_size=_BLOCK, encoding=encoding)
    skipping = arrow_csv.ParseOptions(**parse, invalid_row_handler=lambda row: "skip")
    try:
        with arrow_csv.open_csv(path, read_options, skipping) as reader:
            names = reader.schema.names
    except pa.ArrowInvalid as error:
        if "Empty CSV" not in str(error):
            raise
        raise failed(path, "是空的 — 第一行应为列名", "is empty — its first line names the columns") from None
    schema = pa.schema([pa.field(name, pa.string()) for name in names])

    def read(places: Sequence[int]) -> Iterator[Piece]:
        wrong: dict[int, tuple[int, int]] = {}

        def refused(row: arrow_csv.InvalidRow) -> str:
            wrong[row.number - 2] = (row.actual_columns, row.expected_columns)
            return "skip"

        convert = arrow_csv.ConvertOptions(
            column_types={name: pa.string() for name in names},
            null_values=[""],
            strings_can_be_null=True,
            include_columns=list(dict.fromkeys(names[place] for place in places)) if _distinct(names) else None,
        )
        options = arrow_csv.ParseOptions(**parse, invalid_row_handler=refused)
        row = 0
        with _told(path), arrow_csv.open_csv(path, read_options, options, convert) as reader:
            for batch in reader:
                if not _distinct(names):
                    batch = batch.select(list(places))
                for piece in _with_wrong(batch, row, wrong):
                    row += piece.batch.num_rows
                    yield piece
            rest = [place for place in wrong if place >= row]
            if rest:
                empty = _empty_rows(len(rest), pa.schema([pa.field(names[place], pa.string()) for place in places]))
                yield Piece(empty, {at: _ragged(*wrong[each]) for at, each in enumerate(rest)})

    return Source(path, schema, None, read)


def _encoding(path: str) -> str:
    """UTF-8, as far as the whole file is; UTF-16, where it says so; else what Excel writes in China."""
    with Path(path).open("rb") as file:
        start = file.read(2)
        if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8"


def _refuse_open_quote(path: str, encoding: str, delimiter: str) -> None:
    """Refuse a file that ends within quotes: all that follows them would be one cell, and its rows lost.

    Raises:
        LoadError: with the line in which they begin.
    """
    with Path(path).open("rb") as file:
        quotes = sum(block.count(b'"') for block in iter(lambda: file.read(_BLOCK), b""))
    if quotes % 2 == 0 and encoding != "utf-16":
        return  # as many end as begin
    with Path(path).open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as text:
        rows = csv.reader(text, delimiter=delimiter, strict=True)
        while True:
            line = rows.line_num + 1
            try:
                next(rows)
            except StopIteration:
                return
            except csv.Error as error:  # what else it objects to, Arrow reads
                if any(said in str(error) for said in ("unexpected end", "field larger")):
                    raise failed(
                        path,
                        f"第 {line} 行有一个引号没有结束，其后各行都会并入这一格 — 请补上或删去",
                        f"has a quotation mark in line {line} that never ends, so that all below would be one cell"
                        " — close it, or take it out",
                    ) from None


def _distinct(names: Sequence[str]) -> bool:
    return len(set(names)) == len(names)


def _with_wrong(batch: pa.RecordBatch, row: int, wrong: Mapping[int, tuple[int, int]]) -> Iterator[Piece]:
    """The rows of `batch`, the first of which is number `row`, with those that were left out between them."""
    if not any(each >= row for each in wrong):
        yield Piece(batch, {})
        return
    start = 0
    while start < batch.num_rows:
        until = min((each for each in wrong if each >= row), default=None)
        taken = batch.num_rows - start if until is None else min(until - row, batch.num_rows - start)
        if taken:
            yield Piece(batch.slice(start, taken), {})
            start, row = start + taken, row + taken
        if until == row and start < batch.num_rows:
            yield Piece(_empty_rows(1, batch.schema), {0: _ragged(*wrong[row])})
            row += 1


def _ragged(found: int, expected: int) -> Message:
    return Message(f"此行有 {found} 格，表头有 {expected} 格", f"this row has {found} cells, the header {expected}")


def _empty_rows(rows: int, schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.nulls(rows, each.type) for each in schema], schema=schema)


# Workbooks.


def _sheet(path: str) -> Source:
    needs("batch,documents", "openpyxl")
    with _worksheets(path) as (sheet, _, titles):
        header = next(sheet.iter_rows(), ())
        names = [_cell_text(cell).strip() for cell in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise failed(path, "的第一张工作表没有表头", "has no header on its first sheet")
    schema = pa.schema([pa.field(name, pa.string()) for name in names])
    notes: tuple[Message, ...] = ()
    if len(titles) > 1:
        notes = (
            Message(
                f"只读第一张工作表“{titles[0]}”，共 {len(titles)} 张",
                f'only the first sheet, "{titles[0]}", is read, of {len(titles)}',
            ),
        )

    def read(places: Sequence[int]) -> Iterator[Piece]:
        fields = [pa.field(names[place], pa.string()) for place in places]
        rows: list[list[str | None]] = []
        wrong: dict[int, Message] = {}
        with _told(path), _worksheets(path) as (computed, written, _):
            following = zip_longest(computed.iter_rows(min_row=2), written.iter_rows(min_row=2), fillvalue=())
            for cells, formulas in following:
                texts = [_cell_text(cell) for cell in cells]
                open_ = _not_computed(texts, formulas)
                if not open_ and not any(text.strip() for text in texts):
                    continue  # no row, only where one was
                beyond = [text for text in texts[len(names) :] if text.strip()]
                if open_ is not None:
                    wrong[len(rows)] = open_
                elif beyond:
                    wrong[len(rows)] = _ragged(len(texts), len(names))
                texts += [""] * (len(names) - len(texts))
                rows.append([texts[place] or None for place in places])
                if len(rows) == _SHEET_ROWS:
                    yield Piece(_of_rows(rows, fields), wrong)
                    rows, wrong = [], {}
        if rows:
            yield Piece(_of_rows(rows, fields), wrong)

    return Source(path, schema, None, read, notes)


def _of_rows(rows: Sequence[Sequence[str | None]], fields: Sequence[pa.Field]) -> pa.RecordBatch:
    arrays = [pa.array([row[index] for row in rows], pa.string()) for index in range(len(fields))]
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


@contextmanager
def _worksheets(path: str) -> Iterator[tuple[Worksheet, Worksheet, list[str]]]:
    """The first sheet of a workbook with its formulas computed, and as they are written; and the titles of all."""
    from openpyxl import load_workbook

    with Path(path).open("rb") as stream:
        if stream.read(len(_COMPOUND)) in (b"", _COMPOUND):
            raise _damaged(path)
    refuse_unsafe(path, Path(path), _LIMITS)
    try:
        with ExitStack() as held:
            books = [load_workbook(path, read_only=True, data_only=data) for data in (True, False)]
            for book in books:
                held.callback(book.close)
            titles = [each.title for each in books[0].worksheets]
            if not titles:
                raise failed(path, "没有工作表", "has no worksheet")
            computed, written = (book.worksheets[0] for book in books)
            for sheet in (computed, written):
                sheet.reset_dimensions()  # many programs write a size that the sheet outgrows: rows would be missing
            yield computed, written, titles
    except (OSError, PerfevalError):
        raise
    except Exception:  # openpyxl raises what its parsers do, some of it when the rows are read
        raise _damaged(path) from None


def _cell_text(cell: Cell | MergedCell) -> str:
    """What a cell holds, as text."""
    match value := cell.value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return number_in_cell(value, cell.number_format or "")
        case datetime():
            return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
        case _:
            return str(value)


def _not_computed(texts: Sequence[str], formulas: Sequence[Cell | MergedCell]) -> Message | None:
    for text, cell in zip(texts, formulas, strict=False):
        if not text and cell.data_type == "f":
            return Message(
                f"单元格 {cell.coordinate} 的公式还没有计算结果 — 请在 Excel 或 WPS 中打开并保存",
                f"the formula in {cell.coordinate} has no computed value — open and save the file in Excel or WPS",
            )
    return None
