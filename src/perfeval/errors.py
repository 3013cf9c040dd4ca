"""Problems as data: what is wrong, where it stands, what was found, what to write instead.

Every sentence a person may read is a `Message` in both languages; nothing below `cli` chooses one.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from operator import itemgetter
from typing import Final, Literal

from attrs import evolve, frozen

__all__ = [
    "DefinitionError",
    "FormulaError",
    "Language",
    "LoadError",
    "Message",
    "Path",
    "PerfevalError",
    "Place",
    "Problem",
    "QuantityError",
    "meant",
    "nearest",
    "not_a_regular_file",
    "perhaps",
    "problem",
    "reason_of",
]

Language = Literal["zh", "en"]
Path = tuple[str | int, ...]


@frozen
class Message:
    """One sentence in Chinese and in English."""

    zh: str
    en: str

    def to(self, language: Language) -> str:
        """The sentence in `language`."""
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        return self.en


@frozen
class Place:
    """A place in a file.

    Attributes:
        file: the file's name, as the reader knows it.
        line: 1-based.
        column: 1-based, counted in characters.
        cell: in a workbook, the sheet and cell.
    """

    file: str
    line: int = 1
    column: int = 1
    cell: str = ""

    def __str__(self) -> str:
        return f"{self.file} {self.cell}" if self.cell else f"{self.file}:{self.line}:{self.column}"


@frozen
class Problem:
    """One thing that is wrong.

    Attributes:
        message: what is wrong, what was found, what to write instead.
        path: where in the data, from the thing that was being built.
        offset: how many characters into the text at `path` the problem lies.
        place: the file, line and column, once known.
        about: the file that it speaks of as a whole, where it has no place in it.
    """

    message: Message
    path: Path = ()
    offset: int = 0
    place: Place | None = None
    about: str = ""

    def to(self, language: Language) -> str:
        """The line a reader sees."""
        text = self.message.to(language)
        return f"{self.place}: {text}" if self.place else text

    def below(self, *path: str | int) -> Problem:
        """The same problem, seen from further up the tree."""
        return evolve(self, path=(*path, *self.path))


def problem(zh: str, en: str, *path: str | int, offset: int = 0) -> Problem:
    """Shorthand for a `Problem` in both languages at `path`."""
    return Problem(Message(zh, en), path, offset)


class PerfevalError(Exception):
    """Base of every error perfeval raises on purpose; carries all the problems found at once."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(self.to("en"))

    def to(self, language: Language) -> str:
        """All problems, one a line, in `language`."""
        return "\n".join(each.to(language) for each in self.problems)


class QuantityError(PerfevalError):
    """A text or value is not a quantity, or two quantities do not go together."""


class FormulaError(PerfevalError):
    """A formula cannot be read."""


class DefinitionError(PerfevalError):
    """A rule, framework, fact or assessment contradicts itself."""


class LoadError(PerfevalError):
    """A file cannot be read or is wrong; every problem carries its place."""


def meant(name: str, known: Iterable[str]) -> str | None:
    """The one of the names there are of which `name` is a typo; None where it is like none of them."""
    alike = [(off, each) for each in known if (off := _off(name, each)) is not None]
    return min(alike, key=itemgetter(0))[1] if alike else None


def perhaps(name: str, known: Iterable[str]) -> Message | None:
    """“did you mean …?” for a typo; None for what is none."""
    alike = meant(name, known)
    return None if alike is None else Message(f"是否应为“{alike}”？", f'did you mean "{alike}"?')


def nearest(name: str, known: Iterable[str]) -> Message:
    """“did you mean …?” for a typo, or the names there are; that there are none, where there are none."""
    names = list(known)
    if (hint := perhaps(name, names)) is not None:
        return hint
    if not names:
        return Message("此处没有可用的名称", "there is nothing to choose from here")
    some = "、".join(names[:8]) + ("…" if len(names) > 8 else "")
    return Message(f"可用：{some}", f"known here: {some.replace('、', ', ')}")


