"""Feed mangled input to everything that reads: nothing but a `PerfevalError` may come of it, within a second and little memory.

    python benchmarks/fuzz.py                                    # each target for a minute
    python benchmarks/fuzz.py --target toml --seconds 3600       # one of them for an hour
    python benchmarks/fuzz.py --target formula --engine atheris  # guided by coverage; pip install atheris

The targets start from the same seeds every time, and `--seed` says which mangling comes of them. Each input that breaks a promise is
written to `--into`, and the exit code is 1. Time is the process's own, so that a busy machine breaks none.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import signal
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from attrs import field, frozen

from perfeval import PerfevalError, load
from perfeval.evaluate import evaluate
from perfeval.expr.parse import parse
from perfeval.expr.text import text
from perfeval.forms.reading import read_workbook
from perfeval.forms.workbook import live_workbook
from perfeval.loading import load_framework, sources
from perfeval.quantity import quantity, target

ROOT: Final = Path(__file__).parent.parent
SLOWEST: Final = 1.0  # seconds of the process
HANGS: Final = 20  # seconds of the clock after which an input is given up
MOST_MEMORY: Final = 300  # MB beyond what the seeds took
LONGEST: Final = 20_000  # bytes a text grows to; benchmarks are elsewhere

Target = Callable[[bytes], None]


@frozen
class Fuzzed:
    """Something that reads.

    Attributes:
        read: reads one input; a `PerfevalError` is a right answer.
        seeds: right inputs to begin with.
        words: what a mangler puts in.
    """

    read: Target
    seeds: tuple[bytes, ...] = field(repr=False)
    words: tuple[bytes, ...] = field(repr=False)


def _toml(folder: Path) -> Target:
    path = folder / "fuzzed.toml"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        try:
            framework = load_framework(path)
        except PerfevalError:
            evaluate(load(path))
        else:
            str(framework)

    return read


def _formula(data: bytes) -> None:
    text(parse(data.decode("utf-8", "replace")), "zh")


def _quantity(data: bytes) -> None:
    written = data.decode("utf-8", "replace")
    try:
        read = quantity(written)
    except PerfevalError:
        target(written)
    else:
        again = quantity(str(read))
        assert (again.kind, again.value) == (read.kind, read.value), str(read)


def _workbook(folder: Path, suffix: str) -> Target:
    path = folder / f"fuzzed.{suffix}"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        evaluate(read_workbook(str(path)))

    return read


def _parts(folder: Path) -> Target:
    """One part of a workbook is mangled, and the whole is put together again: else only the archive would be tested."""
    path, whole = folder / "parts.xlsx", _live()
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    names = sorted(parts)

    def read(data: bytes) -> None:
        name = names[data[0] % len(names)] if data else names[0]
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            for each, content in parts.items():
                archive.writestr(each, data[1:] if each == name else content)
        evaluate(read_workbook(str(path)))

    return read


SMALL: Final = {
    "framework.toml": """format = 1
[framework]
id = "t"
title = "植树"
points = 100
[tree.trees]
title = "植树棵数"
category = "output.quantity"
points = 100
actual = "trees.planted"
rule = { kind = "completion", target = "≥1000棵" }
""",
    "assessment.toml": """format = 1
