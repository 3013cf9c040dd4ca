"""One assessment of 30 indicators, scored again and again: perfeval beside hand-written loops, in one run.

    python benchmarks/scalar.py [--rounds 7] [--seconds 0.5]

Machines are noisy: the contenders take turns, the medians are reported, and the ratios are what to read.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TypeVar

from attrs import frozen

from perfeval import Assessment, FactSheet, Framework, Grade, Indicator, Scorer
from perfeval.rules import Band, Bands, Completion, Deduct, Linear, Rule, YesNo

Number = TypeVar("Number", Fraction, Decimal, float)
POINTS = [Fraction(10)] + [Fraction(3)] * 28 + [Fraction(6)]
CENT = Decimal("0.01")


@frozen
class Row:
    """One indicator: its kind, its parameters, and the facts it reads."""

    kind: str
    points: Fraction
    name: str


KINDS = [
    "execution",
    *(["at least"] * 15),
    *(["at most"] * 4),
    *(["bands"] * 4),
    *(["deduct"] * 3),
    *(["linear"] * 2),
    "yes-no",
]
ROWS = [Row(kind, points, f"f{index}") for index, (kind, points) in enumerate(zip(KINDS, POINTS, strict=True))]


def rule(kind: str) -> Rule:
    rules: dict[str, Rule] = {
        "execution": Completion(target="≥100%"),
        "at least": Completion(target="≥100"),
        "at most": Completion(target="≤100"),
        "bands": Bands(
            (Band(target="≥90", award="100%"), Band(target="≥80", award="80%"), Band(target="≥60", award="50%"))
        ),
        "deduct": Deduct(beyond="100", each="5", minus="10%", partial="up"),
        "linear": Linear((("60", 0), ("100", "100%"))),
        "yes-no": YesNo(),
    }
    return rules[kind]


def framework() -> Framework:
    indicators = [
        Indicator(
            id=row.name,
            title=row.name,
            category="output.quantity",
            points=row.points,
            rule=rule(row.kind),
            actual=f"{row.name}.executed / {row.name}.budget" if row.kind == "execution" else row.name,
        )
        for row in ROWS
    ]
    grades = [Grade("优", 90), Grade("良", 80), Grade("中", 60), Grade("差", 0)]
    return Framework(id="benchmark", title="benchmark", tree=indicators, grades=grades)


def given(source: random.Random) -> dict[str, str | bool]:
    """The facts of one unit, as text."""
    facts: dict[str, str | bool] = {}
    for row in ROWS:
        if row.kind == "execution":
            facts[f"{row.name}.budget"] = f"{source.randint(1, 99999) / 100:.2f}"
            facts[f"{row.name}.executed"] = f"{source.randint(1, 99999) / 100:.2f}"
        elif row.kind == "yes-no":
            facts[row.name] = source.random() < 0.9
        else:
            facts[row.name] = f"{source.randint(5000, 12000) / 100:.2f}"
    return facts


# The same rules by hand, once for each kind of number.


def by_hand(
    facts: Mapping[str, Number],
    points: Sequence[Number],
    constants: Mapping[str, Number],
    rounded: Callable[[Number], Number],
    steps_up: Callable[[Number], Number],
) -> Number:
    zero, one, hundred = constants["0"], constants["1"], constants["100"]
    total = zero
    for row, worth in zip(ROWS, points, strict=True):
        kind = row.kind
        if kind == "yes-no":
            total += worth if facts[row.name] > zero else zero
            continue
        if kind == "execution":
            award = worth * min(one, facts[row.name + ".executed"] / facts[row.name + ".budget"])
        else:
            actual = facts[row.name]
            if kind == "at least":
                award = worth * min(one, actual / hundred)
            elif kind == "at most":
                award = worth if actual <= hundred else worth * (hundred / actual)
            elif kind == "bands":
                if actual >= constants["90"]:
                    award = worth
                elif actual >= constants["80"]:
                    award = worth * constants["0.8"]
                else:
                    award = worth * constants["0.5"] if actual >= constants["60"] else zero
            elif kind == "deduct":
                award = worth - min(
                    worth, worth * constants["0.1"] * steps_up(max(zero, actual - hundred) / constants["5"])
                )
            elif actual <= constants["60"]:
                award = zero
            else:
                award = worth if actual >= hundred else worth * ((actual - constants["60"]) / constants["40"])
        total += rounded(min(worth, max(zero, award)))
    return rounded(total)


NAMES = ("0", "1", "5", "40", "60", "80", "90", "100", "0.1", "0.5", "0.8")


def fraction_half_up(value: Fraction) -> Fraction:
    return Fraction((value.numerator * 200 + value.denominator) // (2 * value.denominator), 100)


def fraction_steps(value: Fraction) -> Fraction:
    return Fraction(-(-value.numerator // value.denominator))


def contenders(texts: Sequence[Mapping[str, str | bool]]) -> dict[str, Callable[[int], object]]:
    """Each contender scores the unit of the given number."""
    scorer = Scorer(Assessment(framework()))
    sheets = [FactSheet(text) for text in texts]
    ready = [dict(sheet.facts) for sheet in sheets]
    for sheet in sheets:
        scorer.total(sheet)

    def as_numbers(read: Callable[[str], Number]) -> list[dict[str, Number]]:
        return [
            {name: read(str(int(value)) if isinstance(value, bool) else value) for name, value in text.items()}
            for text in texts
        ]

    fractions, decimals, floats = as_numbers(Fraction), as_numbers(Decimal), as_numbers(float)
    fraction_points, decimal_points = list(POINTS), [Decimal(int(each)) for each in POINTS]
    float_points = [float(each) for each in POINTS]
    fraction_constants = {name: Fraction(name) for name in NAMES}
    decimal_constants = {name: Decimal(name) for name in NAMES}
    float_constants = {name: float(name) for name in NAMES}

    def explained(index: int) -> object:
        card = scorer(sheets[index])
        return card.score, [node.steps for node in card]

    return {
        "Fraction loop": lambda index: by_hand(
            fractions[index], fraction_points, fraction_constants, fraction_half_up, fraction_steps
        ),
        "perfeval, total": lambda index: scorer.total(sheets[index]),
        "perfeval, total, new sheet": lambda index: scorer.total(FactSheet(ready[index])),
        "perfeval, scorecard": lambda index: scorer(sheets[index]).score,
        "perfeval, scorecard, steps read": explained,
        "Decimal loop (28 digits)": lambda index: by_hand(
            decimals[index],
            decimal_points,
            decimal_constants,
            lambda value: value.quantize(CENT, ROUND_HALF_UP),
            lambda value: value.to_integral_value("ROUND_CEILING"),
        ),
        "float loop (inexact)": lambda index: by_hand(
            floats[index],
            float_points,
            float_constants,
            lambda value: round(value, 2),
            lambda value: float(-(-value // 1)),
        ),
    }


def checked(found: Mapping[str, Callable[[int], object]], units: int) -> dict[str, int]:
    """How many totals of each contender differ from the exact one; perfeval's may not."""
    wrong = dict.fromkeys(found, 0)
    for index in range(units):
        exact = found["Fraction loop"](index)
        for name, contender in found.items():
            value = contender(index)
            value = value[0] if isinstance(value, tuple) else value
            # A float total is taken as the decimal that prints it.
            wrong[name] += exact != (value if isinstance(value, Fraction) else Fraction(str(value)))
    assert not any(count for name, count in wrong.items() if name.startswith("perfeval")), wrong
    return wrong


def rate(contender: Callable[[int], object], units: int, seconds: float) -> float:
    """Evaluations in a second."""
    done, start = 0, time.perf_counter()
    while (passed := time.perf_counter() - start) < seconds:
        contender(done % units)
        done += 1
    return done / passed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--units", type=int, default=400)
    options = parser.parse_args()
    source = random.Random(2023)
    found = contenders([given(source) for _ in range(options.units)])
    wrong = checked(found, options.units)
    rates: dict[str, list[float]] = {name: [] for name in found}
    for _ in range(options.rounds):
        for name, contender in found.items():
            rates[name].append(rate(contender, options.units, options.seconds))
    base = statistics.median(rates["Fraction loop"])
    print(f"{'contender':34}{'per second':>12}{'speed / Fraction loop':>24}{'totals off':>14}")
    for name, measured in rates.items():
        median = statistics.median(measured)
        print(f"{name:34}{median:12,.0f}{median / base:24.2f}{wrong[name]:9} / {options.units}")


if __name__ == "__main__":
    main()
