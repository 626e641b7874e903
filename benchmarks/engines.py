"""The servers that are set side by side, each as its own documentation starts it.

All hold the same quads and answer over the union of their graphs. Oxigraph and rdflib-endpoint
come from `make peers`, into an environment of their own; Virtuoso comes from Debian.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import httpx
from pyoxigraph import RdfFormat, parse, serialize

from benchmarks.processes import free_port, server
from benchmarks.virtuoso import virtuoso

OURS, MEMORY, DISK = "tiaokuai", "oxigraph serve, memory", "oxigraph serve, disk"
VIRTUOSO, RDFLIB = "Virtuoso", "rdflib-endpoint"
PEERS = Path(sys.prefix) / "peers" / "bin"


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers: where, and its process."""

    name: str
    port: int
    path: str
    pid: int

    @property
    def address(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def ready(self) -> Running:
        """Itself, as soon as it answers: some listen before they can."""
        httpx.get(
            self.address + self.path, params={"query": "ASK { ?s ?p ?o }"},
            headers={"accept": "application/sparql-results+json"}, timeout=600,
        ).raise_for_status()  # fmt: skip
        return self


Engine = Callable[[], AbstractContextManager[Running]]


def engines(store: Path, quads: Path, folder: Path) -> dict[str, Engine]:
    """Return by name how to start each server over a store and the same quads in a file.

    Raises SystemExit where a program is not installed.
    """
    missing = [n for n in ("oxigraph", "rdflib-endpoint") if not (PEERS / n).exists()]
    if missing:
        raise SystemExit(f"{' and '.join(missing)} not there; this brings them: make peers")
    for program, package in (("wrk", "wrk"), ("virtuoso-t", "virtuoso-opensource-7-bin")):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} not there; this brings it: apt-get install {package}")
    return {
        OURS: lambda: tiaokuai(store),
        MEMORY: lambda: _oxigraph(quads),
        DISK: lambda: _oxigraph_disk(quads, folder / "oxigraph"),
        VIRTUOSO: lambda: _virtuoso(quads, folder / "virtuoso"),
        RDFLIB: lambda: _rdflib(quads),
    }


def versions() -> dict[str, str]:
    """The release of each program that is measured."""
    python = str(PEERS / "python")
    said = (
        "import importlib.metadata as m; print(m.version('rdflib-endpoint'), m.version('rdflib'))"
    )
    endpoint, rdflib = _output([python, "-c", said]).split()
    debian = _output(["dpkg-query", "-W", "-f", "${Version}", "virtuoso-opensource-7-bin"])
    return {
        "oxigraph": _output([str(PEERS / "oxigraph"), "--version"]).split()[-1],
        "rdflib-endpoint": f"{endpoint} (rdflib {rdflib})",
        "Virtuoso": debian or "?",
        "wrk": _output(["wrk", "-v"]).split()[1],
    }


def _output(command: list[str]) -> str:
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()


@contextmanager
def tiaokuai(store: Path, **settings: str) -> Iterator[Running]:
    """Our server over a store, with settings of the environment."""
    port = free_port()
    command = [sys.executable, "-m", "tiaokuai", "serve", "--port", str(port)]
    with server(command, port, env={"TIAOKUAI_STORE": str(store), **settings}) as pid:
        running = Running(OURS, port, "/sparql", pid).ready()
        while httpx.get(f"http://127.0.0.1:{port}/healthz").json()["status"] == "loading":
            time.sleep(0.2)  # its folder answers until the version is in memory
        yield running


@contextmanager
def _oxigraph(quads: Path) -> Iterator[Running]:
    port = free_port()
    command = [str(PEERS / "oxigraph"), "serve", "--union-default-graph", "--bind"]
    with server([*command, f"127.0.0.1:{port}"], port) as pid:
        httpx.post(
            f"http://127.0.0.1:{port}/store", content=quads.read_bytes(), timeout=600,
            headers={"content-type": "application/n-quads"},
        ).raise_for_status()  # fmt: skip
        yield Running(MEMORY, port, "/query", pid).ready()


@contextmanager
def _oxigraph_disk(quads: Path, folder: Path) -> Iterator[Running]:
    port, oxigraph = free_port(), str(PEERS / "oxigraph")
    place = ["--location", str(folder)]
    if not folder.exists():
        load = [oxigraph, "load", *place, "--file", str(quads)]
        subprocess.run(load, check=True, capture_output=True)
    command = [oxigraph, "serve-read-only", *place, "--union-default-graph", "--bind"]
    with server([*command, f"127.0.0.1:{port}"], port) as pid:
        yield Running(DISK, port, "/query", pid).ready()


@contextmanager
def _virtuoso(quads: Path, folder: Path) -> Iterator[Running]:
    filled = folder.exists()
    folder.mkdir(exist_ok=True)
    with virtuoso(folder, rows=100_000) as (port, pid):
        if not filled:
            _fill(port, quads)
        yield Running(VIRTUOSO, port, "/sparql", pid).ready()


def _fill(port: int, quads: Path) -> None:
    """Hands a Virtuoso the quads, graph by graph."""
    said = parse(path=str(quads), format=RdfFormat.N_QUADS)
    by_graph = sorted(said, key=lambda quad: str(quad.graph_name))
    for graph, group in groupby(by_graph, key=lambda quad: quad.graph_name):
        triples = serialize((quad.triple for quad in group), format=RdfFormat.N_TRIPLES)
        for attempt in range(20):
            try:
                httpx.put(
                    f"http://127.0.0.1:{port}/sparql-graph-crud-auth", content=triples,
                    params={"graph": str(graph)[1:-1]}, auth=httpx.DigestAuth("dba", "dba"),
                    headers={"content-type": "application/n-triples"}, timeout=600,
                ).raise_for_status()  # fmt: skip
                break
            except httpx.TransportError:  # it listens before it is ready
                if attempt == 19:
                    raise
                time.sleep(0.5)


@contextmanager
def _rdflib(quads: Path) -> Iterator[Running]:
    port = free_port()
    command = [str(PEERS / "rdflib-endpoint"), "serve", "--port", str(port), str(quads)]
    with server(command, port, grace=0) as pid:  # a query that runs on would hold its end up
        yield Running(RDFLIB, port, "/", pid).ready()
