"""Tables whose buffers are not what they say, and cells that no figure comes near: an answer, and no traceback."""

from __future__ import annotations

import csv
import io
import pickle
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from every_rule import framework, indicator
from hostile_texts import ATTACKS
from perfeval.batch import compile
from perfeval.cli import main
from perfeval.errors import DefinitionError
from perfeval.rules import Completion

TREES = framework(indicator("trees", 100, rule=Completion(target="≥1000棵")))

FRAMEWORK = """format = 1
[framework]
id = "t"
title = "植树"
points = 100
[tree.trees]
title = "植树棵数"
category = "output.quantity"
points = 100
actual = "trees"
rule = { kind = "completion", target = "≥1000棵" }
"""


def no_text() -> pa.Array:
    """A column of text that is no UTF-8, which Parquet and Arrow files may hold."""
    return pa.Array.from_buffers(
        pa.string(), 1, [None, pa.py_buffer(np.array([0, 2], np.int32)), pa.py_buffer(b"\xff\xfe")]
    )


def astray() -> pa.Array:
    """A dictionary column whose index leads past its dictionary."""
    return pa.DictionaryArray.from_arrays(pa.array([5], pa.int8()), pa.array(["950"]), safe=False)


@pytest.mark.parametrize(
    "column",
    [no_text(), pa.DictionaryArray.from_arrays(pa.array([0], pa.int8()), no_text()), astray()],
    ids=["no UTF-8", "no UTF-8 in a dictionary", "an index astray"],
)
def test_a_column_with_damaged_buffers_is_refused_by_its_name(column: pa.Array) -> None:
    with pytest.raises(DefinitionError, match='the column "trees" is damaged'):
        compile(TREES)(pa.table({"trees": column}))
    with pytest.raises(DefinitionError, match='the column "unit" is damaged'):
        compile(TREES, identity="unit")(pa.table({"trees": [950], "unit": column}))
    assert compile(TREES)(pa.table({"trees": [1000], "unit": column}))["score"].to_pylist() == [100]  # it is not read


@pytest.mark.parametrize(
    "cell",
    [
        pa.array([2**62], pa.timestamp("s")),
        pa.array([86_400_000 * 2**35], pa.date64()),
        pa.array([2**31 - 1], pa.date32()),
        pa.array([0], pa.timestamp("s", tz="No/Where")),
        pa.array([Decimal("9" * 76)], pa.decimal256(76, 0)),
        pa.array([1e308]),
        pa.array([5e-324]),
        pa.array([float("-inf")]),
        pa.array(["9" * 10_000_000]),
        pa.array(["\x1b[31m9\x00"]),
        pa.array(["1e999999999"]),
    ],
    ids=lambda cell: str(cell.type),
)
def test_a_cell_that_no_figure_comes_near_is_an_error_of_its_row(cell: pa.Array) -> None:
    assert compile(TREES)(pa.table({"trees": cell}))["status"].to_pylist() == ["error"]


def test_a_scorer_that_was_pickled_holds_data_and_no_code_of_its_own() -> None:
    sent = pickle.dumps(compile(TREES))
    named: set[str] = set()

    class Watched(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> object:
            named.add(module.partition(".")[0])
            return super().find_class(module, name)

    Watched(io.BytesIO(sent)).load()
    assert named <= {"perfeval", "fractions", "builtins", "attr", "attrs", "collections", "types"}


# What is written for a spreadsheet to open.

FORMULAS = [each for each in ATTACKS if each[0] in "=+-@\t\r"] + ["＝1+1", "-1+cmd|' /C calc'!A0", "+A1"]
ASKED = {
    "batch": ("{out}", "--id", "{id}", "--detail", "indicators"),
    "sensitivity": ("{out}", "--id", "{id}", "--weightings", "5"),
    "bounds": ("{out}", "--id", "{id}"),
}


@pytest.mark.parametrize("command", ASKED)
def test_no_text_in_a_csv_is_a_formula_to_the_spreadsheet_that_opens_it(command: str, tmp_path: Path) -> None:
    """Whoever names a unit or a column would run it on the machine of whoever opens the scores."""
    (tmp_path / "f.toml").write_text(FRAMEWORK, "utf-8")
    identity = "=cmd|' /C calc'!A0"
    facts = pa.table({identity: [*FORMULAS, "甲", "-5", "+8,600.5%"], "trees": pa.array([950] * (len(FORMULAS) + 3))})
    pq.write_table(facts, tmp_path / "facts.parquet")
    for kind in ("csv", "parquet"):
        given = [command, str(tmp_path / "f.toml"), str(tmp_path / "facts.parquet"), "-o", *ASKED[command]]
        if command == "bounds":
            given.insert(2, "--table")
        given = [each.replace("{out}", str(tmp_path / f"o.{kind}")).replace("{id}", identity) for each in given]
        result = CliRunner().invoke(main, given)
        assert result.exit_code in (0, 1), result.output
    header, *rows = csv.reader(io.StringIO((tmp_path / "o.csv").read_bytes().decode("utf-8-sig"), newline=""))
    place = header.index(f"'{identity}")
    assert sorted(row[place] for row in rows) == sorted([*(f"'{each}" for each in FORMULAS), "甲", "-5", "+8,600.5%"])
    for row in (header, *rows):
        for cell in row:
            assert not re.match(r"[=@＝\t\r]|[+-](?![0-9.,]+%?$)", cell)
    assert set(pq.read_table(tmp_path / "o.parquet")[identity].to_pylist()) == set(facts[identity].to_pylist())
