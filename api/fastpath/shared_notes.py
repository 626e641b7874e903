"""Memory that the server shares with its workers: what each does, and what was answered.

A worker to which a connection is lent, and which is ended in the midst of a request, cannot say
any more what it was asked. So it writes that down here before it begins, and the server, which
looks on, knows since when it works. Each place has one worker that writes; numbers of eight bytes
are written and read at one stroke.
"""

from __future__ import annotations

import mmap
import os

from api.fastpath.shared_replies import Kept, room

PLACES = 64
_KEEPERS = 7
"""How many places have workers that keep replies for all to send again, and so does the server:
many workers are there only in a rush, and memory has an end."""
REQUEST = 8192
"""Bytes of the longest request that is answered over a lent connection."""
_PLACE = 64 + REQUEST
_REQUEST = 40
"""Where the request stands in a place."""
_SIZE = PLACES * _PLACE + room(_KEEPERS + 1)
SENDING = -1.0
"""Instead of the time at which a request was begun: its reply is on its way to the client."""


class Board:
    """The memory: a file without a name; `fd` opens it elsewhere."""

    def __init__(self, fd: int | None = None) -> None:
        if fd is None:
            fd = os.memfd_create("board")
            os.ftruncate(fd, _SIZE)  # it takes what is written, no more
        self.fd = fd
        self._memory = memoryview(mmap.mmap(fd, _SIZE))

    def note(self, place: int) -> Note:
        """The note at a place."""
        return Note(self._memory[place * _PLACE : (place + 1) * _PLACE])

    def kept(self, place: int = -1) -> Kept:
        """The replies, for the worker at a place or for the server."""
        writer = place + 1 if place < _KEEPERS else None
        return Kept(self._memory[PLACES * _PLACE :], _KEEPERS + 1, writer)

    def close(self) -> None:
        """Closes the file; the memory goes with the last note that lies in it."""
        os.close(self.fd)


class Note:
    """What one worker has written down, and whether the server wants the connection back."""

    __slots__ = ("_began", "_numbers", "_view")

    def __init__(self, view: memoryview) -> None:
        self._view = view
        self._began = view[:8].cast("d")
        self._numbers = view[8:_REQUEST].cast("Q")
        """How many were answered, how many of them as they were before, whether the connection
        is wanted back, and how long the request is."""

    def clear(self) -> None:
        """Before a connection is lent."""
        self._began[0] = 0.0
        for at in range(3):
            self._numbers[at] = 0

    # The worker

    def begin(self, request: bytes, now: float) -> None:
        """A request was read and will be answered."""
        self._view[_REQUEST : _REQUEST + len(request)] = request
        self._numbers[3] = len(request)
        self._began[0] = now

    def sending(self) -> None:
        """Its reply begins to go out."""
        self._began[0] = SENDING

    def end(self, *, answered: bool, again: bool = False) -> None:
        """It is done with, as far as the worker does it; maybe as it was answered before."""
        self._began[0] = 0.0
        self._numbers[0] += answered
        self._numbers[1] += again

    @property
    def recalled(self) -> bool:
        """Whether the connection must go back before another request is answered."""
        return self._numbers[2] != 0

    # The server

    def recall(self) -> None:
        """Lets no further request be begun."""
        self._numbers[2] = 1

    @property
    def began(self) -> float:
        """When the request that is being answered was begun; 0: none; or `SENDING`."""
        return self._began[0]

    @property
    def request(self) -> bytes:
        """The request that was begun last."""
        return bytes(self._view[_REQUEST : _REQUEST + self._numbers[3]])

    @property
    def answered(self) -> int:
        """How many requests of this loan were answered."""
        return self._numbers[0]

    @property
    def again(self) -> int:
        """How many of them as they had been answered before."""
        return self._numbers[1]
