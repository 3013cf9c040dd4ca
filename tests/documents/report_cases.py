"""What the tests of documents share: the examples, a small assessment of known figures, and the texts of a report."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from docs_text import ROOT
from every_rule import framework
from perfeval import Assessment, Dimension, Fact, FactSheet, Indicator, Published, Remark, Subject, quantity, target
from perfeval.documents.outline import Heading, Narrative
from perfeval.errors import Language
from perfeval.expr.parse import parse
from perfeval.framework import Adjustment, Limit
from perfeval.rules import Awarded, Completion, YesNo

EXAMPLES = sorted(
    path
    for folder in ("panzhihua-dongqu-2023", "published")
    for path in (ROOT / "examples" / folder).glob("*.toml")
    if path.name not in ("facts.toml", "checks.toml")
)
LANGUAGES: tuple[Language, Language] = ("zh", "en")


def label(path: Path) -> str:
    """A file's name in the list of tests."""
    return path.stem


def small(
    approved: str = "730元",
    executed: str = "365元",
    *,
    kind: str = "project",
    title: str = "路灯",
    reason: str = "",
    unit: str = "某局",
    name: str = "某项目",
) -> Assessment:
    """A budget executed in part, lamps of which some stand, and something nobody has rated yet."""
    execution = Indicator(
        "execution",
        "预算执行率",
        Completion(target("≥100%")),
        Fraction(20),
        parse("budget.executed / budget.approved"),
        title_en="Budget execution",
        category="management",
    )
    lamps = Indicator(
        "lamps", title, Completion(target("≥17盏")), Fraction(50), parse("lamps.standing"), category="output.quantity"
    )
    opened = Indicator("opened", "已通车", YesNo(), Fraction(10), parse("road.opened"), category="output.timeliness")
    judged = Indicator("content", "满意度", Awarded(), Fraction(20), parse("people.content"), category="satisfaction")
    tree = framework(
        execution, Dimension("output", "产出指标", (Dimension("all", "全部产出", (lamps, opened)),)), judged
    )
    facts = FactSheet(
        {
            "budget.approved": Fact("budget.approved", quantity(approved), source="批复"),
            "budget.executed": Fact("budget.executed", quantity(executed), source="决算"),
            "lamps.standing": Fact("lamps.standing", quantity("13盏"), assumed="未见验收单", title="建成路灯"),
            "road.opened": Fact("road.opened", True, title="道路已通车"),
        }
    )
    return Assessment(
        tree,
        facts,
        Subject("department" if kind == "department" else "project", name, unit, 2031),
        Published(quantity(64), source="网页"),
        {"output.all.lamps": Remark(reason=reason), "execution": Remark(stated=Fraction(11))},
    )


def beside_the_tree(bad_news: str = "0", misused: bool = False) -> Assessment:
    """75.7 of the 92 points that apply, points beside the tree, and a limit: the total is not the sum."""
    houses = Indicator("houses", "改造户数", Awarded(), Fraction(80), parse("houses.score"), category="output.quantity")
    living = Indicator("living", "人居环境", Awarded(), Fraction(12), parse("living.score"), category="benefit.social")
    reuse = Indicator(
        "reuse",
        "资源化利用",
        Awarded(),
        Fraction(8),
        parse("reuse.score"),
        category="benefit.ecological",
        applies=parse("village.plant"),
    )
    tree = framework(
        houses,
        Dimension("benefit", "效益", (living, reuse)),
        adjustments=(
            Adjustment("praise", "表彰加分", "praise.times * 1", at_most=3, title_en="Praise"),
            Adjustment("media", "负面舆情扣分", "0 - 2 * media.bad", at_least=-4, title_en="Bad news"),
        ),
        limits=(Limit("套取资金", "misuse", "Misuse of funds", at_most="59.9"),),
    )
    return Assessment(
        tree,
        {
            "houses.score": quantity("65.5分"),
            "living.score": quantity("10.2分"),
            "village.plant": False,
            "praise.times": quantity("1"),
            "media.bad": quantity(bad_news),
            "misuse": misused,
        },
    )


def texts(report: Narrative, language: Language) -> Iterator[str]:
    """Every text of a report but the numbers of its headings."""
    for block in (*report.title, *report.body):
        yield block.title.to(language) if isinstance(block, Heading) else block.to(language)
    for table in report.annexes:
        yield table.title.to(language)
        for column in table.columns:
            yield column.title.to(language)
        for row in table.rows:
            yield from (cell.to(language) for cell in row.cells)
        yield from (note.to(language) for note in table.notes)
