"""Hypothesis strategies for quantities, facts, rules, frameworks, assessments and published tables.

They draw what people write, small figures first, and show what they drew as TOML: what a failing test is shrunk to can
be kept as a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Final

from attrs import evolve, frozen
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from perfeval.assessment import Assessment, Published, Remark
from perfeval.errors import DefinitionError, nearest, problem
from perfeval.evaluate import evaluate
from perfeval.facts import Fact, FactSheet, FactValue, read_value
from perfeval.framework import Adjustment, Dimension, Framework, Grade, Indicator, Limit, Node, Rounding
from perfeval.loading.structure import structured
from perfeval.quantity import Kind, Quantity, Target, decimal_text, quantity, target
from perfeval.rules import RULES, Rule
from perfeval.scorecard import Scorecard
from perfeval.testing.written import Table, Written, toml

__all__ = [
    "FAULTS",
    "KINDS",
    "UNLAWFUL",
    "assessments",
    "facts",
    "frameworks",
    "published_tables",
    "quantities",
    "rules",
    "targets",
]

KINDS: Final = tuple(rule.kind for rule in RULES)
"""Every kind of rule."""
_UNITS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "number": ("",),
    "ratio": ("%",),
    "money": ("万元", "元"),
    "length": ("米", "公里"),
    "area": ("亩", "公顷"),
    "mass": ("公斤", "吨"),
    "count:人": ("人", "万人"),
    "count:棵": ("棵",),
}
_GRADES: Final = (
    {"name": "优", "from": 90},
    {"name": "良", "from": 80},
    {"name": "中", "from": 60},
    {"name": "差", "from": 0},
)
_FIRST_DAY: Final = date(2024, 1, 1)
_PART: Final = "part.toml"
_PART_FRAMEWORK: Final = "part-framework.toml"


# Quantities and facts.


def _unknown(zh: str, en: str, name: str, known: Iterable[str]) -> DefinitionError:
    """What is asked for is not drawn; said where it is asked, and not when a test has begun."""
    hint = nearest(name, list(known))
    return DefinitionError(problem(f"没有{zh}“{name}”— {hint.zh}", f'there is no {en} "{name}" — {hint.en}'))


def _of_known(kinds: Sequence[str]) -> Sequence[str]:
    for kind in kinds:
        if kind not in KINDS:
            raise _unknown("规则", "rule kind", kind, KINDS)
    return kinds


def _figures(least: int, most: int) -> SearchStrategy[str]:
    """A figure as written, whole ones first."""
    whole = st.integers(least, most).map(str)
    exact = st.decimals(least, most, places=2, allow_nan=False, allow_infinity=False).map(
        lambda value: decimal_text(Fraction(value))
    )
    return st.one_of(whole, exact)


def _written_in(kind: Kind | None, least: int, most: int) -> SearchStrategy[str]:
    if kind == "date":
        return st.integers(least, most).map(lambda days: (_FIRST_DAY + timedelta(days)).isoformat())
    if kind == "month":
        return st.integers(max(least, 1), max(1, min(most, 12))).map(lambda month: f"{month}月")
    if kind is not None and kind not in _UNITS and not kind.startswith("count:"):
        raise _unknown("量的种类", "kind of quantity", kind, (*_UNITS, "date", "month", "count:件"))
    kinds = [kind] if kind is not None else list(_UNITS)
    units = [unit for each in kinds for unit in _UNITS.get(each, (each.removeprefix("count:"),))]
    return st.builds(lambda figure, unit: figure + unit, _figures(least, most), st.sampled_from(units))


def quantities(kind: Kind | None = None, *, least: int = 0, most: int = 200) -> SearchStrategy[Quantity]:
    """Quantities of `kind` (None: of any that people measure), between two figures of the unit they are written in.

    Of dates, `least` and `most` are days from 2024-01-01 on.

    Raises:
        DefinitionError: there is no such kind; a count is ``count:`` and what is counted.
    """
    return _written_in(kind, least, most).map(quantity)


def targets(kind: Kind | None = None, signs: str = "≥≤=") -> SearchStrategy[Target]:
    """Targets with one of `signs`, above 0."""
    return st.builds(lambda sign, written: target(sign + written), st.sampled_from(signs), _written_in(kind, 1, 200))


def facts(kind: Kind | None = None, name: str = "x") -> SearchStrategy[Fact]:
    """Facts of any standing: stated with a source, assumed with a basis, or not known; "truth" is a yes/no."""
    value: SearchStrategy[FactValue] = st.booleans() if kind == "truth" else quantities(kind)
    return st.one_of(
        st.builds(lambda each: Fact(name, each, source="决算表"), value),
        st.builds(lambda each: Fact(name, each, assumed="按上年"), value),
        st.just(Fact(name)),
    )


# Rules.


@frozen
class _Drawn:
    """A rule's table, and what each fact that it reads may be answered with."""

    rule: Table
    facts: Mapping[str, SearchStrategy[object]]
    around: Table


