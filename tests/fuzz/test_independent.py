"""Our reading against independent references: TOML's own examples, and the decimals and dates of Python."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval import LoadError, QuantityError
from perfeval.loading.documents import Source, read
from perfeval.quantity import quantity


def standard() -> Path | None:
    """The examples of the TOML standard's test suite that Python's own tests come with, where those are installed."""
    found = find_spec("test")
    places = (found.submodule_search_locations or []) if found else []
    folders = [Path(place) / "test_tomllib" / "data" for place in places]
    return next((each for each in folders if each.is_dir()), None)


STANDARD = standard()
without = pytest.mark.skipif(
    STANDARD is None, reason="this Python has no test suite of its own (3.11 or newer, not Debian's)"
)


def examples(kind: str) -> list[Path]:
    return [] if STANDARD is None else sorted((STANDARD / kind).rglob("*.toml"))


def tagged(value: object) -> object:
    """A value as the standard's examples write it."""
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
        case _:
            return {"type": "time", "value": ""}


def expected(value: object) -> object:
    match value:
        case {"type": "float", "value": str() as written}:
            return {"type": "float", "value": Decimal(written.replace("_", "").replace("inf", "Infinity"))}
        case {"type": "array", "value": list() as items}:
            return [expected(each) for each in items]
        case {"type": str() as kind, "value": str()} if "date" in kind or "time" in kind:
            return {"type": "time", "value": ""}
        case {"type": str(), "value": str()}:
            return value
        case dict():
            return {key: expected(each) for key, each in value.items()}
        case list():
            return [expected(each) for each in value]
    raise AssertionError(value)


def source(path: Path) -> Source:
    return Source(path, path.parent, path.name)


@without
@pytest.mark.parametrize("path", examples("valid"), ids=lambda path: path.stem)
def test_the_standards_right_examples_are_read_as_it_says(path: Path) -> None:
    document = read(source(path))
    said = path.with_suffix(".json")
    if said.exists():
        found, wanted = tagged(document.data), expected(json.loads(said.read_text("utf-8")))
        assert repr(found) == repr(wanted) or found == wanted


@without
@pytest.mark.parametrize("path", examples("invalid"), ids=lambda path: path.stem)
def test_the_standards_wrong_examples_are_refused_with_their_place(path: Path) -> None:
    with pytest.raises(LoadError) as caught:
        read(source(path))
    assert caught.value.problems[0].place is not None


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
