"""The doubts that wait for a person, each with its sentence and with what hangs on it."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import QuerySolutions

from graph.store.snapshot import Snapshot
from queries.formats import plain

_OPEN = """
SELECT ?doubt ?id ?kind ?cell ?why ?quote ?start ?end ?sentence ?reading ?notation ?target WHERE {
  ?doubt a tk:Doubt ; tk:doubtId ?id ; tk:doubtKind ?kind ; tk:cell ?cell ; tk:reason ?why ;
    tk:text ?sentence ; tk:evidence/oa:hasSelector ?position .
  ?position oa:start ?start ; oa:end ?end ; oa:refinedBy/oa:exact ?quote .
  OPTIONAL { ?doubt tk:reading ?reading }
  OPTIONAL { ?doubt tk:target ?target . ?target skos:notation ?notation ; tk:ordinal ?order }
} ORDER BY ?order ?start ?id
"""
_THINGS = """
SELECT DISTINCT ?doubt ?thing ?label WHERE {
  ?doubt a tk:Doubt ; tk:concerns ?thing .
  OPTIONAL { ?thing skos:prefLabel|tk:measure/skos:prefLabel|tk:namedAs ?label }
} ORDER BY ?doubt ?thing ?label
"""
_TARGETS = """
SELECT DISTINCT ?doubt ?notation ?order WHERE {
  ?doubt a tk:Doubt ; tk:concerns ?thing .
  { ?target tk:location|tk:project|tk:indicator ?thing }
  UNION { ?thing a tk:Assignment ; tk:target ?target }
  ?target skos:notation ?notation ; tk:ordinal ?order .
} ORDER BY ?doubt ?order
"""


@dataclass(frozen=True, slots=True)
class OpenDoubt:
    """One doubt; `reading` is how the words are read now, empty where nothing is read of them."""

    id: str
    iri: str
    kind: str
    """slip, new-body, both-roles, no-lead, place, project, clause, number, same-place, …"""
    row: str
    """The notation of its target; empty where it is about the whole document."""
    target: str
    """The address of that target."""
    cell: str
    quote: str
    start: int
    end: int
    sentence: str
    reading: str
    why: str
    things: tuple[tuple[str, str], ...]
    """The things that depend on it: addresses and names."""
    targets: tuple[str, ...]
    """The notations of the targets that these touch."""

    @property
    def answers(self) -> tuple[str, ...]:
        """The decisions that make sense: some doubts have nothing to put right."""
        return ("accept", "reject", "correct") if self.things else ("accept",)


def open_doubts(snapshot: Snapshot) -> tuple[OpenDoubt, ...]:
    """All undecided doubts of a version, in the order of the targets."""
    things: dict[str, dict[str, str]] = {}
    for doubt, thing, label in _rows(snapshot, _THINGS):
        things.setdefault(doubt, {}).setdefault(thing, label or thing.rsplit("/", 1)[-1])
    touched: dict[str, dict[str, None]] = {}
    for doubt, notation, _ in _rows(snapshot, _TARGETS):
        touched.setdefault(doubt, {})[notation] = None
    found = []
    for row in _rows(snapshot, _OPEN):
        doubt, name, kind, cell, why, quote, start, end, sentence, reading, notation, target = row
        found.append(
            OpenDoubt(
                id=name,
                iri=doubt,
                kind=kind,
                row=notation,
                target=target,
                cell=cell,
                quote=quote,
                start=int(start),
                end=int(end),
                sentence=sentence,
                reading=reading,
                why=why,
                things=tuple(things.get(doubt, {}).items()),
                targets=tuple(touched.get(doubt, ())),
            )
        )
    return tuple(found)


def _rows(snapshot: Snapshot, query: str) -> list[list[str]]:
    found = snapshot.query(query)
    assert isinstance(found, QuerySolutions)
    return [[plain(solution[v]) for v in found.variables] for solution in found]
