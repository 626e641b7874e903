"""The figures that pages, pictures, files and questions state, each decided here once.

The stage of a target in a quarter is the furthest step of the target and of its projects. A
target counts once for a body or a place, however many ways tie it; what is written and what is
only inferred are counted apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from queries.model.place_ties import Tie, ties
from queries.model.records import Atlas, Edge, Target

QUARTERS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Duties:
    """The targets that a body leads, coordinates, or has by inference only, each once."""

    leads: tuple[Target, ...]
    supports: tuple[Target, ...]
    """Those that it supports without leading them."""
    inferred: tuple[Target, ...]

    @property
    def written(self) -> tuple[Target, ...]:
        """All that the notice gives it, in the order of the notice where possible."""
        return (*self.leads, *self.supports)


@dataclass(frozen=True, slots=True)
class Concern:
    """The targets of a place: those that a sentence ties to it, and those that are inferred."""

    written: tuple[Target, ...]
    inferred: tuple[Target, ...]
    ways: Mapping[str, tuple[str, ...]]
    """The ways of each target, by its address."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The content of a scope in numbers, as on its front page."""

    targets: int
    bodies: int
    """Bodies that a row names, collectives left out."""
    collectives: int
    places: int
    leads: int
    """Written pairs of a target and a body that leads it or is responsible, collectives too."""
    supports: int
    pairs: int
    """Pairs of a lead and a supporting body of one target, collectives left out."""


def duties(a: Atlas, body: str) -> Duties:
    """Return the targets of a body by its strongest role in each."""
    roles: dict[str, str] = {}
    for edge in a.edges_of(body):
        role = "inferred" if edge.inferred else role_of(edge)
        rank = ("Lead", "Coordinate", "inferred")
        roles[edge.target] = min(role, roles.get(edge.target, role), key=rank.index)

    def of(role: str) -> tuple[Target, ...]:
        return tuple(a.targets[iri] for iri, found in roles.items() if found == role)

    return Duties(of("Lead"), of("Coordinate"), of("inferred"))


def role_of(edge: Edge) -> str:
    """Return the role that counts: a responsible unit counts with the leads."""
    return "Coordinate" if edge.role == "Coordinate" else "Lead"


def concern(a: Atlas, place: str) -> Concern:
    """Return the targets of a place, each once with all its ways."""
    ways: dict[str, list[str]] = {}
    for tie in ties(a, place):
        ways.setdefault(tie.target.iri, []).append(tie.way)
    order = [t for t in a.targets.values() if t.iri in ways]
    return Concern(
        tuple(t for t in order if set(ways[t.iri]) != {"collective"}),
        tuple(t for t in order if set(ways[t.iri]) == {"collective"}),
        {iri: tuple(dict.fromkeys(found)) for iri, found in ways.items()},
    )


def due(targets: Iterable[Target]) -> tuple[int, int, int, int]:
    """Count the targets that have a step in each quarter."""
    every = list(targets)
    one, two, three, four = (sum(t.is_due(q) for t in every) for q in QUARTERS)
    return one, two, three, four


def completed(targets: Iterable[Target]) -> tuple[int, int, int, int]:
    """Count the targets whose stage in each quarter is completion."""
    every = list(targets)
    one, two, three, four = (sum(t.stage(q) == "Done" for t in every) for q in QUARTERS)
    return one, two, three, four


def completed_there(found: Iterable[Tie]) -> tuple[int, int, int, int]:
    """Count the targets that complete something at a place in each quarter."""
    done: dict[int, set[str]] = {q: set() for q in QUARTERS}
    for tie in found:
        for step in tie.steps:
            if step.stage == "Done":
                done[step.quarter].add(tie.target.iri)
    one, two, three, four = (len(done[q]) for q in QUARTERS)
    return one, two, three, four


def is_collective(iri: str) -> bool:
    """Return whether an address is that of a collective (各街（镇）)."""
    return "/集合/" in iri


def named_bodies(a: Atlas) -> list[str]:
    """List the bodies and collectives that a row names, in the order of the notice."""
    edges = (e for t in a.targets.values() for e in t.edges if not e.inferred)
    return list(dict.fromkeys(e.body for e in edges))


def named_places(a: Atlas) -> list[str]:
    """List the places that a row names, in the order of the notice."""
    return list(dict.fromkeys(m.place for t in a.targets.values() for m in t.mentions))


def pairs_of(target: Target) -> list[tuple[str, str]]:
    """List the pairs of a lead and a supporting body of a target, collectives left out."""
    written = [e for e in target.edges if not e.inferred and not is_collective(e.body)]
    leads = dict.fromkeys(e.body for e in written if role_of(e) == "Lead")
    others = dict.fromkeys(e.body for e in written if role_of(e) == "Coordinate")
    return [(lead, other) for lead in leads for other in others if lead != other]


def totals(a: Atlas) -> Totals:
    """Count what a scope holds."""
    bodies = named_bodies(a)
    edges = [e for t in a.targets.values() for e in t.edges if not e.inferred]
    return Totals(
        targets=len(a.targets),
        bodies=sum(not is_collective(b) for b in bodies),
        collectives=sum(is_collective(b) for b in bodies),
        places=len(named_places(a)),
        leads=sum(role_of(e) == "Lead" for e in edges),
        supports=sum(role_of(e) == "Coordinate" for e in edges),
        pairs=sum(len(pairs_of(t)) for t in a.targets.values()),
    )
