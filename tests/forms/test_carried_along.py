"""What a workbook carries beside its tables is left alone, and refused, quickly, where it could do harm."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from docs_text import ROOT
from perfeval import LoadError, evaluate, load
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
    "part",
    [
        "xl/vbaProject.bin",
        "xl/macrosheets/sheet1.xml",
        "xl/activeX/activeX1.bin",
        "xl/externalLinks/externalLink1.xml",
        "xl/connections.xml",
        "xl/embeddings/oleObject1.bin",
        "xl/media/image1.png",
    ],
)
def test_what_is_no_table_is_neither_run_nor_followed(part: str, plain_book: Path, tmp_path: Path) -> None:
    read = read_workbook(str(with_part(plain_book, part, b"x", tmp_path)))
    assert evaluate(read).score == evaluate(load(PROJECT)).score
    assert [each.name for each in tmp_path.iterdir()] == ["changed.xlsx"]


@pytest.mark.parametrize("part", ["../../evil.toml", "/etc/evil", "..\\evil.toml", "C:\\evil.toml"])
def test_a_path_that_leads_out_of_the_archive_is_refused(part: str, plain_book: Path, tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="lead out of the archive"):
        read_workbook(str(with_part(plain_book, part, b"x", tmp_path)))
    assert [each.name for each in tmp_path.iterdir()] == ["changed.xlsx"]


def test_a_part_that_unpacks_to_a_thousand_times_its_size_is_refused(plain_book: Path, tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="unpacks to too much"):
        read_workbook(str(with_part(plain_book, "xl/media/image1.png", b"0" * 50 * 2**20, tmp_path)))


def test_a_part_that_says_it_is_smaller_than_it_is_is_refused(plain_book: Path, tmp_path: Path) -> None:
    large = 50 * 2**20 + 7
    target = with_part(plain_book, "xl/media/image1.png", b"0" * large, tmp_path)
    target.write_bytes(target.read_bytes().replace(large.to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    with pytest.raises(LoadError, match=r"is damaged or cut short"):
        read_workbook(str(target))
