"""From TOML files to typed frameworks and assessments; every problem of a file at once, each with its place.

The only floor that reads files. Paths stay inside the folder of the file that was asked for, and the catalogue.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path as FilePath
from typing import Final, Literal, cast

from attrs import evolve, field, frozen
from attrs import fields as attrs_fields

from perfeval.assessment import (
    Accepted,
    Assessment,
    LeftOut,
    Published,
    Remark,
    Subject,
    misanswered,
    mismeasured,
    misplaced,
)
from perfeval.checks import Check, mixtures
from perfeval.errors import (
    DefinitionError,
    FormulaError,
    LoadError,
    Message,
    Path,
    PerfevalError,
    Place,
    Problem,
    QuantityError,
    meant,
    nearest,
    problem,
)
from perfeval.expr.names import names
from perfeval.expr.nodes import Expr
from perfeval.expr.parse import is_name, parse
from perfeval.facts import Fact, FactSheet, FactValue, Statement, read_value
from perfeval.framework import CATEGORIES, Adjustment, AskedFact, Category, Dimension, Framework, Indicator, Limit, Node
from perfeval.loading.catalogue import catalogue_folder, catalogue_ids, catalogue_source
from perfeval.loading.documents import KEY, Document, Reading, Source, Table, fail, reached, read, tables, text_of
from perfeval.loading.merge import DIMENSION_KEYS, REMARK_KEYS, complete, extend, is_indicator
from perfeval.loading.structure import described, keywords, structured, unknown_key
from perfeval.quantity import PERCENT, Quantity
from perfeval.rules import Rating, RollUp, ratio
from perfeval.slips import span, spelled

__all__ = [
    "ASSESSMENT_TABLES",
    "ENTRY_KEYS",
    "FORMAT",
    "FRAMEWORK_TABLES",
    "SHEET_TABLES",
    "Entry",
    "Stated",
    "assessment_files",
    "catalogue_folder",
    "catalogue_ids",
    "digest",
    "framework_files",
    "framework_of",
    "framework_sources",
    "is_assessment",
    "load",
    "load_framework",
    "load_framework_with_sources",
    "load_with_sources",
    "merged",
    "sources",
    "written",
]

FORMAT: Final = 1
FRAMEWORK_TABLES: Final = ("format", "framework", "facts", "tree", "limits", "adjustments", "checks")
ASSESSMENT_TABLES: Final = (
    "format",
    "framework",
    "include",
    "subject",
    "published",
    "facts",
    "tree",
    "checks",
    "review",
)
SHEET_TABLES: Final = ("format", "include", "facts", "checks")


def load(path: str | os.PathLike[str]) -> Assessment:
    """Read an assessment with its framework and fact sheets.

    Raises:
        LoadError: every problem found, each with file, line and column.
    """
    with _bounded(path):
        return _load_assessment(_source(path), None, ())


def load_framework(name: str | os.PathLike[str]) -> Framework:
    """Read a framework: a name in the catalogue, or a path ending in ``.toml``.

    Raises:
        LoadError: every problem found, each with file, line and column.
    """
    named = os.fspath(name)
    with _bounded(name):
        return _load_framework(_source(named) if named.endswith(".toml") else catalogue_source(named, None))


def _load_framework(source: Source) -> Framework:
    collector = _Collector()
    document = _framework_document(source, None, (), collector)
    framework = None if document is None else _framework(document, collector)
    collector.raise_any()
    assert framework is not None  # or there would have been a problem
    return framework


def framework_of(name: str | os.PathLike[str]) -> Framework:
    """The framework called `name`, or that of the assessment at `name`, with the assessment's own indicators.

    Raises:
        LoadError: as `load` and `load_framework`.
    """
    return load(name).framework if is_assessment(name) else load_framework(name)


@contextmanager
def _bounded(path: str | os.PathLike[str]) -> Iterator[None]:
    """Whatever nests too deep to be read ends in a problem, not in a traceback."""
    try:
        yield
    except RecursionError:
        raise fail(Place(os.fspath(path)), "文件嵌套过深", "the file nests too deep") from None


def assessment_files(path: str | os.PathLike[str], also: Sequence[str] = ()) -> tuple[str, ...]:
    """The assessments at `path`: the file itself, or the files in a folder that name a framework, sorted.

    A ``.toml`` in the folder that cannot be read counts, so that its problem is told and not passed over.

    Args:
        also: suffixes, such as ``.xlsx``, of further files that count in a folder; but hidden ones, and those that an office program
            leaves beside an open file (``~$``), do not.

    Raises:
        LoadError: there is nothing at `path`, or no assessment in the folder.
    """
    folder = FilePath(path)
    if not folder.is_dir():
        return (os.fspath(path),)
    root = folder.resolve()
    found = tuple(
        str(file)
        for file in _files_below(folder, root)
        if (file.suffix == ".toml" and _names_a_framework(Source(file.resolve(), root, str(file))))
        or (file.suffix.lower() in also and not file.name.startswith(("~$", ".")))
    )
    if not found:
        raise fail(None, f"文件夹“{path}”中没有评价文件", f'there is no assessment in the folder "{path}"')
    return found


def framework_files(path: str | os.PathLike[str]) -> tuple[str, ...]:
    """What `framework_of` takes at `path`: the name itself, or in a folder the frameworks and the assessments, sorted.

    A ``.toml`` in the folder that cannot be read counts, so that its problem is told and not passed over.

    Raises:
        LoadError: there is neither in the folder.
    """
    folder = FilePath(path)
    if not folder.is_dir():
        return (os.fspath(path),)
    root = folder.resolve()
    found = tuple(
        str(file)
        for file in _files_below(folder, root)
        if file.suffix == ".toml" and _has_a_framework(Source(file.resolve(), root, str(file)))
    )
    if not found:
        raise fail(None, f"文件夹“{path}”中没有指标体系文件", f'there is no framework in the folder "{path}"')
    return found


def _files_below(folder: FilePath, root: FilePath) -> list[FilePath]:
    """The files in a folder and in those below it; what a link leads out of it to is none."""
    return sorted(file for file in folder.rglob("*") if file.is_file() and file.resolve().is_relative_to(root))


def is_assessment(path: str | os.PathLike[str]) -> bool:
    """Whether `path` is a file that names a framework to score on; a name in the catalogue is none.

    A file that cannot be read counts as one: `load` says what is wrong.
    """
    if not os.fspath(path).endswith(".toml"):
        return False
    return _names_a_framework(_source(path))


def _names_a_framework(source: Source) -> bool:
    try:
        return isinstance(read(source).data.get("framework"), str)
    except LoadError:
        return True


def _has_a_framework(source: Source) -> bool:
    try:
        return "framework" in read(source).data
    except LoadError:
        return True


def written(path: str | os.PathLike[str]) -> tuple[Table, tuple[tuple[str, object], ...]]:
    """An assessment's own tables as they were written, and every fact's entry by name, those of its fact sheets included.

    Raises:
        LoadError: as `load`.
    """
    return _written(_checked(path))


def _checked(path: str | os.PathLike[str]) -> Source:
    """An assessment's file, once the whole assessment has been read without a problem, to go through as it was then."""
    source = _source(path)
    with _bounded(path):
        _load_assessment(source, None, ())
    return _again(source)


