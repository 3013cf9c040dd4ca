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
        PerfevalError: python-docx is not installed.
    """
    made: bytes = typesetter("perfeval.documents.typesetting").document(narrative, language)
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
        if error.name not in ("docx", "lxml"):
            raise
        raise PerfevalError(
            problem(
                "生成 Word 文件需要 python-docx — 请运行 pip install 'perfeval[documents]'",
                "a Word file needs python-docx — run pip install 'perfeval[documents]'",
            )
        ) from None
