"""The report as Markdown (CommonMark with tables): the page's contents, for wikis, mail and version control."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from perfeval.assessment import Assessment
from perfeval.documents.view import Branch, FactLine, Objected, Report, report
from perfeval.errors import Language

__all__ = ["markdown"]

# Anything that begins markup, a link or a mention somewhere; and what only does so at the beginning of a line.
_MARKUP: Final = re.compile(
    r"([\\`*{}\[\]<>#|~&$!@^]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])|(?<=\bwww)\.|:(?=//))", re.IGNORECASE
)
_LEADING: Final = re.compile(r"^(\d*)([-+=]|(?<=\d)[.)](?=\s|$))")


def markdown(assessment: Assessment, language: Language) -> str:
    """The report on an assessment as Markdown; text from its files is shown as it stands and marks nothing up."""
    return "\n".join(_lines(report(assessment, language))) + "\n"


def _text(text: str) -> str:
    """`text` in one line, inert."""
    brief = " ".join(text.split())
    return _LEADING.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", brief))


def _bold(text: str) -> str:
    return f"**{_text(text) or '—'}**"


def _lines(shown: Report) -> Iterator[str]:
    zh = shown.language == "zh"
    yield f"# {_text(shown.title)}"
    yield ""
    yield _text(shown.framework)
    if shown.points_assumed:
        yield from ("", f"> {'分值为假定：' if zh else 'Points assumed: '}{_text(shown.points_assumed)}")
    yield ""
    yield from _summary(shown)
    if shown.message:
        yield from ("", f"> {_text(shown.message)}")
    yield from _heading("各维度得分率" if zh else "Attainment by dimension")
    yield from _table(
        ("维度", "得分", "分值", "得分率") if zh else ("Dimension", "Score", "Points", "Share"),
        ((each.title, each.score, each.points, each.percent) for each in shown.attainments),
        ":--- ---: ---: ---:",
    )
    yield from _heading("得分与依据" if zh else "Scores and reasons")
    for node in shown.tree:
        yield from _branch(node, zh, "")
    if shown.assumptions:
        yield from _heading("假定的事实" if zh else "What is assumed")
        yield from _facts(shown.assumptions, zh)
    yield from _heading("勾稽检查" if zh else "Do the figures agree?")
    yield from _said(shown.checks)
    yield from _heading("得分可能对吗" if zh else "Can the score be right?")
    yield from _said(shown.audit)
    yield from _heading("审核意见" if zh else "Objections")
    yield from _objections(shown.objections, zh)
    yield from _heading("评分所依据的事实" if zh else "The facts behind the scores")
    yield from _facts(shown.facts, zh)


def _heading(title: str) -> tuple[str, ...]:
    return ("", f"## {title}", "")


def _summary(shown: Report) -> Iterator[str]:
    zh = shown.language == "zh"
    yield f"- {'总分' if zh else 'Total'} {_bold(shown.total)} / {_text(shown.points)}"
    yield from (f"  - {_text(step)}" for step in shown.steps)
    if shown.grade:
        yield f"- {'等级' if zh else 'Grade'} {_bold(shown.grade)}"
    if shown.published:
        agrees = {
            True: "，与计算一致" if zh else ", agrees with the computed score",
            False: "，与计算不一致" if zh else ", does not agree with the computed score",
            None: "",
        }[shown.agrees]
        yield f"- {'公布' if zh else 'Published'} {_bold(shown.published)}{agrees}"
    if shown.resting:
        figure = _bold(shown.resting)
        yield f"- {figure} 分依据假定的事实" if zh else f"- {figure} points rest on assumed facts"


def _branch(node: Branch, zh: bool, indent: str) -> Iterator[str]:
    marks = "".join(f" *{_text(mark)}*" for mark in node.marks)
    lost = (f"，失 {_text(node.lost)} 分" if zh else f", lost {_text(node.lost)}") if node.lost else ""
    yield f"{indent}- {_bold(node.title)} {_text(node.score)} / {_text(node.points)}{lost}{marks}"
    inner = f"{indent}  "
    if node.reason:
        yield f"{inner}- {'原因：' if zh else 'Reason: '}{_text(node.reason)}"
    yield from (f"{inner}- {_text(line.strip().removeprefix('· '))}" for line in node.lines)
    for below in node.below:
        yield from _branch(below, zh, inner)


def _facts(facts: Sequence[FactLine], zh: bool) -> Iterator[str]:
    yield from _table(
        ("事实", "名称", "数值", "性质", "出处或依据") if zh else ("Fact", "Name", "Value", "Kind", "Source or basis"),
        ((each.title, each.name, each.value, each.status, each.origin) for each in facts),
        ":--- :--- ---: :--- :---",
    )


def _said(lines: Iterable[str]) -> Iterator[str]:
    """Lines of a finding as a list: what stands further in belongs to the line above it."""
    for line in lines:
        if brief := line.strip().removeprefix("· "):
            inner = line.startswith(" ") or line.lstrip().startswith("· ")
            yield f"{'  ' if inner else ''}- {_text(brief)}"


def _objections(objections: Sequence[Objected], zh: bool) -> Iterator[str]:
    if not objections:
        yield "没有。" if zh else "None."
    for each in objections:
        yield f"- {_bold(each.severity)} `{each.code}` {_text(each.where)}{'：' if zh else ': '}{_text(each.message)}"
        yield f"  - → {_text(each.answer)}"
        if each.accepted:
            yield f"  - {'已接受：' if zh else 'Accepted: '}{_text(each.accepted)}"


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]], align: str) -> Iterator[str]:
    yield f"| {' | '.join(titles)} |"
    yield f"| {' | '.join(align.split())} |"
    for row in rows:
        yield f"| {' | '.join(_text(cell) for cell in row)} |"
