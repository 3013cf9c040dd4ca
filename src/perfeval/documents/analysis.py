"""The analysis of a report (绩效分析): the framework's tree told under the headings of the official outlines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from attrs import frozen

from perfeval.documents.outline import Block, Heading, Paragraph, Run, gap, heading, left, say
from perfeval.documents.sentences import assumption, assumptions_of, indicator_sentence, node_sentence
from perfeval.errors import Message
from perfeval.facts import Fact
from perfeval.framework import Category
from perfeval.scorecard import NodeScore, Scorecard

__all__ = ["assumed_runs", "department_analysis", "first_level", "project_analysis"]


# A department.


@frozen
class _Part:
    """A section of a department's analysis, the words in the titles of the dimensions it takes, and its gap."""

    title: Message
    words: tuple[str, ...]
    prompt: Message


_PARTS: Final = (
    _Part(
        Message("部门预算项目绩效分析", "Performance of the budget's projects"),
        ("预算项目",),
        Message(
            "常年项目和阶段（一次性）项目的个数、预算金额、执行进度，项目决策、执行和目标实现情况",
            "recurrent and one-off projects: how many, their budgets and progress; decision, execution and goals",
        ),
    ),
    _Part(
        Message("重点领域绩效分析", "Key areas"),
        ("重点领域",),
        Message(
            "本年度重点领域项目的预算编制、执行和目标完成情况", "budget, execution and goals of this year's key areas"
        ),
    ),
    _Part(
        Message("绩效结果应用情况", "Use of the results"),
        ("结果应用",),
        Message(
            "自评结果公开、用于预算安排和问题整改的情况",
            "how the results were disclosed, used for the budget, and acted on",
        ),
    ),
)
_OVERALL = _Part(
    Message("部门预算总体绩效分析", "The budget as a whole"),
    (),
    Message(
        "履职效能、预算管理、财务管理、资产管理、采购管理的主要做法和成效",
        "what was done and achieved in duties, budget, finance, assets and procurement",
    ),
)


def department_analysis(card: Scorecard) -> Iterator[Block]:
    """部门预算总体绩效、项目绩效、重点领域、绩效结果应用: each with the dimensions of the framework that speak of it."""
    taken: dict[str, list[NodeScore]] = {}
    for node in first_level(card):
        part = next((each for each in _PARTS if any(word in node.called("zh") for word in each.words)), _OVERALL)
        taken.setdefault(part.title.zh, []).append(node)
    for part in (_OVERALL, *_PARTS):
        yield Heading(2, part.title)
        nodes = taken.get(part.title.zh, [])
        yield from _sections(nodes, card)
        yield Paragraph((gap(part.prompt.zh, part.prompt.en),))


def _sections(nodes: Sequence[NodeScore], card: Scorecard) -> Iterator[Block]:
    """First-level nodes below a heading of the second level: the one there is gives way to what it holds."""
    only = nodes[0] if len(nodes) == 1 and not nodes[0].is_indicator else None
    if only is not None:
        yield Paragraph((say(partial(node_sentence, only)),))
        inner = _children(only, card)
        if any(each.is_indicator for each in inner):
            yield from _prose(inner, card)
            return
        nodes = inner
    for node in nodes:
        yield heading(3, node.called("zh"), node.called("en"))
        yield from _told(node, card)


# A project.

_COMMON: Final[frozenset[Category]] = frozenset({"decision", "management"})


def project_analysis(card: Scorecard) -> Iterator[Block]:
    """通用、专用、个性: by the framework's own dimensions where it has them, else by category."""
    first = first_level(card)
    if any("通用" in node.called("zh") for node in first):
        for node in first:
            yield heading(2, f"{node.called('zh')}绩效分析", node.called("en"))
            yield from _sections([node], card)
            yield _analysis_gap(node)
        return
    common = [node for node in first if _categories(node, card) <= _COMMON]
    yield heading(2, "通用指标绩效分析", "General indicators")
    yield from _common(common, card)
    yield heading(2, "专用指标绩效分析", "Indicators by type of project")
    yield left(
        "按项目类型（产业发展、民生保障、基础设施、行政运转）分析实施效果，不涉及的类型写“无”",
        "the effect by type (industry, livelihood, infrastructure, administration); none where it does not apply",
    )
    yield heading(2, "个性指标绩效分析", "The project's own indicators")
    for node in first:
        if node not in common:
            yield from _own(node, card)
    yield left(
        "产出和效益的主要表现、典型事例和佐证", "what was produced and what came of it, with examples and evidence"
    )


