"""`perfeval report`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import click

from perfeval.cli.shared import complain, fail, format_option, language_option, print_json, read_all, spoken_in
from perfeval.documents.page import page
from perfeval.documents.word import write_report_docx
from perfeval.errors import Language, Message, PerfevalError
from perfeval.report.terminal import plain
from perfeval.writing import write_text

__all__ = ["report"]


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(),
    help="The file to write, ending in .html (a page) or .docx (a draft in Word); for several, a folder.",
)
@click.option("--as", "kind", type=click.Choice(["html", "docx"]), default="html", help="What to write into a folder.")
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
@format_option
@language_option
def report(paths: Sequence[str], output: str, kind: str, force: bool, form: str, language: Language | None) -> None:
    """Write a report: a page with scores, reasons, sources and what check, audit and review find; or a draft in Word."""
    folder = not output.endswith((".html", ".docx"))
    if not folder:
        kind = output.rpartition(".")[2]
    library = {"html": "jinja2", "docx": "docx"}[kind]
    if find_spec(library) is None:
        fail(
            Message(
                "此命令需要的库没有安装 — 请运行：pip install 'perfeval[documents]'",
                "a library that this needs is not installed — run: pip install 'perfeval[documents]'",
            ),
            language,
        )
    found, failed = read_all(paths, language)
    if not folder and len(found) > 1:
        fail(
            Message(
                f"共有 {len(found)} 个评价文件 — -o 请写文件夹",
                f"there are {len(found)} assessments — let -o name a folder",
            ),
            language,
        )
    written: list[str] = []
    for file, assessment in found:
        target = Path(output) / f"{Path(file).stem}.{kind}" if folder else Path(output)
        spoken = spoken_in(language, assessment)
        try:
            if folder:
                target.parent.mkdir(parents=True, exist_ok=True)
            if kind == "docx":
                write_report_docx(assessment, target, spoken, force)
            else:
                write_text(target, page(assessment, spoken), overwrite=force)
        except PerfevalError as error:
            complain(error, language)
            failed = True
            continue
        written.append(str(target))
        if form != "json":
            click.echo(plain(Message(f"已写入 {target}", f"wrote {target}").to(spoken)))
    if form == "json":
        print_json({"files": list(written)})
    if failed:
        sys.exit(2)
