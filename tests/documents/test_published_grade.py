"""A published grade is told in the reader's language, wherever a score is shown."""

from __future__ import annotations

import pytest
from report_cases import texts
from rich.console import Console

from every_rule import framework, indicator
from perfeval import Assessment, Published, evaluate, quantity, review
from perfeval.documents.markdown import markdown
from perfeval.documents.narrative import narrative
from perfeval.documents.page import page
from perfeval.errors import Language
from perfeval.report.terminal import score_table


def shown(grade: str, language: Language) -> dict[str, str]:
    """What each form says of a total of 85 beside a published grade."""
    assessment = Assessment(
        framework(indicator("works", 100)), {"works": "85分"}, published=Published(quantity("85分"), grade)
    )
    console = Console(width=200)
    with console.capture() as said:
        console.print(score_table(evaluate(assessment), language))
    return {
        "score": said.get(),
        "page": page(assessment, language),
        "markdown": markdown(assessment, language),
        "draft": "\n".join(texts(narrative(assessment), language)),
        "review": "\n".join(each.message.to(language) for each in review(assessment).objections),
    }


@pytest.mark.parametrize("grade", ["优", "优秀", "excellent"])
def test_in_english_a_published_grade_has_its_english_name(grade: str) -> None:
    said = shown(grade, "en")
    assert {name for name, text in said.items() if "excellent" not in text} == set()


def test_in_chinese_it_stays_as_it_was_published() -> None:
    assert {name for name, text in shown("优秀", "zh").items() if "优秀" not in text} == set()


def test_a_word_that_is_no_grade_stays_as_it_is() -> None:
    assert "甲等" in shown("甲等", "en")["score"]
