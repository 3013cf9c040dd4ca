"""The scorecard: a tree of scores beside the framework's tree, each with its reason.

It keeps what was computed and writes it out only when asked, so that scoring without reading explanations stays fast.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Literal

from attrs import frozen

from perfeval.assessment import Assessment, Published, Remark
from perfeval.errors import Language, Message
from perfeval.expr.exact import Program, Value, compiled
from perfeval.expr.kinds import kind_of
from perfeval.expr.names import constants, names
from perfeval.expr.nodes import And, Expr, Label, Role
from perfeval.expr.text import text, words
from perfeval.facts import OWN_WAY, Fact, FactSheet, FactValue, shown
from perfeval.framework import Adjustment, Grade, Indicator, Limit, Placed, caps, titled
from perfeval.quantity import Kind, Quantity, decimal_text, exact_places, rounded
from perfeval.rules import Rating

__all__ = ["AdjustmentScore", "Agreement", "NodeScore", "Scorecard", "Status", "Step", "TotalStep", "value_text"]

Status = Literal["scored", "not-applicable", "unknown", "error"]
StepKind = Literal["earned", "converted", "bonus", "adjustment", "floor", "limit", "rounded"]

_PLACES_SHOWN = 8  # of a value in an explanation: more than people write

STATUS_WORDS: Mapping[Status, Message] = {
    "scored": Message("已评分", "scored"),
    "not-applicable": Message("不适用", "not applicable"),
    "unknown": Message("缺少事实", "unknown"),
    "error": Message("出错", "error"),
}
FACT_WORDS: Mapping[str, Message] = {
    "stated": Message("已披露", "stated"),
    "derived": Message("推算", "derived"),
    "assumed": Message("假定", "assumed"),
    "unknown": Message("未知", "unknown"),
}


@frozen
class Step:
    """One named intermediate result.

    Attributes:
        name: such as 完成率, completion.
        formula: what it was computed from.
        role: "rate" for a completion rate, "points" for a score, "count" for a number of times.
    """

    name: Message
    formula: Expr
    role: Role | None
    _value: Value
    _sheet: FactSheet
    _units: Mapping[Kind, str] = {}

    @property
    def value(self) -> FactValue:
        """The exact value, in a unit a person would choose: the one that the rule and the facts are written in."""
        if not isinstance(self._value, tuple):
            return self._value
        kind = "number" if self.role in ("points", "count") else kind_of(self.formula, self._sheet.kinds)
        kind = "number" if kind in ("literal", "zero", "any") else kind
        return shown(Fraction(*self._value), kind, self._units.get(kind, ""))

    def to(self, language: Language) -> str:
        """Such as “completion = 950棵 ÷ 1000棵 = 95%”."""
        formula = text(self.formula, language, lambda name: self._sheet.called(name, language))
        value = value_text(self.value, language)
        name = self.name.to(language)
        return f"{name} = {value}" if formula in (value, name) else f"{name} = {formula} = {value}"


@frozen
class NodeScore:
    """The score of one dimension or indicator.

    Attributes:
        placed: the node in its place, with its points (分值) and category.
        status: "scored", "not-applicable", "unknown" (a fact is missing) or "error".
        score: 得分, in the same scale as the points; None when unknown or in error.
        lost: the points not earned; None when there is no score, 0 when it does not apply.
        bonus: what was earned above the points, not part of the score.
        message: why there is no score, or why the points were earned without one.
        assumed_points: how many of its points rest on assumed facts, in the framework's scale.
        remark: what the assessment says of it: the stated score, the reason, the evidence.
    """

    placed: Placed
    status: Status
    score: Fraction | None
    lost: Fraction | None
    bonus: Fraction
    message: Message | None
    assumed_points: Fraction
    remark: Remark
    _sheet: FactSheet
    _award: Expr | None = None
    _program: Program | None = None
    _memo: Mapping[int, Value] | None = None

    @property
    def path(self) -> str:
        """Its place in the tree, such as ``output.quantity.trees``."""
        return self.placed.path

    @property
    def points(self) -> Fraction:
        """分值."""
        return self.placed.points

    @property
    def stated(self) -> Fraction | None:
        """The score in the published table."""
        return self.remark.stated

    @property
    def is_indicator(self) -> bool:
        """Whether it is a leaf."""
        return isinstance(self.placed.node, Indicator)

    @property
    def left_out(self) -> bool:
        """Whether it does not apply and its points are left out of the total."""
        return self.status == "not-applicable" and self.score is None

    @property
    def depth(self) -> int:
        """1 for the first level."""
        return self.path.count(".") + 1

    def called(self, language: Language) -> str:
        """Its title."""
        return self.placed.node.called(language)

    @cached_property
    def fact_names(self) -> tuple[str, ...]:
        """The facts its rule reads, derived ones followed by what they derive from."""
        if not isinstance(self.placed.node, Indicator) or self._award is None:
            return ()
        applies = self.placed.node.applies
        return self._sheet.behind([*names(self._award), *(names(applies) if applies is not None else ())])

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts it used, in the order they are read; a missing one is of status "unknown"."""
        return tuple(self._sheet.facts.get(name) or self._sheet.missing_fact(name) for name in self.fact_names)

    @property
    def assumed(self) -> tuple[Fact, ...]:
        """The assumed facts it rests on."""
        return tuple(each for each in self.facts if each.status == "assumed")

    @cached_property
    def shut(self) -> Expr | None:
        """The gate (``requires`` of a dimension above it) that took its points: the condition, which does not hold."""
        if self.status != "scored":
            return None
        # The gate of the innermost dimension is asked first: what lies behind one that is shut may not be known.
        gates = reversed(self.placed.gates)
        return next((gate for gate in gates if not compiled(And((gate,))).run(self._sheet.values, {})), None)

    def shut_text(self, language: Language) -> str:
        """That a gate took its points; "" where none did."""
        if self.shut is None:
            return ""
        gate = text(self.shut, language, lambda name: self._sheet.called(name, language))
        return (
            f"前提“{gate}”不成立，不得分" if language == "zh" else f"it requires {gate}, which does not hold: no points"
        )

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The named intermediate results, in the order they were reached."""
        if self._program is None or self._memo is None:
            return ()
        return tuple(self._steps(self._program, self._memo))

    def _steps(self, program: Program, memo: Mapping[int, Value]) -> Iterator[Step]:
        units = dict(self._units())
        for slot, value in memo.items():
            label = program.labels[slot]
            yield Step(label.name, label.item, label.role, value, self._sheet, units)

    def _units(self) -> Iterator[tuple[Kind, str]]:
        """The units that lengths, rates and the like are written in, the rule's before the facts'; money has its own way."""
        assert self._award is not None
        written = [*(self._sheet.value(name) for name in reversed(self.fact_names)), *reversed(constants(self._award))]
        for each in written:
            if isinstance(each, Quantity) and each.kind not in OWN_WAY and each.unit.name:
                yield each.kind, each.unit.name

    def fact_text(self, fact: Fact, language: Language) -> str:
        """The value of a fact it used, as people write it."""
        return value_text(self._sheet.value(fact.name), language)

    def rule_text(self, language: Language) -> str:
        """The rule in words."""
        node = self.placed.node
        if not isinstance(node, Indicator):
            return ""
        return rule_text(self.placed, language, self._sheet)

    def explain(self, language: Language) -> str:
        """Why it has the score it has: the rule, each step, each fact with its source."""
        return "\n".join((_headed(self, language), *self.reasons(language)))

    def reasons(self, language: Language) -> tuple[str, ...]:
        """The lines of `explain` below its heading."""
        return tuple(_reasons(self, language, self._sheet))


@frozen
class AdjustmentScore:
    """Points beside the tree."""

    id: str
    title: Message
    points: Fraction | None
    message: Message | None = None


@frozen
class TotalStep:
    """One step from what the indicators earned to the total.

    Attributes:
        kind: "earned" or "converted" comes first; then what is added, capped and rounded.
        text: such as “加减分“表彰加分”：+1 分”.
        total: where the total stands after it; None where there is none.
    """

    kind: StepKind
    text: Message
    total: Fraction | None


@frozen
class Agreement:
    """Whether what was published is what the rules give.

    Attributes:
        published: what the unit disclosed.
        agrees: None when nothing was published, or there is no total to compare with.
        difference: computed less published.
    """

    published: Published
    agrees: bool | None
    difference: Fraction | None


@frozen
class Scorecard:
    """The score of an assessment, with everything that led to it.

    Attributes:
        assessment: what was scored.
        facts: the facts it was scored on.
        nodes: every dimension and indicator, each before those below it.
        score: the total, rounded as the framework says; None when it is not complete.
        grade: the grade of the total.
        earned: what the scored indicators earned, in the framework's scale, before conversion and rounding.
        applicable: the points of the indicators that apply.
        bonus: the sum of what was earned above the indicators' points.
        adjustments: points beside the tree.
        limits: the titles of the limits that held.
        message: why there is no total.
        published: what was published, and whether it agrees.
    """

    assessment: Assessment
    facts: FactSheet
    nodes: Mapping[str, NodeScore]
    score: Fraction | None
    grade: Grade | None
    earned: Fraction
    applicable: Fraction
    bonus: Fraction
    adjustments: tuple[AdjustmentScore, ...]
    limits: tuple[Message, ...]
    message: Message | None
    published: Agreement

    @property
    def points(self) -> Fraction:
        """The framework's points."""
        return self.assessment.framework.points

    @property
    def complete(self) -> bool:
        """Whether every indicator that applies has a score."""
        return self.score is not None

    @property
    def indicators(self) -> tuple[NodeScore, ...]:
        """The leaves, in order."""
        return tuple(node for node in self.nodes.values() if node.is_indicator)

    @property
    def assumed_points(self) -> Fraction:
        """How many points rest on assumed facts."""
        return sum((node.assumed_points for node in self.indicators), Fraction(0))

    @property
    def departures(self) -> tuple[NodeScore, ...]:
        """The indicators whose stated score is not what their rule gives."""
        return tuple(
            node
            for node in self.indicators
            if node.stated is not None and node.score is not None and node.stated != node.score + node.bonus
        )

    def __getitem__(self, path: str) -> NodeScore:
        return self.nodes[path]

    def __iter__(self) -> Iterator[NodeScore]:
        return iter(self.nodes.values())

    def counted(self, path: str) -> Fraction:
        """The points of a node that count, in its own scale: those of indicators that do not apply and are left out do not.

        Raises:
            KeyError: there is no node at `path`.
        """
        node = self.nodes[path]
        below = (each for each in self.indicators if each.path == path or each.path.startswith(f"{path}."))
        left_out = sum((each.placed.counts for each in below if each.left_out), Fraction(0))
        return node.points - left_out / node.placed.factor

    def attainment(self, path: str) -> Fraction | None:
        """得分率: what a node scored of its points that count; None where it has no score, or none count.

        Raises:
            KeyError: there is no node at `path`.
        """
        score, counted = self.nodes[path].score, self.counted(path)
        return None if score is None or not counted else score / counted

    def converted(self, total: Fraction) -> Fraction | None:
        """The total that item scores adding up to `total` make: of what applies, with the points beside the tree, rounded.

        None where nothing applies, or points beside the tree are not known.
        """
        framework = self.assessment.framework
        beside = [each.points for each in self.adjustments]
        if None in beside or not self.applicable:
            return None
        live = [node for node in self.indicators if node.status != "not-applicable"]
        counted = sum((node.placed.counts for node in live), Fraction(0))
        if framework.not_applicable == "rescale" and counted:
            total = total * framework.points / counted
        total += sum((points for points in beside if points is not None), Fraction(0))
        rounding = framework.rounding_of("total")
        return total if rounding is None else rounding.applied(total)

    def published_text(self, language: Language) -> str:
        """The published score and grade, such as “91 优”; "" where nothing was published."""
        published = self.published.published
        grade = "" if published.grade is None else self.assessment.framework.grade_called(published.grade, language)
        score = "" if published.score is None else str(published.score)
        return " ".join(each for each in (score, grade) if each)

    @property
    def held(self) -> tuple[Limit, ...]:
        """The limits that held."""
        return tuple(each for each in self.assessment.framework.limits if titled(each) in self.limits)

    @cached_property
    def to_total(self) -> tuple[TotalStep, ...]:
        """What leads from the sum of the indicators to the total; nothing where the sum, rounded, is the total."""
        return tuple(_to_total(self))

    def beside(self, named: str) -> Adjustment | Limit | None:
        """The adjustment that somebody names by its id or title, or the limit by its title."""
        framework = self.assessment.framework
        beside: tuple[Adjustment | Limit, ...] = (*framework.adjustments, *framework.limits)
        return next(
            (
                each
                for each in beside
                if named in (each.title, each.title_en) or (isinstance(each, Adjustment) and named == each.id)
            ),
            None,
        )

    @property
    def beside_facts(self) -> tuple[str, ...]:
        """The facts that adjustments and limits read, derived ones followed by what they derive from."""
        framework = self.assessment.framework
        read = [name for each in framework.adjustments for name in names(each.award)]
        return self.facts.behind([*read, *(name for each in framework.limits for name in names(each.when))])

    def explain_beside(self, each: Adjustment | Limit, language: Language) -> str:
        """Why an adjustment gives its points, or whether a limit holds: the rule, and each fact with its source."""
        return "\n".join(_beside_reasons(each, self, language))

    def points_text(self, value: Fraction) -> str:
        """A score with the places the framework rounds to."""
        rounding = self.assessment.framework.rounding_of("total")
        return decimal_text(value, rounding.places if rounding else None)

    def explain(self, path: str | None = None, language: Language | None = None) -> str:
        """The reasons for every point and for the total, or for those of one node and all below it.

        Raises:
            KeyError: there is no node at `path`.
        """
        language = language or self.assessment.framework.language
        if path is not None and path not in self.nodes:
            raise KeyError(path)
        chosen = [node for node in self if path is None or node.path == path or node.path.startswith(f"{path}.")]
        said = [node.explain(language) for node in chosen if node.is_indicator]
        if path is None:
            beside: tuple[Adjustment | Limit, ...] = (*self.assessment.framework.adjustments, *self.held)
            said += [self.explain_beside(each, language) for each in beside]
            if self.to_total:
                total = "—" if self.score is None else self.points_text(self.score)
                head = f"总分  {total} / {decimal_text(self.points)} 分"
                if language == "en":
                    head = f"Total  {total} / {decimal_text(self.points)} points"
                said.append("\n".join((head, *(f"  {each.text.to(language)}" for each in self.to_total))))
        return "\n\n".join(said)


