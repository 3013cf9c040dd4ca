"""Reading a workbook back: what people filled in becomes an assessment again, or every problem with its sheet and cell.

A live workbook carries the files it was made from; only the facts and the reasons are read from its cells. Any other file is an
official table (`drafting`). What a cell holds is read as people write it: a number stored as text, fullwidth digits, a percentage
as text, spaces around it.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import tomli
from attrs import evolve, frozen

from perfeval.assessment import Assessment, Remark, misanswered, mismeasured
from perfeval.errors import (
    DefinitionError,
    Language,
    LoadError,
    Message,
    PerfevalError,
    Place,
    Problem,
    nearest,
    problem,
)
from perfeval.facts import Fact, FactSheet, FactValue, read_value
from perfeval.forms.drafting import Draft, assessment_of, draft_of
from perfeval.forms.entry import ENTRY
from perfeval.forms.grid import grids
from perfeval.forms.opening import Opened, damaged, failed, opened
from perfeval.forms.typed import table_of
from perfeval.forms.workbook import BUNDLE, FACTS, FORM, FORM_FIRST, facts_read, words_asked
from perfeval.loading import load, merged, sources
from perfeval.loading.documents import Table
from perfeval.quantity import Quantity, number_in_cell

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["imported", "read_with_files", "read_workbook", "typed_draft"]


def read_workbook(path: str) -> Assessment:
    """The assessment in a workbook that `perfeval form` made, or in an official table.

    Raises:
        LoadError: every problem found, each with its sheet and cell.
    """
    file = opened(path)
    book = _live_book(file)
    if book is None:
        return assessment_of(_draft(file))
    return _read_live(file, book)


def read_with_files(path: str) -> tuple[Assessment, dict[str, str]]:
    """The assessment in a workbook, and the files that it was made from, as `perfeval.loading.sources` gives them.

    Raises:
        LoadError: as `read_workbook`.
    """
    file = opened(path)
    book = _live_book(file)
    if book is None:
        draft = _draft(file)
        return assessment_of(draft), {"assessment.toml": draft.text, **draft.files}
    with _unpacked(path, _chunks(book)) as main:
        files = sources(main)
    return _read_live(file, book), files


def typed_draft(
    path: str, framework: str | None = None, sheet: str | None = None, language: Language | None = None
) -> Draft:
    """The assessment file of an official table that somebody filled in or typed by hand.

    Args:
        framework: a name in the catalogue or a path; by default the one that the table says or looks like.
        sheet: the one to read, where several have a table.

    Raises:
        LoadError: every problem, each with its sheet and cell.
    """
    draft = _draft(opened(path), framework, sheet, language)
    assessment_of(draft)
    return draft


def _live_book(file: Opened) -> Workbook | None:
    """A workbook with its formulas as they stand, where it carries the files it was made from."""
    if file.kind != "xlsx":
        return None
    book = _loaded(file)
    return book if BUNDLE in book.sheetnames else None


def _loaded(file: Opened, *, computed: bool = False) -> Workbook:
    from openpyxl import load_workbook

    try:
        return load_workbook(io.BytesIO(file.data), data_only=computed, keep_links=False)
    except Exception:  # openpyxl raises what its parsers do
        raise damaged(file.path) from None


def _draft(
    file: Opened,
    framework: str | None = None,
    sheet: str | None = None,
    language: Language | None = None,
) -> Draft:
    path, sheets = file.path, grids(file)
    if file.kind == "xls" and {each.title for each in sheets} & {FACTS.zh, FACTS.en}:
        raise failed(
            path,
            "是另存为 .xls 的 perfeval 工作簿 — 请另存为 .xlsx",
            "is a live workbook that was saved as .xls — save it as .xlsx",
        )
    table = table_of(sheets, path, sheet)
    with _entry_framework(file) as named:
        return draft_of(table, framework or named, language)


@contextmanager
def _entry_framework(file: Opened) -> Iterator[str | None]:
    """The framework that an entry form is for, its own files in a folder for the while; None where none is said.

    It is one of the files that the form carries, or one of the catalogue, and never another file of the reader's.
    """
    book = _loaded(file) if file.kind == "xlsx" else None
    if book is None or ENTRY not in book.sheetnames:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        with _damaged(file.path):
            said = json.loads("".join(str(cell.value or "") for cell in book[ENTRY]["A"]))
            name, root = str(said["framework"]), Path(folder).resolve()
            _unpack(root, said["files"])
            if name.endswith(".toml"):
                name = str(_inside(root, name))
        yield name


@contextmanager
def _damaged(path: str) -> Iterator[None]:
    """Whatever is wrong with what a workbook carries, said of the workbook."""
    try:
        yield
    except (ValueError, KeyError, AttributeError, TypeError, OSError, RecursionError, LoadError):
        raise failed(
            path, "所带的文件已损坏 — 请重新生成工作簿", "carries files that are damaged — make the workbook anew"
        ) from None


def _unpack(root: Path, files: Mapping[str, str]) -> None:
    """Write files below `root`, and nowhere else."""
    for name, text in files.items():
        target = _inside(root, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")


def _inside(root: Path, name: str) -> Path:
    """The file called `name` below `root`, which is resolved.

    Raises:
        ValueError: it lies elsewhere.
    """
    target = (root / name).resolve()
    if not target.is_relative_to(root):
        raise ValueError(name)
    return target


def _read_live(file: Opened, written: Workbook) -> Assessment:
    # Formulas once as they stand, and once as the last program to save the file computed them.
    computed = _loaded(file, computed=True)
    with _unpacked(file.path, _chunks(written)) as main:
        assessment = load(main)
    reader = _Reader(file.path, assessment, _named(written, FACTS), _named(computed, FACTS))
    facts = reader.facts()
    remarks = dict(_remarks(assessment, _named(computed, FORM)))
    problems = [*reader.problems]
    if not problems:
        try:
            filled = evolve(assessment, facts=FactSheet(facts), remarks=remarks)
            refused = [
                evolve(each, path=(".".join(map(str, each.path)),))
                for each in misanswered(filled.framework, filled.facts)
            ]
            refused += [
                each
                for each in mismeasured(filled.framework, filled.facts)
                if each.path[0] not in {other.path[0] for other in refused}
            ]
            if not refused:
                return filled
            problems = [reader.located(each) for each in refused]
        except DefinitionError as error:
            problems = [reader.located(each) for each in error.problems]
    raise LoadError(problems)


def _named(book: object, title: Message) -> Worksheet:
    sheets = {sheet.title: sheet for sheet in book.worksheets}  # type: ignore[attr-defined]  # a Workbook
    found: Worksheet | None = sheets.get(title.zh) or sheets.get(title.en)
    if found is None:
        raise LoadError(
            problem(
                f"缺少工作表“{title.zh}” — 请勿删除或改名",
                f'the sheet "{title.en}" is missing — do not delete or rename it',
            )
        )
    return found


@contextmanager
def _unpacked(path: str, chunks: list[str]) -> Iterator[Path]:
    """The files that the workbook was made from, in a folder of their own for the while; yields the assessment's."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        with _damaged(path):
            files = json.loads("".join(chunks))
            _unpack(root, files["files"])
            main = _inside(root, files["main"])
            load(main)
        yield main


