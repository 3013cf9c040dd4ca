"""Sentences of a report: what a score, a fact or a finding comes to, in words. Every figure is one of the scorecard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from posixpath import commonprefix
from typing import Final

from attrs import frozen

from perfeval.checking import Finding
from perfeval.errors import Language
from perfeval.expr.names import names
from perfeval.expr.nodes import FactRef
from perfeval.facts import Fact, FactSheet, FactValue
from perfeval.framework import Framework, Indicator
from perfeval.quantity import Quantity, decimal_text, exact_places, rounded
from perfeval.rules import Rating, YesNo, aim_text
from perfeval.scorecard import STATUS_WORDS, NodeScore, Scorecard, value_text

__all__ = [
    "Assumption",
    "actual_text",
    "assumption",
    "assumptions_of",
    "basis_sentence",
    "departure_sentence",
    "fact_called",
    "figure",
    "findings_sentence",
    "goal_text",
    "grade_scale",
    "indicator_sentence",
    "joined",
    "lost_sentence",
    "node_sentence",
    "points_assumed_sentence",
    "points_of",
    "published_sentence",
    "quoted",
    "total_sentence",
    "value",
]

_PLACES: Final = 4  # of a value in prose; what has more is rounded to two, and said to be


def figure(number: Fraction, language: Language) -> str:
    """A number of points, to two places at most; one that has more is said to be rounded."""
    brief = rounded(number, 2)
    return decimal_text(brief) if brief == number else _about(language) + decimal_text(brief)


def points_of(number: Fraction, language: Language) -> str:
    """A number of points with its unit."""
    if language == "zh":
        return f"{figure(number, language)}分"
    return f"{figure(number, language)} point{'' if number == 1 else 's'}"


def value(given: FactValue | None, language: Language) -> str:
    """A value as prose has it: as written, or rounded to two places and said to be."""
    if not isinstance(given, Quantity) or given.kind == "date":
        return value_text(given, language)
    number = given.value / given.unit.factor
    places = exact_places(number)
    if places is not None and places <= max(_PLACES, given.decimals):
        return str(given)
    return f"{_about(language)}{decimal_text(rounded(number, 2))}{given.unit.name}"


def fact_called(fact: Fact, language: Language) -> str:
    """The title of a fact: the Chinese one in English, too, rather than its name."""
    return (fact.title_en if language == "en" else "") or fact.title or fact.name


def joined(parts: Iterable[str], language: Language) -> str:
    """Words in a row."""
    return ("、" if language == "zh" else ", ").join(parts)


def quoted(text: str, language: Language) -> str:
    """`text` in quotation marks; those inside it become single ones."""
    if language == "zh":
        return f"“{text.replace('“', '‘').replace('”', '’')}”"
    return '"{}"'.format(text.replace('"', "'"))


def _about(language: Language) -> str:
    return "约" if language == "zh" else "about "


def _ended(text: str, language: Language) -> str:
    """`text` with one full stop at its end."""
    return text.strip().rstrip("。.；;") + ("。" if language == "zh" else ".")


# One indicator.


def actual_text(node: NodeScore, card: Scorecard, language: Language) -> str:
    """What was reached: the value as it is written, the level of a rating, or each fact of a rule that reads several."""
    placed, indicator = node.placed, node.placed.node
    if not isinstance(indicator, Indicator) or node.status != "scored":
        return ""
    if isinstance(indicator.rule, Rating):
        return _rated(node, language)
    if _is_listed(node, card):
        return _listed(node, card, language)
    if isinstance(placed.actual, FactRef):
        return value(card.facts.value(placed.actual.name), language)
    reached = next(step for step in node.steps if step.name.en == "actual")
    return value(reached.value, language)


def _is_listed(node: NodeScore, card: Scorecard) -> bool:
    """Whether what was reached is several facts, or one yes or no, rather than a measured value."""
    actual = node.placed.actual
    if isinstance(actual, FactRef) and actual.name in node.fact_names:
        return isinstance(card.facts.value(actual.name), bool)
    return not any(step.name.en == "actual" for step in node.steps)


def _listed(node: NodeScore, card: Scorecard, language: Language) -> str:
    """The facts its rule reads: those that are yes, those that are no, and the others with their values."""
    zh = language == "zh"
    said: list[str] = []
    direct = tuple(_direct_facts(node, card))
    for wanted, word in ((True, "是" if zh else "yes"), (False, "否" if zh else "no")):
        met = [fact_called(each, language) for each in direct if card.facts.value(each.name) is wanted]
        both = "均" if len(met) > 1 else ""
        if met:
            said.append(f"{joined(met, language)}{both}为“{word}”" if zh else f"{word}: {joined(met, language)}")
    measured = (each for each in direct if not isinstance(card.facts.value(each.name), bool))
    said += [
        f"{fact_called(each, language)}{'' if zh else ' '}{value(card.facts.value(each.name), language)}"
        for each in measured
    ]
    return ("；" if zh else "; ").join(said)


def _rated(node: NodeScore, language: Language) -> str:
    level = next((node.fact_text(fact, language) for fact in node.facts if fact.name.endswith(".level")), "")
    share = next((value(step.value, language) for step in node.steps if step.role != "points"), "")
    if not level or level == "—":
        return share
    return f"{level}（{share}）" if language == "zh" else f"{level} ({share})"


def _direct_facts(node: NodeScore, card: Scorecard) -> Iterator[Fact]:
    """The facts its rule names itself, without those they derive from."""
    for name in names(card.assessment.framework.award(node.placed)):
        if name in card.facts:
            yield card.facts[name]


def goal_text(node: NodeScore, language: Language) -> str:
    """The target, where the rule has one; with what it was before, where it was changed."""
    indicator = node.placed.node
    if not isinstance(indicator, Indicator) or isinstance(indicator.rule, YesNo):
        return ""
    target = aim_text(indicator.rule, node.points)
    if not target or not node.remark.target_before:
        return target
    changed = "由“{}”调整而来" if language == "zh" else 'changed from "{}"'
    note = changed.format(node.remark.target_before)
    return f"{target}（{note}）" if language == "zh" else f"{target} ({note})"


def indicator_sentence(node: NodeScore, card: Scorecard, language: Language) -> str:
    """Its points, its score, what it was to reach and what it reached."""
    zh = language == "zh"
    head = _scored_head(node, language)
    details = tuple(_details(node, card, language)) if node.status == "scored" else ()
    told = head + (("：" if zh else ": ") + ("，" if zh else ", ").join(details) if details else "")
    sentence = _ended(told, language)
    if node.remark.reason and not node.lost:
        sentence += ("说明：" if zh else " Remark: ") + _ended(node.remark.reason, language)
    if node.remark.evidence:
        sentence += ("佐证材料：" if zh else " Evidence: ") + _ended(node.remark.evidence, language)
    return sentence


def _details(node: NodeScore, card: Scorecard, language: Language) -> Iterator[str]:
    zh, indicator = language == "zh", node.placed.node
    if node.shut is not None:
        yield node.shut_text(language)
        return
    if goal := goal_text(node, language):
        yield f"指标值{goal}" if zh else f"target {goal}"
    reached = actual_text(node, card, language)
    if isinstance(indicator, Indicator) and isinstance(indicator.rule, Rating):
        yield f"评定为{reached}" if zh else f"rated {reached}"
    elif reached and _is_listed(node, card):
        yield reached
    elif reached:
        yield f"完成值{reached}" if zh else f"reached {reached}"
    rate = next((step for step in node.steps if step.role == "rate"), None)
    if rate is not None:
        yield f"{rate.name.to(language)}{'' if zh else ' '}{value(rate.value, language)}"


def _scored_head(node: NodeScore, language: Language) -> str:
    zh = language == "zh"
    called = quoted(node.called(language), language)
    points = points_of(node.points, language)
    if node.status == "not-applicable":
        message = node.message.to(language) if node.message else STATUS_WORDS[node.status].to(language)
        return f"{called}（{points}）{message}" if zh else f"{called} ({points}): {message}"
    if node.score is None:
        wrong = node.message.to(language) if node.message and node.status == "error" else ""
        unscored = f"{called}（{points}）尚未评分" if zh else f"{called} ({points}) has no score yet"
        return unscored + (("：" if zh else ": ") + wrong if wrong else "")
    score = figure(node.score, language)
    told = f"{called}（{points}）得{score}分" if zh else f"{called} earned {score} of {points}"
    if node.bonus:
        told += (
            f"，另加{points_of(node.bonus, language)}" if zh else f", and {points_of(node.bonus, language)} beside them"
        )
    if node.lost:
        told += f"，失{points_of(node.lost, language)}" if zh else f", {figure(node.lost, language)} lost"
    return told


def node_sentence(node: NodeScore, language: Language) -> str:
    """A dimension below its own heading: its points and score, and what the assessment says of it."""
    zh, remark = language == "zh", node.remark.reason
    points = points_of(node.points, language)
    if node.status == "not-applicable":
        told = f"分值{points}，不适用" if zh else f"{points}, not applicable"
    elif node.score is None:
        told = f"分值{points}，尚不能计算得分" if zh else f"{points}, with no score yet"
    else:
        score = figure(node.score, language)
        told = f"分值{points}，得{score}分" if zh else f"{score} of {points} earned"
    if node.bonus:
        told += f"，另加{points_of(node.bonus, language)}" if zh else f", {points_of(node.bonus, language)} added"
    if node.lost:
        told += f"，失{points_of(node.lost, language)}" if zh else f", {figure(node.lost, language)} lost"
    if node.score is not None and node.lost is not None and node.score + node.lost < node.points:
        told += "，其余不适用" if zh else "; the rest does not apply"
    return _ended(told, language) + (("" if zh else " ") + _ended(remark, language) if remark else "")


def lost_sentence(node: NodeScore, language: Language) -> str:
    """The points it lost, and why where that is said."""
    zh = language == "zh"
    lost = points_of(node.lost or Fraction(0), language)
    called = quoted(node.called(language), language)
    head = f"{called}失{lost}" if zh else f"{called} lost {lost}"
    if not node.remark.reason:
        return head + ("，" if zh else ": ")
    return head + ("。原因：" if zh else ". Reason: ") + _ended(node.remark.reason, language)


# What is assumed.


@frozen
class Assumption:
    """What is assumed and why; the level and the share of one answer together.

    Attributes:
        facts: one fact, or the halves of an answer.
    """

    facts: tuple[Fact, ...]

    @property
    def basis(self) -> str:
        """On which basis."""
        return self.facts[0].assumed

    def called(self, language: Language) -> str:
        """What it is called: what the titles of its facts begin with."""
        called = commonprefix([fact_called(fact, language) for fact in self.facts]).strip().rstrip("：:. ")
        name = commonprefix([fact.name for fact in self.facts]).rstrip(".")
        return self.called("zh") if language == "en" and called == name else called or name

    def values(self, sheet: FactSheet, language: Language) -> str:
        """What was assumed."""
        return joined((value(sheet.value(fact.name), language) for fact in self.facts), language)


def assumptions_of(facts: Iterable[Fact]) -> tuple[Assumption, ...]:
    """What is assumed among `facts`."""
    found: dict[tuple[str, str], tuple[Fact, ...]] = {}
    for fact in facts:
        if fact.status == "assumed":
            key = (fact.name.removesuffix(".level").removesuffix(".share"), fact.assumed)
            found[key] = (*found.get(key, ()), fact)
    return tuple(Assumption(each) for each in found.values())


def assumption(given: Assumption, language: Language) -> str:
    """The mark of an assumption in the text; an annex has its basis."""
    if language == "zh":
        return f"【假定：{given.called('zh')}，依据见附表】"
    return f"[assumed: {given.called('en')}; an annex says why]"


# The whole.


def basis_sentence(framework: Framework, language: Language) -> str:
    """What was scored by, and the grades."""
    points = points_of(framework.points, language)
    if language == "zh":
        document = f"（{framework.document}）" if framework.document else ""
        return (
            f"本报告的得分按《{framework.title}》{document}逐项计算，满分{points}。{grade_scale(framework, language)}"
        )
    document = f" ({framework.document})" if framework.document else ""
    return (
        f"The scores in this report are computed by {framework.called('en')}{document}, indicator by indicator, "
        f"out of {points}. {grade_scale(framework, language)}"
    )


def grade_scale(framework: Framework, language: Language) -> str:
    """From which score each grade is earned; empty where there are none."""
    if not framework.grades:
        return ""
    zh = language == "zh"
    said = []
    for grade in framework.grades[:-1]:
        from_ = decimal_text(grade.from_)
        said.append(f"{grade.name}（{from_}分及以上）" if zh else f"{grade.called('en')} (from {from_})")
    last = framework.grades[-1]
    for above, _ in tuple(pairwise(framework.grades))[-1:]:
        from_ = decimal_text(above.from_)
        said.append(f"{last.name}（{from_}分以下）" if zh else f"{last.called('en')} (below {from_})")
    listed = joined(said or [last.called(language)], language)
    return f"等级分为{listed}。" if zh else f"The grades are {listed}."


def points_assumed_sentence(framework: Framework, language: Language) -> str:
    """That the points are assumed, all of them or some; empty where they are published."""
    marked = [bool(placed.assumed) for placed in framework.indicators]
    if not any(marked):
        return ""
    if language == "zh":
        which = "各指标" if all(marked) else "部分指标（附表中加*的）"
        return f"【假定：{which}的分值没有公布，为设定，依据见附表】"
    which = "the points" if all(marked) else "the points marked * in the annex"
    return f"[assumed: {which} are not published; an annex says how they were set]"


def total_sentence(card: Scorecard, language: Language) -> str:
    """The score and the grade, or why there are none; conversion, bonus, adjustments and limits."""
    zh = language == "zh"
    if card.score is None:
        message = card.message.to(language) if card.message else ""
        return _ended(
            f"评分{message}，尚无总分和等级" if zh else f"There is no total and no grade yet: {message}", language
        )
    return ("" if zh else " ").join(_total_sentences(card, language))


def _total_sentences(card: Scorecard, language: Language) -> Iterator[str]:
    zh = language == "zh"
    total = card.points_text(card.score or Fraction(0))
    yield from (_ended(_sentence(step.text.to(language)), language) for step in card.to_total)
    grade = ""
    if card.grade is not None:
        grade = f"，等级为“{card.grade.name}”" if zh else f', and the grade is "{card.grade.called("en")}"'
    yield f"总分为{total}分{grade}。" if zh else f"The total is {total} points{grade}."


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def published_sentence(card: Scorecard, language: Language) -> str:
    """What was published and whether the rules give it; empty when nothing was."""
    zh, published = language == "zh", card.published.published
    if published.score is None and published.grade is None:
        return ""
    said = []
    if published.score is not None:
        score = value(published.score, language).removesuffix("分")
        said.append(f"得分{score}分" if zh else f"a score of {score}")
    if published.grade is not None:
        grade = card.assessment.framework.grade_called(published.grade, language)
        said.append(f"等级“{grade}”" if zh else f'the grade "{grade}"')
    where = published.source.strip().rstrip("。.")
    place = (f"（{where}）" if zh else f" ({where})") if where else ""
    told = joined(said, language) if zh else " and ".join(said)
    told = f"已公布{told}{place}，" if zh else f"Published: {told}{place}; "
    return _ended(told + _verdict(card, language), language)


def _verdict(card: Scorecard, language: Language) -> str:
    zh, difference = language == "zh", card.published.difference
    if card.published.agrees is None:
        return "尚无总分，无法比较" if zh else "there is no total to compare it with"
    if card.published.agrees:
        return "与按规则计算的结果一致" if zh else "this is what the rules give"
    if not difference:
        return "与按规则计算的结果不一致" if zh else "this is not what the rules give"
    by = points_of(abs(difference), language)
    if zh:
        return f"与按规则计算的结果不一致，公布的{'低' if difference > 0 else '高'}{by}"
    return f"this is not what the rules give; it is {by} {'lower' if difference > 0 else 'higher'}"


def departure_sentence(node: NodeScore, language: Language) -> str:
    """A stated score that is not what the rule gives."""
    stated = figure(node.stated or Fraction(0), language)
    score = figure((node.score or Fraction(0)) + node.bonus, language)
    called = quoted(node.called(language), language)
    if language == "zh":
        return f"{called}公布{stated}分，按规则应为{score}分。"
    return f"{called} is published with {stated}; its rule gives {score}."


def findings_sentence(found: tuple[Finding, ...], language: Language) -> str:
    """How many of the relations hold."""
    differing = [each.severity for each in found if each.outcome == "differs"]
    counts = (
        ("一致{}项", "agree: {}", sum(each.outcome == "agrees" for each in found)),
        ("相互矛盾{}项", "contradict each other: {}", differing.count("error")),
        ("需要说明{}项", "need an explanation: {}", differing.count("warning")),
        ("缺少数字、未能检查{}项", "could not be checked: {}", sum(each.outcome == "unknown" for each in found)),
    )
    if language == "zh":
        return f"对所用数字做了{len(found)}项勾稽检查：{'，'.join(zh.format(n) for zh, _, n in counts if n)}。"
    said = ", ".join(en.format(n) for _, en, n in counts if n)
    return f"Relations checked between the figures: {len(found)} ({said})."
