"""How much work something is, counted and not timed: machines are busy at times."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest


@contextmanager
def calls_at_most(most: int) -> Iterator[None]:
    """Fail as soon as the block has made more than `most` calls, of functions in Python or in C; each return counts, too."""
    made = 0

    def called(frame: FrameType, event: str, argument: object) -> None:
        nonlocal made
        made += 1
        if made > most:
            pytest.fail(f"more than {most} calls", pytrace=False)

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        yield
    finally:
        sys.setprofile(before)
