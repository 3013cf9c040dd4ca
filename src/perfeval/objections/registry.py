"""Every kind of objection, in the order of docs/review.md. A new one is added here and in `perfeval.codes`."""

from __future__ import annotations

from typing import Final

from perfeval.errors import Message
from perfeval.objections.evidence import (
    accepted_without_cause,
    assumed_points,
    facts_without_source,
    negative_count,
    one_fact_many_points,
    one_loss_twice,
    satisfaction_without_survey,
)
from perfeval.objections.execution import (
    budget_adjusted,
    execution_low,
    execution_over_100,
    execution_points,
    execution_score,
    spending_against_results,
)
from perfeval.objections.found import Kind
from perfeval.objections.indicators import (
    bare_rate,
    cost_missing,
    heavy_indicator,
    mixed_money_units,
    no_quantitative_output,
    vague_indicator,
    wrong_category,
    year_mismatch,
)
from perfeval.objections.reasons import all_ratings_top, full_marks_beside_problems, idle_reason, lost_without_reason
from perfeval.objections.scores import (
    row_in_error,
    score_rounded,
    stated_above_points,
    stated_not_applicable,
    stated_off_rule,
    stated_outside_level,
    target_met_points_lost,
    target_missed_full_points,
    unequal_treatment,
)
from perfeval.objections.targets import (
    actual_copies_target,
    actual_is_words,
    all_actuals_equal,
    no_actual,
    over_completion,
    rate_above_100,
    sign_contradicts,
    target_changed,
    weight_as_value,
)
from perfeval.objections.totals import (
    bare_total,
    far_from_published,
    grade_mismatch,
    level_sum,
    points_not_100,
    published_blank,
    raters_far_apart,
    score_missing,
    stated_sum,
    total_off_rule,
)

__all__ = ["OBJECTIONS", "kind_of_code"]

