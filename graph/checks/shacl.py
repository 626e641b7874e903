"""SHACL in pieces: a few thousand things at a time, each with all that is said of what it names.

A shape follows paths forward only, two steps at most (`oa:refinedBy/oa:exact`, the class of a
value). So a thing, the things that it names and what classes lie in which is all that its shapes
see, whatever else the graph holds.
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
from ontology.names import OA, RDFS

PIECE = 2_000
"""Things that are looked at together, at least: small documents share a piece."""
LARGEST = 20_000
"""And at most: a document of a hundred targets has some 10,000."""
_UNSEEN = (OA["prefix"], OA["suffix"])
"""The text around quotes, of which no shape speaks."""

Thing = NamedNode | BlankNode
Graph = NamedNode | BlankNode | DefaultGraph


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that is not as its shape says."""

    violation: bool
    subject: str
    path: str
    message: str


def results(snapshot: Snapshot, piece: int = PIECE, largest: int = LARGEST) -> Iterator[Result]:
    """What the shapes find in a version; so many things are held at once."""
    held = snapshot.store
    classes = list(held.quads_for_pattern(None, RDFS["subClassOf"], None))
    for some in _pieces(snapshot, piece, largest):
        node, data = cache(_node), rdflib.Graph()
        named = {q.object for quads in some.values() for q in quads}
        beside = (n for n in named if isinstance(n, NamedNode | BlankNode) and n not in some)
        around = (held.quads_for_pattern(n, None, None) for n in beside)
        for quad in chain.from_iterable(chain(some.values(), [classes], around)):
            if quad.predicate not in _UNSEEN:
                data.add((node(quad.subject), node(quad.predicate), node(quad.object)))
        yield from _found(data, {node(thing) for thing in some})


def _pieces(snapshot: Snapshot, piece: int, largest: int) -> Iterator[dict[Thing, list[Quad]]]:
    """All things, each once with its quads in all graphs; a document in one piece where it can be.

    A thing belongs to the first graph that speaks of it.
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
    # what is said about a triple is of no shape: rdflib has no such thing, its text stands for it
    return rdflib.Literal(str(term)) if isinstance(term, Triple) else rdflib_term(term)


def _found(data: rdflib.Graph, things: set[rdflib.term.Node]) -> Iterator[Result]:
    """The results about some things; of others only a part is there."""
    _, report, _ = validate(
        data, shacl_graph=_shapes(), advanced=False, meta_shacl=False, inplace=True
    )
    if not isinstance(report, rdflib.Graph):
        return
    for result in report.subjects(rdflib.RDF.type, SH.ValidationResult):
        subject = report.value(result, SH.focusNode)
        if subject in things:
            severity = report.value(result, SH.resultSeverity)
            path = report.value(result, SH.resultPath)
            message = report.value(result, SH.resultMessage)
            yield Result(severity == SH.Violation, str(subject), str(path or ""), str(message))


@cache
def _shapes() -> rdflib.Graph:
    graph = rdflib.Graph()
    graph.parse(data=(files("ontology") / "shapes.ttl").read_bytes(), format="turtle")
    return graph
