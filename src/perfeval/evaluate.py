"""Scoring: an assessment to a scorecard. Pure, exact, and the same whatever the order of the facts.

A `Scorer` compiles the tree once; `evaluate` makes one and uses it once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from attrs import frozen

from perfeval.assessment import Assessment, Published
from perfeval.errors import Message, PerfevalError, nearest
from perfeval.expr.exact import DividedByZero, Memo, Mistyped, NotMet, Program, Unknown, Value, compiled
from perfeval.expr.kinds import kind_name, kind_of
from perfeval.expr.names import names
from perfeval.expr.nodes import And, Expr
from perfeval.facts import Fact, FactSheet, divided_by_zero, shown
from perfeval.framework import Framework, Grade, Indicator, Limit, NotApplicable, Placed, titled
from perfeval.quantity import Kind, decimal_text, rounded
from perfeval.rules import RollUp, share_of_part, weight_of_part
from perfeval.scorecard import AdjustmentScore, Agreement, NodeScore, Scorecard, Status

__all__ = ["AWARDS", "Scorer", "evaluate", "incomplete", "mixture", "undecided"]

_ZERO = Fraction(0)
_MISTYPED = Message("是/否与数混用", "a yes/no stands where a number is needed")
AWARDS: Final = frozenset({"literal", "zero", "number", "ratio", "count:分", "any"})
"""What may be awarded as points."""


def evaluate(assessment: Assessment) -> Scorecard:
    """Score an assessment, with a reason for every point."""
    return Scorer(assessment)()


@frozen
class _Plan:
    """One indicator, ready to be scored many times."""

    placed: Placed
    award: Expr
    run: Program
    applies: Program | None
    not_applicable: NotApplicable
    reads: tuple[str, ...]
    bonus: bool
    points: tuple[int, int]
    counts: Fraction
    factor: tuple[int, int] | None


class Scorer:
    """An assessment's tree, compiled once; call it with fact sheets.

    Attributes:
        assessment: whose framework, remarks and published score are used; its facts only where none are given.
    """

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self._framework = assessment.framework
        self._plans = tuple(_plan(placed, assessment.framework) for placed in assessment.framework.indicators)
        self._adjustments = tuple((each, compiled(each.expression())) for each in assessment.framework.adjustments)
        self._limits = tuple((each, _condition(each.when)) for each in assessment.framework.limits)
        self._points = sum((plan.counts for plan in self._plans), _ZERO)
        self._mixtures: dict[tuple[tuple[str, str], ...], Mapping[str, Message]] = {}

    def __call__(self, facts: FactSheet | None = None) -> Scorecard:
        """The scorecard on `facts`."""
        sheet = self.with_parts(self.assessment.facts if facts is None else facts).titled(self._framework.fact_titles)
        mixed = self.mixtures(sheet)
        leaves = {plan.placed.path: self._leaf(plan, sheet, mixed) for plan in self._plans}
        nodes: dict[str, NodeScore] = {}
        for path, placed in reversed(tuple(self._framework.layout.items())):
            nodes[path] = leaves.get(path) or self._dimension(placed, nodes, sheet)
        ordered = MappingProxyType({path: nodes[path] for path in self._framework.layout})
        return self._card(tuple(leaves.values()), ordered, sheet, mixed)

    def total(self, facts: FactSheet) -> Fraction | None:
        """The total alone, without reasons: what `self(facts).score` is, several times as fast."""
        sheet = self.with_parts(facts)
        mixed = self.mixtures(sheet)
        if mixed:
            return None
        values = sheet.values
        # Integers over a common denominator: exact, and no greatest common divisor at every step.
        earned, scale = 0, 1
        applicable, bonus = self._points, _ZERO
        try:
            for plan in self._plans:
                if plan.applies is None or plan.applies.run(values, {}):
                    n, d = _pair(plan.run.run(values, {}))
                    if plan.bonus and n * plan.points[1] > plan.points[0] * d:
                        bonus += (Fraction(n, d) - plan.placed.points) * plan.placed.factor
                        n, d = plan.points
                elif plan.not_applicable == "full":
                    n, d = plan.points
                else:
                    if plan.not_applicable == "rescale":
                        applicable -= plan.counts
                    continue
                if plan.factor is not None:
                    n, d = n * plan.factor[0], d * plan.factor[1]
                if d == scale:
                    earned += n
                else:
                    earned, scale = earned * d + n * scale, scale * d
        except (Unknown, DividedByZero, NotMet, Mistyped):
            return None
        adjustments = self._adjustment_points(sheet, mixed)
        if any(each.points is None for each in adjustments) or not applicable:
            return None
        return self._total(Fraction(earned, scale), applicable, bonus, adjustments, sheet, mixed)[0]

    # One indicator.

    def _leaf(self, plan: _Plan, sheet: FactSheet, mixed: Mapping[str, Message]) -> NodeScore:
        path = plan.placed.path
        memo: Memo = {}
        status: Status = "scored"
        score: Fraction | None = None
        bonus, message = _ZERO, None
        try:
            if path in mixed:
                status, message = "error", mixed[path]
            elif plan.applies is None or plan.applies.run(sheet.values, {}):
                n, d = _pair(plan.run.run(sheet.values, memo))
                score = Fraction(n, d)
                if plan.bonus and score > plan.placed.points:
                    score, bonus = plan.placed.points, score - plan.placed.points
            else:
                status = "not-applicable"
                score, message = _when_not_applicable(plan)
        except Unknown:
            status, message = self._missing(plan.reads, sheet)
        except DividedByZero as error:
            status, message = "error", divided_by_zero(error, sheet)
        except NotMet as error:
            status, message = "error", error.message
        except Mistyped:
            status, message = "error", _MISTYPED
        return NodeScore(
            plan.placed,
            status,
            score,
            _lost(plan, status, score),
            bonus,
            message,
            _assumed_points(plan, sheet, status),
            self.assessment.remark(path),
            sheet,
            plan.award,
            plan.run,
            memo,
        )

    def _missing(self, reads: Sequence[str], sheet: FactSheet) -> tuple[Status, Message]:
        for name in reads:
            if (failed := sheet.failure(name)) is not None:
                return "error", Message(f"事实 {name}：{failed.zh}", f"the fact {name}: {failed.en}")
        missing = dict.fromkeys(root for name in reads for root in sheet.missing(name))
        zh = "、".join(_missing_fact(name, sheet).zh for name in missing)
        en = ", ".join(_missing_fact(name, sheet).en for name in missing)
        return "unknown", Message(f"缺少事实 {zh}", f"missing: {en}")

    # A dimension.

    def _dimension(self, placed: Placed, nodes: Mapping[str, NodeScore], sheet: FactSheet) -> NodeScore:
        below = [nodes[path] for path in placed.children]
        inner = sum(node.points for node in below)
        scale = placed.points / inner if inner else Fraction(1)
        status: Status = "scored"
        score: Fraction | None = None
        for found in ("unknown", "error"):  # an error below outweighs what is merely not known yet
            if any(node.status == found for node in below):
                status = found
        if status == "scored":
            if below and all(node.status == "not-applicable" for node in below):
                status = "not-applicable"
            scores = [node.score for node in below if node.score is not None]
            if scores or not below:
                score = sum(scores) * scale
        losses = [node.lost for node in below if node.lost is not None]
        lost = sum(losses) * scale if len(losses) == len(below) else None
        bonus = sum(node.bonus for node in below) * scale
        assumed = sum((node.assumed_points for node in below), _ZERO)
        remark = self.assessment.remark(placed.path)
        return NodeScore(placed, status, score, lost, bonus, None, assumed, remark, sheet)

    # The total.

    def _card(
        self,
        leaves: Sequence[NodeScore],
        nodes: Mapping[str, NodeScore],
        sheet: FactSheet,
        mixed: Mapping[str, Message],
    ) -> Scorecard:
        counted = [node for node in leaves if node.score is not None]
        earned = sum((node.score * node.placed.factor for node in counted if node.score is not None), _ZERO)
        applicable = sum((node.placed.counts for node in counted), _ZERO)
        bonus = sum((node.bonus * node.placed.factor for node in leaves), _ZERO)
        adjustments = tuple(self._adjustment_points(sheet, mixed))
        without = [node.placed.node for node in leaves if node.status in ("unknown", "error")]
        missing = [Message(node.called("zh"), node.called("en")) for node in without]
        missing += [each.title for each in adjustments if each.points is None]
        message = incomplete(missing) if missing else None
        score: Fraction | None = None
        held: tuple[Message, ...] = ()
        if message is None and applicable == 0:
            message = Message("没有任何适用的指标", "no indicator applies")
        if message is None:
            score, held, message = self._total(earned, applicable, bonus, adjustments, sheet, mixed)
        grade = None if score is None else self._grade(score, sheet)
        return Scorecard(
            self.assessment,
            sheet,
            nodes,
            score,
            grade,
            earned,
            applicable,
            bonus,
            adjustments,
            held,
            message,
            _agreement(self.assessment.published, score, grade, self._framework),
        )

    def _total(
        self,
        earned: Fraction,
        applicable: Fraction,
        bonus: Fraction,
        adjustments: Sequence[AdjustmentScore],
        sheet: FactSheet,
        mixed: Mapping[str, Message],
    ) -> tuple[Fraction | None, tuple[Message, ...], Message | None]:
        total = earned if applicable == self._framework.points else earned * self._framework.points / applicable
        total += bonus + sum(each.points for each in adjustments if each.points is not None)
        total = max(total, _ZERO)
        held: list[Message] = []
        for index, (limit, program) in enumerate(self._limits):
            key, title = f"limits.{index}", titled(limit)
            try:
                if key in mixed:
                    return None, (), mixed[key]
                holds = program.run(sheet.values, {})
            except Unknown:
                _, message = self._missing(names(limit.when), sheet)
                return None, (), Message(f"限制“{title.zh}”：{message.zh}", f'limit "{title.en}": {message.en}')
            except (DividedByZero, NotMet, Mistyped):
                return None, (), undecided(limit)
            if holds:
                held.append(title)
                if limit.at_most is not None:
                    total = min(total, limit.at_most)
        rounding = self._framework.rounding_of("total")
        if rounding is not None:
            exact, total = total, rounding.applied(total)
            if rounding.applied(self._framework.points) > self._framework.points:
                total = min(total, max(self._framework.points, exact))  # 2.5 points rounded to whole ones are not 3
        return total, tuple(held), None

    def _grade(self, score: Fraction, sheet: FactSheet) -> Grade | None:
        grade = self._framework.grade(score)
        ranks = [each.name for each in self._framework.grades]
        for limit, program in self._limits:
            if grade is not None and limit.grade_at_most is not None and program.run(sheet.values, {}):
                worst = max(ranks.index(grade.name), ranks.index(limit.grade_at_most))
                grade = self._framework.grades[worst]
        return grade

    def _adjustment_points(self, sheet: FactSheet, mixed: Mapping[str, Message]) -> Sequence[AdjustmentScore]:
        found = []
        for each, program in self._adjustments:
            points, message = None, mixed.get(f"adjustments.{each.id}")
            if message is None:
                try:
                    points = Fraction(*_pair(program.run(sheet.values, {})))
                except Unknown:
                    _, message = self._missing(names(each.award), sheet)
                except DividedByZero as error:
                    message = divided_by_zero(error, sheet)
                except NotMet as error:
                    message = error.message
                except Mistyped:
                    message = _MISTYPED
            rounding = self._framework.rounding_of("each")
            if points is not None and rounding is not None:
                points = rounded(points, rounding.places, rounding.mode)
            found.append(AdjustmentScore(each.id, titled(each), points, message))
        return found

    # Units, once for each set of kinds.

    def mixtures(self, sheet: FactSheet) -> Mapping[str, Message]:
        """What is wrong with the units on `sheet`: by path, or ``adjustments.`` an id, or ``limits.`` an index."""
        known = self._mixtures.get(sheet.signature)
        if known is None:
            known = self._mixtures[sheet.signature] = dict(self._mixtures_in(sheet))
        return known

    def _mixtures_in(self, sheet: FactSheet) -> list[tuple[str, Message]]:
        asked: list[tuple[str, Expr, str]] = []
        for plan in self._plans:
            indicator = plan.placed.node
            assert isinstance(indicator, Indicator)
            asked.append((plan.placed.path, plan.award, "points"))
            if indicator.applies is not None:
                asked.append((plan.placed.path, indicator.applies, "truth"))
        asked += [(f"adjustments.{each.id}", each.expression(), "points") for each in self._framework.adjustments]
        asked += [(f"limits.{index}", limit.when, "truth") for index, limit in enumerate(self._framework.limits)]
        return [
            (key, message) for key, expr, wanted in asked if (message := mixture(expr, sheet.kinds, wanted)) is not None
        ]

    # Assessments rolled up into this one.

    def with_parts(self, sheet: FactSheet) -> FactSheet:
        """`sheet`, with what roll-up rules read of the assessment's parts."""
        if not self.assessment.parts:
            return sheet
        added: dict[str, Fact] = {}
        for plan in self._plans:
            indicator = plan.placed.node
            if isinstance(indicator, Indicator) and isinstance(indicator.rule, RollUp):
                for part in indicator.rule.of:
                    added |= _part_facts(part, self.assessment.parts[part], indicator.rule.weight)
        return FactSheet({**sheet.facts, **added})


