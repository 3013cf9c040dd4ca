"""What a newcomer gets wrong in the README's own file is answered with its place, what was found and what to write."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from docs_text import blocks
from perfeval.cli import main

PLANTING = next(block.body for block in blocks("README.md") if block.name == "planting.toml")


def planting(folder: Path, old: str = "", new: str = "") -> Path:
    """The README's file with one thing changed."""
    assert old in PLANTING
    path = folder / "planting.toml"
    path.write_text(PLANTING.replace(old, new, 1) if old else PLANTING, "utf-8")
    return path


def answered(*arguments: object, code: int = 2) -> str:
    """All that a command says, without the folder of its files."""
    result = CliRunner().invoke(
        main, [str(each) for each in arguments], env={"COLUMNS": "300", "LC_ALL": "zh_CN.UTF-8"}
    )
    assert result.exit_code == code, result.output
    folders = {str(Path(str(each)).parent) for each in arguments if "/" in str(each)}
    output = result.output
    for folder in sorted(folders, key=len, reverse=True):
        output = output.replace(f"{folder}/", "") if folder.startswith("/") else output
    return output


def test_points_that_do_not_add_up_are_told_where_the_users_indicators_stand_with_each_ones_points(
    tmp_path: Path,
) -> None:
    path = planting(tmp_path, "points = 20", "points = 25")
    assert answered("score", path).splitlines() == [
        "planting.toml:28:2: 各指标分值合计 105 = 预算执行率 10 + 产出指标 55 + 效益指标 30 + 满意度指标 10，"
        "应为 100（多 5）— 请调整分值",
        "planting.toml:28:7: “产出指标”写明 50 分，其下合计 55 = 植树棵数 30 + 成活率 25（多 5）— 请调整其下分值",
    ]
