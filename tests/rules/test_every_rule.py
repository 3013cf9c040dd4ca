"""What holds for the rules together: each has a name, says what it does, and is tried in a file of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfeval.rules import RULES, Rule


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_kind_of_its_own_and_says_what_it_does(rule: type[Rule]) -> None:
    assert [each.kind for each in RULES].count(rule.kind) == 1
    assert rule.__doc__


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_test_file(rule: type[Rule]) -> None:
    name = "test_formula_rule" if rule.kind == "formula" else f"test_{rule.kind.replace('-', '_')}"
    assert (Path(__file__).parent / f"{name}.py").exists()