def imported(path: str) -> tuple[Table, dict[str, str]] | None:
    """A filled live workbook as one table to write as TOML, with the framework files it needs beside it; None where a file is
    no live workbook.

    Raises:
        LoadError: as `read_workbook`.
    """
    file = opened(path)
    book = _live_book(file)
    if book is None:
        return None
    assessment = _read_live(file, book)
    with _unpacked(path, _chunks(book)) as main:
        whole = merged(main)
        files = {name: text for name, text in sources(main).items() if name.endswith(".toml")}
    needed = {name: text for name, text in files.items() if _is_framework(text)}
    entries = whole["facts"]
    assert isinstance(entries, dict)
    facts: Table = {}
    for name in dict.fromkeys(_entry_name(name, entries) for name in assessment.facts):
        _put(facts, name.split("."), _entry(name, entries.get(name), assessment))
    whole["facts"] = facts
    for at, remark in assessment.remarks.items():
        if remark.reason:
            _put(whole, ["tree", *at.split("."), "reason"], remark.reason)
    return whole, needed


def _chunks(book: Workbook) -> list[str]:
    return [str(cell.value or "") for cell in book[BUNDLE]["A"]]


def _is_framework(text: str) -> bool:
    return isinstance(tomli.loads(text).get("framework"), dict)


