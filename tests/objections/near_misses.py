"""For each objection, changes to the sound assessment of docs/review.md that come near it and must not raise it."""

from __future__ import annotations

__all__ = ["NEAR_MISSES"]

# Each: the code, what makes the difference, the change.
NEAR_MISSES: tuple[tuple[str, str, str], ...] = (
    ("stated-sum", "a total rounded at its own decimals", "@@ published\n-score = 97.1\n+score = 97\n"),
    (
        "stated-sum",
        "a row without a stated score",
        "@@ published\n-score = 97.1\n+score = 98\n@@ tree.execution\n-stated = 9.5\n",
    ),
    ("level-sum", "the sum of the rows below", "@@ end\n+[tree.output]\n+stated = 49.6\n"),
    (
        "level-sum",
        "a row below without a stated score",
        "@@ end\n+[tree.output]\n+stated = 50\n@@ tree.output.cost.total\n-stated = 10\n",
    ),
    ("points-not-100", "a hundred points", ""),
    ("stated-above-points", "as many as the points", ""),
    (
        "stated-above-points",
        "a bonus is provided for",
        "@@ tree.output.quantity.trees\n-stated = 15\n+stated = 16\n+bonus_up_to = 2\n",
    ),
    (
        "stated-not-applicable",
        "no score",
        '@@ facts.jobs\n-hired = { value = "22人", source = "务工名册" }\n+hired = { value = "0人", source = "务工名册" }\n@@ tree.benefit.social.jobs\n-stated = 10\n+applies = "jobs.hired > 0人"\n',
    ),
    (
        "stated-not-applicable",
        "a nought in the table",
        '@@ facts.jobs\n-hired = { value = "22人", source = "务工名册" }\n+hired = { value = "0人", source = "务工名册" }\n@@ tree.benefit.social.jobs\n-stated = 10\n+applies = "jobs.hired > 0人"\n+stated = 0\n',
    ),
    (
        "stated-not-applicable",
        "the points that the framework gives it then",
        '@@ facts.jobs\n-hired = { value = "22人", source = "务工名册" }\n+hired = { value = "0人", source = "务工名册" }\n@@ tree.benefit.social.jobs\n-stated = 10\n+applies = "jobs.hired > 0人"\n+not_applicable = "full"\n+stated = 10\n',
    ),
    ("stated-not-applicable", "a row that applies", '@@ tree.benefit.social.jobs\n+applies = "jobs.hired > 0人"\n'),
    (
        "stated-sum",
        "a score where nothing applies, which has its own code",
        '@@ facts.jobs\n-hired = { value = "22人", source = "务工名册" }\n+hired = { value = "0人", source = "务工名册" }\n@@ tree.benefit.social.jobs\n-stated = 10\n+applies = "jobs.hired > 0人"\n+stated = 10\n@@ published\n-score = 97.1\n+score = 90\n',
    ),
    (
        "level-sum",
        "a score where nothing applies, which has its own code",
        '@@ facts.jobs\n-hired = { value = "22人", source = "务工名册" }\n+hired = { value = "0人", source = "务工名册" }\n@@ tree.benefit.social.jobs\n-stated = 10\n+applies = "jobs.hired > 0人"\n+stated = 10\n@@ end\n+[tree.benefit.social]\n+stated = 10\n',
    ),
    (
        "target-met-points-lost",
        "a reason",
        '@@ tree.output.quality.survival\n-stated = 10\n+stated = 8\n+reason = "抽样不足"\n',
    ),
    (
        "target-met-points-lost",
        "a target that was missed",
        "@@ tree.output.quantity.road\n-stated = 9.6\n+stated = 9\n",
    ),
    ("target-missed-full-points", "the score by rule", ""),
    (
        "target-missed-full-points",
        "a target that was met",
        '@@ facts.road\n-greened = { value = "4.8公里", source = "验收单" }\n+greened = { value = "5公里", source = "验收单" }\n@@ tree.output.quantity.road\n-stated = 9.6\n+stated = 10\n',
    ),
    (
        "stated-outside-level",
        "a level that allows the score",
        '@@ facts.trees\n-green = { level = "达成年度指标", share = "90%", source = "村民议事会记录" }\n+green = { level = "达成年度指标", source = "村民议事会记录" }\n',
    ),
    ("stated-off-rule", "fewer points with a reason", "@@ tree.output.quantity.road\n-stated = 9.6\n+stated = 9\n"),
    (
        "stated-off-rule",
        "more decimals than the framework keeps",
        "@@ tree.output.quantity.road\n-stated = 9.6\n+stated = 9.601\n",
    ),
    ("score-rounded", "the score by rule", ""),
    ("score-rounded", "a score that no rounding gives", "@@ tree.output.quantity.road\n-stated = 9.6\n+stated = 9\n"),
    (
        "unequal-treatment",
        "completions further apart",
        '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = { value = "900棵", source = "验收单" }\n@@ tree.output.quantity.trees\n-stated = 15\n+stated = 12\n',
    ),
    (
        "unequal-treatment",
        "a rule with steps",
        '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = { value = "960棵", source = "验收单" }\n@@ tree.output.quantity.trees\n-rule = { kind = "completion", target = "≥1000棵" }\n+rule = { kind = "bands", bands = [["≥1000棵", 15], ["≥900棵", 12]] }\n-stated = 15\n+stated = 12\n',
    ),
    (
        "row-in-error",
        "a fact that is not known",
        '@@ facts.trees\n-survived = { value = "93%", source = "验收单" }\n+survived = ""\n',
    ),
    ("far-from-published", "4.9 points off", "@@ published\n-score = 97.1\n+score = 92.2\n"),
    ("total-off-rule", "far off, which has its own code", "@@ published\n-score = 97.1\n+score = 91\n"),
    ("total-off-rule", "the total cut off at its own decimals", "@@ published\n-score = 97.1\n+score = 97\n"),
    ("raters-far-apart", "raters 4 points apart", '@@ tree.benefit.ecological.green\n+stated_by = { "复核" = 14 }\n'),
    (
        "raters-far-apart",
        "raters who scored different rows",
        '@@ tree.benefit.ecological.green\n-stated = 18\n+stated_by = { "自评" = 18 }\n@@ tree.benefit.social.jobs\n-stated = 10\n+stated_by = { "复核" = 2 }\n',
    ),
    (
        "execution-low",
        "a reason where the same amount is measured",
        '@@ facts.budget\n-executed = { value = "19.95万元", source = "决算报表" }\n+executed = { value = "18万元", source = "决算报表" }\n@@ facts.trees\n-spent = { value = "18.6万元", source = "决算报表" }\n+spent = { value = "18万元", source = "决算报表" }\n@@ tree.output.cost.total\n+reason = "尾款次年支付"\n',
    ),
    ("grade-mismatch", "another word for the grade", '@@ published\n-grade = "优"\n+grade = "优秀"\n'),
    (
        "grade-mismatch",
        "a lower total with its own grade",
        '@@ published\n-score = 97.1\n-grade = "优"\n+score = 85\n+grade = "良"\n',
    ),
    ("bare-total", "item scores", ""),
    (
        "published-blank",
        "some rows filled in",
        '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = ""\n@@ tree.output.quantity.trees\n-stated = 15\n',
    ),
    (
        "execution-score",
        "rounded to whole points, which has its own code",
        "@@ tree.execution\n-stated = 9.5\n+stated = 10\n",
    ),
    (
        "execution-over-100",
        "exactly 100%",
        '@@ facts.budget\n-executed = { value = "19.95万元", source = "决算报表" }\n+executed = { value = "21万元", source = "决算报表" }\n',
    ),
    (
        "execution-over-100",
        "a reason",
        '@@ facts.budget\n-executed = { value = "19.95万元", source = "决算报表" }\n+executed = { value = "21.5万元", source = "决算报表" }\n@@ tree.execution\n+reason = "使用上年结转"\n',
    ),
    (
        "execution-low",
        "exactly 90%",
        '@@ facts.budget\n-executed = { value = "19.95万元", source = "决算报表" }\n+executed = { value = "18.9万元", source = "决算报表" }\n',
    ),
    (
        "execution-low",
        "a reason",
        '@@ facts.budget\n-executed = { value = "19.95万元", source = "决算报表" }\n+executed = { value = "18万元", source = "决算报表" }\n@@ tree.execution\n+reason = "尾款次年支付"\n',
    ),
    ("execution-points", "ten points", ""),
    (
        "budget-adjusted",
        "exactly 10%",
        '@@ facts.budget\n-approved = { value = "21万元", source = "追加批复" }\n+approved = { value = "22万元", source = "追加批复" }\n',
    ),
    (
        "budget-adjusted",
        "a reason",
        '@@ facts.budget\n-approved = { value = "21万元", source = "追加批复" }\n+approved = { value = "25万元", source = "追加批复" }\n@@ tree.execution\n+reason = "年中追加管护经费"\n',
    ),
    (
        "spending-against-results",
        "an output that fell short as well",
        '@@ facts.budget\n-executed = { value = "19.95万元", source = "决算报表" }\n+executed = { value = "10万元", source = "决算报表" }\n',
    ),
    (
        "spending-against-results",
        "a reason for the shortfall",
        '@@ facts.budget\n-executed = { value = "19.95万元", source = "决算报表" }\n+executed = { value = "21万元", source = "决算报表" }\n@@ facts.road\n-greened = { value = "4.8公里", source = "验收单" }\n+greened = { value = "1公里", source = "验收单" }\n',
    ),
    (
        "no-actual",
        "no points either",
        '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = ""\n@@ tree.output.quantity.trees\n-stated = 15\n',
    ),
    (
        "no-actual",
        "a level without a share",
        '@@ facts.trees\n-green = { level = "达成年度指标", share = "90%", source = "村民议事会记录" }\n+green = { level = "达成年度指标", source = "村民议事会记录" }\n',
    ),
    (
        "no-actual",
        "a word that is no level",
        '@@ facts.trees\n-green = { level = "达成年度指标", share = "90%", source = "村民议事会记录" }\n+green = { choice = "显著提升", source = "自评表" }\n',
    ),
    (
        "no-actual",
        "a copy of the target, which has its own code",
        '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = { note = "表中填“≥1000棵”" }\n',
    ),
    ("actual-is-words", "the level of a rating", ""),
    (
        "actual-copies-target",
        "a note on a figure that is known",
        '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = { value = "1050棵", source = "验收单", note = "指标值“≥1000棵”" }\n',
    ),
    (
        "rate-above-100",
        "exactly 100%",
        '@@ facts.trees\n-survived = { value = "93%", source = "验收单" }\n+survived = { value = "100%", source = "验收单" }\n',
    ),
    (
        "rate-above-100",
        "a rate that can pass it",
        '@@ facts.trees\n-survived = { value = "93%", source = "验收单" }\n+survived = { value = "103%", source = "验收单" }\n@@ tree.output.quality.survival\n-title = "苗木成活率"\n+title = "养护任务完成率"\n',
    ),
    (
        "negative-count",
        "none at all",
        '@@ facts.road\n-greened = { value = "4.8公里", source = "验收单" }\n+greened = { value = "0公里", source = "验收单" }\n',
    ),
    (
        "negative-count",
        "by how much it changed",
        '@@ facts.road\n-greened = { value = "4.8公里", source = "验收单" }\n+greened = { title = "绿化里程变化", value = "-4.8公里", source = "验收单" }\n',
    ),
    (
        "negative-count",
        "days before a day",
        '@@ facts.road\n-greened = { value = "4.8公里", source = "验收单" }\n+greened = { value = "-4天", source = "验收单" }\n',
    ),
    (
        "sign-contradicts",
        "something that is to stay few",
        '@@ tree.output.quantity.trees\n-title = "植树棵数"\n+title = "植树事故次数"\n-rule = { kind = "completion", target = "≥1000棵" }\n+rule = { kind = "completion", target = "≤1000棵" }\n',
    ),
    (
        "sign-contradicts",
        "a target without a sign, which is read with ours",
        '@@ tree.output.cost.total\n-rule = { kind = "completion", target = "≤19.5万元" }\n+rule = { kind = "completion", target = "18万元" }\n',
    ),
    (
        "over-completion",
        "a cost without a sign",
        '@@ tree.output.cost.total\n-rule = { kind = "completion", target = "≤19.5万元" }\n+rule = { kind = "completion", target = "10万元" }\n',
    ),
    (
        "sign-contradicts",
        "a standard under cost that must be met",
        '@@ tree.output.cost.total\n-title = "种植总成本"\n+title = "每村补助标准"\n@@ tree.output.cost.total\n-rule = { kind = "completion", target = "≤19.5万元" }\n+rule = { kind = "completion", target = "≥18万元" }\n',
    ),
    (
        "over-completion",
        "exactly 130%",
        '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = { value = "1300棵", source = "验收单" }\n',
    ),
    (
        "over-completion",
        "a reason",
        '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = { value = "1500棵", source = "验收单" }\n@@ tree.output.quantity.trees\n+reason = "企业捐赠苗木"\n',
    ),
    (
        "over-completion",
        "a cost far below its target",
        '@@ facts.trees\n-spent = { value = "18.6万元", source = "决算报表" }\n+spent = { value = "9万元", source = "决算报表" }\n',
    ),
    (
        "all-actuals-equal",
        "one that does not",
        '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = { value = "1000棵", source = "验收单" }\n',
    ),
    (
        "target-changed",
        "a reason",
        '@@ tree.output.quantity.trees\n+target_before = "≥1200棵"\n+reason = "用地调整，镇政府批复"\n',
    ),
    ("wrong-category", "cost under cost, satisfaction under satisfaction", ""),
    (
        "vague-indicator",
        "a vague word beside a figure",
        '@@ tree.benefit.ecological.green\n-standard = "村口两侧各 3 米内没有裸露地面"\n+standard = "绿化明显，裸露地面不超过 5%"\n',
    ),
    (
        "vague-indicator",
        "可持续 is a category",
        '@@ tree.benefit.ecological.green\n-standard = "村口两侧各 3 米内没有裸露地面"\n+standard = "管护可持续，经费列入村集体预算"\n',
    ),
    ("bare-rate", "a count", ""),
    ("no-quantitative-output", "one that is measured", ""),
    (
        "no-quantitative-output",
        "a count beside a yes or no",
        '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = { value = "是", source = "验收单" }\n@@ tree.output.quantity.trees\n-rule = { kind = "completion", target = "≥1000棵" }\n+rule = { kind = "yes-no" }\n',
    ),
    ("cost-missing", "an indicator of cost", ""),
    ("heavy-indicator", "twenty points", ""),
    ("mixed-money-units", "one unit", ""),
    (
        "mixed-money-units",
        "a sum a head in 元",
        '@@ facts.trees\n-spent = { value = "18.6万元", source = "决算报表" }\n+spent = { value = "480元", source = "决算报表" }\n@@ tree.output.cost.total\n-title = "种植总成本"\n+title = "每亩种植成本"\n-rule = { kind = "completion", target = "≤19.5万元" }\n+rule = { kind = "completion", target = "≤500元" }\n',
    ),
    (
        "bare-rate",
        "a frequency",
        '@@ facts.trees\n-survived = { value = "93%", source = "验收单" }\n+survived = { value = "4", source = "验收单" }\n@@ tree.output.quality.survival\n-title = "苗木成活率"\n+title = "巡护频率"\n@@ tree.output.quality.survival\n-rule = { kind = "completion", target = "≥90%" }\n+rule = { kind = "completion", target = "≥4" }\n',
    ),
    (
        "mixed-money-units",
        "万元 beside 亿元",
        '@@ facts.trees\n-spent = { value = "18.6万元", source = "决算报表" }\n+spent = { value = "0.00186亿元", source = "决算报表" }\n',
    ),
    ("year-mismatch", "the year assessed", '@@ subject\n-name = "村口植树"\n+name = "2023年村口植树"\n'),
    ("year-mismatch", "several years", '@@ subject\n-name = "村口植树"\n+name = "2021年至2024年村口植树"\n'),
    ("lost-without-reason", "a reason", ""),
    (
        "lost-without-reason",
        "a target that was met, which has its own code",
        "@@ tree.output.quality.survival\n-stated = 10\n+stated = 8\n",
    ),
    ("idle-reason", "a reason that says something", '@@ tree.output.quantity.trees\n+reason = "企业捐赠苗木"\n'),
    (
        "idle-reason",
        "on a row that lost points, which has its own code",
        '@@ tree.output.quantity.road\n-reason = "北段 200 米尚未交地"\n+reason = "无"\n',
    ),
    ("full-marks-beside-problems", "points lost", '@@ published\n+problems = "后期管护经费没有着落"\n'),
    (
        "full-marks-beside-problems",
        "a word for no problems",
        '@@ published\n-score = 97.1\n+score = 100\n+problems = "无"\n',
    ),
    (
        "full-marks-beside-problems",
        "a sentence for no problems",
        '@@ published\n-score = 97.1\n+score = 100\n+problems = "未发现明显问题。"\n',
    ),
    ("full-marks-beside-problems", "no problems", "@@ published\n-score = 97.1\n+score = 100\n"),
    ("all-ratings-top", "a single rating", "@@ tree.benefit.ecological.green\n-stated = 18\n+stated = 20\n"),
    (
        "satisfaction-without-survey",
        "a survey as evidence",
        '@@ facts.survey\n-[facts.survey]\n-satisfied = { value = "188人", source = "2023年12月入户问卷" }\n-valid = { value = "200人", source = "2023年12月入户问卷" }\n+[facts.villagers]\n+satisfied = { value = "188人", source = "村委会报告" }\n+asked = { value = "200人", source = "村委会报告" }\n@@ tree.satisfaction.villagers\n-actual = "survey.satisfied / survey.valid"\n+actual = "villagers.satisfied / villagers.asked"\n+evidence = "入户问卷 200 份"\n',
    ),
    ("one-fact-many-points", "a fact for each", ""),
    ("one-loss-twice", "two losses of two facts", ""),
    (
        "one-loss-twice",
        "too little spent for the one, too much for the other",
        '@@ tree.output.cost.total\n-actual = "trees.spent"\n+actual = "budget.executed"\n-rule = { kind = "completion", target = "≤19.5万元" }\n+rule = { kind = "completion", target = "≤19万元" }\n',
    ),
    (
        "one-loss-twice",
        "too little spent, and too much for each tree",
        '@@ tree.output.cost.total\n-actual = "trees.spent"\n+actual = "budget.executed / trees.planted"\n-rule = { kind = "completion", target = "≤19.5万元" }\n+rule = { kind = "completion", target = "≤180元/棵" }\n',
    ),
    ("assumed-points", "no assumptions", ""),
    (
        "facts-without-source",
        "a derived fact needs none",
        '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = { formula = "trees.east + trees.west" }\n+east = { value = "500棵", source = "验收单" }\n+west = { value = "550棵", source = "验收单" }\n',
    ),
    ("facts-without-source", "facts that are not scored", '@@ end\n+[facts.other]\n+visits = "3次"\n'),
    (
        "accepted-without-cause",
        "an objection that is raised",
        '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = "1050棵"\n@@ end\n+[[review.accepted]]\n+code = "facts-without-source"\n+reason = "验收单遗失，已报备"\n',
    ),
    (
        "score-missing",
        "a table without scores at most rows",
        "@@ tree.execution\n-stated = 9.5\n@@ tree.output.quantity.trees\n-stated = 15\n@@ tree.output.quality.survival\n-stated = 10\n@@ tree.output.cost.total\n-stated = 10\n@@ tree.benefit.social.jobs\n-stated = 10\n",
    ),
    (
        "score-missing",
        "a row whose actual value is not known either",
        '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = ""\n@@ tree.output.quantity.trees\n-stated = 15\n',
    ),
    (
        "weight-as-value",
        "two of them",
        '@@ facts.road\n-greened = { value = "4.8公里", source = "验收单" }\n+greened = { value = "9.6", source = "验收单" }\n@@ facts.jobs\n-hired = { value = "22人", source = "务工名册" }\n+hired = { value = "10", source = "务工名册" }\n@@ tree.output.quantity.road\n-rule = { kind = "completion", target = "≥5公里" }\n+rule = { kind = "completion", target = "10" }\n@@ tree.benefit.social.jobs\n-rule = { kind = "completion", target = "≥20人" }\n+rule = { kind = "completion", target = "10" }\n',
    ),
    (
        "actual-is-words",
        "a filler, which has its own code",
        '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = { choice = "/", source = "自评表" }\n',
    ),
    (
        "spending-against-results",
        "more than an exact target asks for",
        '@@ facts.budget\n-executed = { value = "19.95万元", source = "决算报表" }\n+executed = { value = "21万元", source = "决算报表" }\n@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = { value = "3000棵", source = "验收单" }\n@@ tree.output.quantity.trees\n-rule = { kind = "completion", target = "≥1000棵" }\n+rule = { kind = "completion", target = "=1000棵" }\n',
    ),
    (
        "satisfaction-without-survey",
        "complaints that are counted",
        '@@ facts.survey\n-[facts.survey]\n-satisfied = { value = "188人", source = "2023年12月入户问卷" }\n-valid = { value = "200人", source = "2023年12月入户问卷" }\n+[facts.villagers]\n+complaints = { value = "1次", source = "信访台账" }\n@@ tree.satisfaction.villagers\n-title = "村民满意度"\n+title = "村民投诉次数"\n-actual = "survey.satisfied / survey.valid"\n-rule = { kind = "completion", target = "≥90%" }\n+actual = "villagers.complaints"\n+rule = { kind = "completion", target = "≤3次" }\n',
    ),
    (
        "rate-above-100",
        "by how much it rose",
        '@@ facts.trees\n-survived = { value = "93%", source = "验收单" }\n+survived = { value = "103%", source = "验收单" }\n@@ tree.output.quality.survival\n-title = "苗木成活率"\n+title = "苗木成活率提高幅度"\n',
    ),
    ("target-changed", "the same target", '@@ tree.output.quantity.trees\n+target_before = "1000 棵"\n'),
    ("target-changed", "a filler", '@@ tree.output.quantity.trees\n+target_before = "无"\n'),
    (
        "actual-copies-target",
        "a note that names the target",
        '@@ facts.trees\n-planted = { value = "1050棵", source = "验收单" }\n+planted = { note = "指标值为≥1000棵，完成值一格为空" }\n',
    ),
)
