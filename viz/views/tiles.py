"""The view `tiles`: streets as equal tiles, for a graph without geometry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.counts import QUARTERS
from queries.model.ground import GroundModel, ground_of
from queries.model.place_ties import Tie, inside, ties
from queries.model.records import Atlas, Place
from viz.drawing import tile_grid
from viz.drawing.paper import SCREEN, Paper
from viz.drawing.tile_grid import Count, Tile
from viz.views.selection import (
    NOTHING,
    Drawn,
    PictureCell,
    Say,
    Strand,
    chosen,
    expands,
    filters,
    source,
    speaker,
    titled,
)

LAND = ("Block", "Lot", "Parcel")
"""Kinds of places that planners mean by land."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place and the ties of the targets that the filters leave."""

    place: Place
    ties: list[Tie]
    far: bool
    """Whether collectives count."""

    def count(self, quarter: int = 0) -> Count:
        """Count its targets, those of a quarter if one is given."""
        written, every, done = set(), set(), set()
        for tie in self.ties:
            target = tie.target
            if quarter and not target.is_due(quarter):
                continue
            every.add(target.iri)
            if not self.far and tie.way == "collective":
                continue
            written.add(target.iri)
            if any(s.stage == "Done" and quarter in (0, s.quarter) for s in tie.steps):
                done.add(target.iri)
        return Count(len(written), len(every - written), len(done))

    def numbers(self, inferred: bool) -> list[str]:
        """List the numbers of the targets that count, or of those that are inferred only."""
        written = {t.target.iri for t in self.ties if self.far or t.way != "collective"}
        found = [t.target for t in self.ties if (t.target.iri in written) != inferred]
        return list(dict.fromkeys(t.id for t in found))

    def cell(self, label: str, quarter: int = 0) -> PictureCell:
        """Return the sentences that tie its targets, or that say what is due in a quarter."""
        written = [t for t in self.ties if t.way != "collective"]
        proofs = {}
        for tie in written or self.ties:
            steps = [s for s in tie.target.steps if s.quarter == quarter]
            due = [s.evidence for s in tie.quarter(quarter) or steps]
            for evidence in due if quarter else tie.evidence:
                if evidence:
                    proofs[tie.target.iri, evidence] = (tie.target, evidence)
        return PictureCell(label, tuple(proofs.values()))


def tiles(
    snapshot: Snapshot,
    params: Mapping[str, str],
    language: str,
    paper: Paper = SCREEN,
    *,
    note: str = "",
) -> Drawn:
    """Streets as equal tiles by how many targets concern them, with a panel for each quarter.

    A `note` ends the caption.
    """
    say, a, far = speaker(language), atlas(snapshot), expands(params)
    streets = spots(a, params, [p for p in a.places.values() if p.kind == "Street"])
    at, is_given = positions([s.place for s in streets], ground_of(snapshot))
    quarters = QUARTERS if params.get("quarter", "all") == "all" else ()
    lying = {s.place.iri: _land_in(a, s.place.iri) for s in streets}
    placed = {p.iri for found in lying.values() for p in found}
    every = _outermost(p for p in a.places.values() if p.kind in LAND)
    land = [p for p in every if p.iri not in placed]
    loose = [s for s in spots(a, params, land) if s.ties]
    loose.sort(key=lambda s: -s.count().written)
    title = titled(snapshot, say, "街镇方格", "Streets as tiles")
    caption = _caption(streets, params, say, is_given=is_given) + note
    drawn = tuple(
        Tile(
            s.place.label, *at[s.place.iri], s.count(), tuple((q, s.count(q)) for q in quarters),
            tuple(p.label for p in lying[s.place.iri]),
        )
        for s in streets
    )  # fmt: skip
    rest = tuple((s.place.label, s.count().written) for s in loose)
    svg = tile_grid.draw(
        tile_grid.TileGrid(
            title, caption, source(snapshot, say, expanded=far), drawn, rest,
            words_of(params, say),
        ),
        paper,
    )  # fmt: skip
    cells = {s.place.label: s.cell(s.place.label) for s in (*loose, *streets)}
    for s in streets:
        for q in quarters:
            label = s.place.label
            cells[f"{label}~Q{q}"] = s.cell(f"{label} · {say(f'第{q}季度', f'quarter {q}')}", q)
    heads = (
        say("地点", "place"), say("类别", "kind"), say("写明牵涉", "concerned as written"),
        say("另推断", "inferred only"), say("写明完成", "completed"), "Q1", "Q2", "Q3", "Q4",
        say("目标", "targets"), say("推断的目标", "inferred targets"), say("之内", "inside"),
    )  # fmt: skip
    kinds = (say("街镇", "street"), say("街镇未写明", "street not stated"))
    table = [(*_row(s, kinds[0]), "、".join(p.label for p in lying[s.place.iri])) for s in streets]
    table += [(*_row(s, kinds[1]), "") for s in loose]
    strands = tuple(
        Strand(s.place.label, s.place.label, t.target.iri, f"{t.target.id} {t.target.title}", t.way)
        for s in (*streets, *loose)
        for t in s.ties
        if far or t.way != "collective"
    )
    return Drawn(title, caption, svg, heads, tuple(table), strands=strands, cells=cells)


def spots(a: Atlas, params: Mapping[str, str], places: Sequence[Place]) -> list[Spot]:
    """Return places in their order with the ties that the filters leave."""
    allowed, far = {t.iri for t in chosen(a, params)}, expands(params)
    return [
        Spot(p, [t for t in ties(a, p.iri) if t.target.iri in allowed], far)
        for p in sorted(places, key=lambda p: p.order)
    ]


