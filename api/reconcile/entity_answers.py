"""Answers of the reconciliation service, made inside a worker.

An entity's id is its IRI without the base: `上海市长宁区/部门/规土局`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.store.snapshot import Snapshot, Term
from ontology.names import PREFIXES, XSD, base, squeeze
from queries.errors import QuestionError
from queries.formats import plain
from queries.model.atlas import atlas
from queries.model.matching import (
    PROPERTIES,
    TYPES,
    Candidate,
    candidates,
    label_of,
    property_values,
    type_of,
)
from queries.model.records import Atlas
from queries.scope import narrowed, scope_of
from viz.site import Reply

MAX_QUERIES = 200
MAX_CANDIDATES = 50
MAX_IDS = 1000
_PREVIEWED = 6
_SHARE = 0.2
"""The part of a score that further properties of a query decide."""


class BadBatch(Exception):
    """A request that the specification does not allow; the message names what is wanted."""


def answered(snapshot: Snapshot, asked: Mapping[str, Any]) -> Reply:
    """Run the part of the service that `asked` names."""
    try:
        here = narrowed(snapshot, scope_of(snapshot, asked["scope"]))
        made = _FUNCTIONS[asked["part"]](here, asked)
        if isinstance(made, str):
            return Reply(200, "text/html; charset=utf-8", made.encode(errors="replace"))
        return _json(200, made)
    except (BadBatch, QuestionError) as error:
        return _json(400, {"error": str(error)})


def _json(status: int, made: Mapping[str, object]) -> Reply:
    body = json.dumps(made, ensure_ascii=False).encode(errors="replace")
    return Reply(status, "application/json", body)


def _type(name: str) -> dict[str, str]:
    return {"id": name, "name": f"{TYPES[name][0]} {name.lower()}"}


def _id(iri: str) -> str:
    return iri.removeprefix(f"{base()}id/")


def _iri(identifier: str) -> str:
    return identifier if identifier.startswith(base()) else f"{base()}id/{identifier}"


def _parsed(text: str, what: str) -> Any:
    try:
        found = json.loads(text)
    except ValueError:
        raise BadBatch(f"{what}: JSON is wanted") from None
    if not isinstance(found, dict):
        raise BadBatch(f"{what}: a JSON object is wanted")
    return found


def _types(wanted: object) -> tuple[str, ...]:
    given = [wanted] if isinstance(wanted, str) else wanted or []
    if not isinstance(given, list):
        raise BadBatch("type: a string or a list of strings is wanted")
    names = [str(t.get("id", "") if isinstance(t, dict) else t) for t in given]
    for name in names:
        if name not in TYPES:
            raise BadBatch(f"type: there is no type {name!r}; there are {', '.join(TYPES)}")
    return tuple(names) or tuple(TYPES)


def _manifest(snapshot: Snapshot, asked: Mapping[str, Any]) -> dict[str, Any]:
    root = asked["root"]
    at = {"service_url": root}
    return {
        "versions": ["0.2"],
        "name": "条块 tiaokuai",
        "identifierSpace": f"{base()}id/",
        "schemaSpace": PREFIXES["tk"],
        "documentation": f"{root}/about",
        "serviceVersion": asked["program"],
        "defaultTypes": [_type(name) for name in TYPES],
        "view": {"url": root + "/id/{{id}}"},
        "preview": {"url": root + "/reconcile/preview?id={{id}}", "width": 430, "height": 200},
        "suggest": {
            "entity": {**at, "service_path": "/reconcile/suggest/entity"},
            "type": {**at, "service_path": "/reconcile/suggest/type"},
            "property": {**at, "service_path": "/reconcile/suggest/property"},
        },
        "extend": {
            "propose_properties": {**at, "service_path": "/reconcile/properties"},
            "property_settings": [],
        },
    }


def _queries(snapshot: Snapshot, asked: Mapping[str, Any]) -> dict[str, Any]:
    batch = _parsed(asked["queries"], "queries")
    if len(batch) > MAX_QUERIES:
        raise BadBatch(f"queries: at most {MAX_QUERIES} in a batch")
    return {key: {"result": _results(snapshot, query)} for key, query in batch.items()}


def _results(snapshot: Snapshot, query: object) -> list[dict[str, Any]]:
    if not isinstance(query, dict) or not isinstance(query.get("query", ""), str):
        raise BadBatch("each query: an object with the string `query` is wanted")
    limit = query.get("limit", 10)
    if not isinstance(limit, int) or limit < 1:
        raise BadBatch("limit: a number from 1 is wanted")
    properties = query.get("properties") or []
    if not isinstance(properties, list):
        raise BadBatch("properties: a list is wanted")
    found = candidates(snapshot, query.get("query", ""), _types(query.get("type")), MAX_CANDIDATES)
    wanted = [p for p in properties if isinstance(p, dict) and p.get("pid") in PROPERTIES]
    shares = _shares(snapshot, found, wanted)
    made: list[dict[str, Any]] = []
    for one in found:
        share = shares.get(one.iri, 1.0)
        score = round(one.score * (1 - _SHARE + _SHARE * share), 1)
        features: list[dict[str, object]] = [{"id": "name", "value": one.score}]
        if wanted:
            features.append({"id": "properties", "value": share})
        made.append(
            {
                "id": _id(one.iri),
                "name": one.label,
                "description": one.description,
                "type": [_type(one.type)],
                "score": score,
                "match": one.match and share == 1,
                "features": features,
            }
        )
    made.sort(key=lambda c: -c["score"])
    return made[: min(limit, MAX_CANDIDATES)]


def _shares(
    snapshot: Snapshot, found: Sequence[Candidate], wanted: Sequence[Mapping[str, Any]]
) -> dict[str, float]:
    """Return which share of the wanted values each candidate has."""
    if not wanted or not found:
        return {}
    known = atlas(snapshot)
    names = list(dict.fromkeys(str(p["pid"]) for p in wanted))
    values = property_values(snapshot, [c.iri for c in found], names)
    shares = {}
    for one in found:
        right = 0
        for p in wanted:
            asked = p.get("v")
            words: list[Any] = asked if isinstance(asked, list) else [asked]
            forms = {squeeze(str(w.get("id", "") if isinstance(w, dict) else w)) for w in words}
            terms = values[one.iri][str(p["pid"])]
            has = {squeeze(plain(t)) for t in terms} | {_id(plain(t)) for t in terms}
            has |= {squeeze(label_of(known, plain(t))) for t in terms}
            right += bool(forms & has)
        shares[one.iri] = right / len(wanted)
    return shares


def _extend(snapshot: Snapshot, asked: Mapping[str, Any]) -> dict[str, Any]:
    query = _parsed(asked["extend"], "extend")
    ids, properties = query.get("ids"), query.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list):
        raise BadBatch("extend: the lists `ids` and `properties` are wanted")
    if len(ids) > MAX_IDS:
        raise BadBatch(f"extend: at most {MAX_IDS} ids")
    names = [str(p.get("id", "") if isinstance(p, dict) else p) for p in properties]
    for name in names:
        if name not in PROPERTIES:
            known_names = ", ".join(PROPERTIES)
            raise BadBatch(f"extend: there is no property {name!r}; there are {known_names}")
    known = atlas(snapshot)
    there = {str(i): _iri(str(i)) for i in ids if type_of(known, _iri(str(i)))}
    values = property_values(snapshot, there.values(), names)
    return {
        "meta": [{"id": n, "name": f"{PROPERTIES[n].zh} {PROPERTIES[n].en}"} for n in names],
        "rows": {
            str(i): {
                n: [_cell(known, t) for t in values[there[str(i)]][n]] if str(i) in there else []
                for n in names
            }
            for i in ids
        },
    }


def _cell(known: Atlas, term: Term) -> dict[str, object]:
    words = plain(term)
    if isinstance(term, NamedNode):
        if words.startswith(f"{base()}id/"):
            return {"id": _id(words), "name": label_of(known, words)}
        return {"str": words}
    if isinstance(term, Literal):
        if term.datatype == XSD["integer"]:
            return {"int": int(words)}
        if term.datatype == XSD["decimal"]:
            return {"float": float(words)}
        if term.datatype == XSD["date"]:
            return {"date": f"{words}T00:00:00"}
    return {"str": words}


def _suggest_entity(snapshot: Snapshot, asked: Mapping[str, Any]) -> dict[str, Any]:
    found = candidates(snapshot, asked["prefix"], limit=20)
    return {
        "result": [
            {
                "id": _id(c.iri),
                "name": c.label,
                "description": c.description,
                "notable": [_type(c.type)],
            }
            for c in found
        ]
    }


def _suggest_type(snapshot: Snapshot, asked: Mapping[str, Any]) -> dict[str, Any]:
    words = asked["prefix"].lower()
    return {"result": [t for t in map(_type, TYPES) if words in t["name"].lower()]}


def _suggest_property(snapshot: Snapshot, asked: Mapping[str, Any]) -> dict[str, Any]:
    words = asked["prefix"].lower()
    return {
        "result": [
            {"id": p.id, "name": f"{p.zh} {p.en}", "description": p.path}
            for p in PROPERTIES.values()
            if words in f"{p.id} {p.zh} {p.en}".lower()
        ]
    }


def _properties(snapshot: Snapshot, asked: Mapping[str, Any]) -> dict[str, Any]:
    wanted = _types(asked["type"])
    found = [p for p in PROPERTIES.values() if set(p.types) & set(wanted)]
    made: dict[str, Any] = {
        "properties": [{"id": p.id, "name": f"{p.zh} {p.en}"} for p in found[: asked["limit"]]]
    }
    return made | ({"type": asked["type"]} if asked["type"] else {})


def _preview(snapshot: Snapshot, asked: Mapping[str, Any]) -> str:
    """Write the page of a thing for the small frame of a client; nothing in it runs."""
    known, iri = atlas(snapshot), _iri(asked["id"])
    kind = type_of(known, iri)
    if not kind:
        raise BadBatch(f"id: there is no {asked['id']!r}")
    names = [n for n, p in PROPERTIES.items() if kind in p.types][:5]
    values = property_values(snapshot, [iri], names)[iri]
    lines = []
    for n in names:
        cells = [_cell(known, term) for term in values[n][:_PREVIEWED]]
        shown = "、".join(str(c.get("name", next(iter(c.values())))) for c in cells)
        if shown:
            lines.append(f"<p><b>{escape(PROPERTIES[n].zh)}</b> {escape(shown[:160])}</p>")
    title = escape(label_of(known, iri))
    return (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1><p>{escape(_type(kind)['name'])}</p>{''.join(lines)}</body></html>"
    )


_FUNCTIONS: dict[str, Callable[[Snapshot, Mapping[str, Any]], dict[str, Any] | str]] = {
    "manifest": _manifest,
    "queries": _queries,
    "extend": _extend,
    "suggest/entity": _suggest_entity,
    "suggest/type": _suggest_type,
    "suggest/property": _suggest_property,
    "properties": _properties,
    "preview": _preview,
}
