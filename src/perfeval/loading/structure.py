"""Plain data to the typed classes, through cattrs; every problem of a file at once.

The attrs classes know how each of their attributes is read (their converters); this module adds what TOML needs:
strict types, refused unknown keys, and the path of every problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, NoReturn, TypeVar, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.cols import homogenous_tuple_structure_factory
from cattrs.errors import (
    AttributeValidationNote,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
)
from cattrs.gen import make_dict_structure_fn, override

from perfeval.assessment import Remark
from perfeval.errors import DefinitionError, Path, PerfevalError, Problem, nearest, perhaps, problem
from perfeval.framework import AskedFact, Indicator
from perfeval.loading.documents import KEY
from perfeval.rules import RULES, Alternative, Band, Rule
from perfeval.rules.reading import MOST_ENTRIES

__all__ = ["described", "keywords", "structured", "unknown_key"]

T = TypeVar("T")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_WHOLE: Final = 10**9
_KINDS = {rule.kind: rule for rule in RULES}


def structured(data: Mapping[str, object], cls: type[T], at: Path = ()) -> T:
    """`data` as a `cls`.

    Raises:
        DefinitionError: every problem, with its path below `at`.
    """
    try:
        return _CONVERTER.structure(data, cls)
    except Exception as error:
        raise DefinitionError([each.below(*at) for each in problems_of(error)]) from error


def problems_of(error: BaseException, path: Path = ()) -> Iterator[Problem]:
    """The problems in what cattrs raised, each with its path."""
    match error:
        case ClassValidationError() | IterableValidationError():
            noted, bare = error.group_exceptions()
            for inner, note in noted:
                key = _key(note.name) if isinstance(note, AttributeValidationNote) else note.index
                yield from problems_of(inner, (*path, key))
            for inner in bare:
                yield from problems_of(inner, path)
        case ForbiddenExtraKeysError():
            known = [_key(attribute.name) for attribute in attrs.fields(error.cl) if attribute.init]
            if error.cl is AskedFact:  # its name is its key
                known.remove("name")
            if (
                error.cl is Indicator
            ):  # what an assessment says of its own one stands in the same table; the id is its key
                known = [*(each.name for each in attrs.fields(Remark)), *(key for key in known if key != "id")]
            for extra in sorted(error.extra_fields, key=str):
                yield _unknown_key(str(extra), known).below(*path)
        case PerfevalError():
            yield from (each.below(*path) for each in error.problems)
        case KeyError():
            key = path[-1] if path else error.args[0]
            yield problem(f"缺少 {key} — 请补上", f"{key} is missing — write it", *path[:-1])
        case _:
            # Anything else would be a fault of ours: do not swallow it.
            raise error


def keywords(data: Mapping[str, object], cls: type, *leave: str) -> dict[str, object]:
    """The attributes of `cls` in `data`, read one by one, for those not in `leave`.

    Raises:
        DefinitionError: every problem, with its path.
    """
    attributes = {_key(each.name): each for each in attrs.fields(attrs.resolve_types(cls)) if each.name not in leave}
    read: dict[str, object] = {}
    problems = [unknown_key(key, list(attributes)) for key in data if key not in attributes]
    for key, attribute in attributes.items():
        if key not in data:
            if attribute.default is attrs.NOTHING:
                problems.append(problem(f"缺少 {key} — 请补上", f"{key} is missing — write it"))
            continue
        try:
            if attribute.converter is not None and not attribute.metadata.get("nested"):
                read[attribute.name] = attribute.converter(data[key])
            else:
                read[attribute.name] = _CONVERTER.structure(data[key], attribute.type)
        except Exception as error:
            problems.extend(problems_of(error, (key,)))
    if problems:
        raise DefinitionError(problems)
    return read


def unknown_key(key: str, known: list[str], *path: str | int) -> Problem:
    """The problem of a key that the format does not have."""
    return _unknown_key(key, known).below(*path)


def _unknown_key(key: str, known: list[str]) -> Problem:
    hint = nearest(key, known)
    return problem(f"不认识的键“{key}”— {hint.zh}", f'unknown key "{key}" — {hint.en}', key, KEY)


def _key(name: str) -> str:
    return name.rstrip("_")


def _refuse(zh: str, en: str) -> NoReturn:
    raise DefinitionError(problem(zh, en))


def described(value: object) -> tuple[str, str]:
    """What a TOML value is, for a message."""
    match value:
        case bool():
            return ("是/否", "a yes/no")
        case str():
            return (f"文本“{value[:40]}”", f'the text "{value[:40]}"')
        case int() | Decimal():
            return (f"数 {value}"[:60], f"the number {value}"[:60])
        case list():
            return ("数组", "an array")
        case dict():
            return ("表", "a table")
        case _:
            return (f"“{value}”", f'"{value}"')


def _strict(kind: type, zh: str, en: str) -> Callable[[object, object], object]:
    def read(value: object, _: object) -> object:
        value = _as_json_has_it(value, kind)
        wrong = not isinstance(value, kind) or (kind is int and isinstance(value, bool))
        if wrong or (kind is date and isinstance(value, datetime)):
            found_zh, found_en = described(value)
            _refuse(f"此处应为{zh}（现为{found_zh}）", f"{en} is expected here (found {found_en})")
        return value

    return read


def _as_json_has_it(value: object, kind: type) -> object:
    """In JSON, and so for the schemas, 2.0 is a whole number and a date is text."""
    if kind is int and isinstance(value, Decimal) and value.copy_abs() < _MOST_WHOLE and value == int(value):
        return int(value)
    if kind is date and isinstance(value, str) and _DATE.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    return value


def _literal(cls: object) -> Callable[[object, object], object]:
    choices = get_args(cls)

    def read(value: object, _: object) -> object:
        if value not in choices:
            hint = perhaps(str(value), [str(choice) for choice in choices])
            found_zh, found_en = described(value)
            listed = "、".join(map(str, choices))
            if hint is None:
                _refuse(
                    f"应为 {listed} 之一（现为{found_zh}）",
                    f"expected one of {listed.replace('、', ', ')} (found {found_en})",
                )
            _refuse(
                f"应为 {listed} 之一（现为{found_zh}）— {hint.zh}",
                f"expected one of {listed.replace('、', ', ')} (found {found_en}) — {hint.en}",
            )
        return value

    return read


def _class(cls: type) -> Callable[[object, object], object]:
    """How a table becomes a `cls`: each attribute by its own converter, unknown keys refused."""
    overrides = {}
    for attribute in attrs.fields(cls):
        if attribute.converter is not None and not attribute.metadata.get("nested"):
            hook = _by_converter(attribute.converter)
            overrides[attribute.name] = override(rename=_key(attribute.name), struct_hook=hook)
        elif _key(attribute.name) != attribute.name:
            overrides[attribute.name] = override(rename=_key(attribute.name))
    inner: Callable[[Mapping[str, object], type], object] = make_dict_structure_fn(
        cls,
        _CONVERTER,
        _cattrs_forbid_extra_keys=True,
        _cattrs_detailed_validation=True,
        **overrides,  # type: ignore[arg-type]  # the names of attributes, never those of the options above
    )

    def read(value: object, _: object) -> object:
        if not isinstance(value, dict):
            found_zh, found_en = described(value)
            _refuse(f"此处应为一个表 {{ … }}（现为{found_zh}）", f"a table {{ … }} is expected here (found {found_en})")
        return inner(value, cls)

    return read


def _by_converter(converter: Callable[[object], object]) -> Callable[[object, object], object]:
    return lambda value, _: converter(value)


def _tuple(cls: type) -> Callable[[object, object], object]:
    inner = homogenous_tuple_structure_factory(cls, _CONVERTER)

    def read(value: object, _: object) -> object:
        if not isinstance(value, list):
            found_zh, found_en = described(value)
            _refuse(f"此处应为数组 [ … ]（现为{found_zh}）", f"an array [ … ] is expected here (found {found_en})")
        if len(value) > MOST_ENTRIES:
            _refuse(
                f"此处至多 {MOST_ENTRIES} 项（现为 {len(value)} 项）",
                f"at most {MOST_ENTRIES} entries are allowed here (found {len(value)})",
            )
        return inner(value, cls)

    return read


def rule_from(value: object, _: object = None) -> Rule:
    """A rule from its table; one that is read already passes."""
    if isinstance(value, RULES):
        return value
    if not isinstance(value, dict):
        found_zh, found_en = described(value)
        _refuse(
            f'rule 应为一个表，如 {{ kind = "completion", target = "≥95%" }}（现为{found_zh}）',
            f'rule is a table such as {{ kind = "completion", target = "≥95%" }} (found {found_en})',
        )
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        hint = nearest(str(kind), _KINDS)
        if "kind" not in value:
            _refuse(f"规则缺少 kind — {hint.zh}", f"the rule has no kind — {hint.en}")
        raise DefinitionError(
            problem(f"没有规则“{kind}”— {hint.zh}", f'there is no rule kind "{kind}" — {hint.en}', "kind")
        )
    return _CONVERTER.structure({key: item for key, item in value.items() if key != "kind"}, _KINDS[kind])


def _band(value: object, _: object) -> Band:
    if isinstance(value, list):
        if len(value) != 2:
            _refuse('一档写成 [比较, 得分]，如 ["≥90%", 5]', 'a band is [comparison, award], such as ["≥90%", 5]')
        value = {"target": value[0], "award": value[1]}
    band = _BAND(value, Band)
    assert isinstance(band, Band)
    return band


def _alternative(value: object, _: object) -> Alternative:
    if not isinstance(value, dict):
        _refuse("每一项写成规则表", "each alternative is a rule's table")
    around = {key: item for key, item in value.items() if key in ("actual", "applies")}
    rule = rule_from({key: item for key, item in value.items() if key not in around})
    alternative = _ALTERNATIVE({**around, "rule": rule}, Alternative)
    assert isinstance(alternative, Alternative)
    return alternative


def _is_class(cls: type) -> bool:
    return attrs.has(cls)


def _is_tuple(cls: object) -> bool:
    return get_origin(cls) is tuple and get_args(cls)[1:] == (Ellipsis,)


def _is_literal(cls: object) -> bool:
    return get_origin(cls) is Literal


_CONVERTER = Converter(detailed_validation=True)
_CONVERTER.register_structure_hook_factory(_is_class, _class)
_CONVERTER.register_structure_hook_factory(_is_tuple, _tuple)
_CONVERTER.register_structure_hook_factory(_is_literal, _literal)
_CONVERTER.register_structure_hook(str, _strict(str, "文本", "text"))
_CONVERTER.register_structure_hook(bool, _strict(bool, "true 或 false", "true or false"))
_CONVERTER.register_structure_hook(int, _strict(int, "整数", "a whole number"))
_CONVERTER.register_structure_hook(date, _strict(date, "日期，如 2023-12-31，", "a date such as 2023-12-31"))
_CONVERTER.register_structure_hook_func(lambda cls: cls == Rule, rule_from)
_CONVERTER.register_structure_hook_func(lambda cls: cls is object, lambda value, _: value)
_CONVERTER.register_structure_hook_func(lambda cls: cls is Band, _band)
_CONVERTER.register_structure_hook_func(lambda cls: cls is Alternative, _alternative)
_BAND = _class(Band)
_ALTERNATIVE = _class(Alternative)
