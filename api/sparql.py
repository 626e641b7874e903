"""The SPARQL 1.1 Protocol, reading: a query in, a whole answer out, or a clear refusal."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version as installed
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from api.errors import EngineError
from api.http import Exchange, Outgoing, parsed_form
from api.negotiate import SOLUTIONS, TRIPLES, Form, chosen, wants_page
from api.pool import Pool, Reply
from api.problems import Problem
from api.refusals import refused, stopped
from api.settings import Settings
from api.wire import QueryJob

_VOLATILE = re.compile(r"now|rand|uuid|bnode", re.IGNORECASE)
_STREAMED = ("csv", "tsv", "nt")
_QUERY, _FORM = "application/sparql-query", "application/x-www-form-urlencoded"
_LINK = 6000
"""The longest address that we put into a Link header."""
KEPT = 64 * 2**20
"""Bytes of answers that are kept."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks, the query apart from how it came."""

    job: QueryJob
    link: tuple[tuple[str, str], ...]
    """The parameters of the address that asks the same by GET."""


async def question(exchange: Exchange, settings: Settings) -> Question | None:
    """The question of a request; None where it has none (a visit to the address itself).

    Raises Problem for what is no query of the protocol, after the body was read.
    """
    pairs = exchange.params()
    texts = [value for key, value in pairs if key == "query"]
    if exchange.method == "POST":
        body = await exchange.body()
        media, charset = media_type(exchange)
        if media == _QUERY:
            texts.append(decoded(body, charset))
        elif media == _FORM:
            form = parsed_form(decoded(body, charset))
            texts.extend(value for key, value in form if key == "query")
            pairs += form
        else:
            raise unsupported((_QUERY, _FORM))
    elif exchange.method not in ("GET", "HEAD"):
        raise Problem(
            405, "method-not-allowed", "查询用 GET 或 POST", "queries use GET or POST",
            (("allow", "GET, HEAD, POST, OPTIONS"),),
        )  # fmt: skip
    if any(key == "update" for key, _ in pairs):
        raise Problem(400, "bad-request", "更新请发往 /update", "updates go to /update")
    if not texts:
        if exchange.method == "POST" or any(key != "lang" for key, _ in pairs):
            raise Problem(400, "bad-request", "缺少参数 query", "the parameter query is missing")
        return None
    if len(texts) > 1:
        raise Problem(400, "bad-request", "只能有一个 query", "there must be exactly one query")
    last = dict(pairs)
    stream = last.get("all", "") not in ("", "0", "false")
    solutions, triples = _formats(last.get("format", ""), exchange.accept, stream=stream)
    job = QueryJob(
        text=texts[0],
        solutions=solutions.name if solutions else None,
        triples=triples.name if triples else None,
        rows=settings.rows,
        size=settings.size,
        offset=natural("offset", last.get("offset", "0")),
        stream=stream,
        default_graphs=graph_iris(pairs, "default-graph-uri"),
        named_graphs=graph_iris(pairs, "named-graph-uri"),
        complexity=settings.complexity,
        base=f"{exchange.root(settings.url)}/sparql",
    )
    names = ("format", "default-graph-uri", "named-graph-uri")
    link = [("query", job.text), *((key, value) for key, value in pairs if key in names)]
    return Question(job, tuple(link))


def media_type(exchange: Exchange) -> tuple[str, str]:
    """The media type of a request's body, and its charset, by default UTF-8."""
    media, _, rest = exchange.headers.get("content-type", "").partition(";")
    charset = re.search(r"charset\s*=\s*\"?([\w.:-]+)", rest, re.IGNORECASE)
    return media.strip().lower(), charset[1].lower() if charset else "utf-8"


def decoded(body: bytes, charset: str) -> str:
    """The text of a body. Raises Problem where it is not UTF-8, or said to be something else."""
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise Problem(
            415, "unsupported-media-type",
            f"不支持字符集 {charset}，请用 UTF-8", f"the charset {charset} is not read; use UTF-8",
        )  # fmt: skip
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(
            400, "bad-request",
            f"请求体第 {error.start + 1} 字节起不是 UTF-8",
            f"the body is not UTF-8, from byte {error.start + 1} on",
        ) from None  # fmt: skip


def unsupported(medias: tuple[str, ...]) -> Problem:
    """A body of a media type that nobody reads here."""
    known = ", ".join(medias)
    return Problem(415, "unsupported-media-type", f"内容类型请用 {known}", f"use {known}")


def graph_iris(pairs: list[tuple[str, str]], name: str) -> tuple[str, ...]:
    """The graphs that a request names in a parameter. Raises Problem where one is no IRI."""
    found = tuple(value for key, value in pairs if key == name)
    for iri in found:
        try:
            NamedNode(iri)
        except ValueError as error:
            raise Problem(
                400, "bad-parameter", f"{name}：{iri} 不是绝对 IRI", f"{name}: {error}"
            ) from None
    return found


