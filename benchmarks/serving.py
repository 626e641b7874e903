"""Our server beside `oxigraph serve`, on disk and in memory: requests a second and CPU a request.

    python benchmarks/serving.py STORE [--seconds 5] [--connections 4]

All answer the same queries over the same quads, in one run, round after round. No query is asked
twice, so that nothing is answered from memory; every answer is read to its end. CPU is that of the
server with all its processes. The mix: 70 % point, 20 % join, 2 % aggregate, 8 % text.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import uvloop
from pyoxigraph import QuerySolutions, RdfFormat

from graph.store import Store

_PREFIXES = (
    "PREFIX tk: <https://w3id.org/tiaokuai/ns#> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
)
QUERIES = {
    "point": "SELECT ?p ?o {{ <{target}> ?p ?o }}",
    "join": "SELECT ?t ?n ?b {{ ?t tk:lead/skos:prefLabel '{body}'@zh ; skos:notation ?n ; "
    "tk:coordinate/skos:prefLabel ?b }}",
    "aggregate": "SELECT ?a ?b (COUNT(DISTINCT ?t) AS ?n) {{ ?t tk:lead|tk:coordinate ?a, ?b . "
    "FILTER(STR(?a) < STR(?b)) }} GROUP BY ?a ?b ORDER BY DESC(?n) LIMIT 20",
    "text": "SELECT ?s ?label {{ ?s skos:prefLabel ?label FILTER(CONTAINS(?label, '{text}')) }}",
}
MIX = ("point",) * 70 + ("join",) * 20 + ("aggregate",) * 2 + ("text",) * 8


def tree(pid: int) -> set[int]:
    """A process and all that it has started."""
    found, new = {pid}, {pid}
    while new:
        new = {
            int(stat.parent.name) for stat in Path("/proc").glob("[0-9]*/stat")
            if (said := _stat(stat)) and int(said[1]) in found
        } - found  # fmt: skip
        found |= new
    return found


def _stat(path: Path) -> list[str]:
    try:
        return path.read_text().rpartition(")")[2].split()
    except OSError:
        return []


def cpu(pid: int) -> float:
    """The CPU seconds that a server and its children have used, buried children too."""
    ticks = os.sysconf("SC_CLK_TCK")
    stats = [_stat(Path(f"/proc/{p}/stat")) for p in tree(pid)]
    return sum(sum(map(int, s[11:15])) for s in stats if s) / ticks


@contextmanager
def server(command: list[str], address: str, env: dict[str, str]) -> Iterator[int]:
    """A server that answers at an address; its process."""
    with subprocess.Popen(command, env={**os.environ, **env}, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(200):
                time.sleep(0.1)
                host, port = address.split(":")
                try:
                    asyncio.run(_reached(host, int(port)))
                    break
                except OSError:
                    continue
            yield process.pid
        finally:
            process.terminate()


async def _reached(host: str, port: int) -> None:
    _, writer = await asyncio.open_connection(host, port)
    writer.close()


async def load(
    address: str, path: str, queries: Iterator[str], seconds: float, connections: int
) -> int:
    """How many queries are answered by a server in some seconds."""
    host, port = address.split(":")
    end = time.perf_counter() + seconds
    counts = [0] * connections

    async def connection(number: int) -> None:
        reader, writer = await asyncio.open_connection(host, int(port), limit=1 << 24)
        while time.perf_counter() < end:
            query = quote(_PREFIXES + next(queries))
            writer.write(
                f"GET {path}?query={query} HTTP/1.1\r\nHost: {address}\r\n"
                "Accept: application/sparql-results+json\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            lower = head.lower()
            if b"content-length:" in lower:
                await reader.readexactly(int(lower.split(b"content-length:")[1].split(b"\r\n")[0]))
            else:
                while size := int(await reader.readuntil(b"\r\n"), 16):
                    await reader.readexactly(size + 2)
                await reader.readexactly(2)
            counts[number] += 1
        writer.close()

    await asyncio.gather(*(connection(n) for n in range(connections)))
    return sum(counts)


def questions(
    kind: str, targets: list[str], bodies: list[str], rng: random.Random
) -> Iterator[str]:
    """Queries of a kind, each with a comment of its own."""
    while True:
        form = QUERIES[rng.choice(MIX) if kind == "mix" else kind]
        body = rng.choice(bodies)
        said = form.format(target=rng.choice(targets), body=body, text=body[:2])
        yield f"{said} # {rng.random()}"


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    snapshot = Store(given.store).memory()

    def column(query: str) -> list[str]:
        found = snapshot.query(query)
        assert isinstance(found, QuerySolutions)
        return [row[0].value for row in found]

    targets = column("SELECT ?t { ?t a tk:Target }")
    bodies = column("SELECT ?n { ?b a tk:Body ; skos:prefLabel ?n }")
    with tempfile.TemporaryDirectory() as folder:
        oxigraph = str(Path(sys.executable).parent / "oxigraph")
        data = Path(folder) / "data.nq"
        data.write_bytes(snapshot.store.dump(format=RdfFormat.N_QUADS) or b"")
        disk = ["--location", folder + "/oxigraph"]
        subprocess.run(
            [oxigraph, "load", *disk, "--file", str(data)], check=True, capture_output=True
        )
        union = ["--union-default-graph"]
        servers = {
            "tiaokuai": (
                [sys.executable, "-m", "tiaokuai", "serve", "--port", "8141", "--workers", "2"],
                "127.0.0.1:8141", "/sparql",
            ),
            "oxigraph, disk": (
                [oxigraph, "serve-read-only", *disk, "--bind", "127.0.0.1:8142", *union],
                "127.0.0.1:8142", "/query",
            ),
            "oxigraph, memory": (
                [oxigraph, "serve", "--bind", "127.0.0.1:8143", *union],
                "127.0.0.1:8143", "/query",
            ),
        }  # fmt: skip
        best: dict[tuple[str, str], tuple[float, float]] = {}
        for _ in range(given.rounds):
            for name, (command, address, path) in servers.items():
                env = {"TIAOKUAI_STORE": str(given.store)}
                with server(command, address, env) as pid:
                    if name.endswith("memory"):
                        _fill(address, data)
                    for kind in (*QUERIES, "mix"):
                        asked = questions(kind, targets, bodies, random.Random(7))
                        uvloop.run(load(address, path, asked, 0.5, given.connections))
                        before = cpu(pid)
                        count = uvloop.run(
                            load(address, path, asked, given.seconds, given.connections)
                        )
                        rate, each = count / given.seconds, (cpu(pid) - before) / count * 1000
                        best[name, kind] = max(best.get((name, kind), (0.0, 0.0)), (rate, each))
    print(f"| {len(snapshot.store)} quads | " + " | ".join((*QUERIES, "mix")) + " |")
    print("| --- " * (len(QUERIES) + 2) + "|")
    for name in servers:
        cells = [best[name, kind] for kind in (*QUERIES, "mix")]
        print(
            f"| {name} | " + " | ".join(f"{rate:,.0f} ({each:.2f})" for rate, each in cells) + " |"
        )


def _fill(address: str, data: Path) -> None:
    import httpx

    for _ in range(50):
        try:
            httpx.post(
                f"http://{address}/store", content=data.read_bytes(), timeout=300,
                headers={"content-type": "application/n-quads"},
            ).raise_for_status()  # fmt: skip
            return
        except httpx.ConnectError:
            time.sleep(0.1)


if __name__ == "__main__":
    main()
