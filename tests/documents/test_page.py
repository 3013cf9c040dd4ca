"""The report as a page: complete, inert, self-contained, and in order for readers and machines."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs_text import ROOT
from every_rule import framework, indicator
from perfeval import Assessment, Fact, Remark, Subject, check, evaluate, load, quantity, review
from perfeval.documents.page import page
from perfeval.documents.view import report
from perfeval.objections import SEVERITIES
from perfeval.report.terminal import plain

EXAMPLES = [
    path for path in sorted((ROOT / "examples").glob("*/*.toml")) if path.name not in ("facts.toml", "checks.toml")
]
VOID = {"meta", "br", "rect"}


class Page(HTMLParser):
    """What a page consists of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.headings: list[int] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))
            if name == "id":
                self.ids.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style",):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_page_holds_everything_and_is_well_formed(path: Path, language: str) -> None:
    spoken = "zh" if language == "zh" else "en"
    assessment = load(path)
    card = evaluate(assessment)
    found = Page(page(assessment, spoken))  # type: ignore[arg-type]
    assert not found.open
    assert len(found.ids) == len(set(found.ids))
    assert found.headings[0] == 1
    assert set(found.headings[1:]) == {2}
    assert ("html", "lang", "zh-CN" if language == "zh" else "en") in found.attributes
    for node in card:
        assert f"node-{node.path.replace('.', '-')}" in found.ids
        if node.is_indicator:
            for line in node.reasons(spoken):  # type: ignore[arg-type]
                assert squeezed(plain(line)) in found.text
    for fact in (fact for node in card.indicators for fact in node.assumed):
        assert squeezed(fact.assumed) in found.text
    assert found.text.count("假定" if language == "zh" else "assumed") >= len(
        [node for node in card.indicators if node.assumed]
    )
    if card.score is not None:
        assert card.points_text(card.score) in found.text
    for finding in check(assessment).differing:
        assert squeezed(finding.title.to(spoken)) in found.text  # type: ignore[arg-type]
    for objection in review(assessment).objections:
        assert objection.code in found.text


def test_it_needs_no_network_and_no_script() -> None:
    text = page(load(EXAMPLES[0]), "zh")
    found = Page(text)
    assert not {"script", "link", "img", "iframe", "object", "embed", "form", "base"} & set(found.tags)
    assert not [name for _, name, _ in found.attributes if name.startswith("on") or name in ("src", "href", "style")]
    policy = [value for tag, name, value in found.attributes if (tag, name) == ("meta", "content")]
    assert "default-src 'none'; style-src 'unsafe-inline'" in policy
    assert "url(" not in text
    assert "@import" not in text


HOSTILE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "</details></main>",
            '"><img src=x onerror=a>',
            "{{ 7*7 }}",
            "&lt;b&gt;",
            "\x1b[31m",
            "`*_#",
        ]
    ),
)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_text_from_files_is_inert(title: str, reason: str, source: str) -> None:
    of = framework(indicator("a", 100, title=title or "x"))
    facts = {"a": Fact("a", quantity("50"), source=source, title=title)}
    assessment = Assessment(of, facts, subject=Subject(name=title, unit=reason), remarks={"a": Remark(reason=reason)})
    usual = Assessment(
        framework(indicator("a", 100, title="x")),
        {"a": Fact("a", quantity("50"), source="x" if source else "", title="x")},
        subject=Subject(name="x", unit="x"),
        remarks={"a": Remark(reason="x" if reason else "")},
    )
    found, expected = Page(page(assessment, "en")), Page(page(usual, "en"))
    assert set(found.tags) == set(expected.tags)
    assert not found.open
    if plain(reason).strip():
        assert squeezed(plain(reason)) in found.text


def test_objections_stand_by_severity_as_in_the_terminal() -> None:
    assessment = load(ROOT / "examples" / "published" / "lingling-forestry-2021-department.toml")
    found = report(assessment, "en").objections
    words = [word.en for word in SEVERITIES.values()]
    ranks = [words.index(each.severity) for each in found if not each.accepted]
    assert [each.severity for each in review(assessment).objections] != sorted(
        (each.severity for each in review(assessment).objections), key=list(SEVERITIES).index
    )
    assert ranks == sorted(ranks)
