"""The REST interface: `/api/…`, described by `/openapi.json` and `/docs`."""

from __future__ import annotations

import json
import logging
from html import escape
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from api.engine import Engine
from api.errors import EngineError
from api.http import Exchange
from api.problems import Problem
from api.refusals import trouble
from api.wire import CallJob
from graph.errors import StoreError

_log = logging.getLogger("tiaokuai")

Limit = Annotated[int, Query(ge=1, le=1000, description="How many items at most.")]
After = Annotated[str, Query(max_length=500, description="The `next` of the page before.")]


class Item(BaseModel, extra="allow"):
    """A thing: its address, and the end of the address, by which it is asked for."""

    id: str
    iri: str


class Page(BaseModel):
    """Some items of a list; `next` goes into `after` for the next page, null on the last."""

    items: list[Item]
    next: str | None


def rest(engine: Engine, version: str) -> FastAPI:
    """The interface to the routes below `/api`."""
    api = FastAPI(
        title="条块 tiaokuai",
        version=version,
        description="Work-target notices as a knowledge graph. Lists are paged: `limit`, `after`.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )

    async def call(request: Request, function: str, asked: dict[str, Any]) -> Response:
        exchange: Exchange = request.scope["tiaokuai.exchange"]
        until = engine.until()
        try:
            async with engine.use(exchange.version) as pool:
                found = await exchange.unless_gone(pool.run(CallJob(function, asked), until))
        except (EngineError, StoreError) as error:
            raise trouble(error) or error from None
        if found.head["is"] != "ok":
            _log.error("%s\n%s", exchange.raw_path, found.head["why"])
            raise Problem(500, "internal", "服务器内部错误", "an error inside the server")
        status = found.head["status"]
        if status == 404:
            name = json.loads(found.body)["name"]
            raise Problem(404, "not-found", f"没有“{name}”", f"there is no {name!r}")
        if status == 400:
            raise Problem(
                400, "bad-parameter", "after：没有这一项，请从头列起",
                "after: there is no such item; begin at the first page",
            )  # fmt: skip
        fresh = "public, max-age=31536000, immutable" if exchange.version else "no-cache"
        headers = {"cache-control": fresh, "tiaokuai-version": pool.version.id}
        return Response(found.body, status, headers, "application/json")

    def add(kind: str, summary: str, single: str) -> None:
        async def many(request: Request, limit: Limit = 100, after: After = "") -> Response:
            asked = {"kind": kind, "limit": limit, "after": after}
            return await call(request, "api.lists:listed", asked)

        async def one(request: Request, name: str) -> Response:
            return await call(request, "api.lists:one", {"kind": kind, "name": name})

        api.get(f"/api/{kind}", summary=summary, response_model=Page, name=kind)(many)
        api.get(
            f"/api/{kind}/{{name:path}}", summary=single, response_model=Item, name=f"one of {kind}"
        )(one)

    add("targets", "The targets, in the order of the documents", "One target, by notation or id")
    add("bodies", "Departments, offices, companies and collectives", "One body, by name or id")
    add("places", "Blocks, lots, roads, streets and what else is a place", "One place")
    add("projects", "Projects", "One project")

    @api.get("/api/search", response_model=Page, summary="Bodies, places, projects and targets")
    async def search(
        request: Request,
        q: Annotated[str, Query(min_length=1, max_length=200, description="Words to look for.")],
        limit: Limit = 50,
        after: After = "",
    ) -> Response:
        asked = {"kind": "search", "q": q, "limit": limit, "after": after}
        return await call(request, "api.lists:listed", asked)

    @api.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(_docs(api.openapi()))

    @api.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        name = str(first["loc"][-1])
        return _problem(
            request,
            Problem(400, "bad-parameter", f"{name}：{first['msg']}", f"{name}: {first['msg']}"),
        )

    @api.exception_handler(HTTPException)
    async def other(request: Request, error: HTTPException) -> Response:
        kind = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "bad-request")
        return _problem(
            request, Problem(error.status_code, kind, str(error.detail), str(error.detail))
        )

    @api.exception_handler(Problem)
    async def refused(request: Request, error: Problem) -> Response:
        return _problem(request, error)

    return api


def _problem(request: Request, problem: Problem) -> Response:
    exchange: Exchange = request.scope["tiaokuai.exchange"]
    out = exchange.problem(problem)
    return Response(out.body, out.status, dict(out.headers), out.media)


def _docs(schema: dict[str, Any]) -> str:
    """The description of the interface as a page that loads nothing from elsewhere."""
    parts = []
    for path, methods in schema["paths"].items():
        for method, said in methods.items():
            rows = "".join(
                f"<tr><td><code>{escape(p['name'])}</code><td>{'required' * p['required']}"
                f"<td>{escape(p.get('description') or p['in'])}"
                f"<td><code>{escape(json.dumps(p['schema'], ensure_ascii=False))}</code></tr>"
                for p in said.get("parameters", ())
            )
            parts.append(
                f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
                f"<p>{escape(said.get('summary', ''))}</p><table>{rows}</table>"
            )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>API · 条块</title><link rel="stylesheet" href="/static/site.css"><main>'
        f"<h1>API</h1><p>{escape(schema['info']['description'])} "
        '<a href="/openapi.json">openapi.json</a>. SPARQL: <a href="/sparql">/sparql</a>, '
        '<a href="/queries">/queries</a>.</p>' + "".join(parts) + "</main></html>"
    )
