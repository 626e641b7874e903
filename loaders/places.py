"""The places of a row: named spots on the ground in its text and its milestone cells."""

from __future__ import annotations

from collections.abc import Sequence

from graph.records import Cell, CellName, Place, Row, Span
from loaders.passage import Passage
from loaders.places_ground import (
    Found, addresses, blocks_and_lots, junctions, parcels, roads, streets,
)  # fmt: skip
from loaders.places_named import after_ground, counties, lines, sites, waters, zones
from ontology.places import PlaceNames


def found_in(text: str, names: PlaceNames) -> list[Found]:
    """The places in a squeezed text, in the order in which they begin, longer ones first."""
    found: list[Found] = list(streets(text, names))
    found += blocks_and_lots(text, found)
    found += roads(text, names, found)
    found += addresses(text, found)
    found += junctions(text, found)
    found += parcels(text, found)
    found += waters(text, names)
    found += zones(text, names)
    found += after_ground(text, found)
    found += sites(text, found)
    found += lines(text, found)
    found += counties(text, names)
    return sorted(_outermost(found), key=lambda f: (f.start, -f.end))


def _outermost(found: Sequence[Found]) -> list[Found]:
    """Without the sites that begin inside another site, zone or line of the same run."""
    kept = []
    for one in dict.fromkeys(found):
        inner = one.kind in ("site", "zone", "line") and any(
            other.kind == one.kind
            and other is not one
            and other.start <= one.start
            and one.end <= other.end
            and (other.start, other.end) != (one.start, one.end)
            for other in found
        )
        if not inner:
            kept.append(one)
    return kept


def places_of(row: Row, names: PlaceNames) -> tuple[Place, ...]:
    """The places of a row in the order of their first appearance, one evidence for each cell."""
    order: dict[tuple[str, str], list[tuple[Cell, Found, Span]]] = {}
    for cell in row.cells():
        passage = Passage.of(cell.span)
        for found in found_in(passage.text, names):
            span = passage.span(found.start, found.end)
            order.setdefault((found.name, found.kind), []).append((cell, found, span))
    return tuple(_place(seen) for seen in _merged(order).values())


_Seen = list[tuple[Cell, Found, Span]]


def _merged(order: dict[tuple[str, str], _Seen]) -> dict[tuple[str, str], _Seen]:
    """Zones and lines named shorter elsewhere in the row are one place under the longest name."""
    result: dict[tuple[str, str], _Seen] = {}
    for key, seen in order.items():
        longer = [other for other in order if other[1] == key[1] and _shorter(*key, other[0])]
        target = max(longer, key=lambda k: len(k[0])) if longer else key
        result.setdefault(target, [])
        result[target] += [
            (c, f if target == key else _renamed(f, target[0]), s) for c, f, s in seen
        ]
    return {k: v for k, v in result.items() if v}


def _shorter(name: str, kind: str, other: str) -> bool:
    """Whether `name` is a shorter writing of `other` in the same row.

    A zone may lose its beginning, or one character inside it (a slip); a path along a water
    may lose the word between.
    """
    if kind == "zone":
        lost = (other[:i] + other[i + 1 :] for i in range(len(other)))
        return len(name) < len(other) and (
            other.endswith(name) or any(form.endswith(name) for form in lost) and len(name) > 5
        )
    if kind == "line" and name.endswith("步道") and len(name) < len(other):
        return other.endswith("步道") and other.startswith(name[:-2])
    return False


def _renamed(found: Found, name: str) -> Found:
    return Found(found.start, found.end, name, found.kind, found.within, found.on_road, found.name)


def _place(seen: _Seen) -> Place:
    cells: dict[CellName, Span] = {}
    forms: dict[str, None] = {}
    within: str | None = None
    on_road: dict[str, None] = {}
    for cell, found, span in sorted(seen, key=lambda s: s[2].start):
        cells.setdefault(cell.name, span)
        if found.written:
            forms[found.written] = None
        within = within or found.within
        on_road.update(dict.fromkeys(found.on_road))
    first = seen[0][1]
    return Place(
        name=first.name,
        kind=first.kind,
        cells=tuple(cells),
        evidence=tuple(cells.values()),
        named_as=tuple(forms),
        within=within,
        on_road=tuple(on_road),
    )
