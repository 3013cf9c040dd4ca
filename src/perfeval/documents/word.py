"""Word files (DOCX). Needs the extra ``documents``, and says so when it is not there."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from perfeval.documents.outline import Narrative
from perfeval.errors import Language, PerfevalError, problem

__all__ = ["typesetter", "word"]


def word(narrative: Narrative, language: Language) -> bytes:
    """The report as a DOCX file; the same bytes for the same report.

    Raises:
        PerfevalError: python-docx or openpyxl is not installed.
    """
    typesetting = typesetter("perfeval.documents.typesetting")
    try:
        made: bytes = typesetting.document(narrative, language)
    except ModuleNotFoundError as error:  # openpyxl, which draws the chart
        raise _missing(error) from None
    return made


def typesetter(module: str) -> ModuleType:
    """A module that sets documents with python-docx.

    Raises:
        PerfevalError: python-docx is not installed.
    """
    try:
        # Loaded when it is asked for: those who write no document need neither the library nor the wait for it.
        return import_module(module)
    except ModuleNotFoundError as error:
        raise _missing(error) from None


def _missing(error: ModuleNotFoundError) -> Exception:
    """What to raise where a library is not installed; the error itself where it is about anything else."""
    if str(error.name).split(".")[0] not in ("docx", "lxml", "openpyxl"):
        return error
    return PerfevalError(
        problem(
            "生成 Word 文件需要 python-docx 与 openpyxl — 请运行 pip install 'perfeval[documents]'",
            "a Word file needs python-docx and openpyxl — run pip install 'perfeval[documents]'",
        )
    )
