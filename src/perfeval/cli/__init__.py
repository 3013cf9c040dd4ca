"""The commands: parse arguments, call a floor below, print.

Exit codes: 0 done; 1 the answer is "no" (a published score does not agree or cannot be right, figures contradict
each other, a review finds an error, a law is broken, there is no total); 2 bad input; 128 and the signal's number,
such as 130 for Ctrl-C: asked to end before it was done.
"""

from __future__ import annotations

import os
import signal
import sys
import warnings
from typing import NoReturn

import click

from perfeval import __version__
from perfeval.cli.batching import batch
from perfeval.cli.changing import what_if
from perfeval.cli.comparing import compare
from perfeval.cli.files import frameworks, new
from perfeval.cli.forming import form
from perfeval.cli.importing import import_
from perfeval.cli.proving import laws, plot
from perfeval.cli.questions import audit, bounds, check
from perfeval.cli.reporting import report
from perfeval.cli.reviewing import review
from perfeval.cli.schemas import schema_of
from perfeval.cli.scoring import explain, score
from perfeval.cli.shared import fail
from perfeval.cli.weighing import sensitivity
from perfeval.errors import Message, reason_of

__all__ = ["main", "run"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="perfeval")
def main() -> None:
    """Score performance self-evaluations (预算绩效自评) exactly, with a reason for every point."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal in another encoding must not end in a traceback
            stream.reconfigure(encoding="utf-8", errors="replace")


# What each does, in the one line that `perfeval --help` has for it.
for _command, _does in (
    (score, "Score assessments, with a reason for each point."),
    (explain, "Say why each point was earned or lost."),
    (batch, "Score each row of a table of facts."),
    (check, "Check whether the figures agree with each other."),
    (bounds, "Say between which scores the truth must lie."),
    (audit, "Ask whether the published score can be right."),
    (what_if, "Score after a change; say what a wished score takes."),
    (sensitivity, "Say how ranks and grades stand up to other weights."),
    (review, "Raise the objections that a finance bureau would raise."),
    (compare, "Put two assessments, or the raters of one, side by side."),
    (report, "Write a report: a page, or a draft in Word."),
    (form, "Write a workbook or an official table to fill in."),
    (import_, "Turn a filled workbook or table into an assessment."),
    (frameworks, "List the catalogue, or show one framework."),
    (new, "Write an assessment file to fill in."),
    (laws, "Say whether the rules of a framework make sense."),
    (plot, "Draw what an indicator earns as a figure varies."),
    (schema_of, "Print the JSON Schema of a file, for editors."),
):
    _command.short_help = _does
    main.add_command(_command)


def run() -> NoReturn:
    """`main`, for a shell: where the output cannot be written (a full disk), that is said, and the exit code is 2.

    Asked to end (Ctrl-C, ``kill``, a window that is closed), it takes back what is half-written first.
    """
    # What openpyxl leaves out of a workbook, or finds in a cell, it tells programmers; what matters of it is told in an error.
    warnings.filterwarnings("ignore", module="openpyxl")
    asked: list[int] = []

    def end(number: int, frame: object) -> None:
        asked.append(number)
        raise KeyboardInterrupt  # which every library lets through

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # not every system has them
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # nohup ignores one
            signal.signal(number, end)
    try:
        try:
            main()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except SystemExit:
        if asked:
            os._exit(128 + asked[0])  # all is taken back; to wait for threads now may be for ever
        raise
    except OSError as error:
        why = reason_of(error)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python would try once more when it ends
        fail(Message(f"无法写出结果（{why.zh}）", f"cannot write the output ({why.en})"), None)
    sys.exit(0)
