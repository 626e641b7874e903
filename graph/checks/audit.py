"""`check`: the shapes, and the laws that need the source text.

Every quote is in its source at its offsets; a milestone's evidence lies inside the cell of
its own quarter; a triple is in one graph; every lead or coordinate edge has its assignment
and the converse; nothing lies within itself.

Nothing here holds more than a document at a time, so that memory does not depend on their number.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal as Choice

from pyoxigraph import NamedNode, QuerySolutions

from graph.checks import shacl
from graph.store.snapshot import Snapshot
from graph.store.snapshot import Term as Node
from ontology.names import GEO


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the audit found: a violation fails the check, a warning does not."""

    severity: Choice["violation", "warning"]
    rule: str
    subject: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.rule}: {self.subject}: {self.message}"


def audit(snapshot: Snapshot, texts: Mapping[str, str]) -> Iterator[Finding]:
    """All findings of a version; `texts` gives the source text of each text id."""
    yield from quotes(snapshot, texts)
    yield from milestone_cells(snapshot)
    yield from doubled_triples(snapshot)
    yield from edges_without_assignment(snapshot)
    yield from containment_cycles(snapshot)
    yield from shapes(snapshot)


def _rows(
    snapshot: Snapshot, query: str, bindings: Mapping[str, Node] | None = None
) -> Iterator[tuple[str, ...]]:
    result = snapshot.query(query, bindings)
    assert isinstance(result, QuerySolutions)
    for solution in result:
        yield tuple("" if t is None else getattr(t, "value", str(t)) for t in solution)


def quotes(snapshot: Snapshot, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Yield evidence whose quote is not in its source at its offsets."""
    query = """SELECT ?e ?source ?start ?end ?exact ?prefix ?suffix {
        ?e oa:hasSource ?source ; oa:hasSelector ?p .
        ?p oa:start ?start ; oa:end ?end ; oa:refinedBy ?q . ?q oa:exact ?exact
        OPTIONAL { ?q oa:prefix ?prefix } OPTIONAL { ?q oa:suffix ?suffix } }"""
    for (source,) in _rows(snapshot, "SELECT DISTINCT ?source { ?e oa:hasSource ?source }"):
        text_id = source.rsplit("/", 1)[-1]
        text = texts.get(text_id)
        quoted = _rows(snapshot, query, {"source": NamedNode(source)})
        for node, _, first, last, exact, prefix, suffix in quoted:
            if text is None:
                yield Finding("violation", "source", node, f"the text {text_id} is not kept")
                continue
            start, end = int(first), int(last)
            if text[start:end] != exact:
                yield Finding(
                    "violation", "quote", node, f"{text[start:end]!r} stands at {start}-{end}"
                )
            elif not text.endswith(prefix, 0, start) or not text.startswith(suffix, end):
                yield Finding(
                    "violation", "context", node, "its prefix or suffix is not that of the source"
                )
    for text_id, text in texts.items():
        if hashlib.sha256(text.encode()).hexdigest()[:12] != text_id:
            yield Finding("violation", "hash", text_id, "the text kept is not the text of this id")


def milestone_cells(snapshot: Snapshot) -> Iterator[Finding]:
    """Milestones of a project whose evidence is not inside the cell of their quarter."""
    query = """SELECT ?m ?start ?end ?from ?to {
        ?m a tk:Milestone ; tk:target ?t ; tk:due ?q ; tk:evidence/oa:hasSelector ?p .
        ?p oa:start ?start ; oa:end ?end .
        OPTIONAL { ?whole a tk:Milestone ; tk:target ?t ; tk:due ?q .
          ?whole tk:evidence/oa:hasSelector ?w .
          ?w oa:start ?from ; oa:end ?to . FILTER NOT EXISTS { ?whole tk:ofProject ?any } } }"""
    for node, start, end, first, last in _rows(snapshot, query):
        if not first:
            yield Finding("violation", "milestone", node, "its target has no cell for this quarter")
        elif not int(first) <= int(start) < int(end) <= int(last):
            yield Finding(
                "violation", "milestone", node, "its evidence lies outside its quarter's cell"
            )


def doubled_triples(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield triples that are in more than one graph."""
    query = """SELECT DISTINCT ?s ?p ?o {
        { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s ?p ?o } FILTER(STR(?g) < STR(?h)) }
        UNION { ?s ?p ?o . GRAPH ?h { ?s ?p ?o } } }"""
    result = snapshot.store.query(query)  # here the default graph is only itself
    assert isinstance(result, QuerySolutions)
    for subject, predicate, _ in result:
        yield Finding("violation", "one-graph", str(subject), f"{predicate} stands in two graphs")


def edges_without_assignment(snapshot: Snapshot) -> Iterator[Finding]:
    """Direct edges without their assignment node, and asserted assignments without their edge."""
    for edge, role in (
        ("lead", "Lead"),
        ("coordinate", "Coordinate"),
        ("responsible", "Responsible"),
    ):
        # a body has assignments in all documents, a target only its own: so they come first
        without = f"""SELECT ?t ?b {{ ?t tk:{edge} ?b FILTER NOT EXISTS {{ ?a tk:target ?t
            FILTER EXISTS {{ ?a tk:body ?b ; tk:role tk:{role} ; tk:inferred false }} }} }}"""
        for target, body in _rows(snapshot, without):
            yield Finding("violation", "assignment", target, f"{edge} {body} has no assignment")
        converse = f"""SELECT ?a {{ ?a tk:target ?t ; tk:body ?b ; tk:role tk:{role} ;
            tk:inferred false FILTER NOT EXISTS {{ ?t tk:{edge} ?b }} }}"""
        for (node,) in _rows(snapshot, converse):
            yield Finding("violation", "assignment", node, f"its target has no {edge} edge")


def containment_cycles(snapshot: Snapshot) -> Iterator[Finding]:
    """Places that lie within themselves, however many steps away."""
    held, within = snapshot.store, GEO["sfWithin"]

    def above(node: NamedNode) -> list[NamedNode]:
        found = (quad.object for quad in held.quads_for_pattern(node, within, None))
        return [place for place in found if isinstance(place, NamedNode)]

    caught = set[str]()
    for quad in held.quads_for_pattern(None, within, None):
        start = quad.subject
        if not isinstance(start, NamedNode):
            continue
        reached, frontier = set[NamedNode](), above(start)
        while frontier:
            node = frontier.pop()
            if node not in reached:
                reached.add(node)
                frontier += above(node)
        if start in reached:
            caught.add(start.value)
    for place in sorted(caught):
        yield Finding("violation", "containment", place, "lies within itself")


def shapes(snapshot: Snapshot) -> Iterator[Finding]:
    """Yield the results of SHACL."""
    for result in shacl.results(snapshot):
        yield Finding(
            "violation" if result.violation else "warning",
            "shape",
            result.subject,
            f"{result.path} {' '.join(result.message.split())}".strip(),
        )
