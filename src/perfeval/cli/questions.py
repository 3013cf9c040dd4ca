"""`perfeval check`, `perfeval bounds` and `perfeval audit`: what may be asked of a score."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from perfeval.auditing import audit as audited
from perfeval.bounding import bounds as bounded
from perfeval.checking import check as checked
from perfeval.cli.bounding import bounds_of_table
from perfeval.cli.shared import (
    answered,
    end_if_failed,
    fail,
    fail_with,
    format_option,
    language_option,
    print_json,
    print_lines,
    show,
    spoken_in,
)
from perfeval.cli.tables import table_options
from perfeval.errors import Language, Message, PerfevalError
from perfeval.report.auditing import audit_data, audit_lines
from perfeval.report.bounding import bounds_data, bounds_table
from perfeval.report.checking import checked_data, checked_lines
from perfeval.rules.reading import optional_points

__all__ = ["audit", "bounds", "check"]


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@format_option
@language_option
def check(paths: Sequence[str], form: str, language: Language | None) -> None:
    """Check whether the facts of assessments agree with each other (勾稽关系); exit 1 where they do not."""
    answers, failures = answered(paths, lambda each: (each, checked(each)), language)
    found = [answer for _, answer in answers]
    if form == "json":
        print_json([checked_data(each, results, spoken_in(language, each)) for each, results in found])
    else:
        for index, (each, results) in enumerate(found):
            print_lines([*([""] if index else []), *checked_lines(each, results, spoken_in(language, each))])
    end_if_failed(failures, len(found), language)
    if any(results.errors for _, results in found):
        sys.exit(1)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("--stated-only", is_flag=True, help="Take assumed facts as unknown.")
@click.option("--table", type=click.Path(), help="Bound each row of a table; PATHS is then one framework.")
@table_options
@click.option("--id", "identity", metavar="COLUMN", help="With --table: the column that names each row.")
@click.option("-o", "--output", type=click.Path(), help="With --table: a table to write.")
@click.option("--force", is_flag=True, help="Overwrite the file if it is there.")
@format_option
@language_option
def bounds(
    paths: Sequence[str],
    stated_only: bool,
    table: str | None,
    names: Sequence[str],
    units: Sequence[str],
    identity: str | None,
    output: str | None,
    force: bool,
    form: str,
    language: Language | None,
) -> None:
    """Say between which scores the truth must lie, given what is known."""
    if table is not None:
        if len(paths) != 1:
            fail(Message("--table 前只写一个指标体系", "with --table, name one framework"), language)
        bounds_of_table(paths[0], table, output, names, units, identity, stated_only, force, form, language)
        return
    if output is not None or identity is not None or names or units:
        fail(
            Message("-o、--id、--map 与 --unit 只与 --table 同用", "-o, --id, --map and --unit go with --table only"),
            language,
        )
    answers, failures = answered(paths, lambda each: bounded(each, stated_only=stated_only), language)
    found = [answer for _, answer in answers]
    if form == "json":
        print_json([bounds_data(each, spoken_in(language, each.assessment)) for each in found])
    else:
        for each in found:
            show(bounds_table(each, spoken_in(language, each.assessment)))
    end_if_failed(failures, len(found), language)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("--published", help="The score to ask about; by default the one that was published.")
@format_option
@language_option
def audit(paths: Sequence[str], published: str | None, form: str, language: Language | None) -> None:
    """Ask whether a published score can be right on the stated facts, and what it implies; exit 1 where it cannot.

    Published item scores and their sum are held against the rules, too.
    """
    try:
        score = optional_points(published)
    except PerfevalError as error:
        fail_with(error, language)
    answers, failures = answered(paths, lambda each: audited(each, score), language)
    found = [answer for _, answer in answers]
    if form == "json":
        print_json([audit_data(each, spoken_in(language, each.card.assessment)) for each in found])
    else:
        for index, each in enumerate(found):
            print_lines([*([""] if index else []), *audit_lines(each, spoken_in(language, each.card.assessment))])
    end_if_failed(failures, len(found), language)
    if any(each.contradicted for each in found):
        sys.exit(1)
