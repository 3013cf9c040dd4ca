"""Reading the fenced blocks of Markdown pages, for the tests that run what the pages say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).resolve().parent.parent
_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.M | re.S)


@frozen
class Block:
    """A fenced block: its language, what stands after it on the fence, and its text."""

    page: str
    language: str
    name: str
    body: str


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of `page` (a path from the root), in order."""
    for found in _FENCE.finditer((ROOT / page).read_text("utf-8")):
        language, _, name = found["info"].strip().partition(" ")
        yield Block(page, language, name, found["body"])