def _written(source: Source) -> tuple[Table, tuple[tuple[str, object], ...]]:
    collector = _Collector()
    document = read(source)
    facts = tuple(
        (".".join(str(part) for part in at[1:]), entry)
        for each in _with_included(document, source, (source,), collector)
        for at, entry in _fact_entries(each, ("facts",))
    )
    collector.raise_any()
    return document.data, facts


def merged(path: str | os.PathLike[str]) -> Table:
    """An assessment as one table: with the facts and the checks of all the sheets it includes, each fact's entry by its name.

    Raises:
        LoadError: as `load`.
    """
    source, collector = _checked(path), _Collector()
    data, facts = _written(source)
    checks = [
        check
        for each in _with_included(read(source), source, (source,), collector)
        for check in (each.data["checks"] if isinstance(each.data.get("checks"), list) else [])  # type: ignore[attr-defined]
    ]
    whole = {key: value for key, value in data.items() if key not in ("include", "facts", "checks")}
    return {**whole, "facts": dict(facts), **({"checks": checks} if checks else {})}


def sources(path: str | os.PathLike[str]) -> dict[str, str]:
    """The TOML files that an assessment is read from, the catalogue's left out: each one's text by its path below the
    assessment's folder, the assessment itself first.

    Raises:
        LoadError: as `load`.
    """
    return load_with_sources(path)[1]


def load_with_sources(path: str | os.PathLike[str]) -> tuple[Assessment, dict[str, str]]:
    """An assessment together with the files it was read from, as `sources` gives them: of one reading, whatever changes meanwhile.

    Raises:
        LoadError: as `load`.
    """
    source = _source(path)
    with _bounded(path):
        return _load_assessment(source, None, ()), _all_read(_again(source))


def framework_sources(name: str | os.PathLike[str]) -> dict[str, str]:
    """As `sources`, of a framework that is a file; nothing for one in the catalogue.

    Raises:
        LoadError: as `load_framework`.
    """
    return load_framework_with_sources(name)[1]


def load_framework_with_sources(name: str | os.PathLike[str]) -> tuple[Framework, dict[str, str]]:
    """As `load_with_sources`, of a framework.

    Raises:
        LoadError: as `load_framework`.
    """
    named = os.fspath(name)
    if not named.endswith(".toml"):
        return load_framework(name), {}
    source = _source(named)
    with _bounded(name):
        return _load_framework(source), _all_read(_again(source))


def digest(name: str | os.PathLike[str]) -> str:
    """The SHA-256 of all that a framework or an assessment is read from, the catalogue's files too: which rules gave a score.

    Line ends and a byte order mark do not count, nor does where the files lie.

    Raises:
        LoadError: as `load` and `load_framework`.
    """
    source = _source(name) if os.fspath(name).endswith(".toml") else catalogue_source(os.fspath(name), None)
    found = hashlib.sha256()
    for path, text in sorted(_all_read(source, catalogue=True).items()):
        lines = "\n".join(text.splitlines())
        found.update(f"{path}\n{len(lines)}\n{lines}\n".encode())
    return found.hexdigest()


def _all_read(first: Source, *, catalogue: bool = False) -> dict[str, str]:
    waiting, found = [first], dict[str, str]()
    while waiting:
        source = waiting.pop(0)
        name = source.path.relative_to(source.root).as_posix()
        if catalogue and source.root == catalogue_folder().resolve():
            name = f"catalogue/{name}"
        if name not in found:
            found[name] = text_of(source)
            for each in _referred(read(source)):
                if each.endswith(".toml"):
                    waiting.append(reached(source, each, None))
                elif catalogue:
                    waiting.append(catalogue_source(each, None))
    return found


