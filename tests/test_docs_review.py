"""docs/review.md: a section for each objection, whose example raises it; its lines and words are those of the program."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import attrs
import pytest

from docs_text import ROOT, blocks
from perfeval import LoadError, Review, Thresholds, load, review
from perfeval.codes import OBJECTION_CODES
from perfeval.objections import OBJECTIONS, SEVERITIES, wording
from perfeval.quantity import decimal_text
from review_page import ACCEPTED, CODES, SOUND, TEXT, changed, example, sections


def reviewed(text: str, folder: Path) -> Review:
    (folder / "file.toml").write_text(text, "utf-8")
    return review(load(folder / "file.toml"))


def test_each_kind_of_objection_has_its_section_in_order_and_no_section_is_of_another() -> None:
    assert tuple(kind.code for kind in OBJECTIONS) == OBJECTION_CODES == CODES


@pytest.mark.parametrize("kind", OBJECTIONS, ids=lambda kind: kind.code)
def test_the_section_names_the_severity_the_why_and_how_to_answer(kind: object) -> None:
    assert isinstance(kind, type(OBJECTIONS[0]))
    body = dict(sections())[kind.code].strip()
    assert body.startswith(f"{SEVERITIES[kind.severity].en.capitalize()}. ")
    assert body.count("\nWhy: ") == body.count("\nAnswer: ") == 1
    assert body.index("\nWhy: ") < body.index("\nAnswer: ")


def test_nothing_is_raised_against_the_sound_assessment(tmp_path: Path) -> None:
    found = reviewed(SOUND, tmp_path)
    assert found.objections == ()
    assert (found.worst, found.card.score, found.card.published.agrees) == (None, Fraction("97.1"), True)


@pytest.mark.parametrize("code", CODES)
def test_the_example_raises_what_its_section_is_about(code: str, tmp_path: Path) -> None:
    assert code in {each.code for each in review(load(example(code, tmp_path))).objections}


def test_the_accepted_objection_of_the_page_is_listed_apart(tmp_path: Path) -> None:
    path = example("over-completion", tmp_path)
    found = reviewed(f"{path.read_text('utf-8')}\n{ACCEPTED}", tmp_path)
    assert found.objections == ()
    ((objection, by),) = found.accepted
    assert (objection.code, objection.path) == (by.code, by.indicator) == ("over-completion", "output.quantity.trees")
    assert by.reason == "苗木由企业捐赠，年初无法预计"


def test_the_reason_of_a_cost_that_is_left_out_is_listed(tmp_path: Path) -> None:
    (dropped,) = [block.body for block in blocks("docs/review.md") if block.name == "dropped"]
    own = (
        'format = 1\nframework = "cn/mof-2021/project-self"\n[subject]\nname = "村口植树"\nyear = 2023\n'
        '[facts]\nplanted = "1000棵"\n[tree.output]\npoints = 60\nreason = "不设成本指标"\n'
    )
    for path, points in (("output.quantity.trees", 60), ("benefit.social.shade", 20), ("satisfaction.people", 10)):
        rule = 'actual = "planted"\nrule = { kind = "completion", target = "≥1000棵" }\n'
        own += f'[tree.{path}]\ntitle = "植树棵数"\npoints = {points}\n{rule}'
    found = reviewed(own + dropped, tmp_path)
    assert [(each.code, by.reason) for each, by in found.accepted] == [
        ("cost-missing", "补助标准由省里统一规定，单位不能控制成本")
    ]
    assert "cost-missing" not in {each.code for each in found.objections}


@pytest.mark.parametrize(
    ("old", "new"),
    [("over-completion", "over-completed"), ("quantity.trees", "quantity.tree"), ("苗木由企业捐赠，年初无法预计", " ")],
)
def test_a_wrong_code_path_or_reason_is_refused_as_the_page_says(old: str, new: str, tmp_path: Path) -> None:
    with pytest.raises(LoadError):
        reviewed(f"{SOUND}\n{ACCEPTED.replace(old, new)}", tmp_path)


def test_the_thresholds_of_the_page_are_those_of_the_program() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| ([\d%]+) \|", TEXT, flags=re.M))
    drawn = attrs.asdict(Thresholds())
    assert rows == {
        name: str(value) if isinstance(value, int) else f"{decimal_text(value * 100)}%" for name, value in drawn.items()
    }


def test_each_threshold_is_named_in_the_section_of_what_it_draws() -> None:
    bodies = dict(sections())
    for name, used in re.findall(r"^\| `(\w+)` \| [\d%]+ \| (.*) \|$", TEXT, flags=re.M):
        codes = [code for code in re.findall(r"`([a-z-]+)`", used) if code in bodies]
        assert codes, name
        assert all(f"`{name}`" in bodies[code] for code in codes), name


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("rate-above-100", wording.SHARES),
        (
            "sign-contradicts",
            [word for word in (*wording.WANTED, *wording.LIMITED, *wording.SAVED) if not word.isascii()],
        ),
        ("rate-above-100", [word for word in wording.GROWTH if not word.isascii()]),
        (
            "negative-count",
            [word for word in (*wording.GROWTH, *wording.CHANGES) if not word.isascii()],
        ),
        ("satisfaction-without-survey", [word for word in wording.COMPLAINTS if not word.isascii()]),
        ("vague-indicator", wording.VAGUE),
        ("bare-rate", wording.NO_SHARES),
        ("satisfaction-without-survey", wording.SURVEY),
        ("satisfaction-without-survey", [unit for unit in wording.RESPONDENTS if not unit.isascii()]),
        ("cost-missing", [word for word in wording.PERSONNEL if not word.isascii()]),
        (
            "wrong-category",
            [word for word in (*wording.COSTS, *wording.RAISED, *wording.NATURE) if not word.isascii()],
        ),
    ],
)
def test_the_words_an_objection_goes_by_stand_in_its_section(code: str, words: list[str]) -> None:
    body = dict(sections())[code]
    assert [word for word in words if word not in body] == []


def test_a_change_that_fits_nowhere_is_no_example() -> None:
    with pytest.raises(AssertionError):
        changed(SOUND, "@@ published\n-score = 1\n+score = 2\n")


def test_every_example_file_is_there() -> None:
    named = re.findall(r"^Example: `([^`]+)`$", TEXT, flags=re.M)
    assert named
    assert all((ROOT / name).is_file() for name in named)
