"""Feed mangled input to everything that reads: nothing but a `PerfevalError` may come of it, within a second and little memory.

    python benchmarks/fuzz.py                                           # each target for a minute
    python benchmarks/fuzz.py --target toml --seconds 3600              # one of them for an hour
    python benchmarks/fuzz.py --engine atheris --corpus corpus          # guided by coverage; pip install atheris
    python benchmarks/fuzz.py --target toml --replay fuzz-found/toml-*  # inputs of your own

The targets start from the same seeds every time, and from the inputs kept in `tests/fuzz/corpus`; `--seed` says which mangling comes of
them. Each input that breaks a promise is written to `--into`, and the exit code is 1. Time is the process's own, so that a busy machine
breaks none. What atheris finds worth going on from is kept in `--corpus`, where a later run begins.
"""

from __future__ import annotations

import argparse
import base64
import gc
import hashlib
import io
import os
import random
import re
import resource
import signal
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Final

from attrs import evolve, field, frozen
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from perfeval import DefinitionError, PerfevalError, judge, load
from perfeval.batch import compile
from perfeval.batch.run import run
from perfeval.batch.tables import table_in
from perfeval.evaluate import evaluate
from perfeval.expr.parse import parse
from perfeval.expr.text import text
from perfeval.forms.reading import read_workbook
from perfeval.forms.workbook import live_workbook
from perfeval.laws.drawing import drawing
from perfeval.loading import load_framework, sources
from perfeval.quantity import quantity, target
from perfeval.report.curve import curve_lines
from perfeval.report.laws import laws_data

ROOT: Final = Path(__file__).parent.parent
KEPT: Final = ROOT / "tests" / "fuzz" / "corpus"
SLOWEST: Final = 1.0  # seconds of the process
HANGS: Final = 5.0  # seconds of the process after which an input is given up
MOST_MEMORY: Final = 300  # MB beyond what the seeds took
MOST_ADDRESSES: Final = 1000  # MB beyond what is mapped before, which the system itself refuses
INSTRUMENTED: Final = ("perfeval", "tomli", "openpyxl", "xlrd", "olefile", "zipfile", "csv")
MOST_ASKED: Final = 2  # indicators whose rules are asked for sense
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
    _small(folder)
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


def _laws(folder: Path) -> Target:
    """A framework of a few indicators, whose rules are asked for sense and drawn; how long many take is measured elsewhere."""
    path = folder / "asked.toml"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        framework = load_framework(path)
        if len(framework.indicators) > MOST_ASKED:
            return
        judged = judge(framework, search=False)
        laws_data("asked", judged, "zh")
        for placed in framework.indicators:
            with suppress(DefinitionError):
                for _ in curve_lines(drawing(framework, placed.path), "zh"):
                    pass

    return read


def _facts(folder: Path) -> Target:
    """A sheet of facts, beside an assessment that includes it."""
    _small(folder)
    path, assessment = folder / "facts.toml", folder / "including.toml"
    assessment.write_text('format = 1\nframework = "framework.toml"\ninclude = ["facts.toml"]\n', "utf-8")

    def read(data: bytes) -> None:
        path.write_bytes(data)
        evaluate(load(assessment))

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


def _table(folder: Path, suffix: str) -> Target:
    """The tables that `batch` reads, and `sensitivity` and `bounds`."""
    _small(folder)
    path, scorer = folder / f"table.{suffix}", compile(load_framework(folder / "framework.toml"))

    def read(data: bytes) -> None:
        path.write_bytes(data)
        run(scorer, table_in(str(path)), str(folder / "scores.csv"), about={}, overwrite=True)

    return read


def _parts(path: Path, whole: bytes, read_path: Callable[[str], object]) -> Target:
    """One part of a workbook is mangled, and the whole is put together again: else only the archive would be tested."""
    parts = _unpacked(whole)
    names = sorted(parts)

    def read(data: bytes) -> None:
        name = names[data[0] % len(names)] if data else names[0]
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            for each, content in parts.items():
                archive.writestr(each, data[1:] if each == name else content)
        read_path(str(path))

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

