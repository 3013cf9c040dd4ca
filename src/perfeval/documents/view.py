"""What a report shows, as plain words and figures in one language; how it looks is the template's affair."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from attrs import frozen

from perfeval.assessment import Assessment
from perfeval.auditing import audit
from perfeval.checking import check
from perfeval.errors import Language, Message
from perfeval.evaluate import evaluate
from perfeval.objections import SEVERITIES, review_of
from perfeval.quantity import decimal_text, rounded
from perfeval.report.auditing import audit_lines
from perfeval.report.checking import checked_lines
from perfeval.report.terminal import plain, subject_line
from perfeval.scorecard import FACT_WORDS, NodeScore, Scorecard, value_text

__all__ = ["Attainment", "Branch", "FactLine", "Objected", "Report", "report"]


@frozen
class Attainment:
    """One first-level dimension in the picture: what it earned of its points that apply."""

    title: str
    score: str
    points: str
    percent: str
    width: str


@frozen
class Branch:
    """A dimension or indicator in the tree that unfolds.

    Attributes:
        lines: for an indicator, why it has the score it has: rule, steps, facts.
        marks: what must be seen at once: assumed, a departure, no score.
    """

    id: str
    title: str
    points: str
    score: str
    lost: str
    reason: str
    marks: tuple[str, ...]
    lines: tuple[str, ...]
    below: tuple[Branch, ...]


@frozen
class FactLine:
    """One fact with where it comes from."""

    name: str
    title: str
    value: str
    status: str
    origin: str
    assumed: bool


@frozen
class Objected:
    """One objection of the review."""

    code: str
    severity: str
    where: str
    message: str
    answer: str
    accepted: str


@frozen
class Report:
    """Everything a report shows.

    Attributes:
        steps: from the sum of the indicators to the total.
    """

    language: Language
    title: str
    framework: str
    points_assumed: str
    total: str
    points: str
    grade: str
    message: str
    steps: tuple[str, ...]
    published: str
    agrees: bool | None
    resting: str
    attainments: tuple[Attainment, ...]
    tree: tuple[Branch, ...]
    assumptions: tuple[FactLine, ...]
    facts: tuple[FactLine, ...]
    checks: tuple[str, ...]
    audit: tuple[str, ...]
    objections: tuple[Objected, ...]


def report(assessment: Assessment, language: Language) -> Report:
    """What is to be shown of an assessment."""
    card = evaluate(assessment)
    framework = assessment.framework
    facts = tuple(_facts(card, language))
    named = f"{framework.called(language)} [{framework.id}] {framework.document}".strip()
    return Report(
        language,
        plain(subject_line(assessment) or framework.called(language)),
        plain(named),
        plain(framework.assumed),
        "—" if card.score is None else card.points_text(card.score),
        _figure(card.points),
        "" if card.grade is None else plain(card.grade.called(language)),
        "" if card.message is None else plain(card.message.to(language)),
        tuple(plain(step.text.to(language)) for step in card.to_total),
        plain(card.published_text(language)),
        card.published.agrees,
        _figure(card.assumed_points) if card.assumed_points else "",
        tuple(_attainment(node, card, language) for node in card if node.depth == 1),
        tuple(_branch(node, card, language) for node in card if node.depth == 1),
        tuple(line for line in facts if line.assumed),
        facts,
        tuple(plain(line) for line in list(checked_lines(assessment, check(assessment), language))[1:]),
        tuple(plain(line) for line in _after_heading(list(audit_lines(audit(assessment), language)))),
        tuple(_objections(card, language)),
    )


def _figure(value: Fraction) -> str:
    brief = rounded(value, 2)
    return decimal_text(brief) if brief == value else f"≈{decimal_text(brief)}"


def _after_heading(lines: list[str]) -> list[str]:
    """An audit's paragraphs, without what the report's own heading says."""
    return lines[lines.index("") :] if "" in lines else lines


def _attainment(node: NodeScore, card: Scorecard, language: Language) -> Attainment:
    title, share = plain(node.called(language)), card.attainment(node.path)
    if node.score is None or share is None:
        word = Message("不适用" if node.status == "not-applicable" else "没有得分", "no score").to(language)
        return Attainment(title, word, _figure(node.points), "—", "0")
    percent = share * 100
    return Attainment(
        title,
        _figure(node.score),
        _figure(card.counted(node.path)),
        f"{_figure(percent)}%",
        decimal_text(rounded(percent, 1)),
    )


def _branch(node: NodeScore, card: Scorecard, language: Language) -> Branch:
    below = tuple(_branch(card[path], card, language) for path in node.placed.children)
    shown = "—" if node.score is None else _figure(node.score)
    return Branch(
        "node-" + node.path.replace(".", "-"),
        plain(node.called(language)),
        _figure(node.points),
        shown,
        _figure(node.lost) if node.lost else "",
        plain(node.remark.reason),
        tuple(_marks(node, card, language)),
        tuple(plain(line) for line in node.reasons(language)) if node.is_indicator else (),
        below,
    )


def _marks(node: NodeScore, card: Scorecard, language: Language) -> Iterator[str]:
    left_out = node.points - card.counted(node.path)
    if node.assumed:
        yield Message("假定", "assumed").to(language)
    if node.status == "not-applicable":
        yield Message("不适用", "not applicable").to(language)
    elif left_out:
        yield Message(f"其中 {_figure(left_out)} 分不适用", f"{_figure(left_out)} points not applicable").to(language)
    elif node.score is None:
        yield Message("没有得分", "no score").to(language)
    if node.stated is not None and node.score is not None and node.stated != node.score + node.bonus:
        said = decimal_text(node.stated)
        yield Message(f"公布 {said}，与规则不符", f"published {said}, not what the rule gives").to(language)


def _facts(card: Scorecard, language: Language) -> Iterator[FactLine]:
    """The facts that any score and the total rest on, in the order they were written."""
    read = {*card.beside_facts, *(name for node in card.indicators for name in node.fact_names)}
    for fact in (fact for name, fact in card.facts.facts.items() if name in read):
        origin = fact.assumed or fact.source
        yield FactLine(
            fact.name,
            plain(fact.called(language)),
            plain(value_text(card.facts.value(fact.name), language)),
            FACT_WORDS[fact.status].to(language),
            plain(origin),
            fact.status == "assumed",
        )


def _objections(card: Scorecard, language: Language) -> Iterator[Objected]:
    found = review_of(card)
    everywhere = Message("全表", "the whole table")
    for each, reason in (
        *((each, "") for severity in SEVERITIES for each in found.of(severity)),
        *((each, by.reason) for each, by in found.accepted),
    ):
        yield Objected(
            each.code,
            SEVERITIES[each.severity].to(language),
            plain((each.indicator or everywhere).to(language)),
            plain(each.message.to(language)),
            plain(each.kind.answer.to(language)),
            plain(reason),
        )
