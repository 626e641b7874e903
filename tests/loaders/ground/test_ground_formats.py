"""Files of geometry: every format gives the same features, and what is bad is named."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import made_ground as made
import pytest
import shapely
from click.testing import CliRunner
from pyproj import Transformer

from graph.ground.datums import turn_of, turned
from graph.ground.features import GroundFile
from graph.store.store import Store
from loaders.errors import Unreadable
from loaders.ground.read import read_ground
from tiaokuai import main

TRUTH = made.streets()


def zipped(folder: Path, stem: str, without: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.glob(f"{stem}.*")):
            if path.suffix not in without.split():
                archive.write(path, path.name)
    return out.getvalue()


def shapes_of(file: GroundFile, crs: str = "") -> dict[str, shapely.Geometry]:
    field = "名称" if "名称" in file.fields else "Name"
    turn = turn_of(crs or file.crs)
    return {f.fields[field]: turned(shapely.from_wkb(f.wkb), turn) for f in file.features}


def shapefile(tmp_path: Path) -> tuple[str, bytes]:
    made.written(tmp_path / "街道.shp", TRUTH, "ESRI Shapefile", "EPSG:4326", "GBK")
    return "街道.zip", zipped(tmp_path, "街道", ".cpg")


def geopackage(tmp_path: Path) -> tuple[str, bytes]:
    to_plane = Transformer.from_crs("OGC:CRS84", "EPSG:4549", always_xy=True)
    planar = {
        k: shapely.transform(v, to_plane.transform, interleaved=False) for k, v in TRUTH.items()
    }
    return "a.gpkg", made.written(tmp_path / "a.gpkg", planar, "GPKG", "EPSG:4549").read_bytes()


def kml(tmp_path: Path) -> tuple[str, bytes]:
    return "a.kml", made.written(tmp_path / "a.kml", TRUTH, "KML", "EPSG:4326").read_bytes()


def table(tmp_path: Path) -> tuple[str, bytes]:
    rows = [f'{name},"{shape.wkt}"' for name, shape in TRUTH.items()]
    return "a.csv", "\n".join(["名称,wkt", *rows]).encode("gb18030")


def collection(tmp_path: Path) -> tuple[str, bytes]:
    return "a.geojson", made.geojson(TRUTH).encode()


@pytest.mark.parametrize("write", [shapefile, geopackage, kml, table, collection])
def test_every_format_gives_the_same_features(
    tmp_path: Path, write: Callable[[Path], tuple[str, bytes]]
) -> None:
    name, data = write(tmp_path)
    found = shapes_of(read_ground(name, data), "WGS84" if write is table else "")
    assert set(found) == set(TRUTH)
    assert all(shape.hausdorff_distance(TRUTH[name]) < 2e-7 for name, shape in found.items())


def test_points_of_a_table() -> None:
    file = read_ground("点.csv", "地址,经度,纬度\n武夷路333号,121.42,31.21\n".encode())
    assert [(f.fields["地址"], shapely.from_wkb(f.wkb).wkt) for f in file.features] == [
        ("武夷路333号", "POINT (121.42 31.21)")
    ]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", bytes(200 * 2**20))
        archive.writestr("a.dbf", b"")
    return out.getvalue()


def many_vertices() -> bytes:
    ring = ",".join(["[121.4,31.2]"] * 2_000_010)
    return f'{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{}},"geometry":{{"type":"LineString","coordinates":[{ring}]}}}}]}}'.encode()


def two_files(tmp_path: Path) -> bytes:
    made.written(tmp_path / "b.shp", TRUTH, "ESRI Shapefile", "EPSG:4326")
    return zipped(tmp_path, "b", ".dbf")


VRT = b"<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.zip", bomb, "zip bomb"),
        ("a.geojson", many_vertices, "simplify it first"),
        ("a.geojson", lambda: b"\0" * (97 * 2**20), "simplify it first"),
        ("a.geojson", lambda: b'{"type": "FeatureCollection", "features": [', "no valid JSON"),
        ("a.geojson", lambda: b'{"type": "FeatureCollection", "features": []}', "no features"),
        ("a.shp", lambda: b"\0\0\x27\x0a" + bytes(96), "zip the .shp"),
        ("a.csv", lambda: "名称,x坐标\n甲,1".encode(), "columns `lon` and `lat`"),
        ("a.vrt", lambda: VRT, "no format that is read"),
        ("a.kml", lambda: b"<kml>" + VRT, "no format that is read"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(name: str, data: Callable[[], bytes], said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read_ground(name, data())


def test_a_shapefile_without_its_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="lacks its .dbf, which holds the names"):
        read_ground("b.zip", two_files(tmp_path))


def with_shape(**shapes: shapely.Geometry) -> str:
    return made.geojson({**TRUTH, **shapes})


BOW = shapely.from_wkt("POLYGON((121.36 31.19,121.37 31.2,121.37 31.19,121.36 31.2,121.36 31.19))")
SWAPPED = made.geojson({"华阳路街道": made.square(2, 2)}, lambda xy: xy[:, ::-1])
NOT_A_NUMBER = made.geojson({"华阳路街道": made.square(2, 2)}).replace("31.198", "NaN")
NAMELESS = json.dumps({**json.loads(made.geojson(TRUTH)), "features": [{**f, "properties": {}} for f in json.loads(made.geojson(TRUTH))["features"]]})  # fmt: skip


@pytest.mark.parametrize(
    ("text", "more", "said"),
    [
        (SWAPPED, [], "its axes are swapped"),
        (NOT_A_NUMBER, [], "no number"),
        (NAMELESS, [], "none of its fields (none) holds a name"),
        (made.geojson(TRUTH), ["--name-field", "NAME"], "it has no field 'NAME'; its fields: 名称"),
        (made.geojson(TRUTH), ["--crs", "EPSG:999999"], "is unknown; state it: --crs EPSG:4326"),
        (made.geojson(TRUTH), ["--kind", "parish"], "no place of kind 'parish'"),
        (made.geojson(TRUTH, lambda xy: xy * 1000), [], "are no degrees; state it"),
        (made.geojson({"某地": made.square(0, 0)}), [], "none of its fields (名称) holds a name"),
        (with_shape(长宁区华阳路街道=made.square(4, 4)), [], "features 3, 11 are all 华阳路街道"),
        (with_shape(**{"115街坊": BOW}), [], "its outline is not sound (Self-intersection"),
        (with_shape(**{"115街坊": made.square(9, 9, 0.1)}), [], "km outside the streets"),
        (with_shape(**{"115街坊": shapely.Point()}), [], "its geometry is empty"),
    ],
)  # fmt: skip
def test_what_is_not_sound_is_named_and_nothing_is_stored(
    store: Store, tmp_path: Path, text: str, more: list[str], said: str
) -> None:
    shutil.copytree(store.folder, tmp_path / "store")
    path = tmp_path / "a.geojson"
    path.write_text(text, encoding="utf-8")
    given = ["places", "add", str(path), "--store", str(tmp_path / "store"), *more]
    done = CliRunner().invoke(main, given)
    assert done.exit_code == 3, done.stderr
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert Store(tmp_path / "store").must_have().id == store.must_have().id
    if "leaves them out" in done.stderr and "115街坊" in text:
        kept = CliRunner().invoke(main, [*given, "--keep-going"])
        assert kept.exit_code == 0
        assert "left out: feature 11 (115街坊)" in kept.stderr
