"""Spark gives the scores that the embedded engine gives, bit for bit, however the rows are divided and whatever is repeated."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from shutil import which

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from docs_text import blocks
from every_rule import every_rule
from perfeval import Assessment, Check, PerfevalError, Rounding
from perfeval.batch import Scorer, compile
from perfeval.batch.findings import Findings
from perfeval.batch.run import run
from perfeval.batch.tables import table_in
from perfeval.cli import main

pytestmark = [pytest.mark.slow, pytest.mark.skipif(which("java") is None, reason="Spark needs Java")]
pyspark = pytest.importorskip("pyspark")

from pyspark import TaskContext  # noqa: E402
from pyspark.sql import DataFrame, SparkSession  # noqa: E402

from perfeval import spark as cluster  # noqa: E402

OF = every_rule("rescale", (Rounding("each", 2), Rounding("rate", 1)))
ABOUT = {"perfeval.framework": "test", "perfeval.framework.sha256": "0", "perfeval.version": "1"}
ROWS = 200


@pytest.fixture(scope="module")
def session() -> Iterator[SparkSession]:
    """Two cores, and tasks that may fail: local[2,4] is four attempts each."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    made = (
        SparkSession.builder.master("local[2,4]")
        .appName("tests")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "3")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "17")
        .getOrCreate()
    )
    made.sparkContext.setLogLevel("OFF")
    yield made
    made.stop()


def table() -> pa.Table:
    """Ties, edges, what cannot be read, what is not known, what is too large for machine numbers."""
    numbers = ["0", "1", "2.5", "3", "5", "6", "9", "9.005", "10", "11", None, "1e18", "x", "3.333333333333", "-0.01"]

    def texts(step: int) -> list[str | None]:
        return [numbers[row * step % len(numbers)] for row in range(ROWS)]

    return pa.table(
        {
            "id": [f"号{row}" for row in range(ROWS)],
            "a": [None if row % 11 == 0 else Decimal(row % 13) for row in range(ROWS)],
            "b": texts(1),
            "c": texts(7),
            "t": [(True, False, None)[row % 3] for row in range(ROWS)],
            "judged.level": [("达成", "未达成", None)[row % 3] for row in range(ROWS)],
            "judged.share": [("100%", "0%", None)[row % 3] for row in range(ROWS)],
            "rest": texts(4),
            "not a fact": ["z"] * ROWS,
            "a.assumed": [row % 5 == 0 for row in range(ROWS)],
        }
    )


def by(detail: str = "indicators") -> Scorer:
    return compile(OF, identity="id", detail=detail, language="en")  # type: ignore[arg-type]


def embedded() -> list[Mapping[str, object]]:
    return sorted(by()(table()).to_pylist(), key=lambda line: str(line["id"]))


def lines(frame: DataFrame) -> list[Mapping[str, object]]:
    return sorted((row.asDict() for row in frame.collect()), key=lambda line: str(line["id"]))


