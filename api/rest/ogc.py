"""OGC API Features, part 1: the places as features, for QGIS, GDAL and other clients of maps.

https://docs.ogc.org/is/17-069r4/17-069r4.html: a landing page, the conformance classes, one
collection with `items`, `bbox`, `limit` and `offset`. Coordinates are CRS84.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from api.rest.items import Item, places
from api.rest.lists import refusal
from graph.store.snapshot import Snapshot
from queries.model.geojson import MEDIA, collection, feature
from queries.model.ground import GroundModel, ground_of
from viz.site import Reply

_CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_CLASSES = [
    f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "geojson")
]
_JSON = "application/json"
_USUAL, _MOST = 1_000, 10_000


def answered(snapshot: Snapshot, asked: Mapping[str, Any]) -> Reply:
    """Answer a path below `/api/ogc`."""
    root, given = asked["root"], asked["params"]
    match asked["path"].split("/", 3):
        case [""]:
            return _json(_landing(root))
        case ["conformance"]:
            return _json({"conformsTo": _CLASSES})
        case ["collections"]:
            return _json({"links": [_link("self", f"{root}/collections")], "collections": [_places(snapshot, root)]})  # fmt: skip # noqa: E501
        case ["collections", "places"]:
            return _json(_places(snapshot, root))
        case ["collections", "places", "items"]:
            return _items(snapshot, root, given)
        case ["collections", "places", "items", *_] | ["collections", "places", _]:
            return _item(snapshot, root, asked["path"].partition("items/")[2])
    return refusal(404, "没有这个地址", "there is no such address")


def geo_items(snapshot: Snapshot, items: Sequence[Item]) -> dict[str, Any]:
    """Return places of the interface as a FeatureCollection."""
    ground = ground_of(snapshot)
    return collection(snapshot, [_feature(ground, item) for item in items])


def _feature(ground: GroundModel, item: Item) -> dict[str, Any]:
    shape = ground.shapes.get(item["iri"])
    flat = {k: "、".join(v) if isinstance(v, list) else v for k, v in item.items()}
    flat["target_count"] = len(item["targets"])
    flat["area_km2"] = round(shape.area_m2 / 1e6, 4) if shape and shape.area_m2 else None
    return feature(ground, item["iri"], flat) | {"id": item["id"]}


def _items(snapshot: Snapshot, root: str, given: Mapping[str, str]) -> Reply:
    try:
        box = [float(n) for n in given["bbox"].split(",")] if given.get("bbox") else []
        limit, offset = int(given.get("limit", _USUAL)), int(given.get("offset", 0))
        if len(box) == 6:  # with heights, which no place has
            box = [box[0], box[1], box[3], box[4]]
        if len(box) not in (0, 4) or limit < 1 or offset < 0:
            raise ValueError
    except ValueError:
        return refusal(
            400, "bbox须为四个数（西,南,东,北），limit、offset须为自然数",
            "bbox takes four numbers (west,south,east,north), limit and offset natural numbers",
            parameter="bbox",
        )  # fmt: skip
    ground, limit = ground_of(snapshot), min(limit, _MOST)
    wanted = {k: given[k] for k in ("kind", "street", "target") if given.get(k)}
    found = [i for i in places(snapshot, wanted) if i["iri"] in ground.shapes]
    if box:
        found = [i for i in found if _meets(ground.shapes[i["iri"]].wkt, box)]
    page = found[offset : offset + limit]
    rest = {k: v for k, v in given.items() if k not in ("offset", "f")}
    here = f"{root}/collections/places/items"
    links = [_link("self", f"{here}?{urlencode({**rest, 'offset': offset})}", MEDIA)]
    links.append(_link("collection", f"{root}/collections/places"))
    if offset + limit < len(found):
        links.append(_link("next", f"{here}?{urlencode({**rest, 'limit': limit, 'offset': offset + limit})}", MEDIA))  # fmt: skip # noqa: E501
    body = geo_items(snapshot, page) | {
        "numberMatched": len(found), "numberReturned": len(page), "links": links,
    }  # fmt: skip
    return _json(body, MEDIA)


def _item(snapshot: Snapshot, root: str, name: str) -> Reply:
    item = next((i for i in places(snapshot, {}) if i["id"] == name), None)
    if item is None:
        return refusal(404, f"没有“{name}”", f"there is no {name!r}")
    found = _feature(ground_of(snapshot), item)
    here = f"{root}/collections/places/items/{quote(name, safe='')}"
    links = [_link("self", here, MEDIA), _link("collection", f"{root}/collections/places")]
    return _json(found | {"links": links}, MEDIA)


def _landing(root: str) -> dict[str, Any]:
    return {
        "title": "条块 tiaokuai",
        "description": "Places of work-target notices, with the targets that name them",
        "links": [
            _link("self", root),
            _link("service-desc", f"{root.removesuffix('/api/ogc')}/openapi.json", "application/vnd.oai.openapi+json;version=3.0"),  # noqa: E501
            _link("conformance", f"{root}/conformance"),
            _link("data", f"{root}/collections"),
        ],
    }  # fmt: skip


def _places(snapshot: Snapshot, root: str) -> dict[str, Any]:
    ground = ground_of(snapshot)
    boxes = [_bounds(shape.wkt) for shape in ground.shapes.values()]
    found: dict[str, Any] = {
        "id": "places",
        "title": "地点 · Places",
        "description": "Places with geometry",
        "itemType": "feature",
        "crs": [_CRS84],
        "attribution": "；".join(ground.credits),
        "links": [
            _link("self", f"{root}/collections/places"),
            _link("items", f"{root}/collections/places/items", MEDIA),
        ],
    }
    if boxes:
        west, south, east, north = zip(*boxes, strict=True)
        found["extent"] = {
            "spatial": {"bbox": [[min(west), min(south), max(east), max(north)]], "crs": _CRS84}
        }
    return found


def _bounds(wkt: str) -> tuple[float, float, float, float]:
    numbers = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?(?:[eE]-?\d+)?", wkt)]
    xs, ys = numbers[::2], numbers[1::2]
    return min(xs), min(ys), max(xs), max(ys)


def _meets(wkt: str, box: Sequence[float]) -> bool:
    west, south, east, north = _bounds(wkt)
    return west <= box[2] and east >= box[0] and south <= box[3] and north >= box[1]


def _link(rel: str, href: str, media: str = _JSON) -> dict[str, str]:
    return {"rel": rel, "href": href, "type": media}


def _json(value: object, media: str = _JSON) -> Reply:
    return Reply(200, media, json.dumps(value, ensure_ascii=False).encode())
