"""The views by name: what is drawn, from which filters, in which formats."""

from __future__ import annotations

import csv
import difflib
import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graph.projections import backbone, lead_to_coordinator
from graph.snapshot import Snapshot
from queries.formats import inert
from viz import matrix, network
from viz.atlas import Atlas, Edge, Target, atlas
from viz.raster import png


class ViewError(Exception):
    """A view that cannot be drawn."""


class UnknownView(ViewError):
    """No view of this name."""

    def __init__(self, name: str) -> None:
        self.near = tuple(difflib.get_close_matches(name, VIEWS, 3, 0.3)) or tuple(VIEWS)
        super().__init__(f"there is no view {name!r}; there are {', '.join(VIEWS)}")


class BadView(ViewError):
    """A filter or a format that the view does not have."""

    def __init__(self, parameter: str, value: str, allowed: tuple[str, ...]) -> None:
        super().__init__(f"parameter {parameter}: {value!r} (allowed: {', '.join(allowed)})")
        self.parameter, self.allowed = parameter, allowed


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture with all that belongs to it."""

    title: str
    caption: str
    svg: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    live: dict[str, Any] | None = None
    """What the interactive network holds; None where the view has none."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file of a view."""

    media: str
    body: bytes


@dataclass(frozen=True, slots=True)
class View:
    """A view of the list."""

    name: str
    title_zh: str
    title: str
    draw: Callable[[Snapshot, Mapping[str, str], str], Drawn]


FORMATS = ("html", "svg", "png", "csv", "json")
_MINIMA, _QUARTERS = ("1", "2", "3", "4", "5"), ("all", "1", "2", "3", "4")


def picture(
    snapshot: Snapshot, name: str, params: Mapping[str, str], language: str = "zh"
) -> Drawn:
    """The view drawn. Raises UnknownView, BadView."""
    if name not in VIEWS:
        raise UnknownView(name)
    allowed = {"min": _MINIMA, "quarter": _QUARTERS, "domain": ("", *_domains(snapshot))}
    for key, value in params.items():
        if key not in allowed and key != "scale":
            raise BadView(key, value, tuple(allowed))
        if key in allowed and value not in allowed[key]:
            raise BadView(key, value, tuple(v for v in allowed[key] if v))
    return VIEWS[name].draw(snapshot, params, language)


def render(
    snapshot: Snapshot, name: str, params: Mapping[str, str], form: str, *, language: str = "zh"
) -> Rendered:
    """The view as a file: svg, png (scale=1 to 4), csv, json, html. Raises ViewError."""
    if form not in FORMATS:
        raise BadView("format", form, FORMATS)
    drawn = picture(snapshot, name, params, language)
    if form == "svg":
        return Rendered("image/svg+xml", drawn.svg.encode())
    if form == "png":
        scale = params.get("scale", "2")
        if scale not in ("1", "2", "3", "4"):
            raise BadView("scale", scale, ("1", "2", "3", "4"))
        return Rendered("image/png", png(drawn.svg, float(scale)))
    if form == "csv":
        out = io.StringIO()
        table = csv.writer(out, lineterminator="\r\n")
        table.writerow(drawn.columns)
        table.writerows([inert(v) for v in row] for row in drawn.rows)
        return Rendered("text/csv; charset=utf-8", out.getvalue().encode())
    if form == "html":
        from viz.desk import Desk
        from viz.pages import embedded, whole

        desk = Desk(snapshot, f"/views/{name}", (), language, "", "")
        return Rendered(
            "text/html; charset=utf-8",
            (whole if drawn.live else embedded)(desk, name, dict(params)).encode(),
        )
    found = {"title": drawn.title, "caption": drawn.caption, "version": snapshot.version.id,
             "columns": drawn.columns, "rows": drawn.rows}  # fmt: skip
    return Rendered(
        "application/json", (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()
    )


def fields(
    snapshot: Snapshot, name: str, given: Mapping[str, str], language: str
) -> list[dict[str, Any]]:
    """The filters of a view as a plain form."""
    say = _say(language)
    return [
        {"name": "min", "label": say("至少共担", "shared at least"), "value": given.get("min", _default(name)), "choices": [(m, m) for m in _MINIMA]},
        {"name": "quarter", "label": say("季度", "quarter"), "value": given.get("quarter", "all"),
         "choices": [(q, say("全年", "whole year") if q == "all" else q) for q in _QUARTERS]},
        {"name": "domain", "label": say("领域", "domain"), "value": given.get("domain", ""),
         "choices": [("", say("全部", "all")), *((d, d) for d in _domains(snapshot))]},
    ]  # fmt: skip


def _default(name: str) -> str:
    return "2" if name == "bodies" else "1"


def _say(language: str) -> Callable[[str, str], str]:
    return lambda zh, en: en if language == "en" else zh


def _domains(snapshot: Snapshot) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t.domain for t in atlas(snapshot).targets.values() if t.domain))


