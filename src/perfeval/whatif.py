"""What if: the score after a change, what it takes to reach a wished one, how much each figure moves it, and cliffs.

Everything is exact: the total is read as a piecewise function of one figure at a time, and what is found is scored
again before it is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import islice
from typing import Final

from attrs import evolve, frozen

from perfeval.answers import Answers, levels
from perfeval.assessment import Assessment
from perfeval.errors import DefinitionError, Message, PerfevalError, Problem, nearest, problem
from perfeval.evaluate import Scorer, evaluate
from perfeval.expr.kinds import kind_name, kind_of_value
from perfeval.expr.names import names
from perfeval.expr.nodes import And, Compare, Expr, If, Not, Require, number
from perfeval.expr.piecewise import NotPiecewise, Piece, Piecewise, Reader
from perfeval.expr.rational import Ratio, value_at, value_of
from perfeval.facts import Fact, FactSheet, FactValue, Given, read_value, shown
from perfeval.framework import Dimension, Framework, Grade, Indicator, Node, Placed
from perfeval.quantity import Kind, Quantity, quantity
from perfeval.rules import Awarded, BestOf, Panel, Rating, Rule
from perfeval.rules.reading import optional_points
from perfeval.scorecard import NodeScore, Scorecard, value_text
from perfeval.totals import not_applicable_as, total_expression

__all__ = [
    "Change",
    "Cliff",
    "Cliffs",
    "Moved",
    "Reach",
    "Reached",
    "Sensitivity",
    "WhatIf",
    "changed",
    "cliffs",
    "near",
    "next_grade",
    "reaching",
    "sensitivity",
    "wish",
]

_CALENDAR: Final = ("date", "month")
_LAST: Final[Mapping[str, int]] = {"date": 3_652_059, "month": 12}  # 9999-12-31
_ONE_PERCENT: Final = Fraction(1, 100)
_ZERO: Final = Fraction(0)


@frozen
class Change:
    """One fact that was changed.

    Attributes:
        name: the fact.
        before: None where it was not known.
        after: the value instead.
    """

    name: str
    before: FactValue | None
    after: FactValue


@frozen
class Moved:
    """An indicator whose score, points or status changed.

    Attributes:
        before, after: its score on either side.
        facts: the changed facts that it reads, through derived ones too.
    """

    before: NodeScore
    after: NodeScore
    facts: tuple[str, ...]


@frozen
class WhatIf:
    """An assessment before and after a change.

    Attributes:
        before, after: the scorecards.
        changes: the facts that were given other values.
        points: the nodes that were given other points.
        moved: the indicators that changed, in the framework's order.
    """

    before: Scorecard
    after: Scorecard
    changes: tuple[Change, ...]
    points: Mapping[str, Fraction]
    moved: tuple[Moved, ...]


@frozen
class Reach:
    """A change of one fact alone that reaches what is wished.

    Attributes:
        fact: its name.
        old: its value now; None where it is not known.
        new: the nearest value that reaches it, written as the old one is (same unit, same decimals); a yes or a no, or
            a level.
        edge: the exact end of the numbers that reach it, in base units; None for a yes, a no or a level.
        total: the total then.
        grade: the grade then.
        judgement: whether the fact is a rater's judgement.
    """

    fact: str
    old: FactValue | None
    new: FactValue
    edge: Fraction | None
    total: Fraction
    grade: Grade | None
    judgement: bool

    @property
    def change(self) -> Fraction | None:
        """New less old, in base units; None where one of them is no number."""
        if not isinstance(self.old, Quantity) or not isinstance(self.new, Quantity):
            return None
        return self.new.value - self.old.value

    @property
    def relative(self) -> Fraction | None:
        """The change as a share of the old value; None for what is no number, a date, and where the old value is 0."""
        if self.change is None or not isinstance(self.old, Quantity):
            return None
        if self.old.kind in _CALENDAR or not self.old.value:
            return None
        return abs(self.change / self.old.value)


@frozen
class Reached:
    """What it takes to reach a wished total or grade.

    Attributes:
        score: the total now; None when there is none.
        total: what the total has to be at least.
        grade: the grade wished for, if it was one.
        already: whether it is reached as it is.
        reaches: one for each fact that reaches it alone: numbers first, the smallest relative change before the others;
            then dates and what is 0 now, then a yes, a no or a level, and last what is not known yet.
        best: where none does: the best that a single fact can do, if it can do better than now.
        unsolved: the facts of which it cannot be told exactly, with the reason.
    """

    score: Fraction | None
    total: Fraction
    grade: Grade | None
    already: bool
    reaches: tuple[Reach, ...] = ()
    best: Reach | None = None
    unsolved: tuple[tuple[str, Message], ...] = ()


@frozen
class Sensitivity:
    """How far the total moves when one figure is 1% higher or lower.

    Attributes:
        fact: its name.
        value: its value now.
        up, down: the total's change; None where there is no total then.
    """

    fact: str
    value: Quantity
    up: Fraction | None
    down: Fraction | None

    @property
    def size(self) -> Fraction:
        """The larger of the two changes."""
        return max(abs(self.up or _ZERO), abs(self.down or _ZERO))

    @property
    def moves(self) -> bool:
        """Whether the total changes at all, or is lost."""
        return self.up != 0 or self.down != 0


@frozen
class Cliff:
    """A value near the current one at which an indicator's award jumps.

    Attributes:
        path: the indicator.
        fact: the figure.
        now: its value now.
        at: where the award jumps.
        rising: whether it lies above the current value (or right beyond it), and not below.
        included: whether the award has jumped at that very value, or only beyond it.
        before: the award on this side of it, before the framework's rounding, in the indicator's points.
        after: the award there, or right beyond.
    """

    path: str
    fact: str
    now: Quantity
    at: Quantity
    rising: bool
    included: bool
    before: Fraction
    after: Fraction

    @property
    def distance(self) -> Fraction:
        """How far it is, as a share of the current value."""
        return abs(self.at.value - self.now.value) / abs(self.now.value)


@frozen
class Cliffs:
    """Where awards jump near the current values.

    Attributes:
        found: the jumps, the nearest first.
        unsolved: the indicators whose award could not be read as pieces of one of their figures: path, fact and reason.
    """

    found: tuple[Cliff, ...]
    unsolved: tuple[tuple[str, str, Message], ...] = ()


# The score before and after.


def changed(
    assessment: Assessment, facts: Mapping[str, Given] | None = None, points: Mapping[str, object] | None = None
) -> WhatIf:
    """The assessment scored as it is, and with other values of `facts` and other `points` of indicators.

    Raises:
        DefinitionError: with every problem found: names that are not there, values of another kind, derived facts,
            points that no longer add up.
    """
    before = evaluate(assessment)
    problems: list[Problem] = []
    values = _read_facts(before, facts or {}, problems)
    wished = _read_points(assessment.framework, points or {}, problems)
    framework = assessment.framework
    if len(wished) == len(points or {}):  # else what does not add up may only be what could not be read
        framework = _with_points(framework, wished, problems)
    if problems:
        raise DefinitionError(problems)
    sheet = _with_values(assessment.facts, values)
    after = evaluate(evolve(assessment, framework=framework, facts=sheet))
    changes = tuple(Change(name, before.facts.value(name), value) for name, value in values.items())
    return WhatIf(before, after, changes, wished, tuple(_moved(before, after, values)))


def _moved(before: Scorecard, after: Scorecard, values: Mapping[str, FactValue]) -> Iterator[Moved]:
    for old, new in zip(before.indicators, after.indicators, strict=True):
        if (old.status, old.points, old.score, old.bonus) != (new.status, new.points, new.score, new.bonus):
            yield Moved(old, new, tuple(name for name in new.fact_names if name in values))


def _with_values(sheet: FactSheet, values: Mapping[str, FactValue]) -> FactSheet:
    return FactSheet({**sheet.facts, **{name: _revalued(name, value, sheet) for name, value in values.items()}})


def _revalued(name: str, value: FactValue, sheet: FactSheet) -> Fact:
    """The fact with another value; what else was stated of it, and how far it was thought to reach, no longer holds."""
    return evolve(sheet[name], value=value, between=None, others=()) if name in sheet else Fact(name, value)


def _read_facts(card: Scorecard, facts: Mapping[str, Given], problems: list[Problem]) -> dict[str, FactValue]:
    own = card.assessment.facts
    read = {name: None for node in card.indicators for name in node.fact_names if name not in card.facts}
    words = levels(card.assessment.framework)
    found: dict[str, FactValue] = {}
    for name, given in facts.items():
        if name not in own and name not in read:
            hint = nearest(name, [*own, *read])
            problems.append(problem(f"没有事实“{name}”— {hint.zh}", f'there is no fact "{name}" — {hint.en}', name))
            continue
        try:
            if (formula := own[name].formula if name in own else None) is not None:
                _refuse_derived(name, formula, own)
            found[name] = _as_before(own, name, given, words.get(name, ()))
        except PerfevalError as error:
            problems.extend(_of_fact(name, each) for each in error.problems)
    return found


def _of_fact(name: str, found: Problem) -> Problem:
    message = found.message
    return evolve(found.below(name), message=Message(f"{name}：{message.zh}", f"{name}: {message.en}"))


def _refuse_derived(name: str, formula: Expr, sheet: FactSheet) -> None:
    leaves = tuple(_leaves(formula, sheet))
    raise DefinitionError(
        problem(
            f"由公式推算，不能直接改 — 请改它所依据的事实：{'、'.join(leaves) or '（无）'}",
            f"is derived and cannot be changed itself — change what it is derived from: {', '.join(leaves) or 'nothing'}",
        )
    )


def _leaves(formula: Expr, sheet: FactSheet) -> Iterable[str]:
    """The facts at the bottom of a formula, each once."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = list(names(formula))
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        below = sheet[name].formula if name in sheet else None
        if below is None:
            found[name] = None
        else:
            waiting = [*names(below), *waiting]
    return found


