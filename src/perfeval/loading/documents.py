"""Reading TOML files: bounded, inside their folder, with the place of every value.

A `Document` is plain data and where each part of it stands, so that problems found much later, in data merged from
several files, still name file, line and column.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path as FilePath
from typing import Final, TypeAlias

import tomli
from attrs import evolve, field, frozen

from perfeval.errors import LoadError, Message, Path, Place, Problem, problem, reason_of
from perfeval.loading.inputs import reading
from perfeval.loading.positions import positions

__all__ = ["KEY", "Document", "Reading", "Source", "Table", "fail", "reached", "read", "text_of"]

Table: TypeAlias = dict[str, object]

KEY: Final = "\0key"
"""The last part of a path that means the key itself, not its value."""

MOST_BYTES: Final = 2_000_000
MOST_MENTIONS: Final = 1_000
MOST_CHARACTERS: Final = 20_000_000
_FAR_TOO_LARGE: Final = Decimal("1e99999")
_FAR_TOO_SMALL: Final = Decimal("1e-99999")
_AT = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")


class Reading:
    """One reading of files that refer to each other.

    Each is read once and whole, however often it is referred to, so that a file that changes meanwhile is not mixed with itself;
    and all that is referred to is bounded, for twenty files that each refer twice to the next would be a million.
    """

    def __init__(self, texts: Mapping[FilePath, str] | None = None) -> None:
        self.texts = dict(texts or {})
        self._mentions = 0
        self._characters = 0

    def count(self, text: str, mentioned: Place | None) -> None:
        """One more reference, to a file with `text`.

        Raises:
            LoadError: there are too many.
        """
        self._mentions += 1
        self._characters += len(text)
        if self._mentions > MOST_MENTIONS or self._characters > MOST_CHARACTERS:
            raise fail(
                mentioned,
                f"引用的文件过多 — 一个评价连同其引用，至多 {MOST_MENTIONS} 次引用、{MOST_CHARACTERS // 1_000_000} 百万字符",
                f"too many files are referred to — at most {MOST_MENTIONS} references and "
                f"{MOST_CHARACTERS // 1_000_000} million characters in one assessment with all that it refers to",
            )


@frozen
class Source:
    """A file on disk.

    Attributes:
        path: the file, resolved.
        root: the folder that everything it refers to must lie in.
        name: what the reader is told.
        reading: what was read already, together with this file.
    """

    path: FilePath
    root: FilePath
    name: str
    reading: Reading = field(factory=Reading, eq=False, repr=False)


@frozen
class Document:
    """Data from one or more TOML files.

    Attributes:
        data: the tables.
        places: the place of every key and item, by path.
    """

    data: Table = field(factory=dict)
    places: dict[Path, Place] = field(factory=dict)

    def place(self, path: Path) -> Place | None:
        """The place of `path`, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if (found := self.places.get(path[:length])) is not None:
                return found
        return None

    def located(self, problem: Problem) -> Problem:
        """`problem` with its place in the files."""
        place = problem.place or self.place(problem.path)
        if place is not None and problem.offset and problem.path in self.places:
            place = evolve(place, column=place.column + 1 + problem.offset)
        return evolve(problem, place=place)

    def table(self, *path: str) -> Table:
        """The table at `path`; empty where there is none."""
        found: object = self.data
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}

    def set(self, path: Path, source: Document, source_path: Path) -> None:
        """Replace what stands at `path` with what stands at `source_path` in `source`, places included."""
        self.drop(path)
        value: object = source.data
        for key in source_path:
            value = value[key]  # type: ignore[index]  # the caller walked this path
        *above, last = path
        target: object = self.data
        for key in above:
            target = target.setdefault(key, {})  # type: ignore[attr-defined]
        target[last] = _copied(value)  # type: ignore[index]
        for where, place in list(source.places.items()):  # perhaps this document itself
            if where[: len(source_path)] == source_path:
                self.places[(*path, *where[len(source_path) :])] = place

    def append(self, key: str, source: Document, index: int) -> None:
        """Add one entry of the array `key` in `source` to the array here, with its places."""
        entries = self.data.setdefault(key, [])
        at = (key, len(entries))  # type: ignore[arg-type]  # both are arrays, or the caller did not come here
        entries.append(_copied(source.data[key][index]))  # type: ignore[attr-defined, index]
        for where, place in source.places.items():
            if where[:2] == (key, index):
                self.places[(*at, *where[2:])] = place

    def drop(self, path: Path) -> None:
        """Remove what stands at `path`."""
        *above, last = path
        target: object = self.data
        for key in above:
            target = target.get(key) if isinstance(target, dict) else None
        if isinstance(target, dict):
            target.pop(last, None)
        for where in [where for where in self.places if where[: len(path)] == path]:
            del self.places[where]