def natural(name: str, value: str) -> int:
    """The natural number that a parameter gives. Raises Problem."""
    if re.fullmatch(r"[0-9]{1,12}", value):
        return int(value)
    raise Problem(400, "bad-parameter", f"{name} 须为自然数", f"{name} must be a natural number")


@lru_cache(maxsize=256)
def _formats(wanted: str, accept: str, *, stream: bool) -> tuple[Form | None, Form | None]:
    """The formats for solutions and for triples; None where one kind has none that fits."""
    if wants_page(accept) and not wanted:
        accept = "*/*"  # a browser that was sent here by a link
    sets: tuple[tuple[Form, ...], ...] = (SOLUTIONS, TRIPLES)
    if stream:
        sets = tuple(tuple(f for f in forms if f.name in _STREAMED) for forms in sets)
    solutions, triples = (chosen(forms, accept, wanted) for forms in sets)
    if solutions or triples:
        return solutions, triples
    known = ", ".join(f"{form.name} ({form.media.partition(';')[0]})" for f in sets for form in f)
    if wanted:
        raise Problem(
            400,
            "bad-parameter",
            f"format={wanted}：可用 {known}",
            f"format={wanted}: there are {known}",
        )
    raise Problem(406, "not-acceptable", f"可用的格式：{known}", f"formats to be had: {known}")


class Answers:
    """Answers to queries. A version never changes, so an answer is kept by what was asked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._kept: OrderedDict[tuple[str, QueryJob], Reply] = OrderedDict()
        self._room = KEPT
        self._program = installed("tiaokuai")
        self.hits = 0

    async def reply(self, exchange: Exchange, pool: Pool, asked: Question) -> None:
        """Sends the answer, whole or streaming. Raises Problem."""
        until = asyncio.get_running_loop().time() + self._settings.deadline
        if asked.job.stream and exchange.method != "HEAD":
            await exchange.unless_gone(self._stream(exchange, pool, asked, until))
            return
        job = replace(asked.job, stream=False) if asked.job.stream else asked.job
        tag = self._tag(pool, job)
        headers = self._headers(exchange, pool)
        same = _matches(exchange.headers.get("if-none-match", ""), tag)
        if same and not _VOLATILE.search(job.text):
            await exchange.reply(Outgoing(304, "", b"", (*headers, ("etag", tag))))
            return
        key = (pool.version.id, job)
        found = self._kept.get(key)
        if found is None:
            found = await exchange.unless_gone(self._run(pool, job, until))
            if not found.head["volatile"]:
                self._keep(key, found)
        else:
            self.hits += 1
            self._kept.move_to_end(key)
        if found.head["volatile"]:
            headers[0] = ("cache-control", "no-store")
        else:
            headers.append(("etag", tag))
            if same:
                await exchange.reply(Outgoing(304, "", b"", tuple(headers)))
                return
        if found.head["truncated"]:
            headers += self._next(pool, asked, found.head["rows"])
        await exchange.reply(Outgoing(200, found.head["media"], found.body, tuple(headers)))

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
                headers = [("content-type", head["media"]), *self._headers(exchange, pool)]
                await exchange.begin(200, [(k.encode(), v.encode()) for k, v in headers])
                async for piece in pieces:
                    await exchange.piece(piece)
            await exchange.piece(b"", more=False)
        except EngineError as error:
            if not exchange.began:
                raise stopped(error, self._settings) from None

    def _headers(self, exchange: Exchange, pool: Pool) -> list[tuple[str, str]]:
        fresh = "public, max-age=31536000, immutable" if exchange.version else "no-cache"
        return [
            ("cache-control", fresh),
            ("vary", "Accept"),
            ("tiaokuai-version", pool.version.id),
        ]

    def _tag(self, pool: Pool, job: QueryJob) -> str:
        said = repr((self._program, pool.version.id, job)).encode(errors="replace")
        return f'"{hashlib.sha256(said).hexdigest()[:24]}"'

    def _next(self, pool: Pool, asked: Question, rows: int) -> list[tuple[str, str]]:
        """The headers that say where an answer was cut off and how to get the rest."""
        offset = ("offset", str(asked.job.offset + rows))
        path = f"{self._settings.url}/v/{pool.version.id}/sparql?"
        address = path + urlencode([*asked.link, offset])
        if len(address) > _LINK:  # too long to be asked by GET: post the same again
            address = path + urlencode([*asked.link[1:], offset])
        return [("tiaokuai-truncated", f"rows={rows}"), ("link", f'<{address}>; rel="next"')]

    def _keep(self, key: tuple[str, QueryJob], found: Reply) -> None:
        size = len(found.body) + len(key[1].text) + 500
        if size > KEPT // 8 or key in self._kept:
            return
        self._kept[key] = found
        self._room -= size
        while self._room < 0:
            (_, job), old = self._kept.popitem(last=False)
            self._room += len(old.body) + len(job.text) + 500


def _matches(header: str, tag: str) -> bool:
    """Whether If-None-Match names this tag."""
    tags = [part.strip().removeprefix("W/") for part in header.split(",")]
    return tag in tags or header.strip() == "*"
