"""The life of a server: versions that change under load, clients that dawdle, and its end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from folders import TESTS
from pyoxigraph import Literal, NamedNode, Quad
from serving import started

from api.settings import BadSetting, Settings
from graph.store.store import Store

_HASTE = "import api.connection; api.connection.HEAD_SECONDS = api.connection.BODY_SECONDS = 1.0"
_LARGE = """
import api.workers.engine
api.workers.engine.LARGE, api.workers.engine._WARM = 1, "serving:held"
"""
EVERY = "SELECT ?o { ?s <http://e/p> ?o } ORDER BY ?o"


def get(url: str, **given: Any) -> httpx.Response:
    """A reply, however busy the machine is."""
    return httpx.get(url, timeout=60, **given)


def publish(store: Store, label: str) -> str:
    """A version of 300 quads with the object `label`; its id."""
    quads = [
        Quad(
            NamedNode(f"http://e/{n}"),
            NamedNode("http://e/p"),
            Literal(label),
            NamedNode("http://e/g"),
        )
        for n in range(300)
    ]
    return store.publish([], shared=quads, extractor="test").id


@contextmanager
def served(store: Store, before: str = _HASTE, **settings: str) -> Iterator[tuple[str, int]]:
    """A server over a store: its address and its process."""
    with started(store.folder, settings, workers=2, before=before) as (address, process):
        yield address, process.pid


def family(server: int) -> list[int]:
    """The processes that a server has started, and those that they have started."""
    parents = {int(p.name): _parent(int(p.name)) for p in Path("/proc").glob("[0-9]*")}
    found, more = [server], True
    while more:
        new = [pid for pid, parent in parents.items() if parent in found and pid not in found]
        found, more = found + new, bool(new)
    return found[1:]


def _parent(pid: int) -> int | None:
    """The parent of a process that lives; None where it has ended, buried or not."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return None if state in "ZX" else int(parent)


@pytest.fixture
def small(tmp_path: Path) -> Store:
    made = Store(tmp_path / "store")
    publish(made, "first")
    return made


def test_versions_change_under_load_without_a_failure_or_a_mixture(small: Store) -> None:
    first = small.current()
    assert first is not None
    seen: dict[str, set[str]] = {}
    failed: list[object] = []
    stop = threading.Event()

    def load(address: str, number: int) -> None:
        with httpx.Client(base_url=address, timeout=60) as client:
            turn = 0
            while not stop.is_set():
                turn += 1
                try:  # each query is new, so that none is answered from memory
                    query = f"{EVERY} # {number} {turn}"
                    reply = client.get("/sparql", params={"query": query, "format": "tsv"})
                    rows = set(reply.text.splitlines()[1:])
                    if reply.status_code != 200 or len(rows) != 1:
                        failed.append((reply.status_code, rows))
                    seen.setdefault(reply.headers["tiaokuai-version"], set()).update(rows)
                except httpx.HTTPError as error:
                    failed.append(error)

    with served(small) as (address, _):
        threads = [threading.Thread(target=load, args=(address, n)) for n in range(4)]
        for thread in threads:
            thread.start()
        ids = {first.id: '"first"'}
        for label in ("second", "third"):
            ids[publish(small, label)] = f'"{label}"'
            until = time.monotonic() + 60
            while len(seen) < len(ids) and time.monotonic() < until:
                time.sleep(0.05)
        stop.set()
        for thread in threads:
            thread.join()
        assert not failed
        assert seen == {name: {label} for name, label in ids.items()}

        for name, label in ids.items():  # old versions go on to answer
            frozen = get(f"{address}/v/{name}/sparql", params={"query": EVERY, "format": "tsv"})
            assert set(frozen.text.splitlines()[1:]) == {label}
            assert "immutable" in frozen.headers["cache-control"]
        hostile = "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"
        old = f"{address}/v/{first.id}/sparql"
        assert get(old, params={"query": hostile}).status_code == 400
        (small.folder / "removed").write_text("0123456789ab\n")
        assert get(f"{address}/v/0123456789ab/sparql?query=ASK%7B%7D").status_code == 410


