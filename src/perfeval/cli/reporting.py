"""`perfeval report`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from os.path import commonpath
from pathlib import Path
from typing import Final

import click

from perfeval.assessment import Assessment
from perfeval.cli.shared import (
    complain,
    end_if_failed,
    fail,
    fail_with,
    format_option,
    json_text,
    language_option,
    print_json,
    progress,
    read_each,
    spoken_in,
    spoken_of,
)
from perfeval.documents.markdown import markdown
from perfeval.documents.narrative import narrative
from perfeval.documents.page import page
from perfeval.documents.word import word
from perfeval.errors import Language, Message, PerfevalError
from perfeval.evaluate import evaluate
from perfeval.extras import needs
from perfeval.forms.opening import is_workbook
from perfeval.forms.reading import read_with_files
from perfeval.forms.workbook import live_workbook
from perfeval.loading import load_with_sources
from perfeval.report.terminal import plain
from perfeval.report.whole import whole_data
from perfeval.writing import make_folder, write_bytes

__all__ = ["report"]


def _html(file: str, assessment: Assessment, language: Language) -> bytes:
    return page(assessment, language).encode()


def _docx(file: str, assessment: Assessment, language: Language) -> bytes:
    return word(narrative(assessment), language)


def _markdown(file: str, assessment: Assessment, language: Language) -> bytes:
    return markdown(assessment, language).encode()


def _json(file: str, assessment: Assessment, language: Language) -> bytes:
    return f"{json_text(whole_data(file, evaluate(assessment), language))}\n".encode()


def _workbook(file: str, assessment: Assessment, language: Language) -> bytes:
    # Read once more, so that the workbook and the files that it carries are of one reading.
    assessment, files = read_with_files(file) if is_workbook(file) else load_with_sources(file)
    return live_workbook(assessment, language, files)


# What each kind of file is made by, and the libraries that it needs.
_KINDS: Final[Mapping[str, tuple[Callable[[str, Assessment, Language], bytes], tuple[str, ...]]]] = {
    "html": (_html, ("jinja2",)),
    "docx": (_docx, ("docx", "openpyxl")),
    "md": (_markdown, ()),
    "json": (_json, ()),
    "xlsx": (_workbook, ("openpyxl",)),
}


_WRITING: Final = Message("写入", "writing")
_WRITTEN: Final = Message("写入", "written")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(),
    help="The file to write, ending in .html (a page), .docx (a draft in Word), .md, .json or .xlsx; for several, a folder.",
)
@click.option(
    "--as",
    "kind",
    type=click.Choice(list(_KINDS)),
    default="html",
    show_default=True,
    help="What to write into a folder.",
)
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
@format_option
@language_option
def report(paths: Sequence[str], output: str, kind: str, force: bool, form: str, language: Language | None) -> None:
    """Write a report: a page with scores, reasons, sources and what check, audit and review find; or a draft in Word.

    A file that fails does not stop the others: it is listed at the end, and the exit code is 2.
    """
    suffix = Path(output).suffix.lower().removeprefix(".")
    folder = suffix not in _KINDS
    if folder and suffix and not output.endswith("/") and not Path(output).is_dir():
        kinds = [f".{each}" for each in _KINDS]
        fail(
            Message(
                f"不能写 .{suffix} 文件（“{output}”）— 可写 {'、'.join(kinds)}；多个文件写文件夹，如“{Path(output).stem}/”",
                f'cannot write a .{suffix} file ("{output}") — write one of {", ".join(kinds)}; '
                f'for several files a folder, such as "{Path(output).stem}/"',
            ),
            spoken_of(language, *paths),
        )
    make, libraries = _KINDS[kind if folder else suffix]
    try:
        needs("documents", *libraries)
    except PerfevalError as missing:
        fail_with(missing, language)
    found, failures = read_each(paths, language)
    if not folder and len(found) + len(failures) > 1:
        for error in failures:
            complain(error, language)
        fail(
            Message(
                f"共有 {len(found) + len(failures)} 个评价文件 — -o 请写文件夹",
                f"there are {len(found) + len(failures)} assessments — let -o name a folder",
            ),
            language,
        )
    targets = _targets([file for file, _ in found], Path(output), kind) if folder else [Path(output)]
    written: list[str] = []
    for (file, assessment), target in progress(list(zip(found, targets, strict=False)), _WRITING, language):
        spoken = spoken_in(language, assessment)
        try:
            made = make(file, assessment, spoken)
            if folder:
                make_folder(target.parent)
            write_bytes(target, made, overwrite=force)
        except PerfevalError as error:
            failures.append(error)
            continue
        written.append(str(target))
        if form != "json":
            click.echo(plain(Message(f"已写入 {target}", f"wrote {target}").to(spoken)))
    if form == "json":
        print_json({"files": list(written)})
    end_if_failed(failures, len(written), language, _WRITTEN)


def _targets(files: Sequence[str], folder: Path, kind: str) -> list[Path]:
    """The file to write for each: its own name; where two have the same, with the folders it lies in, or its suffix."""
    paths = [Path(file).absolute() for file in files]
    shared = commonpath([path.parent for path in paths]) if paths else ""
    named = (
        [path.stem for path in paths],
        ["-".join(path.relative_to(shared).with_suffix("").parts) for path in paths],
        ["-".join(path.relative_to(shared).parts) for path in paths],
    )
    name = next((names for names in named if len(set(names)) == len(names)), named[-1])
    return [folder / f"{each}.{kind}" for each in name]
