"""`perfeval batch`, and one row of a table for `perfeval explain`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, Literal

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from perfeval import __version__
from perfeval.cli.shared import fail_with, format_option, language_option, print_json, show
from perfeval.cli.tables import needs_tables, reading, scored_on, table_options
from perfeval.errors import Language, Message, PerfevalError, problem
from perfeval.extras import needs
from perfeval.loading import digest
from perfeval.report.batching import batch_data, batch_tables
from perfeval.scorecard import Scorecard

if TYPE_CHECKING:
    from perfeval.batch import Detail

__all__ = ["batch", "card_of_row"]

_SCORING: Final = Message("计分", "scoring")
_ONLY_HERE: Final = (".csv", ".tsv", ".xlsx", ".feather", ".arrow")  # what Spark is not asked to read or write


@click.command()
@click.argument("framework")
@click.argument("facts", type=click.Path())
@click.option("-o", "--output", required=True, type=click.Path(), help="A .parquet, .feather, .arrow or .csv file.")
@table_options
@click.option("--id", "identity", metavar="COLUMN", help="The column that names each row.")
@click.option(
    "--detail",
    type=click.Choice(["total", "dimensions", "indicators"]),
    default="total",
    show_default=True,
    help="What has a score of its own beside the total.",
)
@click.option(
    "--findings",
    type=click.Choice(["checks", "review", "all"]),
    help="Columns of the checks that do not hold, of objections, or of both.",
)
@click.option(
    "--engine", type=click.Choice(["here", "spark"]), default="here", show_default=True, help="What computes."
)
@click.option("--master", default="local[*]", show_default=True, help="The Spark master, with --engine spark.")
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
@format_option
@language_option
def batch(
    framework: str,
    facts: str,
    output: str,
    names: Sequence[str],
    units: Sequence[str],
    identity: str | None,
    detail: Detail,
    findings: Literal["checks", "review", "all"] | None,
    engine: str,
    master: str,
    force: bool,
    form: str,
    language: Language | None,
) -> None:
    """Score every row of a table of FACTS (Parquet, a folder of it, Arrow, CSV, XLSX) on a FRAMEWORK.

    FRAMEWORK is a name, a path ending in .toml, or an assessment whose facts stand where the table has no column.
    Exits with 1 when a row has no score.
    """
    try:
        if engine == "spark":
            _refuse_other_than_parquet(facts, output)
        needs_tables()
        if engine == "spark":
            needs("spark", "pyspark")
        from perfeval.batch.findings import Findings
        from perfeval.batch.run import provenance

        columns = reading(names, units, identity)
        scorer = columns.scorer(scored_on(framework), language, detail)
        asked = findings and Findings(scorer, checks=findings != "review", review=findings != "checks")
        about = provenance(scorer, digest(framework), __version__)
        if engine == "spark":
            from perfeval.spark import run_files

            summary = run_files(
                scorer, facts, output, about=about, findings=asked or None, master=master, overwrite=force
            )
        else:
            from perfeval.batch.files import check_suffix
            from perfeval.batch.run import run
            from perfeval.batch.tables import table_in

            check_suffix(output)
            source = table_in(facts)
            with _progress(source.rows, scorer.language) as advance:
                summary = run(
                    scorer,
                    source,
                    output,
                    about=about,
                    findings=asked or None,
                    overwrite=force,
                    progress=advance,
                )
    except PerfevalError as error:
        fail_with(error, language, framework)
    if form == "json":
        print_json(batch_data(summary, about, (facts, output), scorer.language))
    else:
        show(batch_tables(summary, scorer.framework.grades, (facts, output), scorer.language))
    if not summary.complete:
        sys.exit(1)


def card_of_row(
    framework: str, facts: str, row: int, names: Sequence[str], units: Sequence[str], language: Language | None
) -> Scorecard:
    """The scorecard of one row of a table.

    Raises:
        PerfevalError: it cannot be read.
    """
    needs_tables()
    from perfeval.batch.run import card_of_row
    from perfeval.batch.tables import table_in

    scorer = reading(names, units).scorer(scored_on(framework), language)
    return card_of_row(scorer, table_in(facts), row)


def _refuse_other_than_parquet(*paths: str) -> None:
    problems = [
        problem(
            f"“{path}”：集群上只读写 Parquet — 事实请先转存为 .parquet，得分请写文件夹",
            f'"{path}": a cluster reads and writes Parquet — save facts as .parquet first, let scores go into a folder',
        )
        for path in paths
        if PurePath(path).suffix.lower() in _ONLY_HERE
    ]
    if problems:
        raise PerfevalError(problems)


@contextmanager
def _progress(rows: int | None, language: Language) -> Iterator[Callable[[int], object]]:
    """What is called with the rows that are done: a bar on a terminal's stderr."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda done: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(_SCORING.to(language), total=rows)
        yield lambda done: bar.advance(task, done)