def mixture(expr: Expr, kinds: Mapping[str, Kind], wanted: str) -> Message | None:
    """What is wrong with the units in `expr`, which should be "points" or a "truth"; None when nothing is."""
    try:
        kind = kind_of(expr, kinds)
    except PerfevalError as error:
        return error.problems[0].message
    if wanted == "points" and kind not in AWARDS:
        zh, en = kind_name(kind)
        return Message(f"得分应为分数，而这里算出的是{zh}", f"the award should be points, but this is {en}")
    if wanted == "truth" and kind not in ("truth", "any"):
        zh, en = kind_name(kind)
        return Message(f"条件应为是/否，而这里是{zh}", f"a condition should be a yes/no, but this is {en}")
    return None


def _plan(placed: Placed, framework: Framework) -> _Plan:
    indicator = placed.node
    assert isinstance(indicator, Indicator)
    award = framework.award(placed)
    applies = indicator.applies
    reads = names(award) if applies is None else tuple(dict.fromkeys((*names(applies), *names(award))))
    return _Plan(
        placed,
        award,
        compiled(award),
        None if applies is None else _condition(applies),
        indicator.not_applicable or framework.not_applicable,
        reads,
        indicator.bonus_up_to > 0,
        placed.points.as_integer_ratio(),
        placed.counts,
        None if placed.factor == 1 else placed.factor.as_integer_ratio(),
    )


