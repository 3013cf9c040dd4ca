"""Where no proof reaches, Hypothesis looks; what is proved agrees with trying every value on a grid."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lawful import answer, judged, one

from perfeval import Assessment, Framework, Quantity, evaluate, quantity
from perfeval.laws import judge, judging
from perfeval.laws.branches import bands
from perfeval.laws.curves import probe
from perfeval.laws.shape import monotone
from perfeval.quantity import decimal_text

IRRATIONAL = {"kind": "formula", "award": "max(0, points * (1 - 2 * (actual - 0.5) * (actual - 0.5)))"}


def test_a_curve_that_ends_at_irrational_places_is_tried_point_by_point() -> None:
    found = answer(judge(one(IRRATIONAL, better="lower")), "monotone")
    assert found.how == "tried"
    (broken,) = found.broken
    assert broken.message.en == ("at 0.5 the award is higher than at 0: 10 points, not 5 (lower is better here)")


def test_without_a_search_such_a_curve_is_not_asked() -> None:
    found = answer(judged(IRRATIONAL, better="lower"), "monotone")
    assert (found.how, found.broken) == ("unasked", ())
    assert found.why is not None
    assert "no fraction" in found.why.en


def test_another_fact_is_searched_for_that_breaks_the_law() -> None:
    rule = {"kind": "formula", "award": "if(late > 1234, max(0, points * (1 - actual)), points * min(1, actual))"}
    assert answer(judged(rule, actual="done / wanted", better="higher"), "monotone").broken == ()
    found = answer(judge(one(rule, actual="done / wanted", better="higher")), "monotone")
    assert found.how == "tried"
    assert [(each.low, each.high) for each in found.broken] == [(Fraction(0), Fraction(1))]
    (late,) = [value for name, value in found.broken[0].facts if name == "late"]
    assert isinstance(late, Quantity)
    assert late.value > 1234


def test_the_other_facts_of_an_example_are_as_simple_as_can_be() -> None:
    """c = 2 was what the first example happened to have that breaks it."""
    award = "min(points, if(actual > c and c > d, actual * 2, actual * 3))"
    found = answer(judged({"kind": "formula", "award": award}, better="higher"), "monotone")
    assert [each.message.en for each in found.broken] == [
        "at 1 the award is higher than at 1.01: 3 points, not 2.02 (higher is better here) (with c = 1, d = 0.5)"
    ]


def test_without_hypothesis_the_examples_are_all_that_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "can_search", lambda: False)
    found = answer(judge(one({"kind": "yes-no", "when": "spent <= budget"})), "full")
    assert (found.how, found.why) == ("tried", judging._TRIED)


def test_the_search_finds_the_same_every_time() -> None:
    assert judge(one(IRRATIONAL, better="lower")) == judge(one(IRRATIONAL, better="lower"))


# The proof beside a grid of all values.

EDGES = st.lists(st.integers(1, 20), min_size=1, max_size=4, unique=True)


@given(EDGES.map(sorted), st.lists(st.integers(0, 10), min_size=4, max_size=4), st.integers(0, 10))
def test_bands_are_found_to_fall_just_where_they_do(edges: list[int], awards: list[int], rest: int) -> None:
    rising = [[f"≥{edge}%", award] for edge, award in zip(reversed(edges), awards, strict=False)]
    framework = one({"kind": "bands", "bands": rising, "otherwise": rest})
    broken = list(monotone(probe(framework, framework.indicators[0])))
    falls = {high for (_, low), (high, after) in pairwise(_grid(framework)) if after < low}
    assert {each.high for each in broken} == falls


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 10)), min_size=2, max_size=5, unique_by=lambda each: each[0])
)
def test_lines_are_found_to_fall_just_where_they_do(corners: list[tuple[int, int]]) -> None:
    corners = sorted(corners)
    framework = one({"kind": "linear", "through": [[f"{x}%", y] for x, y in corners]})
    found = list(monotone(probe(framework, framework.indicators[0])))
    if corners[0][1] == corners[-1][1]:
        assert found == []
        return
    sign = 1 if corners[0][1] < corners[-1][1] else -1
    falls = [
        (Fraction(a, 100), Fraction(b, 100)) for (a, low), (b, high) in pairwise(corners) if sign * (high - low) < 0
    ]
    assert _joined([(each.low, each.high) for each in found]) == _joined(falls)


SPANS = st.tuples(st.integers(0, 20), st.integers(0, 6)).map(lambda each: (each[0], each[0] + each[1]))
BANDS = st.lists(st.tuples(SPANS, st.integers(0, 10)), min_size=2, max_size=3)


@given(BANDS, st.integers(0, 3), st.tuples(SPANS, st.integers(0, 10)), st.booleans())
def test_gaps_of_one_alternative_are_found_just_where_the_other_leaves_them(
    own: list[tuple[tuple[int, int], int]], rest: int, other: tuple[tuple[int, int], int], only_if: bool
) -> None:
    def rule(each: list[tuple[tuple[int, int], int]], otherwise: int) -> dict[str, object]:
        written = [{"when": f"it >= {low}% and it <= {high}%", "award": award} for (low, high), award in each]
        return {"kind": "bands", "bands": written, "otherwise": otherwise}

    first, second = rule(own, rest), rule([other], 0)
    if only_if:
        second["applies"] = "ok"
    framework = one({"kind": "best-of", "alternatives": [first, second]})
    found = list(bands(probe(framework, framework.indicators[0])))
    ends = [
        (each.low, each.high)
        for each in found
        if "alternative 1" in each.message.en and "between bands" in each.message.en
    ]
    told = {x for x in map(_half, range(60)) for low, high in ends if low is not None and low < x < (high or 1)}
    earned = {x: award for x in map(_half, range(60)) if (award := _award(own, x)) is not None}
    gaps = set()
    for x in map(_half, range(60)):
        beside = [each for each in earned if each < x][-1:] + [each for each in earned if each > x][:1]
        if x in earned or len(beside) < 2:
            continue
        instead = 0 if only_if else _award([other], x) or 0
        if max(rest, instead) < min(earned[each] for each in beside):
            gaps.add(x)
    assert told == gaps


def _half(step: int) -> Fraction:
    return Fraction(step, 200)


def _award(spans: list[tuple[tuple[int, int], int]], x: Fraction) -> int | None:
    return next((award for (low, high), award in spans if low <= 100 * x <= high), None)


def _joined(spans: list[tuple[Fraction | None, Fraction | None]] | list[tuple[Fraction, Fraction]]) -> list[object]:
    """Spans that follow on each other, as one: where two lines have one slope no cut stands between them."""
    found: list[list[object]] = []
    for low, high in spans:
        if found and found[-1][1] == low:
            found[-1][1] = high
        else:
            found.append([low, high])
    return [tuple(each) for each in found]


def _grid(framework: Framework) -> list[tuple[Fraction, Fraction]]:
    found = []
    for step in range(22):
        x = Fraction(step, 100)
        score = evaluate(Assessment(framework, {"it": quantity(decimal_text(x * 100) + "%")}))["it"].score
        assert score is not None
        found.append((x, score))
    return found
