"""`perfeval import`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from perfeval.cli.shared import fail, fail_with, format_option, language_option, print_json, spoken_of
from perfeval.errors import Language, Message, PerfevalError, problem
from perfeval.extras import needs
from perfeval.forms.drafting import Note
from perfeval.forms.reading import imported, typed_draft
from perfeval.report.terminal import plain
from perfeval.writing import make_folder, write_all

__all__ = ["import_"]


@click.command("import")
@click.argument("workbook", type=click.Path())
@click.option("-o", "--output", required=True, type=click.Path(), help="The assessment file to write, ending in .toml.")
@click.option(
    "--framework", help="What an official table is scored on: a name in the catalogue, or a path ending in .toml."
)
@click.option("--sheet", help="The sheet with the table, where several have one.")
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
@format_option
@language_option
def import_(
    workbook: str,
    output: str,
    framework: str | None,
    sheet: str | None,
    force: bool,
    form: str,
    language: Language | None,
) -> None:
    """Turn a filled workbook, or an official table typed by hand (.xlsx, .xls, .csv), into an assessment file.

    What could not be read for certain is listed, with its cell.
    """
    if not output.endswith(".toml"):
        fail(Message(f"“{output}”应以 .toml 结尾", f'"{output}" should end in .toml'), language)
    target = Path(output)
    try:
        needs("documents", "openpyxl", "tomli_w", "xlrd")
        text, beside, notes = _read(workbook, framework, sheet, language)
        missing = {path: carried for path, carried in _beside(target.parent, beside) if not path.exists()}
        if force or not target.exists():
            for path in missing:
                make_folder(path.parent)
        write_all(
            [(target, text.encode(), force), *((path, carried.encode(), False) for path, carried in missing.items())]
        )
    except PerfevalError as error:
        fail_with(error, language, framework, workbook)
    spoken = spoken_of(language, output)
    if form == "json":
        print_json(
            {"file": output, "notes": [{"where": each.where, "message": each.message.to(spoken)} for each in notes]}
        )
        return
    click.echo(plain(Message(f"已写入 {output}", f"wrote {output}").to(spoken)))
    if notes:
        click.echo(Message(f"请核对以下 {len(notes)} 处：", f"{len(notes)} to look at:").to(spoken))
        for each in notes:
            click.echo(plain(f"  {each.to(spoken)}"))


def _read(
    workbook: str, framework: str | None, sheet: str | None, language: Language | None
) -> tuple[str, Mapping[str, str], Sequence[Note]]:
    """The assessment file, the framework files that it needs beside it, and what a reader should look at."""
    import tomli_w

    live = imported(workbook)
    if live is not None:
        if framework is not None or sheet is not None:
            raise PerfevalError(
                problem(
                    "工作簿自带指标体系 — 请去掉 --framework 与 --sheet",
                    "the workbook carries its framework — leave out --framework and --sheet",
                )
            )
        table, beside = live
        return tomli_w.dumps(table), beside, ()
    draft = typed_draft(workbook, framework, sheet, language)
    return draft.text, draft.files, draft.notes


def _beside(folder: Path, files: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    """Where the framework files stand that the assessment names; none of them may be another one."""
    for name, text in files.items():
        path = folder / name
        if path.exists() and _text(path) != text:
            raise PerfevalError(
                problem(
                    f"“{path}”与工作簿所带的指标体系不同 — 请换一个文件夹",
                    f'"{path}" is not the framework that the workbook carries — choose another folder',
                )
            )
        yield path, text


def _text(path: Path) -> str | None:
    """What a file says; None where it cannot be read as text."""
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
