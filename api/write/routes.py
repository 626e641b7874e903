"""Writing over HTTP: SPARQL 1.1 Update and the Graph Store Protocol, for those with the token."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import pickle
import signal
from typing import Any, get_args
from urllib.parse import quote

from pyoxigraph import NamedNode, RdfFormat

from api.errors import EngineError
from api.http.exchange import Exchange, parsed_form
from api.http.negotiation import SOLUTIONS, TRIPLES, wants_page
from api.http.outgoing import Outgoing
from api.http.problems import Problem, method_not_allowed
from api.http.query_problems import refused, remote, stopped
from api.query.job import QueryJob
from api.sparql.request import decoded, graph_iris, media_type, unsupported
from api.sparql.service_description import wanted
from api.workers.engine import Engine
from api.write.multipart import parts_of
from api.write.orders import Decide, Drop, Load, Update, Write
from graph.triples.corrections import Decision
from loaders.sandbox.one_job import OneJob
from ontology.names import base
from viz.web.cookies import REVIEWER, SITTING, cookie_value

MAX_WRITE_BYTES = 64 * 2**20
"""Bytes that one write may bring."""
_MAX_DECISION_BYTES = 64 * 2**10
"""Bytes of the form of a decision, which holds its own token."""
_MAX_ALSO = 200
"""Doubts that one decision settles together."""
_SITTING_TERMS = f"Path=/review; Max-Age={8 * 3600}; SameSite=Strict"
"""A working day; not sent from other sites, so that none can decide in a reader's name."""
MAX_WRITE_S = 120.0
_UPDATE, _FORM = "application/sparql-update", "application/x-www-form-urlencoded"
_CHILD = "api.write.child:main"


