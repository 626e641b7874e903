"""Ties of targets to a place: their way, the fact between them, their evidence and steps.

The same ties as the question `place-targets` finds, but of one address: in many notices a name
has several.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from queries.model.records import Atlas, Evidence, Mention, Place, Step, Target

WAYS = {
    "named": ("地点写明", "named"),
    "within": ("范围之内", "within"),
    "office": ("街道参与", "office"),
    "samePlace": ("同一地点", "same place"),
    "collective": ("集合称谓", "collective"),
}
"""Ways in which a target ties to a place: written ones first, inferred ones last."""
WAYS_IN_FULL = WAYS | {
    "within": ("范围之内", "a place inside is named"),
    "office": ("街道参与", "its office takes part"),
    "samePlace": ("同一地点，另一名称", "the same place under another name"),
    "collective": ("集合称谓（推断）", "through a collective (inferred)"),
}
"""The same where no sign and no note explains them."""


@dataclass(frozen=True, slots=True)
class Tie:
    """One target and one way; `through` are labels of what links the two."""

    target: Target
    way: str
    through: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    steps: tuple[Step, ...]
    """Of the projects on the spot where the row names one, else of the whole row."""
    whole: bool
    """True where the steps are those of the whole row."""

    @property
    def own(self) -> tuple[Step, ...]:
        """The steps of the projects on the spot alone."""
        return () if self.whole else self.steps

    def quarter(self, number: int) -> tuple[Step, ...]:
        """The steps of a quarter."""
        return tuple(s for s in self.steps if s.quarter == number)


def ties(a: Atlas, iri: str) -> list[Tie]:
    """List the ties of a place by way, then in the order of the targets."""
    spot, inner = a.places[iri], inside(a, iri)
    here = {iri, *inner}
    found = [
        *_mentions(a, "named", {iri}),
        *_mentions(a, "within", inner),
        *_mentions(a, "samePlace", same_spot(a, here), without=here),
    ]
    if spot.kind == "Street":
        found += _offices(a, spot)
    rank = {way: i for i, way in enumerate(WAYS)}
    return sorted(found, key=lambda tie: rank[tie.way])


def _mentions(
    a: Atlas, way: str, wanted: AbstractSet[str], without: AbstractSet[str] = frozenset()
) -> Iterator[Tie]:
    for target in a.targets.values():
        if any(m.place in without for m in target.mentions):
            continue
        found: list[Mention] = [m for m in target.mentions if m.place in wanted]
        if not found:
            continue
        labels = tuple(dict.fromkeys(m.label for m in found))
        works = {w.name for w in target.works if {m.place for m in found} & set(w.places)}
        evidence = tuple(e for m in found for e in m.evidence)
        yield _tie(target, way, () if way == "named" else labels, evidence, works)


def _offices(a: Atlas, spot: Place) -> Iterator[Tie]:
    offices = {b.iri for b in a.bodies.values() if b.street == spot.iri}
    for target in a.targets.values():
        for way in ("office", "collective"):
            edges = [
                e for e in target.edges if e.body in offices and e.inferred == (way == "collective")
            ]
            if edges:
                through = tuple(
                    dict.fromkeys(e.via if e.inferred else a.bodies[e.body].label for e in edges)
                )
                evidence = tuple(dict.fromkeys(e.evidence for e in edges if e.evidence))
                yield _tie(target, way, through, evidence, set())


def _tie(
    target: Target,
    way: str,
    through: tuple[str, ...],
    evidence: tuple[Evidence, ...],
    works: set[str],
) -> Tie:
    mine = tuple(s for s in target.steps if s.project and s.project in works)
    whole = tuple(s for s in target.steps if not s.project)
    return Tie(target, way, through, evidence, mine or whole, not mine)


def inside(a: Atlas, iri: str) -> set[str]:
    """Return the places inside a place or on a road, however deep."""
    found: set[str] = set()
    frontier = [iri]
    while frontier:
        here = frontier.pop()
        for other in a.inside_of.get(here, ()):
            if other not in found:
                found.add(other)
                frontier.append(other)
    return found - {iri}


def same_spot(a: Atlas, places: AbstractSet[str]) -> set[str]:
    """Return the other names of places."""
    found, frontier = set(places), list(places)
    while frontier:
        for other in a.places[frontier.pop()].same:
            if other not in found and other in a.places:
                found.add(other)
                frontier.append(other)
    return found - places
