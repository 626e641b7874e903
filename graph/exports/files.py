"""The whole graph of a version as a file, sorted, the same bytes each time."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import IO

import networkx as nx
from pyoxigraph import Quad, QuerySolutions, RdfFormat, Triple, serialize

from graph.errors import StoreError
from graph.store.snapshot import Snapshot
from ontology.names import PREFIXES

_QUADS = {"nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG, "jsonld": RdfFormat.JSON_LD}
FORMATS = (*_QUADS, "ttl", "csv", "xlsx", "graphml", "gexf")

_KINDS = {"location": "place", "project": "project"}
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def export(snapshot: Snapshot, form: str, out: IO[bytes]) -> None:
    """Writes a version as quads, ttl (one graph), csv (the edges), xlsx, graphml or gexf.

    The CSV has one row for each body, place and project that a target is tied to, the workbook
    one sheet for each kind of thing. GraphML and GEXF hold those edges as a network.
    Raises StoreError for a format that is not there yet.
    """
    if form in _QUADS:
        quads = sorted(snapshot.store, key=_line)
        prefixes = PREFIXES if form != "nq" else None
        out.write(serialize(quads, format=_QUADS[form], prefixes=prefixes) or b"")
    elif form == "ttl":
        write_turtle(snapshot.store, out)
    elif form == "csv":
        out.write(_edges(snapshot))
    elif form == "xlsx":
        from graph.exports.sheets import version_sheets
        from graph.exports.workbook import workbook

        out.write(workbook(version_sheets(snapshot)))
    elif form in ("graphml", "gexf"):
        out.write(network_file(whole_network(snapshot), form))
    else:
        raise StoreError(f"export to {form} is not there yet; {', '.join(FORMATS)} are")


def whole_network(snapshot: Snapshot) -> nx.MultiDiGraph[str]:
    """Targets and all that they are tied to, an edge for each tie, sorted as in the CSV."""
    result = snapshot.query(_EDGES)
    assert isinstance(result, QuerySolutions)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(version=snapshot.version.id)
    for notation, target, edge, name, thing, inferred in result:
        graph.add_node(target.value, label=whole(notation.value), kind="target")
        kind = _KINDS.get(edge.value, "body")
        graph.add_node(thing.value, label=whole(name.value), kind=kind)
        graph.add_edge(
            target.value, thing.value, role=edge.value, inferred=inferred.value == "true"
        )
    return graph


def network_file(graph: nx.MultiDiGraph[str], form: str) -> bytes:
    """A network as graphml or gexf, the same bytes each time (it holds no date)."""
    out = io.BytesIO()
    if form == "graphml":
        nx.write_graphml(graph, out, encoding="utf-8", prettyprint=True)
        return out.getvalue()
    nx.write_gexf(graph, out, encoding="utf-8", prettyprint=True, version="1.2draft")
    return re.sub(rb' lastmodifieddate="[^"]*"', b"", out.getvalue())


def whole(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def write_turtle(quads: Iterable[Quad], out: IO[bytes]) -> None:
    """Quads as Turtle, their graphs left out, sorted by their lines."""
    triples: set[Triple] = {q.triple for q in quads}
    ordered = sorted(triples, key=str)
    out.write(serialize(ordered, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b"")


def _line(quad: Quad) -> str:
    return f"{quad.graph_name} {quad.subject} {quad.predicate} {quad.object}"


_EDGES = """SELECT ?notation ?target ?edge ?name ?thing ?inferred {
  { VALUES (?p ?edge) { (tk:lead "lead") (tk:coordinate "coordinate") (tk:responsible "responsible")
      (tk:location "location") (tk:project "project") } ?target ?p ?thing BIND(false AS ?inferred) }
  UNION
  { VALUES (?role ?edge) { (tk:Lead "lead") (tk:Coordinate "coordinate") }
    ?a tk:inferred true ; tk:role ?role ; tk:target ?target ; tk:body ?thing
    BIND(true AS ?inferred) }
  ?target a tk:Target ; skos:notation ?notation ; tk:ordinal ?order . ?thing skos:prefLabel ?name .
} ORDER BY ?target ?order ?edge ?inferred ?name"""


def _edges(snapshot: Snapshot) -> bytes:
    result = snapshot.query(_EDGES)
    assert isinstance(result, QuerySolutions)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(v.value for v in result.variables)
    table.writerows([term.value for term in solution] for solution in result)
    return text.getvalue().encode()
