"""The catalogue: the frameworks that ship with perfeval, in ``indicators/``."""

from __future__ import annotations

import re
from pathlib import Path as FilePath

from perfeval.errors import Message, Place, meant, nearest
from perfeval.loading.documents import Source, fail

__all__ = ["catalogue_folder", "catalogue_ids", "catalogue_source"]

_ID = re.compile(r"[\w-]+(?:/[\w-]+)*")


def catalogue_folder() -> FilePath:
    """Where the catalogue stands: inside the installed package, or at the root of a source checkout."""
    package = FilePath(__file__).resolve().parent.parent
    installed = package / "indicators"
    return installed if installed.is_dir() else package.parent.parent / "indicators"


def catalogue_ids() -> tuple[str, ...]:
    """The ids of all frameworks in the catalogue, sorted."""
    folder = catalogue_folder()
    return tuple(sorted(file.relative_to(folder).with_suffix("").as_posix() for file in folder.rglob("*.toml")))


def catalogue_source(name: str, mentioned: Place | None) -> Source:
    """The file of the framework `name`.

    Raises:
        LoadError: there is none.
    """
    folder = catalogue_folder().resolve()
    path = folder / f"{name}.toml"
    if not _ID.fullmatch(name) or not path.resolve().is_relative_to(folder) or not path.is_file():
        known = catalogue_ids()
        hint, own = nearest(name, known), Message("", "")
        if meant(name, known) is None:  # not a slip of one in the catalogue: perhaps a framework of one's own
            own = Message(
                "；自己的指标体系文件请写路径，以 .toml 结尾",
                "; a framework file of your own is named by its path, ending in .toml",
            )
        raise fail(
            mentioned,
            f"目录中没有指标体系“{name}”— {hint.zh}{own.zh}",
            f'there is no framework "{name}" in the catalogue — {hint.en}{own.en}',
        )
    return Source(path.resolve(), folder, f"{name}.toml")
