"""What the commands on tables share: how columns are read, what they are scored on, and what to know about how they were read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

import click
from attrs import frozen

from perfeval.assessment import Assessment
from perfeval.errors import DefinitionError, Language, Message, Problem, problem
from perfeval.extras import needs
from perfeval.loading import is_assessment, load, load_framework
from perfeval.report.terminal import plain

if TYPE_CHECKING:
    from perfeval.batch import Detail, Scorer
    from perfeval.batch.tables import Source

__all__ = ["Reading", "needs_tables", "reading", "refuse_over", "scored_on", "table_options", "tell"]

F = TypeVar("F", bound=Callable[..., object])


def table_options(command: F) -> F:
    """How the columns of a table are read."""
    for option in (
        click.option("--unit", "units", multiple=True, metavar="COLUMN=UNIT", help="The unit of a column's numbers."),
        click.option("--map", "names", multiple=True, metavar="COLUMN=FACT", help="The fact that a column states."),
    ):
        command = option(command)
    return command


def needs_tables() -> None:
    """Refuse to go on where tables cannot be read.

    Raises:
        PerfevalError: a library is missing.
    """
    needs("batch", "numpy", "pyarrow")


def scored_on(name: str) -> Assessment:
    """What the rows of a table are scored on: a framework, or an assessment whose facts stand where the table has no column.

    Raises:
        LoadError: it cannot be read.
    """
    return load(name) if is_assessment(name) else Assessment(load_framework(name))


@frozen
class Reading:
    """How the columns of a table are read.

    Attributes:
        names: the fact that a column states.
        units: the unit of a column's numbers.
        identity: the column that names each row.
    """

    names: Mapping[str, str]
    units: Mapping[str, str]
    identity: str | None = None

    def scorer(self, of: Assessment, language: Language | None, detail: Detail = "total") -> Scorer:
        """A scorer of tables that are read so.

        Raises:
            DefinitionError: as `perfeval.batch.compile`.
        """
        from perfeval.batch import compile

        return compile(of, names=self.names, units=self.units, identity=self.identity, detail=detail, language=language)

    def table(self, of: Assessment, path: str) -> tuple[Source, Sequence[Message]]:
        """The table in a file, and what to know about how it is read.

        Raises:
            LoadError: it cannot be read.
            DefinitionError: its columns cannot, or are not those that were spoken of.
        """
        from perfeval.batch.tables import table_in

        scorer = self.scorer(of, None)
        source = table_in(path)
        scorer.refuse_misspelt(source.schema)
        return source, (*source.notes, *scorer.notes(source.schema))


def reading(names: Sequence[str], units: Sequence[str], identity: str | None = None) -> Reading:
    """What the options of `table_options` say.

    Raises:
        DefinitionError: with everything that is not written as it should be.
    """
    problems: list[Problem] = []
    facts = _pairs(names, "--map 调整预算数=budget.approved", problems)
    numbers = _pairs(units, "--unit 调整预算数=万元", problems)
    if problems:
        raise DefinitionError(problems)
    return Reading(facts, numbers, identity)


def _pairs(written: Sequence[str], example: str, problems: list[Problem]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in written:
        name, sign, value = (part.strip() for part in each.rpartition("="))
        if not sign or not name or not value:
            problems.append(problem(f"“{each}”应写成 {example}", f'"{each}" should be written as {example}'))
        elif name in found:
            problems.append(problem(f"列“{name}”写了两次", f'the column "{name}" is given twice'))
        else:
            found[name] = value
    return found


def refuse_over(source: str, *outputs: str | None) -> None:
    """Refuse to write over the table that is read.

    Raises:
        PerfevalError: an output is that file.
    """
    from perfeval.batch.files import refuse_same

    for output in outputs:
        if output is not None:
            refuse_same(output, source)


def tell(notes: Sequence[Message], language: Language) -> None:
    """Print what to know about how a table was read."""
    for note in notes:
        click.echo(plain(f"注：{note.zh}" if language == "zh" else f"note: {note.en}"))
