"""Replies to queries over HTTP: cached, tagged, paged, streamed."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import OrderedDict
from dataclasses import replace
from importlib.metadata import version as installed
from urllib.parse import urlencode

from api.errors import EngineError
from api.http.exchange import Exchange
from api.http.outgoing import Outgoing
from api.http.query_problems import refused, stopped
from api.query.job import QueryJob, packed, values
from api.settings import Settings
from api.sparql.federation import federated
from api.sparql.hints import hint_headers
from api.sparql.request import Question
from api.workers.pool import Pool
from api.workers.worker_client import Reply

_VOLATILE = re.compile(r"now|rand|uuid|bnode", re.IGNORECASE)
_MAX_LINK_CHARS = 6000
"""The longest address that goes into a Link header."""
CACHE_BYTES = 64 * 2**20
_ENTRY_BYTES = 500
"""Bytes of an entry of the cache beyond its body."""
_TAG_DIGITS = 24


class ResponseCache:
    """Replies by their tags, which hash all that decides them; the least used go first."""

    def __init__(self, size: int = CACHE_BYTES) -> None:
        self._size = self._free = size
        self._replies: OrderedDict[str, Reply] = OrderedDict()
        self.hits = 0

    def get(self, tag: str) -> Reply | None:
        """The reply of this tag, where it is still there."""
        found = self._replies.get(tag)
        if found is not None:
            self.hits += 1
            self._replies.move_to_end(tag)
        return found

    def put(self, tag: str, reply: Reply) -> None:
        """Keep a reply, unless it takes more than an eighth of the cache."""
        size = len(reply.body) + _ENTRY_BYTES
        if size > self._size // 8 or tag in self._replies:
            return
        self._replies[tag] = reply
        self._free -= size
        while self._free < 0:
            _, oldest = self._replies.popitem(last=False)
            self._free += len(oldest.body) + _ENTRY_BYTES


class Answers:
    """Answer queries. A version never changes, so version and query decide the reply."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._program = installed("tiaokuai")
        self.cache = ResponseCache()

    async def reply(self, exchange: Exchange, pool: Pool, asked: Question) -> None:
        """Send the answer, whole or streaming. Raises Problem."""
        until = asyncio.get_running_loop().time() + self._settings.deadline
        is_federated = bool(self._settings.services) and "SERVICE" in asked.job.text.upper()
        if is_federated:
            text = await exchange.unless_gone(federated(asked.job.text, self._settings))
            asked = replace(asked, job=replace(asked.job, text=text))
        if asked.job.stream and exchange.method != "HEAD":
            await exchange.unless_gone(self._stream(exchange, pool, asked, until))
            return
        job = replace(asked.job, stream=False) if asked.job.stream else asked.job
        tag = self._tag(pool, job)
        headers = _headers(exchange, pool)
        is_known = _matches(exchange.headers.get("if-none-match", ""), tag)
        if is_known and not _VOLATILE.search(job.text):
            await exchange.reply(Outgoing(304, "", b"", (*headers, ("etag", tag))))
            return
        found = self.cache.get(tag)
        if found is None:
            found = await exchange.unless_gone(self._run(pool, job, until))
            if is_federated:  # what other servers say may change
                found = replace(found, head={**found.head, "volatile": True})
            if not found.head["volatile"]:
                self.cache.put(tag, found)
        if found.head["volatile"]:
            headers = (("cache-control", "no-store"), *headers[1:])
        elif is_known:
            await exchange.reply(Outgoing(304, "", b"", (*headers, ("etag", tag))))
            return
        else:
            headers = (*headers, ("etag", tag))
        if found.head["truncated"]:
            headers = (*headers, *self._next_page(pool, asked, found.head["rows"]))
        media = found.head["media"]
        told = hint_headers(job.text, media, found.body, exchange.language)
        await exchange.reply(Outgoing(200, media, found.body, (*headers, *told)))

    async def _run(self, pool: Pool, job: QueryJob, until: float) -> Reply:
        try:
            found = await pool.run(job, until)
        except EngineError as error:
            raise stopped(error, self._settings) from None
        if found.head["is"] != "ok":
            raise refused(found.head)
        return found

    async def _stream(self, exchange: Exchange, pool: Pool, asked: Question, until: float) -> None:
        """Send the answer as it is worked out; an overrun ends it without the last chunk."""
        try:
            async with pool.stream(asked.job, until) as (head, pieces):
                if head["is"] != "ok":
                    raise refused(head)
                headers = [("content-type", head["media"]), *_headers(exchange, pool)]
                await exchange.begin(200, [(k.encode(), v.encode()) for k, v in headers])
                async for piece in pieces:
                    await exchange.piece(piece)
            await exchange.piece(b"", more=False)
        except EngineError as error:
            if not exchange.began:
                raise stopped(error, self._settings) from None

    def _tag(self, pool: Pool, job: QueryJob) -> str:
        """The tag of an answer: a hash of program, version, query and format."""
        decides = f"{self._program} {pool.version.id} ".encode() + packed(values(job))
        return f'"{hashlib.sha256(decides).hexdigest()[:_TAG_DIGITS]}"'

    def _next_page(self, pool: Pool, asked: Question, rows: int) -> list[tuple[str, str]]:
        """The headers that say where an answer was cut off and how to get the rest."""
        offset = ("offset", str(asked.job.offset + rows))
        path = f"{self._settings.url}/v/{pool.version.id}/sparql?"
        address = path + urlencode([*asked.link, offset])
        if len(address) > _MAX_LINK_CHARS:  # too long for GET: post the same query again
            address = path + urlencode([*asked.link[1:], offset])
        return [("tiaokuai-truncated", f"rows={rows}"), ("link", f'<{address}>; rel="next"')]


def _headers(exchange: Exchange, pool: Pool) -> tuple[tuple[str, str], ...]:
    return (
        ("cache-control", exchange.freshness),
        ("vary", "Accept"),
        ("tiaokuai-version", pool.version.id),
    )


def _matches(header: str, tag: str) -> bool:
    """Return whether If-None-Match names this tag."""
    if not header:
        return False
    tags = [part.strip().removeprefix("W/") for part in header.split(",")]
    return tag in tags or header.strip() == "*"
