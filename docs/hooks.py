"""For the docs site: what the pages write for readers of the repository, as the site's Markdown has it.

A file's name behind a fence becomes the block's title. A link that leaves `docs/` leads somewhere only in a checkout; it becomes the path
it leads to.
"""

from __future__ import annotations

import re

_NAMED = re.compile(r"^```(?P<language>\w+) (?P<name>\S.*)$", re.M)
_LEAVES = re.compile(r"\[(?P<text>[^\]]*)\]\(\.\./(?P<path>[^)#]+)\)")


def on_page_markdown(markdown: str, **_: object) -> str:
    """The page as the site's Markdown has it."""
    return _LEAVES.sub(_path, _NAMED.sub(_titled, markdown))


def _titled(fence: re.Match[str]) -> str:
    language, name = fence["language"], fence["name"]
    return f'```{language} title="{name}"' if "." in name else f"```{language}"  # a mark for the tests is no file


def _path(link: re.Match[str]) -> str:
    text, path = link["text"], link["path"]
    return text if path.rstrip("/") in text else f"{text} (`{path}`)"