RULES: Final = (
    'kind = "bands", bands = [["=100%", 10], ["≥90%", 8], ["<60%", "20%"]], otherwise = 1',
    'kind = "completion", target = "≥5人", zero_below = "60%", over = { beyond = "130%", at_least = "50%" }',
    'kind = "completion", target = "≤2023-06-30"',
    'kind = "linear", through = [["-5%", 10], ["5%", 0]]',
    'kind = "deduct", either_side_of = "5月", each = "1个月", minus = 2, partial = "up"',
    'kind = "checklist", items = [{ when = "a == 5人" }, { when = "b" }]',
    'kind = "share-of-items", within = "0%", items = [{ actual = "a", target = "5" }]',
    'kind = "schedule", by = [{ at = "6月底", actual = "a", reach = "≥50%" }], pro_rata = true',
    'kind = "rating", levels = [{ name = "好", from = "80%", to = "100%" }, { name = "差", share = "0%" }]',
    'kind = "formula", award = "if(a > 90%, points, min(points, 1 / abs(a - b) / 100%))"',
    'kind = "best-of", alternatives = [{ kind = "yes-no", when = "b" }, { kind = "completion", target = "≥1" }]',
    'kind = "panel", raters = ["a", "b", "c"], drop_extremes = true, out_of = 100',
)

FACTS: Final = """format = 1
[facts]
trees.planted = { value = "950棵", stated = ["950棵"], between = ["900棵", "1000棵"], source = "验收单" }
budget.executed = { formula = "trees.planted / 2", assumed = "示例" }
"""


def _small(folder: Path) -> None:
    for name, said in SMALL.items():
        (folder / name).write_text(said, "utf-8")


def _live() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        _small(Path(folder))
        path = Path(folder) / "assessment.toml"
        return live_workbook(load(path), "zh", sources(path))


def _ledger() -> bytes:
    """A table of facts in a workbook."""
    book, whole = Workbook(), io.BytesIO()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (("单位", "trees.planted"), ("甲", 950), ("乙", "1000棵"), ("丙", None)):
        sheet.append(row)
    book.save(whole)
    return whole.getvalue()


