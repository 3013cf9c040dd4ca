"""The pytest plugin: collects framework files as tests, where a project asks for it. It does nothing else anywhere.

It is loaded with every run of pytest where perfeval is installed, so it stands outside the package and imports nothing of
it until it is asked: set `perfeval_frameworks` in the project's pytest settings, or give `--perfeval-frameworks`.
"""

from __future__ import annotations

import pytest

__all__ = ["pytest_addoption", "pytest_configure"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option, and the setting it adds to."""
    say = "Framework files (patterns such as indicators/*.toml) of which each law is collected as a test."
    parser.getgroup("perfeval").addoption(
        "--perfeval-frameworks", action="append", default=[], metavar="PATTERN", help=say
    )
    parser.addini("perfeval_frameworks", say, type="linelist", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Bring in what collects, where it was asked for."""
    if config.getoption("--perfeval-frameworks") or config.getini("perfeval_frameworks"):
        config.pluginmanager.import_plugin("perfeval.testing.collecting")
