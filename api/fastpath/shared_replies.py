"""Replies that were given, in memory that the server and its workers share, by the request's bytes.

Each writer has a ring of its own, so no two write at one place, and nobody waits for anybody. What
is asked for when its ring has half gone past it is written once more, so it stays. A reader may
come upon an entry that is being written over: it takes a copy first and then looks whether the
ring has gone on past it. An entry of the index that two write at once is found out by the key that
stands before the reply. It wants a machine whose stores are seen in their order.
"""

from __future__ import annotations

import platform
import struct
from hashlib import blake2b

RING = 32 * 2**20
"""Bytes of a ring."""
_SLOTS = 32_768
_SLOT = struct.Struct("16sQ")
"""An entry of the index: a key, and where the record is, as writer << 48 | position."""
_RECORD = struct.Struct("=16sI")
"""What stands before a reply: its key and its length."""
_IN_ORDER = platform.machine() in ("x86_64", "AMD64")


def room(writers: int, ring: int = RING) -> int:
    """Bytes of memory that so many writers need."""
    return writers * 8 + _SLOTS * _SLOT.size + writers * ring


class Kept:
    """The replies, for one that reads all rings and writes one; `writer` None: only reads."""

    def __init__(
        self, memory: memoryview, writers: int, writer: int | None, ring: int = RING
    ) -> None:
        self._ends = memory[: writers * 8].cast("Q")
        """How far each ring is written, or will be in a moment; it only grows."""
        self._index = memory[writers * 8 : writers * 8 + _SLOTS * _SLOT.size]
        self._rings = memory[writers * 8 + _SLOTS * _SLOT.size :]
        self._writer, self._ring = writer, ring

    def get(self, request: bytes) -> bytes | None:
        """The reply to these very bytes, where it is still there."""
        key, at = _key(request)
        found, where = _SLOT.unpack_from(self._index, at)
        if found != key:
            return None
        writer, position = where >> 48, where & 0xFFFF_FFFF_FFFF
        start = writer * self._ring + position % self._ring
        if start + _RECORD.size > len(self._rings):
            return None
        again, length = _RECORD.unpack_from(self._rings, start)
        if again != key or length > self._ring:
            return None
        start += _RECORD.size
        reply = bytes(self._rings[start : start + length])
        age = self._ends[writer] - position
        if age > self._ring:
            return None
        if age > self._ring // 2:
            self.put(request, reply)
        return reply

    def put(self, request: bytes, reply: bytes) -> None:
        """Keeps a reply, unless it is long."""
        writer, size = self._writer, _RECORD.size + len(reply)
        if writer is None or size > self._ring // 8 or not _IN_ORDER:
            return
        key, at = _key(request)
        position = self._ends[writer]
        if position % self._ring + size > self._ring:
            position += self._ring - position % self._ring
        self._ends[writer] = position + size
        start = writer * self._ring + position % self._ring
        _RECORD.pack_into(self._rings, start, key, len(reply))
        self._rings[start + _RECORD.size : start + size] = reply
        _SLOT.pack_into(self._index, at, key, writer << 48 | position)


def _key(request: bytes) -> tuple[bytes, int]:
    """The key of a request, and where in the index it stands."""
    key = blake2b(request, digest_size=16).digest()
    return key, int.from_bytes(key[:4], "little") % _SLOTS * _SLOT.size
