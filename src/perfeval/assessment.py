"""An assessment (自评): a completed framework, the facts of one unit or project, and what it published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal

from attrs import field, frozen

from perfeval.checks import Check, mixtures
from perfeval.codes import OBJECTION_CODES
from perfeval.errors import DefinitionError, Message, PerfevalError, Problem, nearest, problem
from perfeval.expr.kinds import KindError, kind_of
from perfeval.expr.names import constants, names
from perfeval.expr.nodes import Expr, FactRef
from perfeval.facts import FactSheet, FactValue, Given
from perfeval.framework import Category, Framework, Indicator
from perfeval.quantity import Kind, Quantity, base_unit, decimal_text, quantity
from perfeval.rules import BestOf, Rating
from perfeval.rules.reading import optional_points

__all__ = [
    "Accepted",
    "Assessment",
    "LeftOut",
    "Published",
    "Remark",
    "Subject",
    "misanswered",
    "mismeasured",
    "misplaced",
]


@frozen
class Subject:
    """Who or what is assessed, and for which year."""

    kind: Literal["project", "department"] = "project"
    name: str = ""
    unit: str = ""
    year: int | None = None
    note: str = ""


def _published_score(value: object) -> Quantity | None:
    """A score as it was published, with its 分 if it has one; no other unit."""
    optional_points(value)
    return None if value is None else quantity(value)


@frozen
class Published:
    """What the unit disclosed; None where it disclosed nothing.

    Attributes:
        score, grade, source, note: as published, and where.
        problems: what the report names as problems (存在问题).

    Raises:
        QuantityError: the score is no quantity.
        DefinitionError: the score is no number of points, such as 91%.
    """

    score: Quantity | None = field(default=None, converter=_published_score)
    grade: str | None = None
    source: str = ""
    note: str = ""
    problems: str = ""


def _marks(given: object) -> Mapping[str, Fraction]:
    """Each rater's score."""
    if not isinstance(given, Mapping):
        raise DefinitionError(
            problem(
                "stated_by 写成 { 评分人 = 得分, … }，如 { 自评 = 8, 复核 = 6 }",
                "stated_by is { rater = score, … }, such as { self = 8, review = 6 }",
            )
        )
    marks: dict[str, Fraction] = {}
    problems: list[Problem] = []
    for rater, mark in given.items():
        try:
            marks[str(rater)] = optional_points(mark) or Fraction(0)
        except PerfevalError as error:
            problems.extend(each.below(str(rater)) for each in error.problems)
    if problems:
        raise DefinitionError(problems)
    return MappingProxyType(marks)


@frozen
class Remark:
    """What an assessment says of one indicator or dimension.

    Attributes:
        stated: the score in the published table.
        reason: why points were lost, or changed.
        evidence: documents that prove it.
        target_before: the target as it was before it was changed within the year.
        stated_by: the scores of several raters (自评、复核), by name.
    """

    stated: Fraction | None = field(default=None, converter=optional_points)
    reason: str = ""
    evidence: str = ""
    target_before: str = ""
    stated_by: Mapping[str, Fraction] = field(factory=dict, converter=_marks)


@frozen
class Accepted:
    """An objection of a review that is known and stands, with the reason why.

    Attributes:
        code: of the objection, such as ``over-completion``.
        indicator: the path of the node it is raised at, or of one above; everywhere when left out.
        reason: why it is accepted.

    Raises:
        DefinitionError: there is no such code, or no reason.
    """

    code: str
    reason: str
    indicator: str | None = None

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            if self.code not in OBJECTION_CODES:
                hint = nearest(self.code, OBJECTION_CODES)
                yield problem(
                    f"没有审核意见“{self.code}”— {hint.zh}", f'there is no objection "{self.code}" — {hint.en}', "code"
                )
            if not self.reason.strip():
                yield problem("接受审核意见应写明理由", "an objection is accepted for a reason — write it", "reason")

        if found := tuple(problems()):
            raise DefinitionError(found)

    def covers(self, code: str, path: str | None) -> bool:
        """Whether it speaks of the objection `code` raised at `path` (None: at the whole assessment)."""
        if code != self.code:
            return False
        return self.indicator is None or (path is not None and f"{path}.".startswith(f"{self.indicator}."))


@frozen
class LeftOut:
    """A dimension of the framework that an assessment does not use (``points = 0``, or no indicator of its own).

    Attributes:
        path, title, category: as the framework has them; the category may be one above's.
        reason: why it is not used.
    """

    path: str
    title: str
    category: Category | None
    reason: str


def misplaced(framework: Framework, accepted: Iterable[tuple[int, Accepted]]) -> Iterator[Problem]:
    """The problems of accepted objections, each with its index, that name a node `framework` does not have."""
    for index, each in accepted:
        if each.indicator is not None and each.indicator not in framework.layout:
            hint = nearest(each.indicator, framework.layout)
            yield problem(
                f"没有指标“{each.indicator}”— {hint.zh}",
                f'there is no indicator "{each.indicator}" — {hint.en}',
                "review",
                "accepted",
                index,
                "indicator",
            )


def misanswered(framework: Framework, facts: FactSheet) -> Iterator[Problem]:
    """The ratings whose level or share the rule does not allow, each at its fact: ``("judged.shade", "share")``.

    Where an indicator may not apply, its answer may mean just that: scoring says then whether it is wanted.
    """
    for placed in framework.indicators:
        node = placed.node
        if not isinstance(node, Indicator) or node.applies is not None or placed.gates:
            continue
        asked = [(node.rule, placed.actual)]
        if isinstance(node.rule, BestOf):
            asked = [(each.rule, each.actual or placed.actual) for each in node.rule.alternatives if not each.applies]
        for rule, answer in asked:
            if isinstance(rule, Rating) and isinstance(answer, FactRef):
                level, share = (_given(facts, f"{answer.name}.{key}") for key in ("level", "share"))
                if isinstance(level, str):
                    refused = rule.refused(level, share if isinstance(share, Quantity) else None)
                    yield from (each.below(answer.name) for each in refused)


