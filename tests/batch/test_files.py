"""From a table in a file to a file of scores: every kind of file, whole or not at all, the same bytes on every run."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

from every_rule import framework, indicator
from perfeval import Assessment, Check, Fact, PerfevalError
from perfeval.batch import Scorer, compile
from perfeval.batch.findings import Findings
from perfeval.batch.run import Summary, card_of_row, run
from perfeval.batch.tables import regrouped, table_in
from perfeval.rules import Completion, YesNo

OF = framework(
    indicator("paid", 60, rule=Completion(target="≥100%"), actual="budget.executed / budget.approved"),
    indicator("trees", 30, rule=Completion(target="≥1000棵")),
    indicator("proper", 10, rule=YesNo()),
    checks=[Check("within", "budget.executed <= budget.approved")],
)
COLUMNS = ("id", "budget.approved[万元]", "budget.executed[万元]", "trees", "proper", "note")
ROWS = (
    ("A", "210.71", "210.71", "1000棵", "是", "甲\n乙"),
    ("B", "100", "95.123456789012345678", "999棵", "否", ""),
    ("C", "100", "9x", "", "是", ""),
    ("D", "0", "1", "1,200棵", "是", "n"),
    ("E", "", "1", "1200棵", "否", "n"),
)
ABOUT = {"perfeval.framework": "test", "perfeval.framework.sha256": "0", "perfeval.version": "1"}


def scorer(**options: object) -> Scorer:
    return compile(OF, identity="id", language="en", **options)  # type: ignore[arg-type]


def csv_text(rows: Sequence[Sequence[str]] = ROWS, columns: Sequence[str] = COLUMNS) -> str:
    return "".join(",".join(f'"{cell}"' if cell else "" for cell in row) + "\r\n" for row in (columns, *rows))


def table() -> pa.Table:
    return pa.table({name: [row[place] or None for row in ROWS] for place, name in enumerate(COLUMNS)})


def workbook(path: Path, *rows: Sequence[object]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(path)
    return path


def scored(path: Path, output: Path | None = None, **options: object) -> tuple[list[dict[str, object]], Summary]:
    """The scores of a file, and the summary."""
    into = output or path.parent / "scores.parquet"
    own = {name: options.pop(name) for name in ("detail",) if name in options}
    by = scorer(**own)
    summary = run(by, table_in(str(path)), str(into), about=ABOUT, overwrite=True, **options)  # type: ignore[arg-type]
    return pq.read_table(into).to_pylist() if into.suffix == ".parquet" else [], summary


# What is read.


def written(kind: str, folder: Path) -> Path:
    path = folder / f"facts.{kind.split()[-1]}"
    match kind:
        case "parquet":
            pq.write_table(table(), path)
        case "folder of parquet":
            path.mkdir()
            (path / "year=2023").mkdir()
            pq.write_table(table().slice(0, 2), path / "a.parquet")
            pq.write_table(table().slice(2, 1), path / "b.parquet")
            pq.write_table(table().slice(3), path / "year=2023" / "c.parquet")
            (path / "_SUCCESS").touch()
            (path / "_temporary.parquet").write_bytes(b"not one")
        case "feather":
            pyarrow.feather.write_feather(table(), path)
        case "stream of arrow":
            with pa.ipc.new_stream(path, table().schema) as stream:
                stream.write_table(table(), max_chunksize=2)
        case "xlsx":
            workbook(path, COLUMNS, *[[cell or None for cell in row] for row in ROWS])
        case "tsv":
            path.write_text(
                csv_text().replace('",', '"\t').replace("\r\n", "\n").replace(",\n", "\t\n").replace(",,", "\t\t"),
                "utf-8",
            )
        case "with a mark csv":
            path.write_text(csv_text(), "utf-8-sig")
        case "in GB18030 csv":
            path.write_text(csv_text(), "gb18030")
        case "in UTF-16 csv":
            path.write_text(csv_text(), "utf-16")
        case _:
            path.write_text(csv_text(), "utf-8")
    return path


KINDS = (
    "parquet",
    "folder of parquet",
    "feather",
    "stream of arrow",
    "xlsx",
    "csv",
    "with a mark csv",
    "in GB18030 csv",
    "in UTF-16 csv",
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_has_the_same_scores_in_every_kind_of_file(kind: str, tmp_path: Path) -> None:
    lines, summary = scored(written(kind, tmp_path))
    assert [(line["row"], line["id"], line["score"], line["status"]) for line in lines] == [
        (1, "A", Decimal("100.00"), "scored"),
        (2, "B", Decimal("87.04"), "scored"),
        (3, "C", None, "error"),
        (4, "D", None, "error"),
        (5, "E", None, "unknown"),
    ]
    assert (summary.rows, summary.statuses) == (5, {"scored": 2, "not-applicable": 0, "unknown": 1, "error": 2})
    assert summary.grades == {"优": 1, "良": 1, "中": 0, "差": 0}
    first, second = summary.failures
    assert (first.row, first.identity) == (3, "C")
    assert first.message.startswith('budget.executed: "9x" is')
    assert first.message.endswith('(column "budget.executed[万元]")')
    assert (second.row, second.identity) == (4, "D")
    assert "division by zero: the fact budget.approved is zero" in second.message


def test_a_text_is_never_a_float_on_its_way(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    # In floats both are 0.29: 60 × 0.29000000000000000001 would be cut at the same place.
    rows = [("A", "1", "0.29000000000000000001", "1000棵", "是", ""), ("B", "1", "0.29", "1000棵", "是", "")]
    path.write_text(csv_text(rows), "utf-8")
    card = card_of_row(scorer(), table_in(str(path)), 1)
    assert str(card.facts.value("budget.executed")) == "0.29000000000000000001万元"


def test_rows_of_a_csv_file_with_too_few_or_too_many_cells_are_in_error_where_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    good, columns = ("100", "95", "1000棵", "是"), ("id", *COLUMNS[1:5])
    rows = [
        ("short",),
        ("A", *good),
        ("long", *good, "1", "2"),
        ("long", *good, "1"),
        *[("B", *good)] * 3,
        ("short", "1"),
        ("short", "1"),
    ]
    path.write_text(csv_text(rows, columns), "utf-8")
    for chunk in (1, 2, 3, 100):
        lines, summary = scored(path, chunk=chunk)
        assert [line["status"] == "scored" for line in lines] == [len(row) == 5 for row in rows]
        assert [line["row"] for line in lines] == list(range(1, 10))
        assert lines[0]["message"] == "this row has 1 cells, the header 5"
        assert lines[2]["message"] == "this row has 7 cells, the header 5"
        assert summary.statuses["error"] == 5


def test_a_long_csv_file_is_read_in_order_whatever_its_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("perfeval.batch.tables._BLOCK", 400)
    path = tmp_path / "facts.csv"
    rows = [(str(row), "100", str(row), "1000棵", "是", "x\ny" if row % 7 else "") for row in range(300)]
    ragged = [row[:2] if place % 41 == 3 else row for place, row in enumerate(rows)]
    path.write_text(csv_text(ragged), "utf-8")
    lines, _ = scored(path, chunk=50)
    assert [line["id"] for line in lines] == [None if place % 41 == 3 else str(place) for place in range(300)]
    assert [line["status"] == "error" for line in lines] == [place % 41 == 3 for place in range(300)]


def test_a_workbook_gives_numbers_as_their_cells_show_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "表一"
    book.create_sheet("表二")
    sheet.append(["id", "money[万元]", "rate", "day", "yes", "word.level", "whole", "computed"])
    sheet.append(["A", 210.71, 0.955, date(2023, 12, 31), True, "好", 71, "=B2"])
    sheet.append([])
    sheet.append(["B", 0.1, 1, datetime(2023, 1, 1), False, None, 12, None])
    sheet["C2"].number_format = "0.00%"
    book.save(tmp_path / "facts.xlsx")
    source = table_in(str(tmp_path / "facts.xlsx"))
    (piece,) = source.read(range(8))
    assert piece.batch.to_pylist() == [
        dict(zip(source.schema.names, row, strict=True))
        for row in (
            ("A", "210.71", "95.50%", "2023-12-31", "true", "好", "71", None),
            ("B", "0.1", "1", "2023-01-01", "false", None, "12", None),
        )
    ]
    assert {row: message.en for row, message in piece.wrong.items()} == {
        0: "the formula in H2 has no computed value — open and save the file in Excel or WPS"
    }
    assert [note.zh for note in source.notes] == ["只读第一张工作表“表一”，共 2 张"]


def test_a_text_says_whether_a_fact_is_assumed(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    columns = (*COLUMNS[:5], "trees.assumed")
    rows = [
        ("A", "100", "100", "1000棵", "是", "是"),
        ("B", "100", "100", "1000棵", "是", ""),
        ("C", "1", "1", "1棵", "是", "也许"),
    ]
    path.write_text(csv_text(rows, columns), "utf-8")
    lines, summary = scored(path)
    assert [line["assumed_points"] for line in lines] == [Decimal(30), Decimal(0), None]
    assert summary.assumed == 1
    assert lines[2]["message"] == 'trees.assumed: "也许" is no yes or no — write 是 or 否, yes or no'


BAD = {
    "missing.csv": (None, "cannot be read (No such file or directory)"),
    "empty.csv": (b"", "is empty"),
    "facts.txt": (b"a,b", "ends in .txt"),
    "empty.parquet": (b"", "is empty (0 bytes)"),
    "empty.xlsx": (b"", "is empty (0 bytes)"),
    "facts.parquet": (b"PAR1 but no more", "is damaged, cut short or no .parquet file"),
    "facts.feather": (b"ARROW1 but no more than this", "is damaged, cut short or no .feather file"),
    "facts.xlsx": (b"PK but no more", "is damaged or cut short"),
    "locked.xlsx": (b"\xd0\xcf\x11\xe0 and more", "has a password"),
    "long.csv": (b'a,b\n1,"' + b"x" * 2**24 + b'"\n', "has a cell of more than 4 MB"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_table_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, said = BAD[name]
    monkeypatch.chdir(tmp_path)
    if data is not None:
        Path(name).write_bytes(data)
    with pytest.raises(PerfevalError) as refused:
        list(table_in(name).read([0]))
    assert said in refused.value.to("en")
    told = refused.value.to("zh").replace(name, "").replace("（0 字节）", "")
    assert not re.search("[A-Za-z]{3}", re.sub(r"\.[a-z]+|Excel|WPS", "", told)), told  # none of a library's own words


def test_a_workbook_whose_rows_are_torn_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in range(5000):
        book.worksheets[0].append([f"a{row}", row])
    book.save(tmp_path / "facts.xlsx")
    with zipfile.ZipFile(tmp_path / "facts.xlsx") as whole, zipfile.ZipFile(tmp_path / "torn.xlsx", "w") as torn:
        for name in whole.namelist():
            part = whole.read(name)
            torn.writestr(name, part[: len(part) // 2] if "sheet1" in name else part)
    with pytest.raises(PerfevalError, match="is damaged or cut short"):
        list(table_in(str(tmp_path / "torn.xlsx")).read([0, 1]))


def test_files_of_a_folder_have_the_same_columns(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"a": ["1"]}), tmp_path / "b.parquet")
    with pytest.raises(PerfevalError, match=r"other columns than .*a int64、a string"):
        table_in(str(tmp_path))
    with pytest.raises(PerfevalError, match=r"holds no \.parquet files"):
        (tmp_path / "none").mkdir()
        table_in(str(tmp_path / "none"))


def test_decimals_are_read_alike_however_parquet_stores_them(tmp_path: Path) -> None:
    values = [Decimal("1000.00"), Decimal("-0.01"), None, Decimal("9999999999999999.99"), Decimal("333.35")]
    lines = []
    for integers in (False, True):
        path = tmp_path / f"facts-{integers}.parquet"
        whole = table().set_column(3, "trees", pa.array(values, pa.decimal128(18, 2)))
        pq.write_table(whole, path, store_decimal_as_integer=integers)
        lines.append(scored(path, tmp_path / f"scores-{integers}.parquet", detail="indicators")[0])
    assert lines[0] == lines[1]
    assert [line["trees.score"] for line in lines[0]] == [30, 0, None, 30, Decimal("10.00")]


def test_files_of_a_folder_may_have_their_columns_in_another_order(tmp_path: Path) -> None:
    first = pa.table({"trees": ["1000棵"], "proper": [True], "budget.approved": ["1元"], "budget.executed": ["1元"]})
    second = first.select(["budget.executed", "budget.approved", "trees", "proper"])
    needed = pa.schema([pa.field(each.name, each.type, nullable=False) for each in second.schema])
    pq.write_table(first, tmp_path / "a.parquet")
    (tmp_path / "b.parquet").mkdir()  # as Spark writes
    pq.write_table(second, tmp_path / "b.parquet" / "part-0.parquet")
    pq.write_table(second.cast(needed), tmp_path / "b.parquet" / "part-1.parquet")
    summary = run(compile(OF), table_in(str(tmp_path)), str(tmp_path / "scores.csv"), about=ABOUT)
    assert summary.statuses["scored"] == 3


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_quotation_mark_that_never_ends_hides_no_rows(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    head = "trees,note\n1000棵,fine\n\n"
    path.write_text(head + '1棵,"5 inches\n2棵,also fine\n', encoding)
    with pytest.raises(PerfevalError, match="a quotation mark in line 4 that never ends"):
        table_in(str(path))
    for note in ('5" wide', '"5"" wide"', '"of two\nlines"'):  # marks within a cell, and marks that end
        path.write_text(f"{head}1棵,{note}\n2棵,also fine\n", encoding)
        pieces = list(table_in(str(path)).read([0]))
        assert [each for piece in pieces for each in piece.batch["trees"].to_pylist()] == ["1000棵", "1棵", "2棵"]


# What is written.


@pytest.mark.parametrize("suffix", ["parquet", "feather", "arrow", "csv"])
def test_the_same_bytes_are_written_on_every_run_and_whatever_is_computed_at_once(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perfeval.batch.files._GROUP", 7)
    path = tmp_path / "facts.parquet"
    pq.write_table(pa.concat_tables([table()] * 9), path, row_group_size=4)
    found = set()
    for chunk in (1, 3, 5, 7, 8, 21, 45, 100, 100):
        by = scorer(detail="indicators")
        output = tmp_path / f"scores.{suffix}"
        run(by, table_in(str(path)), str(output), about=ABOUT, findings=Findings(by), overwrite=True, chunk=chunk)
        found.add(output.read_bytes())
    assert len(found) == 1


def test_an_identity_that_is_a_dictionary_is_written_as_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    pieces = [table().slice(0, 2), table().slice(2)]
    coded = [each.set_column(0, "id", each["id"].combine_chunks().dictionary_encode()) for each in pieces]
    pq.write_table(pa.concat_tables(coded), path, row_group_size=2)
    for suffix in ("feather", "parquet"):
        output = tmp_path / f"scores.{suffix}"
        scored(path, output, chunk=2)
        read = pq.read_table(output) if suffix == "parquet" else pyarrow.feather.read_table(output)
        assert read["id"].type == pa.string()
        assert read["id"].to_pylist() == ["A", "B", "C", "D", "E"]


@pytest.mark.parametrize(
    "kind", [pa.large_string(), pa.string_view(), pa.dictionary(pa.uint32(), pa.string_view())], ids=str
)
def test_every_kind_of_text_names_rows_in_every_kind_of_file(kind: pa.DataType, tmp_path: Path) -> None:
    words = list("ABCDE")
    if pa.types.is_dictionary(kind):
        named = pa.DictionaryArray.from_arrays(pa.array(range(5), kind.index_type), pa.array(words, kind.value_type))
    else:
        named = pa.array(words, kind)
    whole = table().set_column(0, "id", named)
    with pa.ipc.new_file(tmp_path / "facts.arrow", whole.schema) as file:
        file.write_table(whole, max_chunksize=2)
    for suffix in ("csv", "feather", "parquet"):
        output = tmp_path / f"scores.{suffix}"
        scored(tmp_path / "facts.arrow", output)
        assert table_in(str(output)).schema.field("id").type == pa.string()


def test_a_column_that_cannot_name_rows_is_refused(tmp_path: Path) -> None:
    whole = table().set_column(0, "id", pa.array([[1]] * 5))
    pq.write_table(whole, tmp_path / "facts.parquet")
    with pytest.raises(PerfevalError, match=r'the column "id" of type list<.*> cannot name rows'):
        scored(tmp_path / "facts.parquet")


def test_the_file_says_which_rules_gave_the_scores(tmp_path: Path) -> None:
    for suffix in ("parquet", "feather"):
        output = tmp_path / f"scores.{suffix}"
        scored(written("csv", tmp_path), output)
        read = pq.read_table(output) if suffix == "parquet" else pyarrow.feather.read_table(output)
        metadata = {key.decode(): value.decode() for key, value in read.schema.metadata.items()}
        assert ABOUT.items() <= metadata.items()


def test_a_csv_file_of_scores_opens_in_excel_with_chinese_in_it(tmp_path: Path) -> None:
    output = tmp_path / "scores.csv"
    scored(written("parquet", tmp_path), output)
    lines = output.read_bytes().decode("utf-8").splitlines()
    assert lines[0].startswith("\N{ZERO WIDTH NO-BREAK SPACE}")
    assert lines[1] == '1,"A",100.00,"优","scored",,,0'


def left(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_nothing_is_left_where_a_file_breaks_off(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    pq.write_table(pa.concat_tables([table()] * 20_000), path, row_group_size=20_000, use_dictionary=False)
    damaged = bytearray(path.read_bytes())
    middle = len(damaged) * 3 // 4
    damaged[middle : middle + 2000] = bytes(2000)
    path.write_bytes(damaged)
    with pytest.raises(PerfevalError, match="cannot be read"):
        scored(path, tmp_path / "scores.parquet")
    assert left(tmp_path) == ["facts.parquet"]


def test_nothing_is_left_where_it_is_interrupted(tmp_path: Path) -> None:
    path = written("csv", tmp_path)

    def interrupted(rows: int) -> None:
        raise KeyboardInterrupt

    for suffix in ("parquet", "feather", "csv"):
        with pytest.raises(KeyboardInterrupt):
            scored(path, tmp_path / f"scores.{suffix}", progress=interrupted)
    assert left(tmp_path) == ["facts.csv"]


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    path = written("csv", tmp_path)
    output = tmp_path / "scores.csv"
    output.write_text("mine")
    with pytest.raises(PerfevalError, match="is there already"):
        run(scorer(), table_in(str(path)), str(output), about=ABOUT)
    assert output.read_text() == "mine"


def test_scores_are_not_written_over_the_facts_they_are_of(tmp_path: Path) -> None:
    path = written("csv", tmp_path)
    before = path.read_bytes()
    (tmp_path / "linked.csv").hardlink_to(path)
    for output in (path, tmp_path / "linked.csv"):
        with pytest.raises(PerfevalError, match="is the file of facts itself"):
            run(scorer(), table_in(str(path)), str(output), about=ABOUT, overwrite=True)
    assert path.read_bytes() == before


def test_what_is_of_no_kind_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(PerfevalError, match=r"end it in \.parquet, \.feather, \.arrow or \.csv"):
        run(scorer(), table_in(str(written("csv", tmp_path))), str(tmp_path / "scores.xls"), about=ABOUT)


def test_the_identity_is_called_otherwise_than_the_scores(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text("status,trees\nA,1000棵\n", "utf-8")
    with pytest.raises(PerfevalError, match='cannot be called "status"'):
        run(compile(OF, identity="status"), table_in(str(path)), str(tmp_path / "scores.csv"), about=ABOUT)


def test_columns_that_are_not_needed_are_not_read_but_still_help_to_spell(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    facts = pa.table(
        {"budget.aproved": ["1元"], "budget.executed": ["1元"], "trees": ["1棵"], "proper": [True], "list": [[1]]}
    )
    pq.write_table(facts, path)
    by = compile(OF, language="en")
    summary = run(by, table_in(str(path)), str(tmp_path / "scores.parquet"), about=ABOUT)
    assert [note.en for note in summary.notes] == [
        'no column states the fact budget.approved (did you mean "budget.aproved"?)'
    ]
    assert by(facts)["details"].to_pylist() == pq.read_table(tmp_path / "scores.parquet")["details"].to_pylist()


# One row.


def test_the_card_of_a_row_says_where_each_fact_stands(tmp_path: Path) -> None:
    path = written("csv", tmp_path)
    card = card_of_row(scorer(), table_in(str(path)), 2)
    assert card.score == Decimal("87.04")
    assert card.facts["budget.executed"].source == f"{path} [2] budget.executed[万元]"
    assert f"(stated: {path} [2] budget.executed[万元])" in card.explain("paid", "en")


def test_the_card_of_a_row_says_which_cell_calls_a_fact_assumed(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text(csv_text([("A", "100", "95", "1000棵", "是", "是")], (*COLUMNS[:5], "trees.assumed")), "utf-8")
    card = card_of_row(scorer(), table_in(str(path)), 1)
    assert f"(assumed: {path} [1] trees.assumed)" in card.explain("trees", "en")


def test_a_row_that_is_not_there_or_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = written("csv", tmp_path)
    with pytest.raises(PerfevalError, match=r"there is no row 6 — .* has 5"):
        card_of_row(scorer(), table_in(str(path)), 6)
    with pytest.raises(PerfevalError, match=r'budget\.executed: "9x"'):
        card_of_row(scorer(), table_in(str(path)), 3)
    path.write_text("id,trees\nA\n", "utf-8")
    with pytest.raises(PerfevalError, match="this row has 1 cells, the header 2"):
        card_of_row(scorer(), table_in(str(path)), 1)


def test_facts_of_the_assessment_stand_where_the_table_has_no_column(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text("trees\n1000棵\n500棵\n", "utf-8")
    base = Assessment(
        OF, {"budget.approved": "1元", "budget.executed": "1元", "proper": Fact("proper", True, assumed="x")}
    )
    run(compile(base), table_in(str(path)), str(tmp_path / "scores.parquet"), about=ABOUT)
    scores = pq.read_table(tmp_path / "scores.parquet")
    assert scores["score"].to_pylist() == [Decimal("100.00"), Decimal("85.00")]
    assert scores["assumed_points"].to_pylist() == [10, 10]
    assert card_of_row(compile(base), table_in(str(path)), 1).facts["proper"].assumed == "x"


# Row by row, in processes of their own.


def test_a_review_of_each_row_is_the_same_in_every_process(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    pq.write_table(pa.concat_tables([table()] * 4), path)
    by = scorer()
    for chunk in (3, 20):
        output = tmp_path / f"scores-{chunk}.parquet"
        summary = run(
            by, table_in(str(path)), str(output), about=ABOUT, findings=Findings(by, review=True), chunk=chunk
        )
        assert summary.findings["row-in-error"] == 4
    assert (tmp_path / "scores-3.parquet").read_bytes() == (tmp_path / "scores-20.parquet").read_bytes()


def test_batches_are_regrouped_without_losing_a_row() -> None:
    whole = pa.table({"a": list(range(23))})
    for size in (1, 4, 5, 23, 30):
        batches = list(regrouped(whole.to_batches(max_chunksize=5), size))
        assert pa.Table.from_batches(batches) == whole
        assert [batch.num_rows for batch in batches] == [size] * (23 // size) + ([23 % size] if 23 % size else [])
