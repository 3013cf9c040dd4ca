"""A framework cannot be built wrong in plain Python either: every fault is found, with its path."""

from __future__ import annotations

from fractions import Fraction

import pytest

from perfeval import Adjustment, DefinitionError, Dimension, Framework, Grade, Indicator, Limit, QuantityError, Rounding
from perfeval.framework import Node
from perfeval.rules import Alternative, Awarded, BestOf, Level, Rating, YesNo


def leaf(name: str = "a", points: object = 10, **more: object) -> Indicator:
    settings: dict[str, object] = {"title": name, "rule": YesNo(), "category": "decision", **more}
    return Indicator(id=name, points=points, **settings)  # type: ignore[arg-type]


def built(*tree: Node, **more: object) -> Framework:
    settings: dict[str, object] = {"id": "t", "title": "t", "points": 10, **more}
    return Framework(tree=tree, **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("tree", "more", "path"),
    [
        ((leaf(),), {"id": ""}, ("framework",)),
        ((leaf(),), {"points": 0}, ("framework", "points")),
        ((), {}, ("tree",)),
        ((leaf(), leaf()), {"points": 20}, ("tree", "a")),
        ((leaf("a.b"),), {}, ("tree", "a.b")),
        ((leaf("min"),), {}, ("tree", "min")),
        ((leaf(category=None),), {}, ("tree", "a")),
        ((leaf(category="money"),), {}, ("tree", "a", "category")),
        ((leaf(points=None),), {}, ("tree", "a")),
        ((leaf(points=0),), {}, ("tree", "a", "points")),
        ((leaf(bonus_up_to=-1),), {}, ("tree", "a", "bonus_up_to")),
        ((leaf(points=9),), {}, ("tree",)),
        ((Dimension("d", "d"),), {}, ("tree", "d")),
        ((Dimension("d", "d", (leaf(),), points=-1),), {}, ("tree", "d", "points")),
        ((Dimension("d", "d", (leaf(),), points=9),), {}, ("tree", "d", "points")),
        ((Dimension("d", "d", (leaf(),), split="equal"),), {}, ("tree", "d", "split")),
        ((Dimension("d", "d", (leaf(),), points=10, split="equal"),), {}, ("tree", "d", "a", "points")),
        ((Dimension("d", "d", (leaf(),), scale=10),), {}, ("tree", "d")),
        ((Dimension("d", "d", (leaf(),), scale=9, weight=Fraction(1)),), {}, ("tree", "d", "scale")),
        ((Dimension("d", "d", (leaf(),), scale=10, weight=Fraction(2)),), {}, ("tree", "d", "weight")),
        ((Dimension("d", "d", (leaf(),), scale=10, weight=Fraction(1), points=10),), {}, ("tree", "d", "points")),
        (
            (Dimension("e", "e", (Dimension("d", "d", (leaf(),), scale=10, weight=Fraction(1)),)),),
            {},
            ("tree", "e", "d", "scale"),
        ),
        ((leaf(),), {"grades": [Grade("优", 80), Grade("良", 90), Grade("差", 0)]}, ("framework", "grades", 1, "from")),
        ((leaf(),), {"grades": [Grade("优", 90)]}, ("framework", "grades", 0, "from")),
        ((leaf(),), {"grades": [Grade("优", 90), Grade("差", 0, also=("优",))]}, ("framework", "grades", 1)),
        ((leaf(),), {"rounding": [Rounding(), Rounding()]}, ("framework", "rounding")),
        ((leaf(),), {"limits": [Limit("a", "x")]}, ("limits", 0)),
        ((leaf(),), {"limits": [Limit("a", "x", grade_at_most="优")]}, ("limits", 0, "grade_at_most")),
        ((leaf(),), {"adjustments": [Adjustment("a", "a", "x"), Adjustment("a", "a", "x")]}, ("adjustments", 1, "id")),
        ((leaf(),), {"adjustments": [Adjustment("a", "a", "x", 5, 1)]}, ("adjustments", 0, "at_least")),
        ((leaf(rule=Rating((Level("a", share="100%"),)), actual="x + 1"),), {}, ("tree", "a", "actual")),
    ],
)
def test_a_framework_with_a_fault_is_refused_where_the_fault_is(
    tree: tuple[Node, ...], more: dict[str, object], path: tuple[str | int, ...]
) -> None:
    with pytest.raises(DefinitionError) as refused:
        built(*tree, **more)
    assert path in [problem.path for problem in refused.value.problems]
    for problem in refused.value.problems:
        assert problem.message.zh != problem.message.en


def test_all_faults_are_found_at_once() -> None:
    with pytest.raises(DefinitionError) as refused:
        built(leaf("a", 0), leaf("b", category=None), points=-5, rounding=[Rounding(), Rounding()])
    assert len(refused.value.problems) == 4


@pytest.mark.parametrize("places", [-1, 7])
def test_a_rounding_keeps_nought_to_six_places(places: int) -> None:
    with pytest.raises(DefinitionError):
        Rounding(places=places)


def test_a_grade_is_earned_from_its_edge_on() -> None:
    framework = built(leaf(), grades=[Grade("优", 9), Grade("差", 0)])
    assert [getattr(framework.grade(Fraction(score)), "name", None) for score in ("9", "8.99", "0")] == [
        "优",
        "差",
        "差",
    ]
    assert built(leaf()).grade(Fraction(9)) is None


def test_an_open_framework_may_lack_points_and_may_not_have_too_many() -> None:
    opened = Dimension("d", "d", (leaf("a", 4),), points=10, open=True, category="decision")
    assert built(opened).missing_points
    with pytest.raises(DefinitionError):
        built(Dimension("d", "d", (leaf("a", 11),), points=10, open=True))


def test_a_node_inherits_its_category_its_gate_and_its_assumption() -> None:
    framework = built(
        Dimension(
            "d", "d", (leaf(category=None, rule=Awarded()),), category="satisfaction", requires="x", assumed="basis"
        )
    )
    placed = framework.layout["d.a"]
    assert (placed.category, placed.assumed, len(placed.gates)) == ("satisfaction", "basis", 1)


def test_points_that_are_floats_are_refused() -> None:
    with pytest.raises(QuantityError, match="Decimal"):
        leaf(points=9.5)


@pytest.mark.parametrize("points", ["50%", "5万元", "9月"])
def test_points_are_a_number_and_nothing_else(points: str) -> None:
    with pytest.raises(DefinitionError, match="not a number of points"):
        leaf(points=points)


def test_an_answer_inside_a_best_of_is_one_fact_too() -> None:
    rated = Rating((Level("达成", share="100%"), Level("未达成", share="0%")))
    best = BestOf((Alternative(rated), Alternative(YesNo(when="t"))))
    with pytest.raises(DefinitionError, match="the actual of a rating is the name of one fact") as caught:
        built(leaf("a", 10, rule=best, actual="x / y"))
    assert caught.value.problems[0].path == ("tree", "a", "actual")
    own = BestOf((Alternative(rated, actual="answer"), Alternative(YesNo(when="t"))))
    assert built(leaf("a", 10, rule=own, actual="x / y"))


def test_a_rounding_mode_is_one_of_those_there_are() -> None:
    with pytest.raises(DefinitionError, match='found "nearest"'):
        Rounding("each", 2, "nearest")  # type: ignore[arg-type]
