"""The floors of the house: a module imports only from floors below its own, and effects stay at the edge."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import perfeval
from docs_text import ROOT

SOURCE = ROOT / "src" / "perfeval"
FLOORS = {
    "errors": 0,
    "codes": 1,
    "extras": 2,
    "slips": 1,
    "quantity": 2,
    "expr": 3,
    "rules": 4,
    "checks": 4,
    "facts": 5,
    "framework": 5,
    "totals": 6,
    "answers": 6,
    "assessment": 6,
    "loading": 7,
    "writing": 7,
    "scorecard": 7,
    "evaluate": 8,
    "checking": 9,
    "bounding": 9,
    "comparing": 9,
    "whatif": 9,
    "objections": 9,
    "laws": 10,
    "attaining": 10,
    "batch": 10,
    "implying": 11,
    "auditing": 12,
    "spark": 11,
    "report": 13,
    "charts": 13,
    "starter": 13,
    "documents": 14,
    "forms": 15,
    "testing": 16,
    "cli": 16,
    "__init__": 17,
}
THIRD_PARTY = {
    "attrs": set(FLOORS),
    "attr": set(),
    "cattrs": {"loading"},
    "tomli": {"loading", "forms"},
    "click": {"cli"},
    "rich": {"report", "forms", "cli"},
    "docx": {"documents", "forms"},
    "jinja2": {"documents"},
    "numpy": {"expr", "laws", "batch"},
    "pyarrow": {"batch", "spark"},
    "pyspark": {"spark"},
    "openpyxl": {"batch", "charts", "forms"},
    "tomli_w": {"cli", "testing"},
    "xlrd": {"forms"},
    "olefile": {"forms"},
    "matplotlib": {"documents"},
    "hypothesis": {"laws", "testing"},
    "pytest": {"testing"},
}
NEEDS_AN_EXTRA = {("cli", "perfeval.batch"), ("cli", "perfeval.spark"), ("laws", "perfeval.laws.rows")}
READS_OR_WRITES = {"open", "os", "tempfile", "pathlib", "time", "random", "locale"}
MODULES = sorted(SOURCE.rglob("*.py"))


def top(module: Path) -> str:
    return module.relative_to(SOURCE).with_suffix("").parts[0]


def imports(module: Path) -> list[tuple[str, ast.stmt, bool]]:
    """Every import of a module: the dotted name, the statement, and whether it stands inside a function."""
    tree = ast.parse(module.read_text("utf-8"))
    inner = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    found: list[tuple[str, ast.stmt, bool]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            found.append((node.module or "", node, node in inner))
        elif isinstance(node, ast.Import):
            found.extend((alias.name, node, node in inner) for alias in node.names)
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(SOURCE)))
def test_a_module_imports_only_from_the_floors_below_it(module: Path) -> None:
    here = top(module)
    for name, _, inside in imports(module):
        parts = name.split(".")
        if parts[0] == "perfeval":
            below = parts[1] if len(parts) > 1 else "__init__"
            # What needs an extra is imported where it is used.
            needs_one = any(
                here == by and (name == needed or name.startswith(f"{needed}.")) for by, needed in NEEDS_AN_EXTRA
            )
            assert not inside or needs_one, f"{name} is imported inside a function"
            same_package = below == here and (SOURCE / here).is_dir()
            if len(parts) > 1 or here != "cli":  # the command line may ask for the version
                assert same_package or FLOORS[below] < FLOORS[here], f"{here} imports {name}"
        elif parts[0] in THIRD_PARTY:
            assert here in THIRD_PARTY[parts[0]], f"{here} imports {name}"
        else:
            assert parts[0] in sys.stdlib_module_names, f"{here} imports {name}"


def test_no_package_has_a_circle_inside() -> None:
    inner = {
        ".".join(module.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): {
            name.removeprefix("perfeval.") for name, _, _ in imports(module) if name.startswith("perfeval.")
        }
        for module in MODULES
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name in done or name not in inner:
            return
        for below in inner[name]:
            visit(below, (*trail, name))
        done.add(name)

    for name in inner:
        visit(name, ())


@pytest.mark.parametrize(
    "module",
    [module for module in MODULES if FLOORS[top(module)] < FLOORS["loading"] or top(module) == "evaluate"],
    ids=lambda module: str(module.relative_to(SOURCE)),
)
def test_the_core_is_pure(module: Path) -> None:
    for name, _, _ in imports(module):
        assert name.split(".")[0] not in READS_OR_WRITES, f"{module} imports {name}"
    called = {
        node.func.id
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"open", "print", "eval", "exec", "input", "__import__"}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(SOURCE)))
def test_no_binary_float_stands_anywhere(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)) or node.value in (0.6, 0.7), (
            f"{module}:{getattr(node, 'lineno', 0)}"
        )
        assert not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float")


def test_every_module_says_what_it_is_for_and_what_is_public() -> None:
    for module in MODULES:
        tree = ast.parse(module.read_text("utf-8"))
        assert ast.get_docstring(tree), module
        names = {
            target.id
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        defines = any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in tree.body)
        assert "__all__" in names or not defines, module


def test_every_public_name_is_there_and_no_other() -> None:
    assert all(hasattr(perfeval, name) for name in perfeval.__all__)
    assert not hasattr(perfeval, "laod")


def test_importing_the_library_stays_light() -> None:
    program = "import sys, perfeval; print(sorted({'click', 'rich', 'hypothesis', 'numpy', 'asyncio', 'cattrs', 'tomli'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
