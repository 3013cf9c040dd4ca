"""`rating`: a level, and a share of the points inside the level's range."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from one_indicator import TEN, agree, percent, problem_of, refused, score, scored
from reference import POINTS, SHARES

from perfeval import DefinitionError, Fact, quantity
from perfeval.expr.nodes import FactRef, label
from perfeval.facts import Given
from perfeval.rules import Level, Rating

LEVELS = (Level("达成", "", "80%", "100%"), Level("部分达成", "", "60%", "80%"), Level("未达成", "", "0%", "60%"))
HUBEI = (Level("达成", "", "80%", "100%"), Level("部分达成", "", "50%", "80%"), Level("未达成", "", "0%", "50%"))
LADDER = (Level("良好", share="100%"), Level("一般", share="80%"), Level("差", share="0%"))


def answer(level: str, share: str | None = None) -> dict[str, Given]:
    return {"x.level": Fact("x.level", level), "x.share": share}


@given(POINTS, SHARES, st.sampled_from(LEVELS))
@example(TEN, Fraction(4, 5), LEVELS[0])
@example(TEN, Fraction(4, 5), LEVELS[1])
@example(TEN, Fraction(3, 5), LEVELS[1])
@example(TEN, Fraction(3, 5), LEVELS[2])
@example(TEN, Fraction(1), LEVELS[0])
def test_the_share_counts_inside_its_level_and_nowhere_else(p: Fraction, share: Fraction, level: Level) -> None:
    assert level.from_ is not None
    assert level.to is not None
    facts = answer(level.name, percent(share))
    if level.from_ <= share < level.to or share == level.to == 1:
        agree(Rating(LEVELS), p, facts, p * share)
    else:
        assert "the share for" in problem_of(Rating(LEVELS), p, facts)


@given(POINTS, SHARES, st.permutations(LEVELS))
def test_the_order_the_levels_are_listed_in_changes_nothing(p: Fraction, share: Fraction, order: list[Level]) -> None:
    for level in LEVELS:
        facts = answer(level.name, percent(share))
        first, second = scored(Rating(LEVELS), p, facts), scored(Rating(tuple(order)), p, facts)
        assert (first.status, first.score) == (second.status, second.score)


@given(POINTS, st.sampled_from(LADDER))
def test_a_level_with_a_fixed_share_needs_no_other_answer(p: Fraction, level: Level) -> None:
    assert level.share is not None
    agree(Rating(LADDER), p, answer(level.name), p * level.share)


@pytest.mark.parametrize(
    ("level", "share", "award"),
    [
        ("达成", "100%", 10),
        ("达成", "80%", 8),
        ("达成", "79.99%", None),
        ("部分达成", "80%", None),
        ("部分达成", "79.99%", "7.999"),
        ("部分达成", "60%", 6),
        ("未达成", "60%", None),
        ("未达成", "59.99%", "5.999"),
        ("未达成", "0%", 0),
        ("未达成", "-1%", None),
        ("达成", "101%", None),
    ],
)
def test_80_and_60_percent_belong_to_the_level_above(level: str, share: str, award: object) -> None:
    node = scored(Rating(LEVELS), TEN, answer(level, share))
    assert (node.status, node.score) == (("error", None) if award is None else ("scored", Fraction(str(award))))


def test_the_form_of_hubei_cuts_at_50() -> None:
    assert score(Rating(HUBEI), TEN, answer("部分达成", "50%")) == 5
    assert "the share for" in problem_of(Rating(HUBEI), TEN, answer("未达成", "50%"))


def test_good_10_fair_8_poor_nothing() -> None:
    assert [score(Rating(LADDER), TEN, answer(each.name)) for each in LADDER] == [10, 8, 0]


def test_a_level_without_a_share_leaves_the_score_unknown() -> None:
    assert scored(Rating(LEVELS), TEN, answer("达成")).status == "unknown"
    assert scored(Rating(LEVELS), TEN, {}).status == "unknown"


def test_a_word_that_is_no_level_is_an_error() -> None:
    assert "达成, 部分达成, 未达成" in problem_of(Rating(LEVELS), TEN, answer("一般", "70%"))


def test_the_actual_of_a_rating_is_the_name_of_one_fact() -> None:
    with pytest.raises(DefinitionError, match="name of one fact"):
        Rating(LEVELS).award(TEN, FactRef("x") + 1)
    with pytest.raises(DefinitionError, match="name of one fact"):
        scored(Rating(LEVELS), TEN, {}, actual="x + 1")


HIGH = {"name": "高", "from": "80%", "to": "100%"}


@pytest.mark.parametrize(
    ("levels", "at"),
    [
        ([], ["levels"]),
        ([{"from": "80%", "to": "100%"}], ["levels.0"]),
        ([{"name": "高"}], ["levels.0"]),
        ([{"name": "高", "from": "80%"}], ["levels.0"]),
        ([{"name": "高", "from": "100%", "to": "80%"}], ["levels.0.from"]),
        ([{"name": "高", "from": "80%", "to": "80%"}], ["levels.0.from"]),
        ([{"name": "高", "from": "80%", "to": "110%"}], ["levels.0.to"]),
        ([{"name": "高", "from": "80", "to": "100"}], ["levels.0.from", "levels.0.to"]),
        ([{"name": "高", "share": "110%"}], ["levels.0.share"]),
        ([{**HIGH, "share": "90%"}], ["levels.0.share"]),
        ([HIGH, {"name": "高", "from": "0%", "to": "80%"}], ["levels.1.name"]),
        ([HIGH, {"name": "中", "from": "60%", "to": "90%"}], ["levels"]),
        ([HIGH, {"name": "中", "share": "90%"}], ["levels"]),
        ([{"name": f"{each}", "share": "1%"} for each in range(101)], ["levels"]),
    ],
)
def test_levels_that_make_no_sense_are_refused_where_they_stand(levels: object, at: list[str]) -> None:
    assert refused(kind="rating", levels=levels) == at


def test_all_the_faults_of_a_rating_are_told_at_once() -> None:
    levels = [HIGH, {"name": "中", "from": "60%", "to": "90%"}, {"name": "高", "from": "0%", "to": "60%"}]
    assert refused(kind="rating", levels=levels) == ["levels.2.name", "levels"]
    wrong = [{"name": "高", "from": "110%", "to": "120%"}, {"name": "低", "share": "-1%"}]
    assert refused(kind="rating", levels=wrong) == ["levels.0.from", "levels.0.to", "levels.1.share"]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("share", [None, "0%", "59.9%", "60%", "79.9%", "80%", "100%", "100.1%", "-1%"])
def test_an_answer_is_refused_where_it_stands_just_where_it_would_have_no_score(
    level: Level, share: str | None
) -> None:
    given = None if share is None else quantity(share)
    wrong = list(Rating(LEVELS).refused(level.name, given))
    if given is None:
        assert wrong == []
        return
    node = scored(Rating(LEVELS), TEN, answer(level.name, share))
    assert [each.path for each in wrong] == ([] if node.status == "scored" else [("share",)])
    for each in wrong:
        assert node.message is not None
        assert each.message.en == f"{node.message.en} (found {share}) — change the share, or the level"
        assert each.message.zh == f"{node.message.zh}（现为 {share}）— 请改比例，或换等级"


def test_the_edges_of_a_level_are_told_with_whether_they_belong_to_it() -> None:
    def said(level: str) -> tuple[str, str]:
        (found,) = Rating(LEVELS).refused(level, quantity("101%"))
        return found.message.zh.partition("（现为")[0], found.message.en.partition(" (found")[0]

    assert said("达成") == (
        "“达成”的评定比例应在 80%（含）至 100%（含）之间",
        'the share for "达成" lies between 80% (included) and 100% (included)',
    )
    assert said("未达成") == (
        "“未达成”的评定比例应在 0%（含）至 60%（不含）之间",
        'the share for "未达成" lies between 0% (included) and 60% (excluded)',
    )


def test_a_level_with_a_fixed_share_takes_no_notice_of_another() -> None:
    assert list(Rating(LADDER).refused("一般", quantity("3%"))) == []


@pytest.mark.parametrize(
    ("word", "zh", "en"),
    [
        ("部分达到", "是否应为“部分达成”？", 'did you mean "部分达成"?'),
        ("优", "请写其中之一", "write one of these"),
    ],
)
def test_a_word_that_is_no_level_is_refused_with_the_nearest_or_all(word: str, zh: str, en: str) -> None:
    (found,) = Rating(LEVELS).refused(word)
    assert found.path == ("level",)
    assert found.message.zh == f"没有评判等级“{word}”，应为：达成、部分达成、未达成 — {zh}"
    assert found.message.en == f'there is no level "{word}", the level is one of: 达成, 部分达成, 未达成 — {en}'


def test_a_rating_reads_its_answer_through_a_label() -> None:
    rating = Rating(LEVELS)
    assert rating.award(TEN, label("完成值", "actual", FactRef("x"))) == rating.award(TEN, FactRef("x"))
    with pytest.raises(DefinitionError) as caught:
        rating.award(TEN, FactRef("x") + 1)
    assert [each.path for each in caught.value.problems] == [("actual",)]


def test_more_than_a_hundred_levels_are_refused_by_the_rule_itself() -> None:
    with pytest.raises(DefinitionError) as caught:
        Rating(tuple(Level(str(each), share=Fraction(each, 1000)) for each in range(101)))
    assert [each.path for each in caught.value.problems] == [("levels",)]
