"""Tables for the terminal. Text from files is shown as it is: no markup, no control characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from perfeval.assessment import Assessment
from perfeval.errors import Language, Message
from perfeval.expr.text import rounding_name
from perfeval.expr.text import text as formula_text
from perfeval.framework import Dimension, Framework, Indicator, NotApplicable, Placed, titled
from perfeval.quantity import Quantity, decimal_text, rounded
from perfeval.scorecard import STATUS_WORDS, NodeScore, Scorecard, rule_text, value_text

__all__ = [
    "Prose",
    "difference_text",
    "framework_list",
    "framework_tree",
    "heading",
    "is_plain",
    "plain",
    "score_summary",
    "score_table",
    "subject_line",
    "title_cell",
    "wrapped",
]


def plain(text: str) -> str:
    """`text` with control characters (terminal escapes among them) made visible; line breaks stay."""
    return "".join(each if is_plain(each) else "�" for each in text)


def is_plain(character: str) -> bool:
    """Whether a character does nothing to a terminal but stand there, or break the line."""
    return character == "\n" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def title_cell(title: str, depth: int, style: str = "") -> RenderableType:
    """The title of a node in a table, all its lines as far in as the node lies deep."""
    return Padding(Text(plain(title), style=style), (0, 0, 0, 2 * depth))


class Prose:
    """A paragraph of which a line may break after any Chinese character, and between other words."""

    def __init__(self, text: str, style: str = "", indent: int = 0) -> None:
        self.text, self.style, self.indent = plain(text), style, indent

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines, none wider than there is room."""
        width = max(options.max_width - self.indent, 20)
        for paragraph in self.text.split("\n"):
            for line in wrapped(paragraph, width):
                yield Text(" " * self.indent + line, style=self.style, no_wrap=True, overflow="ignore")


