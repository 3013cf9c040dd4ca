"""Narrative reports as Word files (DOCX). Needs the extra ``documents``, and says so when it is not there."""

from __future__ import annotations

from importlib import import_module

from perfeval.documents.outline import Narrative
from perfeval.errors import Language, PerfevalError, problem

__all__ = ["word"]


def word(narrative: Narrative, language: Language) -> bytes:
    """The report as a DOCX file; the same bytes for the same report.

    Raises:
        PerfevalError: python-docx or openpyxl is not installed.
    """
    try:
        # Loaded when it is asked for: those who write no document need neither the libraries nor the wait for them.
        typesetting = import_module("perfeval.documents.typesetting")
        document: bytes = typesetting.document(narrative, language)
    except ModuleNotFoundError as error:
        if str(error.name).split(".")[0] not in ("docx", "lxml", "openpyxl"):
            raise
        raise PerfevalError(
            problem(
                "生成 Word 文件需要 python-docx 与 openpyxl — 请运行 pip install 'perfeval[documents]'",
                "a Word file needs python-docx and openpyxl — run pip install 'perfeval[documents]'",
            )
        ) from None
    return document
