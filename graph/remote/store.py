"""A store whose quads are on a SPARQL 1.1 engine.

Documents, readings, corrections and manifests stay in the data folder, under a hash of the
engine's address, and so does the head in which the next version is made. A graph of a version is
a graph of the engine that is never written to again: what changes is written under another name,
and `parts.json` next to the manifest maps our graphs to those of the engine. A version is
complete as soon as all its graphs are, and visible when the one line that names the current
version is renamed into place; a query names its graphs. Hence a publication is visible at once or
not at all, and graphs of other people on the engine are never read, nor written to.

The documents of a large version share graphs (see `graph.remote.bundles`). Only a copy here tells
them apart: it answers what names graphs, and what the engine would cut off.

    sent                                  the names of the graphs that we have written, or began to
    versions/{id}/graph/                  a copy, of bundles or where a server has asked for one
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from time import time_ns
from typing import Any

import platformdirs
import pyoxigraph
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Triple,
    serialize,
)

from graph.errors import EngineTrouble
from graph.remote.address import read_address
from graph.remote.bundles import Group, groups, places
from graph.remote.client import Client
from graph.remote.parts import Part, bundled, read_parts, write_parts
from graph.remote.snapshot import RemoteSnapshot
from graph.store.atomic_files import write_whole
from graph.store.bulk_load import Watched, Written, unwatched
from graph.store.checksums import Sums
from graph.store.claims import write_claims
from graph.store.manifest import (
    LineSum,
    SourceEntry,
    Version,
    hexadecimal,
    read_manifest,
    sum_id,
)
from graph.store.snapshot import Snapshot
from graph.store.store import Store
from graph.store.versions import now
from ontology.names import base


class RemoteStore(Store):
    """The store at an address. Raises StoreError where it is none."""

    local = False

    def __init__(self, location: str) -> None:
        self._location = location
        self.address = read_address(location)
        self.client = Client(self.address)
        super().__init__(platformdirs.user_data_path("tiaokuai") / "engines" / self.address.key)

    @property
    def location(self) -> str:
        """Its address, which may hold a password: not to be shown."""
        return self._location

    # reading

    def open(self, version: Version | None = None) -> Snapshot:
        """A version (by default the current one), asked where it is."""
        version = version or self.must_have()
        parts = read_parts(version)
        whole = super().open if bundled(parts) else self.memory
        return RemoteSnapshot(self.client, version, parts, whole)

    def memory(self, version: Version | None = None) -> Snapshot:
        """A version (by default the current one), fetched into memory."""
        version = version or self.must_have()
        parts = read_parts(version)
        if bundled(parts):
            return super().memory(version)
        store = pyoxigraph.Store()
        self._fetch(parts, store)
        return Snapshot(store, version)

    def prepare(self, version: Version) -> None:
        """Fetches a version into its folder, where the server's workers read it.

        It never changes, so that what is fetched once is right for ever.
        """
        if not version.graph_folder.is_dir():
            new = version.path / f".graph-{os.getpid()}"
            self._copy(version, new)
            new.rename(version.graph_folder)

    def trouble(self) -> str:
        """Why the engine cannot be reached now; empty where it can."""
        try:
            self.client.knock()
        except EngineTrouble as error:
            return str(error)
        return ""

    def _fetch(self, parts: Iterable[Part], store: pyoxigraph.Store) -> None:
        """Loads graphs into a store. Raises EngineTrouble where one is not as it was sent."""
        for part in parts:
            name = NamedNode(part.graph) if part.graph else DefaultGraph()
            store.bulk_extend(
                Quad(t.subject, t.predicate, t.object, name)
                for t in self.client.graph(part.held, part.quads)
            )
            found = sum(1 for _ in store.quads_for_pattern(None, None, None, name))
            if found != part.quads:
                raise self._lacks(part.held, found, part.quads)

    def _lacks(self, name: str, found: int, wanted: int) -> EngineTrouble:
        return EngineTrouble(
            f"the engine {self.address} gives {found} of the {wanted} triples of {name}: its "
            "answer is cut, or somebody has changed them; `tiaokuai rebuild` sends them again",
            lost=True,
        )

    # writing

    def _reach(self) -> None:
        self.client.select("ASK { }")

    def remove(self, names: Iterable[str]) -> list[str]:
        """Removes old versions, and from the engine the graphs that only they have."""
        gone = super().remove(names)
        with self._writing():
            self._sweep()
        return gone

    def _others(self, before: Version) -> Iterable[Quad]:
        store = pyoxigraph.Store()
        theirs = (p for p in read_parts(before) if not p.bundle and p.graph not in before.graphs)
        self._fetch(theirs, store)
        return store

    def _copy(self, before: Version, new: Path) -> None:
        shutil.rmtree(new, ignore_errors=True)
        parts = read_parts(before)
        if bundled(parts):
            super()._copy(before, new)
            return
        store = pyoxigraph.Store(str(new))
        self._fetch(parts, store)
        store.flush()

    def _snapshot(
        self,
        head: pyoxigraph.Store,
        graphs: tuple[str, ...],
        sources: tuple[SourceEntry, ...],
        extractor: str,
        *,
        written: Written | None = None,
        edited: bool = False,
        anew: bool = False,
        watched: Watched = unwatched,
    ) -> Version:
        """Make the head a version; graphs that the engine has are not sent, unless `anew`."""
        self._sweep()
        if written is None:  # what is read from documents has none
            _name_blanks(head)
        known = {} if anew else self._known()
        dealt = groups(_names(head), sources)
        sums = self._sums(head, dealt, sources, written)
        plan = [
            (self._planned(group, *said, known), group[1])
            for group, said in zip(dealt, sums, strict=True)
        ]
        parts = [part for part, _ in plan]
        count = sum(p.quads for p in parts)
        total = sum(int(p.total, 16) for p in parts)
        name = sum_id(total, count)
        version = Version(
            name, now(), count, extractor, graphs, sources, self._place(name), edited,
            hexadecimal(total),
        )  # fmt: skip
        before = self.remembered_or_none()
        copied = bundled(parts) or (before is not None and before.graph_folder.is_dir())

        def fill(new: Path) -> None:
            write_parts(parts, new)
            if written:
                write_claims(written.claims, new)
            if copied:  # a server answers from copies: it need not fetch this one
                head.backup(str(new / "graph"))

        if anew or not version.path.exists():
            new = [(p, members) for p, members in plan if (p.graph, p.total) not in known]
            self._remember([*self._remembered(), *(p.held for p, _ in new)])
            for part, members in watched("sending", new):
                self._send(head, part, members)
            if version.path.exists():
                version.path.rename(version.path.with_name(f".new-before-{name}-{time_ns()}"))
            self._stand(version, fill)
        self._point(name)
        write_whole(self.folder / "head.version", name.encode())
        return read_manifest(version.path)

    def _sums(
        self,
        head: pyoxigraph.Store,
        dealt: Sequence[Group],
        sources: Sequence[SourceEntry],
        written: Written | None,
    ) -> list[tuple[int, int]]:
        """The sum and the number of the lines of each group; what was `written` is not read."""
        if written is None:
            return [_sum(head, members) for _, members, _ in dealt]
        if not written.moved:
            return [written.sums.of(members) for _, members, _ in dealt]
        before = self.must_have()
        held = {p.graph: p for p in read_parts(before)}
        if bundled(held.values()) != any(bundle for _, _, bundle in dealt):
            return [_sum(head, members) for _, members, _ in dealt]
        place = {**places(before.sources), **places(sources)}
        moved = Sums()
        for graph in written.sums.counts:
            moved.put(place.get(graph, graph), *written.sums.of([graph]))
        sums = []
        for name, _, _ in dealt:
            total, count = moved.of([name])
            if part := held.get(name):
                total, count = total + int(part.total, 16), count + part.quads
            sums.append((total, count))
        return sums

    def _planned(
        self, group: Group, total: int, count: int, known: dict[tuple[str, str], Part]
    ) -> Part:
        """Put graphs of the head on the engine as one part, unless it is there."""
        name, _, bundle = group
        said = hexadecimal(total)
        if (name, said) in known:
            return known[name, said]
        return Part(name, self._free_name(name, said), count, said, bundle)

    def _send(self, head: pyoxigraph.Store, part: Part, members: Sequence[str]) -> None:
        """Writes graphs of the head to the engine, and counts them there. Raises EngineTrouble."""

        def triples() -> Iterator[Triple]:
            return (quad.triple for member in members for quad in _quads(head, member))

        self.client.put(part.held, triples())
        found = self.client.count(part.held)
        # an update may have put one triple into two graphs, which is one triple in a bundle
        if found != part.quads and not (part.bundle and found == len(set(triples()))):
            raise EngineTrouble(
                f"the engine {self.address} holds {found} of the {part.quads} triples of "
                f"{part.graph or 'the default graph'} that it was sent; the current version is as "
                "it was"
            )

    def _known(self) -> dict[tuple[str, str], Part]:
        """The graphs of all versions, by their name and what they hold."""
        return {(p.graph, p.total): p for v in self.versions() for p in read_parts(v)}

    def _free_name(self, name: str, total: str) -> str:
        """A name that no version uses and the engine does not have."""
        if name and not self.client.count(name):
            return name
        return f"{name or base() + 'graph/default'}/{total[:16]}-{time_ns():x}"

    def _remembered(self) -> list[str]:
        path = self.folder / "sent"
        return path.read_text(encoding="utf-8").split() if path.exists() else []

    def _remember(self, names: Iterable[str]) -> None:
        write_whole(self.folder / "sent", "".join(f"{n}\n" for n in names).encode())

    def _sweep(self) -> None:
        """Drop graphs of ours that no version names: a writer died, or versions were removed.

        The next writer does it, when no query uses them any more."""
        named = {p.held for p in self._known().values()}
        kept = self._remembered()
        for name in kept:
            if name not in named:
                self.client.drop(name)
        self._remember(n for n in kept if n in named)


def _sum(head: pyoxigraph.Store, names: Iterable[str]) -> tuple[int, int]:
    """The sum and the number of the lines of some graphs."""
    lines = LineSum()
    for name in names:
        serialize(_quads(head, name), lines, format=RdfFormat.N_QUADS)
    return lines.total, lines.count


def _names(head: pyoxigraph.Store) -> list[str]:
    """The names of the graphs that hold something, sorted; empty for the default graph."""
    names = ["", *sorted(str(g)[1:-1] for g in head.named_graphs())]
    return [name for name in names if next(_quads(head, name), None)]


def _name_blanks(head: pyoxigraph.Store) -> None:
    """Gives IRIs to blank nodes: what an engine is sent in two requests, it would tell apart."""
    found = head.query(
        "SELECT ?s ?p ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } "
        "FILTER(isBlank(?s) || isBlank(?o)) }"
    )
    assert isinstance(found, QuerySolutions)

    def named(term: Any) -> Any:
        if isinstance(term, BlankNode):
            return NamedNode(f"{base()}.well-known/genid/{term.value}")
        return term

    for s, p, o, g in list(found):
        graph = g or DefaultGraph()
        head.remove(Quad(s, p, o, graph))
        head.add(Quad(named(s), p, named(o), graph))


def _quads(head: pyoxigraph.Store, name: str) -> Iterator[Quad]:
    return head.quads_for_pattern(None, None, None, NamedNode(name) if name else DefaultGraph())
