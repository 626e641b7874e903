"""Networks of bodies, projected from the targets that they share.

Each function is pure: what goes in is left as it was, what comes out is a graph of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

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
                    _share(graph, lead, other, name)
    return graph


def _share(graph: nx.Graph[str], one: str, other: str, name: str) -> None:
    if not graph.has_edge(one, other):
        graph.add_edge(one, other, targets=[])
    shared = graph[one][other]["targets"]
    if name not in shared:
        shared.append(name)


def undirected(graph: nx.Graph[str]) -> nx.Graph[str]:
    """Pairs with the targets that they share both ways added up as `weight`, in a fixed order."""
    whole: nx.Graph[str] = nx.Graph()
    whole.add_nodes_from(sorted(graph))
    for one, other, data in sorted(graph.edges(data=True), key=lambda e: (e[0], e[1])):
        count = len(data["targets"])
        if whole.has_edge(one, other):
            count += whole[one][other]["weight"]
        whole.add_edge(one, other, weight=count)
    return whole


def backbone(graph: nx.Graph[str], minimum: int) -> nx.Graph[str]:
    """The pairs that share at least `minimum` targets, and a maximum spanning tree of the rest.

    Every node stays. `tree` marks an edge that is there only so that its node hangs on.
    """
    whole = undirected(graph)
    kept: nx.Graph[str] = nx.Graph()
    kept.add_nodes_from(whole)
    tree = nx.maximum_spanning_tree(whole)
    for one, other, data in whole.edges(data=True):
        if data["weight"] >= minimum or tree.has_edge(one, other):
            kept.add_edge(one, other, weight=data["weight"], tree=data["weight"] < minimum)
    return kept


MEANINGS = {
    "degree": (
        "伙伴数：与多少个部门至少共担一项目标",
        "partners: with how many bodies it shares a target",
    ),
    "betweenness": (
        "中介度：任意两个部门之间的最短路径有多大一部分经过它（0到1）",
        "betweenness: the share of shortest paths between others that pass through it",
    ),
    "brokers": (
        "跨领域牵线：它的伙伴中，有多少对分属不同领域而彼此并无共担",
        "brokerage: pairs of its partners in different domains that share nothing themselves",
    ),
    "community": (
        "协作圈：彼此来往多于与外界来往的一组部门（按模块度划分，1为最大）",
        "community: bodies that work more with each other than with others (1 is the largest)",
    ),
}
"""The meaning of each measure in words, Chinese and English."""


def measures(graph: nx.Graph[str], groups: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The measures of each node by name; `groups` gives the domain of a node."""
    whole = undirected(graph)
    between = nx.betweenness_centrality(whole)
    circle = communities(whole)
    found: dict[str, dict[str, Any]] = {}
    for node in whole:
        near = list(whole[node])
        apart = sum(
            groups.get(a) != groups.get(b) and not whole.has_edge(a, b)
            for i, a in enumerate(near)
            for b in near[i + 1 :]
        )
        found[node] = {
            "degree": len(near),
            "betweenness": round(between[node], 4),
            "brokers": apart,
            "community": circle[node],
        }
    return found


def communities(whole: nx.Graph[str]) -> dict[str, int]:
    """The community of each node, 1 for the largest; independent of the order of hashing."""
    names = sorted(whole)
    number = {name: i for i, name in enumerate(names)}
    plain: nx.Graph[int] = nx.Graph()
    plain.add_nodes_from(range(len(names)))
    plain.add_weighted_edges_from(
        (number[a], number[b], d["weight"]) for a, b, d in whole.edges(data=True)
    )
    if not plain.number_of_edges():
        return {name: i + 1 for i, name in enumerate(names)}
    parts = nx.community.greedy_modularity_communities(plain, weight="weight")
    ordered = sorted((sorted(p) for p in parts), key=lambda p: (-len(p), p[0]))
    return {names[i]: n + 1 for n, part in enumerate(ordered) for i in part}