def _referred(document: Document) -> Iterator[str]:
    """What a file names: fact sheets, frameworks (those of the catalogue by their ids), and assessments that are rolled up."""
    framework, included = document.data.get("framework"), document.data.get("include")
    named = [framework, document.table("framework").get("extends"), *(included if isinstance(included, list) else [])]
    waiting: list[object] = [document.data.get("tree")]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if node.get("kind") == RollUp.kind and isinstance(node.get("of"), list):
                named.extend(node["of"])
            waiting.extend(node.values())
    yield from (each for each in named if isinstance(each, str))


def _again(source: Source) -> Source:
    """A file that was read, to go through once more as it was then."""
    return evolve(source, reading=Reading(source.reading.texts))


def _source(path: str | os.PathLike[str]) -> Source:
    file = FilePath(path)
    return Source(file.resolve(), file.parent.resolve(), os.fspath(path))


@frozen
class _Collector:
    """The problems found so far; each step goes on as far as the ones before it allow."""

    problems: list[Problem] = field(factory=list)

    @contextmanager
    def gather(self, document: Document | None = None, at: Path = ()) -> Iterator[None]:
        """Collect the problems raised inside, located in `document`."""
        try:
            yield
        except PerfevalError as error:
            self.add((each.below(*at) for each in error.problems), document)

    def add(self, problems: Iterable[Problem], document: Document | None) -> None:
        """Collect `problems`, located in `document`."""
        self.problems.extend(document.located(each) if document else each for each in problems)

    def raise_any(self) -> None:
        """Raise what was collected, in the order of the files."""
        if self.problems:
            distinct = dict.fromkeys(self.problems)
            raise LoadError(sorted(distinct, key=_order))


def _order(found: Problem) -> tuple[str, int, int]:
    place = found.place
    return (place.file, place.line, place.column) if place else ("", 0, 0)


def _opened(
    source: Source, allowed: tuple[str, ...], mentioned: Place | None, collector: _Collector
) -> Document | None:
    """The document, with its tables and its format checked."""
    document: Document | None = None
    with collector.gather():
        document = read(source, mentioned)
    if document is None:
        return None
    if allowed is FRAMEWORK_TABLES and isinstance(named := document.data.get("framework"), str):
        said = problem(
            f"这是评价文件，不是指标体系 — 它的指标体系是“{named}”",
            f'this is an assessment and no framework — its framework is "{named}"',
            "framework",
        )
        collector.add([said], document)
        return None
    _without_header(document, allowed, collector)
    collector.add((unknown_key(key, list(allowed)) for key in document.data if key not in allowed), document)
    version = document.data.get("format")
    if version != FORMAT or isinstance(version, bool):
        found = "缺少" if version is None else f"现为 {version}"
        found_en = "missing" if version is None else f"found {version}"
        collector.add(
            [
                problem(
                    f"format 应为 {FORMAT}（{found}）— 请写 format = {FORMAT}",
                    f"format is {FORMAT} ({found_en}) — write format = {FORMAT}",
                    "format",
                )
            ],
            document,
        )
    for key in ("framework", "subject", "published", "facts", "tree", "review"):
        value = document.data.get(key)
        of_assessment = (
            key == "framework" and allowed is not FRAMEWORK_TABLES
        )  # a name, and asked about where it is read
        if value is not None and not isinstance(value, dict) and not of_assessment:
            collector.add([problem(f"{key} 应为一个表 [{key}]", f"{key} is a table: [{key}]", key)], document)
            del document.data[key]
    return document


_HEADERS: Final = {FRAMEWORK_TABLES: ("framework", Framework), ASSESSMENT_TABLES: ("subject", Subject)}


def _without_header(document: Document, allowed: tuple[str, ...], collector: _Collector) -> None:
    """Tells of the keys that stand at the top since the line above them, such as ``[framework]``, is missing; reads them as meant."""
    table, cls = _HEADERS.get(allowed, ("", Subject))
    keys = [each.name for each in attrs_fields(cls)]
    stray = [key for key in document.data if key in keys and key not in allowed]
    if not table or not stray or not isinstance(document.data.get(table, {}), dict):
        return
    listed = stray[:3]
    more_zh, more_en = (f" 等 {len(stray)} 个键", f" and {len(stray) - 3} more") if len(stray) > 3 else (" ", "")
    said = problem(
        f"{'、'.join(listed)}{more_zh}应写在 [{table}] 之下 — 请在前面加一行 [{table}]",
        f"{', '.join(listed)}{more_en} must stand under [{table}] — write a line [{table}] before them",
        stray[0],
        KEY,
    )
    collector.add([said], document)
    for key in stray:
        if key not in document.table(table):
            document.set((table, key), document, (key,))
        document.drop((key,))


# Frameworks.


def _framework_document(
    source: Source, mentioned: Place | None, chain: tuple[Source, ...], collector: _Collector
) -> Document | None:
    """A framework's document, put together with all that it extends."""
    if any(source.path == earlier.path for earlier in chain):
        circle = " → ".join(each.name for each in (*chain, source))
        collector.add(
            [fail(mentioned, f"extends 循环引用：{circle}", f"extends goes round in a circle: {circle}").problems[0]],
            None,
        )
        return None
    document = _opened(source, FRAMEWORK_TABLES, mentioned, collector)
    if document is None or (("framework",) in document.places and "framework" not in document.data):  # no table: told
        return None
    base_name = document.table("framework").get("extends")
    if base_name is None:
        return document
    if not isinstance(base_name, str):
        collector.add([problem("extends 应为文本", "extends is text", "framework", "extends")], document)
        return document
    place = document.place(("framework", "extends"))
    base: Document | None = None
    with collector.gather():
        base = _framework_document(_framework_source(source, base_name, place), place, (*chain, source), collector)
    if base is None:
        return None
    if "id" not in document.table("framework"):
        collector.add(
            [
                problem(
                    "缺少 id — 请为扩展后的指标体系写一个 id",
                    "id is missing — give the extended framework its own",
                    "framework",
                )
            ],
            document,
        )
    document.drop(("framework", "extends"))
    return extend(base, document)


