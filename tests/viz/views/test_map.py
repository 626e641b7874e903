"""The map on made ground: its labels lie inside, its figures are those of the tiles, it has credit."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote
from xml.etree import ElementTree

import made_ground as made
import pytest
import shapely
from ground_laws import check_map
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.store.snapshot import Snapshot
from graph.store.store import Store
from viz.drawing.finish import collisions, smallest_text
from viz.drawing.map_sheet import fit_label
from viz.drawing.svg import width_of
from viz.render import render
from viz.views.catalogue import picture
from viz.views.report_mode import drawn_for
from viz.views.tiles import assigned

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def ground(grounded: Store) -> Snapshot:
    """The shipped notice on made ground, in memory."""
    return grounded.memory()


@pytest.mark.parametrize("params", [{}, {"quarter": "2"}, {"collectives": "expand"}])
def test_the_map_counts_as_the_questions_do(ground: Snapshot, params: dict[str, str]) -> None:
    check_map(ground, params)


@pytest.mark.parametrize("width", ["", "160mm", "A4", "247mm"])
def test_labels_lie_inside_their_shapes_and_meet_no_other(ground: Snapshot, width: str) -> None:
    svg = drawn_for(ground, "map", {"width": width}, "zh").svg
    assert collisions(svg) == []
    assert smallest_text(svg) >= 11
    assert "测绘院，CC0" in svg
    assert "上北" in svg
    drawn = ElementTree.fromstring(svg)
    shapes = {}
    for link in drawn.iter(f"{SVG}a"):
        key, path = unquote(link.get("href", "#")[1:]), link.find(f"{SVG}path")
        if path is not None and "~" not in key:
            rings = [
                [tuple(map(float, p.split(","))) for p in ring.strip("Z").split("L")]
                for ring in path.get("d", "").split("M")[1:]
            ]
            shapes[key] = shapely.Polygon(rings[0], rings[1:])
    assert set(shapes) >= set(made.STREETS)
    pane = next(g for g in drawn.iter(f"{SVG}g") if g.get("data-pane") == "map")
    named = 0
    for text in pane.iter(f"{SVG}text"):
        x, y, size = (float(text.get(k, "0")) for k in ("x", "y", "font-size"))
        wide = width_of(text.text or "", size)
        box = shapely.box(x - wide / 2, y - size * 0.8, x + wide / 2, y + size * 0.1)
        around = [name for name, shape in shapes.items() if shape.contains(box)]
        assert around, text.text
        named += any((text.text or "").split()[0] in name for name in around)
    assert named >= len(made.STREETS)


@given(
    st.lists(st.tuples(st.floats(0, 300), st.floats(0, 200)), min_size=3, max_size=12),
    st.integers(1, 8),
)
def test_a_label_that_fits_is_inside(points: list[tuple[float, float]], length: int) -> None:
    shape = shapely.convex_hull(shapely.MultiPoint(points))
    if shape.geom_type != "Polygon" or shape.area < 1:
        return
    words = "街" * length
    found = fit_label(shape, [(words, 13.0, 700)])
    if found is None:
        centre = shape.centroid
        box = shapely.box(
            centre.x - 8 * length, centre.y - 12, centre.x + 8 * length, centre.y + 12
        )
        assert not shape.contains(box)
        return
    wide = width_of(words, 13)
    assert shape.contains(
        shapely.box(found[0].x - wide / 2, found[0].y - 10, found[0].x + wide / 2, found[0].y + 2)
    )


def test_the_map_by_the_square_kilometre(ground: Snapshot) -> None:
    drawn = picture(ground, "map", {"by": "density"})
    for row in drawn.rows:
        if row[9]:
            assert float(row[10]) == pytest.approx(int(row[2]) / float(row[9]), rel=0.2, abs=0.05)
    assert "每平方公里" in drawn.caption


def test_every_file_of_the_map(ground: Snapshot) -> None:
    assert render(ground, "map", {}, "png").body[:4] == b"\x89PNG"
    assert render(ground, "map", {}, "pdf").body[:4] == b"%PDF"
    made_json = json.loads(render(ground, "map", {}, "geojson").body)
    names = {
        f["properties"]["地点"]: shapely.geometry.shape(f["geometry"])
        for f in made_json["features"]
    }
    assert set(names) >= set(made.STREETS)
    assert all(
        names[s].equals(shape) or names[s].hausdorff_distance(shape) < 1e-6
        for s, shape in made.streets().items()
    )
    assert "测绘院，CC0" in made_json["credit"]
    links = re.findall(
        r'href="([^"]*)"', render(ground, "map", {}, "svg", root="http://x").body.decode()
    )
    assert len(links) > 50


@settings(deadline=None)
@given(
    st.dictionaries(
        st.text("ab", min_size=1, max_size=6),
        st.tuples(st.floats(121, 122), st.floats(31, 32)),
        min_size=1,
        max_size=30,
    )
)
def test_each_street_has_a_tile_of_its_own(points: dict[str, tuple[float, float]]) -> None:
    found = assigned(points)
    assert set(found) == set(points)
    assert len(set(found.values())) == len(points)


def test_tiles_lie_as_the_ground_does() -> None:
    middles = {name: shape.centroid.coords[0] for name, shape in made.streets().items()}
    found = assigned(middles)
    for one in middles:
        for other in middles:
            (column, row), (other_column, other_row) = made.STREETS[one], made.STREETS[other]
            if row == other_row and column < other_column:
                assert found[one][1] <= found[other][1]
            if column == other_column and row > other_row:
                assert found[one][0] <= found[other][0]
