"""What the commands share: the options, reading assessments, answering in the reader's language, printing."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, TypeVar

import click
from rich.console import Console, RenderableType
from rich.progress import track

from perfeval.assessment import Assessment
from perfeval.errors import Language, Message, PerfevalError
from perfeval.extras import needs
from perfeval.forms.opening import WORKBOOKS, is_workbook
from perfeval.forms.reading import read_workbook
from perfeval.loading import assessment_files, load
from perfeval.loading.spoken import language_of
from perfeval.report.terminal import Prose, is_plain, plain
from perfeval.scorecard import value_text

__all__ = [
    "answered",
    "complain",
    "end_if_failed",
    "environment_language",
    "fail",
    "fail_with",
    "files_at",
    "format_option",
    "json_text",
    "language_option",
    "needs_readers",
    "print_json",
    "print_lines",
    "progress",
    "read_each",
    "read_one",
    "show",
    "spoken_in",
    "spoken_of",
]

_WIDTH_WHEN_PIPED = 120
_MOST_APART = 3
_LONG = 10  # files from which on it is shown how far the work is
_READING = Message("读取", "reading")
_COMPUTING = Message("计算", "computing")
_DONE = Message("完成", "done")
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


def read_each(
    paths: Sequence[str], language: Language | None
) -> tuple[list[tuple[str, Assessment]], list[PerfevalError]]:
    """The assessments that could be read, each with its file; and why the others could not.

    In a folder, a workbook that says what the file beside it says is that file again, and is told and left out.
    """
    found: list[tuple[str, Assessment]] = []
    failures: list[PerfevalError] = []
    files: list[str] = []
    for path in paths:
        try:
            files.extend(files_at(path))
        except PerfevalError as error:
            failures.append(error)
    for file in progress(files, _READING, language):
        try:
            found.append((file, read_one(file)))
        except PerfevalError as error:
            failures.append(error)
    again = set(_told_twice({file: each for file, each in found if file not in paths}, language))
    return [(file, each) for file, each in found if file not in again], failures


def _told_twice(found: Mapping[str, Assessment], language: Language | None) -> Iterator[str]:
    """The workbooks that say what the TOML file of the same name beside them says; where they differ, that is told."""
    for file, assessment in found.items():
        beside = str(Path(file).with_suffix(".toml"))
        if beside == file or beside not in found:
            continue
        if assessment == found[beside]:
            yield file
            said = Message(
                f"“{file}”与“{beside}”内容相同，只计一次",
                f'"{file}" says what "{beside}" says: counted once',
            )
        else:
            apart = _apart(found[beside], assessment)
            said = Message(
                f"“{file}”与“{beside}”同名而内容不同，各计一次（{apart.zh}）— 请只留下对的一份",
                f'"{file}" and "{beside}" share a name and differ, and both are counted ({apart.en}) — keep the right one',
            )
        click.echo(plain(said.to(spoken_in(language, assessment))), err=True)


def _apart(one: Assessment, other: Assessment) -> Message:
    """The first facts that two assessments state differently."""
    names = [
        name for name in {**one.facts.facts, **other.facts.facts} if one.facts.value(name) != other.facts.value(name)
    ]
    if not names:
        return Message(
            "数字相同，出处、原因或公布的得分等不同", "the figures agree, but not sources, reasons or stated scores"
        )
    zh, en = (
        [
            f"{name}: {value_text(one.facts.value(name), each)} / {value_text(other.facts.value(name), each)}"
            for name in names
        ]
        for each in ("zh", "en")
    )
    more = len(names) > _MOST_APART
    return Message(
        "；".join(zh[:_MOST_APART]) + ("；…" if more else ""), "; ".join(en[:_MOST_APART]) + ("; …" if more else "")
    )


def files_at(path: str) -> tuple[str, ...]:
    """The assessments at a path: a file, or those in a folder, workbooks as well; a CSV there may be any table.

    Raises:
        LoadError: there is none.
    """
    return assessment_files(path, also=WORKBOOKS)


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
        PerfevalError: a library that reads workbooks is missing.
    """
    if not is_workbook(path):
        return load(path)
    needs_readers()
    return read_workbook(path)


def needs_readers() -> None:
    """Refuse to go on where workbooks cannot be read.

    Raises:
        PerfevalError: a library is missing.
    """
    needs("documents", "openpyxl", "xlrd")


def answered(
    paths: Sequence[str], answer: Callable[[Assessment], T], language: Language | None
) -> tuple[list[tuple[str, T]], list[PerfevalError]]:
    """What `answer` says of each assessment, with its file; and why the others could not be read or answered."""
    found, failures = read_each(paths, language)
    answers: list[tuple[str, T]] = []
    for file, assessment in progress(found, _COMPUTING, language):
        try:
            answers.append((file, answer(assessment)))
        except PerfevalError as error:
            failures.append(error)
    return answers, failures


def end_if_failed(
    failures: Sequence[PerfevalError], done: int, language: Language | None, did: Message = _DONE
) -> None:
    """Where files failed, say which and why, how many of how many, and exit with 2: the last that is seen of a long run."""
    if not failures:
        return
    spoken = language or environment_language()
    if done + len(failures) > 1:
        zh, en = (
            f"\n{did.zh} {done} 个文件，{len(failures)} 个未能处理：",
            f"\n{done} {did.en}, {len(failures)} failed:",
        )
        click.echo(Message(zh, en).to(spoken), err=True)
    for error in failures:
        complain(error, language)
    sys.exit(2)


def spoken_in(asked: Language | None, assessment: Assessment) -> Language:
    return asked or assessment.framework.language


def environment_language() -> Language:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.startswith("zh") else "en"
    return "en"


def spoken_of(asked: Language | None, *paths: str | None) -> Language:
    """The language to answer in: the one asked for, or that of the first file that tells, or the environment's."""
    told = (language_of(path) for path in paths if path)
    return asked or next((each for each in told if each is not None), None) or environment_language()


def complain(error: PerfevalError, language: Language | None, *paths: str | None) -> None:
    """Print an error, in the language of the files at `paths`, or of those that it lies in."""
    files = dict.fromkeys(each.about if each.place is None else each.place.file for each in error.problems)
    click.echo(plain(error.to(spoken_of(language, *paths, *files))), err=True)


def fail_with(error: PerfevalError, language: Language | None, *paths: str | None) -> NoReturn:
    complain(error, language, *paths)
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
