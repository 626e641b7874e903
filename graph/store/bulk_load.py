"""A publication: the lines of its documents are loaded piece by piece, in bounded memory.

A triple of two documents (a regulation that both cite) goes to the first of them, by the name of
its graph, since a triple is in exactly one graph. Things inside a document occur in that document
alone, so their triples need not be remembered.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import shutil
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Protocol, TypeVar

import pyoxigraph
from pyoxigraph import DefaultGraph, Quad, RdfFormat

from graph.errors import BrokenStore, DoubledTriple
from graph.store.checksums import Sums
from graph.store.claims import Claims, claim
from graph.store.manifest import LineSum, SourceEntry
from graph.store.readings import packed_reading
from ontology.names import Names

PIECE = 16 * 2**20
"""Bytes of lines that are loaded as one: smaller ones cost more, larger ones take more memory."""
_AT_ONCE = 2
"""Pieces that are loaded at once, while the next one is gathered."""
_BATCH = 50_000
"""Quads of other people that are held at once."""

_T = TypeVar("_T")


class Watched(Protocol):
    """Gives the things of a long step on, one by one, and shows how far it is."""

    def __call__(self, step: str, things: Sequence[_T], /) -> Iterable[_T]:
        """The same things; `step` is what is done with them."""


def unwatched(_: str, things: Sequence[_T]) -> Iterable[_T]:
    """The things of a step, without showing progress."""
    return things


@dataclass(slots=True)
class Written:
    """The outcome of writing the lines of a publication."""

    graphs: tuple[str, ...]
    """The graphs that they are in, sorted."""
    sums: Sums
    """Of all graphs; or by how much they differ from those of the version before, if `moved`."""
    claims: Claims
    moved: bool = False


def write_lines(
    out: Pieces | IO[bytes],
    folder: Path,
    entries: Sequence[SourceEntry],
    shared: Iterable[Quad],
    theirs: Iterable[Quad] = (),
    watched: Watched = unwatched,
) -> Written:
    """Write the quads of all documents as N-Quads, each triple once; other people's are counted.

    Each document passes through `watched` when its turn comes. Raises DoubledTriple where a
    document repeats a shared triple, BrokenStore for a damaged reading.
    """
    sums, seen = Sums(), set[int]()
    for some in _batches(theirs):
        for graph, quads in _by_graph(some).items():
            lines = LineSum()
            lines.write(stored(quads))
            sums.put(graph, lines.total, lines.count)
    said, common = spoken(shared)
    claims = Claims(hashlib.sha256(said).digest())
    out.write(said)
    sums.add(common.items())
    graphs = set(common.values())
    for entry in watched("publishing", in_turn(entries)):
        inside = inside_of(entry)
        fresh: list[tuple[bytes, bytes]] = []
        claimed: list[int] = []
        for line in said_by(folder, entry, common):
            if line[0].startswith(inside):
                fresh.append(line)
                continue
            claimed.append(key := claim(line[0]))
            if key not in seen:  # the first document with a triple keeps it
                seen.add(key)
                fresh.append(line)
        claims.add(claimed)
        graphs.update({graph for _, graph in fresh})
        sums.add(fresh)
        out.write(together(fresh))
    return Written(tuple(sorted(g.decode()[1:-1] for g in graphs)), sums, claims)


def in_turn(entries: Iterable[SourceEntry]) -> list[SourceEntry]:
    """Sort documents by the order of their claims: a triple of two goes to the first."""
    return sorted(entries, key=lambda e: e.graphs)


def spoken(shared: Iterable[Quad]) -> tuple[bytes, dict[bytes, bytes]]:
    """The lines of shared triples, and the graph of each. Raises DoubledTriple."""
    common: dict[bytes, bytes] = {}
    for triple, graph in _parted(said := stored(shared)):
        if (other := common.setdefault(triple, graph)) != graph:
            raise DoubledTriple(_twice(triple, other, graph))
    return said, common


def said_by(
    folder: Path, entry: SourceEntry, common: Mapping[bytes, bytes]
) -> list[tuple[bytes, bytes]]:
    """The triples that were read from a document, and the graphs that it puts them in.

    Raises DoubledTriple where it repeats a shared one, BrokenStore for a damaged reading.
    """
    try:
        lines = _parted(gzip.decompress(packed_reading(folder, entry)))
    except (OSError, EOFError) as error:
        raise BrokenStore(folder, f"what was read from {entry.name} is gone") from error
    if doubled := [line for line in lines if line[0] in common]:
        triple, graph = doubled[0]
        raise DoubledTriple(_twice(triple, common[triple], graph))
    return lines


def inside_of(entry: SourceEntry) -> bytes:
    """The beginning of all triples about things inside this document."""
    return Names(entry.jurisdiction, entry.document).notice.removesuffix(b"> ") + b"/"


def together(lines: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Triples and their graphs as N-Quads."""
    return b"".join(b"%b %b .\n" % line for line in lines)