def _drawn(rule: Table, answers: Mapping[str, SearchStrategy[object]], **around: object) -> _Drawn:
    return _Drawn(rule, answers, around)


def _value(kind: Kind, least: int = 0, most: int = 200) -> SearchStrategy[object]:
    return _written_in(kind, least, most).map(lambda written: written)


_TRUTH: Final[SearchStrategy[object]] = st.booleans().map(lambda value: value)
_SHARES: Final = st.integers(0, 100)
_KIND: Final = st.sampled_from(["ratio", "count:棵", "money"])


@st.composite
def _completion(draw: DrawFn, name: str, points: int) -> _Drawn:
    kind = draw(_KIND)
    rule: Table = {"kind": "completion", "target": str(draw(targets(kind)))}
    sign = str(rule["target"])[0]
    if draw(st.booleans()):
        rule["zero_below"] = f"{draw(st.integers(1, 90))}%"
    if draw(st.booleans()):
        rule["scale_from"] = f"{draw(st.integers(1, 90))}%"
    if sign == "≤" and draw(st.booleans()):
        rule["decline"] = "deviation"
    if sign == "≥" and draw(st.booleans()):
        rule["over"] = {"beyond": f"{draw(st.integers(100, 150))}%", **draw(_KEPT)}
    return _drawn(rule, {name: _value(kind)})


_KEPT: Final[SearchStrategy[Table]] = st.one_of(
    st.just({}), _SHARES.map(lambda share: {"share": f"{share}%"}), _SHARES.map(lambda share: {"at_least": f"{share}%"})
)


@st.composite
def _yes_no(draw: DrawFn, name: str, points: int) -> _Drawn:
    match draw(st.sampled_from(["answer", "answers", "line"])):
        case "answers":
            asked = [f"{name}_filed", f"{name}_public"]
            joined = draw(st.sampled_from([" and ", " or "])).join(asked)
            return _drawn({"kind": "yes-no", "when": joined}, dict.fromkeys(asked, _TRUTH))
        case "line":
            when = f"{name} {draw(st.sampled_from(['>=', '<=', '==']))} {draw(st.integers(1, 100))}%"
            return _drawn({"kind": "yes-no", "when": when}, {name: _value("ratio")})
        case _:
            return _drawn({"kind": "yes-no"}, {name: _TRUTH})


@st.composite
def _bands(draw: DrawFn, name: str, points: int) -> _Drawn:
    sign = draw(st.sampled_from("≥>≤<"))
    rises = sign in "≥>"
    edges = sorted(draw(st.sets(st.integers(1, 150), min_size=1, max_size=4)), reverse=rises)
    awards = sorted(draw(st.lists(st.integers(0, points - 1), min_size=len(edges), max_size=len(edges))), reverse=True)
    bands: list[object] = [[f"{sign}{edge}%", award] for edge, award in zip(edges, [points, *awards[1:]], strict=True)]
    facts: dict[str, SearchStrategy[object]] = {name: _value("ratio")}
    match draw(st.sampled_from(["", "exactly", "when"])):
        case "exactly":  # the best value, and on one side what comes near it
            bands.insert(0, [f"={edges[0] + (1 if rises else -1)}%", points])
        case "when":
            bands.insert(0, {"when": f"{name}_excused", "award": "100%"})
            facts[f"{name}_excused"] = _TRUTH
    return _drawn({"kind": "bands", "bands": bands, "otherwise": 0}, facts)


