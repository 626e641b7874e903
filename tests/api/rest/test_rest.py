"""REST, oEmbed, VoID, files and pages, over real HTTP on the shipped graph."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import httpx
import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from graph.store.store import Store


@pytest.fixture(scope="module")
def client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=60) as made:
        yield made


@pytest.mark.parametrize("kind", ["targets", "bodies", "places", "projects", "search"])
def test_the_pages_of_a_list_are_the_whole_list(client: httpx.Client, kind: str) -> None:
    given = {"q": "街"} if kind == "search" else {}
    whole = client.get(f"/api/{kind}", params={**given, "limit": 1000}).json()
    assert whole["next"] is None
    found: list[dict[str, object]] = []
    after = ""
    while True:
        page = client.get(f"/api/{kind}", params={**given, "limit": 17, "after": after}).json()
        found += page["items"]
        if page["next"] is None:
            break
        after = page["next"]
    assert found == whole["items"]
    assert len({item["id"] for item in found}) == len(found) > 17
    for item in found[:: len(found) // 5]:
        if kind != "search":
            assert client.get(f"/api/{kind}/{item['id']}").json() == item


def test_the_list_of_targets_is_what_sparql_says(client: httpx.Client) -> None:
    items = client.get("/api/targets", params={"limit": 1000}).json()["items"]
    query = "SELECT ?t ?n ?text { ?t a tk:Target ; skos:notation ?n ; tk:text ?text }"
    rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert {(i["iri"], i["notation"], i["text"]) for i in items} == {
        (r["t"]["value"], r["n"]["value"], r["text"]["value"]) for r in rows
    }


@pytest.mark.parametrize(
    ("words", "kind", "label"),
    [
        ("规土局", "body", "规土局"),
        ("科 委", "body", "科委"),
        ("115街坊", "place", "115街坊"),
        ("15", "target", "15"),
    ],
)
def test_search_has_the_thing_itself_first(
    client: httpx.Client, words: str, kind: str, label: str
) -> None:
    first = client.get("/api/search", params={"q": words}).json()["items"][0]
    assert (first["type"], first["label"]) == (kind, label)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/targets?limit=0", 400),
        ("/api/targets?limit=x", 400),
        ("/api/targets?after=nobody", 400),
        ("/api/search", 400),
        ("/api/targets/nobody", 404),
        ("/api/nothing", 404),
        ("/v/000000000000/api/targets", 404),
        ("/oembed?url=https://evil.example/views/bodies", 404),
        ("/oembed?url=ROOT/healthz", 404),
        ("/oembed?url=ROOT/views/nothing", 404),
        ("/static/../site.py", 404),
        ("/static/%2e%2e/site.py", 404),
    ],
)
def test_what_is_not_there_is_a_problem(client: httpx.Client, path: str, status: int) -> None:
    reply = client.get(path.replace("ROOT", str(client.base_url).rstrip("/")))
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["type"].startswith("https://w3id.org/tiaokuai/problem/")


def test_a_version_that_is_named_never_changes(client: httpx.Client, store: Store) -> None:
    current = store.current()
    assert current is not None
    for path in (
        "/api/targets?limit=3",
        "/targets",
        "/queries/place-targets.json",
        "/.well-known/void",
    ):
        frozen, moving = client.get(f"/v/{current.id}{path}"), client.get(path)
        assert frozen.status_code == moving.status_code == 200
        assert "immutable" in frozen.headers["cache-control"]
        assert moving.headers["cache-control"] == "no-cache"
        assert frozen.headers["tiaokuai-version"] == current.id


def test_a_view_is_embedded_by_its_address(client: httpx.Client) -> None:
    root = str(client.base_url).rstrip("/")
    said = client.get(
        "/oembed", params={"url": f"{root}/views/lead-matrix?lang=en&x=%22", "maxwidth": 400}
    )
    assert said.json()["type"] == "rich"
    assert said.json()["width"] == 400
    assert 200 < said.json()["height"] < 400  # the ratio of the picture
    assert client.get(said.json()["thumbnail_url"]).content[:4] == b"\x89PNG"
    found = re.search(r'src="([^"]+)"', said.json()["html"])
    assert found is not None
    assert re.match(re.escape(root) + r"/v/[0-9a-f]{12}/embed/lead-matrix\?", found[1])
    frame = client.get("/embed/lead-matrix", headers={"accept": "text/html"})
    assert "frame-ancestors *" in frame.headers["content-security-policy"]


def test_the_data_are_described_and_counted(client: httpx.Client, store: Store) -> None:
    reply = client.get("/.well-known/void", headers={"accept": "application/n-triples"})
    described = pyoxigraph.Store()
    described.load(io.BytesIO(reply.content), format=RdfFormat.N_TRIPLES)
    said = described.query(
        "PREFIX void: <http://rdfs.org/ns/void#> SELECT ?n (SUM(?m) AS ?all) { ?d a void:Dataset ; "
        "void:triples ?n ; void:propertyPartition [ void:triples ?m ] } GROUP BY ?n"
    )
    assert isinstance(said, pyoxigraph.QuerySolutions)
    (row,) = said
    current = store.current()
    assert current is not None
    assert [term.value for term in row] == [str(current.quads)] * 2


@pytest.mark.parametrize(
    "path", ["/", "/targets", "/docs", "/sparql", "/nothing", "/healthz", "/static/site.css"]
)
def test_every_reply_says_what_it_may_load(client: httpx.Client, path: str) -> None:
    reply = client.get(path, headers={"accept": "text/html,*/*;q=0.8"})
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert reply.headers["x-content-type-options"] == "nosniff"
    text = re.sub(r"<a [^>]*>", "", reply.text)
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text)


def test_files_are_packed_and_kept(client: httpx.Client) -> None:
    plain = client.get("/static/site.css", headers={"accept-encoding": "identity"})
    packed = client.get("/static/site.css?v=1")
    assert plain.content == packed.content
    assert packed.headers["content-encoding"] == "gzip"
    assert "immutable" in packed.headers["cache-control"]
    same = client.get("/static/site.css", headers={"if-none-match": plain.headers["etag"]})
    assert same.status_code == 304


def test_the_interface_describes_itself(client: httpx.Client) -> None:
    schema = client.get("/openapi.json").json()
    assert {"/api/targets", "/api/bodies", "/api/places", "/api/search"} <= set(schema["paths"])
    docs = client.get("/docs").text
    assert all(path in docs for path in schema["paths"])


def test_a_list_takes_the_scope(client: httpx.Client) -> None:
    """A scope that holds everything changes nothing; an unknown one is named with those there are."""
    whole = client.get("/api/bodies").json()
    for scope in ({"district": "长宁区"}, {"year": "2019"}, {"notice": "长府〔2019〕5号"}):
        assert client.get("/api/bodies", params=scope).json() == whole
        found = client.get("/api/search", params={"q": "规土局", **scope}).json()
        assert found == client.get("/api/search", params={"q": "规土局"}).json()
    for scope, allowed in (({"district": "浦东"}, "上海市长宁区"), ({"year": "1999"}, "2019")):
        refused = client.get("/api/places", params=scope)
        assert refused.status_code == 400
        assert allowed in refused.json()["allowed"]
    assert client.get("/api/versions", params={"year": "2019"}).status_code == 400


def test_pages_carry_links_for_machines(client: httpx.Client) -> None:
    page = client.get("/id/上海市长宁区/部门/规土局", headers={"accept": "text/html"})
    links = dict(re.findall(r'<([^>]*)>; rel="(\w+)"', page.headers["link"]))
    assert set(links.values()) == {"canonical", "license", "describedby", "alternate"}
    for address in links:
        assert client.get(address).status_code == 200
    assert client.get("/sparql?query=ASK%7B%7D&format=json&format=xml").status_code == 400


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_type_of_problem_resolves(client: httpx.Client, language: str) -> None:
    """The type of an error leads, on this server, to a page in the reader's language."""
    refused = client.get("/api/targets?nothing=1").json()
    path = refused["type"].removeprefix("https://w3id.org/tiaokuai")
    head = {"accept": "text/html", "accept-language": language}
    page = client.get(path, headers=head)
    assert page.status_code == 200
    assert ("Bad parameter" if language == "en" else "参数有误") in page.text
    for kind in re.findall(r'href="(/problem/[\w-]+)"', client.get("/problem", headers=head).text):
        assert client.get(kind, headers=head).status_code == 200
    lost = client.get("/problem/nothing", headers=head)
    assert lost.status_code == 404
    assert '<form class="search"' in lost.text
    asked = client.get("/views/place?name=新华路界道", headers=head)
    assert asked.status_code == 404
    assert 'value="新华路界道"' in asked.text


def test_a_question_in_an_unknown_district_is_refused(client: httpx.Client) -> None:
    reply = client.get("/api/ask", params={"q": "规土局主责哪些目标", "district": "0"})
    assert (reply.status_code, reply.json()["parameter"]) == (400, "district")
    assert client.get("/api/targets", params={"notice": ""}).status_code == 400
