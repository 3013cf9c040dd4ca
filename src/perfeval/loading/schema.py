"""The structure of the files as JSON Schema (draft 2020-12), for editors; taken from the classes that files are read into.

Nothing is said twice: keys, what is required and what may be chosen come from the classes, and what a value may be is asked
of their converters; which keys go together, and how many entries there must be, the classes say in code, and `_WITHIN` and
`_TOGETHER` say here. What a schema cannot say (sums, units, formulas, facts that must be there) is left to the loader. A date
is text in JSON, as editors hand it on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import combinations
from types import NoneType, UnionType
from typing import Final, Literal, TypeAlias, Union, cast, get_args, get_origin

import attrs

from perfeval.assessment import Accepted, Published, Remark, Subject
from perfeval.checks import Check
from perfeval.codes import LAW_CODES, OBJECTION_CODES
from perfeval.errors import PerfevalError
from perfeval.expr.nodes import Expr
from perfeval.expr.parse import KEYWORDS
from perfeval.facts import Fact, read_value
from perfeval.framework import Adjustment, AskedFact, Dimension, Exemption, Framework, Indicator, Limit, Rounding
from perfeval.loading import ASSESSMENT_TABLES, ENTRY_KEYS, FORMAT, FRAMEWORK_TABLES, SHEET_TABLES, Entry, Stated
from perfeval.loading.merge import COMPLETED_KEYS, DIMENSION_REMARKS, REMARK_KEYS
from perfeval.loading.words import meaning
from perfeval.quantity import Quantity, Target, quantity, target
from perfeval.rules import (
    RULES,
    Alternative,
    Band,
    Bands,
    BestOf,
    Checklist,
    Checkpoint,
    Deduct,
    Item,
    Level,
    Linear,
    Over,
    Panel,
    Rating,
    RollUp,
    Rule,
    Schedule,
    ShareOfItems,
    ratio,
)
from perfeval.rules.reading import MOST_ENTRIES, Amount, amount, formula, optional_points

__all__ = ["FILES", "File", "Schema", "schema"]

Schema: TypeAlias = dict[str, object]
File = Literal["framework", "assessment", "facts"]
FILES: Final[tuple[File, ...]] = get_args(File)

# One of each kind of value that TOML has, to ask a converter with; of text, one that it would take if it took any.
_ASKED: Final[Mapping[str, tuple[object, ...]]] = {
    "string": ("1", "1%", "≥1", "≤2023-12-31"),
    "number": (1,),
    "boolean": (True,),
    "array": ([],),
    "object": ({},),
}
# As false would, but of the key: an editor that is told false of a table marks every key in it (Taplo 0.9), and shows what is not
# allowed in its message.
_UNKNOWN: Final[Schema] = {"not": {"description": "不认识的键 — unknown key"}}
_ANSWERS: Final = ("value", "choice", "formula", "level", "stated")


def _at_least(count: int) -> Schema:
    return {"minItems": count}


_ABOVE_0: Final[Schema] = {"exclusiveMinimum": 0}
_NOT_NEGATIVE: Final[Schema] = {"minimum": 0}
# What a value must be besides; of text that states a number only the loader can tell.
_WITHIN: Final[Mapping[tuple[type, str], Schema]] = {
    (Bands, "bands"): _at_least(1),
    (BestOf, "alternatives"): _at_least(2),
    (Checklist, "items"): _at_least(1),
    (Linear, "through"): _at_least(2),
    (Panel, "raters"): _at_least(1),
    (Rating, "levels"): _at_least(1),
    (RollUp, "of"): _at_least(1),
    (Schedule, "by"): _at_least(1),
    (Check, "tolerance"): _NOT_NEGATIVE,
    (Checkpoint, "points"): _NOT_NEGATIVE,
    (Dimension, "points"): _ABOVE_0,
    (Dimension, "scale"): _ABOVE_0,
    (Framework, "points"): _ABOVE_0,
    (Indicator, "bonus_up_to"): _NOT_NEGATIVE,
    (Indicator, "points"): _ABOVE_0,
    (Item, "points"): _NOT_NEGATIVE,
    (Panel, "out_of"): _ABOVE_0,
    (Rounding, "places"): {"minimum": 0, "maximum": 6},
}


def _has(*keys: str) -> Schema:
    return {"required": list(keys)}


def _points_of_all_or_none(key: str) -> Schema:
    every, none = _has("points"), {"not": {"type": "object", **_has("points")}}
    return {"anyOf": [{"properties": {key: {"items": each}}} for each in (every, none)]}


# Which keys of a table go together.
_TOGETHER: Final[Mapping[type, Schema]] = {
    Band: {"oneOf": [_has("target"), _has("when")]},
    Checklist: _points_of_all_or_none("items"),
    Deduct: {"oneOf": [_has("beyond"), _has("below"), _has("either_side_of")]},
    Dimension: {
        "dependentRequired": {"scale": ["weight"], "weight": ["scale"], "split": ["points"]},
        "not": _has("weight", "points"),
    },
    Level: {
        "oneOf": [
            {**_has("share"), "not": {"anyOf": [_has("from"), _has("to")]}},
            {**_has("from", "to"), "not": _has("share")},
        ]
    },
    Limit: {"anyOf": [_has("at_most"), _has("grade_at_most")]},
    Over: {"not": {**_has("share", "at_least"), "properties": {"at_least": {"not": {"enum": [0, "0%"]}}}}},
    Panel: {
        "if": {**_has("drop_extremes"), "properties": {"drop_extremes": {"const": True}}},
        "then": {"properties": {"raters": _at_least(3)}},
    },
    Schedule: {
        **_points_of_all_or_none("by"),
        "if": _has("minus"),
        "then": {
            "properties": {
                "pro_rata": {"const": False},
                "by": {"items": {"not": {"type": "object", **_has("points")}}},
            }
        },
    },
    ShareOfItems: {"oneOf": [_has("within"), {"anyOf": [_has("below"), _has("above")]}]},
}
# Names, as far as regular expressions agree on letters: no sign of ASCII, of punctuation or of full width, no digit first.
_SIGNS: Final = (
    r"\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\xa9\u2000-\u206f\u3000-\u3004\u3008-\u3020\uff00-\uff0f\uff1a-\uff20"
)
_PART: Final = rf"[^0-9\uff10-\uff19{_SIGNS}][^{_SIGNS}]*"
_WORDS: Final = "|".join(sorted(KEYWORDS))
_ID: Final[Schema] = {"pattern": rf"^{_PART}$", "not": {"pattern": rf"^({_WORDS})$"}}
_FACT_NAME: Final[Schema] = {
    "pattern": rf"^{_PART}(\.{_PART})*$",
    "not": {"pattern": rf"(^|\.)({_WORDS})(\.|$)"},
}


def schema(of: File) -> Schema:
    """The JSON Schema of a framework, of an assessment, or of a fact sheet."""
    match of:
        case "framework":
            return _framework()
        case "assessment":
            return _assessment()
        case "facts":
            return _sheet()


# The three files.


def _framework() -> Schema:
    around = ("id", "children")
    header = _table(Framework, leave=FRAMEWORK_TABLES)
    extends = {"extends": _said("Framework", "extends", {"type": "string"})}
    changing = _altered(header, required=("id",), also=extends)
    leaf, inner = _table(Indicator, leave=around), _table(Dimension, leave=around)
    removed = _object({"remove": _said("Indicator", "remove", {"const": True})}, required=("remove",), others=True)
    definitions: Schema = {
        "node": _node("indicator", leaf, "dimension", inner),
        "indicator": leaf,
        "dimension": _branch(inner, "node"),
        "changed-node": _either({"required": ["remove"]}, "removed-node", "kept-node"),
        "removed-node": removed,
        "kept-node": _node("changed-indicator", leaf, "changed-dimension", inner),
        "changed-indicator": _altered(leaf, required=()),
        "changed-dimension": _branch(_altered(inner, required=()), "changed-node"),
        "asked": _one_of(_ref("asked-fact"), _children("asked", _FACT_NAME)),
        "asked-fact": _table(AskedFact, leave=("name",)),
        **_rules(),
    }
    entries = {"limits": Limit, "adjustments": Adjustment, "checks": Check}
    tables = {
        "format": {"const": FORMAT},
        "framework": changing,
        "tree": _shown(_children("node"), _children("changed-node")),
        "facts": _children("asked", _FACT_NAME),
        **{key: {"type": "array", "items": _table(cls)} for key, cls in entries.items()},
    }
    root = _root("framework", "FRAMEWORK_TABLES", FRAMEWORK_TABLES, tables, ("format", "framework"), definitions)
    new = {"framework": {"required": header["required"]}, "tree": {**_children("node"), "minProperties": 1}}
    return {
        **root,
        "if": {"properties": {"framework": {"required": ["extends"]}}},
        "then": {"properties": {"tree": _children("changed-node")}},
        "else": {"properties": new, "required": ["tree"]},
    }


def _assessment() -> Schema:
    around = ("id", "children")
    remarks = _properties(_table(Remark))
    leaf = _table(Indicator, leave=around)
    own = _altered(leaf, also=remarks)
    said = [key for key in REMARK_KEYS if key not in _properties(leaf)]
    inner = _altered(_table(Dimension, leave=around), also={key: remarks[key] for key in said})
    completed = {key: _properties(own)[key] for key in COMPLETED_KEYS}
    points = {"points": _said("Dimension", "points", _asked(optional_points))}
    remarked = _object({**remarks, **completed, "rule": _ref("completed-rule")})
    above = _object({**{key: remarks[key] for key in DIMENSION_REMARKS}, **points})
    definitions: Schema = {
        "node": _either(_has_own("title"), "own-node", "remarked-node"),
        "own-node": _node("own-indicator", own, "own-dimension", inner),
        "own-indicator": own,
        "own-dimension": _branch(inner, "own-node"),
        "remarked-node": _node("remarked-indicator", remarked, "remarked-dimension", above),
        "remarked-indicator": remarked,
        "remarked-dimension": _branch(above, "node"),
        **_rules(),
        **_completed_rule(),
        **_facts(),
    }
    accepted: Schema = {"type": "array", "items": _table(Accepted)}
    tables: Schema = {
        "format": {"const": FORMAT},
        "framework": {"type": "string"},
        "subject": _table(Subject),
        "published": _table(Published),
        "tree": _children("node"),
        "review": _object({"accepted": _said("Review", "accepted", accepted)}),
        **_sheet_tables(),
    }
    required = ("format", "framework")
    return _root("assessment", "ASSESSMENT_TABLES", ASSESSMENT_TABLES, tables, required, definitions)


def _sheet() -> Schema:
    tables: Schema = {"format": {"const": FORMAT}, **_sheet_tables()}
    return _root("facts", "SHEET_TABLES", SHEET_TABLES, tables, ("format",), _facts())


def _sheet_tables() -> Schema:
    return {
        "include": {"type": "array", "items": {"type": "string"}},
        "facts": _children("fact", _FACT_NAME),
        "checks": {"type": "array", "items": _table(Check)},
    }


def _root(
    file: File, of: str, keys: Iterable[str], tables: Schema, required: Iterable[str], definitions: Schema
) -> Schema:
    properties: Schema = {key: _said(of, key, tables[key]) for key in keys}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:perfeval:format-{FORMAT}:{file}",
        "title": f"perfeval {file}, format {FORMAT}",
        **_object(properties, required=required),
        "$defs": definitions,
    }


# Their parts.


def _facts() -> Schema:
    """A fact is a bare value, a table of its own, or a group of facts: a table without a value under any of a fact's keys."""
    own = _table(Entry)
    statements: Schema = {"type": "array", "minItems": 2, "items": _statement()}
    between = attrs.fields_dict(attrs.resolve_types(Fact))["between"]
    read = {"value": _asked(read_value), "share": _asked(ratio), "stated": statements, "between": _attribute(between)}
    properties = {key: _said("Entry", key, read.get(key, each)) for key, each in _properties(own).items()}
    entry = _object(properties)
    entry["dependentRequired"] = {"share": ["level"]}
    entry["not"] = {"anyOf": [{"required": list(pair)} for pair in combinations(_ANSWERS, 2)]}
    group = _object({key: _ref("fact-table") for key in sorted(ENTRY_KEYS)})
    group |= {"minProperties": 1, "propertyNames": _FACT_NAME, "additionalProperties": _ref("fact")}
    valued = {"anyOf": [_has_own(key) for key in sorted(ENTRY_KEYS)]}
    bare = _asked(read_value)["type"]
    assert isinstance(bare, list)
    return {
        "fact": {
            "type": [*bare, "object"],
            "if": {"type": "object"},
            "then": _ref("fact-table"),
            **_shown(_ref("fact-entry"), _ref("fact-group")),
        },
        "fact-table": _either({"minProperties": 1, "not": valued}, "fact-group", "fact-entry"),
        "fact-entry": entry,
        "fact-group": group,
    }