@st.composite
def _linear(draw: DrawFn, name: str, points: int) -> _Drawn:
    xs = sorted(draw(st.sets(st.integers(0, 150), min_size=2, max_size=4)))
    ys = sorted(draw(st.lists(st.integers(0, points), min_size=len(xs), max_size=len(xs))))
    corners = [[f"{x}%", y] for x, y in zip(xs, [*ys[:-1], points], strict=True)]
    return _drawn({"kind": "linear", "through": corners}, {name: _value("ratio")})


@st.composite
def _deduct(draw: DrawFn, name: str, points: int) -> _Drawn:
    rule: Table = {
        "kind": "deduct",
        draw(st.sampled_from(["beyond", "below", "either_side_of"])): f"{draw(st.integers(1, 100))}%",
        "each": f"{draw(st.integers(1, 20))}%",
        "minus": f"{draw(st.integers(1, 100))}%",
        "partial": draw(st.sampled_from(["proportional", "up", "down"])),
    }
    if draw(st.booleans()):
        rule["at_most"] = f"{draw(st.integers(1, 100))}%"
    return _drawn(rule, {name: _value("ratio")})


@st.composite
def _checklist(draw: DrawFn, name: str, points: int) -> _Drawn:
    names = [f"{name}_item{index}" for index in range(1, draw(st.integers(1, 4)) + 1)]
    rule: Table = {"kind": "checklist", "items": [{"when": each} for each in names]}
    if draw(st.booleans()):
        rule["all_or_nothing"] = True
    return _drawn(rule, dict.fromkeys(names, _TRUTH))


@st.composite
def _share_of_items(draw: DrawFn, name: str, points: int) -> _Drawn:
    names = [f"{name}_item{index}" for index in range(1, draw(st.integers(1, 3)) + 1)]
    items = [{"actual": each, "target": f"{draw(st.integers(1, 200))}棵"} for each in names]
    sides = draw(st.sampled_from([("within",), ("below",), ("above",), ("below", "above")]))
    rule: Table = {"kind": "share-of-items", **{side: f"{draw(st.integers(0, 50))}%" for side in sides}, "items": items}
    return _drawn(rule, dict.fromkeys(names, _value("count:棵")))


@st.composite
def _schedule(draw: DrawFn, name: str, points: int) -> _Drawn:
    dates = ("6月底", "9月底", "12月底")[: draw(st.integers(1, 3))]
    names = [f"{name}_by{index}" for index in range(1, len(dates) + 1)]
    by = [
        {"at": at, "actual": each, "reach": f"≥{draw(st.integers(1, 100))}%"}
        for at, each in zip(dates, names, strict=True)
    ]
    rule: Table = {"kind": "schedule", "by": by}
    match draw(st.sampled_from(["", "pro_rata", "minus"])):
        case "pro_rata":
            rule["pro_rata"] = True
        case "minus":
            rule["minus"] = f"{draw(st.integers(1, 100))}%"
    return _drawn(rule, dict.fromkeys(names, _value("ratio")))


@st.composite
def _rating(draw: DrawFn, name: str, points: int) -> _Drawn:
    middle = draw(st.integers(1, 99))
    levels = [
        {"name": "达成", "from": f"{middle}%", "to": "100%"},
        {"name": "未达成", "from": "0%", "to": f"{middle}%"},
    ]
    met = st.integers(middle, 100).map(lambda share: {"level": "达成", "share": f"{share}%"})
    missed = st.integers(0, middle - 1).map(lambda share: {"level": "未达成", "share": f"{share}%"})
    return _drawn({"kind": "rating", "levels": levels}, {name: st.one_of(met, missed)})


@st.composite
def _formula(draw: DrawFn, name: str, points: int) -> _Drawn:
    award = draw(
        st.sampled_from(
            ["points * min(1, actual)", "points * max(0, 1 - actual)", "if(actual >= 60%, points, points / 2)"]
        )
    )
    return _drawn({"kind": "formula", "award": award}, {name: _value("ratio")})


def _awarded(name: str, points: int) -> SearchStrategy[_Drawn]:
    return st.just(_drawn({"kind": "awarded"}, {name: _value("number", 0, points)}))


@st.composite
def _best_of(draw: DrawFn, name: str, points: int) -> _Drawn:
    first = {"kind": "completion", "target": f"≥{draw(st.integers(1, 150))}%"}
    second = {"kind": "yes-no", "when": f"{name}_excused"}
    return _drawn(
        {"kind": "best-of", "alternatives": [first, second]}, {name: _value("ratio"), f"{name}_excused": _TRUTH}
    )


