"""Searching with Hypothesis for what breaks a law, where no proof reaches: the smallest example that it finds.

Hypothesis is imported where it is used; without it only the few examples are tried that the laws bring themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from attrs import frozen

from perfeval.expr.exact import Value
from perfeval.expr.nodes import Expr
from perfeval.expr.piecewise import NotPiecewise
from perfeval.facts import FactSheet, FactValue
from perfeval.laws.curves import Curve, Domain, Probe
from perfeval.laws.found import Broken
from perfeval.laws.sheets import sheet_of

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["Question", "can_search", "search_curve", "search_points", "search_sheet"]

_EXAMPLES: Final = 50
_SHEETS: Final = 15  # each is scored several times over


@frozen
class Question:
    """A law about one curve.

    Attributes:
        fact: what varies.
        expr: what the curve is of.
        law: what breaks it.
    """

    fact: str
    expr: Expr
    law: Callable[[Curve], Iterator[Broken]]


def can_search() -> bool:
    """Whether Hypothesis is there, and no test of its own that runs just now: it refuses to search inside one."""
    if find_spec("hypothesis") is None:
        return False
    from hypothesis import currently_in_test_context

    return not currently_in_test_context()


def search_sheet(
    pools: Mapping[str, tuple[FactValue, ...]], law: Callable[[FactSheet], Iterator[Broken]]
) -> Broken | None:
    """A sheet of facts that breaks `law`, each fact as early in its pool as can be; None where none is found."""
    from hypothesis import strategies as st

    drawn = st.fixed_dictionaries({name: st.sampled_from(pool) for name, pool in pools.items()})

    def broken(values: Mapping[str, FactValue]) -> Broken | None:
        return next(law(sheet_of(values)), None)

    return _first(drawn, broken, _SHEETS)


def search_curve(probe: Probe, question: Question) -> Broken | None:
    """Other facts, with which a curve breaks a law; None where none are found."""
    from hypothesis import strategies as st

    others = st.fixed_dictionaries(
        {name: _value(domain) for name, domain in probe.facts.items() if name != question.fact}
    )

    def broken(given: Mapping[str, Value]) -> Broken | None:
        try:
            return next(question.law(probe.curve(question.expr, question.fact, given)), None)
        except NotPiecewise:
            return None

    return _first(others, broken, _EXAMPLES)


def search_points(probe: Probe, question: Question) -> Broken | None:
    """Single points of a curve that break a law, where it is no curve of exact pieces; None where none are found."""
    from hypothesis import strategies as st

    domain = probe.facts.get(question.fact)
    if domain is None:
        return None
    others = {name: _value(each) for name, each in probe.facts.items() if name != question.fact}
    drawn = st.tuples(st.fixed_dictionaries(others), st.lists(_value(domain), min_size=2, max_size=6, unique=True))

    def broken(given: tuple[Mapping[str, Value], list[Value]]) -> Broken | None:
        values, points = given
        xs = sorted(Fraction(*each) for each in points if isinstance(each, tuple))
        return next(question.law(probe.points_of(question.expr, question.fact, values, xs)), None)

    return _first(drawn, broken, 4 * _EXAMPLES)


def _value(domain: Domain) -> SearchStrategy[Value]:
    """What a fact may be: the figures its rules name first, then any that people write."""
    from hypothesis import strategies as st

    if domain.answers:
        return st.sampled_from(domain.answers)
    unit = domain.step
    low = 0 if domain.low is None else -(-domain.low // unit)
    high = 10**6 if domain.high is None else domain.high // unit
    any_of = st.integers(low, max(low, high)).map(lambda steps: steps * unit)
    named = st.one_of(st.sampled_from(domain.values), any_of) if domain.values else any_of
    return named.map(lambda value: Fraction(value).as_integer_ratio())


def _first(drawn: object, broken: Callable[..., Broken | None], examples: int) -> Broken | None:
    from hypothesis import HealthCheck, Phase, find, settings
    from hypothesis.errors import NoSuchExample
    from hypothesis.strategies import SearchStrategy

    assert isinstance(drawn, SearchStrategy)
    quiet = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    try:
        smallest = find(drawn, lambda given: broken(given) is not None, settings=quiet)
    except NoSuchExample:
        return None
    return broken(smallest)
