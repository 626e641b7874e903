"""Queries that people keep by address: `/q?query=…`, a page, and `/q.csv`, `/q.xlsx`, … for files.

The address holds the query itself, so nothing is stored and nothing expires; below
`/v/{version}` its answer never changes either.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Any

from pyoxigraph import (
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    RdfFormat,
    parse,
    parse_query_results,
)

from api.errors import EngineError
from api.http.exchange import Exchange
from api.http.negotiation import wants_page
from api.http.outgoing import Outgoing
from api.http.problems import Problem, method_not_allowed
from api.http.query_problems import refused, stopped
from api.query.job import CallJob, QueryJob
from api.sparql.request import natural
from api.workers.engine import Engine
from graph.store.snapshot import Snapshot
from queries.formats import FORMATS, Table
from viz.pages.editor import saved as saved_page
from viz.site import Reply, wanted_format
from viz.web.context import Desk

PATHS = ("/q", *(f"/q.{form}" for form in FORMATS))
_TITLE = 200


async def saved(engine: Engine, exchange: Exchange, path: str) -> None:
    """Answer a query of an address, in the format of the address. Raises Problem."""
    if exchange.method not in ("GET", "HEAD"):
        raise method_not_allowed("GET, HEAD, OPTIONS")
    given = dict(exchange.params())
    text = given.get("query", "")
    if not text.strip():
        raise Problem(
            400, "bad-parameter", "缺少参数 query", "the parameter query is missing",
            members={"parameter": "query"},
        )  # fmt: skip
    form = path.partition(".")[2]
    if not form and not wants_page(exchange.accept):
        form = wanted_format(exchange.accept)
    settings = engine.settings
    offset = natural("offset", given.get("offset", "0"))
    job = QueryJob(
        text=text, solutions="json", triples="nt", rows=settings.rows, size=settings.size,
        offset=offset, complexity=settings.complexity, base=f"{exchange.root}/sparql",
    )  # fmt: skip
    until = asyncio.get_running_loop().time() + settings.deadline
    async with engine.use(exchange.version, whole=not form) as pool:  # a page goes through all
        try:
            found = await exchange.unless_gone(pool.run(job, until))
            if found.head["is"] != "ok":
                raise refused(found.head)
            asked = {
                "text": text,
                "title": given.get("title", "")[:_TITLE],
                "form": form,
                "offset": offset,
                "media": found.head["media"],
                "truncated": found.head["truncated"],
                "result": found.body,
                "params": tuple(exchange.params()),
                "language": exchange.language,
                "root": exchange.root,
                "prefix": f"/v/{exchange.version}" if exchange.version else "",
            }
            made = await exchange.unless_gone(
                pool.run(CallJob("api.sparql.saved_queries:written", asked), until)
            )
        except EngineError as error:
            raise stopped(error, settings) from None
    if made.head["is"] != "ok":
        raise Problem(500, "internal", "答案写不出来", "the answer could not be written")
    kept = exchange.version and not found.head["volatile"]
    headers = [(name, value) for name, value in made.head["headers"]]
    headers += [
        ("cache-control", exchange.freshness if kept else "no-cache"),
        ("vary", "Accept, Accept-Language"),
        ("tiaokuai-version", pool.version.id),
    ]
    if found.head["truncated"]:
        headers.append(("tiaokuai-truncated", f"rows={found.head['rows']}"))
    tag = f'"{hashlib.sha256(pool.version.id.encode() + made.body).hexdigest()[:24]}"'
    if not found.head["volatile"] and form != "xlsx":  # a workbook holds the moment it was made
        headers.append(("etag", tag))
        if tag == exchange.headers.get("if-none-match", ""):
            await exchange.reply(Outgoing(304, "", b"", tuple(headers)))
            return
    await exchange.reply(Outgoing(200, made.head["media"], made.body, tuple(headers)))


def written(snapshot: Snapshot, asked: Mapping[str, Any]) -> Reply:
    """The result of a query as a page or a file."""
    columns, rows = _rows(asked["media"], asked["result"])
    table = Table(columns, rows, snapshot.version.id, asked["truncated"])
    form = asked["form"]
    if form:
        name = f'inline; filename="query.{form}"'
        body = FORMATS[form].write(table)
        return Reply(200, FORMATS[form].media, body, (("content-disposition", name),))
    desk = Desk(
        snapshot, "/q", asked["params"], asked["language"], asked["root"], asked["prefix"]
    )  # fmt: skip
    page = saved_page(desk, asked["text"], asked["title"], table, asked["offset"])
    return Reply(200, "text/html; charset=utf-8", page.encode(errors="replace"))


def _rows(media: str, result: bytes) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    if "n-triples" in media:
        triples = [quad.triple for quad in parse(result, format=RdfFormat.N_TRIPLES)]
        rows = tuple((t.subject, t.predicate, t.object) for t in triples)
        return ("subject", "predicate", "object"), rows
    found = parse_query_results(result, format=QueryResultsFormat.JSON)
    if isinstance(found, QueryBoolean):
        return ("answer",), ((Literal(bool(found)),),)
    width = range(len(found.variables))
    names = tuple(v.value for v in found.variables)
    return names, tuple(tuple(row[i] for i in width) for row in found)