@st.composite
def _panel(draw: DrawFn, name: str, points: int) -> _Drawn:
    raters = [f"{name}_rater{index}" for index in range(1, draw(st.integers(1, 4)) + 1)]
    rule: Table = {"kind": "panel", "raters": raters}
    if len(raters) >= 3 and draw(st.booleans()):
        rule["drop_extremes"] = True
    full = points
    if draw(st.booleans()):
        rule["out_of"] = full = draw(st.sampled_from([10, 100]))
    return _drawn(rule, dict.fromkeys(raters, _value("number", 0, full)))


def _roll_up(name: str, points: int) -> SearchStrategy[_Drawn]:
    return st.just(_drawn({"kind": "roll-up", "of": [_PART]}, {}))


_RULES: Final[Mapping[str, Callable[[str, int], SearchStrategy[_Drawn]]]] = {
    "completion": _completion,
    "yes-no": _yes_no,
    "bands": _bands,
    "linear": _linear,
    "deduct": _deduct,
    "checklist": _checklist,
    "share-of-items": _share_of_items,
    "schedule": _schedule,
    "rating": _rating,
    "formula": _formula,
    "awarded": _awarded,
    "best-of": _best_of,
    "panel": _panel,
    "roll-up": _roll_up,
}


def rules(kind: str | None = None, points: int = 10) -> SearchStrategy[Written[Rule]]:
    """Rules of `kind` (None: of every kind) for an indicator worth `points`, that make sense.

    Raises:
        DefinitionError: there is no such kind.
    """
    kinds = _of_known([kind] if kind is not None else list(KINDS))
    return st.one_of([_RULES[each]("x", points).map(_as_rule) for each in kinds])


def _as_rule(drawn: _Drawn) -> Written[Rule]:
    table: Table = {"id": "it", "title": "it", "points": 10, "rule": drawn.rule}
    return Written(structured(table, Indicator).rule, {"rule.toml": toml({"rule": drawn.rule})})


# Rules that make no sense.


@st.composite
def _falling(draw: DrawFn, name: str, points: int) -> _Drawn:
    low, high = sorted(draw(st.sets(st.integers(1, 150), min_size=2, max_size=2)))
    less = draw(st.integers(0, points - 1))
    rule: Table = {"kind": "bands", "bands": [[f"≥{high}%", less], [f"≥{low}%", points]]}
    return _drawn(rule, {name: _value("ratio")})


@st.composite
def _never_full(draw: DrawFn, name: str, points: int) -> _Drawn:
    rule: Table = {"kind": "bands", "bands": [[f"≥{draw(st.integers(1, 150))}%", draw(st.integers(1, points - 1))]]}
    return _drawn(rule, {name: _value("ratio")})


@st.composite
def _below_zero(draw: DrawFn, name: str, points: int) -> _Drawn:
    rule: Table = {"kind": "formula", "award": f"points * (1 - {draw(st.integers(2, 9))} * actual)"}
    return _drawn(rule, {name: _value("ratio")})


@st.composite
def _with_cliff(draw: DrawFn, name: str, points: int) -> _Drawn:
    rule: Table = {
        "kind": "formula",
        "award": f"if(actual >= {draw(st.integers(1, 99))}%, points, points * actual / 2)",
    }
    return _drawn(rule, {name: _value("ratio")})


@st.composite
def _with_gap(draw: DrawFn, name: str, points: int) -> _Drawn:
    low, high = sorted(draw(st.sets(st.integers(1, 150), min_size=2, max_size=2)))
    bands = [[f"≥{high}%", points], [f"<{low}%", draw(st.integers(1, points - 1))]]
    return _drawn({"kind": "bands", "bands": bands}, {name: _value("ratio")})


@st.composite
def _with_dead_branch(draw: DrawFn, name: str, points: int) -> _Drawn:
    low, high = sorted(draw(st.sets(st.integers(1, 150), min_size=2, max_size=2)))
    rule: Table = {"kind": "formula", "award": f"if(actual > {low}%, points, if(actual > {high}%, 1, 0))"}
    return _drawn(rule, {name: _value("ratio")})


