"""The web application: raw ASGI, one way in for every path.

Routes are a dictionary, not Starlette's router: that matches one pattern after the other, which
would cost a query more than its evaluation. The REST interface below `/api` is FastAPI's.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from importlib.metadata import version as installed
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from api import metrics
from api.http.exchange import Exchange, HungUp, Receive, Scope, Send
from api.http.headers import framed, options
from api.http.negotiation import wants_page
from api.http.outgoing import Outgoing
from api.http.problems import Problem, kinds_page, method_not_allowed, not_found
from api.http.query_problems import crowded, trouble
from api.http.standing_headers import standing_headers
from api.http.static_files import static
from api.query.job import CallJob
from api.reconcile.endpoint import reconcile
from api.rest.app import rest
from api.rest.model_router import ModelRouter
from api.sparql import service_description
from api.sparql.dumps import dump
from api.sparql.request import natural, question
from api.sparql.responses import Answers
from api.sparql.saved_queries import PATHS, saved
from api.workers.engine import Engine
from api.write.report_upload import ReportUploads
from api.write.routes import Writing
from api.write.upload import Uploads

if TYPE_CHECKING:
    from api.mcp.assistant_server import HttpEndpoint

_VERSIONED = re.compile(r"/v/([^/]+)(/.*|$)", re.DOTALL)
_NOT_IN_IRIS = re.compile(r'[\x00-\x20<>"{}|\\^`\[\]]')
"""Characters that no IRI holds (RFC 3987, 2.2)."""
_READS = ("GET", "HEAD")
_ONLY_READ = ("/.well-known/void", "/oembed", "/healthz", "/metrics", "/dump.nq.gz")
_FROZEN = ("/sparql", "/graphs", "/.well-known/void", "/dump.nq.gz", *PATHS)
"""The routes that answer for an old version too; the pages do as well."""
_log = logging.getLogger("tiaokuai")

Handler = Callable[[Exchange], Awaitable[None]]


class App:
    """The application over an engine; `page` is the function that answers for the pages."""

    def __init__(self, engine: Engine, *, page: str = "api.pages:page") -> None:
        self.engine = engine
        self.settings = engine.settings
        self.answers = Answers(engine.settings)
        self.counts: Counter[tuple[str, int]] = Counter()
        """Replies counted by route and status."""
        self._page = page
        self._router = ModelRouter(engine.settings)
        self._rest = rest(engine, installed("tiaokuai"), self._router)
        writing = self._writing = Writing(engine)
        self._uploads = Uploads(engine)
        self._mcp = _mcp_endpoint(engine) if engine.settings.mcp else None
        self._reports = ReportUploads(engine)
        self._routes: dict[str, Handler] = {
            "/mcp": self._assistants,
            "/sparql": self._sparql,
            "/update": writing.update,
            "/graphs": writing.graphs,
            "/.well-known/void": self._void,
            "/dump.nq.gz": self._dump,
            **dict.fromkeys(PATHS, self._saved),
            "/oembed": self._oembed,
            "/healthz": self._health,
            "/metrics": self._metrics,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        exchange = Exchange(scope, receive, send, self.settings)
        route = "bad"
        try:
            route = await self._answer(exchange)
        except HungUp:
            return
        except Exception as error:
            problem = trouble(error)
            if problem is None:
                _log.exception("%s %s", exchange.method, exchange.raw_path)
                problem = Problem(500, "internal", "服务器内部错误", "an error inside the server")
            if exchange.began:
                raise
            try:
                if not await exchange.drain():
                    problem.headers += (("connection", "close"),)
            except HungUp:
                return
            await exchange.reply(exchange.problem(problem))
        finally:
            exchange.release()
        self.counts[route, exchange.status] += 1

    async def crowded(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a client beyond the limit of connections (ASGI)."""
        await self._refuse("crowded", crowded(self.settings), scope, receive, send)

    async def without_host(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request without exactly one Host (ASGI)."""
        problem = Problem(
            400, "bad-request", "须有且只有一个 Host", "exactly one Host header is wanted",
            (("connection", "close"),),
        )  # fmt: skip
        await self._refuse("bad", problem, scope, receive, send)

    async def _refuse(
        self, route: str, problem: Problem, scope: Scope, receive: Receive, send: Send
    ) -> None:
        exchange = Exchange(scope, receive, send, self.settings)
        await exchange.reply(exchange.problem(problem))
        self.counts[route, exchange.status] += 1

    def refusal(self, problem: Problem) -> tuple[bytes, bytes]:
        """The headers and the body of a problem that is sent before there is a request."""
        self.counts["bad", problem.status] += 1
        headers = (
            ("content-language", "zh-CN"), ("cache-control", "no-store"), ("connection", "close"),
        )  # fmt: skip
        out = Outgoing(problem.status, "application/problem+json", problem.body("zh"), headers)
        return out.lines() + standing_headers(self.settings, "", own=False), out.body

    async def _answer(self, exchange: Exchange) -> str:
        """Answer; return the name of the route."""
        path = exchange.path
        match = _VERSIONED.fullmatch(path)
        if match:
            exchange.version, path = match[1], match[2] or "/"
        if exchange.method == "OPTIONS":
            await exchange.drain()
            await exchange.reply(options(self.settings))
            return "options"
        if sum(name == "format" for name, _ in exchange.params()) > 1:
            raise Problem(
                400, "bad-parameter", "format 只能给一次", "format can be given once",
                members={"parameter": "format"},
            )  # fmt: skip
        bare = path.rstrip("/") or "/"
        handler = self._routes.get(bare)
        if bare in _ONLY_READ and exchange.method not in _READS:
            raise method_not_allowed("GET, HEAD, OPTIONS")
        if handler is not None and not (match and bare not in _FROZEN):
            await handler(exchange)
            return bare[1:]
        if bare == "/reconcile" or bare.startswith("/reconcile/"):
            await reconcile(self.engine, exchange, bare)
            return "reconcile"
        if not match and (bare == "/upload" or bare.startswith("/upload/")):
            await self._uploads.answer(exchange, bare)
            return "upload"
        if bare == "/review" and exchange.method == "POST" and not match:
            await self._writing.review(exchange)
            return "review"
        if bare == "/api/progress" and exchange.method == "POST" and not match:
            await self._reports.answer(exchange)
            return "progress"
        if exchange.method not in _READS:
            raise method_not_allowed("GET, HEAD, OPTIONS")
        if bare == "/problem" or bare.startswith("/problem/"):
            page = kinds_page(bare.removeprefix("/problem").strip("/"), exchange.language)
            await exchange.reply(Outgoing(200, "text/html; charset=utf-8", page))
            return "problem"
        if path.startswith("/api/") or path in ("/openapi.json", "/docs"):
            await exchange.hand_over(self._rest, path)
            return "api"
        if path.startswith("/static/"):
            await exchange.reply(static(exchange, path.removeprefix("/static/")))
            return "static"
        if path.startswith(("/id/", "/graph/")) and _NOT_IN_IRIS.search(path):
            raise not_found(path)
        await self._call(exchange, path)
        return "pages"

    async def _assistants(self, exchange: Exchange) -> None:
        if self._mcp is None:
            raise Problem(
                404, "not-there-yet", "本服务器没有开启 /mcp；设 TIAOKUAI_MCP=1 开启",
                "/mcp is off on this server; TIAOKUAI_MCP=1 turns it on",
            )  # fmt: skip
        await self._mcp.answer(exchange)

    async def _void(self, exchange: Exchange) -> None:
        form = service_description.wanted(exchange)
        asked = {
            "root": exchange.root,
            "format": form.name,
            "media": form.media,
            "prefixes": service_description.ALL_PREFIXES,
        }
        await exchange.reply(await self._called(exchange, "api.pages:void", asked))

    async def _dump(self, exchange: Exchange) -> None:
        await dump(self.engine, exchange)

    async def _saved(self, exchange: Exchange) -> None:
        path = exchange.path.removeprefix(f"/v/{exchange.version}")
        await saved(self.engine, exchange, path.rstrip("/"))

    async def _oembed(self, exchange: Exchange) -> None:
        given = dict(exchange.params())
        if given.get("format", "json") != "json":
            raise Problem(501, "not-there-yet", "oEmbed 只有 json", "oEmbed is there as json only")
        asked = {
            "url": given.get("url", ""),
            "root": exchange.root,
            "language": exchange.language,
            "maxwidth": natural("maxwidth", given.get("maxwidth", "0")),
            "maxheight": natural("maxheight", given.get("maxheight", "0")),
        }
        out = await self._called(exchange, "api.pages:oembed", asked)
        if out.status == 404:
            raise Problem(
                404, "not-found",
                "oEmbed 只用于本服务器的 /views、/embed 与 /v/… 地址",
                "oEmbed is for addresses of this server below /views, /embed and /v/… only",
            )  # fmt: skip
        await exchange.reply(out)

    async def _sparql(self, exchange: Exchange) -> None:
        asked = await question(exchange, self.settings)
        if asked is None:
            if wants_page(exchange.accept):
                await self._call(exchange, "/sparql")
            else:
                async with self.engine.use(exchange.version) as pool:
                    root = exchange.root
                    may_write = bool(self.settings.token)
                    await exchange.reply(
                        service_description.service(
                            exchange, pool.version, root, writable=may_write
                        )
                    )
            return
        async with self.engine.use(exchange.version) as pool:
            await self.answers.reply(exchange, pool, asked)

    async def _call(self, exchange: Exchange, path: str) -> None:
        """Answer with a page of the version that is asked."""
        prefix = f"/v/{exchange.version}" if exchange.version else ""
        fields = {
            "path": path,
            "params": await self._routed(exchange, path),
            "language": exchange.language,
            "accept": exchange.accept,
            "root": exchange.root,
            "prefix": prefix,
            "cookie": exchange.headers.get("cookie", ""),
        }
        out = await self._called(exchange, self._page, fields)
        if out.status == 200 and out.media.startswith("text/html"):
            out = out.having(("link", _links(exchange, path)))
        await exchange.reply(framed(out, path, self.settings))

    async def _routed(self, exchange: Exchange, path: str) -> tuple[tuple[str, str], ...]:
        """Return the parameters of a page; for a question those that a model may choose too."""
        params = tuple(exchange.params())
        given = dict(params)
        if path != "/ask" or not self._router.is_on or not given.get("q") or "as" in given:
            return params
        scope = {k: given[k] for k in ("district", "year", "notice") if given.get(k)}

        async def call(asked: dict[str, Any]) -> dict[str, Any]:
            out = await self._called(exchange, "api.rest.ask:answered", asked)
            return json.loads(out.body) if out.status == 200 else {}

        found = await self._router.routed({"q": given["q"], "scope": scope}, call)
        if not found.get("model", {}).get("used"):
            return params
        return (*params, ("as", found["name"]), *found["params"].items(), ("by", "model"))

    async def _called(self, exchange: Exchange, function: str, asked: object) -> Outgoing:
        """Run one of our own functions on the version that is asked."""
        until = self.engine.until()
        in_memory = function != self._page  # a page reads its scope alone, also from a folder
        async with self.engine.use(exchange.version, whole=in_memory) as pool:
            work = pool.run(CallJob(function, asked), until)
            found = await exchange.unless_gone(work)
        head = found.head
        if head["is"] != "ok":
            _log.error("%s\n%s", exchange.raw_path, head["why"])
            raise Problem(500, "internal", "页面出错", "the page could not be made")
        fresh = exchange.freshness if head["status"] == 200 else "no-cache"
        headers = tuple((name.lower(), value) for name, value in head["headers"])
        said = (
            ("cache-control", fresh),
            ("vary", "Accept, Accept-Language, Cookie"),
            ("tiaokuai-version", pool.version.id),
        )
        if head["status"] != 200:
            return Outgoing(head["status"], head["media"], found.body, headers).having(*said)
        whole = hashlib.sha256(pool.version.id.encode() + found.body)
        tag = f'"{whole.hexdigest()[:24]}"'
        known = exchange.headers.get("if-none-match", "").split(",")
        if tag in [part.strip().removeprefix("W/") for part in known]:
            return Outgoing(304, "", b"", (("etag", tag), *said))
        return Outgoing(200, head["media"], found.body, headers).having(("etag", tag), *said)

    async def _health(self, exchange: Exchange) -> None:
        await exchange.reply(metrics.health(self.engine))

    async def _metrics(self, exchange: Exchange) -> None:
        await exchange.reply(metrics.exposition(self.engine, self.answers, self.counts))

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        async with self._mcp.running() if self._mcp else nullcontext():
            await self._until_shutdown(receive, send)

    async def _until_shutdown(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.engine.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _links(exchange: Exchange, path: str) -> str:
    """The Link header of a page (RFC 8288): its moving address, its version, licence, data."""
    here = exchange.root + quote(path, safe="/:@!$&'()*+,;=~-._")
    links = [f'<{here}>; rel="canonical"', f'<{exchange.root}/licence>; rel="license"']
    links.append(f'<{exchange.root}/.well-known/void>; rel="describedby"; type="text/turtle"')
    if path.startswith("/id/"):
        links += [
            f'<{here}?format={form}>; rel="alternate"; type="{media}"'
            for form, media in (("ttl", "text/turtle"), ("jsonld", "application/ld+json"))
        ]
    return ", ".join(links)


def _mcp_endpoint(engine: Engine) -> HttpEndpoint:
    """Build the route /mcp; what it is made of is an extra."""
    from api.mcp.assistant_server import HttpEndpoint

    return HttpEndpoint(engine)
