"""Files that are written otherwise, or change while they are read."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from writers import prepared

from docs_text import ROOT
from effort import calls_at_most
from perfeval import LoadError, PerfevalError, evaluate, load, load_framework
from perfeval.batch import compile
from perfeval.batch.findings import Findings
from perfeval.batch.run import run as scored_into
from perfeval.batch.tables import table_in
from perfeval.cli import main
from perfeval.forms.reading import imported, read_with_files, read_workbook
from perfeval.forms.workbook import live_workbook
from perfeval.loading import sources
from perfeval.loading.archives import Limits, refuse_unsafe
from perfeval.loading.inputs import reading

PROJECT = ROOT / "examples" / "panzhihua-dongqu-2023" / "land-requisition.toml"
FRAMEWORK = """format = 1
[framework]
id = "t/f"
title = "x"
points = 100
[tree.a]
title = "a"
category = "management"
points = 100
actual = "x"
rule = { kind = "yes-no" }
"""


def run(*arguments: str, **environment: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(arguments), env={"LC_ALL": "", "LANG": "", **environment})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "big5hkscs", "utf-16", "utf-16-le", "utf-32"])
def test_a_file_in_another_encoding_is_answered_with_the_one_to_save_it_in(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes('format = 1\nframework = "植樹"\n'.encode(encoding))
    assert run("score", str(tmp_path / "a.toml"), LANG="zh_CN.GBK")[0] == 2
    said = run("score", str(tmp_path / "a.toml"), LANG="zh_CN.GBK")[1]
    assert (
        "请另存为 UTF-8" in said or "TOML 语法错误" in said
    )  # of UTF-16-LE without a mark, each byte may be one of UTF-8
    assert "请另存为 UTF-8" in said or encoding in ("utf-16-le",)


@pytest.mark.parametrize("long", ["x" * 1_900_000, "很长" * 300_000, "\\u007f" * 300_000])
def test_a_very_long_line_is_read_or_refused_at_once(long: str, tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text(FRAMEWORK, "utf-8")
    path = tmp_path / "a.toml"
    path.write_text(f'format = 1\nframework = "f.toml"\n[facts]\nx = true\n[tree.a]\nreason = "{long}"\n', "utf-8")
    with calls_at_most(20_000_000):
        assert evaluate(load(path)).score == 100
    path.write_text(f'format = 1\nframework = "f.toml"\n[facts]\nx = "{long}"\n', "utf-8")
    with calls_at_most(20_000_000), pytest.raises(LoadError, match="the text is too long"):
        load(path)
    path.write_text(f'format = 1\nframework = "f.toml"\n[facts]\nx = {{ formula = "{long}" }}\n', "utf-8")
    with calls_at_most(20_000_000), pytest.raises(LoadError, match="the formula is too long"):
        load(path)


@pytest.mark.parametrize("ask", [read_workbook, read_with_files, imported])
def test_a_workbook_is_read_once_and_that_is_what_was_found_safe(
    ask: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(live_workbook(load(PROJECT), "zh", sources(PROJECT)))
    safe = refuse_unsafe

    def then_changed(name: str, whole: BinaryIO, limits: Limits) -> None:
        safe(name, whole, limits)
        path.write_bytes(b"something else")

    monkeypatch.setattr("perfeval.forms.opening.refuse_unsafe", then_changed)
    assert ask(str(path))  # type: ignore[operator]
    assert path.read_bytes() == b"something else"


# Every command, on files that are not what they should be.

ASKED = {
    "score": ("score", "{in}/a.toml"),
    "report": ("report", "{in}/a.toml", "-o", "{out}/o.html"),
    "form": ("form", "{in}/a.toml", "-o", "{out}/o.xlsx"),
    "import": ("import", "{in}/typed.csv", "-o", "{out}/o.toml"),
    "batch": ("batch", "{in}/framework.toml", "{in}/facts.csv", "--id", "单位", "-o", "{out}/o.csv"),
    "sensitivity": (
        *("sensitivity", "{in}/framework.toml", "{in}/facts.csv", "--id", "单位"),
        *("--weightings", "20", "-o", "{out}/o.csv"),
    ),
    "plot": ("plot", "{in}/framework.toml", "output.trees", "-o", "{out}/o.svg"),
}
TABLES_IN = {"import": "typed.csv", "batch": "facts.csv", "sensitivity": "facts.csv"}
ASSESSMENT = """format = 1
framework = "framework.toml"
[facts]
trees.planted = "950棵"
trees.alive = "90%"
"""


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = prepared(tmp_path / "in")
    (folder / "a.toml").write_text(ASSESSMENT, "utf-8")
    (tmp_path / "out").mkdir()
    return folder


def asked(name: str, inputs: Path) -> tuple[int, str, bytes]:
    """The exit code of a command, what it says, and what it writes."""
    given = [each.replace("{in}", str(inputs)).replace("{out}", str(inputs.parent / "out")) for each in ASKED[name]]
    result = CliRunner().invoke(main, given, env={"LC_ALL": "en_US.UTF-8"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    written = b"".join(path.read_bytes() for path in (inputs.parent / "out").iterdir())
    for path in (inputs.parent / "out").iterdir():
        path.unlink()
    return result.exit_code, result.output, written


def rewritten(path: Path, encoding: str) -> None:
    path.write_bytes(path.read_text("utf-8").encode(encoding))


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
@pytest.mark.parametrize("name", [each for each in ASKED if each != "import"])
def test_every_command_asks_for_a_framework_in_utf8_and_writes_nothing(name: str, encoding: str, inputs: Path) -> None:
    rewritten(inputs / "framework.toml", encoding)
    code, said, written = asked(name, inputs)
    assert (code, written) == (2, b"")
    assert "UTF-8" in said


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("name", TABLES_IN)
def test_a_table_is_read_in_the_encodings_that_spreadsheets_save_it_in(name: str, encoding: str, inputs: Path) -> None:
    """`sensitivity` ended in a traceback on what Excel saves in China."""
    as_it_was = asked(name, inputs)
    assert (as_it_was[0], len(as_it_was[2]) > 0) == (0, True)
    rewritten(inputs / TABLES_IN[name], encoding)
    assert asked(name, inputs) == as_it_was


@pytest.mark.parametrize("name", ASKED)
def test_a_byte_order_mark_changes_nothing(name: str, inputs: Path) -> None:
    as_it_was = asked(name, inputs)
    assert as_it_was[0] == 0
    for path in inputs.iterdir():
        rewritten(path, "utf-8-sig")
    assert asked(name, inputs) == as_it_was


@pytest.mark.parametrize("data", [b"\xff\xfe\xff", b"\x00", b"\xef\xbb\xbf", b"\x81", b"\xff\xfe", b"\xa0\xff\n,\n"])
@pytest.mark.parametrize("name", ASKED)
def test_bytes_that_are_no_text_are_refused(name: str, data: bytes, inputs: Path) -> None:
    for path in inputs.iterdir():
        path.write_bytes(data)
    code, said, written = asked(name, inputs)
    assert (code, written) == (2, b"")
    assert said


@pytest.mark.parametrize("name", TABLES_IN)
def test_a_line_of_ten_million_characters_in_a_table_is_an_answer(name: str, inputs: Path) -> None:
    path = inputs / TABLES_IN[name]
    first, _, rest = path.read_text("utf-8").partition("\n")
    path.write_text(f"{first}\n{'9' * 10_000_000}{rest}", "utf-8")
    code, said, _ = asked(name, inputs)
    assert code in (0, 1, 2)
    assert code == 0 or said


@pytest.mark.parametrize("name", ASKED)
def test_no_command_waits_for_a_pipe(name: str, inputs: Path) -> None:
    """Each would have waited for ever: to answer in the file's language, it was opened once more."""
    for path in list(inputs.iterdir()):
        path.unlink()
        os.mkfifo(path)
    given = [each.replace("{in}", str(inputs)).replace("{out}", str(inputs)) for each in ASKED[name]]
    command = [sys.executable, "-c", "from perfeval.cli import run; run()", *given]
    made = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert (made.returncode, b"not a regular file" in made.stderr) == (2, True)


