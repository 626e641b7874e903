"""`POST /api/progress`: a report of progress comes in, is tied to its notice, and is published.

The body is the file itself, named by `name`, or a form with a field `file`. `as_of`, `by` and `for`
take the place of what the report states; `dry_run=1` shows what would be published.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import pickle
from datetime import date
from typing import Any

from api.http.exchange import Exchange
from api.http.outgoing import Outgoing
from api.http.problems import Problem
from api.http.query_problems import remote
from api.sparql.request import media_type
from api.workers.engine import Engine
from api.write.multipart import parts_of
from api.write.upload import MAX_UPLOAD_BYTES
from api.write.upload_child import Reporting
from loaders.sandbox.one_job import OneJob

MAX_READ_S = 300.0
_CHILD = "api.write.upload_child:main"
_FIELDS = ("name", "as_of", "by", "for", "dry_run")


class ReportUploads:
    """The route `POST /api/progress`; reports are published one at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._settings = engine.settings
        self._turn = asyncio.Lock()

    async def answer(self, exchange: Exchange) -> None:
        """Publish the report of a request. Raises Problem."""
        self._allow(exchange)
        body = await exchange.body(MAX_UPLOAD_BYTES)
        given = {k: v for k, v in exchange.params() if k in _FIELDS}
        media, _ = media_type(exchange)
        data, name = body, given.get("name", "")
        if media == "multipart/form-data":
            parts = await asyncio.to_thread(parts_of, exchange.headers["content-type"], body)
            file = next((p for p in parts if p.name == "file" and p.filename is not None), None)
            data, name = (file.data, file.filename or "") if file else (b"", "")
            given |= {
                p.name: p.data.decode(errors="replace").strip() for p in parts if p.name in _FIELDS
            }
        if not data:
            raise Problem(
                400, "bad-request", "请附上一份报告（字段 file，或请求体）",
                "a report is wanted, as the field `file` or as the body",
            )  # fmt: skip
        reply = await self.publish(
            data, name, as_of=given.get("as_of", ""), by=given.get("by", ""),
            plan=given.get("for", ""), is_dry=given.get("dry_run", "") in ("1", "true"),
        )  # fmt: skip
        headers = (("tiaokuai-version", reply["version"] or ""), ("cache-control", "no-store"))
        text = json.dumps(reply, ensure_ascii=False).encode()
        status = 201 if reply["version"] else 200
        await exchange.reply(Outgoing(status, "application/json", text, headers))

    async def publish(
        self, data: bytes, name: str, *, as_of: str, by: str, plan: str, is_dry: bool
    ) -> dict[str, Any]:
        """Read a report, tie it to its plan, and publish it unless dry. Raises Problem."""
        current = self._engine.current
        order = Reporting(
            self._engine.store.location, name or "report", data, _day(as_of), by, plan, is_dry,
            current.id if current else "",
        )  # fmt: skip
        async with self._turn:
            said = await _run(order)
        if said["is"] == "engine":
            raise remote(said["why"])
        if said["is"] == "store":
            raise Problem(503, "broken-store", f"不能写入：{said['why']}", str(said["why"]))
        if said["is"] != "ok":
            raise Problem(422, "unreadable", str(said["why"]), str(said["why"]))
        if said["version"]:
            await self._engine.refresh()
        return {**said["json"], "version": said["version"] or None, "replaces": said["replaces"]}

    def _allow(self, exchange: Exchange) -> None:
        if not self._settings.token:
            raise Problem(
                403, "read-only",
                "本服务器只读；运行服务器的人可用 TIAOKUAI_TOKEN 开放写入",
                "this server only reads; its operator may allow writing with TIAOKUAI_TOKEN",
            )  # fmt: skip
        scheme, _, token = exchange.headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(token.strip().encode("latin-1"), self._settings.token.encode())
        if scheme.lower() != "bearer" or not right:
            raise Problem(
                401, "unauthorized",
                "写入须带 Authorization: Bearer 令牌", "writing needs Authorization: Bearer TOKEN",
                (("www-authenticate", 'Bearer realm="tiaokuai"'),),
            )  # fmt: skip


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise Problem(
            400, "bad-request", f"as_of：“{text}”不是2019-06-25这样的日期",
            f"as_of: {text!r} is no day of the form 2019-06-25",
        ) from None  # fmt: skip


async def _run(order: Reporting) -> dict[str, Any]:
    """Run an order in a child. Never raises: a failure is part of the result."""
    child = await OneJob.start(_CHILD)
    try:
        _, out = await child.do(pickle.dumps(order), MAX_READ_S)
        said: dict[str, Any] = json.loads(out)
        return said
    except (TimeoutError, ValueError):
        return {"is": "unreadable", "why": f"{order.name}: reading it took too long or too much"}
