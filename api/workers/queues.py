"""A queue of workers of one kind: who is idle, who runs what, and which jobs wait."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from api.workers.worker_client import Worker


@dataclass(slots=True)
class Running:
    """A worker with a job."""

    worker: Worker
    since: float
    until: float
    """When the tick ends it."""
    resident: int = 0
    cpu_s: float = -1.0
    """CPU seconds of its process at the first look: elapsed time alone would count the wait for
    a busy machine."""
    is_long: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job that waits for a worker."""

    future: asyncio.Future[Worker]
    since: float
    until: float


@dataclass(slots=True)
class WorkerQueue:
    """The workers of one kind and the jobs that wait for them."""

    kind: str
    base: int
    most: int
    idle: list[Worker] = field(default_factory=list)
    waiting: deque[Waiting] = field(default_factory=deque)
    running: dict[int, Running] = field(default_factory=dict)
    forking: int = 0

    @property
    def total(self) -> int:
        """Number of workers, those that are being forked included."""
        return len(self.idle) + len(self.running) + self.forking
