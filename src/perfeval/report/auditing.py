"""An audit in numbered sentences that can be quoted in an audit paper, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from perfeval.auditing import Audit, Beside, Item, is_judged
from perfeval.bounding import NodeBounds
from perfeval.errors import Language, Message
from perfeval.facts import Fact, FactSheet
from perfeval.implying import Scenario, Share
from perfeval.quantity import decimal_text, exact_places, rounded
from perfeval.report.bounding import bounds_data, range_text
from perfeval.report.data import Json, fact_data
from perfeval.report.terminal import subject_line
from perfeval.scorecard import value_text

__all__ = ["audit_data", "audit_lines"]

_MOST_OBSTACLES = 8
_MOST_SPANS = 6
_MOST_TOLD = 16


def audit_lines(found: Audit, language: Language) -> Iterator[str]:
    """What was asked, what the facts decide, what the score implies; each paragraph numbered."""
    assessment = found.card.assessment
    framework = assessment.framework
    zh = language == "zh"
    yield subject_line(assessment)
    yield f"{framework.called(language)} [{framework.id}] {framework.document}".rstrip()
    if framework.assumed:
        yield f"{'分值为假定：' if zh else 'points assumed: '}{framework.assumed}"
    paragraphs = [
        list(each)
        for each in (
            [*_verdict(found, language), *_grade(found, language)],
            _decided(found, language),
            *(_scenario(each, found, language) for each in _told(found)),
            _many(found, language),
            _too_many(found, language),
            _obstacles(found, language),
            _items(found, language),
            _assumed(found, language),
        )
    ]
    number = 0
    for paragraph in paragraphs:
        if paragraph:
            number += 1
            first, *rest = paragraph
            yield ""
            yield f"{number}. {first}"
            yield from (f"   {line}" for line in rest)


def _figure(value: Fraction) -> str:
    brief = rounded(value, 2)
    return decimal_text(brief) if brief == value else f"≈{decimal_text(brief)}"


def _asked(score: Fraction) -> str:
    """A published score, or one that was asked about: as it was written."""
    return _figure(score) if exact_places(score) is None else decimal_text(score)


def _percent(value: Fraction) -> str:
    return f"{_figure(value * 100)}%"


def _verdict(found: Audit, language: Language) -> Iterator[str]:
    zh = language == "zh"
    lies = _lies(found, language)
    published = "" if found.published is None else _asked(found.published)
    match found.verdict:
        case "unbounded":
            assert found.bounds.message is not None
            yield found.bounds.message.to(language)
        case "unpublished":
            yield (
                f"没有公布总分。仅凭所列事实，总分{lies}。"
                if zh
                else f"No total was published. On stated facts alone it {lies}."
            )
        case "possible":
            yield (
                f"公布的 {published} 分与所列事实不矛盾：仅凭所列事实，总分{lies}。这不等于证实了 {published} 分。"
                if zh
                else f"The published {published} does not contradict the stated facts: on these alone the total {lies}. "
                f"That does not prove {published}."
            )
        case "impossible" if found.below is not None or found.above is not None:
            sides = [pair for pair in (found.below, found.above) if pair is not None]
            near = ("和 " if zh else " and ").join(_reached(pair, language) for pair in sides)
            yield (
                f"公布的 {published} 分与所列事实矛盾：仅凭所列事实，总分{lies}，但不可能恰为 {published} 分，最接近的是 {near}。"
                if zh
                else f"The published {published} contradicts the stated facts: on these alone the total {lies}, but it "
                f"cannot be {published}; the nearest possible scores are {near}."
            )
        case "impossible":
            nearest = "" if found.nearest is None else _figure(found.nearest)
            yield (
                f"公布的 {published} 分与所列事实矛盾：仅凭所列事实，总分{lies}，最接近的是 {nearest} 分。"
                if zh
                else f"The published {published} contradicts the stated facts: on these alone the total {lies}; "
                f"the nearest possible score is {nearest}."
            )


def _grade(found: Audit, language: Language) -> Iterator[str]:
    """That the published grade cannot be, and which limits hold it down; or that it is none."""
    graded, zh = found.graded, language == "zh"
    if found.no_grade is not None:
        known = found.card.assessment.framework.grades_listed(language)
        yield (
            f"公布的等级“{found.no_grade}”不在等级之列（{known}），无从核对。"
            if zh
            else f"The published grade “{found.no_grade}” is none of {known}, so it cannot be checked."
        )
    if graded is None or not graded.impossible:
        return
    named, worst, best = (each.called(language) for each in (graded.published, graded.worst, graded.best))
    between = worst if worst == best else f"{worst} {'至' if zh else 'to'} {best}"
    yield (
        f"公布的等级“{named}”与所列事实矛盾：只能是 {between}。"
        if zh
        else f"The published grade “{named}” contradicts the stated facts: it can only be {between}."
    )
    yield from (_beside(each, found, language) for each in graded.limits)


def _reached(pair: tuple[Fraction, Scenario], language: Language) -> str:
    """A possible score, with what has to hold for it."""
    score, scenario = pair
    taken = _taken(scenario, language)
    if not taken:
        return f"{_figure(score)} 分" if language == "zh" else _figure(score)
    said = taken.rstrip("：: ")
    return f"{_figure(score)} 分（{said}）" if language == "zh" else f"{_figure(score)} ({said[:1].lower()}{said[1:]})"


def _lies(found: Audit | Scenario, language: Language) -> str:
    """Where a total lies: within the bounds, or in one scenario."""
    at = found.bounds if isinstance(found, Audit) else found
    zh, between = language == "zh", range_text(at.low, at.high, language)
    if at.low == at.high:
        return f"为 {between} 分" if zh else f"is {between}"
    return f"在 {between} 分之间" if zh else f"lies within {between}"


def _decided(found: Audit, language: Language) -> Iterator[str]:
    """What decides the points."""
    zh, points = language == "zh", found.points
    yield (
        f"所列事实决定 {_figure(points.earned + points.lost)} 分：得 {_figure(points.earned)} 分，失 {_figure(points.lost)} 分。"
        if zh
        else f"Stated facts decide {_figure(points.earned + points.lost)} points: {_figure(points.earned)} earned, "
        f"{_figure(points.lost)} lost."
    )
    for value, zh_words, en_words in (
        (points.judged, "由判断决定", "are decided by judgement"),
        (points.unknown, "取决于没有列出的事实", "hang on facts that are not stated"),
        (points.may_apply, "是否适用未定", "may or may not apply"),
        (points.dropped, "不适用", "do not apply"),
    ):
        if value:
            yield f"{_figure(value)} 分{zh_words}。" if zh else f"{_figure(value)} points {en_words}."
    for leaf in found.bounds.indicators:
        if leaf.decided and leaf.low is not None and leaf.low < leaf.placed.points:
            lost = leaf.placed.points - leaf.low
            title = leaf.placed.node.called(language)
            yield (
                f"· {title} 失 {_figure(lost)} 分：{_facts(leaf, found, language)}"
                if zh
                else f"· {title}: {_figure(lost)} lost: {_facts(leaf, found, language)}"
            )


def _facts(leaf: NodeBounds, found: Audit, language: Language) -> str:
    """The facts an indicator rests on in the end, with their sources."""
    facts = [each for each in found.card[leaf.placed.path].facts if each.formula is None]
    return ("；" if language == "zh" else "; ").join(_fact(each, found.card.facts, language) for each in facts)


def _fact(each: Fact, sheet: FactSheet, language: Language) -> str:
    value = sheet.value(each.name)
    least, most = each.between if value is None and each.between is not None else (None, None)
    known = f"{least or ''}–{most or ''}" if least or most else value_text(value, language)
    said = f"{each.called(language)} {known}"
    return f"{said} [{each.source}]" if each.source else said


def _told(found: Audit) -> tuple[Scenario, ...]:
    """The scenarios that are told one by one: all, unless there are many."""
    return found.scenarios if len(found.scenarios) <= _MOST_TOLD else ()


def _many(found: Audit, language: Language) -> Iterator[str]:
    """What many scenarios come to together: how many are possible, what has to hold in all of these, and the shares."""
    cases, zh = found.scenarios, language == "zh"
    if len(cases) <= _MOST_TOLD or found.published is None or found.verdict == "unbounded":
        return
    possible, published = [each for each in cases if each.possible], _asked(found.published)
    yield (
        f"是否适用未定的条件有 {found.open_conditions} 个，共 {len(cases)} 种情形，其中 {len(possible)} 种的总分可能为 {published} 分。"
        if zh
        else f"{found.open_conditions} conditions of applicability are open: {len(cases)} cases, and in {len(possible)} of them "
        f"the total can be {published}."
    )
    if not possible:
        return
    common = [taken for taken in possible[0].taken if all(taken in each.taken for each in possible)]
    if common:
        said = _conditions(common, language)
        yield f"这些情形都要求：{said}。" if zh else f"All of these require: {said}."
    shares = [each.shares[0].low for each in possible if each.shares]
    if shares:
        least, most = _percent(min(shares)), _percent(max(shares))
        between = least if least == most else f"{least} {'至' if zh else 'to'} {most}"
        yield (
            f"未定分值的平均得分率为 {between}，视何者适用而定。"
            if zh
            else f"The undecided points must have earned {between} on average, depending on what applies."
        )


def _scenario(each: Scenario, found: Audit, language: Language) -> Iterator[str]:
    """What the score implies, where it is settled what applies."""
    zh = language == "zh"
    gap = each.below is not None or each.above is not None
    if found.published is None or found.verdict == "unbounded" or (not each.taken and not each.possible and not gap):
        return
    published, lies = _asked(found.published), _lies(each, language)
    lead = _taken(each, language)
    if not each.possible and (each.below is not None or each.above is not None):
        near = [_figure(end) for end in (each.below, each.above) if end is not None]
        yield (
            f"{lead}总分{lies}，但未定的各项只能取若干个分数，合计不可能恰为 {published} 分；最接近的是 {' 和 '.join(near)} 分。"
            if zh
            else f"{lead}{'the' if lead else 'The'} total {lies}, but what is open can only have certain scores, and these "
            f"do not add up to {published}; the nearest are {' and '.join(near)}."
        )
        return
    if not each.possible:
        yield (
            f"{lead}总分{lies}，不可能为 {published} 分。"
            if zh
            else f"{lead}the total {lies} and cannot be {published}."
        )
        return
    if each.needed is None:
        yield (
            f"{lead}总分{lies}；限制、另加分或加减分未定，不能推算各项得分率。"
            if zh
            else f"{lead}{'the' if lead else 'The'} total {lies}; limits, bonuses or points beside the tree are open, so nothing "
            "more follows for the indicators."
        )
        return
    if not each.shares:
        yield (
            f"{lead}各项得分均由所列事实决定。"
            if zh
            else f"{lead}{'stated' if lead else 'Stated'} facts decide every score."
        )
        return
    overall, *levels = each.shares
    about = _about(each, language)
    yield (
        f"{lead}若总分为 {published} 分，未定的 {_figure(each.undecided)} 分合计得 {_figure(each.needed)} 分{about}，"
        f"平均得分率 {_percent(overall.low)}。"
        if zh
        else f"{lead}{'for' if lead else 'For'} a total of {published} the {_figure(each.undecided)} undecided points must have earned "
        f"{_figure(each.needed)}{about}, {_percent(overall.low)} on average."
    )
    if not each.searched:
        yield (
            f"未定各项的可能组合过多，没有逐一判定能否恰为 {published} 分。"
            if zh
            else f"There are too many combinations of what is open to tell whether the total can be exactly {published}."
        )
    yield from (_share(level, language) for level in levels)
    yield from _carriers(each, found, language)


def _about(each: Scenario, language: Language) -> str:
    """Between what the points needed lie, where the total is rounded so coarsely that it shows."""
    low, high = each.needed_from, each.needed_to
    if low is None or high is None or high - low <= Fraction(1, 10):
        return ""
    zh = language == "zh"
    between = f"{_figure(low)} {'至' if zh else 'to'} {_figure(high)}"
    return f"（总分经修约，{between} 分均可）" if zh else f" ({between}, as the total is rounded)"


def _too_many(found: Audit, language: Language) -> Iterator[str]:
    """That what may or may not apply is not gone through case by case."""
    if found.scenarios or not found.open_conditions or found.verdict == "unbounded":
        return
    many = found.open_conditions
    yield (
        f"是否适用未定的条件有 {many} 个，情形过多，没有逐一推算各项得分率；以上只按总分的上下限判断。"
        if language == "zh"
        else f"{many} conditions of applicability are open, too many to go through case by case: the above rests on the "
        "lowest and highest total only, and nothing is told of what the indicators must have earned."
    )


def _taken(each: Scenario, language: Language) -> str:
    if not each.taken:
        return ""
    said = _conditions(each.taken, language)
    return f"如果{said}：" if language == "zh" else f"If {said}: "


def _conditions(taken: Sequence[tuple[Message, bool]], language: Language) -> str:
    """The answers taken, joined."""
    zh = language == "zh"
    said = [
        (condition.to(language) if holds else (f"“{condition.zh}”不成立" if zh else f"not ({condition.en})"))
        for condition, holds in taken
    ]
    return ("，且" if zh else " and ").join(said)


def _share(level: Share, language: Language) -> str:
    zh = language == "zh"
    between = (
        _percent(level.low)
        if level.low == level.high
        else f"{_percent(level.low)} {'至' if zh else 'to'} {_percent(level.high)}"
    )
    title = level.title.to(language)
    return (
        f"· {title}：{_figure(level.points)} 分，得分率 {between}"
        if zh
        else f"· {title}: {_figure(level.points)} points, {between}"
    )


def _carriers(each: Scenario, found: Audit, language: Language) -> Iterator[str]:
    """Which indicators could have carried the loss."""
    zh = language == "zh"
    if each.carriers is None or not each.carriers.size:
        return
    layout, size = found.card.assessment.framework.layout, each.carriers.size
    listed = bool(each.carriers.sets)
    yield (
        f"所列事实没有说明的失分为 {_figure(each.carriers.loss)} 分，至少由 {size} 项指标承担{'，可能是：' if listed else '。'}"
        if zh
        else f"{_figure(each.carriers.loss)} lost points are accounted for by no stated fact. At least {size} "
        f"indicator{'s' if size > 1 else ''} carried them{'; it could be:' if listed else '.'}"
    )
    for paths in each.carriers.sets:
        yield f"· {(' + ' if size > 1 else '').join(layout[path].node.called(language) for path in paths)}"
    if listed and each.carriers.more:
        yield "· ……" if zh else "· …"


def _obstacles(found: Audit, language: Language) -> Iterator[str]:
    zh = language == "zh"
    if not (found.obstacles or found.beside) or found.published is None or found.bounds.high is None:
        return
    too_high = found.published > found.bounds.high
    if too_high:
        yield "使总分达不到公布数的事实：" if zh else "Facts that keep the total below what was published:"
    else:
        yield "使总分高于公布数的事实：" if zh else "Facts that keep the total above what was published:"
    yield from (_beside(each, found, language) for each in found.beside)
    for leaf in found.obstacles[:_MOST_OBSTACLES]:
        between = range_text(leaf.low, leaf.high, language)
        title, points = leaf.placed.node.called(language), _figure(leaf.placed.points)
        scored = f"{points} 分中得 {between} 分" if zh else f"{between} of {points}"
        yield f"· {title}{'：' if zh else ': '}{scored}{'；' if zh else '; '}{_facts(leaf, found, language)}"
    if len(found.obstacles) > _MOST_OBSTACLES:
        yield "· ……" if zh else "· …"


def _beside(each: Beside, found: Audit, language: Language) -> str:
    zh, title = language == "zh", each.title.to(language)
    mark = "；" if zh else "; "
    facts = "".join(f"{mark}{_fact(fact, found.card.facts, language)}" for fact in each.facts)
    if each.at_most is not None:
        most = _figure(each.at_most)
        return (
            f"· 限制“{title}”成立，总分不超过 {most} 分{facts}"
            if zh
            else f"· the limit “{title}” holds: {most} at most{facts}"
        )
    if each.grade_at_most is not None:
        best = next(grade for grade in found.card.assessment.framework.grades if grade.name == each.grade_at_most)
        named = best.called(language)
        return (
            f"· 限制“{title}”成立，等级不高于“{named}”{facts}"
            if zh
            else f"· the limit “{title}” holds: no grade above “{named}”{facts}"
        )
    between = range_text(each.low, each.high, language)
    return f"· 加减分“{title}”：{between} 分{facts}" if zh else f"· the adjustment “{title}”: {between} points{facts}"


def _items(found: Audit, language: Language) -> Iterator[str]:
    """The published item scores."""
    zh = language == "zh"
    if not found.items:
        return
    departures = found.departures
    total = "" if found.stated_total is None else _figure(found.stated_total)
    line = (
        f"{len(found.items)} 项指标公布了得分，其中 {len(departures)} 项与规则不符"
        if zh
        else f"{len(found.items)} indicators have a published score, {len(departures)} of them not what the rule gives"
    )
    if open_ := len(found.unverified):
        line += f"，{open_} 项事实不全，无从核对" if zh else f"; for {open_} the facts do not tell"
    line += "。" if zh else "."
    if total:
        line += f"公布的各项得分合计 {total} 分。" if zh else f" The published item scores add up to {total}."
    if found.card.score is not None:
        by_rule = found.card.points_text(found.card.score)
        line += f"按规则总分为 {by_rule} 分。" if zh else f" By rule the total is {by_rule}."
    yield line
    for item in departures:
        yield _item(item, language)
    if found.adds_up is False and found.published is not None:
        yield (
            f"· 各项得分合计 {total} 分，与公布的总分 {_asked(found.published)} 分不符"
            if zh
            else f"· the item scores add up to {total}, the published total is {_asked(found.published)}"
        )


def _item(item: Item, language: Language) -> str:
    zh = language == "zh"
    title, points = item.node.called(language), _figure(item.node.points)
    if item.not_applicable:
        return (
            f"· {title}（{points} 分）：该指标不适用，却公布了 {_figure(item.stated)} 分"
            if zh
            else f"· {title} ({points} points): does not apply, and yet {_figure(item.stated)} was published"
        )
    by_rule = _possible(item, language) if item.by_rule is None else _figure(item.by_rule)
    difference = ""
    if item.by_rule is not None:
        apart = item.stated - item.by_rule
        difference = f"{'，相差 ' if zh else ', '}{'+' if apart > 0 else ''}{decimal_text(apart)}"
    return (
        f"· {title}（{points} 分）：公布 {_figure(item.stated)}，按规则 {by_rule}{difference}"
        if zh
        else f"· {title} ({points} points): published {_figure(item.stated)}, by rule {by_rule}{difference}"
    )


def _possible(item: Item, language: Language) -> str:
    """The scores a rule can give: from end to end, or one by one where these are few."""
    if not 1 < len(item.spans) <= _MOST_SPANS:
        return range_text(item.low, item.high, language)
    *most, last = (range_text(low, high, language) for low, high in item.spans)
    return f"{'、'.join(most)} 或 {last}" if language == "zh" else f"{', '.join(most)} or {last}"


def _assumed(found: Audit, language: Language) -> Iterator[str]:
    """What the assumed facts of the file come to; nothing where none are assumed."""
    card, zh = found.card, language == "zh"
    if card.score is None or not card.assumed_points:
        return
    yield (
        f"本文件另有假定的事实：连同这些事实，总分为 {card.points_text(card.score)} 分，其中 {_figure(card.assumed_points)} 分依据假定。"
        if zh
        else f"The file also assumes facts: with these the total is {card.points_text(card.score)}, of which "
        f"{_figure(card.assumed_points)} points rest on assumptions."
    )


# JSON.


def audit_data(found: Audit, language: Language) -> dict[str, Json]:
    """The audit as one JSON object."""
    points = found.points
    return {
        "subject": subject_line(found.card.assessment),
        "published": _number(found.published),
        "verdict": found.verdict,
        "nearest": _number(found.nearest),
        "below": _number(None if found.below is None else found.below[0]),
        "above": _number(None if found.above is None else found.above[0]),
        "open_conditions": found.open_conditions,
        "by_rule": None if found.card.score is None else found.card.points_text(found.card.score),
        "grade": _graded_data(found, language),
        "no_grade": found.no_grade,
        "stated_total": _number(found.stated_total),
        "adds_up": found.adds_up,
        "contradicted": found.contradicted,
        "points": {
            "earned": decimal_text(points.earned),
            "lost": decimal_text(points.lost),
            "judged": decimal_text(points.judged),
            "unknown": decimal_text(points.unknown),
            "may_apply": decimal_text(points.may_apply),
            "dropped": decimal_text(points.dropped),
        },
        "scenarios": [_scenario_data(each, language) for each in found.scenarios],
        "beside": [
            {
                "title": each.title.to(language),
                "at_most": _number(each.at_most),
                "low": _number(each.low),
                "high": _number(each.high),
                "facts": [fact_data(fact, found.card.facts, language) for fact in each.facts],
            }
            for each in found.beside
        ],
        "obstacles": [leaf.placed.path for leaf in found.obstacles],
        "judged": [leaf.placed.path for leaf in found.bounds.indicators if not leaf.decided and is_judged(leaf)],
        "items": [_item_data(item) for item in found.items],
        "unverified": [item.node.path for item in found.unverified],
        "bounds": bounds_data(found.bounds, language),
    }


def _graded_data(found: Audit, language: Language) -> Json:
    if (graded := found.graded) is None:
        return None
    return {
        "published": graded.published.called(language),
        "worst": graded.worst.called(language),
        "best": graded.best.called(language),
        "impossible": graded.impossible,
        "limits": [each.title.to(language) for each in graded.limits],
    }


def _number(value: Fraction | None) -> str | None:
    return None if value is None else decimal_text(value)


def _scenario_data(each: Scenario, language: Language) -> Json:
    carriers = each.carriers
    return {
        "taken": [{"condition": condition.to(language), "holds": holds} for condition, holds in each.taken],
        "low": decimal_text(each.low),
        "high": decimal_text(each.high),
        "applicable": decimal_text(each.applicable),
        "earned": decimal_text(each.earned),
        "lost": decimal_text(each.lost),
        "undecided": decimal_text(each.undecided),
        "possible": each.possible,
        "below": _number(each.below),
        "above": _number(each.above),
        "searched": each.searched,
        "needed": _number(each.needed),
        "needed_from": _number(each.needed_from),
        "needed_to": _number(each.needed_to),
        "shares": [_share_data(share) for share in each.shares],
        "unexplained_loss": None if carriers is None else decimal_text(carriers.loss),
        "carriers_needed": 0 if carriers is None else carriers.size,
        "carriers": [] if carriers is None else _paths(carriers.sets),
        "more_carriers": carriers is not None and carriers.more,
    }


def _paths(sets: Sequence[Sequence[str]]) -> list[Json]:
    return [list(paths) for paths in sets]


def _share_data(share: Share) -> Json:
    return {
        "path": share.path,
        "points": decimal_text(share.points),
        "low": decimal_text(share.low),
        "high": decimal_text(share.high),
    }


def _item_data(item: Item) -> Json:
    return {
        "path": item.node.path,
        "stated": decimal_text(item.stated),
        "by_rule": _number(item.by_rule),
        "low": _number(item.low),
        "high": _number(item.high),
        "scores": [{"low": decimal_text(low), "high": decimal_text(high)} for low, high in item.spans],
        "departs": item.departs,
        "not_applicable": item.not_applicable,
        "impossible": item.impossible,
    }
