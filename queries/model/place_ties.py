"""How targets tie to a place: in which way, through what, on what ground, with which steps.

The question `place-targets` of the catalogue says which; the atlas has the words.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.store.snapshot import Snapshot
from queries.catalogue import ask, question
from queries.formats import plain
from queries.model.atlas import atlas
from queries.model.records import Atlas, Evidence, Place, Step, Target
from queries.model.row_cache import kept_rows

WAYS = {
    "named": ("地点写明", "named"),
    "within": ("范围之内", "within"),
    "office": ("街道参与", "office"),
    "samePlace": ("同一地点", "same place"),
    "collective": ("集合称谓", "collective"),
}
"""How a target ties to a place: what is written first, what is inferred last."""
WAYS_SAID = WAYS | {
    "within": ("范围之内", "a place inside is named"),
    "office": ("街道参与", "its office takes part"),
    "samePlace": ("同一地点，另一名称", "the same place under another name"),
    "collective": ("集合称谓（推断）", "through a collective (inferred)"),
}
"""The same where no sign and no note stands beside them."""


@dataclass(frozen=True, slots=True)
class Tie:
    """One target and one way; `through` are labels of what stands between."""

    target: Target
    way: str
    through: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    steps: tuple[Step, ...]
    """Of the projects on the spot where the row names one, else of the whole row."""
    whole: bool
    """Whether the steps are those of the whole row."""

    def quarter(self, number: int) -> tuple[Step, ...]:
        """The steps of a quarter."""
        return tuple(s for s in self.steps if s.quarter == number)


def ties(snapshot: Snapshot, label: str) -> list[Tie]:
    """The ties of the place of this label, by way, then in the order of the targets."""
    a = atlas(snapshot)
    spot = next(p for p in a.places.values() if p.label == label)
    asked = question("place-targets").query + label
    found: dict[str, list[Tie]] = {way: [] for way in WAYS}
    for target, way, names in kept_rows(
        snapshot, "ties", asked, lambda: _answered(snapshot, label)
    ):
        through = tuple(x for x in names.split("、") if x)
        found[way].append(_tie(a, spot, a.targets[target], way, through))
    return [tie for way in WAYS for tie in found[way]]


def _answered(snapshot: Snapshot, label: str) -> list[list[str]]:
    answer = ask(snapshot, "place-targets", {"name": label})
    at = [answer.columns.index(c) for c in ("target", "way", "through")]
    return [[plain(row[i]) for i in at] for row in answer.rows]


def _tie(a: Atlas, spot: Place, target: Target, way: str, through: tuple[str, ...]) -> Tie:
    places: set[str] = set()
    if way in ("office", "collective"):
        offices = {b.iri for b in a.bodies.values() if b.street == spot.iri}
        edges = [
            e for e in target.edges if e.body in offices and e.inferred == (way == "collective")
        ]
        evidence = tuple(dict.fromkeys(e.evidence for e in edges if e.evidence))
    else:
        mentions = [
            m
            for m in target.mentions
            if (m.place == spot.iri if way == "named" else m.label in through)
        ]
        places = {m.place for m in mentions}
        evidence = tuple(e for m in mentions for e in m.evidence)
    works = {w.name for w in target.works if places & set(w.places)}
    mine = tuple(s for s in target.steps if s.project and s.project in works)
    whole = tuple(s for s in target.steps if not s.project)
    return Tie(target, way, through, evidence, mine or whole, not mine)