def wrapped(text: str, width: int) -> Iterator[str]:
    """The lines of a paragraph, broken after any Chinese character and between other words."""
    line = ""
    for token in _TOKENS.findall(text):
        if line and cell_len(line + token.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += token if line else token.lstrip()
    yield line.rstrip()


# A word of Latin letters or figures, a space, or any other character; each with the marks that may not begin a line after it, and those
# that may not end one before it.
_TOKENS = re.compile(r"[（“《〔\[]*(?:[!-~]+|\s+|.)[，。；：、！？）”》〕·]*")


def difference_text(value: Quantity, language: Language) -> str:
    """A difference, to four places at most; that of two percentages is in percentage points."""
    shown = rounded(value.value / value.unit.factor, 4)
    if value.unit.name == "%":
        return f"{decimal_text(shown)}{'个百分点' if language == 'zh' else ' percentage points'}"
    return value_text(Quantity(shown * value.unit.factor, value.kind, value.unit), language)


def _text(text: str, style: str = "") -> Text:
    return Text(plain(text), style=style)


def _words(language: Language, zh: str, en: str) -> str:
    return zh if language == "zh" else en


# Scores.


def score_table(card: Scorecard, language: Language) -> RenderableType:
    """The tree with points, scores and reasons; then the total, the grade and what was published."""
    with_stated = any(node.stated is not None for node in card)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column(_words(language, "指标", "indicator"), ratio=4, overflow="fold")
    table.add_column(_words(language, "分值", "points"), justify="right", no_wrap=True)
    table.add_column(_words(language, "得分", "score"), justify="right", no_wrap=True)
    if with_stated:
        table.add_column(_words(language, "公布", "stated"), justify="right", no_wrap=True)
    table.add_column(_words(language, "失分", "lost"), justify="right", no_wrap=True)
    table.add_column(_words(language, "依据与原因", "basis and reason"), ratio=7, overflow="fold")
    for node in card:
        stated = [_stated(node)] if with_stated else []
        table.add_row(
            title_cell(node.called(language), node.depth - 1, "" if node.is_indicator else "bold"),
            _points(node, card),
            _score(node),
            *stated,
            _text(_figure(node.lost) if node.lost else "", "red"),
            _reason(node, language),
        )
    return Group(heading(card.assessment, language), table, _totals(card, language))


def subject_line(assessment: Assessment) -> str:
    """Year, unit and name."""
    subject = assessment.subject
    return " ".join(str(part) for part in (subject.year, subject.unit, subject.name) if part)


def heading(assessment: Assessment, language: Language) -> Text:
    """What is assessed, on which framework, and whether its points are assumed."""
    framework, title = assessment.framework, subject_line(assessment)
    heading = _text(title + "\n", "bold")
    heading.append_text(_text(f"{framework.called(language)} [{framework.id}] {framework.document}", "dim"))
    if framework.assumed:
        label = _words(language, "分值为假定：", "points assumed: ")
        heading.append_text(_text(f"\n{label}{framework.assumed}", "yellow"))
    return heading


def _points(node: NodeScore, card: Scorecard) -> Text:
    """The points, with a mark where they are assumed (unless all of them are, which the heading says)."""
    points = _text(_figure(node.points))
    return points.append_text(_text("*", "yellow")) if _marked(node, card) else points


def _marked(node: NodeScore, card: Scorecard) -> bool:
    return bool(node.placed.assumed) and not card.assessment.framework.assumed


def _figure(value: Fraction) -> str:
    brief = rounded(value, 2)
    return decimal_text(brief) if brief == value else f"≈{decimal_text(brief)}"


def _score(node: NodeScore) -> Text:
    if node.score is None:
        return _text({"not-applicable": "—", "unknown": "?", "error": "!"}.get(node.status, ""), "yellow")
    text = _text(_figure(node.score))
    if node.bonus:
        text.append_text(_text(f" +{_figure(node.bonus)}", "green"))
    return text


def _stated(node: NodeScore) -> Text:
    if node.stated is None:
        return Text("")
    departs = node.score is not None and node.stated != node.score + node.bonus
    return _text(decimal_text(node.stated), "bold red" if departs else "")


def _reason(node: NodeScore, language: Language) -> Text:
    if not node.is_indicator:
        return _text(node.remark.reason)
    parts: list[Text] = []
    if node.message is not None:
        prefix = f"{STATUS_WORDS[node.status].to(language)}: " if node.status == "error" else ""
        parts.append(_text(prefix + node.message.to(language), "yellow"))
    if node.shut is not None:
        parts.append(_text(node.shut_text(language), "yellow"))
    elif node.status == "scored":
        parts.append(_text(_computed(node, language), "" if node.lost else "dim"))
    if node.lost:
        parts.append(_text(node.remark.reason))
    if node.assumed:
        label = _words(language, "假定", "assumed")
        names = ", ".join(dict.fromkeys(answer_name(fact.name) for fact in node.assumed))
        parts.append(_text(f"[{label}: {names}]", "yellow"))
    return Text("  ").join(part for part in parts if part)


def _computed(node: NodeScore, language: Language) -> str:
    """The rate or measure that decided the score; where there is none, the facts."""
    decisive = [step for step in node.steps if step.role != "points"]
    if decisive:
        last = decisive[-1]
        return f"{last.name.to(language)} = {value_text(last.value, language)}"
    said = [f"{fact.called(language)} = {node.fact_text(fact, language)}" for fact in node.facts]
    return ("；" if language == "zh" else "; ").join(said[:4]) + (" …" if len(said) > 4 else "")


def answer_name(fact: str) -> str:
    """The name a rating's answer is written under, for the facts of its level and share."""
    return fact.removesuffix(".level").removesuffix(".share")


def _totals(card: Scorecard, language: Language) -> Text:
    lines = list(_total_lines(card, language))
    return Text("\n").join([*lines, Text("")])


def _total_lines(card: Scorecard, language: Language) -> Iterator[Text]:
    zh = language == "zh"
    for step in card.to_total:
        yield _text(step.text.to(language), {"limit": "red", "converted": "dim", "earned": "dim"}.get(step.kind, ""))
    if any(_marked(node, card) for node in card):
        yield _text(_words(language, "* 分值为假定", "* points assumed, not published"), "yellow")
    yield _total_line(card, language)
    if card.assumed_points:
        yield _text(
            f"其中 {_figure(card.assumed_points)} 分依据假定的事实"
            if zh
            else f"{_figure(card.assumed_points)} of the points rest on assumed facts",
            "yellow",
        )
    if card.departures:
        listed = ("、" if zh else ", ").join(node.called(language) for node in card.departures)
        yield _text(
            f"{len(card.departures)} 项公布得分与规则不符：{listed}"
            if zh
            else f"stated scores that depart from their rule ({len(card.departures)}): {listed}",
            "red",
        )


def _total_line(card: Scorecard, language: Language) -> Text:
    zh = language == "zh"
    if card.score is None:
        line = _text(
            _words(language, "总分：", "total: ") + (card.message.to(language) if card.message else "?"), "bold yellow"
        )
    else:
        grade = f"  {_words(language, '等级', 'grade')} {card.grade.called(language)}" if card.grade else ""
        total = card.points_text(card.score)
        line = _text(f"{_words(language, '总分', 'total')} {total} / {_figure(card.points)}{grade}", "bold")
    line.append_text(_text("  " + _published(card, zh), _agreement_style(card)))
    return line


def _agreement_style(card: Scorecard) -> str:
    return {True: "green", False: "bold red", None: "dim"}[card.published.agrees]


def _published(card: Scorecard, zh: bool) -> str:
    published = card.published.published
    if published.score is None and published.grade is None:
        return "未公布得分" if zh else "no published score"
    shown = card.published_text("zh" if zh else "en")
    difference = card.published.difference
    if difference:
        figure, below = decimal_text(abs(difference)), difference > 0
        if zh:
            return f"公布 {shown}，比计算{'低' if below else '高'} {figure} 分"
        points = "point" if abs(difference) == 1 else "points"
        return f"published {shown}, {figure} {points} {'below' if below else 'above'} the computed score"
    verdict = {
        True: ("与计算一致", "agrees"),
        False: ("与计算不一致", "does not agree"),
        None: ("无法比较", "nothing to compare with"),
    }[card.published.agrees]
    return f"公布 {shown}：{verdict[0]}" if zh else f"published {shown}: {verdict[1]}"


def score_summary(cards: Sequence[tuple[str, Scorecard]], language: Language) -> Table:
    """One row an assessment."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for zh, en in (
        ("文件", "file"),
        ("得分", "score"),
        ("等级", "grade"),
        ("假定分", "assumed"),
        ("公布", "published"),
    ):
        table.add_column(
            _words(language, zh, en), justify="right" if en in ("score", "assumed") else "left", overflow="fold"
        )
    for name, card in cards:
        table.add_row(
            _text(name),
            _text("—" if card.score is None else card.points_text(card.score)),
            _text(card.grade.called(language) if card.grade else "—"),
            _text(_figure(card.assumed_points) if card.assumed_points else ""),
            _text(_published(card, language == "zh"), _agreement_style(card)),
        )
    return table


# Frameworks.


def framework_list(frameworks: Sequence[Framework], language: Language) -> Table:
    """One row a framework."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for zh, en in (("名称", "name"), ("标题", "title"), ("文号", "document"), ("分值", "points")):
        table.add_column(_words(language, zh, en), no_wrap=en == "name", overflow="fold")
    for framework in frameworks:
        assumed = framework.assumed or any(placed.assumed for placed in framework.layout.values())
        table.add_row(
            _text(framework.id),
            _text(framework.called(language)),
            _text(framework.document or "—"),
            _text(_words(language, "含假定", "partly assumed") if assumed else "", "yellow"),
        )
    return table


def framework_tree(framework: Framework, language: Language) -> RenderableType:
    """The tree with points and each rule in words."""
    heading = _text(f"{framework.called(language)}  [{framework.id}]\n", "bold")
    about = [framework.issuer, framework.document, str(framework.effective or "")]
    heading.append_text(_text(" ".join(part for part in about if part), "dim"))
    for zh, en, said in (("来源", "source", framework.source), ("分值为假定", "points assumed", framework.assumed)):
        if said:
            heading.append_text(_text(f"\n{_words(language, zh, en)}: {said}", "yellow" if en != "source" else "dim"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column(_words(language, "指标", "indicator"), ratio=4, overflow="fold")
    table.add_column(_words(language, "分值", "points"), justify="right", no_wrap=True)
    table.add_column(_words(language, "规则", "rule"), ratio=7, overflow="fold")
    for placed in framework.layout.values():
        table.add_row(*_framework_row(placed, framework, language))
    grades = "  ".join(f"{grade.called(language)} ≥ {decimal_text(grade.from_)}" for grade in framework.grades)
    below: list[RenderableType] = [_text(f"{_words(language, '等级', 'grades')}: {grades}")] if grades else []
    below += [Prose(line) for line in _beside_tree(framework, language)]
    if framework.facts:
        below += [_text(f"\n{_words(language, '事实', 'facts')}", "bold"), _asked_facts(framework, language)]
    return Group(heading, table, *below)


def _beside_tree(framework: Framework, language: Language) -> Iterator[str]:
    """What else decides the total: what does not apply, rounding, limits and points beside the tree; then the checks."""
    called = _naming(framework, language)
    yield from _conversions(framework, language)
    for limit in framework.limits:
        title = titled(limit).to(language)
        most = [] if limit.at_most is None else [decimal_text(limit.at_most)]
        grades = {grade.name: grade.called(language) for grade in framework.grades}
        most += [] if limit.grade_at_most is None else [grades[limit.grade_at_most]]
        when = formula_text(limit.when, language, called)
        yield _words(
            language,
            f"限制: {title}：{when} 时，至多 {'、'.join(most)}",
            f"limit: {title}: at most {', '.join(most)} where {when}",
        )
    for each in framework.adjustments:
        title = titled(each).to(language)
        award = formula_text(each.award, language, called)
        low, high = decimal_text(each.at_least), decimal_text(each.at_most)
        yield _words(
            language,
            f"加减分: {title}：{award}，{low} 至 {high} 分",
            f"points beside the tree: {title}: {award}, {low} to {high}",
        )
    for check in framework.checks:
        title = check.called(language)
        that = formula_text(check.that, language, called)
        word = _words(language, "检查", "check") + (
            _words(language, "（存疑）", " (question)") if check.severity == "warning" else ""
        )
        yield f"{word}: {title}{_words(language, '：', ': ')}{that}" if title != that else f"{word}: {that}"


def _naming(framework: Framework, language: Language) -> Callable[[str], str]:
    """What a fact is called: its title where it has one in that language."""
    named = framework.fact_titles
    return lambda name: (named[name].to(language) if name in named else "") or name


_ABSENT: Mapping[NotApplicable, Message] = {
    "rescale": Message("不计入总分，按适用指标折算", "is left out, and the rest is rescaled"),
    "full": Message("得满分", "earns full points"),
    "zero": Message("不得分", "earns nothing"),
}
_ROUNDED_OF: Mapping[str, Message] = {
    "rate": Message("完成率", "completion rates"),
    "each": Message("各项得分", "each score"),
    "total": Message("总分", "the total"),
}


def _conversions(framework: Framework, language: Language) -> Iterator[str]:
    """What becomes of what does not apply, and what is rounded how."""
    if any(isinstance(each.node, Indicator) and each.node.applies is not None for each in framework.indicators):
        absent = _ABSENT[framework.not_applicable].to(language)
        yield _words(language, f"不适用的指标: {absent}", f"what does not apply: {absent}")
    said = []
    for of, what in _ROUNDED_OF.items():
        rounding = framework.rounding_of(of)  # type: ignore[arg-type]  # its keys are those that are rounded
        if rounding is not None:
            places = f"{rounding.places} decimal{'s' * (rounding.places != 1)}"
            zh = f"{what.zh} {rounding_name(rounding.mode, 'zh')} {rounding.places} 位小数"
            said.append(_words(language, zh, f"{what.en} {rounding.mode} to {places}"))
    yield f"{_words(language, '取舍', 'rounding')}: {_words(language, '；', '; ').join(said)}"


def _asked_facts(framework: Framework, language: Language) -> Table:
    """What each fact is called: the names that assessments and tables of facts are written with."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for each in framework.facts:
        said = each.title_en if language == "en" and each.title_en else each.title
        table.add_row(_text(f"  {each.name}"), _text(f"{said}（{each.note}）" if each.note else said))
    return table


def _framework_row(placed: Placed, framework: Framework, language: Language) -> tuple[RenderableType, Text, Text]:
    node = placed.node
    depth = placed.path.count(".")
    title = title_cell(node.called(language), depth, "" if isinstance(node, Indicator) else "bold")
    stated = node.points if isinstance(node, Dimension) and node.points is not None else None
    points = _text(_figure(placed.points or stated or Fraction(0)) if placed.points or stated else "")
    said: list[Text] = []
    called = _naming(framework, language)
    if isinstance(node, Indicator):
        said.append(_text(rule_text(placed, language)))
        said += [_text(each, "cyan") for each in _indicator_terms(node, called, language)]
    elif node.requires is not None:
        gate = formula_text(node.requires, language, called)
        gated = _words(language, f"前提: {gate}，否则以下各项均不得分", f"requires {gate}, or all below earns nothing")
        said.append(_text(gated, "cyan"))
    if isinstance(node, Dimension) and node.open:
        said.append(_text(_words(language, "由评价文件自设指标", "assessments add their own indicators"), "cyan"))
    if node.assumed and node.assumed != framework.assumed:
        said.append(_text(f"[{_words(language, '分值为假定', 'points assumed')}: {node.assumed}]", "yellow"))
    if node.note:
        said.append(_text(node.note, "dim"))
    return title, points, Text("\n").join(said)


def _indicator_terms(node: Indicator, called: Callable[[str], str], language: Language) -> Iterator[str]:
    """When an indicator applies, and what it may earn above its points."""
    if node.applies is not None:
        when = formula_text(node.applies, language, called)
        absent = "" if node.not_applicable is None else _ABSENT[node.not_applicable].to(language)
        yield _words(language, f"适用条件: {when}", f"applies where {when}") + (
            _words(language, f"；不适用时{absent}", f"; where not, it {absent}") if absent else ""
        )
    if node.bonus_up_to:
        most = decimal_text(node.bonus_up_to)
        yield _words(language, f"另可加分，至多 {most} 分", f"may earn up to {most} points above its own")