def _framework_source(source: Source, name: str, place: Place | None) -> Source:
    return reached(source, name, place) if name.endswith(".toml") else catalogue_source(name, place)


def _framework(document: Document, collector: _Collector) -> Framework | None:
    """The typed framework; None when some of it could not be read."""
    before = len(collector.problems)
    header: dict[str, object] = {}
    data = document.table("framework")
    if isinstance(data.get("rounding"), dict):
        data = {**data, "rounding": [data["rounding"]]}
    with collector.gather(document, ("framework",)):
        header = keywords(data, Framework, "facts", "tree", "limits", "adjustments", "checks")
    parts: dict[str, object] = {
        "tree": tuple(_nodes(document, ("tree",), collector)),
        "limits": _entries(document, "limits", Limit, collector),
        "adjustments": _entries(document, "adjustments", Adjustment, collector),
        "checks": _entries(document, "checks", Check, collector),
        "facts": tuple(_asked_facts(document, ("facts",), collector)),
    }
    if len(collector.problems) > before:
        return None
    with collector.gather(document):
        return Framework(**header, **parts)  # type: ignore[arg-type]
    return None


_OF_FACTS: Final = ("title", "title_en", "note")


def _misspelt(entry: Table) -> bool:
    """Whether a table means what is said of a fact, though its keys are misspelt; else it is a group of facts."""
    return any(not isinstance(item, dict) and meant(key, _OF_FACTS) is not None for key, item in entry.items())


def _asked_facts(document: Document, at: Path, collector: _Collector) -> Iterator[AskedFact]:
    """What a framework says of the facts that it asks for; the figures are an assessment's to state."""
    for key, value in document.table(*(str(part) for part in at)).items():
        here = (*at, key)
        if isinstance(value, dict) and "title" not in value and not _misspelt(value):
            yield from _asked_facts(document, here, collector)
        elif isinstance(value, dict):
            with collector.gather(document, here):
                yield structured({**value, "name": ".".join(str(part) for part in here[1:])}, AskedFact)
        else:
            said = problem(
                f'指标体系的 [facts] 只写事实的名称，如 {key} = {{ title = "全年预算数" }}（现为{described(value)[0]}）；数值写在评价文件里',
                f'[facts] of a framework says what facts are called, such as {key} = {{ title = "Budget of the year" }} '
                f"(found {described(value)[1]}); their values stand in assessments",
                *here,
            )
            collector.add([said], document)


def _entries(document: Document, key: str, cls: type, collector: _Collector) -> tuple[object, ...]:
    entries = document.data.get(key, [])
    found: list[object] = []
    if not isinstance(entries, list):
        collector.add([problem(f"{key} 应为 [[{key}]]", f"{key} is an array of tables: [[{key}]]", key)], document)
        return ()
    for index, entry in enumerate(entries):
        with collector.gather(document, (key, index)):
            found.append(structured(entry, cls))
    return tuple(found)


def _nodes(document: Document, at: Path, collector: _Collector) -> Iterator[Node]:
    """The typed nodes of the table at `at`."""
    for key, value in document.table(*(str(part) for part in at)).items():
        if at != ("tree",) and (not isinstance(value, dict) or key in DIMENSION_KEYS):
            continue
        here = (*at, key)
        if not isinstance(value, dict):
            collector.add(
                [
                    problem(
                        f"“{key}”不是指标 — 指标写成 [tree.{key}] 表",
                        f'"{key}" is not a node — a node is a table [tree.{key}]',
                        *here,
                    )
                ],
                document,
            )
        elif is_indicator(value):
            collector.add(_ids(value, here), document)
            with collector.gather(document, here):
                yield structured({**value, "id": key}, Indicator)
        else:
            children = tuple(_nodes(document, here, collector))
            own = {name: item for name, item in value.items() if name in DIMENSION_KEYS or not isinstance(item, dict)}
            collector.add(_ids(own, here), document)
            with collector.gather(document, here):
                yield structured({**own, "id": key, "children": children}, Dimension)


def _ids(node: Table, at: Path) -> Iterator[Problem]:
    """An id inside a node's table, where it would mean nothing."""
    if "id" in node:
        path = ".".join(str(part) for part in at[1:])
        wished = node["id"]
        named = isinstance(wished, str) and is_name(wished) and "." not in wished and wished != at[-1]
        moved = ".".join([*(str(part) for part in at[1:-1]), str(wished)]) if named else ""
        yield problem(
            f"此处的 id 不起作用：指标的 id 就是表名 [tree.{path}] — 请删去 id"
            + (f"，或把表名改为 [tree.{moved}]" if moved else ""),
            f"an id means nothing here: the name of the table, [tree.{path}], is the id — drop it"
            + (f", or call the table [tree.{moved}]" if moved else ""),
            *at,
            "id",
            KEY,
        )


# Assessments.