def rule_text(placed: Placed, language: Language, sheet: FactSheet | None = None) -> str:
    """An indicator's rule in words, with what its actual value is."""
    node = placed.node
    assert isinstance(node, Indicator)
    actual = Label(Message("完成值", "actual"), placed.actual)
    award = node.rule.award(placed.points, placed.actual if isinstance(node.rule, Rating) else actual)
    naming = (lambda name: sheet.called(name, language)) if sheet is not None else str
    return words(award, language, naming).to(language)


def value_text(value: FactValue | None, language: Language) -> str:
    """A value as people write it; one that no short decimal writes exactly is cut and marked ≈."""
    match value:
        case None:
            return "—"
        case bool():
            return {"zh": ("否", "是"), "en": ("no", "yes")}[language][value]
        case str():
            return value
        case Quantity():
            exact = value.value / value.unit.factor
            places = exact_places(exact)
            if value.kind == "date" or (places is not None and places <= _PLACES_SHOWN):
                return str(value)
            return f"≈{decimal_text(rounded(exact, 4))}{value.unit.name}"


def _headed(node: NodeScore, language: Language) -> str:
    points = decimal_text(node.points)
    score = "—" if node.score is None else decimal_text(node.score)
    return f"{node.called(language)}  [{node.path}]  {score} / {points}" + (" 分" if language == "zh" else " points")


