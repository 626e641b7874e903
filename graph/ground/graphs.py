"""Ground in the graph: one graph for each addition, and one for what follows from all of them.

An addition keeps every feature with its name and geometry, so that a version holds all that is
needed to match again when documents come or go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph
import shapely
from pyoxigraph import Literal, NamedNode, Quad

from graph.ground.features import Addition, Matched
from graph.ground.geometry import area_m2, inner_point
from graph.ground.match import PlaceIndex
from graph.ground.relations import Located, Relation, relations
from ontology.names import DCTERMS, GEO, PROV, RDF, RDFS, SKOS, TK, XSD, base

_WKT = GEO["wktLiteral"]
RULE_WITHIN = "几何：至少95%在其内（worked out from geometry: at least 95 % lies inside）"
RULE_TOUCHES = "几何：边界相距不超过10米（worked out from geometry: outlines within 10 m）"


def ground_graph(name: str) -> NamedNode:
    """Return the graph of an addition."""
    return NamedNode(f"{base()}graph/places/{name}")


def inferred_graph() -> NamedNode:
    """Return the graph of what follows from all geometry."""
    return NamedNode(f"{base()}graph/places/inferred")


def grounds(held: pyoxigraph.Store) -> list[Addition]:
    """List the additions of a store, by id."""
    found = []
    for quad in held.quads_for_pattern(None, RDF["type"], TK["Ground"], None):
        node = quad.subject
        assert isinstance(node, NamedNode)
        said = {q.predicate: q.object for q in held.quads_for_pattern(node, None, None, node)}
        nodes = [q.subject for q in held.quads_for_pattern(None, DCTERMS["isPartOf"], node, node)]
        matched = {q.object for q in held.quads_for_pattern(None, GEO["hasGeometry"], None, node)}
        found.append(
            Addition(
                str(node)[1:-1].rpartition("/")[2], _value(said.get(DCTERMS["source"])),
                _value(said.get(DCTERMS["license"])), _value(said.get(TK["crs"])), len(nodes), len(matched),
            )
        )  # fmt: skip
    return sorted(found, key=lambda g: g.id)


def _value(term: object) -> str:
    return term.value if isinstance(term, (Literal, NamedNode)) else ""


def ground_quads(ground: Addition, kind: str, features: Sequence[Matched]) -> Iterator[Quad]:
    """Return the graph of an addition: its source and licence, each feature, its place."""
    graph = ground_graph(ground.id)

    def say(subject: NamedNode, predicate: NamedNode, term: NamedNode | Literal) -> Quad:
        return Quad(subject, predicate, term, graph)

    yield say(graph, RDF["type"], TK["Ground"])
    yield say(graph, RDFS["label"], Literal(ground.source, language="zh"))
    yield say(graph, SKOS["prefLabel"], Literal(ground.source, language="zh"))
    yield say(graph, DCTERMS["source"], Literal(ground.source))
    yield say(graph, DCTERMS["license"], Literal(ground.licence))
    yield say(graph, TK["crs"], Literal(ground.crs))
    if kind:
        yield say(graph, TK["placeKind"], TK[kind])
    for one in features:
        node = NamedNode(f"{base()}id/几何/{ground.id}/{one.number}")
        yield say(node, RDF["type"], GEO["Geometry"])
        yield say(node, RDF["type"], TK["Geometry"])
        yield say(node, DCTERMS["isPartOf"], graph)
        yield say(node, TK["ordinal"], _integer(one.number))
        yield say(node, TK["namedAs"], Literal(one.name))
        yield say(node, RDFS["label"], Literal(f"{one.name}的几何", language="zh"))
        yield say(node, GEO["asWKT"], Literal(one.wkt, datatype=_WKT))
        if one.place:
            yield say(NamedNode(one.place), GEO["hasGeometry"], node)


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=XSD["integer"])


@dataclass(frozen=True, slots=True)
class _Kept:
    """A feature of the graph, with the kind that its addition was limited to."""

    graph: NamedNode
    node: NamedNode
    name: str
    kind: str
    wkt: str


def located(held: pyoxigraph.Store, index: PlaceIndex) -> list[Located]:
    """List the places of a store that have geometry."""
    found = []
    for quad in held.quads_for_pattern(None, GEO["hasGeometry"], None, None):
        known = index.places.get(_value(quad.subject))
        wkt = next(iter(held.quads_for_pattern(quad.object, GEO["asWKT"], None, None)), None)  # type: ignore[arg-type]
        if known is not None and wkt is not None:
            shape = shapely.from_wkt(_value(wkt.object))
            found.append(Located(known.iri, known.label, known.kind, _value(quad.object), shape))
    return sorted(found, key=lambda one: (one.place, one.node))


def rematch(held: pyoxigraph.Store, index: PlaceIndex) -> None:
    """Tie the features of all additions to places again, by name, as the graph is now."""
    for kept in list(_kept(held)):
        for quad in list(held.quads_for_pattern(None, GEO["hasGeometry"], kept.node, kept.graph)):
            held.remove(quad)
        found = index.find(kept.name, kept.kind)
        if len(found) == 1:
            held.add(Quad(NamedNode(found[0][0].iri), GEO["hasGeometry"], kept.node, kept.graph))


def _kept(held: pyoxigraph.Store) -> Iterator[_Kept]:
    for quad in held.quads_for_pattern(None, RDF["type"], TK["Geometry"], None):
        said = {
            q.predicate: q.object for q in held.quads_for_pattern(quad.subject, None, None, None)
        }
        graph = said[DCTERMS["isPartOf"]]
        assert isinstance(graph, NamedNode)
        assert isinstance(quad.subject, NamedNode)
        kinds = [q.object for q in held.quads_for_pattern(graph, TK["placeKind"], None, graph)]
        kind = _value(kinds[0]).rpartition("#")[2] if kinds else ""
        yield _Kept(
            graph, quad.subject, _value(said[TK["namedAs"]]), kind, _value(said[GEO["asWKT"]])
        )


def infer(held: pyoxigraph.Store, index: PlaceIndex) -> None:
    """Work out areas, inner points, containment and neighbours of all geometry once more.

    A containment that contradicts what is written is kept as a relation only, without its edge:
    the question `written-against-ground` lists it.
    """
    graph = inferred_graph()
    held.remove_graph(graph)
    places = located(held, index)
    quads = [q for one in places for q in _measures(one, graph)]
    for relation in relations(places):
        node = NamedNode(
            f"{base()}id/几何关系/{_tail(relation.left.node)}-{relation.name}-{_tail(relation.right.node)}"
        )
        left, right = NamedNode(relation.left.place), NamedNode(relation.right.place)
        edge = GEO[relation.name]
        rule = RULE_WITHIN if relation.name == "sfWithin" else RULE_TOUCHES
        quads += [
            Quad(node, RDF["type"], TK["GroundRelation"], graph),
            Quad(node, RDFS["label"], Literal(_said(relation), language="zh"), graph),
            Quad(node, TK["left"], left, graph),
            Quad(node, TK["right"], right, graph),
            Quad(node, TK["relation"], edge, graph),
            Quad(
                node, TK["share"], Literal(f"{relation.share:.4f}", datatype=XSD["decimal"]), graph
            ),
            Quad(node, TK["reason"], Literal(rule, language="zh"), graph),
            Quad(node, PROV["wasDerivedFrom"], NamedNode(relation.left.node), graph),
            Quad(node, PROV["wasDerivedFrom"], NamedNode(relation.right.node), graph),
        ]
        if relation.name == "sfTouches" or _may_lie(held, relation):
            is_there = next(held.quads_for_pattern(left, edge, right, None), None)
            if is_there is None:
                quads.append(Quad(left, edge, right, graph))
    held.extend(quads)


def _said(relation: Relation) -> str:
    how = "在" if relation.name == "sfWithin" else "邻接"
    return f"{relation.left.label}{how}{relation.right.label}" + ("内" if how == "在" else "")


def _tail(node: str) -> str:
    return "-".join(node.rsplit("/", 2)[1:])


def _measures(one: Located, graph: NamedNode) -> Iterable[Quad]:
    node = NamedNode(one.node)
    point = inner_point(one.geometry)
    yield Quad(node, TK["innerPoint"], Literal(point.wkt, datatype=_WKT), graph)
    area = area_m2(one.geometry)
    if area:
        square = Literal(f"{area:.1f}", datatype=XSD["decimal"])
        yield Quad(NamedNode(one.place), TK["area"], square, graph)


def written_within(held: pyoxigraph.Store, place: str, kind: str) -> set[str]:
    """Return the places of a kind in which a place lies, however deep, by what is written."""
    found, frontier = set[str](), [place]
    inferred = inferred_graph()
    while frontier:
        here = NamedNode(frontier.pop())
        for quad in held.quads_for_pattern(here, GEO["sfWithin"], None, None):
            above = _value(quad.object)
            if quad.graph_name != inferred and above not in found:
                found.add(above)
                frontier.append(above)
    typed = TK[kind]
    return {
        p
        for p in found
        if next(held.quads_for_pattern(NamedNode(p), RDF["type"], typed, None), None)
    }


def _may_lie(held: pyoxigraph.Store, relation: Relation) -> bool:
    """Return whether a containment contradicts nothing: no other written area, and no circle."""
    left, right = relation.left, relation.right
    written = written_within(held, left.place, right.kind)
    if written and right.place not in written and right.kind in ("Street", "Block", "District"):
        return False
    return left.place not in written_within(held, right.place, left.kind)
