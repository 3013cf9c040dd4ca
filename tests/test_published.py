"""Published self-evaluation tables, scored by rule: every departure from the printed score, and no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import tomli

import perfeval

PUBLISHED = Path(__file__).parent.parent / "examples" / "published"

TIANCHANG = "tianchang-water-2022-flood-drought"
ZHONGJIANG = "zhongjiang-water-2022-gauge"
LANGFANG = "langfang-food-school-2019-hvac"
COMMISSIONED = "tangxi-town-2022-commissioned-services"
VILLAGES = "tangxi-town-2022-village-operations"
JINZHAI = "jinzhai-tea-valley-2023-department"
LINGLING = "lingling-forestry-2021-department"
QINGSHEN = "qingshen-ndrc-2023-salaries"

CASES = (TIANCHANG, ZHONGJIANG, LANGFANG, COMMISSIONED, VILLAGES, JINZHAI, LINGLING, QINGSHEN)

# (case, indicator): the exact award, the award to two places, the printed score.
DEPARTURES = {
    (LANGFANG, "execution"): (Fraction("37.24") / Fraction("43.2") * 10, Fraction("8.62"), 9),
    (LANGFANG, "output.quantity.project_funds"): (Fraction("37.24") / Fraction("43.2") * 10, Fraction("8.62"), 9),
    (COMMISSIONED, "execution"): (Fraction("89.974") / Fraction("89.974") * 10, Fraction(10), 0),
    (VILLAGES, "execution"): (Fraction("132.912") / Fraction("132.912") * 10, Fraction(10), 0),
    (LINGLING, "execution"): (Fraction("3824.26") / Fraction("4753.66") * 10, Fraction("8.04"), 10),
    (LINGLING, "benefit.economic.timber_sales"): (Fraction(1093) / Fraction(1100) * 6, Fraction("5.96"), 5),
    (LINGLING, "benefit.economic.forest_products"): (Fraction("2.45") / Fraction("2.6") * 6, Fraction("5.65"), 5),
}

# What no rule can score from what was published.
UNKNOWN = {
    TIANCHANG: {
        "output.quality.works_quality",
        "output.timeliness.payment",
        "output.cost.within_budget",
        "benefit.economic.flood_season",
        "benefit.social.no_losses",
        "benefit.sustainable.works_running",
    },
    ZHONGJIANG: {
        "output.quantity.gauge_length",
        "output.quantity.gauge_width",
        "output.timeliness.started_on_time",
        "output.timeliness.finished_on_time",
        "benefit.social.people",
        "benefit.social.living_conditions",
        "satisfaction.households",
    },
    LANGFANG: set(),
    COMMISSIONED: {
        "output.quality.spending_rules",
        "output.timeliness.reports_on_time",
        "output.cost.unit_cost",
        "benefit.social.fair_market",
        "benefit.ecological.cost_influence",
        "benefit.sustainable.four_systems",
        "satisfaction.missing",
    },
    VILLAGES: {
        "output.quality.eligibility",
        "output.quality.approval",
        "output.timeliness.on_time",
        "benefit.economic.committees",
        "benefit.social.motivation",
        "benefit.sustainable.missing",
        "satisfaction.missing",
    },
    JINZHAI: {"missing.rest"},
    LINGLING: {"benefit.social.employment", "benefit.ecological.missing", "satisfaction.missing"},
    QINGSHEN: {"output.quantity.coverage", "benefit.social.full_payment"},
}


def written(case: str) -> dict[str, Any]:
    return tomli.loads((PUBLISHED / f"{case}.toml").read_text(encoding="utf-8"))


def indicators(case: str) -> tuple[str, ...]:
    """The paths of all indicators: the execution rate, and what the assessment adds."""

    def below(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
        if "rule" in table:
            yield ".".join(path)
            return
        for key, value in table.items():
            if isinstance(value, dict):
                yield from below(value, (*path, key))

    return ("execution", *below(written(case)["tree"], ()))


def points_written(case: str) -> Fraction:
    """10 for execution, and the points of the assessment's own indicators."""

    def below(table: Mapping[str, Any]) -> Iterator[int]:
        if "rule" in table:
            yield table["points"]
            return
        for value in table.values():
            if isinstance(value, dict):
                yield from below(value)

    return Fraction(10 + sum(below(written(case)["tree"])))