def _chosen(a: Atlas, params: Mapping[str, str]) -> list[Target]:
    quarter, domain = params.get("quarter", "all"), params.get("domain", "")
    return [
        t
        for t in a.targets.values()
        if (not domain or t.domain == domain)
        and (quarter == "all" or any(s.quarter == int(quarter) for s in t.steps))
    ]


def _is_collective(edge: Edge) -> bool:
    return "/集合/" in edge.body


def _group(a: Atlas, body: str, streets: str) -> str:
    known = a.bodies.get(body)
    return streets if known and known.kind == "street" else a.group_of.get(body, "")


def _filters(params: Mapping[str, str], name: str, say: Callable[[str, str], str]) -> str:
    said = [
        say(
            f"至少共担{params.get('min', _default(name))}项",
            f"at least {params.get('min', _default(name))} shared",
        )
    ]
    if params.get("quarter", "all") != "all":
        said.append(
            say(f"第{params['quarter']}季度有节点", f"with a step in quarter {params['quarter']}")
        )
    if params.get("domain"):
        said.append(params["domain"])
    return say("，", ", ").join(said)


def _source(snapshot: Snapshot, say: Callable[[str, str], str]) -> str:
    titles = "；".join(f"{n.title}，{n.number}" for n in atlas(snapshot).notices.values())
    return say(f"出处：{titles}。只计原文写明的分工。版本 {snapshot.version.id}",
               f"Source: {titles}. Written assignments only. Version {snapshot.version.id}")  # fmt: skip


def _lead_matrix(snapshot: Snapshot, params: Mapping[str, str], language: str) -> Drawn:
    say, a = _say(language), atlas(snapshot)
    streets, minimum = say("街镇", "streets"), int(params.get("min", "1"))
    cells: dict[tuple[str, str], list[str]] = defaultdict(list)
    totals: Counter[str] = Counter()
    helps: Counter[str] = Counter()
    beside: Counter[str] = Counter()
    silent: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for target in _chosen(a, params):
        written = [e for e in target.edges if not e.inferred]
        leads = [e for e in written if e.role != "Coordinate" and not _is_collective(e)]
        others = [e for e in written if e.role == "Coordinate"]
        labels.update((e.body, e.label) for e in written)
        helps.update(e.body for e in others if not _is_collective(e))
        for lead in leads:
            totals[lead.body] += 1
            beside[lead.body] += sum(map(_is_collective, others))
            silent[lead.body] += not others
            for other in others:
                if not _is_collective(other):
                    cells[lead.body, other.body].append(target.id)
    cells = {k: v for k, v in cells.items() if len(v) >= minimum}  # type: ignore[assignment]
    groups = _domains(snapshot)
    rank = {g: i for i, g in enumerate((*groups, streets))}

    def ordered(bodies: set[str], weight: Counter[str]) -> list[str]:
        return sorted(
            bodies, key=lambda b: (rank.get(_group(a, b, streets), 99), -weight[b], labels[b])
        )

    kept = (
        {r for r, _ in cells} | {b for b in totals if silent[b]}
        if minimum == 1
        else {r for r, _ in cells}
    )
    rows = tuple(
        matrix.Line(b, labels[b], _group(a, b, streets), totals[b], beside[b],
                    say("配合未写", "no coordinator stated") if silent[b] == totals[b] else "")
        for b in ordered(kept, totals)
    )  # fmt: skip
    columns = tuple(
        matrix.Line(b, labels[b], _group(a, b, streets), helps[b])
        for b in ordered({c for _, c in cells}, helps)
    )
    best = max(cells, key=lambda k: (len(cells[k]), labels[k[0]]), default=None)
    densest = say(f"；最密的一格是{labels[best[0]]}与{labels[best[1]]}，{len(cells[best])}项",
                  f"; the densest cell is {labels[best[0]]} with {labels[best[1]]}, {len(cells[best])}") if best else ""  # fmt: skip
    pairs = sum(one != other for one, other in cells)
    caption = say(
        f"{len(rows)}个主责部门（行）×{len(columns)}个配合部门（列），共{pairs}对{densest}。{_filters(params, 'lead-matrix', say)}；集合称谓不入格，只计数。",
        f"{len(rows)} leads (rows) × {len(columns)} coordinators (columns), {pairs} pairs{densest}. {_filters(params, 'lead-matrix', say)}; collectives are counted beside.",
    )
    words = {
        "nothing": say("按这些条件没有可画的内容。", "Nothing fits these filters."), "streets": streets,
        "leads": say("主责项数", "leads"), "collectives": say("集合称谓", "collectives"),
        "coordinates": say("配合项数", "coordinates"), "more": say("3项及以上", "3 and more"),
        "same": say("同一部门（有数＝两格都写了它）", "the same body (a number: it stands in both cells)"),
    }  # fmt: skip
    title = say("谁主责、谁配合", "Who leads, who coordinates")
    drawn = matrix.Matrix(title, caption, _source(snapshot, say), rows, columns,
                          {k: tuple(v) for k, v in cells.items()}, groups, words)  # fmt: skip
    table = tuple(
        (labels[r.key], labels[c.key], str(len(cells[r.key, c.key])), " ".join(cells[r.key, c.key]))
        for r in rows
        for c in columns
        if (r.key, c.key) in cells
    )
    heads = (
        say("主责", "lead"),
        say("配合", "coordinator"),
        say("共担", "shared"),
        say("目标", "targets"),
    )
    return Drawn(title, caption, matrix.draw(drawn), heads, table)


