"""A version on an engine, asked there: the query as the engine wants it, the answer as ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pyoxigraph
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples

from graph.answers import boolean, mapped, renamed, solutions, triples
from graph.asking import Term, form_of, with_bindings, with_graphs, with_prefixes
from graph.client import Client
from graph.parts import Part
from graph.shaping import halves
from graph.snapshot import Snapshot
from graph.versions import Version
from ontology.names import PREFIXES

Fetch = Callable[[Version], Snapshot]


class RemoteSnapshot(Snapshot):
    """A version whose graphs stand on an engine under names of their own."""

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
        """All quads of the version, fetched into memory for what no query can ask."""
        if self._fetched is None:
            self._fetched = self._fetch(self.version).store
        return self._fetched

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
            found = self._client.construct(asked, default, named)
            return triples(renamed(found, ours))
        said = self._client.select(asked, default, named)
        if kind == "ask":
            return boolean(said)
        rows = solutions(mapped(said, ours))
        return parted.shaped(rows) if parted else rows
