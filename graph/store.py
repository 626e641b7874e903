"""The store: source documents, a head that is written to, and immutable versions.

    format  lock  current                 the id of the current version
    head/   head.version                  the work area, and the version that it equals
    removed                               the ids of versions that were removed
    manifests/{id}.json                   a copy of each manifest, for the day that one is damaged
    documents/{sha256}                    the bytes of every document, kept
    readings/{key}.nq.gz                  what was read from a text by one extractor
    versions/{id}/graph/ manifest.json    a hard-link copy of the head, never written again

A publication makes the head anew, an update changes it; it is copied by hard links to a
temporary name, and becomes visible by one atomic rename. Whatever is interrupted leaves the old
version or the new one; a head that is not what the current version says is made again from it.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import platformdirs
import pyoxigraph
from pyoxigraph import DefaultGraph, Quad

from graph.bulk import loaded, write_lines
from graph.errors import (
    BrokenStore,
    RemovedVersion,
    StoreError,
    UnknownVersion,
)  # fmt: skip
from graph.files import DAMAGE, synced, take_turn, write_whole
from graph.readings import Contribution, document, keep
from graph.snapshot import Snapshot
from graph.versions import (
    SourceEntry,
    Version,
    content_id,
    read_manifest,
    sum_id,
    write_manifest,
)
from ontology.gazetteer import add_folder

FORMAT = "1"
_FREE = 64 * 2**20
"""Bytes that must be free before a publication begins, so that the store can be reopened."""


def open_store(location: str | None) -> Store:
    """The store at `location`, else at $TIAOKUAI_STORE, else in the user's data folder.

    A location is a folder, or the address of a SPARQL engine (see `graph.remote`).
    """
    place = location or os.environ.get("TIAOKUAI_STORE")
    if place and place.startswith("sparql+"):
        from graph.remote import RemoteStore

        store: Store = RemoteStore(place)
    else:
        store = Store(Path(place) if place else platformdirs.user_data_path("tiaokuai"))
    add_folder(store.folder / "gazetteer")
    return store


class Store:
    """A store in a folder. Nothing is made there until something is published."""

    local = True
    """Whether the quads are in the folder too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        if self.folder.exists() and not self.folder.is_dir():
            raise StoreError(f"the store {folder} is not a folder")
        said = self.folder / "format"
        if said.exists() and said.read_text().strip() != FORMAT:
            raise StoreError(
                f"the store {folder} has format {said.read_text().strip()}, this program reads "
                f"{FORMAT}; build it again with a newer program"
            )

    # reading

    def current(self) -> Version | None:
        """The current version; None where nothing was published yet."""
        try:
            name = (self.folder / "current").read_text().strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"the store {self.folder} cannot be read: {error.strerror}") from error
        folder = self.folder / "versions" / name
        if not name or not folder.is_dir():
            raise BrokenStore(self.folder, f"its current version {name!r} is not there")
        return read_manifest(folder)

    def versions(self) -> list[Version]:
        """All versions, newest first."""
        folder = self.folder / "versions"
        names = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
        found = [read_manifest(folder / n) for n in names if not n.startswith(".")]
        return sorted(found, key=lambda v: (v.time, v.id), reverse=True)

    def version(self, name: str) -> Version:
        """The version of this id. Raises UnknownVersion, or RemovedVersion."""
        folder = self.folder / "versions" / name
        if len(name) == 12 and name.isalnum() and folder.is_dir():
            return read_manifest(folder)
        removed = self.folder / "removed"
        if removed.exists() and name in removed.read_text().split():
            raise RemovedVersion(f"the version {name} was removed")
        raise UnknownVersion(f"there is no version {name!r}")

    def open(self, version: Version | None = None) -> Snapshot:
        """A version (by default the current one) read from its folder on disk."""
        version = version or self._must_have()
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

    def remembered(self) -> Version:
        """The version that `current` names, whatever has become of its folder.

        Raises BrokenStore where not even its manifest is left.
        """
        name = (self.folder / "current").read_text().strip()
        try:
            return read_manifest(self.folder / "versions" / name)
        except BrokenStore:
            return read_manifest(self.folder / "versions" / name, self._manifest(name))

    def _manifest(self, name: str) -> Path:
        return self.folder / "manifests" / f"{name}.json"

    def sources(self, version: Version) -> Iterator[tuple[SourceEntry, bytes, str]]:
        """The documents of a version: entry, bytes, and the text that was read."""
        for entry in version.sources:
            yield entry, document(self.folder, entry), version.text(entry.text_id)

    def _must_have(self) -> Version:
        current = self.current()
        if current is None:
            raise StoreError("the store is empty; `tiaokuai build` fills it")
        return current

    # writing

    def publish(
        self,
        parts: Iterable[Contribution | SourceEntry],
        *,
        shared: Iterable[Quad],
        extractor: str,
        anew: bool = False,
    ) -> Version:
        """A new current version that holds `parts`: documents read now, or kept as they were.

        Graphs that are not ours stay. The same content gives the same id and no new version.
        `anew` takes nothing from files that may be damaged, except those graphs, if it can.
        Raises DoubledTriple where a triple would stand in two graphs.
        """
        with self._writing():
            before = self.remembered_or_none() if anew else self.current()
            parts = list(parts)
            if before and not anew and before.is_as_built(parts, extractor):
                return before
            theirs = self._theirs(before, anew=anew) if before else ()
            for part in parts:
                if isinstance(part, Contribution):
                    keep(self.folder, part)
            entries = tuple(p.entry if isinstance(p, Contribution) else p for p in parts)
            new, lines = self.folder / f".head-{os.getpid()}", self.folder / f".lines-{os.getpid()}"
            with lines.open("wb") as out:
                graphs, sums = write_lines(out, self.folder, entries, shared, theirs)
            loaded(new, lines, theirs)
            lines.unlink()
            (self.folder / "head.version").unlink(missing_ok=True)
            head = self._headless()
            new.rename(head)
            named = sum_id(sums.total, sums.count), sums.count
            made = (tuple(sorted(graphs)), entries, extractor)
            return self._snapshot(pyoxigraph.Store(str(head)), named, *made)

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
            kept = (before.graphs, before.sources, before.extractor) if before else ((), (), "")
            made = self._snapshot(head, content_id(head), *kept, edited=before is not None)
            del head  # closed while it is still our turn
            return made

    def rollback(self, name: str) -> Version:
        """Makes an old version the current one."""
        version = self.version(name)
        with self._writing():
            self._point(version.id)
        return version

    def remove(self, names: Iterable[str]) -> list[str]:
        """Removes old versions; they answer 410 from then on. The ids that were removed.

        The current version stays, and so do all documents. Raises UnknownVersion.
        """
        with self._writing():
            current = self.current()
            gone = [v.id for v in map(self.version, names) if current is None or v.id != current.id]
            known = self.folder / "removed"
            before = known.read_text().split() if known.exists() else []
            write_whole(known, "".join(f"{n}\n" for n in dict.fromkeys([*before, *gone])).encode())
            for name in gone:
                away = self.folder / "versions" / f".new-removed-{name}"
                (self.folder / "versions" / name).rename(away)
                shutil.rmtree(away)
                (self.folder / "dumps" / f"{name}.nq.gz").unlink(missing_ok=True)
                self._manifest(name).unlink(missing_ok=True)
            return gone

    def remembered_or_none(self) -> Version | None:
        """The version that `current` names, if anything is left of it."""
        try:
            return self.remembered()
        except (BrokenStore, OSError):
            return None

    def _theirs(self, before: Version, *, anew: bool) -> tuple[Quad, ...]:
        """The quads of a version in graphs that are not ours; `anew`, what can be read of them."""
        try:
            held = self.open(before).store
            theirs = [g for g in held.named_graphs() if g.value not in before.graphs]
            found = (held.quads_for_pattern(None, None, None, g) for g in (DefaultGraph(), *theirs))
            return tuple(chain.from_iterable(found))
        except (BrokenStore, *DAMAGE) as error:
            if not anew:
                raise
            sys.stderr.write(
                f"what other people wrote into the version {before.id} cannot be read ({error}); "
                "it is left out\n"
            )
            return ()

    def _snapshot(
        self,
        head: pyoxigraph.Store,
        named: tuple[str, int],
        graphs: tuple[str, ...],
        sources: tuple[SourceEntry, ...],
        extractor: str,
        *,
        edited: bool = False,
    ) -> Version:
        name, count = named
        folder = self.folder / "versions" / name
        if folder.exists() and not self._sound(folder, count):
            folder.rename(folder.with_name(f".broken-{name}-{time.time_ns()}"))
        if not folder.exists():
            new = folder.with_name(f".new-{os.getpid()}-{time.time_ns()}")
            new.mkdir(parents=True)
            head.backup(str(new / "graph"))
            now = datetime.now(UTC).isoformat(timespec="microseconds")
            version = Version(name, now, count, extractor, graphs, sources, folder, edited)
            write_manifest(version, new)
            (self.folder / "manifests").mkdir(exist_ok=True)
            write_whole(self._manifest(name), (new / "manifest.json").read_bytes())
            synced(new)
            new.rename(folder)
        self._point(name)
        write_whole(self.folder / "head.version", name.encode())
        return read_manifest(folder)

    def _sound(self, folder: Path, quads: int) -> bool:
        try:
            version = read_manifest(folder)
            found = pyoxigraph.Store.read_only(str(version.graph_folder))
            return sum(1 for _ in found) == quads == version.quads
        except (BrokenStore, *DAMAGE):
            return False

    def _point(self, name: str) -> None:
        """Makes a version current: the one atomic step of a publication."""
        new = self.folder / f".current-{os.getpid()}"
        with new.open("w") as file:
            file.write(name + "\n")
            file.flush()
            os.fsync(file.fileno())
        new.rename(self.folder / "current")
        synced(self.folder)

    def _head(self, before: Version | None) -> pyoxigraph.Store:
        """The head, equal to the current version; made again from it where it is not."""
        path, said = self.folder / "head", self.folder / "head.version"
        equal = before is not None and said.exists() and said.read_text().strip() == before.id
        if equal and path.exists():
            try:
                return pyoxigraph.Store(str(path))
            except DAMAGE:  # it is only a copy
                pass
        self._headless()
        if before is not None:
            new, graph = self.folder / f".head-{os.getpid()}", self.open(before).store
            try:
                graph.backup(str(new))
            except DAMAGE as error:
                shutil.rmtree(new, ignore_errors=True)
                if "While appending" in str(error) or "No space" in str(error):
                    raise  # it is the disk that is full
                raise BrokenStore(before.graph_folder, error) from error
            new.rename(path)
        return pyoxigraph.Store(str(path))

    def _headless(self) -> Path:
        """Where the head goes, free of an older one, whatever still writes to that as it ends."""
        head, old = self.folder / "head", self.folder / f".head-{os.getpid()}-{time.time_ns()}"
        if head.exists():
            head.rename(old)
            shutil.rmtree(old, ignore_errors=True)
        return head

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """The turn to write: waits for another writer, and for room on the disk."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / "versions").mkdir(exist_ok=True)
            lock = (self.folder / "lock").open("w")
        except OSError as error:
            raise StoreError(
                f"the store {self.folder} cannot be written: {error.strerror}"
            ) from error
        with lock:
            take_turn(lock.fileno())
            free = shutil.disk_usage(self.folder).free
            if free < _FREE:
                raise StoreError(
                    f"only {free // 2**20} MB are free on the disk of {self.folder}; "
                    f"{_FREE // 2**20} MB are needed, nothing was changed"
                )
            for left in (*self.folder.glob(".*-*"), *(self.folder / "versions").glob(".new-*")):
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink()
            try:
                write_whole(self.folder / "format", f"{FORMAT}\n".encode())
                yield
            except RuntimeError as error:
                if "Corruption" not in str(error):
                    raise
                raise BrokenStore(self.folder, error) from error
            except OSError as error:
                if "Corruption" in str(error):
                    raise BrokenStore(self.folder, error) from error
                raise StoreError(
                    f"the store {self.folder} could not be written ({error}); "
                    "the current version is as it was"
                ) from error


__all__: Sequence[str] = ("Contribution", "Store", "open_store")
