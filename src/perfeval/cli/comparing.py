"""`perfeval compare`."""

from __future__ import annotations

import click

from perfeval.cli.shared import fail, fail_with, format_option, language_option, print_json, read_one, show, spoken_in
from perfeval.comparing import compare as compared
from perfeval.comparing import on_framework, rated
from perfeval.errors import Language, Message, PerfevalError
from perfeval.loading import load_framework
from perfeval.report.comparing import comparison_data, comparison_table, rated_data, rated_table, side_names

__all__ = ["compare"]


@click.command()
@click.argument("a", type=click.Path())
@click.argument("b", required=False, type=click.Path())
@click.option("--framework", help="Compare with the facts of A on another framework.")
@click.option("--by-category", is_flag=True, help="Categories instead of indicators.")
@click.option("--changed-only", is_flag=True, help="Leave out what is alike on both sides.")
@format_option
@language_option
def compare(
    a: str,
    b: str | None,
    framework: str | None,
    by_category: bool,
    changed_only: bool,
    form: str,
    language: Language | None,
) -> None:
    """Put two assessments side by side; A alone: its raters (stated_by), or its facts on another framework."""
    if b is not None and framework is not None:
        fail(Message("B 与 --framework 只写一个", "write B or --framework, not both"), language)
    try:
        first = read_one(a)
        spoken = spoken_in(language, first)
        if b is None and framework is None:
            raters = rated(first)
            if form == "json":
                print_json(rated_data(raters, spoken))
            else:
                show(rated_table(raters, spoken))
            return
        second = read_one(b) if b is not None else on_framework(first, load_framework(framework or ""))
    except PerfevalError as error:
        fail_with(error, language, a)
    found = compared(first, second)
    names = side_names(found, (a, b or a))
    if form == "json":
        print_json(comparison_data(found, names, spoken))
    else:
        show(comparison_table(found, names, spoken, changed_only=changed_only, by_category=by_category))
