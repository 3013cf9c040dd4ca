"""The JSON Schemas say of a file's structure what the loader says: what one accepts, the other accepts."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomli
import tomli_w
from bad_cases import CASES
from bad_files import RIGHT
from beyond_schema import BEYOND, NOT_TOML
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from docs_text import ROOT, blocks
from perfeval import Assessment, LoadError, load, load_framework
from perfeval.cli import main
from perfeval.loading import catalogue_ids
from perfeval.loading.schema import FILES, File, schema
from perfeval.starter import starter
from perfeval.testing import Written, published_tables

PROMISED = ROOT / "tests" / "compatibility" / "format-1"
VALIDATORS = {file: Draft202012Validator(schema(file)) for file in FILES}

# What the loader says of a structure that is wrong, and not of figures, formulas, units or names that do not fit.
STRUCTURAL = re.compile(
    r"^unknown key |is missing( —|$)| is expected here|^expected one of |^format is 1 |^there is no rule kind |^the rule has no kind"
    r"|is not a node — | is a table[: ]| is an array |^a (list|dict) is not a quantity| is a yes/no, not a quantity"
    r"|^through is |^raters is |^between is \[|^stated_by is |^a band is |^each alternative is |^at is |^write only one of "
    r"|^share goes with level|^extends is text|^framework (is text|is missing)|^the framework has no indicators|^there is no (law|objection) "
    r"|^this is (an assessment|a framework) and no | must stand under \[|^\[facts\] of a framework says |^an id means nothing here"
    r"|has at least |have at least |^of names at least one|^write exactly one of |^write within, or|^write share|^a level has from and to"
    r"|^minus does not go with |^either every entry of |^a limit has |^scale and weight go together|^split = |^with a weight, drop"
    r"|^a band has a comparison|^points? (is|are) above 0|^points are not negative|^bonus_up_to is not|^out_of is above|^places is 0 to 6"
    r"|^tolerance is not negative|cannot name a fact|cannot be an id"
    r'|^"7" is not a percentage'  # 7, the number that values are replaced with; of a text only its reader can tell
)


def plain(value: object) -> object:
    """A TOML value as JSON has it: a date is text."""
    match value:
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list():
            return [plain(item) for item in value]
        case date():
            return value.isoformat()
        case _:
            return value


def kind_of_file(data: dict[str, object]) -> File:
    if "framework" not in data:
        return "facts"
    return "framework" if isinstance(data["framework"], dict) else "assessment"


def faults(text: str, of: File | None = None) -> list[str]:
    """Where a file does not have the structure of its schema."""
    data = tomli.loads(text)
    return [str(error.json_path) for error in VALIDATORS[of or kind_of_file(data)].iter_errors(plain(data))]


@pytest.mark.parametrize("file", FILES)
def test_the_schema_is_one_and_says_of_every_key_what_it_means_in_both_languages(file: File) -> None:
    made = schema(file)
    Draft202012Validator.check_schema(made)
    described = list(properties(made))
    assert len(described) > 20
    for key, each in described:
        if each is not False and "$ref" not in each and "const" not in each:
            for one in (
                [each] if "description" in each else each["anyOf"]
            ):  # of several kinds of rules, each says its own
                zh, _, en = one["description"].partition(" — ")
                assert re.search("[㐀-鿿]", zh), key
                assert en and not re.search("[㐀-鿿]", en), key


def properties(each: object) -> Iterator[tuple[str, Any]]:
    if isinstance(each, dict):
        if isinstance(each.get("properties"), dict) and "type" in each:
            yield from each["properties"].items()
        for item in each.values():
            yield from properties(item)
    elif isinstance(each, list):
        for item in each:
            yield from properties(item)


@pytest.mark.parametrize("file", FILES)
def test_the_copy_in_the_repository_is_what_the_command_prints(file: File) -> None:
    printed = CliRunner().invoke(main, ["schema", file])
    assert printed.exit_code == 0
    assert json.loads(printed.output) == schema(file)
    assert (ROOT / "schemas" / f"{file}.schema.json").read_text("utf-8") == printed.output


@pytest.mark.parametrize(
    "path",
    sorted(
        str(each.relative_to(ROOT)) for folder in ("indicators", "examples") for each in (ROOT / folder).rglob("*.toml")
    ),
)
def test_every_file_of_the_catalogue_and_of_the_examples_has_the_structure(path: str) -> None:
    assert not faults((ROOT / path).read_text("utf-8"))


@pytest.mark.parametrize("name", catalogue_ids())
def test_a_file_to_fill_in_has_the_structure(name: str) -> None:
    assert not faults(starter(name, 2024), "assessment")


@pytest.mark.parametrize("page", ["README.md", "docs/format.md", "docs/testing.md", "docs/review.md"])
def test_the_files_in_the_docs_have_the_structure(page: str) -> None:
    found = [each.body for each in blocks(page) if each.language == "toml" and each.body.startswith("format = 1")]
    assert found
    for text in found:
        assert not faults(text)


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_a_wrong_file_is_refused_unless_it_is_one_that_only_the_loader_can_tell(
    case: tuple[str, str, str, str, object],
) -> None:
    what, file, old, new, _ = case
    right = RIGHT[file]
    text = right.replace(old, new, 1) if old else new + right
    if what in NOT_TOML:
        with pytest.raises(tomli.TOMLDecodeError):
            tomli.loads(text)
    else:
        of = {"framework.toml": "framework", "assessment.toml": "assessment", "facts.toml": "facts"}[file]
        assert bool(faults(text, of)) is (what not in BEYOND)  # type: ignore[arg-type]  # a File, by the line above


def test_what_is_beyond_the_schema_is_a_case() -> None:
    assert {*BEYOND, *NOT_TOML} <= {case[0] for case in CASES}


PLANTING = next(block.body for block in blocks("README.md") if block.name == "planting.toml")
VILLAGE = next(block.body for block in blocks("docs/testing.md") if block.name == "village.toml")


@pytest.mark.parametrize(
    ("text", "old", "new", "at"),
    [
        (VILLAGE, "points = 30", "pionts = 30", ["$.framework.pionts"]),
        (VILLAGE, 'title = "植树棵数"', 'titel = "植树棵数"', ["$.tree.trees", "$.tree.trees.titel"]),
        (VILLAGE, "zero_below", "zero_under", ["$.tree.trees.rule.zero_under"]),
        (VILLAGE, '"completion"', '"completed"', ["$.tree.trees.rule.kind"]),
        (VILLAGE, "points = 20", "points = []", ["$.tree.trees.points"]),
        (PLANTING, "score = 93", "skore = 93", ["$.published.skore"]),
        (PLANTING, 'reason = "苗木到货晚"', 'raeson = "苗木到货晚"', ["$.tree.output.quantity.planted.raeson"]),
        (PLANTING, 'kind = "rating"', 'kind = "ratings"', ["$.tree.benefit.ecological.shade.rule.kind"]),
        (PLANTING, 'value = "950棵"', "value = []", ["$.facts.trees.planted.value"]),
        (PLANTING, 'value = "950棵", source', 'value = "950棵", sauce', ["$.facts.trees.planted.sauce"]),
    ],
)
def test_a_slip_is_told_where_it_is_and_nowhere_above(text: str, old: str, new: str, at: list[str]) -> None:
    """An editor marks what an error is about: one of a table marks every key in it."""
    assert old in text
    assert sorted(set(faults(text.replace(old, new, 1)))) == at


RULE = re.compile(r"rule = \{ kind = \"completion\".*\}")


@pytest.mark.parametrize(
    "rule",
    [
        'kind = "bands", bands = []',
        'kind = "bands", bands = [{ award = 1 }]',
        'kind = "bands", bands = [{ target = "≥5", when = "a", award = 1 }]',
        'kind = "checklist", items = []',
        'kind = "panel", raters = []',
        'kind = "panel", raters = ["a"], out_of = 0',
        'kind = "roll-up", of = []',
        'kind = "rating", levels = []',
        'kind = "rating", levels = [{ name = "x" }]',
        'kind = "rating", levels = [{ name = "x", from = "1%" }]',
        'kind = "rating", levels = [{ name = "x", share = "1%", from = "1%", to = "2%" }]',
        'kind = "deduct", each = 1, minus = 1, partial = "up"',
        'kind = "deduct", below = 1, beyond = 2, each = 1, minus = 1, partial = "up"',
        'kind = "share-of-items"',
        'kind = "share-of-items", within = "1%", above = "2%"',
        'kind = "completion", target = "≥5", over = { beyond = "130%", share = "50%", at_least = "10%" }',
        'kind = "schedule", by = [{ at = "x", actual = "a", reach = "≥5" }], minus = 1, pro_rata = true',
        'kind = "yes-no" }\nbonus_up_to = -1 #',
    ],
)
def test_keys_that_do_not_go_together_and_lists_that_are_too_short_are_refused_by_both(
    rule: str, tmp_path: Path
) -> None:
    text = RULE.sub(lambda _: f"rule = {{ {rule} }}", VILLAGE)
    assert faults(text)
    (tmp_path / "f.toml").write_text(text, "utf-8")
    with pytest.raises(LoadError):
        load_framework(tmp_path / "f.toml")


@pytest.mark.parametrize(
    "rule",
    [
        'kind = "share-of-items", below = "1%"',
        'kind = "completion", target = "≥5", over = { beyond = "130%", share = "50%", at_least = "0%" }',
        'kind = "schedule", by = [{ at = "x", actual = "a", reach = "≥5" }], minus = 1, pro_rata = false',
        'kind = "panel", raters = ["a"], drop_extremes = false',
        'kind = "yes-no" }\nbonus_up_to = 0 #',
    ],
)
def test_what_comes_near_them_is_taken_by_both(rule: str, tmp_path: Path) -> None:
    text = RULE.sub(lambda _: f"rule = {{ {rule} }}", VILLAGE)
    assert not faults(text)
    (tmp_path / "f.toml").write_text(text, "utf-8")
    load_framework(tmp_path / "f.toml")


NO_NAMES = ("a-b", "a b", "", "1", "１", "a—b", "yes", "and", "min", "a\x00")
NAMES = ("a", "_", "植树", "〇", "a1", "ａ", "yes_", "rule", "value", "andy")


@pytest.mark.parametrize("name", [*NO_NAMES, "a.b"])
def test_what_cannot_be_an_id_is_refused_by_both(name: str, tmp_path: Path) -> None:
    text = VILLAGE.replace("[tree.trees]", f"[tree.{json.dumps(name)}]")
    assert faults(text)
    (tmp_path / "f.toml").write_text(text, "utf-8")
    with pytest.raises(LoadError, match=r"cannot be an id|不能作指标 id"):
        load_framework(tmp_path / "f.toml")


@pytest.mark.parametrize("name", [*NO_NAMES, "a.yes", "yes.a", ".a", "a."])
def test_what_cannot_name_a_fact_is_refused_by_both(name: str, tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text(VILLAGE, "utf-8")
    for fact in (
        f"{json.dumps(name)} = 1",
        f"{json.dumps(name)} = {{ value = 1 }}",
        f"g = {{ {json.dumps(name)} = 1 }}",
    ):
        text = f'format = 1\nframework = "f.toml"\n[facts]\n{fact}\n'
        assert faults(text)
        (tmp_path / "a.toml").write_text(text, "utf-8")
        with pytest.raises(LoadError, match=r"cannot name a fact|不能作事实名称"):
            load(tmp_path / "a.toml")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_taken_by_both(name: str, tmp_path: Path) -> None:
    text = VILLAGE.replace("[tree.trees]", f"[tree.{json.dumps(name)}]")
    facts = f'format = 1\nframework = "f.toml"\n[facts]\n{json.dumps(name)} = 1\n"g.{name}" = 1\n'
    assert not faults(text) and not faults(facts)
    (tmp_path / "f.toml").write_text(text, "utf-8")
    (tmp_path / "a.toml").write_text(facts, "utf-8")
    load_framework(tmp_path / "f.toml")
    load(tmp_path / "a.toml")


def test_a_word_of_formulas_is_told_as_one(tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text(VILLAGE, "utf-8")
    (tmp_path / "a.toml").write_text('format = 1\nframework = "f.toml"\n[facts]\nyes = 1\n', "utf-8")
    with pytest.raises(LoadError) as told:
        load(tmp_path / "a.toml")
    assert '"yes" is a word of formulas and cannot name a fact — add to it, such as "yes_1"' in told.value.to("en")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("points = 30", "points = 30.0"),
        ("points = 30", "points = 30\nrounding = { of = 'total', places = 1.0 }"),
        ("points = 30", 'points = 30\neffective = "2023-01-01"'),
        ("points = 30", "points = 30\neffective = 2023-01-01"),
    ],
)
def test_a_whole_number_may_have_a_point_and_a_date_be_text_as_in_json(old: str, new: str, tmp_path: Path) -> None:
    text = VILLAGE.replace(old, new, 1)
    assert not faults(text)
    (tmp_path / "f.toml").write_text(text, "utf-8")
    read = load_framework(tmp_path / "f.toml")
    assert read.points == 30
    assert read.effective in (None, date(2023, 1, 1))


# Mutations.


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("right")
    for name in ("assessment", "framework", "facts", "more", "part", "part-framework", "base"):
        shutil.copy(PROMISED / f"{name}.toml", folder / f"{name}.toml")
    return folder


OTHERS: tuple[object, ...] = ("x", 7, True, [], {"x": 1})


def places(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*at, key)
        yield from places(item, (*at, key))


SOURCES: dict[str, dict[str, object]] = {
    **{f"promised {each.stem}": tomli.loads(each.read_text("utf-8")) for each in sorted(PROMISED.glob("*.toml"))},
    **{
        f"catalogue {each.stem}": tomli.loads(each.read_text("utf-8"))
        for each in sorted((ROOT / "indicators").rglob("*.toml"))
    },
}


def stands_on_another(data: dict[str, object]) -> bool:
    header = data.get("framework")
    return isinstance(header, str) or (isinstance(header, dict) and "extends" in header)


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, dict[str, object]]:
    """A right file with one key dropped or renamed, or one value of another type."""
    name = draw(st.sampled_from(sorted(SOURCES)))
    data = deepcopy(SOURCES[name])
    *above, last = draw(st.sampled_from(list(places(data))))
    holder: object = data
    for key in above:
        holder = holder[key]  # type: ignore[index]  # a path of `places`
    how = draw(st.sampled_from(("drop", "rename", "retype")))
    # Which nodes the framework below has, and so which are new and must be whole, only the loader knows.
    whole = last in ("title", "rule") or (how == "rename" and isinstance(holder[last], dict))  # type: ignore[index]
    assume(not (stands_on_another(data) and above[:1] == ["tree"] and whole))
    if isinstance(holder, dict) and how != "retype":
        value = holder.pop(last)
        if how == "rename":
            holder[f"{last}x"] = value
    else:
        value = holder[last]  # type: ignore[index]
        others = [each for each in OTHERS if type(each) is not type(value)]
        holder[last] = draw(st.sampled_from(others))  # type: ignore[index]
    return name, data


@given(mutated=mutations())
def test_the_schema_refuses_what_the_loader_finds_wrong_in_structure_and_nothing_else(
    mutated: tuple[str, dict[str, object]], around: Path
) -> None:
    name, data = mutated
    path = around / "mutated.toml"
    path.write_text(tomli_w.dumps(data), "utf-8")
    of = kind_of_file(SOURCES[name])
    problems: list[str] = []
    try:
        if of == "framework":
            load_framework(path)
        elif of == "assessment":
            load(path)
        else:
            beside = around / "beside.toml"
            beside.write_text(
                (PROMISED / "assessment.toml").read_text("utf-8").replace('include = ["facts', 'include = ["mutated'),
                "utf-8",
            )
            load(beside)
    except LoadError as error:
        problems = [
            each.message.en for each in error.problems if each.place and Path(each.place.file).name == path.name
        ]
        problems = problems or [each.message.en for each in error.problems if STRUCTURAL.search(each.message.en)]
    wrong = [each for each in problems if STRUCTURAL.search(each)]
    refused = [error.json_path for error in VALIDATORS[of].iter_errors(plain(data))]
    assert bool(refused) is bool(wrong), (refused, problems)


@settings(max_examples=20)
@given(published_tables(fault="any"))
def test_what_the_strategies_write_has_the_structure(drawn: Written[Assessment]) -> None:
    for text in drawn.files.values():
        assert not faults(text)
