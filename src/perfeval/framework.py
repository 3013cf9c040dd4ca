"""The framework (指标体系): a typed tree of dimensions and indicators, with its invariants.

A framework cannot be built wrong: its constructor finds every fault at once. It may be *open*: then it is complete
only after an assessment has added its own indicators.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

from attrs import field, frozen

from perfeval.checks import Check
from perfeval.codes import LAW_CODES
from perfeval.errors import DefinitionError, Language, Message, Problem, nearest, problem
from perfeval.expr.names import names
from perfeval.expr.nodes import Expr, FactRef, If, Label, Round, clip, minimum, number, rewrite
from perfeval.expr.parse import is_name, no_name
from perfeval.quantity import Mode, decimal_text, rounded
from perfeval.rules import BestOf, Rating, Rule, faults
from perfeval.rules.reading import formula, optional_formula, optional_points, optional_ratio

__all__ = [
    "CATEGORIES",
    "Adjustment",
    "AskedFact",
    "Better",
    "Category",
    "Dimension",
    "Exemption",
    "Form",
    "Framework",
    "Grade",
    "Indicator",
    "Limit",
    "Node",
    "NotApplicable",
    "Placed",
    "Rounding",
    "caps",
    "titled",
]

Category = Literal[
    "decision",
    "management",
    "output.quantity",
    "output.quality",
    "output.timeliness",
    "output.cost",
    "benefit.economic",
    "benefit.social",
    "benefit.ecological",
    "benefit.sustainable",
    "satisfaction",
]
CATEGORIES: Final[Mapping[Category, Message]] = {
    "decision": Message("决策", "decision"),
    "management": Message("管理", "management"),
    "output.quantity": Message("产出数量", "output: quantity"),
    "output.quality": Message("产出质量", "output: quality"),
    "output.timeliness": Message("产出时效", "output: timeliness"),
    "output.cost": Message("产出成本", "output: cost"),
    "benefit.economic": Message("经济效益", "benefit: economic"),
    "benefit.social": Message("社会效益", "benefit: social"),
    "benefit.ecological": Message("生态效益", "benefit: ecological"),
    "benefit.sustainable": Message("可持续影响", "benefit: sustainable"),
    "satisfaction": Message("满意度", "satisfaction"),
}
NotApplicable = Literal["rescale", "full", "zero"]
Better = Literal["higher", "lower"]
Form = Literal["", "mof-2020-project-self", "sichuan-2023-project-self", "hubei-project-self", "department-self"]
_NESTED: Final = {"nested": True}  # loading reads the entries one by one, not through the converter


def _number(value: object) -> Fraction:
    """Points: a number, not a percentage or money."""
    return value if isinstance(value, Fraction) else optional_points(value) or Fraction(0)


def _optional_number(value: object) -> Fraction | None:
    return None if value is None else _number(value)


@frozen
class Rounding:
    """Where and how a score is rounded.

    Attributes:
        of: "rate" (a completion rate; places of the percent figure), "each" indicator, or the "total".
        places: decimals kept, 0 to 6.
        mode: "half-up" is away from zero at the tie (四舍五入).
    """

    of: Literal["rate", "each", "total"] = "each"
    places: int = 2
    mode: Mode = "half-up"

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            if not 0 <= self.places <= 6:
                yield problem(
                    f"places 应为 0 至 6（现为 {self.places}）", f"places is 0 to 6 (found {self.places})", "places"
                )
            if self.mode not in get_args(Mode):
                modes = ", ".join(get_args(Mode))
                yield problem(
                    f"mode 应为 {modes.replace(', ', '、')} 之一（现为“{self.mode}”）",
                    f'mode is one of {modes} (found "{self.mode}")',
                    "mode",
                )

        if found := tuple(problems()):
            raise DefinitionError(found)

    def applied(self, value: Fraction) -> Fraction:
        """`value`, rounded."""
        return rounded(value, self.places, self.mode)


@frozen
class Grade:
    """One grade (等级).

    Attributes:
        name, name_en: such as 优, excellent.
        from_: the lowest score that earns it, included.
        also: other words for it, such as 优秀.
    """

    name: str
    from_: Fraction = field(converter=_number)
    name_en: str = ""
    also: tuple[str, ...] = ()

    def called(self, language: Language) -> str:
        """Its name in `language`."""
        return self.name_en or self.name if language == "en" else self.name

    def answers_to(self, word: str) -> bool:
        """Whether `word` is one of its names."""
        return word in (self.name, self.name_en, *self.also)


@frozen
class Limit:
    """A cap on the total or the grade when a condition holds (一票否决).

    Attributes:
        when: the condition.
        at_most: the total is then no higher.
        grade_at_most: the grade is then no better.
    """

    title: str
    when: Expr = field(converter=formula)
    title_en: str = ""
    at_most: Fraction | None = field(default=None, converter=_optional_number)
    grade_at_most: str | None = None


@frozen
class Adjustment:
    """Points beside the tree (加减分), clipped to their own bounds.

    Attributes:
        award: a formula.
        at_least, at_most: its bounds; a penalty has a negative `at_least`.
    """

    id: str
    title: str
    award: Expr = field(converter=formula)
    at_least: Fraction = field(default=Fraction(0), converter=_number)
    at_most: Fraction = field(default=Fraction(0), converter=_number)
    title_en: str = ""

    def expression(self) -> Expr:
        """The points, clipped."""
        return clip(self.award, self.at_least, self.at_most)


def titled(each: Limit | Adjustment) -> Message:
    """The title of what stands beside the tree."""
    return Message(each.title, each.title_en or each.title)


def caps(limit: Limit, grades: Iterable[Grade]) -> Message:
    """What a limit caps, in words; `grades` are those of its framework."""
    zh, en = [], []
    if limit.at_most is not None:
        zh.append(f"总分不超过 {decimal_text(limit.at_most)} 分")
        en.append(f"a total of no more than {decimal_text(limit.at_most)}")
    if limit.grade_at_most is not None:
        grade = next(each for each in grades if each.name == limit.grade_at_most)
        zh.append(f"等级不高于{grade.called('zh')}")
        en.append(f"a grade no better than {grade.called('en')}")
    return Message("，".join(zh), ", ".join(en))


@frozen
class Exemption:
    """A law of `perfeval laws` that the framework breaks on purpose, with the reason why.

    Attributes:
        law: its code, such as ``monotone``.
        reason: why it is broken.
        indicator: the path of the node that breaks it, or of one above; everywhere when left out.

    Raises:
        DefinitionError: there is no such law, or no reason.
    """

    law: str
    reason: str
    indicator: str | None = None

    def __attrs_post_init__(self) -> None:
        def problems() -> Iterator[Problem]:
            if self.law not in LAW_CODES:
                hint = nearest(self.law, LAW_CODES)
                yield problem(f"没有规律“{self.law}”— {hint.zh}", f'there is no law "{self.law}" — {hint.en}', "law")
            if not self.reason.strip():
                yield problem("例外应写明理由 — 请写 reason", "an exception is made for a reason — write it", "reason")

        if found := tuple(problems()):
            raise DefinitionError(found)

    def covers(self, law: str, path: str | None) -> bool:
        """Whether it speaks of `law` at `path` (None: at the whole framework)."""
        if law != self.law:
            return False
        return self.indicator is None or (path is not None and f"{path}.".startswith(f"{self.indicator}."))


@frozen
class Indicator:
    """A leaf of the tree: what is scored, by which rule, for how many points.

    Attributes:
        id: the last part of its path.
        points: 分值; None only where its dimension splits its points equally.
        rule: how the points are earned.
        actual: 完成值, a formula over facts; by default the fact named by the indicator's path.
        applies: when false the indicator does not apply.
        not_applicable: what happens then, if not what the framework says.
        bonus_up_to: points the rule may earn above its own.
        open: whether an assessment may complete the rule.
        better: whether a higher or a lower actual value earns more, where the rule does not say so itself.
        assumed: the points are not published: the basis.
    """

    id: str
    title: str
    rule: Rule
    points: Fraction | None = field(default=None, converter=_optional_number)
    actual: Expr | None = field(default=None, converter=optional_formula)
    title_en: str = ""
    category: Category | None = None
    applies: Expr | None = field(default=None, converter=optional_formula)
    not_applicable: NotApplicable | None = None
    unit: str = ""
    standard: str = ""
    evidence: str = ""
    bonus_up_to: Fraction = field(default=Fraction(0), converter=_number)
    open: bool = False
    better: Better | None = None
    assumed: str = ""
    source: str = ""
    note: str = ""

    def called(self, language: Language) -> str:
        """Its title in `language`."""
        return self.title_en or self.title if language == "en" else self.title


def _nodes(nodes: Iterable[Node]) -> tuple[Node, ...]:
    return tuple(nodes)


def _roundings(entries: Iterable[Rounding]) -> tuple[Rounding, ...]:
    return tuple(entries)


def _grades(entries: Iterable[Grade]) -> tuple[Grade, ...]:
    return tuple(entries)


def _limits(entries: Iterable[Limit]) -> tuple[Limit, ...]:
    return tuple(entries)


def _adjustments(entries: Iterable[Adjustment]) -> tuple[Adjustment, ...]:
    return tuple(entries)


def _exemptions(entries: Iterable[Exemption]) -> tuple[Exemption, ...]:
    return tuple(entries)


def _checks(entries: Iterable[Check]) -> tuple[Check, ...]:
    return tuple(entries)


def _facts(entries: Iterable[AskedFact]) -> tuple[AskedFact, ...]:
    return tuple(entries)


@frozen
class Dimension:
    """An inner node of the tree (一级、二级指标).

    Attributes:
        id: the last part of its path.
        children: dimensions and indicators, in the order of every report.
        points: stated points, checked against the sum below.
        open: whether an assessment may add its own indicators.
        adjustable: whether an assessment may set other points.
        requires: a gate: when false everything below earns nothing.
        split: "equal" divides the points exactly among the indicators.
        scale, weight: the children add up to `scale`; the dimension counts for `weight` of the framework's points.
    """

    id: str
    title: str
    children: tuple[Node, ...] = field(default=(), converter=_nodes)
    points: Fraction | None = field(default=None, converter=_optional_number)
    title_en: str = ""
    category: Category | None = None
    open: bool = False
    adjustable: bool = False
    requires: Expr | None = field(default=None, converter=optional_formula)
    split: Literal["equal"] | None = None
    scale: Fraction | None = field(default=None, converter=_optional_number)
    weight: Fraction | None = field(default=None, converter=optional_ratio)
    assumed: str = ""
    source: str = ""
    note: str = ""

    def called(self, language: Language) -> str:
        """Its title in `language`."""
        return self.title_en or self.title if language == "en" else self.title


Node: TypeAlias = Dimension | Indicator


@frozen
class Placed:
    """A node in its place, with what it inherits and what it counts for.

    Attributes:
        path: such as ``output.quantity.trees``.
        node: the node.
        points: in the scale of the nodes around it.
        factor: what one of those points counts in the framework's scale.
        category: its own or its dimension's.
        gates: the conditions it stands behind.
        assumed: the basis of its points, its own or inherited; "" when they are published.
        children: the paths right below.
    """

    path: str
    node: Node
    points: Fraction
    factor: Fraction
    category: Category | None
    gates: tuple[Expr, ...]
    assumed: str
    children: tuple[str, ...]

    @property
    def counts(self) -> Fraction:
        """Its points in the framework's scale."""
        return self.points * self.factor

    @property
    def actual(self) -> Expr:
        """The indicator's actual value."""
        actual = self.node.actual if isinstance(self.node, Indicator) else None
        return FactRef(self.path) if actual is None else actual


