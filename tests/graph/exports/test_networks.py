"""Networks projected from targets: on small ones by hand, and laws for any."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from graph.exports.networks import (
    Lead,
    backbone,
    communities,
    lead_to_coordinator,
    measures,
    undirected,
)

TARGETS: list[Lead] = [
    ("1", ("a",), ("b", "c")),
    ("2", ("a", "b"), ("b", "c")),
    ("3", ("b",), ("a",)),
    ("3", ("b",), ("a",)),
    ("4", ("d",), ()),
    ("5", ("c",), ("e",)),
]
"""Two leads in target 2, one of which coordinates it too; target 3 comes twice; d works alone."""


def test_edges_go_from_lead_to_coordinator_with_the_targets_once() -> None:
    found = lead_to_coordinator(TARGETS)
    assert {(one, other): data["targets"] for one, other, data in found.edges(data=True)} == {
        ("a", "b"): ["1", "2"],
        ("a", "c"): ["1", "2"],
        ("b", "c"): ["2"],
        ("b", "a"): ["3"],
        ("c", "e"): ["5"],
    }
    assert set(found) == {"a", "b", "c", "d", "e"}


def test_both_directions_add_up_to_the_weight_of_a_pair() -> None:
    whole = undirected(lead_to_coordinator(TARGETS))
    assert {frozenset(e[:2]): e[2]["weight"] for e in whole.edges(data=True)} == {
        frozenset("ab"): 3,
        frozenset("ac"): 2,
        frozenset("bc"): 1,
        frozenset("ce"): 1,
    }
    assert list(whole) == sorted(whole)


def test_the_backbone_keeps_heavy_pairs_and_a_tie_for_each_body() -> None:
    found = backbone(lead_to_coordinator(TARGETS), 3)
    kept = {frozenset(e[:2]): e[2]["tree"] for e in found.edges(data=True)}
    assert kept == {frozenset("ab"): False, frozenset("ac"): True, frozenset("ce"): True}
    assert found["a"]["b"]["weight"] == 3
    assert "d" in found


def test_measures_of_a_broker() -> None:
    """c connects e with the pair a, b; only partners of different groups are brokered."""
    found = measures(lead_to_coordinator(TARGETS), {"a": "x", "b": "x", "e": "y"})
    assert [found[n]["degree"] for n in "abcde"] == [2, 2, 3, 0, 1]
    assert [found[n]["brokers"] for n in "abcde"] == [0, 0, 2, 0, 0]
    assert [found[n]["betweenness"] for n in "abcde"] == [0, 0, round(2 / 6, 4), 0, 0]
    assert found["d"]["community"] != found["a"]["community"]
    same = measures(lead_to_coordinator(TARGETS), dict.fromkeys("abcde", "x"))
    assert same["c"]["brokers"] == 0


def test_communities_are_numbered_by_size_then_name() -> None:
    cliques = [*combinations("pqrs", 2), *combinations("xyz", 2), *combinations("abc", 2)]
    whole: nx.Graph[str] = nx.Graph()
    whole.add_weighted_edges_from((one, other, 5) for one, other in cliques)
    whole.add_edge("s", "x", weight=1)
    found = communities(whole)
    assert {n: found[n] for n in "pqrsabcxyz"} == {
        **dict.fromkeys("pqrs", 1), **dict.fromkeys("abc", 2), **dict.fromkeys("xyz", 3),
    }  # fmt: skip
    alone: nx.Graph[str] = nx.Graph()
    alone.add_nodes_from("ba")
    assert communities(alone) == {"a": 1, "b": 2}


NAMES = st.lists(st.sampled_from("abcdefgh"), max_size=3, unique=True).map(tuple)
MANY = st.lists(st.tuples(st.sampled_from("123456789"), NAMES, NAMES), max_size=12)


@given(MANY, st.integers(1, 4))
def test_no_body_and_no_heavy_pair_is_lost(targets: list[Lead], minimum: int) -> None:
    directed = lead_to_coordinator(targets)
    whole, kept = undirected(directed), backbone(directed, minimum)
    assert set(kept) == set(whole) == set(directed)
    assert sorted(map(sorted, nx.connected_components(kept))) == sorted(
        map(sorted, nx.connected_components(whole))
    )
    for one, other, data in whole.edges(data=True):
        if data["weight"] >= minimum:
            assert kept[one][other] == {"weight": data["weight"], "tree": False}
    light = [e for e in kept.edges(data=True) if e[2]["tree"]]
    assert all(data["weight"] < minimum for *_, data in light)
    assert len(light) < max(len(whole), 1)
