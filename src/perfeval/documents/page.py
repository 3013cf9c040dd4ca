"""The report as one HTML file: no network, no script; it unfolds, prints and reads aloud by itself. Needs ``perfeval[documents]``."""

from __future__ import annotations

from importlib.resources import files

from perfeval.assessment import Assessment
from perfeval.documents.view import report
from perfeval.errors import Language

__all__ = ["page"]


def page(assessment: Assessment, language: Language) -> str:
    """The report on an assessment as HTML.

    Raises:
        ImportError: Jinja2 is not installed.
    """
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = files("perfeval.documents").joinpath("templates", "report.html.j2").read_text("utf-8")
    return environment.from_string(source).render(report=report(assessment, language), zh=language == "zh")
