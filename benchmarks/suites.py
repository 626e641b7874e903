"""The W3C tests of SPARQL 1.1 Query and Update, through the answers of a worker and its engine.

    python -m benchmarks.suites FOLDER      the folder `rdf-tests/sparql/sparql11` of the suite

Prints what failed and why in a line each, then how many of each kind passed. Numbers and truth
values of a table are compared by what they are worth, not by how they are written: Oxigraph keeps
1.0E0 as 1. What is known to be Oxigraph's own is named so, and fails all the same.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, RdfFormat
from rdflib import RDF, Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node, URIRef

from api.query.evaluate import answer
from api.query.job import QueryJob
from graph.store.manifest import Version
from graph.store.snapshot import Snapshot

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
LABEL = Namespace("http://www.w3.org/2000/01/rdf-schema#").label
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
XSD = "http://www.w3.org/2001/XMLSchema#"
OXIGRAPH = {
    "agg-groupconcat-04": "GROUP_CONCAT keeps a language that all its strings share",
    "agg-groupconcat-06": "GROUP_CONCAT keeps a language that all its strings share",
    "agg-empty-group-count-graph": "an aggregate below GRAPH ?g counts all graphs as one",
    "graph": "VALUES below GRAPH ?g does not join the name of each graph",
    "bnode01": "BNODE(name) is one node in all rows",
    "graph-minus": "MINUS below GRAPH ?g compares ?g too",
    "tsv03": "a type derived from integer becomes integer",
    **dict.fromkeys(
        (f"zero_or_{n}_set_{end}" for n in ("one", "more") for end in ("start", "end")),
        "a path of no steps starts only at what is in the data",
    ),
}
"""Known differences of Oxigraph from the suite, by the name of a test."""
_LEFT = ("ProtocolTest", "GraphStoreProtocolTest", "ServiceDescriptionTest")
_RESULTS = {".srx": pyoxigraph.QueryResultsFormat.XML, ".srj": pyoxigraph.QueryResultsFormat.JSON}


def path(iri: Node | None) -> Path:
    """The file of an address."""
    return Path(str(iri).removeprefix("file://"))


def load(store: pyoxigraph.Store, manifest: Graph, node: Node | None, names: Namespace) -> None:
    """Fills a store with the data that a test names."""
    for file in manifest.objects(node, names.data):
        _read(store, file, None)
    for said in manifest.objects(node, names.graphData):
        file = manifest.value(said, UT.graph) or said
        _read(store, file, NamedNode(str(manifest.value(said, LABEL) or file)))


def _read(store: pyoxigraph.Store, file: Node, graph: NamedNode | None) -> None:
    form = RdfFormat.from_extension(path(file).suffix[1:])
    store.load(path=path(file), format=form, base_iri=str(file), to_graph=graph)


def asked(store: pyoxigraph.Store, text: str, base: str, solutions: str) -> bytes:
    """Return a worker's answer. Raises ValueError if it refuses."""
    version = Version("", "", 0, "", (), (), Path())
    job = QueryJob(text, solutions, "nt", 100_000, 10**8, base=base, union=False)
    found = answer(Snapshot(store, version), job, print, print)
    assert found is not None
    if found[0]["is"] != "ok":
        raise ValueError(str(found[0]))
    return found[1]


def worth(value: str, kind: str) -> str:
    """A number or a truth value as every way to write it is written here."""
    kind = kind.removeprefix(XSD)
    try:
        if kind in ("decimal", "integer"):
            return f"{Decimal(value).normalize():f}"
        if kind in ("double", "float"):
            return repr(float(value))
    except (ValueError, InvalidOperation):
        return value
    return {"0": "false", "1": "true"}.get(value, value) if kind == "boolean" else value


def valued(term: Any) -> Any:
    """A term of a table, a literal by what it is worth."""
    if not isinstance(term, Literal) or term.language:
        return term
    return Literal(worth(term.value, term.datatype.value), datatype=term.datatype)


def table(file: Path, base: str) -> bytes:
    """A table that is written as a graph, in JSON."""
    graph = Graph().parse(file, publicID=base)
    found = []
    for said in graph.objects(None, RS.solution):
        row: dict[str, Any] = {}
        for cell in graph.objects(said, RS.binding):
            term = graph.value(cell, RS.value)
            kind = "uri" if isinstance(term, URIRef) else "literal"
            row[str(graph.value(cell, RS.variable))] = {"type": kind, "value": str(term)}
            if datatype := getattr(term, "datatype", None):
                row[str(graph.value(cell, RS.variable))]["datatype"] = str(datatype)
        found.append(row)
    names = sorted({name for row in found for name in row})
    return json.dumps({"head": {"vars": names}, "results": {"bindings": found}}).encode()


def rows(data: bytes, form: pyoxigraph.QueryResultsFormat) -> tuple[object, ...]:
    """Turn a table into triples that can be compared independently of blank node names."""
    found = pyoxigraph.parse_query_results(io.BytesIO(data), format=form)
    if isinstance(found, QueryBoolean):
        return ("boolean", bool(found))
    assert isinstance(found, QuerySolutions)
    quads = pyoxigraph.Dataset()
    count: Counter[str] = Counter()
    for row in found:
        cells = sorted(
            ((v.value, valued(row[v])) for v in found.variables if row[v] is not None),
            key=lambda cell: cell[0],
        )
        name = str([(v, "_" if isinstance(c, BlankNode) else str(c)) for v, c in cells])
        count[name] += 1
        node = BlankNode()
        for variable, cell in cells:
            quads.add(Quad(node, NamedNode("urn:" + variable), cell))
    quads.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return ("rows", frozenset(count.items()), frozenset(map(str, quads)))


