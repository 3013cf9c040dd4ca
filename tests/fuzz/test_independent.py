"""Our reading against independent references: TOML's own examples, and the decimals and dates of Python."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest
import tomli
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from perfeval import LoadError, QuantityError
from perfeval.cli import main
from perfeval.errors import Path as Keys
from perfeval.loading.documents import Source, read, text_of
from perfeval.loading.positions import positions
from perfeval.quantity import quantity

SUITE: Final = (
    "PERFEVAL_TOML_SUITE"  # where .ci/run has put the suite of toml.io, from a source distribution that carries it
)


def standard() -> Path | None:
    """The TOML standard's own test suite (toml-test), or those of its examples that Python's own tests come with."""
    if SUITE in os.environ:
        return Path(os.environ[SUITE])
    found = find_spec("test")
    places = (found.submodule_search_locations or []) if found else []
    folders = [Path(place) / "test_tomllib" / "data" for place in places]
    return next((each for each in folders if each.is_dir()), None)


STANDARD = standard()
without = pytest.mark.skipif(
    STANDARD is None, reason="this Python has no test suite of its own (3.11 or newer, not Debian's)"
)


def examples(kind: str) -> list[Path]:
    """The examples of a kind; of the whole suite, those of the version of TOML that tomli reads."""
    if STANDARD is None:
        return []
    listed = STANDARD / "files-toml-1.1.0"
    if not listed.exists():
        return sorted((STANDARD / kind).rglob("*.toml"))
    names = [line for line in listed.read_text("utf-8").split() if line.endswith(".toml")]
    return [STANDARD / name for name in names if name.startswith(f"{kind}/")]


def named(path: Path) -> str:
    assert STANDARD is not None
    return path.relative_to(STANDARD).with_suffix("").as_posix()


def tagged(value: object) -> object:
    """A value as the standard's examples write it, a time as Python has it."""
    match value:
        case dict():
            return {key: tagged(each) for key, each in value.items()}
        case list():
            return [tagged(each) for each in value]
        case bool():
            return {"type": "bool", "value": str(value).lower()}
        case int():
            return {"type": "integer", "value": str(value)}
        case Decimal():
            return {"type": "float", "value": value}
        case str():
            return {"type": "string", "value": value}
        case datetime():
            return {"type": "datetime" if value.tzinfo else "datetime-local", "value": value}
        case date():
            return {"type": "date-local", "value": value}
        case time():
            return {"type": "time-local", "value": value}
    raise AssertionError(value)


def expected(value: object) -> object:
    match value:
        case {"type": "float", "value": str() as written}:
            return {"type": "float", "value": Decimal(written.replace("inf", "Infinity"))}
        case {"type": "array", "value": list() as items}:
            return [expected(each) for each in items]
        case {"type": str() as kind, "value": str() as written} if "date" in kind or "time" in kind:
            return {"type": kind, "value": moment(kind, written)}
        case {"type": str(), "value": str()}:
            return value
        case dict():
            return {key: expected(each) for key, each in value.items()}
        case list():
            return [expected(each) for each in value]
    raise AssertionError(value)


def moment(kind: str, written: str) -> date | time:
    """A time as the standard writes it: to the microsecond, which is all that Python holds."""
    digits = re.sub(r"(\.\d{1,6})\d*", lambda found: found[1].ljust(7, "0"), written.upper().replace("Z", "+00:00"))
    match kind:
        case "date-local":
            return date.fromisoformat(digits)
        case "time-local":
            return time.fromisoformat(digits)
        case _:
            return datetime.fromisoformat(digits)


def comparable(value: object) -> object:
    """Floats that are written otherwise and are the same number are the same."""
    match value:
        case {"type": "float", "value": Decimal() as number}:
            return "nan" if number.is_nan() else (number, number.is_signed())
        case dict():
            return {key: comparable(each) for key, each in value.items()}
        case list():
            return [comparable(each) for each in value]
    return value


def source(path: Path) -> Source:
    return Source(path, path.parent, path.name)


@without
@pytest.mark.parametrize("path", examples("valid"), ids=named)
def test_the_standards_right_examples_are_read_as_it_says(path: Path) -> None:
    document = read(source(path))
    said = path.with_suffix(".json")
    if said.exists():
        assert comparable(tagged(document.data)) == comparable(expected(json.loads(said.read_text("utf-8"))))


