"""The lists of the REST interface, made inside a worker from what the pages know of a version."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from graph.snapshot import Snapshot
from ontology.names import squeeze
from viz.atlas import atlas
from viz.site import Reply
from viz.things import Atlas, Body, Place, Target, Work

Item = dict[str, Any]


def listed(snapshot: Snapshot, asked: Mapping[str, Any]) -> Reply:
    """`{"items", "next"}`: at most `limit` items of a kind, behind the one called `after`."""
    known = atlas(snapshot)
    items = _LISTS[asked["kind"]](known, asked)
    return _page(items, asked["limit"], asked["after"])


def one(snapshot: Snapshot, asked: Mapping[str, Any]) -> Reply:
    """One thing of a kind by the end of its address, or by its name; 404 where there is none."""
    name = asked["name"]
    for item in _LISTS[asked["kind"]](atlas(snapshot), {}):
        if name in (item["id"], item["iri"], item.get("label"), item.get("notation")):
            return _json(200, item)
    return _json(404, {"name": name})


def _targets(known: Atlas, asked: Mapping[str, Any]) -> list[Item]:
    return [_target(t) for t in known.targets.values()]


def _target(target: Target) -> Item:
    return {
        "id": _end(target.iri),
        "iri": target.iri,
        "notation": target.id,
        "text": target.text,
        "domain": target.domain,
        "theme": target.theme,
        "lead": [e.label for e in target.written("Lead")],
        "coordinate": [e.label for e in target.written("Coordinate")],
        "places": list(dict.fromkeys(m.label for m in target.mentions)),
        "quarters": [step.text if (step := target.whole(q)) else None for q in (1, 2, 3, 4)],
    }


def _bodies(known: Atlas, asked: Mapping[str, Any]) -> list[Item]:
    return [_body(known, b) for b in known.bodies.values()]


def _body(known: Atlas, body: Body) -> Item:
    edges = [e for e in known.edges_of(body.iri) if not e.inferred]
    return {
        "id": _end(body.iri),
        "iri": body.iri,
        "label": body.label,
        "kind": body.kind,
        "english": body.english,
        "other_names": list(body.other_names),
        "leads": sum(e.role == "Lead" for e in edges),
        "coordinates": sum(e.role == "Coordinate" for e in edges),
    }


def _places(known: Atlas, asked: Mapping[str, Any]) -> list[Item]:
    return [_place(known, p) for p in known.places.values()]


def _place(known: Atlas, place: Place) -> Item:
    within = [known.places[iri].label for iri in place.within if iri in known.places]
    return {
        "id": _end(place.iri),
        "iri": place.iri,
        "label": place.label,
        "kind": place.kind,
        "other_names": list(place.other_names),
        "within": within,
        "targets": [
            t.id for t in known.targets.values() if any(m.place == place.iri for m in t.mentions)
        ],
    }


def _projects(known: Atlas, asked: Mapping[str, Any]) -> list[Item]:
    return [_project(known, w) for w in known.works.values()]


def _project(known: Atlas, work: Work) -> Item:
    return {
        "id": _end(work.iri),
        "iri": work.iri,
        "label": work.name,
        "kind": work.kind,
        "targets": [known.targets[iri].id for iri in work.targets if iri in known.targets],
    }


def _search(known: Atlas, asked: Mapping[str, Any]) -> list[Item]:
    """What bears the words in its name, then the targets whose text holds them; best first."""
    words = squeeze(asked["q"]).lower()
    found: list[tuple[int, Item]] = []

    def look(item: Item, kind: str, names: list[str]) -> None:
        names = [n.lower() for n in names if n]
        rank = min((_rank(words, n) for n in names), default=9)
        if rank < 9:
            label = item.get("label") or item["notation"]
            note = "、".join(item.get("other_names", ())) or item.get("text", "")
            said = {"id": item["id"], "iri": item["iri"], "type": kind, "label": label}
            found.append((rank, {**said, "note": note}))

    for body in known.bodies.values():
        names = [body.label, body.english, *body.other_names]
        look(_body(known, body), "body", names)
    for place in known.places.values():
        look(_place(known, place), "place", [place.label, *place.other_names])
    for work in known.works.values():
        look(_project(known, work), "project", [work.name])
    for target in known.targets.values():
        look(_target(target), "target", [target.id])
        text = target.text + "".join(s.text for s in target.steps)
        if words in text.lower() and words != target.id.lower():
            found.append((5, {**_hit(target), "note": target.text}))
    return [item for _, item in sorted(found, key=lambda pair: pair[0])]


def _hit(target: Target) -> Item:
    return {"id": _end(target.iri), "iri": target.iri, "type": "target", "label": target.id}


def _rank(words: str, name: str) -> int:
    if name == words:
        return 0
    if name.startswith(words):
        return 1
    return 2 if words in name else 9


def _end(iri: str) -> str:
    """The part of an address that names the thing below its jurisdiction."""
    return iri.partition("/id/")[2].partition("/")[2] or iri


_LISTS: dict[str, Callable[[Atlas, Mapping[str, Any]], list[Item]]] = {
    "targets": _targets,
    "bodies": _bodies,
    "places": _places,
    "projects": _projects,
    "search": _search,
}


def _page(items: list[Item], limit: int, after: str) -> Reply:
    start = 0
    if after:
        start = next((n + 1 for n, item in enumerate(items) if item["id"] == after), -1)
        if start < 0:
            return _json(400, {"after": after})
    page = items[start : start + limit]
    more = start + limit < len(items)
    return _json(200, {"items": page, "next": page[-1]["id"] if more else None})


def _json(status: int, value: object) -> Reply:
    return Reply(status, "application/json", json.dumps(value, ensure_ascii=False).encode())