def _as_before(sheet: FactSheet, name: str, given: Given, words: tuple[str, ...]) -> FactValue:
    """What was given for a fact, read like it and of its kind."""
    before = sheet.value(name)
    value = given.value if isinstance(given, Fact) else given
    if words or isinstance(before, str):
        return _word(value, words)
    found = read_value(value)
    if found is None:
        raise DefinitionError(problem("没有写值 — 请写如 95%", "has no value — write one, such as 95%"))
    asked, is_now = sheet.kinds.get(name), kind_of_value(found)
    if asked not in (None, is_now):
        raise DefinitionError(_unlike(before, asked, found, is_now))
    return found


def _unlike(before: FactValue | None, asked: Kind, found: FactValue, is_now: Kind) -> Problem:
    """That a value is of another kind than the fact so far."""
    if isinstance(before, bool):
        return problem("是“是/否”，请写 是 或 否", "is a yes/no — write yes or no")
    zh, en = (
        (f"请写如 {before}", f"write it like {before}") if before is not None else ("请换一种单位", "use such a unit")
    )
    if isinstance(before, Quantity) and is_now == "number" and before.unit.name:
        zh, en = f"请写如 {found}{before.unit.name}", f"write it like {found}{before.unit.name}"
    (asked_zh, asked_en), (found_zh, found_en) = kind_name(asked), kind_name(is_now)
    said = value_text(found, "zh"), value_text(found, "en")
    return problem(
        f"“{said[0]}”是{found_zh}，而这项事实是{asked_zh} — {zh}",
        f'"{said[1]}" is {found_en}, but the fact is {asked_en} — {en}',
    )


