"""Containment and neighbourhood of places, worked out from geometry.

Two rules, each with what it was worked out from. A place lies within an area that covers at least
95 % of it (and of which it is not as large a part itself); two areas of one kind touch if their
outlines come within 10 metres of each other and they share less than 5 % of the smaller.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import shapely

from graph.ground.geometry import in_metres

WITHIN_SHARE = 0.95
TOUCH_GAP_M = 10.0
_AREAS = ("Polygon", "MultiPolygon")


@dataclass(frozen=True, slots=True)
class Located:
    """A place with its geometry in WGS 84; `node` is the address of the geometry."""

    place: str
    label: str
    kind: str
    node: str
    geometry: shapely.Geometry


@dataclass(frozen=True, slots=True)
class Relation:
    """A containment or neighbourhood of two places, and the share of `left` inside `right`."""

    name: str
    """sfWithin or sfTouches."""
    left: Located
    right: Located
    share: float


def relations(located: Sequence[Located]) -> Iterator[Relation]:
    """Work out containment and neighbourhood of all pairs, in the order of the places."""
    planes = in_metres([one.geometry for one in located])
    if not planes:
        return
    tree = shapely.STRtree(planes)
    for i, one in enumerate(located):
        for j in sorted(map(int, tree.query(planes[i].buffer(TOUCH_GAP_M)))):
            other = located[j]
            if one.place == other.place or planes[j].geom_type not in _AREAS:
                continue
            share, back = share_inside(planes[i], planes[j]), 0.0
            if planes[i].geom_type in _AREAS:
                back = share_inside(planes[j], planes[i])
            if share >= WITHIN_SHARE and back < WITHIN_SHARE:
                yield Relation("sfWithin", one, other, share)
            elif one.kind == other.kind and planes[i].geom_type in _AREAS:
                overlap = max(share, back)
                if overlap < 1 - WITHIN_SHARE and planes[i].distance(planes[j]) <= TOUCH_GAP_M:
                    yield Relation("sfTouches", one, other, share)


def share_inside(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """Return the share of a geometry that lies in an area: of its area, length, or points."""
    if one.geom_type in _AREAS:
        return float(one.intersection(other).area / one.area) if one.area else 0.0
    if one.length:
        return float(one.intersection(other).length / one.length)
    points = shapely.get_parts(one)
    return float(sum(map(other.covers, points)) / len(points))
