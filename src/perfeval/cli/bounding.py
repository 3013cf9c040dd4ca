"""The bounds of the rows of a table, for `perfeval bounds`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from perfeval.cli.shared import fail_with, print_json, spoken_in
from perfeval.cli.tables import needs_tables, reading, refuse_over, scored_on, tell
from perfeval.errors import Language, Message, PerfevalError
from perfeval.report.terminal import plain
from perfeval.writing import write_bytes

__all__ = ["bounds_of_table"]


def bounds_of_table(
    name: str,
    path: str,
    output: str | None,
    names: Sequence[str],
    units: Sequence[str],
    identity: str | None,
    stated_only: bool,
    force: bool,
    form: str,
    language: Language | None,
) -> None:
    """`perfeval bounds FRAMEWORK --table TABLE`: the lowest and highest total of each row."""
    try:
        needs_tables()
        from perfeval.batch.between import bounded
        from perfeval.batch.files import check_suffix, encoded

        if output is not None:
            check_suffix(output)
        refuse_over(path, output)
        columns = reading(names, units, identity)
        of = scored_on(name)
        spoken = spoken_in(language, of)
        source, notes = columns.table(of, path)
        found = bounded(
            of,
            source,
            stated_only=stated_only,
            names=columns.names,
            units=columns.units,
            identity=identity,
            language=spoken,
        )
        if output is not None:
            write_bytes(Path(output), encoded(output, found), overwrite=force)
    except PerfevalError as error:
        fail_with(error, language, name)
    low, high = found.column("low").to_pylist(), found.column("high").to_pylist()
    counts = {
        "count": found.num_rows,
        "decided": sum(each is not None and each == other for each, other in zip(low, high, strict=True)),
        "without": sum(each is None for each in low),
    }
    if form == "json":
        rows = [
            {key: value if value is None or isinstance(value, int | str) else str(value) for key, value in row.items()}
            for row in found.to_pylist()
        ]
        answer = {"rows": rows} if output is None else {"file": output}
        print_json({**counts, **answer, "notes": [note.to(spoken) for note in notes]})
        return
    if output is None:
        called = {grade.name: grade.called(spoken) for grade in of.framework.grades}
        for place, row in enumerate(found.to_pylist(), start=1):
            named = None if identity is None else row[identity]
            label = place if named is None else named
            if row["low"] is None:
                click.echo(plain(f"{label}  {row['message'] or '?'}"))
            else:
                grades = " – ".join(dict.fromkeys(called[each] for each in (row["worst"], row["best"]) if each))
                click.echo(plain(f"{label}  {row['low']} – {row['high']}  {grades}".rstrip()))
    open_ = counts["count"] - counts["decided"] - counts["without"]
    said = Message(
        f"{counts['count']} 行：{counts['decided']} 行总分已定，{open_} 行未定，{counts['without']} 行没有总分",
        f"{counts['count']} rows: {counts['decided']} with one total, {open_} open, {counts['without']} without a total",
    )
    click.echo(said.to(spoken))
    tell(notes, spoken)
