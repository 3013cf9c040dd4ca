"""Files that people hand in by mistake are answered with what to do; files that could do harm are not read."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook

from effort import calls_at_most
from perfeval import LoadError
from perfeval.forms.entry import ENTRY, entry_form
from perfeval.forms.grid import grids
from perfeval.forms.opening import is_workbook, opened
from perfeval.forms.reading import read_workbook
from perfeval.forms.workbook import BUNDLE
from perfeval.loading import catalogue_folder, load_framework

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def word() -> bytes:
    stream = io.BytesIO()
    Document().save(stream)
    return stream.getvalue()


def parts() -> dict[str, bytes]:
    """The parts of a plain workbook."""
    book, stream = Workbook(), io.BytesIO()
    assert book.active is not None
    book.active["A1"] = "项目支出绩效自评表"
    book.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(path: Path, given: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in given.items():
            archive.writestr(name, data)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(LoadError) as caught:
        read_workbook(str(path))
    (problem,) = caught.value.problems
    assert problem.message.zh != problem.message.en
    return problem.message.en


TYPED = (Path(__file__).parent / "typed.xls").read_bytes()


def locked(data: bytes) -> bytes:
    """An old workbook whose second record says that the rest is encrypted (FILEPASS)."""
    second = b"\xe1\x00\x02\x00"
    assert second in data
    return data.replace(second, b"\x2f\x00\x02\x00", 1)


def bytes_of(given: dict[str, bytes], locked: bool = False) -> bytes:
    """An archive; where it is `locked`, each part says that it has a password, as a zip program writes it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in given.items():
            archive.writestr(name, data)
        for each in archive.filelist if locked else ():
            each.flag_bits |= 1
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xlsx", COMPOUND + "EncryptedPackage".encode("utf-16-le"), "has a password"),
        ("a.xls", COMPOUND + b"old", "cannot be read"),
        ("a.xls", COMPOUND + "WordDocument".encode("utf-16-le"), "is a Word document"),
        ("a.docx", word(), "is a Word document — copy its table into a sheet"),
        ("a.xlsx", word(), "is a Word document"),
        ("a.pdf", b"%PDF-1.7", "is a PDF"),
        ("a.xls", b"<html><table></table></html>", "is a web page or XML inside"),
        ("a.xls", b'\xef\xbb\xbf\n<?xml version="1.0"?><Workbook/>', "is a web page or XML inside"),
        ("a.xlsx", b"not a zip", "is no .xlsx file"),
        ("a.xlsx", b"PK\x03\x04 torn", "is damaged or cut short"),
        ("a.xlsx", bytes_of(parts())[:3000], "is damaged or cut short"),
        ("a.xls", TYPED[:6000], "is damaged or cut short"),
        ("a.xls", TYPED[:600], "is damaged or cut short"),
        ("a.xls", locked(TYPED), "has a password"),
        ("a.xlsx", bytes_of(parts(), locked=True), "has a password"),
        ("a.xlsx", bytes_of({"自评表.xlsx": b"x"}), "is an archive and no workbook"),
        ("a.xlsx", b"", "is empty (0 bytes)"),
        ("a.xls", b"", "is empty (0 bytes)"),
        ("a.csv", b"", "is empty (0 bytes)"),
        ("a.csv", b"\0\1\2\xff", "is no text"),
        ("a.csv", b"a,b", "holds no table that is known"),
        ("a.csv", b'"' + b"x" * 200_000, "cannot be read"),
    ],
)
def test_what_is_no_table_is_answered(name: str, data: bytes, said: str, tmp_path: Path) -> None:
    assert is_workbook(name)
    (tmp_path / name).write_bytes(data)
    assert said in refusal(tmp_path / name)


def test_a_file_that_is_not_there_is_answered(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "missing.xlsx")
    assert "Is a directory" in refusal(tmp_path)


