"""Hostile queries over HTTP: a clear refusal each, no waiting for others, no calls out."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
from sparql_server import LEADS, QUERY, RUNAWAY, ask


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    """A port of loopback that must receive no call."""
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.settimeout(0.3)
        yield made


HOSTILE = {
    "braces": "SELECT * " + "{" * 5000 + "}" * 5000,
    "exists": "ASK { " + "FILTER EXISTS { " * 100_000 + "}" * 100_001,
    "plus": "ASK { FILTER(1" + "+1" * 100_000 + ") }",
    "cross product": RUNAWAY,
    "sort of a product": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?c ?f",
    "concatenation": "SELECT * { ?a ?b ?c . ?d ?e ?f }".replace("*", "(GROUP_CONCAT(?c) AS ?x)"),
    "doubling": "SELECT ?x40 { BIND('aaaaaaaaaaaaaaaa' AS ?x0) "
    + "".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1}) " for n in range(40)) + "}",
    "star": "ASK { " + "".join(f"?s tk:lead ?o{n} . " for n in range(200)) + "}",
    "paths": "SELECT * { ?a (!tk:no)* ?b . ?c (!tk:no)* ?d } ORDER BY ?a",
    "service": "SELECT * { SERVICE <http://127.0.0.1:PORT/> { ?s ?p ?o } }",
    "silent service": "ASK { FILTER EXISTS { service#x\n silent <http://127.0.0.1:PORT/> {} } }",
    "glued service": "PREFIX b: <http://127.0.0.1:PORT/> ASK { ?s ?p ?o . SERVICEb:x {?s ?p ?o} }",
    "service in an iri": "BASE <http://127.0.0.1:PORT/> ASK {{}UNION{SERVICE<x>{?s ?p ?o}}}",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_query_gets_a_clear_refusal(
    client: httpx.Client, listener: socket.socket, name: str
) -> None:
    text = HOSTILE[name].replace("PORT", str(listener.getsockname()[1]))
    reply = client.post("/sparql", content=text.encode(), headers=QUERY)
    assert reply.status_code in (400, 413, 503)
    kind = reply.json()["type"].rpartition("/")[2]
    assert kind in ("refused-query", "deadline", "memory", "too-large"), reply.text
    if reply.status_code == 503:
        assert int(reply.headers["retry-after"]) > 0
    assert len(ask(client, LEADS).json()["results"]["bindings"]) > 1
    if "service" in name:
        assert kind == "refused-query"
        with pytest.raises(TimeoutError):
            listener.accept()


def test_short_queries_pass_many_long_ones(client: httpx.Client, address: str) -> None:
    def run() -> None:
        statuses.append(
            httpx.post(address + "/sparql", data={"query": RUNAWAY}, timeout=20).status_code
        )

    statuses: list[int] = []
    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    while "jobs{version" not in (told := client.get("/metrics").text) or _running(told) < 4:
        time.sleep(0.02)
    answered = ask(client, LEADS + " LIMIT 3")
    assert answered.status_code == 200
    assert len(statuses) <= 4, "the short one waited for the long ones"
    for thread in threads:
        thread.join()
    assert statuses == [503] * 8


def _running(metrics: str) -> int:
    found = re.search(r'jobs\{[^}]*lane="query",state="running"\} (\d+)', metrics)
    assert found is not None
    return int(found[1])


def test_a_client_that_hangs_up_stops_its_query(client: httpx.Client, address: str) -> None:
    overran = re.compile(r'replies_total\{[^}]*status="503"\} \d+').findall
    before = overran(client.get("/metrics").text)
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as sock:
        body = RUNAWAY.encode()
        sock.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        while not _running(client.get("/metrics").text):
            time.sleep(0.02)
    while _running(client.get("/metrics").text):
        time.sleep(0.02)
    assert overran(client.get("/metrics").text) == before, "it ran on to its deadline"