def positions(
    streets: Sequence[Place], ground: GroundModel | None = None
) -> tuple[dict[str, tuple[int, int]], bool]:
    """Return row and column of each street from 0, and whether they have a meaning.

    They have one if every street has a position of its own (`tk:gridRow`, `tk:gridColumn`) or
    geometry; else streets follow each other by name.
    """
    given = {p.iri: p.grid for p in streets if p.grid}
    if given and len(set(given.values())) == len(streets):
        top = min(row for row, _ in given.values())
        left = min(column for _, column in given.values())
        return {iri: (row - top, column - left) for iri, (row, column) in given.items()}, True
    inner = (
        {p.iri: ground.shapes[p.iri].inner for p in streets if p.iri in ground.shapes}
        if ground
        else {}
    )
    if streets and len(inner) == len(streets):
        return assigned({iri: _point(wkt) for iri, wkt in inner.items()}), True
    across = ceil(sqrt(1.4 * len(streets))) or 1
    return {p.iri: divmod(i, across) for i, p in enumerate(streets)}, False


def assigned(points: Mapping[str, tuple[float, float]]) -> dict[str, tuple[int, int]]:
    """Assign each point a tile of its own so that all move as little as can be.

    The grid has the proportions of the ground; the assignment is optimal (Kuhn and Munkres).
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment  # a third of a second, for few graphs

    xy = np.array(list(points.values()), dtype=float)
    xy[:, 0] *= np.cos(np.radians(xy[:, 1].mean()))
    low, span = xy.min(axis=0), np.maximum(np.ptp(xy, axis=0), 1e-9)
    across = max(1, round(sqrt(len(xy) * min(max(span[0] / span[1], 0.25), 4) * 1.2)))
    down = ceil(len(xy) / across)
    tiles_ = [(row, column) for row in range(down) for column in range(across)]
    middles = np.array([((c + 0.5) / across, 1 - (r + 0.5) / down) for r, c in tiles_])
    cost = (((xy - low) / span)[:, None, :] - middles[None, :, :]) * (across, down)
    _, chosen_ = linear_sum_assignment((cost**2).sum(axis=2))
    return {iri: tiles_[tile] for iri, tile in zip(points, chosen_, strict=True)}


def _point(wkt: str) -> tuple[float, float]:
    x, y = re.findall(r"-?[\d.]+", wkt)[:2]
    return float(x), float(y)


def _land_in(a: Atlas, street: str) -> list[Place]:
    """List the blocks and parcels inside a street, those inside another of them left out."""
    found = [a.places[iri] for iri in inside(a, street) if iri in a.places]
    return _outermost(p for p in found if p.kind in LAND)


def _outermost(places: Iterable[Place]) -> list[Place]:
    """List places by name, those inside another of them left out."""
    every = sorted(places, key=lambda p: p.order)
    known = {p.iri for p in every}
    return [p for p in every if not known & set(p.within)]


def _row(spot: Spot, kind: str) -> tuple[str, ...]:
    count = spot.count()
    return (
        spot.place.label, kind, str(count.written), str(count.inferred), str(count.completed),
        *(str(spot.count(q).written) for q in QUARTERS),
        " ".join(spot.numbers(inferred=False)), " ".join(spot.numbers(inferred=True)),
    )  # fmt: skip


def _caption(
    streets: Sequence[Spot], params: Mapping[str, str], say: Say, *, is_given: bool
) -> str:
    counts = {s.place.label: s.count().written for s in streets}
    most = max(counts.values(), default=0)
    first = [label for label, n in counts.items() if n == most and n]
    none = sum(not n for n in counts.values())
    said = say(
        f"{len(streets)}个街镇，按牵涉的目标数分深浅：写明该街镇、其中的地点，或其街道办参与。"
        + (f"最多的是{'、'.join(first)}，{most}项。" if first else "")
        + (f"{none}个街镇没有写明的目标。" if none and first else "")
        + "经集合称谓推断的另计。不是地图：方格大小相等，"
        + (
            "只示意方位。" if is_given else "按名称排列，位置没有意义（方位写在辖区的地名文件里）。"
        ),
        f"{len(streets)} streets, darker the more targets concern them: the street or a place in it "
        "is named, or its office takes part."
        + (f" Most concern {', '.join(first)}: {most}." if first else "")
        + (f" {none} have none as written." if none and first else "")
        + " Targets inferred from collectives are counted apart. Not a map: tiles are equal and "
        + (
            "only suggest where a street lies."
            if is_given
            else "stand by name; their position means nothing (the file of places of a district gives positions)."
        ),
    )
    words = filters(params, "tiles", say)
    return said + (say(f"条件：{words}。", f" Filters: {words}.") if words else "")


def words_of(params: Mapping[str, str], say: Say) -> dict[str, str]:
    quarter = params.get("quarter", "all")
    when = "" if quarter == "all" else say(f"第{quarter}季度", f"quarter {quarter}")
    return {
        "nothing": say(*NOTHING),
        "legend": say("不是地图", "Not a map") + (f" · {when}" if when else ""),
        "unit": say("项目标", "targets"),
        "corner": say("有写明完成的", "some are completed"),
        "dashed": say("只有推断的", "inferred only"),
        "loose": say("所在街镇没有写明的地块、街坊（后为目标数）", "Parcels and blocks whose street is not stated (with their targets)"),
        "left": say("另有{}处，见表。", "{} more are in the table."),
        "done": say("完成 {}", "{} completed"),
        "more": say("另推断 {}", "{} inferred"),
        "tip": say("写明{}项，另推断{}项，完成{}项", "{} as written, {} more inferred, {} completed"),
        **{f"Q{q}": say(f"第{'一二三四'[q - 1]}季度", f"Quarter {q}") for q in QUARTERS},
    }  # fmt: skip
