"""Files that are written otherwise, or change while they are read."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import perfeval.forms.opening as opening
from docs_text import ROOT
from perfeval import LoadError, evaluate, load
from perfeval.cli import main
from perfeval.forms.reading import imported, read_with_files, read_workbook
from perfeval.forms.workbook import live_workbook
from perfeval.loading import sources

PROJECT = ROOT / "examples" / "panzhihua-dongqu-2023" / "land-requisition.toml"
FRAMEWORK = """format = 1
[framework]
id = "t/f"
title = "x"
points = 100
[tree.a]
title = "a"
category = "management"
points = 100
actual = "x"
rule = { kind = "yes-no" }
"""


def run(*arguments: str, **environment: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(arguments), env={"LC_ALL": "", "LANG": "", **environment})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "big5hkscs", "utf-16", "utf-16-le", "utf-32"])
def test_a_file_in_another_encoding_is_answered_with_the_one_to_save_it_in(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes('format = 1\nframework = "植樹"\n'.encode(encoding))
    assert run("score", str(tmp_path / "a.toml"), LANG="zh_CN.GBK")[0] == 2
    said = run("score", str(tmp_path / "a.toml"), LANG="zh_CN.GBK")[1]
    assert (
        "请另存为 UTF-8" in said or "TOML 语法错误" in said
    )  # of UTF-16-LE without a mark, each byte may be one of UTF-8
    assert "请另存为 UTF-8" in said or encoding in ("utf-16-le",)


@pytest.mark.parametrize("long", ["x" * 1_900_000, "很长" * 300_000, "\\u007f" * 300_000])
def test_a_very_long_line_is_read_or_refused_at_once(long: str, tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text(FRAMEWORK, "utf-8")
    path = tmp_path / "a.toml"
    path.write_text(f'format = 1\nframework = "f.toml"\n[facts]\nx = true\n[tree.a]\nreason = "{long}"\n', "utf-8")
    began = time.monotonic()
    assert evaluate(load(path)).score == 100
    path.write_text(f'format = 1\nframework = "f.toml"\n[facts]\nx = "{long}"\n', "utf-8")
    with pytest.raises(LoadError, match="the text is too long"):
        load(path)
    path.write_text(f'format = 1\nframework = "f.toml"\n[facts]\nx = {{ formula = "{long}" }}\n', "utf-8")
    with pytest.raises(LoadError, match="the formula is too long"):
        load(path)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("ask", [read_workbook, read_with_files, imported])
def test_a_workbook_is_read_once_and_that_is_what_was_found_safe(
    ask: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(live_workbook(load(PROJECT), "zh", sources(PROJECT)))
    safe = opening._safe_archive

    def then_changed(name: str, whole: bytes) -> None:
        safe(name, whole)
        path.write_bytes(b"something else")

    monkeypatch.setattr(opening, "_safe_archive", then_changed)
    assert ask(str(path))  # type: ignore[operator]
    assert path.read_bytes() == b"something else"
