"""The lists of the REST interface, made inside a worker from what the pages know of a version."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from typing import Any

from api.rest.collections import COLLECTIONS
from api.rest.filters import BadFilter, Filter, checked
from api.rest.items import Item, end
from api.rest.jsonld import document, page_document
from graph.store.snapshot import Snapshot
from ontology.names import squeeze
from queries.errors import BadParameter
from queries.model.atlas import atlas
from queries.model.search import search as find
from queries.model.search import values
from queries.scope import ALL, KEYS, narrowed, scope_of
from viz.site import Reply


def listed(snapshot: Snapshot, asked: Mapping[str, Any]) -> Reply:
    """`{"items", "next"}`: at most `limit` items of a kind, behind the one called `after`."""
    collection = COLLECTIONS[asked["kind"]]
    try:
        wanted = dict(asked["filters"])
        if collection.is_scoped:
            snapshot = _scoped(snapshot, {k: wanted.pop(k) for k in KEYS if k in wanted})
        given = checked(snapshot, collection.filters, wanted)
        items = collection.items(snapshot, given)
        page, following = paged(items, asked["limit"], asked["after"])
    except BadFilter as bad:
        return refusal(400, bad.zh, bad.en, parameter=bad.parameter, allowed=list(bad.allowed))
    except BadParameter as bad:
        return refusal(
            400, bad.said("zh"), bad.said("en"), parameter=bad.parameter, allowed=list(bad.allowed)
        )
    if asked.get("geo"):
        from api.rest.ogc import geo_items

        return _json(200, geo_items(snapshot, page), "application/geo+json", following)
    if asked["linked"]:
        return _json(200, page_document(snapshot, page), "application/ld+json", following)
    return _json(200, {"items": page, "next": following}, "application/json", following)


def _scoped(snapshot: Snapshot, given: Mapping[str, str]) -> Snapshot:
    """Narrow a version to the scope of a list; without one, a list is of the whole version.

    Raises BadParameter.
    """
    for name, text in given.items():
        if not text.strip():
            raise BadParameter(name, "is empty", zh="未填")
    if not given:
        return snapshot
    return narrowed(snapshot, scope_of(snapshot, {"district": ALL, "year": ALL, **given}))


def one(snapshot: Snapshot, asked: Mapping[str, Any]) -> Reply:
    """One thing of a kind by its address, the end of it, or any name that is its alone."""
    name = squeeze(asked["name"])
    items = COLLECTIONS[asked["kind"]].items(snapshot, {})
    found: list[Item] = []
    for fits in (_is, _is_called, _is_also_called):
        found = found or [item for item in items if fits(item, name)]
    if len(found) == 1:
        if asked.get("linked"):
            return _json(200, document(snapshot, found[0]), "application/ld+json")
        return _json(200, found[0])
    if found:
        ids = [item["id"] for item in found]
        said = "、".join(ids[:20])
        return refusal(
            404, f"“{name}”不止一个：{said}", f"{name!r} is more than one thing: {said}", near=ids
        )
    near = _near(name, items)
    return refusal(404, f"没有“{name}”", f"there is no {name!r}", near=near)


def _is(item: Item, name: str) -> bool:
    return name in (item["id"], item["iri"])


def _is_called(item: Item, name: str) -> bool:
    names = (item.get("label"), item.get("notation"), item.get("number"))
    return name in names or item["id"].endswith(f"/{name}")


def _is_also_called(item: Item, name: str) -> bool:
    return name in item.get("other_names", ())


def _near(name: str, items: list[Item]) -> list[str]:
    """The ids of the things whose names are most like a name."""
    called = {item.get("label") or item.get("notation") or item["id"]: item["id"] for item in items}
    close = difflib.get_close_matches(name, called, 5, 0.4)
    parts = [label for label in called if name and name in label]
    return [called[label] for label in dict.fromkeys([*close, *parts])][:5]


def search(snapshot: Snapshot, asked: Mapping[str, Any]) -> Reply:
    """Find things by name, then targets by text; best first."""
    try:
        snapshot = _scoped(snapshot, asked["scope"])
        known = atlas(snapshot)
        for name, value in asked["facets"].items():
            if value not in (allowed := values(known, name)):
                raise Filter(name, "", lambda _: ()).refusal(
                    value, tuple(allowed)
                )  # fmt: skip
        found = _found(snapshot, asked["q"], asked["facets"])
        page, following = paged(found, asked["limit"], asked["after"])
    except BadFilter as bad:
        return refusal(400, bad.zh, bad.en, parameter=bad.parameter, allowed=list(bad.allowed))
    except BadParameter as bad:
        return refusal(
            400, bad.said("zh"), bad.said("en"), parameter=bad.parameter, allowed=list(bad.allowed)
        )
    return _json(200, {"items": page, "next": following}, "application/json", following)


def _found(snapshot: Snapshot, words: str, chosen: Mapping[str, str]) -> list[Item]:
    hits = find(atlas(snapshot), words, chosen)
    return [
        {
            "id": end(hit.iri),
            "iri": hit.iri,
            "type": hit.type,
            "label": hit.label.partition(" ")[0] if hit.type == "target" else hit.label,
            "note": "".join((hit.said[0].before, hit.said[0].words, hit.said[0].after))
            if hit.said
            else hit.note,
        }
        for hit in hits
    ]


def paged(items: list[Item], limit: int, after: str) -> tuple[list[Item], str | None]:
    """The items behind the one called `after`, and the key of the next page. Raises BadFilter."""
    start = 0
    if after:
        start = next((n + 1 for n, item in enumerate(items) if item["id"] == after), -1)
        if start < 0:
            raise BadFilter(
                "after", "after：没有这一项，请从头列起",
                "after: there is no such item; begin at the first page", (),
            )  # fmt: skip
    page = items[start : start + limit]
    return page, page[-1]["id"] if start + limit < len(items) else None


def refusal(status: int, zh: str, en: str, **members: object) -> Reply:
    """A problem, in both languages, for the interface to put into the reader's."""
    return _json(status, {"zh": zh, "en": en, "detail": en, **members})


def _json(
    status: int, value: object, media: str = "application/json", following: str | None = None
) -> Reply:
    headers = (("tiaokuai-next", following),) if following else ()
    return Reply(status, media, json.dumps(value, ensure_ascii=False).encode(), headers)
