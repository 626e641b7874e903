"""Sources of a notebook's answers: a store on this machine, or a running server.

Both give the same bytes for the same path: a store is asked by the very functions that the
server's workers call.
"""

from __future__ import annotations

import gzip
import io
import json
import re
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from pyoxigraph import (
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from api.rest import ask, lists
from graph.open import open_store
from graph.store.snapshot import Snapshot
from notebooks.errors import NotebookError, Refused
from queries.scope import KEYS
from viz import site

Result = QuerySolutions | bool | list[Triple]
_FROZEN = re.compile(r"(https?://.+?)/v/([0-9a-f]{12})/?")
_PATIENCE = 60
_MEMORY = 2_000_000
"""Up to how many quads a version is held in memory, where it answers several times faster."""


class Source(Protocol):
    """One version of the graph, wherever it is."""

    version: str

    def get(self, path: str, params: Mapping[str, str], accept: str = "application/json") -> bytes:
        """Return the reply to GET at this path. Raises Refused."""

    def sparql(self, text: str) -> Result:
        """The whole result of a query. Raises Refused."""

    def quads(self) -> Iterator[Quad]:
        """All quads of the version."""


def open_source(location: str | None, version: str | None) -> Source:
    """The source at a folder or an http address, at a version (by default the current one)."""
    if location and location.startswith(("http://", "https://")):
        return RemoteSource(location, version)
    store = open_store(location)
    chosen = store.version(version) if version else store.current()
    small = chosen is not None and chosen.quads <= _MEMORY
    return Local(store.memory(chosen) if small else store.open(chosen))


class Local:
    """A version in a store of this machine."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.version = snapshot.version.id

    def get(self, path: str, params: Mapping[str, str], accept: str = "application/json") -> bytes:
        """Return what a server would reply. Raises Refused."""
        _, first, *rest = path.split("/", 3)
        if path == "/api/ask":
            scope = {k: v for k, v in params.items() if k in KEYS}
            asked = {"q": params["q"], "scope": scope, "language": params.get("lang", "zh")}
            reply = ask.answered(self._snapshot, asked)
        elif first == "api" and rest:
            asked = {"kind": rest[0], "name": "/".join(rest[1:]), **params}
            reply = lists.one(self._snapshot, asked)
        else:
            given = tuple(params.items())
            reply = site.answer(self._snapshot, site.Request(path, given, "en", accept))
        if reply.status >= 400:
            raise Refused(reply.status, _why(reply.body))
        return reply.body

    def sparql(self, text: str) -> Result:
        """The result of a query. Raises Refused."""
        try:
            result = self._snapshot.query(text)
        except (SyntaxError, ValueError) as error:
            raise Refused(400, str(error)) from None
        if isinstance(result, QueryTriples):
            return list(result)
        return bool(result) if isinstance(result, QueryBoolean) else result

    def quads(self) -> Iterator[Quad]:
        """All quads of the version."""
        return iter(self._snapshot.store)


class RemoteSource:
    """A version that a running server holds; the version stays the same while it is used."""

    def __init__(self, address: str, version: str | None) -> None:
        address = address.rstrip("/")
        if frozen := _FROZEN.fullmatch(address + "/"):
            address, version = frozen[1], version or frozen[2]
        self._address = address
        self.version = version or str(json.loads(self._read("/healthz", {}, ""))["version"])

    def get(self, path: str, params: Mapping[str, str], accept: str = "application/json") -> bytes:
        """Return the server's reply. Raises Refused."""
        return self._read(f"/v/{self.version}{quote(path)}", params, accept)

    def sparql(self, text: str) -> Result:
        """The result of a query, streamed, so that no number of rows is too many."""
        accept = "text/tab-separated-values, application/n-triples"
        path = f"/v/{self.version}/sparql?all=1"
        body = self._read(path, {}, accept, text.encode())
        if body in (b"true", b"false", b"true\n", b"false\n"):
            return body.startswith(b"true")
        if body.startswith((b"?", b"\n")):
            found = parse_query_results(io.BytesIO(body), format=QueryResultsFormat.TSV)
            return bool(found) if isinstance(found, QueryBoolean) else found
        return [quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES)]

    def quads(self) -> Iterator[Quad]:
        """All quads of the version, from its dump."""
        packed = self._read(f"/v/{self.version}/dump.nq.gz", {}, "")
        return iter(parse(gzip.decompress(packed), format=RdfFormat.N_QUADS))

    def _read(
        self, path: str, params: Mapping[str, str], accept: str, body: bytes | None = None
    ) -> bytes:
        address = self._address + path + ("?" + urlencode(params) if params else "")
        headers = {"Accept": accept or "*/*", "Accept-Language": "en"}
        if body is not None:
            headers["Content-Type"] = "application/sparql-query"
        try:
            with urlopen(HttpRequest(address, body, headers), timeout=_PATIENCE) as reply:
                return bytes(reply.read())
        except HTTPError as error:
            with error:
                raise Refused(error.code, _why(error.read())) from None
        except URLError as error:
            raise NotebookError(f"{self._address} does not answer: {error.reason}") from None
        except (OSError, HTTPException) as error:
            raise NotebookError(f"{self._address} broke off: {error!r}") from None


def _why(body: bytes) -> str:
    """The text of a problem, with the list of near names."""
    try:
        said: dict[str, Any] = json.loads(body)
    except ValueError:
        return body.decode(errors="replace")[:500]
    near = said.get("near")
    return str(said.get("detail", said)) + (f"; near: {'、'.join(near)}" if near else "")