@pytest.fixture(scope="module")
def cards() -> Mapping[str, Any]:
    return {case: perfeval.evaluate(perfeval.load(PUBLISHED / f"{case}.toml")) for case in CASES}


def stated_sum(cards: Mapping[str, Any], case: str) -> Fraction:
    stated = (cards[case][path].stated for path in indicators(case))
    return sum((each for each in stated if each is not None), start=Fraction(0))


def test_every_file_in_the_folder_is_a_case_of_this_test() -> None:
    assert {path.stem for path in PUBLISHED.glob("*.toml")} == set(CASES)


@pytest.mark.parametrize(("case", "path"), DEPARTURES, ids=lambda value: value)
def test_the_score_by_rule_departs_from_the_printed_one(cards: Mapping[str, Any], case: str, path: str) -> None:
    exact, by_rule, printed = DEPARTURES[case, path]
    node = cards[case][path]
    assert abs(exact - by_rule) <= Fraction(1, 200)
    assert (node.status, node.score, node.stated) == ("scored", by_rule, Fraction(printed))


def test_nothing_else_departs(cards: Mapping[str, Any]) -> None:
    departing = {
        (case, path)
        for case in CASES
        for path in indicators(case)
        if (node := cards[case][path]).score is not None and node.stated is not None and node.score != node.stated
    }
    assert departing == set(DEPARTURES)


@pytest.mark.parametrize("case", CASES)
def test_only_what_was_not_published_is_unknown(cards: Mapping[str, Any], case: str) -> None:
    status = {path: cards[case][path].status for path in indicators(case)}
    assert {path for path, each in status.items() if each == "unknown"} == UNKNOWN[case]
    assert set(status.values()) <= {"scored", "unknown"}


@pytest.mark.parametrize("case", CASES)
def test_a_table_with_anything_unknown_has_no_total(cards: Mapping[str, Any], case: str) -> None:
    assert cards[case].complete is (not UNKNOWN[case])
    assert (cards[case].score is None) is bool(UNKNOWN[case])


@pytest.mark.parametrize("case", [case for case in CASES if case != ZHONGJIANG])
def test_the_points_add_up_to_100(case: str) -> None:
    assert points_written(case) == 100


# Tianchang


def test_tianchang_prints_100_and_its_rows_add_up_to_it(cards: Mapping[str, Any]) -> None:
    assert stated_sum(cards, TIANCHANG) == written(TIANCHANG)["published"]["score"] == 100


def test_tianchang_scores_its_empty_execution_rate_in_full(cards: Mapping[str, Any]) -> None:
    assert (
        Fraction(880) / Fraction(880) * 10
        == cards[TIANCHANG]["execution"].score
        == cards[TIANCHANG]["execution"].stated
        == 10
    )


def test_tianchang_gives_six_rows_without_target_or_actual_full_marks(cards: Mapping[str, Any]) -> None:
    assert len(UNKNOWN[TIANCHANG]) == 6
    assert all(cards[TIANCHANG][path].stated == 10 for path in UNKNOWN[TIANCHANG])


def test_tianchang_leaves_out_the_row_that_does_not_apply() -> None:
    assert "ecological" not in written(TIANCHANG)["tree"]["benefit"]


def test_tianchang_100_cannot_be_confirmed(cards: Mapping[str, Any]) -> None:
    assert cards[TIANCHANG].published.agrees is None


# Zhongjiang


def test_zhongjiang_rows_add_up_to_110_where_100_is_printed(cards: Mapping[str, Any]) -> None:
    assert points_written(ZHONGJIANG) == 10 + 70 + 20 + 10 == 110
    assert stated_sum(cards, ZHONGJIANG) == 110
    assert written(ZHONGJIANG)["published"]["score"] == 100