def _load_assessment(source: Source, mentioned: Place | None, chain: tuple[Source, ...]) -> Assessment:
    if any(source.path == earlier.path for earlier in chain):
        circle = " → ".join(each.name for each in (*chain, source))
        raise fail(mentioned, f"roll-up 循环引用：{circle}", f"roll-up goes round in a circle: {circle}")
    collector = _Collector()
    document = _opened(source, ASSESSMENT_TABLES, mentioned, collector)
    if document is None:
        collector.raise_any()
        raise AssertionError("a document that is missing has a problem")
    if isinstance(document.data.get("framework"), dict) and document.data.keys() <= {*FRAMEWORK_TABLES}:
        raise fail(
            document.place(("framework",)),
            f"这是指标体系，不是评价文件 — 用 perfeval new {source.name} -o 文件.toml 生成一份来填写",
            f"this is a framework and no assessment — write one to fill in: perfeval new {source.name} -o FILE.toml",
        )
    documents = tuple(_with_included(document, source, (source,), collector))
    base = _base(document, source, collector)
    rated = {name for tree in (base, document) if tree is not None for name in _rated(tree, ("tree",))}
    origins: dict[str, tuple[Document, Path]] = {}
    sheet = _fact_sheet(documents, rated, origins, collector)
    checks = None if sheet is None else _checks(documents, sheet, collector)
    subject, published = Subject(), Published()
    with collector.gather(document, ("subject",)):
        subject = structured(document.table("subject"), Subject)
    with collector.gather(document, ("published",)):
        published = structured(document.table("published"), Published)
    accepted = tuple(_accepted(document, collector))
    tree = None if base is None else _assessed_framework(base, document, collector)
    remarks = dict(_remarks(document, ("tree",), collector))
    framework = None if tree is None else _framework(tree, collector)
    parts: dict[str, Assessment] = {}
    if sheet is not None:
        collector.add(_undeclared(document, ("tree",), sheet), document)
    if framework is not None and base is not None and tree is not None:
        collector.add(misplaced(framework, accepted), document)
        _own_check_ids(framework, documents, collector)
        if sheet is not None:
            collector.add(_undeclared_in_rules(framework, document, sheet), document)
            for refused in misanswered(framework, sheet):
                name, key = refused.path
                owner, at = origins[f"{name}.{key}"]
                collector.add([evolve(refused, path=(*at, key))], owner)
            for odd in mismeasured(framework, sheet):
                owner, at = origins[str(odd.path[0])]
                collector.add([evolve(odd, path=(*at, "value"))], owner)
        parts = _parts(framework, tree, source, (*chain, source), collector)
        if not collector.problems and sheet is not None and checks is not None:
            with collector.gather(document):
                # A remark on a row that is not used (points = 0) has no node; one on an unknown row was found before.
                kept = {path: remark for path, remark in remarks.items() if path in framework.layout}
                unused = {path: remark for path, remark in remarks.items() if path not in kept and remark.reason}
                known = tuple(each for _, each in accepted)
                left_out = tuple(_left_out(base, path, remark.reason) for path, remark in unused.items())
                return Assessment(framework, sheet, subject, published, kept, parts, checks, known, left_out)
        if framework.missing_points:
            collector.add(framework.missing_points, document)
    collector.raise_any()
    raise AssertionError("an assessment that is missing has a problem")


def _accepted(document: Document, collector: _Collector) -> Iterator[tuple[int, Accepted]]:
    """The objections of a review that the assessment accepts, each with its index."""
    table = document.table("review")
    collector.add((unknown_key(key, ["accepted"], "review") for key in table if key != "accepted"), document)
    entries = table.get("accepted", [])
    if not isinstance(entries, list):
        found = problem(
            "accepted 应为 [[review.accepted]]",
            "accepted is an array of tables: [[review.accepted]]",
            "review",
            "accepted",
        )
        collector.add([found], document)
        return
    for index, entry in enumerate(entries):
        with collector.gather(document, ("review", "accepted", index)):
            yield index, structured(entry, Accepted)


def _left_out(base: Document, path: str, reason: str) -> LeftOut:
    """A dimension of the framework at `path` that the assessment does not use."""
    keys = path.split(".")
    above = [base.table("tree", *keys[:depth]) for depth in range(len(keys), 0, -1)]
    category = next((node["category"] for node in above if node.get("category") in CATEGORIES), None)
    return LeftOut(path, str(above[0].get("title", keys[-1])), cast("Category | None", category), reason)


def _base(document: Document, source: Source, collector: _Collector) -> Document | None:
    """The document of the framework that an assessment names."""
    name = document.data.get("framework")
    if not isinstance(name, str):
        what = "缺少 framework " if name is None else f"framework 应为文本（现为{described(name)[0]}）"
        what_en = "framework is missing" if name is None else f"framework is text (found {described(name)[1]})"
        hint = nearest("", catalogue_ids())
        collector.add(
            [
                problem(
                    f"{what}— 请写指标体系的名称，或以 .toml 结尾的路径；{hint.zh}",
                    f"{what_en} — name a framework, or a path that ends in .toml; {hint.en}",
                    "framework",
                )
            ],
            document,
        )
        return None
    place = document.place(("framework",))
    with collector.gather():
        return _framework_document(_framework_source(source, name, place), place, (), collector)
    return None


_HAS_A_SAY: Final = frozenset(["open", "adjustable"])