# A file that changes while it is read.

ROWS = 200_000
CHANGES: dict[str, Callable[[Path], object]] = {
    "cut off": lambda path: os.truncate(path, 1000),
    "gone on with": lambda path: path.open("ab").write(b"1000\n"),
    "written anew": lambda path: path.write_bytes(b"trees.planted\n1\n"),
    "replaced": lambda path: (
        path.with_name("new").write_bytes(path.read_bytes()),
        path.with_name("new").replace(path),
    ),
    "deleted": lambda path: path.unlink(),
}


def ledger(kind: str, folder: Path) -> Path:
    """A table of a kind, of several pieces; of a folder of them, the last file."""
    table = pa.table({"trees.planted": pa.array(range(ROWS))})
    path = folder / f"facts.{kind}"
    match kind:
        case "csv":
            arrow_csv.write_csv(table, path)
        case "parquet":
            pq.write_table(table, path, row_group_size=ROWS // 10)
        case "arrow":
            with pa.ipc.new_file(str(path), table.schema) as file:
                for batch in table.to_batches(max_chunksize=ROWS // 10):
                    file.write(batch)
        case "xlsx":
            book = Workbook(write_only=True)
            sheet = book.create_sheet()
            sheet.append(["trees.planted"])
            for row in range(10_000):
                sheet.append([row])
            book.save(path)
    return path


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("kind", ["csv", "parquet", "arrow", "xlsx"])
def test_a_table_that_changes_while_it_is_scored_is_told_and_gives_no_scores(
    kind: str, change: str, tmp_path: Path
) -> None:
    """An Arrow file that was cut off ended the program with a bus error, without a word."""
    (tmp_path / "in").mkdir()
    path = ledger(kind, tmp_path / "in")
    (tmp_path / "f.toml").write_text(
        FRAMEWORK.replace(
            '"x"\nrule = { kind = "yes-no" }', '"trees.planted"\nrule = { kind = "completion", target = "≥1000棵" }'
        ),
        "utf-8",
    )
    scorer, changes = compile(load_framework(tmp_path / "f.toml")), iter([CHANGES[change]])

    def once(rows: int) -> None:
        for each in changes:
            each(path)

    with pytest.raises(LoadError) as caught:
        scored_into(scorer, table_in(str(path)), str(tmp_path / "o.parquet"), about={}, chunk=1000, progress=once)
    assert "changed while it was read" in str(caught.value) or "No such file" in str(caught.value)
    assert {each.name for each in tmp_path.iterdir()} == {"in", "f.toml"}


def test_a_file_that_is_written_to_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"format = 1\n")
    with pytest.raises(LoadError, match=r'a\.toml" changed while it was read'), reading(path, "a.toml") as file:
        file.read(3)
        path.write_bytes(b"format = 1\nframework = 2\n")
    with reading(path, "a.toml") as file:  # another in its place is no mixture
        start = file.read(3)
        (tmp_path / "b").write_bytes(b"format = 2\n")
        (tmp_path / "b").replace(path)
        assert start + file.read() == b"format = 1\nframework = 2\n"


def test_a_process_that_is_ended_by_the_system_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where memory has run out."""
    path = ledger("csv", tmp_path)
    (tmp_path / "f.toml").write_text(FRAMEWORK.replace('actual = "x"', 'actual = "trees.planted > 1"'), "utf-8")
    scorer = compile(load_framework(tmp_path / "f.toml"))
    monkeypatch.setattr("perfeval.batch.run._there", ended)
    with pytest.raises(PerfevalError, match="was ended by the system"):
        scored_into(
            scorer, table_in(str(path)), str(tmp_path / "o.csv"), about={}, findings=Findings(scorer, review=True)
        )
    assert not list(tmp_path.glob("*o.csv*"))


def ended(task: object) -> None:
    os._exit(9)