def _word(value: object, words: tuple[str, ...]) -> str:
    text = str(value or "").strip()
    if not text:
        raise DefinitionError(problem("没有写值", "has no value"))
    if words and text not in words:
        hint = nearest(text, words)
        raise DefinitionError(problem(f"没有“{text}”这一档 — {hint.zh}", f'there is no level "{text}" — {hint.en}'))
    return text


def _rule(placed: Placed) -> Rule:
    assert isinstance(placed.node, Indicator)
    return placed.node.rule


# Other points.


def _read_points(framework: Framework, points: Mapping[str, object], problems: list[Problem]) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for path, given in points.items():
        placed = framework.layout.get(path)
        if placed is None:
            hint = nearest(path, framework.layout)
            problems.append(
                problem(f"没有指标“{path}”— {hint.zh}", f'there is no indicator "{path}" — {hint.en}', path)
            )
        elif placed.node.points is None:
            problems.append(_follows(placed))
        else:
            try:
                found[path] = optional_points(given) or _ZERO
            except PerfevalError as error:
                problems.extend(_of_fact(path, each) for each in error.problems)
    return found


def _follows(placed: Placed) -> Problem:
    """That a node's points cannot be set alone, and which to set."""
    path, node = placed.path, placed.node
    if isinstance(node, Dimension):
        below = [f"{path}.{each.id}" for each in node.children]
        return problem(
            f"{path}：分值是其下各项之和，不能单独改 — 请改 {'、'.join(below)}",
            f"{path}: its points are the sum of those below and cannot be set alone — set {', '.join(below)}",
            path,
        )
    above = path.rpartition(".")[0]
    return problem(
        f"{path}：分值由上级平分，不能单独改 — 请改 {above}",
        f"{path}: its points are an equal part of those above and cannot be set alone — set {above}",
        path,
    )


