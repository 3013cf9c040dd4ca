"""Files that refer to each other: as many as is sensible, each read once, and no pipe waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from bad_files import RIGHT

import perfeval.loading.documents as documents
from effort import calls_at_most
from perfeval import LoadError, evaluate, load
from perfeval.errors import Place
from perfeval.loading import load_with_sources, merged, sources

PART = 'format = 1\nframework = "f{}.toml"\n'
FRAMEWORK = """format = 1
[framework]
id = "t/f{0}"
title = "x"
points = 10
[tree.a]
title = "a"
category = "management"
points = 10
rule = {{ kind = "roll-up", of = ["p{1}.toml", "./p{1}.toml"] }}
"""


def right(folder: Path) -> Path:
    for name, text in RIGHT.items():
        (folder / name).write_text(text, "utf-8")
    return folder / "assessment.toml"


def refusal(path: Path) -> str:
    with calls_at_most(10_000_000), pytest.raises(LoadError) as caught:
        load(path)
    return str(caught.value)


def test_sheets_that_each_include_the_next_twice_are_not_followed_a_million_times(tmp_path: Path) -> None:
    path = right(tmp_path)
    path.write_text(path.read_text("utf-8").replace('"facts.toml"', '"facts.toml", "s0.toml", "s0.toml"'), "utf-8")
    for step in range(25):
        (tmp_path / f"s{step}.toml").write_text(
            f'format = 1\ninclude = ["s{step + 1}.toml", "s{step + 1}.toml"]\n', "utf-8"
        )
    (tmp_path / "s25.toml").write_text("format = 1\n", "utf-8")
    assert "too many files are referred to — at most 1000 references" in refusal(path)


def test_nor_are_assessments_that_each_roll_up_the_next_twice(tmp_path: Path) -> None:
    for step in range(25):
        (tmp_path / f"p{step}.toml").write_text(PART.format(step), "utf-8")
        (tmp_path / f"f{step}.toml").write_text(FRAMEWORK.format(step, step + 1), "utf-8")
    assert "too many files are referred to" in refusal(tmp_path / "p0.toml")


def test_nor_is_more_read_than_an_assessment_can_need(tmp_path: Path) -> None:
    path = right(tmp_path)
    path.write_text(path.read_text("utf-8").replace('"facts.toml"', '"facts.toml"' + ', "long.toml"' * 14), "utf-8")
    (tmp_path / "long.toml").write_text("format = 1\n# " + "x" * 1_900_000, "utf-8")
    assert "20 million characters" in refusal(path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = right(tmp_path)
    (tmp_path / "facts.toml").unlink()
    os.mkfifo(tmp_path / "facts.toml")
    assert 'cannot open "' in refusal(path)
    assert "not a regular file" in refusal(tmp_path / "facts.toml")


def test_every_file_is_read_once_however_it_changes_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, read = right(tmp_path), list[str]()
    once = documents._text

    def then_changed(source: documents.Source, mentioned: Place | None) -> str:
        text = once(source, mentioned)
        read.append(source.path.name)
        source.path.write_bytes("谁改了？".encode("gb18030"))
        return text

    monkeypatch.setattr(documents, "_text", then_changed)
    assert load_with_sources(path)[1] == dict(RIGHT)
    assert sorted(read) == sorted(RIGHT)
    for ask in (load, sources, merged):
        right(tmp_path)
        read.clear()
        assert ask(path)
        assert len(read) == len(set(read))


@pytest.mark.parametrize("step", ["a{0} * a{0}", "{1}"], ids=["squared", "to the ninetieth power"])
def test_facts_that_square_each_other_end_in_an_error_of_their_indicator(step: str, tmp_path: Path) -> None:
    framework = FRAMEWORK.format(0, 0).replace(
        '{ kind = "roll-up", of = ["p0.toml", "./p0.toml"] }', '{ kind = "yes-no" }'
    )
    (tmp_path / "f0.toml").write_text(f'{framework}actual = "a50 > 1"\n', "utf-8")
    facts = [f'a{at} = {{ formula = "{step.format(at - 1, " * ".join([f"a{at - 1}"] * 90))}" }}' for at in range(1, 51)]
    (tmp_path / "a.toml").write_text("\n".join([PART.format(0), "[facts]", 'a0 = "999999999999"', *facts]), "utf-8")
    with calls_at_most(10_000_000):
        card = evaluate(load(tmp_path / "a.toml"))
    assert card["a"].status == "error"
