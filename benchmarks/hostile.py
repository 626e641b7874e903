"""Send hostile queries and data of many sizes over HTTP, next to a canary.

    python -m benchmarks.hostile STORE [--deadline 3] [--most 100000]

For each class and size: the answer and its seconds. Then the promises: every request is answered
within the deadline and a second, no server dies, nothing calls the loopback listener, and the
canary, an ordinary query twenty times a second, is answered within 200 ms.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

from benchmarks.engines import tiaokuai
from benchmarks.processes import alive

TOKEN = "hostile"
CANARY = "SELECT ?p ?o { ?s a tk:Target ; ?p ?o } LIMIT 20 # {n}"


def sizes_to(most: int) -> list[int]:
    """The sizes from 1 on, eight for each power of ten."""
    return sorted({n for step in range(41) if (n := int(10 ** (step / 8))) <= most})


def distinct(sizes: list[int]) -> int:
    """Count the distinct queries and writes of these sizes."""
    found: set[object] = set()
    for n in sizes:
        found |= set(queries(n, 1).values()) | set(writes(n, 1).values())
    return len(found)


def queries(n: int, port: int) -> dict[str, str]:
    """A hostile query of each class, of about this size; some classes have but one size."""
    wide = " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(min(n, 30)))
    return {
        "nested EXISTS": "ASK { " + "FILTER EXISTS { " * n + "}" * (n + 1),
        "nested CONCAT": "SELECT (" + "CONCAT('a'," * n + "'b'" + ")" * n + " AS ?x) {}",
        "nested IF": "SELECT (" + "IF(true," * n + "1" + ",2)" * n + " AS ?x) {}",
        "nested sub-selects": "SELECT * { " + "{ SELECT * { " * n + "}}" * n + "}",
        "nested braces": "SELECT * " + "{" * n + "}" * n,
        "nested OPTIONAL": "ASK { " + "OPTIONAL { ?s ?p ?o " * n + "}" * (n + 1),
        "parentheses": "ASK { FILTER(" + "(" * n + "1" + ")" * n + ") }",
        "flat MINUS": "ASK { ?s ?p ?o" + " MINUS { ?s ?p 1 }" * n + "}",
        "flat UNION": "ASK { {}" + " UNION {}" * n + "}",
        "flat OPTIONAL": "ASK { ?s ?p ?o" + " OPTIONAL { ?s ?p ?o }" * n + "}",
        "plus": "ASK { FILTER(1" + "+1" * n + ") }",
        "or": "ASK { FILTER(1" + "||1" * n + ") }",
        "not": "ASK { FILTER(" + "!" * n + "1) }",
        "path alternatives": "ASK { ?s " + "|".join(["tk:no"] * n) + " ?o }",
        "path steps": "ASK { ?s " + "/".join(["!tk:no"] * n) + " ?o }",
        "star": "ASK { " + "".join(f"?s ?p{i} ?o{i} . " for i in range(n)) + "}",
        "nested brackets": "ASK { ?s ?p " + "[ ?p " * n + "1" + "]" * n + "}",
        "product": "SELECT (COUNT(*) AS ?n) { " + wide + " }",
        "sort of a product": "SELECT * { " + wide + " } ORDER BY ?c0",
        "GROUP_CONCAT": "SELECT (GROUP_CONCAT(?c0) AS ?x) { " + wide + " }",
        "open paths": "SELECT * { " + " . ".join(f"?a{i} (!tk:no)* ?b{i}" for i in range(min(n, 30))) + " }",
        "doubling": "SELECT ?x40 { BIND('aaaaaaaaaaaaaaaa' AS ?x0) "
        + "".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1}) " for i in range(40)) + "}",
        "triple terms": "SELECT ?x { BIND(" + "TRIPLE(tk:a, tk:b, " * n + "1" + ")" * n + " AS ?x) }",
        "regex": "ASK { FILTER(REGEX('" + "a" * n + "', '(a+)+$b')) }",
        "IN": "ASK { ?s ?p ?o FILTER(?o IN (" + ",".join(map(str, range(n))) + ")) }",
        "SERVICE": f"ASK {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}",
        "hidden SERVICE": f"ASK {{ FILTER EXISTS {{ sErViCe#x\n silent <http://127.0.0.1:{port}/> {{}} }} }}",
    }  # fmt: skip


def writes(n: int, port: int) -> dict[str, tuple[str, str, bytes]]:
    """A hostile write of each class: path, media type, body."""
    turtle, update = "text/turtle", "application/sparql-update"
    entities = "".join(f'<!ENTITY e{i + 1} "&e{i};&e{i};">' for i in range(min(n, 40)))
    bomb = (
        f'<!DOCTYPE r [<!ENTITY e0 "aaaaaaaaaaaaaaaa">{entities}]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
        f'<rdf:Description rdf:about="http://e/s"><e:p>&e{min(n, 40)};</e:p>'
        "</rdf:Description></rdf:RDF>"
    )
    graph = "/graphs?graph=http://e/g"
    return {
        "update, nested brackets": ("/update", update, ("INSERT DATA { <http://e/a> <http://e/b> " + "[ <http://e/b> " * n + "1" + "]" * n + "}").encode()),
        "LOAD": ("/update", update, f"LOAD <http://127.0.0.1:{port}/>".encode()),
        "Turtle, nested triple terms": (graph, turtle, ("<http://e/a> <http://e/b> " + "<<( <http://e/a> <http://e/b> " * n + "1" + " )>>" * n + " .").encode()),
        "RDF/XML, entities": (graph, "application/rdf+xml", bomb.encode()),
    }  # fmt: skip


class Canary(threading.Thread):
    """Asks an ordinary question twenty times a second, and notes how long each took."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self.address = address
        self.taken: list[tuple[float, str]] = []
        self.bad: list[str] = []
        self.during = "idle"
        self.end = threading.Event()

    def run(self) -> None:
        """Until `end` is set."""
        with httpx.Client(base_url=self.address, timeout=30) as client:
            n = 0
            while not self.end.wait(0.05):
                n += 1
                during, began = self.during, time.monotonic()
                try:
                    reply = client.get("/sparql", params={"query": CANARY.replace("{n}", str(n))})
                    if reply.status_code != 200:
                        self.bad.append(f"{during}: {reply.status_code}")
                except httpx.HTTPError as error:
                    self.bad.append(f"{during}: {error!r}")
                self.taken.append((time.monotonic() - began, during))


