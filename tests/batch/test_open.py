"""How many values machine numbers leave open, on made-up departments and the framework of the catalogue that has every kind of condition."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pyarrow as pa

from perfeval import batch
from perfeval.loading import load_framework

SHARES = {
    "staff.actual": ("staff.quota", 0.7, 1.05),
    "three_public.budget": ("three_public.budget_last_year", 0.8, 1.1),
    "three_public.spent": ("three_public.budget", 0.5, 1.0),
    "spending.key_projects": ("spending.projects", 0.5, 1.0),
    "budget.executed": ("budget.approved", 0.85, 1.0),
    "operating.spent": ("operating.budget", 0.7, 1.1),
    "procurement.executed": ("procurement.budget", 0.6, 1.0),
    "assets.in_use": ("assets.total", 0.9, 1.0),
    "tasks.completed": ("tasks.planned", 0.8, 1.0),
    "tasks.on_time": ("tasks.planned", 0.8, 1.0),
    "tasks.qualified": ("tasks.planned", 0.8, 1.0),
    "key_tasks.completed": ("key_tasks.assigned", 0.8, 1.0),
    "carryover.total": ("budget.approved", 0.0, 0.2),
    "carryover.last_year": ("budget.approved", 0.0, 0.2),
    "budget.initial": ("budget.approved", 0.9, 1.0),
    "survey.satisfied": ("survey.valid", 0.8, 1.0),
}
COUNTED = ("staff.", "tasks.", "key_tasks.", "survey.", "special_funds.", "findings.")
SPARED = ("three_public.budget_last_year", "spending.projects", "procurement.budget")
WHOLE = {"special_funds.count": 4, "special_funds.late": 0, "findings.funds": 0, "key_tasks.assigned": 12}


def department(draw: Random, facts: tuple[str, ...]) -> dict[str, str]:
    """A department that nobody knows: one in twenty spends nothing on this or that."""
    row: dict[str, str] = {}
    for name in dict.fromkeys(whole for whole, *_ in SHARES.values()):
        if name.startswith(COUNTED):
            row[name] = str(draw.randint(5, WHOLE.get(name, 300)))
        else:
            row[name] = (
                str(Decimal(draw.randint(10**4, 2 * 10**6)) / 100)
                if name not in SPARED or draw.random() < 0.95
                else "0"
            )
    for name, (whole, low, high) in SHARES.items():
        part = Decimal(row[whole]) * Decimal(draw.uniform(low, high))
        row[name] = str(int(part)) if name.startswith(COUNTED) else f"{part:.2f}"
    for name in facts:
        if name.endswith(".level"):
            row[name] = "达成年度指标"
        elif name.endswith(".share"):
            row[name] = f"{draw.randint(80, 100)}%"
        elif name in WHOLE:
            row.setdefault(name, str(WHOLE[name]))
        elif name == "budget.adjustment":
            row[name] = draw.choice(["0", "0", "12.34"])
        elif name not in row:
            row[name] = "是" if draw.random() < 0.9 else "否"
    return row


def test_departments_of_the_catalogue_leave_less_than_one_value_in_a_hundred_open_and_none_is_scored_singly() -> None:
    scorer = batch.compile(load_framework("cn/mof-2013/department"))
    draw = Random(20261126)
    table = pa.Table.from_pylist([department(draw, scorer.reads) for _ in range(2000)])
    (rows,) = table.to_batches()
    scores, counts = scorer.counted(rows)
    assert scores["status"].value_counts().to_pylist() == [{"values": "scored", "counts": 2000}]
    assert len(set(scores["score"].to_pylist())) > 200
    assert 0 < counts.after_first < counts.values / 100
    assert counts.after_second == counts.singly == 0