@pytest.mark.parametrize("part", ["mimetype", "xl/workbook.bin"])
def test_a_workbook_of_another_kind_is_answered(part: str, tmp_path: Path) -> None:
    assert "save it as .xlsx" in refusal(zipped(tmp_path / "a.xlsx", {**parts(), part: b"x"}))


def test_a_workbook_is_known_by_what_it_holds_not_by_its_name(tmp_path: Path) -> None:
    assert opened(str(zipped(tmp_path / "a.xls", parts()))).kind == "xlsx"
    (tmp_path / "a.csv").write_text("甲,乙", "gb18030")
    assert opened(str(tmp_path / "a.csv")).kind == "csv"


# What could do harm.

LOL = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


def sheet(inner: str, merged: str = "") -> bytes:
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{inner}</sheetData>{merged}</worksheet>"
    ).encode()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("part", "data", "said"),
    [
        ("xl/workbook.xml", LOL + parts()["xl/workbook.xml"], "declares entities"),
        ("xl/workbook.xml", parts()["xl/workbook.xml"].decode().encode("utf-16"), "declares entities"),
        ("xl/workbook.xml", parts()["xl/workbook.xml"].decode().encode("utf-16-le"), "declares entities"),
        (SHEET, b'<?xml version="1.0" encoding="cp037"?>' + LOL, "declares entities"),
        (SHEET, sheet('<row r="1048576"><c r="A1048576"/></row>'), "far outside a table (1048576)"),
        (SHEET, sheet('<row r="1"><c s=">" r="XFD1"/></row>'), "far outside a table (XFD1)"),
        (SHEET, sheet("", '<mergeCells><mergeCell ref="A1:XFD9"/></mergeCells>'), "far outside a table (XFD9)"),
        (SHEET, sheet("", "<mergeCells><mergeCell ref='A1:ALL20000'/></mergeCells>"), "unpacks to too much"),
        (SHEET, sheet("", '<mergeCells><mergeCell ref="A1:&#65;99999"/></mergeCells>'), "is damaged"),
        (SHEET, sheet("<c/>" * 500_001), "unpacks to too much"),
        (SHEET, sheet('<row r="1"><c r="A1"><v>1</v></c></row>' + "<x/>" * 5_000_000), "unpacks to too much"),
        ("xl/other.xml", b"0" * (65 * 2**20), "unpacks to too much"),
        ("xl/other.xml", b"0" * (16 * 2**20), "unpacks to too much"),  # by its ratio
    ],
)
def test_what_could_do_harm_is_not_read(part: str, data: bytes, said: str, tmp_path: Path) -> None:
    assert said in refusal(zipped(tmp_path / "a.xlsx", {**parts(), part: data}))


