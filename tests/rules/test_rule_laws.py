"""Laws of every rule: bounds, monotony, units, full marks at the target, and agreement with an independent reference."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import pytest
import rule_reference as reference
from hypothesis import example, given
from hypothesis import strategies as st

from perfeval import (
    Assessment,
    DefinitionError,
    Dimension,
    Fact,
    Framework,
    Indicator,
    NodeScore,
    Rounding,
    evaluate,
    quantity,
)
from perfeval.expr.nodes import FactRef
from perfeval.facts import Given
from perfeval.quantity import decimal_text
from perfeval.rules import (
    RULES,
    Alternative,
    Amount,
    Awarded,
    Band,
    Bands,
    BestOf,
    Checklist,
    Checkpoint,
    Completion,
    CountedItem,
    Deduct,
    Formula,
    Item,
    Level,
    Linear,
    Over,
    Panel,
    Rating,
    RollUp,
    Rule,
    Schedule,
    ShareOfItems,
    YesNo,
)

POINTS = st.integers(1, 400).map(lambda quarters: Fraction(quarters, 4))
VALUES = st.decimals(0, 10_000, places=2).map(Fraction)
POSITIVE = st.decimals("0.01", 10_000, places=2).map(Fraction)
SHARES = st.integers(0, 1000).map(lambda thousandths: Fraction(thousandths, 1000))
PARTIAL = st.sampled_from(("up", "down", "proportional"))


def scored(rule: Rule, points: Fraction, facts: Mapping[str, Given], *, rounding: bool = False) -> NodeScore:
    """The score of one indicator whose actual value is the fact x."""
    indicator = Indicator(id="it", title="it", rule=rule, points=points, actual="x", category="decision")
    framework = Framework(
        id="law", title="law", points=points, tree=(indicator,), rounding=(Rounding(),) if rounding else ()
    )
    return evaluate(Assessment(framework, facts))["it"]


def score(rule: Rule, points: Fraction, facts: Mapping[str, Given], *, rounding: bool = False) -> Fraction:
    node = scored(rule, points, facts, rounding=rounding)
    assert node.score is not None, node.message
    return node.score


def text(value: Fraction, unit: str = "") -> str:
    return decimal_text(value) + unit


def percent(share: Fraction) -> str:
    return text(share * 100, "%")


# Completion.


@given(POINTS, VALUES, POSITIVE)
@example(Fraction(10), Fraction(1005), Fraction(1000))
def test_completion_at_least_equals_the_reference_before_and_after_rounding(
    p: Fraction, x: Fraction, goal: Fraction
) -> None:
    rule = Completion(target=f"≥{text(goal)}")
    expected = reference.at_least(p, x, goal)
    assert score(rule, p, {"x": text(x)}) == expected
    assert score(rule, p, {"x": text(x)}, rounding=True) == reference.half_up(expected)


@given(POINTS, VALUES, POSITIVE, st.booleans())
def test_completion_at_most_equals_the_reference(p: Fraction, x: Fraction, goal: Fraction, by_deviation: bool) -> None:
    rule = Completion(target=f"≤{text(goal)}", decline="deviation" if by_deviation else "ratio")
    assert score(rule, p, {"x": text(x)}) == reference.at_most(p, x, goal, by_deviation=by_deviation)


@given(POINTS, VALUES, POSITIVE)
def test_completion_exactly_equals_the_reference(p: Fraction, x: Fraction, goal: Fraction) -> None:
    assert score(Completion(target=f"={text(goal)}"), p, {"x": text(x)}) == reference.exactly(p, x, goal)


@given(POINTS, VALUES, POSITIVE, st.integers(0, 99).map(lambda each: Fraction(each, 100)))
def test_scale_from_equals_the_reference(p: Fraction, x: Fraction, goal: Fraction, start: Fraction) -> None:
    rule = Completion(target=f"≥{text(goal)}", scale_from=percent(start))
    assert score(rule, p, {"x": text(x)}) == reference.scaled_from(p, x / goal, start)


@given(POINTS, VALUES, POSITIVE, SHARES)
def test_below_the_floor_nothing_is_earned(p: Fraction, x: Fraction, goal: Fraction, line: Fraction) -> None:
    rule = Completion(target=f"≥{text(goal)}", zero_below=percent(line))
    expected = Fraction(0) if x / goal < line else reference.at_least(p, x, goal)
    assert score(rule, p, {"x": text(x)}) == expected


@given(POINTS, VALUES, POSITIVE, st.integers(100, 300), SHARES)
def test_over_completion_loses_the_excess(
    p: Fraction, x: Fraction, goal: Fraction, beyond: int, least: Fraction
) -> None:
    rule = Completion(target=f"≥{text(goal)}", over=Over(beyond=f"{beyond}%", at_least=percent(least)))
    assert score(rule, p, {"x": text(x)}) == reference.over(p, x / goal, Fraction(beyond, 100), least)


@pytest.mark.parametrize("sign", ["≥", "≤", "="])
@given(p=POINTS, goal=POSITIVE)
def test_the_target_itself_earns_everything(sign: str, p: Fraction, goal: Fraction) -> None:
    assert score(Completion(target=f"{sign}{text(goal)}"), p, {"x": text(goal)}) == p


@pytest.mark.parametrize("sign", ["≥", "≤", "="])
@given(p=POINTS, x=VALUES, goal=POSITIVE)
def test_the_unit_the_figures_are_written_in_changes_nothing(
    sign: str, p: Fraction, x: Fraction, goal: Fraction
) -> None:
    in_ten_thousands = Completion(target=f"{sign}{text(goal)}万元")
    in_yuan = Completion(target=f"{sign}{text(goal * 10_000)}元")
    facts = [{"x": text(x, "万元")}, {"x": text(x * 10_000, "元")}, {"x": text(x / 10_000, "亿元")}]
    assert len({score(rule, p, fact) for rule in (in_ten_thousands, in_yuan) for fact in facts}) == 1


@given(POINTS, VALUES, VALUES, POSITIVE)
def test_more_never_earns_less_where_more_is_better(p: Fraction, x: Fraction, y: Fraction, goal: Fraction) -> None:
    low, high = sorted((x, y))
    for rule in (Completion(target=f"≥{text(goal)}"), Completion(target=f"≥{text(goal)}", scale_from="60%")):
        assert score(rule, p, {"x": text(low)}) <= score(rule, p, {"x": text(high)})


@given(POINTS, VALUES, VALUES, POSITIVE, PARTIAL)
def test_more_never_earns_more_where_less_is_better(
    p: Fraction, x: Fraction, y: Fraction, line: Fraction, partial: Literal["up", "down", "proportional"]
) -> None:
    low, high = sorted((x, y))
    rules: tuple[Rule, ...] = (
        Completion(target=f"≤{text(line)}"),
        Completion(target=f"≤{text(line)}", decline="deviation"),
        Deduct(beyond=text(line), each="1", minus="10%", partial=partial),
    )
    for rule in rules:
        assert score(rule, p, {"x": text(low)}) >= score(rule, p, {"x": text(high)})


# Bands, lines, deductions.


@given(POINTS, VALUES, st.lists(VALUES, min_size=1, max_size=5, unique=True), st.data())
def test_bands_award_the_first_that_holds(p: Fraction, x: Fraction, edges: list[Fraction], data: st.DataObject) -> None:
    edges = sorted(edges, reverse=True)
    shares = [data.draw(SHARES) for _ in edges]
    rule = Bands(
        tuple(Band(target=f"≥{text(edge)}", award=percent(share)) for edge, share in zip(edges, shares, strict=True)),
        otherwise=0,
    )
    awards = [(edge, share * p) for edge, share in zip(edges, shares, strict=True)]
    assert score(rule, p, {"x": text(x)}) == reference.bands(x, awards, Fraction(0))
    assert score(rule, p, {"x": text(edges[0])}) == awards[0][1]


@given(POINTS, VALUES, st.lists(VALUES, min_size=2, max_size=5, unique=True), st.data())
def test_lines_pass_through_their_points_and_are_straight_between(
    p: Fraction, x: Fraction, knots: list[Fraction], data: st.DataObject
) -> None:
    through = [(knot, data.draw(SHARES) * p) for knot in sorted(knots)]
    rule = Linear(tuple((text(knot), Amount(points=award)) for knot, award in through))
    assert score(rule, p, {"x": text(x)}) == reference.linear(x, through)
    for knot, award in through:
        assert score(rule, p, {"x": text(knot)}) == award


@given(POINTS, VALUES, POSITIVE, POSITIVE, SHARES, PARTIAL, SHARES)
def test_deductions_equal_the_reference_on_every_side_of_the_line(
    p: Fraction,
    x: Fraction,
    line: Fraction,
    each: Fraction,
    share: Fraction,
    partial: Literal["up", "down", "proportional"],
    most: Fraction,
) -> None:
    for side, outside in (("beyond", x - line), ("below", line - x), ("either_side_of", abs(x - line))):
        rule = Deduct(
            each=text(each),
            minus=percent(share),
            partial=partial,
            at_most=percent(most),
            **{side: text(line)},
        )
        expected = reference.deducted(p, outside, each, share * p, partial, most * p)
        assert score(rule, p, {"x": text(x)}) == reference.clipped(expected, p)


# Items.


@given(POINTS, st.lists(st.booleans(), min_size=1, max_size=6))
def test_a_checklist_without_points_divides_them_exactly(p: Fraction, held: list[bool]) -> None:
    items = tuple(Item(when=f"f{index}", title=f"{index}") for index in range(len(held)))
    facts: dict[str, Given] = {f"f{index}": value for index, value in enumerate(held)}
    assert score(Checklist(items), p, facts) == p * sum(held) / len(held)
    assert score(Checklist(items, all_or_nothing=True), p, facts) == (p if all(held) else 0)


@given(POINTS, st.lists(st.tuples(VALUES, POSITIVE), min_size=1, max_size=5), SHARES, SHARES)
def test_items_inside_the_tolerance_are_counted(
    p: Fraction, items: list[tuple[Fraction, Fraction]], below: Fraction, above: Fraction
) -> None:
    rule = ShareOfItems(
        tuple(CountedItem(actual=f"a{index}", target=f"t{index}") for index in range(len(items))),
        below=percent(below),
        above=percent(above),
    )
    facts: dict[str, Given] = {}
    for index, (actual, goal) in enumerate(items):
        facts |= {f"a{index}": text(actual), f"t{index}": text(goal)}
    reached = sum(goal * (1 - below) <= actual <= goal * (1 + above) for actual, goal in items)
    assert score(rule, p, facts) == p * reached / len(items)


@given(POINTS, st.lists(st.tuples(SHARES, SHARES.filter(bool)), min_size=1, max_size=4), SHARES)
def test_checkpoints_met_earn_their_parts_and_missed_ones_cost(
    p: Fraction, progress: list[tuple[Fraction, Fraction]], share: Fraction
) -> None:
    by = tuple(
        Checkpoint(at=f"{index}", actual=f"a{index}", reach=f"≥{percent(reach)}")
        for index, (_, reach) in enumerate(progress)
    )
    facts: dict[str, Given] = {f"a{index}": percent(actual) for index, (actual, _) in enumerate(progress)}
    met = sum(actual >= reach for actual, reach in progress)
    missed = len(progress) - met
    assert score(Schedule(by), p, facts) == p * met / len(progress)
    assert score(Schedule(by, minus=percent(share)), p, facts) == max(Fraction(0), p - p * share * missed)
    pro_rata = sum((min(Fraction(1), actual / reach) for actual, reach in progress), Fraction(0))
    assert score(Schedule(by, pro_rata=True), p, facts) == p * pro_rata / len(progress)


# Judgements.

LEVELS = (
    Level("达成", from_="80%", to="100%"),
    Level("部分达成", from_="60%", to="80%"),
    Level("未达成", from_="0%", to="60%"),
)


@given(POINTS, SHARES, st.sampled_from(LEVELS))
@example(Fraction(10), Fraction(4, 5), LEVELS[0])
@example(Fraction(10), Fraction(4, 5), LEVELS[1])
@example(Fraction(10), Fraction(1), LEVELS[0])
def test_a_rating_earns_its_share_inside_its_level_and_nothing_else(p: Fraction, share: Fraction, level: Level) -> None:
    node = scored(Rating(LEVELS), p, {"x.level": Fact("x.level", level.name), "x.share": percent(share)})
    inside = level.least <= share <= level.most if level.most == 1 else level.least <= share < level.most
    assert (node.status, node.score) == (("scored", p * share) if inside else ("error", None))


@given(POINTS, VALUES)
def test_points_entered_are_taken_as_they_are_or_refused(p: Fraction, entered: Fraction) -> None:
    node = scored(Awarded(), p, {"x": text(entered)})
    assert (node.status, node.score) == (("scored", entered) if entered <= p else ("error", None))


@given(POINTS, st.lists(st.integers(0, 100).map(Fraction), min_size=3, max_size=7), st.booleans())
def test_a_panel_is_the_mean_of_its_marks(p: Fraction, marks: list[Fraction], drop: bool) -> None:
    rule = Panel(tuple(f"m{index}" for index in range(len(marks))), drop_extremes=drop, out_of=100)
    facts: dict[str, Given] = {f"m{index}": text(mark) for index, mark in enumerate(marks)}
    assert score(rule, p, facts) == reference.panel(p, marks, Fraction(100), drop=drop)


# Formulas and combinations.


@given(POINTS, VALUES, POSITIVE)
def test_a_formula_is_clipped_to_the_points(p: Fraction, x: Fraction, y: Fraction) -> None:
    rule = Formula(award="points * actual / y - 1")
    assert score(rule, p, {"x": text(x), "y": text(y)}) == reference.clipped(p * x / y - 1, p)


@given(POINTS, VALUES, POSITIVE, POSITIVE)
def test_best_of_earns_what_its_best_alternative_earns(p: Fraction, x: Fraction, a: Fraction, b: Fraction) -> None:
    alternatives: tuple[Rule, ...] = (Completion(target=f"≥{text(a)}"), Completion(target=f"≤{text(b)}"))
    best = BestOf(tuple(Alternative(rule) for rule in alternatives))
    assert score(best, p, {"x": text(x)}) == max(score(rule, p, {"x": text(x)}) for rule in alternatives)


@given(POINTS, st.booleans())
def test_yes_or_no_is_all_or_nothing(p: Fraction, answer: bool) -> None:
    assert score(YesNo(), p, {"x": answer}) == (p if answer else 0)
    assert score(YesNo(when="not y"), p, {"y": answer}) == (0 if answer else p)


@given(st.decimals(-10_000, 10_000, places=3), POSITIVE, POINTS)
def test_no_award_leaves_its_bounds_even_below_zero(x: Decimal, goal: Fraction, p: Fraction) -> None:
    rules: tuple[Rule, ...] = (
        *(Completion(target=f"{sign}{text(goal)}") for sign in "≥≤="),
        Linear((("0", 0), (text(goal), "100%"))),
        Deduct(below=text(goal), each="0.1", minus="7%", partial="up"),
        Formula(award="actual"),
    )
    for rule in rules:
        assert 0 <= score(rule, p, {"x": quantity(x)}) <= p
        assert 0 <= score(rule, p, {"x": quantity(x)}, rounding=True) <= p + Fraction(1, 200)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_kind_and_says_what_it_does(rule: type[Rule]) -> None:
    assert rule.kind
    assert rule.__doc__
    assert len({each.kind for each in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("build", "key"),
    [
        (lambda: Completion(target="≥0人"), "target"),
        (lambda: Completion(target=">5人"), "target"),
        (lambda: Completion(target="≥5人", decline="deviation"), "decline"),
        (lambda: Completion(target="≤5人", over=Over(beyond="130%")), "over"),
        (lambda: Completion(target="≥5人", scale_from="100%"), "scale_from"),
        (lambda: Completion(target="≥5人", zero_below="120%"), "zero_below"),
        (lambda: Completion(target="9月前", zero_below="60%"), "target"),
        (lambda: Over(beyond="90%"), "beyond"),
        (lambda: Bands(()), "bands"),
        (lambda: Bands((Band(target="≥80%", award=4), Band(target="≥90%", award=5))), "bands"),
        (lambda: Bands((Band(target="≤80%", award=4), Band(target="<80%", award=5))), "bands"),
        (lambda: Linear((("0%", 0),)), "through"),
        (lambda: Linear((("10%", 0), ("0%", 5))), "through"),
        (lambda: Deduct(each="0%", minus=1, partial="up", beyond="1%"), "each"),
        (lambda: Deduct(each="1%", minus=-1, partial="up", beyond="1%"), "minus"),
        (lambda: Checklist(()), "items"),
        (lambda: Checklist((Item(when="a", points=1), Item(when="b"))), "items"),
        (lambda: ShareOfItems((), below="-5%"), "below"),
        (lambda: Schedule(()), "by"),
        (lambda: Schedule((Checkpoint("6月", "a", "≥50%", 1),), minus=1), "minus"),
        (lambda: Schedule((Checkpoint("6月", "a", "≤50%"),), pro_rata=True), "by"),
        (lambda: Rating(()), "levels"),
        (lambda: Rating((LEVELS[0], LEVELS[0])), "levels"),
        (lambda: Rating((LEVELS[0], Level("高", from_="70%", to="90%"))), "levels"),
        (lambda: Level("高", from_="90%", to="80%"), "from"),
        (lambda: Level("高", from_="90%", to="100%", share="95%"), "share"),
        (lambda: Panel(()), "raters"),
        (lambda: Panel(("a", "b"), drop_extremes=True), "raters"),
        (lambda: Panel(("a",), out_of=0), "out_of"),
        (lambda: RollUp(()), "of"),
        (lambda: RollUp(("a-b.toml", "a_b.toml")), "of"),
    ],
)
def test_parameters_that_make_no_sense_are_refused_at_their_key_in_both_languages(build: object, key: str) -> None:
    assert callable(build)
    with pytest.raises(DefinitionError) as refused:
        build()
    problem = refused.value.problems[0]
    assert problem.path[0] == key
    assert problem.message.zh
    assert problem.message.en
    assert problem.message.zh != problem.message.en


@pytest.mark.parametrize(
    "build",
    [
        lambda: Band(award=5),
        lambda: Band(award=5, target="≥5%", when="a"),
        lambda: Deduct(each="1%", minus=1, partial="up"),
        lambda: Deduct(each="1%", minus=1, partial="up", beyond="1%", below="2%"),
        lambda: ShareOfItems(()),
        lambda: ShareOfItems((), within="5%", below="5%"),
        lambda: Level("高"),
        lambda: BestOf((Alternative(YesNo()),)),
        lambda: Deduct(each="1%", minus="3人", partial="up", beyond="1%"),
        lambda: Completion(target="≥5人", zero_below="60"),
        lambda: Rating(LEVELS).award(Fraction(5), FactRef("a") + 1),
    ],
)
def test_what_contradicts_itself_is_refused(build: object) -> None:
    assert callable(build)
    with pytest.raises(DefinitionError):
        build()


@given(p=POINTS, too_much=st.integers(1, 50))
def test_an_award_above_the_points_is_refused_when_the_framework_is_built(p: Fraction, too_much: int) -> None:
    rules: tuple[Rule, ...] = (
        Bands((Band(target="≥5%", award=p + too_much),)),
        Bands((Band(target="≥5%", award=p),), otherwise=p + too_much),
        Linear((("0%", 0), ("5%", p + too_much))),
        Deduct(beyond="5%", each="1%", minus=1, partial="up", at_most=p + too_much),
        Checklist((Item(when="a", points=p + too_much),)),
        Schedule((Checkpoint("6月", "a", "≥50%", p + too_much),)),
        BestOf((Alternative(YesNo()), Alternative(Bands((Band(target="≥5%", award=p + too_much),))))),
    )
    for rule in rules:
        with pytest.raises(DefinitionError):
            scored(rule, p, {})


def test_a_bonus_is_counted_apart_up_to_its_bound() -> None:
    indicator = Indicator(id="it", title="it", rule=Formula(award="x"), points=1, bonus_up_to=2)
    dimension = Dimension(id="d", title="d", category="decision", children=(indicator,))
    framework = Framework(id="bonus", title="bonus", points=1, tree=(dimension,))
    for entered, earned, bonus in (("0.5", "0.5", "0"), ("2", "1", "1"), ("9", "1", "2")):
        card = evaluate(Assessment(framework, {"x": entered}))
        assert (card["d.it"].score, card["d.it"].bonus) == (Fraction(earned), Fraction(bonus))
        assert card.score == Fraction(earned) + Fraction(bonus)
