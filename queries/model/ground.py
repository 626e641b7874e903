"""Geometry of places as a version holds it: shapes in longitude and latitude, and their credit."""

from __future__ import annotations

from dataclasses import dataclass, field

from graph.store.snapshot import Snapshot
from queries.model.atlas import rows

_KEPT = 8
_by_version: dict[str, GroundModel] = {}


@dataclass(frozen=True, slots=True)
class PlaceShape:
    """The geometry of a place: WKT in CRS84, a point inside, its area in square metres."""

    place: str
    wkt: str
    inner: str
    area_m2: float


@dataclass(frozen=True, slots=True)
class GroundModel:
    """All geometry of a version by place, and whose data it is."""

    shapes: dict[str, PlaceShape] = field(default_factory=dict)
    credits: tuple[str, ...] = ()
    touching: frozenset[tuple[str, str]] = frozenset()


def ground_of(snapshot: Snapshot) -> GroundModel:
    """Return the geometry of a version or of a scope of it, read once while it is in use."""
    key = snapshot.key
    found = _by_version.pop(key, None)
    if found is None:
        while len(_by_version) >= _KEPT:
            del _by_version[next(iter(_by_version))]
        found = _read(snapshot)
    _by_version[key] = found
    return found


def _read(snapshot: Snapshot) -> GroundModel:
    shapes = {
        place: PlaceShape(place, wkt, inner, float(area or 0))
        for place, wkt, inner, area in rows(
            snapshot,
            """SELECT ?p ?w ?i ?a { ?p geo:hasGeometry ?g . ?g geo:asWKT ?w
            OPTIONAL { ?g tk:innerPoint ?i } OPTIONAL { ?p tk:area ?a } } ORDER BY ?p ?g""",
        )
    }
    credits_ = tuple(
        f"{source}，{licence}"
        for source, licence in rows(
            snapshot,
            """SELECT DISTINCT ?s ?l { ?g a tk:Ground ; dcterms:source ?s ; dcterms:license ?l .
            ?n dcterms:isPartOf ?g . ?p geo:hasGeometry ?n } ORDER BY ?s ?l""",
        )
    )
    touching = frozenset(rows(snapshot, "SELECT ?a ?b { ?a geo:sfTouches ?b }"))
    return GroundModel(shapes, credits_, touching)  # type: ignore[arg-type]
