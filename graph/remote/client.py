"""Client of a SPARQL 1.1 engine: checks its answers and names its failures.

Reads are retried where the engine was not reached or had a passing failure; writes are not: a
publication writes to graphs of new names, which no query uses before it is finished.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpx
from pyoxigraph import RdfFormat, Triple, parse, serialize

from graph.errors import EngineTrouble
from graph.remote.address import Address

CONNECT = 10.0
"""Seconds to connect; https to a port of http would wait for ever."""
KNOCK = 5.0
"""Seconds within which an engine answers that is there."""
TRIES = (0.0, 0.3, 1.0)
"""Seconds to wait before each try of a reading."""
_PASSING = (429, 502, 503, 504)
_ROWS = "application/sparql-results+json"
_LINES = "application/n-triples"
_BATCH = 4 * 2**20
_INSERT = 60 * 2**10
"""Bytes in one request: by the Graph Store Protocol, and by an update, which is compiled."""


def deadline() -> float:
    """Seconds that one request may take: $TIAOKUAI_DEADLINE, else 120."""
    try:
        return float(os.environ.get("TIAOKUAI_DEADLINE", "") or 120)
    except ValueError:
        return 120.0


_PAGE = 5_000
"""Triples of a graph that are asked for at once: engines cut what is longer than their limit."""


class Client:
    """A connection to one engine."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._seconds = deadline()
        auth: httpx.Auth | None = None
        if address.auth == "digest":
            auth = httpx.DigestAuth(address.user, address.password)
        elif address.auth == "basic":
            auth = httpx.BasicAuth(address.user, address.password)
        self._auth = auth
        self._http = httpx.Client(
            timeout=self._seconds,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),  # nothing stays open behind us
        )

    # reading

    def select(self, query: str) -> dict[str, Any]:
        """The SPARQL JSON of a SELECT or an ASK. Raises EngineTrouble."""
        reply = self._ask(query, _ROWS)
        try:
            said = json.loads(reply.content)
        except ValueError as error:
            raise self._cut("its answer breaks off or is no JSON") from error
        if not isinstance(said, dict) or not ("boolean" in said or "results" in said):
            raise self._cut("its JSON is no SPARQL result")
        self._whole(reply, len(said.get("results", {}).get("bindings", ())))
        return said

    def construct(self, query: str) -> list[Triple]:
        """The triples of a CONSTRUCT or a DESCRIBE. Raises EngineTrouble."""
        reply = self._ask(query, f"{_LINES}, text/turtle;q=0.5")
        found = self._triples(reply)
        self._whole(reply, len(found))
        return found

    def graph(self, name: str, count: int) -> Iterator[Triple]:
        """The triples of a graph of about `count`, page by page. Raises EngineTrouble."""
        for start in range(0, max(count, 1), _PAGE):
            yield from self.construct(
                f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SELECT ?s ?p ?o WHERE {{ GRAPH <{name}> "
                f"{{ ?s ?p ?o }} }} LIMIT {_PAGE} OFFSET {start} }}"
            )

    def count(self, name: str) -> int:
        """Count the triples of a graph."""
        said = self.select(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}")
        try:
            return int(said["results"]["bindings"][0]["n"]["value"])
        except (LookupError, ValueError) as error:
            raise self._cut("it cannot count a graph") from error

    def knock(self) -> None:
        """Asks once, and for a few seconds, whether the engine answers. Raises EngineTrouble."""
        form = {"query": "ASK { }"}
        url, accept = self.address.origin + self.address.query, {"accept": _ROWS}
        self._send("POST", url, min(KNOCK, self._seconds), data=form, headers=accept)

    def _ask(self, query: str, accept: str) -> httpx.Response:
        form, headers = {"query": query}, {"accept": accept}
        return self._read("POST", self.address.query, data=form, headers=headers)

    def _triples(self, reply: httpx.Response) -> list[Triple]:
        kind = reply.headers.get("content-type", "").partition(";")[0].strip()
        form = RdfFormat.from_media_type(kind) or RdfFormat.N_TRIPLES
        try:
            return [q.triple for q in parse(reply.content, format=form)]
        except SyntaxError as error:
            raise self._cut(f"its triples cannot be read ({error})") from error

    def _whole(self, reply: httpx.Response, rows: int) -> None:
        """Raise for an answer that Virtuoso cut: by its own row limit or its own deadline."""
        most = reply.headers.get("x-sparql-maxrows", "")
        if most.isdigit() and rows >= int(most):
            raise self._cut(f"it stops after {most} rows (ResultSetMaxRows)", limited=True)
        if "S1TAT" in reply.headers.get("x-sql-state", ""):
            raise self._cut("it stopped before it was finished (its anytime limit)", limited=True)

    # writing

    def put(self, name: str, triples: Iterable[Triple]) -> None:
        """Writes a graph from its beginning, in batches. Raises EngineTrouble."""
        if self.address.graphs:
            for number, body in enumerate(_batches(triples, _BATCH)):
                how, kind = ("POST" if number else "PUT"), {"content-type": _LINES}
                self._write(how, self.address.graphs, {"graph": name}, body, kind)
            return
        self.drop(name)
        for body in _batches(triples, _INSERT):
            self.update(f"INSERT DATA {{ GRAPH <{name}> {{\n{body.decode()}}} }}")

    def drop(self, name: str) -> None:
        """Removes a graph, if it is there."""
        self.update(f"DROP SILENT GRAPH <{name}>")

    def update(self, text: str) -> None:
        """Makes an update. Raises EngineTrouble."""
        kind = {"content-type": "application/sparql-update"}
        self._write("POST", self.address.update, {}, text.encode(), kind)

    def _write(
        self, method: str, path: str, params: dict[str, str], body: bytes, headers: dict[str, str]
    ) -> None:
        url = self.address.origin + path
        self._send(method, url, params=params, content=body, headers=headers)

    # both

    def _read(self, method: str, path: str, **said: Any) -> httpx.Response:
        for pause in TRIES:
            time.sleep(pause)
            try:
                return self._send(method, self.address.origin + path, **said)
            except EngineTrouble as error:
                if not error.passing or pause == TRIES[-1]:
                    raise
        raise AssertionError

    def _send(self, method: str, url: str, seconds: float = 0.0, **said: Any) -> httpx.Response:
        began, seconds = time.monotonic(), seconds or self._seconds
        limits = httpx.Timeout(seconds, connect=min(CONNECT, seconds))
        try:
            request = self._http.build_request(method, url, timeout=limits, **said)
            reply = self._http.send(request, auth=self._auth, stream=True)
            body = bytearray()
            with contextlib.closing(reply):
                for piece in reply.iter_bytes():
                    body += piece
                    if time.monotonic() - began > seconds:
                        raise httpx.ReadTimeout("too slow")
        except httpx.ConnectError as error:
            raise self._trouble(f"is not there ({error})", passing=True) from error
        except httpx.ConnectTimeout as error:
            raise self._trouble(f"does not take a connection ({limits.connect:g} s)") from error
        except httpx.TimeoutException as error:
            raise self._trouble(f"did not answer within {seconds:g} s") from error
        except httpx.RemoteProtocolError as error:
            raise self._cut(f"it ended in the midst ({error})") from error
        except httpx.HTTPError as error:
            raise self._trouble(f"cannot be asked ({error})", passing=True) from error
        text = bytes(body[:4000]).decode(errors="replace")
        if reply.status_code >= 300:
            raise self._refused(method, url, reply.status_code, text)
        kind = reply.headers.get("content-type", "")
        if method in ("GET", "POST") and "html" in kind and "accept" in said["headers"]:
            raise self._trouble(f"answers a page of HTML instead of data ({_first(text)})")
        return httpx.Response(reply.status_code, headers=_plain(reply.headers), content=bytes(body))

    def _refused(self, method: str, url: str, status: int, text: str) -> EngineTrouble:
        path, why = url.removeprefix(self.address.origin), _first(text)
        if status == 401:
            named = f"of {self.address.user}" if self.address.user else "(none was given)"
            return self._trouble(f"refuses the user or the password {named} at {path}")
        if status == 403 or "permission" in text.lower() or "read-only" in text.lower():
            return self._trouble(f"is read only for us at {path} ({status}: {why})")
        if status in (404, 405, 501):
            return self._trouble(
                f"lacks {method} at {path} ({status}); the address may name others: "
                "?update=PATH&graphs=PATH"
            )
        if status == 400:
            return self._trouble(f"does not take what it is asked ({why})")
        return self._trouble(f"answers {status} ({why})", passing=status in _PASSING)

    def _cut(self, why: str, *, limited: bool = False) -> EngineTrouble:
        return self._trouble(f"gives a result that is cut or broken: {why}", limited=limited)

    def _trouble(self, what: str, **kind: bool) -> EngineTrouble:
        return EngineTrouble(f"the engine {self.address} {what}", **kind)


def _plain(headers: httpx.Headers) -> list[tuple[bytes, bytes]]:
    left_out = (b"content-encoding", b"content-length", b"transfer-encoding")
    return [(k, v) for k, v in headers.raw if k.lower() not in left_out]


def _first(text: str) -> str:
    """The first line of an answer that has words."""
    import re

    words = re.sub(r"<(style|script).*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL | re.IGNORECASE)
    return " ".join(words.split())[:160]


def _batches(triples: Iterable[Triple], most: int) -> Iterable[bytes]:
    """Cut N-Triples into pieces of at most `most` bytes; yield at least one piece."""
    batch: list[bytes] = []
    size, said = 0, False
    for triple in triples:
        line = serialize([triple], format=RdfFormat.N_TRIPLES) or b""
        if batch and size + len(line) > most:
            yield b"".join(batch)
            batch, size, said = [], 0, True
        batch.append(line)
        size += len(line)
    if batch or not said:
        yield b"".join(batch)