def _statement() -> Schema:
    properties = _properties(_table(Stated))
    value = _said("Stated", "value", _asked(read_value))
    return {**_object({**properties, "value": value}), "anyOf": [{"required": ["value"]}, {"required": ["choice"]}]}


def _rules() -> Schema:
    """Every kind of rule, and the same as one of several (`best-of`), with an actual value and a condition beside it."""
    beside = _properties(_table(Alternative, leave=("rule",)))
    alternatives = [rule for rule in RULES if rule is not RollUp]
    return {
        "rule": {**_of_kinds("rule", RULES), "required": ["kind"]},
        "alternative": {**_of_kinds("alternative", alternatives), "required": ["kind"]},
        **{f"rule-{rule.kind}": _rule(rule) for rule in RULES},
        **{f"alternative-{rule.kind}": _altered(_rule(rule), also=beside) for rule in alternatives},
    }


def _of_kinds(prefix: str, rules: Sequence[type[Rule]]) -> Schema:
    """A rule, of which the other keys are those of its kind."""
    names = [f"{prefix}-{rule.kind}" for rule in rules]
    chosen: Schema = {}
    for rule, name in zip(reversed(rules), reversed(names), strict=True):
        chosen = {"if": {"properties": {"kind": {"const": rule.kind}}}, "then": _ref(name), "else": chosen}
    kind = _said("Rule", "kind", {"enum": [rule.kind for rule in rules]})
    return {"type": "object", "properties": {"kind": kind}, **chosen, **_shown(*map(_ref, names))}