def _condition(expr: Expr) -> Program:
    """A program that gives a yes or no: a number is none, also where its kind was not known beforehand."""
    return compiled(And((expr,)))


def _pair(value: Value) -> tuple[int, int]:
    assert isinstance(value, tuple)  # an award is clipped, so it is a number
    return value


def _when_not_applicable(plan: _Plan) -> tuple[Fraction | None, Message]:
    match plan.not_applicable:
        case "rescale":
            return None, Message("不适用，不计入总分，按适用指标折算", "not applicable; the rest is rescaled")
        case "full":
            return plan.placed.points, Message("不适用，按规定得满分", "not applicable; earns full points")
        case "zero":
            return _ZERO, Message("不适用，按规定不得分", "not applicable; earns nothing")


def _lost(plan: _Plan, status: Status, score: Fraction | None) -> Fraction | None:
    if status == "not-applicable":
        return _ZERO
    return None if score is None else plan.placed.points - score


def _assumed_points(plan: _Plan, sheet: FactSheet, status: Status) -> Fraction:
    """Its points when they rest on an assumed fact; that it does not apply may rest on one, too."""
    indicator = plan.placed.node
    assert isinstance(indicator, Indicator)
    reads = plan.reads
    if status == "not-applicable" and indicator.applies is not None:
        reads = names(indicator.applies)
    return plan.counts if any(sheet.basis(name) for name in reads) else _ZERO