def _assessed_framework(base: Document, document: Document, collector: _Collector) -> Document:
    """The framework's document completed with the assessment's own indicators; empty open dimensions are left out."""
    tree = Document()
    for key in base.data:
        tree.set((key,), base, (key,))
    tree.places[()] = base.places[()]
    collector.add(complete(tree, document), document)
    _prune(tree, ("tree",))
    # A sum that is off is the assessment's to mend wherever it has a say: it is told there.
    if ("tree",) in document.places or _any_node(base.table("tree"), lambda node: bool(node.keys() & _HAS_A_SAY)):
        tree.places[("tree",)] = document.place(("tree",)) or tree.places[()]
    tree.places.update(
        {path: place for path, place in document.places.items() if path[:1] == ("tree",) and path in tree.places}
    )
    # So is one that only the framework states: it is told where the indicators stand that miss it.
    for path in [path for path in tree.places if path[:1] == ("tree",) and path[-1] in ("points", "scale")]:
        if path not in document.places and path[:-1] in document.places:
            tree.places[path] = document.places[path[:-1]]
    return tree


def _prune(tree: Document, at: Path) -> None:
    """Leave out the dimensions that no indicator was put under, unless points were set aside for them."""
    for key, node in list(_below(tree.table(*(str(part) for part in at)), at == ("tree",))):
        if is_indicator(node):
            continue
        if _any_node(node, is_indicator):
            _prune(tree, (*at, key))
        elif "points" not in node and not _any_node(node, lambda below: "points" in below):
            tree.drop((*at, key))


def _below(table: Table, top: bool = False) -> Iterator[tuple[str, Table]]:
    """The nodes right below a node, or right below the tree."""
    return ((key, node) for key, node in tables(table) if top or key not in DIMENSION_KEYS)


def _any_node(node: Table, holds: Callable[[Table], bool]) -> bool:
    return any(holds(below) or _any_node(below, holds) for _, below in _below(node))


def _remarks(document: Document, at: Path, collector: _Collector) -> Iterator[tuple[str, Remark]]:
    for key, node in tables(document.table(*(str(part) for part in at))):
        here = (*at, key)
        if at != ("tree",) and key in DIMENSION_KEYS:
            continue
        said = {name: value for name, value in node.items() if name in REMARK_KEYS}
        if said:
            with collector.gather(document, here):
                yield ".".join(str(part) for part in here[1:]), structured(said, Remark)
        if not is_indicator(node):
            yield from _remarks(document, here, collector)


def _undeclared(document: Document, at: Path, sheet: FactSheet) -> Iterator[Problem]:
    """Facts that the assessment's own formulas name but that are not given: most likely a typo."""
    for key, node in tables(document.table(*(str(part) for part in at))):
        here = (*at, key)
        if at != ("tree",) and key in DIMENSION_KEYS:
            continue
        for formula in ("actual", "applies", "requires"):
            text = node.get(formula)
            if isinstance(text, str):
                with suppress(FormulaError):  # told where the node is read
                    yield from _not_given(parse(text), (*here, formula), sheet)
        if not is_indicator(node):
            yield from _undeclared(document, here, sheet)


def _undeclared_in_rules(framework: Framework, document: Document, sheet: FactSheet) -> Iterator[Problem]:
    """The same for the rules of the assessment's own indicators."""
    for placed in framework.indicators:
        at: Path = ("tree", *placed.path.split("."), "rule")
        node = placed.node
        if at in document.places and isinstance(node, Indicator) and not isinstance(node.rule, Rating):
            reads = set(names(placed.actual))
            yield from _not_given(node.rule.award(placed.points, placed.actual), at, sheet, reads)


def _not_given(expr: Expr, at: Path, sheet: FactSheet, told: Iterable[str] = ()) -> Iterator[Problem]:
    for name in names(expr):
        if name not in sheet and f"{name}.level" not in sheet and name not in told and not name.startswith("parts."):
            hint = nearest(name, sheet)
            yield problem(
                f"没有事实“{name}”（{hint.zh}）— 请在 [facts] 下写明，尚不知道的留空",
                f'there is no fact "{name}" ({hint.en}) — state it under [facts], empty if it is not known yet',
                *at,
            )


def _parts(
    framework: Framework, tree: Document, source: Source, chain: tuple[Source, ...], collector: _Collector
) -> dict[str, Assessment]:
    parts: dict[str, Assessment] = {}
    for placed in framework.indicators:
        rule = placed.node.rule if isinstance(placed.node, Indicator) else None
        if not isinstance(rule, RollUp):
            continue
        for index, name in enumerate(rule.of):
            place = tree.place(("tree", *placed.path.split("."), "rule", "of", index))
            with collector.gather():
                parts[name] = _load_assessment(reached(source, name, place), place, chain)
    return parts


# Facts.


def _rated(document: Document, at: Path) -> Iterator[str]:
    """The facts that a rating reads, by the names before ``.level`` and ``.share``."""
    for key, node in _below(document.table(*(str(part) for part in at)), at == ("tree",)):
        here, rule = (*at, key), node.get("rule")
        if isinstance(rule, dict) and rule.get("kind") == Rating.kind:
            yield str(node.get("actual", ".".join(str(part) for part in here[1:])))
        yield from _rated(document, here)


def _no_answer(name: str, written: object) -> None:
    """Refuses a word that stands as the figure of a fact that is rated.

    Raises:
        DefinitionError: with the answer to write.
    """
    found = written.get("value") if isinstance(written, dict) else written
    if not isinstance(found, str):
        return
    try:
        read_value(found)
    except QuantityError as error:
        answer = f'{{ level = "{found}", share = "…" }}'
        said = problem(
            f"“{name}”由评判打分，应写等级与比例（现为“{found}”）— 请写 {answer}",
            f'"{name}" is rated: a level and a share are expected (found "{found}") — write {answer}',
            *(["value"] if isinstance(written, dict) else []),
        )
        raise DefinitionError(said) from error


