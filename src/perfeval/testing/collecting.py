"""Collects framework files for pytest: each law at each indicator is a test, named by both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from perfeval.errors import Language, LoadError
from perfeval.laws import Answer, Judged, judge
from perfeval.loading import framework_of
from perfeval.report.laws import broken_lines

__all__ = ["FrameworkFile", "LawItem", "pytest_collect_file"]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> FrameworkFile | None:
    """A file that one of the patterns names."""
    config = parent.config
    patterns = [*config.getoption("--perfeval-frameworks"), *config.getini("perfeval_frameworks")]
    if file_path.suffix != ".toml":
        return None
    below = file_path.relative_to(config.rootpath) if file_path.is_relative_to(config.rootpath) else file_path
    if any(below.match(pattern) for pattern in patterns):
        return FrameworkFile.from_parent(parent, path=file_path)
    return None


class Unlawful(Exception):
    """A law is broken."""


class FrameworkFile(pytest.File):
    """A framework, or an assessment with its framework; a file that cannot be read is an error of collection."""

    def collect(self) -> Iterator[LawItem]:
        """Each law at each indicator; what was not asked is skipped, what is excepted is an expected failure."""
        try:
            judged = judge(framework_of(self.path))
        except LoadError as error:
            raise self.CollectError(error.to("en")) from None
        for answer in judged.answers:
            where = judged.framework.id if answer.path is None else answer.path
            yield LawItem.from_parent(self, name=f"{answer.law.code}[{where}]", answer=answer, judged=judged)


class LawItem(pytest.Item):
    """One law at one indicator."""

    def __init__(self, *, answer: Answer, judged: Judged, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]  # what pytest hands on to its own class
        self.answer, self.judged = answer, judged
        if answer.broken and answer.exemption is not None:
            self.add_marker(pytest.mark.xfail(reason=answer.exemption.reason, raises=Unlawful, strict=True))
        if answer.how == "unasked":
            self.add_marker(pytest.mark.skip(reason=str(answer.why)))

    def runtest(self) -> None:
        """Fail where it is broken."""
        if self.answer.broken:
            raise Unlawful

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """The example, in the framework's language."""
        language: Language = self.judged.framework.language
        return "\n".join(broken_lines(self.answer, self.judged, language))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands."""
        return self.path, 0, self.name