def _with_points(framework: Framework, points: Mapping[str, Fraction], problems: list[Problem]) -> Framework:
    """The framework with other points; what then does not add up is added to `problems`."""
    if not points:
        return framework
    try:
        rebuilt = evolve(framework, tree=tuple(_repointed(node, "", points) for node in framework.tree))
    except DefinitionError as error:
        problems.extend(_of_node(framework, each) for each in error.problems)
        return framework
    problems.extend(_of_node(framework, each) for each in rebuilt.missing_points)
    return rebuilt


def _of_node(framework: Framework, found: Problem) -> Problem:
    """The problem with the node it lies at, which no line of a file shows here; a rule that states points says why."""
    steps = found.path[1:]
    ends = (end for end in range(len(steps), 0, -1) if ".".join(map(str, steps[:end])) in framework.layout)
    if (end := next(ends, None)) is None:
        return found
    path, message = ".".join(map(str, steps[:end])), found.message
    zh, en = f"{path}：{message.zh}", f"{path}: {message.en}"
    if steps[end : end + 1] == ("rule",):
        zh += " — 规则写明了得分，只改分值不够，请在文件中连规则一起改"
        en += " — the rule states points of its own: change it together with the points, in the file"
    return evolve(found, message=Message(zh, en))


def _repointed(node: Node, above: str, points: Mapping[str, Fraction]) -> Node:
    path = f"{above}.{node.id}" if above else node.id
    if isinstance(node, Dimension):
        node = evolve(node, children=tuple(_repointed(each, path, points) for each in node.children))
    return evolve(node, points=points[path]) if path in points else node


# One figure at a time.


@frozen
class _Figure:
    """A figure that may be changed: a number that is stated or assumed, and is not derived; or one not known yet.

    Attributes:
        now: its value; a nought of its kind where it is not known.
        known: whether it is.
    """

    name: str
    now: Quantity
    judgement: bool
    between: tuple[Quantity | None, Quantity | None]
    known: bool = True

    @property
    def bounds(self) -> tuple[Fraction | None, Fraction | None]:
        """Where it may lie: as its fact says; else what is not negative stays so, and a date is on the calendar."""
        least, most = (None if end is None else end.value for end in self.between)
        if self.now.kind in _CALENDAR:
            return least or Fraction(1), most or Fraction(_LAST[self.now.kind])
        return (_ZERO if least is None and self.now.value >= 0 else least), most

    @property
    def step(self) -> Fraction:
        """One in the last place that was written."""
        places: int = 10**self.now.decimals
        return self.now.unit.factor / places

    @property
    def old(self) -> Quantity | None:
        """Its value, where it is known."""
        return self.now if self.known else None

    def at(self, value: Fraction) -> Quantity:
        """Another value, written alike."""
        return evolve(self.now, value=value)


@frozen
class _Choice:
    """A fact that is a yes or a no, or a level: what it is, None where it is not known, and what else it may be."""

    name: str
    now: FactValue | None
    others: tuple[FactValue, ...]
    judgement: bool


