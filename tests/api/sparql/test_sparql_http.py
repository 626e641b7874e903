"""The SPARQL protocol over real HTTP: one server, its workers, and clients of several kinds."""

from __future__ import annotations

import gzip
import http.client
import io
import json
import re
import socket
import time
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import httpx
import pyoxigraph
import pytest
from pyoxigraph import RdfFormat
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from sparql_server import LEADS, QUERY, ROWS, ask
from SPARQLWrapper import CSV, JSON, SPARQLWrapper

from graph.store.store import Store


def test_three_ways_to_ask_give_the_same_answer(client: httpx.Client) -> None:
    got = ask(client, LEADS)
    form = client.post("/sparql", data={"query": LEADS})
    direct = client.post(
        "/sparql/", content=LEADS.encode(), headers={"content-type": "application/sparql-query"}
    )
    assert got.status_code == form.status_code == direct.status_code == 200
    assert got.content == form.content == direct.content
    assert len(got.json()["results"]["bindings"]) > 1
    assert "规土局" not in got.text
    assert "上海市长宁区" in got.text


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/sparql-results+xml, */*;q=0.1", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
    ],
)
def test_tables_in_four_formats(client: httpx.Client, accept: str, media: str) -> None:
    reply = client.get("/sparql", params={"query": LEADS}, headers={"accept": accept})
    assert reply.headers["content-type"].startswith(media)
    assert "Accept" in reply.headers["vary"]
    assert reply.content.count("/目标/".encode()) == ask(client, LEADS).text.count("/目标/")


@pytest.mark.parametrize("form", ["ttl", "nt", "rdf", "jsonld", "trig", "nq"])
def test_graphs_in_six_formats(client: httpx.Client, form: str) -> None:
    query = "CONSTRUCT { ?t skos:notation ?n } { ?t a tk:Target ; skos:notation ?n }"
    reply = ask(client, query, format=form)
    media = reply.headers["content-type"].partition(";")[0]
    read = RdfFormat.from_media_type(media)
    assert read is not None
    triples = {q.triple for q in pyoxigraph.parse(reply.content, format=read)}
    wanted = {
        q.triple
        for q in pyoxigraph.parse(
            ask(client, query, format="nt").content, format=RdfFormat.N_TRIPLES
        )
    }
    assert triples == wanted
    assert len(triples) == ROWS


def test_the_pages_of_an_answer_are_the_whole_answer(client: httpx.Client) -> None:
    query = "SELECT ?t ?n ?text { ?t a tk:Target ; skos:notation ?n ; tk:text ?text } ORDER BY ?t"
    whole = ask(client, query, all=1, format="tsv")
    assert "content-length" not in whole.headers
    for form in ("json", "csv", "tsv", "xml"):
        rows: list[str] = []
        reply = ask(client, query, format=form)
        while True:
            rows += _rows(reply, form)
            if "tiaokuai-truncated" not in reply.headers:
                break
            assert reply.headers["tiaokuai-truncated"] == f"rows={ROWS}"
            assert reply.links["next"]["url"].startswith("/v/")
            reply = client.get(reply.links["next"]["url"])
            assert "immutable" in reply.headers["cache-control"]
        assert len(rows) == whole.text.count("\n") - 1 > ROWS
        assert rows == _rows(ask(client, query, all=1, format="tsv"), "tsv") or form != "tsv"


def _rows(reply: httpx.Response, form: str) -> list[str]:
    assert reply.status_code == 200
    if form == "json":
        return [json.dumps(row) for row in reply.json()["results"]["bindings"]]
    if form == "xml":
        return re.findall(r"<result>.*?</result>", reply.text, re.DOTALL)
    return reply.text.splitlines()[1:]


def test_an_answer_has_a_tag_by_version_query_and_format(client: httpx.Client) -> None:
    first, other = ask(client, LEADS), ask(client, LEADS, format="csv")
    tag = first.headers["etag"]
    assert tag != other.headers["etag"]
    again = client.get(
        "/sparql", params={"query": LEADS}, headers={"if-none-match": f'"x", W/{tag}'}
    )
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    changed = client.get("/sparql", params={"query": LEADS}, headers={"if-none-match": '"x"'})
    assert changed.status_code == 200
    for volatile in ("SELECT (NOW() AS ?t) {}", "SELECT (STRUUID() AS ?u) {}"):
        assert "etag" not in ask(client, volatile).headers
    assert (
        ask(client, "SELECT (RAND() AS ?r) {}").text != ask(client, "SELECT (RAND() AS ?r) {}").text
    )


def test_head_is_get_without_the_body(client: httpx.Client) -> None:
    got = ask(client, LEADS)
    head = client.head("/sparql", params={"query": LEADS})
    assert head.content == b""
    for name in ("content-type", "content-length", "etag"):
        assert head.headers[name] == got.headers[name]


def test_the_dataset_of_the_protocol_goes_before_that_of_the_query(client: httpx.Client) -> None:
    shared = "https://w3id.org/tiaokuai/graph/shared"
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    def number(query: str, **given: str) -> int:
        return int(ask(client, query, **given).json()["results"]["bindings"][0]["n"]["value"])

    everything, part = number(count), number(count, **{"default-graph-uri": shared})
    assert 0 < part < everything
    assert number(count.replace("{", f"FROM <{shared}> {{")) == part
    assert (
        number(count.replace("{", "FROM <http://no/> {"), **{"default-graph-uri": shared}) == part
    )
    assert number(count, **{"named-graph-uri": shared}) == 0
    named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert number(named, **{"named-graph-uri": shared}) == part


FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("PUT", "/sparql?query=ASK%7B%7D", {}, b"", 405),
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", {}, b"", 400),
        ("GET", "/sparql?query=ASK%7B%7D&format=docx", {}, b"", 400),
        ("GET", "/sparql?query=ASK%7B%7D&offset=-1", {}, b"", 400),
        ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=nope", {}, b"", 400),
        ("GET", "/sparql?query=%FF", {}, b"", 400),
        ("GET", "/sparql?update=CLEAR+ALL", {}, b"", 400),
        ("GET", "/sparql?query=ASK%7B%7D", {"accept": "image/png"}, b"", 406),
        ("GET", "/sparql?query=ASK%7B%7D", {"accept": "text/turtle"}, b"", 406),
        ("POST", "/sparql", {}, b"ASK {}", 415),
        ("POST", "/sparql", {"content-type": "text/plain"}, b"ASK {}", 415),
        ("POST", "/sparql", FORM, b"quer=ASK", 400),
        (
            "POST",
            "/sparql",
            {"content-type": "application/sparql-query; charset=utf-16"},
            b"A",
            415,
        ),
        ("POST", "/sparql", QUERY, "ASK { ?s ?p '规' }".encode("gb18030"), 400),
        ("POST", "/sparql", QUERY, b"", 400),
        ("GET", "/v/000000000000/sparql?query=ASK%7B%7D", {}, b"", 404),
        ("GET", "/%FF", {}, b"", 400),
    ],
)
def test_what_is_no_query_is_said_so(
    client: httpx.Client, method: str, path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    reply = client.request(method, path, headers=headers, content=body)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert problem["status"] == status
    assert problem["type"].startswith("https://w3id.org/tiaokuai/problem/")
    assert re.search("[\u4e00-\u9fff]", problem["detail"])


def test_a_mistake_has_its_line_and_column(client: httpx.Client) -> None:
    text = 'SELECT * {\n ?街道 ?p "规土局" oops !\n}'
    chinese = ask(client, text)
    english = client.get("/sparql", params={"query": text}, headers={"accept-language": "en-GB"})
    for reply in (chinese, english):
        assert (reply.status_code, reply.json()["line"], reply.json()["column"]) == (400, 2, 15)
    assert "\\u" not in chinese.text
    assert "第 2 行第 15 列" in chinese.json()["detail"]
    assert "line 2, column 15" in english.json()["detail"]
    page = client.get("/sparql", params={"query": text}, headers={"accept": "text/html,*/*;q=0.8"})
    assert page.headers["content-type"].startswith("text/html")
    assert "第 2 行第 15 列" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_a_body_that_is_too_large_leaves_the_connection_open(address: str) -> None:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=20)
    body = b"query=" + b"x" * (2 * 2**20 + 1)
    connection.request("POST", "/sparql", body, FORM)
    sock = connection.sock
    reply = connection.getresponse()
    assert reply.status == 413
    assert "2097152" in json.loads(reply.read())["detail"]
    connection.request("GET", "/sparql?query=ASK%7B%7D")
    assert connection.getresponse().read() == b'{"head":{},"boolean":true}'
    assert connection.sock is sock
    connection.close()


