"""`perfeval review`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import attrs
import click

from perfeval.cli.shared import (
    answered,
    end_if_failed,
    fail,
    format_option,
    language_option,
    print_json,
    show,
    spoken_in,
)
from perfeval.errors import Language, Message, PerfevalError, nearest
from perfeval.evaluate import evaluate
from perfeval.objections import Review, Thresholds, review_of, tally
from perfeval.report.review import frequency_data, review_data, review_table, tally_table

__all__ = ["review"]


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("--summary", is_flag=True, help="How often each objection stands, without the objections.")
@click.option(
    "--threshold",
    "lines",
    multiple=True,
    metavar="NAME=VALUE",
    help="Draw a line elsewhere, such as over_completion=150%.",
)
@format_option
@language_option
def review(paths: Sequence[str], summary: bool, lines: Sequence[str], form: str, language: Language | None) -> None:
    """Raise the objections a finance bureau would raise against assessments: files, or folders of them.

    Exits with 1 when an error stands that no [[review.accepted]] accepts.
    """
    thresholds = _thresholds(lines, language)
    reviews, failures = answered(paths, lambda each: review_of(evaluate(each), thresholds), language)
    if form == "json":
        _print_json(reviews, summary, language)
    else:
        _show(reviews, summary, language)
    end_if_failed(failures, len(reviews), language)
    if any(each.worst == "error" for _, each in reviews):
        sys.exit(1)


def _print_json(reviews: Sequence[tuple[str, Review]], summary: bool, language: Language | None) -> None:
    if summary:
        spoken = _spoken(reviews, language)
        print_json([frequency_data(each, spoken) for each in tally(each for _, each in reviews)])
    else:
        print_json([review_data(file, each, spoken_in(language, each.assessment)) for file, each in reviews])


def _show(reviews: Sequence[tuple[str, Review]], summary: bool, language: Language | None) -> None:
    if not summary:
        for file, each in reviews:
            show(review_table(file, each, spoken_in(language, each.assessment)))
    if reviews and (summary or len(reviews) > 1):
        show(tally_table(tally(each for _, each in reviews), _spoken(reviews, language)))


def _spoken(reviews: Sequence[tuple[str, Review]], language: Language | None) -> Language:
    return spoken_in(language, reviews[0][1].assessment) if reviews else language or "zh"


def _thresholds(lines: Sequence[str], language: Language | None) -> Thresholds:
    """The thresholds with those named on the command line changed."""
    names = [each.name for each in attrs.fields(Thresholds)]
    changed: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition("=")
        name = name.strip().replace("-", "_")
        if name not in names:
            hint = nearest(name, names)
            fail(Message(f"没有界线“{name}”— {hint.zh}", f'there is no threshold "{name}" — {hint.en}'), language)
        changed[name] = value.strip()
        _refuse_alone(name, changed[name], language)
    return Thresholds(**changed)


def _refuse_alone(name: str, value: str, language: Language | None) -> None:
    """Say which threshold it is that cannot be drawn there."""
    try:
        Thresholds(**{name: value})
    except PerfevalError as error:
        found = error.problems[0].message
        fail(Message(f"--threshold {name}：{found.zh}", f"--threshold {name}: {found.en}"), language)