def _entry_name(name: str, entries: Mapping[str, object]) -> str:
    """The name of the entry that a fact was written in: a rating's level and share stand in one."""
    rated = name.removesuffix(".level").removesuffix(".share")
    return rated if name not in entries and (rated in entries or f"{rated}.level" == name) else name


def _entry(name: str, before: object, assessment: Assessment) -> Table:
    """A fact's entry as it is now: what was written of it, with what was filled in."""
    entry: Table = dict(before) if isinstance(before, dict) else {}
    rated = name not in assessment.facts
    fact = assessment.facts[f"{name}.level" if rated else name]
    if fact.formula is not None:
        return entry
    for key in ("value", "choice", "level", "share", "unit", "source", "assumed", "stated", "between"):
        entry.pop(key, None)
    if rated:
        entry["level"] = "" if fact.value is None else str(fact.value)
        share = assessment.facts.value(f"{name}.share")
        entry["share"] = "" if share is None else str(share)
    elif fact.others and fact.value is not None:
        used = {**_said(fact.value), "source": fact.source, "used": True}
        others = [
            {**_said(each.value), "source": each.source, "severity": each.severity, "note": each.note}
            for each in fact.others
        ]
        entry["stated"] = [used, *({key: value for key, value in other.items() if value != ""} for other in others)]
    else:
        entry |= _beside_its_unit(fact)
    if fact.source and "stated" not in entry:
        entry["source"] = fact.source
    if fact.assumed:
        entry["assumed"] = fact.assumed
    if fact.between is not None:
        entry["between"] = ["" if end is None else str(end) for end in fact.between]
    return entry


def _beside_its_unit(fact: Fact) -> Table:
    """A fact's value, its unit apart where it was written so."""
    said = _said(fact.value)
    if fact.unit and fact.value is None:
        return {**said, "unit": fact.unit}
    if fact.unit and isinstance(fact.value, Quantity) and fact.value.unit.name == fact.unit:
        return {"value": str(fact.value).removesuffix(fact.unit), "unit": fact.unit}
    return said


def _said(value: FactValue | None) -> Table:
    """A value as it is written: a word is a choice."""
    if isinstance(value, str):
        return {"choice": value}
    return {"value": "" if value is None else value if isinstance(value, bool) else str(value)}


def _put(table: Table, at: list[str], value: object) -> None:
    """Put `value` into nested tables."""
    *above, last = at
    for key in above:
        inner = table.setdefault(key, {})
        assert isinstance(inner, dict)
        table = inner
    table[last] = value


@frozen
class _Row:
    """Where a fact stands on the sheet of facts."""

    number: int
    name: str