def test_a_stream_over_the_deadline_ends_without_its_last_chunk(client: httpx.Client) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    given = {"query": query, "all": "1", "format": "csv"}
    with client.stream("GET", "/sparql", params=given) as reply:
        assert reply.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            sum(map(len, reply.iter_raw()))
    assert ask(client, "ASK {}").text == '{"head":{},"boolean":true}'


def test_without_a_query_machines_get_the_service_description(client: httpx.Client) -> None:
    for accept, form in (("*/*", RdfFormat.TURTLE), ("application/rdf+xml", RdfFormat.RDF_XML)):
        reply = client.get("/sparql", headers={"accept": accept})
        store = pyoxigraph.Store()
        store.load(io.BytesIO(reply.content), format=form)
        said = store.query(
            "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> ASK { ?s a sd:Service ; "
            "sd:endpoint ?s ; sd:feature sd:UnionDefaultGraph ; sd:defaultDataset/sd:namedGraph ?g }"
        )
        assert said


def test_other_origins_only_where_they_are_allowed(client: httpx.Client) -> None:
    for origin, allowed in (("https://maps.example", True), ("https://evil.example", False)):
        reply = client.get("/sparql", params={"query": "ASK {}"}, headers={"origin": origin})
        assert (reply.headers.get("access-control-allow-origin") == origin) is allowed
    preflight = client.options("/sparql", headers={"origin": "https://maps.example"})
    assert preflight.status_code == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]