framework = "framework.toml"
[facts]
trees.planted = { value = "950棵", source = "验收单" }
""",
}


def _live() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        for name, said in SMALL.items():
            (Path(folder) / name).write_text(said, "utf-8")
        path = Path(folder) / "assessment.toml"
        return live_workbook(load(path), "zh", sources(path))


def _part_seeds() -> tuple[bytes, ...]:
    with zipfile.ZipFile(io.BytesIO(_live())) as archive:
        return tuple(bytes([place]) + archive.read(name) for place, name in enumerate(sorted(archive.namelist())))


TOML_WORDS = (
    '[tree.a]|[[limits]]|[[checks]]|rule = { kind = "bands", bands = [["≥95%", 20]], otherwise = 0 }|kind = "completion"|extends = "cn/mof-2020/project-self"'
    '|framework = "fuzzed.toml"|include = ["fuzzed.toml"]|of = ["fuzzed.toml"]|1e999|0x10|nan|-inf|1979-05-27T07:32:00Z|"""|\'\'\'|points = -1|points = 0|formula = "a / b"'
    '|between = ["1", "2"]|stated = 3|true|{}|[]|""|actual = "x"|format = 1|[facts]|a.b.c = 1|weight = "0%"|\\u0000|\\U0010ffff|9999999999999999999999999999999999999999'
)
FORMULA_WORDS = 'and|or|not|(|)|if(|min(|max(|round(|, 7)|, 2)|abs(|floor(|%|‰|万元|2023-12-31|9月|≥|==|!=|<|×|÷|−|“x”|"x"|a.b|预算.执行|0|1|.5|99999999999999999999|yes|否|是|/0|１|（|，|\x00|\ud7ff'
QUANTITY_WORDS = "≥|≤|=|不低于|以上|以内|底前|月|年|日|2023|12|31|万|亿|元|人|/|%|‰|,|，|.|。|e9|E-9|+|-|−|１２|①|Ⅻ|½|余|约|千瓦时|\u200b|\x00|٣|9999999999|0"
SHEET_WORDS = '分值|得分|指标值|完成值|一级指标|二级指标|三级指标|项目支出绩效自评表|产出指标|100%|≥|,|\n|\t|"|;|预算执行率|10|年初预算数|=1+1|\x00|\xff'


def targets(folder: Path) -> Mapping[str, Callable[[], Fuzzed]]:
    """Everything that reads, by name."""

    def words(said: str) -> tuple[bytes, ...]:
        return tuple(each.encode("utf-8", "replace") for each in said.split("|"))

    def files(*patterns: str) -> tuple[bytes, ...]:
        return tuple(path.read_bytes() for pattern in patterns for path in sorted(ROOT.glob(pattern)))

    def small(found: tuple[bytes, ...]) -> tuple[bytes, ...]:
        return tuple(each for each in found if len(each) < LONGEST)

    def typed() -> bytes:
        return "\n".join(
            [
                "项目支出绩效自评表",
                "项目名称,植树,,,,,",
                "一级指标,二级指标,三级指标,年度指标值,实际完成值,分值,得分",
                "产出指标,数量指标,植树棵数,≥1000棵,950棵,90,85.5",
                "总分,,,,,100,95.5",
            ]
        ).encode()

    return {
        "toml": lambda: Fuzzed(
            _toml(folder),
            small(files("indicators/**/*.toml", "examples/**/*.toml")),
            words(TOML_WORDS),
        ),
        "formula": lambda: Fuzzed(
            _formula,
            words(
                "budget.executed / budget.approved|if(a > 90%, min(1, b), round(c / d, 2))|not (预算 >= 2万元 and 日期 < 2023-12-31)"
            ),
            words(FORMULA_WORDS),
        ),
        "quantity": lambda: Fuzzed(
            _quantity,
            words("≥95%|210.71万元|１２，０００人|9月底前|2023年12月31日|1.5e3元/亩|不低于90%|5‰|12,000,000.50元"),
            words(QUANTITY_WORDS),
        ),
        "csv": lambda: Fuzzed(
            _workbook(folder, "csv"), (typed(), typed().decode().encode("gb18030")), words(SHEET_WORDS)
        ),
        "xls": lambda: Fuzzed(_workbook(folder, "xls"), files("tests/forms/typed.xls"), words(SHEET_WORDS)),
        "xlsx": lambda: Fuzzed(_workbook(folder, "xlsx"), (_live(),), words(SHEET_WORDS)),
        "parts": lambda: Fuzzed(
            _parts(folder),
            _part_seeds(),
            words(SHEET_WORDS + '|r="XFD1"|t="e"|t="d"|<f>1</f>|<v>1E999</v>|s="999"|&#0;|</c>|<row>'),
        ),
    }


