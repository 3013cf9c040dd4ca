"""What is said never to happen does not happen: every claim beside all cases gone through by hand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from lawful import judged, one, said

from perfeval.expr.exact import DividedByZero, Mistyped, NotMet, Program, Unknown, Value, compiled
from perfeval.expr.names import names
from perfeval.expr.nodes import Expr
from perfeval.expr.parse import parse
from perfeval.expr.text import text
from perfeval.framework import Indicator
from perfeval.laws.branches import reachable
from perfeval.laws.curves import probe
from perfeval.laws.shape import full

# Facts by what they turn out to be; what is only compared with each other may be anything.
FIGURES = ("n", "m")
OPEN = ("a", "b", "c")
TRUTHS = ("t", "u")
WORDS = ("x", "y")
POINTS = Fraction(10)


def _number(value: int) -> Value:
    return Fraction(value, 2).as_integer_ratio()


POOLS: dict[str, tuple[Value, ...]] = {
    **dict.fromkeys(FIGURES, tuple(_number(value) for value in range(1, 8))),
    **dict.fromkeys(OPEN, ("甲", "乙", "丙")),
    **dict.fromkeys(TRUTHS, (True, False)),
    **dict.fromkeys(WORDS, ("好", "中", "别的", "另一个")),
}

ATOMS = st.one_of(
    st.builds(
        "{} {} {}".format,
        st.sampled_from(FIGURES),
        st.sampled_from([">", ">=", "<", "<=", "==", "!="]),
        st.sampled_from(["1", "2", "3", "n", "m"]),
    ),
    st.builds("{} {} {}".format, st.sampled_from(OPEN), st.sampled_from(["==", "!="]), st.sampled_from(OPEN)),
    st.builds("{} {} {}".format, st.sampled_from(WORDS), st.sampled_from(["==", "!="]), st.sampled_from(WORDS)),
    st.builds('{} {} "{}"'.format, st.sampled_from(WORDS), st.sampled_from(["==", "!="]), st.sampled_from("好中")),
    st.sampled_from(TRUTHS),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=2,
)
SOME = st.lists(CONDITIONS, min_size=1, max_size=2)


def cases(*expressions: Expr) -> Iterator[dict[str, Value]]:
    """All that the facts may be, as far as the pools go."""
    read = tuple(dict.fromkeys(name for each in expressions for name in names(each)))
    for values in product(*(POOLS[name] for name in read)):
        yield dict(zip(read, values, strict=True))


def value(program: Program, facts: dict[str, Value]) -> Value | None:
    try:
        return program.run(facts, {})
    except (Unknown, DividedByZero, Mistyped, NotMet):
        return None


def can(*conditions: str) -> bool:
    """Whether all of them hold somewhere, found by going through the cases."""
    if not conditions:
        return True
    whole = parse(" and ".join(f"({each})" for each in conditions))
    program = compiled(whole)
    return any(value(program, facts) is True for facts in cases(whole))


def negated(condition: str) -> str:
    return f"not ({condition})"


def shown(condition: str) -> str:
    return text(parse(condition), "en")


def claims(rule: dict[str, object]) -> list[str]:
    framework = one(rule)
    asked = probe(framework, framework.indicators[0])
    return [each.message.en for law in (reachable, full) for each in law(asked)]


def check_levels(rule: dict[str, object]) -> None:
    """What is said of the award as a whole."""
    (indicator,) = one(rule).tree
    assert isinstance(indicator, Indicator)
    award = indicator.rule.award(POINTS, parse("it"))
    said_of_all = [each for each in claims(rule) if each.startswith(("whatever", "no more"))]
    program = compiled(award)
    earned = {
        min(max(Fraction(*found), Fraction(0)), POINTS)
        for facts in (cases(award) if said_of_all else ())
        if isinstance(found := value(program, facts), tuple)
    }
    for message in said_of_all:
        if message.startswith("whatever the facts"):
            assert len(earned) <= 1, (message, earned)
        if message.startswith("no more than"):
            assert max(earned, default=Fraction(0)) <= Fraction(message.split()[3].removeprefix("≈")), (message, earned)


@given(SOME)
def test_an_item_that_is_said_never_to_hold_or_always_does_so_in_every_case(conditions: list[str]) -> None:
    items = [{"when": each, "title": str(index)} for index, each in enumerate(conditions)]
    rule: dict[str, object] = {"kind": "checklist", "items": items}
    found = claims(rule)
    for index, each in enumerate(conditions):
        if f'the item "{index}" can never hold' in found:
            assert not can(each)
        if f'the item "{index}" always holds' in found:
            assert not can(negated(each))
    check_levels(rule)


@given(SOME)
def test_a_band_that_is_said_never_to_count_counts_in_no_case(conditions: list[str]) -> None:
    bands = [{"when": each, "award": 10 - 2 * index} for index, each in enumerate(conditions)]
    rule: dict[str, object] = {"kind": "bands", "bands": bands}
    for message in claims(rule):
        if "never" in message and message.startswith('"'):
            assert any(
                message.startswith(f'"{shown(each)}"') and not can(each, *map(negated, conditions[:index]))
                for index, each in enumerate(conditions)
            ), message
    check_levels(rule)


@given(SOME)
def test_a_branch_that_is_said_never_to_be_reached_is_reached_in_no_case(conditions: list[str]) -> None:
    award = reduce(
        lambda rest, each: f"if({each[1]}, {each[0] + 2}, {rest})", reversed(list(enumerate(conditions))), "1"
    )
    rule: dict[str, object] = {"kind": "formula", "award": award}
    dead = {
        f'the branch of the formula for "{shown(way)}" is never reached'
        for index, each in enumerate(conditions)
        for way in (each, negated(each))
        if not can(way, *map(negated, conditions[:index]))
    }
    assert {each for each in claims(rule) if each.startswith("the branch")} <= dead
    check_levels(rule)


FIGURE = st.builds("n {} {}".format, st.sampled_from([">", ">=", "<", "<=", "=="]), st.sampled_from(["1", "2", "3"]))


@given(st.lists(FIGURE, min_size=1, max_size=4), st.sampled_from(["", "m >= 1", "t", "a == b"]))
def test_every_condition_of_one_figure_that_cannot_count_is_found(conditions: list[str], beside: str) -> None:
    """Whatever else the rule reads."""
    bands: list[dict[str, object]] = [{"when": beside, "award": 10}] if beside else []
    bands += [{"when": each, "award": 10 - index} for index, each in enumerate(conditions)]
    found = claims({"kind": "bands", "bands": bands})
    for index, each in enumerate(conditions):
        if not can(each, *map(negated, conditions[:index])):
            assert [message for message in found if message.startswith(f'"{shown(each)}"')]


def test_facts_that_are_only_compared_with_each_other_may_be_more_than_yes_and_no() -> None:
    assert claims({"kind": "formula", "award": "if(a == b, points, if(a == c, 5, if(b == c, 3, 1)))"}) == []
    assert claims({"kind": "checklist", "items": [{"when": "a == b"}, {"when": "a != b and a != c and b != c"}]}) == []
    assert claims({"kind": "checklist", "items": [{"when": "a != t"}, {"when": "a != b and t"}]}) == []


def test_words_that_are_compared_with_each_other_share_what_they_may_be() -> None:
    assert claims({"kind": "formula", "award": 'if(x == "好", points, if(x == y and y == "中", 5, 0))'}) == []
    three = 'x != "好" and y != x and z != x and z != y and y != "好" and z != "好"'
    assert claims({"kind": "formula", "award": f"if({three}, points, 0)"}) == []


def test_no_jump_is_told_of_facts_that_may_be_no_figures() -> None:
    assert said(judged({"kind": "formula", "award": "if(a == b, points, 5)"})) == []


def test_what_another_item_reads_hides_nothing() -> None:
    items = [{"when": "n > 5 and n < 3", "title": "甲"}, {"when": "m >= 1"}]
    assert 'the item "甲" can never hold' in claims({"kind": "checklist", "items": items})
    dead = claims({"kind": "formula", "award": "if(n > 5, points, if(n > 6, 3, 0)) * min(1, m)"})
    assert dead == ['the branch of the formula for "n > 6" is never reached']
    bands = [{"when": "left == 0", "award": 10}, {"when": "r >= 60%", "award": 8}, {"when": "r >= 80%", "award": 10}]
    assert claims({"kind": "bands", "bands": bands}) == [
        '"r ≥ 80%" is never reached: left = 0, r ≥ 60% before it take all of it'
    ]


def test_more_items_than_can_be_gone_through_hide_nothing() -> None:
    items = [*({"when": f"t{index}"} for index in range(11)), {"when": "u or not u", "title": "乙"}]
    assert claims({"kind": "checklist", "items": items}) == ['the item "乙" always holds']
