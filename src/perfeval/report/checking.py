"""Findings of a check: lines for the terminal, and JSON."""

from __future__ import annotations

from collections.abc import Iterator

from perfeval.assessment import Assessment
from perfeval.checking import Checked, Cited, Finding, Unasked
from perfeval.errors import Language, Message
from perfeval.facts import FactValue
from perfeval.report.data import Json
from perfeval.report.terminal import difference_text, subject_line
from perfeval.scorecard import value_text

__all__ = ["checked_data", "checked_lines"]

_SEVERITIES = {"error": Message("错误", "errors"), "warning": Message("疑问", "questions")}


def checked_lines(assessment: Assessment, checked: Checked, language: Language) -> Iterator[str]:
    """The findings that do not agree, grouped by severity, each with its figures and their sources."""
    zh = language == "zh"
    yield subject_line(assessment)
    counts = (len(checked.errors), len(checked.warnings), len(checked.agreeing), len(checked.unknown))
    yield (
        "勾稽检查 {} 项关系：错误 {}，疑问 {}，一致 {}，未能检查 {}"
        if zh
        else "{} relations checked: errors {}, questions {}, agree {}, not checked {}"
    ).format(len(checked.findings), *counts)
    for severity, found in (("error", checked.errors), ("warning", checked.warnings)):
        if found:
            yield from ("", _SEVERITIES[severity].to(language))
            for each in found:
                yield from _finding_lines(each, language)
    if checked.unknown:
        yield from ("", "未能检查" if zh else "could not be checked")
        for each in checked.unknown:
            reason = each.message.to(language) if each.message else ""
            yield f"  {_called(each, language)}: {reason}"
    if checked.unasked:
        many = len(checked.unasked)
        yield ""
        yield f"指标体系另有 {many} 项检查没有提出" if zh else f"checks of the framework that were not asked: {many}"
        yield from (f"  {_unasked(each, language)}" for each in checked.unasked)


def _unasked(each: Unasked, language: Language) -> str:
    zh, title = language == "zh", each.title.to(language)
    hints = dict(each.misspelt)
    missing = [
        name + ("" if name not in hints else f"（{hints[name].zh}）" if zh else f" ({hints[name].en})")
        for name in each.missing
    ]
    called = each.id if title == each.id else f"{each.id}  {title}"
    return f"{called}: 没有事实 {'、'.join(missing)}" if zh else f"{called}: there is no fact {', '.join(missing)}"


def _called(finding: Finding, language: Language) -> str:
    title = finding.title.to(language)
    return finding.id if title == finding.id else f"{finding.id}  {title}"


def _finding_lines(finding: Finding, language: Language) -> Iterator[str]:
    zh = language == "zh"
    yield f"  {_called(finding, language)}"
    if finding.found is not None or finding.expected is not None:
        line = (
            f"所列 {value_text(finding.found, language)}，应为 {value_text(finding.expected, language)}"
            if zh
            else f"found {value_text(finding.found, language)}, expected {value_text(finding.expected, language)}"
        )
        if finding.difference is not None:
            line += f"{'，相差 ' if zh else ', difference '}{difference_text(finding.difference, language)}"
        if finding.tolerance is not None and finding.tolerance.value:
            line += f"{'（容许 ' if zh else ' (up to '}{difference_text(finding.tolerance, language)}{'）' if zh else ' allowed)'}"
        yield f"    {line}"
    yield f"    {finding.relation.to(language)}"
    for cited in finding.facts:
        yield f"    · {_cited_text(cited, language)}"
    for note in (finding.source, finding.note):
        if note:
            yield f"    {note}"


def _cited_text(cited: Cited, language: Language) -> str:
    zh = language == "zh"
    title = cited.title.to(language)
    called = title if title != cited.name else cited.name
    if cited.formula is not None:
        basis = f"{'推算' if zh else 'derived'}: {cited.formula.to(language)}"
    else:
        basis = cited.source or ("未注明出处" if zh else "no source given")
    if cited.assumed:
        basis = f"{'假定' if zh else 'assumed'}: {cited.assumed}"
    return f"{called} = {value_text(cited.value, language)}  [{cited.name}]  {basis}"


def checked_data(assessment: Assessment, checked: Checked, language: Language) -> dict[str, Json]:
    """The findings as one JSON object, those that agree included."""
    return {
        "subject": subject_line(assessment),
        "errors": len(checked.errors),
        "warnings": len(checked.warnings),
        "agree": len(checked.agreeing),
        "unknown": len(checked.unknown),
        "findings": [_finding_data(each, language) for each in checked.findings],
        "unasked": [
            {"id": each.id, "title": each.title.to(language), "missing": list(each.missing)} for each in checked.unasked
        ],
    }


def _finding_data(finding: Finding, language: Language) -> Json:
    return {
        "id": finding.id,
        "title": finding.title.to(language),
        "severity": finding.severity,
        "outcome": finding.outcome,
        "relation": finding.relation.to(language),
        "found": _value(finding.found, language),
        "expected": _value(finding.expected, language),
        "difference": _value(finding.difference, language),
        "tolerance": _value(finding.tolerance, language),
        "message": None if finding.message is None else finding.message.to(language),
        "source": finding.source,
        "note": finding.note,
        "facts": [
            {
                "name": each.name,
                "title": each.title.to(language),
                "value": _value(each.value, language),
                "source": each.source,
                "formula": None if each.formula is None else each.formula.to(language),
                "assumed": each.assumed or None,
            }
            for each in finding.facts
        ],
    }


def _value(value: FactValue | None, language: Language) -> str | None:
    return None if value is None else value_text(value, language)
