"""`perfeval report` killed at random moments loses nothing and leaves nothing half-written; benchmarks/kill.py does it at length."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from docs_text import ROOT


@pytest.mark.slow
def test_a_report_killed_at_random_moments_is_whole_or_not_there() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "kill.py"), "--times", "30"]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    counts = {what: int(count) for count, what in re.findall(r"^ *(\d+)  (.+)$", made.stdout, re.M)}
    assert counts["killed"] >= 10
