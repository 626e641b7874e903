"""A query on its way through a pool without a task of its own, for those who ask many."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from api.errors import EngineError
from api.lanes import Reply
from api.process import Worker
from api.wire import QueryJob

if TYPE_CHECKING:
    from api.pool import Pool

_PATIENCE = 0.05
"""Seconds that a query may still run when its client has gone, before its worker is ended."""


class Ask:
    """A query that is on its way through a pool."""

    def __init__(
        self, pool: Pool, job: QueryJob, until: float, done: Callable[[Reply | EngineError], None]
    ) -> None:
        self._pool, self._job, self._until, self._done = pool, job, until, done
        self._lane = pool.lanes["query"]
        self._worker: Worker | None = None
        self._future: asyncio.Future[Worker] | None = None
        worker = pool.idle_worker(self._lane)
        if worker is not None:
            self._begin(worker)
        else:
            self._future = pool.queue(self._lane, until)
            self._future.add_done_callback(self._taken)

    def cancel(self) -> None:
        """Nobody waits any more: what runs for longer than a moment is ended."""
        if self._worker is not None:
            run = self._lane.running.get(self._worker.pid)
            if run is not None:
                run.until = min(run.until, run.since + _PATIENCE)
        elif self._future is not None:
            self._future.cancel()

    def _taken(self, future: asyncio.Future[Worker]) -> None:
        if future.cancelled():
            self._done(EngineError("nobody waits"))
            return
        error = future.exception()
        if error is not None:
            self._done(error if isinstance(error, EngineError) else EngineError(str(error)))
        else:
            self._begin(future.result())

    def _begin(self, worker: Worker) -> None:
        self._worker = worker
        self._pool.at_work(self._lane, worker, self._until)
        if worker.gone:
            self._over()
        else:
            worker.begin(self._job, over=self._over)

    def _over(self) -> None:
        worker = self._worker
        assert worker is not None
        said = worker.said() if not worker.gone else None
        self._pool.back_from_work(self._lane, worker, done=said is not None)
        if said is not None:
            self._done(Reply(*said))
        else:
            self._pool.later(self._explain(worker))

    async def _explain(self, worker: Worker) -> None:
        self._done(await worker.reason())
