"""The pool of one version: workers that wait for jobs, and the rules by which they are ended.

Two lanes, so that pages do not wait for queries: `query` is sealed and runs queries from
outside, `call` runs our own functions. A lane has as many workers as were asked for. A job that
finds none free waits a moment and then gets a further worker, up to a limit, so that a few long
queries do not stop the short ones; a long query goes on at low priority. At the limit the
query that has run longest is given up, so that the lane moves on.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from api.errors import Crowded, EngineError, Exhausted, Overrun
from api.query.job import Job, QueryJob, job_frame
from api.settings import Settings
from api.workers.fork_client import Zygote
from api.workers.procfs import hung_up, resident, spare_memory, worked
from api.workers.queues import Lane, Reply, Running, Waiting
from api.workers.worker_client import Worker
from graph.store.manifest import Version

EXTRA = 30
"""How many workers a lane may have beyond those that were asked for."""
_PATIENCE = 0.02
"""Seconds that a job waits before it gets a further worker."""
_LONG = 0.1
"""Seconds after which a query that goes on working does so at low priority."""
_GIVEN_UP = 1.0
"""Seconds that a query may have run at least before it is given up for others."""
_TICK = 0.05
_PRESSED = 5.0
"""Seconds for which no connection is lent after somebody found no worker."""
_FORKS, _KEPT = 2, 10.0
"""How many workers are forked at once, and for how many seconds a further one is kept idle."""


class Pool:
    """The processes that hold one version and answer from it."""

    def __init__(
        self, version: Version, settings: Settings, zygote: Zygote, *, workers: int
    ) -> None:
        self.version = version
        self._settings = settings
        self._zygote = zygote
        self.kept = zygote.kept
        self.lanes = {
            "query": Lane("query", workers, workers + EXTRA),
            "call": Lane("call", min(workers, 2), workers + 6),
        }
        self._tasks: set[asyncio.Task[None]] = set()
        self._ticker: asyncio.TimerHandle | None = None
        self._unhurried = False
        """Whether the next tick only looks for workers that are not needed any more."""
        self._retired = False
        self._pressed = -math.inf
        self._holders = 0
        self.closed = False
        self.used = time.monotonic()
        self._spare_memory = spare_memory()

    async def start(self, *, on_disk: bool = False, warm: str = "") -> None:
        """Loads the version and forks the first workers; `warm` runs once before, for those that
        make pages (with a version on disk in each of them).

        Raises BrokenStore.
        """
        memory = self._settings.memory
        try:
            await self._zygote.load(self.version, memory=memory, on_disk=on_disk, warm=warm)
            for lane in self.lanes.values():
                for _ in range(lane.base):
                    self._fork(lane)
            await asyncio.gather(*self._tasks)
        except BaseException:
            self.close()
            raise

    async def run(self, job: Job, until: float) -> Reply:
        """The reply to a job, by `until` of the event loop's clock.

        Raises Stopped and Crashed. When the caller is cancelled, the work ends.
        """
        async with self._at_work(job, until, whole=True) as worker:
            head = await worker.head()
            return Reply(head, await worker.body())

    @asynccontextmanager
    async def stream(
        self, job: Job, until: float
    ) -> AsyncIterator[tuple[dict[str, Any], AsyncIterator[bytes]]]:
        """The head of a reply and the pieces of its body as they come."""
        async with self._at_work(job, until, whole=False) as worker:

            async def pieces() -> AsyncIterator[bytes]:
                while (piece := await worker.chunk()) is not None:
                    yield piece

            yield await worker.head(), pieces()

    @asynccontextmanager
    async def _at_work(self, job: Job, until: float, *, whole: bool) -> AsyncIterator[Worker]:
        lane = self.lanes["query" if isinstance(job, QueryJob) else "call"]
        self.used = time.monotonic()
        worker = await self._take(lane, until)
        self.at_work(lane, worker, math.inf)
        worker.begin(job_frame(job), whole=whole)
        done = False
        try:
            async with asyncio.timeout_at(until):
                yield worker
            done = True
        except TimeoutError:
            raise Overrun("deadline") from None
        finally:
            self.back_from_work(lane, worker, done=done)

    def at_work(self, lane: Lane, worker: Worker, until: float, connection: int = -1) -> None:
        """A worker begins a job, or to answer over a connection."""
        lane.running[worker.pid] = Running(
            worker, time.monotonic(), until, lent=connection >= 0, connection=connection
        )
        self._tick_on()

    @property
    def lends(self) -> bool:
        """Whether connections are lent to workers: not while others wait for one."""
        return not self._retired and time.monotonic() - self._pressed > _PRESSED

    def back_from_work(self, lane: Lane, worker: Worker, *, done: bool) -> None:
        """A worker has finished its job, or it is ended in the midst of it."""
        ran = lane.running.pop(worker.pid)
        if not done:
            worker.kill()
        self._give_back(lane, worker, tired=ran.long)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Does some work of the pool's own, as a task."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def idle_worker(self, lane: Lane) -> Worker | None:
        """A worker that is free, taken from its lane."""
        while lane.idle:
            worker = lane.idle.pop()
            if not worker.gone:
                return worker
        return None

    def queue(self, lane: Lane, until: float = math.inf) -> asyncio.Future[Worker]:
        """A place among those that wait for a worker; the tick ends the wait at `until`."""
        future: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        if self.closed:
            future.set_exception(EngineError("the pool is closed"))
            return future
        lane.waiting.append(Waiting(future, time.monotonic(), until))
        if lane.total < lane.base:
            self._fork(lane)
        self._tick_on()
        return future

    async def _take(self, lane: Lane, until: float) -> Worker:
        worker = self.idle_worker(lane)
        if worker is not None:
            return worker
        future = self.queue(lane)
        try:
            async with asyncio.timeout_at(until):
                return await future
        except TimeoutError:
            raise Crowded("deadline") from None
        except asyncio.CancelledError:
            if future.done() and not future.cancelled() and not future.exception():
                self._give_back(lane, future.result(), tired=False)
            raise

    def _give_back(self, lane: Lane, worker: Worker, *, tired: bool) -> None:
        """A worker is free again; one that ran at low priority makes room for a fresh one."""
        if worker.gone or worker.leaves or tired:
            worker.kill()
            if lane.total < lane.base or len(lane.waiting) > lane.forking:
                self._fork(lane)
        else:
            self._offer(lane, worker)

    def _offer(self, lane: Lane, worker: Worker) -> None:
        while lane.waiting:
            future = lane.waiting.popleft().future
            if not future.done():
                future.set_result(worker)
                return
        lane.idle.append(worker)
        if lane.total > lane.base:
            lane.surplus = time.monotonic()

    def _fork(self, lane: Lane) -> None:
        async def forked() -> None:
            try:
                worker = await self._zygote.fork(lane.kind)
            except EngineError as error:
                lane.forking -= 1
                while lane.waiting:
                    future = lane.waiting.popleft().future
                    if not future.done():
                        future.set_exception(error)
                return
            lane.forking -= 1
            worker.on_gone = lambda w: self._lost(lane, w)
            self._offer(lane, worker)

        lane.forking += 1
        self.later(forked())

    def _lost(self, lane: Lane, worker: Worker) -> None:
        """A worker ended while it was idle."""
        if worker in lane.idle:
            lane.idle.remove(worker)
            # Not at once: where the files of a version are broken, every worker ends like this.
            asyncio.get_running_loop().call_later(0.2, self._refill, lane)

    def _refill(self, lane: Lane) -> None:
        if not self.closed and lane.total < lane.base:
            self._fork(lane)

    # The tick: while something runs or waits, twenty times a second.

    def _tick_on(self) -> None:
        if self._ticker is not None and self._unhurried:
            self._ticker.cancel()
            self._ticker = None
        if self._ticker is None and not self.closed:
            self._unhurried = False
            self._ticker = asyncio.get_running_loop().call_later(_PATIENCE, self._tick)

    def _tick(self) -> None:
        self._ticker = None
        if self.closed:
            return
        now = time.monotonic()
        busy = more = False
        for lane in self.lanes.values():
            for one in lane.waiting:
                if now > one.until and not one.future.done():
                    one.future.set_exception(Crowded("deadline"))
            for run in list(lane.running.values()):
                if run.lent:
                    self._look(run, now)
                if now > run.until:
                    run.worker.kill(Overrun("deadline"))
            while lane.waiting and lane.waiting[0].future.done():
                lane.waiting.popleft()
            queued = sum(now - one.since >= _PATIENCE for one in lane.waiting)
            for _ in range(min(queued, _FORKS) - lane.forking):
                if lane.total < lane.most:
                    self._fork(lane)
            if lane.idle and lane.total > lane.base and now - lane.surplus > _KEPT:
                lane.idle.pop(0).kill()
            if queued and lane.total >= lane.most and not lane.forking:
                self._pressed = now
                self._recall_all(lane)
                self._give_one_up(lane, now)
            busy = busy or bool(lane.waiting or lane.running)
            more = more or lane.total > lane.base
        self._watch(now)
        if busy or more:
            seconds, self._unhurried = (_TICK, False) if busy else (1.0, True)
            self._ticker = asyncio.get_running_loop().call_later(seconds, self._tick)

    def _look(self, run: Running, now: float) -> None:
        """What a worker does for the connection that is lent to it."""
        note = run.worker.note
        began = note.began if note is not None else 0.0
        if began <= 0:
            run.since, run.until, run.worked = now, math.inf, -1.0
            if run.long:  # it would go on at low priority
                run.worker.recall()
            return
        if began != run.since:
            run.since, run.until, run.worked = began, began + self._settings.deadline, -1.0
        if now - began > _TICK and hung_up(run.connection):
            run.until = -math.inf

    def _recall_all(self, lane: Lane) -> None:
        for run in lane.running.values():
            if run.lent:
                run.worker.recall()

    def _give_one_up(self, lane: Lane, now: float) -> None:
        longest = min(lane.running.values(), key=lambda r: r.since, default=None)
        if longest is not None and now - longest.since >= _GIVEN_UP:
            longest.worker.kill(Crowded(f"{now - longest.since:.1f}"))

    def _watch(self, now: float) -> None:
        """Long queries go on at low priority; all together they leave memory for the machine."""
        taken: list[tuple[int, Worker]] = []
        for run in self.lanes["query"].running.values():
            if not run.long and now - run.since >= _LONG:
                if run.worked < 0:
                    run.worked = worked(run.worker.pid)
                    run.resident = resident(run.worker.pid)
                elif worked(run.worker.pid) - run.worked >= _TICK / 2:
                    run.long = True
                    with contextlib.suppress(OSError):
                        os.setpriority(os.PRIO_PROCESS, run.worker.pid, 19)
            if run.worked >= 0:
                taken.append((resident(run.worker.pid) - run.resident, run.worker))
        if sum(t for t, _ in taken) > self._spare_memory:
            max(taken, key=lambda t: t[0])[1].kill(Exhausted("machine"))

    # The end

    @property
    def broken(self) -> bool:
        """Whether its zygote has ended by itself."""
        return not self.closed and self._zygote.broken

    @property
    def active(self) -> int:
        """How many jobs run or wait."""
        return sum(len(lane.running) + len(lane.waiting) for lane in self.lanes.values())

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps the processes, also when the pool is retired meanwhile."""
        self.hold()
        try:
            yield
        finally:
            self.let_go()

    def hold(self) -> None:
        """Keeps the processes until `let_go`."""
        self._holders += 1

    def let_go(self) -> None:
        """One holder less."""
        self._holders -= 1
        self._close_when_idle()

    def retire(self) -> None:
        """The processes end when nobody holds the pool any more."""
        self._retired = True
        self._recall_all(self.lanes["query"])
        self._close_when_idle()

    def _close_when_idle(self) -> None:
        if self._retired and not self._holders:
            self.close()

    def close(self) -> None:
        """Ends all its processes."""
        if self.closed:
            return
        self.closed = True
        if self._ticker is not None:
            self._ticker.cancel()
        for lane in self.lanes.values():
            for one in lane.waiting:
                if not one.future.done():
                    one.future.set_exception(EngineError("the pool is closed"))
            for worker in [*lane.idle, *(run.worker for run in lane.running.values())]:
                worker.kill()
        self._zygote.close()