class Writing:
    """The routes `/update` and `/graphs`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._settings = engine.settings
        self._turn = asyncio.Lock()
        self._spare: OneJob | None = None
        """A child that waits for its order."""

    async def update(self, exchange: Exchange) -> None:
        """An update; GET is refused. Raises Problem."""
        if exchange.method != "POST":
            raise method_not_allowed("POST, OPTIONS")
        self._allow(exchange)
        pairs = exchange.params()
        media, charset = media_type(exchange)
        texts: list[str] = []
        if media == _UPDATE:
            texts.append(decoded(await exchange.body(MAX_WRITE_BYTES), charset))
        elif media == _FORM:
            pairs += parsed_form(decoded(await exchange.body(MAX_WRITE_BYTES), charset))
            texts = [value for key, value in pairs if key == "update"]
        else:
            raise unsupported((_UPDATE, _FORM))
        if len(texts) != 1:
            raise Problem(
                400, "bad-request", "须有且只有一个 update", "exactly one update is wanted"
            )
        change = Update(
            texts[0],
            graph_iris(pairs, "using-graph-uri"),
            graph_iris(pairs, "using-named-graph-uri"),
            f"{exchange.root}/update",
            self._settings.complexity,
        )
        said = await self._made(change)
        await exchange.reply(Outgoing(204, "", b"", (("tiaokuai-version", said["version"]),)))

    async def graphs(self, exchange: Exchange) -> None:
        """The Graph Store Protocol with indirect identification. Raises Problem."""
        if exchange.method in ("GET", "HEAD"):
            await self._get(exchange, self._graph(exchange))
            return
        if exchange.method not in ("PUT", "POST", "DELETE"):
            raise method_not_allowed("GET, HEAD, PUT, POST, DELETE, OPTIONS")
        self._allow(exchange)
        if exchange.version:
            raise Problem(
                403,
                "read-only",
                "已发布的版本不可更改",
                "a version that is published never changes",
            )
        body = await exchange.body(MAX_WRITE_BYTES)
        headers: tuple[tuple[str, str], ...] = ()
        if exchange.method == "POST" and not exchange.query:
            graph: str | None = f"{base()}graph/{hashlib.sha256(body).hexdigest()[:24]}"
            headers = (("location", quote(graph or "", safe=":/?#%")),)
        else:
            graph = self._graph(exchange)
        if exchange.method == "DELETE":
            said = await self._made(Drop(graph))
            if not said["existed"]:
                raise Problem(404, "not-found", f"没有图 {graph}", f"there is no graph {graph}")
        else:
            at = graph or f"{exchange.root}/graphs"
            replace = exchange.method == "PUT"
            documents = await asyncio.to_thread(_documents, exchange, body)
            said = await self._made(Load(graph, documents, at, replace))
        made = exchange.method != "DELETE" and not said["existed"]
        headers = (*headers, ("tiaokuai-version", said["version"]))
        if made:
            await exchange.reply(Outgoing(201, "text/plain; charset=utf-8", b"", headers))
        else:
            await exchange.reply(Outgoing(204, "", b"", headers))

    async def review(self, exchange: Exchange) -> None:
        """A person's decision about a doubt, from the form of the review page. Raises Problem."""
        media, charset = media_type(exchange)
        if media != _FORM:
            raise unsupported((_FORM,))
        if "authorization" in exchange.headers:
            self._allow(exchange)
        body = await exchange.body(_MAX_DECISION_BYTES)
        pairs = parsed_form(decoded(body, charset))
        given = dict(pairs)
        if given.get("token") or not self._has_sitting(exchange):
            self._allow(exchange, given.get("token", ""))
        decision = given.get("decision", "")
        known = next((d for d in get_args(Decision) if d == decision), None)
        if known is None:
            said = "、".join(get_args(Decision))
            raise Problem(
                400, "bad-parameter", f"decision：可用 {said}", f"decision: allowed are {said}",
                members={"parameter": "decision", "allowed": list(get_args(Decision))},
            )  # fmt: skip
        for name in ("id", "who"):
            if not 0 < len(given.get(name, "").strip()) <= 100:
                raise Problem(
                    400, "bad-parameter", f"{name}：请给出1至100个字",
                    f"{name}: 1 to 100 characters are wanted", members={"parameter": name},
                )  # fmt: skip
        value = given.get("value", "").strip() if known == "correct" else ""
        doubt, who = given["id"].strip(), given["who"].strip()
        also = [i for k, v in pairs if k == "also" for i in v.split()][:_MAX_ALSO]
        doubts = tuple(dict.fromkeys((doubt, *also)))
        said_ = await self._made(Decide(doubts, known, value, who))
        if wants_page(exchange.accept):
            headers = (
                ("location", f"/review?done={quote(' '.join(doubts[:3]))}"),
                ("set-cookie", f"{SITTING}={self._sitting()}; {_SITTING_TERMS}; HttpOnly"),
                ("set-cookie", f"{REVIEWER}={quote(who)}; {_SITTING_TERMS}; HttpOnly"),
            )
            await exchange.reply(Outgoing(303, "text/plain; charset=utf-8", b"", headers))
        else:
            body = json.dumps({"id": doubt, "version": said_["version"]}).encode()
            await exchange.reply(Outgoing(200, "application/json", body))

    async def _get(self, exchange: Exchange, graph: str | None) -> None:
        form = wanted(exchange)
        where = f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o"
        job = QueryJob(
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {where} }}",
            solutions=SOLUTIONS[0].name,
            triples=form.name,
            rows=2**40,
            size=max(self._settings.size, 2**30),
            union=False,
        )
        until = asyncio.get_running_loop().time() + self._settings.deadline
        async with self._engine.use(exchange.version) as pool:
            try:
                found = await exchange.unless_gone(pool.run(job, until))
            except EngineError as error:
                raise stopped(error, self._settings) from None
        if found.head["is"] != "ok":
            raise refused(found.head)
        if graph and not found.head["rows"]:
            raise Problem(404, "not-found", f"没有图 {graph}", f"there is no graph {graph}")
        headers = (
            ("cache-control", "no-cache"),
            ("vary", "Accept"),
            ("tiaokuai-version", pool.version.id),
        )
        await exchange.reply(Outgoing(200, form.media, found.body, headers))

    def _graph(self, exchange: Exchange) -> str | None:
        """The graph that a request means; None is the default graph. Raises Problem."""
        pairs = [(k, v) for k, v in exchange.params() if k in ("graph", "default")]
        if len(pairs) != 1:
            raise Problem(
                400, "bad-parameter",
                "请指明 ?graph=IRI 或 ?default", "name one graph: ?graph=IRI or ?default",
            )  # fmt: skip
        (key, value), *_ = pairs
        if key == "default":
            return None
        try:
            return NamedNode(value).value
        except ValueError as error:
            raise Problem(
                400, "bad-parameter", f"graph：{value} 不是绝对 IRI", f"graph: {error}"
            ) from None

    def _sitting(self) -> str:
        """Return the value of the cookie of a sitting: not the token, valid for reviewing only."""
        return hmac.new(self._settings.token.encode(), b"review", hashlib.sha256).hexdigest()

    def _has_sitting(self, exchange: Exchange) -> bool:
        """Return whether a request has the cookie of one that had the token."""
        shown = cookie_value(exchange.headers.get("cookie", ""), SITTING)
        return bool(self._settings.token) and hmac.compare_digest(
            shown.encode(), self._sitting().encode()
        )

    def _allow(self, exchange: Exchange, given: str = "") -> None:
        if not self._settings.token:
            raise Problem(
                403, "read-only",
                "本服务器只读；运行服务器的人可用 TIAOKUAI_TOKEN 开放写入",
                "this server only reads; its operator may allow writing with TIAOKUAI_TOKEN",
            )  # fmt: skip
        scheme, _, token = exchange.headers.get("authorization", "").partition(" ")
        said = token.strip().encode("latin-1")
        if given:
            scheme, said = "bearer", given.strip().encode()
        right = hmac.compare_digest(said, self._settings.token.encode())
        if scheme.lower() != "bearer" or not right:
            raise Problem(
                401, "unauthorized",
                "写入须带 Authorization: Bearer 令牌", "writing needs Authorization: Bearer TOKEN",
                (("www-authenticate", 'Bearer realm="tiaokuai"'),),
            )  # fmt: skip

    async def _made(self, change: Update | Load | Drop | Decide) -> dict[str, Any]:
        """Make a change and wait until the next query sees it. Raises Problem."""
        memory = 4 * self._settings.memory  # a store on disk has buffers of its own
        current = self._engine.current
        holding = current.id if current else ""
        order = pickle.dumps(Write(self._engine.store.location, change, memory, holding))
        async with self._turn:
            child, self._spare = self._spare or await OneJob.start(_CHILD), None
            try:
                code, out = await child.do(order, MAX_WRITE_S)
            except TimeoutError:
                raise Problem(
                    503, "deadline", "写入超时，图谱未变", "writing took too long; nothing changed",
                    (("retry-after", "5"),),
                ) from None  # fmt: skip
            if not out:
                raise _ended(code, memory)
            said: dict[str, Any] = json.loads(out)
            if said["is"] == "ok":
                await self._engine.refresh()
        if self._spare is None:
            self._spare = await OneJob.start(_CHILD)
        if said["is"] == "ok":
            return said
        if said["is"] == "conflict":
            raise Problem(
                400, "bad-request",
                "请求与更新都指定了数据集（USING、WITH）",
                "the request and the update both name a dataset (USING, WITH)",
            )  # fmt: skip
        if said["is"] == "decision":
            raise Problem(400, "bad-parameter", f"不能这样决定：{said['why']}", str(said["why"]))
        if said["is"] == "engine":
            raise remote(said["why"])
        if said["is"] == "store":
            raise Problem(503, "broken-store", f"不能写入：{said['why']}", str(said["why"]))
        raise refused(said)