def _missing_fact(name: str, sheet: FactSheet) -> Message:
    title_zh, title_en = sheet.called(name, "zh"), sheet.called(name, "en")
    zh = f"{name}（{title_zh}）" if title_zh != name else name
    en = f"{name} ({title_en})" if title_en != name else name
    if name not in sheet and "？" in (hint := nearest(name, sheet)).zh:
        zh, en = f"{zh}（{hint.zh}）", f"{en} ({hint.en})"
    return Message(zh, en)


def incomplete(without: Sequence[Message]) -> Message:
    """Why there is no total: the titles of what has no score."""
    some, more = without[:5], len(without) > 5
    return Message(
        f"不完整：{len(without)} 项没有得分（{'、'.join(each.zh for each in some)}{'…' if more else ''}）",
        f"incomplete: {len(without)} without a score ({', '.join(each.en for each in some)}{', …' if more else ''})",
    )


def undecided(limit: Limit) -> Message:
    """Why there is no total where nobody can say whether a limit holds."""
    title = titled(limit)
    return Message(f"限制“{title.zh}”无法判断", f'limit "{title.en}" cannot be decided')


def _agreement(published: Published, score: Fraction | None, grade: Grade | None, framework: Framework) -> Agreement:
    stated = published.grade if framework.grades else None  # without grades there is none to compare with
    if score is None or (published.score is None and stated is None):
        return Agreement(published, None, None)
    difference = None if published.score is None else score - published.score.value
    same_grade = stated is None or (grade is not None and grade.answers_to(stated))
    return Agreement(published, not difference and same_grade, difference)


def _part_facts(part: str, assessment: Assessment, weight: str | None) -> dict[str, Fact]:
    card = evaluate(assessment)
    share = None if card.score is None else shown(card.score / card.points, "ratio")
    assumed = ""
    if card.assumed_points:
        points = decimal_text(card.assumed_points)
        assumed = f"{part}: {points} / {decimal_text(card.points)}"
    name = share_of_part(part)
    facts = {
        name: Fact(name, share, source=part, assumed=assumed, title=f"{part} 得分率", title_en=f"{part} attainment")
    }
    if weight is not None:
        name = weight_of_part(part)
        value = card.facts.value(weight)
        facts[name] = Fact(
            name,
            value,
            source=part,
            assumed="; ".join(card.facts[basis].assumed for basis in card.facts.basis(weight)),
            title=f"{part} 权重（{weight}）",
            title_en=f"{part} weight ({weight})",
        )
    return facts
