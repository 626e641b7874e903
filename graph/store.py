"""The store: source documents, a head that is written to, and immutable versions.

    format  lock  current                 the id of the current version
    head/   head.version                  the work area, and the version that it equals
    documents/{sha256}                    the bytes of every document, kept
    readings/{key}.nq.gz                  what was read from a text by one extractor
    versions/{id}/graph/ manifest.json    a hard-link copy of the head, never written again

A publication changes the head, copies it by hard links to a temporary name, and becomes
visible by one atomic rename. Whatever is interrupted leaves the old version or the new one; a
head that is not what the current version says is made again from it.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import platformdirs
import pyoxigraph
from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

from graph.errors import (
    BrokenStore,
    DoubledTriple,
    LockedStore,
    RemovedVersion,
    StoreError,
    UnknownVersion,
)  # fmt: skip
from graph.snapshot import Snapshot
from graph.versions import SourceEntry, Version, content_id, read_manifest, write_manifest
from ontology.gazetteer import add_folder

FORMAT = "1"
_FREE = 64 * 2**20
"""Bytes that must be free before a publication begins, so that the store can be reopened."""
_WAIT = 60.0
"""Seconds that a writer waits for another."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one document brings: its source, and its quads in all graphs."""

    entry: SourceEntry
    data: bytes
    text: str
    quads: tuple[Quad, ...]


def open_store(location: str | None) -> Store:
    """The store at `location`, else at $TIAOKUAI_STORE, else in the user's data folder."""
    place = location or os.environ.get("TIAOKUAI_STORE")
    if place and place.startswith("sparql+"):
        raise StoreError("remote SPARQL engines are not there yet; name a folder")
    store = Store(Path(place) if place else platformdirs.user_data_path("tiaokuai"))
    add_folder(store.folder / "gazetteer")
    return store