@frozen
class AskedFact:
    """A fact that a framework asks every unit for: what people call it.

    Attributes:
        name: dotted, such as ``budget.executed``; of a rater's answer, the name before ``.level`` and ``.share``.
    """

    name: str
    title: str
    title_en: str = ""
    note: str = ""


@frozen
class Framework:
    """An indicator system: who issued it, its tree of points and rules, its grades.

    Attributes:
        id, title, issuer, document, effective, source: what it is and where it comes from.
        tree: the first level.
        points: what the indicators add up to, exactly.
        rounding: at most one for each of "rate", "each" and "total".
        not_applicable: what becomes of the points of an indicator that does not apply.
        grades: highest first, the last from 0.
        checks: relations between facts that every unit has.
        facts: what the facts are called that its rules read.
        exceptions: laws of `perfeval laws` that are broken on purpose.
        form: the official table it is handed in on; "" where none is known.
        assumed: when the points are not published: the basis on which they were set.

    Raises:
        DefinitionError: with every fault found.
    """

    id: str
    title: str
    tree: tuple[Node, ...] = field(converter=_nodes)
    points: Fraction = field(default=Fraction(100), converter=_number)
    title_en: str = ""
    issuer: str = ""
    document: str = ""
    effective: date | None = None
    source: str = ""
    language: Language = "zh"
    rounding: tuple[Rounding, ...] = field(default=(Rounding(),), converter=_roundings, metadata=_NESTED)
    not_applicable: NotApplicable = "rescale"
    grades: tuple[Grade, ...] = field(default=(), converter=_grades, metadata=_NESTED)
    limits: tuple[Limit, ...] = field(default=(), converter=_limits, metadata=_NESTED)
    adjustments: tuple[Adjustment, ...] = field(default=(), converter=_adjustments, metadata=_NESTED)
    checks: tuple[Check, ...] = field(default=(), converter=_checks, metadata=_NESTED)
    facts: tuple[AskedFact, ...] = field(default=(), converter=_facts, metadata=_NESTED)
    exceptions: tuple[Exemption, ...] = field(default=(), converter=_exemptions, metadata=_NESTED)
    form: Form = ""
    assumed: str = ""
    note: str = ""

    def __attrs_post_init__(self) -> None:
        if found := tuple(self._problems()):
            raise DefinitionError(found)

    def called(self, language: Language) -> str:
        """Its title in `language`."""
        return self.title_en or self.title if language == "en" else self.title

    def rounding_of(self, what: Literal["rate", "each", "total"]) -> Rounding | None:
        """The rounding declared for `what`; the total falls back on that of each indicator."""
        declared = {rounding.of: rounding for rounding in self.rounding}
        if what == "total":
            return declared.get("total") or declared.get("each") or Rounding("total")
        return declared.get(what)

    def grade(self, score: Fraction) -> Grade | None:
        """The grade that `score` earns; None when the framework has no grades."""
        return next((grade for grade in self.grades if score >= grade.from_), None)

    def grade_named(self, word: str) -> Grade | None:
        """The grade that `word` is a name of; None where it is none."""
        return next((grade for grade in self.grades if grade.answers_to(word)), None)

    def grades_listed(self, language: Language) -> str:
        """All grades by name, for a message."""
        return Message("、", ", ").to(language).join(grade.called(language) for grade in self.grades)

    def grade_called(self, word: str, language: Language) -> str:
        """A grade as somebody wrote it; in English by its English name, where it is one of the grades."""
        known = self.grade_named(word)
        return word if language == "zh" or known is None else known.called(language)

    def award(self, placed: Placed) -> Expr:
        """The points an indicator earns: its rule, gated, clipped and rounded, with its actual value as a step."""
        indicator = placed.node
        assert isinstance(indicator, Indicator)
        actual: Expr = placed.actual
        if not isinstance(indicator.rule, Rating):
            actual = Label(Message("完成值", "actual"), actual)
        award = indicator.rule.award(placed.points, actual)
        if (rate := self.rounding_of("rate")) is not None:
            award = rewrite(award, lambda node: _with_rounded_rate(node, rate))
        most = placed.points + indicator.bonus_up_to
        award = clip(award, 0, most)
        for gate in placed.gates:
            award = If(gate, award, number(0))
        if (each := self.rounding_of("each")) is not None:
            award = Round(award, each.places, each.mode)
            if each.applied(most) > most:  # 2.5 points rounded to whole ones are not 3
                award = minimum(most, award)
        return Label(Message("得分", "score"), award, "points")

    @cached_property
    def layout(self) -> Mapping[str, Placed]:
        """Every node by path, each before its children, in the order of the tree."""
        placed: dict[str, Placed] = {}
        for node in self.tree:
            _place(node, "", self, Fraction(1), None, (), self.assumed, None, placed)
        return MappingProxyType(placed)

    @cached_property
    def fact_titles(self) -> Mapping[str, Message]:
        """What facts are called, by name; the level and the share of a rater's answer as well."""
        titles: dict[str, Message] = {}
        for each in self.facts:
            titles[each.name] = Message(each.title, each.title_en)
            for key, zh, en in (("level", "等级", "level"), ("share", "比例", "share")):
                titles.setdefault(
                    f"{each.name}.{key}",
                    Message(f"{each.title}：{zh}", f"{each.title_en}: {en}" if each.title_en else ""),
                )
        return MappingProxyType(titles)

    def path_of(self, named: str, *, indicators: bool = False) -> str:
        """The path of the node, or only of the indicator, that somebody names by its path or by its title in either language.

        Raises:
            DefinitionError: there is none, or there are several of that title.
        """
        nodes = {each.path: each.node for each in (self.indicators if indicators else self.layout.values())}
        if named in nodes:
            return named
        found = [path for path, node in nodes.items() if named in (node.title, node.title_en)]
        if len(found) == 1:
            return found[0]
        if found:
            raise DefinitionError(
                problem(
                    f"“{named}”有 {len(found)} 处：{'、'.join(found)} — 请写其中之一",
                    f'"{named}" is the title of {len(found)}: {", ".join(found)} — write one of these',
                )
            )
        hint = nearest(named, (*nodes, *dict.fromkeys(node.title for node in nodes.values())))
        raise DefinitionError(problem(f"没有指标“{named}”— {hint.zh}", f'there is no indicator "{named}" — {hint.en}'))

    @cached_property
    def facts_named(self) -> frozenset[str]:
        """The facts that a rule, a limit or an adjustment reads, and those that `facts` says the title of."""
        read = [names(self.award(placed)) for placed in self.indicators]
        read += [names(limit.when) for limit in self.limits]
        read += [names(each.award) for each in self.adjustments]
        for placed in self.indicators:
            if isinstance(placed.node, Indicator) and placed.node.applies is not None:
                read.append(names(placed.node.applies))
        return frozenset(self.fact_titles).union(*read)

    @property
    def only_in_checks(self) -> tuple[tuple[str, str], ...]:
        """The facts that a check names and nothing else does, each with the check's id; perhaps they are misspelt."""
        return tuple(
            (name, check.id) for check in self.checks for name in names(check.that) if name not in self.facts_named
        )

    @property
    def indicators(self) -> tuple[Placed, ...]:
        """The leaves, in order."""
        return tuple(placed for placed in self.layout.values() if isinstance(placed.node, Indicator))

    @cached_property
    def missing_points(self) -> tuple[Problem, ...]:
        """What keeps the tree from being complete: sums that only an assessment's own indicators can fill."""
        return tuple(self._sum_problems(complete=True))

    # The invariants.

    def _problems(self) -> Iterator[Problem]:
        if not self.id or not self.title:
            yield problem("指标体系需要 id 与 title", "a framework has an id and a title", "framework")
        if self.points <= 0:
            yield problem(
                f"points 应大于 0（现为 {decimal_text(self.points)}）",
                f"points is above 0 (found {decimal_text(self.points)})",
                "framework",
                "points",
            )
        yield from self._rounding_problems()
        yield from self._grade_problems()
        yield from self._limit_problems()
        for index, fact in enumerate(self.facts):
            if not is_name(fact.name):
                yield no_name(fact.name, "fact", "facts", *fact.name.split("."))
            if fact.name in [earlier.name for earlier in self.facts[:index]]:
                yield problem(f"事实“{fact.name}”写了两次", f'the fact "{fact.name}" stands twice', "facts")
        for index, check in enumerate(self.checks):
            if check.id in [earlier.id for earlier in self.checks[:index]]:
                yield problem(f"检查“{check.id}”重复", f'the check "{check.id}" stands twice', "checks", index, "id")
        if not self.tree:
            yield problem("指标体系没有任何指标", "the framework has no indicators", "tree")
        before = tuple(_node_problems(self.tree, ("tree",), None, None))
        yield from before
        if not before:
            yield from self._sum_problems(complete=False)
            yield from self._rule_problems()

    def _rounding_problems(self) -> Iterator[Problem]:
        seen = [rounding.of for rounding in self.rounding]
        for index, of in enumerate(seen):
            if of in seen[:index]:
                yield problem(
                    f"rounding 对“{of}”声明了两次", f'rounding of "{of}" is declared twice', "framework", "rounding"
                )

    def _grade_problems(self) -> Iterator[Problem]:
        for index, (higher, lower) in enumerate(pairwise(self.grades), start=1):
            if lower.from_ >= higher.from_:
                yield problem(
                    f"等级应由高到低：“{lower.name}”的 from（{decimal_text(lower.from_)}）应低于“{higher.name}”的 "
                    f"{decimal_text(higher.from_)}",
                    f'grades go from high to low: "{lower.name}" from {decimal_text(lower.from_)} should be below '
                    f'"{higher.name}" from {decimal_text(higher.from_)}',
                    "framework",
                    "grades",
                    index,
                    "from",
                )
        if self.grades and self.grades[-1].from_ != 0:
            yield problem(
                f"最低等级“{self.grades[-1].name}”应从 0 起（现为 {decimal_text(self.grades[-1].from_)}）",
                f'the lowest grade "{self.grades[-1].name}" starts at 0 (found {decimal_text(self.grades[-1].from_)})',
                "framework",
                "grades",
                len(self.grades) - 1,
                "from",
            )
        words: set[str] = set()
        for index, grade in enumerate(self.grades):
            for word in dict.fromkeys((grade.name, *grade.also)):
                if word in words:
                    yield problem(f"等级名称“{word}”重复", f'grade "{word}" stands twice', "framework", "grades", index)
                words.add(word)

    def _limit_problems(self) -> Iterator[Problem]:
        names = [grade.name for grade in self.grades]
        for index, limit in enumerate(self.limits):
            if limit.at_most is None and limit.grade_at_most is None:
                yield problem(
                    "限制需要 at_most 或 grade_at_most", "a limit has at_most or grade_at_most", "limits", index
                )
            if limit.grade_at_most is not None and limit.grade_at_most not in names:
                yield problem(
                    f"没有等级“{limit.grade_at_most}”— 可用：{'、'.join(names)}",
                    f'there is no grade "{limit.grade_at_most}" — known here: {", ".join(names)}',
                    "limits",
                    index,
                    "grade_at_most",
                )
        ids: set[str] = set()
        for index, adjustment in enumerate(self.adjustments):
            if adjustment.id in ids:
                yield problem(
                    f"id “{adjustment.id}”重复", f'id "{adjustment.id}" stands twice', "adjustments", index, "id"
                )
            ids.add(adjustment.id)
            if adjustment.at_least > adjustment.at_most:
                yield problem(
                    "at_least 不应大于 at_most", "at_least is not above at_most", "adjustments", index, "at_least"
                )

    def _sum_problems(self, *, complete: bool) -> Iterator[Problem]:
        for placed in self.layout.values():
            if isinstance(placed.node, Dimension):
                yield from _dimension_sum(placed, self.layout, complete)
        total = sum((self.layout[node.id].counts for node in self.tree), Fraction(0))
        unfilled = not complete and any(
            isinstance(each.node, Dimension) and each.node.open for each in self.layout.values()
        )
        if total > self.points if unfilled else total != self.points:
            parts = _parts_of_sum([node.id for node in self.tree], self.layout, _counted)
            yield problem(
                f"各指标分值合计 {decimal_text(total)}{parts.zh}，应为 {decimal_text(self.points)}"
                f"（{_by(total, self.points, 'zh')}）— 请调整分值",
                f"the indicators' points add up to {decimal_text(total)}{parts.en}, not {decimal_text(self.points)} "
                f"({_by(total, self.points, 'en')}) — change the points of some of them",
                "tree",
            )

    def _rule_problems(self) -> Iterator[Problem]:
        for placed in self.indicators:
            indicator = placed.node
            assert isinstance(indicator, Indicator)
            at = ("tree", *placed.path.split("."))
            for found in faults(indicator.rule, placed.points, indicator.bonus_up_to):
                yield found.below(*at, "rule")
            if _reads_an_answer(indicator.rule) and not isinstance(placed.actual, FactRef):
                yield problem(
                    "rating 的 actual 应为一个事实名称", "the actual of a rating is the name of one fact", *at, "actual"
                )


