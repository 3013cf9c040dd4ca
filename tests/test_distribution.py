"""The wheel and the source distribution: what is in them and what is not, and the same bytes each time they are built."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from email import message_from_bytes
from importlib.util import find_spec
from pathlib import Path

import pytest

import perfeval
from docs_text import ROOT

pytest.importorskip("build", reason="the extra dev brings it")
pytest.importorskip("hatchling", reason="the extra dev brings it")


def built(folder: Path, name: str) -> dict[str, bytes]:
    """Both distributions, by their kind."""
    command = [sys.executable, "-m", "build", "-q", "--no-isolation", "--outdir", str(folder / name), str(ROOT)]
    subprocess.run(command, env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}, check=True, capture_output=True)
    return {path.suffix: path.read_bytes() for path in (folder / name).iterdir()}


def test_the_changelog_says_since_when_there_is_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## {re.escape(perfeval.__version__)} — [0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$", text, flags=re.M)


@pytest.mark.slow
def test_both_are_what_they_should_be_and_the_same_each_time(tmp_path: Path) -> None:
    first = built(tmp_path, "first")
    assert sorted(first) == [".gz", ".whl"]
    assert built(tmp_path, "second") == first
    if find_spec("twine") is not None:
        packages = [str(path) for path in (tmp_path / "first").iterdir()]
        subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *packages], check=True, capture_output=True)
    (wheel,), (source,) = (tuple((tmp_path / "first").glob(each)) for each in ("*.whl", "*.tar.gz"))

    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
        (metadata,) = (message_from_bytes(archive.read(name)) for name in inside if name.endswith("/METADATA"))
    assert metadata["Version"] == perfeval.__version__
    assert metadata["License-Expression"] == "MIT"
    assert str(metadata.get_payload()).startswith("# perfeval")
    modules = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*") if path.is_file()}
    wanted = {each for each in modules if "__pycache__" not in each}
    wanted |= {f"perfeval/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "indicators").rglob("*.toml")}
    described = {each for each in inside if ".dist-info/" in each}
    assert inside - described == wanted
    assert {each.partition("/")[2] for each in described} == {
        "METADATA",
        "WHEEL",
        "RECORD",
        "entry_points.txt",
        "licenses/LICENSE",
    }

    with tarfile.open(source) as archive_of_source:
        names = {name.partition("/")[2] for name in archive_of_source.getnames()}
    tops = {name.partition("/")[0] for name in names}
    assert tops == {
        *("src", "indicators", "examples", "tests", "docs", "schemas", "benchmarks"),
        *("README.md", "README.zh.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE"),
        *(".gitignore", "mkdocs.yml", "pyproject.toml", "PKG-INFO"),
    }
    stray = {
        name for name in names if name.endswith((".pyc", ".tmp", ".orig")) or "__pycache__" in name or ".venv" in name
    }
    assert not stray
    assert {
        f"indicators/{path.relative_to(ROOT / 'indicators').as_posix()}"
        for path in (ROOT / "indicators").rglob("*.toml")
    } <= names
