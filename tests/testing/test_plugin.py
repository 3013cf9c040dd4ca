"""The pytest plugin: framework files as tests where they are asked for, and nothing anywhere else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy  # noqa: F401  # before pytester, which forgets what is imported under it: numpy cannot be loaded twice
import pytest

pytest_plugins = ["pytester"]

FRAMEWORK = """format = 1
[framework]
id = "demo"
title = "示例"
points = 20
{exceptions}
[tree.satisfied]
title = "满意度"
category = "satisfaction"
points = 10
rule = {{ kind = "bands", bands = [["≥90%", 8], ["≥80%", 10]] }}
[tree.trees]
title = "植树"
category = "output.quantity"
points = 10
rule = {{ kind = "completion", target = "≥10棵" }}
"""
EXCEPTION = '[[framework.exceptions]]\nlaw = "monotone"\nreason = "文件如此"\n'


def made(pytester: pytest.Pytester, exceptions: str = "", text: str = FRAMEWORK) -> None:
    folder = pytester.mkdir("indicators")
    (folder / "f.toml").write_text(text.format(exceptions=exceptions), "utf-8")
    pytester.makepyfile("def test_other(): pass")


def test_without_being_asked_it_collects_nothing(pytester: pytest.Pytester) -> None:
    made(pytester)
    pytester.runpytest_inprocess().assert_outcomes(passed=1)


def test_a_setting_collects_the_files_that_it_names(pytester: pytest.Pytester) -> None:
    made(pytester)
    pytester.makeini("[pytest]\nperfeval_frameworks = indicators/*.toml\n")
    result = pytester.runpytest_inprocess("-v", "-p", "no:cacheprovider")
    assert result.ret == 1
    outcomes = result.parseoutcomes()
    assert outcomes["failed"] == 1
    assert outcomes["passed"] > 8
    result.stdout.fnmatch_lines(
        ["*monotone[[]satisfied[]]*FAILED*", "*完成值为 89.99% 时得 10 分，高于 90% 时的 8 分*"]
    )


def test_an_exception_is_an_expected_failure(pytester: pytest.Pytester) -> None:
    made(pytester, EXCEPTION)
    result = pytester.runpytest_inprocess("--perfeval-frameworks", "indicators/*.toml")
    assert (result.ret, result.parseoutcomes()["xfailed"]) == (0, 1)


def test_another_pattern_collects_nothing(pytester: pytest.Pytester) -> None:
    made(pytester)
    pytester.runpytest_inprocess("--perfeval-frameworks", "elsewhere/*.toml").assert_outcomes(passed=1)


def test_a_file_that_cannot_be_read_is_an_error_of_collection(pytester: pytest.Pytester) -> None:
    made(pytester, text=FRAMEWORK.replace("points = 20", "points = 30"))
    result = pytester.runpytest_inprocess("--perfeval-frameworks", "indicators/*.toml")
    assert result.ret == 2
    result.stdout.fnmatch_lines(["*add up to 20 = * not 30 (10 too few)*"])


def test_unasked_it_imports_nothing_of_perfeval(tmp_path: Path) -> None:
    program = "import sys, perfeval_pytest; print([each for each in sys.modules if each.split('.')[0] == 'perfeval'])"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert result.stdout.strip() == "[]"
