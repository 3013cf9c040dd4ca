"""Kill `perfeval report` at random moments, again and again: what was there is there, or the new file is, whole.

    python benchmarks/kill.py --times 1000

Every other time it is killed while its temporary file is there, so that the moments of writing and renaming are met. It exits
with 1 if a file was ever lost or half-written.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from perfeval.cli import main

PROJECT = Path(__file__).parent.parent / "examples" / "panzhihua-dongqu-2023" / "land-requisition.toml"
KINDS = ("html", "docx", "md", "json", "xlsx")
BEFORE = b"what was there before"


def started(target: Path, *options: str) -> int:
    """A process that writes a report; it is forked from this one, so that no time goes into imports."""
    child = os.fork()
    if child:
        return child
    try:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        main(["report", str(PROJECT), "-o", str(target), "--lang", "zh", *options], standalone_mode=False)
    except SystemExit as done:
        os._exit(int(done.code or 0))
    except BaseException:
        os._exit(70)
    os._exit(0)


def killed(target: Path, duration: float, while_writing: bool, chance: random.Random, *options: str) -> bool:
    """Whether the process that writes `target` was killed before it had ended."""
    child = started(target, *options)
    began = time.monotonic()
    if while_writing:
        while time.monotonic() - began < 20 * duration and not list(target.parent.glob(f".{target.name}.*.tmp")):
            if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                break
        time.sleep(chance.choice([0, 0, 1e-4, 5e-4, 2e-3]))
    else:
        time.sleep(chance.uniform(0, 1.1 * duration))
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def run(times: int, seed: int) -> Counter[str]:
    """How often what was found."""
    chance, found = random.Random(seed), Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole: dict[str, tuple[bytes, float]] = {}
        for kind in KINDS:
            target = folder / f"whole.{kind}"
            for _ in range(2):  # the first time imports what it needs
                began = time.monotonic()
                main(["report", str(PROJECT), "-o", str(target), "--lang", "zh", "--force"], standalone_mode=False)
                whole[kind] = target.read_bytes(), time.monotonic() - began
            target.unlink()
        for turn in range(times):
            kind = KINDS[turn % len(KINDS)]
            content, duration = whole[kind]
            target, over = folder / f"out.{kind}", chance.random() < 0.5
            if over:
                target.write_bytes(BEFORE)
            ended = not killed(target, duration, turn % 2 == 0, chance, *(["--force"] if over else []))
            found["ended before it was killed" if ended else "killed"] += 1
            there = target.read_bytes() if target.exists() else None
            if there == content:
                found["the new file, whole"] += 1
            elif there == (BEFORE if over else None):
                found["what was there before" if over else "no file, as before"] += 1
            else:
                found["LOST OR HALF-WRITTEN"] += 1
            left = [each for each in folder.iterdir() if each != target]
            found["a temporary file beside it"] += bool(left)
            for each in (target, *left):
                each.unlink(missing_ok=True)
    return found


def command(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    found = run(given.times, given.seed)
    for what, count in sorted(found.items()):
        print(f"{count:6d}  {what}")
    return 1 if found["LOST OR HALF-WRITTEN"] or not found["killed"] else 0


if __name__ == "__main__":
    sys.exit(command())
