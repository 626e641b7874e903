"""Memory that the server shares with its workers: what each does for a connection lent to it.

A worker that is ended in the midst of a request cannot say any more what it was asked. So it
writes that down here before it begins, and the server, which looks on, knows since when it works.
Each place has one worker that writes; numbers of eight bytes are written and read at one stroke.
"""

from __future__ import annotations

import mmap
import os
import struct

PLACES = 64
REQUEST = 8192
"""Bytes of the longest request that is answered over a lent connection."""
_PLACE = 64 + REQUEST
_LENGTH = struct.Struct("=I")
SENDING = -1.0
"""Instead of the time at which a request was begun: its reply is on its way to the client."""


class Board:
    """Places for the notes of workers, in a file without a name; `fd` opens it elsewhere."""

    def __init__(self, fd: int | None = None) -> None:
        if fd is None:
            fd = os.memfd_create("board")
            os.ftruncate(fd, PLACES * _PLACE)
        self.fd = fd
        self._memory = mmap.mmap(fd, PLACES * _PLACE)

    def note(self, place: int) -> Note:
        """The note at a place."""
        return Note(memoryview(self._memory)[place * _PLACE : (place + 1) * _PLACE])

    def close(self) -> None:
        """Closes the file; the memory goes with the last note that lies in it."""
        os.close(self.fd)


class Note:
    """What one worker has written down, and whether the server wants the connection back."""

    __slots__ = ("_answered", "_began", "_recalled", "_view")

    def __init__(self, view: memoryview) -> None:
        self._view = view
        self._began = view[:8].cast("d")
        self._answered = view[8:16].cast("Q")
        self._recalled = view[16:24].cast("Q")

    def clear(self) -> None:
        """Before a connection is lent."""
        self._began[0] = 0.0
        self._answered[0] = self._recalled[0] = 0

    # The worker

    def begin(self, request: bytes, now: float) -> None:
        """A request was read and will be answered."""
        self._view[28 : 28 + len(request)] = request
        _LENGTH.pack_into(self._view, 24, len(request))
        self._began[0] = now

    def sending(self) -> None:
        """Its reply begins to go out."""
        self._began[0] = SENDING

    def end(self, *, answered: bool) -> None:
        """It is done with, as far as the worker does it."""
        self._began[0] = 0.0
        if answered:
            self._answered[0] += 1

    @property
    def recalled(self) -> bool:
        """Whether the connection must go back before another request is answered."""
        return self._recalled[0] != 0

    # The server

    def recall(self) -> None:
        """Lets no further request be begun."""
        self._recalled[0] = 1

    @property
    def began(self) -> float:
        """When the request that is being answered was begun; 0: none; or `SENDING`."""
        return self._began[0]

    @property
    def request(self) -> bytes:
        """The request that was begun last."""
        length: int = _LENGTH.unpack_from(self._view, 24)[0]
        return bytes(self._view[28 : 28 + length])

    @property
    def answered(self) -> int:
        """How many requests of this loan were answered."""
        return self._answered[0]