def _fact_sheet(
    documents: Iterable[Document],
    rated: Container[str],
    origins: dict[str, tuple[Document, Path]],
    collector: _Collector,
) -> FactSheet | None:
    """The facts of an assessment and of all that it includes; None when some could not be read.

    Where each fact stands is put into `origins`. The facts that are `rated` are answered with a level and a share.
    """
    before = len(collector.problems)
    facts: dict[str, Fact] = {}
    for each in documents:
        for at, entry in _fact_entries(each, ("facts",)):
            with collector.gather(each, at):
                called = ".".join(str(part) for part in at[1:])
                if called in rated:
                    _no_answer(called, entry)
                for fact in _facts(called, entry):
                    if fact.name in origins:
                        earlier, where = origins[fact.name]
                        raise DefinitionError(
                            problem(
                                f"事实“{fact.name}”已在 {earlier.place(where)} 给出 — 只保留一处",
                                f'the fact "{fact.name}" already stands at {earlier.place(where)} — keep one of them',
                            )
                        )
                    facts[fact.name], origins[fact.name] = fact, (each, at)
    if len(collector.problems) > before:
        return None
    try:
        return FactSheet(facts)
    except DefinitionError as error:
        for each_problem in error.problems:
            name, *rest = each_problem.path
            owner, at = origins[str(name)]
            collector.add([evolve(each_problem, path=(*at, *rest))], owner)
        return None


def _checks(documents: Iterable[Document], sheet: FactSheet, collector: _Collector) -> tuple[Check, ...]:
    """The checks of an assessment and of the fact sheets it includes."""
    found: list[Check] = []
    origins: dict[str, Place | None] = {}
    for document in documents:
        for index, check in enumerate(_entries(document, "checks", Check, collector)):
            assert isinstance(check, Check)
            at = ("checks", index)
            missing = list(_not_given(check.that, (*at, "that"), sheet))
            collector.add(missing or (each.below(*at) for each in mixtures(check, sheet.kinds)), document)
            if check.id in origins:
                earlier = origins[check.id]
                collector.add(
                    [
                        problem(
                            f"检查“{check.id}”已在 {earlier} 写过 — 请换一个 id",
                            f'the check "{check.id}" already stands at {earlier} — give it another id',
                            *at,
                            "id",
                        )
                    ],
                    document,
                )
            origins.setdefault(check.id, document.place((*at, "id")))
            found.append(check)
    return tuple(found)


def _own_check_ids(framework: Framework, documents: Iterable[Document], collector: _Collector) -> None:
    """Notes each check, of the assessment or of a fact sheet it includes, that is named as one of the framework's."""
    asked = {check.id for check in framework.checks}
    for document in documents:
        entries = document.data.get("checks")
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            named = entry.get("id") if isinstance(entry, dict) else None
            if isinstance(named, str) and named in asked:
                found = problem(
                    f"指标体系已有检查“{named}” — 请换一个 id",
                    f'the framework has a check "{named}" — give this one another id',
                    *("checks", index, "id"),
                )
                collector.add([found], document)


def _with_included(
    document: Document, source: Source, chain: tuple[Source, ...], collector: _Collector
) -> Iterator[Document]:
    """The documents that hold facts: the included ones first, in order, then `document` itself."""
    included = document.data.get("include", [])
    if not isinstance(included, list) or not all(isinstance(name, str) for name in included):
        collector.add(
            [
                problem(
                    'include 应为路径数组，如 ["facts.toml"]',
                    'include is an array of paths, such as ["facts.toml"]',
                    "include",
                )
            ],
            document,
        )
        included = []
    for index, name in enumerate(included):
        place = document.place(("include", index))
        with collector.gather():
            target = reached(source, name, place)
            if any(target.path == earlier.path for earlier in chain):
                circle = " → ".join(each.name for each in (*chain, target))
                raise fail(place, f"include 循环引用：{circle}", f"include goes round in a circle: {circle}")
            sheet = _opened(target, SHEET_TABLES, place, collector)
            if sheet is not None:
                yield from _with_included(sheet, target, (*chain, target), collector)
    yield document


@frozen
class Entry:
    """One fact's table as written."""

    value: object = None
    choice: str | None = None
    level: str | None = None
    share: object = None
    formula: str | None = None
    unit: str = ""
    source: str = ""
    assumed: str | None = None
    title: str = ""
    title_en: str = ""
    note: str = ""
    stated: object = None
    between: object = None


@frozen
class Stated:
    """One of several places where a fact is stated."""

    value: object = None
    choice: str = ""
    source: str = ""
    used: bool = False
    severity: Literal["error", "warning"] = "error"
    note: str = ""


_SIGNS: Final = tuple("≥≤=><≧≦")
_EMPTY: Final = ("无", "暂无", "none", "n/a")
ENTRY_KEYS: Final = frozenset(each.name for each in Entry.__attrs_attrs__)


def _fact_entries(document: Document, at: Path) -> Iterator[tuple[Path, object]]:
    for key, value in document.table(*(str(part) for part in at)).items():
        here = (*at, key)
        if (
            isinstance(value, dict)
            and value
            and not any(name in ENTRY_KEYS and not isinstance(item, dict) for name, item in value.items())
        ):
            yield from _fact_entries(document, here)
        else:
            yield here, value


