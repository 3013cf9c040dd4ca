"""Words by which an indicator says what it is about; each list is in docs/review.md."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from perfeval.objections.case import Row

__all__ = [
    "CHANGES",
    "COMPLAINTS",
    "COSTS",
    "GROWTH",
    "LIMITED",
    "NATURE",
    "NO_SHARES",
    "PERSONNEL",
    "RAISED",
    "RATES",
    "RESPONDENTS",
    "SATISFIED",
    "SAVED",
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

GROWTH: Final = ("提高", "提升", "增长", "增幅", "增加", "上升", "幅度", "growth", "increase", "improvement")
"""By how much something rose, which may be more than it was."""

CHANGES: Final = (
    *("减少", "减幅", "下降", "降低", "变化", "变动", "差", "净"),
    *("decrease", "decline", "change", "difference", "net "),
)
"""By how much something is more or less than another, which may be negative."""

WANTED: Final = (
    *("建设", "新建", "改造", "修建", "安装", "培训", "开展", "发放", "资助", "补助", "完成", "种植", "植树", "安置"),
    *("built", "build", "planted", "trained", "installed", "completed"),
)
"""Things that are to be done: more of them is better."""

LIMITED: Final = (
    *("控制", "压减", "不超过", "超标", "事故", "投诉", "缺陷", "违规", "差错", "延误", "流失", "下降", "减少"),
    *("不合格", "不达标", "偏差", "误差", "时长", "时间", "周期", "用时", "人均", "平均", "日均"),
    *(
        "超支",
        "超期",
        "逾期",
        "错误",
        "遗漏",
        "漏",
        "未",
        "故障",
        "隐患",
        "返工",
        "缺勤",
        "辍学",
        "死亡",
        "伤亡",
        "损失",
    ),
    *("失败", "退回", "会议", "接待", "出国", "用地", "占地", "能耗", "排放", "坡度"),
    *(
        "limit",
        "accident",
        "complaint",
        "defect",
        "error",
        "fail",
        "loss",
        "meeting",
        "reduc",
        "delay",
        "time",
        "average",
    ),
)
"""Things that are to stay few, or small."""

TIMES: Final = ("年", "个月", "周", "天", "日", "工作日", "小时", "分钟")
"""Units of time, of which less is better in what is to be done."""

SPENDING: Final = ("成本", "投资", "支出", "费用", "经费", "造价", "cost", "expense", "spending", "investment")
"""What is spent: less of it is better."""

SAVED: Final = (
    *("节约", "节省", "降低", "减少", "压减", "压缩", "下降", "核减", "带动", "撬动", "吸引", "争取"),
    *("saved", "saving", "reduc", "attracted"),
)
"""What is not spent, or comes from others: more of it is better."""

RAISED: Final = (
    *("贷款", "融资", "担保", "引资", "招商", "争取", "投资", "募集", "捐", "税", "收入", "征收", "收缴", "追缴"),
    *("追回", "清欠", "交易", "销售", "产值", "理赔", "赔付", "loan", "investment", "raised", "revenue", "sales"),
)
"""Money that is a result in itself, and not what the project was given."""

COSTS: Final = ("成本", "造价", "节约资金", "费用", "cost")
"""Money spent, which is no benefit to nature."""

NATURE: Final = ("生态", "环境", "污染", "能源", "能耗", "environment", "pollution", "energy")
"""Whose cost is nature's."""

COMPLAINTS: Final = ("投诉", "信访", "上访", "举报", "complaint")
"""What dissatisfaction is counted by, without asking anybody."""

SATISFIED: Final = ("满意度", "满意率", "satisfaction")
"""Satisfaction, which has a first level of its own."""

RATES: Final = ("率", "满意度", " rate", "satisfaction")
"""What is given in percent."""

NO_SHARES: Final = ("频率", "功率", "汇率", "倍率", "流率", "速率")
"""What ends in 率 and has a unit of its own."""

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

_CONTACTS: Final = ("测评", "评议", "回访", "访谈", "走访", "interview", "poll")
"""Ways of asking people, which also name a unit's own work: they count in what is said of a survey, not in the name of a fact."""

RESPONDENTS: Final = ("人", "份", "户", "名", "位", "家", "人次", "people", "households", "answers", "questionnaires")
"""Units in which those who were asked are counted."""

_SATISFIED_ONLY: Final = re.compile(r"满意(?:的)?(?:人|份|户)数|satisfied\b")
_NUMBER: Final = re.compile(r"[数量](?:$| )|(?:\b|_)(?:valid|size|number|sample|respondents|answers|questionnaires)\b")
_HOW_MANY: Final = re.compile(
    r"\d\s*(?:多|余)?\s*(?:人|份|张|户|名|位|家|个样本|people|households|answers|questionnaires|respondents)"
    r"|(?:样本量?|样本数|有效份数|sample(?: size)?)\s*(?:为|of|[:：])?\s*\d+(?![\d年月.%％])"
)
_NOT_VAGUE: Final = re.compile(
    r"可持续|(?:有效|持续|适当)性|持续时间"
    r"|有效(?:期|调查|问卷|样本|投诉|信访|证|票|凭证|合同|专利|发明|灌溉|面积)"
    r"|(?:显著|明显)(?:位置|标识|标志|标牌)|不断(?:水|电|供|档|流|网|链|药|粮|气)|良好(?:农业|生产|操作)规范"
    r"|cost-effective|effective (?:date|period)|further education|insignificant"
)
"""Words in which a vague one means something of its own."""


def has_any(row: Row, words: Iterable[str]) -> bool:
    """Whether the title has any of `words`."""
    title = f"{row.title.zh} {row.title.en}".lower()
    return any(word in title for word in words)


def ends_with(row: Row, words: Iterable[str]) -> bool:
    """Whether the title in either language ends with any of `words`."""
    return any(title.rstrip("（）()% ").lower().endswith(tuple(words)) for title in (row.title.zh, row.title.en))


def vague_words(text: str) -> tuple[str, ...]:
    """The vague words in `text`."""
    rest = _NOT_VAGUE.sub(" ", text.lower())
    return tuple(word for word in VAGUE if word in rest)


def asks_people(text: str) -> bool:
    """Whether `text` speaks of a survey."""
    return any(word in text.lower() for word in SURVEY)


def tells_survey_size(text: str) -> bool:
    """Whether `text` speaks of a survey and of how many were asked, such as 入户问卷200份."""
    asked = asks_people(text) or any(word in text.lower() for word in _CONTACTS)
    return asked and _HOW_MANY.search(text.lower()) is not None


def counts_the_satisfied(text: str) -> bool:
    """Whether a count called `text` is of those who were satisfied, and not of all who were asked."""
    return _SATISFIED_ONLY.search(text.lower()) is not None


def names_a_number(text: str) -> bool:
    """Whether `text` says that what it names is a number of things, such as 有效问卷数."""
    return _NUMBER.search(text.lower()) is not None
