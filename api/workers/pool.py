"""The pool of one version: workers that wait for jobs, and the rules by which they are ended.

Two queues, so that pages do not wait for queries: `query` is sandboxed and runs queries from
outside, `call` runs our own functions. Each keeps as many workers as were asked for. A job that
finds none idle waits a moment and then gets a further worker, up to a limit, so that a few long
queries do not stop the short ones; a long query goes on at low priority. At the limit the query
that has run longest is given up, so that the queue moves on.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from api.errors import Crowded, EngineError, Exhausted, Overrun
from api.query.job import Job, QueryJob, job_frame
from api.settings import Settings
from api.workers.fork_client import ForkServer
from api.workers.procfs import cpu_seconds, resident_bytes, spare_memory_bytes
from api.workers.queues import Running, Waiting, WorkerQueue
from api.workers.worker_client import Reply, Worker
from graph.store.manifest import Version

MAX_EXTRA_WORKERS = 30
"""Workers that the query queue may have beyond those that were asked for."""
_MAX_EXTRA_CALLERS = 6
_FORK_AFTER_S = 0.02
"""Seconds that a job waits before it gets a further worker."""
_LONG_S = 0.1
"""Seconds after which a query that still uses the CPU goes on at low priority."""
_GIVE_UP_AFTER_S = 1.0
"""Seconds that a query may always run before it is given up for others."""
_TICK_S = 0.05
_MAX_FORKS_AT_ONCE = 2
_EXTRA_IDLE_S = 10.0
"""Seconds without a job after which further workers end: forking one costs 10 ms of CPU."""
_REFILL_AFTER_S = 0.2
"""Seconds before an idle worker that ended is replaced: where a version's files are broken, every
worker ends at once."""


class Pool:
    """The processes that hold one version and answer from it."""

    def __init__(
        self, version: Version, settings: Settings, fork_server: ForkServer, *, workers: int
    ) -> None:
        self.version = version
        self._settings = settings
        self._fork_server = fork_server
        self.queues = {
            "query": WorkerQueue("query", workers, workers + MAX_EXTRA_WORKERS),
            "call": WorkerQueue("call", min(workers, 2), workers + _MAX_EXTRA_CALLERS),
        }
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ticker: asyncio.TimerHandle | None = None
        self._retired = False
        self._holders = 0
        self.closed = False
        self.used = self._loop.time()
        self._spare_memory = spare_memory_bytes()

    async def start(self, *, on_disk: bool = False, warm: str = "") -> None:
        """Load the version and fork the first workers. Raises BrokenStore.

        The function `warm` runs once before, for the workers that make pages (with a version on
        disk, in each of them).
        """
        memory = self._settings.memory
        try:
            await self._fork_server.load(self.version, memory=memory, on_disk=on_disk, warm=warm)
            for queue in self.queues.values():
                for _ in range(queue.base):
                    self._fork(queue)
            await asyncio.gather(*self._tasks)
        except BaseException:
            self.close()
            raise

    async def run(self, job: Job, until: float) -> Reply:
        """Run a job by `until` of the event loop's clock. Raises Stopped and Crashed.

        When the caller is cancelled, the worker is ended.
        """
        queue = self._queue_of(job)
        worker = self._idle_worker(queue) or await self._wait_for_worker(queue, until)
        self._put_to_work(queue, worker, until)
        done = False
        try:
            reply = await worker.reply(job_frame(job))
            done = True
            return reply
        finally:
            self._take_back(queue, worker, done=done)

    @asynccontextmanager
    async def stream(
        self, job: Job, until: float
    ) -> AsyncIterator[tuple[dict[str, Any], AsyncIterator[bytes]]]:
        """Run a job; give the head of its reply and the pieces of its body as they come."""
        queue = self._queue_of(job)
        worker = self._idle_worker(queue) or await self._wait_for_worker(queue, until)
        self._put_to_work(queue, worker, until)
        done = False

        async def pieces() -> AsyncIterator[bytes]:
            while (piece := await worker.chunk()) is not None:
                yield piece

        try:
            worker.begin(job_frame(job))
            yield await worker.head(), pieces()
            done = True
        finally:
            self._take_back(queue, worker, done=done)

    def _queue_of(self, job: Job) -> WorkerQueue:
        self.used = self._loop.time()
        return self.queues["query" if isinstance(job, QueryJob) else "call"]

    def _put_to_work(self, queue: WorkerQueue, worker: Worker, until: float) -> None:
        queue.running[worker.pid] = Running(worker, self._loop.time(), until)
        self._start_ticking()

    def _take_back(self, queue: WorkerQueue, worker: Worker, *, done: bool) -> None:
        """Take a worker back; one that failed, leaves or runs at low priority is replaced."""
        ran = queue.running.pop(worker.pid)
        if done and not (worker.gone or worker.leaves or ran.is_long):
            self._offer(queue, worker)
            return
        worker.kill()
        if queue.total < queue.base or len(queue.waiting) > queue.forking:
            self._fork(queue)

    def _idle_worker(self, queue: WorkerQueue) -> Worker | None:
        while queue.idle:
            worker = queue.idle.pop()
            if not worker.gone:
                return worker
        return None

    async def _wait_for_worker(self, queue: WorkerQueue, until: float) -> Worker:
        if self.closed:
            raise EngineError("the pool is closed")
        future: asyncio.Future[Worker] = self._loop.create_future()
        queue.waiting.append(Waiting(future, self._loop.time(), until))
        if queue.total < queue.base:
            self._fork(queue)
        self._start_ticking()
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled() and not future.exception():
                self._offer(queue, future.result())
            raise

    def _offer(self, queue: WorkerQueue, worker: Worker) -> None:
        while queue.waiting:
            future = queue.waiting.popleft().future
            if not future.done():
                future.set_result(worker)
                return
        queue.idle.append(worker)

    def _fork(self, queue: WorkerQueue) -> None:
        async def forked() -> None:
            try:
                worker = await self._fork_server.fork(queue.kind)
            except EngineError as error:
                queue.forking -= 1
                self._fail_waiting(queue, error)
                return
            queue.forking -= 1
            worker.on_gone = lambda w: self._forget_idle(queue, w)
            self._offer(queue, worker)

        queue.forking += 1
        self._do_later(forked())

    def _do_later(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _fail_waiting(self, queue: WorkerQueue, error: EngineError) -> None:
        while queue.waiting:
            future = queue.waiting.popleft().future
            if not future.done():
                future.set_exception(error)

    def _forget_idle(self, queue: WorkerQueue, worker: Worker) -> None:
        """Replace a worker that ended while it was idle."""
        if worker in queue.idle:
            queue.idle.remove(worker)
            self._loop.call_later(_REFILL_AFTER_S, self._refill, queue)

    def _refill(self, queue: WorkerQueue) -> None:
        if not self.closed and queue.total < queue.base:
            self._fork(queue)

    # The tick: twenty times a second while a job runs or waits.

    def _start_ticking(self) -> None:
        if self._ticker is None and not self.closed:
            self._ticker = self._loop.call_later(_FORK_AFTER_S, self._tick)

    def _tick(self) -> None:
        self._ticker = None
        if self.closed:
            return
        now = self._loop.time()
        for queue in self.queues.values():
            for waiting in queue.waiting:
                if now > waiting.until and not waiting.future.done():
                    waiting.future.set_exception(Crowded("deadline"))
            for run in queue.running.values():
                if now > run.until:
                    run.worker.kill(Overrun("deadline"))
            while queue.waiting and queue.waiting[0].future.done():
                queue.waiting.popleft()
            overdue = sum(now - waiting.since >= _FORK_AFTER_S for waiting in queue.waiting)
            for _ in range(min(overdue, _MAX_FORKS_AT_ONCE) - queue.forking):
                if queue.total < queue.most:
                    self._fork(queue)
            if overdue and queue.total >= queue.most and not queue.forking:
                self._give_longest_up(queue, now)
        self._limit_queries(now)
        if self.active:
            self._ticker = self._loop.call_later(_TICK_S, self._tick)
        elif any(queue.total > queue.base for queue in self.queues.values()):
            self._loop.call_later(_EXTRA_IDLE_S, self._end_extra_workers)

    def _give_longest_up(self, queue: WorkerQueue, now: float) -> None:
        longest = min(queue.running.values(), key=lambda run: run.since, default=None)
        if longest is not None and now - longest.since >= _GIVE_UP_AFTER_S:
            longest.worker.kill(Crowded(f"{now - longest.since:.1f}"))

    def _end_extra_workers(self) -> None:
        if self.active or self._loop.time() - self.used < _EXTRA_IDLE_S:
            return  # the tick after the last job comes back to it
        for queue in self.queues.values():
            while queue.idle and queue.total > queue.base:
                queue.idle.pop(0).kill()

    def _limit_queries(self, now: float) -> None:
        """Lower the priority of long queries, and keep all of them within the machine's memory."""
        taken: list[tuple[int, Worker]] = []
        for run in self.queues["query"].running.values():
            if not run.is_long and now - run.since >= _LONG_S:
                if run.cpu_s < 0:
                    run.cpu_s = cpu_seconds(run.worker.pid)
                    run.resident = resident_bytes(run.worker.pid)
                elif cpu_seconds(run.worker.pid) - run.cpu_s >= _TICK_S / 2:
                    run.is_long = True
                    with contextlib.suppress(OSError):
                        os.setpriority(os.PRIO_PROCESS, run.worker.pid, 19)
            if run.cpu_s >= 0:
                taken.append((resident_bytes(run.worker.pid) - run.resident, run.worker))
        if sum(size for size, _ in taken) > self._spare_memory:
            max(taken, key=lambda pair: pair[0])[1].kill(Exhausted("machine"))

    # The end

    @property
    def broken(self) -> bool:
        """Return whether its fork server ended by itself."""
        return not self.closed and self._fork_server.broken

    @property
    def active(self) -> int:
        """Number of jobs that run or wait."""
        return sum(len(queue.running) + len(queue.waiting) for queue in self.queues.values())

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the processes, also when the pool is retired meanwhile."""
        self._holders += 1
        try:
            yield
        finally:
            self._holders -= 1
            self._close_when_idle()

    def retire(self) -> None:
        """End the processes when the last holder lets the pool go."""
        self._retired = True
        self._close_when_idle()

    def _close_when_idle(self) -> None:
        if self._retired and not self._holders:
            self.close()

    def close(self) -> None:
        """End all processes."""
        if self.closed:
            return
        self.closed = True
        if self._ticker is not None:
            self._ticker.cancel()
        for queue in self.queues.values():
            self._fail_waiting(queue, EngineError("the pool is closed"))
            for worker in [*queue.idle, *(run.worker for run in queue.running.values())]:
                worker.kill()
        self._fork_server.close()
