"""The report as Markdown: complete, and inert whatever stands in the files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from report_cases import EXAMPLES, LANGUAGES, label, small

from perfeval import evaluate, load, review
from perfeval.documents.markdown import markdown
from perfeval.errors import Language
from perfeval.report.terminal import plain

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def tokens(text: str) -> list[Token]:
    return [inner for token in READER.parse(text) for inner in (token, *(token.children or ()))]


def shown(text: str) -> str:
    return " ".join("".join(token.content for token in tokens(text) if token.type in ("text", "code_inline")).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", EXAMPLES, ids=label)
def test_every_example_is_shown_whole(path: Path, language: Language) -> None:
    assessment = load(path)
    text = shown(markdown(assessment, language))
    card = evaluate(assessment)
    for node in card:
        assert squeezed(node.called(language)) in text
        assert squeezed(node.remark.reason) in text
        for line in node.reasons(language) if node.is_indicator else ():
            assert squeezed(line.strip().removeprefix("· ")) in text
    for objection in review(assessment).objections:
        assert objection.code in text
    if card.score is not None:
        assert card.points_text(card.score) in text


def squeezed(text: str) -> str:
    return " ".join(plain(text).split())


HOSTILE = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.sampled_from(
            [
                "<script>",
                "**b**",
                "_i_",
                "~~s~~",
                "`c`",
                "[a](b)",
                "![a](b)",
                "<http://a.b>",
                "|",
                ">",
                "&amp;",
                "\\",
                "---",
                "===",
                "$x$",
                "@a",
                "http://a.b",
                "www.a.b",
                "a",
                "年",
                "\n\n",
                "\n# h",
                "# ",
                "- ",
                "1. ",
                "+ ",
                "\x1b[31m",
            ]
        ),
        max_size=4,
    ).map("".join),
)


@pytest.mark.slow
@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
@example("\r\r", "", "", "")
def test_text_from_files_marks_nothing_up(title: str, reason: str, unit: str, name: str) -> None:
    made = markdown(small(title=title or "x", reason=reason, unit=unit, name=name), "en")
    usual = markdown(small(title="x", reason="x", unit="x", name="x"), "en")
    found, expected = tokens(made), tokens(usual)
    assert {token.type for token in found} <= {token.type for token in expected}
    for counted in ("heading_open", "table_open", "blockquote_open"):
        assert [token.type for token in found].count(counted) == [token.type for token in expected].count(counted)
    if plain(reason).strip():
        assert squeezed(reason) in shown(made)
