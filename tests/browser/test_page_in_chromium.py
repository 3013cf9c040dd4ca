"""The report's page in a real browser: it unfolds, prints, fits a phone, is legible in light and dark, and reads aloud."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from chromium import PHONE, Browser, browser, requires_chromium
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from docs_text import ROOT
from every_rule import framework, indicator
from perfeval import Assessment, Fact, Remark, Subject, evaluate, load, quantity
from perfeval.documents.page import page
from perfeval.errors import Language
from perfeval.report.terminal import plain
from perfeval.scorecard import Scorecard

pytestmark = pytest.mark.slow

SOURCES: Final[dict[str, tuple[str, Language]]] = {
    "a project": ("panzhihua-dongqu-2023/land-requisition.toml", "zh"),
    "a project in English": ("panzhihua-dongqu-2023/land-requisition.toml", "en"),
    "a department with assumed points": ("panzhihua-dongqu-2023/department.toml", "zh"),
    "one without a total": ("published/tianchang-water-2022-flood-drought.toml", "zh"),
    "one that departs from its rules": ("published/lingling-forestry-2021-department.toml", "en"),
}
HOSTILE: Final = '</p><script>fetch("http://192.0.2.1/")</script><img src="http://192.0.2.1/x.png" onerror="alert(1)">'


@pytest.fixture(scope="module")
def reader() -> Iterator[Browser]:
    requires_chromium()
    with browser() as opened:
        yield opened


@pytest.fixture(params=SOURCES, scope="module")
def source(request: pytest.FixtureRequest) -> tuple[Scorecard, Language]:
    path, language = SOURCES[request.param]
    return evaluate(load(ROOT / "examples" / path)), language


@pytest.fixture(scope="module")
def written(source: tuple[Scorecard, Language], tmp_path_factory: pytest.TempPathFactory) -> Path:
    card, language = source
    target = tmp_path_factory.mktemp("page") / "report.html"
    target.write_text(page(card.assessment, language), "utf-8")
    return target


def unfold(reader: Browser) -> None:
    reader.run("document.querySelectorAll('details').forEach(each => { each.open = true })")


# It unfolds.


@pytest.fixture
def folded(reader: Browser, written: Path) -> WebElement:
    """The first indicator, which a reader finds folded."""
    reader.open(written)
    return reader.driver.find_element(By.CSS_SELECTOR, "details:not([open])")


def is_open(details: WebElement) -> bool:
    shown = details.find_element(By.CSS_SELECTOR, ".steps li").is_displayed()
    assert shown is (details.get_attribute("open") is not None)
    return shown


def test_a_click_unfolds_an_indicator_and_folds_it_again(reader: Browser, folded: WebElement) -> None:
    summary = folded.find_element(By.TAG_NAME, "summary")
    states = [is_open(folded)]
    for _ in range(2):
        ActionChains(reader.driver).click(summary).perform()
        states.append(is_open(folded))
    assert states == [False, True, False]


def test_tab_reaches_every_branch_in_order_and_enter_and_space_unfold_it(reader: Browser, folded: WebElement) -> None:
    focused = "const at = document.activeElement; return at.tagName === 'SUMMARY' ? at.parentElement.id : ''"
    keys = ActionChains(reader.driver)
    order = [each.get_attribute("id") for each in reader.driver.find_elements(By.CSS_SELECTOR, "details")]
    for wanted in order:
        keys.send_keys(Keys.TAB).perform()
        assert reader.run(focused) == wanted
        ring = reader.run("const s = getComputedStyle(document.activeElement); return [s.outlineStyle, s.outlineWidth]")
        assert ring == ["solid", "3px"]
        if wanted == folded.get_attribute("id"):
            states = []
            for key in (Keys.ENTER, Keys.SPACE, Keys.SPACE, Keys.ENTER):
                keys.send_keys(key).perform()
                states.append(is_open(folded))
            assert states == [True, False, True, False]


# It prints.


def bare(text: str) -> str:
    """`text` without its spaces: where a line breaks on paper is nobody's concern."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def told(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_it_prints_on_a4_unfolded_with_every_step(
    reader: Browser, source: tuple[Scorecard, Language], written: Path, tmp_path: Path
) -> None:
    card, language = source
    reader.open(written)
    paper = tmp_path / "report.pdf"
    paper.write_bytes(reader.pdf())
    sizes = re.findall(r"Page +\d+ size: .*", told("pdfinfo", "-l", "999", str(paper)))
    assert len(sizes) > 1
    assert all(each.endswith("(A4)") for each in sizes)
    text = bare(told("pdftotext", "-raw", str(paper), "-"))
    wanted = [line for node in card.indicators for line in node.explain(language).splitlines()[1:]]
    assert wanted
    assert [line for line in wanted if bare(plain(line)) not in text] == []


def test_no_text_is_cut_where_it_prints(reader: Browser, written: Path) -> None:
    reader.open(written, (round((210 - 2 * 16) / 25.4 * 96), 900))
    reader.command("Emulation.setEmulatedMedia", media="print")
    unfold(reader)
    assert beyond(reader) == []


# It fits.

_BEYOND: Final = """
const found = [], width = document.documentElement.clientWidth;
for (const each of document.querySelectorAll('body *')) {
  const box = each.getBoundingClientRect(), style = getComputedStyle(each);
  if (each.closest('.visually-hidden') || each.closest('svg')) continue;
  const scrolls = each.closest('.scroll') && getComputedStyle(each.closest('.scroll')).overflowX === 'auto';
  const outside = !scrolls && (box.right > width + 1 || box.left < -1);
  const cut = style.overflowX !== 'auto' && style.display !== 'inline' && each.scrollWidth > each.clientWidth + 1;
  if (outside || cut) found.push(each.tagName + '.' + each.className + ': ' + each.textContent.trim().slice(0, 40));
}
return found;
"""


