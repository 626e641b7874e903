"""What goes over the socket between the server and a worker: frames, jobs, and heads of replies."""

from __future__ import annotations

import json
import pickle
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

FRAME = struct.Struct("!cI")
JOB, HEAD, DATA, END = b"J", b"H", b"D", b"E"
MESSAGE = 65_536
"""The most bytes of one message between the server and a zygote."""


@dataclass(frozen=True, slots=True)
class QueryJob:
    """A query from outside. `solutions` and `triples` name the format of either kind of result."""

    text: str
    solutions: str | None
    triples: str | None
    rows: int
    size: int
    offset: int = 0
    stream: bool = False
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    complexity: float = 1.0
    base: str = ""
    """What relative IRIs of the query are relative to."""
    union: bool = True
    """Whether the default graph holds all graphs, where the query names none."""


@dataclass(frozen=True, slots=True)
class CallJob:
    """A call of one of our own functions, `function(snapshot, argument)`, which gives a reply.

    The argument is pickled: it goes from the server to a worker, never the other way.
    """

    function: str
    argument: Any


Job = QueryJob | CallJob


def frame(kind: bytes, payload: bytes) -> bytes:
    """One frame: its kind, the length, the payload."""
    return FRAME.pack(kind, len(payload)) + payload


def job_frame(job: Job) -> bytes:
    """A job as a frame."""
    return frame(JOB, pickle.dumps(job, protocol=5))


def head_frame(head: dict[str, Any]) -> bytes:
    """The head of a reply as a frame."""
    return frame(HEAD, json.dumps(head).encode())


def jobs(sock: socket.socket) -> Iterator[Job]:
    """The jobs that come over a blocking socket, until it is closed."""
    while (head := _exactly(sock, FRAME.size)) is not None:
        _, length = FRAME.unpack(head)
        payload = _exactly(sock, length)
        if payload is None:
            return
        job = pickle.loads(payload)
        assert isinstance(job, QueryJob | CallJob)
        yield job


def _exactly(sock: socket.socket, length: int) -> bytes | None:
    data = bytearray(length)
    view, got = memoryview(data), 0
    while got < length:
        read = sock.recv_into(view[got:])
        if not read:
            return None
        got += read
    return bytes(data)