def _rule(rule: type[Rule]) -> Schema:
    table = _table(rule, of=rule.kind)
    kind = {"kind": _said(rule.kind, "kind", {"const": rule.kind})}
    required = ("kind", *table.get("required", ()))  # type: ignore[misc]  # a list of keys
    return {**table, **_object({**kind, **_properties(table)}, required=required)}


def _completed_rule() -> Schema:
    """What an assessment says of the rule of an `open` indicator: any of its parameters, its kind where it likes."""
    parameters: dict[str, list[object]] = {}
    for rule in RULES:
        for key, each in _properties(_rule(rule)).items():
            parameters.setdefault(key, []).append(each)
    any_kind = _object({key: _one_of(*each) for key, each in parameters.items() if key != "kind"})
    return {
        "completed-rule": _either({"required": ["kind"]}, "completed-kind", "completed-any"),
        "completed-kind": _of_kinds("completed", RULES),
        "completed-any": any_kind,
        **{f"completed-{rule.kind}": _altered(_rule(rule), required=("kind",)) for rule in RULES},
    }


def _branch(inner: Schema, child: str) -> Schema:
    """A dimension: what is none of its own keys is a node below it, and a `rule` would make it an indicator."""
    properties = {**_properties(inner), "rule": False}
    return {**inner, "properties": properties, "propertyNames": _ID, "additionalProperties": _ref(child)}


