"""Content of the interactive network: nodes and lines by pyvis, ties, targets, sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import networkx as nx

from graph.store.snapshot import Snapshot
from ontology.names import base
from queries.model.atlas import atlas
from queries.model.records import Target
from queries.model.sentences import sentence
from viz.drawing import matrix, network
from viz.views.selection import Say

TOLD = 500
"""The largest number of targets in the page; a tie that has more gives its number."""
SENTENCES = 3000
"""With more assignments than this the page holds links to the targets, not their sentences."""


def to_pyvis(drawn: network.Network, at: Mapping[str, tuple[float, float]]) -> Any:
    """The network as a pyvis Network: positions fixed, physics off, nothing fetched."""
    from pyvis.network import Network as Pyvis

    found = Pyvis(height="640px", width="100%", directed=False)
    found.toggle_physics(False)
    for node in drawn.nodes:
        x, y = at[node.key]
        hue = matrix.colour(node.group, drawn.groups, drawn.words["streets"])
        found.add_node(
            node.key, label=node.label, x=x, y=y, color=hue, size=network.radius(node),
            shape="dot", physics=False,
        )  # fmt: skip
    for one, other, weight, tree in drawn.edges:
        found.add_edge(one, other, value=weight, dashes=tree, physics=False)
    return found


def live(
    snapshot: Snapshot,
    drawn: network.Network,
    at: Mapping[str, tuple[float, float]],
    directed: nx.DiGraph[str],
    measured: Mapping[str, Mapping[str, Any]],
    say: Say,
) -> dict[str, Any]:
    """The data of the interactive network, in a fixed order; `directed` shares targets by IRI."""
    nodes, edges, *_ = to_pyvis(drawn, at).get_network_data()
    known = {n.key: n for n in drawn.nodes}
    number = {n["id"]: at for at, n in enumerate(nodes)}
    ties: list[tuple[str, str, list[str]]] = [
        (one, other, data["targets"])
        for one, other, data in sorted(directed.edges(data=True), key=lambda e: (e[0], e[1]))
        if one in known and other in known
    ]
    few = told([named for _, _, named in ties])
    named = {t for _, _, every in ties for t in every[:few]}
    a = atlas(snapshot)
    targets = [t for t in a.targets.values() if t.iri in named]
    place = {t.iri: at for at, t in enumerate(targets)}
    spoken = sum(len(t.edges) for t in targets) <= SENTENCES
    kept = ("id", "label", "x", "y", "color", "size", "shape")
    return {
        "nodes": [
            {
                **{k: n[k] for k in kept if k in n},
                "category": known[n["id"]].group,
                "href": _address(n["id"]),
                "leads": known[n["id"]].leads,
                "targets": known[n["id"]].targets,
                "partners": measured[n["id"]]["degree"],
                "brokers": measured[n["id"]]["brokers"],
            }
            for n in nodes
        ],
        "edges": [
            {"from": number[e["from"]], "to": number[e["to"]], "dashes": e["dashes"]} for e in edges
        ],
        "ties": [
            {
                "from": number[one],
                "to": number[other],
                "targets": [place[t] for t in every[:few]],
                "counts": _by_quarter([a.targets[t] for t in every]),
            }
            for one, other, every in ties
        ],
        "targets": [_told(snapshot, t, known, spoken=spoken) for t in targets],
        "words": _words(say) | _left_out(few, max((len(t) for _, _, t in ties), default=0), say),
    }


def told(ties: Sequence[Sequence[str]], most: int = TOLD) -> int:
    """The number of targets listed for each tie: all, or as many as make `most` together."""
    longest = max(map(len, ties), default=0)
    for few in (longest, 50, 20, 10, 5, 3, 2):
        if len({target for tie in ties for target in tie[:few]}) <= most:
            return few
    return 1


def _by_quarter(targets: Sequence[Target]) -> list[int]:
    """The number of targets, in the year and in each quarter."""
    stepped = [{s.quarter for s in t.steps} for t in targets]
    return [len(targets), *(sum(q in steps for steps in stepped) for q in (1, 2, 3, 4))]


def _left_out(few: int, longest: int, say: Say) -> dict[str, str]:
    if few >= longest:
        return {}
    return {
        "left": say(
            f"目标很多：每条连线只列前{few}项，其余只计数；全部见 CSV。",
            f"There are many targets: of each line the first {few} are listed, the rest is counted; CSV has all.",
        ),
        "more": say("另有{n}项未列", "{n} more are not listed"),
    }


def _told(
    snapshot: Snapshot, target: Target, known: Mapping[str, network.Node], *, spoken: bool
) -> dict[str, Any]:
    """A target with its quarters, and the span of each body of the network in it."""
    said: dict[str, list[str]] = {}
    a = atlas(snapshot)
    for edge in target.edges if spoken else ():
        if edge.body in known and edge.evidence is not None:
            role = "c" if edge.role == "Coordinate" else "l"
            s = sentence(snapshot, a, edge.evidence)
            place = f"{edge.evidence.start}–{edge.evidence.end}"
            said[f"{role} {edge.body}"] = [s.before, s.quote, s.after, f"{s.cited} {place}"]
    return {
        "id": target.id,
        "title": target.title,
        "href": _address(target.iri),
        "quarters": sorted({s.quarter for s in target.steps}),
        "said": said,
    }


def _address(iri: str) -> str:
    return "/" + iri.removeprefix(base()) if iri.startswith(base()) else ""


def _words(say: Say) -> dict[str, str]:
    return {
        "find": say("查找部门", "Find a body"),
        "hops": say("范围", "Reach"),
        "hop": say("步", "hops"),
        "role": say("角色", "Role"),
        "any": say("不限", "any"),
        "lead": say("主责", "leads"),
        "coordinate": say("配合", "coordinates"),
        "quarter": say("季度", "Quarter"),
        "year": say("全年", "year"),
        "groups": say("图例（点选显示）", "Legend (choose what is shown)"),
        "body": say("部门", "body"),
        "targets": say("参与", "targets"),
        "partners": say("伙伴", "partners"),
        "brokers": say("牵线", "brokers"),
        "items": say("项", "targets"),
        "clear": say("看全部", "Show all"),
        "none": say("按这些条件，它和谁都没有共担。", "With these filters it shares nothing."),
        "missing": say("图中没有这个部门", "No such body here"),
        "whole": say("打开此部门", "Open this body"),
        "help": say(
            "点部门或连线看原文；方向键换部门，Esc 看全部，加减号缩放。",
            "Choose a body or a line to read the sentences; arrows move, Esc shows all, + and - zoom.",
        ),
    }