class _Line:
    """An assessment, ready to be asked about one fact after the other."""

    def __init__(self, assessment: Assessment) -> None:
        self.card = evaluate(assessment)
        # The scores of other assessments are facts now; they need not be computed again.
        self._sheet = self.card.facts
        self._scorer = Scorer(evolve(assessment, facts=self._sheet, parts={}))
        formulas = {name: each.formula for name, each in self._sheet.facts.items() if each.formula is not None}
        self._reader = Reader(self._sheet.values, formulas)
        judged = frozenset(_judged(assessment.framework))
        self.figures = tuple(
            _Figure(name, each.value, name in judged, each.between or (None, None))
            for name, each in assessment.facts.facts.items()
            if isinstance(each.value, Quantity)
        )
        self._judged = judged
        self._words = levels(assessment.framework)
        self._answers = Answers(assessment.framework, self._sheet)

    def read(self, expr: Expr, figure: _Figure) -> Piecewise:
        return self._reader.read(expr, figure.name)

    def depends(self, expr: Expr, figure: _Figure) -> bool:
        return figure.name in self._reader.reads(expr)

    def score(self, figure: _Figure, value: Fraction) -> Fraction | None:
        """The total with another value of one figure."""
        return self._scorer.total(_with_values(self._sheet, {figure.name: figure.at(value)}))

    def rescored(self, name: str, value: FactValue) -> Scorecard:
        return self._scorer(_with_values(self._sheet, {name: value}))

    def choices(self, expr: Expr) -> Iterator[_Choice]:
        """The facts that `expr` reads and that are, or may be, a yes or a no, or a level."""
        for fact in self._others(expr):
            options: tuple[FactValue, ...] = self._words.get(fact.name, (True, False) if self._is_truth(fact) else ())
            if options:
                others = tuple(each for each in options if each != fact.value)
                yield _Choice(fact.name, fact.value, others, fact.name in self._judged)

    def unknown(self, expr: Expr) -> Iterator[_Figure | tuple[str, Message]]:
        """The figures that `expr` reads and that are not known; of words, and of what has no certain kind, why not."""
        for fact in self._others(expr):
            if fact.name in self._words or self._is_truth(fact):
                continue
            beside = sorted(self._reader.reads(expr))
            kinds = [] if fact.value is not None else self._answers.figure_kinds(fact.name, beside)
            if len(kinds) == 1:
                yield _Figure(
                    fact.name,
                    self._nought(kinds[0]),
                    fact.name in self._judged,
                    fact.between or (None, None),
                    known=False,
                )
            elif kinds:
                yield fact.name, Message("尚未填写，也看不出它的单位", "not given, and its unit cannot be told")
            else:
                yield (
                    fact.name,
                    Message("是文字，无从知道还可以是什么", "a word, and what else it could be is not said"),
                )

    def _others(self, expr: Expr) -> Iterator[Fact]:
        """The facts of this assessment that `expr` reads and that are neither figures nor derived."""
        own = self.card.assessment.facts
        for name in sorted(self._reader.reads(expr)):
            fact = own.facts.get(name) or (Fact(name) if name not in self._sheet else None)
            if fact is not None and fact.formula is None and not isinstance(fact.value, Quantity):
                yield fact

    def _is_truth(self, fact: Fact) -> bool:
        return self._answers.may_be_truth(fact.name)

    def _nought(self, kind: Kind) -> Quantity:
        """Nothing of a kind, written as the first figure of that kind is."""
        alike = (each.now for each in self.figures if each.now.kind == kind)
        return evolve(next(alike, None) or shown(_ZERO, kind), value=_ZERO)


def _judged(framework: Framework) -> Iterator[str]:
    """The facts that are a rater's judgement."""
    for placed in framework.indicators:
        yield from _judged_by(_rule(placed), placed.actual)


def _judged_by(rule: Rule, actual: Expr) -> Iterator[str]:
    match rule:
        case Rating():
            for name in names(actual):
                yield from (f"{name}.level", f"{name}.share")
        case Awarded():
            yield from names(actual)
        case Panel(raters):
            for each in raters:
                yield from names(each)
        case BestOf(alternatives):
            for alternative in alternatives:
                yield from _judged_by(alternative.rule, alternative.actual or actual)
        case _:
            return


# What it takes.


def next_grade(card: Scorecard) -> Grade | None:
    """The grade just above that of a scorecard; None at the top, or where there is none."""
    grades = card.assessment.framework.grades
    if card.grade is None or card.grade == grades[0]:
        return None
    return grades[grades.index(card.grade) - 1]