def lines(data: bytes, suffix: str) -> list[list[tuple[str, str]]]:
    """The rows of a table of text, their cells by the names of the columns."""
    kind = "excel" if suffix == ".csv" else "excel-tab"
    quoting = csv.QUOTE_MINIMAL if suffix == ".csv" else csv.QUOTE_NONE
    table = csv.DictReader(io.StringIO(data.decode(), newline=""), dialect=kind, quoting=quoting)
    cells = (((k, _cell(v)) for k, v in row.items()) for row in table)
    return sorted(sorted(row) for row in cells)


def _cell(text: str) -> str:
    if text.startswith("_:"):
        return "_:"
    return (
        worth(text, XSD + "double") if re.fullmatch(r"[-+.\de]*\d[-+.\de]*", text.lower()) else text
    )


def dataset(quads: object) -> frozenset[str]:
    """Canonicalise quads, independently of blank node names."""
    found = pyoxigraph.Dataset(quads)  # type: ignore[arg-type]  # it takes what can be gone through
    found.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return frozenset(map(str, found))


def failure(manifest: Graph, test: Node, kind: str) -> str:
    """Why a test fails; empty where it passes."""
    action, result = manifest.value(test, MF.action), manifest.value(test, MF.result)
    store = pyoxigraph.Store()
    if "Syntax" in kind:
        text = path(action).read_text(encoding="utf-8")
        try:
            if "Update" in kind:
                store.update(text, base_iri=str(action))
            else:
                store.query(text, base_iri=str(action))
        except SyntaxError as error:
            return str(error) if kind.startswith("Positive") else ""
        except (OSError, RuntimeError):
            pass  # it was read, and would have called somebody
        return "" if kind.startswith("Positive") else "it was read"
    if kind == "UpdateEvaluationTest":
        request = manifest.value(action, UT.request)
        load(store, manifest, action, UT)
        wanted = pyoxigraph.Store()
        load(wanted, manifest, result, UT)
        store.update(path(request).read_text(encoding="utf-8"), base_iri=str(request))
        return "" if dataset(store) == dataset(wanted) else "another graph"
    query = manifest.value(action, QT.query)
    load(store, manifest, action, QT)
    text, suffix = path(query).read_text(encoding="utf-8"), path(result).suffix
    if suffix in _RESULTS:
        form = _RESULTS[suffix]
        had = asked(
            store, text, str(query), suffix[1:].replace("srx", "xml").replace("srj", "json")
        )
        same = rows(had, form) == rows(path(result).read_bytes(), form)
        return "" if same else "another table"
    if suffix in (".csv", ".tsv"):
        had = asked(store, text, str(query), suffix[1:])
        want = path(result).read_bytes()
        same = lines(had, suffix) == lines(want, suffix)
        return "" if same else f"another table: {had!r}, not {want!r}"
    if (None, RDF.type, RS.ResultSet) in Graph().parse(path(result), publicID=str(result)):
        had, form = asked(store, text, str(query), "json"), pyoxigraph.QueryResultsFormat.JSON
        want = table(path(result), str(result))
        return "" if rows(had, form) == rows(want, form) else "another table"
    had_graph = pyoxigraph.parse(asked(store, text, str(query), "json"), format=RdfFormat.N_TRIPLES)
    want_graph = pyoxigraph.parse(
        path=path(result), format=RdfFormat.from_extension(suffix[1:]), base_iri=str(result)
    )
    return "" if dataset(had_graph) == dataset(want_graph) else "another graph"


def main(folder: Path) -> int:
    """Count failed tests that Oxigraph alone would pass."""
    ours = 0
    passed: Counter[str] = Counter()
    all_of: Counter[str] = Counter()
    for file in sorted(folder.absolute().glob("*/manifest.ttl")):
        if file.parent.name in ("entailment", "service"):
            continue  # no engine of ours infers while it answers, and none calls another
        manifest = Graph().parse(file, publicID=file.as_uri())
        for head in manifest.subjects(RDF.type, MF.Manifest):
            listed = manifest.value(head, MF.entries)
            for test in Collection(manifest, listed) if listed is not None else ():
                kind = str(manifest.value(test, RDF.type)).rpartition("#")[2]
                if kind in _LEFT or not kind.endswith(("Test", "Test11")):
                    continue
                all_of[kind] += 1
                try:
                    why = failure(manifest, test, kind)
                except (ValueError, SyntaxError, OSError, RuntimeError) as error:
                    why = f"{type(error).__name__}: {error}"
                passed[kind] += not why
                if why:
                    name = str(test).rpartition("#")[2]
                    ours += name not in OXIGRAPH
                    known = f" (Oxigraph: {OXIGRAPH[name]})" if name in OXIGRAPH else ""
                    print(f"{file.parent.name}/{name}: {why[:150]}{known}")
    for kind, count in sorted(all_of.items()):
        print(f"{kind}: {passed[kind]} of {count}")
    print(f"all: {passed.total()} of {all_of.total()}")
    return ours


if __name__ == "__main__":
    sys.exit(1 if main(Path(sys.argv[1])) else 0)
