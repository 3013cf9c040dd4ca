"""The surroundings of every test. Hypothesis: one profile for CI, derandomised so that a failure repeats; at the desk examples are drawn anew."""

import os

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(
    "ci", max_examples=32, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("desk", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(  # a test that fails has done its work (benchmarks/mutants.py)
    "mutants",
    max_examples=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "desk"))
os.environ.pop("COLUMNS", None)  # output is as wide as in a pipe, whatever the terminal or the test runner says