_UNLAWFUL: Final[Mapping[str, Callable[[str, int], SearchStrategy[_Drawn]]]] = {
    "monotone": _falling,
    "full": _never_full,
    "zero": _below_zero,
    "continuous": _with_cliff,
    "bands": _with_gap,
    "reachable": _with_dead_branch,
}
UNLAWFUL: Final = tuple(_UNLAWFUL)
"""The laws that a framework can be drawn to break."""


# Frameworks.


@frozen
class _Sketch:
    """A framework's table, and what its facts may be answered with."""

    table: Table
    facts: Mapping[str, SearchStrategy[object]]
    faults: tuple[str, ...] = ()

    @property
    def framework(self) -> Framework:
        """The typed framework."""
        tree = self.table["tree"]
        assert isinstance(tree, dict)
        nodes = [_node(name, node) for name, node in tree.items()]
        header = self.table["framework"]
        assert isinstance(header, dict)
        grades = [structured(grade, Grade) for grade in header["grades"]]
        made = Framework(
            id=header["id"],
            title=header["title"],
            points=header["points"],
            grades=tuple(grades),
            tree=nodes,
            limits=tuple(structured(each, Limit) for each in _tables(self.table, "limits")),
            adjustments=tuple(structured(each, Adjustment) for each in _tables(self.table, "adjustments")),
        )
        return evolve(made, rounding=(structured(header["rounding"], Rounding),)) if "rounding" in header else made


def _tables(table: Table, key: str) -> list[Table]:
    found = table.get(key, [])
    assert isinstance(found, list)
    return found


def _node(name: str, table: Table) -> Node:
    """A node: a dimension where it has no rule."""
    if "rule" in table:
        return structured({**table, "id": name}, Indicator)
    below = {key: each for key, each in table.items() if isinstance(each, dict)}
    children = tuple(_node(key, each) for key, each in below.items())
    return Dimension(name, str(table["title"]), children, requires=table.get("requires"))


@st.composite
def _sketches(draw: DrawFn, kinds: Sequence[str], most: int, breaks: str | None = None, around: bool = True) -> _Sketch:
    """With what stands `around` the rules: conditions, gates, bonuses, rounding, limits and points beside the tree."""
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=most))
    points = draw(_points(len(chosen)))
    tree: Table = {}
    answers: dict[str, SearchStrategy[object]] = {}
    for index, (kind, worth) in enumerate(zip(chosen, points, strict=True), start=1):
        name = f"i{index}"
        rule = _UNLAWFUL[breaks] if breaks is not None and index == 1 else _RULES[kind]
        drawn = draw(rule(name, worth))
        node: Table = {"title": f"指标{index}", "category": "output.quantity", "points": worth, "rule": drawn.rule}
        if kind == "rating" or name in drawn.facts:
            node["actual"] = name  # wherever it stands
        if around and kind == "formula" and draw(st.booleans()):
            node["bonus_up_to"] = draw(st.integers(1, 5))
        if around and index > 1 and draw(st.booleans()):
            node["applies"] = f"{name}_applies"
            answers[f"{name}_applies"] = _TRUTH
        tree[name] = node
        answers.update(drawn.facts)
    if len(tree) > 1 and draw(st.booleans()):  # the last ones below a dimension
        own = draw(st.integers(0, len(tree) - 1))
        below = dict(list(tree.items())[own:])
        gate: Table = {}
        if around and draw(st.booleans()):
            gate, answers["filed"] = {"requires": "filed"}, _TRUTH
        tree = {**dict(list(tree.items())[:own]), "d1": {"title": "一级指标", **gate, **below}}
    header: Table = {"id": "drawn", "title": "示例", "points": 100, "grades": list(_GRADES)}
    beside: Table = {}
    if around and draw(st.booleans()):
        header["rounding"] = {
            "of": draw(st.sampled_from(["each", "total", "rate"])),
            "places": draw(st.integers(0, 3)),
            "mode": draw(st.sampled_from(["half-up", "half-even", "down"])),
        }
    if around and draw(st.booleans()):
        limit: Table = draw(st.sampled_from([{"at_most": 59}, {"grade_at_most": "中"}]))
        beside["limits"], answers["misuse"] = [{"title": "套取资金", "when": "misuse", **limit}], _TRUTH
    if around and draw(st.booleans()):
        adjustment = draw(
            st.sampled_from([{"award": "honours * 2", "at_most": 3}, {"award": "0 - honours", "at_least": -4}])
        )
        beside["adjustments"] = [{"id": "honours", "title": "表彰", **adjustment}]
        answers["honours"] = _value("number", 0, 5)
    place = "i1" if "i1" in tree else "d1.i1"
    faults = () if breaks is None else (f"{breaks} {place}",)
    return _Sketch({"format": 1, "framework": header, "tree": tree, **beside}, answers, faults)


