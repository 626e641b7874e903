"""Draw a map: areas by a number, labels inside them, north, scale bar, legend, credit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, floor, log10, radians

import numpy as np
import shapely
from shapely.affinity import affine_transform

from viz.drawing import figures
from viz.drawing.paper import SCREEN, Paper
from viz.drawing.svg import HAIR, INK, PAPER, SECOND, WASH, Drawing, width_of
from viz.drawing.tile_grid import BLUES, Count, steps

_AREAS = ("Polygon", "MultiPolygon")
_LAND = "#B05A00"
"""Outline of parcels and of what else lies inside a street."""
_SIDE_ROOM, _NARROW = 900.0, 480.0
_MAX_HIGH = 0.9
"""A map is no higher than this share of its width."""
_M_PER_DEGREE = 110_574.0


@dataclass(frozen=True, slots=True)
class MapPlace:
    """A place with its shape in longitude and latitude, and its figures."""

    label: str
    is_street: bool
    shape: shapely.Geometry
    count: Count
    value: float
    """The number that decides its colour: targets, or targets per square kilometre."""
    quarters: tuple[tuple[int, Count], ...]


@dataclass(frozen=True, slots=True)
class MapSheet:
    """What is drawn; streets first, then what lies in them."""

    title: str
    caption: str
    source: str
    places: tuple[MapPlace, ...]
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class Label:
    """A line of words with its middle and baseline."""

    x: float
    y: float
    words: str
    size: float
    weight: int


Box = tuple[float, float, float, float]
"""Left, top, width and height."""


def draw(sheet: MapSheet, paper: Paper = SCREEN) -> str:
    """Draw the map of the whole time, beside or below it a small one for each quarter."""
    width, room = paper.room, paper.room - 48
    top = figures.captioned(width, sheet.caption, sheet.title, paper) + 8
    bounds = shapely.total_bounds([p.shape for p in sheet.places])
    squeeze = cos(radians((bounds[1] + bounds[3]) / 2))
    ratio = (bounds[3] - bounds[1]) / max((bounds[2] - bounds[0]) * squeeze, 1e-9)
    panels = [q for q, _ in sheet.places[0].quarters]
    beside = bool(panels) and room >= _SIDE_ROOM
    wide = 0.64 * room if beside else room
    high = min(wide * ratio, wide * _MAX_HIGH)
    across = 2 if beside or room < _NARROW else 4
    left = 24 + wide + 30 if beside else 24.0
    each = (width - 24 - left - 16 * (across - 1)) / across
    small = min(each * ratio, each * _MAX_HIGH)
    panel = small + 34
    lines = -(-len(panels) // across)
    body = max(high, panel * lines if beside else 0)
    below = 0.0 if beside or not panels else panel * lines + 8
    legend = _legend(sheet, room)
    main: Box = (24, top, wide, high)
    turn = fitted(bounds, squeeze, main)
    shapes = [affine_transform(p.shape, turn) for p in sheet.places]
    labels, keyed = _labels(sheet, shapes)
    key_lines = figures.wrapped("　".join(keyed), 11, room) if keyed else []
    foot = figures.foot_height(width, sheet.source)
    height = top + body + 44 + below + 18 * len(legend) + 16 * len(key_lines) + 8 + foot
    out = Drawing(width, height, sheet.title, sheet.caption)
    figures.heading(out, sheet.title, sheet.caption, paper)
    with out.pane("map", main):
        for place, shape in zip(sheet.places, shapes, strict=True):
            _place(out, sheet, place, shape, place.label, place.count, place.value)
        with out.untouched():
            for label in labels:
                _words(out, label, _ink(sheet, label, shapes))
    _north(out, 24 + wide - 14, top + 4)
    _scale_bar(out, (24, top + high + 22), turn, squeeze, sheet.words)
    first = top if beside else top + body + 44
    for i, quarter in enumerate(panels):
        x, y = left + (i % across) * (each + 16), first + (i // across) * panel
        out.text(x, y + 12, sheet.words[f"Q{quarter}"], size=12, weight=700)
        _quarter(out, sheet, quarter, fitted(bounds, squeeze, (x, y + 20, each, small)))
    y = top + body + 44 + below + 4
    for line in legend:
        _legend_line(out, line, y)
        y += 18
    for words in key_lines:
        out.text(24, y, words, size=11, fill=SECOND)
        y += 16
    figures.foot(out, sheet.source)
    return str(out)


def fitted(bounds: Sequence[float], squeeze: float, box: Box) -> list[float]:
    """Return the affine map from degrees into a box, north up, the middle in the middle."""
    west, south, east, north = bounds
    left, top, wide, high = box
    scale = min(wide / max((east - west) * squeeze, 1e-9), high / max(north - south, 1e-9))
    x = left + (wide - (east - west) * squeeze * scale) / 2
    y = top + (high - (north - south) * scale) / 2
    return [scale * squeeze, 0, 0, -scale, x - west * scale * squeeze, y + north * scale]


def path_of(shape: shapely.Geometry) -> str:
    """Write areas and lines as a path."""
    parts = []
    for part in shapely.get_parts(shape):
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for ring in rings:
            points = [f"{x:.1f},{y:.1f}" for x, y in shapely.get_coordinates(ring)]
            kept = [p for i, p in enumerate(points) if not i or p != points[i - 1]]
            parts.append("M" + "L".join(kept) + ("Z" if part.geom_type == "Polygon" else ""))
    return "".join(parts)


def values_of(sheet: MapSheet) -> tuple[tuple[float, float], ...]:
    """Divide the values of the streets into at most three ranges."""
    found = [p.value for p in sheet.places if p.is_street and p.value > 0]
    if not found:
        return ()
    if all(v == floor(v) for v in found):
        every = found + [
            c.written for p in sheet.places if p.is_street for _, c in p.quarters if c.written
        ]
        return tuple((float(a), float(b)) for a, b in steps(int(min(every)), int(max(every))))
    low, high = min(found), max(found)
    third = (high - low) / 3
    cuts = [round(low + third, 1), round(low + 2 * third, 1)]
    return ((0.0, cuts[0]), (cuts[0], cuts[1]), (cuts[1], round(high + 0.05, 1)))


def _step(value: float, ranges: Sequence[tuple[float, float]]) -> int:
    if not value:
        return -1
    found = next((i for i, (_, high) in enumerate(ranges) if value <= high), len(ranges) - 1)
    return found if len(ranges) > 2 else found + 3 - len(ranges) - (len(ranges) == 1)


def _fill(sheet: MapSheet, place: MapPlace, count: Count, value: float) -> str:
    if not place.is_street:
        return "#F3D3A8" if count.written else PAPER
    step = _step(value, values_of(sheet))
    return BLUES[step] if step >= 0 else PAPER if count.inferred else WASH


def _place(
    out: Drawing,
    sheet: MapSheet,
    place: MapPlace,
    shape: shapely.Geometry,
    key: str,
    count: Count,
    value: float,
) -> None:
    said = sheet.words["tip"].format(count.written, count.inferred, count.completed)
    fill = _fill(sheet, place, count, value)
    edge = INK if place.is_street else _LAND
    dash = "3 2.5" if place.is_street and not count.written and count.inferred else ""
    with out.link(key, f"{place.label} · {said}"):
        if shape.geom_type in _AREAS:
            out.area(path_of(shape), fill, edge, 1.0, dash)
        elif shape.geom_type in ("Point", "MultiPoint"):
            for x, y in shapely.get_coordinates(shape):
                out.circle(x, y, 4, fill, _LAND, 1.4)
        else:
            out.stroke(path_of(shape), _LAND, 2.5, "")


def _quarter(out: Drawing, sheet: MapSheet, quarter: int, turn: Sequence[float]) -> None:
    numbers = []
    for place in sheet.places:
        count = dict(place.quarters)[quarter]
        shape = affine_transform(place.shape, turn)
        if not place.is_street:
            continue
        _place(out, sheet, place, shape, f"{place.label}~Q{quarter}", count, float(count.written))
        if count.written and (found := fit_label(shape, [(str(count.written), 11, 400)])):
            step = _step(count.written, values_of(sheet))
            numbers.append((found[0], "#FFFFFF" if step == 2 else INK))
    with out.untouched():
        for label, ink in numbers:
            _words(out, label, ink)


def fit_label(
    shape: shapely.Geometry,
    lines: Sequence[tuple[str, float, int]],
    taken: Iterable[shapely.Geometry] = (),
) -> list[Label] | None:
    """Return where lines of words fit inside a shape and free of what is taken, or None.

    The deepest point is tried first, then points around it; a box of the words lies wholly inside.
    """
    if shape.geom_type not in _AREAS:
        return None
    part = max(shapely.get_parts(shape), key=lambda p: p.area)
    wide = max(width_of(words, size) for words, size, _ in lines)
    high = sum(size * 1.22 for _, size, _ in lines)
    if part.area < wide * high:
        return None
    with np.errstate(all="ignore"):  # of a sliver
        deepest = shapely.maximum_inscribed_circle(part, tolerance=1.0).coords[0]
    left, top, right, low = part.bounds
    around = [(x / 14, y / 14) for x in range(1, 14) for y in range(1, 14)]
    tried = [(left + a * (right - left), top + b * (low - top)) for a, b in around]
    tried.sort(key=lambda p: (p[0] - deepest[0]) ** 2 + (p[1] - deepest[1]) ** 2)
    shapely.prepare(part)
    blocked = list(taken)
    for x, y in [deepest, *tried]:
        box = shapely.box(x - wide / 2 - 2, y - high / 2 - 1, x + wide / 2 + 2, y + high / 2 + 1)
        if part.contains(box) and not any(box.intersects(t) for t in blocked):
            found, base = [], y - high / 2
            for words, size, weight in lines:
                base += size * 1.22
                found.append(Label(x, base - size * 0.28, words, size, weight))
            return found
    return None


def _forms(place: MapPlace) -> list[list[tuple[str, float, int]]]:
    """List the ways of writing a label, from the fullest to the shortest."""
    number, name = str(place.count.written), place.label
    if not place.is_street:
        return [[(name, 11, 400)]]
    half = -(-len(name) // 2)
    return [
        [(name, 13, 700), (number, 18, 700)],
        [(name, 11, 700), (number, 14, 700)],
        [(f"{name} {number}", 11, 700)],
        [(name[:half], 11, 700), (name[half:], 11, 700), (number, 12, 700)],
    ]


def _labels(sheet: MapSheet, shapes: Sequence[shapely.Geometry]) -> tuple[list[Label], list[str]]:
    """Place the labels of all places; what finds no room becomes a number with a key below."""
    labels: list[Label] = []
    keyed: list[str] = []
    inner = [s for p, s in zip(sheet.places, shapes, strict=True) if not p.is_street]
    for place, shape in zip(sheet.places, shapes, strict=True):
        held = [s for s in inner if s.area < shape.area and shape.contains(s.centroid)]
        taken = [*(inner if place.is_street else held), *map(_box_of, labels)]
        found = next((f for form in _forms(place) if (f := fit_label(shape, form, taken))), None)
        if found is None:
            mark = f"({len(keyed) + 1})"
            found = fit_label(shape, [(mark, 11, 700)], taken)
            said = f"{place.label} {place.count.written}"
            keyed.append(f"{mark} {said}" if found else said)
        labels += found or []
    return labels, keyed


def _box_of(label: Label) -> shapely.Geometry:
    wide = width_of(label.words, label.size)
    return shapely.box(
        label.x - wide / 2 - 1,
        label.y - label.size,
        label.x + wide / 2 + 1,
        label.y + label.size * 0.25,
    )


def _ink(sheet: MapSheet, label: Label, shapes: Sequence[shapely.Geometry]) -> str:
    """Return the colour of words that can be read on what lies below them."""
    point = shapely.Point(label.x, label.y - 3)
    under = [
        p
        for p, s in zip(sheet.places, shapes, strict=True)
        if s.geom_type in _AREAS and s.contains(point)
    ]
    if not under or not under[-1].is_street:
        return INK
    dark = _fill(sheet, under[-1], under[-1].count, under[-1].value) == BLUES[2]
    return "#FFFFFF" if dark else INK


def _words(out: Drawing, label: Label, ink: str) -> None:
    out.text(
        label.x,
        label.y,
        label.words,
        size=label.size,
        weight=label.weight,
        anchor="middle",
        fill=ink,
    )


def _north(out: Drawing, x: float, y: float) -> None:
    out.path(f"M{x:.1f},{y:.1f}l6,18l-6,-4l-6,4Z", INK)
    out.text(x, y + 31, "N", size=11, anchor="middle", fill=SECOND)


def _scale_bar(
    out: Drawing,
    spot: tuple[float, float],
    turn: Sequence[float],
    squeeze: float,
    words: dict[str, str],
) -> None:
    """Draw a bar of a round length, about a fifth of what 600 units show."""
    a_metre = turn[0] / squeeze / _M_PER_DEGREE
    metres = 120 / a_metre
    power = 10 ** floor(log10(metres))
    length = max(n * power for n in (1, 2, 5) if n * power <= metres)
    said = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    x, y = spot
    end = x + length * a_metre
    out.line(x, y - 4, x, y, INK, 1.2)
    out.line(x, y, end, y, INK, 1.2)
    out.line(end, y - 4, end, y, INK, 1.2)
    out.text(end + 7, y + 3, f"{said}　{words['plane']}", size=11, fill=SECOND)


Item = tuple[float, str, str, str]
"""X, fill, stroke and words of a piece of the legend."""


def _legend(sheet: MapSheet, room: float) -> list[list[Item]]:
    items = []
    for i, (low, high) in enumerate(ranges := values_of(sheet)):
        step = i if len(ranges) > 2 else i + 3 - len(ranges) - (len(ranges) == 1)
        items.append((BLUES[step], INK, f"{low:g}" if low == high else f"{low:g}–{high:g}"))
    items.append(("", "", sheet.words["unit"]))
    items.append((PAPER, SECOND, sheet.words["dashed"]))
    if any(not p.is_street for p in sheet.places):
        items.append(("#F3D3A8", _LAND, sheet.words["land"]))
    lines: list[list[Item]] = [[]]
    x = 24.0
    for fill, stroke, said in items:
        wide = (20 if fill else 0) + width_of(said, 11)
        if x + wide > room + 24 and lines[-1]:
            lines.append([])
            x = 24.0
        lines[-1].append((x, fill, stroke, said))
        x += wide + 16
    return lines


def _legend_line(out: Drawing, line: Sequence[Item], y: float) -> None:
    for x, fill, stroke, said in line:
        if fill:
            box = f"M{x:.1f},{y - 10:.1f}h14v11h-14Z"
            out.area(box, fill, stroke or HAIR, 1.0, "3 2.5" if stroke == SECOND else "")
        out.text(x + (20 if fill else 0), y, said, size=11, fill=SECOND)
