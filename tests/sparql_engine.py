"""A SPARQL 1.1 engine over HTTP that works correctly until it is given a fault."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pyoxigraph
from pyoxigraph import NamedNode, QueryResultsFormat, QueryTriples, RdfFormat

FAULTS = {
    "html": (200, "text/html", b"<html><h1>Welcome</h1></html>"),
    "500": (500, "text/plain", b"out of memory\nat line 1"),
    "503": (503, "text/plain", b"shutting down"),
    "cut": (200, "application/sparql-results+json", b'{"head":{"vars":["s"]},"res'),
    "401": (401, "text/plain", b""),
    "403": (403, "text/plain", b"no"),
    "400": (400, "text/plain", b"no GROUP_CONCAT here"),
    "404": (404, "text/plain", b""),
}
"""The reply of each fault, on any path."""


class Engine(http.server.ThreadingHTTPServer):
    """The engine; `faults` says which of its paths have which fault."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.store = pyoxigraph.Store()
        self.turn = threading.Lock()
        self.faults: dict[str, str] = {}

    def handle_error(self, *_: object) -> None:
        """Ignore a client that left before its slow answer came."""

    def address(self, more: str = "&graphs=/graphs") -> str:
        """Its address, as --store takes it."""
        return f"sparql+http://u:secret@127.0.0.1:{self.server_port}/sparql?update=/update{more}"

    def graphs(self) -> set[str]:
        """The names of the graphs that it holds."""
        return {str(name)[1:-1] for name in self.store.named_graphs()}


@contextmanager
def running() -> Iterator[Engine]:
    """An engine that answers until the end."""
    with Engine() as engine:
        thread = threading.Thread(target=engine.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield engine
        finally:
            engine.shutdown()
            thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Engine

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"] or 0))
        path = urlsplit(self.path).path
        fault = self.server.faults.get(path, "")
        if fault == "slow":
            time.sleep(1)  # twice as long as the client waits
        if fault == "ended":
            self._say(200, "application/sparql-results+json", b'{"head"', more=100)
        elif fault in FAULTS:
            self._say(*FAULTS[fault])
        else:
            with self.server.turn:
                self._do(path, body)

    do_PUT = do_POST  # noqa: N815

    def _do(self, path: str, body: bytes) -> None:
        store = self.server.store
        if path == "/sparql":
            self._ask(parse_qs(body.decode()))
        elif path == "/update":
            store.update(body.decode())
            self._say(204, "text/plain", b"")
        else:
            graph = NamedNode(parse_qs(urlsplit(self.path).query)["graph"][0])
            if self.command == "PUT":
                store.remove_graph(graph)
            store.load(body, format=RdfFormat.N_TRIPLES, to_graph=graph)
            self._say(204, "text/plain", b"")

    def _ask(self, form: dict[str, list[str]]) -> None:
        default = [NamedNode(name) for name in form.get("default-graph-uri", ())]
        named = [NamedNode(name) for name in form.get("named-graph-uri", ())]
        given = bool(default or named)
        found = self.server.store.query(
            form["query"][0],
            default_graph=list(default) if given else None,
            named_graphs=list(named) if given else None,
        )
        if isinstance(found, QueryTriples):
            body = found.serialize(format=RdfFormat.N_TRIPLES) or b""
            self._say(200, "application/n-triples", body)
        else:
            body = found.serialize(format=QueryResultsFormat.JSON) or b""
            self._say(200, "application/sparql-results+json", body)

    def _say(self, status: int, kind: str, body: bytes, more: int = 0) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body) + more))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""