def _copied(value: object) -> object:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return value


def fail(place: Place | None, zh: str, en: str) -> LoadError:
    """A `LoadError` of one problem, to raise."""
    return LoadError(evolve(problem(zh, en), place=place))


def reached(source: Source, relative: str, place: Place | None) -> Source:
    """The file that `source` refers to as `relative`.

    Raises:
        LoadError: it lies outside the root, also by a symbolic link.
    """
    outside = fail(
        place,
        f"路径“{relative}”超出了文件夹 — 只能引用本文件所在文件夹内的文件",
        f'the path "{relative}" leaves the folder — refer only to files inside the folder of this file',
    )
    if "\0" in relative or FilePath(relative).is_absolute() or re.match(r"[A-Za-z]:|\\", relative):
        raise outside
    try:
        target = (source.path.parent / relative).resolve()
    except (OSError, RuntimeError):  # a circle of symbolic links
        raise outside from None
    if not target.is_relative_to(source.root):
        raise outside
    name = str(FilePath(source.name).parent / relative)
    return Source(target, source.root, name, source.reading)


def read(source: Source, mentioned: Place | None = None) -> Document:
    """Read one TOML file.

    Args:
        source: the file.
        mentioned: where it is referred to, for the message when it cannot be opened.

    Raises:
        LoadError: it cannot be opened, is too large, is not UTF-8, or is not TOML.
    """
    text = text_of(source, mentioned)
    source.reading.count(text, mentioned)
    try:
        data = tomli.loads(text, parse_float=_number)
    except tomli.TOMLDecodeError as error:
        raise _not_toml(error, text, source) from None
    except RecursionError:
        raise fail(Place(source.name), "嵌套过深", "the tables or arrays nest too deep") from None
    except ValueError:  # an integer too long for the interpreter
        raise fail(Place(source.name), "文件中有位数过多的整数", "the file has an integer of too many digits") from None
    places: dict[Path, Place] = {}
    for path, found in positions(text).items():
        at = found.value if path and _is_text(data, path) else found.key
        places[path] = Place(source.name, at.line, at.column)
        places[(*path, KEY)] = Place(source.name, found.key.line, found.key.column)
    places[()] = Place(source.name)
    return Document(data, places)


def _number(written: str) -> Decimal:
    """A decimal; in place of one whose exponent no decimal has, another that is refused at its place for the same reason."""
    try:
        return Decimal(written)
    except InvalidOperation:
        return _FAR_TOO_SMALL if "e-" in written.lower() else _FAR_TOO_LARGE


def _is_text(data: Mapping[str, object], path: Path) -> bool:
    value: object = data
    for key in path:
        value = value[key]  # type: ignore[index]  # positions yields the paths of data
    return not isinstance(value, dict)


def text_of(source: Source, mentioned: Place | None = None) -> str:
    """The text of a file, as it was when it was first read in this reading.

    Raises:
        LoadError: it cannot be opened, is too large, or is not UTF-8.
    """
    texts = source.reading.texts
    if source.path not in texts:
        texts[source.path] = _text(source, mentioned)
    return texts[source.path]


