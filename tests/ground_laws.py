"""The laws of the views of ground: what a tile counts equals what `place-targets` answers."""

from __future__ import annotations

from xml.etree import ElementTree

from view_answers import SVG, Params, rows, select, tips, within

from graph.store.snapshot import Snapshot
from viz.views.catalogue import picture


def check_tiles(snapshot: Snapshot, params: Params) -> None:
    """A tile counts the targets of `place-targets`, apart what only a collective ties to it."""
    drawn = picture(snapshot, "tiles", params)
    kept, far = within(snapshot, params), params.get("collectives") == "expand"
    streets = {s for (s,) in select(snapshot, "SELECT ?l { ?s a tk:Street ; skos:prefLabel ?l }")}
    seen = {row[0]: row for row in drawn.rows}
    assert streets <= set(seen)
    for name, row in seen.items():
        asked = rows(snapshot, "place-targets", "notation way", name=name)
        every = {n for n, _ in asked if n in kept}
        written = {n for n, way in asked if n in kept and (far or way != "collective")}
        assert set(row[9].split()) == written, name
        assert set(row[10].split()) == every - written, name
        assert (int(row[2]), int(row[3])) == (len(written), len(every - written)), name
        for quarter in "1234":
            due = within(snapshot, {**params, "quarter": quarter})
            if params.get("quarter", "all") == "all":
                assert int(row[4 + int(quarter)]) == len(written & due), (name, quarter)
    land = {
        label
        for label, notation in select(
            snapshot,
            """SELECT ?l ?n { ?p a ?k ; skos:prefLabel ?l . FILTER(?k IN (tk:Parcel, tk:Lot, tk:Block))
            ?q geo:sfWithin* ?p . ?t tk:location ?q ; skos:notation ?n
            FILTER NOT EXISTS { ?p geo:sfWithin+/a ?in FILTER(?in IN (tk:Parcel, tk:Lot, tk:Block, tk:Street)) } }""",
        )
        if notation in kept
    }
    assert {name for name in seen if name not in streets} >= land
    texts = [text.text for text in ElementTree.fromstring(drawn.svg).iter(f"{SVG}text")]
    assert any("不是地图" in (text or "") for text in texts)
    shown = [tip.split(" · ") for tip in tips(drawn)]
    whole = {name: said[0] for name, *said in shown if len(said) == 1}
    assert whole == {
        s: f"写明{seen[s][2]}项，另推断{seen[s][3]}项，完成{seen[s][4]}项" for s in streets
    }
    panels = {(name, said[0]): said[1] for name, *said in shown if len(said) == 2}
    assert len(panels) == (0 if "quarter" in params else 4 * len(streets))
    assert all(
        said.startswith(f"写明{seen[s][4 + int(q[1])]}项，") for (s, q), said in panels.items()
    )


def check_map(snapshot: Snapshot, params: Params) -> None:
    """Without geometry the map is the tiles; with it, its rows count as theirs do."""
    drawn, tiles = picture(snapshot, "map", params), picture(snapshot, "tiles", params)
    if "没有街镇的几何数据" in drawn.caption:
        assert drawn.rows == tiles.rows
        return
    counted = {row[0]: row[2:9] for row in tiles.rows}
    assert {row[0]: row[2:9] for row in drawn.rows if row[1] == "Street"} == {
        row[0]: counted[row[0]] for row in tiles.rows if row[1] == "街镇"
    }
    assert all(row[2:9] == counted.get(row[0], row[2:9]) for row in drawn.rows)