def _reads_an_answer(rule: Rule) -> bool:
    """Whether the indicator's own actual value is a rater's answer, also inside a best-of."""
    if isinstance(rule, BestOf):
        return any(each.actual is None and _reads_an_answer(each.rule) for each in rule.alternatives)
    return isinstance(rule, Rating)


def _with_rounded_rate(node: Expr, rate: Rounding) -> Expr:
    if isinstance(node, Label) and node.role == "rate":
        return Label(node.name, Round(node.item, rate.places + 2, rate.mode), node.role)
    return node


def _by(found: Fraction, wanted: Fraction, language: Language) -> str:
    difference = decimal_text(abs(found - wanted))
    if language == "zh":
        return f"{'多' if found > wanted else '少'} {difference}"
    return f"{difference} too {'many' if found > wanted else 'few'}"


def _place(
    node: Node,
    above: str,
    framework: Framework,
    factor: Fraction,
    category: Category | None,
    gates: tuple[Expr, ...],
    assumed: str,
    share: Fraction | None,
    placed: dict[str, Placed],
) -> Fraction:
    """Put `node` and all below it into `placed`; its points in the scale around it."""
    path = f"{above}.{node.id}" if above else node.id
    category = node.category or category
    assumed = node.assumed or assumed
    if isinstance(node, Indicator):
        points = share if share is not None else node.points or Fraction(0)
        placed[path] = Placed(path, node, points, factor, category, gates, assumed, ())
        return points
    children = tuple(f"{path}.{child.id}" for child in node.children)
    gates = gates if node.requires is None else (*gates, node.requires)
    placed[path] = Placed(path, node, Fraction(0), factor, category, gates, assumed, children)  # keeps the order
    part = node.points / len(node.children) if node.split and node.points and node.children else None
    inner = factor
    if node.weight is not None and node.scale:
        inner = node.weight * framework.points / node.scale
    below = sum(
        (_place(child, path, framework, inner, category, gates, assumed, part, placed) for child in node.children),
        Fraction(0),
    )
    points = node.weight * framework.points if node.weight is not None else below
    placed[path] = Placed(path, node, points, factor, category, gates, assumed, children)
    return points