def test_zhongjiang_actual_values_copied_with_their_sign_are_not_known(cards: Mapping[str, Any]) -> None:
    copied = UNKNOWN[ZHONGJIANG] - {"benefit.social.living_conditions"}
    assert len(copied) == 6
    assert all(cards[ZHONGJIANG][path].stated == 10 for path in copied)


def test_zhongjiang_scores_what_was_measured(cards: Mapping[str, Any]) -> None:
    assert cards[ZHONGJIANG]["execution"].score == Fraction(20) / Fraction(20) * 10
    assert cards[ZHONGJIANG]["output.quality.acceptance"].score == 20
    assert cards[ZHONGJIANG]["output.cost.investment"].score == 10


# Langfang


def test_langfang_is_whole_and_comes_to_97_24_where_its_rows_add_up_to_98(cards: Mapping[str, Any]) -> None:
    assert cards[LANGFANG].score == Fraction("8.62") + Fraction("8.62") + 8 * Fraction(10) == Fraction("97.24")
    assert stated_sum(cards, LANGFANG) == 9 + 9 + 8 * 10 == 98
    assert "score" not in written(LANGFANG)["published"]


def test_langfang_prints_the_rule_rounded_to_whole_points() -> None:
    exact, _, printed = DEPARTURES[LANGFANG, "execution"]
    assert (exact + Fraction(1, 2)) // 1 == printed


# Tangxi


@pytest.mark.parametrize("case", [COMMISSIONED, VILLAGES])
def test_tangxi_total_row_is_zero_above_a_detail_row_spent_in_full(case: str) -> None:
    facts = written(case)["facts"]
    assert {row["value"] for row in facts["total_row"].values()} == {"0"}
    assert facts["budget"]["approved"]["value"] == facts["budget"]["executed"]["value"]


def test_tangxi_spent_65_6_percent_of_its_initial_budget() -> None:
    budget = written(VILLAGES)["facts"]["budget"]
    share = Fraction(budget["executed"]["value"]) / Fraction(budget["initial"]["value"])
    assert abs(share - Fraction("0.656")) <= Fraction("0.0005")


def test_tangxi_reports_a_cost_of_90_where_89_974_was_spent(cards: Mapping[str, Any]) -> None:
    facts = written(COMMISSIONED)["facts"]
    assert Fraction(facts["output"]["cost"]["total_cost"]["value"]) - Fraction(
        facts["budget"]["executed"]["value"]
    ) == Fraction("0.026")
    assert cards[COMMISSIONED]["output.cost.total_cost"].score == 8


def test_tangxi_reverse_indicator_earns_no_more_than_its_points(cards: Mapping[str, Any]) -> None:
    assert Fraction("202.6") / Fraction("132.9") > 1
    assert cards[VILLAGES]["output.cost.total_cost"].score == 10


def test_tangxi_expected_result_reached_is_a_level_without_a_share(cards: Mapping[str, Any]) -> None:
    node = cards[COMMISSIONED]["output.quality.spending_rules"]
    assert (node.status, node.score, node.stated) == ("unknown", None, 8)


# Jinzhai


def test_jinzhai_spent_more_than_its_budget_earns_ten_and_prints_no_score(cards: Mapping[str, Any]) -> None:
    assert abs(Fraction("338.31") / Fraction("329.77") - Fraction("1.0259")) <= Fraction("0.00005")
    assert (cards[JINZHAI]["execution"].score, cards[JINZHAI]["execution"].stated) == (10, None)


def test_jinzhai_153_percent_loses_nothing(cards: Mapping[str, Any]) -> None:
    assert Fraction(153, 100) < Fraction(3061) / Fraction(2000) < Fraction(1531, 1000)
    assert cards[JINZHAI]["output.quantity.toilets"].score == 10


def test_jinzhai_target_with_the_wrong_sign_is_met_all_the_same(cards: Mapping[str, Any]) -> None:
    assert written(JINZHAI)["tree"]["output"]["quantity"]["model_villages"]["rule"]["target"] == "≤4"
    assert cards[JINZHAI]["output.quantity.model_villages"].score == 10


