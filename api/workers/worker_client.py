"""One worker process as the server sees it: hand it a job, take its reply, end it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from api.errors import Crashed, EngineError, Exhausted
from api.query.job import DATA, END, HEAD
from loaders.sandbox.framing import FRAME

_MAX_HELD_BYTES = 1 << 20
"""Bytes of a stream held for a slow reader before the worker is made to wait."""
_MAX_CACHED_HEAD_BYTES = 200
_EXIT_WAIT_S = 2.0
"""Seconds to wait for the fork server's word on how a worker ended."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A worker's whole reply: its head and its body."""

    head: dict[str, Any]
    body: bytes


class Worker(asyncio.Protocol):
    """A worker with at most one job at a time, over its own socket."""

    def __init__(self, pid: int, pidfd: int, sock: socket.socket) -> None:
        self.pid = pid
        self._pidfd = pidfd
        self._sock = sock
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._whole: asyncio.Future[Reply] | None = None
        """The reply that is awaited as a whole; None while one streams."""
        self._head: dict[str, Any] | None = None
        self._parts: list[bytes] = []
        self._held_bytes = 0
        self._ended = False
        self._news = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._exit: asyncio.Future[int] = self._loop.create_future()
        self.gone = False
        self.leaves = False
        """True if it ends after this job, because the job left too much memory behind."""
        self.why: EngineError | None = None
        """Why the server ended it; None where it ended by itself."""
        self.on_gone: Callable[[Worker], None] | None = None

    async def connect(self) -> None:
        """Attach its socket to the event loop."""
        await self._loop.create_unix_connection(lambda: self, sock=self._sock)

    async def reply(self, job: bytes) -> Reply:
        """Run the job in this frame. Raises EngineError where the worker ends first."""
        self._whole = self._loop.create_future()
        self.begin(job)
        if self.gone:
            raise await self.reason()
        try:
            return await self._whole
        except ConnectionError:
            raise await self.reason() from None
        finally:
            self._whole = None

    def begin(self, job: bytes) -> None:
        """Send the frame of a job; `head` and `chunk` read a reply that streams."""
        self._head, self._parts, self._held_bytes, self._ended = None, [], 0, False
        if self._transport is not None and not self.gone:
            self._transport.write(job)

    async def head(self) -> dict[str, Any]:
        """Wait for the head of a streamed reply. Raises EngineError."""
        while self._head is None:
            await self._wait_for_news()
        return self._head

    async def chunk(self) -> bytes | None:
        """Wait for the next piece of a streamed body; None after the last. Raises EngineError."""
        while not self._parts and not self._ended:
            await self._wait_for_news()
        data = b"".join(self._parts)
        self._parts, self._held_bytes = [], 0
        if self._transport is not None:
            self._transport.resume_reading()
        return data or None

    async def _wait_for_news(self) -> None:
        if self.gone:
            raise await self.reason()
        self._news.clear()
        await self._news.wait()

    def kill(self, why: EngineError | None = None) -> None:
        """End the process at once."""
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

    def on_exit(self, signal_number: int) -> None:
        """Note how it ended, as the fork server reports."""
        if not self._exit.done():
            self._exit.set_result(signal_number)
            os.close(self._pidfd)

    async def reason(self) -> EngineError:
        """The error to report for a worker that is gone."""
        if self.why is not None:
            return self.why
        try:
            signal_number = await asyncio.wait_for(asyncio.shield(self._exit), _EXIT_WAIT_S)
        except TimeoutError:
            return Crashed("unknown")
        if signal_number in (signal.SIGABRT, signal.SIGKILL):
            return Exhausted("memory")
        return Crashed(signal.Signals(signal_number).name if signal_number else "no signal")

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's does not subclass it

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            self._buffer += data
        source = self._buffer or data  # most replies arrive in one piece
        offset, total = 0, len(source)
        while total - offset >= FRAME.size:
            kind, length = FRAME.unpack_from(source, offset)
            if total - offset - FRAME.size < length:
                break
            payload = bytes(source[offset + FRAME.size : offset + FRAME.size + length])
            offset += FRAME.size + length
            if kind == HEAD:
                self._head = _parse_head(payload)
            elif kind == DATA:
                self._parts.append(payload)
                self._held_bytes += length
                if self._held_bytes > _MAX_HELD_BYTES and not self._whole and self._transport:
                    self._transport.pause_reading()
            elif kind == END:
                self._ended, self.leaves = True, bool(payload)
        if source is self._buffer:
            del self._buffer[:offset]
        elif offset < total:
            self._buffer += source[offset:]
        self._news.set()
        if self._ended and self._whole is not None and not self._whole.done():
            self._whole.set_result(Reply(self._head or {}, b"".join(self._parts)))

    def connection_lost(self, error: Exception | None) -> None:
        self.gone = True
        self._news.set()
        if self._whole is not None and not self._whole.done():
            self._whole.set_exception(ConnectionError())
        if self.on_gone is not None:
            self.on_gone(self)


async def connect_worker(worker: Worker, ready: asyncio.Future[Worker]) -> None:
    """Connect a worker and hand it to the future, or end it where the waiter has gone."""
    try:
        await worker.connect()
    except OSError as error:
        if not ready.done():
            ready.set_exception(EngineError(str(error)))
        return
    if ready.done():
        worker.kill()
    else:
        ready.set_result(worker)


@lru_cache(maxsize=64)
def _parse_common_head(payload: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(payload)
    return found


def _parse_head(payload: bytes) -> dict[str, Any]:
    """Parse the head of a reply; those of whole tables repeat and are parsed once."""
    if len(payload) < _MAX_CACHED_HEAD_BYTES:
        return _parse_common_head(payload)
    found: dict[str, Any] = json.loads(payload)
    return found
