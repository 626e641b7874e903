"""What documents bring to the graph, kept as it was read: what is unchanged costs nothing."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Triple, parse

from graph.errors import BrokenStore, DoubledTriple
from graph.files import write_whole
from graph.versions import SourceEntry


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one document brings: its source, and what was read from it."""

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


def packed_reading(folder: Path, entry: SourceEntry) -> bytes:
    """The packed N-Quads of a document. Raises OSError."""
    return (folder / "readings" / _reading_name(entry)).read_bytes()


def gathered(
    folder: Path, parts: Iterable[Contribution | SourceEntry], shared: Iterable[Quad]
) -> tuple[set[Quad], tuple[SourceEntry, ...]]:
    """The quads of documents and of what they share, and the entries; new documents are kept.

    What two documents say stands with the first of them, by the name of its graph.
    Raises DoubledTriple where a triple would stand in two graphs.
    """
    wanted, entries = set(shared), []
    said: dict[Triple, Quad] = {}
    for part in parts:
        if isinstance(part, Contribution):
            keep(folder, part)
            quads: Iterable[Quad] = parse(part.lines, format=RdfFormat.N_QUADS)
            entries.append(part.entry)
        else:
            quads = reading(folder, part)
            entries.append(part)
        for quad in quads:
            other = said.setdefault(quad.triple, quad)
            if str(quad.graph_name) < str(other.graph_name):
                said[quad.triple] = quad
    wanted.update(said.values())
    stand_once(wanted)
    return wanted, tuple(entries)


def reading(folder: Path, entry: SourceEntry) -> Iterator[Quad]:
    """The quads that were read from a document. Raises BrokenStore."""
    path = folder / "readings" / _reading_name(entry)
    try:
        return iter(parse(gzip.decompress(path.read_bytes()), format=RdfFormat.N_QUADS))
    except (OSError, EOFError, zlib.error) as error:
        raise BrokenStore(path, error) from error


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


def stand_once(quads: Iterable[Quad]) -> None:
    """Raises DoubledTriple where a triple stands in two graphs."""
    seen: dict[object, object] = {}
    for quad in quads:
        other = seen.setdefault(quad.triple, quad.graph_name)
        if other != quad.graph_name:
            raise DoubledTriple(f"{quad.triple} stands in {other} and in {quad.graph_name}")


def _reading_name(entry: SourceEntry) -> str:
    key = "\n".join((entry.jurisdiction, entry.document, entry.text_id, *entry.graphs))
    return hashlib.sha256(key.encode()).hexdigest()[:24] + ".nq.gz"
