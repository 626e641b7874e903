"""A SPARQL 1.1 engine over HTTP: reads that are tried again, writes, and what went wrong by name.

Whatever an engine does wrong ends as a StoreError of one line that names the engine, never its
password: not there, refuses the password, too slow, an error page, a page of HTML with status
200, an answer that was cut off, read only.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, unquote, urlsplit

import httpx
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, parse_query_results

from graph.errors import StoreError

_RESULTS = "application/sparql-results+json"
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Address:
    """Where an engine answers: queries, updates, and graphs, where it has a Graph Store."""

    query: str
    update: str
    graphs: str
    user: str
    password: str
    digest: bool

    @property
    def shown(self) -> str:
        """The engine as an error may name it."""
        return self.query


def address_of(location: str) -> Address:
    """The parts of `sparql+http://USER:PASS@HOST:PORT/sparql?update=PATH&graphs=PATH&auth=digest`.

    The password may stand in $TIAOKUAI_PASSWORD instead. Raises StoreError.

    >>> address_of("sparql+http://dba:x@localhost:8890/sparql?update=/sparql-auth").update
    'http://localhost:8890/sparql-auth'
    """
    parts = urlsplit(location.removeprefix("sparql+"))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise StoreError(f"{_hidden(location)}: write it as sparql+http://HOST:PORT/sparql")
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        raise StoreError(f"{_hidden(location)}: its port is no number") from None
    given = {k: v[-1] for k, v in parse_qs(parts.query).items()}
    odd = given.keys() - {"update", "graphs", "auth"}
    if odd or given.get("auth", "basic") not in ("basic", "digest"):
        raise StoreError(
            f"{_hidden(location)}: after ? stand update=, graphs= and auth=basic|digest"
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    root = f"{parts.scheme}://{host}{port}"
    path = parts.path or "/sparql"

    def at(name: str, other: str) -> str:
        said = given.get(name, other)
        return root + (said if said.startswith("/") else f"/{said}") if said else ""

    return Address(
        root + path, at("update", path), at("graphs", ""), unquote(parts.username or ""),
        unquote(parts.password or "") or os.environ.get("TIAOKUAI_PASSWORD", ""),
        given.get("auth") == "digest",
    )  # fmt: skip


def _hidden(location: str) -> str:
    return re.sub(r"//[^@/]*@", "//", location)


class Engine:
    """A client of one engine. Its connections are kept open between requests."""

    def __init__(self, address: Address, *, patience: float = 60.0) -> None:
        self.address = address
        auth: httpx.Auth | None = None
        if address.user:
            kind = httpx.DigestAuth if address.digest else httpx.BasicAuth
            auth = kind(address.user, address.password)
        self._client = httpx.Client(auth=auth, timeout=httpx.Timeout(patience, connect=5.0))
        self._patience = patience

    def select(self, query: str, graphs: tuple[str, ...] = ()) -> QuerySolutions | QueryBoolean:
        """The answer of a SELECT or ASK, its default graph the union of `graphs`."""
        reply = self._read(query, graphs, _RESULTS)
        try:
            return parse_query_results(reply.content, format=QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            raise self._wrong("its answer was cut off or is no SPARQL result") from error

    def rows(self, query: str, graphs: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
        """The rows of a SELECT as strings."""
        found = self.select(query, graphs)
        assert isinstance(found, QuerySolutions)
        width = len(found.variables)
        return [tuple(getattr(s[i], "value", "") for i in range(width)) for s in found]

    def triples(self, query: str, graphs: tuple[str, ...] = ()) -> bytes:
        """The answer of a CONSTRUCT or DESCRIBE as N-Triples or Turtle."""
        return self._read(query, graphs, "application/n-triples, text/turtle;q=0.5").content

    def update(self, text: str) -> None:
        """Runs a SPARQL update. Not tried again: it may have been done."""
        self._sent("POST", self.address.update, data={"update": text}, what="the update")

    def put(self, graph: str, triples: bytes) -> None:
        """Makes a graph hold just these N-Triples."""
        if self.address.graphs:
            address = f"{self.address.graphs}?graph={quote(graph, safe='')}"
            kind = {"content-type": "application/n-triples"}
            self._sent("PUT", address, content=triples, headers=kind, what="a graph")
            return
        self.update(f"DROP SILENT GRAPH <{graph}>")
        batch: list[bytes] = []
        for line in [*triples.splitlines(), b""]:
            if batch and (not line or len(batch) >= 400):
                body = b"\n".join(batch).decode()
                self.update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{body}\n}} }}")
                batch = []
            if line:
                batch.append(line)

    def _read(self, query: str, graphs: tuple[str, ...], accept: str) -> httpx.Response:
        data = {"query": query, "default-graph-uri": list(graphs)}
        for left in range(_TRIES - 1, -1, -1):
            try:
                reply = self._sent("POST", self.address.query, data=data,
                                   headers={"accept": accept}, what="the query")  # fmt: skip
            except _Again:
                if not left:
                    raise
                continue
            most = reply.headers.get("x-sparql-maxrows", "")
            if most.isdigit() and reply.content.count(b'"type"') and self._is_cut(reply, int(most)):
                raise self._wrong(f"it cuts answers at {most} rows; raise its limit")
            return reply
        raise AssertionError

    def _is_cut(self, reply: httpx.Response, most: int) -> bool:
        try:
            found = reply.json()["results"]["bindings"]
        except (ValueError, KeyError, TypeError):
            return False
        return len(found) >= most

    def _sent(self, method: str, url: str, *, what: str, **given: object) -> httpx.Response:
        try:
            reply = self._client.request(method, url, **given)  # type: ignore[arg-type]
        except httpx.TimeoutException as error:
            raise _Again(
                f"{self._name}: {what} was not answered within {self._patience:.0f} s"
            ) from error
        except httpx.RemoteProtocolError as error:
            raise _Again(f"{self._name}: its answer to {what} was cut off") from error
        except httpx.HTTPError as error:
            raise _Again(
                f"{self._name} is not there ({_line(str(error)) or type(error).__name__})"
            ) from error
        self._judge(reply, what)
        return reply

    def _judge(self, reply: httpx.Response, what: str) -> None:
        status = reply.status_code
        page = "html" in reply.headers.get("content-type", "")
        if status in (401, 403):
            raise self._wrong(
                f"it refuses {what}: wrong user or password, or it is read only ({status})"
            )
        if status in (404, 405, 501):
            raise self._wrong(f"it does not offer {what} at this address ({status})")
        if status in (502, 503, 504):
            raise _Again(f"{self._name} cannot answer now ({status})")
        if status >= 400:
            raise self._wrong(
                f"{what} failed with {status}: {'a web page' if page else _line(reply.text)}"
            )
        if page and what == "the query":
            raise self._wrong("it answers the query with a web page; is the path right?")

    @property
    def _name(self) -> str:
        return f"the engine {self.address.shown}"

    def _wrong(self, why: str) -> StoreError:
        return StoreError(f"{self._name}: {why}")


class _Again(StoreError):
    """What may pass: the engine is busy, slow or just not there. Reads are tried again."""


def _line(text: str) -> str:
    return " ".join(text.split())[:160]
