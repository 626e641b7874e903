"""Resources of the MCP server, made inside a worker: vocabulary, questions, versions, texts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

from pyoxigraph import QuerySolutions

from graph.store.snapshot import Snapshot
from graph.store.store import Store
from queries.catalogue import listed
from queries.formats import plain
from queries.model.sentences import source_text
from viz.site import Reply

MAX_TEXT_CHARS = 100_000


def read(snapshot: Snapshot, asked: Mapping[str, Any]) -> Reply:
    """Return `{"text"}` of a resource, or 400 and `{"error"}` that names the right ones."""
    try:
        found = {"text": _RESOURCES[asked["resource"]](snapshot, asked)}
        status = 200
    except LookupError as error:
        found, status = {"error": str(error.args[0])}, 400
    return Reply(status, "application/json", json.dumps(found, ensure_ascii=False).encode())


def _vocabulary(snapshot: Snapshot, asked: Mapping[str, Any]) -> str:
    return (files("ontology") / "tiaokuai.ttl").read_text(encoding="utf-8")


def _questions(snapshot: Snapshot, asked: Mapping[str, Any]) -> str:
    return json.dumps(listed(snapshot), ensure_ascii=False)


def _versions(snapshot: Snapshot, asked: Mapping[str, Any]) -> str:
    made = [
        {
            "id": v.id,
            "time": v.time,
            "quads": v.quads,
            "documents": [s.document for s in v.sources],
            "current": v.id == snapshot.version.id,
        }
        for v in Store(snapshot.version.path.parent.parent).versions()
    ]
    return json.dumps({"versions": made}, ensure_ascii=False)


def _parts(snapshot: Snapshot) -> list[dict[str, Any]]:
    """List the parts of all documents; a part ends where the next one begins."""
    found = snapshot.query(
        """SELECT ?name ?part ?kind ?heading ?start ?source {
        ?notice a tk:Notice ; skos:prefLabel ?title . OPTIONAL { ?notice eli:id_local ?number }
        BIND(COALESCE(?number, STR(?title)) AS ?name)
        ?part a tk:Part ; dcterms:isPartOf ?notice ; tk:partKind ?kind ; tk:evidence ?e .
        ?e oa:hasSource ?source ; oa:hasSelector/oa:start ?start .
        OPTIONAL { ?part tk:heading ?heading } } ORDER BY ?name ?start ?part"""
    )
    assert isinstance(found, QuerySolutions)
    rows = [tuple(plain(row[i]) for i in range(6)) for row in found]
    made: list[dict[str, Any]] = []
    for (name, part, kind, heading, start, source), after in zip(
        rows, [*rows[1:], ("",) * 6], strict=True
    ):
        end = int(after[4]) if after[0] == name else None
        part_id = part.rsplit("/", 1)[-1]
        made.append(
            {
                "document": name, "part": part_id, "kind": kind, "heading": heading,
                "start": int(start), "end": end, "source": source,
            }
        )  # fmt: skip
    return made


def _documents(snapshot: Snapshot, asked: Mapping[str, Any]) -> str:
    kept = ("document", "part", "kind")
    made = [
        {k: p[k] for k in kept} | {"quote": p["heading"], "version": snapshot.version.id}
        for p in _parts(snapshot)
    ]
    return json.dumps({"parts": made}, ensure_ascii=False)


def _document(snapshot: Snapshot, asked: Mapping[str, Any]) -> str:
    """Return the text of one part. Raises LookupError that names the parts there are."""
    parts = _parts(snapshot)
    known = dict.fromkeys(p["document"] for p in parts)
    if asked["document"] not in known:
        raise LookupError(
            f"there is no document {asked['document']!r}; there are {', '.join(known)}"
        )
    mine = [p for p in parts if p["document"] == asked["document"]]
    found = next((p for p in mine if p["part"] == asked["part"]), None)
    if found is None:
        ids = ", ".join(p["part"] for p in mine)
        raise LookupError(f"there is no part {asked['part']!r}; there are {ids}")
    text = source_text(snapshot, found["source"])[found["start"] : found["end"]]
    made = {k: found[k] for k in ("document", "part", "kind", "start", "source")}
    made |= {"quote": text[:MAX_TEXT_CHARS], "truncated": len(text) > MAX_TEXT_CHARS}
    return json.dumps(made | {"version": snapshot.version.id}, ensure_ascii=False)


_RESOURCES: dict[str, Callable[[Snapshot, Mapping[str, Any]], str]] = {
    "vocabulary": _vocabulary,
    "questions": _questions,
    "versions": _versions,
    "documents": _documents,
    "document": _document,
}
