"""Assessment files to fill in: from a framework, or from last year's assessment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from perfeval.errors import Language, Message, PerfevalError, problem
from perfeval.expr.names import names
from perfeval.expr.parse import parse
from perfeval.framework import AskedFact, Dimension, Framework, Indicator, Placed, titled
from perfeval.loading import load, load_framework, written
from perfeval.loading.documents import Table
from perfeval.loading.merge import is_indicator
from perfeval.quantity import decimal_text
from perfeval.rules import Rating, ShareOfItems

__all__ = ["next_year", "starter", "toml_key", "toml_value"]

_SAID_OF_A_YEAR = ("stated", "reason", "target_before")
_EMPTY = '{ value = "", source = "" }'
_RATED = '{ level = "", share = "", source = "" }'


def starter(
    name: str, year: int | None = None, language: Language | None = None, folder: str | Path | None = None
) -> str:
    """A commented assessment file for the framework `name`: it loads as it is, and scores once it is filled in.

    Args:
        name: in the catalogue, or a path ending in ``.toml``.
        language: of the comments; by default the framework's.
        folder: where the file is to lie; by default beside a framework that is a file.

    Raises:
        LoadError: there is no such framework, or it is wrong.
        PerfevalError: the framework lies outside `folder`.
    """
    framework = load_framework(name)
    reference = _reference(name, Path(), Path(name).parent if folder is None else Path(folder))
    return "\n".join(_starter(reference, framework, year, language or framework.language)) + "\n"


def next_year(
    path: str, year: int | None = None, language: Language | None = None, folder: str | Path | None = None
) -> str:
    """Last year's assessment with its own indicators and targets kept and its facts emptied.

    Last year's values stand beside the empty ones as comments.

    Args:
        language: of the comments; by default the framework's.
        folder: where the file is to lie; by default beside last year's.

    Raises:
        LoadError: the file cannot be read.
        PerfevalError: its year is not known, and none is given; or its framework lies outside `folder`.
    """
    assessment = load(path)
    last = assessment.subject.year
    if year is None and last is None:
        raise PerfevalError(
            problem("上年文件没有年度 — 请用 --year 指定", "last year's file has no year — say which with --year")
        )
    data, facts = written(path)
    beside = Path(path).parent
    reference = _reference(str(data["framework"]), beside, beside if folder is None else Path(folder))
    spoken = language or assessment.framework.language
    return "\n".join(_next_year(reference, data, facts, last, year or (last or 0) + 1, spoken)) + "\n"


def _reference(name: str, beside: Path, folder: Path) -> str:
    """A framework's name as a file in `folder` must write it; `name` is a path seen from `beside`, or in the catalogue."""
    if not name.endswith(".toml"):
        return name
    place, root = (beside / name).resolve(), folder.resolve()
    if not place.is_relative_to(root):
        raise PerfevalError(
            problem(
                f"指标体系“{name}”不在文件夹“{folder}”内 — 请将新文件写到“{beside}”",
                f'the framework "{name}" lies outside the folder "{folder}" — write the new file to "{beside}"',
            )
        )
    return place.relative_to(root).as_posix()


def _framework_line(reference: str, language: Language) -> str:
    beside = Message("按相对路径读取：本文件移动时，指标体系文件应一起移动", "a relative path: it moves with this file")
    return f"framework = {toml_value(reference)}" + (
        f"  # {beside.to(language)}" if reference.endswith(".toml") else ""
    )


# From a framework.


