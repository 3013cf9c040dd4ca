"""What the JSON output looks like: every key that a command prints, with the kinds of value it has.

`python tests/compatibility/shapes.py` writes `json.txt` anew. A line may be added; one that goes or changes breaks the promise
of docs/compatibility.md.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from click.testing import CliRunner

from perfeval.cli import main

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
GOLDEN = HERE / "json.txt"

PROMISED = str(HERE / "format-1" / "assessment.toml")
DEPARTMENT = str(ROOT / "examples" / "panzhihua-dongqu-2023" / "department.toml")
PROJECT = str(ROOT / "examples" / "panzhihua-dongqu-2023" / "land-requisition.toml")
PUBLISHED = sorted(str(each) for each in (ROOT / "examples" / "published").glob("*.toml"))

TABLE = (str(HERE / "table.toml"), str(HERE / "table.csv"))

# Each command on files that make it say all that it can say.
COMMANDS: Mapping[str, Sequence[Sequence[str]]] = {
    "score": [("score", PROMISED, DEPARTMENT, PROJECT, *PUBLISHED)],
    "explain": [("explain", PROMISED), ("explain", PROJECT)],
    "check": [("check", PROMISED, DEPARTMENT)],
    "bounds": [("bounds", PROMISED, DEPARTMENT, PROJECT, "--stated-only")],
    "audit": [("audit", PROMISED, DEPARTMENT, PROJECT, *PUBLISHED)],
    "what-if": [
        ("what-if", PROJECT),
        ("what-if", PROJECT, "land.quality_rate=90%", "--reach-grade", "优"),
        ("what-if", DEPARTMENT, "--within", "2%"),
        ("what-if", PROMISED, "rate=90%", "--reach", "95", "--sensitivity", "--points", "judged.own=20"),
    ],
    "review": [("review", PROMISED, DEPARTMENT, *PUBLISHED)],
    "review --summary": [("review", *PUBLISHED, "--summary")],
    "compare A B": [("compare", DEPARTMENT, PROJECT), ("compare", PROMISED, PROJECT, "--by-category")],
    "compare A": [("compare", PROMISED)],
    "frameworks": [("frameworks", str(HERE / "format-1" / "base.toml"))],
    "laws": [("laws", str(HERE / "format-1" / "base.toml"), "--no-search")],
    "plot": [("plot", str(HERE / "format-1" / "base.toml"), "measured.steps")],
    "batch": [("batch", *TABLE, "--id", "town", "--findings", "all", "-o", "{folder}/scores.csv")],
    "sensitivity": [("sensitivity", *TABLE, "--id", "town", "--weightings", "20")],
    "sensitivity -o": [
        (
            "sensitivity",
            *TABLE,
            "--id",
            "town",
            "--weightings",
            "9",
            "-o",
            "{folder}/ranks.csv",
            "--plot",
            "{folder}/r.svg",
        )
    ],
    "bounds --table": [("bounds", TABLE[0], "--table", TABLE[1], "--id", "town")],
    "explain --facts": [("explain", TABLE[0], "--facts", TABLE[1], "--row", "1")],
    "new": [("new", "cn/mof-2020/project-self")],
    "new -o": [("new", "cn/mof-2020/project-self", "-o", "{folder}/new.toml")],
    "plot -o": [("plot", str(HERE / "format-1" / "base.toml"), "measured.line", "-o", "{folder}/a.svg")],
    "form -o": [("form", PROJECT, "-o", "{folder}/form.xlsx")],
    "report -o": [("report", PROJECT, "-o", "{folder}/report.md")],
    "import -o": [("import", "{folder}/form.xlsx", "-o", "{folder}/import.toml")],
}


def printed() -> Iterator[tuple[str, object]]:
    """What each command prints, as data."""
    with tempfile.TemporaryDirectory() as folder:
        for name, calls in COMMANDS.items():
            for call in calls:
                arguments = [each.replace("{folder}", folder) for each in call]
                result = CliRunner().invoke(main, [*arguments, "--format", "json"], env={"LANG": "en_US.UTF-8"})
                if result.exit_code not in (0, 1) or not result.stdout:
                    raise AssertionError(f"{name}: {result.output or result.exception}")
                yield name, json.loads(result.stdout)


def shapes() -> str:
    """One line for each place in the output of each command: where it is, and the kinds of value that stand there."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, data in printed():
        for at, kind in places(data):
            if not at.startswith("$.work."):  # of `batch`: what was done inside, which nobody is promised
                found[f"{name}: {at}"].add(kind)
    return "".join(f"{at} = {' | '.join(sorted(kinds))}\n" for at, kinds in sorted(found.items()))


def places(value: object, at: str = "$") -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            yield at, "table"
            for key, item in value.items():
                own = re.fullmatch(r"[a-z][a-z0-9_]*", key) is not None
                yield from places(item, f"{at}.{key if own else '*'}")  # a rater's or a unit's name is no key of ours
        case list():
            yield at, "array"
            for item in value:
                yield from places(item, f"{at}[]")
        case bool():
            yield at, "yes/no"
        case None:
            yield at, "null"
        case int():
            yield at, "integer"
        case str():
            yield at, "text"
        case _:
            raise AssertionError(f"{at}: a {type(value).__name__} in the output")


if __name__ == "__main__":
    GOLDEN.write_text(shapes(), "utf-8")
    sys.stdout.write(f"wrote {GOLDEN}\n")