@pytest.mark.parametrize(("limit", "on_disk"), [("1", True), ("1G", False)])
def test_a_version_above_the_limit_answers_from_disk(
    small: Store, limit: str, on_disk: bool
) -> None:
    with served(small, TIAOKUAI_IN_MEMORY=limit) as (address, server):
        for turn in range(3):
            query = {"query": f"{EVERY} # {turn}", "format": "tsv"}
            rows = get(f"{address}/sparql", params=query).text
            assert rows.splitlines()[1:] == ['"first"'] * 300
        threads = [len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in family(server)]
        assert (max(threads) > 1) is on_disk, "only an engine on disk has threads of its own"


def test_a_version_that_cannot_be_read_leaves_the_old_one(small: Store) -> None:
    with served(small) as (address, _):
        name = publish(small, "second")
        for file in (small.folder / "versions" / name / "graph").glob("*.sst"):
            damaged = bytearray(file.read_bytes())
            damaged[len(damaged) // 3 : len(damaged) // 2] = b"x" * (
                len(damaged) // 2 - len(damaged) // 3
            )
            file.unlink()  # it shares its bytes with the head
            file.write_bytes(damaged)
        until = time.monotonic() + 60
        while not (health := get(f"{address}/healthz").json())["trouble"]:
            assert time.monotonic() < until
            if health["version"] == name:
                pytest.fail("a damaged version is shown")
            time.sleep(0.05)
        rows = get(f"{address}/sparql", params={"query": EVERY, "format": "tsv"}).text
        assert set(rows.splitlines()[1:]) == {'"first"'}


def test_workers_that_are_shot_are_replaced(small: Store) -> None:
    with served(small) as (address, server):
        for pid in family(server):
            os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + 60
        while True:
            reply = get(f"{address}/sparql", params={"query": EVERY, "format": "tsv"})
            if reply.status_code == 200:
                break
            assert time.monotonic() < until
            assert reply.status_code == 503
            time.sleep(0.05)
        assert '"first"' in reply.text


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_whatever_ends_the_server_ends_all_of_it(small: Store, number: int) -> None:
    with served(small) as (address, server):
        busy = threading.Thread(target=_long_query, args=(address,))
        busy.start()
        while not re.search(r'state="running"} 1', get(f"{address}/metrics").text):
            time.sleep(0.02)
        members = family(server)
        assert len(members) > 3
        os.kill(server, number)
        busy.join()
        until = time.monotonic() + 60
        while alive := [pid for pid in (server, *members) if _parent(pid) is not None]:
            assert time.monotonic() < until, alive
            time.sleep(0.05)


def _long_query(address: str) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    try:
        get(f"{address}/sparql", params={"query": query})
    except httpx.HTTPError:
        return


def test_clients_that_dawdle_are_let_go_and_do_not_hinder_others(small: Store) -> None:
    with served(small) as (address, _):
        host, port = address.removeprefix("http://").split(":")
        dawdlers = [socket.create_connection((host, int(port))) for _ in range(260)]
        for position, sock in enumerate(dawdlers):
            if position % 3 == 1:
                sock.sendall(b"GET /sparql?query=ASK HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            elif position % 3 == 2:
                sock.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nquer")
        answer = get(f"{address}/sparql", params={"query": EVERY})
        assert answer.status_code == 200
        for sock in dawdlers:
            sock.settimeout(60)
            try:
                last = sock.recv(4096)
                assert not last or b"408" in last
            except ConnectionError:
                pass
            sock.close()

        # an address may be written as people write it
        with socket.create_connection((host, int(port))) as sock:
            for label in ("第一", "second"):
                query = f'ASK{{BIND("{label}"AS?x)}}'.encode()
                sock.sendall(b"GET /sparql?query=" + query + b" HTTP/1.1\r\nHost: x\r\n\r\n")
                said = b""
                while not said.endswith(b"true}"):
                    said += sock.recv(65536)
                assert said.startswith(b"HTTP/1.1 200")
            sock.sendall(b"GET /" + b"x" * 70_000)
            sock.sendall(b"x" * 70_000)
            assert b" 431 " in sock.recv(65536)


@pytest.mark.parametrize(
    ("name", "value"),
    [("DEADLINE", "soon"), ("MEMORY", "1"), ("ROWS", "0"), ("CORS", "a b"), ("URL", "example.org")],
)
def test_a_bad_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"TIAOKUAI_{name}={value!r}"):
        Settings.read({f"TIAOKUAI_{name}": value})


