"""Messages between processes through pipes: each with its length before it."""

from __future__ import annotations

import os
import select
import time
from typing import IO


def send(out: IO[bytes], *messages: bytes) -> None:
    """Writes messages into a pipe."""
    for said in messages:
        out.write(len(said).to_bytes(8, "big") + said)
    out.flush()


def received(source: IO[bytes], until: float | None = None) -> bytes:
    """The next message out of a pipe. Raises EOFError at its end, TimeoutError after `until`."""
    size = int.from_bytes(_bytes(source, 8, until), "big")
    return _bytes(source, size, until)


def _bytes(source: IO[bytes], count: int, until: float | None) -> bytes:
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
