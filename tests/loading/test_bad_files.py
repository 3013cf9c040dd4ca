"""Every wrong file is answered with all its problems, each with place, what was found and what to write; never with a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from bad_cases import CASES
from bad_files import RIGHT, written
from hypothesis import given
from hypothesis import strategies as st

from perfeval import LoadError, PerfevalError, evaluate, load, load_framework


def test_the_right_files_are_right_and_there_are_enough_wrong_ones(tmp_path: Path) -> None:
    card = evaluate(load(written(tmp_path, "facts.toml", "", "")))
    assert card.score == 93
    assert len({case[0] for case in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_wrong_file_is_answered_with_place_finding_and_advice(
    file: str, old: str, new: str, expected: tuple[tuple[str, str, str], ...], tmp_path: Path
) -> None:
    with pytest.raises(LoadError) as refused:
        load(written(tmp_path, file, old, new))
    here = f"{tmp_path}/"
    answered = [
        (str(each.place).replace(here, ""), each.message.zh.replace(here, ""), each.message.en.replace(here, ""))
        for each in refused.value.problems
    ]
    assert answered == list(expected)
    assert refused.value.to("zh").count("\n") == len(expected) - 1


def test_all_the_problems_of_all_the_files_come_at_once_in_their_order(tmp_path: Path) -> None:
    for name, text in RIGHT.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "facts.toml").write_text(
        RIGHT["facts.toml"].replace("20万元", "二十万元").replace("source =", "sorce ="), "utf-8"
    )
    (tmp_path / "assessment.toml").write_text(
        RIGHT["assessment.toml"].replace("kind =", "knd =", 1).replace("points = 60", "points = -1"), "utf-8"
    )
    with pytest.raises(LoadError) as refused:
        load(tmp_path / "assessment.toml")
    places = [str(each.place).replace(f"{tmp_path}/", "") for each in refused.value.problems]
    assert places == [
        "assessment.toml:5:1",
        "assessment.toml:16:10",
        "facts.toml:3:22",
        "facts.toml:3:30",
        "facts.toml:4:30",
    ]


def test_a_check_named_as_one_of_the_framework_is_told_in_the_fact_sheet_that_holds_it(tmp_path: Path) -> None:
    check = '[[checks]]\nid = "a"\nthat = "budget.executed <= budget.approved"\n'
    path = written(tmp_path, "framework.toml", "[tree.execution]", f"{check}[tree.execution]")
    sheet = tmp_path / "facts.toml"
    sheet.write_text(RIGHT["facts.toml"] + check, "utf-8")
    with pytest.raises(LoadError) as refused:
        load(path)
    [found] = refused.value.problems
    assert str(found.place) == f"{sheet}:6:6"
    assert found.message.en == 'the framework has a check "a" — give this one another id'


def test_a_file_that_is_not_utf8_or_too_large_or_not_a_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes('format = 1\nframework = "植树"'.encode("gb18030"))
    with pytest.raises(LoadError, match=r"a\.toml:2:1: the file is not UTF-8"):
        load(path)
    path.write_bytes(b"# " + b"x" * 2_000_001)
    with pytest.raises(LoadError, match="too large"):
        load(path)
    with pytest.raises(LoadError, match="cannot open"):
        load(tmp_path)
    path.write_text("x = " + "1" * 5000, "utf-8")
    with pytest.raises(LoadError, match="too many digits"):
        load(path)


def test_a_byte_order_mark_and_windows_line_ends_are_taken(tmp_path: Path) -> None:
    for name, text in RIGHT.items():
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert evaluate(load(tmp_path / "assessment.toml")).score == 93


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 5000 + "]" * 5000, "[" + ".".join("a" * 900) + "]\nrule = 1", "a" + ".a" * 3000 + " = 1"]
)
def test_what_nests_too_deep_is_told(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(LoadError):
        load(path)


def test_rules_that_nest_too_deep_are_told(tmp_path: Path) -> None:
    rule = '{ kind = "yes-no" }'
    for _ in range(150):
        rule = f'{{ kind = "best-of", alternatives = [{{ kind = "yes-no" }}, {rule}] }}'
    with pytest.raises(LoadError):
        load(written(tmp_path, "assessment.toml", '{ kind = "completion", target = "≥1000棵" }', rule))


def test_an_array_of_too_many_entries_is_told(tmp_path: Path) -> None:
    bands = ", ".join(f'["≥{1000 - index}棵", 1]' for index in range(500))
    rule = f'{{ kind = "bands", bands = [{bands}] }}'
    with pytest.raises(LoadError, match="at most 100 entries"):
        load(written(tmp_path, "assessment.toml", '{ kind = "completion", target = "≥1000棵" }', rule))


def test_a_symbolic_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    inside = tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    path = written(inside, "facts.toml", "", "")
    (inside / "facts.toml").rename(outside / "facts.toml")
    (inside / "facts.toml").symlink_to(outside / "facts.toml")
    with pytest.raises(LoadError, match="leaves the folder"):
        load(path)
    (inside / "facts.toml").unlink()
    (inside / "facts.toml").symlink_to(inside / "facts.toml")
    with pytest.raises(LoadError):
        load(path)


@pytest.mark.parametrize("name", ["../pyproject", "cn/../../pyproject", "/etc/passwd", "", "cn//x", "CN/mof"])
def test_a_framework_name_cannot_leave_the_catalogue(name: str) -> None:
    with pytest.raises(LoadError):
        load_framework(name)


@given(data=st.data())
def test_no_change_of_a_right_file_ends_in_a_traceback(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("mutated")
    file = data.draw(st.sampled_from(sorted(RIGHT)))
    text = RIGHT[file]
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        length = data.draw(st.integers(0, 12))
        text = (
            text[:at]
            + data.draw(st.sampled_from(["", '"', "=", "1", "[", "]", "\n", "points", "é", "0.1", "{", "}", ".", "≥"]))
            + text[at + length :]
        )
    for name, right in RIGHT.items():
        (folder / name).write_text(text if name == file else right, "utf-8")
    try:
        evaluate(load(folder / "assessment.toml"))
    except PerfevalError as error:
        assert error.problems
        assert all(each.message.zh and each.message.en for each in error.problems)
