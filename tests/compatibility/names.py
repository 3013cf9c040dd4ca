"""What Python programs may rely on: each public name, each of its arguments with its place, and what its classes have.

`python tests/compatibility/names.py` writes `python.txt` anew. A line may be added; one that goes or changes breaks the promise
of docs/compatibility.md.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
REFERENCE = HERE.parent.parent / "docs" / "api.md"
GOLDEN = HERE / "python.txt"
# Where programs import from, the first that has a name.
FACES = ("perfeval", "perfeval.rules", "perfeval.batch", "perfeval.spark", "perfeval.testing")


def shown() -> Iterator[tuple[str, str]]:
    """The names of the reference, each with the module or the class that it is taken from."""
    block = re.compile(
        r"^::: (\S+)\n    options:\n(?:      show_root_heading: true\n)?      members: \[([^]]*)\]$", re.M
    )
    for of, members in block.findall(REFERENCE.read_text("utf-8")):
        for name in members.split(", "):
            yield of, name


def named(path: str) -> object:
    """A module, or a class in one."""
    try:
        return import_module(path)
    except ModuleNotFoundError:
        module, _, name = path.rpartition(".")
        return getattr(import_module(module), name)


def names() -> str:
    """One line for each thing that a program may rely on."""
    found: set[str] = set()
    for of, name in shown():
        each = getattr(named(of), name)
        face = next((face for face in FACES if getattr(import_module(face), name, None) is each), of)
        found |= {f"{face}.{line}" for line in _lines(name, each)}
    return "".join(f"{line}\n" for line in sorted(found))


def _lines(name: str, each: object) -> Iterator[str]:
    yield name
    if inspect.isclass(each) and issubclass(each, Exception):
        yield from (f"{name}.{own}" for own in vars(each) if not own.startswith("_"))
        return
    if getattr(each, "_is_protocol", False):
        return
    if inspect.isclass(each):
        for own in dir(each):
            if not own.startswith("_"):
                yield f"{name}.{own}"
                if inspect.isroutine(member := inspect.getattr_static(each, own)) and not isinstance(
                    member, classmethod | staticmethod
                ):
                    yield from _arguments(f"{name}.{own}", member)
    if callable(each):
        yield from _arguments(name, each)


def _arguments(name: str, each: object) -> Iterator[str]:
    place = 0
    for argument in inspect.signature(each).parameters.values():  # type: ignore[arg-type]  # what is called here can be
        if argument.name == "self":
            continue
        needed = "" if argument.default is argument.empty else ", optional"
        if argument.kind is argument.KEYWORD_ONLY:
            yield f"{name}({argument.name}, by name{needed})"
        else:
            place += 1
            yield f"{name}({place}: {argument.name}{needed})"


if __name__ == "__main__":
    GOLDEN.write_text(names(), "utf-8")
    sys.stdout.write(f"wrote {GOLDEN}\n")
