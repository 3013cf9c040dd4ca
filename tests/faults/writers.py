"""Every command that writes a file, on files of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from docs_text import ROOT

__all__ = ["FACTS", "FRAMEWORK", "PROJECT", "TYPED", "WRITERS", "arguments", "prepared"]

PROJECT: Final = str(ROOT / "examples" / "panzhihua-dongqu-2023" / "land-requisition.toml")
FRAMEWORK: Final = """format = 1
[framework]
id = "t"
title = "植树"
title_en = "trees"
points = 100
[tree.output]
title = "产出"
title_en = "output"
[tree.output.trees]
title = "植树棵数"
title_en = "trees"
category = "output.quantity"
points = 60
actual = "trees.planted"
rule = { kind = "completion", target = "≥1000棵" }
[tree.benefit]
title = "效益"
title_en = "benefit"
[tree.benefit.alive]
title = "成活率"
title_en = "alive"
category = "benefit.ecological"
points = 40
actual = "trees.alive"
rule = { kind = "completion", target = "≥90%" }
"""
FACTS: Final = "单位,trees.planted,trees.alive\n甲,950,90%\n乙,1000棵,80%\n丙,500,95%\n"
TYPED: Final = """项目支出绩效自评表
项目名称,植树,,,,,
一级指标,二级指标,三级指标,年度指标值,实际完成值,分值,得分
产出指标,数量指标,植树棵数,≥1000棵,950棵,90,85.5
总分,,,,,100,95.5
"""

_BATCH: Final = ("batch", "{in}/framework.toml", "{in}/facts.csv", "--id", "单位", "-o", "{out}")
_SENSITIVITY: Final = ("sensitivity", "{in}/framework.toml", "{in}/facts.csv", "--id", "单位", "--weightings", "20")
WRITERS: Final[Mapping[str, tuple[str, ...]]] = {
    **{f"report.{kind}": ("report", PROJECT, "-o", "{out}") for kind in ("html", "docx", "md", "json", "xlsx")},
    **{f"form.{kind}": ("form", PROJECT, "-o", "{out}") for kind in ("xlsx", "docx")},
    "import.toml": ("import", "{in}/typed.csv", "-o", "{out}"),
    **{f"batch.{kind}": _BATCH for kind in ("parquet", "feather", "arrow", "csv")},
    "sensitivity.csv": (*_SENSITIVITY, "-o", "{out}"),
    "sensitivity.parquet": (*_SENSITIVITY, "--save-weightings", "{out}"),
    "sensitivity.svg": (*_SENSITIVITY, "--plot", "{out}"),
    "bounds.csv": ("bounds", "{in}/framework.toml", "--table", "{in}/facts.csv", "-o", "{out}"),
    "plot.svg": ("plot", "{in}/framework.toml", "output.trees", "-o", "{out}"),
    "plot.png": ("plot", "{in}/framework.toml", "output.trees", "-o", "{out}"),
    "new.toml": ("new", "cn/mof-2020/project-self", "-o", "{out}"),
}
"""By the name of the file that it writes."""


def prepared(folder: Path) -> Path:
    """The files that they read, in `folder`."""
    folder.mkdir(exist_ok=True)
    for name, text in (("framework.toml", FRAMEWORK), ("facts.csv", FACTS), ("typed.csv", TYPED)):
        (folder / name).write_text(text, "utf-8")
    return folder


def arguments(name: str, inputs: Path, target: Path) -> list[str]:
    """How the command that writes `name` is called to write `target`."""
    return [each.replace("{in}", str(inputs)).replace("{out}", str(target)) for each in WRITERS[name]]
