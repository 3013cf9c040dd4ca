"""The picture of attainment as a native chart: the same bars in Word and in the workbook, and each the score it stands for."""

from __future__ import annotations

import shutil
import subprocess
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring
from zipfile import ZipFile

import pytest
from docx import Document
from openpyxl import load_workbook
from report_cases import EXAMPLES, LANGUAGES, label, small

from perfeval import Assessment, Scorecard, evaluate, load
from perfeval.documents.narrative import narrative
from perfeval.documents.word import word
from perfeval.errors import Language
from perfeval.forms.workbook import CHART, live_workbook

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
OFFICE, POPPLER = shutil.which("soffice"), shutil.which("pdftotext")
needs_office = pytest.mark.skipif(
    OFFICE is None or POPPLER is None, reason="LibreOffice or pdftotext is not installed; .ci/run installs them"
)


def converted(data: bytes, name: str, to: str, folder: Path) -> Path:
    """A file as LibreOffice writes it in another format."""
    assert OFFICE is not None
    (folder / name).write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [OFFICE, "--headless", profile, "--convert-to", to, "--outdir", str(folder / "out"), str(folder / name)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / "out" / f"{Path(name).stem}.{to}"


def example(name: str) -> Assessment:
    return load(next(path for path in EXAMPLES if path.stem == name))


def chart_of(data: bytes, part: str) -> Element:
    with ZipFile(BytesIO(data)) as file:
        assert sum("chart" in name and name.endswith(".xml") for name in file.namelist()) == 1
        return fromstring(file.read(part))


def points(chart: Element, of: str, cache: str) -> dict[int, str]:
    (held,) = chart.iter(f"{C}{of}")
    (cached,) = held.iter(f"{C}{cache}")
    return {int(each.attrib["idx"]): str(each.findtext(f"{C}v")) for each in cached.iter(f"{C}pt")}


def shares(card: Scorecard) -> list[Fraction | None]:
    return [None if node.score is None else node.score / node.points for node in card if node.depth == 1]


def of_what_applies(card: Scorecard) -> list[Fraction | None]:
    """The shares of the points that were earned or lost: what does not apply is neither."""
    first = [node for node in card if node.depth == 1]
    return [None if node.score is None else node.score / (node.score + (node.lost or 0)) for node in first]


def same(found: dict[int, str], wanted: list[Fraction | None]) -> bool:
    known = {index: share for index, share in enumerate(wanted) if share is not None}
    return found.keys() == known.keys() and all(
        abs(Fraction(found[index]) - share) < Fraction(1, 10**9) for index, share in known.items()
    )


# In the draft.


@pytest.mark.parametrize(
    ("path", "language"), [pytest.param(path, LANGUAGES[at % 2], id=label(path)) for at, path in enumerate(EXAMPLES)]
)
def test_the_draft_has_a_bar_for_each_dimension_that_has_a_score(path: Path, language: Language) -> None:
    card = evaluate(load(path))
    data = word(narrative(card.assessment), language)
    wanted = of_what_applies(card)
    if sum(share is not None for share in wanted) < 2:
        assert b"charts/" not in data
        return
    chart = chart_of(data, "word/charts/chart1.xml")
    names = points(chart, "cat", "strCache")
    called = [node.called(language) for node in card if node.depth == 1]
    assert [name[: len(called[index])] for index, name in names.items()] == called
    missing = "（没有得分）" if language == "zh" else " (no score)"
    assert [name.endswith(missing) for name in names.values()] == [share is None for share in wanted]
    assert same(points(chart, "val", "numCache"), wanted)


def test_the_chart_is_told_in_words_to_those_who_do_not_see_it() -> None:
    made = Document(BytesIO(word(narrative(example("land-requisition")), "zh")))
    (told,) = made.element.xpath("//wp:docPr/@descr")
    assert told == "图　各维度得分率: 预算执行情况 100%; 产出指标 94%; 效益指标 76.67%; 满意度指标 100%"


def test_the_draft_has_its_caption_and_no_title_that_an_office_program_makes_up() -> None:
    data = word(narrative(example("land-requisition")), "zh")
    chart = chart_of(data, "word/charts/chart1.xml")
    (deleted,) = chart.iter(f"{C}autoTitleDeleted")
    assert deleted.attrib["val"] == "1"
    assert "图　各维度得分率" in [each.text for each in Document(BytesIO(data)).paragraphs]


def test_hostile_names_stay_text_in_the_chart() -> None:
    hostile = "<c:v>&\"'{0}]]>\x1b\u202e"
    data = word(narrative(small(title=hostile)), "zh")
    assert "".join(points(chart_of(data, "word/charts/chart1.xml"), "cat", "strCache").values())
    (told,) = Document(BytesIO(data)).element.xpath("//wp:docPr/@descr")
    assert "\u202e" not in told


def test_the_chart_refers_to_nothing_outside_the_file() -> None:
    with ZipFile(BytesIO(word(narrative(example("land-requisition")), "zh"))) as file:
        for name in file.namelist():
            assert b'TargetMode="External"' not in file.read(name)
            assert b"externalData" not in file.read(name)


@needs_office
@pytest.mark.slow
def test_an_office_program_draws_the_chart_with_its_own_fonts(tmp_path: Path) -> None:
    card = evaluate(example("land-requisition"))
    paper = converted(word(narrative(card.assessment), "zh"), "draft.docx", "pdf", tmp_path)
    text = subprocess.run(["pdftotext", str(paper), "-"], capture_output=True, text=True, check=True).stdout
    assert {"100.00%", "94.00%", "76.67%", "0%", "20%"} <= set(text.split())


# In the workbook.


def test_the_chart_in_the_workbook_shows_its_cells() -> None:
    card = evaluate(example("land-requisition"))
    data = live_workbook(card.assessment, "zh")
    chart = chart_of(data, "xl/charts/chart1.xml")
    (names,), (values,) = (
        [each.text for each in held.iter(f"{C}f")] for of in ("cat", "val") for held in chart.iter(C + of)
    )
    assert (names, values) == ("'得分率'!$A$2:$A$5", "'得分率'!$D$2:$D$5")
    assert same(points(chart, "val", "numCache"), shares(card))
    sheet = load_workbook(BytesIO(data))[CHART.zh]
    assert list(points(chart, "cat", "strCache").values()) == [sheet.cell(row, 1).value for row in range(2, 6)]
    assert sheet.protection.sheet


@needs_office
@pytest.mark.parametrize("name", ["land-requisition", "lingling-forestry-2021-department"])
def test_the_shares_follow_the_figures_and_what_has_no_score_has_no_share(name: str, tmp_path: Path) -> None:
    card = evaluate(example(name))
    book = load_workbook(converted(live_workbook(card.assessment, "zh"), "book.xlsx", "xlsx", tmp_path), data_only=True)
    found = [row[3].value for row in book[CHART.zh].iter_rows(min_row=2, max_row=1 + len(shares(card)))]
    for value, share in zip(found, shares(card), strict=True):
        if share is None:
            assert value == "#N/A"
        else:
            assert isinstance(value, int | float)
            assert abs(Fraction(value) - share) < Fraction(1, 10**9)
