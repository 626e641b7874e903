"""The view `bodies`: the network of departments, as a picture and as a pyvis Network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from graph.projections import backbone, lead_to_coordinator
from graph.snapshot import Snapshot
from viz import matrix, network
from viz.atlas import atlas
from viz.chosen import (
    Drawn,
    Strand,
    chosen,
    counted,
    default_minimum,
    domains,
    group_of,
    source,
    speaker,
)
from viz.kept import kept_positions
from viz.things import Atlas


def bodies(snapshot: Snapshot, params: Mapping[str, str], language: str) -> Drawn:
    say, a = speaker(language), atlas(snapshot)
    streets, minimum = say("街镇", "streets"), int(params.get("min", default_minimum("bodies")))
    involved: Counter[str] = Counter()
    leading: Counter[str] = Counter()
    labels: dict[str, str] = {}
    rows = []
    for target in chosen(a, params):
        written = counted(target, params)
        leads = tuple(dict.fromkeys(e.body for e in written if e.role != "Coordinate"))
        others = tuple(dict.fromkeys(e.body for e in written if e.role == "Coordinate"))
        labels.update((e.body, e.label) for e in written)
        involved.update({*leads, *others})
        leading.update(leads)
        rows.append((target.id, leads, others))
    directed = lead_to_coordinator(rows)
    bones = backbone(directed, minimum)
    nodes = tuple(
        network.Node(b, labels[b], group_of(a, b, streets), involved[b], leading[b])
        for b in sorted(bones)
    )
    edges = tuple(
        (one, other, data["weight"], data["tree"])
        for one, other, data in sorted(bones.edges(data=True), key=lambda e: (e[0], e[1]))
    )
    whole = sum(
        1 for one, other in directed.edges if not (directed.has_edge(other, one) and other < one)
    )
    title = say("部门协同骨干网", "The backbone of departments")
    caption = say(
        f"{len(nodes)}个部门。画出共担至少{minimum}项的关系和每个部门最强的一条（虚线），共{len(edges)}条，全部{whole}条；不含集合称谓。",
        f"{len(nodes)} bodies. Ties that share at least {minimum} targets, and each body's strongest (dashed): {len(edges)} of {whole}; collectives left out.",
    )
    words = {
        "nothing": say("按这些条件没有可画的内容。", "Nothing fits these filters."),
        "streets": streets,
        "marks": say(
            "圆的面积＝参与目标数；扇形＝其中主责；线粗＝共担目标数",
            "area: targets; slice: led; width: shared targets",
        ),
    }
    drawn = network.Network(
        title, caption, source(snapshot, say, expanded=params.get("collectives") == "expand"),
        nodes, edges, domains(snapshot), words,
    )  # fmt: skip
    at = kept_positions(snapshot, drawn)
    shared = [
        (labels[x], labels[y], d["targets"])
        for x, y, d in sorted(
            directed.edges(data=True),
            key=lambda e: (-len(e[2]["targets"]), labels[e[0]], labels[e[1]]),
        )
    ]
    table = tuple((x, y, str(len(ts)), " ".join(ts)) for x, y, ts in shared)
    heads = (
        say("主责", "lead"),
        say("配合", "coordinator"),
        say("共担", "shared"),
        say("目标", "targets"),
    )
    strands = tuple(
        Strand(x, labels[x], y, labels[y], "Lead", len(d["targets"]))
        for x, y, d in sorted(directed.edges(data=True), key=lambda e: (e[0], e[1]))
    )
    return Drawn(
        title,
        caption,
        network.draw(drawn, at),
        heads,
        table,
        _live(a, drawn, at, directed),
        strands,
    )


def to_pyvis(drawn: network.Network, at: Mapping[str, tuple[float, float]]) -> Any:
    """The network as a pyvis Network: positions fixed, physics off, nothing fetched."""
    from pyvis.network import Network as Pyvis

    found = Pyvis(height="640px", width="100%", directed=False)
    found.toggle_physics(False)
    for node in drawn.nodes:
        x, y = at[node.key]
        hue = matrix.colour(node.group, drawn.groups, drawn.words["streets"])
        found.add_node(
            node.key,
            label=node.label,
            x=x,
            y=y,
            color=hue,
            size=network.radius(node),
            shape="dot",
            physics=False,
        )
    for one, other, weight, tree in drawn.edges:
        found.add_edge(one, other, value=weight, dashes=tree, physics=False)
    return found


def _live(
    a: Atlas, drawn: network.Network, at: Mapping[str, tuple[float, float]], directed: Any
) -> dict[str, Any]:
    nodes, edges, *_ = to_pyvis(drawn, at).get_network_data()
    groups = {n.key: n.group for n in drawn.nodes}
    ties = []
    by_id = {t.id: t for t in a.targets.values()}
    for one, other, data in sorted(directed.edges(data=True), key=lambda e: (e[0], e[1])):
        said = []
        for name in data["targets"]:
            target = by_id[name]
            said.append(
                {
                    "id": name,
                    "title": target.title,
                    "href": "/" + target.iri.split("/", 3)[-1].removeprefix("tiaokuai/"),
                }
            )
        ties.append({"from": one, "to": other, "targets": said})
    kept = ("id", "label", "x", "y", "color", "size", "shape")
    return {
        "nodes": [
            {**{k: n[k] for k in kept if k in n}, "category": groups[n["id"]]} for n in nodes
        ],
        "edges": [
            {k: v for k, v in e.items() if k in ("from", "to", "value", "dashes")} for e in edges
        ],
        "ties": ties,
    }
