"""The reconciliation service as a client sees it that follows the specification 0.2.

The client knows the address of the manifest alone: every other address is taken from there.
"""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from graph.store.snapshot import Snapshot
from queries.catalogue import ask
from queries.formats import plain


class SpecClient:
    """A client of the specification; each reply is checked for the members that it must have."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.manifest = httpx.get(address).json()
        assert "0.2" in self.manifest["versions"]
        assert all(
            isinstance(self.manifest[k], str) for k in ("name", "identifierSpace", "schemaSpace")
        )
        assert all("{{id}}" in self.manifest[k]["url"] for k in ("view", "preview"))

    def reconcile(self, *queries: dict[str, Any]) -> list[list[dict[str, Any]]]:
        """Send a batch and return the candidates of each query."""
        batch = {f"q{n}": query for n, query in enumerate(queries)}
        reply = httpx.post(self.address, data={"queries": json.dumps(batch)})
        assert reply.status_code == 200, reply.text
        found = reply.json()
        assert list(found) == list(batch)
        for result in found.values():
            scores = [c["score"] for c in result["result"]]
            assert scores == sorted(scores, reverse=True)
            assert sum(c["match"] for c in result["result"]) <= 1
            for candidate in result["result"]:
                assert isinstance(candidate["id"], str)
                assert candidate["name"]
                assert {t["id"] for t in candidate["type"]} <= {"Body", "Place", "Target"}
        return [result["result"] for result in found.values()]

    def suggest(self, kind: str, prefix: str) -> list[dict[str, Any]]:
        """Complete a prefix of an entity, a type or a property."""
        service = self.manifest["suggest"][kind]
        reply = httpx.get(
            service["service_url"] + service["service_path"], params={"prefix": prefix}
        )
        found: list[dict[str, Any]] = reply.json()["result"]
        assert all(isinstance(item["id"], str) and item["name"] for item in found)
        return found

    def properties(self, kind: str) -> list[str]:
        """List the properties that a table of a type may be extended by."""
        service = self.manifest["extend"]["propose_properties"]
        reply = httpx.get(service["service_url"] + service["service_path"], params={"type": kind})
        assert reply.json()["type"] == kind
        return [p["id"] for p in reply.json()["properties"]]

    def extend(self, ids: list[str], *properties: str) -> dict[str, Any]:
        """Fetch values; a cell has exactly one of the forms of the specification."""
        query = {"ids": ids, "properties": [{"id": p} for p in properties]}
        found = httpx.post(self.address, data={"extend": json.dumps(query)}).json()
        assert [m["id"] for m in found["meta"]] == list(properties)
        assert list(found["rows"]) == ids
        forms = ({"id", "name"}, {"str"}, {"int"}, {"float"}, {"date"})
        for row in found["rows"].values():
            assert list(row) == list(properties)
            assert all(set(cell) in forms for cells in row.values() for cell in cells)
        rows: dict[str, Any] = found["rows"]
        return rows


@pytest.fixture(scope="module")
def client(server: str) -> SpecClient:
    return SpecClient(server + "/reconcile")


@pytest.mark.parametrize(
    ("query", "first", "match"),
    [
        ({"query": "规土局", "type": "Body"}, "部门/规土局", True),
        ({"query": "規土局"}, "部门/规土局", True),
        ({"query": "国税局", "type": "Body"}, "部门/税务局", True),
        ({"query": "统计局", "type": "Body"}, "部门/发改委（统计局）", True),
        ({"query": "卫健委", "type": "Body"}, "部门/卫计委", True),
        ({"query": "规士局", "type": "Body"}, "部门/规土局", False),
        ({"query": "新华街道", "type": "Place"}, "地点/新华路街道", True),
        ({"query": "115 街坊", "type": ["Place"]}, "地点/115街坊", True),
        ({"query": "目标15", "type": "Target"}, "长府〔2019〕5号/目标/15", True),
        ({"query": "智慧微菜场", "type": "Target"}, "长府〔2019〕5号/目标/38", False),
    ],
)
def test_names_find_what_they_mean(
    client: SpecClient, query: dict[str, Any], first: str, match: bool
) -> None:
    (found,) = client.reconcile(query)
    assert (found[0]["id"], found[0]["match"]) == (f"上海市长宁区/{first}", match)


def test_what_is_not_meant_is_no_match(client: SpecClient) -> None:
    office, block, nothing, empty, both = client.reconcile(
        {"query": "新华路街道"}, {"query": "116街坊", "type": "Place"},
        {"query": "火星基地建设办公室"}, {"query": ""}, {"query": "规土局", "limit": 1},
    )  # fmt: skip
    assert [(c["type"][0]["id"], c["match"]) for c in office[:2]] == [
        ("Body", False),
        ("Place", False),
    ]
    assert not [c for c in block if c["match"] or c["name"].endswith("街坊")]
    assert not [c for c in nothing if c["match"]]
    assert empty == []
    assert len(both) == 1


def test_properties_of_a_query_decide_between_namesakes(client: SpecClient) -> None:
    right = {"pid": "within", "v": {"id": "上海市长宁区/地点/226街坊", "name": "226街坊"}}
    wrong = {"pid": "within", "v": "江苏路街道"}
    good, bad = client.reconcile(
        {"query": "临空12号", "type": "Place", "properties": [right]},
        {"query": "临空12号", "type": "Place", "properties": [wrong]},
    )
    assert (good[0]["match"], bad[0]["match"]) == (True, False)
    assert good[0]["score"] > bad[0]["score"]
    assert {f["id"] for f in good[0]["features"]} == {"name", "properties"}


def test_tables_are_extended_with_what_the_graph_has(
    client: SpecClient, snapshot: Snapshot
) -> None:
    body, place = "上海市长宁区/部门/规土局", "上海市长宁区/地点/22街坊22／1丘"
    assert {"leads", "supports", "otherName"} <= set(client.properties("Body"))
    rows = client.extend([body, "上海市长宁区/部门/没有"], "leads", "otherName")
    led = ask(snapshot, "body-leads", {"name": "规土局"})
    numbers = {plain(row[led.columns.index("notation")]) for row in led.rows}
    assert {c["name"].split()[0] for c in rows[body]["leads"]} == numbers
    assert rows["上海市长宁区/部门/没有"] == {"leads": [], "otherName": []}
    spot = client.extend([place], *client.properties("Place"))[place]
    assert {c["name"] for c in spot["samePlace"]} == {"飞乐地块", "飞乐厂区块"}
    target = "上海市长宁区/长府〔2019〕5号/目标/1"
    row = client.extend([target], *client.properties("Target"))[target]
    assert [row["number"], row["theme"]] == [[{"str": "1"}], [{"str": "稳增长"}]]


def test_suggestions_previews_and_views(client: SpecClient) -> None:
    assert client.suggest("entity", "飞乐")[0]["name"] == "飞乐地块"
    assert [t["id"] for t in client.suggest("type", "地点")] == ["Place"]
    assert "lead" in [p["id"] for p in client.suggest("property", "主责")]
    for candidate in client.suggest("entity", "22街坊22/1丘")[:3]:
        for kind in ("preview", "view"):
            address = client.manifest[kind]["url"].replace("{{id}}", candidate["id"])
            reply = httpx.get(address, headers={"accept": "text/html"})
            assert reply.status_code == 200
            assert candidate["name"] in reply.text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"queries": "["}, "JSON is wanted"),
        ({"queries": "[]"}, "a JSON object is wanted"),
        ({"queries": '{"q": 3}'}, "`query` is wanted"),
        ({"queries": '{"q": {"query": "x", "type": "River"}}'}, "there are Body, Place, Target"),
        ({"queries": '{"q": {"query": "x", "limit": 0}}'}, "limit: a number from 1"),
        ({"queries": json.dumps({f"q{n}": {"query": "x"} for n in range(500)})}, "at most 200"),
        ({"extend": '{"ids": ["x"]}'}, "lists `ids` and `properties`"),
        (
            {"extend": '{"ids": ["x"], "properties": [{"id": "size"}]}'},
            "there are otherName, leads",
        ),
    ],
)
def test_a_bad_batch_is_told_what_is_wanted(
    client: SpecClient, data: dict[str, str], says: str
) -> None:
    reply = httpx.post(client.address, data=data, headers={"accept-language": "en"})
    assert reply.status_code == 400
    assert says in reply.json()["detail"]
