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
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from api.http.exchange import Exchange, parsed_form
from api.http.negotiation import wants_page
from api.http.outgoing import Outgoing
from api.http.problems import Problem, method_not_allowed, not_found
from api.http.query_problems import remote
from api.sparql.request import decoded, media_type, unsupported
from api.workers.engine import Engine
from api.write.upload_child import Publishing, Reading
from loaders.sandbox.one_job import OneJob
from viz.pages import upload as pages_upload

BODY = 32 * 2**20 + 64 * 2**10
"""Bytes that a form may bring: a document of 32 MB, and its fields."""
_KEPT, _HOUR, _AT_ONCE = 8, 3600.0, 2
_SECONDS = 300.0
_PATIENCE = 6.0
"""Seconds that a request waits for a document to be read before it shows that it is."""
_FORM, _PARTS = "application/x-www-form-urlencoded", "multipart/form-data"
_COOKIE = "tiaokuai-upload"
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
        self._slots = asyncio.Semaphore(_AT_ONCE)

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
            language=_language(exchange),
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
        self._claims(exchange)
        fields, files = _parsed(exchange.headers["content-type"], await exchange.body(BODY))
        self._allow(exchange, fields.get("token", ""))
        name, data = files.get("file", ("", b""))
        if not data:
            why = "请选一份文件", "choose a file (the field `file`)"
            if wants_page(exchange.accept):
                await self._form(exchange, why[_language(exchange) == "en"], 400)
                return
            raise Problem(400, "bad-request", *why)
        key = secrets.token_urlsafe(16)
        order = Reading(
            str(self._engine.store.folder), name or "document", data, f"/upload/{key}",
            _language(exchange), self._version(),
        )  # fmt: skip
        self._forget()
        job = _Job(order.name, data, time.monotonic(), asyncio.create_task(self._run(order)))
        self._jobs[key] = job
        if not wants_page(exchange.accept):
            said = await asyncio.shield(job.task)
            if said["is"] != "read":
                del self._jobs[key]
                raise _refused(said)
            body = json.dumps({**said["json"], "publish": f"/upload/{key}"}, ensure_ascii=False)
            await exchange.reply(Outgoing(200, "application/json", body.encode()))
            return
        await asyncio.wait({job.task}, timeout=_PATIENCE)
        headers = (
            ("location", f"/upload/{key}" + ("?lang=en" if _language(exchange) == "en" else "")),
            ("set-cookie", f"{_COOKIE}={self._pass()}; Path=/upload; HttpOnly; SameSite=Strict"),
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
                language=_language(exchange),
                version=self._version(),
            )
            await exchange.reply(Outgoing(200, _PAGE, page, (*headers, ("refresh", "1"))))
            return
        said = job.task.result()
        if said["is"] == "read":
            await exchange.reply(Outgoing(200, _PAGE, said["page"].encode(), headers))
            return
        del self._jobs[key]
        await self._form(exchange, said["why"], 422)

    async def _publish(self, exchange: Exchange, key: str) -> None:
        """A person has corrected what was read: publish it, and show its page."""
        self._writable()
        media, charset = media_type(exchange)
        if media not in (_FORM, ""):
            raise unsupported((_FORM,))
        pairs = parsed_form(decoded(await exchange.body(BODY), charset))
        fields = dict(pairs)
        self._allow(exchange, fields.get("token", ""))
        job = self._jobs[key]
        order = Publishing(
            self._engine.store.location, job.name, job.data,
            tuple((k[7:], v) for k, v in pairs if k.startswith("decide-")),
            tuple((k[5:], v) for k, v in pairs if k.startswith("unit-")),
            fields.get("who", "").strip()[:80],
            "replace" in fields,
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
        """What the reading process says. Never raises: what goes wrong is said too."""
        async with self._slots:
            child = await OneJob.start(_CHILD)
            try:
                _, out = await child.do(pickle.dumps(order), _SECONDS)
                said: dict[str, Any] = json.loads(out)
                return said
            except (TimeoutError, ValueError):
                why = f"{order.name}: reading it took too long or too much"
                return {"is": "unreadable", "why": why}

    def _forget(self) -> None:
        """Lets go of documents that nobody came back for."""
        old = [k for k, j in self._jobs.items() if time.monotonic() - j.since > _HOUR]
        waiting = [k for k in self._jobs if k not in old]
        for key in [*old, *waiting[: max(0, len(waiting) - _KEPT + 1)]]:
            self._jobs.pop(key).task.cancel()

    def _version(self) -> str:
        return self._engine.current.id if self._engine.current else ""

    def _writable(self) -> None:
        if not self._settings.token:
            raise Problem(
                403, "read-only",
                "本服务器只读；运行服务器的人可用 TIAOKUAI_TOKEN 开放交文件",
                "this server only reads; its operator may take documents with TIAOKUAI_TOKEN",
            )  # fmt: skip

    def _claims(self, exchange: Exchange) -> None:
        """Refuses a wrong token in the header before the body is read. Raises Problem."""
        if "authorization" in exchange.headers and not self._knows(exchange):
            raise _unauthorized()

    def _allow(self, exchange: Exchange, token: str) -> None:
        if not self._knows(exchange) and not self._is_token(token):
            raise _unauthorized()

    def _knows(self, exchange: Exchange) -> bool:
        """Whether a request shows the token in its header, or the cookie of one that did."""
        if not self._settings.token:
            return False
        scheme, _, token = exchange.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return hmac.compare_digest(
                token.strip().encode("latin-1"), self._settings.token.encode()
            )
        shown = re.search(rf"(?:^|;\s*){_COOKIE}=([\w-]+)", exchange.headers.get("cookie", ""))
        return shown is not None and hmac.compare_digest(shown[1], self._pass())

    def _is_token(self, token: str) -> bool:
        return hmac.compare_digest(token.strip().encode(), self._settings.token.encode())

    def _pass(self) -> str:
        """What the cookie holds: not the token, and good for these pages only."""
        key = self._settings.token.encode()
        return hmac.new(key, b"upload", hashlib.sha256).hexdigest()


def _language(exchange: Exchange) -> str:
    return "en" if ("lang", "en") in exchange.params(strict=False) else "zh"


def _unauthorized() -> Problem:
    return Problem(
        401, "unauthorized",
        "交文件须有令牌", "handing in a document needs the token",
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


def _parsed(kind: str, body: bytes) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    """The fields and the files (name and bytes) of a form. Raises Problem."""
    boundary = re.search(r'boundary="?([^";,]{1,70})"?', kind)
    if boundary is None:
        raise Problem(400, "bad-request", "表单没有 boundary", "the form names no boundary")
    fields: dict[str, str] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for part in body.split(b"--" + boundary[1].encode("latin-1"))[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        said = head.decode(errors="replace")
        name = re.search(r'name="([^"]*)"', said)
        if name is None:
            continue
        content = content.removesuffix(b"\r\n")
        file = re.search(r'filename="((?:[^"\\]|\\.)*)"', said)
        if file is None:
            fields[name[1]] = content.decode(errors="replace")
        else:
            files[name[1]] = (re.split(r"[/\\]", file[1])[-1], content)
    return fields, files
