"""`perfeval what-if`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click
from attrs import frozen

from perfeval.assessment import Assessment
from perfeval.cli.shared import (
    fail,
    fail_with,
    files_at,
    format_option,
    language_option,
    print_json,
    read_one,
    show,
    spoken_in,
)
from perfeval.errors import DefinitionError, Language, Message, PerfevalError, Problem, problem
from perfeval.report.data import Json
from perfeval.report.whatif import (
    changed_data,
    changed_tables,
    cliffs_data,
    cliffs_table,
    reached_data,
    reached_table,
    sensitivity_data,
    sensitivity_table,
    top_grade,
    unsolved_data,
)
from perfeval.whatif import WhatIf, changed, cliffs, near, next_grade, reaching, sensitivity, wish

__all__ = ["what_if"]

_NEAR = "2%"


@frozen
class _Asked:
    """What the command line asks for."""

    changes: Sequence[str]
    points: Sequence[str]
    total: str | None
    grade: str | None
    sensitive: bool
    within: str | None

    @property
    def nothing(self) -> bool:
        return not (self.changes or self.points or self.total or self.grade or self.sensitive or self.within)


@click.command("what-if")
@click.argument("path", type=click.Path())
@click.argument("changes", nargs=-1, metavar="[FACT=VALUE]...")
@click.option("--points", multiple=True, metavar="PATH=POINTS", help="Other points of an indicator; may be repeated.")
@click.option("--reach", "total", metavar="TOTAL", help="What it takes to reach a total.")
@click.option("--reach-grade", "grade", metavar="GRADE", help="What it takes to reach a grade.")
@click.option("--sensitivity", "sensitive", is_flag=True, help="How far 1% of each figure moves the total.")
@click.option("--within", metavar="PERCENT", help=f"Awards that jump this near to a figure (by default {_NEAR}).")
@format_option
@language_option
def what_if(
    path: str,
    changes: Sequence[str],
    points: Sequence[str],
    total: str | None,
    grade: str | None,
    sensitive: bool,
    within: str | None,
    form: str,
    language: Language | None,
) -> None:
    """Score an assessment after a change, and say what would change its score.

    Without anything asked: how far each figure moves the total, what is near a jump, and what the next grade takes.
    """
    assessment = _loaded(path, language)
    spoken = spoken_in(language, assessment)
    asked = _Asked(changes, points, total, grade, sensitive, within)
    try:
        found = _changed(assessment, asked)
    except PerfevalError as error:
        fail_with(error, spoken)
    if form == "json":
        print_json(_data(found, asked, spoken))
    else:
        _show(found, asked, spoken)


def _loaded(path: str, language: Language | None) -> Assessment:
    try:
        files = files_at(path)
        if len(files) == 1:
            return read_one(files[0])
    except PerfevalError as error:
        fail_with(error, language)
    fail(
        Message(
            f"文件夹“{path}”中有 {len(files)} 个评价文件 — 请写明其中一个",
            f'the folder "{path}" holds {len(files)} assessments — name one of them',
        ),
        language,
    )


def _changed(assessment: Assessment, asked: _Asked) -> WhatIf:
    """The change asked for; whatever is wrong on the command line is told at once."""
    problems: list[Problem] = []
    facts = dict(_pairs(asked.changes, "budget.executed=200万元", problems))
    points = dict(_pairs(asked.points, "output.quantity=12", problems))
    problems.extend(_points_as_facts(assessment, facts, points))
    for check in (_check_wish, _check_within):
        try:
            check(assessment, asked)
        except PerfevalError as error:
            problems.extend(error.problems)
    found = None
    try:
        found = changed(assessment, facts, points)
    except PerfevalError as error:
        problems.extend(error.problems)
    if problems or found is None:
        raise DefinitionError(problems)
    return found


def _check_wish(assessment: Assessment, asked: _Asked) -> None:
    if asked.total is not None or asked.grade is not None:
        wish(assessment.framework, total=asked.total, grade=asked.grade)


def _check_within(assessment: Assessment, asked: _Asked) -> None:
    if asked.within is not None:
        near(asked.within)


def _pairs(written: Sequence[str], example: str, problems: list[Problem]) -> Sequence[tuple[str, str]]:
    found: dict[str, str] = {}
    for each in written:
        name, sign, value = (part.strip() for part in each.partition("="))
        if not sign or not name:
            problems.append(problem(f"“{each}”应写成 {example}", f'"{each}" should be written as {example}'))
        elif name in found:
            problems.append(problem(f"“{name}”写了两次", f'"{name}" is given twice'))
        else:
            found[name] = value
    return tuple(found.items())


def _points_as_facts(assessment: Assessment, facts: dict[str, str], points: dict[str, str]) -> Iterator[Problem]:
    """Points that were written as if they were a fact; moved to `points`, so that no further fault is found in the rest."""
    for name, value in tuple(facts.items()):
        path = name.removesuffix(".points")
        if path != name and name not in assessment.facts and path in assessment.framework.layout:
            points.setdefault(path, facts.pop(name))
            yield problem(
                f"“{name}”不是事实 — 分值请写成 --points {path}={value}",
                f'"{name}" is no fact — write points as --points {path}={value}',
            )


def _after(found: WhatIf) -> Assessment:
    return found.after.assessment


def _data(found: WhatIf, asked: _Asked, language: Language) -> dict[str, Json]:
    assessment, card = _after(found), found.after
    data = changed_data(found, language)
    if asked.sensitive or asked.nothing:
        data["sensitivity"] = sensitivity_data(sensitivity(assessment), card, language)
    if asked.within or asked.nothing:
        jumps = cliffs(assessment, asked.within or _NEAR)
        data["cliffs"] = cliffs_data(jumps, card, language)
        data["cliffs_unsolved"] = unsolved_data(jumps, language)
    total, grade = _wished(found, asked)
    if total is not None or grade is not None:
        data["reach"] = reached_data(reaching(assessment, total=total, grade=grade), card, language)
    return data


def _show(found: WhatIf, asked: _Asked, language: Language) -> None:
    assessment, card = _after(found), found.after
    if found.changes or found.points:
        show(changed_tables(found, language))
    if asked.sensitive or asked.nothing:
        show(sensitivity_table(sensitivity(assessment), card, language))
    if asked.within or asked.nothing:
        within = asked.within or _NEAR
        show(cliffs_table(cliffs(assessment, within), card, within, language))
    total, grade = _wished(found, asked)
    if total is not None or grade is not None:
        show(reached_table(reaching(assessment, total=total, grade=grade), card, language))
    elif asked.nothing and card.grade is not None:
        show(top_grade(card, language))


def _wished(found: WhatIf, asked: _Asked) -> tuple[str | None, str | None]:
    """The total or grade asked for; by default the next better grade."""
    if not asked.nothing:
        return asked.total, asked.grade
    better = next_grade(found.after)
    return None, None if better is None else better.name