def reaching(assessment: Assessment, *, total: object = None, grade: str | None = None) -> Reached:
    """The smallest change of each figure alone that brings the total to `total`, or the grade to `grade`, or higher.

    Raises:
        DefinitionError, QuantityError: not a total; no such grade; both or none of the two.
    """
    framework = assessment.framework
    least, wished = wish(framework, total=total, grade=grade)
    line = _Line(assessment)
    whole = total_expression(framework)
    reached = _reached(framework, whole, least, wished)
    card = line.card
    outcome = Reached(card.score, least, wished, _is_reached(card, least, wished))
    if outcome.already:
        return outcome
    figures = [figure for figure in line.figures if line.depends(reached, figure)]
    found: list[Reach] = []
    unsolved: list[tuple[str, Message]] = []
    for unknown in line.unknown(reached):
        if isinstance(unknown, _Figure):
            figures.append(unknown)
        else:
            unsolved.append(unknown)
    choices = tuple(line.choices(reached))
    for choice in choices:
        found += islice(_answers(line, choice, least, wished), 1)
    for figure in figures:
        try:
            found += _reach(line, figure, reached, least, wished)
        except NotPiecewise as error:
            unsolved.append((figure.name, error.message))
    best = None
    if not found:
        solved = [figure for figure in figures if figure.name not in dict(unsolved)]
        best = _best(line, solved, choices, whole)
    return evolve(outcome, reaches=tuple(sorted(found, key=_effort)), best=best, unsolved=tuple(unsolved))


def wish(framework: Framework, *, total: object = None, grade: str | None = None) -> tuple[Fraction, Grade | None]:
    """A wished total or grade, as `reaching` takes it: the total it needs, and the grade.

    Raises:
        DefinitionError, QuantityError: not a total; no such grade; both or none of the two.
    """
    if (total is None) == (grade is None):
        raise DefinitionError(problem("请写得分或等级其中一个", "name a total or a grade, one of the two"))
    if grade is None:
        return optional_points(total) or _ZERO, None
    wished = _grade_named(framework, grade)
    return wished.from_, wished


def near(within: object) -> Fraction:
    """How near to the current value `cliffs` looks, as a share.

    Raises:
        DefinitionError, QuantityError: no percentage above 0.
    """
    share = quantity(within)
    if share.kind != "ratio" or share.value <= 0:
        raise DefinitionError(
            problem(
                f"范围应为大于 0 的百分比，如 2%（现为“{share}”）",
                f'the range is a percentage above 0, such as 2% (found "{share}")',
            )
        )
    return share.value


def _effort(reach: Reach) -> tuple[int, Fraction, str]:
    if reach.relative is not None:
        return 0, reach.relative, reach.fact
    if reach.change is not None:
        return 1, abs(reach.change), reach.fact
    return (2 if reach.old is not None else 3), _ZERO, reach.fact


def _grade_named(framework: Framework, word: str) -> Grade:
    if (grade := framework.grade_named(word)) is not None:
        return grade
    hint = nearest(word, [grade.name for grade in framework.grades])
    raise DefinitionError(problem(f"没有等级“{word}”— {hint.zh}", f'there is no grade "{word}" — {hint.en}'))


def _reached(framework: Framework, whole: Expr, least: Fraction, grade: Grade | None) -> Expr:
    """Whether the total, and every limit on the grade, allow what is wished."""
    enough: list[Expr] = [Compare(">=", whole, number(least))]
    if grade is not None:
        ranks = [each.name for each in framework.grades]
        enough += [
            Not(limit.when)
            for limit in framework.limits
            if limit.grade_at_most is not None and ranks.index(limit.grade_at_most) > ranks.index(grade.name)
        ]
    return And(tuple(enough))


def _is_reached(card: Scorecard, least: Fraction, grade: Grade | None) -> bool:
    if card.score is None or card.score < least:
        return False
    grades = card.assessment.framework.grades
    return grade is None or (card.grade is not None and grades.index(card.grade) <= grades.index(grade))


