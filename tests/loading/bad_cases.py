"""The wrong files, each with every message it must be answered with, in Chinese and in English, and its place.

Each entry: what is wrong, the file that is changed, what stands there, what is written instead, and the messages in order.
"""

from __future__ import annotations

CASES: tuple[tuple[str, str, str, str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "a string that does not end",
        "assessment.toml",
        'name = "植树"',
        'name = "植树',
        (
            (
                "assessment.toml:6:11",
                "TOML 语法错误：文本缺少结束的引号（应在同一行内结束）",
                "not TOML: a text lacks its closing quote (it ends on the line it begins on)",
            ),
        ),
    ),
    (
        "an array that does not end",
        "assessment.toml",
        'include = ["facts.toml"]',
        'include = ["facts.toml"',
        (
            (
                "assessment.toml:4:1",
                "TOML 语法错误：数组缺少结束的 ]，或两项之间缺少逗号",
                "not TOML: an array lacks its closing ], or a comma between two entries",
            ),
        ),
    ),
    (
        "a key that stands twice",
        "assessment.toml",
        "year = 2023",
        "year = 2023\nyear = 2024",
        (
            (
                "assessment.toml:8:12",
                "TOML 语法错误：同一个键写了两次 — 只保留一处",
                "not TOML: the same key stands twice — keep one of them",
            ),
        ),
    ),
    (
        "a year of five digits",
        "assessment.toml",
        "year = 2023",
        "year = 20233",
        (
            (
                "assessment.toml:7:8",
                "没有 20233 年度 — 请写四位数的年度，如 2024",
                "20233 is no year of an assessment — write one of four digits, such as 2024",
            ),
        ),
    ),
    (
        "a year beyond what a decimal can hold",
        "assessment.toml",
        "year = 2023",
        "year = 1e99999999999999999999",
        (
            (
                "assessment.toml:7:8",
                "此处应为整数（现为数 1E+99999）",
                "a whole number is expected here (found the number 1E+99999)",
            ),
        ),
    ),
    (
        "a year that no assessment is of",
        "assessment.toml",
        "year = 2023",
        "year = 1",
        (
            (
                "assessment.toml:7:8",
                "没有 1 年度 — 请写四位数的年度，如 2024",
                "1 is no year of an assessment — write one of four digits, such as 2024",
            ),
        ),
    ),
    (
        "no format",
        "assessment.toml",
        "format = 1\n",
        "",
        (
            (
                "assessment.toml:1:1",
                "format 应为 1（缺少）— 请写 format = 1",
                "format is 1 (missing) — write format = 1",
            ),
        ),
    ),
    (
        "another format",
        "framework.toml",
        "format = 1",
        "format = 2",
        (
            (
                "framework.toml:1:10",
                "format 应为 1（现为 2）— 请写 format = 1",
                "format is 1 (found 2) — write format = 1",
            ),
        ),
    ),
    (
        "a table that does not exist",
        "assessment.toml",
        "[published]",
        "[publishd]",
        (
            (
                "assessment.toml:8:2",
                "不认识的键“publishd”— 是否应为“published”？",
                'unknown key "publishd" — did you mean "published"?',
            ),
        ),
    ),
    (
        "a misspelt key of the subject",
        "assessment.toml",
        'kind = "project"',
        'knd = "project"',
        (("assessment.toml:5:1", "不认识的键“knd”— 是否应为“kind”？", 'unknown key "knd" — did you mean "kind"?'),),
    ),
    (
        "a misspelt key of the published score",
        "assessment.toml",
        "score = 90",
        "scor = 90",
        (("assessment.toml:9:1", "不认识的键“scor”— 是否应为“score”？", 'unknown key "scor" — did you mean "score"?'),),
    ),
    (
        "a misspelt key of the framework",
        "framework.toml",
        "points = 100",
        "point = 100",
        (
            (
                "framework.toml:5:1",
                "不认识的键“point”— 是否应为“points”？",
                'unknown key "point" — did you mean "points"?',
            ),
        ),
    ),
    (
        "a misspelt key of a grade",
        "framework.toml",
        'name = "差"',
        'nam = "差"',
        (
            ("framework.toml:10:1", "缺少 name — 请补上", "name is missing — write it"),
            ("framework.toml:11:1", "不认识的键“nam”— 是否应为“name”？", 'unknown key "nam" — did you mean "name"?'),
        ),
    ),
    (
        "a misspelt key of an indicator",
        "framework.toml",
        'category = "management"',
        'categroy = "management"',
        (
            (
                "framework.toml:15:1",
                "不认识的键“categroy”— 是否应为“category”？",
                'unknown key "categroy" — did you mean "category"?',
            ),
        ),
    ),
    (
        "a misspelt key of a dimension",
        "framework.toml",
        "adjustable = true",
        "adjustible = true",
        (
            (
                "framework.toml:22:1",
                "不认识的键“adjustible”— 是否应为“adjustable”？",
                'unknown key "adjustible" — did you mean "adjustable"?',
            ),
        ),
    ),
    (
        "a misspelt key of a rule",
        "framework.toml",
        'target = "≥100%"',
        'taget = "≥100%"',
        (
            ("framework.toml:18:1", "缺少 target — 请补上", "target is missing — write it"),
            (
                "framework.toml:18:31",
                "不认识的键“taget”— 是否应为“target”？",
                'unknown key "taget" — did you mean "target"?',
            ),
        ),
    ),
    (
        "a misspelt key of a fact",
        "facts.toml",
        'source = "批复"',
        'sorce = "批复"',
        (("facts.toml:3:30", "不认识的键“sorce”— 是否应为“source”？", 'unknown key "sorce" — did you mean "source"?'),),
    ),
    (
        "a misspelt key of a rounding",
        "framework.toml",
        "places = 2",
        "place = 2",
        (
            (
                "framework.toml:6:1",
                "不认识的键“place”— 是否应为“places”？",
                'unknown key "place" — did you mean "places"?',
            ),
        ),
    ),
    (
        "a kind of subject that does not exist",
        "assessment.toml",
        'kind = "project"',
        'kind = "projekt"',
        (
            (
                "assessment.toml:5:8",
                "应为 project、department 之一（现为文本“projekt”）— 是否应为“project”？",
                'expected one of project, department (found the text "projekt") — did you mean "project"?',
            ),
        ),
    ),
    (
        "a year in quotes",
        "assessment.toml",
        "year = 2023",
        'year = "2023"',
        (
            (
                "assessment.toml:7:8",
                "此处应为整数（现为文本“2023”）",
                'a whole number is expected here (found the text "2023")',
            ),
        ),
    ),
    (
        "a name that is a number",
        "assessment.toml",
        'name = "植树"',
        "name = 5",
        (("assessment.toml:6:8", "此处应为文本（现为数 5）", "text is expected here (found the number 5)"),),
    ),
    (
        "a yes in quotes",
        "framework.toml",
        "open = true",
        'open = "yes"',
        (
            (
                "assessment.toml:14:23",
                "指标体系中没有“output.quantity.trees”，其上级也不开放自设指标 — 此处没有可用的名称",
                'the framework has no "output.quantity.trees", and its dimension is not open to own indicators — there is nothing to choose from here',
            ),
            (
                "framework.toml:26:8",
                "此处应为true 或 false（现为文本“yes”）",
                'true or false is expected here (found the text "yes")',
            ),
        ),
    ),
    (
        "a rule that is text",
        "framework.toml",
        'rule = { kind = "completion", target = "≥100%" }',
        'rule = "completion"',
        (
            (
                "framework.toml:18:8",
                'rule 应为一个表，如 { kind = "completion", target = "≥95%" }（现为文本“completion”）',
                'rule is a table such as { kind = "completion", target = "≥95%" } (found the text "completion")',
            ),
        ),
    ),
    (
        "a rule without a kind",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { target = "≥5棵" }',
        (
            (
                "assessment.toml:18:1",
                "规则缺少 kind — 可用：completion、yes-no、bands、linear、deduct、checklist、share-of-items、schedule…",
                "the rule has no kind — known here: completion, yes-no, bands, linear, deduct, checklist, share-of-items, schedule…",
            ),
        ),
    ),
    (
        "a rule that does not exist",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "completon", target = "≥5棵" }',
        (
            (
                "assessment.toml:18:17",
                "没有规则“completon”— 是否应为“completion”？",
                'there is no rule kind "completon" — did you mean "completion"?',
            ),
        ),
    ),
    (
        "a target that is missing",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "completion" }',
        (("assessment.toml:18:1", "缺少 target — 请补上", "target is missing — write it"),),
    ),
    (
        "a target that is no quantity",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "completion", target = "≥95%%" }',
        (
            (
                "assessment.toml:18:40",
                "“≥95%%”不是数量（“%%”不是单位）— 请写一个数和至多一个单位，如 “95%”",
                '"≥95%%" is not a quantity ("%%" is not a unit) — write a number with at most one unit, such as "95%"',
            ),
        ),
    ),
    (
        "a target of nothing",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "completion", target = "≥0棵" }',
        (
            (
                "assessment.toml:18:40",
                "指标值应大于 0 才能计算完成率（现为“≥0棵”）— 可改用 yes-no 或 deduct 规则",
                'a completion rate needs a target above 0 (found "≥0棵") — use a yes-no or deduct rule',
            ),
        ),
    ),
    (
        "a target that must be exceeded",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "completion", target = ">5棵" }',
        (
            (
                "assessment.toml:18:40",
                "按完成比例计分的指标值不用“>”（现为“>5棵”）— 请写“≥5棵”",
                '">" has no completion rate (found ">5棵") — write "≥5棵"',
            ),
        ),
    ),
    (
        "a floor that is not a percentage",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "completion", target = "≥5棵", zero_below = 60 }',
        (
            (
                "assessment.toml:18:60",
                '“60”不是百分比 — 请写如 "60%"',
                '"60" is not a percentage — write one such as "60%"',
            ),
        ),
    ),
    (
        "a floor above everything",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "completion", target = "≥5棵", zero_below = "160%" }',
        (
            (
                "assessment.toml:18:60",
                "zero_below 应在 0% 与 100% 之间（现为 160%）",
                "zero_below lies between 0% and 100% (found 160%)",
            ),
        ),
    ),
    (
        "a decline for a target from below",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "completion", target = "≥5棵", decline = "deviation" }',
        (("assessment.toml:18:57", 'decline = "deviation" 只用于“≤”指标', 'decline = "deviation" goes with "≤" only'),),
    ),
    (
        "an over-completion below the target",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "completion", target = "≥5棵", over = { beyond = "80%" } }',
        (("assessment.toml:18:65", "beyond 应不低于 100%", "beyond is at least 100%"),),
    ),
    (
        "a decline that does not exist",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "completion", target = "≤5棵", decline = "ratios" }',
        (
            (
                "assessment.toml:18:57",
                "应为 ratio、deviation 之一（现为文本“ratios”）— 是否应为“ratio”？",
                'expected one of ratio, deviation (found the text "ratios") — did you mean "ratio"?',
            ),
        ),
    ),
    (
        "bands that are never reached",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "bands", bands = [["≥80棵", 40], ["≥90棵", 60]] }',
        (
            (
                "assessment.toml:18:49",
                "“≥90棵”永远轮不到：前一档“≥80棵”已经包含它 — 请调整各档顺序",
                '"≥90棵" is never reached: "≥80棵" before it takes all of it — put the narrower band first',
            ),
        ),
    ),
    (
        "a band of three",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "bands", bands = [["≥80棵", 40, 2]] }',
        (
            (
                "assessment.toml:18:35",
                '一档写成 [比较, 得分]，如 ["≥90%", 5]',
                'a band is [comparison, award], such as ["≥90%", 5]',
            ),
        ),
    ),
    (
        "a band that earns too much",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "bands", bands = [["≥80棵", 70]] }',
        (
            (
                "assessment.toml:18:35",
                "得分 70 应在 0 与该指标分值 60 之间",
                "an award of 70 does not lie between 0 and the indicator's 60 points",
            ),
        ),
    ),
    (
        "a band that earns people",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "bands", bands = [["≥80棵", "5人"]] }',
        (
            (
                "assessment.toml:18:35",
                '“5人”不是分值 — 请写分数（如 5）或占分值的比例（如 "70%"）',
                '"5人" is not an award — write points (such as 5) or a share of them (such as "70%")',
            ),
        ),
    ),
    (
        "bands that are no array",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "bands", bands = "≥80棵" }',
        (
            (
                "assessment.toml:18:34",
                "此处应为数组 [ … ]（现为文本“≥80棵”）",
                'an array [ … ] is expected here (found the text "≥80棵")',
            ),
        ),
    ),
    (
        "a line that goes back",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "linear", through = [["5棵", 0], ["3棵", 60]] }',
        (
            (
                "assessment.toml:18:49",
                "through 各点应依次增大且单位相同（“5棵”之后是“3棵”）",
                'the points of through increase, in one kind of unit ("5棵" is followed by "3棵")',
            ),
        ),
    ),
    (
        "a line of one point",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "linear", through = [["5棵", 0]] }',
        (("assessment.toml:18:37", "through 至少有两个点", "through has at least two points"),),
    ),
    (
        "a deduction that does not say what a started step costs",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "deduct", beyond = "5棵", each = "1棵", minus = 1 }',
        (("assessment.toml:18:1", "缺少 partial — 请补上", "partial is missing — write it"),),
    ),
    (
        "a deduction on two sides",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "deduct", beyond = "5棵", below = "3棵", each = "1棵", minus = 1, partial = "up" }',
        (
            (
                "assessment.toml:18:1",
                "beyond、below、either_side_of 只写其中一个（现写了 2 个）",
                "write exactly one of beyond, below and either_side_of (found 2)",
            ),
        ),
    ),
    (
        "a deduction in steps of nothing",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "deduct", beyond = "5棵", each = "0棵", minus = 1, partial = "up" }',
        (("assessment.toml:18:49", "each 应大于 0（现为“0棵”）", 'each is above 0 (found "0棵")'),),
    ),
    (
        "a checklist that misses its points",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "checklist", items = [{ when = "trees.old > 0", points = 50 }] }',
        (
            (
                "assessment.toml:18:38",
                "items 各项分值合计 50，应为该指标的 60",
                "the points in items add up to 50, not to the indicator's 60",
            ),
        ),
    ),
    (
        "a checklist of which some state points",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "checklist", items = [{ when = "trees.old > 0", points = 50 }, { when = "trees.old > 1" }] }',
        (
            (
                "assessment.toml:18:38",
                "items 要么每项都写 points，要么都不写",
                "either every entry of items states points, or none does",
            ),
        ),
    ),
    (
        "a checklist of nothing",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "checklist", items = [] }',
        (("assessment.toml:18:38", "items 至少有一项", "items has at least one entry"),),
    ),
    (
        "an item without a condition",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "checklist", items = [{ title = "a" }] }',
        (("assessment.toml:18:39", "缺少 when — 请补上", "when is missing — write it"),),
    ),
    (
        "items without a tolerance",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "share-of-items", items = [{ actual = "trees.old", target = "50棵" }] }',
        (("assessment.toml:18:1", "写 within，或写 below 与 above", "write within, or below and above"),),
    ),
    (
        "a schedule that costs and earns",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "schedule", by = [{ at = "6月", actual = "trees.old", reach = "≥5棵", points = 60 }], minus = 1 }',
        (("assessment.toml:18:109", "minus 不与 points、pro_rata 同用", "minus does not go with points or pro_rata"),),
    ),
    (
        "levels that overlap",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "rating", levels = [{ name = "优", from = "80%", to = "100%" }, { name = "良", from = "70%", to = "90%" }] }',
        (("assessment.toml:18:36", "等级“良”与“优”的范围重叠", 'levels "良" and "优" overlap'),),
    ),
    (
        "a level upside down",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "rating", levels = [{ name = "优", from = "100%", to = "80%" }] }',
        (("assessment.toml:18:58", "from 应小于 to", "from is below to"),),
    ),
    (
        "a panel of two without its extremes",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "panel", raters = ["trees.old", "trees.planted"], drop_extremes = true }',
        (("assessment.toml:18:35", "raters 至少有 3 位", "raters has at least 3 entries"),),
    ),
    (
        "one alternative",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "best-of", alternatives = [{ kind = "yes-no" }] }',
        (("assessment.toml:18:43", "alternatives 至少有两项", "alternatives has at least two entries"),),
    ),
    (
        "a roll-up of nothing",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "roll-up", of = [] }',
        (("assessment.toml:18:33", "of 至少有一个评价文件", "of names at least one assessment"),),
    ),
    (
        "a roll-up of a file that is not there",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "roll-up", of = ["none.toml"] }',
        (
            (
                "assessment.toml:18:34",
                "无法打开文件“none.toml”（没有这个文件或文件夹）",
                'cannot open "none.toml" (No such file or directory)',
            ),
        ),
    ),
    (
        "a roll-up of itself",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "roll-up", of = ["assessment.toml"] }',
        (
            (
                "assessment.toml:18:34",
                "roll-up 循环引用：assessment.toml → assessment.toml",
                "roll-up goes round in a circle: assessment.toml → assessment.toml",
            ),
        ),
    ),
    (
        "a formula that does not end",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "formula", award = "points * (actual" }',
        (("assessment.toml:18:53", "此处应为“)”，而不是公式结尾", 'expected ")" here, found the end of the formula'),),
    ),
    (
        "a formula that calls",
        "assessment.toml",
        'actual = "trees.planted"',
        'actual = "open(trees.planted)"',
        (
            (
                "assessment.toml:17:10",
                "没有函数“open”— 可用：min、max、abs、floor、ceil、round、if",
                'no function "open" — known here: min, max, abs, floor, ceil, round, if',
            ),
        ),
    ),
    (
        "a formula that reaches for an attribute",
        "assessment.toml",
        'actual = "trees.planted"',
        'actual = "trees.planted[0]"',
        (
            (
                "assessment.toml:17:24",
                "公式中不能有“[”— 只能用事实名称、数、+ - * /、比较、and or not 和 min、max、abs、floor、ceil、round、if",
                '"[" has no place in a formula — use fact names, numbers, + - * /, comparisons, and or not, and min, max, abs, floor, ceil, round, if',
            ),
        ),
    ),
    (
        "a fact that is misspelt in the actual value",
        "assessment.toml",
        'actual = "trees.planted"',
        'actual = "trees.plantd"',
        (
            (
                "assessment.toml:17:10",
                "没有事实“trees.plantd”（是否应为“trees.planted”？）— 请在 [facts] 下写明，尚不知道的留空",
                'there is no fact "trees.plantd" (did you mean "trees.planted"?) — state it under [facts], empty if it is not known yet',
            ),
        ),
    ),
    (
        "a fact that is misspelt in a rule",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "yes-no", when = "trees.plantd > 5" }',
        (
            (
                "assessment.toml:18:1",
                "没有事实“trees.plantd”（是否应为“trees.planted”？）— 请在 [facts] 下写明，尚不知道的留空",
                'there is no fact "trees.plantd" (did you mean "trees.planted"?) — state it under [facts], empty if it is not known yet',
            ),
        ),
    ),
    (
        "a fact that is misspelt in a condition",
        "assessment.toml",
        "stated = 57",
        'applies = "trees.plantd > 5"',
        (
            (
                "assessment.toml:19:11",
                "没有事实“trees.plantd”（是否应为“trees.planted”？）— 请在 [facts] 下写明，尚不知道的留空",
                'there is no fact "trees.plantd" (did you mean "trees.planted"?) — state it under [facts], empty if it is not known yet',
            ),
        ),
    ),
    (
        "a fact that is misspelt in a derived one",
        "assessment.toml",
        "trees.planted + trees.old",
        "trees.planted + trees.odl",
        (
            (
                "assessment.toml:12:21",
                "没有事实“trees.odl”— 是否应为“trees.old”？",
                'there is no fact "trees.odl" — did you mean "trees.old"?',
            ),
        ),
    ),
    (
        "derived facts in a circle",
        "assessment.toml",
        'old = "50棵"',
        'old = { formula = "trees.total - trees.planted" }',
        (
            (
                "assessment.toml:12:21",
                "公式循环引用：trees.total → trees.old → trees.total",
                "formulas go round in a circle: trees.total → trees.old → trees.total",
            ),
        ),
    ),
    (
        "a derived fact of unlike units",
        "assessment.toml",
        'old = "50棵"',
        'old = "50万元"',
        (
            (
                "assessment.toml:12:21",
                "“trees.planted”是以“棵”计的数，“trees.old”是金额，二者不能比较或相加 — 请写成同一种单位",
                '"trees.planted" is a count in "棵" and "trees.old" is money; they do not compare or add — write both in the same kind of unit',
            ),
        ),
    ),
    (
        "a value and a formula",
        "facts.toml",
        'source = "批复" }',
        'formula = "budget.executed" }',
        (("facts.toml:3:40", "value、formula 只写其中一个", "write only one of value, formula"),),
    ),
    (
        "an assumption without a basis",
        "facts.toml",
        'source = "批复" }',
        'assumed = "" }',
        (("facts.toml:3:40", "assumed 应写明假定的依据", "assumed says on what basis the fact is assumed"),),
    ),
    (
        "an assumption that is a yes",
        "facts.toml",
        'source = "批复" }',
        "assumed = true }",
        (("facts.toml:3:40", "此处应为文本（现为是/否）", "text is expected here (found a yes/no)"),),
    ),
    (
        "a share without a level",
        "facts.toml",
        'value = "20万元"',
        'share = "95%"',
        (("facts.toml:3:22", "share 应与 level 同写", "share goes with level"),),
    ),
    (
        "a share that is a number",
        "facts.toml",
        'value = "20万元"',
        'level = "优", share = 95',
        (("facts.toml:3:35", '“95”不是百分比 — 请写如 "60%"', '"95" is not a percentage — write one such as "60%"'),),
    ),
    (
        "a value that is a word",
        "facts.toml",
        '"20万元"',
        '"显著"',
        (
            (
                "facts.toml:3:22",
                '“显著”不是数量 — 请写一个数和至多一个单位，如 “95%”；表中填文字的，改写 choice = "显著"',
                '"显著" is not a quantity — write a number with at most one unit, such as "95%"; for a word, write choice = "显著" instead',
            ),
        ),
    ),
    (
        "a value with a sign",
        "facts.toml",
        '"20万元"',
        '"≥20万元"',
        (
            (
                "facts.toml:3:22",
                "“≥20万元”带有比较符号，此处应为实际数值 — 请只写数值，如 “20万元”；表中照抄指标值的不是实测值，改写 note = '表中填“≥20万元”'",
                '"≥20万元" has a comparison sign where a value is meant — write the value alone, such as "20万元"; a cell that copies the target measures nothing: note = \'it says "≥20万元"\' instead',
            ),
        ),
    ),
    (
        "a value that is a range",
        "facts.toml",
        '"20万元"',
        '"20-30万元"',
        (
            (
                "facts.toml:3:22",
                '“20-30万元”不是数量 — 这是从“20万元”到“30万元”的范围，此处只写一个数；不知道是多少的，改写 { value = "", between = ["20万元", "30万元"] }',
                '"20-30万元" is not a quantity — this is a range from "20万元" to "30万元", and one figure is wanted here; where it is not known, write { value = "", between = ["20万元", "30万元"] }',
            ),
        ),
    ),
    (
        "a dash for a value",
        "facts.toml",
        '"20万元"',
        '"—"',
        (
            (
                "facts.toml:3:22",
                '“—”不是数量 — 请写一个数和至多一个单位，如 “95%”；表中为空的，改写 value = ""',
                '"—" is not a quantity — write a number with at most one unit, such as "95%"; for a cell that is empty, write value = "" instead',
            ),
        ),
    ),
    (
        "a value with a comma that groups nothing",
        "facts.toml",
        '"20万元"',
        '"2,0万元"',
        (
            (
                "facts.toml:3:22",
                "“2,0万元”的千分位逗号位置不对 — 请写如 “12,000”，小数点用 “.”",
                '"2,0万元" has a comma that groups no thousands — write "12,000", and "." for decimals',
            ),
        ),
    ),
    (
        "a day that does not exist",
        "facts.toml",
        '"20万元"',
        '"2023-02-30"',
        (
            (
                "facts.toml:3:22",
                "“2023-02-30”不是存在的日期 — 请写如 2023-12-31",
                '"2023-02-30" is not a day that exists — write one such as 2023-12-31',
            ),
        ),
    ),
    (
        "a value that is not a number",
        "facts.toml",
        '"20万元"',
        "nan",
        (
            (
                "facts.toml:3:22",
                "这不是数 — 请写一个有限的数",
                "this is not a number (NaN or infinite) — write a finite number",
            ),
        ),
    ),
    (
        "a value beyond all bounds",
        "facts.toml",
        '"20万元"',
        "1e999999999",
        (
            (
                "facts.toml:3:22",
                "数值过大或位数过多 — 至多 40 位数字、指数至多 30",
                "the number is too large or too long — at most 40 digits and an exponent of 30",
            ),
        ),
    ),
    (
        "a value beyond what a decimal can hold",
        "facts.toml",
        '"20万元"',
        "1e99999999999999999999",
        (
            (
                "facts.toml:3:22",
                "数值过大或位数过多 — 至多 40 位数字、指数至多 30",
                "the number is too large or too long — at most 40 digits and an exponent of 30",
            ),
        ),
    ),
    (
        "a value nearer zero than a decimal can tell",
        "facts.toml",
        '"20万元"',
        "-1.5e-99999999999999999999",
        (
            (
                "facts.toml:3:22",
                "数值过大或位数过多 — 至多 40 位数字、指数至多 30",
                "the number is too large or too long — at most 40 digits and an exponent of 30",
            ),
        ),
    ),
    (
        "a value whose exponent begins with zeros",
        "facts.toml",
        '"20万元"',
        "1e00000000999999999999999999999",
        (
            (
                "facts.toml:3:22",
                "数值过大或位数过多 — 至多 40 位数字、指数至多 30",
                "the number is too large or too long — at most 40 digits and an exponent of 30",
            ),
        ),
    ),
    (
        "an integer beyond all bounds",
        "facts.toml",
        '"20万元"',
        "1000000000000000000000000000000000000000000000000000000000000",
        (
            (
                "facts.toml:3:22",
                "数值过大或位数过多 — 至多 40 位数字、指数至多 30",
                "the number is too large or too long — at most 40 digits and an exponent of 30",
            ),
        ),
    ),
    (
        "a value that contradicts its unit",
        "facts.toml",
        'value = "20万元"',
        'value = "20人", unit = "元"',
        (
            (
                "facts.toml:3:36",
                "“20人”是以“人”计的数，而 unit 写的是金额（“元”）",
                '"20人" is a count in "人", but unit says money ("元")',
            ),
        ),
    ),
    (
        "a time of day",
        "facts.toml",
        '"20万元"',
        "2023-01-01T08:00:00",
        (
            (
                "facts.toml:3:22",
                "“2023-01-01 08:00:00”带有时刻，此处只需要日期 — 请写 2023-01-01",
                "2023-01-01 08:00:00 has a time of day — write the date, 2023-01-01",
            ),
        ),
    ),
    (
        "a fact stated twice",
        "assessment.toml",
        "[facts.trees]",
        '[facts.budget]\napproved = "20万元"\n[facts.trees]',
        (
            (
                "assessment.toml:11:12",
                "事实“budget.approved”已在 facts.toml:3:1 给出 — 只保留一处",
                'the fact "budget.approved" already stands at facts.toml:3:1 — keep one of them',
            ),
        ),
    ),
    (
        "a framework that is not in the catalogue",
        "assessment.toml",
        '"framework.toml"',
        '"cn/mof-2020/projekt-self"',
        (
            (
                "assessment.toml:2:13",
                "目录中没有指标体系“cn/mof-2020/projekt-self”— 是否应为“cn/mof-2020/project-self”？",
                'there is no framework "cn/mof-2020/projekt-self" in the catalogue — did you mean "cn/mof-2020/project-self"?',
            ),
        ),
    ),
    (
        "a framework file that is not there",
        "assessment.toml",
        '"framework.toml"',
        '"frame.toml"',
        (
            (
                "assessment.toml:2:13",
                "无法打开文件“frame.toml”（没有这个文件或文件夹）",
                'cannot open "frame.toml" (No such file or directory)',
            ),
        ),
    ),
    (
        "a framework outside the folder",
        "assessment.toml",
        '"framework.toml"',
        '"../framework.toml"',
        (
            (
                "assessment.toml:2:13",
                "路径“../framework.toml”超出了文件夹 — 只能引用本文件所在文件夹内的文件",
                'the path "../framework.toml" leaves the folder — refer only to files inside the folder of this file',
            ),
        ),
    ),
    (
        "an absolute path",
        "assessment.toml",
        '"framework.toml"',
        '"/etc/framework.toml"',
        (
            (
                "assessment.toml:2:13",
                "路径“/etc/framework.toml”超出了文件夹 — 只能引用本文件所在文件夹内的文件",
                'the path "/etc/framework.toml" leaves the folder — refer only to files inside the folder of this file',
            ),
        ),
    ),
    (
        "no framework",
        "assessment.toml",
        'framework = "framework.toml"\n',
        "",
        (
            (
                "assessment.toml:1:1",
                "缺少 framework — 请写指标体系的名称，或以 .toml 结尾的路径；可用：cn/chongqing/project-self、cn/hubei/project-self、cn/jiangxi/project-self、cn/mof-2013/department、cn/mof-2020/project、cn/mof-2020/project-self、cn/mof-2021/project-self、cn/sichuan-2017/department…",
                "framework is missing — name a framework, or a path that ends in .toml; known here: cn/chongqing/project-self, cn/hubei/project-self, cn/jiangxi/project-self, cn/mof-2013/department, cn/mof-2020/project, cn/mof-2020/project-self, cn/mof-2021/project-self, cn/sichuan-2017/department…",
            ),
        ),
    ),
    (
        "an included file that is not there",
        "assessment.toml",
        '["facts.toml"]',
        '["fact.toml"]',
        (
            (
                "assessment.toml:3:12",
                "无法打开文件“fact.toml”（没有这个文件或文件夹）",
                'cannot open "fact.toml" (No such file or directory)',
            ),
        ),
    ),
    (
        "an included file outside the folder",
        "assessment.toml",
        '["facts.toml"]',
        '["../facts.toml"]',
        (
            (
                "assessment.toml:3:12",
                "路径“../facts.toml”超出了文件夹 — 只能引用本文件所在文件夹内的文件",
                'the path "../facts.toml" leaves the folder — refer only to files inside the folder of this file',
            ),
        ),
    ),
    (
        "an include that is text",
        "assessment.toml",
        '["facts.toml"]',
        '"facts.toml"',
        (
            (
                "assessment.toml:3:11",
                'include 应为路径数组，如 ["facts.toml"]',
                'include is an array of paths, such as ["facts.toml"]',
            ),
        ),
    ),
    (
        "an include in a circle",
        "facts.toml",
        "format = 1",
        'format = 1\ninclude = ["facts.toml"]',
        (
            (
                "facts.toml:2:12",
                "include 循环引用：assessment.toml → facts.toml → facts.toml",
                "include goes round in a circle: assessment.toml → facts.toml → facts.toml",
            ),
        ),
    ),
    (
        "a framework that extends itself",
        "framework.toml",
        "points = 100",
        'extends = "framework.toml"',
        (
            (
                "framework.toml:5:11",
                "extends 循环引用：framework.toml → framework.toml",
                "extends goes round in a circle: framework.toml → framework.toml",
            ),
        ),
    ),
    (
        "points of a dimension that do not add up",
        "assessment.toml",
        "points = 60",
        "points = 59",
        (
            (
                "assessment.toml:14:2",
                "各指标分值合计 99 = 预算执行率 40 + 产出 59，应为 100（少 1）— 请调整分值",
                "the indicators' points add up to 99 = 预算执行率 40 + 产出 59, not 100 (1 too few) — change the points of some of them",
            ),
            (
                "assessment.toml:14:7",
                "“产出”写明 60 分，其下合计 59（少 1）— 请调整其下分值",
                '"产出" states 60 points, but those below add up to 59 (1 too few) — change the points below it',
            ),
        ),
    ),
    (
        "points of the framework that do not add up",
        "framework.toml",
        "points = 40",
        "points = 41",
        (
            (
                "assessment.toml:14:2",
                "各指标分值合计 101 = 预算执行率 41 + 产出 60，应为 100（多 1）— 请调整分值",
                "the indicators' points add up to 101 = 预算执行率 41 + 产出 60, not 100 (1 too many) — change the points of some of them",
            ),
        ),
    ),
    (
        "a dimension that stays empty",
        "assessment.toml",
        "[tree.output.quantity.trees]",
        "[tree.output.quantity.trees.x]",
        (("assessment.toml:14:23", "缺少 title — 请补上", "title is missing — write it"),),
    ),
    (
        "an own indicator where none is allowed",
        "assessment.toml",
        "[tree.output.quantity.trees]",
        "[tree.output.trees]",
        (
            (
                "assessment.toml:14:2",
                "各指标分值合计 40 = 预算执行率 40 + 产出 0，应为 100（少 60）— 请调整分值",
                "the indicators' points add up to 40 = 预算执行率 40 + 产出 0, not 100 (60 too few) — change the points of some of them",
            ),
            (
                "assessment.toml:14:7",
                "“产出”有 60 分，但没有指标 — 请在 [tree.output.…] 下添加",
                '"产出" has 60 points but no indicator — add some as [tree.output.…]',
            ),
            (
                "assessment.toml:14:14",
                "指标体系中没有“output.trees”，其上级也不开放自设指标 — 可用：quantity",
                'the framework has no "output.trees", and its dimension is not open to own indicators — known here: quantity',
            ),
        ),
    ),
    (
        "an own indicator without points",
        "assessment.toml",
        "points = 60\n",
        "",
        (("assessment.toml:14:23", "“植树棵数”没有分值 — 请写 points", '"植树棵数" has no points — write points'),),
    ),
    (
        "an own indicator without a title",
        "assessment.toml",
        'title = "植树棵数"\n',
        "",
        (("assessment.toml:14:23", "缺少 title — 请补上", "title is missing — write it"),),
    ),
    (
        "points of nothing",
        "assessment.toml",
        "points = 60",
        "points = 0",
        (("assessment.toml:16:10", "分值应大于 0（现为 0）", "points are above 0 (found 0)"),),
    ),
    (
        "another rule for the framework's indicator",
        "assessment.toml",
        "stated = 57",
        'stated = 57\n[tree.execution]\nrule = { kind = "yes-no" }',
        (
            (
                "assessment.toml:21:1",
                "“预算执行率”的 rule 由指标体系规定，评价文件不能更改 — 此处可写：stated、stated_by、reason、target_before、evidence",
                'rule of "预算执行率" is set by the framework and not open to change — here: stated, stated_by, reason, target_before, evidence',
            ),
        ),
    ),
    (
        "a misspelt remark",
        "assessment.toml",
        "stated = 57",
        'stated = 57\n[tree.execution]\nreson = "x"',
        (
            (
                "assessment.toml:21:1",
                "不认识的键“reson”— 是否应为“reason”？",
                'unknown key "reson" — did you mean "reason"?',
            ),
        ),
    ),
    (
        "changed points without a reason",
        "assessment.toml",
        'reason = "苗木到货晚"',
        'reason = "x"\n[tree.output]\npoints = 60',
        (
            (
                "assessment.toml:22:10",
                "调整分值需要写明原因 — 请在此处写 reason",
                "points that are changed need a reason — write one here",
            ),
        ),
    ),
    (
        "a stated score that is a word",
        "assessment.toml",
        "stated = 57",
        'stated = "满分"',
        (
            (
                "assessment.toml:19:10",
                "“满分”不是数量 — 请写一个数和至多一个单位，如 “95%”",
                '"满分" is not a quantity — write a number with at most one unit, such as "95%"',
            ),
        ),
    ),
    (
        "a published score in percent",
        "assessment.toml",
        "score = 90",
        'score = "91%"',
        (("assessment.toml:9:9", "“91%”不是分数 — 请写如 5", '"91%" is not a number of points — write one such as 5'),),
    ),
    (
        "a published score in money",
        "assessment.toml",
        "score = 90",
        'score = "91万元"',
        (
            (
                "assessment.toml:9:9",
                "“91万元”不是分数 — 请写如 5",
                '"91万元" is not a number of points — write one such as 5',
            ),
        ),
    ),
    (
        "a published score in people",
        "assessment.toml",
        "score = 90",
        'score = "91人"',
        (
            (
                "assessment.toml:9:9",
                "“91人”不是分数 — 请写如 5",
                '"91人" is not a number of points — write one such as 5',
            ),
        ),
    ),
    (
        "a published score that is a day",
        "assessment.toml",
        "score = 90",
        'score = "2024-01-31"',
        (
            (
                "assessment.toml:9:9",
                "“2024-01-31”不是分数 — 请写如 5",
                '"2024-01-31" is not a number of points — write one such as 5',
            ),
        ),
    ),
    (
        "a published score that is a word",
        "assessment.toml",
        "score = 90",
        'score = "优"',
        (
            (
                "assessment.toml:9:9",
                "“优”不是数量 — 请写一个数和至多一个单位，如 “95%”",
                '"优" is not a quantity — write a number with at most one unit, such as "95%"',
            ),
        ),
    ),
    (
        "no category",
        "framework.toml",
        'category = "management"\n',
        "",
        (
            (
                "framework.toml:13:7",
                '“预算执行率”没有类别 — 请在指标或其上级写 category，如 "output.quantity"',
                '"预算执行率" has no category — write category = "output.quantity" or the like here or above',
            ),
        ),
    ),
    (
        "a category that does not exist",
        "framework.toml",
        '"management"',
        '"managment"',
        (
            (
                "framework.toml:15:12",
                "应为 decision、management、output.quantity、output.quality、output.timeliness、output.cost、benefit.economic、benefit.social、benefit.ecological、benefit.sustainable、satisfaction 之一（现为文本“managment”）— 是否应为“management”？",
                'expected one of decision, management, output.quantity, output.quality, output.timeliness, output.cost, benefit.economic, benefit.social, benefit.ecological, benefit.sustainable, satisfaction (found the text "managment") — did you mean "management"?',
            ),
        ),
    ),
    (
        "an id that is no name",
        "framework.toml",
        "[tree.execution]",
        '[tree."budget-execution"]',
        (
            (
                "framework.toml:13:7",
                "“budget-execution”不能作指标 id — 用字母（可用汉字）、数字和 _",
                '"budget-execution" cannot be an id — use letters (Chinese too), digits and _',
            ),
        ),
    ),
    (
        "a dimension without indicators",
        "framework.toml",
        "open = true\n",
        "",
        (
            (
                "assessment.toml:14:14",
                "“数量”既没有 rule，也没有下级指标 — 指标请写 rule，或写 open = true 由评价文件补充",
                '"数量" has neither a rule nor indicators below it — write a rule, or open = true to let assessments add their own',
            ),
            (
                "assessment.toml:14:23",
                "指标体系中没有“output.quantity.trees”，其上级也不开放自设指标 — 此处没有可用的名称",
                'the framework has no "output.quantity.trees", and its dimension is not open to own indicators — there is nothing to choose from here',
            ),
        ),
    ),
    (
        "grades from low to high",
        "framework.toml",
        "from = 90",
        "from = -1",
        (
            (
                "framework.toml:12:8",
                "等级应由高到低：“差”的 from（0）应低于“优”的 -1",
                'grades go from high to low: "差" from 0 should be below "优" from -1',
            ),
        ),
    ),
    (
        "a lowest grade above nothing",
        "framework.toml",
        "from = 0\n",
        "from = 10\n",
        (("framework.toml:12:8", "最低等级“差”应从 0 起（现为 10）", 'the lowest grade "差" starts at 0 (found 10)'),),
    ),
    (
        "a grade that stands twice",
        "framework.toml",
        'name = "差"',
        'name = "优"',
        (("framework.toml:10:1", "等级名称“优”重复", 'grade "优" stands twice'),),
    ),
    (
        "a rounding to seven places",
        "framework.toml",
        "places = 2",
        "places = 7",
        (("framework.toml:6:1", "places 应为 0 至 6（现为 7）", "places is 0 to 6 (found 7)"),),
    ),
    (
        "a rounding of what does not exist",
        "framework.toml",
        'of = "each"',
        'of = "eech"',
        (
            (
                "framework.toml:6:1",
                "应为 rate、each、total 之一（现为文本“eech”）— 是否应为“each”？",
                'expected one of rate, each, total (found the text "eech") — did you mean "each"?',
            ),
        ),
    ),
    (
        "a rounding declared twice",
        "framework.toml",
        'rounding = { places = 2, mode = "half-up", of = "each" }',
        'rounding = [{ of = "each" }, { of = "each" }]',
        (("framework.toml:6:12", "rounding 对“each”声明了两次", 'rounding of "each" is declared twice'),),
    ),
    (
        "an equal split without points",
        "framework.toml",
        "points = 60\nadjustable = true",
        'split = "equal"',
        (
            ("framework.toml:21:9", 'split = "equal" 需要写明 points', 'split = "equal" needs points to divide'),
            ("framework.toml:21:9", "split 只用于其下直接为指标的维度", "split goes with indicators right below"),
        ),
    ),
    (
        "a weight without a scale",
        "framework.toml",
        "points = 60\nadjustable = true",
        'weight = "60%"',
        (("assessment.toml:14:7", "scale 与 weight 应一起写", "scale and weight go together"),),
    ),
    (
        "a limit that limits nothing",
        "framework.toml",
        "[tree.execution]",
        '[[limits]]\ntitle = "否决"\nwhen = "fraud"\n[tree.execution]',
        (("framework.toml:13:1", "限制需要 at_most 或 grade_at_most", "a limit has at_most or grade_at_most"),),
    ),
    (
        "a limit to a grade that does not exist",
        "framework.toml",
        "[tree.execution]",
        '[[limits]]\ntitle = "否决"\nwhen = "fraud"\ngrade_at_most = "中"\n[tree.execution]',
        (("framework.toml:16:17", "没有等级“中”— 可用：优、差", 'there is no grade "中" — known here: 优, 差'),),
    ),
    (
        "an adjustment upside down",
        "framework.toml",
        "[tree.execution]",
        '[[adjustments]]\nid = "a"\ntitle = "加分"\naward = "bonus"\nat_least = 5\nat_most = 1\n[tree.execution]',
        (("framework.toml:17:12", "at_least 不应大于 at_most", "at_least is not above at_most"),),
    ),
    (
        "a date that is text",
        "framework.toml",
        "points = 100",
        'effective = "2023"',
        (
            (
                "framework.toml:5:13",
                "此处应为日期，如 2023-12-31，（现为文本“2023”）",
                'a date such as 2023-12-31 is expected here (found the text "2023")',
            ),
        ),
    ),
    (
        "a framework without an id",
        "framework.toml",
        'id = "own/framework"\n',
        "",
        (("framework.toml:2:2", "缺少 id — 请补上", "id is missing — write it"),),
    ),
    (
        "a check of a fact that is not there",
        "assessment.toml",
        "[tree.output.quantity.trees]",
        '[[checks]]\nid = "a"\nthat = "trees.planted == trees.plantd"\n[tree.output.quantity.trees]',
        (
            (
                "assessment.toml:16:8",
                "没有事实“trees.plantd”（是否应为“trees.planted”？）— 请在 [facts] 下写明，尚不知道的留空",
                'there is no fact "trees.plantd" (did you mean "trees.planted"?) — state it under [facts], empty if it is not known yet',
            ),
        ),
    ),
    (
        "a check that mixes units",
        "assessment.toml",
        "[tree.output.quantity.trees]",
        '[[checks]]\nid = "a"\nthat = "trees.planted == budget.executed"\n[tree.output.quantity.trees]',
        (
            (
                "assessment.toml:16:8",
                "“trees.planted”是以“棵”计的数，“budget.executed”是金额，二者不能比较或相加 — 请写成同一种单位",
                '"trees.planted" is a count in "棵" and "budget.executed" is money; they do not compare or add — write both in the same kind of unit',
            ),
        ),
    ),
    (
        "a check that is no relation",
        "assessment.toml",
        "[tree.output.quantity.trees]",
        '[[checks]]\nid = "a"\nthat = "trees.planted + trees.old"\n[tree.output.quantity.trees]',
        (
            (
                "assessment.toml:16:8",
                "that 应为一个关系，如 a == b + c（现为以“棵”计的数）",
                'that is a relation such as a == b + c (found a count in "棵")',
            ),
        ),
    ),
    (
        "a check that cannot be read",
        "assessment.toml",
        "[tree.output.quantity.trees]",
        '[[checks]]\nid = "a"\nthat = "trees.planted == "\n[tree.output.quantity.trees]',
        (
            (
                "assessment.toml:16:26",
                "此处应为一个数、事实名称或“(”，而不是公式结尾",
                'expected a number, a fact name or "(" here, found the end of the formula',
            ),
        ),
    ),
    (
        "a check without an id and with a wrong severity",
        "assessment.toml",
        "[tree.output.quantity.trees]",
        '[[checks]]\nthat = "trees.planted >= trees.old"\nseverity = "grave"\n[tree.output.quantity.trees]',
        (
            ("assessment.toml:14:1", "缺少 id — 请补上", "id is missing — write it"),
            (
                "assessment.toml:16:12",
                "应为 error、warning 之一（现为文本“grave”）",
                'expected one of error, warning (found the text "grave")',
            ),
        ),
    ),
    (
        "a check with an unknown key",
        "assessment.toml",
        "[tree.output.quantity.trees]",
        '[[checks]]\nid = "a"\nthat = "trees.planted >= trees.old"\ntolerence = "1棵"\n[tree.output.quantity.trees]',
        (
            (
                "assessment.toml:17:1",
                "不认识的键“tolerence”— 是否应为“tolerance”？",
                'unknown key "tolerence" — did you mean "tolerance"?',
            ),
        ),
    ),
    (
        "a check with a tolerance of another kind",
        "assessment.toml",
        "[tree.output.quantity.trees]",
        '[[checks]]\nid = "a"\nthat = "trees.planted >= trees.old"\ntolerance = "1元"\n[tree.output.quantity.trees]',
        (
            (
                "assessment.toml:17:13",
                "tolerance（1元）的单位应与两侧相同：以“棵”计的数",
                'tolerance ("1元") goes with both sides, which are a count in "棵"',
            ),
        ),
    ),
    (
        "a check with a negative tolerance",
        "assessment.toml",
        "[tree.output.quantity.trees]",
        '[[checks]]\nid = "a"\nthat = "trees.planted >= trees.old"\ntolerance = "-1棵"\n[tree.output.quantity.trees]',
        (("assessment.toml:17:13", "tolerance 不应为负", "tolerance is not negative"),),
    ),
    (
        "two checks of one name",
        "assessment.toml",
        "[tree.output.quantity.trees]",
        '[[checks]]\nid = "a"\nthat = "trees.planted >= trees.old"\n[[checks]]\nid = "a"\nthat = "trees.planted >= trees.old"\n[tree.output.quantity.trees]',
        (
            (
                "assessment.toml:18:6",
                "检查“a”已在 assessment.toml:15:6 写过 — 请换一个 id",
                'the check "a" already stands at assessment.toml:15:6 — give it another id',
            ),
        ),
    ),
    (
        "checks that are no array of tables",
        "assessment.toml",
        "[subject]",
        '[checks]\nid = "a"\n[subject]',
        (("assessment.toml:4:2", "checks 应为 [[checks]]", "checks is an array of tables: [[checks]]"),),
    ),
    (
        "a check in a fact sheet of a fact that is nowhere",
        "facts.toml",
        "",
        'format = 1\n[[checks]]\nid = "s"\nthat = "budget.executed <= budget.aproved"\n#',
        (
            (
                "facts.toml:4:8",
                "没有事实“budget.aproved”（是否应为“budget.approved”？）— 请在 [facts] 下写明，尚不知道的留空",
                'there is no fact "budget.aproved" (did you mean "budget.approved"?) — state it under [facts], empty if it is not known yet',
            ),
        ),
    ),
    (
        "a fact stated once in a list",
        "facts.toml",
        'value = "20万元", source = "批复"',
        'stated = [{ value = "20万元", used = true }]',
        (
            (
                "facts.toml:3:23",
                'stated 写成至少两处：[{ value = "…", source = "…", used = true }, { value = "…", source = "…" }]',
                'stated is an array of at least two: [{ value = "…", source = "…", used = true }, { value = "…", source = "…" }]',
            ),
        ),
    ),
    (
        "a fact stated in several places, none of them used",
        "facts.toml",
        'value = "20万元", source = "批复"',
        'stated = [{ value = "20万元" }, { value = "21万元" }]',
        (
            (
                "facts.toml:3:23",
                "应有且只有一处写 used = true（现有 0 处）",
                "exactly one of them says used = true (found 0)",
            ),
        ),
    ),
    (
        "a fact stated in several places, two of them used",
        "facts.toml",
        'value = "20万元", source = "批复"',
        'stated = [{ value = "20万元", used = true }, { value = "21万元", used = true }]',
        (
            (
                "facts.toml:3:23",
                "应有且只有一处写 used = true（现有 2 处）",
                "exactly one of them says used = true (found 2)",
            ),
        ),
    ),
    (
        "a fact stated in several places in different kinds of unit",
        "facts.toml",
        'value = "20万元", source = "批复"',
        'stated = [{ value = "20万元", used = true }, { value = "21人" }]',
        (
            (
                "facts.toml:3:23",
                "“21人”与所用的“20万元”不是同一种量",
                '"21人" is not the same kind of value as "20万元", which is used',
            ),
        ),
    ),
    (
        "a statement with an unknown key and one without a value",
        "facts.toml",
        'value = "20万元", source = "批复"',
        'stated = [{ value = "20万元", used = true, sourse = "x" }, { value = "" }]',
        (
            (
                "facts.toml:3:1",
                "不认识的键“sourse”— 是否应为“source”？",
                'unknown key "sourse" — did you mean "source"?',
            ),
            ("facts.toml:3:1", "此处应有值", "a value is expected here"),
        ),
    ),
    (
        "a value and several statements",
        "facts.toml",
        'value = "20万元", source = "批复"',
        'value = "20万元", stated = [{ value = "20万元", used = true }, { value = "21万元" }]',
        (("facts.toml:3:39", "value、stated 只写其中一个", "write only one of value, stated"),),
    ),
    (
        "a range that is turned round",
        "facts.toml",
        'value = "20万元", source = "批复"',
        'between = ["30万元", "20万元"]',
        (
            (
                "facts.toml:3:1",
                "between 应由低到高（现为“30万元”至“20万元”）",
                'between goes from low to high (found "30万元" to "20万元")',
            ),
        ),
    ),
    (
        "a range with one end",
        "facts.toml",
        'value = "20万元", source = "批复"',
        'between = ["30万元"]',
        (
            (
                "facts.toml:3:1",
                'between 写成 ["最低", "最高"]，不知道的一端留空，如 ["80%", ""]',
                'between is ["lowest", "highest"], an end that is not known left empty, such as ["80%", ""]',
            ),
        ),
    ),
    (
        "a range of two kinds of unit",
        "facts.toml",
        'value = "20万元", source = "批复"',
        'between = ["30万元", "40人"]',
        (
            (
                "facts.toml:3:1",
                "between 两端的单位种类不同（“30万元”与“40人”）",
                'the ends of between are different kinds of unit ("30万元" and "40人")',
            ),
        ),
    ),
    (
        "a range of a fact that is stated",
        "facts.toml",
        'source = "批复"',
        'between = ["10万元", "30万元"]',
        (
            (
                "facts.toml:3:40",
                "between 用于尚不知道或假定的事实",
                "between is for a fact that is not known or is assumed",
            ),
        ),
    ),
    (
        "an assumed value outside its range",
        "facts.toml",
        'source = "批复"',
        'assumed = "估计", between = ["10万元", "15万元"]',
        (
            (
                "facts.toml:3:56",
                "假定的“20万元”高于 between 的“15万元”",
                '"20万元" is assumed, above the "15万元" of between',
            ),
        ),
    ),
    (
        "a condition that is an array",
        "framework.toml",
        'actual = "budget.executed / budget.approved"',
        'actual = ["budget.executed"]',
        (
            (
                "framework.toml:17:10",
                '此处应为公式文本，如 "a / b"',
                'a formula such as "a / b" is expected here, as text',
            ),
        ),
    ),
    (
        "a limit whose condition is a table",
        "framework.toml",
        "[tree.execution]",
        '[[limits]]\ntitle = "否决"\nwhen = {}\nat_most = 59\n[tree.execution]',
        (
            (
                "framework.toml:15:1",
                '此处应为公式文本，如 "a / b"',
                'a formula such as "a / b" is expected here, as text',
            ),
        ),
    ),
    (
        "a check whose relation is a number",
        "assessment.toml",
        "[tree.output.quantity.trees]",
        '[[checks]]\nid = "a"\nthat = 5\n[tree.output.quantity.trees]',
        (
            (
                "assessment.toml:16:8",
                "that 应为一个关系，如 a == b + c（现为不带单位的数）",
                "that is a relation such as a == b + c (found a number without a unit)",
            ),
        ),
    ),
    (
        "a check whose id is an array",
        "assessment.toml",
        "[tree.output.quantity.trees]",
        '[[checks]]\nid = []\nthat = "trees.old > 0棵"\n[tree.output.quantity.trees]',
        (("assessment.toml:15:6", "此处应为文本（现为数组）", "text is expected here (found an array)"),),
    ),
    (
        "a rule whose kind is an array",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        "rule = { kind = [] }",
        (
            (
                "assessment.toml:18:17",
                "没有规则“[]”— 可用：completion、yes-no、bands、linear、deduct、checklist、share-of-items、schedule…",
                'there is no rule kind "[]" — known here: completion, yes-no, bands, linear, deduct, checklist, share-of-items, schedule…',
            ),
        ),
    ),
    (
        "a checkpoint whose date is a table",
        "assessment.toml",
        'rule = { kind = "completion", target = "≥1000棵" }',
        'rule = { kind = "schedule", by = [{ at = {}, actual = "trees.planted", reach = "≥5棵" }] }',
        (
            (
                "assessment.toml:18:37",
                'at 写日期或文本，如 2023-06-30 或 "6月底"',
                'at is a date or text, such as 2023-06-30 or "6月底"',
            ),
        ),
    ),
    (
        "an id inside an indicator's table",
        "framework.toml",
        "[tree.execution]\n",
        '[tree.execution]\nid = "rate"\n',
        (
            (
                "framework.toml:14:1",
                "此处的 id 不起作用：指标的 id 就是表名 [tree.execution] — 请删去 id，或把表名改为 [tree.rate]",
                "an id means nothing here: the name of the table, [tree.execution], is the id — drop it, or call the table [tree.rate]",
            ),
        ),
    ),
    (
        "an id inside a dimension's table",
        "framework.toml",
        "[tree.output]\n",
        "[tree.output]\nid = 7\n",
        (
            (
                "framework.toml:20:1",
                "此处的 id 不起作用：指标的 id 就是表名 [tree.output] — 请删去 id",
                "an id means nothing here: the name of the table, [tree.output], is the id — drop it",
            ),
        ),
    ),
    (
        "an id inside an own indicator's table",
        "assessment.toml",
        'title = "植树棵数"\n',
        'title = "植树棵数"\nid = "trees"\n',
        (
            (
                "assessment.toml:16:1",
                "此处的 id 不起作用：指标的 id 就是表名 [tree.output.quantity.trees] — 请删去 id",
                "an id means nothing here: the name of the table, [tree.output.quantity.trees], is the id — drop it",
            ),
        ),
    ),
    (
        "a framework that is no text",
        "assessment.toml",
        'framework = "framework.toml"\n',
        "framework = 7\n",
        (
            (
                "assessment.toml:2:13",
                "framework 应为文本（现为数 7）— 请写指标体系的名称，或以 .toml 结尾的路径；可用：cn/chongqing/project-self、cn/hubei/project-self、cn/jiangxi/project-self、cn/mof-2013/department、cn/mof-2020/project、cn/mof-2020/project-self、cn/mof-2021/project-self、cn/sichuan-2017/department…",
                "framework is text (found the number 7) — name a framework, or a path that ends in .toml; known here: cn/chongqing/project-self, cn/hubei/project-self, cn/jiangxi/project-self, cn/mof-2013/department, cn/mof-2020/project, cn/mof-2020/project-self, cn/mof-2021/project-self, cn/sichuan-2017/department…",
            ),
        ),
    ),
    (
        "an assessment for a framework",
        "assessment.toml",
        'framework = "framework.toml"',
        'framework = "assessment.toml"',
        (
            (
                "assessment.toml:2:13",
                "这是评价文件，不是指标体系 — 它的指标体系是“assessment.toml”",
                'this is an assessment and no framework — its framework is "assessment.toml"',
            ),
        ),
    ),
)
