"""What docs/compatibility.md promises: format 1 is read and scored as it is today, and no key goes from the JSON output."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tomli
from jsonschema import Draft202012Validator
from names import GOLDEN as PYTHON
from names import names, shown
from shapes import GOLDEN, shapes

import perfeval.testing
from docs_text import ROOT
from perfeval import evaluate, load
from perfeval.loading.schema import FILES, File, schema
from perfeval.rules import RULES

HERE = Path(__file__).resolve().parent
FORMAT_1 = HERE / "format-1"
# The same tables once more, with other keys required, or other ones allowed beside them.
AGAIN = {
    "framework": ("changed-", "alternative-"),
    "assessment": ("own-", "remarked-", "completed-", "rule-", "alternative", "fact-group"),
    "facts": ("fact-", "file.checks"),
}


def test_a_file_with_every_key_is_scored_as_it_was() -> None:
    card = evaluate(load(FORMAT_1 / "assessment.toml"))
    scores = {path: [str(node.points), str(node.score)] for path, node in card.nodes.items()}
    assert card.grade is not None
    found = {"score": str(card.score), "grade": card.grade.name, "nodes": scores}
    assert found == json.loads((HERE / "scores.json").read_text("utf-8"))


@pytest.mark.parametrize("file", FILES)
def test_the_file_with_every_key_has_every_key(file: File) -> None:
    made = schema(file)
    used: set[tuple[str, str]] = set()
    for path in sorted(FORMAT_1.glob("*.toml")):
        data = as_json(tomli.loads(path.read_text("utf-8")))
        if Draft202012Validator(made).is_valid(data):
            used |= set(keys_used(made, made, data))
    every = {(table, key) for table, key in keys_of(made) if not table.startswith(AGAIN[file])}
    assert every
    assert every <= used, sorted(every - used)


def as_json(value: object) -> object:
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def keys_of(each: object, at: str = "file") -> Iterator[tuple[str, str]]:
    """Every key that a schema knows, with the table it stands in."""
    if isinstance(each, list):
        for item in each:
            yield from keys_of(item, at)
    elif isinstance(each, dict):
        for name, item in each.get("$defs", {}).items():
            yield from keys_of(item, name)
        for key, item in each.get("properties", {}).items():
            if item is not False:
                yield at, key
                yield from keys_of(item, f"{at}.{key}")
        for below in ("anyOf", "items", "prefixItems"):
            yield from keys_of(each.get(below), at)


def keys_used(root: dict[str, Any], each: Any, value: object, at: str = "file") -> Iterator[tuple[str, str]]:
    """The keys of `value`, each with the table of the schema it stands in."""
    if "$ref" in each:
        name = each["$ref"].removeprefix("#/$defs/")
        yield from keys_used(root, root["$defs"][name], value, name)
    if "if" in each:
        holds = validator(json.dumps({**each["if"], "$defs": root["$defs"]})).is_valid(value)
        yield from keys_used(root, each.get("then" if holds else "else", {}), value, at)
    for branch in each.get("anyOf", ()):
        if validator(json.dumps({**branch, "$defs": root["$defs"]})).is_valid(value):
            yield from keys_used(root, branch, value, at)
    if isinstance(value, dict):
        known, other = each.get("properties", {}), each.get("additionalProperties")
        for key, item in value.items():
            if key in known:
                yield at, key
                yield from keys_used(root, known[key], item, f"{at}.{key}")
            elif isinstance(other, dict):
                yield from keys_used(root, other, item, at)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            ahead = each.get("prefixItems", ())
            below = ahead[index] if index < len(ahead) else each.get("items")
            if below:
                yield from keys_used(root, below, item, at)


@cache
def validator(text: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(text))


@pytest.mark.slow
def test_the_json_of_every_command_has_the_keys_it_had() -> None:
    now, promised = shapes().splitlines(), GOLDEN.read_text("utf-8").splitlines()
    gone = [line for line in promised if line not in now]
    assert not gone, "this breaks the promise of docs/compatibility.md"
    added = [line for line in now if line not in promised]
    assert not added, "write them down: python tests/compatibility/shapes.py"


def test_the_names_that_python_programs_rely_on_are_there_with_their_arguments() -> None:
    pytest.importorskip("pyspark", reason="perfeval.spark is among them")
    now, promised = names().splitlines(), PYTHON.read_text("utf-8").splitlines()
    gone = [line for line in promised if line not in now and f"{line[:-1]}, optional)" not in now]
    assert not gone, "this breaks the promise of docs/compatibility.md"
    added = [line for line in now if line not in promised]
    needed = [line for line in added if not line.endswith("optional)") and line.partition("(")[0] in promised]
    assert not [line for line in needed if "(" in line], "a new argument that programs must give breaks the promise"
    assert not added, "write them down: python tests/compatibility/names.py"


def test_the_reference_shows_every_public_name() -> None:
    listed = {name for _, name in shown()}
    assert set(perfeval.__all__) <= listed
    assert set(perfeval.testing.__all__) <= listed
    assert {each.__name__ for each in RULES} <= listed


def test_every_command_that_answers_in_json_is_held() -> None:
    from click import Choice

    from perfeval.cli import main

    answering = {
        name
        for name, command in main.commands.items()
        if any(each.name == "form" and isinstance(each.type, Choice) for each in command.params)
    }
    held = {line.partition(":")[0].split()[0] for line in GOLDEN.read_text("utf-8").splitlines()}
    assert held == answering


def test_the_page_names_the_files_that_hold_it() -> None:
    page = (ROOT / "docs" / "compatibility.md").read_text("utf-8")
    for name in ("format-1", "scores.json", "json.txt", "shapes.py", "python.txt", "names.py"):
        assert f"tests/compatibility/{name}" in page
