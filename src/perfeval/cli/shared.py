"""What the commands share: the options, reading assessments, answering in the reader's language, printing."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from typing import NoReturn, TypeVar

import click
from rich.console import Console, RenderableType
from rich.progress import track

from perfeval.assessment import Assessment
from perfeval.errors import Language, LoadError, Message, PerfevalError, problem
from perfeval.evaluate import evaluate
from perfeval.forms.opening import is_workbook
from perfeval.forms.reading import read_workbook
from perfeval.loading import assessment_files, load
from perfeval.report.terminal import Prose, is_plain, plain
from perfeval.scorecard import Scorecard

__all__ = [
    "complain",
    "environment_language",
    "fail",
    "fail_with",
    "format_option",
    "json_text",
    "language_option",
    "loaded",
    "needs_readers",
    "print_json",
    "print_lines",
    "progress",
    "read_all",
    "read_each",
    "read_one",
    "scored",
    "show",
    "spoken_in",
]

_WIDTH_WHEN_PIPED = 120
_LONG = 10  # files from which on it is shown how far the work is
_READING = Message("读取", "reading")
T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., object])


def language_option(command: F) -> F:
    return click.option(
        "--lang",
        "language",
        type=click.Choice(["zh", "en"]),
        help="Language of the output; by default the framework's.",
    )(command)


def format_option(command: F) -> F:
    return click.option(
        "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="Output."
    )(command)


def read_all(paths: Sequence[str], language: Language | None) -> tuple[list[tuple[str, Assessment]], bool]:
    """The assessments that could be read, each with its file; the problems of the others are printed."""
    found, failures = read_each(paths, language)
    for error in failures:
        complain(error, language)
    return found, bool(failures)


def read_each(
    paths: Sequence[str], language: Language | None
) -> tuple[list[tuple[str, Assessment]], list[PerfevalError]]:
    """The assessments that could be read, each with its file; and why the others could not."""
    found: list[tuple[str, Assessment]] = []
    failures: list[PerfevalError] = []
    files: list[str] = []
    for path in paths:
        try:
            files.extend((path,) if is_workbook(path) else assessment_files(path))
        except PerfevalError as error:
            failures.append(error)
    for file in progress(files, _READING, language):
        try:
            found.append((file, read_one(file)))
        except PerfevalError as error:
            failures.append(error)
    return found, failures


def progress(items: Sequence[T], doing: Message, language: Language | None) -> Iterable[T]:
    """`items`, with a bar of how far they are on a terminal's stderr where there are many."""
    console = Console(stderr=True)
    if len(items) < _LONG or not console.is_terminal:
        return items
    return track(items, doing.to(language or environment_language()), console=console, transient=True)


def read_one(path: str) -> Assessment:
    """The assessment in a TOML file or a filled workbook.

    Raises:
        LoadError: every problem found.
    """
    if not is_workbook(path):
        return load(path)
    needs_readers()
    return read_workbook(path)


def needs_readers() -> None:
    """Say what to install where workbooks cannot be read.

    Raises:
        LoadError: the libraries are missing.
    """
    if find_spec("openpyxl") is None or find_spec("xlrd") is None:
        raise LoadError(
            problem(
                "读取工作簿需要 openpyxl 与 xlrd — 请运行：pip install 'perfeval[documents]'",
                "reading workbooks needs openpyxl and xlrd — run: pip install 'perfeval[documents]'",
            )
        )


def loaded(paths: Sequence[str], language: Language | None) -> tuple[list[Assessment], bool]:
    """As `read_all`, without the files' names."""
    found, failed = read_all(paths, language)
    return [assessment for _, assessment in found], failed


def scored(paths: Sequence[str], language: Language | None) -> tuple[list[tuple[str, Scorecard]], bool]:
    """The scorecards of all the assessments that could be read."""
    found, failed = read_all(paths, language)
    return [(file, evaluate(assessment)) for file, assessment in found], failed


def spoken_in(asked: Language | None, assessment: Assessment) -> Language:
    return asked or assessment.framework.language


def environment_language() -> Language:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.startswith("zh") else "en"
    return "en"


def complain(error: PerfevalError, language: Language | None) -> None:
    click.echo(plain(error.to(language or environment_language())), err=True)


def fail_with(error: PerfevalError, language: Language | None) -> NoReturn:
    complain(error, language)
    sys.exit(2)


def fail(message: Message, language: Language | None) -> NoReturn:
    click.echo(plain(message.to(language or environment_language())), err=True)
    sys.exit(2)


def show(renderable: RenderableType) -> None:
    console = Console(highlight=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console = Console(highlight=False, width=_WIDTH_WHEN_PIPED)
    console.print(renderable)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines of text: folded to a terminal's width, whole where they go into a file or a pipe."""
    console = Console(highlight=False)
    folded = console.is_terminal or "COLUMNS" in os.environ
    for line in lines:
        if folded and line.strip():
            text = line.lstrip(" ")
            console.print(Prose(text, indent=len(line) - len(text)))
        else:
            click.echo(plain(line))


def print_json(data: object) -> None:
    click.echo(json_text(data))


def json_text(data: object) -> str:
    """`data` as JSON in which no control character stands as it is."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return "".join(each if is_plain(each) else json.dumps(each)[1:-1] for each in text)
