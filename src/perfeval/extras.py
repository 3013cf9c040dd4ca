"""Libraries that are not always there: which are missing, and the line that brings them."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from perfeval.errors import PerfevalError, problem

__all__ = ["needs"]

_CALLED: Final = {"docx": "python-docx", "jinja2": "Jinja2", "tomli_w": "tomli-w"}  # where pip has another name


def needs(extra: str, *modules: str) -> None:
    """Refuse to go on without `modules`, which ``perfeval[extra]`` brings.

    Raises:
        PerfevalError: naming those that are not installed, and the line that installs them.
    """
    missing = [_CALLED.get(each, each) for each in modules if find_spec(each) is None]
    if missing:
        raise PerfevalError(
            problem(
                f"需要 {'、'.join(missing)} — 请运行：pip install 'perfeval[{extra}]'",
                f"this needs {', '.join(missing)} — run: pip install 'perfeval[{extra}]'",
            )
        )
