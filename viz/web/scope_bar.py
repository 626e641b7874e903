"""The bar of every page that shows its scope and lets a reader choose another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from queries.model.search_words import understand
from queries.scope import ALL, Scope, district_of

_ALL_WORDS = {
    "district": ("全部辖区", "all districts"),
    "year": ("全部年份", "all years"),
    "notice": ("全部文件", "all notices"),
}
_LABELS = {
    "district": ("辖区", "District"),
    "year": ("年份", "Year"),
    "notice": ("文件", "Notice"),
}
MAX_NOTICES = 200
"""With more notices than this in a scope, its notices are chosen on their own page."""


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """One part of a scope: its parameter, label, and the values that it can take."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ScopeBar:
    """The scope in words, the parts that can be chosen, and the nearest scope with targets."""

    label: str
    choices: tuple[ScopeChoice, ...]
    is_empty: bool
    nearest: str
    nearest_params: dict[str, str]


def scope_bar(scope: Scope, path: str, language: str) -> ScopeBar:
    """Return the bar of a page; a thing's page offers the years of its district alone."""
    at = language == "en"
    mine = [d for d in scope.every if scope.district in (ALL, d.district)]
    offered: list[ScopeChoice] = []

    def offer(name: str, values: Iterable[str], value: str) -> None:
        every = list(dict.fromkeys(v for v in values if v))
        if len(every) > 1 or (value != ALL and value not in every):
            options = (*((v, v) for v in every), (ALL, _ALL_WORDS[name][at]))
            offered.append(ScopeChoice(name, _LABELS[name][at], value, options))

    if not path.startswith("/id/"):
        offer("district", sorted(d.district for d in scope.every), scope.district)
    offer("year", sorted((d.year for d in mine), reverse=True), scope.year)
    of_year = [d.name for d in mine if scope.year in (ALL, d.year)]
    if len(of_year) <= MAX_NOTICES and not path.startswith("/id/"):
        offer("notice", of_year, scope.notice)
    near = scope.nearest()
    return ScopeBar(
        scope.label(language),
        tuple(offered),
        is_empty=bool(scope.every) and not scope.documents,
        nearest=f"{near.district} {near.year}" if near else "",
        nearest_params={"district": near.district, "year": near.year} if near else {},
    )


def scope_asked(path: str, scope: Scope, params: dict[str, str]) -> dict[str, str]:
    """The scope parameters of a thing's page: its address names its district, or its notice."""
    iri_path = path.removeprefix("/id/")
    for document in scope.every:
        inside = document.iri.partition("/id/")[2]
        if iri_path == inside or iri_path.startswith(inside + "/"):
            return {"district": document.district, "year": document.year or ALL}
    district = iri_path.partition("/")[0]
    known = {district_of(d.iri): d.district for d in scope.every}
    if district in known:
        return {"district": known[district], "year": params.get("year", "")}
    return {"district": ALL, "year": ALL}


def scope_searched(scope: Scope, params: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters of a search, with a year among its words as its scope."""
    year = understand(params.get("q", "")).year
    if params.get("year") or not any(d.year == year for d in scope.every):
        return dict(params)
    return {**params, "year": year}
