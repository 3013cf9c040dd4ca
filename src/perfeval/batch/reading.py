"""What a scorer reads of a table, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from perfeval.batch import Scorer
from perfeval.batch.tables import Piece, Source, regrouped
from perfeval.errors import Message

__all__ = ["read_by"]


def read_by(scorer: Scorer, source: Source, rows: int) -> tuple[pa.Schema, Iterator[Piece]]:
    """The columns of `source`, and its rows in pieces of `rows` each, but for the last.

    Columns that `scorer` does not need are not read: they have no values, but their names still help to spell those that are missing.

    Raises:
        DefinitionError: columns that cannot be read, and arguments of the scorer that speak of columns that are not there.
    """
    scorer.refuse_misspelt(source.schema)
    narrow = scorer.narrow(source.schema)

    def pieces() -> Iterator[Piece]:
        wrong: dict[int, Message] = {}
        seen = 0

        def batches() -> Iterator[pa.RecordBatch]:
            nonlocal seen
            for piece in source.read(narrow.places):
                wrong.update({seen + place: message for place, message in piece.wrong.items()})
                seen += piece.batch.num_rows
                yield piece.batch

        first = 0
        for batch in regrouped(batches(), rows):
            here = {row - first: wrong.pop(row) for row in sorted(wrong) if row < first + batch.num_rows}
            yield Piece(narrow.widened(batch), here)
            first += batch.num_rows

    return narrow.schema, pieces()
