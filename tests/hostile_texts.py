"""An assessment file in which every text that a person may write is an attack on whatever shows it."""

from __future__ import annotations

import json
from pathlib import Path

__all__ = ["ATTACKS", "hostile_file"]

ATTACKS = (
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1,2)",
    "\t=1+1",
    "\r=1+1",
    '"&HYPERLINK("http://192.0.2.1","x")&"',
    "'=1+1",
    "<script>alert(1)</script>",
    '"><img src=http://192.0.2.1/x onerror=alert(1)>',
    "]]><!-- &lt;b&gt; &#x3C;",
    "</w:t></w:r><w:altChunk/>",
    "**b** [x](javascript:alert(1)) ![i](http://192.0.2.1) `c` | # h",
    "[red]x[/red] [link=http://192.0.2.1]x[/link]",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07",
    "\u202egnp.exe\u2066\u200f",
    "{{ 7*7 }}{% raw %}{0}%s",
    "a\x00b\x08c\x7fd\x9be",
)

_FRAMEWORK = """format = 1
[framework]
id = "t/hostile"
title = X
title_en = X
issuer = X
document = X
source = X
assumed = X
note = X
points = 100
form = "mof-2020-project-self"
[[framework.grades]]
name = X
name_en = X
from = 80
[[framework.grades]]
name = "差"
from = 0
[[limits]]
title = X
title_en = X
when = "lamps < 1盏"
grade_at_most = "差"
[tree.execution]
title = X
title_en = X
category = "management"
points = 20
actual = "budget.executed / budget.approved"
rule = { kind = "completion", target = "≥100%" }
standard = X
evidence = X
source = X
[tree.output]
title = X
title_en = X
assumed = X
note = X
[tree.output.lamps]
title = X
title_en = X
category = "output.quantity"
points = 50
actual = "lamps"
rule = { kind = "completion", target = "≥17盏" }
assumed = X
[tree.output.rated]
title = X
title_en = X
category = "output.quality"
points = 30
actual = "judged"
rule = { kind = "rating", levels = [{ name = X, from = "80%", to = "100%" }, { name = "未达成", from = "0%", to = "80%" }] }
"""
_ASSESSMENT = """format = 1
framework = "framework.toml"
[subject]
name = X
unit = X
year = 2031
note = X
[published]
score = 70
grade = "差"
source = X
problems = X
[facts]
budget.approved = { value = "100元", title = X, source = X, note = X }
budget.executed = { value = "40元", title = X, assumed = X, between = ["30元", "50元"] }
judged = { level = X, share = "90%", title = X, assumed = X }
lamps = { value = "3盏", title = X, source = X }
listed = { choice = X, title = X, source = X }
[[checks]]
id = "c"
title = X
title_en = X
note = X
that = "budget.executed == budget.approved"
[tree.execution]
reason = X
[tree.output.lamps]
stated = 50
reason = X
[tree.output.rated]
reason = X
"""


def hostile_file(text: str, folder: Path) -> Path:
    """An assessment, its framework beside it, with `text` wherever a person may write one."""
    # In TOML as in JSON, but for DEL, which TOML wants escaped too.
    escaped = json.dumps(text).replace("\x7f", "\\u007f")
    for name, content in (("framework.toml", _FRAMEWORK), ("hostile.toml", _ASSESSMENT)):
        (folder / name).write_text(content.replace("= X", f"= {escaped}"), "utf-8")
    return folder / "hostile.toml"
