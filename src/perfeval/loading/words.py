"""What each key of the files means, in a few words, for editors that show it beside the key (docs/format.md in short)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from perfeval.errors import Message

__all__ = ["meaning"]


def meaning(of: str, key: str) -> Message:
    """What `key` means in a table of the kind `of` (the name of a class, or of a rule).

    Raises:
        KeyError: it is not said anywhere.
    """
    return _WORDS[of][key] if key in _WORDS.get(of, {}) else _EVERYWHERE[key]


_EVERYWHERE: Final[Mapping[str, Message]] = {
    "format": Message("文件格式，写 1", "the format of the file: 1"),
    "title": Message("名称", "its name"),
    "title_en": Message("英文名称", "its name in English"),
    "source": Message("出处", "where it is stated"),
    "note": Message("备注", "a remark"),
    "checks": Message("勾稽关系：事实之间应成立的关系", "relations that the facts must agree on"),
    "facts": Message("事实：数字、是/否或词，各带出处", "figures, yes/no and words, each with its source"),
    "include": Message("同一文件夹内的事实文件", "fact sheets inside this file's folder"),
    "assumed": Message("未公布而假定：写明依据", "not published: on what basis it is assumed"),
    "points": Message("分值", "the points it is worth"),
    "kind": Message("规则的种类", "which rule it is"),
    "severity": Message(
        "error：数字互相矛盾；warning：需要人问一句",
        "error: the figures contradict each other; warning: somebody must ask",
    ),
}

_NODE: Final[Mapping[str, Message]] = {
    "title": Message("指标名称", "the indicator's name"),
    "category": Message("指标类别；不写时同上级", "the category; by default that of the dimension above"),
    "points": Message("分值", "the points it is worth; of a dimension: checked against the sum below it"),
    "open": Message(
        "维度：评价文件可自设下级指标；指标：评价文件可补充规则与完成值",
        "a dimension: assessments add indicators below it; an indicator: they complete its rule and actual",
    ),
    "assumed": Message(
        "分值未公布：写明设定依据，对其下各级有效",
        "the points are not published: the basis; holds for everything below",
    ),
    "source": Message("分值或规则的出处", "where the points or the rule were found"),
    "remove": Message("删去所扩展体系的这一项", "drop this node of the framework that is extended"),
}

_REMARK: Final[Mapping[str, Message]] = {
    "stated": Message("公布表中的得分", "the score in the published table"),
    "stated_by": Message("各评分人的得分", "the scores of several raters, by name"),
    "reason": Message("失分或调整分值的原因", "why points were lost, or changed"),
    "evidence": Message("佐证材料", "documents that prove it"),
    "target_before": Message("年中调整前的指标值", "the target before it was changed within the year"),
}

_WORDS: Final[Mapping[str, Mapping[str, Message]]] = {
    "FRAMEWORK_TABLES": {
        "framework": Message(
            "指标体系本身：名称、出处、总分、等级", "the framework itself: name, origin, points, grades"
        ),
        "tree": Message("指标树：[tree.a.b] 即指标 a.b", "the tree: [tree.a.b] is the node a.b"),
        "facts": Message("事实的名称：规则用到的事实叫什么", "what the facts are called that the rules read"),
        "limits": Message(
            "一票否决：条件成立时总分或等级受限", "caps on the total or the grade when a condition holds"
        ),
        "adjustments": Message("指标树以外的加减分", "points beside the tree"),
    },
    "ASSESSMENT_TABLES": {
        "framework": Message(
            "指标体系：目录中的名称，或本文件夹内以 .toml 结尾的路径",
            "the framework: a name in the catalogue, or a path ending in .toml inside this folder",
        ),
        "subject": Message("评价对象与年度", "who or what is assessed, and for which year"),
        "published": Message("单位公布的结果", "what the unit disclosed"),
        "tree": Message(
            "自设指标，以及对指标的说明", "own indicators under open dimensions, and remarks on the others"
        ),
        "review": Message("对审核意见的处理", "what is said of the objections of a review"),
    },
    "Framework": {
        "id": Message("名称；在目录中即文件路径", "its name; in the catalogue, the file's path without .toml"),
        "title": Message("指标体系的名称", "the framework's title"),
        "issuer": Message("发文机关", "who issued it"),
        "document": Message("文号", "the document number"),
        "effective": Message("施行日期", "since when it holds"),
        "source": Message("分值与规则的出处", "where its points and rules were found"),
        "language": Message("输出语言", "the language of output when --lang is not given"),
        "points": Message("总分，默认 100", "what the indicators' points add up to, exactly; 100 by default"),
        "form": Message("所用的官方表样", "the official table it is handed in on"),
        "rounding": Message(
            "得分的修约；默认每项两位、四舍五入", "how scores are rounded; by default each, 2 places, half-up"
        ),
        "not_applicable": Message(
            "不适用的指标：折算、给满分或给零分", "what an indicator that does not apply does to the total"
        ),
        "extends": Message("所扩展的指标体系", "the framework that this one changes by path"),
        "assumed": Message("分值未公布：写明设定依据", "the points are not published: on what basis they were set"),
        "exceptions": Message("有意违反的规律（perfeval laws）", "laws of perfeval laws that are broken on purpose"),
        "grades": Message("等级，由高到低，最低从 0 起", "the grades, highest first; the last starts at 0"),
    },
    "Rounding": {
        "of": Message(
            "修约什么：完成率、每项得分、总分", "what is rounded: the completion rate, each score, the total"
        ),
        "places": Message("小数位数，0 至 6", "decimals kept, 0 to 6"),
        "mode": Message("half-up 即四舍五入", "half-up is away from zero at the tie"),
    },
    "Grade": {
        "name": Message("等级名称，如 优", "the grade's name"),
        "name_en": Message("英文名称", "its name in English"),
        "from": Message("最低得分（含）", "the lowest score that earns it, included"),
        "also": Message("同一等级的其他叫法", "other words for it"),
    },
    "Exemption": {
        "law": Message("规律的代号", "the law's code"),
        "reason": Message("理由，必填", "why it is broken; required"),
        "indicator": Message("指标路径或其上级；不写为全部", "a path, or one above; everywhere when left out"),
    },
    "Limit": {
        "when": Message("条件", "the condition"),
        "at_most": Message("条件成立时总分不高于", "the total is then no higher"),
        "grade_at_most": Message("条件成立时等级不高于", "the grade is then no better"),
    },
    "Adjustment": {
        "id": Message("代号", "its name in reports"),
        "award": Message("得分公式", "the points, a formula"),
        "at_least": Message("下限；扣分写负数", "the least; a penalty has a negative one"),
        "at_most": Message("上限", "the most"),
    },
    "AskedFact": {
        "title": Message("事实的名称", "what the fact is called"),
        "note": Message("口径说明", "what it counts, and what not"),
    },
    "Check": {
        "id": Message("代号，全文唯一", "names it in reports; once in an assessment"),
        "that": Message("应成立的关系，如 a == b + c", "the relation that must hold, such as a == b + c"),
        "tolerance": Message(
            "两侧允许相差多少；默认由小数位数定", "how far the sides may lie apart; by default from the decimals"
        ),
    },
    "Indicator": {
        **_NODE,
        **_REMARK,
        "rule": Message("赋分规则", "the scoring rule"),
        "actual": Message(
            "完成值公式；默认为与路径同名的事实", "the actual value, a formula; by default the fact named by the path"
        ),
        "applies": Message("适用条件", "when false the indicator does not apply"),
        "not_applicable": Message("不适用时如何处理", "what it does to the total when it does not apply"),
        "unit": Message("度量单位", "the unit of measurement"),
        "standard": Message("评价标准", "what counts as done"),
        "bonus_up_to": Message("可超出本身分值的加分", "points the rule may earn above its own"),
        "better": Message("完成值越高越好还是越低越好", "which actual value earns more"),
    },
    "Dimension": {
        **_NODE,
        **_REMARK,
        "adjustable": Message("评价文件可调整其分值", "assessments may set other points here, with a reason"),
        "requires": Message("前置条件：不成立时其下均不得分", "a gate: when false everything below earns nothing"),
        "split": Message("分值由其下指标平分", "the points are divided equally among the indicators"),
        "scale": Message("其下分值合计", "what the points below add up to"),
        "weight": Message("占总分的百分比", "the share of the framework's points it counts for"),
    },
    "Remark": _REMARK,
    "Subject": {
        "kind": Message("项目或部门", "a project or a department"),
        "name": Message("项目名称", "the project's name"),
        "unit": Message("单位名称", "the unit's name"),
        "year": Message("年度", "the year"),
    },
    "Published": {
        "score": Message("公布的得分", "the score disclosed"),
        "grade": Message("公布的等级", "the grade disclosed"),
        "problems": Message("报告所列存在问题", "what the report names as problems"),
    },
    "Review": {"accepted": Message("已知并接受的审核意见", "objections that are known and stand")},
    "Accepted": {
        "code": Message("审核意见的代号", "the objection's code"),
        "reason": Message("接受的理由，必填", "why it is accepted; required"),
        "indicator": Message("指标路径或其上级；不写为全部", "a path, or one above; everywhere when left out"),
    },
    "Entry": {
        "value": Message(
            "出处中的数字、是/否或日期；空为尚不知道", "the figure as written in the source; empty: not known yet"
        ),
        "choice": Message("几个词中的一个", "one of several words"),
        "level": Message("评判等级", "a rater's level, for a rating rule"),
        "share": Message("评定比例，如 90%", "a rater's share inside the level, such as 90%"),
        "formula": Message("由其他事实推算的公式", "derived from other facts"),
        "unit": Message("单位另列一栏时的单位", "the unit, when it stands in a column of its own"),
        "assumed": Message("任何地方都没有写：写明假定的依据", "stated nowhere: on what basis it is assumed"),
        "stated": Message("同一事实写在几处", "the same fact stated in several places"),
        "between": Message(
            "最低与最高，不知道的一端留空", "the lowest and the highest it can be, an end not known empty"
        ),
    },
    "Stated": {
        "value": Message("该处的数字", "the figure as stated there"),
        "choice": Message("该处的词", "the word stated there"),
        "used": Message("计分所用的一处", "the one that the score uses"),
    },
    # The rules.
    "completion": {
        "target": Message("指标值，如 ≥95%", "what counts as done, such as ≥95%"),
        "zero_below": Message("完成率低于此不得分", "a completion under this share earns nothing"),
        "scale_from": Message("从此完成率起按比例得分", "points in proportion from this completion on"),
        "decline": Message("≤ 指标未达成时如何折算", "how a ≤ target that is missed is scaled"),
        "over": Message("超额完成过多时如何扣分", "what a completion far beyond the target costs"),
    },
    "Over": {
        "beyond": Message("超过此完成率", "the completion above which it happens"),
        "share": Message("此时所得比例", "the share of the points then earned"),
        "at_least": Message("扣到此比例为止", "the share below which taking off stops"),
    },
    "yes-no": {"when": Message("条件；默认为完成值", "the condition; by default the actual value")},
    "bands": {
        "bands": Message('各档，如 [["≥95%", 10], ["≥90%", 7]]', 'tried in order, such as [["≥95%", 10], ["≥90%", 7]]'),
        "otherwise": Message("都不成立时的得分", "what is earned when none holds"),
    },
    "Band": {
        "target": Message("与完成值的比较", "a comparison with the actual value"),
        "when": Message("自己的条件", "a condition of its own"),
        "award": Message("得分或占分值的比例", "points, or a share of them"),
    },
    "linear": {
        "through": Message("各点 [完成值, 得分]，依次增大", "points [actual, award], the actual values increasing")
    },
    "deduct": {
        "beyond": Message("高于此值扣分", "points off above this"),
        "below": Message("低于此值扣分", "points off below this"),
        "either_side_of": Message("偏离此值扣分", "points off on either side of this"),
        "each": Message("每一步的大小", "the size of a step"),
        "minus": Message("每一步扣多少", "what a step costs"),
        "partial": Message(
            "不足一步：算一步、不算、按比例", "a started step counts whole, not at all, or in proportion"
        ),
        "at_most": Message("至多扣多少", "what may be taken off altogether"),
    },
    "checklist": {
        "items": Message("各要素", "the items"),
        "all_or_nothing": Message("有一项不成立即不得分", "one item that does not hold takes everything"),
    },
    "Item": {
        "when": Message("条件", "the condition"),
        "points": Message("该项分值；都不写时平分", "what it earns; equal parts when none says"),
    },
    "share-of-items": {
        "items": Message("要计数的指标", "the targets that are counted"),
        "within": Message("两侧允许偏离的比例", "by how much of the target the actual value may miss it"),
        "below": Message("允许低于的比例", "by how much it may fall short"),
        "above": Message("允许高于的比例", "by how much it may go beyond"),
    },
    "CountedItem": {
        "actual": Message("完成值公式", "its actual value, a formula"),
        "target": Message("指标值公式", "its target, a formula"),
    },
    "schedule": {
        "by": Message("各时点", "the checkpoints"),
        "minus": Message("每次未达扣多少", "what each missed one costs"),
        "pro_rata": Message("未达时按比例得分", "a missed checkpoint earns in proportion"),
    },
    "Checkpoint": {
        "at": Message("日期，供人看", "the date, for people"),
        "actual": Message("该日的进度", "the progress at that date"),
        "reach": Message("应达到的进度", "what it should have been"),
    },
    "rating": {"levels": Message("评判等级", "the levels; their ranges do not overlap")},
    "Level": {
        "name": Message("评分人选的词", "the word a rater chooses"),
        "name_en": Message("英文名称", "its name in English"),
        "from": Message("比例下限（含）", "the least share, included"),
        "to": Message("比例上限", "the largest share, included only in the highest level"),
        "share": Message("固定比例", "a fixed share, instead of a range"),
    },
    "formula": {
        "award": Message("得分公式，可用 points 与 actual", "the points, a formula; points and actual may stand in it")
    },
    "awarded": {},
    "best-of": {"alternatives": Message("取得分最高的一种", "rules of which the best counts")},
    "Alternative": {
        "actual": Message("自己的完成值", "its own actual value"),
        "applies": Message("自己的条件", "its own condition"),
    },
    "panel": {
        "raters": Message("各评委的打分", "one formula for each rater's mark"),
        "drop_extremes": Message("去掉一个最高分和一个最低分", "leave out one highest and one lowest mark"),
        "out_of": Message("满分；默认为该指标分值", "the full mark; by default the indicator's points"),
    },
    "roll-up": {
        "of": Message("汇总的评价文件", "the assessments, as paths"),
        "weight": Message("作权重的事实；默认相同", "a fact of each that it weighs by; by default all weigh alike"),
    },
}