def _ended(code: int, memory: int) -> Problem:
    """The problem for a child that ended without a report."""
    if -code in (signal.SIGABRT, signal.SIGKILL):
        limit = memory // 2**20
        return Problem(
            503, "memory",
            f"写入所需内存超过 {limit} MB，图谱未变。请分几次写入；"
            "运行服务器的人可调高 TIAOKUAI_MEMORY",
            f"writing needed more than {limit} MB and nothing changed; send it in parts, or let "
            "the operator raise TIAOKUAI_MEMORY",
        )  # fmt: skip
    return Problem(
        400, "refused-query",
        "写入中止，图谱未变，通常是因为数据嵌套过深；请把数据拆开",
        "the writer ended and nothing changed, mostly because the data nests too deeply; "
        "send it in parts",
    )  # fmt: skip


def _documents(exchange: Exchange, body: bytes) -> tuple[tuple[str, bytes], ...]:
    """The RDF documents of a request: one, or those of a form. Raises Problem."""
    media, _ = media_type(exchange)
    documents: tuple[tuple[str, bytes], ...] = ((media or "text/turtle", body),)
    if media == "multipart/form-data":
        parts = parts_of(exchange.headers["content-type"], body)
        documents = tuple((part.media, part.data) for part in parts)
    if not documents or any(RdfFormat.from_media_type(kind) is None for kind, _ in documents):
        raise unsupported(tuple(form.media.partition(";")[0] for form in TRIPLES))
    return documents
