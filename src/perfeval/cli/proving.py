"""`perfeval laws` and `perfeval plot`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click

from perfeval.cli.shared import (
    complain,
    environment_language,
    fail,
    fail_with,
    format_option,
    language_option,
    print_json,
    show,
)
from perfeval.documents.figure import CHINESE_FONTS, picture
from perfeval.errors import DefinitionError, Language, Message, PerfevalError, problem
from perfeval.extras import needs
from perfeval.laws import judge
from perfeval.laws.drawing import Drawing, drawing
from perfeval.loading import framework_files, framework_of, is_assessment, load, load_framework
from perfeval.report.curve import curve_data, curve_lines
from perfeval.report.laws import laws_data, laws_table
from perfeval.report.terminal import plain
from perfeval.rules import ratio
from perfeval.writing import write_bytes

__all__ = ["laws", "plot"]


_KEPT: Final = "HYPOTHESIS_STORAGE_DIRECTORY"


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="FRAMEWORK...")
@click.option(
    "--largest-step",
    metavar="PERCENT",
    help="No award may jump by more than this share of its points, declared or not.",
)
@click.option("--no-search", is_flag=True, help="Prove what can be proved; no search with Hypothesis for the rest.")
@format_option
@language_option
def laws(names: Sequence[str], largest_step: str | None, no_search: bool, form: str, language: Language | None) -> None:
    """Say whether the rules of frameworks (or of assessment files) make sense, with the smallest example where not.

    A FRAMEWORK is a name in the catalogue, a path ending in .toml, or a folder of such files. Exits with 1 when a law is
    broken and the framework makes no exception of it.
    """
    try:
        most = None if largest_step is None else ratio(largest_step)
    except PerfevalError as error:
        fail_with(error, language)
    found, failed = [], False
    with _nothing_kept():
        for name in names:
            try:
                files = framework_files(name)
            except PerfevalError as error:
                complain(error, language, name)
                failed = True
                continue
            for file in files:
                try:
                    found.append((file, judge(framework_of(file), largest_step=most, search=not no_search)))
                except PerfevalError as error:
                    complain(error, language, file)
                    failed = True
    if form == "json":
        print_json([laws_data(name, each, language or each.framework.language) for name, each in found])
    else:
        for name, each in found:
            show(laws_table(name, each, language or each.framework.language))
    if failed:
        sys.exit(2)
    if any(each.broken for _, each in found):
        sys.exit(1)


@contextmanager
def _nothing_kept() -> Iterator[None]:
    """What Hypothesis keeps between searches goes into a folder that goes again, unless somebody said where to."""
    if _KEPT in os.environ:
        yield
        return
    with TemporaryDirectory() as kept:
        os.environ[_KEPT] = kept
        try:
            yield
        finally:
            del os.environ[_KEPT]


@click.command()
@click.argument("name", metavar="FRAMEWORK")
@click.argument("indicator")
@click.option("--over", metavar="FACT", help="The fact that varies; by default the actual value.")
@click.option(
    "--given",
    multiple=True,
    metavar="FACT=VALUE",
    help="What another fact is; may be repeated. By default such that the curve shows most.",
)
@click.option("-o", "--output", type=click.Path(), help="A picture to write, ending in .svg or .png.")
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
@format_option
@language_option
def plot(
    name: str,
    indicator: str,
    over: str | None,
    given: Sequence[str],
    output: str | None,
    force: bool,
    form: str,
    language: Language | None,
) -> None:
    """Draw what an INDICATOR (its id or its title) earns as its actual value varies, before rounding."""
    try:
        assessment = load(name) if is_assessment(name) else None
        framework = load_framework(name) if assessment is None else assessment.framework
        known = None if assessment is None else assessment.facts
        drawn = drawing(framework, indicator, over, dict(_pair(each) for each in given), known)
    except PerfevalError as error:
        fail_with(error, language, name)
    spoken = language or framework.language
    if output is not None:
        _draw(drawn, Path(output), force, form, spoken)
    elif form == "json":
        print_json(curve_data(drawn, spoken))
    else:
        click.echo("\n".join(curve_lines(drawn, spoken)))


def _pair(given: str) -> tuple[str, str]:
    name, sign, value = (part.strip() for part in given.partition("="))
    if not (name and sign and value):
        raise DefinitionError(
            problem(f"“{given}”应写作 事实=值，如 a=5人", f'"{given}" should be FACT=VALUE, such as a=5人')
        )
    return name, value


def _draw(drawn: Drawing, output: Path, force: bool, form: str, language: Language) -> None:
    kind = output.suffix.lower().removeprefix(".")
    if kind not in ("svg", "png"):
        fail(Message(f"“{output}”应以 .svg 或 .png 结尾", f'"{output}" should end in .svg or .png'), language)
    try:
        needs("plots", "matplotlib")
        made = picture(drawn, language, kind)
        write_bytes(output, made.data, overwrite=force)
    except PerfevalError as error:
        fail_with(error, language)
    if made.without_font:
        fonts = ", ".join(CHINESE_FONTS[:5])
        click.echo(
            Message(
                f"没有找到中文字体，图片改用英文，不写中文名称 — 请安装其中一种：{fonts}；或写 .svg",
                f"no Chinese font is installed: the picture is in English, without Chinese names — install one of {fonts}, or write an .svg",
            ).to(language),
            err=True,
        )
    if form == "json":
        print_json({"file": str(output)})
    else:
        click.echo(plain(Message(f"已写入 {output}", f"wrote {output}").to(language or environment_language())))
