"""One version of the graph, open for reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    Variable,
)  # fmt: skip

from graph.store.manifest import Version
from ontology.names import PREFIXES

Term = NamedNode | BlankNode | Literal | Triple


class Snapshot:
    """A version and its quads, in memory or in the version's own folder."""

    __slots__ = ("__weakref__", "_store", "version")

    def __init__(self, store: pyoxigraph.Store, version: Version) -> None:
        self._store = store
        self.version = version

    @property
    def store(self) -> pyoxigraph.Store:
        """All quads of the version."""
        return self._store

    @property
    def key(self) -> str:
        """The name under which what was read of these facts may be kept."""
        return self.version.id

    def graphs(self) -> list[str]:
        """The names of the named graphs."""
        return [g.value for g in self.store.named_graphs() if isinstance(g, NamedNode)]

    def n_triples(self, graph: str) -> bytes:
        """The triples of a named graph, or of the default graph for an empty name."""
        name = NamedNode(graph) if graph else DefaultGraph()
        return self.store.dump(format=RdfFormat.N_TRIPLES, from_graph=name) or b""

    def query(
        self,
        text: str,
        bindings: Mapping[str, Term] | None = None,
        *,
        default_graphs: Sequence[NamedNode] | None = None,
        named_graphs: Sequence[NamedNode] | None = None,
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """The result of a SPARQL query; our prefixes need no PREFIX.

        The default graph is the union of the default graph and all named graphs, unless the
        caller names graphs. A variable in `bindings` must also be selected by the query.
        Raises SyntaxError for a query that cannot be read.
        """
        given: list[NamedNode | BlankNode | DefaultGraph] | None = None
        if default_graphs is not None or named_graphs is not None:
            given = list(default_graphs or ())
        return self.store.query(
            text,
            prefixes=PREFIXES,
            use_default_graph_as_union=given is None,
            default_graph=given,
            named_graphs=None if named_graphs is None else list(named_graphs),
            substitutions={Variable(k): v for k, v in (bindings or {}).items()} or None,
        )