def _starter(reference: str, framework: Framework, year: int | None, language: Language) -> Iterator[str]:
    yield f"# {_one_line(framework.called(language))} ({_one_line(framework.document or framework.id)})"
    if language == "zh":
        yield '# 填写说明：value 留空表示尚不知道；写明 source（出处）。依据不足而假定的，另写 assumed = "依据"。'
        yield "# 以词语作答的（如“显著提升”），将 value 改为 choice。填好后运行：perfeval score 本文件"
    else:
        yield '# An empty value is not known yet. Say where each figure stands as its source; what is assumed, as assumed = "basis".'
        yield "# For an answer in words, write choice instead of value. Once filled in, run: perfeval score FILE"
    yield "format = 1"
    yield _framework_line(reference, language)
    yield from _subject(kind="department" if "department" in framework.id else "project", year=year, language=language)
    yield from _published(language)
    live = dict(_set_aside(framework))
    counted = [placed for placed in framework.indicators if _lacks_items(placed)]
    own = [
        (_own(placed.path), _EMPTY, _own_title(language))
        for placed in (*map(framework.layout.__getitem__, live), *counted)
    ]
    yield from _grouped([*_asked(framework, language), *own], _checked(framework, language))
    for placed in counted:
        yield from _first_item(placed, language)
    for path, points in live.items():
        yield from _placeholder(framework.layout[path], points, language)
    for placed in framework.layout.values():
        if isinstance(placed.node, Dimension) and placed.node.open and placed.path not in live:
            yield from (f"# {line}" if line else "" for line in _placeholder(placed, Fraction(5), language))


def _subject(kind: str, year: int | None, language: Language, name: str = "", unit: str = "") -> Iterator[str]:
    kinds = Message('"project" 项目 / "department" 部门整体', '"project" or "department"')
    yield ""
    yield "[subject]"
    yield f"kind = {toml_value(kind)}  # {kinds.to(language)}"
    yield f"name = {toml_value(name)}"
    yield f"unit = {toml_value(unit)}"
    yield f"year = {year}" if year is not None else "# year = 2024"


def _published(language: Language) -> Iterator[str]:
    yield ""
    yield "[published]  # " + Message(
        "已公布的得分与等级；尚未公布则不填", "the score and grade that were published, if any"
    ).to(language)
    yield "# score = 90"
    yield '# grade = "优"' if language == "zh" else '# grade = "excellent"'
    yield '# source = ""'


def _asked(framework: Framework, language: Language) -> Iterator[tuple[str, str, str]]:
    """Each fact that the framework reads: its name, its empty entry, and what it is and is for."""
    called = {each.name: _called(each, language) for each in framework.facts}
    for placed in framework.indicators:
        indicator = placed.node
        assert isinstance(indicator, Indicator)
        title = indicator.called(language)
        if isinstance(indicator.rule, Rating):
            levels = " / ".join(level.name for level in indicator.rule.levels)
            title += f"{Message('；等级：', '; levels: ').to(language)}{levels}"
        read = [*names(framework.award(placed)), *(names(indicator.applies) if indicator.applies is not None else ())]
        yield from _entries(read, title, called)
    for limit in framework.limits:
        yield from _entries(names(limit.when), titled(limit).to(language), called)
    for each in framework.adjustments:
        yield from _entries(names(each.award), titled(each).to(language), called)


def _checked(framework: Framework, language: Language) -> Iterator[tuple[str, str, str]]:
    """Each fact that only a check reads, as a comment: whoever does not have it leaves it out, and the check is not asked."""
    called = {each.name: _called(each, language) for each in framework.facts}
    for check in framework.checks:
        yield from _entries(names(check.that), check.purpose.to(language), called)


def _called(fact: AskedFact, language: Language) -> str:
    """What a fact is called, and what it counts; in English only where it has a title in English."""
    if language == "en":
        return fact.title_en
    return f"{fact.title}（{fact.note}）" if fact.note else fact.title


