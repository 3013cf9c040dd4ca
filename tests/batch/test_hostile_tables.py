"""Tables whose buffers are not what they say, and cells that no figure comes near: an answer, and no traceback."""

from __future__ import annotations

import pickle
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from every_rule import framework, indicator
from perfeval.batch import compile
from perfeval.errors import DefinitionError
from perfeval.rules import Completion

TREES = framework(indicator("trees", 100, rule=Completion(target="≥1000棵")))


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

    import io

    Watched(io.BytesIO(sent)).load()
    assert named <= {"perfeval", "fractions", "builtins", "attr", "attrs", "collections", "types"}
