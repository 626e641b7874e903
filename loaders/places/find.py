"""The places of a row: named spots on the ground in its text and its milestone cells."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, combinations

from graph.records import Cell, CellName, Place, Row, Span
from loaders.places.cadastre import (
    Found,
    addresses,
    blocks_and_lots,
    junctions,
    roads,
    streets,
)
from loaders.places.linear import counties, lines, waters
from loaders.places.named import after_ground, sites, zones
from loaders.places.parcels import parcels
from loaders.text.clauses import FOLDED
from loaders.text.offsets import Passage
from ontology.places import PlaceNames

_ORDER = (
    "street", "block", "lot", "parcel", "junction", "water", "line", "address",
    "site", "zone", "road", "county",
)  # fmt: skip
"""Order of places that begin together: the whole before its parts."""


_PIECE = re.compile(r".{1,2000}(?:。|$)|.{1,2000}", re.DOTALL)
_HALF_WIDTH = FOLDED | str.maketrans(
    "［］—–～〜ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ",
    "[]----ABCDEFGHIJKLMNOPQRSTUVWXYZ",
)
"""A name is one whatever its dashes and letters; in clauses and figures those stay as written."""
_WIDE = re.compile(f"[{''.join(map(chr, _HALF_WIDTH))}]")


def found_in(text: str, names: PlaceNames) -> list[Found]:
    """The places in a squeezed text, in the order in which they begin.

    Names are given in half width, whatever the width in which the text is set. A long text is
    read piece by piece: no name reaches over the end of a sentence.
    """
    return _found_on(_half_width(text), names, {})


def _half_width(text: str) -> str:
    return text.translate(_HALF_WIDTH) if _WIDE.search(text) else text


def _found_on(text: str, names: PlaceNames, grounds: Mapping[str, _Ground]) -> list[Found]:
    """The places in a text of half width; `grounds` are those of texts that are known."""
    found: list[Found] = []
    for piece in _PIECE.finditer(text):
        at, said = piece.start(), piece[0]
        here = _found_in(said, names, grounds.get(said) or _ground(said, names))
        found += (replace(f, start=f.start + at, end=f.end + at) for f in here) if at else here
    return found


def _found_in(text: str, names: PlaceNames, ground: _Ground) -> list[Found]:
    found = [*ground.above, *ground.roads]
    found += addresses(text, found)
    found += junctions(text, found)
    found += parcels(text, found, names)
    found += ground.waters
    found += after_ground(text, found)
    found += lines(text, found, names)
    found += zones(text, found, names)
    found += sites(text, found, names)
    found += counties(text, names)
    found = _under_headings(text, _outermost(found))
    return sorted(found, key=lambda f: (f.start, _ORDER.index(f.kind), -f.end))


@dataclass(frozen=True, slots=True)
class _Ground:
    """Streets, blocks, roads and waters that a text names: other places build on them."""

    above: tuple[Found, ...]
    """Streets, blocks and lots."""
    roads: tuple[Found, ...]
    waters: tuple[Found, ...]


def _ground(text: str, names: PlaceNames) -> _Ground:
    above = list(streets(text, names))
    above += blocks_and_lots(text, above)
    return _Ground(tuple(above), tuple(roads(text, names, above)), tuple(waters(text, names)))


def _grounds(texts: Iterable[str], names: PlaceNames) -> dict[str, _Ground]:
    """The ground of each piece of some texts."""
    pieces = {piece[0] for text in texts for piece in _PIECE.finditer(text)}
    return {said: _ground(said, names) for said in pieces}


def _outermost(found: Iterable[Found]) -> list[Found]:
    """Without what only a longer name of the ground holds: a site inside a site or a zone."""
    kept = list(dict.fromkeys(found))
    outer = sorted(
        (f for f in kept if f.kind in ("site", "zone", "line", "parcel")),
        key=lambda f: (f.start, -f.end),
    )
    starts = [f.start for f in outer]
    reach = list(accumulate((f.end for f in outer), max))

    def is_inner(one: Found) -> bool:
        """Return whether a longer name holds one: it begins before it, or ends behind it."""
        before = bisect_left(starts, one.start)
        if before and reach[before - 1] >= one.end:
            return True
        return before < len(outer) and starts[before] == one.start and outer[before].end > one.end

    return [f for f in kept if f.kind not in _MAY_BE_INNER or not is_inner(f)]


_MAY_BE_INNER = frozenset(("site", "zone", "line", "county"))


def _under_headings(text: str, found: Iterable[Found]) -> list[Found]:
    """武夷路1号地块:美加乐市场完成清退 says that the market lies in the parcel."""
    found = list(found)
    heads: dict[int, dict[str, Found]] = {}
    for one in found:
        if _is_heading(text, one):
            heads.setdefault(text.find("。", one.end), {}).setdefault(one.name, one)
    if not heads:
        return found
    return [_under_heading(text, one, heads) for one in found]


def _is_heading(text: str, one: Found) -> bool:
    return one.kind == "parcel" and text[one.end : one.end + 1] in (":", "：")


def _under_heading(text: str, one: Found, heads: Mapping[int, Mapping[str, Found]]) -> Found:
    """The place, within the first parcel that heads its sentence."""
    lies = one.within is None and one.kind in ("site", "address", "parcel")
    if not lies or _is_heading(text, one):
        return one
    of_sentence = heads.get(text.find("。", one.start), {}).values()
    head = next((h for h in of_sentence if h.end < one.start and h.name != one.name), None)
    return replace(one, within=head.name) if head else one


def learnt(rows: Sequence[Row], names: PlaceNames) -> PlaceNames:
    """The names, and this document's roads and waters: one that stands alone is known everywhere.

    So 新华路 is seen in 金地商置新华路项目 where another row writes 推进新华路改造.
    """
    texts = (_half_width(cell.text) for row in rows for cell in row.cells())
    return _knowing(names, _grounds(texts, names).values())


def _knowing(names: PlaceNames, grounds: Collection[_Ground]) -> PlaceNames:
    """The names, and the roads and waters of some texts; the same where none is new."""
    found = {road.name for ground in grounds for road in ground.roads}
    flowing = {water.name for ground in grounds for water in ground.waters}
    new = not (found <= names.roads and flowing <= names.waters)
    return names.knowing(found, flowing) if new else names


def places_of(row: Row, names: PlaceNames) -> tuple[Place, ...]:
    """The places of a row in the order of their first appearance, one evidence for each cell.

    The row learns from its cells before they are read; mostly nothing that the document has not
    learnt already, and then the ground is known as it is.
    """
    cells = [(cell, Passage.of(cell.span)) for cell in row.cells()]
    texts = [_half_width(passage.text) for _, passage in cells]
    grounds = _grounds(texts, names)
    own = _knowing(names, grounds.values())
    order: dict[tuple[str, str], _Seen] = {}
    for (cell, passage), text in zip(cells, texts, strict=True):
        for found in _found_on(text, own, grounds if own is names else {}):
            span = passage.span(found.start, found.end)
            order.setdefault((found.name, found.kind), []).append((cell, found, span))
    return tuple(_place(name, seen) for (name, _), seen in _merged(order).items())


MAX_MERGED_NAMES = 60
"""A row that names more zones and lines is a register, whose names are not merged."""
_Seen = list[tuple[Cell, Found, Span]]


def _merged(order: dict[tuple[str, str], _Seen]) -> dict[tuple[str, str], _Seen]:
    """Zones and paths that are written shorter elsewhere in the row go under one name."""
    under = {key: key for key in order}
    long = [key for key in order if key[1] in ("zone", "line")]
    for one, other in combinations(long, 2) if len(long) <= MAX_MERGED_NAMES else ():
        if one[1] == other[1] and (keep := _kept(one[0], other[0], one[1])):
            lost = one if keep == other[0] else other
            under[lost] = other if lost == one else one
    result: dict[tuple[str, str], _Seen] = {}
    for key, seen in order.items():
        target = key
        while under[target] != target:
            target = under[target]
        result.setdefault(target, []).extend(seen)
    return result


def _kept(one: str, other: str, kind: str) -> str | None:
    """The name that both are known by, if one is a shorter writing of the other.

    A zone may lose its beginning, and a character to a slip. A path along a water whose kind
    the cell leaves open (…东延伸段) is the path that the row names.
    """
    short, long = sorted((one, other), key=len)
    if kind == "zone" and len(short) >= 5:
        lost = [long, *(long[:i] + long[i + 1 :] for i in range(len(long)))]
        return long if len(short) < len(long) and any(f.endswith(short) for f in lost) else None
    if kind == "line" and short.endswith("步道") and len(short) < len(long):
        return long if long.endswith("步道") and long.startswith(short[:-2]) else None
    return None


def _place(name: str, seen: _Seen) -> Place:
    cells: dict[CellName, Span] = {}
    forms: dict[str, None] = {}
    on_road: dict[str, None] = {}
    ordered = sorted(seen, key=lambda s: s[2].start)
    for cell, found, span in ordered:
        cells.setdefault(cell.name, span)
        form = found.written or found.name
        if form != name:
            forms[form] = None
        on_road.update(dict.fromkeys(found.on_road))
    return Place(
        name=name,
        kind=seen[0][1].kind,
        cells=tuple(cells),
        evidence=tuple(cells.values()),
        named_as=tuple(forms),
        within=next((f.within for _, f, _ in ordered if f.within), None),
        on_road=tuple(on_road),
    )
