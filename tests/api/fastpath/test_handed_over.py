"""Connections that are lent to workers: nobody can tell, whatever is asked over them."""

from __future__ import annotations

import http.client
import mmap
import os
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sparql_server import LEADS, RUNAWAY, served

from api.fastpath.shared_replies import Kept, room
from graph.store.store import Store

JSON = {"accept": "application/sparql-results+json"}


def query(text: str) -> str:
    return "/sparql?query=" + quote(text)


KINDS: dict[str, tuple[str, str, dict[str, str], bytes | None]] = {
    "table": ("GET", query(LEADS), JSON, None),
    "ask": ("GET", query("ASK {}"), JSON, None),
    "csv": ("GET", query(LEADS), {"accept": "text/csv"}, None),
    "anew": ("GET", query("SELECT ?p { ?s ?p 1 } # anew"), JSON, None),
    "cut off": ("GET", query("SELECT ?s { ?s ?p ?o } ORDER BY ?s ?p ?o"), JSON, None),
    "graph": ("GET", query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 3"), JSON, None),
    "syntax": ("GET", query("ASK {"), JSON, None),
    "in words": ("GET", query("ASK {"), {**JSON, "accept-language": "en"}, None),
    "refused": ("GET", query("ASK { SERVICE <http://e/> {} }"), JSON, None),
    "too long": ("GET", query(RUNAWAY), JSON, None),
    "two parameters": ("GET", query("ASK {}") + "&format=csv", JSON, None),
    "no parameter": ("GET", "/sparql", {"accept": "text/turtle"}, None),
    "bad": ("GET", "/sparql?query=%FF", JSON, None),
    "long": ("GET", query("ASK {} #" + "x" * 9000), JSON, None),
    "head": ("HEAD", query("ASK {}"), JSON, None),
    "post": ("POST", "/sparql", {"content-type": "application/sparql-query"}, b"ASK {}"),
    "health": ("GET", "/healthz", {}, None),
}
_MOVES = ("date",)


def said(connection: http.client.HTTPConnection, kind: str) -> tuple[int, object, bytes]:
    """What a reply says, but for the time."""
    method, path, headers, body = KINDS[kind]
    connection.request(method, path, body, headers)
    reply = connection.getresponse()
    shown = [(k, v) for k, v in reply.getheaders() if k.lower() not in _MOVES]
    return reply.status, shown, reply.read()


def connected(address: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)


def lent(client: httpx.Client) -> int:
    """How many replies workers have sent themselves so far."""
    found = re.search(r"tiaokuai_answers_by_workers_total (\d+)", client.get("/metrics").text)
    assert found is not None
    return int(found[1])


@pytest.fixture(scope="module")
def alone(address: str) -> dict[str, tuple[int, object, bytes]]:
    """What is said to each kind of request on a connection of its own."""
    found = {}
    for kind in KINDS:
        connection = connected(address)
        found[kind] = said(connection, kind)
        connection.close()
    return found


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=2, max_size=8))
def test_a_connection_says_the_same_whoever_answers(
    address: str, alone: dict[str, tuple[int, object, bytes]], kinds: list[str]
) -> None:
    if kinds.count("too long") > 1:
        kinds = [k for k in kinds if k != "too long"] + ["too long"]
    connection = connected(address)
    for kind in ("table", "ask", *kinds, "table"):
        assert said(connection, kind) == alone[kind], kind
    connection.close()


def test_who_asks_again_is_answered_by_a_worker(address: str, client: httpx.Client) -> None:
    before = lent(client)
    connection = connected(address)
    for n in range(20):
        connection.request("GET", query(f"ASK {{}} # {n}"), headers=JSON)
        assert b'"boolean":true' in connection.getresponse().read()
    connection.close()
    until(lambda: lent(client) > before)


def test_two_requests_at_once_and_one_in_pieces(address: str) -> None:
    host, port = urlsplit(address).netloc.split(":")
    one = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as sock:
        for parts in ((one,), (one,), (one + one,), (one,), (one[:9], one[9:]), (one,)):
            for part in parts:
                sock.sendall(part)
                time.sleep(0.02)
            got = b""
            wanted = b"".join(parts).count(b"GET ")
            while got.count(b'"boolean":true') < wanted:
                got += sock.recv(65_536)
            assert got.count(b"HTTP/1.1 200") == wanted


def test_a_client_that_goes_stops_the_work_of_its_worker(
    store: Store,
) -> None:
    with served(store, 600) as address, httpx.Client(base_url=address, timeout=30) as client:
        connection = connected(address)
        for _ in range(3):
            said(connection, "ask")
        connection.request("GET", query(RUNAWAY), headers=JSON)
        until(lambda: running(client) > 0)
        connection.close()
        until(lambda: running(client) == 0)


def running(client: httpx.Client) -> int:
    found = re.findall(r'lane="query",state="running"} (\d+)', client.get("/metrics").text)
    return sum(map(int, found))


def until(true: Callable[[], bool]) -> None:
    for _ in range(400):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it never came true")


def test_rings_that_are_written_and_read_at_once_never_give_another_reply(tmp_path: Path) -> None:
    """Four processes write into small rings, so that entries are written over all the time."""
    writers, ring = 4, 4096
    path = tmp_path / "shared"
    path.write_bytes(bytes(room(writers, ring)))
    with path.open("r+b") as file:
        memory = memoryview(mmap.mmap(file.fileno(), 0))
    pids = []
    for writer in range(writers):
        pid = os.fork()
        if pid == 0:
            os._exit(0 if _hammered(Kept(memory, writers, writer, ring)) else 1)
        pids.append(pid)
    assert [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids] == [0] * writers


def _hammered(kept: Kept) -> bool:
    found = 0
    for n in range(20_000):
        key = b"%d" % (n * 7919 % 101)
        reply = kept.get(key)
        if reply is not None:
            found += 1
            if reply != key * (len(key) * 20 + int(key) % 30):
                return False
        else:
            kept.put(key, key * (len(key) * 20 + int(key) % 30))
    return found > 100
