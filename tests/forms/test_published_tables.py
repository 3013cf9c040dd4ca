"""The published tables, typed in by hand or filled into a blank form, are the examples that were entered from them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from printed_tables import TABLES, Printed
from typing_tables import by_hand, csv_text, into_the_form

from docs_text import ROOT
from perfeval import Assessment, load, quantity
from perfeval.cli import main
from perfeval.forms.drafting import assessment_of
from perfeval.forms.reading import read_workbook, typed_draft
from perfeval.framework import Indicator
from perfeval.rules import Completion

PUBLISHED = ROOT / "examples" / "published"
OWN = {"zhongjiang-water-2022-gauge": str(PUBLISHED / "frameworks" / "zhongjiang-as-published.toml")}

# What a person knew who entered the examples, and the table does not say.
KNOWN_OTHERWISE = {
    "工程资金金额": "no unit is printed; the example takes the money's",
    "群众生产生活条件改善状况": "显著提升 is no level: the example keeps the word, the import the points awarded for it",
}


def by_title(assessment: Assessment) -> dict[str, str]:
    """The path of each indicator, by its title."""
    found = {each.node.title: each.path for each in assessment.framework.indicators}
    assert len(found) == len(assessment.framework.indicators)
    return found


def target_of(assessment: Assessment, path: str) -> str | None:
    node = assessment.framework.layout[path].node
    assert isinstance(node, Indicator)
    return str(node.rule.target) if isinstance(node.rule, Completion) else None


def is_the_example(found: Assessment, table: Printed) -> None:
    """Title by title: points, stated score, reason, target, actual value; and the funds."""
    example = load(PUBLISHED / f"{table.example}.toml")
    ours, theirs = by_title(found), by_title(example)
    assert ours.keys() == theirs.keys()
    for title, path in ours.items():
        other = theirs[title]
        assert found.framework.layout[path].points == example.framework.layout[other].points, title
        assert found.remark(path).stated == example.remark(other).stated, title
        assert found.remark(path).reason == example.remark(other).reason, title
        if title in KNOWN_OTHERWISE or path == "execution":
            continue
        assert target_of(found, path) == target_of(example, other), title
        assert found.facts.value(path) == example.facts.value(other), title
        level = example.facts.value(f"{other}.level")
        if level is not None:  # 达成预期指标
            assert found.facts.value(f"{path}.level") == level, title
            assert found.remark(path).stated == found.framework.layout[path].points
            assert found.facts.value(f"{path}.share") == quantity("100%"), title
    for name in ("initial", "approved", "executed"):
        # The example takes the row of the fiscal money where the total is printed as 0.
        group = "budget_fiscal" if len(table.funds) > 1 else "budget"
        assert found.facts.value(f"{group}.{name}") == example.facts.value(f"budget.{name}"), name
    assert found.facts.value("budget.printed_rate") == example.facts.value("budget.printed_rate")
    assert (found.subject.name, found.subject.unit, found.subject.year) == (table.name, table.unit, table.year)
    assert (example.subject.unit, example.subject.year) == (table.unit, table.year)
    assert found.published.score == example.published.score


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.example)
def test_a_table_typed_by_hand_is_the_example(table: Printed, tmp_path: Path) -> None:
    path = str(tmp_path / "typed.xlsx")
    by_hand(table).save(path)
    is_the_example(assessment_of(typed_draft(path, OWN.get(table.example))), table)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.example)
def test_a_table_as_csv_is_the_example(table: Printed, tmp_path: Path) -> None:
    (tmp_path / "typed.csv").write_text(csv_text(table), "gb18030")
    is_the_example(assessment_of(typed_draft(str(tmp_path / "typed.csv"), OWN.get(table.example))), table)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.example)
def test_a_table_filled_into_the_form_is_the_example(table: Printed, tmp_path: Path) -> None:
    path = str(tmp_path / "form.xlsx")
    name = OWN.get(table.example, "cn/mof-2020/project-self")
    assert CliRunner().invoke(main, ["form", name, "-o", path]).exit_code == 0
    book = load_workbook(path)
    into_the_form(table, book)
    book.save(path)
    found = read_workbook(path)  # the form says which framework it is for
    assert found.framework.id == load(PUBLISHED / f"{table.example}.toml").framework.id
    is_the_example(found, table)