def test_settings_as_people_write_them() -> None:
    read = Settings.read({
        "TIAOKUAI_DEADLINE": "2.5 s", "TIAOKUAI_MEMORY": "2GiB", "TIAOKUAI_ROWS": "100,000",
        "TIAOKUAI_CORS": "https://a.example/, https://b.example", "TIAOKUAI_URL": "https://c.example/tk/",
    })  # fmt: skip
    assert (read.deadline, read.memory, read.rows) == (2.5, 2**31, 100_000)
    assert read.cors == ("https://a.example", "https://b.example")
    assert read.url == "https://c.example/tk"


@pytest.mark.parametrize(
    ("setting", "named"), [("1M", "port {port}"), ("-1", "TIAOKUAI_BYTES='-1'")]
)
def test_a_server_that_cannot_start_says_why_in_a_line(
    small: Store, setting: str, named: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "tiaokuai", "serve", "--port", str(port)],
            env={**os.environ, "TIAOKUAI_STORE": str(small.folder), "TIAOKUAI_BYTES": setting},
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert named.format(port=port) in done.stderr


def test_a_large_version_answers_from_its_folder_until_it_is_in_memory(
    small: Store, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    settings = {"LARGE": str(go), "PYTHONPATH": str(TESTS)}
    with served(small, _LARGE, **settings, TIAOKUAI_DEADLINE="2") as (address, _):
        health = get(f"{address}/healthz")
        assert (health.status_code, health.json()["status"]) == (200, "loading")
        asked = {"params": {"query": EVERY, "format": "tsv"}}
        rows = get(f"{address}/sparql", **asked).text
        assert set(rows.splitlines()[1:]) == {'"first"'}
        late = get(f"{address}/api/targets")  # what goes through the whole graph waits
        assert (late.status_code, late.json()["type"][-8:]) == (503, "/loading")
        assert int(late.headers["retry-after"])
        go.touch()
        while get(f"{address}/healthz").json()["status"] != "ok":
            time.sleep(0.05)
        assert get(f"{address}/").status_code == get(f"{address}/api/targets").status_code == 200
        assert get(f"{address}/sparql", **asked).text == rows


def test_a_large_version_that_cannot_be_read_ends_the_server(small: Store, tmp_path: Path) -> None:
    (tmp_path / "go").touch()
    for file in small.must_have().graph_folder.glob("*.sst"):
        whole = file.read_bytes()
        file.unlink()  # it shares its bytes with the head
        file.write_bytes(whole[:300] + b"x" * 300 + whole[600:])
    env = {"LARGE": str(tmp_path / "go"), "PYTHONPATH": str(TESTS)}
    done = subprocess.run(
        [sys.executable, "-c", f"{_LARGE}from tiaokuai import main\nmain()", "serve", "--port", "0"],
        env={**os.environ, **env, "TIAOKUAI_STORE": str(small.folder)},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 4
    assert str(small.folder) in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_client_too_many_is_told_so_and_may_come_again(small: Store) -> None:
    with served(small, TIAOKUAI_CONNECTIONS="1") as (address, _):
        with httpx.Client(base_url=address, timeout=60) as first:
            for path in ("/sparql", "/api/targets"):  # the short way and the long one
                assert first.get("/healthz").status_code == 200
                asked = {"params": {"query": EVERY}, "headers": {"accept-language": "en"}}
                late = get(f"{address}{path}", **asked)
                assert (late.status_code, late.headers["connection"]) == (503, "close")
                assert late.headers["content-type"] == "application/problem+json"
                assert int(late.headers["retry-after"])
                assert late.json()["detail"].startswith("more than 1 clients are connected")
        while (again := get(f"{address}/healthz")).status_code == 503:
            pass  # until the server has seen the first go
        assert again.status_code == 200
