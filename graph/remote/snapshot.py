"""A version on an engine, asked there: the query as the engine wants it, the answer as ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pyoxigraph
from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    serialize,
)

from graph.errors import EngineTrouble
from graph.remote.client import Client
from graph.remote.local_shaping import halves
from graph.remote.parts import Part, bundled
from graph.remote.query_text import (
    NOWHERE,
    Term,
    form_of,
    names_graphs,
    with_bindings,
    with_dataset,
    with_graphs,
    with_prefixes,
)
from graph.remote.results import boolean, mapped, renamed, solutions, together, triples
from graph.store.manifest import Version
from graph.store.snapshot import Snapshot
from ontology.names import PREFIXES

Fetch = Callable[[Version], Snapshot]


class RemoteSnapshot(Snapshot):
    """A version whose graphs are on an engine under names of their own."""

    __slots__ = ("_client", "_fetch", "_fetched", "_parts")

    def __init__(
        self, client: Client, version: Version, parts: Sequence[Part], fetch: Fetch
    ) -> None:
        self.version = version
        self._client = client
        self._parts = tuple(parts)
        self._fetch = fetch
        self._fetched: pyoxigraph.Store | None = None

    @property
    def store(self) -> pyoxigraph.Store:
        """All quads of the version, fetched or from a copy, for what no query can ask."""
        if self._fetched is None:
            self._fetched = self._fetch(self.version).store
        return self._fetched

    def graphs(self) -> list[str]:
        """The names of the named graphs; a copy knows them where documents share graphs."""
        if bundled(self._parts):
            return super().graphs()
        return [p.graph for p in self._parts if p.graph]

    def n_triples(self, graph: str) -> bytes:
        """The triples of a named graph, fetched alone where the engine has it as a graph."""
        if bundled(self._parts) or not graph:
            return super().n_triples(graph)
        found = self.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        assert isinstance(found, QueryTriples)
        return serialize(found, format=RdfFormat.N_TRIPLES) or b""

    def query(
        self,
        text: str,
        bindings: Mapping[str, Term] | None = None,
        *,
        default_graphs: Sequence[NamedNode] | None = None,
        named_graphs: Sequence[NamedNode] | None = None,
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """As `Snapshot.query`; the engine uses the graphs of this version and no other.

        Where documents share graphs there, the local copy answers queries that distinguish graphs,
        and those that the engine would cut off.
        """
        pyoxigraph.Store().query(text, prefixes=PREFIXES)  # a mistake is found here, with its place
        given = default_graphs is not None or named_graphs is not None
        shared = bundled(self._parts)
        if not (shared and (given or names_graphs(text))):
            try:
                return self._asked(text, bindings, default_graphs, named_graphs)
            except EngineTrouble as error:
                if not (shared and error.limited):
                    raise
        return super().query(
            text, bindings, default_graphs=default_graphs, named_graphs=named_graphs
        )

    def _asked(
        self,
        text: str,
        bindings: Mapping[str, Term] | None,
        default_graphs: Sequence[NamedNode] | None,
        named_graphs: Sequence[NamedNode] | None,
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """The engine's answer. Raises EngineTrouble."""
        names = {p.graph: p.held for p in self._parts if p.graph and not p.bundle}
        default = [p.held for p in self._parts] or [NOWHERE]
        named = list(names.values())
        if default_graphs is not None or named_graphs is not None:
            default = [names.get(g.value, NOWHERE) for g in default_graphs or ()] or [NOWHERE]
        if named_graphs is not None:
            named = [names.get(g.value, NOWHERE) for g in named_graphs]
        bound = with_bindings(text, bindings or {})
        parted = halves(text, bindings) if bindings is not None else None
        ours = {held: graph for graph, held in names.items() if graph != held}
        kind = form_of(text)

        def sent(query: str) -> str:
            return with_dataset(with_graphs(with_prefixes(query), names), default, named)

        if kind in ("construct", "describe"):
            return triples(renamed(self._client.construct(sent(bound)), ours))
        if kind == "ask":
            return boolean(self._client.select(sent(bound)))
        asked = parted.matching if parted else (bound,)
        said = together([self._client.select(sent(query)) for query in asked])
        rows = solutions(mapped(said, ours))
        return parted.shaped(rows) if parted else rows
