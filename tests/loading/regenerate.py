"""Write `bad_cases.py` anew after a message was changed on purpose: python tests/loading/regenerate.py; then read the diff."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bad_cases import CASES
from bad_files import written

from perfeval import LoadError, load


def answered(file: str, old: str, new: str) -> list[tuple[str, str, str]]:
    """The place and the two messages of every problem."""
    folder = Path(tempfile.mkdtemp())
    here = f"{folder}/"
    try:
        load(written(folder, file, old, new))
    except LoadError as error:
        return [
            (str(each.place).replace(here, ""), each.message.zh.replace(here, ""), each.message.en.replace(here, ""))
            for each in error.problems
        ]
    sys.exit(f"this file is not wrong any more: {old!r} -> {new!r}")


def main() -> None:
    target = Path(__file__).with_name("bad_cases.py")
    head = target.read_text("utf-8").split("CASES:")[0]
    rows = "".join(f"    {(*case[:4], tuple(answered(*case[1:4])))!r},\n" for case in CASES)
    kind = "tuple[tuple[str, str, str, str, tuple[tuple[str, str, str], ...]], ...]"
    target.write_text(f"{head}CASES: {kind} = (\n{rows})\n", "utf-8")


if __name__ == "__main__":
    main()
