"""Facts: where they come from, how they are derived, and what is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfeval import DefinitionError, Fact, FactSheet, QuantityError, quantity
from perfeval.facts import read_value, shown


@pytest.mark.parametrize("written", ["有", " √", "Y", "n", "×", "没有"])
def test_a_mark_that_people_write_for_yes_or_no_is_answered_with_what_to_write(written: str) -> None:
    with pytest.raises(
        QuantityError, match=f'"{written.strip()}" is no yes or no.* write 是 or 否, true or false'
    ) as refused:
        read_value(written)
    assert "请写 是 或 否（true 或 false）" in refused.value.to("zh")


def test_a_fact_is_stated_derived_assumed_or_unknown() -> None:
    sheet = FactSheet(
        {
            "a": "5人",
            "b": Fact("b", quantity("3人"), assumed="no list printed"),
            "c": Fact("c", formula="a + b"),
            "d": None,
            "e": Fact("e", formula="a + 1人", assumed="one more is certain"),
        }
    )
    assert [sheet[name].status for name in sheet] == ["stated", "assumed", "derived", "unknown", "assumed"]
    assert str(sheet.value("c")) == "8人"
    assert sheet.basis("c") == ("b",)
    assert sheet.basis("a") == ()
    assert len(sheet) == 5
    assert "a" in sheet


def test_a_fact_derived_from_what_is_not_known_is_not_known() -> None:
    sheet = FactSheet({"a": None, "b": Fact("b", formula="a + 1"), "c": Fact("c", formula="b * 2")})
    assert sheet.value("c") is None
    assert sheet.missing("c") == ("a",)
    assert sheet.failure("c") is None
    assert sheet.missing("nowhere") == ("nowhere",)
    assert sheet.value("nowhere") is None


def test_a_fact_derived_by_dividing_by_zero_says_so() -> None:
    sheet = FactSheet({"a": "1", "b": "0", "c": Fact("c", formula="a / b"), "d": Fact("d", formula="a / (b - b)")})
    for name in ("c", "d"):
        message = sheet.failure(name)
        assert message is not None
        assert "zero" in message.en


def test_a_yes_or_no_may_be_derived() -> None:
    sheet = FactSheet({"a": "5人", "b": Fact("b", formula="a > 3")})
    assert sheet.value("b") is True
    assert sheet.kinds["b"] == "truth"


@pytest.mark.parametrize(
    "facts",
    [
        {"a": Fact("a", formula="b"), "b": Fact("b", formula="a")},
        {"a": Fact("a", formula="a + 1")},
        {"a": Fact("a", formula="nothing")},
        {"a": "5人", "b": "5元", "c": Fact("c", formula="a + b")},
    ],
)
def test_a_sheet_that_cannot_be_derived_is_refused(facts: dict[str, Fact | str]) -> None:
    with pytest.raises(DefinitionError):
        FactSheet(facts)


@pytest.mark.parametrize("name", ["", "a-b", "1a", "a..b", "if", "a b", "a.and"])
def test_a_name_that_no_formula_could_read_is_refused(name: str) -> None:
    with pytest.raises(DefinitionError):
        Fact(name)


def test_a_value_and_a_formula_are_one_too_many() -> None:
    with pytest.raises(DefinitionError):
        Fact("a", quantity("1"), formula="b")


def test_a_float_is_refused_with_what_to_pass() -> None:
    with pytest.raises(QuantityError, match="Decimal"):
        FactSheet({"a": 0.5})  # type: ignore[dict-item]
    with pytest.raises(QuantityError):
        Fact("a", 0.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "unit", "read"),
    [
        ("100", "%", "100%"),
        ("20", "万元", "20万元"),
        (" 是 ", "", True),
        ("NO", "", False),
        ("", "", None),
        (None, "", None),
        ("200000元", "万元", "20万元"),
    ],
)
def test_a_value_is_read_with_the_unit_of_its_column(written: object, unit: str, read: object) -> None:
    value = read_value(written, unit)
    assert (value if value is None or isinstance(value, bool) else str(value)) == read


def test_a_value_that_contradicts_its_column_is_refused() -> None:
    with pytest.raises(DefinitionError):
        read_value("5人", "万元")


@pytest.mark.parametrize(
    ("value", "kind", "unit", "text"),
    [
        ("9500", "money", "", "9500元"),
        ("2107100", "money", "", "210.71万元"),
        ("2107100", "money", "元", "2107100元"),
        ("0.95", "ratio", "", "95%"),
        ("3", "count:人", "", "3人"),
        ("3", "length", "", "3米"),
        ("3", "number", "", "3"),
    ],
)
def test_a_computed_value_is_shown_in_a_unit_people_use(value: str, kind: str, unit: str, text: str) -> None:
    assert str(shown(Fraction(value), kind, unit)) == text


@given(st.permutations(["a", "b", "c", "d"]))
def test_the_order_of_the_facts_changes_no_value(order: list[str]) -> None:
    facts = {
        "a": "2",
        "b": Fact("b", formula="a * 3"),
        "c": Fact("c", formula="b + d"),
        "d": Fact("d", formula="a - 1"),
    }
    sheet = FactSheet({name: facts[name] for name in order})  # type: ignore[misc]
    assert sheet.values["c"] in ((7, 1),)
