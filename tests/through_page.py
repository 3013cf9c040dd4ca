"""Go through a page as a reader does who has installed perfeval: its files, its commands in a shell, its Python; all must print what it says.

`python tests/through_page.py README.md`, with the Python of the environment that is tried. It needs nothing but that environment.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from docs_text import ROOT, blocks


def through(page: str) -> int:
    """How much of the page was run.

    Raises:
        AssertionError: something else is printed than it says.
    """
    ran = 0
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment |= {"COLUMNS": "100", "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}

    def printed(command: list[str] | str) -> list[str]:
        done = subprocess.run(
            command, shell=isinstance(command, str), capture_output=True, encoding="utf-8", cwd=folder, env=environment
        )
        return [line.rstrip() for line in (done.stdout + done.stderr).strip("\n").splitlines()]

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "examples").symlink_to(ROOT / "examples")
        for block in blocks(page):
            if block.name:
                (Path(folder) / block.name).write_text(block.body, "utf-8")
            elif block.language == "console":
                for part in re.split(r"^\$ ", block.body, flags=re.M)[1:]:
                    command, _, said = part.partition("\n")
                    found = printed(command)
                    assert found == said.strip("\n").splitlines(), "\n".join((command, *found))
                    ran += 1
            elif block.language == "python":
                said = "\n".join(re.findall(r"^print\(.*\)  # (.*)$", block.body, flags=re.M))
                assert printed([sys.executable, "-c", block.body]) == said.splitlines()
                ran += 1
    return ran


if __name__ == "__main__":
    for each in sys.argv[1:]:
        sys.stdout.write(f"{each}: {through(each)} blocks and commands print what the page says\n")
