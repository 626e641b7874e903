"""A worker: it takes one job after the other from its socket, and answers."""

from __future__ import annotations

import gc
import importlib
import os
import resource
import socket
import traceback
from collections.abc import Callable
from typing import Any

from api.query.evaluate import PLAIN, answer
from api.query.job import DATA, END, CallJob, QueryJob, head_frame, jobs
from graph.store.snapshot import Snapshot
from loaders.sandbox import limits
from loaders.sandbox.framing import frame

_PAGE = resource.getpagesize()
_PLAIN = {id(head): head_frame(head) for head in PLAIN.values()}


def work(
    sock: socket.socket,
    snapshot: Snapshot,
    *,
    sealed: bool,
    memory: int,
    on_disk: bool,
    warm: str = "",
) -> None:
    """Answer jobs until the server closes the socket, or one job has left too much behind.

    A sealed worker runs queries from outside; another one runs our own functions, which read
    templates and fonts.
    """
    own_size = os.open("/proc/self/statm", os.O_RDONLY)
    limits.deepen_stack()
    limit = limits.limit_memory(memory)
    if sealed:
        gc.disable()
        limits.quieten()  # an engine that runs out of memory says so at length
        limits.close_ways_out(files=on_disk)
    elif warm:
        function(warm)(snapshot)

    def tired() -> bool:
        # What a job took is not given back: after a big one the next gets a fresh worker.
        return int(os.pread(own_size, 64, 0).split()[0]) * _PAGE > limit - memory * 3 // 4

    for job in jobs(sock):
        whole = _query(sock, snapshot, job) if isinstance(job, QueryJob) else _call(snapshot, job)
        leaves = tired()
        sock.sendall(whole + frame(END, b"leaves" if leaves else b""))
        if leaves:
            return


def _query(sock: socket.socket, snapshot: Snapshot, job: QueryJob) -> bytes:
    """The frames of an answer; none where it was streamed."""
    whole = answer(
        snapshot, job,
        begin=lambda head: sock.sendall(head_frame(head)),
        send=lambda data: sock.sendall(frame(DATA, data)),
    )  # fmt: skip
    if whole is None:
        return b""
    head, body = whole
    said = _PLAIN.get(id(head)) or head_frame(head)
    return said + frame(DATA, body)


def _call(snapshot: Snapshot, job: CallJob) -> bytes:
    """The frames of what one of our own functions replies."""
    try:
        reply = function(job.function)(snapshot, job.argument)
        head = {
            "is": "ok",
            "status": reply.status,
            "media": reply.media,
            "headers": [list(pair) for pair in reply.headers],
        }
        return head_frame(head) + frame(DATA, reply.body)
    except MemoryError:
        raise
    except Exception:  # a fault of ours must not cost the worker; the server logs it
        return head_frame({"is": "failed", "why": traceback.format_exc()})


def function(name: str) -> Callable[..., Any]:
    """One of our own functions by its name, `module:function`."""
    module, _, attribute = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
    return found