OBJECTIONS: Final[tuple[Kind, ...]] = (
    Kind(
        "stated-sum",
        "error",
        Message("各项得分之和不等于公布总分", "item scores do not add up to the published total"),
        Message("更正各项得分或总分", "correct the item scores or the total"),
        stated_sum,
    ),
    Kind(
        "level-sum",
        "error",
        Message("一、二级指标得分不等于其下各项之和", "the score of a dimension is not the sum below it"),
        Message("更正该级得分或其下各项得分", "correct the score of the dimension or of its items"),
        level_sum,
    ),
    Kind(
        "score-missing",
        "warning",
        Message("得分一格为空", "a score is left empty"),
        Message("补填该项得分，核对总分", "fill in the score, and check the total"),
        score_missing,
    ),
    Kind(
        "points-not-100",
        "warning",
        Message("分值合计不是100分", "the points do not add up to 100"),
        Message(
            "核对各级分值；指标体系确为其他满分的，说明依据",
            "check the points; where the system has another scale, say which document sets it",
        ),
        points_not_100,
    ),
    Kind(
        "stated-above-points",
        "error",
        Message("得分超过分值", "a score above the points"),
        Message(
            "按分值上限更正得分；有加分规定的在 bonus_up_to 中写明",
            "cut the score to the points; where a bonus is provided for, write bonus_up_to",
        ),
        stated_above_points,
    ),
    Kind(
        "stated-not-applicable",
        "error",
        Message("不适用的指标却有得分", "a score for an indicator that does not apply"),
        Message(
            "取消该项得分；确属适用的，更正 applies 所依据的事实",
            "take the score off; where it does apply, correct the fact that applies rests on",
        ),
        stated_not_applicable,
    ),
    Kind(
        "target-met-points-lost",
        "warning",
        Message("已达指标值却扣分，没有说明", "points lost though the target was met"),
        Message("写明扣分原因，或按规则给满分", "give the reason, or the full points"),
        target_met_points_lost,
    ),
    Kind(
        "target-missed-full-points",
        "error",
        Message("未达指标值却得满分", "full points though the target was missed"),
        Message("按规则更正得分并说明偏差原因", "score it by the rule and explain the shortfall"),
        target_missed_full_points,
    ),
    Kind(
        "stated-outside-level",
        "error",
        Message("得分与评定等级的区间不符", "the score does not lie in the range of the level rated"),
        Message("更正评定等级或得分", "correct the level or the score"),
        stated_outside_level,
    ),
    Kind(
        "stated-off-rule",
        "warning",
        Message("得分与规则计算不符", "the score is not what the rule gives"),
        Message("按规则更正得分，或说明为何另行扣分", "score it by the rule, or say why fewer points were taken"),
        stated_off_rule,
    ),
    Kind(
        "score-rounded",
        "note",
        Message("得分取整与规定小数位不同", "the score is rounded to fewer places than the framework's"),
        Message("按指标体系规定的小数位保留", "keep the decimals the framework asks for"),
        score_rounded,
    ),
    Kind(
        "unequal-treatment",
        "warning",
        Message("完成率相近而得分比例悬殊", "nearly the same completion, clearly different scores"),
        Message("统一计分尺度，或说明差别的理由", "score them alike, or say what makes the difference"),
        unequal_treatment,
    ),
    Kind(
        "row-in-error",
        "error",
        Message("指标无法按规则计分", "an indicator cannot be scored"),
        Message("按提示更正完成值的单位或等级", "correct the unit or level as the message says"),
        row_in_error,
    ),
    Kind(
        "far-from-published",
        "error",
        Message("公布总分与按规则计算相差悬殊", "the published total is far from what the rules give"),
        Message("逐项核对得分，重新公布", "check every score and publish again"),
        far_from_published,
    ),
    Kind(
        "total-off-rule",
        "warning",
        Message("公布总分与按规则计算不一致", "the published total is not what the rules give"),
        Message("核对相差的项目", "find the items that differ"),
        total_off_rule,
    ),
    Kind(
        "raters-far-apart",
        "warning",
        Message("自评与复核等各方评分相差悬殊", "raters are far apart"),
        Message("逐项核对分歧，说明采用哪一方的得分", "go through the rows they differ on, and say whose score stands"),
        raters_far_apart,
    ),
    Kind(
        "grade-mismatch",
        "error",
        Message("等级与总分不符", "the grade does not go with the total"),
        Message("按总分更正等级", "give the grade that the total earns"),
        grade_mismatch,
    ),
    Kind(
        "bare-total",
        "warning",
        Message("只有总分，没有各项得分", "a total without item scores"),
        Message("补充公布评分表", "publish the table of items"),
        bare_total,
    ),
    Kind(
        "published-blank",
        "error",
        Message("公开的表未填写", "the published table is blank"),
        Message("补填完成值与得分后重新公开", "fill in actual values and scores and publish again"),
        published_blank,
    ),
    Kind(
        "execution-score",
        "error",
        Message("预算执行率得分与规则不符", "the execution score is not what its rule gives"),
        Message("按执行率乘以分值更正", "correct it to the rate times the points"),
        execution_score,
    ),
    Kind(
        "execution-over-100",
        "warning",
        Message("预算执行率超过100%，没有说明", "an execution rate above 100% without a reason"),
        Message("核对调整后预算数；确有超支的说明原因", "check the adjusted budget; where it was overspent, say why"),
        execution_over_100,
    ),
    Kind(
        "execution-low",
        "warning",
        Message("预算执行率偏低，没有说明", "a low execution rate without a reason"),
        Message("在预算执行率一行填写原因", "write the reason at the execution rate"),
        execution_low,
    ),
    Kind(
        "execution-points",
        "note",
        Message("预算执行率分值不合常规", "unusual points for the execution rate"),
        Message("核对表样；另有规定的注明文号", "check the form; where another document sets them, name it"),
        execution_points,
    ),
    Kind(
        "budget-adjusted",
        "warning",
        Message("年中调整预算，没有说明理由", "the budget was changed within the year without a reason"),
        Message("在预算执行率一行说明追加或调减的理由", "say at the execution rate why it was raised or cut"),
        budget_adjusted,
    ),
    Kind(
        "spending-against-results",
        "warning",
        Message("支出进度与产出完成情况不相称", "spending and outputs do not go together"),
        Message("说明资金与产出不同步的原因", "explain why money and outputs differ"),
        spending_against_results,
    ),
    Kind(
        "no-actual",
        "error",
        Message("没有完成值却有得分", "points without an actual value"),
        Message("补填完成值，或取消该项得分", "give the actual value, or take the points off"),
        no_actual,
    ),
    Kind(
        "actual-is-words",
        "error",
        Message("定量指标的完成值填成文字", "a word for the actual value of a measured indicator"),
        Message("填实际完成的数值", "write the figure that was reached"),
        actual_is_words,
    ),
    Kind(
        "actual-copies-target",
        "error",
        Message("完成值照抄指标值", "the actual value copies the target"),
        Message("填实际完成的数值，不带比较符号", "write the figure that was reached, without a sign"),
        actual_copies_target,
    ),
    Kind(
        "rate-above-100",
        "error",
        Message("比率超过100%", "a share above 100%"),
        Message("核对分子分母", "check what was divided by what"),
        rate_above_100,
    ),
    Kind(
        "negative-count",
        "warning",
        Message("数量为负", "a count below nothing"),
        Message(
            "更正数值；确为增减数的，在名称中写明",
            "correct the figure; where it is by how much something changed, say so in its title",
        ),
        negative_count,
    ),
    Kind(
        "sign-contradicts",
        "warning",
        Message("比较符号与指标方向相反", "the sign contradicts the indicator"),
        Message("更正指标性质（≥、≤、=）", "correct the sign (≥, ≤, =)"),
        sign_contradicts,
    ),
    Kind(
        "over-completion",
        "warning",
        Message("超额完成过多，没有说明", "the target was passed by far without a word on it"),
        Message(
            "说明超额原因；指标值定低的，下年据实调整",
            "say why; where the target was too low, set the next one by what was reached",
        ),
        over_completion,
    ),
    Kind(
        "all-actuals-equal",
        "note",
        Message("完成值全部等于指标值", "every actual value equals its target"),
        Message("备好各项完成值的原始凭证", "have the records of each actual value at hand"),
        all_actuals_equal,
    ),
    Kind(
        "weight-as-value",
        "warning",
        Message("指标值填成分值", "the points stand for targets"),
        Message("填年度指标值及其单位", "write the targets, with their units"),
        weight_as_value,
    ),
    Kind(
        "target-changed",
        "warning",
        Message("年中调整指标值，没有说明理由", "a target was changed within the year without a reason"),
        Message("写明调整理由和批复", "give the reason and who approved it"),
        target_changed,
    ),
    Kind(
        "wrong-category",
        "warning",
        Message("指标归类不当", "an indicator under the wrong second level"),
        Message("移到相应的二级指标下", "move it to the second level it belongs to"),
        wrong_category,
    ),
    Kind(
        "vague-indicator",
        "note",
        Message("定性指标无法衡量", "a judged indicator that cannot be measured"),
        Message("写明可核查的标准", "write a standard that can be checked"),
        vague_indicator,
    ),
    Kind(
        "bare-rate",
        "note",
        Message("比率未写百分号", "a rate without a percent sign"),
        Message("指标值与完成值都写上“%”", "write % with target and actual value"),
        bare_rate,
    ),
    Kind(
        "no-quantitative-output",
        "warning",
        Message("产出没有定量指标", "no measured output"),
        Message("至少设一项有数值的产出指标", "set at least one output indicator with a figure"),
        no_quantitative_output,
    ),
    Kind(
        "cost-missing",
        "note",
        Message("项目没有成本指标", "a project without an indicator of cost"),
        Message("补设成本指标，或说明不设的理由", "add an indicator of cost, or say why there is none"),
        cost_missing,
    ),
    Kind(
        "heavy-indicator",
        "note",
        Message("单项指标分值过重", "one indicator holds too many points"),
        Message("拆分指标或降低分值", "split the indicator or lower its points"),
        heavy_indicator,
    ),
    Kind(
        "mixed-money-units",
        "note",
        Message("金额单位不统一", "money in different units"),
        Message("全表统一用万元或元", "use one unit throughout"),
        mixed_money_units,
    ),
    Kind(
        "year-mismatch",
        "note",
        Message("名称年份与评价年度不同", "the name says another year"),
        Message("核对年度；跨年项目请注明", "check the year; note it where a project runs over several"),
        year_mismatch,
    ),
    Kind(
        "lost-without-reason",
        "warning",
        Message("失分没有说明原因", "points lost without a reason"),
        Message("填写偏差原因和改进措施", "give the reason and what will be done"),
        lost_without_reason,
    ),
    Kind(
        "idle-reason",
        "note",
        Message("无需说明的行填了“无”“0”", "fillers for reasons where none is needed"),
        Message("没有偏差的留空", "leave it empty where nothing was lost"),
        idle_reason,
    ),
    Kind(
        "full-marks-beside-problems",
        "warning",
        Message("满分与所列问题不相称", "full marks beside problems"),
        Message(
            "在相应指标扣分，或说明问题不影响绩效",
            "take points off where the problems lie, or say why they do not matter",
        ),
        full_marks_beside_problems,
    ),
    Kind(
        "all-ratings-top",
        "note",
        Message("定性指标全部满分", "every judged indicator has full marks"),
        Message("附评定依据", "attach what the ratings rest on"),
        all_ratings_top,
    ),
    Kind(
        "satisfaction-without-survey",
        "warning",
        Message("满意度没有调查依据", "satisfaction without the size of a survey"),
        Message("写明调查方式、发放与有效份数", "say how many were asked, how, and how many answered"),
        satisfaction_without_survey,
    ),
    Kind(
        "one-fact-many-points",
        "warning",
        Message("一个数决定大部分分值", "one fact decides most of the points"),
        Message("合并重复的指标，或换用不同的衡量", "merge the indicators, or measure different things"),
        one_fact_many_points,
    ),
    Kind(
        "one-loss-twice",
        "warning",
        Message("同一差额重复扣分", "one shortfall counted twice"),
        Message("只在一项中计分", "score it in one place only"),
        one_loss_twice,
    ),
    Kind(
        "assumed-points",
        "note",
        Message("较多分值依据假定", "many points rest on assumptions"),
        Message("补充事实与出处", "find the facts and their sources"),
        assumed_points,
    ),
    Kind(
        "facts-without-source",
        "note",
        Message("计分依据没有出处", "scored facts without a source"),
        Message("为每个数写明 source", "write the source of each fact"),
        facts_without_source,
    ),
    Kind(
        "accepted-without-cause",
        "note",
        Message("接受了并未提出的意见", "an accepted objection that is not raised"),
        Message("删去该条 [[review.accepted]]", "delete that [[review.accepted]]"),
        accepted_without_cause,
    ),
)
"""Every kind of objection."""

_BY_CODE: Final = {kind.code: kind for kind in OBJECTIONS}


def kind_of_code(code: str) -> Kind:
    """The kind of objection called `code`.

    Raises:
        KeyError: there is none.
    """
    return _BY_CODE[code]
