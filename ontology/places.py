"""The places that are known by name: streets, roads, waters of a jurisdiction, kept as Turtle.

Any `places-*.ttl` beside this module belongs to the jurisdiction in the first segment of its
IRIs. What is not listed is found by the grammar of places alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from ontology.gazetteer import gazetteer
from ontology.names import HOME, RDF, SKOS, TK

_ROOT = HOME + "gazetteer/"


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """The names of one jurisdiction: any form of a street to its official name, and the rest."""

    jurisdiction: str
    streets: dict[str, str]
    roads: frozenset[str]
    waters: frozenset[str]
    counties: frozenset[str]


@cache
def place_names(jurisdiction: str) -> PlaceNames:
    """The places known of `jurisdiction`; empty where no file speaks of it."""
    streets: dict[str, str] = {}
    for entry in gazetteer(jurisdiction).streets():
        for form in (entry.name, *entry.aliases, *entry.slips):
            streets[form] = entry.name
    kinds = _all().get(jurisdiction, {})
    return PlaceNames(
        jurisdiction,
        streets,
        frozenset(kinds.get(TK["Road"].value, ())),
        frozenset(kinds.get(TK["Water"].value, ())),
        frozenset(kinds.get(TK["County"].value, ())),
    )


@cache
def _all() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for file in sorted((files("ontology") / "gazetteer").iterdir(), key=lambda f: f.name):
        if not (file.name.startswith("places-") and file.name.endswith(".ttl")):
            continue
        kinds: dict[NamedNode, str] = {}
        labels: dict[NamedNode, str] = {}
        for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE):
            assert isinstance(quad.subject, NamedNode)
            if quad.predicate == RDF["type"] and isinstance(quad.object, NamedNode):
                kinds[quad.subject] = quad.object.value
            elif quad.predicate == SKOS["prefLabel"] and isinstance(quad.object, Literal):
                labels[quad.subject] = quad.object.value
        for node, label in labels.items():
            jurisdiction = unquote(node.value.removeprefix(_ROOT)).split("/")[0]
            found[jurisdiction][kinds[node]].append(label)
    return found