def test_a_large_file_that_is_not_packed_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"a,b\n" * (5 * 2**20))
    assert "is too large" in refusal(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_bytes(b"a\n" * 20_001)
    assert "too many rows or columns" in refusal(tmp_path / "b.csv")


def test_a_plain_workbook_is_let_through(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.xlsx", parts())
    assert opened(str(path)).kind == "xlsx"
    assert load_workbook(path).active is not None


def test_a_pipe_or_a_device_is_no_workbook(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    (tmp_path / "endless.csv").symlink_to("/dev/zero")
    for name in ("pipe.xlsx", "endless.csv"):
        assert "cannot be opened (not a regular file)" in refusal(tmp_path / name)


def carrying(path: Path, sheet: str, said: str) -> Path:
    """A workbook that carries what another says that it was made from."""
    book = Workbook()
    assert book.active is not None
    book.active["A1"] = "项目支出绩效自评表"
    hidden = book.create_sheet(sheet)
    for row, start in enumerate(range(0, len(said), 30_000), start=1):
        hidden.cell(row, 1).value = said[start : start + 30_000]
    book.save(path)
    return path


def form(folder: Path, said: object) -> Path:
    """An entry form that was filled in, but for what it says of its framework."""
    path = folder / "form.xlsx"
    framework = load_framework("cn/mof-2020/project-self")
    book = load_workbook(io.BytesIO(entry_form(framework, framework.id, {}, "zh")))
    book[ENTRY]["A1"] = json.dumps(said)
    book.save(path)
    return path


def test_a_form_names_no_file_of_its_readers(tmp_path: Path) -> None:
    secret = tmp_path / "secret.toml"
    secret.write_text((catalogue_folder() / "cn/mof-2020/project-self.toml").read_text("utf-8"), "utf-8")
    before = refusal(form(tmp_path, {"framework": "cn/mof-2020/project-self", "files": {}}))
    assert "damaged" not in before  # it is empty, and that is what is said of it
    own = {"own.toml": secret.read_text("utf-8")}
    assert refusal(form(tmp_path, {"framework": "own.toml", "files": own})) == before
    for named in (str(secret), f"../{tmp_path.name}/secret.toml", "sub/../../secret.toml"):
        for files in ({}, own):
            assert "carries files that are damaged" in refusal(form(tmp_path, {"framework": named, "files": files}))


@pytest.mark.parametrize("sheet", [BUNDLE, ENTRY])
def test_what_a_workbook_carries_may_nest_as_deep_as_it_likes(sheet: str, tmp_path: Path) -> None:
    if sheet == BUNDLE:
        path = carrying(tmp_path / "a.xlsx", sheet, "[" * 200_000)
    else:
        path = form(tmp_path, 0)
        book = load_workbook(path)
        book[ENTRY]["A1"] = "[" * 30_000
        book.save(path)
    assert "carries files that are damaged" in refusal(path)


def test_an_xls_whose_sectors_go_round_in_a_circle_is_refused() -> None:
    path = Path(__file__).parent / "circle.xls"  # found by benchmarks/fuzz.py
    command = [sys.executable, "-c", "from perfeval.cli import main; main()", "score", str(path), "--lang", "en"]
    answered = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert answered.returncode == 2
    assert "cannot be read" in answered.stderr


def patched(start: bytes, at: int, data: bytes, tmp_path: Path) -> str:
    """The typed .xls, with other bytes in the first record that begins so."""
    whole = bytearray((Path(__file__).parent / "typed.xls").read_bytes())
    place = whole.index(start) + at
    whole[place : place + len(data)] = data
    (tmp_path / "patched.xls").write_bytes(whole)
    return str(tmp_path / "patched.xls")


def test_an_xls_with_one_cell_in_its_far_corner_is_no_larger_for_it(tmp_path: Path) -> None:
    path = patched(b"\xfd\0\x0a\0\x0f\0\0\0", 4, b"\xff\x4d\xff\0", tmp_path)  # found by benchmarks/fuzz.py
    with calls_at_most(15_000_000), pytest.raises(LoadError, match="D16: this row has no title"):
        read_workbook(path)


def test_an_xls_that_merges_millions_of_cells_is_refused(tmp_path: Path) -> None:
    path = patched(b"\xe5\0\x2a\0\x05\0", 6, b"\0\0\xff\xff\0\0\xff\0", tmp_path)
    with pytest.raises(LoadError, match="too many merged cells"):
        read_workbook(path)


def test_a_table_of_thousands_of_rows_is_read_in_the_time_that_it_takes_to_look_at_each_once(tmp_path: Path) -> None:
    """Each row was looked for among all cells: ten thousand rows took the better part of an hour."""
    head = "项目支出绩效自评表\n一级指标,二级指标,三级指标,年度指标值,实际完成值,分值,得分\n"
    rows = "".join(f"产出指标,数量指标,植树{row},≥{row}棵,{row}棵,1,1\n" for row in range(1, 3001))
    (tmp_path / "long.csv").write_text(head + rows, "utf-8")
    with calls_at_most(5_000_000):
        (grid,) = grids(opened(str(tmp_path / "long.csv")))
        assert sum(1 for row in range(1, grid.rows + 1) for _ in grid.across(row)) == 1 + 7 + 3000 * 7
