"""What a strategy draws: a value, and the TOML files that it is read from. It shows itself as those files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Generic, TypeVar

from attrs import field, frozen

__all__ = ["Table", "Written", "toml"]

T = TypeVar("T")
Table = dict[str, object]
_SHORT: Final = re.compile(r'\[\n(?P<items>(?:[ ]+(?:"[^"\\\n]{0,40}"|[\w.+-]+),\n){1,4})[ ]*\]')
"""An array of a few plain values, one a line."""


@frozen(repr=False)
class Written(Generic[T]):
    """A value drawn, with its files; in a failure of Hypothesis it stands as TOML, ready to be kept.

    Attributes:
        value: the framework, assessment or rule.
        files: the text of each file by its name, the value's own first.
        faults: what is wrong in it on purpose; empty where it is as it should be.
    """

    value: T
    files: Mapping[str, str]
    faults: tuple[str, ...] = field(default=())

    @property
    def toml(self) -> str:
        """The text of the value's own file."""
        return next(iter(self.files.values()))

    def write(self, folder: Path) -> Path:
        """Write the files into `folder`; the path of the value's own."""
        for name, text in self.files.items():
            (folder / name).write_text(text, "utf-8")
        return folder / next(iter(self.files))

    def __repr__(self) -> str:
        shown = "\n".join(f"# {name}\n{text}" for name, text in self.files.items())
        return "\n" + "".join(f"# wrong on purpose: {each}\n" for each in self.faults) + shown


def toml(table: Table) -> str:
    """A table as TOML that people read: a pair such as ["≥90%", 10] stays on its line."""
    import tomli_w

    return _SHORT.sub(_on_one_line, tomli_w.dumps(table))


def _on_one_line(array: re.Match[str]) -> str:
    return f"[{', '.join(line.strip().removesuffix(',') for line in array['items'].splitlines())}]"