def _reach(line: _Line, figure: _Figure, reached: Expr, least: Fraction, grade: Grade | None) -> Iterator[Reach]:
    """The nearest value of one figure that reaches it, if there is one."""
    pieces = [piece for piece in line.read(reached, figure).pieces if piece.value is True]
    for value, piece in _by_distance(figure, pieces):
        card = line.rescored(figure.name, figure.at(value))
        if card.score is not None and _is_reached(card, least, grade):
            low, high = piece.low, piece.high
            edge = low if low is not None and value > figure.now.value else high
            yield Reach(
                figure.name,
                figure.old,
                figure.at(value),
                value if edge is None else edge,
                card.score,
                card.grade,
                figure.judgement,
            )
            return


def _answers(line: _Line, choice: _Choice, least: Fraction, grade: Grade | None) -> Iterator[Reach]:
    """The other answers that reach it, the one of the lowest total first: it asks least."""
    yield from sorted(
        (
            found
            for answer in choice.others
            if (found := _answered(line, choice, answer)) is not None and _is_enough(line, found, least, grade)
        ),
        key=lambda found: found.total,
    )


def _answered(line: _Line, choice: _Choice, answer: FactValue) -> Reach | None:
    """The total with another answer; None where there is none."""
    card = line.rescored(choice.name, answer)
    if card.score is None:
        return None
    return Reach(choice.name, choice.now, answer, None, card.score, card.grade, choice.judgement)


def _is_enough(line: _Line, found: Reach, least: Fraction, grade: Grade | None) -> bool:
    grades = line.card.assessment.framework.grades
    if found.total < least:
        return False
    return grade is None or (found.grade is not None and grades.index(found.grade) <= grades.index(grade))


def _by_distance(figure: _Figure, pieces: Iterable[Piece]) -> list[tuple[Fraction, Piece]]:
    """The value nearest to the current one in each piece, nearest first."""
    values = [(value, piece) for piece in pieces if (value := _nearest_in(figure, piece)) is not None]
    return sorted(values, key=lambda found: (abs(found[0] - figure.now.value), found[0]))


def _nearest_in(figure: _Figure, piece: Piece) -> Fraction | None:
    """The value in `piece` nearest to the current one that can be written as it is; None where there is none."""
    now, step = figure.now.value, figure.step
    within = _clipped(piece, *figure.bounds)
    low, high = within.low, within.high
    value = now
    if low is not None and (now < low or (now == low and not within.low_included)):
        value = -(-low // step) * step
        if value == low and not within.low_included:
            value += step
    elif high is not None and (now > high or (now == high and not within.high_included)):
        value = high // step * step
        if value == high and not within.high_included:
            value -= step
    return value if _lies_in(value, within) else None


def _clipped(piece: Piece, least: Fraction | None, most: Fraction | None) -> Piece:
    """The part of `piece` between two bounds that are included; it may be empty."""
    if least is not None and (piece.low is None or piece.low < least):
        piece = evolve(piece, low=least, low_included=True)
    if most is not None and (piece.high is None or piece.high > most):
        piece = evolve(piece, high=most, high_included=True)
    return piece


def _lies_in(value: Fraction, piece: Piece) -> bool:
    low, high = piece.low, piece.high
    return (low is None or value > low or (value == low and piece.low_included)) and (
        high is None or value < high or (value == high and piece.high_included)
    )


def _best(line: _Line, figures: Iterable[_Figure], choices: Iterable[_Choice], whole: Expr) -> Reach | None:
    """The highest total that any one fact can bring, if it is higher than now; of equal ones the smallest change."""
    score = line.card.score
    found = [best for figure in figures if (best := _best_of(line, figure, whole)) is not None]
    for choice in choices:
        answers = (_answered(line, choice, answer) for answer in choice.others)
        found += [each for each in answers if each is not None and (score is None or each.total > score)]
    return min(found, key=lambda best: (-best.total, _effort(best)), default=None)


def _best_of(line: _Line, figure: _Figure, whole: Expr) -> Reach | None:
    now, score = figure.now.value, line.card.score
    candidates = [
        (total, value)
        for piece in line.read(whole, figure).pieces
        if isinstance(total := piece.value, Fraction)
        and (score is None or total > score)
        and (value := _nearest_in(figure, piece)) is not None
    ]
    for _, value in sorted(candidates, key=lambda found: (-found[0], abs(found[1] - now))):
        card = line.rescored(figure.name, figure.at(value))
        if card.score is not None:
            return Reach(figure.name, figure.old, figure.at(value), value, card.score, card.grade, figure.judgement)
    return None


# How much each figure moves the total.


def sensitivity(assessment: Assessment) -> tuple[Sensitivity, ...]:
    """The total's change for 1% more and 1% less of each figure that it reads, largest first; none without a total.

    Dates and months have no percentage, and are left out.
    """
    line = _Line(assessment)
    now = line.card.score
    if now is None:
        return ()
    whole = total_expression(assessment.framework)
    found = []
    for figure in line.figures:
        if figure.now.kind in _CALENDAR or not figure.now.value or not line.depends(whole, figure):
            continue
        up, down = (line.score(figure, figure.now.value * (1 + change)) for change in (_ONE_PERCENT, -_ONE_PERCENT))
        found.append(
            Sensitivity(
                figure.name,
                figure.now,
                None if up is None else up - now,
                None if down is None else down - now,
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.size, not each.moves)))