def _text(source: Source, mentioned: Place | None) -> str:
    try:
        with reading(source.path, source.name) as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        why = reason_of(error)
        raise fail(
            mentioned or Place(source.name),
            f"无法打开文件“{source.name}”（{why.zh}）",
            f'cannot open "{source.name}" ({why.en})',
        ) from None
    if len(content) > MOST_BYTES:
        raise fail(
            Place(source.name),
            f"文件过大 — 至多 {MOST_BYTES // 1_000_000} MB",
            f"the file is too large — at most {MOST_BYTES // 1_000_000} MB",
        )
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise fail(
            Place(source.name, line),
            f"文件不是 UTF-8 编码（第 {error.start + 1} 个字节）— 请另存为 UTF-8",
            f"the file is not UTF-8 (byte {error.start + 1}) — save it as UTF-8",
        ) from None


def _not_toml(error: tomli.TOMLDecodeError, text: str, source: Source) -> LoadError:
    message = str(error)
    at = _AT.search(message)
    line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
    if at is not None and at[1]:
        line, column = int(at[1]), int(at[2])
    what = _AT.sub("", message)
    written = text.split("\n")[line - 1]
    at_fault, sign = column, written[column - 1 : column]
    if what == _ENDLESS:  # perhaps a Chinese quote at its end
        at_fault, sign = len(written.rstrip()), written.rstrip()[-1:]
        sign = sign if sign in _QUOTES else ""
    if what == _NO_EQUALS and sign in (":", "："):
        return fail(
            Place(source.name, line, column),
            f"键与值之间写 =，不写 {sign}",
            f"between a key and its value write =, and not {sign}",
        )
    if sign and sign in _FULLWIDTH:
        return fail(
            Place(source.name, line, at_fault),
            f'此处是中文符号 {sign} — 请改用英文符号 {_FULLWIDTH[sign]}（文本写在英文引号内，如 name = "村口植树"）',
            f'{sign} is a Chinese sign — write {_FULLWIDTH[sign]} instead (text stands in ASCII quotes: name = "…")',
        )
    if (key := _bare_key(what, written, column)) is not None:
        return fail(
            Place(source.name, line, column),
            f'键“{key}”要加英文引号 — 请写 "{key}"（不加引号的键只能用英文字母、数字、_ 和 -）',
            f'the key {key} needs quotes — write "{key}" (only letters from a to z, digits, _ and - go without)',
        )
    said = _said(what)
    return fail(Place(source.name, line, column), f"TOML 语法错误：{said.zh}", f"not TOML: {said.en}")


def _bare_key(what: str, written: str, column: int) -> str | None:
    """The key at fault that only lacks its quotes, such as 有处理厂 = 1 or [facts.有处理厂]; None where that is not the case."""
    if not written[column - 1 : column].isalnum() or not re.search(r"^\s*\[|=", written):
        return None
    before = re.search(r"[\w-]*$", written[: column - 1])
    after = re.match(r"[\w-]+", written[column - 1 :])
    assert before is not None and after is not None  # an alphanumeric sign is one of them
    starts = what in ("Invalid statement", "Invalid initial character for a key part")
    goes_on = bool(before[0]) and (what == _NO_EQUALS or "at the end of a" in what)
    return before[0] + after[0] if starts or goes_on else None


