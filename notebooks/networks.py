"""Networks of a version for networkx, and from there for pyvis."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

import networkx as nx
import pandas as pd

from graph.exports.networks import lead_to_coordinator
from notebooks.errors import NotebookError
from viz.drawing.svg import HUES

if TYPE_CHECKING:
    from pyvis.network import Network as Pyvis

KINDS = ("bodies", "places")
QUERIES = {
    "bodies": """SELECT ?notation ?target ?thing ?label ?role ?kind ?domain {
  ?edge a tk:Assignment ; tk:inferred false ; tk:target ?target ; tk:body ?thing ; tk:role ?role .
  ?thing skos:prefLabel ?label .
  BIND(IF(EXISTS { ?thing a tk:Collective }, "collective", "body") AS ?kind)
  ?target skos:notation ?notation ; dcterms:isPartOf ?notice ; tk:ordinal ?order .
  OPTIONAL { ?target tk:domain/skos:prefLabel ?domain FILTER(LANG(?domain) = "zh") } %s }
  ORDER BY ?notice ?order ?role ?label""",
    "places": """SELECT ?notation ?target ?thing ?label ?role ?kind ?domain {
  ?target a tk:Target ; tk:location ?thing . ?thing skos:prefLabel ?label ; a ?class .
  FILTER(STRSTARTS(STR(?class), STR(tk:)) && ?class != tk:Place)
  BIND(STRAFTER(STR(?class), "#") AS ?kind) BIND("location" AS ?role)
  ?target skos:notation ?notation ; dcterms:isPartOf ?notice ; tk:ordinal ?order .
  OPTIONAL { ?target tk:domain/skos:prefLabel ?domain FILTER(LANG(?domain) = "zh") }
  %s } ORDER BY ?notice ?order ?label""",
}
_IN_QUARTER = "FILTER EXISTS { ?step tk:target ?target ; tk:due/tk:quarter %d }"


class Shown:
    """Common to the networks: they show themselves, and convert to pyvis."""

    title: str

    def to_pyvis(self, **options: Any) -> Pyvis:
        """The network as a pyvis Network; `options` go to its constructor.

        Positions are worked out here and fixed (physics off), so that it looks the same twice.
        """
        from pyvis.network import Network as Pyvis

        given = {"height": "640px", "width": "100%", "notebook": True, "cdn_resources": "in_line"}
        graph: Any = self
        found = Pyvis(directed=graph.is_directed(), **{**given, **options})
        found.toggle_physics(False)
        groups = list(dict.fromkeys(data["group"] for _, data in graph.nodes(data=True)))
        at = nx.spring_layout(graph.to_undirected(), seed=1, weight="weight", iterations=120)
        for name, data in graph.nodes(data=True):
            hue = HUES[groups.index(data["group"]) % len(HUES)]
            x, y = (round(float(v) * 900, 1) for v in at[name])
            found.add_node(
                name, label=name, title=data["group"], x=x, y=y, color=hue, shape="dot",
                size=8 + 3 * data["targets"] ** 0.5, physics=False,
            )  # fmt: skip
        for one, other, data in graph.edges(data=True):
            found.add_edge(one, other, value=data["weight"], title=" ".join(data["targets"]))
        return found

    def edge_frame(self) -> pd.DataFrame:
        """The edges as a frame: one, other, weight (targets shared), targets; heaviest first."""
        graph: Any = self
        rows = [
            (one, other, data["weight"], " ".join(data["targets"]))
            for one, other, data in graph.edges(data=True)
        ]
        frame = pd.DataFrame(rows, columns=["one", "other", "weight", "targets"])
        return frame.sort_values("weight", ascending=False, kind="stable", ignore_index=True)

    def _repr_html_(self) -> str:
        graph: Any = self
        said = f"{self.title}: {len(graph)} nodes, {graph.number_of_edges()} edges"
        table = self.edge_frame().head(10).to_html(index=False, border=0)
        return f"<p><b>{escape(said)}</b>; the heaviest edges:</p>{table}"


class Directed(Shown, nx.DiGraph):  # type: ignore[type-arg]
    """From each lead to each coordinator of its targets."""

    title = "lead → coordinator"


class SharedNetwork(Shown, nx.Graph):  # type: ignore[type-arg]
    """Targets and what they are tied to; `bipartite` is 0 for targets, 1 for the rest."""

    title = "target — place"


def query_for(kind: str, quarter: int | None) -> str:
    """The query that a network is made from. Raises NotebookError."""
    if kind not in KINDS:
        raise NotebookError(f"there is no network {kind!r}; there are {', '.join(KINDS)}")
    if quarter is not None and quarter not in (1, 2, 3, 4):
        raise NotebookError(f"quarter: {quarter!r} is none; there are 1, 2, 3, 4")
    return QUERIES[kind] % ("" if quarter is None else _IN_QUARTER % quarter)


def network_of(
    kind: str, found: pd.DataFrame, *, domain: str | None, minimum: int, collectives: bool
) -> Directed | SharedNetwork:
    """The network of the rows that `query_for` asks for."""
    if domain is not None:
        known = list(dict.fromkeys(found["domain"].dropna()))
        if domain not in known:
            raise NotebookError(f"domain: {domain!r} is none; there are {', '.join(known)}")
        found = found[found["domain"] == domain]
    if not collectives:
        found = found[found["kind"] != "collective"]
    names = _names(zip(found["thing"], found["label"], strict=True))
    graph = (_bodies if kind == "bodies" else _places)(found, names)
    light = [(a, b) for a, b, data in graph.edges(data=True) if data["weight"] < minimum]
    graph.remove_edges_from(light)
    return graph


def _names(things: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Name the nodes by their label, with the jurisdiction if two share it."""
    labels = dict(things)
    count = Counter(labels.values())
    return {
        iri: label if count[label] == 1 else f"{label}（{iri.partition('/id/')[2].split('/')[0]}）"
        for iri, label in labels.items()
    }


def _bodies(found: Any, names: dict[str, str]) -> Directed:
    rows: dict[str, tuple[str, list[str], list[str]]] = {}
    targets, leads = Counter[str](), Counter[str]()
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for row in found.itertuples(index=False):
        name, led = names[row.thing], not row.role.endswith("Coordinate")
        _, lead, others = rows.setdefault(row.target, (row.notation, [], []))
        side = lead if led else others
        if name not in side:
            side.append(name)
        targets[name] += 1
        leads[name] += led
        groups[name][row.domain if isinstance(row.domain, str) else ""] += 100 if led else 1
    graph = Directed(lead_to_coordinator((n, tuple(a), tuple(b)) for n, a, b in rows.values()))
    for _, _, data in graph.edges(data=True):
        data["weight"] = len(data["targets"])
    by_name = {name: iri for iri, name in names.items()}
    for name, data in graph.nodes(data=True):
        group = groups[name].most_common(1)[0][0]
        data.update(iri=by_name[name], targets=targets[name], leads=leads[name], group=group)
    return graph


def _places(found: Any, names: dict[str, str]) -> SharedNetwork:
    graph = SharedNetwork()
    for row in found.itertuples(index=False):
        place = names[row.thing]
        group = row.domain if isinstance(row.domain, str) else ""
        for name, iri, side, kind in (
            (row.notation, row.target, 0, group), (place, row.thing, 1, row.kind),
        ):  # fmt: skip
            if name not in graph:
                graph.add_node(name, iri=iri, bipartite=side, group=kind, targets=0)
        graph.nodes[place]["targets"] += 1
        graph.nodes[row.notation]["targets"] = 1
        graph.add_edge(row.notation, place, weight=1, targets=[row.notation])
    return graph
