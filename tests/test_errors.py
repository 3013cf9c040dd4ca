"""What is told of a slip: the name that was meant, where there is one; the system's reasons, in both languages."""

from __future__ import annotations

import ast
import errno
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import tomli

from perfeval.errors import nearest, not_a_regular_file, reason_of
from perfeval.loading import catalogue_ids

SOURCES = Path(__file__).parents[1] / "src" / "perfeval"
_VALUE = r"""(?:\{[^{}]*\}|\[(?:[^][]|\[[^][]*\])*\]|"[^"\n]*"|'[^'\n]*'|\d[\d.]*)"""
_ADVISED = re.compile(rf"""(?<![\w.\[\]"'=(])"?[\w.]+"? = {_VALUE}|\{{ [^{{}}]* = [^{{}}]*\}}""")

FACTS = (
    "budget.approved",
    "budget.executed",
    "budget.initial",
    "budget.adjustment",
    "goal.duties",
    "goal.law_and_plans",
    "survey.satisfied",
    "survey.valid",
    "benefit.social.level",
    "benefit.social.share",
    "three_public.budget",
    "three_public.spent",
    "预算.批复数",
    "预算.执行数",
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("budget.aproved", "budget.approved"),
        ("budget.excuted", "budget.executed"),
        ("budget.execution", "budget.executed"),
        ("budjet.approved", "budget.approved"),
        ("budgets.aproved", "budget.approved"),
        ("Budget.Approved", "budget.approved"),
        ("surveys.valid", "survey.valid"),
        ("survey.vaild", "survey.valid"),
        ("benefit.socail.share", "benefit.social.share"),
        ("benefit.social.levels", "benefit.social.level"),
        ("three_publics.spent", "three_public.spent"),
        ("预算.批复", "预算.批复数"),
        ("预算.执行", "预算.执行数"),
    ],
)
def test_a_slip_is_answered_with_the_fact_that_was_meant(written: str, meant: str) -> None:
    assert nearest(written, FACTS).en == f'did you mean "{meant}"?'


def test_of_two_names_that_are_alike_the_one_with_fewer_letters_off_is_meant() -> None:
    """goal_resettled.jiedi was, for it is like resettled.jiedy as a whole and the other only in its last part."""
    for known in (names := ["goal_resettled.jiedi", "resettled.jiedi"]), names[::-1]:
        assert nearest("resettled.jiedy", known).en == 'did you mean "resettled.jiedi"?'


@pytest.mark.parametrize(
    "written",
    [
        "budget.reallocated",
        "budget.results.own_1",
        "budget.execution.own_1",
        "goal.quantified.share",
        "goal.elements.level",
        "survey.asked",
        "benefit.economic.share",
        "staff.actual",
        "carryover.total",
        "road.total",
        "预算.结余额",
        "满意.人数",
    ],
)
def test_another_fact_is_not_taken_for_a_slip(written: str) -> None:
    assert nearest(written, FACTS).zh.startswith("可用：budget.approved、")


def test_a_frameworks_name_is_known_by_what_it_does_not_share() -> None:
    assert nearest("cn/mof-2020/projectself", catalogue_ids()).en == 'did you mean "cn/mof-2020/project-self"?'
    assert nearest("cn/mof2020/project-self", catalogue_ids()).en == 'did you mean "cn/mof-2020/project-self"?'
    assert "？" not in nearest("cn/mof-2020/school", catalogue_ids()).zh


COMMON = (
    errno.ENOENT,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.EISDIR,
    errno.ENOTDIR,
    errno.ENOSPC,
    errno.ENAMETOOLONG,
    errno.ELOOP,
    errno.EBUSY,
    errno.EIO,
    errno.EMFILE,
    errno.EDQUOT,
)


@pytest.mark.parametrize("number", COMMON, ids=errno.errorcode.get)
def test_the_common_reasons_of_a_system_are_told_in_the_readers_language(number: int) -> None:
    why = reason_of(OSError(number, os.strerror(number)))
    assert why.en == os.strerror(number)
    assert re.fullmatch("[\u4e00-\u9fff，]+", why.zh)


def test_a_rare_reason_is_told_in_the_systems_words() -> None:
    assert reason_of(OSError(errno.ENOEXEC, "Exec format error")).zh == "Exec format error"
    assert reason_of(OSError("cut short")).zh == "cut short"


def test_a_pipe_is_called_no_regular_file() -> None:
    assert reason_of(not_a_regular_file()).zh == "不是普通文件"


def texts(file: Path) -> Iterator[str]:
    """The texts in a module that are not its documentation; "x" stands for what is filled in."""
    tree = ast.parse(file.read_text("utf-8"))
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts | alone:
            yield node.value


def test_what_a_message_says_to_write_is_toml() -> None:
    advised = [
        (file.name, found[0])
        for file in sorted(SOURCES.rglob("*.py"))
        for each in texts(file)
        for found in _ADVISED.finditer(each)
    ]
    assert len(advised) > 50
    for file, written in advised:
        try:
            tomli.loads(f"x = {written}" if written.startswith("{") else written)
        except tomli.TOMLDecodeError as error:
            pytest.fail(f"{file}: {written}: {error}")
