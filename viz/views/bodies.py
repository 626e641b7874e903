"""The view `bodies`: the network of departments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import networkx as nx

from graph.exports.networks import Lead, backbone, lead_to_coordinator, measures, undirected
from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.records import Atlas, Edge
from viz.drawing import network
from viz.drawing.layout_cache import kept_positions
from viz.drawing.paper import SCREEN, Paper
from viz.views.interactive import live
from viz.views.selection import (
    MINIMA,
    NOTHING,
    SHARED,
    STREET_GROUP,
    Drawn,
    PictureCell,
    Strand,
    chosen,
    counted,
    default_minimum,
    domains,
    edges_cell,
    expands,
    filters,
    group_of,
    source,
    speaker,
    titled,
)

LINES = 150
"""With more lines than this the default minimum is a larger one."""
BODIES = 100
"""More departments than this are cut to those with most targets; the caption names the cut."""


def bodies(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper = SCREEN
) -> Drawn:
    """Draw the network of departments that share targets, reduced to its backbone."""
    say, a = speaker(language), atlas(snapshot)
    streets = say(*STREET_GROUP)
    rows, labels = _rows(a, params)
    involved = Counter(b for _, leads, others in rows for b in {*leads, *others})
    leading = Counter(b for _, leads, _ in rows for b in leads)
    most = set(sorted(involved, key=lambda b: (-involved[b], b))[:BODIES])
    directed = lead_to_coordinator(
        (t, tuple(b for b in leads if b in most), tuple(b for b in others if b in most))
        for t, leads, others in rows
    )
    least = usual_minimum(directed)
    minimum = int(params.get("min", least))
    bones = backbone(directed, minimum)
    groups = {b: group_of(a, b, streets) for b in bones}
    nodes = tuple(
        network.Node(b, labels[b], groups[b], involved[b], leading[b]) for b in sorted(bones)
    )
    edges = tuple(
        (one, other, data["weight"], data["tree"])
        for one, other, data in sorted(bones.edges(data=True), key=lambda e: (e[0], e[1]))
    )
    whole = sum(
        1 for one, other in directed.edges if not (directed.has_edge(other, one) and other < one)
    )
    title = titled(snapshot, say, "部门协同骨干网", "The backbone of departments")
    caption = say(
        f"{len(nodes)}个部门。画出共担至少{minimum}项的关系和每个部门最强的一条（虚线），共{len(edges)}条，全部{whole}条；不含集合称谓。",
        f"{len(nodes)} bodies. Ties that share at least {minimum} targets, and each body's strongest (dashed): {len(edges)} of {whole}; collectives left out.",
    )
    if len(involved) > BODIES:
        caption += say(
            f"共{len(involved)}个部门，只画参与目标最多的{BODIES}个。",
            f" Of {len(involved)} bodies the {BODIES} with most targets are drawn.",
        )
    said = filters({k: v for k, v in params.items() if k != "min"}, "", say)
    caption += say(f"条件：{said}。", f" Filters: {said}.") if said else ""
    words = {
        "nothing": say(*NOTHING),
        "streets": streets,
        "marks": say(
            "圆的面积＝参与目标数，扇形＝其中主责；线粗＝共担目标数，有色＝两端同领域，灰＝跨领域，虚线＝该部门最强的一条",
            "area: targets, slice: those it leads; line width: shared targets, coloured within a domain, grey across domains, dashed: a body’s strongest",
        ),
    }
    drawn = network.Network(
        title, caption, source(snapshot, say, expanded=expands(params)),
        nodes, edges, domains(snapshot), words, paper.room,
    )  # fmt: skip
    at = kept_positions(snapshot, drawn, params)
    measured = measures(directed, groups)
    shared = [
        (labels[x], labels[y], d["targets"])
        for x, y, d in sorted(
            directed.edges(data=True),
            key=lambda e: (-len(e[2]["targets"]), labels[e[0]], labels[e[1]]),
        )
    ]
    table = tuple(
        (x, y, str(len(ts)), " ".join(a.targets[t].id for t in ts)) for x, y, ts in shared
    )
    heads = tuple(say(*words) for words in SHARED)
    strands = tuple(
        Strand(x, labels[x], y, labels[y], "Lead", len(d["targets"]))
        for x, y, d in sorted(directed.edges(data=True), key=lambda e: (e[0], e[1]))
    )
    return Drawn(
        title,
        caption,
        network.draw(drawn, at, paper),
        heads,
        table,
        live(snapshot, drawn, at, directed, measured, say),
        strands,
        least,
        _cells(a, params, drawn),
        measured,
    )


def _cells(a: Atlas, params: Mapping[str, str], drawn: network.Network) -> dict[str, PictureCell]:
    """The sentences of each body, and of each line those of the targets that its ends share."""
    labels = {n.key: n.label for n in drawn.nodes}
    of: dict[str, list[Edge]] = {}
    targets: dict[str, set[str]] = {}
    for target in chosen(a, params):
        for edge in counted(target, params):
            of.setdefault(edge.body, []).append(edge)
            targets.setdefault(edge.body, set()).add(target.iri)
    cells = {labels[b]: edges_cell(a, of.get(b, ()), labels[b]) for b in labels}
    for one, other, *_ in drawn.edges:
        both = targets[one] & targets[other]
        shared = sorted(
            (e for b in (one, other) for e in of[b] if e.target in both), key=_by_target
        )
        name = f"{labels[one]} – {labels[other]}"
        cells[f"{labels[one]}~{labels[other]}"] = edges_cell(a, shared, name)
    return cells


def _by_target(edge: Edge) -> str:
    return edge.target


def usual_minimum(directed: nx.DiGraph[str]) -> str:
    """The number of shared targets from which a pair is drawn, so that lines stay distinct."""
    shared = [data["weight"] for *_, data in undirected(directed).edges(data=True)]
    usual = MINIMA[MINIMA.index(default_minimum("bodies")) :]
    fits = (m for m in usual if sum(weight >= int(m) for weight in shared) <= LINES)
    return next(fits, usual[-1])


def _rows(a: Atlas, params: Mapping[str, str]) -> tuple[list[Lead], dict[str, str]]:
    """The targets that the filters leave, with who leads and who coordinates; labels of bodies."""
    labels: dict[str, str] = {}
    rows: list[Lead] = []
    for target in chosen(a, params):
        written = counted(target, params)
        leads = tuple(dict.fromkeys(e.body for e in written if e.role != "Coordinate"))
        others = tuple(dict.fromkeys(e.body for e in written if e.role == "Coordinate"))
        labels.update((e.body, e.label) for e in written)
        rows.append((target.iri, leads, others))
    return rows, labels
