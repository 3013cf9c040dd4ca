"""What the laws found: as JSON data, and as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from perfeval.errors import Language, Message, nearest, perhaps
from perfeval.expr.names import names
from perfeval.framework import Exemption, Framework
from perfeval.laws import LAWS, Answer, Broken, How, Judged
from perfeval.report.data import Json
from perfeval.report.terminal import Prose, plain
from perfeval.scorecard import value_text

__all__ = ["broken_lines", "laws_data", "laws_table"]

_HOW: dict[How, Message] = {
    "proved": Message("已证明", "proved"),
    "tried": Message("试算所得", "found by trying"),
    "unasked": Message("未问", "not asked"),
}


def laws_data(file: str, judged: Judged, language: Language) -> dict[str, Json]:
    """One framework as a JSON object."""
    framework = judged.framework
    return {
        "file": file,
        "framework": framework.id,
        "title": framework.called(language),
        "keeps": not judged.broken,
        "answers": [_answer_data(each, judged, language) for each in judged.answers],
        "idle_exceptions": [
            {"law": each.law, "indicator": each.indicator, "reason": each.reason} for each in judged.idle
        ],
        "only_in_checks": [{"fact": name, "check": check} for name, check in judged.framework.only_in_checks],
    }


def _answer_data(answer: Answer, judged: Judged, language: Language) -> Json:
    return {
        "law": answer.law.code,
        "path": answer.path,
        "title": None if answer.path is None else judged.framework.layout[answer.path].node.called(language),
        "how": answer.how,
        "why": None if answer.why is None else answer.why.to(language),
        "exception": None if answer.exemption is None else answer.exemption.reason,
        "broken": [_broken_data(each, language) for each in answer.broken],
    }


def _broken_data(broken: Broken, language: Language) -> Json:
    return {
        "message": broken.message.to(language),
        "low": _exact(broken.low),
        "high": _exact(broken.high),
        "facts": [{"name": name, "value": value_text(value, language)} for name, value in broken.facts],
    }


def _exact(end: Fraction | None) -> Json:
    return None if end is None else str(end)


def broken_lines(answer: Answer, judged: Judged, language: Language) -> Iterator[str]:
    """What is broken of one law, a line each: where, what, and how that is known."""
    where = judged.framework.called(language)
    if answer.path is not None:
        where = f"{judged.framework.layout[answer.path].node.called(language)} ({answer.path})"
    for each in answer.broken:
        line = (
            f"{answer.law.title.to(language)} · {where}: {each.message.to(language)} [{_HOW[answer.how].to(language)}]"
        )
        yield plain(line.replace(": ", "：", 1) if language == "zh" else line)


def laws_table(file: str, judged: Judged, language: Language) -> RenderableType:
    """What is broken, what is broken on purpose, and how each law was answered."""
    parts: list[RenderableType] = [Text(plain(f"{judged.framework.called(language)}  {file}"), style="bold")]
    for answer in judged.broken:
        parts += [Prose(f"✗ {line}", "red") for line in broken_lines(answer, judged, language)]
    for answer in judged.excepted:
        assert answer.exemption is not None
        for line in broken_lines(answer, judged, language):
            parts.append(Prose(f"○ {line}"))
        said = Message("例外", "exception").to(language)
        parts.append(
            Prose(
                f"{said}：{answer.exemption.reason}" if language == "zh" else f"{said}: {answer.exemption.reason}",
                indent=4,
            )
        )
    parts += [Prose(_idle(each, judged.framework).to(language)) for each in judged.idle]
    parts += [Prose(each.to(language)) for each in _only_in_checks(judged.framework)]
    return Group(*parts, _counts(judged, language), *_unasked(judged, language))


def _idle(each: Exemption, framework: Framework) -> Message:
    """An exception that covers nothing: for there is nothing to cover, or no such indicator (a base's may be removed)."""
    if each.indicator is not None and each.indicator not in framework.layout:
        hint = nearest(each.indicator, framework.layout)
        return Message(
            f"! 例外所写的指标不存在：{each.law} {each.indicator}（{each.reason}）— {hint.zh}",
            f"! an exception of no indicator there is: {each.law} {each.indicator} ({each.reason}) — {hint.en}",
        )
    where = f" {each.indicator}" if each.indicator else ""
    return Message(
        f"! 例外不再需要：{each.law}{where}（{each.reason}）",
        f"! an exception that nothing needs: {each.law}{where} ({each.reason})",
    )


def _unasked(judged: Judged, language: Language) -> Iterator[RenderableType]:
    """Why laws were not asked, each reason once."""
    laws: dict[Message, dict[str, None]] = {}
    for each in judged.answers:
        if each.how == "unasked" and each.why is not None:
            laws.setdefault(each.why, {})[each.law.code] = None
    for why, codes in laws.items():
        said = Message(f"未问 {'、'.join(codes)}：{why.zh}", f"not asked, {', '.join(codes)}: {why.en}")
        yield Prose(plain(said.to(language)))


def _only_in_checks(framework: Framework) -> Iterator[Message]:
    """Facts that stand in a check and nowhere else: nobody who fills in the facts learns of them, or they are misspelt."""
    known = {*framework.facts_named, *(name for check in framework.checks for name in names(check.that))}
    for name, check in framework.only_in_checks:
        hint = perhaps(name, sorted(known - {name})) or Message(
            "写入 [facts]，填表人才知道要填", "say in [facts] what it is"
        )
        yield Message(
            f"! 检查 {check} 中的事实 {name} 不见于规则，也不在 [facts] 中 — {hint.zh}",
            f"! the check {check} names {name}, which no rule reads and [facts] does not have — {hint.en}",
        )


def _counts(judged: Judged, language: Language) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(Message("规律", "law").to(language))
    for title in (
        Message("已证明", "proved"),
        Message("已试算", "tried"),
        Message("未问", "not asked"),
        Message("不符", "broken"),
        Message("例外", "exceptions"),
    ):
        table.add_column(title.to(language), justify="right")
    table.add_column(Message("含义", "what has to hold").to(language), overflow="fold")
    for law in LAWS:
        own = [each for each in judged.answers if each.law == law]
        kept = [each for each in own if not each.broken]
        counts = [sum(each.how == how for each in kept) for how in ("proved", "tried", "unasked")]
        counts += [sum(each.stands for each in own), sum(bool(each.broken) and not each.stands for each in own)]
        shown = [str(count) if count else "" for count in counts]
        table.add_row(f"{law.title.zh} {law.code}" if language == "zh" else law.code, *shown, law.says.to(language))
    return table
