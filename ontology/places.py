"""The places that are known by name: streets, roads, waters of a jurisdiction, kept as Turtle.

`places-general.ttl` holds the names that are known everywhere; any other `places-*.ttl` next to
this module holds those of one jurisdiction, whose name is the first segment of its IRIs. Adding
a district is adding a file. Other places are found by the grammar of places alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from ontology.gazetteer import Stamp, added, contents, gazetteer
from ontology.names import HOME, RDF, SKOS, TK

_ROOT = HOME + "gazetteer/"
_GRID = (TK["gridRow"], TK["gridColumn"])


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of a file. `jurisdiction` is empty where the name is known everywhere."""

    jurisdiction: str
    kind: str
    """The local name of its class: Street, Road, Water, County, Zone, …"""
    name: str
    others: tuple[str, ...] = ()
    """Short forms and slips."""
    grid: tuple[int, int] | None = None
    """Row and column of a street among the tiles of its district, from 1."""


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """The names of one jurisdiction: any form of a street to its official name, and the rest."""

    jurisdiction: str
    streets: dict[str, str]
    roads: frozenset[str]
    waters: frozenset[str]
    counties: frozenset[str]
    zones: frozenset[str] = frozenset()

    @property
    def own(self) -> tuple[str, ...]:
        """The names of the jurisdiction, with and without the one around it.

        >>> sorted(PlaceNames("上海市长宁区", {}, *[frozenset()] * 3).own)
        ['上海市', '上海市长宁区', '长宁', '长宁区']
        """
        return _own(self.jurisdiction)

    def knowing(self, roads: Iterable[str], waters: Iterable[str]) -> PlaceNames:
        """The same, and these roads and waters."""
        return replace(
            self, roads=self.roads | frozenset(roads), waters=self.waters | frozenset(waters)
        )


@cache
def _own(jurisdiction: str) -> tuple[str, ...]:
    parts = re.findall(r".+?(?:自治区|自治州|省|市|区|县|镇|乡)", jurisdiction)
    last = parts[-1] if parts else jurisdiction
    short = last[:-1] if len(last) > 2 else last
    return tuple(filter(None, dict.fromkeys((jurisdiction, *parts, short))))


def place_names(jurisdiction: str) -> PlaceNames:
    """The places known of `jurisdiction`: the general ones, and those of its files."""
    return _place_names(jurisdiction, added("places-"), added("bodies-"))


@cache
def _place_names(
    jurisdiction: str, more: tuple[Stamp, ...], _bodies: tuple[Stamp, ...]
) -> PlaceNames:
    streets: dict[str, str] = {}
    for office in gazetteer(jurisdiction).streets():
        for form in (office.name, *office.aliases, *office.slips):
            streets[form] = office.name
    return names_from(jurisdiction, _all(more), streets)


def names_from(
    jurisdiction: str, entries: Iterable[Entry], streets: dict[str, str] | None = None
) -> PlaceNames:
    """The names of `jurisdiction` among `entries`; `streets` are known from elsewhere."""
    kinds: dict[str, set[str]] = defaultdict(set)
    forms = dict(streets or {})
    for entry in entries:
        if entry.jurisdiction not in ("", jurisdiction):
            continue
        kinds[entry.kind].add(entry.name)
        if entry.kind == "Street":
            forms.update(dict.fromkeys((entry.name, *entry.others), entry.name))
    return PlaceNames(
        jurisdiction,
        forms,
        frozenset(kinds["Road"]),
        frozenset(kinds["Water"]),
        frozenset(kinds["County"]),
        frozenset(kinds["Zone"]),
    )


def grid_of(jurisdiction: str) -> dict[str, tuple[int, int]]:
    """The tiles of a jurisdiction that its files give: row and column by the name of the street."""
    every = _all(added("places-"))
    return {e.name: e.grid for e in every if e.jurisdiction == jurisdiction and e.grid}


def entries_of(turtle: bytes) -> tuple[Entry, ...]:
    """The places of a file, in its order."""
    kinds: dict[NamedNode, str] = {}
    names: dict[NamedNode, str] = {}
    others: dict[NamedNode, list[str]] = defaultdict(list)
    grid: dict[NamedNode, dict[str, int]] = defaultdict(dict)
    for quad in parse(turtle, format=RdfFormat.TURTLE):
        if not isinstance(quad.subject, NamedNode):
            continue
        if quad.predicate == RDF["type"] and isinstance(quad.object, NamedNode):
            kinds[quad.subject] = quad.object.value.rsplit("#", 1)[-1]
        elif isinstance(quad.object, Literal) and quad.predicate == SKOS["prefLabel"]:
            names[quad.subject] = quad.object.value
        elif isinstance(quad.object, Literal) and quad.predicate in (SKOS["altLabel"], TK["slip"]):
            others[quad.subject].append(quad.object.value)
        elif isinstance(quad.object, Literal) and quad.predicate in _GRID:
            grid[quad.subject][quad.predicate.value] = int(quad.object.value)
    found = []
    for node, name in names.items():
        path = unquote(node.value.removeprefix(_ROOT)).split("/")
        jurisdiction = path[0] if len(path) > 1 else ""
        tile = tuple(grid[node].get(edge.value, 0) for edge in _GRID)
        at = (tile[0], tile[1]) if all(tile) else None
        found.append(Entry(jurisdiction, kinds[node], name, tuple(others[node]), at))
    return tuple(found)


@cache
def _all(more: tuple[Stamp, ...]) -> tuple[Entry, ...]:
    found: list[Entry] = []
    for name, data in contents("places-", more):
        try:
            found += entries_of(data)
        except SyntaxError as error:
            raise SyntaxError(f"{name}: {error}") from error
    return tuple(found)
