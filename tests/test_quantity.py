"""Quantities: read exactly as people write them, and refused with a hint where they are not."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from effort import calls_at_most
from perfeval.errors import QuantityError
from perfeval.quantity import (
    Mode,
    Quantity,
    Sign,
    Target,
    Unit,
    base_unit,
    decimal_text,
    exact_places,
    number_in_cell,
    quantity,
    round_ratio,
    rounded,
    target,
    unit_factors,
    unit_named,
)

_UNITS: Final = (
    *("", "%", "‰", "百分比", "个百分点", "元", "角", "分钱", "千元", "万元", "百万元", "千万元", "亿元", "万", "亿"),
    *("毫米", "厘米", "米", "千米", "公里", "克", "千克", "公斤", "吨", "平方米", "亩", "万亩", "公顷", "平方公里"),
    *("人", "万人", "百万人", "次", "户", "人次", "千瓦时", "万千瓦时", "元/亩", "万元/人", "元/人/年", "m²", "km/h"),
)

digits = st.text("0123456789", min_size=1, max_size=12)
numerals = st.builds(
    lambda sign, whole, part: sign + whole + (f".{part}" if part else ""),
    st.sampled_from(("", "-", "+")),
    digits,
    st.one_of(st.just(""), digits),
)
written = st.builds(operator.add, numerals, st.sampled_from(_UNITS))
decimals = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=5)
fractions = st.fractions(-(10**6), 10**6, max_denominator=10**6)


def refused(read: Callable[[object], object], value: object) -> tuple[str, str]:
    """What `value` is refused with, in Chinese and English."""
    with pytest.raises(QuantityError) as caught:
        read(value)
    assert len(caught.value.problems) == 1
    return caught.value.to("zh"), caught.value.to("en")


@pytest.mark.parametrize(
    ("text", "value", "kind", "places"),
    [
        ("95%", "0.95", "ratio", 0),
        ("95％", "0.95", "ratio", 0),
        ("99.50 %", "0.995", "ratio", 2),
        ("100百分比", "1", "ratio", 0),
        ("3‰", "0.003", "ratio", 0),
        ("5个百分点", "0.05", "ratio", 0),
        ("2千分点", "0.002", "ratio", 0),
        ("１２，０００人", "12000", "count:人", 0),
        ("1,234.5", "1234.5", "number", 1),
        ("1,234,567元", "1234567", "money", 0),
        ("210.71万元", "2107100", "money", 2),
        ("0.2亿元", "20000000", "money", 1),
        ("3角", "0.3", "money", 0),
        ("7分钱", "0.07", "money", 0),
        ("5千元", "5000", "money", 0),
        ("3百万元", "3000000", "money", 0),
        ("2千万元", "20000000", "money", 0),
        ("1万亿元", "1000000000000", "money", 0),
        ("-3", "-3", "number", 0),
        ("−3", "-3", "number", 0),
        ("+3", "3", "number", 0),
        (".5", "0.5", "number", 1),
        ("12次", "12", "count:次", 0),
        ("12 次", "12", "count:次", 0),
        ("1.2万人", "12000", "count:人", 1),
        ("1.2万", "12000", "number", 1),
        ("5百万", "5000000", "number", 0),
        ("3千", "3000", "number", 0),
        ("3百万人", "3000000", "count:人", 0),
        ("2万千瓦时", "20000", "count:千瓦时", 0),
        ("1.2千吨", "1200000", "mass", 1),
        ("500克", "0.5", "mass", 0),
        ("3公里", "3000", "length", 0),
        ("25毫米", "0.025", "length", 0),
        ("3公顷", "30000", "area", 0),
        ("1平方公里", "1000000", "area", 0),
        ("120㎡", "120", "count:m2", 0),
        ("120m²", "120", "count:m2", 0),
        ("80km/h", "80", "count:km/h", 0),
        ("6元/人", "6", "count:元/人", 0),
        ("1.5万元/人", "15000", "count:元/人", 1),
        ("9个月", "9", "count:个月", 0),
        ("9月", "9", "month", 0),
        ("09月", "9", "month", 0),
        ("9月份", "9", "month", 0),
        ("9月底", "9", "month", 0),
        ("12 月", "12", "month", 0),
        ("1.5e3", "1500", "number", 0),
        ("1e-5", "0.00001", "number", 5),
    ],
)
def test_a_figure_is_read_as_written(text: str, value: str, kind: str, places: int) -> None:
    read = quantity(text)
    assert (read.value, read.kind, read.decimals) == (Fraction(value), kind, places)


def test_an_area_in_mu_is_an_exact_third() -> None:
    assert quantity("1.2万亩") == quantity("1.2万亩")
    assert quantity("1.2万亩").value == Fraction(12000 * 10**4, 15)
    assert quantity("15亩") == quantity("1公顷")
    assert str(quantity("1.2万亩")) == "1.2万亩"


def test_a_rate_per_area_is_held_in_base_units_so_that_it_multiplies_with_areas() -> None:
    assert quantity("300元/亩") == quantity("4500元/公顷") == quantity("0.45元/平方米")
    assert quantity("300元/亩").value * quantity("20亩").value == quantity("6000元").value
    assert quantity("100元/月").kind == "count:元/月"
    assert quantity("3元/人/年").kind == "count:元/人/年"


@pytest.mark.parametrize("text", ["2023-12-31", "2023/12/31", "2023年12月31日", "２０２３-12-31", "2023–12–31"])
def test_a_date_is_read_in_each_usual_form(text: str) -> None:
    read = quantity(text)
    assert read == quantity(date(2023, 12, 31))
    assert str(read) == "2023-12-31"


def test_an_earlier_date_is_smaller() -> None:
    assert quantity("2023-06-30") < quantity("2023年7月1日")
    assert quantity("2024-02-29") > quantity("2023-12-31")


@pytest.mark.parametrize(
    ("text", "sign", "value"),
    [
        ("≥95%", "≥", "95%"),
        (">=95%", "≥", "95%"),
        ("≧95%", "≥", "95%"),
        ("＞＝95％", "≥", "95%"),
        ("不低于95%", "≥", "95%"),
        ("90%以上", "≥", "90%"),
        ("≥100百分比", "≥", "100%"),
        ("≤210.71万元", "≤", "210.71万元"),
        ("<= 210.71万元", "≤", "210.71万元"),
        ("不超过3次", "≤", "3次"),
        ("5人以下", "≤", "5人"),
        ("30天以内", "≤", "30天"),
        ("=71人", "=", "71人"),
        ("==71人", "=", "71人"),
        ("＝71人", "=", "71人"),
        (">0", ">", "0"),
        ("<-3", "<", "-3"),
        ("9月前", "<", "9月"),
        ("9月份之前", "<", "9月"),
        ("9月底前", "≤", "9月"),
        ("9月末以前", "≤", "9月"),
        ("2023-12-31前", "≤", "2023-12-31"),
        ("2023年12月31日前", "≤", "2023-12-31"),
        ("95%", "≥", "95%"),
    ],
)
def test_a_target_is_a_sign_and_a_quantity(text: str, sign: Sign, value: str) -> None:
    goal = target(text)
    assert (goal.sign, goal.quantity) == (sign, quantity(value))
    assert target(str(goal)) == goal
    assert repr(goal) == f"target({str(goal)!r})"


def test_a_target_without_a_sign_takes_the_default() -> None:
    assert target("71人", "=") == Target("=", quantity("71人"))
    assert target(71, "≤") == Target("≤", quantity(71))
    assert target(target("<5"), "=") == target("<5")


def test_money_in_unlike_units_compares_and_adds_exactly() -> None:
    assert quantity("210.71万元") == quantity("2107100元") == quantity("0.021071亿元")
    assert hash(quantity("210.71万元")) == hash(quantity("2107100元"))
    assert quantity("0.1元") + quantity("0.2元") == quantity("3角")
    assert str(quantity("1亿元") - quantity("1元")) == "0.99999999亿元"
    assert str(quantity("1.50万元") + quantity("0.50万元")) == "2.00万元"
    assert quantity("1万元") >= quantity("10000元") >= quantity("9999.99元")
    assert quantity("9999.99元") <= quantity("1万元") < quantity("1亿元")


@pytest.mark.parametrize("operate", [operator.lt, operator.le, operator.gt, operator.ge, operator.add, operator.sub])
def test_unlike_kinds_neither_compare_nor_add(operate: Callable[[Quantity, Quantity], object]) -> None:
    zh, en = refused(lambda pair: operate(quantity("5人"), quantity("5元")), None)
    assert "5人" in zh
    assert "5元" in zh
    assert "种类不同" in zh
    assert "different kinds of unit" in en


def test_unlike_kinds_are_never_equal() -> None:
    assert quantity("5人") != quantity("5元")
    assert quantity("95%") != quantity("0.95")


def test_dates_do_not_add() -> None:
    zh, en = refused(lambda _: quantity("2023-12-31") + quantity("2023-01-01"), None)
    assert "日期" in zh
    assert "dates do not add" in en


@given(written)
def test_a_quantity_prints_as_it_was_read(text: str) -> None:
    read = quantity(text)
    again = quantity(str(read))
    assert again == read
    assert (again.decimals, again.unit) == (read.decimals, read.unit)
    assert repr(read) == f"quantity({str(read)!r})"


@given(st.integers(0, 10**9), st.integers(0, 30), st.integers(-30, 30))
def test_a_figure_of_any_accepted_size_prints_as_it_was_read(whole: int, decimal_places: int, exponent: int) -> None:
    text = f"{whole}.{'3' * decimal_places}e{exponent}" if decimal_places else f"{whole}e{exponent}"
    try:
        read = quantity(text)
    except QuantityError:
        return
    assert quantity(str(read)) == read
    assert quantity(str(read)).decimals == read.decimals


@given(st.dates())
def test_every_date_prints_as_it_was_read(day: date) -> None:
    assert quantity(day.isoformat()) == quantity(day) == quantity(str(quantity(day)))


@given(decimals)
def test_a_decimal_keeps_the_places_it_was_written_with(value: Decimal) -> None:
    assert quantity(value) == quantity(str(value))
    assert quantity(value).decimals == 5


@given(numerals, numerals, st.sampled_from(["元", "角", "万元", "亿元"]), st.sampled_from(["元", "分钱", "千元"]))
def test_money_adds_as_rationals_do(a: str, b: str, unit: str, other: str) -> None:
    left, right = quantity(a + unit), quantity(b + other)
    assert left + right == right + left
    assert (left + right).value == left.value + right.value
    assert left + right - right == left
    assert (left < right) == (left.value < right.value)
    assert quantity(str(left + right)) == left + right


def test_exact_numbers_are_taken_as_they_are() -> None:
    assert quantity(71) == quantity("71")
    assert quantity(Fraction(1, 8)) == quantity("0.125")
    assert quantity(Fraction(1, 8)).decimals == 3
    assert quantity(Fraction(1, 3)).value == Fraction(1, 3)
    assert quantity(Decimal("1.50")).decimals == 2
    assert quantity(quantity("5人")) == quantity("5人")


def test_a_float_is_refused_with_what_to_pass_instead() -> None:
    zh, en = refused(quantity, 0.95)
    assert 'quantity("0.95")' in zh.replace("'", '"')
    assert "'0.95'" in en
    assert "Decimal" in en
    refused(target, 0.95)
    refused(quantity, float("nan"))


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (True, "yes/no"),
        (None, "NoneType"),
        (1j, "complex"),
        (["95%"], "an array"),
        (datetime(2023, 12, 31, 8), "2023-12-31"),
        (Decimal("NaN"), "finite"),
        (Decimal("sNaN"), "finite"),
        (Decimal("-Infinity"), "finite"),
    ],
)
def test_a_value_of_another_type_is_refused_with_what_to_write(value: object, hint: str) -> None:
    assert hint in refused(quantity, value)[1]


@pytest.mark.parametrize(
    "value",
    [
        "1e999999999",
        "1e-999999999",
        "1e99999999999999999999",
        "1e31",
        "1e30" + "0" * 20,
        "9" * 41,
        "1." + "0" * 31,
        "1234567890123456789012345678901234567890e30",
        "9" * 10**7,
        "人" * 10**7,
        " " * 10**7 + "5",
        10 ** (10**6),
        -(10**40),
        Fraction(1, 10**40),
        Decimal("1e999999999"),
        Decimal("1e-999999999"),
        Decimal("9" * 10**5),
        "1" + "万" * 70,
        "1" + "元/人" * 20,
    ],
    ids=lambda value: f"{type(value).__name__} {str(value)[:20] if isinstance(value, str) else ''}",
)
def test_an_absurd_figure_is_an_error_at_once(value: object) -> None:
    with calls_at_most(10_000):  # and a number that were written out would take days
        zh, en = refused(quantity, value)
    assert len(zh) < 300
    assert len(en) < 300


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "95%%", "1,23", "1234,567", "12,0000", "九成", "约95%", "90-95%", "90~95%", "1.2.3", "1.", "1 234"),
        *("13月", "0月", "13 月", "100月", "-9月", "9.5月", "9月中旬", "9月前", "9月底前", "2023年底", "1万月"),
        *("2023-02-30", "2023-13-01", "0000-01-01", "2023年2月30日", "12月31日", "٣", "१२", "٣%", "1٣", "½"),
        *("100余人", "100多人", "5次左右", "100人以上", "100万元以下", "3天以内", "5元5角", "2人3次", "3至5人", "5℃"),
        *(
            "+-3",
            "--3",
            "5%人",
            "5人%",
            "万%",
            "5万%",
            "5%/年",
            "5/人",
            "5元/",
            "5元//人",
            "5 万 元",
            "5万元元",
            "20万圆",
            "e5",
            "∞",
        ),
        *("NaN", "inf", "Infinity", "1_000", "0x10", "1'234", "5人!", "五", "\x00", "5\x00", "\ud800"),
    ],
)
def test_what_is_not_a_quantity_is_refused_in_both_languages(text: str) -> None:
    for read in (quantity, target):
        if read is target and text.endswith(("以上", "以下", "以内", "前")):
            continue
        zh, en = refused(read, text)
        assert "—" in zh
        assert "—" in en
        assert text in zh
        assert text in en


@pytest.mark.parametrize(
    "text", ["≥", "≥≥95%", "以上", "前", "≥95%以上", "≥100人以上", "大约90%以上", "不低于", "13月前"]
)
def test_what_is_not_a_target_is_refused(text: str) -> None:
    refused(target, text)


@pytest.mark.parametrize("text", ["≥95%", "<95%", "=95%", "≧95%", "＞＝ 95%"])
def test_a_sign_where_a_value_is_meant_is_refused_with_the_bare_value(text: str) -> None:
    zh, en = refused(quantity, text)
    assert "比较符号" in zh
    assert '"95%"' in en


@pytest.mark.parametrize("name", ["人人", "元", "万元", " 元 ", "％"])
def test_a_unit_in_a_column_of_its_own_is_read_alike(name: str) -> None:
    assert quantity("5" + name).unit == unit_named(name)


@pytest.mark.parametrize("name", ["5元", "元 人", "%/年", "元/", "人" * 13, "人" * 100])
def test_what_is_not_a_unit_is_refused(name: str) -> None:
    zh, en = refused(lambda value: unit_named(str(value)), name)
    assert "单位" in zh or "过长" in zh
    assert "unit" in en or "too long" in en


@given(st.text(max_size=30))
def test_any_text_is_a_quantity_or_a_quantity_error(text: str) -> None:
    for read in (quantity, target):
        try:
            assert read(str(read(text))) == read(text)
        except QuantityError as error:
            assert error.to("zh") != error.to("en")


@given(st.text("0123456789０，,.%％-−万亿千百元角人月年日前底以上/≥<= e亩m²", max_size=14))
def test_any_text_that_looks_like_a_quantity_reads_back_or_is_refused(text: str) -> None:
    for read in (quantity, target):
        try:
            result = read(text)
        except QuantityError:
            continue
        assert read(str(result)) == result


# Rounding.

_REFERENCE: Final[dict[Mode, str]] = {
    "half-up": ROUND_HALF_UP,
    "half-even": ROUND_HALF_EVEN,
    "down": ROUND_DOWN,
    "up": ROUND_UP,
    "floor": ROUND_FLOOR,
    "ceil": ROUND_CEILING,
}
modes = st.sampled_from(tuple(_REFERENCE))


@pytest.mark.parametrize(
    ("value", "places", "result"),
    [
        ("1.005", 2, "1.01"),
        ("-1.005", 2, "-1.01"),
        ("1.004999", 2, "1.00"),
        ("0.5", 0, "1"),
        ("-0.5", 0, "-1"),
        ("2.5", 0, "3"),
        ("85.645", 2, "85.65"),
        ("0", 2, "0"),
    ],
)
def test_a_tie_rounds_away_from_zero(value: str, places: int, result: str) -> None:
    assert rounded(Fraction(value), places) == Fraction(result)


@given(decimals, st.integers(0, 6), modes)
def test_rounding_agrees_with_the_decimal_module(value: Decimal, places: int, mode: Mode) -> None:
    expected = value.quantize(Decimal(1).scaleb(-places), _REFERENCE[mode])
    assert rounded(Fraction(value), places, mode) == Fraction(expected)


@given(st.integers(-(10**6), 10**6), st.integers(0, 6), modes)
def test_rounding_a_tie_agrees_with_the_decimal_module(odd: int, places: int, mode: Mode) -> None:
    tie = Decimal(2 * odd + 1).scaleb(-places) / 2
    expected = tie.quantize(Decimal(1).scaleb(-places), _REFERENCE[mode])
    assert rounded(Fraction(tie), places, mode) == Fraction(expected)


@given(fractions, st.integers(0, 6), modes)
def test_rounding_any_ratio_moves_less_than_one_unit_of_the_last_place(x: Fraction, places: int, mode: Mode) -> None:
    result = rounded(x, places, mode)
    unit = Fraction(1, 10**places)
    assert (result / unit).denominator == 1
    assert abs(result - x) <= (unit / 2 if mode.startswith("half") else unit)
    assert rounded(result, places, mode) == result
    assert Fraction(*round_ratio(3 * x.numerator, 3 * x.denominator, places, mode)) == result


# Printing.


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(1, 8), None, "0.125"),
        (Fraction(1, 8), 2, "0.125"),
        (Fraction(5), 2, "5.00"),
        (Fraction(-1, 20), None, "-0.05"),
        (Fraction(2, 3), None, "0.666667"),
        (Fraction(-2, 3), 8, "-0.66666667"),
        (Fraction(-1, 3 * 10**7), None, "0.000000"),
        (Fraction(0), None, "0"),
        (Fraction(12000), None, "12000"),
    ],
)
def test_a_value_prints_exactly_where_a_decimal_can(value: Fraction, places: int | None, text: str) -> None:
    assert decimal_text(value, places) == text


@given(decimals, st.integers(0, 8))
def test_a_decimal_prints_exactly_and_with_at_least_the_places_asked_for(value: Decimal, places: int) -> None:
    text = decimal_text(Fraction(value), places)
    assert Fraction(text) == Fraction(value)
    assert len(text.partition(".")[2]) >= places


@given(fractions)
def test_exact_places_is_the_least_number_of_decimals_that_suffices(value: Fraction) -> None:
    places = exact_places(value)
    if places is None:
        assert all((value * 10**each).denominator > 1 for each in range(30))
    else:
        assert (value * 10**places).denominator == 1
        assert places == 0 or (value * 10 ** (places - 1)).denominator > 1


def test_a_number_of_thousands_of_digits_still_prints() -> None:
    assert decimal_text(Fraction(10**5000)) == "1" + "0" * 5000
    assert decimal_text(Fraction(1, 10**5000)) == "0." + "0" * 4999 + "1"


def test_a_target_knows_whether_its_sign_was_written_and_is_the_same_target() -> None:
    assert target("20万元") == target("≥20万元")
    assert (target("20万元").signed, target("≥20万元").signed, target("90%以上").signed, target("9月前").signed) == (
        False,
        True,
        True,
        True,
    )
    assert target(20).signed is False


# Every word and every edge, one by one.

WORTH: Final[dict[str, dict[str, str]]] = {
    "ratio": {
        "%": "1/100",
        "百分比": "1/100",
        "百分点": "1/100",
        "个百分点": "1/100",
        "‰": "1/1000",
        "千分点": "1/1000",
    },
    "money": {
        "分钱": "1/100",
        "角": "1/10",
        "元": "1",
        "百元": "100",
        "千元": "1000",
        "万元": "10000",
        "百万元": "1000000",
        "千万元": "10000000",
        "亿元": "100000000",
        "万亿元": "1000000000000",
    },
    "length": {"毫米": "1/1000", "厘米": "1/100", "米": "1", "千米": "1000", "公里": "1000"},
    "mass": {"克": "1/1000", "公斤": "1", "千克": "1", "吨": "1000"},
    "area": {"平方米": "1", "亩": "2000/3", "公顷": "10000", "平方公里": "1000000", "平方千米": "1000000"},
    "month": {"月": "1"},
}


def test_the_table_of_units_says_what_each_is_worth() -> None:
    assert unit_factors() == {name: Fraction(worth) for names in WORTH.values() for name, worth in names.items()}
    for kind, names in WORTH.items():
        assert {unit_named(name) for name in names} == {
            Unit(name, kind, Fraction(worth)) for name, worth in names.items()
        }


@pytest.mark.parametrize(("word", "times"), [("十", 10), ("百", 100), ("千", 1000), ("万", 10**4), ("亿", 10**8)])
def test_a_multiple_before_a_unit_multiplies_it(word: str, times: int) -> None:
    assert quantity(f"3{word}人") == quantity(f"{3 * times}人")
    assert quantity(f"3{word}吨") == quantity(f"{3 * times}吨")
    assert quantity(f"3{word}") == quantity(3 * times)
    assert unit_named(f"{word}人").name == f"{word}人"


def test_a_multiple_is_part_of_the_name_of_an_electric_unit() -> None:
    assert quantity("3千瓦").kind == "count:千瓦"
    assert quantity("3万千伏") == quantity("30000千伏")
    assert quantity("3千人").kind == "count:人"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("money", "元"),
        ("length", "米"),
        ("mass", "千克"),
        ("area", "平方米"),
        ("month", "月"),
        ("count:人", "人"),
        ("count:元/人", "元/人"),
        ("ratio", None),
        ("number", None),
        ("date", None),
    ],
)
def test_values_are_held_in_a_base_unit_where_there_is_one(kind: str, name: str | None) -> None:
    assert base_unit(kind) == name


def test_a_rate_is_held_in_base_units_above_and_below() -> None:
    assert unit_named("万元/亩") == Unit("万元/亩", "count:元/平方米", Fraction(15))
    assert quantity("3万元/千克") == quantity("30000元/公斤")
    assert unit_named("元/吨/公里") == Unit("元/吨/公里", "count:元/千克/米", Fraction(1, 10**6))


@pytest.mark.parametrize(
    ("word", "sign"),
    [
        *((word, "≥") for word in (">=", "≥", "≧", "不低于", "不少于", "不小于", "大于等于", "大于或等于")),
        *((word, "≤") for word in ("<=", "≤", "≦", "不超过", "不高于", "不大于", "不多于", "小于等于", "小于或等于")),
        *((word, "=") for word in ("==", "=", "等于")),
        *((word, ">") for word in (">", "大于")),
        *((word, "<") for word in ("<", "小于")),
    ],
)
def test_each_sign_is_read_however_it_is_written(word: str, sign: Sign) -> None:
    assert target(f"{word}95%") == target(f" {word} 95% ") == Target(sign, quantity("95%"))
    assert target(f"{word}95%").signed


@pytest.mark.parametrize(("word", "sign"), [("以上", "≥"), ("以下", "≤"), ("以内", "≤")])
def test_a_word_behind_the_figure_includes_the_figure(word: str, sign: Sign) -> None:
    assert target(f"30天{word}") == target(f"30天 {word}") == Target(sign, quantity("30天"))
    assert target(f"30天{word}").signed


@pytest.mark.parametrize("before", ["前", "以前", "之前"])
def test_a_deadline_before_a_month_ends_before_it_begins_and_one_by_its_end_includes_it(before: str) -> None:
    assert target(f"9月{before}") == Target("<", quantity("9月"))
    for end in "底末":
        assert target(f"9月{end}{before}") == Target("≤", quantity("9月"))
    assert target(f"2023-09-30{before}") == Target("≤", quantity("2023-09-30"))
    assert target(f"30天{before}") == Target("≤", quantity("30天"))
    assert target(f"9月{before}").signed


def test_a_target_is_at_least_what_it_names_where_nothing_else_is_said() -> None:
    assert target("5人") == target(quantity("5人")) == Target("≥", quantity("5人"))
    assert Target("≥", quantity("5人")).signed


def test_a_wrong_target_is_quoted_as_it_was_written() -> None:
    for text in ("≥ ５℃", "5℃以上", "5℃前", "５℃"):
        assert all(text in said for said in refused(target, text))


def test_a_sign_is_taken_off_with_the_space_behind_it() -> None:
    for sign in "≥≤=><≧≦":
        zh, en = refused(quantity, f"{sign} 95%")
        assert "“95%”" in zh
        assert '"95%"' in en
    assert "comparison" not in refused(quantity, "")[1]


@pytest.mark.parametrize(
    ("fits", "too_large"),
    [
        (" " * 79 + "5", " " * 80 + "5"),
        ("5" + "a" * 12 + "/" + "b" * 12, "5" + "a" * 12 + "/" + "b" * 11 + "/c"),
        ("5" + "人" * 12, "5" + "人" * 13),
        ("5abcd2", "5abcde2"),
        ("9" * 40, "9" * 41),
        ("1e30", "1e31"),
        ("1e-30", "1e-31"),
        ("1234567890e30", "12345678901e30"),
        ("1e000000003", "1e0000000003"),
        ("0." + "0" * 29 + "1", "0." + "0" * 30 + "1"),
        (10**40 - 1, 10**40),
        (1 - 10**40, -(10**40)),
        (Fraction(1, 10**40 - 1), Fraction(1, 10**40)),
        (Fraction(10**40 - 1, 7), Fraction(10**40, 7)),
        (Decimal("9e30"), Decimal("9e31")),
        (Decimal("1234567890e30"), Decimal("12345678901e30")),
    ],
    ids=lambda value: f"{type(value).__name__} {str(value).strip()[:20]}",
)
def test_a_figure_may_be_so_large_and_no_larger(fits: object, too_large: object) -> None:
    assert isinstance(quantity(fits), Quantity)
    refused(quantity, too_large)


def test_what_is_too_long_is_said_with_its_length_and_what_is_too_large_with_the_bounds() -> None:
    assert all("81" in said and "80" in said for said in refused(quantity, " " * 80 + "5"))
    for text in ("1e31", "9" * 41, "1e0000000003"):
        assert all("40" in said and "30" in said for said in refused(quantity, text))


def test_months_are_1_to_12() -> None:
    assert [quantity(f"{month}月").value for month in range(1, 13)] == list(range(1, 13))
    for month in ("0月", "13月", "1.5月"):
        assert all(month in said for said in refused(quantity, month))


def test_a_month_may_be_called_a_month_or_its_end() -> None:
    assert quantity("9月份") == quantity("9月底") == quantity("9月末") == quantity("9月")
    assert quantity("9月末").unit.name == "月"


def test_a_figure_with_decimals_of_its_own_is_as_exact_as_it_was_written() -> None:
    assert [quantity(each).decimals for each in ("5", "5.0", "5.00e1", "5e3", "1,000.50", Decimal("5E+1"))] == [
        *(0, 1, 1, 0, 2, 0)
    ]
    assert quantity("5.00e1") == quantity(50)


@pytest.mark.parametrize("operate", [operator.add, operator.sub])
@pytest.mark.parametrize("text", ["2023-12-31", "9月"])
def test_days_and_months_of_the_calendar_neither_add_nor_subtract(
    operate: Callable[[Quantity, Quantity], object], text: str
) -> None:
    assert "compare" in refused(lambda _: operate(quantity(text), quantity(text)), None)[1]


def test_a_sum_shows_the_decimals_it_needs_and_no_fewer_than_its_first_term() -> None:
    assert str(quantity("1.50万元") + quantity("1元")) == "1.5001万元"
    assert str(quantity("2.500万元") - quantity("1.5万元")) == "1.000万元"
    assert str(quantity("1亩") + quantity("1平方米")) == "1.0015亩"
    sums = (
        quantity("1万元") + quantity("1元"),
        quantity("1元") + quantity("1万元"),
        quantity("1.0元") + quantity("1元"),
    )
    assert [each.decimals for each in sums] == [4, 0, 1]
    assert (quantity("1平方米") + quantity("1亩")).decimals == 0  # no number of decimals writes two thirds of it


def test_equal_figures_are_neither_more_nor_less() -> None:
    a, b = quantity("1万元"), quantity("10000元")
    assert (a < b, a <= b, a > b, a >= b) == (False, True, False, True)
    c = quantity("1.01万元")
    assert (a < c, a <= c, a > c, a >= c) == (True, True, False, False)
    assert (c < a, c <= a, c > a, c >= a) == (False, False, True, True)


def test_a_float_does_not_get_in_by_the_class_itself() -> None:
    with pytest.raises(QuantityError, match="not exact"):
        Quantity(0.5, "number", unit_named(""))  # type: ignore[arg-type]  # without mypy


def test_a_quantity_made_by_hand_is_whole_and_a_unit_is_its_own_base_where_nothing_is_said() -> None:
    made = Quantity(Fraction(5), "count:人", Unit("人", "count:人"))
    assert (str(made), made.decimals, made.unit.factor) == ("5人", 0, Fraction(1))


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        (0.95, "0%", "95%"),
        (0.955, "0%", "95.5%"),
        (0.95, "0.00%", "95.00%"),
        (0.1 + 0.2, "General", "0.30000000000000004"),
        (12.5, "0.00", "12.50"),
        (12.5, "#,##0.000", "12.500"),
        (12.0, "General", "12"),
        (1200.0, "0", "1200"),
        (1e21, "General", "1000000000000000000000"),
        (1e-7, "General", "0.0000001"),
        (-0.5, "0.00", "-0.50"),
        (0.0, "0.0", "0.0"),
        (float("inf"), "0.00", "Infinity"),
    ],
)
def test_a_number_in_a_cell_is_the_decimal_that_prints_it_with_the_places_shown(
    value: float, shown: str, text: str
) -> None:
    assert number_in_cell(value, shown) == text


def test_a_percentage_in_a_cell_may_be_read_as_the_bare_number() -> None:
    assert number_in_cell(0.95, "0.0%", percent=False) == "0.95"
    assert number_in_cell(0.95, "0.000%", percent=False) == "0.950"


@pytest.mark.parametrize(
    ("mode", "results"),
    [
        ("half-up", (-3, -3, -2, -2, -1, 0, 0, 0, 1, 2, 2, 3, 3)),
        ("half-even", (-3, -2, -2, -2, -1, 0, 0, 0, 1, 2, 2, 2, 3)),
        ("down", (-2, -2, -2, -1, -1, 0, 0, 0, 1, 1, 2, 2, 2)),
        ("up", (-3, -3, -3, -2, -2, -1, 0, 1, 2, 2, 3, 3, 3)),
        ("floor", (-3, -3, -3, -2, -2, -1, 0, 0, 1, 1, 2, 2, 2)),
        ("ceil", (-2, -2, -2, -1, -1, 0, 0, 1, 2, 2, 3, 3, 3)),
    ],
)
def test_each_mode_rounds_below_at_and_above_a_half_on_either_side_of_zero(
    mode: Mode, results: tuple[int, ...]
) -> None:
    values = ("-2.6", "-2.5", "-2.4", "-1.6", "-1.4", "-0.4", "0", "0.4", "1.4", "1.6", "2.4", "2.5", "2.6")
    assert tuple(rounded(Fraction(value), 0, mode) for value in values) == results
