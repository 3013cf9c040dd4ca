"""Break the code in small ways, one at a time, and see whether a test notices: mutation testing with mutmut.

    pip install -e '.[dev,mutation]'
    python benchmarks/mutants.py exact parse      # these modules; without names, all of them
    python benchmarks/mutants.py exact --again    # only what survived, after a new test
    python benchmarks/mutants.py bounded --share 0.25 --seed 1  # a random sample of a large module
    python benchmarks/mutants.py quantity --alone # what survived, each in a process of its own: tables are made at import
    python benchmarks/mutants.py exact --show     # the survivors as diffs; runs nothing

What mutmut is to mutate and to leave is in `[tool.mutmut]` of pyproject.toml; here stand the modules with the tests that concern
each. A module is mutated in a copy of the project (`build/mutants/<module>`), where a run that was stopped goes on. Left out are
the words: strings with a space or a character beyond ASCII, and the two texts of a `Message` (what is put into them is mutated).
Mutants that mypy refuses, as CI would, are not run; there is one rate without them and one with them. What survives is argued
in docs/mutation.md. The exit code is 1 where less than 95 % of a module's mutants are killed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, cast

from attrs import frozen

ROOT: Final = Path(__file__).parent.parent
INTO: Final = ROOT / "build" / "mutants"
COPIED: Final = (
    "src",
    "tests",
    "indicators",
    "examples",
    "docs",
    "schemas",
    "pyproject.toml",
    "README.md",
    "README.zh.md",
)
MYPY: Final = (sys.executable, "-m", "mypy", "--output", "json", "--disable-error-code", "unused-ignore")
ENOUGH: Final = 0.95
MOST_MEMORY: Final = 4 << 30  # bytes; a mutant that fills the machine is stopped

MODULES: Final[dict[str, tuple[str, ...]]] = {  # below src/perfeval: the tests that concern it, below tests
    "expr/exact": ("expr/test_expr_exact.py", "expr/test_expr_columns.py"),
    "expr/parse": ("expr/test_expr_parse.py",),
    "expr/nodes": ("expr/test_expr_exact.py", "expr/test_expr_names.py", "expr/test_expr_parse.py"),
    "expr/kinds": ("expr/test_expr_kinds.py",),
    "expr/text": ("expr/test_expr_text.py",),
    "expr/interval": ("expr/test_expr_interval.py",),
    "expr/rational": ("expr/test_expr_rational.py", "expr/test_expr_piecewise.py"),
    "expr/ratios": ("expr/test_expr_ratios.py",),
    "expr/columns": ("expr/test_expr_columns.py",),
    "expr/bounded": ("expr/test_expr_bounded.py", "expr/test_expr_columns.py"),
    "expr/piecewise": ("expr/test_expr_piecewise.py",),
    "expr/spreadsheet": ("expr/test_expr_spreadsheet.py",),
    "expr/state": ("expr/test_expr_ratios.py", "expr/test_expr_bounded.py", "expr/test_expr_columns.py"),
    "expr/names": ("expr/test_expr_names.py",),
    "quantity": ("test_quantity.py",),
    "rules/aims": ("rules/test_aims.py",),
    "rules/combined": (
        "rules/test_parameters.py",
        "rules/test_formula_rule.py",
        "rules/test_best_of.py",
        "rules/test_roll_up.py",
        "rules/test_checklist.py",
        "rules/test_schedule.py",
        "rules/test_bands.py",
    ),
    "rules/counted": (
        "rules/test_parameters.py",
        "rules/test_checklist.py",
        "rules/test_share_of_items.py",
        "rules/test_schedule.py",
    ),
    "rules/judged": (
        "rules/test_parameters.py",
        "rules/test_rating.py",
        "rules/test_awarded.py",
        "rules/test_panel.py",
    ),
    "rules/measured": (
        "rules/test_parameters.py",
        "rules/test_completion.py",
        "rules/test_yes_no.py",
        "rules/test_bands.py",
        "rules/test_linear.py",
        "rules/test_deduct.py",
        "rules/test_best_of.py",
    ),
    "rules/reading": ("rules/test_parameters.py",),
    "evaluate": ("test_evaluate.py",),
    "checks": ("test_checking.py",),
    "checking": ("test_checking.py",),
    "bounding": ("test_bounding.py",),
}

# What mutmut's exit codes mean (mutmut.stats); a timeout is stopped by the signal SIGXCPU.
MEANINGS: Final = {0: "survived", 1: "killed", 3: "killed", 33: "no tests", 37: "mypy", -24: "timeout"}
ALIVE: Final = ("survived", "no tests", "other")


@frozen
class Mutated:
    """What became of a module's mutants: each name with what happened to it."""

    module: str
    fates: dict[str, str]

    def named(self, *fates: str) -> list[str]:
        """The mutants that met one of `fates`."""
        return [name for name, fate in self.fates.items() if fate in fates]

    def rate(self, *killers: str) -> float:
        """The share that `killers` killed of those that they were given."""
        killed = len(self.named(*killers))
        given = killed + len(self.named(*ALIVE))
        return killed / given if given else 1.0