class Store:
    """A store in a folder. Nothing is made there until something is published."""

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
        except (OSError, ValueError) as error:
            raise BrokenStore(version.graph_folder, error) from error

    def memory(self, version: Version | None = None) -> Snapshot:
        """A version (by default the current one) loaded into memory."""
        disk = self.open(version)
        store = pyoxigraph.Store()
        try:
            store.bulk_extend(disk.store)
        except OSError as error:
            raise BrokenStore(disk.version.graph_folder, error) from error
        return Snapshot(store, disk.version)

    def sources(self, version: Version) -> Iterator[tuple[SourceEntry, bytes, str]]:
        """The documents of a version: entry, bytes, and the text that was read."""
        for entry in version.sources:
            try:
                data = (self.folder / "documents" / entry.sha256).read_bytes()
                text = version.text(entry.text_id)
            except OSError as error:
                raise BrokenStore(self.folder, f"the document {entry.name} is gone") from error
            yield entry, data, text

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
    ) -> Version:
        """A new current version that holds `parts`: documents read now, or kept as they were.

        Graphs that are not ours stay. The same content gives the same id and no new version.
        Raises DoubledTriple where a triple would stand in two graphs.
        """
        with self._writing():
            wanted: set[Quad] = set(shared)
            entries = []
            for part in parts:
                if isinstance(part, Contribution):
                    self._keep(part, extractor)
                    wanted.update(part.quads)
                    entries.append(part.entry)
                else:
                    wanted.update(self._reading(part))
                    entries.append(part)
            _once(wanted)
            ours = {q.graph_name.value for q in wanted if isinstance(q.graph_name, NamedNode)}
            before = self._before()
            head = self._head(before)
            (self.folder / "head.version").unlink(missing_ok=True)
            for name in sorted(ours | set(before.graphs if before else ())):
                held = set(head.quads_for_pattern(None, None, None, NamedNode(name)))
                for quad in held - wanted:
                    head.remove(quad)
            head.extend(wanted)
            head.flush()
            return self._snapshot(head, tuple(sorted(ours)), tuple(entries), extractor)

    def change(self, apply: Callable[[pyoxigraph.Store], object]) -> Version:
        """A new current version: the current one as `apply` leaves it.

        What `apply` raises goes through, and nothing is published. Our own graphs may change
        too; `rollback` undoes it, and the next `build` makes them again.
        """
        with self._writing():
            before = self._before()
            head = self._head(before)
            (self.folder / "head.version").unlink(missing_ok=True)
            apply(head)
            head.flush()
            if before is None:
                return self._snapshot(head, (), (), "")
            return self._snapshot(head, before.graphs, before.sources, before.extractor)

    def rollback(self, name: str) -> Version:
        """Makes an old version the current one."""
        version = self.version(name)
        with self._writing():
            self._point(version.id)
        return version

    def _before(self) -> Version | None:
        try:
            return self.current()
        except BrokenStore:
            return None

    def _snapshot(
        self,
        head: pyoxigraph.Store,
        graphs: tuple[str, ...],
        sources: tuple[SourceEntry, ...],
        extractor: str,
    ) -> Version:
        name, count = content_id(head)
        folder = self.folder / "versions" / name
        if folder.exists() and not self._sound(folder, count):
            folder.rename(folder.with_name(f".broken-{name}-{time.time_ns()}"))
        if not folder.exists():
            new = folder.with_name(f".new-{os.getpid()}-{time.time_ns()}")
            new.mkdir(parents=True)
            head.backup(str(new / "graph"))
            now = datetime.now(UTC).isoformat(timespec="microseconds")
            version = Version(name, now, count, extractor, graphs, sources, folder)
            write_manifest(version, new)
            _synced(new)
            new.rename(folder)
        self._point(name)
        (self.folder / "head.version").write_text(name)
        return read_manifest(folder)

    def _sound(self, folder: Path, quads: int) -> bool:
        try:
            version = read_manifest(folder)
            found = pyoxigraph.Store.read_only(str(version.graph_folder))
            return sum(1 for _ in found) == quads == version.quads
        except (BrokenStore, OSError):
            return False

    def _point(self, name: str) -> None:
        """Makes a version current: the one atomic step of a publication."""
        new = self.folder / f".current-{os.getpid()}"
        with new.open("w") as file:
            file.write(name + "\n")
            file.flush()
            os.fsync(file.fileno())
        new.rename(self.folder / "current")
        _synced(self.folder)

    def _head(self, before: Version | None) -> pyoxigraph.Store:
        """The head, equal to the current version; made again from it where it is not."""
        path, said = self.folder / "head", self.folder / "head.version"
        equal = before is not None and said.exists() and said.read_text().strip() == before.id
        if path.exists() and not equal:
            shutil.rmtree(path)
        if before is not None and not path.exists():
            new = self.folder / f".head-{os.getpid()}"
            try:
                pyoxigraph.Store.read_only(str(before.graph_folder)).backup(str(new))
                new.rename(path)
            except OSError as error:
                shutil.rmtree(new, ignore_errors=True)
                sys.stderr.write(f"the version {before.id} is broken ({error}); building anew\n")
        try:
            return pyoxigraph.Store(str(path))
        except OSError as error:
            raise BrokenStore(path, error) from error

    def _keep(self, part: Contribution, extractor: str) -> None:
        folder = self.folder / "documents"
        folder.mkdir(exist_ok=True)
        _write(folder / part.entry.sha256, part.data)
        packed = gzip.compress(part.text.encode(), mtime=0)
        _write(folder / f"{part.entry.text_id}.txt.gz", packed)
        lines = serialize(part.quads, format=RdfFormat.N_QUADS)
        readings = self.folder / "readings"
        readings.mkdir(exist_ok=True)
        _write(readings / _reading_name(part.entry), gzip.compress(lines or b"", 1, mtime=0))

    def _reading(self, entry: SourceEntry) -> Iterator[Quad]:
        path = self.folder / "readings" / _reading_name(entry)
        try:
            return iter(parse(gzip.decompress(path.read_bytes()), format=RdfFormat.N_QUADS))
        except (OSError, EOFError) as error:
            raise BrokenStore(path, error) from error

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
            _take_turn(lock.fileno())
            free = shutil.disk_usage(self.folder).free
            if free < _FREE:
                raise StoreError(
                    f"only {free // 2**20} MB are free on the disk of {self.folder}; "
                    f"{_FREE // 2**20} MB are needed, nothing was changed"
                )
            for left in (*self.folder.glob(".*-*"), *(self.folder / "versions").glob(".new-*")):
                shutil.rmtree(left) if left.is_dir() else left.unlink()
            try:
                (self.folder / "format").write_text(FORMAT + "\n")
                yield
            except OSError as error:
                raise StoreError(
                    f"the store {self.folder} could not be written ({error}); "
                    "the current version is as it was"
                ) from error


def _reading_name(entry: SourceEntry) -> str:
    key = "\n".join((entry.jurisdiction, entry.document, entry.text_id, *entry.graphs))
    return hashlib.sha256(key.encode()).hexdigest()[:24] + ".nq.gz"


def _once(quads: Iterable[Quad]) -> None:
    """Raises DoubledTriple where a triple stands in two graphs."""
    seen: dict[object, object] = {}
    for quad in quads:
        other = seen.setdefault(quad.triple, quad.graph_name)
        if other != quad.graph_name:
            raise DoubledTriple(f"{quad.triple} stands in {other} and in {quad.graph_name}")


def _take_turn(lock: int) -> None:
    told, since = False, time.monotonic()
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if not told:
                sys.stderr.write("another writer holds the store; waiting for its turn to end\n")
                told = True
            if time.monotonic() - since > _WAIT:
                raise LockedStore(f"another writer held the store for {_WAIT:.0f} s") from None
            time.sleep(0.05)


def _write(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all."""
    if path.exists() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return
    new = path.with_name(f".{path.name}-{os.getpid()}")
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)


def _synced(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


__all__: Sequence[str] = ("Contribution", "Store", "open_store")
