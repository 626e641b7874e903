"""SHACL in pieces: a few thousand things at a time, each with its neighbours.

A shape follows paths two steps forward (`oa:refinedBy/oa:exact`, the class of a value), one step
backward over the edges of `_BACKWARD`, and containment as far as it goes. So a thing, its
neighbours, the vocabulary and the places that may be part of a cycle are all that shapes see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, groupby

import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple
from pyshacl import validate
from rdflib.namespace import SH

from graph.exports.rdflib_terms import rdflib_term
from graph.store.snapshot import Snapshot
from ontology.names import GEO, OA, TK
from ontology.vocabulary import ONTOLOGY, vocabulary_triples

PIECE = 2_000
"""Fewest things of a piece: small documents share one."""
LARGEST = 20_000
"""Most things of a piece: a document of a hundred targets has some 10,000."""
_UNSEEN = (OA["prefix"], OA["suffix"])
"""The text around quotes, which no shape constrains."""
_BACKWARD_NAMES = "assignment milestone indicator project actual samePlace sameBody"
_BACKWARD = tuple(TK[name] for name in _BACKWARD_NAMES.split())

Thing = NamedNode | BlankNode
Graph = NamedNode | BlankNode | DefaultGraph


@dataclass(frozen=True, slots=True)
class Result:
    """A violation or warning of a shape."""

    violation: bool
    subject: str
    path: str
    message: str


def results(snapshot: Snapshot, piece: int = PIECE, largest: int = LARGEST) -> Iterator[Result]:
    """Yield what the shapes find in a version, `piece` to `largest` things at a time."""
    held = snapshot.store
    everywhere = _containment(snapshot)
    for some in _pieces(snapshot, piece, largest):
        node, data = cache(_node), rdflib.Graph()
        for triple in vocabulary_triples():
            data.add((node(triple.subject), node(triple.predicate), node(triple.object)))
        named = {q.object for quads in some.values() for q in quads}
        beside = (n for n in named if isinstance(n, NamedNode | BlankNode) and n not in some)
        around = (held.quads_for_pattern(n, None, None) for n in beside)
        back = (held.quads_for_pattern(None, edge, n) for n in some for edge in _BACKWARD)
        for quad in chain.from_iterable(chain(some.values(), [everywhere], around, back)):
            if quad.predicate not in _UNSEEN:
                data.add((node(quad.subject), node(quad.predicate), node(quad.object)))
        yield from _found(data, {node(thing) for thing in some})


def _containment(snapshot: Snapshot) -> list[Quad]:
    """Return the edges of containment that a cycle may run through: both ends have both."""
    edges = list(snapshot.store.quads_for_pattern(None, GEO["sfWithin"], None))
    inner = {q.subject for q in edges} & {q.object for q in edges}
    return [q for q in edges if q.subject in inner and q.object in inner]


def _pieces(snapshot: Snapshot, piece: int, largest: int) -> Iterator[dict[Thing, list[Quad]]]:
    """Yield all things, each once with its quads in all graphs; a document in one piece if it fits.

    A thing belongs to the first graph that holds a quad of it.
    """
    held, order = snapshot.store, dict[Graph, tuple[int, int]]()
    sources = snapshot.version.sources
    for number, entry in enumerate(sources):
        for name in entry.graphs:
            order.setdefault(NamedNode(name), (number, len(order)))
    for graph in (*held.named_graphs(), DefaultGraph()):
        order.setdefault(graph, (len(sources), len(order)))
    some: dict[Thing, list[Quad]] = {}
    for _, group in groupby(order, key=lambda graph: order[graph][0]):
        for graph in group:
            for thing in _subjects(held.quads_for_pattern(None, None, None, graph)):
                quads = list(held.quads_for_pattern(thing, None, None))
                if min(order[q.graph_name] for q in quads) == order[graph]:
                    some[thing] = quads
                    if len(some) == largest:
                        yield some
                        some = {}
        if len(some) >= piece:
            yield some
            some = {}
    yield some


def _subjects(quads: Iterable[Quad]) -> Iterable[Thing]:
    return dict.fromkeys(q.subject for q in quads if not isinstance(q.subject, Triple))


def _node(term: NamedNode | BlankNode | Literal | Triple) -> rdflib.term.Node:
    # rdflib has no quoted triples, and no shape is about them: their text takes their place
    return rdflib.Literal(str(term)) if isinstance(term, Triple) else rdflib_term(term)


def _found(data: rdflib.Graph, things: set[rdflib.term.Node]) -> Iterator[Result]:
    """Yield the results about some things; of others only a part is there."""
    _, report, _ = validate(
        data, shacl_graph=_shapes(), advanced=False, meta_shacl=False, inplace=True
    )
    if not isinstance(report, rdflib.Graph):
        return
    for result in report.subjects(rdflib.RDF.type, SH.ValidationResult):
        subject = report.value(result, SH.focusNode)
        if subject == _VOCABULARY:  # a shape of the whole graph names the thing as its value
            subject = report.value(result, SH.value)
        if subject in things:
            severity = report.value(result, SH.resultSeverity)
            path = report.value(result, SH.resultPath)
            message = report.value(result, SH.resultMessage)
            yield Result(severity == SH.Violation, str(subject), str(path or ""), str(message))


_VOCABULARY = rdflib.URIRef(ONTOLOGY.value)


@cache
def _shapes() -> rdflib.Graph:
    graph = rdflib.Graph()
    graph.parse(data=(files("ontology") / "shapes.ttl").read_bytes(), format="turtle")
    return graph
