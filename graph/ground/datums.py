"""Turn coordinates of any stated reference system into WGS 84 (CRS84: longitude, latitude).

GCJ-02 and BD-09 are the shifted systems of Chinese web maps; they are undone only where they are
stated. Local city coordinates need control points or PROJ parameters.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from graph.ground.features import GroundError

Coordinates = np.ndarray[Any, np.dtype[np.float64]]
Turn = Callable[[Coordinates], Coordinates]
"""Coordinates, a row each, to longitude and latitude."""
HOW_TO_STATE = (
    "state it: --crs EPSG:4326 (WGS 84), EPSG:4490 (CGCS2000) or any other EPSG code, GCJ-02, BD-09, "
    "PROJ parameters (+proj=…), or control points "
    "(control:x,y=lon,lat;x,y=lon,lat;x,y=lon,lat)"
)
MAX_RESIDUAL_M = 5.0
"""Control points that fit worse than this are refused."""
_AXIS_M, _FLATNESS = 6378245.0, 0.00669342162296594323
"""The ellipsoid of Krasovsky, on which GCJ-02 is defined."""
_BD_TURN = np.pi * 3000.0 / 180.0
_NAMED = {
    "WGS84": "OGC:CRS84", "WGS-84": "OGC:CRS84", "EPSG:4326": "OGC:CRS84", "CRS84": "OGC:CRS84",
    "CGCS2000": "EPSG:4490",
}  # fmt: skip


def turn_of(crs: str) -> Turn:
    """Return what turns coordinates of a system into WGS 84. Raises GroundError if unknown."""
    name = crs.strip()
    plain = _NAMED.get(name.upper(), name)
    if re.fullmatch(r"GCJ-?02", plain, re.IGNORECASE):
        return undo_gcj
    if re.fullmatch(r"BD-?09(LL)?", plain, re.IGNORECASE):
        return undo_bd
    if plain.lower().startswith("control:"):
        return _by_control_points(plain.partition(":")[2])
    if plain == "OGC:CRS84":
        return lambda xy: xy
    try:
        found = Transformer.from_crs(CRS.from_user_input(plain), "OGC:CRS84", always_xy=True)
    except (CRSError, ProjError) as error:
        raise GroundError(f"the reference system {crs!r} is unknown; {HOW_TO_STATE}") from error
    return lambda xy: np.column_stack(found.transform(xy[:, 0], xy[:, 1]))


def turned(geometry: shapely.Geometry, turn: Turn) -> shapely.Geometry:
    """Return a geometry in WGS 84, to 7 decimal places (one centimetre), in two dimensions."""
    flat = shapely.force_2d(geometry)
    return shapely.transform(flat, lambda xy: np.round(turn(xy), 7))


def gcj(xy: Coordinates) -> Coordinates:
    """Shift WGS 84 as the web maps of China do."""
    x, y = xy[:, 0] - 105.0, xy[:, 1] - 35.0
    root, pi = np.sqrt(np.abs(x)), np.pi
    waves = (np.sin(6 * x * pi) + np.sin(2 * x * pi)) * 20
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (waves + (np.sin(y * pi) + 2 * np.sin(y / 3 * pi)) * 20) * 2 / 3
    north += (8 * np.sin(y / 12 * pi) + 16 * np.sin(y * pi / 30)) * 20 * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (waves + (np.sin(x * pi) + 2 * np.sin(x / 3 * pi)) * 20) * 2 / 3
    east += (15 * np.sin(x / 12 * pi) + 30 * np.sin(x / 30 * pi)) * 20 / 3
    lat = np.radians(xy[:, 1])
    bent = 1 - _FLATNESS * np.sin(lat) ** 2
    dlat = np.degrees(north / (_AXIS_M * (1 - _FLATNESS) / (bent * np.sqrt(bent))))
    dlon = np.degrees(east / (_AXIS_M / np.sqrt(bent) * np.cos(lat)))
    return np.column_stack((xy[:, 0] + dlon, xy[:, 1] + dlat))


def undo_gcj(xy: Coordinates) -> Coordinates:
    """Undo the shift of GCJ-02, by iteration, to less than a centimetre."""
    found = xy
    for _ in range(6):
        found = found - (gcj(found) - xy)
    return found


def undo_bd(xy: Coordinates) -> Coordinates:
    """Undo BD-09, which shifts GCJ-02 once more."""
    x, y = xy[:, 0] - 0.0065, xy[:, 1] - 0.006
    far = np.hypot(x, y) - 0.00002 * np.sin(y * _BD_TURN)
    at = np.arctan2(y, x) - 0.000003 * np.cos(x * _BD_TURN)
    return undo_gcj(np.column_stack((far * np.cos(at), far * np.sin(at))))


def _by_control_points(text: str) -> Turn:
    """Fit an affine map through control points, `x,y=lon,lat;…`, three at least."""
    try:
        pairs = [[[float(n) for n in side.split(",")] for side in pair.split("=")] for pair in text.split(";") if pair.strip()]  # fmt: skip
        here, there = (np.array([pair[i] for pair in pairs]) for i in (0, 1))
        assert here.shape == there.shape == (len(pairs), 2)
    except (ValueError, IndexError, AssertionError) as error:
        raise GroundError(
            f"these control points cannot be read: {text!r}; {HOW_TO_STATE}"
        ) from error
    middle = here.mean(axis=0)
    ones = np.column_stack((here - middle, np.ones(len(here))))
    if len(pairs) < 3 or np.linalg.matrix_rank(ones) < 3:
        raise GroundError("control points must be three or more that are not on one line")
    fit, *_ = np.linalg.lstsq(ones, there, rcond=None)
    metres = (ones @ fit - there) * (111_320 * np.cos(np.radians(there[:, 1].mean())), 110_540)
    worst = float(np.hypot(metres[:, 0], metres[:, 1]).max())
    if worst > MAX_RESIDUAL_M:
        raise GroundError(f"the control points contradict each other by {worst:.0f} m")
    return lambda xy: np.column_stack((xy - middle, np.ones(len(xy)))) @ fit
