"""The tables behind a report (附表): scores, figures that do not agree, assumptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from perfeval.checking import Checked, Finding
from perfeval.documents.outline import Cell, Column, Paragraph, Row, Run, Table, gap, run, say
from perfeval.documents.sentences import Assumption, actual_text, assumptions_of, figure, goal_text, joined, value
from perfeval.errors import Language, Message
from perfeval.facts import Fact
from perfeval.report.terminal import difference_text
from perfeval.scorecard import NodeScore, Scorecard

__all__ = ["annexes", "listed", "reason_gap"]


def annexes(card: Scorecard, checked: Checked, named: Sequence[str]) -> tuple[Table, ...]:
    """The score of every indicator; the figures that do not agree, and what is assumed, where there are such.

    Args:
        named: facts that the text states beside those the indicators used.
    """
    tables = [partial(_score_table, card)]
    if checked.differing:
        tables.append(partial(_finding_table, checked))
    if rows := _assumption_rows(card, named):
        tables.append(partial(_assumption_table, rows))
    if len(tables) == 1:
        return (tables[0]("附表　", "Annex: "),)
    return tuple(table(f"附表{index}　", f"Annex {index}: ") for index, table in enumerate(tables, start=1))


def reason_gap() -> Run:
    """Where the reason for lost points is missing."""
    return gap("失分原因", "why the points were lost")


def listed(nodes: Sequence[NodeScore]) -> Run:
    """The nodes by name."""
    return say(lambda language: joined((node.called(language) for node in nodes), language))


def _score_table(card: Scorecard, zh: str, en: str) -> Table:
    stated = any(node.stated is not None for node in card.indicators)
    columns = [
        Column(Message("一级指标", "First level"), 12),
        Column(Message("二级指标", "Second level"), 12),
        Column(Message("三级指标", "Indicator"), 22),
        Column(Message("分值", "Points"), 8, "center"),
        Column(Message("得分", "Score"), 9, "center"),
        *((Column(Message("公布得分", "Stated"), 9, "center"),) if stated else ()),
        Column(Message("指标值", "Target"), 12),
        Column(Message("完成值", "Reached"), 25),
        Column(Message("失分原因", "Why points were lost"), 30),
    ]
    rows = [_score_row(node, card, stated) for node in card.indicators]
    rows.append(_total_row(card, stated, len(columns)))
    notes = []
    if any(node.placed.assumed for node in card.indicators):
        notes.append(Paragraph((run("* 分值为假定。", "* points assumed, not published."),), "note"))
    return Table(
        Message(f"{zh}绩效评价指标得分表", f"{en}scores by indicator"), tuple(columns), tuple(rows), tuple(notes)
    )


def _score_row(node: NodeScore, card: Scorecard, stated: bool) -> Row:
    steps = node.path.split(".")
    above = [card[".".join(steps[:depth])] for depth in range(1, len(steps))]
    first = above[0] if above else node
    star = "*" if node.placed.assumed else ""
    points = say(lambda language: figure(node.points, language) + star)
    cells = [
        Cell((_called(first),), first.path),
        _second(above[1:], first),
        Cell((_called(node),)),
        Cell((points,)),
        Cell((_score_run(node),)),
        *(
            (
                Cell(
                    _optional(
                        node.stated is not None, lambda language: figure(node.stated or node.points * 0, language)
                    )
                ),
            )
            if stated
            else ()
        ),
        Cell(_optional(bool(goal_text(node, "zh")), partial(goal_text, node))),
        Cell(
            (gap("完成值", "what was reached") if node.status == "unknown" else say(partial(actual_text, node, card)),)
        ),
        Cell(tuple(_why(node, card))),
    ]
    return Row(tuple(cells))


def _second(above: Sequence[NodeScore], first: NodeScore) -> Cell:
    if not above:
        return Cell((run("—", "—"),), f"{first.path}.")
    titles = partial(lambda language: " / ".join(each.called(language) for each in above))
    return Cell((say(titles),), above[-1].path)


def _optional(there: bool, sentence: Callable[[Language], str]) -> tuple[Run, ...]:
    return (say(sentence),) if there else ()


def _called(node: NodeScore) -> Run:
    return say(node.called)


def _score_run(node: NodeScore) -> Run:
    if node.score is None:
        return run("不适用", "n/a") if node.status == "not-applicable" else run("—", "—")
    score = node.score
    bonus = node.bonus

    def said(language: Language) -> str:
        return figure(score, language) + (f"+{figure(bonus, language)}" if bonus else "")

    return say(said)


def _why(node: NodeScore, card: Scorecard) -> Iterator[Run]:
    if node.message is not None:
        yield Run(node.message)
    if node.lost:
        yield run(node.remark.reason, node.remark.reason) if node.remark.reason else reason_gap()
    if assumptions_of(node.facts):
        yield run("【假定】", "[assumed]", "assumed")


def _total_row(card: Scorecard, stated: bool, width: int) -> Row:
    score = () if card.score is None else (run(text := card.points_text(card.score), text),)
    published = card.published.published.score
    cells = [
        Cell((run("合计", "Total"),)),
        Cell(),
        Cell(),
        Cell((say(partial(figure, card.points)),)),
        Cell(score or (run("—", "—"),)),
    ]
    if stated:
        cells.append(Cell(() if published is None else (say(partial(value, published)),)))
    cells += [Cell() for _ in range(width - len(cells) - 1)]
    grade = card.grade
    cells.append(Cell(() if grade is None else (run(f"等级：{grade.name}", f"grade: {grade.called('en')}"),)))
    return Row(tuple(cells), strong=True)


def _finding_table(checked: Checked, zh: str, en: str) -> Table:
    columns = (
        Column(Message("事项", "What must agree"), 30),
        Column(Message("关系", "Relation"), 40),
        Column(Message("所列", "Found"), 14, "center"),
        Column(Message("应为", "Expected"), 14, "center"),
        Column(Message("相差", "Difference"), 14, "center"),
        Column(Message("性质", "Kind"), 11, "center"),
        Column(Message("出处", "Where"), 34),
    )
    rows = tuple(_finding_row(each) for each in (*checked.errors, *checked.warnings))
    return Table(Message(f"{zh}勾稽检查不一致的数字", f"{en}figures that do not agree"), columns, rows)


def _finding_row(found: Finding) -> Row:
    severity = run("矛盾", "conflict") if found.severity == "error" else run("待说明", "to explain")
    difference = found.difference
    sources = dict.fromkeys(cited.source.strip() for cited in found.facts if cited.source.strip())
    where = "；".join(sources)
    return Row(
        (
            Cell((Run(found.title),)),
            Cell((Run(found.relation),)),
            Cell(_optional(found.found is not None, partial(value, found.found))),
            Cell(_optional(found.expected is not None, partial(value, found.expected))),
            Cell(() if difference is None else (say(partial(difference_text, difference)),)),
            Cell((severity,)),
            Cell((run(where, where.replace("；", "; ")),) if where else ()),
        )
    )


def _assumption_table(rows: tuple[Row, ...], zh: str, en: str) -> Table:
    columns = (
        Column(Message("假定的内容", "What is assumed"), 26),
        Column(Message("取值", "Value"), 22),
        Column(Message("假定的依据", "On which basis"), 66),
        Column(Message("涉及的指标", "Indicators"), 30),
    )
    return Table(Message(f"{zh}评分所依据的假定", f"{en}what the score assumes"), columns, rows)


def _assumption_rows(card: Scorecard, named: Sequence[str]) -> tuple[Row, ...]:
    """The assumed facts, then the assumed points."""
    rows = [_assumption_row(each, card) for each in assumptions_of(_relied_on(card, named))]
    bases: dict[str, list[NodeScore]] = {}
    for node in card.indicators:
        if node.placed.assumed:
            bases.setdefault(node.placed.assumed, []).append(node)
    everything = len(card.indicators)
    for basis, nodes in bases.items():
        called = run("全部指标", "all indicators") if len(nodes) == everything else listed(nodes)
        cells = (
            (run("分值", "points"),),
            (run("见得分表", "in the table of scores"),),
            (run(basis, basis),),
            (called,),
        )
        rows.append(Row(tuple(Cell(each) for each in cells)))
    return tuple(rows)


def _relied_on(card: Scorecard, named: Sequence[str]) -> Iterator[Fact]:
    """The facts the document names: those the indicators used, and those that the money rests on; each once."""
    sheet = card.facts
    found = {fact.name: fact for node in card.indicators for fact in node.facts}
    for name in named:
        found |= {basis: sheet[basis] for basis in sheet.basis(name)}
    yield from found.values()


def _assumption_row(given: Assumption, card: Scorecard) -> Row:
    assumed = {fact.name for fact in given.facts}
    nodes = [node for node in card.indicators if assumed & set(node.fact_names)]
    cells = (
        (say(given.called),),
        (say(partial(given.values, card.facts)),),
        (run(given.basis, given.basis),),
        (listed(nodes),),
    )
    return Row(tuple(Cell(each) for each in cells))
