"""Searching with Hypothesis for what breaks a law, where no proof reaches: the smallest example that it finds.

Hypothesis is imported where it is used; without it only the few examples are tried that the laws bring themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from importlib.util import find_spec
from typing import Final, TypeAlias

from perfeval.expr.exact import Value
from perfeval.expr.piecewise import NotPiecewise
from perfeval.facts import FactSheet, FactValue
from perfeval.laws.curves import Curve, Probe, step
from perfeval.laws.found import Broken
from perfeval.laws.sheets import sheet_of

__all__ = ["can_search", "search_curve", "search_sheet"]

_EXAMPLES: Final = 50
_SHEETS: Final = 15  # each is scored several times over
CurveLaw: TypeAlias = Callable[[Curve], Iterator[Broken]]


def can_search() -> bool:
    """Whether Hypothesis is there."""
    return find_spec("hypothesis") is not None


def search_sheet(
    pools: Mapping[str, tuple[FactValue, ...]], law: Callable[[FactSheet], Iterator[Broken]]
) -> Broken | None:
    """A sheet of facts that breaks `law`, each fact as early in its pool as can be; None where none is found."""
    from hypothesis import strategies as st

    drawn = st.fixed_dictionaries({name: st.sampled_from(pool) for name, pool in pools.items()})

    def broken(values: Mapping[str, FactValue]) -> Broken | None:
        return next(law(sheet_of(values)), None)

    return _first(drawn, broken, _SHEETS)


def search_curve(probe: Probe, fact: str, law: CurveLaw) -> Broken | None:
    """Other facts, with which the award over `fact` breaks `law`; None where none are found."""
    from hypothesis import strategies as st

    def drawn(name: str) -> st.SearchStrategy[Value]:
        domain = probe.facts[name]
        if domain.answers:
            return st.sampled_from(domain.answers)
        unit = step(domain.kind)
        low = 0 if domain.low is None else int(domain.low / unit)
        high = 10**6 if domain.high is None else int(domain.high / unit)
        near = st.sampled_from(domain.values) if domain.values else st.nothing()
        return st.one_of(near, st.integers(low, max(low, high)).map(lambda steps: steps * unit)).map(
            lambda value: Fraction(value).as_integer_ratio()
        )

    others = st.fixed_dictionaries({name: drawn(name) for name in probe.facts if name != fact})

    def broken(given: Mapping[str, Value]) -> Broken | None:
        try:
            return next(law(probe.curve(probe.award, fact, given)), None)
        except NotPiecewise:
            return None

    return _first(others, broken, _EXAMPLES)


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
