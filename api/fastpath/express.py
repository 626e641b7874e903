"""The short way for the most frequent request: a query by GET that arrives in one piece.

It does what the routes do, with the same functions, but without a task, a scope and messages for
each request; whatever is unusual about a request, or goes wrong with it before a worker has it,
is left to them. Answers that are kept are found by the bytes of the whole request.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from api.errors import EngineError
from api.fastpath.ask import Ask
from api.fastpath.request_bytes import BEGINS, REST, query_of, text_of
from api.fastpath.shared_notes import REQUEST
from api.http.exchange import Exchange, Outgoing, origin_of, parsed_form
from api.http.headers import standing
from api.http.problems import Problem
from api.http.query_problems import refused, stopped
from api.query.evaluate import PLAIN
from api.query.job import QUERY, LoanJob, frame, loan_frame, packed, values
from api.settings import Settings
from api.sparql.request import Question, formed
from api.sparql.responses import Answers
from api.workers.engine import Engine
from api.workers.pool import Pool
from api.workers.queues import Reply

_LEFT_TO_ROUTES = frozenset((
    "content-length", "expect", "if-none-match", "transfer-encoding", "upgrade",
))  # fmt: skip
_CLIENTS = 1000

Said = tuple[int, bytes, bytes]
"""A reply: its status, its head without the status line and the date, its body."""
Back = Callable[[bytes, bytes], None]
"""Told why a lent connection comes back (see api.fastpath.handed_over), and with what bytes."""


@dataclass(frozen=True, slots=True)
class Client:
    """What the header block of a request says, worked out once for all that have the same."""

    headers: Mapping[str, str]
    raw: tuple[tuple[bytes, bytes], ...]
    root: str
    standing: bytes
    """The headers that every reply to it carries."""
    plain: tuple[Any, ...] | None
    """The fields of a query without parameters, behind its text; None: no format fits."""


class Express:
    """Answers requests as bytes; `counts` is told of each, as (route, status)."""

    def __init__(self, engine: Engine, answers: Answers, counts: Counter[tuple[str, int]]) -> None:
        self._engine = engine
        self._settings: Settings = engine.settings
        self._answers = answers
        self._counts = counts
        self._clients: dict[bytes, Client | None] = {}

    def begin(
        self,
        data: bytes,
        send: Callable[[Said], None],
        back: Back,
        connection: int,
    ) -> Ask | bool:
        """Begins to answer a request; `send` gets the reply.

        True: it has it already. False: the request is one for the routes. A connection (-1: none)
        may be lent to a worker; then `back` is told when it is not any more.
        """
        pool = self._engine.pool
        if pool is None:
            return False
        found = pool.kept.get(data)
        if found is not None:
            self.count(1, 1)
            send((200, found, b""))
            return True
        end = data.find(REST)
        query = query_of(data, end)
        client = self._client(data[end + len(REST) :]) if query is not None else None
        if query is None or client is None:
            return False
        plain = _plain(query, client)
        fields = plain or self._fields(query, client)
        if fields is None or (self._settings.services and "SERVICE" in fields[0].upper()):
            return False
        errand = _Errand(self, pool, self._engine.until(), fields, client, data, send, back)
        if plain is not None and connection >= 0 and pool.lends and len(data) <= REQUEST:
            errand.lend(self._loan(pool, client, data, end), connection)
        errand.start()
        return errand

    def _loan(self, pool: Pool, client: Client, data: bytes, end: int) -> bytes:
        """The frame of a loan that begins with this request; empty where no table is wanted."""
        assert client.plain is not None
        if client.plain[0] is None or self._settings.services:
            return b""
        whole = Reply(PLAIN[client.plain[0]], b"")
        headers = self._answers.headers(pool, None, whole, "")[:-1]
        before = _lines([("content-type", whole.head["media"]), *headers])
        tagged = self._answers.tagged(pool)
        after = client.standing + b"\r\n"
        return loan_frame(LoanJob(data, data[end:], client.plain, before, after, tagged))

    def count(self, answered: int, again: int) -> None:
        """So many more requests were answered, of them so many as before."""
        self._counts["sparql", 200] += answered
        self._answers.hits += again

    def count_lent(self, answered: int, again: int) -> None:
        """So many requests were answered by a worker over a connection that was lent to it."""
        self.count(answered, again)
        self._answers.by_workers += answered

    def _fields(self, query: bytes, client: Client) -> tuple[Any, ...] | None:
        """The fields of the query that some parameters ask; None where they are for the routes."""
        try:
            asked = self._question(parsed_form(query.decode("ascii")), client.headers, client.root)
        except Problem:
            return None
        return None if asked is None or asked.job.stream else values(asked.job)

    def _question(
        self, pairs: list[tuple[str, str]], headers: Mapping[str, str], root: str
    ) -> Question | None:
        texts = [value for key, value in pairs if key == "query"]
        return formed(pairs, texts, headers.get("accept", ""), self._settings, f"{root}/sparql")

    def _client(self, block: bytes) -> Client | None:
        try:
            return self._clients[block]
        except KeyError:
            if len(self._clients) >= _CLIENTS:
                self._clients.clear()
            found = self._clients[block] = self._read(block)
            return found

    def _read(self, block: bytes) -> Client | None:
        """The client with these headers; None where they ask for more than the short way."""
        lines = block[:-4].split(b"\r\n") if block != b"\r\n" else []
        raw = []
        for line in lines:
            name, colon, value = line.partition(b":")
            if not colon or not re.fullmatch(rb"[A-Za-z0-9-]+", name) or not value.isascii():
                return None
            raw.append((name.lower(), value.strip()))
        headers = {name.decode(): value.decode() for name, value in raw}
        if len(raw) != len(headers) or len(raw) > 100 or "host" not in headers:
            return None
        if headers.pop("connection", "keep-alive").lower() != "keep-alive":
            return None
        if _LEFT_TO_ROUTES & headers.keys():
            return None
        always = standing(headers.get("origin", ""), self._settings)
        shown = b"".join(b"%s: %s\r\n" % pair for pair in always)
        root = origin_of(headers, "http", self._settings.url)
        try:
            asked = self._question([("query", "")], headers, root)
        except Problem:
            return None
        plain = values(asked.job)[1:] if asked is not None else None
        return Client(headers, tuple(raw), root, shown, plain)

    def said(self, errand: _Errand, found: Reply | EngineError) -> Said:
        """The reply to a question, from what came of it."""
        client, data = errand.client, errand.data
        if isinstance(found, EngineError):
            return self._problem(stopped(found, self._settings), client, data)
        if found.head["is"] != "ok":
            return self._problem(refused(found.head), client, data)
        tag = self._answers.tag(errand.pool, errand.packed)
        asked = None
        if found.head["truncated"]:
            pairs = parsed_form(data[len(BEGINS) : data.find(REST)].decode("ascii"))
            asked = self._question(pairs, client.headers, client.root)
        headers = self._answers.headers(errand.pool, asked, found, tag)
        out = Outgoing(200, found.head["media"], found.body, tuple(headers))
        self._counts["sparql", 200] += 1
        head = _head(out, client)
        if not found.head["volatile"]:
            errand.pool.kept.put(data, head + found.body)
        return 200, head, found.body

    def _problem(self, problem: Problem, client: Client, data: bytes) -> Said:
        path, _, query = data[4 : data.find(REST)].partition(b"?")
        scope = {
            "method": "GET", "headers": client.raw, "raw_path": path, "query_string": query,
        }  # fmt: skip
        out = Exchange(scope, _never, _never).problem(problem)
        self._counts["sparql", out.status] += 1
        return out.status, _head(out, client), out.body


class _Errand(Ask):
    """One request that waits for its reply."""

    def __init__(
        self,
        express: Express,
        pool: Pool,
        until: float,
        fields: tuple[Any, ...],
        client: Client,
        data: bytes,
        send: Callable[[Said], None],
        back: Back,
    ) -> None:
        self.packed = packed(fields)
        super().__init__(pool, frame(QUERY, self.packed), until)
        self.pool, self.client, self.data = pool, client, data
        self._express, self._send = express, send
        self._back = back

    def done(self, found: Reply | EngineError) -> None:
        self._send(self._express.said(self, found))

    def asked(self, request: bytes) -> None:
        query = request[len(BEGINS) : request.find(REST)]
        self.data, self.packed = request, packed(_plain(query, self.client) or ("",))

    def back(self, why: bytes, data: bytes) -> None:
        self._back(why, data)

    def count(self, answered: int, again: int) -> None:
        self._express.count_lent(answered, again)


def _plain(query: bytes, client: Client) -> tuple[Any, ...] | None:
    """The fields of a query that is the only parameter; None where it is not."""
    text = text_of(query) if client.plain is not None else None
    return (text, *client.plain) if text is not None and client.plain is not None else None


def _head(out: Outgoing, client: Client) -> bytes:
    """The headers of a reply without the status line and the date."""
    length = ("content-length", str(len(out.body)))
    return _lines([("content-type", out.media), *out.headers, length]) + client.standing + b"\r\n"


def _lines(headers: list[tuple[str, str]]) -> bytes:
    said = "".join([f"{name}: {value}\r\n" for name, value in headers])
    return said.encode("latin-1", "replace")


async def _never(*_: object) -> Any:
    raise AssertionError("nothing is read or sent here")
