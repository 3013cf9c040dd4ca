"""`perfeval batch`, and one row of a table for `perfeval explain`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from perfeval import __version__
from perfeval.assessment import Assessment
from perfeval.cli.shared import fail, fail_with, format_option, language_option, print_json, show
from perfeval.errors import DefinitionError, Language, Message, PerfevalError, Problem, problem
from perfeval.loading import digest, is_assessment, load, load_framework
from perfeval.report.batching import batch_data, batch_tables
from perfeval.scorecard import Scorecard

if TYPE_CHECKING:
    from perfeval.batch import Detail, Scorer

__all__ = ["batch", "card_of_row", "table_options"]

F = TypeVar("F", bound=Callable[..., object])
_SCORING = Message("计分", "scoring")


def table_options(command: F) -> F:
    """How the columns of a table are read."""
    for option in (
        click.option("--unit", "units", multiple=True, metavar="COLUMN=UNIT", help="The unit of a column's numbers."),
        click.option("--map", "names", multiple=True, metavar="COLUMN=FACT", help="The fact that a column states."),
    ):
        command = option(command)
    return command


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
    _needs("batch", ("numpy", "pyarrow"), language)
    if engine == "spark":
        if findings is not None:
            fail(
                Message("--findings 不能与 --engine spark 同用", "--findings does not go with --engine spark"), language
            )
        _needs("spark", ("pyspark",), language)
    from perfeval.batch.run import provenance

    try:
        scorer = _scorer(framework, names, units, identity, detail, language)
        about = provenance(scorer, digest(framework), __version__)
        if engine == "spark":
            from perfeval.spark import run_files

            summary = run_files(scorer, facts, output, about=about, master=master, overwrite=force)
        else:
            from perfeval.batch.files import check_suffix
            from perfeval.batch.findings import Findings
            from perfeval.batch.run import run
            from perfeval.batch.tables import table_in

            check_suffix(output)
            source = table_in(facts, scorer.truths)
            asked = findings and Findings(scorer, checks=findings != "review", review=findings != "checks")
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
        fail_with(error, language)
    if form == "json":
        print_json(batch_data(summary, about, (facts, output), scorer.language))
    else:
        show(batch_tables(summary, (facts, output), scorer.language))
    if not summary.complete:
        sys.exit(1)


def card_of_row(
    framework: str, facts: str, row: int, names: Sequence[str], units: Sequence[str], language: Language | None
) -> Scorecard:
    """The scorecard of one row of a table.

    Raises:
        PerfevalError: it cannot be read.
    """
    _needs("batch", ("numpy", "pyarrow"), language)
    from perfeval.batch.run import card_of_row
    from perfeval.batch.tables import table_in

    scorer = _scorer(framework, names, units, None, "total", language)
    return card_of_row(scorer, table_in(facts, scorer.truths), row)


def _needs(extra: str, modules: Sequence[str], language: Language | None) -> None:
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        listed = ", ".join(missing)
        fail(
            Message(
                f"此命令需要 {listed} — 请运行：pip install 'perfeval[{extra}]'",
                f"this needs {listed} — run: pip install 'perfeval[{extra}]'",
            ),
            language,
        )


def _scorer(
    framework: str,
    names: Sequence[str],
    units: Sequence[str],
    identity: str | None,
    detail: Detail,
    language: Language | None,
) -> Scorer:
    from perfeval.batch import compile

    of = load(framework) if is_assessment(framework) else Assessment(load_framework(framework))
    problems: list[Problem] = []
    facts = _pairs(names, "--map 调整预算数=budget.approved", problems)
    numbers = _pairs(units, "--unit 调整预算数=万元", problems)
    if problems:
        raise DefinitionError(problems)
    return compile(of, names=facts, units=numbers, identity=identity, detail=detail, language=language)


def _pairs(written: Sequence[str], example: str, problems: list[Problem]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in written:
        name, sign, value = (part.strip() for part in each.rpartition("="))
        if not sign or not name or not value:
            problems.append(problem(f"“{each}”应写成 {example}", f'"{each}" should be written as {example}'))
        elif name in found:
            problems.append(problem(f"列“{name}”写了两次", f'the column "{name}" is given twice'))
        else:
            found[name] = value
    return found


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
