"""Add geometry to a store, take it away, and match it again when documents change.

Nothing is stored unless every feature is sound; with `keep_going` those that are not are left out
and listed. The same file gives the same graph, so adding it twice makes no new version.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pyoxigraph
import shapely

from graph.ground.datums import HOW_TO_STATE, turn_of, turned
from graph.ground.features import (
    Addition,
    GroundError,
    GroundFile,
    Matched,
    RawFeature,
    UnsoundFeature,
)
from graph.ground.geometry import is_in_degrees, trouble_after, trouble_before
from graph.ground.graphs import (
    ground_graph,
    ground_quads,
    grounds,
    infer,
    inferred_graph,
    located,
    rematch,
)
from graph.ground.match import Known, PlaceIndex, best_field, name_index
from graph.ground.relations import Located
from graph.ground.shifts import outside, suspicion
from graph.store.manifest import Version
from graph.store.snapshot import Snapshot
from graph.store.store import Store

NOT_STATED = "未说明（not stated）"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Options of one addition, empty where the file decides."""

    name_field: str = ""
    kind: str = ""
    crs: str = ""
    source: str = ""
    licence: str = ""
    keep_going: bool = False


@dataclass(frozen=True, slots=True)
class Added:
    """The result of an addition, or of its plan."""

    ground: Addition
    field: str
    features: tuple[Matched, ...]
    left: tuple[UnsoundFeature, ...]
    """Features that were left out."""
    missing: tuple[Known, ...]
    """Places of the same kinds that still have no geometry."""
    warning: str
    version: Version | None = None


class Unsound(GroundError):
    """Features that are not sound: nothing was stored."""

    def __init__(self, name: str, problems: Sequence[UnsoundFeature], what: str) -> None:
        few = "; ".join(map(str, problems[:5]))
        more = f"; and {len(problems) - 5} more" if len(problems) > 5 else ""
        super().__init__(f"{name}: nothing was stored, because of {what}: {few}{more}; --keep-going leaves them out")  # fmt: skip
        self.problems = tuple(problems)


def add(store: Store, file: GroundFile, wanted: Wanted) -> Added:
    """Add a file of geometry as a new version. Raises GroundError, with nothing stored."""
    snapshot = store.open(store.must_have())
    planned, kind = plan(snapshot, file, wanted)

    def apply(head: pyoxigraph.Store) -> None:
        head.remove_graph(ground_graph(planned.ground.id))
        head.extend(ground_quads(planned.ground, kind, planned.features))
        infer(head, name_index(Snapshot(head, snapshot.version)))

    return replace(planned, version=store.change(apply))


def plan(snapshot: Snapshot, file: GroundFile, wanted: Wanted) -> tuple[Added, str]:
    """Check a file against a version and match its names; return what would be added."""
    index = name_index(snapshot)
    kinds = {p.kind.lower(): p.kind for p in index.places.values()}
    kind = kinds.get(wanted.kind.lower(), "")
    if wanted.kind and not kind:
        raise GroundError(f"the graph has no place of kind {wanted.kind!r}; there are {', '.join(sorted(kinds))}")  # fmt: skip
    field = _name_field(file, wanted, index, kind)
    problems: list[UnsoundFeature] = []
    shapes = _shapes(file, wanted.crs or file.crs, field, problems)
    found = _matched(file, field, kind, shapes, index, problems)
    there = [one for one in located(snapshot.store, index) if f"/{_id_of(file)}/" not in one.node]
    new = [Located(m.place, m.label, m.kind, "", shapes[m.number]) for m in found if m.place]
    problems += [
        UnsoundFeature(m.number, m.name, why) for m, why in _outside(found, new, there, index)
    ]
    if problems and not wanted.keep_going:
        raise Unsound(file.name, problems, f"{len(problems)} of {len(file.features)} features")
    bad = {p.number for p in problems}
    found = [m for m in found if m.number not in bad]
    if not any(m.place for m in found):
        names = "、".join(m.name for m in found[:5] if m.name)
        raise GroundError(
            f"{file.name}: no feature has the name of a place in the graph (field {field!r}: {names}); "
            f"fields: {', '.join(file.fields)}; choose one by --name-field"
        )
    warning = suspicion(new, there)
    if warning and not wanted.crs:
        raise GroundError(
            f"{file.name}: {warning}; nothing was stored: --crs GCJ-02 (or BD-09) puts it right, "
            "--crs WGS84 stores it as it is"
        )
    ground = Addition(
        _id_of(file),
        wanted.source or file.source or file.name,
        wanted.licence or file.licence or NOT_STATED,
        wanted.crs or file.crs,
        len(found),
        sum(bool(m.place) for m in found),
    )
    have = {one.place for one in there} | {m.place for m in found}
    of_kind = {kind} if kind else {m.kind for m in found if m.place}
    missing = [p for p in index.places.values() if p.kind in of_kind and p.iri not in have]
    return Added(ground, field, tuple(found), tuple(problems), tuple(missing), warning), kind


