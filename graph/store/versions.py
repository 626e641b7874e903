"""The folder that holds the versions of a store with their manifests, and the turn to write.

    format  lock  current                 the id of the current version
    removed                               the ids of versions that were removed
    manifests/{id}.json                   a copy of each manifest, for the day that one is damaged
    documents/{sha256}                    the bytes of every document, kept
    readings/{key}.nq.gz                  what was read from a text by one extractor
    versions/{id}/ manifest.json          a version, never written again

A version appears by one atomic rename, and becomes current by another.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import time_ns

from graph.errors import BrokenStore, RemovedVersion, StoreError, UnknownVersion
from graph.store.atomic_files import sync_folder, take_turn, write_whole
from graph.store.manifest import SourceEntry, Version, read_manifest, write_manifest
from graph.store.readings import document

FORMAT = "1"
MIN_FREE_BYTES = 64 * 2**20
"""Bytes that must be free before a publication begins, so that the store can be reopened."""


class Shelf:
    """The versions in a folder. Nothing is made there until something is published."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.holding = ""
        """A version that must be there, or nothing is written: a server names what it serves."""
        if self.folder.exists() and not self.folder.is_dir():
            raise StoreError(f"the store {folder} is not a folder")
        written = self.folder / "format"
        if written.exists() and (found := read_word(written)) != FORMAT:
            raise StoreError(
                f"{written} says format {found!r}, this program reads {FORMAT}: either a newer "
                f"program made the store, or the file is damaged and must say {FORMAT}"
            )

    # reading

    def current(self) -> Version | None:
        """The current version; None where nothing was published yet."""
        try:
            name = read_word(self.folder / "current")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreError(f"the store {self.folder} cannot be read: {error.strerror}") from error
        if not _is_id(name) or not self._place(name).is_dir():
            raise BrokenStore(self.folder / "current", f"there is no version {name!r}")
        return read_manifest(self._place(name))

    def must_have(self) -> Version:
        """The current version. Raises StoreError where nothing was published yet."""
        current = self.current()
        if current is None:
            raise StoreError("the store is empty; `tiaokuai build` fills it")
        return current

    def versions(self) -> list[Version]:
        """All versions, newest first, by their numbers: a clock may be set back."""
        folder = self.folder / "versions"
        names = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
        found = [read_manifest(folder / n) for n in names if not n.startswith(".")]
        return sorted(found, key=_order, reverse=True)

    def version(self, name: str) -> Version:
        """The version of this id. Raises UnknownVersion, or RemovedVersion."""
        if _is_id(name) and self._place(name).is_dir():
            return read_manifest(self._place(name))
        removed = self.folder / "removed"
        if removed.exists() and name in read_words(removed):
            raise RemovedVersion(f"the version {name} was removed")
        raise UnknownVersion(f"there is no version {name!r}")

    def remembered(self) -> Version:
        """The version that `current` names, even if its folder is damaged.

        Where `current` itself is damaged, the version whose id is closest to it, else the
        newest of which a manifest is left. Raises BrokenStore where there is none.
        """
        name = ""
        with suppress(OSError):
            name = read_word(self.folder / "current")
            for manifest in (self._place(name) / "manifest.json", self._manifest(name)):
                with suppress(BrokenStore):
                    if _is_id(name):
                        return read_manifest(self._place(name), manifest)
        found: dict[str, Version] = {}
        for manifest in sorted(self.folder.glob("versions/[!.]*/manifest.json")) + sorted(
            (self.folder / "manifests").glob("*.json")
        ):
            with suppress(BrokenStore):
                version = read_manifest(self.folder, manifest)
                found[version.id] = replace(version, path=self._place(version.id))
        if not found:
            raise BrokenStore(self.folder / "current", "no manifest of any version is left")
        return max(found.values(), key=lambda v: (_is_misspelt(name, v.id), _order(v)))

    def remembered_or_none(self) -> Version | None:
        """The version that `current` names, if anything is left of it."""
        try:
            return self.remembered()
        except (BrokenStore, OSError):
            return None

    def sources(self, version: Version) -> Iterator[tuple[SourceEntry, bytes, str]]:
        """The documents of a version: entry, bytes, and the text that was read."""
        for entry in version.sources:
            yield entry, document(self.folder, entry), version.text(entry.text_id)

    def texts(self, version: Version) -> Mapping[str, str]:
        """The texts of a version's documents by text id, each read when it is asked for.

        Raises BrokenStore where a document or a text has changed.
        """
        for _ in self.sources(version):
            pass
        return _Texts(version)

    # writing

    @contextmanager
    def turn(self) -> Iterator[Version]:
        """Hold the writers' turn over the current version, so that nothing changes meanwhile."""
        with self._writing():
            yield self.must_have()

    def rollback(self, name: str) -> Version:
        """Make an old version the current one."""
        version = self.version(name)
        with self._writing():
            self._point(version.id)
        return version

    def remove(self, names: Iterable[str]) -> list[str]:
        """Remove old versions, which answer 410 from then on; return the ids of those removed.

        The current version stays, and so do all documents. Raises UnknownVersion.
        """
        with self._writing():
            current = self.current()
            gone = [v.id for v in map(self.version, names) if current is None or v.id != current.id]
            known = self.folder / "removed"
            before = read_words(known) if known.exists() else []
            write_whole(known, "".join(f"{n}\n" for n in dict.fromkeys([*before, *gone])).encode())
            for name in gone:
                away = self.folder / "versions" / f".new-removed-{name}"
                self._place(name).rename(away)
                shutil.rmtree(away)
                (self.folder / "dumps" / f"{name}.nq.gz").unlink(missing_ok=True)
                self._manifest(name).unlink(missing_ok=True)
            return gone

    def _place(self, name: str) -> Path:
        return self.folder / "versions" / name

    def _manifest(self, name: str) -> Path:
        return self.folder / "manifests" / f"{name}.json"

    def _stand(self, version: Version, fill: Callable[[Path], object]) -> None:
        """Puts a version on the shelf; `fill` puts into its folder what belongs there."""
        new = version.path.with_name(f".new-{os.getpid()}-{time_ns()}")
        new.mkdir()  # not its parents: a folder that was moved away must not come up again empty
        fill(new)
        write_manifest(replace(version, number=self._last_number() + 1), new)
        (self.folder / "manifests").mkdir(exist_ok=True)
        write_whole(self._manifest(version.id), (new / "manifest.json").read_bytes())
        sync_folder(new)
        new.rename(version.path)

    def _last_number(self) -> int:
        """The number of the newest version; a manifest that is damaged does not count."""
        numbers = [0]
        for folder in (self.folder / "versions").glob("[!.]*"):
            with suppress(BrokenStore):
                numbers.append(read_manifest(folder).number)
        return max(numbers)

    def _point(self, name: str) -> None:
        """Makes a version current: the one atomic step of a publication."""
        new = self.folder / f".current-{os.getpid()}"
        with new.open("w") as file:
            file.write(name + "\n")
            file.flush()
            os.fsync(file.fileno())
        new.rename(self.folder / "current")
        sync_folder(self.folder)

    def _check_holding(self) -> None:
        if self.holding and not self._place(self.holding).is_dir():
            raise StoreError(
                f"{self.folder} does not hold the version {self.holding} that is served: the "
                "folder was moved or unmounted; nothing was written"
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """The turn to write: waits for another writer, and for room on the disk."""
        self._check_holding()
        try:
            if not self.holding:
                self.folder.mkdir(parents=True, exist_ok=True)
                (self.folder / "versions").mkdir(exist_ok=True)
            lock = (self.folder / "lock").open("w")
        except OSError as error:
            raise StoreError(
                f"the store {self.folder} cannot be written: {error.strerror}"
            ) from error
        with lock:
            take_turn(lock.fileno())
            self._check_holding()
            for left in (*self.folder.glob(".*-*"), *(self.folder / "versions").glob(".new-*")):
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink()
            free = shutil.disk_usage(self.folder).free
            if free < MIN_FREE_BYTES:
                raise StoreError(
                    f"only {free // 2**20} MB are free on the disk of {self.folder}; "
                    f"{MIN_FREE_BYTES // 2**20} MB are needed, nothing was changed"
                )
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


class _Texts(Mapping[str, str]):
    def __init__(self, version: Version) -> None:
        self._version = version
        self._names = dict.fromkeys(entry.text_id for entry in version.sources)

    def __getitem__(self, text_id: str) -> str:
        if text_id not in self._names:
            raise KeyError(text_id)
        return self._version.text(text_id)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _order(version: Version) -> tuple[int, str, str]:
    return version.number, version.time, version.id


def read_word(path: Path) -> str:
    """The one word of a small file; undecodable bytes become U+FFFD. Raises OSError."""
    return path.read_bytes().decode(errors="replace").strip()


def read_words(path: Path) -> list[str]:
    """The words of a small file. Raises OSError."""
    return read_word(path).split()


def _is_misspelt(name: str, known: str) -> bool:
    """Return whether a damaged name differs from a known one in one character at most."""
    return len(name) == len(known) and sum(a != b for a, b in zip(name, known, strict=True)) <= 1


def _is_id(name: str) -> bool:
    return len(name) == 12 and name.isascii() and name.isalnum()


def now() -> str:
    """The time of a publication, ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
