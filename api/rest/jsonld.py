"""Items as JSON-LD: the triples of which they are the subject, under our context."""

from __future__ import annotations

from typing import Any

from pyoxigraph import Literal, NamedNode

from api.rest.items import Item
from graph.store.snapshot import Snapshot
from ontology.context import context
from ontology.names import PREFIXES, RDF, XSD

_TAKEN = {iri: name for name, iri in PREFIXES.items()}


def document(snapshot: Snapshot, item: Item) -> dict[str, Any]:
    """One item as a document of its own."""
    return {"@context": context(), **_node(snapshot, item)}


def page_document(snapshot: Snapshot, items: list[Item]) -> dict[str, Any]:
    """The items of a page as one document."""
    return {"@context": context(), "@graph": [_node(snapshot, item) for item in items]}


def _node(snapshot: Snapshot, item: Item) -> dict[str, Any]:
    node: dict[str, Any] = {"id": item["iri"]}
    if not item["iri"].startswith(("http:", "https:")):
        return {**node, "rdfs:label": item.get("label") or item["id"]}
    found = snapshot.store.quads_for_pattern(NamedNode(item["iri"]), None, None)
    for quad in sorted(found, key=lambda q: (q.predicate.value, str(q.object))):
        if quad.predicate == RDF["type"] and isinstance(quad.object, NamedNode):
            node.setdefault("type", []).append(_short(quad.object.value))
        else:
            key = _short(quad.predicate.value).removeprefix("tk:")
            node.setdefault(key, []).append(_value(quad.object))
    return {k: v[0] if isinstance(v, list) and len(v) == 1 else v for k, v in node.items()}


def _short(iri: str) -> str:
    for home, prefix in _TAKEN.items():
        rest = iri.removeprefix(home)
        if rest != iri and rest.isidentifier():
            return f"{prefix}:{rest}"
    return iri


def _value(term: object) -> Any:
    if isinstance(term, NamedNode):
        return {"id": term.value}
    assert isinstance(term, Literal)
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype == XSD["string"]:
        return term.value
    if term.datatype == XSD["integer"]:
        return int(term.value)
    if term.datatype == XSD["boolean"]:
        return term.value == "true"
    return {"@value": term.value, "@type": _short(term.datatype.value)}
