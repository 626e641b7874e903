"""The engine: one pool for each version that is asked, the current one always ready.

A new version is loaded while the old one serves, and takes over when it is ready; the old one
finishes its jobs. Old versions are opened from their folders on the first query for them, and so
is a large one at the start, until it is in memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.errors import EngineError, Loading, NoVersion
from api.query.job import CallJob
from api.settings import Settings
from api.workers.fork_client import ForkServer
from api.workers.pool import Pool
from graph.errors import StoreError
from graph.store.manifest import Version
from graph.store.store import Store
from loaders.sandbox import limits

_LOOK = 0.5
"""Seconds between two looks at the store."""
_KNOCK = 5.0
"""Seconds between two looks at an engine elsewhere."""
_OLD, _IDLE = 2, 60.0
"""Most old versions kept ready, and seconds without a query after which one goes."""
_IMPORTS = (
    "api.mcp.answers",
    "api.mcp.documents",
    "api.pages",
    "api.reconcile.entity_answers",
    "api.rest.lists",
    "api.rest.openapi",
    "api.sparql.dumps",
    "api.sparql.saved_queries",
)
_WARM = "api.pages:warm"
_DRAWN_AHEAD = ("/views/bodies.svg", "/views/streets.svg")
_DRAWING_S = 60.0
LARGE = 100_000
"""From this number of quads on a version answers from its folder until it is in memory; a
smaller one is loaded in a second."""
_QUAD = 450
"""Bytes of memory that a quad takes."""
_log = logging.getLogger("tiaokuai")


class Engine:
    """The pools of a store. `async with engine.use() as pool` keeps a pool until the end."""

    def __init__(
        self, store: Store, settings: Settings, *, workers: int, imports: tuple[str, ...] = _IMPORTS
    ) -> None:
        self.store = store
        self.settings = settings
        self.trouble = ""
        """Why the newest version is not shown, where it cannot be loaded."""
        self.away = ""
        """Why the engine that holds the graph cannot be reached; its copies are served on."""
        self._workers = workers
        self._imports = imports
        self._current: Pool | None = None
        self._meanwhile: Pool | None = None
        """The pool that answers from the version's folder until it is in memory."""
        self._in_memory = asyncio.Event()
        self._seen: tuple[int, int] | None = None
        self._old: dict[str, Pool] = {}
        self._spare: ForkServer | None = None
        self._turn = asyncio.Lock()
        self._old_turn = asyncio.Lock()
        self._watchers: list[asyncio.Task[None]] = []

    async def start(self) -> asyncio.Task[None]:
        """Show the current version and begin to watch. The task ends with a large version in
        memory; until then its folder answers. Raises StoreError, and so does the task.
        """
        version = await asyncio.to_thread(self.store.current)
        if version and version.quads >= LARGE and not self._too_large(version) and limits.KNOWN:
            await asyncio.to_thread(self.store.prepare, version)
            pool = Pool(version, self.settings, ForkServer(()), workers=self._workers)
            await pool.start(on_disk=True)
            self._current = self._meanwhile = pool
        else:
            await self.refresh()
        loading = asyncio.get_running_loop().create_task(self._begin())
        self._watchers.append(loading)
        return loading

    async def _begin(self) -> None:
        await self.refresh()
        loop = asyncio.get_running_loop()
        self._watchers.append(loop.create_task(self._watch()))
        if not self.store.local:
            self._watchers.append(loop.create_task(self._knock()))

    async def close(self) -> None:
        """End everything."""
        for watcher in self._watchers:
            watcher.cancel()
        await asyncio.gather(*self._watchers, return_exceptions=True)
        for pool in [*self._old.values(), self._current]:
            if pool is not None:
                pool.close()
        if self._spare is not None:
            self._spare.close()
        self._old.clear()
        self._current = self._spare = None

    @property
    def current(self) -> Version | None:
        """The version that is shown."""
        return self._current.version if self._current else None

    @property
    def loading(self) -> bool:
        """Return whether the current version is still being read into memory."""
        return self._meanwhile is not None

    @property
    def pool(self) -> Pool | None:
        """The pool of the version that is shown."""
        return self._current

    def until(self) -> float:
        """The deadline of a query that starts now, by the event loop's clock."""
        return asyncio.get_running_loop().time() + self.settings.deadline

    @property
    def pools(self) -> list[Pool]:
        """The pools that are ready, the current one first."""
        return [p for p in (self._current, *self._old.values()) if p is not None]

    @asynccontextmanager
    async def use(self, version: str = "", *, whole: bool = False) -> AsyncIterator[Pool]:
        """The pool of a version, by default the current one; for what goes through the `whole`
        graph one that has it in memory, where it will be.

        Raises NoVersion, and UnknownVersion or RemovedVersion for one that is not there.
        """
        if whole and not version and self._meanwhile is not None:
            try:
                async with asyncio.timeout(self.settings.deadline):
                    await self._in_memory.wait()
            except TimeoutError:
                raise Loading from None
        current = self._current
        if not version or (current is not None and version == current.version.id):
            if current is None:
                raise NoVersion(self.trouble or "the store is empty; `tiaokuai build` fills it")
            pool = current
        else:
            pool = await self._old_pool(version)
        with pool.held():
            yield pool

    async def refresh(self) -> None:
        """Show the store's current version, if it does not yet. Raises StoreError."""
        async with self._turn:
            self._seen = self._mark()
            version = await asyncio.to_thread(self.store.current)
            shown = self._current
            if version is None:
                return
            right = shown and shown is not self._meanwhile and not shown.broken
            if right and shown and shown.version.id == version.id:
                return
            await asyncio.to_thread(self.store.prepare, version)
            began = time.monotonic()
            spare, self._spare = self._spare, None
            if spare is None or spare.broken:
                spare = ForkServer(self._imports)
            pool = Pool(version, self.settings, spare, workers=self._workers)
            await pool.start(on_disk=self._too_large(version), warm=_WARM)
            before, self._current, self._meanwhile = self._current, pool, None
            self._in_memory.set()
            if before is not None:
                before.retire()
                self._watchers.append(asyncio.create_task(self._draw_ahead(pool)))
                took = time.monotonic() - began
                _log.info("version %s is shown, after %.2f s", version.id, took)
            self._spare = ForkServer(self._imports)
            self.trouble = ""

    async def _draw_ahead(self, pool: Pool) -> None:
        """Work out the layouts of the first pictures of a changed version; they are kept for all.

        A reader would otherwise wait for them, beyond the deadline on a busy machine.
        """
        if pool.version.quads >= LARGE:
            return
        for path in _DRAWN_AHEAD:
            asked = {
                "path": path, "params": (), "language": "zh", "accept": "", "root": "",
                "prefix": "", "cookie": "",
            }  # fmt: skip
            with contextlib.suppress(EngineError), pool.held():
                until = asyncio.get_running_loop().time() + _DRAWING_S
                await pool.run(CallJob("api.pages:page", asked), until)

    async def _old_pool(self, name: str) -> Pool:
        async with self._old_turn:
            pool = self._old.get(name)
            if pool is not None and not pool.version.path.is_dir():
                self._old.pop(name).retire()  # it was removed
                pool = None
            if pool is None or pool.closed:
                version = await asyncio.to_thread(self.store.version, name)
                await asyncio.to_thread(self.store.prepare, version)
                pool = Pool(version, self.settings, ForkServer(self._imports), workers=1)
                await pool.start(on_disk=True)
                while len(self._old) >= _OLD:
                    least = min(self._old, key=lambda k: self._old[k].used)
                    self._old.pop(least).retire()
                self._old[name] = pool
            return pool

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_LOOK)
            if self._mark() != self._seen or (self._current and self._current.broken):
                try:
                    await self.refresh()
                except (StoreError, OSError) as error:
                    if str(error) != self.trouble:
                        _log.error("%s", error)
                    self.trouble = str(error)
            for name, pool in list(self._old.items()):
                if asyncio.get_running_loop().time() - pool.used > _IDLE and not pool.active:
                    self._old.pop(name).retire()

    async def _knock(self) -> None:
        """Ask the engine that holds the graph, now and then, whether it is there."""
        while True:
            why = await asyncio.to_thread(self.store.trouble)
            if bool(why) != bool(self.away):
                _log.error("%s; copies are served", why) if why else _log.info("the engine is back")
            self.away = why
            await asyncio.sleep(_KNOCK)

    def _too_large(self, version: Version) -> bool:
        """Return whether a version would take more memory than it may."""
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        return version.quads * _QUAD > (self.settings.in_memory or machine // 2)

    def _mark(self) -> tuple[int, int] | None:
        with contextlib.suppress(OSError):
            found = (self.store.folder / "current").stat()
            return found.st_mtime_ns, found.st_ino
        return None
