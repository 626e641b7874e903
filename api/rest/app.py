"""The REST interface: `/api/…`, described by `/openapi.json` and `/docs`."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api.errors import EngineError
from api.http.exchange import Exchange
from api.http.negotiation import Form, chosen
from api.http.problems import Problem
from api.http.query_problems import trouble
from api.query.job import CallJob
from api.rest.collections import COLLECTIONS, Collection
from api.rest.docs_page import docs_page
from api.rest.filters import SCOPE
from api.rest.model_router import ModelRouter
from api.rest.openapi import described, parameters
from api.rest.schemas import ITEMS, Asked, Hit, Page, Refusal
from api.workers.engine import Engine
from graph.errors import StoreError
from queries.model.search import FACETS
from queries.scope import KEYS

_log = logging.getLogger("tiaokuai")
_FORMS = (Form("json", "application/json"), Form("jsonld", "application/ld+json", ("json-ld",)))
_GEO = Form("geojson", "application/geo+json")
_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refusal, "description": said, "content": {"application/problem+json": {}}}
    for status, said in (
        (400, "A parameter that is not there, or a value that it does not take"),
        (404, "There is no such thing"),
        (406, "No such format"),
        (503, "The server is busy, or the version cannot be read"),
    )
}
_MOST = 1000
_MOVING = ("versions",)
"""The lists that change although the version that is asked does not."""


class Interface:
    """The routes below `/api` over an engine."""

    def __init__(self, engine: Engine, version: str, router: ModelRouter) -> None:
        self._engine = engine
        self.router = router
        self._program = version
        self.app = FastAPI(
            title="条块 tiaokuai",
            version=version,
            docs_url=None,
            redoc_url=None,
            openapi_url=None,
        )
        for name, collection in COLLECTIONS.items():
            self._add(name, collection)
        self._add_search()
        self._add_ask()
        self._add_ogc()
        self.app.get("/openapi.json", include_in_schema=False)(self._openapi)
        self.app.get("/docs", include_in_schema=False)(self._docs)
        self.app.exception_handler(RequestValidationError)(_invalid)
        self.app.exception_handler(HTTPException)(_other)
        self.app.exception_handler(Problem)(_refused)

    def _add(self, name: str, collection: Collection) -> None:
        async def many(request: Request) -> Response:
            given, limit, after = _paging(request)
            form = _GEO if name == "places" and given.get("format") == "geojson" else None
            form = form or _form(request, given)
            given.pop("format", None)
            asked = {"kind": name, "limit": limit, "after": after, "filters": given}
            asked["geo"] = form is _GEO
            return await self._call(request, "api.rest.lists:listed", asked, form)

        async def one(request: Request, name_of: str) -> Response:
            given = dict(request.query_params)
            given.pop("lang", None)
            form = _form(request, given)
            _only(given, ("format", "lang"))
            asked = {"kind": name, "name": name_of}
            return await self._call(request, "api.rest.lists:one", asked, form)

        item: Any = ITEMS[name]  # mypy takes no class from a dictionary as a type
        self.app.get(
            f"/api/{name}", summary=collection.summary, name=name, responses=_REFUSALS,
            response_model=Page[item],
            openapi_extra={"parameters": parameters(collection.all_filters)},
        )(many)  # fmt: skip
        self.app.get(
            f"/api/{name}/{{name_of:path}}", summary=collection.single, name=f"one of {name}",
            response_model=item, responses=_REFUSALS,
        )(one)  # fmt: skip

    def _add_search(self) -> None:
        async def search(request: Request) -> Response:
            given, limit, after = _paging(request, usual=50)
            words = given.pop("q", "").strip()
            _only(given, ("q", *FACETS, *KEYS, "limit", "after", "lang"))
            facets = {name: given[name] for name in FACETS if given.get(name)}
            if not 0 < len(words) <= 200:
                raise _bad("q", "q：请给出1至200个字", "q: 1 to 200 characters are wanted")
            scope = {name: given[name] for name in KEYS if given.get(name)}
            asked = {
                "q": words, "facets": facets, "scope": scope, "limit": limit, "after": after,
            }  # fmt: skip
            return await self._call(request, "api.rest.lists:search", asked, _FORMS[0])

        words = {
            "name": "q", "in": "query", "required": True, "description": "Words to look for.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200}, "example": "飞乐",
        }  # fmt: skip
        facets = [
            {"name": name, "in": "query", "schema": {"type": "string"},
             "description": f"Only what has this {name}."}
            for name in FACETS
        ]  # fmt: skip
        self.app.get(
            "/api/search", summary="Bodies, places, projects, targets and sentences", name="search",
            response_model=Page[Hit], responses=_REFUSALS,
            openapi_extra={"parameters": [words, *facets, *parameters(SCOPE, usual=50)]},
        )(search)  # fmt: skip

    def _add_ogc(self) -> None:
        async def ogc(request: Request, path: str = "") -> Response:
            exchange: Exchange = request.scope["tiaokuai.exchange"]
            frozen = f"/v/{exchange.version}" if exchange.version else ""
            asked = {
                "path": path.strip("/"), "params": dict(request.query_params),
                "root": f"{exchange.root}{frozen}/api/ogc",
            }  # fmt: skip
            return await self._call(request, "api.rest.ogc:answered", asked, _FORMS[0])

        for address in ("/api/ogc", "/api/ogc/{path:path}"):
            self.app.get(address, include_in_schema=False)(ogc)

    def _add_ask(self) -> None:
        async def ask(request: Request) -> Response:
            given = dict(request.query_params)
            _only(given, ("q", *KEYS, "lang"))
            exchange: Exchange = request.scope["tiaokuai.exchange"]
            lang = given.get("lang", "")
            asked = {
                "q": given.get("q", ""),
                "scope": {k: given[k] for k in KEYS if given.get(k)},
                "language": lang if lang in ("zh", "en") else exchange.language,
                "root": exchange.root,
                "today": date.today().isoformat(),
            }
            last = Response(None, 500)

            async def call(wanted: dict[str, Any]) -> dict[str, Any]:
                nonlocal last
                last = await self._call(request, "api.rest.ask:answered", wanted, _FORMS[0])
                return json.loads(bytes(last.body)) if last.status_code == 200 else {}

            said = await self.router.routed(asked, call)
            if "model" not in said:
                return last
            headers = {
                "cache-control": "no-store",
                "tiaokuai-version": last.headers["tiaokuai-version"],
            }
            return Response(json.dumps(said, ensure_ascii=False), 200, headers, "application/json")

        words = {
            "name": "q", "in": "query", "required": True,
            "description": "A question in plain words, Chinese or English.",
            "schema": {"type": "string"}, "example": "新华路街道涉及哪些目标",
        }  # fmt: skip
        scope = [
            {"name": name, "in": "query", "schema": {"type": "string"},
             "description": f"Only facts of this {name}."}
            for name in KEYS
        ]  # fmt: skip
        self.app.get(
            "/api/ask", summary="A question in plain words", name="ask", response_model=Asked,
            responses=_REFUSALS, openapi_extra={"parameters": [words, *scope]},
        )(ask)  # fmt: skip

    async def _openapi(self, request: Request) -> Response:
        return await self._described(request, "application/json")

    async def _docs(self, request: Request) -> Response:
        return await self._described(request, "text/html; charset=utf-8")

    async def _described(self, request: Request, media: str) -> Response:
        """The description; examples and allowed values are those of the version that is asked."""
        exchange: Exchange = request.scope["tiaokuai.exchange"]
        found = await self._call(request, "api.rest.openapi:examples", {}, _FORMS[0], tag=media)
        if found.status_code != 200:
            return found
        schema = described(self.app.openapi(), json.loads(bytes(found.body)))
        schema["servers"] = [{"url": f"/v/{exchange.version}" if exchange.version else "/"}]
        if media.startswith("application"):
            body = json.dumps(schema, ensure_ascii=False)
        else:
            body = docs_page(schema, exchange.language)
        headers = {k: v for k, v in found.headers.items() if not k.startswith("content-")}
        return Response(body, 200, headers, media)

    async def _call(
        self, request: Request, function: str, asked: dict[str, Any], form: Form, tag: str = ""
    ) -> Response:
        """Run a function on the version that is asked. Raises Problem."""
        exchange: Exchange = request.scope["tiaokuai.exchange"]
        asked["linked"] = form.name == "jsonld"
        until = self._engine.until()
        try:
            async with self._engine.use(exchange.version, whole=True) as pool:
                version = pool.version.id
                said = repr((self._program, version, function, asked, tag)).encode(errors="replace")
                etag = f'"{hashlib.sha256(said).hexdigest()[:24]}"'
                kept = exchange.version and asked.get("kind") not in _MOVING
                headers = {
                    "cache-control": exchange.freshness if kept else "no-cache",
                    "vary": "Accept, Accept-Language",
                    "tiaokuai-version": version,
                }
                known = ""
                if asked.get("kind") not in _MOVING:
                    headers["etag"] = etag
                    known = exchange.headers.get("if-none-match", "")
                if etag in [part.strip().removeprefix("W/") for part in known.split(",")]:
                    return Response(None, 304, headers)
                found = await exchange.unless_gone(pool.run(CallJob(function, asked), until))
        except (EngineError, StoreError) as error:
            raise trouble(error) or error from None
        if found.head["is"] != "ok":
            _log.error("%s\n%s", exchange.raw_path, found.head["why"])
            raise Problem(500, "internal", "服务器内部错误", "an error inside the server")
        if found.head["status"] >= 400:
            raise _problem_of(found.head["status"], json.loads(found.body))
        for name, value in found.head["headers"]:
            if name == "tiaokuai-next":
                headers["link"] = self._links(exchange, request, version, value)
        return Response(found.body, 200, headers, found.head["media"])

    def _links(self, exchange: Exchange, request: Request, version: str, after: str) -> str:
        """The addresses of the next page and of the first, of the same version."""
        root = exchange.root
        path = f"{root}/v/{version}{quote(request.scope['path'])}"
        given = {k: v for k, v in request.query_params.items() if k != "after"}
        first = path + ("?" + urlencode(given) if given else "")
        following = path + "?" + urlencode({**given, "after": after})
        return f'<{following}>; rel="next", <{first}>; rel="first"'


def rest(engine: Engine, version: str, router: ModelRouter) -> FastAPI:
    """The interface to the routes below `/api`."""
    return Interface(engine, version, router).app


def _paging(request: Request, usual: int = 100) -> tuple[dict[str, str], int, str]:
    """The filters of a request, and where its page begins and ends. Raises Problem."""
    pairs = request.query_params.multi_items()
    given = dict(pairs)
    for name in given:
        if sum(key == name for key, _ in pairs) > 1:
            raise _bad(name, f"{name}：只能给一次", f"{name}: may be given only once")
    given.pop("lang", None)
    text, after = given.pop("limit", str(usual)), given.pop("after", "")
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= _MOST):
        said = f"1–{_MOST}"
        raise _bad("limit", f"limit：须为{said}", f"limit: {said} is wanted", [f"1..{_MOST}"])
    return given, int(text), after


def _form(request: Request, given: dict[str, str]) -> Form:
    """JSON or JSON-LD. Raises Problem."""
    wanted = given.pop("format", "")
    form = chosen(_FORMS, request.headers.get("accept", ""), wanted)
    if form is not None:
        return form
    names = [f.name for f in _FORMS]
    if wanted:
        said = f"format：可用 {'、'.join(names)}"
        raise _bad("format", said, f"format: there are {', '.join(names)}", names)
    if "text/html" in request.headers.get("accept", ""):
        return _FORMS[0]
    medias = ", ".join(f.media for f in _FORMS)
    raise Problem(406, "not-acceptable", f"可用的格式：{medias}", f"formats to be had: {medias}")


def _only(given: Mapping[str, str], allowed: tuple[str, ...]) -> None:
    for name in given:
        if name not in allowed:
            said = "、".join(allowed)
            raise _bad(
                name, f"没有参数 {name}；可用：{said}",
                f"there is no parameter {name}; allowed: {said}", list(allowed),
            )  # fmt: skip


def _bad(name: str, zh: str, en: str, allowed: list[str] | None = None) -> Problem:
    members: dict[str, object] = {"parameter": name}
    if allowed is not None:
        members["allowed"] = allowed
    return Problem(400, "bad-parameter", zh, en, members=members)


def _problem_of(status: int, said: dict[str, Any]) -> Problem:
    kind = "not-found" if status == 404 else "bad-parameter"
    members = {k: v for k, v in said.items() if k not in ("zh", "en", "detail")}
    return Problem(status, kind, said["zh"], said["en"], members=members)


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    first = error.errors()[0]
    name = str(first["loc"][-1])
    return await _refused(request, _bad(name, f"{name}：{first['msg']}", f"{name}: {first['msg']}"))


async def _other(request: Request, error: HTTPException) -> Response:
    kind = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "bad-request")
    path = request.scope["path"]
    zh = f"没有 {path}" if kind == "not-found" else str(error.detail)
    en = f"there is no {path}" if kind == "not-found" else str(error.detail)
    return await _refused(request, Problem(error.status_code, kind, zh, en))


async def _refused(request: Request, error: Problem) -> Response:
    exchange: Exchange = request.scope["tiaokuai.exchange"]
    out = exchange.problem(error)
    return Response(out.body, out.status, dict(out.headers), out.media)
