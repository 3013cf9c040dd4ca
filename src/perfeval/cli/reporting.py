"""`perfeval report`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import click

from perfeval.cli.shared import complain, fail, format_option, language_option, print_json, read_all, spoken_in
from perfeval.documents.page import page
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
    help="The page to write, ending in .html; for several, a folder.",
)
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
@format_option
@language_option
def report(paths: Sequence[str], output: str, force: bool, form: str, language: Language | None) -> None:
    """Write a report as an HTML page: scores, reasons, sources, assumptions, and what check, audit and review find."""
    if find_spec("jinja2") is None:
        fail(
            Message(
                "此命令需要 Jinja2 — 请运行：pip install 'perfeval[documents]'",
                "this needs Jinja2 — run: pip install 'perfeval[documents]'",
            ),
            language,
        )
    folder = not output.endswith(".html")
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
        target = Path(output) / f"{Path(file).stem}.html" if folder else Path(output)
        spoken = spoken_in(language, assessment)
        try:
            if folder:
                target.parent.mkdir(parents=True, exist_ok=True)
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
