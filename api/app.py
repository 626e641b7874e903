"""The web application: raw ASGI, one way in for every path."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import Counter
from collections.abc import Awaitable, Callable

from api import description, metrics
from api.engine import Engine
from api.errors import EngineError, NoVersion
from api.headers import framed, guarded, options
from api.http import Exchange, HungUp, Outgoing, Receive, Scope, Send
from api.negotiate import wants_page
from api.problems import Problem, method_not_allowed
from api.sparql import Answers, question
from api.static import static
from api.wire import CallJob
from api.write import Writing
from graph.errors import BrokenStore, RemovedVersion, UnknownVersion

_VERSIONED = re.compile(r"/v/([^/]+)(/.*|$)", re.DOTALL)
_FOREVER = "public, max-age=31536000, immutable"
_READS = ("GET", "HEAD")
_FROZEN = ("/sparql", "/graphs")
"""The routes that answer for an old version too, besides the pages."""
_log = logging.getLogger("tiaokuai")

Handler = Callable[[Exchange], Awaitable[None]]


class App:
    """The application over an engine; `page` is the function that answers for the pages."""

    def __init__(self, engine: Engine, *, page: str = "api.calls:page") -> None:
        self.engine = engine
        self.settings = engine.settings
        self.answers = Answers(engine.settings)
        self.counts: Counter[tuple[str, int]] = Counter()
        """How many replies of each status each route gave."""
        self._page = page
        writing = Writing(engine)
        self._routes: dict[str, Handler] = {
            "/sparql": self._sparql,
            "/update": writing.update,
            "/graphs": writing.graphs,
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
        exchange = Exchange(scope, receive, guarded(send, scope, self.settings))
        route = "bad"
        try:
            route = await self._answer(exchange)
        except HungUp:
            return
        except Exception as error:
            problem = _problem(error)
            if problem is None:
                _log.exception("%s %s", exchange.method, exchange.raw_path)
                problem = Problem(500, "internal", "服务器内部错误", "an error inside the server")
            if exchange.began:
                raise
            try:
                await exchange.drain()
            except HungUp:
                return
            await exchange.reply(exchange.problem(problem))
        self.counts[route, exchange.status] += 1

    async def _answer(self, exchange: Exchange) -> str:
        """Answers, and says by which route."""
        path = exchange.path
        match = _VERSIONED.fullmatch(path)
        if match:
            exchange.version, path = match[1], match[2] or "/"
        if exchange.method == "OPTIONS":
            await exchange.drain()
            await exchange.reply(options(self.settings))
            return "options"
        bare = path.rstrip("/") or "/"
        handler = self._routes.get(bare)
        if handler is not None and not (match and bare not in _FROZEN):
            await handler(exchange)
            return bare[1:]
        if exchange.method not in _READS:
            raise method_not_allowed("GET, HEAD, OPTIONS")
        if path.startswith("/static/"):
            await exchange.reply(static(exchange, path.removeprefix("/static/")))
            return "static"
        await self._call(exchange, path)
        return "pages"

    async def _sparql(self, exchange: Exchange) -> None:
        asked = await question(exchange, self.settings)
        if asked is None:
            if wants_page(exchange.accept):
                await self._call(exchange, "/sparql")
            else:
                async with self.engine.use(exchange.version) as pool:
                    root = exchange.root(self.settings.url)
                    may_write = bool(self.settings.token)
                    await exchange.reply(
                        description.service(exchange, pool.version, root, writable=may_write)
                    )
            return
        async with self.engine.use(exchange.version) as pool:
            await self.answers.reply(exchange, pool, asked)

    async def _call(self, exchange: Exchange, path: str) -> None:
        """A page, or whatever else our own functions make of a version."""
        prefix = f"/v/{exchange.version}" if exchange.version else ""
        fields = {
            "path": path,
            "params": tuple(exchange.params()),
            "language": exchange.language,
            "accept": exchange.accept,
            "root": exchange.root(self.settings.url),
            "prefix": prefix,
        }
        async with self.engine.use(exchange.version) as pool:
            work = pool.run(CallJob(self._page, fields), self._until())
            found = await exchange.unless_gone(work)
            if found.head["is"] != "ok":
                _log.error("%s\n%s", path, found.head["why"])
                raise Problem(500, "internal", "页面出错", "the page could not be made")
            head = found.head
            out = Outgoing(
                head["status"],
                head["media"],
                found.body,
                tuple((name.lower(), value) for name, value in head["headers"]),
            )
            fresh = _FOREVER if exchange.version and out.status == 200 else "no-cache"
            out = out.having(
                ("cache-control", fresh),
                ("vary", "Accept, Accept-Language"),
                ("tiaokuai-version", pool.version.id),
            )
            await exchange.reply(framed(out, path, self.settings))

    async def _health(self, exchange: Exchange) -> None:
        if exchange.method not in _READS:
            raise method_not_allowed("GET, HEAD")
        await exchange.reply(metrics.health(self.engine))

    async def _metrics(self, exchange: Exchange) -> None:
        if exchange.method not in _READS:
            raise method_not_allowed("GET, HEAD")
        await exchange.reply(metrics.exposition(self.engine, self.answers, self.counts))

    def _until(self) -> float:
        return asyncio.get_running_loop().time() + self.settings.deadline

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self.engine.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


def _problem(error: Exception) -> Problem | None:
    """What went wrong, for people; None where it is a fault of ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RemovedVersion):
        return Problem(410, "gone", "这个版本已被移除", str(error))
    if isinstance(error, UnknownVersion):
        return Problem(404, "not-found", "没有这个版本", str(error))
    if isinstance(error, BrokenStore):
        return Problem(503, "broken-store", f"数据损坏：{error}", str(error))
    if isinstance(error, NoVersion):
        return Problem(503, "broken-store", f"没有可查询的版本：{error}", str(error))
    if isinstance(error, EngineError):
        again = (("retry-after", "5"),)
        return Problem(
            503,
            "deadline",
            "超过时限，已中止，请稍后再试",
            "it took too long and was stopped",
            again,
        )
    return None
