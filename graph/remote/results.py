"""Answers of an engine, in the form that the embedded store gives them.

Engines write numbers and truth values in their own ways ("1" for true, "3.50"); the embedded
store writes each in one way, so a value goes through it. Virtuoso also types plain strings.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pyoxigraph
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    Triple,
    parse_query_results,
)  # fmt: skip

from ontology.names import XSD

_NODE = NamedNode("urn:value")
_NUMBERS = {"decimal", "integer", "boolean", "double", "float", "int", "long", "date", "dateTime"}
_OURS = {"int": "integer", "long": "integer", "nonNegativeInteger": "integer"}


def mapped(said: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """A result with graphs called as we call them and values written as we write them."""
    for row in said["results"]["bindings"]:
        for term in row.values():
            if term["type"] == "uri":
                term["value"] = names.get(term["value"], term["value"])
            elif "datatype" in term:
                term["type"] = "literal"
                kind = term["datatype"].removeprefix(XSD["string"].value[: -len("string")])
                if kind in _NUMBERS or kind in _OURS:
                    term["value"] = _written(term["value"], _OURS.get(kind, kind))
                    term["datatype"] = XSD[_OURS.get(kind, kind)].value
    return said


def together(said: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The rows of several results, one behind the other."""
    if len(said) == 1:
        return said[0]
    names = dict.fromkeys(name for one in said for name in one["head"]["vars"])
    rows = [row for one in said for row in one["results"]["bindings"]]
    return {"head": {"vars": list(names)}, "results": {"bindings": rows}}


@cache
def _written(value: str, kind: str) -> str:
    store = pyoxigraph.Store()
    store.add(Quad(_NODE, _NODE, Literal(value, datatype=XSD[kind])))
    found = next(iter(store)).object
    assert isinstance(found, Literal)
    return found.value


def solutions(said: dict[str, Any]) -> QuerySolutions:
    """The rows of a SELECT."""
    found = parse_query_results(json.dumps(said), format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)
    return found


def boolean(said: dict[str, Any]) -> QueryBoolean:
    """The answer of an ASK; Virtuoso may give it as a row that holds 1 or 0."""
    rows = said.get("results", {}).get("bindings", ())
    yes = any(term["value"] in ("1", "true") for row in rows for term in row.values())
    answer = {"head": {}, "boolean": bool(said.get("boolean", yes))}
    found = parse_query_results(json.dumps(answer), format=QueryResultsFormat.JSON)
    assert isinstance(found, QueryBoolean)
    return found


def renamed(found: Sequence[Triple], names: Mapping[str, str]) -> Sequence[Triple]:
    """Triples with graphs called as we call them."""
    if not names:
        return found

    def ours(term: Any) -> Any:
        known = names.get(term.value) if isinstance(term, NamedNode) else None
        return NamedNode(known) if known else term

    return [Triple(ours(t.subject), t.predicate, ours(t.object)) for t in found]


def triples(found: Sequence[Triple]) -> QueryTriples:
    """The triples of a CONSTRUCT."""
    store = pyoxigraph.Store()
    store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in found)
    made = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    assert isinstance(made, QueryTriples)
    return made
