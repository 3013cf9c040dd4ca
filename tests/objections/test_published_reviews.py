"""The published tables: exactly these objections, each with why it is right, and no other."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from docs_text import ROOT
from perfeval import check, load, review

EXAMPLES = ROOT / "examples"

# file: (code, path or None for the whole table).
RAISED: dict[str, tuple[tuple[str, str | None], ...]] = {
    "published/tianchang-water-2022-flood-drought": (
        # Six rows have neither target nor actual value, and 10 points each.
        ("no-actual", "output.quality.works_quality"),
        ("no-actual", "output.timeliness.payment"),
        ("no-actual", "output.cost.within_budget"),
        ("no-actual", "benefit.economic.flood_season"),
        ("no-actual", "benefit.social.no_losses"),
        ("no-actual", "benefit.sustainable.works_running"),
        # 100% satisfied, and not a word on who was asked.
        ("satisfaction-without-survey", "satisfaction.people_served"),
    ),
    "published/zhongjiang-water-2022-gauge": (
        # Rows of 110 points scored in full under a total of 100; the table itself has 110 points.
        ("stated-sum", None),
        ("points-not-100", None),
        # Six cells that copy the target with its sign.
        ("actual-copies-target", "output.quantity.gauge_length"),
        ("actual-copies-target", "output.quantity.gauge_width"),
        ("actual-copies-target", "output.timeliness.started_on_time"),
        ("actual-copies-target", "output.timeliness.finished_on_time"),
        ("actual-copies-target", "benefit.social.people"),
        ("actual-copies-target", "satisfaction.households"),
        # A planned investment printed without a sign: the one it is read with is ours, and not objected to.
        # 显著提升 as a target and as an actual value: it was filled in, and cannot be measured.
        ("vague-indicator", "benefit.social.living_conditions"),
        ("satisfaction-without-survey", "satisfaction.households"),
    ),
    "published/langfang-food-school-2019-hvac": (
        # 8.62 printed as 9, in two rows.
        ("score-rounded", "execution"),
        ("score-rounded", "output.quantity.project_funds"),
        # 86.20% executed: the reason stands at the row of the same amount, and is not asked for again.
        # 43.2万元 as a quantity.
        ("wrong-category", "output.quantity.project_funds"),
        # 100 for 100%, in six rows.
        ("bare-rate", None),
        ("satisfaction-without-survey", "satisfaction.students"),
        # 37.24万元 loses points as execution and as a quantity.
        ("one-loss-twice", "output.quantity.project_funds"),
    ),
    "published/tangxi-town-2022-commissioned-services": (
        # Scored by a total row of zeros, while all was spent.
        ("execution-score", "execution"),
        # 控制基建项目成本 as an ecological benefit.
        ("wrong-category", "benefit.ecological.cost_influence"),
        # 效果明显 as a standard, three times.
        ("vague-indicator", "benefit.social.fair_market"),
        ("vague-indicator", "benefit.ecological.cost_influence"),
        ("vague-indicator", "benefit.sustainable.four_systems"),
        # Six ratings, all with full marks.
        ("all-ratings-top", None),
    ),
    "published/tangxi-town-2022-village-operations": (
        ("execution-score", "execution"),
        # 202.64 to 132.912万元, without a word.
        ("budget-adjusted", "execution"),
        ("vague-indicator", "benefit.economic.committees"),
        ("vague-indicator", "benefit.social.motivation"),
        ("all-ratings-top", None),
    ),
    "published/jinzhai-tea-valley-2023-department": (
        # 102.59% executed, and the one score left empty.
        ("score-missing", "execution"),
        ("execution-over-100", "execution"),
        # ≤4 villages to build.
        ("sign-contradicts", "output.quantity.model_villages"),
        # 3061 of 2000 toilets; the villages (202 of 200) are no case of it.
        ("over-completion", "output.quantity.toilets"),
    ),
    "published/lingling-forestry-2021-department": (
        # 1093 of 1100, and 2.45 of 2.6: 5 of 6 points each, which is neither rule nor rounding.
        ("stated-off-rule", "benefit.economic.timber_sales"),
        ("stated-off-rule", "benefit.economic.forest_products"),
        # 10 points at 80.45%, and no reason for it.
        ("execution-score", "execution"),
        ("execution-low", "execution"),
        # 显著 as target and as actual value: it was filled in, and cannot be measured.
        ("vague-indicator", "benefit.social.employment"),
        # Two shortfalls without a reason.
        ("lost-without-reason", "benefit.economic.timber_sales"),
        ("lost-without-reason", "benefit.economic.forest_products"),
    ),
    "published/qingshen-ndrc-2023-salaries": (
        # Published with actual values and scores empty; 60 of 100 points on one row.
        ("published-blank", None),
        ("heavy-indicator", "output.quantity.coverage"),
    ),
    "panzhihua-dongqu-2023/department": (
        # 23.5 points rest on assumptions, as the example's README says. The adjusted budget has its reason.
        ("assumed-points", None),
    ),
    "panzhihua-dongqu-2023/land-requisition": (
        # Three head counts and three sums of money, equal to the last digit.
        ("all-actuals-equal", None),
        # A sentence without a survey, as the README says.
        ("satisfaction-without-survey", "satisfaction.society"),
        ("assumed-points", None),
    ),
}


def test_every_example_is_a_case_of_this_test() -> None:
    sheets = ("checks.toml", "facts.toml")
    there = {f"{path.parent.name}/{path.stem}" for path in EXAMPLES.glob("*/*.toml") if path.name not in sheets}
    assert there == set(RAISED)


@pytest.mark.parametrize("file", RAISED)
def test_exactly_these_objections_are_raised(file: str) -> None:
    found = review(load(EXAMPLES / f"{file}.toml"))
    assert Counter((each.code, each.path) for each in found.objections) == Counter(RAISED[file])


def test_what_the_readme_leaves_to_review_names_the_codes_that_are_raised() -> None:
    text = (EXAMPLES / "published" / "README.md").read_text("utf-8")
    rows = [
        line for line in text.partition("## What scoring cannot show")[2].splitlines() if "`" in line and "|" in line
    ]
    named = 0
    for line in rows:
        files = [file for file in RAISED if Path(file).name.startswith(line.split("|")[1].split(",")[0].strip())]
        for entry in line.split("|")[3].split(","):
            if "`" not in entry:
                continue
            named += 1
            kind, code, _ = entry.split("`")
            if kind.strip() == "check":
                results = [check(load(EXAMPLES / f"{file}.toml")) for file in files]
                assert code in {each.id for result in results for each in (*result.differing, *result.unknown)}, line
            else:
                assert any(code in {each for each, _ in RAISED[file]} for file in files), line
    assert named >= 12