def _reasons(node: NodeScore, language: Language, sheet: FactSheet) -> Iterator[str]:
    zh = language == "zh"
    if node.placed.assumed:
        yield f"  {'分值为假定' if zh else 'points assumed'}: {node.placed.assumed}"
    yield f"  {'规则' if zh else 'rule'}: {node.rule_text(language)}"
    if node.message is not None:
        said = node.message.to(language)  # of a missing fact, it says itself that it is missing
        yield f"  {said}" if node.status == "unknown" else f"  {STATUS_WORDS[node.status].to(language)}: {said}"
    if node.shut is not None:
        yield f"  {node.shut_text(language)}"
    for step in node.steps:
        yield f"  {step.to(language)}"
    if node.bonus:
        yield f"  {'另加分' if zh else 'bonus'}: {decimal_text(node.bonus)}"
    for fact in node.facts:
        yield f"  {_fact_line(fact, sheet, language)}"
    if node.lost:
        yield f"  {'失分' if zh else 'lost'}: {decimal_text(node.lost)}" + (
            f" — {node.remark.reason}" if node.remark.reason else ""
        )
    elif node.remark.reason:
        yield f"  {'说明' if zh else 'remark'}: {node.remark.reason}"
    if node.stated is not None:
        yield f"  {'公布得分' if zh else 'stated score'}: {decimal_text(node.stated)}" + (
            ("（与规则不符）" if zh else " (departs from the rule)")
            if node.score is not None and node.stated != node.score + node.bonus
            else ""
        )


