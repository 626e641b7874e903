"""Rows that name places, as GeoJSON (RFC 7946): one feature a row, its columns as properties."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.ground import GroundModel, ground_of

MEDIA = "application/geo+json"
_TYPES = {
    "POINT": "Point", "MULTIPOINT": "MultiPoint", "LINESTRING": "LineString",
    "MULTILINESTRING": "MultiLineString", "POLYGON": "Polygon", "MULTIPOLYGON": "MultiPolygon",
}  # fmt: skip


def geometry(wkt: str) -> dict[str, Any] | None:
    """Write WKT in longitude and latitude as GeoJSON; None of an empty geometry.

    >>> geometry("POLYGON ((0 0, 1 0, 1 1, 0 0))")["coordinates"]
    [[[0, 0], [1, 0], [1, 1], [0, 0]]]
    >>> geometry("MULTIPOINT ((1 2), (3 4))")["coordinates"], geometry("POINT EMPTY")
    ([[1, 2], [3, 4]], None)
    """
    name, _, body = wkt.partition("(")
    kind = _TYPES[name.split()[0].upper()]
    if not body:
        return None
    text = re.sub(r"(-?[\d.]+(?:[eE]-?\d+)?) (-?[\d.]+(?:[eE]-?\d+)?)", r"[\1,\2]", "(" + body)
    found = json.loads(text.replace("(", "[").replace(")", "]"))
    if kind == "Point":
        found = found[0]
    elif kind == "MultiPoint":
        found = [p[0] if isinstance(p[0], list) else p for p in found]
    return {"type": kind, "coordinates": found}


def feature_collection(
    snapshot: Snapshot, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> dict[str, Any]:
    """Return a feature for each row, at the first place that it names; without one, no geometry.

    A place is named by its address or by its label; of two places of one label the one with
    geometry counts.
    """
    ground = ground_of(snapshot)
    places = atlas(snapshot).places
    labels = {p.label: p.iri for p in places.values() if p.iri in ground.shapes}
    features = []
    for row in rows:
        values = [part for v in row for part in (v, *v.split("、"))]
        named = [v if v in ground.shapes else labels.get(v, "") for v in values]
        place = next((iri for iri in named if iri), "")
        features.append(feature(ground, place, dict(zip(columns, row, strict=True))))
    return collection(snapshot, features)


def feature(ground: GroundModel, place: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return a feature; its id is the address of its place."""
    shape = ground.shapes.get(place)
    found: dict[str, Any] = {"type": "Feature"}
    if place:
        found["id"] = place
    return found | {
        "geometry": geometry(shape.wkt) if shape else None,
        "properties": dict(properties),
    }


def collection(snapshot: Snapshot, features: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return features with the credit of their data and the version."""
    return {
        "type": "FeatureCollection",
        "credit": "；".join(ground_of(snapshot).credits),
        "version": snapshot.version.id,
        "features": list(features),
    }