# One or the other. What tells them apart stands in a condition, so that what is wrong is told of the one that is meant, at its key.


def _node(leaf: str, as_leaf: Schema, inner: str, as_inner: Schema) -> Schema:
    """An indicator where it has a rule, or a value of its own under another key that no dimension has; else a dimension."""
    only = [key for key in _properties(as_leaf) if key not in _properties(as_inner) and key != "rule"]
    return _either({"anyOf": [{"required": ["rule"]}, *map(_has_own, only)]}, leaf, inner)


def _either(when: Schema, first: str, second: str) -> Schema:
    """The first of two tables where `when` holds, else the second."""
    return {"if": when, "then": _ref(first), "else": _ref(second), **_shown(_ref(first), _ref(second))}


def _shown(*each: Schema) -> Schema:
    """For editors, which complete from what stands here and do not look behind conditions; it refuses nothing."""
    return {"anyOf": [{}, *each]}


def _has_own(key: str) -> Schema:
    """Whether a table has a value of its own under `key`, and not another table."""
    return {"required": [key], "properties": {key: {"not": {"type": "object"}}}}


# From classes and types.


def _table(cls: type, *, leave: Iterable[str] = (), of: str | None = None) -> Schema:
    """The table that is read into a `cls`."""
    name = (of or cls.__name__).lstrip("_")
    left = tuple(leave)
    attributes = [each for each in attrs.fields(attrs.resolve_types(cls)) if each.init and each.name not in left]
    properties = {_key(each): _said(name, _key(each), _chosen(cls, each)) for each in attributes}
    required = [_key(each) for each in attributes if each.default is attrs.NOTHING]
    return {**_object(properties, required=required), **_TOGETHER.get(cls, {})}


def _key(attribute: attrs.Attribute[object]) -> str:
    return attribute.name.rstrip("_")