def test_jinzhai_a_month_before_the_target_month_is_in_time(cards: Mapping[str, Any]) -> None:
    assert cards[JINZHAI]["output.timeliness.villages_accepted_in"].score == 5
    assert cards[JINZHAI]["output.timeliness.toilets_accepted_in"].score == 5


# Lingling


def test_lingling_prints_an_execution_rate_of_100_percent_for_80_45() -> None:
    assert written(LINGLING)["facts"]["budget"]["printed_rate"]["value"] == "100%"
    assert abs(Fraction("3824.26") / Fraction("4753.66") - Fraction("0.8045")) <= Fraction("0.00005")


def test_lingling_gives_no_reason_for_either_shortfall() -> None:
    economic = written(LINGLING)["tree"]["benefit"]["economic"]
    assert not any("reason" in each for each in economic.values())


def test_lingling_sources_and_uses_of_funds_agree_with_the_budget() -> None:
    facts = written(LINGLING)["facts"]
    funds = {name: Fraction(each["value"]) for name, each in facts["funds"].items()}
    assert funds["source_1"] + funds["source_2"] == Fraction(facts["budget"]["approved"]["value"])
    assert funds["use_1"] + funds["use_2"] == Fraction(facts["budget"]["approved"]["value"])


# Qingshen


def test_qingshen_was_published_blank_but_for_its_execution(cards: Mapping[str, Any]) -> None:
    assert cards[QINGSHEN]["execution"].score == Fraction("251.89") / Fraction("251.89") * 10
    assert all(cards[QINGSHEN][path].stated is None for path in indicators(QINGSHEN))


# What the checks find, and whether what was published can be right at all.

FINDINGS = {
    (COMMISSIONED, "printed-execution-rate"): "error",
    (COMMISSIONED, "total-row"): "error",
    (COMMISSIONED, "cost-is-what-was-spent"): "warning",
    (VILLAGES, "printed-execution-rate"): "error",
    (VILLAGES, "total-row"): "error",
    (LINGLING, "printed-execution-rate"): "error",
    (ZHONGJIANG, "points-by-level"): "error",
    (ZHONGJIANG, "points-add-up"): "error",
}
AGREEING = {
    (LANGFANG, "printed-execution-rate"),  # 86% is 86.20% as rounded
    (JINZHAI, "printed-execution-rate"),
    (QINGSHEN, "printed-execution-rate"),
    (ZHONGJIANG, "printed-execution-rate"),
    (ZHONGJIANG, "points-by-level"),  # execution and satisfaction
    (VILLAGES, "cost-is-what-was-spent"),  # 132.9 is 132.912 as rounded
    (LINGLING, "sources-and-uses"),
}
# Without a total, the items alone: langfang and lingling round and cut where the rule does not, tangxi scores a row of zeros.
CONTRADICTED = {LANGFANG, COMMISSIONED, VILLAGES, LINGLING, ZHONGJIANG}


def test_the_checks_find_the_contradictions_and_nothing_else() -> None:
    found = {case: perfeval.check(perfeval.load(PUBLISHED / f"{case}.toml")) for case in CASES}
    differing = {(case, each.id): each.severity for case in CASES for each in found[case].differing}
    assert differing == FINDINGS
    assert {(case, each.id) for case in CASES for each in found[case].agreeing} == AGREEING
    # The cell was left empty.
    assert [(case, each.id) for case in CASES for each in found[case].unknown] == [
        (TIANCHANG, "printed-execution-rate")
    ]


def test_the_audit_says_which_published_scores_cannot_be_right() -> None:
    found = {case: perfeval.audit(perfeval.load(PUBLISHED / f"{case}.toml")) for case in CASES}
    assert {case for case in CASES if found[case].contradicted} == CONTRADICTED
    assert {(case, item.node.path) for case in CASES for item in found[case].items if item.impossible} == set(
        DEPARTURES
    )
    assert found[ZHONGJIANG].adds_up is False
    assert (found[ZHONGJIANG].stated_total, found[ZHONGJIANG].published) == (Fraction(110), Fraction(100))
    assert found[TIANCHANG].adds_up is True
    assert found[TIANCHANG].verdict == "possible"
    assert found[TIANCHANG].points.judged == 60