def _dimension_sum(placed: Placed, layout: Mapping[str, Placed], complete: bool) -> Iterator[Problem]:
    dimension = placed.node
    assert isinstance(dimension, Dimension)
    stated = dimension.scale if dimension.scale is not None else dimension.points
    if stated is None:
        return
    below = sum((layout[path].points for path in placed.children), Fraction(0))
    at = ("tree", *placed.path.split("."))
    unfilled = not complete and _has_open(placed, layout)
    if below > stated if unfilled else below != stated:
        key = "scale" if dimension.scale is not None else "points"
        if not below:
            yield problem(
                f"“{dimension.title}”有 {decimal_text(stated)} 分，但没有指标 — 请在 [tree.{placed.path}.…] 下添加",
                f'"{dimension.called("en")}" has {decimal_text(stated)} points but no indicator'
                f" — add some as [tree.{placed.path}.…]",
                *at,
                key,
            )
            return
        parts = _parts_of_sum(placed.children, layout, _own)
        yield problem(
            f"“{dimension.title}”写明 {decimal_text(stated)} 分，其下合计 {decimal_text(below)}{parts.zh}"
            f"（{_by(below, stated, 'zh')}）— 请调整其下分值",
            f'"{dimension.called("en")}" states {decimal_text(stated)} points, but those below add up to '
            f"{decimal_text(below)}{parts.en} ({_by(below, stated, 'en')}) — change the points below it",
            *at,
            key,
        )


