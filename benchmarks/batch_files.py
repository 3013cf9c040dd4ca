"""From Parquet to Parquet: how long it takes and how much memory, as rows grow; beside rivals, on Spark's local[2].

    python benchmarks/batch_files.py [--rows 100000 1000000 10000000] [--findings] [--rivals] [--spark] [--integers] [--folder FOLDER]

The facts are those of `benchmarks/batch.py`: 30 indicators with every kind of rule. Each run is a process of its own, so that its peak of
memory is its own; its seconds are those of the work, Python's start left out, its CPU seconds all of both cores. Machines are noisy: read
the ratios. The rivals do the same in floats; the floor reads the same columns and writes the same scores, computing nothing. Decimals are
stored as pyarrow and pandas store them, as bytes; --integers: as Spark, Polars and DuckDB do.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from attrs import evolve, frozen
from rivals import FROM_FILES

from batch import framework, made
from perfeval import Check
from perfeval.batch import compile
from perfeval.batch.findings import Findings
from perfeval.batch.run import run
from perfeval.batch.tables import table_in

PIECE = 100_000
ABOUT = {"perfeval.framework": "benchmark"}
CHECKS = (
    Check("within", "executed <= budget"),
    Check("done", "done <= planned"),
    Check("share", "expert / 3 <= m1 / 100"),
)


@frozen
class Measured:
    """What one run took; the peak of memory of its own process, in MB."""

    seconds: float
    cpu: float
    peak: int


def facts(rows: int, folder: Path, integers: bool = False) -> Path:
    """A file of facts, made and written piece by piece; its decimals as bytes, or as integers."""
    path = folder / f"facts-{rows}{'-integers' if integers else ''}.parquet"
    if not path.exists():
        with pq.ParquetWriter(path, made(1).schema, store_decimal_as_integer=integers) as writer:
            for seed in range(0, rows, PIECE):
                writer.write_table(made(min(PIECE, rows - seed), seed))
    return path


def measured(arguments: Sequence[str]) -> Measured:
    """One run, in a process of its own."""
    process = subprocess.Popen([sys.executable, __file__, *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    seconds, elsewhere = map(float, process.stdout.read().split())
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, arguments
    return Measured(seconds, used.ru_utime + used.ru_stime + elsewhere, used.ru_maxrss // 1024)


def below(process: int) -> float:
    """The CPU seconds of all processes below one, those that have ended included."""
    ticks, parents = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            number = int(stat.parent.name)
            parents[number], ticks[number] = int(fields[1]), sum(int(each) for each in fields[11:15])
    found, waiting = 0, [process]
    while waiting:
        above = waiting.pop()
        inner = [number for number, parent in parents.items() if parent == above]
        found += sum(ticks[number] for number in inner)
        waiting += inner
    return found / os.sysconf("SC_CLK_TCK")


def prepared(engine: str, path: str, output: str) -> Callable[[], object]:
    """The work to be timed."""
    match engine:
        case "floor":
            return partial(floor, path, pq.read_table(output.replace("floor", "here")), output)
        case "here" | "findings":
            scorer = compile(evolve(framework(), checks=CHECKS) if engine == "findings" else framework(), identity="id")
            findings = Findings(scorer) if engine == "findings" else None
            return lambda: run(scorer, table_in(path), output, about=ABOUT, findings=findings, overwrite=True)
        case "spark":
            from pyspark.sql import SparkSession

            from perfeval.spark import run_files

            os.environ["PYSPARK_PYTHON"] = sys.executable
            SparkSession.builder.master("local[2]").getOrCreate()
            scorer = compile(framework(), identity="id")
            return lambda: run_files(scorer, path, output, about=ABOUT, master="local[2]", overwrite=True)
        case _:
            return partial(FROM_FILES[engine], path, output)


def floor(path: str, scores: pa.Table, output: str) -> None:
    """Read what the scores are made of, and write them."""
    pq.read_table(path)
    with pq.ParquetWriter(output, scores.schema) as writer:
        writer.write_table(scores)


def one(engine: str, path: str, output: str) -> None:
    """What the process does; prints its seconds, and the CPU seconds of the processes that Spark started."""
    work = prepared(engine, path, output)
    start = time.perf_counter()
    work()
    print(time.perf_counter() - start, below(os.getpid()) if engine == "spark" else 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--findings", action="store_true")
    parser.add_argument("--rivals", action="store_true")
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--integers", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(*options.one)
        return
    engines = ["here", "floor"]
    engines += ["findings"] if options.findings else []
    engines += FROM_FILES if options.rivals else []
    engines += ["spark"] if options.spark else []
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        print(f"{'engine':10}{'rows':>12}{'seconds':>10}{'/ here':>8}{'CPU s':>8}{'CPU s / million':>17}{'peak MB':>9}")
        for rows in options.rows:
            path, base = facts(rows, folder, options.integers), 0.0
            for engine in engines:
                found = measured(["--one", engine, str(path), str(folder / f"scores-{engine}-{rows}.parquet")])
                base = base or found.seconds
                per_million = found.cpu * 1_000_000 / rows
                print(
                    f"{engine:10}{rows:12,}{found.seconds:10.2f}{found.seconds / base:8.2f}{found.cpu:8.1f}"
                    f"{per_million:17.1f}{found.peak:9,}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