def test_real_clients(address: str) -> None:
    wrapper = SPARQLWrapper(address + "/sparql")
    wrapper.setQuery(LEADS)
    wrapper.setReturnFormat(JSON)
    found: Any = wrapper.query().convert()
    assert len(found["results"]["bindings"]) > 1
    wrapper.setMethod("POST")
    wrapper.setReturnFormat(CSV)
    table: Any = wrapper.query().convert()
    assert table.count(b"\r\n") == len(found["results"]["bindings"]) + 1
    remote = SPARQLStore(address + "/sparql")
    rows = list(remote.query("SELECT ?n { ?t a <https://w3id.org/tiaokuai/ns#Target> ; "
                             "<http://www.w3.org/2004/02/skos/core#notation> ?n } LIMIT 5"))  # fmt: skip
    assert len(rows) == 5


def test_health_and_metrics(client: httpx.Client, store: Store) -> None:
    version = store.current()
    assert version is not None
    assert client.get("/healthz").json()["version"] == version.id
    assert client.get("/sparql", params={"query": "ASK {}"}).status_code == 200
    told = client.get("/metrics").text
    assert re.search(r'tiaokuai_replies_total\{route="sparql",status="200"\} \d+', told)
    assert f"tiaokuai_quads {version.quads}" in told


def raw(address: str, data: bytes, ends: int) -> bytes:
    """Send bytes; return up to a number of whole replies with small bodies."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as sock:
        sock.sendall(data)
        got = b""
        while got.count(b'"boolean":') < ends:
            part = sock.recv(65_536)
            if not part:
                break
            got += part
        return got


ONE = b"GET /sparql?query=ASK%%7B%%7D+%%23+%d HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n"


def test_requests_in_pieces_in_rows_and_at_once_are_all_answered_in_order(address: str) -> None:
    two = raw(address, ONE % 1 + ONE % 2, 2)
    assert two.count(b"HTTP/1.1 200 OK") == 2
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as sock:
        slow = b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } # boolean"
        sock.sendall(
            b"GET /sparql?query="
            + slow.replace(b" ", b"+").replace(b"#", b"%23")
            + b" HTTP/1.1\r\nHost: x\r\n\r\n"
        )
        for part in (ONE[:20], ONE[20:] % 3):  # comes while the other is worked on
            time.sleep(0.02)
            sock.sendall(part.replace(b"%%", b"%"))
        got = b""
        while b'"boolean":true' not in got:
            got += sock.recv(65_536)
    assert got.index(b"HTTP/1.1 ") == 0
    assert got.count(b"HTTP/1.1 ") == 2
    assert got.index(b'"boolean":true') > got.rindex(b"HTTP/1.1 200")


def test_the_short_way_and_the_long_way_say_the_same(client: httpx.Client) -> None:
    """A request with a header that only the routes understand goes the long way."""
    long = {"if-none-match": '"nothing"'}
    for query in (LEADS, "SELECT ?s { ?s ?p ?o }", "ASK {", "ASK { SERVICE <http://e/> {} }",
                  "SELECT (NOW() AS ?t) {}", "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 3",
                  'ASK { FILTER("%=+&#规" = "%=+&#规") }'):  # fmt: skip
        for accept in ("text/csv", "application/sparql-results+json", "text/turtle, */*;q=0.1"):
            short = client.get("/sparql", params={"query": query}, headers={"accept": accept})
            other = client.get(
                "/sparql", params={"query": query}, headers={"accept": accept, **long}
            )
            assert short.status_code == other.status_code
            moving = {"date"}
            if "NOW" in query:  # the time, with as many decimals as it needs
                moving.add("content-length")
            else:
                assert short.content == other.content
            same = [{k: v for k, v in r.headers.items() if k not in moving} for r in (short, other)]
            assert same[0] == same[1]
    bad = client.get("/sparql?query=ASK%7B%7D%")
    assert bad.status_code == 400
    assert client.get("/sparql?query=%FF").status_code == 400


def test_an_empty_answer_says_why(client: httpx.Client) -> None:
    given = {"query": "SELECT ?b { ?t tk:coordinator ?b }"}
    english = client.get("/sparql", params=given, headers={"accept-language": "en"})
    assert "tk:coordinate?" in english.headers["tiaokuai-hint"]
    chinese = client.get("/sparql", params={**given, "format": "csv"})
    assert "词汇表里没有 tk:coordinator" in unquote(chinese.headers["tiaokuai-hint"])
    full = client.get("/sparql", params={"query": "SELECT ?b { ?t tk:lead ?b }"})
    assert "tiaokuai-hint" not in full.headers


def test_text_is_compressed_for_those_who_accept_it(client: httpx.Client) -> None:
    given = {"query": "SELECT ?t ?x { ?t a tk:Target ; tk:text ?x }", "format": "json"}
    bodies = {}
    for encoding in ("gzip", "identity"):
        with client.stream(
            "GET", "/sparql", params=given, headers={"accept-encoding": encoding}
        ) as reply:
            bodies[encoding] = b"".join(reply.iter_raw())
            assert reply.headers.get("content-encoding", "identity") == encoding
            assert "Accept-Encoding" in reply.headers["vary"]
            again = client.get(
                "/sparql", params=given, headers={"if-none-match": reply.headers["etag"]}
            )
            assert again.status_code == 304
    assert gzip.decompress(bodies["gzip"]) == bodies["identity"]
    assert len(bodies["gzip"]) <= len(gzip.compress(bodies["identity"], 1))


def test_no_character_makes_a_table_in_xml_ill_formed(client: httpx.Client) -> None:
    """XML 1.0 has no way to write a control character: U+FFFD is in its place."""
    query = 'SELECT ("a\\u0001b\\uFFFEc" AS ?x) WHERE {}'
    accept = {"accept": "application/sparql-results+xml"}
    reply = client.get("/sparql", params={"query": query}, headers=accept)
    texts = [
        e.text for e in ElementTree.fromstring(reply.content).iter() if e.tag.endswith("literal")
    ]
    assert texts == ["a\ufffdb\ufffdc"]
    plain = client.get("/sparql", params={"query": query}, headers={"accept": "text/csv"})
    assert "a\x01b" in plain.text