def reached(data: object, path: Keys) -> object:
    for key in path:
        data = data[key]  # type: ignore[index]  # a path of the data
    return data


@without
@pytest.mark.parametrize("path", examples("valid"), ids=named)
def test_what_stands_at_each_place_is_what_tomli_reads_there(path: Path) -> None:
    """Two references that do not know each other: the text from a place on, read by tomli as far as it goes, is that value."""
    text = text_of(source(path))
    data = tomli.loads(text, parse_float=Decimal)
    found = positions(text)
    assert set(found) == set(every(data))
    lines = text.split("\n")
    for where, located in found.items():
        value, name = reached(data, where), where[-1]
        key = "\n".join((lines[located.key.line - 1][located.key.column - 1 :], *lines[located.key.line :]))
        rest = "\n".join((lines[located.value.line - 1][located.value.column - 1 :], *lines[located.value.line :]))
        if isinstance(name, str):
            part = re.match(r"""[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*'""", key)
            assert part is not None and list(tomli.loads(f"{part[0]} = 0")) == [name], (where, key[:40])
        if not isinstance(value, dict) and not (isinstance(value, list) and rest.startswith("[[")):
            assert any(same(value, each) for each in starts(rest)), (where, rest[:40])


def every(data: object, above: Keys = ()) -> Iterator[Keys]:
    """The paths of all that a document holds."""
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inside:
        yield (*above, key)
        yield from every(value, (*above, key))


def starts(text: str) -> Iterator[object]:
    """What can be read as a value, of the starts of a text."""
    for end in range(1, len(text) + 1):
        with contextlib.suppress(tomli.TOMLDecodeError):
            yield tomli.loads(f"x = {text[:end]}", parse_float=Decimal)["x"]


def same(a: object, b: object) -> bool:
    return type(a) is type(b) and repr(a) == repr(b)


@without
@pytest.mark.parametrize("path", examples("invalid"), ids=named)
def test_the_standards_wrong_examples_are_refused_with_their_place(path: Path) -> None:
    with pytest.raises(LoadError) as caught:
        read(source(path))
    (problem,) = caught.value.problems
    assert problem.place is not None
    assert problem.place.file == path.name
    assert problem.message.zh != problem.message.en
    assert 1 <= problem.place.line <= path.read_bytes().count(b"\n") + 1


@without
@pytest.mark.parametrize("path", examples("invalid"), ids=named)
def test_every_command_answers_the_standards_wrong_examples(path: Path) -> None:
    for command in ("score", "frameworks"):
        result = CliRunner().invoke(main, [command, str(path)])
        assert (result.exit_code, type(result.exception)) == (2, SystemExit), result.exception
        assert re.match(rf"{re.escape(str(path))}:\d+:\d+: ", result.output), result.output


@given(st.integers(-(10**20), 10**20), st.integers(0, 12), st.sampled_from(["{}", "{}%", "{}万元", " {} 人 "]))
def test_a_number_is_what_decimal_says(units: int, places: int, form: str) -> None:
    written = f"{Decimal(units).scaleb(-places):f}"
    factor = {"{}%": Fraction(1, 100), "{}万元": Fraction(10_000)}.get(form, Fraction(1))
    assert quantity(form.format(written)).value == Fraction(Decimal(written)) * factor


@given(st.integers(-(10**15), 10**15).map(lambda units: f"{units:,}"))
def test_a_grouped_number_is_what_python_groups(written: str) -> None:
    assert quantity(written).value == int(written.replace(",", ""))


@given(st.dates(date(1000, 1, 1)))
def test_a_date_is_the_day_that_datetime_says(day: date) -> None:
    for form in (day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日"):
        assert quantity(form).value == day.toordinal()
    assert quantity(day).value == day.toordinal()


@given(st.integers(1000, 9998), st.integers(0, 14), st.integers(0, 33))
def test_a_day_is_there_exactly_where_the_calendar_has_it(year: int, month: int, day: int) -> None:
    """The calendar as a walk from new year's day, not as the constructor that `quantity` uses."""
    days = {
        (found.month, found.day)
        for found in (date(year, 1, 1) + timedelta(each) for each in range(366))
        if found.year == year
    }
    text = f"{year}年{month}月{day}日"
    if (month, day) in days:
        assert str(quantity(text)) == f"{year}-{month:02}-{day:02}"
    else:
        with pytest.raises(QuantityError):
            quantity(text)
