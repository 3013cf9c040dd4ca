"""Reviews as JSON data and for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from perfeval.errors import Language, Message
from perfeval.facts import Fact
from perfeval.objections import SEVERITIES, Frequency, Objection, Review, Severity
from perfeval.report.data import Json
from perfeval.report.terminal import Prose, plain, subject_line
from perfeval.scorecard import FACT_WORDS, value_text

__all__ = ["frequency_data", "review_data", "review_table", "tally_table"]

_STYLES: dict[Severity, str] = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_FACTS_SHOWN = 4


# JSON.


def review_data(file: str, review: Review, language: Language) -> dict[str, Json]:
    """One review as one JSON object; sentences are in `language`."""
    subject = review.assessment.subject
    return {
        "file": file,
        "subject": {"kind": subject.kind, "name": subject.name, "unit": subject.unit, "year": subject.year},
        "framework": review.assessment.framework.id,
        "worst": review.worst,
        "counts": {severity: len(review.of(severity)) for severity in SEVERITIES},
        "objections": [_objection(each, review, language) for each in review.objections],
        "accepted": [
            {**_objection(objection, review, language), "reason": by.reason} for objection, by in review.accepted
        ],
    }


def frequency_data(each: Frequency, language: Language) -> dict[str, Json]:
    """How often one kind of objection stands, as one JSON object."""
    return {
        "code": each.kind.code,
        "severity": each.kind.severity,
        "title": each.kind.title.to(language),
        "times": each.times,
        "files": each.files,
        "units": dict(each.units),
    }


def _objection(each: Objection, review: Review, language: Language) -> dict[str, Json]:
    return {
        "code": each.code,
        "severity": each.severity,
        "title": each.kind.title.to(language),
        "path": each.path,
        "indicator": None if each.indicator is None else each.indicator.to(language),
        "message": each.message.to(language),
        "answer": each.kind.answer.to(language),
        "facts": [_fact(fact, review, language) for fact in each.facts],
    }


def _fact(fact: Fact, review: Review, language: Language) -> Json:
    return {
        "name": fact.name,
        "title": fact.called(language),
        "text": value_text(review.card.facts.value(fact.name), language),
        "status": fact.status,
        "source": fact.source,
        "assumed": fact.assumed or None,
    }


# The terminal.


def review_table(file: str, review: Review, language: Language) -> RenderableType:
    """What stands, grouped by severity; then what is accepted, with its reason; then how many there are."""
    parts: list[RenderableType] = [_heading(file, review)]
    for severity, word in SEVERITIES.items():
        if found := review.of(severity):
            parts.append(_text(f"\n{word.to(language)} {len(found)}", _STYLES[severity]))
            parts.extend(_listed([(each, _answer(each, language)) for each in found], review, language))
    if review.accepted:
        parts.append(_text(f"\n{_ACCEPTED.to(language)} {len(review.accepted)}", "bold"))
        reasons = [
            (each, Prose(f"{_REASON.to(language)}{by.reason}", "green", indent=2)) for each, by in review.accepted
        ]
        parts.extend(_listed(reasons, review, language))
    parts.append(_text(f"\n{_verdict(review, language)}\n", "bold"))
    return Group(*parts)


def tally_table(frequencies: Sequence[Frequency], language: Language) -> RenderableType:
    """Each kind of objection: how often, in how many files, at which units."""
    if not frequencies:
        return _text(_NOTHING.to(language))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    for zh, en in (("意见", "objection"), ("", ""), ("次数", "times"), ("文件", "files"), ("单位", "units")):
        number = en in ("times", "files")
        table.add_column(
            Message(zh, en).to(language),
            justify="right" if number else "left",
            no_wrap=number or en == "objection",
            overflow="fold",
            ratio=None if number or en == "objection" else 3,
        )
    for each in frequencies:
        table.add_row(
            _text(each.kind.code, _STYLES[each.kind.severity]),
            _text(each.kind.title.to(language)),
            _text(str(each.times)),
            _text(str(each.files)),
            _text(_units(each, language)),
        )
    return table


def _units(each: Frequency, language: Language) -> str:
    """At which units, the most frequent first; of a long list the first few, and how many there are (the JSON has all)."""
    shown = [f"{unit or '—'} {times}" for unit, times in each.units.items()]
    line = Message("、", ", ").to(language).join(shown[:_MOST_UNITS])
    more = len(shown) - _MOST_UNITS
    return line if more <= 0 else line + Message(f" 等 {len(shown)} 个单位", f" and {more} more").to(language)


_MOST_UNITS = 8
_ACCEPTED = Message("已接受", "accepted")
_REASON = Message("理由：", "reason: ")
_NOTHING = Message("没有审核意见", "no objections")
_WHOLE = Message("全表", "the whole table")


def _text(text: str, style: str = "") -> Text:
    return Text(plain(text), style=style)


def _heading(file: str, review: Review) -> Text:
    framework = review.assessment.framework
    return _text(subject_line(review.assessment) or file, "bold").append_text(
        _text(f"\n{file}  [{framework.id}]", "dim")
    )


def _listed(found: Sequence[tuple[Objection, Prose]], review: Review, language: Language) -> Iterator[RenderableType]:
    for each, last in found:
        code = _text(each.code, _STYLES[each.severity])
        yield code.append_text(_text(f"  {(each.indicator or _WHOLE).to(language)}", "bold"))
        yield Prose(each.message.to(language), indent=2)
        yield from _facts(each, review, language)
        yield last


def _answer(each: Objection, language: Language) -> Prose:
    return Prose(f"→ {each.kind.answer.to(language)}", "green", indent=2)


def _facts(each: Objection, review: Review, language: Language) -> Iterator[Prose]:
    """The facts concerned, each with where it comes from."""
    for fact in each.facts[:_FACTS_SHOWN]:
        value = value_text(review.card.facts.value(fact.name), language)
        origin = fact.source or fact.assumed or FACT_WORDS[fact.status].to(language)
        yield Prose(f"· {fact.called(language)} = {value}  ({origin})", "dim", indent=2)
    if (more := len(each.facts) - _FACTS_SHOWN) > 0:
        yield Prose(Message(f"· 另有 {more} 个事实", f"· and {more} more").to(language), "dim", indent=2)


def _verdict(review: Review, language: Language) -> str:
    counts = [(word, len(review.of(severity))) for severity, word in SEVERITIES.items()]
    counts.append((_ACCEPTED, len(review.accepted)))
    said = [f"{word.to(language)} {count}" for word, count in counts if count]
    return Message("，", ", ").to(language).join(said) or _NOTHING.to(language)
