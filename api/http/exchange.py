"""One request that is being answered: its parameters, its body, the way back to the client.

By hand where Starlette has Request and Response: a reply leaves in one system call with the
headers that none may lack, a body is bounded and checked for its right while it arrives, and the
work for a client that hangs up is cancelled.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from binascii import a2b_qp
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, MutableMapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, unquote_to_bytes

from api.http.compression import compressed
from api.http.negotiation import language, wants_page
from api.http.outgoing import Outgoing
from api.http.problems import Problem
from api.http.standing_headers import standing_headers
from api.settings import Settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
_T = TypeVar("_T")

MAX_BODY_BYTES = 2 * 2**20
"""Bytes of a request body that are taken; a longer one is read on and refused."""
MAX_DRAINED_BYTES = 16 * 2**20
"""Bytes of a body that are read before a refusal; beyond, the connection is closed."""
MAX_BODIES_BYTES = 256 * 2**20
"""Bytes of all bodies that are held at a time."""
CHECKED_BYTES = 64 * 2**10
"""The first bytes of a body, which must hold a token that is a field of a form."""
CLIENT = "tiaokuai.client"
"""The key in an ASGI scope of the connection's `Client`."""
SEND_WHOLE = "tiaokuai.send_whole"
"""The key in an ASGI scope of a function that sends a whole reply in one system call: uvicorn's
`send` takes two, and checks each header, which costs more than all of our routing."""
SendWhole = Callable[[int, bytes, bytes], Awaitable[None]]
MAX_PARAMETERS = 1000
_LOOP_BACK = re.compile(r"(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d*)?")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class HungUp(Exception):
    """The client has gone."""


class Client:
    """The other end of a connection: when it goes, the work that it waits for is cancelled."""

    __slots__ = ("gone", "waiting")

    def __init__(self) -> None:
        self.gone = False
        self.waiting: asyncio.Task[Any] | None = None

    def leave(self) -> None:
        """Cancel the work that the client waits for."""
        self.gone = True
        if self.waiting is not None:
            self.waiting.cancel()


@dataclass(slots=True)
class _Bodies:
    """The bytes of all bodies that are held now."""

    held: int = 0


_bodies = _Bodies()


