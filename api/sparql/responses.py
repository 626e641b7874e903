"""Answers to queries over HTTP: kept by version and question, tagged, paged, streamed."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from dataclasses import replace
from importlib.metadata import version as installed
from urllib.parse import urlencode

from api.errors import EngineError
from api.fastpath.request_bytes import tag_of
from api.http.exchange import Exchange, Outgoing
from api.http.query_problems import refused, stopped
from api.query.job import QueryJob, packed, values
from api.settings import Settings
from api.sparql.federation import federated
from api.sparql.request import Question
from api.workers.pool import Pool
from api.workers.queues import Reply

_VOLATILE = re.compile(r"now|rand|uuid|bnode", re.IGNORECASE)
_LINK = 6000
"""The longest address that we put into a Link header."""
KEPT = 64 * 2**20
"""Bytes of answers that are kept."""


class Answers:
    """Answers to queries. A version never changes, so an answer is kept by what was asked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._kept: OrderedDict[tuple[str, QueryJob], Reply] = OrderedDict()
        self._room = KEPT
        self._program = installed("tiaokuai")
        self.hits = 0
        self.by_workers = 0

    def known(self, pool: Pool, job: QueryJob) -> Reply | None:
        """The answer that is kept, if it is."""
        key = (pool.version.id, job)
        found = self._kept.get(key)
        if found is not None:
            self.hits += 1
            self._kept.move_to_end(key)
        return found

    async def reply(self, exchange: Exchange, pool: Pool, asked: Question) -> None:
        """Sends the answer, whole or streaming. Raises Problem."""
        until = asyncio.get_running_loop().time() + self._settings.deadline
        abroad = bool(self._settings.services) and "SERVICE" in asked.job.text.upper()
        if abroad:
            text = await exchange.unless_gone(federated(asked.job.text, self._settings))
            asked = replace(asked, job=replace(asked.job, text=text))
        if asked.job.stream and exchange.method != "HEAD":
            await exchange.unless_gone(self._stream(exchange, pool, asked, until))
            return
        job = replace(asked.job, stream=False) if asked.job.stream else asked.job
        tag = self.tag(pool, packed(values(job)))
        headers = _headers(exchange.version, pool)
        same = _matches(exchange.headers.get("if-none-match", ""), tag)
        if same and not _VOLATILE.search(job.text):
            await exchange.reply(Outgoing(304, "", b"", (*headers, ("etag", tag))))
            return
        found = self.known(pool, job)
        if found is None:
            found = await exchange.unless_gone(self._run(pool, job, until))
            if abroad:  # what others say may change
                found = replace(found, head={**found.head, "volatile": True})
            self.keep(pool, job, found)
        if same and not found.head["volatile"]:
            await exchange.reply(Outgoing(304, "", b"", (*headers, ("etag", tag))))
            return
        headers = self.headers(pool, asked, found, tag, exchange.version)
        await exchange.reply(Outgoing(200, found.head["media"], found.body, tuple(headers)))

    def headers(
        self, pool: Pool, asked: Question | None, found: Reply, tag: str, version: str = ""
    ) -> list[tuple[str, str]]:
        """The headers of an answer, its media type and length left out.

        The question is wanted only where the answer was cut off.
        """
        headers = _headers(version, pool)
        if found.head["volatile"]:
            headers[0] = ("cache-control", "no-store")
        else:
            headers.append(("etag", tag))
        if found.head["truncated"] and asked is not None:
            headers += self._next(pool, asked, found.head["rows"])
        return headers

    async def _run(self, pool: Pool, job: QueryJob, until: float) -> Reply:
        try:
            found = await pool.run(job, until)
        except EngineError as error:
            raise stopped(error, self._settings) from None
        if found.head["is"] != "ok":
            raise refused(found.head)
        return found

    async def _stream(self, exchange: Exchange, pool: Pool, asked: Question, until: float) -> None:
        """Sends the answer while it is worked out; an overrun ends it without the last chunk."""
        try:
            async with pool.stream(asked.job, until) as (head, pieces):
                if head["is"] != "ok":
                    raise refused(head)
                headers = [("content-type", head["media"]), *_headers(exchange.version, pool)]
                await exchange.begin(200, [(k.encode(), v.encode()) for k, v in headers])
                async for piece in pieces:
                    await exchange.piece(piece)
            await exchange.piece(b"", more=False)
        except EngineError as error:
            if not exchange.began:
                raise stopped(error, self._settings) from None

    def tag(self, pool: Pool, packed_job: bytes) -> str:
        """The tag of an answer: by version, query and format, and by who gives it."""
        return f'"{tag_of(self.tagged(pool), packed_job)}"'

    def tagged(self, pool: Pool) -> bytes:
        """What stands before a question when its tag is made."""
        return f"{self._program} {pool.version.id} ".encode()

    def _next(self, pool: Pool, asked: Question, rows: int) -> list[tuple[str, str]]:
        """The headers that say where an answer was cut off and how to get the rest."""
        offset = ("offset", str(asked.job.offset + rows))
        path = f"{self._settings.url}/v/{pool.version.id}/sparql?"
        address = path + urlencode([*asked.link, offset])
        if len(address) > _LINK:  # too long to be asked by GET: post the same again
            address = path + urlencode([*asked.link[1:], offset])
        return [("tiaokuai-truncated", f"rows={rows}"), ("link", f'<{address}>; rel="next"')]

    def keep(self, pool: Pool, job: QueryJob, found: Reply) -> None:
        """Keeps an answer that would be the same again."""
        key = (pool.version.id, job)
        size = len(found.body) + len(job.text) + 500
        if found.head["volatile"] or size > KEPT // 8 or key in self._kept:
            return
        self._kept[key] = found
        self._room -= size
        while self._room < 0:
            (_, job), old = self._kept.popitem(last=False)
            self._room += len(old.body) + len(job.text) + 500


def _headers(version: str, pool: Pool) -> list[tuple[str, str]]:
    fresh = "public, max-age=31536000, immutable" if version else "no-cache"
    return [("cache-control", fresh), ("vary", "Accept"), ("tiaokuai-version", pool.version.id)]


def _matches(header: str, tag: str) -> bool:
    """Whether If-None-Match names this tag."""
    tags = [part.strip().removeprefix("W/") for part in header.split(",")]
    return tag in tags or header.strip() == "*"
