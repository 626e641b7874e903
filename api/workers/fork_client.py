"""The server's side of the fork server: start it, load a version, ask it for workers."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from heapq import heappop, heappush
from typing import Any

from api.errors import EngineError
from api.fastpath.shared_notes import PLACES, Board
from api.query.job import MESSAGE
from api.workers import allocator
from api.workers.worker_client import Worker, _connected
from graph.errors import BrokenStore
from graph.store.manifest import Version

_START = """
import json, sys
control, board, parent, path, imports = json.loads(sys.argv[1])
sys.path[:] = path
from api.workers.fork_server import main
main(control, board, parent, tuple(imports))
"""


class Zygote:
    """A zygote that was started; it has no version until one is loaded."""

    def __init__(self, imports: tuple[str, ...]) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._board = Board()
        fds = [theirs.fileno(), self._board.fd]
        said = json.dumps([*fds, os.getpid(), sys.path, imports])
        # Single-threaded: numeric libraries would start a thread for each core.
        quiet = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, said],
            pass_fds=fds,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, **quiet, **allocator.surroundings()},
        )
        theirs.close()
        self._board.close()
        self.kept = self._board.kept()
        """The replies that were given, by the server and by workers."""
        self._places = list(range(PLACES))
        """Free places on the board, a heap: the first ones keep what was answered."""
        self._control.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._control.fileno(), self._on_message)
        self._ready: asyncio.Future[dict[str, Any]] = self._loop.create_future()
        self._forks: dict[int, tuple[int, asyncio.Future[Worker]]] = {}
        self._workers: dict[int, tuple[int, Worker]] = {}
        self._next = 0
        self.closed = False
        self.broken = False
        """Whether it has ended by itself."""

    async def load(self, version: Version, *, memory: int, on_disk: bool, warm: str = "") -> None:
        """Loads a version. Raises BrokenStore where its files cannot be read."""
        self._send({
            "load": str(version.path), "memory": memory, "disk": on_disk, "warm": warm,
        })  # fmt: skip
        said = await self._ready
        if "broken" in said:
            raise BrokenStore(version.path, said["broken"])

    async def fork(self, kind: str) -> Worker:
        """A new worker; `kind` is `query` (sealed) or `call`."""
        self._next += 1
        number = self._next
        future: asyncio.Future[Worker] = self._loop.create_future()
        place = heappop(self._places) if kind == "query" and self._places else -1
        self._forks[number] = place, future
        self._send({"fork": kind, "id": number, "place": place})
        return await future

    def close(self) -> None:
        """Ends the zygote and all its workers."""
        if self.closed:
            return
        self.closed = True
        self._loop.remove_reader(self._control.fileno())
        self._control.close()
        self._process.kill()  # its workers die with it
        self._process.wait()
        self._fail("the zygote was ended")

    def _send(self, said: dict[str, Any]) -> None:
        try:
            self._control.send(json.dumps(said).encode())
        except OSError as error:
            raise EngineError(f"the zygote is gone: {error}") from error

    def _fail(self, why: str) -> None:
        if not self._ready.done():
            self._ready.set_result({"broken": why})
        for _, future in self._forks.values():
            if not future.done():
                future.set_exception(EngineError(why))
                future.exception()  # nobody may be waiting any more
        self._forks.clear()
        for _, worker in list(self._workers.values()):
            worker.on_exit(signal.SIGKILL)
        self._workers.clear()

    def _on_message(self) -> None:
        try:
            data, fds, _, _ = socket.recv_fds(self._control, MESSAGE, 2)
        except BlockingIOError:
            return
        except OSError:
            data, fds = b"", []
        if not data:
            self._loop.remove_reader(self._control.fileno())
            self.broken = True
            self._fail("the zygote ended by itself")
            return
        said = json.loads(data)
        if "forked" in said:
            place, future = self._forks.pop(said["forked"], (-1, None))
            note = self._board.note(place) if place >= 0 else None
            worker = Worker(said["pid"], fds[1], socket.socket(fileno=fds[0]), note)
            self._workers[said["pid"]] = place, worker
            if future is None or future.done():
                worker.kill()
            else:
                self._loop.create_task(_connected(worker, future))
        elif "exited" in said:
            place, gone = self._workers.pop(said["exited"], (-1, None))
            if gone is not None:
                gone.on_exit(said["signal"])
            if place >= 0:
                heappush(self._places, place)
        elif not self._ready.done():
            self._ready.set_result(said)