def short(module: str) -> str:
    """`module` as people may name it: `exact` for `expr/exact`."""
    return module.rpartition("/")[2]


def selected(module: str) -> list[str]:
    """The tests of `module`, for pytest."""
    return [f"tests/{test}" for test in MODULES[module]]


def prepared(module: str) -> Path:
    """The copy of the project in which `module` is mutated, brought up to date."""
    place = INTO / module.replace("/", "-")
    place.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, place / name)
    own = {
        "only_mutate": [f"src/perfeval/{module}.py"],
        "pytest_add_cli_args_test_selection": selected(module),
        "type_check_command": [*MYPY, "--cache-dir", str(INTO / "mypy"), f"src/perfeval/{module}.py"],
    }
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in own.items())
    written = place / "pyproject.toml"
    written.write_text(written.read_text("utf-8").replace("[tool.mutmut]\n", f"[tool.mutmut]\n{lines}"), "utf-8")
    return place


def run(place: Path, *options: str) -> None:
    """Run mutmut in `place`, as `inside` does."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR")
    surroundings = {name: os.environ[name] for name in kept if name in os.environ} | {"HYPOTHESIS_PROFILE": "mutants"}
    command = [sys.executable, str(Path(__file__).resolve()), "--inside", *options]
    with (place / "mutmut.log").open("w") as log:
        done = subprocess.run(command, cwd=place, env=surroundings, stdout=log, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise SystemExit(f"mutmut stopped; see {log.name}")


def run_alone(module: str, place: Path) -> None:
    """The survivors once more, each in a process of its own: what a module computes when it is imported is mutated there too."""
    found = place / "mutants" / "src" / "perfeval" / f"{module}.py.meta"
    kept = json.loads(found.read_text("utf-8"))
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *selected(module)]
    for name in fates(module).named("survived", "no tests"):
        own = {"PYTHONPATH": "src", "HYPOTHESIS_PROFILE": "mutants", "MUTANT_UNDER_TEST": name}
        done = subprocess.run(
            command, cwd=place / "mutants", env={**os.environ, **own}, capture_output=True, check=False, timeout=600
        )
        kept["exit_code_by_key"][name] = min(done.returncode, 1)
    found.write_text(json.dumps(kept, indent=4), "utf-8")


def inside(again: Sequence[str], share: float, seed: int, source: str) -> None:
    """mutmut itself, in the copy of a project, without the mutants of words: on those named `again`, or on a share of the rest."""
    import libcst
    import mutmut.__main__ as mutmut
    from mutmut.mutation import file_mutation, mutators
    from mutmut.utils.format_utils import get_mutant_name

    def strings(node: libcst.BaseString) -> Iterable[libcst.BaseString]:
        if isinstance(node, libcst.SimpleString) and node.value.isascii() and not set(" \n") & set(node.value):
            yield from list(mutators.operator_string(node))[:1]

    def arguments(node: libcst.Call) -> Iterable[libcst.Call]:
        if not (isinstance(node.func, libcst.Name) and node.func.value == "Message"):
            yield from mutators.operator_arg_removal(node)

    ours: dict[object, Callable[..., Iterable[libcst.CSTNode]]] = {
        mutators.operator_string: strings,
        mutators.operator_arg_removal: arguments,
    }
    checked = file_mutation.run_type_checker
    file_mutation.run_type_checker = lambda command: [  # a converter is a function behind a detour, here
        error for error in checked(command) if not error.error_description.startswith("Unsupported converter")
    ]
    operators = cast("list[tuple[type, Callable[..., Iterable[libcst.CSTNode]]]]", mutators.mutation_operators)
    operators[:] = [(node, ours.get(operator, operator)) for node, operator in operators]
    sys.setrecursionlimit(4 * sys.getrecursionlimit())  # between two functions of ours stand two of mutmut's
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    names = list(again)
    if again:
        # mypy has let these through, and what it said of the others still holds
        vars(mutmut).update(
            filter_mutants_with_type_checker=dict, _apply_config_change_invalidation=lambda caught: False
        )
    elif share < 1:
        found = file_mutation.mutate_file_contents(source, Path(source).read_text("utf-8")).mutant_names
        drawn = random.Random(seed).sample(sorted(found), round(len(found) * share))
        names = [get_mutant_name(Path(source), each) for each in drawn]
    mutmut.cli.main(["run", "--max-children", "1", *names])


def fates(module: str) -> Mutated:
    """What became of the mutants of `module` so far."""
    found = INTO / module.replace("/", "-") / "mutants" / "src" / "perfeval" / f"{module}.py.meta"
    codes: dict[str, int | None] = json.loads(found.read_text("utf-8"))["exit_code_by_key"] if found.exists() else {}
    return Mutated(
        module, {name: "not run" if code is None else MEANINGS.get(code, "other") for name, code in codes.items()}
    )


def diffs(mutated: Mutated) -> Iterator[str]:
    """The survivors as changes of the source."""
    for name in mutated.named("timeout", *ALIVE):
        place = INTO / mutated.module.replace("/", "-")
        shown = subprocess.run(
            [sys.executable, "-m", "mutmut", "show", name], cwd=place, capture_output=True, text=True, check=False
        )
        yield shown.stdout or shown.stderr


def table(all_mutated: Sequence[Mutated]) -> str:
    """The numbers, a row for each module."""
    heads = ("mutants", "mypy", "not run", "killed", "timeout", "survived", "no tests", "other")
    rows = ["| module | " + " | ".join(heads) + " | by tests | by all |", "| --- |" + " ---: |" * (len(heads) + 2)]
    for each in all_mutated:
        counts = Counter(each.fates.values()) | Counter(mutants=len(each.fates))
        numbers = " | ".join(str(counts[head]) for head in heads)
        by_tests, by_all = each.rate("killed", "timeout"), each.rate("killed", "timeout", "mypy")
        rows.append(f"| `{each.module}` | {numbers} | {by_tests:.1%} | {by_all:.1%} |")
    return "\n".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("modules", nargs="*", help=", ".join(short(module) for module in MODULES))
    parser.add_argument("--again", action="store_true", help="run what survived once more")
    parser.add_argument(
        "--alone", action="store_true", help="run what survived once more, each in a process of its own"
    )
    parser.add_argument("--share", type=float, default=1.0, help="a random sample, such as 0.25 of a module's mutants")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--show", action="store_true", help="show what survived; run nothing")
    chosen = parser.parse_args()
    modules = [module for module in MODULES if not chosen.modules or {module, short(module)} & set(chosen.modules)]
    if len(modules) < len(set(chosen.modules)):
        parser.error("there are the modules " + ", ".join(short(module) for module in MODULES))
    if not chosen.show:
        for module in modules:
            place = prepared(module)
            if chosen.alone:
                run_alone(module, place)
            elif chosen.again:
                # Which test runs which function: parametrised tests may have moved up.
                (place / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
                if names := fates(module).named("timeout", *ALIVE):
                    run(place, "--again", *names)
            else:
                run(
                    place,
                    "--share",
                    str(chosen.share),
                    "--seed",
                    str(chosen.seed),
                    "--source",
                    f"src/perfeval/{module}.py",
                )
    results = [fates(module) for module in modules]
    if chosen.show:
        for result in results:
            print("\n".join(diffs(result)))
    print(table(results))
    return int(any(result.rate("killed", "timeout", "mypy") < ENOUGH for result in results))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        parser = argparse.ArgumentParser()
        parser.add_argument("--again", nargs="*", default=())
        parser.add_argument("--share", type=float, default=1.0)
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--source", default="")
        inside(**vars(parser.parse_args(sys.argv[2:])))
    else:
        sys.exit(main())
