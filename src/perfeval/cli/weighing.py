"""`perfeval sensitivity`."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perfeval.assessment import Assessment
from perfeval.cli.shared import (
    end_if_failed,
    fail,
    fail_with,
    format_option,
    language_option,
    print_json,
    read_each,
    show,
)
from perfeval.documents.figure import CHINESE_FONTS
from perfeval.documents.ranks import ranks_picture
from perfeval.errors import Language, Message, PerfevalError
from perfeval.framework import Framework
from perfeval.loading import is_assessment, load, load_framework
from perfeval.report.stability import stability_data, stability_tables
from perfeval.report.terminal import plain
from perfeval.writing import write_bytes

if TYPE_CHECKING:
    from perfeval.batch.attained import Attained
    from perfeval.batch.stability import Stability
    from perfeval.batch.weightings import By, Weightings

__all__ = ["needs", "read_framework", "sensitivity"]

_TABLES = (".parquet", ".feather", ".arrow", ".csv")


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
    needs(("numpy", "pyarrow"), "batch", language)
    if plot is not None:
        _refuse_picture(plot, language)
    try:
        if len(paths) == 2 and _is_table(paths[1]):
            of = read_framework(paths[0])
            framework = of.framework if isinstance(of, Assessment) else of
            tried = _tried(framework, weightings, by, concentration, seed)
            found = _of_table(of, paths[1], tried, identity, language)
        else:
            read, failures = read_each(paths, language)
            end_if_failed(failures, len(read), language)
            framework = read[0][1].framework
            tried = _tried(framework, weightings, by, concentration, seed)
            found = _of_assessments(read, tried)
        spoken = language or framework.language
        result = _stability(found, tried)
        written = _write(result, output, plot, saved, force, spoken)
    except PerfevalError as error:
        fail_with(error, language)
    if form == "json":
        print_json({**stability_data(result, spoken), "files": list(written)})
    else:
        show(stability_tables(result, spoken))
        for path in written:
            click.echo(plain(Message(f"已写入 {path}", f"wrote {path}").to(spoken)))


def needs(modules: Sequence[str], extra: str, language: Language | None) -> None:
    """Say what to install where a module is not there."""
    if any(find_spec(each) is None for each in modules):
        fail(
            Message(
                f"此命令需要的库没有安装 — 请运行：pip install 'perfeval[{extra}]'",
                f"a library that this needs is not installed — run: pip install 'perfeval[{extra}]'",
            ),
            language,
        )


def _refuse_picture(plot: str, language: Language | None) -> None:
    if Path(plot).suffix.lower() not in (".svg", ".png"):
        fail(Message(f"“{plot}”应以 .svg 或 .png 结尾", f'"{plot}" should end in .svg or .png'), language)
    needs(("matplotlib",), "plots", language)


def _is_table(path: str) -> bool:
    folder = Path(path)
    return folder.suffix.lower() in _TABLES or (folder.is_dir() and any(folder.glob("*.parquet")))


def read_framework(name: str) -> Framework | Assessment:
    """A framework, or an assessment whose facts stand where a table has no column.

    Raises:
        LoadError: it cannot be read.
    """
    return load(name) if is_assessment(name) else load_framework(name)


def _tried(framework: Framework, weightings: str, by: By, concentration: int, seed: int) -> Weightings:
    from perfeval.batch.reading import read_weightings
    from perfeval.batch.weightings import drawn

    if weightings.isascii() and weightings.isdigit():
        return drawn(framework, int(weightings), by=by, concentration=concentration, seed=seed)
    return read_weightings(weightings, framework)


def _of_table(
    of: Framework | Assessment, path: str, tried: Weightings, identity: str | None, language: Language | None
) -> Attained:
    from perfeval.batch.attained import attained
    from perfeval.batch.reading import read_table

    return attained(of, read_table(path), tried, identity=identity, language=language)


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
    """Write the files that were asked for, all of them made before the first is written."""
    from perfeval.batch.reading import encoded, weightings_table

    files: list[tuple[str, bytes]] = []
    if output is not None:
        files.append((output, encoded(result.table, output)))
    if saved is not None:
        files.append((saved, encoded(weightings_table(result.weightings), saved)))
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
    for path, data in files:
        write_bytes(Path(path), data, overwrite=force)
    return [path for path, _ in files]
