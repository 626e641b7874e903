"""Federation with the endpoints that an operator allows, by the server, never by a worker.

A worker has no way out. So the group of `SERVICE <endpoint> { … }` is asked of the endpoint
first, and its answer takes the place of the clause as VALUES. An endpoint whose name leads to a
private address is not asked, whatever the setting says, and nobody is followed elsewhere.
"""

from __future__ import annotations

import asyncio
import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from pyoxigraph import Literal, NamedNode

from api.http.problems import Problem
from api.query.complexity import tokens
from api.settings import Settings
from ontology.names import PREFIXES

Fetch = Callable[[str, str], bytes]
"""The JSON results of a query at an endpoint. Raises OSError or ValueError."""
_MOST = 8
"""The largest number of SERVICE clauses in one query."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A SERVICE clause: its span, its endpoint, its query."""

    start: int
    end: int
    silent: bool
    endpoint: str
    query: str


async def federated(text: str, settings: Settings) -> str:
    """A query with its SERVICE clauses answered. Raises Problem."""
    until = time.monotonic() + settings.deadline

    def fetch(endpoint: str, query: str) -> bytes:
        return _asked(endpoint, query, until, settings.size)

    return await asyncio.to_thread(joined, text, settings.services, fetch)


def joined(text: str, allowed: tuple[str, ...], fetch: Fetch) -> str:
    """A query with what `fetch` finds in the place of its SERVICE clauses. Raises Problem."""
    found = list(clauses(text))
    if len(found) > _MOST:
        raise Problem(
            400, "refused-query",
            f"SERVICE {len(found)} 个，上限 {_MOST}",
            f"{len(found)} SERVICE clauses, at most {_MOST}",
        )  # fmt: skip
    for one in found:
        if one.endpoint.rstrip("/") not in allowed:
            raise Problem(
                400, "refused-query",
                f"不允许向 {one.endpoint} 发出 SERVICE；允许：{', '.join(allowed)}"
                "（运行服务器的人可用 TIAOKUAI_SERVICE_ALLOW 增加）",
                f"SERVICE {one.endpoint} is not allowed; allowed: {', '.join(allowed)} "
                "(the operator may add to TIAOKUAI_SERVICE_ALLOW)",
            )  # fmt: skip
    out, at = [], 0
    for one in found:
        try:
            values = _values(json.loads(fetch(one.endpoint, one.query)))
        except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException) as error:
            if not one.silent:
                raise Problem(
                    502, "failed-query",
                    f"{one.endpoint} 没有给出答案：{error}",
                    f"{one.endpoint} did not answer: {error}",
                ) from None  # fmt: skip
            values = "VALUES () { () }"
        out += [text[at : one.start], "{ ", values, " }"]
        at = one.end
    return "".join(out) + text[at:]


def clauses(text: str) -> Iterator[Clause]:
    """The SERVICE clauses of a query, those inside another one left out. Raises Problem."""
    prefixes = dict(PREFIXES)
    begins, previous, named = 0, "", ""
    walk = iter(tokens(text))
    for kind, token, start in walk:
        word = token.upper() if kind == "word" else ""
        if previous == "PREFIX" and kind == "name":
            named = token.removesuffix(":")
        elif named and kind == "iri":
            prefixes[named], named = token[1:-1], ""
        if word in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE") and not begins:
            begins = start
        if word == "SERVICE":
            kind, token, _ = next(walk, ("", "", 0))
            silent = token.upper() == "SILENT"
            if silent:
                kind, token, _ = next(walk, ("", "", 0))
            endpoint = token[1:-1]
            if kind == "name":
                prefix, _, local = token.partition(":")
                endpoint = prefixes.get(prefix, "") + local
            elif kind != "iri":
                raise Problem(
                    400, "refused-query",
                    "SERVICE 之后须写明端点的地址", "SERVICE needs the address of an endpoint",
                )  # fmt: skip
            opened, end = _group(walk, len(text))
            head = "".join(f"PREFIX {k}: <{v}> " for k, v in prefixes.items())
            yield Clause(start, end, silent, endpoint, f"{head}SELECT * WHERE {text[opened:end]}")
        previous = word


def _group(walk: Iterator[tuple[str, str, int]], length: int) -> tuple[int, int]:
    """The span of the next group."""
    depth, opened = 0, length
    for _, token, start in walk:
        if token == "{":
            opened = min(opened, start)
            depth += 1
        elif token == "}":
            depth -= 1
            if depth == 0:
                return opened, start + 1
        elif token.upper() == "SERVICE":
            break
    raise Problem(
        400, "refused-query",
        "SERVICE 须有一组完整的花括号，其中不能再有 SERVICE",
        "SERVICE needs a whole group in braces, without another SERVICE in it",
    )  # fmt: skip


def _values(table: dict[str, Any]) -> str:
    names = table["head"]["vars"]
    rows = (
        "(" + " ".join(_term(row[name]) if name in row else "UNDEF" for name in names) + ")"
        for row in table["results"]["bindings"]
    )
    return f"VALUES ({' '.join('?' + n for n in names)}) {{ {' '.join(rows)} }}"


def _term(said: dict[str, str]) -> str:
    """A term of JSON results as SPARQL writes it; a blank node gets a name of its own."""
    kind, value = said["type"], said["value"]
    if kind == "uri":
        return str(NamedNode(value))
    if kind == "bnode":
        return str(NamedNode(f"urn:tiaokuai:blank:{value}"))
    if kind not in ("literal", "typed-literal"):
        raise ValueError(f"a term of type {kind}")
    if "xml:lang" in said:
        return str(Literal(value, language=said["xml:lang"]))
    datatype = NamedNode(said["datatype"]) if "datatype" in said else None
    return str(Literal(value, datatype=datatype))


def _asked(endpoint: str, query: str, until: float, size: int) -> bytes:
    """Query an endpoint by POST. Raises OSError, or ValueError for a private address."""
    parts = urlsplit(endpoint)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    if not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global:
        raise ValueError(f"{host} is a private address")
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.settimeout(max(0.1, until - time.monotonic()))
        sock.connect(address)
        secure = ssl.create_default_context() if parts.scheme == "https" else None
        channel = secure.wrap_socket(sock, server_hostname=host) if secure else sock
        connection = http.client.HTTPConnection(host, port)
        connection.sock = channel
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(
            "POST", path, urlencode({"query": query}),
            {
                "content-type": "application/x-www-form-urlencoded",
                "accept": "application/sparql-results+json",
            },
        )  # fmt: skip
        reply = connection.getresponse()
        if reply.status != 200:
            raise ValueError(f"status {reply.status}")
        body = bytearray()
        while piece := reply.read1(65_536):
            body += piece
            if len(body) > size or time.monotonic() > until:
                raise ValueError("the answer is too large or too slow")
        return bytes(body)
