"""`perfeval sensitivity`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfeval.assessment import Assessment
from perfeval.cli.shared import (
    end_if_failed,
    fail_with,
    format_option,
    language_option,
    print_json,
    read_each,
    show,
    spoken_in,
)
from perfeval.cli.tables import Reading, needs_tables, reading, refuse_over, scored_on, table_options, tell
from perfeval.documents.figure import CHINESE_FONTS
from perfeval.documents.ranks import ranks_picture
from perfeval.errors import Language, Message, PerfevalError, problem
from perfeval.extras import needs
from perfeval.forms.opening import is_workbook
from perfeval.framework import Framework
from perfeval.loading import is_assessment
from perfeval.report.stability import stability_data, stability_tables
from perfeval.report.terminal import plain
from perfeval.writing import write_all

if TYPE_CHECKING:
    from perfeval.batch.attained import Attained
    from perfeval.batch.stability import Stability
    from perfeval.batch.weightings import By, Weightings

__all__ = ["sensitivity"]

_TABLES = (".parquet", ".feather", ".arrow", ".csv", ".tsv")
_RANKED = Message("已排名", "ranked")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(), metavar="FRAMEWORK TABLE | PATH...")
@click.option(
    "--weightings", default="1000", show_default=True, metavar="N|FILE", help="How many to draw, or a file of them."
)
@click.option(
    "--by",
    type=click.Choice(["dimension", "indicator"]),
    default="dimension",
    show_default=True,
    help="What is weighed.",
)
@click.option(
    "--concentration",
    type=click.IntRange(1, 10**9),
    default=100,
    show_default=True,
    help="How close to the framework's own they are drawn.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=1,
    show_default=True,
    help="The same seed draws the same weightings.",
)
@table_options
@click.option("--id", "identity", metavar="COLUMN", help="The column that names each row.")
@click.option(
    "-o", "--output", type=click.Path(), help="The ranks of every unit: a .parquet, .feather, .arrow or .csv file."
)
@click.option("--plot", type=click.Path(), help="A picture to write, ending in .svg or .png.")
@click.option("--save-weightings", "saved", type=click.Path(), help="The weightings that were tried, as a table.")
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
@format_option
@language_option
def sensitivity(
    paths: Sequence[str],
    weightings: str,
    by: By,
    concentration: int,
    seed: int,
    names: Sequence[str],
    units: Sequence[str],
    identity: str | None,
    output: str | None,
    plot: str | None,
    saved: str | None,
    force: bool,
    form: str,
    language: Language | None,
) -> None:
    """Say how ranks and grades stand up to other weights: of the rows of a TABLE on a FRAMEWORK, or of assessments.

    A weight says what a part counts for; how it is earned stays as it is. Every total is exact. The only thing left to chance
    is which weightings are drawn, and the seed fixes that.
    """
    notes: Sequence[Message] = ()
    failures: Sequence[PerfevalError] = ()
    try:
        _refuse_kinds(output, plot, saved)
        columns = reading(names, units, identity)
        if _are_framework_and_table(paths):
            refuse_over(paths[1], output, saved, plot)
            of = scored_on(paths[0])
            tried = _tried(of.framework, weightings, by, concentration, seed)
            found, notes = _of_table(of, paths[1], tried, columns, language)
        else:
            if names or units or identity is not None:
                raise PerfevalError(
                    problem("--map、--unit 与 --id 只与表同用", "--map, --unit and --id go with a table only")
                )
            read, failures = read_each(paths, language)
            if not read:
                end_if_failed(failures, 0, language)
            elif failures:
                notes = (_left_out(len(failures)),)
            of = read[0][1]
            tried = _tried(of.framework, weightings, by, concentration, seed)
            found = _of_assessments(read, tried)
        spoken = spoken_in(language, of)
        result = _stability(found, tried)
        written = () if failures else _write(result, output, plot, saved, force, spoken)
    except PerfevalError as error:
        fail_with(error, language, *paths)
    if form == "json":
        told = [note.to(spoken) for note in notes]
        print_json({**stability_data(result, spoken), "files": list(written), "notes": told})
    else:
        show(stability_tables(result, spoken))
        tell(notes, spoken)
        for path in written:
            click.echo(plain(Message(f"已写入 {path}", f"wrote {path}").to(spoken)))
    end_if_failed(failures, result.units, language, _RANKED)


def _left_out(count: int) -> Message:
    return Message(
        f"未能读取而不在排名之内的文件：{count} 个；排名不全，不写文件",
        f"left out of the ranking because they cannot be read: {count}; what is not whole is written to no file",
    )


def _refuse_kinds(output: str | None, plot: str | None, saved: str | None) -> None:
    """Refuse what cannot be written, before anything is computed.

    Raises:
        PerfevalError: a file of another kind, or a library is missing.
    """
    if plot is not None and Path(plot).suffix.lower() not in (".svg", ".png"):
        raise PerfevalError(problem(f"“{plot}”应以 .svg 或 .png 结尾", f'"{plot}" should end in .svg or .png'))
    needs_tables()
    from perfeval.batch.files import check_suffix

    for table in (output, saved):
        if table is not None:
            check_suffix(table)
    if plot is not None:
        needs("plots", "matplotlib")


def _are_framework_and_table(paths: Sequence[str]) -> bool:
    """Whether there is a table, or what can be no assessment beside a framework; a workbook may be either."""
    if len(paths) != 2:
        return False
    first, second = map(Path, paths)
    if second.suffix.lower() in _TABLES or (second.is_dir() and any(second.rglob("*.parquet"))):
        return True
    return second.suffix.lower() == ".xlsx" and not (first.is_dir() or is_workbook(paths[0]) or is_assessment(paths[0]))


def _tried(framework: Framework, weightings: str, by: By, concentration: int, seed: int) -> Weightings:
    from perfeval.batch.given import read_weightings
    from perfeval.batch.weightings import drawn

    if weightings.isascii() and weightings.isdigit():
        return drawn(framework, int(weightings), by=by, concentration=concentration, seed=seed)
    return read_weightings(weightings, framework)


def _of_table(
    of: Assessment, path: str, tried: Weightings, columns: Reading, language: Language | None
) -> tuple[Attained, Sequence[Message]]:
    from perfeval.batch.attained import attained

    source, notes = columns.table(of, path)
    found = attained(
        of,
        source,
        tried,
        names=columns.names,
        units=columns.units,
        identity=columns.identity,
        language=language,
    )
    return found, notes


def _of_assessments(read: Sequence[tuple[str, Assessment]], tried: Weightings) -> Attained:
    from perfeval.batch.attained import attained_by

    titles = [each.subject.name or each.subject.unit or file for file, each in read]
    unique = len(set(titles)) == len(titles)
    return attained_by([each for _, each in read], tried, titles if unique else [file for file, _ in read])


def _stability(found: Attained, tried: Weightings) -> Stability:
    from perfeval.batch.stability import stability

    return stability(found, tried)


def _write(
    result: Stability, output: str | None, plot: str | None, saved: str | None, force: bool, language: Language
) -> Sequence[str]:
    """Write the files that were asked for: all of them, or none."""
    from perfeval.batch.files import encoded
    from perfeval.batch.given import weightings_table

    files: list[tuple[str, bytes]] = []
    if output is not None:
        files.append((output, encoded(output, result.table)))
    if saved is not None:
        files.append((saved, encoded(saved, weightings_table(result.weightings))))
    if plot is not None:
        made = ranks_picture(result, language, Path(plot).suffix.lower().removeprefix("."))
        files.append((plot, made.data))
        if made.without_font:
            fonts = ", ".join(CHINESE_FONTS[:5])
            said = Message(
                f"没有找到中文字体，图片改用英文，不写中文名称 — 请安装其中一种：{fonts}；或写 .svg",
                "no Chinese font is installed: the picture is in English, without Chinese names — "
                f"install one of {fonts}, or write an .svg",
            )
            click.echo(said.to(language), err=True)
    write_all((Path(path), data, force) for path, data in files)
    return [path for path, _ in files]