@frozen
class _Step:
    """A section of the general indicators: the category it takes, and its gap."""

    title: Message
    category: Category | None
    prompt: Message


_STEPS: Final = (
    _Step(
        Message("项目决策", "Decision"),
        "decision",
        Message("立项依据、论证和审批程序、目标设定情况", "grounds, procedure and goals"),
    ),
    _Step(
        Message("项目管理", "Management"),
        "management",
        Message("制度建设和执行、资金管理、过程监控情况", "rules, management of funds, control of the process"),
    ),
    _Step(
        Message("项目实施", "Implementation"),
        None,
        Message("项目实施的过程、进度和调整情况", "how it was carried out, its progress and changes"),
    ),
    _Step(
        Message("项目结果", "Result"),
        None,
        Message("项目完成和目标实现的总体情况", "what was completed, and whether the goals were reached"),
    ),
)


def _common(nodes: Sequence[NodeScore], card: Scorecard) -> Iterator[Block]:
    for step in _STEPS:
        yield Heading(3, step.title)
        for node in nodes:
            # A node that is of both stands where its first indicator belongs.
            if step.category is not None and _first_category(node, card) == step.category:
                yield from _told(node, card)
        yield Paragraph((gap(step.prompt.zh, step.prompt.en),))


def _own(node: NodeScore, card: Scorecard) -> Iterator[Block]:
    inner = _children(node, card)
    if node.is_indicator or any(each.is_indicator for each in inner):
        yield heading(3, node.called("zh"), node.called("en"))
        yield from _told(node, card)
        return
    for each in inner:
        if _leaves(each, card):
            yield heading(3, each.called("zh"), each.called("en"))
            yield from _told(each, card)


def _analysis_gap(node: NodeScore) -> Paragraph:
    return left(
        f"{node.called('zh')}的主要做法、成效和佐证", f"what was done and achieved ({node.called('en')}), with evidence"
    )


# The tree.


def first_level(card: Scorecard) -> list[NodeScore]:
    """The nodes of the first level that hold an indicator."""
    return [card[node.id] for node in card.assessment.framework.tree if _leaves(card[node.id], card)]


def _children(node: NodeScore, card: Scorecard) -> list[NodeScore]:
    return [card[path] for path in node.placed.children if _leaves(card[path], card)]


def _leaves(node: NodeScore, card: Scorecard) -> list[NodeScore]:
    if node.is_indicator:
        return [node]
    return [leaf for path in node.placed.children for leaf in _leaves(card[path], card)]


def _categories(node: NodeScore, card: Scorecard) -> set[Category]:
    return {leaf.placed.category for leaf in _leaves(node, card) if leaf.placed.category is not None}


def _first_category(node: NodeScore, card: Scorecard) -> Category | None:
    return next((leaf.placed.category for leaf in _leaves(node, card)), None)


# Prose about nodes.


def _told(node: NodeScore, card: Scorecard) -> Iterator[Paragraph]:
    """A node below its own heading."""
    if node.is_indicator:
        yield from _prose([node], card)
        return
    leaves = _leaves(node, card)
    if len(leaves) > 1 or node.remark.reason:
        yield Paragraph((say(partial(node_sentence, node)),))
    yield from _prose(leaves, card)


def _prose(nodes: Iterable[NodeScore], card: Scorecard) -> Iterator[Paragraph]:
    """A paragraph for each indicator."""
    for node in nodes:
        for leaf in _leaves(node, card):
            yield Paragraph(tuple(_indicator(leaf, card)))


def _indicator(node: NodeScore, card: Scorecard) -> Iterator[Run]:
    yield say(partial(indicator_sentence, node, card))
    if node.status == "unknown":
        yield _missing_gap()
    yield from assumed_runs(node.facts)


def assumed_runs(facts: Iterable[Fact]) -> Iterator[Run]:
    """A mark for each assumption among `facts`."""
    for each in assumptions_of(facts):
        yield say(partial(assumption, each), "assumed")


def _missing_gap() -> Run:
    return gap("完成情况；补充后重新评分", "what was reached; then score again")
