"""The view `map`: streets and land in their true shapes, where the graph has geometry."""

from __future__ import annotations

from collections.abc import Mapping

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.counts import QUARTERS
from queries.model.ground import GroundModel, ground_of
from queries.model.records import Place
from viz.drawing.paper import SCREEN, Paper
from viz.views.selection import Drawn, Say, Strand, expands, filters, source, speaker, titled
from viz.views.tiles import Spot, spots, tiles, words_of

MAX_PLACES = 400
"""More places than this inside the streets are left out, and the caption says so."""


def ground_map(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper = SCREEN
) -> Drawn:
    """Streets by the targets that concern them and land inside, a small map for each quarter.

    Without geometry of streets the tiles are drawn, and the caption says how to bring geometry.
    """
    say, a, ground = speaker(language), atlas(snapshot), ground_of(snapshot)
    streets = [p for p in a.places.values() if p.kind == "Street" and p.iri in ground.shapes]
    if not streets:
        return _without(snapshot, params, language, paper, say)
    from shapely import from_wkt

    from viz.drawing import map_sheet  # shapely comes with the extra `geo`

    far, density = expands(params), params.get("by") == "density"
    drawn = spots(a, params, streets)
    inner = [
        p
        for p in a.places.values()
        if p.iri in ground.shapes and p.kind not in ("Street", "District")
    ]
    inside = [s for s in spots(a, params, inner) if s.ties]
    quarters = QUARTERS if params.get("quarter", "all") == "all" else ()
    shown = sorted(inside, key=lambda s: -ground.shapes[s.place.iri].area_m2)[:MAX_PLACES]
    places = tuple(
        map_sheet.MapPlace(
            s.place.label, s.place.kind == "Street", from_wkt(ground.shapes[s.place.iri].wkt),
            s.count(), _value(s, ground, density=density), tuple((q, s.count(q)) for q in quarters),
        )
        for s in (*drawn, *shown)
    )  # fmt: skip
    title = titled(snapshot, say, "街镇地图", "Map of streets")
    lacking = [
        p.label for p in a.places.values() if p.kind == "Street" and p.iri not in ground.shapes
    ]
    caption = _caption(drawn, inside, lacking, params, say, density=density)
    credit = say("几何数据：", "Geometry: ") + "；".join(ground.credits)
    sheet = map_sheet.MapSheet(
        title, caption, f"{source(snapshot, say, expanded=far)}。{credit}", places,
        words_of(params, say) | _words(say, density=density),
    )  # fmt: skip
    cells = {s.place.label: s.cell(s.place.label) for s in (*inside, *drawn)}
    for s in drawn:
        for q in quarters:
            name = f"{s.place.label} · {say(f'第{q}季度', f'quarter {q}')}"
            cells[f"{s.place.label}~Q{q}"] = s.cell(name, q)
    heads = (
        say("地点", "place"), say("类别", "kind"), say("写明牵涉", "concerned as written"),
        say("另推断", "inferred only"), say("写明完成", "completed"), "Q1", "Q2", "Q3", "Q4",
        say("平方公里", "km²"), say("每平方公里", "per km²"), say("邻接", "touches"), say("目标", "targets"),
    )  # fmt: skip
    rows = tuple(_row(s, ground, a.places) for s in (*drawn, *inside))
    strands = tuple(
        Strand(s.place.label, s.place.label, t.target.iri, f"{t.target.id} {t.target.title}", t.way)
        for s in (*drawn, *inside)
        for t in s.ties
        if far or t.way != "collective"
    )
    return Drawn(
        title, caption, map_sheet.draw(sheet, paper), heads, rows, strands=strands, cells=cells
    )


def _without(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper, say: Say
) -> Drawn:
    note = say(
        "图谱里没有街镇的几何数据，所以画成方格；用 tiaokuai places add 加入自己的数据。",
        "The graph has no geometry of streets, so tiles are drawn; tiaokuai places add brings yours.",
    )
    rest = {k: v for k, v in params.items() if k != "by"}
    return tiles(snapshot, rest, language, paper, note=note)


def _value(spot: Spot, ground: GroundModel, *, density: bool) -> float:
    number = spot.count().written
    area = ground.shapes[spot.place.iri].area_m2
    return round(number / area * 1e6, 2) if density and area else float(number)


def _row(spot: Spot, ground: GroundModel, places: Mapping[str, Place]) -> tuple[str, ...]:
    count, area = spot.count(), ground.shapes[spot.place.iri].area_m2
    near = sorted(
        places[b].label for a, b in ground.touching if a == spot.place.iri and b in places
    )
    return (
        spot.place.label, spot.place.kind, str(count.written), str(count.inferred), str(count.completed),
        *(str(spot.count(q).written) for q in QUARTERS),
        f"{area / 1e6:.2f}" if area else "", f"{count.written / area * 1e6:.2f}" if area else "",
        "、".join(near), " ".join(spot.numbers(inferred=False)),
    )  # fmt: skip


def _caption(
    streets: list[Spot],
    inside: list[Spot],
    lacking: list[str],
    params: Mapping[str, str],
    say: Say,
    *,
    density: bool,
) -> str:
    most = max((s.count().written for s in streets), default=0)
    first = [s.place.label for s in streets if s.count().written == most and most]
    said = say(
        f"{len(streets)}个街镇，按{'每平方公里' if density else ''}牵涉的目标数分深浅，字为写明牵涉的目标数。"
        + (f"最多的是{'、'.join(first)}，{most}项。" if first else "")
        + (f"画出其中有几何的地块等{len(inside)}处。" if inside else "")
        + (f"没有几何的街镇：{'、'.join(lacking)}。" if lacking else ""),
        f"{len(streets)} streets, darker the more targets{' per km²' if density else ''} concern them; "
        "the number is that of targets as written."
        + (f" Most concern {', '.join(first)}: {most}." if first else "")
        + (f" {len(inside)} parcels and other places with geometry are drawn." if inside else "")
        + (f" Streets without geometry: {', '.join(lacking)}." if lacking else ""),
    )
    if len(inside) > MAX_PLACES:
        said += say(f"只画最大的{MAX_PLACES}处。", f" The {MAX_PLACES} largest are drawn.")
    chosen = filters(params, "map", say)
    return said + (say(f"条件：{chosen}。", f" Filters: {chosen}.") if chosen else "")


def _words(say: Say, *, density: bool) -> dict[str, str]:
    return {
        "unit": say("项目标每平方公里", "targets per km²") if density else say("项目标", "targets"),
        "land": say("有目标的地块等", "parcels and other places with targets"),
        "plane": say(
            "上北，经纬度按中纬线等距投影", "north up, equirectangular at the middle latitude"
        ),
    }
