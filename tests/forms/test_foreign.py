"""A workbook that carries more than tables is refused, quickly and with what to do, before any library reads it."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest

from docs_text import ROOT
from perfeval import LoadError, load
from perfeval.forms.foreign import foreign
from perfeval.forms.reading import read_workbook
from perfeval.forms.workbook import live_workbook
from perfeval.loading import sources

PROJECT = ROOT / "examples" / "panzhihua-dongqu-2023" / "land-requisition.toml"


@pytest.fixture(scope="module")
def plain_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("book") / "plain.xlsx"
    target.write_bytes(live_workbook(load(PROJECT), "zh", sources(PROJECT)))
    return target


def with_part(book: Path, name: str, data: bytes, folder: Path) -> Path:
    target = folder / "changed.xlsx"
    target.write_bytes(book.read_bytes())
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return target


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("xl/vbaProject.bin", "holds macros"),
        ("xl/macrosheets/sheet1.xml", "holds macros"),
        ("xl/activeX/activeX1.bin", "holds macros"),
        ("xl/externalLinks/externalLink1.xml", "links to other workbooks"),
        ("xl/connections.xml", "links to other workbooks"),
        ("xl/embeddings/oleObject1.bin", "embeds objects"),
        ("../../evil.toml", "lead out of the archive"),
        ("/etc/evil", "lead out of the archive"),
        ("..\\evil.toml", "lead out of the archive"),
        ("C:\\evil.toml", "lead out of the archive"),
    ],
)
def test_what_is_no_table_is_refused(part: str, said: str, plain_book: Path, tmp_path: Path) -> None:
    target = with_part(plain_book, part, b"x", tmp_path)
    started = time.monotonic()
    with pytest.raises(LoadError, match=said):
        read_workbook(str(target))
    assert time.monotonic() - started < 5
    assert [each.name for each in tmp_path.iterdir()] == ["changed.xlsx"]


def test_a_part_that_unpacks_to_a_thousand_times_its_size_is_refused(plain_book: Path, tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="unpacks to too much"):
        read_workbook(str(with_part(plain_book, "xl/media/image1.png", b"0" * 30 * 2**20, tmp_path)))


def test_a_part_that_says_it_is_smaller_than_it_is_is_refused(plain_book: Path, tmp_path: Path) -> None:
    large = 50 * 2**20 + 7
    target = with_part(plain_book, "xl/media/image1.png", b"0" * large, tmp_path)
    target.write_bytes(target.read_bytes().replace(large.to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    with pytest.raises(LoadError, match=r"is no \.xlsx file"):
        read_workbook(str(target))


def test_pictures_and_charts_are_let_through(plain_book: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(plain_book) as archive:
        assert "xl/charts/chart1.xml" in archive.namelist()
        assert foreign(archive.namelist()) is None
    assert read_workbook(str(with_part(plain_book, "xl/media/image1.png", b"x", tmp_path)))
