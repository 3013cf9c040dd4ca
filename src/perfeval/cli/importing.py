"""`perfeval import`."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from perfeval.cli.shared import environment_language, fail, fail_with, format_option, language_option, print_json
from perfeval.errors import Language, Message, PerfevalError, problem
from perfeval.forms.reading import imported
from perfeval.report.terminal import plain
from perfeval.writing import write_text

__all__ = ["import_"]


@click.command("import")
@click.argument("workbook", type=click.Path())
@click.option("-o", "--output", required=True, type=click.Path(), help="The assessment file to write, ending in .toml.")
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
@format_option
@language_option
def import_(workbook: str, output: str, force: bool, form: str, language: Language | None) -> None:
    """Turn a filled workbook into an assessment file."""
    spoken = language or environment_language()
    if find_spec("openpyxl") is None or find_spec("tomli_w") is None:
        fail(
            Message(
                "此命令需要 openpyxl 与 tomli-w — 请运行：pip install 'perfeval[documents]'",
                "this needs openpyxl and tomli-w — run: pip install 'perfeval[documents]'",
            ),
            language,
        )
    if not output.endswith(".toml"):
        fail(Message(f"“{output}”应以 .toml 结尾", f'"{output}" should end in .toml'), language)
    import tomli_w

    target = Path(output)
    try:
        table, beside = imported(workbook)
        for name, text in beside.items():
            _write_beside(target.parent / name, text)
        write_text(target, tomli_w.dumps(table), overwrite=force)
    except PerfevalError as error:
        fail_with(error, language)
    if form == "json":
        print_json({"file": output})
    else:
        click.echo(plain(Message(f"已写入 {output}", f"wrote {output}").to(spoken)))


def _write_beside(path: Path, text: str) -> None:
    """The framework file that the assessment names, unless it is there already."""
    if path.exists():
        if path.read_text("utf-8-sig") == text:
            return
        raise PerfevalError(
            problem(
                f"“{path}”与工作簿所带的指标体系不同 — 请换一个文件夹",
                f'"{path}" is not the framework that the workbook carries — choose another folder',
            )
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, text, overwrite=False)
