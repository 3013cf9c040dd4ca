"""Kill `perfeval report` or `perfeval batch` at random moments, again and again: what was there is there, or the new file is, whole.

    python benchmarks/kill.py --times 1000                     # kill -9 of each
    python benchmarks/kill.py --times 100 --signal TERM --command batch

Every other time it is killed while its temporary file is there, so that the moments of writing and renaming are met, and else at any
moment until it usually ends. Every other time, too, there is a file that is to be replaced. It exits with 1 if a file was ever lost or
half-written, if a leftover is taken for an output, or if one is left by a signal that can be answered.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Final

from perfeval.cli import main, run

ROOT: Final = Path(__file__).parent.parent
PROJECT: Final = ROOT / "examples" / "panzhihua-dongqu-2023" / "land-requisition.toml"
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "report": ("html", "docx", "md", "json", "xlsx"),
    "batch": ("parquet", "arrow", "feather", "csv"),
}
BEFORE: Final = b"what was there before"
BROKEN: Final = ("LOST OR HALF-WRITTEN", "A LEFTOVER LOOKS LIKE AN OUTPUT", "A LEFTOVER ALTHOUGH IT WAS ASKED TO END")
ROWS: Final = 60_000  # some tenths of a second
FRAMEWORK: Final = """format = 1
[framework]
id = "t"
title = "植树"
points = 100
[tree.trees]
title = "植树棵数"
category = "output.quantity"
points = 100
actual = "trees.planted"
rule = { kind = "completion", target = "≥1000棵" }
"""


def arguments(command: str, folder: Path, target: Path) -> list[str]:
    if command == "report":
        return ["report", str(PROJECT), "-o", str(target), "--lang", "zh"]
    return ["batch", str(folder / "framework.toml"), str(folder / "facts.csv"), "-o", str(target)]


def started(*given: str) -> int:
    """A process that runs a command; it is forked from this one, so that no time goes into imports."""
    child = os.fork()
    if child:
        return child
    try:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        sys.argv[1:] = given
        run()
    except SystemExit as done:
        os._exit(int(done.code or 0))
    except BaseException:
        os._exit(70)
    os._exit(0)


def ended(child: int, target: Path, duration: float, while_writing: bool, number: int, chance: random.Random) -> bool:
    """Whether the process that writes `target` had done so before it was killed."""
    began = time.monotonic()
    if while_writing:
        while time.monotonic() - began < 20 * duration and not leftovers(target):
            if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
                break
        time.sleep(chance.choice([0, 5e-4, 2e-3, *3 * [chance.uniform(0, duration)]]))
    else:
        time.sleep(chance.uniform(0, 1.1 * duration))
    os.kill(child, number)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def leftovers(target: Path) -> list[Path]:
    return list(target.parent.glob(f".{target.name}.*.tmp"))


def usual(command: str, kind: str, folder: Path) -> tuple[bytes, float]:
    """What is written where nobody kills anything, and how long that takes in a process of its own."""
    target = folder / f"whole.{kind}"
    with contextlib.redirect_stdout(io.StringIO()):
        main([*arguments(command, folder, target), "--force"], standalone_mode=False)  # imports what it needs
    began = time.monotonic()
    os.waitpid(started(*arguments(command, folder, target), "--force"), 0)
    whole = target.read_bytes(), time.monotonic() - began
    target.unlink()
    return whole


def killed(command: str, times: int, number: int, seed: int) -> Counter[str]:
    """What was found, how often; `times` kills, and as many runs as it takes that do not end before."""
    chance, found = random.Random(seed), Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "framework.toml").write_text(FRAMEWORK, "utf-8")
        (folder / "facts.csv").write_text(
            "trees.planted\n" + "".join(f"{row % 1000}\n" for row in range(ROWS)), "utf-8"
        )
        whole = {kind: usual(command, kind, folder) for kind in KINDS[command]}
        out = folder / "out"
        out.mkdir()
        for turn in count():
            if found["killed"] == times:
                break
            kind = KINDS[command][turn % len(KINDS[command])]
            content, duration = whole[kind]
            target, over = out / f"out.{kind}", chance.random() < 0.5
            if over:
                target.write_bytes(BEFORE)
            child = started(*arguments(command, folder, target), *(["--force"] if over else []))
            done = ended(child, target, duration, turn % 2 == 0, number, chance)
            found["ended before it was killed" if done else "killed"] += 1
            there = target.read_bytes() if target.exists() else None
            if there == content:
                found["the new file, whole"] += 1
            elif there == (BEFORE if over else None) and not done:
                found["what was there before" if over else "no file, as before"] += 1
            else:
                found[BROKEN[0]] += 1
            left = leftovers(target)
            found["a temporary file beside it"] += bool(left)
            found[BROKEN[1]] += {target, *left} < set(out.iterdir())
            found[BROKEN[2]] += bool(left) and number != signal.SIGKILL
            for each in out.iterdir():
                each.unlink()
    return found


def command_line(given: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=1000, help="kills of each command")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--signal", choices=["KILL", "TERM", "INT", "HUP"], default="KILL")
    parser.add_argument("--command", choices=list(KINDS), action="append")
    asked = parser.parse_args(given)
    wrong = False
    for command in asked.command or KINDS:
        found = killed(command, asked.times, signal.Signals[f"SIG{asked.signal}"], asked.seed)
        print(f"{command}, SIG{asked.signal}:")
        for what, often in sorted(found.items()):
            if often or what not in BROKEN:
                print(f"{often:6d}  {what}", flush=True)
        wrong = wrong or any(found[each] for each in BROKEN)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(command_line())
