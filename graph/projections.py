"""The network of bodies, projected from the targets that they share."""

from __future__ import annotations

from collections.abc import Iterable

import networkx as nx

Lead = tuple[str, tuple[str, ...], tuple[str, ...]]
"""A target: its name, the bodies that lead it, the bodies that coordinate it."""


def lead_to_coordinator(targets: Iterable[Lead]) -> nx.DiGraph[str]:
    """A directed edge from each lead to each coordinator; `targets` are the names they share."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for name, leads, coordinators in targets:
        graph.add_nodes_from((*leads, *coordinators))
        for lead in leads:
            for other in coordinators:
                if lead != other:
                    if not graph.has_edge(lead, other):
                        graph.add_edge(lead, other, targets=[])
                    graph[lead][other]["targets"].append(name)
    return graph


def backbone(graph: nx.DiGraph[str], minimum: int = 2) -> nx.Graph[str]:
    """The pairs that share at least `minimum` targets, and a maximum spanning tree of the rest.

    Every node stays. `tree` marks an edge that is there only so that its node hangs on.
    """
    whole: nx.Graph[str] = nx.Graph()
    whole.add_nodes_from(sorted(graph))
    for one, other, data in sorted(graph.edges(data=True), key=lambda e: (e[0], e[1])):
        count = len(data["targets"])
        if whole.has_edge(one, other):
            count += whole[one][other]["weight"]
        whole.add_edge(one, other, weight=count)
    kept: nx.Graph[str] = nx.Graph()
    kept.add_nodes_from(whole)
    tree = nx.maximum_spanning_tree(whole)
    for one, other, data in whole.edges(data=True):
        if data["weight"] >= minimum or tree.has_edge(one, other):
            kept.add_edge(one, other, weight=data["weight"], tree=data["weight"] < minimum)
    return kept
