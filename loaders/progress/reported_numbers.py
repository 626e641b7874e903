"""Find the number of a plan that a statement gives a value for."""

from __future__ import annotations

import re
from decimal import Decimal

from graph.progress import ReportedStatement
from graph.records import Indicator
from loaders.progress.plan import PlanTarget, indicator_words, words_of
from loaders.progress.units import dimension
from ontology.names import squeeze

_GROWTH = re.compile(r"增长|增幅|增速|下降|降幅")


def indicator_of(target: PlanTarget, one: ReportedStatement) -> Indicator | None:
    """Return the indicator of a target that a statement gives a value for."""
    if one.value is None and not _is_bound(one):
        return None
    words = one.subject + squeeze(one.quote.quote)
    clause = words_of(squeeze(one.quote.quote))
    said = words_of(words)
    growth = bool(_GROWTH.search(squeeze(one.quote.quote)))
    best: tuple[float, Indicator] | None = None
    for indicator in target.target.indicators:
        if indicator.growth != growth or not _same_kind(indicator.unit, one.unit, one.value):
            continue
        own = indicator_words(indicator)
        if not own:  # 完成目标40%: the number of the target itself
            score = MIN_INDICATOR if indicator.unit == "%" and one.unit == "%" else 0.0
            if score and (best is None or score > best[0]):
                best = (score, indicator)
            continue
        score = max(len(own & clause) / len(own), 0.95 * len(own & said) / len(own))
        score += 0.25 if clause and own & clause and len(own & clause) / len(clause) > 0.4 else 0.0
        score += 0.02 if indicator.when == "year" else 0.0
        score += 0.1 if indicator.unit and indicator.unit == one.unit else 0.0
        if best is None or score > best[0]:
            best = (score, indicator)
    if best and best[0] >= MIN_INDICATOR:
        return best[1]
    return _only(target, one, growth=growth)


def _only(target: PlanTarget, one: ReportedStatement, *, growth: bool) -> Indicator | None:
    """Return the one number of a target that has the dimension of a value, if there is one."""
    if one.value is None or not one.unit:
        return None
    fitting = [
        i
        for i in target.target.indicators
        if i.growth == growth and dimension(i.unit) == dimension(one.unit)
    ]
    counts = dimension(one.unit) == "个" and not growth
    if counts and one.promised:  # a row of a table of numbers: 落地项目数, 目标值300家
        fitting = [i for i in fitting if i.unit == one.unit]
        counts = False
    names = {i.what for i in fitting}
    if len(names) != 1 or counts:
        return None
    return next((i for i in fitting if i.when == "year"), fitting[0])


MIN_INDICATOR = 0.3
"""The share of an indicator's words that a statement has to give."""


def _is_bound(one: ReportedStatement) -> bool:
    return bool(re.search(r"控制在|不超过|目标内", squeeze(one.quote.quote) + one.promised))


def _same_kind(promised: str, reported: str, value: Decimal | None) -> bool:
    if value is None:
        return True
    return dimension(promised) == dimension(reported) or (not reported and promised != "%")
