"""What does not apply is not lost: the share that a dimension attained is of its points that apply."""

from __future__ import annotations

from fractions import Fraction

from report_cases import beside_the_tree, texts

from every_rule import framework
from perfeval import Assessment, Dimension, Indicator, evaluate
from perfeval.comparing import compare
from perfeval.documents.markdown import markdown
from perfeval.documents.narrative import narrative
from perfeval.documents.outline import Chart
from perfeval.documents.view import report
from perfeval.framework import NotApplicable
from perfeval.rules import YesNo


def two(not_applicable: NotApplicable, applies: bool) -> Assessment:
    """12 points that are earned, 8 that may not apply, and 80 elsewhere."""
    tree = framework(
        Indicator("works", "工程", YesNo(), 80, "done", category="output.quantity"),
        Dimension(
            "benefit",
            "效益",
            (
                Indicator("sure", "人居", YesNo(), 12, "done", category="benefit.social"),
                Indicator("reuse", "利用", YesNo(), 8, "undone", applies="plant", category="benefit.ecological"),
            ),
        ),
        not_applicable=not_applicable,
    )
    return Assessment(tree, {"done": True, "undone": False, "plant": applies})


def test_the_share_of_a_dimension_is_of_the_points_that_count() -> None:
    shares = {
        (treated, applies): evaluate(two(treated, applies)).attainment("benefit")
        for treated in ("rescale", "full", "zero")
        for applies in (True, False)
    }
    assert shares == {
        ("rescale", True): Fraction(12, 20),
        ("rescale", False): Fraction(1),
        ("full", True): Fraction(12, 20),
        ("full", False): Fraction(1),
        ("zero", True): Fraction(12, 20),
        ("zero", False): Fraction(12, 20),
    }


def test_a_report_counts_what_does_not_apply_neither_as_points_nor_as_lost() -> None:
    shown = report(beside_the_tree(), "zh")
    bar = shown.attainments[1]
    assert (bar.title, bar.score, bar.points, bar.percent, bar.width) == ("效益", "10.2", "12", "85%", "85")
    assert (shown.tree[1].points, shown.tree[1].lost, shown.tree[1].marks) == ("20", "1.8", ("其中 8 分不适用",))
    assert "8 points not applicable" in report(beside_the_tree(), "en").tree[1].marks
    assert "| 效益 | 10.2 | 12 | 85% |" in markdown(beside_the_tree(), "zh")


def test_a_draft_draws_and_says_the_share_of_what_applies() -> None:
    draft = narrative(beside_the_tree())
    charts = [each for each in draft.body if isinstance(each, Chart)]
    assert [(title.zh, share) for title, share in charts[0].bars][1] == ("效益", Fraction(85, 100))
    assert any("效益（20分，其中8分不适用）得10.2分" in text for text in texts(draft, "zh"))


def test_a_dimension_of_which_nothing_applies_has_no_share() -> None:
    tree = framework(
        Indicator("works", "工程", YesNo(), 80, "done", category="output.quantity"),
        Indicator("reuse", "利用", YesNo(), 20, "undone", applies="plant", category="benefit.ecological"),
    )
    assessment = Assessment(tree, {"done": True, "undone": False, "plant": False})
    assert evaluate(assessment).attainment("reuse") is None
    bar = report(assessment, "zh").attainments[1]
    assert (bar.score, bar.percent) == ("不适用", "—")


def test_two_years_differ_by_what_was_attained_of_what_applies() -> None:
    row = next(
        each for each in compare(two("rescale", True), two("rescale", False)).rows if each.node.path == "benefit"
    )
    assert (row.difference, row.shares) == (Fraction(0), Fraction(8, 20))