def _entries(read: Iterable[str], title: str, called: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    # A rating reads x.level and x.share; one entry answers both. What a roll-up reads of its parts is no fact to fill in.
    rated = {name.removesuffix(".level") for name in read if name.endswith(".level")}
    rated &= {name.removesuffix(".share") for name in read if name.endswith(".share")}
    for name in read:
        answer = name.removesuffix(".level").removesuffix(".share")
        own = called.get(answer)
        if answer in rated:
            yield answer, _RATED, title
        elif not name.startswith("parts."):
            yield name, _EMPTY, f"{own} — {title}".replace("） —", "）—") if own else title


def _grouped(entries: Iterable[tuple[str, str, str]], optional: Iterable[tuple[str, str, str]] = ()) -> Iterator[str]:
    """Facts as tables: each name once, those of one group together, optional ones as comments."""
    groups: dict[str, dict[str, str]] = {}
    for mark, (name, entry, comment) in (*(("", each) for each in entries), *(("# ", each) for each in optional)):
        group, _, key = name.rpartition(".")
        groups.setdefault(group, {}).setdefault(
            key, f"{mark}{toml_key(key)} = {entry}" + (f"  # {_one_line(comment)}" if comment else "")
        )
    for group, lines in groups.items():
        mark = "# " if all(line.startswith("# ") for line in lines.values()) else ""
        yield ""
        yield f"{mark}[facts.{toml_key(group)}]" if group else f"{mark}[facts]"
        yield from lines.values()


def _own(path: str) -> str:
    return f"{path}.own_1"


def _own_title(language: Language) -> str:
    return Message("（指标名称）", "(title of the indicator)").to(language)


def _lacks_items(placed: Placed) -> bool:
    node = placed.node
    return isinstance(node, Indicator) and isinstance(node.rule, ShareOfItems) and not node.rule.items


def _first_item(placed: Placed, language: Language) -> Iterator[str]:
    title = _one_line(placed.node.called(language))
    item = {"title": _own_title(language), "actual": _own(placed.path), "target": "100%"}
    yield ""
    yield f"[tree.{toml_key(placed.path)}]  # " + Message(
        f"“{title}”要计数的指标，逐项列出", f'"{title}": list each indicator to count'
    ).to(language)
    yield f"rule = {toml_value({'items': [item]})}"


def _set_aside(framework: Framework) -> Iterator[tuple[str, Fraction]]:
    """The open dimensions that must hold an own indicator for the points to add up, with those points."""
    rest = framework.points - sum((placed.counts for placed in framework.indicators), Fraction(0))
    for placed in framework.layout.values():
        dimension = placed.node
        if not isinstance(dimension, Dimension) or dimension.points is None or dimension.points == placed.points:
            continue
        if any(_is_short(framework.layout[path]) for path in placed.children):
            continue  # told further down
        opened = _first_open(placed, framework)
        if opened is not None:
            yield opened.path, dimension.points - placed.points
            rest -= dimension.points - placed.points
    opened = next(
        (
            _first_open(placed, framework)
            for placed in framework.layout.values()
            if placed.path.count(".") == 0 and _first_open(placed, framework)
        ),
        None,
    )
    if rest > 0 and opened is not None:
        yield opened.path, rest


def _is_short(placed: Placed) -> bool:
    return isinstance(placed.node, Dimension) and placed.node.points is not None and placed.node.points != placed.points


def _first_open(placed: Placed, framework: Framework) -> Placed | None:
    if isinstance(placed.node, Dimension) and placed.node.open:
        return placed
    below = (_first_open(framework.layout[path], framework) for path in placed.children)
    return next((found for found in below if found is not None), None)


def _placeholder(placed: Placed, points: Fraction, language: Language) -> Iterator[str]:
    path = _own(placed.path)
    title = _one_line(placed.node.called(language))
    yield ""
    if language == "zh":
        told = f"“{title}”下的自设指标，可增加 own_2、own_3 …"
        rule = "指标值；其他规则见 docs/rules.md"
        actual = f'# actual = "事实名称或公式"  # 完成值；不写则取事实 {path}'
        reason = '# reason = "未完成原因"'
    else:
        told = f'an own indicator under "{title}"; add own_2, own_3 …'
        rule = "the target; for other rules see docs/rules.md"
        actual = f'# actual = "a fact or a formula"  # by default the fact {path}'
        reason = '# reason = "why points were lost"'
    yield f"[tree.{toml_key(path)}]  # {told}"
    yield f"title = {toml_value(_own_title(language))}"
    if placed.category is None:
        yield 'category = "output.quantity"'
    yield f"points = {decimal_text(points)}"
    yield f'rule = {{ kind = "completion", target = "≥100%" }}  # {rule}'
    yield actual
    yield reason


# From last year.


def _next_year(
    reference: str,
    data: Table,
    facts: tuple[tuple[str, object], ...],
    last: int | None,
    year: int,
    language: Language,
) -> Iterator[str]:
    subject = data.get("subject")
    subject = subject if isinstance(subject, dict) else {}
    if language == "zh":
        yield f"# 由{f' {last} ' if last else '上'}年度评价文件生成：自设指标与指标值已保留，事实已清空（上年数值在注释中）。"
        yield "# 请逐项核对指标值与分值是否仍然适用。"
    else:
        yield f"# From the assessment of {last or 'last year'}: its own indicators and targets are kept, its facts emptied"
        yield "# (last year's values stand as comments). See whether each target and its points still hold."
    yield "format = 1"
    yield _framework_line(reference, language)
    kind, name, unit = (
        str(subject.get(key, default)) for key, default in (("kind", "project"), ("name", ""), ("unit", ""))
    )
    yield from _subject(kind, year, language, name, unit)
    yield from _published(language)
    yield from _grouped((name, _emptied(entry), _last_value(entry, last, language)) for name, entry in facts)
    tree = data.get("tree")
    if isinstance(tree, dict):
        yield from _kept(tree, ("tree",))


def _emptied(entry: object) -> str:
    if not isinstance(entry, dict):
        return _EMPTY
    kept = {key: entry[key] for key in ("title", "title_en", "unit") if key in entry}
    if "formula" in entry and not _is_figure(entry["formula"]):
        said = {key: entry[key] for key in ("formula", "source", "assumed") if key in entry}
        return toml_value({**said, **kept})
    if "level" in entry:
        return toml_value({"level": "", "share": "", "source": "", **kept})
    return toml_value({"choice" if "choice" in entry else "value": "", "source": "", **kept})


def _is_figure(formula: object) -> bool:
    """Whether a formula reads no fact, so that it is a figure of last year (14分 / 15分) and no relation that holds on."""
    return not names(parse(str(formula)))


def _last_value(entry: object, last: int | None, language: Language) -> str:
    said, origin = [entry], Message("", "")
    if isinstance(entry, dict):
        said = [entry[key] for key in ("value", "choice", "level", "share") if entry.get(key) not in (None, "")]
        if "formula" in entry and _is_figure(entry["formula"]):
            said.append(entry["formula"])
        if entry.get("assumed"):
            origin = Message(f"（假定：{entry['assumed']}）", f" (assumed: {entry['assumed']})")
        elif entry.get("source"):
            origin = Message(f"（{entry['source']}）", f" ({entry['source']})")
    if not said:
        return ""
    written = " ".join(_as_written(value) for value in said)
    return Message(f"{last or '上年'}：{written}{origin.zh}", f"{last or 'last year'}: {written}{origin.en}").to(
        language
    )


def _as_written(value: object) -> str:
    return value if isinstance(value, str) else toml_value(value)


def _kept(table: Mapping[str, object], at: tuple[str, ...]) -> Iterator[str]:
    """The nodes of the tree with all that is not said of one year; why a dimension's points were changed still holds."""
    leaf = is_indicator(dict(table))
    own = {key: value for key, value in table.items() if leaf or not isinstance(value, dict)}
    lines = [
        f"{toml_key(key)} = {toml_value(value)}"
        for key, value in own.items()
        if key not in _SAID_OF_A_YEAR or (key == "reason" and "points" in own and not leaf)
    ]
    if lines:
        yield ""
        yield f"[{'.'.join(toml_key(key) for key in at)}]"
        yield from lines
    for key, value in table.items():
        if isinstance(value, dict) and not leaf:
            yield from _kept(value, (*at, key))


# TOML.


def toml_key(name: str) -> str:
    """A dotted name as TOML keys."""
    return ".".join(
        part if part.isascii() and part.replace("-", "_").isidentifier() else toml_value(part)
        for part in name.split(".")
    )


def _one_line(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def toml_value(value: object) -> str:
    """A value as TOML on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case int() | Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case list():
            return f"[{', '.join(toml_value(each) for each in value)}]"
        case dict():
            return "{ " + ", ".join(f"{toml_key(str(key))} = {toml_value(item)}" for key, item in value.items()) + " }"
        case _:
            raise TypeError(f"no TOML for {type(value).__name__}")
