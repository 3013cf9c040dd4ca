"""Reading a workbook back: what people filled in becomes an assessment again, or every problem with its sheet and cell.

The workbook carries the files it was made from; only the facts and the reasons are read from its cells. What a cell holds is
read as people write it: a number stored as text, fullwidth digits, a percentage as text, spaces around it.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import tomli
from attrs import evolve, frozen

from perfeval.assessment import Assessment, Remark
from perfeval.errors import DefinitionError, LoadError, Message, PerfevalError, Place, Problem, nearest, problem
from perfeval.facts import Fact, FactSheet, FactValue, read_value
from perfeval.forms.workbook import BUNDLE, FACTS, FORM, FORM_FIRST, facts_read
from perfeval.loading import load, merged, sources
from perfeval.loading.documents import Table
from perfeval.quantity import Quantity, number_in_cell

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["carried", "imported", "is_workbook", "read_workbook"]

_LARGEST: Final = 64 * 2**20  # bytes, unpacked
_LARGEST_RATIO: Final = 200
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"  # an .xls, or an .xlsx with a password


def is_workbook(path: str) -> bool:
    """Whether a file is read as a workbook, by its name."""
    return Path(path).suffix.lower() in (".xlsx", ".xlsm", ".xls", ".et", ".csv")


def read_workbook(path: str) -> Assessment:
    """The assessment in a workbook that `perfeval form` made.

    Raises:
        LoadError: every problem found, each with its sheet and cell.
    """
    from openpyxl import load_workbook

    _refuse_what_is_no_workbook(path)
    try:
        # Formulas once as they stand, and once as the last program to save the file computed them.
        written, computed = load_workbook(path), load_workbook(path, data_only=True)
    except Exception as error:  # openpyxl raises what its parsers do
        raise _failed(
            path,
            f"无法读取（{error}）— 请在 Excel 或 WPS 中另存为 .xlsx",
            f"cannot be read ({error}) — save it again as .xlsx",
        ) from None
    if BUNDLE not in written.sheetnames:
        raise _failed(
            path,
            "不是 perfeval 生成的工作簿 — 请用 perfeval form 生成，再填写",
            "is no workbook that perfeval made — make one with perfeval form, and fill that in",
        )
    with _unpacked(path, [str(cell.value or "") for cell in written[BUNDLE]["A"]]) as main:
        assessment = load(main)
    reader = _Reader(path, assessment, _named(written, FACTS), _named(computed, FACTS))
    facts = reader.facts()
    remarks = dict(_remarks(assessment, _named(computed, FORM)))
    problems = [*reader.problems]
    if not problems:
        try:
            return evolve(assessment, facts=FactSheet(facts), remarks=remarks)
        except DefinitionError as error:
            problems = [reader.located(each) for each in error.problems]
    raise LoadError(problems)


def _failed(path: str, zh: str, en: str) -> LoadError:
    return LoadError(Problem(Message(f"“{path}”{zh}", f'"{path}" {en}')))


def _refuse_what_is_no_workbook(path: str) -> None:
    file = Path(path)
    if file.suffix.lower() != ".xlsx":
        raise _failed(path, f"是 {file.suffix} 文件 — 请另存为 .xlsx", f"is a {file.suffix} file — save it as .xlsx")
    try:
        with file.open("rb") as stream:
            start = stream.read(4)
        if start == _COMPOUND:
            raise _failed(
                path,
                "有密码，或是旧的 .xls 格式 — 请去掉密码，另存为 .xlsx",
                "has a password or is an old .xls — save it as .xlsx without a password",
            )
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
            packed = sum(each.compress_size for each in archive.infolist())
            small = unpacked <= _LARGEST and unpacked <= _LARGEST_RATIO * max(packed, 1)
            declares = small and any(b"<!DOCTYPE" in archive.read(each) for each in archive.infolist())
    except OSError as error:
        reason = error.strerror or str(error)
        raise _failed(path, f"无法打开（{reason}）", f"cannot be opened ({reason})") from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        NotImplementedError,
        EOFError,
    ):  # what a damaged archive raises
        raise _failed(path, "不是 .xlsx 文件", "is no .xlsx file") from None
    if declares:
        raise _failed(path, "声明了 XML 实体，不予读取", "declares entities and is not read")
    if not small:
        raise _failed(path, "解压后过大，不予读取", "unpacks to too much and is not read")


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
    damaged = _failed(
        path, "所带的文件已损坏 — 请重新生成工作簿", "carries files that are damaged — make the workbook anew"
    )
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        try:
            files = json.loads("".join(chunks))
            for name, text in files["files"].items():
                target = (root / name).resolve()
                if not target.is_relative_to(root):
                    raise ValueError(name)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, "utf-8")
            main = (root / files["main"]).resolve()
            if not main.is_relative_to(root):
                raise ValueError(files["main"])
            load(main)
        except (ValueError, KeyError, AttributeError, TypeError, OSError, LoadError):
            raise damaged from None
        yield main


def carried(path: str) -> dict[str, str]:
    """The files that a workbook was made from, as `perfeval.loading.sources` gives them.

    Raises:
        LoadError: the workbook cannot be read, or the files are damaged.
    """
    _refuse_what_is_no_workbook(path)
    with _unpacked(path, _chunks(path)) as main:
        return sources(main)


def imported(path: str) -> tuple[Table, dict[str, str]]:
    """A filled workbook as one table to write as TOML, with the framework files it needs beside it.

    Raises:
        LoadError: as `read_workbook`.
    """
    assessment = read_workbook(path)
    with _unpacked(path, _chunks(path)) as main:
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


def _chunks(path: str) -> list[str]:
    from openpyxl import load_workbook

    return [str(cell.value or "") for cell in load_workbook(path)[BUNDLE]["A"]]


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
        entry |= _said(fact.value)
    if fact.source and "stated" not in entry:
        entry["source"] = fact.source
    if fact.assumed:
        entry["assumed"] = fact.assumed
    if fact.between is not None:
        entry["between"] = ["" if end is None else str(end) for end in fact.between]
    return entry


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
        asked_for_words = isinstance(fact.value, str) or fact.name.endswith(".level")
        return words if asked_for_words else read_value(words, unit)

    def _at(self, row: int, column: int, zh: str, en: str) -> Problem:
        cell = f"{self.written.title}!{self.written.cell(row, column).coordinate}"
        return Problem(Message(zh, en), place=Place(self.path, row, column, cell))


def _plain_text(value: object) -> str:
    return "" if value is None else str(value).strip()


def _figure(value: float, cell: Cell | MergedCell, unit: str) -> FactValue | None:
    """A number in a cell: the shortest decimal that prints it, with the decimals that the cell shows."""
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
