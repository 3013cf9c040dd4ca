"""Many assessments of 30 indicators, with every kind of rule, beside the same by hand in NumPy, Polars, pandas and DuckDB, in one run.

    python benchmarks/batch.py [--rows 1000000] [--rounds 5] [--sample 2000]

Those compute in floats and are inexact: how many of NumPy's totals are off is reported. Machines are noisy: the contenders take turns, the
medians are reported, and the ratios are what to read.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from attrs import frozen
from numpy.typing import NDArray

from perfeval import Assessment, Fact, FactSheet, Framework, Grade, Indicator
from perfeval.batch import Scorer, compile
from perfeval.evaluate import Scorer as RowScorer
from perfeval.loading.structure import structured

Floats = NDArray[np.float64]
Columns = Mapping[str, Floats]
LEVELS = ("好", "较好", "一般", "差")


@frozen
class Row:
    """One indicator: its rule as in a file, its actual value, and the same by hand."""

    points: int
    rule: Mapping[str, object]
    actual: str
    hand: Callable[[Columns, float], Floats]
    applies: str = ""


def completion(name: str, target: float) -> Callable[[Columns, float], Floats]:
    return lambda c, w: w * np.minimum(1, c[name] / target)


def at_most(name: str, target: float) -> Callable[[Columns, float], Floats]:
    return lambda c, w: np.where(c[name] <= target, w, w * (target / c[name]))


def bands(name: str) -> Callable[[Columns, float], Floats]:
    return lambda c, w: np.select([c[name] >= 90, c[name] >= 80, c[name] >= 60], [w, w * 0.8, w * 0.5], 0.0)


def linear(name: str) -> Callable[[Columns, float], Floats]:
    return lambda c, w: np.interp(c[name], [60, 100], [0, w])


def deduct(name: str) -> Callable[[Columns, float], Floats]:
    return lambda c, w: w - np.minimum(w, w * 0.1 * np.ceil(np.maximum(0, c[name] - 100) / 5))


def schedule(c: Columns, w: float) -> Floats:
    half = w / 2
    first = np.where(c["mid"] >= 50, half, half * np.maximum(0, c["mid"] / 50))
    return first + np.where(c["end"] >= 100, half, half * np.maximum(0, c["end"] / 100))


SHARES: Floats = np.array([1, 0.8, 0.6, 0])


def rating(name: str) -> Callable[[Columns, float], Floats]:
    return lambda c, w: w * SHARES[c[name].astype(np.int8)]


def items(c: Columns, w: float) -> Floats:
    first, second = (np.where(np.abs(c[f"q{i}"] - c[f"p{i}"]) <= 0.3 * c[f"p{i}"], 1.0, 0.0) for i in (1, 2))
    return w * ((first + second) / 2)


def checklist(c: Columns, w: float) -> Floats:
    return w / 3 * (np.where(c["rules"] > 0, 1.0, 0.0) + (c["audited"] > 0) + (c["executed"] <= c["budget"]))


def formula(c: Columns, w: float) -> Floats:
    return w * (1 - np.abs(c["executed"] - c["budget"]) / c["budget"])


def panel(c: Columns, w: float) -> Floats:
    return w * ((c["m1"] + c["m2"] + c["m3"]) / 3 / 100)


def best(c: Columns, w: float) -> Floats:
    return np.maximum(w * np.minimum(1, c["trained"] / 200), np.where(c["rules"] > 0, w, 0))


AT_LEAST = {"kind": "completion", "target": "≥100"}
BANDS = {"kind": "bands", "bands": [["≥90", "100%"], ["≥80", "80%"], ["≥60", "50%"]]}
LINEAR = {"kind": "linear", "through": [["60", "0%"], ["100", "100%"]]}
DEDUCT = {"kind": "deduct", "beyond": "100", "each": "5", "minus": "10%", "partial": "up"}
RATING = {
    "kind": "rating",
    "levels": [
        {"name": name, "share": share} for name, share in zip(LEVELS, ("100%", "80%", "60%", "0%"), strict=True)
    ],
}
ROWS = [
    Row(10, {"kind": "completion", "target": "≥100%"}, "executed / budget", lambda c, w: w * np.minimum(1, c["executed"] / c["budget"])),
    Row(3, {"kind": "completion", "target": "≥95%"}, "done / planned", lambda c, w: w * np.minimum(1, c["done"] / c["planned"] / 0.95)),
    *(Row(3, AT_LEAST, f"n{index}", completion(f"n{index}", 100)) for index in range(6)),
    *(Row(3, {"kind": "completion", "target": "≤100"}, f"c{index}", at_most(f"c{index}", 100)) for index in range(2)),
    *(Row(3, BANDS, f"s{index}", bands(f"s{index}")) for index in range(4)),
    *(Row(3, LINEAR, f"l{index}", linear(f"l{index}")) for index in range(2)),
    *(Row(3, DEDUCT, f"d{index}", deduct(f"d{index}")) for index in range(3)),
    Row(3, {"kind": "yes-no"}, "rules", lambda c, w: np.where(c["rules"] > 0, w, 0.0)),
    Row(3, {"kind": "checklist", "items": [{"when": "rules"}, {"when": "audited"}, {"when": "executed <= budget"}]}, "", checklist),
    Row(3, {"kind": "share-of-items", "within": "30%", "items": [{"actual": "q1", "target": "p1"}, {"actual": "q2", "target": "p2"}]}, "", items),
    Row(3, {"kind": "schedule", "pro_rata": True, "by": [{"at": "6月", "actual": "mid", "reach": "≥50"}, {"at": "12月", "actual": "end", "reach": "≥100"}]}, "", schedule),
    *(Row(3, RATING, f"r{index}", rating(f"r{index}.level")) for index in range(3)),
    Row(3, {"kind": "formula", "award": "points * (1 - abs(executed - budget) / budget)"}, "", formula),
    Row(3, {"kind": "awarded"}, "expert", lambda c, w: c["expert"], "audited"),
    Row(3, {"kind": "best-of", "alternatives": [{"kind": "completion", "target": "≥200", "actual": "trained"}, {"kind": "yes-no", "when": "rules"}]}, "", best),
    Row(6, {"kind": "panel", "raters": ["m1", "m2", "m3"], "out_of": 100}, "", panel),
]  # fmt: skip


def framework() -> Framework:
    leaves = []
    for index, row in enumerate(ROWS):
        more = {"actual": row.actual} if row.actual else {}
        more |= {"applies": row.applies} if row.applies else {}
        leaf = {"id": f"i{index}", "title": f"i{index}", "category": "output.quantity", "points": row.points}
        leaves.append(structured({**leaf, "rule": row.rule, **more}, Indicator))
    grades = [Grade("优", 90), Grade("良", 80), Grade("中", 60), Grade("差", 0)]
    return Framework(id="benchmark", title="benchmark", tree=leaves, grades=grades)


def made(rows: int, seed: int = 2023) -> pa.Table:
    """Facts as they are published: money to the cent, rates and counts, targets often met exactly."""
    source = np.random.default_rng(seed)

    def decimals(k: NDArray[np.int64]) -> pa.Array:
        words = np.zeros((rows, 2), np.int64)
        words[:, 0], words[:, 1] = k, k >> 63
        return pa.Array.from_buffers(pa.decimal128(18, 2), rows, [None, pa.py_buffer(words)])

    def around(share_met: float = 0.3) -> pa.Array:
        k = source.integers(5000, 12000, rows)
        return decimals(np.where(source.random(rows) < share_met, 10000, k))

    budget = source.integers(10_000, 10**9, rows)
    spent = np.where(source.random(rows) < 0.3, budget, (budget * source.uniform(0.5, 1.02, rows)).astype(np.int64))
    planned = source.integers(1, 2000, rows)
    columns: dict[str, pa.Array] = {
        "id": pa.array(np.arange(rows)),
        "budget": decimals(budget),
        "executed": decimals(spent),
        "planned": pa.array(planned),
        "done": pa.array(np.minimum(planned, source.integers(1, 2000, rows))),
    }
    columns |= {name: around() for name in [*(f"n{i}" for i in range(6)), "c0", "c1", *(f"s{i}" for i in range(4))]}
    columns |= {name: around() for name in ["l0", "l1", "d0", "d1", "d2", "mid", "end"]}
    columns |= {name: pa.array(source.random(rows) < 0.9) for name in ("rules", "audited")}
    for name in ("p1", "q1", "p2", "q2", "trained"):
        columns[name] = pa.array(source.integers(1, 400, rows))
    for index in range(3):
        codes = source.choice(4, rows, p=[0.6, 0.25, 0.1, 0.05]).astype(np.int8)
        columns[f"r{index}.level"] = pa.DictionaryArray.from_arrays(codes, list(LEVELS))
    columns["expert"] = decimals(source.integers(0, 301, rows))
    columns |= {name: decimals(source.integers(6000, 10001, rows)) for name in ("m1", "m2", "m3")}
    return pa.table(columns)


def tied(table: pa.Table) -> pa.Table:
    """The same facts, but every quotient of two facts lies on a tie, and so do most other scores."""
    rows = table.num_rows
    odd = 2 * np.random.default_rng(7).integers(1, 90, rows) + 1

    def replaced(name: str, values: NDArray[np.int64]) -> None:
        nonlocal table
        kind = table.schema.field(name).type
        column = (
            pa.array(values).cast(pa.decimal128(38, 2)).cast(kind) if pa.types.is_decimal(kind) else pa.array(values)
        )
        table = table.set_column(table.column_names.index(name), name, column)

    replaced("budget", np.full(rows, 2000))
    replaced("executed", 10 * odd)
    replaced("planned", np.full(rows, 12_000))
    replaced("done", 19 * odd)
    for name in ("c0", "c1"):
        replaced(name, np.full(rows, 160))
    for name in ("m1", "m2", "m3"):
        replaced(name, np.full(rows, 50) + odd % 50)
    return table


def as_floats(table: pa.Table) -> dict[str, Floats]:
    """The columns as NumPy has them."""
    found = {}
    for name in table.column_names:
        column = table[name].combine_chunks()
        if pa.types.is_dictionary(column.type):
            column = column.indices
        found[name] = pc.cast(column, pa.float64()).to_numpy()
    return found


def by_hand(columns: Columns) -> tuple[Floats, NDArray[np.int64]]:
    """The same rules in floats: the totals and the grades."""
    earned = np.zeros(len(columns["id"]))
    applicable = np.full(len(earned), 100.0)
    for row in ROWS:
        score = np.round(np.clip(row.hand(columns, float(row.points)), 0, row.points), 2)
        if row.applies:
            applies = columns[row.applies] > 0
            score = np.where(applies, score, 0)
            applicable = np.where(applies, applicable, applicable - row.points)
        earned += score
    total = np.round(earned * 100 / applicable, 2)
    return total, np.searchsorted([60.0, 80.0, 90.0], total, side="right")


def singly(table: pa.Table, rows: int) -> list[Fraction | None]:
    """The totals of the first rows, by the scalar scorer."""
    scorer = RowScorer(Assessment(framework()))
    found = []
    for line in table.slice(0, rows).to_pylist():
        del line["id"]
        sheet = FactSheet(
            {name: Fact(name, value) if isinstance(value, str) else value for name, value in line.items()}
        )
        found.append(scorer.total(sheet))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sample", type=int, default=2000)
    options = parser.parse_args()
    from rivals import CONTENDERS

    table = made(options.rows)
    scorer = compile(framework(), identity="id")
    floats = as_floats(table)
    contenders: dict[str, Callable[[], object]] = {
        "NumPy by hand (floats given)": lambda: by_hand(floats),
        "NumPy by hand (from the table)": lambda: by_hand(as_floats(table)),
        "perfeval.batch": lambda: scorer(table),
        "perfeval.batch, one thread": lambda: list(map(scorer.batch, table.to_batches(max_chunksize=2**16))),
        **{f"{name} by hand (from the table)": partial(rival, table) for name, rival in CONTENDERS.items()},
    }
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(options.rounds):
        for name, contender in contenders.items():
            start = time.perf_counter()
            contender()
            times[name].append(time.perf_counter() - start)
    start = time.perf_counter()
    sample = singly(table, min(options.sample, options.rows))
    loop = (time.perf_counter() - start) * options.rows / len(sample)
    scores = scorer(table)["score"].to_pylist()
    assert [None if each is None else Decimal(each.numerator) / each.denominator for each in sample] == scores[
        : len(sample)
    ]
    base = statistics.median(times["NumPy by hand (floats given)"])
    print(f"{options.rows:,} rows × {len(ROWS)} indicators")
    print(f"{'contender':34}{'seconds':>10}{'time / NumPy':>14}")
    for name, measured in times.items():
        print(f"{name:34}{statistics.median(measured):10.2f}{statistics.median(measured) / base:14.2f}")
    print(f"{'perfeval, row by row':34}{loop:10.0f}{loop / base:14.0f}   extrapolated from {len(sample):,} rows")
    totals, _ = by_hand(floats)
    off = sum(Decimal(str(total)) != score for total, score in zip(totals.tolist(), scores, strict=True))
    print(f"totals off, NumPy by hand: {off:,} of {options.rows:,}; perfeval.batch: 0 of the {len(sample):,} compared")
    shares("", table, scorer)
    ties = tied(table)
    start = time.perf_counter()
    of_ties = scorer(ties)["score"].to_pylist()
    seconds = time.perf_counter() - start
    some = singly(ties, 200)
    assert [None if each is None else Decimal(each.numerator) / each.denominator for each in some] == of_ties[:200]
    print(f"data made of ties: {seconds:.2f} s, {seconds / loop:.5f} of the time row by row")
    shares("  ", ties, scorer)


def shares(indent: str, table: pa.Table, scorer: Scorer) -> None:
    """How much each stage leaves open."""
    values = first = second = rows = 0
    for batch in table.to_batches(max_chunksize=2**16):
        _, counts = scorer.counted(batch)
        values, first = values + counts.values, first + counts.after_first
        second, rows = second + counts.after_second, rows + counts.singly
    print(
        f"{indent}undecided: after machine numbers {first / values:.5%} of values, after integers {second / values:.5%};"
    )
    print(f"{indent}scored singly: {rows / table.num_rows:.5%} of rows")


if __name__ == "__main__":
    main()
