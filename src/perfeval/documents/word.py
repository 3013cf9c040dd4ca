"""Word files (DOCX). Needs the extra ``documents``, and says so when it is not there."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from perfeval.documents.outline import Narrative
from perfeval.errors import Language
from perfeval.extras import needs

__all__ = ["typesetter", "word"]


def word(narrative: Narrative, language: Language) -> bytes:
    """The report as a DOCX file; the same bytes for the same report.

    Raises:
        PerfevalError: python-docx is not installed, or openpyxl, which draws the chart.
    """
    needs("documents", "openpyxl")
    made: bytes = typesetter("perfeval.documents.typesetting").document(narrative, language)
    return made


def typesetter(module: str) -> ModuleType:
    """A module that sets documents with python-docx.

    Raises:
        PerfevalError: python-docx is not installed.
    """
    needs("documents", "docx", "lxml")
    # Loaded when it is asked for: those who write no document need neither the library nor the wait for it.
    return import_module(module)
