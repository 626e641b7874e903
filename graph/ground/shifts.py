"""Detect geometry that is shifted (GCJ-02, BD-09) or far away from what is already there."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np
import shapely

from graph.ground.datums import Turn, turned, undo_bd, undo_gcj
from graph.ground.geometry import in_metres
from graph.ground.relations import Located, share_inside

MAX_OUTSIDE_M = 2_000.0
"""A place of the district this far from all of its streets is not where it should be."""
_ABROAD = ("County", "Line", "Water", "Road", "Zone", "District")
_CLEAR = 0.08
"""By how much better a shift must fit before it is reported; real boundaries differ by less."""


def suspicion(new: Sequence[Located], there: Sequence[Located]) -> str:
    """Return words on a shift under which new geometry fits better; empty for none.

    Fits: an area equals the one that its place has already; a smaller place lies wholly in one
    street. The geometry itself is never moved for it.
    """
    streets = [one for one in (*there, *new) if one.kind == "Street" and one.geometry.area]
    known = {one.place: one for one in there}
    tested = [n for n in new if n.place in known or (n.kind != "Street" and streets)]
    fixed = [one for one in there if one.kind == "Street" and one.geometry.area] or streets
    if not tested:
        return ""
    as_is = _fit(tested, lambda xy: xy, known, fixed)
    for name, turn in (("GCJ-02", undo_gcj), ("BD-09", undo_bd)):
        if name == "BD-09" and _fit(tested, undo_gcj, known, fixed) >= _fit(
            tested, turn, known, fixed
        ):
            continue
        better = _fit(tested, turn, known, fixed)
        if better > as_is + _CLEAR and better > 0.8:
            return (
                f"it looks like {name}: shifted {_shift_m(tested, turn):.0f} m against what is there "
                f"({as_is:.0%} fits as it is, {better:.0%} once the shift is undone)"
            )
    return ""


def _fit(
    tested: Sequence[Located], turn: Turn, known: dict[str, Located], streets: Sequence[Located]
) -> float:
    """Return how well geometry fits under a turn, from 0 to 1."""
    moved = [turned(one.geometry, turn) for one in tested]
    planes = in_metres(
        [*moved, *(s.geometry for s in streets), *(k.geometry for k in known.values())]
    )
    mine, rest = planes[: len(moved)], planes[len(moved) :]
    areas = rest[: len(streets)]
    before = dict(zip(known, rest[len(streets) :], strict=True))
    scores = []
    for one, shape in zip(tested, mine, strict=True):
        if one.place in before:
            scores.append(_likeness(shape, before[one.place]))
        else:
            near = [a for a in areas if a.intersects(shape)]
            scores.append(max((share_inside(shape, a) for a in near), default=0.0))
    return float(np.mean(scores))


def _likeness(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """Return how alike two geometries of one place are."""
    if one.area and other.area:
        return float(one.intersection(other).area / one.union(other).area)
    return float(np.exp(-one.distance(other) / 100))


def _shift_m(tested: Sequence[Located], turn: Turn) -> float:
    pairs = [(one.geometry.centroid, turned(one.geometry.centroid, turn)) for one in tested]
    planes = in_metres([p for pair in pairs for p in pair])
    return float(np.mean([a.distance(b) for a, b in zip(planes[::2], planes[1::2], strict=True)]))


def outside(
    new: Sequence[Located], there: Sequence[Located], streets: AbstractSet[str]
) -> list[str]:
    """Return for each new place why it is too far from the district; empty where it is not.

    It is known where the district lies once all its streets have geometry.
    """
    areas = {one.place: one.geometry for one in (*there, *new) if one.place in streets}
    if not streets or set(areas) != set(streets):
        return [""] * len(new)
    planes = in_metres([*(one.geometry for one in new), *areas.values()])
    mine, ground = planes[: len(new)], dict(zip(areas, planes[len(new) :], strict=True))
    found = []
    for one, shape in zip(new, mine, strict=True):
        others = [g for place, g in ground.items() if place != one.place]
        far = min((g.distance(shape) for g in others), default=0.0)
        is_far = far > MAX_OUTSIDE_M and one.kind not in _ABROAD
        found.append(
            f"it lies {far / 1000:.1f} km outside the streets of the district" if is_far else ""
        )
    return found
