"""Readings of documents, kept so that an unchanged document is not read again."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from graph.errors import BrokenStore
from graph.store.atomic_files import write_whole
from graph.store.manifest import SourceEntry


@dataclass(frozen=True, slots=True)
class Contribution:
    """One document's contribution: its source, and the quads read from it."""

    entry: SourceEntry
    data: bytes
    text: str
    lines: bytes
    """Its quads in all graphs, as N-Quads."""


def keep(folder: Path, part: Contribution) -> None:
    """Keeps a document in a store's folder: its bytes, its text, and what was read from it."""
    keep_packed(folder, part.entry, part.data, part.text, gzip.compress(part.lines, 1, mtime=0))


def keep_packed(folder: Path, entry: SourceEntry, data: bytes, text: str, lines: bytes) -> None:
    """As `keep`, what was read given as packed N-Quads."""
    documents, readings = folder / "documents", folder / "readings"
    documents.mkdir(parents=True, exist_ok=True)
    readings.mkdir(exist_ok=True)
    write_whole(documents / entry.sha256, data)
    packed = gzip.compress(text.encode(), mtime=0)
    write_whole(documents / f"{entry.text_id}.txt.gz", packed)
    write_whole(readings / _reading_name(entry), lines)


def keep_from(folder: Path, other: Path, entry: SourceEntry) -> None:
    """Keeps a document that was kept in another folder."""
    text = gzip.decompress((other / "documents" / f"{entry.text_id}.txt.gz").read_bytes()).decode()
    keep_packed(folder, entry, document(other, entry), text, packed_reading(other, entry))


def packed_reading(folder: Path, entry: SourceEntry) -> bytes:
    """The packed N-Quads of a document. Raises OSError."""
    return (folder / "readings" / _reading_name(entry)).read_bytes()


def document(folder: Path, entry: SourceEntry) -> bytes:
    """The bytes of a document that is kept. Raises BrokenStore where they have changed."""
    path = folder / "documents" / entry.sha256
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BrokenStore(folder, f"the document {entry.name} is gone; build it again") from error
    if hashlib.sha256(data).hexdigest() != entry.sha256:
        raise BrokenStore(path, f"the document {entry.name} has changed; build it again")
    return data


def _reading_name(entry: SourceEntry) -> str:
    key = "\n".join((entry.jurisdiction, entry.document, entry.text_id, *entry.graphs))
    return hashlib.sha256(key.encode()).hexdigest()[:24] + ".nq.gz"