def remove(store: Store, name: str) -> Version:
    """Take an addition away, as a new version. Raises GroundError where there is none."""
    snapshot = store.open(store.must_have())
    known = [g.id for g in grounds(snapshot.store)]
    found = [g for g in known if g.startswith(name)] if name else []
    if len(found) != 1:
        raise GroundError(f"there is no geometry {name!r}; there is {', '.join(known) or 'none'}")

    def apply(head: pyoxigraph.Store) -> None:
        head.remove_graph(ground_graph(found[0]))
        infer(head, name_index(Snapshot(head, snapshot.version)))

    return store.change(apply)


def refresh(store: Store, version: Version) -> Version:
    """Match the geometry of a version to its places again, where documents have changed them."""
    snapshot = store.open(version)
    if not grounds(snapshot.store):
        return version

    def apply(head: pyoxigraph.Store) -> None:
        index = name_index(Snapshot(head, version))
        rematch(head, index)
        infer(head, index)

    return store.change(apply)


def _id_of(file: GroundFile) -> str:
    return file.sha256[:12]


def _name_field(file: GroundFile, wanted: Wanted, index: PlaceIndex, kind: str) -> str:
    fields = ", ".join(file.fields) or "none"
    if wanted.name_field:
        if wanted.name_field not in file.fields:
            raise GroundError(
                f"{file.name}: it has no field {wanted.name_field!r}; its fields: {fields}"
            )
        return wanted.name_field
    found = best_field(file.fields, [f.fields for f in file.features], index, kind)
    if not found:
        raise GroundError(
            f"{file.name}: none of its fields ({fields}) holds a name of a place in the graph; choose "
            "one by --name-field, or build the documents that name these places first"
        )
    return found


def _shapes(
    file: GroundFile, crs: str, field: str, problems: list[UnsoundFeature]
) -> dict[int, shapely.Geometry]:
    """Return the sound geometries in WGS 84 by the number of their feature."""
    raw = {f.number: shapely.from_wkb(f.wkb) if f.wkb else None for f in file.features}

    def note(feature: RawFeature, why: str) -> None:
        problems.append(UnsoundFeature(feature.number, feature.fields.get(field, ""), why))

    sound: dict[int, shapely.Geometry] = {}
    for feature in file.features:
        shape = raw[feature.number]
        if why := feature.problem or trouble_before(shape):
            note(feature, why)
        else:
            sound[feature.number] = shape
    if not sound:
        return {}
    if not crs:
        raise GroundError(f"{file.name}: it states no reference system; {HOW_TO_STATE}")
    if crs == "OGC:CRS84" and not is_in_degrees(list(sound.values())):
        x, y = shapely.get_coordinates(next(iter(sound.values())))[0]
        raise GroundError(
            f"{file.name}: coordinates such as {x:.1f}, {y:.1f} are no degrees; {HOW_TO_STATE}"
        )
    turn = turn_of(crs)
    found = {}
    for feature in file.features:
        if feature.number in sound:
            shape = turned(sound[feature.number], turn)
            if why := trouble_after(shape):
                note(feature, why)
            else:
                found[feature.number] = shape
    return found


def _matched(
    file: GroundFile,
    field: str,
    kind: str,
    shapes: dict[int, shapely.Geometry],
    index: PlaceIndex,
    problems: list[UnsoundFeature],
) -> list[Matched]:
    found: list[Matched] = []
    by_place: dict[str, list[Matched]] = defaultdict(list)
    for feature in file.features:
        name = feature.fields.get(field, "")
        if feature.number not in shapes:
            continue
        meant = index.find(name, kind, feature.fields.values()) if name else []
        if len(meant) > 1:
            said = ", ".join(f"{p.label} ({p.kind}, {p.district})" for p, _ in meant[:4])
            problems.append(
                UnsoundFeature(feature.number, name, f"it may be any of {said}; give --kind")
            )
            continue
        wkt = shapely.to_wkt(shapes[feature.number], rounding_precision=7)
        place, how = meant[0] if meant else (None, "")
        one = Matched(
            feature.number, name, place.iri if place else "", place.label if place else "",
            place.kind if place else "", how, wkt,
        )  # fmt: skip
        found.append(one)
        if place:
            by_place[place.iri].append(one)
    for same in by_place.values():
        if len(same) > 1:
            numbers = ", ".join(str(m.number) for m in same)
            problems += [
                UnsoundFeature(
                    m.number,
                    m.name,
                    f"features {numbers} are all {m.label}; merge them, or keep one",
                )
                for m in same
            ]
    return found


def _outside(
    found: Sequence[Matched], new: Sequence[Located], there: Sequence[Located], index: PlaceIndex
) -> list[tuple[Matched, str]]:
    streets = {p.iri for p in index.places.values() if p.kind == "Street"}
    whys = outside(new, there, streets)
    matched = [m for m in found if m.place]
    return [(m, why) for m, why in zip(matched, whys, strict=True) if why]


__all__ = ["Added", "Wanted", "add", "grounds", "inferred_graph", "plan", "refresh", "remove"]
