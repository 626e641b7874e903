"""The server's side of the fork server: start it, load a version, ask it for workers."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
from typing import Any

from api.errors import EngineError
from api.query.job import MESSAGE
from api.workers import allocator
from api.workers.worker_client import Worker, connect_worker
from graph.errors import BrokenStore
from graph.store.manifest import Version
from loaders.sandbox.start import command, environment


class ForkServer:
    """A fork server that was started; it has no version until one is loaded."""

    def __init__(self, imports: tuple[str, ...]) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # Single-threaded: numeric libraries would start a thread for each core.
        quiet = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            command("api.workers.fork_server:main", theirs.fileno(), imports),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env=environment(**quiet, **allocator.surroundings()),
        )
        theirs.close()
        self._control.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._control.fileno(), self._on_message)
        self._ready: asyncio.Future[dict[str, Any]] = self._loop.create_future()
        self._forks: dict[int, asyncio.Future[Worker]] = {}
        self._workers: dict[int, Worker] = {}
        self._next = 0
        self.closed = False
        self.broken = False
        """True where it has ended by itself."""

    async def load(self, version: Version, *, memory: int, on_disk: bool, warm: str = "") -> None:
        """Load a version. Raises BrokenStore where its files cannot be read."""
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
        self._forks[number] = future
        self._send({"fork": kind, "id": number})
        return await future

    def close(self) -> None:
        """End the fork server and all its workers."""
        if self.closed:
            return
        self.closed = True
        self._loop.remove_reader(self._control.fileno())
        self._control.close()
        self._process.kill()  # its workers die with it
        self._process.wait()
        self._fail("the fork server was ended")

    def _send(self, said: dict[str, Any]) -> None:
        try:
            self._control.send(json.dumps(said).encode())
        except OSError as error:
            raise EngineError(f"the fork server is gone: {error}") from error

    def _fail(self, why: str) -> None:
        if not self._ready.done():
            self._ready.set_result({"broken": why})
        for future in self._forks.values():
            if not future.done():
                future.set_exception(EngineError(why))
                future.exception()  # retrieved, in case the waiter has gone
        self._forks.clear()
        for worker in list(self._workers.values()):
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
            self._fail("the fork server ended by itself")
            return
        said = json.loads(data)
        if "forked" in said:
            future = self._forks.pop(said["forked"], None)
            worker = self._workers[said["pid"]] = Worker(
                said["pid"], fds[1], socket.socket(fileno=fds[0])
            )
            if future is None or future.done():
                worker.kill()
            else:
                self._loop.create_task(connect_worker(worker, future))
        elif "exited" in said:
            gone = self._workers.pop(said["exited"], None)
            if gone is not None:
                gone.on_exit(said["signal"])
        elif not self._ready.done():
            self._ready.set_result(said)
