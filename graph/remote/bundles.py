"""Which graphs of a version share a graph of an engine, where it has more documents than that.

A query names the graphs that it asks, and an engine takes longer for each, until it refuses. So
the documents of a large version are dealt out to a fixed number of bundles, each by a hash of
what it is called: one that changes is sent again with its bundle, the others stay as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from graph.store.manifest import SourceEntry
from ontology.names import base

BUNDLES = 64
"""The number of bundles of a version with more documents than this."""

Group = tuple[str, tuple[str, ...], bool]
"""The name of what an engine holds in one graph, the graphs in it, and whether it is a bundle."""


def groups(names: Sequence[str], sources: Sequence[SourceEntry]) -> list[Group]:
    """Group the graphs of a head as an engine is to hold them, by their names.

    Graphs that belong to no document (the vocabulary, other people's) are never grouped.
    """
    bundles: dict[str, list[str]] = {}
    place = places(sources)
    alone = [name for name in names if name not in place]
    for name in names:
        if name in place:
            bundles.setdefault(place[name], []).append(name)
    return [
        *((name, (name,), False) for name in alone),
        *((name, tuple(members), True) for name, members in sorted(bundles.items())),
    ]


def places(sources: Sequence[SourceEntry]) -> dict[str, str]:
    """Map each graph of a document to its bundle; empty where none are grouped."""
    if len(sources) <= BUNDLES:
        return {}
    return {graph: _bundle(entry) for entry in sources for graph in entry.graphs}


def _bundle(entry: SourceEntry) -> str:
    called = f"{entry.jurisdiction}/{entry.document}".encode()
    number = int.from_bytes(hashlib.sha256(called).digest(), "big") % BUNDLES
    return f"{base()}graph/bundle/{number:02}"
