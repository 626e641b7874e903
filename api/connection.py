"""HTTP/1.1 as uvicorn speaks it, with an end to what clients may leave half done.

Uvicorn waits for ever for the rest of a request, and for ever for a client to read. Here a
request has so long to arrive, its head so many bytes, and a reply so long to make progress.
"""

from __future__ import annotations

import asyncio
import re
from typing import cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.app import App
from api.fastpath.ask import LOST, Ask
from api.fastpath.express import Express, Said
from api.fastpath.handed_over import UNREAD, UNSENT
from api.fastpath.request_bytes import BEGINS

HEAD_SECONDS = 10.0
"""From the first moment of a connection, or the first byte of a request, to the end of its head."""
BODY_SECONDS = 30.0
WRITE_SECONDS = 30.0
"""How long a reply may wait for its reader without any progress."""
IDLE_SECONDS = 15.0
HEAD_BYTES = 65_536
_AGAIN = 1.0
"""Who asks again within so many seconds may get a worker of their own."""
_HIGH = re.compile(rb"[\x80-\xff]")


class PatientProtocol(HttpToolsProtocol):
    """A connection that does not wait for ever."""

    _timer: asyncio.TimerHandle | None = None
    _writing: asyncio.TimerHandle | None = None
    _too_many = False
    """Whether as many clients as may be were connected when this one came."""
    _head_bytes = 0
    _in_head = True
    _ask: Ask | None = None
    """A query on the short way, whose reply is awaited; what comes meanwhile is kept `_later`."""
    _later = b""
    _last = False
    _used = 0.0
    _lendable = True
    _idle: asyncio.TimerHandle | None = None

    @property
    def _express(self) -> Express:
        return cast(App, self.app).express

    # uvicorn too promises less than asyncio asks for
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come; it has so long to say what it wants."""
        super().connection_made(transport)
        self._too_many = len(self.connections) > cast(App, self.app).settings.connections
        self._wait(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._wait(None)
        for timer in (self._writing, self._idle):
            if timer is not None:
                timer.cancel()
        if self._ask is not None:
            self._ask.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes came; those of a head are counted, and an address may be written in UTF-8."""
        if self._ask is not None:
            self._later += data
            if len(self._later) > HEAD_BYTES:
                self.transport.pause_reading()
            return
        if self._in_head:
            if not self._head_bytes and data.startswith(BEGINS) and self._is_short(data):
                return
            if not self._head_bytes and not data.isascii():
                line, end, rest = data.partition(b"\r\n")
                data = _HIGH.sub(lambda m: b"%%%02X" % m[0][0], line) + end + rest
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_BYTES:
            self._refuse(431)

    # The short way

    def _is_short(self, data: bytes) -> bool:
        """Whether these bytes are a whole request that goes the short way; then it does."""
        if (
            not data.endswith(b"\r\n\r\n")
            or data.count(b"\r\n\r\n") != 1
            or len(data) > HEAD_BYTES
            or (self.cycle is not None and not self.cycle.response_complete)
            or self._too_many
            or self.transport.is_closing()
        ):
            return False
        begun = self._express.begin(data, self._say, self._take_back, self._to_lend())
        if begun is False:
            return False
        if begun is not True and begun.lent:
            self.transport.pause_reading()
        self._unset_keepalive_if_required()
        if self._timer is not None:
            self._wait(None)
        self._used = self.loop.time()
        if self._idle is None:
            self._idle = self.loop.call_later(IDLE_SECONDS, self._rest)
        if begun is not True:
            self._ask = begun
        return True

    def _to_lend(self) -> int:
        """The connection's number, where it has just been used and may be lent; else -1."""
        ready = (
            self._lendable
            and self.loop.time() - self._used < _AGAIN
            and not self._last
            and not self.transport.get_write_buffer_size()
        )
        return self.transport.get_extra_info("socket").fileno() if ready else -1

    def _take_back(self, why: bytes, data: bytes) -> None:
        """The connection is not lent any more."""
        self._ask = None
        self._used = self.loop.time()
        if self.transport.is_closing():
            return
        if why == LOST:
            self.transport.abort()
            return
        self.transport.resume_reading()
        if why == UNSENT:
            self.transport.write(data)
        elif why == UNREAD:
            self._lendable = False
            self.data_received(data)
            self._lendable = True
        if self._last and self._ask is None:
            self.transport.close()

    def _say(self, said: Said) -> None:
        """Sends a reply of the short way, and goes on with what came meanwhile."""
        status, head, body = said
        if self._ask is not None and self._ask.lent and not self.transport.is_closing():
            self.transport.resume_reading()
        self._ask = None
        self._used = self.loop.time()
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        date = b"".join(b"%s: %s\r\n" % pair for pair in self.server_state.default_headers)
        end = b"connection: close\r\n" if self._last else b""
        start = STATUS_LINE[status] + date + end + head
        if len(body) < HEAD_BYTES:
            self.transport.write(start + body)
        else:
            self.transport.writelines((start, body))
        if self._last:
            self.transport.close()
        elif self._later:
            later, self._later = self._later, b""
            self.transport.resume_reading()
            self.data_received(later)

    def _rest(self) -> None:
        """Closes a connection that has been idle for too long since its last short way."""
        self._idle = None
        if self.timeout_keep_alive_task is not None:
            return  # its last request went the long way, which ends it in time
        left = self._used + IDLE_SECONDS - self.loop.time()
        busy = self._ask is not None or (
            self.cycle is not None and not self.cycle.response_complete
        )
        if busy or left > 0 or self._head_bytes:
            self._idle = self.loop.call_later(max(left, 1.0), self._rest)
        else:
            self.transport.close()

    def shutdown(self) -> None:
        """The server ends; a query that is on its way is still answered."""
        if self._ask is not None:
            self._last = True
            self._ask.recall()
        else:
            super().shutdown()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._wait(HEAD_SECONDS)

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header is there."""
        super().on_header(name, value)
        if len(self.headers) > 200:
            self._refuse(431)

    def on_headers_complete(self) -> None:
        """The head is there; the body has so long to follow."""
        if self.transport.is_closing():
            return
        self._in_head = False
        self._wait(BODY_SECONDS)
        app = cast(App, self.app)
        if self._too_many:
            self.app = app.crowded
        super().on_headers_complete()
        self.app = app

    def on_message_complete(self) -> None:
        """The request is there as a whole."""
        self._in_head, self._head_bytes = True, 0
        self._wait(None)
        super().on_message_complete()

    def pause_writing(self) -> None:
        """The client does not read as fast as we write."""
        super().pause_writing()
        self._writing = self.loop.call_later(WRITE_SECONDS, self._stalled)

    def resume_writing(self) -> None:
        """The client has read."""
        super().resume_writing()
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None

    def _wait(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if seconds is not None:
            self._timer = self.loop.call_later(seconds, self._late)

    def _late(self) -> None:
        self._timer = None
        if self.transport.is_closing():
            return
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.abort()
        elif self._head_bytes:
            self._refuse(408)
        else:
            self.transport.close()

    def _refuse(self, status: int) -> None:
        if not self.transport.is_closing():
            self.transport.write(
                STATUS_LINE[status] + b"content-length: 0\r\nconnection: close\r\n\r\n"
            )
            self.transport.close()

    def _stalled(self) -> None:
        self.transport.abort()
