"""The rules of `benchmarks/batch.py` by hand, in floats, for DuckDB, Polars and pandas: one SQL text for the first two, NumPy on columns for pandas."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

from batch import LEVELS, ROWS, by_hand, made

__all__ = ["CONTENDERS", "FROM_FILES"]

DOUBLES = [field.name for field in made(1).schema if pa.types.is_decimal(field.type) or pa.types.is_integer(field.type)]


def sql(source: str) -> str:
    """Totals and grades of the facts in `source`."""
    facts = ", ".join(f'cast("{name}" as double) as "{name}"' for name in DOUBLES if name != "id")
    words = ", ".join(f'"r{index}.level" as level{index}' for index in range(3))
    scores = ", ".join(
        f"round(least({row.points}.0, greatest(0.0, {each})), 2) as i{index}"
        for index, (row, each) in enumerate(zip(ROWS, formulas(), strict=True))
    )
    at = next(index for index, row in enumerate(ROWS) if row.applies)
    applies, left = ROWS[at].applies, 100 - ROWS[at].points
    earned = " + ".join(
        f"case when {applies} then i{index} else 0.0 end" if index == at else f"i{index}" for index in range(len(ROWS))
    )
    return f"""
    with facts as (select id, rules, audited, {words}, {facts} from {source}),
    scores as (select id, audited, {scores} from facts),
    totals as (select id, round(({earned}) * 100 / case when {applies} then 100.0 else {left}.0 end, 2) as score from scores)
    select id, score, case when score >= 90 then '优' when score >= 80 then '良' when score >= 60 then '中' else '差' end as grade
    from totals
    """


def formulas() -> Iterator[str]:
    """The award of each of `ROWS`, in their order."""
    yield "10.0 * least(1.0, executed / budget)"
    yield "3.0 * least(1.0, done / planned / 0.95)"
    yield from (f"3.0 * least(1.0, n{index} / 100)" for index in range(6))
    yield from (f"case when c{index} <= 100 then 3.0 else 3.0 * (100 / c{index}) end" for index in range(2))
    yield from (
        f"case when s{index} >= 90 then 3.0 when s{index} >= 80 then 2.4 when s{index} >= 60 then 1.5 else 0.0 end"
        for index in range(4)
    )
    yield from (f"3.0 * least(1.0, greatest(0.0, (l{index} - 60) / 40))" for index in range(2))
    yield from (f"3.0 - least(3.0, 0.3 * ceil(greatest(0.0, d{index} - 100) / 5))" for index in range(3))
    yield "case when rules then 3.0 else 0.0 end"
    yield (
        "(case when rules then 1.0 else 0.0 end + case when audited then 1.0 else 0.0 end"
        " + case when executed <= budget then 1.0 else 0.0 end)"
    )
    yield " + ".join(f"case when abs(q{index} - p{index}) <= 0.3 * p{index} then 1.5 else 0.0 end" for index in (1, 2))
    yield (
        "case when mid >= 50 then 1.5 else 1.5 * greatest(0.0, mid / 50) end"
        ' + case when "end" >= 100 then 1.5 else 1.5 * greatest(0.0, "end" / 100) end'
    )
    shares = " ".join(f"when '{name}' then {share}" for name, share in zip(LEVELS, (3.0, 2.4, 1.8, 0.0), strict=True))
    yield from (f"case level{index} {shares} end" for index in range(3))
    yield "3.0 * (1 - abs(executed - budget) / budget)"
    yield "expert"
    yield "greatest(3.0 * least(1.0, trained / 200), case when rules then 3.0 else 0.0 end)"
    yield "6.0 * ((m1 + m2 + m3) / 3 / 100)"


def by_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    """Totals and grades, column by column."""
    columns = {name: frame[name].cat.codes if name.endswith(".level") else frame[name].astype(float) for name in frame}
    total, grade = by_hand(columns)
    return pd.DataFrame({"id": frame["id"], "score": total, "grade": np.array(["差", "中", "良", "优"])[grade]})


def _duckdb(table: pa.Table) -> object:
    return duckdb.connect().register("facts_of", table).sql(sql("facts_of")).fetch_arrow_table()


def _polars(table: pa.Table) -> object:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return pl.SQLContext(facts_of=frame).execute(sql("facts_of"), eager=True)


def _pandas(table: pa.Table) -> object:
    return by_pandas(_to_pandas(table))


def _to_pandas(table: pa.Table) -> pd.DataFrame:
    """A frame of floats, for decimals would become Python objects."""
    columns = {name: table[name] for name in table.column_names}
    return pa.table(
        {name: each.cast(pa.float64()) if pa.types.is_decimal(each.type) else each for name, each in columns.items()}
    ).to_pandas()


def _duckdb_files(path: str, output: str) -> None:
    duckdb.connect().sql(f"copy ({sql(f'read_parquet({path!r})')}) to {output!r} (format parquet)")


def _polars_files(path: str, output: str) -> None:
    pl.SQLContext(facts_of=pl.scan_parquet(path)).execute(sql("facts_of")).sink_parquet(output)


def _pandas_files(path: str, output: str) -> None:
    from pyarrow import parquet

    by_pandas(_to_pandas(parquet.read_table(path))).to_parquet(output)


CONTENDERS: dict[str, Callable[[pa.Table], object]] = {"Polars": _polars, "pandas": _pandas, "DuckDB": _duckdb}
FROM_FILES: dict[str, Callable[[str, str], None]] = {
    "Polars": _polars_files,
    "pandas": _pandas_files,
    "DuckDB": _duckdb_files,
}
