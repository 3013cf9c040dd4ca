"""What `perfeval plot` draws: the curve of any rule that has one, in the terminal and as a picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from perfeval import DefinitionError, Framework, load_framework
from perfeval.laws.drawing import Drawing, drawing
from perfeval.report.curve import curve_data, curve_lines
from perfeval.testing import KINDS, Written, frameworks

quick = settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)


def framework(folder: Path, rule: str) -> Framework:
    """Of one indicator, `it`, worth 10 points."""
    text = (
        'format = 1\n[framework]\nid = "demo"\ntitle = "示例"\npoints = 10\n'
        f'[tree.it]\ntitle = "检查"\ncategory = "output.quantity"\npoints = 10\n{rule}\n'
    )
    (folder / "f.toml").write_text(text, "utf-8")
    return load_framework(folder / "f.toml")


def drawn(folder: Path, rule: str, over: str | None = None) -> Drawing:
    return drawing(framework(folder, rule), "it", over)


def bands(each: str) -> str:
    return f'rule = {{ kind = "bands", bands = [{each}] }}'


def formula(award: str) -> str:
    return f'rule = {{ kind = "formula", award = "{award}" }}'


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (bands('["=100%", 10]'), "at 100%: 0 → 0 (exactly 100% earns 10)"),
        (bands('["=100%", 10], ["≥90%", 5]'), "at 100%: 5 → 5 (exactly 100% earns 10)"),
        (bands('["=6月", 10]'), "at 6月: 0 → 0 (exactly 6月 earns 10)"),
        (bands('["=2023-06-30", 10]'), "at 2023-06-30: 0 → 0 (exactly 2023-06-30 earns 10)"),
        (formula("if(actual == 80%, 3, points * actual)"), "at 80%: 8 → 8 (exactly 80% earns 3)"),
        (
            'rule = { kind = "deduct", either_side_of = "5月", each = "1个月", minus = 2, partial = "up" }',
            "at 5月: 8 → 8 (exactly 5月 earns 10)",
        ),
        (
            'rule = { kind = "completion", target = "=5人", zero_below = "100%" }',
            "at 5人: 0 → 0 (exactly 5人 earns 10)",
        ),
        ('rule = { kind = "yes-no", when = "a == 5" }', "at 5: 0 → 0 (exactly 5 earns 10)"),
        (
            'rule = { kind = "checklist", items = [{ when = "a == 5人" }, { when = "b" }] }',
            "at 5人: 5 → 5 (exactly 5人 earns 10)",
        ),
        (
            'rule = { kind = "schedule", by = [{ at = "x", actual = "a", reach = "=5人" }, { at = "y", actual = "a", reach = "≥5人" }] }',
            "at 5人: 0 → 5 (exactly 5人 earns 10)",
        ),
        (
            'rule = { kind = "share-of-items", within = "0%", items = [{ actual = "a", target = 5 }, { actual = "a", target = 6 }] }',
            "at 5: 0 → 0 (exactly 5 earns 5)",
        ),
        (
            'rule = { kind = "best-of", alternatives = [{ kind = "bands", bands = [["=100%", 10]] },'
            ' { kind = "completion", target = "≥200%" }] }',
            "at 100%: 5 → 5 (exactly 100% earns 10)",
        ),
        (
            formula("if(actual >= 50%, points, 1) / if(actual == 50%, 0, 1)"),
            "at 50%: 1 → 10 (exactly 50% has no award)",
        ),
    ],
)
def test_an_award_of_one_value_alone_is_told(tmp_path: Path, rule: str, said: str) -> None:
    assert said in list(curve_lines(drawn(tmp_path, rule), "en"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_of_any_kind_is_drawn_or_it_is_told_why_not(kind: str) -> None:
    @quick
    @given(frameworks([kind], most=1))
    def told(each: Written[Framework]) -> None:
        for placed in each.value.indicators:
            try:
                curve = drawing(each.value, placed.path)
            except DefinitionError as error:
                assert placed.path in error.to("en")
            else:
                assert list(curve_lines(curve, "zh")) and curve_data(curve, "zh")

    told()
