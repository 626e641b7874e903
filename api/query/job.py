"""Messages between the server and a worker: jobs, and heads of replies."""

from __future__ import annotations

import json
import marshal
import pickle
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from loaders.sandbox.framing import FRAME, frame

QUERY, CALL, HEAD, DATA, END = b"Q", b"C", b"H", b"D", b"E"
MESSAGE = 65_536
"""The most bytes of one message between the server and a fork server."""


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
    """True where the default graph holds all graphs, where the query names none."""


@dataclass(frozen=True, slots=True)
class CallJob:
    """A call of one of our own functions, `function(snapshot, argument)`, which gives a reply.

    The argument is pickled: it goes from the server to a worker, never the other way.
    """

    function: str
    argument: Any


Job = QueryJob | CallJob


def job_frame(job: Job) -> bytes:
    """A job as a frame."""
    if isinstance(job, QueryJob):
        return frame(QUERY, packed(values(job)))
    return frame(CALL, pickle.dumps(job, protocol=5))


def values(job: QueryJob) -> tuple[Any, ...]:
    """The fields of a query, in their order (`dataclasses.astuple` copies them one by one)."""
    return (
        job.text, job.solutions, job.triples, job.rows, job.size, job.offset, job.stream,
        job.default_graphs, job.named_graphs, job.complexity, job.base, job.union,
    )  # fmt: skip


def packed(fields: tuple[Any, ...]) -> bytes:
    """The fields of a query as bytes, always the same (up to version 2, marshal shares nothing)."""
    return marshal.dumps(fields, 2)


def head_frame(head: dict[str, Any]) -> bytes:
    """The head of a reply as a frame."""
    return frame(HEAD, json.dumps(head).encode())


def jobs(sock: socket.socket) -> Iterator[Job]:
    """Yield the jobs that come over a blocking socket, until it is closed."""
    held = bytearray()
    while True:
        while len(held) < FRAME.size or len(held) < FRAME.size + FRAME.unpack_from(held)[1]:
            data = sock.recv(65_536)
            if not data:
                return
            held += data
        kind, length = FRAME.unpack_from(held)
        payload = bytes(held[FRAME.size : FRAME.size + length])
        del held[: FRAME.size + length]
        if kind == QUERY:
            yield QueryJob(*marshal.loads(payload))
        else:
            job = pickle.loads(payload)
            assert isinstance(job, CallJob)
            yield job
