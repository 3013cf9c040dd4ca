"""The examples of docs/review.md: a sound assessment, and the changes that raise each objection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from docs_text import ROOT, blocks

__all__ = ["CODES", "SOUND", "changed", "example", "sections"]

PAGE = "docs/review.md"
TEXT = (ROOT / PAGE).read_text("utf-8")
SOUND = next(block.body for block in blocks(PAGE) if block.name == "sound")
ACCEPTED = next(block.body for block in blocks(PAGE) if block.name == "accepted")
_SECTION = re.compile(r"^## (?P<code>[a-z0-9-]+)$\n(?P<body>.*?)(?=^##? |\Z)", re.M | re.S)
_FENCE = re.compile(r"^```(?P<language>\w+) ?(?P<name>[^\n]*)\n(?P<body>.*?)^```$", re.M | re.S)
_FILE = re.compile(r"^Example: `([^`]+)`$", re.M)


def sections() -> Iterator[tuple[str, str]]:
    """Each code with the text of its section."""
    for found in _SECTION.finditer(TEXT):
        yield found["code"], found["body"]


CODES = tuple(code for code, _ in sections())


def changed(text: str, change: str) -> str:
    """`text` with a change applied: `@@` names a table (or the end), `-` lines go, `+` lines come."""
    for hunk in re.split(r"^@@ ", change, flags=re.M)[1:]:
        table, _, lines = hunk.partition("\n")
        if table == "end":
            text += "".join(f"{line[1:]}\n" for line in lines.splitlines())
            continue
        text = _in_table(text, table, lines.splitlines())
    return text


def _in_table(text: str, table: str, lines: list[str]) -> str:
    start = text.index(f"[{table}]\n")
    end = text.find("\n[", start)
    body = (text[start:] if end < 0 else text[start : end + 1]).rstrip("\n") + "\n"
    changed_body = body
    for old, new in _steps(lines):
        assert changed_body.count(old) == 1, old
        changed_body = changed_body.replace(old, new) if old else changed_body
    added = "".join(f"{line[1:]}\n" for line in lines if line.startswith("+")) if not list(_steps(lines)) else ""
    return text[:start] + changed_body + added + text[start + len(body) :]


def _steps(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Runs of lines that go, each with the lines that come in their place."""
    old: list[str] = []
    new: list[str] = []
    for line in lines:
        if line.startswith("-") and new:
            yield _joined(old), _joined(new)
            old, new = [], []
        (old if line.startswith("-") else new).append(line[1:])
    if old:
        yield _joined(old), _joined(new)


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def example(code: str, folder: Path) -> Path:
    """The file of the example in the section of `code`, written into `folder` where it is not one of examples/."""
    body = dict(sections())[code]
    if (named := _FILE.search(body)) is not None:
        return ROOT / named[1]
    written = folder / "example.toml"
    for found in _FENCE.finditer(body):
        if found["language"] == "diff":
            written.write_text(changed(SOUND, found["body"]), "utf-8")
        elif found["name"]:
            (folder / found["name"]).write_text(found["body"], "utf-8")
        else:
            written.write_text(found["body"], "utf-8")
    return written
