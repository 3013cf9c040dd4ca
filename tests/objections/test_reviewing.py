"""Reviewing: accepted objections, thresholds, the tally; and laws that hold for any scores."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs_text import ROOT
from perfeval import (
    Accepted,
    Assessment,
    DefinitionError,
    Dimension,
    Framework,
    Indicator,
    LoadError,
    Published,
    Remark,
    Review,
    Subject,
    Thresholds,
    evaluate,
    load,
    review,
)
from perfeval.objections import OBJECTIONS, review_of, tally
from perfeval.rules import Completion
from review_page import SOUND, changed, example

OVER = changed(SOUND, '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = "1500棵"\n')


def reviewed(text: str, folder: Path, thresholds: Thresholds | None = None) -> Review:
    (folder / "file.toml").write_text(text, "utf-8")
    return review(load(folder / "file.toml"), thresholds)


def accepting(*entries: str) -> str:
    return OVER + "".join(f"[[review.accepted]]\n{entry}\n" for entry in entries)


def codes(found: Review) -> list[str]:
    return [each.code for each in found.objections]


# Accepting.


def test_what_is_not_accepted_stands(tmp_path: Path) -> None:
    found = reviewed(OVER, tmp_path)
    assert codes(found) == ["over-completion", "facts-without-source"]
    assert (found.worst, found.accepted) == ("warning", ())
    assert [each.code for each in found.of("note")] == ["facts-without-source"]


@pytest.mark.parametrize("path", ["output.quantity.trees", "output.quantity", "output"])
def test_an_objection_is_accepted_at_its_indicator_or_at_a_dimension_above(path: str, tmp_path: Path) -> None:
    found = reviewed(accepting(f'code = "over-completion"\nindicator = "{path}"\nreason = "捐赠"'), tmp_path)
    assert codes(found) == ["facts-without-source"]
    assert [(each.code, by.reason) for each, by in found.accepted] == [("over-completion", "捐赠")]


@pytest.mark.parametrize("path", ["output.quantity.road", "benefit", "execution"])
def test_an_objection_elsewhere_stands_and_the_acceptance_is_told(path: str, tmp_path: Path) -> None:
    found = reviewed(accepting(f'code = "over-completion"\nindicator = "{path}"\nreason = "捐赠"'), tmp_path)
    assert codes(found) == ["over-completion", "facts-without-source", "accepted-without-cause"]
    assert path in found.objections[-1].message.zh


def test_an_objection_to_the_whole_table_is_not_accepted_at_an_indicator(tmp_path: Path) -> None:
    entry = 'code = "facts-without-source"\nindicator = "output.quantity.trees"\nreason = "遗失"'
    assert codes(reviewed(accepting(entry), tmp_path))[-1] == "accepted-without-cause"


def test_two_acceptances_of_one_objection_are_neither_without_cause(tmp_path: Path) -> None:
    everywhere = 'code = "over-completion"\nreason = "捐赠"'
    here = 'code = "over-completion"\nindicator = "output.quantity.trees"\nreason = "捐赠二"'
    found = reviewed(accepting(everywhere, here), tmp_path)
    assert codes(found) == ["facts-without-source"]
    assert [by.reason for _, by in found.accepted] == ["捐赠"]


def test_that_an_acceptance_has_no_cause_may_be_accepted_once_there_is_one(tmp_path: Path) -> None:
    idle = 'code = "year-mismatch"\nreason = "跨年项目"'
    known = 'code = "accepted-without-cause"\nreason = "每年照写"'
    found = reviewed(accepting(idle, known), tmp_path)
    assert codes(found) == ["over-completion", "facts-without-source"]
    assert [(each.code, by.reason) for each, by in found.accepted] == [("accepted-without-cause", "每年照写")]
    alone = reviewed(accepting(known), tmp_path)
    assert codes(alone) == ["over-completion", "facts-without-source", "accepted-without-cause"]


def test_accepting_leaves_the_score_as_it_is(tmp_path: Path) -> None:
    found = reviewed(accepting('code = "over-completion"\nreason = "捐赠"'), tmp_path)
    assert found.card.score == Fraction("97.1")


def test_an_acceptance_needs_a_code_there_is_and_a_reason() -> None:
    with pytest.raises(DefinitionError, match='did you mean "over-completion"'):
        Accepted("over-completed", "reason")
    with pytest.raises(DefinitionError, match="accepted for a reason"):
        Accepted("over-completion", "  ")
    with pytest.raises(DefinitionError) as refused:
        Accepted("none-such", "")
    assert len(refused.value.problems) == 2


def test_an_acceptance_of_a_node_there_is_not_is_refused_in_python_too(tmp_path: Path) -> None:
    assessment = load(example("over-completion", tmp_path))
    with pytest.raises(DefinitionError, match=r'did you mean "output.quantity.trees"'):
        Assessment(
            assessment.framework, assessment.facts, accepted=(Accepted("over-completion", "r", "output.quantity.tree"),)
        )


def test_every_wrong_acceptance_of_a_file_is_told_at_its_place(tmp_path: Path) -> None:
    text = accepting(
        'code = "over-completed"\nreason = "r"',
        'code = "over-completion"\nreason = " "',
        'code = "over-completion"\nindicator = "output.tree"\nreason = "r"',
        'code = "over-completion"',
        'code = "over-completion"\nreason = "r"\nwhere = "x"',
    )
    with pytest.raises(LoadError) as refused:
        reviewed(text, tmp_path)
    first = OVER.count("\n") + 2
    places = [(each.place.line, each.place.column) for each in refused.value.problems if each.place]
    assert places == [(first, 8), (first + 4, 10), (first + 7, 13), (first + 9, 1), (first + 14, 1)]
    assert [("over-completion" in each.message.en, "reason" in each.message.en) for each in refused.value.problems][
        :2
    ] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("[review]\naccept = 1\n", 'unknown key "accept"'),
        ("[review]\naccepted = 1\n", "accepted is an array of tables"),
        ("[review]\naccepted = [1]\n", "a table"),
    ],
)
def test_a_review_table_of_another_shape_is_refused(table: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=said.replace("[", r"\[")):
        reviewed(SOUND + table, tmp_path)


def test_a_review_that_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="review is a table"):
        reviewed("review = 1\n" + SOUND, tmp_path)


# Thresholds.


def test_a_line_may_be_drawn_elsewhere(tmp_path: Path) -> None:
    assert "over-completion" in codes(reviewed(OVER, tmp_path, Thresholds(over_completion="149%")))
    assert "over-completion" not in codes(reviewed(OVER, tmp_path, Thresholds(over_completion=Fraction(3, 2))))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("over_completion", "99%"),
        ("low_execution", "-1%"),
        ("fewest", "1"),
        ("fewest", "two"),
        ("assumed", "20"),
        ("fewest", True),
    ],
)
def test_a_line_that_makes_no_sense_is_refused(name: str, value: str) -> None:
    with pytest.raises(DefinitionError):
        Thresholds(**{name: value})


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("execution-low", {"low_execution": "85%"}),
        ("budget-adjusted", {"adjusted": "30%"}),
        ("unequal-treatment", {"different_share": "20%"}),
        ("far-from-published", {"far_apart": "7%"}),
        ("one-fact-many-points", {"one_fact": "95%"}),
        ("heavy-indicator", {"heaviest": "60%"}),
        ("assumed-points", {"assumed": "21%"}),
        ("full-marks-beside-problems", {"full_marks": "99.5%"}),
        ("spending-against-results", {"little_spent": "40%"}),
        ("all-actuals-equal", {"fewest": "8"}),
        ("all-ratings-top", {"fewest": "6"}),
    ],
)
def test_each_line_decides_its_objection(code: str, lines: dict[str, str], tmp_path: Path) -> None:
    assessment = load(example(code, tmp_path))
    assert code in codes(review(assessment))
    assert code not in codes(review(assessment, Thresholds(**lines)))


def test_all_spent_and_outputs_short_is_drawn_by_two_lines(tmp_path: Path) -> None:
    change = (
        '@@ facts.budget\n-executed = { value = "19.95万元", source = "决算报表" }\n+executed = "21万元"\n'
        '@@ facts.road\n-greened = { value = "4.8公里", source = "验收单" }\n+greened = "1公里"\n'
        '@@ tree.output.quantity.road\n-reason = "北段 200 米尚未交地"\n'
    )
    (tmp_path / "short.toml").write_text(changed(SOUND, change), "utf-8")
    assessment = load(tmp_path / "short.toml")
    assert "spending-against-results" in codes(review(assessment))  # the trees are done, the road by a fifth: 60%
    assert "spending-against-results" not in codes(review(assessment, Thresholds(short_outputs=Fraction(60, 100))))
    assert "spending-against-results" not in codes(review(assessment, Thresholds(all_spent=Fraction(101, 100))))


# The tally.


def test_the_tally_counts_objections_files_and_units() -> None:
    folder = ROOT / "examples" / "published"
    reviews = [review(load(path)) for path in sorted(folder.glob("*.toml"))]
    counted = {each.kind.code: each for each in tally(reviews)}
    vague = counted["vague-indicator"]
    assert (vague.times, vague.files) == (7, 4)
    assert list(vague.units.items()) == [
        ("池州市贵池区棠溪镇人民政府", 5),
        ("永州市零陵区林业局", 1),
        ("中江县水利局", 1),
    ]
    assert sum(each.times for each in counted.values()) == sum(len(each.objections) for each in reviews)
    order = [kind.code for kind in OBJECTIONS]
    assert [each.kind.code for each in tally(reviews)] == [code for code in order if code in counted]


def test_what_is_accepted_is_not_counted(tmp_path: Path) -> None:
    found = reviewed(accepting('code = "over-completion"\nreason = "捐赠"'), tmp_path)
    assert [each.kind.code for each in tally([found])] == ["facts-without-source"]
    assert tally([]) == ()


# Laws.

_POINTS = st.integers(1, 60)
_ROWS = st.lists(
    st.tuples(st.integers(1, 40), st.integers(0, 200), st.integers(0, 50) | st.none()), min_size=1, max_size=5
)


def _assessment(rows: list[tuple[int, int, int | None]], published: int | None) -> Assessment:
    leaves = tuple(
        Indicator(f"i{at}", f"row {at}", Completion("≥100人"), points, actual=f"f{at}")
        for at, (points, _, _) in enumerate(rows)
    )
    output = Dimension("output", "output", leaves, category="output.quantity")
    framework = Framework("law", "law", (output,), points=sum(points for points, _, _ in rows))
    return Assessment(
        framework,
        {f"f{at}": f"{actual}人" for at, (_, actual, _) in enumerate(rows)},
        Subject(unit="u", year=2020),
        Published(score=published),
        {f"output.i{at}": Remark(stated=stated) for at, (_, _, stated) in enumerate(rows)},
    )


@given(rows=_ROWS, published=st.integers(0, 200) | st.none())
def test_a_review_is_the_same_each_time_and_in_the_order_of_the_kinds(
    rows: list[tuple[int, int, int | None]], published: int | None
) -> None:
    assessment = _assessment(rows, published)
    found = review(assessment)
    assert found.objections == review_of(evaluate(assessment)).objections
    order = [kind.code for kind in OBJECTIONS]
    assert [order.index(each.code) for each in found.objections] == sorted(
        order.index(each.code) for each in found.objections
    )


@given(rows=_ROWS, published=st.integers(0, 200) | st.none())
def test_the_sum_is_objected_to_just_when_it_is_off(
    rows: list[tuple[int, int, int | None]], published: int | None
) -> None:
    stated = [each for _, _, each in rows if each is not None]
    off = published is not None and len(stated) == len(rows) and sum(stated) != published
    assert ("stated-sum" in codes(review(_assessment(rows, published)))) is off


@given(rows=_ROWS)
def test_each_stated_score_that_is_not_the_rules_is_objected_to_once_or_explained_by_rounding(
    rows: list[tuple[int, int, int | None]],
) -> None:
    found = review(_assessment(rows, None))
    about_scores = {
        *(
            "stated-above-points",
            "target-met-points-lost",
            "target-missed-full-points",
            "stated-off-rule",
            "score-rounded",
        ),
    }
    for node in found.card.indicators:
        told = [each.code for each in found.objections if each.path == node.path and each.code in about_scores]
        assert len(told) == int(node.stated is not None and node.stated != node.score), (node.path, told)


@given(rows=_ROWS)
def test_accepting_all_that_is_raised_leaves_nothing(rows: list[tuple[int, int, int | None]]) -> None:
    assessment = _assessment(rows, 7)
    raised = {(each.code, each.path) for each in review(assessment).objections}
    known = tuple(Accepted(code, "known", path) for code, path in sorted(raised, key=str))
    quiet = Assessment(
        assessment.framework,
        assessment.facts,
        assessment.subject,
        assessment.published,
        assessment.remarks,
        accepted=known,
    )
    found = review(quiet)
    assert found.objections == ()
    assert {(each.code, each.path) for each, _ in found.accepted} == raised
