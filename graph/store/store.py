"""The store: a shelf of versions, and a head that is written to.

    head/   head.version                  the work area, and the version that it equals
    versions/{id}/graph/ manifest.json    a hard-link copy of the head, never written again

(`graph.store.versions` has the rest.) A publication makes a new head, an update changes it; it
is copied by hard links to a temporary name, and becomes visible by one atomic rename. An
interruption leaves the old version or the new one; a head that differs from the current version
is made again from it.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from time import time_ns

import pyoxigraph
from pyoxigraph import DefaultGraph, Quad

from graph.errors import BrokenStore, EngineTrouble, StoreError
from graph.store.atomic_files import DAMAGE, write_whole
from graph.store.bulk_load import Watched, Written, filled, unwatched, write_lines
from graph.store.claims import write_claims
from graph.store.manifest import (
    SourceEntry,
    Version,
    content_sum,
    hexadecimal,
    read_manifest,
    sum_id,
)
from graph.store.patch import Change, change_of, patched
from graph.store.readings import Contribution, keep
from graph.store.snapshot import Snapshot
from graph.store.versions import MIN_FREE_BYTES, Shelf, now, read_word


class Store(Shelf):
    """A store in a folder. Nothing is made there until something is published."""

    local = True
    """True where the folder is the whole store."""

    @property
    def location(self) -> str:
        """Its address, as `open_store` takes it."""
        return str(self.folder)

    # reading

    def open(self, version: Version | None = None) -> Snapshot:
        """A version (by default the current one) read where it is kept."""
        version = version or self.must_have()
        try:
            return Snapshot(pyoxigraph.Store.read_only(str(version.graph_folder)), version)
        except DAMAGE as error:
            raise BrokenStore(version.graph_folder, error) from error

    def memory(self, version: Version | None = None) -> Snapshot:
        """A version (by default the current one) loaded into memory."""
        disk = self.open(version)
        store = pyoxigraph.Store()
        try:
            store.bulk_extend(disk.store)
        except DAMAGE as error:
            raise BrokenStore(disk.version.graph_folder, error) from error
        return Snapshot(store, disk.version)

    def prepare(self, version: Version) -> None:
        """Sees to it that the folder of a version holds its quads, as it does in a folder."""

    def trouble(self) -> str:
        """Why the store cannot be read or written now: gone, read only, or full; else empty."""
        if not (self.folder / "versions").is_dir():
            return f"there is no store at {self.folder}: moved, unmounted, or not built yet"
        if not os.access(self.folder, os.W_OK):
            return f"the folder {self.folder} is read only; nothing can be written"
        if shutil.disk_usage(self.folder).free < MIN_FREE_BYTES:
            return f"the disk of {self.folder} is full; nothing can be written"
        return ""

    # writing

    def publish(
        self,
        parts: Iterable[Contribution | SourceEntry],
        *,
        shared: Iterable[Quad],
        extractor: str,
        anew: bool = False,
        watched: Watched = unwatched,
    ) -> Version:
        """Publish a new current version of `parts`: documents read now, or kept as they were.

        Graphs that are not ours stay. The same content gives the same id and no new version.
        `anew` takes nothing from files that may be damaged, except those graphs, if it can.
        `watched` sees the documents as their quads are loaded, and what is sent to an engine.
        Raises DoubledTriple where a triple would be in two graphs.
        """
        self._reach()
        with self._writing():
            before = self.remembered_or_none() if anew else self.current()
            parts = list(parts)
            if before and not anew and before.is_as_built(parts, extractor):
                return before
            for part in parts:
                if isinstance(part, Contribution):
                    keep(self.folder, part)
            entries = tuple(p.entry if isinstance(p, Contribution) else p for p in parts)
            shared = tuple(shared)
            change = change_of(before, parts, extractor) if before and not anew else None
            found = self._patched(change, shared) if change else None
            if found is None:
                theirs: Iterable[Quad] = ()
                if before:
                    theirs = self._theirs(before) if anew else self._others(before)
                found = self._filled(entries, shared, theirs, watched)
            head, written = found
            made = self._snapshot(
                head, written.graphs, entries, extractor,
                written=written, anew=anew, watched=watched,
            )  # fmt: skip
            del head, found  # closed while it is still our turn
            return made

    def _filled(
        self,
        entries: Sequence[SourceEntry],
        shared: Iterable[Quad],
        theirs: Iterable[Quad],
        watched: Watched,
    ) -> tuple[pyoxigraph.Store, Written]:
        """Make a new head."""
        new = self.folder / f".head-{os.getpid()}"
        with filled(new, theirs) as pieces:
            written = write_lines(pieces, self.folder, entries, shared, theirs, watched=watched)
        (self.folder / "head.version").unlink(missing_ok=True)
        path = self._headless()
        new.rename(path)
        return pyoxigraph.Store(str(path)), written

    def _patched(
        self, change: Change, shared: Iterable[Quad]
    ) -> tuple[pyoxigraph.Store, Written] | None:
        """Patch the head; None where it is better made again."""
        before = change.before
        if not before.graph_folder.is_dir() and not self._equal(before):
            return None  # it would have to be fetched
        try:
            head = self._head(before)
            (self.folder / "head.version").unlink(missing_ok=True)
            written = patched(head, self.folder, change, shared)
        except (BrokenStore, *DAMAGE):  # a new head names it, or needs none of it
            return None
        return (head, written) if written else None

    def _reach(self) -> None:
        """Raises StoreError where the place of the quads is not there, also if nothing changes."""

    def change(self, apply: Callable[[pyoxigraph.Store], object]) -> Version:
        """A new current version: the current one as `apply` leaves it.

        What `apply` raises goes through, and nothing is published. Our own graphs may change
        too; `rollback` undoes it, and the next `build` makes them again.
        """
        with self._writing():
            before = self.current()
            head = self._head(before)
            (self.folder / "head.version").unlink(missing_ok=True)
            apply(head)
            head.flush()
            made = self._changed(before, head)
            del head  # closed while it is still our turn
            return made

    def change_apart(self, work: Callable[[Path], object]) -> Version:
        """As `change`, for another process that is handed the folder of the head."""
        with self._writing():
            before = self.current()
            self._head(before)  # made, and closed again
            (self.folder / "head.version").unlink(missing_ok=True)
            work(self.folder / "head")
            return self._changed(before, pyoxigraph.Store(str(self.folder / "head")))

    def _changed(self, before: Version | None, head: pyoxigraph.Store) -> Version:
        if before is None:
            return self._snapshot(head, (), (), "")
        return self._snapshot(head, before.graphs, before.sources, before.extractor, edited=True)

    def _others(self, before: Version) -> Iterable[Quad]:
        """The quads of a version in graphs that are not ours; may be gone through twice."""
        return _Others(self.open(before).store, before.graphs)

    def _theirs(self, before: Version) -> tuple[Quad, ...]:
        """As `_others`, as far as they can be read."""
        try:
            return tuple(self._others(before))
        except (BrokenStore, EngineTrouble, *DAMAGE) as error:
            if isinstance(error, EngineTrouble) and not error.lost:
                raise
            sys.stderr.write(
                f"what other people wrote into the version {before.id} cannot be read ({error}); "
                "it is left out\n"
            )
            return ()

    def _snapshot(
        self,
        head: pyoxigraph.Store,
        graphs: tuple[str, ...],
        sources: tuple[SourceEntry, ...],
        extractor: str,
        *,
        written: Written | None = None,
        edited: bool = False,
        anew: bool = False,
        watched: Watched = unwatched,
    ) -> Version:
        """The head as a version, current from then on; what was `written` is not added up again."""
        total, count = self._sum(written) if written else content_sum(head)
        name = sum_id(total, count)
        folder = self._place(name)
        if folder.exists() and not self._sound(folder, count):
            folder.rename(folder.with_name(f".broken-{name}-{time_ns()}"))
        if not folder.exists():
            version = Version(
                name, now(), count, extractor, graphs, sources, folder, edited, hexadecimal(total)
            )

            def fill(new: Path) -> None:
                head.backup(str(new / "graph"))
                if written:
                    write_claims(written.claims, new)

            self._stand(version, fill)
        self._point(name)
        write_whole(self.folder / "head.version", name.encode())
        return read_manifest(folder)

    def _sum(self, written: Written) -> tuple[int, int]:
        """The sum and the number of all lines of the head."""
        total, count = written.sums.all
        if not written.moved:
            return total, count
        before = self.must_have()
        return int(before.total, 16) + total, before.quads + count

    def _sound(self, folder: Path, quads: int) -> bool:
        try:
            version = read_manifest(folder)
            found = pyoxigraph.Store.read_only(str(version.graph_folder))
            return sum(1 for _ in found) == quads == version.quads
        except (BrokenStore, *DAMAGE):
            return False

    def _head(self, before: Version | None) -> pyoxigraph.Store:
        """The head, equal to the current version; made again from it where it is not."""
        path = self.folder / "head"
        if before is not None and self._equal(before):
            try:
                return pyoxigraph.Store(str(path))
            except DAMAGE:  # it is only a copy
                pass
        self._headless()
        if before is not None:
            new = self.folder / f".head-{os.getpid()}"
            self._copy(before, new)
            new.rename(path)
        return pyoxigraph.Store(str(path))

    def _equal(self, before: Version) -> bool:
        """Return whether `head.version` names this version."""
        path, said = self.folder / "head", self.folder / "head.version"
        return path.exists() and said.exists() and read_word(said) == before.id

    def _headless(self) -> Path:
        """The folder for a new head; an older one, which may still be written to, is moved away."""
        head, old = self.folder / "head", self.folder / f".head-{os.getpid()}-{time_ns()}"
        if head.exists():
            head.rename(old)
            shutil.rmtree(old, ignore_errors=True)
        return head

    def _copy(self, before: Version, new: Path) -> None:
        """The quads of a version in a new folder. Raises BrokenStore."""
        try:
            self.open(before).store.backup(str(new))
        except DAMAGE as error:
            shutil.rmtree(new, ignore_errors=True)
            if "While appending" in str(error) or "No space" in str(error):
                raise  # it is the disk that is full
            raise BrokenStore(before.graph_folder, error) from error


class _Others:
    """The quads of a store in all graphs but some, none of them held."""

    def __init__(self, held: pyoxigraph.Store, graphs: Iterable[str]) -> None:
        self._held, self._graphs = held, frozenset(graphs)

    def __iter__(self) -> Iterator[Quad]:
        theirs = [g for g in self._held.named_graphs() if g.value not in self._graphs]
        for graph in (DefaultGraph(), *theirs):
            yield from self._held.quads_for_pattern(None, None, None, graph)


__all__: Sequence[str] = ("Contribution", "Store", "StoreError")