def _fact_line(fact: Fact, sheet: FactSheet, language: Language) -> str:
    title = f" {fact.called(language)}" if fact.called(language) != fact.name else ""
    line = f"· {fact.name}{title} = {value_text(sheet.value(fact.name), language)}  "
    status = FACT_WORDS[fact.status].to(language)
    if fact.status == "assumed":
        detail = fact.assumed
    elif fact.formula is not None:
        detail = text(fact.formula, language)
    else:
        detail = fact.source or ("未注明出处" if language == "zh" else "no source given")
    if fact.status == "unknown":
        detail = ""
    return f"{line}({status}{': ' + detail if detail else ''})"


# From the sum to the total.


def _brief(value: Fraction) -> str:
    brief = rounded(value, 2)
    return decimal_text(brief) if brief == value else f"≈{decimal_text(brief)}"


def _signed(value: Fraction) -> str:
    return f"+{_brief(value)}" if value > 0 and rounded(value, 2) == value else _brief(value)


def _to_total(card: Scorecard) -> Iterator[TotalStep]:
    known, total = card.score is not None, card.earned
    converts = known and card.applicable != card.points
    if not (converts or card.bonus or card.adjustments or card.limits):
        return

    def step(kind: StepKind, text: Message) -> TotalStep:
        return TotalStep(kind, text, total if known else None)

    earned, points = _brief(card.earned), _brief(card.points)
    if converts:
        total = card.earned * card.points / card.applicable
        applicable, scaled = _brief(card.applicable), _brief(total)
        yield step(
            "converted",
            Message(
                f"适用指标 {applicable} 分，得 {earned} 分，折算为 {points} 分制：{scaled} 分",
                f"{earned} of {applicable} applicable points, converted to a scale of {points}: {scaled}",
            ),
        )
    elif known:
        yield step("earned", Message(f"各指标合计得 {earned} 分", f"the indicators earned {earned} points"))
    if card.bonus:
        total += card.bonus
        yield step("bonus", Message(f"另加分：{_signed(card.bonus)} 分", f"bonus: {_signed(card.bonus)}"))
    for each in card.adjustments:
        total += each.points or 0
        yield step("adjustment", _adjustment_said(each))
    if known and total < 0:
        below, total = _brief(total), Fraction(0)
        yield step("floor", Message(f"合计 {below} 分，低于 0，按 0 分计", f"{below} points are below 0: 0"))
    for limit in card.held:
        total = total if limit.at_most is None else min(total, limit.at_most)
        yield step("limit", _limit_said(limit, card))
    if card.score is not None and card.score != total:
        total, shown = card.score, card.points_text(card.score)
        yield step("rounded", Message(f"舍入为 {shown} 分", f"rounded to {shown}"))


