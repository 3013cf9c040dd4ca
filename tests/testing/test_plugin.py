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


def test_files_outside_of_testpaths_are_collected_all_the_same(pytester: pytest.Pytester) -> None:
    made(pytester)
    pytester.mkdir("tests").joinpath("test_a.py").write_text("def test_a(): pass", "utf-8")
    pytester.makeini("[pytest]\ntestpaths = tests\nperfeval_frameworks = indicators/*.toml\n")
    result = pytester.runpytest_inprocess("-v")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["tests/test_a.py::test_a PASSED*", "*monotone[[]satisfied[]]*FAILED*"])


def test_each_law_is_collected_once(pytester: pytest.Pytester) -> None:
    made(pytester, EXCEPTION)
    counts = [
        pytester.runpytest_inprocess(*arguments, "--perfeval-frameworks", "indicators/*.toml").parseoutcomes()
        for arguments in ((), ("indicators",), ("indicators/f.toml",))
    ]
    assert counts[0].pop("passed") - 1 == counts[1].pop("passed") == counts[2].pop("passed")


def test_two_processes_share_them(pytester: pytest.Pytester) -> None:
    made(pytester)
    pytester.mkdir("tests").joinpath("test_a.py").write_text("def test_a(): pass", "utf-8")
    pytester.makeini("[pytest]\ntestpaths = tests\nperfeval_frameworks = indicators/*.toml\n")
    result = pytester.runpytest_subprocess("-n", "2")
    assert (result.ret, result.parseoutcomes()["failed"]) == (1, 1)


def test_what_the_command_line_names_is_all_that_is_run(pytester: pytest.Pytester) -> None:
    made(pytester)
    pytester.makeini("[pytest]\nperfeval_frameworks = indicators/*.toml\n")
    (module,) = pytester.path.glob("test_*.py")
    pytester.runpytest_inprocess(module.name).assert_outcomes(passed=1)


def test_a_file_that_pytest_passes_over_is_an_error(pytester: pytest.Pytester) -> None:
    pytester.mkdir("build").joinpath("f.toml").write_text(FRAMEWORK.format(exceptions=""), "utf-8")
    pytester.makepyfile("def test_other(): pass")
    result = pytester.runpytest_inprocess("--perfeval-frameworks", "build/*.toml")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: perfeval_frameworks: pytest passes over */build/f.toml (see norecursedirs*"])


@pytest.mark.parametrize("pattern", ["indicator/*.toml", "indicators/g.toml", "indicators", "*.toml"])
def test_a_pattern_that_names_no_file_is_an_error(pytester: pytest.Pytester, pattern: str) -> None:
    made(pytester)
    result = pytester.runpytest_inprocess("--perfeval-frameworks", pattern)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [f"ERROR: perfeval_frameworks: {pattern.replace('*', '[*]')} names no .toml file (looked in *"]
    )


def test_a_file_that_cannot_be_read_is_an_error_of_collection(pytester: pytest.Pytester) -> None:
    made(pytester, text=FRAMEWORK.replace("points = 20", "points = 30"))
    result = pytester.runpytest_inprocess("--perfeval-frameworks", "indicators/*.toml")
    assert result.ret == 2
    result.stdout.fnmatch_lines(["*add up to 20 = * not 30 (10 too few)*"])


def test_unasked_it_imports_nothing_of_perfeval(tmp_path: Path) -> None:
    program = "import sys, perfeval_pytest; print([each for each in sys.modules if each.split('.')[0] == 'perfeval'])"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert result.stdout.strip() == "[]"
