"""The fork server: a process of one thread that holds one version in memory and forks workers.

A store in memory can be forked, one on disk cannot: RocksDB leaves threads behind. So a child
reads the version's folder and writes it into a pipe, from which the fork server fills its memory.
A version that is too large for memory is opened by each worker from its folder.

Over the control socket come {"load": folder, …}, then any number of {"fork": kind, "id": n};
back go {"ready": quads} or {"broken": why}, {"forked": n, "pid": p} with the worker's socket and
its pidfd, and {"exited": p, "signal": s} when a worker has ended.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import pyoxigraph

from api.query.job import MESSAGE
from api.workers import allocator
from api.workers.worker import function, work
from graph.errors import BrokenStore
from graph.store.atomic_files import DAMAGE
from graph.store.manifest import Version, read_manifest
from graph.store.snapshot import Snapshot
from loaders.sandbox import limits


def main(control_fd: int, imports: list[str]) -> None:
    """Serve the control socket until the server closes it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for module in imports:  # forked workers have them at once
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    control = socket.socket(fileno=control_fd)
    request = _received(control)
    if request is None:
        return
    try:
        snapshot = _loaded(Path(request["load"]), on_disk=request["disk"])
        if request["warm"] and not request["disk"]:
            function(request["warm"])(snapshot)  # once for all workers
    except (BrokenStore, SyntaxError, *DAMAGE) as error:
        _say(control, {"broken": str(error)})
        return
    threads = sum(1 for _ in Path("/proc/self/task").iterdir())
    if threads != 1:
        _say(control, {"broken": f"the fork server has {threads} threads and cannot be forked"})
        return
    gc.collect()
    gc.freeze()
    allocator.give_back()
    _say(control, {"ready": snapshot.version.quads})
    _ForkServer(control, snapshot, request).serve()


class _ForkServer:
    """The loop that forks workers and buries them."""

    def __init__(self, control: socket.socket, snapshot: Snapshot, request: dict[str, Any]) -> None:
        self.control = control
        self.snapshot = snapshot
        self.request = request
        self.workers: dict[int, int] = {}  # pidfd -> pid

    def serve(self) -> None:
        """Until the control socket ends."""
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        while True:
            for fd, _ in poll.poll():
                if fd in self.workers:
                    poll.unregister(fd)
                    self._bury(fd)
                    continue
                request = _received(self.control)
                if request is None:
                    return
                pidfd = self._fork(request)
                poll.register(pidfd, select.POLLIN)

    def _fork(self, request: dict[str, Any]) -> int:
        ours, theirs = socket.socketpair()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                limits.die_with_parent(parent)
                ours.close()
                self.control.close()
                for fd in self.workers:
                    os.close(fd)
                snapshot = self.snapshot
                on_disk: bool = self.request["disk"]
                if on_disk:
                    snapshot = _opened(snapshot.version)
                work(
                    theirs,
                    snapshot,
                    sealed=request["fork"] == "query",
                    memory=self.request["memory"],
                    on_disk=on_disk,
                    warm=self.request["warm"] if on_disk else "",
                )
                code = 0
            except MemoryError:
                os.abort()
            except BrokenPipeError:
                code = 0
            finally:
                os._exit(code)
        theirs.close()
        pidfd = os.pidfd_open(pid)
        self.workers[pidfd] = pid
        with ours:
            said = json.dumps({"forked": request["id"], "pid": pid}).encode()
            socket.send_fds(self.control, [said], [ours.fileno(), pidfd])
        return pidfd

    def _bury(self, pidfd: int) -> None:
        pid = self.workers.pop(pidfd)
        _, status = os.waitpid(pid, 0)
        os.close(pidfd)
        ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        _say(self.control, {"exited": pid, "signal": ended})


def _loaded(folder: Path, *, on_disk: bool) -> Snapshot:
    version = read_manifest(folder)
    if on_disk:
        return Snapshot(pyoxigraph.Store(), version)
    store = pyoxigraph.Store()
    read, write = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            limits.die_with_parent(parent)
            os.close(read)
            with os.fdopen(write, "wb", 1 << 20) as out:
                _opened(version).store.dump(out, format=pyoxigraph.RdfFormat.N_QUADS)
            code = 0
        except (BrokenStore, *DAMAGE) as error:
            sys.stderr.write(f"{error}\n")
        finally:
            os._exit(code)
    os.close(write)
    with os.fdopen(read, "rb", 1 << 20) as lines:
        store.bulk_load(lines, format=pyoxigraph.RdfFormat.N_QUADS, lenient=True)  # it wrote them
    _, status = os.waitpid(pid, 0)
    if status or len(store) != version.quads:
        raise BrokenStore(version.graph_folder, f"{len(store)} of {version.quads} quads were read")
    return Snapshot(store, version)


def _opened(version: Version) -> Snapshot:
    try:
        return Snapshot(pyoxigraph.Store.read_only(str(version.graph_folder)), version)
    except DAMAGE as error:
        raise BrokenStore(version.graph_folder, error) from error


def _received(control: socket.socket) -> dict[str, Any] | None:
    try:
        data = control.recv(MESSAGE)
    except ConnectionError:
        return None
    found: dict[str, Any] | None = json.loads(data) if data else None
    return found


def _say(control: socket.socket, said: dict[str, Any]) -> None:
    with contextlib.suppress(BrokenPipeError):
        control.send(json.dumps(said).encode())
