"""What a rule asks for, in one cell of a table."""

from __future__ import annotations

import pytest
from one_indicator import TEN

from perfeval.quantity import target
from perfeval.rules import (
    Alternative,
    Awarded,
    Band,
    Bands,
    BestOf,
    Checklist,
    Checkpoint,
    Completion,
    Deduct,
    Formula,
    Item,
    Level,
    Linear,
    Panel,
    Rating,
    RollUp,
    Rule,
    Schedule,
    ShareOfItems,
    YesNo,
    aim,
    aim_text,
    is_judgement,
)

RATING = Rating((Level("达成", share="100%"), Level("未达成", share="0%")))
NOTHING: tuple[Rule, ...] = (
    RATING,
    Awarded(),
    Panel(("a", "b")),
    YesNo("a > 1"),
    Checklist((Item("a"),)),
    ShareOfItems(within="30%"),
    Formula("points"),
    RollUp(("a.toml",)),
)


@pytest.mark.parametrize(
    ("rule", "asks"),
    [
        (Completion("≥95%"), "≥95%"),
        (Completion("≤3次"), "≤3次"),
        (Bands((Band(10, "≥90%"), Band(8, "≥80%"))), "≥90%"),
        (Bands((Band("50%", "≥90%"), Band("80%", "≥80%"), Band("80%", "≥70%"))), "≥80%"),
        (Bands((Band(10, when="a"), Band(8, "≤3次"))), "≤3次"),
        # Of 10 points, 80% are more than 3 and fewer than 9.
        (Bands((Band("80%", "≥90%"), Band(3, "≥60%"))), "≥90%"),
        (Bands((Band("80%", "≥90%"), Band(9, "≥60%"))), "≥60%"),
        (Linear([["0次", 9], ["5次", "80%"]]), "≤0次"),
        (Linear([["0次", "80%"], ["5次", 9]]), "≥5次"),
        (Linear([["0次", "60%"], ["5次", "100%"]]), "≥5次"),
        (Linear([["0次", "100%"], ["5次", "60%"]]), "≤0次"),
        (Linear([["60%", 0], ["80%", 3], ["100%", 10]]), "≥100%"),
        (Linear([["0次", "100%"], ["5次", 0]]), "≤0次"),
        (Linear([["60%", 5], ["70%", 9], ["100%", 5]]), "≥100%"),
        (Deduct(beyond="100%", each="1%", minus=1, partial="up"), "≤100%"),
        (Deduct(below="95%", each="1%", minus=1, partial="up"), "≥95%"),
        (Deduct(either_side_of="100%", each="3%", minus=1, partial="down"), "=100%"),
        (BestOf((Alternative(YesNo("a")), Alternative(Completion("≥5人")), Alternative(Completion("≥9人")))), "≥5人"),
    ],
)
def test_a_rule_over_one_value_asks_for_what_earns_full_points(rule: Rule, asks: str) -> None:
    assert aim(rule, TEN) == target(asks)
    assert aim_text(rule, TEN) == asks


@pytest.mark.parametrize(
    "rule",
    [*NOTHING, Bands((Band(10, when="a"),)), BestOf((Alternative(YesNo("a")), Alternative(YesNo("b"))))],
    ids=lambda rule: str(rule.kind),
)
def test_a_rule_that_compares_nothing_asks_for_no_value(rule: Rule) -> None:
    assert aim(rule, TEN) is None
    assert aim_text(rule, TEN) == ""


def test_a_schedule_asks_for_each_checkpoint_and_a_yes_or_no_for_yes() -> None:
    schedule = Schedule((Checkpoint("6月底", "june", "≥50%"), Checkpoint("12月底", "december", "≥100%")))
    assert aim(schedule, TEN) is None
    assert aim_text(schedule, TEN) == "6月底：≥50%；12月底：≥100%"
    assert aim(YesNo(), TEN) is None
    assert aim_text(YesNo(), TEN) == "是"


def test_a_rating_points_entered_and_a_panel_are_judgements_alone_or_among_alternatives() -> None:
    assert [is_judgement(rule) for rule in NOTHING] == [True, True, True, *[False] * 5]
    measured = Alternative(Completion("≥5人"))
    assert is_judgement(BestOf((measured, Alternative(Awarded()))))
    assert not is_judgement(BestOf((measured, Alternative(YesNo("a")))))
