"""The view `lead-matrix`: who leads with whom coordinating."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from graph.snapshot import Snapshot
from viz import matrix
from viz.atlas import atlas
from viz.chosen import (
    Drawn,
    Strand,
    chosen,
    counted,
    domains,
    filters,
    group_of,
    is_collective,
    source,
    speaker,
)

ROWS, COLUMNS = 60, 90
"""Larger matrices are cut to the leads and coordinators with most targets; the caption says so."""


def lead_matrix(snapshot: Snapshot, params: Mapping[str, str], language: str) -> Drawn:
    say, a = speaker(language), atlas(snapshot)
    streets, minimum = say("街镇", "streets"), int(params.get("min", "1"))
    cells: dict[tuple[str, str], list[str]] = defaultdict(list)
    totals: Counter[str] = Counter()
    helps: Counter[str] = Counter()
    beside: Counter[str] = Counter()
    silent: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for target in chosen(a, params):
        edges = counted(target, params)
        leads = [e for e in edges if e.role != "Coordinate"]
        others = [e for e in edges if e.role == "Coordinate"]
        groups_ = [e for e in target.written("Coordinate") if is_collective(e)]
        labels.update((e.body, e.label) for e in edges)
        helps.update({e.body for e in others})
        for lead in leads:
            totals[lead.body] += 1
            beside[lead.body] += len(groups_)
            silent[lead.body] += not others and not groups_
            for other in dict.fromkeys(e.body for e in others):
                cells[lead.body, other].append(target.id)
    cells = {k: v for k, v in cells.items() if len(v) >= minimum}
    groups = domains(snapshot)
    rank = {g: i for i, g in enumerate((*groups, streets))}

    def ordered(bodies: set[str], weight: Counter[str]) -> list[str]:
        return sorted(
            bodies, key=lambda b: (rank.get(group_of(a, b, streets), 99), -weight[b], labels[b])
        )

    kept = (
        {r for r, _ in cells} | {b for b in totals if silent[b]}
        if minimum == 1
        else {r for r, _ in cells}
    )
    helpers = {c for _, c in cells}
    dense = len(kept) > ROWS or len(helpers) > COLUMNS
    rows = tuple(
        matrix.Line(
            b,
            labels[b],
            group_of(a, b, streets),
            totals[b],
            beside[b],
            say("配合未写", "no coordinator stated") if silent[b] == totals[b] else "",
        )
        for b in ordered(kept, totals)
    )
    columns = tuple(
        matrix.Line(b, labels[b], group_of(a, b, streets), helps[b])
        for b in ordered(helpers, helps)
    )
    best = max(cells, key=lambda k: (len(cells[k]), labels[k[0]]), default=None)
    densest = (
        say(
            f"；最密的一格是{labels[best[0]]}与{labels[best[1]]}，{len(cells[best])}项",
            f"; the densest cell is {labels[best[0]]} with {labels[best[1]]}, {len(cells[best])}",
        )
        if best
        else ""
    )
    pairs = sum(one != other for one, other in cells)
    caption = say(
        f"{len(rows)}个主责部门（行）×{len(columns)}个配合部门（列），共{pairs}对{densest}。{filters(params, 'lead-matrix', say)}；集合称谓不入格，只计数。",
        f"{len(rows)} leads (rows) × {len(columns)} coordinators (columns), {pairs} pairs{densest}. {filters(params, 'lead-matrix', say)}; collectives are counted beside.",
    )
    if dense:
        caption += say(
            f"只画主责最多的{ROWS}行、配合最多的{COLUMNS}列，其余见表。",
            f" The {ROWS} busiest leads and {COLUMNS} coordinators are drawn, the rest is in the table.",
        )
    words = {
        "nothing": say("按这些条件没有可画的内容。", "Nothing fits these filters."),
        "streets": streets,
        "leads": say("主责项数", "leads"),
        "collectives": say("集合称谓", "collectives"),
        "coordinates": say("配合项数", "coordinates"),
        "more": say("3项及以上", "3 and more"),
        "same": say(
            "同一部门（有数＝两格都写了它）", "the same body (a number: it stands in both cells)"
        ),
    }
    title = say("谁主责、谁配合", "Who leads, who coordinates")
    drawn = matrix.Matrix(
        title,
        caption,
        source(snapshot, say, expanded=params.get("collectives") == "expand"),
        _busiest(rows, ROWS),
        _busiest(columns, COLUMNS),
        {k: tuple(v) for k, v in cells.items()},
        groups,
        words,
    )
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
    strands = tuple(
        Strand(one, labels[one], other, labels[other], "Lead", len(ids))
        for (one, other), ids in sorted(cells.items())
    )
    return Drawn(title, caption, matrix.draw(drawn), heads, table, strands=strands)


def _busiest(lines: tuple[matrix.Line, ...], most: int) -> tuple[matrix.Line, ...]:
    """The lines with the largest totals, in the order in which they stood."""
    kept = {line.key for line in sorted(lines, key=lambda x: (-x.total, x.key))[:most]}
    return tuple(line for line in lines if line.key in kept)
