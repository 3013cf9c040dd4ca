"""Every framework in the catalogue keeps the laws, or says where it does not and why; and no exception is idle."""

from __future__ import annotations

from pathlib import Path

import pytest
import tomli

from docs_text import ROOT
from perfeval import LoadError, catalogue_ids, load, load_framework
from perfeval.codes import LAW_CODES
from perfeval.laws import LAWS, judge
from perfeval.loading import framework_of

FRAMEWORK = """format = 1
[framework]
id = "demo"
title = "示例"
points = 10
{exceptions}
[tree.it]
title = "满意度"
category = "satisfaction"
points = 10
rule = {{ kind = "bands", bands = [["≥90%", 8], ["≥80%", 10]] }}
"""
EXCEPTION = '[[framework.exceptions]]\nlaw = "monotone"\nindicator = "it"\nreason = "文件如此规定"\n'


@pytest.mark.parametrize("name", catalogue_ids())
def test_a_framework_of_the_catalogue_keeps_the_laws_or_says_why_not(name: str) -> None:
    found = judge(load_framework(name), search=False)
    assert [(each.law.code, each.path) for each in found.broken] == []
    assert found.idle == ()


@pytest.mark.slow
@pytest.mark.parametrize("name", catalogue_ids())
def test_a_search_finds_nothing_that_breaks_a_framework_of_the_catalogue(name: str) -> None:
    assert judge(load_framework(name)).broken == ()


ASSESSMENTS = [
    file for file in sorted(ROOT.glob("examples/*/*.toml")) if "framework" in tomli.loads(file.read_text("utf-8"))
]


def test_there_are_examples() -> None:
    assert len(ASSESSMENTS) >= 10


@pytest.mark.parametrize("file", ASSESSMENTS, ids=lambda file: file.stem)
def test_the_rules_of_the_examples_keep_the_laws_of_curves(file: Path) -> None:
    broken = judge(load(file).framework, search=False).broken
    assert {(each.law.code, each.path) for each in broken} <= KNOWN.get(file.stem, set())


KNOWN: dict[str, set[tuple[str, str | None]]] = {}


def test_every_law_has_its_code_in_order() -> None:
    assert tuple(law.code for law in LAWS) == LAW_CODES


def loaded(folder: Path, exceptions: str) -> Path:
    path = folder / "framework.toml"
    path.write_text(FRAMEWORK.format(exceptions=exceptions), "utf-8")
    return path


def test_an_exception_with_a_reason_stands_in_the_file(tmp_path: Path) -> None:
    found = judge(load_framework(loaded(tmp_path, EXCEPTION)), search=False)
    assert found.broken == ()
    ((answer, by),) = [(each, each.exemption) for each in found.excepted]
    assert by is not None
    assert (answer.law.code, by.reason, found.idle) == ("monotone", "文件如此规定", ())


@pytest.mark.parametrize(
    "other",
    [EXCEPTION.replace("monotone", "full"), EXCEPTION.replace('"it"', '"its"')],
)
def test_an_exception_of_another_law_or_indicator_covers_nothing(other: str, tmp_path: Path) -> None:
    found = judge(load_framework(loaded(tmp_path, other)), search=False)
    assert [each.law.code for each in found.broken] == ["monotone"]
    assert [each.reason for each in found.idle] == ["文件如此规定"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("monotone", "monoton", 'there is no law "monoton" — did you mean "monotone"?'),
        ("文件如此规定", " ", "an exception is made for a reason — write it"),
        ("reason", "because", 'unknown key "because"'),
    ],
)
def test_a_wrong_exception_is_refused_where_it_stands(old: str, new: str, message: str, tmp_path: Path) -> None:
    path = loaded(tmp_path, EXCEPTION.replace(old, new))
    with pytest.raises(LoadError) as error:
        load_framework(path)
    assert message in error.value.to("en")
    assert {found.place.line for found in error.value.problems if found.place} <= {6, 7, 8, 9}


def test_exceptions_are_inherited_and_replaced_as_a_whole(tmp_path: Path) -> None:
    loaded(tmp_path, EXCEPTION)
    over = 'format = 1\n[framework]\nid = "over"\ntitle = "over"\nextends = "framework.toml"\n'
    (tmp_path / "over.toml").write_text(over, "utf-8")
    assert len(load_framework(tmp_path / "over.toml").exceptions) == 1
    (tmp_path / "over.toml").write_text(
        over + EXCEPTION.replace("monotone", "full") + EXCEPTION.replace("monotone", "zero"), "utf-8"
    )
    assert [each.law for each in load_framework(tmp_path / "over.toml").exceptions] == ["full", "zero"]


@pytest.mark.parametrize("better", ["up", "Higher"])
def test_better_is_higher_or_lower(better: str, tmp_path: Path) -> None:
    path = loaded(tmp_path, "")
    path.write_text(path.read_text("utf-8") + f'better = "{better}"\n', "utf-8")
    with pytest.raises(LoadError, match="higher"):
        load_framework(path)


def test_an_assessment_is_asked_with_its_own_indicators() -> None:
    file = ROOT / "examples/panzhihua-dongqu-2023/department.toml"
    assert len(framework_of(file).indicators) > len(load_framework("cn/sichuan-2023/department").indicators)
