"""Assessment files to fill in: from a framework, or from last year's assessment."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from perfeval.errors import PerfevalError, problem
from perfeval.expr.names import names
from perfeval.framework import Dimension, Framework, Indicator, Placed
from perfeval.loading import load, load_framework, written
from perfeval.loading.documents import Table
from perfeval.loading.merge import is_indicator
from perfeval.quantity import decimal_text
from perfeval.rules import Rating

__all__ = ["next_year", "starter"]

_SAID_OF_A_YEAR = ("stated", "reason")


def starter(name: str, year: int | None = None) -> str:
    """A commented assessment file for the framework `name`: it loads as it is, and scores once it is filled in.

    Raises:
        LoadError: there is no such framework, or it is wrong.
    """
    framework = load_framework(name)
    return "\n".join(_starter(name, framework, year)) + "\n"


def next_year(path: str, year: int | None = None) -> str:
    """Last year's assessment with its own indicators and targets kept and its facts emptied.

    Last year's values stand beside the empty ones as comments.

    Raises:
        LoadError: the file cannot be read.
        PerfevalError: its year is not known, and none is given.
    """
    last = load(path).subject.year
    if year is None and last is None:
        raise PerfevalError(
            problem("上年文件没有年度 — 请用 --year 指定", "last year's file has no year — say which with --year")
        )
    data, facts = written(path)
    return "\n".join(_next_year(data, facts, last, year if year is not None else (last or 0) + 1)) + "\n"


# From a framework.


def _starter(name: str, framework: Framework, year: int | None) -> Iterator[str]:
    yield f"# {framework.title}（{framework.document or framework.id}）"
    yield '# 填写说明：value 留空表示尚不知道；写明 source（出处）。依据不足而假定的，另写 assumed = "依据"。'
    yield "# 填好后运行：perfeval score 本文件"
    yield "format = 1"
    yield f"framework = {_toml(name)}"
    yield from _subject(kind="department" if "department" in name else "project", year=year)
    yield from _published()
    yield from _framework_facts(framework)
    yield from _own_indicators(framework)


def _subject(kind: str, year: int | None, name: str = "", unit: str = "") -> Iterator[str]:
    yield ""
    yield "[subject]"
    yield f'kind = "{kind}"          # "project" 项目 / "department" 部门整体'
    yield f"name = {_toml(name)}"
    yield f"unit = {_toml(unit)}"
    yield f"year = {year}" if year is not None else "# year = 2024"


def _published() -> Iterator[str]:
    yield ""
    yield "[published]               # 已公布的得分与等级；尚未公布则不填"
    yield "# score = 90"
    yield '# grade = "优"'
    yield '# source = ""'


def _framework_facts(framework: Framework) -> Iterator[str]:
    groups: dict[str, list[str]] = {}
    seen: set[str] = set()
    for placed in framework.indicators:
        indicator = placed.node
        assert isinstance(indicator, Indicator)
        used = _facts_of(placed, indicator, framework)
        for fact in used:
            if fact not in seen:
                seen.add(fact)
                group, _, last = fact.rpartition(".")
                groups.setdefault(group, []).append(f"{_entry(last, indicator)}  # {indicator.title}")
    for group, lines in groups.items():
        yield ""
        yield f"[facts.{_dotted(group)}]" if group else "[facts]"
        yield from lines


def _facts_of(placed: Placed, indicator: Indicator, framework: Framework) -> list[str]:
    read = [*names(framework.award(placed)), *(names(indicator.applies) if indicator.applies is not None else ())]
    if isinstance(indicator.rule, Rating):
        # A rating reads x.level and x.share; one entry answers both.
        read = [name.removesuffix(".level") for name in read if not name.endswith(".share")]
    return read


def _entry(name: str, indicator: Indicator) -> str:
    key = _dotted(name)
    if isinstance(indicator.rule, Rating):
        levels = " / ".join(level.name for level in indicator.rule.levels)
        return f'{key} = {{ level = "", share = "", source = "" }}  # 等级：{levels}'
    return f'{key} = {{ value = "", source = "" }}'


def _own_indicators(framework: Framework) -> Iterator[str]:
    live = dict(_set_aside(framework))
    for path, points in live.items():
        yield ""
        yield f"[facts.{_dotted(path)}]"
        yield 'own_1 = { value = "", source = "" }  # （指标名称）的完成值'
        yield from _placeholder(framework.layout[path], points)
    for placed in framework.layout.values():
        if isinstance(placed.node, Dimension) and placed.node.open and placed.path not in live:
            yield from (f"# {line}" if line else "" for line in _placeholder(placed, Fraction(5)))


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


def _placeholder(placed: Placed, points: Fraction) -> Iterator[str]:
    path = f"{placed.path}.own_1"
    yield ""
    yield f"[tree.{_dotted(path)}]  # “{placed.node.title}”下的自设指标，可增加 own_2、own_3 …"
    yield 'title = "（指标名称）"'
    if placed.category is None:
        yield 'category = "output.quantity"'
    yield f"points = {decimal_text(points)}"
    yield 'rule = { kind = "completion", target = "≥100%" }  # 指标值；其他规则见 docs/rules.md'
    yield f'# actual = "事实名称或公式"  # 完成值；不写则取事实 {path}'
    yield '# reason = "未完成原因"'


# From last year.


def _next_year(data: Table, facts: tuple[tuple[str, object], ...], last: int | None, year: int) -> Iterator[str]:
    subject = data.get("subject")
    subject = subject if isinstance(subject, dict) else {}
    yield f"# 由 {last or '上'} 年度评价文件生成：自设指标与指标值已保留，事实已清空（上年数值在注释中）。"
    yield "# 请逐项核对指标值与分值是否仍然适用。"
    yield "format = 1"
    yield f"framework = {_toml(data['framework'])}"
    yield from _subject(
        str(subject.get("kind", "project")), year, str(subject.get("name", "")), str(subject.get("unit", ""))
    )
    yield from _published()
    yield from _emptied(facts, last)
    tree = data.get("tree")
    if isinstance(tree, dict):
        yield from _kept(tree, ("tree",))


def _emptied(facts: tuple[tuple[str, object], ...], last: int | None) -> Iterator[str]:
    groups: dict[str, list[str]] = {}
    for name, entry in facts:
        group, _, key = name.rpartition(".")
        groups.setdefault(group, []).append(f"{_dotted(key)} = {_emptied_entry(entry)}{_last_value(entry, last)}")
    for group, lines in groups.items():
        yield ""
        yield f"[facts.{_dotted(group)}]" if group else "[facts]"
        yield from lines


def _emptied_entry(entry: object) -> str:
    if not isinstance(entry, dict):
        return '{ value = "", source = "" }'
    kept = {key: entry[key] for key in ("title", "title_en", "unit") if key in entry}
    if "formula" in entry:
        return _toml({"formula": entry["formula"], **kept})
    if "level" in entry:
        return _toml({"level": "", "share": "", "source": "", **kept})
    return _toml({"value": "", "source": "", **kept})


def _last_value(entry: object, last: int | None) -> str:
    if isinstance(entry, dict):
        said = [entry.get(key) for key in ("value", "choice", "level", "share") if entry.get(key) not in (None, "")]
        origin = (
            f"（假定：{entry['assumed']}）"
            if entry.get("assumed")
            else f"（{entry['source']}）"
            if entry.get("source")
            else ""
        )
    else:
        said, origin = [entry], ""
    if not said:
        return ""
    shown = " ".join(str(value) for value in said) + origin
    return f"  # {last or '上年'}：{_one_line(shown)}"


def _kept(table: Mapping[str, object], at: tuple[str, ...]) -> Iterator[str]:
    """The nodes of the tree with all that is not said of one year."""
    own = {key: value for key, value in table.items() if not _is_node(table, key, value)}
    lines = [f"{_dotted(key)} = {_toml(value)}" for key, value in own.items() if key not in _SAID_OF_A_YEAR]
    if at != ("tree",) and ("points" in own or is_indicator(dict(table))):
        if not is_indicator(dict(table)) and "reason" in own:
            lines.append(f"reason = {_toml(own['reason'])}")
        yield ""
        yield f"[{'.'.join(_dotted(key) for key in at)}]"
        yield from lines
    for key, value in table.items():
        if isinstance(value, dict) and _is_node(table, key, value):
            yield from _kept(value, (*at, key))


def _is_node(table: Mapping[str, object], key: str, value: object) -> bool:
    return isinstance(value, dict) and not is_indicator(dict(table)) and key != "rule"


# TOML.


def _dotted(name: str) -> str:
    """A dotted name as TOML keys."""
    return ".".join(
        part if part.isascii() and part.replace("-", "_").isidentifier() else _toml(part) for part in name.split(".")
    )


def _one_line(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _toml(value: object) -> str:
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
            return f"[{', '.join(_toml(each) for each in value)}]"
        case dict():
            return "{ " + ", ".join(f"{_dotted(str(key))} = {_toml(item)}" for key, item in value.items()) + " }"
        case _:
            raise TypeError(f"no TOML for {type(value).__name__}")