class Pieces:
    """Lines on their way into a store: gathered to pieces, some of which are loaded at once.

    Memory depends on the size of a piece, not on how much there is to load: `bulk_load` by itself
    gathers a million quads, three times over. Blank nodes are others in each piece.
    """

    def __init__(self, store: pyoxigraph.Store, threads: Executor) -> None:
        self._store, self._threads = store, threads
        self._piece = io.BytesIO()
        self._loading: deque[Future[None]] = deque()

    def write(self, data: bytes) -> int:
        """Takes whole lines."""
        start, lines = 0, memoryview(data)
        while start < len(data):
            full = start + PIECE - self._piece.tell() - 1
            end = data.find(b"\n", full) + 1 or len(data)
            self._piece.write(lines[start:end])
            start = end
            if self._piece.tell() >= PIECE:
                self._load()
        return len(data)

    def end(self) -> None:
        """Loads what is left, and waits until all is loaded."""
        self._load()
        while self._loading:
            self._loading.popleft().result()

    def _load(self) -> None:
        if len(self._loading) == _AT_ONCE:
            self._loading.popleft().result()
        piece, self._piece = self._piece, io.BytesIO()
        piece.seek(0)
        load = self._store.bulk_load
        self._loading.append(
            self._threads.submit(load, piece, format=RdfFormat.N_QUADS, lenient=True)
        )


@contextmanager
def filled(place: Path, theirs: Iterable[Quad] = ()) -> Iterator[Pieces]:
    """A new store in a folder, which holds all that is written to the pieces once the block ends.

    Other people's quads do not pass through lines: their blank nodes keep their names. The tables
    of the pieces are merged in the end, so that a look-up finds one of them, not one a piece.
    """
    store = pyoxigraph.Store(str(place))
    try:
        with ThreadPoolExecutor(_AT_ONCE) as threads:
            pieces = Pieces(store, threads)
            yield pieces
            pieces.end()
        for some in _batches(theirs):
            store.bulk_extend(some)
        store.optimize()
        store.flush()
    except BaseException:  # it may be the disk that is full
        shutil.rmtree(place, ignore_errors=True)
        raise


def _batches(quads: Iterable[Quad]) -> Iterator[list[Quad]]:
    left = iter(quads)
    while some := list(islice(left, _BATCH)):
        yield some


def stored(quads: Iterable[Quad]) -> bytes:
    """Quads as a store dumps them: it writes each number and date in one way."""
    store, out = pyoxigraph.Store(), io.BytesIO()
    store.extend(quads)
    store.dump(out, format=RdfFormat.N_QUADS)
    return out.getvalue()


def _by_graph(quads: Iterable[Quad]) -> dict[str, list[Quad]]:
    found: dict[str, list[Quad]] = {}
    for quad in quads:
        name = quad.graph_name
        found.setdefault("" if name == DefaultGraph() else str(name)[1:-1], []).append(quad)
    return found


def _parted(data: bytes) -> list[tuple[bytes, bytes]]:
    """The triple of each N-Quads line, and its graph."""
    return [(p[0], p[1]) for p in (line.rsplit(b" ", 2) for line in data.split(b"\n")[:-1])]


def _twice(triple: bytes, one: bytes, other: bytes) -> str:
    return f"{triple.decode()} stands in {one.decode()} and in {other.decode()}"
