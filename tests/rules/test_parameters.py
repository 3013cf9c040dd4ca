"""How the parameters of rules are read, and the small sums that rules share."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from one_indicator import TEN, earns, refused
from reference import POINTS, SHARES

from perfeval import DefinitionError, FormulaError, quantity
from perfeval.expr.nodes import Constant, Expr, FactRef, number
from perfeval.expr.parse import parse
from perfeval.quantity import target
from perfeval.rules import (
    Alternative,
    Amount,
    Band,
    Bands,
    BestOf,
    Checklist,
    Checkpoint,
    Deduct,
    Item,
    Linear,
    RollUp,
    Schedule,
    YesNo,
    amount,
    formula,
    ratio,
    share_of_part,
    weight_of_part,
)
from perfeval.rules.reading import (
    alike,
    constant,
    each_read,
    formulas,
    goal,
    meets,
    optional_amount,
    optional_formula,
    optional_points,
    optional_quantity,
    optional_ratio,
    parts_of,
    parts_problems,
    percent,
    total_of,
    within_one,
)

HALF = Fraction(1, 2)


@given(POINTS, SHARES)
def test_an_amount_is_points_or_a_share_of_them(p: Fraction, share: Fraction) -> None:
    assert Amount(points=share).of(p) == share
    assert Amount(share=share).of(p) == share * p
    assert amount(Amount(share=share)) == Amount(share=share)


@pytest.mark.parametrize(
    ("written", "read", "said"),
    [
        (5, Amount(points=Fraction(5)), "5"),
        ("0.5", Amount(points=HALF), "0.5"),
        ("5分", Amount(points=Fraction(5)), "5"),
        ("50%", Amount(share=HALF), "50%"),
        ("5‰", Amount(share=Fraction(1, 200)), "0.5%"),
        (0, Amount(points=Fraction(0)), "0"),
        ("0%", Amount(share=Fraction(0)), "0%"),
    ],
)
def test_points_are_a_number_and_a_share_is_a_percentage(written: object, read: Amount, said: str) -> None:
    assert amount(written) == read
    assert optional_amount(written) == read
    assert str(read) == said


def test_an_amount_of_neither_is_nothing() -> None:
    assert (Amount().of(TEN), str(Amount())) == (Fraction(0), "0%")


def test_a_share_is_written_as_a_percentage() -> None:
    assert ratio("60%") == ratio("600‰") == ratio(Fraction(3, 5)) == optional_ratio("60%") == Fraction(3, 5)
    assert str(percent(Fraction(3, 5)).value) == "60%"
    assert str(percent(Fraction(1, 800)).value) == "0.125%"
    assert percent(Fraction(3, 5)) == Constant(quantity("60%"))


def test_points_are_written_as_a_number_or_with_their_unit() -> None:
    assert optional_points(5) == optional_points("5") == optional_points("5分") == 5


@pytest.mark.parametrize(
    "read", [optional_amount, optional_formula, optional_points, optional_quantity, optional_ratio]
)
def test_what_may_be_left_out_stays_out(read: Callable[[object], object]) -> None:
    assert read(None) is None


@pytest.mark.parametrize(
    ("read", "value", "named"),
    [
        (amount, "5人", "5人"),
        (amount, "5元", "5元"),
        (ratio, "60", "60"),
        (ratio, 1, "1"),
        (ratio, "60人", "60人"),
        (optional_points, "60%", "60%"),
        (optional_points, "6人", "6人"),
        (formula, ["a"], "formula"),
        (formula, {"a": 1}, "formula"),
        (formulas, "a", "raters"),
        (formulas, {"a": 1}, "raters"),
        (goal, "2023-06-30", "2023-06-30"),
        (goal, "9月", "9月"),
    ],
)
def test_what_is_of_another_kind_is_refused_and_quoted(
    read: Callable[[object], object], value: object, named: str
) -> None:
    with pytest.raises(DefinitionError) as caught:
        read(value)
    (problem,) = caught.value.problems
    assert named in problem.message.en
    assert named in problem.message.zh or "公式" in problem.message.zh
    assert problem.path == ()


def test_a_date_or_a_month_with_its_sign_is_a_target_and_anything_else_needs_none() -> None:
    for written in ("≤2023-06-30", "≥2023-06-30", "2023-06-30前", "9月前", "≤9月", "=9月", "95%", "≤95%", "5人"):
        assert goal(written) == target(written)


def test_a_formula_is_text_a_number_or_an_expression() -> None:
    assert formula("a / b") == optional_formula("a / b") == parse("a / b")
    assert formula(FactRef("a")) == FactRef("a")
    assert formula(quantity("5人")) == Constant(quantity("5人"))
    assert formulas(["a", "b / c"]) == formulas(("a", "b / c")) == (FactRef("a"), parse("b / c"))
    with pytest.raises(FormulaError):
        formula("a +")


def test_each_entry_that_cannot_be_read_is_told_by_its_index() -> None:
    assert each_read(ratio, ["60%", "70%"]) == (Fraction(3, 5), Fraction(7, 10))
    with pytest.raises(DefinitionError) as caught:
        each_read(ratio, ["60", "70%", "多"])
    assert [each.path for each in caught.value.problems] == [(0,), (2,)]


def test_a_bare_0_goes_with_every_unit_and_any_other_figure_with_its_own() -> None:
    assert constant(quantity(0)) == number(0)
    assert constant(quantity("0元")) == Constant(quantity("0元"))
    assert constant(quantity(5)) == Constant(quantity(5))
    assert alike(quantity(0), quantity("5元"))
    assert alike(quantity("3万元"), quantity("5元"))
    assert alike(quantity("5人"), quantity(3))
    assert not alike(quantity("5人"), quantity("5元"))
    assert not alike(quantity("95%"), quantity(95))


@pytest.mark.parametrize(("sign", "by"), [("≥", ">="), ("≤", "<="), ("=", "=="), (">", ">"), ("<", "<")])
def test_a_target_is_met_as_its_sign_says(sign: str, by: str) -> None:
    for figure in ("5人", "0"):
        met = meets(FactRef("a"), target(f"{sign}{figure}"))
        assert (met.left, met.by, met.right) == (FactRef("a"), by, constant(quantity(figure)))


def test_parts_without_points_are_equal_and_those_with_points_are_their_own() -> None:
    assert parts_of((None, None, None), TEN) == (Fraction(10, 3),) * 3
    assert parts_of((Fraction(4), Fraction(6)), TEN) == (Fraction(4), Fraction(6))


@pytest.mark.parametrize(
    ("stated", "at", "named"),
    [
        ((None, None), [], ""),
        ((TEN, Fraction(0)), [], ""),
        ((), [("items",)], "items"),
        ((None, TEN), [("items",)], "points"),
        ((TEN, Fraction(-1)), [("items", 1, "points")], "-1"),
        ((None, Fraction(-1, 2)), [("items",), ("items", 1, "points")], "points"),
    ],
)
def test_either_all_parts_state_their_points_or_none_does_and_none_is_negative(
    stated: tuple[Fraction | None, ...], at: list[tuple[object, ...]], named: str
) -> None:
    found = list(parts_problems(stated, "items"))
    assert [each.path for each in found] == at
    for each in found[:1]:
        assert named in each.message.zh
        assert named in each.message.en
        assert each.message.en.isascii()
        assert not each.message.zh.isascii()


def test_terms_add_up_from_the_left() -> None:
    a, b, c = FactRef("a"), FactRef("b"), FactRef("c")
    one: list[Expr] = [a]
    assert total_of(iter(one)) == a
    assert total_of(iter([a, b, c])) == (a + b) + c


def test_a_share_of_the_points_is_0_to_100_percent() -> None:
    for value in (None, Fraction(0), HALF, Fraction(1)):
        assert not list(within_one(value, "share"))
    for value, shown in ((Fraction(-1, 100), "-1%"), (Fraction(101, 100), "101%")):
        (found,) = within_one(value, "share")
        assert found.path == ("share",)
        assert shown in found.message.zh
        assert shown in found.message.en


@pytest.mark.parametrize(
    ("part", "slug"),
    [("a.toml", "_a"), ("../x/y-z.toml", "____x_y_z"), ("项目.toml", "_项目"), ("a.toml.toml", "_a_toml")],
)
def test_a_part_is_read_under_a_name_made_of_its_path(part: str, slug: str) -> None:
    assert share_of_part(part) == f"parts.{slug}.share"
    assert weight_of_part(part) == f"parts.{slug}.weight"


# A hundred entries, and no more.

_ENTRIES: dict[str, Callable[[int], dict[str, object]]] = {
    "bands": lambda most: {"bands": [[f"≥{200 - each}", 1] for each in range(most)]},
    "linear": lambda most: {"through": [[each, 1] for each in range(most)]},
    "checklist": lambda most: {"items": [{"when": "a"}] * most},
    "share-of-items": lambda most: {"items": [{"actual": "a", "target": "b"}] * most, "within": "30%"},
    "schedule": lambda most: {"by": [{"at": "6月", "actual": "a", "reach": "≥5"}] * most},
    "rating": lambda most: {"levels": [{"name": f"{each}", "share": f"{each}%"} for each in range(most)]},
    "panel": lambda most: {"raters": ["a"] * most},
    "roll-up": lambda most: {"of": [f"{each}.toml" for each in range(most)]},
    "best-of": lambda most: {"alternatives": [{"kind": "yes-no", "when": "a"}] * most},
}


@pytest.mark.parametrize("kind", _ENTRIES)
def test_a_rule_has_at_most_a_hundred_entries(kind: str) -> None:
    (key,) = {"bands", "through", "items", "by", "levels", "raters", "of", "alternatives"} & set(_ENTRIES[kind](1))
    assert refused(kind=kind, **_ENTRIES[kind](100)) == []
    assert refused(kind=kind, **_ENTRIES[kind](101)) == [key]


@pytest.mark.parametrize(
    ("build", "key"),
    [
        (lambda: Bands(tuple(Band(1, f"≥{200 - each}") for each in range(101))), "bands"),
        (lambda: Linear([(each, 1) for each in range(101)]), "through"),
        (lambda: Checklist((Item("a"),) * 101), "items"),
        (lambda: Schedule((Checkpoint("6月", "a", "≥5"),) * 101), "by"),
        (lambda: BestOf((Alternative(YesNo("a")),) * 101), "alternatives"),
        (lambda: RollUp(tuple(f"{each}.toml" for each in range(101))), "of"),
    ],
)
def test_a_rule_built_in_python_has_at_most_a_hundred_entries_too(build: Callable[[], object], key: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        build()
    (problem,) = caught.value.problems
    assert problem.path == (key,)
    assert "100" in problem.message.zh
    assert "101" in problem.message.en


# The edges of what parameters may be: just allowed, just refused.


@pytest.mark.parametrize(
    ("allowed", "not_allowed", "at"),
    [
        (
            {"kind": "completion", "target": "≥5", "over": {"beyond": "100%", "share": "100%"}},
            {"kind": "completion", "target": "≥5", "over": {"beyond": "99.9%"}},
            ["over.beyond"],
        ),
        (
            {"kind": "completion", "target": "≥5", "over": {"beyond": "130%", "at_least": "100%"}},
            {"kind": "completion", "target": "≥5", "over": {"beyond": "130%", "at_least": "100.1%"}},
            ["over.at_least"],
        ),
        (
            {"kind": "completion", "target": "≥5", "over": {"beyond": "130%", "share": "0%"}},
            {"kind": "completion", "target": "≥5", "over": {"beyond": "130%", "share": "0%", "at_least": "1%"}},
            ["over.at_least"],
        ),
        (
            {"kind": "completion", "target": "≤0人"},
            {"kind": "completion", "target": "=0人"},
            ["target"],
        ),
        (
            {"kind": "completion", "target": "≤1人", "decline": "deviation"},
            {"kind": "completion", "target": "=1人", "decline": "deviation"},
            ["decline"],
        ),
        (
            {"kind": "completion", "target": "≥0.001人", "scale_from": "99.9%", "zero_below": "100%"},
            {"kind": "completion", "target": "≥0.001人", "scale_from": "100%", "zero_below": "100%"},
            ["scale_from"],
        ),
        (
            {"kind": "completion", "target": "≥5人", "over": {"beyond": "130%"}},
            {"kind": "completion", "target": "=5人", "over": {"beyond": "130%"}},
            ["over"],
        ),
        (
            {"kind": "completion", "target": "≤9月"},
            {"kind": "completion", "target": "≤9月", "scale_from": "60%"},
            ["target"],
        ),
        (
            {"kind": "completion", "target": "≤2023-01-01"},
            {"kind": "completion", "target": "≥2023-01-01", "over": {"beyond": "130%"}},
            ["target"],
        ),
        (
            {"kind": "deduct", "each": "0.01%", "minus": 0, "partial": "up", "beyond": "1%", "at_most": 10},
            {"kind": "deduct", "each": "0.01%", "minus": 0, "partial": "up", "beyond": "1%", "at_most": "10.01"},
            ["at_most"],
        ),
        (
            {"kind": "linear", "through": [["1人", 0], ["1.01人", 10]]},
            {"kind": "linear", "through": [["1人", 0], ["1人", 10]]},
            ["through.1"],
        ),
        (
            {"kind": "bands", "bands": [["≥1", 10], ["≥0", 0]], "otherwise": 10},
            {"kind": "bands", "bands": [["≥1", 10], ["≥0", "-0.01"]], "otherwise": "10.01"},
            ["bands.1", "otherwise"],
        ),
        (
            {"kind": "linear", "through": [[0, 0], [1, 12]], "bonus_up_to": 2},
            {"kind": "linear", "through": [[0, 0], [1, "12.01"]], "bonus_up_to": 2},
            ["through.1"],
        ),
        (
            {"kind": "checklist", "items": [{"when": "a", "points": 0}, {"when": "b", "points": 10}]},
            {"kind": "checklist", "items": [{"when": "a", "points": 0}, {"when": "b", "points": "9.99"}]},
            ["items"],
        ),
        (
            {"kind": "checklist", "items": [{"when": "a", "points": 12}], "bonus_up_to": 2},
            {"kind": "checklist", "items": [{"when": "a", "points": "12.01"}], "bonus_up_to": 2},
            ["items"],
        ),
        (
            {"kind": "schedule", "by": [{"at": "6月", "actual": "a", "reach": "≥5"}], "minus": 0},
            {"kind": "schedule", "by": [{"at": "6月", "actual": "a", "reach": "≥5"}], "minus": "-0.01"},
            ["minus"],
        ),
        (
            {"kind": "schedule", "by": [{"at": "6月", "actual": "a", "reach": "≥0.01"}], "pro_rata": True},
            {"kind": "schedule", "by": [{"at": "6月", "actual": "a", "reach": "=5"}], "pro_rata": True},
            ["by.0.reach"],
        ),
        (
            {"kind": "schedule", "by": [{"at": "6月", "actual": "a", "reach": "≤9月"}]},
            {"kind": "schedule", "by": [{"at": "6月", "actual": "a", "reach": "≥9月"}], "pro_rata": True},
            ["by.0.reach"],
        ),
        (
            {"kind": "share-of-items", "below": "0%"},
            {"kind": "share-of-items", "below": "-0.1%"},
            ["below"],
        ),
        (
            {"kind": "share-of-items", "above": "0%"},
            {"kind": "share-of-items", "above": "30%", "within": "30%"},
            [""],
        ),
        (
            {"kind": "rating", "levels": [{"name": "a", "from": "50%", "to": "100%"}, {"name": "b", "share": "50%"}]},
            {"kind": "rating", "levels": [{"name": "a", "from": "50%", "to": "100%"}, {"name": "b", "share": "51%"}]},
            ["levels"],
        ),
        (
            {"kind": "rating", "levels": [{"name": "a", "from": "0%", "to": "0.1%"}]},
            {"kind": "rating", "levels": [{"name": "a", "from": "50%", "to": "50%"}]},
            ["levels.0.from"],
        ),
        (
            {"kind": "rating", "levels": [{"name": "a", "share": "100%"}]},
            {"kind": "rating", "levels": [{"name": "a", "share": "100%", "to": "100%"}]},
            ["levels.0.share"],
        ),
        (
            {"kind": "rating", "levels": [{"name": "a", "share": "0%"}]},
            {"kind": "rating", "levels": [{"name": "a", "share": "0%", "from": "0%"}]},
            ["levels.0.share"],
        ),
        (
            {"kind": "rating", "levels": [{"name": "a", "from": "0%", "to": "50%"}]},
            {"kind": "rating", "levels": [{"name": "a", "from": "0%"}, {"name": "b", "to": "50%"}]},
            ["levels.0", "levels.1"],
        ),
        (
            {"kind": "panel", "raters": ["a", "b", "c"], "drop_extremes": True, "out_of": "0.01"},
            {"kind": "panel", "raters": ["a", "b"], "drop_extremes": True, "out_of": 0},
            ["raters", "out_of"],
        ),
        (
            {"kind": "panel", "raters": ["a"]},
            {"kind": "panel", "raters": []},
            ["raters"],
        ),
        (
            {"kind": "best-of", "alternatives": [{"kind": "yes-no", "when": "a"}] * 2},
            {"kind": "best-of", "alternatives": [{"kind": "yes-no", "when": "a"}]},
            ["alternatives"],
        ),
    ],
    ids=lambda value: str(value.get("kind")) if isinstance(value, dict) else "",
)
def test_parameters_are_refused_from_their_edges_on(
    allowed: dict[str, object], not_allowed: dict[str, object], at: list[str]
) -> None:
    assert refused(**allowed) == []
    assert refused(**not_allowed) == at


def test_a_step_taken_off_may_be_a_share_and_what_is_taken_off_altogether_too() -> None:
    rule = Deduct(beyond=0, each=1, minus="20%", partial="up", at_most="50%")
    assert [earns(rule, 10, str(found), award) for found, award in ((0, 10), (1, 8), (2, 6), (3, 5), (9, 5))] == [
        True
    ] * 5
