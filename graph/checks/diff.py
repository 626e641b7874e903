"""Changes from one version to another, by thing: targets, edges, milestones, numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, QuerySolutions

from graph.store.snapshot import Snapshot

_EDGE = """SELECT ?thing ?n ?name {{ ?thing tk:{0} [ skos:prefLabel ?name ] ; skos:notation ?n }}"""
_THINGS = {
    "target": "SELECT ?thing ?n ?value { ?thing a tk:Target ; skos:notation ?n ; tk:text ?value }",
    **{
        edge: _EDGE.format(edge)
        for edge in ("lead", "coordinate", "responsible", "location", "project")
    },
    "milestone": "SELECT ?thing ?value { ?thing a tk:Milestone ; tk:text ?value }",
    "indicator": "SELECT ?thing ?value { ?thing a schema:QuantitativeValue ; tk:asWritten ?value }",
    "progress": """SELECT ?thing ?n ?name ?value { ?thing a tk:ProgressEntry ; tk:text ?text ;
        tk:status/rdfs:label ?status FILTER(LANG(?status) = "zh")
        OPTIONAL { ?thing tk:target/skos:notation ?number } OPTIONAL { ?thing tk:asOf ?day }
        OPTIONAL { ?thing tk:reporter/skos:prefLabel ?reporter }
        BIND(COALESCE(?number, "未对上") AS ?n)
        BIND(CONCAT(COALESCE(STR(?day), ""), " ", COALESCE(STR(?reporter), "")) AS ?name)
        BIND(CONCAT(STR(?status), " ", STR(?text)) AS ?value) }""",
}
"""Of each kind: a node of the document, the words that tell it from others of the kind, a value."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that came, went or changed."""

    how: str
    """came, went or changed"""
    thing: str
    key: str
    before: str
    after: str

    def __str__(self) -> str:
        words = " → ".join(w for w in (self.before, self.after) if w)
        return "\t".join(part for part in (self.how, self.thing, self.key, words) if part)


def diff(one: Snapshot, other: Snapshot) -> Iterator[Change]:
    """Yield the changes from `one` to `other`: documents, their facts, what
    was reported, then other graphs.

    A target goes by its number; by its document too, where the two versions hold several.
    """
    sources = (e for s in (one, other) for e in s.version.sources)
    names = {e.document for e in sources if e.kind == "notice"}
    yield from _changes("document", _documents(one), _documents(other))
    for thing, query in _THINGS.items():
        before, after = (_values(s, query, several=len(names) > 1) for s in (one, other))
        yield from _changes(thing, before, after)
    ours = {*one.version.graphs, *other.version.graphs}
    yield from _changes("graph", _others(one, ours), _others(other, ours))


def _changes(thing: str, before: dict[str, str], after: dict[str, str]) -> Iterator[Change]:
    for key in sorted(before.keys() | after.keys(), key=_order):
        if key not in before:
            yield Change("came", thing, key, "", after[key])
        elif key not in after:
            yield Change("went", thing, key, before[key], "")
        elif before[key] != after[key]:
            yield Change("changed", thing, key, before[key], after[key])


def _order(key: str) -> tuple[object, ...]:
    """Numbers by their size: 9 before 14a."""
    digits = key[: len(key) - len(key.lstrip("0123456789"))]
    return (not digits, int(digits or 0), key)


def _documents(snapshot: Snapshot) -> dict[str, str]:
    return {f"{e.jurisdiction} {e.document}": e.text_id for e in snapshot.version.sources}


def _values(snapshot: Snapshot, query: str, *, several: bool) -> dict[str, str]:
    result = snapshot.query(query)
    assert isinstance(result, QuerySolutions)
    names = {v.value for v in result.variables}
    found: dict[str, list[str]] = {}
    for row in result:
        # …/id/{jurisdiction}/{document}/{kind}/{what is its own}
        *_, document, _, own = _path(row["thing"].value)
        words = [row["n"].value if "n" in names else own]
        words += [row["name"].value] if "name" in names else []
        key = " ".join([document, *words] if several else words)
        found.setdefault(key, []).append(row["value"].value if "value" in names else "")
    return {key: "; ".join(sorted(values)) for key, values in found.items()}


def _path(iri: str) -> tuple[str, ...]:
    parts = iri.partition("/id/")[2].split("/", 3)
    return tuple(parts) if len(parts) == 4 else ("", "", "", iri)


def _others(snapshot: Snapshot, ours: set[str]) -> dict[str, str]:
    """The graphs that other people wrote, and how many triples are in each."""
    counts: Counter[str] = Counter()
    for graph in snapshot.store.named_graphs():
        if isinstance(graph, NamedNode) and graph.value not in ours:
            found = snapshot.store.quads_for_pattern(None, None, None, graph)
            counts[graph.value] = sum(1 for _ in found)
    return {name: f"{count} triples" for name, count in counts.items()}
