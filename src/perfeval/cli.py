"""The commands: parse arguments, call a floor below, print.

Exit codes: 0 done; 1 the answer is "no" (a published score does not agree, or there is no total); 2 bad input.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, TypeVar

import click
from rich.console import Console, RenderableType

from perfeval import __version__
from perfeval.assessment import Assessment
from perfeval.errors import Language, Message, PerfevalError, nearest
from perfeval.evaluate import evaluate
from perfeval.loading import assessment_files, catalogue_ids, load, load_framework
from perfeval.report.data import Json, framework_data, scorecard_data
from perfeval.report.terminal import framework_list, framework_tree, is_plain, plain, score_summary, score_table
from perfeval.scorecard import Scorecard
from perfeval.starter import next_year, starter
from perfeval.writing import write_text

__all__ = ["main"]

_WIDTH_WHEN_PIPED = 120
F = TypeVar("F", bound=Callable[..., object])


def _language_option(command: F) -> F:
    return click.option(
        "--lang",
        "language",
        type=click.Choice(["zh", "en"]),
        help="Language of the output; by default the framework's.",
    )(command)


def _format_option(command: F) -> F:
    return click.option(
        "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="Output."
    )(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="perfeval")
def main() -> None:
    """Score performance self-evaluations (预算绩效自评) exactly, with a reason for every point."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal in another encoding must not end in a traceback
            stream.reconfigure(encoding="utf-8", errors="replace")


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("--summary", is_flag=True, help="One row an assessment, without the trees.")
@_format_option
@_language_option
def score(paths: Sequence[str], summary: bool, form: str, language: Language | None) -> None:
    """Score assessments: files, or folders of them."""
    cards, failed = _scored(paths, language)
    if form == "json":
        _print_json([scorecard_data(card, _language(language, card.assessment)) for _, card in cards])
    else:
        if not summary:
            for _, card in cards:
                _print(score_table(card, _language(language, card.assessment)))
        if cards and (summary or len(cards) > 1):
            _print(score_summary(cards, _language(language, cards[0][1].assessment)))
    if failed:
        sys.exit(2)
    if any(card.published.agrees is False or not card.complete for _, card in cards):
        sys.exit(1)


@main.command()
@click.argument("path", type=click.Path())
@click.argument("indicator", required=False)
@_format_option
@_language_option
def explain(path: str, indicator: str | None, form: str, language: Language | None) -> None:
    """Say why each point of an assessment was earned or lost; of one INDICATOR or dimension, or of all."""
    cards, failed = _scored([path], language)
    if failed:
        sys.exit(2)
    if len(cards) > 1:
        _fail(
            Message(
                f"文件夹“{path}”中有 {len(cards)} 个评价文件 — 请写明其中一个",
                f'the folder "{path}" holds {len(cards)} assessments — name one of them',
            ),
            language,
        )
    ((_, card),) = cards
    spoken = _language(language, card.assessment)
    if indicator is not None and indicator not in card.nodes:
        hint = nearest(indicator, card.nodes)
        _fail(Message(f"没有指标“{indicator}”— {hint.zh}", f'there is no indicator "{indicator}" — {hint.en}'), spoken)
    if form == "json":
        nodes = scorecard_data(card, spoken)["nodes"]
        assert isinstance(nodes, list)
        _print_json([node for node in nodes if isinstance(node, dict) and _below(node["path"], indicator)])
    else:
        click.echo(plain(card.explain(indicator, spoken)))


def _below(path: Json, indicator: str | None) -> bool:
    return indicator is None or path == indicator or str(path).startswith(f"{indicator}.")


@main.command()
@click.argument("name", required=False)
@_format_option
@_language_option
def frameworks(name: str | None, form: str, language: Language | None) -> None:
    """List the frameworks in the catalogue, or show one (a name, or a path ending in .toml) with its rules in words."""
    try:
        found = [load_framework(each) for each in ([name] if name else catalogue_ids())]
    except PerfevalError as error:
        _fail_with(error, language)
    spoken = language or found[0].language
    if form == "json":
        _print_json([framework_data(each, spoken) for each in found])
    elif name:
        _print(framework_tree(found[0], spoken))
    else:
        _print(framework_list(found, spoken))


@main.command()
@click.argument("framework", required=False)
@click.option("--from", "last_year", type=click.Path(), help="Last year's assessment, to start from.")
@click.option("--year", type=click.IntRange(1000, 9999), help="The year of the new assessment.")
@click.option("-o", "--output", type=click.Path(), help="The file to write; by default it is printed.")
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
@_format_option
@_language_option
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
        _fail(
            Message("请写一个指标体系，或写 --from 上年文件", "name a FRAMEWORK, or --from last year's file"), language
        )
    try:
        folder = None if output is None else Path(output).parent
        if last_year is not None:
            text = next_year(last_year, year, language, folder)
        else:
            text = starter(framework or "", year, language, folder)
    except PerfevalError as error:
        _fail_with(error, language)
    if output is None:
        if form == "json":
            _print_json({"text": text})
        else:
            click.echo(plain(text), nl=False)
        return
    try:
        write_text(Path(output), text, overwrite=force)
    except PerfevalError as error:
        _fail_with(error, language)
    if form == "json":
        _print_json({"file": output})
    else:
        click.echo(_written(output, language or _environment_language()))


def _written(output: str, language: Language) -> str:
    shown = plain(output)
    if language == "zh":
        return f"已写入 {shown}。填好后运行：perfeval score {shown}"
    return f"wrote {shown}. Fill it in, then: perfeval score {shown}"


# What the commands share.


def _scored(paths: Sequence[str], language: Language | None) -> tuple[list[tuple[str, Scorecard]], bool]:
    """The scorecards of all the assessments that could be read; the problems of the others are printed."""
    cards: list[tuple[str, Scorecard]] = []
    failed = False
    for path in paths:
        try:
            files = assessment_files(path)
        except PerfevalError as error:
            _complain(error, language)
            failed = True
            continue
        for file in files:
            try:
                cards.append((file, evaluate(load(file))))
            except PerfevalError as error:
                _complain(error, language)
                failed = True
    return cards, failed


def _language(asked: Language | None, assessment: Assessment) -> Language:
    return asked or assessment.framework.language


def _environment_language() -> Language:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.startswith("zh") else "en"
    return "en"


def _complain(error: PerfevalError, language: Language | None) -> None:
    click.echo(plain(error.to(language or _environment_language())), err=True)


def _fail_with(error: PerfevalError, language: Language | None) -> NoReturn:
    _complain(error, language)
    sys.exit(2)


def _fail(message: Message, language: Language | None) -> NoReturn:
    click.echo(plain(message.to(language or _environment_language())), err=True)
    sys.exit(2)


def _print(renderable: RenderableType) -> None:
    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(highlight=False, width=_WIDTH_WHEN_PIPED)
    console.print(renderable)


def _print_json(data: object) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=2)
    click.echo("".join(each if is_plain(each) else json.dumps(each)[1:-1] for each in text))