# Signs that a Chinese keyboard types, and what TOML has instead.
_QUOTES: Final[Mapping[str, str]] = {**dict.fromkeys("“”„＂", '"'), **dict.fromkeys("‘’＇", "'")}
_FULLWIDTH: Final[Mapping[str, str]] = {
    **_QUOTES,
    **dict(zip("【】、，＝：．。［］｛｝＃", "[],,=:..[]{}#", strict=True)),
}
# What tomli says, and what is told instead.
_ENDLESS: Final = "Illegal character '\\n'"
_NO_EQUALS: Final = "Expected '=' after a key in a key/value pair"
_SYNTAX: Final[Mapping[str, tuple[str, str]]] = {
    r"Invalid value": (
        "等号后不是一个值；文本要写在英文引号内",
        'what follows the = is no value — text stands in quotes: name = "…"',
    ),
    r"Invalid statement": (
        "此行不是“键 = 值”，也不是 [表]",
        "this line is no key = value and no [table]",
    ),
    r"Expected newline or end of document after a statement": (
        "一行写完一个值后还有别的内容",
        "something follows the value on this line — write one key = value a line",
    ),
    re.escape(_NO_EQUALS): ("键之后缺少等号", "a = is missing after the key"),
    r"Invalid initial character for a key part": (
        "键只能用英文字母、数字、_ 和 -，其他文字请加英文引号",
        "a key is of English letters, digits, _ and -; any other stands in quotes",
    ),
    r"Expected '(\]+)' at the end of .+": (
        "此处应为 {0}，结束表名",
        "a {0} is expected here, to end the name of the table",
    ),
    r"Expected (.+)": ("此处应为 {0}", "{0} is expected here"),
    r"Found invalid character (.+)": ("此处不能有 {0}", "{0} cannot stand here"),
    re.escape(_ENDLESS): (
        "文本缺少结束的引号（应在同一行内结束）",
        "a text lacks its closing quote (it ends on the line it begins on)",
    ),
    r"Illegal character (.+)": ("文本中不能有 {0}", "{0} cannot stand in a text"),
    r"Unterminated string": ("文本缺少结束的引号", "a text lacks its closing quote"),
    r"Unclosed array": (
        "数组缺少结束的 ]，或两项之间缺少逗号",
        "an array lacks its closing ], or a comma between two entries",
    ),
    r"Unclosed inline table": (
        "{{ … }} 缺少结束的 }}，或两项之间缺少逗号",
        "a {{ … }} lacks its closing }}, or a comma between two entries",
    ),
    r"Cannot overwrite a value": (
        "同一个键写了两次 — 只保留一处",
        "the same key stands twice — keep one of them",
    ),
    r"Duplicate inline table key (.+)": (
        "同一个键 {0} 写了两次 — 只保留一处",
        "the key {0} stands twice — keep one of them",
    ),
    r"Cannot declare (.+) twice": (
        "表 [{0}] 已在别处写过 — 请合成一个，或给其中一个改名",
        "the table [{0}] stands elsewhere already — make one of them, or give one another name",
    ),
    r"Cannot (?:mutate immutable|redefine) namespace (.+)": (
        "表 [{0}] 已在别处写完，不能再加内容",
        "the table [{0}] is complete elsewhere — add nothing to it here",
    ),
    r"Unescaped '\\' in a string": (
        "文本中的 \\ 应写成 \\\\，或改用单引号",
        "a \\ in a text is written \\\\, or the text stands in single quotes",
    ),
    r"Invalid date or datetime": ("没有这一天或这一时刻", "there is no such day or time"),
    r"Invalid hex value": ("\\u 之后应为十六进制数字", "hexadecimal digits are expected after \\u"),
    r"Escaped character is not a Unicode scalar value": (
        "\\u 之后不是一个字符的编号",
        "what follows \\u is the number of no character",
    ),
}


def _said(what: str) -> Message:
    """What tomli says, in both languages."""
    for pattern, (zh, en) in _SYNTAX.items():
        if found := re.fullmatch(pattern, what, re.DOTALL):
            named = [_dotted(each) for each in found.groups()]
            return Message(zh.format(*named), en.format(*named))
    return Message(f"{what} — 请检查本行的引号、括号与等号", f"{what} — check quotes, brackets and = on this line")


def _dotted(shown: str) -> str:
    """The name of a table as TOML has it, where a tuple of its parts is shown."""
    if not shown.startswith("("):
        return shown
    parts: tuple[str, ...] = ast.literal_eval(shown)
    return ".".join(each if re.fullmatch(r"[A-Za-z0-9_-]+", each) else f'"{each}"' for each in parts)


def tables(data: Mapping[str, object]) -> Iterator[tuple[str, Table]]:
    """The entries of `data` that are tables."""
    for key, value in data.items():
        if isinstance(value, dict):
            yield key, value