def _own(placed: Placed) -> Fraction:
    return placed.points


def _counted(placed: Placed) -> Fraction:
    return placed.counts


_MOST_PARTS: Final = 8


def _parts_of_sum(paths: Iterable[str], layout: Mapping[str, Placed], amount: Callable[[Placed], Fraction]) -> Message:
    """What a sum is made of, each with its points, behind the sum: “ = 植树棵数 30 + 成活率 25”."""
    waiting, parts = [*paths], list[Placed]()
    while waiting:
        placed = layout[waiting.pop(0)]
        node = placed.node
        # A dimension that states no points of its own is no more than what is below it.
        if isinstance(node, Dimension) and node.points is node.weight is node.scale is None:
            waiting[:0] = placed.children
        else:
            parts.append(placed)
    if not 1 < len(parts) <= _MOST_PARTS:
        return Message("", "")
    zh, en = (
        " + ".join(f"{each.node.called(language)} {decimal_text(amount(each))}" for each in parts)
        for language in ("zh", "en")
    )
    return Message(f" = {zh}", f" = {en}")


def _has_open(placed: Placed, layout: Mapping[str, Placed]) -> bool:
    if isinstance(placed.node, Dimension) and placed.node.open:
        return True
    return any(_has_open(layout[path], layout) for path in placed.children)


