"""Words by which an indicator says what it is about; each list is in docs/review.md."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from perfeval.objections.case import Row

__all__ = [
    "COSTS",
    "LIMITED",
    "PERSONNEL",
    "RATES",
    "RESPONDENTS",
    "SATISFIED",
    "SHARES",
    "SPENDING",
    "SURVEY",
    "TIMES",
    "VAGUE",
    "WANTED",
    "asks_people",
    "counts_the_satisfied",
    "ends_with",
    "has_any",
    "names_a_number",
    "tells_survey_size",
    "vague_words",
]

SHARES: Final = (
    *("合格率", "达标率", "通过率", "覆盖率", "及时率", "准确率", "成活率", "满意度", "满意率", "参保率", "普及率"),
    *("pass rate", "share of", "coverage", "satisfaction"),
)
"""Rates that are a part of a whole, and cannot pass 100%."""

WANTED: Final = (
    *("建设", "新建", "改造", "修建", "安装", "培训", "开展", "发放", "资助", "补助", "完成", "种植", "植树", "安置"),
    *("built", "build", "planted", "trained", "installed", "completed"),
)
"""Things that are to be done: more of them is better."""

LIMITED: Final = (
    *("控制", "压减", "不超过", "超标", "事故", "投诉", "缺陷", "违规", "差错", "延误", "流失", "下降", "减少"),
    *("不合格", "偏差", "误差", "时长", "时间", "周期", "人均", "平均"),
    *("limit", "accident", "complaint", "defect", "error", "reduc", "delay", "time", "average"),
)
"""Things that are to stay few."""

TIMES: Final = ("年", "个月", "周", "天", "日", "工作日", "小时", "分钟")
"""Units of time, of which less is better in what is to be done."""

SPENDING: Final = ("成本", "投资", "支出", "费用", "经费", "造价", "cost", "expense", "spending", "investment")
"""What is spent: less of it is better."""

COSTS: Final = ("成本", "造价", "节约资金", "费用", "cost")
"""Money spent, which is no benefit to nature."""

SATISFIED: Final = ("满意度", "满意率", "satisfaction")
"""Satisfaction, which has a first level of its own."""

RATES: Final = ("率", "满意度", " rate", "satisfaction")
"""What is given in percent."""

VAGUE: Final = (
    *(
        "较好",
        "良好",
        "进一步",
        "有所",
        "显著",
        "明显",
        "有效",
        "持续",
        "稳步",
        "不断",
        "大力",
        "逐步",
        "适当",
        "一定程度",
    ),
    *("significant", "noticeable", "effective", "further", "steadily"),
)
"""Words that no two raters read alike."""

PERSONNEL: Final = ("工资", "人员经费", "津贴", "公积金", "社会保险缴费", "salar", "wages")
"""Projects that pay staff at set rates, whose cost is not theirs to control."""

SURVEY: Final = (
    *("问卷", "样本", "调查", "抽样", "受访", "测评人数", "有效份数"),
    *("survey", "sample", "questionnaire", "respondent"),
)
"""Words that speak of asking people."""

RESPONDENTS: Final = ("人", "份", "户", "名", "位", "家", "人次", "people", "households", "answers", "questionnaires")
"""Units in which those who were asked are counted."""

_SATISFIED_ONLY: Final = re.compile(r"满意(?:的)?(?:人|份|户)数|satisfied\b")
_NUMBER: Final = re.compile(r"[数量](?:$| )|(?:\b|_)(?:valid|size|number|sample|respondents|answers|questionnaires)\b")
_HOW_MANY: Final = re.compile(
    r"\d\s*(?:多|余)?\s*(?:人|份|户|名|位|家|people|households|answers|questionnaires|respondents)"
)
_NOT_VAGUE: Final = ("可持续", "有效期", "有效调查", "有效问卷", "有效投诉")


def has_any(row: Row, words: Iterable[str]) -> bool:
    """Whether the title has any of `words`."""
    title = f"{row.title.zh} {row.title.en}".lower()
    return any(word in title for word in words)


def ends_with(row: Row, words: Iterable[str]) -> bool:
    """Whether the title in either language ends with any of `words`."""
    return any(title.rstrip("（）()% ").lower().endswith(tuple(words)) for title in (row.title.zh, row.title.en))


def vague_words(text: str) -> tuple[str, ...]:
    """The vague words in `text`."""
    rest = text.lower()
    for word in _NOT_VAGUE:
        rest = rest.replace(word, " ")
    return tuple(word for word in VAGUE if word in rest)


def asks_people(text: str) -> bool:
    """Whether `text` speaks of a survey."""
    return any(word in text.lower() for word in SURVEY)


def tells_survey_size(text: str) -> bool:
    """Whether `text` speaks of a survey and of how many were asked, such as 入户问卷200份."""
    return asks_people(text) and _HOW_MANY.search(text.lower()) is not None


def counts_the_satisfied(text: str) -> bool:
    """Whether a count called `text` is of those who were satisfied, and not of all who were asked."""
    return _SATISFIED_ONLY.search(text.lower()) is not None


def names_a_number(text: str) -> bool:
    """Whether `text` says that what it names is a number of things, such as 有效问卷数."""
    return _NUMBER.search(text.lower()) is not None