def beyond(reader: Browser) -> list[str]:
    """What stands outside the page, or is wider than the room it has."""
    return list(reader.run(_BEYOND))


def test_a_phone_shows_all_of_it_without_scrolling_sideways(reader: Browser, written: Path) -> None:
    reader.open(written, PHONE)
    unfold(reader)
    assert reader.run("return [innerWidth, document.documentElement.scrollWidth]") == [360, 360]
    assert beyond(reader) == []


# It is legible.

_CONTRASTS: Final = """
const parts = text => { const all = text.match(/[\\d.]+/g).map(Number); return [all[0], all[1], all[2], all[3] ?? 1] };
const light = rgb => {
  const [r, g, b] = rgb.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = at => {
  for (; at; at = at.parentElement) {
    const paint = parts(getComputedStyle(at).backgroundColor);
    if (paint[3] === 1) return paint;
    if (paint[3] !== 0) throw 'a background that shines through';
  }
  throw 'no background';
};
const found = [];
for (const each of document.querySelectorAll('body, body *')) {
  const own = [...each.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  for (const [pseudo, shows] of [['', own], ['::before', getComputedStyle(each, '::before').content !== 'none']]) {
    if (!shows || each.closest('.visually-hidden')) continue;
    const style = getComputedStyle(each, pseudo || null), colour = parts(style.color);
    if (colour[3] !== 1 || style.opacity !== '1') throw 'text that shines through';
    const [high, low] = [light(colour), light(behind(each))].sort((a, b) => b - a);
    found.push([(high + 0.05) / (low + 0.05), each.tagName + '.' + each.className + pseudo]);
  }
}
return found;
"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(reader: Browser, written: Path, dark: bool) -> None:
    reader.open(written, dark=dark)
    unfold(reader)
    found = reader.run(_CONTRASTS)
    assert len(found) > 50
    assert [(round(ratio, 2), what) for ratio, what in found if ratio < 4.5] == []
    paper = reader.run("return getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(18, 23, 29)" if dark else "rgb(255, 255, 255)")


# It keeps to itself.


def test_the_console_is_silent_and_nothing_is_asked_of_a_network(reader: Browser, written: Path) -> None:
    reader.open(written)
    unfold(reader)
    assert reader.logged() == ([], [written.as_uri()])


def test_hostile_text_runs_nothing_and_asks_for_nothing(reader: Browser, tmp_path: Path) -> None:
    of = framework(indicator("a", 100, title=HOSTILE))
    assessment = Assessment(
        of,
        {"a": Fact("a", quantity("50"), source=HOSTILE, title=HOSTILE)},
        subject=Subject(name=HOSTILE, unit=HOSTILE),
        remarks={"a": Remark(reason=HOSTILE)},
    )
    target = tmp_path / "hostile.html"
    target.write_text(page(assessment, "zh"), "utf-8")
    reader.open(target)
    unfold(reader)
    assert reader.logged() == ([], [target.as_uri()])
    assert reader.run("return document.querySelectorAll('script, img').length") == 0
    assert HOSTILE in reader.driver.find_element(By.TAG_NAME, "main").text


# It reads aloud.


def spoken(reader: Browser) -> list[tuple[str, str, dict[str, Any]]]:
    """The accessibility tree as it is read: roles, names and properties."""
    nodes = {each["nodeId"]: each for each in reader.command("Accessibility.getFullAXTree")["nodes"]}
    waiting, ordered = [next(iter(nodes))], []
    while waiting:
        ordered.append(nodes[waiting.pop()])
        waiting += reversed([each for each in ordered[-1]["childIds"] if each in nodes])
    return [
        (
            str(each["role"]["value"]),
            " ".join(str(each.get("name", {}).get("value", "")).split()),
            {kept["name"]: kept["value"].get("value") for kept in each.get("properties", ())},
        )
        for each in ordered
        if not each["ignored"]
    ]


def test_a_screen_reader_hears_headings_branches_and_tables(
    reader: Browser, source: tuple[Scorecard, Language], written: Path
) -> None:
    card, language = source
    reader.open(written)
    unfold(reader)
    heard = spoken(reader)
    roles = {role for role, _, _ in heard}
    assert {"main", "heading", "DisclosureTriangle", "table", "columnheader", "rowheader"} <= roles
    headings = [(kept["level"], name) for role, name, kept in heard if role == "heading"]
    assert [level for level, _ in headings] == [1] + [2] * (len(headings) - 1)
    assert all(name for _, name in headings)
    branches = [(name, kept) for role, name, kept in heard if role == "DisclosureTriangle"]
    assert len(branches) == len(card.nodes)
    score = "得分" if language == "zh" else "score"
    for node, (name, kept) in zip(card, branches, strict=True):
        assert " ".join(plain(node.called(language)).split()) in name
        assert score in name
        assert kept["expanded"] is True
        if node.lost:
            assert ("失分" if language == "zh" else "lost") in name
    columns = (
        ("事实", "数值", "性质", "出处或依据") if language == "zh" else ("Fact", "Value", "Kind", "Source or basis")
    )
    tables = [name for role, name, _ in heard if role == "table"]
    assert all(tables)
    assert [name for role, name, _ in heard if role == "columnheader"] == [*columns] * len(tables)
    assert all(name for role, name, _ in heard if role in ("rowheader", "region"))
    assert reader.run("return document.documentElement.lang") == ("zh-CN" if language == "zh" else "en")