_ALIKE: Final = 0.7
_PARTS: Final = re.compile(r"[./]")


def _off(one: str, other: str) -> int | None:
    """How many letters to change, put in or leave out between two names; None where they are unlike in what they do not share
    whole: budget.reallocated is no budget.executed.
    """
    ours, theirs = _PARTS.split(one), _PARTS.split(other)
    for end in (0, -1):
        while len(ours) > 1 and len(theirs) > 1 and ours[end] == theirs[end]:
            ours.pop(end)
            theirs.pop(end)
    mine, known = ".".join(ours), ".".join(theirs)
    if sorted(mine) == sorted(known):  # odl for old: two letters change places, and in a short name that is most of it
        return 0
    matcher = SequenceMatcher(None, mine, known)
    if any(ratio() < _ALIKE for ratio in (matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio)):
        return None
    return sum(max(to - from_, end - start) for tag, from_, to, start, end in matcher.get_opcodes() if tag != "equal")


# What a system says of a file, by the name of its number; the rest is told in the system's own words.
_SYSTEM: Final[Mapping[str, Message]] = {
    "ENOENT": Message("没有这个文件或文件夹", "No such file or directory"),
    "EACCES": Message("没有权限", "Permission denied"),
    "EPERM": Message("系统不允许", "Operation not permitted"),
    "EROFS": Message("磁盘只能读取", "Read-only file system"),
    "EISDIR": Message("是文件夹，不是文件", "Is a directory"),
    "ENOTDIR": Message("路径中的一段不是文件夹", "Not a directory"),
    "EEXIST": Message("已存在", "File exists"),
    "ENOTEMPTY": Message("文件夹不是空的", "Directory not empty"),
    "ENOSPC": Message("磁盘已满", "No space left on device"),
    "EDQUOT": Message("磁盘配额已用完", "Disk quota exceeded"),
    "EFBIG": Message("文件过大", "File too large"),
    "ENAMETOOLONG": Message("名称过长", "File name too long"),
    "ELOOP": Message("符号链接循环或过多", "Too many levels of symbolic links"),
    "EXDEV": Message("不能移到另一个磁盘", "Invalid cross-device link"),
    "EMFILE": Message("同时打开的文件过多", "Too many open files"),
    "ENFILE": Message("系统同时打开的文件过多", "Too many open files in system"),
    "EBUSY": Message("正被其他程序使用", "Device or resource busy"),
    "ETXTBSY": Message("正被其他程序使用", "Text file busy"),
    "EIO": Message("磁盘读写出错", "Input/output error"),
    "ENODEV": Message("没有这个设备", "No such device"),
    "ENXIO": Message("没有这个设备或地址", "No such device or address"),
    "ENOMEM": Message("内存不足", "Cannot allocate memory"),
    "EINVAL": Message("系统不接受这个参数", "Invalid argument"),
    "EPIPE": Message("接收输出的程序已经结束", "Broken pipe"),
    "ESTALE": Message("网络上的文件已不在", "Stale file handle"),
    "ETIMEDOUT": Message("等待超时", "Connection timed out"),
    "ENOTCONN": Message("网络磁盘没有连上", "Transport endpoint is not connected"),
    "EHOSTDOWN": Message("网络磁盘没有连上", "Host is down"),
}
_NO_FILE: Final = Message("不是普通文件", "not a regular file")


def not_a_regular_file() -> OSError:
    """What to raise of a pipe or a device, which may never end, before it is opened."""
    return OSError(_NO_FILE.en)


def reason_of(error: OSError) -> Message:
    """Why the system did not do as it was asked, to be put behind what it was asked."""
    said = error.strerror or str(error)
    if said == _NO_FILE.en:
        return _NO_FILE
    return _SYSTEM.get(errno.errorcode.get(error.errno or 0, ""), Message(said, said))
