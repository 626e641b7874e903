"""The pool: ending work, the limits of a sandboxed process, answers of a worker."""

from __future__ import annotations

import asyncio
import os
import platform
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from api.errors import Crashed, Crowded, EngineError, Exhausted, Overrun
from api.query.job import CallJob, QueryJob
from api.settings import Settings
from api.workers.fork_client import ForkServer
from api.workers.pool import Pool
from graph.errors import BrokenStore
from graph.store.manifest import read_manifest, write_manifest
from graph.store.snapshot import Snapshot
from graph.store.store import Store
from loaders.sandbox import limits

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@dataclass(frozen=True, slots=True)
class Said:
    """A reply, as a function of ours gives it."""

    status: int
    media: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def called(snapshot: Snapshot, what: str) -> Said:
    """A function of ours that may behave badly."""
    match what:
        case "sleep":
            time.sleep(60)
        case "abort":
            os.abort()
        case "fault":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "hoard":
            return Said(200, "x/y", bytes(2**30))
        case "fail":
            raise ValueError("as it was asked to")
        case "files":
            return Said(200, "x/y", Path(__file__).read_bytes()[:9], (("a", "b"),))
    return Said(200, "x/y", str(len(snapshot.store)).encode())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    made = Store(tmp_path_factory.mktemp("pool"))
    quads = [
        Quad(
            NamedNode(f"http://e/{n}"), NamedNode("http://e/p"), Literal(n), NamedNode("http://e/g")
        )
        for n in range(300)
    ]
    made.publish([], shared=quads, extractor="test")
    return made


def pooled(store: Store, work: Callable[[Pool], Awaitable[None]], *, on_disk: bool = False) -> None:
    """Runs some work on a pool of the store's version."""

    async def run() -> None:
        version = store.current()
        assert version is not None
        settings = Settings(deadline=1.0, memory=128 * 2**20)
        pool = Pool(version, settings, ForkServer(()), workers=1)
        await pool.start(on_disk=on_disk)
        try:
            await work(pool)
        finally:
            pool.close()
            await asyncio.sleep(0)  # the transports close

    asyncio.run(run())


async def ask(pool: Pool, text: str, seconds: float = 20.0, **given: Any) -> Any:
    """Return a worker's answer to a query: its head, and the body."""
    given = {"solutions": "tsv", "triples": "nt", "rows": 1000, "size": 10**6, **given}
    until = asyncio.get_running_loop().time() + seconds
    return await pool.run(QueryJob(text, **given), until)


async def call(pool: Pool, what: str, seconds: float = 20.0) -> Any:
    until = asyncio.get_running_loop().time() + seconds
    return await pool.run(CallJob(f"{__name__}:called", what), until)


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_version_answers_from_memory_and_from_disk(store: Store, on_disk: bool) -> None:
    async def work(pool: Pool) -> None:
        found = await ask(pool, "SELECT (COUNT(*) AS ?n) (SUM(?o) AS ?all) { ?s ?p ?o }")
        assert found.body == b"?n\t?all\n300\t44850\n"
        refused = await ask(pool, "ASK { SERVICE <http://127.0.0.1:1/> {} }")
        assert refused.head["is"] == "refused"
        with pytest.raises(Overrun):
            await ask(pool, RUNAWAY, 0.3)
        assert (await ask(pool, "ASK {}")).body == b"true"

    pooled(store, work, on_disk=on_disk)


@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="no wheel of mimalloc"
)
def test_workers_have_the_quicker_allocator(store: Store) -> None:
    async def work(pool: Pool) -> None:
        [worker] = pool.queues["query"].idle
        assert "libmimalloc" in Path(f"/proc/{worker.pid}/maps").read_text()

    pooled(store, work)


@pytest.mark.parametrize(
    ("what", "error"),
    [("sleep", Overrun), ("abort", Exhausted), ("hoard", Exhausted), ("fault", Crashed)],
)
def test_a_call_that_goes_wrong_costs_only_itself(
    store: Store, what: str, error: type[EngineError]
) -> None:
    async def work(pool: Pool) -> None:
        with pytest.raises(error):
            await call(pool, what, 0.5 if what == "sleep" else 20)
        assert (await call(pool, "count")).body == b"300"

    pooled(store, work)


def test_what_a_call_says(store: Store) -> None:
    async def work(pool: Pool) -> None:
        said = await call(pool, "files")
        assert (said.head["status"], said.head["headers"], said.body) == (
            200,
            [["a", "b"]],
            b'"""The po',
        )
        failed = await call(pool, "fail")
        assert failed.head["is"] == "failed"
        assert "as it was asked to" in failed.head["why"]

    pooled(store, work)


def test_a_lane_that_is_full_gives_the_longest_query_up(store: Store) -> None:
    async def work(pool: Pool) -> None:
        pool.queues["query"].most = 2
        long = [asyncio.create_task(ask(pool, RUNAWAY, 30)) for _ in range(2)]
        while len(pool.queues["query"].running) < 2:
            await asyncio.sleep(0.01)
        assert (await ask(pool, "ASK {}", 30)).body == b"true"
        done, going = await asyncio.wait(long, return_when=asyncio.FIRST_COMPLETED)
        assert [type(task.exception()) for task in done] == [Crowded]
        assert len(going) == 1
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)
        assert not pool.queues["query"].running

    pooled(store, work)


def test_whoever_stops_waiting_stops_the_work(store: Store) -> None:
    async def work(pool: Pool) -> None:
        task = asyncio.create_task(ask(pool, RUNAWAY, 60))
        while not (running := list(pool.queues["query"].running)):
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        while Path(f"/proc/{running[0]}").exists():
            await asyncio.sleep(0.01)
        assert (await ask(pool, "ASK {}")).body == b"true"

    pooled(store, work)


def test_a_pool_that_is_retired_ends_with_its_last_holder(store: Store) -> None:
    async def work(pool: Pool) -> None:
        with pool.held():
            pool.retire()
            assert (await ask(pool, "ASK {}")).body == b"true"
            assert not pool.closed
        assert pool.closed

    pooled(store, work)


def test_a_version_with_missing_quads_is_broken(store: Store, tmp_path: Path) -> None:
    version = store.current()
    assert version is not None
    copy = tmp_path / version.id
    copy.mkdir()
    write_manifest(replace(version, quads=301), copy)
    (copy / "graph").symlink_to(version.graph_folder)

    async def run() -> None:
        pool = Pool(read_manifest(copy), Settings(), ForkServer(()), workers=1)
        with pytest.raises(BrokenStore, match="300 of 301"):
            await pool.start()

    asyncio.run(run())


@pytest.mark.parametrize("files", [True, False])
def test_a_sealed_process_has_no_way_out(files: bool) -> None:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            limits.close_ways_out(files=files)
            ways: list[Callable[[], object]] = [
                lambda: socket.create_connection(("127.0.0.1", 1)),
                socket.socketpair,
                lambda: os.execv("/bin/true", ["true"]),
            ]
            if not files:
                ways.append(lambda: os.open("/etc/hostname", os.O_RDONLY))
            code = sum(_is_open(way) for way in ways)
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def _is_open(way: Callable[[], object]) -> bool:
    try:
        way()
    except OSError as error:
        return isinstance(error, ConnectionError)
    return True
