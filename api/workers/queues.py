"""The lanes of a pool: the workers of one kind, what they do, and who waits for them."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from api.workers.worker_client import Worker


@dataclass(frozen=True, slots=True)
class Reply:
    """What a worker said: the head, and the whole body."""

    head: dict[str, Any]
    body: bytes


@dataclass(slots=True)
class Running:
    """A worker at its job."""

    worker: Worker
    since: float
    until: float = math.inf
    """When the tick ends it; who waits as a task has a timeout of its own."""
    resident: int = 0
    worked: float = -1.0
    """The CPU seconds of its worker when it was first looked at; a busy machine makes it wait."""
    long: bool = False
    lent: bool = False
    """Whether a connection is lent to it; `since` and `until` are then of its request."""
    connection: int = -1
    """That connection, -1 when it is closed."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits for a worker: since when, and until when."""

    future: asyncio.Future[Worker]
    since: float
    until: float


@dataclass(slots=True)
class Lane:
    """The workers of one kind, and the jobs that wait for them."""

    kind: str
    base: int
    most: int
    idle: list[Worker] = field(default_factory=list)
    waiting: deque[Waiting] = field(default_factory=deque)
    running: dict[int, Running] = field(default_factory=dict)
    forking: int = 0
    surplus: float = 0.0
    """When a worker beyond those that were asked for was last of use."""

    @property
    def total(self) -> int:
        """All workers of the lane, also those that come."""
        return len(self.idle) + len(self.running) + self.forking
