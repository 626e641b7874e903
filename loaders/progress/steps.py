"""Find the quarter whose step a statement speaks of."""

from __future__ import annotations

import re
from datetime import date

from graph.progress import ReportedStatement
from graph.records import Indicator, Project
from loaders.progress.plan import PlanTarget, indicator_words
from ontology.names import squeeze


def quarter_of(
    target: PlanTarget, project: Project | None, indicator: Indicator | None, one: ReportedStatement,
    as_of: date | None,
) -> int | None:  # fmt: skip
    """Return the quarter that a statement speaks of: of the step it names, else of its day.

    None means the promise of the year.
    """
    now = (as_of.month + 2) // 3 if as_of else None
    if indicator is not None and one.value is not None:
        stepped = [i for i in target.target.indicators if _series(i, indicator)]
        if stepped:
            return now
        if project is None or not _names_step(project, one):
            return None
    named = _step_quarter(target, project, one, now)
    if named is not None:
        return named
    if now is None:
        return None
    clauses = project.clauses if project else ()
    if any(clauses):
        return now if clauses[now - 1] else None
    return now if target.target.row.quarters[now - 1] else None


def _series(one: Indicator, other: Indicator) -> bool:
    """Return whether an indicator is that of a quarter for the same number."""
    if one.when == "year" or one.growth != other.growth:
        return False
    own, its = indicator_words(one), indicator_words(other)
    if one.what == other.what:
        return True
    return bool(own & its) and len(own & its) >= 0.5 * min(len(own), len(its))


def _names_step(project: Project, one: ReportedStatement) -> bool:
    return any(c and _alike(squeeze(c.quote), one) >= MIN_STEP for c in project.clauses)


MIN_STEP = 0.5
"""The share of a clause's pairs that a step has to share to be the one it names."""


_VERBS = re.compile(
    r"出让|收储|收地|收购|征收|招标|招投标|竣工|开工|验收|封顶|装饰|批复|清退|搬迁|施工|完工|贯通|申报|签约|启用|发布|审核|修缮|采购|编制|公示|可研|评估|上报|报审|获批|举办|举行|赛|概算|前期|方案"
)


def _pairs(text: str) -> frozenset[str]:
    words = re.sub(r"[^\u4e00-\u9fff0-9A-Za-z.%]", "", text)
    return frozenset(words[i : i + 2] for i in range(len(words) - 1))


def _alike(clause: str, one: ReportedStatement) -> float:
    said = _pairs(squeeze(one.quote.quote))
    own = _pairs(clause)
    if not said or not own:
        return 0.0
    verbs = set(_VERBS.findall(squeeze(one.quote.quote) + one.subject)) & set(
        _VERBS.findall(clause)
    )
    share = len(said & own) / min(len(said), len(own))
    return share * (1 if verbs or not _other_verb(clause, one) else OTHER_VERB) + 0.25 * min(
        len(verbs), 2
    )


OTHER_VERB = 0.65
"""Factor of a step whose verb is another than the statement's: 公示 is not 上报."""


def _other_verb(clause: str, one: ReportedStatement) -> bool:
    return bool(_VERBS.search(clause)) and bool(_VERBS.search(squeeze(one.quote.quote)))


def _step_quarter(
    target: PlanTarget, project: Project | None, one: ReportedStatement, now: int | None
) -> int | None:
    clauses: list[str] = []
    if project and any(project.clauses):
        clauses = [squeeze(c.quote) if c else "" for c in project.clauses]
    else:
        clauses = [c.text if c else "" for c in target.target.row.quarters]
    scores = [_best_clause(c, one) for c in clauses]
    best = max(scores, default=0.0)
    if best < MIN_STEP:
        return None
    near = [i + 1 for i, s in enumerate(scores) if s >= max(MIN_STEP, best - 0.35)]
    if now in near:
        return now
    winners = [i + 1 for i, s in enumerate(scores) if s >= best - 0.08]
    return winners[0] if len(winners) == 1 else None


def _best_clause(cell: str, one: ReportedStatement) -> float:
    return max((_alike(c, one) for c in re.split(r"[；;。,，]", cell) if c), default=0.0)