class Exchange:
    """One request that is being answered."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, settings: Settings) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._client: Client = scope[CLIENT]
        self._send_whole: SendWhole = scope[SEND_WHOLE]
        self._settings = settings
        self.method: str = scope["method"]
        self.headers: dict[str, str] = {
            k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]
        }
        self.raw_path: str = scope["raw_path"].decode("latin-1")
        self.query: str = scope["query_string"].decode("latin-1")
        self.version = ""
        """The version that the path names, /v/{version}/…; empty: the current one."""
        self._is_read = self.method in ("GET", "HEAD", "OPTIONS")
        self._is_reading = False
        self._held = 0
        self.began = False
        self.status = 0

    @property
    def path(self) -> str:
        """The path, decoded. Raises Problem where it is not UTF-8."""
        try:
            path = unquote_to_bytes(self.raw_path).decode("utf-8")
        except UnicodeDecodeError:
            raise Problem(
                400, "bad-request", "地址不是 UTF-8", "the address is not UTF-8"
            ) from None
        if "\0" in path or _BARE_PERCENT.search(self.raw_path):
            raise Problem(400, "bad-request", "地址的编码有误", "the address is badly encoded")
        return path

    @property
    def language(self) -> str:
        """The language that the reader wants, zh or en; `lang=` goes before the header."""
        with contextlib.suppress(Problem):  # of too many parameters, while one is reported
            for key, value in self.params(strict=False):
                if key == "lang" and value in ("zh", "en"):
                    return value
        return language(self.headers)

    @property
    def accept(self) -> str:
        """The Accept header, empty where it is not given."""
        return self.headers.get("accept", "")

    def params(self, *, strict: bool = True) -> list[tuple[str, str]]:
        """The parameters of the query string. Raises Problem where they are not UTF-8."""
        return parsed_form(self.query, strict=strict)

    @property
    def root(self) -> str:
        """The public address without a slash at its end: that of the settings, else the Host."""
        if self._settings.url:
            return self._settings.url
        return f"{self._scope.get('scheme', 'http')}://{self.headers.get('host', 'localhost')}"

    @property
    def freshness(self) -> str:
        """The Cache-Control of a reply: one about a fixed version never changes.

        What names a Host that anybody may have sent is kept out of shared caches.
        """
        if not self.version:
            return "no-cache"
        is_known = self._settings.url or _LOOP_BACK.fullmatch(self.headers.get("host", "localhost"))
        return f"{'public' if is_known else 'private'}, max-age=31536000, immutable"

    async def body(
        self, most: int = MAX_BODY_BYTES, *, check: Callable[[bytes], None] | None = None
    ) -> bytes:
        """Read the body of the request to its end. Raises Problem (413, 503) and HungUp.

        `check` sees the first `CHECKED_BYTES`, or all of a shorter body, before more is read, and
        may refuse it by raising a Problem.
        """
        found, length = bytearray(), 0
        is_checked = check is None
        async for part in self._body_parts():
            length += len(part)
            if length <= most:
                self._hold(len(part))
                found += part
            elif length > max(MAX_DRAINED_BYTES, most):
                raise _too_large(most, (("connection", "close"),))
            if check is not None and not is_checked and len(found) >= CHECKED_BYTES:
                is_checked = True
                check(bytes(found[:CHECKED_BYTES]))
        if length > most:
            raise _too_large(most)
        if check is not None and not is_checked:
            check(bytes(found))
        return bytes(found)

    async def drain(self) -> bool:
        """Read and drop what is left of the body, so that the connection can go on.

        False where a client still waits for 100 Continue: its body is not asked for.
        """
        if not self._is_read and not self._is_reading and "expect" in self.headers:
            return False
        length = 0
        async for part in self._body_parts():
            length += len(part)
            if length > MAX_DRAINED_BYTES:
                return False
        return True

    async def _body_parts(self) -> AsyncIterator[bytes]:
        self._is_reading = True
        while not self._is_read:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise HungUp
            self._is_read = not message.get("more_body", False)
            yield message.get("body", b"")

    def _hold(self, size: int) -> None:
        """Count the bytes of a body among those of all requests. Raises Problem."""
        if _bodies.held + size > MAX_BODIES_BYTES:
            raise Problem(
                503, "busy", "同时上传的内容太多，请稍后再试",
                "too much is being sent at once, try again", (("retry-after", "5"),),
            )  # fmt: skip
        _bodies.held += size
        self._held += size

    def release(self) -> None:
        """Give back the room that the body took."""
        _bodies.held -= self._held
        self._held = 0

    async def unless_gone(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Await some work; where the client hangs up first, cancel it and raise HungUp."""
        client = self._client
        client.waiting = asyncio.current_task()
        try:
            return await work
        except asyncio.CancelledError:
            if not client.gone:
                raise
            raise HungUp from None
        finally:
            client.waiting = None

    async def reply(self, out: Outgoing) -> None:
        """Send a whole reply; HEAD gets the same without the body."""
        self.began, self.status = True, out.status
        is_bare = out.status in (204, 304) or self.method == "HEAD"
        out = await compressed(out, self.headers.get("accept-encoding", ""))
        lines = out.lines() + standing_headers(self._settings, self._origin, own=_has_policy(out))
        await self._send_whole(out.status, lines, b"" if is_bare else out.body)

    @property
    def _origin(self) -> str:
        return self.headers.get("origin", "")

    async def hand_over(self, app: Application, path: str) -> None:
        """Let another ASGI application answer, which sees the path without its version."""
        method = "GET" if self.method == "HEAD" else self.method
        scope = {**self._scope, "path": path, "raw_path": quote(path).encode(), "method": method}
        scope["tiaokuai.exchange"] = self

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self.begin(message["status"], message["headers"])
            else:
                await self._send(message)

        await app(scope, self._receive, send)

    async def begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Send the status line and the headers of a body that follows in pieces."""
        self.began, self.status = True, status
        own = any(name == b"content-security-policy" for name, _ in headers)
        lines = standing_headers(self._settings, self._origin, own=own)
        pairs = [line.split(b": ", 1) for line in lines.splitlines()]
        headers = [*headers, *((name, value) for name, value in pairs)]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def piece(self, data: bytes, *, more: bool = True) -> None:
        """Send a piece of a body that streams."""
        await self._send({"type": "http.response.body", "body": data, "more_body": more})

    def problem(self, problem: Problem) -> Outgoing:
        """A problem as a reply: a page for browsers, else JSON."""
        tongue = self.language
        headers = (*problem.headers, ("content-language", "en" if tongue == "en" else "zh-CN"))
        headers += (("cache-control", "no-store"), ("vary", "Accept, Accept-Language"))
        if wants_page(self.accept):
            page = problem.page(tongue)
            return Outgoing(problem.status, "text/html; charset=utf-8", page, headers)
        return Outgoing(problem.status, "application/problem+json", problem.body(tongue), headers)


def _has_policy(out: Outgoing) -> bool:
    return any(name == "content-security-policy" for name, _ in out.headers)


def parsed_form(text: str, *, strict: bool = True) -> list[tuple[str, str]]:
    """The pairs of a query string or a form. Raises Problem where they are not UTF-8.

    By hand, since `parse_qsl` takes three times as long: it decodes each value piece by piece.
    """
    parts = [part for part in text.split("&") if part]
    if len(parts) > MAX_PARAMETERS:
        raise Problem(400, "bad-request", "参数太多", "there are too many parameters")
    errors = "strict" if strict else "replace"
    try:
        return [
            (_decoded(name, errors), _decoded(value, errors))
            for name, _, value in [part.partition("=") for part in parts]
        ]
    except UnicodeDecodeError:
        raise Problem(
            400, "bad-request", "参数不是 UTF-8", "the parameters are not UTF-8"
        ) from None


def _decoded(text: str, errors: str) -> str:
    """Decode a name or a value.

    Forms write %41 where mail writes =41, which Python decodes in C; the length shows a % that
    escapes nothing.
    """
    raw = text.replace("+", " ").encode()
    count = raw.count(b"%")
    if not count:
        return raw.decode("utf-8", errors)
    found = a2b_qp(raw.replace(b"=", b"=3D").replace(b"%", b"="))
    if len(found) != len(raw) - 2 * count or b"\n" in raw:
        found = unquote_to_bytes(raw)
    return found.decode("utf-8", errors)


def _too_large(most: int, headers: tuple[tuple[str, str], ...] = ()) -> Problem:
    return Problem(
        413,
        "too-large",
        f"请求体超过 {most} 字节；请把请求拆小",
        f"the request body has more than {most} bytes; send it in parts",
        headers,
    )
