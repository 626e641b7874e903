"""Ground in the graph: what lies where, exactly, on made ground whose truth is known."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import made_ground as made
import numpy as np
import pytest
import shapely
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import QuerySolutions

from graph.checks.audit import audit
from graph.ground.datums import gcj, turn_of, undo_gcj
from graph.ground.geometry import area_m2, inner_point
from graph.store.snapshot import Snapshot
from graph.store.store import Store
from loaders.corpus import publish
from loaders.formats.source import SourceText
from loaders.notice import read_text
from tiaokuai import main


@pytest.fixture
def own(store: Store, tmp_path: Path) -> Store:
    """A copy of the store of the shipped notice, to write to."""
    shutil.copytree(store.folder, tmp_path / "store")
    return Store(tmp_path / "store")


def run(own: Store, *arguments: str) -> tuple[int, str, str]:
    """A command over that store: exit code, output, messages."""
    done = CliRunner().invoke(main, ["places", *arguments, "--store", str(own.folder)])
    return done.exit_code, done.stdout, done.stderr


def add(own: Store, tmp_path: Path, text: str, *more: str) -> tuple[int, str, str]:
    path = tmp_path / "地.geojson"
    path.write_text(text, encoding="utf-8")
    return run(own, "add", str(path), *more)


def asked(own: Store, query: str) -> list[tuple[Any, ...]]:
    found = own.open().query(query)
    assert isinstance(found, QuerySolutions)
    return [tuple(term.value for term in row) for row in found]


NAMED = "?a skos:prefLabel ?x . ?b skos:prefLabel ?y"


def test_ground_says_what_lies_where(own: Store, tmp_path: Path) -> None:
    before = own.must_have()
    code, _, said = add(own, tmp_path, made.geojson(made.streets(), source="测绘院", license="CC0"))
    assert (code, "10 of 10" in said, "source 测绘院, licence CC0" in said) == (0, True, True)
    streets = own.must_have()
    assert add(own, tmp_path, made.geojson(made.parcels()), "--source", "自绘")[0] == 0
    touching = asked(own, f"SELECT ?x ?y {{ ?a geo:sfTouches ?b . {NAMED} }}")
    assert made.pairs(touching) == made.touching()
    assert len(touching) == 2 * len(made.touching())
    relations = asked(own, f"SELECT ?x ?y {{ ?r tk:relation geo:sfWithin ; tk:left ?a ; tk:right ?b . {NAMED} }}")  # fmt: skip
    assert set(relations) == made.within()
    edges = asked(own, f"SELECT ?x ?y {{ GRAPH ?g {{ ?a geo:sfWithin ?b }} FILTER(STRENDS(STR(?g), 'places/inferred')) {NAMED} }}")  # fmt: skip
    written = {("49街坊", "程家桥街道")} | {(lot, block) for lot, block in made.LOTS.items()}
    assert set(edges) == made.within() - written - {("71街坊", "新华路街道")}
    snapshot = Snapshot(own.open().store, own.must_have())
    assert [
        f for f in audit(snapshot, own.texts(own.must_have())) if f.severity == "violation"
    ] == []
    _, listed, _ = run(own, "list")
    ids = [line.split("\t")[0] for line in listed.splitlines()]
    assert len(ids) == 2
    parcels = next(line.split("\t")[0] for line in listed.splitlines() if "自绘" in line)
    assert run(own, "remove", parcels)[0] == 0
    assert own.must_have().id == streets.id  # the same content is the same version
    assert run(own, "remove", next(i for i in ids if i != parcels))[0] == 0
    assert own.must_have().id == before.id
    assert run(own, "remove", "没有")[0] == 2


def test_geometry_waits_for_the_document_that_names_its_place(own: Store, tmp_path: Path) -> None:
    shapes = {**made.streets(), "金沙江地块": made.square(1.4, 1.4, 0.1)}
    _, _, said = add(own, tmp_path, made.geojson(shapes))
    assert "no such place in the graph: 金沙江地块" in said
    text = (
        "上海市长宁区人民政府关于2020年重点工作的通知\n长府〔2020〕9号\n\n"
        "1.完成金沙江地块土地出让。（牵头单位：区规土局）\n2.推进天山路街道旧改。（牵头单位：区建交委）\n"
    )
    source = SourceText("新.txt", text.encode(), text, "text/plain")
    publish.publish(own, [publish.contribution(read_text(source), text.encode())])
    lies = asked(own, 'SELECT ?y { ?a skos:prefLabel "金沙江地块"@zh ; geo:sfWithin ?b . ?b a tk:Street ; skos:prefLabel ?y }')  # fmt: skip
    assert lies == [("仙霞新村街道",)]


@pytest.mark.parametrize("system", ["GCJ-02", "BD-09"])
def test_shifted_parcels_are_told(own: Store, tmp_path: Path, system: str) -> None:
    """The shift is that of the web maps of China, about half a kilometre here."""
    assert add(own, tmp_path, made.geojson(made.streets()))[0] == 0

    def shift(xy: Any) -> Any:
        moved = gcj(xy)
        if system == "BD-09":
            far = np.hypot(moved[:, 0], moved[:, 1]) + 0.00002 * np.sin(
                moved[:, 1] * np.pi * 50 / 3
            )
            at = np.arctan2(moved[:, 1], moved[:, 0]) + 0.000003 * np.cos(
                moved[:, 0] * np.pi * 50 / 3
            )
            moved = np.column_stack((far * np.cos(at) + 0.0065, far * np.sin(at) + 0.006))
        return moved

    shapes = {k: v for k, v in made.parcels().items() if k not in (made.ACROSS, made.ASTRAY)}
    shifted = made.geojson(shapes, shift)
    version = own.must_have().id
    code, _, said = add(own, tmp_path, shifted)
    assert code == 3
    assert f"it looks like {system}" in said
    metres = int(re.findall(r"shifted (\d+) m", said)[0])
    assert (430 < metres < 560) if system == "GCJ-02" else (900 < metres < 1500)
    assert own.must_have().id == version
    assert add(own, tmp_path, shifted, "--crs", system)[0] == 0
    lies = asked(
        own, f"SELECT ?x ?y {{ ?r tk:relation geo:sfWithin ; tk:left ?a ; tk:right ?b . {NAMED} }}"
    )
    assert set(lies) == {pair for pair in made.within() if pair[0] in shapes}


@given(st.floats(74, 134), st.floats(4, 53))
def test_a_shift_is_undone_to_a_centimetre(lon: float, lat: float) -> None:
    there = np.array([[lon, lat]])
    assert np.abs(undo_gcj(gcj(there)) - there).max() < 1e-7
    assert np.abs(gcj(there) - there).max() > 1e-5


def test_local_coordinates_by_control_points() -> None:
    turn = turn_of(
        "control:0,0=121.3,31.1;1000,0=121.31,31.1;0,1000=121.3,31.109;1000,1000=121.31,31.109"
    )
    assert np.abs(turn(np.array([[500.0, 500.0]])) - (121.305, 31.1045)).max() < 1e-9


@given(st.integers(3, 9), st.integers(1, 5))
def test_an_inner_point_is_inside(arms: int, deep: int) -> None:
    """Also in a comb, whose centroid lies between its arms."""
    teeth = shapely.union_all([shapely.box(i, 0, i + 0.2, deep) for i in range(arms)])
    comb = shapely.union(teeth, shapely.box(0, deep, arms - 0.8, deep + 0.2))
    shape = shapely.transform(comb, lambda xy: xy / 1000 + (121, 31))
    assert shape.covers(inner_point(shape))


def test_an_area_is_that_of_the_ellipsoid() -> None:
    """A minute of arc at 31° north: 1.5885 km by 1.848 km (tables of WGS 84)."""
    minute = shapely.box(121, 31, 121 + 1 / 60, 31 + 1 / 60)
    assert area_m2(minute) == pytest.approx(1588.9 * 1848.1, rel=0.003)


def test_json_of_an_addition(own: Store, tmp_path: Path) -> None:
    shapes = {
        "长宁区华阳路街道": made.square(2, 2),
        "程桥街道": made.square(1, 0),
        "别处": made.square(5, 5),
    }
    code, out, _ = add(own, tmp_path, made.geojson(shapes), "--format", "json")
    said = json.loads(out)
    assert code == 0
    assert {m["label"]: m["how"] for m in said["matched"]} == {
        "华阳路街道": "form",
        "程家桥街道": "slip",
    }
    assert said["unmatched"] == ["别处"]
    assert len(said["missing"]) == 8
