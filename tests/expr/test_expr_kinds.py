"""The kinds interpreter: what goes together, and what that promises of every number."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import pytest
from formula_cases import COMPARATORS, grown, labelled, largest_formulas
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import calls_at_most
from perfeval.errors import Message
from perfeval.expr.exact import DividedByZero, NotMet, exact, raw
from perfeval.expr.kinds import KindError, kind_name, kind_of, kind_of_value, together
from perfeval.expr.nodes import (
    Absolute,
    Add,
    And,
    Compare,
    Constant,
    Divide,
    Expr,
    FactRef,
    If,
    Label,
    Maximum,
    Minimum,
    Multiply,
    Not,
    Or,
    Require,
    Round,
    Subtract,
    compare,
    label,
    number,
)
from perfeval.expr.parse import parse
from perfeval.quantity import Kind, Quantity, quantity

_VALUES: Final[dict[str, Quantity | bool | str]] = {
    "bare": quantity("20"),
    "rate": quantity("95%"),
    "budget": quantity("10万元"),
    "spent": quantity("9万元"),
    "people": quantity("71人"),
    "trees": quantity("950棵"),
    "land": quantity("20亩"),
    "price": quantity("300元/亩"),
    "benefit": quantity("50元/人"),
    "road": quantity("3公里"),
    "crop": quantity("2吨"),
    "day": quantity("2023-12-31"),
    "start": quantity("2023-01-01"),
    "month": quantity("9月"),
    "may": quantity("5月"),
    "done": True,
    "level": "良好",
}
_KINDS: Final[dict[str, Kind]] = {name: kind_of_value(value) for name, value in _VALUES.items()}


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        ("0", "zero"),
        ("5", "literal"),
        ("95%", "ratio"),
        ("budget", "money"),
        ("nobody_knows", "any"),
        ("yes", "truth"),
        ("'良好'", "choice"),
        ("budget + spent", "money"),
        ("budget - 5万元", "money"),
        ("budget + 0", "money"),
        ("rate - 0.6", "ratio"),
        ("bare + 5", "number"),
        ("people + 5", "count:人"),
        ("people - bare", "count:人"),
        ("nobody_knows + budget", "money"),
        ("budget + nobody_knows", "money"),
        ("day - start", "count:天"),
        ("day - nobody_knows", "count:天"),
        ("nobody_knows - may", "count:个月"),
        ("max(0, nobody_knows)", "any"),
        ("max(bare, nobody_knows)", "any"),
        ("budget / max(1, nobody_knows)", "any"),
        ("month - may", "count:个月"),
        ("min(budget, spent, 0)", "money"),
        ("max(0, 1, rate)", "ratio"),
        ("min(5, bare, people)", "count:人"),
        ("abs(budget - spent)", "money"),
        ("round(rate, 2)", "ratio"),
        ("if(done, budget, 0)", "money"),
        ("if(done, done, no)", "truth"),
        ("if(done, level, 'x')", "choice"),
        ("budget >= spent", "truth"),
        ("rate >= 0.6", "truth"),
        ("people = 50", "truth"),
        ("day <= 2023-12-31", "truth"),
        ("month < 9月", "truth"),
        ("level == '良好'", "truth"),
        ("level != '良好'", "truth"),
        ("done != yes", "truth"),
        ("done == yes", "truth"),
        ("done and not no or nobody_knows", "truth"),
        # Products.
        ("2 * budget", "money"),
        ("budget * 2", "money"),
        ("0 * budget", "money"),
        ("0 * 5", "literal"),
        ("5 * 0", "literal"),
        ("0 * 0", "literal"),
        ("rate * budget", "money"),
        ("budget * rate", "money"),
        ("bare * budget", "money"),
        ("rate * rate", "ratio"),
        ("rate * bare", "number"),
        ("bare * bare", "number"),
        ("rate * people", "count:人"),
        ("price * land", "money"),
        ("land * price", "money"),
        ("300元/亩 * 20亩", "money"),
        ("benefit * people", "money"),
        ("rate * price", "count:元/平方米"),
        ("nobody_knows * budget", "any"),
        # Quotients.
        ("spent / budget", "ratio"),
        ("price / 450元/亩", "ratio"),
        ("people / 71人", "ratio"),
        ("people / bare", "ratio"),
        ("50 / people", "ratio"),
        ("bare / bare", "ratio"),
        ("rate / rate", "ratio"),
        ("5 / 2", "literal"),
        ("0 / 2", "literal"),
        ("0 / budget", "ratio"),
        ("budget / 2", "money"),
        ("budget / rate", "money"),
        ("budget / bare", "money"),
        ("people / 2", "count:人"),
        ("rate / bare", "ratio"),
        ("budget / people", "count:元/人"),
        ("budget / land", "count:元/平方米"),
        ("budget / people / 3年", "count:元/人/年"),
        ("budget / price", "area"),
        ("budget / (budget / people)", "count:人"),
        ("budget / people * people", "money"),
        ("price / 2", "count:元/平方米"),
        ("price / bare", "count:元/平方米"),
        ("budget / nobody_knows", "any"),
    ],
)
def test_a_formula_measures(formula: str, kind: str) -> None:
    assert kind_of(parse(formula), _KINDS) == kind


@pytest.mark.parametrize(
    ("formula", "zh", "en"),
    [
        (
            "budget + people",
            "“budget”是金额，“people”是以“人”计的数",
            '"budget" is money and "people" is a count in "人"',
        ),
        ("min(0, budget, people)", "“budget”是金额，“people”是", '"budget" is money and "people" is'),
        ("people + trees", "以“棵”计的数", 'a count in "棵"'),
        ("people == trees", "以“棵”计的数", 'a count in "棵"'),
        ("if(done, budget, people)", "金额", "money"),
        ("if(done, budget, done)", "是/否", "a yes/no"),
        ("if(done, 0, done)", "是/否", "a yes/no"),
        ("if(done, level, 0)", "文字选项", "a word"),
        ("0 == done", "是/否", "a yes/no"),
        ("level == 0", "文字选项", "a word"),
        ("level == done", "文字选项", "a word"),
        ("done == '是'", "条件直接写 done，否定写 not done", "as a condition write done alone, or not done"),
        ("“否” != done", "条件直接写 done，否定写 not done", "as a condition write done alone, or not done"),
        ("budget + 5", "不带单位的数", "a number without a unit"),
        ("budget > 5", "不带单位的数", "a number without a unit"),
        ("budget > bare", "不带单位的数", "a number without a unit"),
        ("rate > bare", "百分比", "a percentage"),
        ("rate + people", "百分比", "a percentage"),
        ("price > 300", "不带单位的数", "a number without a unit"),
        ("price > bare", "不带单位的数", "a number without a unit"),
        ("5 / price", "不能相乘", "do not multiply"),
        ("land + road", "面积", "a length"),
        ("crop > road", "重量", "a mass"),
        ("day > month", "日期", "a month"),
        ("day - month", "月份", "a date"),
        ("day + day", "日期不能相加", "dates do not add"),
        ("day + 0", "日期不能相加", "dates do not add"),
        ("month + may", "日期不能相加", "dates do not add"),
        ("day - 30", "日期", "a date"),
        ("-day", "日期不能相加", "dates do not add"),
        ("-9月", "日期不能相加", "dates do not add"),
        ("2 * day", "不能相乘", "do not multiply"),
        ("2 * month", "不能相乘", "do not multiply"),
        ("month / 2", "相除", "or divide"),
        ("month / may", "相除", "or divide"),
        ("day / start", "相除", "or divide"),
        ("1 / day", "相除", "or divide"),
        ("0 / day", "相除", "or divide"),
        ("0 / month", "相除", "or divide"),
        ("spent / day", "相除", "or divide"),
        ("day / 2", "相除", "or divide"),
        ("1 / month", "相除", "or divide"),
        ("budget * budget", "不能相乘", "do not multiply"),
        ("people * trees", "不能相乘", "do not multiply"),
        ("benefit * land", "不能相乘", "do not multiply"),
        ("budget / 3人/年 ", "不能相乘", "do not multiply"),
        ("budget / 3元/人/年", "不能相乘", "do not multiply"),
        ("3元/人/年 * 2人/年", "不能相乘", "do not multiply"),
        ("rate / budget", "百分比与金额", "a percentage and money"),
        ("done + 1", "“done”是是/否，此处需要一个数", '"done" is a yes/no where a number is needed'),
        ("1 - level", "需要一个数", "a number is needed"),
        ("done * 1", "需要一个数", "a number is needed"),
        ("1 / level", "需要一个数", "a number is needed"),
        ("min(1, done)", "需要一个数", "a number is needed"),
        ("max(done, done)", "需要一个数", "a number is needed"),
        ("abs(done)", "需要一个数", "a number is needed"),
        ("round(level, 2)", "需要一个数", "a number is needed"),
        ("done and budget", "budget > 0", "budget > 0"),
        (
            "no or bare",
            "“bare”是不带单位的数，此处需要一个条件",
            '"bare" is a number without a unit where a condition is needed',
        ),
        ("not rate", "需要一个条件", "a condition is needed"),
        ("not level", "需要一个条件", "a condition is needed"),
        ("if(budget, 1, 2)", "需要一个条件", "a condition is needed"),
        ("done > no", "“done > 否”：是/否只能用 == 或 !=", '"done > no": a yes/no compares with == or != only'),
        ("level <= '优'", "只能用 == 或 !=", "== or != only"),
        ("nobody_knows < done", "只能用 == 或 !=", "== or != only"),
    ],
)
def test_what_does_not_go_together_is_refused_with_both_named(formula: str, zh: str, en: str) -> None:
    with pytest.raises(KindError) as caught:
        kind_of(parse(formula), _KINDS)
    assert zh in caught.value.to("zh")
    assert en in caught.value.to("en")


def test_points_are_points_whatever_share_they_come_from() -> None:
    assert kind_of(label("得分", "score", FactRef("rate"), "points"), _KINDS) == "literal"
    assert kind_of(label("得分", "score", FactRef("budget"), "points"), _KINDS) == "money"
    assert kind_of(label("完成率", "rate", FactRef("rate"), "rate"), _KINDS) == "ratio"


@pytest.mark.parametrize(("formula", "kind"), [("bare / rate", "number"), ("spent / 5", "money")])
def test_a_rate_of_completion_is_of_like_to_like(formula: str, kind: str) -> None:
    quotient = parse(formula)  # 93 is no completion of 95%
    for item in (quotient, Round(quotient, 2, "half-up")):
        assert kind_of(label("比值", "quotient", item), _KINDS) == kind
        with pytest.raises(KindError, match="they do not compare"):
            kind_of(label("完成率", "rate", item, "rate"), _KINDS)
    assert kind_of(label("完成率", "rate", parse("spent / budget"), "rate"), _KINDS) == "ratio"


def test_a_requirement_measures_what_it_guards_and_needs_a_condition() -> None:
    otherwise = Message("", "")
    assert kind_of(Require(compare(FactRef("land"), ">", 0), FactRef("budget"), otherwise=otherwise), _KINDS) == "money"
    with pytest.raises(KindError):
        kind_of(Require(FactRef("land"), FactRef("budget"), otherwise=otherwise), _KINDS)


def test_an_unknown_node_is_refused_loudly() -> None:
    with pytest.raises(TypeError, match="no interpretation for object"):
        kind_of(object(), _KINDS)  # type: ignore[arg-type]


def test_every_kind_has_a_name_in_both_languages() -> None:
    for kind in {*_KINDS.values(), "zero", "literal", "any"}:
        zh, en = kind_name(kind)
        assert zh
        assert en


every_kind = st.sampled_from(sorted({*_KINDS.values(), "zero", "literal", "any"}))


@given(every_kind, every_kind)
def test_going_together_does_not_depend_on_the_order(a: Kind, b: Kind) -> None:
    assert together(a, b) == together(b, a)
    assert together(a, a) == a


# The promise: what passes here never mixes yes/no and numbers, nor scales.

_names = st.sampled_from(sorted(_VALUES))
_leaves: st.SearchStrategy[Expr] = st.one_of(
    _names.map(FactRef),
    _names.map(lambda name: Constant(_VALUES[name])),
    st.sampled_from([number(0), number(1), number("0.5"), Constant(True), Constant("良好")]),
)
_message = Message("名", "name")
_depths = st.sampled_from((1, 2, 2, 3))


def _one_of(*strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[Expr]:
    return st.one_of(strategies)


def _anything(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    """Any operation at all on `inner`, sensible or not."""
    items = st.lists(inner, min_size=1, max_size=2).map(tuple)
    return _one_of(
        *(st.builds(node, inner, inner) for node in (Add, Subtract, Multiply, Divide)),
        *(st.builds(node, items) for node in (Minimum, Maximum, And, Or)),
        *(st.builds(node, inner) for node in (Not, Absolute)),
        st.builds(Compare, st.sampled_from(COMPARATORS), inner, inner),
        st.builds(If, inner, inner, inner),
        st.builds(Round, inner, st.just(2), st.just("half-up")),
        st.builds(Label, st.just(_message), inner, st.sampled_from([None, "rate", "points"])),
        st.builds(Require, inner, inner, otherwise=st.just(_message)),
    )


mixtures = _depths.flatmap(lambda depth: grown(_anything, _leaves, depth))


def computed(expr: Expr, values: Mapping[str, Quantity | bool | str]) -> Fraction | bool | str | None:
    try:
        return exact(expr, {name: raw(value) for name, value in values.items()})[0]
    except DividedByZero:
        return None


@settings(max_examples=500)
@given(mixtures)
def test_what_passes_is_never_mistyped_and_is_what_it_says(expr: Expr) -> None:
    try:
        kind = kind_of(expr, _KINDS)
    except KindError as error:
        assert error.to("zh") != error.to("en")
        return
    try:
        value = exact(expr, {name: raw(each) for name, each in _VALUES.items()})[0]
    except (DividedByZero, NotMet):
        return
    assert isinstance(value, {"truth": bool, "choice": str}.get(kind, Fraction))


@settings(max_examples=500)
@given(mixtures, st.sets(_names))
def test_what_passes_when_all_is_known_passes_before(expr: Expr, unknown: set[str]) -> None:
    try:
        kind = kind_of(expr, _KINDS)
    except KindError:
        return
    assert together(kind, kind_of(expr, {name: each for name, each in _KINDS.items() if name not in unknown}))


def _scale_free(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    """An operation whose result may not depend on units: no rounding."""
    return _one_of(
        *(st.builds(node, inner, inner) for node in (Multiply, Divide, Add, Subtract)),
        st.builds(lambda a, b: Minimum((a, b)), inner, inner),
        st.builds(lambda a, b, c, d: If(compare(a, ">=", b), c, d), inner, inner, inner, inner),
    )


_amounts: st.SearchStrategy[Expr] = _one_of(
    st.sampled_from(("budget", "spent", "price", "benefit", "people", "land", "rate", "bare")).map(FactRef),
    st.sampled_from((number(0), number(2))),
)
sums_of_money = _depths.flatmap(lambda depth: grown(_scale_free, _amounts, depth))


@settings(max_examples=500)
@given(sums_of_money)
def test_what_passes_does_not_depend_on_the_unit_in_which_money_is_held(expr: Expr) -> None:
    try:
        kind = kind_of(expr, _KINDS)
    except KindError:
        return
    in_yuan = computed(expr, _VALUES)
    in_wan = computed(expr, {name: _in_wan(value) for name, value in _VALUES.items()})
    if isinstance(in_yuan, Fraction) and isinstance(in_wan, Fraction):
        assert in_yuan == in_wan * Fraction(10**4) ** _power_of_money(kind)
    else:
        assert in_yuan == in_wan


def _in_wan(value: Quantity | bool | str) -> Quantity | bool | str:
    if not isinstance(value, Quantity):
        return value
    return Quantity(value.value / Fraction(10**4) ** _power_of_money(value.kind), value.kind, value.unit)


def _power_of_money(kind: Kind) -> int:
    above, *below = ("元" if kind == "money" else kind.removeprefix("count:")).split("/")
    return (above == "元") - below.count("元")


# Limits.


@pytest.mark.parametrize("formula", tuple(largest_formulas()))
def test_the_largest_formulas_are_measured_at_once(formula: str) -> None:
    with calls_at_most(1_000_000):
        assert kind_of(parse(formula), {"a": "literal", "c": "truth"}) in ("literal", "ratio", "truth")


@given(labelled)
def test_with_nothing_known_everything_that_may_go_together_does(expr: Expr) -> None:
    assert kind_of(expr, {}) in ("any", "literal", "zero", "truth", "ratio")
