"""Wrong files: each is a right one with one thing changed, so that the place of every message is known."""

from __future__ import annotations

from pathlib import Path

FRAMEWORK = """format = 1
[framework]
id = "own/framework"
title = "指标体系"
points = 100
rounding = { places = 2, mode = "half-up", of = "each" }
[[framework.grades]]
name = "优"
from = 90
[[framework.grades]]
name = "差"
from = 0
[tree.execution]
title = "预算执行率"
category = "management"
points = 40
actual = "budget.executed / budget.approved"
rule = { kind = "completion", target = "≥100%" }
[tree.output]
title = "产出"
points = 60
adjustable = true
[tree.output.quantity]
title = "数量"
category = "output.quantity"
open = true
"""

ASSESSMENT = """format = 1
framework = "framework.toml"
include = ["facts.toml"]
[subject]
kind = "project"
name = "植树"
year = 2023
[published]
score = 90
[facts.trees]
planted = { value = "950棵", source = "验收单" }
total = { formula = "trees.planted + trees.old" }
old = "50棵"
[tree.output.quantity.trees]
title = "植树棵数"
points = 60
actual = "trees.planted"
rule = { kind = "completion", target = "≥1000棵" }
stated = 57
reason = "苗木到货晚"
"""

FACTS = """format = 1
[facts.budget]
approved = { value = "20万元", source = "批复" }
executed = { value = "18万元", source = "决算" }
"""

RIGHT = {"framework.toml": FRAMEWORK, "assessment.toml": ASSESSMENT, "facts.toml": FACTS}


def written(folder: Path, file: str, old: str, new: str) -> Path:
    """The right files in `folder`, with `old` changed to `new` in one of them; returns what is to be loaded."""
    for name, text in RIGHT.items():
        if name == file:
            assert text.count(old) >= 1, old
            text = text.replace(old, new, 1) if old else new + text
        (folder / name).write_text(text, "utf-8")
    return folder / "assessment.toml"
