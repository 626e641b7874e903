"""The view `lead-matrix`: who leads with whom coordinating."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.records import Atlas
from viz.drawing import matrix
from viz.drawing.paper import SCREEN, Paper
from viz.views.selection import (
    NOTHING,
    SHARED,
    STREET_GROUP,
    Drawn,
    PictureCell,
    Say,
    Strand,
    chosen,
    counted,
    default_minimum,
    domains,
    edges_cell,
    expands,
    filters,
    group_of,
    is_collective,
    source,
    speaker,
    titled,
)

ROWS, COLUMNS = 60, 90
"""Larger matrices keep the leads and coordinators with most targets; the caption mentions it."""


@dataclass(frozen=True, slots=True)
class _SharedTargets:
    """Counts over the targets that the filters leave: by body, and by lead and coordinator."""

    cells: dict[tuple[str, str], list[str]]
    """The targets that a lead and a coordinator share, where these are enough."""
    leads: Counter[str]
    helps: Counter[str]
    beside: Counter[str]
    """The number of collectives that support a lead."""
    silent: Counter[str]
    """The number of its targets that a lead has alone."""
    labels: dict[str, str]


def lead_matrix(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper = SCREEN
) -> Drawn:
    """Leads by row, coordinators by column, in a cell how many targets they share."""
    say, a = speaker(language), atlas(snapshot)
    minimum = int(params.get("min", default_minimum("lead-matrix")))
    found = _shared(a, params, minimum)
    cells, labels = found.cells, found.labels
    rows, columns = _lines(snapshot, found, say, alone=minimum == 1)
    title = titled(snapshot, say, "谁主责、谁配合", "Who leads, who coordinates")
    caption = _caption(found, rows, columns, params, say)
    drawn = matrix.Matrix(
        title, caption, source(snapshot, say, expanded=expands(params)),
        _busiest(rows, ROWS), _busiest(columns, COLUMNS),
        {k: tuple(v) for k, v in cells.items()}, domains(snapshot), _words(say),
    )  # fmt: skip
    table = tuple(
        (r.label, c.label, str(len(cells[r.key, c.key])), " ".join(cells[r.key, c.key]))
        for r in rows
        for c in columns
        if (r.key, c.key) in cells
    )
    heads = tuple(say(*words) for words in SHARED)
    strands = tuple(
        Strand(one, labels[one], other, labels[other], "Lead", len(ids))
        for (one, other), ids in sorted(cells.items())
    )
    linked = {
        f"{labels[one]}~{labels[other]}": _cell(a, params, one, other, ids)
        for (one, other), ids in cells.items()
    }
    svg = matrix.draw(drawn, paper)
    return Drawn(title, caption, svg, heads, table, strands=strands, cells=linked)


def _cell(
    a: Atlas, params: Mapping[str, str], lead: str, other: str, ids: list[str]
) -> PictureCell:
    """The sentences that give a lead and a supporting body their shared targets."""
    edges = [
        e
        for t in chosen(a, params)
        if t.id in ids
        for e in counted(t, params)
        if (e.body == lead and e.role != "Coordinate")
        or (e.body == other and e.role == "Coordinate")
    ]
    names = [e.label for e in edges if e.body == lead][:1] + [
        e.label for e in edges if e.body == other
    ][:1]
    return edges_cell(a, edges, " × ".join(dict.fromkeys(names)))


def _shared(a: Atlas, params: Mapping[str, str], minimum: int) -> _SharedTargets:
    found = _SharedTargets(defaultdict(list), Counter(), Counter(), Counter(), Counter(), {})
    for target in chosen(a, params):
        edges = counted(target, params)
        others = [e for e in edges if e.role == "Coordinate"]
        collectives = [e for e in target.written("Coordinate") if is_collective(e)]
        found.labels.update((e.body, e.label) for e in edges)
        found.helps.update({e.body for e in others})
        for lead in (e for e in edges if e.role != "Coordinate"):
            found.leads[lead.body] += 1
            found.beside[lead.body] += len(collectives)
            found.silent[lead.body] += not others and not collectives
            for other in dict.fromkeys(e.body for e in others):
                found.cells[lead.body, other].append(target.id)
    return replace(found, cells={k: v for k, v in found.cells.items() if len(v) >= minimum})


def _lines(
    snapshot: Snapshot, found: _SharedTargets, say: Say, *, alone: bool
) -> tuple[tuple[matrix.MatrixLine, ...], tuple[matrix.MatrixLine, ...]]:
    """The rows and the columns, by domain, the busiest first; leads without support if wanted."""
    a, streets = atlas(snapshot), say(*STREET_GROUP)
    rank = {g: i for i, g in enumerate((*domains(snapshot), streets))}

    def ordered(bodies: set[str], weight: Counter[str]) -> list[tuple[str, str, str, int]]:
        lines = [(b, found.labels[b], group_of(a, b, streets), weight[b]) for b in bodies]
        return sorted(lines, key=lambda x: (rank.get(x[2], 99), -x[3], x[1], x[0]))

    leads = {r for r, _ in found.cells} | {b for b in found.leads if alone and found.silent[b]}
    silent = say("配合未写", "no coordinator stated")
    rows = tuple(
        matrix.MatrixLine(
            b, label, group, n, found.beside[b], silent if found.silent[b] == n else ""
        )
        for b, label, group, n in ordered(leads, found.leads)
    )
    columns = ordered({c for _, c in found.cells}, found.helps)
    return rows, tuple(matrix.MatrixLine(*column) for column in columns)


def _caption(
    found: _SharedTargets,
    rows: Sequence[matrix.MatrixLine],
    columns: Sequence[matrix.MatrixLine],
    params: Mapping[str, str],
    say: Say,
) -> str:
    cells, labels = found.cells, found.labels
    best = max(cells, key=lambda k: (len(cells[k]), labels[k[0]]), default=None)
    densest = ""
    if best:
        lead, other, count = labels[best[0]], labels[best[1]], len(cells[best])
        densest = say(
            f"；最密的一格是{lead}与{other}，{count}项",
            f"; the densest cell is {lead} with {other}, {count}",
        )
    pairs, said = sum(one != other for one, other in cells), filters(params, "lead-matrix", say)
    caption = say(
        f"{len(rows)}个主责部门（行）×{len(columns)}个配合部门（列），共{pairs}对{densest}。{said}；集合称谓不入格，只计数。",
        f"{len(rows)} leads (rows) × {len(columns)} coordinators (columns), {pairs} pairs{densest}. {said}; collectives are counted beside.",
    )
    if len(rows) > ROWS or len(columns) > COLUMNS:
        caption += say(
            f"只画主责最多的{ROWS}行、配合最多的{COLUMNS}列，其余见表。",
            f" The {ROWS} busiest leads and {COLUMNS} coordinators are drawn, the rest is in the table.",
        )
    return caption


def _words(say: Say) -> dict[str, str]:
    return {
        "nothing": say(*NOTHING),
        "streets": say(*STREET_GROUP),
        "leads": say("主责项数", "leads"),
        "collectives": say("集合称谓", "collectives"),
        "coordinates": say("配合项数", "coordinates"),
        "more": say("3项及以上", "3 and more"),
        "same": say(
            "同一部门（有数＝两格都写了它）", "the same body (a number: it stands in both cells)"
        ),
    }


def _busiest(lines: tuple[matrix.MatrixLine, ...], most: int) -> tuple[matrix.MatrixLine, ...]:
    """The lines with the largest totals, in their order."""
    kept = {line.key for line in sorted(lines, key=lambda x: (-x.total, x.key))[:most]}
    return tuple(line for line in lines if line.key in kept)
