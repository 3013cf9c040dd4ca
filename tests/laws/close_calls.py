"""Rules that come near to breaking a law and keep them all: nothing may be said of them."""

from __future__ import annotations

CLOSE_CALLS: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "bands of one sign, the narrower first": (
        {"kind": "bands", "bands": [["≥90%", 10], ["≥80%", 7], ["≥60%", 5]]},
        {},
    ),
    "two bands that earn the same": ({"kind": "bands", "bands": [["≥90%", 10], ["≥80%", 10], ["≥60%", 5]]}, {}),
    "bands of less is better, from nothing on": ({"kind": "bands", "bands": [["≤0%", 10], ["≤10%", 7]]}, {}),
    "bands that meet at a point": ({"kind": "bands", "bands": [["≥80%", 10], ["<80%", 5]]}, {}),
    "bands that share one point": ({"kind": "bands", "bands": [["≥80%", 10], ["≤80%", 5]]}, {}),
    "people are counted whole, so nobody is between 2 and 3": (
        {"kind": "bands", "bands": [["≥3人", 10], ["≤2人", 5]]},
        {},
    ),
    "no day lies between two days": (
        {"kind": "bands", "bands": [["≤2023-06-30", 10], ["≥2023-07-01", 5]]},
        {},
    ),
    "what does not grow earns otherwise": ({"kind": "bands", "bands": [["≥0%", 10]], "otherwise": 5}, {}),
    "a band for what shrinks": (
        {"kind": "bands", "bands": [{"when": "it < 0%", "award": 0}, {"when": "it >= 0%", "award": 10}]},
        {},
    ),
    "whether it grows": ({"kind": "yes-no", "when": "it >= 0%"}, {}),
    "a range that is asked for": (
        {"kind": "bands", "bands": [{"when": "it >= 90% and it <= 110%", "award": 10}], "otherwise": 5},
        {},
    ),
    "a range with others on both sides": (
        {
            "kind": "bands",
            "bands": [
                {"when": "it >= 90% and it <= 110%", "award": 10},
                {"when": "it >= 80% and it <= 120%", "award": 5},
            ],
        },
        {},
    ),
    "bands that end with the year": (
        {
            "kind": "bands",
            "bands": [
                {"when": "it >= 10月 and it <= 12月", "award": 10},
                {"when": "it >= 6月 and it < 10月", "award": 5},
            ],
        },
        {},
    ),
    "what is between is earned otherwise, and lies between": (
        {"kind": "bands", "bands": [["≥90%", 10], ["<60%", 0]], "otherwise": 5},
        {},
    ),
    "bands whose conditions are about two figures": (
        {"kind": "bands", "bands": [{"when": "left == 0", "award": 10}, {"when": "left <= last", "award": 5}]},
        {},
    ),
    "an excuse above the bands": (
        {"kind": "bands", "bands": [{"when": "excused", "award": 10}, ["≥90%", 10], ["≥60%", 5]]},
        {},
    ),
    "a target with everything": (
        {"kind": "completion", "target": "≥95%", "zero_below": "60%", "over": {"beyond": "150%"}},
        {},
    ),
    "a share for too much": (
        {"kind": "completion", "target": "≥1000棵", "over": {"beyond": "150%", "share": "80%"}},
        {},
    ),
    "less is better": ({"kind": "completion", "target": "≤20万元"}, {}),
    "by deviation": ({"kind": "completion", "target": "≤20万元", "decline": "deviation"}, {}),
    "exactly so many": ({"kind": "completion", "target": "=71人", "scale_from": "60%"}, {}),
    "a deadline": ({"kind": "completion", "target": "≤2023-06-30"}, {}),
    "before a month begins": ({"kind": "completion", "target": "9月前"}, {}),
    "a month": ({"kind": "completion", "target": "9月底前"}, {}),
    "steps of a deduction": ({"kind": "deduct", "beyond": "0次", "each": "1次", "minus": 2, "partial": "up"}, {}),
    "days late": ({"kind": "deduct", "beyond": "2023-06-30", "each": "10天", "minus": 1, "partial": "up"}, {}),
    "a fall below nothing": ({"kind": "deduct", "below": "0%", "each": "1%", "minus": 1, "partial": "down"}, {}),
    "either side of all": (
        {"kind": "deduct", "either_side_of": "100%", "each": "5%", "minus": "20%", "partial": "proportional"},
        {},
    ),
    "a line": ({"kind": "linear", "through": [["60%", 0], ["100%", 10]]}, {}),
    "a line up and down again": ({"kind": "linear", "through": [["80%", 0], ["100%", 10], ["120%", 0]]}, {}),
    "a line from a negative figure": ({"kind": "linear", "through": [["-10%", 0], ["0%", 10]]}, {}),
    "a yes or no": ({"kind": "yes-no"}, {}),
    "a comparison of two figures": ({"kind": "yes-no", "when": "spent <= budget"}, {}),
    "items": ({"kind": "checklist", "items": [{"when": "t"}, {"when": "a >= 3"}, {"when": "b == 0"}]}, {}),
    "ten items": ({"kind": "checklist", "items": [{"when": f"t{index}"} for index in range(10)]}, {}),
    "shares of targets": ({"kind": "share-of-items", "within": "10%", "items": [{"actual": "a", "target": "b"}]}, {}),
    "checkpoints": (
        {"kind": "schedule", "by": [{"at": "6月", "actual": "m", "reach": "≥50%"}], "pro_rata": True},
        {},
    ),
    "a rater's levels": (
        {
            "kind": "rating",
            "levels": [{"name": "好", "from": "60%", "to": "100%"}, {"name": "差", "share": "0%"}],
        },
        {},
    ),
    "raters": ({"kind": "panel", "raters": ["r", "s", "t"], "drop_extremes": True}, {}),
    "points entered": ({"kind": "awarded"}, {}),
    "other assessments": ({"kind": "roll-up", "of": ["a.toml", "b.toml"]}, {}),
    "a formula that stops at nothing": (
        {"kind": "formula", "award": "points * max(0, 1 - actual)"},
        {"better": "lower"},
    ),
    "a formula cut above": ({"kind": "formula", "award": "points * actual"}, {"better": "higher"}),
    "a formula that counts": ({"kind": "formula", "award": "max(0, points - floor(actual))"}, {"better": "lower"}),
    "a formula with a word": ({"kind": "formula", "award": 'if(method == "招标", points, points * actual)'}, {}),
    "a formula without a direction": ({"kind": "formula", "award": "max(0, points * 4 * actual * (1 - actual))"}, {}),
    "two ways, each the better at times": (
        {
            "kind": "best-of",
            "alternatives": [{"kind": "completion", "target": "≥100%"}, {"kind": "yes-no", "when": "excused"}],
        },
        {},
    ),
    "a gap in one way that another fills": (
        {
            "kind": "best-of",
            "alternatives": [
                {"kind": "bands", "bands": [["≥90%", 10], ["<80%", 4]], "otherwise": 1},
                {"kind": "completion", "target": "≥100%"},
            ],
        },
        {},
    ),
    "a gap of whole things in one way that another fills": (
        {
            "kind": "best-of",
            "alternatives": [
                {"kind": "bands", "bands": [["≤3个", 10], ["≥6个", 5]]},
                {"kind": "bands", "bands": [["≤4个", 9], ["≥5个", 5]]},
            ],
        },
        {},
    ),
    "a gap in one way, for an answer for which another earns everything": (
        {
            "kind": "best-of",
            "alternatives": [
                {
                    "kind": "bands",
                    "bands": [
                        {"when": "it >= 90% and ok", "award": 10},
                        {"when": "it < 80%", "award": 5},
                        {"when": "it >= 80% and not ok", "award": 7},
                    ],
                },
                {"kind": "yes-no", "when": "ok"},
            ],
        },
        {},
    ),
    "bands of one way that overlap where another earns more": (
        {
            "kind": "best-of",
            "alternatives": [
                {"kind": "bands", "bands": [[">=90%", 4], ["<=95%", 2]]},
                {"kind": "completion", "target": "≥100%"},
                {"kind": "yes-no", "when": "excused"},
            ],
        },
        {},
    ),
    "a share that is computed, never above all": (
        {"kind": "formula", "award": "points * actual"},
        {"actual": "min(done, wanted) / wanted", "better": "higher"},
    ),
}
