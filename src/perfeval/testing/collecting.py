"""Collects framework files for pytest: each law at each indicator is a test, named by both."""

from __future__ import annotations

from collections.abc import Iterator
from glob import glob
from pathlib import Path
from typing import Final

import pytest

from perfeval.errors import Language, LoadError
from perfeval.laws import Answer, Judged, judge
from perfeval.loading import framework_of
from perfeval.report.laws import broken_lines

__all__ = ["FrameworkFile", "LawItem", "pytest_collect_file", "pytest_collection_finish", "pytest_sessionstart"]


_NAMED: Final = pytest.StashKey[frozenset[Path]]()
_COLLECTED: Final = pytest.StashKey[set[Path]]()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Name the files for pytest to look at, unless the command line says where to look: they may stand outside of its `testpaths`.

    Raises:
        pytest.UsageError: a pattern names no file; a run that tests nothing would be green.
    """
    config = session.config
    named: dict[Path, None] = {}
    for pattern in (*config.getoption("--perfeval-frameworks"), *config.getini("perfeval_frameworks")):
        files = _files(pattern, config.rootpath) or _files(pattern, config.invocation_params.dir)
        if not files:
            raise pytest.UsageError(f"perfeval_frameworks: {pattern} names no .toml file (looked in {config.rootpath})")
        named |= dict.fromkeys(files)
    config.stash[_NAMED], config.stash[_COLLECTED] = frozenset(named), set()
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        looked = [config.invocation_params.dir / each for each in config.args]
        config.args += (str(each) for each in named if not any(map(each.is_relative_to, looked)))


def pytest_collection_finish(session: pytest.Session) -> None:
    """See that no file was passed over.

    Raises:
        pytest.UsageError: one was.
    """
    if session.config.args_source is pytest.Config.ArgsSource.ARGS:
        return
    collected = session.config.stash[_COLLECTED]
    missed = [each for each in session.config.stash[_NAMED] if each not in collected]
    if missed:
        said = ", ".join(str(each) for each in sorted(missed))
        raise pytest.UsageError(f"perfeval_frameworks: pytest passes over {said} (see norecursedirs, --ignore)")


def _files(pattern: str, base: Path) -> list[Path]:
    found = sorted(glob(pattern, root_dir=base, recursive=True))  # noqa: PTH207  # a pattern may be absolute
    return [base / each for each in found if each.endswith(".toml") and (base / each).is_file()]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> FrameworkFile | None:
    """A file that one of the patterns names."""
    if file_path not in parent.config.stash[_NAMED]:
        return None
    parent.config.stash[_COLLECTED].add(file_path)
    return FrameworkFile.from_parent(parent, path=file_path)


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