# Cliffs.


def cliffs(assessment: Assessment, within: object = "2%") -> Cliffs:
    """The values of a figure at most `within` away from the current one at which an award jumps, nearest first.

    Awards are taken before the framework rounds them: the steps of a rounding are no cliffs. An award that is no
    function of exact pieces is named as unsolved. Dates and figures that are 0, for which no percentage is near, are
    left out.

    Raises:
        DefinitionError, QuantityError: `within` is no percentage above 0.
    """
    share = near(within)
    line = _Line(assessment)
    unrounded = evolve(assessment.framework, rounding=())
    found: list[Cliff] = []
    unsolved: list[tuple[str, str, Message]] = []
    for placed in unrounded.indicators:
        award = _award(unrounded, placed)
        for figure in line.figures:
            if figure.now.kind not in _CALENDAR and figure.now.value and line.depends(award, figure):
                try:
                    found += _cliffs(line, placed, award, figure, share)
                except NotPiecewise as error:
                    unsolved.append((placed.path, figure.name, error.message))
    return Cliffs(tuple(sorted(found, key=lambda each: each.distance)), tuple(unsolved))


def _award(framework: Framework, placed: Placed) -> Expr:
    """What an indicator earns, bonus and all; it has no award where it does not apply and the rest is rescaled."""
    award = framework.award(placed)
    applies = placed.node.applies if isinstance(placed.node, Indicator) else None
    if applies is None:
        return award
    match not_applicable_as(framework, placed):
        case "full":
            return If(applies, award, number(placed.points))
        case "zero":
            return If(applies, award, number(0))
        case "rescale":
            return Require(applies, award, otherwise=Message("不适用", "not applicable"))


def _cliffs(line: _Line, placed: Placed, award: Expr, figure: _Figure, within: Fraction) -> Iterator[Cliff]:
    pieces = line.read(award, figure).pieces
    now, reach = figure.now.value, abs(figure.now.value) * within
    for index, piece in enumerate(pieces):
        at = piece.high
        if at is None or abs(at - now) > reach or piece.low == at:
            continue
        following = pieces[index + 1]
        point = following if following.low == following.high else None
        after = following if point is None else pieces[index + 2]
        holder = point or (piece if piece.high_included else after)
        jump = _jump(now, at, _limit(piece, at), _limit(holder, at), _limit(after, at))
        if jump is not None:
            rising, included, old, new = jump
            yield Cliff(placed.path, figure.name, figure.now, figure.at(at), rising, included, old, new)


def _jump(
    now: Fraction, at: Fraction, left: Fraction | None, value: Fraction | None, right: Fraction | None
) -> tuple[bool, bool, Fraction, Fraction] | None:
    """Seen from `now`: whether the jump lies above, whether `at` itself has jumped, and the awards on either side."""
    rising = now < at or (now == at and right != value)
    old, far = (left, right) if rising else (right, left)
    if now == at:
        old = value
    included = value != old
    new = value if included else far
    if old is None or new is None or old == new:
        return None
    return rising, included, old, new


def _limit(piece: Piece, at: Fraction) -> Fraction | None:
    """What a piece comes to at its end; None where it has no value, or grows without end."""
    if isinstance(piece.value, Ratio):
        return value_at(piece.value, at) if value_of(piece.value.below, at) else None
    return piece.value if isinstance(piece.value, Fraction) else None
