"""Find the projects of a target that a statement names."""

from __future__ import annotations

import re

from graph.progress import ReportedStatement
from graph.records import Project
from loaders.progress.plan import PlanTarget, project_words, spots_in, words_of
from ontology.names import squeeze


def name_share(project: Project, words: str) -> float:
    """Return how much of a project's name some words give, 0 to 1."""
    name = squeeze(project.name)
    if len(name) >= 4 and name in words:
        return 1.0
    own, said = words_of(name), words_of(words)
    if len(own) < 2:
        return 0.0
    return len(own & said) / len(own)


def projects_of(target: PlanTarget, one: ReportedStatement) -> list[Project]:
    """Return the projects of a target that a statement names, the best first; none where no name fits."""
    words = one.subject + squeeze(one.quote.quote)
    quote = squeeze(one.quote.quote)
    spots = spots_in(quote)
    found: list[tuple[float, Project]] = []
    by_quote = any(name_share(p, quote) >= 0.3 or spots & _spots(p) for p in target.target.projects)
    for project in target.target.projects:
        own = _spots(project)
        score = name_share(project, quote)
        if not by_quote:
            parts = one.subject.split(" ")
            score = max(
                score, 0.9 * name_share(project, words), *(_given(project, p) for p in parts)
            )
        score = max(score, 0.9 * _named_by_step(project, quote))
        if spots & own:
            score = max(score, 0.95)
        elif project.places and any(len(p) >= 3 and p in quote for p in project.places):
            score = max(score, 0.7)
        short = words_of(quote) & words_of(project.name)
        if score >= MIN_PROJECT or (short and score >= 0.3 and by_quote):
            found.append((score, project))
    found.sort(key=lambda f: -f[0])
    if not found:
        only = target.target.projects
        if len(only) == 1 and words_of(words) & project_words(only[0]):
            return [only[0]]
        return []
    best = found[0][0]
    listed = [p for s, p in found if s >= best - 0.1 and s >= 0.6 and _is_listed(p, quote, spots)]
    return listed if len(listed) > 1 else [found[0][1]]


def _spots(project: Project) -> frozenset[str]:
    return spots_in(project.name) | spots_in("；".join(project.places))


def _given(project: Project, part: str) -> float:
    """Return how much of a subject's words are given in a project's name, or abbreviate it."""
    bare = re.sub(r"[\d.]+[\u4e00-\u9fff㎡]?[\u4e00-\u9fff]?$", "", squeeze(part))
    own = words_of(bare)
    name = squeeze(project.name)
    if len(bare) >= 2 and bare in name:
        return 0.8
    if own and len(own & words_of(name)) / len(own) >= 0.6:
        return 0.7 * len(own & words_of(name)) / len(own)
    at = -1
    for char in bare:
        at = name.find(char, at + 1)
        if at < 0:
            return 0.0
    return 0.6 if len(bare) >= 2 else 0.0


def _named_by_step(project: Project, quote: str) -> float:
    """Return how much of what a clause states is given in a project's steps."""
    said = words_of(quote)
    own = frozenset[str]().union(*(words_of(c.quote) for c in project.clauses if c))
    return len(said & own) / len(said) if len(said) >= 3 else 0.0


MIN_PROJECT = 0.4
"""The share of a project's name that a clause has to give."""


def _is_listed(project: Project, quote: str, spots: frozenset[str]) -> bool:
    """Return whether a clause names a project for itself, in a list with others."""
    if "、" not in quote and "和" not in quote:
        return False
    own = spots_in(project.name) | spots_in("；".join(project.places))
    return bool(spots & own) or squeeze(project.name) in quote