def _adjustment_said(each: AdjustmentScore) -> Message:
    zh, en = f"加减分“{each.title.zh}”", f'adjustment "{each.title.en}"'
    if each.points is None:
        said = each.message or Message("?", "?")
        return Message(f"{zh}没有结果：{said.zh}", f"{en} has no result: {said.en}")
    return Message(f"{zh}：{_signed(each.points)} 分", f"{en}: {_signed(each.points)}")


def _limit_said(limit: Limit, card: Scorecard) -> Message:
    """That a limit holds, and what it caps."""
    title, capped = titled(limit), caps(limit, card.assessment.framework.grades)
    return Message(f"限制“{title.zh}”生效：{capped.zh}", f'limit "{title.en}" in force: {capped.en}')


def _beside_reasons(each: Adjustment | Limit, card: Scorecard, language: Language) -> Iterator[str]:
    zh, title = language == "zh", titled(each).to(language)
    formula = each.award if isinstance(each, Adjustment) else each.when
    said = text(formula, language, lambda name: card.facts.called(name, language))
    if isinstance(each, Adjustment):
        score = next(found for found in card.adjustments if found.id == each.id)
        least, most = decimal_text(each.at_least), decimal_text(each.at_most)
        points = "—" if score.points is None else _signed(score.points)
        yield f"{title}  [adjustments.{each.id}]  {points}" + (" 分" if zh else " points")
        yield f"  规则: {said}（{least} 至 {most} 分）" if zh else f"  rule: {said} ({least} to {most} points)"
        if score.message is not None:
            yield f"  {score.message.to(language)}"
    else:
        yield f"{title}  [limits]"
        yield f"  {'条件' if zh else 'when'}: {said}"
        if each in card.held:
            yield f"  {_limit_said(each, card).to(language)}"
        elif card.score is not None:
            yield "  条件不成立，限制未生效" if zh else "  the condition does not hold, so the limit is not in force"
    for name in card.facts.behind(names(formula)):
        fact = card.facts.facts.get(name) or card.facts.missing_fact(name)
        yield f"  {_fact_line(fact, card.facts, language)}"