@st.composite
def _points(draw: DrawFn, count: int) -> list[int]:
    """`count` numbers of points that add up to 100, at least 2 each."""
    cuts = sorted(draw(st.sets(st.integers(1, 49), min_size=count - 1, max_size=count - 1)))
    ends = [0, *cuts, 50]
    return [2 * (high - low) for low, high in pairwise(ends)]


def frameworks(
    kinds: Sequence[str] = KINDS, *, most: int = 4, breaks: str | None = None
) -> SearchStrategy[Written[Framework]]:
    """Complete frameworks of 100 points, with up to `most` indicators of rules of `kinds`, some below a dimension.

    With `breaks`, a law of `UNLAWFUL` or "any", one indicator has a rule that breaks it; which stands in `Written.faults`.

    Raises:
        DefinitionError: there is no such kind, or no such law to break.
    """
    _of_known(kinds)
    if breaks is not None and breaks not in ("any", *UNLAWFUL):
        raise _unknown("可违反的规律", "law to break", breaks, (*UNLAWFUL, "any"))
    laws = st.sampled_from(UNLAWFUL) if breaks == "any" else st.just(breaks)
    return laws.flatmap(lambda law: _sketches(kinds, most, law)).map(
        lambda sketch: Written(sketch.framework, {"framework.toml": toml(sketch.table)}, sketch.faults)
    )


# Assessments.


def assessments(
    kinds: Sequence[str] = KINDS, *, most: int = 4, known: bool = False
) -> SearchStrategy[Written[Assessment]]:
    """Assessments on such frameworks; with `known` every fact has a value.

    Raises:
        DefinitionError: there is no such kind.
    """
    return _assessments(_of_known(kinds), most, known)


@st.composite
def _assessments(
    draw: DrawFn, kinds: Sequence[str], most: int, known: bool, around: bool = True
) -> Written[Assessment]:
    sketch = draw(_sketches(kinds, most, around=around))
    framework = sketch.framework
    table: Table = {"format": 1, "framework": "framework.toml", "subject": {"name": "示例", "year": 2024}}
    given: Table = {}
    for name, answers in sketch.facts.items():
        given[name] = draw(answers if known else st.one_of(answers, st.just({"value": ""})))
    if given:
        table["facts"] = given
    files = {"assessment.toml": toml(table), "framework.toml": toml(sketch.table)}
    parts: dict[str, Assessment] = {}
    if any(placed.node.rule.kind == "roll-up" for placed in framework.indicators if isinstance(placed.node, Indicator)):
        parts[_PART], part_files = _part(draw(_figures(0, 100)))
        files |= part_files
    return Written(Assessment(framework, _sheet(given), parts=parts), files)


def _part(score: str) -> tuple[Assessment, dict[str, str]]:
    """An assessment to roll up."""
    node: Table = {"title": "得分", "category": "decision", "points": 100, "rule": {"kind": "awarded"}}
    framework: Table = {"format": 1, "framework": {"id": "part", "title": "部分", "points": 100}, "tree": {"it": node}}
    table: Table = {"format": 1, "framework": _PART_FRAMEWORK, "facts": {"it": score}}
    typed = Framework(id="part", title="部分", points=100, tree=(structured({**node, "id": "it"}, Indicator),))
    return Assessment(typed, {"it": score}), {_PART: toml(table), _PART_FRAMEWORK: toml(framework)}


def _sheet(given: Table) -> FactSheet:
    found: dict[str, Fact] = {}
    for name, entry in given.items():
        if isinstance(entry, dict) and "level" in entry:
            found[f"{name}.level"] = Fact(f"{name}.level", entry["level"])
            found[f"{name}.share"] = Fact(f"{name}.share", quantity(entry["share"]))
        elif isinstance(entry, dict):
            found[name] = Fact(name)
        else:
            found[name] = Fact(name, read_value(entry))
    return FactSheet(found)


