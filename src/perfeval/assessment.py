"""An assessment (自评): a completed framework, the facts of one unit or project, and what it published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from attrs import field, frozen

from perfeval.checks import Check, mixtures
from perfeval.errors import DefinitionError, Problem, problem
from perfeval.facts import FactSheet, Given
from perfeval.framework import Framework
from perfeval.quantity import Quantity, quantity
from perfeval.rules.reading import optional_points

__all__ = ["Assessment", "Published", "Remark", "Subject"]


@frozen
class Subject:
    """Who or what is assessed, and for which year."""

    kind: Literal["project", "department"] = "project"
    name: str = ""
    unit: str = ""
    year: int | None = None
    note: str = ""


def _optional_quantity(value: object) -> Quantity | None:
    return None if value is None else quantity(value)


@frozen
class Published:
    """What the unit disclosed; None where it disclosed nothing."""

    score: Quantity | None = field(default=None, converter=_optional_quantity)
    grade: str | None = None
    source: str = ""
    note: str = ""


@frozen
class Remark:
    """What an assessment says of one indicator or dimension.

    Attributes:
        stated: the score in the published table.
        reason: why points were lost, or changed.
        evidence: documents that prove it.
    """

    stated: Fraction | None = field(default=None, converter=optional_points)
    reason: str = ""
    evidence: str = ""


def _remarks(value: Mapping[str, Remark]) -> Mapping[str, Remark]:
    return MappingProxyType(dict(value))


def _parts(value: Mapping[str, Assessment]) -> Mapping[str, Assessment]:
    return MappingProxyType(dict(value))


def _sheet(facts: FactSheet | Mapping[str, Given]) -> FactSheet:
    return facts if isinstance(facts, FactSheet) else FactSheet(facts)


def _checks(entries: Iterable[Check]) -> tuple[Check, ...]:
    return tuple(entries)


@frozen
class Assessment:
    """A framework, complete, with the facts to score it on.

    Attributes:
        framework: its indicators add up to its points exactly.
        facts: what is known; a mapping of names to values will do.
        remarks: by path.
        parts: other assessments that a roll-up rule reads, by the name the rule gives them.
        checks: what its facts must agree on, beside what the framework's checks ask.

    Raises:
        DefinitionError: the framework is not complete, or a remark has no node.
    """

    framework: Framework
    facts: FactSheet = field(factory=FactSheet, converter=_sheet)
    subject: Subject = Subject()
    published: Published = Published()
    remarks: Mapping[str, Remark] = field(factory=dict, converter=_remarks)
    parts: Mapping[str, Assessment] = field(factory=dict, converter=_parts)
    checks: tuple[Check, ...] = field(default=(), converter=_checks)

    def __attrs_post_init__(self) -> None:
        found = list(self.framework.missing_points)
        found += [
            problem(f"没有指标“{path}”", f'there is no indicator "{path}"', "tree", *path.split("."))
            for path in self.remarks
            if path not in self.framework.layout
        ]
        found += self._check_problems()
        if found:
            raise DefinitionError(found)

    def _check_problems(self) -> Iterator[Problem]:
        seen = {check.id for check in self.framework.checks}
        for index, check in enumerate(self.checks):
            if check.id in seen:
                yield problem(f"检查“{check.id}”重复", f'the check "{check.id}" stands twice', "checks", index, "id")
            seen.add(check.id)
            yield from (each.below("checks", index) for each in mixtures(check, self.facts.kinds))

    def remark(self, path: str) -> Remark:
        """What the assessment says of the node at `path`."""
        return self.remarks.get(path, _NO_REMARK)


_NO_REMARK = Remark()
