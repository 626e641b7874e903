"""The server's side of the processes: a zygote that was started, and a worker that it forked."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast

from api.errors import Crashed, EngineError, Exhausted
from api.fastpath.shared_notes import Note
from api.query.job import BACK, DATA, END, FRAME, HEAD, RECALL, frame

_HIGH = 1 << 20
"""Bytes of a stream that may wait for a slow reader."""


async def _connected(worker: Worker, future: asyncio.Future[Worker]) -> None:
    try:
        await worker.connect()
    except OSError as error:
        if not future.done():
            future.set_exception(EngineError(str(error)))
        return
    if future.done():
        worker.kill()
    else:
        future.set_result(worker)


class Worker(asyncio.Protocol):
    """One worker: at most one job at a time, over its own socket."""

    def __init__(self, pid: int, pidfd: int, sock: socket.socket, note: Note | None = None) -> None:
        self.pid = pid
        self.note = note
        """What it writes down when a connection is lent to it; None: none can be."""
        self.back: tuple[bytes, bytes] | None = None
        """Why a lent connection came back, and with what."""
        self._pidfd = pidfd
        self._sock = sock
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._head: asyncio.Future[dict[str, Any]] | None = None
        self._parts: list[bytes] = []
        self._held = 0
        self._ended = False
        self._news = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._exit: asyncio.Future[int] = self._loop.create_future()
        self.gone = False
        self.leaves = False
        """Whether it ends after this job, because the job has left too much behind."""
        self.why: EngineError | None = None
        """Why it was killed, where the server did it."""
        self.on_gone: Callable[[Worker], None] | None = None
        self._over: Callable[[], None] | None = None
        self._whole = True

    async def connect(self) -> None:
        """Makes its socket part of the event loop."""
        loop = asyncio.get_running_loop()
        await loop.create_unix_connection(lambda: self, sock=self._sock)

    def begin(
        self, job: bytes, *, whole: bool = True, over: Callable[[], None] | None = None
    ) -> None:
        """Hands it the frame of a job; `head` and `chunk` or `body` give what comes back.

        Unless the reply is taken `whole`, the worker waits for whoever reads it. `over` is called
        once, when the reply is there or the worker is gone.
        """
        self._begin(whole=whole, over=over)
        if self._transport is not None and not self.gone:
            self._transport.write(job)

    def _begin(self, *, over: Callable[[], None] | None, whole: bool = True) -> None:
        self._head = self._loop.create_future()
        self._parts, self._held, self._ended = [], 0, False
        self._whole, self._over, self.back = whole, over, None
        self._news.clear()

    def lend(self, loan: bytes, connection: int, over: Callable[[], None]) -> bool:
        """Hands it the frame of a loan and a connection; whether that went well."""
        if self.note is None or self._transport is None or self._transport.get_write_buffer_size():
            return False
        self.note.clear()
        try:
            if socket.send_fds(self._sock, [loan], [connection]) == len(loan):
                self._begin(over=over)
                return True
        except OSError:
            return False
        self.kill()  # it has half of a frame
        return False

    def recall(self) -> None:
        """Asks for the connection that is lent to it; it comes back after what was begun."""
        if self.note is not None and not self.note.recalled:
            self.note.recall()
            if self._transport is not None and not self.gone:
                self._transport.write(frame(RECALL, b""))

    async def head(self) -> dict[str, Any]:
        """The head of the reply. Raises where the worker ended first."""
        assert self._head is not None
        if self.gone and not self._head.done():
            raise await self.reason()
        try:
            return await asyncio.shield(self._head)
        except ConnectionError:
            raise await self.reason() from None

    async def chunk(self) -> bytes | None:
        """The next piece of the body, None after the last. Raises where the worker ended first."""
        while not self._parts and not self._ended:
            if self.gone:
                raise await self.reason()
            self._news.clear()
            await self._news.wait()
        data = b"".join(self._parts)
        self._parts, self._held = [], 0
        if self._transport is not None:
            self._transport.resume_reading()
        return data or None

    async def body(self) -> bytes:
        """The rest of the body."""
        while not self._ended:
            if self.gone:
                raise await self.reason()
            self._news.clear()
            await self._news.wait()
        return b"".join(self._parts)

    def said(self) -> tuple[dict[str, Any], bytes] | None:
        """The whole reply, where it is there."""
        if not self._ended or self._head is None or not self._head.done():
            return None
        return self._head.result(), b"".join(self._parts)

    def kill(self, why: EngineError | None = None) -> None:
        """Ends it at once, whatever it does."""
        self.gone = True
        if self.why is None:
            self.why = why
        if not self._exit.done():
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        if self._transport is not None:
            self._transport.abort()
        else:
            self._sock.close()

    def on_exit(self, ended_by: int) -> None:
        """The zygote has buried it."""
        if not self._exit.done():
            self._exit.set_result(ended_by)
            os.close(self._pidfd)

    async def reason(self) -> EngineError:
        """Why it is gone, when the zygote has said so."""
        if self.why is not None:
            return self.why
        try:
            ended_by = await asyncio.wait_for(asyncio.shield(self._exit), 2)
        except TimeoutError:
            return Crashed("unknown")
        if ended_by in (signal.SIGABRT, signal.SIGKILL):
            return Exhausted("memory")
        name = signal.Signals(ended_by).name if ended_by else "no signal"
        return Crashed(name)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            self._buffer += data
        source = self._buffer or data  # most replies come whole
        at, length_of_all = 0, len(source)
        while length_of_all - at >= FRAME.size:
            kind, length = FRAME.unpack_from(source, at)
            if length_of_all - at - FRAME.size < length:
                break
            payload = bytes(source[at + FRAME.size : at + FRAME.size + length])
            at += FRAME.size + length
            if kind == HEAD and self._head is not None and not self._head.done():
                self._head.set_result(_head(payload))
            elif kind == DATA:
                self._parts.append(payload)
                self._held += length
                if self._held > _HIGH and not self._whole and self._transport is not None:
                    self._transport.pause_reading()
            elif kind == BACK:
                self.back = payload[:1], payload[1:]
            elif kind == END:
                self._ended = True
                self.leaves = bool(payload)
        if source is self._buffer:
            del self._buffer[:at]
        elif at < length_of_all:
            self._buffer += source[at:]
        self._news.set()
        if self._ended:
            self._finish()

    def connection_lost(self, error: Exception | None) -> None:
        self.gone = True
        if self._head is not None and not self._head.done():
            self._head.set_exception(ConnectionError())
            self._head.exception()
        self._news.set()
        self._finish()
        if self.on_gone is not None:
            self.on_gone(self)

    def _finish(self) -> None:
        over, self._over = self._over, None
        if over is not None:
            over()


@lru_cache(maxsize=64)
def _plain_head(payload: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(payload)
    return found


def _head(payload: bytes) -> dict[str, Any]:
    """The head of a reply; those of whole tables are always the same, and read once."""
    if len(payload) < 200:
        return _plain_head(payload)
    found: dict[str, Any] = json.loads(payload)
    return found
