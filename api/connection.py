"""HTTP/1.1 as uvicorn speaks it, with time limits on what clients leave half done.

Uvicorn waits without end for the rest of a request, and for a client to read. Here a request has
a time to arrive in, its head a size, and a reply a time in which its reader must make progress.
"""

from __future__ import annotations

import asyncio
import re
from functools import partial
from typing import cast

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from api.app import App
from api.http.exchange import CLIENT, SEND_WHOLE, Client
from api.http.problems import Problem

HEAD_S = 10.0
"""From the start of a connection, or the first byte of a request, to the end of its head."""
BODY_S = 30.0
WRITE_S = 30.0
"""How long a reply may wait for its reader without any progress."""
HALF_CLOSED_S = 1.0
"""How long a reply may take after its client has closed its side: one that only half-closes reads
on, and nothing distinguishes it from one that has gone."""
MAX_HEAD_BYTES = 65_536
MAX_HEADERS = 200
_MAX_JOINED_BYTES = 65_536
"""Longer bodies are not copied behind their heads."""
_NON_ASCII = re.compile(rb"[\x80-\xff]")
_HOST = re.compile(rb"[\w.-]+(?::\d*)?|\[[0-9a-fA-F:.]+\](?::\d*)?", re.ASCII)


class PatientProtocol(HttpToolsProtocol):
    """A connection that does not wait without end."""

    def __init__(self, *args: object, **settings: object) -> None:
        super().__init__(*args, **settings)  # type: ignore[arg-type]  # as uvicorn calls it
        self._client = Client()
        self._arriving: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None
        self._unsent_bytes = 0
        self._is_one_too_many = False
        self._head_bytes = 0
        self._is_in_head = True

    # uvicorn, too, promises less than asyncio asks for
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock for the first request."""
        super().connection_made(transport)
        most = cast(App, self.app).settings.connections
        self._is_one_too_many = len(self.connections) > most
        self._expect_within(HEAD_S)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the work for a client that has gone."""
        self._expect_within(None)
        if self._writing is not None:
            self._writing.cancel()
        self._client.leave()
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn declares None
        """Answer a client that has closed its side of the connection, then close ours."""
        if self.cycle is None or self.cycle.response_complete or self.cycle.more_body:
            return False
        self.cycle.keep_alive = False
        self._arriving = self.loop.call_later(HALF_CLOSED_S, self.transport.abort)
        return True

    def data_received(self, data: bytes) -> None:
        """Count the bytes of a head; take an address in UTF-8 as its percent-encoding."""
        if self._is_in_head:
            if not self._head_bytes and not data.isascii():
                line, end, rest = data.partition(b"\r\n")
                data = _NON_ASCII.sub(lambda m: b"%%%02X" % m[0][0], line) + end + rest
            self._head_bytes += len(data)
        super().data_received(data)
        if self._is_in_head and self._head_bytes > MAX_HEAD_BYTES:
            self._refuse(Problem(431, "bad-request", "请求头过长", "the head is too long"))

    def on_message_begin(self) -> None:
        """Start the clock for a request."""
        super().on_message_begin()
        cast(dict[str, object], self.scope)[CLIENT] = self._client
        self._expect_within(HEAD_S)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Refuse a head of too many headers."""
        super().on_header(name, value)
        if len(self.headers) > MAX_HEADERS:
            self._refuse(Problem(431, "bad-request", "请求头过多", "there are too many headers"))

    def on_headers_complete(self) -> None:
        """Start the request, and the clock for its body."""
        if self.transport.is_closing():
            return
        self._is_in_head = False
        self._expect_within(BODY_S)
        app = cast(App, self.app)
        if self._is_one_too_many:
            self.app = app.crowded
        elif not self._has_one_host():
            self.app = app.without_host
        super().on_headers_complete()
        self.app = app
        cast(dict[str, object], self.scope)[SEND_WHOLE] = partial(self._send_whole, self.cycle)

    async def _send_whole(
        self, cycle: RequestResponseCycle, status: int, lines: bytes, body: bytes
    ) -> None:
        """Send a whole reply in one system call, and end its cycle as uvicorn does."""
        if self.flow.write_paused and not cycle.disconnected:
            await self.flow.drain()
        if cycle.disconnected:
            return
        if b"connection: close" in lines:
            cycle.keep_alive = False
        elif not cycle.keep_alive:
            lines += b"connection: close\r\n"
        date = b"".join([b"%b: %b\r\n" % pair for pair in cycle.default_headers])
        head = b"".join((STATUS_LINE[status], date, lines, b"\r\n"))
        if len(body) < _MAX_JOINED_BYTES:
            self.transport.write(head + body)
        else:
            self.transport.writelines((head, body))
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()
        cast(dict[str, object], cycle.scope).pop(SEND_WHOLE)  # so that no cycle is left to collect

    def _has_one_host(self) -> bool:
        """Return whether there is exactly one valid Host (RFC 9112, 3.2); HTTP/1.0 may omit it."""
        hosts = [value for name, value in self.headers if name == b"host"]
        if not hosts and self.parser.get_http_version() == "1.0":
            return True
        return len(hosts) == 1 and _HOST.fullmatch(hosts[0]) is not None

    def on_message_complete(self) -> None:
        """Stop the clock: the whole request is here."""
        self._is_in_head, self._head_bytes = True, 0
        self._expect_within(None)
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Start the clock for a client that reads more slowly than we write."""
        super().pause_writing()
        self._unsent_bytes = self.transport.get_write_buffer_size()
        self._writing = self.loop.call_later(WRITE_S, self._check_progress)

    def resume_writing(self) -> None:
        """Stop that clock."""
        super().resume_writing()
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None

    def _check_progress(self) -> None:
        """Cut a client off that has read nothing since the last look."""
        unsent, self._writing = self.transport.get_write_buffer_size(), None
        if unsent >= self._unsent_bytes:
            self.transport.abort()
        else:
            self._unsent_bytes = unsent
            self._writing = self.loop.call_later(WRITE_S, self._check_progress)

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser cannot read as HTTP."""
        self._refuse(Problem(400, "bad-request", "不是有效的 HTTP 请求", msg))

    def _expect_within(self, seconds: float | None) -> None:
        if self._arriving is not None:
            self._arriving.cancel()
            self._arriving = None
        if seconds is not None:
            self._arriving = self.loop.call_later(seconds, self._give_up)

    def _give_up(self) -> None:
        self._arriving = None
        if self.transport.is_closing():
            return
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.abort()
        elif self._head_bytes:
            self._refuse(Problem(408, "bad-request", "请求没有发完", "the request did not arrive"))
        else:
            self.transport.close()

    def _refuse(self, problem: Problem) -> None:
        """Send a problem and close, before there is a request that a route could answer."""
        if self.transport.is_closing():
            return
        cycle = self.cycle
        if cycle is not None and not (cycle.response_complete or cycle.more_body):
            cycle.keep_alive = False  # the request before it gets its answer first
            return
        lines, body = cast(App, self.app).refusal(problem)
        self.transport.write(STATUS_LINE[problem.status] + lines + b"\r\n" + body)
        self.transport.close()