def mangled(of: Fuzzed, chance: random.Random) -> Iterator[bytes]:
    """The seeds, then without end what comes of them by cutting, doubling, joining and putting in."""
    yield from of.seeds
    while True:
        data = bytearray(chance.choice(of.seeds))
        for _ in range(chance.choice([1, 1, 1, 2, 3, 5, 8])):
            at, width = chance.randint(0, len(data)), chance.choice([1, 1, 2, 4, 16, 64])
            match chance.randrange(8):
                case 0 | 1 | 2:
                    data[at:at] = chance.choice(of.words)
                case 3:
                    data[at : at + width] = chance.choice(of.words)
                case 4:
                    del data[at : at + width]
                case 5:
                    data[at:at] = data[at : at + width] * chance.choice([1, 2, 40])
                case 6:
                    other = chance.choice(of.seeds)
                    start = chance.randint(0, len(other))
                    data[at:at] = other[start : start + 200]
                case 7:
                    data[at : at + 1] = bytes([chance.randrange(256)])
        yield bytes(data)


class _Endless(BaseException):
    """Raised in whatever is still reading; no `except Exception` on the way may take it for an answer."""


def _endless(*_: object) -> None:
    raise _Endless


def broken_by(of: Fuzzed, data: bytes) -> str:
    """What promise an input breaks; nothing where it breaks none."""
    began = time.process_time()
    signal.signal(signal.SIGALRM, _endless)
    signal.alarm(HANGS)
    try:
        of.read(data)
    except PerfevalError:
        pass
    except _Endless:
        return f"was not read within {HANGS} seconds"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
    took = time.process_time() - began
    return f"took {took:.1f} seconds" if took > SLOWEST else ""


def memory() -> int:
    """MB, at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def fuzz(of: Fuzzed, seconds: float, seed: int, into: Path, name: str) -> tuple[int, list[str]]:
    """How many inputs were read, and what went wrong."""
    end, read, found = time.monotonic() + seconds, 0, list[str]()
    before = 0
    for data in mangled(of, random.Random(seed)):
        if read == len(of.seeds):
            before = memory()
        wrong = broken_by(of, data)
        read += 1
        if not wrong and before and memory() > before + MOST_MEMORY:
            wrong, before = f"took {memory() - before} MB", memory()
        if wrong:
            into.mkdir(parents=True, exist_ok=True)
            kept = into / f"{name}-{seed}-{read}"
            kept.write_bytes(data)
            found.append(f"{kept}: {wrong}")
        if time.monotonic() > end:
            break
    return read, found


def fuzz_with_atheris(of: Fuzzed, seconds: float, seed: int, into: Path) -> None:
    """As `fuzz`, guided by coverage; libFuzzer ends the process itself, and prints how many inputs were read."""
    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]  # only where somebody installed it

    def one(data: bytes) -> None:
        if wrong := broken_by(of, data):
            raise AssertionError(wrong)

    with tempfile.TemporaryDirectory() as corpus:
        for place, each in enumerate(of.seeds):
            (Path(corpus) / str(place)).write_bytes(each)
        into.mkdir(parents=True, exist_ok=True)
        atheris.instrument_all()
        options = [
            f"-max_total_time={int(seconds)}",
            f"-seed={seed}",
            f"-artifact_prefix={into}/",
            "-rss_limit_mb=2048",
        ]
        atheris.Setup([sys.argv[0], corpus, *options], one)
        atheris.Fuzz()


def command(arguments: Sequence[str] | None = None) -> int:
    with tempfile.TemporaryDirectory() as folder:
        known = targets(Path(folder))
        parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("--target", choices=sorted(known), action="append")
        parser.add_argument("--seconds", type=float, default=60, help="for each target")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--engine", choices=["own", "atheris"], default="own")
        parser.add_argument("--into", type=Path, default=Path("fuzz-found"))
        given = parser.parse_args(arguments)
        wrong = False
        for name in given.target or known:
            of = known[name]()
            if given.engine == "atheris":
                fuzz_with_atheris(of, given.seconds, given.seed, given.into)
            else:
                read, found = fuzz(of, given.seconds, given.seed, given.into, name)
                wrong = wrong or bool(found)
                print(f"{name}: {read} inputs, {len(found)} broke a promise", *found, sep="\n  ", flush=True)
        return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(command())
