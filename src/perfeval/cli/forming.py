"""`perfeval form`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from perfeval.assessment import Assessment
from perfeval.cli.shared import fail, fail_with, format_option, language_option, needs_readers, print_json, spoken_in
from perfeval.errors import Language, Message, PerfevalError, problem
from perfeval.extras import needs
from perfeval.forms.entry import entry_form
from perfeval.forms.opening import is_workbook
from perfeval.forms.reading import read_with_files
from perfeval.forms.table import word_table
from perfeval.forms.workbook import live_workbook
from perfeval.loading import is_assessment, load_framework_with_sources, load_with_sources
from perfeval.report.terminal import plain
from perfeval.writing import write_bytes

__all__ = ["form"]

_LIBRARIES: Final[Mapping[str, str]] = {".xlsx": "openpyxl", ".docx": "docx"}


@click.command()
@click.argument("name")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(),
    help="The file to write, ending in .xlsx (a live workbook) or .docx (the official table).",
)
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
@format_option
@language_option
def form(name: str, output: str, force: bool, form: str, language: Language | None) -> None:
    """Write a live workbook of an assessment file, or a blank one for a framework: its scores follow the figures in it.

    For a framework that assessments add indicators to, the official table is written as a form to fill in.
    To .docx: the official table that the framework is handed in on, in Word.
    """
    suffix = Path(output).suffix
    if suffix not in _LIBRARIES:
        fail(
            Message(f"“{output}”应以 .xlsx 或 .docx 结尾", f'"{output}" should end in .xlsx or .docx'),
            language,
        )
    try:
        needs("documents", _LIBRARIES[suffix])
        made, spoken = _made(name, suffix, language)
        write_bytes(Path(output), made, overwrite=force)
    except PerfevalError as error:
        fail_with(error, language, name)
    if form == "json":
        print_json({"file": output})
    else:
        click.echo(plain(Message(f"已写入 {output}", f"wrote {output}").to(spoken)))


def _made(name: str, suffix: str, language: Language | None) -> tuple[bytes, Language]:
    """The file of an assessment, or an empty one on a framework; and the language it is in."""
    if is_workbook(name):
        needs_readers()
        assessment, files = read_with_files(name)
    elif is_assessment(name):
        assessment, files = load_with_sources(name)
    else:
        framework, beside = load_framework_with_sources(name)
        reference = Path(name).name if name.endswith(".toml") else name
        if framework.missing_points and suffix == ".xlsx":
            spoken = language or framework.language
            return entry_form(framework, reference, beside, spoken), spoken
        if framework.missing_points:
            raise PerfevalError(
                problem(
                    f"“{name}”的空白自评表只有 .xlsx — 请写 -o {Path(name).stem}.xlsx；Word 表格由填好的评价文件生成",
                    f'a blank form of "{name}" is .xlsx only — write -o {Path(name).stem}.xlsx; '
                    "a table in Word is made of an assessment",
                )
            )
        assessment = Assessment(framework)
        main = f"format = 1\nframework = {json.dumps(reference, ensure_ascii=False)}\n"
        files = {"assessment.toml": main, **beside}
    spoken = spoken_in(language, assessment)
    made = word_table(assessment) if suffix == ".docx" else live_workbook(assessment, spoken, files)
    return made, spoken
