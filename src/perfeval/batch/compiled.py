"""A framework made ready for many rows: each indicator, adjustment and limit as an expression over columns."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from threading import Lock
from typing import Final

from attrs import frozen

from perfeval.assessment import Assessment
from perfeval.errors import Message
from perfeval.evaluate import Scorer, mixture
from perfeval.expr.bounded import common
from perfeval.expr.columns import Prepared, prepared, widest
from perfeval.expr.exact import MOST_BITS
from perfeval.expr.kinds import KindError, kind_of
from perfeval.expr.names import compared_words, names
from perfeval.expr.nodes import Expr, Round
from perfeval.framework import Indicator, NotApplicable, Placed
from perfeval.quantity import Kind
from perfeval.totals import not_applicable_as

__all__ = ["ADJUSTMENT", "LIMIT", "Compiled", "Item", "Leaf", "Messages"]

ADJUSTMENT: Final = "+"  # no path begins so
LIMIT: Final = "?"
_FACT_BITS: Final = 256  # of a fact's numerator or denominator; what needs more is not read as a column


@frozen(eq=False)
class Item:
    """What is computed from facts: an indicator's award, points beside the tree, or the condition of a limit.

    Attributes:
        key: its path; or the sign of an adjustment or limit, and its id or number.
        reads: the facts it reads, derived ones too, in order.
        conditions: those that decide whether it applies.
        stated: what it reads, and what the derived ones are derived from.
        applies, value: what is computed.
        checked: the expressions whose units must go together, each with what it should be.
        vectorised: whether columns can compute it: no number in it can be refused as too large.
        derives: whether it reads a derived fact.
        unit: what its values are multiples of, where it is rounded.
    """

    key: str
    reads: tuple[str, ...]
    conditions: tuple[str, ...]
    stated: tuple[str, ...]
    applies: Prepared | None
    value: Prepared
    checked: tuple[tuple[Expr, str], ...]
    vectorised: bool
    derives: bool
    unit: Fraction | None


@frozen(eq=False)
class Leaf:
    """An indicator, ready to be scored over columns."""

    placed: Placed
    item: Item
    not_applicable: NotApplicable
    bonus: bool


class Compiled:
    """A framework made ready.

    Attributes:
        assessment: whose framework it is; its facts stand in every row, where a table has no column of that name.
        scorer: the exact scorer of the same.
        base: its facts, with those of its parts.
        formulas: the derived facts among them; they stand whatever columns there are.
        reads: the facts that a table may state.
        words: those among them that are compared with words.
        unit: of the total, which is always rounded.
        counts_unit: of the points of its indicators.
        awkward: whether the total may yet be no multiple of its unit (2.5 points rounded to whole ones are not 3), or
            points are such that their sums leave machine numbers; then every row is scored singly.
        messages: every message given so far; rows refer to them by their number.
    """

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.framework = assessment.framework
        self.scorer = Scorer(assessment)
        self.base = self.scorer.with_parts(assessment.facts)
        self.formulas = {
            name: each.formula for name in self.base for each in (self.base[name],) if each.formula is not None
        }
        self.derived = {name: prepared(formula) for name, formula in self.formulas.items()}
        self.leaves = tuple(self._leaf(placed) for placed in self.framework.indicators)
        self.adjustments = self._adjustments()
        self.limits = tuple(
            self._item(f"{LIMIT}{index}", None, limit.when, limit.when, "truth", None)
            for index, limit in enumerate(self.framework.limits)
        )
        rounding = self.framework.rounding_of("total")
        assert rounding is not None  # the total falls back on two places
        self.rounding = rounding
        self.unit = Fraction(1, 10**rounding.places)
        self.counts_unit = self.framework.points
        for leaf in self.leaves:
            self.counts_unit = common(self.counts_unit, leaf.placed.counts)
        above = rounding.applied(self.framework.points) > self.framework.points
        self.awkward = above or self.framework.points / self.counts_unit >= 2**53
        items = (*(leaf.item for leaf in self.leaves), *self.adjustments, *self.limits)
        self.reads = tuple(dict.fromkeys(name for item in items for name in item.stated))
        exprs = [expr for item in items for expr, _ in item.checked]
        self.words = frozenset(compared_words([*exprs, *self.formulas.values()]))
        self.messages = Messages()
        self._mixes: dict[tuple[object, ...], bool | None] = {}

    def mixes(self, item: Item, kinds: Mapping[str, Kind]) -> bool | None:
        """Whether units in `item` do not go together; None where not even a sheet can be made of such facts."""
        key = (item.key, *kinds.items())
        if key not in self._mixes:
            self._mixes[key] = self._mixes_now(item, dict(kinds))
        return self._mixes[key]

    def _mixes_now(self, item: Item, kinds: dict[str, Kind]) -> bool | None:
        if item.derives:
            for name in self.base.order:
                if name in self.formulas:
                    try:
                        kind = kind_of(self.formulas[name], kinds)
                    except KindError:
                        return None
                    if kind != "any":
                        kinds[name] = "number" if kind in ("literal", "zero") else kind
        return any(mixture(expr, kinds, wanted) is not None for expr, wanted in item.checked)

    def _leaf(self, placed: Placed) -> Leaf:
        indicator = placed.node
        assert isinstance(indicator, Indicator)
        unit, each = None, self.framework.rounding_of("each")
        if each is not None:
            unit = common(Fraction(1, 10**each.places), placed.points)
            unit = common(unit, placed.points + indicator.bonus_up_to)
        award = self.framework.award(placed)
        item = self._item(placed.path, indicator.applies, award, award, "points", unit)
        return Leaf(placed, item, not_applicable_as(self.framework, placed), indicator.bonus_up_to > 0)

    def _adjustments(self) -> tuple[Item, ...]:
        each = self.framework.rounding_of("each")
        found = []
        for adjustment in self.framework.adjustments:
            points = adjustment.expression()
            rounded: Expr = points if each is None else Round(points, each.places, each.mode)
            unit = None if each is None else Fraction(1, 10**each.places)
            found.append(self._item(f"{ADJUSTMENT}{adjustment.id}", None, points, rounded, "points", unit))
        return tuple(found)

    def _item(
        self, key: str, applies: Expr | None, checked: Expr, value: Expr, wanted: str, unit: Fraction | None
    ) -> Item:
        conditions = () if applies is None else names(applies)
        reads = tuple(dict.fromkeys((*conditions, *names(value))))
        all_checked = ((checked, wanted),) if applies is None else ((checked, wanted), (applies, "truth"))
        return Item(
            key,
            reads,
            conditions,
            tuple(dict.fromkeys(used for name in reads for used in self.roots(name))),
            None if applies is None else prepared(applies),
            prepared(value),
            all_checked,
            all(widest(expr, self._bits)[2] <= MOST_BITS for expr in (value, applies) if expr is not None),
            any(name in self.formulas for name in reads),
            unit,
        )

    def roots(self, name: str) -> tuple[str, ...]:
        """What a fact is derived from in the end; itself, where it is not derived."""
        if name not in self.formulas:
            return (name,)
        return tuple(dict.fromkeys(root for used in names(self.formulas[name]) for root in self.roots(used)))

    def _bits(self, name: str) -> tuple[int, int]:
        if name not in self.formulas:
            return _FACT_BITS, _FACT_BITS
        n, d, largest = widest(self.formulas[name], self._bits)
        return (n, d) if largest <= MOST_BITS else (MOST_BITS + 1, MOST_BITS + 1)


class Messages:
    """Messages by number: rows that go wrong in the same way share one."""

    def __init__(self) -> None:
        self.list: list[Message] = []
        self._codes: dict[Message, int] = {}
        self._known: dict[tuple[object, ...], int] = {}
        self._lock = Lock()

    def code(self, message: Message) -> int:
        """The number of `message`."""
        with self._lock:
            if message not in self._codes:
                self._codes[message] = len(self.list)
                self.list.append(message)
            return self._codes[message]

    def known(self, key: tuple[object, ...]) -> int | None:
        """The message of rows that go wrong in the way `key`, if one has been seen."""
        return self._known.get(key)

    def learn(self, key: tuple[object, ...], message: Message) -> int:
        """Keep the message of rows that go wrong in the way `key`."""
        self._known[key] = code = self.code(message)
        return code