class _Reader:
    """Reads the sheet of facts."""

    def __init__(self, path: str, assessment: Assessment, written: Worksheet, computed: Worksheet) -> None:
        self.path, self.assessment = path, assessment
        self.written, self.computed = written, computed
        self.problems: list[Problem] = []
        self._rows: dict[str, int] = {}
        self._spoken = words_asked(assessment)

    def facts(self) -> dict[str, Fact]:
        """Every fact, with what was filled in."""
        known = self.assessment.facts.facts
        found: dict[str, Fact] = {}
        for row in self._named_rows():
            fact = known.get(row.name) or Fact(row.name)
            self._rows[row.name] = row.number
            try:
                read = fact if fact.formula is not None else self._fact(fact, row.number)
            except PerfevalError as error:
                self.problems.extend(self.located(each, row.number) for each in error.problems)
                continue
            if row.name in known or read.value is not None:
                found[row.name] = read
        for name in known:
            if name not in self._rows:
                self.problems.append(
                    self._at(
                        2,
                        1,
                        f"缺少事实“{name}”所在的行 — 请恢复该行",
                        f'the row of the fact "{name}" is missing — put it back',
                    )
                )
        ordered = [*known, *(name for name in found if name not in known)]
        return {name: found[name] for name in ordered if name in found}

    def located(self, found: Problem, row: int | None = None) -> Problem:
        """A problem with the cell it is about."""
        if row is None:
            row = self._rows.get(str(found.path[0])) if found.path else None
        return found if row is None else self._at(row, 3, found.message.zh, found.message.en)

    def _named_rows(self) -> Iterator[_Row]:
        seen: set[str] = set()
        known = self.assessment.facts
        asked = {*known, *facts_read(self.assessment.framework)}
        for number in range(2, self.written.max_row + 1):
            name = _plain_text(self.written.cell(number, 1).value)
            if not name:
                if any(_plain_text(self.written.cell(number, column).value) for column in (3, 4)):
                    self.problems.append(
                        self._at(
                            number,
                            1,
                            "此行没有事实名称 — 请填名称或清空此行",
                            "this row names no fact — name it, or clear the row",
                        )
                    )
                continue
            if name not in asked:
                hint = nearest(name, sorted(asked))
                self.problems.append(
                    self._at(number, 1, f"没有事实“{name}” — {hint.zh}", f'there is no fact "{name}" — {hint.en}')
                )
            elif name in seen:
                self.problems.append(self._at(number, 1, f"事实“{name}”重复", f'the fact "{name}" stands twice'))
            else:
                seen.add(name)
                yield _Row(number, name)

    def _fact(self, fact: Fact, row: int) -> Fact:
        value = self._value(fact, row)
        source = _plain_text(self.written.cell(row, 5).value)
        assumed = _plain_text(self.written.cell(row, 6).value)
        same = value == fact.value and _decimals(value) == _decimals(fact.value)
        kept = fact.value if same else value
        between = fact.between if assumed or kept is None else None
        return evolve(fact, value=kept, source=source, assumed=assumed, between=between)

    def _value(self, fact: Fact, row: int) -> FactValue | None:
        cell, computed = self.written.cell(row, 3), self.computed.cell(row, 3)
        value = cell.value
        if isinstance(value, str) and cell.data_type == "f":
            value = computed.value
            if value is None:
                raise DefinitionError(
                    problem(
                        "公式还没有计算结果 — 请在 Excel 或 WPS 中打开并保存，或直接填数",
                        "this formula has no computed value — open and save the file in Excel or WPS, or write the figure",
                    )
                )
        unit = _plain_text(self.written.cell(row, 4).value)
        match value:
            case None:
                return None
            case bool():
                return value
            case datetime():
                return read_value(value.date())
            case date():
                return read_value(value)
            case int() | float():
                return _figure(value, cell, unit)
            case str():
                return self._words(fact, value, unit)
            case _:
                raise DefinitionError(problem(f"不能识别“{value}”", f'"{value}" is not understood'))

    def _words(self, fact: Fact, text: str, unit: str) -> FactValue | None:
        words = _plain_text(text)
        if not words:
            return None
        asked_for_words = isinstance(fact.value, str) or fact.name.endswith(".level") or fact.name in self._spoken
        return words if asked_for_words else read_value(words, unit)

    def _at(self, row: int, column: int, zh: str, en: str) -> Problem:
        cell = f"{self.written.title}!{self.written.cell(row, column).coordinate}"
        return Problem(Message(zh, en), place=Place(self.path, row, column, cell))


def _plain_text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _figure(value: float, cell: Cell | MergedCell, unit: str) -> FactValue | None:
    return read_value(number_in_cell(value, cell.number_format or "", percent=not unit), unit)


def _decimals(value: FactValue | None) -> int | None:
    return value.decimals if isinstance(value, Quantity) else None


def _remarks(assessment: Assessment, form: Worksheet) -> Iterator[tuple[str, Remark]]:
    """The reasons on the form, row by row in the order of the tree; a row that was moved keeps the reason it had."""
    remarks: Mapping[str, Remark] = assessment.remarks
    for row, (path, placed) in enumerate(assessment.framework.layout.items(), start=FORM_FIRST):
        remark = assessment.remark(path)
        title = _plain_text(form.cell(row, 1).value)
        if title in (placed.node.called("zh"), placed.node.called("en")):
            remark = evolve(remark, reason=_plain_text(form.cell(row, 6).value))
        if path in remarks or remark != Remark():
            yield path, remark
