"""Each objection is raised where it should be (docs/review.md) and nowhere near it; what it says holds the figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from near_misses import NEAR_MISSES

from perfeval import Review, Thresholds, load, review
from perfeval.codes import OBJECTION_CODES
from perfeval.objections import OBJECTIONS
from review_page import SOUND, changed, example


def reviewed(change: str, folder: Path, thresholds: Thresholds | None = None) -> Review:
    (folder / "file.toml").write_text(changed(SOUND, change), "utf-8")
    return review(load(folder / "file.toml"), thresholds)


def codes(found: Review) -> set[str]:
    return {each.code for each in found.objections}


@pytest.mark.parametrize(("code", "why", "change"), NEAR_MISSES, ids=lambda value: str(value)[:60])
def test_what_comes_near_an_objection_does_not_raise_it(code: str, why: str, change: str, tmp_path: Path) -> None:
    assert code not in codes(reviewed(change, tmp_path)), why


def test_there_is_a_near_miss_for_each_objection() -> None:
    assert {code for code, _, _ in NEAR_MISSES} == set(OBJECTION_CODES)


@pytest.mark.parametrize("code", OBJECTION_CODES)
def test_an_objection_says_the_same_in_both_languages_about_a_node_that_is_there(code: str, tmp_path: Path) -> None:
    found = review(load(example(code, tmp_path)))
    for each in found.objections:
        assert each.message.zh
        assert each.message.en
        assert (each.path is None) is (each.indicator is None)
        assert each.path is None or each.path in found.card.nodes
        assert all(fact.name in found.card.facts or fact.status == "unknown" for fact in each.facts)


def test_kinds_have_codes_of_their_own_and_words_in_both_languages() -> None:
    assert len({kind.code for kind in OBJECTIONS}) == len(OBJECTIONS)
    assert all(kind.title.zh and kind.title.en and kind.answer.zh and kind.answer.en for kind in OBJECTIONS)


SAID = {
    "stated-sum": (
        "各项公布得分合计 97.1 分，公布总分 98 分，少 0.9 分",
        "add up to 97.1, the published total is 98: 0.9 too few",
    ),
    "level-sum": ("表中得 50 分，其下各项得分合计 49.6 分", "50 points are stated, those below it add up to 49.6"),
    "stated-above-points": ("表中得 16 分，该项最多 15 分", "16 points are stated, where 15 are the most"),
    "target-missed-full-points": (
        "指标值 ≥5公里、完成值 4.8公里，按规则得 9.6 分，表中得满分 10 分",
        "the rule gives 9.6 points",
    ),
    "stated-outside-level": ("应得分值的 60%—80%，表中得 18 分，为 90%", "18 stated is 90%"),
    "score-rounded": ("按规则得 9.64 分，表中取整为 9.6 分，相差 0.04 分", "rounds them to 9.6, 0.04 off"),
    "unequal-treatment": ("（96% 与 96%），得分却为分值的 96% 与 80%", "96% of its points and 80% of the other's"),
    "far-from-published": ("公布总分 91 分，按规则为 97.1 分，低 6.1 分", "6.1 too low"),
    "grade-mismatch": ("总分 97.1 分应为“优”，公布等级为“良”", 'a total of 97.1 is "excellent"'),
    "execution-over-100": ("执行率 102.38%", "102.38%"),
    "budget-adjusted": ("年初预算 20万元，调整后 25万元，追加 25%", "was raised by 25% to 25万元"),
    "spending-against-results": ("预算只执行 47.62%，2 项数量指标却全部完成", "only 47.62% of the budget was spent"),
    "over-completion": ("指标值 ≥1000棵、完成值 1500棵，完成率 150%，超过 130%", "150% done, above 130%"),
    "actual-copies-target": ("完成值“≥1000棵”照抄指标值", '"≥1000棵" copies the target'),
    "target-changed": ("指标值由“≥1200棵”改为“≥1000棵”", 'from "≥1200棵" to "≥1000棵"'),
    "mixed-money-units": ("有的写 186000元，有的写 19.95万元", "186000元 here, 19.95万元 there"),
    "assumed-points": ("20 分依据假定的事实，占 20%", "20 points rest on assumed facts, 20% of all"),
    "one-fact-many-points": (
        "2 项指标共 90 分（90%）都取决于“planted”一个数",
        '2 indicators with 90 points (90%) all rest on "planted"',
    ),
}


@pytest.mark.parametrize("code", SAID)
def test_the_message_holds_the_figures(code: str, tmp_path: Path) -> None:
    found = review(load(example(code, tmp_path)))
    (objection,) = [each for each in found.objections if each.code == code]
    zh, en = SAID[code]
    assert zh in objection.message.zh
    assert en in objection.message.en


# What one wrong figure must not set off.


def test_an_objection_is_not_raised_twice_under_two_names(tmp_path: Path) -> None:
    for code in OBJECTION_CODES:
        found = review(load(example(code, tmp_path)))
        at = [(each.code, each.path, each.message.zh) for each in found.objections]
        assert len(at) == len(set(at)), code


@pytest.mark.parametrize(
    ("change", "raised"),
    [
        # A full score for a missed target makes the total wrong as well, and that is all.
        ("@@ tree.output.quantity.road\n-stated = 9.6\n+stated = 10\n", {"target-missed-full-points", "stated-sum"}),
        ("@@ tree.output.quality.survival\n-stated = 10\n+stated = 8\n", {"target-met-points-lost", "stated-sum"}),
        ("@@ tree.execution\n-stated = 9.5\n+stated = 0\n", {"execution-score", "stated-sum"}),
        ('@@ published\n-grade = "优"\n+grade = "甲"\n', {"grade-mismatch"}),
        ('@@ tree.output.quantity.road\n-reason = "北段 200 米尚未交地"\n+reason = "无。"\n', {"lost-without-reason"}),
    ],
)
def test_one_fault_sets_off_what_it_is_and_no_more(change: str, raised: set[str], tmp_path: Path) -> None:
    assert codes(reviewed(change, tmp_path)) == raised


def test_a_cost_target_in_money_with_the_wrong_sign_is_raised(tmp_path: Path) -> None:
    change = '@@ tree.output.cost.total\n-rule = { kind = "completion", target = "≤19.5万元" }\n+rule = { kind = "completion", target = "≥18万元" }\n'
    assert codes(reviewed(change, tmp_path)) == {"sign-contradicts"}


def test_a_row_that_does_not_apply_is_not_reviewed(tmp_path: Path) -> None:
    change = (
        '@@ facts.jobs\n-hired = { value = "22人", source = "务工名册" }\n+hired = "0人"\n'
        '@@ tree.benefit.social.jobs\n-stated = 10\n+applies = "jobs.hired > 0"\n'
    )
    assert codes(reviewed(change, tmp_path)) == {"stated-sum", "total-off-rule"}  # rescaled, 97.1 is 96.78