# Published tables.

FAULTS: Final = ("total", "grade", "swapped", "row", "above")
"""What can be subtly wrong: the total by a slip, the grade, two digits swapped, one row against its rule, a row above its points."""


def published_tables(
    kinds: Sequence[str] = KINDS, *, most: int = 4, fault: str | None = None
) -> SearchStrategy[Written[Assessment]]:
    """Assessments that publish a score for each row, a total and a grade; right, or with one `fault` of `FAULTS`.

    With ``fault="any"`` one of them is drawn. What is wrong is named in `Written.faults`, with the node it stands at.

    Raises:
        DefinitionError: there is no such kind or fault.
    """
    if fault is not None and fault not in ("any", *FAULTS):
        raise _unknown("错误", "fault", fault, (*FAULTS, "any"))
    return _published_tables(_of_known(kinds), most, fault)


@st.composite
def _published_tables(draw: DrawFn, kinds: Sequence[str], most: int, fault: str | None) -> Written[Assessment]:
    written = draw(_assessments(kinds, most, known=True, around=False))
    card = evaluate(written.value)
    assume(card.score is not None)
    assert card.score is not None
    rows = {node.path: node.score for node in card.indicators if node.score is not None}
    chosen = draw(st.sampled_from(FAULTS)) if fault == "any" else fault
    total, grade, faults = card.score, card.grade.name if card.grade else "", tuple[str, ...]()
    if chosen is not None:
        rows, total, grade, said = draw(_with_fault(chosen, card, rows, grade))
        faults = (said,)
    return _published(written, rows, total, grade, faults)


@st.composite
def _with_fault(
    draw: DrawFn, fault: str, card: Scorecard, rows: Mapping[str, Fraction], grade: str
) -> tuple[dict[str, Fraction], Fraction, str, str]:
    assert card.score is not None
    stated, total = dict(rows), card.score
    swaps = {path: _swapped(score) for path, score in stated.items()}
    swaps = {path: score for path, score in swaps.items() if stated[path] != score <= card[path].points}
    assume(fault != "swapped" or swaps)
    path = draw(st.sampled_from(sorted(swaps if fault == "swapped" else stated)))
    match fault:
        case "total":
            slip = draw(st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(-1)]))
            total += slip
            assume(0 <= total <= 100)
            return stated, total, grade, "total"
        case "grade":
            other = draw(st.sampled_from([str(each["name"]) for each in _GRADES if each["name"] != grade]))
            return stated, total, other, "grade"
        case "swapped":
            stated[path] = swaps[path]
        case "above":
            stated[path] = card[path].points + 1
        case _:
            stated[path] = stated[path] - 1 if stated[path] >= 1 else stated[path] + 1
            assume(stated[path] <= card[path].points)
    return stated, total, grade, f"{fault} {path}"


def _swapped(score: Fraction) -> Fraction:
    """A score with its first two digits the other way round, as it is mistyped: 8.5 for 5.8."""
    digits = list(decimal_text(score))
    places = [index for index, each in enumerate(digits) if each.isdigit()]
    if len(places) < 2:
        return score
    first, second = places[:2]
    if digits[second] == "0" and first == 0 and second == 1:
        return score  # 01 for 10 would be seen
    digits[first], digits[second] = digits[second], digits[first]
    return Fraction("".join(digits))


def _published(
    written: Written[Assessment], rows: Mapping[str, Fraction], total: Fraction, grade: str, faults: tuple[str, ...]
) -> Written[Assessment]:
    published: Table = {"score": decimal_text(total), "grade": grade}
    tree: Table = {}
    for path, score in rows.items():
        *above, name = path.split(".")
        within = tree
        for each in above:
            within = within.setdefault(each, {})  # type: ignore[assignment]  # a table, as put in
        within[name] = {"stated": decimal_text(score)}
    added = toml({"published": published, "tree": tree})
    name, *_ = written.files
    files = {**written.files, name: f"{written.toml}\n{added}"}
    remarks = {path: Remark(stated=score) for path, score in rows.items()}
    value = evolve(
        written.value,
        published=Published(score=decimal_text(total), grade=grade),
        remarks=remarks,
    )
    return Written(value, files, faults)
