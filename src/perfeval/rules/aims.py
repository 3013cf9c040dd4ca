"""What a rule asks for, as a table has it in one cell (指标值): the target beside which full points are earned."""

from __future__ import annotations

from fractions import Fraction

from perfeval.quantity import Quantity, Sign, Target
from perfeval.rules.combined import BestOf, Rule
from perfeval.rules.counted import Schedule
from perfeval.rules.judged import Awarded, Panel, Rating
from perfeval.rules.measured import Bands, Completion, Deduct, Linear, YesNo

__all__ = ["aim", "aim_text", "is_judgement"]


def aim(rule: Rule, points: Fraction) -> Target | None:
    """The one target of a rule of an indicator worth `points`; None where there is none.

    Of bands it is the best one, of lines their best end, of deductions the line.
    """
    match rule:
        case Completion():
            return rule.target
        case Bands():
            aims = [each for each in rule.bands if each.target is not None]
            return max(aims, key=lambda each: each.award.of(points)).target if aims else None
        case Linear():
            (first, low), (last, high) = rule.through[0], rule.through[-1]
            if low.of(points) > high.of(points):
                return Target("≤", first)
            return Target("≥", last)
        case Deduct():
            lines: tuple[tuple[Sign, Quantity | None], ...] = (
                ("≤", rule.beyond),
                ("≥", rule.below),
                ("=", rule.either_side_of),
            )
            return next(Target(sign, line) for sign, line in lines if line is not None)
        case BestOf():
            return next((found for each in rule.alternatives if (found := aim(each.rule, points)) is not None), None)
        case _:
            return None


def aim_text(rule: Rule, points: Fraction) -> str:
    """What a rule of an indicator worth `points` asks for, in words: its target, or each checkpoint with its own; "" where there is nothing of the kind."""
    if isinstance(rule, Schedule):
        return "；".join(f"{each.at}：{each.reach}" for each in rule.by)
    if isinstance(rule, YesNo):
        return "是" if rule.when is None else ""
    found = aim(rule, points)
    return "" if found is None else str(found)


def is_judgement(rule: Rule) -> bool:
    """Whether somebody's judgement decides the points (定性), and no figure."""
    if isinstance(rule, BestOf):
        return any(is_judgement(each.rule) for each in rule.alternatives)
    return isinstance(rule, Rating | Awarded | Panel)