def mismeasured(framework: Framework, facts: FactSheet) -> Iterator[Problem]:
    """The facts that are no money where money is scored, or no percentage as a rating's share, each at its name.

    Told only where one fact alone stands out. Other mixtures may be what a table says (a word for an actual value, a bare
    rate), so they are left to scoring and to a review.
    """
    told: set[str] = set()
    for placed in framework.indicators:
        award = framework.award(placed)
        message = _mixture(award, facts.kinds)
        if message is None:
            continue
        read = [name for name in names(award) if name in facts and facts[name].formula is None and name in facts.kinds]
        suspects = [
            name
            for name in read
            if _mixture(award, {each: kind for each, kind in facts.kinds.items() if each != name}) is None
        ]
        oddest = min((_oddity(facts.kinds[name]) for name in suspects), default=0)
        odd = [name for name in suspects if _oddity(facts.kinds[name]) == oddest]
        if len(odd) == 1 and odd[0] not in told:
            (name,) = odd
            told.add(name)
            beside = [*(facts[each].value for each in read if each != name), *constants(award)]
            wanted = next(
                (
                    each
                    for each in beside
                    if isinstance(each, Quantity)
                    and each.kind not in _ODD
                    and _mixture(award, {**facts.kinds, name: each.kind}) is None
                ),
                None,
            )
            is_money = wanted is not None and wanted.kind == "money" and not isinstance(facts[name].value, str)
            if is_money or name.endswith(".share"):
                yield _wrong_unit(name, facts[name].value, wanted, message)


_ODD: Final = ("number", "literal", "zero", "truth", "choice", "date")


def _oddity(kind: Kind) -> int:
    """What is most likely a slip first: a figure that lacks its unit, then a count beside what is measured."""
    return 0 if kind in _ODD else 1 if kind.startswith("count:") else 2


def _mixture(award: Expr, kinds: Mapping[str, Kind]) -> Message | None:
    try:
        kind_of(award, kinds)
    except KindError as error:
        return error.problems[0].message
    return None


def _wrong_unit(name: str, value: FactValue | None, wanted: Quantity | None, message: Message) -> Problem:
    if isinstance(value, Quantity):
        found = Message(
            f"“{value}”{'' if value.unit.name else '没有单位'}", f'"{value}"{"" if value.unit.name else " has no unit"}'
        )
    elif isinstance(value, bool):
        found = Message("是/否", "a yes/no")
    else:
        found = Message(f"文字“{value}”", f'the word "{value}"')
    units = [] if wanted is None else _units_like(wanted)
    figure = "…"
    if isinstance(value, Quantity) and _oddity(value.kind) < 2 and value.kind != "date":
        shown = value.value / value.unit.factor
        # What a spreadsheet calls 0.95 is 95%.
        figure = decimal_text(shown * 100 if units == ["%"] and 0 < shown <= 1 else shown)
    zh = "请写成与之同类的值" if not units else "请写 " + " 或 ".join(f"{figure}{unit}" for unit in units)
    en = (
        "write it in the kind of unit it stands beside"
        if not units
        else "write " + " or ".join(f"{figure}{unit}" for unit in units)
    )
    return problem(
        f"事实 {name}（{found.zh}）：{message.zh.split(' — ')[0]} — {zh}",
        f"the fact {name} ({found.en}): {message.en.split(' — ')[0]} — {en}",
        name,
    )


def _units_like(wanted: Quantity) -> list[str]:
    """The units to write instead: the one that stands beside, and the plain one."""
    if wanted.kind == "ratio":
        return ["%"]
    return list(dict.fromkeys(each for each in (wanted.unit.name, base_unit(wanted.kind)) if each))


def _given(facts: FactSheet, name: str) -> FactValue | None:
    return facts[name].value if name in facts else None


def _remarks(value: Mapping[str, Remark]) -> Mapping[str, Remark]:
    return MappingProxyType(dict(value))


def _parts(value: Mapping[str, Assessment]) -> Mapping[str, Assessment]:
    return MappingProxyType(dict(value))


def _accepted(value: Iterable[Accepted]) -> tuple[Accepted, ...]:
    return tuple(value)


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
        accepted: objections of a review that are known and stand.
        left_out: dimensions that are not used, each with the reason.

    Raises:
        DefinitionError: the framework is not complete, or a remark or an accepted objection has no node.
    """

    framework: Framework
    facts: FactSheet = field(factory=FactSheet, converter=_sheet)
    subject: Subject = Subject()
    published: Published = Published()
    remarks: Mapping[str, Remark] = field(factory=dict, converter=_remarks)
    parts: Mapping[str, Assessment] = field(factory=dict, converter=_parts)
    checks: tuple[Check, ...] = field(default=(), converter=_checks)
    accepted: tuple[Accepted, ...] = field(default=(), converter=_accepted)
    left_out: tuple[LeftOut, ...] = ()

    def __attrs_post_init__(self) -> None:
        found = list(self.framework.missing_points)
        found += [
            problem(f"没有指标“{path}”", f'there is no indicator "{path}"', "tree", *path.split("."))
            for path in self.remarks
            if path not in self.framework.layout
        ]
        found += self._check_problems()
        found += misplaced(self.framework, enumerate(self.accepted))
        if found:
            raise DefinitionError(found)
        # The facts are called as the framework calls them: attrs' way to set what is derived in a frozen class.
        object.__setattr__(self, "facts", self.facts.titled(self.framework.fact_titles))

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
