"""Soundness of a geometry, its area, its inner point, and distances in metres."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from pyproj import Geod
from shapely.validation import explain_validity

CHINA = (73.0, 3.0, 136.0, 54.0)
"""West, south, east and north, in degrees."""
_TYPES = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}
_LEAST_DEGREES = 1e-5
"""In smaller shapes than a metre any point inside will do."""
_GEOD = Geod(ellps="WGS84")


def trouble_before(geometry: shapely.Geometry | None) -> str:
    """Return what is wrong with a geometry in any system: none, empty, no number."""
    if geometry is None:
        return "it has no geometry"
    if geometry.is_empty:
        return "its geometry is empty"
    if geometry.geom_type not in _TYPES:
        return f"its geometry is a {geometry.geom_type}; one of {', '.join(sorted(_TYPES))} is read"
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return "a coordinate is no number (NaN or infinite)"
    return ""


def is_in_degrees(geometries: Sequence[shapely.Geometry]) -> bool:
    """Return whether coordinates may be longitude and latitude, in any order."""
    xy = np.abs(shapely.get_coordinates(geometries))
    return bool((xy <= 180).all())


def trouble_after(geometry: shapely.Geometry) -> str:
    """Return what is wrong with a geometry in WGS 84: axes, country, rings, crossings."""
    west, south, east, north = geometry.bounds
    if not np.isfinite(geometry.bounds).all():
        return "its coordinates lie outside what the reference system covers"
    left, low, right, top = CHINA
    if low <= west and east <= top and left <= south and north <= right:
        return f"its axes are swapped ({west:.4f}, {south:.4f}): longitude comes first"
    if not (left <= west and east <= right and low <= south and north <= top):
        return f"it lies outside China ({west:.4f}, {south:.4f}); check --crs and the order of axes"
    if not geometry.is_valid:
        said = explain_validity(geometry)
        return f"its outline is not sound ({said}); mend it, or leave it out by --keep-going"
    return ""


def area_m2(geometry: shapely.Geometry) -> float:
    """Return the area on the ellipsoid, to a tenth of a square metre; 0 of a line or a point."""
    if geometry.geom_type not in ("Polygon", "MultiPolygon"):
        return 0.0
    area, _ = _GEOD.geometry_area_perimeter(shapely.orient_polygons(geometry))
    return round(abs(area), 1)


def inner_point(geometry: shapely.Geometry) -> shapely.Point:
    """Return a point inside an area (its centroid may lie outside), or on a line."""
    point = shapely.point_on_surface(geometry)
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        widest = max(shapely.get_parts(geometry), key=lambda part: part.area)
        if widest.area > _LEAST_DEGREES**2:
            with np.errstate(all="ignore"):  # of a sliver
                deepest = shapely.maximum_inscribed_circle(widest)
            inside = shapely.Point(deepest.coords[0])
            point = inside if geometry.contains(inside) else point
    return shapely.set_precision(point, 1e-7)


def in_metres(geometries: Sequence[shapely.Geometry]) -> list[shapely.Geometry]:
    """Put geometries of one district on a plane in metres, for tolerances and distances."""
    if not geometries:
        return []
    lat = float(shapely.get_coordinates(geometries)[:, 1].mean())
    scale = np.array((111_320 * np.cos(np.radians(lat)), 110_574))
    return [shapely.transform(g, lambda xy: xy * scale) for g in geometries]