def _node_problems(
    nodes: Iterable[Node], at: tuple[str, ...], category: Category | None, parent: Dimension | None
) -> Iterator[Problem]:
    seen: set[str] = set()
    for node in nodes:
        here = (*at, node.id)
        if not is_name(node.id) or "." in node.id:
            yield no_name(node.id, "id", *here)
        if node.id in seen:
            yield problem(f"id “{node.id}”重复", f'id "{node.id}" stands twice', *here)
        seen.add(node.id)
        if node.category is not None and node.category not in get_args(Category):
            yield problem(
                f"没有类别“{node.category}”— 可用：{'、'.join(CATEGORIES)}",
                f'there is no category "{node.category}" — known here: {", ".join(CATEGORIES)}',
                *here,
                "category",
            )
        inherited = node.category or category
        if isinstance(node, Indicator):
            yield from _indicator_problems(node, here, inherited, parent)
        else:
            yield from _dimension_problems(node, here, parent)
            yield from _node_problems(node.children, here, inherited, node)


def _indicator_problems(
    node: Indicator, here: tuple[str, ...], category: Category | None, parent: Dimension | None
) -> Iterator[Problem]:
    if category is None:
        yield problem(
            f'“{node.title}”没有类别 — 请在指标或其上级写 category，如 "output.quantity"',
            f'"{node.title}" has no category — write category = "output.quantity" or the like here or above',
            *here,
        )
    splits = parent is not None and parent.split is not None
    if node.points is None and not splits:
        yield problem(f"“{node.title}”没有分值 — 请写 points", f'"{node.title}" has no points — write points', *here)
    elif node.points is not None and splits:
        yield problem(
            '上级写了 split = "equal"，此处不再写 points',
            'its dimension says split = "equal"; drop points',
            *here,
            "points",
        )
    elif node.points is not None and node.points <= 0:
        yield problem(
            f"分值应大于 0（现为 {decimal_text(node.points)}）",
            f"points are above 0 (found {decimal_text(node.points)})",
            *here,
            "points",
        )
    if node.better not in (None, *get_args(Better)):
        yield problem(
            f'better 应为 "higher" 或 "lower"（现为“{node.better}”）',
            f'better is "higher" or "lower" (found "{node.better}")',
            *here,
            "better",
        )
    if node.bonus_up_to < 0:
        yield problem("bonus_up_to 不应为负", "bonus_up_to is not negative", *here, "bonus_up_to")


