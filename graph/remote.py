"""A store whose quads are on a SPARQL 1.1 engine.

Documents, readings, corrections and manifests stay in the data folder, under a hash of the
engine's address. A graph of a version is a graph of the engine that is never written to again:
what changes is written under another name, and `parts.json` beside the manifest says which graph
of the engine stands for which of ours. A version is there as soon as all its graphs are, and it
is seen when the one line that names the current version is renamed into place; a query names the
graphs that it asks. Hence a publication is visible at once or not at all, and graphs of other
people on the engine are never seen, nor written to.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import platformdirs
import pyoxigraph
from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    serialize,
)  # fmt: skip

from graph.address import Address, read_address
from graph.answers import boolean, mapped, solutions, triples
from graph.asking import Term, form_of, with_bindings, with_graphs, with_prefixes
from graph.client import Client
from graph.errors import BrokenStore, EngineTrouble, StoreError
from graph.files import synced, write_whole
from graph.readings import Contribution, gathered
from graph.shaping import halves
from graph.snapshot import Snapshot
from graph.store import Store
from graph.versions import LineSum, SourceEntry, Version, read_manifest, sum_id, write_manifest
from ontology.names import PREFIXES, base

PARTS = "parts.json"


@dataclass(frozen=True, slots=True)
class Part:
    """A graph of a version: its name (none for the default graph), and its name on the engine."""

    graph: str
    held: str
    quads: int
    total: str
    """The sum of the hashes of its lines, in hexadecimal."""


class RemoteStore(Store):
    """The store at an address. Raises StoreError where it is none."""

    def __init__(self, location: str) -> None:
        self.address: Address = read_address(location)
        self.client = Client(self.address)
        super().__init__(platformdirs.user_data_path("tiaokuai") / "engines" / self.address.key)

    # reading

    def open(self, version: Version | None = None) -> Snapshot:
        """A version (by default the current one), asked where it is."""
        version = version or self._must_have()
        return RemoteSnapshot(self, version, read_parts(version))

    def memory(self, version: Version | None = None) -> Snapshot:
        """A version (by default the current one), fetched into memory."""
        version = version or self._must_have()
        return Snapshot(self.fetched(read_parts(version)), version)

    def fetched(self, parts: Iterable[Part]) -> pyoxigraph.Store:
        """The quads of some graphs, in memory. Raises EngineTrouble where any is missing."""
        store = pyoxigraph.Store()
        for part in parts:
            name = NamedNode(part.graph) if part.graph else DefaultGraph()
            found = self.client.graph(part.held, part.quads)
            store.bulk_extend(Quad(t.subject, t.predicate, t.object, name) for t in found)
        return store

    def prepare(self, version: Version) -> None:
        """Fetches a version into its folder, where the server's workers read it.

        It never changes, so that what is fetched once is right for ever.
        """
        if version.graph_folder.is_dir():
            return
        new = version.path / f".graph-{os.getpid()}"
        shutil.rmtree(new, ignore_errors=True)
        store = pyoxigraph.Store(str(new))
        store.bulk_extend(self.fetched(read_parts(version)))
        store.flush()
        del store
        new.rename(version.graph_folder)

    # writing

    def publish(
        self,
        parts: Iterable[Contribution | SourceEntry],
        *,
        shared: Iterable[Quad],
        extractor: str,
        anew: bool = False,
    ) -> Version:
        """A new current version, as `Store.publish` makes it; graphs that stay are not sent."""
        with self._writing():
            before = self.remembered_or_none() if anew else self.current()
            parts = list(parts)
            if before and not anew and before.is_as_built(parts, extractor):
                return before
            wanted, entries = gathered(self.folder, parts, shared)
            store = pyoxigraph.Store()
            store.bulk_extend(wanted)
            graphs = tuple(sorted({_name(q) for q in wanted}))
            theirs = (
                [p for p in read_parts(before) if p.graph not in before.graphs] if before else []
            )
            return self._sent(store, theirs, graphs, entries, extractor, anew=anew)

    def change(self, apply: Callable[[pyoxigraph.Store], object]) -> Version:
        """A new current version: the current one as `apply` leaves it."""
        with self._writing():
            before = self.current()
            store = self.fetched(read_parts(before)) if before else pyoxigraph.Store()
            apply(store)
            if before is None:
                return self._sent(store, (), (), (), "")
            return self._sent(
                store, (), before.graphs, before.sources, before.extractor, edited=True
            )

    def _sent(
        self,
        store: pyoxigraph.Store,
        theirs: Sequence[Part],
        graphs: tuple[str, ...],
        sources: tuple[SourceEntry, ...],
        extractor: str,
        *,
        edited: bool = False,
        anew: bool = False,
    ) -> Version:
        known = {} if anew else self._known()
        sent = list(theirs)
        by_graph: dict[str, list[Quad]] = defaultdict(list)
        for quad in store:
            by_graph[
                "" if quad.graph_name == DefaultGraph() else str(quad.graph_name)[1:-1]
            ].append(quad)
        taken = {p.held for p in self._known().values()}
        for name, quads in sorted(by_graph.items()):
            lines = LineSum()
            serialize(quads, lines, format=RdfFormat.N_QUADS)
            total = f"{lines.total % 2**256:064x}"
            part = known.get((name, total))
            if part is None:
                held = self._free_name(name, total, taken)
                self.client.put(held, (q.triple for q in quads))
                part = Part(name, held, len(quads), total)
                if self.client.count(held) != len(quads):
                    raise EngineTrouble(
                        f"the engine {self.address} holds {self.client.count(held)} of the "
                        f"{len(quads)} triples that it was sent; the current version is as it was"
                    )
            sent.append(part)
        count = sum(p.quads for p in sent)
        name = sum_id(sum(int(p.total, 16) for p in sent), count)
        folder = self.folder / "versions" / name
        if anew and folder.exists():
            folder.rename(folder.with_name(f".new-before-{name}-{time.time_ns()}"))
        if not folder.exists():
            new = folder.with_name(f".new-{os.getpid()}-{time.time_ns()}")
            new.mkdir(parents=True)
            now = datetime.now(UTC).isoformat(timespec="microseconds")
            write_manifest(
                Version(name, now, count, extractor, graphs, sources, folder, edited), new
            )
            said = json.dumps([asdict(p) for p in sent], ensure_ascii=False, indent=1)
            (new / PARTS).write_text(said + "\n", encoding="utf-8")
            (self.folder / "manifests").mkdir(exist_ok=True)
            write_whole(self._manifest(name), (new / "manifest.json").read_bytes())
            synced(new)
            new.rename(folder)
        self._point(name)
        return read_manifest(folder)

    def _known(self) -> dict[tuple[str, str], Part]:
        """The graphs of all versions, by their name and what they hold."""
        return {(p.graph, p.total): p for v in self.versions() for p in read_parts(v)}

    def _free_name(self, name: str, total: str, taken: set[str]) -> str:
        """A name that no version and nobody else on the engine uses."""
        if name and name not in taken and not self.client.count(name):
            return name
        return f"{name or base() + 'graph/default'}/{total[:16]}-{time.time_ns():x}"

    def remove(self, names: Iterable[str]) -> list[str]:
        """Removes old versions, and from the engine the graphs that only they have."""
        names = list(names)
        held = {p.held for v in map(self.version, names) for p in read_parts(v)}
        gone = super().remove(names)
        for name in sorted(held - {p.held for p in self._known().values()}):
            self.client.drop(name)
        return gone


class RemoteSnapshot(Snapshot):
    """A version on an engine. `store` fetches all of it, for what no query can ask."""

    def __init__(self, remote: RemoteStore, version: Version, parts: Sequence[Part]) -> None:
        object.__setattr__(self, "version", version)
        object.__setattr__(self, "_remote", remote)
        object.__setattr__(self, "_parts", tuple(parts))
        object.__setattr__(self, "_fetched", [])

    __slots__ = ("_fetched", "_parts", "_remote")
    _remote: RemoteStore
    _parts: tuple[Part, ...]
    _fetched: list[pyoxigraph.Store]

    @property
    def store(self) -> pyoxigraph.Store:
        """All quads of the version, in memory."""
        if not self._fetched:
            self._fetched.append(self._remote.fetched(self._parts))
        return self._fetched[0]

    def query(
        self,
        text: str,
        bindings: Mapping[str, Term] | None = None,
        *,
        default_graphs: Sequence[NamedNode] | None = None,
        named_graphs: Sequence[NamedNode] | None = None,
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """As `Snapshot.query`; the engine sees the graphs of this version and no other."""
        pyoxigraph.Store().query(text, prefixes=PREFIXES)  # a mistake is found here, with its place
        names = {p.graph: p.held for p in self._parts if p.graph}
        default = [p.held for p in self._parts]
        named = list(names.values())
        if default_graphs is not None or named_graphs is not None:
            default = [names.get(g.value, g.value) for g in default_graphs or ()]
            named = (
                named if named_graphs is None else [names.get(g.value, "") for g in named_graphs]
            )
        bound = with_bindings(text, bindings or {})
        parted = halves(bound) if bindings is not None else None
        asked = with_graphs(with_prefixes(parted.matching if parted else bound), names)
        ours = {held: graph for graph, held in names.items() if graph != held}
        kind = form_of(text)
        if kind in ("construct", "describe"):
            return triples(self._remote.client.construct(asked, default, named))
        said = self._remote.client.select(asked, default, named)
        if kind == "ask":
            return boolean(said)
        found = solutions(mapped(said, ours))
        return parted.shaped(found) if parted else found


def _name(quad: Quad) -> str:
    """The name of a quad's graph; none for the default graph."""
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""


def read_parts(version: Version | None) -> tuple[Part, ...]:
    """Which graphs of the engine stand for those of a version. Raises BrokenStore."""
    if version is None:
        return ()
    path: Path = version.path / PARTS
    try:
        return tuple(Part(**said) for said in json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise BrokenStore(path, error) from error


__all__: Sequence[str] = ("Part", "RemoteSnapshot", "RemoteStore", "StoreError", "read_parts")
