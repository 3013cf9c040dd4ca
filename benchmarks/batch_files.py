"""From Parquet to Parquet: how long it takes and how much memory, as rows grow; with --spark, on Spark's local[2] as well.

    python benchmarks/batch_files.py [--rows 100000 1000000 10000000] [--findings] [--spark] [--folder FOLDER]

The facts are those of `benchmarks/batch.py`: 30 indicators with every kind of rule. Each run is a process of its own, so that its peak of
memory is its own; CPU seconds are of both cores together. Machines are noisy: CPU seconds are what to read.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
from attrs import evolve, frozen

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


def facts(rows: int, folder: Path) -> Path:
    """A file of facts, made and written piece by piece."""
    path = folder / f"facts-{rows}.parquet"
    if not path.exists():
        with pq.ParquetWriter(path, made(1).schema) as writer:
            for seed in range(0, rows, PIECE):
                writer.write_table(made(min(PIECE, rows - seed), seed))
    return path


def measured(arguments: Sequence[str]) -> Measured:
    """One run, in a process of its own."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, __file__, *arguments], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    elsewhere = process.stdout.read()  # the CPU seconds of the processes that Spark starts
    _, status, used = os.wait4(process.pid, 0)
    assert status == 0, arguments
    cpu = used.ru_utime + used.ru_stime + float(elsewhere or 0)
    return Measured(time.perf_counter() - start, cpu, used.ru_maxrss // 1024)


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


def one(engine: str, path: str, output: str) -> None:
    """What the process does."""
    of = framework()
    if engine == "findings":
        of = evolve(of, checks=CHECKS)
    scorer = compile(of, identity="id")
    if engine == "spark":
        from pyspark.sql import SparkSession

        from perfeval.spark import run_files

        os.environ["PYSPARK_PYTHON"] = sys.executable
        SparkSession.builder.master("local[2]").getOrCreate()
        summary = run_files(scorer, path, output, about=ABOUT, master="local[2]", overwrite=True)
        print(below(os.getpid()))
    else:
        findings = Findings(scorer) if engine == "findings" else None
        summary = run(scorer, table_in(path), output, about=ABOUT, findings=findings, overwrite=True)
    assert summary.complete, summary


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--findings", action="store_true")
    parser.add_argument("--spark", action="store_true")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(*options.one)
        return
    engines = ["here", *(["findings"] if options.findings else []), *(["spark"] if options.spark else [])]
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        print(f"{'engine':10}{'rows':>12}{'seconds':>10}{'CPU s':>8}{'CPU s / million':>17}{'peak MB':>9}")
        for engine in engines:
            for rows in options.rows:
                path = facts(rows, folder)
                found = measured(["--one", engine, str(path), str(folder / f"scores-{engine}-{rows}.parquet")])
                per_million = found.cpu * 1_000_000 / rows
                print(
                    f"{engine:10}{rows:12,}{found.seconds:10.1f}{found.cpu:8.1f}{per_million:17.1f}{found.peak:9,}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
