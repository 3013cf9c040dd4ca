"""The columns interpreter decides nothing but what the exact interpreter says, and every bound it states holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from formula_cases import FACTS, FLAGS, Known, labelled, pairs, truths
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from perfeval.expr.bounded import BOUNDED, Bounded, Real, whole
from perfeval.expr.columns import Absent, Arithmetic, Column, Columns, N, Truth, Words, prepared, widest
from perfeval.expr.exact import MOST_BITS, DividedByZero, Mistyped, NotMet, Unknown, compiled, exact
from perfeval.expr.nodes import (
    Add,
    And,
    Compare,
    Constant,
    Divide,
    Expr,
    FactRef,
    If,
    Multiply,
    Not,
    Or,
    Require,
    Round,
    children,
    label,
    number,
)
from perfeval.expr.parse import parse
from perfeval.expr.ratios import RATIOS, Ratios
from perfeval.expr.state import FIRST_ERROR, OK, UNDECIDED, UNKNOWN, OutOfRange, State
from perfeval.quantity import ROUNDINGS, Mode

Row = Mapping[str, Known]
PLACES = 10**4

near = st.integers(-3, 3).map(Fraction)
hundredths = st.integers(-2000, 2000).map(lambda k: Fraction(k, 100))
tiny_and_huge = st.sampled_from(
    [Fraction(1, PLACES), Fraction(2**50, PLACES), Fraction(-(10**15), PLACES), Fraction(10**11)]
)
amounts = st.one_of(near, hundredths, hundredths, tiny_and_huge)
rows = st.lists(
    st.builds(
        lambda numbers, flags: {**numbers, **flags},
        st.dictionaries(st.sampled_from(FACTS), amounts),
        st.dictionaries(st.sampled_from(FLAGS), st.booleans()),
    ),
    min_size=1,
    max_size=6,
)


GRADES = {"自评": ("优", "良", "中"), "复核": ("中", "差", "优", "良")}  # facts, and the words of their columns


def worded(given: Sequence[Row], name: str) -> Words:
    """A column of words, each fact with a table of its own."""
    words = GRADES[name]
    codes = [words.index(row[name]) if name in row else 0 for row in given]
    state = np.array([OK if name in row else UNKNOWN for row in given], np.uint16)
    return Words(np.array(codes, np.int32), words, state if state.any() else None)


def facts(given: Sequence[Row], name: str) -> tuple[NDArray[np.generic], State]:
    state = np.array([OK if name in row else UNKNOWN for row in given], np.uint16)
    values = [row.get(name, False) for row in given]
    found = np.array([int(value * PLACES) if isinstance(value, Fraction) else value for value in values])
    return found, state if state.any() else None


def nobody_has(given: Sequence[Row], name: str) -> bool:
    return not any(name in row for row in given)


def bounded(given: Sequence[Row], name: str) -> Column[Bounded]:
    if nobody_has(given, name):
        return Absent()
    if name in GRADES:
        return worded(given, name)
    values, state = facts(given, name)
    if name in FLAGS:
        return Truth(values.astype(bool), state)
    k = values.astype(np.float64)
    return whole(k, Fraction(1, PLACES), Real(k.min()), Real(k.max()), state)


def ratios(given: Sequence[Row], name: str) -> Column[Ratios]:
    if nobody_has(given, name):
        return Absent()
    if name in GRADES:
        return worded(given, name)
    values, state = facts(given, name)
    if name in FLAGS:
        return Truth(values.astype(bool), state)
    return Ratios(values.astype(np.int64), np.ones(len(values), np.int64), Fraction(1, PLACES), state)


def outcome(expr: Expr, row: Row) -> Fraction | bool | str | int:
    """The exact value; or the code of why there is none."""
    try:
        value, _ = exact(expr, pairs(row))
    except Unknown:
        return -UNKNOWN
    except (DividedByZero, NotMet):
        return -FIRST_ERROR
    return value


def check(expr: Expr, given: Sequence[Row], arithmetic: Arithmetic[N], column: Column[N], state: State) -> int:
    """Hold every row that is decided against the exact interpreter; how many there are."""
    decided = 0
    for index, row in enumerate(given):
        code = OK if state is None else int(state[index])
        if code == UNDECIDED:
            continue
        decided += 1
        expected = outcome(expr, row)
        if code != OK:
            assert expected is not True and expected == -min(code, FIRST_ERROR), (expected, code)
            continue
        match column:
            case Truth(holds):
                assert expected is (holds if isinstance(holds, bool) else bool(holds[index]))
            case Words(codes, words):
                assert expected == words[codes[index]]
            case Bounded():
                assert isinstance(expected, Fraction)
                k = Fraction(float(column.k[index]))
                off = Fraction(float(column.off)) + Fraction(float(column.rel)) * abs(k)
                assert abs(k - expected / column.unit) <= off
                assert column.low <= column.k[index] <= column.high
                if column.exact:
                    assert k.denominator == 1
            case Ratios():
                assert expected == Fraction(int(column.n[index]), int(column.d[index])) * column.unit
            case _:
                assert expected == column
    return decided


def computed(
    expr: Expr, given: Sequence[Row], arithmetic: Arithmetic[N], read: Callable[[Sequence[Row], str], Column[N]]
) -> int:
    columns = Columns(arithmetic, lambda name: read(given, name), len(given))
    try:
        with np.errstate(all="ignore"):
            found = columns.any(prepared(expr))
    except OutOfRange:
        return 0
    state = np.full(len(given), UNKNOWN, np.uint16) if isinstance(found, Absent) else columns.state(found)
    return check(expr, given, arithmetic, found, state)


@given(labelled, rows)
@example(parse("1 / (a / b - 1)"), [{"a": Fraction(1), "b": Fraction(3)}, {"a": Fraction(3), "b": Fraction(3)}])
def test_machine_numbers_decide_nothing_wrongly(expr: Expr, given: Sequence[Row]) -> None:
    computed(expr, given, BOUNDED, bounded)


@given(labelled, rows)
def test_integers_decide_nothing_wrongly(expr: Expr, given: Sequence[Row]) -> None:
    computed(expr, given, RATIOS, ratios)


@given(
    labelled, rows, st.integers(0, 4), st.sampled_from(sorted(ROUNDINGS)), st.sampled_from(["==", "!=", ">=", "<", ">", "<="]),
    hundredths,
)  # fmt: skip
def test_rounding_and_comparing_what_was_computed(
    expr: Expr, given: Sequence[Row], places: int, mode: str, by: str, edge: Fraction
) -> None:
    rounded = Round(expr, places, mode)  # type: ignore[arg-type]  # one of the modes
    refused = Require(Compare(by, rounded, number(edge)), expr, otherwise=None)  # type: ignore[arg-type]  # not read
    for each in (rounded, Compare(by, expr, number(edge)), refused):  # type: ignore[arg-type]  # a comparator
        computed(each, given, BOUNDED, bounded)
        computed(each, given, RATIOS, ratios)


answers = truths(labelled)


def _of_answers(condition: Expr, one: Expr, other: Expr) -> list[Expr]:
    return [
        If(condition, one, other),
        Compare("==", one, other),
        Compare("!=", one, other),
        Require(condition, one, otherwise=None),  # type: ignore[arg-type]  # not read
        And((condition, Or((one, other)))),
    ]


@given(st.builds(_of_answers, answers, answers, answers).flatmap(st.sampled_from), rows)
def test_a_yes_or_no_is_decided_as_the_exact_interpreter_does(expr: Expr, given: Sequence[Row]) -> None:
    computed(expr, given, BOUNDED, bounded)
    computed(expr, given, RATIOS, ratios)


NOBODY = FactRef("nobody has it")
EVERYONE: list[Row] = [
    {"a": Fraction(a), "b": Fraction(b), "done": done, "有制度": regulated}
    for a, b, done, regulated in product((0, 1, -2), (0, 1), (True, False), (True, False))
]
SOME: list[Row] = [*EVERYONE, *({name: row[name] for name in row if name != gone} for row in EVERYONE for gone in row)]
AMOUNTS = [FactRef("a"), FactRef("b"), parse("1 / a"), parse("if(done, a, 1)"), NOBODY]
ANSWERS = [FactRef("done"), FactRef("有制度"), parse("a > 0"), parse("1 / a > 0"), Constant(True), NOBODY, Not(NOBODY)]
SAID: dict[str, Callable[[Expr, Expr], Expr]] = {
    "and": lambda one, other: And((one, other)),
    "or": lambda one, other: Or((one, other)),
    "not": lambda one, other: And((Not(one), other)),
    "if": lambda one, other: Not(If(FactRef("done"), one, other)),
    "if so": lambda one, other: If(one, other, Constant(False)),
    "behind": lambda one, other: Require(one, other, otherwise=None),  # type: ignore[arg-type]  # not read
    "same": lambda one, other: Compare("==", one, other),
    "other": lambda one, other: Compare("!=", one, other),
}


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("rows", [EVERYONE, SOME])
def test_of_any_two_answers_each_row_says_what_the_exact_interpreter_does(said: str, rows: list[Row]) -> None:
    for one, other in product(ANSWERS, ANSWERS):
        if one == other == NOBODY:  # of which kind a choice between two such facts is, nothing says
            continue
        computed(SAID[said](one, other), rows, BOUNDED, bounded)
        assert computed(SAID[said](one, other), rows, RATIOS, ratios) == len(rows)


@pytest.mark.parametrize("rows", [EVERYONE, SOME])
def test_of_any_two_amounts_each_row_says_what_the_exact_interpreter_does(rows: list[Row]) -> None:
    for one, other in product(AMOUNTS, AMOUNTS):
        required = Require(FactRef("done"), one, otherwise=None)  # type: ignore[arg-type]  # not read
        for expr in (Compare(">", one, other), Add(one, other), If(FactRef("done"), one, other), required + other):
            computed(expr, rows, BOUNDED, bounded)
            assert computed(expr, rows, RATIOS, ratios) == len(rows)


graded = st.lists(
    st.fixed_dictionaries({}, optional={name: st.sampled_from(words) for name, words in GRADES.items()}),
    min_size=1,
    max_size=6,
)
some_word: st.SearchStrategy[Expr] = st.sampled_from(
    [FactRef("自评"), FactRef("复核"), Constant("优"), Constant("差"), Constant("甲")]
)
same_words = st.builds(Compare, st.sampled_from(("==", "!=")), some_word, some_word)


@given(same_words, same_words, some_word, graded)
def test_words_are_alike_where_they_are_spelt_alike(
    alike: Expr, condition: Expr, word: Expr, given: Sequence[Row]
) -> None:
    required = Require(condition, word, otherwise=None)  # type: ignore[arg-type]  # not read
    for expr in (alike, word, required, Require(condition, alike, otherwise=None)):  # type: ignore[arg-type]  # not read
        for decided in (computed(expr, given, BOUNDED, bounded), computed(expr, given, RATIOS, ratios)):
            refusable = isinstance(expr, Require) and isinstance(expr.item, Constant)
            assert decided == len(given) or refusable


def test_each_word_is_like_itself_and_no_other() -> None:
    every: list[Row] = [
        {name: word for name, word in zip(GRADES, both, strict=True) if word is not None}
        for both in product(*((*words, None) for words in GRADES.values()))
    ]
    one, other = (FactRef(name) for name in GRADES)
    good: Expr = Compare("==", other, Constant("优"))
    required = Require(good, one, otherwise=None)  # type: ignore[arg-type]  # not read
    for expr in (Compare("==", one, other), Compare("!=", other, one), good, required):
        assert computed(expr, every, RATIOS, ratios) == len(every)


def test_a_choice_that_is_the_same_in_all_rows_is_made_once() -> None:
    given: list[Row] = [{"a": Fraction(3), "b": Fraction(4)}, {"a": Fraction(5), "b": Fraction(6)}]
    columns = Columns[Ratios](RATIOS, lambda name: Fraction(100) if name == "plan" else ratios(given, name), len(given))
    for formula, expected in (("if(plan > 50, a, b)", [3, 5]), ("if(plan < 50, a, b)", [4, 6])):
        number = columns.number(prepared(parse(formula)))
        assert isinstance(number, Ratios)
        assert [n * number.unit / d for n, d in zip(number.n.tolist(), number.d.tolist(), strict=True)] == expected


def test_a_column_in_which_no_row_has_a_word_is_like_no_other() -> None:
    unknown = np.array([UNKNOWN, UNKNOWN], np.uint16)
    given = [{"自评": "优"}, {"自评": "良"}]
    blank = Words(np.zeros(2, np.int32), (), unknown)
    columns = Columns(BOUNDED, lambda name: worded(given, name) if name == "自评" else blank, 2)
    for expr in (parse("自评 == 复核"), parse("复核 == 自评"), parse("复核 != '优'")):
        assert np.array_equal(columns.truth(prepared(expr)).state, unknown)  # type: ignore[arg-type]  # there is one


def test_a_number_and_a_yes_or_no_can_be_asked_for_as_such() -> None:
    given: list[Row] = [{"a": Fraction(3)}, {"a": Fraction(-2)}]
    columns = Columns(RATIOS, lambda name: ratios(given, name), len(given))
    share, met = prepared(parse("(a + 1) / 2 * (a + 1)")), prepared(parse("a + 1 > 0 and (a + 1) * (a + 1) > 1"))
    number = columns.number(share)
    assert isinstance(number, Ratios)
    assert [Fraction(int(n), int(d)) * number.unit for n, d in zip(number.n, number.d, strict=True)] == [
        8,
        Fraction(1, 2),
    ]
    assert columns.truth(met).holds.tolist() == [True, False]  # type: ignore[union-attr]  # an array
    for each in (columns.number(prepared(FactRef("b"))), columns.truth(prepared(FactRef("b")))):
        assert np.array_equal(columns.state(each), np.array([UNKNOWN, UNKNOWN]))  # type: ignore[arg-type]  # there is one
    for wrong, ask in ((met, columns.number), (share, columns.truth)):
        with pytest.raises(Mistyped):
            ask(wrong)


A, DONE, WORD = FactRef("a"), FactRef("done"), FactRef("自评")
AMISS: list[tuple[Expr, Expr]] = [
    (Add(A, DONE), DONE),
    (Add(WORD, A), WORD),
    (Add(A, Constant("优")), Constant("优")),
    (And((A, DONE)), A),
    (If(WORD, A, A), WORD),
    (If(DONE, A, WORD), A),
    (If(DONE, WORD, WORD), WORD),
    *(
        (expr, expr)
        for expr in (
            Compare("<", DONE, DONE),
            Compare(">=", WORD, Constant("优")),
            Compare("==", DONE, A),
            Compare("!=", A, WORD),
            Compare("==", WORD, DONE),
            Compare("==", Constant("优"), A),
        )
    ),
]


@pytest.mark.parametrize(("expr", "amiss"), AMISS)
def test_what_is_of_the_wrong_kind_is_named(expr: Expr, amiss: Expr) -> None:
    given: list[Row] = [{"a": Fraction(3), "done": True, "自评": "良"}, {"a": Fraction(4), "done": False, "自评": "优"}]
    with pytest.raises(Mistyped) as caught:
        computed(expr, given, BOUNDED, bounded)
    assert caught.value.node == amiss


def test_a_row_that_is_refused_says_which_node_refused_it() -> None:
    of = prepared(parse("1 / a + 1 / b + 1 / a"))
    given: list[Row] = [{"a": Fraction(a), "b": Fraction(b)} for a, b in ((0, 1), (1, 0), (0, 0), (1, 1))]
    columns = Columns(BOUNDED, lambda name: bounded(given, name), len(given))
    state = columns.state(columns.number(of))
    assert state is not None
    first, second = of.refusals
    assert (first, second) == (parse("1 / a"), parse("1 / b"))
    assert state.tolist() == [of.code(first), of.code(second), of.code(first), OK]
    assert [of.refusals[code - FIRST_ERROR] for code in state.tolist()[:3]] == [first, second, first]
    assert len({OK, UNDECIDED, UNKNOWN, of.code(first), of.code(second)}) == 5


def test_what_stands_in_an_expression_twice_is_computed_once() -> None:
    of = prepared(parse("(a + b) * (a + b) + 2 * a + 2 * b"))
    assert of.shared == {parse("a + b")}
    read: list[str] = []

    def fact(name: str) -> Column[Bounded]:
        read.append(name)
        return bounded([{"a": Fraction(1), "b": Fraction(2)}], name)

    Columns(BOUNDED, fact, 1).any(of)
    assert sorted(read) == ["a", "a", "b", "b"]


TIES = st.integers(-4000, 4000).map(lambda k: Fraction(k, 2000))


@pytest.mark.parametrize("mode", sorted(ROUNDINGS))
@given(st.lists(TIES, min_size=1, max_size=30), st.integers(1, 8))
def test_a_whole_number_of_units_is_rounded_at_once_ties_and_all(
    mode: str, values: list[Fraction], divisor: int
) -> None:
    expr = Round(FactRef("a") / number(divisor), 2, mode)  # type: ignore[arg-type]  # one of the modes
    given = [{"a": value} for value in values]
    assert computed(expr, given, BOUNDED, bounded) == len(values)
    assert computed(expr, given, RATIOS, ratios) == len(values)


@pytest.mark.parametrize("mode", sorted(ROUNDINGS))
def test_a_constant_divisor_that_no_machine_number_holds_moves_no_tie(mode: str) -> None:
    for divisor in (3, 17, 29, 55, 73):  # 1 / 1700 and its like are a little less in machine numbers
        given: list[Row] = [
            {"a": Fraction((2 * half + 1) * 50 * divisor + beside, PLACES)} for half in range(300) for beside in (0, 1)
        ]
        expr = Round(FactRef("a") / number(divisor), 2, mode)  # type: ignore[arg-type]  # one of the modes
        assert computed(expr, given, BOUNDED, bounded) == len(given)


QUOTIENTS = [
    "10 * a / b",
    "10 * (a / b)",
    "a / (b / 10)",
    "10 - 10 * (b - a) / b",
    "1 / (b / a) * 10",
    "min(a / b, 3) * 10",
]
tied = st.tuples(st.integers(0, 3000), st.integers(1, 10**5), st.integers(-1, 1))


@pytest.mark.parametrize("mode", sorted(ROUNDINGS))
@given(st.sampled_from(QUOTIENTS), st.lists(tied, min_size=1, max_size=20))
def test_quotients_on_a_tie_and_right_beside_one(mode: str, quotient: str, ties: list[tuple[int, int, int]]) -> None:
    expr = parse(quotient)
    given = [
        {"a": Fraction((2 * half + 1) * size + beside, PLACES), "b": Fraction(2000 * size, PLACES)}
        for half, size, beside in ties
    ]
    rounded = Round(expr, 2, mode)  # type: ignore[arg-type]  # one of the modes
    assert computed(rounded, given, RATIOS, ratios) == len(given)
    computed(rounded, given, BOUNDED, bounded)
    for half, _, _ in ties[:2]:  # and on the edge of a band, which is the tie's own value
        for by in ("==", ">=", "<", "!="):
            edge = Compare(by, expr, number(Fraction(2 * half + 1, 200)))
            computed(edge, given, BOUNDED, bounded)


CHAINS = [
    " * ".join(["(a / b)"] * 8),
    " * ".join(["(a / b)", "(b / a)"] * 4),
    " + ".join(["a / b - b / a"] * 4),
    "(a / b - b / a) * (a / b - b / a) / (a / b + b / a)",
    "max(a / b - b / a, b / a - a / b, 1 / a - 1 / b)",
    "min(a / b, b / a, 2 / 3) / 3 + a * b / 7",
    "if(a > b, a / b - 5, b / a) * (a / b) / (1 / a + 1 / b)",
    "abs(a / b - 1) / (a / b + 1 / 3) - min(a / b, 1)",
]


@pytest.mark.parametrize("chain", CHAINS)
def test_errors_that_add_up_stay_within_their_bound(chain: str) -> None:
    source = np.random.default_rng(len(chain))
    figures = source.integers(1, source.choice([10**3, 10**6, 10**9], (1500, 1)), (1500, 2)).tolist()
    given: list[Row] = [{"a": Fraction(a, PLACES), "b": Fraction(b, PLACES)} for a, b in figures]
    assert computed(parse(chain), given, BOUNDED, bounded) == len(given)


LARGE = ["a + a + a", "a - b / 7", "min(a / 3, b / 7)", "max(a, 1 / 7)", "if(a > b, a / 3, b / 7)", "if(a > b, a, 1 / 11)", "a * b",
         "a + 1 / 3 - 1 / 7", "round(a / 3, 2)", "round(a / 3 + b / 7, 4)"]  # fmt: skip


@pytest.mark.parametrize("formula", LARGE)
@given(st.lists(st.tuples(*[st.integers(-(2**53) + 1, 2**53 - 1)] * 2), min_size=1, max_size=8))
def test_whole_numbers_that_leave_machine_numbers_do_not_pass_for_exact(
    formula: str, figures: list[tuple[int, int]]
) -> None:
    given: list[Row] = [{"a": Fraction(a, PLACES), "b": Fraction(b, PLACES)} for a, b in figures]
    computed(parse(formula), given, BOUNDED, bounded)
    computed(parse(formula), given, RATIOS, ratios)


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), min_size=1, max_size=30))
def test_figures_of_a_usual_size_are_nearly_all_decided(pairs: list[tuple[int, int]]) -> None:
    given = [{"a": Fraction(a, 100), "b": Fraction(b, 100)} for a, b in pairs]
    expr = parse("round(10 * min(1, a / b), 2)")
    ties = sum((Fraction(a, b) * 2000).denominator == 1 and a < b for a, b in pairs)
    assert computed(expr, given, BOUNDED, bounded) >= len(pairs) - ties
    assert computed(expr, given, RATIOS, ratios) == len(pairs)


@pytest.mark.parametrize(
    "formula", ["floor(max(0, a / b - 1) / 0.05)", "ceil(7 * max(0, a / b - 1))", "ceil(min(a / b, 1) / 0.1)"]
)
@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), min_size=1, max_size=30))
def test_what_lies_beyond_where_it_is_clipped_is_rounded_at_once(formula: str, pairs: list[tuple[int, int]]) -> None:
    given = [{"a": Fraction(a, 100), "b": Fraction(b, 100)} for a, b in pairs]
    ties = sum((Fraction(a, b) * 140).denominator == 1 for a, b in pairs)
    assert computed(parse(formula), given, BOUNDED, bounded) >= len(pairs) - ties


@given(
    st.lists(st.tuples(near, hundredths), min_size=1, max_size=9), st.sampled_from(["==", "!=", ">=", "<", ">", "<="])
)
def test_the_sign_of_a_quotient_of_whole_numbers_is_always_known(
    pairs: list[tuple[Fraction, Fraction]], by: str
) -> None:
    given = [{"a": a, "b": b} for a, b in pairs]
    assert computed(parse(f"abs(a) / b * 3 {by} 0"), given, BOUNDED, bounded) == len(pairs)


def test_labels_go_and_choices_among_constants_are_computed_beforehand() -> None:
    found = prepared(parse("round(3 * if(a >= 9, 1, if(a >= 6, 1 / 3, 0)), 2)"))
    assert found.expr == prepared(parse("if(a >= 9, 3, if(a >= 6, 1, 0))")).expr


@pytest.mark.parametrize(
    ("formula", "ready"),
    [
        ("2 * 3 + a", "6 + a"),
        ("min(5, if(a > 1, 2, 7))", "if(a > 1, 2, 5)"),
        ("max(if(a > 1, 2, 7), 5)", "if(a > 1, 5, 7)"),
        ("abs(if(a > 1, 2 - 4, b))", "if(a > 1, 2, abs(b))"),
        ("floor(if(a > 1, b, 3 / 2))", "if(a > 1, floor(b), 1)"),
        ("if(a > 1, 1, b) - 3", "if(a > 1, 0 - 2, b - 3)"),
        ("3 - if(a > 1, 1, b)", "if(a > 1, 2, 3 - b)"),
        ("if(a > 1, 6, b) / 3", "if(a > 1, 2, b / 3)"),
        ("if(yes, a, b)", "a"),
        ("if(no, a, b)", "b"),
        ("ceil(3 * min(a, 1))", "if(a < 1, ceil(3 * min(a, 1)), 3)"),
        ("ceil(min(1, a) / 0.1)", "if(a < 1, ceil(min(1, a) / 0.1), 10)"),
        ("floor(max(0.4, a) * 3)", "if(a > 0.4, floor(max(0.4, a) * 3), 1)"),
    ],
)
def test_what_can_be_computed_before_any_row_is_read_is(formula: str, ready: str) -> None:
    once = prepared(parse(formula)).expr
    match once, parse(ready):
        case If(condition, _, otherwise), If(_, Round()) as expected:  # the rounding in it would be made ready again
            assert (condition, otherwise) == (expected.condition, expected.otherwise)
        case _, expected:
            assert once == prepared(expected).expr


def test_labels_go_wherever_they_stand() -> None:
    rate = label("完成率", "rate", parse("a / b"))
    assert prepared(label("得分", "score", Round(rate, 2, "half-up"))).expr == parse("round(a / b, 2)")


@pytest.mark.parametrize("mode", ["floor", "ceil", "up", "down"])
def test_beyond_a_clip_what_is_rounded_is_the_clip(mode: Mode) -> None:
    ready = prepared(Round(parse("min(a, 1) * 2.5"), 0, mode)).expr
    assert isinstance(ready, If)
    assert (ready.condition, ready.otherwise) == (parse("a < 1"), prepared(Round(number("2.5"), 0, mode)).expr)


@pytest.mark.parametrize(
    "formula", ["1 / 0", "if(a > 1, a, b) * 2", "a + if(b > 1, 1, 2)", "ceil(min(a, b))", "floor(min(a, 1) * b)"]
)
def test_what_depends_on_the_rows_is_left(formula: str) -> None:
    assert prepared(parse(formula)).expr == parse(formula)


@given(labelled, rows)
def test_what_was_made_ready_has_the_same_value_or_none_for_the_same_reason(expr: Expr, given: Sequence[Row]) -> None:
    ready = prepared(expr).expr
    for row in given:
        assert outcome(ready, row) == outcome(expr, row)


def test_a_divisor_is_left_as_it_is_written_for_it_is_named_where_it_is_zero() -> None:
    found = prepared(parse("1 / if(a > 0, a, 2)"))
    assert isinstance(found.expr, Divide)


def bits(value: Known) -> tuple[int, int]:
    number = value if isinstance(value, Fraction) else Fraction(1)
    return number.numerator.bit_length(), number.denominator.bit_length()


def held(expr: Expr, row: Row, most: int | None = None) -> None:
    """Hold `expr` and its parts against what is foreseen of them; on the way to the whole, none may be wider than `most`."""
    n, d, largest = widest(expr, lambda name: bits(row.get(name, Fraction(0))))
    assert isinstance(expr, Constant | FactRef) or max(n, d) <= largest
    assert most is None or largest <= most
    try:
        value = compiled(expr).run(pairs(row), {})
    except (Unknown, DividedByZero, NotMet):
        pass
    else:
        if isinstance(value, tuple):
            assert abs(value[0]).bit_length() <= n
            assert value[1].bit_length() <= d
    for each in children(expr):
        held(each, row, largest)


@given(labelled, rows)
def test_no_number_is_wider_than_was_foreseen(expr: Expr, given: Sequence[Row]) -> None:
    for row in given:
        held(expr, row)


@pytest.mark.parametrize(
    ("formula", "below"),
    [(each, 2**20 - 1) for each in ("a + b", "a - b", "a * b", "a / b", "min(a, b)", "max(a, b)", "abs(a)", "3.14 * a")]
    + [("round(a, 2)", 1), ("round(a, 6)", 1)],
)
def test_what_is_foreseen_is_no_wider_than_the_widest_figures_need(formula: str, below: int) -> None:
    expr, above = parse(formula), 2**60 - 1
    n, d, largest = widest(expr, lambda name: (60, below.bit_length()))
    found = [compiled(expr).run({"a": (above, below), "b": (b, below - 2)}, {}) for b in (above, -above)]
    values = [value for value in found if isinstance(value, tuple)]
    assert max(abs(value[0]).bit_length() for value in values) == n - isinstance(expr, Round)  # it may round up
    assert max(value[1].bit_length() for value in values) == d
    assert largest == max(n, d)


def test_what_is_foreseen_on_the_way_is_only_what_is_computed_and_all_of_it() -> None:
    assert widest(FactRef("a"), lambda name: (60, 20)) == (60, 20, 0)
    assert widest(parse("round(a * a, 0)"), lambda name: (1, 40)) == (4, 1, 80)


def test_a_yes_or_no_takes_one_bit() -> None:
    assert widest(parse("yes or no"), lambda name: (60, 20)) == (1, 1, 1)


def test_an_expression_that_may_grow_too_large_is_foreseen() -> None:
    expr: Expr = FactRef("a")
    for _ in range(9):
        expr = Multiply(expr, expr)
    assert widest(expr, lambda name: (60, 20))[2] > MOST_BITS
