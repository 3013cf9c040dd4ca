"""Figures that are not read are answered with what is meant by them."""

from __future__ import annotations

import pytest

from perfeval import QuantityError
from perfeval.quantity import quantity, target
from perfeval.slips import instead, span, spelled


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("2024.5.12", "日期请写 2024-05-12", "write the date as 2024-05-12"),
        ("2024年5月12", "日期请写 2024-05-12", "write the date as 2024-05-12"),
        ("2024 年 5 月 12 号", "日期请写 2024-05-12", "write the date as 2024-05-12"),
        ("2024.5.32", "没有这一天；日期请写如 2023-12-31", "there is no such day; write a date such as 2023-12-31"),
        ("2024年5月", "日期请写到日，如 2023-12-31", "write the day too, such as 2023-12-31"),
        ("2024-05", "日期请写到日，如 2023-12-31", "write the day too, such as 2023-12-31"),
        ("5月12日", "日期请连年份写，如 2023-12-31", "write the year too, such as 2023-12-31"),
        ("240。5万元", "小数点用 “.”，请写 “240.5万元”", 'decimals stand behind a ".": write "240.5万元"'),
        (
            "20-30万元",
            "这是从“20万元”到“30万元”的范围，此处只写一个数",
            'this is a range from "20万元" to "30万元", and one figure is wanted here',
        ),
        ("两个", "数请用阿拉伯数字，如 “2个”", 'write the number in digits, such as "2个"'),
        ("二十户", "数请用阿拉伯数字，如 “12户”", 'write the number in digits, such as "12户"'),
    ],
)
def test_a_slip_of_a_figure_is_answered_with_what_to_write(written: str, zh: str, en: str) -> None:
    with pytest.raises(QuantityError) as refused:
        quantity(written)
    (found,) = refused.value.problems
    assert found.message.zh == f"“{written}”不是数量 — {zh}"
    assert found.message.en == f'"{written}" is not a quantity — {en}'


def test_a_target_is_answered_so_too() -> None:
    with pytest.raises(QuantityError) as refused:
        target("≤2024.5.12")
    assert refused.value.to("zh") == "“≤2024.5.12”不是数量 — 日期请写 2024-05-12"


@pytest.mark.parametrize(
    ("written", "ends"),
    [
        ("85%-95%", ("85%", "95%")),
        ("85%～95%", ("85%", "95%")),
        ("20至30万元", ("20万元", "30万元")),
        ("1,000——2,000人", ("1,000人", "2,000人")),
        ("85%-95人", None),
        ("5e-3", None),
        ("2024-05-12", None),
        ("2024-05", None),
        ("-5", None),
        ("95%", None),
    ],
)
def test_a_range_has_two_ends_in_one_unit(written: str, ends: tuple[str, str] | None) -> None:
    assert span(written) == ends


@pytest.mark.parametrize("word", ["一般", "三无", "万众", "百分之百", "较好", "完成", "一个都没有", "", "—"])
def test_a_word_is_no_slip_of_a_figure(word: str) -> None:
    assert spelled(word) is None
    assert instead(word) is None


@pytest.mark.parametrize(("value", "said"), [([1, 2], "此处应为一个数，不是数组"), ({}, "此处应为一个数，不是表")])
def test_an_array_or_a_table_is_no_figure(value: object, said: str) -> None:
    with pytest.raises(QuantityError) as refused:
        quantity(value)
    assert refused.value.to("zh") == f'{said} — 请写成如 "95%" 的文本'
    assert "a figure is expected here, not a" in refused.value.to("en")
