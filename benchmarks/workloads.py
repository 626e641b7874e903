"""Queries for the servers: five kinds, each with as many values as the graph has."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

from pyoxigraph import QuerySolutions

from graph.store.snapshot import Snapshot
from queries.catalogue import Question, choices, filled, questions

_PREFIXES = (
    "PREFIX tk: <https://w3id.org/tiaokuai/ns#> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
)
_JOIN = (
    _PREFIXES + "SELECT ?t ?n ?b {{ ?t tk:lead/skos:prefLabel '{}'@zh ; skos:notation ?n ; "
    "tk:coordinate/skos:prefLabel ?b }}"
).format
_PAIRS = (
    _PREFIXES + "SELECT ?a ?b (COUNT(DISTINCT ?t) AS ?n) { ?t tk:lead|tk:coordinate ?a, ?b . "
    "FILTER(STR(?a) < STR(?b)) } GROUP BY ?a ?b ORDER BY DESC(?n) ?a ?b LIMIT 20"
)
_TEXT = (
    _PREFIXES + "SELECT ?s ?label {{ ?s skos:prefLabel ?label FILTER(CONTAINS(?label, '{}')) }}"
).format
_EACH = 24
"""Occurrences of a question of the catalogue in the mix, with other values if it has any."""
_MOST = 4000


@dataclass(frozen=True, slots=True)
class Workload:
    """Queries of one kind: `samples` are enough to compare answers by, `queries` to measure.

    They are asked in their order, so that a slow server meets the same kinds as a quick one.
    """

    name: str
    said: str
    samples: tuple[str, ...]
    queries: tuple[str, ...]
    turns: int = 1
    """Their duration as a multiple of other kinds'."""


def workloads(snapshot: Snapshot) -> tuple[Workload, ...]:
    """All kinds of queries on a graph, in an order that is random and always the same."""
    subjects = _column(snapshot, "SELECT DISTINCT ?s { ?s ?p ?o }")
    bodies = _column(snapshot, "SELECT DISTINCT ?n { ?b a tk:Body ; skos:prefLabel ?n }")
    leaders = _column(snapshot, "SELECT DISTINCT ?n { ?t tk:lead/skos:prefLabel ?n }")
    words = sorted({name[at : at + 2] for name in bodies for at in range(len(name) - 1)})
    return (
        _kind("point look-up", "everything said of one thing", point(subjects)),
        _kind("three-hop join", "what a body leads, with who coordinates", map(_JOIN, leaders)),
        _kind("co-work aggregate", "the twenty pairs of bodies that share most targets", [_PAIRS]),
        _kind("text search", "the labels that hold two characters", map(_TEXT, words)),
        _catalogue(snapshot),
    )


def point(subjects: Sequence[str]) -> Iterator[str]:
    """Look-ups of these things."""
    return (f"SELECT ?p ?o {{ <{subject}> ?p ?o }}" for subject in subjects)


def _kind(name: str, said: str, made: Iterable[str]) -> Workload:
    queries = list(made)
    random.Random(name).shuffle(queries)
    return Workload(name, said, tuple(queries[:3]), tuple(queries[:_MOST]))


def _catalogue(snapshot: Snapshot) -> Workload:
    """Every question of the catalogue equally often, its parameters over all that they can be."""
    known = questions().values()
    forms = [_forms(snapshot, asked) for asked in known]
    random.Random("catalogue").shuffle(forms)
    queries = [next(form) for _ in range(_EACH) for form in forms]
    samples = tuple(_bare(filled(snapshot, asked.name, {})) for asked in known)
    said = f"the {len(samples)} questions of the catalogue, each equally often"
    return Workload("mix of the catalogue", said, samples, tuple(queries), turns=3)


def _forms(snapshot: Snapshot, asked: Question) -> Iterator[str]:
    """A question with one value of each parameter after the other, without end."""
    found = []
    for parameter in asked.params:
        values = choices(snapshot, parameter.kind) or [parameter.default]
        random.Random(asked.name + parameter.name).shuffle(values)
        found.append([(parameter.name, value) for value in values])
    for given in zip(*map(cycle, found), strict=True) if found else cycle([()]):
        yield _bare(filled(snapshot, asked.name, dict(given)))


def _bare(query: str) -> str:
    """A query on one line and without its comments."""
    return " ".join(line.strip() for line in query.splitlines() if not line.startswith("#"))


def _column(snapshot: Snapshot, query: str) -> list[str]:
    found = snapshot.query(query)
    assert isinstance(found, QuerySolutions)
    return sorted(row[0].value for row in found)
