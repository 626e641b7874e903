"""Places as features: GeoJSON of any answer, OGC API Features as GDAL and a client read it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import made_ground as made
import pyogrio
import pytest
import shapely
from serving import serving

from graph.store.store import Store


@pytest.fixture(scope="module")
def root(grounded: Store) -> Iterator[str]:
    """A server over the shipped notice on made ground."""
    with serving(grounded.folder) as found:
        yield found


def test_gdal_reads_the_places(root: str) -> None:
    """QGIS reads them through the same driver."""
    truth = {**made.streets(), **made.parcels()}
    meta, _, shapes, columns = pyogrio.raw.read(f"OAPIF:{root}/api/ogc", layer="places")
    labels = columns[list(meta["fields"]).index("label")]
    assert set(labels) == set(truth)
    found = dict(zip(labels, shapely.from_wkb(shapes), strict=True))
    assert all(found[name].hausdorff_distance(shape) < 1e-6 for name, shape in truth.items())
    west, south, east, north = made.square(*made.STREETS["虹桥街道"]).buffer(-0.001).bounds
    _, _, inside, names = pyogrio.raw.read(
        f"OAPIF:{root}/api/ogc", layer="places", bbox=(west, south, east, north), columns=["label"]
    )
    assert len(inside) == 3
    assert set(names[0]) == {"虹桥街道", "22街坊", "22街坊22/1丘"}


def test_pages_of_features_follow_each_other(root: str) -> None:
    address, seen = f"{root}/api/ogc/collections/places/items?limit=4", []
    while address:
        page = httpx.get(address)
        assert page.headers["content-type"].startswith("application/geo+json")
        found = page.json()
        assert found["numberMatched"] == len(made.STREETS) + len(made.parcels())
        assert found["credit"] == "测绘院，CC0"
        seen += [f["properties"]["label"] for f in found["features"]]
        address = next((k["href"] for k in found["links"] if k["rel"] == "next"), "")
    assert sorted(seen) == sorted({**made.streets(), **made.parcels()})
    one = httpx.get(f"{root}/api/ogc/collections/places/items/{found['features'][0]['id']}").json()
    assert one["properties"] == found["features"][0]["properties"]
    assert httpx.get(f"{root}/api/ogc/collections/places/items?bbox=1,2").status_code == 400
    assert httpx.get(f"{root}/api/ogc/collections/roads").status_code == 404
    classes = httpx.get(f"{root}/api/ogc/conformance").json()["conformsTo"]
    assert any(c.endswith("/conf/core") for c in classes)


def test_any_answer_with_places_is_geojson(root: str) -> None:
    asked = httpx.get(f"{root}/queries/due-in-quarter.geojson", params={"quarter": "2"})
    assert asked.headers["content-type"].startswith("application/geo+json")
    rows = httpx.get(f"{root}/queries/due-in-quarter.json", params={"quarter": "2"}).json()["rows"]
    found = asked.json()
    assert len(found["features"]) == len(rows)
    assert any(f["geometry"] for f in found["features"])
    listed = httpx.get(f"{root}/api/places?format=geojson&limit=1000").json()
    shapes = {f["properties"]["label"]: f["geometry"] for f in listed["features"]}
    assert (
        shapely.geometry.shape(shapes["新泾镇"]).equals(made.streets()["新泾镇"].normalize())
        or shapes["新泾镇"]
    )
    assert shapes["愚园路"] is None
    assert json.loads(httpx.get(f"{root}/views/streets.geojson").text)["features"]


def test_ground_answers_geosparql(root: str) -> None:
    """Distance and relations work in CRS84 on our own endpoint."""
    query = """SELECT ?l (geof:distance(?w, "POINT(121.355 31.185)"^^geo:wktLiteral, <http://www.opengis.net/def/uom/OGC/1.0/metre>) AS ?m) {
        ?p a tk:Street ; skos:prefLabel ?l ; geo:hasGeometry/tk:innerPoint ?w } ORDER BY ?m LIMIT 1"""
    rows = httpx.post(f"{root}/sparql", data={"query": query}, headers={"accept": "application/sparql-results+json"}).json()["results"]["bindings"]  # fmt: skip
    assert rows[0]["l"]["value"] == "程家桥街道"
    assert float(rows[0]["m"]["value"]) < 1200
