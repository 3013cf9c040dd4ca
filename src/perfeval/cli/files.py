"""`perfeval frameworks` and `perfeval new`."""

from __future__ import annotations

from pathlib import Path

import click

from perfeval.assessment import YEARS
from perfeval.cli.shared import fail, fail_with, format_option, language_option, print_json, show
from perfeval.errors import Language, Message, PerfevalError
from perfeval.forms.opening import is_workbook
from perfeval.loading import catalogue_ids, load, load_framework
from perfeval.report.data import framework_data
from perfeval.report.terminal import framework_list, framework_tree, plain
from perfeval.starter import next_year, starter
from perfeval.writing import write_text

__all__ = ["frameworks", "new"]


@click.command()
@click.argument("name", required=False)
@format_option
@language_option
def frameworks(name: str | None, form: str, language: Language | None) -> None:
    """List the frameworks in the catalogue, or show one (a name, or a path ending in .toml) with its rules in words."""
    try:
        found = [load_framework(each) for each in ([name] if name else catalogue_ids())]
    except PerfevalError as error:
        fail_with(error, language, name)
    spoken = language or found[0].language
    if form == "json":
        print_json([framework_data(each, spoken) for each in found])
    elif name:
        show(framework_tree(found[0], spoken))
    else:
        show(framework_list(found, spoken))


@click.command()
@click.argument("framework", required=False)
@click.option("--from", "last_year", type=click.Path(), help="Last year's assessment, to start from.")
@click.option("--year", type=click.IntRange(YEARS[0], YEARS[-1]), help="The year of the new assessment.")
@click.option("-o", "--output", type=click.Path(), help="The file to write; by default it is printed.")
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
@format_option
@language_option
def new(
    framework: str | None,
    last_year: str | None,
    year: int | None,
    output: str | None,
    force: bool,
    form: str,
    language: Language | None,
) -> None:
    """Write an assessment file to fill in, for a FRAMEWORK or from last year's assessment."""
    if (framework is None) == (last_year is None):
        fail(
            Message("请写一个指标体系，或写 --from 上年文件", "name a FRAMEWORK, or --from last year's file"), language
        )
    if last_year is not None and is_workbook(last_year):
        fail(
            Message(
                f"“{last_year}”是工作簿 — 请先运行：perfeval import {last_year} -o 上年.toml",
                f'"{last_year}" is a workbook — first run: perfeval import {last_year} -o last-year.toml',
            ),
            language,
        )
    try:
        folder = None if output is None else Path(output).parent
        if last_year is not None:
            text = next_year(last_year, year, language, folder)
        else:
            text = starter(framework or "", year, language, folder)
    except PerfevalError as error:
        fail_with(error, language, last_year)
    spoken = language or _language(framework, last_year)
    if output is None:
        if form == "json":
            print_json({"text": text})
        else:
            click.echo(plain(text), nl=False)
        return
    try:
        write_text(Path(output), text, overwrite=force)
    except PerfevalError as error:
        fail_with(error, spoken)
    if form == "json":
        print_json({"file": output})
    else:
        click.echo(_written(output, spoken))


def _language(framework: str | None, last_year: str | None) -> Language:
    """The language of the framework that the new file is for."""
    found = load_framework(framework) if framework is not None else load(last_year or "").framework
    return found.language


def _written(output: str, language: Language) -> str:
    shown = plain(output)
    if language == "zh":
        return f"已写入 {shown}。填好后运行：perfeval score {shown}"
    return f"wrote {shown}. Fill it in, then: perfeval score {shown}"
