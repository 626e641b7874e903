"""The routes below /reconcile. See https://www.w3.org/community/reports/reconciliation/."""

from __future__ import annotations

import json
from importlib.metadata import version as installed

from api.http.exchange import Exchange, parsed_form
from api.http.outgoing import Outgoing
from api.http.problems import Problem, method_not_allowed, not_found
from api.query.job import CallJob
from api.workers.engine import Engine
from queries.scope import KEYS

_PARTS = ("suggest/entity", "suggest/type", "suggest/property", "properties", "preview")
_MAX_PROPOSED = 50


async def reconcile(engine: Engine, exchange: Exchange, path: str) -> None:
    """Answer the manifest, a batch of queries, an extension, or a part. Raises Problem."""
    if exchange.method not in ("GET", "HEAD", "POST"):
        raise method_not_allowed("GET, HEAD, POST, OPTIONS")
    given = dict(exchange.params())
    if exchange.method == "POST":
        body = await exchange.body()
        try:
            given |= dict(parsed_form(body.decode()))
        except UnicodeDecodeError:
            raise Problem(400, "bad-request", "请求体不是 UTF-8", "the body is not UTF-8") from None
    part = path.removeprefix("/reconcile").strip("/")
    if part and part not in _PARTS:
        raise not_found(path)
    if not part:
        part = next((name for name in ("queries", "extend") if name in given), "manifest")
    limit = given.get("limit", "")
    asked = {
        "part": part,
        "root": exchange.root,
        "program": installed("tiaokuai"),
        "scope": {k: given[k] for k in KEYS if given.get(k)},
        "limit": int(limit) if limit.isdecimal() and limit.isascii() else _MAX_PROPOSED,
        **{name: given.get(name, "") for name in ("queries", "extend", "prefix", "type", "id")},
    }
    until = engine.until()
    async with engine.use(exchange.version, whole=True) as pool:
        work = pool.run(CallJob("api.reconcile.entity_answers:answered", asked), until)
        found = await exchange.unless_gone(work)
        version = pool.version.id
    if found.head["is"] != "ok":
        raise Problem(500, "internal", "服务器内部错误", "an error inside the server")
    if found.head["status"] != 200:
        said = json.loads(found.body)["error"]
        raise Problem(400, "bad-parameter", said, said)
    headers = (("cache-control", "no-cache"), ("tiaokuai-version", version))
    await exchange.reply(Outgoing(200, found.head["media"], found.body, headers))