@pytest.fixture(scope="module")
def frame(session: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> DataFrame:
    path = tmp_path_factory.mktemp("facts") / "facts.parquet"
    pq.write_table(table(), path)
    return session.read.parquet(str(path))


@pytest.mark.parametrize("partitions", [1, 2, 7])
def test_the_scores_are_those_of_the_embedded_engine_however_the_rows_are_divided(
    partitions: int, frame: DataFrame
) -> None:
    scores = cluster.score(OF, frame.repartition(partitions), identity="id", detail="indicators", language="en")
    expected = embedded()
    assert lines(scores) == expected
    assert {line["status"] for line in expected} == {"scored", "unknown", "error"}


def test_a_task_that_is_lost_and_repeated_changes_nothing(session: SparkSession, frame: DataFrame) -> None:
    def fails_first(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Every task fails once, in the midst of its rows."""
        context = TaskContext.get()
        assert context is not None
        for batch in batches:
            yield batch
            if context.attemptNumber() == 0:
                raise RuntimeError("lost")

    plain = frame.toDF(*[name.replace(".", "_") for name in frame.columns]).repartition(3)  # mapInArrow knows no dots
    flaky = plain.mapInArrow(fails_first, plain.schema).toDF(*frame.columns)
    session.sparkContext.setJobGroup("flaky", "tasks that fail once")
    assert lines(cluster.scored(by(), flaky)) == embedded()
    tracker = session.sparkContext.statusTracker()
    jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup("flaky")]
    stages = [tracker.getStageInfo(stage) for job in jobs if job is not None for stage in job.stageIds]
    assert sum(stage.numFailedTasks for stage in stages if stage is not None) >= 3


def test_from_parquet_to_parquet_with_what_gave_the_scores(session: SparkSession, tmp_path: Path) -> None:
    pq.write_table(table(), tmp_path / "facts.parquet", row_group_size=30)
    output = f"file://{tmp_path}/scores"
    summary = cluster.run_files(by(), f"file://{tmp_path}/facts.parquet", output, about=ABOUT, master="local[2]")
    read = pq.read_table(tmp_path / "scores")
    assert sorted(read.to_pylist(), key=lambda line: str(line["id"])) == embedded()
    said = pq.read_schema(next((tmp_path / "scores").glob("*.parquet"))).metadata
    assert all(value in said[b"org.apache.spark.sql.parquet.row.metadata"].decode() for value in ABOUT)
    statuses = [line["status"] for line in embedded()]
    assert summary.rows == ROWS
    assert summary.statuses == {name: statuses.count(name) for name in summary.statuses}
    assert summary.assumed == sum(bool(line["assumed_points"]) for line in embedded())
    assert summary.counts is None
    assert len(summary.failures) == 10
    assert summary.failures[0].identity.startswith("号")
    with pytest.raises(PerfevalError, match="Spark failed"):
        cluster.run_files(by(), f"file://{tmp_path}/facts.parquet", output, about=ABOUT, master="local[2]")
    again = cluster.run_files(
        by(), f"file://{tmp_path}/facts.parquet", output, about=ABOUT, master="local[2]", overwrite=True
    )
    assert again == summary


def test_what_check_and_review_find_is_what_the_embedded_engine_finds(session: SparkSession, tmp_path: Path) -> None:
    of = Assessment(OF, checks=[Check("sum", "a == b + c"), Check("less", "a < b")])
    pq.write_table(table(), tmp_path / "facts.parquet", row_group_size=30)
    scorer = compile(of, identity="id", language="en")
    findings = Findings(scorer, review=True)
    expected = run(
        scorer, table_in(f"{tmp_path}/facts.parquet"), f"{tmp_path}/here.parquet", about=ABOUT, findings=findings
    )
    summary = cluster.run_files(
        scorer,
        f"file://{tmp_path}/facts.parquet",
        f"file://{tmp_path}/there",
        about=ABOUT,
        master="local[2]",
        findings=findings,
    )
    here, there = (
        sorted(pq.read_table(tmp_path / name).to_pylist(), key=lambda line: str(line["id"]))
        for name in ("here.parquet", "there")
    )
    for line in here:
        del line["row"]
    assert there == here
    assert summary.findings == expected.findings
    assert summary.unchecked == expected.unchecked
    assert sum(expected.findings.values()) > ROWS


def test_scores_are_not_written_over_the_facts_they_are_of(session: SparkSession, tmp_path: Path) -> None:
    facts = tmp_path / "事实 2023"
    facts.mkdir()
    pq.write_table(table(), facts / "a.parquet")
    for read, output in (
        (str(facts), f"{facts}/"),
        (f"file://{facts}", str(facts)),
        (f"{facts}/a.parquet", f"file://{facts}"),
        (str(facts), str(tmp_path)),
    ):
        with pytest.raises(PerfevalError, match="the facts lie in"):
            cluster.run_files(by(), read, output, about=ABOUT, master="local[2]", overwrite=True)
    assert pq.read_table(facts).num_rows == ROWS
    cluster.run_files(by(), str(facts), f"{facts} scores", about=ABOUT, master="local[2]", overwrite=True)


def test_folders_within_folders_are_read_as_the_embedded_engine_reads_them(
    session: SparkSession, tmp_path: Path
) -> None:
    """Spark scored 2,000 of 3,000 rows without a word."""
    facts, third = tmp_path / "facts", ROWS // 3
    for place, folder in enumerate((facts, facts / "sub", facts / "sub" / "year=2023")):
        folder.mkdir()
        pq.write_table(table().slice(place * third, third), folder / f"{place}.parquet")
    here = run(by(), table_in(str(facts)), f"{tmp_path}/here.parquet", about=ABOUT)
    there = cluster.run_files(by(), str(facts), f"{tmp_path}/there", about=ABOUT, master="local[2]")
    assert there.rows == here.rows == 3 * third
    assert there.statuses == here.statuses


def test_what_is_plain_to_see_is_told_before_java_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "SparkSession", None)
    with pytest.raises(PerfevalError) as told:
        cluster.run_files(by(), f"{tmp_path}/none.parquet", str(tmp_path), about=ABOUT, master="local[2]")
    first, second = (each.message for each in told.value.problems)
    assert first.en == f'cannot read "{tmp_path}/none.parquet" (No such file or directory)'
    assert first.zh == f"无法读取“{tmp_path}/none.parquet”（没有这个文件或文件夹）"
    assert second.en == f'"{tmp_path}" is there already — choose another name, or --force'


def test_without_java_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(SparkSession, "getActiveSession", lambda: None)
    pq.write_table(table(), tmp_path / "facts.parquet")
    with pytest.raises(PerfevalError, match="Spark needs Java 17"):
        cluster.run_files(by(), f"{tmp_path}/facts.parquet", f"{tmp_path}/x", about=ABOUT, master="local[2]")


def test_what_spark_refuses_is_told_in_its_words(session: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 but no more")
    with pytest.raises(PerfevalError, match=r"Spark failed \(.*is not a Parquet file"):
        cluster.run_files(by(), f"{tmp_path}/broken.parquet", f"{tmp_path}/scores", about=ABOUT, master="local[2]")


def test_columns_that_cannot_be_read_are_told_before_anything_runs(frame: DataFrame) -> None:
    with pytest.raises(PerfevalError, match='there is no column "no"'):
        cluster.score(OF, frame, identity="no")
    with pytest.raises(PerfevalError, match='cannot be called "status"'):
        cluster.score(OF, frame.withColumnRenamed("id", "status"), identity="status")


def test_the_page_on_clusters_says_how_to_run_it(
    session: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (framework,) = (block.body for block in blocks("docs/batch.md") if block.name == "projects.toml")
    Path("projects.toml").write_text(framework, "utf-8")
    facts = {
        "编号": ["A", "B"],
        "budget.executed[万元]": ["1", "0.95"],
        "budget.approved[万元]": ["1", "1"],
        "done": [71, 71],
    }
    Path("facts").mkdir()
    pq.write_table(pa.table(facts), "facts/2023")
    scores = []
    for block in blocks("docs/scale.md"):
        if block.language in ("sh", "python"):
            said = block.body.replace("hdfs://ledger/scores/2023", f"file://{tmp_path}/{block.language}")
            said = said.replace("hdfs://ledger/", f"file://{tmp_path}/")
            if block.language == "sh":
                result = CliRunner().invoke(main, shlex.split(said)[1:])
                assert result.exit_code == 0, result.output
            else:
                exec(said, {"spark": session})
            scores.append(sorted(pq.read_table(tmp_path / block.language)["score"].to_pylist()))
    assert scores == [[Decimal("19.50"), Decimal("20.00")]] * 2
