"""HTTP/1.1 as uvicorn speaks it, with an end to what clients may leave half done.

Uvicorn waits for ever for the rest of a request, and for ever for a client to read. Here a
request has so long to arrive, its head so many bytes, and a reply so long to make progress.
"""

from __future__ import annotations

import asyncio
import re

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

HEAD_SECONDS = 10.0
"""From the first moment of a connection, or the first byte of a request, to the end of its head."""
BODY_SECONDS = 30.0
WRITE_SECONDS = 30.0
"""How long a reply may wait for its reader without any progress."""
HEAD_BYTES = 65_536
_HIGH = re.compile(rb"[\x80-\xff]")


class PatientProtocol(HttpToolsProtocol):
    """A connection that does not wait for ever."""

    _timer: asyncio.TimerHandle | None = None
    _writing: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come; it has so long to say what it wants."""
        super().connection_made(transport)
        self._wait(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client has gone."""
        self._wait(None)
        if self._writing is not None:
            self._writing.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes came; those of a head are counted, and an address may be written in UTF-8."""
        if self._in_head:
            if not self._head_bytes and not data.isascii():
                line, end, rest = data.partition(b"\r\n")
                data = _HIGH.sub(lambda m: b"%%%02X" % m[0][0], line) + end + rest
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_BYTES:
            self._refuse(431)

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
        super().on_headers_complete()

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
