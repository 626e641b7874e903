"""A publication: the lines of its documents pass through one by one, none is held.

What two documents say (a regulation that both cite) stands with the first of them, by the name of
its graph, since a triple stands in exactly one graph. Only a document itself speaks of the things
inside it, so that of those nothing needs to be remembered.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from graph.errors import BrokenStore, DoubledTriple
from graph.readings import packed_reading
from graph.versions import LineSum, SourceEntry
from ontology.names import Names


def write_lines(
    out: IO[bytes],
    folder: Path,
    entries: Sequence[SourceEntry],
    shared: Iterable[Quad],
    theirs: Iterable[Quad] = (),
) -> tuple[frozenset[str], LineSum]:
    """Writes the quads of all documents as N-Quads, each triple once. The graphs that they are in,
    and the sum of the lines of the store that will hold them, and other people's quads with them.

    Raises DoubledTriple where a document says what is shared, BrokenStore for a damaged reading.
    """
    sums = LineSum()
    sums.write(_stored(theirs))

    def write(data: bytes) -> None:
        out.write(data)
        sums.write(data)

    common: dict[bytes, bytes] = {}
    for triple, graph, _ in _parted(said := _stored(shared)):
        if (other := common.setdefault(triple, graph)) != graph:
            raise DoubledTriple(_twice(triple, other, graph))
    write(said)
    graphs, seen = set(common.values()), set[int]()
    for entry in sorted(entries, key=lambda e: e.graphs):
        try:
            said = gzip.decompress(packed_reading(folder, entry))
        except (OSError, EOFError) as error:
            raise BrokenStore(folder, f"what was read from {entry.name} is gone") from error
        parted = _parted(said)
        if doubled := [one for one in parted if one[0] in common]:
            triple, graph, _ = doubled[0]
            raise DoubledTriple(_twice(triple, common[triple], graph))
        inside = f"<{Names(entry.jurisdiction, entry.document).notice}/".encode()
        fresh = [
            p
            for p in parted
            if p[0].startswith(inside) or ((k := hash(p[0])) not in seen and not seen.add(k))  # type: ignore[func-returns-value]
        ]
        graphs.update({graph for _, graph, _ in fresh})
        write(said if len(fresh) == len(parted) else b"".join(b" ".join(p) + b"\n" for p in fresh))
    return frozenset(graph.decode()[1:-1] for graph in graphs), sums


def loaded(place: Path, lines: Path, theirs: Iterable[Quad]) -> None:
    """Makes a store in a folder from a file of N-Quads, and from other people's quads.

    Those do not pass through the file: their blank nodes keep their names.
    """
    store = pyoxigraph.Store(str(place))
    store.bulk_load(path=str(lines), format=RdfFormat.N_QUADS, lenient=True)
    store.bulk_extend(theirs)
    store.flush()


def _stored(quads: Iterable[Quad]) -> bytes:
    """Quads as a store dumps them: it writes each number and date in one way."""
    store, out = pyoxigraph.Store(), io.BytesIO()
    store.extend(quads)
    store.dump(out, format=RdfFormat.N_QUADS)
    return out.getvalue()


def _parted(data: bytes) -> list[list[bytes]]:
    """The triple of each N-Quads line, its graph, and its end."""
    return [line.rsplit(b" ", 2) for line in data.split(b"\n")[:-1]]


def _twice(triple: bytes, one: bytes, other: bytes) -> str:
    return f"{triple.decode()} stands in {one.decode()} and in {other.decode()}"
