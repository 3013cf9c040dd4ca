"""The official table of an assessment as a document of its own, its figures as they are computed."""

from __future__ import annotations

from perfeval.assessment import Assessment
from perfeval.documents.word import typesetter
from perfeval.errors import PerfevalError, problem
from perfeval.evaluate import evaluate
from perfeval.forms.layout import lay_out
from perfeval.forms.official import OFFICIAL

__all__ = ["word_table"]


def word_table(assessment: Assessment) -> bytes:
    """The official table as a DOCX file; what is not known is left to be written.

    Raises:
        PerfevalError: its framework names no table, or python-docx is not installed.
    """
    official = OFFICIAL.get(assessment.framework.form)
    if official is None:
        known = "、".join(OFFICIAL), ", ".join(OFFICIAL)
        raise PerfevalError(
            problem(
                f"指标体系“{assessment.framework.id}”没有写明所用的表 — 在 [framework] 中写 form，可用的有：{known[0]}",
                f'framework "{assessment.framework.id}" names no official table — write form in [framework], one of: {known[1]}',
            )
        )
    made: bytes = typesetter("perfeval.forms.typesetting").document(lay_out(official, evaluate(assessment)))
    return made
