"""A query on its way through a pool without a task of its own, for those who ask many."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from api.errors import EngineError
from api.fastpath.handed_over import IDLE, SAID
from api.workers.queues import Reply
from api.workers.worker_client import Worker

if TYPE_CHECKING:
    from api.workers.pool import Pool

_PATIENCE = 0.05
"""Seconds that a query may still run when its client has gone, before its worker is ended."""
LOST = b"l"
"""Why a lent connection comes back: its worker ended while it sent a reply."""


class Ask(ABC):
    """A query, as a frame, that is on its way; the pool is held until `done`, which is called once.

    The deadline is kept by the tick of the pool.
    """

    def __init__(self, pool: Pool, frame: bytes, until: float) -> None:
        self._pool, self._frame, self._until = pool, frame, until
        self._loan, self._connection = b"", -1
        self._lane = pool.lanes["query"]
        self._worker: Worker | None = None
        self._future: asyncio.Future[Worker] | None = None
        self.lent = False
        pool.hold()

    def lend(self, loan: bytes, connection: int) -> None:
        """Lets the connection be lent with this frame, where a worker is free at once.

        Then `back` is called in the end, or `done` for a request that was not answered.
        """
        self._loan, self._connection = loan, connection

    def start(self) -> None:
        """Takes a worker, or a place among those that wait for one."""
        worker = self._pool.idle_worker(self._lane)
        if worker is None:
            self._future = self._pool.queue(self._lane, self._until)
            self._future.add_done_callback(self._taken)
        elif self._loan and worker.lend(self._loan, self._connection, self._come_back):
            self._worker, self.lent = worker, True
            self._pool.at_work(self._lane, worker, self._until, self._connection)
        else:
            self._begin(worker)

    @abstractmethod
    def done(self, found: Reply | EngineError) -> None:
        """What to do with the reply."""

    @abstractmethod
    def asked(self, request: bytes) -> None:
        """It is this request that `done` will be called for."""

    @abstractmethod
    def back(self, why: bytes, data: bytes) -> None:
        """What to do with a connection that comes back for this reason, with these bytes."""

    @abstractmethod
    def count(self, answered: int, again: int) -> None:
        """So many requests were answered by the worker itself, of them so many as before."""

    def cancel(self) -> None:
        """Nobody waits any more: what runs for longer than a moment is ended."""
        if self._worker is not None:
            run = self._lane.running.get(self._worker.pid)
            if run is not None and self.lent:
                run.connection = -1
                self._worker.recall()
            elif run is not None:
                run.until = min(run.until, run.since + _PATIENCE)
        elif self._future is not None:
            self._future.cancel()

    def recall(self) -> None:
        """Asks for a lent connection."""
        if self.lent and self._worker is not None:
            self._worker.recall()

    def _taken(self, future: asyncio.Future[Worker]) -> None:
        error = EngineError("nobody waits") if future.cancelled() else future.exception()
        if error is None:
            self._begin(future.result())
        else:
            self._end(error if isinstance(error, EngineError) else EngineError(str(error)))

    def _begin(self, worker: Worker) -> None:
        self._worker = worker
        self._pool.at_work(self._lane, worker, self._until)
        if worker.gone:
            self._over()
        else:
            worker.begin(self._frame, over=self._over)

    def _over(self) -> None:
        worker = self._worker
        assert worker is not None
        said = worker.said() if not worker.gone else None
        self._pool.back_from_work(self._lane, worker, done=said is not None)
        if said is not None:
            self._end(Reply(*said))
        else:
            self._pool.later(self._explain(worker))

    def _come_back(self) -> None:
        worker = self._worker
        assert worker is not None
        assert worker.note is not None
        began, request = worker.note.began, worker.note.request
        self.count(worker.note.answered, worker.note.again)
        said = worker.said()
        self._pool.back_from_work(self._lane, worker, done=not worker.gone)
        why, data = worker.back or (LOST if began < 0 else IDLE, b"")
        if why == SAID and said is not None:
            self.asked(data)
            self._end(Reply(*said))
        elif why == SAID or (worker.back is None and began > 0):
            self.asked(data or request)
            self._pool.later(self._explain(worker))
        else:
            self._pool.let_go()
            self.back(why, data)

    async def _explain(self, worker: Worker) -> None:
        self._end(await worker.reason())

    def _end(self, found: Reply | EngineError) -> None:
        self._pool.let_go()
        self.done(found)
