"""The recipes of CONTRIBUTING.md, followed to the letter on a copy of the source."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs_text import ROOT, blocks
from perfeval import load_framework

RECIPES = {block.name: block.body for block in blocks("CONTRIBUTING.md") if block.name}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the source with the new modules of the recipes in it."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "indicators", tmp_path / "indicators")
    for name, body in RECIPES.items():
        place = tmp_path / ("src/perfeval" if name.endswith(".py") else "") / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(body, "utf-8")
    return tmp_path


def run(copy: Path, program: str) -> str:
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=copy,
        env={"PYTHONPATH": str(copy / "src"), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_a_new_rule_is_one_class_and_its_name_in_the_union(copy: Path) -> None:
    combined = copy / "src/perfeval/rules/combined.py"
    text = combined.read_text("utf-8")
    assert text.count("    RollUp,\n)") == 1, "the recipe says where: RULES ends with RollUp"
    text = text.replace("    RollUp,\n)", "    RollUp,\n    Threshold,\n)").replace(
        "    | RollUp\n", "    | RollUp\n    | Threshold\n"
    )
    text = text.replace(
        "from perfeval.rules.reading import",
        "from perfeval.rules.threshold import Threshold\nfrom perfeval.rules.reading import",
        1,
    )
    assert "Threshold,\n)" in text
    combined.write_text(text, "utf-8")
    program = (
        "import perfeval\n"
        "framework = perfeval.load_framework('threshold.toml')\n"
        "for planted in ('99棵', '100棵', '199棵', '200棵'):\n"
        "    card = perfeval.evaluate(perfeval.Assessment(framework, {'trees.planted': planted}))\n"
        "    print(card.score)\n"
        "print(card.explain(language='en'))\n"
    )
    printed = run(copy, program)
    assert printed.splitlines()[:4] == ["0", "5", "5", "10"]
    assert "multiple = actual ÷ 100棵 = 200%" in printed


def test_a_new_framework_is_one_file(copy: Path) -> None:
    shown = run(
        copy,
        "import sys; from perfeval.cli import main\n"
        "sys.argv = ['perfeval', 'frameworks', 'demo/county', '--lang', 'en']\nmain()",
    )
    assert "A county's project self-evaluation" in shown
    base = load_framework("cn/mof-2020/project-self")
    assert [node.id for node in base.tree] == ["execution", "output", "benefit", "satisfaction"]
    assert "completion < 60%" in shown


def test_a_new_interpreter_is_one_function_over_the_nodes(copy: Path) -> None:
    program = (
        "from perfeval.expr.divisors import divisors\nfrom perfeval.expr.parse import parse\n"
        "from perfeval.expr.text import text\n"
        "print(*(text(each, 'en') for each in divisors(parse('if(a / b > 1, c / (d - e), 2)'))), sep=' | ')"
    )
    assert run(copy, program).strip() == "b | d − e"