def main() -> int:
    """Count the broken promises."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--deadline", type=float, default=3)
    parser.add_argument("--most", type=int, default=100_000)
    given = parser.parse_args()
    sizes = sizes_to(given.most)
    late: list[str] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.create_server(("127.0.0.1", 0)) as listener,
    ):
        listener.settimeout(0.01)
        port = listener.getsockname()[1]
        shutil.copytree(given.store, Path(folder) / "store")
        settings = {
            "TIAOKUAI_DEADLINE": f"{given.deadline:g}",
            "TIAOKUAI_TOKEN": TOKEN,
            "TIAOKUAI_MEMORY": "512M",
        }
        with tiaokuai(Path(folder) / "store", **settings) as server:
            canary = Canary(server.address)
            canary.start()
            time.sleep(5)
            print(f"{distinct(sizes)} distinct queries and writes\n")
            print("| class | " + " | ".join(map(str, sizes)) + " |")
            print("| --- " * (len(sizes) + 1) + "|")
            with httpx.Client(base_url=server.address, timeout=150) as client:

                def ask(name: str, path: str, media: str, body: bytes, limit: float) -> str:
                    canary.during = name
                    began = time.monotonic()
                    headers = {"content-type": media, "authorization": f"Bearer {TOKEN}"}
                    try:
                        reply = client.post(path, content=body, headers=headers)
                        kind = "answered"
                        if reply.status_code >= 300:
                            kind = str(reply.json()["type"]).rpartition("/")[2]
                    except httpx.HTTPError as error:
                        kind = repr(error)
                        late.append(f"{name}: {kind}")
                    took = time.monotonic() - began
                    if took > limit + 1:
                        late.append(f"{name}: {took:.1f} s")
                    return f"{kind} {took:.2f}"

                for name in queries(1, port):
                    cells = [
                        ask(
                            name, "/sparql", "application/sparql-query",
                            queries(n, port)[name].encode(), given.deadline,
                        )
                        for n in sizes
                    ]  # fmt: skip
                    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
                for name in writes(1, port):
                    cells = [ask(name, *writes(n, port)[name], 120) for n in sizes]
                    print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
                canary.end.set()
                canary.join()
                dead = not alive(server.pid)
        heard = _calls(listener)
    idle = sorted(t for t, during in canary.taken if during == "idle")
    busy = sorted(t for t, during in canary.taken if during != "idle")
    slow = [f"{during} {t * 1000:.0f} ms" for t, during in canary.taken if t > 0.2 and during != "idle"]  # fmt: skip
    print(f"\nserver deaths: {int(dead)}; answered too late: {late or 0}; calls heard: {heard}")
    print(f"canary: {len(busy)} asked, {len(canary.bad)} not answered {canary.bad[:5]}")
    print(
        f"p99 idle {_p99(idle):.0f} ms, under attack {_p99(busy):.0f} ms, "
        f"slowest {busy[-1] * 1000:.0f} ms; above 200 ms: {slow or 0}"
    )
    return len(late) + len(canary.bad) + int(dead) + len(slow) + heard


def _calls(listener: socket.socket) -> int:
    """Count the calls."""
    for count in range(10_000):
        try:
            listener.accept()[0].close()
        except TimeoutError:
            return count
    return 10_000


def _p99(taken: list[float]) -> float:
    return taken[int(len(taken) * 0.99)] * 1000


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
