"""The W3C tests of the SPARQL 1.1 Protocol and the Graph Store Protocol, run against our server.

    python -m benchmarks.protocol FOLDER      the folder `rdf-tests/sparql/sparql11` of the suite

Starts a server over an empty store, prints what failed and how many passed, exits 1 on failure.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.term import Node

from benchmarks.engines import tiaokuai
from graph.store.store import Store

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
TOKEN = "w3c"
_STATUS = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404, "BadRequest": 400}


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server over a store with one triple, that may be written to."""
    said = Quad(
        NamedNode("http://e/s"), NamedNode("http://e/p"), Literal("o"), NamedNode("http://e/g")
    )
    Store(folder).publish([], shared=[said], extractor="w3c")
    with tiaokuai(folder, TIAOKUAI_TOKEN=TOKEN) as server:
        yield server.address


class Suite:
    """One manifest and the server that it is run against."""

    def __init__(self, manifest: Path, client: httpx.Client) -> None:
        self.graph = Graph().parse(manifest, publicID=manifest.as_uri())
        self.client = client
        (head,) = self.graph.subjects(RDF.type, MF.Manifest)
        (entries,) = self.graph.objects(head, MF.entries)
        self.tests = list(Collection(self.graph, entries))

    def value(self, node: Node, *path: URIRef) -> str:
        """The text at the end of a path from a node; empty where there is none."""
        at: Node | None = node
        for step in path:
            at = self.graph.value(at, step)
        return "" if at is None else str(at)

    def failure(self, test: Node) -> str:
        """Why a test fails; empty where it passes. Each begins with an empty store."""
        self.client.post("/update", data={"update": "DROP ALL"}).raise_for_status()
        for data in self.graph.objects(test, UT.graphData):
            file = self.graph.value(data, UT.graph)
            lines = Path(str(file).removeprefix("file://")).read_bytes()
            self.client.put(
                "/graphs", params={"graph": self.value(data, RDFS.label)}, content=lines,
                headers={"content-type": "application/n-triples"},
            )  # fmt: skip
        requests = self.graph.value(self.graph.value(test, MF.action), HT.requests)
        assert requests is not None
        location = ""
        for request in Collection(self.graph, requests):
            reply = self.send(request, location)
            location = reply.headers.get("location", location)
            response = self.graph.value(request, HT.resp)
            assert response is not None
            why = self.wrong(response, reply)
            if why:
                return f"{self.value(request, HT.methodName)} {reply.url}: {why}"
        return ""

    def send(self, request: Node, location: str) -> httpx.Response:
        """One request of a test, to the route of ours that it is for."""
        path = self.value(request, HT.absolutePath).replace("$LOCATION$", location)
        query = path.partition("?")[2]
        headers: dict[str, str] = {}
        listed = self.graph.value(request, HT.headers)
        if listed is not None:
            for header in Collection(self.graph, listed):
                headers[self.value(header, HT.fieldName).lower()] = self.value(
                    header, HT.fieldValue
                )
        body = self.value(request, HT.body, CNT.chars)
        charset = self.value(request, HT.body, CNT.characterEncoding) or "utf-8"
        media = headers.get("content-type", "")
        if not path.startswith("/sparql"):
            route = "/graphs"
        elif "update" in media or "update=" in query + body or "using" in query:
            route = "/update"
        else:
            route = "/sparql"
        if self.value(request, HT.methodName) in ("GET", "HEAD"):
            headers.setdefault("accept", "*/*")
        return self.client.request(
            self.value(request, HT.methodName), route + ("?" + query if query else ""),
            headers=headers, content=body.encode(charset) if body else None,
        )  # fmt: skip

    def wrong(self, response: Node, reply: httpx.Response) -> str:
        """Describe what is wrong with a reply."""
        wanted = [
            str(s).rpartition("#")[2]
            for p in (MF.expectedStatus,)
            for s in self.graph.objects(response, p)
        ]
        status = reply.status_code
        fits = (
            (w.startswith("StatusCode") and int(w[10]) == status // 100) or _STATUS.get(w) == status
            for w in wanted
        )
        if wanted and not any(fits):
            return f"{status}, not {wanted}: {reply.text[:200]}"
        boolean = self.value(response, MF.expectedBoolean)
        if boolean and str(reply.json()["boolean"]).lower() != boolean:
            return f"the answer is not {boolean}"
        form, media = self.value(response, MF.expectedFormat), reply.headers.get("content-type", "")
        if form == "RDF" and RdfFormat.from_media_type(media.partition(";")[0]) is None:
            return f"{media} is no RDF"
        if form in ("tabular", "boolean") and "sparql-results" not in media:
            return f"{media} is no result"
        chars = self.value(response, HT.body, CNT.chars)
        if chars and status == 200:
            had, want = Graph(), Graph()
            base = "http://www.example/"
            had.parse(data=reply.content, format="turtle", publicID=base)
            want.parse(data=chars, format="turtle", publicID=base)
            if not isomorphic(had, want):
                return f"another graph:\n{had.serialize()}\n{want.serialize()}"
        return ""


def main(folder: Path) -> int:
    """Count the failed tests."""
    failed = 0
    for name in ("protocol/manifest.ttl", "graph-store-protocol/manifest-indirect.ttl"):
        with tempfile.TemporaryDirectory() as place, served(Path(place) / "store") as address:
            headers = {"authorization": f"Bearer {TOKEN}"}
            with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
                suite = Suite((folder / name).absolute(), client)
                bad = [(t, why) for t in suite.tests if (why := suite.failure(t))]
        for test, why in bad:
            print(f"{str(test).rpartition('#')[2]}: {why}")
        print(f"{name}: {len(suite.tests) - len(bad)} of {len(suite.tests)}")
        failed += len(bad)
    return failed


if __name__ == "__main__":
    sys.exit(1 if main(Path(sys.argv[1])) else 0)
