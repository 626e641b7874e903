"""Diagnosis of a store: its contents, its damage, and the one command that mends each."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from graph.errors import BrokenStore, StoreError
from graph.store.atomic_files import DAMAGE
from graph.store.claims import read_claims
from graph.store.manifest import Version, content_id, read_manifest
from graph.store.readings import packed_reading
from graph.store.versions import MIN_FREE_BYTES, Shelf


@dataclass(frozen=True, slots=True)
class Damage:
    """A file that is not what it was, what is the matter, and the command that mends it."""

    path: Path
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}; `{self.mend}`"


REBUILD = "tiaokuai rebuild"
RESTORE = "tiaokuai restore FILE"


def damages(store: Shelf) -> Iterator[Damage]:
    """Examine every file of a store, and yield what is damaged.

    The graph of the current version is read and hashed as a whole, those of older ones opened.
    """
    folder = store.folder
    if not folder.is_dir():
        yield Damage(folder, "the folder is not there", RESTORE)
        return
    if not os.access(folder, os.W_OK):
        yield Damage(folder, "it is read only", f"chmod u+w {folder}")
    elif shutil.disk_usage(folder).free < MIN_FREE_BYTES:
        yield Damage(folder, "its disk is full", "tiaokuai versions --keep 1")
    try:
        current = store.current()
    except StoreError as error:
        current = store.remembered_or_none()
        yield Damage(folder / "current", str(error).partition("; `")[0], REBUILD)
    places = sorted((folder / "versions").glob("[!.]*"))
    for place in places:
        yield from _version_damages(place, is_current=current is not None and place == current.path)
    if current is not None:
        yield from _document_damages(folder, current)


def _version_damages(place: Path, *, is_current: bool) -> Iterator[Damage]:
    mend = REBUILD if is_current else f"rm -r {place}"
    try:
        version = read_manifest(place)
    except BrokenStore as error:
        yield Damage(place / "manifest.json", str(error).partition("; `")[0], mend)
        return
    try:
        graph = pyoxigraph.Store.read_only(str(version.graph_folder))
        if is_current and content_id(graph) != (version.id, version.quads):
            yield Damage(version.graph_folder, "its quads are not those of the version", mend)
    except DAMAGE as error:
        yield Damage(version.graph_folder, f"it cannot be read ({error})", mend)
    if is_current and (place / "claims").exists() and read_claims(version) is None:
        yield Damage(place / "claims", "it is damaged; the next build makes it again", REBUILD)


def _document_damages(folder: Path, current: Version) -> Iterator[Damage]:
    for entry in dict.fromkeys(current.sources):
        path = folder / "documents" / entry.sha256
        again = f"tiaokuai build {entry.name}"
        if (data := _bytes_of(path)) is None:
            yield Damage(path, f"the document {entry.name} is gone", again)
        elif hashlib.sha256(data).hexdigest() != entry.sha256:
            yield Damage(path, f"the document {entry.name} has changed", again)
        path = folder / "documents" / f"{entry.text_id}.txt.gz"
        try:
            text = gzip.decompress(path.read_bytes())
            is_same = hashlib.sha256(text).hexdigest().startswith(entry.text_id)
        except (OSError, EOFError, zlib.error):
            is_same = False
        if not is_same:
            yield Damage(path, f"the text of {entry.name} is damaged", REBUILD)
        try:
            gzip.decompress(packed_reading(folder, entry))
        except (OSError, EOFError, zlib.error) as error:
            where = Path(getattr(error, "filename", None) or folder / "readings")
            yield Damage(where, f"what was read from {entry.name} is damaged", REBUILD)


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
