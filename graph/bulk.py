"""A publication: the lines of its documents pass through one by one, none is held.

What two documents say (a regulation that both cite) stands with the first of them, by the name of
its graph, since a triple stands in exactly one graph.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

import pyoxigraph
from pyoxigraph import Quad, RdfFormat, serialize

from graph.errors import BrokenStore, DoubledTriple
from graph.readings import packed_reading
from graph.versions import SourceEntry


def write_lines(
    out: IO[bytes], folder: Path, entries: Sequence[SourceEntry], shared: Iterable[Quad]
) -> set[str]:
    """Writes the quads of all documents as N-Quads, each triple once. The graphs that they are in.

    Raises DoubledTriple where a document says what is shared, BrokenStore for a damaged reading.
    """
    common: dict[bytes, bytes] = {}
    for line in _lines(serialize(set(shared), format=RdfFormat.N_QUADS) or b""):
        triple, graph = _parted(line)
        if (other := common.setdefault(triple, graph)) != graph:
            raise DoubledTriple(_twice(triple, other, graph))
    out.writelines(b"%b %b .\n" % (triple, graph) for triple, graph in common.items())
    graphs, seen = set(common.values()), set[int]()
    for entry in sorted(entries, key=lambda e: e.graphs):
        try:
            lines = _lines(gzip.decompress(packed_reading(folder, entry)))
        except (OSError, EOFError) as error:
            raise BrokenStore(folder, f"what was read from {entry.name} is gone") from error
        for line in lines:
            triple, graph = _parted(line)
            if triple in common:
                raise DoubledTriple(_twice(triple, common[triple], graph))
            key = hash(triple)
            if key not in seen:
                seen.add(key)
                graphs.add(graph)
                out.write(line + b"\n")
    return {graph.decode()[1:-1] for graph in graphs}


def loaded(place: Path, lines: Path, theirs: Iterable[Quad]) -> None:
    """Makes a store in a folder from a file of N-Quads and from other people's quads."""
    store = pyoxigraph.Store(str(place))
    store.bulk_load(path=str(lines), format=RdfFormat.N_QUADS)
    store.bulk_extend(theirs)
    store.flush()


def _lines(data: bytes) -> list[bytes]:
    return data.rstrip(b"\n").split(b"\n") if data else []


def _parted(line: bytes) -> tuple[bytes, bytes]:
    """The triple of an N-Quads line, and its graph."""
    triple, graph, _ = line.rsplit(b" ", 2)
    return triple, graph


def _twice(triple: bytes, one: bytes, other: bytes) -> str:
    return f"{triple.decode()} stands in {one.decode()} and in {other.decode()}"
