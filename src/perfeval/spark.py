"""Scores on a cluster: the same scorer, on every partition of an Apache Spark frame.

    scores = perfeval.spark.score(framework, spark.read.parquet("hdfs://…/facts"), identity="id")

Spark divides the work and repeats what fails; nothing here does. Needs the extra ``perfeval[spark]``, and Java 17 on the machine. The
workers need perfeval in the driver's own Python: set ``PYSPARK_PYTHON``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql import functions as sql
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

from perfeval.assessment import Assessment
from perfeval.batch import Detail, Narrow, Scorer, compile
from perfeval.batch.findings import Findings
from perfeval.batch.rows import STATUSES
from perfeval.batch.run import Failure, Summary, refuse_twins
from perfeval.errors import Language, PerfevalError, problem, reason_of
from perfeval.framework import Framework
from perfeval.writing import taken

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["run_files", "score", "scored"]

_TOLD = 10


def score(
    framework: Framework | Assessment,
    frame: DataFrame,
    *,
    names: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    identity: str | None = None,
    detail: Detail = "total",
    language: Language | None = None,
) -> DataFrame:
    """The scores of every row of `frame`, as `perfeval.batch.compile` gives them; words are strings.

    The other arguments are those of `perfeval.batch.compile`. Name the `identity`: rows have no order.

    Raises:
        DefinitionError: as `perfeval.batch.compile`, or columns that cannot be read.
    """
    return scored(
        compile(framework, names=names, units=units, identity=identity, detail=detail, language=language), frame
    )


def scored(scorer: Scorer, frame: DataFrame, findings: Findings | None = None) -> DataFrame:
    """The scores of every row of `frame`; only the columns that are needed are read.

    Args:
        findings: of the same scorer, where the columns of checks and objections are asked for.

    Raises:
        DefinitionError: columns that cannot be read.
    """
    columns = to_arrow_schema(frame.schema)
    reading = scorer if findings is None else findings.scorer
    reading.refuse_misspelt(columns)
    narrow = reading.narrow(columns)
    more = [] if findings is None else list(findings.schema)
    schema = _plain(pa.schema([*reading.schema(narrow.schema), *more]))
    refuse_twins(schema)
    # By number: mapInArrow takes the dot in a name for a field of a struct.
    needed = frame.select([sql.col(_quoted(name)).alias(f"c{place}") for place, name in enumerate(narrow.names)])
    return needed.mapInArrow(partial(_scored, reading, findings, narrow, schema), from_arrow_schema(schema))


def _scored(
    scorer: Scorer,
    findings: Findings | None,
    narrow: Narrow,
    schema: pa.Schema,
    batches: Iterator[pa.RecordBatch],
) -> Iterator[pa.RecordBatch]:
    for narrowed in batches:
        batch = narrow.widened(narrowed)
        facts = scorer.table(batch)
        scores, _ = scorer.scored(batch, facts)
        found = [] if findings is None else findings.columns(batch, facts)[0]
        yield pa.RecordBatch.from_arrays([*scores.columns, *found], names=schema.names).cast(schema)


def _plain(schema: pa.Schema) -> pa.Schema:
    """Spark has no dictionaries: words are strings."""
    return pa.schema(
        [pa.field(each.name, each.type.value_type) if pa.types.is_dictionary(each.type) else each for each in schema]
    )


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"


def run_files(
    scorer: Scorer,
    facts: str,
    output: str,
    *,
    about: Mapping[str, str],
    master: str,
    findings: Findings | None = None,
    overwrite: bool = False,
) -> Summary:
    """Score Parquet on any file system that Hadoop knows, every file below a folder, into a folder of Parquet.

    Which rules gave the scores is said in the metadata of the column ``score``.

    Args:
        about: what is said of the scores beside them: see `perfeval.batch.run.provenance`.
        findings: as for `scored`.
        master: Spark's, such as ``local[2]`` or ``spark://…``; a session that runs already is used as it is.

    Raises:
        PerfevalError: there are no facts, the output is there already, Java is missing; or what Spark refuses, in its words.
    """
    _refuse_local(facts, output, overwrite)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    running = SparkSession.getActiveSession()
    if running is None:
        _need_java()
    try:
        spark = running or (
            SparkSession.builder.master(master)
            .appName(f"perfeval {scorer.framework.id}")
            .config("spark.ui.showConsoleProgress", str(sys.stderr.isatty()).lower())
            .config("spark.sql.parquet.compression.codec", "zstd")
            .getOrCreate()
        )
        try:
            spark.sparkContext.setLogLevel("ERROR")
            # By itself Spark passes over folders within folders, unless they are called key=value.
            frame = spark.read.option("recursiveFileLookup", "true").parquet(facts)
            _refuse_over(spark, frame, output)
            summary = Summary(grades={grade.name: 0 for grade in scorer.framework.grades})
            summary.notes = scorer.notes(to_arrow_schema(frame.schema))
            if findings is not None:
                summary.findings = dict.fromkeys(findings.codes, 0)
                summary.unchecked = dict.fromkeys(findings.checks, 0)
                summary.notes = (*summary.notes, *findings.notes)
            scores = scored(scorer, frame, findings).withMetadata("score", dict(about))
            scores.write.mode("overwrite" if overwrite else "errorifexists").parquet(output)
            return _counted(summary, spark.read.parquet(output))
        finally:
            if running is None:
                spark.stop()
    except PerfevalError:
        raise
    except Exception as error:  # Spark's own errors, Java's, and those of starting Java have no base in common
        said = _reason(error)
        raise PerfevalError(problem(f"Spark 未能完成（{said}）", f"Spark failed ({said})")) from None


def _refuse_local(facts: str, output: str, overwrite: bool) -> None:
    """What is plain to see on this machine, before Java starts; a path with a scheme (hdfs://) may be anywhere.

    Raises:
        PerfevalError: all of it.
    """
    problems = []
    if not urlsplit(facts).scheme and not set("*?[{") & set(facts):
        try:
            Path(facts).stat()
        except OSError as error:
            why = reason_of(error)
            problems.append(problem(f"无法读取“{facts}”（{why.zh}）", f'cannot read "{facts}" ({why.en})'))
    if not overwrite and not urlsplit(output).scheme and Path(output).exists():
        problems.append(taken(output))
    if problems:
        raise PerfevalError(problems)


def _need_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if which("java", path=str(Path(home) / "bin")) if home else which("java"):
        return
    raise PerfevalError(
        problem(
            "Spark 需要 Java 17，本机没有 — 请安装（Debian：apt-get install default-jre-headless），或设置 JAVA_HOME",
            "Spark needs Java 17, which is not on this machine — install it (Debian: apt-get install default-jre-headless), or"
            " set JAVA_HOME",
        )
    )


def _refuse_over(spark: SparkSession, frame: DataFrame, output: str) -> None:
    """Refuse to write over the folder that is read: Spark empties it before it reads.

    Raises:
        PerfevalError: a file of facts lies in `output`.
    """
    path = spark._jvm.org.apache.hadoop.fs.Path(output)  # type: ignore[union-attr]  # there is one where Java runs
    uri = path.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration()).makeQualified(path).toUri()
    target = (uri.getScheme(), uri.getAuthority() or "", uri.getPath().rstrip("/"))
    for file in frame.inputFiles():
        read = urlsplit(file)
        below = unquote(read.path)
        if (read.scheme, read.netloc) == target[:2] and (below == target[2] or below.startswith(f"{target[2]}/")):
            raise PerfevalError(
                problem(
                    f"事实就在“{output}”中，得分不能写在其上 — 请换一个文件夹",
                    f'the facts lie in "{output}", and scores are not written over them — choose another folder',
                )
            )


def _reason(error: Exception) -> str:
    """What went wrong first, in one line."""
    java = getattr(error, "java_exception", None)
    while java is not None and java.getCause() is not None:
        java = java.getCause()
    said = str((java and java.getMessage()) or error).strip().splitlines()
    return said[0].strip("'") if said else repr(error)


def _counted(summary: Summary, scores: DataFrame) -> Summary:
    """What became of the rows, counted on what was written."""
    rests = sql.col("assumed_points").cast("double") > 0
    for status, grade, rows, assumed in (
        scores.groupBy("status", "grade").agg(sql.count(sql.lit(1)), sql.sum(sql.when(rests, 1).otherwise(0))).collect()
    ):
        summary.rows += rows
        summary.assumed += assumed
        summary.statuses[STATUSES[STATUSES.index(status)]] += rows
        if grade is not None:
            summary.grades[grade] += rows
    for column, times in (
        ("checks", summary.findings),
        ("unchecked", summary.unchecked),
        ("objections", summary.findings),
    ):
        if column in scores.columns and times:
            codes = scores.select(sql.explode(sql.split(column, " ")).alias("code"))
            for code, rows in codes.groupBy("code").count().collect():
                times[code] += rows
    identified = scores.columns[0] != "score"
    failed = scores.where(sql.col("status") == "error").orderBy(_quoted(scores.columns[0])).limit(_TOLD)
    for row in failed.collect():
        summary.failures.append(
            Failure(None, str(row[0]) if identified else "", row["details"] or row["message"] or "")
        )
    return summary
