"""The lists below `/api`: filters, paging, JSON-LD, conditional requests, and their description."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pyoxigraph
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, RdfFormat
from schemathesis import GenerationMode

from api.rest.collections import COLLECTIONS
from api.rest.schemas import ITEMS
from graph.store.snapshot import Snapshot
from queries.catalogue import ask
from queries.formats import plain


@pytest.fixture(scope="module")
def client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=60) as made:
        yield made


@pytest.fixture(scope="module")
def described(server: str) -> Any:
    return schemathesis.openapi.from_url(f"{server}/openapi.json")


def items(client: httpx.Client, path: str, **params: object) -> list[dict[str, Any]]:
    given = {k: str(v) for k, v in params.items()}
    reply = client.get(f"/api/{path}", params={"limit": "1000", **given})
    assert reply.status_code == 200, reply.text
    found: list[dict[str, Any]] = reply.json()["items"]
    return found


REPORTED = {"reports", "progress"}
"""The lists that a version without reports leaves empty: see test_report_upload."""


@pytest.mark.parametrize("kind", sorted(COLLECTIONS.keys() - REPORTED))
def test_items_are_what_the_description_says_and_answer_by_their_id(
    client: httpx.Client, kind: str
) -> None:
    found = items(client, kind)
    assert found
    assert len({item["id"] for item in found}) == len(found)
    for item in found:
        assert ITEMS[kind].model_validate(item).model_dump(exclude_unset=True) == item
    for item in found[:: max(1, len(found) // 3)]:
        assert client.get(f"/api/{kind}/{item['id']}").json() == item


@pytest.mark.parametrize(
    ("kind", "params", "question", "given"),
    [
        ("targets", {"lead": "规土局"}, "body-leads", {"name": "规土局"}),
        ("targets", {"street": "新华路街道", "way": "office"}, "place-targets", {"name": "新华路街道"}),
        ("targets", {"place": "115街坊"}, "place-targets", {"name": "115街坊"}),
    ],
)  # fmt: skip
def test_filters_leave_what_the_catalogue_answers(
    client: httpx.Client, snapshot: Snapshot, kind: str, params: dict[str, str], question: str,
    given: dict[str, str],
) -> None:  # fmt: skip
    answer = ask(snapshot, question, given)
    rows = [dict(zip(answer.columns, map(plain, row), strict=True)) for row in answer.rows]
    wanted = {r["target"] for r in rows if params.get("way", r.get("way")) == r.get("way")}
    assert {i["iri"] for i in items(client, kind, **params)} == wanted
    assert wanted


def test_filters_say_the_same_of_items_as_the_items_say(client: httpx.Client) -> None:
    assert all(i["domain"] == "社会事业" for i in items(client, "targets", domain="社会事业"))
    steps = items(client, "milestones", quarter=2, stage="Done")
    assert {(i["quarter"], i["stage"]) for i in steps} == {(2, "Done")}
    assert len(steps) < len(items(client, "milestones", quarter=2))
    streets = items(client, "bodies", kind="street")
    assert len(streets) == 10
    led = items(client, "assignments", role="lead", inferred="false", body="江苏街道")
    helped = items(client, "assignments", role="coordinate", inferred="true", body="江苏街道")
    assert not led
    assert helped
    assert all(i["via"] and i["evidence"] for i in helped)
    every = items(client, "projects", kind="土地出让", lead="规土局")
    assert {i["kind"] for i in every} == {"土地出让"}


def test_a_filter_takes_any_name_of_a_thing(client: httpx.Client) -> None:
    short = items(client, "targets", place="新华街道")
    assert short == items(client, "targets", place="新华路街道")
    assert client.get("/api/bodies/江苏街道").json()["label"] == "江苏路街道"


@pytest.mark.parametrize(
    ("path", "parameter", "allowed"),
    [
        ("/api/targets?domain=nothing", "domain", "经济发展"),
        ("/api/targets?quarter=5", "quarter", "4"),
        ("/api/targets?lead=规士局", "lead", "规土局"),
        ("/api/bodies?kind=bureau", "kind", "street"),
        ("/api/targets?colour=red", "colour", "domain"),
        ("/api/targets?limit=1001", "limit", "1..1000"),
        ("/api/targets?format=ttl", "format", "jsonld"),
        ("/api/targets?year=1999", "year", "2019"),
        ("/api/targets/15?quarter=1", "quarter", "format"),
    ],
)
def test_a_bad_parameter_is_named_with_what_it_takes(
    client: httpx.Client, path: str, parameter: str, allowed: str
) -> None:
    for language in ("zh", "en"):
        reply = client.get(path, headers={"accept-language": language})
        assert reply.status_code == 400
        said = reply.json()
        assert said["parameter"] == parameter
        assert allowed in said["allowed"]
        assert parameter in said["detail"]
    assert client.get("/api/targets?quarter=1&quarter=2").json()["parameter"] == "quarter"


def test_the_link_to_the_next_page_stays_at_its_version(client: httpx.Client) -> None:
    address, seen = "/api/places?kind=Lot&limit=3", 0
    while address:
        reply = client.get(address)
        seen += len(reply.json()["items"])
        address = reply.links.get("next", {}).get("url", "")
        assert not address or f"/v/{reply.headers['tiaokuai-version']}/api/places?" in address
    assert seen == len(items(client, "places", kind="Lot")) > 3


@pytest.mark.parametrize(
    "path", ["targets/15", "bodies/规土局", "places?limit=20", "assignments?limit=9"]
)
def test_json_ld_is_what_the_graph_says(
    client: httpx.Client, snapshot: Snapshot, path: str
) -> None:
    reply = client.get(f"/api/{path}", headers={"accept": "application/ld+json"})
    assert reply.headers["content-type"] == "application/ld+json"
    found = {q.triple for q in pyoxigraph.parse(reply.content, format=RdfFormat.JSON_LD)}
    plain_reply = client.get(f"/api/{path}").json()
    things = plain_reply.get("items", [plain_reply])
    wanted = {
        quad.triple
        for item in things
        for quad in snapshot.store.quads_for_pattern(NamedNode(item["iri"]), None, None)
    }
    assert found == wanted
    assert len(wanted) > 5


@pytest.mark.parametrize(
    "path",
    [
        "/api/targets?limit=3",
        "/api/bodies/规土局",
        "/openapi.json",
        "/queries/body-load.json",
        "/ns?format=ttl",
        "/q.csv?query=SELECT ?n { ?t skos:notation ?n } ORDER BY ?n",
    ],
)
def test_what_is_known_is_not_sent_again(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == first.headers["content-length"]


def test_the_description_shows_what_is_there(client: httpx.Client) -> None:
    schema = client.get("/openapi.json").json()
    for name in COLLECTIONS.keys() - REPORTED:
        said = schema["paths"][f"/api/{name}"]["get"]
        example = said["responses"]["200"]["content"]["application/json"]["example"]
        limit = {"limit": 1}
        assert client.get(f"/api/{name}", params=limit).json()["items"] == example["items"]
        for parameter in said["parameters"]:
            if parameter["name"] not in ("limit", "after"):
                given = {parameter["name"]: parameter["example"]}
                assert client.get(f"/api/{name}", params=given).status_code == 200
    page = client.get("/docs", headers={"accept": "text/html"})
    said = re.findall(r"<section><h2>.*?</h2><p>(.*?)</p>", page.text)
    assert len(said) == len(schema["paths"])
    assert not [words for words in said if words.isascii()], "every path has Chinese words"
    rows = re.findall(r"<tr><th>.*?<td>(.*?)<small>", page.text)
    assert not [words for words in rows if words.isascii()], "and every parameter"
    english = client.get("/docs?lang=en").text
    assert "One target, by notation or id" in english
    assert all(path in page.text for path in schema["paths"])


def test_a_dump_holds_the_version(client: httpx.Client, snapshot: Snapshot) -> None:
    void = client.get("/.well-known/void", headers={"accept": "application/n-triples"}).text
    address = next(
        line.split("<")[-1].split(">")[0] for line in void.splitlines() if "dataDump" in line
    )
    assert f"/v/{snapshot.version.id}/" in address
    reply = client.get(address)
    lines = gzip.decompress(reply.content)
    found = set(pyoxigraph.parse(lines, format=RdfFormat.N_QUADS))
    assert found == set(snapshot.store)
    assert "immutable" in reply.headers["cache-control"]
    assert client.get(address).content == reply.content


def test_no_request_brings_the_server_down(described: Any) -> None:
    """Any request gets a reply that the description names, never a fault of ours."""
    for operation in described.get_all_operations():
        tried = fuzzed(operation.ok(), 5)
        assert tried > 1, operation.ok().label


def fuzzed(operation: Any, most: int) -> int:
    """Count the generated requests that an operation answered correctly."""
    tried = 0

    @settings(max_examples=most, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of([operation.as_strategy(mode) for mode in GenerationMode]))
    def try_one(case: Any) -> None:
        nonlocal tried
        tried += 1
        reply = case.call()
        assert reply.status_code < 500, reply.content
        if reply.status_code >= 400:
            assert reply.headers["content-type"][0].startswith("application/problem+json")
            assert json.loads(reply.content)["status"] == reply.status_code
        else:
            case.validate_response(reply)

    try_one()
    return tried