def _bodies(snapshot: Snapshot, params: Mapping[str, str], language: str) -> Drawn:
    say, a = _say(language), atlas(snapshot)
    streets, minimum = say("街镇", "streets"), int(params.get("min", _default("bodies")))
    involved: Counter[str] = Counter()
    leading: Counter[str] = Counter()
    labels: dict[str, str] = {}
    rows = []
    for target in _chosen(a, params):
        written = [e for e in target.edges if not e.inferred and not _is_collective(e)]
        leads = tuple(dict.fromkeys(e.body for e in written if e.role != "Coordinate"))
        others = tuple(dict.fromkeys(e.body for e in written if e.role == "Coordinate"))
        labels.update((e.body, e.label) for e in written)
        involved.update({*leads, *others})
        leading.update(leads)
        rows.append((target.id, leads, others))
    directed = lead_to_coordinator(rows)
    bones = backbone(directed, minimum)
    nodes = tuple(
        network.Node(b, labels[b], _group(a, b, streets), involved[b], leading[b])
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
        f"{len(nodes)}个部门。画出共担至少{minimum}项的关系和每个部门最强的一条（虚线），共{len(edges)}条，全部{whole}条；不含集合称谓。{_filters(params, 'bodies', say)}。",
        f"{len(nodes)} bodies. Ties that share at least {minimum} targets, and each body's strongest (dashed): {len(edges)} of {whole}; collectives left out. {_filters(params, 'bodies', say)}.",
    )
    words = {"nothing": say("按这些条件没有可画的内容。", "Nothing fits these filters."), "streets": streets,
             "marks": say("圆的面积＝参与目标数；扇形＝其中主责；线粗＝共担目标数", "area: targets; slice: led; width: shared targets")}  # fmt: skip
    drawn = network.Network(
        title, caption, _source(snapshot, say), nodes, edges, _domains(snapshot), words
    )
    at = network.positions(drawn)
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
    return Drawn(
        title, caption, network.draw(drawn, at), heads, table, _live(a, drawn, at, directed)
    )


def to_pyvis(drawn: network.Network, at: Mapping[str, tuple[float, float]]) -> Any:
    """The network as a pyvis Network: positions fixed, physics off, nothing fetched."""
    from pyvis.network import Network as Pyvis

    found = Pyvis(height="640px", width="100%", directed=False)
    found.toggle_physics(False)
    for node in drawn.nodes:
        x, y = at[node.key]
        hue = matrix.colour(node.group, drawn.groups, drawn.words["streets"])
        found.add_node(node.key, label=node.label, x=x, y=y, color=hue, size=network.radius(node),
                       shape="dot", physics=False, group=None)  # fmt: skip
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


VIEWS: dict[str, View] = {
    "lead-matrix": View(
        "lead-matrix", "谁主责、谁配合", "Who leads, who coordinates", _lead_matrix
    ),
    "bodies": View("bodies", "部门协同骨干网", "The backbone of departments", _bodies),
}
