"""Messages between processes: a kind of one byte, a length, then so many bytes."""

from __future__ import annotations

import os
import select
import struct
import time
from typing import IO

FRAME = struct.Struct("!cI")
MESSAGE = b"M"
"""The kind of a message where there is only one."""


def frame(kind: bytes, payload: bytes) -> bytes:
    """Pack one message."""
    return FRAME.pack(kind, len(payload)) + payload


def send(out: IO[bytes], *messages: bytes) -> None:
    """Write messages into a pipe."""
    for payload in messages:
        out.write(FRAME.pack(MESSAGE, len(payload)))
        out.write(payload)
    out.flush()


def received(source: IO[bytes], until: float | None = None) -> bytes:
    """Read the next message. Raises EOFError at the end, TimeoutError after `until`."""
    _, size = FRAME.unpack(_read(source, FRAME.size, until))
    return _read(source, size, until)


def _read(source: IO[bytes], count: int, until: float | None) -> bytes:
    found = bytearray()
    while len(found) < count:
        if until is not None:
            left = until - time.monotonic()
            if left <= 0 or not select.select([source], [], [], left)[0]:
                raise TimeoutError
        piece = os.read(source.fileno(), min(count - len(found), 2**20))
        if not piece:
            raise EOFError
        found += piece
    return bytes(found)