def _chosen(cls: type, attribute: attrs.Attribute[object]) -> Schema:
    """An attribute's schema, with what the loader knows and the class does not: a single rounding may stand without its
    array, and codes are listed."""
    if (cls, attribute.name) == (Accepted, "code"):
        return {"enum": sorted(OBJECTION_CODES)}
    if (cls, attribute.name) == (Exemption, "law"):
        return {"enum": sorted(LAW_CODES)}
    if (cls, attribute.name) == (Framework, "rounding"):
        return _one_of(_table(Rounding), _attribute(attribute))
    return {**_attribute(attribute), **_WITHIN.get((cls, attribute.name), {})}


def _attribute(attribute: attrs.Attribute[object]) -> Schema:
    kind = _without_none(attribute.type)
    converter = attribute.converter
    if converter is None or attribute.metadata.get("nested") or get_origin(kind) in (tuple, Mapping):
        return _of(kind)
    return _asked(cast("Callable[[object], object]", converter))  # a plain function, as all of ours are


def _of(kind: object) -> Schema:
    """The schema of a type."""
    kind = _without_none(kind)
    arguments = get_args(kind)
    if kind == Rule:
        return _ref("rule")
    if kind in _READ:
        return _asked(_READ[kind])
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if kind is Band:
        pair = _array(_asked(_band_target), _asked(amount))
        return _one_of(pair, _table(Band))
    if kind is Alternative:
        return _ref("alternative")
    if get_origin(kind) is Literal:
        return {"enum": list(arguments)}
    if get_origin(kind) is tuple and arguments[1:] == (Ellipsis,):
        return {"type": "array", "items": _of(arguments[0]), "maxItems": MOST_ENTRIES}
    if get_origin(kind) is tuple:
        return _array(*(_of(each) for each in arguments))
    if get_origin(kind) is Mapping:
        return {"type": "object", "additionalProperties": _of(arguments[1])}
    if isinstance(kind, type) and attrs.has(kind):
        return _table(kind)
    raise TypeError(f"no schema for {kind}")


def _band_target(value: object) -> Target:
    return target(value, "=")


_READ: Final[Mapping[object, Callable[[object], object]]] = {
    Quantity: quantity,
    Amount: amount,
    Expr: formula,
    Fraction: optional_points,
}
_PLAIN: Final[Mapping[object, Schema]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    date: {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    object: {},
}


def _without_none(kind: object) -> object:
    if get_origin(kind) in (Union, UnionType):
        others = tuple(each for each in get_args(kind) if each is not NoneType)
        return others[0] if len(others) == 1 else Union[others]  # noqa: UP007  # built at run time
    return kind


def _asked(read: Callable[[object], object]) -> Schema:
    """What a converter takes, found by asking it."""
    taken = [name for name, samples in _ASKED.items() if any(_takes(read, each) for each in samples)]
    return {"type": taken[0] if len(taken) == 1 else taken}


def _takes(read: Callable[[object], object], value: object) -> bool:
    try:
        read(value)
    except PerfevalError:
        return False
    return True


# Schemas as data.


def _said(of: str, key: str, each: object) -> Schema:
    said = meaning(of, key)
    return {"description": f"{said.zh} — {said.en}", **_schema(each)}


def _object(properties: Mapping[str, object], *, required: Iterable[str] = (), others: bool = False) -> Schema:
    needed = list(required)
    return {
        "type": "object",
        "properties": dict(properties),
        **({"required": needed} if needed else {}),
        "additionalProperties": True if others else dict(_UNKNOWN),
    }


def _altered(
    table: Schema, *, required: Iterable[str] | None = None, also: Mapping[str, object] | None = None
) -> Schema:
    """A table with keys `also`; where it need not be whole (`required` are all it needs), keys need not go together either."""
    kept = table.get("required", ()) if required is None else required
    own = table if required is None else {}
    return {**own, **_object({**_properties(table), **(also or {})}, required=kept)}  # type: ignore[arg-type]  # keys


def _properties(table: Schema) -> Mapping[str, object]:
    return _schema(table["properties"])


def _array(*items: Schema) -> Schema:
    return {"type": "array", "prefixItems": list(items), "minItems": len(items), "maxItems": len(items)}


def _children(of: str, names: Schema = _ID) -> Schema:
    return {"type": "object", "propertyNames": names, "additionalProperties": _ref(of)}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _one_of(*each: object) -> Schema:
    distinct = [item for index, item in enumerate(each) if item not in each[:index]]
    return {"anyOf": distinct} if len(distinct) > 1 else _schema(distinct[0])


def _schema(each: object) -> Schema:
    assert isinstance(each, dict)
    return each