def _unpacked(whole: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _part_seeds(whole: bytes) -> tuple[bytes, ...]:
    return tuple(bytes([place]) + part for place, (_, part) in enumerate(sorted(_unpacked(whole).items())))


TOML_WORDS = (
    '[tree.a]|[[limits]]|[[checks]]|rule = { kind = "bands", bands = [["≥95%", 20]], otherwise = 0 }|kind = "completion"|extends = "cn/mof-2020/project-self"'
    '|framework = "fuzzed.toml"|include = ["fuzzed.toml"]|of = ["fuzzed.toml"]|1e999|-1e-99999999999999999999|1e00000000999999999999999999999|0x10|nan|-inf|1979-05-27T07:32:00Z|"""|\'\'\'|points = -1|points = 0|formula = "a / b"'
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

    rows = "单位,trees.planted\n甲,950\n乙,1000棵\n".encode()
    parts = words(SHEET_WORDS + '|r="XFD1"|t="e"|t="d"|<f>1</f>|<v>1E999</v>|s="999"|&#0;|</c>|<row>')
    return {
        "toml": lambda: Fuzzed(
            _toml(folder),
            (*small(files("indicators/**/*.toml", "examples/**/*.toml")), *(each.encode() for each in SMALL.values())),
            words(TOML_WORDS),
        ),
        "laws": lambda: Fuzzed(
            _laws(folder),
            tuple(
                SMALL["framework.toml"].replace('kind = "completion", target = "≥1000棵"', rule).encode()
                for rule in RULES
            ),
            words(TOML_WORDS + "|" + FORMULA_WORDS),
        ),
        "facts": lambda: Fuzzed(
            _facts(folder),
            (FACTS.encode(), *small(files("examples/*/facts.toml", "tests/compatibility/format-1/*.toml"))),
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
            _parts(folder / "parts.xlsx", _live(), lambda path: evaluate(read_workbook(path))),
            _part_seeds(_live()),
            parts,
        ),
        "rows": lambda: Fuzzed(_table(folder, "csv"), (rows, rows.decode().encode("gb18030")), words(SHEET_WORDS)),
        "ledger": lambda: Fuzzed(_table(folder, "xlsx"), (_ledger(),), words(SHEET_WORDS)),
        "ledger-parts": lambda: Fuzzed(
            _parts(folder / "ledger.xlsx", _ledger(), lambda path: _table(folder, "xlsx")(Path(path).read_bytes())),
            _part_seeds(_ledger()),
            parts,
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
    signal.signal(signal.SIGPROF, _endless)
    signal.setitimer(signal.ITIMER_PROF, HANGS)
    try:
        of.read(data)
    except PerfevalError:
        pass
    except _Endless:
        return f"was not read within {HANGS:.0f} seconds"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    took = time.process_time() - began
    return f"took {took:.1f} seconds" if took > SLOWEST else ""


def memory() -> int:
    """MB, at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def bound_addresses() -> None:
    """What asks for much more memory than the seeds is refused it, and ends in a `MemoryError`, not in the machine's."""
    mapped = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    most = mapped + MOST_ADDRESSES * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def kept(into: Path, name: str, data: bytes) -> Path:
    """The file that an input which broke a promise is written to."""
    into.mkdir(parents=True, exist_ok=True)
    path = into / f"{name}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    return path


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
            found.append(f"{kept(into, name, data)}: {wrong}")
        if time.monotonic() > end and read >= len(of.seeds):
            break
    return read, found


@cache
def instrument() -> None:
    """Have atheris see where reading goes, in what reads; all that is imported would take minutes."""
    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]

    for each in gc.get_objects():
        if isinstance(each, FunctionType) and (each.__module__ or "").partition(".")[0] in INSTRUMENTED:
            atheris.instrument_func(each)


def fuzz_with_atheris(
    of: Fuzzed, seconds: float, seed: int, into: Path, name: str, corpus: Path
) -> tuple[int, list[str]]:
    """As `fuzz`, guided by coverage. libFuzzer ends its process itself, so it has one of its own."""
    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]  # only where somebody installed it

    folder, told, log = corpus / name, corpus / f"{name}.found", corpus / f"{name}.log"
    folder.mkdir(parents=True, exist_ok=True)
    told.write_text("", "utf-8")
    for each in of.seeds:
        (folder / hashlib.sha256(each).hexdigest()[:12]).write_bytes(each)
    words = corpus / f"{name}.words"
    lines = ("".join(f"\\x{byte:02x}" for byte in each) for each in of.words if each)
    words.write_text("".join(f'"{each}"\n' for each in lines), "ascii")

    def one(data: bytes) -> None:
        if wrong := broken_by(of, data):
            with told.open("a", encoding="utf-8") as file:
                file.write(f"{kept(into, name, data)}: {wrong}\n".replace("\n", " ").strip() + "\n")

    into.mkdir(parents=True, exist_ok=True)
    instrument()
    child = os.fork()
    if not child:
        with log.open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        limits = [f"-max_total_time={int(seconds)}", "-timeout=100", "-rss_limit_mb=2048", f"-max_len={LONGEST}"]
        atheris.Setup([name, str(folder), *limits, f"-seed={seed}", f"-dict={words}", f"-artifact_prefix={into}/"], one)
        atheris.Fuzz()
    status = os.waitpid(child, 0)[1]
    done = re.search(r"Done (\d+) runs", log.read_text("utf-8", "replace"))
    found = told.read_text("utf-8").splitlines()
    if status or done is None:
        found.append(f"the fuzzer ended with {status}: see {log}")
    return int(done[1]) if done else 0, found


def inputs(name: str) -> tuple[bytes, ...]:
    """What was worth keeping of earlier runs, for a target: each in Base64 on a line."""
    path = KEPT / f"{name}.txt"
    return tuple(map(base64.b64decode, path.read_text("ascii").split())) if path.exists() else ()


def command(arguments: Sequence[str] | None = None) -> int:
    with tempfile.TemporaryDirectory() as folder:
        known = targets(Path(folder))
        parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("--target", choices=sorted(known), action="append")
        parser.add_argument("--seconds", type=float, default=60, help="for each target, after its seeds")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--engine", choices=["own", "atheris"], default="own")
        parser.add_argument("--into", type=Path, default=Path("fuzz-found"))
        parser.add_argument("--corpus", type=Path, default=Path("fuzz-corpus"), help="atheris keeps its inputs there")
        parser.add_argument("--replay", type=Path, nargs="+", help="only read these, with one target")
        given = parser.parse_args(arguments)
        wrong = False
        for name in given.target or known:
            of = known[name]()
            of = evolve(of, seeds=(*of.seeds, *inputs(name)))
            if given.replay:
                read, found = replayed(of, given.replay)
            elif given.engine == "atheris":
                read, found = fuzz_with_atheris(of, given.seconds, given.seed, given.into, name, given.corpus)
            else:
                read, found = fuzz(of, given.seconds, given.seed, given.into, name)
            wrong = wrong or bool(found)
            print(f"{name}: {read} inputs, {len(found)} broke a promise", *found, sep="\n  ", flush=True)
            if found:
                print(f"  from --seed {given.seed}", flush=True)
        return 1 if wrong else 0


def replayed(of: Fuzzed, paths: Sequence[Path]) -> tuple[int, list[str]]:
    """As `fuzz`, of inputs that were kept."""
    broken = ((path, broken_by(of, path.read_bytes())) for path in paths)
    return len(paths), [f"{path}: {wrong}" for path, wrong in broken if wrong]


if __name__ == "__main__":
    bound_addresses()
    sys.exit(command())
