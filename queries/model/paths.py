"""Connections of two things: the shortest paths through the facts of a version, step by step.

A step is written (a body in a target, a place in a target) or known (a place in a place, a unit
of a body, an office and its street). Inferred steps are taken only on request.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

import networkx as nx

from ontology.names import squeeze
from queries.catalogue import meant
from queries.model.records import Atlas, Evidence

SHOWN = 12
"""The largest number of paths that are shown."""
COUNTED = 200
"""Up to how many are counted."""


@dataclass(frozen=True, slots=True)
class Link:
    """A connection of two things: its kind, its evidence, and the fact it was inferred through."""

    kind: str
    evidence: Evidence | None = None
    via: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path."""

    before: str
    after: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Paths:
    """The shortest paths between two things; `count` stops at `COUNTED`."""

    start: str
    end: str
    length: int
    count: int
    paths: tuple[tuple[Step, ...], ...]


def connected(a: Atlas, start: str, end: str, *, inferred: bool = False) -> Paths:
    """The shortest paths from one address to another; none where nothing connects them."""
    graph = network(a, inferred=inferred)
    order = {iri: (i, "") for i, iri in enumerate(a.targets)}

    def in_order(path: list[str]) -> list[tuple[int, str]]:
        """Targets in the order of the documents, everything else by its name."""
        return [order.get(iri) or (-1, label(a, iri)) for iri in path]

    try:
        found = sorted(islice(nx.all_shortest_paths(graph, start, end), COUNTED), key=in_order)
    except (nx.NetworkXNoPath, nx.NodeNotFound):
        return Paths(start, end, 0, 0, ())
    told = tuple(
        tuple(Step(x, y, tuple(graph.edges[x, y]["links"])) for x, y in pairwise(p))
        for p in found[:SHOWN]
    )
    return Paths(start, end, len(found[0]) - 1, len(found), told)


def network(a: Atlas, *, inferred: bool) -> nx.Graph[str]:
    """Bodies, targets and places with what connects them; the district itself connects nothing."""
    graph: nx.Graph[str] = nx.Graph()
    for x, y, link in _links(a, inferred):
        if graph.has_edge(x, y):
            links = graph.edges[x, y]["links"]
            if link.kind not in {known.kind for known in links}:
                links.append(link)
        else:
            graph.add_edge(x, y, links=[link])
    return graph


def _links(a: Atlas, inferred: bool) -> Iterator[tuple[str, str, Link]]:
    for t in a.targets.values():
        for e in t.edges:
            if inferred or not e.inferred:
                kind = "coordinate" if e.role == "Coordinate" else "lead"
                yield e.body, t.iri, Link(kind, e.evidence, e.via if e.inferred else "")
        for m in t.mentions:
            yield t.iri, m.place, Link("named", m.evidence[0])
    for place in a.places.values():
        for kind, others in (("within", place.within), ("onRoad", place.roads), ("samePlace", place.same)):  # fmt: skip
            for other in others:
                if other in a.places and a.places[other].kind != "District":
                    yield place.iri, other, Link(kind)
    for body in a.bodies.values():
        if body.street in a.places:
            yield body.iri, body.street, Link("office")
        if body.unit_of in a.bodies:
            yield body.iri, body.unit_of, Link("unitOf")
        if inferred:
            for member in body.members:
                yield member, body.iri, Link("member")


def label(a: Atlas, iri: str) -> str:
    """The label of a thing on a path."""
    if iri in a.targets:
        return f"{a.targets[iri].id} {a.targets[iri].title}"
    known = a.bodies.get(iri) or a.places.get(iri)
    return known.label if known else iri


def found(a: Atlas, text: str, parameter: str) -> str:
    """The address of the body, place or target that a name means. Raises UnknownThing."""
    names: dict[str, str] = {}
    for body in a.bodies.values():
        names.setdefault(squeeze(body.label), body.iri)
    for place in a.places.values():
        names.setdefault(squeeze(place.label), place.iri)
    for target in a.targets.values():
        names.setdefault(target.id, target.iri)
    for body in a.bodies.values():
        names |= {n: body.iri for o in body.other_names if (n := squeeze(o)) not in names}
    for place in a.places.values():
        names |= {n: place.iri for o in place.other_names if (n := squeeze(o)) not in names}
    return meant(text, names, parameter)
