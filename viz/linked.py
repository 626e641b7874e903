"""A thing as linked data, and what is nearest where there is no such thing."""

from __future__ import annotations

import difflib

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from ontology.names import OA, PREFIXES
from viz.desk import Desk, Near
from viz.things import Edge


def rdf(desk: Desk, iri: str, form: str) -> bytes:
    """What is said of a thing, its evidence with it. Raises Near where nothing is."""
    node = NamedNode(iri)
    said = {
        Triple(q.subject, q.predicate, q.object)
        for q in desk.snapshot.store.quads_for_pattern(node, None, None)
    }
    if iri == "https://w3id.org/tiaokuai/ns":
        home = PREFIXES["tk"]
        said |= {
            q.triple
            for q in desk.snapshot.store
            if getattr(q.subject, "value", "").startswith(home)
        }
    if not said:
        raise missing(desk, iri)
    for triple in list(said):
        if triple.predicate == OA["hasSelector"] or getattr(triple.predicate, "value", "").endswith(
            "#evidence"
        ):
            said |= _about(desk, triple.object)
    for quad in desk.snapshot.store.quads_for_pattern(None, None, node):
        said.add(quad.triple)
    formats = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD}
    ordered = sorted(said, key=str)
    prefixes = PREFIXES if form == "ttl" else None
    return serialize(ordered, format=formats[form], prefixes=prefixes) or b""


def _about(desk: Desk, node: object) -> set[Triple]:
    found: set[Triple] = set()
    if isinstance(node, NamedNode):
        for suffix in ("", "#pos", "#quote"):
            part = NamedNode(node.value.split("#")[0] + suffix)
            found |= {q.triple for q in desk.snapshot.store.quads_for_pattern(part, None, None)}
    return found


def missing(desk: Desk, iri: str) -> Near:
    a = desk.atlas
    name = iri.rsplit("/", 1)[-1]
    labels = {b.label: b.iri for b in a.bodies.values()}
    labels |= {p.label: p.iri for p in a.places.values()}
    labels |= {t.id: t.iri for t in a.targets.values()}
    near = (
        difflib.get_close_matches(name, labels, 5, 0.4)
        or [x for x in labels if name and name in x][:5]
    )
    title = desk.say("没有找到", "Not found")
    detail = desk.say(f"图谱里没有“{name}”", f"the graph has no “{name}”")
    return Near(title, detail, [(n, desk.thing(labels[n])) for n in near])


def names_of(desk: Desk, edges: list[Edge]) -> str:
    return desk.say("、", ", ").join(e.label for e in edges)
