"""`/upload`: a person hands in a document, sees what was read, corrects it and publishes it.

A document is read in a process of its own. What is handed in stays in memory, a few documents
for an hour, until it is published; the store is not touched before.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import pickle
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote_plus

from api.http.exchange import Exchange, parsed_form
from api.http.negotiation import wants_page
from api.http.outgoing import Outgoing
from api.http.problems import Problem, method_not_allowed, not_found
from api.http.query_problems import remote
from api.sparql.request import decoded, media_type, unsupported
from api.workers.engine import Engine
from api.write.multipart import parts_of
from api.write.upload_child import Publishing, Reading
from loaders.sandbox.one_job import OneJob
from viz.pages import upload as pages_upload

MAX_UPLOAD_BYTES = 32 * 2**20 + 64 * 2**10
"""Bytes that a form may bring: a document of 32 MB, and its fields."""
_MAX_KEPT, _KEPT_S, _MAX_AT_ONCE = 8, 3600, 2
_MAX_READ_S = 300.0
_WAIT_S = 6.0
"""Seconds that a request waits for a document to be read before it shows that it is."""
_FORM, _PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
_COOKIE = "tiaokuai-upload"
_COOKIE_TERMS = f"Path=/upload; Max-Age={_KEPT_S}; HttpOnly; SameSite=Strict"
_CHILD = "api.write.upload_child:main"
_PAGE = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class _Job:
    name: str
    data: bytes
    since: float
    task: asyncio.Task[dict[str, Any]]


class Uploads:
    """The routes `/upload` and `/upload/{id}`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._settings = engine.settings
        self._jobs: dict[str, _Job] = {}
        self._slots = asyncio.Semaphore(_MAX_AT_ONCE)

    async def answer(self, exchange: Exchange, path: str) -> None:
        """The reply to a request. Raises Problem."""
        if exchange.method not in ("GET", "HEAD", "POST"):
            raise method_not_allowed("GET, HEAD, POST, OPTIONS")
        name = path.removeprefix("/upload").strip("/")
        if not name and exchange.method != "POST":
            await self._form(exchange)
        elif not name:
            await self._take(exchange)
        elif name not in self._jobs:
            raise not_found(path)
        elif exchange.method == "POST":
            await self._publish(exchange, name)
        else:
            await self._show(exchange, name)

    async def _form(self, exchange: Exchange, error: str = "", status: int = 200) -> None:
        page = pages_upload.form(
            language=exchange.language,
            version=self._version(),
            open=bool(self._settings.token),
            known=self._knows(exchange),
            error=error,
        )
        await exchange.reply(Outgoing(status, _PAGE, page, (("cache-control", "no-store"),)))

    async def _take(self, exchange: Exchange) -> None:
        """A document comes in: read it, and show what was read or that it is being read."""
        self._writable()
        if media_type(exchange)[0] != _PARTS:
            raise unsupported((_PARTS,))
        kind = exchange.headers["content-type"]
        form = await exchange.body(MAX_UPLOAD_BYTES, check=self._check(exchange, kind))
        parts = await asyncio.to_thread(parts_of, kind, form)
        file = next((p for p in parts if p.name == "file" and p.filename is not None), None)
        name, data = (file.filename or "", file.data) if file else ("", b"")
        if not data:
            why = "请选一份文件", "choose a file (the field `file`)"
            if wants_page(exchange.accept):
                await self._form(exchange, why[exchange.language == "en"], 400)
                return
            raise Problem(400, "bad-request", *why)
        key = secrets.token_urlsafe(16)
        order = Reading(
            str(self._engine.store.folder), name or "document", data, f"/upload/{key}",
            exchange.language, self._version(),
        )  # fmt: skip
        self._make_room()
        job = _Job(order.name, data, time.monotonic(), asyncio.create_task(self._run(order)))
        self._jobs[key] = job
        if not wants_page(exchange.accept):
            said = await asyncio.shield(job.task)
            if said["is"] != "read":
                self._jobs.pop(key, None)
                raise _refused(said)
            body = json.dumps({**said["json"], "publish": f"/upload/{key}"}, ensure_ascii=False)
            await exchange.reply(Outgoing(200, "application/json", body.encode()))
            return
        await asyncio.wait({job.task}, timeout=_WAIT_S)
        headers = (
            ("location", f"/upload/{key}" + ("?lang=en" if exchange.language == "en" else "")),
            ("set-cookie", f"{_COOKIE}={self._pass()}; {_COOKIE_TERMS}"),
            ("cache-control", "no-store"),
        )
        await exchange.reply(Outgoing(303, _PAGE, b"", headers))

    async def _show(self, exchange: Exchange, key: str) -> None:
        job = self._jobs[key]
        await asyncio.wait({job.task}, timeout=0.5)
        headers: tuple[tuple[str, str], ...] = (("cache-control", "no-store"),)
        if not job.task.done():
            page = pages_upload.waiting(
                job.name,
                round(time.monotonic() - job.since),
                language=exchange.language,
                version=self._version(),
            )
            await exchange.reply(Outgoing(200, _PAGE, page, (*headers, ("refresh", "1"))))
            return
        said = job.task.result()
        if said["is"] == "read":
            await exchange.reply(Outgoing(200, _PAGE, said["page"].encode(), headers))
            return
        self._jobs.pop(key, None)
        await self._form(exchange, said["why"], 422)

    async def _publish(self, exchange: Exchange, key: str) -> None:
        """A person has corrected what was read: publish it, and show its page."""
        self._writable()
        media, charset = media_type(exchange)
        if media not in (_FORM, ""):
            raise unsupported((_FORM,))
        form = await exchange.body(MAX_UPLOAD_BYTES, check=self._check(exchange, media))
        pairs = parsed_form(decoded(form, charset))
        fields = dict(pairs)
        job = self._jobs.get(key)
        if job is None:  # published, or let go, while this form arrived
            raise not_found(f"/upload/{key}")
        order = Publishing(
            self._engine.store.location, job.name, job.data,
            tuple((k[7:], v) for k, v in pairs if k.startswith("decide-")),
            tuple((k[5:], v) for k, v in pairs if k.startswith("unit-")),
            fields.get("who", "").strip()[:80],
            "replace" in fields,
            self._version(),
        )  # fmt: skip
        said = await self._run(order)
        if said["is"] != "ok":
            raise _refused(said)
        self._jobs.pop(key, None)
        await self._engine.refresh()
        headers = (
            ("location", quote(said["notice"], safe="/:@!$&'()*+,;=~-._%")),
            ("tiaokuai-version", said["version"]),
            ("cache-control", "no-store"),
        )
        body = json.dumps({k: said[k] for k in ("version", "notice", "decisions", "replaces")})
        status = 303 if wants_page(exchange.accept) else 201
        await exchange.reply(Outgoing(status, "application/json", body.encode(), headers))

    async def _run(self, order: Reading | Publishing) -> dict[str, Any]:
        """Run an order in a child. Never raises: a failure is part of the result."""
        async with self._slots:
            child = await OneJob.start(_CHILD)
            try:
                _, out = await child.do(pickle.dumps(order), _MAX_READ_S)
                said: dict[str, Any] = json.loads(out)
                return said
            except (TimeoutError, ValueError):
                why = f"{order.name}: reading it took too long or too much"
                return {"is": "unreadable", "why": why}

    def _make_room(self) -> None:
        """Let go of documents that were read and not fetched. Raises Problem where all are busy."""
        now = time.monotonic()
        for key, job in list(self._jobs.items()):
            if now - job.since > _KEPT_S:
                self._jobs.pop(key).task.cancel()
        done = [key for key, job in self._jobs.items() if job.task.done()]
        for key in done[: max(0, len(self._jobs) - _MAX_KEPT + 1)]:
            del self._jobs[key]
        if len(self._jobs) >= _MAX_KEPT:
            raise Problem(
                503, "busy", "正在读的文件太多，请稍后再试",
                "too many documents are being read, try again", (("retry-after", "5"),),
            )  # fmt: skip

    def _version(self) -> str:
        return self._engine.current.id if self._engine.current else ""

    def _writable(self) -> None:
        if not self._settings.token:
            raise Problem(
                403, "read-only",
                "本服务器只读；运行服务器的人可用 TIAOKUAI_TOKEN 开放交文件",
                "this server only reads; its operator may take documents with TIAOKUAI_TOKEN",
            )  # fmt: skip

    def _check(self, exchange: Exchange, kind: str) -> Callable[[bytes], None] | None:
        """A check of a body's beginning for the token; None where the head of the request has it.

        Raises Problem for a wrong token in the head.
        """
        if self._knows(exchange):
            return None
        if "authorization" in exchange.headers:
            raise _unauthorized()

        def check(head: bytes) -> None:
            if kind.startswith(_PARTS):
                fields = [p for p in parts_of(kind, head, whole=False) if p.name == "token"]
                given = fields[0].data.decode(errors="replace") if fields else ""
            else:
                token = re.search(rb"(?:^|&)token=([^&]*)", head)
                given = unquote_plus(token[1].decode("latin-1")) if token else ""
            if not self._is_token(given):
                raise _unauthorized()

        return check

    def _knows(self, exchange: Exchange) -> bool:
        """Return whether the header has the token, or the cookie of a request that had it."""
        if not self._settings.token:
            return False
        scheme, _, token = exchange.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return hmac.compare_digest(
                token.strip().encode("latin-1"), self._settings.token.encode()
            )
        shown = re.search(rf"(?:^|;\s*){_COOKIE}=([0-9a-f]+)", exchange.headers.get("cookie", ""))
        return shown is not None and hmac.compare_digest(shown[1], self._pass())

    def _is_token(self, token: str) -> bool:
        return hmac.compare_digest(token.strip().encode(), self._settings.token.encode())

    def _pass(self) -> str:
        """The value of the cookie: not the token, and valid for these pages only."""
        key = self._settings.token.encode()
        return hmac.new(key, b"upload", hashlib.sha256).hexdigest()


def _unauthorized() -> Problem:
    return Problem(
        401, "unauthorized",
        "交文件须有令牌（表单中令牌在文件之前）",
        "handing in a document needs the token, in a form before the file",
        (("www-authenticate", 'Bearer realm="tiaokuai"'),),
    )  # fmt: skip


def _refused(said: dict[str, Any]) -> Problem:
    if said["is"] == "engine":
        return remote(said["why"])
    if said["is"] == "store":
        return Problem(503, "broken-store", f"不能写入：{said['why']}", str(said["why"]))
    if said["is"] == "other-document":
        hint = "；表单项 replace=1 仍以它替换", " (over HTTP the field `replace=1`)"
        return Problem(409, "other-document", said["zh"] + hint[0], said["why"] + hint[1])
    return Problem(422, "unreadable", str(said["why"]), str(said["why"]))
