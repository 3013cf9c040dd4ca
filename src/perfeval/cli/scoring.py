"""`perfeval score` and `perfeval explain`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from perfeval.cli.batching import card_of_row
from perfeval.cli.shared import (
    answered,
    end_if_failed,
    fail,
    fail_with,
    format_option,
    language_option,
    print_json,
    show,
    spoken_in,
)
from perfeval.cli.tables import table_options
from perfeval.errors import Language, Message, PerfevalError
from perfeval.evaluate import evaluate
from perfeval.framework import Adjustment, Limit, titled
from perfeval.report.data import Json, scorecard_data
from perfeval.report.terminal import plain, score_summary, score_table
from perfeval.scorecard import Scorecard

__all__ = ["explain", "score"]


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path())
@click.option("--summary", is_flag=True, help="One row an assessment, without the trees.")
@format_option
@language_option
def score(paths: Sequence[str], summary: bool, form: str, language: Language | None) -> None:
    """Score assessments: files, or folders of them."""
    cards, failures = answered(paths, evaluate, language)
    if form == "json":
        print_json([scorecard_data(card, spoken_in(language, card.assessment)) for _, card in cards])
    else:
        if not summary:
            for _, card in cards:
                show(score_table(card, spoken_in(language, card.assessment)))
        if cards and (summary or len(cards) > 1):
            show(score_summary(cards, spoken_in(language, cards[0][1].assessment)))
    end_if_failed(failures, len(cards), language)
    if any(card.published.agrees is False or not card.complete for _, card in cards):
        sys.exit(1)


@click.command()
@click.argument("path", type=click.Path())
@click.argument("indicator", required=False)
@click.option("--facts", type=click.Path(), help="A table of facts; PATH is the framework it is scored on.")
@click.option("--row", type=click.IntRange(min=1), help="Which row of the table; the first below its header is 1.")
@table_options
@format_option
@language_option
def explain(
    path: str,
    indicator: str | None,
    facts: str | None,
    row: int | None,
    names: Sequence[str],
    units: Sequence[str],
    form: str,
    language: Language | None,
) -> None:
    """Say why each point of an assessment was earned or lost; of one INDICATOR or dimension (its id or its title), or of all.

    Points beside the tree and limits are named in the same way.

    With --facts and --row: of one row of a table, as `perfeval batch` scores it.
    """
    if (facts is None) != (row is None) or (facts is None and (names or units)):
        fail(Message("--facts 与 --row 应同时写明", "--facts and --row go together"), language)
    if facts is not None and row is not None:
        try:
            card = card_of_row(path, facts, row, names, units, language)
        except PerfevalError as error:
            fail_with(error, language, path)
    else:
        card = _only(path, language)
    spoken = spoken_in(language, card.assessment)
    if indicator is not None:
        try:
            indicator = card.assessment.framework.path_of(indicator)
        except PerfevalError as error:
            if (beside := card.beside(indicator)) is None:
                fail_with(error, spoken)
            if form == "json":
                print_json([_beside_data(beside, card, spoken)])
            else:
                click.echo(plain(card.explain_beside(beside, spoken)))
            return
    if form == "json":
        nodes = scorecard_data(card, spoken)["nodes"]
        assert isinstance(nodes, list)
        print_json([node for node in nodes if isinstance(node, dict) and _below(node["path"], indicator)])
    else:
        click.echo(plain(card.explain(indicator, spoken)))


def _beside_data(beside: Adjustment | Limit, card: Scorecard, language: Language) -> dict[str, Json]:
    if isinstance(beside, Limit):
        return {"title": titled(beside).to(language), "holds": None if card.score is None else beside in card.held}
    adjustments = scorecard_data(card, language)["adjustments"]
    assert isinstance(adjustments, list)
    return next(each for each in adjustments if isinstance(each, dict) and each["id"] == beside.id)


def _only(path: str, language: Language | None) -> Scorecard:
    """The one assessment at `path`."""
    cards, failures = answered([path], evaluate, language)
    end_if_failed(failures, len(cards), language)
    if len(cards) > 1:
        fail(
            Message(
                f"文件夹“{path}”中有 {len(cards)} 个评价文件 — 请写明其中一个",
                f'the folder "{path}" holds {len(cards)} assessments — name one of them',
            ),
            language,
        )
    return cards[0][1]


def _below(path: Json, indicator: str | None) -> bool:
    return indicator is None or path == indicator or str(path).startswith(f"{indicator}.")
