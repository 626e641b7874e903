"""Describe a thing as linked data, or name what is nearest to an unknown one."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from importlib.resources import files

from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Triple, serialize

from graph.store.snapshot import Snapshot
from ontology.context import context
from ontology.names import HOME, OA, PREFIXES, base
from queries.model.records import Edge
from viz.web.accept import Form, chosen
from viz.web.context import Desk, Near

PAGE = Form("html", "text/html", ("application/xhtml+xml",))
RDF = (
    Form("ttl", "text/turtle; charset=utf-8", ("turtle", "application/x-turtle")),
    Form("jsonld", "application/ld+json", ("json-ld", "json", "application/json")),
    Form("nt", "application/n-triples", ("ntriples", "n-triples", "text/plain")),
    Form("rdf", "application/rdf+xml", ("xml", "rdfxml", "application/xml", "text/xml")),
)
QUADS = (Form("nq", "application/n-quads", ("nquads",)), Form("trig", "application/trig"))
_SERIAL = {
    "ttl": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
}
VOCABULARY = HOME + "ns"


class NoForm(Exception):
    """A thing is not to be had in the format that is wanted; `forms` are those that are."""

    def __init__(self, wanted: str, forms: Iterable[Form]) -> None:
        self.wanted = wanted
        self.forms = tuple(f"{f.name} ({f.media.partition(';')[0]})" for f in forms)
        super().__init__(wanted)


def form_of(iri: str, accept: str, wanted: str) -> Form:
    """The format in which a thing is shown: a page for people, RDF for machines. Raises NoForm.

    Without a wish, or with an equal one, it is the page; a graph also comes as quads.
    """
    forms = (PAGE, *RDF, *(QUADS if is_graph(iri) else ()))
    found = chosen(forms, accept, wanted)
    if found is None:
        raise NoForm(wanted, forms)
    return found


def is_graph(iri: str) -> bool:
    """Return whether an address is that of a named graph."""
    return iri.startswith(base() + "graph/")


def rdf(desk: Desk, iri: str, form: str) -> bytes:
    """The triples about a thing with its evidence; of a graph, all its triples. Raises Near."""
    node = NamedNode(iri)
    store = desk.snapshot.store
    if is_graph(iri):
        quads = sorted(store.quads_for_pattern(None, None, None, node), key=str)
        if not quads:
            raise missing(desk, iri)
        if form in ("nq", "trig"):
            return _serialized(quads, form)
        return _serialized([quad.triple for quad in quads], form)
    said = {q.triple for q in store.quads_for_pattern(node, None, None)}
    if iri == VOCABULARY:
        said |= vocabulary(desk.snapshot)
    if not said:
        raise missing(desk, iri)
    for triple in list(said):
        name = getattr(triple.predicate, "value", "")
        if triple.predicate == OA["hasSelector"] or name.endswith("#evidence"):
            said |= _about(desk, triple.object)
    said |= {quad.triple for quad in store.quads_for_pattern(None, None, node)}
    return _serialized(sorted(said, key=str), form)


def vocabulary(snapshot: Snapshot) -> set[Triple]:
    """All triples about the terms of our vocabulary."""
    result = snapshot.query(
        f"SELECT DISTINCT ?t {{ ?t rdfs:label ?l FILTER(STRSTARTS(STR(?t), '{VOCABULARY}')) }}"
    )
    assert isinstance(result, QuerySolutions)
    return {
        quad.triple
        for row in result
        for quad in snapshot.store.quads_for_pattern(row[0], None, None)
    }


def context_document() -> bytes:
    """The JSON-LD context as a document of its own."""
    return json.dumps({"@context": context()}, ensure_ascii=False, indent=1).encode()


def shapes_document() -> bytes:
    """Return the SHACL shapes, as they are validated with."""
    return (files("ontology") / "shapes.ttl").read_bytes()


def _serialized(said: Iterable[Triple] | Iterable[Quad], form: str) -> bytes:
    prefixes = PREFIXES if form in ("ttl", "rdf", "trig", "jsonld") else None
    return serialize(said, format=_SERIAL[form], prefixes=prefixes) or b""


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
