"""`check`: the shapes, and what only the source text can show.

Every quote stands in its source at its offsets; a milestone's evidence lies inside the cell of
its own quarter; a triple stands in one graph; every lead or coordinate edge has its assignment
and the converse; nothing lies within itself.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal as Choice

import rdflib
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, serialize
from pyshacl import validate
from rdflib.namespace import SH

from graph.snapshot import Snapshot
from ontology.names import GEO, OA


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the audit found: a violation fails the check, a warning does not."""

    severity: Choice["violation", "warning"]
    rule: str
    subject: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity}: {self.rule}: {self.subject}: {self.message}"


def audit(snapshot: Snapshot, texts: Mapping[str, str]) -> list[Finding]:
    """All findings of a version; `texts` gives the source text of each text id."""
    return [
        *quotes(snapshot, texts),
        *milestone_cells(snapshot),
        *doubled_triples(snapshot),
        *edges_without_assignment(snapshot),
        *containment_cycles(snapshot),
        *shapes(snapshot),
    ]


def _rows(snapshot: Snapshot, query: str) -> Iterator[tuple[str, ...]]:
    result = snapshot.query(query)
    assert isinstance(result, QuerySolutions)
    for solution in result:
        yield tuple("" if t is None else getattr(t, "value", str(t)) for t in solution)


def quotes(snapshot: Snapshot, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Evidence whose quote does not stand in its source at its offsets."""
    query = """SELECT ?e ?source ?start ?end ?exact ?prefix ?suffix {
        ?e oa:hasSource ?source ; oa:hasSelector ?p .
        ?p oa:start ?start ; oa:end ?end ; oa:refinedBy ?q . ?q oa:exact ?exact
        OPTIONAL { ?q oa:prefix ?prefix } OPTIONAL { ?q oa:suffix ?suffix } }"""
    for node, source, first, last, exact, prefix, suffix in _rows(snapshot, query):
        text_id = source.rsplit("/", 1)[-1]
        text = texts.get(text_id)
        if text is None:
            yield Finding("violation", "source", node, f"the text {text_id} is not kept")
            continue
        start, end = int(first), int(last)
        if text[start:end] != exact:
            yield Finding(
                "violation", "quote", node, f"{text[start:end]!r} stands at {start}-{end}"
            )
        elif not text[:start].endswith(prefix) or not text[end:].startswith(suffix):
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
    """Triples that stand in more than one graph."""
    seen: dict[tuple[object, object, object], object] = {}
    for quad in snapshot.store.quads_for_pattern(None, None, None):
        key = (quad.subject, quad.predicate, quad.object)
        if key in seen and seen[key] != quad.graph_name:
            yield Finding(
                "violation",
                "one-graph",
                str(quad.subject),
                f"{quad.predicate} stands in two graphs",
            )
        seen[key] = quad.graph_name


def edges_without_assignment(snapshot: Snapshot) -> Iterator[Finding]:
    """Direct edges without their assignment node, and asserted assignments without their edge."""
    for edge, role in (
        ("lead", "Lead"),
        ("coordinate", "Coordinate"),
        ("responsible", "Responsible"),
    ):
        without = f"""SELECT ?t ?b {{ ?t tk:{edge} ?b FILTER NOT EXISTS {{
            ?a tk:target ?t ; tk:body ?b ; tk:role tk:{role} ; tk:inferred false }} }}"""
        for target, body in _rows(snapshot, without):
            yield Finding("violation", "assignment", target, f"{edge} {body} has no assignment")
        converse = f"""SELECT ?a {{ ?a tk:target ?t ; tk:body ?b ; tk:role tk:{role} ;
            tk:inferred false FILTER NOT EXISTS {{ ?t tk:{edge} ?b }} }}"""
        for (node,) in _rows(snapshot, converse):
            yield Finding("violation", "assignment", node, f"its target has no {edge} edge")


def containment_cycles(snapshot: Snapshot) -> Iterator[Finding]:
    """Places that lie within themselves, however many steps away."""
    above: dict[str, set[str]] = defaultdict(set)
    for quad in snapshot.store.quads_for_pattern(None, GEO["sfWithin"], None):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            above[quad.subject.value].add(quad.object.value)
    for start in sorted(above):
        reached, frontier = set[str](), list(above[start])
        while frontier:
            node = frontier.pop()
            if node not in reached:
                reached.add(node)
                frontier += above.get(node, ())
        if start in reached:
            yield Finding("violation", "containment", start, "lies within itself")


@cache
def _shapes() -> rdflib.Graph:
    graph = rdflib.Graph()
    graph.parse(data=(files("ontology") / "shapes.ttl").read_bytes(), format="turtle")
    return graph


def shapes(snapshot: Snapshot) -> Iterator[Finding]:
    """What SHACL finds; the data is handed to rdflib without the text around quotes."""
    data = rdflib.Graph()
    left_out = {OA["prefix"], OA["suffix"]}
    triples = (q.triple for q in snapshot.store if q.predicate not in left_out)
    data.parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")
    _, report, _ = validate(data, shacl_graph=_shapes(), advanced=False, meta_shacl=False)
    if not isinstance(report, rdflib.Graph):
        return
    for result in report.subjects(rdflib.RDF.type, SH.ValidationResult):
        severity = report.value(result, SH.resultSeverity)
        message = report.value(result, SH.resultMessage)
        path = report.value(result, SH.resultPath)
        yield Finding(
            "violation" if severity == SH.Violation else "warning",
            "shape",
            str(report.value(result, SH.focusNode)),
            f"{path or ''} {' '.join(str(message).split())}".strip(),
        )