def _dimension_problems(node: Dimension, here: tuple[str, ...], parent: Dimension | None) -> Iterator[Problem]:
    if not node.children and not node.open:
        yield problem(
            f"“{node.title}”既没有 rule，也没有下级指标 — 指标请写 rule，或写 open = true 由评价文件补充",
            f'"{node.title}" has neither a rule nor indicators below it'
            " — write a rule, or open = true to let assessments add their own",
            *here,
        )
    if node.points is not None and node.points <= 0:
        yield problem(
            f"分值应大于 0（现为 {decimal_text(node.points)}）",
            f"points are above 0 (found {decimal_text(node.points)})",
            *here,
            "points",
        )
    if node.split is not None:
        if node.points is None:
            yield problem('split = "equal" 需要写明 points', 'split = "equal" needs points to divide', *here, "split")
        if any(isinstance(child, Dimension) for child in node.children):
            yield problem("split 只用于其下直接为指标的维度", "split goes with indicators right below", *here, "split")
    if (node.scale is None) != (node.weight is None):
        yield problem("scale 与 weight 应一起写", "scale and weight go together", *here)
    elif node.scale is not None:
        if parent is not None:
            yield problem(
                "scale 与 weight 只用于一级指标", "scale and weight go with the first level only", *here, "scale"
            )
        if node.scale <= 0 or not 0 < (node.weight or 0) <= 1:
            yield problem(
                "scale 应大于 0，weight 应在 0% 与 100% 之间",
                "scale is above 0, and weight above 0% up to 100%",
                *here,
                "weight",
            )
        if node.points is not None:
            yield problem("写了 weight 就不再写 points", "with a weight, drop points", *here, "points")