def _facts(name: str, written: object) -> Iterator[Fact]:
    """The fact (or, for a rating's answer, the two facts) that an entry makes."""
    if not isinstance(written, dict):
        yield Fact(name, _value(written))
        return
    if unknown := [key for key in written if key not in ENTRY_KEYS]:
        problems = [unknown_key(key, sorted(ENTRY_KEYS)) for key in unknown]
        try:
            tuple(_facts(name, {key: item for key, item in written.items() if key in ENTRY_KEYS}))
        except PerfevalError as error:
            problems.extend(error.problems)
        raise DefinitionError(problems)
    entry = structured(written, Entry)
    given = [key for key in ("value", "choice", "formula", "level", "stated") if written.get(key) is not None]
    if len(given) > 1:
        raise DefinitionError(
            problem(f"{'、'.join(given)} 只写其中一个", f"write only one of {', '.join(given)}", given[1])
        )
    if entry.assumed is not None and not entry.assumed.strip():
        raise DefinitionError(
            problem("assumed 应写明假定的依据", "assumed says on what basis the fact is assumed", "assumed")
        )
    if "share" in written and "level" not in written:
        raise DefinitionError(problem("share 应与 level 同写", "share goes with level", "share"))
    if entry.level is not None:
        yield from _answer(name, entry)
        return
    if entry.stated is not None:
        with _at("stated"):
            yield _several(name, entry)
        return
    with _at("value"):
        value: FactValue | None = entry.choice or _value(entry.value, entry.unit)
    with _at("formula"):
        yield _fact(name, entry, value, entry.formula)


def _value(written: object, unit: str = "") -> FactValue | None:
    """The value of a fact; one that is a word or a copied target is told how such a cell is entered."""
    try:
        return read_value(written, unit)
    except QuantityError as error:
        if not isinstance(written, str) or (as_entered := _as_entered(written.strip())) is None:
            raise
        (found,) = error.problems
        said = Message(f"{found.message.zh}；{as_entered.zh}", f"{found.message.en}; {as_entered.en}")
        raise QuantityError(evolve(found, message=said)) from error


def _as_entered(written: str) -> Message | None:
    """How a cell that holds no measured figure is entered; None where it does."""
    if written[:1] in _SIGNS:
        return Message(
            f"表中照抄指标值的不是实测值，改写 note = '表中填“{written}”'",
            f"""a cell that copies the target measures nothing: note = 'it says "{written}"' instead""",
        )
    if written.lower() in _EMPTY or not any(each.isalnum() for each in written):
        return Message('表中为空的，改写 value = ""', 'for a cell that is empty, write value = "" instead')
    if (ends := span(written)) is not None:
        between = f'{{ value = "", between = ["{ends[0]}", "{ends[1]}"] }}'
        return Message(f"不知道是多少的，改写 {between}", f"where it is not known, write {between}")
    if spelled(written) is None and not any(each.isdigit() for each in written):
        return Message(f'表中填文字的，改写 choice = "{written}"', f'for a word, write choice = "{written}" instead')
    return None


def _several(name: str, entry: Entry) -> Fact:
    """A fact that is stated in several places, one of them marked as used."""
    if not isinstance(entry.stated, list) or len(entry.stated) < 2:
        raise DefinitionError(
            problem(
                'stated 写成至少两处：[{ value = "…", source = "…", used = true }, { value = "…", source = "…" }]',
                'stated is an array of at least two: [{ value = "…", source = "…", used = true }, { value = "…", source = "…" }]',
            )
        )
    read: list[tuple[Stated, FactValue]] = []
    problems: list[Problem] = []
    for index, each in enumerate(entry.stated):
        try:
            stated = structured(each, Stated)
            with _at("value"):
                value: FactValue | None = stated.choice or _value(stated.value, entry.unit)
            if value is None:
                raise DefinitionError(problem("此处应有值", "a value is expected here", "value"))
            read.append((stated, value))
        except PerfevalError as error:
            problems.extend(found.below(index) for found in error.problems)
    used = [(stated, value) for stated, value in read if stated.used]
    if not problems and len(used) != 1:
        problems.append(
            problem(
                f"应有且只有一处写 used = true（现有 {len(used)} 处）",
                f"exactly one of them says used = true (found {len(used)})",
            )
        )
    if problems:
        raise DefinitionError(problems)
    ((chosen, value),) = used
    others = [Statement(value, each.source, each.severity, each.note) for each, value in read if not each.used]
    return evolve(_fact(name, entry, value), source=chosen.source, note=chosen.note or entry.note, others=tuple(others))


def _answer(name: str, entry: Entry) -> Iterator[Fact]:
    share: FactValue | None = None
    with _at("share"):
        if entry.share not in (None, ""):
            exact = ratio(entry.share)
            read = read_value(entry.share)
            share = Quantity(exact, "ratio", PERCENT, read.decimals if isinstance(read, Quantity) else 0)
    titles = (entry.title or name, entry.title_en or name)
    yield evolve(
        _fact(f"{name}.level", entry, entry.level or None), title=f"{titles[0]}：等级", title_en=f"{titles[1]}: level"
    )
    yield evolve(_fact(f"{name}.share", entry, share), title=f"{titles[0]}：比例", title_en=f"{titles[1]}: share")


def _fact(name: str, entry: Entry, value: FactValue | None, formula: str | None = None) -> Fact:
    return Fact(
        name,
        value,
        formula,
        entry.source,
        entry.assumed or "",
        entry.unit,
        entry.title,
        entry.title_en,
        entry.note,
        between=entry.between,
    )


@contextmanager
def _at(key: str) -> Iterator[None]:
    """Say that the problems inside lie at `key`."""
    try:
        yield
    except PerfevalError as error:
        raise DefinitionError([each if each.path else each.below(key) for each in error.problems]) from None
