"""Asking a framework whether it keeps the laws: by proof where a rule is piecewise, by trying where it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Final

from attrs import evolve, frozen

from perfeval.codes import LAW_CODES
from perfeval.errors import Message
from perfeval.expr.nodes import Expr
from perfeval.expr.piecewise import NotPiecewise
from perfeval.framework import Exemption, Framework, Indicator, Placed
from perfeval.laws.agreement import AGREEMENTS, Bench, can_read_rows, closed
from perfeval.laws.branches import bands, has_bands, reachable
from perfeval.laws.curves import Curve, Probe, Unfitting, misfit, probe
from perfeval.laws.found import Answer, Broken, How
from perfeval.laws.registry import law_of_code
from perfeval.laws.search import Question, can_search, search_curve, search_points, search_sheet
from perfeval.laws.shape import (
    Direction,
    below_zero,
    bounded,
    cut_to_zero,
    directions,
    falls,
    full,
    holes,
    jumps,
    monotone,
    out_of_bounds,
    plain,
    steep,
    surely_bounded,
    zero,
)
from perfeval.laws.sheets import pools, sheets
from perfeval.laws.whole import whole_reachable
from perfeval.rules import BestOf, Formula, Rule, ShareOfItems

__all__ = ["Judged", "judge"]

_OF_CURVES: Final = 7  # the first laws: those of one indicator
_TRIED: Final = Message("取若干组其他事实试算", "tried on some values of the other facts")
_SEARCHED: Final = Message("用 Hypothesis 试算", "tried with Hypothesis")
_NO_ROWS: Final = Message(
    "未装 NumPy，未按列计算（pip install 'perfeval[batch]'）",
    "not read as columns, for NumPy is not installed (pip install 'perfeval[batch]')",
)
_SHEETS: Final = Message("取若干组事实试算", "tried on some sheets of facts")


@frozen
class Judged:
    """What a framework was found to be.

    Attributes:
        framework: which.
        answers: one for each law at each indicator, in the order of the tree; then those of the whole.
    """

    framework: Framework
    answers: tuple[Answer, ...]

    @property
    def broken(self) -> tuple[Answer, ...]:
        """The laws that are broken, without an exception."""
        return tuple(each for each in self.answers if each.stands)

    @property
    def excepted(self) -> tuple[Answer, ...]:
        """The laws that are broken on purpose."""
        return tuple(each for each in self.answers if each.broken and each.exemption is not None)

    @property
    def idle(self) -> tuple[Exemption, ...]:
        """The exceptions that nothing needs."""
        used = [each.exemption for each in self.excepted]
        return tuple(each for each in self.framework.exceptions if each not in used)


def judge(framework: Framework, *, largest_step: Fraction | None = None, search: bool = True) -> Judged:
    """Whether every indicator of `framework` keeps the laws, and the whole does.

    Args:
        largest_step: as a share of an indicator's points, the largest jump of an award that is allowed even where the
            rule declares a step; None allows all of these.
        search: whether Hypothesis, where it is installed, looks for what no proof reaches.
    """
    looks = search and can_search()
    found = [
        answer for placed in framework.indicators for answer in _of_indicator(framework, placed, largest_step, looks)
    ]
    found += _of_whole(framework, looks)
    return Judged(framework, tuple(_excepted(framework, each) for each in found))


def _excepted(framework: Framework, answer: Answer) -> Answer:
    covers = (each for each in framework.exceptions if each.covers(answer.law.code, answer.path))
    return evolve(answer, exemption=next(covers, None)) if answer.broken else answer


# One indicator.


def _of_indicator(framework: Framework, placed: Placed, largest_step: Fraction | None, looks: bool) -> Iterator[Answer]:
    indicator = placed.node
    assert isinstance(indicator, Indicator)
    if isinstance(indicator.rule, ShareOfItems) and not indicator.rule.items:
        return  # an assessment lists the items; until then there is no rule to ask
    try:
        asked = probe(framework, placed)
    except NotPiecewise as error:
        for code in LAW_CODES[:_OF_CURVES]:
            hopeless = _hopeless(placed, error) if code == "full" else ()
            how: How = "proved" if hopeless else "unasked"
            yield Answer(law_of_code(code), placed.path, how, None if hopeless else error.message, hopeless)
        return
    if surely_bounded(asked):
        yield Answer(law_of_code("bounded"), placed.path, "proved", None, tuple(holes(asked)))
    else:
        yield _asked("bounded", asked, bounded, _on(asked, asked.award, partial(out_of_bounds, asked)), looks)
    if declared := directions(asked):
        questions = [Question(fact, asked.award, partial(_falls, asked, better)) for fact, better in declared.items()]
        yield _asked("monotone", asked, monotone, questions, looks)
    else:
        yield _unasked(
            "monotone", placed, "规则未写明高好还是低好", "the rule does not say whether higher or lower is better"
        )
    yield _asked("full", asked, full, (), looks)
    if _has_formula(indicator.rule):
        yield _asked("zero", asked, zero, _on(asked, below_zero(asked), partial(cut_to_zero, asked)), looks)
    else:
        yield _unasked("zero", placed, "此类规则得零分之处都已写明", "this kind of rule says where it earns nothing")
    yield _continuity(framework, asked, largest_step, looks)
    if has_bands(indicator.rule):
        if isinstance(indicator.rule, BestOf) or len(asked.figures) == 1:
            yield _asked("bands", asked, bands, (), looks)
        else:
            yield _unasked("bands", placed, "各档不是同一数值的分档", "the bands of the rule are not about one figure")
    yield _asked("reachable", asked, reachable, (), looks)


def _hopeless(placed: Placed, error: NotPiecewise) -> tuple[Broken, ...]:
    """Nothing can be earned where no unit fits a fact that the rule reads."""
    indicator = placed.node
    assert isinstance(indicator, Indicator)
    if not isinstance(error, Unfitting):
        return ()
    why = misfit(indicator.rule.award(placed.points, placed.actual), error.name)
    if why is None:
        return ()
    return (
        Broken(
            Message(
                f"无论“{error.name}”写成什么单位，都算不出得分：{why.zh}",
                f'whatever unit "{error.name}" is written in, no award can be computed: {why.en}',
            )
        ),
    )


def _continuity(framework: Framework, asked: Probe, largest_step: Fraction | None, looks: bool) -> Answer:
    """Every jump is asked about where there is a largest one; else those that the rule does not declare."""
    most: Fraction | None = None
    if largest_step is not None:
        most = largest_step * asked.points
    elif (stepless := plain(asked.rule)) is not None:
        asked = probe(framework, asked.placed, stepless)
    else:
        return _unasked("continuous", asked.placed, "规则由写明的分档构成", "the rule is made of declared steps")
    questions = [
        each for each in _on(asked, asked.award, partial(jumps, asked, most=most)) if not asked.facts[each.fact].is_open
    ]
    return _asked("continuous", asked, partial(steep, most=most), questions, looks)


def _falls(asked: Probe, better: Direction, curve: Curve) -> Iterator[Broken]:
    return falls(asked, curve, better)


def _on(asked: Probe, expr: Expr, law: Callable[[Curve], Iterator[Broken]]) -> list[Question]:
    return [Question(fact, expr, law) for fact in asked.figures]


def _has_formula(rule: Rule) -> bool:
    if isinstance(rule, BestOf):
        return any(_has_formula(each.rule) for each in rule.alternatives)
    return isinstance(rule, Formula)


def _unasked(code: str, placed: Placed, zh: str, en: str) -> Answer:
    return Answer(law_of_code(code), placed.path, "unasked", Message(zh, en))


def _asked(
    code: str,
    asked: Probe,
    law: Callable[[Probe], Iterator[Broken]],
    questions: Sequence[Question],
    looks: bool,
) -> Answer:
    """What `law` finds; where that is no proof, and it is about single curves, Hypothesis goes on looking."""
    name, path = law_of_code(code), asked.placed.path
    search = search_curve
    try:
        if found := tuple(law(asked)):
            return Answer(name, path, "proved", None, found)  # an example is a proof
        if asked.whole:
            return Answer(name, path, "proved")
        why = _TRIED
    except NotPiecewise as error:
        if not (looks and questions) or code == "continuous":
            return Answer(name, path, "unasked", error.message)
        why, search = error.message, search_points
    if not (looks and questions):
        return Answer(name, path, "tried", why)
    hits = (search(asked, each) for each in questions)
    return Answer(name, path, "tried", _SEARCHED, tuple(each for each in hits if each is not None)[:1])


# The whole.


def _of_whole(framework: Framework, looks: bool) -> Iterator[Answer]:
    yield whole_reachable(framework)
    whole = closed(framework)
    try:
        found = None if whole is None else pools(whole)
    except NotPiecewise as error:
        yield from (Answer(law_of_code(code), None, "unasked", error.message) for code in AGREEMENTS)
        return
    if whole is None or not found:
        why = Message("没有可以试算的指标", "there is no indicator to try it on")
        yield from (Answer(law_of_code(code), None, "unasked", why) for code in AGREEMENTS)
        return
    tried, bench = tuple(sheets(found)), Bench(whole)
    for code, law in AGREEMENTS.items():
        broken = next((each for sheet in tried for each in law(bench, sheet)), None)
        why = _SHEETS
        if broken is None and looks:
            broken, why = search_sheet(found, lambda sheet, law=law: law(bench, sheet)), _SEARCHED  # type: ignore[misc]
        if code == "interpreters" and not can_read_rows():
            why = Message(f"{why.zh}；{_NO_ROWS.zh}", f"{why.en}; {_NO_ROWS.en}")
        yield Answer(law_of_code(code), None, "tried", why, () if broken is None else (broken,))
